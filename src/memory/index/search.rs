//! The index is searched: which lists are read, which texts are compared.
//!
//! Pieces of the query are chosen that no edit can damage two of: pairs of characters that share none, or words. A
//! text that lacks `k` of them is at least `k` edits away (Xiao, Wang and Lin 2008, "Ed-Join", choose grams by the
//! edits that it takes to damage them; Qin and others 2011 take pieces that do not overlap). So many pieces are
//! enough as edits are allowed, and one more; of all such choices the one with the shortest lists is taken. Lists are
//! read rarest first, until no unread text can be similar enough. What they hold is bounded by its kinds of tokens
//! ([`super::kinds`]), and the most promising texts of each list are compared at once, because a good one spares the
//! reading of the longer lists. Nothing is left out: the best similarity is that of a full scan.

use super::kinds::{Kinds, fewest, fewest_fine};
use super::{Index, each_gram};
use crate::memory::distance::Pattern;
use rustc_hash::FxHashSet;

/// Grams of a query beyond these are no pieces: counters are bytes, and of 500 pairs 250 can be pieces.
const MOST_GRAMS: usize = 500;
/// More pieces than this are not counted.
const MOST_PIECES: usize = 250;
/// So many texts of a list are compared before the next list is read; measured: with 8, 32 and 128 the mean time is
/// the same within the noise.
const AT_ONCE: usize = 32;
/// So many signatures are fetched in one go, which hides the time that memory takes.
const CHUNK: usize = 256;
/// The count of a text that needs no further look.
const DONE: u8 = u8::MAX;

/// Something found: the unit's number in the database and its similarity by tokens.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::memory) struct Hit {
    pub(in crate::memory) row: i64,
    pub(in crate::memory) similarity: f64,
    pub(in crate::memory) same_text: bool,
}

/// The most edits at which a pair with this longer length is still so similar.
pub(super) fn edits(similarity: f64, longer: usize) -> usize {
    // The small addition takes back the rounding of 1 - 0.7.
    ((1.0 - similarity) * longer as f64 + 1e-9).max(0.0) as usize
}

impl Index {
    /// The best `wanted` texts that are at least `least` (above 0, at most 1) similar: 1 − edits / longer length;
    /// and those that are worse by no more than `slack`, `most` in all.
    pub(in crate::memory) fn search(
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
            kinds: Kinds::of(&query),
            hash,
            wanted,
            slack,
            most,
            threshold: least,
            found: Vec::new(),
        }
        .run(&query, scratch)
    }

    /// At most `wanted` pieces of the query with the shortest lists, the shortest first: how long its list is, and
    /// its list, if any text has it.
    pub(super) fn pieces(&self, query: &[u32], wanted: usize) -> Vec<(u32, Option<usize>)> {
        let mut grams = Vec::new();
        each_gram(query, self.per_edit == 2, |gram| grams.push(gram));
        grams.truncate(MOST_GRAMS);
        let mut seen = FxHashSet::default();
        // A gram that comes again says nothing new.
        let mut look = |gram: &u64| {
            seen.insert(*gram).then(|| {
                let list = self.grams.binary_search(gram).ok();
                (list.map_or(0, |k| self.counts[k]), list)
            })
        };
        let found: Vec<Option<(u32, Option<usize>)>> = grams.iter().map(&mut look).collect();
        let mut pieces = if self.per_edit == 2 {
            apart(&found, wanted.min(MOST_PIECES))
        } else {
            found.into_iter().flatten().collect()
        };
        pieces.sort_unstable();
        pieces.truncate(wanted.min(MOST_PIECES));
        pieces
    }
}

