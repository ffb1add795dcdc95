//! Bounds for hostile files: what a PDF may unpack to, and circles in it that would never end.
//!
//! Limits are on bytes and counts, never on time, so that every machine decides alike. All of them were chosen, far
//! above what real documents have.

use flate2::read::ZlibDecoder;
use pdf_extract::{Dictionary, Document, Object, ObjectId, Stream};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

/// Bytes of a file.
const MOST_BYTES: usize = 300 << 20;
/// Bytes that all streams together unpack to.
const MOST_UNPACKED: u64 = 1 << 30;
/// Bytes that the streams with objects in them unpack to; an object takes some forty times its bytes.
const MOST_OBJECTS: u64 = 32 << 20;
/// Columns of a predictor; a row is held in memory.
const MOST_COLUMNS: u64 = 1 << 20;
/// Bytes of page descriptions that are run, forms counted as often as they are drawn.
const MOST_RUN: u64 = 2 << 30;

/// Looks through the bytes before they are parsed.
pub(super) fn check_bytes(bytes: &[u8]) -> Result<(), String> {
    if bytes.len() > MOST_BYTES {
        return Err(format!("the file is larger than {} MB", MOST_BYTES >> 20));
    }
    let (mut unpacked, mut objects) = (0u64, 0u64);
    let mut at = 0;
    while let Some(found) = find(&bytes[at..], b"stream") {
        let keyword = at + found;
        at = keyword + 6;
        if bytes[..keyword].ends_with(b"end") {
            continue;
        }
        let dictionary = &bytes[keyword.saturating_sub(1000)..keyword];
        let dictionary = &dictionary[rfind(dictionary, b" obj").unwrap_or(0)..];
        let mut data = &bytes[at..];
        data = data.strip_prefix(b"\r\n").or_else(|| data.strip_prefix(b"\n")).unwrap_or(data);
        if find(dictionary, b"Flate").is_some() || find(dictionary, b"/Fl").is_some() {
            let limit = MOST_UNPACKED - unpacked + 1;
            let size = inflated_size(data, limit);
            unpacked += size;
            let holds_objects = find(dictionary, b"ObjStm").is_some() || find(dictionary, b"/XRef").is_some();
            objects += if holds_objects { size } else { 0 };
            let chained = dictionary.windows(5).filter(|w| *w == b"Flate").count() > 1
                || find(dictionary, b"ASCII").is_some()
                || find(dictionary, b"LZW").is_some();
            if holds_objects && chained {
                return Err("a stream with objects is packed more than once".to_string());
            }
        }
        if unpacked > MOST_UNPACKED {
            return Err(format!("its streams unpack to more than {} MB", MOST_UNPACKED >> 20));
        }
        if objects > MOST_OBJECTS {
            return Err(format!("its objects unpack to more than {} MB", MOST_OBJECTS >> 20));
        }
    }
    let mut rest = bytes;
    while let Some(found) = find(rest, b"/Columns") {
        rest = &rest[found + 8..];
        let digits = rest.trim_ascii_start().iter().take_while(|b| b.is_ascii_digit()).take(20);
        if digits.fold(0u64, |n, b| n.saturating_mul(10).saturating_add(u64::from(b - b'0'))) > MOST_COLUMNS {
            return Err(format!("a stream says it has rows of more than {MOST_COLUMNS} columns"));
        }
    }
    Ok(())
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = wanted[0];
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(|&b| b == first) {
        at += found;
        if bytes[at..].starts_with(wanted) {
            return Some(at);
        }
        at += 1;
    }
    None
}

fn rfind(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    (0..bytes.len()).rev().find(|&at| bytes[at..].starts_with(wanted))
}

/// The bytes that a packed stream makes, counted up to a limit.
fn inflated_size(data: &[u8], limit: u64) -> u64 {
    let mut decoder = ZlibDecoder::new(data).take(limit);
    std::io::copy(&mut decoder, &mut std::io::sink()).unwrap_or_else(|_| limit - decoder.limit())
}

