//! DOCX: the text of a WordprocessingML document as it is printed, tracked changes accepted.
//!
//! Reading order is that of the body; a note follows the paragraph that refers to it, a text box the paragraph it
//! is anchored in, endnotes follow the body. Heads and feet, deleted and hidden text and ruby are set aside. Comments
//! are about the text and not read. How lists count is [`numbering`]'s business, what styles say [`styles`]'.

mod numbering;
mod styles;

pub(super) use numbering::{LONGEST_PATTERN, bullet};

use super::archive::Archive;
use super::drawing;
use super::numerals::written;
use super::relations::{Relation, relations_of};
use super::story::{Output, Paragraph, Story, flat};
use super::xml::{Node, Ns, Tag, Xml, needed_text, part_text};
use crate::error::Result;
use crate::model::{BlockKind, ChangeReason};
use numbering::Numbering;
use std::collections::{HashMap, HashSet};
use styles::{Styles, paragraph_properties, run_properties};

/// Reads the document whose main part is `main`; gives the encoding of that part.
pub(super) fn read(archive: &mut Archive, main: &str, keep_all: bool, out: &mut Output) -> Result<String> {
    let relations = relations_of(archive, main)?;
    let first = |kind: &str| relations.iter().find(|r| r.kind == kind).map(|r| r.target.clone());
    let mut styles = Styles::default();
    let mut numbering = Numbering::default();
    let mut settings = Settings::default();
    if let Some(part) = first("styles")
        && let Some((text, _)) = part_text(archive, &part)?
    {
        styles = Styles::read(&part, &text)?;
    }
    if let Some(part) = first("numbering")
        && let Some((text, _)) = part_text(archive, &part)?
    {
        numbering = Numbering::read(&part, &text)?;
    }
    if let Some(part) = first("settings")
        && let Some((text, _)) = part_text(archive, &part)?
    {
        settings = Settings::read(&part, &text)?;
    }
    let mut reader = Reader { styles, numbering, fields: Vec::new() };
    let (text, encoding) = needed_text(archive, main)?;
    let mut xml = Xml::new(main, &text);
    let mut items = Vec::new();
    xml.root()?;
    reader.content(&mut xml, Context::default(), &mut items)?;
    drop(text);
    let mut notes = [Notes::default(), Notes::default()];
    for (kind, notes) in ["footnotes", "endnotes"].into_iter().zip(&mut notes) {
        if let Some(part) = first(kind)
            && let Some((text, _)) = part_text(archive, &part)?
        {
            *notes = Notes::read(&part, &text, &mut reader)?;
        }
    }
    furniture(archive, &relations, "header", keep_all, &mut reader, out)?;
    let mut writer =
        Writer { archive, relations: &relations, settings, notes, missing: 0, endnotes: Vec::new() };
    writer.write(main, items, out)?;
    furniture(archive, &relations, "footer", keep_all, &mut reader, out)?;
    let unread = [("chart", "charts"), ("aFChunk", "inserted files"), ("subDocument", "sub-documents")];
    for (kind, what) in unread {
        if relations.iter().any(|r| r.kind == kind) {
            out.notices.push(format!("the text of its {what} is not read"));
        }
    }
    Ok(encoding)
}

/// Heads or feet, in the order of their parts.
fn furniture(
    archive: &mut Archive,
    relations: &[Relation],
    kind: &str,
    keep_all: bool,
    reader: &mut Reader,
    out: &mut Output,
) -> Result<()> {
    let mut parts: Vec<&str> =
        relations.iter().filter(|r| r.kind == kind).map(|r| r.target.as_str()).collect();
    parts.sort_unstable();
    parts.dedup();
    for part in parts {
        let Some((text, _)) = part_text(archive, part)? else { continue };
        let mut xml = Xml::new(part, &text);
        let mut items = Vec::new();
        xml.root()?;
        reader.content(&mut xml, Context::default(), &mut items)?;
        let mut story = Story::new(part);
        for item in items {
            if let Item::Paragraph(mut paragraph) = item {
                if !keep_all {
                    paragraph.set_aside(super::furniture_reason(&paragraph.kept()));
                }
                story.write(&paragraph, out)?;
            }
        }
    }
    Ok(())
}

