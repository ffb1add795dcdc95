//! `duizhao tm validate`: what readers of TMX would refuse or drop.

use super::super::Outcome;
use super::super::say::Voice;
use clap::Args;
use duizhao::Result;
use duizhao::format::{self, Tool};
use std::io::{BufWriter, Write};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  duizhao tm validate letter.tmx
  duizhao tm validate letter.tmx --for omegat
  duizhao tm validate letter.tmx --for trados --fix fixed.tmx";

/// Tell unit by unit what in a TMX file readers refuse or silently drop, and why.
///
/// Prints file and line, unit, rule, what was found, what comes of it, tabs between them. Exit status 1 when there
/// is a fault.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The TMX file, packed or not
    file: PathBuf,
    /// Also what only this tool minds: omegat, trados or memoq
    #[arg(long = "for", value_name = "TOOL")]
    tool: Option<Tool>,
    /// Write a repaired copy, in the form that the tool of --for takes
    #[arg(long, value_name = "FILE")]
    fix: Option<PathBuf>,
    /// Say errors only
    #[arg(short, long)]
    quiet: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let faults = format::validate_tmx(&arguments.file, arguments.tool)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    for fault in &faults {
        let unit = fault.unit.map_or_else(|| "file".to_string(), |u| format!("unit {u}"));
        let (name, effect) = (fault.rule.name, fault.rule.effect);
        let found = super::cell(&fault.found);
        writeln!(out, "{}:{}\t{unit}\t{name}\t{found}\t{effect}", arguments.file.display(), fault.line)?;
    }
    out.flush()?;
    let voice = Voice { quiet: arguments.quiet };
    if let Some(output) = &arguments.fix {
        let done = format::repair_tmx(&arguments.file, output, arguments.tool)?;
        voice.note(&format!("{}: {} units", output.display(), done.units));
        for (line, why) in &done.left_out {
            voice.warning(&format!("{}:{line}: the unit is left out: {why}", arguments.file.display()));
        }
        if let Some(cut) = &done.cut {
            voice.warning(&format!("what follows is lost: {cut}"));
        }
    }
    Ok(if faults.is_empty() { Outcome::Fine } else { Outcome::Found })
}
