//! What beads ask of the run of segments on one side, read off once for every run.

use super::coverage::{ENOUGH_GAIN, UNMATCHED};
use super::math::ln_coarse;
use super::shapes::LONGEST;
use super::text::Text;
use rayon::prelude::*;

/// A segment of the run asks, or exclaims.
pub(crate) const ASKS: u8 = 1;
pub(crate) const EXCLAIMS: u8 = 1 << 1;
/// The first segment opens with a quotation, or follows a paragraph break.
pub(crate) const OPENS_QUOTED: u8 = 1 << 2;
pub(crate) const STARTS_BLOCK: u8 = 1 << 3;
/// The last segment ends inside a quotation, or without a stop.
pub(crate) const INSIDE_QUOTE: u8 = 1 << 4;
pub(crate) const OPEN_END: u8 = 1 << 5;
/// How many sets of signs there are.
pub(crate) const SETS: usize = 1 << 6;

/// Some segments that follow each other.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Run {
    /// Chinese characters, or English letters and digits.
    pub length: f32,
    /// What its words contribute where none has a match, in nats.
    pub unmatched: f32,
    /// Sentences, quotation marks, and paragraph breaks inside.
    pub sentences: f32,
    pub quotes: f32,
    pub breaks: f32,
    /// ln(1 + clauses), as far as commas and semicolons tell.
    pub clauses: f32,
    /// [`ASKS`] and the others.
    pub signs: u8,
}

/// All runs of a text up to the longest in a bead.
#[derive(Debug)]
pub(crate) struct Runs {
    runs: Vec<[Run; LONGEST]>,
    /// Of each segment one over the gain at which it is fully supported.
    enough: Vec<f32>,
}

impl Runs {
    pub fn new(text: &Text) -> Runs {
        let of_start = |start: usize| {
            let mut runs = [Run::default(); LONGEST];
            for (end, run) in (start + 1..=text.len()).zip(&mut runs) {
                *run = read(text, start, end);
            }
            runs
        };
        let enough = |w: &[u32]| 1.0 / (ENOUGH_GAIN * (w[1] - w[0]).max(1) as f32);
        Runs {
            runs: (0..text.len()).into_par_iter().map(of_start).collect(),
            enough: text.starts.windows(2).map(enough).collect(),
        }
    }

    /// The run of `count` segments from `start` on.
    #[inline]
    pub fn of(&self, start: u32, count: u8) -> &Run {
        &self.runs[start as usize][usize::from(count) - 1]
    }

    /// How little the least supported segment of a merged side has to do with the other side: 0 where every segment has its
    /// share, 1 where one has nothing. It tells a null next to a pair from a true merge. `sums` are the gains of the segments
    /// from `start` on, summed up.
    #[inline]
    pub fn weakest(&self, start: u32, sums: &[f32]) -> f32 {
        let gains = sums.windows(2).map(|w| w[1] - w[0]);
        let lacks = gains.zip(&self.enough[start as usize..]).map(|(gain, enough)| 1.0 - gain * enough);
        lacks.fold(0.0, |most: f32, lack| if lack > most { lack } else { most })
    }
}

fn read(text: &Text, start: usize, end: usize) -> Run {
    let count = |sums: &[u32]| (sums[end] - sums[start]) as f32;
    let (first, last) = (text.marks[start], text.marks[end - 1]);
    let signs = [
        (ASKS, count(&text.questions) > 0.0),
        (EXCLAIMS, count(&text.exclamations) > 0.0),
        (OPENS_QUOTED, first.opens_quoted),
        (STARTS_BLOCK, first.starts_block),
        (INSIDE_QUOTE, last.inside_quote),
        (OPEN_END, last.open_end),
    ];
    Run {
        length: text.length(start..end),
        unmatched: UNMATCHED * text.tokens(start..end).len() as f32,
        sentences: count(&text.sentences),
        quotes: count(&text.quotes),
        breaks: text.marks[start + 1..end].iter().filter(|m| m.starts_block).count() as f32,
        clauses: ln_coarse(count(&text.clauses) + 1.0),
        signs: signs.into_iter().filter(|(_, has)| *has).map(|(sign, _)| sign).sum(),
    }
}
