//! `duizhao terms check`: is the termbase kept?

use crate::cli::Outcome;
use crate::cli::findings::{Judge, Named, Reporting, list};
use clap::Args;
use duizhao::format::glossary;
use duizhao::lexicon::Lexicon;
use duizhao::model::{Finding, Lang, Severity, Termbase, TranslationUnit};
use duizhao::terms::{Checker, Session};
use duizhao::{Error, Result};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  duizhao terms check letter.tmx --terms terms.csv --fail-on never
  duizhao terms check letter.tmx --terms terms.csv -o report.html --fail-on never
  duizhao terms check letter.jsonl --terms terms.csv --report json --fail-on never
  duizhao terms check --list";

/// The rules; the checker's documentation says more of each.
const RULES: [Named; 5] = [
    rule("term-missing", Severity::Warning, "a term of the source that no term of the termbase renders"),
    rule("term-forbidden", Severity::Error, "a target term that the termbase forbids"),
    rule("term-untranslated", Severity::Warning, "a source term that stands untranslated in the target"),
    rule("term-sense", Severity::Info, "a word that may be the term, rendered as a general word"),
    rule("term-again", Severity::Info, "a term that is mostly not kept, told before"),
];

const fn rule(code: &'static str, severity: Severity, about: &'static str) -> Named {
    Named { code, severity, about, aliases: &[] }
}

/// Tell where a translation does not keep to a termbase.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The termbase: TBX, CSV, TSV, UTX or XLSX; may be given several times
    #[arg(long, required_unless_present = "list", value_name = "FILE")]
    terms: Vec<PathBuf>,
    #[command(flatten)]
    reporting: Reporting,
}

pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    if arguments.reporting.list {
        return list(&RULES);
    }
    let settings = arguments.reporting.settings(&RULES)?;
    let mut base = Termbase::default();
    for path in &arguments.terms {
        base.entries.extend(glossary::read_terms(path, None)?.entries);
    }
    let lexicon = Lexicon::built_in();
    let checkers = [Lang::Zh, Lang::En].map(|lang| (lang, std::cell::OnceCell::new()));
    arguments.reporting.tell(&RULES, &settings, &mut |langs| {
        let source = langs[0].lang().ok_or_else(|| {
            Error::usage(format!("the source language {} is neither Chinese nor English", langs[0]))
        })?;
        let ready = checkers.iter().find(|c| c.0 == source).expect("there are two languages");
        let checker: &Checker = ready.1.get_or_init(|| Checker::new(&lexicon, &base, source));
        Ok(Box::new(Kept { session: checker.session() }))
    })
}

/// The termbase, for one file.
struct Kept<'c> {
    session: Session<'c>,
}

impl Judge for Kept<'_> {
    fn batch(&mut self, units: &[TranslationUnit], first: usize) -> Vec<Finding> {
        self.session.batch(units, first)
    }

    fn settles(&self) -> bool {
        true
    }

    fn settle(&mut self, finding: Finding, silent: bool) -> Finding {
        self.session.settle(finding, silent)
    }
}
