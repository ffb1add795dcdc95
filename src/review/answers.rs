//! What the page asks and gets, as JSON. Knows no HTTP.

use super::operation::Operation;
use super::row::Row;
use super::session::Session;
use crate::format::Format;
use crate::model::{BlockKind, Side, Status};
use serde_json::{Value, json};

/// Characters of a text that a list shows; the whole text is asked for one row.
const SHOWN: usize = 3000;

/// Where things stand.
pub(super) fn status(session: &Session) -> Value {
    let state = session.state();
    let [unchecked, review, accepted, rejected] = state.counts();
    let header = |kind: &str| {
        state.about().header.iter().find(|p| p.kind == kind).map(|p| p.value.as_str()).unwrap_or_default()
    };
    let formats: Vec<&str> =
        Format::ALL.iter().map(|f| f.extensions()[0]).filter(|f| !matches!(*f, "beads" | "ladder")).collect();
    json!({
        "revision": session.revision(),
        "file": session.path().file_name().map(|n| n.to_string_lossy()),
        "sourceFile": header("source-file"),
        "targetFile": header("target-file"),
        "sourceLang": state.about().source_lang.as_str(),
        "targetLang": state.about().target_lang.as_str(),
        "rows": state.rows().len(),
        "counts": { "unchecked": unchecked, "needs-review": review, "accepted": accepted, "rejected": rejected },
        "undo": state.undo_depth(),
        "redo": state.redo_depth(),
        "conflict": session.is_conflict(),
        "unwritten": session.is_unwritten(),
        "notices": session.notices(),
        "formats": formats,
    })
}

/// Which rows to show.
#[derive(Debug, Default)]
pub(super) struct Filter {
    pub status: Option<Status>,
    /// Only rows below this confidence.
    pub below: Option<f64>,
    /// Text in either language, capitals the same as small letters.
    pub text: String,
}

/// The rows that pass, as parallel lists: index, confidence in per mille, status as a number of [`Status::ALL`].
pub(super) fn list(session: &Session, filter: &Filter) -> Value {
    let wanted = filter.text.to_lowercase();
    let (mut index, mut sure, mut status) = (Vec::new(), Vec::new(), Vec::new());
    for (k, row) in session.state().rows().iter().enumerate() {
        let bead = row.bead();
        let fits = filter.status.is_none_or(|s| s == bead.status)
            && filter.below.is_none_or(|b| bead.confidence < b)
            && (wanted.is_empty()
                || [Side::Source, Side::Target]
                    .iter()
                    .any(|s| row.text(*s).to_lowercase().contains(&wanted)));
        if fits {
            index.push(k);
            sure.push((bead.confidence * 1000.0).floor() as u32);
            status.push(Status::ALL.iter().position(|s| *s == bead.status));
        }
    }
    json!({ "revision": session.revision(), "index": index, "confidence": sure, "status": status })
}

/// Some rows, with long texts cut.
pub(super) fn rows(session: &Session, which: &[usize]) -> Value {
    let all = session.state().rows();
    let rows: Vec<Value> = which.iter().filter_map(|&k| all.get(k).map(|r| row(k, r, all, SHOWN))).collect();
    json!({ "revision": session.revision(), "rows": rows })
}

/// One row with its whole texts.
pub(super) fn whole(session: &Session, k: usize) -> Option<Value> {
    let all = session.state().rows();
    all.get(k).map(|r| row(k, r, all, usize::MAX))
}

fn row(k: usize, row: &Row, all: &[Row], shown: usize) -> Value {
    let bead = row.bead();
    let cut = |text: &str| -> (String, bool) {
        match text.char_indices().nth(shown) {
            Some((byte, _)) => (text[..byte].to_string(), true),
            None => (text.to_string(), false),
        }
    };
    let side = |side: Side| {
        let (text, is_cut) = cut(row.text(side));
        let segments: Vec<Value> = row
            .segments(side)
            .iter()
            .map(|s| {
                json!({
                    "text": cut(&s.text).0,
                    "line": s.place.line,
                    "part": s.place.part,
                    "kind": kind(s.kind),
                })
            })
            .collect();
        let edited = row.is_edited(side);
        let original = if edited { Some(cut(&row.original(side)).0) } else { None };
        json!({ "text": text, "cut": is_cut, "edited": edited, "original": original, "segments": segments })
    };
    let e = &bead.evidence;
    let matches: Vec<Value> =
        e.matches.iter().map(|m| json!([m.kind.to_string(), m.source, m.target])).collect();
    let missing: Vec<Value> = e
        .missing
        .iter()
        .map(|(s, t)| json!([if *s == Side::Source { "source" } else { "target" }, t]))
        .collect();
    let moved = row.moved_to.as_ref().and_then(|id| all.iter().position(|r| r.unit.id == *id)).map(|at| {
        let counterpart = if row.segments(Side::Source).is_empty() { Side::Source } else { Side::Target };
        json!({ "row": at, "text": cut(all[at].text(counterpart)).0 })
    });
    json!({
        "row": k,
        "id": row.unit.id,
        "confidence": bead.confidence,
        "score": bead.score,
        "status": bead.status.to_string(),
        "source": side(Side::Source),
        "target": side(Side::Target),
        "length": e.length,
        "coverage": [e.source_coverage, e.target_coverage],
        "matches": matches,
        "missing": missing,
        "notes": e.notes.iter().chain(&row.unit.notes).collect::<Vec<_>>(),
        "moved": moved,
    })
}

fn kind(kind: BlockKind) -> &'static str {
    match kind {
        BlockKind::Paragraph => "paragraph",
        BlockKind::Heading(_) => "heading",
        BlockKind::ListItem => "list item",
        BlockKind::Cell => "cell",
        BlockKind::Footnote => "footnote",
        BlockKind::Line => "line",
    }
}

/// The operation that a page asks for, or what is wrong with it.
pub(super) fn operation(value: &Value) -> Result<Operation, String> {
    let number = |name: &str| {
        value[name].as_u64().map(|n| n as usize).ok_or_else(|| format!("{name} must be a whole number"))
    };
    let side = || match value["side"].as_str() {
        Some("source") => Ok(Side::Source),
        Some("target") => Ok(Side::Target),
        _ => Err("side must be source or target".to_string()),
    };
    Ok(match value["do"].as_str().unwrap_or("") {
        "status" => Operation::SetStatus {
            rows: vec![number("row")?],
            status: value["status"].as_str().unwrap_or("").parse()?,
        },
        "accept-above" => Operation::AcceptAbove {
            confidence: value["confidence"].as_f64().ok_or("confidence must be a number")?,
        },
        "merge" => Operation::Merge { row: number("row")? },
        "split" => {
            Operation::Split { row: number("row")?, source: number("source")?, target: number("target")? }
        }
        "split-at" => Operation::SplitAt { row: number("row")?, side: side()?, at: number("at")? },
        "move" => Operation::Move {
            row: number("row")?,
            side: side()?,
            up: value["up"].as_bool().ok_or("up must be true or false")?,
        },
        "swap" => Operation::Swap { row: number("row")?, side: side()? },
        "edit" => Operation::Edit {
            row: number("row")?,
            side: side()?,
            text: value["text"].as_str().ok_or("text must be a text")?.to_string(),
        },
        other => return Err(format!("there is no operation {other:?}")),
    })
}
