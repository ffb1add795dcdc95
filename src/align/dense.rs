//! Forward-backward over every bead inside a band: which beads are worth a second look, and where the path runs.
//!
//! A semi-Markov model: a path is a row of beads, its score the sum of theirs, its probability the softmax over
//! all paths. Scores are computed in parallel and kept as far as memory allows; both directions run side by side.

use super::band::Band;
use super::features::Cell;
use super::lattice::Lattice;
use super::math::{Total, exp};
use super::shapes::QUICK;
use rayon::prelude::*;
use std::ops::Range;

/// Rows whose scores are computed at a time: enough work for every core.
const CHUNK: usize = 1024;

/// Beads whose scores are kept at most, about 250 MB; what is beyond is computed anew when it is needed.
const HELD: usize = 50 << 20;

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
    /// Where other than simple beads are considered.
    core: &'a Band,
    shapes: &'a [(u8, u8)],
    offsets: Vec<usize>,
}

/// The beads that start in one row of the band, in the order of their positions.
struct Row {
    /// Where the beads of each position begin, and their number.
    starts: Vec<u32>,
    shapes: Vec<u8>,
    scores: Vec<f32>,
    /// Of each shape the place of its end, less the position it starts at.
    ends: Vec<isize>,
}

/// The scores of all beads, chunk by chunk.
struct Scores<'s, S> {
    space: &'s Space<'s>,
    score: S,
    held: Vec<Vec<Row>>,
}

impl<'a> Space<'a> {
    fn new(band: &'a Band, core: &'a Band, shapes: &'a [(u8, u8)]) -> Space<'a> {
        let mut offsets = Vec::with_capacity(band.rows() + 2);
        let mut area = 0;
        for i in 0..=band.rows() {
            offsets.push(area);
            area += band.high(i) - band.low(i) + 1;
        }
        offsets.push(area);
        Space { band, core, shapes, offsets }
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

    /// The shapes with the positions of row `i` at which a bead of this shape starts and ends inside: simple ones in the
    /// band, others in the core too, which may reach beyond the band.
    fn starts(&self, i: usize) -> impl Iterator<Item = (u8, Range<usize>)> + '_ {
        self.shapes.iter().enumerate().map(move |(shape, &(n, m))| {
            let bands = if QUICK.contains(&(n, m)) { [self.band; 2] } else { [self.band, self.core] };
            let (n, m) = (usize::from(n), usize::from(m));
            let mut positions = 0..0;
            if i + n <= self.band.rows() {
                let [band, core] = bands.map(|band| {
                    let low = band.low(i).max(band.low(i + n).saturating_sub(m));
                    low..(band.high(i) + 1).min((band.high(i + n) + 1).saturating_sub(m))
                });
                positions = band.start.max(core.start)..band.end.min(core.end);
            }
            (shape as u8, positions)
        })
    }

    /// The beads of a row with their scores.
    fn row(&self, i: usize, score: impl Fn(Cell) -> f32) -> Row {
        let all: Vec<(u8, Range<usize>)> = self.starts(i).filter(|(_, at)| !at.is_empty()).collect();
        let simple: Vec<(u8, Range<usize>)> = all
            .iter()
            .filter(|(shape, _)| QUICK.contains(&self.shapes[usize::from(*shape)]))
            .cloned()
            .collect();
        let count = all.iter().map(|(_, at)| at.len()).sum();
        let (mut shapes, mut scores) = (Vec::with_capacity(count), Vec::with_capacity(count));
        let mut starts = Vec::with_capacity(self.offsets[i + 1] - self.offsets[i] + 1);
        let core = self.core.range(i);
        for j in self.band.range(i) {
            starts.push(scores.len() as u32);
            for (shape, positions) in if core.contains(&j) { &all } else { &simple } {
                if positions.contains(&j) {
                    let (n, m) = self.shapes[usize::from(*shape)];
                    shapes.push(*shape);
                    scores.push(score(Cell { i: i as u32, j: j as u32, n, m }));
                }
            }
        }
        starts.push(scores.len() as u32);
        let ends = self.shapes.iter().map(|&(n, m)| {
            let row = i + usize::from(n);
            let start = self.offsets.get(row).filter(|_| row < self.rows());
            start.map_or(0, |&o| o as isize + isize::from(m) - self.band.low(row) as isize)
        });
        Row { starts, shapes, scores, ends: ends.collect() }
    }
}

impl Row {
    /// Shape, place of the end, and score of the beads that start at the position `j`, the `k`-th of the row.
    fn beads(&self, j: usize, k: usize) -> impl Iterator<Item = (u8, usize, f64)> + '_ {
        let here = self.starts[k] as usize..self.starts[k + 1] as usize;
        self.shapes[here.clone()].iter().zip(&self.scores[here]).map(move |(&shape, &score)| {
            (shape, (self.ends[usize::from(shape)] + j as isize) as usize, f64::from(score))
        })
    }
}

