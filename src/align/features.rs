//! What is known about a bead, as numbers: the features of the log-linear model.
//!
//! Weights are learned, one for each of the first [`LINEAR`] names in [`NAMES`]; a bead's score is their scalar product with its
//! vector and, in the second pass, what the trees make of the whole vector.

use super::border::Strain;
use super::coverage::Bags;
use super::math::ln_coarse;
use super::place::Gains;
use super::run::{ASKS, EXCLAIMS, INSIDE_QUOTE, OPEN_END, OPENS_QUOTED, Run, Runs, STARTS_BLOCK};
use super::shapes::Cell;
use super::text::Text;
use std::ops::Range;

/// The number of features.
pub(crate) const COUNT: usize = 87;
/// Those that the linear part of the model weighs. The others are for its trees only: lengths, say, sum up to the same on
/// every path.
pub(crate) const LINEAR: usize = 76;

/// A value per feature.
pub(crate) type Vector = [f32; COUNT];

/// The features in order, as the file of weights names them.
pub(crate) const NAMES: [&str; COUNT] = [
    "null",
    "null-length",
    "one-one",
    "extra-zh",
    "extra-en",
    "both-extra",
    "one-two",
    "two-one",
    "two-two",
    "many-two",
    "two-many",
    "words-en",
    "words-zh",
    "length-variance",
    "length-ratio",
    "length-ratio-squared",
    "question",
    "exclamation",
    "first-quote",
    "inside-quote-zh",
    "inside-quote-en",
    "break-both",
    "break-zh",
    "break-en",
    "break-inside-zh",
    "break-inside-en",
    "place-en",
    "place-zh",
    "extra-by-ratio",
    "null-zh",
    "null-by-fit",
    "many-by-fit",
    "open-end-zh",
    "open-end-en",
    "no-match",
    "null-length-by-fit",
    "weakest-zh",
    "weakest-en",
    "weakest-by-fit",
    "words-by-fit",
    "loose-en",
    "loose-zh",
    "weakest-place-en",
    "weakest-place-zh",
    "sentences-zh",
    "sentences-en",
    "clauses",
    "missing",
    "sentences-by-fit",
    "clauses-by-fit",
    "quotes",
    "missing-by-fit",
    "weakest-own",
    "weakest-own-by-fit",
    "inner-break-zh",
    "inner-break-en",
    "inner-quote-zh",
    "inner-quote-en",
    "null-break",
    "null-open",
    "null-rate",
    "null-short",
    "last-quote-zh",
    "last-quote-en",
    "many-lined",
    "sentences-lined",
    "borrowed",
    "inner-quote-by-fit",
    "trails-off",
    "title-inside",
    "indivisible",
    "indivisible-by-fit",
    "title-lack",
    "weakest-own-by-nulls",
    "absent-zh",
    "absent-en",
    "strain-end-en",
    "strain-end-zh",
    "strain-start-en",
    "strain-start-zh",
    "strain-by-fit",
    "length-zh",
    "length-en",
    "tokens-zh",
    "tokens-en",
    "fit",
    "lined",
];

