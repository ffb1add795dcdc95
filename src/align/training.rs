//! Learns the weights from pairs of texts whose true beads are known.
//!
//! A conditional random field over segmentations (Sarawagi and Cohen 2004): the weights that make the true path
//! most probable among all, by L-BFGS (Nocedal 1980) with a quadratic penalty. Where the truth is known by blocks
//! only (a verse, a paragraph), every path that respects the blocks counts as true.

use super::features::{COUNT, Cell, Vector};
use super::lattice::Lattice;
use super::lbfgs::{Objective, minimise};
use super::passes::{Candidates, KEEP, Pairing};
use super::shapes::is_known;
use super::text::Text;
use super::weights::Weights;
use crate::lexicon::Lexicon;
use crate::model::{Lang, Segment};
use rayon::prelude::*;
use std::ops::Range;

/// The penalty on each squared weight, per two; measured on hand-aligned novels.
const PENALTY: f64 = 3.0;
/// Steps of the minimiser; the weights settle long before.
const STEPS: usize = 120;
/// The first pass keeps more than in use, so that what it drops can be learned.
const KEEP_IN_TRAINING: f64 = KEEP - 5.0;

/// Segments of both sides that belong together.
pub type Group = (Range<usize>, Range<usize>);

/// A pair of texts with its true beads.
#[derive(Debug, Clone)]
pub struct Example {
    /// The Chinese segments.
    pub zh: Vec<Segment>,
    /// The English segments.
    pub en: Vec<Segment>,
    /// The true groups, in order, covering both sides.
    pub gold: Vec<Group>,
    /// Whether each group is one bead; otherwise only the groups' borders are known.
    pub exact: bool,
    /// How much it counts; 1 is usual.
    pub weight: f64,
}

/// An example after everything that does not depend on the weights.
pub struct Prepared {
    pairing: Pairing,
    gold: Vec<Group>,
    exact: bool,
    weight: f64,
}

impl Prepared {
    /// Reads the words of an example.
    pub fn new(example: &Example, lexicon: &Lexicon) -> Prepared {
        let zh = Text::read(Lang::Zh, &example.zh, lexicon);
        let en = Text::read(Lang::En, &example.en, lexicon);
        Prepared {
            pairing: Pairing::new(zh, en, lexicon),
            gold: example.gold.clone(),
            exact: example.exact,
            weight: example.weight,
        }
    }
}

/// Learns the weights of both passes.
pub fn train(examples: &[&Prepared], start: &Weights) -> Weights {
    let mut weights = start.clone();
    let lattices: Vec<Problem> = examples
        .par_iter()
        .map(|x| Problem::new(x, x.pairing.first(&start.first, KEEP_IN_TRAINING)))
        .collect();
    weights.first = fit(&lattices, &start.first);
    let lattices: Vec<Problem> = examples
        .par_iter()
        .map(|x| {
            let first = x.pairing.first(&weights.first, KEEP);
            Problem::new(x, x.pairing.second(first, &weights.first).0)
        })
        .collect();
    weights.second = fit(&lattices, &start.second);
    weights
}

fn fit(problems: &[Problem], start: &Vector) -> Vector {
    let start = start.map(f64::from);
    let solution = minimise(&Likelihood { problems }, start.to_vec(), STEPS);
    let mut out = [0.0; COUNT];
    for (to, from) in out.iter_mut().zip(solution) {
        *to = from as f32;
    }
    out
}

/// A lattice and which of its beads lie on a true path.
struct Problem {
    candidates: Candidates,
    allowed: Vec<bool>,
    weight: f64,
}

