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

/// What was seen of a run: the numbers of its words, and how it is written.
struct Seen {
    words: Vec<u32>,
    spellings: BTreeMap<String, usize>,
    count: usize,
    capitals: usize,
}

/// No run.
const NONE: u32 = u32::MAX;

/// The words of one side by number.
struct Numbered<'t> {
    lang: Lang,
    texts: &'t [&'t str],
    /// The words, and whether a term may start and end with each.
    words: Vec<(String, bool)>,
    /// Of each token its word and its bytes.
    ids: Vec<u32>,
    spans: Vec<(u32, u32)>,
    /// The first token of each unit, and the number of tokens.
    starts: Vec<usize>,
}

impl<'t> Numbered<'t> {
    fn new(lexicon: &Lexicon, lang: Lang, texts: &'t [&'t str]) -> Numbered<'t> {
        let (words, ids, spans) = Default::default();
        let mut out = Numbered { lang, texts, words, ids, spans, starts: vec![0] };
        let mut numbers: FxHashMap<String, u32> = FxHashMap::default();
        for text in texts {
            let words = match lang {
                Lang::Zh => zh_words(lexicon, text),
                Lang::En => en_words(text).into_iter().map(|(w, span)| (stem(&w), span)).collect(),
            };
            for (word, span) in words {
                let id = match numbers.get(&word) {
                    Some(&id) => id,
                    None => {
                        let next = numbers.len() as u32;
                        out.words.push((word.clone(), content(lang, &word)));
                        numbers.insert(word, next);
                        next
                    }
                };
                out.ids.push(id);
                out.spans.push((span.start as u32, span.end as u32));
            }
            out.starts.push(out.ids.len());
        }
        out
    }

    /// Each unit with its tokens.
    fn units(&self) -> impl Iterator<Item = (u32, Range<usize>)> + '_ {
        (0u32..).zip(self.starts.windows(2).map(|w| w[0]..w[1]))
    }

    fn text(&self, unit: u32, first: usize, last: usize) -> &'t str {
        &self.texts[unit as usize][self.spans[first].0 as usize..self.spans[last].1 as usize]
    }

    /// Whether a token and the one before it may be of one term.
    fn joined(&self, unit: u32, token: usize) -> bool {
        let gap = self.spans[token - 1].1 as usize..self.spans[token].0 as usize;
        together(self.lang, &self.texts[unit as usize][gap])
    }

    /// Of each token the number of the run of `length` words that starts there, if that comes at least `least` times.
    /// `shorter` are the runs that are one word shorter: both parts of a common run are common (Agrawal and Srikant 1994).
    fn runs(&self, length: usize, shorter: &[u32], least: usize) -> Vec<u32> {
        let mut numbers: FxHashMap<(u32, u32), u32> = FxHashMap::default();
        let mut counts: Vec<usize> = Vec::new();
        let mut out = vec![NONE; shorter.len()];
        for (unit, tokens) in self.units() {
            for from in tokens.start..(tokens.end + 1).saturating_sub(length).max(tokens.start) {
                let last = from + length - 1;
                let parts = shorter[from] != NONE && (length == 1 || shorter[from + 1] != NONE);
                if !parts || length > 1 && !self.joined(unit, last) {
                    continue;
                }
                let next = counts.len() as u32;
                let run = *numbers.entry((shorter[from], self.ids[last])).or_insert(next);
                if run == next {
                    counts.push(0);
                }
                counts[run as usize] += 1;
                out[from] = run;
            }
        }
        out.iter_mut()
            .filter(|run| **run != NONE && counts[**run as usize] < least)
            .for_each(|run| *run = NONE);
        out
    }

    /// How a run of tokens is written, if it may be a term.
    fn spelled(&self, unit: u32, run: Range<usize>) -> Option<&'t str> {
        let content = |token: usize| self.words[self.ids[token] as usize].1;
        if !(content(run.start) && content(run.end - 1)) {
            return None;
        }
        let spelled = self.text(unit, run.start, run.end - 1);
        (self.lang == Lang::En || (2..=14).contains(&spelled.chars().count())).then_some(spelled)
    }

    /// What is seen of the runs of `length` words that may be terms.
    fn seen(&self, length: usize, runs: &[u32]) -> Vec<Seen> {
        let mut places: FxHashMap<u32, usize> = FxHashMap::default();
        let mut out: Vec<Seen> = Vec::new();
        for (unit, tokens) in self.units() {
            for from in tokens.clone().filter(|&from| runs[from] != NONE) {
                let run = from..from + length;
                let Some(spelled) = self.spelled(unit, run.clone()) else { continue };
                let place = *places.entry(runs[from]).or_insert(out.len());
                if place == out.len() {
                    let words = self.ids[run.clone()].to_vec();
                    out.push(Seen { words, spellings: BTreeMap::new(), count: 0, capitals: 0 });
                }
                let seen = &mut out[place];
                *seen.spellings.entry(spelled.to_string()).or_default() += 1;
                seen.count += 1;
                let capital = |token: usize| {
                    self.text(unit, token, token).starts_with(char::is_uppercase)
                        || is_function_word(&self.words[self.ids[token] as usize].0)
                };
                seen.capitals += usize::from(from > tokens.start && run.clone().all(capital));
            }
        }
        out
    }

    /// Adds the units that hold each candidate.
    fn add_units(&self, candidates: &mut [(Vec<u32>, Candidate)]) {
        let mut units: Vec<Vec<u32>> = vec![Vec::new(); candidates.len()];
        let places: FxHashMap<&[u32], usize> = candidates.iter().map(|x| x.0.as_slice()).zip(0..).collect();
        for (unit, tokens) in self.units() {
            for from in tokens.clone() {
                for last in from..tokens.end.min(from + LONGEST) {
                    if last > from && !self.joined(unit, last) {
                        break;
                    }
                    let Some(&k) = places.get(&self.ids[from..=last]) else { continue };
                    if self.spelled(unit, from..last + 1).is_some() && units[k].last() != Some(&unit) {
                        units[k].push(unit);
                    }
                }
            }
        }
        drop(places);
        for ((_, candidate), units) in candidates.iter_mut().zip(units) {
            candidate.units = units;
        }
    }

    /// C-value: ln2(words + 1) · (f − the mean f of the longer candidates around it). The best, without their units.
    fn weigh(&self, seen: Vec<Seen>) -> Vec<(Vec<u32>, Candidate)> {
        let mut around: FxHashMap<&[u32], (usize, usize, usize)> = FxHashMap::default();
        for s in &seen {
            for from in 0..s.words.len() {
                for to in from + 1..=s.words.len() {
                    if to - from < s.words.len() {
                        let slot = around.entry(&s.words[from..to]).or_default();
                        *slot = (slot.0 + s.count, slot.1 + 1, slot.2.max(s.count));
                    }
                }
            }
        }
        let longer = |s: &Seen| around.get(s.words.as_slice()).copied().unwrap_or_default();
        let longer: Vec<(usize, usize, usize)> = seen.iter().map(longer).collect();
        drop(around);
        let mut out: Vec<(Vec<u32>, Candidate)> = Vec::new();
        for (s, (total, longer, most)) in seen.into_iter().zip(longer) {
            // A part that never stands without its whole is no term of its own.
            if most >= s.count {
                continue;
            }
            let outside = if longer == 0 { 0.0 } else { total as f64 / longer as f64 };
            let c_value = ((s.words.len() + 1) as f64).log2() * (s.count as f64 - outside);
            let text = s.spellings.into_iter().max_by_key(|(t, n)| (*n, std::cmp::Reverse(t.clone())));
            let candidate = Candidate {
                text: text.map_or_else(String::new, |x| x.0),
                words: s.words.iter().map(|&id| self.words[id as usize].0.clone()).collect(),
                count: s.count,
                units: Vec::new(),
                c_value,
                name: s.capitals * 2 > s.count,
            };
            out.push((s.words, candidate));
        }
        out.sort_by(|(_, a), (_, b)| b.c_value.total_cmp(&a.c_value).then_with(|| a.words.cmp(&b.words)));
        out.truncate(MOST);
        out
    }
}

/// The candidates of one side that come at least `least` times.
pub(super) fn candidates(lexicon: &Lexicon, lang: Lang, texts: &[&str], least: usize) -> Vec<Candidate> {
    let numbered = Numbered::new(lexicon, lang, texts);
    let mut runs = vec![0; numbered.ids.len()];
    let mut seen: Vec<Seen> = Vec::new();
    for length in 1..=LONGEST {
        runs = numbered.runs(length, &runs, least);
        seen.extend(numbered.seen(length, &runs).into_iter().filter(|s| s.count >= least));
    }
    drop(runs);
    let mut out = numbered.weigh(seen);
    numbered.add_units(&mut out);
    out.into_iter().map(|x| x.1).collect()
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
