//! What a person can do to the rows, each as one step that can be taken back.
//!
//! Segments keep their order on each side; an operation only moves the borders between rows, changes the text that is
//! shown (the segments keep the original), or changes what was decided.

use super::row::{Row, free_id, join, joined};
use super::state::{Change, Splice, State};
use crate::error::{Error, Result};
use crate::model::{Place, Segment, Side, Status};
use std::collections::BTreeSet;

/// One thing to do. Rows are counted from 0 in the present order; characters are Unicode scalar values.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Operation {
    /// Accept, reject, mark for review, or take the mark away.
    SetStatus {
        /// The rows.
        rows: Vec<usize>,
        /// What they become.
        status: Status,
    },
    /// Accept every row that nobody decided about and whose confidence is at least this.
    AcceptAbove {
        /// The least confidence, 0 to 1.
        confidence: f64,
    },
    /// Merge a row with the next.
    Merge {
        /// The upper row.
        row: usize,
    },
    /// Split a row: so many segments of each side stay, the rest becomes a new row below.
    Split {
        /// The row.
        row: usize,
        /// Source segments that stay.
        source: usize,
        /// Target segments that stay.
        target: usize,
    },
    /// Split a row at a caret in the text of one side; the other side is cut where its share of the text is nearest.
    SplitAt {
        /// The row.
        row: usize,
        /// The side with the caret.
        side: Side,
        /// Characters before the caret.
        at: usize,
    },
    /// Move the first segment of one side to the row above, or the last to the row below.
    Move {
        /// The row.
        row: usize,
        /// The side.
        side: Side,
        /// To the row above, else below.
        up: bool,
    },
    /// Exchange the texts of one side with the next row: for text in another order. Both count as edited.
    Swap {
        /// The upper row.
        row: usize,
        /// The side.
        side: Side,
    },
    /// Set the text of one side; the original is kept. An empty text is refused where there are segments.
    Edit {
        /// The row.
        row: usize,
        /// The side.
        side: Side,
        /// The new text; the original text takes an edit back.
        text: String,
    },
    /// Several at once, each on the rows that the one before left.
    All(Vec<Operation>),
}

pub(super) fn plan(state: &State, operation: &Operation) -> Result<Change> {
    let rows = state.rows();
    let row_at = |k: usize| rows.get(k).ok_or_else(|| Error::usage(format!("there is no row {}", k + 1)));
    let one = |name: &str, at: usize, removed: usize, mut added: Vec<Row>| {
        let others = rows[..at].iter().chain(&rows[at + removed..]);
        for k in 0..added.len() {
            let is_free = |id: &str| {
                added[..k].iter().all(|r| r.unit.id != id) && others.clone().all(|r| r.unit.id != id)
            };
            added[k].unit.id = free_id(&added[k].unit.id, is_free);
        }
        Change {
            name: name.into(),
            splices: vec![Splice { at, removed: rows[at..at + removed].to_vec(), added }],
        }
    };
    Ok(match operation {
        Operation::SetStatus { rows: which, status } => {
            let which: BTreeSet<usize> = which.iter().copied().collect();
            let mut splices = Vec::new();
            for k in which {
                let row = row_at(k)?;
                if row.bead().status != *status {
                    splices.push(with_status(k, row, *status));
                }
            }
            Change { name: status.to_string(), splices }
        }
        Operation::AcceptAbove { confidence } => {
            let splices = rows
                .iter()
                .enumerate()
                .filter(|(_, r)| {
                    matches!(r.bead().status, Status::Unchecked) && r.bead().confidence >= *confidence
                })
                .map(|(k, r)| with_status(k, r, Status::Accepted))
                .collect();
            Change { name: "accepted".into(), splices }
        }
        Operation::Merge { row } => {
            let (a, b) = (row_at(*row)?, rows.get(row + 1));
            let b = b.ok_or_else(|| Error::usage("the last row has no next to merge with"))?;
            let side = |side: Side| {
                let mut segments = a.segments(side).to_vec();
                segments.extend_from_slice(b.segments(side));
                (segments, join(&a.variant(side).lang, &[a.text(side), b.text(side)]))
            };
            let sides = [side(Side::Source), side(Side::Target)];
            one("merge", *row, 2, vec![Row::made_of(&[a, b], sides)])
        }
        Operation::Split { row, source, target } => {
            let r = row_at(*row)?;
            let added = split(r, [(*source, None), (*target, None)])?;
            one("split", *row, 1, added)
        }
        Operation::SplitAt { row, side, at } => {
            let r = row_at(*row)?;
            one("split", *row, 1, split_at(r, *side, *at)?)
        }
        Operation::Move { row, side, up } => {
            row_at(*row)?;
            let (at, removed, added) = shift(rows, *row, *side, *up)?;
            one(if *up { "up" } else { "down" }, at, removed, added)
        }
        Operation::Swap { row, side } => {
            let (a, b) = (row_at(*row)?, rows.get(row + 1));
            let b = b.ok_or_else(|| Error::usage("the last row has no next to exchange texts with"))?;
            if a.segments(*side).is_empty() || b.segments(*side).is_empty() {
                return Err(Error::usage("one of the two rows has no text on this side")
                    .advise("move the segment instead (U, D)"));
            }
            let (mut x, mut y) = (touched(a), touched(b));
            x.variant_mut(*side).text = b.text(*side).to_string();
            y.variant_mut(*side).text = a.text(*side).to_string();
            one("swap", *row, 2, vec![x, y])
        }
        Operation::Edit { row, side, text } => {
            let r = row_at(*row)?;
            if r.segments(*side).is_empty() {
                return Err(Error::usage("there is no segment on this side to edit")
                    .advise("move one here first (U, D)"));
            }
            let text = text.replace("\r\n", "\n");
            if text.trim().is_empty() {
                return Err(Error::usage("the text would be empty").advise("delete the row instead (K)"));
            }
            if text == r.text(*side) {
                return Ok(Change { name: "edit".into(), splices: Vec::new() });
            }
            let mut changed = r.clone();
            changed.variant_mut(*side).text = text;
            one("edit", *row, 1, vec![changed])
        }
        Operation::All(operations) => {
            let mut copy = state.clone();
            let mut splices = Vec::new();
            for operation in operations {
                let change = copy.plan(operation)?;
                splices.extend(change.splices.iter().cloned());
                copy.commit(change);
            }
            Change { name: "several".into(), splices }
        }
    })
}