const NULL: usize = 0;
const NULL_LENGTH: usize = 1;
const ONE_ONE: usize = 2;
const EXTRA_ZH: usize = 3;
const EXTRA_EN: usize = 4;
const BOTH_EXTRA: usize = 5;
const ONE_TWO: usize = 6;
const TWO_ONE: usize = 7;
const TWO_TWO: usize = 8;
const MANY_TWO: usize = 9;
const TWO_MANY: usize = 10;
const WORDS_EN: usize = 11;
const WORDS_ZH: usize = 12;
const LENGTH_VARIANCE: usize = 13;
pub(crate) const LENGTH_RATIO: usize = 14;
const LENGTH_RATIO_SQUARED: usize = 15;
const QUESTION: usize = 16;
const EXCLAMATION: usize = 17;
const FIRST_QUOTE: usize = 18;
const INSIDE_QUOTE_ZH: usize = 19;
const INSIDE_QUOTE_EN: usize = 20;
const BREAK_BOTH: usize = 21;
const BREAK_ZH: usize = 22;
const BREAK_EN: usize = 23;
const BREAK_INSIDE_ZH: usize = 24;
const BREAK_INSIDE_EN: usize = 25;
const PLACE_EN: usize = 26;
const PLACE_ZH: usize = 27;
const EXTRA_BY_RATIO: usize = 28;
const NULL_ZH: usize = 29;
const NULL_BY_FIT: usize = 30;
const MANY_BY_FIT: usize = 31;
const OPEN_END_ZH: usize = 32;
const OPEN_END_EN: usize = 33;
const NO_MATCH: usize = 34;
const NULL_LENGTH_BY_FIT: usize = 35;
const WEAKEST_ZH: usize = 36;
const WEAKEST_EN: usize = 37;
const WEAKEST_BY_FIT: usize = 38;
const WORDS_BY_FIT: usize = 39;
const LOOSE_EN: usize = 40;
const LOOSE_ZH: usize = 41;
const WEAKEST_PLACE_EN: usize = 42;
const WEAKEST_PLACE_ZH: usize = 43;
const SENTENCES_ZH: usize = 44;
const SENTENCES_EN: usize = 45;
const CLAUSES: usize = 46;
const MISSING: usize = 47;
const SENTENCES_BY_FIT: usize = 48;
const CLAUSES_BY_FIT: usize = 49;
const QUOTES: usize = 50;
const MISSING_BY_FIT: usize = 51;
const WEAKEST_OWN: usize = 52;
const WEAKEST_OWN_BY_FIT: usize = 53;
const INNER_BREAK_ZH: usize = 54;
const INNER_BREAK_EN: usize = 55;
const INNER_QUOTE_ZH: usize = 56;
const INNER_QUOTE_EN: usize = 57;
const NULL_BREAK: usize = 58;
const NULL_OPEN: usize = 59;
const NULL_RATE: usize = 60;
const NULL_SHORT: usize = 61;
const LAST_QUOTE_ZH: usize = 62;
const LAST_QUOTE_EN: usize = 63;
const MANY_LINED: usize = 64;
const SENTENCES_LINED: usize = 65;
const BORROWED: usize = 66;
const INNER_QUOTE_BY_FIT: usize = 67;
const TRAILS_OFF: usize = 68;
const TITLE_INSIDE: usize = 69;
const INDIVISIBLE: usize = 70;
const INDIVISIBLE_BY_FIT: usize = 71;
const TITLE_LACK: usize = 72;
const WEAKEST_OWN_BY_NULLS: usize = 73;
const ABSENT_ZH: usize = 74;
const ABSENT_EN: usize = 75;
const STRAIN_END_EN: usize = 76;
const STRAIN_END_ZH: usize = 77;
const STRAIN_START_EN: usize = 78;
const STRAIN_START_ZH: usize = 79;
const STRAIN_BY_FIT: usize = 80;
const LENGTH_ZH: usize = 81;
const LENGTH_EN: usize = 82;
const TOKENS_ZH: usize = 83;
const TOKENS_EN: usize = 84;
const FIT: usize = 85;
const LINED_TEXT: usize = 86;

/// Variance of the English length per Chinese character's worth of text (Gale and Church 1993 give 6.8 for
/// letters of European languages; kept, as the weight is learned).
const VARIANCE: f32 = 6.8;
/// The greatest squared deviation that counts: beyond five standard deviations all are equally bad.
const VARIANCE_CAP: f32 = 25.0;
/// Letters added to both lengths before their ratio is taken, so that one-word segments do not dominate.
const SMOOTH: f32 = 3.0;
/// More sentences than this say no more.
const MOST_SENTENCES: f32 = 3.0;
/// More further segments in a bead than this are not made likelier by a text with more segments than the other: a
/// linear share takes missing lines for one long merge (on texts with constructed nulls 0.89 of them are found instead
/// of 0.74).
const MOST_BY_RATIO: f32 = 2.0;
/// More quotation marks than this say no more.
const MOST_QUOTES: f32 = 4.0;
/// Letters that make one unit of `null-length`: a short English clause.
const NULL_UNIT: f32 = 30.0;
/// Units of a segment without counterpart beyond which each counts twice: a chapter or a long paragraph in one line. The longer a bead,
/// the less its words gain from each other, so that without this all long lines are said to have no counterpart. One of 340 segments
/// without counterpart of the development sets is longer; no bead of theirs changes: docs/accuracy.md, "Long lines".
const LONG_NULL: f32 = 15.0;

