//! What changed between two sets of units.

use crate::model::{TranslationUnit, Variant};
use std::collections::BTreeMap;

/// A source text whose translations are not the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitChange {
    /// The source text.
    pub source: String,
    /// Translations that only the first set has, in its order.
    pub before: Vec<String>,
    /// Translations that only the second set has.
    pub after: Vec<String>,
}

/// Collects two sets of units and compares them.
#[derive(Debug, Default)]
pub struct Differences {
    texts: BTreeMap<(String, String), [Vec<String>; 2]>,
}

impl Differences {
    /// Takes a unit of the first (0) or second (1) set.
    pub fn add(&mut self, set: usize, unit: &TranslationUnit) {
        let [source, target, ..] = unit.variants.as_slice() else { return };
        let language = |v: &Variant| match v.lang.lang() {
            Some(lang) => format!("{lang:?}"),
            None => v.lang.to_string(),
        };
        let key = (language(source) + "-" + &language(target), source.text.trim().to_string());
        self.texts.entry(key).or_default()[set.min(1)].push(target.text.trim().to_string());
    }

    /// The differences, in the order of languages and source texts. A translation that comes twice counts twice.
    pub fn list(&self) -> Vec<UnitChange> {
        let mut out = Vec::new();
        for ((_, source), [before, after]) in &self.texts {
            let only = |a: &[String], b: &[String]| {
                let mut left = b.to_vec();
                a.iter()
                    .filter(|t| match left.iter().position(|x| x == *t) {
                        Some(k) => {
                            left.swap_remove(k);
                            false
                        }
                        None => true,
                    })
                    .cloned()
                    .collect::<Vec<_>>()
            };
            let (before, after) = (only(before, after), only(after, before));
            if !before.is_empty() || !after.is_empty() {
                out.push(UnitChange { source: source.clone(), before, after });
            }
        }
        out
    }
}

/// Compares two lists of units.
pub fn compare_units(before: &[TranslationUnit], after: &[TranslationUnit]) -> Vec<UnitChange> {
    let mut differences = Differences::default();
    before.iter().for_each(|u| differences.add(0, u));
    after.iter().for_each(|u| differences.add(1, u));
    differences.list()
}
