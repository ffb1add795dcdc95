//! How well a run of segments of one side accounts for the words of each segment of the other side.
//!
//! The token log-likelihood ratio ℓ(u | window) = min(8, ln(1 − λ + λ·s/(L·k·p(u)))) with s the greatest link
//! strength of a word of the window, L the window's length in words, p(u) the word's probability. Longer windows
//! dilute: a merge that brings no new match costs. Only matched tokens need a logarithm; the unmatched ones
//! contribute ln(1 − λ) each.

use super::band::Band;
use super::links::{Links, Postings};
use super::math::ln_coarse;
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

    /// Computes the table, in parallel over the rows. `words[row]` is the effective number of words of each row
    /// segment.
    pub fn new(
        rows: &Text,
        columns: &Text,
        links: &Links,
        postings: &Postings,
        words: &[f32],
        band: &Band,
        longest: usize,
    ) -> Coverage {
        let n = rows.len();
        let table = Table { rows, columns, links, postings, words, band, longest };
        let rarity: Vec<f32> = columns.types.iter().map(|t| 1.0 / (SPREAD * t.probability)).collect();
        let segment_of = segment_of_tokens(columns);
        let starts: Vec<usize> = (0..n).step_by(CHUNK).collect();
        let parts: Vec<Part> = starts
            .into_par_iter()
            .map(|from| table.part(from..(from + CHUNK).min(n), &rarity, &segment_of))
            .collect();
        let mut out = Coverage {
            longest,
            starts: Vec::with_capacity(n * longest),
            sums: Vec::with_capacity(parts.iter().map(|p| p.sums.len()).sum()),
            low: (0..=n).map(|i| band.low(i) as u32).collect(),
        };
        for part in parts {
            let base = out.sums.len();
            out.starts.extend(part.starts.iter().map(|s| base + s));
            out.sums.extend_from_slice(&part.sums);
        }
        out
    }
}

/// Rows computed at a time by one thread.
const CHUNK: usize = 256;

/// What the table is computed from.
struct Table<'a> {
    rows: &'a Text,
    columns: &'a Text,
    links: &'a Links,
    postings: &'a Postings,
    words: &'a [f32],
    band: &'a Band,
    longest: usize,
}

/// The windows of some rows.
struct Part {
    starts: Vec<usize>,
    sums: Vec<f32>,
}

impl Table<'_> {
    fn part(&self, rows: Range<usize>, rarity: &[f32], segment_of: &[u32]) -> Part {
        let (n, longest) = (self.rows.len(), self.longest);
        let matches = self.matches(rows.start..(rows.end + longest - 1).min(n));
        let mut out = Part { starts: Vec::with_capacity(rows.len() * longest), sums: Vec::new() };
        let base = matches.base;
        let mut best: Vec<f32> = vec![0.0; matches.width];
        let mut touched: Vec<u32> = Vec::new();
        let mut gains: Vec<f32> = Vec::new();
        for row in rows.clone() {
            let low = self.band.low(row);
            let mut total_words = 0.0;
            for length in 1..=longest.min(n - row) {
                let high = self.band.high(row + length);
                total_words += self.words[row + length - 1];
                let tokens = self.columns.tokens(low..high);
                for &(token, strength) in matches.of(row + length - 1 - rows.start) {
                    let slot = &mut best[token as usize];
                    if base + (token as usize) < tokens.start {
                        continue;
                    }
                    if *slot == 0.0 {
                        touched.push(token);
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

    /// For each row segment, the column tokens near it that it matches, with the greatest strength.
    fn matches(&self, rows: Range<usize>) -> Matches {
        // Windows that contain a row start up to `longest − 1` rows earlier and end as many later.
        let low = |row: usize| self.band.low((row + 1).saturating_sub(self.longest));
        let high = |row: usize| self.band.high((row + self.longest).min(self.rows.len()));
        let all = self.columns.tokens(low(rows.start)..high(rows.end - 1));
        let base = all.start;
        let mut out = Matches { base, width: all.len(), starts: vec![0], tokens: Vec::new() };
        let mut best: Vec<f32> = vec![0.0; all.len()];
        let mut touched: Vec<u32> = Vec::new();
        let mut cursor = self.postings.cursor(base);
        for row in rows {
            let tokens = self.columns.tokens(low(row)..high(row));
            for token in self.rows.tokens(row..row + 1) {
                for &(to, strength) in self.links.of(self.rows.kind[token]) {
                    for &t in cursor.within(to, &tokens) {
                        let slot = &mut best[t as usize - base];
                        if *slot == 0.0 {
                            touched.push(t - base as u32);
                        }
                        *slot = slot.max(strength);
                    }
                }
            }
            for &t in &touched {
                out.tokens.push((t, best[t as usize]));
                best[t as usize] = 0.0;
            }
            touched.clear();
            out.starts.push(out.tokens.len());
        }
        out
    }
}

/// The segment of each token.
fn segment_of_tokens(text: &Text) -> Vec<u32> {
    let mut out = Vec::with_capacity(text.kind.len());
    for k in 0..text.len() {
        out.resize(text.starts[k + 1] as usize, k as u32);
    }
    out
}

/// Matched tokens of each row of a chunk, counted from `base`.
struct Matches {
    base: usize,
    width: usize,
    starts: Vec<usize>,
    tokens: Vec<(u32, f32)>,
}

impl Matches {
    fn of(&self, row: usize) -> &[(u32, f32)] {
        &self.tokens[self.starts[row]..self.starts[row + 1]]
    }
}
