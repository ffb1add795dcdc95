//! Paragraphs into blocks: what stays, what is set aside, and where each character stands in its part.
//!
//! The text of a part as extracted is the text of its paragraphs in reading order, a line feed after each. Readers
//! say what a paragraph is and which of its stretches are no text of the document; this module counts places.

use crate::error::{Error, Result};
use crate::model::{Block, BlockKind, Change, ChangeReason, Piece, Place};
use crate::read::lines::is_noise;

/// The most bytes of text extracted from one document. Chosen: as much as the largest part. Shared strings of a
/// workbook can be shown any number of times, so that the size of the parts alone bounds nothing.
const LARGEST_TEXT: usize = 128 << 20;

/// A paragraph on its way.
#[derive(Debug, Clone)]
pub(super) struct Paragraph {
    /// What its blocks will be.
    pub kind: BlockKind,
    runs: Vec<(String, Option<ChangeReason>)>,
}

impl Paragraph {
    pub fn new(kind: BlockKind) -> Paragraph {
        Paragraph { kind, runs: Vec::new() }
    }

    /// Adds text; `aside` says why it is none of the document's. A line feed divides blocks.
    pub fn push(&mut self, text: &str, aside: Option<ChangeReason>) {
        match self.runs.last_mut() {
            Some((run, reason)) if *reason == aside => run.push_str(text),
            _ if text.is_empty() => {}
            _ => self.runs.push((text.to_string(), aside)),
        }
    }

    /// Puts a printed mark, `1.` or `（一）`, before everything else, and `space` between.
    pub fn mark(&mut self, mark: &str, space: &str) {
        if !mark.is_empty() && self.has_text() {
            self.runs.insert(0, (format!("{mark}{space}"), None));
        }
    }

    /// Adds the stretches of another paragraph.
    pub fn append(&mut self, other: Paragraph) {
        other.runs.into_iter().for_each(|(text, aside)| self.push(&text, aside));
    }

    /// Whether any of its text stays in the document.
    pub fn has_text(&self) -> bool {
        self.runs.iter().any(|(text, aside)| aside.is_none() && text.chars().any(|c| !c.is_whitespace()))
    }

    /// Whether nothing was added to it.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// The last character.
    pub fn last(&self) -> Option<char> {
        self.runs.last().and_then(|(text, _)| text.chars().next_back())
    }

    /// Whether its first character is white space.
    pub fn starts_with_space(&self) -> bool {
        self.runs.first().is_some_and(|(text, _)| text.starts_with(char::is_whitespace))
    }

    /// All text that stays.
    pub fn kept(&self) -> String {
        self.runs.iter().filter(|(_, aside)| aside.is_none()).map(|(text, _)| text.as_str()).collect()
    }

    /// Sets everything aside that is not yet.
    pub fn set_aside(&mut self, reason: ChangeReason) {
        for (_, aside) in &mut self.runs {
            aside.get_or_insert(reason);
        }
    }
}

/// What the readers give, over all parts.
#[derive(Debug, Default)]
pub(super) struct Output {
    /// In reading order.
    pub blocks: Vec<Block>,
    /// In order of place.
    pub changes: Vec<Change>,
    /// What the user should hear.
    pub notices: Vec<String>,
    size: usize,
}

/// The place in the text of one part, as paragraph after paragraph is written.
#[derive(Debug)]
pub(super) struct Story {
    part: String,
    /// Bytes written.
    at: usize,
    /// Paragraphs written.
    number: usize,
}

impl Story {
    pub fn new(part: &str) -> Story {
        Story { part: part.to_string(), at: 0, number: 0 }
    }

    /// Writes the next paragraph.
    pub fn write(&mut self, paragraph: &Paragraph, out: &mut Output) -> Result<()> {
        self.number += 1;
        self.write_numbered(paragraph, self.number, out)
    }

