//! How well a run of segments of one side accounts for the words of each segment of the other side.
//!
//! The token log-likelihood ratio ℓ(u | window) = min(8, ln(1 − λ + λ·s/(L·k·p(u)))) with s the greatest link
//! strength of a word of the window, L the window's length in words, p(u) the word's probability. Longer windows
//! dilute: a merge that brings no new match costs. Only matched tokens need a logarithm; the unmatched ones
//! contribute ln(1 − λ) each.

use super::band::Band;
use super::math::ln_coarse;
use super::pairs::{CHUNK, Stretch};
use super::shapes::LONGEST_QUICK;
use super::text::Text;
use rayon::prelude::*;
use std::ops::Range;

/// The share of words that are translated word by word; measured on hand-aligned novels.
pub(crate) const LAMBDA: f32 = 0.75;
/// How many words of the other side share the probability of one; measured on hand-aligned novels.
pub(crate) const SPREAD: f32 = 3.0;
/// The greatest ratio one token may contribute, in nats.
pub(crate) const CAP: f32 = 8.0;

/// The contribution of a token with probability `p` and best match `strength` in a window of `words` words,
/// above that of an unmatched token.
#[inline]
pub(crate) fn gain(strength: f32, words: f32, p: f32) -> f32 {
    gain_of_ratio(strength / (words * SPREAD * p))
}

/// [`gain`] from how much likelier the match makes the token.
#[inline]
fn gain_of_ratio(ratio: f32) -> f32 {
    (ln_coarse(1.0 - LAMBDA + LAMBDA * ratio).min(CAP) - UNMATCHED).max(0.0)
}

/// ln(1 − λ): the contribution of an unmatched token.
pub(crate) const UNMATCHED: f32 = -1.386_294_4;

/// What the words of both sides of a bead gain from each other: running sums over the segments of a side, one more than there
/// are. Empty where a side is.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Bags<'s> {
    pub en: &'s [f32],
    pub zh: &'s [f32],
}

/// The gains of all beads of a band.
pub(crate) struct Coverages {
    en_from_zh: Coverage,
    zh_from_en: Coverage,
}

/// For every window of row segments, the sums of gains over the column segments that a bead with it can reach.
struct Coverage {
    longest: usize,
    /// The windows that start in the first [`CHUNK`] rows, in the second …
    parts: Vec<Part>,
}

/// The windows of some rows.
#[derive(Debug)]
struct Part {
    /// `starts[row * longest + (length − 1)]` is where the sums of that window would begin for column 0.
    starts: Vec<isize>,
    /// Prefix sums over column segments.
    sums: Vec<f32>,
}

impl Coverage {
    /// The gains of columns from the window of `length` rows at `row`, summed up: one more value than columns.
    #[inline]
    fn sums(&self, row: usize, length: usize, columns: Range<usize>) -> &[f32] {
        let part = &self.parts[row / CHUNK];
        let base = part.starts[row % CHUNK * self.longest + length - 1];
        &part.sums[(base + columns.start as isize) as usize..=(base + columns.end as isize) as usize]
    }
}

