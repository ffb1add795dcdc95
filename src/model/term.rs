//! Terms: a [`Termbase`] of entries, each a concept with its terms in both languages. No entry has a direction.

use super::{Lang, LangTag};
use std::fmt;
use std::str::FromStr;

/// What a translator may do with a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum TermStatus {
    /// The term to use.
    #[default]
    Approved,
    /// Another one that is allowed.
    Admitted,
    /// Proposed; allowed until somebody decides.
    Provisional,
    /// Not to be used.
    Forbidden,
}

impl TermStatus {
    /// Every status, the best first.
    pub const ALL: [TermStatus; 4] =
        [TermStatus::Approved, TermStatus::Admitted, TermStatus::Provisional, TermStatus::Forbidden];
}

impl fmt::Display for TermStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TermStatus::Approved => "approved",
            TermStatus::Admitted => "admitted",
            TermStatus::Provisional => "provisional",
            TermStatus::Forbidden => "forbidden",
        })
    }
}

impl FromStr for TermStatus {
    type Err = String;

    /// Reads our words, those of UTX (`non-standard`), of TBX (`preferredTerm-admn-sts` …) and Chinese ones.
    fn from_str(s: &str) -> Result<Self, String> {
        match s.trim().to_lowercase().as_str() {
            "" | "approved" | "preferred" | "preferredterm" | "preferredterm-admn-sts" | "首选" | "批准" => {
                Ok(TermStatus::Approved)
            }
            "admitted"
            | "admittedterm"
            | "admittedterm-admn-sts"
            | "standardizedterm-admn-sts"
            | "non-standard"
            | "许用" => Ok(TermStatus::Admitted),
            "provisional" | "proposed" | "暂定" => Ok(TermStatus::Provisional),
            "forbidden"
            | "deprecated"
            | "deprecatedterm"
            | "deprecatedterm-admn-sts"
            | "supersededterm-admn-sts"
            | "禁用" => Ok(TermStatus::Forbidden),
            _ => Err(format!("unknown status {s:?}: use approved, admitted, provisional or forbidden")),
        }
    }
}

/// One term of a concept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Its language, as the file spells it.
    pub lang: LangTag,
    /// The term.
    pub text: String,
    /// Whether to use it.
    pub status: TermStatus,
}

/// A concept and its terms.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TermEntry {
    /// Its identity in the termbase; may be empty.
    pub id: String,
    /// The subject field; may be empty.
    pub domain: String,
    /// The definition; may be empty.
    pub definition: String,
    /// The part of speech of its terms (`noun`); may be empty.
    pub part_of_speech: String,
    /// Whether English terms match in their own case only.
    pub case_sensitive: bool,
    /// Notes.
    pub notes: Vec<String>,
    /// The terms of all languages, in the file's order.
    pub terms: Vec<Term>,
}

impl TermEntry {
    /// The terms of one language.
    pub fn of(&self, lang: Lang) -> impl Iterator<Item = &Term> {
        self.terms.iter().filter(move |t| t.lang.lang() == Some(lang))
    }
}

/// A termbase in memory.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Termbase {
    /// The entries, in the file's order.
    pub entries: Vec<TermEntry>,
}
