//! Forward-backward over every bead inside a band: which beads are worth a second look, and where the path runs.
//!
//! A semi-Markov model: a path is a row of beads, its score the sum of theirs, its probability the softmax over
//! all paths. Scores are computed in parallel and kept as far as memory allows; both directions run side by side.

use super::band::Band;
use super::features::Cell;
use super::lattice::Lattice;
use super::math::{LogSum, exp};
use rayon::prelude::*;
use std::borrow::Cow;
use std::ops::Range;

/// Rows whose scores are computed at a time: enough work for every core.
const CHUNK: usize = 1024;

/// Scores kept at most, 256 MB; what is beyond is computed anew when it is needed.
const HELD: usize = 64 << 20;

/// The sum over all paths, from the start (`forward`) and to the end (`backward`) of each position of the band.
pub(crate) struct Sums<'a> {
    space: Space<'a>,
    forward: Vec<f64>,
    backward: Vec<f64>,
    total: f64,
}

/// The positions of a band in one row of numbers, and the beads that start at each.
struct Space<'a> {
    band: &'a Band,
    shapes: &'a [(u8, u8)],
    offsets: Vec<usize>,
}

/// The scores of all beads, chunk by chunk.
struct Scores<'s, S> {
    space: &'s Space<'s>,
    score: S,
    held: Vec<Vec<f32>>,
}

impl<'a> Space<'a> {
    fn new(band: &'a Band, shapes: &'a [(u8, u8)]) -> Space<'a> {
        let mut offsets = Vec::with_capacity(band.rows() + 2);
        let mut area = 0;
        for i in 0..=band.rows() {
            offsets.push(area);
            area += band.high(i) - band.low(i) + 1;
        }
        offsets.push(area);
        Space { band, shapes, offsets }
    }

    fn area(&self) -> usize {
        self.offsets[self.offsets.len() - 1]
    }

    fn at(&self, i: usize, j: usize) -> usize {
        self.offsets[i] + j - self.band.low(i)
    }

    fn rows(&self) -> usize {
        self.band.rows() + 1
    }

    fn chunks(&self) -> usize {
        self.rows().div_ceil(CHUNK)
    }

    fn chunk(&self, k: usize) -> Range<usize> {
        k * CHUNK..((k + 1) * CHUNK).min(self.rows())
    }
}

impl<'s, S: Fn(Cell) -> f32 + Sync> Scores<'s, S> {
    fn new(space: &'s Space<'s>, score: S) -> Self {
        let mut out = Scores { space, score, held: Vec::new() };
        let mut size = 0;
        for k in 0..space.chunks() {
            let rows = space.chunk(k);
            size += (space.offsets[rows.end] - space.offsets[rows.start]) * space.shapes.len();
            if size > HELD {
                break;
            }
            let scores = out.compute(k);
            out.held.push(scores);
        }
        out
    }

    /// Scores of all beads that start in the rows of a chunk; NaN where the bead leaves the band.
    fn compute(&self, k: usize) -> Vec<f32> {
        let Space { band, shapes, offsets } = self.space;
        let rows = self.space.chunk(k);
        let width = shapes.len();
        let mut out = vec![f32::NAN; (offsets[rows.end] - offsets[rows.start]) * width];
        let mut slices = Vec::with_capacity(rows.len());
        let mut rest = out.as_mut_slice();
        for i in rows {
            let (row, tail) = rest.split_at_mut((offsets[i + 1] - offsets[i]) * width);
            slices.push((i, row));
            rest = tail;
        }
        slices.into_par_iter().for_each(|(i, row)| {
            for (j, cell_scores) in band.range(i).zip(row.chunks_exact_mut(width)) {
                for (slot, &(n, m)) in cell_scores.iter_mut().zip(*shapes) {
                    let (n, m) = (usize::from(n), usize::from(m));
                    if i + n <= band.rows() && band.contains(i + n, j + m) {
                        *slot = (self.score)(Cell::new(i, j, n, m));
                    }
                }
            }
        });
        out
    }

