//! `duizhao terms`: termbases and the terms of texts, one file a subcommand.

mod base;
mod check;
mod consistency;
mod extract;

use super::Outcome;
use clap::{Args, Subcommand};
use duizhao::Result;

const EXAMPLES: &str = "\
Examples:
  duizhao terms check letter.tmx --terms terms.csv --fail-on never
  duizhao terms consistency letter.jsonl --top 5
  duizhao terms extract letter.jsonl -o found.csv -o found.tbx
  duizhao terms convert terms.csv terms.tbx
  duizhao terms merge terms.csv terms.csv -o all.xlsx
  duizhao terms validate terms.csv";

/// Check the terms of a translation; convert, merge and validate termbases.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Hold translations against a termbase
    Check(check::Arguments),
    /// Find terms and segments that are rendered in several ways
    Consistency(consistency::Arguments),
    /// Find the terms of aligned text
    Extract(extract::Arguments),
    /// Convert a termbase; the extensions choose the formats
    Convert(base::Convert),
    /// Merge termbases; entries that share a term of both languages become one
    Merge(base::Merge),
    /// Tell what is wrong with a termbase
    Validate(base::Validate),
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    match &arguments.command {
        Command::Check(a) => check::run(a),
        Command::Consistency(a) => consistency::run(a),
        Command::Extract(a) => extract::run(a),
        Command::Convert(a) => base::convert(a),
        Command::Merge(a) => base::merge(a),
        Command::Validate(a) => base::validate(a),
    }
}
