//! What a TMX file has that readers refuse or silently drop, unit by unit, with lines.
//!
//! The rules of the standard are those of TMX 1.4b (LISA 2005); what OmegaT does was found by trying OmegaT 3.6 with
//! each fault; the limits of Trados and memoQ are those of their manuals (docs/memory.md).

use super::OMEGAT_OWN;
use super::input::Input;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Lang, LangTag};
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;
use std::path::Path;
use std::str::FromStr;

/// The longest segment that Trados takes in its cloud memories, in characters (RWS documentation of limits).
const TRADOS_LONGEST: usize = 2_000;

/// A program that reads TMX.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Tool {
    /// OmegaT.
    OmegaT,
    /// Trados Studio.
    Trados,
    /// memoQ.
    MemoQ,
}

impl FromStr for Tool {
    type Err = String;
    fn from_str(s: &str) -> std::result::Result<Self, String> {
        match s.to_ascii_lowercase().as_str() {
            "omegat" => Ok(Tool::OmegaT),
            "trados" => Ok(Tool::Trados),
            "memoq" => Ok(Tool::MemoQ),
            _ => Err(format!("unknown tool {s:?}: use omegat, trados or memoq")),
        }
    }
}

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Tool::OmegaT => "omegat",
            Tool::Trados => "trados",
            Tool::MemoQ => "memoq",
        })
    }
}

/// A kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TmxRule {
    /// Its name.
    pub name: &'static str,
    /// The tools that it is a fault for; none means: for every reader of the standard.
    pub tools: &'static [Tool],
    /// What comes of it.
    pub effect: &'static str,
}

const fn rule(name: &'static str, tools: &'static [Tool], effect: &'static str) -> TmxRule {
    TmxRule { name, tools, effect }
}

/// Every rule, in the order of the documentation.
pub const RULES: [TmxRule; 19] = [
    rule("encoding", &[], "the file cannot be decoded"),
    rule("not-well-formed", &[], "the whole file is refused, or read up to here"),
    rule("not-tmx", &[], "the whole file is refused"),
    rule("invalid-character", &[], "XML cannot hold it; OmegaT loses the whole memory without a word"),
    rule("stray-ampersand", &[], "no XML; OmegaT loses the whole memory without a word"),
    rule("header", &[], "a required attribute is missing; strict readers refuse the file"),
    rule("no-language", &[], "the text is dropped, or the file refused"),
    rule("one-sided", &[], "the unit has no translation and is dropped"),
    rule("no-source", &[], "the unit has no text in the header's srclang and is dropped"),
    rule("empty-segment", &[], "dropped, or put in as an empty translation"),
    rule("date", &[], "not YYYYMMDDThhmmssZ; strict readers refuse the unit"),
    rule("property-without-type", &[], "OmegaT loses the whole memory"),
    rule(
        "unpaired-tags",
        &[],
        "a bpt without its ept, or an i used twice; the unit is refused or its tags lost",
    ),
    rule(
        "outer-space",
        &[Tool::OmegaT],
        "a segment that starts or ends with a space is never matched exactly",
    ),
    rule(
        "language-code",
        &[Tool::OmegaT, Tool::Trados, Tool::MemoQ],
        "a code in this form is not recognised",
    ),
    rule("own-property", &[Tool::OmegaT], "OmegaT takes the property for its own; the unit never matches"),
    rule("several-translations", &[Tool::OmegaT], "only the last translation of the same source is used"),
    rule("source-code", &[Tool::Trados, Tool::MemoQ], "srclang is not spelled like the texts' xml:lang"),
    rule("too-long", &[Tool::Trados], "longer than 2,000 characters; not imported"),
];

/// A fault in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TmxFault {
    /// The line, 1-based.
    pub line: usize,
    /// The unit, 1-based in the file; none for what concerns the file.
    pub unit: Option<usize>,
    /// The rule.
    pub rule: &'static TmxRule,
    /// What was found.
    pub found: String,
}

