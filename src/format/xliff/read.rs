//! Reads both versions into pairs.

use super::inline::{Inline, Role, Tag, attribute, entity, local, plain, push_text, to_tmx};
use super::{APPROVED, ATTRIBUTE, CONFIDENCE, NEEDS_REVIEW, SCORE, STATE};
use crate::error::{Error, Result};
use crate::model::{BeadInfo, Bitext, Lang, LangTag, Property, Status, TranslationUnit, Variant};
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use std::collections::HashMap;

/// Elements nested deeper than this are an attack: groups and inline tags nest a few dozen deep.
const DEEPEST: usize = 200;
/// What holds texts that are not the unit's own.
const ASIDE: [&str; 9] = [
    "alt-trans",
    "matches",
    "glossary",
    "skeleton",
    "skl",
    "internal-file",
    "bin-unit",
    "changeTrack",
    "reference",
];

type Content = Vec<Inline>;

/// A segment of a unit: its id, its two contents, and the state of the second.
#[derive(Default)]
struct Part {
    id: String,
    source: Content,
    target: Option<Content>,
    state: String,
    review: bool,
}

#[derive(Default)]
struct Unit {
    id: String,
    approved: String,
    notes: Vec<(String, String)>,
    properties: Vec<Property>,
    parts: Vec<Part>,
    /// Segments that `mrk` marks in the source and the target of XLIFF 1.2, by their `mid`.
    marked: [Vec<(String, Content)>; 2],
    data: HashMap<String, String>,
}

/// An element that is open, and what its end has to do.
struct Open {
    name: String,
    /// The tag that its end writes.
    closing: Option<Tag>,
    /// The number of a marked segment, with the content around it.
    segment: Option<(String, Content)>,
}

struct State<'t> {
    text: &'t str,
    path: Vec<Open>,
    aside: usize,
    seen: bool,
    langs: [Option<LangTag>; 2],
    original: String,
    header: Vec<Property>,
    notes: Vec<String>,
    units: Vec<TranslationUnit>,
    unit: Option<Unit>,
    /// The content being read, and in which element.
    content: Option<Content>,
    in_target: bool,
    in_seg_source: bool,
    /// The tag whose code is being read.
    code: Option<(usize, Tag)>,
    /// Text of a note, a context, metadata or original data, with its name.
    plain: Option<(String, String)>,
    marks: usize,
}

