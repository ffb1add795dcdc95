//! The styles of a DOCX: which are headings, lists or hidden, by themselves or by what they are based on.

use crate::error::Result;
use crate::read::office::xml::{Node, Ns, Xml};
use std::collections::HashMap;

/// Longer chains of styles are cut. Chosen: Word's own have up to four.
const LONGEST_CHAIN: usize = 32;

/// What a style or a paragraph says of itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Properties {
    /// The name of its style, or of the one it is based on.
    pub style: Option<String>,
    /// The outline level, 0 for the highest; 9 is body text.
    pub outline: Option<u8>,
    /// The list and the level in it.
    pub number: (Option<i64>, Option<usize>),
    /// Whether its text is hidden.
    pub hidden: Option<bool>,
    /// Whether the end of the paragraph was deleted.
    pub end_deleted: bool,
    /// Whether the end of the paragraph is hidden.
    pub end_hidden: bool,
}

#[derive(Debug, Default)]
struct Style {
    name: String,
    own: Properties,
}

/// The style sheet.
#[derive(Debug, Default)]
pub(super) struct Styles {
    styles: HashMap<String, Style>,
    default_paragraph: Option<String>,
}

/// What a paragraph is by its style and its own properties.
#[derive(Debug, Default, Clone)]
pub(super) struct Resolved {
    /// The level of a heading, 0 for a title without one.
    pub heading: Option<u8>,
    /// The list.
    pub number: Option<i64>,
    /// The level in the list, if it is named.
    pub level: Option<usize>,
    /// The style that names the list: the list may give each style its level.
    pub number_style: Option<String>,
    /// Whether the text is hidden.
    pub hidden: bool,
}

impl Styles {
    /// Reads `styles.xml`.
    pub fn read(part: &str, text: &str) -> Result<Styles> {
        let mut xml = Xml::new(part, text);
        let mut styles = Styles::default();
        xml.root()?;
        while let Some(node) = xml.next()? {
            let Node::Open(tag) = node else { continue };
            let id = tag.get(Ns::W, "styleId").map(str::to_string);
            let (Some(id), true) = (id, tag.is(Ns::W, "style")) else {
                xml.skip()?;
                continue;
            };
            let is_default = matches!(tag.get(Ns::W, "default"), Some("1" | "true" | "on"));
            if is_default && tag.get(Ns::W, "type") == Some("paragraph") {
                styles.default_paragraph = Some(id.clone());
            }
            let mut style = Style::default();
            while let Some(node) = xml.next()? {
                let Node::Open(tag) = node else { continue };
                let value = tag.get(Ns::W, "val").map(str::to_string);
                match (tag.ns, tag.local) {
                    (Ns::W, "name") => style.name = value.unwrap_or_default().trim().to_lowercase(),
                    (Ns::W, "basedOn") => style.own.style = value,
                    (Ns::W, "pPr") => {
                        let based_on = style.own.style.take();
                        let hidden = style.own.hidden;
                        style.own = paragraph_properties(&mut xml)?;
                        (style.own.style, style.own.hidden) = (based_on, hidden);
                        continue;
                    }
                    (Ns::W, "rPr") => {
                        style.own.hidden = run_properties(&mut xml)?.hidden.or(style.own.hidden);
                        continue;
                    }
                    _ => {}
                }
                xml.skip()?;
            }
            styles.styles.insert(id, style);
        }
        Ok(styles)
    }

    fn chain<'s>(&'s self, first: Option<&'s str>) -> impl Iterator<Item = (&'s str, &'s Style)> {
        let get = |id: &'s str| self.styles.get(id).map(|style| (id, style));
        std::iter::successors(first.and_then(get), move |(_, style)| style.own.style.as_deref().and_then(get))
            .take(LONGEST_CHAIN)
    }

    /// What a paragraph with these properties is.
    pub fn resolve(&self, own: &Properties) -> Resolved {
        let first = own.style.as_deref().or(self.default_paragraph.as_deref());
        let mut outline = own.outline;
        let mut resolved = Resolved::default();
        let (mut number, mut level) = own.number;
        let mut hidden = None;
        let mut named = None;
        for (id, style) in self.chain(first) {
            outline = outline.or(style.own.outline);
            if number.is_none() && style.own.number.0.is_some() {
                number = style.own.number.0;
                resolved.number_style = first.map(str::to_string).or(Some(id.to_string()));
            }
            level = level.or(style.own.number.1);
            hidden = hidden.or(style.own.hidden);
            named = named.or_else(|| heading_by_name(&style.name));
        }
        // A style sheet may be missing, or a style in it.
        let named = named.or_else(|| own.style.as_deref().and_then(|id| heading_by_name(&id.to_lowercase())));
        resolved.heading = match outline {
            Some(level @ 0..=8) => Some(level + 1),
            Some(_) => None,
            None => named,
        };
        resolved.number = number.filter(|&n| n > 0);
        resolved.level = level;
        resolved.hidden = hidden.unwrap_or(false);
        resolved
    }

    /// Whether the character style hides its text.
    pub fn hides(&self, style: &str) -> Option<bool> {
        self.chain(Some(style)).find_map(|(_, s)| s.own.hidden)
    }

    /// The list that a style names, for lists that are named by their style.
    pub fn list_of(&self, style: &str) -> Option<i64> {
        self.chain(Some(style)).find_map(|(_, s)| s.own.number.0)
    }
}

