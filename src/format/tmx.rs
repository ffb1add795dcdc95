//! TMX 1.4b (LISA 2005): written so that every tool tried reads it, read as it comes.

pub(super) mod input;
mod read;
mod repair;
mod validate;

pub use read::TmxReader;
pub use repair::{Repaired, repair_tmx};
pub use validate::{RULES, TmxFault, TmxRule, Tool, validate_tmx};

use super::{WriteOptions, Written, xml_safe};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Bitext, Lang, LangTag, Property, TranslationUnit};
use flate2::{Compression, write::GzEncoder};
use quick_xml::escape::{escape, partial_escape};
use std::io::{Read, Write};
use std::path::Path;

/// Properties that OmegaT takes for its own: a unit with `file` never matches (its class `ProjectTMX`).
const OMEGAT_OWN: [&str; 5] = ["file", "id", "prev", "next", "path"];
/// Required attributes of the header, with what we say of ourselves.
const HEADER: [(&str, &str); 6] = [
    ("creationtool", "duizhao"),
    ("creationtoolversion", env!("CARGO_PKG_VERSION")),
    ("segtype", "sentence"),
    ("o-tmf", "duizhao"),
    ("adminlang", "en-US"),
    ("datatype", "plaintext"),
];

/// Writes a memory: header, body and every unit on lines of their own, the source first, properties before the
/// texts, texts trimmed, nothing one-sided, nothing XML 1.0 forbids. No dates unless the units have them, so that
/// the same alignment always gives the same file.
pub(super) fn write(bitext: &Bitext, out: &mut dyn Write, options: &WriteOptions) -> Result<Written> {
    let tags = [options.source_tag(bitext), options.target_tag(bitext)];
    let mut writer = TmxWriter::new(out, tags[0], &bitext.header, &bitext.notes)?;
    writer.spell(&bitext.source_lang, tags[0]);
    writer.spell(&bitext.target_lang, tags[1]);
    for unit in &bitext.units {
        if options.refuses(unit) {
            writer.written.refused += 1;
        } else if unit.bead.as_ref().is_some_and(|b| b.moved_to.is_some()) {
            if let Some(pair) = WriteOptions::pair(bitext, unit) {
                writer
                    .unit(&TranslationUnit { variants: pair.map(Clone::clone).to_vec(), ..unit.clone() })?;
            }
        } else {
            writer.unit(unit)?;
        }
    }
    writer.finish()
}

/// Writes a TMX file unit by unit, so that it may be longer than memory.
pub struct TmxWriter<'w> {
    out: &'w mut dyn Write,
    spelling: Vec<(LangTag, LangTag)>,
    written: Written,
}

