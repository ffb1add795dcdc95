//! How well two runs of segments account for each other's words when the words' places count too.
//!
//! A pair of words speaks for a bead the more, the closer they stand in it, relatively: its strength is
//! multiplied by g = (K/2)·exp(−K·|x − y|), x and y the relative places (0 to 1), K = 7·√(Chinese
//! characters / 30). Measured on hand-aligned novels: +2.7 points of strict F1 over the bag of words.

use super::coverage::{UNMATCHED, gain};
use super::features::Cell;
use super::pairs::Pairs;
use super::text::Text;

/// Sharpness of the places at [`SHARP_AT`] characters; measured on hand-aligned novels.
const SHARPNESS: f32 = 7.0;
/// The length, in Chinese characters, for which [`SHARPNESS`] holds.
const SHARP_AT: f32 = 30.0;

/// Scratch memory for [`Places::gains`], one a thread.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    zh: Vec<f32>,
    en: Vec<f32>,
}

/// Computes the features that need words' places.
pub(crate) struct Places<'a> {
    pub zh: &'a Text,
    pub en: &'a Text,
    pub pairs: &'a Pairs,
    pub zh_words: &'a [f32],
    segment_of: Vec<u32>,
    decay: Vec<f32>,
}

impl<'a> Places<'a> {
    pub fn new(zh: &'a Text, en: &'a Text, pairs: &'a Pairs, zh_words: &'a [f32]) -> Places<'a> {
        let decay = (0..=DECAY_STEPS).map(|k| super::math::exp(-(k as f64) / PER_UNIT) as f32).collect();
        Places { zh, en, pairs, zh_words, segment_of: en.segment_of_tokens(), decay }
    }

    /// The log-likelihood ratios of the English and of the Chinese words of a bead.
    pub fn gains(&self, cell: Cell, scratch: &mut Scratch) -> (f32, f32) {
        let (zh, en) = (self.zh.tokens(cell.zh()), self.en.tokens(cell.en()));
        scratch.zh.clear();
        scratch.zh.resize(zh.len(), 0.0);
        scratch.en.clear();
        scratch.en.resize(en.len(), 0.0);
        let zh_length = self.zh.length(cell.zh());
        let en_length = self.en.length(cell.en());
        let sharp = SHARPNESS * (zh_length / SHARP_AT).max(1.0 / SHARP_AT).sqrt();
        for i in cell.zh() {
            let zh_base = (self.zh.offsets[i] - self.zh.offsets[cell.i as usize]) as f32;
            for pair in self.pairs.of_chinese(i) {
                let (e, z) = (pair.en as usize, pair.zh as usize);
                if !en.contains(&e) {
                    continue;
                }
                let en_base = self.en.offsets[self.segment_of[e] as usize] - self.en.offsets[cell.j as usize];
                let x = (en_base as f32 + self.en.at[e]) / en_length.max(1.0);
                let y = (zh_base + self.zh.at[z]) / zh_length.max(1.0);
                let g = pair.strength * sharp / 2.0 * self.decay((x - y).abs() * sharp);
                let (se, sz) = (&mut scratch.en[e - en.start], &mut scratch.zh[z - zh.start]);
                *se = se.max(g);
                *sz = sz.max(g);
            }
        }
        let zh_words: f32 = self.zh_words[cell.zh()].iter().sum();
        let en_sum = total(&scratch.en, &self.en.kind[en.clone()], self.en, zh_words.max(1.0));
        let zh_sum = total(&scratch.zh, &self.zh.kind[zh], self.zh, (en.len() as f32).max(1.0));
        (en_sum, zh_sum)
    }

    /// exp(−x) from a table.
    fn decay(&self, x: f32) -> f32 {
        let t = x * PER_UNIT as f32;
        let k = t as usize;
        if k >= DECAY_STEPS {
            return 0.0;
        }
        let part = t - k as f32;
        self.decay[k] + (self.decay[k + 1] - self.decay[k]) * part
    }
}

/// Steps of the table of exp(−x) for one unit of x; interpolated, its error is below 1e-4.
const PER_UNIT: f64 = 64.0;
/// Beyond x = 12 the exponential counts as 0.
const DECAY_STEPS: usize = 12 * 64;

fn total(best: &[f32], kinds: &[u32], text: &Text, words: f32) -> f32 {
    let mut sum = UNMATCHED * best.len() as f32;
    for (&strength, &kind) in best.iter().zip(kinds) {
        if strength > 0.0 {
            sum += gain(strength, words, text.types[kind as usize].probability);
        }
    }
    sum
}
