//! PPTX: slides in their order, shapes in the order of their part, each slide followed by its speaker notes.
//!
//! Titles are headings, cells of tables cells, notes footnotes. Slide numbers, dates and feet are furniture; what a
//! hidden slide holds is hidden text. The text of layouts and masters ("Click to edit") is none of the document's.

use super::archive::Archive;
use super::docx::alternate;
use super::drawing::{self, Numbers};
use super::relations::relations_of;
use super::story::{Output, Story};
use super::xml::{Node, Ns, Xml, needed_text};
use crate::error::Result;
use crate::model::{BlockKind, ChangeReason};

/// Reads the presentation whose main part is `main`; gives the encoding of that part.
pub(super) fn read(archive: &mut Archive, main: &str, keep_all: bool, out: &mut Output) -> Result<String> {
    let (text, encoding) = needed_text(archive, main)?;
    let relations = relations_of(archive, main)?;
    let mut slides = Vec::new();
    let mut xml = Xml::new(main, &text);
    xml.root()?;
    while let Some(node) = xml.next()? {
        let Node::Open(tag) = node else { continue };
        if !tag.is(Ns::P, "sldIdLst") {
            xml.skip()?;
            continue;
        }
        while let Some(node) = xml.next()? {
            let Node::Open(tag) = node else { continue };
            let id = tag.get(Ns::R, "id").unwrap_or_default();
            slides.extend(relations.iter().find(|r| r.id == id).map(|r| r.target.clone()));
            xml.skip()?;
        }
    }
    let mut once = std::collections::HashSet::new();
    slides.retain(|slide| once.insert(slide.clone()));
    for slide in slides {
        read_slide(archive, &slide, keep_all, out)?;
    }
    Ok(encoding)
}

fn read_slide(archive: &mut Archive, part: &str, keep_all: bool, out: &mut Output) -> Result<()> {
    let (text, _) = needed_text(archive, part)?;
    let relations = relations_of(archive, part)?;
    let mut xml = Xml::new(part, &text);
    let root = xml.root()?;
    let hidden =
        matches!(root.get(Ns::None, "show"), Some("0" | "false")).then_some(ChangeReason::HiddenText);
    let mut shapes = Shapes { story: Story::new(part), keep_all, notes: false, diagrams: Vec::new() };
    shapes.read(&mut xml, Place { kind: BlockKind::Paragraph, aside: hidden }, out)?;
    for id in shapes.diagrams {
        if let Some(data) = relations.iter().find(|r| r.id == id) {
            drawing::write_part(archive, &data.target, BlockKind::Paragraph, hidden, out)?;
        }
    }
    if relations.iter().any(|r| r.kind == "chart") {
        out.notices.push(format!("the text of the charts in {part} is not read"));
    }
    for notes in relations.iter().filter(|r| r.kind == "notesSlide") {
        let (text, _) = needed_text(archive, &notes.target)?;
        let mut xml = Xml::new(&notes.target, &text);
        xml.root()?;
        let mut shapes =
            Shapes { story: Story::new(&notes.target), keep_all, notes: true, diagrams: Vec::new() };
        shapes.read(&mut xml, Place { kind: BlockKind::Footnote, aside: hidden }, out)?;
    }
    Ok(())
}

/// What the text of a shape is.
#[derive(Clone, Copy)]
struct Place {
    kind: BlockKind,
    aside: Option<ChangeReason>,
}

/// The shapes of one slide.
struct Shapes {
    story: Story,
    keep_all: bool,
    notes: bool,
    /// Diagrams, by the relationship of their data.
    diagrams: Vec<String>,
}

impl Shapes {
    fn read(&mut self, xml: &mut Xml, mut place: Place, out: &mut Output) -> Result<()> {
        let mut numbers = Numbers::default();
        while let Some(node) = xml.next()? {
            let Node::Open(tag) = node else { continue };
            match (tag.ns, tag.local) {
                (Ns::A, "p") => {
                    let paragraph = numbers.paragraph(xml, place.kind, place.aside)?;
                    self.story.write(&paragraph, out)?;
                }
                // The placeholder comes before the text of its shape, in an element of its own.
                (Ns::P, "nvSpPr") => {
                    let (kind, aside) = self.placeholder(xml, place.kind)?;
                    place = Place { kind, aside: place.aside.or(aside) };
                }
                (Ns::A, "tc") => {
                    let kind = if self.notes { place.kind } else { BlockKind::Cell };
                    // Covered by another cell.
                    let on = |name| matches!(tag.get(Ns::None, name), Some("1" | "true"));
                    let covered = (on("hMerge") || on("vMerge")).then_some(ChangeReason::HiddenText);
                    self.read(xml, Place { kind, aside: place.aside.or(covered) }, out)?;
                }
                (Ns::Dgm, "relIds") => {
                    self.diagrams.extend(tag.get(Ns::R, "dm").map(str::to_string));
                    xml.skip()?;
                }
                (Ns::Mc, "AlternateContent") => alternate(xml, |xml| self.read(xml, place, out))?,
                _ => self.read(xml, place, out)?,
            }
        }
        Ok(())
    }

    /// What a shape is by the placeholder it fills, from `p:nvSpPr`, which was just opened.
    fn placeholder(&self, xml: &mut Xml, mut kind: BlockKind) -> Result<(BlockKind, Option<ChangeReason>)> {
        let mut aside = None;
        while let Some(node) = xml.next()? {
            let Node::Open(tag) = node else { continue };
            if !tag.is(Ns::P, "ph") {
                let (inner, reason) = self.placeholder(xml, kind)?;
                (kind, aside) = (inner, aside.or(reason));
                continue;
            }
            let furniture = |reason| (!self.keep_all).then_some(reason);
            match tag.get(Ns::None, "type") {
                Some("title" | "ctrTitle") if !self.notes => kind = BlockKind::Heading(1),
                Some("sldNum") => aside = furniture(ChangeReason::PageNumber),
                Some("dt" | "ftr" | "hdr") => aside = furniture(ChangeReason::RunningHead),
                _ => {}
            }
            xml.skip()?;
        }
        Ok((kind, aside))
    }
}
