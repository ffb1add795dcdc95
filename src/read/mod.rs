//! Monolingual files into [`Document`]s: encoding, language, un-wrapping, page furniture.
//!
//! Nothing is deleted: each character of a file, white space apart, is in exactly one piece of a block or in one
//! entry of the cleaning report, in order. A text that was never wrapped passes through as it is, a block a line.
//! This module does not split sentences.

mod clean;
mod encoding;
mod ends;
mod flow;
mod furniture;
mod html;
mod hyphen;
mod join;
mod kind;
mod language;
mod lines;
mod markdown;
mod mixed;
mod notes;
mod office;
mod pdf;
mod subtitles;
mod wrap;

use crate::error::{Error, ErrorKind, Result};
use crate::model::{Block, BlockKind, Change, Document, Lang, Place, Script};
use kind::Kind;
pub use mixed::{read_mixed, split_languages};
pub use office::check_archive;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;

/// How to read a file.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// The encoding's WHATWG label (`gbk`, `utf-16le`); detected when absent.
    pub encoding: Option<String>,
    /// The language; detected when absent.
    pub lang: Option<Lang>,
    /// Furniture stays in the text. Characters that are not text and hyphens that only broke a word are set
    /// aside even so.
    pub keep_all: bool,
}

/// Reads, decodes and cleans one file. `-` is standard input.
///
/// # Errors
///
/// If the file cannot be read, is empty, is no text, cannot be decoded without loss, or is in neither language.
pub fn read_file(path: &Path, options: &ReadOptions) -> Result<Document> {
    let (bytes, name) = load(path)?;
    read_bytes(&bytes, &name, options).map_err(|e| e.in_file(&name))
}

/// Cleans a document that is in memory already. `name` is for messages.
///
/// # Errors
///
/// As [`read_file`].
pub fn read_bytes(bytes: &[u8], name: &str, options: &ReadOptions) -> Result<Document> {
    if bytes.is_empty() {
        return Err(empty("the file is empty").in_file(name));
    }
    let parts = match kind::kind_of(bytes, name) {
        Kind::Archive => office::read(bytes, options),
        Kind::Html => html::read(bytes, options),
        Kind::Pdf => pdf::read(bytes, options),
        Kind::Markdown => markdown::read(bytes, options),
        Kind::Subtitles => subtitles::read(bytes, options),
        Kind::Text => {
            encoding::decode(bytes, options.encoding.as_deref()).and_then(|decoded| pages(decoded, options))
        }
    }
    .map_err(|e| e.in_file(name))?;
    Ok(Document {
        name: name.to_string(),
        lang: parts.lang,
        script: parts.script,
        encoding: parts.encoding,
        blocks: parts.blocks,
        changes: parts.changes,
        notices: parts.notices,
        digest: digest(bytes),
    })
}

/// What a reader makes of the bytes of one kind of document.
struct Parts {
    lang: Lang,
    script: Script,
    encoding: String,
    blocks: Vec<Block>,
    changes: Vec<Change>,
    notices: Vec<String>,
}

/// Text that stands in lines, on pages: un-wrapped and cleaned.
fn pages(decoded: encoding::Decoded, options: &ReadOptions) -> Result<Parts> {
    let (lang, script) = language_of(&decoded.text, options)?;
    let (blocks, changes) = clean::clean(decoded.text, lang, options.keep_all);
    let notices = decoded.notice.into_iter().collect();
    Ok(Parts { lang, script, encoding: decoded.encoding.to_string(), blocks, changes, notices })
}

/// Reads a file that has one segment a line: no cleaning, no un-wrapping. Each line is a block, empty lines too.
/// Lines end at LF or CR LF; white space at their ends is no part of the segment.
///
/// # Errors
///
/// As [`read_file`].
pub fn read_lines(path: &Path, options: &ReadOptions) -> Result<Document> {
    let (bytes, name) = load(path)?;
    let (decoded, lang, script) = open(&bytes, options).map_err(|e| e.in_file(&name))?;
    let mut blocks = Vec::new();
    let mut start = 0;
    for (number, line) in decoded.text.split_inclusive('\n').enumerate() {
        let content = line.trim();
        let at = start + (line.len() - line.trim_start().len()).min(line.len());
        let bytes = if content.is_empty() { start..start } else { at..at + content.len() };
        blocks.push(Block::new(
            BlockKind::Paragraph,
            content,
            Place { part: String::new(), line: number + 1, bytes },
        ));
        start += line.len();
    }
    Ok(Document {
        digest: digest(&bytes),
        name,
        lang,
        script,
        encoding: decoded.encoding.to_string(),
        blocks,
        changes: Vec::new(),
        notices: decoded.notice.into_iter().collect(),
    })
}

/// The bytes of a file and its name.
fn load(path: &Path) -> Result<(Vec<u8>, String)> {
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        let name = "standard input".to_string();
        std::io::stdin().lock().read_to_end(&mut bytes).map_err(|e| Error::from(e).in_file(&name))?;
        return Ok((bytes, name));
    }
    let name = path.display().to_string();
    if path.is_dir() {
        let error = Error::usage("this is a directory").advise("name a text file in it");
        return Err(error.in_file(path));
    }
    let mut file = std::fs::File::open(path).map_err(|e| {
        let missing = e.kind() == std::io::ErrorKind::NotFound;
        let error = Error::from(e).in_file(path);
        if missing { error.advise("check the name") } else { error }
    })?;
    file.read_to_end(&mut bytes).map_err(|e| Error::from(e).in_file(path))?;
    Ok((bytes, name))
}

/// Decodes, and finds the language.
fn open(bytes: &[u8], options: &ReadOptions) -> Result<(encoding::Decoded, Lang, Script)> {
    if bytes.is_empty() {
        return Err(empty("the file is empty"));
    }
    let decoded = encoding::decode(bytes, options.encoding.as_deref())?;
    let (lang, script) = language_of(&decoded.text, options)?;
    Ok((decoded, lang, script))
}

fn empty(what: &str) -> Error {
    Error::new(ErrorKind::Empty(what.to_string())).advise("give a file with text in it")
}

/// The language, named or detected, and the script.
fn language_of(text: &str, options: &ReadOptions) -> Result<(Lang, Script)> {
    if text.chars().all(|c| c.is_whitespace() || c.is_control() || c == '\u{FEFF}') {
        return Err(empty("the file has nothing but white space"));
    }
    let lang = match options.lang {
        Some(lang) => lang,
        None => language::detect_language(text)?,
    };
    let script = match lang {
        Lang::Zh => language::detect_script(text),
        Lang::En => Script::Hans,
    };
    Ok((lang, script))
}

/// SHA-256 in hexadecimal, as in [`Document::digest`].
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
