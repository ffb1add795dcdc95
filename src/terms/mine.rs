//! Candidate terms of aligned text and how they go together.
//!
//! A candidate is a run of words with content at both ends. Its termhood is the C-value (Frantzi, Ananiadou and
//! Mima 2000); two candidates go together by Dice's coefficient and the log-likelihood ratio (Dunning 1993) of the
//! units in which they stand.

use super::matcher::en_words;
use crate::lexicon::{Lexicon, is_function_word, is_han, stem};
use crate::model::Lang;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::ops::Range;

/// A run of words that may be a term.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// Its commonest spelling.
    pub text: String,
    /// Its stems or folded words.
    pub words: Vec<String>,
    /// Occurrences.
    pub count: usize,
    /// The units that hold it, in order.
    pub units: Vec<u32>,
    pub c_value: f64,
    /// Whether English writes it with capitals throughout.
    pub name: bool,
}

/// Longest candidates, in words: nearly all terms of UNTERM-like lists have at most five.
const LONGEST: usize = 5;
/// The most candidates of a side, the best by C-value; bounds time and memory.
const MOST: usize = 60_000;
/// Chinese words that no term starts or ends with.
const ZH_FUNCTION: &str = "的了在和与及或是为以于对从到由向把被将也都就而且并但若如因所其该此这那之等着过各每不没未无可能会应须要已曾正又再还更最很有上下中内外前后间时年月日号第个一二三四五六七八九十百千万亿两来去说他她它我你们自至让使";

#[derive(Default)]
struct Seen {
    spellings: BTreeMap<String, usize>,
    count: usize,
    units: Vec<u32>,
    capitals: usize,
}

/// The candidates of one side that come at least `least` times.
pub(super) fn candidates(lexicon: &Lexicon, lang: Lang, texts: &[&str], least: usize) -> Vec<Candidate> {
    let mut seen: FxHashMap<Vec<String>, Seen> = FxHashMap::default();
    for (unit, text) in (0u32..).zip(texts) {
        let words = match lang {
            Lang::Zh => zh_words(lexicon, text),
            Lang::En => en_words(text).into_iter().map(|(w, span)| (stem(&w), span)).collect(),
        };
        for from in 0..words.len() {
            for to in from + 1..=(from + LONGEST).min(words.len()) {
                if to > from + 1 && !together(lang, &text[words[to - 2].1.end..words[to - 1].1.start]) {
                    break;
                }
                let run = &words[from..to];
                if !(content(lang, &run[0].0) && content(lang, &run[run.len() - 1].0)) {
                    continue;
                }
                let spelled = &text[run[0].1.start..run[run.len() - 1].1.end];
                if lang == Lang::Zh && !(2..=14).contains(&spelled.chars().count()) {
                    continue;
                }
                let slot = seen.entry(run.iter().map(|w| w.0.clone()).collect()).or_default();
                *slot.spellings.entry(spelled.to_string()).or_default() += 1;
                slot.count += 1;
                let capital = |r: &Range<usize>| text[r.clone()].starts_with(char::is_uppercase);
                slot.capitals +=
                    usize::from(from > 0 && run.iter().all(|w| capital(&w.1) || is_function_word(&w.0)));
                if slot.units.last() != Some(&unit) {
                    slot.units.push(unit);
                }
            }
        }
    }
    seen.retain(|_, s| s.count >= least);
    weigh(seen)
}

/// C-value: ln2(words + 1) · (f − the mean f of the longer candidates around it).
fn weigh(seen: FxHashMap<Vec<String>, Seen>) -> Vec<Candidate> {
    let mut around: FxHashMap<&[String], (usize, usize, usize)> = FxHashMap::default();
    for (words, s) in &seen {
        for from in 0..words.len() {
            for to in from + 1..=words.len() {
                if to - from < words.len() {
                    let slot = around.entry(&words[from..to]).or_default();
                    *slot = (slot.0 + s.count, slot.1 + 1, slot.2.max(s.count));
                }
            }
        }
    }
    let mut out: Vec<Candidate> = Vec::new();
    for (words, s) in &seen {
        let (total, longer, most) = around.get(words.as_slice()).copied().unwrap_or_default();
        // A part that never stands without its whole is no term of its own.
        if most >= s.count {
            continue;
        }
        let outside = if longer == 0 { 0.0 } else { total as f64 / longer as f64 };
        let c_value = ((words.len() + 1) as f64).log2() * (s.count as f64 - outside);
        let text = s.spellings.iter().max_by_key(|(t, n)| (**n, std::cmp::Reverse(*t))).map(|x| x.0.clone());
        out.push(Candidate {
            text: text.unwrap_or_default(),
            words: words.clone(),
            count: s.count,
            units: s.units.clone(),
            c_value,
            name: s.capitals * 2 > s.count,
        });
    }
    out.sort_by(|a, b| b.c_value.total_cmp(&a.c_value).then_with(|| a.words.cmp(&b.words)));
    out.truncate(MOST);
    out
}

