//! The linked words that stand near each other, read from both sides and with their places.

use super::band::Band;
use super::features::Cell;
use super::links::{Links, Postings};
use super::shapes::{LONGEST, LONGEST_QUICK};
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

/// For every Chinese segment the English ones with which it can stand in a bead. Both ends never decrease.
pub(crate) struct Reach {
    low: Vec<u32>,
    high: Vec<u32>,
}

impl Reach {
    /// For the beads of a band: simple ones, and up to `longest` segments in its core.
    pub fn of_bands(band: &Band, core: &Band, longest: usize) -> Reach {
        let n = band.rows();
        let low = |i: usize, band: &Band, longest: usize| band.low((i + 1).saturating_sub(longest));
        let high = |i: usize, band: &Band, longest: usize| band.high((i + longest).min(n));
        let simple = LONGEST_QUICK.min(longest);
        Reach {
            low: (0..n).map(|i| low(i, band, simple).min(low(i, core, longest)) as u32).collect(),
            high: (0..n).map(|i| high(i, band, simple).max(high(i, core, longest)) as u32).collect(),
        }
    }

    /// For some beads and the segments next to them, in texts of `n` and `m` segments.
    pub fn of_beads(beads: &[Cell], n: usize, m: usize) -> Reach {
        let (mut low, mut high) = (vec![m as u32; n], vec![0u32; n]);
        for bead in beads {
            let (zh, en) = (bead.zh(), bead.en());
            for i in zh.start.saturating_sub(1)..(zh.end + 1).min(n) {
                low[i] = low[i].min(en.start.saturating_sub(1) as u32);
                high[i] = high[i].max((en.end + 1).min(m) as u32);
            }
        }
        for i in 1..n {
            high[i] = high[i].max(high[i - 1]);
        }
        for i in (1..n).rev() {
            low[i - 1] = low[i - 1].min(low[i]);
        }
        Reach { low, high }
    }

    fn range(&self, i: usize) -> Range<usize> {
        self.low[i] as usize..self.high[i] as usize
    }
}

/// Where pairs are looked for.
pub(crate) struct Search<'a, C> {
    pub zh: &'a Text,
    pub en: &'a Text,
    pub links: &'a Links,
    /// The English words that count.
    pub postings: &'a Postings,
    /// Whether words of a Chinese type count.
    pub counts: C,
    pub reach: &'a Reach,
}

/// The pairs of a run of segments of one text.
pub(crate) struct Pairs {
    /// The chunk of the first part.
    first: usize,
    parts: Vec<Part>,
}

/// The pairs of a stretch of both texts, and as far beyond its ends as a bead that starts in it can reach.
pub(crate) struct Stretch {
    /// The segments of the stretch.
    pub rows: Range<usize>,
    pub columns: Range<usize>,
    pub chinese: Pairs,
    pub english: Pairs,
}

/// The pairs of the segments of one chunk.
struct Part {
    starts: Vec<u32>,
    pairs: Vec<Pair>,
}

impl Pairs {
    /// The pairs of a segment.
    pub fn of(&self, segment: usize) -> &[Pair] {
        let part = &self.parts[segment / CHUNK - self.first];
        let k = segment % CHUNK;
        &part.pairs[part.starts[k] as usize..part.starts[k + 1] as usize]
    }
}

