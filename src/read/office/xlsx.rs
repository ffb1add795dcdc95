//! XLSX as a document in one language: the text of its cells, sheet by sheet, row by row.
//!
//! Numbers, dates and truth values are set aside as sheet values, as they are stored: how they are shown depends on
//! the program. Hidden sheets, rows and columns are hidden text. Sheet names, comments, heads and feet, and phonetic
//! guides are not read. The line of a place is the row.

use super::archive::Archive;
use super::drawing;
use super::relations::{Relation, relations_of};
use super::story::{Output, Paragraph, Story};
use super::xml::{Node, Ns, Tag, Xml, needed_text, part_text};
use crate::error::Result;
use crate::model::{BlockKind, ChangeReason};

/// Reads the workbook whose main part is `main`; gives the encoding of that part.
pub(super) fn read(archive: &mut Archive, main: &str, keep_all: bool, out: &mut Output) -> Result<String> {
    let (text, encoding) = needed_text(archive, main)?;
    let relations = relations_of(archive, main)?;
    let shared = match relations.iter().find(|r| r.kind == "sharedStrings") {
        Some(relation) => shared_strings(archive, &relation.target)?,
        None => Vec::new(),
    };
    let mut xml = Xml::new(main, &text);
    let mut sheets = Vec::new();
    xml.root()?;
    while let Some(node) = xml.next()? {
        let Node::Open(tag) = node else { continue };
        if !tag.is(Ns::S, "sheets") {
            xml.skip()?;
            continue;
        }
        while let Some(node) = xml.next()? {
            let Node::Open(tag) = node else { continue };
            let shown = matches!(tag.get(Ns::None, "state"), None | Some("visible"));
            let id = tag.get(Ns::R, "id").unwrap_or_default();
            sheets.extend(relations.iter().find(|r| r.id == id).map(|r| (r.target.clone(), shown)));
            xml.skip()?;
        }
    }
    let mut once = std::collections::HashSet::new();
    sheets.retain(|(part, _)| once.insert(part.clone()));
    for (part, shown) in sheets {
        let aside = (!shown).then_some(ChangeReason::HiddenText);
        let relations = relations_of(archive, &part)?;
        let (text, _) = needed_text(archive, &part)?;
        let mut xml = Xml::new(&part, &text);
        let story = Story::new(&part);
        let mut sheet = Sheet { story, shared: &shared, aside, keep_all, hidden_columns: Vec::new() };
        xml.root()?;
        sheet.read(&mut xml, out)?;
        drawings(archive, &relations, aside, out)?;
    }
    Ok(encoding)
}

/// Text boxes on a sheet, and in charts nothing.
fn drawings(
    archive: &mut Archive,
    relations: &[Relation],
    aside: Option<ChangeReason>,
    out: &mut Output,
) -> Result<()> {
    for relation in relations.iter().filter(|r| r.kind == "drawing") {
        drawing::write_part(archive, &relation.target, BlockKind::Paragraph, aside, out)?;
        if relations_of(archive, &relation.target)?.iter().any(|r| r.kind == "chart") {
            out.notices.push(format!("the text of the charts in {} is not read", relation.target));
        }
    }
    Ok(())
}

fn shared_strings(archive: &mut Archive, part: &str) -> Result<Vec<String>> {
    let Some((text, _)) = part_text(archive, part)? else { return Ok(Vec::new()) };
    let mut xml = Xml::new(part, &text);
    let mut strings = Vec::new();
    xml.root()?;
    while let Some(node) = xml.next()? {
        let Node::Open(tag) = node else { continue };
        if tag.is(Ns::S, "si") {
            strings.push(rich_text(&mut xml)?);
        } else {
            xml.skip()?;
        }
    }
    Ok(strings)
}

/// The text of a string that may change its looks on the way, without phonetic guides.
fn rich_text(xml: &mut Xml) -> Result<String> {
    let mut text = String::new();
    while let Some(node) = xml.next()? {
        let Node::Open(tag) = node else { continue };
        match (tag.ns, tag.local) {
            (Ns::S, "t") => text.push_str(&unescaped(&xml.text()?)),
            (Ns::S, "r") => text.push_str(&rich_text(xml)?),
            _ => xml.skip()?,
        }
    }
    Ok(text)
}

