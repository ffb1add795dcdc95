//! What speaks against a missing term being an error: a short form of it stands there, or nothing renders it at all.

use super::super::form::Form;
use super::super::matcher::en_words;
use super::Checker;
use super::place::Place;
use super::unit::Both;
use super::words::Memory;
use crate::lexicon::{StemId, is_function_word};
use crate::model::Lang;
use std::ops::Range;
use std::rc::Rc;

/// Why a term that is missing may be in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weak {
    /// Its last words stand there without the first (回報率 for 投資回報率).
    Short,
    /// All its words stand there, divided or in another order.
    Divided,
    /// Nothing renders it that the lexicon knows.
    Omitted,
}

/// The word that a source term is about, and how often the source has it.
struct Head {
    count: usize,
    /// Where it stands in the source.
    bytes: Range<usize>,
    /// English: the stem. Chinese: the stems that render it.
    known: Rc<[StemId]>,
}

/// So far before a short form, a word of the term shows that the middle was replaced: 金融配套措施 is not short for
/// 金融便利化措施. Chosen: a word of two or three characters, and one more.
const BEFORE: usize = 4;

/// Targets of so many words are not all there by chance. Chosen.
const LONG: usize = 3;

impl Checker {
    /// What speaks against an error.
    pub(super) fn weak(&self, both: &Both<'_>, place: &Place<'_>, memory: &mut Memory) -> Option<Weak> {
        let head = self.head(both, place, memory)?;
        let forms = || self.allowed(place.entries).flat_map(|t| &t.forms);
        let term = self.stems_of(both, place, memory);
        if self.divided(both, place, &head, 2) {
            return Some(Weak::Divided);
        }
        for form in forms() {
            let short = match self.langs[1] {
                Lang::Zh => self.short_zh(both, form, &head, &term, memory),
                Lang::En => self.short_en(both, form, &head, &term, memory),
            };
            match short {
                Some(true) => return Some(Weak::Short),
                Some(false) => return None,
                None => {}
            }
        }
        if self.replaced_head(both, place) {
            return None;
        }
        let side = usize::from(self.langs[0] == Lang::En);
        let here = |at: &Range<usize>| at.start < head.bytes.end && head.bytes.start < at.end;
        let rendered = both.links(self, memory).iter().any(|pair| here(&pair.bytes[side]));
        (!rendered).then_some(Weak::Omitted)
    }

    /// Whether the term is one general word, and the target renders it by another word at least half as often as the source has it:
    /// exchange of views, 意見交流, where an exchange is 交易所.
    pub(super) fn other_word(&self, both: &Both<'_>, place: &Place<'_>, memory: &mut Memory) -> bool {
        let term = &both.source[place.hit.bytes.clone()];
        // A Chinese headword is often a term: only one whose targets the lexicon does not know is doubtful.
        let doubtful = self.langs[0] == Lang::En
            || self.other_sense(term, place.entries, both.words(self, memory), memory);
        if !doubtful || !self.is_general(term, memory) {
            return false;
        }
        let Some(head) = self.head(both, place, memory) else { return false };
        self.renderings(both, &head, memory) * 2 >= head.count
    }

    /// How many words of the target render the head.
    fn renderings(&self, both: &Both<'_>, head: &Head, memory: &mut Memory) -> usize {
        let words = both.words(self, memory);
        match self.langs[1] {
            Lang::En => words.rendering(&head.known),
            Lang::Zh => head.known.iter().map(|id| words.rendered_by(*id).count()).sum(),
        }
    }

