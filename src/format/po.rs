//! PO, the message catalogue of GNU gettext (manual, "The Format of PO Files").
//!
//! The source is `msgid`, the target `msgstr`; `fuzzy` is "needs review". What is known of a pair stands in
//! extracted comments (`#. x-confidence: 0.93`). A message without `msgid` is the header, so a pair without source
//! cannot be written. Plural forms are read as pairs of their own: the singular with the first form, the plural
//! with the last.

use super::{WriteOptions, Written, csv::lines};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{BeadInfo, Bitext, Lang, LangTag, Property, Status, TranslationUnit, Variant};
use std::collections::{HashMap, HashSet};
use std::io::Write;

const CONTEXT: &str = "x-msgctxt";
const REFERENCE: &str = "x-reference";
const FLAGS: &str = "x-flags";
const COMMENT: &str = "x-comment";
const OWN: &str = "X-Duizhao-";

pub(super) fn write(bitext: &Bitext, out: &mut dyn Write, options: &WriteOptions) -> Result<Written> {
    let mut written = Written::default();
    for note in &bitext.notes {
        write_note(out, note)?;
    }
    let mut header = String::from("MIME-Version: 1.0\n");
    header.push_str("Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n");
    header.push_str(&format!("Language: {}\n", options.target_tag(bitext).as_str().replace('-', "_")));
    header.push_str(&format!("X-Source-Language: {}\n", options.source_tag(bitext)));
    header.push_str(&format!("X-Target-Language: {}\n", options.target_tag(bitext)));
    header.push_str(&format!("X-Generator: duizhao {}\n", env!("CARGO_PKG_VERSION")));
    for p in &bitext.header {
        header.push_str(&format!("{OWN}{}: {}\n", p.kind, escape(&p.value)));
    }
    writeln!(out, "msgid \"\"")?;
    write_string(out, "msgstr", &header)?;
    // gettext refuses the same message twice in the same context.
    let mut seen: HashSet<(String, String)> = HashSet::new();
    // Where counting went on for a message and its context, so that a thousand equal ones are not a million tries.
    let mut counts: HashMap<(String, String), usize> = HashMap::new();
    for (k, unit) in (1..).zip(&bitext.units) {
        if options.refuses(unit) {
            written.refused += 1;
            continue;
        }
        let Some([source, target]) = WriteOptions::pair(bitext, unit) else { continue };
        if source.text.is_empty() {
            written.one_sided += 1;
            continue;
        }
        let property = |kind: &str| unit.properties.iter().find(|p| p.kind == kind).map(|p| p.value.clone());
        let mut context = property(CONTEXT).unwrap_or_default();
        if !seen.insert((context.clone(), source.text.clone())) {
            context = if unit.id.is_empty() { k.to_string() } else { unit.id.clone() };
            let count = counts.entry((context.clone(), source.text.clone())).or_insert(1);
            let own = context.clone();
            while !seen.insert((context.clone(), source.text.clone())) {
                *count += 1;
                context = format!("{own}+{count}");
            }
        }
        writeln!(out)?;
        for note in &unit.notes {
            write_note(out, note)?;
        }
        let mut known = vec![("x-id", unit.id.clone())];
        if let Some(bead) = &unit.bead {
            known.push(("x-score", format!("{:.3}", bead.score)));
            known.push(("x-confidence", format!("{:.4}", bead.confidence)));
            known.push(("x-status", bead.status.to_string()));
        }
        for (kind, variant) in [("x-source-lines", source), ("x-target-lines", target)] {
            if !variant.segments.is_empty() {
                known.push((kind, lines(&variant.segments)));
            }
        }
        for (kind, value) in known {
            writeln!(out, "#. {kind}: {}", escape(&value))?;
        }
        for p in unit.properties.iter().filter(|p| ![CONTEXT, REFERENCE, FLAGS].contains(&p.kind.as_str())) {
            if p.kind == COMMENT {
                writeln!(out, "#. {}", p.value.replace(['\n', '\r'], " "))?;
                continue;
            }
            let prefix = if p.kind.starts_with("x-") { "" } else { "x-" };
            let kind = p.kind.replace([':', ' ', '\n', '\r'], "-");
            writeln!(out, "#. {prefix}{kind}: {}", escape(&p.value))?;
        }
        if let Some(reference) = property(REFERENCE) {
            writeln!(out, "#: {}", reference.replace(['\n', '\r'], " "))?;
        }
        let review = unit.bead.as_ref().is_some_and(|b| b.status == Status::NeedsReview);
        let flags: Vec<String> = review
            .then(|| "fuzzy".to_string())
            .into_iter()
            .chain(property(FLAGS))
            .map(|f| f.replace(['\n', '\r'], " "))
            .collect();
        if !flags.is_empty() {
            writeln!(out, "#, {}", flags.join(", "))?;
        }
        if !context.is_empty() {
            write_string(out, "msgctxt", &context)?;
        }
        write_string(out, "msgid", &source.text)?;
        write_string(out, "msgstr", &target.text)?;
        written.units += 1;
    }
    Ok(written)
}

