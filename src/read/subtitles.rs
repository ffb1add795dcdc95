//! Subtitles (SRT, WebVTT): cues into running text.
//!
//! A sentence goes on over cues: cues are joined until one ends a sentence, a speaker changes or the screen stays
//! empty. Numbers, times, positions, styles and notes are set aside and told. Files without punctuation, as Chinese
//! subtitles mostly are, stay cue by cue; files with both languages in each cue stay line by line.

use super::flow::Flow;
use super::{Parts, ReadOptions, encoding, language_of};
use crate::error::{Error, Result};
use crate::model::{Block, BlockKind, Change, ChangeReason};
use std::ops::Range;

/// Reads subtitles.
pub(super) fn read(bytes: &[u8], options: &ReadOptions) -> Result<Parts> {
    let decoded = encoding::decode(bytes, options.encoding.as_deref())?;
    let (blocks, changes) = blocks(&decoded.text)?;
    let content: String = blocks.iter().flat_map(|b| [b.text.as_str(), "\n"]).collect();
    let (lang, script) = language_of(&content, options)?;
    let notices = decoded.notice.into_iter().collect();
    Ok(Parts { lang, script, encoding: decoded.encoding.to_string(), blocks, changes, notices })
}

/// A cue: when it is shown, in milliseconds, and its lines of text.
struct Cue {
    shown: Range<u64>,
    lines: Vec<Range<usize>>,
}

/// Cues further apart than this belong to different sentences. Chosen: a speaker's pause inside a sentence is
/// seldom longer.
const PAUSE: u64 = 3000;

fn blocks(text: &str) -> Result<(Vec<Block>, Vec<Change>)> {
    let mut flow = Flow::new(text, "");
    let mut changes = Vec::new();
    let cues = cues(text, |range| aside(&mut flow, &mut changes, text, range));
    if cues.is_empty() {
        return Err(Error::malformed(
            "these are no subtitles: no line has times (00:00:01,000 --> 00:00:02,000)",
        )
        .advise("rename the file to .txt if it is plain text"));
    }
    let style = style_of(text, &cues);
    let mut blocks = Vec::new();
    let mut shown = 0;
    for cue in &cues {
        if cue.shown.start > shown + PAUSE || style != Style::Sentences {
            blocks.extend(flow.take(BlockKind::Paragraph));
        }
        shown = cue.shown.end;
        for line in &cue.lines {
            let words = bare(&text[line.clone()]);
            let speaks = words.trim_start().starts_with(['-', '–', '—', '‐']);
            if style == Style::Lines || speaks || ends_sentence(flow.text()) {
                blocks.extend(flow.take(BlockKind::Paragraph));
            }
            match style {
                // Without punctuation the line end is the only mark between two clauses.
                Style::Cues => flow.space(),
                _ => flow.line_end(),
            }
            for (range, piece) in pieces(text, line.clone()) {
                match piece {
                    Piece::Words => flow.copy(&text[range.clone()], range.start),
                    Piece::Reference(character) => flow.write(character, range),
                    Piece::Tag => aside(&mut flow, &mut changes, text, range),
                }
            }
        }
    }
    blocks.extend(flow.take(BlockKind::Paragraph));
    changes.append(&mut flow.changes);
    changes.sort_by_key(|c: &Change| (c.place.bytes.start, c.place.bytes.end));
    Ok((blocks, changes))
}

fn aside(flow: &mut Flow, changes: &mut Vec<Change>, text: &str, range: Range<usize>) {
    let words = &text[range.clone()];
    if !words.trim().is_empty() {
        let place = flow.place(range);
        changes.push(Change { reason: ChangeReason::Timing, place, text: words.trim().to_string() });
    }
}

