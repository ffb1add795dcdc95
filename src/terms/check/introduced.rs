//! Short forms that a text introduces in brackets: what counts as the term from there on, and abbreviations that stand
//! for something else.

use super::super::matcher::{Cache, en_words};
use super::super::rendered::KNOWN;
use super::words::is_abbreviation;
use super::{CHUNK, Checker};
use crate::lexicon::{is_function_word, is_han, stem};
use crate::model::Lang;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;
use std::ops::Range;

/// A bracket after a term holds its short form up to this many characters.
const SHORT_FORM: usize = 12;

/// A short form that the text introduced: entry, unit, form.
pub(super) type Introduced = BTreeMap<usize, Vec<(usize, String)>>;

impl Checker {
    /// Short forms in brackets after a term: `欧洲安全与合作组织（欧安组织）`.
    pub(super) fn introduce(&self, texts: &[Option<(&str, &str)>], first: usize, known: &mut Introduced) {
        let found: Vec<Vec<(usize, usize, String)>> = texts
            .par_chunks(CHUNK)
            .enumerate()
            .map(|(chunk, texts)| {
                let mut cache = Cache::default();
                let mut out = Vec::new();
                for (k, (_, target)) in texts.iter().enumerate().filter_map(|(k, p)| p.map(|p| (k, p))) {
                    if !target.contains(['(', '（']) {
                        continue;
                    }
                    let brackets = target.char_indices().filter(|(_, c)| matches!(c, '(' | '（'));
                    let forms: Vec<(usize, String)> =
                        brackets.filter_map(|(at, _)| Some((at, short_form(&target[at..])?))).collect();
                    if forms.is_empty() {
                        continue;
                    }
                    let tokens = self.target.tokens(&self.lexicon, target, &mut cache);
                    for (at, form) in forms {
                        let before = tokens.spans.partition_point(|s| s.end <= at);
                        let near = |k: &usize| target[tokens.spans[*k].end..at].trim_start().is_empty();
                        let Some(last) = before.checked_sub(1).filter(near) else { continue };
                        for hit in self.target.ending(target, &tokens, last) {
                            out.push((self.owners[1][hit.term].0, first + chunk * CHUNK + k, form.clone()));
                        }
                    }
                }
                out
            })
            .collect();
        for (entry, unit, form) in found.into_iter().flatten() {
            let forms = known.entry(entry).or_default();
            if !forms.iter().any(|f| f.1 == form) {
                forms.push((unit, form));
            }
        }
    }

    /// Adds the entries whose abbreviation the source introduces for something else: “artificial intelligence (AI)” where
    /// AI is 認可機構, of which the lexicon knows no word as a rendering of those; or the target, 议会议员(AM) where AMs are 助理經理.
    pub(super) fn other_expansions(&self, texts: &[Option<(&str, &str)>], known: &mut FxHashSet<usize>) {
        if self.langs[0] != Lang::En {
            return;
        }
        let scan = |(_, texts): (usize, &[Option<(&str, &str)>])| {
            let mut cache = Cache::default();
            let mut out = Vec::new();
            for (source, target) in texts.iter().flatten() {
                let brackets: Vec<(usize, &str)> = expansions(source).collect();
                let foreign: Vec<(&str, &str)> = foreign_expansions(target).collect();
                if brackets.is_empty() && foreign.is_empty() {
                    continue;
                }
                let tokens = self.source.tokens(&self.lexicon, source, &mut cache);
                for hit in self.source.all(source, &tokens) {
                    let entry = self.owners[0][hit.term].0;
                    let here = brackets.iter().find(|b| b.0 == hit.bytes.start);
                    let term = &source[hit.bytes];
                    let there = foreign.iter().find(|f| f.0 == term || term.strip_suffix('s') == Some(f.0));
                    if here.is_some_and(|(_, long)| !self.akin(long, entry))
                        || there.is_some_and(|(_, before)| !self.names(before, entry))
                    {
                        out.push(entry);
                    }
                }
            }
            out
        };
        let found: Vec<Vec<usize>> = texts.par_chunks(CHUNK).enumerate().map(scan).collect();
        known.extend(found.into_iter().flatten());
    }

    /// Whether what stands before a bracket shares a character with any of an entry's Chinese terms.
    fn names(&self, before: &str, entry: usize) -> bool {
        let before = self.lexicon.fold(before);
        self.targets[entry].iter().any(|t| self.lexicon.fold(&t.text).chars().any(|c| before.contains(c)))
    }

    /// Whether the lexicon knows any word of an entry's Chinese terms as a rendering of one of these English words.
    fn akin(&self, english: &str, entry: usize) -> bool {
        let stems = en_words(english).into_iter().map(|w| stem(&w.0)).filter(|s| !is_function_word(s));
        let ids: Vec<_> = stems.filter_map(|s| self.lexicon.stem_id(&s)).collect();
        self.targets[entry].iter().any(|t| {
            let folded = self.lexicon.fold(&t.text);
            self.lexicon.words(&folded).iter().any(|w| {
                let renderings = self.lexicon.renderings(&folded[w.bytes.clone()]);
                ids.iter().any(|id| renderings.get(id).is_some_and(|s| *s >= KNOWN))
            })
        })
    }
}

/// Abbreviations in brackets after words with these initials: where each starts and the words.
fn expansions(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices('(').filter_map(|(at, _)| {
        let short = text[at + 1..].split(')').next()?;
        let letters: Vec<char> = short.chars().filter(|c| c.is_uppercase()).collect();
        if !(2..=SHORT_FORM).contains(&short.len()) || letters.len() < 2 {
            return None;
        }
        let words: Vec<_> = en_words(&text[..at]);
        let initial = |bytes: &Range<usize>| text[bytes.start..].chars().next();
        let content: Vec<&Range<usize>> = words
            .iter()
            .filter(|w| !is_function_word(&w.0))
            .map(|w| &w.1)
            .rev()
            .take(letters.len())
            .collect();
        let same = content.len() == letters.len()
            && content
                .iter()
                .rev()
                .zip(&letters)
                .all(|(w, c)| initial(w).is_some_and(|i| i.to_uppercase().eq(c.to_uppercase())));
        same.then(|| (at + 1, &text[content[content.len() - 1].start..at]))
    })
}

/// Abbreviations in brackets after Chinese words: each with as much of these as may be what it stands for.
fn foreign_expansions(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.match_indices(['(', '（']).filter_map(|(at, bracket)| {
        let short = text[at + bracket.len()..].split([')', '）']).next()?;
        let before = text[..at].trim_end();
        if !is_abbreviation(short) || !before.ends_with(is_han) {
            return None;
        }
        let start = before.char_indices().rev().take(SHORT_FORM).take_while(|x| is_han(x.1)).last()?.0;
        Some((short, &before[start..]))
    })
}

/// What stands in brackets right after a term, if it is short enough for a short form.
fn short_form(rest: &str) -> Option<String> {
    let inner = rest.trim_start().strip_prefix(['(', '（'])?;
    let form = inner.split([')', '）']).next()?;
    let form = form
        .trim_start_matches(['“', '"', '‘', '「'])
        .trim_start_matches("the ")
        .trim_start_matches("以下简称");
    let form = form.trim_matches(|c: char| !c.is_alphanumeric());
    let length = form.chars().count();
    ((2..=SHORT_FORM).contains(&length) && form.chars().any(char::is_alphabetic)).then(|| form.to_string())
}