/// Reads a file and tells its faults, in the order of lines. With a tool also what only that tool minds.
///
/// # Errors
/// Those of the file system only; what is wrong with the file is told as faults.
pub fn validate_tmx(path: &Path, tool: Option<Tool>) -> Result<Vec<TmxFault>> {
    let file = std::fs::File::open(path).map_err(|e| Error::new(ErrorKind::Io(e)).in_file(path))?;
    validate(file, tool).map_err(|e| e.in_file(path))
}

pub(super) fn validate(bytes: impl Read + Send, tool: Option<Tool>) -> Result<Vec<TmxFault>> {
    let mut checker = Checker::new(tool);
    let text = match decoded(bytes)? {
        Ok(text) => text,
        Err((line, what)) => {
            checker.fault(line, "encoding", what);
            return Ok(checker.faults);
        }
    };
    let (text, faults) = repaired_characters(&text);
    for (line, rule, found) in faults {
        checker.fault(line, rule, found);
    }
    checker.read(&text);
    checker.faults.sort_by_key(|f| f.line);
    Ok(checker.faults)
}

/// The text, or the line and reason why it cannot be decoded.
pub(super) fn decoded(bytes: impl Read + Send) -> Result<std::result::Result<String, (usize, String)>> {
    let mut input = Input::new(bytes)?;
    let mut text = Vec::new();
    let mut chunk = vec![0; 1 << 16];
    loop {
        input.next_event();
        match input.read(&mut chunk) {
            Ok(0) => break,
            Ok(n) => text.extend_from_slice(&chunk[..n]),
            Err(e) => {
                let line = input.line();
                let what = input.broken().map_or_else(|| e.to_string(), |e| e.to_string());
                return Ok(Err((line, what)));
            }
        }
    }
    Ok(Ok(String::from_utf8_lossy(&text).into_owned()))
}

fn allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

/// A fault of characters: line, rule, what was found.
type CharacterFault = (usize, &'static str, String);

/// Replaces what XML cannot hold by U+FFFD and stray ampersands by `&amp;`; tells each.
pub(super) fn repaired_characters(text: &str) -> (String, Vec<CharacterFault>) {
    let mut out = String::with_capacity(text.len());
    let mut faults = Vec::new();
    let mut line = 1;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("<![CDATA[") {
            let end = rest.find("]]>").map_or(rest.len(), |e| e + 3);
            line += rest[..end].matches('\n').count();
            out.extend(rest[..end].chars().filter(|c| allowed(*c)));
            rest = &rest[end..];
            continue;
        }
        if c == '&' {
            let body = rest[1..].split(';').next().unwrap_or("");
            let whole = body.len() < 12 && rest.len() > body.len() + 1;
            let named = ["lt", "gt", "amp", "apos", "quot"].contains(&body);
            let code = body.strip_prefix('#').and_then(|n| match n.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => n.parse().ok(),
            });
            if whole && named {
                out.push_str(&rest[..body.len() + 2]);
                rest = &rest[body.len() + 2..];
            } else if whole && let Some(code) = code {
                if char::from_u32(code).is_some_and(allowed) {
                    out.push_str(&rest[..body.len() + 2]);
                } else {
                    faults.push((line, "invalid-character", format!("&{body};")));
                    out.push('\u{FFFD}');
                }
                rest = &rest[body.len() + 2..];
            } else {
                let shown: String = rest.chars().take(12).take_while(|c| *c != '\n').collect();
                faults.push((line, "stray-ampersand", shown));
                out.push_str("&amp;");
                rest = &rest[1..];
            }
            continue;
        }
        if c == '\n' {
            line += 1;
        }
        if allowed(c) {
            out.push(c);
        } else {
            faults.push((line, "invalid-character", format!("U+{:04X}", u32::from(c))));
            out.push('\u{FFFD}');
        }
        rest = &rest[c.len_utf8()..];
    }
    (out, faults)
}