/// The cues. Everything that is no cue's text is handed to `aside`.
fn cues(text: &str, mut aside: impl FnMut(Range<usize>)) -> Vec<Cue> {
    let mut lines: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim();
        let at = start + line.find(content).unwrap_or(0);
        lines.push(at..at + content.len());
        start += line.len();
    }
    let words = |i: usize| &text[lines[i].clone()];
    let mut cues: Vec<Cue> = Vec::new();
    let mut i = 0;
    let mut in_cue = false;
    while i < lines.len() {
        let line = words(i);
        if let Some(shown) = times(line) {
            aside(lines[i].clone());
            cues.push(Cue { shown, lines: Vec::new() });
            in_cue = true;
        } else if line.is_empty() {
            // A cue's text may have an empty line in it: then the next line is neither a number nor a name of a cue.
            in_cue &= i + 1 < lines.len() && !begins_cue(&lines, text, i + 1);
        } else if in_cue
            && !(i + 1 < lines.len()
                && line.bytes().all(|b| b.is_ascii_digit())
                && times(words(i + 1)).is_some())
        {
            if let Some(cue) = cues.last_mut() {
                cue.lines.push(lines[i].clone());
            }
        } else {
            aside(lines[i].clone());
        }
        i += 1;
    }
    cues
}

fn is_note(line: &str) -> bool {
    ["WEBVTT", "NOTE", "STYLE", "REGION"]
        .iter()
        .any(|k| line.strip_prefix(k).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t'])))
}

/// Whether a line begins something after a cue: a number or name with times on the next line, times, a note.
fn begins_cue(lines: &[Range<usize>], text: &str, i: usize) -> bool {
    let words = |i: usize| lines.get(i).map_or("", |r| &text[r.clone()]);
    words(i).is_empty() || times(words(i)).is_some() || times(words(i + 1)).is_some() || is_note(words(i))
}

/// `00:00:01,600 --> 00:01:04.200 align:start` -> 1600..64200
fn times(line: &str) -> Option<Range<u64>> {
    let (from, to) = line.split_once("-->")?;
    let time = |text: &str| -> Option<u64> {
        let text = text.split_whitespace().next()?;
        let (clock, part) = text.split_once([',', '.']).unwrap_or((text, "0"));
        let mut seconds = 0u64;
        for field in clock.split(':') {
            seconds = seconds.checked_mul(60)?.checked_add(field.trim().parse().ok()?)?;
        }
        seconds.checked_mul(1000)?.checked_add(part.parse::<u64>().ok()?.min(999))
    };
    let (from, to) = (time(from)?, time(to)?);
    Some(from..to.max(from))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    /// Sentences go on over cues.
    Sentences,
    /// No punctuation: each cue stands alone.
    Cues,
    /// Two languages, a line each.
    Lines,
}

/// What the file does, by counting. A third of the cues of punctuated subtitles end a sentence; files with fewer
/// than one in eight have no punctuation to go by. Both languages: half of the cues with several lines have a line
/// with Chinese characters and one without. Chosen, not measured.
fn style_of(text: &str, cues: &[Cue]) -> Style {
    let has_han = |t: &str| t.chars().any(|c| ('\u{3400}'..='\u{9FFF}').contains(&c));
    let has_latin = |t: &str| t.chars().filter(char::is_ascii_alphabetic).count() >= 2;
    let (mut ends, mut filled, mut several, mut both) = (0, 0, 0, 0);
    for cue in cues.iter().filter(|c| !c.lines.is_empty()) {
        let lines: Vec<String> = cue.lines.iter().map(|l| bare(&text[l.clone()])).collect();
        filled += 1;
        ends += usize::from(lines.last().is_some_and(|l| ends_sentence(l.trim())));
        several += usize::from(lines.len() > 1);
        both += usize::from(
            lines.iter().any(|l| has_han(l)) && lines.iter().any(|l| !has_han(l) && has_latin(l)),
        );
    }
    if both > 0 && both * 2 >= several && both * 3 >= filled {
        Style::Lines
    } else if ends * 8 < filled {
        Style::Cues
    } else {
        Style::Sentences
    }
}

fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(['"', '\'', '”', '’', '」', '』', ')', '）', ']', '】', '♪', ' ']);
    text.ends_with(['.', '!', '?', '。', '！', '？', '…', '⋯'])
        && !text.ends_with("...")
        && !text.ends_with('…')
}