impl<'w> TmxWriter<'w> {
    /// Writes the header. `source` is the header's `srclang`, spelled as the units spell it.
    ///
    /// # Errors
    /// The writer's own.
    pub fn new(
        out: &'w mut dyn Write,
        source: &LangTag,
        header: &[Property],
        notes: &[String],
    ) -> Result<TmxWriter<'w>> {
        Self::start(out, "UTF-8", source.as_str(), header, notes)
    }

    fn start(
        out: &'w mut dyn Write,
        encoding: &str,
        srclang: &str,
        header: &[Property],
        notes: &[String],
    ) -> Result<TmxWriter<'w>> {
        let mut written = Written::default();
        writeln!(out, r#"<?xml version="1.0" encoding="{encoding}"?>"#)?;
        writeln!(out, r#"<!DOCTYPE tmx SYSTEM "tmx14.dtd">"#)?;
        writeln!(out, r#"<tmx version="1.4">"#)?;
        write!(out, "<header")?;
        for (name, value) in HEADER {
            write!(out, r#" {name}="{value}""#)?;
        }
        writeln!(out, r#" srclang="{srclang}">"#)?;
        for note in notes {
            writeln!(out, "<note>{}</note>", text(note, &mut written))?;
        }
        for property in header {
            write_property(out, property, &mut written)?;
        }
        writeln!(out, "</header>")?;
        writeln!(out, "<body>")?;
        Ok(TmxWriter { out, spelling: Vec::new(), written })
    }

    /// Spells a language tag otherwise from now on.
    pub fn spell(&mut self, from: &LangTag, to: &LangTag) {
        if from != to {
            self.spelling.push((from.clone(), to.clone()));
        }
    }

    /// Writes one unit; one with an empty side is counted and left out.
    ///
    /// # Errors
    /// The writer's own.
    pub fn unit(&mut self, unit: &TranslationUnit) -> Result<()> {
        if unit.variants.len() < 2
            || unit.variants.iter().any(|v| v.text.trim().is_empty() && v.markup.is_none())
        {
            self.written.one_sided += 1;
            return Ok(());
        }
        self.written.units += 1;
        write_unit(self.out, unit, &self.spelling, &mut self.written)
    }

    /// Ends the file.
    ///
    /// # Errors
    /// The writer's own.
    pub fn finish(self) -> Result<Written> {
        writeln!(self.out, "</body>")?;
        writeln!(self.out, "</tmx>")?;
        Ok(self.written)
    }
}

/// Opens a TMX file, packed or not, for reading unit by unit.
///
/// # Errors
/// Those of the file system and of [`TmxReader::new`], with the file's name.
pub fn open_tmx(path: &Path) -> Result<TmxReader<'static>> {
    let file = std::fs::File::open(path).map_err(|e| Error::new(ErrorKind::Io(e)).in_file(path))?;
    TmxReader::new(file).map_err(|e| e.in_file(path))
}

/// Whether a file of this name is packed.
pub(super) fn packs(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("gz"))
}

/// Packs what `write` writes.
pub(super) fn write_packed<T>(
    out: &mut dyn Write,
    write: impl FnOnce(&mut dyn Write) -> Result<T>,
) -> Result<T> {
    let mut gz = GzEncoder::new(out, Compression::default());
    let value = write(&mut gz)?;
    gz.finish()?;
    Ok(value)
}

/// Writes a TMX file as a whole or not at all; `.gz` packs it. `units` writes the units.
///
/// # Errors
/// Those of `units` and of the file system.
pub fn write_tmx(
    path: &Path,
    source: &LangTag,
    header: &[Property],
    units: &mut dyn FnMut(&mut TmxWriter) -> Result<()>,
) -> Result<Written> {
    super::atomic::replace(path, |out| {
        let mut all = |out: &mut dyn Write| {
            let mut writer = TmxWriter::new(out, source, header, &[])?;
            units(&mut writer)?;
            writer.finish()
        };
        if packs(path) { write_packed(out, |out| all(out)) } else { all(out) }
    })
    .map_err(|e| e.in_file(path))
}

fn text(raw: &str, written: &mut Written) -> String {
    partial_escape(&*xml_safe(raw, &mut written.replaced)).replace('\r', "&#13;")
}

fn attribute(raw: &str, written: &mut Written) -> String {
    let escaped = escape(&*xml_safe(raw, &mut written.replaced)).into_owned();
    escaped.replace('\n', "&#10;").replace('\r', "&#13;").replace('\t', "&#9;")
}

/// A property without type, or with a name that OmegaT takes for its own, gets our prefix: the one makes it lose
/// the memory, the other the unit.
fn write_property(out: &mut dyn Write, property: &Property, written: &mut Written) -> Result<()> {
    let kind = match property.kind.as_str() {
        kind if kind.is_empty() || OMEGAT_OWN.contains(&kind) => format!("x-{kind}"),
        kind => kind.to_string(),
    };
    writeln!(out, r#"<prop type="{}">{}</prop>"#, attribute(&kind, written), text(&property.value, written))?;
    Ok(())
}

fn write_unit(
    out: &mut dyn Write,
    unit: &TranslationUnit,
    spelling: &[(LangTag, LangTag)],
    written: &mut Written,
) -> Result<()> {
    write!(out, "<tu")?;
    if !unit.id.is_empty() {
        write!(out, r#" tuid="{}""#, attribute(&unit.id, written))?;
    }
    for a in &unit.attributes {
        write!(out, r#" {}="{}""#, a.kind, attribute(&a.value, written))?;
    }
    writeln!(out, ">")?;
    for note in &unit.notes {
        writeln!(out, "<note>{}</note>", text(note, written))?;
    }
    let mut properties = unit.properties.clone();
    if let Some(bead) = &unit.bead {
        let mut add = |kind: &str, value: String| properties.push(Property { kind: kind.into(), value });
        add("x-confidence", format!("{:.4}", bead.confidence));
        add("x-score", format!("{:.3}", bead.score));
        add("x-status", bead.status.to_string());
    }
    for property in &properties {
        write_property(out, property, written)?;
    }
    for variant in &unit.variants {
        let tag = spelling.iter().find(|(from, _)| *from == variant.lang).map_or(&variant.lang, |(_, to)| to);
        write!(out, r#"<tuv xml:lang="{tag}""#)?;
        for a in &variant.attributes {
            write!(out, r#" {}="{}""#, a.kind, attribute(&a.value, written))?;
        }
        write!(out, ">")?;
        for note in &variant.notes {
            write!(out, "<note>{}</note>", text(note, written))?;
        }
        for property in &variant.properties {
            write_property(out, property, written)?;
        }
        match &variant.markup {
            Some(markup) => write!(out, "<seg>{}</seg>", xml_safe(markup.trim(), &mut written.replaced))?,
            None => write!(out, "<seg>{}</seg>", text(variant.text.trim(), written))?,
        }
        writeln!(out, "</tuv>")?;
    }
    writeln!(out, "</tu>")?;
    Ok(())
}

/// Reads a whole memory. The spelling of the languages that the texts use counts, not the header's.
pub(super) fn read(bytes: impl Read + Send) -> Result<Bitext> {
    let mut reader = TmxReader::new(bytes)?;
    let mut units = Vec::new();
    while let Some((_, unit)) = reader.next_unit()? {
        units.push(unit);
    }
    let [source, target] = languages(reader.source_lang(), &units);
    let mut bitext = Bitext::new(source, target);
    bitext.header = reader.header().to_vec();
    bitext.notes = reader.notes().to_vec();
    bitext.units = units;
    for unit in &mut bitext.units {
        source_first(unit, &bitext.source_lang);
    }
    Ok(bitext)
}

fn same(a: &LangTag, b: &LangTag) -> bool {
    match (a.lang(), b.lang()) {
        (Some(x), Some(y)) => x == y,
        _ => a == b,
    }
}

/// Puts the variant in the source language first.
pub(super) fn source_first(unit: &mut TranslationUnit, source: &LangTag) {
    unit.variants.sort_by_key(|v| !same(&v.lang, source));
}

/// The two languages of a memory, spelled as these of its units spell them; `srclang` is the header's.
pub(super) fn languages(srclang: Option<&LangTag>, units: &[TranslationUnit]) -> [LangTag; 2] {
    let tags: Vec<&LangTag> = units.iter().flat_map(|u| u.variants.iter().map(|v| &v.lang)).collect();
    let default = |tag: &str| -> LangTag { tag.parse().expect("the tag is well-formed") };
    let wanted = srclang.filter(|s| s.as_str() != "*all*");
    let first = wanted.and_then(|s| tags.iter().find(|t| same(t, s))).or(tags.first());
    let source = first.map_or(wanted.cloned().unwrap_or_else(|| default("zh-CN")), |t| (*t).clone());
    let target = tags.iter().find(|t| !same(t, &source)).map_or_else(
        || {
            if source.lang() == Some(Lang::Zh) { default("en-US") } else { default("zh-CN") }
        },
        |t| (*t).clone(),
    );
    [source, target]
}
