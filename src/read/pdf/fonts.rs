//! What has to be put right in the fonts of a document before pdf-extract sees them.
//!
//! It reads no widths of CID fonts that are given for a range (`[1 95 500]`), and expands ranges of character maps
//! without a limit; here the former are written out and the latter bounded.

use pdf_extract::{Document, Object, Stream};

/// Characters of a font: codes have two bytes.
const MOST_CODES: i64 = 65_536;
/// Widths and mappings of a document, all fonts together. Chosen, far above what real documents have.
const MOST_ENTRIES: i64 = 4_000_000;

/// Puts the fonts right.
pub(super) fn mend(document: &mut Document) -> Result<(), String> {
    let too_many = || Err("its fonts have too many characters".to_string());
    let mut total = 0i64;
    let mut arrays: Vec<(pdf_extract::ObjectId, Option<pdf_extract::ObjectId>)> = Vec::new();
    for (id, object) in &document.objects {
        if let Ok(dictionary) = object.as_dict()
            && let Ok(widths) = dictionary.get(b"W")
            && matches!(
                dictionary.get(b"Subtype").and_then(Object::as_name),
                Ok(b"CIDFontType0" | b"CIDFontType2")
            )
        {
            arrays.push((*id, widths.as_reference().ok()));
        }
    }
    for (font, shared) in arrays {
        let widths = match shared {
            Some(id) => document.objects.get(&id).and_then(|o| o.as_array().ok()),
            None => document
                .objects
                .get(&font)
                .and_then(|o| o.as_dict().ok())
                .and_then(|d| d.get(b"W").ok())
                .and_then(|o| o.as_array().ok()),
        };
        let Some(written) = widths.and_then(|w| written_out(w, &mut total)) else {
            if total > MOST_ENTRIES {
                return too_many();
            }
            continue;
        };
        if let Some(Object::Dictionary(dictionary)) = document.objects.get_mut(&font) {
            dictionary.set("W", Object::Array(written));
        }
    }
    for object in document.objects.values() {
        if let Object::Stream(stream) = object {
            total = total.saturating_add(mappings(stream));
            if total > MOST_ENTRIES {
                return too_many();
            }
        }
    }
    Ok(())
}

/// Widths with every range as a list; `None` if there are no ranges, or too many entries.
///
/// `[1 3 500]` -> `[1 [500 500 500]]`
fn written_out(widths: &[Object], total: &mut i64) -> Option<Vec<Object>> {
    let mut out = Vec::new();
    let mut changed = false;
    let mut at = 0;
    while at + 1 < widths.len() {
        match (&widths[at + 1], widths.get(at + 2)) {
            (Object::Array(list), _) => {
                *total += list.len() as i64;
                out.extend_from_slice(&widths[at..at + 2]);
                at += 2;
            }
            (Object::Integer(last), Some(width)) => {
                let first = widths[at].as_i64().unwrap_or(0);
                let count = last.saturating_sub(first).saturating_add(1).clamp(0, MOST_CODES);
                *total += count;
                if *total > MOST_ENTRIES {
                    return None;
                }
                out.push(widths[at].clone());
                out.push(Object::Array(vec![width.clone(); count as usize]));
                changed = true;
                at += 3;
            }
            _ => return None,
        }
    }
    changed.then_some(out)
}

/// How many characters the ranges of a character map name; nothing for other streams.
fn mappings(stream: &Stream) -> i64 {
    let content = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
    if !content.windows(11).any(|w| w == b"beginbfrang" || w == b"begincidran") {
        return 0;
    }
    let mut total = 0i64;
    let mut codes: Vec<i64> = Vec::new();
    let (mut in_list, mut in_ranges) = (false, false);
    let mut at = 0;
    while at < content.len() {
        match content[at] {
            b'<' => {
                let end = content[at..].iter().position(|&b| b == b'>').unwrap_or(content.len() - at);
                let digits = content[at + 1..at + end].iter().filter_map(|b| (*b as char).to_digit(16));
                let code = digits.fold(0i64, |n, d| n.saturating_mul(16).saturating_add(i64::from(d)));
                if !in_list {
                    codes.push(code);
                }
                at += end;
            }
            b'[' => in_list = true,
            b']' => {
                in_list = false;
                codes.push(0);
            }
            b'b' if content[at..].starts_with(b"begin") => {
                in_ranges =
                    content[at..].starts_with(b"beginbfrange") || content[at..].starts_with(b"begincidrange");
                codes.clear();
            }
            b'e' if content[at..].starts_with(b"end") && std::mem::take(&mut in_ranges) => {
                total = total.saturating_add(ranges(&codes));
            }
            _ => {}
        }
        at += 1;
    }
    if in_ranges { total.saturating_add(ranges(&codes)) } else { total }
}

/// The codes of triples: first, last, target.
fn ranges(codes: &[i64]) -> i64 {
    codes
        .chunks_exact(3)
        .fold(0i64, |n, c| n.saturating_add(c[1].saturating_sub(c[0]).max(0).saturating_add(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_widths_are_written_out() {
        let array = |numbers: &[i64]| Object::Array(numbers.iter().map(|&n| Object::Integer(n)).collect());
        let widths =
            [Object::Integer(1), Object::Integer(3), Object::Integer(500), Object::Integer(9), array(&[600])];
        let expected = vec![Object::Integer(1), array(&[500, 500, 500]), Object::Integer(9), array(&[600])];
        let mut total = 0;
        assert_eq!(written_out(&widths, &mut total), Some(expected));
        assert_eq!(total, 4);
    }

    #[test]
    fn endless_maps_are_counted() {
        let map =
            |text: &str| mappings(&Stream::new(pdf_extract::Dictionary::new(), text.as_bytes().to_vec()));
        assert!(map("1 beginbfrange <00000000> <FFFFFFFF> <0000> endbfrange") > MOST_ENTRIES);
        assert_eq!(map("2 beginbfrange <01> <03> <0041> <05> <06> [<0043> <0044>] endbfrange"), 5);
        assert_eq!(
            map("1 beginbfrange <01> <03> <0041> endbfrange 1 beginbfchar <01> <9F20> <02> endbfchar"),
            3
        );
        assert_eq!(map("BT (text) Tj ET"), 0);
    }
}
