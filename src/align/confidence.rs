//! From posteriors to confidences: the probability that a chosen bead is right.
//!
//! A logistic regression over a few signs, fitted on beads of texts that the weights had not seen.

use super::lbfgs::{Objective, minimise};
use super::math::{exp, ln};

/// The signs in order, as the file of weights names them (after `confidence:`).
pub(crate) const SIGNS: [&str; 3] = ["base", "logit", "logit-above"];

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
    pub(crate) signs: Signs,
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

/// The posterior's logit from which on its slope may differ: a posterior of 98 %.
const BEND: f32 = 4.0;

/// The signs of a bead with this posterior. Others were tried (kind of bead, runner-up, neighbours, lengths, the whole
/// document's posteriors) and rank left-out beads no better.
pub(crate) fn signs(posterior: f64) -> Signs {
    let logit = logit(posterior);
    [1.0, logit, (logit - BEND).max(0.0)]
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
        let mut value = at
            .iter()
            .enumerate()
            .map(|(k, w)| if k == 1 { w - 1.0 } else { *w })
            .map(|w| PENALTY / 2.0 * w * w)
            .sum();
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
