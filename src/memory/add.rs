//! Adding units: what is there already, what replaces what.

use super::detail;
use super::store::{BY_CONTENT, Memory, context, date, insert, new_batch, property, retire, trouble};
use super::tokens::text_key;
use crate::error::Result;
use crate::model::{Property, TranslationUnit};
use rusqlite::{OptionalExtension, Row, Transaction, params};
use rustc_hash::FxHashMap;
use std::fmt;
use std::str::FromStr;

/// So many units of a first import are looked up in memory before the keys are written: what a hash table of 2^21
/// places (36 MB) holds before it doubles.
const BULK: usize = 1_800_000;

/// What becomes of two translations of one source text in one memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Keep {
    /// Both stay.
    #[default]
    All,
    /// The one with the later date stays, without dates the one that is added; the other goes to the history.
    Newest,
    /// The one with the earlier date stays, without dates the one that was there.
    Oldest,
}

impl FromStr for Keep {
    type Err = String;
    fn from_str(s: &str) -> std::result::Result<Self, String> {
        match s {
            "all" => Ok(Keep::All),
            "newest" => Ok(Keep::Newest),
            "oldest" => Ok(Keep::Oldest),
            _ => Err(format!("unknown rule {s:?}: use newest, oldest or all")),
        }
    }
}

impl fmt::Display for Keep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Keep::All => "all",
            Keep::Newest => "newest",
            Keep::Oldest => "oldest",
        })
    }
}

/// What became of the units that were added.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Added {
    /// Units that are new.
    pub added: usize,
    /// Units that were there already.
    pub known: usize,
    /// Units that were there with other dates, properties or notes, which are replaced.
    pub updated: usize,
    /// Older translations that moved to the history.
    pub replaced: usize,
    /// Units left out because the memory keeps another translation.
    pub refused: usize,
    /// Units left out because one side is empty.
    pub one_sided: usize,
}

/// The keys of a first import, before they are written.
#[derive(Default)]
struct Known {
    first: FxHashMap<i64, i64>,
    /// Further units of the same key, which are few.
    more: FxHashMap<i64, Vec<i64>>,
}

impl Known {
    fn put(&mut self, key: i64, id: i64) {
        if let Some(old) = self.first.insert(key, id) {
            self.more.entry(key).or_default().push(old);
        }
    }

    fn of(&self, key: i64) -> impl Iterator<Item = i64> {
        let more = self.more.get(&key).into_iter().flatten();
        self.first.get(&key).into_iter().chain(more).copied()
    }
}

impl Memory {
    /// Adds units to the memory of this name, all or none. `next` gives them one by one.
    ///
    /// # Errors
    /// Those of `next` and of the database; the memory is then as it was.
    pub fn add(
        &mut self,
        name: &str,
        keep: Keep,
        next: &mut dyn FnMut() -> Result<Option<TranslationUnit>>,
    ) -> Result<Added> {
        let tx =
            self.db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(trouble)?;
        tx.execute("INSERT OR IGNORE INTO memory(name) VALUES (?1)", [name]).map_err(trouble)?;
        let memory: i64 =
            tx.query_row("SELECT id FROM memory WHERE name = ?1", [name], |r| r.get(0)).map_err(trouble)?;
        let mut added = Added::default();
        let mut batch = None;
        // Keys sorted at the end cost a fraction of keys put in one by one.
        let empty: bool =
            tx.query_row("SELECT NOT EXISTS (SELECT 1 FROM unit)", [], |r| r.get(0)).map_err(trouble)?;
        let mut bulk = (empty && keep == Keep::All).then(Known::default);
        if bulk.is_some() {
            tx.execute_batch("DROP INDEX IF EXISTS unit_content").map_err(trouble)?;
        }
        if keep != Keep::All {
            tx.execute_batch("CREATE INDEX IF NOT EXISTS unit_source ON unit(source_key)")
                .map_err(trouble)?;
        }
        while let Some(unit) = next()? {
            add_one(&tx, memory, keep, unit, &mut added, &mut batch, &mut bulk)?;
            if bulk.as_ref().is_some_and(|b| b.first.len() >= BULK) {
                tx.execute_batch(BY_CONTENT).map_err(trouble)?;
                bulk = None;
            }
        }
        tx.execute_batch(BY_CONTENT).map_err(trouble)?;
        tx.commit().map_err(trouble)?;
        Ok(added)
    }
}