/// Whether two words with this between them may be of one term.
fn together(lang: Lang, between: &str) -> bool {
    match lang {
        Lang::Zh => between.is_empty() || matches!(between, "·" | "-" | "－" | "—"),
        Lang::En => matches!(between.trim(), "" | "-" | "the" | "’s" | "'s" | "a") || between == " the ",
    }
}

fn content(lang: Lang, word: &str) -> bool {
    let letters = word.chars().any(|c| c.is_alphabetic() || is_han(c));
    letters
        && match lang {
            Lang::Zh => !word.chars().all(|c| ZH_FUNCTION.contains(c)),
            Lang::En => {
                word.len() > 1 && !is_function_word(word) && !word.starts_with(|c: char| c.is_ascii_digit())
            }
        }
}

/// Lexicon words; single characters side by side, as names leave them, are one word.
pub(super) fn zh_words(lexicon: &Lexicon, text: &str) -> Vec<(String, Range<usize>)> {
    let folded = lexicon.fold(text);
    let ends = folded.char_indices().map(|x| x.0).chain([folded.len()]);
    let places: FxHashMap<usize, usize> =
        ends.zip(text.char_indices().map(|x| x.0).chain([text.len()])).collect();
    let at = |k: usize| places.get(&k).copied().unwrap_or(text.len());
    let mut out: Vec<(String, Range<usize>)> = Vec::new();
    let single = |w: &str| w.chars().all(is_han) && w.chars().count() == 1 && !ZH_FUNCTION.contains(w);
    let mut open = false;
    for word in lexicon.words(&folded) {
        let surface = &folded[word.bytes.clone()];
        let span = at(word.bytes.start)..at(word.bytes.end);
        let alone = single(surface);
        let han = surface.chars().all(is_han);
        match out.last_mut() {
            // A mark between Han joins the parts of a foreign name: 纳戈尔诺-卡拉巴赫.
            Some((last, range))
                if han
                    && last.chars().all(is_han)
                    && matches!(&text[range.end..span.start], "·" | "-" | "－") =>
            {
                last.push_str(surface);
                range.end = span.end;
                open = true;
            }
            Some((last, range)) if open && alone && range.end == span.start => {
                last.push_str(surface);
                range.end = span.end;
            }
            _ => {
                out.push((surface.to_string(), span));
                open = alone;
            }
        }
    }
    out
}

/// How two candidates go together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    pub other: usize,
    pub together: usize,
    pub dice: f64,
    pub likelihood: f64,
}

/// The links of each candidate of one side to those of the other, the best by Dice first.
pub(super) fn links(from: &[Candidate], to: &[Candidate], units: usize) -> Vec<Vec<Link>> {
    use rayon::prelude::*;
    let mut holds: Vec<Vec<u32>> = vec![Vec::new(); units];
    for (k, candidate) in (0u32..).zip(to) {
        for &unit in &candidate.units {
            holds[unit as usize].push(k);
        }
    }
    from.par_iter()
        .map(|candidate| {
            let mut counts: FxHashMap<u32, usize> = FxHashMap::default();
            for &unit in &candidate.units {
                for &k in &holds[unit as usize] {
                    *counts.entry(k).or_default() += 1;
                }
            }
            let a = candidate.units.len();
            let mut out: Vec<Link> = counts
                .into_iter()
                .filter(|&(_, together)| together >= 2)
                .map(|(k, together)| {
                    let b = to[k as usize].units.len();
                    let dice = 2.0 * together as f64 / (a + b) as f64;
                    Link { other: k as usize, together, dice, likelihood: likelihood(together, a, b, units) }
                })
                .collect();
            let length = |l: &Link| to[l.other].words.len();
            out.sort_by(|x, y| {
                y.dice.total_cmp(&x.dice).then(length(y).cmp(&length(x))).then(x.other.cmp(&y.other))
            });
            out.truncate(40);
            out
        })
        .collect()
}

/// −2 ln λ of the two-by-two table (Dunning 1993, "Accurate methods for the statistics of surprise and coincidence").
fn likelihood(together: usize, a: usize, b: usize, n: usize) -> f64 {
    let part = |seen: usize, row: usize, column: usize| {
        let expected = row as f64 * column as f64 / n as f64;
        if seen == 0 { 0.0 } else { seen as f64 * (seen as f64 / expected).ln() }
    };
    let rest = (n + together).saturating_sub(a + b);
    2.0 * (part(together, a, b)
        + part(a - together, a, n - b)
        + part(b - together, n - a, b)
        + part(rest, n - a, n - b))
}

/// Whether the lexicon knows one as a rendering of the other; the Chinese words come first.
pub(super) fn known(lexicon: &Lexicon, zh: &[String], en: &[String]) -> bool {
    let ids: Vec<_> = en.iter().filter_map(|s| lexicon.stem_id(s)).collect();
    let whole = zh.concat();
    zh.iter().chain(Some(&whole)).any(|w| {
        let renderings = lexicon.renderings(w);
        ids.iter().any(|id| renderings.get(id).is_some_and(|s| *s >= 0.1))
    })
}
