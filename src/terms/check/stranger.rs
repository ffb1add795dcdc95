//! What speaks for an error: the target holds a term that nothing in the source asks for, so it may stand in the place
//! of the one that is missing.

use super::super::form::letters;
use super::super::matcher::en_words;
use super::Checker;
use super::place::Nearness;
use super::unit::Both;
use super::words::Memory;
use crate::lexicon::{is_function_word, is_han, stem};
use crate::model::Lang;
use std::ops::Range;

/// What renders a term of several words stands together in the source, with at most this many other words for each of
/// its words. Chosen: room for an article or a modifier.
const ROOM: usize = 2;
/// So many characters of a Chinese term at least are told from chance. Chosen.
const LEAST: usize = 3;

impl Checker {
    /// Where the target holds, so near to the place of a term of the source, a term that the source does not ask for and
    /// whose words no words of the source that stand together render, as far as the lexicon knows.
    pub(super) fn stranger(
        &self,
        both: &Both<'_>,
        source: &Range<usize>,
        least: Nearness,
        memory: &mut Memory,
    ) -> Option<Range<usize>> {
        let unasked = both.unasked.get_or_init(|| self.unasked(both));
        unasked
            .iter()
            .find(|(at, entry)| {
                self.in_place(both, source, at, memory) >= least
                    && !self.paired(both, at, memory)
                    && self.strange(both, at, memory)
                    && !self.half_asked(both, source, *entry)
            })
            .map(|x| x.0.clone())
    }

    /// Whether the source has most of what the entry of a stranger is in the source language, outside the term at stake:
    /// 研究中心 of 金融研究中心, for which its abbreviation stands in the target.
    fn half_asked(&self, both: &Both<'_>, hit: &Range<usize>, entry: usize) -> bool {
        let outside = |at: &Range<usize>| at.end <= hit.start || hit.end <= at.start;
        self.sources[entry].iter().any(|form| match self.langs[0] {
            Lang::Zh => {
                let least = form.letters.len().div_ceil(2).max(LEAST);
                let letters = both.letters.get_or_init(|| letters(&self.lexicon, both.source).collect());
                form.letters.windows(least).any(|run| {
                    letters.windows(least).any(|w| {
                        let same = w.iter().zip(run).all(|(a, b)| a.0 == *b);
                        same && outside(&(w[0].1..w[least - 1].1 + 1))
                    })
                })
            }
            Lang::En => {
                let tokens = both.tokens[0];
                let stands = |stem: &&u32| {
                    let places = tokens.ids.iter().zip(&tokens.spans).filter(|x| x.0 == *stem);
                    places.map(|x| x.1).any(outside)
                };
                let least = (form.stems.len() * 2).div_ceil(3).max(2);
                form.stems.iter().filter(stands).count() >= least
            }
        })
    }

    /// The terms of the target that the source does not ask for, each with its entry.
    fn unasked(&self, both: &Both<'_>) -> Vec<(Range<usize>, usize)> {
        let asked: Vec<usize> =
            self.source.all(both.source, both.tokens[0]).iter().map(|h| self.owners[0][h.term].0).collect();
        let free = |at: &Range<usize>| {
            !both.present.iter().any(|p| {
                let overlaps = p.bytes.start < at.end && at.start < p.bytes.end;
                // A longer term is not the one that is asked for.
                overlaps && !(at.start <= p.bytes.start && p.bytes.end <= at.end && p.bytes != *at)
            })
        };
        let unasked = |term: usize| !asked.contains(&self.owners[1][term].0);
        let hits = self.target.some(both.target, both.tokens[1], unasked);
        let found = hits.into_iter().map(|h| (h.bytes, self.owners[1][h.term].0));
        found.filter(|x| free(&x.0)).collect()
    }

    /// Whether all words of a stretch of the target are each paired with a word of the source, to which no other word of
    /// the target has a better claim.
    fn paired(&self, both: &Both<'_>, at: &Range<usize>, memory: &mut Memory) -> bool {
        let text = &both.target[at.clone()];
        let count = match self.langs[1] {
            Lang::En => en_words(text).iter().filter(|w| !is_function_word(&w.0)).count(),
            Lang::Zh => self.lexicon.words(&self.lexicon.fold(text)).len(),
        };
        let side = usize::from(self.langs[1] == Lang::En);
        let inside = |r: &Range<usize>| at.start <= r.start && r.end <= at.end;
        let paired = both.links(self, memory).iter().filter(|p| inside(&p.bytes[side])).count();
        paired >= count
    }

    /// Whether no words of the source that stand together render those of a stretch of the target.
    fn strange(&self, both: &Both<'_>, at: &Range<usize>, memory: &mut Memory) -> bool {
        let text = &both.target[at.clone()];
        let source = both.source;
        let words = both.words(self, memory);
        // Of each word: the places of the source words that render it.
        let mut places: Vec<Vec<usize>> = Vec::new();
        let names = |word: &str| source.to_lowercase().contains(word);
        match self.langs[1] {
            Lang::En => {
                for (word, _) in en_words(text) {
                    if is_function_word(&stem(&word)) || names(&word) {
                        continue;
                    }
                    let Some(id) = memory.stem(&self.lexicon, &word) else { return true };
                    let list = words.zh.iter().enumerate();
                    places.push(list.filter(|(_, w)| w.1.binary_search(&id).is_ok()).map(|x| x.0).collect());
                }
            }
            Lang::Zh => {
                let folded = self.lexicon.fold(text).into_owned();
                for w in self.lexicon.words(&folded) {
                    let word = &folded[w.bytes.clone()];
                    if !word.chars().all(is_han) {
                        if names(&word.to_lowercase()) {
                            continue;
                        }
                        return true;
                    }
                    if word.chars().count() > 1 {
                        let known = memory.renderings(&self.lexicon, word);
                        let list = words.en.iter().enumerate();
                        places.push(
                            list.filter(|(_, id)| known.binary_search(id).is_ok()).map(|x| x.0).collect(),
                        );
                    }
                }
            }
        }
        let Some(first) = places.first() else { return false };
        let room = places.len() * (1 + ROOM);
        let near = |from: usize| places.iter().all(|p| p.iter().any(|k| k.abs_diff(from) < room));
        !first.iter().any(|&from| near(from))
    }
}
