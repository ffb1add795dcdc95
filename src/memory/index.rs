//! The fuzzy index of one language: token sequences and postings of their grams, compact, in memory.
//!
//! Units are numbered by the length of their text, so that a posting list can be read for the lengths that matter
//! only. A gram is a pair of neighbouring characters in Chinese (the ends of the text count as characters), a word in
//! English. How it is made is in `build`, how it is searched in `search`.

mod build;
mod kinds;
mod search;

use super::distance::Pattern;
pub(super) use build::Builder;
use search::edits;
pub(super) use search::{Hit, Scratch};
use std::io::Read;

/// What the stored bytes begin with; another number is another layout, and the index is built anew.
const LAYOUT: u64 = 3;
/// Every so many postings the list can be entered: 8 bytes for 256 postings are 3 % more.
const SKIP: usize = 256;
/// Texts longer than this count as this long in the table of lengths.
const LONGEST: usize = u16::MAX as usize;

/// Everything that is searched for one language.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Index {
    /// Edits take away at most this many grams each.
    per_edit: usize,
    /// The last unit that is inside.
    pub(super) through: i64,
    /// Token keys, sorted, and the rank of each: frequent tokens have small ranks.
    keys: Vec<u64>,
    ranks: Vec<u32>,
    /// By number: the unit, a hash of its text, where its tokens start.
    rows: Vec<u32>,
    hashes: Vec<u32>,
    starts: Vec<u32>,
    lengths: Vec<u16>,
    /// By number: the classes of its tokens, see [`kinds`].
    coarse: Vec<u64>,
    fine: Vec<[u64; 2]>,
    /// By length: the first number of that length or more. Not stored.
    firsts: Vec<u32>,
    tokens: Vec<u8>,
    /// Grams, sorted; how many units have each; where its list starts.
    grams: Vec<u64>,
    counts: Vec<u32>,
    lists: Vec<u32>,
    postings: Vec<u8>,
}

#[inline]
fn take_varint(bytes: &[u8], at: &mut usize) -> u32 {
    let (mut value, mut shift) = (0u32, 0);
    while let Some(&b) = bytes.get(*at) {
        *at += 1;
        value |= u32::from(b & 0x7f) << shift;
        if b < 0x80 {
            break;
        }
        shift = (shift + 7) & 31;
    }
    value
}

/// A hash of a text in 32 bits, to put equal texts first.
pub(super) fn short_hash(text: &str) -> u32 {
    let key = super::tokens::text_key(text).to_le_bytes();
    u32::from_le_bytes([key[0], key[1], key[2], key[3]])
        ^ u32::from_le_bytes([key[4], key[5], key[6], key[7]])
}