/// Whether a date is `YYYYMMDDThhmmssZ`.
pub(super) fn is_date(date: &str) -> bool {
    let b = date.as_bytes();
    b.len() == 16
        && b[8] == b'T'
        && b[15] == b'Z'
        && b.iter().enumerate().all(|(k, c)| k == 8 || k == 15 || c.is_ascii_digit())
        && ("01"..="12").contains(&&date[4..6])
        && ("01"..="31").contains(&&date[6..8])
        && &date[9..11] < "24"
        && &date[11..13] < "60"
        && &date[13..15] < "61"
}

/// Whether every tool knows the form of the code: two letters, then hyphens.
pub(super) fn is_plain_code(tag: &LangTag) -> bool {
    let tag = tag.as_str();
    !tag.contains('_') && tag.split('-').next().is_some_and(|p| p.len() == 2)
}

fn same_language(a: &LangTag, b: &LangTag) -> bool {
    match (a.lang(), b.lang()) {
        (Some(x), Some(y)) => x == y,
        _ => a.as_str().eq_ignore_ascii_case(b.as_str()),
    }
}

/// What makes the tags of a segment unfit, if anything. `i` and kind (`true` begins) of each bpt and ept.
fn unpaired(tags: &[(String, bool)]) -> Option<String> {
    let mut open: BTreeMap<&str, i32> = BTreeMap::new();
    for (i, begins) in tags {
        let count = open.entry(i).or_insert(0);
        *count += if *begins { 1 } else { -1 };
        if *count > 1 || *count < 0 {
            let what = if *begins { "bpt" } else { "ept" };
            return Some(format!("<{what} i=\"{i}\"> has no partner"));
        }
    }
    let left = open.into_iter().find(|(_, n)| *n != 0);
    left.map(|(i, _)| format!("<bpt i=\"{i}\"> has no <ept>"))
}

struct Checker {
    tool: Option<Tool>,
    faults: Vec<TmxFault>,
    unit: usize,
    in_unit: bool,
    srclang: Option<LangTag>,
    unit_lang: Option<LangTag>,
    variants: Vec<(Option<LangTag>, String, usize)>,
    tags: Vec<(String, bool)>,
    sources: BTreeMap<(String, String), (String, usize, usize)>,
    told_code: bool,
}

impl Checker {
    fn new(tool: Option<Tool>) -> Checker {
        Checker {
            tool,
            faults: Vec::new(),
            unit: 0,
            in_unit: false,
            srclang: None,
            unit_lang: None,
            variants: Vec::new(),
            tags: Vec::new(),
            sources: BTreeMap::new(),
            told_code: false,
        }
    }

    fn fault(&mut self, line: usize, name: &str, found: impl Into<String>) {
        let Some(rule) = RULES.iter().find(|r| r.name == name) else { return };
        if rule.tools.is_empty() || self.tool.is_some_and(|t| rule.tools.contains(&t)) {
            let unit = self.in_unit.then_some(self.unit);
            self.faults.push(TmxFault { line, unit, rule, found: found.into() });
        }
    }

