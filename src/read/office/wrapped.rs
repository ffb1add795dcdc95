//! Documents that are pasted text: every line of a page became a paragraph of its own.
//!
//! The measure is the one that tells wrapped plain text. Only plain paragraphs are joined; headings by style, lists,
//! cells and notes stay as they are. Where the measure finds no margin, nothing is touched.

use super::story::Output;
use crate::model::{Block, BlockKind, Change, Lang, Piece, Place};
use crate::read::clean::measure;
use crate::read::hyphen::Words;
use crate::read::join::Builder;
use crate::read::lines::{Source, split_lines};
use crate::read::wrap::shapes;
use std::ops::Range;

/// Joins the lines of paragraphs that were wrapped.
pub(super) fn unwrap(out: &mut Output, lang: Lang) {
    let mut text = String::new();
    let mut starts = Vec::new();
    for block in &out.blocks {
        starts.push(text.len());
        text.push_str(&block.text);
        text.push('\n');
    }
    let (source, _) = Source::new(text);
    let lines = split_lines(&source);
    let is_plain = |block: &Block| block.kind == BlockKind::Paragraph;
    // White space of every kind ends a line of text; a block with some in it has more than one.
    let mut block_of = Vec::with_capacity(lines.len());
    for line in &lines {
        block_of.push(starts.partition_point(|&s| s <= line.content.start).saturating_sub(1));
    }
    let plain: Vec<_> = lines
        .iter()
        .zip(&block_of)
        .filter(|(_, b)| is_plain(&out.blocks[**b]))
        .map(|(l, _)| l.clone())
        .collect();
    let (layout, type_face) = measure(&source.text, &plain, lang);
    if !layout.wrapped {
        return;
    }
    let words = match lang {
        Lang::En => Words::count(&source.text, &lines),
        Lang::Zh => Words::default(),
    };
    let shapes = shapes(&source.text, &lines, lang, type_face);
    let mut blocks = Vec::with_capacity(out.blocks.len());
    let mut i = 0;
    while i < lines.len() {
        let mut end = i + 1;
        let block = &out.blocks[block_of[i]];
        while end < lines.len() && is_plain(block) && {
            let next = &out.blocks[block_of[end]];
            is_plain(next)
                && part_of(next) == part_of(block)
                && layout.joins(&shapes[end - 1], &shapes[end], false, lang)
        } {
            end += 1;
        }
        if block_of[end - 1] == block_of[i] {
            // One block, whole or the first of its lines: it stays as it is.
            let own = block_of[i];
            while end < lines.len() && block_of[end] == own {
                end += 1;
            }
            blocks.push(block.clone());
        } else {
            let last = block_of[end - 1];
            while end < lines.len() && block_of[end] == last {
                end += 1;
            }
            let mut changes = Vec::new();
            let mut builder = Builder::new(&source, &words, lang);
            lines[i..end].iter().for_each(|line| builder.push(line, false, &mut changes));
            let joined = builder.finish(BlockKind::Paragraph);
            let way = Way { starts: &starts, blocks: &out.blocks };
            let pieces = joined.pieces.iter().flat_map(|p| way.pieces(p)).collect();
            for change in changes {
                for (text, place) in way.places(&change.place.bytes, &source.text) {
                    out.changes.push(Change { reason: change.reason, place, text });
                }
            }
            blocks.push(Block { pieces, ..joined });
        }
        i = end;
    }
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

    fn places(&self, range: &Range<usize>, text: &str) -> Vec<(String, Place)> {
        let place = |(at, place): (usize, Place)| (text[at..at + place.bytes.len()].to_string(), place);
        self.stretches(range).into_iter().map(place).collect()
    }
}
