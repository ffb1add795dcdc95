//! The complete alignment: a header line, then a bead a line. Everything else can be made from it.

use super::Written;
use super::tmx::input::Input;
use crate::error::{Error, Result};
use crate::model::{
    BeadInfo, Bitext, BlockKind, Evidence, LangTag, Match, MatchKind, Place, Property, Segment, Side, Status,
    TranslationUnit, Variant,
};
use serde::{Deserialize, Serialize};
use std::io::{BufRead, Write};
use std::ops::Range;

/// The version of the format; a reader refuses greater ones.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Header {
    duizhao: u32,
    source_lang: String,
    target_lang: String,
    #[serde(default)]
    header: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Line {
    id: String,
    source: Vec<Part>,
    target: Vec<Part>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source_text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    target_text: Option<String>,
    #[serde(default)]
    score: f64,
    #[serde(default)]
    confidence: f64,
    #[serde(default)]
    status: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    moved_to: Option<usize>,
    #[serde(default)]
    evidence: Proof,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
    /// A pair of a memory: there is no bead behind it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    plain: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source_markup: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    target_markup: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    attributes: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    properties: Vec<(String, String)>,
}

#[derive(Serialize, Deserialize)]
struct Part {
    text: String,
    #[serde(default)]
    block: usize,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    line: usize,
    #[serde(default)]
    bytes: (usize, usize),
    #[serde(default, skip_serializing_if = "String::is_empty")]
    part: String,
}

#[derive(Serialize, Deserialize, Default)]
struct Proof {
    #[serde(default)]
    length: f64,
    #[serde(default)]
    source_coverage: f64,
    #[serde(default)]
    target_coverage: f64,
    #[serde(default)]
    matches: Vec<(String, String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    missing: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
}

pub(super) fn write(bitext: &Bitext, out: &mut dyn Write) -> Result<Written> {
    let header = Header {
        duizhao: VERSION,
        source_lang: bitext.source_lang.to_string(),
        target_lang: bitext.target_lang.to_string(),
        header: named(&bitext.header),
        notes: bitext.notes.clone(),
    };
    write_line(out, &header)?;
    for unit in &bitext.units {
        write_line(out, &line_of(unit))?;
    }
    Ok(Written { units: bitext.units.len(), ..Written::default() })
}

fn write_line(out: &mut dyn Write, value: &impl Serialize) -> Result<()> {
    serde_json::to_writer(&mut *out, value).map_err(|e| Error::from(std::io::Error::from(e)))?;
    Ok(out.write_all(b"\n")?)
}

fn line_of(unit: &TranslationUnit) -> Line {
    let parts = |k: usize| -> Vec<Part> {
        unit.variants.get(k).map_or(Vec::new(), |v| v.segments.iter().map(part_of).collect())
    };
    // The text is the segments' joined; only where there are none, or it was edited, it must be told.
    let text = |k: usize| {
        let variant = unit.variants.get(k)?;
        let joiner = variant.lang.lang().map_or(" ", |l| l.joiner());
        let joined = variant.segments.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join(joiner);
        (joined != variant.text).then(|| variant.text.clone())
    };
    let bead = unit.bead.clone().unwrap_or_else(|| BeadInfo::judged(0.0, 0.0, Status::Unchecked));
    let side = |s: &Side| if *s == Side::Source { "source" } else { "target" }.to_string();
    Line {
        id: unit.id.clone(),
        source: parts(0),
        target: parts(1),
        source_text: text(0),
        target_text: text(1),
        score: bead.score,
        confidence: bead.confidence,
        status: bead.status.to_string(),
        moved_to: bead.moved_to,
        evidence: Proof {
            length: bead.evidence.length,
            source_coverage: bead.evidence.source_coverage,
            target_coverage: bead.evidence.target_coverage,
            matches: bead
                .evidence
                .matches
                .iter()
                .map(|m| (m.kind.to_string(), m.source.clone(), m.target.clone()))
                .collect(),
            missing: bead.evidence.missing.iter().map(|(s, t)| (side(s), t.clone())).collect(),
            notes: bead.evidence.notes.clone(),
        },
        notes: unit.notes.clone(),
        plain: unit.bead.is_none(),
        source_markup: unit.variants.first().and_then(|v| v.markup.clone()),
        target_markup: unit.variants.get(1).and_then(|v| v.markup.clone()),
        attributes: named(&unit.attributes),
        properties: named(&unit.properties),
    }
}

fn named(list: &[Property]) -> Vec<(String, String)> {
    list.iter().map(|p| (p.kind.clone(), p.value.clone())).collect()
}

fn properties(list: Vec<(String, String)>) -> Vec<Property> {
    list.into_iter().map(|(kind, value)| Property { kind, value }).collect()
}

fn part_of(segment: &Segment) -> Part {
    Part {
        text: segment.text.clone(),
        block: segment.block,
        kind: kind_name(segment.kind),
        line: segment.place.line,
        bytes: (segment.place.bytes.start, segment.place.bytes.end),
        part: segment.place.part.clone(),
    }
}

fn kind_name(kind: BlockKind) -> String {
    match kind {
        BlockKind::Paragraph => "paragraph".into(),
        BlockKind::Heading(0) => "heading".into(),
        BlockKind::Heading(level) => format!("heading-{level}"),
        BlockKind::ListItem => "list-item".into(),
        BlockKind::Cell => "cell".into(),
        BlockKind::Footnote => "footnote".into(),
        BlockKind::Line => "line".into(),
    }
}

fn kind_of(name: &str) -> Result<BlockKind> {
    Ok(match name {
        "" | "paragraph" => BlockKind::Paragraph,
        "heading" => BlockKind::Heading(0),
        "list-item" => BlockKind::ListItem,
        "cell" => BlockKind::Cell,
        "footnote" => BlockKind::Footnote,
        "line" => BlockKind::Line,
        _ => {
            let level = name.strip_prefix("heading-").and_then(|l| l.parse().ok());
            BlockKind::Heading(
                level.ok_or_else(|| Error::malformed(format!("unknown kind of block {name:?}")))?,
            )
        }
    })
}

fn no_lines() -> Error {
    Error::new(crate::ErrorKind::Empty("the file is empty".into()))
        .advise("make it anew with `duizhao align SOURCE TARGET -o FILE.jsonl`")
}

pub(super) fn read(text: &str) -> Result<Bitext> {
    let mut lines = text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty());
    let (k, first) = lines.next().ok_or_else(no_lines)?;
    let mut bitext = header_of(first, k)?;
    let mut beads = Beads::default();
    for (k, line) in lines {
        let unit = beads.unit(line, k, &bitext)?;
        bitext.units.push(unit);
    }
    beads.finish()?;
    Ok(bitext)
}

