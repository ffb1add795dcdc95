//! TMX 1.4b (LISA 2005): written so that every tool tried reads it, read as it comes.

use super::{WriteOptions, Written, xml_safe};
use crate::error::{Error, Result};
use crate::model::{Bitext, LangTag, Property, TranslationUnit, Variant};
use quick_xml::escape::{escape, partial_escape};
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use std::io::Write;

/// Elements nested deeper than this are an attack, not a memory: inline tags nest two or three deep.
const DEEPEST: usize = 64;
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
    let mut written = Written::default();
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(out, r#"<!DOCTYPE tmx SYSTEM "tmx14.dtd">"#)?;
    writeln!(out, r#"<tmx version="1.4">"#)?;
    let tags = [options.source_tag(bitext), options.target_tag(bitext)];
    write!(out, "<header")?;
    for (name, value) in HEADER {
        write!(out, r#" {name}="{value}""#)?;
    }
    writeln!(out, r#" srclang="{}">"#, tags[0])?;
    for note in &bitext.notes {
        writeln!(out, "<note>{}</note>", text(note, &mut written))?;
    }
    for property in &bitext.header {
        write_property(out, property, &mut written)?;
    }
    writeln!(out, "</header>")?;
    writeln!(out, "<body>")?;
    for unit in &bitext.units {
        if options.refuses(unit) {
            written.refused += 1;
        } else if unit.bead.as_ref().is_some_and(|b| b.moved_to.is_some()) {
            if let Some(pair) = WriteOptions::pair(bitext, unit) {
                let unit = TranslationUnit { variants: pair.map(Clone::clone).to_vec(), ..unit.clone() };
                write_unit(out, &unit, bitext, &tags, &mut written)?;
                written.units += 1;
            }
        } else if unit.variants.len() < 2 || unit.variants.iter().any(|v| v.text.trim().is_empty()) {
            written.one_sided += 1;
        } else {
            write_unit(out, unit, bitext, &tags, &mut written)?;
            written.units += 1;
        }
    }
    writeln!(out, "</body>")?;
    writeln!(out, "</tmx>")?;
    Ok(written)
}

fn text(raw: &str, written: &mut Written) -> String {
    partial_escape(&*xml_safe(raw, &mut written.replaced)).replace('\r', "&#13;")
}

fn attribute(raw: &str, written: &mut Written) -> String {
    let escaped = escape(&*xml_safe(raw, &mut written.replaced)).into_owned();
    escaped.replace('\n', "&#10;").replace('\r', "&#13;").replace('\t', "&#9;")
}

/// Names that OmegaT takes for its own, and what is no name, get our prefix.
fn write_property(out: &mut dyn Write, property: &Property, written: &mut Written) -> Result<()> {
    let kind = match property.kind.as_str() {
        kind if kind.starts_with("x-") => kind.to_string(),
        kind => format!("x-{kind}"),
    };
    writeln!(out, r#"<prop type="{}">{}</prop>"#, attribute(&kind, written), text(&property.value, written))?;
    Ok(())
}

fn write_unit(
    out: &mut dyn Write,
    unit: &TranslationUnit,
    bitext: &Bitext,
    tags: &[&LangTag; 2],
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
        let tag = match &variant.lang {
            lang if *lang == bitext.source_lang => tags[0],
            lang if *lang == bitext.target_lang => tags[1],
            lang => lang,
        };
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

/// Reads a memory of version 1.1 to 1.4b. External entities are never fetched; unknown ones are an error.
pub(super) fn read(text: &str) -> Result<Bitext> {
    let mut state = State::new(text);
    let mut reader = Reader::from_str(text);
    loop {
        let before = reader.buffer_position() as usize;
        let event =
            reader.read_event().map_err(|e| state.error(reader.error_position() as usize, &e.to_string()))?;
        let after = reader.buffer_position() as usize;
        match event {
            Event::Start(e) => state.open(&e, before, after)?,
            Event::Empty(e) => {
                state.open(&e, before, after)?;
                state.close(e.name().as_ref(), after, after)?;
            }
            Event::End(e) => state.close(e.name().as_ref(), before, after)?,
            Event::Text(e) => state.push(&e.xml10_content()),
            Event::CData(e) => state.push(&e.xml10_content()),
            Event::GeneralRef(e) => {
                let character = e.resolve_char_ref().map_err(|x| state.error(before, &x.to_string()))?;
                let value = match (character, e.as_ref()) {
                    (Some(c), _) => c.to_string(),
                    (None, "lt") => "<".into(),
                    (None, "gt") => ">".into(),
                    (None, "amp") => "&".into(),
                    (None, "apos") => "'".into(),
                    (None, "quot") => "\"".into(),
                    (None, other) => return Err(state.error(before, &format!("unknown entity &{other};"))),
                };
                state.push(&value);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    state.finish()
}

/// What has been read so far.
struct State<'t> {
    source: &'t str,
    path: Vec<String>,
    srclang: Option<LangTag>,
    header: Vec<Property>,
    notes: Vec<String>,
    units: Vec<TranslationUnit>,
    unit: Option<TranslationUnit>,
    variant: Option<Variant>,
    /// Text of the element being read: a segment, a note or a property.
    text: String,
    property: String,
    segment_start: usize,
    /// Depth of inline elements whose content is markup, not text.
    hidden: usize,
    marked_up: bool,
    seen_tmx: bool,
}

impl<'t> State<'t> {
    fn new(source: &'t str) -> State<'t> {
        State {
            source,
            path: Vec::new(),
            srclang: None,
            header: Vec::new(),
            notes: Vec::new(),
            units: Vec::new(),
            unit: None,
            variant: None,
            text: String::new(),
            property: String::new(),
            segment_start: 0,
            hidden: 0,
            marked_up: false,
            seen_tmx: false,
        }
    }

    fn error(&self, at: usize, what: &str) -> Error {
        let head = &self.source.as_bytes()[..at.min(self.source.len())];
        let line = head.iter().filter(|b| **b == b'\n').count() + 1;
        Error::malformed(format!("not well-formed TMX: {what}")).at_line(line)
    }

    fn in_segment(&self) -> bool {
        self.path.iter().any(|p| p == "seg")
    }

    fn open(&mut self, e: &BytesStart, before: usize, after: usize) -> Result<()> {
        let name = local(e.name().as_ref());
        if self.path.len() >= DEEPEST {
            return Err(self.error(before, "elements are nested too deeply"));
        }
        let mut attributes = Vec::new();
        for attribute in e.attributes() {
            let attribute = attribute.map_err(|x| self.error(before, &x.to_string()))?;
            let value = attribute
                .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                .map_err(|x| self.error(before, &x.to_string()))?;
            attributes.push(Property { kind: attribute.key.as_ref().to_string(), value: value.into_owned() });
        }
        let mut take = |kind: &str| {
            let k = attributes.iter().position(|a| a.kind == kind)?;
            Some(attributes.remove(k).value)
        };
        if self.in_segment() {
            self.marked_up = true;
            if matches!(name.as_str(), "bpt" | "ept" | "ph" | "it" | "ut") {
                self.hidden += 1;
            }
        } else {
            match name.as_str() {
                "tmx" => self.seen_tmx = true,
                "header" => {
                    self.srclang = take("srclang").and_then(|s| s.parse().ok());
                    // What only says who wrote the old file does not describe the new one.
                    attributes.clear();
                }
                "tu" => {
                    let id = take("tuid").unwrap_or_default();
                    take("srclang");
                    self.unit = Some(TranslationUnit {
                        id,
                        variants: Vec::new(),
                        bead: None,
                        attributes,
                        properties: Vec::new(),
                        notes: Vec::new(),
                    });
                }
                "tuv" => {
                    let tag = take("xml:lang").or_else(|| take("lang"));
                    let tag = tag.ok_or_else(|| self.error(before, "a <tuv> without xml:lang"))?;
                    let lang: LangTag = tag.parse().map_err(|x: String| self.error(before, &x))?;
                    let mut variant = Variant::new(lang, "");
                    variant.attributes = attributes;
                    self.variant = Some(variant);
                }
                "seg" => {
                    self.text.clear();
                    self.segment_start = after;
                    self.marked_up = false;
                    self.hidden = 0;
                }
                "prop" => {
                    self.property = take("type").unwrap_or_default();
                    self.text.clear();
                }
                "note" => self.text.clear(),
                _ => {}
            }
        }
        self.path.push(name);
        Ok(())
    }

    fn push(&mut self, text: &str) {
        let wanted = self.path.iter().any(|p| matches!(p.as_str(), "seg" | "prop" | "note"));
        if wanted && self.hidden == 0 {
            self.text.push_str(text);
        }
    }

    fn close(&mut self, name: &str, before: usize, after: usize) -> Result<()> {
        let name = local(name);
        self.path.pop();
        if self.in_segment() {
            if matches!(name.as_str(), "bpt" | "ept" | "ph" | "it" | "ut") {
                self.hidden = self.hidden.saturating_sub(1);
            }
            return Ok(());
        }
        match name.as_str() {
            "seg" => {
                let inner = self.source.get(self.segment_start..before).unwrap_or("");
                if let Some(variant) = &mut self.variant {
                    variant.text = std::mem::take(&mut self.text);
                    variant.markup = self.marked_up.then(|| inner.to_string());
                }
            }
            "prop" => {
                let property = Property {
                    kind: std::mem::take(&mut self.property),
                    value: std::mem::take(&mut self.text),
                };
                match (&mut self.variant, &mut self.unit) {
                    (Some(v), _) => v.properties.push(property),
                    (None, Some(u)) => u.properties.push(property),
                    (None, None) => self.header.push(property),
                }
            }
            "note" => {
                let note = std::mem::take(&mut self.text);
                match (&mut self.variant, &mut self.unit) {
                    (Some(v), _) => v.notes.push(note),
                    (None, Some(u)) => u.notes.push(note),
                    (None, None) => self.notes.push(note),
                }
            }
            "tuv" => {
                let variant = self.variant.take();
                match (&mut self.unit, variant) {
                    (Some(unit), Some(variant)) => unit.variants.push(variant),
                    _ => return Err(self.error(after, "a <tuv> outside a <tu>")),
                }
            }
            "tu" => self.units.extend(self.unit.take()),
            _ => {}
        }
        Ok(())
    }

    fn finish(self) -> Result<Bitext> {
        if !self.seen_tmx {
            return Err(Error::malformed("not a TMX file: there is no <tmx> element"));
        }
        if !self.path.is_empty() {
            return Err(
                self.error(self.source.len(), &format!("the file ends inside <{}>", self.path.join("><")))
            );
        }
        let tags: Vec<&LangTag> =
            self.units.iter().flat_map(|u| u.variants.iter().map(|v| &v.lang)).collect();
        let default = |tag: &str| -> LangTag { tag.parse().expect("the tag is well-formed") };
        let same = |a: &LangTag, b: &LangTag| match (a.lang(), b.lang()) {
            (Some(x), Some(y)) => x == y,
            _ => a == b,
        };
        // The spelling that the texts use counts, not the header's.
        let wanted = self.srclang.as_ref().filter(|s| s.as_str() != "*all*");
        let first = wanted.and_then(|s| tags.iter().find(|t| same(t, s))).or(tags.first());
        let source = first.map_or(wanted.cloned().unwrap_or_else(|| default("zh-CN")), |t| (*t).clone());
        let target = tags.iter().find(|t| !same(t, &source)).map_or_else(
            || {
                if source.lang() == Some(crate::model::Lang::Zh) {
                    default("en-US")
                } else {
                    default("zh-CN")
                }
            },
            |t| (*t).clone(),
        );
        let mut bitext = Bitext::new(source.clone(), target);
        bitext.header = self.header;
        bitext.notes = self.notes;
        bitext.units = self.units;
        for unit in &mut bitext.units {
            unit.variants.sort_by_key(|v| !same(&v.lang, &source));
        }
        Ok(bitext)
    }
}

fn local(name: &str) -> String {
    name.rsplit(':').next().unwrap_or(name).to_ascii_lowercase()
}