/// `_x000D_` is a character that XML cannot hold (ECMA-376-1, 22.9.2.19); the escape of the escape is `_x005F_`.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        out.push_str(&rest[..at]);
        let code = rest.get(at + 2..at + 6).filter(|_| rest.as_bytes().get(at + 6) == Some(&b'_'));
        let code = code.filter(|c| c.bytes().all(|b| b.is_ascii_hexdigit()));
        match code.and_then(|c| u32::from_str_radix(c, 16).ok()).and_then(char::from_u32) {
            Some(c) => {
                out.push(if c == '\r' { '\n' } else { c });
                rest = &rest[at + 7..];
            }
            None => {
                out.push_str("_x");
                rest = &rest[at + 2..];
            }
        }
    }
    out.push_str(rest);
    out
}

struct Sheet<'a> {
    story: Story,
    shared: &'a [String],
    aside: Option<ChangeReason>,
    keep_all: bool,
    /// First and last, 1-based.
    hidden_columns: Vec<(u32, u32)>,
}

impl Sheet<'_> {
    fn read(&mut self, xml: &mut Xml, out: &mut Output) -> Result<()> {
        while let Some(node) = xml.next()? {
            let Node::Open(tag) = node else { continue };
            match (tag.ns, tag.local) {
                (Ns::S, "cols") => {
                    while let Some(node) = xml.next()? {
                        let Node::Open(tag) = node else { continue };
                        if is_on(&tag, "hidden")
                            && let (Some(min), Some(max)) =
                                (tag.number(Ns::None, "min"), tag.number(Ns::None, "max"))
                        {
                            self.hidden_columns.push((min, max));
                        }
                        xml.skip()?;
                    }
                }
                (Ns::S, "sheetData") => self.rows(xml, out)?,
                _ => xml.skip()?,
            }
        }
        Ok(())
    }

    fn rows(&mut self, xml: &mut Xml, out: &mut Output) -> Result<()> {
        self.hidden_columns.sort_unstable();
        self.hidden_columns.dedup_by(|next, last| {
            let meet = next.0 <= last.1;
            if meet {
                last.1 = last.1.max(next.1);
            }
            meet
        });
        let mut row = 0;
        while let Some(node) = xml.next()? {
            let Node::Open(tag) = node else { continue };
            row = tag.number(Ns::None, "r").unwrap_or(row + 1);
            let hidden = is_on(&tag, "hidden");
            let mut column = 0;
            while let Some(node) = xml.next()? {
                let Node::Open(tag) = node else { continue };
                column = tag.get(Ns::None, "r").and_then(column_of).unwrap_or(column + 1);
                let kind = tag.get(Ns::None, "t").unwrap_or("n").to_string();
                let (value, inline) = cell(xml)?;
                let before = self.hidden_columns.partition_point(|c| c.0 <= column);
                let covered = before > 0 && self.hidden_columns[before - 1].1 >= column;
                let aside = self.aside.or((hidden || covered).then_some(ChangeReason::HiddenText));
                let mut paragraph = Paragraph::new(BlockKind::Cell);
                match kind.as_str() {
                    "s" => {
                        let string = value.trim().parse().ok().and_then(|i: usize| self.shared.get(i));
                        paragraph.push(string.map_or("", String::as_str), aside);
                    }
                    "inlineStr" => paragraph.push(&inline, aside),
                    "str" => paragraph.push(&unescaped(&value), aside),
                    _ => {
                        let reason = (!self.keep_all).then_some(ChangeReason::SheetValue);
                        paragraph.push(&value, aside.or(reason));
                    }
                }
                if !paragraph.is_empty() {
                    self.story.write_numbered(&paragraph, row, out)?;
                }
            }
        }
        Ok(())
    }
}

fn is_on(tag: &Tag, name: &str) -> bool {
    matches!(tag.get(Ns::None, name), Some("1" | "true" | "on"))
}

/// The value of a cell and the text that stands in it itself.
fn cell(xml: &mut Xml) -> Result<(String, String)> {
    let (mut value, mut inline) = (String::new(), String::new());
    while let Some(node) = xml.next()? {
        let Node::Open(tag) = node else { continue };
        match (tag.ns, tag.local) {
            (Ns::S, "v") => value = xml.text()?,
            (Ns::S, "is") => inline = rich_text(xml)?,
            _ => xml.skip()?,
        }
    }
    Ok((value, inline))
}

/// The column of a cell's name, 1-based.
///
/// `AB12` -> 28
fn column_of(name: &str) -> Option<u32> {
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic);
    let column = letters.take(4).fold(0, |n, b| n * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1);
    (column > 0).then_some(column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_escapes() {
        assert_eq!(column_of("AB12"), Some(28));
        assert_eq!(column_of("12"), None);
        assert_eq!(unescaped("a_x000D_b_x005F_x_xyz"), "a\nb_x_xyz");
        assert_eq!(unescaped("_x12"), "_x12");
    }
}