fn with_status(at: usize, row: &Row, status: Status) -> Splice {
    let mut changed = row.clone();
    changed.bead_mut().status = status;
    Splice { at, removed: vec![row.clone()], added: vec![changed] }
}

/// A row whose content changes: a decision about the old content says nothing about the new one.
fn touched(row: &Row) -> Row {
    let mut changed = row.clone();
    changed.bead_mut().status = Status::NeedsReview;
    changed
}

/// The two texts when `stay` segments of one side stay. An edited text is cut where the original shows where.
fn cut_text(row: &Row, side: Side, stay: usize) -> Result<[String; 2]> {
    let variant = row.variant(side);
    let segments = &variant.segments;
    if stay > segments.len() {
        return Err(Error::usage(format!("there are only {} segments on this side", segments.len())));
    }
    let head = joined(&variant.lang, &segments[..stay]);
    let tail = joined(&variant.lang, &segments[stay..]);
    if stay == segments.len() {
        return Ok([variant.text.clone(), String::new()]);
    }
    if stay == 0 {
        return Ok([String::new(), variant.text.clone()]);
    }
    if !row.is_edited(side) {
        return Ok([head, tail]);
    }
    if let Some(rest) = variant.text.strip_prefix(&head) {
        return Ok([head, rest.trim_start().to_string()]);
    }
    if let Some(rest) = variant.text.strip_suffix(&tail) {
        return Ok([rest.trim_end().to_string(), tail]);
    }
    Err(Error::usage("this text was edited, so it is not known where the segment ends")
        .advise("split at the caret instead, or take the edit back"))
}

/// Two rows out of one. For each side: segments that stay, and the two texts where they are known.
fn split(row: &Row, cuts: [(usize, Option<[String; 2]>); 2]) -> Result<Vec<Row>> {
    let mut upper = Vec::new();
    let mut lower = Vec::new();
    for (side, (stay, texts)) in [Side::Source, Side::Target].into_iter().zip(cuts) {
        let texts = match texts {
            Some(texts) => texts,
            None => cut_text(row, side, stay)?,
        };
        let [head, tail] = texts;
        let segments = row.segments(side);
        upper.push((segments[..stay].to_vec(), head));
        lower.push((segments[stay..].to_vec(), tail));
    }
    let pack = |mut v: Vec<(Vec<Segment>, String)>| {
        let second = v.pop().unwrap_or_default();
        [v.pop().unwrap_or_default(), second]
    };
    let (upper, lower) = (pack(upper), pack(lower));
    if [&upper, &lower].iter().any(|s| s.iter().all(|(segments, _)| segments.is_empty())) {
        return Err(Error::usage("one of the two rows would be empty")
            .advise("put the caret inside the text and split there"));
    }
    Ok(vec![Row::made_of(&[row], upper), Row::made_of(&[row], lower)])
}

fn split_at(row: &Row, side: Side, at: usize) -> Result<Vec<Row>> {
    let text = row.text(side).to_string();
    let count = text.chars().count();
    if at == 0 || at >= count {
        return Err(Error::usage("the caret stands at the end of the text").advise("put it inside"));
    }
    let byte = text.char_indices().nth(at).map_or(text.len(), |(b, _)| b);
    let texts = [text[..byte].trim_end().to_string(), text[byte..].trim_start().to_string()];
    if texts.iter().any(String::is_empty) {
        return Err(Error::usage("one of the two texts would be empty").advise("put the caret inside"));
    }
    let mut cut = row.clone();
    let stay = if row.is_edited(side) {
        share(row.segments(side), at as f64 / count as f64)
    } else {
        cut_segments(&mut cut, side, byte)
    };
    let other = if side == Side::Source { Side::Target } else { Side::Source };
    let across = share(row.segments(other), at as f64 / count as f64);
    let across_texts = cut_text(row, other, across)?;
    let own = (stay, Some(texts));
    let opposite = (across, Some(across_texts));
    split(&cut, if side == Side::Source { [own, opposite] } else { [opposite, own] })
}

