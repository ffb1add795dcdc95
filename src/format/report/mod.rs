//! Reports of findings: for a terminal, a browser, a spreadsheet, a program, a code-review tool.
//!
//! Any check that makes [`Finding`](crate::model::Finding)s can be reported; the rules' meaning is the caller's.

mod findings;
pub(super) mod html;
mod plain;
mod structured;

pub use findings::{Entry, Findings};

use super::sheet;
use crate::error::{Error, Result};
use crate::model::Side;
use std::fmt;
use std::io::Write;
use std::path::Path;
use std::str::FromStr;

/// What is reported: findings, and what the rules say.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// The findings, in order.
    pub findings: &'a Findings,
    /// The rules that the findings may name, with what each finds, for readers of the report.
    pub rules: &'a [(&'static str, &'static str)],
}

/// The forms of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReportFormat {
    /// For people at a terminal; what is wrong is highlighted by ANSI escapes.
    Table,
    /// A self-contained page with filters.
    Html,
    /// A workbook.
    Xlsx,
    /// Comma-separated values.
    Csv,
    /// One JSON document.
    Json,
    /// SARIF 2.1.0 (OASIS).
    Sarif,
}

impl ReportFormat {
    /// Every form, in the order of the documentation.
    pub const ALL: [ReportFormat; 6] = [
        ReportFormat::Table,
        ReportFormat::Html,
        ReportFormat::Xlsx,
        ReportFormat::Csv,
        ReportFormat::Json,
        ReportFormat::Sarif,
    ];

    /// The form that a file's extension names: `html`, `xlsx`, `csv`, `json`, `sarif`, and `txt` for the table.
    ///
    /// # Errors
    /// Any other extension, or none.
    pub fn from_path(path: &Path) -> Result<ReportFormat> {
        let extension =
            path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
        match extension.as_str() {
            "txt" => Ok(ReportFormat::Table),
            other => other.parse().map_err(|_| {
                Error::usage(format!("no report has the extension {other:?}"))
                    .in_file(path)
                    .advise("use one of html xlsx csv json sarif txt")
            }),
        }
    }
}

impl fmt::Display for ReportFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ReportFormat::Table => "table",
            ReportFormat::Html => "html",
            ReportFormat::Xlsx => "xlsx",
            ReportFormat::Csv => "csv",
            ReportFormat::Json => "json",
            ReportFormat::Sarif => "sarif",
        })
    }
}

impl FromStr for ReportFormat {
    type Err = String;
    fn from_str(s: &str) -> std::result::Result<Self, String> {
        let lower = s.to_ascii_lowercase();
        let lower = if lower == "htm" { "html".into() } else { lower };
        let known = ReportFormat::ALL.into_iter().find(|f| f.to_string() == lower);
        known.ok_or_else(|| format!("unknown report {s:?}: use table, html, xlsx, csv, json or sarif"))
    }
}

/// Writes a report.
///
/// # Errors
/// The writer's own; more findings than a sheet has rows.
pub fn write_report(report: &Report, format: ReportFormat, out: &mut dyn Write) -> Result<()> {
    match format {
        ReportFormat::Table => plain::table(report, out, true),
        ReportFormat::Html => html::write(report, out),
        ReportFormat::Xlsx => {
            sheet::write_rows(&plain::rows(report)?, &[24.0, 8.0, 14.0, 10.0, 40.0, 50.0, 50.0, 34.0], out)
        }
        ReportFormat::Csv => plain::csv(report, out),
        ReportFormat::Json => structured::json(report, out),
        ReportFormat::Sarif => structured::sarif(report, out),
    }
}

/// Writes a report file, as a whole or not at all; the table without escapes.
///
/// # Errors
/// As [`write_report`], with the file's name.
pub fn write_report_file(path: &Path, report: &Report, format: ReportFormat) -> Result<()> {
    let write = |out: &mut dyn Write| match format {
        ReportFormat::Table => plain::table(report, out, false),
        _ => write_report(report, format, out),
    };
    super::atomic::replace(path, write).map_err(|e| e.in_file(path))
}

impl Entry {
    /// A side's text in stretches; true where it is marked. Marks off character boundaries are left out.
    fn stretches(&self, k: usize) -> Vec<(&str, bool)> {
        let text = self.texts[k].as_str();
        let side = if k == 0 { Side::Source } else { Side::Target };
        let mut marks: Vec<_> =
            self.finding.marks.iter().filter(|m| m.side == side).map(|m| m.bytes.clone()).collect();
        marks.sort_by_key(|m| (m.start, m.end));
        let (mut out, mut at) = (Vec::new(), 0);
        for m in marks {
            let start = m.start.max(at);
            let (Some(plain), Some(marked)) = (text.get(at..start), text.get(start..m.end)) else { continue };
            if !plain.is_empty() {
                out.push((plain, false));
            }
            if !marked.is_empty() {
                out.push((marked, true));
            }
            at = m.end;
        }
        out.extend(text.get(at..).filter(|t| !t.is_empty()).map(|t| (t, false)));
        out
    }
}
