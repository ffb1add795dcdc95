//! Which document of a heap is the translation of which: by names, and by content where names do not help.
//!
//! Names ([`by_name`]): two paths that differ in nothing but a mark of the language. Content ([`by_content`]):
//! what two documents have in common, rare things counting more. This module reads no files; what it decides is
//! a proposal with its reason, and a document that no other fits stays alone.

mod content;
mod names;

pub use content::{ContentPair, Signature, by_content};
pub use names::{NamePairs, by_name};
