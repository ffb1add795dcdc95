//! Forward-backward over every bead inside a band: which beads are worth a second look, and where the path runs.
//!
//! A semi-Markov model: a path is a row of beads, its score the sum of theirs, its probability the softmax over
//! all paths. Where only the course of the path is wanted, the best path stands for all ([`Total`]). Scores are computed in
//! parallel and kept as far as memory allows; both directions run side by side.

use super::band::Band;
use super::lattice::Lattice;
use super::math::{Total, exp};
use super::shapes::{Cell, QUICK};
use rayon::prelude::*;
use std::ops::Range;

/// Rows whose scores are computed at a time: enough work for every core.
const CHUNK: usize = 1024;

/// Log posterior below which a dropped bead is no loss, even where there are millions of them.
const NEGLIGIBLE: f64 = -40.0;

/// Beads whose scores are kept at most, about 250 MB; what is beyond is computed anew when it is needed.
const HELD: usize = 50 << 20;

/// What all paths add up to, from the start (`forward`) and to the end (`backward`) of each position of the band.
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

/// The beads that start in one row of the band, kind by kind.
struct Row {
    runs: Vec<Run>,
    scores: Vec<f32>,
}

/// The beads of one kind that start in a row: at positions that follow each other.
#[derive(Clone, Copy)]
struct Run {
    shape: u8,
    /// The first position, counted from the row's first.
    from: u32,
    /// Where its bead ends, counted in the whole band.
    to: usize,
    /// Where the run's scores begin, and their number.
    start: u32,
    count: u32,
}

impl Row {
    /// The runs with their scores.
    fn runs(&self) -> impl Iterator<Item = (Run, &[f32])> + '_ {
        self.runs.iter().map(|run| (*run, &self.scores[run.start as usize..(run.start + run.count) as usize]))
    }

    /// The beads without Chinese segments: they end in the row, before `end`.
    fn inside(&self, end: usize) -> Option<(usize, &[f32])> {
        self.runs().find(|(run, _)| run.to < end).map(|(run, scores)| (run.from as usize, scores))
    }

    /// All others.
    fn beyond(&self, end: usize) -> impl Iterator<Item = (Run, &[f32])> + '_ {
        self.runs().filter(move |(run, _)| run.to >= end)
    }
}

/// The scores of all beads, chunk by chunk.
struct Scores<'s, S> {
    space: &'s Space<'s>,
    /// Adds the scores of the beads of one kind that start at a Chinese segment and at each of some English ones.
    put_scores: S,
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
    fn row(&self, i: usize, put_scores: &impl Fn(usize, (u8, u8), Range<usize>, &mut Vec<f32>)) -> Row {
        let mut out = Row { runs: Vec::with_capacity(self.shapes.len()), scores: Vec::new() };
        let all = || self.starts(i).filter(|(_, positions)| !positions.is_empty());
        out.scores.reserve_exact(all().map(|(_, positions)| positions.len()).sum());
        for (shape, positions) in all() {
            let (n, m) = self.shapes[usize::from(shape)];
            out.runs.push(Run {
                shape,
                from: (positions.start - self.band.low(i)) as u32,
                to: self.at(i + usize::from(n), positions.start + usize::from(m)),
                start: out.scores.len() as u32,
                count: positions.len() as u32,
            });
            put_scores(i, (n, m), positions, &mut out.scores);
        }
        out
    }
}

