//! A document as blocks of clean text, each character of which knows where it came from.

use super::{Lang, Script};
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

/// Where a stretch of text stands in its original file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// The part of a container (`word/document.xml`, `page 3`), or empty for a plain file.
    pub part: String,
    /// The line on which it starts, 1-based.
    pub line: usize,
    /// The bytes it spans, counted in the file's text as UTF-8 without byte-order mark.
    pub bytes: Range<usize>,
}

/// A stretch of a block that was copied from the original without a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Where the stretch starts in the block's text, in bytes. It ends where the next piece starts,
    /// white space added by joining aside.
    pub at: usize,
    /// Where it stands in the original. `bytes.len()` is the length of the stretch, unless the original writes it
    /// as a reference (`&amp;`) or does not write it at all (the number of a list item in HTML).
    pub place: Place,
}

/// What a block is. It keeps apart what must not be joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlockKind {
    /// Running text.
    Paragraph,
    /// A title or heading; the level (1 to 9) where it is known, else 0.
    Heading(u8),
    /// An item of a list, with its mark.
    ListItem,
    /// A cell of a table, or a part of a line set in columns.
    Cell,
    /// A footnote or endnote.
    Footnote,
    /// A line of a signature, an address, a masthead: short lines that belong to themselves.
    Line,
}

/// A paragraph, heading, list item … : text that may be split into segments but never joined with its neighbours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Its text, un-wrapped.
    pub text: String,
    /// Where the text came from, in order of `at`; the first piece is at 0 unless the block is empty.
    pub pieces: Vec<Piece>,
}

impl Block {
    /// A block whose whole text stands in one place.
    pub fn new(kind: BlockKind, text: impl Into<String>, place: Place) -> Block {
        Block { kind, text: text.into(), pieces: vec![Piece { at: 0, place }] }
    }

    /// The place of a byte range of the block's text: from its first to its last original character.
    pub fn place_of(&self, range: Range<usize>) -> Place {
        let first = self.pieces.partition_point(|p| p.at <= range.start).saturating_sub(1);
        let Some(piece) = self.pieces.get(first) else { return Place::default() };
        let start = piece.place.bytes.start + (range.start - piece.at).min(piece.place.bytes.len());
        let last = self.pieces.partition_point(|p| p.at < range.end).saturating_sub(1).max(first);
        let end_piece = &self.pieces[last];
        let end = end_piece.place.bytes.start
            + range.end.saturating_sub(end_piece.at).min(end_piece.place.bytes.len());
        Place { part: piece.place.part.clone(), line: piece.place.line, bytes: start..end.max(start) }
    }
}

/// Why the cleaning changed something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ChangeReason {
    /// Set aside: a running head or foot that comes again on other pages.
    RunningHead,
    /// Set aside: a page number.
    PageNumber,
    /// Set aside: a job number, bar code or the like.
    JobNumber,
    /// Set aside: a rule made of `_`, `-`, `=` or the like.
    Rule,
    /// Set aside: a character that is not text (NUL, control, byte-order mark, soft hyphen).
    ControlCharacter,
    /// Set aside: a hyphen that only broke a word at a line end.
    SoftHyphen,
    /// Set aside: text that the document hides from its reader, or that a merged cell, a hidden sheet or a field covers.
    HiddenText,
    /// Set aside: what stands around the content of a web page (navigation, banners, notices about cookies).
    Boilerplate,
    /// Set aside: how a word is read, printed above or beside it (ruby).
    Reading,
    /// Set aside: the numbers, times, positions and notes of subtitles.
    Timing,
    /// Set aside: marks of a file's format that are no text (a list's dash, a table's rule, a link's address).
    Markup,
    /// Set aside: text that was deleted or moved away while changes were tracked.
    DeletedText,
    /// Set aside: a number, date or truth value in a cell of a sheet.
    SheetValue,
    /// Joined: the sentence goes on after the page seam.
    PageSeam,
    /// Joined: a note or its mark stood on a line of its own inside the sentence.
    NoteMark,
}