/// How notes are numbered.
#[derive(Debug, Clone)]
struct NoteNumbers {
    format: String,
    start: u32,
    /// Whether they start anew on pages or in sections, which is not known here.
    restarts: bool,
}

#[derive(Debug)]
struct Settings {
    /// Footnotes, endnotes.
    numbers: [NoteNumbers; 2],
}

impl Default for Settings {
    fn default() -> Self {
        // The defaults of ECMA-376-1, 17.11.17 and 17.11.18.
        let numbers = |format: &str| NoteNumbers { format: format.into(), start: 1, restarts: false };
        Settings { numbers: [numbers("decimal"), numbers("lowerRoman")] }
    }
}

impl Settings {
    fn read(part: &str, text: &str) -> Result<Settings> {
        let mut settings = Settings::default();
        let mut xml = Xml::new(part, text);
        xml.root()?;
        while let Some(node) = xml.next()? {
            let Node::Open(tag) = node else { continue };
            let numbers = match (tag.ns, tag.local) {
                (Ns::W, "footnotePr") => &mut settings.numbers[0],
                (Ns::W, "endnotePr") => &mut settings.numbers[1],
                _ => {
                    xml.skip()?;
                    continue;
                }
            };
            while let Some(node) = xml.next()? {
                let Node::Open(tag) = node else { continue };
                match (tag.ns, tag.local) {
                    (Ns::W, "numFmt") => numbers.format = tag.get(Ns::W, "val").unwrap_or("decimal").into(),
                    (Ns::W, "numStart") => numbers.start = tag.number(Ns::W, "val").unwrap_or(1),
                    (Ns::W, "numRestart") => numbers.restarts = tag.get(Ns::W, "val") != Some("continuous"),
                    _ => {}
                }
                xml.skip()?;
            }
        }
        Ok(settings)
    }
}

/// What stands in the body, in reading order.
#[derive(Debug)]
enum Item {
    Paragraph(Paragraph),
    Note {
        end: bool,
        id: i64,
        /// Why the reference is no text of the document.
        aside: Option<ChangeReason>,
        /// It has a mark of its own and is not counted.
        marked: bool,
    },
    /// A diagram, by the relationship of its data.
    Diagram(String),
}

/// The notes of one part.
#[derive(Debug, Default)]
struct Notes {
    part: String,
    /// In the order of the part.
    order: Vec<i64>,
    texts: HashMap<i64, Vec<Paragraph>>,
    numbered: HashSet<i64>,
}

impl Notes {
    fn read(part: &str, text: &str, reader: &mut Reader) -> Result<Notes> {
        let mut notes = Notes { part: part.to_string(), ..Notes::default() };
        let mut xml = Xml::new(part, text);
        xml.root()?;
        while let Some(node) = xml.next()? {
            let Node::Open(tag) = node else { continue };
            let kind = tag.get(Ns::W, "type").unwrap_or("normal");
            let id = tag.number(Ns::W, "id");
            let (Some(id), "normal", Ns::W, "footnote" | "endnote") = (id, kind, tag.ns, tag.local) else {
                xml.skip()?;
                continue;
            };
            let mut items = Vec::new();
            let context = Context { kind: Some(BlockKind::Footnote), ..Context::default() };
            reader.content(&mut xml, context, &mut items)?;
            let mut paragraphs = Vec::new();
            for item in items {
                match item {
                    Item::Paragraph(paragraph) => paragraphs.push(paragraph),
                    // Inside a note, its own number.
                    Item::Note { id: OWN, .. } => {
                        notes.numbered.insert(id);
                    }
                    _ => {}
                }
            }
            if notes.texts.insert(id, paragraphs).is_none() {
                notes.order.push(id);
            }
        }
        Ok(notes)
    }
}

/// Stands for the note in which a number is asked for. Word's own ids are 32 bits wide.
const OWN: i64 = i64::MIN;

/// Items into blocks.
struct Writer<'a, 'b> {
    archive: &'a mut Archive<'b>,
    relations: &'a [Relation],
    settings: Settings,
    /// Footnotes, endnotes.
    notes: [Notes; 2],
    missing: usize,
    endnotes: Vec<Paragraph>,
}