/// The first line of a file, as a bitext without units; `k` is its index.
fn header_of(first: &str, k: usize) -> Result<Bitext> {
    let header: Header = parse(first, k, "the header of an alignment")?;
    if header.duizhao > VERSION {
        return Err(Error::malformed(format!(
            "format version {} is newer than this program",
            header.duizhao
        ))
        .at_line(k + 1)
        .advise("update duizhao"));
    }
    let tag = |s: &str| s.parse::<LangTag>().map_err(|e| Error::malformed(e).at_line(k + 1));
    let mut bitext = Bitext::new(tag(&header.source_lang)?, tag(&header.target_lang)?);
    bitext.header = properties(header.header);
    bitext.notes = header.notes;
    Ok(bitext)
}

/// What the lines before say about the next one.
#[derive(Default)]
struct Beads {
    segments: [usize; 2],
    count: usize,
    moved: Option<(usize, String)>,
}

impl Beads {
    fn unit(&mut self, line: &str, k: usize, about: &Bitext) -> Result<TranslationUnit> {
        let line: Line = parse(line, k, "a bead")?;
        let [i, j] = self.segments;
        let (source, target) = (i..i + line.source.len(), j..j + line.target.len());
        self.segments = [source.end, target.end];
        self.count += 1;
        if let Some(to) = line.moved_to.filter(|to| self.moved.as_ref().is_none_or(|m| *to > m.0)) {
            self.moved = Some((to, line.id.clone()));
        }
        unit_of(line, source, target, about).map_err(|e| e.at_line(k + 1))
    }

    fn finish(&self) -> Result<()> {
        match &self.moved {
            Some((to, id)) if *to >= self.count => {
                Err(Error::malformed(format!("unit {id} is said to have moved to a bead that is not there")))
            }
            _ => Ok(()),
        }
    }
}

/// Reads an alignment line by line.
pub(super) struct LineReader<'r> {
    input: Input<'r>,
    line: usize,
    beads: Beads,
    about: Bitext,
}

