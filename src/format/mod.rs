//! Bilingual files: one file a format, the only place that knows their bytes.
//!
//! Everything goes through [`Bitext`]; an [`Alignment`](crate::model::Alignment) becomes one with [`bitext_of`], and a complete one comes back
//! with [`alignment_of`]. Files are replaced as a whole or not at all.

mod atomic;
mod beads;
mod convert;
mod csv;
pub mod glossary;
mod jsonl;
mod page;
mod po;
pub mod report;
pub mod sheet;
mod tbx;
mod tmx;
mod units;
mod xliff;
mod xlsx;

pub use self::csv::{read_table, write_table};
pub use beads::{Beads, read_beads, read_ladder};
pub use convert::{About, alignment_of, bitext_of};
pub use jsonl::{unit_from_line, unit_to_line};
pub use tmx::{
    RULES as TMX_RULES, Repaired, TmxFault, TmxReader, TmxRule, TmxWriter, Tool, open_tmx, repair_tmx,
    validate_tmx, write_tmx,
};
pub use units::{Units, open_units};

use crate::error::{Error, ErrorKind, Result};
use crate::model::{Bitext, LangTag, Status};
use std::fmt;
use std::io::{Read, Write};
use std::path::Path;
use std::str::FromStr;

/// The formats of bilingual files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// Translation Memory eXchange 1.4b; reads 1.1 to 1.4b.
    Tmx,
    /// Comma-separated values for spreadsheets.
    Csv,
    /// Tab-separated values for programs.
    Tsv,
    /// The complete alignment, a line a bead.
    Jsonl,
    /// A workbook for reviewers, read back with their corrections.
    Xlsx,
    /// XLIFF 1.2 for CAT editors; reads 1.0 to 2.x.
    Xliff,
    /// XLIFF 2.0; reads 1.0 to 2.x.
    Xliff2,
    /// gettext's catalogue of messages.
    Po,
    /// A page to print, both languages side by side. Written only.
    Html,
    /// Segment numbers only: `[0,1]:[0]` a line.
    Beads,
    /// hunalign's ladder: `source TAB target TAB score`, a rung a line.
    Ladder,
}

impl Format {
    /// Every format, in the order of the documentation.
    pub const ALL: [Format; 11] = [
        Format::Tmx,
        Format::Csv,
        Format::Tsv,
        Format::Xlsx,
        Format::Xliff,
        Format::Xliff2,
        Format::Po,
        Format::Html,
        Format::Jsonl,
        Format::Beads,
        Format::Ladder,
    ];

    /// File name extensions, the usual one first.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Format::Tmx => &["tmx"],
            Format::Csv => &["csv"],
            Format::Tsv => &["tsv", "tab"],
            Format::Xlsx => &["xlsx"],
            Format::Jsonl => &["jsonl", "ndjson"],
            Format::Xliff => &["xlf", "xliff12"],
            Format::Xliff2 => &["xliff", "xliff2"],
            Format::Po => &["po", "pot"],
            Format::Html => &["html", "htm"],
            Format::Beads => &["beads", "align"],
            Format::Ladder => &["ladder"],
        }
    }

    /// The format that the extension of a file names.
    ///
    /// # Errors
    /// An unknown extension, or none.
    pub fn from_path(path: &Path) -> Result<Format> {
        Format::named(path).ok_or_else(|| Format::unknown(path, &Format::ALL, "--format"))
    }

    /// The format of a file that is read for its texts.
    ///
    /// # Errors
    /// As [`Format::from_path`]; the advice names the formats that can be read.
    pub fn of_input(path: &Path) -> Result<Format> {
        let readable: Vec<Format> = Format::ALL
            .into_iter()
            .filter(|f| !matches!(f, Format::Html | Format::Beads | Format::Ladder))
            .collect();
        Format::named(path).ok_or_else(|| Format::unknown(path, &readable, "--from"))
    }

    fn named(path: &Path) -> Option<Format> {
        // The reader of TMX unpacks; `memory.tmx.gz` is a TMX file.
        let name = path
            .to_str()
            .and_then(|n| n.strip_suffix(".gz"))
            .filter(|n| n.ends_with(".tmx"))
            .map_or(path, Path::new);
        let extension = name.extension().and_then(|e| e.to_str()).unwrap_or("").to_ascii_lowercase();
        Format::ALL.into_iter().find(|f| f.extensions().contains(&extension.as_str()))
    }

    fn unknown(path: &Path, formats: &[Format], option: &str) -> Error {
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or("").to_ascii_lowercase();
        let known: Vec<String> = formats.iter().map(|f| format!(".{}", f.extensions()[0])).collect();
        Error::usage(format!("no format has the extension {extension:?}"))
            .in_file(path)
            .advise(format!("use one of {}, or name the format with {option}", known.join(" ")))
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.extensions()[0])
    }
}