/// What holds for the whole pair of texts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Whole {
    /// English letters per Chinese character.
    pub ratio: f32,
    /// ln(English segments / Chinese segments), within ±1.
    pub segments: f32,
    /// How literal the translation is, by the agreement of lengths: 1 news, −1 novels; 0 before it is known.
    pub fit: f32,
    /// The share of segments that hold several sentences, times [`LINED`], at most 1: texts split by lines.
    pub lined: f32,
    /// ln of how many segments seem to have no counterpart, against one in thirty; 0 before it is known.
    pub nulls: f32,
    /// 1 for the shortest texts, 0 from [`SHORT`] segments on.
    pub short: f32,
}

/// A quarter of the segments holding several sentences is as telling as all.
const LINED: f32 = 4.0;
/// Segments of both sides from which a text is not short.
const SHORT: f32 = 60.0;

impl Whole {
    pub fn new(zh: &Text, en: &Text) -> Whole {
        let (a, b) = (zh.length(0..zh.len()), en.length(0..en.len()));
        let segments = ln_coarse(en.len().max(1) as f32 / zh.len().max(1) as f32).clamp(-1.0, 1.0);
        let several = |text: &Text| text.sentences.windows(2).filter(|w| w[1] - w[0] > 1).count() as f32;
        let count = (zh.len() + en.len()) as f32;
        let lined = (LINED * (several(zh) + several(en)) / (count + 10.0)).min(1.0);
        let short = (1.0 - count / SHORT).max(0.0);
        Whole {
            ratio: ((b + 100.0) / (a + 30.0)).clamp(1.0, 9.0),
            segments,
            fit: 0.0,
            lined,
            nulls: 0.0,
            short,
        }
    }
}

/// The features of beads of one pair of texts, but for those that need positions of words.
#[derive(Clone, Copy)]
pub(crate) struct Features<'a> {
    pub zh: &'a Text,
    pub en: &'a Text,
    pub zh_runs: &'a Runs,
    pub en_runs: &'a Runs,
    pub whole: Whole,
}

