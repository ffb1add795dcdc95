//! OpenDocument: texts (ODT), and with the same words presentations (ODP) and sheets (ODS).
//!
//! Reading order is that of `content.xml`; a footnote follows the paragraph that refers to it, a text box the paragraph
//! it is anchored in, endnotes come last. Heads and feet, deleted and hidden text, ruby and the numbers of sheets are
//! set aside. Comments are about the text and not read. Styles and the numbers of lists are [`styles`]' business.

mod styles;

use super::archive::Archive;
use super::story::{Output, Paragraph, Story};
use super::xml::{Node, Ns, Tag, Xml, needed_text, part_text};
use crate::error::Result;
use crate::model::{BlockKind, ChangeReason};
use std::collections::HashMap;
use styles::{Counters, LEVELS, Styles};

/// More spaces than this are so many. Chosen: a line of print.
const MOST_SPACES: usize = 128;

const CONTENT: &str = "content.xml";
const STYLES: &str = "styles.xml";

/// Reads the document; gives the encoding of its content.
pub(super) fn read(archive: &mut Archive, keep_all: bool, out: &mut Output) -> Result<String> {
    let mut reader = Reader { keep_all, ..Reader::default() };
    let (mut heads, mut feet) = (Vec::new(), Vec::new());
    if let Some((text, _)) = part_text(archive, STYLES)? {
        let mut xml = Xml::new(STYLES, &text);
        xml.root()?;
        while let Some(node) = xml.next()? {
            let Node::Open(tag) = node else { continue };
            match (tag.ns, tag.local) {
                (Ns::Office, "styles") => reader.styles.read(&mut xml, false)?,
                (Ns::Office, "automatic-styles") => reader.styles.read(&mut xml, true)?,
                (Ns::Office, "master-styles") => reader.masters(&mut xml, &mut heads, &mut feet)?,
                _ => xml.skip()?,
            }
        }
    }
    reader.styles.forget_automatic();
    let mut furniture = Story::new(STYLES);
    for paragraph in &heads {
        furniture.write(paragraph, out)?;
    }
    let (text, encoding) = needed_text(archive, CONTENT)?;
    let mut xml = Xml::new(CONTENT, &text);
    let mut paragraphs = Vec::new();
    xml.root()?;
    while let Some(node) = xml.next()? {
        let Node::Open(tag) = node else { continue };
        match (tag.ns, tag.local) {
            (Ns::Office, "automatic-styles") => reader.styles.read(&mut xml, true)?,
            (Ns::Office, "body") => reader.blocks(&mut xml, &Context::default(), &mut paragraphs)?,
            _ => xml.skip()?,
        }
    }
    let mut story = Story::new(CONTENT);
    for paragraph in paragraphs.iter().chain(&reader.endnotes) {
        story.write(paragraph, out)?;
    }
    for paragraph in &feet {
        furniture.write(paragraph, out)?;
    }
    Ok(encoding)
}

/// Where something stands.
#[derive(Debug, Clone, Default)]
struct Context {
    /// What all paragraphs here are.
    kind: Option<BlockKind>,
    /// Why the text here is none of the document's.
    aside: Option<ChangeReason>,
    /// How many lists it is in, and the style of the innermost that has one.
    depth: usize,
    list: Option<String>,
    /// Whether it is in a sheet.
    sheet: bool,
}

#[derive(Debug, Default)]
struct Reader {
    keep_all: bool,
    styles: Styles,
    /// The list that is read.
    counters: Counters,
    /// How far the lists have counted, by style and by name.
    by_style: HashMap<String, Counters>,
    by_name: HashMap<String, Counters>,
    outline: Counters,
    /// The mark for the next paragraph, and what stands between.
    mark: Option<(String, &'static str)>,
    endnotes: Vec<Paragraph>,
}

impl Reader {
    /// Heads and feet of the master pages.
    fn masters(
        &mut self,
        xml: &mut Xml,
        heads: &mut Vec<Paragraph>,
        feet: &mut Vec<Paragraph>,
    ) -> Result<()> {
        while let Some(node) = xml.next()? {
            let Node::Open(page) = node else { continue };
            // The shapes of the masters of presentations hold hints, no text.
            if !page.is(Ns::Style, "master-page") {
                xml.skip()?;
                continue;
            }
            while let Some(node) = xml.next()? {
                let Node::Open(tag) = node else { continue };
                let side = match (tag.ns, tag.local) {
                    (Ns::Style, local) if local.starts_with("header") => &mut *heads,
                    (Ns::Style, local) if local.starts_with("footer") => &mut *feet,
                    _ => {
                        xml.skip()?;
                        continue;
                    }
                };
                let mut paragraphs = Vec::new();
                self.blocks(xml, &Context::default(), &mut paragraphs)?;
                for mut paragraph in paragraphs {
                    if !self.keep_all {
                        paragraph.set_aside(super::furniture_reason(&paragraph.kept()));
                    }
                    side.push(paragraph);
                }
            }
        }
        Ok(())
    }

