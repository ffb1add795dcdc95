//! The beads that are still possible, as a graph from start to end: posteriors and the best path.

use super::math::{LogSum, Total, exp};
use super::shapes::Cell;

/// Candidate beads in order of place. Every path from (0, 0) to the end runs over them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lattice {
    /// Sorted by place.
    pub cells: Vec<Cell>,
    /// The expected number of beads that pruning took away: the sum of the posteriors of what was dropped.
    pub lost: f64,
    from: Vec<u32>,
    to: Vec<u32>,
    nodes: usize,
}

impl Lattice {
    /// Builds the graph. The cells must be sorted.
    pub fn new(cells: Vec<Cell>, lost: f64) -> Lattice {
        let start = |c: &Cell| (c.i, c.j);
        let end = |c: &Cell| (c.i + u32::from(c.n), c.j + u32::from(c.m));
        let mut nodes: Vec<(u32, u32)> = cells.iter().map(start).chain(cells.iter().map(end)).collect();
        nodes.push((0, 0));
        nodes.sort_unstable();
        nodes.dedup();
        let mut from = Vec::with_capacity(cells.len());
        let mut at = 0;
        for cell in &cells {
            while nodes[at] != start(cell) {
                at += 1;
            }
            from.push(at as u32);
        }
        let to = cells
            .iter()
            .zip(&from)
            .map(|(c, &f)| {
                let ahead = nodes[f as usize..].partition_point(|node| *node < end(c));
                f + ahead as u32
            })
            .collect();
        Lattice { cells, lost, from, to, nodes: nodes.len() }
    }

    /// The log-sum over all paths and each cell's posterior, given the cells' scores. A score of −∞ forbids.
    pub fn posteriors(&self, scores: &[f32]) -> (f64, Vec<f64>) {
        let mut forward = vec![LogSum::EMPTY; self.nodes];
        forward[0].add(0.0);
        let mut reached = vec![f64::NEG_INFINITY; self.nodes];
        for (k, &score) in scores.iter().enumerate() {
            let (f, t) = (self.from[k] as usize, self.to[k] as usize);
            reached[f] = forward[f].value();
            if reached[f] > f64::NEG_INFINITY && score > f32::NEG_INFINITY {
                forward[t].add(reached[f] + f64::from(score));
            }
        }
        let total = forward[self.nodes - 1].value();
        let mut backward = vec![LogSum::EMPTY; self.nodes];
        backward[self.nodes - 1].add(0.0);
        let mut out = vec![0.0; scores.len()];
        for (k, &score) in scores.iter().enumerate().rev() {
            let (f, t) = (self.from[k] as usize, self.to[k] as usize);
            let onward = f64::from(score) + backward[t].value();
            if onward > f64::NEG_INFINITY {
                backward[f].add(onward);
                out[k] = exp(reached[f] + onward - total).min(1.0);
            }
        }
        (total, out)
    }

    /// The path whose values sum highest. Of equal sums the one found first wins.
    pub fn best_path(&self, values: &[f64]) -> Vec<usize> {
        let mut best = vec![f64::NEG_INFINITY; self.nodes];
        let mut via = vec![usize::MAX; self.nodes];
        best[0] = 0.0;
        for (k, &value) in values.iter().enumerate() {
            let (f, t) = (self.from[k] as usize, self.to[k] as usize);
            let sum = best[f] + value;
            if sum > best[t] {
                best[t] = sum;
                via[t] = k;
            }
        }
        let mut path = Vec::new();
        let mut node = self.nodes - 1;
        while node != 0 {
            let k = via[node];
            path.push(k);
            node = self.from[k] as usize;
        }
        path.reverse();
        path
    }
}