/// A unit with the same key as one that is added.
struct Candidate {
    id: i64,
    detail: Option<String>,
    /// Text before, text after, document.
    around: [Option<String>; 3],
}

/// What two units must have in common to be the same: texts, tags, languages and id. Where both also tell a document,
/// it must be equal as well, and without an id the context too, where both tell one.
pub(super) fn content_key(memory: i64, unit: &TranslationUnit) -> i64 {
    let mut all = format!("{memory}\u{0}{}", unit.id);
    for variant in &unit.variants {
        for part in [variant.lang.as_str(), &variant.text, variant.markup.as_deref().unwrap_or("")] {
            all.push('\u{0}');
            all.push_str(part);
        }
    }
    text_key(&all)
}

fn around(unit: &TranslationUnit) -> [Option<&str>; 3] {
    let [before, after] = context(unit);
    [before, after, property(unit, "x-document")]
}

/// The unit that is there already with this key, if any: the one that says the same, or else the first that says
/// nothing else about context and document.
fn same(
    tx: &Transaction,
    unit: &TranslationUnit,
    key: i64,
    bulk: &Option<Known>,
) -> Result<Option<Candidate>> {
    const COLUMNS: &str = "SELECT id, detail, before, after, document FROM unit";
    let texts = (unit.variants[0].text.as_str(), unit.variants[1].text.as_str());
    let read = |r: &Row| {
        Ok(Candidate { id: r.get(0)?, detail: r.get(1)?, around: [r.get(2)?, r.get(3)?, r.get(4)?] })
    };
    let mut candidates: Vec<Candidate> = Vec::new();
    if let Some(known) = bulk {
        for id in known.of(key) {
            let found = tx
                .prepare_cached(&format!("{COLUMNS} WHERE id = ?1 AND source = ?2 AND target = ?3"))
                .and_then(|mut s| s.query_row(params![id, texts.0, texts.1], read).optional())
                .map_err(trouble)?;
            candidates.extend(found);
        }
        candidates.sort_by_key(|c| c.id);
    } else {
        let mut statement = tx
            .prepare_cached(&format!(
                "{COLUMNS} WHERE content_key = ?1 AND source = ?2 AND target = ?3 ORDER BY id"
            ))
            .map_err(trouble)?;
        let rows = statement.query_map(params![key, texts.0, texts.1], read).map_err(trouble)?;
        candidates = rows.collect::<rusqlite::Result<_>>().map_err(trouble)?;
    }
    if candidates.is_empty() {
        return Ok(None);
    }
    let (detail, mine) = (detail::of(unit), around(unit));
    // Context is guessed from the order of a file, and an id says more.
    let matters = if unit.id.is_empty() { 0.. } else { 2.. };
    let agrees = |c: &Candidate| {
        c.around[matters.clone()].iter().zip(&mine[matters.clone()]).all(|(a, b)| match (a.as_deref(), b) {
            (Some(a), Some(b)) => a == *b,
            _ => true,
        })
    };
    let found = candidates.iter().position(|c| c.detail == detail).or(candidates.iter().position(agrees));
    Ok(found.map(|k| candidates.swap_remove(k)))
}

/// The new unit with what only the old one tells.
fn with_the_rest(mut new: TranslationUnit, detail: &str) -> Result<TranslationUnit> {
    let mut old = new.clone();
    detail::restore(detail, &mut old)?;
    merge(&mut new.attributes, old.attributes);
    merge(&mut new.properties, old.properties);
    merge_notes(&mut new.notes, old.notes);
    for (new, old) in new.variants.iter_mut().zip(old.variants) {
        merge(&mut new.attributes, old.attributes);
        merge(&mut new.properties, old.properties);
        merge_notes(&mut new.notes, old.notes);
    }
    Ok(new)
}

