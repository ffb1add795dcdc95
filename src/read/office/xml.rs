//! XML parts as a stream of elements: names resolved, entities of strangers refused, depth bounded.
//!
//! Prefixes are only abbreviations, so that elements are known by [`Ns`], not by `w:`. Only the five entities of XML
//! and numbers of characters are resolved; an entity that a document type defines is never expanded.

use super::archive::Archive;
use crate::error::{Error, ErrorKind, Result};
use crate::read::encoding;
use encoding_rs::Encoding;
use quick_xml::Reader;
use quick_xml::escape::{resolve_predefined_entity, unescape};
use quick_xml::events::Event;
use quick_xml::events::attributes::Attributes;
use std::borrow::Cow;

/// Deeper elements are refused: the default of libxml2 (`xmlParserMaxDepth`), so that no document which LibreOffice
/// opens is deeper.
const DEEPEST: usize = 256;
/// The most namespace declarations in force at one place. Chosen: Word writes about 40 at the root of a part.
const MOST_PREFIXES: usize = 256;

/// The namespaces that the readers know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ns {
    /// No namespace.
    None,
    /// WordprocessingML.
    W,
    /// WordprocessingML 2010 shapes.
    Wps,
    /// DrawingML.
    A,
    /// DrawingML diagrams.
    Dgm,
    /// DrawingML in spreadsheets.
    Xdr,
    /// Office mathematics.
    M,
    /// Markup compatibility.
    Mc,
    /// Relationship ids in Office documents.
    R,
    /// Package relationships.
    Rel,
    /// Package content types.
    Types,
    /// PresentationML.
    P,
    /// SpreadsheetML.
    S,
    /// OpenDocument office.
    Office,
    /// OpenDocument text.
    Text,
    /// OpenDocument tables.
    Table,
    /// OpenDocument drawings.
    Draw,
    /// OpenDocument styles.
    Style,
    /// OpenDocument presentations.
    Presentation,
    /// OpenDocument manifest.
    Manifest,
    /// LibreOffice extensions of OpenDocument.
    Loext,
    /// SVG as OpenDocument takes it, Dublin Core and other notes about the text.
    About,
    /// EPUB container.
    Ocf,
    /// EPUB package.
    Opf,
    /// XML encryption.
    Enc,
    /// The prefix `xml`.
    Xml,
    /// Any other.
    Other,
}

/// Namespace names: those of ECMA-376 (transitional, then strict), OASIS OpenDocument 1.3, EPUB 3 and W3C.
const NAMES: &[(&str, Ns)] = &[
    ("http://schemas.openxmlformats.org/wordprocessingml/2006/main", Ns::W),
    ("http://purl.oclc.org/ooxml/wordprocessingml/main", Ns::W),
    ("http://schemas.microsoft.com/office/word/2010/wordprocessingShape", Ns::Wps),
    ("http://schemas.openxmlformats.org/drawingml/2006/main", Ns::A),
    ("http://purl.oclc.org/ooxml/drawingml/main", Ns::A),
    ("http://schemas.openxmlformats.org/drawingml/2006/diagram", Ns::Dgm),
    ("http://purl.oclc.org/ooxml/drawingml/diagram", Ns::Dgm),
    ("http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing", Ns::Xdr),
    ("http://purl.oclc.org/ooxml/drawingml/spreadsheetDrawing", Ns::Xdr),
    ("http://schemas.openxmlformats.org/officeDocument/2006/math", Ns::M),
    ("http://purl.oclc.org/ooxml/officeDocument/math", Ns::M),
    ("http://schemas.openxmlformats.org/markup-compatibility/2006", Ns::Mc),
    ("http://schemas.openxmlformats.org/officeDocument/2006/relationships", Ns::R),
    ("http://purl.oclc.org/ooxml/officeDocument/relationships", Ns::R),
    ("http://schemas.openxmlformats.org/package/2006/relationships", Ns::Rel),
    ("http://schemas.openxmlformats.org/package/2006/content-types", Ns::Types),
    ("http://schemas.openxmlformats.org/presentationml/2006/main", Ns::P),
    ("http://purl.oclc.org/ooxml/presentationml/main", Ns::P),
    ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", Ns::S),
    ("http://purl.oclc.org/ooxml/spreadsheetml/main", Ns::S),
    ("urn:oasis:names:tc:opendocument:xmlns:office:1.0", Ns::Office),
    ("urn:oasis:names:tc:opendocument:xmlns:text:1.0", Ns::Text),
    ("urn:oasis:names:tc:opendocument:xmlns:table:1.0", Ns::Table),
    ("urn:oasis:names:tc:opendocument:xmlns:drawing:1.0", Ns::Draw),
    ("urn:oasis:names:tc:opendocument:xmlns:style:1.0", Ns::Style),
    ("urn:oasis:names:tc:opendocument:xmlns:presentation:1.0", Ns::Presentation),
    ("urn:oasis:names:tc:opendocument:xmlns:manifest:1.0", Ns::Manifest),
    ("urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0", Ns::Loext),
    ("urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0", Ns::About),
    ("http://purl.org/dc/elements/1.1/", Ns::About),
    ("urn:oasis:names:tc:opendocument:xmlns:meta:1.0", Ns::About),
    ("urn:oasis:names:tc:opendocument:xmlns:container", Ns::Ocf),
    ("http://www.idpf.org/2007/opf", Ns::Opf),
    ("http://www.w3.org/2001/04/xmlenc#", Ns::Enc),
    ("http://www.w3.org/XML/1998/namespace", Ns::Xml),
];

