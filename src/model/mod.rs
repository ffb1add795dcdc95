//! The plain data that every stage reads and makes: documents, segments, beads, alignments, units.
//!
//! Types here keep their own invariants and import nothing but `std`. They do not read files, do not
//! score and do not print.

mod alignment;
mod document;
mod finding;
mod lang;
mod term;
mod unit;

pub use alignment::{Alignment, Bead, Evidence, Match, MatchKind, Status, UncoveredBead};
pub use document::{Block, BlockKind, Change, ChangeReason, Document, Piece, Place, Segment};
pub use finding::{Finding, Mark, Severity};
pub use lang::{Lang, LangTag, Script, Side};
pub use term::{Term, TermEntry, TermStatus, Termbase};
pub use unit::{BeadInfo, Bitext, Property, TranslationUnit, Variant};
