//! How well a run of segments of one side accounts for the words of each segment of the other side.
//!
//! The token log-likelihood ratio ℓ(u | window) = min(8, ln(1 − λ + λ·s/(L·k·p(u)))) with s the greatest link
//! strength of a word of the window, L the window's length in words, p(u) the word's probability. Longer windows
//! dilute: a merge that brings no new match costs. Only matched tokens need a logarithm; the unmatched ones
//! contribute ln(1 − λ) each.

use super::band::Band;
use super::math::ln_coarse;
use super::pairs::Pairs;
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

/// For every window of row segments, the sums of gains over the column segments inside the band.
#[derive(Debug)]
pub(crate) struct Coverage {
    longest: usize,
    /// `starts[row * longest + (length − 1)]` is where the sums of that window begin.
    starts: Vec<usize>,
    /// Prefix sums over column segments from the band's low end.
    sums: Vec<f32>,
    low: Vec<u32>,
}

impl Coverage {
    /// The gain of the columns `from..to` from the window of `length` rows at `row`.
    #[inline]
    pub fn gain(&self, row: usize, length: usize, from: usize, to: usize) -> f32 {
        let base = self.starts[row * self.longest + length - 1];
        let low = self.low[row] as usize;
        self.sums[base + to - low] - self.sums[base + from - low]
    }

    /// What Chinese windows account for in English segments, and what English windows do in Chinese ones.
    /// `words` are the effective numbers of words of the Chinese and of the English segments.
    pub fn both(
        (zh, en): (&Text, &Text),
        pairs: &Pairs,
        words: (&[f32], &[f32]),
        band: &Band,
        longest: usize,
    ) -> (Coverage, Coverage) {
        let sideways = band.transposed();
        rayon::join(
            || {
                let rows = |i| pairs.of_chinese(i).iter().map(|p| (p.en, p.strength));
                Table { rows, columns: en, words: words.0, band, longest }.build()
            },
            || {
                let rows = |j| pairs.of_english(j).iter().map(|p| (p.zh, p.strength));
                Table { rows, columns: zh, words: words.1, band: &sideways, longest }.build()
            },
        )
    }
}

/// Rows computed at a time by one thread.
const CHUNK: usize = 256;

/// What the table is computed from. `rows` gives the column tokens that a row segment matches.
struct Table<'a, R> {
    rows: R,
    columns: &'a Text,
    words: &'a [f32],
    band: &'a Band,
    longest: usize,
}

/// The windows of some rows.
struct Part {
    starts: Vec<usize>,
    sums: Vec<f32>,
}

impl<R, M> Table<'_, R>
where
    R: Fn(usize) -> M + Sync,
    M: Iterator<Item = (u32, f32)>,
{
    fn build(&self) -> Coverage {
        let n = self.words.len();
        let rarity: Vec<f32> = self.columns.types.iter().map(|t| 1.0 / (SPREAD * t.probability)).collect();
        let segment_of = self.columns.segment_of_tokens();
        let chunks: Vec<Range<usize>> = (0..n).step_by(CHUNK).map(|i| i..(i + CHUNK).min(n)).collect();
        let parts: Vec<Part> =
            chunks.into_par_iter().map(|rows| self.part(rows, &rarity, &segment_of)).collect();
        let mut out = Coverage {
            longest: self.longest,
            starts: Vec::with_capacity(n * self.longest),
            sums: Vec::with_capacity(parts.iter().map(|p| p.sums.len()).sum()),
            low: (0..=n).map(|i| self.band.low(i) as u32).collect(),
        };
        for part in parts {
            let base = out.sums.len();
            out.starts.extend(part.starts.iter().map(|s| base + s));
            out.sums.extend_from_slice(&part.sums);
        }
        out
    }

    fn part(&self, rows: Range<usize>, rarity: &[f32], segment_of: &[u32]) -> Part {
        let (n, longest) = (self.words.len(), self.longest);
        let mut out = Part { starts: Vec::with_capacity(rows.len() * longest), sums: Vec::new() };
        let reach =
            self.columns.tokens(self.band.low(rows.start)..self.band.high((rows.end + longest - 1).min(n)));
        let base = reach.start;
        let mut best: Vec<f32> = vec![0.0; reach.len()];
        let mut touched: Vec<u32> = Vec::new();
        let mut gains: Vec<f32> = Vec::new();
        for row in rows {
            let low = self.band.low(row);
            let mut total_words = 0.0;
            for length in 1..=longest.min(n - row) {
                let high = self.band.high(row + length);
                total_words += self.words[row + length - 1];
                let tokens = self.columns.tokens(low..high);
                for (token, strength) in (self.rows)(row + length - 1) {
                    let t = token as usize;
                    if t < tokens.start || t >= reach.end {
                        continue;
                    }
                    let slot = &mut best[t - base];
                    if *slot == 0.0 {
                        touched.push(token - base as u32);
                    }
                    *slot = slot.max(strength);
                }
                gains.clear();
                gains.resize(high - low, 0.0);
                let each = 1.0 / total_words.max(1.0);
                for &token in &touched {
                    let t = base + token as usize;
                    if t < tokens.end {
                        let ratio = best[token as usize] * each * rarity[self.columns.kind[t] as usize];
                        gains[segment_of[t] as usize - low] += gain_of_ratio(ratio);
                    }
                }
                out.starts.push(out.sums.len());
                let mut sum = 0.0;
                out.sums.push(0.0);
                for g in &gains {
                    sum += g;
                    out.sums.push(sum);
                }
            }
            for _ in longest.min(n - row)..longest {
                out.starts.push(out.sums.len());
            }
            for &token in &touched {
                best[token as usize] = 0.0;
            }
            touched.clear();
        }
        out
    }
}
