//! Tables on printed pages: lines whose parts stand under one another in columns, and the cells they make.
//!
//! Ruled lines are not looked at: many tables have none. A table is told by two lines or more with wide gaps at the
//! same places; its cells go on in lines that fill no first column.

use super::page::PrintedLine;
use crate::read::ends::list_mark;
use std::ops::Range;

/// A cell: the lines (index on the page) and parts that it has, from above.
pub(super) type Cell = Vec<(usize, usize)>;

/// A table on a page.
#[derive(Debug)]
pub(super) struct Table {
    pub lines: Range<usize>,
    /// The cells in reading order, each with its column.
    pub cells: Vec<(usize, Cell)>,
    /// Where the columns begin and end.
    pub columns: Vec<(f64, f64)>,
    /// The first row has nothing in the first column: it may go on from the page before.
    pub goes_on: bool,
}

/// Parts of a line that is no table are one: the number of a list and its text.
pub(super) fn join_marks(line: &mut PrintedLine) {
    while line.parts.len() > 1
        && is_mark(&line.parts[0].text)
        && line.parts[1].left - line.parts[0].right < 5.0 * line.size
    {
        let mark = line.parts.remove(0);
        let first = &mut line.parts[0];
        first.text = format!("{} {}", mark.text, first.text);
        first.left = mark.left;
    }
}

fn is_mark(text: &str) -> bool {
    text.chars().count() <= 6
        && (list_mark(&format!("{text} x")).is_some_and(|end| end > text.len())
            || (text.chars().all(|c| c.is_ascii_digit() || c == '.') && text.ends_with('.')))
}

/// The tables of a page, from above. `pitch` is the distance of lines in a paragraph.
pub(super) fn find(lines: &[PrintedLine], pitch: f64) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    let mut start = 0;
    while start < lines.len() {
        if lines[start].parts.len() < 2 {
            start += 1;
            continue;
        }
        let from = tables.last().map_or(0, |t: &Table| t.lines.end);
        match grow(lines, from, start, pitch) {
            Some(table) => {
                start = table.lines.end;
                tables.push(table);
            }
            None => start += 1,
        }
    }
    tables
}

/// Extends a table from its first line with columns, down and then up.
fn grow(lines: &[PrintedLine], from: usize, first: usize, pitch: f64) -> Option<Table> {
    let mut columns: Vec<(f64, f64)> = lines[first].parts.iter().map(|p| (p.left, p.right)).collect();
    let mut end = first + 1;
    while end < lines.len() {
        let (line, before) = (&lines[end], &lines[end - 1]);
        if line.y - before.y > 3.5 * pitch.max(line.size) {
            break;
        }
        let Some(widened) = fit(&columns, line) else { break };
        columns = widened;
        end += 1;
    }
    // A single line at the first column's place is as well the paragraph after the table.
    while end > first + 1 && lines[end - 1].parts.len() < 2 && starts_first_column(&columns, &lines[end - 1])
    {
        end -= 1;
    }
    let mut start = first;
    while start > from
        && lines[start].y - lines[start - 1].y <= 2.5 * pitch.max(lines[start].size)
        && lines[start - 1].parts.len() == 1
        && !starts_first_column(&columns, &lines[start - 1])
        && fit(&columns, &lines[start - 1]).is_some_and(|c| c.len() == columns.len())
    {
        start -= 1;
    }
    let rows = lines[start..end].iter().filter(|l| l.parts.len() >= 2).count();
    if rows < 2 || columns.len() < 2 || is_set_in_columns(&lines[start..end], &columns) {
        return None;
    }
    Some(cells(lines, start..end, columns))
}

fn starts_first_column(columns: &[(f64, f64)], line: &PrintedLine) -> bool {
    columns.first().is_some_and(|c| line.left() < c.1)
}

