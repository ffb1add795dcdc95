//! Writes both versions.

use super::inline::{Inline, content, from_tmx, quoted, to_one, to_two};
use super::{APPROVED, ATTRIBUTE, CONFIDENCE, NEEDS_REVIEW, SCORE, STATE};
use crate::error::Result;
use crate::format::csv::lines;
use crate::format::{WriteOptions, Written, xml_safe};
use crate::model::{Bitext, Property, Status, TranslationUnit, Variant};
use std::io::Write;

/// The name in a file whose original is not known; XLIFF 1.2 requires one.
const NO_ORIGINAL: &str = "unknown";

fn safe(text: &str, written: &mut Written) -> String {
    content(&xml_safe(text, &mut written.replaced))
}

fn safe_quoted(text: &str, written: &mut Written) -> String {
    quoted(&xml_safe(text, &mut written.replaced))
}

fn inlines(variant: &Variant, written: &mut Written) -> Vec<Inline> {
    let parsed = variant.markup.as_ref().and_then(|m| from_tmx(m));
    let all = parsed.unwrap_or_else(|| vec![Inline::Text(variant.text.clone())]);
    let mut clean = |text: String| xml_safe(&text, &mut written.replaced).into_owned();
    all.into_iter()
        .map(|i| match i {
            Inline::Text(t) => Inline::Text(clean(t)),
            Inline::Tag(mut t) => {
                t.code = clean(t.code);
                t.id = clean(t.id);
                t.kind = clean(t.kind);
                Inline::Tag(t)
            }
        })
        .collect()
}

/// What stands beside the texts: properties, score and confidence, lines of the original, attributes.
fn metadata(unit: &TranslationUnit, pair: [&Variant; 2]) -> Vec<Property> {
    let mut out = Vec::new();
    let mut add = |kind: String, value: String| out.push(Property { kind, value });
    if let Some(bead) = &unit.bead {
        add(SCORE.into(), format!("{:.3}", bead.score));
        add(CONFIDENCE.into(), format!("{:.4}", bead.confidence));
    }
    for (name, variant) in [("x-source-lines", pair[0]), ("x-target-lines", pair[1])] {
        let lines = lines(&variant.segments);
        if !lines.is_empty() {
            add(name.into(), lines);
        }
    }
    for attribute in &unit.attributes {
        add(format!("{ATTRIBUTE}{}", attribute.kind), attribute.value.clone());
    }
    for property in unit.properties.iter().filter(|p| p.kind != APPROVED) {
        let own = property.kind.starts_with("x-");
        add(if own { property.kind.clone() } else { format!("x-{}", property.kind) }, property.value.clone());
    }
    out
}

fn property<'p>(properties: &'p [Property], kind: &str) -> Option<&'p str> {
    properties.iter().find(|p| p.kind == kind).map(|p| p.value.as_str())
}

fn header<'b>(bitext: &'b Bitext, kind: &str) -> Option<&'b str> {
    property(&bitext.header, kind)
}

/// The units that a file gets, as pairs; counts the others.
fn pairs<'b>(
    bitext: &'b Bitext,
    options: &WriteOptions,
    written: &mut Written,
) -> Vec<(&'b TranslationUnit, [&'b Variant; 2])> {
    let mut out = Vec::new();
    for unit in &bitext.units {
        if options.refuses(unit) {
            written.refused += 1;
        } else if let Some(pair) = WriteOptions::pair(bitext, unit) {
            out.push((unit, pair));
        }
    }
    written.units = out.len();
    out
}

