//! Whether a general word of the source may mean something else than the term.

use super::super::matcher::en_words;
use super::Checker;
use super::place::Place;
use super::unit::Both;
use super::words::{Memory, Words};
use crate::lexicon::{StemId, is_function_word, stem};
use crate::model::{Lang, TermStatus};
use std::ops::Range;
use std::rc::Rc;

/// A word that makes up this share of running text is a general one. Chosen: one word in a hundred thousand, which
/// is about the ten thousandth by frequency.
const GENERAL: f32 = 1e-5;

/// A rendering is a rare one where another is known so many times as well. Chosen.
const RARE: f32 = 5.0;

/// What can be said of a source term and the targets that it may have, whatever the text.
#[derive(Debug)]
pub(super) enum Sense {
    /// Several words, or one that the lexicon does not know.
    Certain,
    /// So common a word that a target which the lexicon does not know for it is not likely to be meant everywhere.
    Common,
    /// A word that may stand here in its general sense.
    General {
        /// What says that it does.
        signs: Signs,
        /// Whether a rendering of the word by any word is such a sign: every target is narrower (control: 管控措施).
        narrower: bool,
    },
}

/// The general words that render a term.
#[derive(Debug)]
pub(super) enum Signs {
    /// Chinese words that this stem renders; those inside a target count where the word is common (banking: 銀行 for
    /// 銀行業).
    Stem { id: StemId, common: bool, targets: Vec<String> },
    /// These stems.
    Stems(Rc<[StemId]>),
}

impl Checker {
    /// Whether one general word is asked to be a narrower term (control: 管控措施) and stands here rendered as the
    /// general word it is (控制), in a sense that the entry may not mean; or as a word inside the term (banking: 銀行
    /// for 銀行業); or is so common that a term which the lexicon does not know for it (consolidation: 綜合) is not
    /// likely to be meant everywhere.
    pub(super) fn other_sense(
        &self,
        term: &str,
        entries: &[usize],
        words: &Words,
        memory: &mut Memory,
    ) -> bool {
        let sense = match memory.senses.get(term) {
            Some(sense) => sense.clone(),
            None => {
                let sense = Rc::new(self.sense(term, entries, memory));
                memory.senses.insert(term.to_string(), sense.clone());
                sense
            }
        };
        match &*sense {
            Sense::Certain => false,
            Sense::Common => true,
            Sense::General { signs: Signs::Stem { id, common, targets }, narrower } => {
                let inside = |w: &str| {
                    w.chars().count() > 1 && targets.iter().any(|t| w.len() < t.len() && t.contains(w))
                };
                words.rendered_by(*id).any(|w| *narrower || *common && inside(w))
            }
            Sense::General { signs: Signs::Stems(stems), narrower } => {
                *narrower && words.rendering(stems) > 0
            }
        }
    }

    /// Whether a source term is one word of the lexicon, common and no abbreviation.
    pub(super) fn is_general(&self, term: &str, memory: &mut Memory) -> bool {
        match self.langs[0] {
            Lang::En => {
                let words = en_words(term);
                let [(word, _)] = words.as_slice() else { return false };
                let capitals = term.chars().filter(|c| c.is_uppercase()).count() > 1;
                let id = memory.stem(&self.lexicon, word);
                !capitals && id.is_some_and(|id| self.lexicon.stem_probability(id) >= GENERAL)
            }
            Lang::Zh => {
                let term = self.lexicon.fold(term);
                let entry = self.lexicon.entry(&term);
                entry.is_some_and(|e| self.lexicon.entry_probability(e) >= GENERAL)
            }
        }
    }

    /// Whether a general English word stands as a verb, which has an object with an article right after it: to exchange the
    /// views, where an exchange is 交易所.
    pub(super) fn is_verb(&self, both: &Both<'_>, place: &Place<'_>, memory: &mut Memory) -> bool {
        let Range { start, end } = place.hit.bytes;
        let next = both.source[end..].strip_prefix(' ').and_then(|rest| rest.split(' ').next());
        self.langs[0] == Lang::En
            && next.is_some_and(|word| matches!(word, "a" | "an" | "the"))
            && self.is_general(&both.source[start..end], memory)
    }

