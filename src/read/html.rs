//! HTML: the content of a page by blocks, in reading order.
//!
//! Inline elements are transparent, block elements end a block. Scripts and styles are no text. Text that the page
//! hides, readings above characters and what stands around the content is set aside and told. Nothing here
//! recurses, and the time is linear in the size of the page.

mod boilerplate;
mod charset;
mod marks;
mod tokens;

use super::ReadOptions;
use super::flow::Flow;
use super::language_of;
use crate::error::Result;
use crate::model::{Block, BlockKind, Change, ChangeReason};
use marks::Numbering;
use std::ops::Range;
use tokens::{Element, Item, Page, Sort};

/// Reads a web page.
pub(super) fn read(bytes: &[u8], options: &ReadOptions) -> Result<super::Parts> {
    let decoded = charset::decode(bytes, options)?;
    let page = tokens::tokenize(&decoded.text);
    let judged = if options.keep_all { Vec::new() } else { boilerplate::judge(&page, &decoded.text) };
    let (mut blocks, mut changes) = walk(&page, &decoded.text, "", &judged, options.keep_all);
    let mut notices: Vec<String> = decoded.notice.into_iter().collect();
    if blocks.is_empty() && !changes.is_empty() {
        (blocks, changes) = walk(&page, &decoded.text, "", &[], true);
        notices
            .push("the page has no content that is not navigation or hidden: everything is kept".to_string());
    }
    let content: String = blocks.iter().flat_map(|b| [b.text.as_str(), "\n"]).collect();
    let (lang, script) = language_of(&content, options)?;
    Ok(super::Parts { lang, script, encoding: decoded.encoding.to_string(), blocks, changes, notices })
}

/// The blocks of a chapter or another page that is all content, and what was set aside in it: hidden text, readings,
/// and the title, which is for the window of a program; no other boilerplate. Places are counted in `text`; `part`
/// goes into them.
pub(super) fn blocks(text: &str, part: &str) -> (Vec<Block>, Vec<Change>) {
    let page = tokens::tokenize(text);
    let titles: Vec<bool> = page.elements.iter().map(|e| e.name == "title").collect();
    walk(&page, text, part, &titles, false)
}

/// What the open elements make of the text in them.
#[derive(Clone, Copy, Default)]
struct Context {
    heading: Option<u8>,
    cell: bool,
    note: bool,
    verbatim: bool,
    code: bool,
    aside: Option<ChangeReason>,
}

/// An open element.
struct Frame {
    element: u32,
    context: Context,
    numbering: Option<Numbering>,
}

struct Walker<'a> {
    page: &'a Page,
    flow: Flow<'a>,
    aside: Flow<'a>,
    frames: Vec<Frame>,
    blocks: Vec<Block>,
    /// The number of the list item that begins, and where its tag stands.
    mark: Option<(String, Range<usize>)>,
    /// The next block is the first of a list item.
    item_begins: bool,
    /// A `br` stands before the next text; one stood in this block.
    broken: bool,
    in_lines: bool,
}

fn walk(
    page: &Page,
    original: &str,
    part: &str,
    judged: &[bool],
    keep_all: bool,
) -> (Vec<Block>, Vec<Change>) {
    let mut walker = Walker {
        page,
        flow: Flow::new(original, part),
        aside: Flow::new(original, part),
        frames: Vec::new(),
        blocks: Vec::new(),
        mark: None,
        item_begins: false,
        broken: false,
        in_lines: false,
    };
    for item in &page.items {
        match item {
            Item::Open(index, tag) => {
                let boilerplate = judged.get(*index as usize).copied().unwrap_or(false);
                walker.open(*index, tag.clone(), boilerplate, keep_all);
            }
            Item::Close => walker.close(),
            Item::Copied(bytes) => walker.text(&original[bytes.clone()], bytes.clone(), true),
            Item::Written(bytes, text) => walker.text(text, bytes.clone(), false),
        }
    }
    walker.end_block();
    let mut changes = walker.flow.changes;
    changes.append(&mut walker.aside.changes);
    changes.sort_by_key(|c| (c.place.bytes.start, c.place.bytes.end));
    (walker.blocks, changes)
}

