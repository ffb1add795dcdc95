//! `duizhao align` of one file with both languages.

use super::align::Arguments;
use duizhao::format::{self, Format};
use duizhao::model::{Block, BlockKind, Document, Lang, Place, Script};
use duizhao::read::{self, ReadOptions};
use duizhao::{Error, ErrorKind, Result};
use std::path::Path;

/// The two documents in one file; the source is the one that comes first, or is named with `--source-lang`.
pub(super) fn read(arguments: &Arguments, path: &Path) -> Result<(Document, Document)> {
    if arguments.lines {
        return Err(Error::usage("--lines needs two documents"));
    }
    let [one, two] = match ready_pairs(path) {
        Some(Format::Csv | Format::Tsv | Format::Xlsx) => columns(path)?,
        Some(format) => {
            return Err(Error::usage(format!("a {format} file has ready pairs, there is nothing to align"))
                .in_file(path)
                .advise(format!(
                    "write it in another format with: duizhao convert {} -o NAME.tmx",
                    path.display()
                )));
        }
        None => {
            let options = ReadOptions {
                encoding: arguments.encoding.clone(),
                lang: None,
                keep_all: arguments.keep_all,
            };
            read::read_mixed(path, &options)?
        }
    };
    let wanted = arguments.source_lang.as_ref().and_then(|tag| tag.lang());
    let wanted =
        wanted.or(arguments.target_lang.as_ref().and_then(|tag| tag.lang()).map(|lang| match lang {
            Lang::Zh => Lang::En,
            Lang::En => Lang::Zh,
        }));
    Ok(if wanted.is_some_and(|lang| lang != one.lang) { (two, one) } else { (one, two) })
}

/// The format of a bilingual file, by its extension. Pages are documents here.
fn ready_pairs(path: &Path) -> Option<Format> {
    let ready = [Format::Csv, Format::Tsv, Format::Xlsx, Format::Tmx, Format::Xliff, Format::Po];
    Format::from_path(path).ok().filter(|f| ready.contains(f))
}

/// The two columns of a table, a block a cell. Places are the row, and bytes counted in the column.
fn columns(path: &Path) -> Result<[Document; 2]> {
    let bitext = format::read_file(path, None)?;
    let bytes = std::fs::read(path).map_err(|e| Error::from(e).in_file(path))?;
    let document = |side: usize, lang: Option<Lang>| {
        let lang = lang.ok_or_else(|| {
            Error::new(ErrorKind::Language("the columns are not Chinese and English".to_string()))
                .in_file(path)
        })?;
        let (mut blocks, mut at) = (Vec::new(), 0);
        for (row, unit) in bitext.units.iter().enumerate() {
            let text = unit.variants.get(side).map_or("", |v| v.text.trim());
            let place = Place { part: String::new(), line: row + 1, bytes: at..at + text.len() };
            at += text.len();
            if !text.is_empty() {
                blocks.push(Block::new(BlockKind::Cell, text, place));
            }
        }
        Ok(Document {
            name: path.display().to_string(),
            lang,
            script: bitext.source_lang.script().or(bitext.target_lang.script()).unwrap_or(Script::Hans),
            encoding: "UTF-8".to_string(),
            blocks,
            changes: Vec::new(),
            notices: Vec::new(),
            digest: read::digest(&bytes),
        })
    };
    let (one, two): (Result<Document>, Result<Document>) =
        (document(0, bitext.source_lang.lang()), document(1, bitext.target_lang.lang()));
    Ok([one?, two?])
}