    /// Whether the terms of a general Chinese word are not what it mostly means: renderings that the lexicon knows much less
    /// well than another (影响: ramifications), or less well than the one that is paired with it here (开放 with “open”,
    /// where the termbase has “liberalisation”).
    pub(super) fn commoner(&self, both: &Both<'_>, place: &Place<'_>, memory: &mut Memory) -> bool {
        let term = &both.source[place.hit.bytes.clone()];
        if self.langs[0] == Lang::En || !self.is_general(term, memory) {
            return false;
        }
        let known = self.lexicon.renderings(&self.lexicon.fold(term));
        let words = self.allowed(place.entries).flat_map(|t| &t.forms).flat_map(|f| &f.surfaces);
        let strength = |w: &String| memory.stem(&self.lexicon, w).and_then(|id| known.get(&id).copied());
        let own = words.filter_map(strength).fold(0.0, f32::max);
        let best = known.values().copied().fold(0.0, f32::max);
        own * RARE < best
            || both.links(self, memory).iter().any(|p| p.bytes[0] == place.hit.bytes && p.strength > own)
    }

    fn sense(&self, term: &str, entries: &[usize], memory: &mut Memory) -> Sense {
        let allowed = entries.iter().flat_map(|e| &self.targets[*e]);
        let mut approved = allowed.filter(|t| t.status != TermStatus::Forbidden).map(|t| t.text.as_str());
        match self.langs[0] {
            Lang::En => {
                let words = en_words(term);
                let [(word, _)] = words.as_slice() else { return Sense::Certain };
                let Some(id) = memory.stem(&self.lexicon, word) else { return Sense::Certain };
                let targets: Vec<String> = approved.map(|t| self.lexicon.fold(t).into_owned()).collect();
                let mut known = |t: &String| {
                    self.lexicon.entry(t).is_some()
                        && memory.renderings(&self.lexicon, t).binary_search(&id).is_ok()
                };
                let known: Vec<bool> = targets.iter().map(&mut known).collect();
                let capitals = term.chars().filter(|c| c.is_uppercase()).count() > 1;
                let common = !capitals && self.lexicon.stem_probability(id) >= GENERAL;
                if common && !known.contains(&true) {
                    return Sense::Common;
                }
                // A narrower term is made of several words and no word for the general one.
                let narrower =
                    targets.iter().zip(&known).all(|(t, known)| !known && self.lexicon.words(t).len() > 1);
                Sense::General { signs: Signs::Stem { id, common, targets }, narrower }
            }
            Lang::Zh => {
                let term = self.lexicon.fold(term);
                let Some(entry) = self.lexicon.entry(&term) else { return Sense::Certain };
                if self.lexicon.words(&term).len() != 1 {
                    return Sense::Certain;
                }
                let stems = memory.renderings(&self.lexicon, &term);
                let mut content = |t: &str| -> Vec<bool> {
                    let list = en_words(t).into_iter().map(|w| w.0);
                    list.filter(|w| !is_function_word(&stem(w)))
                        .map(|w| {
                            memory.stem(&self.lexicon, &w).is_some_and(|id| stems.binary_search(&id).is_ok())
                        })
                        .collect()
                };
                let known: Vec<Vec<bool>> = approved.by_ref().map(&mut content).collect();
                let common = self.lexicon.entry_probability(entry) >= GENERAL;
                if common && known.iter().all(|k| k.contains(&false)) {
                    return Sense::Common;
                }
                let narrower = known.iter().all(|k| k.len() > 1 && k.contains(&false));
                Sense::General { signs: Signs::Stems(stems), narrower }
            }
        }
    }
}