/// The level of a heading by the name of its style, 0 for titles.
///
/// `heading 2`, `标题 2` -> 2; `title` -> 0
fn heading_by_name(name: &str) -> Option<u8> {
    let level = ["heading", "标题", "標題"].into_iter().find_map(|word| name.strip_prefix(word));
    match level.map(str::trim) {
        Some("") => Some(0),
        Some(level) => level.parse().ok().filter(|l| (1..=9).contains(l)),
        None => matches!(name, "title" | "subtitle" | "副标题" | "副標題").then_some(0),
    }
}

/// Reads `w:pPr`, which was just opened.
pub(super) fn paragraph_properties(xml: &mut Xml) -> Result<Properties> {
    let mut properties = Properties::default();
    while let Some(node) = xml.next()? {
        let Node::Open(tag) = node else { continue };
        match (tag.ns, tag.local) {
            (Ns::W, "pStyle") => properties.style = tag.get(Ns::W, "val").map(str::to_string),
            (Ns::W, "outlineLvl") => properties.outline = tag.number(Ns::W, "val"),
            (Ns::W, "numPr") => {
                while let Some(node) = xml.next()? {
                    let Node::Open(tag) = node else { continue };
                    match (tag.ns, tag.local) {
                        (Ns::W, "numId") => properties.number.0 = tag.number(Ns::W, "val"),
                        (Ns::W, "ilvl") => properties.number.1 = tag.number(Ns::W, "val"),
                        _ => {}
                    }
                    xml.skip()?;
                }
                continue;
            }
            (Ns::W, "rPr") => {
                let end = run_properties(xml)?;
                properties.end_deleted = end.deleted;
                properties.end_hidden = end.hidden == Some(true);
                continue;
            }
            _ => {}
        }
        xml.skip()?;
    }
    Ok(properties)
}

/// What the readers want to know of a run.
#[derive(Debug, Default)]
pub(super) struct RunProperties {
    /// Its character style.
    pub style: Option<String>,
    /// Whether it is hidden.
    pub hidden: Option<bool>,
    /// Whether it, the end of a paragraph, was deleted or moved away.
    pub deleted: bool,
}

/// Reads `w:rPr`, which was just opened.
pub(super) fn run_properties(xml: &mut Xml) -> Result<RunProperties> {
    let mut properties = RunProperties::default();
    while let Some(node) = xml.next()? {
        let Node::Open(tag) = node else { continue };
        match (tag.ns, tag.local) {
            (Ns::W, "rStyle") => properties.style = tag.get(Ns::W, "val").map(str::to_string),
            (Ns::W, "vanish") => properties.hidden = Some(tag.is_on()),
            (Ns::W, "del" | "moveFrom") => properties.deleted = true,
            _ => {}
        }
        xml.skip()?;
    }
    Ok(properties)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_known_by_level_by_name_and_by_descent() {
        let text = r#"<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
            <w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>
            <w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/></w:style>
            <w:style w:type="paragraph" w:styleId="my"><w:name w:val="Chapter"/><w:basedOn w:val="1"/></w:style>
            <w:style w:type="paragraph" w:styleId="t"><w:name w:val="标题"/></w:style>
            <w:style w:type="paragraph" w:styleId="wps"><w:name w:val="标题 3"/></w:style>
            <w:style w:type="paragraph" w:styleId="o"><w:name w:val="x"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
            <w:style w:type="paragraph" w:styleId="loop"><w:name w:val="y"/><w:basedOn w:val="loop"/></w:style>
            </w:styles>"#;
        let styles = Styles::read("styles.xml", text).expect("it is well formed");
        let heading = |style: &str| {
            styles.resolve(&Properties { style: Some(style.into()), ..Properties::default() }).heading
        };
        let found: Vec<_> = ["a", "1", "my", "t", "wps", "o", "loop", "Heading4"].map(heading).into();
        assert_eq!(found, [None, Some(1), Some(1), Some(0), Some(3), Some(2), None, Some(4)]);
    }
}
