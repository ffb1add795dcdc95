//! A page as a flat list of elements and stretches of text, each with its place.
//!
//! The tokenizer is html5ever's. Its tree builder is not used: it knows no places, and its work grows with the
//! square of the depth of hostile pages. The few rules of HTML on which text depends are here (which start tag
//! closes which element, which end tag is heard); each step takes constant time, and nothing recurses.

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, CharacterTokens, CommentToken, DoctypeToken, NullCharacterToken, Tag, TagKind, TagToken,
    Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::ops::Range;

/// What an element is to the text in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Sort {
    /// Goes along in the line; kept only where something is to be known about it (a link, hidden text).
    Inline,
    /// A part of the page that holds others: `div`, `section`, `body`.
    Block,
    Paragraph,
    /// `h1` to `h6`.
    Heading(u8),
    /// `ul`, `ol`, `dl`, `menu`.
    List,
    Item,
    /// `dt`, `dd`.
    Term,
    Table,
    RowGroup,
    Row,
    Cell,
    /// `pre`, `listing`.
    Preformatted,
    /// `option`, `button`, `legend`: words of forms.
    Control,
    /// `script`, `style` and the like: no text.
    Code,
    /// `br`, `hr`: ends a line.
    LineEnd,
}

/// An element that matters.
#[derive(Debug)]
pub(super) struct Element {
    pub name: String,
    pub sort: Sort,
    /// Attributes that say something about text.
    attributes: Vec<(String, String)>,
    /// A cell with a table in it: it lays out the page.
    pub lays_out: bool,
}

impl Element {
    /// An attribute's value; empty if it is not there.
    pub fn attribute(&self, name: &str) -> &str {
        self.find(name).unwrap_or_default()
    }

    pub fn find(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

/// One step through the page.
#[derive(Debug)]
pub(super) enum Item {
    /// An element begins: its index, and where its tag stands.
    Open(u32, Range<usize>),
    /// The innermost open element ends.
    Close,
    /// Text as it stands in the original.
    Copied(Range<usize>),
    /// Text that the original writes as a reference.
    Written(Range<usize>, String),
}

/// A page.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub elements: Vec<Element>,
    pub items: Vec<Item>,
}

/// Tags after so many are not heard, their text goes on: a bound on memory (some 150 bytes an element), chosen far
/// above what a page of any use has.
const MOST_ELEMENTS: usize = 3_000_000;

fn sort_of(name: &str) -> Sort {
    match name {
        "p" => Sort::Paragraph,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Sort::Heading(name.as_bytes()[1] - b'0'),
        "ul" | "ol" | "dl" | "menu" | "dir" => Sort::List,
        "li" => Sort::Item,
        "dt" | "dd" => Sort::Term,
        "table" => Sort::Table,
        "thead" | "tbody" | "tfoot" => Sort::RowGroup,
        "tr" => Sort::Row,
        "td" | "th" => Sort::Cell,
        "pre" | "listing" | "xmp" | "plaintext" => Sort::Preformatted,
        "option" | "button" | "legend" | "textarea" | "label" => Sort::Control,
        "script" | "style" | "iframe" | "noembed" | "noframes" | "object" | "applet" => Sort::Code,
        "br" | "hr" => Sort::LineEnd,
        "html" | "head" | "title" | "body" | "div" | "section" | "article" | "main" | "nav" | "header"
        | "footer" | "aside" | "address" | "blockquote" | "figure" | "figcaption" | "caption" | "form"
        | "fieldset" | "details" | "summary" | "hgroup" | "center" | "template" | "noscript" | "dialog"
        | "search" | "select" | "optgroup" | "datalist" => Sort::Block,
        _ => Sort::Inline,
    }
}

const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
];

/// Attributes that say something about text.
const TOLD: [&str; 13] = [
    "class",
    "epub:type",
    "hidden",
    "href",
    "id",
    "open",
    "reversed",
    "role",
    "start",
    "style",
    "title",
    "type",
    "value",
];

