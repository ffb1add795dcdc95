//! Documents that are ZIP archives of XML: DOCX, OpenDocument, EPUB, PPTX, XLSX.
//!
//! [`archive`] unpacks, [`xml`] reads elements, the reader of each kind says what is text, [`story`] makes blocks
//! with places, [`wrapped`] joins lines that were pasted as paragraphs. No reader splits sentences.

mod archive;
mod docx;
mod drawing;
mod epub;
mod numerals;
mod odf;
mod pptx;
mod recognise;
mod relations;
mod story;
mod wrapped;
mod xlsx;
mod xml;

use super::{Parts, ReadOptions, clean, language_of};
use crate::error::Result;
use crate::model::{BlockKind, ChangeReason};
use archive::Archive;
use recognise::{Known, recognise};
use story::Output;

/// Whether a ZIP archive may be given to a reader that unpacks without limits of its own: unpacks every part once,
/// and refuses what documents are refused for.
///
/// # Errors
/// What is no ZIP archive, is damaged, or unpacks to more than documents may.
pub fn check_archive(bytes: &[u8]) -> Result<()> {
    let mut archive = Archive::open(bytes)?;
    let names: Vec<String> = archive.names().into_iter().map(str::to_string).collect();
    names.iter().try_for_each(|name| archive.read(name).map(|_| ()))
}

/// Reads a document out of a ZIP archive.
pub(super) fn read(bytes: &[u8], options: &ReadOptions) -> Result<Parts> {
    let mut archive = Archive::open(bytes)?;
    let mut out = Output::default();
    let known = recognise(&mut archive)?;
    let encoding = match &known {
        Known::Docx(main) => docx::read(&mut archive, main, options.keep_all, &mut out)?,
        Known::Pptx(main) => pptx::read(&mut archive, main, options.keep_all, &mut out)?,
        Known::Xlsx(main) => xlsx::read(&mut archive, main, options.keep_all, &mut out)?,
        Known::OpenDocument => odf::read(&mut archive, options.keep_all, &mut out)?,
        Known::Epub => epub::read(&mut archive, &mut out)?,
    };
    let text: String = out.blocks.iter().flat_map(|b| [b.text.as_str(), "\n"]).collect();
    let (lang, script) = language_of(&text, options)?;
    drop(text);
    if matches!(known, Known::Docx(_) | Known::OpenDocument) {
        wrapped::unwrap(&mut out, lang, options.keep_all);
    }
    for block in out.blocks.iter_mut().filter(|b| b.kind == BlockKind::Paragraph) {
        block.kind = clean::kind_of_line(&block.text);
    }
    sort_changes(&mut out);
    Ok(Parts { lang, script, encoding, blocks: out.blocks, changes: out.changes, notices: out.notices })
}

/// By part, in the order in which parts were read, then by place.
fn sort_changes(out: &mut Output) {
    let mut order: Vec<String> = Vec::new();
    let mut seen = std::collections::HashMap::new();
    let places = out.blocks.iter().flat_map(|b| b.pieces.iter().map(|p| &p.place));
    for place in places.chain(out.changes.iter().map(|c| &c.place)) {
        if !seen.contains_key(&place.part) {
            seen.insert(place.part.clone(), order.len());
            order.push(place.part.clone());
        }
    }
    out.changes.sort_by_key(|c| (seen.get(&c.place.part).copied(), c.place.bytes.start, c.place.bytes.end));
}

/// Why a paragraph in a head or foot is set aside: for its page number if it has nothing else.
///
/// `第 3 页，共 12 页` -> page number; `联合国 A/61/991` -> running head
fn furniture_reason(text: &str) -> ChangeReason {
    let rest: String = text.chars().filter(|c| c.is_alphabetic()).collect::<String>().to_lowercase();
    match rest.as_str() {
        "" | "page" | "pageof" | "of" | "p" | "第页" | "第页共页" | "页" | "共页" | "第頁" | "第頁共頁" => {
            ChangeReason::PageNumber
        }
        _ => ChangeReason::RunningHead,
    }
}
