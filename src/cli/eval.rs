//! `duizhao eval`: how good an alignment is.

use super::Outcome;
use clap::Args;
use duizhao::eval::{Score, beads, pairs};
use duizhao::format::{self, Format, read_beads, read_ladder};
use duizhao::{Error, ErrorKind, Result};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  duizhao eval letter.gold.tsv letter.tsv
      pairs by text: un-wrapping, splitting and pairing together
  duizhao eval gold/ mine/
      beads by number: every DOC.gold with DOC.align (or .beads) and all together
  duizhao eval gold/ mine/ --blk
      gold known by paragraphs or verses only (DOC.zh.blk, DOC.en.blk)";

/// Compare an alignment with a gold one.
///
/// Strict: a pair is right if it is exactly a gold pair. Lax: if it overlaps one. Pairs without counterpart count in
/// precision, not in recall.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// A gold table of pairs (TSV, CSV, JSON lines, TMX), a file of beads, or a folder of DOC.gold
    gold: PathBuf,
    /// What is to be judged, in the same form
    hypothesis: PathBuf,
    /// Merge beads inside one block before comparing (folders with DOC.zh.blk or .verse)
    #[arg(long)]
    blk: bool,
    /// A line for each document, too
    #[arg(long)]
    per_doc: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let out = if arguments.gold.is_dir() {
        folders(arguments)?
    } else if is_beads(&arguments.gold) {
        let counts = beads::compare(&read_any(&arguments.gold)?, &read_any(&arguments.hypothesis)?);
        line("", &counts)
    } else {
        by_text(&arguments.gold, &arguments.hypothesis)?
    };
    super::print(out.as_bytes())
}

fn is_beads(path: &Path) -> bool {
    path.extension().is_some_and(|e| ["gold", "align", "beads", "ladder"].iter().any(|x| e == *x))
}

fn read_text(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|e| Error::from(e).in_file(path))
}

fn read_any(path: &Path) -> Result<Vec<beads::Bead>> {
    let text = read_text(path)?;
    let ladder = path.extension().is_some_and(|e| e == "ladder");
    if ladder { read_ladder(&text) } else { read_beads(&text) }.map_err(|e| e.in_file(path))
}

fn folders(arguments: &Arguments) -> Result<String> {
    let mut names: Vec<String> = std::fs::read_dir(&arguments.gold)
        .map_err(|e| Error::from(e).in_file(&arguments.gold))?
        .filter_map(|e| e.ok()?.file_name().into_string().ok()?.strip_suffix(".gold").map(str::to_string))
        .collect();
    names.sort();
    let mut all = beads::Counts::default();
    let mut out = String::new();
    let mut missing = 0;
    for name in &names {
        let found = ["align", "beads", "ladder", "gold"]
            .iter()
            .map(|e| arguments.hypothesis.join(format!("{name}.{e}")))
            .find(|p| p.exists());
        let Some(path) = found else {
            missing += 1;
            continue;
        };
        let gold = read_any(&arguments.gold.join(format!("{name}.gold")))?;
        let mut test = read_any(&path)?;
        if arguments.blk
            && let Some((zh, en)) = blocks(&arguments.gold, name)?
        {
            test = beads::merge_blocks(&test, &zh, &en);
        }
        let counts = beads::compare(&gold, &test);
        if arguments.per_doc {
            out.push_str(&line(name, &counts));
        }
        all += counts;
    }
    if names.len() == missing {
        return Err(Error::new(ErrorKind::Empty("no DOC.gold with a DOC.align".into()))
            .in_file(&arguments.hypothesis));
    }
    out.push_str(&line("ALL", &all));
    if missing > 0 {
        let _ = writeln!(out, "{missing} documents are missing");
    }
    Ok(out)
}

fn blocks(folder: &Path, name: &str) -> Result<Option<(Vec<String>, Vec<String>)>> {
    for extension in ["blk", "verse"] {
        let path = |lang: &str| folder.join(format!("{name}.{lang}.{extension}"));
        if path("zh").exists() {
            let read = |lang: &str| -> Result<Vec<String>> {
                Ok(read_text(&path(lang))?.lines().map(str::to_string).collect())
            };
            return Ok(Some((read("zh")?, read("en")?)));
        }
    }
    Ok(None)
}

fn show(score: Score) -> String {
    format!("P {:.4} R {:.4} F {:.4}", score.precision, score.recall, score.f1())
}

fn line(name: &str, counts: &beads::Counts) -> String {
    format!(
        "{name:20} strict {} | lax {} | links {} | nulls {} ({} in gold)\n",
        show(counts.strict()),
        show(counts.lax()),
        show(counts.links()),
        show(counts.nulls()),
        counts.gold_nulls(),
    )
}

fn by_text(gold: &Path, hypothesis: &Path) -> Result<String> {
    let read = |path: &Path| -> Result<Vec<pairs::Pair>> {
        let bitext =
            format::read_file(path, if path.extension().is_none() { Some(Format::Tsv) } else { None })?;
        let text = |unit: &duizhao::model::TranslationUnit, k: usize| {
            unit.variants.get(k).map_or(String::new(), |v| v.text.clone())
        };
        Ok(bitext.units.iter().map(|u| (text(u, 0), text(u, 1))).collect())
    };
    let scores = pairs::compare(&read(gold)?, &read(hypothesis)?);
    Ok(format!(
        "strict {}\nlax    {}\nlost   {} source, {} target characters\nextra  {} source, {} target characters\n",
        show(scores.strict),
        show(scores.lax),
        scores.lost.0,
        scores.lost.1,
        scores.extra.0,
        scores.extra.1,
    ))
}
