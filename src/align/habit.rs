//! Learns the habit of the person who reviews: which beads are merged and which are kept apart.
//!
//! What is confirmed is a part of the truth. The weights of the second pass move to make it likelier, as far as the
//! quadratic penalty on the distance from the weights as they are lets them (a Gaussian prior; Chelba and Acero 2004).

use super::features::{LINEAR, Vector};
use super::lbfgs::{Objective, minimise};
use super::passes::Candidates;
use super::truth::Loss;
use super::weights::Weights;

/// The penalty on each squared distance, per two. Of 3, 10, 30, 100 and 300 the one with which a played reviewer of
/// left-out novels is done first; with 30 and less, what the first few rows teach (the most doubtful ones, mostly merges)
/// made the others worse for a while.
const PENALTY: f64 = 300.0;
/// Steps of the minimiser.
const STEPS: usize = 20;

/// The weights that a document's confirmed beads suggest.
pub(crate) fn adapt(candidates: &Candidates, allowed: &[bool], weights: &Weights) -> Weights {
    let scores = weights.scores(&candidates.vectors);
    let moved = minimise(&Confirmed { candidates, allowed, scores }, vec![0.0; LINEAR], STEPS);
    let mut out = weights.clone();
    for (weight, by) in out.second.iter_mut().zip(moved) {
        *weight += by as f32;
    }
    out
}

/// How unlikely what is confirmed is, by how far the weights move.
struct Confirmed<'a> {
    candidates: &'a Candidates,
    allowed: &'a [bool],
    /// The scores as they are.
    scores: Vec<f32>,
}

impl Objective for Confirmed<'_> {
    fn value_and_gradient(&self, at: &[f64]) -> (f64, Vec<f64>) {
        let vectors = &self.candidates.vectors;
        let moved =
            |vector: &Vector| vector.iter().zip(at).map(|(&f, m)| f64::from(f) * m).sum::<f64>() as f32;
        let scores: Vec<f32> = self.scores.iter().zip(vectors).map(|(s, v)| s + moved(v)).collect();
        let mut gradient: Vec<f64> = at.iter().map(|m| PENALTY * m).collect();
        let mut value = at.iter().map(|m| PENALTY / 2.0 * m * m).sum();
        if let Some(loss) = Loss::new(&self.candidates.lattice, self.allowed, &scores) {
            loss.add_gradient(vectors, 1.0, &mut gradient);
            value += loss.value;
        }
        (value, gradient)
    }
}

#[cfg(test)]
mod tests {
    use super::super::lattice::Lattice;
    use super::super::shapes::Cell;
    use super::super::truth::{around, masked};
    use super::*;

    /// Pairs of two sentences a side: each one bead of two and two, or two of one and one.
    fn alike(pairs: u32) -> Candidates {
        let cell = |i: u32, n: u8| Cell { i, j: i, n, m: n };
        let cells: Vec<Cell> =
            (0..pairs).flat_map(|k| [cell(2 * k, 1), cell(2 * k, 2), cell(2 * k + 1, 1)]).collect();
        let vector = |cell: &Cell| {
            let mut vector = [0.0; super::super::features::COUNT];
            vector[usize::from(cell.n)] = 1.0;
            vector
        };
        let vectors = cells.iter().map(vector).collect();
        Candidates { lattice: Lattice::new(cells, 0.0), vectors }
    }

    #[test]
    fn confirmed_merges_make_merges_likelier_elsewhere() {
        let candidates = alike(400);
        let confirmed: Vec<_> = (0..200).map(|k| (4 * k..4 * k + 2, 4 * k..4 * k + 2)).collect();
        let sides = confirmed.iter().map(|(zh, en)| (zh, en));
        let allowed = around(sides, (800, 800), &candidates.lattice).unwrap();
        let weights = Weights { trees: Default::default(), ..Weights::built_in().unwrap() };
        let elsewhere = |weights: &Weights| {
            let scores = weights.scores(&candidates.vectors);
            let last = candidates.lattice.cells.len() - 2;
            candidates.lattice.posteriors(&masked(scores, Some(&allowed))).1[last]
        };
        let neutral = Weights { second: [0.0; super::super::features::COUNT], ..weights };
        let adapted = adapt(&candidates, &allowed, &neutral);
        assert!((elsewhere(&neutral) - 0.5).abs() < 1e-6);
        assert!(elsewhere(&adapted) > 0.55, "{}", elsewhere(&adapted));
    }
}
