//! Aligns again around what is confirmed.
//!
//! Pinned rows stay as they are. The whole is aligned once around them, with a lexicon that holds the words of the confirmed
//! pairs and weights that lean towards the reviewer's habit, so that everything teaches everything; between two pins that
//! the result respects its beads are taken, the other stretches are aligned by themselves.

use super::row::{Row, free_id, id_of, joined};
use super::state::{Change, Splice, State};
use crate::align::{AlignOptions, Aligner, Weights};
use crate::error::{Error, Result};
use crate::lexicon::Lexicon;
use crate::model::{
    Alignment, Bead, BeadInfo, Bitext, Lang, LangTag, MatchKind, Segment, Side, Status, TranslationUnit,
    Variant,
};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// The change that realigning makes. Rows that come out with the same segments keep their id and notes.
///
/// # Errors
/// Languages that are not Chinese and English.
pub fn realign(state: &State) -> Result<Change> {
    realign_with(state, Weights::built_in()?)
}

/// [`realign`] with other weights than the built-in ones.
///
/// # Errors
/// As [`realign`].
pub fn realign_with(state: &State, weights: Weights) -> Result<Change> {
    let rows = state.rows();
    let lang = state.about().source_lang.lang().ok_or_else(|| {
        Error::malformed(format!(
            "the source language {} is neither Chinese nor English",
            state.about().source_lang
        ))
    })?;
    let aligner = Aligner::new(lexicon(rows, lang), AlignOptions::default())?.with_weights(weights);
    let all = |range: Range<usize>, side: Side| -> Vec<Segment> {
        rows[range].iter().flat_map(|r| r.segments(side).iter().cloned()).collect()
    };
    let align = |range: Range<usize>, confirmed: &[(Range<usize>, Range<usize>)]| {
        let (source, target) = (all(range.clone(), Side::Source), all(range, Side::Target));
        aligner.align_around(lang, source, target, confirmed, &|_| {})
    };
    let stretches: Vec<Range<usize>> = stretches(rows);
    if stretches.is_empty() {
        return Ok(Change { name: "realign".into(), splices: Vec::new() });
    }
    let ends = ends(rows);
    let whole = align(0..rows.len(), &pins(rows, &ends));
    let mut splices = Vec::new();
    let mut shift = 0isize;
    let mut taken: HashSet<String> = rows.iter().map(|r| r.unit.id.clone()).collect();
    for stretch in stretches {
        let from = if stretch.start == 0 { (0, 0) } else { ends[stretch.start - 1] };
        let to = ends[stretch.end - 1];
        let own;
        let (alignment, beads) = match within(&whole, from, to) {
            Some(beads) => (&whole, beads),
            None => {
                own = align(stretch.clone(), &[]);
                (&own, own.beads())
            }
        };
        let old = &rows[stretch.clone()];
        let added = rows_of(state.about(), alignment, beads, old, &mut taken);
        if added != old {
            let at = stretch.start.checked_add_signed(shift).unwrap_or(0);
            shift += added.len() as isize - old.len() as isize;
            splices.push(Splice { at, removed: old.to_vec(), added });
        }
    }
    Ok(Change { name: "realign".into(), splices })
}

/// Runs of rows that nobody decided about.
fn stretches(rows: &[Row]) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = None;
    for k in 0..=rows.len() {
        let free = rows.get(k).is_some_and(|r| !r.is_pinned());
        match (free, start) {
            (true, None) => start = Some(k),
            (false, Some(s)) => {
                out.push(s..k);
                start = None;
            }
            _ => {}
        }
    }
    out
}

/// Segments of both sides up to the end of each row.
fn ends(rows: &[Row]) -> Vec<(usize, usize)> {
    let mut at = (0, 0);
    rows.iter()
        .map(|r| {
            at = (at.0 + r.segments(Side::Source).len(), at.1 + r.segments(Side::Target).len());
            at
        })
        .collect()
}

/// The segments of the rows that somebody decided about.
fn pins(rows: &[Row], ends: &[(usize, usize)]) -> Vec<(Range<usize>, Range<usize>)> {
    let starts = std::iter::once((0, 0)).chain(ends.iter().copied());
    let sides = starts.zip(ends).map(|((i, j), &(k, l))| (i..k, j..l));
    rows.iter().zip(sides).filter(|(row, _)| row.is_pinned()).map(|(_, sides)| sides).collect()
}

