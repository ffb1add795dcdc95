//! Where in the target the rendering of a stretch of the source is to be looked for: near what the words around it
//! are rendered by.

use super::super::matcher::Hit;
use super::super::pairing::{Pair, pairs};
use super::Checker;
use super::unit::Both;
use super::words::Memory;
use crate::model::Lang;
use std::ops::Range;

/// A place of the source and the entries whose term stands there.
pub(super) struct Place<'t> {
    pub entries: &'t [usize],
    pub hit: &'t Hit,
}

/// Words so far away say where a term is rendered, and its rendering stands so close to theirs: bytes, of which
/// Chinese and English need about as many for the same text. Chosen: some twenty Chinese characters, a clause or two.
const NEAR: usize = 60;
/// So many words around a term are asked, the nearest first. Chosen: two on each side, or all of one side.
const NEIGHBOURS: usize = 4;

/// How well a stretch of the target stands where a stretch of the source should be rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Nearness {
    /// The words around the source are rendered elsewhere.
    Far,
    /// At least one of the words around it, or its end of the text, is rendered near.
    May,
    /// The lexicon pairs none of the words around it.
    Open,
    /// Most of them are.
    Near,
    /// It renders a word of the source stretch itself.
    Own,
}

impl Checker {
    /// Whether a stretch of the target stands where a stretch of the source should be rendered: at the rendering of its
    /// own words, or near those of the words around it, as far as the lexicon knows any.
    pub(super) fn in_place(
        &self,
        both: &Both<'_>,
        source: &Range<usize>,
        target: &Range<usize>,
        memory: &mut Memory,
    ) -> Nearness {
        let from = usize::from(self.langs[0] == Lang::En);
        let overlap = |a: &Range<usize>, b: &Range<usize>| a.start < b.end && b.start < a.end;
        let mut around: Vec<(usize, &Pair)> = Vec::new();
        for pair in both.links(self, memory) {
            let own = overlap(&pair.bytes[from], source);
            let taken = overlap(&pair.bytes[1 - from], target);
            if own && taken {
                return Nearness::Own;
            }
            let away = gap(&pair.bytes[from], source);
            if !own && !taken && away <= NEAR {
                around.push((away, pair));
            }
        }
        around.sort_by_key(|x| x.0);
        let near = |x: &&(usize, &Pair)| gap(&x.1.bytes[1 - from], target) <= NEAR;
        let some = around.iter().any(|x| near(&x));
        around.truncate(NEIGHBOURS);
        let close = around.iter().filter(near).count();
        let begin = source.start.max(target.start) <= NEAR;
        let end = (both.source.len() - source.end).max(both.target.len() - target.end) <= NEAR;
        if around.is_empty() {
            Nearness::Open
        } else if close * 2 >= around.len() {
            Nearness::Near
        } else if some || begin || end {
            Nearness::May
        } else {
            Nearness::Far
        }
    }
}

impl Both<'_> {
    /// The words of both sides that the lexicon pairs.
    pub fn links(&self, checker: &Checker, memory: &mut Memory) -> &[Pair] {
        self.links.get_or_init(|| {
            let [zh, en] = match checker.langs[0] {
                Lang::Zh => [self.source, self.target],
                Lang::En => [self.target, self.source],
            };
            pairs(&checker.lexicon, &mut memory.seen, zh, en)
        })
    }
}

/// How many bytes lie between two stretches; none where they meet.
fn gap(a: &Range<usize>, b: &Range<usize>) -> usize {
    if a.end <= b.start { b.start - a.end } else { a.start.saturating_sub(b.end) }
}