#[derive(Default)]
struct Builder {
    page: Page,
    /// Indices of the open elements.
    open: Vec<u32>,
    /// For each name, and each sort that closes another, where it is open.
    by_name: HashMap<String, Vec<u32>>,
    by_sort: HashMap<Sort, Vec<u32>>,
    /// Where elements are open that are not inline.
    blocks: Vec<u32>,
    /// The bytes being fed.
    chunk: Range<usize>,
    /// References that were fed and have not come back as characters. The last ones may come with later parts.
    references: VecDeque<Range<usize>>,
    /// Written as XML: `<p/>` is an empty element.
    xml: bool,
}

struct Sink<'a> {
    text: &'a str,
    builder: RefCell<Builder>,
}

impl TokenSink for Sink<'_> {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut builder = self.builder.borrow_mut();
        match token {
            // What was fed before them and has not come back stood inside: in a link, say.
            TagToken(tag) => {
                builder.take_chunk();
                return builder.tag(&tag);
            }
            CommentToken(_) | DoctypeToken(_) => builder.take_chunk(),
            CharacterTokens(characters) => builder.characters(self.text, &characters),
            NullCharacterToken => builder.characters(self.text, "\0"),
            _ => {}
        }
        TokenSinkResult::Continue
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.borrow().xml
    }
}

/// Takes a page apart.
pub(super) fn tokenize(text: &str) -> Page {
    let head = head_of(text, 1024);
    let xml = head.trim_start().starts_with("<?xml") || head.contains("http://www.w3.org/1999/xhtml");
    let sink = Sink { text, builder: RefCell::new(Builder { xml, ..Builder::default() }) };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let queue = BufferQueue::default();
    let bytes = text.as_bytes();
    let mut start = 0;
    // Fed in parts that end with a tag or a reference, so that each token knows where it comes from.
    while start < bytes.len() {
        let end = next_cut(bytes, start);
        let mut builder = tokenizer.sink.builder.borrow_mut();
        // What may be a reference without semicolon, or a tag, comes back when what follows it is known.
        let rest = std::mem::replace(&mut builder.chunk, start..end);
        if !rest.is_empty() && b"&<".contains(&bytes[rest.start]) && !builder.references.contains(&rest) {
            builder.references.push_back(rest);
        }
        if bytes[start] == b'&' && bytes[end - 1] == b';' {
            builder.references.push_back(start..end);
        }
        drop(builder);
        queue.push_back(StrTendril::from_slice(&text[start..end]));
        // A script's end suspends the tokenizer.
        while !queue.is_empty() {
            let _ = tokenizer.feed(&queue);
        }
        start = end;
    }
    tokenizer.end();
    let mut builder = tokenizer.sink.builder.into_inner();
    builder.close_to(0);
    builder.page
}

/// Text is found again within so many bytes: names of references have up to 32 characters.
const NEAR: usize = 64;

/// The text's beginning, of so many bytes at most.
fn head_of(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    &text[..end]
}

/// Where the part that begins at `start` ends: before `<`, after `>`, around a reference.
fn next_cut(bytes: &[u8], start: usize) -> usize {
    let reference = |at: usize| {
        let name =
            bytes[at + 1..].iter().take(32).take_while(|b| b.is_ascii_alphanumeric() || **b == b'#').count();
        (name > 0 && bytes.get(at + 1 + name) == Some(&b';')).then_some(at + name + 2)
    };
    let mut at = start;
    if bytes[at] == b'&'
        && let Some(end) = reference(at)
    {
        return end;
    }
    loop {
        at += 1;
        match bytes.get(at) {
            None | Some(b'<') => return at,
            Some(b'>') => return at + 1,
            Some(b'&') if reference(at).is_some() => return at,
            _ => {}
        }
    }
}

impl Builder {
    /// A tag or the like ends where the part ends that was fed.
    fn take_chunk(&mut self) {
        self.references.clear();
        self.chunk.start = self.chunk.end;
    }