impl Features<'_> {
    /// The features of a bead.
    pub fn of(&self, cell: Cell, bags: Bags<'_>) -> Vector {
        let mut vector = [0.0; COUNT];
        let mut put = |k: usize, value: f32| vector[k] = value;
        if cell.is_null() {
            self.null(&mut put, cell);
        } else {
            let (zh, en) = (self.zh_runs.of(cell.i, cell.n), self.en_runs.of(cell.j, cell.m));
            self.shape(&mut put, cell.n, cell.m);
            self.signs(&mut put, zh.signs, en.signs);
            self.measures(&mut put, cell, (zh, en), bags);
        }
        vector
    }

    /// Adds what only the trees ask for: how long the bead is, and what the whole text is like.
    fn measure(&self, vector: &mut Vector, cell: Cell) {
        let (zh, en) = (cell.zh(), cell.en());
        vector[LENGTH_ZH] = self.zh.length(zh.clone());
        vector[LENGTH_EN] = self.en.length(en.clone());
        vector[TOKENS_ZH] = self.zh.tokens(zh).len() as f32;
        vector[TOKENS_EN] = self.en.tokens(en).len() as f32;
        vector[FIT] = self.whole.fit;
        vector[LINED_TEXT] = self.whole.lined;
    }

    /// Adds what only the second pass looks at: how borders fit sentences, and what the whole text is like.
    pub fn refine(&self, vector: &mut Vector, cell: Cell) {
        self.measure(vector, cell);
        let (zh, en) = (cell.zh(), cell.en());
        let is = |yes: bool| f32::from(u8::from(yes));
        let breaks = |text: &Text, range: &Range<usize>| {
            range.clone().skip(1).filter(|&k| text.marks[k - 1].breaks_off).count() as f32
        };
        if cell.is_null() {
            let (text, range) = if cell.n == 0 { (self.en, en) } else { (self.zh, zh) };
            let before = range.start.checked_sub(1).is_some_and(|k| text.marks[k].breaks_off);
            let last = text.marks[range.end - 1];
            vector[NULL_BREAK] = is(before) + is(last.breaks_off);
            vector[NULL_OPEN] = is(last.open_end && !last.breaks_off);
            vector[NULL_RATE] = self.whole.nulls;
            vector[NULL_SHORT] = self.whole.short;
            return;
        }
        let (last_zh, last_en) = (self.zh.marks[zh.end - 1], self.en.marks[en.end - 1]);
        vector[INNER_BREAK_ZH] = breaks(self.zh, &zh);
        vector[INNER_BREAK_EN] = breaks(self.en, &en);
        let closes = |text: &Text, range: &Range<usize>| {
            range.clone().skip(1).filter(|&k| text.marks[k - 1].closes_quoted).count() as f32
        };
        let titles = |text: &Text, range: Range<usize>| {
            let marks = &text.marks[range];
            marks[..marks.len() - 1].iter().filter(|m| m.ends_as_heading()).count() as f32
        };
        let (zh_titles, en_titles) = (titles(self.zh, zh.clone()), titles(self.en, en.clone()));
        let runs_in = cell.m == 1 && last_en.joined;
        // Where the other side's heading runs into its sentence, too, a merge is what it looks like there.
        vector[TITLE_INSIDE] = zh_titles + en_titles - is(runs_in && zh_titles > 0.0);
        if runs_in && cell.n == 1 && last_zh.ends_as_heading() && !last_en.open_end {
            // A heading alone lacks that sentence.
            let more = vector[SENTENCES_EN] - vector[SENTENCES_ZH] + 1.0;
            self.sentences(&mut |k, value| vector[k] = value, more);
        }
        // A heading that was joined to what follows is no sentence that the other side lacks.
        vector[SENTENCES_ZH] = (vector[SENTENCES_ZH] - zh_titles).max(0.0);
        vector[SENTENCES_EN] = (vector[SENTENCES_EN] - en_titles).max(0.0);
        vector[INNER_QUOTE_ZH] = closes(self.zh, &zh);
        vector[INNER_QUOTE_EN] = closes(self.en, &en);
        vector[INNER_QUOTE_BY_FIT] = self.whole.fit * (vector[INNER_QUOTE_ZH] + vector[INNER_QUOTE_EN]);
        if cell.n + cell.m > 2 {
            vector[MANY_LINED] = self.whole.lined;
        }
        vector[SENTENCES_LINED] = self.whole.lined * (vector[SENTENCES_ZH] + vector[SENTENCES_EN]);
        vector[LAST_QUOTE_ZH] = is(last_zh.closes_quoted && !last_en.closes_quoted);
        vector[LAST_QUOTE_EN] = is(!last_zh.closes_quoted && last_en.closes_quoted);
        let trails = |text: &Text, range: Range<usize>| text.marks[range].iter().any(|m| m.trails_off);
        vector[TRAILS_OFF] = is(trails(self.zh, zh) != trails(self.en, en));
    }

    /// The features of a segment without counterpart.
    #[inline]
    pub fn null(&self, v: &mut (impl FnMut(usize, f32) + ?Sized), cell: Cell) {
        let (zh, en) = (cell.zh(), cell.en());
        let length = (self.zh.length(zh.clone()) * self.whole.ratio + self.en.length(en.clone())) / NULL_UNIT;
        let length = length + (length - LONG_NULL).max(0.0);
        v(NULL, 1.0);
        v(NULL_LENGTH, length);
        v(NULL_ZH, f32::from(u8::from(cell.m == 0)));
        v(NULL_BY_FIT, self.whole.fit);
        v(NULL_LENGTH_BY_FIT, self.whole.fit * length);
        let starts = |text: &Text, at: usize| at >= text.len() || text.marks[at].starts_block;
        self.starts(v, starts(self.zh, zh.start), starts(self.en, en.start));
    }

    /// What the numbers of segments say.
    pub fn shape(&self, v: &mut (impl FnMut(usize, f32) + ?Sized), n: u8, m: u8) {
        let (extra_zh, extra_en) = (f32::from(n - 1), f32::from(m - 1));
        v(EXTRA_ZH, extra_zh);
        v(EXTRA_EN, extra_en);
        v(BOTH_EXTRA, extra_zh.min(extra_en));
        v(EXTRA_BY_RATIO, (extra_en.min(MOST_BY_RATIO) - extra_zh.min(MOST_BY_RATIO)) * self.whole.segments);
        if n + m > 2 {
            v(MANY_BY_FIT, self.whole.fit);
        }
        match (n, m) {
            (1, 1) => v(ONE_ONE, 1.0),
            (1, 2) => v(ONE_TWO, 1.0),
            (2, 1) => v(TWO_ONE, 1.0),
            (2, 2) => v(TWO_TWO, 1.0),
            (_, 2) => v(MANY_TWO, 1.0),
            (2, _) => v(TWO_MANY, 1.0),
            _ => {}
        }
    }

    /// What the signs of both runs say.
    pub fn signs(&self, v: &mut (impl FnMut(usize, f32) + ?Sized), zh: u8, en: u8) {
        let has = |signs: u8, sign: u8| f32::from(u8::from(signs & sign != 0));
        v(QUESTION, has(zh ^ en, ASKS));
        v(EXCLAMATION, has(zh ^ en, EXCLAIMS));
        v(FIRST_QUOTE, has(zh ^ en, OPENS_QUOTED));
        v(INSIDE_QUOTE_ZH, has(zh & !en, INSIDE_QUOTE));
        v(INSIDE_QUOTE_EN, has(en & !zh, INSIDE_QUOTE));
        v(OPEN_END_ZH, has(zh & !en, OPEN_END));
        v(OPEN_END_EN, has(en & !zh, OPEN_END));
        self.starts(v, zh & STARTS_BLOCK != 0, en & STARTS_BLOCK != 0);
    }

    /// What it says that the English side has so many sentences more: the splitter's, or what was two sentences when it was written.
    #[inline]
    fn sentences(&self, v: &mut impl FnMut(usize, f32), more: f32) {
        v(SENTENCES_ZH, (-more).clamp(0.0, MOST_SENTENCES));
        v(SENTENCES_EN, more.clamp(0.0, MOST_SENTENCES));
        v(SENTENCES_BY_FIT, self.whole.fit * more.clamp(0.0, MOST_SENTENCES));
    }

    /// Whether a paragraph starts on both sides. Where one has no blocks nothing is said.
    fn starts(&self, v: &mut (impl FnMut(usize, f32) + ?Sized), zh: bool, en: bool) {
        if self.blocks() {
            match (zh, en) {
                (true, true) => v(BREAK_BOTH, 1.0),
                (true, false) => v(BREAK_ZH, 1.0),
                (false, true) => v(BREAK_EN, 1.0),
                (false, false) => {}
            }
        }
    }

    /// Whether both texts have blocks.
    fn blocks(&self) -> bool {
        self.zh.has_blocks && self.en.has_blocks
    }

    /// What words, lengths and counts of marks say of a bead with these runs.
    #[inline]
    pub fn measures(
        &self,
        v: &mut impl FnMut(usize, f32),
        cell: Cell,
        (zh, en): (&Run, &Run),
        Bags { en: en_sums, zh: zh_sums }: Bags<'_>,
    ) {
        let (n, m) = (usize::from(cell.n), usize::from(cell.m));
        let (en_gain, zh_gain) = (en_sums[m] - en_sums[0], zh_sums[n] - zh_sums[0]);
        let (words_en, words_zh) = (en_gain + en.unmatched, zh_gain + zh.unmatched);
        v(WORDS_EN, words_en);
        v(WORDS_ZH, words_zh);
        v(NO_MATCH, f32::from(u8::from(en_gain + zh_gain < 1.0)));
        v(WORDS_BY_FIT, self.whole.fit * (words_en + words_zh));
        if n + m > 2 {
            let weakest_en = if m > 1 { self.en_runs.weakest(cell.j, en_sums) } else { 0.0 };
            let weakest_zh = if n > 1 { self.zh_runs.weakest(cell.i, zh_sums) } else { 0.0 };
            v(WEAKEST_ZH, weakest_zh);
            v(WEAKEST_EN, weakest_en);
            v(WEAKEST_BY_FIT, self.whole.fit * (weakest_en + weakest_zh));
        }
        let (a, b) = (zh.length * self.whole.ratio, en.length);
        let mean = (a + b) / 2.0;
        v(LENGTH_VARIANCE, ((b - a) * (b - a) / (VARIANCE * mean.max(1.0))).min(VARIANCE_CAP));
        let ratio = ln_coarse((b + SMOOTH) / (a + SMOOTH)).abs();
        v(LENGTH_RATIO, ratio);
        v(LENGTH_RATIO_SQUARED, ratio * ratio * mean.sqrt() / 5.0);
        self.sentences(v, en.sentences - zh.sentences);
        let clauses = (zh.clauses - en.clauses).abs();
        v(CLAUSES, clauses);
        v(CLAUSES_BY_FIT, self.whole.fit * clauses);
        v(QUOTES, (en.quotes - zh.quotes).abs().min(MOST_QUOTES));
        if self.blocks() {
            v(BREAK_INSIDE_ZH, zh.breaks);
            v(BREAK_INSIDE_EN, en.breaks);
        }
    }
}

