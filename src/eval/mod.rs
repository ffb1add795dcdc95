//! How good an alignment is, measured against one made by hand.
//!
//! [`beads`] compares by segment numbers, [`pairs`] by text. Both use the definitions of the field's scorers, so that
//! figures can be compared.

pub mod beads;
pub mod pairs;

/// Precision and recall, both 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Score {
    /// The share of what was found that is right.
    pub precision: f64,
    /// The share of what is right that was found.
    pub recall: f64,
}

impl Score {
    /// The harmonic mean of both; 0 if both are.
    pub fn f1(self) -> f64 {
        let sum = self.precision + self.recall;
        if sum > 0.0 { 2.0 * self.precision * self.recall / sum } else { 0.0 }
    }

    pub(crate) fn of(hits_found: usize, found: usize, hits_gold: usize, gold: usize) -> Score {
        let share = |a: usize, b: usize| if b > 0 { a as f64 / b as f64 } else { 0.0 };
        Score { precision: share(hits_found, found), recall: share(hits_gold, gold) }
    }
}
