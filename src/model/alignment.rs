//! Beads and alignments. A bad alignment cannot be built.

use super::{Lang, Segment, Side};
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

/// A group of source segments that translates a group of target segments. Either may be empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Bead {
    /// Indices of the source segments.
    pub source: Range<usize>,
    /// Indices of the target segments.
    pub target: Range<usize>,
    /// How well the two sides fit, in nats of the model's log-linear score with its decision trees; higher is better.
    pub score: f64,
    /// The calibrated probability (0 to 1) that the bead is exactly right; near 0 where the texts are no translations of each
    /// other.
    pub confidence: f64,
    /// Why.
    pub evidence: Evidence,
    /// What has been decided about it.
    pub status: Status,
    /// For a 1-0 or 0-1 bead whose counterpart was found elsewhere: the index of that bead.
    pub moved_to: Option<usize>,
}

/// What has been decided about a bead. A run never changes what a person decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Status {
    /// Nobody looked; the confidence is high enough.
    #[default]
    Unchecked,
    /// Somebody should look.
    NeedsReview,
    /// A person accepted it.
    Accepted,
    /// A person rejected it; it is kept, but not exported to memories.
    Rejected,
}

impl Status {
    /// Every status, in the order of the documentation.
    pub const ALL: [Status; 4] = [Status::Unchecked, Status::NeedsReview, Status::Accepted, Status::Rejected];
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Status::Unchecked => "unchecked",
            Status::NeedsReview => "needs-review",
            Status::Accepted => "accepted",
            Status::Rejected => "rejected",
        })
    }
}

impl FromStr for Status {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, String> {
        Status::ALL
            .into_iter()
            .find(|v| v.to_string() == s)
            .ok_or_else(|| format!("unknown status {s:?}: use unchecked, needs-review, accepted or rejected"))
    }
}

/// Why a bead was made.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Evidence {
    /// The length agreement, in nats; 0 is neutral, negative speaks against the bead.
    pub length: f64,
    /// The share (0 to 1) of the source side's content that the target side accounts for.
    pub source_coverage: f64,
    /// The share (0 to 1) of the target side's content that the source side accounts for.
    pub target_coverage: f64,
    /// The strongest pairs found: dictionary words, numbers, names and so on.
    pub matches: Vec<Match>,
    /// Numbers, dates, symbols and names of one side that the other should show and does not.
    pub missing: Vec<(Side, String)>,
    /// Anything else a reviewer should know, in a few words.
    pub notes: Vec<String>,
}

/// A pair of words or expressions that speak for a bead.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// What kind of agreement.
    pub kind: MatchKind,
    /// The expression in the source.
    pub source: String,
    /// The expression in the target.
    pub target: String,
}

/// The kinds of agreement between expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum MatchKind {
    /// The same number, whatever the script.
    Number,
    /// The same date.
    Date,
    /// The same document symbol, reference or Latin text.
    Symbol,
    /// A name by its sound.
    Name,
    /// A pair of the lexicon or of the user's terms.
    Word,
    /// A pair learned from this very document.
    Learned,
}

impl MatchKind {
    /// Every kind, in the order of the documentation.
    pub const ALL: [MatchKind; 6] = [
        MatchKind::Number,
        MatchKind::Date,
        MatchKind::Symbol,
        MatchKind::Name,
        MatchKind::Word,
        MatchKind::Learned,
    ];
}

impl fmt::Display for MatchKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            MatchKind::Number => "number",
            MatchKind::Date => "date",
            MatchKind::Symbol => "symbol",
            MatchKind::Name => "name",
            MatchKind::Word => "word",
            MatchKind::Learned => "learned",
        })
    }
}

impl FromStr for MatchKind {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, String> {
        MatchKind::ALL
            .into_iter()
            .find(|v| v.to_string() == s)
            .ok_or_else(|| format!("unknown kind of match {s:?}"))
    }
}

/// The bead at which [`Alignment::new`] found a gap, an overlap or a wrong order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UncoveredBead {
    /// The index of the bead, or the number of beads if the last ones are missing.
    pub bead: usize,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for UncoveredBead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "bead {}: {}", self.bead, self.what)
    }
}

impl std::error::Error for UncoveredBead {}

/// Two segmented texts and the beads that pair them: every segment in exactly one bead, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Alignment {
    source_lang: Lang,
    source: Vec<Segment>,
    target: Vec<Segment>,
    beads: Vec<Bead>,
}

impl Alignment {
    /// Checks that the beads cover both sides in order, without gap or overlap.
    pub fn new(
        source_lang: Lang,
        source: Vec<Segment>,
        target: Vec<Segment>,
        beads: Vec<Bead>,
    ) -> Result<Alignment, UncoveredBead> {
        let (mut i, mut j) = (0, 0);
        for (k, bead) in beads.iter().enumerate() {
            let fail = |what: String| Err(UncoveredBead { bead: k, what });
            if bead.source.start != i || bead.target.start != j {
                return fail(format!(
                    "starts at {}:{}, but {i}:{j} comes next",
                    bead.source.start, bead.target.start
                ));
            }
            if bead.source.end < i || bead.target.end < j {
                return fail("ends before it starts".into());
            }
            if bead.source.is_empty() && bead.target.is_empty() {
                return fail("is empty on both sides".into());
            }
            if bead.moved_to.is_some_and(|m| m >= beads.len()) {
                return fail("is linked to a bead that does not exist".into());
            }
            (i, j) = (bead.source.end, bead.target.end);
        }
        if (i, j) != (source.len(), target.len()) {
            let what =
                format!("the beads end at {i}:{j}, but there are {}:{} segments", source.len(), target.len());
            return Err(UncoveredBead { bead: beads.len(), what });
        }
        Ok(Alignment { source_lang, source, target, beads })
    }

    /// The language of the source; the target has the other one.
    pub fn source_lang(&self) -> Lang {
        self.source_lang
    }

    /// The segments of one side.
    pub fn segments(&self, side: Side) -> &[Segment] {
        match side {
            Side::Source => &self.source,
            Side::Target => &self.target,
        }
    }

    /// The beads in order.
    pub fn beads(&self) -> &[Bead] {
        &self.beads
    }

    /// The mean of the beads' confidences (0 to 1); 0 where there is none.
    pub fn mean_confidence(&self) -> f64 {
        let sum: f64 = self.beads.iter().map(|bead| bead.confidence).sum();
        sum / self.beads.len().max(1) as f64
    }

    /// The segments of one side of a bead.
    pub fn bead_segments(&self, bead: &Bead, side: Side) -> &[Segment] {
        match side {
            Side::Source => &self.source[bead.source.clone()],
            Side::Target => &self.target[bead.target.clone()],
        }
    }
}
