//! `duizhao tm diff`: what changed between two bilingual files.

use super::super::Outcome;
use super::cell;
use clap::Args;
use duizhao::Result;
use duizhao::format::{self, Format};
use duizhao::memory::Differences;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  duizhao tm diff letter.tmx memory.tmx
  duizhao tm diff old.tmx.gz new.tmx";

/// Tell which units were added (+), removed (-) or translated anew (- and +): sign, source, target, tabs between.
///
/// Exit status 1 when the files differ.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The earlier file
    before: PathBuf,
    /// The later file
    after: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let mut differences = Differences::default();
    for (set, file) in [&arguments.before, &arguments.after].into_iter().enumerate() {
        if Format::from_path(file)? == Format::Tmx {
            let mut reader = format::open_tmx(file)?;
            let source = reader.source_lang().and_then(|l| l.lang());
            while let Some((_, mut unit)) = reader.next_unit().map_err(|e| e.in_file(file))? {
                if source.is_some() {
                    unit.variants.sort_by_key(|v| v.lang.lang() != source);
                }
                differences.add(set, &unit);
            }
        } else {
            format::read_file(file, None)?.units.iter().for_each(|u| differences.add(set, u));
        }
    }
    let changes = differences.list();
    let mut out = BufWriter::new(std::io::stdout().lock());
    for change in &changes {
        let source = cell(&change.source);
        for (sign, texts) in [('-', &change.before), ('+', &change.after)] {
            for text in texts {
                writeln!(out, "{sign}\t{source}\t{}", cell(text))?;
            }
        }
    }
    out.flush()?;
    Ok(if changes.is_empty() { Outcome::Fine } else { Outcome::Found })
}