/// How many segments stand before a share (0 to 1) of their text, at the nearest border.
fn share(segments: &[Segment], share: f64) -> usize {
    let lengths: Vec<usize> = segments.iter().map(|s| s.text.chars().count()).collect();
    let all: usize = lengths.iter().sum();
    let wanted = share * all as f64;
    let mut best = (f64::INFINITY, 0);
    let mut sum = 0;
    for k in 0..=segments.len() {
        let off = (sum as f64 - wanted).abs();
        if off < best.0 {
            best = (off, k);
        }
        sum += lengths.get(k).copied().unwrap_or(0);
    }
    best.1
}

/// Cuts the segment that holds this byte of the joined text, unless a border is there. Returns how many segments now
/// stand before it.
fn cut_segments(row: &mut Row, side: Side, byte: usize) -> usize {
    let variant = row.variant_mut(side);
    let joiner = variant.lang.lang().map_or(" ", |l| l.joiner()).len();
    let mut start = 0;
    for k in 0..variant.segments.len() {
        let segment = &variant.segments[k];
        let end = start + segment.text.len();
        if byte <= start {
            return k;
        }
        if byte < end {
            let (head, tail) = segment.text.split_at(byte - start);
            if head.trim().is_empty() {
                return k;
            }
            if tail.trim().is_empty() {
                return k + 1;
            }
            let (first, second) = halves(segment, head, tail);
            variant.segments.splice(k..=k, [first, second]);
            return k + 1;
        }
        start = end + joiner;
    }
    variant.segments.len()
}

/// The halves of a segment. Where its text stands in the original byte for byte, so do theirs; otherwise (lines were
/// joined inside it) both keep the place of the whole.
fn halves(segment: &Segment, head: &str, tail: &str) -> (Segment, Segment) {
    let bytes = &segment.place.bytes;
    let exact = bytes.len() == segment.text.len();
    let part = |text: &str, from: usize| {
        let trimmed = text.trim();
        let start = bytes.start + from + (text.len() - text.trim_start().len());
        let range = if exact { start..start + trimmed.len() } else { bytes.clone() };
        Segment {
            text: trimmed.to_string(),
            block: segment.block,
            kind: segment.kind,
            place: Place { bytes: range, ..segment.place.clone() },
        }
    };
    (part(head, 0), part(tail, head.len()))
}

/// Moves a segment over the border to a neighbour: where the change is, how many rows went, what came.
fn shift(rows: &[Row], k: usize, side: Side, up: bool) -> Result<(usize, usize, Vec<Row>)> {
    let row = &rows[k];
    let segments = row.segments(side);
    if segments.is_empty() {
        return Err(Error::usage("there is no segment on this side to move"));
    }
    let other = if side == Side::Source { Side::Target } else { Side::Source };
    let cut = if up { 1 } else { segments.len() - 1 };
    let [head, tail] = cut_text(row, side, cut)?;
    let (moving, moving_text, staying, staying_text) = if up {
        (segments[..cut].to_vec(), head, segments[cut..].to_vec(), tail)
    } else {
        (segments[cut..].to_vec(), tail, segments[..cut].to_vec(), head)
    };
    let sides = |own: (Vec<Segment>, String), opposite: (Vec<Segment>, String)| {
        if side == Side::Source { [own, opposite] } else { [opposite, own] }
    };
    let across = |r: &Row| (r.segments(other).to_vec(), r.text(other).to_string());
    let rest_empty = staying.is_empty() && row.segments(other).is_empty();
    let neighbour = if up { k.checked_sub(1) } else { Some(k + 1).filter(|n| *n < rows.len()) };
    let lang = &row.variant(side).lang;
    let Some(n) = neighbour else {
        if rest_empty {
            return Err(Error::usage("there is no row to move it to"));
        }
        // At either end the segment gets a row of its own.
        let alone = Row::made_of(&[row], sides((moving, moving_text), (Vec::new(), String::new())));
        let rest = Row::made_of(&[row], sides((staying, staying_text), across(row)));
        return Ok((k, 1, if up { vec![alone, rest] } else { vec![rest, alone] }));
    };
    let next = &rows[n];
    let mut grown = next.segments(side).to_vec();
    let text = if up {
        grown.extend(moving);
        join(lang, &[next.text(side), &moving_text])
    } else {
        grown.splice(0..0, moving);
        join(lang, &[&moving_text, next.text(side)])
    };
    let grown = Row::made_of(&[next, row], sides((grown, text), across(next)));
    let mut added = vec![grown];
    if !rest_empty {
        let rest = Row::made_of(&[row], sides((staying, staying_text), across(row)));
        added.insert(usize::from(up), rest);
    }
    Ok((k.min(n), 2, added))
}
