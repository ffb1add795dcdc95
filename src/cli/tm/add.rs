//! `duizhao tm add`: bilingual files into a memory.

use super::super::Outcome;
use super::super::say::Voice;
use clap::Args;
use duizhao::format::{self, Format};
use duizhao::memory::{Added, Keep, Memory, in_context};
use duizhao::model::{Property, TranslationUnit};
use duizhao::{Error, Result};
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  duizhao tm add letter.tmx
  duizhao tm add letter.jsonl --db un.db --memory letters --keep newest
  duizhao tm add memory.tmx.gz --domain law";

/// Add bilingual files; each goes in whole or not at all.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// TMX (also packed, .tmx.gz), CSV, TSV, JSON lines of an alignment …
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The memory's file; made if it is not there
    #[arg(long, value_name = "FILE", default_value = "memory.db")]
    db: PathBuf,
    /// The memory in the file
    #[arg(long, short = 'm', value_name = "NAME", default_value = "main")]
    memory: String,
    /// Of different translations of one text keep newest, oldest or all
    #[arg(long, value_name = "RULE", default_value_t = Keep::All)]
    keep: Keep,
    /// The files' format, whatever the extension
    #[arg(long)]
    format: Option<Format>,
    /// Note this domain with units that have none
    #[arg(long)]
    domain: Option<String>,
    /// Say errors only
    #[arg(short, long)]
    quiet: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    for file in &arguments.files {
        // A name that is wrong must not leave an empty memory behind.
        std::fs::metadata(file).map_err(|e| Error::from(e).in_file(file))?;
    }
    let mut memory = Memory::open(&arguments.db, true)?;
    for file in &arguments.files {
        let added = add(&mut memory, file, arguments).map_err(|e| e.in_file(file))?;
        Voice { quiet: arguments.quiet }.note(&format!("{}: {}", file.display(), told(&added)));
    }
    Ok(Outcome::Fine)
}

fn add(memory: &mut Memory, file: &Path, arguments: &Arguments) -> Result<Added> {
    let format = arguments.format.map_or_else(|| Format::from_path(file), Ok)?;
    let finish = |mut unit: TranslationUnit| {
        if let Some(domain) = &arguments.domain
            && !unit.properties.iter().any(|p| p.kind == "x-domain")
        {
            unit.properties.push(Property { kind: "x-domain".into(), value: domain.clone() });
        }
        unit
    };
    if format == Format::Tmx {
        let mut reader = format::open_tmx(file)?;
        let source = reader.source_lang().and_then(|l| l.lang());
        return memory.add(&arguments.memory, arguments.keep, &mut || {
            Ok(reader.next_unit()?.map(|(_, mut unit)| {
                if source.is_some() {
                    unit.variants.sort_by_key(|v| v.lang.lang() != source);
                }
                finish(unit)
            }))
        });
    }
    let bitext = format::read_file(file, Some(format))?;
    let document = bitext.header.iter().find(|p| p.kind == "source-file").map(|p| p.value.clone());
    let mut units = in_context(bitext.units, document.as_deref()).into_iter();
    memory.add(&arguments.memory, arguments.keep, &mut || Ok(units.next().map(&finish)))
}

fn told(added: &Added) -> String {
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
    parts.join(", ")
}
