//! The translation memory: one SQLite file with units, their history and a fuzzy index.
//!
//! It works on [`TranslationUnit`](crate::model::TranslationUnit)s and knows no file format; the schema is in
//! `docs/memory.md`.

mod clean;
mod compare;
mod concordance;
mod detail;
mod difference;
mod distance;
mod document;
mod index;
mod leverage;
mod matching;
mod stats;
mod store;
mod tokens;

pub use clean::{Proposal, Reason};
pub use compare::{Differences, UnitChange, compare_units};
pub use concordance::{Found, Needle};
pub use difference::differences;
pub use document::in_context;
pub use leverage::{BANDS, Leverage, Volume};
pub use matching::{FuzzyMatch, Matcher, Query, Work, similarity};
pub use stats::Stats;
pub use store::{Added, Filter, Keep, Memory, Stored, context};
pub use tokens::{Folded, fold, text_key};
