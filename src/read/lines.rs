//! Text into lines: where each line stands, how far it is indented, how wide it is, what lies between lines.
//!
//! Control characters are set aside here, so that everything after sees clean text; [`Source`] knows the way back
//! from a place in the clean text to the place in the original. This module judges nothing.

use crate::model::{Change, ChangeReason, Piece, Place};
use std::ops::Range;

/// The clean text and the way back to the original.
#[derive(Debug)]
pub(super) struct Source {
    /// The text without control characters.
    pub text: String,
    cuts: Vec<Cut>,
}

/// Characters that were set aside at one place of the clean text.
#[derive(Debug)]
struct Cut {
    /// Where they stood, in the clean text.
    at: usize,
    /// How many bytes have been set aside up to here, these included.
    removed: usize,
    /// Whether the last of them marks a hyphenation point (soft hyphen and its stand-ins).
    hyphen: bool,
}

/// Whether a character is set aside wherever it stands: control characters that are no white space, the byte-order
/// mark, non-characters, the soft hyphen.
pub(super) fn is_noise(c: char) -> bool {
    (c.is_control() && !c.is_whitespace()) || matches!(c, '\u{FEFF}' | '\u{AD}' | '\u{FFFE}' | '\u{FFFF}')
}

/// What some extraction programs are said to leave for a hyphen at a line end: the soft hyphen, U+0002 and U+FFFE.
fn is_hyphen_stand_in(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{2}' | '\u{FFFE}')
}

impl Source {
    /// Sets control characters aside; each run of them is a change.
    pub fn new(original: String) -> (Source, Vec<Change>) {
        let mut changes: Vec<Change> = Vec::new();
        if !original.chars().any(is_noise) {
            return (Source { text: original, cuts: Vec::new() }, changes);
        }
        let mut text = String::with_capacity(original.len());
        let (mut cuts, mut removed, mut line): (Vec<Cut>, _, _) = (Vec::new(), 0, 1);
        let mut characters = original.char_indices().peekable();
        while let Some((at, c)) = characters.next() {
            if !is_noise(c) {
                text.push(c);
                let followed = characters.peek().is_some_and(|&(_, next)| next == '\n');
                line += usize::from(c == '\n' || (c == '\r' && !followed));
                continue;
            }
            let end = at + c.len_utf8();
            removed += c.len_utf8();
            match (cuts.last_mut(), changes.last_mut()) {
                (Some(cut), Some(change)) if cut.at == text.len() => {
                    (cut.removed, cut.hyphen) = (removed, is_hyphen_stand_in(c));
                    change.place.bytes.end = end;
                    change.text.push(c);
                }
                _ => {
                    cuts.push(Cut { at: text.len(), removed, hyphen: is_hyphen_stand_in(c) });
                    let place = Place { part: String::new(), line, bytes: at..end };
                    changes.push(Change {
                        reason: ChangeReason::ControlCharacter,
                        place,
                        text: c.to_string(),
                    });
                }
            }
        }
        (Source { text, cuts }, changes)
    }

    /// The stretch of original bytes of a clean range that no cut divides.
    fn original(&self, range: &Range<usize>) -> Range<usize> {
        let before = self.cuts.partition_point(|cut| cut.at <= range.start);
        let removed = before.checked_sub(1).map_or(0, |i| self.cuts[i].removed);
        range.start + removed..range.end + removed
    }

    /// A clean range as stretches of original text, divided where something was set aside inside.
    pub fn stretches(&self, range: Range<usize>) -> Vec<(Range<usize>, Range<usize>)> {
        let mut parts = Vec::with_capacity(1);
        let mut start = range.start;
        let first = self.cuts.partition_point(|cut| cut.at <= range.start);
        for cut in self.cuts[first..].iter().take_while(|cut| cut.at < range.end) {
            parts.push((start..cut.at, self.original(&(start..cut.at))));
            start = cut.at;
        }
        if start < range.end {
            parts.push((start..range.end, self.original(&(start..range.end))));
        }
        parts
    }

    /// A change for a clean range of one line, one for each undivided stretch.
    pub fn changes(&self, reason: ChangeReason, range: Range<usize>, line: usize) -> Vec<Change> {
        let stretches = self.stretches(range);
        let change = |(clean, bytes): (Range<usize>, Range<usize>)| Change {
            reason,
            place: Place { part: String::new(), line, bytes },
            text: self.text[clean].to_string(),
        };
        stretches.into_iter().map(change).collect()
    }

    /// Pieces for a clean range of one line that is copied to `at`.
    pub fn pieces(&self, range: Range<usize>, line: usize, at: usize) -> Vec<Piece> {
        let start = range.start;
        let piece = |(clean, bytes): (Range<usize>, Range<usize>)| Piece {
            at: at + clean.start - start,
            place: Place { part: String::new(), line, bytes },
        };
        self.stretches(range).into_iter().map(piece).collect()
    }

    /// Whether something was set aside at a place in the clean text.
    fn is_cut(&self, at: usize) -> bool {
        self.cuts.binary_search_by_key(&at, |cut| cut.at).is_ok()
    }

    /// Whether a hyphenation point was set aside at the end of a clean range.
    pub fn ends_in_soft_hyphen(&self, end: usize) -> bool {
        self.cuts.binary_search_by_key(&end, |cut| cut.at).is_ok_and(|i| self.cuts[i].hyphen)
    }
}

/// A line with text on it.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// Its number in the file, 1-based.
    pub number: usize,
    /// Its text without white space at the ends, in the clean text.
    pub content: Range<usize>,
    /// White space before the text, in columns.
    pub indent: usize,
    /// The text's width in columns.
    pub width: usize,
    /// Whether white space stands after the text.
    pub trailing: bool,
    /// Lines without text before it.
    pub gap: usize,
    /// Whether a form feed stands between the previous line's text and this one's.
    pub feed: bool,
}

