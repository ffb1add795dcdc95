//! `duizhao tm list`: units as lines.

use super::super::Outcome;
use super::{Place, Wanted, cell};
use clap::Args;
use duizhao::Result;
use std::io::{BufWriter, Write};

const EXAMPLES: &str = "\
Examples:
  duizhao tm list --limit 20
  duizhao tm list --status needs-review";

/// Print units: number, memory, source and target, tabs between them.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    wanted: Wanted,
    /// At most so many
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let memory = arguments.place.open()?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut left = arguments.limit.unwrap_or(usize::MAX);
    memory.each_until(&arguments.wanted.filter(&arguments.place), &mut |stored| {
        if left == 0 {
            return Ok(false);
        }
        left -= 1;
        let [source, target] = [stored.source(), stored.target()].map(|v| cell(&v.text));
        writeln!(out, "{}\t{}\t{source}\t{target}", stored.id, cell(&stored.memory))?;
        Ok(true)
    })?;
    out.flush()?;
    Ok(Outcome::Fine)
}