/// A note is lines of comment; an empty comment stands between two notes.
fn write_note(out: &mut dyn Write, note: &str) -> Result<()> {
    for line in note.replace("\r\n", "\n").replace('\r', "\n").split('\n') {
        writeln!(out, "# {line}")?;
    }
    writeln!(out, "#")?;
    Ok(())
}

fn write_string(out: &mut dyn Write, keyword: &str, text: &str) -> Result<()> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    if lines.len() > 1 {
        writeln!(out, "{keyword} \"\"")?;
        for line in lines {
            writeln!(out, "\"{}\"", escape(line))?;
        }
    } else {
        writeln!(out, "{keyword} \"{}\"", escape(text))?;
    }
    Ok(())
}

/// The escapes of C that gettext knows.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_ascii_control() => out.push_str(&format!("\\{:03o}", c as u32)),
            c => out.push(c),
        }
    }
    out
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('a') => out.push('\u{7}'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('v') => out.push('\u{b}'),
            Some('x') => out.push(number(&mut chars, 16, 2, 0)),
            Some(c) if c.is_digit(8) => out.push(number(&mut chars, 8, 2, c.to_digit(8).unwrap_or(0))),
            Some(other) => out.push(other),
            None => out.push('\\'),
        }
    }
    out
}

/// The character of a numeric escape, `most` digits at most after `value`.
fn number(chars: &mut std::iter::Peekable<std::str::Chars>, radix: u32, most: usize, mut value: u32) -> char {
    for _ in 0..most {
        let Some(digit) = chars.peek().and_then(|c| c.to_digit(radix)) else { break };
        value = value * radix + digit;
        chars.next();
    }
    char::from_u32(value).unwrap_or('\u{FFFD}')
}

/// A message as it stands in the file.
#[derive(Default)]
struct Message {
    line: usize,
    notes: Vec<String>,
    /// Whether the next comment goes on with the last note.
    open_note: bool,
    extracted: Vec<String>,
    references: Vec<String>,
    flags: Vec<String>,
    context: Option<String>,
    id: Option<String>,
    plural: Option<String>,
    strings: Vec<String>,
}

/// The string that continuation lines belong to.
#[derive(Clone, Copy)]
enum Field {
    Context,
    Id,
    Plural,
    Str,
}

/// Decodes by the charset that the header names.
pub(super) fn read(bytes: &[u8]) -> Result<Bitext> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(8000)]).into_owned();
    let label = head.split("charset=").nth(1).and_then(|r| r.split(['\\', '"', ' ', ';', '\n']).next());
    let declared = label.and_then(|l| encoding_rs::Encoding::for_label(l.as_bytes()));
    if let Some(encoding) = declared.filter(|e| *e != encoding_rs::UTF_8) {
        let (text, broken) = encoding.decode_without_bom_handling(bytes);
        if broken {
            let what = format!("the bytes are not {}, as the header says", encoding.name());
            return Err(Error::new(ErrorKind::Encoding(what)).advise("save the file as UTF-8"));
        }
        return parse(&text);
    }
    parse(&super::decode(bytes)?)
}

