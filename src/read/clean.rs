//! One decoded text into blocks: lines, furniture, notes and layout come together here.

use super::ends::{Ending, heading_mark, is_standing_title, list_mark};
use super::furniture;
use super::hyphen::Words;
use super::join::Builder;
use super::lines::{Line, Source, split_lines, width_of};
use super::notes::{self, Role};
use super::wrap::{Layout, Shape, TypeFace, shapes};
use crate::model::{Block, BlockKind, Change, ChangeReason, Lang, Place};
use std::collections::BTreeMap;
use std::ops::Range;

/// Blocks in reading order and changes in order of place.
pub(super) fn clean(text: String, lang: Lang, keep_all: bool) -> (Vec<Block>, Vec<Change>) {
    clean_with_cells(text, &[], lang, keep_all)
}

/// The same, of text in which some lines are known to be cells of tables: ranges of the text in ascending order,
/// each with the number of its cell. The lines of a cell make one block; the text around the table goes on.
pub(super) fn clean_with_cells(
    text: String,
    cells: &[(Range<usize>, usize)],
    lang: Lang,
    keep_all: bool,
) -> (Vec<Block>, Vec<Change>) {
    let (source, mut changes) = Source::new(text);
    let lines = split_lines(&source);
    let cells = cells_of(&source, &lines, cells);
    let mut reasons = furniture::find(&source.text, &lines, lang);
    for (reason, cell) in reasons.iter_mut().zip(&cells) {
        if cell.is_some() {
            *reason = None;
        }
    }
    let kept = kept_lines(&lines, &reasons, &cells);
    let (layout, type_face) = measure(&source.text, &kept, lang);
    if keep_all || (!layout.wrapped && !lines.iter().any(|l| l.feed)) {
        reasons = vec![None; lines.len()];
    }
    let mut blocks: Vec<Block> = if layout.wrapped {
        let page = Page { source: &source, lines: &lines, reasons: &reasons, cells: &cells, lang, type_face };
        page.unwrap_lines(&layout, &mut changes)
    } else {
        let lines = kept_lines(&lines, &reasons, &cells);
        lines.iter().map(|line| line_block(&source, line)).collect()
    };
    blocks.extend(cell_blocks(&source, &lines, &cells, lang, &mut changes));
    // A job number in the masthead cuts no sentence: it is furniture on later pages only.
    let body =
        lines.iter().find(|l| starts_body(&source.text[l.content.clone()])).map_or(0, |l| l.content.start);
    for (line, reason) in lines.iter().zip(&reasons) {
        if let Some(reason) = reason {
            if *reason == ChangeReason::JobNumber && line.content.start < body {
                let block = line_block(&source, line);
                blocks.push(Block { kind: BlockKind::Line, ..block });
                continue;
            }
            changes.extend(source.changes(*reason, line.content.clone(), line.number));
        }
    }
    changes.sort_by_key(|c| (c.place.bytes.start, c.place.bytes.end));
    if body > 0 || cells.iter().any(Option::is_some) {
        blocks.sort_by_key(|b| b.pieces.first().map_or(0, |p| p.place.bytes.start));
    }
    (blocks, changes)
}

/// Whether a line belongs to running text: not short, with the stop or the comma of a sentence in it.
fn starts_body(content: &str) -> bool {
    let stops = ["。", "，", ", ", ". "];
    content.chars().count() >= 20 && stops.iter().any(|s| content.contains(s))
}

/// The layout, by the widths that explain the line ends best.
pub(super) fn measure(text: &str, kept: &[Line], lang: Lang) -> (Layout, TypeFace) {
    let fixed = Layout::measure(&shapes(text, kept, lang, TypeFace::Fixed), lang);
    if !fixed.wrapped {
        return (fixed, TypeFace::Fixed);
    }
    let proportional = Layout::measure(&shapes(text, kept, lang, TypeFace::Proportional), lang);
    if proportional.wrapped && proportional.spread < fixed.spread {
        (proportional, TypeFace::Proportional)
    } else {
        (fixed, TypeFace::Fixed)
    }
}

/// The cell that each line is part of.
fn cells_of(source: &Source, lines: &[Line], cells: &[(Range<usize>, usize)]) -> Vec<Option<usize>> {
    let cell = |line: &Line| {
        let at = source.stretches(line.content.clone()).first()?.1.start;
        let (range, cell) = &cells[cells.partition_point(|(range, _)| range.start <= at).checked_sub(1)?];
        (at < range.end).then_some(*cell)
    };
    if cells.is_empty() { vec![None; lines.len()] } else { lines.iter().map(cell).collect() }
}