/// An element's name and attributes.
#[derive(Debug)]
pub(super) struct Tag<'t> {
    /// The namespace of its name.
    pub ns: Ns,
    /// Its name without prefix.
    pub local: &'t str,
    attributes: Vec<(Ns, &'t str, Cow<'t, str>)>,
}

impl Tag<'_> {
    /// The value of an attribute.
    pub fn get(&self, ns: Ns, local: &str) -> Option<&str> {
        self.attributes.iter().find(|a| a.0 == ns && a.1 == local).map(|a| &*a.2)
    }

    /// The value of an attribute as a number.
    pub fn number<N: std::str::FromStr>(&self, ns: Ns, local: &str) -> Option<N> {
        self.get(ns, local)?.trim().parse().ok()
    }

    /// Whether this is the element with that name.
    pub fn is(&self, ns: Ns, local: &str) -> bool {
        self.ns == ns && self.local == local
    }

    /// A property that is on unless its value says otherwise, as WordprocessingML has them (`<w:vanish/>`).
    pub fn is_on(&self) -> bool {
        !matches!(self.get(Ns::W, "val"), Some("0" | "false" | "off"))
    }
}

/// What stands in an element.
#[derive(Debug)]
pub(super) enum Node<'t> {
    /// A child. Its own content comes next, up to the `None` that ends it.
    Open(Tag<'t>),
    /// Text.
    Text(Cow<'t, str>),
}

/// A part as it is read, element by element.
pub(super) struct Xml<'t> {
    part: &'t str,
    text: &'t str,
    reader: Reader<&'t [u8]>,
    depth: usize,
    /// Prefixes with their namespaces and the depth of the element that declares them.
    prefixes: Vec<(usize, &'t str, Ns)>,
}

impl<'t> Xml<'t> {
    /// Starts to read. The first [`Xml::next`] gives the root.
    pub fn new(part: &'t str, text: &'t str) -> Xml<'t> {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Xml { part, text, reader, depth: 0, prefixes: vec![(0, "xml", Ns::Xml)] }
    }

    /// An error in this part, here.
    pub fn error(&self, what: impl std::fmt::Display) -> Error {
        let at = self.reader.buffer_position();
        Error::malformed(format!("the part {} is broken at its byte {at}: {what}", self.part))
            .advise("open and save the document in an office program")
    }

    fn namespace(&self, prefix: &str) -> Ns {
        self.prefixes
            .iter()
            .rev()
            .find(|p| p.1 == prefix)
            .map_or(if prefix.is_empty() { Ns::None } else { Ns::Other }, |p| p.2)
    }

    /// The root element.
    pub fn root(&mut self) -> Result<Tag<'t>> {
        loop {
            match self.next()? {
                Some(Node::Open(tag)) => return Ok(tag),
                Some(Node::Text(_)) => {}
                None => return Err(self.error("there is no XML in it")),
            }
        }
    }

    /// The next thing in the element that was opened last and not yet ended; `None` ends it.
    pub fn next(&mut self) -> Result<Option<Node<'t>>> {
        loop {
            let start = self.reader.buffer_position() as usize;
            let event = match self.reader.read_event() {
                Ok(event) => event,
                Err(e) => return Err(self.error(e)),
            };
            let end = self.reader.buffer_position() as usize;
            return Ok(Some(match event {
                Event::Start(_) => Node::Open(self.open(start..end)?),
                Event::End(_) => {
                    while self.prefixes.last().is_some_and(|p| p.0 > 0 && p.0 >= self.depth) {
                        self.prefixes.pop();
                    }
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(None);
                }
                Event::Text(text) => Node::Text(text.xml10_content().into_owned().into()),
                Event::CData(text) => Node::Text(text.xml10_content().into_owned().into()),
                Event::GeneralRef(name) => Node::Text(match name.resolve_char_ref() {
                    Ok(Some(c)) => c.to_string().into(),
                    Ok(None) => match resolve_predefined_entity(&name) {
                        Some(text) => text.into(),
                        None => return Err(self.error(format_args!("the entity &{}; is unknown", &*name))),
                    },
                    Err(e) => return Err(self.error(e)),
                }),
                Event::DocType(text) if text.contains("<!ENTITY") => {
                    return Err(self.error("it defines entities of its own, which are never expanded"));
                }
                Event::Eof if self.depth > 0 => return Err(self.error("it is cut off")),
                Event::Eof => return Ok(None),
                Event::DocType(_) | Event::Comment(_) | Event::PI(_) | Event::Decl(_) => continue,
                Event::Empty(_) => continue,
            }));
        }
    }

    fn open(&mut self, range: std::ops::Range<usize>) -> Result<Tag<'t>> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.error(format_args!("its elements nest more than {DEEPEST} deep")));
        }
        let raw: &'t str = self.text.get(range).unwrap_or_default();
        let inner = raw.strip_prefix('<').and_then(|r| r.strip_suffix('>')).unwrap_or_default();
        let inner = inner.strip_suffix('/').unwrap_or(inner);
        let length = inner.find(|c: char| c.is_ascii_whitespace()).unwrap_or(inner.len());
        let split = |name: &'t str| name.split_once(':').unwrap_or(("", name));
        let mut attributes: Vec<(&'t str, &'t str, Cow<'t, str>)> = Vec::new();
        // Looking for equal names would take time by the square of their number.
        for attribute in Attributes::new(inner, length).with_checks(false) {
            let attribute = attribute.map_err(|e| self.error(e))?;
            let value = match attribute.value {
                Cow::Borrowed(raw) => unescape(raw).map_err(|e| self.error(e))?,
                Cow::Owned(raw) => unescape(&raw).map_err(|e| self.error(e))?.into_owned().into(),
            };
            let (prefix, local) = split(attribute.key.into_inner());
            if prefix == "xmlns" || (prefix.is_empty() && local == "xmlns") {
                let declared = if prefix.is_empty() { "" } else { local };
                let known = NAMES.iter().find(|n| n.0 == value).map(|n| n.1);
                let ns = known.unwrap_or(if value.is_empty() { Ns::None } else { Ns::Other });
                if self.prefixes.len() >= MOST_PREFIXES {
                    return Err(self.error("it declares hundreds of namespaces"));
                }
                self.prefixes.push((self.depth, declared, ns));
            } else {
                attributes.push((prefix, local, value));
            }
        }
        let (prefix, local) = split(&inner[..length]);
        let attributes = attributes
            .into_iter()
            .map(|(prefix, local, value)| {
                (if prefix.is_empty() { Ns::None } else { self.namespace(prefix) }, local, value)
            })
            .collect();
        Ok(Tag { ns: self.namespace(prefix), local, attributes })
    }

    /// Passes over the rest of the element that was opened last.
    pub fn skip(&mut self) -> Result<()> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            self.next()?;
        }
        Ok(())
    }

    /// All text in the element that was opened last, and ends it.
    pub fn text(&mut self) -> Result<String> {
        let outside = self.depth.saturating_sub(1);
        let mut text = String::new();
        while self.depth > outside {
            if let Some(Node::Text(piece)) = self.next()? {
                text.push_str(&piece);
            }
        }
        Ok(text)
    }
}

