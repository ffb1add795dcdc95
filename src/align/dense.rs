//! Forward-backward over every bead inside a band: which beads are worth a second look, and where the path runs.
//!
//! A semi-Markov model: a path is a row of beads, its score the sum of theirs, its probability the softmax over
//! all paths. Scores are computed in parallel, chunk by chunk. The way back uses them again as far as memory
//! allows, and computes the rest once more.

use super::band::Band;
use super::features::Cell;
use super::lattice::Lattice;
use super::math::{LogSum, exp};
use rayon::prelude::*;

/// Rows whose scores are held at a time. Enough work for every core, little memory (about 10 MB).
const CHUNK: usize = 2048;

/// Scores kept from the way forward for the way back, at most: 64 MB.
const HELD: usize = 16 << 20;

/// The sum over all paths, from the start (`forward`) and to the end (`backward`) of each position of the band.
pub(crate) struct Sums<'a> {
    band: &'a Band,
    shapes: &'a [(u8, u8)],
    offsets: Vec<usize>,
    forward: Vec<f64>,
    backward: Vec<f64>,
    total: f64,
}

impl<'a> Sums<'a> {
    /// Computes both, and hands every bead whose log posterior exceeds `keep` to the lattice.
    pub fn new<S>(band: &'a Band, shapes: &'a [(u8, u8)], keep: Option<f64>, score: S) -> (Sums<'a>, Lattice)
    where
        S: Fn(Cell) -> f32 + Sync,
    {
        let rows = band.rows() + 1;
        let mut offsets = Vec::with_capacity(rows + 1);
        let mut area = 0;
        for i in 0..rows {
            offsets.push(area);
            area += band.high(i) - band.low(i) + 1;
        }
        offsets.push(area);
        let mut sums = Sums { band, shapes, offsets, forward: Vec::new(), backward: Vec::new(), total: 0.0 };
        let held = sums.run_forward(area, &score);
        let lattice = sums.run_backward(area, keep, &score, held);
        (sums, lattice)
    }

    fn at(&self, i: usize, j: usize) -> usize {
        self.offsets[i] + j - self.band.low(i)
    }

    /// Scores of all beads that start in the rows; NaN where the bead leaves the band.
    fn scores<S: Fn(Cell) -> f32 + Sync>(&self, rows: std::ops::Range<usize>, score: &S) -> Vec<f32> {
        let base = self.offsets[rows.start];
        let width = self.shapes.len();
        let mut out = vec![f32::NAN; (self.offsets[rows.end] - base) * width];
        let mut slices = Vec::with_capacity(rows.len());
        let mut rest = out.as_mut_slice();
        for i in rows {
            let (row, tail) = rest.split_at_mut((self.offsets[i + 1] - self.offsets[i]) * width);
            slices.push((i, row));
            rest = tail;
        }
        slices.into_par_iter().for_each(|(i, row)| {
            for (j, cell_scores) in self.band.range(i).zip(row.chunks_exact_mut(width)) {
                for (slot, &(n, m)) in cell_scores.iter_mut().zip(self.shapes) {
                    let (n, m) = (usize::from(n), usize::from(m));
                    if i + n <= self.band.rows() && self.band.contains(i + n, j + m) {
                        *slot = score(Cell::new(i, j, n, m));
                    }
                }
            }
        });
        out
    }

    /// Returns the scores of the first chunks, as many as may be held.
    fn run_forward<S: Fn(Cell) -> f32 + Sync>(&mut self, area: usize, score: &S) -> Vec<Vec<f32>> {
        let (mut held, mut size) = (Vec::new(), 0);
        let mut sums = vec![LogSum::EMPTY; area];
        sums[0].add(0.0);
        let rows = self.band.rows() + 1;
        let mut forward = Vec::with_capacity(area);
        let mut from = 0;
        while from < rows {
            let to = (from + CHUNK).min(rows);
            let scores = self.scores(from..to, score);
            let base = self.offsets[from];
            for i in from..to {
                for j in self.band.range(i) {
                    let here = self.at(i, j);
                    let value = sums[here].value();
                    forward.push(value);
                    if value == f64::NEG_INFINITY {
                        continue;
                    }
                    let row = &scores[(here - base) * self.shapes.len()..][..self.shapes.len()];
                    for (&s, &(n, m)) in row.iter().zip(self.shapes) {
                        if !s.is_nan() {
                            let there = self.at(i + usize::from(n), j + usize::from(m));
                            sums[there].add(value + f64::from(s));
                        }
                    }
                }
            }
            size += scores.len();
            if size <= HELD {
                held.push(scores);
            }
            from = to;
        }
        self.total = forward[area - 1];
        self.forward = forward;
        held
    }

    fn run_backward<S: Fn(Cell) -> f32 + Sync>(
        &mut self,
        area: usize,
        keep: Option<f64>,
        score: &S,
        mut held: Vec<Vec<f32>>,
    ) -> Lattice {
        let rows = self.band.rows() + 1;
        self.backward = vec![f64::NEG_INFINITY; area];
        self.backward[area - 1] = 0.0;
        let mut best = vec![f64::NEG_INFINITY; area];
        let mut choice = vec![0u8; area];
        best[area - 1] = 0.0;
        let mut kept = Vec::new();
        let mut lost = 0.0;
        for from in (0..rows).step_by(CHUNK).rev() {
            let to = (from + CHUNK).min(rows);
            let scores = if held.len() > from / CHUNK { held.pop() } else { None }
                .unwrap_or_else(|| self.scores(from..to, score));
            let base = self.offsets[from];
            for i in (from..to).rev() {
                for j in self.band.range(i).rev() {
                    let here = self.at(i, j);
                    let row = &scores[(here - base) * self.shapes.len()..][..self.shapes.len()];
                    let mut sum = LogSum::EMPTY;
                    if here == area - 1 {
                        sum.add(0.0);
                    }
                    for (k, (&s, &(n, m))) in row.iter().zip(self.shapes).enumerate() {
                        if s.is_nan() {
                            continue;
                        }
                        let there = self.at(i + usize::from(n), j + usize::from(m));
                        if f64::from(s) + best[there] > best[here] {
                            best[here] = f64::from(s) + best[there];
                            choice[here] = k as u8;
                        }
                        let onward = f64::from(s) + self.backward[there];
                        sum.add(onward);
                        if let Some(keep) = keep {
                            let posterior = self.forward[here] + onward - self.total;
                            if posterior > keep {
                                kept.push(Cell { i: i as u32, j: j as u32, n, m });
                            } else {
                                lost += exp(posterior);
                            }
                        }
                    }
                    self.backward[here] = sum.value();
                }
            }
        }
        if keep.is_some() {
            kept.extend(self.best_path(&choice));
        }
        kept.sort_unstable();
        kept.dedup();
        Lattice::new(kept, lost)
    }

    /// The path that scores highest. It keeps the lattice connected where all beads are unlikely.
    fn best_path(&self, choice: &[u8]) -> Vec<Cell> {
        let (mut i, mut j) = (0, 0);
        let mut path = Vec::new();
        while (i, j) != (self.band.rows(), self.band.columns()) {
            let (n, m) = self.shapes[usize::from(choice[self.at(i, j)])];
            path.push(Cell { i: i as u32, j: j as u32, n, m });
            (i, j) = (i + usize::from(n), j + usize::from(m));
        }
        path
    }

    /// A narrower band: around all positions whose log posterior exceeds `keep`, with a margin.
    pub fn narrowed(&self, keep: f64, margin: usize) -> Band {
        let (n, m) = (self.band.rows(), self.band.columns());
        let mut low = vec![m as u32; n + 1];
        let mut high = vec![0; n + 1];
        for i in 0..=n {
            for j in self.band.range(i) {
                let k = self.at(i, j);
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