/// Reads XLIFF 1.0 to 1.2 and 2.x.
pub(in crate::format) fn read(text: &str) -> Result<Bitext> {
    let mut state = State {
        text,
        path: Vec::new(),
        aside: 0,
        seen: false,
        langs: [None, None],
        original: String::new(),
        header: Vec::new(),
        notes: Vec::new(),
        units: Vec::new(),
        unit: None,
        content: None,
        in_target: false,
        in_seg_source: false,
        code: None,
        plain: None,
        marks: 0,
    };
    let mut reader = Reader::from_str(text);
    loop {
        let before = reader.buffer_position() as usize;
        let event =
            reader.read_event().map_err(|e| state.error(reader.error_position() as usize, &e.to_string()))?;
        let after = reader.buffer_position() as usize;
        match event {
            Event::Start(e) => state.open(&e, before, after)?,
            Event::Empty(e) => {
                state.open(&e, before, after)?;
                state.close(after)?;
            }
            Event::End(_) => state.close(after)?,
            Event::Text(e) => state.push(&e.xml10_content()),
            Event::CData(e) => state.push(&e.xml10_content()),
            Event::GeneralRef(e) => {
                let value = entity(&e).ok_or_else(|| {
                    let name: &str = e.as_ref();
                    state.error(before, &format!("unknown entity &{name};"))
                })?;
                state.push(&value);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    state.finish()
}

impl State<'_> {
    fn error(&self, at: usize, what: &str) -> Error {
        let head = &self.text.as_bytes()[..at.min(self.text.len())];
        let line = head.iter().filter(|b| **b == b'\n').count() + 1;
        Error::malformed(format!("not well-formed XLIFF: {what}")).at_line(line)
    }

    fn push(&mut self, text: &str) {
        if self.aside > 0 {
        } else if let Some((_, tag)) = &mut self.code {
            tag.code.push_str(text);
        } else if let Some(content) = &mut self.content {
            push_text(content, text);
        } else if let Some((_, plain)) = &mut self.plain {
            plain.push_str(text);
        }
    }

    fn lang(&mut self, side: usize, tag: Option<String>, at: usize) -> Result<()> {
        if let (None, Some(tag)) = (&self.langs[side], tag.filter(|t| !t.is_empty())) {
            self.langs[side] = Some(tag.parse().map_err(|e: String| self.error(at, &e))?);
        }
        Ok(())
    }

    fn open(&mut self, e: &BytesStart, before: usize, after: usize) -> Result<()> {
        let name = local(e.name().as_ref()).to_string();
        if self.path.len() >= DEEPEST {
            return Err(self.error(before, "elements are nested too deeply"));
        }
        let mut open = Open { name: name.clone(), closing: None, segment: None };
        if self.aside > 0 || ASIDE.contains(&name.as_str()) {
            self.aside += 1;
        } else if self.content.is_some() {
            self.open_inline(e, &mut open, before, after);
        } else {
            self.open_structure(e, &name, before)?;
        }
        self.path.push(open);
        Ok(())
    }

    fn open_structure(&mut self, e: &BytesStart, name: &str, before: usize) -> Result<()> {
        let get = |name: &str| attribute(e, name);
        match name {
            "xliff" => {
                self.seen = true;
                self.lang(0, get("srcLang"), before)?;
                self.lang(1, get("trgLang"), before)?;
            }
            "file" => {
                self.lang(0, get("source-language"), before)?;
                self.lang(1, get("target-language"), before)?;
                if self.original.is_empty() {
                    self.original = get("original").unwrap_or_default();
                }
            }
            "trans-unit" | "unit" => {
                let id = get("resname").or_else(|| get("name")).or_else(|| get("id")).unwrap_or_default();
                let approved = get("approved").unwrap_or_default();
                self.unit = Some(Unit { id, approved, ..Unit::default() });
            }
            "segment" => {
                if let Some(unit) = &mut self.unit {
                    unit.parts.push(Part {
                        id: get("id").unwrap_or_default(),
                        state: get("state").unwrap_or_default(),
                        review: get("subState").is_some_and(|s| s == NEEDS_REVIEW),
                        ..Part::default()
                    });
                }
            }
            "source" | "target" | "seg-source" => {
                let ignorable = self.path.last().is_some_and(|p| p.name == "ignorable");
                if let Some(unit) = self.unit.as_mut().filter(|_| !ignorable) {
                    if unit.parts.is_empty() {
                        unit.parts.push(Part::default());
                    }
                    if let (Some(part), "target", Some(state)) = (unit.parts.last_mut(), name, get("state")) {
                        part.state = state;
                    }
                    self.content = Some(Vec::new());
                    self.in_target = name == "target";
                    self.in_seg_source = name == "seg-source";
                }
            }
            "note" => {
                let about = get("annotates").or_else(|| get("appliesTo")).unwrap_or_default();
                let from = get("from").unwrap_or_default();
                let key = if from.starts_with("x-duizhao-") { from } else { about };
                self.plain = Some((key, String::new()));
            }
            "context" => self.plain = Some((get("context-type").unwrap_or_default(), String::new())),
            "prop" => self.plain = Some((get("prop-type").unwrap_or_default(), String::new())),
            "meta" => self.plain = Some((get("type").unwrap_or_default(), String::new())),
            "data" => self.plain = Some((get("id").unwrap_or_default(), String::new())),
            _ => {}
        }
        Ok(())
    }

    fn open_inline(&mut self, e: &BytesStart, open: &mut Open, before: usize, after: usize) {
        if let Some((depth, _)) = &mut self.code {
            *depth += 1;
            return;
        }
        let get = |name: &str| attribute(e, name);
        let data = |reference: &str| {
            let name = attribute(e, reference)?;
            self.unit.as_ref()?.data.get(&name).cloned()
        };
        let kind = get("ctype")
            .or_else(|| get("subType").map(|s| s.strip_prefix("tmx:").unwrap_or(&s).to_string()))
            .or_else(|| get("type"))
            .unwrap_or_default();
        let id = get("id").or_else(|| get("rid")).unwrap_or_default();
        let raw = self.text.get(before..after).unwrap_or("").to_string();
        let tag = |role: Role, code: String| Tag { role, id: id.clone(), kind: kind.clone(), code };
        let isolated = get("isolated").is_some_and(|i| i == "yes");
        let add = match open.name.as_str() {
            "mrk" if get("mtype").is_some_and(|m| m == "seg") => {
                let around = self.content.replace(Vec::new()).unwrap_or_default();
                open.segment = Some((get("mid").unwrap_or_default(), around));
                return;
            }
            // Annotations of XLIFF 2 speak about text; the text is what we keep.
            "mrk" if get("mtype").is_none() => return,
            "g" | "mrk" => {
                self.marks += 1;
                let id = if id.is_empty() { format!("m{}", self.marks) } else { id.clone() };
                open.closing = Some(Tag {
                    role: Role::Close,
                    id: id.clone(),
                    kind: String::new(),
                    code: format!("</{}>", open.name),
                });
                // An empty pair (`<g id="1"/>`) is closed by its end like any other.
                let code = raw.strip_suffix("/>").map_or(raw.clone(), |r| format!("{}>", r.trim_end()));
                Tag { role: Role::Open, id, kind: String::new(), code }
            }
            "x" | "bx" | "ex" => Tag { kind: String::new(), ..tag(Role::Alone, raw) },
            "pc" => {
                open.closing = Some(Tag {
                    role: Role::Close,
                    id: id.clone(),
                    kind: String::new(),
                    code: data("dataRefEnd").unwrap_or_default(),
                });
                tag(Role::Open, data("dataRefStart").unwrap_or_default())
            }
            "sc" => tag(if isolated { Role::Begin } else { Role::Open }, data("dataRef").unwrap_or_default()),
            "ec" if isolated => tag(Role::End, data("dataRef").unwrap_or_default()),
            "ec" => Tag {
                role: Role::Close,
                id: get("startRef").unwrap_or(id),
                kind: String::new(),
                code: data("dataRef").unwrap_or_default(),
            },
            "cp" => {
                let code = get("hex").and_then(|h| u32::from_str_radix(&h, 16).ok()).and_then(char::from_u32);
                let text = code.map(String::from).unwrap_or_default();
                if let Some(content) = &mut self.content {
                    push_text(content, &text);
                }
                return;
            }
            "ph" if get("dataRef").is_some() => tag(Role::Alone, data("dataRef").unwrap_or_default()),
            "bpt" | "ept" | "ph" | "it" => {
                let role = match open.name.as_str() {
                    "bpt" => Role::Open,
                    "ept" => Role::Close,
                    "ph" => Role::Alone,
                    _ if get("pos").is_some_and(|p| p == "close") => Role::End,
                    _ => Role::Begin,
                };
                // `rid` joins the two ends of a pair where their ids differ.
                let id =
                    get("rid").filter(|_| matches!(role, Role::Open | Role::Close)).unwrap_or(id.clone());
                self.code = Some((0, Tag { id, ..tag(role, String::new()) }));
                return;
            }
            _ => return,
        };
        if let Some(content) = &mut self.content {
            content.push(Inline::Tag(add));
        }
    }

    fn close(&mut self, after: usize) -> Result<()> {
        let Some(open) = self.path.pop() else { return Err(self.error(after, "an end without a start")) };
        if self.aside > 0 {
            self.aside -= 1;
            return Ok(());
        }
        if let Some((depth, tag)) = &mut self.code {
            if *depth > 0 {
                *depth -= 1;
            } else {
                let tag = Inline::Tag(tag.clone());
                self.code = None;
                if let Some(content) = &mut self.content {
                    content.push(tag);
                }
            }
            return Ok(());
        }
        if let Some((number, mut around)) = open.segment {
            let inner = self.content.take().unwrap_or_default();
            around.extend(inner.iter().cloned());
            self.content = Some(around);
            if let Some(unit) = &mut self.unit {
                unit.marked[usize::from(self.in_target)].push((number, inner));
            }
            return Ok(());
        }
        if let (Some(tag), Some(content)) = (open.closing, &mut self.content) {
            content.push(Inline::Tag(tag));
            return Ok(());
        }
        match open.name.as_str() {
            "source" | "target" | "seg-source" => {
                let content = self.content.take();
                let part = self.unit.as_mut().and_then(|u| u.parts.last_mut());
                if let (Some(part), Some(content), false) = (part, content, self.in_seg_source) {
                    if self.in_target {
                        part.target = Some(content);
                    } else {
                        part.source = content;
                    }
                }
                self.in_seg_source = false;
            }
            "note" | "context" | "prop" | "meta" | "data" => {
                if let Some((key, text)) = self.plain.take() {
                    self.keep(&open.name, key, text);
                }
            }
            "trans-unit" | "unit" => {
                if let Some(unit) = self.unit.take() {
                    self.finish_unit(unit);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn keep(&mut self, element: &str, key: String, value: String) {
        match (element, &mut self.unit) {
            ("data", Some(unit)) => {
                unit.data.insert(key, value);
            }
            ("note", Some(unit)) => unit.notes.push((key, value)),
            ("note", None) => match key.strip_prefix("x-duizhao-") {
                Some(kind) => self.header.push(Property { kind: kind.to_string(), value }),
                None => self.notes.push(value),
            },
            (_, Some(unit)) => unit.properties.push(Property { kind: key, value }),
            ("meta", None) => self.header.push(Property { kind: key, value }),
            _ => {}
        }
    }

    fn finish_unit(&mut self, mut unit: Unit) {
        let [marked_source, marked_target] = std::mem::take(&mut unit.marked);
        let mut parts = std::mem::take(&mut unit.parts);
        if !marked_source.is_empty() {
            let state = parts.pop().map(|p| p.state).unwrap_or_default();
            parts = marked_source
                .into_iter()
                .map(|(id, source)| {
                    let target = marked_target.iter().find(|m| m.0 == id).map(|m| m.1.clone());
                    Part { id, source, target, state: state.clone(), review: false }
                })
                .collect();
        }
        let several = parts.len() > 1;
        for (k, part) in (1..).zip(parts) {
            let number = if part.id.is_empty() { k.to_string() } else { part.id.clone() };
            let id = if several { format!("{}#{number}", unit.id) } else { unit.id.clone() };
            self.units.push(self.unit_of(&unit, part, id));
        }
    }

    /// The tags are put in at the end, when all are known.
    fn unit_of(&self, unit: &Unit, part: Part, id: String) -> TranslationUnit {
        let placeholder: LangTag = "und".parse().expect("the tag is well-formed");
        let variant = |content: &Content| {
            let mut variant = Variant::new(placeholder.clone(), plain(content));
            let tagged = content.iter().any(|i| matches!(i, Inline::Tag(_)));
            variant.markup = tagged.then(|| to_tmx(content));
            variant
        };
        let mut source = variant(&part.source);
        let mut target = variant(&part.target.unwrap_or_default());
        let mut out = TranslationUnit {
            id,
            variants: Vec::new(),
            bead: None,
            attributes: Vec::new(),
            properties: Vec::new(),
            notes: Vec::new(),
        };
        let (mut score, mut confidence) = (0.0, None);
        for p in &unit.properties {
            match (p.kind.as_str(), p.value.parse::<f64>()) {
                (SCORE, Ok(value)) => score = value,
                (CONFIDENCE, Ok(value)) if (0.0..=1.0).contains(&value) => confidence = Some(value),
                _ => match p.kind.strip_prefix(ATTRIBUTE) {
                    Some(kind) => out.attributes.push(Property { kind: kind.into(), value: p.value.clone() }),
                    None => out.properties.push(p.clone()),
                },
            }
        }
        for (about, note) in &unit.notes {
            match about.as_str() {
                "source" => source.notes.push(note.clone()),
                "target" => target.notes.push(note.clone()),
                _ => out.notes.push(note.clone()),
            }
        }
        let status = status(&part.state, part.review, unit.approved == "yes");
        match confidence {
            Some(confidence) => {
                out.bead = Some(BeadInfo::judged(score, confidence, status));
            }
            None => {
                if !part.state.is_empty() {
                    target.properties.push(Property { kind: STATE.into(), value: part.state });
                }
                if !unit.approved.is_empty() {
                    out.properties.push(Property { kind: APPROVED.into(), value: unit.approved.clone() });
                }
            }
        }
        out.variants = vec![source, target];
        out
    }

    fn finish(mut self) -> Result<Bitext> {
        if !self.seen {
            return Err(Error::malformed("not an XLIFF file: there is no <xliff> element"));
        }
        if !self.path.is_empty() {
            let path: Vec<&str> = self.path.iter().map(|p| p.name.as_str()).collect();
            return Err(self.error(self.text.len(), &format!("the file ends inside <{}>", path.join("><"))));
        }
        let [source, target] = &self.langs;
        let Some(source) = source.clone() else {
            return Err(Error::malformed("the XLIFF file does not name its source language"));
        };
        let target = target.clone().unwrap_or_else(|| {
            let other = if source.lang() == Some(Lang::Zh) { "en-US" } else { "zh-CN" };
            other.parse().expect("the tag is well-formed")
        });
        let mut bitext = Bitext::new(source.clone(), target.clone());
        if self.header.is_empty() && !["", "unknown"].contains(&self.original.as_str()) {
            self.header.push(Property { kind: "source-file".into(), value: self.original });
        }
        bitext.header = self.header;
        bitext.notes = self.notes;
        bitext.units = self.units;
        for unit in &mut bitext.units {
            for (variant, tag) in unit.variants.iter_mut().zip([&source, &target]) {
                variant.lang.clone_from(tag);
            }
        }
        Ok(bitext)
    }
}

/// What the states of both versions say about a pair.
fn status(state: &str, review: bool, approved: bool) -> Status {
    match state {
        _ if approved => Status::Accepted,
        "final" | "signed-off" | "reviewed" => Status::Accepted,
        "translated" if !review => Status::Unchecked,
        "" if !review => Status::Unchecked,
        _ => Status::NeedsReview,
    }
}