/// Calls for every gram; the ends are 0, ranks count from 1 here.
fn each_gram(text: &[u32], pairs: bool, mut each: impl FnMut(u64)) {
    if !pairs {
        text.iter().for_each(|&t| each(u64::from(t) + 1));
        return;
    }
    let mut before = 0u64;
    for &token in text {
        let here = u64::from(token) + 1;
        each(before << 32 | here);
        before = here;
    }
    each(before << 32);
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

impl Index {
    /// Calls for the numbers of a list that are in the range.
    fn read_list(&self, gram: usize, range: std::ops::Range<u32>, mut each: impl FnMut(u32)) {
        let count = self.counts[gram] as usize;
        let head = self.lists[gram] as usize;
        let skips = count.saturating_sub(1) / SKIP;
        let body = head + skips * 8;
        let (mut low, mut high) = (0, skips);
        while low < high {
            let middle = (low + high) / 2;
            if u32_at(&self.postings, head + middle * 8) <= range.start {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let (mut at, mut number, mut k) = (body, 0, 0);
        if low > 0 {
            let entry = head + (low - 1) * 8;
            number = u32_at(&self.postings, entry);
            at = body + u32_at(&self.postings, entry + 4) as usize;
            take_varint(&self.postings, &mut at);
            k = low * SKIP;
            if range.contains(&number) {
                each(number);
            }
            k += 1;
        }
        while k < count {
            number += take_varint(&self.postings, &mut at);
            k += 1;
            if number >= range.end {
                break;
            }
            if number >= range.start {
                each(number);
            }
        }
    }

    /// The first number whose text is at least so long.
    fn first_of(&self, length: usize) -> u32 {
        self.firsts.get(length).copied().unwrap_or(self.rows.len() as u32)
    }

    /// Fills the table of lengths.
    fn find_lengths(&mut self) {
        self.firsts.clear();
        for (number, &length) in self.lengths.iter().enumerate() {
            while self.firsts.len() <= usize::from(length) {
                self.firsts.push(number as u32);
            }
        }
    }

    fn rank(&self, key: u64) -> u32 {
        self.keys.binary_search(&key).map_or(u32::MAX - 1, |k| self.ranks[k])
    }

    /// The number of texts.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Bytes held in memory.
    pub(super) fn bytes(&self) -> usize {
        self.keys.len() * 12
            + self.rows.len() * (14 + 24)
            + self.firsts.len() * 4
            + self.tokens.len()
            + self.grams.len() * 16
            + self.postings.len()
    }

    /// Every text compared: what [`Index::search`] is measured by.
    pub(super) fn scan(&self, query: &[u64], least: f64) -> f64 {
        let query: Vec<u32> = query.iter().map(|&k| self.rank(k)).collect();
        let mut pattern = Pattern::default();
        pattern.set(&query, self.keys.len());
        let mut best = least;
        let mut any = 0.0;
        for number in 0..self.rows.len() {
            let longer = query.len().max(usize::from(self.lengths[number]));
            let most = edits(best, longer);
            if let Some(d) = self.distance(&mut pattern, number, most) {
                let similarity = 1.0 - d as f64 / longer as f64;
                if similarity >= best {
                    best = similarity;
                    any = similarity;
                }
            }
        }
        any
    }

    fn distance(&self, pattern: &mut Pattern, number: usize, most: usize) -> Option<usize> {
        let start = self.starts[number] as usize;
        let end = self.starts.get(number + 1).map_or(self.tokens.len(), |&e| e as usize);
        let bytes = self.tokens.get(start..end)?;
        let length = match usize::from(self.lengths[number]) {
            LONGEST => bytes.iter().filter(|b| **b < 0x80).count(),
            length => length,
        };
        let mut at = 0;
        let tokens = std::iter::from_fn(|| {
            (at < bytes.len()).then(|| (take_varint(bytes, &mut at) as usize).min(self.keys.len() - 1) as u32)
        });
        pattern.distance(tokens, length, most)
    }

    /// The index as bytes, little-endian, every section after its length.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.bytes() + 200);
        out.extend(LAYOUT.to_le_bytes());
        out.extend((self.per_edit as u64).to_le_bytes());
        out.extend(self.through.to_le_bytes());
        let mut put = |length: usize, bytes: &mut dyn Iterator<Item = u8>| {
            out.extend((length as u64).to_le_bytes());
            out.extend(bytes);
        };
        put(self.keys.len() * 8, &mut self.keys.iter().flat_map(|v| v.to_le_bytes()));
        put(self.coarse.len() * 8, &mut self.coarse.iter().flat_map(|v| v.to_le_bytes()));
        put(self.fine.len() * 16, &mut self.fine.iter().flatten().flat_map(|v| v.to_le_bytes()));
        put(self.grams.len() * 8, &mut self.grams.iter().flat_map(|v| v.to_le_bytes()));
        for list in [&self.ranks, &self.rows, &self.hashes, &self.starts, &self.counts, &self.lists] {
            put(list.len() * 4, &mut list.iter().flat_map(|v| v.to_le_bytes()));
        }
        put(self.lengths.len() * 2, &mut self.lengths.iter().flat_map(|v| v.to_le_bytes()));
        put(self.tokens.len(), &mut self.tokens.iter().copied());
        put(self.postings.len(), &mut self.postings.iter().copied());
        out
    }

    /// The index of its bytes, `size` in all; `None` if they are not whole.
    pub(super) fn from_bytes(bytes: &mut dyn Read, size: usize) -> Option<Index> {
        if take_number(bytes)? != LAYOUT {
            return None;
        }
        let per_edit = usize::try_from(take_number(bytes)?).ok()?;
        let through = take_number(bytes)?.cast_signed();
        let mut bytes = Sections { bytes, size };
        let mut index = Index {
            per_edit,
            through,
            keys: bytes.list(u64::from_le_bytes)?,
            coarse: bytes.list(u64::from_le_bytes)?,
            fine: bytes.list(|b: [u8; 16]| {
                let both = u128::from_le_bytes(b);
                [both as u64, (both >> 64) as u64]
            })?,
            grams: bytes.list(u64::from_le_bytes)?,
            ranks: bytes.list(u32::from_le_bytes)?,
            rows: bytes.list(u32::from_le_bytes)?,
            hashes: bytes.list(u32::from_le_bytes)?,
            starts: bytes.list(u32::from_le_bytes)?,
            counts: bytes.list(u32::from_le_bytes)?,
            lists: bytes.list(u32::from_le_bytes)?,
            lengths: bytes.list(u16::from_le_bytes)?,
            firsts: Vec::new(),
            tokens: bytes.raw()?,
            postings: bytes.raw()?,
        };
        let units = index.rows.len();
        let whole = (1..=2).contains(&index.per_edit)
            && index.ranks.len() == index.keys.len()
            && [index.hashes.len(), index.starts.len(), index.lengths.len()] == [units; 3]
            && [index.coarse.len(), index.fine.len()] == [units; 2]
            && [index.counts.len(), index.lists.len()] == [index.grams.len(); 2];
        index.find_lengths();
        whole.then_some(index)
    }
}

fn take_number(bytes: &mut dyn Read) -> Option<u64> {
    let mut eight = [0; 8];
    bytes.read_exact(&mut eight).ok()?;
    Some(u64::from_le_bytes(eight))
}

/// Reads the sections of the stored bytes, none longer than all of them.
struct Sections<'r> {
    bytes: &'r mut dyn Read,
    size: usize,
}

impl Sections<'_> {
    fn length(&mut self) -> Option<usize> {
        usize::try_from(take_number(self.bytes)?).ok().filter(|l| *l <= self.size)
    }

    fn raw(&mut self) -> Option<Vec<u8>> {
        let mut out = vec![0; self.length()?];
        self.bytes.read_exact(&mut out).ok()?;
        Some(out)
    }

    fn list<T, const N: usize>(&mut self, value: impl Fn([u8; N]) -> T) -> Option<Vec<T>> {
        let mut left = self.length()?;
        let mut out = Vec::with_capacity(left / N);
        // A whole number of values of any size.
        let mut buffer = vec![0; left.min(1 << 16)];
        while left > 0 {
            let now = left.min(buffer.len());
            self.bytes.read_exact(&mut buffer[..now]).ok()?;
            out.extend(buffer[..now].as_chunks::<N>().0.iter().map(|b| value(*b)));
            left -= now;
        }
        Some(out)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::model::Lang;
    use proptest::prelude::*;

    fn built(texts: &[Vec<u64>], lang: Lang) -> Index {
        let mut builder = Builder::default();
        for (k, text) in texts.iter().enumerate() {
            builder.add(k as i64 + 1, k as u32, text).unwrap();
        }
        builder.build(lang, texts.len() as i64).unwrap()
    }

    proptest! {
        #[test]
        fn the_search_finds_what_a_full_scan_finds(
            texts in prop::collection::vec(prop::collection::vec(0u64..5, 0..30), 1..60),
            query in prop::collection::vec(0u64..6, 1..30),
            least in prop::sample::select(vec![0.4, 0.5, 0.7, 0.9, 1.0]),
            zh in any::<bool>(),
        ) {
            let lang = if zh { Lang::Zh } else { Lang::En };
            let index = built(&texts, lang);
            let mut scratch = Scratch::default();
            let hits = index.search(&query, u32::MAX, least, (1, 0.0, 1), &mut scratch);
            let best = index.scan(&query, least);
            prop_assert_eq!(hits.first().map_or(0.0, |h| h.similarity), best);
            let again = index.search(&query, u32::MAX, least, (1, 0.0, 1), &mut scratch);
            prop_assert_eq!(hits, again);
            let several = index.search(&query, u32::MAX, least, (1, 0.1, 60), &mut scratch);
            let alone = texts.iter().map(|t| built(std::slice::from_ref(t), lang).scan(&query, least));
            let mut wanted: Vec<f64> = alone.filter(|s| *s > 0.0 && *s >= best - 0.1 - 1e-9).collect();
            wanted.sort_by(|a, b| b.total_cmp(a));
            let mut found: Vec<f64> = several.iter().map(|h| h.similarity).collect();
            found.retain(|s| *s >= best - 0.1 - 1e-9);
            prop_assert_eq!(found, wanted);
            let bytes = index.to_bytes();
            let back = Index::from_bytes(&mut bytes.as_slice(), bytes.len()).unwrap();
            prop_assert_eq!(&back, &index);
            prop_assert!(Index::from_bytes(&mut &bytes[..bytes.len() - 1], bytes.len()).is_none());
        }
    }

    #[test]
    fn a_query_with_fewer_pieces_than_edits_finds_what_shares_none() {
        // One edit away, and of the two pairs of the query only one can be a piece.
        let index = built(&[vec![0, 1], vec![0]], Lang::Zh);
        let hits = index.search(&[1], u32::MAX, 0.4, (1, 0.0, 1), &mut Scratch::default());
        assert_eq!(hits.first().map(|h| h.similarity), Some(0.5));
    }

    #[test]
    fn pieces_share_no_token_and_have_the_shortest_lists() {
        let mut texts = vec![vec![1, 2], vec![1]];
        texts.extend(vec![vec![9, 2, 3, 9]; 5]);
        texts.extend(vec![vec![8, 3]; 9]);
        let index = built(&texts, Lang::Zh);
        let query: Vec<u32> = [1u64, 2, 3].iter().map(|&k| index.rank(k)).collect();
        let counts = |wanted| index.pieces(&query, wanted).iter().map(|p| p.0).collect::<Vec<_>>();
        // Start-1 is in 2 texts, 12 in 1, 23 in 5, 3-end in 9; the rarest fits to the most frequent only.
        assert_eq!(counts(1), [1]);
        assert_eq!(counts(2), [2, 5]);
        assert_eq!(counts(9), [2, 5]);
    }

    #[test]
    fn long_lists_are_entered_in_the_middle() {
        let texts: Vec<Vec<u64>> = (0..3000u64).map(|k| vec![7; 1 + (k / 100) as usize]).collect();
        let index = built(&texts, Lang::En);
        let hits = index.search(&[7; 20], 0, 1.0, (200, 0.0, 200), &mut Scratch::default());
        assert_eq!(hits.len(), 100);
        assert!(hits.iter().all(|h| h.similarity == 1.0));
    }
}
