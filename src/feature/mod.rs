//! What a segment offers for comparison: numbers, dates, symbols, list marks.
//!
//! [`expressions`] reads a text of either language into [`Expression`]s whose keys are equal where the meaning
//! is equal; [`compare`] pairs two lists of them.
//! [`marks`] reads list marks. Nothing here knows words or alignments.

mod chinese_number;
mod compare;
mod date;
mod english_number;
mod english_whole;
mod expression;
pub mod marks;
mod numeral_words;
mod scan;
pub mod sound;
mod symbol;

pub use compare::{Comparison, compare};
pub(crate) use date::MONTHS;
pub use expression::{Decimal, Expression, ExpressionKind, Key, expressions};
