//! What `check` and `terms check` share: options of the report, units in batches, findings told, exit status.

use super::Outcome;
use super::say::Voice;
use clap::Args;
use duizhao::check::config::{self, Config};
use duizhao::check::{self, Ignored};
use duizhao::format::report::{Entry, Findings, Report, ReportFormat, write_report, write_report_file};
use duizhao::format::{self, Format, Units};
use duizhao::memory::Memory;
use duizhao::model::{Finding, LangTag, Severity, TranslationUnit};
use duizhao::{Error, ErrorKind, Result};
use std::collections::VecDeque;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Units that are read while as many are checked: enough for the threads, about 20 MB of sentences.
const BATCH: usize = 16_384;

/// What judges the units of one file.
pub(crate) trait Judge: Send {
    /// The findings of some units in order; `first` is the index of the first unit.
    fn batch(&mut self, units: &[TranslationUnit], first: usize) -> Vec<Finding>;

    /// Whether it has a last word on findings when the file is read.
    fn settles(&self) -> bool {
        false
    }

    /// The last word on each finding, in order.
    fn settle(&mut self, finding: Finding, _silent: bool) -> Finding {
        finding
    }
}

/// Gives the judge of a file with these languages.
type Start<'f, 's> = dyn FnMut(&[LangTag; 2]) -> Result<Box<dyn Judge + 's>> + 'f;

/// Options of every command that reports findings.
#[derive(Debug, Args)]
pub(crate) struct Reporting {
    /// Bilingual files, or the file of a translation memory
    #[arg(required_unless_present = "list")]
    pub files: Vec<PathBuf>,
    /// A report to write (html, xlsx, csv, json, sarif, txt by extension); may be repeated
    #[arg(short, long, value_name = "FILE")]
    pub output: Vec<PathBuf>,
    /// The form of the report on stdout: table, html, xlsx, csv, json or sarif
    #[arg(long, value_name = "FORM")]
    pub report: Option<ReportFormat>,
    /// Only these rules
    #[arg(long, value_name = "RULE,…", value_delimiter = ',')]
    pub rules: Vec<String>,
    /// Not these rules
    #[arg(long, value_name = "RULE,…", value_delimiter = ',')]
    pub no_rule: Vec<String>,
    /// A configuration file; duizhao.toml of this folder when absent
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// A file with the keys of findings that were judged; may be repeated
    #[arg(long, value_name = "FILE")]
    pub ignore: Vec<PathBuf>,
    /// The mildest finding for exit status 1: error, warning, info or never [default: warning]
    #[arg(long, value_name = "SEVERITY")]
    pub fail_on: Option<String>,
    /// The input's format, whatever its extension
    #[arg(long)]
    pub from: Option<Format>,
    /// Of a memory's file only this memory
    #[arg(long, short = 'm', value_name = "NAME")]
    pub memory: Option<String>,
    /// List the rules
    #[arg(long)]
    pub list: bool,
    /// Say errors only
    #[arg(short, long)]
    pub quiet: bool,
}

/// A rule as far as options and reports need it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Named {
    pub code: &'static str,
    pub severity: Severity,
    pub about: &'static str,
    pub aliases: &'static [&'static str],
}

/// The rules of `check`.
pub(crate) fn check_rules() -> Vec<Named> {
    let rule =
        |r: &check::Rule| Named { code: r.code, severity: r.severity, about: r.about, aliases: r.aliases };
    check::RULES.iter().map(rule).collect()
}

/// The rules of `terms check`.
pub(crate) const TERM_RULES: [Named; 9] = [
    term(
        "term-missing",
        Severity::Warning,
        "a term of the source that no term of the termbase renders",
        &["key-term-mismatch", "term-not-used"],
    ),
    term("term-forbidden", Severity::Error, "a target term that the termbase forbids", &["forbidden-term"]),
    term(
        "term-untranslated",
        Severity::Warning,
        "a source term that stands untranslated in the target",
        &["untranslated-term"],
    ),
    term("term-sense", Severity::Info, "a word that may be the term, rendered as a general word", &[]),
    term("term-short", Severity::Info, "a short form of the term", &[]),
    term(
        "term-form",
        Severity::Info,
        "another form of the term, or one beside a term that nothing asks for",
        &[],
    ),
    term("term-divided", Severity::Info, "a term whose words stand there, but far apart", &[]),
    term(
        "term-omitted",
        Severity::Info,
        "a term that nothing renders here, where the file keeps it elsewhere",
        &[],
    ),
    term("term-again", Severity::Info, "a term that is mostly not kept, told before", &[]),
];

const fn term(
    code: &'static str,
    severity: Severity,
    about: &'static str,
    aliases: &'static [&'static str],
) -> Named {
    Named { code, severity, about, aliases }
}

