//! Learns the aligner's weights from folders of aligned texts, and says how good they are on texts left out.
//!
//! A folder holds `DOC.zh` and `DOC.en` (a segment a line) and `DOC.gold` (a bead a line, `[0,1]:[0]`, 0-based);
//! with `DOC.zh.blk`/`DOC.en.blk` or `.verse` (a block name a line) only the blocks' borders are taken as known.
//!
//! ```text
//! cargo run --release --example train -- --out OUT FOLDER[=WEIGHT]…            all folds, then all examples
//! cargo run --release --example train -- --out OUT --judge EARLIER FOLDER…     without training, in seconds
//! ```
//!
//! Documents are dealt to folds by the table of books below, so that no chapter is judged by weights that saw
//! another chapter of its book. For each left-out document `OUT/FOLDER/DOC.align` and `DOC.conf` and the
//! weights that judged it (`DOC.weights`) are written;
//! `OUT/weights.tsv` holds the weights learned from everything. `--judge` takes the weights of an earlier run instead
//! (`EARLIER/FOLDER/DOC.weights`), to see what a change of the search does.
//!
//! `FOLDER+` reads paragraphs from `DOC.zh.raw` and `DOC.en.raw`, too. `FOLDER~3` adds the documents with gaps, joins and cuts by
//! the third chance, to learn from, not to be judged.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod vary;

use duizhao::align::Weights;
use duizhao::align::training::{Example, Judged, Prepared, Verdict, cross_validate, judge, train};
use duizhao::lexicon::Lexicon;
use duizhao::model::Segment;
use rayon::prelude::*;
use std::error::Error;
use std::fmt::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Chapters of one book belong together: folder, first letters of the document, fold.
const BOOKS: [(&str, &str, usize); 14] = [
    ("mac", "001", 0),
    ("mac", "002", 0),
    ("mac", "003", 0),
    ("mac", "004", 0),
    ("mac", "005", 1),
    ("mac", "006", 1),
    ("mac", "007", 1),
    ("mac", "008", 1),
    ("macdev", "001", 0),
    ("macdev", "002", 1),
    ("macdev", "003", 2),
    ("macdev", "004", 3),
    ("macdev", "005", 4),
    ("macdev", "006", 5),
];
const FOLDS: usize = 6;
/// Segment numbers of both sides of each bead.
type Beads = Vec<(Vec<usize>, Vec<usize>)>;

struct Doc {
    folder: String,
    name: String,
    fold: usize,
    prepared: Prepared,
    /// Whether it is only there to learn from.
    varied: bool,
}

/// What is read of a folder.
#[derive(Clone, Copy)]
struct Wish {
    /// Paragraphs, too.
    raw: bool,
    /// With gaps, joins and cuts by this chance.
    chance: Option<u64>,
    weight: f64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = PathBuf::from("train");
    let mut folders = Vec::new();
    let mut final_too = true;
    let mut quick = false;
    let mut earlier = None;
    let mut without: Vec<Vec<String>> = Vec::new();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--out" => out = PathBuf::from(args.next().ok_or("--out wants a folder")?),
            "--no-final" => final_too = false,
            "--quick" => quick = true,
            "--judge" => earlier = Some(PathBuf::from(args.next().ok_or("--judge wants a folder")?)),
            "--without" => {
                let names = args.next().ok_or("--without wants names of features, with commas")?;
                without.push(names.split(',').filter(|n| !n.is_empty()).map(str::to_string).collect());
            }
            _ => folders.push(arg),
        }
    }
    let lexicon = Lexicon::built_in();
    let mut docs = Vec::new();
    for argument in &folders {
        let (folder, weight) = match argument.split_once('=') {
            Some((folder, weight)) => (folder, weight.parse()?),
            None => (argument.as_str(), 1.0),
        };
        let (folder, chance) = match folder.split_once('~') {
            Some((folder, chance)) => (folder, Some(chance.parse()?)),
            None => (folder, None),
        };
        let (folder, raw) = folder.strip_suffix('+').map_or((folder, false), |f| (f, true));
        read_folder(Path::new(folder), Wish { raw, chance, weight }, &lexicon, &mut docs)?;
    }
    eprintln!("{} documents", docs.len());
    if let Some(earlier) = earlier {
        let verdict = |doc: &Doc| -> Result<Verdict, String> {
            let path = earlier.join(&doc.folder).join(format!("{}.weights", doc.name));
            let table = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            let weights = Weights::parse(&table).map_err(|e| format!("{}: {e}", path.display()))?;
            Ok(judge(&doc.prepared, &weights))
        };
        let verdicts: Vec<Verdict> = docs.par_iter().map(verdict).collect::<Result<_, _>>()?;
        return write_all(&out, &docs, &verdicts);
    }
    let start = Weights::built_in()?;
    let prepared: Vec<&Prepared> = docs.iter().map(|d| &d.prepared).collect();
    let folds: Vec<usize> = docs.iter().map(|d| d.fold).collect();
    if without.is_empty() {
        without.push(Vec::new());
    }
    let verdicts = cross_validate(&prepared, &folds, &start, quick, &without);
    for (names, verdicts) in without.iter().zip(&verdicts) {
        let out =
            if names.is_empty() { out.clone() } else { out.join(format!("without-{}", names.join(","))) };
        write_all(&out, &docs, verdicts)?;
    }
    if final_too {
        let judged: Vec<&Judged> = verdicts[0].iter().flat_map(|v| &v.beads).collect();
        std::fs::write(out.join("weights.tsv"), train(&prepared, &start, &judged).to_table())?;
    }
    Ok(())
}

