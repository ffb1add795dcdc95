//! Markdown (CommonMark with tables, footnotes, front matter): blocks of text without the marks.
//!
//! What the marks say goes into the kind of block; addresses, names of code languages and the front matter are set
//! aside and told. Marks of nothing but punctuation (`#`, `**`, `|---|`) are like the tags of HTML: no text, not
//! told.

use super::flow::Flow;
use super::{Parts, ReadOptions, encoding, html, language_of};
use crate::error::Result;
use crate::model::{Block, BlockKind, Change, ChangeReason, Piece};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// Reads a Markdown file.
pub(super) fn read(bytes: &[u8], options: &ReadOptions) -> Result<Parts> {
    let decoded = encoding::decode(bytes, options.encoding.as_deref())?;
    let (blocks, changes) = blocks(&decoded.text);
    let content: String = blocks.iter().flat_map(|b| [b.text.as_str(), "\n"]).collect();
    let (lang, script) = language_of(&content, options)?;
    let notices = decoded.notice.into_iter().collect();
    Ok(Parts { lang, script, encoding: decoded.encoding.to_string(), blocks, changes, notices })
}

struct Walker<'a> {
    text: &'a str,
    flow: Flow<'a>,
    blocks: Vec<Block>,
    changes: Vec<Change>,
    /// Where text was taken from.
    covered: Vec<Range<usize>>,
    heading: Option<u8>,
    cell: bool,
    code: bool,
    /// How deep in what: images and front matter (no text), footnotes.
    silent: usize,
    notes: usize,
    /// The next number of each open list; none for bullets.
    lists: Vec<Option<u64>>,
    item_begins: bool,
    mark: Option<(String, Range<usize>)>,
}

fn blocks(text: &str) -> (Vec<Block>, Vec<Change>) {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS;
    let mut walker = Walker {
        text,
        flow: Flow::new(text, ""),
        blocks: Vec::new(),
        changes: Vec::new(),
        covered: Vec::new(),
        heading: None,
        cell: false,
        code: false,
        silent: 0,
        notes: 0,
        lists: Vec::new(),
        item_begins: false,
        mark: None,
    };
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        walker.event(event, range);
    }
    walker.end_block();
    walker.tell_the_rest();
    let Walker { mut blocks, mut changes, mut flow, .. } = walker;
    changes.append(&mut flow.changes);
    changes.sort_by_key(|c| (c.place.bytes.start, c.place.bytes.end));
    blocks.sort_by_key(|b| b.pieces.first().map_or(0, |p| p.place.bytes.start));
    (blocks, changes)
}

