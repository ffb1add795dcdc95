//! Documents that are pasted text: every line of a page became a paragraph of its own.
//!
//! The measure is the one that tells wrapped plain text. Only plain paragraphs are joined; headings by style, lists,
//! cells and notes stay as they are. Where the measure finds no margin, or less than half of the lines go on from the
//! line before, nothing is touched: paragraphs of an office document are mostly what they say they are, and pasted text
//! of paragraphs of two lines and more passes the half (chosen, not measured).

use super::story::Output;
use crate::model::{Block, BlockKind, Change, ChangeReason, Lang, Piece, Place};
use crate::read::clean::measure;
use crate::read::furniture;
use crate::read::hyphen::Words;
use crate::read::join::Builder;
use crate::read::lines::{Line, Source, split_lines};
use crate::read::wrap::shapes;
use std::ops::Range;

/// Joins the lines of paragraphs that were wrapped. Page furniture among them is set aside unless `keep_all`.
pub(super) fn unwrap(out: &mut Output, lang: Lang, keep_all: bool) {
    let mut text = String::new();
    let mut starts = Vec::new();
    for block in &out.blocks {
        starts.push(text.len());
        text.push_str(&block.text);
        text.push('\n');
    }
    let (source, _) = Source::new(text);
    let lines = split_lines(&source);
    // Separators inside a block end a line of text, so that a block can have more than one.
    let block_at = |line: &Line| starts.partition_point(|&s| s <= line.content.start).saturating_sub(1);
    let owner: Vec<usize> = lines.iter().map(block_at).collect();
    let is_plain = |i: usize| out.blocks[owner[i]].kind == BlockKind::Paragraph;
    let is_whole = |i: usize| {
        let beside = [i.checked_sub(1), Some(i + 1)];
        !beside.into_iter().flatten().any(|j| owner.get(j) == Some(&owner[i]))
    };
    let mut reasons = furniture::find(&source.text, &lines, lang);
    for (i, reason) in reasons.iter_mut().enumerate() {
        *reason = reason.filter(|_| is_plain(i) && is_whole(i));
    }
    let pick = |wanted: &dyn Fn(usize) -> bool| -> Vec<Line> {
        (0..lines.len()).filter(|&i| wanted(i)).map(|i| lines[i].clone()).collect()
    };
    let plain = pick(&|i| is_plain(i) && reasons[i].is_none());
    let (layout, type_face) = measure(&source.text, &plain, lang);
    if !layout.wrapped {
        return;
    }
    if keep_all {
        reasons.fill(None);
    }
    let kept: Vec<usize> = (0..lines.len()).filter(|&i| reasons[i].is_none()).collect();
    let shapes = shapes(&source.text, &pick(&|i| reasons[i].is_none()), lang, type_face);
    let goes_on = |k: usize| {
        let (before, here) = (kept[k - 1], kept[k]);
        is_plain(before)
            && is_plain(here)
            && part_of(&out.blocks[owner[before]]) == part_of(&out.blocks[owner[here]])
            && layout.joins(&shapes[k - 1], &shapes[k], here > before + 1, lang)
    };
    if (1..kept.len()).filter(|&k| goes_on(k)).count() * 2 < plain.len() {
        return;
    }
    let words = match lang {
        Lang::En => Words::count(&source.text, &lines),
        Lang::Zh => Words::default(),
    };
    let way = Way { starts: &starts, blocks: &out.blocks };
    let mut changes = Vec::new();
    let mut blocks = Vec::with_capacity(out.blocks.len());
    let mut k = 0;
    while k < kept.len() {
        let mut end = k + 1;
        while end < kept.len() && (goes_on(end) || owner[kept[end]] == owner[kept[end - 1]]) {
            end += 1;
        }
        let first = &out.blocks[owner[kept[k]]];
        if owner[kept[end - 1]] == owner[kept[k]] {
            blocks.push(first.clone());
        } else {
            let mut builder = Builder::new(&source, &words, lang);
            let mut dropped = Vec::new();
            kept[k..end].iter().for_each(|&i| builder.push(&lines[i], false, &mut dropped));
            let joined = builder.finish(BlockKind::Paragraph);
            let pieces = joined.pieces.iter().flat_map(|p| way.pieces(p)).collect();
            blocks.push(Block { pieces, ..joined });
            for change in dropped {
                changes.extend(way.changes(change.reason, &change.place.bytes, &source.text));
            }
        }
        k = end;
    }
    for (line, reason) in lines.iter().zip(&reasons) {
        if let Some(reason) = reason {
            changes.extend(way.changes(*reason, &line.content, &source.text));
        }
    }
    out.changes.extend(changes);
    out.blocks = blocks;
}

fn part_of(block: &Block) -> Option<&str> {
    block.pieces.first().map(|p| p.place.part.as_str())
}

/// The way back from the joined text to the blocks.
struct Way<'a> {
    starts: &'a [usize],
    blocks: &'a [Block],
}

impl Way<'_> {
    /// The stretches of the original that a range of the text was copied from, each with where it starts in the text.
    fn stretches(&self, range: &Range<usize>) -> Vec<(usize, Place)> {
        let index = self.starts.partition_point(|&s| s <= range.start).saturating_sub(1);
        let (start, block) = (self.starts[index], &self.blocks[index]);
        let mut found = Vec::new();
        for piece in &block.pieces {
            let at = start + piece.at;
            let length = piece.place.bytes.len();
            let from = range.start.max(at);
            let to = range.end.min(at + length);
            if from < to {
                let offset = piece.place.bytes.start + from - at;
                found.push((from, Place { bytes: offset..offset + to - from, ..piece.place.clone() }));
            }
        }
        found
    }

    fn pieces(&self, piece: &Piece) -> Vec<Piece> {
        let from = piece.place.bytes.start;
        let piece_at = |(at, place): (usize, Place)| Piece { at: piece.at + at - from, place };
        self.stretches(&piece.place.bytes).into_iter().map(piece_at).collect()
    }

    fn changes(&self, reason: ChangeReason, range: &Range<usize>, text: &str) -> Vec<Change> {
        let change = |(at, place): (usize, Place)| {
            let text = text[at..at + place.bytes.len()].to_string();
            Change { reason, place, text }
        };
        self.stretches(range).into_iter().map(change).collect()
    }
}
