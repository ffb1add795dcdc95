//! The styles of an OpenDocument file: what is hidden, what is a title, and how lists and headings count.

use crate::error::Result;
use crate::read::office::docx::{LONGEST_PATTERN, bullet};
use crate::read::office::numerals::{letters, written};
use crate::read::office::xml::{Node, Ns, Tag, Xml};
use std::collections::HashMap;

/// The levels of lists (OpenDocument 1.3 part 3, 20.2: at least ten).
pub(super) const LEVELS: usize = 10;
/// Longer chains of styles are cut. Chosen: LibreOffice's own have up to four.
const LONGEST_CHAIN: usize = 32;

#[derive(Debug, Default)]
struct Style {
    parent: Option<String>,
    hidden: Option<bool>,
}

/// One level of a list.
#[derive(Debug, Default, Clone)]
struct Level {
    start: Option<u32>,
    /// The name of the number format in [`written`]'s words; empty for bullets.
    format: String,
    /// Letters go on with `ab` after `aa`.
    letters: bool,
    before: String,
    after: String,
    shown: usize,
    /// `%1%.%2%`, where the document has it.
    pattern: Option<String>,
    bullet: Option<String>,
    space: Option<&'static str>,
}

/// A list style, or the numbers of headings.
#[derive(Debug, Default)]
pub(super) struct List {
    levels: Vec<Level>,
}

/// All styles, those of the document and those of the part that is read.
#[derive(Debug, Default)]
pub(super) struct Styles {
    common: Sheet,
    automatic: Sheet,
    outline: List,
}

#[derive(Debug, Default)]
struct Sheet {
    styles: HashMap<String, Style>,
    lists: HashMap<String, List>,
}

impl Styles {
    /// Reads `office:styles` or `office:automatic-styles`, which was just opened.
    pub fn read(&mut self, xml: &mut Xml, automatic: bool) -> Result<()> {
        while let Some(node) = xml.next()? {
            let Node::Open(tag) = node else { continue };
            let name = tag.get(Ns::Style, "name").unwrap_or_default().to_string();
            let sheet = if automatic { &mut self.automatic } else { &mut self.common };
            match (tag.ns, tag.local) {
                (Ns::Style, "style") => {
                    let parent = tag.get(Ns::Style, "parent-style-name").map(str::to_string);
                    let hidden = read_hidden(xml)?;
                    sheet.styles.insert(name, Style { parent, hidden });
                }
                (Ns::Text, "list-style") => {
                    sheet.lists.insert(name, read_list(xml)?);
                }
                (Ns::Text, "outline-style") => self.outline = read_list(xml)?,
                _ => xml.skip()?,
            }
        }
        Ok(())
    }

    /// The names of automatic styles mean something else in the next part.
    pub fn forget_automatic(&mut self) {
        self.automatic = Sheet::default();
    }

    fn chain<'s>(&'s self, first: &'s str) -> impl Iterator<Item = (&'s str, &'s Style)> {
        let get = |name: &'s str| {
            let style = self.automatic.styles.get(name).or_else(|| self.common.styles.get(name));
            style.map(|style| (name, style))
        };
        std::iter::successors(get(first), move |(_, style)| style.parent.as_deref().and_then(get))
            .take(LONGEST_CHAIN)
    }

    /// Whether a style hides its text.
    pub fn hides(&self, style: &str) -> bool {
        self.chain(style).find_map(|(_, s)| s.hidden).unwrap_or(false)
    }

    /// Whether it is the style of a title.
    pub fn is_title(&self, style: &str) -> bool {
        matches!(style, "Title" | "Subtitle")
            || self.chain(style).any(|(_, s)| matches!(s.parent.as_deref(), Some("Title" | "Subtitle")))
    }

    /// A list style.
    pub fn list(&self, name: &str) -> Option<&List> {
        self.automatic.lists.get(name).or_else(|| self.common.lists.get(name))
    }

    /// The numbers of headings.
    pub fn outline(&self) -> &List {
        &self.outline
    }
}

/// Whether a style, which was just opened, says that its text is hidden.
fn read_hidden(xml: &mut Xml) -> Result<Option<bool>> {
    let mut hidden = None;
    while let Some(node) = xml.next()? {
        let Node::Open(tag) = node else { continue };
        let found = match (tag.ns, tag.local) {
            (Ns::Style, "text-properties") => tag.get(Ns::Text, "display").map(|d| d == "none"),
            (Ns::Style, "table-properties") => tag.get(Ns::Table, "display").map(|d| d == "false"),
            (Ns::Style, "drawing-page-properties") => {
                tag.get(Ns::Presentation, "visibility").map(|v| v == "hidden")
            }
            _ => None,
        };
        hidden = found.or(hidden);
        xml.skip()?;
    }
    Ok(hidden)
}

fn read_list(xml: &mut Xml) -> Result<List> {
    let mut list = List::default();
    while let Some(node) = xml.next()? {
        let Node::Open(tag) = node else { continue };
        let number: Option<usize> = tag.number(Ns::Text, "level");
        let mut level = level_of(&tag);
        level.space = read_space(xml)?;
        if let Some(number) = number.filter(|n| (1..=LEVELS).contains(n)) {
            if list.levels.len() < number {
                list.levels.resize_with(number, Level::default);
            }
            list.levels[number - 1] = level;
        }
    }
    Ok(list)
}

