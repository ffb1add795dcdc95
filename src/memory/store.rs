//! The memory's file: one SQLite database, its schema, reading units.
//!
//! Every change is one transaction in write-ahead mode: a killed program leaves the state before it, and readers go
//! on while one writer writes. What is replaced or cleaned away moves to the table `history`.

use super::detail;
use super::tokens::text_key;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{LangTag, Property, TranslationUnit, Variant};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, Transaction, params, params_from_iter};
use std::path::Path;

/// `DZTM` in ASCII: SQLite's `application_id`, by which `file` and we know a memory.
const APPLICATION: i32 = 0x445A_544D;
/// The schema's version: SQLite's `user_version`.
const VERSION: i32 = 1;
const SCHEMA: &str = "
CREATE TABLE memory (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE unit (
  id INTEGER PRIMARY KEY AUTOINCREMENT, memory INTEGER NOT NULL REFERENCES memory(id),
  source_lang TEXT NOT NULL, target_lang TEXT NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL,
  created TEXT, created_by TEXT, changed TEXT, changed_by TEXT,
  document TEXT, domain TEXT, status TEXT, confidence REAL, before TEXT, after TEXT,
  source_key INTEGER NOT NULL, content_key INTEGER NOT NULL, detail TEXT);
CREATE TABLE batch (id INTEGER PRIMARY KEY AUTOINCREMENT, command TEXT NOT NULL);
CREATE TABLE history (
  entry INTEGER PRIMARY KEY AUTOINCREMENT, batch INTEGER NOT NULL REFERENCES batch(id), reason TEXT NOT NULL,
  replaced_by INTEGER, id INTEGER NOT NULL, memory INTEGER NOT NULL REFERENCES memory(id),
  source_lang TEXT NOT NULL, target_lang TEXT NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL,
  created TEXT, created_by TEXT, changed TEXT, changed_by TEXT,
  document TEXT, domain TEXT, status TEXT, confidence REAL, before TEXT, after TEXT,
  source_key INTEGER NOT NULL, content_key INTEGER NOT NULL, detail TEXT);
CREATE INDEX history_batch ON history(batch);
CREATE TABLE fuzzy (lang TEXT NOT NULL, part INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (lang, part));
";
/// The key by which equal units are found. That of sources is made when translations are first told apart by it.
pub(super) const BY_CONTENT: &str = "CREATE INDEX IF NOT EXISTS unit_content ON unit(content_key);";
/// The columns that `unit` and `history` share, in order.
macro_rules! columns {
    () => {
        "memory, source_lang, target_lang, source, target, created, created_by, changed, changed_by, \
         document, domain, status, confidence, before, after, source_key, content_key, detail"
    };
}
const INSERT: &str = concat!(
    "INSERT INTO unit(",
    columns!(),
    ") VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18)"
);
const RETIRE: &str = concat!(
    "INSERT INTO history(batch, reason, replaced_by, id, ",
    columns!(),
    ") SELECT ?1, ?2, ?4, id, ",
    columns!(),
    " FROM unit WHERE id = ?3"
);
const BRING_BACK: &str = concat!(
    "INSERT INTO unit(",
    columns!(),
    ") SELECT ",
    columns!(),
    " FROM history WHERE batch = ?1 ORDER BY id"
);
/// What a unit is read from.
pub(super) const READ: &str = "unit.id, memory.name, source_lang, target_lang, source, target, detail FROM unit \
    JOIN memory ON memory.id = unit.memory";

/// A unit as the memory holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// Its number in the file; never used twice.
    pub id: i64,
    /// The name of its memory.
    pub memory: String,
    /// The unit; its first two variants are the pair.
    pub unit: TranslationUnit,
}

impl Stored {
    /// The text of the first variant.
    pub fn source(&self) -> &Variant {
        &self.unit.variants[0]
    }

    /// The text of the second variant.
    pub fn target(&self) -> &Variant {
        &self.unit.variants[1]
    }

    /// A property's value.
    pub fn property(&self, kind: &str) -> Option<&str> {
        property(&self.unit, kind)
    }
}

/// Which units are wanted.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Those of this memory.
    pub memory: Option<String>,
    /// Those with a text of this language tag, or of a longer one (`zh` takes `zh-CN`).
    pub lang: Option<String>,
    /// Those changed (or else created) at this date or later, as a beginning of `20260131T235959Z`.
    pub since: Option<String>,
    /// Those changed (or else created) before this date.
    pub until: Option<String>,
    /// Those of this domain.
    pub domain: Option<String>,
    /// Those of this document.
    pub document: Option<String>,
    /// Those of this status.
    pub status: Option<String>,
    /// Those at least so sure; units without confidence pass.
    pub min_confidence: Option<f64>,
    /// Those with this text on either side.
    pub text: Option<String>,
}