fn write_all(out: &Path, docs: &[Doc], verdicts: &[Verdict]) -> Result<(), Box<dyn Error>> {
    let judged: Vec<(&Doc, &Verdict)> = docs.iter().zip(verdicts).filter(|(doc, _)| !doc.varied).collect();
    for (doc, verdict) in &judged {
        write(out, doc, verdict)?;
    }
    tell_losses(out, &judged)
}

/// A table of what is left to explain: the mean −ln of the true path's probability, a bead, for each folder. A document whose true path
/// the first pass lost counts 0 and is told.
fn tell_losses(out: &Path, judged: &[(&Doc, &Verdict)]) -> Result<(), Box<dyn Error>> {
    let mut folders: Vec<&str> = judged.iter().map(|(d, _)| d.folder.as_str()).collect();
    folders.dedup();
    for (doc, _) in judged.iter().filter(|(_, verdict)| verdict.loss.is_none()) {
        eprintln!("{}/{}: the first pass left no true path", doc.folder, doc.name);
    }
    let mut table = String::new();
    for folder in folders {
        let own = || judged.iter().filter(|(d, _)| d.folder == folder).map(|(_, v)| v);
        let beads: usize = own().map(|v| v.beads.len()).sum();
        writeln!(table, "{folder}\t{:.5}", own().filter_map(|v| v.loss).sum::<f64>() / beads as f64)?;
    }
    Ok(std::fs::write(out.join("losses.tsv"), table)?)
}

fn write(out: &Path, doc: &Doc, verdict: &Verdict) -> Result<(), Box<dyn Error>> {
    let folder = out.join(&doc.folder);
    std::fs::create_dir_all(&folder)?;
    let (mut lines, mut confidences) = (String::new(), String::new());
    for Judged { zh, en, confidence, .. } in &verdict.beads {
        let list = |r: &Range<usize>| r.clone().map(|k| k.to_string()).collect::<Vec<_>>().join(",");
        writeln!(lines, "[{}]:[{}]", list(zh), list(en))?;
        writeln!(confidences, "{confidence:.6}")?;
    }
    std::fs::write(folder.join(format!("{}.align", doc.name)), lines)?;
    std::fs::write(folder.join(format!("{}.conf", doc.name)), confidences)?;
    std::fs::write(folder.join(format!("{}.weights", doc.name)), verdict.weights.to_table())?;
    Ok(())
}

