//! Text that flows: stretches of a marked-up file become one block, with white space as a reader sees it.
//!
//! The readers of HTML, Markdown and subtitles know which stretches belong together; what stands between them, and
//! which characters are no text, is decided here. Un-wrapping of pages is not done here.

use super::lines::is_noise;
use crate::model::{Block, BlockKind, Change, ChangeReason, Piece, Place};
use std::ops::Range;

/// Line numbers of places, asked for mostly in ascending order.
#[derive(Debug)]
pub(super) struct LineNumbers<'a> {
    bytes: &'a [u8],
    at: usize,
    line: usize,
}

impl<'a> LineNumbers<'a> {
    pub fn new(text: &'a str) -> Self {
        LineNumbers { bytes: text.as_bytes(), at: 0, line: 1 }
    }

    /// The 1-based number of the line on which a byte stands, as editors count.
    pub fn line_of(&mut self, at: usize) -> usize {
        let at = at.min(self.bytes.len());
        let ends = |range: Range<usize>| {
            let ends = |i: usize| match self.bytes[i] {
                b'\n' => true,
                b'\r' => self.bytes.get(i + 1) != Some(&b'\n'),
                _ => false,
            };
            range.filter(|&i| ends(i)).count()
        };
        self.line = if at >= self.at { self.line + ends(self.at..at) } else { self.line - ends(at..self.at) };
        self.at = at;
        self.line
    }
}

/// White space since the last character of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gap {
    None,
    /// One character that is no plain space: it stays.
    Wide(char),
    Space,
    /// White space with a line end in it: nothing between Chinese characters.
    Break,
}

/// Builds one block after another out of stretches of the original.
#[derive(Debug)]
pub(super) struct Flow<'a> {
    part: &'a str,
    lines: LineNumbers<'a>,
    text: String,
    pieces: Vec<Piece>,
    gap: Gap,
    /// White space stays as it is (`<pre>`).
    pub verbatim: bool,
    /// The white space since the last character, where it stays.
    white: String,
    /// What is no text in any document.
    pub changes: Vec<Change>,
}

fn is_wide(c: char) -> bool {
    matches!(c as u32, 0x2E80..=0x2FDF | 0x3001..=0x30FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF
        | 0xFF01..=0xFF60 | 0x20000..=0x3FFFF)
}

/// Marks of Chinese and of English; beside a wide character they are Chinese.
fn is_shared_mark(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’' | '…' | '—')
}

/// Whether nothing stands for a line end between two characters (the rule of CSS Text 3, section 4.1.3, with the
/// quotation marks that Chinese shares with English).
fn no_space_between(last: char, first: char) -> bool {
    (is_wide(last) && (is_wide(first) || is_shared_mark(first))) || (is_shared_mark(last) && is_wide(first))
}

impl<'a> Flow<'a> {
    /// `original` is the text of the part, in which places are counted.
    pub fn new(original: &'a str, part: &'a str) -> Self {
        Flow {
            part,
            lines: LineNumbers::new(original),
            text: String::new(),
            pieces: Vec::new(),
            gap: Gap::None,
            verbatim: false,
            white: String::new(),
            changes: Vec::new(),
        }
    }

    /// The place of a range of the original.
    pub fn place(&mut self, bytes: Range<usize>) -> Place {
        Place { part: self.part.to_string(), line: self.lines.line_of(bytes.start), bytes }
    }

    /// Whether nothing was added since the last block.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text of the block so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// White space that the original does not have.
    pub fn space(&mut self) {
        self.gap = Gap::Space;
    }

    /// A line end that only wraps.
    pub fn line_end(&mut self) {
        if self.gap != Gap::Space {
            self.gap = Gap::Break;
        }
    }

    /// Adds a stretch that is copied from the original, where it starts at `at`.
    pub fn copy(&mut self, text: &str, at: usize) {
        let mut start = 0;
        for (i, c) in text.char_indices() {
            if !c.is_whitespace() && !is_noise(c) {
                continue;
            }
            self.stretch(&text[start..i], at + start..at + i);
            start = i + c.len_utf8();
            if is_noise(c) {
                self.noise(c, at + i..at + start);
            } else {
                self.white(c);
            }
        }
        self.stretch(&text[start..], at + start..at + text.len());
    }