impl Filter {
    fn sql(&self) -> (String, Vec<rusqlite::types::Value>) {
        let (mut clauses, mut values) = (Vec::new(), Vec::new());
        let mut add = |clause: &str, value: rusqlite::types::Value| {
            values.push(value);
            clauses.push(clause.replace('#', &format!("?{}", values.len())));
        };
        if let Some(v) = &self.memory {
            add("memory.name = #", v.clone().into());
        }
        if let Some(v) = &self.lang {
            let v = v.to_lowercase().replace('_', "-");
            add(
                "(lower(replace(source_lang, '_', '-')) || '-' GLOB # \
                 OR lower(replace(target_lang, '_', '-')) || '-' GLOB #)",
                format!("{v}-*").into(),
            );
        }
        if let Some(v) = &self.since {
            add("coalesce(changed, created) >= #", v.clone().into());
        }
        if let Some(v) = &self.until {
            add("coalesce(changed, created) < #", v.clone().into());
        }
        if let Some(v) = &self.domain {
            add("domain = #", v.clone().into());
        }
        if let Some(v) = &self.document {
            add("document = #", v.clone().into());
        }
        if let Some(v) = &self.status {
            add("status = #", v.clone().into());
        }
        if let Some(v) = self.min_confidence {
            add("(confidence IS NULL OR confidence >= #)", v.into());
        }
        if let Some(v) = &self.text {
            add("(instr(source, #) OR instr(target, #))", v.clone().into());
        }
        let text =
            if clauses.is_empty() { String::new() } else { format!(" WHERE {}", clauses.join(" AND ")) };
        (text, values)
    }
}

/// An open memory file.
#[derive(Debug)]
pub struct Memory {
    pub(super) db: Connection,
}

pub(super) fn trouble(e: rusqlite::Error) -> Error {
    use rusqlite::ErrorCode as Code;
    let code = e.sqlite_error_code();
    let error = |what: String| Error::new(ErrorKind::Io(std::io::Error::other(what)));
    match code {
        Some(Code::DatabaseBusy | Code::DatabaseLocked) => {
            error("another program is writing to the memory".into()).advise("wait until it is ready")
        }
        Some(Code::NotADatabase | Code::DatabaseCorrupt) => {
            Error::malformed(format!("not a translation memory of duizhao: {e}"))
                .advise("name the file that `duizhao tm add` made, with --db")
        }
        Some(Code::DiskFull) => error("the disk is full".into()),
        _ => error(e.to_string()),
    }
}

/// How long one program waits for another that writes. Chosen: an import of 100 MB takes a few seconds.
const WAIT: std::time::Duration = std::time::Duration::from_secs(30);

/// Makes the file write ahead to a log. The database does not wait by itself where two programs do this to a new file at
/// the same moment (SQLite, "Write-Ahead Logging", sometimes queries return SQLITE_BUSY), so it is tried again.
fn log_ahead(db: &Connection) -> rusqlite::Result<()> {
    let start = std::time::Instant::now();
    loop {
        match db.execute_batch("PRAGMA journal_mode = WAL") {
            Err(e)
                if e.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy)
                    && start.elapsed() < WAIT =>
            {
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
            done => return done,
        }
    }
}

impl Memory {
    /// Opens a memory file, and makes it first where `create` allows.
    ///
    /// # Errors
    /// A file that is absent, no memory, of a later version, or that cannot be read.
    pub fn open(path: &Path, create: bool) -> Result<Memory> {
        Self::open_inner(path, create).map_err(|e| e.in_file(path))
    }

