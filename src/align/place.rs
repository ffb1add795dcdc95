//! How well two runs of segments account for each other's words when the words' places count too.
//!
//! A pair of words speaks for a bead the more, the closer they stand in it, relatively: its strength is
//! multiplied by g = (K/2)·exp(−K·|x − y|), x and y the relative places (0 to 1), K = 7·√(Chinese
//! characters / 30). Measured on hand-aligned novels: +2.7 points of strict F1 over the bag of words.

use super::absence::{self, Absences};
use super::coverage::{Bags, ENOUGH_GAIN, UNMATCHED, gain};
use super::pairs::Pairs;
use super::shapes::{Cell, LONGEST};
use super::text::{Text, TypeSource};
use std::ops::Range;

/// Sharpness of the places at [`SHARP_AT`] characters; measured on hand-aligned novels.
const SHARPNESS: f32 = 7.0;
/// The length, in Chinese characters, for which [`SHARPNESS`] holds.
const SHARP_AT: f32 = 30.0;

/// How far beyond its segment's part a word may stand, relatively: a punctuation mark or a short connective.
const SLACK: f32 = 0.03;
/// How much likelier a word of a merged segment stands in its part of the other side, wherever there, than if it might stand
/// anywhere in it. Above 1, so that a word in the right part counts more than one across its edge; docs/accuracy.md.
const LOOSE: f32 = 1.5;

/// More gain across a cut than this says no more: three rare words.
const MOST_CROSSING: f32 = 20.0;
/// What a cut of a merge must save that leaves a part without counterpart, in nats, since there are few such parts. Of 0, 2, 3, 4 and 6
/// left-out texts are likeliest with 3 and 4: docs/accuracy.md, "What cuts and headings of merges are worth".
const ONE_SIDED: f32 = 4.0;
/// More missing numbers than this say no more.
const MOST_MISSING: f32 = 3.0;
/// More than this from absent words says no more: five words that are matched nearly always.
const MOST_ABSENT: f32 = 20.0;

/// What the places of words say of a bead, in nats.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Gains {
    /// The log-likelihood ratios of the English and of the Chinese words.
    pub en: f32,
    pub zh: f32,
    /// How much they grow where in a merge each segment may be ordered anew inside.
    pub loose_en: f32,
    pub loose_zh: f32,
    /// How little the least supported segment of a merged side has to do with the other: 0 to 1.
    pub weakest_en: f32,
    pub weakest_zh: f32,
    /// As `weakest_en` and `weakest_zh`, the greater, without words whose best match matches a word of another segment
    /// better.
    pub weakest_own: f32,
    /// What those other words gain.
    pub borrowed: f32,
    /// The least gain of matches that cross a cut, over all cuts of a merge of several segments with several in two: into pairs, or into
    /// one and a part without counterpart.
    pub indivisible: f32,
    /// Numbers, dates and symbols that the other side does not show, at most [`MOST_MISSING`].
    pub missing: f32,
    /// What the Chinese and the English words without a match say that usually have one ([`Absences`]).
    pub absent_zh: f32,
    pub absent_en: f32,
}

/// Scratch memory for [`Places::gains`], one a thread: per token the best match, and running sums over segments of what words
/// gain wherever they stand.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    zh: Vec<Best>,
    en: Vec<Best>,
    zh_sums: Vec<f32>,
    en_sums: Vec<f32>,
}

impl Scratch {
    /// What the words of the bead gain that was looked at last.
    pub fn bags(&self) -> Bags<'_> {
        Bags { en: &self.en_sums, zh: &self.zh_sums }
    }
}

/// The strengths of the best match of a token.
#[derive(Debug, Clone, Copy, Default)]
struct Best {
    /// Wherever it stands.
    anywhere: f32,
    /// At its place.
    near: f32,
    /// Where its segment is.
    loose: f32,
    /// The token of the other side that matches best there, counted from the bead's first.
    partner: u32,
}

