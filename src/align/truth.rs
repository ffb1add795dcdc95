//! What is known of the true beads, and how unlikely scores find it.

use super::features::Vector;
use super::lattice::Lattice;
use super::shapes::{Cell, is_known};
use std::ops::Range;

/// Segments of both sides that belong together: one bead, or a stretch of which only the borders are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
    pub zh: Range<usize>,
    pub en: Range<usize>,
    pub is_bead: bool,
}

impl Known {
    pub fn new((zh, en): (Range<usize>, Range<usize>), is_bead: bool) -> Known {
        Known { zh, en, is_bead }
    }

    fn is(&self, cell: &Cell) -> bool {
        (cell.zh(), cell.en()) == (self.zh.clone(), self.en.clone())
    }
}

/// Groups in order that cover both texts, over the beads that are still possible.
#[derive(Debug)]
pub(crate) struct Truth<'a> {
    groups: &'a [Known],
    zh_group: Vec<usize>,
    en_group: Vec<usize>,
    /// Where each group begins.
    starts: Vec<(usize, usize)>,
    /// Whether each group is among the possible beads.
    found: Vec<bool>,
}

impl<'a> Truth<'a> {
    pub fn new(groups: &'a [Known], cells: &[Cell]) -> Truth<'a> {
        let (mut zh_group, mut en_group, mut starts) = (Vec::new(), Vec::new(), Vec::new());
        for (k, group) in groups.iter().enumerate() {
            starts.push((zh_group.len(), en_group.len()));
            zh_group.resize(zh_group.len() + group.zh.len(), k);
            en_group.resize(en_group.len() + group.en.len(), k);
        }
        let mut truth = Truth { groups, zh_group, en_group, starts, found: vec![false; groups.len()] };
        for cell in cells {
            if let Some(g) = truth.group(cell).filter(|&g| groups[g].is(cell)) {
                truth.found[g] = true;
            }
        }
        truth
    }

    /// The one group in which all segments of a bead lie.
    fn group(&self, cell: &Cell) -> Option<usize> {
        let mut groups = cell.zh().map(|i| self.zh_group[i]).chain(cell.en().map(|j| self.en_group[j]));
        let first = groups.next()?;
        groups.all(|g| g == first).then_some(first)
    }

    /// Which beads may lie on a true path. Where a true bead is not among the possible ones its parts may.
    pub fn allowed(&self, cells: &[Cell]) -> Vec<bool> {
        let allowed = |cell: &Cell| {
            self.group(cell).is_some_and(|g| {
                let group = &self.groups[g];
                // A bead without counterpart must also stand at its place among the others.
                let (i, j) = self.starts[g];
                let placed = cell.i as usize >= i
                    && cell.j as usize >= j
                    && cell.zh().end <= i + group.zh.len()
                    && cell.en().end <= j + group.en.len();
                let whole_only = group.is_bead && self.found[g] && is_known(group.zh.len(), group.en.len());
                placed && (!whole_only || group.is(cell))
            })
        };
        cells.iter().map(allowed).collect()
    }

    /// Whether a bead is a true one; of a group without counterpart every part is.
    pub fn is_right(&self, cell: &Cell) -> bool {
        self.group(cell).is_some_and(|g| {
            let group = &self.groups[g];
            group.is(cell) || cell.n == 0 && group.zh.is_empty() || cell.m == 0 && group.en.is_empty()
        })
    }
}

/// Which beads of a lattice go with confirmed ones, whose sides are told in order; those out of order or beyond the end
/// are left out. `None` where nothing is confirmed, or no path of the lattice goes with it.
pub(crate) fn around<'a>(
    confirmed: impl Iterator<Item = (&'a Range<usize>, &'a Range<usize>)>,
    (n, m): (usize, usize),
    lattice: &Lattice,
) -> Option<Vec<bool>> {
    let mut known = Vec::new();
    let (mut i, mut j) = (0, 0);
    for (zh, en) in confirmed {
        let fits =
            |side: &Range<usize>, from, to| from <= side.start && side.start <= side.end && side.end <= to;
        if !fits(zh, i, n) || !fits(en, j, m) {
            continue;
        }
        known.push(Known::new((i..zh.start, j..en.start), false));
        known.push(Known::new((zh.clone(), en.clone()), true));
        (i, j) = (zh.end, en.end);
    }
    if known.is_empty() {
        return None;
    }
    known.push(Known::new((i..n, j..m), false));
    let allowed = Truth::new(&known, &lattice.cells).allowed(&lattice.cells);
    let open = masked(vec![0.0; allowed.len()], Some(&allowed));
    (lattice.posteriors(&open).0 > f64::NEG_INFINITY).then_some(allowed)
}

