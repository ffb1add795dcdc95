//! `duizhao split`: what the cleaning and the sentence splitting make of one document.

use super::Outcome;
use super::say::Voice;
use clap::Args;
use duizhao::model::{Lang, LangTag};
use duizhao::read::{ReadOptions, read_file};
use duizhao::segment::{SegmentOptions, Srx, segment_document, whole_blocks};
use duizhao::{Error, ErrorKind, Result};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const EXAMPLES: &str = "\
Examples:
  duizhao split letter.zh.txt
      a sentence a line, an empty line between paragraphs
  duizhao split letter.zh.txt --places
      with line number and kind of block before each sentence
  duizhao split letter.zh.txt --paragraphs
      un-wrapped, not split
  duizhao split contract.zh.html
      the content of a web page; PDF, Markdown and subtitles (SRT, VTT) are read as well";

/// Show the cleaned, un-wrapped, split text of one document: text, PDF, HTML, Markdown, subtitles.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The document, `-` for stdin
    file: PathBuf,
    /// Its language: zh or en; detected when absent
    #[arg(long, value_name = "TAG")]
    lang: Option<LangTag>,
    /// Its encoding (gbk, big5, utf-16le …); detected when absent
    #[arg(long, value_name = "LABEL")]
    encoding: Option<String>,
    /// Un-wrap only: a paragraph a line
    #[arg(long)]
    paragraphs: bool,
    /// Also split after semicolons
    #[arg(long)]
    semicolon: bool,
    /// Also split after colons
    #[arg(long)]
    colon: bool,
    /// Split by SRX rules, those of your CAT tool, instead of our own
    #[arg(long, value_name = "FILE", conflicts_with_all = ["paragraphs", "semicolon", "colon"])]
    srx: Option<PathBuf>,
    /// Set nothing aside
    #[arg(long)]
    keep_all: bool,
    /// Put the line in the original and the kind of block before each segment
    #[arg(long)]
    places: bool,
    /// Say errors only
    #[arg(short, long)]
    quiet: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let options = ReadOptions {
        encoding: arguments.encoding.clone(),
        lang: arguments.lang.as_ref().and_then(LangTag::lang),
        keep_all: arguments.keep_all,
    };
    let document = read_file(&arguments.file, &options)?;
    let voice = Voice { quiet: arguments.quiet };
    for notice in &document.notices {
        voice.note(&format!("{}: {notice}", document.name));
    }
    let segments = if arguments.paragraphs {
        whole_blocks(&document)
    } else {
        let tag = |fallback: &str, lang: Lang| {
            let told = arguments.lang.clone().filter(|t| t.lang() == Some(lang));
            told.unwrap_or_else(|| fallback.parse().expect("the tag is well-formed"))
        };
        let srx = match &arguments.srx {
            Some(path) => Some(read_srx(path, &tag("zh-CN", Lang::Zh), &tag("en-US", Lang::En))?),
            None => None,
        };
        let options = SegmentOptions { semicolon: arguments.semicolon, colon: arguments.colon, srx };
        segment_document(&document, &options)
    };
    let mut out = String::new();
    let mut block = None;
    for segment in &segments {
        if block.is_some_and(|b| b != segment.block) && !arguments.paragraphs && !arguments.places {
            out.push('\n');
        }
        block = Some(segment.block);
        if arguments.places {
            let _ = write!(out, "{}\t{:?}\t", segment.place.line, segment.kind);
        }
        let _ = writeln!(out, "{}", segment.text);
    }
    super::print(out.as_bytes())
}

/// Reads the rules of `--srx`.
pub(super) fn read_srx(path: &Path, zh: &LangTag, en: &LangTag) -> Result<Arc<Srx>> {
    let bytes = std::fs::read(path).map_err(|e| Error::from(e).in_file(path))?;
    let text = String::from_utf8(bytes).map_err(|_| {
        Error::new(ErrorKind::Encoding("the rules are not UTF-8".into()))
            .in_file(path)
            .advise("save the file as UTF-8")
    })?;
    Ok(Arc::new(Srx::read(&text, zh, en).map_err(|e| e.in_file(path))?))
}
