//! `duizhao align --stream`: a document pair a line in, its alignment a line out, for engines that pipe lines.

use super::Outcome;
use super::align::{Arguments, about, aligners, read_document, segment_options, segments};
use super::batch::{in_parallel, threads};
use duizhao::align::Aligner;
use duizhao::format;
use duizhao::model::{Bitext, Document, Lang, LangTag, Side, TranslationUnit};
use duizhao::read::{ReadOptions, read_bytes};
use duizhao::segment::SegmentOptions;
use duizhao::{Error, ErrorKind, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::{BufRead, Read, Write};
use std::path::Path;

/// A longer line is refused, so that memory stays bounded: 64 MiB is some thirty novels.
const LONGEST: u64 = 64 << 20;
/// Lines are taken together up to this many bytes, and as many as there are threads, times [`AHEAD`].
const TOGETHER: usize = 8 << 20;
/// Lines a thread: enough that no thread waits for the slowest document of each round.
const AHEAD: usize = 8;

/// A line of input. Both texts, or both paths.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    #[serde(default)]
    id: Value,
    source: Option<String>,
    target: Option<String>,
    source_path: Option<String>,
    target_path: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let splitting = segment_options(arguments)?;
    let threads = threads(arguments.jobs);
    let aligners = aligners(arguments, usize::MAX)?;
    let mut input = std::io::stdin().lock();
    let mut number = 0;
    loop {
        let mut lines = Vec::new();
        let mut size = 0;
        while lines.len() < threads * AHEAD && size < TOGETHER {
            let Some(line) = next_line(&mut input)? else { break };
            number += 1;
            size += line.as_ref().map_or(0, Vec::len);
            lines.push((number, line));
        }
        if lines.is_empty() {
            break;
        }
        let answers = in_parallel(arguments.jobs, lines.len(), |thread, k| {
            let (number, line) = &lines[k];
            answer(*number, line.as_deref(), arguments, &aligners[thread], &splitting)
        });
        let mut out = std::io::stdout().lock();
        for answer in answers.into_iter().flatten() {
            let mut bytes = serde_json::to_vec(&answer).map_err(|e| Error::from(std::io::Error::from(e)))?;
            bytes.push(b'\n');
            out.write_all(&bytes)?;
        }
        out.flush()?;
    }
    // An engine must not take a broken document for a broken command: errors are lines, not a status.
    Ok(Outcome::Fine)
}

/// The next line without its end; `Some(Err)` holds how long a line is that is too long.
#[allow(clippy::type_complexity)]
fn next_line(input: &mut impl BufRead) -> Result<Option<std::result::Result<Vec<u8>, u64>>> {
    let mut line = Vec::new();
    let read = input.by_ref().take(LONGEST).read_until(b'\n', &mut line)? as u64;
    if read == 0 {
        return Ok(None);
    }
    if read == LONGEST && line.last() != Some(&b'\n') {
        // The rest is passed over piece by piece.
        let mut length = read;
        loop {
            line.clear();
            let more = input.by_ref().take(LONGEST).read_until(b'\n', &mut line)? as u64;
            length += more;
            if more == 0 || line.last() == Some(&b'\n') {
                return Ok(Some(Err(length)));
            }
        }
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    }
    Ok(Some(Ok(line)))
}

