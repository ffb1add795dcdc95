//! A file checked in batches: what one batch tells the next, and what only the whole file tells.

use super::introduced::Introduced;
use super::unit::Unit;
use super::words::Memory;
use super::{AGAIN, CHUNK, Checker, Found, pair};
use crate::model::{Finding, Severity, TranslationUnit};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

/// Holds only where the file keeps the term elsewhere: one that is always left out is missing.
const WEAK: &str = "term-omitted";

/// Checks one file batch by batch. Its memory grows with the termbase and by four bytes a finding, not with the text.
#[derive(Debug)]
pub struct Session<'c> {
    checker: &'c Checker,
    introduced: Introduced,
    /// Entries whose abbreviation stands for something else in this file.
    others: FxHashSet<usize>,
    /// The entry of each finding so far.
    entries: Vec<u32>,
    /// In how many units each entry is kept, and in how many it is missing.
    kept: FxHashMap<usize, usize>,
    missing: FxHashMap<usize, usize>,
    /// In how many it seems to be left out.
    weak: FxHashMap<usize, usize>,
    told: FxHashSet<usize>,
    settled: usize,
}

impl<'c> Session<'c> {
    pub(super) fn new(checker: &'c Checker) -> Session<'c> {
        Session {
            checker,
            introduced: Introduced::new(),
            others: FxHashSet::default(),
            entries: Vec::new(),
            kept: FxHashMap::default(),
            missing: FxHashMap::default(),
            weak: FxHashMap::default(),
            told: FxHashSet::default(),
            settled: 0,
        }
    }

    /// Checks the next units, in parallel; `first` is the index of the first in the file. The findings come in the
    /// order of the units, the same for any number of threads, and want [`Session::settle`] at the end of the file.
    /// One-sided units are passed over.
    pub fn batch(&mut self, units: &[TranslationUnit], first: usize) -> Vec<Finding> {
        let texts: Vec<Option<(&str, &str)>> = units.iter().map(pair).collect();
        self.checker.introduce(&texts, first, &mut self.introduced);
        self.checker.other_expansions(&texts, &mut self.others);
        let (introduced, others) = (&self.introduced, &self.others);
        let chunks: Vec<Found> = texts
            .par_chunks(CHUNK)
            .enumerate()
            .map(|(chunk, texts)| {
                let mut memory = Memory::default();
                let mut out = Found::default();
                for (k, pair) in texts.iter().enumerate() {
                    if let Some((source, target)) = *pair {
                        let index = first + chunk * CHUNK + k;
                        let unit = Unit { index, source, target, introduced, others };
                        self.checker.unit(&unit, &mut memory, &mut out);
                    }
                }
                out
            })
            .collect();
        let mut out = Vec::new();
        for chunk in chunks {
            for (entry, count) in chunk.kept {
                *self.kept.entry(entry).or_default() += count;
            }
            for (finding, entry) in chunk.findings {
                if finding.rule == "term-missing" {
                    *self.missing.entry(entry).or_default() += 1;
                } else if finding.rule == WEAK {
                    *self.weak.entry(entry).or_default() += 1;
                }
                self.entries.push(u32::try_from(entry).unwrap_or(u32::MAX));
                out.push(finding);
            }
        }
        out
    }

    /// Says the last word on the findings, asked for each in order when the file has been read: a term that is mostly
    /// not kept is told once as a warning, with its count, and again in passing. A `silent` finding is not told.
    pub fn settle(&mut self, mut finding: Finding, silent: bool) -> Finding {
        let entry = self.entries.get(self.settled).map_or(usize::MAX, |e| *e as usize);
        self.settled += 1;
        let of = |counts: &FxHashMap<usize, usize>| *counts.get(&entry).unwrap_or(&0);
        let (mut count, kept, weak) = (of(&self.missing), of(&self.kept), of(&self.weak));
        if kept == 0 {
            count += weak;
            if finding.rule == WEAK {
                finding.rule = "term-missing";
                finding.severity = Severity::Warning;
            }
        }
        let all = count + kept;
        if finding.rule == "term-missing" && count >= AGAIN && count * 2 > all && !silent {
            if self.told.insert(entry) {
                finding.message += &format!(" (the same in {count} of {all} units)");
            } else {
                finding.rule = "term-again";
                finding.severity = Severity::Info;
            }
        }
        finding
    }
}
