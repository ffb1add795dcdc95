//! A row of the review: a bead with its segments, its texts, and what has been decided.
//!
//! A row knows no indices of segments: the order of the rows is the order of the text.

use crate::error::{Error, Result};
use crate::model::{BeadInfo, Evidence, LangTag, Segment, Side, Status, TranslationUnit, Variant};
use crate::read::digest;

/// A bead under review.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The unit; its bead's ranges and `moved_to` are set when the whole is written.
    pub unit: TranslationUnit,
    /// The id of the row that holds its counterpart, for moved material.
    pub moved_to: Option<String>,
}

impl Row {
    /// A row of an alignment's unit.
    ///
    /// # Errors
    /// A unit without bead or without two sides, or with text that no segment holds.
    pub fn new(mut unit: TranslationUnit, moved_to: Option<String>) -> Result<Row> {
        if unit.variants.len() != 2 || unit.bead.is_none() {
            return Err(Error::malformed(format!("unit {:?} is not a bead of an alignment", unit.id))
                .advise("review needs the JSON lines that `duizhao align -o FILE.jsonl` writes"));
        }
        if unit.variants.iter().all(|v| v.segments.is_empty()) {
            return Err(Error::malformed(format!("unit {:?} has no segments", unit.id))
                .advise("review needs the JSON lines that `duizhao align -o FILE.jsonl` writes"));
        }
        if let Some(bead) = &mut unit.bead {
            (bead.source, bead.target, bead.moved_to) = (0..0, 0..0, None);
        }
        Ok(Row { unit, moved_to })
    }

    /// The bead's data.
    pub fn bead(&self) -> &BeadInfo {
        self.unit.bead.as_ref().expect("Row::new checked it")
    }

    pub(super) fn bead_mut(&mut self) -> &mut BeadInfo {
        self.unit.bead.as_mut().expect("Row::new checked it")
    }

    /// One side.
    pub fn variant(&self, side: Side) -> &Variant {
        &self.unit.variants[usize::from(side == Side::Target)]
    }

    pub(super) fn variant_mut(&mut self, side: Side) -> &mut Variant {
        &mut self.unit.variants[usize::from(side == Side::Target)]
    }

    /// The segments of one side.
    pub fn segments(&self, side: Side) -> &[Segment] {
        &self.variant(side).segments
    }

    /// The text of one side as it is now.
    pub fn text(&self, side: Side) -> &str {
        &self.variant(side).text
    }

    /// The text of one side as the segments have it.
    pub fn original(&self, side: Side) -> String {
        let variant = self.variant(side);
        joined(&variant.lang, &variant.segments)
    }

    /// Whether a person changed the text of this side.
    pub fn is_edited(&self, side: Side) -> bool {
        self.text(side) != self.original(side)
    }

    /// Whether nothing is left on either side.
    pub fn is_empty(&self) -> bool {
        self.segments(Side::Source).is_empty() && self.segments(Side::Target).is_empty()
    }

    /// A person's decision, which realigning keeps: accepted, rejected or edited.
    pub fn is_pinned(&self) -> bool {
        matches!(self.bead().status, Status::Accepted | Status::Rejected)
            || self.is_edited(Side::Source)
            || self.is_edited(Side::Target)
    }

    /// A new row of these segments and texts; its id may be another row's, too. Its confidence and score are the lowest of the rows it was made of,
    /// its evidence what still stands in the texts: nobody has looked at it again.
    pub(super) fn made_of(parents: &[&Row], sides: [(Vec<Segment>, String); 2]) -> Row {
        let first = parents[0];
        let [(source, source_text), (target, target_text)] = sides;
        let matches = parents.iter().flat_map(|p| &p.bead().evidence.matches);
        let missing = parents.iter().flat_map(|p| &p.bead().evidence.missing);
        let lowest =
            |f: &dyn Fn(&BeadInfo) -> f64| parents.iter().map(|p| f(p.bead())).fold(f64::INFINITY, f64::min);
        let evidence = Evidence {
            length: lowest(&|b| b.evidence.length),
            source_coverage: lowest(&|b| b.evidence.source_coverage),
            target_coverage: lowest(&|b| b.evidence.target_coverage),
            matches: matches
                .filter(|m| source_text.contains(&m.source) && target_text.contains(&m.target))
                .cloned()
                .collect(),
            missing: missing
                .filter(|(side, text)| {
                    let own = if *side == Side::Source { &source_text } else { &target_text };
                    own.contains(text)
                })
                .cloned()
                .collect(),
            notes: Vec::new(),
        };
        let side = |lang: &LangTag, segments: Vec<Segment>, text: String| {
            let mut variant = Variant::new(lang.clone(), text);
            variant.segments = segments;
            variant
        };
        let mut notes: Vec<String> = Vec::new();
        for note in parents.iter().flat_map(|p| &p.unit.notes) {
            if !notes.contains(note) {
                notes.push(note.clone());
            }
        }
        let variants = vec![
            side(&first.variant(Side::Source).lang, source, source_text),
            side(&first.variant(Side::Target).lang, target, target_text),
        ];
        Row {
            unit: TranslationUnit {
                id: id_of(&variants),
                variants,
                bead: Some(BeadInfo {
                    evidence,
                    ..BeadInfo::judged(lowest(&|b| b.score), lowest(&|b| b.confidence), Status::NeedsReview)
                }),
                attributes: Vec::new(),
                properties: Vec::new(),
                notes,
            },
            moved_to: None,
        }
    }
}

/// Twelve hexadecimal digits of the SHA-256 of both texts as the segments have them, as in a new alignment: a row that is
/// made again has its id again, and no id ever names another text, so that corrections of a table from before are never
/// taken over by the wrong row.
pub(super) fn id_of(variants: &[Variant]) -> String {
    let texts: Vec<String> = variants.iter().map(|v| joined(&v.lang, &v.segments)).collect();
    let mut id = digest(texts.join("\0").as_bytes());
    id.truncate(12);
    id
}

/// The id, or with the first number from 2 on that makes it free.
pub(super) fn free_id(id: &str, is_free: impl Fn(&str) -> bool) -> String {
    let numbered = (2usize..).map(|n| format!("{id}-{n}"));
    std::iter::once(id.to_string()).chain(numbered).find(|id| is_free(id)).unwrap_or_default()
}

/// Texts of one language set together.
pub(super) fn join(lang: &LangTag, parts: &[&str]) -> String {
    let joiner = lang.lang().map_or(" ", |l| l.joiner());
    parts.iter().filter(|p| !p.is_empty()).copied().collect::<Vec<_>>().join(joiner)
}

pub(super) fn joined(lang: &LangTag, segments: &[Segment]) -> String {
    let joiner = lang.lang().map_or(" ", |l| l.joiner());
    segments.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join(joiner)
}