fn read_folder(
    folder: &Path,
    Wish { raw: with_raw, chance, weight }: Wish,
    lexicon: &Lexicon,
    docs: &mut Vec<Doc>,
) -> Result<(), Box<dyn Error>> {
    let set = folder.file_name().and_then(|n| n.to_str()).ok_or("folder without a name")?.to_string();
    let shown = if with_raw { format!("{set}+") } else { set.clone() };
    let mut names: Vec<String> = std::fs::read_dir(folder)?
        .filter_map(|e| e.ok()?.file_name().into_string().ok()?.strip_suffix(".gold").map(str::to_string))
        .collect();
    names.sort();
    let read: Vec<Doc> = names
        .into_par_iter()
        .enumerate()
        .map(|(k, name)| -> Result<Doc, String> {
            let lines = |ext: &str| read_lines(&folder.join(format!("{name}{ext}")));
            let (zh, en) = (lines(".zh")?, lines(".en")?);
            let blocks = [".blk", ".verse"].iter().find(|e| folder.join(format!("{name}.zh{e}")).exists());
            let gold = parse_gold(
                &std::fs::read_to_string(folder.join(format!("{name}.gold"))).map_err(|e| e.to_string())?,
            )?;
            let book = BOOKS.iter().find(|b| b.0 == set && name.starts_with(b.1));
            let raw = |lines: &[String], ext: &str| {
                segments(
                    lines,
                    std::fs::read_to_string(folder.join(format!("{name}{ext}.raw")))
                        .ok()
                        .filter(|_| with_raw),
                )
            };
            let mut example = Example {
                zh: raw(&zh, ".zh"),
                en: raw(&en, ".en"),
                gold: in_order(gold, zh.len(), en.len()),
                exact: blocks.is_none(),
                weight,
            };
            if let Some(chance) = chance {
                example = vary::vary(&example, (chance << 32) | k as u64);
            }
            let fold = book.map_or(k % FOLDS, |b| b.2);
            let prepared = Prepared::new(&example, lexicon);
            Ok(Doc { folder: shown.clone(), name, fold, prepared, varied: chance.is_some() })
        })
        .collect::<Result<_, _>>()?;
    docs.extend(read);
    Ok(())
}

/// Segments with their paragraphs, where a file tells them: a line belongs to the paragraph in which it ends.
fn segments(lines: &[String], raw: Option<String>) -> Vec<Segment> {
    let count = |s: &str| s.chars().filter(|c| !c.is_whitespace()).count();
    let mut ends: Vec<usize> = Vec::new();
    for paragraph in raw.iter().flat_map(|r| r.lines()) {
        ends.push(ends.last().copied().unwrap_or(0) + count(paragraph));
    }
    let mut at = 0;
    let segment = |(k, text): (usize, &String)| {
        let mut segment = Segment::line(text.as_str(), k + 1, 0..text.len());
        at += count(text);
        if !ends.is_empty() {
            segment.block = ends.partition_point(|&e| e < at);
        }
        segment
    };
    lines.iter().enumerate().map(segment).collect()
}

fn read_lines(path: &Path) -> Result<Vec<String>, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(text.lines().map(str::to_string).collect())
}

fn parse_gold(text: &str) -> Result<Beads, String> {
    let list = |s: &str| -> Result<Vec<usize>, String> {
        let inner = s.trim().trim_start_matches('[').trim_end_matches(']');
        inner
            .split(',')
            .map(str::trim)
            .filter(|x| !x.is_empty())
            .map(|x| x.parse().map_err(|_| x.to_string()))
            .collect()
    };
    text.lines()
        .filter(|l| !l.trim().is_empty())
        .map(|l| {
            let (a, b) = l.split_once("]:").ok_or_else(|| format!("not a bead: {l}"))?;
            let b = b.split(']').next().unwrap_or("");
            Ok((list(a)?, list(b)?))
        })
        .collect()
}

/// The groups in order of place; what no group names is its own null group.
fn in_order(gold: Beads, n: usize, m: usize) -> Vec<(Range<usize>, Range<usize>)> {
    let mut groups: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    let (mut i, mut j) = (0, 0);
    let mut pairs: Vec<_> = gold.into_iter().filter(|(a, b)| !a.is_empty() && !b.is_empty()).collect();
    pairs.sort();
    for (a, b) in pairs {
        let (zh, en) = (a[0]..a[a.len() - 1] + 1, b[0]..b[b.len() - 1] + 1);
        if zh.start < i || en.start < j {
            continue;
        }
        groups.extend((i..zh.start).map(|k| (k..k + 1, j..j)));
        groups.extend((j..en.start).map(|k| (zh.start..zh.start, k..k + 1)));
        (i, j) = (zh.end, en.end);
        groups.push((zh, en));
    }
    groups.extend((i..n).map(|k| (k..k + 1, j..j)));
    groups.extend((j..m).map(|k| (n..n, k..k + 1)));
    groups
}
