//! duizhao (对照) pairs Chinese and English documents, segment by segment.
//!
//! The pipeline: [`read`] makes a [`model::Document`] of clean blocks out of a file, [`segment`] splits it
//! into sentences, [`align`] pairs the two sides, [`format`](mod@format) writes the result.

pub mod align;
pub mod check;
pub mod error;
pub mod eval;
pub mod feature;
pub mod format;
pub mod lexicon;
pub mod memory;
pub mod model;
pub mod pairing;
pub mod read;
pub mod review;
pub mod segment;
pub mod terms;

pub use error::{Error, ErrorKind, Result};
