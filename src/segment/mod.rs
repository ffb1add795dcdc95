//! Blocks into segments: sentence splitting for Chinese and English.

use crate::model::{Block, Document, Lang, Segment};
use std::ops::Range;

/// What ends a segment besides the sentence's end.
#[derive(Debug, Clone, Default)]
pub struct SegmentOptions {
    /// Also split after `；` and `;`.
    pub semicolon: bool,
    /// Also split after `：` and `:` before a space.
    pub colon: bool,
}

/// The byte ranges of the sentences of a block's text: in order, trimmed, white space apart without gap.
pub fn split(text: &str, lang: Lang, options: &SegmentOptions) -> Vec<Range<usize>> {
    let _ = (text, lang, options);
    unimplemented!("being built")
}

/// Splits every block of a document.
pub fn segment_document(document: &Document, options: &SegmentOptions) -> Vec<Segment> {
    document
        .blocks
        .iter()
        .enumerate()
        .flat_map(|(index, block)| {
            split(&block.text, document.lang, options)
                .into_iter()
                .map(move |range| to_segment(block, index, range))
        })
        .collect()
}

/// Every block as one segment, for alignment by paragraphs or of pre-split lines.
pub fn whole_blocks(document: &Document) -> Vec<Segment> {
    document
        .blocks
        .iter()
        .enumerate()
        .map(|(index, block)| to_segment(block, index, 0..block.text.len()))
        .collect()
}

fn to_segment(block: &Block, index: usize, range: Range<usize>) -> Segment {
    Segment {
        text: block.text[range.clone()].to_string(),
        block: index,
        kind: block.kind,
        place: block.place_of(range),
    }
}
