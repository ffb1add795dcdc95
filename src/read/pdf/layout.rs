//! Printed lines into text for the un-wrapping: lines in order, indented, with empty lines where the print leaves
//! room, pages parted by form feeds, the lines of each table cell together.

use super::page::PrintedLine;
use super::table::{self, Table};
use std::ops::Range;

/// The text of a document, and which of its lines are cells of tables.
#[derive(Debug, Default)]
pub(super) struct Layout {
    pub text: String,
    /// Ranges of the text that are lines of cells, each with the number of its cell.
    pub cells: Vec<(Range<usize>, usize)>,
    /// Where a rule was put above notes, as text files have it; no text of the document.
    pub rules: Vec<usize>,
}

/// The rule above notes.
const RULE: &str = "________________";

/// Type this much larger than that of the text is a title's. Chosen: smaller differences are found in running text.
const TITLE: f64 = 1.2;

/// The distance of lines within paragraphs: the most frequent one, in quarters of a point.
fn pitch_of(pages: &[Vec<PrintedLine>]) -> f64 {
    let mut counts: std::collections::BTreeMap<i64, usize> = Default::default();
    for page in pages {
        for pair in page.windows(2) {
            let (step, size) = (pair[1].y - pair[0].y, pair[1].size.max(1.0));
            if step > 0.8 * size && step < 2.5 * size {
                *counts.entry((step * 4.0).round() as i64).or_default() += 1;
            }
        }
    }
    let best = counts.iter().max_by_key(|&(step, count)| (*count, -step));
    best.map_or(12.0, |(step, _)| *step as f64 / 4.0)
}

/// The size of most type.
fn body_size(pages: &[Vec<PrintedLine>]) -> f64 {
    let mut counts: std::collections::BTreeMap<i64, usize> = Default::default();
    for line in pages.iter().flatten() {
        let characters = line.parts.iter().map(|p| p.text.chars().count()).sum::<usize>();
        *counts.entry((line.size * 4.0).round() as i64).or_default() += characters;
    }
    counts.iter().max_by_key(|(_, count)| **count).map_or(10.0, |(size, _)| *size as f64 / 4.0)
}

/// Titles are set larger, so that the width of the text does not tell where they were wrapped: their lines are
/// joined here, where the first had no room for the next word.
fn join_titles(page: &mut Vec<PrintedLine>, body: f64) {
    let right = page.iter().map(PrintedLine::right).fold(0.0, f64::max);
    let mut at = 1;
    while at < page.len() {
        let (a, b) = (&page[at - 1], &page[at]);
        let title = a.parts.len() == 1
            && b.parts.len() == 1
            && a.size >= TITLE * body
            && (a.size - b.size).abs() < 0.05 * a.size
            && b.y - a.y < 1.8 * a.size;
        if title && a.right() + b.parts[0].first_word(b.size) + 0.3 * a.size > right {
            let b = page.remove(at);
            let a = &mut page[at - 1];
            let part = &mut a.parts[0];
            let tight = part.text.chars().next_back().is_some_and(|c| !c.is_ascii())
                && b.parts[0].text.chars().next().is_some_and(|c| !c.is_ascii());
            part.text = [part.text.as_str(), b.parts[0].text.as_str()].join(if tight { "" } else { " " });
            a.y = b.y;
        } else {
            at += 1;
        }
    }
}

/// The line with which the notes of a page begin: set apart from the text, with a mark that stood raised above, no
/// more than a third of the page's lines from its end.
fn first_note(lines: &[PrintedLine], pitch: f64) -> Option<usize> {
    let mut marks: Vec<&str> = Vec::new();
    let mut found = None;
    for (i, line) in lines.iter().enumerate() {
        let words = line.parts.first().map_or("", |p| p.text.as_str());
        let word = words.split(' ').next().unwrap_or_default();
        let begins = marks.contains(&word)
            || line
                .marks
                .first()
                .is_some_and(|m| marks.contains(&m.as_str()) && words.starts_with(m.as_str()));
        let apart = i > 0 && empty_lines(line.y - lines[i - 1].y, pitch) > 0;
        if begins && apart && i * 3 >= lines.len() * 2 && line.parts.len() == 1 {
            found = found.or(Some(i));
        }
        marks.extend(line.marks.iter().map(String::as_str));
    }
    found
}

