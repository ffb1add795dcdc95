//! Finds terms in text: tokens and a trie over them. Chinese tokens are folded characters, English ones stems.

use crate::lexicon::{Lexicon, english_words, is_function_word, is_han, stem};
use crate::model::Lang;
use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::Range;

/// The tokens of a text and where they stand in it.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    pub ids: Vec<u32>,
    pub spans: Vec<Range<usize>>,
}

/// A term found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hit {
    /// Bytes of the text.
    pub bytes: Range<usize>,
    /// Tokens of the text.
    pub tokens: Range<usize>,
    /// Index of the term, as it was added.
    pub term: usize,
    /// Whether it is a name of one word that stands there as a general word, in lower case.
    pub common: bool,
}

/// A set of terms of one language, ready to be found.
#[derive(Debug)]
pub(super) struct Matcher {
    lang: Lang,
    stems: FxHashMap<String, u32>,
    /// The node after a first token, by its number; 0 where no term starts so.
    roots: Vec<u32>,
    edges: FxHashMap<(u32, u32), u32>,
    ends: Vec<Vec<usize>>,
    /// The number of tokens of the longest term.
    longest_term: usize,
    /// For terms whose case matters: the surface words.
    exact: FxHashMap<usize, String>,
    /// For terms of several words: the first that is a short abbreviation and a word too (IT support).
    capitals: FxHashMap<usize, (usize, String)>,
    /// English terms as they were added, for their forms.
    forms: FxHashMap<usize, Vec<String>>,
    /// English terms that start with a capital.
    names: FxHashSet<usize>,
}

/// A stem of no term.
const UNKNOWN: u32 = u32::MAX;
/// Prefixes that are written with a hyphen or without (New Hart's Rules, 3.3.2).
pub(super) const PREFIXES: [&str; 18] = [
    "anti", "co", "counter", "inter", "macro", "micro", "mid", "multi", "non", "over", "post", "pre", "re",
    "semi", "sub", "super", "trans", "under",
];
/// Abbreviations up to this many letters that are also words match in capitals only: IT is not it, US not us.
const SHORT_CAPITALS: usize = 5;

/// Terms of so many characters are terms in a longer word too, if as many follow there or none. Chosen: what two characters mean
/// changes in compounds.
const LEAST_NESTED: usize = 3;

/// Endings that make another word of a stem, verb forms among them.
const DERIVED: [&str; 13] =
    ["ed", "ing", "er", "or", "ment", "ion", "al", "ly", "ive", "ity", "ance", "able", "ory"];

/// Remembers the stems of words that come again.
#[derive(Debug, Default)]
pub(super) struct Cache(FxHashMap<String, u32>);

impl Matcher {
    pub fn new(lang: Lang) -> Matcher {
        let (stems, roots, edges, exact, capitals, forms, names) = Default::default();
        let ends = vec![Vec::new()];
        Matcher { lang, stems, roots, edges, ends, longest_term: 0, exact, capitals, forms, names }
    }

    /// Adds a term under a number. Terms without any letter or digit are never found.
    pub fn add(&mut self, lexicon: &Lexicon, text: &str, term: usize, case_sensitive: bool) {
        let mut node = 0;
        let ids: Vec<u32> = match self.lang {
            Lang::Zh => zh(lexicon, text).ids,
            Lang::En => {
                let letters = text.chars().filter(|c| c.is_alphabetic());
                let capitals = text.len() <= SHORT_CAPITALS && letters.clone().count() > 1;
                let word = capitals && lexicon.stem_id(&stem(text)).is_some();
                if case_sensitive || word && letters.clone().all(char::is_uppercase) {
                    self.exact.insert(term, surface(text));
                }
                let words = en_words(text);
                // In “the Group”, the article is no word.
                if words.first().is_some_and(|w| text[w.1.clone()].starts_with(char::is_uppercase)) {
                    self.names.insert(term);
                }
                let abbreviation = |w: &&(usize, &str)| {
                    (2..=SHORT_CAPITALS).contains(&w.1.len())
                        && w.1.bytes().all(|b| b.is_ascii_uppercase())
                        && (is_function_word(&w.1.to_lowercase()) || lexicon.stem_id(&stem(w.1)).is_some())
                };
                let surfaces = words.iter().map(|w| &text[w.1.clone()]).enumerate();
                let several = words.len() > 1 && text.chars().any(char::is_lowercase);
                if let Some((k, word)) = surfaces.filter(|_| several).find(|w| abbreviation(&w)) {
                    self.capitals.insert(term, (k, word.to_string()));
                }
                self.forms.insert(term, words.iter().map(|w| w.0.clone()).collect());
                let mut ids = Vec::new();
                for (word, _) in words {
                    let next = self.stems.len() as u32;
                    ids.push(*self.stems.entry(stem(&word)).or_insert(next));
                }
                ids
            }
        };
        if ids.is_empty() {
            return;
        }
        self.longest_term = self.longest_term.max(ids.len());
        for (k, id) in ids.into_iter().enumerate() {
            let next = self.ends.len() as u32;
            if k == 0 {
                let size = self.roots.len().max(id as usize + 1);
                self.roots.resize(size, 0);
                let root = &mut self.roots[id as usize];
                *root = if *root == 0 { next } else { *root };
                node = *root;
            } else {
                node = *self.edges.entry((node, id)).or_insert(next);
            }
            if node == next {
                self.ends.push(Vec::new());
            }
        }
        self.ends[node as usize].push(term);
    }