impl FromStr for Format {
    type Err = String;
    fn from_str(s: &str) -> std::result::Result<Self, String> {
        let lower = s.to_ascii_lowercase();
        let found = Format::ALL.into_iter().find(|f| f.extensions().contains(&lower.as_str()));
        let known: Vec<String> = Format::ALL.iter().map(Format::to_string).collect();
        found.ok_or_else(|| format!("unknown format {s:?}: use one of {}", known.join(" ")))
    }
}

/// How to write.
#[derive(Debug, Clone, Default)]
pub struct WriteOptions {
    /// The source language's tag in the file; the text's own when absent.
    pub source_tag: Option<LangTag>,
    /// The target language's tag in the file; the text's own when absent.
    pub target_tag: Option<LangTag>,
    /// Start CSV and TSV with a byte-order mark, which Excel needs to read UTF-8.
    pub bom: bool,
    /// Leave out units that are less sure than this (0 to 1). The complete formats (JSON lines, beads, ladder)
    /// always hold everything.
    pub min_confidence: Option<f64>,
}

/// What became of the units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Units in the file.
    pub units: usize,
    /// Units left out because one side is empty.
    pub one_sided: usize,
    /// Units left out because a person rejected them or they are not sure enough.
    pub refused: usize,
    /// Characters that the format forbids, replaced by U+FFFD.
    pub replaced: usize,
}

impl WriteOptions {
    fn refuses(&self, unit: &crate::model::TranslationUnit) -> bool {
        unit.bead.as_ref().is_some_and(|bead| {
            bead.status == Status::Rejected
                || self
                    .min_confidence
                    .is_some_and(|least| bead.confidence < least && bead.status != Status::Accepted)
        })
    }

    /// The unit's texts as a pair: material that moved is written once, where its target stands. One side may be
    /// empty.
    pub fn pair<'a>(
        bitext: &'a Bitext,
        unit: &'a crate::model::TranslationUnit,
    ) -> Option<[&'a crate::model::Variant; 2]> {
        let [source, target, ..] = unit.variants.as_slice() else { return None };
        let other = unit.bead.as_ref().and_then(|b| b.moved_to).and_then(|k| bitext.units.get(k));
        match other {
            Some(_) if target.text.is_empty() => None,
            Some(other) if source.text.is_empty() => Some([other.variants.first()?, target]),
            _ => Some([source, target]),
        }
    }

    fn source_tag<'a>(&'a self, bitext: &'a Bitext) -> &'a LangTag {
        self.source_tag.as_ref().unwrap_or(&bitext.source_lang)
    }

    fn target_tag<'a>(&'a self, bitext: &'a Bitext) -> &'a LangTag {
        self.target_tag.as_ref().unwrap_or(&bitext.target_lang)
    }
}

/// Writes a bitext.
///
/// # Errors
/// The writer's own; a bitext that lacks what the format needs.
pub fn write(
    bitext: &Bitext,
    format: Format,
    out: &mut dyn Write,
    options: &WriteOptions,
) -> Result<Written> {
    match format {
        Format::Tmx => tmx::write(bitext, out, options),
        Format::Csv => csv::write(bitext, out, options, csv::Flavour::Comma),
        Format::Tsv => csv::write(bitext, out, options, csv::Flavour::Tab),
        Format::Xlsx => xlsx::write(bitext, out, options),
        Format::Xliff => xliff::write_one(bitext, out, options),
        Format::Xliff2 => xliff::write_two(bitext, out, options),
        Format::Po => po::write(bitext, out, options),
        Format::Html => page::write(bitext, out, options),
        Format::Jsonl => jsonl::write(bitext, out),
        Format::Beads => beads::write_beads(bitext, out),
        Format::Ladder => beads::write_ladder(bitext, out),
    }
}

