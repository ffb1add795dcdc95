//! From posteriors to the beads that are handed out.

use super::features::{Cell, length_part};
use super::math::{exp, ln};
use super::passes::Candidates;
use super::weights::Weights;

/// What a bead must add to be worth having: half the F1 that is reached, since one more bead found raises the
/// numerator of F1 by its posterior and its denominator by one half (minimum Bayes risk for F1).
const COST: f64 = 0.45;

/// A bead of the chosen path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Decoded {
    pub cell: Cell,
    pub score: f32,
    /// What the agreement of lengths contributed to the score, in nats; 0 for null beads.
    pub length: f32,
    pub confidence: f64,
}

/// The path with the greatest expected F1.
pub(crate) fn decode(candidates: &Candidates, weights: &Weights) -> Vec<Decoded> {
    let scores = candidates.scores(&weights.second);
    let (_, posteriors) = candidates.lattice.posteriors(&scores);
    let values: Vec<f64> = posteriors.iter().map(|p| p - COST).collect();
    candidates
        .lattice
        .best_path(&values)
        .into_iter()
        .map(|k| Decoded {
            cell: candidates.lattice.cells[k],
            score: scores[k],
            length: length_part(&weights.second, &candidates.vectors[k]),
            confidence: calibrated(posteriors[k], &candidates.lattice.cells[k], weights),
        })
        .collect()
}

/// The probability that a bead with this posterior is right: a logistic regression fitted on held-back beads.
fn calibrated(posterior: f64, cell: &Cell, weights: &Weights) -> f64 {
    let p = posterior.clamp(1e-6, 1.0 - 1e-6);
    let logit = ln(p / (1.0 - p));
    let is = |yes: bool| f64::from(u8::from(yes));
    let null = is(cell.n == 0 || cell.m == 0);
    let many = is(cell.n + cell.m > 2);
    let c = weights.confidence.map(f64::from);
    let x = c[0] + c[1] * logit + c[2] * null + c[3] * many;
    1.0 / (1.0 + exp(-x))
}
