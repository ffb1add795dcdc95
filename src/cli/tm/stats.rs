//! `duizhao tm stats`: what a memory holds.

use super::super::Outcome;
use super::{Place, Wanted, cell};
use clap::Args;
use duizhao::Result;
use std::io::Write;

const EXAMPLES: &str = "\
Examples:
  duizhao tm stats
  duizhao tm stats --since 2026-01-01";

/// Count units by memory, language, month, domain, status and length: kind, value, count, tabs between them.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    wanted: Wanted,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let memory = arguments.place.open()?;
    let stats = memory.stats(&arguments.wanted.filter(&arguments.place))?;
    let mut out = std::io::stdout().lock();
    for (kind, count) in
        [("units", stats.units), ("source words", stats.source_words), ("repetitions", stats.repetitions)]
    {
        writeln!(out, "{kind}\t\t{count}")?;
    }
    for (kind, counts) in [
        ("memory", &stats.memories),
        ("languages", &stats.languages),
        ("month", &stats.months),
        ("domain", &stats.domains),
        ("status", &stats.statuses),
    ] {
        for (value, count) in counts {
            let value = if value.is_empty() { "-".to_string() } else { cell(value) };
            writeln!(out, "{kind}\t{value}\t{count}")?;
        }
    }
    for (end, count) in &stats.lengths {
        let value = if *end == usize::MAX { "longer".to_string() } else { format!("up to {end}") };
        writeln!(out, "length\t{value}\t{count}")?;
    }
    out.flush()?;
    Ok(Outcome::Fine)
}
