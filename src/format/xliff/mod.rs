//! XLIFF 1.2 (OASIS Standard, 1 February 2008) and 2.0 (OASIS Standard, 5 August 2014) for CAT editors.
//!
//! A pair is a `trans-unit` (1.2) or a `unit` of one segment (2.0). What was decided about it is the state of its
//! target, what is known of it stands in context groups (1.2) or the metadata module (2.0), and inline tags keep
//! their codes. Reading takes either version, whatever the extension.

mod inline;
mod read;
mod write;

pub(super) use read::read;
pub(super) use write::{write_one, write_two};

/// Properties and metadata of ours whose meaning a bead has: score, in nats, and confidence, 0 to 1.
const SCORE: &str = "x-score";
const CONFIDENCE: &str = "x-confidence";
/// A state of a target that came from another tool, with nothing known about the pair's confidence.
const STATE: &str = "x-xliff-state";
/// An `approved` of another tool.
const APPROVED: &str = "x-xliff-approved";
/// Starts the names of metadata that are attributes of the unit (TMX's `creationdate` …).
const ATTRIBUTE: &str = "x-attribute-";
/// The sub-state of XLIFF 2.0 for pairs that somebody should look at.
const NEEDS_REVIEW: &str = "duizhao:needs-review";
