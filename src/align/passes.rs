//! The two passes: a band, every bead in it by words and lengths, then the likely beads again with what the
//! first pass taught.

use super::absence::Absences;
use super::band::Band;
use super::border::{self, Borders};
use super::coarse;
use super::coverage::{Bags, Coverages};
use super::dense::Sums;
use super::features::{Features, LENGTH_RATIO, Vector, Whole, put_places, put_strain, score};
use super::lattice::Lattice;
use super::learn::{Lesson, learn};
use super::links::Links;
use super::math::{Greatest, LogSum, exp, ln_coarse};
use super::names;
use super::pairs::{Pairs, Search};
use super::place::{Places, Scratch};
use super::run::Runs;
use super::scorer::Scorer;
use super::shapes::{Cell, QUICK, SHAPES};
use super::text::Text;
use super::truth::masked;
use crate::lexicon::Lexicon;
use rayon::prelude::*;

/// How far the best path through a position may stay behind the best of all, in nats, before the quick pass leaves the
/// position out. Of 127,000 ends of beads (see `coarse::SLACKS`) one is left out so, and 6 for other than simple beads; with −14 three
/// and 28. On left-out texts of all sets −14 and −20 give the same beads.
const QUICK_KEEP: f64 = -20.0;
/// The segments added around the rest, for simple beads and for those that the quick pass does not know: these cost most and are
/// rarely right.
const QUICK_MARGIN: usize = 1;
const CORE_MARGIN: usize = 0;
/// Log posterior below which the first pass drops a bead: 5.6 beads a Chinese segment are left, and 2 of 1,695
/// hand-made beads are lost.
pub(crate) const KEEP: f64 = -9.0;
/// Chinese characters to words: the mean of our segmentation on novels and news.
const WORDS_PER_CHARACTER: f32 = 0.6;
/// The mean |ln(length ratio)| of trusted beads tells a literal translation (news 0.13 to 0.15, technical texts
/// 0.14 to 0.16) from a free one (novels 0.20 to 0.22); this lies between them.
const LOOSENESS: f32 = 0.17;
/// The difference of that mean that counts as one.
const LOOSENESS_UNIT: f32 = 0.04;
/// How many beads of a text the middle value is worth while little is known.
const LOOSENESS_PRIOR: f32 = 8.0;
/// Segments of which one has no counterpart, as long as nothing is known: the mean of all kinds of text.
const NULL_RATE_PRIOR: f32 = 30.0;
/// Posterior over which a bead teaches words.
const TEACHES: f64 = 0.5;
/// Texts with fewer beads to learn from teach proportionally less: below this their own words are mostly chance
/// (one document of 20 segments fell from 1.00 to 0.73 without this).
const ENOUGH_LESSONS: f32 = 30.0;

/// Two texts ready to be aligned.
pub(crate) struct Pairing {
    pub zh: Text,
    pub en: Text,
    pub links: Links,
    zh_words: Vec<f32>,
    en_words: Vec<f32>,
    zh_runs: Runs,
    en_runs: Runs,
}

/// The likely beads with their features.
#[derive(Debug, Clone)]
pub(crate) struct Candidates {
    pub lattice: Lattice,
    pub vectors: Vec<Vector>,
}

/// What the first pass leaves to the second: the likely beads, with the score of each and the agreement of its lengths
/// ([`LENGTH_RATIO`]).
#[derive(Debug, Clone)]
pub(crate) struct First {
    pub lattice: Lattice,
    judged: Vec<(f32, f32)>,
}

/// What the second pass knows of words.
pub(crate) struct Vocabulary {
    /// The lexicon's links and those that the first pass taught.
    pub links: Links,
    /// Where they stand, as far as beads bring them together.
    pub pairs: Pairs,
}

impl Candidates {
    /// The score of each bead.
    pub fn scores(&self, weights: &Vector) -> Vec<f32> {
        self.vectors.iter().map(|v| score(weights, v)).collect()
    }

    /// Those that the weights alone find likely, and the path that they find best.
    fn likely(mut self, weights: &Vector) -> Candidates {
        let scores = self.scores(weights);
        let (_, posteriors) = self.lattice.posteriors(&scores);
        let scores: Vec<f64> = scores.into_iter().map(f64::from).collect();
        let least = exp(KEEP);
        let mut kept: Vec<bool> = posteriors.iter().map(|&p| p > least).collect();
        self.lattice.best_path(&scores).into_iter().for_each(|k| kept[k] = true);
        let dropped: f64 = posteriors.iter().zip(&kept).filter(|(_, kept)| !**kept).map(|(p, _)| p).sum();
        let (mut of_cells, mut of_vectors) = (kept.iter(), kept.iter());
        let mut cells = self.lattice.cells;
        cells.retain(|_| of_cells.next() == Some(&true));
        self.vectors.retain(|_| of_vectors.next() == Some(&true));
        Candidates { lattice: Lattice::new(cells, self.lattice.lost + dropped), vectors: self.vectors }
    }
}

