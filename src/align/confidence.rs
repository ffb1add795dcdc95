//! From posteriors to confidences: the probability that a chosen bead is right.
//!
//! A logistic regression over a few signs, fitted on beads of texts that the weights had not seen.

use super::features::{self, Cell, Vector};
use super::lbfgs::{Objective, minimise};
use super::math::{exp, ln};
use super::passes::Candidates;

/// The signs in order, as the file of weights names them (after `confidence:`).
pub(crate) const SIGNS: [&str; 14] = [
    "base", "logit", "null", "many", "fit", "runner-up", "neighbour", "logit-by-fit", "support", "weakest", "missing",
    "ratio", "document", "logit-bent",
];

/// The values of the signs for one bead.
pub(crate) type Signs = [f32; SIGNS.len()];

/// A chosen bead of a text that the weights had not seen.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The Chinese segments.
    pub zh: std::ops::Range<usize>,
    /// The English segments.
    pub en: std::ops::Range<usize>,
    /// The probability that it is right.
    pub confidence: f64,
    /// Whether it is right, where that is known of single beads.
    pub right: Option<bool>,
    pub signs: Signs,
}

impl Judged {
    /// The confidence anew, by a regression over other beads.
    pub fn recalibrate(&mut self, weights: &super::Weights) {
        self.confidence = confidence(&weights.confidence, &self.signs);
    }
}

/// The steepest odds that count: posteriors beyond 1 in 10,000 are equally sure.
const STEEPEST: f64 = 9.2;
/// The penalty on each squared weight, per two: a weak pull towards 0, since there are thousands of beads.
const PENALTY: f64 = 1.0;
/// Steps of the minimiser.
const STEPS: usize = 200;

fn logit(p: f64) -> f32 {
    let p = p.clamp(1e-9, 1.0 - 1e-9);
    ln(p / (1.0 - p)).clamp(-STEEPEST, STEEPEST) as f32
}

/// The signs of each bead of a path, given the posteriors of all candidates.
pub(crate) fn signs(candidates: &Candidates, posteriors: &[f64], path: &[usize]) -> Vec<Signs> {
    let cells = &candidates.lattice.cells;
    let runners_up = runners_up(cells, posteriors, path);
    let sure: f64 = path.iter().map(|&k| posteriors[k]).sum::<f64>() + PRIOR_BEADS * PRIOR_MEAN;
    let document = logit(sure / (path.len() as f64 + PRIOR_BEADS));
    let at = |k: Option<&usize>| k.map_or(STEEPEST as f32, |&k| logit(posteriors[k]));
    (0..path.len())
        .map(|x| {
            let k = path[x];
            let vector: &Vector = &candidates.vectors[k];
            let here = logit(posteriors[k]);
            let before = at(x.checked_sub(1).and_then(|x| path.get(x)));
            let fit = candidates.fit;
            let cell = cells[k];
            let is = |yes: bool| f32::from(u8::from(yes));
            [
                1.0,
                here,
                is(cell.n == 0 || cell.m == 0),
                is(cell.n + cell.m > 2),
                fit,
                logit(runners_up[x]),
                before.min(at(path.get(x + 1))),
                here * fit,
                features::support(vector),
                features::weakest_place(vector),
                features::missing(vector),
                features::length_ratio(vector),
                document,
                (here - 4.0).max(0.0),
            ]
        })
        .collect()
}

/// The mean posterior of a document of which nothing is known, and the beads it is worth.
const PRIOR_MEAN: f64 = 0.95;
const PRIOR_BEADS: f64 = 10.0;

/// For each bead of the path the greatest posterior of another bead with one of its segments.
fn runners_up(cells: &[Cell], posteriors: &[f64], path: &[usize]) -> Vec<f64> {
    let (n, m) = cells.iter().fold((0, 0), |(n, m), c| (c.zh().end.max(n), c.en().end.max(m)));
    let (mut of_zh, mut of_en) = (vec![u32::MAX; n], vec![u32::MAX; m]);
    for (x, &k) in path.iter().enumerate() {
        of_zh[cells[k].zh()].fill(x as u32);
        of_en[cells[k].en()].fill(x as u32);
    }
    let mut out = vec![0.0f64; path.len()];
    for (k, (cell, &p)) in cells.iter().zip(posteriors).enumerate() {
        let ends = [
            cell.zh().next().map(|i| of_zh[i]),
            cell.zh().next_back().map(|i| of_zh[i]),
            cell.en().next().map(|j| of_en[j]),
            cell.en().next_back().map(|j| of_en[j]),
        ];
        for x in ends.into_iter().flatten().filter(|&x| x != u32::MAX).map(|x| x as usize) {
            if path[x] != k {
                out[x] = out[x].max(p);
            }
        }
    }
    out
}

/// The probability that a bead with these signs is right.
pub(crate) fn confidence(weights: &Signs, signs: &Signs) -> f64 {
    let x: f64 = weights.iter().zip(signs).map(|(&w, &s)| f64::from(w) * f64::from(s)).sum();
    1.0 / (1.0 + exp(-x))
}

/// Learns the weights of the signs.
pub(crate) fn fit(judged: &[&Judged]) -> Signs {
    let known: Vec<(&Signs, bool)> = judged.iter().filter_map(|j| Some((&j.signs, j.right?))).collect();
    let mut start = vec![0.0; SIGNS.len()];
    start[1] = 1.0;
    let solution = minimise(&Regression { known: &known }, start, STEPS);
    let mut out = [0.0; SIGNS.len()];
    for (to, from) in out.iter_mut().zip(solution) {
        *to = from as f32;
    }
    out
}

struct Regression<'a> {
    known: &'a [(&'a Signs, bool)],
}

impl Objective for Regression<'_> {
    fn value_and_gradient(&self, at: &[f64]) -> (f64, Vec<f64>) {
        let mut gradient: Vec<f64> = at.iter().map(|w| PENALTY * w).collect();
        // The posterior itself is the natural confidence.
        gradient[1] -= PENALTY;
        let mut value =
            at.iter().enumerate().map(|(k, w)| if k == 1 { w - 1.0 } else { *w }).map(|w| PENALTY / 2.0 * w * w).sum();
        for (signs, right) in self.known {
            let x: f64 = at.iter().zip(*signs).map(|(w, &s)| w * f64::from(s)).sum();
            let p = (1.0 / (1.0 + exp(-x))).clamp(1e-12, 1.0 - 1e-12);
            value -= ln(if *right { p } else { 1.0 - p });
            let slope = p - f64::from(u8::from(*right));
            for (g, &s) in gradient.iter_mut().zip(*signs) {
                *g += slope * f64::from(s);
            }
        }
        (value, gradient)
    }
}