    /// Reads what stands in the element that was opened last.
    fn blocks(&mut self, xml: &mut Xml, context: &Context, out: &mut Vec<Paragraph>) -> Result<()> {
        while let Some(node) = xml.next()? {
            if let Node::Open(tag) = node {
                self.block(xml, &tag, context, out)?;
            }
        }
        Ok(())
    }

    /// Reads one element that is no part of a paragraph, to its end.
    fn block(&mut self, xml: &mut Xml, tag: &Tag, context: &Context, out: &mut Vec<Paragraph>) -> Result<()> {
        let aside =
            |reason: ChangeReason| Context { aside: context.aside.or(Some(reason)), ..context.clone() };
        let kind = |kind: BlockKind| Context { kind: context.kind.or(Some(kind)), ..context.clone() };
        match (tag.ns, tag.local) {
            (Ns::Text, "p" | "h") => self.paragraph(xml, tag, context, out),
            (Ns::Text, "list") => self.list(xml, tag, context, out),
            (Ns::Text, "deletion") | (Ns::Table, "tracked-changes") => {
                self.blocks(xml, &aside(ChangeReason::DeletedText), out)
            }
            (Ns::Text, "section") if tag.get(Ns::Text, "display") == Some("none") => {
                self.blocks(xml, &aside(ChangeReason::HiddenText), out)
            }
            (Ns::Office, "spreadsheet") => self.blocks(xml, &Context { sheet: true, ..context.clone() }, out),
            (Ns::Table, "table") | (Ns::Draw, "page")
                if self.hides(tag, Ns::Table) || self.hides(tag, Ns::Draw) =>
            {
                self.blocks(xml, &aside(ChangeReason::HiddenText), out)
            }
            (Ns::Table, "table-row") if tag.get(Ns::Table, "visibility").is_some_and(|v| v != "visible") => {
                self.blocks(xml, &aside(ChangeReason::HiddenText), out)
            }
            (Ns::Table, "table-cell") => {
                let mut inner = kind(BlockKind::Cell);
                let number = tag.get(Ns::Office, "value-type").is_some_and(|t| t != "string");
                if context.sheet && number && !self.keep_all {
                    inner.aside = inner.aside.or(Some(ChangeReason::SheetValue));
                }
                self.in_itself(xml, inner, out)
            }
            (Ns::Table, "covered-table-cell") => {
                let inner = Context { kind: Some(BlockKind::Cell), ..aside(ChangeReason::HiddenText) };
                self.in_itself(xml, inner, out)
            }
            (Ns::Presentation, "notes") => {
                let inner = Context { kind: Some(BlockKind::Footnote), ..context.clone() };
                self.blocks(xml, &inner, out)
            }
            (Ns::Draw, _) => {
                let mut inner = context.clone();
                match tag.get(Ns::Presentation, "class") {
                    Some("title") => inner.kind = inner.kind.or(Some(BlockKind::Heading(1))),
                    Some("page-number") if !self.keep_all => {
                        inner.aside = inner.aside.or(Some(ChangeReason::PageNumber));
                    }
                    Some("header" | "footer" | "date-time") if !self.keep_all => {
                        inner.aside = inner.aside.or(Some(ChangeReason::RunningHead));
                    }
                    _ => {}
                }
                self.in_itself(xml, inner, out)
            }
            _ if is_about(tag) => xml.skip(),
            _ => self.blocks(xml, context, out),
        }
    }

    /// Text that is in no list, whatever it is anchored in.
    fn in_itself(&mut self, xml: &mut Xml, context: Context, out: &mut Vec<Paragraph>) -> Result<()> {
        let counters = std::mem::take(&mut self.counters);
        let mark = self.mark.take();
        self.blocks(xml, &Context { depth: 0, list: None, ..context }, out)?;
        (self.counters, self.mark) = (counters, mark);
        Ok(())
    }

