//! Alignments as bitexts, and back.

use crate::error::{Error, Result};
use crate::model::{
    Alignment, Bead, BeadInfo, Bitext, Lang, LangTag, Property, Script, Segment, Side, TranslationUnit,
    Variant,
};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// What a bitext's header should tell about an alignment.
#[derive(Debug, Clone)]
pub struct About {
    /// The Chinese script, for the language tag.
    pub script: Script,
    /// Header properties in order: `source-file`, `source-digest`, `options` …
    pub header: Vec<Property>,
}

/// An alignment as a bitext: a unit a bead, with segments, places and evidence.
pub fn bitext_of(alignment: &Alignment, about: &About) -> Bitext {
    let source_lang = alignment.source_lang();
    let tag = |lang: Lang| LangTag::default_for(lang, about.script);
    let mut bitext = Bitext::new(tag(source_lang), tag(source_lang.other()));
    bitext.header.clone_from(&about.header);
    let mut seen: HashMap<String, usize> = HashMap::new();
    for bead in alignment.beads() {
        let side = |lang: Lang, segments: &[Segment]| {
            let texts: Vec<&str> = segments.iter().map(|s| s.text.as_str()).collect();
            let mut variant = Variant::new(tag(lang), texts.join(lang.joiner()));
            variant.segments = segments.to_vec();
            variant
        };
        let source = side(source_lang, alignment.bead_segments(bead, Side::Source));
        let target = side(source_lang.other(), alignment.bead_segments(bead, Side::Target));
        let id = unit_id(&source.text, &target.text, &mut seen);
        bitext.units.push(TranslationUnit {
            id,
            variants: vec![source, target],
            bead: Some(info(bead)),
            attributes: Vec::new(),
            properties: Vec::new(),
            notes: Vec::new(),
        });
    }
    bitext
}

fn info(bead: &Bead) -> BeadInfo {
    BeadInfo {
        source: bead.source.clone(),
        target: bead.target.clone(),
        score: bead.score,
        confidence: bead.confidence,
        status: bead.status,
        evidence: bead.evidence.clone(),
        moved_to: bead.moved_to,
    }
}

/// Twelve hexadecimal digits of the SHA-256 of both texts, with a number where the same pair comes again: the same
/// pair has the same id in every run, so that corrections find it.
fn unit_id(source: &str, target: &str, seen: &mut HashMap<String, usize>) -> String {
    let mut hash = Sha256::new();
    hash.update(source.as_bytes());
    hash.update([0]);
    hash.update(target.as_bytes());
    let id: String = hash.finalize().iter().take(6).map(|b| format!("{b:02x}")).collect();
    let count = seen.entry(id.clone()).or_insert(0);
    *count += 1;
    if *count == 1 { id } else { format!("{id}-{count}") }
}

/// The alignment that a complete bitext (JSON lines) holds.
///
/// # Errors
/// Units without segments or beads; beads that do not cover both sides in order.
pub fn alignment_of(bitext: &Bitext) -> Result<Alignment> {
    let lang = bitext.source_lang.lang().ok_or_else(|| {
        Error::malformed(format!("the source language {} is neither Chinese nor English", bitext.source_lang))
    })?;
    let (mut source, mut target, mut beads) = (Vec::new(), Vec::new(), Vec::new());
    for unit in &bitext.units {
        let (Some(info), [first, second]) = (&unit.bead, unit.variants.as_slice()) else {
            return Err(Error::malformed(format!("unit {:?} is not a bead of an alignment", unit.id))
                .advise("only JSON lines hold a complete alignment"));
        };
        source.extend(first.segments.iter().cloned());
        target.extend(second.segments.iter().cloned());
        beads.push(Bead {
            source: info.source.clone(),
            target: info.target.clone(),
            score: info.score,
            confidence: info.confidence,
            evidence: info.evidence.clone(),
            status: info.status,
            moved_to: info.moved_to,
        });
    }
    Alignment::new(lang, source, target, beads).map_err(|e| Error::malformed(e.to_string()))
}