impl Coverages {
    /// The gains of a bead.
    #[inline]
    pub fn of(&self, zh: Range<usize>, en: Range<usize>) -> Bags<'_> {
        if zh.is_empty() || en.is_empty() {
            return Bags::default();
        }
        Bags {
            en: self.en_from_zh.sums(zh.start, zh.len(), en.clone()),
            zh: self.zh_from_en.sums(en.start, en.len(), zh),
        }
    }

    /// What Chinese windows account for in English segments, and what English windows do in Chinese ones.
    /// The stretches make up the texts; `words` are the effective numbers of words of the Chinese and of
    /// the English segments; `core` is the part of the band in which more than simple beads are considered.
    pub fn new(
        (zh, en): (&Text, &Text),
        stretches: impl Iterator<Item = Stretch>,
        words: (&[f32], &[f32]),
        band: &Band,
        core: &Band,
        shapes: &[(u8, u8)],
    ) -> Coverages {
        let (sideways, core_sideways) = (band.transposed(), core.transposed());
        let partner = partners(shapes.iter().copied());
        let of_english = Table::new(en, words.0, band, core, partner);
        let partner = partners(shapes.iter().map(|&(n, m)| (m, n)));
        let of_chinese = Table::new(zh, words.1, &sideways, &core_sideways, partner);
        let (mut en_parts, mut zh_parts) = (Vec::new(), Vec::new());
        for Stretch { rows, columns, chinese, english } in stretches {
            let pairs_of_row = |i| chinese.of(i).iter().map(|p| (p.en, p.strength));
            let pairs_of_column = |j| english.of(j).iter().map(|p| (p.zh, p.strength));
            rayon::join(
                || en_parts.extend(of_english.parts(rows, pairs_of_row)),
                || zh_parts.extend(of_chinese.parts(columns, pairs_of_column)),
            );
        }
        Coverages {
            en_from_zh: Coverage { longest: of_english.partner.len(), parts: en_parts },
            zh_from_en: Coverage { longest: of_chinese.partner.len(), parts: zh_parts },
        }
    }
}

/// For windows of one, two … rows the greatest number of columns in a bead with them.
fn partners(shapes: impl Iterator<Item = (u8, u8)>) -> Vec<usize> {
    let mut out = Vec::new();
    for (rows, columns) in shapes.map(|(n, m)| (usize::from(n), usize::from(m))).filter(|s| s.0 > 0) {
        if out.len() < rows {
            out.resize(rows, 0);
        }
        out[rows - 1] = out[rows - 1].max(columns);
    }
    out
}

/// The column tokens that the present window matches. Flat vectors, so that the logarithms are taken side by side.
#[derive(Default)]
struct Touched {
    /// Per token of the reach its place below plus one, or 0.
    slot: Vec<u32>,
    token: Vec<u32>,
    segment: Vec<u32>,
    /// The greatest strength times the token's rarity.
    weight: Vec<f32>,
    gain: Vec<f32>,
}

impl Touched {
    fn add(&mut self, token: usize, segment: u32, weight: f32) {
        match self.slot[token] {
            0 => {
                self.token.push(token as u32);
                self.segment.push(segment);
                self.weight.push(weight);
                self.slot[token] = self.token.len() as u32;
            }
            k => {
                let best = &mut self.weight[k as usize - 1];
                *best = best.max(weight);
            }
        }
    }

    /// Adds the gains to the columns from `first` on; `each` is one over the number of words in the window.
    fn add_to(&mut self, columns: &mut [f32], first: usize, each: f32) {
        self.gain.clear();
        self.gain.extend(self.weight.iter().map(|w| gain_of_ratio(w * each)));
        for (gain, &segment) in self.gain.iter().zip(&self.segment) {
            if let Some(sum) = columns.get_mut((segment as usize).wrapping_sub(first)) {
                *sum += gain;
            }
        }
    }

    fn clear(&mut self) {
        for &token in &self.token {
            self.slot[token as usize] = 0;
        }
        self.token.clear();
        self.segment.clear();
        self.weight.clear();
    }
}

/// A token of the columns.
#[derive(Clone, Copy)]
struct Token {
    segment: u32,
    /// One over the probability of its word and those that share it.
    rarity: f32,
}

/// What the gains are computed from, but for the pairs.
struct Table<'a> {
    columns: &'a Text,
    words: &'a [f32],
    band: &'a Band,
    /// The band of the windows with more rows than simple beads have.
    core: &'a Band,
    /// The greatest number of columns in a bead with one, two … rows.
    partner: Vec<usize>,
    tokens: Vec<Token>,
}