/// Of pairs, so many of which no two are neighbours and whose counts have the least sum.
fn apart(found: &[Option<(u32, Option<usize>)>], wanted: usize) -> Vec<(u32, Option<usize>)> {
    const NEVER: u64 = u64::MAX / 2;
    let n = found.len();
    let wanted = wanted.min(n.div_ceil(2));
    // The least sum of `k` among the first `p`.
    let at = |k: usize, p: usize| k * (n + 1) + p;
    let mut least = vec![NEVER; at(wanted + 1, 0)];
    least[..=n].fill(0);
    for k in 1..=wanted {
        for p in 1..=n {
            let with =
                found[p - 1].map_or(NEVER, |(c, _)| least[at(k - 1, p.saturating_sub(2))] + u64::from(c));
            least[at(k, p)] = least[at(k, p - 1)].min(with);
        }
    }
    let mut k = (0..=wanted).rev().find(|&k| least[at(k, n)] < NEVER).unwrap_or(0);
    let (mut p, mut out) = (n, Vec::new());
    while k > 0 {
        if least[at(k, p)] == least[at(k, p - 1)] {
            p -= 1;
        } else {
            out.extend(found[p - 1]);
            p = p.saturating_sub(2);
            k -= 1;
        }
    }
    out
}

/// What a search needs again and again.
#[derive(Debug, Default)]
pub(in crate::memory) struct Scratch {
    pattern: Pattern,
    /// By number: in how many lists it was, or [`DONE`].
    seen: Vec<u8>,
    touched: Vec<u32>,
    /// What one list holds.
    numbers: Vec<u32>,
    /// What of it may be similar enough, and how many edits away it is at least.
    fresh: Vec<(u32, u32)>,
    /// What was not compared at once, by that number.
    later: Vec<Vec<u32>>,
}

struct Search<'i> {
    index: &'i Index,
    length: usize,
    kinds: Kinds,
    hash: u32,
    wanted: usize,
    slack: f64,
    most: usize,
    /// What a further text must reach.
    threshold: f64,
    found: Vec<(f64, bool, u32)>,
}