    fn characters(&mut self, text: &str, characters: &str) {
        if let Some(reference) = self.references.pop_front() {
            return self.referred(text, characters, reference);
        }
        let rest = &text[self.chunk.clone()];
        if rest.starts_with(characters) {
            let start = self.chunk.start;
            self.chunk.start += characters.len();
            // Neighbours are one stretch.
            if let Some(Item::Copied(last)) = self.page.items.last_mut()
                && last.end == start
            {
                last.end = self.chunk.start;
            } else {
                self.page.items.push(Item::Copied(start..self.chunk.start));
            }
            return;
        }
        if characters == "\n" && rest.starts_with('\r') {
            self.chunk.start += if rest.starts_with("\r\n") { 2 } else { 1 };
            let end = self.chunk.start;
            self.page.items.push(Item::Written(end..end, "\n".to_string()));
            return;
        }
        // A line end became one character, or a reference has no semicolon: text after it is found again nearby.
        if let Some(found) = head_of(rest, NEAR + characters.len()).find(characters) {
            self.chunk.start += found;
            return self.characters(text, characters);
        }
        // Text and a reference without semicolon may come as one.
        let same = rest.chars().zip(characters.chars()).take_while(|(a, b)| a == b);
        let same: usize = same.map(|(a, _)| a.len_utf8()).sum();
        if same > 0 {
            self.characters(text, &characters[..same]);
            return self.characters(text, &characters[same..]);
        }
        let bytes = self.chunk.start..self.chunk.start;
        self.page.items.push(Item::Written(bytes, characters.to_string()));
    }