fn cell_blocks(
    source: &Source,
    lines: &[Line],
    cells: &[Option<usize>],
    lang: Lang,
    changes: &mut Vec<Change>,
) -> Vec<Block> {
    let words = Words::default();
    let mut builders: BTreeMap<usize, Builder> = BTreeMap::new();
    for (line, cell) in lines.iter().zip(cells) {
        if let Some(cell) = cell {
            builders
                .entry(*cell)
                .or_insert_with(|| Builder::new(source, &words, lang))
                .push(line, false, changes);
        }
    }
    builders.into_values().map(|b| b.finish(BlockKind::Cell)).collect()
}

/// The lines that are neither furniture nor cells. A page's end is handed on to the next of them.
fn kept_lines(lines: &[Line], reasons: &[Option<ChangeReason>], cells: &[Option<usize>]) -> Vec<Line> {
    let mut feed = false;
    let mut kept = Vec::with_capacity(lines.len());
    for (i, line) in lines.iter().enumerate() {
        feed |= line.feed;
        if reasons[i].is_none() && cells[i].is_none() {
            let mut line = line.clone();
            line.feed = std::mem::take(&mut feed);
            kept.push(line);
        }
    }
    kept
}

/// A line of a text that was never wrapped: a block as it stands.
fn line_block(source: &Source, line: &Line) -> Block {
    let text = source.text[line.content.clone()].to_string();
    let kind = kind_of_line(&text);
    let pieces = source.pieces(line.content.clone(), line.number, 0);
    Block { kind, text, pieces }
}

pub(super) fn kind_of_line(text: &str) -> BlockKind {
    if is_standing_title(text) || (heading_mark(text) && width_of(text) <= 60) {
        BlockKind::Heading(0)
    } else if list_mark(text).is_some_and(|mark| mark < text.len()) {
        BlockKind::ListItem
    } else {
        BlockKind::Paragraph
    }
}

struct Page<'a> {
    source: &'a Source,
    lines: &'a [Line],
    reasons: &'a [Option<ChangeReason>],
    cells: &'a [Option<usize>],
    lang: Lang,
    type_face: TypeFace,
}

/// A line of text on its way into a block.
struct Entry {
    line: Line,
    role: Role,
    /// Whether a page ended, or furniture stood, between the entry before and this one.
    seam: bool,
}

