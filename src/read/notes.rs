//! Footnotes: marks that stand alone on a line inside a sentence, and the notes they point to.
//!
//! Extraction puts a superscript on a line of its own, so that `克罗地亚` `*` `和前南…` are three lines. This module
//! says which lines are such marks and which lines are notes; it joins nothing.

use super::ends::{Ending, ending};
use super::lines::Line;
use crate::model::{ChangeReason, Lang};
use std::collections::BTreeMap;

/// What a line is with regard to notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Text like any other.
    Text,
    /// A mark alone on its line, inside a sentence.
    Mark,
    /// A mark alone on its line, before the note's text.
    NoteMark,
    /// The first line of a note.
    NoteStart,
    /// A further line of a note area.
    NoteRest,
}

/// A mark alone on its line: `*`, `†`, `12`, `a/`.
fn is_mark(content: &str) -> bool {
    let symbols = content.chars().count() <= 3 && content.chars().all(|c| "*＊†‡§¹²³⁴⁵⁶⁷⁸⁹⁰".contains(c));
    symbols || is_number_mark(content)
}

fn is_number_mark(content: &str) -> bool {
    let digits = content.len() <= 3 && content.bytes().all(|b| b.is_ascii_digit());
    let letter =
        content.len() == 2 && content.ends_with('/') && content.starts_with(|c: char| c.is_ascii_lowercase());
    digits || letter
}

/// The mark with which a note begins, if the line looks like one: `* Croatia and …`, `12 See A/61/991.`
fn leading_mark(content: &str) -> Option<&str> {
    let end = content.find(|c: char| !"*＊†‡§¹²³⁴⁵⁶⁷⁸⁹⁰".contains(c)).unwrap_or(0);
    if (1..=9).contains(&end) && content[..end].chars().count() <= 3 {
        return Some(&content[..end]);
    }
    let (word, rest) = content.split_once(char::is_whitespace)?;
    (is_number_mark(word) && !rest.trim().is_empty()).then_some(word)
}

/// The notes of a document, line by line.
#[derive(Debug)]
pub(super) struct Notes {
    /// What each line is.
    pub roles: Vec<Role>,
    /// Whether it stands in a note area at a page's foot, apart from the running text.
    pub area: Vec<bool>,
}

/// The role of each line. `reasons`: which lines are furniture; a rule opens a note area, which lasts until the
/// page ends.
pub(super) fn find(text: &str, lines: &[Line], reasons: &[Option<ChangeReason>], lang: Lang) -> Notes {
    let mut area = vec![false; lines.len()];
    let mut roles = vec![Role::Text; lines.len()];
    let content = |i: usize| &text[lines[i].content.clone()];
    let mut seen: Vec<String> = Vec::new();
    let mut last_note: BTreeMap<&str, usize> = BTreeMap::new();
    for i in (0..lines.len()).filter(|&i| reasons[i].is_none()) {
        if let Some(mark) = leading_mark(content(i)) {
            last_note.insert(mark, i);
        }
    }
    let mut in_notes = false;
    let mut last_text: Option<usize> = None;
    for i in 0..lines.len() {
        if lines[i].feed {
            in_notes = false;
        }
        match reasons[i] {
            Some(ChangeReason::Rule) => {
                let next = (i + 1..lines.len()).take(3).find(|&j| reasons[j].is_none() && !lines[j].feed);
                in_notes = next.is_some_and(|j| is_mark(content(j)) || leading_mark(content(j)).is_some());
                continue;
            }
            Some(_) => {
                in_notes = false;
                continue;
            }
            None => {}
        }
        let line = content(i);
        if in_notes {
            area[i] = true;
            let starts = is_mark(line) || leading_mark(line).is_some();
            roles[i] = match (starts, is_mark(line)) {
                (true, true) => Role::NoteMark,
                (true, false) => Role::NoteStart,
                _ => Role::NoteRest,
            };
            continue;
        }
        if is_mark(line) {
            let before = last_text.map(content);
            let open = before.is_some_and(|b| {
                !matches!(ending(b, lang), Ending::Sentence | Ending::Colon) && lines[i].gap <= 1
            });
            let next = lines.get(i + 1).filter(|n| !n.feed && reasons[i + 1].is_none());
            let close = next.is_some_and(|n| n.gap <= lines[i].gap.max(1));
            let again = seen.iter().any(|m| m == line);
            // A number alone may be a page number: it is a mark only where the sentence goes on around it and a
            // note with this number comes later.
            let symbol = !is_number_mark(line);
            let next_text = next.map(|n| &text[n.content.clone()]);
            let noted = |mark: &str| last_note.get(mark).is_some_and(|&j| j > i + 1);
            if open && close && (symbol || (surrounds(before, next_text, lang) && noted(line))) {
                roles[i] = Role::Mark;
                seen.push(line.to_string());
            } else if symbol && again && close {
                roles[i] = Role::NoteMark;
            }
        }
        last_text = Some(i);
    }
    Notes { roles, area }
}

/// Whether a sentence goes on from `before` to `next`: neither complete nor begun anew.
fn surrounds(before: Option<&str>, next: Option<&str>, lang: Lang) -> bool {
    let (Some(before), Some(next)) = (before, next) else { return false };
    let open = matches!(ending(before, lang), Ending::Open | Ending::Comma | Ending::Dangling);
    let first = next.chars().next();
    let goes_on = match lang {
        Lang::En => first.is_some_and(char::is_lowercase),
        Lang::Zh => first.is_some_and(|c| {
            !c.is_ascii() && super::ends::opening(next) != super::ends::Opening::HeadingMark
        }),
    };
    open && goes_on && before.chars().count() > 4
}
