//! Reports for programs: JSON of our own, and SARIF 2.1.0.

use super::{Entry, Report};
use crate::error::{Error, Result};
use crate::model::{Mark, Severity, Side};
use std::collections::BTreeMap;
use std::io::Write;

/// Writes `value` as indented JSON with the findings in place of the list that holds [`PLACE`] alone; `item` makes a
/// value of each. The list is never in memory.
fn put(
    value: &serde_json::Value,
    report: &Report,
    item: &dyn Fn(&Entry) -> serde_json::Value,
    out: &mut dyn Write,
) -> Result<()> {
    let wrong = |e| Error::malformed(format!("cannot write the report: {e}"));
    let text = serde_json::to_string_pretty(value).map_err(wrong)?;
    let (before, after) = text.split_once(&format!("\"{PLACE}\"")).unwrap_or((&text, ""));
    let indent = before.rsplit('\n').next().unwrap_or("");
    if report.findings.is_empty() {
        return Ok(writeln!(out, "{}{}", before.trim_end(), after.trim_start())?);
    }
    write!(out, "{}", before.trim_end())?;
    let mut comma = "";
    report.findings.each(&mut |e| {
        let text = serde_json::to_string_pretty(&item(e)).map_err(wrong)?;
        write!(out, "{comma}\n{indent}{}", text.replace('\n', &format!("\n{indent}")))?;
        comma = ",";
        Ok(())
    })?;
    Ok(writeln!(out, "{after}")?)
}

/// Stands for the findings in the frame of a document.
const PLACE: &str = "duizhao:findings";

/// See [`super::ReportFormat::Json`]. Spans are bytes of the UTF-8 text.
pub(super) fn json(report: &Report, out: &mut dyn Write) -> Result<()> {
    let item = |e: &Entry| {
        let mark = |m: &Mark| {
            let side = if m.side == Side::Source { "source" } else { "target" };
            serde_json::json!({"side": side, "start": m.bytes.start, "end": m.bytes.end})
        };
        serde_json::json!({
            "file": e.file, "unit": e.unit, "index": e.finding.unit, "rule": e.finding.rule,
            "severity": e.finding.severity.to_string(), "message": e.finding.message,
            "source": e.texts[0], "target": e.texts[1], "key": e.key,
            "marks": e.finding.marks.iter().map(mark).collect::<Vec<_>>(),
        })
    };
    let frame = serde_json::json!({"format": "duizhao-findings", "version": 1, "findings": [PLACE]});
    put(&frame, report, &item, out)
}

/// The file's name as a URI reference (RFC 3986): what is not unreserved is percent-encoded, slashes stay.
fn uri(name: &str) -> String {
    let mut out = String::new();
    for b in name.replace('\\', "/").bytes() {
        if b.is_ascii_alphanumeric() || b"-._~/".contains(&b) {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
    }
    out
}

/// See [`super::ReportFormat::Sarif`]. A unit has no line in most bilingual files: it is a logical location.
pub(super) fn sarif(report: &Report, out: &mut dyn Write) -> Result<()> {
    let level = |s: Severity| match s {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    };
    let about: BTreeMap<&str, &str> = report.rules.iter().copied().collect();
    let used: BTreeMap<&str, Severity> = report.findings.counts().keys().copied().collect();
    let rules: Vec<_> = used
        .iter()
        .map(|(id, severity)| {
            let text = about.get(id).copied().unwrap_or(id);
            serde_json::json!({"id": id, "shortDescription": {"text": text},
                "defaultConfiguration": {"level": level(*severity)}})
        })
        .collect();
    let item = |e: &Entry| {
        let text = format!("{}\nsource: {}\ntarget: {}", e.finding.message, e.texts[0], e.texts[1]);
        let mut result = serde_json::json!({
            "ruleId": e.finding.rule,
            "ruleIndex": used.keys().position(|k| *k == e.finding.rule),
            "level": level(e.finding.severity),
            "message": {"text": text},
            "locations": [{
                "physicalLocation": {"artifactLocation": {"uri": uri(&e.file)}},
                "logicalLocations": [{"name": e.unit, "kind": "member"}],
            }],
        });
        if !e.key.is_empty()
            && let Some(result) = result.as_object_mut()
        {
            result.insert("partialFingerprints".into(), serde_json::json!({"duizhaoKey/v1": e.key}));
        }
        result
    };
    let frame = serde_json::json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "duizhao", "version": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "columnKind": "unicodeCodePoints",
            "results": [PLACE],
        }],
    });
    put(&frame, report, &item, out)
}