    fn read(&mut self, text: &str) {
        let mut reader = Reader::from_str(text);
        let (mut line, mut at) = (1, 0);
        let mut path: Vec<String> = Vec::new();
        let mut seen = false;
        let mut segment: Option<String> = None;
        let mut hidden = 0usize;
        loop {
            let before = reader.buffer_position() as usize;
            line += text[at..before].matches('\n').count();
            at = before;
            let event = match reader.read_event() {
                Ok(event) => event,
                Err(e) => {
                    self.in_unit = false;
                    self.fault(line, "not-well-formed", e.to_string());
                    return;
                }
            };
            let empty = matches!(event, Event::Empty(_));
            match event {
                Event::Start(e) | Event::Empty(e) => {
                    let name = e.name().as_ref().to_ascii_lowercase();
                    if path.len() >= super::read::DEEPEST {
                        self.fault(line, "not-well-formed", "elements nested more than 64 deep");
                        return;
                    }
                    seen |= name == "tmx";
                    match (name.as_str(), &segment) {
                        ("seg", _) => {
                            segment = Some(String::new());
                            hidden = 0;
                            self.tags.clear();
                        }
                        (inline, Some(_)) => {
                            if matches!(inline, "bpt" | "ept") {
                                let i = value(&e, "i").unwrap_or_default();
                                self.tags.push((i, inline == "bpt"));
                            }
                            hidden += usize::from(matches!(inline, "bpt" | "ept" | "ph" | "it" | "ut"));
                        }
                        _ => self.open(&name, &e, line),
                    }
                    path.push(name.clone());
                    if empty {
                        path.pop();
                        self.end(&name, &mut segment, &mut hidden, line);
                    }
                }
                Event::End(e) => {
                    path.pop();
                    let name = e.name().as_ref().to_ascii_lowercase();
                    self.end(&name, &mut segment, &mut hidden, line);
                }
                Event::Text(e) => {
                    if let (Some(s), 0) = (&mut segment, hidden) {
                        s.push_str(&e);
                    }
                }
                Event::CData(e) => {
                    if let (Some(s), 0) = (&mut segment, hidden) {
                        s.push_str(&e);
                    }
                }
                Event::GeneralRef(_) => {
                    if let (Some(s), 0) = (&mut segment, hidden) {
                        s.push('&');
                    }
                }
                Event::Eof => break,
                _ => {}
            }
        }
        if !seen {
            self.fault(1, "not-tmx", "there is no <tmx> element");
        } else if !path.is_empty() {
            self.in_unit = false;
            self.fault(line, "not-well-formed", format!("the file ends inside <{}>", path.join("><")));
        }
    }

    fn open(&mut self, name: &str, e: &BytesStart, line: usize) {
        match name {
            "tmx" if value(e, "version").is_none() => self.fault(line, "header", "<tmx> without version"),
            "header" => {
                for needed in [
                    "creationtool",
                    "creationtoolversion",
                    "segtype",
                    "o-tmf",
                    "adminlang",
                    "srclang",
                    "datatype",
                ] {
                    if value(e, needed).is_none() {
                        self.fault(line, "header", format!("no {needed}"));
                    }
                }
                self.srclang = value(e, "srclang").and_then(|s| s.parse().ok());
            }
            "tu" => {
                self.unit += 1;
                self.in_unit = true;
                self.unit_lang = value(e, "srclang").and_then(|s| s.parse().ok());
                self.variants.clear();
            }
            "tuv" => {
                let tag = value(e, "xml:lang").or_else(|| value(e, "lang"));
                let lang = tag.as_ref().and_then(|t| t.parse::<LangTag>().ok());
                match (&lang, &tag) {
                    (None, None) => self.fault(line, "no-language", "a <tuv> without xml:lang"),
                    (None, Some(tag)) => self.fault(line, "no-language", format!("xml:lang=\"{tag}\"")),
                    (Some(lang), _) if !is_plain_code(lang) => {
                        self.fault(line, "language-code", lang.to_string());
                    }
                    _ => {}
                }
                self.variants.push((lang, String::new(), line));
            }
            "prop" if value(e, "type").is_none_or(|t| t.is_empty()) => {
                self.fault(line, "property-without-type", "<prop>");
            }
            "prop" if self.in_unit => {
                let kind = value(e, "type").unwrap_or_default();
                if OMEGAT_OWN.contains(&kind.as_str()) {
                    self.fault(line, "own-property", format!("<prop type=\"{kind}\">"));
                }
            }
            _ => {}
        }
        if matches!(name, "tu" | "tuv" | "header" | "note" | "prop") {
            for attribute in ["creationdate", "changedate", "lastusagedate"] {
                if let Some(date) = value(e, attribute).filter(|d| !is_date(d)) {
                    self.fault(line, "date", format!("{attribute}=\"{date}\""));
                }
            }
        }
    }