    /// The head of a term: its last word, in English the last before “of” and the like. What “and” or “or” joins is one.
    fn head(&self, both: &Both<'_>, place: &Place<'_>, memory: &mut Memory) -> Option<Head> {
        let text = &both.source[place.hit.bytes.clone()];
        match self.langs[0] {
            Lang::En => {
                let words = en_words(text);
                let small = |k: &usize| is_function_word(&words[*k].0);
                let ends = |k: &usize| small(k) && !matches!(words[*k].0.as_str(), "and" | "or");
                let end = (1..words.len()).find(ends).unwrap_or(words.len());
                let at = (0..end).rev().find(|k| !small(k))?;
                let tokens = both.tokens[0];
                let id = *tokens.ids.get(place.hit.tokens.start + at)?;
                let count = tokens.ids.iter().filter(|t| **t == id).count();
                let known = memory.stem(&self.lexicon, &words[at].0).into_iter().collect();
                let bytes = tokens.spans[place.hit.tokens.start + at].clone();
                Some(Head { count, bytes, known })
            }
            Lang::Zh => {
                let folded = self.lexicon.fold(text).into_owned();
                let words = self.lexicon.words(&folded);
                let word = &folded[words.last()?.bytes.clone()];
                let source = &both.words(self, memory).folded;
                let count = source.matches(word).count().max(1);
                let known = memory.renderings(&self.lexicon, word);
                let last = text.char_indices().rev().nth(word.chars().count() - 1).map_or(0, |x| x.0);
                let bytes = place.hit.bytes.start + last..place.hit.bytes.end;
                Some(Head { count, bytes, known })
            }
        }
    }

    /// Whether the first word of a target stands there for each time the source has the first word of the term: then
    /// the rest was rendered in another way (公眾教育計劃 for 公眾教育活動), not left out.
    fn replaced_head(&self, both: &Both<'_>, place: &Place<'_>) -> bool {
        let text = &both.source[place.hit.bytes.clone()];
        let count = match self.langs[0] {
            Lang::En => {
                let words = en_words(text);
                let Some(at) = words.iter().position(|w| !is_function_word(&w.0)) else { return false };
                let tokens = both.tokens[0];
                let id = tokens.ids.get(place.hit.tokens.start + at);
                tokens.ids.iter().filter(|t| Some(*t) == id).count()
            }
            Lang::Zh => {
                let folded = self.lexicon.fold(text);
                let words = self.lexicon.words(&folded);
                let Some(first) = words.first().filter(|_| words.len() > 1) else { return false };
                self.lexicon.fold(both.source).matches(&folded[first.bytes.clone()]).count()
            }
        };
        let mut forms = self.allowed(place.entries).flat_map(|t| &t.forms);
        forms.any(|f| match (f.cut.as_slice(), f.stems.as_slice()) {
            ([first, _, ..], _) if first.len() > 1 => both.reading.find(first).count() >= count,
            (_, [first, _, ..]) => {
                both.reading.stems.iter().flatten().filter(|s| s.0 == *first).count() >= count
            }
            _ => false,
        })
    }

    /// The stems of an English term's words, or those that render a Chinese term's words, in order.
    pub(super) fn stems_of(&self, both: &Both<'_>, place: &Place<'_>, memory: &mut Memory) -> Vec<StemId> {
        let text = &both.source[place.hit.bytes.clone()];
        let mut out: Vec<StemId> = match self.langs[0] {
            Lang::En => en_words(text).iter().filter_map(|w| memory.stem(&self.lexicon, &w.0)).collect(),
            Lang::Zh => {
                let folded = self.lexicon.fold(text).into_owned();
                let words = self.lexicon.words(&folded);
                let lists = words.iter().map(|w| memory.renderings(&self.lexicon, &folded[w.bytes.clone()]));
                lists.flat_map(|l| l.to_vec()).collect()
            }
        };
        out.sort_unstable();
        out.dedup();
        out
    }

    /// Whether all words of a target, so many at least, stand in the text as often as the source has the term's head.
    fn divided(&self, both: &Both<'_>, place: &Place<'_>, head: &Head, least: usize) -> bool {
        let stems = || both.reading.stems.iter().flatten();
        self.allowed(place.entries).flat_map(|t| &t.forms).any(|form| match self.langs[1] {
            Lang::Zh => {
                // One character may be missing: the 所 of 行政長官所發出的指示.
                let long = || form.cut.iter().filter(|w| w.len() > 1);
                long().count() >= least
                    && long().map(Vec::len).sum::<usize>() + 1 >= form.letters.len()
                    && long().all(|w| both.reading.find(w).count() >= head.count)
            }
            Lang::En => {
                form.stems.len() >= least
                    && form.stems.iter().all(|s| stems().filter(|t| t.0 == *s).count() >= head.count)
            }
        })
    }