    fn chunk(&self, k: usize) -> Cow<'_, [f32]> {
        match self.held.get(k) {
            Some(held) => Cow::Borrowed(held),
            None => Cow::Owned(self.compute(k)),
        }
    }

    /// The score of each bead that starts at a position of the chunk, with the position where it ends.
    fn beads<'c>(
        &'c self,
        k: usize,
        chunk: &'c [f32],
        (i, j): (usize, usize),
    ) -> impl Iterator<Item = (usize, usize, f64)> + 'c {
        let width = self.space.shapes.len();
        let from = (self.space.at(i, j) - self.space.offsets[k * CHUNK]) * width;
        let row = &chunk[from..from + width];
        let known = row.iter().zip(self.space.shapes).enumerate().filter(|(_, (s, _))| !s.is_nan());
        known.map(move |(shape, (&s, &(n, m)))| {
            (shape, self.space.at(i + usize::from(n), j + usize::from(m)), f64::from(s))
        })
    }

    fn forward(&self) -> Vec<f64> {
        let mut sums = vec![LogSum::EMPTY; self.space.area()];
        sums[0].add(0.0);
        let mut forward = Vec::with_capacity(sums.len());
        for k in 0..self.space.chunks() {
            let chunk = self.chunk(k);
            for i in self.space.chunk(k) {
                for j in self.space.band.range(i) {
                    let value = sums[forward.len()].value();
                    forward.push(value);
                    if value > f64::NEG_INFINITY {
                        for (_, there, s) in self.beads(k, &chunk, (i, j)) {
                            sums[there].add(value + s);
                        }
                    }
                }
            }
        }
        forward
    }

    /// The sums, and for each position the shape with which the best path goes on.
    fn backward(&self) -> (Vec<f64>, Vec<u8>) {
        let area = self.space.area();
        let mut backward = vec![f64::NEG_INFINITY; area];
        let mut best = vec![f64::NEG_INFINITY; area];
        let mut choice = vec![0u8; area];
        (backward[area - 1], best[area - 1]) = (0.0, 0.0);
        for k in (0..self.space.chunks()).rev() {
            let chunk = self.chunk(k);
            for i in self.space.chunk(k).rev() {
                for j in self.space.band.range(i).rev() {
                    let here = self.space.at(i, j);
                    let mut sum = LogSum::EMPTY;
                    if here == area - 1 {
                        sum.add(0.0);
                    }
                    for (shape, there, s) in self.beads(k, &chunk, (i, j)) {
                        if s + best[there] > best[here] {
                            best[here] = s + best[there];
                            choice[here] = shape as u8;
                        }
                        sum.add(s + backward[there]);
                    }
                    backward[here] = sum.value();
                }
            }
        }
        (backward, choice)
    }
}

impl<'a> Sums<'a> {
    /// Computes both, and hands every bead whose log posterior exceeds `keep` to the lattice. A bead whose score is NaN
    /// is not considered.
    pub fn new<S>(band: &'a Band, shapes: &'a [(u8, u8)], keep: Option<f64>, score: S) -> (Sums<'a>, Lattice)
    where
        S: Fn(Cell) -> f32 + Sync,
    {
        let space = Space::new(band, shapes);
        let scores = Scores::new(&space, score);
        let (forward, (backward, choice)) = rayon::join(|| scores.forward(), || scores.backward());
        let total = forward[space.area() - 1];
        let (mut kept, mut lost) = (Vec::new(), 0.0);
        if let Some(keep) = keep {
            let posterior = |here: usize, there: usize, s: f64| forward[here] + s + backward[there] - total;
            let parts: Vec<(Vec<Cell>, f64)> = (0..space.chunks())
                .into_par_iter()
                .map(|k| {
                    let (mut kept, mut lost) = (Vec::new(), 0.0);
                    let chunk = scores.chunk(k);
                    for i in space.chunk(k) {
                        for j in band.range(i) {
                            for (shape, there, s) in scores.beads(k, &chunk, (i, j)) {
                                let posterior = posterior(space.at(i, j), there, s);
                                if posterior > keep {
                                    let (n, m) = shapes[shape];
                                    kept.push(Cell { i: i as u32, j: j as u32, n, m });
                                } else {
                                    lost += exp(posterior);
                                }
                            }
                        }
                    }
                    (kept, lost)
                })
                .collect();
            for (cells, more) in parts {
                kept.extend(cells);
                lost += more;
            }
        }
        drop(scores);
        let sums = Sums { space, forward, backward, total };
        if keep.is_some() {
            kept.extend(sums.best_path(&choice));
        }
        kept.sort_unstable();
        kept.dedup();
        (sums, Lattice::new(kept, lost))
    }

    /// The path that scores highest. It keeps the lattice connected where all beads are unlikely.
    fn best_path(&self, choice: &[u8]) -> Vec<Cell> {
        let (mut i, mut j) = (0, 0);
        let mut path = Vec::new();
        while (i, j) != (self.space.band.rows(), self.space.band.columns()) {
            let (n, m) = self.space.shapes[usize::from(choice[self.space.at(i, j)])];
            path.push(Cell { i: i as u32, j: j as u32, n, m });
            (i, j) = (i + usize::from(n), j + usize::from(m));
        }
        path
    }

    /// A narrower band: around all positions whose log posterior exceeds `keep`, with a margin.
    pub fn narrowed(&self, keep: f64, margin: usize) -> Band {
        let (n, m) = (self.space.band.rows(), self.space.band.columns());
        let mut low = vec![m as u32; n + 1];
        let mut high = vec![0; n + 1];
        for i in 0..=n {
            for j in self.space.band.range(i) {
                let k = self.space.at(i, j);
                if self.forward[k] + self.backward[k] - self.total > keep {
                    let first = i.saturating_sub(margin);
                    for r in first..=(i + margin).min(n) {
                        low[r] = low[r].min(j.saturating_sub(margin) as u32);
                        high[r] = high[r].max((j + margin).min(m) as u32);
                    }
                }
            }
        }
        Band::new(low, high, m)
    }
}
