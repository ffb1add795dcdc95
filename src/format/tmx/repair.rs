//! Writes a repaired copy of a TMX file in the form that a tool takes.

use super::validate::{Tool, decoded, is_date, plain_code, repaired_characters, validate};
use super::{TmxReader, TmxWriter, packs, write_packed};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Property, TranslationUnit, Variant};
use std::collections::BTreeMap;
use std::path::Path;

/// What the repair did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Repaired {
    /// Units in the copy.
    pub units: usize,
    /// Units left out: where they start in the original, and why.
    pub left_out: Vec<(usize, String)>,
    /// Where and why the reading ended before the end of the file, if it did.
    pub cut: Option<String>,
}

/// Reads `input`, faults and all, and writes what can be saved to `output`: stray characters replaced, codes and
/// dates in the common form, the source first, texts trimmed, tags without partner dropped, units without a
/// translation left out.
///
/// # Errors
/// Those of the file system; a file of which nothing can be read.
pub fn repair_tmx(input: &Path, output: &Path, tool: Option<Tool>) -> Result<Repaired> {
    let file = std::fs::File::open(input).map_err(|e| Error::new(ErrorKind::Io(e)).in_file(input))?;
    let text = match decoded(file).map_err(|e| e.in_file(input))? {
        Ok(text) => text,
        Err((line, what)) => return Err(Error::malformed(what).at_line(line).in_file(input)),
    };
    let (text, _) = repaired_characters(&text);
    // The text is UTF-8 now, whatever its declaration says.
    let text = match text.strip_prefix("<?xml").and_then(|t| t.split_once("?>")) {
        Some((_, rest)) => rest,
        None => &text,
    };
    let mut done = Repaired::default();
    let mut reader = TmxReader::lenient(text.as_bytes()).map_err(|e| e.in_file(input))?;
    let srclang = reader.source_lang().cloned();
    let mut units: Vec<(usize, TranslationUnit)> = Vec::new();
    loop {
        match reader.next_unit() {
            Ok(Some((line, unit))) => match repaired(unit, tool, srclang.as_ref()) {
                Ok(unit) => units.push((line, unit)),
                Err(why) => done.left_out.push((line, why)),
            },
            Ok(None) => break,
            Err(e) => {
                done.cut = Some(e.to_string());
                break;
            }
        }
    }
    if tool == Some(Tool::OmegaT) {
        keep_last_translations(&mut units, &mut done);
    }
    let Some((_, first)) = units.first() else {
        let told = done.cut.unwrap_or_else(|| "no unit can be saved".into());
        return Err(Error::malformed(told).in_file(input).advise("there is nothing to repair"));
    };
    let source = first.variants[0].lang.clone();
    let (header, notes) = (reader.header().to_vec(), reader.notes().to_vec());
    let written = super::super::atomic::replace(output, |out| {
        let write = |out: &mut dyn std::io::Write| {
            let mut writer = TmxWriter::new(out, &source, &header, &notes)?;
            for (_, unit) in &units {
                writer.unit(unit)?;
            }
            writer.finish()
        };
        if packs(output) { write_packed(out, write) } else { write(out) }
    })
    .map_err(|e| e.in_file(output))?;
    done.units = written.units;
    Ok(done)
}

fn repaired(
    mut unit: TranslationUnit,
    tool: Option<Tool>,
    srclang: Option<&crate::model::LangTag>,
) -> std::result::Result<TranslationUnit, String> {
    fix_dates(&mut unit.attributes);
    fix_properties(&mut unit.properties);
    for variant in &mut unit.variants {
        variant.lang = plain_code(&variant.lang, tool);
        fix_dates(&mut variant.attributes);
        fix_properties(&mut variant.properties);
        fix_tags(variant);
    }
    unit.variants.retain(|v| !v.text.trim().is_empty() || v.markup.is_some());
    if unit.variants.len() < 2 {
        return Err("it has no translation".into());
    }
    if let Some(srclang) = srclang {
        let wanted = plain_code(srclang, tool);
        let same =
            |v: &Variant| v.lang == wanted || v.lang.lang().is_some() && v.lang.lang() == wanted.lang();
        if !unit.variants.iter().any(same) {
            return Err(format!("it has no text in {wanted}"));
        }
        unit.variants.sort_by_key(|v| !same(v));
    }
    if tool == Some(Tool::Trados)
        && let Some(long) = unit.variants.iter().map(|v| v.text.chars().count()).find(|n| *n > 2_000)
    {
        return Err(format!("it has {long} characters, Trados takes 2,000"));
    }
    Ok(unit)
}

/// ISO dates become TMX dates; what is no date goes.
fn fix_dates(attributes: &mut Vec<Property>) {
    attributes.retain_mut(|a| {
        if !matches!(a.kind.as_str(), "creationdate" | "changedate" | "lastusagedate") || is_date(&a.value) {
            return true;
        }
        let digits: String = a.value.chars().filter(char::is_ascii_digit).collect();
        let zone = a.value.ends_with(['Z', 'z']) || !a.value.contains(['+']);
        let full = match digits.len() {
            8 => format!("{digits}000000"),
            12 => format!("{digits}00"),
            n if n >= 14 => digits[..14].to_string(),
            _ => return false,
        };
        a.value = format!("{}T{}Z", &full[..8], &full[8..]);
        zone && is_date(&a.value)
    });
}

fn fix_properties(properties: &mut [Property]) {
    for property in properties.iter_mut().filter(|p| p.kind.is_empty()) {
        property.kind = "x-unnamed".into();
    }
}

/// Tags that have lost their partner go; the text stays.
fn fix_tags(variant: &mut Variant) {
    let Some(markup) = &variant.markup else { return };
    // The rules themselves tell: the segment alone, in a file without other faults.
    let probe = format!(
        "<tmx version=\"1.4\"><body><tu><tuv xml:lang=\"en\"><seg>{markup}</seg></tuv></tu></body></tmx>"
    );
    let broken = validate(probe.as_bytes(), None).is_ok_and(|faults| {
        faults.iter().any(|f| ["unpaired-tags", "not-well-formed"].contains(&f.rule.name))
    });
    if broken || variant.text.trim().is_empty() {
        variant.markup = None;
    }
    if let Some(markup) = &mut variant.markup {
        *markup = markup.trim().to_string();
    }
}

/// OmegaT uses the last translation of a source; the others are left out so that this is to be seen.
fn keep_last_translations(units: &mut Vec<(usize, TranslationUnit)>, done: &mut Repaired) {
    let key = |u: &TranslationUnit| (u.variants[0].lang.to_string(), u.variants[0].text.trim().to_string());
    let mut last: BTreeMap<(String, String), String> = BTreeMap::new();
    for (_, unit) in units.iter() {
        last.insert(key(unit), unit.variants[1].text.clone());
    }
    units.retain(|(line, unit)| {
        let stays = last.get(&key(unit)) == Some(&unit.variants[1].text);
        if !stays {
            done.left_out.push((*line, "a later unit translates the same text otherwise".into()));
        }
        stays
    });
    done.left_out.sort();
}
