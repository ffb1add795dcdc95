//! Inline tags: TMX's elements, which [`Variant`](crate::model::Variant) keeps, against XLIFF's.
//!
//! TMX's `bpt`, `ept`, `ph` and `it` hold the code of the original format as their text. XLIFF 1.2 has the same
//! four and `g`, `x`, `bx`, `ex`, `mrk`, which hold no code: there the tag itself is kept as the code, so that it
//! is written back as it was. XLIFF 2.0 keeps the codes apart, in the unit's `originalData`.

use quick_xml::escape::{escape, partial_escape};
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use std::collections::{HashMap, HashSet};

/// A stretch of text or a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Inline {
    /// Plain text.
    Text(String),
    /// A tag.
    Tag(Tag),
}

/// What a tag does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Opens a pair.
    Open,
    /// Closes the pair with the same id.
    Close,
    /// Stands alone.
    Alone,
    /// Opens a pair that is closed in another segment.
    Begin,
    /// Closes a pair that was opened in another segment.
    End,
}

/// A tag of any vocabulary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag {
    /// What it does.
    pub role: Role,
    /// Its identity; open and close have the same.
    pub id: String,
    /// TMX's `type`, XLIFF's `ctype`; may be empty.
    pub kind: String,
    /// The code of the original format; may be empty.
    pub code: String,
}

/// The value of an attribute, decoded.
pub(super) fn attribute(e: &BytesStart, name: &str) -> Option<String> {
    let found = e.attributes().flatten().find(|a| a.key.as_ref() == name)?;
    found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(|v| v.into_owned())
}

/// A name without its prefix.
pub(super) fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// What a general entity stands for: the five of XML and character references.
pub(super) fn entity(e: &quick_xml::events::BytesRef) -> Option<String> {
    if let Ok(Some(c)) = e.resolve_char_ref() {
        return Some(c.to_string());
    }
    let text: &str = e.as_ref();
    let c = match text {
        "lt" => "<",
        "gt" => ">",
        "amp" => "&",
        "apos" => "'",
        "quot" => "\"",
        _ => return None,
    };
    Some(c.to_string())
}

/// Adds text, joining it with text before it.
pub(super) fn push_text(out: &mut Vec<Inline>, text: &str) {
    match out.last_mut() {
        Some(Inline::Text(last)) => last.push_str(text),
        _ if text.is_empty() => {}
        _ => out.push(Inline::Text(text.to_string())),
    }
}

/// The text alone.
pub(super) fn plain(content: &[Inline]) -> String {
    content.iter().map(|i| if let Inline::Text(t) = i { t.as_str() } else { "" }).collect()
}

