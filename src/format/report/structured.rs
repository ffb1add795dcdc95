//! Reports for programs: JSON of our own, and SARIF 2.1.0.

use super::{Report, entries};
use crate::error::{Error, Result};
use crate::model::{Severity, Side};
use std::collections::BTreeMap;
use std::io::Write;

fn put(value: &serde_json::Value, out: &mut dyn Write) -> Result<()> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|e| Error::malformed(format!("cannot write the report: {e}")))?;
    Ok(writeln!(out, "{text}")?)
}

/// See [`super::ReportFormat::Json`]. Spans are bytes of the UTF-8 text.
pub(super) fn json(report: &Report, out: &mut dyn Write) -> Result<()> {
    let findings: Vec<_> = entries(report)
        .map(|e| {
            let marks: Vec<_> = e
                .finding
                .marks
                .iter()
                .map(|m| {
                    let side = if m.side == Side::Source { "source" } else { "target" };
                    serde_json::json!({"side": side, "start": m.bytes.start, "end": m.bytes.end})
                })
                .collect();
            serde_json::json!({
                "file": e.file, "unit": e.unit, "index": e.finding.unit, "rule": e.finding.rule,
                "severity": e.finding.severity.to_string(), "message": e.finding.message,
                "source": e.texts[0], "target": e.texts[1], "marks": marks, "key": e.key,
            })
        })
        .collect();
    put(&serde_json::json!({"format": "duizhao-findings", "version": 1, "findings": findings}), out)
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
    let mut used: BTreeMap<&str, Severity> = BTreeMap::new();
    for e in entries(report) {
        used.insert(e.finding.rule, e.finding.severity);
    }
    let rules: Vec<_> = used
        .iter()
        .map(|(id, severity)| {
            let text = about.get(id).copied().unwrap_or(id);
            serde_json::json!({"id": id, "shortDescription": {"text": text},
                "defaultConfiguration": {"level": level(*severity)}})
        })
        .collect();
    let results: Vec<_> = entries(report)
        .map(|e| {
            let text = format!("{}\nsource: {}\ntarget: {}", e.finding.message, e.texts[0], e.texts[1]);
            let mut result = serde_json::json!({
                "ruleId": e.finding.rule,
                "ruleIndex": used.keys().position(|k| *k == e.finding.rule),
                "level": level(e.finding.severity),
                "message": {"text": text},
                "locations": [{
                    "physicalLocation": {"artifactLocation": {"uri": uri(e.file)}},
                    "logicalLocations": [{"name": e.unit, "kind": "member"}],
                }],
            });
            if !e.key.is_empty()
                && let Some(result) = result.as_object_mut()
            {
                result.insert("partialFingerprints".into(), serde_json::json!({"duizhaoKey/v1": e.key}));
            }
            result
        })
        .collect();
    let document = serde_json::json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "duizhao", "version": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    put(&document, out)
}
