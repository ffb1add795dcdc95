//! PDF: the text of its pages, laid out for the un-wrapping, with the cells of tables together.
//!
//! Our own extraction decides; `pdftotext` is asked only where it fails (a font that does not say which characters
//! it draws, a file that pdf-extract cannot read), and the user is told. Scanned and encrypted files are refused.

mod device;
mod guard;
mod layout;
mod page;
mod table;

use super::clean;
use super::{Parts, ReadOptions, language_of};
use crate::error::{Error, Result};
use crate::model::{Block, Change, ChangeReason, Place};
use device::{Extracted, Trouble};
use layout::Layout;
use std::cell::Cell;
use std::io::{Read as _, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Command, Stdio};
use std::sync::Once;
use std::time::{Duration, Instant};

/// Reads a PDF.
pub(super) fn read(bytes: &[u8], options: &ReadOptions) -> Result<Parts> {
    let start = bytes.windows(5).take(1024).position(|w| w == b"%PDF-").unwrap_or(0);
    let (layout, notices) = match extract(&bytes[start..]) {
        Ok(found) => judge(found, bytes)?,
        Err(Trouble::Encrypted) => {
            return Err(Error::malformed("the PDF is encrypted")
                .advise("save it without a password, or export its text, and give that"));
        }
        Err(Trouble::TooMuch(what)) => {
            return Err(Error::malformed(format!("the PDF is refused: {what}"))
                .advise("print it to a new PDF, or export its text, and give that"));
        }
        Err(Trouble::Unreadable(what)) => by_pdftotext(bytes, &format!("the PDF cannot be read ({what})"))?,
    };
    let (lang, script) = language_of(&layout.text, options)?;
    let pages = page_starts(&layout.text);
    let (mut blocks, mut changes) =
        clean::clean_with_cells(layout.text, &layout.cells, lang, options.keep_all);
    changes.retain(|c| {
        c.reason != ChangeReason::Rule || layout.rules.binary_search(&c.place.bytes.start).is_err()
    });
    blocks.retain(|b| {
        b.pieces.first().is_none_or(|p| layout.rules.binary_search(&p.place.bytes.start).is_err())
    });
    place_on_pages(&mut blocks, &mut changes, &pages);
    Ok(Parts { lang, script, encoding: "PDF".to_string(), blocks, changes, notices })
}

/// Refused if more than this share of the characters have no Unicode mapping: a bullet here and there is no harm,
/// a font of the text is one in twenty at least. Chosen.
const MOST_UNMAPPED: f64 = 0.05;

/// Whether the characters found are text.
fn judge(found: Extracted, bytes: &[u8]) -> Result<(Layout, Vec<String>)> {
    let readable = found.characters - found.unmapped;
    if found.characters == 0 || (readable == 0 && found.images > 0) {
        let what = if found.images > 0 { "its pages are images (scanned)" } else { "its pages are empty" };
        return Err(Error::malformed(format!("the PDF has no text: {what}"))
            .advise("recognise its text (OCR) first, for example with ocrmypdf"));
    }
    let what = format!(
        "{} of {} characters of the PDF have fonts that do not say which characters they are",
        found.unmapped, found.characters
    );
    if found.unmapped as f64 > MOST_UNMAPPED * found.characters as f64 {
        return by_pdftotext(bytes, &what);
    }
    let notices = if found.unmapped > 0 { vec![what] } else { Vec::new() };
    Ok((layout::lay_out(found.pages), notices))
}

/// The stack of the thread that parses. Arrays of arrays are parsed up to a hundred deep, forms drawn up to 32.
const STACK: usize = 64 << 20;

/// Extraction in a thread of its own; a panic of the library is a file that cannot be read.
fn extract(bytes: &[u8]) -> std::result::Result<Extracted, Trouble> {
    let panicked =
        || Trouble::Unreadable("it is damaged, or has a font or feature that is not supported".to_string());
    keep_panics_quiet();
    let run = || {
        QUIET.with(|quiet| quiet.set(true));
        catch_unwind(AssertUnwindSafe(|| device::extract(bytes))).unwrap_or_else(|_| Err(panicked()))
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run);
        match thread {
            Ok(thread) => thread.join().unwrap_or_else(|_| Err(panicked())),
            Err(e) => Err(Trouble::Unreadable(e.to_string())),
        }
    })
}