impl Writer<'_, '_> {
    fn write(&mut self, main: &str, items: Vec<Item>, out: &mut Output) -> Result<()> {
        let mut story = Story::new(main);
        let mut stories = [Story::new(&self.notes[0].part), Story::new(&self.notes[1].part)];
        let mut counts = [0u32; 2];
        for item in items {
            match item {
                Item::Paragraph(paragraph) => story.write(&paragraph, out)?,
                Item::Note { end, id, aside, marked } => {
                    let side = usize::from(end);
                    let Some(mut paragraphs) = self.notes[side].texts.remove(&id) else {
                        self.missing += usize::from(id != OWN);
                        continue;
                    };
                    if let Some(reason) = aside {
                        paragraphs.iter_mut().for_each(|p| p.set_aside(reason));
                    } else if !marked {
                        let numbers = &self.settings.numbers[side];
                        let number = numbers.start.saturating_add(counts[side]);
                        counts[side] += 1;
                        let shown = self.notes[side].numbered.contains(&id) && !numbers.restarts;
                        if let Some(first) = paragraphs.first_mut().filter(|_| shown) {
                            let spaced = first.kept().starts_with(char::is_whitespace);
                            first.mark(&written(&numbers.format, number), if spaced { "" } else { " " });
                        }
                    }
                    if end {
                        self.endnotes.extend(paragraphs);
                    } else {
                        for paragraph in &paragraphs {
                            stories[0].write(paragraph, out)?;
                        }
                    }
                }
                Item::Diagram(id) => {
                    let target = self.relations.iter().find(|r| r.id == id).map(|r| r.target.clone());
                    if let Some(part) = target {
                        drawing::write_part(self.archive, &part, BlockKind::Paragraph, None, out)?;
                    }
                }
            }
        }
        for paragraph in std::mem::take(&mut self.endnotes) {
            stories[1].write(&paragraph, out)?;
        }
        // Nothing refers to these, so that they are not printed.
        for (notes, story) in self.notes.iter_mut().zip(&mut stories) {
            for id in &notes.order {
                for mut paragraph in notes.texts.remove(id).unwrap_or_default() {
                    paragraph.set_aside(ChangeReason::HiddenText);
                    story.write(&paragraph, out)?;
                }
            }
        }
        if self.missing > 0 {
            out.notices.push(format!("{} notes are referred to but not there", self.missing));
        }
        Ok(())
    }
}

/// Where something stands.
#[derive(Debug, Clone, Copy, Default)]
struct Context {
    /// What all paragraphs here are.
    kind: Option<BlockKind>,
    /// Why the text here is none of the document's.
    aside: Option<ChangeReason>,
    /// Whether the text is hidden unless a run says otherwise.
    hidden: bool,
}

/// A paragraph whose end was deleted, waiting for the next, and what is anchored in it.
type Carried = Option<(Paragraph, Vec<Item>)>;

struct Reader {
    styles: Styles,
    numbering: Numbering,
    /// The fields that are open: whether their result has begun, before which there is only code.
    fields: Vec<bool>,
}

impl Reader {
    /// Reads the paragraphs and tables of the element that was opened last.
    fn content(&mut self, xml: &mut Xml, context: Context, items: &mut Vec<Item>) -> Result<()> {
        let fields = std::mem::take(&mut self.fields);
        let mut carried = None;
        self.blocks(xml, context, items, &mut carried)?;
        if let Some((paragraph, after)) = carried {
            items.push(Item::Paragraph(paragraph));
            items.extend(after);
        }
        self.fields = fields;
        Ok(())
    }