impl Best {
    /// By a match of this strength, so much likelier at its place and where its segment is.
    fn raise(&mut self, strength: f32, (near, loose): (f32, f32), partner: usize) {
        self.anywhere = self.anywhere.max(strength);
        self.near = self.near.max(strength * near);
        if strength * loose > self.loose {
            self.loose = strength * loose;
            self.partner = partner as u32;
        }
    }
}

/// Computes the features that need words' places.
pub(crate) struct Places<'a> {
    pub zh: &'a Text,
    pub en: &'a Text,
    pub pairs: &'a Pairs,
    pub zh_words: &'a [f32],
    absences: &'a Absences,
    segment_of: Vec<u32>,
    decay: Vec<f32>,
}

impl<'a> Places<'a> {
    pub fn new(
        (zh, en): (&'a Text, &'a Text),
        pairs: &'a Pairs,
        zh_words: &'a [f32],
        absences: &'a Absences,
    ) -> Places<'a> {
        let decay = (0..=DECAY_STEPS).map(|k| super::math::exp(-(k as f64) / PER_UNIT) as f32).collect();
        Places { zh, en, pairs, zh_words, absences, segment_of: en.segment_of_tokens(), decay }
    }

    /// What the places of words say of a bead.
    pub fn gains(&self, cell: Cell, scratch: &mut Scratch) -> Gains {
        let (zh, en) = (self.zh.tokens(cell.zh()), self.en.tokens(cell.en()));
        scratch.zh.clear();
        scratch.zh.resize(zh.len(), Best::default());
        scratch.en.clear();
        scratch.en.resize(en.len(), Best::default());
        let zh_length = self.zh.length(cell.zh()).max(1.0);
        let en_length = self.en.length(cell.en()).max(1.0);
        let sharp = SHARPNESS * (zh_length / SHARP_AT).max(1.0 / SHARP_AT).sqrt();
        for i in cell.zh() {
            let zh_base = (self.zh.offsets[i] - self.zh.offsets[cell.i as usize]) as f32;
            let zh_part = Stretch::new(zh_base, self.zh.length(i..i + 1), zh_length);
            for pair in self.pairs.between(i, &en) {
                let (e, z) = (pair.en as usize, pair.zh as usize);
                let j = self.segment_of[e] as usize;
                let en_base = (self.en.offsets[j] - self.en.offsets[cell.j as usize]) as f32;
                let x = (en_base + self.en.at[e]) / en_length;
                let y = (zh_base + self.zh.at[z]) / zh_length;
                let near = sharp / 2.0 * self.decay((x - y).abs() * sharp);
                let loose = match (cell.n, cell.m) {
                    (2.., 1) => zh_part.density(x),
                    (1, 2..) => Stretch::new(en_base, self.en.length(j..j + 1), en_length).density(y),
                    _ => 0.0,
                };
                let loose = near.max(loose);
                scratch.en[e - en.start].raise(pair.to_en, (near, loose), z - zh.start);
                scratch.zh[z - zh.start].raise(pair.to_zh, (near, loose), e - en.start);
            }
        }
        let zh_words = self.zh_words[cell.zh()].iter().sum::<f32>().max(1.0);
        let en_words = (en.len() as f32).max(1.0);
        sum_up(&mut scratch.en_sums, &scratch.en, self.en, cell.en(), zh_words);
        sum_up(&mut scratch.zh_sums, &scratch.zh, self.zh, cell.zh(), en_words);
        let mut out = Gains::default();
        (out.en, out.loose_en, out.weakest_en) = total(&scratch.en, self.en, cell.en(), zh_words);
        (out.zh, out.loose_zh, out.weakest_zh) = total(&scratch.zh, self.zh, cell.zh(), en_words);
        if cell.m > 1 {
            (out.weakest_own, out.borrowed) =
                weakest_own((&scratch.en, &scratch.zh), self.en, cell.en(), zh_words);
        }
        if cell.n > 1 {
            let (zh, borrowed) = weakest_own((&scratch.zh, &scratch.en), self.zh, cell.zh(), en_words);
            out.weakest_own = out.weakest_own.max(zh);
            out.borrowed += borrowed;
        }
        if cell.n > 1 && cell.m > 1 {
            out.indivisible = self.indivisible(cell, &scratch.en, (zh.start, en.start), zh_words);
        }
        out.absent_zh = absent(&scratch.zh, &self.zh.kind[zh.clone()], &self.absences.zh);
        out.absent_en = absent(&scratch.en, &self.en.kind[en.clone()], &self.absences.en);
        out.missing =
            (missing(&scratch.en, self.en, en) + missing(&scratch.zh, self.zh, zh)).min(MOST_MISSING);
        out
    }

    /// What the English words gain from matches across the cut that fewest cross.
    fn indivisible(&self, cell: Cell, best: &[Best], (zh, en): (usize, usize), words: f32) -> f32 {
        let (n, m) = (usize::from(cell.n), usize::from(cell.m));
        let mut gains = [[0.0f32; LONGEST]; LONGEST];
        for (token, best) in best.iter().enumerate().filter(|(_, b)| b.loose > 0.0) {
            let z = zh + best.partner as usize;
            let i = self.zh.starts[cell.i as usize + 1..=cell.zh().end].partition_point(|&s| s as usize <= z);
            let j = self.segment_of[en + token] as usize - cell.j as usize;
            let p = self.en.types[self.en.kind[en + token] as usize].probability;
            gains[i][j] += gain(best.loose, words, p);
        }
        least_cut(&gains, n, m).min(MOST_CROSSING)
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

/// What tokens of these types say that have no match.
fn absent(best: &[Best], kinds: &[u32], absences: &[f32]) -> f32 {
    let unmatched = best.iter().zip(kinds).filter(|(best, _)| best.anywhere <= absence::MATCH);
    unmatched.map(|(_, &kind)| absences[kind as usize]).sum::<f32>().min(MOST_ABSENT)
}

/// The numbers, dates and symbols without a match.
fn missing(best: &[Best], text: &Text, tokens: Range<usize>) -> f32 {
    let unmatched = best.iter().zip(&text.kind[tokens]).filter(|(best, _)| best.loose == 0.0);
    unmatched.filter(|(_, kind)| text.types[**kind as usize].source != TypeSource::Word).count() as f32
}

/// The least that crosses a cut of a merge of `n` and `m` segments in two, where one part has no counterpart [`ONE_SIDED`] more.
/// `gains[i][j]` is what the matches of Chinese segment `i` with English segment `j` gain.
fn least_cut(gains: &[[f32; LONGEST]; LONGEST], n: usize, m: usize) -> f32 {
    let mut least = f32::INFINITY;
    for (a, b) in (0..=n).flat_map(|a| (0..=m).map(move |b| (a, b))) {
        let (no_zh, no_en) = (a == 0 || a == n, b == 0 || b == m);
        if no_zh && no_en {
            continue;
        }
        let upper = gains[..a].iter().map(|row| row[b..m].iter().sum::<f32>()).sum::<f32>();
        let lower = gains[a..n].iter().map(|row| row[..b].iter().sum::<f32>()).sum::<f32>();
        least = least.min(upper + lower + if no_zh || no_en { ONE_SIDED } else { 0.0 });
    }
    least
}

/// The part of a bead that one of its segments takes up, relatively.
struct Stretch {
    from: f32,
    to: f32,
}

impl Stretch {
    fn new(base: f32, length: f32, whole: f32) -> Stretch {
        Stretch { from: base / whole, to: (base + length) / whole }
    }

    /// How likely a word of the segment stands at a place of the other side, if its place inside is left open.
    fn density(&self, at: f32) -> f32 {
        if at > self.from - SLACK && at < self.to + SLACK {
            LOOSE / (self.to - self.from).max(SLACK)
        } else {
            0.0
        }
    }
}

/// Running sums over the segments of what their words gain wherever they stand.
fn sum_up(sums: &mut Vec<f32>, best: &[Best], text: &Text, segments: Range<usize>, words: f32) {
    let first = text.starts[segments.start] as usize;
    let mut sum = 0.0;
    sums.clear();
    sums.push(0.0);
    for segment in segments {
        for token in text.tokens(segment..segment + 1) {
            let strength = best[token - first].anywhere;
            if strength > 0.0 {
                sum += gain(strength, words, text.types[text.kind[token] as usize].probability);
            }
        }
        sums.push(sum);
    }
}

/// The sum of gains at the words' places, what looser places add, and the lack of the weakest segment.
fn total(best: &[Best], text: &Text, segments: Range<usize>, words: f32) -> (f32, f32, f32) {
    let (mut near, mut loose, mut weakest) = (UNMATCHED * best.len() as f32, 0.0, 0.0f32);
    let first = text.starts[segments.start] as usize;
    let many = segments.len() > 1;
    for segment in segments {
        let tokens = text.tokens(segment..segment + 1);
        let count = tokens.len().max(1) as f32;
        let mut sum = 0.0;
        for token in tokens {
            let best = best[token - first];
            if best.loose > 0.0 {
                let p = text.types[text.kind[token] as usize].probability;
                let (at_place, at_segment) = (gain(best.near, words, p), gain(best.loose, words, p));
                near += at_place;
                loose += at_segment - at_place;
                sum += at_segment;
            }
        }
        if many {
            weakest = weakest.max(1.0 - sum / (ENOUGH_GAIN * count));
        }
    }
    (near, loose, weakest)
}

/// The lack of the weakest segment, where a word counts only if its best match matches no word of another segment
/// better, and what those other words gain. A null segment that repeats what its neighbour says is told from a true
/// merge by this.
fn weakest_own(
    (best, others): (&[Best], &[Best]),
    text: &Text,
    segments: Range<usize>,
    words: f32,
) -> (f32, f32) {
    let first = text.starts[segments.start] as usize;
    let (mut weakest, mut borrowed) = (0.0f32, 0.0);
    for segment in segments {
        let tokens = text.tokens(segment..segment + 1);
        let count = tokens.len().max(1) as f32;
        let inside = tokens.start - first..tokens.end - first;
        let mut own = 0.0;
        for token in tokens {
            let here = best[token - first];
            if here.loose > 0.0 {
                let gain = gain(here.loose, words, text.types[text.kind[token] as usize].probability);
                let owner = others[here.partner as usize].partner as usize;
                *(if inside.contains(&owner) { &mut own } else { &mut borrowed }) += gain;
            }
        }
        weakest = weakest.max(1.0 - own / (ENOUGH_GAIN * count));
    }
    (weakest, borrowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The least cut of a merge of two and two whose matches gain so much.
    fn least(gains: [[f32; 2]; 2]) -> f32 {
        let mut all = [[0.0; LONGEST]; LONGEST];
        for (row, gains) in all.iter_mut().zip(gains) {
            row[..2].copy_from_slice(&gains);
        }
        least_cut(&all, 2, 2)
    }

    #[test]
    fn two_pairs_are_cut_apart_and_crossing_ones_are_not() {
        assert_eq!(least([[9.0, 0.0], [0.0, 9.0]]), 0.0);
        assert_eq!(least([[9.0, 1.0], [0.5, 9.0]]), 1.5);
        assert_eq!(least([[0.0, 9.0], [9.0, 0.0]]), 9.0 + ONE_SIDED);
        assert_eq!(least([[9.0, 9.0], [9.0, 9.0]]), 18.0);
    }

    #[test]
    fn a_segment_that_says_what_its_neighbour_does_is_cut_off() {
        // All of the English side stands in the second Chinese segment; the first one repeats a word of it.
        assert_eq!(least([[1.0, 0.0], [8.0, 8.0]]), 1.0 + ONE_SIDED);
        // So does all of the Chinese side in the first English one.
        assert_eq!(least([[8.0, 0.5], [8.0, 0.5]]), 1.0 + ONE_SIDED);
    }
}