    /// Characters that come for a reference; one that names nothing comes as it is written, in parts.
    fn referred(&mut self, text: &str, characters: &str, reference: Range<usize>) {
        if self.chunk.start == reference.start {
            self.chunk.start = reference.end;
        }
        let written = &text[reference.clone()];
        let means_itself =
            ["&amp;", "&#38;", "&#x26;", "&#X26;", "&AMP;"].contains(&written) && characters == "&";
        if written.starts_with(characters) && !means_itself {
            let end = reference.start + characters.len();
            self.page.items.push(Item::Copied(reference.start..end));
            if end < reference.end {
                self.references.push_front(end..reference.end);
            }
        } else {
            self.page.items.push(Item::Written(reference, characters.to_string()));
        }
    }

    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name: &str = &tag.name;
        // XHTML may have a prefix.
        let name = name.strip_prefix("xhtml:").unwrap_or(name);
        let sort = sort_of(name);
        if tag.kind == TagKind::EndTag {
            if name == "br" {
                self.open_and_close(name, sort);
            } else {
                self.end_tag(name, sort);
            }
            return TokenSinkResult::Continue;
        }
        if self.page.elements.len() >= MOST_ELEMENTS {
            return TokenSinkResult::Continue;
        }
        if VOID.contains(&name)
            || ((self.xml || self.is_open("svg") || self.is_open("math")) && tag.self_closing)
        {
            if sort != Sort::Inline {
                self.make_room(name, sort);
                self.open_and_close(name, sort);
            }
            return TokenSinkResult::Continue;
        }
        let attributes: Vec<(String, String)> = tag
            .attrs
            .iter()
            .filter(|a| TOLD.contains(&&*a.name.local))
            .map(|a| (a.name.local.to_string(), a.value.chars().take(2000).collect()))
            .collect();
        let matters = matches!(name, "a" | "rt" | "rp" | "svg" | "annotation" | "annotation-xml")
            || !attributes.is_empty();
        if sort != Sort::Inline || matters {
            self.make_room(name, sort);
            self.open(name, sort, attributes);
        }
        match name {
            "script" if !self.xml => TokenSinkResult::RawData(RawKind::ScriptData),
            "style" | "xmp" | "iframe" | "noembed" | "noframes" if !self.xml => {
                TokenSinkResult::RawData(RawKind::Rawtext)
            }
            "title" if self.is_open("svg") => TokenSinkResult::Continue,
            "title" | "textarea" if !self.xml => TokenSinkResult::RawData(RawKind::Rcdata),
            "plaintext" => TokenSinkResult::Plaintext,
            _ => TokenSinkResult::Continue,
        }
    }

    fn is_open(&self, name: &str) -> bool {
        self.by_name.get(name).is_some_and(|at| !at.is_empty())
    }

    /// Where the innermost element of a sort is open.
    fn innermost(&self, sort: Sort) -> Option<u32> {
        self.by_sort.get(&sort).and_then(|at| at.last().copied())
    }

    /// Closes what a start tag closes without saying so (HTML, section 13.1.2.4, optional tags).
    fn make_room(&mut self, name: &str, sort: Sort) {
        let (closed, within): (&[Sort], &[Sort]) = match sort {
            Sort::Inline | Sort::LineEnd if name != "hr" => return,
            Sort::Code | Sort::Control => return,
            Sort::Item => (&[Sort::Item], &[Sort::List]),
            Sort::Term => (&[Sort::Term], &[Sort::List]),
            Sort::Row => (&[Sort::Row], &[Sort::Table]),
            Sort::RowGroup => (&[Sort::RowGroup, Sort::Row], &[Sort::Table]),
            Sort::Cell => (&[Sort::Cell], &[Sort::Table, Sort::Row]),
            _ => (&[], &[]),
        };
        for sort in [Sort::Paragraph].iter().chain(closed) {
            let bounds = if *sort == Sort::Paragraph { &[Sort::Table, Sort::Cell][..] } else { within };
            let bound = bounds.iter().filter_map(|&s| self.innermost(s)).max();
            if let Some(at) = self.innermost(*sort).filter(|at| bound.is_none_or(|bound| *at > bound)) {
                self.close_to(at as usize);
            }
        }
        if sort == Sort::Table
            && let Some(at) = self.innermost(Sort::Cell)
        {
            let cell = self.open[at as usize] as usize;
            self.page.elements[cell].lays_out = true;
        }
    }

    fn open(&mut self, name: &str, sort: Sort, attributes: Vec<(String, String)>) {
        let (element, at) = (self.page.elements.len() as u32, self.open.len() as u32);
        self.page.elements.push(Element { name: name.to_string(), sort, attributes, lays_out: false });
        self.page.items.push(Item::Open(element, self.chunk.clone()));
        self.open.push(element);
        self.by_name.entry(name.to_string()).or_default().push(at);
        self.by_sort.entry(sort).or_default().push(at);
        if sort != Sort::Inline {
            self.blocks.push(at);
        }
    }

    fn open_and_close(&mut self, name: &str, sort: Sort) {
        self.open(name, sort, Vec::new());
        self.close_to(self.open.len() - 1);
    }

    /// An end tag is heard if its element is open, and no block (for an inline element) or no cell (for the others)
    /// stands between.
    fn end_tag(&mut self, name: &str, sort: Sort) {
        let at = match sort {
            Sort::Heading(_) => (1..=6).filter_map(|level| self.innermost(Sort::Heading(level))).max(),
            _ => self.by_name.get(name).and_then(|at| at.last().copied()),
        };
        let bound = match sort {
            Sort::Inline => self.blocks.last().copied(),
            Sort::Table | Sort::RowGroup | Sort::Row | Sort::Cell => self.innermost(Sort::Table),
            _ => self.innermost(Sort::Cell),
        };
        if let Some(at) = at.filter(|at| bound.is_none_or(|bound| *at >= bound)) {
            self.close_to(at as usize);
        }
    }

    fn close_to(&mut self, at: usize) {
        while self.open.len() > at {
            let Some(element) = self.open.pop() else { return };
            let element = &self.page.elements[element as usize];
            if let Some(places) = self.by_name.get_mut(&element.name) {
                places.pop();
            }
            if let Some(places) = self.by_sort.get_mut(&element.sort) {
                places.pop();
            }
            if element.sort != Sort::Inline {
                self.blocks.pop();
            }
            self.page.items.push(Item::Close);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_that_come_late_and_those_of_attributes_keep_their_places() {
        let items = |text: &str| {
            let told = |item: Item| match item {
                Item::Copied(bytes) => Some((bytes.clone(), text[bytes].to_string())),
                Item::Written(bytes, written) => Some((bytes, written)),
                _ => None,
            };
            tokenize(text).items.into_iter().filter_map(told).collect::<Vec<_>>()
        };
        let own = |from: usize, to: usize, text: &str| (from..to, text.to_string());
        assert_eq!(
            items("&amp;&lt; good &copy"),
            [own(0, 5, "&"), own(5, 9, "<"), own(9, 15, " good "), own(15, 15, "©")]
        );
        assert_eq!(items("<a href=\"a&amp;b\">go</a> on"), [own(18, 20, "go"), own(24, 27, " on")]);
    }
}