    /// Adds text that the original writes in another way, as a reference or not at all.
    pub fn write(&mut self, text: &str, bytes: Range<usize>) {
        for c in text.chars() {
            if is_noise(c) {
                self.noise(c, bytes.clone());
            } else if c.is_whitespace() {
                self.white(c);
            } else {
                self.stretch(c.encode_utf8(&mut [0; 4]), bytes.clone());
            }
        }
    }

    fn noise(&mut self, c: char, bytes: Range<usize>) {
        let place = self.place(bytes);
        self.changes.push(Change { reason: ChangeReason::ControlCharacter, place, text: c.to_string() });
    }

    fn white(&mut self, c: char) {
        if self.verbatim {
            self.white.push(c);
        }
        self.gap = match (self.gap, c) {
            (Gap::Break, _) | (_, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}') => Gap::Break,
            (Gap::None, c) if !c.is_ascii() => Gap::Wide(c),
            _ => Gap::Space,
        };
    }

    fn stretch(&mut self, text: &str, bytes: Range<usize>) {
        let (Some(first), gap) = (text.chars().next(), self.gap) else { return };
        self.gap = Gap::None;
        let mut plain = false;
        let white = std::mem::take(&mut self.white);
        if let Some(last) = self.text.chars().next_back() {
            match gap {
                _ if !white.is_empty() => self.text.push_str(&white),
                Gap::None => {}
                Gap::Break if no_space_between(last, first) => {}
                Gap::Wide(c) => self.text.push(c),
                Gap::Space | Gap::Break => {
                    self.text.push(' ');
                    plain = true;
                }
            }
        }
        // What goes on in the original as it does here is one piece.
        let copied = text.len() == bytes.len();
        let at = self.text.len();
        match self.pieces.last_mut() {
            Some(piece)
                if copied
                    && piece.at + piece.place.bytes.len() + usize::from(plain) == at
                    && piece.place.bytes.end + usize::from(plain) == bytes.start
                    && self.lines.bytes.get(piece.place.bytes.end) != Some(&b'\n') =>
            {
                piece.place.bytes.end = bytes.end;
            }
            Some(piece) if !copied && piece.place.bytes == bytes => {}
            _ => {
                let place = self.place(bytes);
                self.pieces.push(Piece { at, place });
            }
        }
        self.text.push_str(text);
    }

    /// The block that ends here, unless it would be empty.
    pub fn take(&mut self, kind: BlockKind) -> Option<Block> {
        self.gap = Gap::None;
        self.white.clear();
        let (text, pieces) = (std::mem::take(&mut self.text), std::mem::take(&mut self.pieces));
        (!text.is_empty()).then_some(Block { kind, text, pieces })
    }

    /// Sets aside what would be a block.
    pub fn set_aside(&mut self, reason: ChangeReason) {
        if let Some(block) = self.take(BlockKind::Line) {
            let place = block.place_of(0..block.text.len());
            self.changes.push(Change { reason, place, text: block.text });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_vanish_between_chinese_characters_only() {
        for (original, expected) in [
            ("人人生而\n  自由，", "人人生而自由，"),
            ("他说：\n“好。”", "他说：“好。”"),
            ("born\nfree", "born free"),
            ("第 1\n条", "第 1 条"),
            ("10\u{A0}%  of   it", "10\u{A0}% of it"),
            ("  a  ", "a"),
        ] {
            let mut flow = Flow::new(original, "");
            flow.copy(original, 0);
            let block = flow.take(BlockKind::Paragraph).unwrap();
            assert_eq!(block.text, expected);
            for piece in &block.pieces {
                let bytes = piece.place.bytes.clone();
                assert_eq!(&original[bytes.clone()], &block.text[piece.at..piece.at + bytes.len()]);
            }
        }
    }

    #[test]
    fn characters_that_are_no_text_are_told() {
        let original = "inter\u{AD}national\n\u{1}law";
        let mut flow = Flow::new(original, "");
        flow.copy(original, 0);
        assert_eq!(flow.take(BlockKind::Paragraph).unwrap().text, "international law");
        assert_eq!(flow.changes.len(), 2);
        assert_eq!(flow.changes[1].place.line, 2);
    }
}
