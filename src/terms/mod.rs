//! Terms in bilingual text: is the termbase kept, is a text consistent with itself, which terms does it hold.
//!
//! Works on a [`Bitext`](crate::model::Bitext) in memory; files are the business of `format`.

mod base;
mod check;
mod consistency;
mod extract;
mod form;
mod matcher;
mod mine;
mod pairing;
mod rendered;
mod short;

pub use base::{merge, validate};
pub use check::{Checker, Session};
pub use consistency::{Inconsistency, InconsistencyKind, Rendering, consistency};
pub use extract::{Extracted, TermKind, extract};