/// What the options and the configuration file say together.
pub(crate) struct Settings {
    /// The codes of the rules that are on.
    pub rules: Vec<&'static str>,
    /// What was judged.
    pub ignored: Ignored,
    fail_on: Option<Severity>,
}

impl Reporting {
    /// Puts options and configuration together; options win.
    pub fn settings(&self, known: &[Named]) -> Result<Settings> {
        let (config, folder) = self.configured()?;
        let codes = |names: &[String]| -> Result<Vec<&'static str>> {
            names.iter().map(|n| named(known, n)).collect()
        };
        // What the file says of the other command's rules is none of ours.
        let ours = |names: &[String]| -> Result<Vec<&'static str>> {
            let all = [check_rules(), TERM_RULES.to_vec()].concat();
            let codes: Vec<&str> = names.iter().map(|n| named(&all, n)).collect::<Result<_>>()?;
            Ok(codes.into_iter().filter(|code| known.iter().any(|k| k.code == *code)).collect())
        };
        let only = if self.rules.is_empty() { ours(&config.rules)? } else { codes(&self.rules)? };
        let mut without = codes(&self.no_rule)?;
        if self.rules.is_empty() {
            without.extend(ours(&config.no_rules)?);
        }
        let on = |code: &&str| (only.is_empty() || only.contains(code)) && !without.contains(code);
        let mut ignored = String::new();
        for path in config.ignore.iter().map(|p| folder.join(p)).chain(self.ignore.iter().cloned()) {
            ignored.push_str(&text_of(&path)?);
            ignored.push('\n');
        }
        Ok(Settings {
            rules: known.iter().map(|k| k.code).filter(on).collect(),
            ignored: Ignored::parse(&ignored),
            fail_on: match &self.fail_on {
                Some(word) => config::fail_on(word)?,
                None => config.fail_on.unwrap_or(Some(Severity::Warning)),
            },
        })
    }

    fn configured(&self) -> Result<(Config, PathBuf)> {
        let usual = Path::new("duizhao.toml");
        let path = match &self.config {
            Some(path) => path.as_path(),
            None if usual.is_file() => usual,
            None => return Ok((Config::default(), PathBuf::new())),
        };
        let config = Config::parse(&text_of(path)?).map_err(|e| e.in_file(path))?;
        Ok((config, path.parent().map(Path::to_path_buf).unwrap_or_default()))
    }

    /// Reads every file in batches, has each judged, and tells the findings. `start` gives the judge of a file with
    /// these languages.
    pub fn tell<'s>(
        &self,
        known: &[Named],
        settings: &Settings,
        start: &mut Start<'_, 's>,
    ) -> Result<Outcome> {
        let outputs = self.output.iter().map(|p| Ok((p, ReportFormat::from_path(p)?)));
        let outputs: Vec<(&PathBuf, ReportFormat)> = outputs.collect::<Result<_>>()?;
        let voice = Voice { quiet: self.quiet };
        let mut findings = Findings::default();
        for path in &self.files {
            let before = findings.len();
            let units = self.file(path, settings, start, &mut findings).map_err(|e| e.in_file(path))?;
            voice.note(&format!("{}: {units} units, {} findings", path.display(), findings.len() - before));
        }
        findings.finish()?;
        let rules: Vec<(&str, &str)> = known.iter().map(|k| (k.code, k.about)).collect();
        let report = Report { findings: &findings, rules: &rules };
        for &(path, form) in &outputs {
            write_report_file(path, &report, form)?;
        }
        if outputs.is_empty() || self.report.is_some() {
            let form = self.report.unwrap_or(ReportFormat::Table);
            if form == ReportFormat::Table {
                write_report(&report, form, &mut anstream::stdout().lock())?;
            } else {
                let mut out = std::io::BufWriter::new(std::io::stdout().lock());
                write_report(&report, form, &mut out)?;
                std::io::Write::flush(&mut out)?;
            }
        }
        let found = findings.counts().keys().any(|k| settings.fail_on.is_some_and(|least| k.1 >= least));
        Ok(if found { Outcome::Found } else { Outcome::Fine })
    }

    /// Judges one file; the next batch is read while one is judged. Returns the number of units.
    fn file<'s>(
        &self,
        path: &Path,
        settings: &Settings,
        start: &mut Start<'_, 's>,
        findings: &mut Findings,
    ) -> Result<usize> {
        let mut units = open(path, self.from, self.memory.as_deref())?;
        let mut judge = start(units.langs())?;
        let settles = judge.settles();
        let mut waiting = Findings::default();
        let bar = Voice { quiet: self.quiet }.bar();
        let mut first = 0;
        let mut batch = units.batch(BATCH)?;
        while !batch.is_empty() {
            let (next, found) = rayon::join(|| units.batch(BATCH), || judge.batch(&batch, first));
            for finding in found {
                let Some(unit) = batch.get(finding.unit - first) else { continue };
                let entry = entry(path, unit, finding);
                if settles {
                    waiting.push(entry)?;
                } else if settings.tells(&entry) {
                    findings.push(entry)?;
                }
            }
            first += batch.len();
            batch = next?;
            bar.share(units.done(), "checking");
        }
        waiting.finish()?;
        waiting.each(&mut |entry| {
            let mut entry = entry.clone();
            entry.finding = judge.settle(entry.finding, entry.silent);
            entry.key = check::key(entry.finding.rule, &entry.texts[0], &entry.texts[1]);
            if settings.tells(&entry) { findings.push(entry) } else { Ok(()) }
        })?;
        Ok(first)
    }
}