/// Lays the pages out.
pub(super) fn lay_out(mut pages: Vec<Vec<PrintedLine>>) -> Layout {
    pages.iter_mut().flatten().for_each(table::join_marks);
    let body = body_size(&pages);
    pages.iter_mut().for_each(|page| join_titles(page, body));
    let pitch = pitch_of(&pages);
    let mut layout = Layout::default();
    let mut cell_count = 0;
    // The last table of the page before: its columns, and the cell that each column ended with.
    let mut open: Option<(Vec<(f64, f64)>, Vec<Option<usize>>)> = None;
    for (number, lines) in pages.iter().enumerate() {
        if number > 0 {
            layout.text.push('\u{c}');
        }
        let margin = lines.iter().map(PrintedLine::left).fold(f64::MAX, f64::min);
        let tables = table::find(lines, pitch);
        let note = first_note(lines, pitch);
        let mut next = tables.iter().peekable();
        let mut at = 0;
        let mut before: Option<f64> = None;
        let mut last: Option<(Vec<(f64, f64)>, Vec<Option<usize>>)> = None;
        while at < lines.len() {
            let gap = before.map_or(0, |y| empty_lines(lines[at].y - y, pitch));
            layout.text.extend(std::iter::repeat_n('\n', gap));
            if note == Some(at) {
                layout.rules.push(layout.text.len());
                layout.text.push_str(RULE);
                layout.text.push('\n');
            }
            if let Some(table) = next.next_if(|t| t.lines.start == at) {
                let before = open.take().filter(|(columns, _)| table.goes_on && same_columns(columns, table));
                last = Some(layout.table(lines, table, before.map(|(_, cells)| cells), &mut cell_count));
                at = table.lines.end;
            } else {
                layout.line(&lines[at], margin);
                at += 1;
            }
            before = Some(lines[at - 1].y);
        }
        open = last;
    }
    layout
}

/// A distance in empty lines. Within a paragraph lines differ by less than a third of their distance.
fn empty_lines(step: f64, pitch: f64) -> usize {
    if step <= 1.3 * pitch { 0 } else { ((step / pitch).round() as usize).saturating_sub(1).clamp(1, 4) }
}

fn same_columns(columns: &[(f64, f64)], table: &Table) -> bool {
    table.columns.iter().all(|c| columns.iter().any(|d| (c.0 - d.0).abs() < 6.0))
}

impl Layout {
    fn line(&mut self, line: &PrintedLine, margin: f64) {
        // A column of the un-wrapping is half a Chinese character wide.
        let column = (line.size / 2.0).max(1.0);
        let spaces = |points: f64| ((points / column).round().max(0.0) as usize).min(100);
        self.text.extend(std::iter::repeat_n(' ', spaces(line.left() - margin)));
        for (k, part) in line.parts.iter().enumerate() {
            if k > 0 {
                let gap = spaces(part.left - line.parts[k - 1].right).max(2);
                self.text.extend(std::iter::repeat_n(' ', gap));
            }
            self.text.push_str(&part.text);
        }
        self.text.push('\n');
    }

    /// Writes the cells one after another; the first row may go on in the cells of the page before.
    fn table(
        &mut self,
        lines: &[PrintedLine],
        table: &Table,
        before: Option<Vec<Option<usize>>>,
        count: &mut usize,
    ) -> (Vec<(f64, f64)>, Vec<Option<usize>>) {
        let mut last = vec![None; table.columns.len()];
        let first_row = table.lines.start;
        for (column, cell) in &table.cells {
            let begins = cell.first().is_some_and(|(line, _)| *line == first_row);
            let number = match before.as_ref().and_then(|b| b.get(*column).copied().flatten()) {
                Some(number) if begins && table.goes_on => number,
                _ => {
                    *count += 1;
                    *count
                }
            };
            last[*column] = Some(number);
            for &(line, part) in cell {
                let start = self.text.len();
                self.text.push_str(&lines[line].parts[part].text);
                self.cells.push((start..self.text.len(), number));
                self.text.push('\n');
            }
        }
        (table.columns.clone(), last)
    }
}
