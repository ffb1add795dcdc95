//! `duizhao tm`: the translation memory, one file a subcommand.

mod add;
mod clean;
mod diff;
mod export;
mod list;
mod matching;
mod merge;
mod search;
mod stats;
mod validate;

use super::Outcome;
use super::say::Voice;
use clap::{Args, Subcommand};
use duizhao::Result;
use duizhao::memory::{Added, Filter, Keep, Memory};
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  duizhao tm add letter.tmx
  duizhao tm search 安全理事会
  duizhao tm match 阿塞拜疆被占领土局势
  duizhao tm match --file letter.zh.txt --report csv
  duizhao tm list --limit 5
  duizhao tm export all.tmx
  duizhao tm clean --only duplicate --apply
  duizhao tm stats
  duizhao tm diff letter.tmx memory.tmx
  duizhao tm validate letter.tmx --for omegat
  duizhao tm merge memory.db --db all.db";

/// Keep translations in one file; find, clean, exchange them.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Add bilingual files to a memory
    #[command(alias = "import")]
    Add(add::Arguments),
    /// Find units that use a word
    Search(search::Arguments),
    /// Find units that are like a text, or tell how much of a document is known
    Match(Box<matching::Arguments>),
    /// Print units
    List(list::Arguments),
    /// Write units into a file
    Export(export::Arguments),
    /// Find units that should go or be mended
    Clean(clean::Arguments),
    /// Count units
    Stats(stats::Arguments),
    /// Put memory files together
    Merge(merge::Arguments),
    /// Tell what changed between two files
    Diff(diff::Arguments),
    /// Tell what in a TMX file other programs would refuse or drop
    Validate(validate::Arguments),
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    match &arguments.command {
        Command::Add(a) => add::run(a),
        Command::Search(a) => search::run(a),
        Command::Match(a) => matching::run(a),
        Command::List(a) => list::run(a),
        Command::Export(a) => export::run(a),
        Command::Clean(a) => clean::run(a),
        Command::Stats(a) => stats::run(a),
        Command::Merge(a) => merge::run(a),
        Command::Diff(a) => diff::run(a),
        Command::Validate(a) => validate::run(a),
    }
}

/// Which file, which memory in it.
#[derive(Debug, Args)]
pub(crate) struct Place {
    /// The memory's file
    #[arg(long, value_name = "FILE", default_value = "memory.db")]
    db: PathBuf,
    /// The memory in the file, for files that hold several
    #[arg(long, short = 'm', value_name = "NAME")]
    memory: Option<String>,
}

impl Place {
    fn open(&self) -> Result<Memory> {
        Memory::open(&self.db, false)
    }
}

/// Where units go.
#[derive(Debug, Args)]
pub(crate) struct Into {
    /// The memory's file; made if it is not there
    #[arg(long, value_name = "FILE", default_value = "memory.db")]
    db: PathBuf,
    /// Of different translations of one text keep newest, oldest or all; what goes is kept in the history
    #[arg(long, value_name = "RULE", default_value_t = Keep::All)]
    keep: Keep,
    /// Say errors only
    #[arg(short, long)]
    quiet: bool,
}

impl Into {
    fn note(&self, file: &Path, added: &Added) {
        let mut parts = vec![format!("{} units added", added.added)];
        for (count, what) in [
            (added.known, "known"),
            (added.updated, "updated"),
            (added.replaced, "older translations replaced"),
            (added.refused, "left out for the ones there"),
            (added.one_sided, "with an empty side left out"),
        ] {
            if count > 0 {
                parts.push(format!("{count} {what}"));
            }
        }
        Voice { quiet: self.quiet }.note(&format!("{}: {}", file.display(), parts.join(", ")));
    }
}

/// Which units.
#[derive(Debug, Args)]
pub(crate) struct Wanted {
    /// Units with a text of this language
    #[arg(long, value_name = "TAG")]
    lang: Option<String>,
    /// Units changed or made then or later, as 20260131 or 20260131T235959Z
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Units changed or made before
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// Units of this domain (property x-domain)
    #[arg(long)]
    domain: Option<String>,
    /// Units of this document (property x-document)
    #[arg(long)]
    document: Option<String>,
    /// Units of this status: unchecked, needs-review, accepted, rejected
    #[arg(long)]
    status: Option<String>,
    /// Units at least so sure, 0 to 1; those without a confidence pass
    #[arg(long, value_name = "P")]
    min_confidence: Option<f64>,
}

impl Wanted {
    fn filter(&self, place: &Place) -> Filter {
        let date = |d: &Option<String>| d.as_ref().map(|d| d.replace(['-', ':'], ""));
        Filter {
            memory: place.memory.clone(),
            lang: self.lang.clone(),
            since: date(&self.since),
            until: date(&self.until),
            domain: self.domain.clone(),
            document: self.document.clone(),
            status: self.status.clone(),
            min_confidence: self.min_confidence,
            text: None,
        }
    }
}

/// A text on one line of tab-separated output.
fn cell(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
}
