//! `duizhao tm clean`: what should go or be mended.

use super::super::Outcome;
use super::super::say::Voice;
use super::{Place, Wanted, cell};
use clap::Args;
use duizhao::Result;
use duizhao::memory::Reason;
use std::io::{BufWriter, Write};

const EXAMPLES: &str = "\
Examples:
  duizhao tm clean --except number-mismatch
  duizhao tm clean --only duplicate,outer-space --apply
  duizhao tm clean --undo";

/// List units that should go or be mended, with one reason a unit; change them with --apply.
///
/// Prints number, reason, what happens (goes or becomes), source and target, tabs between them. Without --apply
/// nothing is changed, and the exit status is 1 when there is something to do.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    wanted: Wanted,
    /// Only for these reasons: empty, duplicate, source-equals-target, wrong-language, wrong-script, length,
    /// number-mismatch, tags, invalid-character, outer-space, inconsistent
    #[arg(long, value_name = "REASONS", value_delimiter = ',')]
    only: Vec<Reason>,
    /// Not for these reasons
    #[arg(long, value_name = "REASONS", value_delimiter = ',')]
    except: Vec<Reason>,
    /// Do it; the units that go are kept in the history
    #[arg(long)]
    apply: bool,
    /// Take the last cleaning back
    #[arg(long, conflicts_with_all = ["apply", "only", "except"])]
    undo: bool,
    /// Say errors only
    #[arg(short, long)]
    quiet: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let mut memory = arguments.place.open()?;
    let voice = Voice { quiet: arguments.quiet };
    if arguments.undo {
        let count = memory.undo(None)?;
        voice.note(&format!("{count} units are as they were"));
        return Ok(Outcome::Fine);
    }
    let reasons: Vec<Reason> = Reason::ALL
        .into_iter()
        .filter(|r| arguments.only.is_empty() || arguments.only.contains(r))
        .filter(|r| !arguments.except.contains(r))
        .collect();
    let proposals = memory.review(&arguments.wanted.filter(&arguments.place), &reasons)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    for p in &proposals {
        let (what, unit) = match &p.becomes {
            None => ("goes", &p.stored.unit),
            Some(unit) => ("becomes", unit),
        };
        let [source, target] = [0, 1].map(|k| cell(&unit.variants[k].text));
        writeln!(out, "{}\t{}\t{what}\t{source}\t{target}", p.stored.id, p.reason)?;
    }
    out.flush()?;
    if proposals.is_empty() {
        voice.note("nothing to clean");
        return Ok(Outcome::Fine);
    }
    if arguments.apply {
        memory.clean(&proposals)?;
        voice.note(&format!("{} units cleaned; --undo takes it back", proposals.len()));
        return Ok(Outcome::Fine);
    }
    voice.note(&format!("{} units to clean; --apply does it", proposals.len()));
    Ok(Outcome::Found)
}
