//! The fuzzy index of one language: token sequences and postings of their grams, compact, in memory.
//!
//! Units are numbered by the length of their text, so that a posting list can be read for the lengths that matter
//! only. A gram is a pair of neighbouring characters in Chinese (the ends of the text count as characters), a word in
//! English. One edit takes away at most two pairs or one word; a text that lacks `g` of the query's grams is
//! therefore at least `g / 2` or `g` edits away. The search reads the rarest grams first and stops when no unread
//! text can beat the best one found, so that its best similarity is that of a full scan. (Prefix and count filtering:
//! Gravano et al. 2001, "Approximate string joins in a database (almost) for free".)

use super::distance::Pattern;
use crate::error::{Error, Result};
use crate::model::Lang;
use rustc_hash::FxHashMap;

/// Every so many postings the list can be entered: 8 bytes for 256 postings are 3 % more.
const SKIP: usize = 256;
/// More postings than this are not read for one query; measured: 399 of 400 answers stay as they are, and the
/// slowest query is bounded (docs/memory.md). The limit was chosen on those same queries.
const MOST_POSTINGS: usize = 100_000;
/// More candidates than this are not compared, for the same reason.
const MOST_COMPARED: usize = 1_500;
/// Texts longer than this count as this long in the table of lengths.
const LONGEST: usize = u16::MAX as usize;
/// Grams beyond this many are not counted: the counters are bytes.
const MOST_GRAMS: usize = 250;

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
    tokens: Vec<u8>,
    /// Grams, sorted; how many units have each; where its list starts.
    grams: Vec<u64>,
    counts: Vec<u32>,
    lists: Vec<u32>,
    postings: Vec<u8>,
}

/// Something found: the unit's number in the database and its similarity by tokens.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Hit {
    pub(super) row: i64,
    pub(super) similarity: f64,
    pub(super) same_text: bool,
}

/// What a search needs again and again.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    pattern: Pattern,
    seen: Vec<u8>,
    touched: Vec<u32>,
}

/// Collects texts for an index.
#[derive(Debug, Default)]
pub(super) struct Builder {
    ids: FxHashMap<u64, u32>,
    keys: Vec<u64>,
    counts: Vec<u32>,
    rows: Vec<u32>,
    hashes: Vec<u32>,
    ends: Vec<u32>,
    tokens: Vec<u32>,
}

fn too_big() -> Error {
    Error::usage("the memory is too big for one fuzzy index").advise("split it into several files")
}

