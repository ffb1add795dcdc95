//! Reads TMX 1.1 to 1.4b unit by unit.

use super::input::Input;
use crate::error::{Error, Result};
use crate::model::{LangTag, Property, TranslationUnit, Variant};
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use std::io::Read;

/// Elements nested deeper than this are an attack, not a memory: inline tags nest two or three deep.
pub(super) const DEEPEST: usize = 64;

/// Reads the units of a TMX file one after another: UTF-8, UTF-16 or the declared encoding, gzip or not. Memory use
/// does not grow with the file. External entities are never fetched; unknown ones are an error.
pub struct TmxReader<'r> {
    reader: Reader<Input<'r>>,
    buffer: Vec<u8>,
    path: Vec<Element>,
    srclang: Option<LangTag>,
    header: Vec<Property>,
    notes: Vec<String>,
    unit: Option<(usize, TranslationUnit)>,
    variant: Option<Variant>,
    /// Text of the element being read: a segment, a note or a property.
    text: String,
    /// The same of a segment with its tags, as XML.
    markup: String,
    property: String,
    /// Depth of inline elements whose content is markup, not text.
    hidden: usize,
    /// Open elements inside the segment, itself among them; 0 outside.
    in_segment: usize,
    marked_up: bool,
    seen_tmx: bool,
    /// A variant without a language is passed over, not refused.
    lenient: bool,
    ready: Option<(usize, TranslationUnit)>,
}

/// An element by what it means to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Element {
    Tmx,
    Header,
    Body,
    Unit,
    Variant,
    Segment,
    Property,
    Note,
    /// An inline element whose content is code of the original format.
    Code,
    Other,
}

impl Element {
    fn of(name: &str) -> Element {
        const NAMES: [(&str, Element); 8] = [
            ("tu", Element::Unit),
            ("tuv", Element::Variant),
            ("seg", Element::Segment),
            ("prop", Element::Property),
            ("note", Element::Note),
            ("tmx", Element::Tmx),
            ("header", Element::Header),
            ("body", Element::Body),
        ];
        let local = name.rsplit(':').next().unwrap_or(name);
        if let Some((_, element)) = NAMES.iter().find(|(n, _)| local.eq_ignore_ascii_case(n)) {
            return *element;
        }
        let code = ["bpt", "ept", "ph", "it", "ut"].iter().any(|n| local.eq_ignore_ascii_case(n));
        if code { Element::Code } else { Element::Other }
    }
}