    fn blocks(
        &mut self,
        xml: &mut Xml,
        mut context: Context,
        items: &mut Vec<Item>,
        carried: &mut Carried,
    ) -> Result<()> {
        while let Some(node) = xml.next()? {
            let Node::Open(tag) = node else { continue };
            match (tag.ns, tag.local) {
                (Ns::W, "p") => self.paragraph(xml, context, items, carried)?,
                (Ns::W, "tc") => {
                    let kind = context.kind.or(Some(BlockKind::Cell));
                    let fields = std::mem::take(&mut self.fields);
                    self.content(xml, Context { kind, ..context }, items)?;
                    self.fields = fields;
                }
                (Ns::W, "trPr" | "tcPr") => context.aside = context.aside.or(table_aside(xml)?),
                (Ns::W, "del" | "moveFrom") => {
                    let aside = context.aside.or(Some(ChangeReason::DeletedText));
                    self.blocks(xml, Context { aside, ..context }, items, carried)?;
                }
                (Ns::W, "r" | "hyperlink") => {
                    // Text without a paragraph breaks the rules, but it is text.
                    let mut paragraph = Paragraph::new(context.kind.unwrap_or(BlockKind::Paragraph));
                    let mut after = Vec::new();
                    self.inline(xml, context, &mut paragraph, &mut after)?;
                    items.push(Item::Paragraph(paragraph));
                    items.extend(after);
                }
                (Ns::Mc, "AlternateContent") => {
                    alternate(xml, |xml| self.blocks(xml, context, items, carried))?;
                }
                _ if is_about(&tag) => xml.skip()?,
                _ => self.blocks(xml, context, items, carried)?,
            }
        }
        Ok(())
    }

    fn paragraph(
        &mut self,
        xml: &mut Xml,
        context: Context,
        items: &mut Vec<Item>,
        carried: &mut Carried,
    ) -> Result<()> {
        let mut node = xml.next()?;
        while matches!(node, Some(Node::Text(_))) {
            node = xml.next()?;
        }
        let own = match &node {
            Some(Node::Open(tag)) if tag.is(Ns::W, "pPr") => {
                let own = paragraph_properties(xml)?;
                node = xml.next()?;
                own
            }
            _ => styles::Properties::default(),
        };
        let is = self.styles.resolve(&own);
        let (mut paragraph, mut after) =
            carried.take().unwrap_or_else(|| (Paragraph::new(BlockKind::Paragraph), Vec::new()));
        let counted = context.aside.is_none() && !own.end_deleted && !own.end_hidden;
        let mark = match is.number {
            Some(list) if counted => {
                self.numbering.next(list, is.level, is.number_style.as_deref(), &self.styles)
            }
            _ => None,
        };
        paragraph.kind = match (context.kind, is.heading) {
            (Some(kind), _) => kind,
            (None, Some(level)) => BlockKind::Heading(level),
            (None, None) if is.number.is_some() => BlockKind::ListItem,
            (None, None) => BlockKind::Paragraph,
        };
        let inner = Context { hidden: context.hidden || is.hidden, ..context };
        while let Some(here) = node {
            if let Node::Open(tag) = here {
                let mut inner = inner;
                self.inline_element(xml, &tag, &mut inner, &mut paragraph, &mut after)?;
            }
            node = xml.next()?;
        }
        if own.end_deleted {
            *carried = Some((paragraph, after));
            return Ok(());
        }
        if let Some((mark, space)) = mark {
            paragraph.mark(&mark, space);
        }
        items.push(Item::Paragraph(paragraph));
        items.extend(after);
        Ok(())
    }

    /// Reads the runs of the element that was opened last.
    fn inline(
        &mut self,
        xml: &mut Xml,
        mut context: Context,
        paragraph: &mut Paragraph,
        after: &mut Vec<Item>,
    ) -> Result<()> {
        while let Some(node) = xml.next()? {
            if let Node::Open(tag) = node {
                self.inline_element(xml, &tag, &mut context, paragraph, after)?;
            }
        }
        Ok(())
    }

