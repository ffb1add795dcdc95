//! The beads that are considered: where they start, and their kinds by the number of segments on each side.

use std::ops::Range;

/// A candidate bead: `n` Chinese segments from `i`, `m` English segments from `j`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Cell {
    pub i: u32,
    pub j: u32,
    pub n: u8,
    pub m: u8,
}

impl Cell {
    /// The Chinese segments of this bead with the English ones of another.
    pub fn with_english_of(self, other: Cell) -> Cell {
        Cell { j: other.j, m: other.m, ..self }
    }

    /// Whether one side has nothing.
    pub fn is_null(self) -> bool {
        self.n == 0 || self.m == 0
    }

    pub fn zh(self) -> Range<usize> {
        self.i as usize..self.i as usize + usize::from(self.n)
    }

    pub fn en(self) -> Range<usize> {
        self.j as usize..self.j as usize + usize::from(self.m)
    }
}

/// Chinese and English segments of every kind of bead, in the order in which ties are decided.
///
/// All that occur in 3,300 beads of hand-aligned novels and a white paper, and their mirror images up to six
/// segments; and one Chinese segment that lists what English says in eight.
pub(crate) const SHAPES: [(u8, u8); 32] = [
    (1, 1),
    (1, 2),
    (2, 1),
    (1, 3),
    (3, 1),
    (2, 2),
    (1, 0),
    (0, 1),
    (2, 3),
    (3, 2),
    (1, 4),
    (4, 1),
    (1, 5),
    (5, 1),
    (1, 6),
    (6, 1),
    (1, 7),
    (2, 4),
    (4, 2),
    (2, 5),
    (5, 2),
    (2, 6),
    (2, 7),
    (3, 3),
    (3, 4),
    (4, 3),
    (3, 5),
    (3, 6),
    (5, 3),
    (4, 4),
    (3, 7),
    (1, 8),
];

/// The simple kinds: all that the quick pass considers, which only finds where the path runs.
pub(crate) const QUICK: [(u8, u8); 7] = [(1, 1), (1, 2), (2, 1), (1, 3), (3, 1), (1, 0), (0, 1)];

/// The greatest number of segments on one side of a bead of the quick pass.
pub(crate) const LONGEST_QUICK: usize = 3;

/// The greatest number of segments on one side of a bead.
pub(crate) const LONGEST: usize = 8;

/// Whether beads of this kind are considered.
pub(crate) fn is_known(n: usize, m: usize) -> bool {
    SHAPES.iter().any(|&(a, b)| (usize::from(a), usize::from(b)) == (n, m))
}
