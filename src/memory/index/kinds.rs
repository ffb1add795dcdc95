//! Which kinds of tokens a text has, in a few bits: a bound of its edit distance that costs a few instructions.
//!
//! Every token falls into one class of 64 and, by another hash, into one of 128. A class that only one of two texts
//! has takes an edit, and one edit can take care of one class of either text: two texts are at least as many edits
//! apart as classes are in the one and not in the other. (Bloom's bit signatures, 1970, used as in the "frequency
//! distance" of Kahveci and Singh 2001, "An efficient index structure for string databases", with counts cut at 1.)

/// The classes of a text. The first word alone rejects most texts, so the two are kept apart in memory.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Kinds {
    pub(super) coarse: u64,
    pub(super) fine: [u64; 2],
}

impl Kinds {
    pub(super) fn of(text: &[u32]) -> Kinds {
        let mut kinds = Kinds::default();
        for &token in text {
            // Multipliers of Fibonacci hashing (Knuth) and of MurmurHash 3; the upper bits are the class.
            kinds.coarse |= 1 << (token.wrapping_mul(0x9E37_79B1) >> 26);
            let class = token.wrapping_mul(0x85EB_CA6B) >> 25;
            kinds.fine[(class >> 6) as usize] |= 1 << (class & 63);
        }
        kinds
    }
}

/// The fewest edits between texts with these coarse classes.
#[inline]
pub(super) fn fewest(a: u64, b: u64) -> usize {
    (a & !b).count_ones().max((b & !a).count_ones()) as usize
}

/// The fewest edits between texts with these fine classes.
#[inline]
pub(super) fn fewest_fine(a: [u64; 2], b: [u64; 2]) -> usize {
    let only = |a: [u64; 2], b: [u64; 2]| (a[0] & !b[0]).count_ones() + (a[1] & !b[1]).count_ones();
    only(a, b).max(only(b, a)) as usize
}
