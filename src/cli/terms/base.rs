//! `duizhao terms convert`, `merge` and `validate`: work on termbases alone.

use crate::cli::{Outcome, print, say::Voice};
use clap::Args;
use duizhao::Result;
use duizhao::format::glossary::{self, TermFormat};
use duizhao::terms;
use std::path::PathBuf;

/// Convert a termbase.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  duizhao terms convert terms.csv terms.tbx\n  duizhao terms convert terms.csv old.tbx --to tbx2"
)]
pub(super) struct Convert {
    /// The termbase to read
    input: PathBuf,
    /// The file to write
    output: PathBuf,
    /// The input's format: tbx, csv, tsv, omegat, utx, xlsx
    #[arg(long)]
    from: Option<TermFormat>,
    /// The output's format; also tbx2, the older TBX that most tools read
    #[arg(long)]
    to: Option<TermFormat>,
}

/// Merge termbases.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  duizhao terms merge terms.csv terms.csv -o all.xlsx")]
pub(super) struct Merge {
    /// The termbases; what an earlier one says of an entry stands
    #[arg(required = true)]
    inputs: Vec<PathBuf>,
    /// The file to write
    #[arg(short, long)]
    output: PathBuf,
}

/// Tell what is wrong with a termbase.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  duizhao terms validate terms.csv")]
pub(super) struct Validate {
    /// The termbase
    input: PathBuf,
}

pub(super) fn convert(arguments: &Convert) -> Result<Outcome> {
    let base = glossary::read_terms(&arguments.input, arguments.from)?;
    glossary::write_terms(&arguments.output, &base, arguments.to)?;
    Voice::default().note(&format!("{}: {} entries", arguments.output.display(), base.entries.len()));
    Ok(Outcome::Fine)
}

pub(super) fn merge(arguments: &Merge) -> Result<Outcome> {
    let bases: Result<Vec<_>> = arguments.inputs.iter().map(|p| glossary::read_terms(p, None)).collect();
    let merged = terms::merge(bases?);
    glossary::write_terms(&arguments.output, &merged, None)?;
    Voice::default().note(&format!("{}: {} entries", arguments.output.display(), merged.entries.len()));
    Ok(Outcome::Fine)
}

pub(super) fn validate(arguments: &Validate) -> Result<Outcome> {
    let base = glossary::read_terms(&arguments.input, None)?;
    let problems = terms::validate(&base);
    print(problems.iter().map(|p| format!("{p}\n")).collect::<String>().as_bytes())?;
    Ok(if problems.is_empty() { Outcome::Fine } else { Outcome::Found })
}
