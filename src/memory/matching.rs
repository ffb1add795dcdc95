//! Fuzzy matches: the best units for a text, with a similarity that a translator agrees with.

use super::index::{Builder, Hit, Index, Scratch, short_hash};
use super::store::{Memory, Stored, context, trouble};
use super::tokens::{Folded, fold};
use crate::error::Result;
use crate::lexicon::Lexicon;
use crate::model::{Lang, LangTag};
use rayon::prelude::*;
use rusqlite::params;
use std::io::Read;

/// A hundredth off for each kind of difference that folding hides (numbers, script, marks or case): such a match
/// wants a look, but less work than any other; memoQ too shows 99 % when only numbers were replaced.
const PENALTY: f64 = 0.01;
/// Units that are fetched for one text, so that among equal candidates the one with the right numbers is found.
const FETCHED: usize = 24;
/// Texts read and folded at once while an index is built.
const CHUNK: usize = 20_000;
/// More units than this outside the index make it worth building anew (a tenth of a second to search them).
const LOOSE: i64 = 10_000;
/// The index is stored in pieces of this size.
const PART: usize = 1 << 24;

/// A text to be matched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// The text.
    pub text: String,
    /// The text before it, where known.
    pub before: Option<String>,
    /// The text after it.
    pub after: Option<String>,
}

/// A unit that fits a text.
#[derive(Debug, Clone, PartialEq)]
pub struct FuzzyMatch {
    /// How similar, 0 to 1; 1.01 is the same text in the same context.
    pub similarity: f64,
    /// The unit.
    pub stored: Stored,
    /// Which variant is of the text's language (0 or 1); the other is the translation.
    pub side: usize,
}

impl FuzzyMatch {
    /// The similarity in whole percent, rounded down: 100 is the same text, 101 in the same context.
    pub fn percent(&self) -> u32 {
        (self.similarity * 100.0 + 1e-6) as u32
    }

    /// The text of the query's language.
    pub fn text(&self) -> &str {
        &self.stored.unit.variants[self.side].text
    }

    /// Its translation.
    pub fn translation(&self) -> &str {
        &self.stored.unit.variants[1 - self.side].text
    }
}

/// A memory made ready for matching in one language.
pub struct Matcher<'m> {
    memory: &'m Memory,
    lang: Lang,
    lexicon: Lexicon,
    index: Index,
    /// Units added since the index was built.
    loose: Option<Index>,
}

fn name_of(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "zh",
        Lang::En => "en",
    }
}

/// The similarity (0 to 1) of two texts by edits, penalties and all; 1 is the same text.
pub fn similarity(query: &str, text: &str, lang: Lang, lexicon: &Lexicon) -> f64 {
    if query.trim() == text.trim() {
        return 1.0;
    }
    let (a, b) = (fold(query, lang, lexicon), fold(text, lang, lexicon));
    let longer = a.tokens.len().max(b.tokens.len());
    if longer == 0 {
        return 0.0;
    }
    // Within one unit of two texts the tokens themselves are small enough to be numbered on the spot.
    let mut keys: Vec<u64> = a.tokens.iter().chain(&b.tokens).copied().collect();
    keys.sort_unstable();
    keys.dedup();
    let rank = |t: &u64| keys.binary_search(t).map_or(0, |k| k as u32);
    let mut pattern = super::distance::Pattern::default();
    pattern.set(&a.tokens.iter().map(rank).collect::<Vec<_>>(), keys.len());
    let distance = pattern.distance(b.tokens.iter().map(rank), b.tokens.len(), longer).unwrap_or(longer);
    penalised(1.0 - distance as f64 / longer as f64, &a, &b)
}

/// The similarity of two texts that are not the same, from that of their tokens.
fn penalised(base: f64, a: &Folded, b: &Folded) -> f64 {
    let mut off = 0.0;
    if a.values != b.values {
        off += PENALTY;
    }
    if a.traditional != b.traditional {
        off += PENALTY;
    }
    if base >= 1.0 && off == 0.0 {
        off = PENALTY;
    }
    (base - off).max(0.0)
}

