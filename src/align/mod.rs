//! Pairs the segments of two texts.

use crate::error::Result;
use crate::lexicon::Lexicon;
use crate::model::{Alignment, Bead, Evidence, Lang, Segment, Status};

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
}

/// Aligns pairs of texts with one lexicon and one set of options.
#[derive(Debug)]
pub struct Aligner {
    lexicon: Lexicon,
    options: AlignOptions,
}

impl Aligner {
    /// Checks the options.
    pub fn new(lexicon: Lexicon, options: AlignOptions) -> Result<Aligner> {
        if !(0.0..=1.0).contains(&options.review_below) {
            return Err(crate::Error::usage("the review threshold must lie between 0 and 1"));
        }
        Ok(Aligner { lexicon, options })
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
        // PLACEHOLDER until the real aligner lands: pairs in order.
        let _ = (&self.lexicon, &self.options, progress);
        let (n, m) = (source.len(), target.len());
        let beads = (0..n.max(m))
            .map(|k| Bead {
                source: k.min(n)..(k + 1).min(n),
                target: k.min(m)..(k + 1).min(m),
                score: 0.0,
                confidence: 0.5,
                evidence: Evidence::default(),
                status: Status::Unchecked,
                moved_to: None,
            })
            .collect();
        Alignment::new(source_lang, source, target, beads).expect("beads cover both sides in order")
    }
}
