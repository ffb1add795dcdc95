//! Findings: what a check reports about a translation unit.

use super::Side;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Probably wrong, or a matter of style.
    Warning,
    /// Almost certainly wrong.
    Error,
}

impl Severity {
    /// Every severity, the mildest first.
    pub const ALL: [Severity; 3] = [Severity::Info, Severity::Warning, Severity::Error];
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        })
    }
}

impl FromStr for Severity {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, String> {
        Severity::ALL
            .into_iter()
            .find(|v| v.to_string() == s)
            .ok_or_else(|| format!("unknown severity {s:?}: use info, warning or error"))
    }
}

/// A stretch of one side's text that a finding is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The side.
    pub side: Side,
    /// Bytes of the variant's text; on character boundaries.
    pub bytes: Range<usize>,
}

/// One thing a check found in one translation unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule's code (`number-missing`), the same in help, reports and configuration.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The index of the unit in its file.
    pub unit: usize,
    /// What is wrong, for people, in one sentence.
    pub message: String,
    /// What to highlight.
    pub marks: Vec<Mark>,
}