impl Memory {
    /// Makes the memory ready for matching texts of a language. An index that is absent or far behind is built, and
    /// kept in the file unless another program is writing.
    ///
    /// # Errors
    /// Those of the database.
    pub fn matcher(&mut self, lang: Lang) -> Result<Matcher<'_>> {
        let newest: i64 =
            self.db.query_row("SELECT coalesce(max(id), 0) FROM unit", [], |r| r.get(0)).map_err(trouble)?;
        let lexicon = Lexicon::built_in();
        let mut index = self.load_index(lang)?;
        let behind = match &index {
            None => true,
            Some(i) => {
                let loose: i64 = self
                    .db
                    .query_row("SELECT count(*) FROM unit WHERE id > ?1", [i.through], |r| r.get(0))
                    .map_err(trouble)?;
                loose > LOOSE.max(i.len() as i64 / 100)
            }
        };
        if behind {
            let built = self.build_index(lang, 0, newest, &lexicon)?;
            self.save_index(lang, &built)?;
            index = Some(built);
        }
        let index = index.unwrap_or_default();
        let loose = if index.through < newest {
            Some(self.build_index(lang, index.through, newest, &lexicon)?)
        } else {
            None
        };
        Ok(Matcher { memory: self, lang, lexicon, index, loose })
    }

    fn load_index(&self, lang: Lang) -> Result<Option<Index>> {
        let size: Option<i64> = self
            .db
            .query_row("SELECT sum(length(data)) FROM fuzzy WHERE lang = ?1", [name_of(lang)], |r| r.get(0))
            .map_err(trouble)?;
        let Some(size) = size else { return Ok(None) };
        let mut statement =
            self.db.prepare("SELECT data FROM fuzzy WHERE lang = ?1 ORDER BY part").map_err(trouble)?;
        let rows = statement.query([name_of(lang)]).map_err(trouble)?;
        let mut parts = Parts { rows, part: Vec::new(), at: 0 };
        Ok(Index::from_bytes(&mut parts, usize::try_from(size).unwrap_or(0)))
    }

    fn save_index(&mut self, lang: Lang, index: &Index) -> Result<()> {
        let bytes = index.to_bytes();
        let tx =
            self.db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(trouble)?;
        tx.execute("DELETE FROM fuzzy WHERE lang = ?1", [name_of(lang)]).map_err(trouble)?;
        for (k, part) in bytes.chunks(PART).enumerate() {
            tx.execute("INSERT INTO fuzzy VALUES (?1, ?2, ?3)", params![name_of(lang), k as i64, part])
                .map_err(trouble)?;
        }
        tx.commit().map_err(trouble)
    }

    fn build_index(&self, lang: Lang, after: i64, through: i64, lexicon: &Lexicon) -> Result<Index> {
        let mut statement = self
            .db
            .prepare(
                "SELECT id, source_lang, target_lang, source, target FROM unit WHERE id > ?1 AND id <= ?2 \
                 ORDER BY id",
            )
            .map_err(trouble)?;
        let mut rows = statement.query([after, through]).map_err(trouble)?;
        let mut builder = Builder::default();
        let mut texts: Vec<(i64, String)> = Vec::new();
        let mut more = true;
        while more {
            texts.clear();
            while texts.len() < CHUNK {
                let Some(row) = rows.next().map_err(trouble)? else {
                    more = false;
                    break;
                };
                let text = |k: usize| row.get_ref(k).and_then(|v| Ok(v.as_str()?)).map_err(trouble);
                let is = |tag: &str| tag.parse::<LangTag>().ok().and_then(|t| t.lang()) == Some(lang);
                let side = if is(text(1)?) {
                    3
                } else if is(text(2)?) {
                    4
                } else {
                    continue;
                };
                texts.push((row.get(0).map_err(trouble)?, text(side)?.to_string()));
            }
            let folded: Vec<(u32, Vec<u64>)> =
                texts.par_iter().map(|(_, t)| (short_hash(t), fold(t, lang, lexicon).tokens)).collect();
            for ((row, _), (hash, tokens)) in texts.iter().zip(&folded) {
                builder.add(*row, *hash, tokens)?;
            }
        }
        builder.build(lang, through)
    }
}

/// The stored parts of an index as one stream.
struct Parts<'s> {
    rows: rusqlite::Rows<'s>,
    part: Vec<u8>,
    at: usize,
}

