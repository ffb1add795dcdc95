//! `duizhao terms extract`: the terms of aligned text.

use crate::cli::{Outcome, print, say::Voice};
use clap::Args;
use duizhao::Result;
use duizhao::format::{self, glossary, glossary::TermFormat};
use duizhao::lexicon::Lexicon;
use duizhao::model::{Bitext, Term, TermEntry, TermStatus, Termbase};
use duizhao::terms::{self, Extracted};
use std::path::PathBuf;

/// Find bilingual term candidates, what a terminologist would keep first.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  duizhao terms extract letter.jsonl\n  duizhao terms extract memory.tmx --least 2 -o terms.xlsx -o terms.tbx"
)]
pub(super) struct Arguments {
    /// A bilingual file
    file: PathBuf,
    /// Files to write: .csv .tsv .xlsx with figures and examples, .tbx as provisional terms; stdout otherwise
    #[arg(short, long)]
    output: Vec<PathBuf>,
    /// Leave out what comes together in fewer units
    #[arg(long, default_value_t = 2, value_name = "N")]
    least: usize,
    /// Keep so many
    #[arg(long, default_value_t = 1000, value_name = "N")]
    top: usize,
}

pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let bitext = format::read_file(&arguments.file, None)?;
    let mut found = terms::extract(&Lexicon::built_in(), &bitext, arguments.least);
    found.truncate(arguments.top);
    let rows = table(&bitext, &found);
    for path in &arguments.output {
        match TermFormat::from_path(path)? {
            TermFormat::Csv | TermFormat::Tsv | TermFormat::Xlsx => glossary::write_table(path, &rows)?,
            _ => glossary::write_terms(path, &termbase(&bitext, &found), None)?,
        }
        Voice::default().note(&format!("{}: {} terms", path.display(), found.len()));
    }
    if !arguments.output.is_empty() {
        return Ok(Outcome::Fine);
    }
    let lines: String = rows.iter().map(|r| r.join("\t") + "\n").collect();
    print(lines.as_bytes())
}

fn example(bitext: &Bitext, unit: usize, side: usize) -> String {
    let text = bitext.units.get(unit).and_then(|u| u.variants.get(side)).map_or("", |v| &v.text);
    text.replace(['\t', '\n', '\r'], " ")
}

fn table(bitext: &Bitext, found: &[Extracted]) -> Vec<Vec<String>> {
    let head = [
        "source",
        "target",
        "frequency",
        "dice",
        "log-likelihood",
        "score",
        "kind",
        "source example",
        "target example",
    ];
    let mut rows = vec![head.map(String::from).to_vec()];
    for f in found {
        rows.push(vec![
            f.source.clone(),
            f.target.clone(),
            f.frequency.to_string(),
            format!("{:.3}", f.dice),
            format!("{:.1}", f.likelihood),
            format!("{:.2}", f.score),
            f.kind.as_str().to_string(),
            example(bitext, f.example, 0),
            example(bitext, f.example, 1),
        ]);
    }
    rows
}

fn termbase(bitext: &Bitext, found: &[Extracted]) -> Termbase {
    let term = |lang: &duizhao::model::LangTag, text: &str| Term {
        lang: lang.clone(),
        text: text.to_string(),
        status: TermStatus::Provisional,
    };
    let entry = |f: &Extracted| TermEntry {
        terms: vec![term(&bitext.source_lang, &f.source), term(&bitext.target_lang, &f.target)],
        notes: vec![
            format!("{}; frequency {}", f.kind.as_str(), f.frequency),
            format!("{} / {}", example(bitext, f.example, 0), example(bitext, f.example, 1)),
        ],
        ..TermEntry::default()
    };
    Termbase { entries: found.iter().map(entry).collect() }
}
