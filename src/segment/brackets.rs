//! Brackets that hold a remark: a sentence does not end inside them (rule ZH6, EN7).

use std::ops::Range;

/// Bytes between an opening bracket and its partner beyond which a bracket holds text of its own, not a remark.
const LONGEST: usize = 360;

/// The remarks of a text, in order, without overlap.
pub(super) struct Brackets {
    ranges: Vec<Range<usize>>,
}

impl Brackets {
    /// Finds the pairs in one walk. A bracket without partner, or with one too far away, does not count.
    pub fn new(text: &str) -> Brackets {
        let mut open: Vec<(usize, char)> = Vec::new();
        let mut ranges: Vec<Range<usize>> = Vec::new();
        for (at, c) in text.char_indices() {
            match c {
                '(' | '（' | '[' | '〔' | '［' | '《' | '〈' => open.push((at, c)),
                ')' | '）' | ']' | '〕' | '］' | '》' | '〉' => {
                    let Some(&(start, partner)) = open.last() else { continue };
                    if pairs(partner, c) {
                        open.pop();
                        if at - start <= LONGEST {
                            while ranges.last().is_some_and(|r| r.start > start) {
                                ranges.pop();
                            }
                            ranges.push(start..at + c.len_utf8());
                        }
                    }
                }
                _ => {}
            }
            if open.first().is_some_and(|&(start, _)| at - start > LONGEST) {
                open.remove(0);
            }
        }
        Brackets { ranges }
    }

    /// A reader that is asked about ever greater positions.
    pub fn iter(&self) -> Inside<'_> {
        Inside { ranges: &self.ranges }
    }
}

fn pairs(open: char, close: char) -> bool {
    matches!(
        (open, close),
        ('(' | '（', ')' | '）') | ('[' | '［', ']' | '］') | ('〔', '〕') | ('《', '》') | ('〈', '〉')
    )
}

/// Answers whether positions lie inside a remark, in one walk over all remarks.
pub(super) struct Inside<'a> {
    ranges: &'a [Range<usize>],
}

impl Inside<'_> {
    /// Whether the position lies inside a remark. Positions must not decrease.
    pub fn covers(&mut self, at: usize) -> bool {
        while self.ranges.first().is_some_and(|r| r.end <= at) {
            self.ranges = &self.ranges[1..];
        }
        self.ranges.first().is_some_and(|r| r.start < at)
    }
}