/// Takes out of a parsed document what would cost without end: images (they hold no text), circles of parents and
/// of forms, streams that are packed many times. Returns how many images there were.
pub(super) fn tame(document: &mut Document) -> Result<usize, String> {
    let mut images = 0;
    for object in document.objects.values_mut() {
        let Object::Stream(stream) = object else { continue };
        let subtype = stream.dict.get(b"Subtype").and_then(Object::as_name).unwrap_or_default();
        if subtype == b"Image" {
            images += 1;
            empty(stream);
        }
    }
    break_parent_circles(document);
    let mut unpacked = 0u64;
    for object in document.objects.values_mut() {
        let Object::Stream(stream) = object else { continue };
        unpacked += unpacked_size(stream)?;
        if unpacked > MOST_UNPACKED {
            return Err(format!("its streams unpack to more than {} MB", MOST_UNPACKED >> 20));
        }
    }
    tame_forms(document)?;
    Ok(images)
}

fn empty(stream: &mut Stream) {
    stream.dict.remove(b"Filter");
    stream.dict.remove(b"DecodeParms");
    stream.set_content(Vec::new());
}

/// What a stream unpacks to. Streams packed twice, or by LZW at a length where its ratio of 1 to 2,700 is too much,
/// are refused.
fn unpacked_size(stream: &Stream) -> Result<u64, String> {
    let filters: Vec<Vec<u8>> =
        stream.filters().map(|f| f.iter().map(|n| n.to_vec()).collect()).unwrap_or_default();
    let strong = filters
        .iter()
        .filter(|f| matches!(f.as_slice(), b"FlateDecode" | b"LZWDecode" | b"Fl" | b"LZW"))
        .count();
    if strong > 1 {
        return Err("a stream is packed more than once".to_string());
    }
    match filters.as_slice() {
        [first] if first == b"FlateDecode" => Ok(inflated_size(&stream.content, MOST_UNPACKED + 1)),
        [first, second] if first == b"ASCII85Decode" && second == b"FlateDecode" => {
            let mut inner = Stream::new(Dictionary::new(), stream.content.clone());
            inner.dict.set("Filter", "ASCII85Decode");
            let data = inner.decompressed_content().unwrap_or_default();
            Ok(inflated_size(&data, MOST_UNPACKED + 1))
        }
        _ if filters.iter().any(|f| f == b"LZWDecode") => {
            if stream.content.len() > 256 << 10 {
                return Err("a stream packed by LZW is too long".to_string());
            }
            Ok(stream.content.len() as u64 * 2700)
        }
        _ => Ok(stream.content.len() as u64),
    }
}

/// A page asks its parents for what it lacks; a circle of parents would be asked for ever.
fn break_parent_circles(document: &mut Document) {
    let parent = |document: &Document, id: ObjectId| {
        document.objects.get(&id)?.as_dict().ok()?.get(b"Parent").ok()?.as_reference().ok()
    };
    let ids: Vec<ObjectId> = document.objects.keys().copied().collect();
    let mut fine: BTreeSet<ObjectId> = BTreeSet::new();
    for id in ids {
        let (mut seen, mut at) = (BTreeSet::new(), id);
        while !fine.contains(&at) && seen.insert(at) && seen.len() < 1000 {
            match parent(document, at) {
                Some(up) if !seen.contains(&up) && seen.len() < 999 => at = up,
                Some(_) => {
                    if let Some(Object::Dictionary(dictionary)) = document.objects.get_mut(&at) {
                        dictionary.remove(b"Parent");
                    }
                }
                None => break,
            }
        }
        fine.extend(seen);
    }
}

