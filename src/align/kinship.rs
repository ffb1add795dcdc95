//! Whether two texts are translations of each other at all.
//!
//! The model knows translations only: of two strangers it prefers some beads to others as well, and finds these likely. What
//! tells strangers is how little their words have to do with each other where they are paired.

use super::decode::Decoded;
use super::math::{exp, ln};
use super::text::Text;
use crate::model::Evidence;

/// The share of paired content that matches at which nothing is known. Of 800 pairs of strangers (documents of eleven sets, of
/// one set or of two) all had below 0.31, of 339 translations all above 0.39, the freest novels the least.
const MIDDLE: f64 = 0.33;
/// English letters of a mean bead up to which that holds, and by how much it rises for each e-fold of that length: in long paragraphs
/// and chapters in one line most words match by chance. Lines of five to forty beads of four sets: docs/accuracy.md, "Long lines".
const USUAL: f64 = 100.0;
const RISE: f64 = 0.10;
/// How steeply the odds rise with that share: 0.39 leaves a confidence as it is to the second digit, 0.25 takes all of it.
const STEEPNESS: f64 = 80.0;
/// English letters of an ordinary translation that every pair of texts is taken to have beside its own, and their share (documents
/// have 0.6): a heading is hardly judged by its one word. Of 250 pairs of single beads 3 % are doubted so, of 250 made of two documents'
/// 92 %; longer texts hardly depend on it (docs/accuracy.md, "Strangers").
const PRIOR_LENGTH: f64 = 30.0;
const PRIOR_SHARE: f64 = 0.5;
/// English letters that a Chinese character is worth, as usual in translations.
const RATIO: f64 = 3.2;

/// Beads to both sides of a bead that say whether the texts belong together there: a chapter may be all that was translated. Of four
/// chapters of novels of which a fifth was left, 35 right and no wrong beads are sure so; 21 with 20; none with all beads of the texts. As
/// many strangers are told with each.
const NEAR: usize = 10;

/// The share at which nothing is known where a bead has so many English letters.
fn middle(length: f64) -> f64 {
    MIDDLE + RISE * ln((length / USUAL).max(1.0))
}

/// For each bead the probability that the texts are translations of each other there, by the coverage of the beads that have two
/// sides: those of the whole texts or, if they say more for it, those near the bead. With `chinese_first` Chinese is the evidence's
/// source.
pub(crate) fn kinship(
    (zh, en): (&Text, &Text),
    beads: &[Decoded],
    evidence: &[Evidence],
    chinese_first: bool,
) -> Vec<f64> {
    // What is covered of the beads up to each, how long they are, in English letters, and how many.
    let mut sums = vec![(0.0, 0.0, 0.0)];
    for (Decoded { cell, .. }, evidence) in beads.iter().zip(evidence) {
        let (mut covered, mut all, mut count) = sums[sums.len() - 1];
        if !cell.is_null() {
            let (source, target) = (evidence.source_coverage, evidence.target_coverage);
            let (of_zh, of_en) = if chinese_first { (source, target) } else { (target, source) };
            let (zh, en) = (RATIO * f64::from(zh.length(cell.zh())), f64::from(en.length(cell.en())));
            covered += zh * of_zh + en * of_en;
            all += zh + en;
            count += 1.0;
        }
        sums.push((covered, all, count));
    }
    let of = |from: usize, to: usize| {
        let (first, last) = (sums[from], sums[to]);
        let (covered, all, count) = (last.0 - first.0, last.1 - first.1, last.2 - first.2);
        let share = (covered + PRIOR_LENGTH * PRIOR_SHARE) / (all + PRIOR_LENGTH);
        1.0 / (1.0 + exp(STEEPNESS * (middle(all / 2.0 / f64::max(count, 1.0)) - share)))
    };
    let whole = of(0, beads.len());
    let here = |(k, bead): (usize, &Decoded)| {
        let near = || of(k.saturating_sub(NEAR), (k + NEAR + 1).min(beads.len()));
        // Where nothing is paired nothing is said.
        if bead.cell.is_null() { whole } else { whole.max(near()) }
    };
    beads.iter().enumerate().map(here).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_need_more_in_common() {
        assert_eq!(middle(60.0), MIDDLE);
        assert_eq!(middle(100.0), MIDDLE);
        assert!((middle(1500.0) - 0.60).abs() < 0.01);
    }
}
