//! What was judged stays silent: keys of findings in a file, and remarks on the unit itself.

use crate::model::TranslationUnit;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Keys of judged findings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ignored {
    keys: BTreeSet<String>,
}

/// The key of a finding: `RULE:` and the first 16 hexadecimal digits of SHA-256 over both texts with a NUL between.
/// It holds wherever the pair occurs again, and no longer once either text changes.
pub fn key(code: &str, source: &str, target: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(source.as_bytes());
    digest.update([0]);
    digest.update(target.as_bytes());
    let hex: String = digest.finalize().iter().take(8).map(|b| format!("{b:02x}")).collect();
    format!("{code}:{hex}")
}

impl Ignored {
    /// Reads an ignore file: a key a line; what follows a blank, and lines that start with `#`, is for people.
    pub fn parse(text: &str) -> Ignored {
        let keys = text.lines().filter_map(|l| l.trim_start_matches('\u{feff}').split_whitespace().next());
        Ignored { keys: keys.filter(|k| !k.starts_with('#')).map(str::to_string).collect() }
    }

    /// Whether this finding was judged.
    pub fn has(&self, code: &str, source: &str, target: &str) -> bool {
        !self.keys.is_empty() && self.keys.contains(&key(code, source, target))
    }

    /// Whether findings of this rule in this unit are to stay silent: judged here, or silenced by the unit itself.
    pub fn silences(&self, code: &str, unit: &TranslationUnit) -> bool {
        let text = |k: usize| unit.variants.get(k).map_or("", |v| v.text.as_str());
        self.has(code, text(0), text(1)) || silent(unit, code)
    }
}

/// Whether a note or property of the unit says `duizhao:ignore RULE …`, or `duizhao:ignore` alone for all rules.
pub fn silent(unit: &TranslationUnit, code: &str) -> bool {
    let notes = unit.notes.iter().chain(unit.variants.iter().flat_map(|v| &v.notes));
    let properties = unit.properties.iter().chain(unit.variants.iter().flat_map(|v| &v.properties));
    let says = |text: &str| {
        text.split_once("duizhao:ignore").is_some_and(|(_, rest)| {
            let list = rest.lines().next().unwrap_or("");
            list.trim().is_empty()
                || list.split([' ', ',', ';', ':']).any(|w| super::rule(w).map_or(w, |r| r.code) == code)
        })
    };
    notes.into_iter().any(|n| says(n))
        || properties.into_iter().any(|p| says(&p.value) || says(&format!("{} {}", p.kind, p.value)))
}
