//! Holds a bitext against a termbase.

mod introduced;
mod literal;
mod name;
mod other_form;
mod place;
mod sense;
mod session;
mod short;
mod stranger;
#[cfg(test)]
mod tests;
mod unit;
mod weak;
mod words;

pub use session::Session;

use super::form::{Form, parts};
use super::matcher::Matcher;
use crate::error::{Error, Result};
use crate::lexicon::Lexicon;
use crate::model::{Bitext, Finding, Lang, TermStatus, Termbase};
use rustc_hash::FxHashMap;

/// Units that one thread takes at a time.
const CHUNK: usize = 2048;
/// A target term.
#[derive(Debug)]
struct Target {
    text: String,
    status: TermStatus,
    /// It and the forms inside it.
    forms: Vec<Form>,
}

/// A termbase made ready to check texts of one direction.
#[derive(Debug)]
pub struct Checker {
    lexicon: Lexicon,
    source: Matcher,
    target: Matcher,
    /// Of each entry: its target terms and whether each may be used.
    targets: Vec<Vec<Target>>,
    /// Of each entry: its source terms.
    sources: Vec<Vec<Form>>,
    owners: [Vec<(usize, TermStatus)>; 2],
    langs: [Lang; 2],
}

/// From this many units on, a term that is mostly not kept is told once and then in passing: somebody who reads the
/// first knows the rest. Chosen: two findings are no flood.
const AGAIN: usize = 3;

/// What a stretch of units gave.
#[derive(Default)]
struct Found {
    /// The findings, each with its entry.
    findings: Vec<(Finding, usize)>,
    /// In how many units each entry is kept.
    kept: FxHashMap<usize, usize>,
}

impl Checker {
    /// Makes ready. Entries without a term in either language are left out.
    pub fn new(lexicon: &Lexicon, base: &Termbase, source: Lang) -> Checker {
        let langs = [source, source.other()];
        let mut matchers = langs.map(Matcher::new);
        let mut owners = [Vec::new(), Vec::new()];
        let mut targets = Vec::new();
        for (k, entry) in base.entries.iter().enumerate() {
            for side in 0..2 {
                for term in entry.of(langs[side]) {
                    matchers[side].add(lexicon, &term.text, owners[side].len(), entry.case_sensitive);
                    owners[side].push((k, term.status));
                    for part in parts(&term.text).into_iter().filter(|_| side == 1) {
                        matchers[side].add(lexicon, &part, owners[side].len(), entry.case_sensitive);
                        owners[side].push((k, term.status));
                    }
                }
            }
            let mut forms = Vec::new();
            for t in entry.of(langs[1]) {
                let all = std::iter::once(t.text.clone()).chain(parts(&t.text));
                let form = |text: String| Form::new(lexicon, langs[1], &matchers[1], &text);
                let forms_of = all.map(form).collect();
                forms.push(Target { text: t.text.clone(), status: t.status, forms: forms_of });
            }
            targets.push(forms);
        }
        let form = |text: &str| Form::new(lexicon, langs[0], &matchers[0], text);
        let sources = base.entries.iter().map(|e| e.of(langs[0]).map(|t| form(&t.text)).collect()).collect();
        let [source, target] = matchers;
        Checker { lexicon: lexicon.clone(), source, target, targets, sources, owners, langs }
    }

    /// Checks a bitext, in parallel; the findings come in the order of its units and are the same for any number
    /// of threads. One-sided units are passed over.
    ///
    /// # Errors
    /// A bitext whose source is in the other language.
    pub fn check(&self, bitext: &Bitext) -> Result<Vec<Finding>> {
        if bitext.source_lang.lang().is_some_and(|l| l != self.langs[0]) {
            return Err(Error::usage("the termbase was made ready for the other direction"));
        }
        let mut session = self.session();
        let found = session.batch(&bitext.units, 0);
        Ok(found.into_iter().map(|finding| session.settle(finding, false)).collect())
    }

    /// A file to be checked in batches.
    pub fn session(&self) -> Session<'_> {
        Session::new(self)
    }
}

/// The two texts of a unit, if both are there.
fn pair(unit: &crate::model::TranslationUnit) -> Option<(&str, &str)> {
    let [source, target, ..] = unit.variants.as_slice() else { return None };
    let whole = !source.text.trim().is_empty() && !target.text.trim().is_empty();
    whole.then_some((source.text.as_str(), target.text.as_str()))
}
