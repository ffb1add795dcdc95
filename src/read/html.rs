//! Stand-in for the HTML reader: its signature, with a paragraph for the whole text.

use crate::model::{Block, BlockKind, Change, Place};

/// The blocks of an HTML text and what was set aside.
pub(super) fn blocks(text: &str, part: &str) -> (Vec<Block>, Vec<Change>) {
    let place = Place { part: part.to_string(), line: 1, bytes: 0..text.len() };
    (vec![Block::new(BlockKind::Paragraph, text, place)], Vec::new())
}