impl Walker<'_> {
    fn event(&mut self, event: Event, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(&tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.code => self.code_lines(&text, range),
            Event::Text(text) | Event::Code(text) => self.words(&text, range),
            Event::InlineMath(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) => {
                let words = self.text[range.clone()].to_string();
                self.words(&words, range);
            }
            Event::SoftBreak => self.flow.line_end(),
            Event::HardBreak => self.end_block(),
            Event::Rule => self.end_block(),
            Event::InlineHtml(tag) if tag.to_ascii_lowercase().starts_with("<br") => self.flow.space(),
            Event::Html(_) | Event::InlineHtml(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: &Tag, range: Range<usize>) {
        match tag {
            Tag::Image { .. } | Tag::MetadataBlock(_) => self.silent += 1,
            Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::Link { .. } => {
                return;
            }
            _ => self.end_block(),
        }
        match tag {
            Tag::Heading { level, .. } => self.heading = Some(level_of(*level)),
            Tag::CodeBlock(_) => {
                self.code = true;
                self.flow.verbatim = true;
            }
            Tag::HtmlBlock => self.html(range),
            Tag::List(first) => self.lists.push(*first),
            Tag::Item => {
                self.item_begins = true;
                let rest = &self.text[range.clone()];
                let mark = rest.find(|c: char| c.is_whitespace()).unwrap_or(rest.len());
                let place = range.start..range.start + mark;
                self.mark = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        let printed =
                            format!("{number}{}", if rest[..mark].ends_with(')') { ")" } else { "." });
                        *number = number.saturating_add(1);
                        Some((printed, place))
                    }
                    _ => None,
                };
            }
            Tag::FootnoteDefinition(label) => {
                self.notes += 1;
                let mark = format!("[^{label}]:");
                let end = range.start + mark.len();
                if self.text.get(range.start..end) == Some(mark.as_str()) {
                    self.mark = Some((mark, range.start..end));
                }
            }
            Tag::TableCell => self.cell = true,
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Image => self.silent = self.silent.saturating_sub(1),
            TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Link => {}
            _ => {
                self.end_block();
                match tag {
                    TagEnd::MetadataBlock(_) => self.silent = self.silent.saturating_sub(1),
                    TagEnd::Heading(_) => self.heading = None,
                    TagEnd::CodeBlock => (self.code, self.flow.verbatim) = (false, false),
                    TagEnd::List(_) => {
                        self.lists.pop();
                    }
                    TagEnd::Item => (self.item_begins, self.mark) = (false, None),
                    TagEnd::FootnoteDefinition => {
                        (self.notes, self.mark) = (self.notes.saturating_sub(1), None)
                    }
                    TagEnd::TableCell => self.cell = false,
                    _ => {}
                }
            }
        }
    }

    fn words(&mut self, words: &str, range: Range<usize>) {
        if self.silent > 0 {
            return;
        }
        if let Some((mark, place)) = self.mark.take_if(|_| !words.trim().is_empty()) {
            self.covered.push(place.clone());
            if self.text[place.clone()] == mark {
                self.flow.copy(&mark, place.start);
            } else {
                self.flow.write(&mark, place);
            }
            self.flow.space();
        }
        // Code stands between backticks.
        match self.text[range.clone()].find(words) {
            Some(at) => {
                let start = range.start + at;
                self.flow.copy(words, start);
                self.covered.push(start..start + words.len());
            }
            None => {
                self.flow.write(words, range.clone());
                self.covered.push(range);
            }
        }
    }

    fn code_lines(&mut self, text: &str, range: Range<usize>) {
        let copied = self.text[range.clone()] == *text;
        self.covered.push(range.clone());
        let mut at = range.start;
        for line in text.split_inclusive('\n') {
            let bare = line.trim_end_matches(['\n', '\r']);
            if copied {
                self.flow.copy(bare, at)
            } else {
                self.flow.write(bare, range.clone())
            }
            at += line.len();
            if line.ends_with('\n') {
                self.end_block();
            }
        }
    }

    /// A block of HTML is read as a page of its own.
    fn html(&mut self, range: Range<usize>) {
        let (blocks, changes) = html::blocks(&self.text[range.clone()], "");
        let line = self.flow.place(range.start..range.start).line;
        let moved = |place: &mut crate::model::Place| {
            place.line += line - 1;
            place.bytes = place.bytes.start + range.start..place.bytes.end + range.start;
        };
        for mut block in blocks {
            block.pieces.iter_mut().for_each(|p: &mut Piece| moved(&mut p.place));
            self.blocks.push(block);
        }
        for mut change in changes {
            moved(&mut change.place);
            self.changes.push(change);
        }
        self.covered.push(range);
    }

    fn end_block(&mut self) {
        let kind = match self.heading {
            _ if self.code => BlockKind::Line,
            Some(level) => BlockKind::Heading(level),
            None if self.notes > 0 => BlockKind::Footnote,
            None if self.cell => BlockKind::Cell,
            None if self.item_begins => BlockKind::ListItem,
            None => BlockKind::Paragraph,
        };
        if let Some(block) = self.flow.take(kind) {
            self.blocks.push(block);
            self.item_begins = false;
        }
    }

    /// Words of the file that are no text: addresses, languages of code, the front matter, what images show.
    fn tell_the_rest(&mut self) {
        let mut covered = std::mem::take(&mut self.covered);
        covered.sort_by_key(|r| r.start);
        let mut at = 0;
        for range in covered.into_iter().chain(std::iter::once(self.text.len()..self.text.len())) {
            if range.start > at {
                let rest = &self.text[at..range.start];
                let words = rest.trim_matches(|c: char| c.is_whitespace());
                if words.contains(char::is_alphanumeric) {
                    let start = at + rest.find(words).unwrap_or(0);
                    let place = self.flow.place(start..start + words.len());
                    let reason = ChangeReason::Markup;
                    self.changes.push(Change { reason, place, text: words.to_string() });
                }
            }
            at = at.max(range.end);
        }
    }
}

fn level_of(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(BlockKind, String)> {
        blocks(text).0.into_iter().map(|b| (b.kind, b.text)).collect()
    }

    #[test]
    fn blocks_have_kinds_and_no_marks() {
        let text = "---\ntitle: 通知\n---\n# 第一章 *总则*\n\n本办法由\n市政府制定，见 [公报](https://example.org/a \"t\")。\n\n\
                    3. 甲方\n4. 乙方\n   续段\n\n| 项目 | 数量 |\n|---|---|\n| 桌子 | `12` |\n\n```sh\nls  -l\ncd /\n```\n\n注[^1]\n\n[^1]: 见附件。\n";
        let kinds = told(text);
        let expected = [
            (BlockKind::Heading(1), "第一章 总则"),
            (BlockKind::Paragraph, "本办法由市政府制定，见 公报。"),
            (BlockKind::ListItem, "3. 甲方"),
            (BlockKind::ListItem, "4. 乙方续段"),
            (BlockKind::Cell, "项目"),
            (BlockKind::Cell, "数量"),
            (BlockKind::Cell, "桌子"),
            (BlockKind::Cell, "12"),
            (BlockKind::Line, "ls  -l"),
            (BlockKind::Line, "cd /"),
            (BlockKind::Paragraph, "注[^1]"),
            (BlockKind::Footnote, "[^1]: 见附件。"),
        ];
        let expected: Vec<_> = expected.iter().map(|(k, t)| (*k, t.to_string())).collect();
        assert_eq!(kinds, expected);
        let changes = blocks(text).1;
        assert!(changes.iter().all(|c| c.reason == ChangeReason::Markup));
        let all: String = changes.iter().map(|c| c.text.as_str()).collect();
        assert!(
            all.contains("title: 通知") && all.contains("https://example.org/a") && all.contains("sh"),
            "{all}"
        );
    }

    #[test]
    fn html_inside_is_read() {
        let told = told("One\ntwo.\n\n<div>\n<p>Three&amp;four</p>\n</div>\n\n![shown](x.png)\n");
        let expected = [(BlockKind::Paragraph, "One two."), (BlockKind::Paragraph, "Three&four")];
        assert_eq!(told, expected.map(|(k, t)| (k, t.to_string())));
    }
}
