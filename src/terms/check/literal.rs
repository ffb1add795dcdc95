//! What the words of a missing term are each rendered by, as far as the lexicon pairs them: by words of the termbase's
//! term, which then stand apart, or by others, word by word.

use super::super::form::Form;
use super::super::pairing::Pair;
use super::Checker;
use super::place::Place;
use super::unit::Both;
use super::words::Memory;
use crate::lexicon::is_function_word;
use crate::model::Lang;
use std::ops::Range;

/// Words of content that stand together have at most so many bytes between one another. Chosen: room for a short word
/// of grammar.
const TOGETHER: usize = 6;

impl Checker {
    /// Whether the words of a term of several words are paired with those of one of its targets, each with one: 監管認可機構的操守 for
    /// “conduct supervision”, 操守監管.
    pub(super) fn paired_words(&self, both: &Both<'_>, place: &Place<'_>, memory: &mut Memory) -> bool {
        let Some(pairs) = self.all_paired(both, place, memory) else { return false };
        let mut forms = self.allowed(place.entries).flat_map(|t| &t.forms);
        let covers = |form: &Form| match self.langs[1] {
            Lang::Zh => form
                .cut
                .iter()
                .filter(|w| w.len() > 1)
                .all(|w| pairs.iter().any(|p| w.iter().copied().eq(p.zh.chars()))),
            Lang::En => pairs.len() >= form.stems.len(),
        };
        forms.any(|f| covers(f) && pairs.iter().all(|pair| self.has_word(both, f, pair)))
    }

    /// Whether words that stand together render a term of several words one by one, and its targets have none of them:
    /// 機構投資者 as “institutional investors”, where the list has “asset owners” from a single place.
    pub(super) fn word_by_word(&self, both: &Both<'_>, place: &Place<'_>, memory: &mut Memory) -> bool {
        let Some(pairs) = self.all_paired(both, place, memory) else { return false };
        let target = usize::from(self.langs[1] == Lang::En);
        let mut stretches: Vec<Range<usize>> = pairs.iter().map(|p| p.bytes[target].clone()).collect();
        stretches.sort_by_key(|r| r.start);
        if !stretches.windows(2).all(|w| w[1].start <= w[0].end + TOGETHER) {
            return false;
        }
        let ids = self.stems_of(both, place, memory);
        let initial = |r: &Range<usize>| both.target[r.start..].chars().next();
        let initials: Vec<char> = stretches.iter().filter_map(initial).flat_map(char::to_uppercase).collect();
        let mut renders = |form: &Form| match self.langs[1] {
            // An abbreviation of other words: 研究中心 as HKIMR from a single place.
            Lang::En if !form.initials.is_empty() => form.initials == initials,
            Lang::En => form
                .surfaces
                .iter()
                .any(|w| memory.stem(&self.lexicon, w).is_none_or(|id| ids.binary_search(&id).is_ok())),
            Lang::Zh => form.cut.iter().any(|w| {
                let word: String = w.iter().collect();
                let known = memory.renderings(&self.lexicon, &word);
                known.is_empty() || known.iter().any(|id| ids.binary_search(id).is_ok())
            }),
        };
        !self.allowed(place.entries).flat_map(|t| &t.forms).any(&mut renders)
    }

    /// The pairs of all words of content of a term, if it has several and each is paired.
    fn all_paired<'b>(
        &self,
        both: &'b Both<'_>,
        place: &Place<'_>,
        memory: &mut Memory,
    ) -> Option<Vec<&'b Pair>> {
        let source = usize::from(self.langs[0] == Lang::En);
        let Range { start, end } = place.hit.bytes;
        let inside = |r: &Range<usize>| start <= r.start && r.end <= end;
        let pairs: Vec<&Pair> =
            both.links(self, memory).iter().filter(|p| inside(&p.bytes[source])).collect();
        let count = match self.langs[0] {
            Lang::En => {
                let words = both.tokens[0].spans[place.hit.tokens.clone()].iter();
                words.filter(|r| !is_function_word(&both.source[(*r).clone()].to_lowercase())).count()
            }
            Lang::Zh => self.lexicon.words(&self.lexicon.fold(&both.source[start..end])).len(),
        };
        (count > 1 && pairs.len() == count).then_some(pairs)
    }

    /// Whether the target's word of a pair is one of a form.
    fn has_word(&self, both: &Both<'_>, form: &Form, pair: &Pair) -> bool {
        match self.langs[1] {
            Lang::Zh => form.cut.iter().any(|w| w.iter().copied().eq(pair.zh.chars())),
            Lang::En => {
                let at = &pair.bytes[1];
                let stands = |s: &&(u32, Range<usize>)| s.1 == *at;
                both.reading.stems.iter().flatten().find(stands).is_some_and(|s| form.stems.contains(&s.0))
            }
        }
    }
}
