//! What speaks against a missing term being an error: a short form of it stands there, or nothing renders it at all.
//! And what speaks for it: the target holds a term that nothing in the source asks for.

use super::super::form::{Form, is_stop};
use super::super::matcher::{Hit, en_words};
use super::unit::Both;
use super::words::Memory;
use super::Checker;
use crate::lexicon::{StemId, is_function_word, is_han, stem};
use crate::model::Lang;
use std::ops::Range;
use std::rc::Rc;

/// A place of the source and the entries whose term stands there.
pub(super) struct Place<'t> {
    pub entries: &'t [usize],
    pub hit: &'t Hit,
}

/// Why a term that is missing may be in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weak {
    /// Its last words stand there without the first (回報率 for 投資回報率), or all of them, divided.
    Short,
    /// Nothing renders it that the lexicon knows.
    Omitted,
}

/// The word that a source term is about, and how often the source has it.
struct Head {
    count: usize,
    /// English: the stem. Chinese: the stems that render it.
    known: Rc<[StemId]>,
}

/// So far before a short form, a word of the term shows that the middle was replaced: 金融配套措施 is not short for
/// 金融便利化措施. Chosen: a word of two or three characters, and one more.
const BEFORE: usize = 4;

impl Checker {
    /// What speaks against an error.
    pub(super) fn weak(&self, both: &Both<'_>, place: &Place<'_>, memory: &mut Memory) -> Option<Weak> {
        let head = self.head(both, place, memory)?;
        let forms = || self.allowed(place.entries).flat_map(|t| &t.forms);
        let term = self.stems_of(both, place, memory);
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
        let words = both.words(self, memory);
        let renderings = match self.langs[1] {
            Lang::En => words.rendering(&head.known),
            Lang::Zh => head.known.iter().map(|id| words.rendered_by(*id).count()).sum(),
        };
        (renderings < head.count).then_some(Weak::Omitted)
    }

    /// The head of a term: its last word, in English the last before “of” and the like.
    fn head(&self, both: &Both<'_>, place: &Place<'_>, memory: &mut Memory) -> Option<Head> {
        let text = &both.source[place.hit.bytes.clone()];
        match self.langs[0] {
            Lang::En => {
                let words = en_words(text);
                let small = |k: &usize| is_function_word(&words[*k].0);
                let end = (1..words.len()).find(small).unwrap_or(words.len());
                let at = (0..end).rev().find(|k| !small(k))?;
                let tokens = both.tokens[0];
                let id = *tokens.ids.get(place.hit.tokens.start + at)?;
                let count = tokens.ids.iter().filter(|t| **t == id).count();
                let known = memory.stem(&self.lexicon, &words[at].0).into_iter().collect();
                Some(Head { count, known })
            }
            Lang::Zh => {
                let folded = self.lexicon.fold(text).into_owned();
                let words = self.lexicon.words(&folded);
                let word = &folded[words.last()?.bytes.clone()];
                let source = &both.words(self, memory).folded;
                let count = source.matches(word).count().max(1);
                let known = memory.renderings(&self.lexicon, word);
                Some(Head { count, known })
            }
        }
    }

    /// The stems of an English term's words, or those that render a Chinese term's words, in order.
    fn stems_of(&self, both: &Both<'_>, place: &Place<'_>, memory: &mut Memory) -> Vec<StemId> {
        let text = &both.source[place.hit.bytes.clone()];
        let mut out: Vec<StemId> = match self.langs[0] {
            Lang::En => {
                en_words(text).iter().filter_map(|w| memory.stem(&self.lexicon, &w.0)).collect()
            }
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
        let parts: Vec<&Vec<char>> = form.cut.iter().filter(|w| w.len() > 1).collect();
        let divided = parts.len() > 1
            && parts.iter().map(|w| w.len()).sum::<usize>() == form.letters.len()
            && parts.iter().all(|w| both.reading.find(w).count() >= head.count);
        divided.then_some(true)
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
        let places: Vec<usize> =
            (0..stems.len()).filter(|k| at(*k).is_some_and(|s| s.0 == *last)).collect();
        if places.is_empty() || places.len() < head.count {
            return None;
        }
        let all = form.stems.iter().all(|s| {
            stems.iter().flatten().filter(|t| t.0 == *s).count() >= head.count
        });
        if all {
            return Some(true);
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

    /// Where the target holds a term that the source does not ask for, of which a word is rendered by no word of the
    /// source as far as the lexicon knows. It may stand in the place of one that is missing.
    pub(super) fn stranger(&self, both: &Both<'_>, memory: &mut Memory) -> Option<Range<usize>> {
        if let Some(known) = both.stranger.get() {
            return known.clone();
        }
        let found = self.find_stranger(both, memory);
        both.stranger.get_or_init(|| found).clone()
    }

    fn find_stranger(&self, both: &Both<'_>, memory: &mut Memory) -> Option<Range<usize>> {
        let asked: Vec<usize> =
            self.source.all(both.source, both.tokens[0]).iter().map(|h| self.owners[0][h.term].0).collect();
        let free = |at: &Range<usize>| {
            !both.present.iter().any(|p| p.bytes.start < at.end && at.start < p.bytes.end)
        };
        let hits = self.target.all(both.target, both.tokens[1]);
        let strange = hits.into_iter().filter(|h| {
            let long = match self.langs[1] {
                Lang::Zh => h.tokens.len() > 1,
                Lang::En => true,
            };
            long && !asked.contains(&self.owners[1][h.term].0) && free(&h.bytes)
        });
        let mut strange: Vec<Range<usize>> = strange.map(|h| h.bytes).collect();
        strange.retain(|at| self.unaccounted(both, at, memory));
        strange.into_iter().next()
    }

    /// Whether a word of the stretch of the target is rendered by no word of the source.
    fn unaccounted(&self, both: &Both<'_>, at: &Range<usize>, memory: &mut Memory) -> bool {
        let text = &both.target[at.clone()];
        let words = both.words(self, memory);
        match self.langs[1] {
            Lang::En => en_words(text).iter().any(|w| {
                !is_function_word(&stem(&w.0))
                    && !both.source.contains(&both.target[at.start + w.1.start..at.start + w.1.end])
                    && memory
                        .stem(&self.lexicon, &w.0)
                        .is_none_or(|id| words.rendered_by(id).next().is_none())
            }),
            Lang::Zh => {
                let folded = self.lexicon.fold(text).into_owned();
                self.lexicon.words(&folded).iter().any(|w| {
                    let word = &folded[w.bytes.clone()];
                    word.chars().all(|c| is_han(c) && !is_stop(c))
                        && word.chars().count() > 1
                        && words.rendering(&memory.renderings(&self.lexicon, word)) == 0
                })
            }
        }
    }
}