impl Read for Parts<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.part.len() {
            let Some(row) = self.rows.next().map_err(std::io::Error::other)? else { return Ok(0) };
            let part = row.get_ref(0).map_err(std::io::Error::other)?;
            self.part.clear();
            self.part.extend_from_slice(part.as_blob().map_err(std::io::Error::other)?);
            self.at = 0;
        }
        let count = into.len().min(self.part.len() - self.at);
        into[..count].copy_from_slice(&self.part[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

impl Matcher<'_> {
    /// Bytes that the index takes in memory.
    pub fn index_bytes(&self) -> usize {
        self.index.bytes()
    }

    /// The language of the texts.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The lexicon whose folding is used.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// The best similarity of tokens by comparing every text: what the index is measured by. Slow.
    pub fn best_by_full_scan(&self, text: &str, least: f64) -> f64 {
        let tokens = fold(text, self.lang, &self.lexicon).tokens;
        let loose = self.loose.as_ref().map_or(0.0, |i| i.scan(&tokens, least));
        self.index.scan(&tokens, least).max(loose)
    }

    /// The best similarity of tokens by the index, at least `least`, or 0.
    pub fn best_by_index(&self, text: &str, least: f64, scratch: &mut Work) -> f64 {
        self.inner().candidates(text, least, (1, 0.0, 1), scratch).first().map_or(0.0, |h| h.similarity)
    }

    fn inner(&self) -> Inner<'_> {
        Inner { lang: self.lang, lexicon: &self.lexicon, index: &self.index, loose: &self.loose }
    }

    /// The best `wanted` matches of at least `least` (0.3 to 1) similarity, the best first; in the memory of this
    /// name only, if one is given.
    ///
    /// # Errors
    /// Those of the database.
    pub fn best(
        &self,
        query: &Query,
        least: f64,
        wanted: usize,
        memory: Option<&str>,
        work: &mut Work,
    ) -> Result<Vec<FuzzyMatch>> {
        let hits =
            self.inner().candidates(&query.text, least, (wanted, 2.0 * PENALTY, wanted.max(FETCHED)), work);
        self.judge(query, least, wanted, memory, &hits)
    }

    /// The same for many texts at once, on all cores; the answers stand in the order of the queries.
    ///
    /// # Errors
    /// Those of the database.
    pub fn best_of_all(
        &self,
        queries: &[Query],
        least: f64,
        wanted: usize,
        memory: Option<&str>,
    ) -> Result<Vec<Vec<FuzzyMatch>>> {
        let inner = self.inner();
        let hits: Vec<Vec<Hit>> = queries
            .par_iter()
            .map_init(Work::default, |work, q| {
                inner.candidates(&q.text, least, (wanted, 2.0 * PENALTY, wanted.max(FETCHED)), work)
            })
            .collect();
        let judged = queries.iter().zip(&hits).map(|(q, h)| self.judge(q, least, wanted, memory, h));
        judged.collect()
    }

    fn judge(
        &self,
        query: &Query,
        least: f64,
        wanted: usize,
        memory: Option<&str>,
        hits: &[Hit],
    ) -> Result<Vec<FuzzyMatch>> {
        let folded = fold(&query.text, self.lang, &self.lexicon);
        let mut out: Vec<FuzzyMatch> = Vec::new();
        for hit in hits {
            // Hits come best first; penalties only lower them, and context lifts the same text alone.
            let reach = if hit.same_text { 1.0 + PENALTY } else { hit.similarity };
            if out.len() >= wanted && out.iter().filter(|m| m.similarity > reach).count() >= wanted {
                break;
            }
            let Some(stored) = self.memory.get(hit.row)? else { continue };
            if memory.is_some_and(|m| m != stored.memory) {
                continue;
            }
            let Some(side) = (0..2).find(|&k| stored.unit.variants[k].lang.lang() == Some(self.lang)) else {
                continue;
            };
            let text = &stored.unit.variants[side].text;
            let similarity = if text.trim() == query.text.trim() {
                let same = |a: Option<&str>, b: &Option<String>| a.is_some() && a == b.as_deref();
                let [before, after] = context(&stored.unit);
                let in_context = side == 0 && same(before, &query.before) && same(after, &query.after);
                if in_context { 1.0 + PENALTY } else { 1.0 }
            } else {
                penalised(hit.similarity, &folded, &fold(text, self.lang, &self.lexicon))
            };
            if similarity >= least - 1e-9 {
                out.push(FuzzyMatch { similarity, stored, side });
            }
        }
        // Of equal ones the newest unit, as it was corrected last.
        out.sort_by(|a, b| b.similarity.total_cmp(&a.similarity).then(b.stored.id.cmp(&a.stored.id)));
        out.truncate(wanted);
        Ok(out)
    }
}

/// What can be shared between threads; the database cannot.
struct Inner<'a> {
    lang: Lang,
    lexicon: &'a Lexicon,
    index: &'a Index,
    loose: &'a Option<Index>,
}

impl Inner<'_> {
    fn candidates(&self, text: &str, least: f64, wanted: (usize, f64, usize), work: &mut Work) -> Vec<Hit> {
        let tokens = fold(text, self.lang, self.lexicon).tokens;
        let hash = short_hash(text);
        let mut hits = self.index.search(&tokens, hash, least, wanted, &mut work.main);
        if let Some(loose) = self.loose {
            hits.extend(loose.search(&tokens, hash, least, wanted, &mut work.loose));
        }
        hits.sort_by(|a, b| {
            b.similarity.total_cmp(&a.similarity).then(b.same_text.cmp(&a.same_text)).then(b.row.cmp(&a.row))
        });
        hits
    }
}

/// Room that searches use again; one a thread.
#[derive(Debug, Default)]
pub struct Work {
    main: Scratch,
    loose: Scratch,
}