    fn end(&mut self, name: &str, segment: &mut Option<String>, hidden: &mut usize, line: usize) {
        match name {
            "seg" => {
                let text = segment.take().unwrap_or_default();
                if text.trim().is_empty() && self.tags.is_empty() {
                    self.fault(line, "empty-segment", "<seg> without text");
                } else if text.trim().len() != text.len() {
                    self.fault(line, "outer-space", start_of(&text));
                }
                if let Some(what) = unpaired(&std::mem::take(&mut self.tags)) {
                    self.fault(line, "unpaired-tags", what);
                }
                if text.chars().count() > TRADOS_LONGEST {
                    self.fault(line, "too-long", format!("{} characters", text.chars().count()));
                }
                if let Some(last) = self.variants.last_mut() {
                    last.1 = text;
                }
            }
            "bpt" | "ept" | "ph" | "it" | "ut" => *hidden = hidden.saturating_sub(1),
            "tu" => {
                self.unit_ends(line);
                self.in_unit = false;
            }
            _ => {}
        }
    }

    fn unit_ends(&mut self, line: usize) {
        let variants = std::mem::take(&mut self.variants);
        if variants.len() < 2 {
            self.fault(line, "one-sided", format!("{} <tuv>", variants.len()));
            return;
        }
        let wanted = self.unit_lang.clone().or_else(|| self.srclang.clone());
        let source = match &wanted {
            Some(wanted) => {
                let own = variants.iter().find(|v| v.0.as_ref().is_some_and(|l| same_language(l, wanted)));
                if own.is_none() {
                    self.fault(line, "no-source", format!("no text in {wanted}"));
                }
                own
            }
            None => variants.first(),
        };
        let Some((Some(lang), text, at)) = source else { return };
        if let Some(wanted) = &wanted
            && wanted != lang
            && !self.told_code
        {
            self.told_code = true;
            self.fault(*at, "source-code", format!("srclang {wanted}, xml:lang {lang}"));
        }
        if self.tool == Some(Tool::OmegaT) {
            let target = variants.iter().find(|v| v.0.as_ref() != Some(lang)).map_or("", |v| &v.1);
            let key = (lang.to_string(), text.clone());
            let here = (target.to_string(), *at, self.unit);
            if let Some((other, line, unit)) = self.sources.insert(key, here).filter(|o| o.0 != target) {
                let now = std::mem::replace(&mut self.unit, unit);
                self.fault(line, "several-translations", format!("{}: {}", start_of(text), start_of(&other)));
                self.unit = now;
            }
        }
    }
}

fn value(e: &BytesStart, name: &str) -> Option<String> {
    let found = e.attributes().flatten().find(|a| a.key.as_ref().eq_ignore_ascii_case(name))?;
    found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(|v| v.into_owned())
}

fn start_of(text: &str) -> String {
    text.chars().take(24).collect::<String>().replace('\n', " ")
}

/// The code in the form that every tool knows: `zho_CN` becomes `zh-CN`, for Trados and memoQ with a country.
pub(super) fn plain_code(tag: &LangTag, tool: Option<Tool>) -> LangTag {
    let country = matches!(tool, Some(Tool::Trados | Tool::MemoQ));
    let Some(lang) = tag.lang() else { return tag.clone() };
    let script = tag.script().unwrap_or(crate::model::Script::Hans);
    let has_country = tag.as_str().split(['-', '_']).skip(1).any(|p| p.len() == 2);
    if country && !has_country {
        return LangTag::default_for(lang, script);
    }
    if is_plain_code(tag) {
        return tag.clone();
    }
    let head = match lang {
        Lang::Zh => "zh",
        Lang::En => "en",
    };
    let rest: Vec<&str> = tag.as_str().split(['-', '_']).skip(1).collect();
    let joined = [&[head], rest.as_slice()].concat().join("-");
    joined.parse().unwrap_or_else(|_| tag.clone())
}