/// The beads between two corners, if no bead lies across them.
fn within(alignment: &Alignment, from: (usize, usize), to: (usize, usize)) -> Option<&[Bead]> {
    let beads = alignment.beads();
    let start = beads.iter().position(|b| (b.source.start, b.target.start) == from)?;
    let length = beads[start..].iter().position(|b| (b.source.end, b.target.end) == to)?;
    Some(&beads[start..=start + length])
}

fn rows_of(
    about: &Bitext,
    alignment: &Alignment,
    beads: &[Bead],
    old: &[Row],
    taken: &mut HashSet<String>,
) -> Vec<Row> {
    let shape = |r: &Row| (r.segments(Side::Source).to_vec(), r.segments(Side::Target).to_vec());
    let key = |source: &[Segment], target: &[Segment]| {
        let place = |s: &[Segment]| s.iter().map(|s| (s.place.bytes.start, s.text.len())).collect::<Vec<_>>();
        (place(source), place(target))
    };
    let known: HashMap<_, &Row> = old
        .iter()
        .map(|r| {
            let (source, target) = shape(r);
            (key(&source, &target), r)
        })
        .collect();
    beads
        .iter()
        .map(|bead| {
            let source = alignment.bead_segments(bead, Side::Source);
            let target = alignment.bead_segments(bead, Side::Target);
            let same = known
                .get(&key(source, target))
                .filter(|r| r.segments(Side::Source) == source && r.segments(Side::Target) == target);
            let side = |tag: &LangTag, segments: &[Segment]| {
                let mut variant = Variant::new(tag.clone(), joined(tag, segments));
                variant.segments = segments.to_vec();
                variant
            };
            let variants = vec![side(&about.source_lang, source), side(&about.target_lang, target)];
            let id = same
                .map_or_else(|| free_id(&id_of(&variants), |id| !taken.contains(id)), |r| r.unit.id.clone());
            taken.insert(id.clone());
            // A mark that a person set on the very same row stays.
            let marked = same.is_some_and(|r| r.bead().status == Status::NeedsReview);
            let status = if marked { Status::NeedsReview } else { bead.status };
            let info = BeadInfo {
                evidence: bead.evidence.clone(),
                ..BeadInfo::judged(bead.score, bead.confidence, status)
            };
            let unit = TranslationUnit {
                id,
                variants,
                bead: Some(info),
                attributes: Vec::new(),
                properties: Vec::new(),
                notes: same.map_or(Vec::new(), |r| r.unit.notes.clone()),
            };
            Row { unit, moved_to: same.and_then(|r| r.moved_to.clone()) }
        })
        .collect()
}

/// The longest pair that counts as a term: Chinese characters and English words. Of the 4,568 pairs in five years of
/// a bank's published term lists 71 % are no longer; of the sentences in novels, government and news 1 to 3 % are as
/// short, and nearly all of these end with a mark, which [`is_term`] asks not to be there.
const LONGEST_TERM: (usize, usize) = (8, 5);

/// Whether a short pair is a term, a heading or a cell and no sentence: "目录" is, "这就是全部。" is not.
fn is_term(zh: &str, en: &str) -> bool {
    let ends = |c: char| "。！？…；：，、”’》」』".contains(c);
    zh.chars().count() <= LONGEST_TERM.0
        && en.split_whitespace().count() <= LONGEST_TERM.1
        && !zh.ends_with(ends)
}

/// The built-in words, and those that the confirmed pairs showed: every word, name or learned pair among their
/// matches, and whole pairs that are terms.
fn lexicon(rows: &[Row], source_lang: Lang) -> Lexicon {
    let mut lexicon = Lexicon::built_in();
    let mut add = |source: &str, target: &str| match source_lang {
        Lang::Zh => lexicon.add_pair(source, target),
        Lang::En => lexicon.add_pair(target, source),
    };
    for row in rows.iter().filter(|r| r.bead().status == Status::Accepted) {
        for m in &row.bead().evidence.matches {
            if matches!(m.kind, MatchKind::Word | MatchKind::Name | MatchKind::Learned) {
                add(&m.source, &m.target);
            }
        }
        let (source, target) = (row.text(Side::Source), row.text(Side::Target));
        let (zh, en) = if source_lang == Lang::Zh { (source, target) } else { (target, source) };
        if is_term(zh, en) {
            add(source, target);
        }
    }
    lexicon
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_terms_and_short_sentences_are_not() {
        assert!(is_term("目录", "Contents") && is_term("負責任投資", "Responsible investment"));
        assert!(!is_term("这就是全部。", "That was all.") && !is_term("你看见了吗？", "Did you see it?"));
        assert!(!is_term("外汇基金投资有限公司年度报告", "Annual report"));
        assert!(!is_term("年报", "The annual report of the Exchange Fund"));
    }
}
