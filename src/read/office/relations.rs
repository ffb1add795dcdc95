//! How the parts of an Office document point to each other (Open Packaging Conventions, ECMA-376-2).
//!
//! Targets outside the archive are never followed.

use super::archive::Archive;
use super::xml::{Node, Ns, Xml, part_text};
use crate::error::Result;

/// A pointer from one part to another.
#[derive(Debug)]
pub(super) struct Relation {
    /// The name by which the part knows it.
    pub id: String,
    /// What the target is: the last word of the relationship's type (`styles`, `footnotes`).
    pub kind: String,
    /// The target's name in the archive.
    pub target: String,
}

/// The pointers of a part; those of the archive itself for an empty name.
pub(super) fn relations_of(archive: &mut Archive, part: &str) -> Result<Vec<Relation>> {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let name =
        if folder.is_empty() { format!("_rels/{file}.rels") } else { format!("{folder}/_rels/{file}.rels") };
    let Some((text, _)) = part_text(archive, &name)? else { return Ok(Vec::new()) };
    let mut xml = Xml::new(&name, &text);
    let mut relations = Vec::new();
    xml.root()?;
    while let Some(node) = xml.next()? {
        let Node::Open(tag) = node else { continue };
        let inside = tag.get(Ns::None, "TargetMode") != Some("External");
        if let (true, Some(id), Some(kind), Some(target)) = (
            inside && tag.is(Ns::Rel, "Relationship"),
            tag.get(Ns::None, "Id"),
            tag.get(Ns::None, "Type"),
            tag.get(Ns::None, "Target"),
        ) && let Some(target) = resolve(folder, target)
        {
            let kind = kind.rsplit('/').next().unwrap_or_default().to_string();
            relations.push(Relation { id: id.to_string(), kind, target });
        }
        xml.skip()?;
    }
    Ok(relations)
}

/// A reference in a file of `folder` as a name in the archive; `None` if it leads out of the archive.
///
/// `("OEBPS/text", "../img/a%20b.png#top")` -> `OEBPS/img/a b.png`; `("word", "../../secret")` -> nothing
pub(super) fn resolve(folder: &str, reference: &str) -> Option<String> {
    let path = reference.split(['#', '?']).next().unwrap_or_default();
    let (base, path) = match path.strip_prefix('/') {
        Some(path) => ("", path),
        None => (folder, path),
    };
    let decoded = percent_decoded(path);
    let mut steps: Vec<&str> = base.split('/').filter(|s| !s.is_empty()).collect();
    for step in decoded.split(['/', '\\']) {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop()?;
            }
            step => steps.push(step),
        }
    }
    (!steps.is_empty()).then(|| steps.join("/"))
}

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes.get(at + 1..at + 3).and_then(|h| std::str::from_utf8(h).ok());
        match hex.and_then(|h| u8::from_str_radix(h, 16).ok()).filter(|_| bytes[at] == b'%') {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_stay_inside_the_archive() {
        let name = |folder, reference| resolve(folder, reference);
        assert_eq!(name("OEBPS/text", "../img/a%20b.png#top").as_deref(), Some("OEBPS/img/a b.png"));
        assert_eq!(name("word", "styles.xml").as_deref(), Some("word/styles.xml"));
        assert_eq!(name("word", "/word/x.xml").as_deref(), Some("word/x.xml"));
        assert_eq!(name("", "%E4%B8%80.xhtml").as_deref(), Some("一.xhtml"));
        assert_eq!(name("word", "../../secret"), None);
        assert_eq!(name("word", "..%2f..%2fsecret"), None);
        assert_eq!(name("word", ""), Some("word".to_string()));
    }
}
