//! The model's weights: a small table, learned by the training program, built in.

use super::confidence::{SIGNS, Signs};
use super::features::{COUNT, LINEAR, NAMES, Vector, score};
use super::trees::Trees;
use crate::error::{Error, Result};
use rayon::prelude::*;
use std::fmt::Write as _;

/// Beads that the trees judge side by side: their sets of sixteen leaves fill the 128 bits that one instruction takes on any x86-64.
const SIDE_BY_SIDE: usize = 8;

/// The weights of both passes and of the confidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    pub(crate) first: Vector,
    pub(crate) second: Vector,
    pub(crate) trees: Trees,
    pub(crate) confidence: Signs,
}

impl Weights {
    /// The weights that come with duizhao.
    ///
    /// # Errors
    /// None in practice: the table is part of the binary and read by a test.
    pub fn built_in() -> Result<Weights> {
        Weights::parse(include_str!("../../data/weights.tsv"))
    }

    /// The scores of beads in the second pass.
    pub(crate) fn scores(&self, beads: &[Vector]) -> Vec<f32> {
        let mut out = vec![0.0; beads.len()];
        let chunks = out.par_chunks_mut(SIDE_BY_SIDE).zip(beads.par_chunks(SIDE_BY_SIDE));
        chunks.for_each(|(scores, beads)| {
            // The last chunk may be short; its first bead fills it up.
            let side_by_side = std::array::from_fn(|k| beads.get(k).unwrap_or(&beads[0]));
            let trees = self.trees.values::<SIDE_BY_SIDE>(side_by_side);
            for ((to, bead), trees) in scores.iter_mut().zip(beads).zip(trees) {
                *to = score(&self.second, bead) + trees;
            }
        });
        out
    }

    /// Reads a table: a line a weight, `name TAB first pass TAB second pass`; `confidence:name TAB value`; `tree TAB` and a
    /// tree of the second pass in preorder; `#` starts a comment. Names that are missing count as 0.
    ///
    /// # Errors
    /// An unknown name or a bad number, with its line.
    pub fn parse(table: &str) -> Result<Weights> {
        let mut out = Weights {
            first: [0.0; COUNT],
            second: [0.0; COUNT],
            trees: Trees::default(),
            confidence: [0.0; SIGNS.len()],
        };
        for (k, line) in table.lines().enumerate() {
            let text = line.split('#').next().unwrap_or("").trim_end();
            if text.is_empty() {
                continue;
            }
            let bad = |what: String| Error::malformed(what).at_line(k + 1);
            if let Some(tree) = text.strip_prefix("tree\t") {
                out.trees.push_line(tree).ok_or_else(|| bad(format!("{tree:?} is not a tree")))?;
                continue;
            }
            let mut fields = text.split('\t').map(str::trim);
            let name = fields.next().unwrap_or("");
            let mut number = || -> Result<f32> {
                let field = fields.next().ok_or_else(|| bad(format!("no value for {name}")))?;
                let value = field.parse::<f32>().ok().filter(|v| v.is_finite());
                value.ok_or_else(|| bad(format!("{field:?} is not a number")))
            };
            if let Some(part) = name.strip_prefix("confidence:") {
                let at = SIGNS.iter().position(|n| *n == part);
                out.confidence[at.ok_or_else(|| bad(format!("unknown weight {name:?}")))?] = number()?;
            } else {
                let at = NAMES[..LINEAR].iter().position(|n| *n == name);
                let at = at.ok_or_else(|| bad(format!("unknown weight {name:?}")))?;
                out.first[at] = number()?;
                out.second[at] = number()?;
            }
        }
        Ok(out)
    }

    /// The table that [`Weights::parse`] reads.
    pub fn to_table(&self) -> String {
        let mut out = String::from("# feature\tfirst pass\tsecond pass\n");
        for (k, name) in NAMES[..LINEAR].iter().enumerate() {
            let _ = writeln!(out, "{name}\t{:.4}\t{:.4}", self.first[k], self.second[k]);
        }
        for (name, value) in SIGNS.iter().zip(self.confidence) {
            let _ = writeln!(out, "confidence:{name}\t{value:.4}");
        }
        for tree in self.trees.lines() {
            let _ = writeln!(out, "tree\t{tree}");
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_table_is_whole_and_survives_writing() {
        let weights = Weights::built_in().unwrap();
        assert!(weights.second.iter().filter(|w| **w != 0.0).count() > 20);
        assert_eq!(Weights::parse(&weights.to_table()).unwrap(), weights);
    }

    #[test]
    fn a_bad_table_is_refused_with_its_line() {
        for bad in [
            "null\t1\t2\nnonsense\t1\t2",
            "\nnull\t1\tx",
            "\nnull\t1",
            "\nconfidence:base\tNaN",
            "\ntree\tnull<=1 2",
        ] {
            assert!(Weights::parse(bad).unwrap_err().to_string().starts_with("line 2"), "{bad:?}");
        }
    }
}
