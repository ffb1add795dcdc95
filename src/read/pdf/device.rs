//! The door to pdf-extract: collects the characters of each page with their positions.

use super::guard;
use super::page::{Glyph, PrintedLine, lines_of};
use pdf_extract::{Document, LoadOptions, MediaBox, OutputDev, OutputError, Transform};

/// What the extraction found.
#[derive(Debug, Default)]
pub(super) struct Extracted {
    pub pages: Vec<Vec<PrintedLine>>,
    /// Characters drawn, white space aside.
    pub characters: usize,
    /// Those whose font does not say which character they are.
    pub unmapped: usize,
    /// Images on pages.
    pub images: usize,
}

/// Why nothing was extracted.
#[derive(Debug)]
pub(super) enum Trouble {
    /// A password is needed.
    Encrypted,
    /// More than a document of any use has: what, and the limit.
    TooMuch(String),
    /// The file is damaged, or uses what the library does not know.
    Unreadable(String),
}

/// Characters of a document: some 10,000 full pages. Chosen.
const MOST_CHARACTERS: usize = 30_000_000;
/// Characters of a page: a page of a newspaper has 20,000. Chosen.
const MOST_ON_A_PAGE: usize = 1_000_000;

#[derive(Default)]
struct Collector {
    found: Extracted,
    glyphs: Vec<(Direction, Glyph)>,
    overflow: bool,
}

/// Which way the text of a character runs, in quarter turns against the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Quarter(usize),
    Slanted,
}

impl Collector {
    fn end_of_page(&mut self) {
        let glyphs = std::mem::take(&mut self.glyphs);
        let mut counts = [0usize; 4];
        for (direction, _) in &glyphs {
            if let Direction::Quarter(q) = direction {
                counts[*q] += 1;
            }
        }
        let main = (0..4).rev().max_by_key(|&q| counts[q]).unwrap_or(0);
        let turned = |glyph: Glyph, q: usize| match q {
            1 => Glyph { x: glyph.y, y: glyph.x, ..glyph },
            2 => Glyph { x: -glyph.x, y: glyph.y, ..glyph },
            3 => Glyph { x: -glyph.y, y: -glyph.x, ..glyph },
            _ => Glyph { y: -glyph.y, ..glyph },
        };
        let mut page = Vec::new();
        // What runs another way (marks in the margin, water marks) comes after the page's text.
        for q in std::iter::once(main).chain((0..4).filter(|&q| q != main)) {
            let set: Vec<Glyph> = glyphs
                .iter()
                .filter(|(d, _)| *d == Direction::Quarter(q))
                .map(|(_, glyph)| turned(glyph.clone(), q))
                .collect();
            page.extend(lines_of(set));
        }
        let mut slanted: Vec<Glyph> =
            glyphs.into_iter().filter(|(d, _)| *d == Direction::Slanted).map(|(_, g)| g).collect();
        let mut at = 0.0;
        for glyph in &mut slanted {
            (glyph.x, glyph.y) = (at, 0.0);
            at += glyph.width;
        }
        page.extend(lines_of(slanted));
        // Lines of another direction stand after the others.
        let mut y = f64::MIN;
        let mut shift = 0.0;
        for line in &mut page {
            if line.y + shift < y {
                shift = y - line.y + 3.0 * line.size;
            }
            line.y += shift;
            y = line.y;
        }
        self.found.pages.push(page);
    }
}

impl OutputDev for Collector {
    fn begin_page(
        &mut self,
        _number: u32,
        _box: &MediaBox,
        _art: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        self.glyphs.clear();
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        self.end_of_page();
        Ok(())
    }

    fn output_character(
        &mut self,
        at: &Transform,
        width: f64,
        _spacing: f64,
        font_size: f64,
        text: &str,
    ) -> Result<(), OutputError> {
        let across = at.m11.hypot(at.m12);
        let size = font_size.abs() * at.m21.hypot(at.m22);
        let direction = match (at.m11 / across, at.m12 / across) {
            (c, _) if c > 0.99 => Direction::Quarter(0),
            (_, s) if s > 0.99 => Direction::Quarter(1),
            (c, _) if c < -0.99 => Direction::Quarter(2),
            (_, s) if s < -0.99 => Direction::Quarter(3),
            _ => Direction::Slanted,
        };
        let is_white = !text.is_empty() && text.chars().all(char::is_whitespace);
        if !is_white {
            self.found.characters += 1;
            self.found.unmapped += usize::from(is_unmapped(text));
        }
        if self.found.characters > MOST_CHARACTERS || self.glyphs.len() > MOST_ON_A_PAGE {
            self.overflow = true;
            return Err(OutputError::IoError(std::io::Error::other("too many characters")));
        }
        let text = if text.is_empty() { "\u{FFFD}".to_string() } else { text.to_string() };
        let glyph = Glyph { x: at.m31, y: at.m32, width: width * font_size.abs() * across, size, text };
        self.glyphs.push((direction, glyph));
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}

/// No character: nothing, the replacement character, private use or a control character.
fn is_unmapped(text: &str) -> bool {
    text.is_empty()
        || text.chars().any(|c| {
            c == '\u{FFFD}' || c.is_control() || matches!(c as u32, 0xE000..=0xF8FF | 0xF0000..=0x10FFFF)
        })
}

/// Extracts the lines of all pages.
pub(super) fn extract(bytes: &[u8]) -> Result<Extracted, Trouble> {
    guard::check_bytes(bytes).map_err(Trouble::TooMuch)?;
    let mut document = match Document::load_mem_with_options(bytes, LoadOptions::default()) {
        Ok(document) => document,
        Err(e) => {
            let text = e.to_string();
            let encrypted = text.to_ascii_lowercase().contains("password") || text.contains("ncrypt");
            return Err(if encrypted { Trouble::Encrypted } else { Trouble::Unreadable(text) });
        }
    };
    if document.is_encrypted() && document.decrypt("").is_err() {
        return Err(Trouble::Encrypted);
    }
    let images = guard::tame(&mut document).map_err(Trouble::TooMuch)?;
    let mut collector = Collector::default();
    collector.found.images = images;
    match pdf_extract::output_doc(&document, &mut collector) {
        Ok(()) => Ok(collector.found),
        Err(_) if collector.overflow => Err(Trouble::TooMuch(format!(
            "more than {MOST_ON_A_PAGE} characters on a page, or {MOST_CHARACTERS} in all"
        ))),
        Err(e) => Err(Trouble::Unreadable(e.to_string())),
    }
}
