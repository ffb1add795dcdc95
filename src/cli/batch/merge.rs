//! All pairs of a batch as one memory: each pair of texts once, with where it comes from.

use super::state::Done;
use duizhao::Result;
use duizhao::format::{self, Format, WriteOptions};
use duizhao::model::{Bitext, Property, Status, TranslationUnit, Variant};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::path::Path;

/// Writes the memory and says what is in it. Memory grows with the number of different pairs.
pub(super) fn merge(path: &Path, folder: &Path, all: &[&Done], options: &WriteOptions) -> Result<String> {
    let mut merged: Option<Bitext> = None;
    let mut places: HashMap<[u8; 16], usize> = HashMap::new();
    let mut repeated = 0;
    for done in all {
        let complete = folder.join(format!("{}.{}", done.name, Format::Jsonl));
        let bitext = format::read_file(&complete, Some(Format::Jsonl))?;
        let into =
            merged.get_or_insert_with(|| Bitext::new(bitext.source_lang.clone(), bitext.target_lang.clone()));
        let origin = name_of(&done.files[0]);
        for unit in &bitext.units {
            let Some([source, target]) = pair(&bitext, unit) else { continue };
            if unit.bead.as_ref().is_some_and(|b| b.status == Status::Rejected) {
                continue;
            }
            // Either direction in the batch, one in the memory.
            let same_way = source.lang.lang() == into.source_lang.lang();
            let (source, target) = if same_way { (source, target) } else { (target, source) };
            let key = key(&source.text, &target.text);
            if let Some(&at) = places.get(&key) {
                repeated += 1;
                let known: &mut TranslationUnit = &mut into.units[at];
                let also = Property { kind: "x-also-in".into(), value: origin.clone() };
                if known.properties[0].value != origin && !known.properties.contains(&also) {
                    known.properties.push(also);
                }
                let better = |u: &TranslationUnit| u.bead.as_ref().map_or(0.0, |b| b.confidence);
                if better(unit) > better(known) {
                    known.bead.clone_from(&unit.bead);
                }
                continue;
            }
            let mut properties = vec![
                Property { kind: "x-source-file".into(), value: origin.clone() },
                Property { kind: "x-target-file".into(), value: name_of(&done.files[1]) },
            ];
            for (kind, variant) in [("x-source-lines", source), ("x-target-lines", target)] {
                if let Some(lines) = lines(variant) {
                    properties.push(Property { kind: kind.into(), value: lines });
                }
            }
            let plain = |v: &Variant| Variant { segments: Vec::new(), ..v.clone() };
            let mut bead = unit.bead.clone();
            if let Some(bead) = &mut bead {
                bead.moved_to = None;
                bead.evidence = Default::default();
            }
            places.insert(key, into.units.len());
            into.units.push(TranslationUnit {
                id: unit.id.clone(),
                variants: vec![plain(source), plain(target)],
                bead,
                attributes: unit.attributes.clone(),
                properties,
                notes: unit.notes.clone(),
            });
        }
    }
    let mut merged = merged
        .unwrap_or_else(|| Bitext::new("zh-CN".parse().expect("a tag"), "en-US".parse().expect("a tag")));
    unique_ids(&mut merged);
    merged.header.push(Property { kind: "documents".into(), value: all.len().to_string() });
    let format = Format::from_path(path)?;
    let written = format::write_file(path, &merged, format, options)?;
    Ok(format!(
        "{}: {} pairs of {} documents, {repeated} repetitions left out",
        path.display(),
        written.units,
        all.len()
    ))
}

fn name_of(path: &str) -> String {
    Path::new(path).file_name().map_or(path.to_string(), |n| n.to_string_lossy().into_owned())
}

/// Both texts, or nothing for one-sided beads.
fn pair<'b>(bitext: &'b Bitext, unit: &'b TranslationUnit) -> Option<[&'b Variant; 2]> {
    WriteOptions::pair(bitext, unit).filter(|pair| pair.iter().all(|v| !v.text.trim().is_empty()))
}

fn key(source: &str, target: &str) -> [u8; 16] {
    let mut hash = Sha256::new();
    hash.update(source.trim());
    hash.update([0]);
    hash.update(target.trim());
    let mut out = [0; 16];
    out.copy_from_slice(&hash.finalize()[..16]);
    out
}

fn lines(variant: &Variant) -> Option<String> {
    let (first, last) = (variant.segments.first()?, variant.segments.last()?);
    let (a, b) = (first.place.line, last.place.line);
    Some(if a == b { a.to_string() } else { format!("{a}-{b}") })
}

/// Ids are unique in a file; documents may have the same ones.
fn unique_ids(bitext: &mut Bitext) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for unit in &mut bitext.units {
        let count = seen.entry(unit.id.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            unit.id = format!("{}~{count}", unit.id);
        }
    }
}
