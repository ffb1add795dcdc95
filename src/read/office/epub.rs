//! EPUB: the XHTML parts of a book in the order of its spine (EPUB 3.3, and EPUB 2).
//!
//! What is text in a part is for the reader of HTML to say.

use super::archive::Archive;
use super::relations::resolve;
use super::story::Output;
use super::xml::{Node, Ns, Xml, needed_text, part_text};
use crate::error::{Error, Result};
use crate::read::html;
use std::collections::{HashMap, HashSet};

const CONTAINER: &str = "META-INF/container.xml";

/// Reads the book; gives the encoding of its first part.
pub(super) fn read(archive: &mut Archive, out: &mut Output) -> Result<String> {
    let package = package_of(archive)?;
    let (parts, unread) = spine(archive, &package)?;
    let locked = encrypted(archive)?;
    let mut encoding = None;
    for part in &parts {
        if locked.contains(part) {
            return Err(Error::malformed(format!("the part {part} of this book is encrypted (DRM)"))
                .advise("get the book without copy protection"));
        }
        let (text, name) = needed_text(archive, part)?;
        encoding.get_or_insert(name);
        let (blocks, changes) = html::blocks(&text, part);
        out.blocks.extend(blocks);
        out.changes.extend(changes);
    }
    if unread > 0 {
        out.notices.push(format!("{unread} parts of the book are no text (images) and are not read"));
    }
    encoding.ok_or_else(|| {
        Error::malformed(format!("the book has no text: {package} names no XHTML part in its spine"))
            .advise("open and save it in an EPUB editor")
    })
}

/// The first package that the container names.
fn package_of(archive: &mut Archive) -> Result<String> {
    let (text, _) = needed_text(archive, CONTAINER)?;
    let mut xml = Xml::new(CONTAINER, &text);
    xml.root()?;
    while let Some(node) = xml.next()? {
        let Node::Open(tag) = node else { continue };
        if !tag.is(Ns::Ocf, "rootfiles") {
            xml.skip()?;
            continue;
        }
        while let Some(node) = xml.next()? {
            let Node::Open(tag) = node else { continue };
            if tag.is(Ns::Ocf, "rootfile")
                && let Some(path) = tag.get(Ns::None, "full-path").and_then(|p| resolve("", p))
            {
                return Ok(path);
            }
            xml.skip()?;
        }
    }
    Err(xml.error("it names no package"))
}

/// The XHTML parts in reading order, and how many others stand between them.
fn spine(archive: &mut Archive, package: &str) -> Result<(Vec<String>, usize)> {
    let (text, _) = needed_text(archive, package)?;
    let folder = package.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut xml = Xml::new(package, &text);
    let mut manifest: HashMap<String, (String, String)> = HashMap::new();
    let (mut order, mut seen) = (Vec::new(), HashSet::new());
    xml.root()?;
    while let Some(node) = xml.next()? {
        let Node::Open(tag) = node else { continue };
        if !matches!((tag.ns, tag.local), (Ns::Opf, "manifest" | "spine")) {
            xml.skip()?;
            continue;
        }
        while let Some(node) = xml.next()? {
            let Node::Open(tag) = node else { continue };
            let get = |name| tag.get(Ns::None, name).unwrap_or_default().to_string();
            match (tag.ns, tag.local) {
                (Ns::Opf, "item") => {
                    if let Some(name) = resolve(folder, &get("href")) {
                        manifest.insert(get("id"), (name, get("media-type")));
                    }
                }
                (Ns::Opf, "itemref") => order.push(get("idref")),
                _ => {}
            }
            xml.skip()?;
        }
    }
    let (mut parts, mut unread) = (Vec::new(), 0);
    // Each part is read once, however often the spine names it.
    for id in order.into_iter().filter(|id| seen.insert(id.clone())) {
        match manifest.get(&id) {
            Some((name, mime)) if matches!(mime.as_str(), "application/xhtml+xml" | "text/html" | "") => {
                parts.push(name.clone());
            }
            Some(_) => unread += 1,
            None => {}
        }
    }
    let mut once = HashSet::new();
    parts.retain(|name| once.insert(name.clone()));
    Ok((parts, unread))
}

/// The parts that are encrypted; fonts often are.
fn encrypted(archive: &mut Archive) -> Result<HashSet<String>> {
    let name = "META-INF/encryption.xml";
    let mut parts = HashSet::new();
    if let Some((text, _)) = part_text(archive, name)? {
        let mut xml = Xml::new(name, &text);
        xml.root()?;
        references(&mut xml, &mut parts)?;
    }
    Ok(parts)
}

fn references(xml: &mut Xml, parts: &mut HashSet<String>) -> Result<()> {
    while let Some(node) = xml.next()? {
        if let Node::Open(tag) = node {
            if tag.is(Ns::Enc, "CipherReference") {
                parts.extend(tag.get(Ns::None, "URI").and_then(|uri| resolve("", uri)));
            }
            references(xml, parts)?;
        }
    }
    Ok(())
}
