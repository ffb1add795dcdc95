//! Reports in rows: the terminal's and the spreadsheet's.

use super::{Entry, Report};
use crate::error::{Error, Result};
use crate::format::sheet::CELL_LIMIT;
use crate::model::Severity;
use std::io::Write;

const HEADER: [&str; 8] = ["file", "unit", "rule", "severity", "message", "source", "target", "key"];

/// Control characters would steer the terminal: they are shown as symbols.
fn tame(text: &str) -> String {
    let symbol = |c: char| match c {
        '\n' | '\t' | '\r' => ' ',
        '\u{0}'..='\u{1f}' => char::from_u32(u32::from(c) + 0x2400).unwrap_or('\u{fffd}'),
        '\u{7f}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        _ => c,
    };
    text.chars().map(symbol).collect()
}

/// See [`super::ReportFormat::Table`].
pub(super) fn table(report: &Report, out: &mut dyn Write, coloured: bool) -> Result<()> {
    let escape = |codes: String| if coloured { format!("\u{1b}[{codes}m") } else { String::new() };
    report.findings.each(&mut |e| {
        let colour = match e.finding.severity {
            Severity::Error => 31,
            Severity::Warning => 33,
            Severity::Info => 36,
        };
        writeln!(
            out,
            "{}:{}: {}{}{} [{}] {}",
            tame(&e.file),
            tame(&e.unit),
            escape(format!("1;{colour}")),
            e.finding.severity,
            escape("0".into()),
            e.finding.rule,
            tame(&e.finding.message)
        )?;
        for k in 0..2 {
            write!(out, "    ")?;
            for (text, marked) in e.stretches(k) {
                let text = tame(text);
                if marked {
                    write!(out, "{}{text}{}", escape(format!("1;4;{colour}")), escape("0".into()))?;
                } else {
                    write!(out, "{text}")?;
                }
            }
            writeln!(out)?;
        }
        Ok(())
    })?;
    if report.findings.is_empty() {
        return Ok(());
    }
    let mut table = comfy_table::Table::new();
    table
        .load_preset(comfy_table::presets::UTF8_HORIZONTAL_ONLY)
        .set_header(["rule", "severity", "findings"]);
    for ((rule, severity), n) in report.findings.counts() {
        table.add_row([rule.to_string(), severity.to_string(), n.to_string()]);
    }
    Ok(writeln!(out, "\n{table}")?)
}

fn row(e: &Entry) -> [String; 8] {
    [
        e.file.clone(),
        e.unit.clone(),
        e.finding.rule.to_string(),
        e.finding.severity.to_string(),
        e.finding.message.clone(),
        e.texts[0].clone(),
        e.texts[1].clone(),
        e.key.clone(),
    ]
}

/// All rows with a header, cells no longer than a sheet allows.
pub(super) fn rows(report: &Report) -> Result<Vec<Vec<String>>> {
    let short = |text: String| {
        if text.encode_utf16().count() <= CELL_LIMIT {
            return text;
        }
        text.chars().take(CELL_LIMIT / 2 - 1).chain(['…']).collect()
    };
    let mut rows = vec![HEADER.map(str::to_string).to_vec()];
    report.findings.each(&mut |e| {
        rows.push(row(e).map(short).to_vec());
        Ok(())
    })?;
    Ok(rows)
}

/// See [`super::ReportFormat::Csv`]. A cell that a spreadsheet would take for a formula starts with an apostrophe.
pub(super) fn csv(report: &Report, out: &mut dyn Write) -> Result<()> {
    let bad = |e: csv::Error| match e.into_kind() {
        csv::ErrorKind::Io(e) => Error::from(e),
        other => Error::malformed(format!("cannot write the report: {other:?}")),
    };
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(HEADER).map_err(bad)?;
    report.findings.each(&mut |e| {
        let cells =
            row(e).map(|c| if c.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{c}") } else { c });
        writer.write_record(cells).map_err(bad)
    })?;
    Ok(writer.flush()?)
}
