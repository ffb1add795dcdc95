//! Which kind of document a file is, by its first bytes and, where those do not tell, by its name.
//!
//! This module does not look inside: whether an archive is a DOCX or an EPUB is for its reader to say.

use std::path::Path;

/// The kinds of documents, each with a reader of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Plain text, as typed or as extracted from pages.
    Text,
    /// A ZIP archive: DOCX, ODT, EPUB, PPTX, XLSX.
    Archive,
    /// PDF.
    Pdf,
    /// HTML or XHTML.
    Html,
    /// Markdown.
    Markdown,
    /// SRT or WebVTT.
    Subtitles,
}

/// PDF readers accept the mark anywhere in the first kilobyte (ISO 32000-1, annex H.3.4.1).
const PDF_MARK_WITHIN: usize = 1024;

/// The kind of a file. `name` is its path or a name like one.
///
/// `%PDF-1.7 …` -> `Pdf`; `<!DOCTYPE html>…` -> `Html`; plain words in `notes.md` -> `Markdown`.
pub(super) fn kind_of(bytes: &[u8], name: &str) -> Kind {
    let extension = Path::new(name).extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    let extension = extension.as_deref().unwrap_or_default();
    if bytes.starts_with(b"PK\x03\x04") {
        return Kind::Archive;
    }
    let head = &bytes[..bytes.len().min(PDF_MARK_WITHIN)];
    if bytes.starts_with(b"%PDF-") || (extension == "pdf" && head.windows(5).any(|w| w == b"%PDF-")) {
        return Kind::Pdf;
    }
    let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let begins = |mark: &[u8]| start.len() >= mark.len() && start[..mark.len()].eq_ignore_ascii_case(mark);
    match extension {
        "html" | "htm" | "xhtml" | "xht" => Kind::Html,
        "md" | "markdown" => Kind::Markdown,
        "srt" | "vtt" => Kind::Subtitles,
        _ if begins(b"<!doctype html") || begins(b"<html") => Kind::Html,
        _ if begins(b"WEBVTT") => Kind::Subtitles,
        _ => Kind::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_goes_before_the_name() {
        assert_eq!(kind_of(b"%PDF-1.7\n", "letter.txt"), Kind::Pdf);
        assert_eq!(kind_of(b"PK\x03\x04..", "letter.pdf"), Kind::Archive);
        assert_eq!(kind_of("\u{FEFF}\n<!DOCTYPE HTML>".as_bytes(), "page"), Kind::Html);
        assert_eq!(kind_of(b"WEBVTT\n", "-"), Kind::Subtitles);
        assert_eq!(kind_of(b"plain words", "notes.MD"), Kind::Markdown);
        assert_eq!(kind_of(b"plain words", "notes.txt"), Kind::Text);
        assert_eq!(kind_of(b"", ""), Kind::Text);
    }
}
