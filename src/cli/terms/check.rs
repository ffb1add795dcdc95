//! `duizhao terms check`: is the termbase kept?

use crate::cli::{Outcome, print, say::Voice};
use clap::{Args, ValueEnum};
use duizhao::format::{self, glossary};
use duizhao::lexicon::Lexicon;
use duizhao::model::{Bitext, Finding, Lang, Severity, Side, Termbase};
use duizhao::terms::Checker;
use duizhao::{Error, Result};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  duizhao terms check letter.tmx --terms terms.csv
  duizhao terms check letter.jsonl --terms terms.csv --json --fail-on never";

/// Tell where a translation does not keep to a termbase.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// Bilingual files
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The termbase: TBX, CSV, TSV, UTX or XLSX; may be given several times
    #[arg(long, required = true, value_name = "FILE")]
    terms: Vec<PathBuf>,
    /// JSON lines instead of text
    #[arg(long)]
    json: bool,
    /// What makes the exit status 1
    #[arg(long, default_value = "warning", value_name = "SEVERITY")]
    fail_on: FailOn,
    /// Say errors only
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Never,
}

pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let mut base = Termbase::default();
    for path in &arguments.terms {
        base.entries.extend(glossary::read_terms(path, None)?.entries);
    }
    let lexicon = Lexicon::built_in();
    let mut ready: Vec<(Lang, Checker)> = Vec::new();
    let mut outcome = Outcome::Fine;
    let voice = Voice { quiet: arguments.quiet };
    for file in &arguments.files {
        let bitext = format::read_file(file, None)?;
        let source = bitext.source_lang.lang().ok_or_else(|| {
            Error::usage(format!("the source language {} is neither Chinese nor English", bitext.source_lang))
                .in_file(file)
        })?;
        if !ready.iter().any(|(lang, _)| *lang == source) {
            ready.push((source, Checker::new(&lexicon, &base, source)));
        }
        let Some((_, checker)) = ready.iter().find(|(lang, _)| *lang == source) else { continue };
        let findings = checker.check(&bitext).map_err(|e| e.in_file(file))?;
        let mut text = String::new();
        for finding in &findings {
            let failed = match arguments.fail_on {
                FailOn::Error => finding.severity == Severity::Error,
                FailOn::Warning => finding.severity >= Severity::Warning,
                FailOn::Never => false,
            };
            if failed {
                outcome = Outcome::Found;
            }
            let name = file.display().to_string();
            text +=
                &if arguments.json { json(&name, &bitext, finding) } else { plain(&name, &bitext, finding) };
        }
        print(text.as_bytes())?;
        voice.note(&format!(
            "{}: {} findings in {} units",
            file.display(),
            findings.len(),
            bitext.units.len()
        ));
    }
    Ok(outcome)
}

fn text(bitext: &Bitext, unit: usize, side: Side) -> &str {
    let k = usize::from(side == Side::Target);
    bitext.units.get(unit).and_then(|u| u.variants.get(k)).map_or("", |v| v.text.as_str())
}

fn plain(file: &str, bitext: &Bitext, finding: &Finding) -> String {
    let Finding { rule, severity, unit, message, .. } = finding;
    let [source, target] = [Side::Source, Side::Target].map(|s| text(bitext, *unit, s));
    format!("{file}:{}: {severity} {rule}: {message}\n    {source}\n    {target}\n", unit + 1)
}

fn json(file: &str, bitext: &Bitext, finding: &Finding) -> String {
    let marks: Vec<serde_json::Value> = finding
        .marks
        .iter()
        .map(|m| {
            let side = if m.side == Side::Source { "source" } else { "target" };
            serde_json::json!({"side": side, "start": m.bytes.start, "end": m.bytes.end})
        })
        .collect();
    let line = serde_json::json!({
        "file": file, "unit": finding.unit + 1, "rule": finding.rule, "severity": finding.severity.to_string(),
        "message": finding.message, "marks": marks,
        "source": text(bitext, finding.unit, Side::Source), "target": text(bitext, finding.unit, Side::Target),
    });
    format!("{line}\n")
}