/// The scores, with −∞ for the beads that are not allowed; `None` allows all.
pub(crate) fn masked(mut scores: Vec<f32>, allowed: Option<&[bool]>) -> Vec<f32> {
    let forbidden = scores.iter_mut().zip(allowed.unwrap_or(&[])).filter(|(_, ok)| !**ok);
    forbidden.for_each(|(score, _)| *score = f32::NEG_INFINITY);
    scores
}

/// How far scores are from the truth.
#[derive(Debug)]
pub(crate) struct Loss {
    /// −ln of the probability of the true paths.
    pub value: f64,
    /// Each bead's probability, and the same among true paths only.
    pub posteriors: Vec<f64>,
    pub truth: Vec<f64>,
}

impl Loss {
    /// `None` where no true path is possible.
    pub fn new(lattice: &Lattice, allowed: &[bool], scores: &[f32]) -> Option<Loss> {
        let (true_total, truth) = lattice.posteriors(&masked(scores.to_vec(), Some(allowed)));
        if true_total == f64::NEG_INFINITY {
            return None;
        }
        let (total, posteriors) = lattice.posteriors(scores);
        Some(Loss { value: total - true_total, posteriors, truth })
    }

    /// Adds the derivatives by the weights, `weight` times.
    pub fn add_gradient(&self, vectors: &[Vector], weight: f64, gradient: &mut [f64]) {
        for ((vector, p), t) in vectors.iter().zip(&self.posteriors).zip(&self.truth) {
            let difference = (p - t) * weight;
            if difference != 0.0 {
                for (g, &f) in gradient.iter_mut().zip(vector) {
                    *g += difference * f64::from(f);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(i: u32, j: u32, n: u8, m: u8) -> Cell {
        Cell { i, j, n, m }
    }

    fn allowed(confirmed: &[(Range<usize>, Range<usize>)], cells: &[Cell]) -> Option<Vec<bool>> {
        around(confirmed.iter().map(|(zh, en)| (zh, en)), (2, 2), &Lattice::new(cells.to_vec(), 0.0))
    }

    #[test]
    fn beads_across_a_confirmed_one_are_not_allowed() {
        let cells = [cell(0, 0, 1, 1), cell(0, 0, 2, 2), cell(1, 1, 1, 1)];
        assert_eq!(allowed(&[], &cells), None);
        assert_eq!(allowed(&[(0..1, 0..1)], &cells), Some(vec![true, false, true]));
        assert_eq!(allowed(&[(0..2, 0..2)], &cells), Some(vec![false, true, false]));
    }

    #[test]
    fn a_confirmed_bead_that_is_not_considered_may_be_cut_but_not_crossed() {
        let cells = [cell(0, 0, 1, 1), cell(1, 1, 1, 1)];
        assert_eq!(allowed(&[(0..2, 0..2)], &cells), Some(vec![true, true]));
        assert_eq!(allowed(&[(0..1, 0..1), (0..2, 1..2), (1..3, 1..2)], &cells), Some(vec![true, true]));
        // No path goes with this one: it is left to the stretches between confirmed beads.
        assert_eq!(allowed(&[(0..1, 0..2)], &cells), None);
    }

    #[test]
    fn a_confirmed_segment_without_counterpart_keeps_its_place() {
        let cells = [cell(0, 0, 0, 1), cell(0, 0, 1, 1), cell(0, 1, 2, 1)];
        assert_eq!(allowed(&[(0..0, 0..1)], &cells), Some(vec![true, false, true]));
    }
}
