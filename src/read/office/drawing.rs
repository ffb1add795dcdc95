//! Text in shapes (DrawingML), which slides, diagrams and drawings of all Office documents share.

use super::archive::Archive;
use super::docx::alternate;
use super::numerals::written;
use super::story::{Output, Paragraph, Story, flat};
use super::xml::{Node, Ns, Tag, Xml, part_text};
use crate::error::Result;
use crate::model::{BlockKind, ChangeReason};

/// Reads `a:p`, which was just opened.
pub(super) fn paragraph(xml: &mut Xml, kind: BlockKind, aside: Option<ChangeReason>) -> Result<Paragraph> {
    let mut paragraph = Paragraph::new(kind);
    runs(xml, aside, &mut paragraph)?;
    Ok(paragraph)
}

fn runs(xml: &mut Xml, aside: Option<ChangeReason>, paragraph: &mut Paragraph) -> Result<()> {
    while let Some(node) = xml.next()? {
        let Node::Open(tag) = node else { continue };
        match (tag.ns, tag.local) {
            (Ns::A | Ns::M, "t") => paragraph.push(&flat(&xml.text()?), aside),
            (Ns::A, "br") => {
                paragraph.push("\n", aside);
                xml.skip()?;
            }
            (Ns::A, "pPr" | "rPr" | "endParaRPr") => xml.skip()?,
            (Ns::Mc, "AlternateContent") => alternate(xml, |xml| runs(xml, aside, paragraph))?,
            _ => runs(xml, aside, paragraph)?,
        }
    }
    Ok(())
}

/// The paragraphs of a text body, with the numbers of those that are numbered automatically.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    /// By level: the scheme, and the last number.
    levels: Vec<(String, u32)>,
}

impl Numbers {
    /// Reads `a:p`, which was just opened, with its number.
    pub fn paragraph(
        &mut self,
        xml: &mut Xml,
        kind: BlockKind,
        aside: Option<ChangeReason>,
    ) -> Result<Paragraph> {
        let mut paragraph = Paragraph::new(kind);
        let mut mark = None;
        while let Some(node) = xml.next()? {
            let Node::Open(tag) = node else { continue };
            match (tag.ns, tag.local) {
                (Ns::A, "pPr") => mark = self.mark(xml, &tag)?,
                (Ns::A | Ns::M, "t") => paragraph.push(&flat(&xml.text()?), aside),
                (Ns::A, "br") => {
                    paragraph.push("\n", aside);
                    xml.skip()?;
                }
                (Ns::A, "endParaRPr") => xml.skip()?,
                (Ns::Mc, "AlternateContent") => alternate(xml, |xml| runs(xml, aside, &mut paragraph))?,
                _ => runs(xml, aside, &mut paragraph)?,
            }
        }
        match mark {
            Some((level, scheme, start)) if paragraph.has_text() => {
                let number = self.count(level, scheme, start);
                paragraph.mark(&number, " ");
                if kind == BlockKind::Paragraph {
                    paragraph.kind = BlockKind::ListItem;
                }
            }
            // A paragraph without number ends the counting of its level and those below.
            None if paragraph.has_text() => self.levels.clear(),
            _ => {}
        }
        Ok(paragraph)
    }

    fn mark(&mut self, xml: &mut Xml, tag: &Tag) -> Result<Option<(usize, String, u32)>> {
        // Nine levels (ECMA-376-1, 20.1.10.72).
        let level = tag.number(Ns::None, "lvl").unwrap_or(0usize).min(8);
        let mut mark = None;
        while let Some(node) = xml.next()? {
            let Node::Open(tag) = node else { continue };
            if tag.is(Ns::A, "buAutoNum") {
                let scheme = tag.get(Ns::None, "type").unwrap_or("arabicPeriod").to_string();
                mark = Some((level, scheme, tag.number(Ns::None, "startAt").unwrap_or(1)));
            }
            xml.skip()?;
        }
        Ok(mark)
    }

    fn count(&mut self, level: usize, scheme: String, start: u32) -> String {
        self.levels.truncate(level + 1);
        while self.levels.len() < level {
            self.levels.push((String::new(), 0));
        }
        let number = match self.levels.get_mut(level) {
            Some((last, n)) if *last == scheme => {
                *n = n.saturating_add(1);
                *n
            }
            Some(place) => {
                *place = (scheme.clone(), start);
                start
            }
            None => {
                self.levels.push((scheme.clone(), start));
                start
            }
        };
        scheme_mark(&scheme, number)
    }
}

/// The mark of an automatic numbering scheme (ECMA-376-1, 20.1.10.61).
///
/// `("alphaLcParenBoth", 2)` -> `(b)`
fn scheme_mark(scheme: &str, n: u32) -> String {
    let forms = [
        ("ParenBoth", "(", ")"),
        ("ParenR", "", ")"),
        ("Period", "", "."),
        ("Plain", "", ""),
        ("Minus", "", "-"),
    ];
    let found =
        forms.iter().find_map(|(end, before, after)| Some((scheme.strip_suffix(end)?, *before, *after)));
    let (base, before, after) = found.unwrap_or((scheme, "", "."));
    let format = match base {
        "alphaLc" => "lowerLetter",
        "alphaUc" => "upperLetter",
        "romanLc" => "lowerRoman",
        "romanUc" => "upperRoman",
        "arabicDb" => "decimalFullWidth",
        "circleNumDb" | "circleNumWdBlack" | "circleNumWdWhite" => "decimalEnclosedCircle",
        "ea1Chs" | "ea1Cht" | "ea1ChsDb" | "ea1JpnChsDb" | "ea1JpnKor" => "chineseCountingThousand",
        _ => "decimal",
    };
    format!("{before}{}{after}", written(format, n))
}

/// Writes all paragraphs of a part, wherever they stand in it.
pub(super) fn write_part(
    archive: &mut Archive,
    part: &str,
    kind: BlockKind,
    aside: Option<ChangeReason>,
    out: &mut Output,
) -> Result<()> {
    let Some((text, _)) = part_text(archive, part)? else { return Ok(()) };
    let mut xml = Xml::new(part, &text);
    let mut story = Story::new(part);
    xml.root()?;
    write_paragraphs(&mut xml, kind, aside, &mut story, out)
}

fn write_paragraphs(
    xml: &mut Xml,
    kind: BlockKind,
    aside: Option<ChangeReason>,
    story: &mut Story,
    out: &mut Output,
) -> Result<()> {
    while let Some(node) = xml.next()? {
        let Node::Open(tag) = node else { continue };
        match (tag.ns, tag.local) {
            (Ns::A, "p") => story.write(&paragraph(xml, kind, aside)?, out)?,
            (Ns::Mc, "AlternateContent") => {
                alternate(xml, |xml| write_paragraphs(xml, kind, aside, story, out))?;
            }
            _ => write_paragraphs(xml, kind, aside, story, out)?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_of_slides() {
        assert_eq!(scheme_mark("alphaLcParenBoth", 2), "(b)");
        assert_eq!(scheme_mark("arabicPeriod", 3), "3.");
        assert_eq!(scheme_mark("romanUcParenR", 4), "IV)");
        assert_eq!(scheme_mark("ea1ChsPlain", 12), "十二");
    }
}