impl<'r> TmxReader<'r> {
    /// Reads up to the first unit.
    ///
    /// # Errors
    /// As [`TmxReader::next_unit`].
    pub fn new(reader: impl Read + Send + 'r) -> Result<TmxReader<'r>> {
        Self::start(reader, false)
    }

    /// As [`TmxReader::new`], for files with faults: a text without a language is passed over.
    pub(super) fn lenient(reader: impl Read + Send + 'r) -> Result<TmxReader<'r>> {
        Self::start(reader, true)
    }

    fn start(reader: impl Read + Send + 'r, lenient: bool) -> Result<TmxReader<'r>> {
        let mut this = TmxReader {
            reader: Reader::from_reader(Input::new(reader)?),
            buffer: Vec::new(),
            path: Vec::new(),
            srclang: None,
            header: Vec::new(),
            notes: Vec::new(),
            unit: None,
            variant: None,
            text: String::new(),
            markup: String::new(),
            property: String::new(),
            hidden: 0,
            in_segment: 0,
            marked_up: false,
            seen_tmx: false,
            lenient,
            ready: None,
        };
        this.ready = this.read_unit()?;
        Ok(this)
    }

    /// The header's source language; `None` where it names none or `*all*`.
    pub fn source_lang(&self) -> Option<&LangTag> {
        self.srclang.as_ref()
    }

    /// The header's properties.
    pub fn header(&self) -> &[Property] {
        &self.header
    }

    /// The header's notes.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The next unit and the line (1-based) on which it starts; its variants stand in the file's order.
    ///
    /// # Errors
    /// XML that is not well-formed, what is no TMX, bytes that are not of the encoding: with the line.
    pub fn next_unit(&mut self) -> Result<Option<(usize, TranslationUnit)>> {
        match self.ready.take() {
            Some(unit) => Ok(Some(unit)),
            None => self.read_unit(),
        }
    }

    fn error(&self, what: &str) -> Error {
        Error::malformed(format!("not well-formed TMX: {what}")).at_line(self.reader.get_ref().line())
    }

    fn read_unit(&mut self) -> Result<Option<(usize, TranslationUnit)>> {
        loop {
            let mut buffer = std::mem::take(&mut self.buffer);
            buffer.clear();
            let line = self.reader.get_ref().line();
            self.reader.get_mut().next_event();
            let event = match self.reader.read_event_into(&mut buffer) {
                Ok(event) => event,
                Err(e) => {
                    let told = self.reader.get_mut().broken();
                    return Err(told.unwrap_or_else(|| self.error(&e.to_string())));
                }
            };
            let ended = matches!(event, Event::Eof);
            let unit = self.take(event, line)?;
            self.buffer = buffer;
            if unit.is_some() {
                return Ok(unit);
            }
            if ended {
                return self.finish().map(|()| None);
            }
        }
    }

    fn take(&mut self, event: Event, line: usize) -> Result<Option<(usize, TranslationUnit)>> {
        match event {
            Event::Start(e) => {
                if self.in_segment > 0 {
                    push_all(&mut self.markup, ["<", &*e, ">"]);
                }
                self.open(&e, line)?;
            }
            Event::Empty(e) => {
                if self.in_segment > 0 {
                    push_all(&mut self.markup, ["<", &*e, "/>"]);
                }
                self.open(&e, line)?;
                return self.close();
            }
            Event::End(e) => {
                if self.in_segment > 1 {
                    push_all(&mut self.markup, ["</", &*e, ">"]);
                }
                return self.close();
            }
            Event::Text(e) => {
                if self.in_segment > 0 {
                    self.markup.push_str(&e);
                }
                self.push(&e.xml10_content());
            }
            Event::CData(e) => {
                if self.in_segment > 0 {
                    push_all(&mut self.markup, ["<![CDATA[", &*e, "]]>"]);
                }
                self.push(&e.xml10_content());
            }
            Event::GeneralRef(e) => {
                if self.in_segment > 0 {
                    push_all(&mut self.markup, ["&", &*e, ";"]);
                }
                let character = e.resolve_char_ref().map_err(|x| self.error(&x.to_string()))?;
                let mut bytes = [0; 4];
                let value = match (character, &*e) {
                    (Some(c), _) => c.encode_utf8(&mut bytes),
                    (None, "lt") => "<",
                    (None, "gt") => ">",
                    (None, "amp") => "&",
                    (None, "apos") => "'",
                    (None, "quot") => "\"",
                    (None, other) => return Err(self.error(&format!("unknown entity &{other};"))),
                };
                self.push(value);
            }
            _ => {}
        }
        Ok(None)
    }

    fn open(&mut self, e: &BytesStart, line: usize) -> Result<()> {
        let element = Element::of(e.name().as_ref());
        if self.path.len() >= DEEPEST {
            return Err(self.error("elements are nested too deeply"));
        }
        self.path.push(element);
        if self.in_segment > 0 {
            self.in_segment += 1;
            self.marked_up = true;
            self.hidden += usize::from(element == Element::Code);
            return Ok(());
        }
        let mut attributes = Vec::new();
        for attribute in e.attributes() {
            let attribute = attribute.map_err(|x| self.error(&x.to_string()))?;
            let value = attribute
                .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                .map_err(|x| self.error(&x.to_string()))?;
            attributes.push(Property { kind: attribute.key.as_ref().to_string(), value: value.into_owned() });
        }
        let mut take = |kind: &str| {
            let k = attributes.iter().position(|a| a.kind == kind)?;
            Some(attributes.remove(k).value)
        };
        match element {
            Element::Tmx => self.seen_tmx = true,
            // What only says who wrote the old file does not describe the new one.
            Element::Header => self.srclang = take("srclang").and_then(|s| s.parse().ok()),
            Element::Unit => {
                let id = take("tuid").unwrap_or_default();
                take("srclang");
                let unit = TranslationUnit {
                    id,
                    variants: Vec::new(),
                    bead: None,
                    attributes,
                    properties: Vec::new(),
                    notes: Vec::new(),
                };
                self.unit = Some((line, unit));
            }
            Element::Variant => {
                let tag = take("xml:lang").or_else(|| take("lang"));
                let lang = match tag {
                    None => Err(self.error("a <tuv> without xml:lang")),
                    Some(tag) => tag.parse::<LangTag>().map_err(|x| self.error(&x)),
                };
                if lang.is_err() && self.lenient {
                    return Ok(());
                }
                let lang = lang?;
                let mut variant = Variant::new(lang, "");
                variant.attributes = attributes;
                self.variant = Some(variant);
            }
            Element::Segment => {
                self.text.clear();
                self.markup.clear();
                self.marked_up = false;
                self.hidden = 0;
                self.in_segment = 1;
            }
            Element::Property => {
                self.property = take("type").unwrap_or_default();
                self.text.clear();
            }
            Element::Note => self.text.clear(),
            _ => {}
        }
        Ok(())
    }

    fn push(&mut self, text: &str) {
        let wanted =
            self.in_segment > 0 || matches!(self.path.last(), Some(Element::Property | Element::Note));
        if wanted && self.hidden == 0 {
            self.text.push_str(text);
        }
    }

    fn close(&mut self) -> Result<Option<(usize, TranslationUnit)>> {
        let element = self.path.pop();
        if self.in_segment > 1 {
            self.in_segment -= 1;
            self.hidden = self.hidden.saturating_sub(usize::from(element == Some(Element::Code)));
            return Ok(None);
        }
        match element {
            Some(Element::Segment) => {
                self.in_segment = 0;
                if let Some(variant) = &mut self.variant {
                    variant.text = std::mem::take(&mut self.text);
                    variant.markup = self.marked_up.then(|| std::mem::take(&mut self.markup));
                }
            }
            Some(Element::Property) => {
                let property = Property {
                    kind: std::mem::take(&mut self.property),
                    value: std::mem::take(&mut self.text),
                };
                match (&mut self.variant, &mut self.unit) {
                    (Some(v), _) => v.properties.push(property),
                    (None, Some((_, u))) => u.properties.push(property),
                    (None, None) => self.header.push(property),
                }
            }
            Some(Element::Note) => {
                let note = std::mem::take(&mut self.text);
                match (&mut self.variant, &mut self.unit) {
                    (Some(v), _) => v.notes.push(note),
                    (None, Some((_, u))) => u.notes.push(note),
                    (None, None) => self.notes.push(note),
                }
            }
            Some(Element::Variant) => {
                let variant = self.variant.take();
                match (&mut self.unit, variant) {
                    (Some((_, unit)), Some(variant)) => unit.variants.push(variant),
                    (Some(_), None) if self.lenient => {}
                    _ => return Err(self.error("a <tuv> outside a <tu>")),
                }
            }
            Some(Element::Unit) => return Ok(self.unit.take()),
            _ => {}
        }
        Ok(None)
    }

    fn finish(&self) -> Result<()> {
        if !self.seen_tmx {
            return Err(Error::malformed("not a TMX file: there is no <tmx> element"));
        }
        if self.path.is_empty() { Ok(()) } else { Err(self.error("the file ends inside an element")) }
    }
}

fn push_all(out: &mut String, parts: [&str; 3]) {
    for part in parts {
        out.push_str(part);
    }
}