    pub fn tokens(&self, lexicon: &Lexicon, text: &str, cache: &mut Cache) -> Tokens {
        if self.lang == Lang::Zh {
            return zh(lexicon, text);
        }
        let mut out = Tokens::default();
        for (word, span) in en_words(text) {
            let id = match cache.0.get(&word) {
                Some(&id) => id,
                None => {
                    let id = self.stems.get(&stem(&word)).copied().unwrap_or(UNKNOWN);
                    cache.0.insert(word, id);
                    id
                }
            };
            out.ids.push(id);
            out.spans.push(span);
        }
        out
    }

    /// The number of a stem that some term holds.
    pub fn stem(&self, stem: &str) -> Option<u32> {
        self.stems.get(stem).copied()
    }

    /// The number under which a term's stems are found.
    fn root(&self, id: u32) -> Option<u32> {
        self.roots.get(id as usize).copied().filter(|&node| node > 0)
    }

    /// Tells every term that starts at a token: the last token and the term.
    fn each(&self, tokens: &[u32], mut tell: impl FnMut(usize, usize)) {
        let Some(mut node) = tokens.first().and_then(|&id| self.root(id)) else { return };
        let mut last = 0;
        loop {
            for &term in &self.ends[node as usize] {
                tell(last, term);
            }
            last += 1;
            let Some(next) = tokens.get(last).and_then(|&id| self.edges.get(&(node, id))) else { return };
            node = *next;
        }
    }

    /// Every place of every term that is wanted, nested ones too, in order of start and then of length.
    pub fn some(&self, text: &str, tokens: &Tokens, wanted: impl Fn(usize) -> bool) -> Vec<Hit> {
        let mut out = Vec::new();
        for from in 0..tokens.ids.len() {
            self.each(&tokens.ids[from..], |last, term| {
                let to = from + last;
                let bytes = tokens.spans[from].start..tokens.spans[to].end;
                if wanted(term) && self.fits(text, &bytes, term) {
                    out.push(Hit { bytes, tokens: from..to + 1, term, common: false });
                }
            });
        }
        out
    }

    /// Every place of every term, nested ones too, in order of start and then of length.
    pub fn all(&self, text: &str, tokens: &Tokens) -> Vec<Hit> {
        self.some(text, tokens, |_| true)
    }

    /// The terms that end at a token, in order of start.
    pub fn ending(&self, text: &str, tokens: &Tokens, end: usize) -> Vec<Hit> {
        let mut out = Vec::new();
        for from in (end + 1).saturating_sub(self.longest_term)..=end {
            self.each(&tokens.ids[from..=end], |last, term| {
                let bytes = tokens.spans[from].start..tokens.spans[end].end;
                if from + last == end && self.fits(text, &bytes, term) {
                    out.push(Hit { bytes, tokens: from..end + 1, term, common: false });
                }
            });
        }
        out
    }

