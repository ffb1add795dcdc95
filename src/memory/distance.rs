//! Edit distance between one query and many candidates, bit-parallel.
//!
//! Myers (1999), "A fast bit-vector algorithm for approximate string matching based on dynamic programming", in the
//! form with horizontal deltas at the border for whole-to-whole distance of Hyyrö (2003), "A bit-vector algorithm
//! for computing Levenshtein and Damerau edit distances". One 64-bit word holds 64 tokens of the query.

/// A query, ready to be compared. Tokens are small numbers.
#[derive(Debug, Default)]
pub(super) struct Pattern {
    /// By token: 0, or 1 + the index of its row in `rows`.
    slots: Vec<u16>,
    used: Vec<u32>,
    rows: Vec<u64>,
    blocks: usize,
    length: usize,
    plus: Vec<u64>,
    minus: Vec<u64>,
}

impl Pattern {
    /// Takes a query. Tokens of `vocabulary` or above are in no candidate. Only the first 65,534 kinds count.
    pub(super) fn set(&mut self, query: &[u32], vocabulary: usize) {
        for token in self.used.drain(..) {
            self.slots[token as usize] = 0;
        }
        self.slots.resize(vocabulary, 0);
        self.length = query.len();
        self.blocks = query.len().div_ceil(64).max(1);
        self.rows.clear();
        for (i, &token) in query.iter().enumerate() {
            let Some(slot) = self.slots.get_mut(token as usize) else { continue };
            if *slot == 0 {
                let Ok(next) = u16::try_from(self.used.len() + 1) else { continue };
                *slot = next;
                self.used.push(token);
                self.rows.resize(self.rows.len() + self.blocks, 0);
            }
            self.rows[(usize::from(*slot) - 1) * self.blocks + i / 64] |= 1 << (i % 64);
        }
    }

    /// The distance to a candidate of `length` tokens, or `None` if it is more than `most`.
    pub(super) fn distance(
        &mut self,
        candidate: impl Iterator<Item = u32>,
        length: usize,
        most: usize,
    ) -> Option<usize> {
        if self.length.abs_diff(length) > most {
            return None;
        }
        if self.length == 0 {
            return Some(length);
        }
        if self.blocks == 1 {
            self.short(candidate, length, most)
        } else {
            self.long(candidate, length, most)
        }
    }

    fn short(&self, candidate: impl Iterator<Item = u32>, length: usize, most: usize) -> Option<usize> {
        let (mut plus, mut minus) = (u64::MAX, 0u64);
        let mut score = self.length;
        let last = 1u64 << (self.length - 1);
        for (j, token) in candidate.enumerate() {
            let equal = match self.slots[token as usize] {
                0 => 0,
                slot => self.rows[usize::from(slot) - 1],
            };
            let vertical = equal | minus;
            let horizontal = (((equal & plus).wrapping_add(plus)) ^ plus) | equal;
            let up = minus | !(horizontal | plus);
            let down = plus & horizontal;
            score = score + usize::from(up & last != 0) - usize::from(down & last != 0);
            let up = (up << 1) | 1;
            plus = (down << 1) | !(vertical | up);
            minus = up & vertical;
            // Each token that is left can lower the score by one.
            if score > most + (length - j - 1) {
                return None;
            }
        }
        (score <= most).then_some(score)
    }

    fn long(&mut self, candidate: impl Iterator<Item = u32>, length: usize, most: usize) -> Option<usize> {
        self.plus.clear();
        self.plus.resize(self.blocks, u64::MAX);
        self.minus.clear();
        self.minus.resize(self.blocks, 0);
        let mut score = self.length;
        let last = 1u64 << ((self.length - 1) % 64);
        for (j, token) in candidate.enumerate() {
            let row = match self.slots[token as usize] {
                0 => None,
                slot => Some((usize::from(slot) - 1) * self.blocks),
            };
            // The horizontal delta that comes in from the block above.
            let (mut in_up, mut in_down) = (1u64, 0u64);
            for b in 0..self.blocks {
                let (plus, minus) = (self.plus[b], self.minus[b]);
                let equal = row.map_or(0, |r| self.rows[r + b]);
                let vertical = equal | minus;
                let equal = equal | in_down;
                let horizontal = (((equal & plus).wrapping_add(plus)) ^ plus) | equal;
                let up = minus | !(horizontal | plus);
                let down = plus & horizontal;
                if b + 1 == self.blocks {
                    score = score + usize::from(up & last != 0) - usize::from(down & last != 0);
                }
                let (out_up, out_down) = (up >> 63, down >> 63);
                let up = (up << 1) | in_up;
                let down = (down << 1) | in_down;
                (in_up, in_down) = (out_up, out_down);
                self.plus[b] = down | !(vertical | up);
                self.minus[b] = up & vertical;
            }
            if score > most + (length - j - 1) {
                return None;
            }
        }
        (score <= most).then_some(score)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn by_table(a: &[u32], b: &[u32]) -> usize {
        let mut row: Vec<usize> = (0..=b.len()).collect();
        for (i, x) in a.iter().enumerate() {
            let mut diagonal = row[0];
            row[0] = i + 1;
            for (j, y) in b.iter().enumerate() {
                let here = (diagonal + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
                diagonal = std::mem::replace(&mut row[j + 1], here);
            }
        }
        row[b.len()]
    }

    proptest! {
        #[test]
        fn the_bits_give_what_the_table_gives(
            a in prop::collection::vec(0u32..6, 0..200),
            b in prop::collection::vec(0u32..6, 0..200),
            most in 0usize..220,
        ) {
            let mut pattern = Pattern::default();
            pattern.set(&[5, 4, 3], 6);
            pattern.set(&a, 6);
            let wanted = by_table(&a, &b);
            let found = pattern.distance(b.iter().copied(), b.len(), most);
            prop_assert_eq!(found, (wanted <= most).then_some(wanted));
        }
    }
}