impl Page<'_> {
    fn unwrap_lines(&self, layout: &Layout, changes: &mut Vec<Change>) -> Vec<Block> {
        let words = match self.lang {
            Lang::En => Words::count(&self.source.text, self.lines),
            Lang::Zh => Words::default(),
        };
        // Cells hold no notes; their reason stands for "not looked at" only.
        let looked_at = |(reason, cell): (&Option<ChangeReason>, &Option<usize>)| {
            reason.or(cell.map(|_| ChangeReason::Rule))
        };
        let reasons: Vec<_> = self.reasons.iter().zip(self.cells).map(looked_at).collect();
        let notes = notes::find(&self.source.text, self.lines, &reasons, self.lang);
        let main = self.entries(&notes.roles, |i| !notes.area[i] && self.cells[i].is_none());
        let notes = self.entries(&notes.roles, |i| notes.area[i] && self.cells[i].is_none());
        let mut blocks = self.blocks_of(&main, layout, &words, changes);
        blocks.extend(self.blocks_of(&notes, layout, &words, changes));
        blocks.sort_by_key(|b| b.pieces.first().map_or(0, |p| p.place.bytes.start));
        blocks
    }

    fn entries(&self, roles: &[Role], wanted: impl Fn(usize) -> bool) -> Vec<Entry> {
        let (mut entries, mut seam): (Vec<Entry>, bool) = (Vec::new(), false);
        let mut margin_feed = false;
        for (i, line) in self.lines.iter().enumerate() {
            margin_feed |= line.feed;
            seam |= line.feed || self.reasons[i].is_some() || !wanted(i);
            if self.reasons[i].is_none() && wanted(i) {
                let mut line = line.clone();
                line.feed = std::mem::take(&mut margin_feed);
                let first = entries.is_empty();
                entries.push(Entry { line, role: roles[i], seam: std::mem::take(&mut seam) && !first });
            }
        }
        entries
    }

    fn blocks_of(
        &self,
        entries: &[Entry],
        layout: &Layout,
        words: &Words,
        changes: &mut Vec<Change>,
    ) -> Vec<Block> {
        let lines: Vec<Line> = entries.iter().map(|e| e.line.clone()).collect();
        let mut shapes = shapes(&self.source.text, &lines, self.lang, self.type_face);
        for i in 1..entries.len() {
            // A mark on a line of its own cut one printed line into three.
            if entries[i].role == Role::Mark || entries[i - 1].role == Role::Mark {
                let edge = shapes[i - 1].edge + shapes[i].width;
                if edge <= layout.widest() {
                    shapes[i].edge = edge;
                }
            }
        }
        let mut blocks = Vec::new();
        let mut start = 0;
        while start < entries.len() {
            let mut end = start + 1;
            while end < entries.len() && self.goes_on(entries, &shapes, end, layout) {
                end += 1;
            }
            blocks.push(self.block(&entries[start..end], &shapes[start..end], layout, words, changes));
            start = end;
        }
        blocks
    }

    /// Whether entry `i` goes on in the block of the entry before.
    fn goes_on(&self, entries: &[Entry], shapes: &[Shape], i: usize, layout: &Layout) -> bool {
        let (before, here) = (&entries[i - 1], &entries[i]);
        match (before.role, here.role) {
            (Role::Mark | Role::NoteMark, Role::Text | Role::NoteRest | Role::Mark) => true,
            (_, Role::Mark) => true,
            (_, Role::NoteMark | Role::NoteStart) => false,
            _ => layout.joins(&shapes[i - 1], &shapes[i], here.seam, self.lang),
        }
    }

    fn block(
        &self,
        entries: &[Entry],
        shapes: &[Shape],
        layout: &Layout,
        words: &Words,
        changes: &mut Vec<Change>,
    ) -> Block {
        let mut builder = Builder::new(self.source, words, self.lang);
        for (i, entry) in entries.iter().enumerate() {
            let mark = entry.role == Role::Mark;
            if i > 0 {
                let reason = if mark {
                    Some(ChangeReason::NoteMark)
                } else if entry.seam || shapes[i].gap < layout.gap {
                    (entries[i - 1].role == Role::Text).then_some(ChangeReason::PageSeam)
                } else {
                    None
                };
                if let Some(reason) = reason {
                    changes.push(self.joined(&entries[i - 1].line, &entry.line, reason));
                }
            }
            builder.push(&entry.line, mark, changes);
        }
        let kind = self.kind(entries, shapes, builder.text());
        builder.finish(kind)
    }

    /// The report of two line ends that were joined.
    fn joined(&self, before: &Line, after: &Line, reason: ChangeReason) -> Change {
        let text = &self.source.text;
        let tail: Vec<char> = text[before.content.clone()].chars().rev().take(12).collect();
        let head: String = text[after.content.clone()].chars().take(12).collect();
        let bytes = self.source.pieces(before.content.end..after.content.start, before.number, 0);
        let start = bytes.first().map_or(0, |p| p.place.bytes.start);
        let end = bytes.last().map_or(start, |p| p.place.bytes.end);
        Change {
            reason,
            place: Place { part: String::new(), line: before.number, bytes: start..end },
            text: format!("{}|{head}", tail.iter().rev().collect::<String>()),
        }
    }

    fn kind(&self, entries: &[Entry], shapes: &[Shape], text: &str) -> BlockKind {
        if matches!(entries[0].role, Role::NoteMark | Role::NoteStart | Role::NoteRest) {
            return BlockKind::Footnote;
        }
        let last = &shapes[shapes.len() - 1];
        let complete = matches!(last.ending, Ending::Sentence | Ending::Semicolon);
        if is_standing_title(text) || (heading_mark(text) && !complete && shapes.len() <= 3) {
            return BlockKind::Heading(0);
        }
        if list_mark(text).is_some_and(|mark| mark < text.len()) {
            let han = text.starts_with(|c: char| !c.is_ascii());
            let heading = han && !complete && shapes.len() == 1 && !text.contains(['，', '；']);
            return if heading { BlockKind::Heading(0) } else { BlockKind::ListItem };
        }
        if complete || shapes.len() > 3 {
            return BlockKind::Paragraph;
        }
        if shapes[0].indent >= 2 && shapes.iter().all(|s| s.ending != Ending::Sentence) {
            return BlockKind::Heading(0);
        }
        if shapes.len() == 1 && shapes[0].width <= 60 && last.ending != Ending::Colon {
            return BlockKind::Line;
        }
        BlockKind::Paragraph
    }
}
