//! `duizhao convert`: from one bilingual format into another.

use super::Outcome;
use super::say::Voice;
use clap::Args;
use duizhao::Result;
use duizhao::format::{self, Format, WriteOptions};
use duizhao::model::LangTag;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  duizhao convert letter.jsonl letter.tmx
  duizhao convert letter.tmx letter.csv --bom
  duizhao convert memory.tmx memory.tsv --min-confidence 0.9";

/// Convert between bilingual formats; the extensions choose them.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The file to read
    input: PathBuf,
    /// The file to write
    output: PathBuf,
    /// The input's format, whatever its extension
    #[arg(long)]
    from: Option<Format>,
    /// The output's format, whatever its extension
    #[arg(long)]
    to: Option<Format>,
    /// The source language's tag in the output
    #[arg(long, value_name = "TAG")]
    source_lang: Option<LangTag>,
    /// The target language's tag in the output
    #[arg(long, value_name = "TAG")]
    target_lang: Option<LangTag>,
    /// Leave less sure pairs out
    #[arg(long, value_name = "P")]
    min_confidence: Option<f64>,
    /// Start CSV and TSV with a byte-order mark, for Excel
    #[arg(long)]
    bom: bool,
    /// Say errors only
    #[arg(short, long)]
    quiet: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let to = arguments.to.map_or_else(|| Format::from_path(&arguments.output), Ok)?;
    let bitext = format::read_file(&arguments.input, arguments.from)?;
    let options = WriteOptions {
        source_tag: arguments.source_lang.clone(),
        target_tag: arguments.target_lang.clone(),
        bom: arguments.bom,
        min_confidence: arguments.min_confidence,
    };
    let written = format::write_file(&arguments.output, &bitext, to, &options)?;
    let voice = Voice { quiet: arguments.quiet };
    voice.note(&format!("{}: {} of {} pairs", arguments.output.display(), written.units, bitext.units.len()));
    Ok(Outcome::Fine)
}