/// The answer to a line; nothing to an empty one.
fn answer(
    number: usize,
    line: std::result::Result<&[u8], &u64>,
    arguments: &Arguments,
    aligner: &Aligner,
    splitting: &SegmentOptions,
) -> Option<Value> {
    let failure = |id: Value, e: String| Some(json!({"id": id, "line": number, "error": e}));
    let line = match line {
        Ok(line) => line,
        Err(length) => {
            return failure(Value::Null, format!("the line has {length} bytes, more than {LONGEST}"));
        }
    };
    if line.iter().all(u8::is_ascii_whitespace) {
        return None;
    }
    let request: Request = match serde_json::from_slice(line) {
        Ok(request) => request,
        Err(e) => {
            let id = serde_json::from_slice::<Value>(line).ok().and_then(|v| v.get("id").cloned());
            return failure(
                id.unwrap_or(Value::Null),
                format!(
                    "{e}; a line is {{\"id\": …, \"source\": …, \"target\": …}} or has source_path and target_path"
                ),
            );
        }
    };
    let id = request.id.clone();
    let work = std::panic::AssertUnwindSafe(|| align(request, arguments, aligner, splitting));
    match std::panic::catch_unwind(work) {
        Ok(Ok(answer)) => Some(answer),
        Ok(Err(e)) => failure(id, e.to_string()),
        Err(_) => failure(id, "the program failed on this pair; please report it".to_string()),
    }
}

fn align(
    request: Request,
    arguments: &Arguments,
    aligner: &Aligner,
    splitting: &SegmentOptions,
) -> Result<Value> {
    let read = |text: Option<&String>, path: Option<&String>, side: Side| -> Result<Document> {
        let name = if side == Side::Source { "source" } else { "target" };
        match (text, path) {
            (Some(text), None) => {
                let tag = match side {
                    Side::Source => &arguments.source_lang,
                    Side::Target => &arguments.target_lang,
                };
                let lang = tag.as_ref().and_then(LangTag::lang);
                let options =
                    ReadOptions { encoding: Some("utf-8".into()), lang, keep_all: arguments.keep_all };
                read_bytes(text.as_bytes(), name, &options)
            }
            (None, Some(path)) => read_document(arguments, Path::new(path), side),
            (Some(_), Some(_)) => Err(Error::usage(format!("both {name} and {name}_path are given"))),
            (None, None) => Err(Error::usage(format!("neither {name} nor {name}_path is given"))),
        }
    };
    let source = read(request.source.as_ref(), request.source_path.as_ref(), Side::Source)?;
    let target = read(request.target.as_ref(), request.target_path.as_ref(), Side::Target)?;
    if source.lang == target.lang {
        let lang = if source.lang == Lang::Zh { "Chinese" } else { "English" };
        return Err(Error::new(ErrorKind::Language(format!("both documents are {lang}"))));
    }
    let alignment = aligner.align(
        source.lang,
        segments(arguments, splitting, &source),
        segments(arguments, splitting, &target),
        &|_| {},
    );
    let bitext: Bitext = format::bitext_of(&alignment, &about(&source, &target, arguments));
    let kept = |unit: &&TranslationUnit| {
        let least = arguments.min_confidence;
        least.is_none_or(|least| unit.bead.as_ref().is_none_or(|b| b.confidence >= least))
    };
    let round = |x: f64| (x * 10_000.0).round() / 10_000.0;
    let beads: Vec<Value> = bitext
        .units
        .iter()
        .filter(kept)
        .map(|unit| {
            let texts = |k: usize| -> Vec<&str> {
                unit.variants[k].segments.iter().map(|s| s.text.as_str()).collect()
            };
            let mut bead = json!({"source": texts(0), "target": texts(1)});
            if let Some(b) = &unit.bead {
                bead["score"] = json!(round(b.score));
                bead["confidence"] = json!(round(b.confidence));
                bead["status"] = json!(b.status.to_string());
                if let Some(to) = b.moved_to {
                    bead["moved_to"] = json!(bitext.units[to].id);
                }
            }
            bead["id"] = json!(unit.id);
            bead
        })
        .collect();
    Ok(json!({
        "id": request.id,
        "source_lang": bitext.source_lang.to_string(),
        "target_lang": bitext.target_lang.to_string(),
        "source_segments": alignment.segments(Side::Source).len(),
        "target_segments": alignment.segments(Side::Target).len(),
        "mean_confidence": round(alignment.mean_confidence()),
        "beads": beads,
    }))
}
