//! How likely a headword is rendered by a stem, from what the dictionaries say together: a walk from a headword to one of its
//! stems, on to a headword that this stem renders too, and on to one of its stems.
//!
//! A dictionary lists what is usual beside what is rare, all alike. What the walk comes to often is usual: stems that the
//! headword's synonyms share. Of a hundred beads of hand-aligned novels with the headword, a linked stem stands, beyond chance, in
//! 0.1 to 1 where 0.4 to 0.8 of a hundred walks end at it, in 1 to 6 where 1.6 to 3 do, in 14 to 25 where 6 to 12 do and in 18 to 46
//! where more do, for strong and for weak glosses alike. And walks end at stems that no dictionary lists: 忽然 (suddenly) at
//! abruptly, by 突然 and 猛然.

use super::MOST;
use duizhao::lexicon::pack::Link;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// The share of walks that end at a stem from which on it is as likely as can be; of a quarter, a sixth and a tenth the one that is
/// best for news and as good for novels.
const SURE: f32 = 0.1;
/// A link that no dictionary has is kept from this likelihood on; from 0.05 on less is gained.
const LEAST_NEW: f32 = 0.03;
/// Only headwords with this count among the 60 million words of jieba's table get new links: those of the others cost three
/// times the room and bring nothing.
const COMMON: f64 = 200.0;

/// A headword with its dictionary links.
pub struct Headword {
    /// Its count in running text, above 0.
    pub frequency: f64,
    /// Stems with strengths.
    pub links: Vec<(String, f32)>,
}

/// One direction of the dictionary: what each thing leads to, with shares that sum up to 1.
struct Steps(Vec<Vec<(usize, f32)>>);

impl Steps {
    fn new(mut steps: Vec<Vec<(usize, f32)>>) -> Steps {
        for list in &mut steps {
            let sum: f32 = list.iter().map(|s| s.1).sum();
            list.iter_mut().for_each(|s| s.1 /= sum);
        }
        Steps(steps)
    }

    fn follow(&self, from: &[(usize, f32)], place: &mut Place) -> Vec<(usize, f32)> {
        for &(at, share) in from {
            for &(to, step) in &self.0[at] {
                place.add(to, share * step);
            }
        }
        place.take()
    }
}

/// Sums by index, cleared by taking them.
struct Place {
    sums: Vec<f32>,
    touched: Vec<usize>,
}

impl Place {
    fn add(&mut self, at: usize, share: f32) {
        if self.sums[at] == 0.0 {
            self.touched.push(at);
        }
        self.sums[at] += share;
    }

    fn take(&mut self) -> Vec<(usize, f32)> {
        self.touched.drain(..).map(|k| (k, std::mem::take(&mut self.sums[k]))).collect()
    }
}

/// The links of every headword with both numbers: those of the dictionaries first, then what the walk adds, likeliest first.
pub fn likelihoods(headwords: &[Headword]) -> Vec<Vec<Link>> {
    let mut stems: Vec<&str> = headwords.iter().flat_map(|h| h.links.iter().map(|l| l.0.as_str())).collect();
    stems.sort_unstable();
    stems.dedup();
    let ids: BTreeMap<&str, usize> = stems.iter().enumerate().map(|(k, s)| (*s, k)).collect();
    let mut to_headwords = vec![Vec::new(); stems.len()];
    let mut to_stems = Vec::new();
    for (k, headword) in headwords.iter().enumerate() {
        // Common headwords are walked through more often, but not as often as they are common.
        let common = headword.frequency.sqrt().sqrt() as f32;
        let links: Vec<(usize, f32)> = headword.links.iter().map(|l| (ids[l.0.as_str()], l.1)).collect();
        for &(stem, strength) in &links {
            to_headwords[stem].push((k, strength * common));
        }
        to_stems.push(links);
    }
    let (to_stems, to_headwords) = (Steps::new(to_stems), Steps::new(to_headwords));
    let most = headwords.len().max(stems.len());
    headwords
        .par_iter()
        .enumerate()
        .map_init(
            || Place { sums: vec![0.0; most], touched: Vec::new() },
            |place, (k, headword)| {
                let related = to_headwords.follow(&to_stems.0[k], place);
                let mut ends: BTreeMap<&str, f32> = to_stems
                    .follow(&related, place)
                    .into_iter()
                    .map(|(s, share)| (stems[s], share))
                    .collect();
                let mut links: Vec<Link> = Vec::new();
                for (stem, strength) in &headword.links {
                    let share = ends.remove(stem.as_str()).unwrap_or(0.0);
                    // Half by the walk, half by the glosses.
                    let likelihood = ((share / SURE).min(1.0) * strength).sqrt();
                    links.push(Link { stem: stem.clone(), strength: *strength, likelihood });
                }
                let mut new: Vec<Link> = ends
                    .into_iter()
                    .map(|(stem, share)| Link {
                        stem: stem.to_string(),
                        strength: 0.0,
                        likelihood: (share / SURE).min(1.0),
                    })
                    .filter(|l| headword.frequency >= COMMON && l.likelihood >= LEAST_NEW)
                    .collect();
                new.sort_by(|a, b| b.likelihood.total_cmp(&a.likelihood).then(a.stem.cmp(&b.stem)));
                links.extend(new);
                links.truncate(MOST);
                links
            },
        )
        .collect()
}
