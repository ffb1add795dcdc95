//! `duizhao check`: what looks wrong in bilingual files.

use super::Outcome;
use super::findings::{Judge, Named, Reporting, list};
use clap::Args;
use duizhao::Result;
use duizhao::check::{Ignored, Options, RULES, check_units};
use duizhao::model::{Finding, Lang, TranslationUnit};

const EXAMPLES: &str = "\
Examples:
  duizhao check letter.tmx --fail-on never
  duizhao check letter.jsonl --rules number,date --fail-on never
  duizhao check letter.tmx -o report.html -o report.xlsx --fail-on never
  duizhao check letter.tmx memory.tmx --no-rule negation --fail-on never
  duizhao check letter.tmx --report sarif --fail-on never
  duizhao check --list";

/// Check numbers, dates, marks, omissions … of any bilingual file.
///
/// Rules go by their codes, or by their names in Xbench and Trados; --list shows them.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    reporting: Reporting,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let rule = |r: &duizhao::check::Rule| Named {
        code: r.code,
        severity: r.severity,
        about: r.about,
        aliases: r.aliases,
    };
    let known: Vec<Named> = RULES.iter().map(rule).collect();
    if arguments.reporting.list {
        return list(&known);
    }
    let settings = arguments.reporting.settings(&known)?;
    // What was judged is left out where the findings are told.
    let options =
        Options { rules: settings.rules.clone(), ignored: Ignored::default(), ..Options::default() };
    arguments.reporting.tell(&known, &settings, &mut |langs| {
        Ok(Box::new(Quality { source: langs[0].lang(), options: &options }))
    })
}

/// The rules of `check`, for one file.
struct Quality<'o> {
    source: Option<Lang>,
    options: &'o Options,
}

impl Judge for Quality<'_> {
    fn batch(&mut self, units: &[TranslationUnit], first: usize) -> Vec<Finding> {
        check_units(units, first, self.source, self.options)
    }
}
