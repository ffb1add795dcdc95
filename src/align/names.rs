//! Links between transliterated names: runs of characters that no dictionary explains, and capitalised words that none
//! knows, where they sound alike.

use super::text::Text;
use crate::feature::sound::Sound;
use crate::lexicon::{Lexicon, is_han};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The least similarity of sound that links.
const ALIKE: f64 = 0.75;
/// The strength of a link by sound, times the similarity: less than a dictionary's.
const STRENGTH: f32 = 0.7;
/// Characters of a run that may be a name, and the runs considered for one pair of texts.
const RUN: std::ops::RangeInclusive<usize> = 2..=8;
const MOST_RUNS: usize = 50_000;
/// An English word this common (as a share of all words) is no name that needs its sound.
const COMMON: f32 = 2e-6;

/// New links, as (Chinese type, English type, strength).
pub(crate) fn links(zh: &Text, en: &Text, lexicon: &Lexicon) -> Vec<(u32, u32, f32)> {
    // Names by the start of their skeleton, so that each run meets few of them.
    let mut names: BTreeMap<Option<char>, Vec<(u32, Sound)>> = BTreeMap::new();
    for (k, kind) in en.types.iter().enumerate() {
        let known = kind.stem.is_some_and(|s| lexicon.stem_probability(s) > COMMON);
        let word = kind.key.chars().all(char::is_alphabetic);
        if kind.capitals * 2 > kind.count && !known && word && kind.key.chars().count() >= 4 {
            let sound = Sound::of(&kind.key);
            names.entry(sound.start()).or_default().push((k as u32, sound));
        }
    }
    if names.is_empty() {
        return Vec::new();
    }
    let runs: Vec<Vec<u32>> = runs(zh).into_iter().collect();
    let linked = runs.par_iter().map(|run| {
        let pinyin: String =
            run.iter().filter_map(|&k| reading(&zh.types[k as usize].key, lexicon)).collect();
        let sound = Sound::of(&pinyin);
        let mut out = Vec::new();
        for (name, other) in names.get(&sound.start()).into_iter().flatten() {
            let alike = sound.similarity(other, ALIKE);
            if alike >= ALIKE {
                out.extend(run.iter().map(|&z| (z, *name, STRENGTH * alike as f32)));
            }
        }
        out
    });
    linked.flatten_iter().collect()
}

fn reading(word: &str, lexicon: &Lexicon) -> Option<String> {
    let syllables: Vec<&str> = word.chars().filter_map(|c| lexicon.readings(c).next()).collect();
    (!syllables.is_empty()).then(|| syllables.concat())
}

/// Runs of single characters that stand side by side, as types.
fn runs(zh: &Text) -> BTreeSet<Vec<u32>> {
    let mut out = BTreeSet::new();
    for segment in 0..zh.len() {
        let mut run: Vec<u32> = Vec::new();
        let mut end = 0;
        for token in zh.tokens(segment..segment + 1) {
            let (from, to) = zh.span[token];
            let single = to - from == 1 && zh.types[zh.kind[token] as usize].key.chars().all(is_han);
            if !single || from != end {
                flush(&mut run, &mut out);
            }
            if single {
                run.push(zh.kind[token]);
            }
            end = to;
        }
        flush(&mut run, &mut out);
        if out.len() >= MOST_RUNS {
            break;
        }
    }
    out
}

fn flush(run: &mut Vec<u32>, out: &mut BTreeSet<Vec<u32>>) {
    if RUN.contains(&run.len()) {
        out.insert(std::mem::take(run));
    }
    run.clear();
}
