//! The words of both sides of a unit as the lexicon knows them, and what is remembered of words that come again.

use super::super::matcher::{Cache, en_words};
use super::super::pairing::Seen;
use super::super::rendered::KNOWN;
use super::sense::Sense;
use crate::lexicon::{Lexicon, StemId, is_function_word, stem};
use rustc_hash::FxHashMap;
use std::ops::Range;
use std::rc::Rc;

/// What is remembered from unit to unit.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// Tokens of source and target.
    pub tokens: [Cache; 2],
    renderings: FxHashMap<String, Rc<[StemId]>>,
    stems: FxHashMap<String, Option<StemId>>,
    /// What pairs words.
    pub seen: Seen,
    /// By the source term as written.
    pub senses: FxHashMap<String, Rc<Sense>>,
}

impl Memory {
    /// The stems that render a folded Chinese word, in order.
    pub fn renderings(&mut self, lexicon: &Lexicon, word: &str) -> Rc<[StemId]> {
        if let Some(known) = self.renderings.get(word) {
            return known.clone();
        }
        let known: Rc<[StemId]> =
            lexicon.renderings(word).into_iter().filter(|x| x.1 >= KNOWN).map(|x| x.0).collect();
        self.renderings.insert(word.to_string(), known.clone());
        known
    }

    /// The stem of an English word of content that the lexicon knows.
    pub fn stem(&mut self, lexicon: &Lexicon, word: &str) -> Option<StemId> {
        if let Some(known) = self.stems.get(word) {
            return *known;
        }
        let s = stem(word);
        let id = if is_function_word(&s) { None } else { lexicon.stem_id(&s) };
        self.stems.insert(word.to_string(), id);
        id
    }
}

/// Whether a word is written as an abbreviation: two capitals or more, nothing else.
pub(super) fn is_abbreviation(word: &str) -> bool {
    word.len() > 1 && word.bytes().all(|b| b.is_ascii_uppercase())
}

/// The words of a unit.
#[derive(Debug)]
pub(super) struct Words {
    /// The Chinese side, folded.
    pub folded: String,
    /// Its words, in bytes of the folded text, with the stems that render them.
    pub zh: Vec<(Range<usize>, Rc<[StemId]>)>,
    /// The English words of content that the lexicon knows.
    pub en: Vec<StemId>,
}

impl Words {
    pub fn new(lexicon: &Lexicon, memory: &mut Memory, zh: &str, en: &str) -> Words {
        let folded = lexicon.fold(zh).into_owned();
        let list = lexicon.words(&folded).into_iter();
        let zh = list.map(|w| (w.bytes.clone(), memory.renderings(lexicon, &folded[w.bytes]))).collect();
        let en = en_words(en).iter().filter_map(|w| memory.stem(lexicon, &w.0)).collect();
        Words { folded, zh, en }
    }

    /// The Chinese words that the stem renders.
    pub fn rendered_by(&self, stem: StemId) -> impl Iterator<Item = &str> {
        let known = move |w: &&(Range<usize>, Rc<[StemId]>)| w.1.binary_search(&stem).is_ok();
        self.zh.iter().filter(known).map(|w| &self.folded[w.0.clone()])
    }

    /// How many English words render a Chinese word with these renderings.
    pub fn rendering(&self, renderings: &[StemId]) -> usize {
        self.en.iter().filter(|id| renderings.binary_search(id).is_ok()).count()
    }
}
