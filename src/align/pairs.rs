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
    chinese: Vec<Part>,
    english: Vec<Part>,
}

/// The pairs of the segments of one chunk.
struct Part {
    starts: Vec<u32>,
    pairs: Vec<Pair>,
}

impl Part {
    fn of(&self, segment: usize) -> &[Pair] {
        let k = segment % CHUNK;
        &self.pairs[self.starts[k] as usize..self.starts[k + 1] as usize]
    }
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
        let chinese: Vec<Part> = chunks(n)
            .into_par_iter()
            .map(|rows| {
                let mut cursor = postings.cursor(near(rows.start).start);
                let mut out = Part { starts: vec![0], pairs: Vec::new() };
                for i in rows {
                    let tokens = near(i);
                    for z in zh.tokens(i..i + 1).filter(|&z| counts(zh.kind[z])) {
                        for &(kind, strength) in links.of(zh.kind[z]) {
                            let found = cursor.within(kind, &tokens).iter();
                            out.pairs.extend(found.map(|&en| Pair { zh: z as u32, en, strength }));
                        }
                    }
                    out.starts.push(out.pairs.len() as u32);
                }
                out
            })
            .collect();
        let rows: Vec<usize> = (0..n).collect();
        let english = chunks(en.len())
            .into_par_iter()
            .map(|columns| {
                let tokens = en.tokens(columns.clone());
                let first = rows.partition_point(|&i| near(i).end <= tokens.start);
                let last = rows.partition_point(|&i| near(i).start < tokens.end);
                let found = || {
                    let pairs = (first..last.max(first)).flat_map(|i| chinese[i / CHUNK].of(i));
                    pairs.filter(|pair| tokens.contains(&(pair.en as usize)))
                };
                by_english(&en.starts[columns.start..=columns.end], found)
            })
            .collect();
        Pairs { chinese, english }
    }

    /// The pairs of a Chinese segment.
    pub fn of_chinese(&self, i: usize) -> &[Pair] {
        self.chinese[i / CHUNK].of(i)
    }

    /// The pairs of an English segment.
    pub fn of_english(&self, j: usize) -> &[Pair] {
        self.english[j / CHUNK].of(j)
    }
}

fn chunks(n: usize) -> Vec<Range<usize>> {
    (0..n).step_by(CHUNK).map(|i| i..(i + CHUNK).min(n)).collect()
}

/// Pairs in the order of the English segments, given the segments' first tokens.
fn by_english<'p, I: Iterator<Item = &'p Pair>>(tokens: &[u32], found: impl Fn() -> I) -> Part {
    let count = tokens.len() - 1;
    let base = tokens[0];
    let mut segment_of = vec![0u16; (tokens[count] - base) as usize];
    for (k, w) in tokens.windows(2).enumerate() {
        segment_of[(w[0] - base) as usize..(w[1] - base) as usize].fill(k as u16);
    }
    let segment = |pair: &Pair| usize::from(segment_of[(pair.en - base) as usize]);
    let mut starts = vec![0u32; count + 1];
    for pair in found() {
        starts[segment(pair) + 1] += 1;
    }
    for k in 0..count {
        starts[k + 1] += starts[k];
    }
    let mut next = starts.clone();
    let mut pairs = vec![Pair { zh: 0, en: 0, strength: 0.0 }; starts[count] as usize];
    for pair in found() {
        let at = &mut next[segment(pair)];
        pairs[*at as usize] = *pair;
        *at += 1;
    }
    Part { starts, pairs }
}
