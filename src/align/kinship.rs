//! Whether two texts are translations of each other at all.
//!
//! The model knows translations only: of two strangers it prefers some beads to others as well, and finds these likely. What
//! tells strangers is how little their words have to do with each other where they are paired.

use super::decode::Decoded;
use super::math::exp;
use super::text::Text;
use crate::model::Evidence;

/// The share of paired content that matches at which nothing is known. Of 800 pairs of strangers (documents of eleven sets, of
/// one set or of two) all had below 0.31, of 339 translations all above 0.39, the freest novels the least.
const MIDDLE: f64 = 0.33;
/// How steeply the odds rise with that share: 0.39 leaves a confidence as it is to the second digit, 0.25 takes all of it.
const STEEPNESS: f64 = 80.0;
/// English letters of an ordinary translation that every pair of texts is taken to have beside its own, and their share (documents
/// have 0.6): a heading is hardly judged by its one word. Of 250 pairs of single beads 2 % are doubted so, of 250 made of two documents'
/// 92 %; longer texts do not depend on it (docs/accuracy.md, "Strangers").
const PRIOR_LENGTH: f64 = 30.0;
const PRIOR_SHARE: f64 = 0.5;
/// English letters that a Chinese character is worth, as usual in translations.
const RATIO: f64 = 3.2;

/// The probability that two texts are translations of each other, by the coverage of the beads that have two sides. With
/// `chinese_first` Chinese is the evidence's source.
pub(crate) fn kinship<'a>(
    (zh, en): (&Text, &Text),
    beads: impl Iterator<Item = (&'a Decoded, &'a Evidence)>,
    chinese_first: bool,
) -> f64 {
    let (mut covered, mut all) = (PRIOR_LENGTH * PRIOR_SHARE, PRIOR_LENGTH);
    for (Decoded { cell, .. }, evidence) in beads.filter(|(d, _)| d.cell.n > 0 && d.cell.m > 0) {
        let (source, target) = (evidence.source_coverage, evidence.target_coverage);
        let (of_zh, of_en) = if chinese_first { (source, target) } else { (target, source) };
        let (zh, en) = (RATIO * f64::from(zh.length(cell.zh())), f64::from(en.length(cell.en())));
        covered += zh * of_zh + en * of_en;
        all += zh + en;
    }
    1.0 / (1.0 + exp(STEEPNESS * (MIDDLE - covered / all)))
}