    /// Reads one element of a paragraph or run, to its end. Run properties change the context of what follows.
    fn inline_element(
        &mut self,
        xml: &mut Xml,
        tag: &Tag,
        context: &mut Context,
        paragraph: &mut Paragraph,
        after: &mut Vec<Item>,
    ) -> Result<()> {
        let code = self.fields.iter().any(|shown| !shown);
        let aside = context.aside.or((code || context.hidden).then_some(ChangeReason::HiddenText));
        let mut text = |text: &str| paragraph.push(text, aside);
        match (tag.ns, tag.local) {
            (Ns::W, "t") | (Ns::M, "t") => {
                text(&flat(&xml.text()?));
                return Ok(());
            }
            (Ns::W, "delText") => {
                paragraph.push(&flat(&xml.text()?), Some(ChangeReason::DeletedText));
                return Ok(());
            }
            (Ns::W, "tab" | "ptab") => text("\t"),
            (Ns::W, "br" | "cr") => text("\n"),
            (Ns::W, "noBreakHyphen") => text("\u{2011}"),
            (Ns::W, "softHyphen") => text("\u{AD}"),
            (Ns::W, "sym") => text(&symbol(tag)),
            (Ns::W, "fldChar") => match tag.get(Ns::W, "fldCharType") {
                Some("begin") => self.fields.push(false),
                Some("separate") => {
                    if let Some(field) = self.fields.last_mut() {
                        *field = true;
                    }
                }
                Some("end") => {
                    self.fields.pop();
                }
                _ => {}
            },
            (Ns::W, "footnoteReference" | "endnoteReference") => {
                let marked = matches!(tag.get(Ns::W, "customMarkFollows"), Some("1" | "true" | "on"));
                let id = tag.number(Ns::W, "id").unwrap_or(0);
                after.push(Item::Note { end: tag.local == "endnoteReference", id, aside, marked });
            }
            (Ns::W, "footnoteRef" | "endnoteRef") => {
                after.push(Item::Note { end: false, id: OWN, aside, marked: false });
            }
            (Ns::W, "rPr") => {
                let own = run_properties(xml)?;
                let by_style = || own.style.as_deref().and_then(|style| self.styles.hides(style));
                context.hidden = own.hidden.or_else(by_style).unwrap_or(context.hidden);
                return Ok(());
            }
            (Ns::W, "del" | "moveFrom") => {
                let aside = aside.or(Some(ChangeReason::DeletedText));
                return self.inline(xml, Context { aside, ..*context }, paragraph, after);
            }
            (Ns::W, "rt") => {
                let aside = aside.or(Some(ChangeReason::Reading));
                return self.inline(xml, Context { aside, ..*context }, paragraph, after);
            }
            (Ns::W, "txbxContent") => {
                let inner = Context { hidden: false, aside, ..*context };
                return self.content(xml, inner, after);
            }
            (Ns::A, "p") => {
                let mut inner = drawing::paragraph(xml, context.kind.unwrap_or(BlockKind::Paragraph), aside)?;
                inner.kind = context.kind.unwrap_or(inner.kind);
                after.push(Item::Paragraph(inner));
                return Ok(());
            }
            (Ns::Dgm, "relIds") => {
                after.extend(tag.get(Ns::R, "dm").map(|id| Item::Diagram(id.to_string())));
            }
            (Ns::Mc, "AlternateContent") => {
                let context = *context;
                return alternate(xml, |xml| self.inline(xml, context, paragraph, after));
            }
            _ if is_about(tag) => {}
            _ => return self.inline(xml, *context, paragraph, after),
        }
        xml.skip()
    }
}

/// Elements that say something about the text and hold none of it.
fn is_about(tag: &Tag) -> bool {
    let local = tag.local;
    tag.ns == Ns::W && (local.ends_with("Pr") || matches!(local, "instrText" | "delInstrText" | "tblGrid"))
}

/// Why the text of a table row or cell is none of the document's, by the properties that were just opened.
fn table_aside(xml: &mut Xml) -> Result<Option<ChangeReason>> {
    let mut aside = None;
    while let Some(node) = xml.next()? {
        let Node::Open(tag) = node else { continue };
        match (tag.ns, tag.local) {
            (Ns::W, "del" | "cellDel") => aside = Some(ChangeReason::DeletedText),
            (Ns::W, "hidden") if tag.is_on() => aside = aside.or(Some(ChangeReason::HiddenText)),
            // Covered by the cell above.
            (Ns::W, "vMerge") if tag.get(Ns::W, "val").is_none_or(|v| v == "continue") => {
                aside = aside.or(Some(ChangeReason::HiddenText));
            }
            _ => {}
        }
        xml.skip()?;
    }
    Ok(aside)
}