    fn fits(&self, text: &str, bytes: &Range<usize>, term: usize) -> bool {
        let inside = &text[bytes.clone()];
        if self.lang == Lang::En {
            // A part of an address is no term.
            let small = |c: Option<char>| c.is_some_and(char::is_lowercase);
            let (before, after) = (&text[..bytes.start], &text[bytes.end..]);
            let dotted = before.strip_suffix(['.', '@']).is_some_and(|t| small(t.chars().next_back()))
                && small(inside.chars().next())
                || after.strip_prefix(['.', '@']).is_some_and(|t| small(t.chars().next()))
                    && small(inside.chars().next_back());
            if dotted {
                return false;
            }
            return self
                .exact
                .get(&term)
                .is_none_or(|s| surface(inside) == *s || surface(inside) == format!("{s}s"));
        }
        // Latin words and numbers inside Chinese are whole.
        let joins = |a: Option<char>, b: Option<char>| match (a, b) {
            (Some(a), Some(b)) => {
                !is_han(a)
                    && !is_han(b)
                    && a.is_alphanumeric()
                    && b.is_alphanumeric()
                    && a.is_numeric() == b.is_numeric()
            }
            _ => false,
        };
        !joins(text[..bytes.start].chars().next_back(), inside.chars().next())
            && !joins(inside.chars().next_back(), text[bytes.end..].chars().next())
    }

    /// Whether a word in capitals lost them: IT support is not its support.
    fn lost_capitals(&self, inside: &str, term: usize) -> bool {
        self.capitals.get(&term).is_some_and(|(k, word)| {
            en_words(inside).get(*k).is_some_and(|w| !inside[w.1.clone()].starts_with(word.as_str()))
        })
    }

    /// Whether a name of one word lost its capital.
    fn is_common(&self, inside: &str, term: usize) -> bool {
        let one = self.forms.get(&term).is_some_and(|words| words.len() == 1);
        one && self.names.contains(&term) && !inside.starts_with(char::is_uppercase)
    }

    /// Whether the words differ in number or spelling only: a controller is no control, and who conducted supervision
    /// says nothing of conduct supervision.
    fn same_form(&self, inside: &str, term: usize) -> bool {
        let Some(words) = self.forms.get(&term) else { return true };
        let ending = |w: &str| {
            let w = w.strip_suffix('s').unwrap_or(w);
            DERIVED.iter().find(|e| w.ends_with(**e)).copied()
        };
        en_words(inside).iter().zip(words).all(|(a, b)| ending(&a.0) == ending(b))
    }

    /// The terms that are meant: the longest first, nothing inside or across a longer one, nothing that only
    /// cuts through a word.
    pub fn longest(&self, lexicon: &Lexicon, text: &str, tokens: &Tokens) -> Vec<Hit> {
        let mut all = self.all(text, tokens);
        if all.is_empty() {
            return all;
        }
        if self.lang == Lang::En {
            all.retain(|h| {
                let inside = &text[h.bytes.clone()];
                self.same_form(inside, h.term) && !self.lost_capitals(inside, h.term)
            });
            for h in &mut all {
                h.common = self.is_common(&text[h.bytes.clone()], h.term);
            }
            let names: Vec<Range<usize>> =
                all.iter().filter(|h| !h.common).map(|h| h.bytes.clone()).collect();
            all.retain(|h| !h.common || !names.contains(&h.bytes));
        }
        if self.lang == Lang::Zh {
            let cuts = cuts(lexicon, text);
            all.retain(|h| {
                let edges = [h.bytes.start, h.bytes.end].map(|at| cuts.binary_search(&at));
                match edges {
                    [Ok(_), Ok(_)] => true,
                    // A long term is a term even where the word cut took its edge for another word.
                    [Ok(_), Err(_)] | [Err(_), Ok(_)] if h.tokens.len() >= 5 => true,
                    [start, end] => {
                        let before =
                            start.map_or_else(|k| k.checked_sub(1).map(|k| cuts[k]), |k| Some(cuts[k]));
                        let after = end.map_or_else(|k| cuts.get(k).copied(), |k| Some(cuts[k]));
                        before
                            .zip(after)
                            .is_some_and(|(before, after)| nested(lexicon, text, h, before..after))
                    }
                }
            });
        }
        all.sort_by_key(|h| (std::cmp::Reverse(h.tokens.len()), h.tokens.start));
        // Who took a token: the start of the hit, all hits of a length being taken together.
        let mut taken: Vec<Option<Range<usize>>> = vec![None; tokens.ids.len()];
        all.retain(|h| {
            let free = taken[h.tokens.clone()].iter().all(|t| t.as_ref().is_none_or(|t| *t == h.tokens));
            if free {
                taken[h.tokens.clone()].fill(Some(h.tokens.clone()));
            }
            free
        });
        all.sort_by_key(|h| (h.tokens.start, h.term));
        all
    }
}