/// The old order, the new values where there are any, then what is new.
fn merge(new: &mut Vec<Property>, old: Vec<Property>) {
    let mut out: Vec<Property> = Vec::new();
    for property in old {
        if !new.iter().any(|p| p.kind == property.kind) {
            out.push(property);
        } else if !out.iter().any(|p| p.kind == property.kind) {
            out.extend(new.iter().filter(|p| p.kind == property.kind).cloned());
        }
    }
    let rest: Vec<Property> = new.drain(..).filter(|n| !out.iter().any(|p| p.kind == n.kind)).collect();
    out.extend(rest);
    *new = out;
}

fn merge_notes(new: &mut Vec<String>, mut old: Vec<String>) {
    let rest: Vec<String> = new.drain(..).filter(|n| !old.contains(n)).collect();
    old.extend(rest);
    *new = old;
}

fn add_one(
    tx: &Transaction,
    memory: i64,
    keep: Keep,
    mut unit: TranslationUnit,
    added: &mut Added,
    batch: &mut Option<i64>,
    bulk: &mut Option<Known>,
) -> Result<()> {
    if unit.variants.len() < 2 || unit.variants[..2].iter().any(|v| v.text.trim().is_empty()) {
        added.one_sided += 1;
        return Ok(());
    }
    if let Some(bead) = unit.bead.take() {
        for (kind, value) in [
            ("x-confidence", format!("{:.4}", bead.confidence)),
            ("x-score", format!("{:.3}", bead.score)),
            ("x-status", bead.status.to_string()),
        ] {
            if !unit.properties.iter().any(|p| p.kind == kind) {
                unit.properties.push(Property { kind: kind.into(), value });
            }
        }
    }
    let key = content_key(memory, &unit);
    if let Some(old) = same(tx, &unit, key, bulk)? {
        if let Some(detail) = &old.detail {
            unit = with_the_rest(unit, detail)?;
        }
        if old.detail == detail::of(&unit) {
            added.known += 1;
        } else if keep == Keep::Oldest {
            added.refused += 1;
        } else {
            let batch = new_batch(tx, "add", batch)?;
            let new = insert(tx, memory, &unit, key)?;
            if let Some(known) = bulk {
                known.put(key, new);
            }
            retire(tx, batch, "updated", old.id, Some(new))?;
            added.updated += 1;
        }
        return Ok(());
    }
    let mut older = Vec::new();
    if keep != Keep::All {
        let mut statement = tx
            .prepare_cached(
                "SELECT id, coalesce(changed, created) FROM unit WHERE source_key = ?1 AND memory = ?2 \
                 AND source = ?3 AND target <> ?4 AND source_lang = ?5 AND target_lang = ?6",
            )
            .map_err(trouble)?;
        let (source, target) = (&unit.variants[0], &unit.variants[1]);
        let found = statement
            .query_map(
                params![
                    text_key(&source.text),
                    memory,
                    source.text,
                    target.text,
                    source.lang.as_str(),
                    target.lang.as_str()
                ],
                |r| Ok((r.get::<_, i64>(0)?, r.get::<_, Option<String>>(1)?)),
            )
            .map_err(trouble)?;
        older = found.collect::<rusqlite::Result<Vec<_>>>().map_err(trouble)?;
    }
    let mine = date(&unit);
    let wins = |theirs: &Option<String>| match (keep, mine, theirs.as_deref()) {
        (Keep::Newest, Some(a), Some(b)) => a >= b,
        (Keep::Oldest, Some(a), Some(b)) => a < b,
        (Keep::Newest, ..) => true,
        _ => false,
    };
    if older.iter().any(|(_, theirs)| !wins(theirs)) {
        added.refused += 1;
        return Ok(());
    }
    let new = insert(tx, memory, &unit, key)?;
    if let Some(known) = bulk {
        known.put(key, new);
    }
    added.added += 1;
    for (id, _) in older {
        let batch = new_batch(tx, "add", batch)?;
        retire(tx, batch, "replaced", id, Some(new))?;
        added.replaced += 1;
    }
    Ok(())
}
