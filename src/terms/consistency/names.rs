//! Names that one side renders now in full and now by a short form, while the other does not change.

use super::{Inconsistency, InconsistencyKind, Rendering, SIDES};
use crate::model::Lang;
use crate::terms::mine::Candidate;
use crate::terms::short::{is_short_form, long_keys, may_be_short, short_key};
use rustc_hash::FxHashMap;

/// The term must stand in this share of the units of either form. Chosen: more than half, so that it is their
/// commonest companion.
const LEAST: f64 = 0.6;
/// So strongly the term must go with both together. Chosen: half, like the share above.
const BOUND: f64 = 0.5;
/// So many units of a form are looked at for its term; the first already shows it.
const UNITS: usize = 20;
/// Names come first: a name has one right form.
const WEIGHT: f64 = 3.0;

/// The names of one side, `own`, which the other, in `lang`, renders in two ways.
pub(super) fn find([own, other]: [&Vec<Candidate>; 2], lang: Lang, side: usize) -> Vec<Inconsistency> {
    // The long forms by what a short form of them must show, and the terms of each unit: no pair is tried in vain.
    let mut longs: FxHashMap<String, Vec<&Candidate>> = FxHashMap::default();
    for long in other.iter().filter(|c| c.words.len() > 1 || lang == Lang::Zh) {
        for key in long_keys(lang, &long.text) {
            longs.entry(key).or_default().push(long);
        }
    }
    let mut holds: FxHashMap<u32, Vec<&Candidate>> = FxHashMap::default();
    // Of an English word that is no name, 生产 would be a short form of 生态产品.
    for term in own.iter().filter(|term| lang == Lang::En || term.name) {
        for unit in &term.units {
            holds.entry(*unit).or_default().push(term);
        }
    }
    let mut out = Vec::new();
    for short in other.iter().filter(|c| may_be_short(lang, &c.text)) {
        for long in longs.get(&short_key(lang, &short.text)).into_iter().flatten() {
            if !is_short_form(lang, short, long) {
                continue;
            }
            let only = |a: &Candidate, b: &Candidate| -> Vec<u32> {
                a.units.iter().copied().filter(|u| b.units.binary_search(u).is_err()).collect()
            };
            // Where both stand, the short form is introduced.
            let ways = [(short, only(short, long)), (long, only(long, short))];
            if ways.iter().any(|w| w.1.is_empty()) || ways.iter().all(|w| w.1.len() < 2) {
                continue;
            }
            // A term of both stands in the first units of the rarer one.
            let rarer = if ways[0].1.len() < ways[1].1.len() { &ways[0].1 } else { &ways[1].1 };
            let near = rarer.iter().take(UNITS).filter_map(|u| holds.get(u)).flatten();
            let best = near.filter_map(|term| share(term, &ways).map(|s| (s, *term)));
            let best = best.max_by(|a, b| {
                a.0.total_cmp(&b.0)
                    .then(a.1.words.len().cmp(&b.1.words.len()))
                    .then(b.1.words.cmp(&a.1.words))
            });
            let Some((share, term)) = best else { continue };
            let mut renderings: Vec<Rendering> = ways
                .iter()
                .map(|(c, units)| Rendering {
                    text: c.text.clone(),
                    units: units
                        .iter()
                        .filter(|u| term.units.binary_search(u).is_ok())
                        .map(|u| *u as usize)
                        .collect(),
                })
                .collect();
            renderings.sort_by_key(|r| (std::cmp::Reverse(r.units.len()), r.text.clone()));
            let fewer = renderings[1].units.len() as f64;
            out.push(Inconsistency {
                kind: InconsistencyKind::Term,
                side: SIDES[side],
                text: term.text.clone(),
                renderings,
                score: WEIGHT * share * (1.0 + fewer).ln().max(1.0),
            });
        }
    }
    out
}

/// How well a term goes with both forms: the harmonic mean of its share of theirs and their share of its units.
fn share(term: &Candidate, ways: &[(&Candidate, Vec<u32>); 2]) -> Option<f64> {
    let mut inside = 0;
    for (_, units) in ways {
        let here = units.iter().filter(|u| term.units.binary_search(u).is_ok()).count();
        if here == 0 || (here as f64) < LEAST * units.len() as f64 {
            return None;
        }
        inside += here;
    }
    let all: usize = ways.iter().map(|w| w.1.len()).sum();
    let share = 2.0 * inside as f64 / (all + term.units.len()) as f64;
    (share >= BOUND).then_some(share)
}
