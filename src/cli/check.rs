//! `duizhao check`: what looks wrong in bilingual files.

use super::Outcome;
use super::say::Voice;
use clap::Args;
use duizhao::check::config::{self, Config};
use duizhao::check::{self, Ignored, Options, RULES};
use duizhao::format::report::{Report, ReportFormat, ReportedFile, write_report, write_report_file};
use duizhao::format::{self, Format};
use duizhao::model::{Bitext, Finding, Severity};
use duizhao::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  duizhao check letter.tmx --fail-on never
  duizhao check letter.jsonl --rules number,date --fail-on never
  duizhao check letter.tmx -o report.html -o report.xlsx --fail-on never
  duizhao check letter.tmx memory.tmx --no-rule negation --fail-on never
  duizhao check letter.tmx --report sarif --fail-on never
  duizhao check --list";

/// Check numbers, dates, marks, omissions … of any bilingual file.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The bilingual files
    #[arg(required_unless_present = "list")]
    files: Vec<PathBuf>,
    /// A report to write (html, xlsx, csv, json, sarif, txt by extension); may be repeated
    #[arg(short, long, value_name = "FILE")]
    output: Vec<PathBuf>,
    /// The form of the report on stdout: table, html, xlsx, csv, json or sarif
    #[arg(long, value_name = "FORM")]
    report: Option<ReportFormat>,
    /// Only these rules (codes, or their names in Xbench and Trados)
    #[arg(long, value_name = "RULE,…", value_delimiter = ',')]
    rules: Vec<String>,
    /// Not these rules
    #[arg(long, value_name = "RULE,…", value_delimiter = ',')]
    no_rule: Vec<String>,
    /// A configuration file; duizhao.toml of this folder when absent
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// A file with the keys of findings that were judged; may be repeated
    #[arg(long, value_name = "FILE")]
    ignore: Vec<PathBuf>,
    /// The mildest finding for exit status 1: error, warning, info or never [default: warning]
    #[arg(long, value_name = "SEVERITY")]
    fail_on: Option<String>,
    /// The input's format, whatever its extension
    #[arg(long)]
    from: Option<Format>,
    /// List the rules
    #[arg(long)]
    list: bool,
    /// Say errors only
    #[arg(short, long)]
    quiet: bool,
}

fn text_of(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|e| Error::new(ErrorKind::Io(e)).in_file(path))
}

fn configured(arguments: &Arguments) -> Result<(Config, PathBuf)> {
    let usual = Path::new("duizhao.toml");
    let path = match &arguments.config {
        Some(path) => path.as_path(),
        None if usual.is_file() => usual,
        None => return Ok((Config::default(), PathBuf::new())),
    };
    let config = Config::parse(&text_of(path)?).map_err(|e| e.in_file(path))?;
    Ok((config, path.parent().map(Path::to_path_buf).unwrap_or_default()))
}

fn options(arguments: &Arguments, config: &Config, folder: &Path) -> Result<Options> {
    let codes = |names: &[String]| -> Result<Vec<&'static str>> {
        names.iter().map(|n| config::named(n).map(|r| r.code)).collect()
    };
    let only = if arguments.rules.is_empty() { config.rules.clone() } else { codes(&arguments.rules)? };
    let mut without = codes(&arguments.no_rule)?;
    without.extend(&config.no_rules);
    if !arguments.rules.is_empty() {
        without = codes(&arguments.no_rule)?;
    }
    let on = |code: &&str| (only.is_empty() || only.contains(code)) && !without.contains(code);
    let mut ignored = String::new();
    for path in config.ignore.iter().map(|p| folder.join(p)).chain(arguments.ignore.iter().cloned()) {
        ignored.push_str(&text_of(&path)?);
        ignored.push('\n');
    }
    Ok(Options {
        rules: RULES.iter().map(|r| r.code).filter(on).collect(),
        ignored: Ignored::parse(&ignored),
        ..Options::default()
    })
}

fn list() -> Result<Outcome> {
    let mut text = String::new();
    for r in RULES {
        text.push_str(&format!("{}\t{}\t{}\t{}\n", r.code, r.severity, r.about, r.aliases.join(", ")));
    }
    super::print(text.as_bytes())
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    if arguments.list {
        return list();
    }
    let (config, folder) = configured(arguments)?;
    let options = options(arguments, &config, &folder)?;
    let fail_on = match &arguments.fail_on {
        Some(word) => config::fail_on(word)?,
        None => config.fail_on.unwrap_or(Some(Severity::Warning)),
    };
    let outputs = arguments.output.iter().map(|p| Ok((p, ReportFormat::from_path(p)?)));
    let outputs: Vec<(&PathBuf, ReportFormat)> = outputs.collect::<Result<_>>()?;
    let voice = Voice { quiet: arguments.quiet };
    let mut read: Vec<(String, Bitext, Vec<Finding>, Vec<String>)> = Vec::new();
    for path in &arguments.files {
        let bitext = format::read_file(path, arguments.from)?;
        let bar = voice.bar();
        let findings = check::check(&bitext, &options, &|done| bar.share(done, "checking"));
        drop(bar);
        let text =
            |f: &Finding, k: usize| bitext.units[f.unit].variants.get(k).map_or("", |v| v.text.as_str());
        let keys = findings.iter().map(|f| check::key(f.rule, text(f, 0), text(f, 1))).collect();
        voice.note(&format!("{}: {} units, {} findings", path.display(), bitext.units.len(), findings.len()));
        read.push((path.display().to_string(), bitext, findings, keys));
    }
    let report = Report {
        files: read
            .iter()
            .map(|(name, bitext, findings, keys)| ReportedFile { name, bitext, findings, keys })
            .collect(),
        rules: RULES.iter().map(|r| (r.code, r.about)).collect(),
    };
    for &(path, form) in &outputs {
        write_report_file(path, &report, form)?;
    }
    if outputs.is_empty() || arguments.report.is_some() {
        let form = arguments.report.unwrap_or(ReportFormat::Table);
        if form == ReportFormat::Table {
            write_report(&report, form, &mut anstream::stdout().lock())?;
        } else {
            let mut bytes = Vec::new();
            write_report(&report, form, &mut bytes)?;
            super::print(&bytes)?;
        }
    }
    let found = read.iter().flat_map(|r| &r.2).any(|f| fail_on.is_some_and(|least| f.severity >= least));
    Ok(if found { Outcome::Found } else { Outcome::Fine })
}