impl Pairing {
    pub fn new(zh: Text, en: Text, lexicon: &Lexicon) -> Pairing {
        let known = Links::from_lexicon(&zh, &en, lexicon);
        let links = known.merged(names::links(&zh, &en, lexicon, &known));
        let zh_words = (0..zh.len()).map(|k| zh.length(k..k + 1) * WORDS_PER_CHARACTER).collect();
        let en_words = (0..en.len()).map(|k| en.tokens(k..k + 1).len() as f32).collect();
        let (zh_runs, en_runs) = (Runs::new(&zh), Runs::new(&en));
        Pairing { zh, en, links, zh_words, en_words, zh_runs, en_runs }
    }

    fn features(&self, whole: Whole) -> Features<'_> {
        let Pairing { zh, en, zh_runs, en_runs, .. } = self;
        Features { zh, en, zh_runs, en_runs, whole }
    }

    /// The gains of the beads of a band, from all words or from rare ones, by what links are worth there and back.
    fn coverages(
        &self,
        (there, back): (&Links, &Links),
        rare: bool,
        (band, core): (&Band, &Band),
        shapes: &[(u8, u8)],
    ) -> Coverages {
        let words = (self.zh_words.as_slice(), self.en_words.as_slice());
        let chinese = Search { text: &self.zh, other: &self.en, links: there, rare };
        let english = Search { text: &self.en, other: &self.zh, links: back, rare };
        Coverages::new((chinese, english), words, band, core, shapes)
    }

    /// The first pass: every bead that is at all likely.
    pub fn first(&self, weights: &Vector) -> First {
        let judge = |vector: Vector| (score(weights, &vector), vector[LENGTH_RATIO]);
        let (lattice, judged) = self.first_with(weights, KEEP, judge);
        First { lattice, judged }
    }

    /// The first pass with all features and another bound, to learn its weights from.
    pub fn first_candidates(&self, weights: &Vector, keep: f64) -> Candidates {
        let (lattice, vectors) = self.first_with(weights, keep, |vector| vector);
        Candidates { lattice, vectors }
    }

    /// The first pass, and something of the features of each bead.
    fn first_with<T: Send>(
        &self,
        weights: &Vector,
        keep: f64,
        of: impl Fn(Vector) -> T + Sync,
    ) -> (Lattice, Vec<T>) {
        let whole = Whole::new(&self.zh, &self.en);
        let back = self.links.transposed(self.en.types.len()).worth(&self.en, &self.zh);
        let there = self.links.clone().worth(&self.zh, &self.en);
        let features = self.features(whole);
        let scorer = Scorer::new(features, weights);
        let (band, core) = self.quick_bands((&there, &back), &scorer);
        let covered = self.coverages((&there, &back), false, (&band, &core), &SHAPES);
        let (_, lattice) = Sums::new::<LogSum, _>(&band, &core, &SHAPES, Some(keep), scorer.over(&covered));
        let vector = |cell: &Cell| of(features.of(*cell, covered.of(cell.zh(), cell.en())));
        let of_beads = lattice.cells.par_iter().map(vector).collect();
        (lattice, of_beads)
    }

    /// Where the path runs, by rare words and simple beads: for simple beads, and for all.
    fn quick_bands(&self, links: (&Links, &Links), scorer: &Scorer<'_>) -> (Band, Band) {
        let wide = &coarse::band(&self.zh, &self.en, &self.links);
        let covered = self.coverages(links, true, (wide, wide), &QUICK);
        let (sums, _) = Sums::new::<Greatest, _>(wide, wide, &QUICK, None, scorer.over(&covered));
        (sums.narrowed(QUICK_KEEP, QUICK_MARGIN), sums.narrowed(QUICK_KEEP, CORE_MARGIN))
    }

    /// The second pass: the same beads, with places, the pair's own vocabulary and its ratio of lengths. With the pass's own
    /// weights what they find unlikely is left out before its borders are looked at.
    pub fn second(
        &self,
        first: First,
        own_weights: Option<&Vector>,
        allowed: Option<&[bool]>,
    ) -> (Candidates, Vocabulary) {
        let scores = first.judged.iter().map(|judged| judged.0).collect();
        let (_, posteriors) = first.lattice.posteriors(&masked(scores, allowed));
        let (lessons, whole) = self.lessons(&first, &posteriors);
        let lattice = first.lattice;
        let trust = (lessons.len() as f32 / ENOUGH_LESSONS).min(1.0);
        let learned = learn(&self.zh, &self.en, &lessons, &self.links);
        let links = self.links.merged(learned.into_iter().map(|(z, e, s)| (z, e, s * trust)));
        let pairs = Pairs::of_beads(&self.zh, &self.en, &links, &lattice.cells);
        let full = self.features(whole);
        let absences = Absences::new((&self.zh, &self.en), &links, &pairs, &lessons);
        let places = Places::new((&self.zh, &self.en), &pairs, &self.zh_words, &absences);
        let borders = Borders {
            zh: &self.zh,
            en: &self.en,
            pairs: &pairs,
            zh_words: &self.zh_words,
            en_words: &self.en_words,
        };
        let vector = |scratch: &mut Scratch, &cell: &Cell| {
            let gains = (!cell.is_null()).then(|| places.gains(cell, scratch));
            let bags = gains.map_or_else(Bags::default, |_| scratch.bags());
            let mut vector = full.of(cell, bags);
            full.refine(&mut vector, cell);
            if let Some(gains) = gains {
                put_places(&mut vector, gains, whole);
            }
            vector
        };
        let vectors = lattice.cells.par_iter().map_init(Default::default, vector).collect();
        let mut candidates = Candidates { lattice, vectors };
        if let Some(own_weights) = own_weights {
            candidates = candidates.likely(own_weights);
        }
        let Candidates { lattice, vectors } = &mut candidates;
        let strain = |near: &mut border::Scratch, (cell, vector): (&Cell, &mut Vector)| {
            if !cell.is_null() {
                put_strain(vector, borders.strain(*cell, near), whole.fit);
            }
        };
        lattice.cells.par_iter().zip(vectors).for_each_init(Default::default, strain);
        (candidates, Vocabulary { links, pairs })
    }

    /// What the first pass is sure of, and what it says about the whole pair.
    fn lessons(&self, first: &First, posteriors: &[f64]) -> (Vec<Lesson>, Whole) {
        let mut whole = Whole::new(&self.zh, &self.en);
        let mut lessons = Vec::new();
        let (mut zh_length, mut en_length) = (30.0, 30.0 * whole.ratio);
        let (mut looseness, mut beads) = (LOOSENESS * LOOSENESS_PRIOR, LOOSENESS_PRIOR);
        let mut nulls = 0.0;
        for ((cell, &(_, length_ratio)), &p) in first.lattice.cells.iter().zip(&first.judged).zip(posteriors)
        {
            if cell.is_null() {
                nulls += p as f32;
            }
            if p > TEACHES && !cell.is_null() {
                lessons.push(Lesson { cell: *cell, weight: p as f32 });
                zh_length += self.zh.length(cell.zh());
                en_length += self.en.length(cell.en());
                looseness += length_ratio;
                beads += 1.0;
            }
        }
        whole.ratio = (en_length / zh_length).clamp(1.0, 9.0);
        whole.fit = ((LOOSENESS - looseness / beads) / LOOSENESS_UNIT).clamp(-1.5, 1.5);
        let segments = (self.zh.len() + self.en.len()) as f32;
        let rate = (nulls + 1.0) / (segments + NULL_RATE_PRIOR);
        whole.nulls = ln_coarse(rate * NULL_RATE_PRIOR).clamp(-1.5, 1.5);
        (lessons, whole)
    }
}

#[cfg(test)]
mod tests {
    use super::super::features::{COUNT, NAMES};
    use super::*;

    #[test]
    fn what_the_weights_find_unlikely_is_left_out_and_told() {
        let cell = |i, j, n, m| Cell { i, j, n, m };
        let cells =
            vec![cell(0, 0, 0, 1), cell(0, 0, 1, 0), cell(0, 0, 1, 1), cell(0, 1, 1, 0), cell(1, 0, 0, 1)];
        let at = NAMES.iter().position(|n| *n == "one-one").unwrap();
        let likely = |weight: f32| {
            let mut vectors = vec![[0.0; COUNT]; cells.len()];
            vectors[2][at] = 1.0;
            let mut weights = [0.0; COUNT];
            weights[at] = weight;
            Candidates { lattice: Lattice::new(cells.clone(), 0.0), vectors }.likely(&weights)
        };
        assert_eq!(likely(0.0).lattice.cells, cells);
        let sure = likely(20.0);
        assert_eq!(sure.lattice.cells, [cells[2]]);
        assert_eq!(sure.vectors.len(), 1);
        assert!(sure.lattice.lost > 0.0 && sure.lattice.lost < 1e-6);
    }
}
