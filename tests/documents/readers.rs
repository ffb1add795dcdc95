//! What is done with a file of each kind, as the program does it: reading, splitting, writing again.
#![allow(dead_code, clippy::unwrap_used)]

use duizhao::format::glossary::read_terms;
use duizhao::format::{
    Format, Tool, WriteOptions, alignment_of, open_units, read_beads, read_ladder, repair_tmx, validate_tmx,
    write,
};
use duizhao::model::{Lang, LangTag};
use duizhao::read::{ReadOptions, read_file, read_lines, read_mixed};
use duizhao::segment::{SegmentOptions, Srx, segment_document, split};
use duizhao::{Result, format};
use std::path::Path;

/// Every reader, in the order of the documentation.
pub const READERS: [&str; 17] = [
    "txt",
    "docx",
    "odt",
    "html",
    "pdf",
    "epub",
    "pptx",
    "xlsx",
    "md",
    "subtitles",
    "xliff",
    "po",
    "tmx",
    "table",
    "jsonl",
    "srx",
    "terms",
];

/// Texts that rules are tried on.
const SENTENCES: [&str; 2] = [
    "他说：“好。”她走了。见第3.5条！（见注。）“真的吗？”……完\n没有句号",
    "See p. 12 now, e.g. this. Mr. Smith left. \"Really?\" he said... No. 5 is ok.\nEnd",
];

/// Reads the file as the program would. `turn` picks among the options.
pub fn read_one(reader: &str, path: &Path, turn: usize) -> Result<()> {
    let scratch = path.with_file_name("out.tmx");
    match reader {
        "xliff" | "po" => written(&format::read_file(path, None)?),
        "tmx" => match turn % 4 {
            0 => validate_tmx(path, [None, Some(Tool::OmegaT), Some(Tool::Trados)][turn / 4 % 3]).map(|_| ()),
            1 => repair_tmx(path, &scratch, None).map(|_| ()),
            2 => {
                let mut units = open_units(path, None)?;
                while units.next_unit()?.is_some() {}
                Ok(())
            }
            _ => written(&format::read_file(path, None)?),
        },
        "table" => written(&format::read_file(path, None)?),
        "jsonl" => match path.extension().and_then(|e| e.to_str()) {
            Some("beads") => read_beads(&String::from_utf8_lossy(&std::fs::read(path)?)).map(|_| ()),
            Some("ladder") => read_ladder(&String::from_utf8_lossy(&std::fs::read(path)?)).map(|_| ()),
            _ => {
                let bitext = format::read_file(path, None)?;
                written(&bitext)?;
                // Pairs of a memory are no alignment, and refused.
                let _ = alignment_of(&bitext);
                Ok(())
            }
        },
        "srx" => {
            let tags: [LangTag; 2] = ["zh-CN", "en-US"].map(|t| t.parse().unwrap());
            let text = String::from_utf8_lossy(&std::fs::read(path)?).into_owned();
            let srx = Srx::read(&text, &tags[0], &tags[1])?;
            let options = SegmentOptions { srx: Some(srx.into()), ..SegmentOptions::default() };
            split(SENTENCES[0], Lang::Zh, &options);
            split(SENTENCES[1], Lang::En, &options);
            Ok(())
        }
        "terms" => read_terms(path, None).map(|_| ()),
        // The first sheet of a workbook is also a table of pairs.
        "xlsx" if turn.is_multiple_of(2) => written(&format::read_file(path, Some(Format::Xlsx))?),
        _ => document(path, turn),
    }
}

fn document(path: &Path, turn: usize) -> Result<()> {
    let options = ReadOptions {
        encoding: (turn % 16 == 7).then(|| ["gbk", "utf-16le", "big5"][turn / 16 % 3].to_string()),
        lang: [None, None, Some(Lang::Zh), Some(Lang::En)][turn % 4],
        keep_all: turn % 8 == 6,
    };
    if turn % 16 == 9 {
        return read_mixed(path, &options).map(|_| ());
    }
    if turn % 16 == 11 {
        return read_lines(path, &options).map(|_| ());
    }
    let document = read_file(path, &options)?;
    segment_document(&document, &SegmentOptions::default());
    Ok(())
}

/// Writes what was read in each format; a format may refuse it.
fn written(bitext: &duizhao::model::Bitext) -> Result<()> {
    for to in
        [Format::Tmx, Format::Tsv, Format::Xliff, Format::Xliff2, Format::Po, Format::Jsonl, Format::Html]
    {
        let _ = write(bitext, to, &mut std::io::sink(), &WriteOptions::default());
    }
    Ok(())
}