/// The forms that each form and page can draw, and what it costs to draw them.
fn tame_forms(document: &mut Document) -> Result<(), String> {
    let is_form = |object: &Object| matches!(object, Object::Stream(s) if s.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|n| n == b"Form"));
    let forms: Vec<ObjectId> =
        document.objects.iter().filter(|(_, o)| is_form(o)).map(|(id, _)| *id).collect();
    // A form without resources of its own draws with those of its caller, whatever they are: it draws no forms.
    let mut draws: BTreeMap<ObjectId, (u64, u64, Vec<ObjectId>)> = BTreeMap::new();
    for &id in &forms {
        let Some(Object::Stream(stream)) = document.objects.get(&id) else { continue };
        let content = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
        let times = count_draws(&content);
        let children = stream.dict.get(b"Resources").map(|r| forms_in(document, r)).unwrap_or_default();
        draws.insert(id, (content.len() as u64, times, children));
        if let Some(Object::Stream(stream)) = document.objects.get_mut(&id)
            && stream.dict.get(b"Resources").is_err()
            && times > 0
        {
            stream.dict.set("Resources", Dictionary::new());
        }
    }
    // Costs from the leaves up; what stays is in a circle or above one.
    let mut costs: BTreeMap<ObjectId, u64> = BTreeMap::new();
    for _ in 0..DEEPEST_FORMS {
        let ready: Vec<(ObjectId, u64)> = draws
            .iter()
            .filter(|(id, (_, _, children))| {
                !costs.contains_key(id)
                    && children.iter().all(|c| costs.contains_key(c) || !draws.contains_key(c))
            })
            .map(|(id, (length, times, children))| {
                let dearest = children.iter().filter_map(|c| costs.get(c)).max().copied().unwrap_or(0);
                (*id, length.saturating_add(times.saturating_mul(dearest)).saturating_add(1))
            })
            .collect();
        if ready.is_empty() {
            break;
        }
        costs.extend(ready);
    }
    for id in forms.iter().filter(|id| !costs.contains_key(id)) {
        if let Some(Object::Stream(stream)) = document.objects.get_mut(id) {
            stream.dict.remove(b"Resources");
            empty(stream);
        }
    }
    let mut total = 0u64;
    for (_, page) in document.get_pages() {
        let content = document.get_page_content(page).unwrap_or_default();
        let resources = inherited_resources(document, page);
        let dearest = resources.map(|r| forms_in(document, r)).unwrap_or_default();
        let dearest = dearest.iter().filter_map(|c| costs.get(c)).max().copied().unwrap_or(0);
        total = total
            .saturating_add(content.len() as u64)
            .saturating_add(count_draws(&content).saturating_mul(dearest));
        if total > MOST_RUN {
            return Err("its pages draw forms without end".to_string());
        }
    }
    Ok(())
}

/// Forms in forms in forms: deeper ones are emptied, as circles are.
const DEEPEST_FORMS: usize = 32;

/// How often a description says `Do`. Names and text that contain it count too: an upper bound.
fn count_draws(content: &[u8]) -> u64 {
    content.windows(2).filter(|w| *w == b"Do").count() as u64
}

fn forms_in(document: &Document, resources: &Object) -> Vec<ObjectId> {
    let dictionary = |object: &Object| -> Option<Dictionary> {
        match object {
            Object::Reference(id) => document.get_dictionary(*id).ok().cloned(),
            Object::Dictionary(d) => Some(d.clone()),
            _ => None,
        }
    };
    let Some(resources) = dictionary(resources) else { return Vec::new() };
    let Some(forms) = resources.get(b"XObject").ok().and_then(dictionary) else { return Vec::new() };
    forms.iter().filter_map(|(_, o)| o.as_reference().ok()).collect()
}

fn inherited_resources(document: &Document, page: ObjectId) -> Option<&Object> {
    let mut at = document.get_dictionary(page).ok()?;
    for _ in 0..1000 {
        if let Ok(resources) = at.get(b"Resources") {
            return Some(resources);
        }
        at = document.get_dictionary(at.get(b"Parent").ok()?.as_reference().ok()?).ok()?;
    }
    None
}
