//! From posteriors to the beads that are handed out.

use super::confidence::{Signs, confidence, signs};
use super::features::length_part;
use super::passes::Candidates;
use super::shapes::Cell;
use super::truth::masked;
use super::weights::Weights;

/// What a bead must add to be worth having: half the F1 that is reached (0.92 to 1.00 on held-out sets), since one more bead
/// found raises the numerator of F1 by its posterior and its denominator by one half (minimum Bayes risk for F1). 0.46 to 0.49
/// do alike.
const COST: f64 = 0.48;
/// A right bead without counterpart adds to precision alone, not to recall. Counted in full, such beads come out that are as likely
/// wrong as right: strict F1 0.920 instead of 0.926 on the held-out Bible, 0.979 instead of 0.983 on wmt22enzh_hard.
const NULL_WORTH: f64 = 0.5;
/// What a bead counts for where beads are counted. A merge that is wrong stands for at least as many as its longer side has segments, and
/// would only be a cheap way past them; so each but the first counts by the cube of how unlikely the merge is. Powers of 1, 2, 4 and 6, and
/// a posterior below which all count: docs/accuracy.md, "What a merge counts for".
fn beads(cell: &Cell, posterior: f64) -> f64 {
    let unlikely = 1.0 - posterior;
    1.0 + f64::from(cell.n.max(cell.m) - 1) * unlikely * unlikely * unlikely
}

/// A bead of the chosen path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Decoded {
    pub cell: Cell,
    pub score: f32,
    /// What the agreement of lengths contributed to the score, in nats; 0 for null beads.
    pub length: f32,
    pub confidence: f64,
    /// What speaks for it being right.
    pub signs: Signs,
}

/// The path with the greatest expected F1, over `allowed` beads only where something is known of the true ones.
pub(crate) fn decode(candidates: &Candidates, weights: &Weights, allowed: Option<&[bool]>) -> Vec<Decoded> {
    let scores = masked(weights.scores(&candidates.vectors), allowed);
    let (_, posteriors) = candidates.lattice.posteriors(&scores);
    let value = |((p, cell), score): ((&f64, &Cell), &f32)| {
        let worth = if cell.is_null() { NULL_WORTH } else { 1.0 };
        if *score > f32::NEG_INFINITY { worth * p - COST * beads(cell, *p) } else { f64::NEG_INFINITY }
    };
    let values: Vec<f64> = posteriors.iter().zip(&candidates.lattice.cells).zip(&scores).map(value).collect();
    let decoded = |k: usize| {
        let signs = signs(posteriors[k]);
        Decoded {
            cell: candidates.lattice.cells[k],
            score: scores[k],
            length: length_part(&weights.second, &candidates.vectors[k]),
            confidence: confidence(&weights.confidence, &signs),
            signs,
        }
    };
    candidates.lattice.best_path(&values).into_iter().map(decoded).collect()
}

#[cfg(test)]
mod tests {
    use super::super::features::{COUNT, NAMES};
    use super::super::lattice::Lattice;
    use super::*;

    /// The beads of two Chinese segments and an English one, where only a null has a weight: a merge, or a pair and a null.
    fn decoded(null: f32) -> Vec<(u8, u8)> {
        let cell = |i, j, n, m| Cell { i, j, n, m };
        let cells = vec![cell(0, 0, 1, 1), cell(0, 0, 2, 1), cell(1, 1, 1, 0)];
        let at = NAMES.iter().position(|n| *n == "null").unwrap();
        let mut vectors = vec![[0.0; COUNT]; 3];
        vectors[2][at] = 1.0;
        let mut weights = Weights::parse("").unwrap();
        weights.second[at] = null;
        let candidates = Candidates { lattice: Lattice::new(cells, 0.0), vectors };
        decode(&candidates, &weights, None).iter().map(|d| (d.cell.n, d.cell.m)).collect()
    }

    #[test]
    fn a_merge_counts_for_what_it_hides() {
        let merge = Cell { i: 0, j: 0, n: 1, m: 5 };
        assert_eq!(beads(&merge, 1.0), 1.0);
        assert_eq!(beads(&merge, 0.5), 1.5);
        assert_eq!(beads(&merge, 0.0), 5.0);
        assert_eq!(beads(&Cell { i: 0, j: 0, n: 1, m: 0 }, 0.1), 1.0);
    }

    #[test]
    fn a_segment_is_said_to_have_no_counterpart_where_that_is_much_likelier() {
        // 0.55 against 0.45, and 0.73 against 0.27.
        assert_eq!(decoded(0.2), [(2, 1)]);
        assert_eq!(decoded(1.0), [(1, 1), (1, 0)]);
    }
}