fn parse(text: &str) -> Result<Bitext> {
    let mut messages: Vec<Message> = Vec::new();
    let mut message = Message::default();
    let mut field = None;
    for (number, line) in (1..).zip(text.split('\n')) {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let trimmed = line.trim();
        let fail = |what: &str| Err(Error::malformed(format!("not a PO file: {what}")).at_line(number));
        if trimmed.is_empty() || trimmed.starts_with("#~") || trimmed.starts_with("#|") {
            continue;
        }
        let starts = |word: &str| trimmed.strip_prefix(word).filter(|r| r.starts_with([' ', '\t', '"', '[']));
        let begins = trimmed.starts_with('#') || starts("msgctxt").is_some() || starts("msgid").is_some();
        if begins && !message.strings.is_empty() {
            messages.push(std::mem::take(&mut message));
        }
        if trimmed.starts_with('#') {
            comment(&mut message, line.trim_start());
            continue;
        }
        let rest = if let Some(rest) = starts("msgctxt") {
            message.context = Some(String::new());
            field = Some(Field::Context);
            rest
        } else if let Some(rest) = starts("msgid_plural") {
            message.plural = Some(String::new());
            field = Some(Field::Plural);
            rest
        } else if let Some(rest) = starts("msgid") {
            message.id = Some(String::new());
            message.line = number;
            field = Some(Field::Id);
            rest
        } else if let Some(rest) = starts("msgstr") {
            if message.id.is_none() {
                return fail("a msgstr without msgid");
            }
            message.strings.push(String::new());
            field = Some(Field::Str);
            rest.strip_prefix('[').and_then(|r| r.split_once(']')).map_or(rest, |r| r.1)
        } else if trimmed.starts_with('"') {
            trimmed
        } else {
            return fail(&format!("{trimmed:?} is neither a keyword nor a string"));
        };
        let quoted = rest.trim().strip_prefix('"').and_then(|r| r.strip_suffix('"'));
        let Some(quoted) = quoted else { return fail("a string without its quotation marks") };
        let place = match field {
            Some(Field::Context) => message.context.as_mut(),
            Some(Field::Id) => message.id.as_mut(),
            Some(Field::Plural) => message.plural.as_mut(),
            Some(Field::Str) => message.strings.last_mut(),
            None => None,
        };
        match place {
            Some(place) => place.push_str(&unescape(quoted)),
            None => return fail("a string before any keyword"),
        }
    }
    if message.id.is_some() && message.strings.is_empty() {
        return Err(Error::malformed("not a PO file: the last msgid has no msgstr").at_line(message.line));
    }
    if message.id.is_some() {
        messages.push(message);
    }
    if messages.is_empty() {
        return Err(Error::new(ErrorKind::Empty("the file holds no messages".into()))
            .advise("give a PO file with a msgid and its msgstr"));
    }
    finish(messages)
}

fn comment(message: &mut Message, line: &str) {
    let body = &line[1..];
    let rest = |sign: char| body.strip_prefix(sign).map(|r| r.strip_prefix(' ').unwrap_or(r));
    if let Some(text) = rest('.') {
        message.extracted.push(text.to_string());
    } else if let Some(text) = rest(':') {
        message.references.push(text.trim().to_string());
    } else if let Some(text) = rest(',') {
        message.flags.extend(text.split(',').map(|f| f.trim().to_string()));
    } else if body.is_empty() {
        message.open_note = false;
    } else {
        let text = body.strip_prefix(' ').unwrap_or(body);
        match message.notes.last_mut().filter(|_| message.open_note) {
            Some(note) => {
                note.push('\n');
                note.push_str(text);
            }
            None => message.notes.push(text.to_string()),
        }
        message.open_note = true;
    }
}