impl<'a> Table<'a> {
    fn new(
        columns: &'a Text,
        words: &'a [f32],
        band: &'a Band,
        core: &'a Band,
        partner: Vec<usize>,
    ) -> Table<'a> {
        let rarity: Vec<f32> = columns.types.iter().map(|t| 1.0 / (SPREAD * t.probability)).collect();
        let token = |(segment, &kind): (u32, &u32)| Token { segment, rarity: rarity[kind as usize] };
        let tokens = columns.segment_of_tokens().into_iter().zip(&columns.kind).map(token).collect();
        Table { columns, words, band, core, partner, tokens }
    }

    /// The windows that start in `rows`, whose start is that of a chunk. `pairs` gives the column tokens that a row segment
    /// matches.
    fn parts<M>(&self, rows: Range<usize>, pairs: impl Fn(usize) -> M + Sync) -> Vec<Part>
    where
        M: Iterator<Item = (u32, f32)>,
    {
        let chunks: Vec<Range<usize>> =
            rows.clone().step_by(CHUNK).map(|i| i..(i + CHUNK).min(rows.end)).collect();
        chunks.into_par_iter().map(|rows| self.part(rows, &pairs)).collect()
    }

    fn part<M>(&self, rows: Range<usize>, pairs: impl Fn(usize) -> M) -> Part
    where
        M: Iterator<Item = (u32, f32)>,
    {
        let (n, longest) = (self.words.len(), self.partner.len());
        let mut out = Part { starts: Vec::with_capacity(rows.len() * longest), sums: Vec::new() };
        let reach =
            self.columns.tokens(self.band.low(rows.start)..self.band.high((rows.end + longest - 1).min(n)));
        let base = reach.start;
        let mut touched = Touched { slot: vec![0; reach.len()], ..Touched::default() };
        let mut gains: Vec<f32> = Vec::new();
        for row in rows {
            let mut total_words = 0.0;
            let most = longest.min(n - row);
            // Long windows are read again from their first row: their beads reach far fewer columns.
            let simple = most.min(LONGEST_QUICK);
            for lengths in [1..=simple, simple + 1..=most] {
                let reaches = lengths.clone().map(|length| self.reach(row, length));
                let wanted = reaches.reduce(|a, b| a.start.min(b.start)..a.end.max(b.end));
                let wanted = self.columns.tokens(wanted.unwrap_or(0..0));
                let add = |touched: &mut Touched, row: usize| {
                    for (token, strength) in pairs(row) {
                        let t = token as usize;
                        if wanted.contains(&t) {
                            let Token { segment, rarity } = self.tokens[t];
                            touched.add(t - base, segment, strength * rarity);
                        }
                    }
                };
                touched.clear();
                (row..row + lengths.start() - 1).for_each(|row| add(&mut touched, row));
                for length in lengths {
                    let columns = self.reach(row, length);
                    total_words += self.words[row + length - 1];
                    add(&mut touched, row + length - 1);
                    gains.clear();
                    gains.resize(columns.len(), 0.0);
                    let each = 1.0 / total_words.max(1.0);
                    touched.add_to(&mut gains, columns.start, each);
                    out.starts.push(out.sums.len() as isize - columns.start as isize);
                    let mut sum = 0.0;
                    out.sums.push(0.0);
                    for g in &gains {
                        sum += g;
                        out.sums.push(sum);
                    }
                }
            }
            out.starts.extend((most..longest).map(|_| 0));
        }
        out
    }

    /// The columns that beads with the window can hold.
    fn reach(&self, row: usize, length: usize) -> Range<usize> {
        let partner = self.partner[length - 1];
        let band = if length > LONGEST_QUICK { self.core } else { self.band };
        let (from, to) = (band.range(row), band.range(row + length));
        let low = (*from.start()).max(to.start().saturating_sub(partner)).max(self.band.low(row));
        let high = (*to.end()).min(from.end() + partner).min(self.band.high(row + length));
        low..high.max(low)
    }
}