/// Writes a file; an existing one is replaced only when all is written. Devices and pipes are written directly.
///
/// # Errors
/// As [`write()`], with the file's name.
pub fn write_file(path: &Path, bitext: &Bitext, format: Format, options: &WriteOptions) -> Result<Written> {
    atomic::replace(path, |out| match format {
        Format::Tmx if tmx::packs(path) => tmx::write_packed(out, |out| tmx::write(bitext, out, options)),
        _ => write(bitext, format, out, options),
    })
    .map_err(|e| e.in_file(path))
}

/// Writes any text file the same way: as a whole or not at all.
///
/// # Errors
/// As [`write_file`].
pub fn write_text_file(path: &Path, text: &str) -> Result<()> {
    atomic::replace(path, |out| Ok(out.write_all(text.as_bytes())?)).map_err(|e| e.in_file(path))
}

/// Reads a bilingual file whose bytes are in memory. `name` is for messages.
///
/// # Errors
/// Content that is not what the format promises, with its line; a format that holds no texts.
pub fn read(bytes: &[u8], name: &str, format: Format) -> Result<Bitext> {
    let result = match format {
        Format::Tmx => tmx::read(bytes),
        Format::Csv => decode(bytes).and_then(|t| csv::read(&t, csv::Flavour::Comma)),
        Format::Tsv => decode(bytes).and_then(|t| csv::read(&t, csv::Flavour::Tab)),
        Format::Jsonl => decode(bytes).and_then(|t| jsonl::read(&t)),
        Format::Xlsx => xlsx::read(bytes),
        Format::Xliff | Format::Xliff2 => decode(bytes).and_then(|t| xliff::read(&t)),
        Format::Po => po::read(bytes),
        Format::Html => Err(Error::usage("a page is for people and not read back")
            .advise("read the file that it was made from")),
        Format::Beads | Format::Ladder => {
            Err(Error::usage(format!("a {format} file holds numbers, not texts"))
                .advise("convert the JSON lines of the same alignment"))
        }
    };
    result.map_err(|e| e.in_file(name))
}

/// Reads a bilingual file; the extension tells its format unless one is named.
///
/// # Errors
/// As [`read`], and those of the file system.
pub fn read_file(path: &Path, format: Option<Format>) -> Result<Bitext> {
    let format = match format {
        Some(format) => format,
        None => Format::of_input(path)?,
    };
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|mut f| f.read_to_end(&mut bytes))
        .map_err(|e| Error::new(ErrorKind::Io(e)).in_file(path))?;
    read(&bytes, &path.display().to_string(), format)
}

/// UTF-8, UTF-16 with a byte-order mark, or the encoding that an XML declaration names.
fn decode(bytes: &[u8]) -> Result<String> {
    let (encoding, rest) = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, &bytes[length..]),
        None => (declared(bytes).unwrap_or(encoding_rs::UTF_8), bytes),
    };
    let (text, broken) = encoding.decode_without_bom_handling(rest);
    if broken {
        let line = text.split('\u{FFFD}').next().unwrap_or("").matches('\n').count() + 1;
        return Err(Error::new(ErrorKind::Encoding(format!("the bytes are not {}", encoding.name())))
            .at_line(line)
            .advise("save the file as UTF-8"));
    }
    Ok(text.into_owned())
}

fn declared(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
    let declaration = head.strip_prefix("<?xml")?.split("?>").next()?.to_string();
    let value =
        declaration.split("encoding").nth(1)?.trim_start().strip_prefix('=')?.trim_start().to_string();
    let quote = value.chars().next().filter(|q| matches!(q, '"' | '\''))?;
    encoding_rs::Encoding::for_label(value[1..].split(quote).next()?.as_bytes())
}

/// Replaces what XML 1.0 cannot hold by U+FFFD, and counts it.
fn xml_safe<'t>(text: &'t str, replaced: &mut usize) -> std::borrow::Cow<'t, str> {
    let fine = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..);
    if text.chars().all(fine) {
        return text.into();
    }
    let out: String = text.chars().map(|c| if fine(c) { c } else { '\u{FFFD}' }).collect();
    *replaced += text.chars().filter(|c| !fine(*c)).count();
    out.into()
}