impl<'s, S: Fn(usize, (u8, u8), Range<usize>, &mut Vec<f32>) + Sync> Scores<'s, S> {
    fn new(space: &'s Space<'s>, put_scores: S) -> Self {
        let mut out = Scores { space, put_scores, held: Vec::new() };
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
        self.space.chunk(k).into_par_iter().map(|i| self.space.row(i, &self.put_scores)).collect()
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
        let mut forward = vec![f64::NEG_INFINITY; sums.len()];
        for k in 0..self.space.chunks() {
            for (i, row) in self.space.chunk(k).zip(self.chunk(k).rows()) {
                let (first, end) = (self.space.offsets[i], self.space.offsets[i + 1]);
                let (from, inside) = row.inside(end).unwrap_or_default();
                for here in first..end {
                    forward[here] = sums[here].value();
                    if let Some(&s) = inside.get((here - first).wrapping_sub(from)) {
                        sums[here + 1].add(forward[here] + f64::from(s));
                    }
                }
                for (run, scores) in row.beyond(end) {
                    let here = &forward[first + run.from as usize..];
                    for ((sum, value), &s) in sums[run.to..].iter_mut().zip(here).zip(scores) {
                        sum.add(value + f64::from(s));
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
        let right = self.space.shapes.iter().position(|shape| shape.0 == 0).unwrap_or(0) as u8;
        let mut sums: Vec<T> = Vec::new();
        for k in (0..self.space.chunks()).rev() {
            for (i, row) in self.space.chunk(k).zip(self.chunk(k).rows()).rev() {
                let (first, end) = (self.space.offsets[i], self.space.offsets[i + 1]);
                sums.clear();
                sums.resize(end - first, T::EMPTY);
                if end == area {
                    sums[end - first - 1].add(0.0);
                    best[end - 1] = 0.0;
                }
                let (best_here, best_beyond) = best.split_at_mut(end);
                let (best_here, choice) = (&mut best_here[first..], &mut choice[first..end]);
                for (run, scores) in row.beyond(end) {
                    let from = run.from as usize;
                    let here = sums[from..].iter_mut().zip(&mut best_here[from..]).zip(&mut choice[from..]);
                    let there = backward[run.to..].iter().zip(&best_beyond[run.to - end..]);
                    for ((((sum, best), choice), (after, best_after)), &s) in here.zip(there).zip(scores) {
                        let s = f64::from(s);
                        if s + best_after > *best {
                            *best = s + best_after;
                            *choice = run.shape;
                        }
                        sum.add(s + after);
                    }
                }
                let (from, inside) = row.inside(end).unwrap_or_default();
                for k in (0..end - first).rev() {
                    if let Some(&s) = inside.get(k.wrapping_sub(from)) {
                        let s = f64::from(s);
                        if s + best_here[k + 1] > best_here[k] {
                            best_here[k] = s + best_here[k + 1];
                            choice[k] = right;
                        }
                        sums[k].add(s + backward[first + k + 1]);
                    }
                    backward[first + k] = sums[k].value();
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
        put_scores: S,
    ) -> (Sums<'a>, Lattice)
    where
        T: Total,
        S: Fn(usize, (u8, u8), Range<usize>, &mut Vec<f32>) + Sync,
    {
        let space = Space::new(band, core, shapes);
        let scores = Scores::new(&space, put_scores);
        let (forward, (backward, choice)) = rayon::join(|| scores.forward::<T>(), || scores.backward::<T>());
        let total = forward[space.area() - 1];
        let (mut kept, mut lost) = (Vec::new(), 0.0);
        if let Some(keep) = keep {
            let parts: Vec<(Vec<Cell>, f64)> = (0..space.chunks())
                .into_par_iter()
                .map(|k| {
                    let (mut kept, mut lost) = (Vec::new(), 0.0);
                    for (i, row) in space.chunk(k).zip(scores.chunk(k).rows()) {
                        for (run, scores) in row.runs() {
                            let (n, m) = shapes[usize::from(run.shape)];
                            let here = &forward[space.offsets[i] + run.from as usize..];
                            let j = band.low(i) + run.from as usize;
                            for (k, ((before, after), &s)) in
                                here.iter().zip(&backward[run.to..]).zip(scores).enumerate()
                            {
                                let posterior = before + f64::from(s) + after - total;
                                if posterior > keep {
                                    kept.push(Cell { i: i as u32, j: (j + k) as u32, n, m });
                                } else if posterior > NEGLIGIBLE {
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

    /// A narrower band: around all positions whose log posterior exceeds `keep`, with a margin. Where the best path stands for all,
    /// that is how far the best one through the position stays behind.
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
