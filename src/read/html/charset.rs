//! The encoding of a page: what its bytes say goes before what it declares, and what it declares before a guess.

use crate::error::Result;
use crate::read::ReadOptions;
use crate::read::encoding::{self, Decoded};

/// Decodes a page. A declaration that the bytes contradict is not followed.
pub(super) fn decode(bytes: &[u8], options: &ReadOptions) -> Result<Decoded> {
    if options.encoding.is_some() {
        return encoding::decode(bytes, options.encoding.as_deref());
    }
    let declared = declared(&bytes[..bytes.len().min(PRESCAN)]);
    let marked = bytes.starts_with(b"\xEF\xBB\xBF")
        || bytes.starts_with(b"\xFF\xFE")
        || bytes.starts_with(b"\xFE\xFF");
    // Text in another encoding is valid UTF-8 only by a chance that no page of any length has; and the declarations
    // of one-byte encodings fit any bytes.
    let multi_byte = declared.as_ref().is_some_and(|label| encoding::is_multi_byte(label));
    if !marked
        && multi_byte
        && std::str::from_utf8(bytes).is_err()
        && let Ok(decoded) = encoding::decode(bytes, declared.as_deref())
    {
        return Ok(decoded);
    }
    let decoded = encoding::decode(bytes, None)?;
    let wrong = declared.filter(|label| !bytes.is_ascii() && !encoding::is_same(label, decoded.encoding));
    let notice = match wrong {
        Some(label) => {
            Some(format!("declared as {label}, but read as {}, which its bytes are", decoded.encoding))
        }
        None => decoded.notice,
    };
    Ok(Decoded { notice, ..decoded })
}

/// Declarations are looked for so far into the file. The standard asks for 1024 bytes; real pages have them later.
const PRESCAN: usize = 4096;

/// The label of `<meta charset=…>`, `<meta … content="…; charset=…">` or `<?xml … encoding="…"?>`.
fn declared(head: &[u8]) -> Option<String> {
    let head = head.to_ascii_lowercase();
    let text = String::from_utf8_lossy(&head);
    let value = |rest: &str| {
        let rest = rest.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
        let end =
            rest.find(|c: char| !c.is_ascii_alphanumeric() && !"-_:.".contains(c)).unwrap_or(rest.len());
        (end > 0).then(|| rest[..end].to_string())
    };
    if let Some(declaration) = text.trim_start().strip_prefix("<?xml")
        && let Some((declaration, _)) = declaration.split_once("?>")
        && let Some((_, rest)) = declaration.split_once("encoding")
    {
        return value(rest);
    }
    text.match_indices("<meta").find_map(|(at, _)| {
        let tag = &text[at..];
        let tag = &tag[..tag.find('>').unwrap_or(tag.len())];
        tag.match_indices("charset").find_map(|(at, found)| value(&tag[at + found.len()..]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_found() {
        for (page, label) in [
            ("<meta charset=\"GB2312\">", Some("gb2312")),
            ("<META http-equiv=Content-Type content='text/html; charset = big5'>", Some("big5")),
            ("<?xml version='1.0' encoding='utf-8'?>", Some("utf-8")),
            ("<meta name=charset-less><p>charset=x", None),
        ] {
            assert_eq!(declared(page.as_bytes()).as_deref(), label, "{page}");
        }
    }
}