fn finish(messages: Vec<Message>) -> Result<Bitext> {
    let (mut header, mut notes, mut units) = (Vec::new(), Vec::new(), Vec::new());
    let (mut source, mut target) = (None, None);
    let han = |s: &str| s.chars().filter(|c| matches!(*c as u32, 0x3400..=0x9FFF)).count();
    let mut counts = [0, 0];
    for (k, message) in messages.into_iter().enumerate() {
        let id = message.id.clone().unwrap_or_default();
        if k == 0 && id.is_empty() && message.context.is_none() {
            notes.clone_from(&message.notes);
            for line in message.strings.iter().flat_map(|s| s.split('\n')) {
                let Some((name, value)) = line.split_once(':') else { continue };
                let value = value.strip_prefix(' ').unwrap_or(value);
                let tag = || value.trim().replace('@', "-").parse::<LangTag>().ok();
                match name.to_ascii_lowercase().as_str() {
                    "x-source-language" => source = tag(),
                    "x-target-language" => target = tag(),
                    "language" if target.is_none() => target = tag(),
                    _ => {
                        if let Some(kind) = name.strip_prefix(OWN) {
                            header.push(Property { kind: kind.into(), value: unescape(value) });
                        }
                    }
                }
            }
            continue;
        }
        counts[0] += han(&id);
        counts[1] += message.strings.first().map_or(0, |s| han(s));
        units.extend(units_of(message)?);
    }
    let default = |tag: &str| -> LangTag { tag.parse().expect("the tag is well-formed") };
    let other = |lang: Option<Lang>| default(if lang == Some(Lang::Zh) { "en-US" } else { "zh-CN" });
    let source = source.unwrap_or_else(|| match &target {
        Some(tag) => other(tag.lang()),
        None => default(if counts[0] > counts[1] { "zh-CN" } else { "en-US" }),
    });
    let target = target.unwrap_or_else(|| other(source.lang()));
    let mut bitext = Bitext::new(source.clone(), target.clone());
    bitext.header = header;
    bitext.notes = notes;
    for (mut unit, texts) in units {
        unit.variants = vec![
            Variant::new(source.clone(), texts[0].clone()),
            Variant::new(target.clone(), texts[1].clone()),
        ];
        bitext.units.push(unit);
    }
    Ok(bitext)
}

/// The pairs of a message: one, or two where it has a plural.
fn units_of(message: Message) -> Result<Vec<(TranslationUnit, [String; 2])>> {
    let mut unit = TranslationUnit {
        id: String::new(),
        variants: Vec::new(),
        bead: None,
        attributes: Vec::new(),
        properties: Vec::new(),
        notes: message.notes,
    };
    let (mut score, mut confidence, mut status) = (0.0, None, Status::Unchecked);
    let mut own_id = false;
    let bad = |what: String| Error::malformed(what).at_line(message.line);
    for line in &message.extracted {
        let own = line.split_once(": ").or_else(|| line.strip_suffix(':').map(|l| (l, "")));
        let Some((kind, value)) = own.filter(|(kind, _)| kind.starts_with("x-") && !kind.contains(' '))
        else {
            unit.properties.push(Property { kind: COMMENT.into(), value: line.clone() });
            continue;
        };
        let value = unescape(value);
        let number = || value.parse::<f64>().map_err(|_| bad(format!("{value:?} is not a number")));
        match kind {
            "x-id" => (unit.id, own_id) = (value, true),
            "x-score" => score = number()?,
            "x-confidence" => confidence = Some(number()?),
            "x-status" => status = value.parse().map_err(bad)?,
            _ => unit.properties.push(Property { kind: kind.into(), value }),
        }
    }
    // The flag is what editors change.
    let fuzzy = message.flags.iter().any(|f| f == "fuzzy");
    status = match (fuzzy, status) {
        (true, _) => Status::NeedsReview,
        (false, Status::NeedsReview) => Status::Unchecked,
        (false, status) => status,
    };
    let mut flags = message.flags;
    if let Some(confidence) = confidence {
        flags.retain(|f| f != "fuzzy");
        unit.bead = Some(BeadInfo::judged(score, confidence, status));
    }
    let mut add = |kind: &str, value: String| {
        if !value.is_empty() {
            unit.properties.push(Property { kind: kind.into(), value });
        }
    };
    // A context that only kept two pairs apart is no context.
    add(CONTEXT, message.context.filter(|c| !own_id || !c.starts_with(&unit.id)).unwrap_or_default());
    add(REFERENCE, message.references.join(" "));
    add(FLAGS, flags.join(", "));
    let mut strings = message.strings.into_iter();
    let first = strings.next().unwrap_or_default();
    let mut out = vec![(unit.clone(), [message.id.unwrap_or_default(), first.clone()])];
    if let Some(plural) = message.plural {
        out.push((unit, [plural, strings.next_back().unwrap_or(first)]));
    }
    Ok(out)
}
