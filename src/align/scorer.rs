//! The score of millions of beads in the first pass: what their features add up to, without the features.
//!
//! What depends on the shape alone, or on the signs of both runs alone, is added up once for every case.

use super::coverage::Coverages;
use super::features::{Features, Vector};
use super::run::SETS;
use super::shapes::{Cell, LONGEST, SHAPES};
use std::ops::Range;

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

    /// What scores the beads of which these are the gains.
    pub fn over<'s>(
        &'s self,
        covered: &'s Coverages,
    ) -> impl Fn(usize, (u8, u8), Range<usize>, &mut Vec<f32>) + Sync + 's {
        move |i, shape, starts, scores| self.put_scores(i, shape, starts, covered, scores)
    }

    /// Adds the scores of the beads of one kind that start at the Chinese segment `i` and at each of some English ones: the scalar
    /// product of their features and the weights.
    fn put_scores(
        &self,
        i: usize,
        (n, m): (u8, u8),
        starts: Range<usize>,
        covered: &Coverages,
        scores: &mut Vec<f32>,
    ) {
        let cell = |j: usize| Cell { i: i as u32, j: j as u32, n, m };
        if n == 0 || m == 0 {
            scores.extend(starts.map(|j| self.sum(|f, v| f.null(v, cell(j)))));
            return;
        }
        let along = covered.along(i..i + usize::from(n), usize::from(m));
        let zh = self.features.zh_runs.of(i as u32, n);
        let shape = self.shapes[usize::from(n)][usize::from(m)];
        let signs = &self.signs[usize::from(zh.signs)];
        scores.extend(starts.map(|j| {
            let en = self.features.en_runs.of(j as u32, m);
            let mut sum = Sum { weights: self.weights, parts: [0.0; 4] };
            self.features.measures(&mut |k, value| sum.add(k, value), cell(j), (zh, en), along.at(j));
            sum.value() + shape + signs[usize::from(en.signs)]
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::super::band::Band;
    use super::super::features::{Whole, score};
    use super::super::links::Links;
    use super::super::pairs::Search;
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
        let links = Links::from_lexicon(&zh, &en, &lexicon);
        let back = links.transposed(en.types.len());
        let search = |text, other, links| Search { text, other, links, rare: false };
        let band = Band::full(zh.len(), en.len());
        let searches = (search(&zh, &en, &links), search(&en, &zh, &back));
        let covered = Coverages::new(searches, (&[6.0; 8], &[8.0; 8]), &band, &band, &SHAPES);
        for (n, m) in SHAPES {
            for i in 0..=zh.len() - usize::from(n) {
                let starts = 0..en.len() + 1 - usize::from(m);
                let mut scores = Vec::new();
                scorer.put_scores(i, (n, m), starts.clone(), &covered, &mut scores);
                assert_eq!(scores.len(), starts.len());
                for (j, fast) in starts.zip(scores) {
                    let cell = Cell { i: i as u32, j: j as u32, n, m };
                    let exact = score(&weights, &features.of(cell, covered.of(cell.zh(), cell.en())));
                    assert!((fast - exact).abs() < 1e-4 * (1.0 + exact.abs()), "{cell:?}: {fast} {exact}");
                }
            }
        }
    }
}
