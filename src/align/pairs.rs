//! The linked words that stand near each other: found once for a band, read from both sides and with their places.

use super::band::Band;
use super::links::{Links, Postings};
use super::text::Text;
use rayon::prelude::*;
use std::ops::Range;

/// Segments read at a time by one thread.
const CHUNK: usize = 256;

/// One pair of linked words, by their token numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair {
    pub zh: u32,
    pub en: u32,
    pub strength: f32,
}

/// The pairs that some bead inside a band can use.
pub(crate) struct Pairs {
    zh_starts: Vec<usize>,
    by_zh: Vec<Pair>,
    en_starts: Vec<usize>,
    by_en: Vec<Pair>,
}

impl Pairs {
    /// Finds them among the words for which `counts` holds (by Chinese type) and that `postings` has of the English
    /// text. Beads have at most `longest` segments on a side.
    pub fn new(
        zh: &Text,
        en: &Text,
        links: &Links,
        postings: &Postings,
        counts: impl Fn(u32) -> bool + Sync,
        band: &Band,
        longest: usize,
    ) -> Pairs {
        let n = zh.len();
        // The English segments that a bead with this Chinese one may hold. Both ends never decrease.
        let near = |i: usize| {
            let low = band.low((i + 1).saturating_sub(longest));
            en.tokens(low..band.high((i + longest).min(n)))
        };
        let chunks: Vec<Range<usize>> = (0..n).step_by(CHUNK).map(|i| i..(i + CHUNK).min(n)).collect();
        let parts: Vec<(Vec<usize>, Vec<Pair>)> = chunks
            .into_par_iter()
            .map(|rows| {
                let mut cursor = postings.cursor(near(rows.start).start);
                let (mut ends, mut pairs) = (Vec::with_capacity(rows.len()), Vec::new());
                for i in rows {
                    let tokens = near(i);
                    for z in zh.tokens(i..i + 1).filter(|&z| counts(zh.kind[z])) {
                        for &(kind, strength) in links.of(zh.kind[z]) {
                            let found = cursor.within(kind, &tokens).iter();
                            pairs.extend(found.map(|&en| Pair { zh: z as u32, en, strength }));
                        }
                    }
                    ends.push(pairs.len());
                }
                (ends, pairs)
            })
            .collect();
        let mut zh_starts = Vec::with_capacity(n + 1);
        let mut by_zh = Vec::with_capacity(parts.iter().map(|p| p.1.len()).sum());
        zh_starts.push(0);
        for (ends, pairs) in parts {
            let base = by_zh.len();
            zh_starts.extend(ends.iter().map(|e| base + e));
            by_zh.extend_from_slice(&pairs);
        }
        let (en_starts, by_en) = sorted_by_english(&by_zh, en);
        Pairs { zh_starts, by_zh, en_starts, by_en }
    }

    /// The pairs of a Chinese segment.
    pub fn of_chinese(&self, i: usize) -> &[Pair] {
        &self.by_zh[self.zh_starts[i]..self.zh_starts[i + 1]]
    }

    /// The pairs of an English segment.
    pub fn of_english(&self, j: usize) -> &[Pair] {
        &self.by_en[self.en_starts[j]..self.en_starts[j + 1]]
    }
}

/// The same pairs in the order of the English segments.
fn sorted_by_english(by_zh: &[Pair], en: &Text) -> (Vec<usize>, Vec<Pair>) {
    let segment_of = en.segment_of_tokens();
    let segment = |pair: &Pair| segment_of[pair.en as usize] as usize;
    let mut starts = vec![0; en.len() + 1];
    for pair in by_zh {
        starts[segment(pair) + 1] += 1;
    }
    for j in 0..en.len() {
        starts[j + 1] += starts[j];
    }
    let mut next = starts.clone();
    let mut by_en = vec![Pair { zh: 0, en: 0, strength: 0.0 }; by_zh.len()];
    for pair in by_zh {
        let at = &mut next[segment(pair)];
        by_en[*at] = *pair;
        *at += 1;
    }
    (starts, by_en)
}