/// XLIFF 1.2.
pub(in crate::format) fn write_one(
    bitext: &Bitext,
    out: &mut dyn Write,
    options: &WriteOptions,
) -> Result<Written> {
    let mut written = Written::default();
    let w = &mut written;
    let pairs = pairs(bitext, options, w);
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(out, r#"<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">"#)?;
    let original = safe_quoted(header(bitext, "source-file").unwrap_or(NO_ORIGINAL), w);
    writeln!(
        out,
        r#"<file original="{original}" source-language="{}" target-language="{}" datatype="plaintext" tool-id="duizhao">"#,
        options.source_tag(bitext).as_str().replace('_', "-"),
        options.target_tag(bitext).as_str().replace('_', "-"),
    )?;
    writeln!(
        out,
        r#"<header><tool tool-id="duizhao" tool-name="duizhao" tool-version="{}"/>"#,
        env!("CARGO_PKG_VERSION")
    )?;
    for p in &bitext.header {
        writeln!(out, r#"<note from="x-duizhao-{}">{}</note>"#, safe_quoted(&p.kind, w), safe(&p.value, w))?;
    }
    for note in &bitext.notes {
        writeln!(out, "<note>{}</note>", safe(note, w))?;
    }
    writeln!(out, "</header>\n<body>")?;
    for (k, (unit, pair)) in (1..).zip(pairs) {
        let bead_approved = unit.bead.as_ref().is_some_and(|b| b.status == Status::Accepted);
        let approved = if bead_approved { Some("yes") } else { property(&unit.properties, APPROVED) };
        let approved = approved
            .filter(|a| ["yes", "no"].contains(a))
            .map_or(String::new(), |a| format!(r#" approved="{a}""#));
        writeln!(
            out,
            r#"<trans-unit id="{k}" resname="{}"{approved} xml:space="preserve">"#,
            safe_quoted(&unit.id, w)
        )?;
        writeln!(out, "<source>{}</source>", to_one(&inlines(pair[0], w)))?;
        if !pair[1].text.is_empty() || pair[1].markup.is_some() {
            let state = match unit.bead.as_ref().map(|b| b.status) {
                Some(Status::Accepted) => Some("final"),
                Some(Status::NeedsReview) => Some("needs-review-translation"),
                Some(Status::Unchecked | Status::Rejected) => Some("translated"),
                None => property(&pair[1].properties, STATE),
            };
            let state = state.map_or(String::new(), |s| format!(r#" state="{}""#, quoted(s)));
            writeln!(out, "<target{state}>{}</target>", to_one(&inlines(pair[1], w)))?;
        }
        let metadata = metadata(unit, pair);
        if !metadata.is_empty() {
            writeln!(out, r#"<context-group purpose="information">"#)?;
            for p in &metadata {
                let kind = safe_quoted(&p.kind.replace(char::is_whitespace, "-"), w);
                writeln!(out, r#"<context context-type="{kind}">{}</context>"#, safe(&p.value, w))?;
            }
            writeln!(out, "</context-group>")?;
        }
        for note in &unit.notes {
            writeln!(out, "<note>{}</note>", safe(note, w))?;
        }
        for (side, variant) in [("source", pair[0]), ("target", pair[1])] {
            for note in &variant.notes {
                writeln!(out, r#"<note annotates="{side}">{}</note>"#, safe(note, w))?;
            }
        }
        writeln!(out, "</trans-unit>")?;
    }
    writeln!(out, "</body>\n</file>\n</xliff>")?;
    Ok(written)
}

fn write_metadata(out: &mut dyn Write, list: &[Property], written: &mut Written) -> Result<()> {
    if list.is_empty() {
        return Ok(());
    }
    writeln!(out, r#"<mda:metadata><mda:metaGroup category="duizhao">"#)?;
    for p in list {
        let kind = safe_quoted(&p.kind, written);
        writeln!(out, r#"<mda:meta type="{kind}">{}</mda:meta>"#, safe(&p.value, written))?;
    }
    writeln!(out, "</mda:metaGroup></mda:metadata>")?;
    Ok(())
}

/// XLIFF 2.0.
pub(in crate::format) fn write_two(
    bitext: &Bitext,
    out: &mut dyn Write,
    options: &WriteOptions,
) -> Result<Written> {
    let mut written = Written::default();
    let w = &mut written;
    let pairs = pairs(bitext, options, w);
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(
        out,
        r#"<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0" xmlns:mda="urn:oasis:names:tc:xliff:metadata:2.0" srcLang="{}" trgLang="{}">"#,
        options.source_tag(bitext).as_str().replace('_', "-"),
        options.target_tag(bitext).as_str().replace('_', "-"),
    )?;
    let original = header(bitext, "source-file")
        .map_or(String::new(), |f| format!(r#" original="{}""#, safe_quoted(f, w)));
    writeln!(out, r#"<file id="f1"{original}>"#)?;
    write_metadata(out, &bitext.header, w)?;
    if !bitext.notes.is_empty() {
        writeln!(out, "<notes>")?;
        for note in &bitext.notes {
            writeln!(out, "<note>{}</note>", safe(note, w))?;
        }
        writeln!(out, "</notes>")?;
    }
    // A file without units is not allowed; a group is.
    if pairs.is_empty() {
        writeln!(out, r#"<group id="g1"/>"#)?;
    }
    for (k, (unit, pair)) in (1..).zip(pairs) {
        writeln!(out, r#"<unit id="u{k}" name="{}" xml:space="preserve">"#, safe_quoted(&unit.id, w))?;
        write_metadata(out, &metadata(unit, pair), w)?;
        let notes: Vec<(&str, &String)> = (unit.notes.iter().map(|n| ("", n)))
            .chain(pair[0].notes.iter().map(|n| (r#" appliesTo="source""#, n)))
            .chain(pair[1].notes.iter().map(|n| (r#" appliesTo="target""#, n)))
            .collect();
        if !notes.is_empty() {
            writeln!(out, "<notes>")?;
            for (side, note) in notes {
                writeln!(out, "<note{side}>{}</note>", safe(note, w))?;
            }
            writeln!(out, "</notes>")?;
        }
        let mut data = Vec::new();
        let source = to_two(&inlines(pair[0], w), &mut data);
        let target = to_two(&inlines(pair[1], w), &mut data);
        if !data.is_empty() {
            writeln!(out, "<originalData>")?;
            for (id, code) in &data {
                writeln!(out, r#"<data id="{id}" xml:space="preserve">{}</data>"#, content(code))?;
            }
            writeln!(out, "</originalData>")?;
        }
        let has_target = !target.is_empty();
        let state = match unit.bead.as_ref().map(|b| b.status) {
            _ if !has_target => String::new(),
            Some(Status::Accepted) => r#" state="final""#.into(),
            Some(Status::NeedsReview) => format!(r#" state="translated" subState="{NEEDS_REVIEW}""#),
            Some(Status::Unchecked | Status::Rejected) => r#" state="translated""#.into(),
            None => state_of_two(property(&pair[1].properties, STATE)),
        };
        writeln!(out, "<segment{state}>\n<source>{source}</source>")?;
        if has_target {
            writeln!(out, "<target>{target}</target>")?;
        }
        writeln!(out, "</segment>\n</unit>")?;
    }
    writeln!(out, "</file>\n</xliff>")?;
    Ok(written)
}

/// A state of either version as one of 2.0's four.
fn state_of_two(state: Option<&str>) -> String {
    let Some(state) = state else { return String::new() };
    let state = match state {
        "initial" | "translated" | "reviewed" | "final" => state,
        "signed-off" => "reviewed",
        s if s.starts_with("needs-review") => {
            return format!(r#" state="translated" subState="{NEEDS_REVIEW}""#);
        }
        _ => "initial",
    };
    format!(r#" state="{state}""#)
}