impl Search<'_> {
    fn run(mut self, query: &[u32], scratch: &mut Scratch) -> Vec<Hit> {
        let index = self.index;
        let n = self.length;
        scratch.pattern.set(query, index.keys.len());
        scratch.seen.resize(index.rows.len(), 0);
        let longest = (n as f64 / self.threshold + 1e-9) as usize;
        let pieces = index.pieces(query, edits(self.threshold, longest) + 1);
        // By how many pieces were read for texts of a length: the shortest length each was read for.
        let mut shortest: Vec<usize> = Vec::with_capacity(pieces.len() + 1);
        // Short queries and low thresholds allow more edits than there are pieces: then every text of a possible
        // length is looked at in the end, as if it were in the list of a last piece.
        let lists = pieces.iter().map(|piece| Some(piece.1)).chain([None]);
        for (read, list) in lists.enumerate() {
            // A text in none of the lists read so far is at least so many edits away.
            let low = if read > edits(self.threshold, n) {
                // Only a longer text can still be similar enough; one that much longer has as many edits again.
                ((read as f64) / (1.0 - self.threshold).max(1e-9) - 1e-6).ceil() as usize
            } else {
                (n as f64 * self.threshold - 1e-9).ceil().max(1.0) as usize
            };
            let high = (n as f64 / self.threshold + 1e-9) as usize;
            if low > high {
                break;
            }
            shortest.push(low);
            let range = index.first_of(low)..index.first_of(high.saturating_add(1));
            scratch.numbers.clear();
            match list {
                Some(Some(list)) => index.read_list(list, range, |number| scratch.numbers.push(number)),
                Some(None) => continue,
                None => scratch.numbers.extend(range),
            }
            self.sift(scratch);
            let Scratch { pattern, seen, fresh, later, .. } = scratch;
            fresh.sort_unstable();
            for (k, (away, number)) in fresh.drain(..).enumerate() {
                if k < AT_ONCE {
                    seen[number as usize] = DONE;
                    self.compare(pattern, number);
                } else {
                    let away = away as usize;
                    if later.len() <= away {
                        later.resize(away + 1, Vec::new());
                    }
                    later[away].push(number);
                }
            }
        }
        self.compare_the_rest(scratch, &shortest);
        for number in scratch.touched.drain(..) {
            scratch.seen[number as usize] = 0;
        }
        self.sort();
        self.found.truncate(self.most);
        let hit = |&(similarity, same_text, number): &(f64, bool, u32)| Hit {
            row: i64::from(index.rows[number as usize]),
            similarity,
            same_text,
        };
        self.found.iter().map(hit).collect()
    }

    /// Counts the numbers of a list, and puts those that come for the first time and may be similar enough into
    /// `fresh`.
    fn sift(&self, scratch: &mut Scratch) {
        let index = self.index;
        let Scratch { seen, touched, numbers, fresh, .. } = scratch;
        let mut gathered = [0u64; CHUNK];
        // Numbers go by length, so that what is allowed holds for a run of them.
        let (mut length, mut run_ends, mut most) = (0, 0, 0);
        for chunk in numbers.chunks(CHUNK) {
            for (into, &number) in gathered.iter_mut().zip(chunk) {
                *into = index.coarse[number as usize];
            }
            for (&number, &theirs) in chunk.iter().zip(&gathered) {
                if number >= run_ends {
                    length = usize::from(index.lengths[number as usize]);
                    run_ends = index.first_of(length + 1);
                    most = edits(self.threshold, self.length.max(length));
                }
                let away = fewest(self.kinds.coarse, theirs);
                if away > most {
                    continue;
                }
                let count = &mut seen[number as usize];
                if *count > 0 {
                    *count = if *count < DONE - 1 { *count + 1 } else { *count };
                    continue;
                }
                touched.push(number);
                let fine = fewest_fine(self.kinds.fine, index.fine[number as usize]);
                let away = away.max(fine).max(self.length.abs_diff(length));
                if away > most {
                    *count = DONE;
                } else {
                    *count = 1;
                    fresh.push((away as u32, number));
                }
            }
        }
    }

    fn sort(&mut self) {
        let rows = &self.index.rows;
        self.found.sort_by(|a, b| {
            b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)).then(rows[b.2 as usize].cmp(&rows[a.2 as usize]))
        });
    }

    fn compare(&mut self, pattern: &mut Pattern, number: u32) {
        let longer = self.length.max(usize::from(self.index.lengths[number as usize]));
        let most = edits(self.threshold, longer);
        let Some(d) = self.index.distance(pattern, number as usize, most) else { return };
        let similarity = 1.0 - d as f64 / longer as f64;
        self.found.push((similarity, self.index.hashes[number as usize] == self.hash, number));
        if self.found.len() >= self.wanted {
            self.sort();
            self.found.truncate(self.most);
            self.threshold = self.threshold.max(self.found[self.wanted - 1].0 - self.slack);
        }
    }

    /// Compares what the counts leave possible, the nearest first.
    fn compare_the_rest(&mut self, scratch: &mut Scratch, shortest: &[usize]) {
        let index = self.index;
        let n = self.length;
        let Scratch { pattern, seen, later, .. } = scratch;
        // How many pieces were read for texts of a length.
        let longest = shortest.iter().copied().max().unwrap_or(0);
        let read: Vec<usize> = (0..=longest).map(|m| shortest.iter().filter(|&&s| s <= m).count()).collect();
        for (away, numbers) in later.iter_mut().enumerate() {
            for number in numbers.drain(..) {
                let length = usize::from(index.lengths[number as usize]);
                let missing = read[length.min(longest)].saturating_sub(usize::from(seen[number as usize]));
                let reach = 1.0 - away.max(missing) as f64 / n.max(length) as f64;
                // Room is for so many; another must be better than the last of them.
                let beats = match self.found.len() {
                    found if found >= self.most => reach > self.found[self.most - 1].0.max(self.threshold),
                    found if found >= self.wanted && self.slack == 0.0 => reach > self.threshold,
                    _ => reach >= self.threshold - 1e-9,
                };
                // A text equal letter by letter is wanted even among others that are as similar.
                if beats || index.hashes[number as usize] == self.hash {
                    self.compare(pattern, number);
                }
            }
        }
    }
}