/// All lines with text. Lines end at LF, CR LF, CR, vertical tab, form feed, NEL and the Unicode separators; only
/// the first three count for line numbers, as in editors.
pub(super) fn split_lines(source: &Source) -> Vec<Line> {
    let text = source.text.as_str();
    let bytes = text.as_bytes();
    let mut lines = Vec::new();
    let (mut start, mut number, mut gap, mut feed) = (0, 1, 0, false);
    let mut at = 0;
    while at <= bytes.len() {
        let (length, counts, is_feed) = match bytes.get(at) {
            None => (1, true, false),
            Some(b'\n') => (1, true, false),
            Some(b'\r') if bytes.get(at + 1) == Some(&b'\n') && !source.is_cut(at + 1) => (2, true, false),
            Some(b'\r') => (1, true, false),
            Some(0x0B) => (1, false, false),
            Some(0x0C) => (1, false, true),
            Some(0xC2) if bytes.get(at + 1) == Some(&0x85) => (2, false, false),
            Some(0xE2)
                if bytes.get(at + 1) == Some(&0x80) && matches!(bytes.get(at + 2), Some(0xA8 | 0xA9)) =>
            {
                (3, false, false)
            }
            Some(_) => {
                at += 1;
                continue;
            }
        };
        let raw = &text[start..at];
        let content = raw.trim();
        if content.is_empty() {
            gap += usize::from(counts && at < bytes.len());
        } else {
            let offset = start + (raw.len() - raw.trim_start().len());
            lines.push(Line {
                number,
                content: offset..offset + content.len(),
                indent: width_of(&text[start..offset]),
                width: width_of(content),
                trailing: offset + content.len() < at,
                gap: std::mem::take(&mut gap),
                feed: std::mem::take(&mut feed),
            });
        }
        feed |= is_feed;
        number += usize::from(counts);
        at += length;
        start = at;
    }
    lines
}

/// The columns a text takes: two for East Asian wide characters, tabs to the next multiple of eight.
///
/// `"阁下 7"` -> 6
pub(super) fn width_of(text: &str) -> usize {
    if text.is_ascii() && !text.as_bytes().contains(&b'\t') {
        return text.len();
    }
    text.chars().fold(0, |column, c| if c == '\t' { column / 8 * 8 + 8 } else { column + columns(c) })
}

/// The columns a text takes in proportional type, a Han character being two: for text set in a serif face, where a
/// line of capitals holds a third less than a line of small letters. Widths close to those
/// of Times-Roman, in thousandths of an em, not copied from the metrics file.
///
/// `"Will"` -> 4 (0.944 + 3 × 0.278 em, two columns an em)
pub(super) fn proportional_width_of(text: &str) -> usize {
    let thousandths: usize = text
        .chars()
        .map(|c| match c {
            ' '..='~' => TIMES[c as usize - 32] as usize,
            '‘' | '’' => 333,
            '“' | '”' => 444,
            '—' | '…' => 1000,
            _ => columns(c) * 500,
        })
        .sum();
    (thousandths + 250) / 500
}

#[rustfmt::skip]
const TIMES: [u16; 95] = [
    250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278,
    500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 278, 278, 564, 564, 564, 444,
    921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889, 722, 722,
    556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500,
    333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500,
    500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541,
];

/// Wide characters by Unicode's East_Asian_Width (W and F), in whole blocks; combining marks take no column.
fn columns(c: char) -> usize {
    match c as u32 {
        0x20..=0x7E => 1,
        0x300..=0x36F | 0x200B..=0x200F | 0x2060 | 0xFE00..=0xFE0F => 0,
        0x1100..=0x115F | 0x2E80..=0x303E | 0x3041..=0xA4CF | 0xAC00..=0xD7A3 => 2,
        0xF900..=0xFAFF | 0xFE30..=0xFE4F | 0xFF01..=0xFF60 | 0xFFE0..=0xFFE6 | 0x1F300..=0x1FAFF => 2,
        0x20000..=0x3FFFD => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<(usize, &str, usize, usize, bool)> {
        let (source, _) = Source::new(text.to_string());
        split_lines(&source)
            .into_iter()
            .map(|l| (l.number, &text[l.content], l.indent, l.gap, l.feed))
            .collect()
    }

    #[test]
    fn every_line_end_ends_a_line() {
        assert_eq!(
            texts("a\r\n\r\n b \rc\n\u{c}\u{3000}d\u{b}e\u{2028}f\u{85}g"),
            vec![
                (1, "a", 0, 0, false),
                (3, "b", 1, 1, false),
                (4, "c", 0, 0, false),
                (5, "d", 2, 0, true),
                (5, "e", 0, 0, false),
                (5, "f", 0, 0, false),
                (5, "g", 0, 0, false),
            ]
        );
    }

    #[test]
    fn control_characters_are_set_aside_with_their_place() {
        let (source, changes) = Source::new("\u{FEFF}ab\nc\0\0d\u{AD}\ne".to_string());
        assert_eq!(source.text, "ab\ncd\ne");
        let found: Vec<_> = changes.iter().map(|c| (c.place.line, c.place.bytes.clone())).collect();
        assert_eq!(found, vec![(1, 0..3), (2, 7..9), (2, 10..12)]);
        assert_eq!(source.stretches(3..5), vec![(3..4, 6..7), (4..5, 9..10)]);
        assert!(source.ends_in_soft_hyphen(5));
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(width_of("阁下 7"), 6);
        assert_eq!(width_of("a\tb"), 9);
        assert_eq!(proportional_width_of("Will"), 4);
        assert_eq!(proportional_width_of("阁下 7"), 6);
    }
}