enum Piece {
    Words,
    Tag,
    Reference(&'static str),
}

/// A line as words and tags: `<i>`, `<v Anna>`, `{\an8}`, `&amp;`.
fn pieces(text: &str, line: Range<usize>) -> Vec<(Range<usize>, Piece)> {
    const REFERENCES: [(&str, &str); 6] =
        [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", "\u{A0}"), ("&lrm;", ""), ("&rlm;", "")];
    let mut out = Vec::new();
    let (mut start, mut at) = (line.start, line.start);
    while at < line.end {
        let rest = &text[at..line.end];
        let found = match rest.as_bytes()[0] {
            b'<' => tag_length(rest).map(|n| (n, Piece::Tag)),
            b'{' if rest.starts_with("{\\") => rest.find('}').map(|n| (n + 1, Piece::Tag)),
            b'&' => REFERENCES
                .iter()
                .find(|(r, _)| rest.starts_with(r))
                .map(|(r, c)| (r.len(), Piece::Reference(c))),
            _ => None,
        };
        match found {
            Some((length, piece)) => {
                if start < at {
                    out.push((start..at, Piece::Words));
                }
                out.push((at..at + length, piece));
                at += length;
                start = at;
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    if start < line.end {
        out.push((start..line.end, Piece::Words));
    }
    out
}

/// `<i>`, `</font>`, `<v Anna>`, `<00:00:01.000>`; not `< 5`.
fn tag_length(text: &str) -> Option<usize> {
    let inner = text[1..].strip_prefix('/').unwrap_or(&text[1..]);
    if !inner.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let end = text.bytes().take(1000).position(|b| b == b'>')?;
    let name = inner.split(|c: char| !c.is_ascii_alphanumeric()).next()?;
    let known = ["i", "b", "u", "s", "c", "v", "lang", "ruby", "rt", "font", "span", "br"];
    let is_time = text[1..end].bytes().all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.' | b','));
    (known.contains(&name.to_ascii_lowercase().as_str()) || is_time).then_some(end + 1)
}

/// A line without tags.
fn bare(line: &str) -> String {
    pieces(line, 0..line.len())
        .into_iter()
        .filter(|(_, p)| matches!(p, Piece::Words))
        .map(|(r, _)| &line[r])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        blocks(text).unwrap().0.into_iter().map(|b| b.text).collect()
    }

    #[test]
    fn sentences_run_over_cues() {
        let text = "1\n00:00:01,000 --> 00:00:02,000\n{\\an8}We have come a long way\n\n2\n00:00:02,100 --> 00:00:04,000\n<i>to see</i>\nthe sea.\n\n\
                    3\n00:00:04,100 --> 00:00:05,000\n- Is it far?\n- Not at all.\n";
        assert_eq!(told(text), ["We have come a long way to see the sea.", "- Is it far?", "- Not at all."]);
        let (blocks, changes) = blocks(text).unwrap();
        assert_eq!(blocks[0].place_of(0..5).line, 3);
        assert_eq!(blocks[0].place_of(35..40).line, 8);
        let aside: Vec<&str> = changes.iter().map(|c| c.text.as_str()).collect();
        assert!(aside.contains(&"{\\an8}") && aside.contains(&"2") && aside.contains(&"</i>"), "{aside:?}");
    }

    #[test]
    fn notes_and_styles_are_no_text() {
        let text = "WEBVTT - a title\n\nSTYLE\n::cue { color: red }\n\nNOTE\nkept out\n\nintro\n00:01.000 --> 00:02.000 line:0\n<v Anna>Fish &amp; chips.\n";
        assert_eq!(told(text), ["Fish & chips."]);
    }

    #[test]
    fn chinese_without_punctuation_stays_cue_by_cue() {
        let text = "1\n00:00:01,000 --> 00:00:02,000\n我们走了很远\n终于到了\n\n2\n00:00:02,100 --> 00:00:04,000\n看见了大海\n";
        assert_eq!(told(text), ["我们走了很远 终于到了", "看见了大海"]);
    }

    #[test]
    fn two_languages_stay_line_by_line() {
        let text = "1\n00:00:01,000 --> 00:00:02,000\n我们走吧\nLet us go\n\n2\n00:00:02,100 --> 00:00:04,000\n天黑了\nIt is dark\n";
        assert_eq!(told(text), ["我们走吧", "Let us go", "天黑了", "It is dark"]);
    }
}