impl<'r> LineReader<'r> {
    pub(super) fn new(input: Input<'r>) -> Result<LineReader<'r>> {
        let tags = ["zh-CN", "en-US"].map(|t| t.parse().expect("the tags are well-formed"));
        let [source, target]: [LangTag; 2] = tags;
        let about = Bitext::new(source, target);
        let mut this = LineReader { input, line: 0, beads: Beads::default(), about };
        let Some(first) = this.next_line()? else {
            return Err(no_lines());
        };
        this.about = header_of(&first, this.line - 1)?;
        Ok(this)
    }

    /// What the first line says; no units.
    pub(super) fn about(&self) -> &Bitext {
        &self.about
    }

    fn next_line(&mut self) -> Result<Option<String>> {
        loop {
            let mut text = String::new();
            self.input.next_event();
            let read = self.input.read_line(&mut text);
            if read.map_err(|e| self.input.broken().unwrap_or_else(|| e.into()))? == 0 {
                return Ok(None);
            }
            self.line += 1;
            if !text.trim().is_empty() {
                return Ok(Some(text));
            }
        }
    }

    /// The next unit.
    ///
    /// # Errors
    /// As [`read`].
    pub(super) fn next_unit(&mut self) -> Result<Option<TranslationUnit>> {
        match self.next_line()? {
            Some(line) => self.beads.unit(&line, self.line - 1, &self.about).map(Some),
            None => self.beads.finish().map(|()| None),
        }
    }
}

fn parse<'t, T: Deserialize<'t>>(line: &'t str, k: usize, what: &str) -> Result<T> {
    serde_json::from_str(line).map_err(|e| Error::malformed(format!("not {what}: {e}")).at_line(k + 1))
}

fn unit_of(
    line: Line,
    source: Range<usize>,
    target: Range<usize>,
    bitext: &Bitext,
) -> Result<TranslationUnit> {
    let side = |tag: &LangTag, parts: Vec<Part>, text: Option<String>, markup| -> Result<Variant> {
        let segments: Vec<Segment> = parts.into_iter().map(segment_of).collect::<Result<_>>()?;
        let joiner = tag.lang().map_or(" ", |l| l.joiner());
        let joined = || segments.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join(joiner);
        let mut variant = Variant::new(tag.clone(), text.unwrap_or_else(joined));
        variant.segments = segments;
        variant.markup = markup;
        Ok(variant)
    };
    let matches = line.evidence.matches.into_iter().map(|(kind, source, target)| {
        Ok(Match { kind: kind.parse::<MatchKind>().map_err(Error::malformed)?, source, target })
    });
    let missing = line.evidence.missing.into_iter().map(|(side, text)| match side.as_str() {
        "source" => Ok((Side::Source, text)),
        "target" => Ok((Side::Target, text)),
        other => Err(Error::malformed(format!("{other:?} is no side: source or target"))),
    });
    let evidence = Evidence {
        length: line.evidence.length,
        source_coverage: line.evidence.source_coverage,
        target_coverage: line.evidence.target_coverage,
        matches: matches.collect::<Result<_>>()?,
        missing: missing.collect::<Result<_>>()?,
        notes: line.evidence.notes,
    };
    let status = if line.status.is_empty() {
        Status::Unchecked
    } else {
        line.status.parse().map_err(|e: String| Error::malformed(e))?
    };
    Ok(TranslationUnit {
        id: line.id,
        variants: vec![
            side(&bitext.source_lang, line.source, line.source_text, line.source_markup)?,
            side(&bitext.target_lang, line.target, line.target_text, line.target_markup)?,
        ],
        bead: (!line.plain).then_some(BeadInfo {
            source,
            target,
            score: line.score,
            confidence: line.confidence,
            status,
            evidence,
            moved_to: line.moved_to,
        }),
        attributes: properties(line.attributes),
        properties: properties(line.properties),
        notes: line.notes,
    })
}

fn segment_of(part: Part) -> Result<Segment> {
    if part.bytes.0 > part.bytes.1 {
        return Err(Error::malformed("a segment ends before it begins"));
    }
    Ok(Segment {
        text: part.text,
        block: part.block,
        kind: kind_of(&part.kind)?,
        place: Place { part: part.part, line: part.line, bytes: part.bytes.0..part.bytes.1 },
    })
}

/// One unit as a line of the format, without its line break. Its ranges are not told.
pub fn unit_to_line(unit: &TranslationUnit) -> Result<String> {
    serde_json::to_string(&line_of(unit)).map_err(|e| Error::from(std::io::Error::from(e)))
}

/// The unit that [`unit_to_line`] wrote. `about` gives the languages; the ranges start at 0.
///
/// # Errors
/// A line that is no bead.
pub fn unit_from_line(line: &str, about: &Bitext) -> Result<TranslationUnit> {
    let line: Line = parse(line, 0, "a bead")?;
    let (source, target) = (0..line.source.len(), 0..line.target.len());
    unit_of(line, source, target, about)
}
