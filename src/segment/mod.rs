//! Blocks into segments: sentence splitting for Chinese and English.
//!
//! One scanner walks a block once. At each mark that may end a sentence it asks the rules of that mark: `chinese`
//! for 。！？…, `english` for the full stop and its kin. Both apply in both languages, because Chinese texts quote
//! English and the reverse; the block's language decides what a bare `!`, `?` or `:` means. The rules are numbered
//! (ZH1 …, EN1 …) and listed with examples in `docs/segmentation.md`; `tests/segmentation` holds the cases.

mod brackets;
mod chinese;
mod english;
mod srx;

use crate::model::{Block, Document, Lang, Segment};
pub use srx::Srx;

use brackets::Brackets;
use std::ops::Range;
use std::sync::Arc;
use unicode_segmentation::GraphemeCursor;

/// What ends a segment besides the sentence's end.
#[derive(Debug, Clone, Default)]
pub struct SegmentOptions {
    /// Also split after `；` and `;`.
    pub semicolon: bool,
    /// Also split after `：` and `:` before a space.
    pub colon: bool,
    /// Rules of the user, instead of our own and of the two options above.
    pub srx: Option<Arc<Srx>>,
}

/// The byte ranges of the sentences of a block's text: in order, trimmed, white space apart without gap.
///
/// Linear in the length of the text.
pub fn split(text: &str, lang: Lang, options: &SegmentOptions) -> Vec<Range<usize>> {
    if let Some(srx) = &options.srx {
        return srx.split(text, lang);
    }
    let brackets = Brackets::new(text);
    let mut inside = brackets.iter();
    let mut out = Vec::new();
    let mut from = 0;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let next = at + c.len_utf8();
        let Some(mark) = mark_at(text, from, at, c, lang, options) else {
            at = next;
            continue;
        };
        at = mark.end.max(next);
        if mark.ends_sentence && at < text.len() && !inside.covers(at) && is_boundary(text, at) {
            push_trimmed(text, from..at, &mut out);
            from = at;
        }
    }
    push_trimmed(text, from..text.len(), &mut out);
    out
}

/// A mark that may end a sentence: where it stops, with all that closes there, and what was decided.
struct Mark {
    end: usize,
    ends_sentence: bool,
}

/// Judges the mark at a position. `from` is where the sentence began.
fn mark_at(
    text: &str,
    from: usize,
    at: usize,
    c: char,
    lang: Lang,
    options: &SegmentOptions,
) -> Option<Mark> {
    let end = at + c.len_utf8();
    let always = Some(Mark { end, ends_sentence: true });
    match c {
        '。' | '！' | '？' | '︒' | '｡' | '‼' | '⁇' | '⁈' | '⁉' => {
            Some(chinese::full_stop(text, from, at))
        }
        '!' | '?' if lang == Lang::Zh && chinese::follows_chinese(text, at) => {
            Some(chinese::full_stop(text, from, at))
        }
        '…' | '⋯' if lang == Lang::Zh => Some(chinese::ellipsis(text, at)),
        '．' => Some(chinese::wide_stop(text, at)),
        '.' | '!' | '?' | '…' => Some(english::full_stop(text, from, at, lang)),
        '；' if options.semicolon => always,
        '：' if options.colon => always,
        ';' if options.semicolon => Some(before_space(text, end, lang)),
        ':' if options.colon => Some(before_space(text, end, lang)),
        _ => None,
    }
}

/// A half-width mark ends a part before white space or, in Chinese, before a Chinese character.
fn before_space(text: &str, end: usize, lang: Lang) -> Mark {
    let splits = |c: char| c.is_whitespace() || lang == Lang::Zh && chinese::is_han(c);
    Mark { end, ends_sentence: text[end..].chars().next().is_some_and(splits) }
}

/// A cut never falls inside what the reader sees as one character (UAX #29).
fn is_boundary(text: &str, at: usize) -> bool {
    GraphemeCursor::new(at, text.len(), true).is_boundary(text, 0).unwrap_or(true)
}

fn push_trimmed(text: &str, range: Range<usize>, out: &mut Vec<Range<usize>>) {
    let part = &text[range.clone()];
    let trimmed = part.trim();
    if !trimmed.is_empty() {
        let start = range.start + (part.len() - part.trim_start().len());
        out.push(start..start + trimmed.len());
    }
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
