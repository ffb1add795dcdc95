//! Which kind of document an archive is, by what its format says identifies it.

use super::archive::{Archive, locked};
use super::relations::relations_of;
use super::xml::{Node, Ns, Xml, part_text};
use crate::error::{Error, Result};

/// The kinds of documents that are read, with their main part where it has no fixed name.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Known {
    Docx(String),
    Pptx(String),
    Xlsx(String),
    /// ODT, ODP, ODS.
    OpenDocument,
    Epub,
}

/// What the MIME types of main parts contain, for all their variants (templates, macros).
const OFFICE: [(&str, &str, fn(String) -> Known); 3] = [
    ("wordprocessingml", "word/document.xml", Known::Docx),
    ("presentationml", "ppt/presentation.xml", Known::Pptx),
    ("spreadsheetml", "xl/workbook.xml", Known::Xlsx),
];

/// Tells the kind, or refuses with advice.
pub(super) fn recognise(archive: &mut Archive) -> Result<Known> {
    if let Some(mime) = archive.read("mimetype")? {
        let mime = String::from_utf8_lossy(&mime).trim().to_string();
        if mime == "application/epub+zip" {
            return Ok(Known::Epub);
        }
        if let Some(kind) = mime.strip_prefix("application/vnd.oasis.opendocument.") {
            return open_document(archive, kind);
        }
        if mime.starts_with("application/vnd.sun.xml.") {
            return Err(unread("an OpenOffice.org 1 document", "save it as ODT"));
        }
    }
    if archive.has("[Content_Types].xml") {
        return office(archive);
    }
    if archive.has("META-INF/container.xml") {
        return Ok(Known::Epub);
    }
    if archive.has("content.xml") && archive.has("META-INF/manifest.xml") {
        return open_document(archive, "");
    }
    if archive.names().iter().any(|n| n.ends_with(".iwa") || n.ends_with("index.apxl")) {
        return Err(unread("an Apple iWork document", "export it as DOCX, PPTX or XLSX"));
    }
    for (_, main, known) in OFFICE {
        if archive.has(main) {
            return Ok(known(main.to_string()));
        }
    }
    Err(unread(
        "a ZIP archive, but no document that is known (DOCX, ODT, EPUB, PPTX, XLSX)",
        "unpack it and give the documents in it",
    ))
}

fn unread(what: &str, advice: &str) -> Error {
    Error::malformed(format!("this is {what}")).advise(advice)
}

fn office(archive: &mut Archive) -> Result<Known> {
    let main = relations_of(archive, "")?.into_iter().find(|r| r.kind == "officeDocument").map(|r| r.target);
    if let Some(main) = main {
        let mime = content_type(archive, &main)?;
        if mime.contains("sheet.binary") || main.ends_with(".bin") {
            return Err(unread("a binary workbook (XLSB)", "save it as XLSX"));
        }
        if let Some((.., known)) = OFFICE.iter().find(|(word, ..)| mime.contains(word)) {
            return Ok(known(main));
        }
        if let Some((.., known)) = OFFICE.iter().find(|(_, usual, _)| main.eq_ignore_ascii_case(usual)) {
            return Ok(known(main));
        }
    }
    for (_, main, known) in OFFICE {
        if archive.has(main) {
            return Ok(known(main.to_string()));
        }
    }
    Err(unread(
        "an Office package, but no document that is known (DOCX, PPTX, XLSX)",
        "save it as DOCX, PPTX or XLSX",
    ))
}

/// The MIME type of a part, empty if it has none.
fn content_type(archive: &mut Archive, part: &str) -> Result<String> {
    let name = "[Content_Types].xml";
    let Some((text, _)) = part_text(archive, name)? else { return Ok(String::new()) };
    let mut xml = Xml::new(name, &text);
    xml.root()?;
    let mut found = String::new();
    while let Some(node) = xml.next()? {
        let Node::Open(tag) = node else { continue };
        let named = tag.get(Ns::None, "PartName").map(|n| n.trim_start_matches('/'));
        if tag.is(Ns::Types, "Override") && named.is_some_and(|n| n.eq_ignore_ascii_case(part)) {
            found = tag.get(Ns::None, "ContentType").unwrap_or_default().to_lowercase();
        }
        xml.skip()?;
    }
    Ok(found)
}

fn open_document(archive: &mut Archive, kind: &str) -> Result<Known> {
    match kind {
        "database" | "base" | "chart" | "image" | "formula" => {
            return Err(unread(
                &format!("an OpenDocument {kind}, which has no running text"),
                "save its text as ODT",
            ));
        }
        _ => {}
    }
    let name = "META-INF/manifest.xml";
    if let Some((text, _)) = part_text(archive, name)? {
        let mut xml = Xml::new(name, &text);
        xml.root()?;
        if has_element(&mut xml, Ns::Manifest, &["encryption-data"])? {
            return Err(locked());
        }
    }
    Ok(Known::OpenDocument)
}

fn has_element(xml: &mut Xml, ns: Ns, names: &[&str]) -> Result<bool> {
    while let Some(node) = xml.next()? {
        if let Node::Open(tag) = node
            && ((tag.ns == ns && names.contains(&tag.local)) || has_element(xml, ns, names)?)
        {
            return Ok(true);
        }
    }
    Ok(false)
}
