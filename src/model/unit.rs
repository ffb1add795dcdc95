//! Translation units: what bilingual files hold. A [`Bitext`] is one such file in memory.

use super::{Evidence, LangTag, Segment, Status};
use std::ops::Range;

/// A typed property of a unit, a variant or a file (TMX `<prop>`, XLIFF metadata).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// The type; own ones start with `x-`.
    pub kind: String,
    /// The value.
    pub value: String,
}

/// One side of a translation unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// Its language, as the file spells it.
    pub lang: LangTag,
    /// Its plain text, without inline tags.
    pub text: String,
    /// The content with its inline tags as XML, where it has any.
    pub markup: Option<String>,
    /// The segments of which the text was joined, where it comes from an alignment. Empty otherwise.
    pub segments: Vec<Segment>,
    /// Attributes the file gave it (`creationdate`, `changeid` …), in order.
    pub attributes: Vec<Property>,
    /// Properties.
    pub properties: Vec<Property>,
    /// Notes.
    pub notes: Vec<String>,
}

impl Variant {
    /// A variant of plain text.
    pub fn new(lang: LangTag, text: impl Into<String>) -> Variant {
        Variant {
            lang,
            text: text.into(),
            markup: None,
            segments: Vec::new(),
            attributes: Vec::new(),
            properties: Vec::new(),
            notes: Vec::new(),
        }
    }
}

/// What an alignment knows about the bead behind a unit.
#[derive(Debug, Clone, PartialEq)]
pub struct BeadInfo {
    /// Indices of the source segments.
    pub source: Range<usize>,
    /// Indices of the target segments.
    pub target: Range<usize>,
    /// Higher is better.
    pub score: f64,
    /// The calibrated probability (0 to 1) that the bead is right.
    pub confidence: f64,
    /// What has been decided about it.
    pub status: Status,
    /// Why, where the file tells.
    pub evidence: Evidence,
    /// The index of the unit that holds its counterpart, for moved material.
    pub moved_to: Option<usize>,
}

impl BeadInfo {
    /// What a file tells that holds texts but no segments: the ranges are empty, and there is no evidence.
    pub fn judged(score: f64, confidence: f64, status: Status) -> BeadInfo {
        BeadInfo {
            source: 0..0,
            target: 0..0,
            score,
            confidence,
            status,
            evidence: Evidence::default(),
            moved_to: None,
        }
    }
}

/// A source text and its translation, or several.
#[derive(Debug, Clone, PartialEq)]
pub struct TranslationUnit {
    /// The unit's identity within the file; may be empty.
    pub id: String,
    /// The variants; the first is the source. An alignment's 1-0 bead has an empty target text.
    pub variants: Vec<Variant>,
    /// The bead behind it, where known.
    pub bead: Option<BeadInfo>,
    /// Attributes the file gave it (`creationdate`, `changedate`, `usagecount` …), in order.
    pub attributes: Vec<Property>,
    /// Properties.
    pub properties: Vec<Property>,
    /// Notes.
    pub notes: Vec<String>,
}

/// A bilingual file in memory: its languages, its units, what its header said.
#[derive(Debug, Clone, PartialEq)]
pub struct Bitext {
    /// The source language.
    pub source_lang: LangTag,
    /// The target language.
    pub target_lang: LangTag,
    /// The units, in the file's order.
    pub units: Vec<TranslationUnit>,
    /// Header data: `source-file`, `source-digest`, `options` … of an alignment; attributes of a TMX header.
    pub header: Vec<Property>,
    /// Header notes.
    pub notes: Vec<String>,
}

impl Bitext {
    /// An empty file.
    pub fn new(source_lang: LangTag, target_lang: LangTag) -> Bitext {
        Bitext { source_lang, target_lang, units: Vec::new(), header: Vec::new(), notes: Vec::new() }
    }
}