impl ChangeReason {
    /// Every reason, in the order of the documentation.
    pub const ALL: [ChangeReason; 15] = [
        ChangeReason::RunningHead,
        ChangeReason::PageNumber,
        ChangeReason::JobNumber,
        ChangeReason::Rule,
        ChangeReason::ControlCharacter,
        ChangeReason::SoftHyphen,
        ChangeReason::HiddenText,
        ChangeReason::Boilerplate,
        ChangeReason::Reading,
        ChangeReason::Timing,
        ChangeReason::Markup,
        ChangeReason::DeletedText,
        ChangeReason::SheetValue,
        ChangeReason::PageSeam,
        ChangeReason::NoteMark,
    ];

    /// Whether the text was set aside, so that it is in no segment. Otherwise it was only joined.
    pub fn sets_aside(self) -> bool {
        !matches!(self, ChangeReason::PageSeam | ChangeReason::NoteMark)
    }
}

impl fmt::Display for ChangeReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ChangeReason::RunningHead => "running-head",
            ChangeReason::PageNumber => "page-number",
            ChangeReason::JobNumber => "job-number",
            ChangeReason::Rule => "rule",
            ChangeReason::ControlCharacter => "control-character",
            ChangeReason::SoftHyphen => "soft-hyphen",
            ChangeReason::HiddenText => "hidden-text",
            ChangeReason::Boilerplate => "boilerplate",
            ChangeReason::Reading => "reading",
            ChangeReason::Timing => "timing",
            ChangeReason::Markup => "markup",
            ChangeReason::DeletedText => "deleted-text",
            ChangeReason::SheetValue => "sheet-value",
            ChangeReason::PageSeam => "page-seam",
            ChangeReason::NoteMark => "note-mark",
        })
    }
}

impl FromStr for ChangeReason {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, String> {
        ChangeReason::ALL
            .into_iter()
            .find(|r| r.to_string() == s)
            .ok_or_else(|| format!("unknown reason {s:?}"))
    }
}

/// One entry of the cleaning report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Why.
    pub reason: ChangeReason,
    /// Where the text stands in the original.
    pub place: Place,
    /// The text that was set aside, or the two line ends that were joined (`…面临的|挑战…`).
    pub text: String,
}

/// A document: its blocks, its language, and the report of what the cleaning did.
///
/// Conservation: the characters of all blocks' pieces and of all changes that set text aside are, white space
/// apart, the characters of the original, each exactly once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The file's name for messages and provenance.
    pub name: String,
    /// The language.
    pub lang: Lang,
    /// The Chinese script; [`Script::Hans`] where it does not matter.
    pub script: Script,
    /// The encoding it was read in, as its WHATWG name (`UTF-8`, `gb18030`).
    pub encoding: String,
    /// The blocks in reading order.
    pub blocks: Vec<Block>,
    /// What the cleaning did, in order of place.
    pub changes: Vec<Change>,
    /// What the user should hear about the reading (a guessed encoding, repaired characters).
    pub notices: Vec<String>,
    /// SHA-256 of the file's bytes, in hexadecimal.
    pub digest: String,
}

/// A sentence or other unit of alignment: text, the block it is part of, and its place in the original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// The text, trimmed.
    pub text: String,
    /// The index of its block in the document.
    pub block: usize,
    /// What its block is.
    pub kind: BlockKind,
    /// Where it stands in the original file.
    pub place: Place,
}

impl Segment {
    /// A segment that is one whole line of a pre-split file. `line` is 1-based.
    pub fn line(text: impl Into<String>, line: usize, bytes: Range<usize>) -> Segment {
        Segment {
            text: text.into(),
            block: line - 1,
            kind: BlockKind::Paragraph,
            place: Place { part: String::new(), line, bytes },
        }
    }
}
