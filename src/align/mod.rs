//! Pairs the segments of two texts.
//!
//! A log-linear model over beads, searched in two passes: a corridor by rare words, every bead in it by words and
//! lengths (forward-backward), then the likely ones again with the places of words, the vocabulary that the first
//! pass taught, and decision trees on top of the weights. The beads with the greatest expected F1 are chosen; their
//! posteriors, calibrated, are the confidences; where words tell that the texts are no translations of each other, they
//! vanish. Inside, Chinese is always the first side; nothing depends on which is the source.

mod absence;
mod band;
mod boosting;
mod border;
mod coarse;
mod compounds;
mod confidence;
mod coverage;
mod decode;
mod dense;
mod explain;
mod features;
mod habit;
mod kinship;
mod lattice;
mod lbfgs;
mod learn;
mod links;
mod math;
mod moved;
mod names;
mod pairs;
mod passes;
mod place;
mod run;
mod scorer;
mod shapes;
mod text;
pub mod training;
mod trees;
mod truth;
mod weights;

pub use weights::Weights;

use crate::error::{Error, Result};
use crate::lexicon::Lexicon;
use crate::model::{Alignment, Bead, Evidence, Lang, Segment, Status};
use decode::Decoded;
use explain::Explainer;
use kinship::kinship;
use passes::Pairing;
use std::ops::Range;
use text::Text;

/// What the user can set about aligning.
#[derive(Debug, Clone)]
pub struct AlignOptions {
    /// Beads with a confidence below this get [`Status::NeedsReview`]. 0 to 1.
    pub review_below: f64,
    /// Threads to use; 0 means one a core. The result does not depend on it.
    pub jobs: usize,
    /// Keep the evidence (matches, missing expressions) of each bead. Costs memory, not accuracy.
    pub explain: bool,
}

impl Default for AlignOptions {
    fn default() -> Self {
        AlignOptions { review_below: 0.9, jobs: 0, explain: true }
    }
}

/// How far a long alignment has come.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// What is being done (`reading words`, `first pass` …).
    pub stage: &'static str,
    /// The share done of the whole work, 0 to 1.
    pub done: f64,
    /// How many beads the search is expected to have lost by looking at likely ones only: the sum of the posteriors
    /// of what it dropped. Known after the first pass; the second drops a little more.
    pub expected_losses: f64,
}

/// Aligns pairs of texts with one lexicon and one set of options.
#[derive(Debug)]
pub struct Aligner {
    lexicon: Lexicon,
    options: AlignOptions,
    weights: Weights,
    pool: Option<rayon::ThreadPool>,
}

impl Aligner {
    /// Checks the options.
    ///
    /// # Errors
    /// A threshold that is no probability; more threads than the system gives.
    pub fn new(lexicon: Lexicon, options: AlignOptions) -> Result<Aligner> {
        if !(0.0..=1.0).contains(&options.review_below) {
            return Err(Error::usage("the review threshold must lie between 0 and 1"));
        }
        let pool = match options.jobs {
            0 => None,
            jobs => {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build();
                Some(pool.map_err(|e| Error::usage(format!("cannot start {jobs} threads: {e}")))?)
            }
        };
        Ok(Aligner { lexicon, options, weights: Weights::built_in()?, pool })
    }

    /// Uses other weights than the built-in ones.
    pub fn with_weights(mut self, weights: Weights) -> Aligner {
        self.weights = weights;
        self
    }

    /// Pairs the segments. `source_lang` is the language of `source`; `target` has the other one.
    /// `progress` is called now and then from any thread.
    pub fn align(
        &self,
        source_lang: Lang,
        source: Vec<Segment>,
        target: Vec<Segment>,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Alignment {
        self.align_around(source_lang, source, target, &[], progress)
    }

    /// Like [`Aligner::align`], around beads that are `confirmed` (their source and target segments, in order; others are
    /// passed over): the path runs through them as far as the model knows beads of their kind, they teach the pair's
    /// vocabulary with certainty, and the weights move towards the habit that they show.
    pub fn align_around(
        &self,
        source_lang: Lang,
        source: Vec<Segment>,
        target: Vec<Segment>,
        confirmed: &[(Range<usize>, Range<usize>)],
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Alignment {
        let run = || self.run(source_lang, source, target, confirmed, progress);
        match &self.pool {
            Some(pool) => pool.install(run),
            None => run(),
        }
    }

    fn run(
        &self,
        source_lang: Lang,
        source: Vec<Segment>,
        target: Vec<Segment>,
        confirmed: &[(Range<usize>, Range<usize>)],
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Alignment {
        let chinese_first = source_lang == Lang::Zh;
        let (zh, en) = if chinese_first { (&source, &target) } else { (&target, &source) };
        progress(Progress { stage: "reading words", done: 0.0, expected_losses: 0.0 });
        let (zh_text, en_text) = rayon::join(
            || Text::read(Lang::Zh, zh, &self.lexicon),
            || Text::read(Lang::En, en, &self.lexicon),
        );
        let pairing = Pairing::new(zh_text, en_text, &self.lexicon);
        progress(Progress { stage: "first pass", done: 0.15, expected_losses: 0.0 });
        let first = pairing.first(&self.weights.first);
        let expected_losses = first.lattice.lost;
        progress(Progress { stage: "second pass", done: 0.6, expected_losses });
        let known = confirmed.iter().map(|(s, t)| if chinese_first { (s, t) } else { (t, s) });
        let allowed = truth::around(known, (zh.len(), en.len()), &first.lattice);
        let allowed = allowed.as_deref();
        // What is confirmed may make beads likely that the weights do not think of.
        let own_weights = allowed.is_none().then_some(&self.weights.second);
        let (candidates, words) = pairing.second(first, own_weights, allowed);
        let expected_losses = candidates.lattice.lost;
        let adapted = allowed.map(|known| habit::adapt(&candidates, known, &self.weights));
        let decoded = decode::decode(&candidates, adapted.as_ref().unwrap_or(&self.weights), allowed);
        progress(Progress { stage: "evidence", done: 0.9, expected_losses });
        let explainer = Explainer::new(&pairing, &words, zh, en, self.options.explain);
        let decoded = moved::loosen(decoded, &explainer);
        let evidence = explainer.explain(&decoded, chinese_first);
        let moved = moved::find(&decoded, &explainer);
        // Whoever confirms beads knows what these texts are to each other.
        let kinship = match allowed {
            Some(_) => vec![1.0; decoded.len()],
            None => kinship((&pairing.zh, &pairing.en), &decoded, &evidence, chinese_first),
        };
        let beads = decoded
            .iter()
            .zip(evidence)
            .zip(kinship)
            .zip(moved)
            .map(|(((d, evidence), kinship), moved_to)| Bead {
                moved_to,
                ..self.bead(d, evidence, kinship, chinese_first)
            })
            .collect();
        progress(Progress { stage: "done", done: 1.0, expected_losses });
        Alignment::new(source_lang, source, target, beads).expect("a path covers both sides in order")
    }

    fn bead(&self, decoded: &Decoded, evidence: Evidence, kinship: f64, chinese_first: bool) -> Bead {
        let (zh, en) = (decoded.cell.zh(), decoded.cell.en());
        let (source, target) = if chinese_first { (zh, en) } else { (en, zh) };
        let confidence = kinship * decoded.confidence;
        let sure = confidence >= self.options.review_below;
        Bead {
            source,
            target,
            score: f64::from(decoded.score),
            confidence,
            evidence,
            status: if sure { Status::Unchecked } else { Status::NeedsReview },
            moved_to: None,
        }
    }
}