/// Adds what the places of words say.
pub(crate) fn put_places(vector: &mut Vector, gains: Gains, Whole { fit, nulls, .. }: Whole) {
    vector[PLACE_EN] = gains.en;
    vector[PLACE_ZH] = gains.zh;
    vector[LOOSE_EN] = gains.loose_en;
    vector[LOOSE_ZH] = gains.loose_zh;
    vector[WEAKEST_PLACE_EN] = gains.weakest_en;
    vector[WEAKEST_PLACE_ZH] = gains.weakest_zh;
    vector[BORROWED] = gains.borrowed;
    vector[WEAKEST_OWN] = gains.weakest_own;
    vector[WEAKEST_OWN_BY_FIT] = fit * gains.weakest_own;
    // A title that is merged and a segment of the merge that the other side lacks: one of the two has no counterpart.
    vector[TITLE_LACK] = vector[TITLE_INSIDE] * gains.weakest_own;
    vector[WEAKEST_OWN_BY_NULLS] = nulls * gains.weakest_own;
    vector[INDIVISIBLE] = gains.indivisible;
    vector[INDIVISIBLE_BY_FIT] = fit * gains.indivisible;
    vector[ABSENT_ZH] = gains.absent_zh;
    vector[ABSENT_EN] = gains.absent_en;
    vector[MISSING] = gains.missing;
    vector[MISSING_BY_FIT] = fit * gains.missing;
}