impl<C: Fn(u32) -> bool + Sync> Search<'_, C> {
    /// The pairs of all Chinese segments.
    pub fn all(&self) -> Pairs {
        self.of_chinese(&(0..self.zh.len()))
    }

    /// All pairs, a stretch at a time: every segment of both texts is in one stretch.
    pub fn in_stretches(&self) -> impl Iterator<Item = Stretch> {
        let (n, m) = (self.zh.len(), self.en.len());
        let column = move |row: usize| match row {
            0 => 0,
            row if row < n => self.reach.range(row).start / CHUNK * CHUNK,
            _ => m,
        };
        (0..n.max(1)).step_by(STRETCH * CHUNK).map(move |row| {
            let end = (row + STRETCH * CHUNK).min(n);
            self.stretch(row..end, column(row)..if end == n { m } else { column(end) })
        })
    }

    fn stretch(&self, rows: Range<usize>, columns: Range<usize>) -> Stretch {
        let english = chunks(&(columns.start..(columns.end + LONGEST).min(self.en.len())), self.en.len());
        let covered = english.first().map_or(0, |c| c.start)..english.last().map_or(0, |c| c.end);
        let partners = self.partners(&covered);
        let reached = rows.start..(rows.end + LONGEST).min(self.zh.len());
        let hull = reached.start.min(partners.start)..reached.end.max(partners.end);
        let chinese = self.of_chinese(&hull);
        let english = Pairs {
            first: covered.start / CHUNK,
            parts: english.into_par_iter().map(|columns| self.english(columns, &chinese)).collect(),
        };
        Stretch { rows, columns, chinese, english }
    }

    fn of_chinese(&self, rows: &Range<usize>) -> Pairs {
        let parts = chunks(rows, self.zh.len()).into_par_iter().map(|rows| self.chinese(rows)).collect();
        Pairs { first: rows.start / CHUNK, parts }
    }

    /// The English tokens with which the words of a Chinese segment may be paired.
    fn near(&self, i: usize) -> Range<usize> {
        self.en.tokens(self.reach.range(i))
    }

    /// The Chinese segments that may have pairs with these English ones.
    fn partners(&self, columns: &Range<usize>) -> Range<usize> {
        let before = self.reach.high.partition_point(|&high| high as usize <= columns.start);
        let end = self.reach.low.partition_point(|&low| (low as usize) < columns.end);
        before..end.max(before)
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

    fn english(&self, columns: Range<usize>, chinese: &Pairs) -> Part {
        let tokens = self.en.tokens(columns.clone());
        let found = || {
            let pairs = self.partners(&columns).flat_map(|i| chinese.of(i));
            pairs.filter(|pair| tokens.contains(&(pair.en as usize)))
        };
        by_english(&self.en.starts[columns.start..=columns.end], found)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;
    use crate::model::{Lang, Segment};

    #[test]
    fn stretches_hold_what_beads_that_start_in_them_need() {
        let lexicon = Lexicon::built_in();
        let count = STRETCH * CHUNK + 700;
        let read = |lang, words: [&str; 3]| {
            let line = |k: usize| Segment::line(words[k % 3], k + 1, 0..words[k % 3].len());
            Text::read(lang, &(0..count).map(line).collect::<Vec<_>>(), &lexicon)
        };
        let (zh, en) = (
            read(Lang::Zh, ["狗跑了。", "猫睡了。", "门。"]),
            read(Lang::En, ["A dog.", "A cat.", "A door."]),
        );
        let links = Links::from_lexicon(&zh, &en, &lexicon);
        let (low, high) = (0..=count as u32).map(|i| (i.saturating_sub(40), i + 30)).unzip();
        let band = Band::new(low, high, count);
        let reach = Reach::of_bands(&band, &band, LONGEST);
        let postings = Postings::new(&en);
        let (zh, en, links, postings, reach) = (&zh, &en, &links, &postings, &reach);
        let search = Search { zh, en, links, postings, counts: |_| true, reach };
        let all = search.all();
        let of_pair = |p: &Pair| (p.zh, p.en);
        let mut by_english: Vec<Vec<(u32, u32)>> = vec![Vec::new(); count];
        let segment_of = en.segment_of_tokens();
        for pair in (0..count).flat_map(|i| all.of(i)) {
            by_english[segment_of[pair.en as usize] as usize].push(of_pair(pair));
        }
        let (mut rows, mut columns) = (0, 0);
        for stretch in search.in_stretches() {
            assert_eq!((stretch.rows.start, stretch.columns.start), (rows, columns));
            (rows, columns) = (stretch.rows.end, stretch.columns.end);
            for i in stretch.rows.start..(rows + LONGEST - 1).min(count) {
                assert!(stretch.chinese.of(i).iter().map(of_pair).eq(all.of(i).iter().map(of_pair)), "{i}");
            }
            let needed = by_english.iter().enumerate().take(columns + LONGEST - 1);
            for (j, pairs) in needed.skip(stretch.columns.start) {
                assert!(stretch.english.of(j).iter().map(of_pair).eq(pairs.iter().copied()), "{j}");
            }
        }
        assert_eq!((rows, columns), (count, count));
        assert!(by_english.iter().all(|pairs| !pairs.is_empty()));
    }
}