/// Unpacks and decodes a part; `None` if there is none with this name.
pub(super) fn part_text(archive: &mut Archive, name: &str) -> Result<Option<(String, String)>> {
    let Some(bytes) = archive.read(name)? else { return Ok(None) };
    let decoded = encoding::decode(&bytes, Some(&declared_encoding(&bytes))).map_err(|e| {
        let found = match e.kind() {
            ErrorKind::Encoding(found) | ErrorKind::Usage(found) => found.clone(),
            _ => e.to_string(),
        };
        Error::new(ErrorKind::Encoding(format!("the part {name} cannot be decoded: {found}")))
            .advise("open and save the document in an office program")
    })?;
    Ok(Some((decoded.text, decoded.encoding.to_string())))
}

/// A part that must be there.
pub(super) fn needed_text(archive: &mut Archive, name: &str) -> Result<(String, String)> {
    part_text(archive, name)?.ok_or_else(|| {
        Error::malformed(format!("the part {name} of this document is missing"))
            .advise("copy or download it again, or open and save it in an office program")
    })
}

/// The encoding of an XML part: by its byte-order mark, the NULs of UTF-16, its declaration; else UTF-8.
fn declared_encoding(bytes: &[u8]) -> String {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding.name().to_string();
    }
    match bytes {
        [0, b'<', ..] => return "utf-16be".into(),
        [b'<', 0, ..] => return "utf-16le".into(),
        _ => {}
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(256)]);
    let declaration = head.strip_prefix("<?xml").and_then(|h| h.split_once("?>")).map_or("", |h| h.0);
    let label = declaration.split_once("encoding").and_then(|(_, rest)| rest.split(['"', '\'']).nth(1));
    match label {
        // A declaration that can be read in single bytes is not in UTF-16, whatever it says.
        Some(label) if !label.to_ascii_lowercase().starts_with("utf-16") => label.to_string(),
        _ => "utf-8".into(),
    }
}