impl<'s, S: Fn(Cell) -> f32 + Sync> Scores<'s, S> {
    fn new(space: &'s Space<'s>, score: S) -> Self {
        let mut out = Scores { space, score, held: Vec::new() };
        let mut size = 0;
        for k in 0..space.chunks() {
            if size > HELD {
                break;
            }
            let rows = out.compute(k);
            size += rows.iter().map(|row| row.scores.len()).sum::<usize>();
            out.held.push(rows);
        }
        out
    }

    fn compute(&self, k: usize) -> Vec<Row> {
        self.space.chunk(k).into_par_iter().map(|i| self.space.row(i, &self.score)).collect()
    }

    fn chunk(&self, k: usize) -> Chunk<'_> {
        match self.held.get(k) {
            Some(held) => Chunk::Held(held),
            None => Chunk::Made(self.compute(k)),
        }
    }

    fn forward<T: Total>(&self) -> Vec<f64> {
        let mut sums = vec![T::EMPTY; self.space.area()];
        sums[0].add(0.0);
        let mut forward = Vec::with_capacity(sums.len());
        for k in 0..self.space.chunks() {
            for (i, row) in self.space.chunk(k).zip(self.chunk(k).rows()) {
                for (k, j) in self.space.band.range(i).enumerate() {
                    let value = sums[forward.len()].value();
                    forward.push(value);
                    if value > f64::NEG_INFINITY {
                        for (_, there, s) in row.beads(j, k) {
                            sums[there].add(value + s);
                        }
                    }
                }
            }
        }
        forward
    }

    /// The sums, and for each position the shape with which the best path goes on.
    fn backward<T: Total>(&self) -> (Vec<f64>, Vec<u8>) {
        let area = self.space.area();
        let mut backward = vec![f64::NEG_INFINITY; area];
        let mut best = vec![f64::NEG_INFINITY; area];
        let mut choice = vec![0u8; area];
        (backward[area - 1], best[area - 1]) = (0.0, 0.0);
        for k in (0..self.space.chunks()).rev() {
            for (i, row) in self.space.chunk(k).zip(self.chunk(k).rows()).rev() {
                for here in (self.space.offsets[i]..self.space.offsets[i + 1]).rev() {
                    let k = here - self.space.offsets[i];
                    let j = self.space.band.low(i) + k;
                    let mut sum = T::EMPTY;
                    if here == area - 1 {
                        sum.add(0.0);
                    }
                    for (shape, there, s) in row.beads(j, k) {
                        if s + best[there] > best[here] {
                            best[here] = s + best[there];
                            choice[here] = shape;
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

/// The rows of a chunk, kept or computed for the moment.
enum Chunk<'c> {
    Held(&'c [Row]),
    Made(Vec<Row>),
}

impl Chunk<'_> {
    fn rows(&self) -> std::slice::Iter<'_, Row> {
        match self {
            Chunk::Held(rows) => rows.iter(),
            Chunk::Made(rows) => rows.iter(),
        }
    }
}

impl<'a> Sums<'a> {
    /// Computes both by `T`, and hands every bead whose log posterior exceeds `keep` to the lattice. Other beads than those of
    /// [`QUICK`] are considered inside `core` only.
    pub fn new<T, S>(
        band: &'a Band,
        core: &'a Band,
        shapes: &'a [(u8, u8)],
        keep: Option<f64>,
        score: S,
    ) -> (Sums<'a>, Lattice)
    where
        T: Total,
        S: Fn(Cell) -> f32 + Sync,
    {
        let space = Space::new(band, core, shapes);
        let scores = Scores::new(&space, score);
        let (forward, (backward, choice)) = rayon::join(|| scores.forward::<T>(), || scores.backward::<T>());
        let total = forward[space.area() - 1];
        let (mut kept, mut lost) = (Vec::new(), 0.0);
        if let Some(keep) = keep {
            let posterior = |here: usize, there: usize, s: f64| forward[here] + s + backward[there] - total;
            let parts: Vec<(Vec<Cell>, f64)> = (0..space.chunks())
                .into_par_iter()
                .map(|k| {
                    let (mut kept, mut lost) = (Vec::new(), 0.0);
                    for (i, row) in space.chunk(k).zip(scores.chunk(k).rows()) {
                        for (k, j) in band.range(i).enumerate() {
                            for (shape, there, s) in row.beads(j, k) {
                                let posterior = posterior(space.offsets[i] + k, there, s);
                                if posterior > keep {
                                    let (n, m) = shapes[usize::from(shape)];
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
