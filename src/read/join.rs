//! Lines into the text of a block: what stands between two joined lines, and which hyphens go.
//!
//! Takes the decision that lines belong together as given. Every original character ends up in a piece or, a
//! line-end hyphen that only broke a word, in a change.

use super::hyphen::{Words, is_hyphen};
use super::lines::{Line, Source};
use crate::model::{Block, BlockKind, Change, ChangeReason, Lang, Piece};
use std::ops::Range;

/// What stands between two joined lines.
#[derive(Debug, PartialEq, Eq)]
struct Seam {
    separator: &'static str,
    drop_hyphen: bool,
}

fn is_latin(c: char) -> bool {
    c.is_alphanumeric() && !is_han(c)
}

fn is_han(c: char) -> bool {
    matches!(c as u32, 0x2E80..=0x2FDF | 0x3005..=0x3007 | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

fn is_wide_mark(c: char) -> bool {
    matches!(c as u32, 0x3001..=0x3003 | 0x3008..=0x301F | 0xFF01..=0xFF0F | 0xFF1A..=0xFF20 | 0xFF3B..=0xFF40)
}

fn seam(before: &str, after: &str, soft_hyphen: bool, lang: Lang, words: &Words) -> Seam {
    let nothing = Seam { separator: "", drop_hyphen: false };
    let (Some(last), Some(first)) = (before.chars().next_back(), after.chars().next()) else {
        return nothing;
    };
    if soft_hyphen && last.is_alphabetic() && first.is_alphabetic() {
        return nothing;
    }
    let penultimate = before.chars().rev().nth(1);
    if is_hyphen(last) && penultimate.is_some_and(char::is_alphanumeric) && first.is_alphanumeric() {
        // No word is longer than this; without the limit a text of nothing but hyphens would take quadratic time.
        let head: usize = before
            .chars()
            .rev()
            .take(64)
            .take_while(|&c| c.is_alphabetic() || is_hyphen(c))
            .map(char::len_utf8)
            .sum();
        let head = &before[before.len() - head..];
        let latin = penultimate.is_some_and(is_latin) && is_latin(first);
        return Seam { separator: "", drop_hyphen: latin && !words.keeps_hyphen(head, after) };
    }
    let tight_dash = matches!(last, '/' | '–' | '—') && penultimate.is_some_and(|c| !c.is_whitespace());
    let glued = is_han(last) || is_han(first) || is_wide_mark(last) || is_wide_mark(first);
    match lang {
        _ if tight_dash && (is_latin(first) || glued) && !(last == '—' && first.is_uppercase()) => nothing,
        Lang::Zh if glued => nothing,
        Lang::Zh if is_latin(last) && is_latin(first) => Seam { separator: " ", drop_hyphen: false },
        // After Latin punctuation in Chinese text a space only before Latin letters.
        Lang::Zh if matches!(last, ',' | '.' | ';' | ':' | ')') && is_latin(first) => {
            Seam { separator: " ", drop_hyphen: false }
        }
        Lang::Zh => nothing,
        Lang::En if glued && is_wide_mark(last) => nothing,
        Lang::En => Seam { separator: " ", drop_hyphen: false },
    }
}

/// Builds one block out of lines.
#[derive(Debug)]
pub(super) struct Builder<'a> {
    source: &'a Source,
    words: &'a Words,
    lang: Lang,
    text: String,
    pieces: Vec<Piece>,
    /// Where the last line's content ends in the clean text, and its number.
    last: Option<(usize, usize)>,
}

impl<'a> Builder<'a> {
    pub fn new(source: &'a Source, words: &'a Words, lang: Lang) -> Self {
        Builder { source, words, lang, text: String::new(), pieces: Vec::new(), last: None }
    }

    /// Adds a line. `tight`: nothing stands between it and the line before, whatever the words say.
    pub fn push(&mut self, line: &Line, tight: bool, changes: &mut Vec<Change>) {
        let content = &self.source.text[line.content.clone()];
        if let Some((end, number)) = self.last {
            let soft = self.source.ends_in_soft_hyphen(end);
            if !tight {
                let seam = seam(&self.text, content, soft, self.lang, self.words);
                if seam.drop_hyphen {
                    self.drop_last_character(end, number, changes);
                }
                self.text.push_str(seam.separator);
            }
        }
        for (separator, range) in spans(&self.source.text, line.content.clone()) {
            self.text.push_str(separator);
            self.pieces.extend(self.source.pieces(range.clone(), line.number, self.text.len()));
            self.text.push_str(&self.source.text[range]);
        }
        self.last = Some((line.content.end, line.number));
    }

    fn drop_last_character(&mut self, end: usize, line: usize, changes: &mut Vec<Change>) {
        let Some(hyphen) = self.text.pop() else { return };
        changes.extend(self.source.changes(ChangeReason::SoftHyphen, end - hyphen.len_utf8()..end, line));
        if let Some(piece) = self.pieces.last_mut() {
            piece.place.bytes.end -= hyphen.len_utf8();
            if piece.place.bytes.is_empty() {
                self.pieces.pop();
            }
        }
    }

    /// The text so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The block.
    pub fn finish(self, kind: BlockKind) -> Block {
        Block { kind, text: self.text, pieces: self.pieces }
    }
}

/// A line's content as stretches that are copied, each with what stands before it: runs of white space become one
/// space, the spaces of letter-spaced words go.
///
/// `"联 合 国   A/61/1006"` -> `"联合国 A/61/1006"`; `"大  会  安全理事会"` -> `"大会 安全理事会"`
fn spans(text: &str, content: Range<usize>) -> Vec<(&'static str, Range<usize>)> {
    let line = &text[content.clone()];
    let mut tokens: Vec<Range<usize>> = Vec::new();
    let mut start = None;
    for (at, c) in line.char_indices() {
        match (c.is_whitespace(), start) {
            (false, None) => start = Some(at),
            (true, Some(from)) => {
                tokens.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        tokens.push(from..line.len());
    }
    let single = |t: &Range<usize>| {
        let mut characters = line[t.clone()].chars();
        characters.next().filter(|_| characters.next().is_none())
    };
    // Letter-spaced: on a line of few words, Han characters that each stand alone.
    let spaced = tokens.len() >= 2 && tokens.len() <= 20;
    let alone: Vec<bool> = tokens.iter().map(|t| spaced && single(t).is_some_and(is_han)).collect();
    let mut parts: Vec<(&'static str, Range<usize>)> = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        let range = content.start + token.start..content.start + token.end;
        let Some((_, last)) = parts.last_mut() else {
            parts.push(("", range));
            continue;
        };
        let white = &text[last.end..range.start];
        if alone[i - 1] && alone[i] {
            parts.push(("", range));
        } else if white == " " {
            last.end = range.end;
        } else {
            parts.push((" ", range));
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::lines::split_lines;

    fn joined(text: &str, lang: Lang) -> String {
        let (source, mut changes) = Source::new(text.to_string());
        let lines = split_lines(&source);
        let words = Words::count(&source.text, &lines);
        let mut builder = Builder::new(&source, &words, lang);
        lines.iter().for_each(|line| builder.push(line, false, &mut changes));
        builder.text().to_string()
    }

    #[test]
    fn chinese_lines_join_without_space() {
        assert_eq!(
            joined("以及 2007 年\n7 月 9 日致函阁下，\n今又", Lang::Zh),
            "以及 2007 年7 月 9 日致函阁下，今又"
        );
        assert_eq!(joined("纳戈尔诺-\n卡拉巴赫", Lang::Zh), "纳戈尔诺-卡拉巴赫");
        assert_eq!(joined("由 Marie Anne\nISLER 夫人", Lang::Zh), "由 Marie Anne ISLER 夫人");
    }

    #[test]
    fn english_hyphens() {
        for (text, expected) in [
            ("in Nagorno-\nKarabakh on", "in Nagorno-Karabakh on"),
            ("the so-\ncalled vote", "the so-called vote"),
            ("its co-\noperation with", "its cooperation with"),
            ("co-operation and its co-\noperation with", "co-operation and its co-operation with"),
            ("inter-\nnational law", "international law"),
            ("a government and an inter-\ngovernmental body", "a government and an intergovernmental body"),
            ("governmental and inter-\ngovernmental", "governmental and inter-governmental"),
            ("with-\nout doubt", "without doubt"),
            ("state-of-the-\nart", "state-of-the-art"),
            ("the years 1990-\n1995", "the years 1990-1995"),
            (
                "a decision for the making of decision-\nmaking",
                "a decision for the making of decision-making",
            ),
            ("soft hy\u{AD}\nphen", "soft hyphen"),
            ("peace and\nsecurity", "peace and security"),
            ("and/\nor", "and/or"),
        ] {
            assert_eq!(joined(text, Lang::En), expected);
        }
    }

    #[test]
    fn letter_spacing_goes() {
        assert_eq!(joined("联 合 国   A/61/1006", Lang::Zh), "联合国 A/61/1006");
        assert_eq!(joined("大  会  安全理事会", Lang::Zh), "大会 安全理事会");
        assert_eq!(joined("议程项目 17 和 27", Lang::Zh), "议程项目 17 和 27");
    }
}