/// Reads TMX content. `None` if it is not well-formed.
pub(super) fn from_tmx(markup: &str) -> Option<Vec<Inline>> {
    let whole = format!("<seg>{markup}</seg>");
    let mut reader = Reader::from_str(&whole);
    reader.config_mut().expand_empty_elements = true;
    let mut out = Vec::new();
    let mut open: Vec<(String, Tag)> = Vec::new();
    let mut hidden = 0usize;
    loop {
        let text = |text: &str, out: &mut Vec<Inline>, open: &mut Vec<(String, Tag)>| match open
            .last_mut()
            .filter(|_| hidden > 0)
        {
            Some((_, tag)) => tag.code.push_str(text),
            None => push_text(out, text),
        };
        match reader.read_event().ok()? {
            Event::Text(e) => text(&e.xml10_content(), &mut out, &mut open),
            Event::CData(e) => text(&e.xml10_content(), &mut out, &mut open),
            Event::GeneralRef(e) => text(&entity(&e)?, &mut out, &mut open),
            Event::Start(e) => {
                let name = local(e.name().as_ref()).to_string();
                let role = match name.as_str() {
                    "bpt" | "hi" => Role::Open,
                    "ept" => Role::Close,
                    "it" if attribute(&e, "pos").is_some_and(|p| p.starts_with('e')) => Role::End,
                    "it" => Role::Begin,
                    _ => Role::Alone,
                };
                let id = attribute(&e, if matches!(name.as_str(), "bpt" | "ept") { "i" } else { "x" });
                let id = id.unwrap_or_else(|| format!("t{}", out.len() + open.len()));
                let tag =
                    Tag { role, id, kind: attribute(&e, "type").unwrap_or_default(), code: String::new() };
                if name == "hi" {
                    out.push(Inline::Tag(tag.clone()));
                } else if matches!(name.as_str(), "bpt" | "ept" | "ph" | "it" | "ut") {
                    hidden += 1;
                }
                open.push((name, tag));
            }
            Event::End(_) => {
                let (name, tag) = open.pop()?;
                match name.as_str() {
                    "seg" | "sub" => {}
                    "hi" => out.push(Inline::Tag(Tag { role: Role::Close, kind: String::new(), ..tag })),
                    _ => {
                        hidden = hidden.saturating_sub(1);
                        // A code inside a code (by way of sub) is part of the outer one.
                        match open.last_mut().filter(|_| hidden > 0) {
                            Some((_, outer)) => outer.code.push_str(&tag.code),
                            None => out.push(Inline::Tag(tag)),
                        }
                    }
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    open.is_empty().then_some(out)
}

/// Text for XML content; a carriage return would become a line feed.
pub(super) fn content(text: &str) -> String {
    partial_escape(text).replace('\r', "&#13;")
}

/// Text for an attribute; white space would become spaces.
pub(super) fn quoted(text: &str) -> String {
    escape(text).replace('\n', "&#10;").replace('\r', "&#13;").replace('\t', "&#9;")
}

/// The content as TMX's markup.
pub(super) fn to_tmx(inlines: &[Inline]) -> String {
    let mut out = String::new();
    for inline in inlines {
        let tag = match inline {
            Inline::Text(text) => {
                out.push_str(&content(text));
                continue;
            }
            Inline::Tag(tag) => tag,
        };
        let id = quoted(&tag.id);
        let (name, attributes) = match tag.role {
            Role::Open => ("bpt", format!(r#"i="{id}" x="{id}""#)),
            Role::Close => ("ept", format!(r#"i="{id}""#)),
            Role::Alone => ("ph", format!(r#"x="{id}""#)),
            Role::Begin => ("it", format!(r#"pos="begin" x="{id}""#)),
            Role::End => ("it", format!(r#"pos="end" x="{id}""#)),
        };
        let kind =
            if tag.kind.is_empty() { String::new() } else { format!(r#" type="{}""#, quoted(&tag.kind)) };
        out.push_str(&format!("<{name} {attributes}{kind}>{}</{name}>", content(&tag.code)));
    }
    out
}

/// Tags of XLIFF 1.2 that hold no code of their own and are kept as they are.
const BARE: [&str; 5] = ["g", "x", "bx", "ex", "mrk"];

/// Whether a tag's code is a tag of XLIFF 1.2 itself, of the same role.
fn is_bare(tag: &Tag) -> bool {
    let code = tag.code.as_str();
    let Some(inner) = code.strip_prefix('<').and_then(|c| c.strip_suffix('>')) else { return false };
    let closes = inner.starts_with('/');
    let empty = inner.ends_with('/');
    let name = inner.trim_start_matches('/').split([' ', '/', '\n', '\t']).next().unwrap_or("");
    let fits = match tag.role {
        Role::Open => matches!(name, "g" | "mrk") && !closes && !empty,
        Role::Close => matches!(name, "g" | "mrk") && closes,
        _ => matches!(name, "x" | "bx" | "ex") && empty,
    };
    let single = code.matches('<').count() == 1 && !inner.contains('>');
    fits && single && BARE.contains(&name)
}

/// The content for XLIFF 1.2. Pairs whose tags are kept bare must nest, or all of the content gets plain codes.
pub(super) fn to_one(inlines: &[Inline]) -> String {
    let mut nesting: Vec<&str> = Vec::new();
    let mut nested = true;
    for inline in inlines {
        match inline {
            Inline::Tag(t) if t.role == Role::Open && is_bare(t) => nesting.push(&t.id),
            Inline::Tag(t) if t.role == Role::Close && is_bare(t) => {
                nested &= nesting.pop() == Some(t.id.as_str());
            }
            _ => {}
        }
    }
    nested &= nesting.is_empty();
    let mut out = String::new();
    for inline in inlines {
        let tag = match inline {
            Inline::Text(text) => {
                out.push_str(&content(text));
                continue;
            }
            Inline::Tag(tag) => tag,
        };
        if nested && is_bare(tag) && well_formed_attributes(&tag.code) {
            out.push_str(&tag.code);
            continue;
        }
        let (name, more) = match tag.role {
            Role::Open => ("bpt", ""),
            Role::Close => ("ept", ""),
            Role::Alone => ("ph", ""),
            Role::Begin => ("it", r#" pos="open""#),
            Role::End => ("it", r#" pos="close""#),
        };
        let kind = match tag.kind.as_str() {
            "" => String::new(),
            _ if tag.role == Role::Close => String::new(),
            kind => format!(r#" ctype="{}""#, quoted(&ctype(kind, tag.role))),
        };
        out.push_str(&format!(
            r#"<{name} id="{}"{more}{kind}>{}</{name}>"#,
            quoted(&tag.id),
            content(&tag.code)
        ));
    }
    out
}

/// The values that XLIFF 1.2 has for `ctype` of single and of paired tags; others need an `x-`.
fn ctype(kind: &str, role: Role) -> String {
    let known: &[&str] =
        if role == Role::Alone { &["image", "pb", "lb"] } else { &["bold", "italic", "underlined", "link"] };
    let kind = kind.replace(char::is_whitespace, "-");
    if known.contains(&kind.as_str()) || kind.starts_with("x-") { kind } else { format!("x-{kind}") }
}

fn well_formed_attributes(code: &str) -> bool {
    let mut reader = Reader::from_str(code);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    match reader.read_event() {
        Ok(Event::Start(e) | Event::Empty(e)) => e
            .attributes()
            .all(|a| a.is_ok_and(|a| a.normalized_value(quick_xml::XmlVersion::Implicit1_0).is_ok())),
        Ok(Event::End(_)) => true,
        _ => false,
    }
}

/// A `subType` may hold neither white space nor a second colon.
fn sub_type(kind: &str) -> String {
    kind.replace(|c: char| c.is_whitespace() || c == ':', "-")
}

/// The content for XLIFF 2.0. Codes go to `data`, each with the name it is referred to by.
pub(super) fn to_two(inlines: &[Inline], data: &mut Vec<(String, String)>) -> String {
    let with = |role: Role| -> HashSet<&str> {
        let tags = inlines.iter().filter_map(|i| match i {
            Inline::Tag(t) if t.role == role => Some(t.id.as_str()),
            _ => None,
        });
        tags.collect()
    };
    let (opened, closed) = (with(Role::Open), with(Role::Close));
    let mut names: HashMap<String, String> =
        data.iter().map(|(name, code)| (code.clone(), name.clone())).collect();
    let mut out = String::new();
    for inline in inlines {
        let tag = match inline {
            Inline::Text(text) => {
                out.push_str(&content(text));
                continue;
            }
            Inline::Tag(tag) => tag,
        };
        let name = tag.id.chars().all(|c| c.is_alphanumeric() || "._-:".contains(c)) && !tag.id.is_empty();
        let id = if name { tag.id.clone() } else { format!("t{}", data.len()) };
        let reference = if tag.code.is_empty() {
            String::new()
        } else {
            let name = names.entry(tag.code.clone()).or_insert_with(|| {
                data.push((format!("d{}", data.len() + 1), tag.code.clone()));
                format!("d{}", data.len())
            });
            format!(r#" dataRef="{name}""#)
        };
        // `subType` holds what `type` has no value for; it needs a prefix and a type.
        let kind = match tag.kind.as_str() {
            "" => String::new(),
            kind => format!(r#" type="other" subType="tmx:{}""#, quoted(&sub_type(kind))),
        };
        match tag.role {
            Role::Open if closed.contains(tag.id.as_str()) => {
                out.push_str(&format!(r#"<sc id="{id}"{kind}{reference}/>"#));
            }
            Role::Close if opened.contains(tag.id.as_str()) => {
                out.push_str(&format!(r#"<ec startRef="{id}"{reference}/>"#));
            }
            Role::Open | Role::Begin => {
                out.push_str(&format!(r#"<sc id="{id}" isolated="yes"{kind}{reference}/>"#));
            }
            Role::Close | Role::End => {
                out.push_str(&format!(r#"<ec id="{id}" isolated="yes"{kind}{reference}/>"#));
            }
            // A pair may have the same number in TMX, where the two count apart.
            Role::Alone if opened.contains(tag.id.as_str()) => {
                out.push_str(&format!(r#"<ph id="p{id}"{kind}{reference}/>"#));
            }
            Role::Alone => out.push_str(&format!(r#"<ph id="{id}"{kind}{reference}/>"#)),
        }
    }
    out
}
