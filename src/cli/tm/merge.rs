//! `duizhao tm merge`: memories into one.

use super::super::Outcome;
use super::Into;
use clap::Args;
use duizhao::memory::Memory;
use duizhao::{Error, Result};
use std::collections::VecDeque;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  duizhao tm merge other.db
  duizhao tm merge anna.db ben.db --db all.db --keep newest";

/// Units read from another memory at once.
const PAGE: usize = 1000;

/// Add the units of other memory files to one; the names of the memories are kept. Each file goes in name by name.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The memory files to read
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    into: Into,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let sources: Vec<Memory> =
        arguments.files.iter().map(|f| Memory::open(f, false)).collect::<Result<_>>()?;
    let same = |f: &PathBuf| f.canonicalize().ok() == arguments.into.db.canonicalize().ok();
    if arguments.into.db.exists() && arguments.files.iter().any(same) {
        return Err(
            Error::usage("a memory cannot be merged into itself").advise("name another file with --db")
        );
    }
    let mut memory = Memory::open(&arguments.into.db, true)?;
    for (file, source) in arguments.files.iter().zip(&sources) {
        for name in source.names()? {
            let mut after = 0;
            let mut page = VecDeque::new();
            let added = memory.add(&name, arguments.into.keep, &mut || {
                loop {
                    if page.is_empty() {
                        page = VecDeque::from(source.page(after, PAGE)?);
                    }
                    let Some(stored) = page.pop_front() else { return Ok(None) };
                    after = stored.id;
                    if stored.memory == name {
                        return Ok(Some(stored.unit));
                    }
                }
            })?;
            arguments.into.note(file, &added);
        }
    }
    Ok(Outcome::Fine)
}
