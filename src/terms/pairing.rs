//! Which word of a unit renders which: pairs that the lexicon knows, each word at most once, the strongest first
//! (competitive linking, Melamed 2000).

use crate::lexicon::{Lexicon, StemId, is_function_word, is_han, stem};
use rustc_hash::FxHashMap;
use std::ops::Range;

use super::matcher::en_words;
use super::mine::zh_words;

/// A pair of words in a unit.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    /// The Chinese word, folded.
    pub zh: String,
    /// The English stem.
    pub en: String,
    /// Where they stand in their texts.
    pub bytes: [Range<usize>; 2],
    /// How strongly the lexicon links them, 0 to 1.
    pub strength: f32,
}

/// Links weaker than this say little. Chosen: a gloss shared out among ten words.
const LEAST: f32 = 0.1;

/// What the lexicon says of words seen before.
#[derive(Debug, Default)]
pub(super) struct Seen {
    zh: FxHashMap<String, Vec<(StemId, f32)>>,
    en: FxHashMap<String, (String, Option<StemId>)>,
}

/// The pairs of a unit, in order of the Chinese.
pub(super) fn pairs(lexicon: &Lexicon, seen: &mut Seen, zh: &str, en: &str) -> Vec<Pair> {
    let zh_list = zh_words(lexicon, zh);
    let en_list: Vec<(String, Option<StemId>, Range<usize>)> = en_words(en)
        .into_iter()
        .map(|(word, bytes)| {
            let (stem, id) = seen
                .en
                .entry(word)
                .or_insert_with_key(|w| {
                    let s = stem(w);
                    let id = if is_function_word(&s) { None } else { lexicon.stem_id(&s) };
                    (s, id)
                })
                .clone();
            (stem, id, bytes)
        })
        .collect();
    let mut by_stem: FxHashMap<StemId, Vec<usize>> = FxHashMap::default();
    for (k, (_, id, _)) in en_list.iter().enumerate() {
        if let Some(id) = id {
            by_stem.entry(*id).or_default().push(k);
        }
    }
    let mut links: Vec<(f32, usize, usize)> = Vec::new();
    for (i, (word, _)) in zh_list.iter().enumerate() {
        if !word.chars().all(is_han) {
            continue;
        }
        let known = seen
            .zh
            .entry(word.clone())
            .or_insert_with_key(|w| lexicon.renderings(w).into_iter().filter(|x| x.1 >= LEAST).collect());
        for (id, strength) in known {
            for &j in by_stem.get(id).into_iter().flatten() {
                links.push((*strength, i, j));
            }
        }
    }
    // Of equal strength, those at like places first.
    let place = |i: usize, j: usize| (i * en_list.len()).abs_diff(j * zh_list.len());
    links.sort_by(|a, b| {
        b.0.total_cmp(&a.0).then(place(a.1, a.2).cmp(&place(b.1, b.2))).then((a.1, a.2).cmp(&(b.1, b.2)))
    });
    let (mut used_zh, mut used_en) = (vec![false; zh_list.len()], vec![false; en_list.len()]);
    let mut out: Vec<(usize, Pair)> = Vec::new();
    for (strength, i, j) in links {
        if used_zh[i] || used_en[j] {
            continue;
        }
        (used_zh[i], used_en[j]) = (true, true);
        let (zh, bytes) = zh_list[i].clone();
        out.push((i, Pair { zh, en: en_list[j].0.clone(), bytes: [bytes, en_list[j].2.clone()], strength }));
    }
    out.sort_by_key(|x| x.0);
    out.into_iter().map(|x| x.1).collect()
}