impl Walker<'_> {
    fn context(&self) -> Context {
        self.frames.last().map_or(Context::default(), |f| f.context)
    }

    fn open(&mut self, index: u32, tag: Range<usize>, boilerplate: bool, keep_all: bool) {
        let element = &self.page.elements[index as usize];
        if element.name == "br" {
            self.line_end();
        } else if element.sort != Sort::Inline {
            self.end_block();
        }
        let before = self.context();
        let mut context = before;
        match element.sort {
            Sort::Heading(level) => context.heading = Some(level),
            Sort::Cell => context.cell = !element.lays_out,
            Sort::Table => context.cell = false,
            Sort::Preformatted => context.verbatim = true,
            Sort::Code => context.code = true,
            _ => {}
        }
        context.note |= element.sort != Sort::Inline && is_note(element);
        if context.aside.is_none() {
            context.aside = set_aside(element, boilerplate, keep_all);
            if context.aside.is_some() && element.sort == Sort::Inline {
                self.aside.set_aside(ChangeReason::HiddenText);
            }
        }
        let numbering = (element.sort == Sort::List).then(|| Numbering::of(element));
        if element.sort == Sort::Item && context.aside.is_none() {
            self.item_begins = true;
            let list = self.frames.iter_mut().rev().take(3).find_map(|f| f.numbering.as_mut());
            self.mark = list.and_then(|n| n.next_mark(element)).map(|mark| (mark, tag.start..tag.start));
        }
        self.flow.verbatim = context.verbatim;
        self.frames.push(Frame { element: index, context, numbering });
    }

    fn close(&mut self) {
        let Some(frame) = self.frames.last() else { return };
        let element = &self.page.elements[frame.element as usize];
        let (sort, aside) = (element.sort, frame.context.aside);
        let is_line_end = element.name == "br";
        let outer = self.frames.len().checked_sub(2).map_or(Context::default(), |i| self.frames[i].context);
        if sort != Sort::Inline && !is_line_end {
            self.end_block();
        } else if let Some(reason) = aside
            && outer.aside.is_none()
        {
            self.aside.set_aside(reason);
        }
        if sort == Sort::Item {
            (self.item_begins, self.mark) = (false, None);
        }
        self.flow.verbatim = outer.verbatim;
        self.frames.pop();
    }

    fn text(&mut self, text: &str, bytes: Range<usize>, copied: bool) {
        let context = self.context();
        if context.code {
            return;
        }
        if context.aside.is_some() {
            add(&mut self.aside, text, bytes, copied);
            return;
        }
        if context.verbatim {
            return self.lines(text, bytes, copied);
        }
        let Some(first) = text.trim_start().chars().next() else {
            return add(&mut self.flow, text, bytes, copied);
        };
        if std::mem::take(&mut self.broken) {
            self.go_on_after_line_end(first);
        }
        self.begin_item();
        add(&mut self.flow, text, bytes, copied);
    }

    /// Text whose line ends are meant: a block a line.
    fn lines(&mut self, text: &str, bytes: Range<usize>, copied: bool) {
        let mut at = bytes.start;
        for line in text.split_inclusive('\n') {
            let place = if copied { at..at + line.len() } else { bytes.clone() };
            if !line.trim().is_empty() {
                self.begin_item();
            }
            add(
                &mut self.flow,
                line.trim_end_matches('\n').trim_end_matches('\r'),
                place.start..place.end,
                copied,
            );
            at += line.len();
            if line.ends_with('\n') {
                self.push_block(BlockKind::Line);
            }
        }
    }

    fn begin_item(&mut self) {
        if let Some((mark, at)) = self.mark.take() {
            self.flow.write(&mark, at);
            self.flow.space();
        }
    }

    fn line_end(&mut self) {
        let context = self.context();
        if context.aside.is_some() {
            self.aside.space();
        } else if context.verbatim {
            self.push_block(BlockKind::Line);
        } else if context.heading.is_some() {
            self.flow.line_end();
        } else {
            self.broken |= !self.flow.is_empty();
        }
    }

    /// A `br` ends a block, as in verse and addresses, unless an English sentence goes on in lower case after it.
    fn go_on_after_line_end(&mut self, first: char) {
        let ends = self.flow.text().ends_with(['.', '!', '?', ':', ';', '。', '！', '？', '：', '；']);
        if first.is_lowercase() && !ends {
            self.flow.line_end();
        } else {
            self.in_lines = true;
            self.push_block(self.kind());
        }
    }

    fn kind(&self) -> BlockKind {
        let context = self.context();
        let text = self.flow.text();
        // As long as the narrowest wrapped line is wide: what is shorter and ends no sentence is no running text.
        let short = || text.chars().count() <= 60 && !text.ends_with(['.', '!', '?', '。', '！', '？', '”']);
        match context {
            Context { note: true, .. } => BlockKind::Footnote,
            Context { heading: Some(level), .. } => BlockKind::Heading(level),
            Context { verbatim: true, .. } => BlockKind::Line,
            Context { cell: true, .. } => BlockKind::Cell,
            _ if self.item_begins => BlockKind::ListItem,
            _ if self.in_lines && short() => BlockKind::Line,
            _ => BlockKind::Paragraph,
        }
    }

    fn push_block(&mut self, kind: BlockKind) {
        if let Some(block) = self.flow.take(kind) {
            self.blocks.push(block);
            self.item_begins = false;
        }
    }

    fn end_block(&mut self) {
        self.push_block(self.kind());
        if let Some(reason) = self.context().aside {
            self.aside.set_aside(reason);
        }
        (self.broken, self.in_lines) = (false, false);
    }
}