    fn open_inner(path: &Path, create: bool) -> Result<Memory> {
        if !create && !path.exists() {
            return Err(Error::usage("there is no memory").advise("make one with `duizhao tm add`"));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | if create { OpenFlags::SQLITE_OPEN_CREATE } else { OpenFlags::empty() };
        let mut db = Connection::open_with_flags(path, flags).map_err(trouble)?;
        db.busy_timeout(WAIT).map_err(trouble)?;
        let number = |db: &Connection, what: &str| -> Result<i32> {
            db.query_row(&format!("PRAGMA {what}"), [], |r| r.get(0)).map_err(trouble)
        };
        let tables = |db: &Connection| -> Result<i64> {
            db.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0)).map_err(trouble)
        };
        let foreign = tables(&db)? > 0 && number(&db, "application_id")? != APPLICATION;
        if foreign {
            return Err(Error::malformed("an SQLite file of another program, not a translation memory")
                .advise("name the file that `duizhao tm add` made, with --db"));
        }
        if tables(&db)? == 0 {
            db.execute_batch("PRAGMA page_size = 8192").map_err(trouble)?;
        }
        log_ahead(&db).map_err(trouble)?;
        db.execute_batch(
            "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; \
             PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864;",
        )
        .map_err(trouble)?;
        if tables(&db)? == 0 {
            let tx =
                db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(trouble)?;
            if tables(&tx)? == 0 {
                tx.execute_batch(SCHEMA).and_then(|()| tx.execute_batch(BY_CONTENT)).map_err(trouble)?;
                tx.execute_batch(&format!(
                    "PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION}"
                ))
                .map_err(trouble)?;
            }
            tx.commit().map_err(trouble)?;
        }
        if number(&db, "user_version")? > VERSION {
            return Err(Error::malformed("a memory of a later version of duizhao")
                .advise("use that version, or export it as TMX there"));
        }
        Ok(Memory { db })
    }

    /// The names of the memories in the file.
    ///
    /// # Errors
    /// Those of the database.
    pub fn names(&self) -> Result<Vec<String>> {
        let mut statement = self.db.prepare("SELECT name FROM memory ORDER BY name").map_err(trouble)?;
        let rows = statement.query_map([], |r| r.get(0)).map_err(trouble)?;
        rows.collect::<rusqlite::Result<_>>().map_err(trouble)
    }

    /// Gives the wanted units one by one, in the order in which they were added.
    ///
    /// # Errors
    /// Those of `each` and of the database.
    pub fn each(&self, filter: &Filter, each: &mut dyn FnMut(Stored) -> Result<()>) -> Result<()> {
        self.each_until(filter, &mut |stored| each(stored).map(|()| true))
    }

    /// As [`Memory::each`], until `each` says false.
    ///
    /// # Errors
    /// Those of `each` and of the database.
    pub fn each_until(&self, filter: &Filter, each: &mut dyn FnMut(Stored) -> Result<bool>) -> Result<()> {
        let (clause, values) = filter.sql();
        let mut statement =
            self.db.prepare(&format!("SELECT {READ}{clause} ORDER BY unit.id")).map_err(trouble)?;
        let mut rows = statement.query(params_from_iter(values)).map_err(trouble)?;
        while let Some(row) = rows.next().map_err(trouble)? {
            if !each(stored(row)?)? {
                break;
            }
        }
        Ok(())
    }

    /// The first of the wanted units.
    ///
    /// # Errors
    /// Those of the database.
    pub fn first(&self, filter: &Filter) -> Result<Option<Stored>> {
        let mut first = None;
        self.each_until(filter, &mut |stored| {
            first = Some(stored);
            Ok(false)
        })?;
        Ok(first)
    }

    /// The next units after this number, at most `count`: for reading one memory while another is written.
    ///
    /// # Errors
    /// Those of the database.
    pub fn page(&self, after: i64, count: usize) -> Result<Vec<Stored>> {
        let mut statement = self
            .db
            .prepare_cached(&format!("SELECT {READ} WHERE unit.id > ?1 ORDER BY unit.id LIMIT ?2"))
            .map_err(trouble)?;
        let mut rows = statement.query(params![after, count as i64]).map_err(trouble)?;
        let mut out = Vec::new();
        while let Some(row) = rows.next().map_err(trouble)? {
            out.push(stored(row)?);
        }
        Ok(out)
    }

    /// A unit by its number; `None` if it is not there any more.
    ///
    /// # Errors
    /// Those of the database.
    pub fn get(&self, id: i64) -> Result<Option<Stored>> {
        let mut statement =
            self.db.prepare_cached(&format!("SELECT {READ} WHERE unit.id = ?1")).map_err(trouble)?;
        let mut rows = statement.query([id]).map_err(trouble)?;
        rows.next().map_err(trouble)?.map(stored).transpose()
    }

    /// The number of units.
    ///
    /// # Errors
    /// Those of the database.
    pub fn count(&self) -> Result<u64> {
        let count: i64 = self.db.query_row("SELECT count(*) FROM unit", [], |r| r.get(0)).map_err(trouble)?;
        Ok(count.unsigned_abs())
    }
}

pub(super) fn stored(row: &Row) -> Result<Stored> {
    let text = |k: usize| row.get_ref(k).and_then(|v| Ok(v.as_str()?.to_string())).map_err(trouble);
    let lang = |k: usize| -> Result<LangTag> { text(k)?.parse().map_err(Error::malformed) };
    let mut unit = TranslationUnit {
        id: String::new(),
        variants: vec![Variant::new(lang(2)?, text(4)?), Variant::new(lang(3)?, text(5)?)],
        bead: None,
        attributes: Vec::new(),
        properties: Vec::new(),
        notes: Vec::new(),
    };
    let detail: Option<String> = row.get(6).map_err(trouble)?;
    if let Some(detail) = detail {
        detail::restore(&detail, &mut unit)?;
    }
    Ok(Stored { id: row.get(0).map_err(trouble)?, memory: text(1)?, unit })
}