fn varint(mut value: u32, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
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

impl Builder {
    pub(super) fn add(&mut self, row: i64, hash: u32, tokens: &[u64]) -> Result<()> {
        for &key in tokens {
            let next = self.keys.len() as u32;
            let id = *self.ids.entry(key).or_insert(next);
            if id == next {
                self.keys.push(key);
                self.counts.push(0);
            }
            self.counts[id as usize] += 1;
            self.tokens.push(id);
        }
        self.rows.push(u32::try_from(row).map_err(|_| too_big())?);
        self.hashes.push(hash);
        self.ends.push(u32::try_from(self.tokens.len()).map_err(|_| too_big())?);
        Ok(())
    }

    pub(super) fn build(self, lang: Lang, through: i64) -> Result<Index> {
        let Builder { ids, keys, counts, rows, hashes, ends, mut tokens } = self;
        drop(ids);
        let mut by_count: Vec<u32> = (0..keys.len() as u32).collect();
        by_count.sort_unstable_by_key(|&i| (std::cmp::Reverse(counts[i as usize]), keys[i as usize]));
        let mut rank_of = vec![0u32; keys.len()];
        for (rank, &id) in by_count.iter().enumerate() {
            rank_of[id as usize] = rank as u32;
        }
        for token in &mut tokens {
            *token = rank_of[*token as usize];
        }
        let mut by_key: Vec<u32> = (0..keys.len() as u32).collect();
        by_key.sort_unstable_by_key(|&i| keys[i as usize]);
        let mut index = Index {
            per_edit: if lang == Lang::Zh { 2 } else { 1 },
            through,
            ranks: by_key.iter().map(|&i| rank_of[i as usize]).collect(),
            keys: by_key.iter().map(|&i| keys[i as usize]).collect(),
            ..Index::default()
        };
        let text = |k: usize| {
            let start = if k == 0 { 0 } else { ends[k - 1] as usize };
            &tokens[start..ends[k] as usize]
        };
        let mut order: Vec<u32> = (0..rows.len() as u32).collect();
        order.sort_by_key(|&k| (text(k as usize).len(), rows[k as usize]));
        for &k in &order {
            let text = text(k as usize);
            index.rows.push(rows[k as usize]);
            index.hashes.push(hashes[k as usize]);
            index.lengths.push(text.len().min(LONGEST) as u16);
            index.starts.push(u32::try_from(index.tokens.len()).map_err(|_| too_big())?);
            for &token in text {
                varint(token, &mut index.tokens);
            }
        }
        // Two passes: how long the lists are, then the lists.
        let pairs = index.per_edit == 2;
        let mut slots: FxHashMap<u64, u32> = FxHashMap::default();
        let (mut totals, mut last): (Vec<u32>, Vec<u32>) = (Vec::new(), Vec::new());
        for (number, &k) in order.iter().enumerate() {
            each_gram(text(k as usize), pairs, |gram| {
                let next = totals.len() as u32;
                let slot = *slots.entry(gram).or_insert(next) as usize;
                if slot == next as usize {
                    totals.push(0);
                    last.push(u32::MAX);
                }
                if last[slot] != number as u32 {
                    last[slot] = number as u32;
                    totals[slot] += 1;
                }
            });
        }
        let mut at: Vec<usize> = Vec::with_capacity(totals.len());
        let mut sum = 0usize;
        for &t in &totals {
            at.push(sum);
            sum += t as usize;
        }
        let mut numbers = vec![0u32; sum];
        last.fill(u32::MAX);
        for (number, &k) in order.iter().enumerate() {
            each_gram(text(k as usize), pairs, |gram| {
                let slot = slots[&gram] as usize;
                if last[slot] != number as u32 {
                    last[slot] = number as u32;
                    numbers[at[slot]] = number as u32;
                    at[slot] += 1;
                }
            });
        }
        let mut grams: Vec<(u64, u32)> = slots.into_iter().collect();
        grams.sort_unstable();
        for (gram, slot) in grams {
            let slot = slot as usize;
            let list = &numbers[at[slot] - totals[slot] as usize..at[slot]];
            index.grams.push(gram);
            index.counts.push(totals[slot]);
            index.lists.push(u32::try_from(index.postings.len()).map_err(|_| too_big())?);
            put_list(list, &mut index.postings);
        }
        index.tokens.shrink_to_fit();
        index.postings.shrink_to_fit();
        Ok(index)
    }
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

/// A list: the entries to skip by, then the differences.
fn put_list(list: &[u32], out: &mut Vec<u8>) {
    let head = out.len();
    let skips = list.len().saturating_sub(1) / SKIP;
    out.resize(head + skips * 8, 0);
    let body = out.len();
    let mut before = 0;
    for (k, &number) in list.iter().enumerate() {
        if k > 0 && k % SKIP == 0 {
            // Entered here, the list starts anew at `number`, whose difference is not read.
            let at = head + (k / SKIP - 1) * 8;
            out[at..at + 4].copy_from_slice(&number.to_le_bytes());
            let offset = (out.len() - body) as u32;
            out[at + 4..at + 8].copy_from_slice(&offset.to_le_bytes());
        }
        varint(number - before, out);
        before = number;
    }
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

impl Index {
    /// Calls for the numbers of a list that are in the range; returns how many it read.
    fn read_list(&self, gram: usize, range: std::ops::Range<u32>, mut each: impl FnMut(u32)) -> usize {
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
        let from = k;
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
        k - from
    }

    /// The first number whose text is at least so long.
    fn first_of(&self, length: usize) -> u32 {
        self.lengths.partition_point(|&l| usize::from(l) < length) as u32
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
            + self.rows.len() * 14
            + self.tokens.len()
            + self.grams.len() * 16
            + self.postings.len()
    }

    /// The best `wanted` texts that are at least `least` (above 0, at most 1) similar: 1 − edits / longer length;
    /// and those that are worse by no more than `slack`, `most` in all.
    pub(super) fn search(
        &self,
        query: &[u64],
        hash: u32,
        least: f64,
        (wanted, slack, most): (usize, f64, usize),
        scratch: &mut Scratch,
    ) -> Vec<Hit> {
        if query.is_empty() || wanted == 0 || self.rows.is_empty() {
            return Vec::new();
        }
        let query: Vec<u32> = query.iter().map(|&k| self.rank(k)).collect();
        Search {
            index: self,
            length: query.len(),
            hash,
            wanted,
            slack,
            most,
            threshold: least,
            found: Vec::new(),
            compared: 0,
        }
        .run(&query, scratch)
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
        out.extend((self.per_edit as u64).to_le_bytes());
        out.extend(self.through.to_le_bytes());
        let mut put = |length: usize, bytes: &mut dyn Iterator<Item = u8>| {
            out.extend((length as u64).to_le_bytes());
            out.extend(bytes);
        };
        put(self.keys.len() * 8, &mut self.keys.iter().flat_map(|v| v.to_le_bytes()));
        put(self.grams.len() * 8, &mut self.grams.iter().flat_map(|v| v.to_le_bytes()));
        for list in [&self.ranks, &self.rows, &self.hashes, &self.starts, &self.counts, &self.lists] {
            put(list.len() * 4, &mut list.iter().flat_map(|v| v.to_le_bytes()));
        }
        put(self.lengths.len() * 2, &mut self.lengths.iter().flat_map(|v| v.to_le_bytes()));
        put(self.tokens.len(), &mut self.tokens.iter().copied());
        put(self.postings.len(), &mut self.postings.iter().copied());
        out
    }

    /// The index of its bytes; `None` if they are not whole.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Index> {
        let mut rest = bytes;
        let number = |rest: &mut &[u8]| -> Option<u64> {
            let (head, tail) = rest.split_at_checked(8)?;
            *rest = tail;
            Some(u64::from_le_bytes(head.try_into().ok()?))
        };
        let per_edit = usize::try_from(number(&mut rest)?).ok()?;
        let through = number(&mut rest)?.cast_signed();
        let mut section = || -> Option<&[u8]> {
            let length = usize::try_from(number(&mut rest)?).ok()?;
            let (head, tail) = rest.split_at_checked(length)?;
            rest = tail;
            Some(head)
        };
        let wide = |b: &[u8]| -> Vec<u64> {
            let (chunks, _) = b.as_chunks::<8>();
            chunks.iter().map(|c| u64::from_le_bytes(*c)).collect()
        };
        let words = |b: &[u8]| -> Vec<u32> {
            let (chunks, _) = b.as_chunks::<4>();
            chunks.iter().map(|c| u32::from_le_bytes(*c)).collect()
        };
        let index = Index {
            per_edit,
            through,
            keys: wide(section()?),
            grams: wide(section()?),
            ranks: words(section()?),
            rows: words(section()?),
            hashes: words(section()?),
            starts: words(section()?),
            counts: words(section()?),
            lists: words(section()?),
            lengths: section()?.as_chunks::<2>().0.iter().map(|c| u16::from_le_bytes(*c)).collect(),
            tokens: section()?.to_vec(),
            postings: section()?.to_vec(),
        };
        let units = index.rows.len();
        let whole = (1..=2).contains(&index.per_edit)
            && index.ranks.len() == index.keys.len()
            && [index.hashes.len(), index.starts.len(), index.lengths.len()] == [units; 3]
            && [index.counts.len(), index.lists.len()] == [index.grams.len(); 2];
        whole.then_some(index)
    }
}

/// The most edits at which a pair with this longer length is still so similar.
fn edits(similarity: f64, longer: usize) -> usize {
    // The small addition takes back the rounding of 1 - 0.7.
    ((1.0 - similarity) * longer as f64 + 1e-9).max(0.0) as usize
}

struct Search<'i> {
    index: &'i Index,
    length: usize,
    hash: u32,
    wanted: usize,
    slack: f64,
    most: usize,
    /// What a further text must reach.
    threshold: f64,
    found: Vec<(f64, bool, u32)>,
    compared: usize,
}

impl Search<'_> {
    fn run(mut self, query: &[u32], scratch: &mut Scratch) -> Vec<Hit> {
        let index = self.index;
        let n = self.length;
        let Scratch { pattern, seen, touched } = scratch;
        pattern.set(query, index.keys.len());
        seen.resize(index.rows.len(), 0);
        let mut grams = Vec::new();
        each_gram(query, index.per_edit == 2, |gram| grams.push(gram));
        grams.sort_unstable();
        grams.dedup();
        // A gram that no text has is read without effort: it comes first.
        let mut lists: Vec<(u32, Option<usize>)> = grams
            .iter()
            .map(|g| {
                let found = index.grams.binary_search(g).ok();
                (found.map_or(0, |k| index.counts[k]), found)
            })
            .collect();
        lists.sort_unstable();
        lists.truncate(MOST_GRAMS);
        // By how many grams were read for texts of a length: the shortest length each was read for.
        let mut shortest: Vec<usize> = Vec::with_capacity(lists.len());
        let mut read = 0;
        let mut lead = 1u8;
        let mut leaders: Vec<u32> = Vec::new();
        for (i, &(_, list)) in lists.iter().enumerate() {
            // A text in none of the lists read so far is at least so many edits away.
            let away = i.div_ceil(index.per_edit);
            let short = (n as f64 * self.threshold - 1e-9).ceil().max(1.0) as usize;
            let low = if away > edits(self.threshold, n) {
                // Only a longer text can still be similar enough; one that much longer has as many edits again.
                ((away as f64) / (1.0 - self.threshold).max(1e-9) - 1e-6).ceil() as usize
            } else {
                short
            };
            let high = (n as f64 / self.threshold + 1e-9) as usize;
            if low > high || read > MOST_POSTINGS {
                break;
            }
            shortest.push(low);
            let Some(list) = list else { continue };
            let range = index.first_of(low)..index.first_of(high.saturating_add(1));
            read += index.read_list(list, range, |number| {
                let count = &mut seen[number as usize];
                if *count == 0 {
                    touched.push(number);
                }
                *count += 1;
                if *count >= lead {
                    if *count > lead {
                        lead = *count;
                        leaders.clear();
                    }
                    if leaders.len() < 16 {
                        leaders.push(number);
                    }
                }
            });
            if lead > 1 {
                // A good one early spares the reading of the longer lists.
                for number in leaders.drain(..) {
                    self.compare(pattern, number);
                }
            }
        }
        self.compare_the_rest(pattern, seen, touched, &shortest);
        for number in touched.drain(..) {
            seen[number as usize] = 0;
        }
        self.found.sort_by(|a, b| {
            b.0.total_cmp(&a.0)
                .then(b.1.cmp(&a.1))
                .then(index.rows[b.2 as usize].cmp(&index.rows[a.2 as usize]))
        });
        self.found.truncate(self.most);
        self.found
            .iter()
            .map(|&(similarity, same_text, number)| Hit {
                row: i64::from(index.rows[number as usize]),
                similarity,
                same_text,
            })
            .collect()
    }

    fn compare(&mut self, pattern: &mut Pattern, number: u32) {
        let longer = self.length.max(usize::from(self.index.lengths[number as usize]));
        let most = edits(self.threshold, longer);
        self.compared += 1;
        let Some(d) = self.index.distance(pattern, number as usize, most) else { return };
        let similarity = 1.0 - d as f64 / longer as f64;
        if self.found.iter().any(|f| f.2 == number) {
            return;
        }
        self.found.push((similarity, self.index.hashes[number as usize] == self.hash, number));
        if self.found.len() >= self.wanted {
            self.found.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
            self.found.truncate(self.most);
            self.threshold = self.threshold.max(self.found[self.wanted - 1].0 - self.slack);
        }
    }

    /// Compares what the counts leave possible, the fullest first.
    fn compare_the_rest(&mut self, pattern: &mut Pattern, seen: &[u8], touched: &[u32], shortest: &[usize]) {
        let index = self.index;
        let n = self.length;
        // How many grams were read for texts of a length.
        let longest = shortest.iter().copied().max().unwrap_or(0);
        let read: Vec<usize> = (0..=longest).map(|m| shortest.iter().filter(|&&s| s <= m).count()).collect();
        // The fewest edits by length difference and missing grams.
        let fewest = |number: u32| {
            let m = usize::from(index.lengths[number as usize]);
            let missing = read[m.min(longest)].saturating_sub(usize::from(seen[number as usize]));
            (missing.div_ceil(index.per_edit).max(n.abs_diff(m)), n.max(m))
        };
        let mut by_edits: Vec<Vec<u32>> = Vec::new();
        for &number in touched {
            let (d, longer) = fewest(number);
            if d <= edits(self.threshold, longer) {
                if by_edits.len() <= d {
                    by_edits.resize(d + 1, Vec::new());
                }
                by_edits[d].push(number);
            }
        }
        for (d, numbers) in by_edits.iter().enumerate() {
            for &number in numbers {
                let longer = n.max(usize::from(index.lengths[number as usize]));
                let full = self.found.len() >= self.wanted;
                let beats = if full { 1.0 - d as f64 / longer as f64 > self.threshold } else { true };
                // A text equal letter by letter is wanted even among others that are as similar.
                let equal = index.hashes[number as usize] == self.hash;
                if equal || beats && self.compared < MOST_COMPARED {
                    self.compare(pattern, number);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
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
        fn the_search_finds_the_best_of_a_full_scan(
            texts in prop::collection::vec(prop::collection::vec(0u64..5, 0..9), 1..60),
            query in prop::collection::vec(0u64..6, 1..9),
            zh in any::<bool>(),
        ) {
            let index = built(&texts, if zh { Lang::Zh } else { Lang::En });
            let mut scratch = Scratch::default();
            let hits = index.search(&query, u32::MAX, 0.5, (1, 0.0, 1), &mut scratch);
            let wanted = index.scan(&query, 0.5);
            prop_assert_eq!(hits.first().map_or(0.0, |h| h.similarity), wanted);
            let again = index.search(&query, u32::MAX, 0.5, (1, 0.0, 1), &mut scratch);
            prop_assert_eq!(hits, again);
            let back = Index::from_bytes(&index.to_bytes()).unwrap();
            prop_assert_eq!(back, index);
        }
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
