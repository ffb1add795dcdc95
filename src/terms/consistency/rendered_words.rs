//! Words that are rendered by several words that the lexicon knows for them: 国家 by State and by country.

use super::{Inconsistency, InconsistencyKind, Rendering, SIDES};
use crate::lexicon::Lexicon;
use crate::model::Lang;
use crate::terms::mine::Candidate;
use crate::terms::pairing::{Seen, pairs};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Renderings that come in fewer units, or in a smaller share of them, are slips of the pairing as often as not.
/// Chosen, not measured.
const LEAST: usize = 2;
const LEAST_SHARE: f64 = 0.1;
/// A rendering that comes once must be linked as strongly as this, any other as this. Chosen by reading.
const SURE: f64 = 0.2;
const WEAK: f64 = 0.15;
/// English stems that start with so many same letters are forms of one word: settle, settlement. Chosen.
const SAME: usize = 5;
/// Commoner words are left out: about 0.15 % of running text.
const COMMON: f64 = 0.1;
/// A longer term stands for its word if it covers this share of the units.
const WHOLE: f64 = 0.8;
/// A word is only part of a longer term in a rendering if the longer one covers this share of its units. Chosen.
const PART: f64 = 0.6;
/// English words have more senses, so what stands for several Chinese words is less often wrong. Chosen.
const FROM_ENGLISH: f64 = 0.6;

/// Units read at a time by one thread, and stretches of so many at a time.
const CHUNK: usize = 1024;
const STRETCH: usize = 64 * CHUNK;

/// Where a word is rendered by another.
#[derive(Debug, Clone, Copy)]
struct Use {
    unit: u32,
    /// Where the other word stands in its text of the unit.
    start: u32,
    end: u32,
    /// How strongly they are linked, 0 to 1.
    strength: f32,
}

impl Use {
    fn text<'t>(&self, texts: &[&'t str]) -> &'t str {
        &texts[self.unit as usize][self.start as usize..self.end as usize]
    }
}

/// Of each word the families of its renderings and their uses.
type Ways = BTreeMap<String, BTreeMap<String, Vec<Use>>>;

/// The inconsistencies of both sides; units are indices of the texts.
pub(super) fn find(
    lexicon: &Lexicon,
    texts: &[Vec<&str>; 2],
    langs: [Lang; 2],
    mined: &[Vec<Candidate>; 2],
) -> Vec<Inconsistency> {
    let zh = usize::from(langs[0] == Lang::En);
    let both = [&texts[zh], &texts[1 - zh]];
    let ways = ways(lexicon, both);
    let mut of_family: FxHashMap<&str, Vec<&Vec<Use>>> = FxHashMap::default();
    for (family, uses) in ways[0].values().flatten() {
        of_family.entry(family).or_default().push(uses);
    }
    let holding = [0, 1].map(|side| {
        let mut map: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (k, candidate) in mined[side].iter().enumerate() {
            for word in &candidate.words {
                map.entry(word.clone()).or_default().push(k);
                if langs[side] == Lang::En && family(word) != *word {
                    map.entry(family(word)).or_default().push(k);
                }
            }
        }
        map
    });
    let mut out = Vec::new();
    for (k, lang) in [Lang::Zh, Lang::En].into_iter().enumerate() {
        let side = usize::from(langs[0] != lang);
        let whole = |side: usize, word: &str, units: &BTreeSet<usize>| -> Option<String> {
            let longer = holding[side].get(word)?.iter().map(|c| &mined[side][*c]);
            let covers = |c: &&Candidate| {
                let inside = c.units.iter().filter(|u| units.contains(&(**u as usize))).count();
                c.words.len() > 1 && inside as f64 >= WHOLE * units.len() as f64 && inside > LEAST
            };
            longer.filter(covers).max_by_key(|c| (c.words.len(), c.count)).map(|c| c.text.clone())
        };
        for (word, renderings) in &ways[k] {
            let special = special(lexicon, lang, word);
            if special < COMMON || renderings.len() < 2 {
                continue;
            }
            let mut merged: Vec<(String, Vec<Use>)> = Vec::new();
            let mut list: Vec<(&String, &Vec<Use>)> = renderings.iter().collect();
            list.sort_by_key(|r| (std::cmp::Reverse(r.1.len()), r.0));
            for (rendering, uses) in list {
                match merged.iter_mut().find(|m| alike(&m.0, rendering)) {
                    Some(same) => same.1.extend(uses),
                    None => merged.push((rendering.clone(), uses.clone())),
                }
            }
            // Where two renderings stand in one unit, they are parts of one: exchange and rate of 汇率.
            let names: Vec<String> = merged.iter().map(|m| m.0.clone()).collect();
            for (k, (_, uses)) in merged.iter_mut().enumerate() {
                let others = names.iter().enumerate().filter(|n| n.0 != k).map(|n| n.1);
                let others: Vec<&String> = others.collect();
                uses.retain(|u| {
                    let text = texts[1 - side][u.unit as usize].to_lowercase();
                    let text = if lang == Lang::En { lexicon.fold(&text).into_owned() } else { text };
                    !others.iter().any(|o| text.contains(o.as_str()))
                });
            }
            merged.retain(|m| !m.1.is_empty());
            let total: usize = merged.iter().map(|m| m.1.len()).sum();
            merged.sort_by_key(|m| (std::cmp::Reverse(m.1.len()), m.0.clone()));
            merged.retain(|m| {
                let enough = m.1.len() >= LEAST || mean(&m.1) >= SURE;
                enough && mean(&m.1) >= WEAK && m.1.len() as f64 >= LEAST_SHARE * total as f64
            });
            if merged.len() < 2 {
                continue;
            }
            // Council in Security Council and in Council of Europe is not one term.
            let names: Vec<BTreeSet<usize>> = merged
                .iter()
                .map(|m| {
                    let units: BTreeSet<usize> = m.1.iter().map(|u| u.unit as usize).collect();
                    let around = holding[side].get(word).into_iter().flatten().copied();
                    around
                        .filter(|c| {
                            let c = &mined[side][*c];
                            let inside = c.units.iter().filter(|u| units.contains(&(**u as usize))).count();
                            c.words.len() > 1 && inside as f64 >= PART * units.len() as f64
                        })
                        .collect()
                })
                .collect();
            let shared = names[1..].iter().fold(names[0].clone(), |a, b| &a & b);
            if shared.is_empty() && names.iter().all(|n| !n.is_empty()) {
                continue;
            }
            let strength = merged.iter().map(|m| mean(&m.1)).fold(f64::INFINITY, f64::min);
            let fewer = merged[1].1.len() as f64;
            let all: BTreeSet<usize> = merged.iter().flat_map(|m| &m.1).map(|u| u.unit as usize).collect();
            let text = whole(side, word, &all);
            let term = if text.is_some() { 1.5 } else { 1.0 };
            let found = merged.iter().map(|(rendering, uses)| {
                let units: BTreeSet<usize> = uses.iter().map(|u| u.unit as usize).collect();
                let name = whole(1 - side, rendering, &units).filter(|t| t.contains(char::is_uppercase));
                let text = name.unwrap_or_else(|| commonest(uses, both[1 - k]));
                Rendering { text, units: units.into_iter().collect() }
            });
            let direction = if lang == Lang::En { FROM_ENGLISH } else { 1.0 };
            out.push(Inconsistency {
                kind: InconsistencyKind::Term,
                side: SIDES[side],
                renderings: found.collect(),
                text: text.unwrap_or_else(|| own_form(lang, word, &of_family, both[1])),
                score: term * direction * special * strength.sqrt() * (1.0 + fewer).ln(),
            });
        }
    }
    out
}