pub(super) fn property<'u>(unit: &'u TranslationUnit, kind: &str) -> Option<&'u str> {
    let own = unit.properties.iter().find(|p| p.kind == kind);
    own.or_else(|| unit.variants.iter().flat_map(|v| &v.properties).find(|p| p.kind == kind))
        .map(|p| p.value.as_str())
}

fn attribute<'u>(unit: &'u TranslationUnit, kind: &str) -> Option<&'u str> {
    let find = |list: &'u [Property]| list.iter().find(|p| p.kind == kind).map(|p| p.value.as_str());
    let target = unit.variants.get(1).and_then(|v| find(&v.attributes));
    target
        .or_else(|| find(&unit.attributes))
        .or_else(|| unit.variants.first().and_then(|v| find(&v.attributes)))
}

/// When a unit was changed, or else made.
pub(super) fn date(unit: &TranslationUnit) -> Option<&str> {
    attribute(unit, "changedate").or_else(|| attribute(unit, "creationdate"))
}

/// The text before (`x-context-pre`) or after (`x-context-post`) a unit's source.
pub fn context(unit: &TranslationUnit) -> [Option<&str>; 2] {
    [property(unit, "x-context-pre"), property(unit, "x-context-post")]
}

pub(super) fn new_batch(tx: &Transaction, command: &str, batch: &mut Option<i64>) -> Result<i64> {
    if let Some(batch) = batch {
        return Ok(*batch);
    }
    tx.execute("INSERT INTO batch(command) VALUES (?1)", [command]).map_err(trouble)?;
    *batch = Some(tx.last_insert_rowid());
    Ok(tx.last_insert_rowid())
}

/// Moves a unit to the history.
pub(super) fn retire(
    tx: &Transaction,
    batch: i64,
    reason: &str,
    id: i64,
    replaced_by: Option<i64>,
) -> Result<()> {
    tx.prepare_cached(RETIRE)
        .and_then(|mut s| s.execute(params![batch, reason, id, replaced_by]))
        .map_err(trouble)?;
    tx.prepare_cached("DELETE FROM unit WHERE id = ?1").and_then(|mut s| s.execute([id])).map_err(trouble)?;
    Ok(())
}

/// The memory that a unit is in; `None` if it is not there any more.
pub(super) fn memory_of(tx: &Transaction, id: i64) -> Result<Option<i64>> {
    tx.query_row("SELECT memory FROM unit WHERE id = ?1", [id], |r| r.get(0)).optional().map_err(trouble)
}

/// Starts a batch of changes that can be taken back together.
pub(super) fn batch(tx: &Transaction, command: &str) -> Result<i64> {
    new_batch(tx, command, &mut None)
}

/// Takes a batch back: what it put in goes, what it retired comes again under a new number.
pub(super) fn take_back(tx: &Transaction, batch: i64) -> Result<usize> {
    tx.execute("DELETE FROM unit WHERE id IN (SELECT replaced_by FROM history WHERE batch = ?1)", [batch])
        .map_err(trouble)?;
    let count = tx.execute(BRING_BACK, [batch]).map_err(trouble)?;
    tx.execute("DELETE FROM history WHERE batch = ?1", [batch]).map_err(trouble)?;
    Ok(count)
}

/// Puts a unit in under its key (see [`content_key`](super::add::content_key)); returns its number.
pub(super) fn insert(tx: &Transaction, memory: i64, unit: &TranslationUnit, key: i64) -> Result<i64> {
    let [before, after] = context(unit);
    let (source, target) = (&unit.variants[0], &unit.variants[1]);
    tx.prepare_cached(INSERT)
        .and_then(|mut s| {
            s.execute(params![
                memory,
                source.lang.as_str(),
                target.lang.as_str(),
                source.text,
                target.text,
                attribute(unit, "creationdate"),
                attribute(unit, "creationid"),
                attribute(unit, "changedate"),
                attribute(unit, "changeid"),
                property(unit, "x-document"),
                property(unit, "x-domain"),
                property(unit, "x-status"),
                property(unit, "x-confidence").and_then(|c| c.parse::<f64>().ok()),
                before,
                after,
                text_key(&source.text),
                key,
                detail::of(unit),
            ])
        })
        .map_err(trouble)?;
    Ok(tx.last_insert_rowid())
}