/// Whether a term is a part of a longer word that is made of words as a name is: 最高法院 in 美国最高法院, 国务院 in
/// 国务院新闻办公室, but not 国际法 in 国际法律 nor 首字母 in 首字母缩写.
fn nested(lexicon: &Lexicon, text: &str, hit: &Hit, longer: Range<usize>) -> bool {
    let words = |range: Range<usize>, least: usize| {
        let folded = lexicon.fold(&text[range]);
        let long =
            |w: &crate::lexicon::Word| folded[w.bytes.clone()].chars().count() > 1 && w.entry.is_some();
        let count = folded.chars().count();
        count == 0 || count >= least && lexicon.words(&folded).iter().all(long)
    };
    hit.tokens.len() >= LEAST_NESTED
        && lexicon.entry(&lexicon.fold(&text[hit.bytes.clone()])).is_some()
        && words(longer.start..hit.bytes.start, 2)
        && words(hit.bytes.end..longer.end, LEAST_NESTED)
}

/// Byte positions between words.
fn cuts(lexicon: &Lexicon, text: &str) -> Vec<usize> {
    let folded = lexicon.fold(text);
    // Folding keeps the number of characters, not of bytes.
    let places: Vec<(usize, usize)> =
        folded.char_indices().map(|(k, _)| k).zip(text.char_indices().map(|(k, _)| k)).collect();
    let original = |at: usize| places.binary_search_by_key(&at, |p| p.0).map_or(text.len(), |k| places[k].1);
    let words = lexicon.words(&folded);
    let mut out: Vec<usize> =
        words.iter().flat_map(|w| [original(w.bytes.start), original(w.bytes.end)]).collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// Letters, digits and Han of a Chinese text, folded; marks and spaces between them do not count.
fn zh(lexicon: &Lexicon, text: &str) -> Tokens {
    let folded = lexicon.fold(text);
    let mut out = Tokens::default();
    for (c, (at, original)) in folded.chars().zip(text.char_indices()) {
        if c.is_alphanumeric() || is_han(c) || matches!(c, '%' | '+' | '&') {
            out.ids.push(plain(c) as u32);
            out.spans.push(at..at + original.len_utf8());
        } else if matches!(c, '。' | '；' | ';' | '，' | ',' | '、' | '：' | ':' | '！' | '？') {
            // A stop ends every term.
            out.ids.push(0);
            out.spans.push(at..at + original.len_utf8());
        }
    }
    out
}

/// A folded character in lower case; 巿 (a kind of apron), which is often typed for 市, as 市.
pub(super) fn plain(c: char) -> char {
    if c == '巿' { '市' } else { c.to_lowercase().next().unwrap_or(c) }
}

/// A code of three capitals before an amount, with the length of the code: RMB2.75, USD100 (ISO 4217).
fn code_of_amount(word: &str) -> Option<usize> {
    let code = word.bytes().take_while(u8::is_ascii_uppercase).count();
    (code == 3 && word.as_bytes().get(code).is_some_and(u8::is_ascii_digit)).then_some(code)
}

/// The words of an English text in lower case, articles left out, hyphened prefixes joined, codes of currencies apart.
pub(super) fn en_words(text: &str) -> Vec<(String, Range<usize>)> {
    let mut out: Vec<(String, Range<usize>)> = Vec::new();
    for word in english_words(text) {
        let lower = word.surface.to_lowercase();
        if let Some((last, span)) = out.last_mut()
            && PREFIXES.contains(&last.as_str())
            && matches!(&text[span.end..word.bytes.start], "-" | "‑" | "‐")
        {
            last.push_str(&lower);
            span.end = word.bytes.end;
            continue;
        }
        if let Some(code) = code_of_amount(word.surface) {
            let middle = word.bytes.start + code;
            out.push((lower[..code].to_string(), word.bytes.start..middle));
            out.push((lower[code..].to_string(), middle..word.bytes.end));
        } else if !matches!(lower.as_str(), "the" | "a" | "an") {
            out.push((lower, word.bytes));
        }
    }
    out
}

/// The words as written, for terms whose case matters.
fn surface(text: &str) -> String {
    english_words(text).map(|w| w.surface).collect::<Vec<_>>().join(" ")
}