/// Whether trees may ask for a feature. How many segments of the whole text have no counterpart is left to the weights: trees
/// make a threshold of it, and the left-out Bible had 46 null beads instead of 33 (none is right; 19 without trees).
pub(crate) fn asked_by_trees(feature: usize) -> bool {
    feature != NULL_RATE && feature != WEAKEST_OWN_BY_NULLS
}

/// The scalar product of the weights and of the features that they weigh.
#[inline]
pub(crate) fn score(weights: &Vector, features: &Vector) -> f32 {
    // Four partial sums, so that the order of additions is fixed and still wide.
    // The weights beyond the last are 0.
    const END: usize = LINEAR.next_multiple_of(4);
    let mut sums = [0.0f32; 4];
    for (w, f) in weights[..END].chunks_exact(4).zip(features[..END].chunks_exact(4)) {
        for k in 0..4 {
            sums[k] += w[k] * f[k];
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3])
}

/// What the agreement of lengths contributes to the score.
pub(crate) fn length_part(weights: &Vector, features: &Vector) -> f32 {
    (LENGTH_VARIANCE..=LENGTH_RATIO_SQUARED).map(|k| weights[k] * features[k]).sum()
}

/// Adds what the borders say.
pub(crate) fn put_strain(vector: &mut Vector, strain: Strain, fit: f32) {
    vector[STRAIN_END_EN] = strain.end_en;
    vector[STRAIN_END_ZH] = strain.end_zh;
    vector[STRAIN_START_EN] = strain.start_en;
    vector[STRAIN_START_ZH] = strain.start_zh;
    vector[STRAIN_BY_FIT] = fit * (strain.end_en + strain.end_zh + strain.start_en + strain.start_zh);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;
    use crate::model::Lang;

    #[test]
    fn a_heading_that_ran_into_its_sentence_belongs_to_both() {
        let lexicon = Lexicon::built_in();
        let zh = Text::of_lines(Lang::Zh, &["修复您的帐户", "请进入主屏幕。"], &lexicon);
        let of = |english: &str, n: u8| {
            let en = Text::of_lines(Lang::En, &[english], &lexicon);
            let (zh_runs, en_runs) = (Runs::new(&zh), Runs::new(&en));
            let whole = Whole::new(&zh, &en);
            let features = Features { zh: &zh, en: &en, zh_runs: &zh_runs, en_runs: &en_runs, whole };
            let cell = Cell { i: 0, j: 0, n, m: 1 };
            let sums = [0.0; 3];
            let mut vector = features.of(cell, Bags { en: &sums[..2], zh: &sums[..usize::from(n) + 1] });
            features.refine(&mut vector, cell);
            (vector[TITLE_INSIDE], vector[SENTENCES_EN])
        };
        let ran_in = "Repairing your account Go to the home screen.";
        assert_eq!(of(ran_in, 2), (0.0, 0.0));
        assert_eq!(of(ran_in, 1), (0.0, 1.0));
        // Without a sign of it, a heading in a merge is one, and alone it lacks nothing.
        let one = "To repair your account go to the home screen.";
        assert_eq!(of(one, 2), (1.0, 0.0));
        assert_eq!(of(one, 1), (0.0, 0.0));
    }
}
