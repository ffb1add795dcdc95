//! Terms in bilingual text: is the termbase kept, is a text consistent with itself, which terms does it hold.
//!
//! Works on a [`Bitext`](crate::model::Bitext) in memory; files are the business of `format`.

mod base;
mod check;
mod matcher;

pub use base::{merge, validate};
pub use check::Checker;
