//! `duizhao tm export`: units of a memory into a bilingual file.

use super::super::Outcome;
use super::super::say::Voice;
use super::{Place, Wanted};
use clap::Args;
use duizhao::format::{self, Format, WriteOptions};
use duizhao::memory::{Filter, Memory};
use duizhao::model::{Bitext, LangTag};
use duizhao::{Error, ErrorKind, Result};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  duizhao tm export all.tmx
  duizhao tm export new.tmx.gz --since 2026-01-01 --lang zh-CN
  duizhao tm export sure.csv --min-confidence 0.9";

/// Write units into a file; TMX is written unit by unit, however many there are.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The file; its extension chooses the format
    output: PathBuf,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    wanted: Wanted,
    /// Units with this text on either side
    #[arg(long, value_name = "TEXT")]
    query: Option<String>,
    /// The format, whatever the extension
    #[arg(long)]
    format: Option<Format>,
    /// Say errors only
    #[arg(short, long)]
    quiet: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let format = arguments.format.map_or_else(|| Format::from_path(&arguments.output), Ok)?;
    let memory = arguments.place.open()?;
    let mut filter = arguments.wanted.filter(&arguments.place);
    filter.text = arguments.query.clone();
    let Some([source, target]) = languages(&memory, &filter)? else {
        return Err(Error::new(ErrorKind::Empty("no unit is like that".into()))
            .advise("see what is there with `duizhao tm list`"));
    };
    let written = if format == Format::Tmx {
        format::write_tmx(&arguments.output, &source, &[], &mut |out| {
            memory.each(&filter, &mut |stored| out.unit(&stored.unit))
        })?
    } else {
        let mut bitext = Bitext::new(source, target);
        memory.each(&filter, &mut |stored| {
            bitext.units.push(stored.unit);
            Ok(())
        })?;
        format::write_file(&arguments.output, &bitext, format, &WriteOptions::default())?
    };
    let voice = Voice { quiet: arguments.quiet };
    voice.note(&format!("{}: {} units", arguments.output.display(), written.units));
    Ok(Outcome::Fine)
}

/// The languages of the first unit.
fn languages(memory: &Memory, filter: &Filter) -> Result<Option<[LangTag; 2]>> {
    let first = memory.first(filter)?;
    Ok(first.map(|s| [s.source().lang.clone(), s.target().lang.clone()]))
}
