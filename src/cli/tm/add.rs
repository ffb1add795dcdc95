//! `duizhao tm add`: bilingual files into a memory.

use super::super::Outcome;
use super::Into;
use clap::Args;
use duizhao::format::{self, Format};
use duizhao::memory::{Added, Memory, in_context};
use duizhao::model::{Property, TranslationUnit};
use duizhao::{Error, Result};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};

const EXAMPLES: &str = "\
Examples:
  duizhao tm add letter.tmx
  duizhao tm add letter.jsonl --db un.db --memory letters --keep newest
  duizhao tm add memory.tmx.gz --domain law";

/// Units that are handed from the reading thread to the writing one at once.
const PIECE: usize = 256;
/// Such pieces that may wait.
const AHEAD: usize = 4;

/// Add bilingual files; each goes in whole or not at all.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// TMX (also packed, .tmx.gz), CSV, TSV, JSON lines of an alignment …
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The memory in the file
    #[arg(long, short = 'm', value_name = "NAME", default_value = "main")]
    memory: String,
    #[command(flatten)]
    into: Into,
    /// The files' format, whatever the extension
    #[arg(long)]
    format: Option<Format>,
    /// Note this domain with units that have none
    #[arg(long)]
    domain: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    for file in &arguments.files {
        // A name that is wrong must not leave an empty memory behind.
        std::fs::metadata(file).map_err(|e| Error::from(e).in_file(file))?;
    }
    let mut memory = Memory::open(&arguments.into.db, true)?;
    for file in &arguments.files {
        let added = add(&mut memory, file, arguments).map_err(|e| e.in_file(file))?;
        arguments.into.note(file, &added);
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
        // One thread reads, the other writes.
        return std::thread::scope(|scope| {
            let (send, receive) = sync_channel(AHEAD);
            let reader = move || match read_tmx(file, &finish, &send) {
                Ok(()) => send.send(Ok(Vec::new())),
                Err(error) => send.send(Err(error)),
            };
            scope.spawn(reader);
            let mut pieces = Vec::new().into_iter();
            memory.add(&arguments.memory, arguments.into.keep, &mut || {
                if let Some(unit) = pieces.next() {
                    return Ok(Some(unit));
                }
                // A reader that stops without its last word has not read the file to its end.
                pieces = receive.recv().map_err(|_| Error::malformed("the reading stopped"))??.into_iter();
                Ok(pieces.next())
            })
        });
    }
    let bitext = format::read_file(file, Some(format))?;
    let document = bitext.header.iter().find(|p| p.kind == "source-file").map(|p| p.value.clone());
    let mut units = in_context(bitext.units, document.as_deref()).into_iter();
    memory.add(&arguments.memory, arguments.into.keep, &mut || Ok(units.next().map(&finish)))
}

/// Sends the units of a file in pieces, until it ends or nobody listens.
fn read_tmx(
    file: &Path,
    finish: &impl Fn(TranslationUnit) -> TranslationUnit,
    send: &SyncSender<Result<Vec<TranslationUnit>>>,
) -> Result<()> {
    let mut reader = format::open_tmx(file)?;
    let source = reader.source_lang().and_then(|l| l.lang());
    let mut piece = Vec::with_capacity(PIECE);
    while let Some((_, mut unit)) = reader.next_unit()? {
        if source.is_some() {
            unit.variants.sort_by_key(|v| v.lang.lang() != source);
        }
        piece.push(finish(unit));
        if piece.len() == PIECE
            && send.send(Ok(std::mem::replace(&mut piece, Vec::with_capacity(PIECE)))).is_err()
        {
            return Ok(());
        }
    }
    if !piece.is_empty() {
        // Only a writer that failed does not listen, and it tells why.
        let _ = send.send(Ok(piece));
    }
    Ok(())
}
