//! The part of the search space that is searched: for each Chinese position a range of English positions.

use std::ops::RangeInclusive;

/// For every number of Chinese segments consumed (0 to n), the numbers of English segments consumed that are
/// considered. Both ends never decrease; (0, 0) and (n, m) are inside.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Band {
    low: Vec<u32>,
    high: Vec<u32>,
}

impl Band {
    /// The whole rectangle.
    pub fn full(n: usize, m: usize) -> Band {
        Band { low: vec![0; n + 1], high: vec![m as u32; n + 1] }
    }

    /// Makes a band from wished ranges: mends the order of the ends, and opens what would be impassable.
    pub fn new(mut low: Vec<u32>, mut high: Vec<u32>, m: usize) -> Band {
        let n = low.len() - 1;
        low[0] = 0;
        high[n] = m as u32;
        for i in 1..=n {
            high[i] = high[i].max(high[i - 1]).min(m as u32);
        }
        for i in (0..n).rev() {
            low[i] = low[i].min(low[i + 1]);
        }
        for i in 1..=n {
            // A path must be able to step from row i−1 into row i.
            low[i] = low[i].min(high[i - 1]).min(high[i]);
        }
        for i in (0..n).rev() {
            low[i] = low[i].min(low[i + 1]);
        }
        Band { low, high }
    }

    /// The number of Chinese segments.
    pub fn rows(&self) -> usize {
        self.low.len() - 1
    }

    /// The number of English segments.
    pub fn columns(&self) -> usize {
        self.high[self.rows()] as usize
    }

    /// English positions considered at a Chinese position.
    pub fn range(&self, i: usize) -> RangeInclusive<usize> {
        self.low[i] as usize..=self.high[i] as usize
    }

    pub fn low(&self, i: usize) -> usize {
        self.low[i] as usize
    }

    pub fn high(&self, i: usize) -> usize {
        self.high[i] as usize
    }

    /// The number of positions.
    pub fn area(&self) -> usize {
        (0..=self.rows()).map(|i| self.high(i) + 1 - self.low(i)).sum()
    }

    #[cfg(test)]
    pub fn contains(&self, i: usize, j: usize) -> bool {
        self.range(i).contains(&j)
    }

    /// The same band seen from the other side.
    pub fn transposed(&self) -> Band {
        let (n, m) = (self.rows(), self.columns());
        let mut low = vec![n as u32; m + 1];
        let mut high = vec![0; m + 1];
        let (mut first, mut last) = (0, 0);
        for j in 0..=m {
            while self.high(first) < j {
                first += 1;
            }
            low[j] = first as u32;
            while last < n && self.low(last + 1) <= j {
                last += 1;
            }
            high[j] = last as u32;
        }
        Band { low, high }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transposing_keeps_every_position() {
        let band = Band::new(vec![0, 0, 2, 1, 5], vec![1, 3, 3, 6, 2], 7);
        let other = band.transposed();
        for i in 0..=4 {
            for j in 0..=7 {
                assert_eq!(band.contains(i, j), other.contains(j, i), "{i} {j}");
            }
        }
        assert!(band.contains(0, 0) && band.contains(4, 7));
        assert_eq!(other.transposed(), band);
    }
}