/// The columns with a line's parts in them, if each part overlaps one column at most and keeps clear of the others.
fn fit(columns: &[(f64, f64)], line: &PrintedLine) -> Option<Vec<(f64, f64)>> {
    let mut widened = columns.to_vec();
    let mut new = Vec::new();
    let mut used: Option<usize> = None;
    for part in &line.parts {
        let mut under = (0..columns.len()).filter(|&k| {
            part.left < columns[k].1 + 0.3 * line.size && part.right > columns[k].0 - 0.3 * line.size
        });
        match (under.next(), under.next()) {
            (Some(k), None) if used != Some(k) => {
                let (left, right) = columns[k];
                // Set flush left, flush right or centred.
                let flush = (part.left - left).abs() < line.size
                    || (part.right - right).abs() < line.size
                    || ((part.left + part.right) - (left + right)).abs() < 2.0 * line.size;
                if !flush {
                    return None;
                }
                widened[k] = (left.min(part.left), right.max(part.right));
                used = Some(k);
            }
            (None, _) if line.parts.len() > 1 => new.push((part.left, part.right)),
            _ => return None,
        }
    }
    // At least one part stands where others do.
    used?;
    widened.extend(new);
    widened.sort_by(|a, b| a.0.total_cmp(&b.0));
    Some(widened)
}

/// Running text set in two columns, not a table: many lines, most of them filling the left column.
fn is_set_in_columns(lines: &[PrintedLine], columns: &[(f64, f64)]) -> bool {
    let (left, right) = columns[0];
    let full = lines
        .iter()
        .filter(|l| l.parts[0].left < right && l.parts[0].right - l.parts[0].left >= 0.85 * (right - left));
    columns.len() == 2
        && lines.len() >= 8
        && right - left >= 15.0 * lines[0].size
        && full.count() * 10 >= lines.len() * 6
}

/// Whether all parts of a line go on where the line before filled its column, and some column has nothing: no row,
/// but the second line of one.
fn wraps(before: &PrintedLine, line: &PrintedLine, columns: &[(f64, f64)]) -> bool {
    line.parts.len() < columns.len()
        && line.parts.iter().all(|part| {
            let column = columns.iter().find(|c| part.left < c.1 && part.right > c.0);
            column.is_some_and(|&(left, right)| {
                let above = before.parts.iter().find(|p| p.left < right && p.right > left);
                above.is_some_and(|p| p.right + part.first_word(line.size) + 0.2 * line.size > right)
            })
        })
}

/// Rows and cells. Where rows are set apart by more space than lines in a cell, the space tells; otherwise a row
/// begins where the first column has text.
fn cells(lines: &[PrintedLine], range: Range<usize>, columns: Vec<(f64, f64)>) -> Table {
    let steps: Vec<f64> = range.clone().skip(1).map(|i| lines[i].y - lines[i - 1].y).collect();
    let least = steps.iter().copied().fold(f64::MAX, f64::min);
    let most = steps.iter().copied().fold(0.0, f64::max);
    let by_space = most > 1.15 * least;
    let column_of = |left: f64, right: f64| {
        (0..columns.len()).find(|&k| left < columns[k].1 && right > columns[k].0).unwrap_or(columns.len() - 1)
    };
    let mut table =
        Table { lines: range.clone(), cells: Vec::new(), columns: columns.clone(), goes_on: false };
    let mut row: Vec<Cell> = vec![Vec::new(); columns.len()];
    let flush = |row: &mut Vec<Cell>, table: &mut Table| {
        for (k, cell) in row.iter_mut().enumerate() {
            if !cell.is_empty() {
                table.cells.push((k, std::mem::take(cell)));
            }
        }
    };
    for i in range.clone() {
        let first = column_of(lines[i].parts[0].left, lines[i].parts[0].right);
        if i == range.start {
            table.goes_on = first > 0;
        } else {
            let step = lines[i].y - lines[i - 1].y;
            let begins = if by_space {
                step > 1.15 * least
            } else {
                first == 0 && !wraps(&lines[i - 1], &lines[i], &columns)
            };
            if begins {
                flush(&mut row, &mut table);
            }
        }
        for (k, part) in lines[i].parts.iter().enumerate() {
            row[column_of(part.left, part.right)].push((i, k));
        }
    }
    flush(&mut row, &mut table);
    table
}
