//! Merges and validates termbases.

use crate::model::{Lang, TermEntry, TermStatus, Termbase};
use std::collections::BTreeMap;

/// One termbase of several: entries that share a term in both languages become one; the first mention of a term
/// decides its status, and no term, note or definition is lost.
pub fn merge(bases: Vec<Termbase>) -> Termbase {
    let mut out = Termbase::default();
    let mut known: BTreeMap<(String, String), usize> = BTreeMap::new();
    for entry in bases.into_iter().flat_map(|b| b.entries) {
        let keys = pairs(&entry);
        let at = keys.iter().find_map(|k| known.get(k).copied());
        let at = at.unwrap_or(out.entries.len());
        if at == out.entries.len() {
            out.entries.push(entry);
        } else {
            join(&mut out.entries[at], entry);
        }
        for key in keys.into_iter().chain(pairs(&out.entries[at])) {
            known.entry(key).or_insert(at);
        }
    }
    out
}

fn pairs(entry: &TermEntry) -> Vec<(String, String)> {
    let en: Vec<String> = entry.of(Lang::En).map(|t| t.text.to_lowercase()).collect();
    entry.of(Lang::Zh).flat_map(|z| en.iter().map(|e| (z.text.clone(), e.clone()))).collect()
}

fn join(into: &mut TermEntry, from: TermEntry) {
    for (mine, theirs) in [
        (&mut into.id, from.id),
        (&mut into.domain, from.domain),
        (&mut into.definition, from.definition),
        (&mut into.part_of_speech, from.part_of_speech),
    ] {
        if mine.is_empty() {
            *mine = theirs;
        } else if !theirs.is_empty() && *mine != theirs && !into.notes.contains(&theirs) {
            into.notes.push(theirs);
        }
    }
    into.case_sensitive |= from.case_sensitive;
    for term in from.terms {
        if !into.terms.iter().any(|t| t.text == term.text && t.lang.lang() == term.lang.lang()) {
            into.terms.push(term);
        }
    }
    for note in from.notes {
        if !into.notes.contains(&note) {
            into.notes.push(note);
        }
    }
}

/// What is wrong with a termbase, a line each: one-sided entries, terms that are approved and forbidden at once,
/// ids that come twice, entries that come twice.
pub fn validate(base: &Termbase) -> Vec<String> {
    let mut out = Vec::new();
    let mut ids: BTreeMap<&str, usize> = BTreeMap::new();
    let mut seen: BTreeMap<Vec<(String, String)>, usize> = BTreeMap::new();
    for (k, entry) in (1..).zip(&base.entries) {
        for (lang, name) in [(Lang::Zh, "Chinese"), (Lang::En, "English")] {
            if entry.of(lang).next().is_none() {
                out.push(format!("entry {k}: no {name} term"));
            }
        }
        for term in entry.terms.iter().filter(|t| t.status == TermStatus::Forbidden) {
            if entry.terms.iter().any(|t| t.text == term.text && t.status != TermStatus::Forbidden) {
                out.push(format!("entry {k}: “{}” is forbidden and allowed", term.text));
            }
        }
        if let Some(first) = ids.insert(&entry.id, k).filter(|_| !entry.id.is_empty()) {
            out.push(format!("entry {k}: the id {:?} is that of entry {first}", entry.id));
        }
        let pairs = pairs(entry);
        if let Some(first) = seen.insert(pairs.clone(), k).filter(|_| !pairs.is_empty()) {
            out.push(format!("entry {k}: the same terms as entry {first}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Term;

    fn entry(terms: &[(&str, &str)]) -> TermEntry {
        let term = |(lang, text): &(&str, &str)| Term {
            lang: lang.parse().expect("the tag is well-formed"),
            text: (*text).into(),
            status: TermStatus::Approved,
        };
        TermEntry { terms: terms.iter().map(term).collect(), ..TermEntry::default() }
    }

    #[test]
    fn merging_joins_and_validation_tells() {
        let first = entry(&[("zh", "条约"), ("en", "treaty")]);
        let second = entry(&[("zh", "条约"), ("en", "Treaty"), ("en", "pact")]);
        let bases = [first.clone(), second].map(|e| Termbase { entries: vec![e] });
        let merged = merge(bases.to_vec());
        assert_eq!((merged.entries.len(), merged.entries[0].terms.len()), (1, 4));
        assert!(validate(&merged).is_empty());
        let bad = Termbase { entries: vec![first.clone(), first, entry(&[("zh", "约")])] };
        assert_eq!(validate(&bad).len(), 2);
    }
}