/// Reads the first choice, or the fallback if there is none: the same content stands in all of them.
pub(super) fn alternate<'t>(
    xml: &mut Xml<'t>,
    mut read: impl FnMut(&mut Xml<'t>) -> Result<()>,
) -> Result<()> {
    let mut done = false;
    while let Some(node) = xml.next()? {
        match node {
            Node::Open(tag) if !done && matches!((tag.ns, tag.local), (Ns::Mc, "Choice" | "Fallback")) => {
                done = true;
                read(xml)?;
            }
            Node::Open(_) => xml.skip()?,
            Node::Text(_) => {}
        }
    }
    Ok(())
}

/// A character of a symbol font. Those that are often met get their Unicode; others keep their place in the font.
fn symbol(tag: &Tag) -> String {
    let code = tag.get(Ns::W, "char").and_then(|hex| u32::from_str_radix(hex, 16).ok()).unwrap_or(0);
    let font = tag.get(Ns::W, "font").unwrap_or_default().to_lowercase();
    // Symbol fonts stand at U+F000 to U+F0FF.
    let place = if (0xF000..0xF100).contains(&code) { code - 0xF000 } else { code };
    let known = match font.as_str() {
        "symbol" => SYMBOL.iter().find(|s| s.0 == place),
        "wingdings" => WINGDINGS.iter().find(|s| s.0 == place),
        "wingdings 2" => WINGDINGS_2.iter().find(|s| s.0 == place),
        _ => None,
    };
    known
        .map(|s| s.1)
        .or_else(|| char::from_u32(code).filter(|&c| c != '\0'))
        .map(String::from)
        .unwrap_or_default()
}

/// From the mapping tables of these fonts to Unicode that the Unicode consortium publishes (Adobe Symbol) and that
/// follow from the fonts' own glyph names (Wingdings).
#[rustfmt::skip]
const SYMBOL: &[(u32, char)] = &[
    (0x61, 'α'), (0x62, 'β'), (0x63, 'χ'), (0x64, 'δ'), (0x65, 'ε'), (0x66, 'φ'), (0x67, 'γ'), (0x68, 'η'),
    (0x69, 'ι'), (0x6B, 'κ'), (0x6C, 'λ'), (0x6D, 'μ'), (0x6E, 'ν'), (0x6F, 'ο'), (0x70, 'π'), (0x71, 'θ'),
    (0x72, 'ρ'), (0x73, 'σ'), (0x74, 'τ'), (0x75, 'υ'), (0x77, 'ω'), (0x78, 'ξ'), (0x79, 'ψ'), (0x7A, 'ζ'),
    (0x44, 'Δ'), (0x46, 'Φ'), (0x47, 'Γ'), (0x4C, 'Λ'), (0x50, 'Π'), (0x51, 'Θ'), (0x53, 'Σ'), (0x57, 'Ω'),
    (0xA3, '≤'), (0xA5, '∞'), (0xB0, '°'), (0xB1, '±'), (0xB3, '≥'), (0xB4, '×'), (0xB7, '•'), (0xB8, '÷'),
    (0xB9, '≠'), (0xBB, '≈'), (0xAE, '→'), (0xAC, '←'), (0xD2, '®'), (0xD3, '©'), (0xD4, '™'), (0xD6, '√'),
];
#[rustfmt::skip]
const WINGDINGS: &[(u32, char)] = &[
    (0x28, '☎'), (0x2A, '✉'), (0x6C, '●'), (0x6E, '■'), (0x6F, '□'), (0x71, '❑'), (0x76, '❖'), (0x9F, '•'),
    (0xA7, '▪'), (0xA8, '◻'), (0xD8, '➢'), (0xE0, '→'), (0xFB, '✗'), (0xFC, '✓'), (0xFD, '☒'), (0xFE, '☑'),
];
#[rustfmt::skip]
const WINGDINGS_2: &[(u32, char)] = &[(0x50, '✓'), (0x51, '☒'), (0x52, '☑'), (0xA3, '☐')];
