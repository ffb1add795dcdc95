//! An index is made: texts are collected, numbered by length, and their grams listed.

use super::kinds::Kinds;
use super::{Index, LONGEST, SKIP, each_gram};
use crate::error::{Error, Result};
use crate::model::Lang;
use rustc_hash::FxHashMap;

/// Collects texts for an index.
#[derive(Debug, Default)]
pub(in crate::memory) struct Builder {
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

impl Builder {
    pub(in crate::memory) fn add(&mut self, row: i64, hash: u32, tokens: &[u64]) -> Result<()> {
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

    pub(in crate::memory) fn build(self, lang: Lang, through: i64) -> Result<Index> {
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
            let kinds = Kinds::of(text);
            index.coarse.push(kinds.coarse);
            index.fine.push(kinds.fine);
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
        index.find_lengths();
        index.tokens.shrink_to_fit();
        index.postings.shrink_to_fit();
        Ok(index)
    }
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
