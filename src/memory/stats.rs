//! Counts of a memory.

use super::leverage::Volume;
use super::store::{Filter, Memory, date};
use super::tokens::text_key;
use crate::error::Result;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// Upper ends of the bands of source length, in words and Chinese characters.
const LENGTHS: [usize; 6] = [5, 10, 20, 40, 80, usize::MAX];

/// Counts of units.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stats {
    /// All units.
    pub units: usize,
    /// Words and Chinese characters of the sources.
    pub source_words: usize,
    /// Units whose source text came before.
    pub repetitions: usize,
    /// By memory.
    pub memories: BTreeMap<String, usize>,
    /// By languages, as `zh-CN > en-US`.
    pub languages: BTreeMap<String, usize>,
    /// By month of change or creation, as `2026-01`; empty without a date.
    pub months: BTreeMap<String, usize>,
    /// By domain; empty without one.
    pub domains: BTreeMap<String, usize>,
    /// By status; empty without one.
    pub statuses: BTreeMap<String, usize>,
    /// By length of the source in words and Chinese characters: the band's upper end.
    pub lengths: BTreeMap<usize, usize>,
}

impl Memory {
    /// Counts the wanted units.
    ///
    /// # Errors
    /// Those of the database.
    pub fn stats(&self, filter: &Filter) -> Result<Stats> {
        let mut out = Stats::default();
        let mut seen = FxHashSet::default();
        self.each(filter, &mut |s| {
            let text = &s.source().text;
            let words = Volume::of(text).words;
            out.units += 1;
            out.source_words += words;
            out.repetitions += usize::from(!seen.insert(text_key(text)));
            let count = |map: &mut BTreeMap<String, usize>, key: String| *map.entry(key).or_default() += 1;
            count(&mut out.memories, s.memory.clone());
            count(&mut out.languages, format!("{} > {}", s.source().lang, s.target().lang));
            let month = date(&s.unit).and_then(|d| Some(format!("{}-{}", d.get(..4)?, d.get(4..6)?)));
            count(&mut out.months, month.unwrap_or_default());
            count(&mut out.domains, s.property("x-domain").unwrap_or_default().to_string());
            count(&mut out.statuses, s.property("x-status").unwrap_or_default().to_string());
            let band = LENGTHS.into_iter().find(|l| words <= *l).unwrap_or(usize::MAX);
            *out.lengths.entry(band).or_default() += 1;
            Ok(())
        })?;
        Ok(out)
    }
}
