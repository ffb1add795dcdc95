//! The score of millions of beads in the first pass: what their features add up to, without the features.
//!
//! What depends on the shape alone, or on the signs of both runs alone, is added up once for every case.

use super::coverage::Bags;
use super::features::{Cell, Features, Vector};
use super::run::SETS;
use super::shapes::{LONGEST, SHAPES};

/// Scores beads of one pair of texts.
pub(crate) struct Scorer<'a> {
    features: Features<'a>,
    weights: &'a Vector,
    /// What the numbers of Chinese and of English segments add up to.
    shapes: [[f32; LONGEST + 1]; LONGEST + 1],
    /// What the signs of the Chinese and of the English run add up to.
    signs: Vec<[f32; SETS]>,
}

/// A sum of features by their weights, in four parts: the next addition need not wait for the last.
struct Sum<'a> {
    weights: &'a Vector,
    parts: [f32; 4],
}

impl Sum<'_> {
    #[inline]
    fn add(&mut self, feature: usize, value: f32) {
        self.parts[feature % 4] += self.weights[feature] * value;
    }

    #[inline]
    fn value(self) -> f32 {
        (self.parts[0] + self.parts[1]) + (self.parts[2] + self.parts[3])
    }
}

impl<'a> Scorer<'a> {
    pub fn new(features: Features<'a>, weights: &'a Vector) -> Scorer<'a> {
        let mut out =
            Scorer { features, weights, shapes: Default::default(), signs: vec![[0.0; SETS]; SETS] };
        for (n, m) in SHAPES.into_iter().filter(|&(n, m)| n > 0 && m > 0) {
            out.shapes[usize::from(n)][usize::from(m)] = out.sum(|f, v| f.shape(v, n, m));
        }
        for zh in 0..SETS {
            for en in 0..SETS {
                out.signs[zh][en] = out.sum(|f, v| f.signs(v, zh as u8, en as u8));
            }
        }
        out
    }

    #[inline]
    fn sum(&self, put: impl FnOnce(&Features<'a>, &mut dyn FnMut(usize, f32))) -> f32 {
        let mut sum = Sum { weights: self.weights, parts: [0.0; 4] };
        put(&self.features, &mut |k, value| sum.add(k, value));
        sum.value()
    }

    /// The score of a bead: the scalar product of its features and the weights.
    pub fn score(&self, cell: Cell, bags: Bags<'_>) -> f32 {
        let mut sum = Sum { weights: self.weights, parts: [0.0; 4] };
        let mut add = |k: usize, value: f32| sum.add(k, value);
        if cell.n == 0 || cell.m == 0 {
            self.features.null(&mut add, cell);
            return sum.value();
        }
        let (zh, en) = self.features.runs(cell);
        self.features.measures(&mut add, cell, (zh, en), bags);
        let shape = self.shapes[usize::from(cell.n)][usize::from(cell.m)];
        sum.value() + shape + self.signs[usize::from(zh.signs)][usize::from(en.signs)]
    }
}

#[cfg(test)]
mod tests {
    use super::super::features::{Whole, score};
    use super::super::run::Runs;
    use super::super::text::Text;
    use super::super::weights::Weights;
    use super::*;
    use crate::lexicon::Lexicon;
    use crate::model::{Lang, Segment};

    #[test]
    fn the_score_is_that_of_the_features() {
        let lexicon = Lexicon::built_in();
        let read = |lang, lines: &[&str]| {
            let segment = |(k, line): (usize, &&str)| Segment {
                block: k / 3,
                ..Segment::line(*line, k + 1, 0..line.len())
            };
            Text::read(lang, &lines.iter().enumerate().map(segment).collect::<Vec<_>>(), &lexicon)
        };
        let zh = read(
            Lang::Zh,
            &[
                "“你去吗？”他问，“去。",
                "他走了！”",
                "标题",
                "一、二。三。",
                "猫，狗，鸟。",
                "门。",
                "雨。",
                "完",
            ],
        );
        let en = read(
            Lang::En,
            &[
                "'Will you go?'",
                "he asked. \u{201c}Go.",
                "He left!\u{201d}",
                "Title",
                "One. Two. Three.",
                "A cat.",
                "Rain.",
                "End",
            ],
        );
        let (zh_runs, en_runs) = (Runs::new(&zh), Runs::new(&en));
        let whole = Whole { fit: 0.7, ..Whole::new(&zh, &en) };
        let features = Features { zh: &zh, en: &en, zh_runs: &zh_runs, en_runs: &en_runs, whole };
        assert!(zh.has_blocks && en.has_blocks);
        let weights = Weights::built_in().unwrap().first;
        let scorer = Scorer::new(features, &weights);
        let sums: Vec<f32> = (0..=LONGEST).map(|k| 2.5 * k as f32 * (k % 3) as f32).collect();
        for (n, m) in SHAPES {
            for (i, j) in (0..8u32).flat_map(|i| (0..8u32).map(move |j| (i, j))) {
                let cell = Cell { i, j, n, m };
                if cell.zh().end <= zh.len() && cell.en().end <= en.len() {
                    let bags = Bags { en: &sums[..=usize::from(m)], zh: &sums[..=usize::from(n)] };
                    let (fast, exact) = (scorer.score(cell, bags), score(&weights, &features.of(cell, bags)));
                    assert!((fast - exact).abs() < 1e-4 * (1.0 + exact.abs()), "{cell:?}: {fast} {exact}");
                }
            }
        }
    }
}