fn level_of(tag: &Tag) -> Level {
    let cut = |text: Option<&str>| text.map(|t| t.chars().take(LONGEST_PATTERN).collect::<String>());
    let bullet = tag.get(Ns::Text, "bullet-char").filter(|_| tag.local == "list-level-style-bullet");
    let (format, letters) = number_format(
        tag.get(Ns::Style, "num-format").unwrap_or_default(),
        tag.get(Ns::Style, "num-letter-sync") == Some("true"),
    );
    Level {
        start: tag.number(Ns::Text, "start-value"),
        format: format.to_string(),
        letters,
        before: cut(tag.get(Ns::Style, "num-prefix")).unwrap_or_default(),
        after: cut(tag.get(Ns::Style, "num-suffix")).unwrap_or_default(),
        shown: tag.number(Ns::Text, "display-levels").unwrap_or(1),
        pattern: cut(tag.get(Ns::Loext, "num-list-format").or(tag.get(Ns::Style, "num-list-format"))),
        bullet: cut(bullet),
        space: None,
    }
}

/// What stands between mark and text, by the properties of the level.
fn read_space(xml: &mut Xml) -> Result<Option<&'static str>> {
    let mut space = None;
    while let Some(node) = xml.next()? {
        let Node::Open(tag) = node else { continue };
        if tag.get(Ns::Text, "label-followed-by") == Some("nothing") {
            space = Some("");
        }
        space = read_space(xml)?.or(space);
    }
    Ok(space)
}

/// A number format in the words of [`written`]. Those of East Asia are given by their first numbers.
fn number_format(format: &str, synchronised: bool) -> (&'static str, bool) {
    let name = match format {
        "1" => "decimal",
        "a" => "lowerLetter",
        "A" => "upperLetter",
        "i" => "lowerRoman",
        "I" => "upperRoman",
        _ => {
            let known = [
                ("01", "decimalZero"),
                ("一", "chineseCountingThousand"),
                ("壹, 贰", "chineseLegalSimplified"),
                ("壹, 貳", "ideographLegalTraditional"),
                ("甲", "ideographTraditional"),
                ("子", "ideographZodiac"),
                ("①", "decimalEnclosedCircle"),
                ("１", "decimalFullWidth"),
            ];
            known.iter().find(|(first, _)| format.starts_with(first)).map_or("", |k| k.1)
        }
    };
    (name, matches!(format, "a" | "A") && !synchronised)
}

/// How far a list has counted, by level.
#[derive(Debug, Default, Clone)]
pub(super) struct Counters {
    counts: [Option<u32>; LEVELS],
}

impl Counters {
    /// A list within the list ends: its level, 1-based, and deeper ones start anew.
    pub fn end_from(&mut self, level: usize) {
        self.counts.iter_mut().skip(level.saturating_sub(1)).for_each(|c| *c = None);
    }

    /// Counts one item of a level, 1-based; gives its mark and what stands between it and the text.
    pub fn count(
        &mut self,
        level: usize,
        start: Option<u32>,
        list: Option<&List>,
    ) -> Option<(String, &'static str)> {
        let at = level.clamp(1, LEVELS) - 1;
        let get = |i: usize| list.and_then(|l| l.levels.get(i));
        let first = |i: usize| get(i).and_then(|l| l.start).unwrap_or(1);
        self.counts[at] = Some(match (start, self.counts[at]) {
            (Some(start), _) => start,
            (None, Some(n)) => n.saturating_add(1),
            (None, None) => first(at),
        });
        self.end_from(level + 1);
        for i in 0..at {
            self.counts[i].get_or_insert(first(i));
        }
        let here = get(at)?;
        let space = here.space.unwrap_or(" ");
        if let Some(sign) = &here.bullet {
            return Some((bullet(sign), space));
        }
        if here.format.is_empty() {
            return None;
        }
        let number = |i: usize| {
            let (Some(level), Some(n)) = (get(i), self.counts[i]) else { return String::new() };
            match level.format.as_str() {
                "" => String::new(),
                "lowerLetter" if level.letters => letters(n, b'a'),
                "upperLetter" if level.letters => letters(n, b'A'),
                format => written(format, n),
            }
        };
        let mark = match &here.pattern {
            Some(pattern) => filled(pattern, number),
            None => {
                let from = (at + 1).saturating_sub(here.shown.max(1));
                let numbers: Vec<String> = (from..=at).map(number).filter(|n| !n.is_empty()).collect();
                format!("{}{}{}", here.before, numbers.join("."), here.after)
            }
        };
        Some((mark.trim().to_string(), space))
    }
}

/// `%1%.%2%` with numbers in it.
fn filled(pattern: &str, number: impl Fn(usize) -> String) -> String {
    let mut parts = pattern.split('%');
    let mut mark = parts.next().unwrap_or_default().to_string();
    while let Some(part) = parts.next() {
        match part.parse::<usize>() {
            Ok(level @ 1..=LEVELS) => {
                mark.push_str(&number(level - 1));
                mark.push_str(parts.next().unwrap_or_default());
            }
            _ => {
                mark.push('%');
                mark.push_str(part);
            }
        }
    }
    mark
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_filled() {
        assert_eq!(filled("第%1%章 %2%", |i| (i + 1).to_string()), "第1章 2");
        assert_eq!(filled("%", |_| String::new()), "%");
    }
}
