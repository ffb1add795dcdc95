//! Quality checks: what looks wrong in a translation unit.
//!
//! Every rule is one line of [`RULES`]; a file a family reads the pair and reports. Checks read and never
//! change; how findings are shown is the business of `format::report`.

mod amounts;
pub mod config;
mod copies;
mod dates;
mod elsewhere;
mod ignore;
mod marks;
mod measures;
mod negation;
mod numbers;
mod omission;
mod rules;
mod script;
mod spaces;
mod tags;

pub use ignore::{Ignored, key, silent};
pub use rules::{RULES, Rule, rule};

use crate::feature::{Expression, expressions};
use crate::lexicon::Lexicon;
use crate::model::{Bitext, Finding, Lang, Mark, Severity, Side, TranslationUnit};
use rayon::prelude::*;
use std::ops::Range;

/// Units that are checked before progress is told and caches are dropped: large enough to keep all cores busy.
const CHUNK: usize = 16_384;
/// Units that one worker takes at a time; its cache of words lives as long.
const PIECE: usize = 2048;

/// What to check.
#[derive(Debug, Clone)]
pub struct Options {
    /// The codes of the rules that are on.
    pub rules: Vec<&'static str>,
    /// Findings that somebody judged: they stay silent.
    pub ignored: Ignored,
    /// The words behind `omission`.
    pub lexicon: Lexicon,
    /// How much more evidence than usual `omission` asks for, as a natural logarithm: above zero it speaks less often,
    /// below zero more often.
    pub evidence: f64,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            rules: RULES.iter().map(|r| r.code).collect(),
            ignored: Ignored::default(),
            lexicon: Lexicon::built_in(),
            evidence: 0.0,
        }
    }
}

/// A unit's pair of texts, read once for all rules.
struct View<'a> {
    unit: &'a TranslationUnit,
    texts: [&'a str; 2],
    langs: [Lang; 2],
    read: [Vec<Expression>; 2],
}

impl View<'_> {
    /// The index of the side with this language.
    fn index(&self, lang: Lang) -> usize {
        usize::from(self.langs[0] != lang)
    }

    fn text(&self, lang: Lang) -> &str {
        self.texts[self.index(lang)]
    }
}

fn side(index: usize) -> Side {
    if index == 0 { Side::Source } else { Side::Target }
}

fn mark(index: usize, bytes: Range<usize>) -> Mark {
    Mark { side: side(index), bytes }
}

/// Takes findings; knows which rules are on and which findings were judged.
struct Sink<'a> {
    options: &'a Options,
    at: usize,
    out: Vec<Finding>,
}

impl Sink<'_> {
    fn add(&mut self, view: &View, code: &'static str, message: String, marks: Vec<Mark>) {
        if let Some(rule) = RULES.iter().find(|r| r.code == code) {
            self.add_as(rule.severity, view, code, message, marks);
        }
    }

    /// A finding that is less, or more, than its rule usually says.
    fn add_as(
        &mut self,
        severity: Severity,
        view: &View,
        code: &'static str,
        message: String,
        marks: Vec<Mark>,
    ) {
        if self.options.rules.contains(&code) && !self.options.ignored.silences(code, view.unit) {
            self.out.push(Finding { rule: code, severity, unit: self.at, message, marks });
        }
    }
}

/// Checks every unit of a bitext, in parallel; the findings come in the order of the units whatever the number
/// of threads. `progress` hears the share done, 0 to 1. Memory beyond the findings does not grow with the text.
///
/// A unit needs one Chinese and one English side; others (and the halves of moved material) are passed over.
pub fn check(bitext: &Bitext, options: &Options, progress: &(dyn Fn(f64) + Sync)) -> Vec<Finding> {
    let mut out = Vec::new();
    let total = bitext.units.len().max(1);
    for (k, chunk) in bitext.units.chunks(CHUNK).enumerate() {
        out.extend(check_units(chunk, k * CHUNK, bitext.source_lang.lang(), options));
        progress((k * CHUNK + chunk.len()) as f64 / total as f64);
    }
    out
}

/// Checks some units of a file, as [`check`] does; `first` is the index of the first one in the file, `source` the
/// file's source language.
pub fn check_units(
    units: &[TranslationUnit],
    first: usize,
    source: Option<Lang>,
    options: &Options,
) -> Vec<Finding> {
    let found: Vec<Vec<Finding>> = units
        .par_chunks(PIECE)
        .enumerate()
        .map(|(p, piece)| {
            let mut words = omission::Words::new(&options.lexicon);
            let mut sink = Sink { options, at: 0, out: Vec::new() };
            for (n, unit) in piece.iter().enumerate() {
                sink.at = first + p * PIECE + n;
                check_unit(source, unit, &mut words, &mut sink);
            }
            sink.out
        })
        .collect();
    found.into_iter().flatten().collect()
}

fn check_unit(file: Option<Lang>, unit: &TranslationUnit, words: &mut omission::Words, sink: &mut Sink) {
    let [source, target, ..] = unit.variants.as_slice() else { return };
    if unit.bead.as_ref().is_some_and(|b| b.moved_to.is_some()) {
        return;
    }
    let own = source.lang.lang().or(file);
    let Some(own) = own.or(target.lang.lang().map(Lang::other)) else { return };
    let langs = [own, own.other()];
    let texts = [source.text.as_str(), target.text.as_str()];
    if copies::untranslated(unit, texts, langs, sink) {
        return;
    }
    let read = [expressions(texts[0], langs[0]), expressions(texts[1], langs[1])];
    let view = View { unit, texts, langs, read };
    if copies::check(&view, sink) {
        return;
    }
    numbers::check(&view, sink);
    marks::check(&view, sink);
    spaces::check(&view, sink);
    negation::check(&view, words, sink);
    script::check(&view, sink);
    tags::check(&view, sink);
    omission::check(&view, words, sink);
}