impl Problem {
    fn new(example: &Prepared, candidates: Candidates) -> Problem {
        let group_of = |len: usize, pick: fn(&Group) -> &Range<usize>| {
            let mut out = vec![0; len];
            for (k, group) in example.gold.iter().enumerate() {
                out[pick(group).clone()].fill(k);
            }
            out
        };
        let zh_group = group_of(example.pairing.zh.len(), |g| &g.0);
        let en_group = group_of(example.pairing.en.len(), |g| &g.1);
        let inside = |cell: &Cell| {
            let mut groups = cell.zh().map(|i| zh_group[i]).chain(cell.en().map(|j| en_group[j]));
            let first = groups.next()?;
            groups.all(|g| g == first).then_some(first)
        };
        let mut found = vec![false; example.gold.len()];
        let whole = |cell: &Cell, g: usize| (cell.zh(), cell.en()) == example.gold[g];
        for cell in &candidates.lattice.cells {
            if let Some(g) = inside(cell) {
                found[g] |= whole(cell, g);
            }
        }
        // A null bead must also stand at its place among the others.
        let mut position = vec![(0usize, 0usize); example.gold.len()];
        let (mut i, mut j) = (0, 0);
        for (at, group) in position.iter_mut().zip(&example.gold) {
            *at = (i, j);
            (i, j) = (i + group.0.len(), j + group.1.len());
        }
        let allowed = candidates
            .lattice
            .cells
            .iter()
            .map(|cell| {
                inside(cell).is_some_and(|g| {
                    let (i, j) = position[g];
                    let placed = cell.i as usize >= i
                        && cell.j as usize >= j
                        && cell.zh().end <= i + example.gold[g].0.len()
                        && cell.en().end <= j + example.gold[g].1.len();
                    let strict = example.exact
                        && found[g]
                        && is_known(example.gold[g].0.len(), example.gold[g].1.len());
                    placed && (!strict || whole(cell, g))
                })
            })
            .collect();
        Problem { candidates, allowed, weight: example.weight }
    }

    /// Adds the negative log likelihood's value and gradient.
    fn add(&self, weights: &Vector) -> (f64, Vec<f64>) {
        let lattice: &Lattice = &self.candidates.lattice;
        let scores = self.candidates.scores(weights);
        let masked: Vec<f32> = scores
            .iter()
            .zip(&self.allowed)
            .map(|(&s, &ok)| if ok { s } else { f32::NEG_INFINITY })
            .collect();
        let mut gradient = vec![0.0; COUNT];
        let (true_total, true_posteriors) = lattice.posteriors(&masked);
        if true_total == f64::NEG_INFINITY {
            return (0.0, gradient);
        }
        let (total, posteriors) = lattice.posteriors(&scores);
        for (k, vector) in self.candidates.vectors.iter().enumerate() {
            let difference = (posteriors[k] - true_posteriors[k]) * self.weight;
            if difference != 0.0 {
                for (g, &f) in gradient.iter_mut().zip(vector) {
                    *g += difference * f64::from(f);
                }
            }
        }
        ((total - true_total) * self.weight, gradient)
    }
}

struct Likelihood<'a> {
    problems: &'a [Problem],
}

impl Objective for Likelihood<'_> {
    fn value_and_gradient(&self, at: &[f64]) -> (f64, Vec<f64>) {
        let mut weights = [0.0; COUNT];
        for (to, from) in weights.iter_mut().zip(at) {
            *to = *from as f32;
        }
        let parts: Vec<(f64, Vec<f64>)> = self.problems.par_iter().map(|p| p.add(&weights)).collect();
        let mut value = 0.0;
        let mut gradient = vec![0.0; COUNT];
        for (w, g) in at.iter().zip(gradient.iter_mut()) {
            value += PENALTY / 2.0 * w * w;
            *g += PENALTY * w;
        }
        for (v, g) in parts {
            value += v;
            gradient.iter_mut().zip(g).for_each(|(to, from)| *to += from);
        }
        (value, gradient)
    }
}

/// How sure a trained model is of each bead of an example, for calibration: the beads it would choose with
/// their features.
pub fn predict(example: &Prepared, weights: &Weights) -> Vec<(Range<usize>, Range<usize>, f64)> {
    let first = example.pairing.first(&weights.first, KEEP);
    let (candidates, _) = example.pairing.second(first, &weights.first);
    super::decode::decode(&candidates, weights)
        .into_iter()
        .map(|d| (d.cell.zh(), d.cell.en(), d.confidence))
        .collect()
}