    fn hides(&self, tag: &Tag, ns: Ns) -> bool {
        tag.get(ns, "style-name").is_some_and(|style| self.styles.hides(style))
    }

    fn list(&mut self, xml: &mut Xml, tag: &Tag, context: &Context, out: &mut Vec<Paragraph>) -> Result<()> {
        let depth = context.depth + 1;
        let style = tag.get(Ns::Text, "style-name").map(str::to_string).or(context.list.clone());
        let goes_on = tag.get(Ns::Text, "continue-numbering") == Some("true");
        if depth == 1 {
            let named = tag.get(Ns::Text, "continue-list").and_then(|name| self.by_name.get(name));
            let same = style.as_deref().filter(|_| goes_on).and_then(|s| self.by_style.get(s));
            self.counters = named.or(same).cloned().unwrap_or_default();
        } else if !goes_on {
            self.counters.end_from(depth);
        }
        let inner = Context { depth, list: style.clone(), ..context.clone() };
        while let Some(node) = xml.next()? {
            let Node::Open(item) = node else { continue };
            match (item.ns, item.local) {
                (Ns::Text, "list-item") => self.list_item(xml, &item, &inner, out)?,
                (Ns::Text, "list-header") => self.blocks(xml, &inner, out)?,
                _ => xml.skip()?,
            }
        }
        if depth == 1 {
            if let Some(name) = tag.get(Ns::Xml, "id") {
                self.by_name.insert(name.to_string(), self.counters.clone());
            }
            if let Some(style) = style {
                self.by_style.insert(style, self.counters.clone());
            }
        }
        Ok(())
    }

    fn list_item(
        &mut self,
        xml: &mut Xml,
        item: &Tag,
        context: &Context,
        out: &mut Vec<Paragraph>,
    ) -> Result<()> {
        let mut first = true;
        while let Some(node) = xml.next()? {
            let Node::Open(tag) = node else { continue };
            // An item that begins with a list within it is not counted.
            if std::mem::take(&mut first) && matches!((tag.ns, tag.local), (Ns::Text, "p" | "h")) {
                let start = item.number(Ns::Text, "start-value");
                let level = context.depth.min(LEVELS);
                if context.aside.is_none() {
                    let style = context.list.as_deref().and_then(|s| self.styles.list(s));
                    self.mark = self.counters.count(level, start, style);
                }
            }
            self.block(xml, &tag, context, out)?;
        }
        Ok(())
    }

    fn paragraph(
        &mut self,
        xml: &mut Xml,
        tag: &Tag,
        context: &Context,
        out: &mut Vec<Paragraph>,
    ) -> Result<()> {
        let style = tag.get(Ns::Text, "style-name");
        let level: Option<u8> = tag.number(Ns::Text, "outline-level");
        let heading = match tag.local {
            "h" => Some(level.unwrap_or(1).clamp(1, 9)),
            _ => style.filter(|s| self.styles.is_title(s)).map(|_| 0),
        };
        let in_list = context.depth > 0;
        let mut mark = self.mark.take();
        if tag.local == "h" && !in_list && context.aside.is_none() {
            let start = tag.number(Ns::Text, "start-value");
            if tag.get(Ns::Text, "is-list-header") != Some("true") {
                let level = usize::from(level.unwrap_or(1)).clamp(1, LEVELS);
                mark = self.outline.count(level, start, Some(self.styles.outline()));
            }
        }
        let kind = match (context.kind, heading) {
            (Some(kind), _) => kind,
            (None, Some(level)) => BlockKind::Heading(level),
            (None, None) if in_list => BlockKind::ListItem,
            (None, None) => BlockKind::Paragraph,
        };
        let mut paragraph = Paragraph::new(kind);
        let mut after = Vec::new();
        let mut inner = context.clone();
        if style.is_some_and(|s| self.styles.hides(s)) {
            inner.aside = inner.aside.or(Some(ChangeReason::HiddenText));
        }
        let hidden = self.inline(xml, &inner, &mut paragraph, &mut after)?;
        if hidden {
            paragraph.set_aside(ChangeReason::HiddenText);
        }
        if let Some((mark, space)) = mark {
            paragraph.mark(&mark, space);
        }
        out.push(paragraph);
        out.extend(after);
        Ok(())
    }