    /// Whether words of a long target stand apart: too many to be there by chance.
    pub(super) fn divided_long(&self, both: &Both<'_>, place: &Place<'_>, memory: &mut Memory) -> bool {
        self.head(both, place, memory).is_some_and(|head| self.divided(both, place, &head, LONG))
    }

    /// Whether another term of the source crosses this one, and that is kept: “sound banking” is no term in “a sound
    /// banking system” where the banking system is rendered.
    pub(super) fn crossed(&self, both: &Both<'_>, place: &Place<'_>) -> bool {
        let own = &place.hit.bytes;
        let crosses = |at: &std::ops::Range<usize>| {
            at.start < own.start && own.start < at.end && at.end < own.end
                || own.start < at.start && at.start < own.end && own.end < at.end
        };
        let hits = self.source.all(both.source, both.tokens[0]);
        let across: Vec<usize> =
            hits.iter().filter(|h| crosses(&h.bytes)).map(|h| self.owners[0][h.term].0).collect();
        !across.is_empty()
            && !self
                .target
                .some(both.target, both.tokens[1], |term| across.contains(&self.owners[1][term].0))
                .is_empty()
    }

    /// Whether a Chinese text holds a short form, or holds one whose first words were replaced: `Some(false)`.
    fn short_zh(
        &self,
        both: &Both<'_>,
        form: &Form,
        head: &Head,
        term: &[StemId],
        memory: &mut Memory,
    ) -> Option<bool> {
        let letters = &both.reading.letters;
        for tail in &form.tails {
            let places: Vec<usize> = both.reading.find(tail).collect();
            if places.is_empty() {
                continue;
            }
            if places.len() < head.count {
                break;
            }
            let dropped = &form.letters[..form.letters.len() - tail.len()];
            let first: String = form.cut[0].iter().collect();
            let replaced = |k: usize, memory: &mut Memory| {
                let before: String = letters[k.saturating_sub(BEFORE)..k].iter().map(|x| x.0).collect();
                let close = letters[k.saturating_sub(dropped.len() + BEFORE)..k].iter().map(|x| x.0);
                let close: String = close.collect();
                close.contains(&first)
                    || (1..=BEFORE).any(|n| {
                        let at = before.char_indices().rev().nth(n - 1).map(|x| x.0);
                        at.is_some_and(|at| {
                            let known = memory.renderings(&self.lexicon, &before[at..]);
                            self.lexicon.entry(&before[at..]).is_some()
                                && known.iter().any(|id| term.binary_search(id).is_ok())
                        })
                    })
            };
            return Some(places.iter().any(|&k| !replaced(k, memory)));
        }
        None
    }

    /// The same in English.
    fn short_en(
        &self,
        both: &Both<'_>,
        form: &Form,
        head: &Head,
        term: &[StemId],
        memory: &mut Memory,
    ) -> Option<bool> {
        let [dropped @ .., last] = form.stems.as_slice() else { return None };
        if dropped.is_empty() {
            return None;
        }
        let stems = &both.reading.stems;
        let at = |k: usize| stems[k].as_ref();
        let places: Vec<usize> = (0..stems.len()).filter(|k| at(*k).is_some_and(|s| s.0 == *last)).collect();
        if places.is_empty() || places.len() < head.count {
            return None;
        }
        let mut replaced = |k: usize| {
            // What is kept of the term stands right before the head.
            let kept = (0..k).rev().zip(dropped.iter().rev());
            let kept = kept.take_while(|(j, s)| at(*j).is_some_and(|t| t.0 == **s)).count();
            let Some(Some((id, bytes))) = k.checked_sub(kept + 1).map(at) else { return false };
            let word = both.target[bytes.clone()].to_lowercase();
            dropped.contains(id)
                || memory.stem(&self.lexicon, &word).is_some_and(|id| term.binary_search(&id).is_ok())
        };
        Some(places.iter().any(|&k| !replaced(k)))
    }
}