impl Settings {
    /// Whether a finding is told: its rule is on, nobody judged it, and the unit does not ask for silence.
    fn tells(&self, entry: &Entry) -> bool {
        let [source, target] = &entry.texts;
        !entry.silent
            && self.rules.contains(&entry.finding.rule)
            && !self.ignored.has(entry.finding.rule, source, target)
    }
}

fn entry(path: &Path, unit: &TranslationUnit, finding: Finding) -> Entry {
    let text = |k: usize| unit.variants.get(k).map_or(String::new(), |v| v.text.clone());
    let texts = [text(0), text(1)];
    let label = if unit.id.is_empty() { (finding.unit + 1).to_string() } else { unit.id.clone() };
    let key = check::key(finding.rule, &texts[0], &texts[1]);
    let silent = check::silent(unit, finding.rule);
    Entry { file: path.display().to_string(), finding, unit: label, texts, key, silent }
}

/// The code of the rule with this name.
fn named(known: &[Named], name: &str) -> Result<&'static str> {
    let plain = name.trim().to_lowercase().replace([' ', '_'], "-");
    let rule = known.iter().find(|k| k.code == plain || k.aliases.contains(&plain.as_str()));
    rule.map(|r| r.code).ok_or_else(|| {
        let known: Vec<&str> = known.iter().map(|r| r.code).collect();
        Error::usage(format!("unknown rule {name:?}")).advise(format!("use {}", known.join(", ")))
    })
}

/// The rules as a list to read.
pub(crate) fn list(known: &[Named]) -> Result<Outcome> {
    let line = |r: &Named| format!("{}\t{}\t{}\t{}\n", r.code, r.severity, r.about, r.aliases.join(", "));
    super::print(known.iter().map(line).collect::<String>().as_bytes())
}

fn text_of(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|e| Error::new(ErrorKind::Io(e)).in_file(path))
}

/// The units of a bilingual file, or of a memory.
fn open(path: &Path, from: Option<Format>, memory: Option<&str>) -> Result<Units<'static>> {
    let mut head = [0; 16];
    let sqlite = std::fs::File::open(path).and_then(|mut f| f.read_exact(&mut head)).is_ok()
        && &head == b"SQLite format 3\0";
    if !sqlite {
        if memory.is_some() {
            return Err(Error::usage("--memory chooses in the file of a memory, and this is none"));
        }
        return format::open_units(path, from);
    }
    let store = Memory::open(path, false)?;
    if let Some(name) = memory {
        let names = store.names()?;
        if !names.iter().any(|n| n == name) {
            return Err(Error::usage(format!("there is no memory {name:?} in the file"))
                .advise(format!("it has {}", names.join(", "))));
        }
    }
    stored(store, memory.map(str::to_string))
}

/// The units of a memory by their numbers, the source language of the first one first in all.
fn stored(store: Memory, name: Option<String>) -> Result<Units<'static>> {
    let total = store.count()?;
    let tags = ["zh-CN", "en-US"].map(|t| t.parse::<LangTag>().map_err(Error::malformed));
    let [zh, en] = tags;
    let mut langs = [zh?, en?];
    if let Some(first) = store.page(0, 1)?.first() {
        langs = [first.source().lang.clone(), first.target().lang.clone()];
    }
    let source = langs[0].lang();
    let (mut last, mut page) = (0, VecDeque::new());
    Ok(Units::new(langs, total, move || {
        loop {
            if page.is_empty() {
                page.extend(store.page(last, 1000)?);
            }
            let Some(mut unit) = page.pop_front() else { return Ok(None) };
            last = unit.id;
            if name.as_ref().is_some_and(|name| *name != unit.memory) {
                continue;
            }
            unit.unit.variants.sort_by_key(|v| v.lang.lang() != source);
            if unit.unit.id.is_empty() {
                unit.unit.id = unit.id.to_string();
            }
            return Ok(Some(unit.unit));
        }
    }))
}
