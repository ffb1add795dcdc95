//! `duizhao split`: what the cleaning and the sentence splitting make of one document.

use super::Outcome;
use super::say::Voice;
use clap::Args;
use duizhao::Result;
use duizhao::model::LangTag;
use duizhao::read::{ReadOptions, read_file};
use duizhao::segment::{SegmentOptions, segment_document, whole_blocks};
use std::fmt::Write as _;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  duizhao split letter.zh.txt
      a sentence a line, an empty line between paragraphs
  duizhao split letter.zh.txt --places
      with line number and kind of block before each sentence
  duizhao split letter.zh.txt --paragraphs
      un-wrapped, not split";

/// Show the cleaned, un-wrapped, split text of one document.
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
        let options = SegmentOptions { semicolon: arguments.semicolon, colon: arguments.colon };
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