    /// Reads text and spans. Gives whether a field in it hides the whole paragraph.
    fn inline(
        &mut self,
        xml: &mut Xml,
        context: &Context,
        paragraph: &mut Paragraph,
        after: &mut Vec<Paragraph>,
    ) -> Result<bool> {
        let mut hidden = false;
        let aside =
            |reason: ChangeReason| Context { aside: context.aside.or(Some(reason)), ..context.clone() };
        while let Some(node) = xml.next()? {
            let tag = match node {
                Node::Text(text) => {
                    collapse(&text, context.aside, paragraph);
                    continue;
                }
                Node::Open(tag) => tag,
            };
            let plain = |text: &str, paragraph: &mut Paragraph| paragraph.push(text, context.aside);
            match (tag.ns, tag.local) {
                (Ns::Text, "s") => {
                    let count = tag.number(Ns::Text, "c").unwrap_or(1usize).min(MOST_SPACES);
                    plain(&" ".repeat(count), paragraph);
                }
                (Ns::Text, "tab") => plain("\t", paragraph),
                (Ns::Text, "line-break") => plain("\n", paragraph),
                (Ns::Text, "note") => {
                    self.note(xml, &tag, context, after)?;
                    continue;
                }
                (Ns::Text, "ruby-text") => {
                    hidden |= self.inline(xml, &aside(ChangeReason::Reading), paragraph, after)?;
                    continue;
                }
                (Ns::Text, "hidden-text") => {
                    let is_hidden = tag.get(Ns::Text, "is-hidden") == Some("true");
                    let inner = if is_hidden { aside(ChangeReason::HiddenText) } else { context.clone() };
                    hidden |= self.inline(xml, &inner, paragraph, after)?;
                    continue;
                }
                (Ns::Text, "hidden-paragraph") => hidden |= tag.get(Ns::Text, "is-hidden") == Some("true"),
                (Ns::Text, "p" | "h" | "list") | (Ns::Draw | Ns::Table, _) => {
                    self.block(xml, &tag, context, after)?;
                    continue;
                }
                _ if is_about(&tag) => {}
                _ => {
                    let hides = self.hides(&tag, Ns::Text);
                    let inner = if hides { aside(ChangeReason::HiddenText) } else { context.clone() };
                    hidden |= self.inline(xml, &inner, paragraph, after)?;
                    continue;
                }
            }
            xml.skip()?;
        }
        Ok(hidden)
    }

    fn note(
        &mut self,
        xml: &mut Xml,
        tag: &Tag,
        context: &Context,
        after: &mut Vec<Paragraph>,
    ) -> Result<()> {
        let end = tag.get(Ns::Text, "note-class") == Some("endnote");
        let mut citation = Paragraph::new(BlockKind::Footnote);
        let mut body = Vec::new();
        while let Some(node) = xml.next()? {
            let Node::Open(tag) = node else { continue };
            match (tag.ns, tag.local) {
                (Ns::Text, "note-citation") => {
                    self.inline(xml, context, &mut citation, &mut body)?;
                }
                (Ns::Text, "note-body") => {
                    let inner = Context { kind: Some(BlockKind::Footnote), ..context.clone() };
                    self.in_itself(xml, inner, &mut body)?;
                }
                _ => xml.skip()?,
            }
        }
        if let Some(first) = body.first_mut() {
            if !first.starts_with_space() {
                citation.push(" ", context.aside);
            }
            citation.append(std::mem::replace(first, Paragraph::new(BlockKind::Footnote)));
            *first = citation;
        } else {
            body.push(citation);
        }
        if end {
            self.endnotes.extend(body)
        } else {
            after.extend(body)
        }
        Ok(())
    }
}

/// Elements that say something about the text and hold none of it.
fn is_about(tag: &Tag) -> bool {
    match tag.ns {
        Ns::About => true,
        Ns::Office => {
            matches!(tag.local, "annotation" | "change-info" | "forms" | "binary-data" | "event-listeners")
        }
        Ns::Text => tag.local.ends_with("-source") || tag.local == "script",
        _ => false,
    }
}

/// White space in the XML is one space (OpenDocument 1.3 part 3, 6.1.2).
fn collapse(text: &str, aside: Option<ChangeReason>, paragraph: &mut Paragraph) {
    let mut pushed = String::with_capacity(text.len());
    let mut spaced = paragraph.last().is_none_or(|c| matches!(c, ' ' | '\n' | '\t'));
    for c in text.chars() {
        if matches!(c, ' ' | '\t' | '\n' | '\r') {
            if !spaced {
                pushed.push(' ');
            }
            spaced = true;
        } else {
            pushed.push(c);
            spaced = false;
        }
    }
    paragraph.push(&pushed, aside);
}
