//! `duizhao apply`: corrections that come back in a table.

use super::Outcome;
use super::say::Voice;
use clap::Args;
use duizhao::Result;
use duizhao::format::{self, Format, WriteOptions};
use duizhao::review::corrections::{self, Plan};
use duizhao::review::{Operation, Refused, Session};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  duizhao apply letter.tsv letter.jsonl
      take over what a colleague corrected in the table of this alignment
  duizhao apply --dry-run letter.tsv letter.jsonl
      only say what would change, and what does not fit
  duizhao apply letter.tsv letter.jsonl -o corrected.jsonl
      leave the alignment as it is and write another";

/// Take corrections from a table back into its alignment, by id.
///
/// The table (TSV, CSV or any other that duizhao reads) was written from the alignment and edited elsewhere: texts and
/// statuses are taken over, rows that the table lacks stay. What does not fit is reported as a table on stdout and left
/// alone; the exit status is 1 then. The page of `duizhao review` can take the whole back with one undo.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The corrected table
    corrections: PathBuf,
    /// The alignment (JSON lines) it was written from
    alignment: PathBuf,
    /// Write here instead of changing the alignment
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The table's format, where its extension does not tell
    #[arg(long)]
    format: Option<Format>,
    /// Where both sides changed something, take the table's
    #[arg(long)]
    theirs: bool,
    /// Change nothing
    #[arg(long)]
    dry_run: bool,
    /// Say errors only
    #[arg(short, long)]
    quiet: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let voice = Voice { quiet: arguments.quiet };
    let table = format::read_file(&arguments.corrections, arguments.format)?;
    let mut session = Session::open(&arguments.alignment)?;
    for notice in session.notices() {
        voice.warning(notice);
    }
    let plan = corrections::plan(session.state(), &table, arguments.theirs);
    if !arguments.dry_run {
        let all = Operation::All(plan.operations.clone());
        match &arguments.output {
            Some(path) => {
                let mut state = session.state().clone();
                state.apply(&all)?;
                let options = WriteOptions::default();
                format::write_file(path, &state.bitext(), Format::from_path(path)?, &options)?;
            }
            None => {
                session.apply(session.revision(), &all).map_err(|refused| match refused {
                    Refused::Error(e) => e,
                    other => duizhao::Error::usage(other.to_string()).in_file(&arguments.alignment),
                })?;
                session.write()?;
            }
        }
    }
    report(&plan)?;
    voice.note(&format!(
        "{} texts and {} decisions {}, {} conflicts, {} rows not in the table",
        plan.texts,
        plan.decisions,
        if arguments.dry_run { "would change" } else { "changed" },
        plan.conflicts.len(),
        plan.absent,
    ));
    Ok(if plan.conflicts.is_empty() { Outcome::Fine } else { Outcome::Found })
}

fn report(plan: &Plan) -> Result<()> {
    if plan.conflicts.is_empty() {
        return Ok(());
    }
    let cell = |text: &str| text.replace(['\t', '\n', '\r'], " ");
    let mut out = String::from("id\tconflict\tours\ttheirs\n");
    for c in &plan.conflicts {
        let cells = [&c.id, &c.what, &c.ours, &c.theirs].map(|t| cell(t));
        out.push_str(&cells.join("\t"));
        out.push('\n');
    }
    super::print(out.as_bytes())?;
    Ok(())
}