thread_local! {
    /// Panics of this thread are caught and told as errors.
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Panics of threads that catch them are not printed; all others go where they went before.
fn keep_panics_quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !QUIET.with(Cell::get) {
                before(info);
            }
        }));
    });
}

/// `pdftotext` may take so long, and write so much.
const TIME_LIMIT: Duration = Duration::from_secs(60);
const OUTPUT_LIMIT: u64 = 200 << 20;

/// The text by `pdftotext` from PATH, if it is there and finds text. `why` says what our own extraction found.
fn by_pdftotext(bytes: &[u8], why: &str) -> Result<(Layout, Vec<String>)> {
    let refused = |more: &str| {
        Error::malformed(format!("{why}; {more}"))
            .advise("export its text from the program that made it, or recognise its text (OCR)")
    };
    let text = run_pdftotext(bytes).map_err(|e| refused(&e))?;
    let characters = text.chars().filter(|c| !c.is_whitespace()).count();
    let odd = text.chars().filter(|c| matches!(*c as u32, 0xFFFD | 0xE000..=0xF8FF)).count();
    if characters == 0 || odd as f64 > MOST_UNMAPPED * characters as f64 {
        return Err(refused("pdftotext finds no text in it either"));
    }
    let notice = format!("{why}: read with pdftotext from PATH");
    Ok((Layout { text, ..Layout::default() }, vec![notice]))
}

fn run_pdftotext(bytes: &[u8]) -> std::result::Result<String, String> {
    let failed = |e: std::io::Error| format!("pdftotext cannot be run: {e}");
    let mut input = tempfile::NamedTempFile::new().map_err(failed)?;
    input.write_all(bytes).and_then(|()| input.flush()).map_err(failed)?;
    let mut output = tempfile::NamedTempFile::new().map_err(failed)?;
    let mut child = Command::new("pdftotext")
        .args(["-enc", "UTF-8", "-q"])
        .args([input.path(), output.path()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => {
                "pdftotext (poppler-utils), which might, is not installed".to_string()
            }
            _ => failed(e),
        })?;
    let begin = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().map_err(failed)? {
            break status;
        }
        let size = output.path().metadata().map(|m| m.len()).unwrap_or(0);
        if begin.elapsed() > TIME_LIMIT || size > OUTPUT_LIMIT {
            let _ = child.kill();
            let _ = child.wait();
            return Err("pdftotext takes too long for it".to_string());
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    if !status.success() {
        return Err("pdftotext cannot read it either".to_string());
    }
    let mut text = Vec::new();
    output.as_file_mut().take(OUTPUT_LIMIT).read_to_end(&mut text).map_err(failed)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// Where each page begins: byte and line of the laid-out text.
fn page_starts(text: &str) -> Vec<(usize, usize)> {
    let mut starts = vec![(0, 1)];
    let mut line = 1;
    for (at, byte) in text.bytes().enumerate() {
        line += usize::from(byte == b'\n');
        if byte == 0x0C {
            starts.push((at + 1, line));
        }
    }
    starts
}

/// Lines are counted from the top of their page.
fn place_on_pages(blocks: &mut [Block], changes: &mut [Change], pages: &[(usize, usize)]) {
    let on_page = |place: &mut Place| {
        let page = pages.partition_point(|(start, _)| *start <= place.bytes.start).max(1);
        place.line = (place.line + 1).saturating_sub(pages[page - 1].1).max(1);
        place.part = format!("page {page}");
    };
    blocks.iter_mut().flat_map(|b| &mut b.pieces).for_each(|p| on_page(&mut p.place));
    changes.iter_mut().for_each(|c| on_page(&mut c.place));
}