    /// Writes a paragraph that has a number of its own, as the row of a cell.
    pub fn write_numbered(&mut self, paragraph: &Paragraph, line: usize, out: &mut Output) -> Result<()> {
        let mut open: Option<Block> = None;
        let mut aside: Option<Change> = None;
        for (text, reason) in &paragraph.runs {
            out.size += text.len();
            for c in text.chars() {
                let bytes = self.at..self.at + c.len_utf8();
                self.at = bytes.end;
                let reason = reason.or(is_noise(c).then_some(ChangeReason::ControlCharacter));
                if let Some(reason) = reason {
                    match &mut aside {
                        Some(change) if change.reason == reason && change.place.bytes.end == bytes.start => {
                            change.place.bytes.end = bytes.end;
                            change.text.push(c);
                        }
                        _ => {
                            let place = self.place(line, bytes);
                            let change = Change { reason, place, text: c.to_string() };
                            report(aside.replace(change), out);
                        }
                    }
                    continue;
                }
                if c == '\n' {
                    finish(open.take(), out);
                } else if let Some(block) = &mut open {
                    match block.pieces.last_mut() {
                        Some(piece) if piece.place.bytes.end == bytes.start => {
                            piece.place.bytes.end = bytes.end;
                        }
                        _ => {
                            let place = self.place(line, bytes);
                            block.pieces.push(Piece { at: block.text.len(), place });
                        }
                    }
                    block.text.push(c);
                } else if !c.is_whitespace() {
                    open = Some(Block::new(paragraph.kind, c, self.place(line, bytes)));
                }
            }
        }
        self.at += 1;
        out.size += 1;
        finish(open, out);
        report(aside, out);
        if out.size > LARGEST_TEXT {
            return Err(Error::malformed(format!(
                "the text up to {}, paragraph or row {line}, is larger than {} MiB",
                self.part,
                LARGEST_TEXT >> 20
            ))
            .advise("divide the document"));
        }
        Ok(())
    }

    fn place(&self, line: usize, bytes: std::ops::Range<usize>) -> Place {
        Place { part: self.part.clone(), line, bytes }
    }
}

/// White space alone is no entry.
fn report(change: Option<Change>, out: &mut Output) {
    out.changes.extend(change.filter(|c| !c.text.trim().is_empty()));
}

/// A block without the white space at its end.
fn finish(block: Option<Block>, out: &mut Output) {
    let Some(mut block) = block else { return };
    let length = block.text.trim_end().len();
    let mut cut = block.text.len() - length;
    block.text.truncate(length);
    while let Some(piece) = block.pieces.last_mut().filter(|_| cut > 0) {
        let taken = cut.min(piece.place.bytes.len());
        piece.place.bytes.end -= taken;
        cut -= taken;
        if piece.place.bytes.is_empty() {
            block.pieces.pop();
        }
    }
    out.blocks.push(block);
}

/// What a white-space character of XML text is worth where the format says that its line ends mean nothing.
pub(super) fn flat(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains(['\n', '\r', '\t']) {
        text.replace("\r\n", " ").replace(['\n', '\r', '\t'], " ").into()
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_that_are_set_aside_divide_pieces() {
        let mut paragraph = Paragraph::new(BlockKind::Paragraph);
        paragraph.push(" 条约", None);
        paragraph.push("草案", Some(ChangeReason::DeletedText));
        paragraph.push("正文 \n附\u{AD}件 ", None);
        let (mut story, mut out) = (Story::new("p"), Output::default());
        story.write(&paragraph, &mut out).expect("it is small");
        let texts: Vec<&str> = out.blocks.iter().map(|b| b.text.as_str()).collect();
        assert_eq!(texts, ["条约正文", "附件"]);
        let bytes: Vec<_> = out.blocks[0].pieces.iter().map(|p| (p.at, p.place.bytes.clone())).collect();
        // A space, then two characters of three bytes, then those set aside.
        assert_eq!(bytes, [(0, 1..7), (6, 13..19)]);
        let aside: Vec<_> = out.changes.iter().map(|c| (c.reason, c.place.bytes.clone())).collect();
        assert_eq!(aside, [(ChangeReason::DeletedText, 7..13), (ChangeReason::ControlCharacter, 24..26)]);
    }
}