/// The words that the lexicon pairs, by Chinese and by English word.
fn ways(lexicon: &Lexicon, [zh, en]: [&Vec<&str>; 2]) -> [Ways; 2] {
    let mut out: [Ways; 2] = Default::default();
    for stretch in (0..zh.len()).step_by(STRETCH) {
        let starts: Vec<usize> = (stretch..zh.len().min(stretch + STRETCH)).step_by(CHUNK).collect();
        let chunks: Vec<Vec<(String, String, [Use; 2])>> = starts
            .into_par_iter()
            .map(|start| {
                let mut seen = Seen::default();
                let mut out = Vec::new();
                for unit in start..(start + CHUNK).min(zh.len()) {
                    for p in pairs(lexicon, &mut seen, zh[unit], en[unit]) {
                        let by = |bytes: &Range<usize>| Use {
                            unit: unit as u32,
                            start: bytes.start as u32,
                            end: bytes.end as u32,
                            strength: p.strength,
                        };
                        out.push((p.zh, p.en, [by(&p.bytes[1]), by(&p.bytes[0])]));
                    }
                }
                out
            })
            .collect();
        for (zh_word, en_word, [by_en, by_zh]) in chunks.into_iter().flatten() {
            way(&mut out[0], &zh_word, &family(&en_word)).push(by_en);
            way(&mut out[1], &en_word, &zh_word).push(by_zh);
        }
    }
    out
}

/// The uses of a rendering of a word.
fn way<'w>(ways: &'w mut Ways, word: &str, rendering: &str) -> &'w mut Vec<Use> {
    ways.entry(word.to_string()).or_default().entry(rendering.to_string()).or_default()
}

/// How special a word is: 0 for those that make up 0.3 % of running text, 1 for one in a million.
fn special(lexicon: &Lexicon, lang: Lang, word: &str) -> f64 {
    let share = match lang {
        Lang::Zh => lexicon.entry(word).map_or(1e-6, |e| lexicon.entry_probability(e)),
        Lang::En => lexicon.stem_id(word).map_or(1e-6, |s| lexicon.stem_probability(s)),
    };
    ((-f64::from(share).max(1e-6).log10() - 2.5) / 3.5).clamp(0.0, 1.0)
}

fn mean(uses: &[Use]) -> f64 {
    uses.iter().map(|u| f64::from(u.strength)).sum::<f64>() / uses.len() as f64
}

/// The first letters of a stem, enough to hold the forms of a word together.
fn family(stem: &str) -> String {
    stem.chars().take(SAME).collect()
}

/// Whether two renderings are one: 国 and 国家 are.
fn alike(a: &str, b: &str) -> bool {
    a.contains(b) || b.contains(a)
}

/// The word as its text writes it.
fn own_form(lang: Lang, word: &str, of_family: &FxHashMap<&str, Vec<&Vec<Use>>>, en: &[&str]) -> String {
    if lang == Lang::Zh {
        return word.to_string();
    }
    let uses = of_family.get(family(word).as_str()).into_iter().flatten().copied();
    commonest(uses.flatten(), en)
}

/// The commonest of the words that uses show in their texts.
fn commonest<'u>(uses: impl IntoIterator<Item = &'u Use>, texts: &[&str]) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for used in uses {
        *counts.entry(used.text(texts).to_lowercase()).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(t, n)| (*n, std::cmp::Reverse(t.clone()))).map_or(String::new(), |x| x.0)
}
