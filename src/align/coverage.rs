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
    let ratio = 1.0 - LAMBDA + LAMBDA * strength / (words * SPREAD * p);
    (ln_coarse(ratio).min(CAP) - UNMATCHED).max(0.0)
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

    /// Computes the table. `words[row]` is the effective number of words of each row segment.
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
        let matches = Matches::new(rows, columns, links, postings, band, longest);
        let mut table = Coverage {
            longest,
            starts: Vec::with_capacity(n * longest + 1),
            sums: Vec::new(),
            low: (0..=n).map(|i| band.low(i) as u32).collect(),
        };
        let mut best: Vec<f32> = vec![0.0; columns.kind.len()];
        let mut touched: Vec<u32> = Vec::new();
        let segment_of = segment_of_tokens(columns);
        let mut gains: Vec<f32> = Vec::new();
        for row in 0..n {
            let low = band.low(row);
            let mut total_words = 0.0;
            for length in 1..=longest.min(n - row) {
                let high = band.high(row + length);
                total_words += words[row + length - 1];
                let tokens = columns.tokens(low..high);
                for &(token, strength) in matches.of(row + length - 1) {
                    let t = token as usize;
                    if t < tokens.start || t >= columns.kind.len() {
                        continue;
                    }
                    if best[t] == 0.0 {
                        touched.push(token);
                    }
                    best[t] = best[t].max(strength);
                }
                gains.clear();
                gains.resize(high - low, 0.0);
                let effective = total_words.max(1.0);
                for &token in &touched {
                    let t = token as usize;
                    if t < tokens.end {
                        let p = columns.types[columns.kind[t] as usize].probability;
                        gains[segment_of[t] as usize - low] += gain(best[t], effective, p);
                    }
                }
                table.starts.push(table.sums.len());
                let mut sum = 0.0;
                table.sums.push(0.0);
                for g in &gains {
                    sum += g;
                    table.sums.push(sum);
                }
            }
            for _ in longest.min(n - row)..longest {
                table.starts.push(table.sums.len());
            }
            for &token in &touched {
                best[token as usize] = 0.0;
            }
            touched.clear();
        }
        table
    }
}

/// The segment of each token.
pub(crate) fn segment_of_tokens(text: &Text) -> Vec<u32> {
    let mut out = Vec::with_capacity(text.kind.len());
    for k in 0..text.len() {
        out.resize(text.starts[k + 1] as usize, k as u32);
    }
    out
}

/// For each row segment, the column tokens near it that it matches, with the greatest strength.
struct Matches {
    starts: Vec<usize>,
    tokens: Vec<(u32, f32)>,
}

impl Matches {
    fn new(
        rows: &Text,
        columns: &Text,
        links: &Links,
        postings: &Postings,
        band: &Band,
        longest: usize,
    ) -> Self {
        let n = rows.len();
        let mut out = Matches { starts: vec![0], tokens: Vec::new() };
        let mut best: Vec<f32> = vec![0.0; columns.kind.len()];
        let mut touched: Vec<u32> = Vec::new();
        for row in 0..n {
            // Windows that contain this row start up to `longest − 1` rows earlier and end as many later.
            let low = band.low((row + 1).saturating_sub(longest));
            let high = band.high((row + longest).min(n));
            let tokens = columns.tokens(low..high);
            for token in rows.tokens(row..row + 1) {
                for &(to, strength) in links.of(rows.kind[token]) {
                    for &t in postings.within(to, &tokens) {
                        let slot = &mut best[t as usize];
                        if *slot == 0.0 {
                            touched.push(t);
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

    fn of(&self, row: usize) -> &[(u32, f32)] {
        &self.tokens[self.starts[row]..self.starts[row + 1]]
    }
}
