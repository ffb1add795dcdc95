//! The linked words that stand near each other: found once for a band, read from both sides and with their places.

use super::band::Band;
use super::links::{Links, Postings};
use super::text::Text;
use rayon::prelude::*;
use std::ops::Range;

/// Segments read at a time by one thread.
pub(crate) const CHUNK: usize = 256;

/// One pair of linked words, by their token numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair {
    pub zh: u32,
    pub en: u32,
    pub strength: f32,
}

/// Chunks of Chinese segments of which pairs are held at a time, where nothing but sums is kept of them: some 70 MB where the
/// band is wide.
const STRETCH: usize = 32;

/// Where pairs are looked for.
pub(crate) struct Search<'a, C> {
    pub zh: &'a Text,
    pub en: &'a Text,
    pub links: &'a Links,
    /// The English words that count.
    pub postings: &'a Postings,
    /// Whether words of a Chinese type count.
    pub counts: C,
    pub band: &'a Band,
    /// The greatest number of segments of one side in a bead.
    pub longest: usize,
}

/// The pairs that some bead inside a band can use: those of a stretch of both texts, and as far beyond its ends as a bead
/// that starts in it can reach.
pub(crate) struct Pairs {
    /// The Chinese and the English segments of the stretch.
    pub stretch: (Range<usize>, Range<usize>),
    chinese: Side,
    english: Side,
}

/// The pairs in the order of the segments of one text.
struct Side {
    /// The chunk of the first part.
    first: usize,
    parts: Vec<Part>,
}

/// The pairs of the segments of one chunk.
struct Part {
    starts: Vec<u32>,
    pairs: Vec<Pair>,
}

impl Side {
    fn of(&self, segment: usize) -> &[Pair] {
        let part = &self.parts[segment / CHUNK - self.first];
        let k = segment % CHUNK;
        &part.pairs[part.starts[k] as usize..part.starts[k + 1] as usize]
    }
}

impl<C: Fn(u32) -> bool + Sync> Search<'_, C> {
    /// All pairs.
    pub fn all(&self) -> Pairs {
        self.of((0..self.zh.len(), 0..self.en.len()))
    }

    /// All pairs, a stretch at a time: every segment of both texts is in one stretch.
    pub fn in_stretches(&self) -> impl Iterator<Item = Pairs> {
        let (n, m) = (self.zh.len(), self.en.len());
        let column = move |row: usize| if row < n { self.band.low(row) / CHUNK * CHUNK } else { m };
        (0..n.max(1)).step_by(STRETCH * CHUNK).map(move |row| {
            let end = (row + STRETCH * CHUNK).min(n);
            let start = if row == 0 { 0 } else { column(row) };
            self.of((row..end, start..column(end)))
        })
    }

    fn of(&self, stretch: (Range<usize>, Range<usize>)) -> Pairs {
        let beyond = |range: &Range<usize>, len: usize| range.start..(range.end + self.longest).min(len);
        let (rows, columns) = (beyond(&stretch.0, self.zh.len()), beyond(&stretch.1, self.en.len()));
        let english_chunks = chunks(&columns, self.en.len());
        let covered =
            english_chunks.first().map_or(0, |c| c.start)..english_chunks.last().map_or(0, |c| c.end);
        let partners = self.partners(&covered);
        let rows = rows.start.min(partners.start)..rows.end.max(partners.end);
        let chinese_chunks = chunks(&rows, self.zh.len());
        let first = |chunks: &[Range<usize>]| chunks.first().map_or(0, |c| c.start / CHUNK);
        let chinese = Side {
            first: first(&chinese_chunks),
            parts: chinese_chunks.into_par_iter().map(|rows| self.chinese(rows)).collect(),
        };
        let english = Side {
            first: first(&english_chunks),
            parts: english_chunks.into_par_iter().map(|columns| self.english(columns, &chinese)).collect(),
        };
        Pairs { stretch, chinese, english }
    }

    /// The English tokens that a bead with this Chinese segment may hold. Both ends never decrease.
    fn near(&self, i: usize) -> Range<usize> {
        let low = self.band.low((i + 1).saturating_sub(self.longest));
        self.en.tokens(low..self.band.high((i + self.longest).min(self.zh.len())))
    }

    /// The Chinese segments that may have pairs with these English ones.
    fn partners(&self, columns: &Range<usize>) -> Range<usize> {
        let tokens = self.en.tokens(columns.clone());
        let first = |beyond: &dyn Fn(Range<usize>) -> bool| {
            let (mut from, mut to) = (0, self.zh.len());
            while from < to {
                let middle = (from + to) / 2;
                if beyond(self.near(middle)) {
                    to = middle;
                } else {
                    from = middle + 1;
                }
            }
            from
        };
        let start = first(&|near| near.end > tokens.start);
        start..first(&|near| near.start >= tokens.end).max(start)
    }

    fn chinese(&self, rows: Range<usize>) -> Part {
        let mut cursor = self.postings.cursor(self.near(rows.start).start);
        let mut out = Part { starts: vec![0], pairs: Vec::new() };
        for i in rows {
            let tokens = self.near(i);
            for z in self.zh.tokens(i..i + 1).filter(|&z| (self.counts)(self.zh.kind[z])) {
                for &(kind, strength) in self.links.of(self.zh.kind[z]) {
                    let found = cursor.within(kind, &tokens).iter();
                    out.pairs.extend(found.map(|&en| Pair { zh: z as u32, en, strength }));
                }
            }
            out.starts.push(out.pairs.len() as u32);
        }
        out
    }

    fn english(&self, columns: Range<usize>, chinese: &Side) -> Part {
        let tokens = self.en.tokens(columns.clone());
        let found = || {
            let pairs = self.partners(&columns).flat_map(|i| chinese.of(i));
            pairs.filter(|pair| tokens.contains(&(pair.en as usize)))
        };
        by_english(&self.en.starts[columns.start..=columns.end], found)
    }
}

impl Pairs {
    /// The pairs of a Chinese segment.
    pub fn of_chinese(&self, i: usize) -> &[Pair] {
        self.chinese.of(i)
    }

    /// The pairs of an English segment.
    pub fn of_english(&self, j: usize) -> &[Pair] {
        self.english.of(j)
    }
}

/// The chunks of a text of `len` segments that hold a range of them.
fn chunks(range: &Range<usize>, len: usize) -> Vec<Range<usize>> {
    let start = range.start / CHUNK * CHUNK;
    (start..range.end).step_by(CHUNK).map(|i| i..(i + CHUNK).min(len)).collect()
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