fn add(flow: &mut Flow, text: &str, bytes: Range<usize>, copied: bool) {
    if copied { flow.copy(text, bytes.start) } else { flow.write(text, bytes) }
}

/// Footnotes as LibreOffice, publishers of e-books and Markdown converters mark them.
fn is_note(element: &Element) -> bool {
    let words = |name: &str, wanted: &[&str]| {
        element.attribute(name).split_ascii_whitespace().any(|w| wanted.contains(&w))
    };
    let id = element.attribute("id");
    words("epub:type", &["footnote", "endnote", "rearnote", "footnotes", "endnotes", "rearnotes"])
        || words("role", &["doc-footnote", "doc-endnote", "doc-endnotes"])
        || words("class", &["footnote", "footnotes", "endnote", "endnotes"])
        || (id.starts_with("sdfootnote") || id.starts_with("sdendnote")) && element.sort == Sort::Block
}

/// Why the text in an element is no text of the document.
fn set_aside(element: &Element, boilerplate: bool, keep_all: bool) -> Option<ChangeReason> {
    let style: String = element.attribute("style").chars().filter(|c| !c.is_whitespace()).collect();
    let style = style.to_ascii_lowercase();
    let hidden = element.find("hidden").is_some()
        || style.contains("display:none")
        || style.contains("visibility:hidden")
        || matches!(
            element.name.as_str(),
            "template" | "noscript" | "svg" | "annotation" | "annotation-xml" | "datalist"
        )
        || (element.name == "dialog" && element.find("open").is_none());
    match element.name.as_str() {
        _ if hidden => Some(ChangeReason::HiddenText),
        "rt" | "rp" => Some(ChangeReason::Reading),
        _ if keep_all => None,
        // LibreOffice writes the head and foot of the pages so.
        "div" if matches!(element.attribute("title"), "header" | "footer") => Some(ChangeReason::RunningHead),
        _ if boilerplate => Some(ChangeReason::Boilerplate),
        _ => None,
    }
}
