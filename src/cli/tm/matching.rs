//! `duizhao tm match`: fuzzy matches of a text, or the leverage of a document.

use super::super::Outcome;
use super::super::say::Voice;
use super::{Place, cell};
use clap::{Args, ValueEnum};
use duizhao::format::{self, Format, WriteOptions};
use duizhao::lexicon::is_han;
use duizhao::memory::{FuzzyMatch, Leverage, Query, Work, differences};
use duizhao::model::{Bitext, Lang, LangTag, Property, Script, TranslationUnit, Variant};
use duizhao::read::{self, ReadOptions};
use duizhao::segment::{SegmentOptions, segment_document};
use duizhao::{Error, Result};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  duizhao tm match 阿塞拜疆被占领土局势
  duizhao tm match 'The situation in the occupied territories' --least 50 --top 3
  duizhao tm match --file letter.zh.txt
  duizhao tm match --file letter.zh.txt --report json -o pretranslated.tmx";

/// Find units that are like a text; with --file tell how much of a document the memory knows.
///
/// Prints percent, number, memory, text and translation, tabs between them. 100 is the same text, 101 the same in the
/// same context. Exit status 1 when nothing is found.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The text
    #[arg(required_unless_present = "file", conflicts_with = "file")]
    text: Option<String>,
    /// A document to be translated: a leverage report
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
    /// The language of the text, where its letters do not tell
    #[arg(long, value_name = "TAG")]
    lang: Option<LangTag>,
    /// The least similarity in percent, 30 to 100
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(30..=100))]
    least: Option<u32>,
    /// At most so many matches of a text
    #[arg(long, value_name = "N", default_value_t = 5)]
    top: usize,
    /// The text before, for a match in context
    #[arg(long, value_name = "TEXT")]
    before: Option<String>,
    /// The text after
    #[arg(long, value_name = "TEXT")]
    after: Option<String>,
    /// How to print the leverage
    #[arg(long, value_enum, default_value_t = Report::Text)]
    report: Report,
    /// Write the document's segments with their best translations into a bilingual file
    #[arg(short, long, value_name = "FILE", requires = "file")]
    output: Option<PathBuf>,
    /// The lines of the file are its segments
    #[arg(long, requires = "file")]
    lines: bool,
    /// Say errors only
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Report {
    Text,
    Csv,
    Json,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    match (&arguments.file, &arguments.text) {
        (Some(file), _) => leverage(file, arguments),
        (None, Some(text)) => one(text, arguments),
        (None, None) => Err(Error::usage("nothing to match").advise("name a text or --file")),
    }
}

/// A tag that is given counts, else the letters.
fn language(text: &str, tag: Option<&LangTag>) -> Result<Lang> {
    match tag {
        Some(tag) => tag.lang().ok_or_else(|| {
            Error::usage(format!("{tag} is neither Chinese nor English")).advise("use zh or en")
        }),
        None if text.chars().any(is_han) => Ok(Lang::Zh),
        None => Ok(Lang::En),
    }
}

fn one(text: &str, arguments: &Arguments) -> Result<Outcome> {
    let mut memory = arguments.place.open()?;
    let lang = language(text, arguments.lang.as_ref())?;
    let matcher = memory.matcher(lang)?;
    let query = Query { text: text.into(), before: arguments.before.clone(), after: arguments.after.clone() };
    let least = f64::from(arguments.least.unwrap_or(70)) / 100.0;
    let name = arguments.place.memory.as_deref();
    let found = matcher.best(&query, least, arguments.top, name, &mut Work::default())?;
    let colour = std::io::stdout().is_terminal();
    let mut out = anstream::stdout().lock();
    for m in &found {
        let shown = if colour { marked(text, m.text(), lang) } else { cell(m.text()) };
        let (id, memory) = (m.stored.id, cell(&m.stored.memory));
        writeln!(out, "{}\t{id}\t{memory}\t{shown}\t{}", m.percent(), cell(m.translation()))?;
    }
    out.flush()?;
    if found.is_empty() {
        let percent = (least * 100.0).round();
        Voice { quiet: arguments.quiet }
            .note(&format!("no unit is {percent} % like that; --least looks further"));
        return Ok(Outcome::Found);
    }
    Ok(Outcome::Fine)
}

/// The unit's text: what the query does not have is green.
fn marked(query: &str, text: &str, lang: Lang) -> String {
    let parts = differences(query, text, lang);
    let show = |(part, own): (&str, bool)| {
        if own { format!("\u{1b}[1;32m{}\u{1b}[0m", cell(part)) } else { cell(part) }
    };
    parts.into_iter().map(show).collect()
}

fn leverage(file: &Path, arguments: &Arguments) -> Result<Outcome> {
    let mut memory = arguments.place.open()?;
    let options =
        ReadOptions { lang: arguments.lang.as_ref().and_then(LangTag::lang), ..ReadOptions::default() };
    let document =
        if arguments.lines { read::read_lines(file, &options)? } else { read::read_file(file, &options)? };
    let segments = if arguments.lines {
        duizhao::segment::whole_blocks(&document)
    } else {
        segment_document(&document, &SegmentOptions::default())
    };
    let lang = document.lang;
    let text = |k: usize| segments.get(k).map(|s| s.text.clone());
    let queries: Vec<Query> = (0..segments.len())
        .map(|k| Query {
            text: segments[k].text.clone(),
            before: k.checked_sub(1).and_then(text),
            after: text(k + 1),
        })
        .collect();
    let least = f64::from(arguments.least.unwrap_or(50)) / 100.0;
    let found = memory.matcher(lang)?.best_of_all(&queries, least, 1, arguments.place.memory.as_deref())?;
    let best: Vec<Option<&FuzzyMatch>> = found.iter().map(|f| f.first()).collect();
    let report = Leverage::of(queries.iter().map(|q| q.text.as_str()).zip(best.iter().copied()));
    if let Some(output) = &arguments.output {
        pretranslate(output, lang, document.script, &queries, &best)?;
    }
    let mut out = anstream::stdout().lock();
    out.write_all(printed(&report, arguments.report).as_bytes())?;
    out.flush()?;
    let known = best.iter().flatten().count();
    let voice = Voice { quiet: arguments.quiet };
    voice.note(&format!("{}: {known} of {} segments have a match", file.display(), queries.len()));
    Ok(Outcome::Fine)
}

fn printed(report: &Leverage, how: Report) -> String {
    let rows = report.rows();
    let line = |name: &str, v: &duizhao::memory::Volume| match how {
        Report::Text => format!("{name:<12}{:>9}{:>9}{:>12}\n", v.segments, v.words, v.characters),
        Report::Csv => format!("{name},{},{},{}\n", v.segments, v.words, v.characters),
        Report::Json => format!(
            "  {{\"band\": \"{name}\", \"segments\": {}, \"words\": {}, \"characters\": {}}}",
            v.segments, v.words, v.characters
        ),
    };
    let lines: Vec<String> = rows.iter().map(|(name, v)| line(name, v)).collect();
    match how {
        Report::Text => {
            format!("{:<12}{:>9}{:>9}{:>12}\n{}", "match", "segments", "words", "characters", lines.concat())
        }
        Report::Csv => format!("match,segments,words,characters\n{}", lines.concat()),
        Report::Json => format!("[\n{}\n]\n", lines.join(",\n")),
    }
}

/// Segments with a match, as units that say how good it is.
fn pretranslate(
    output: &Path,
    lang: Lang,
    script: Script,
    queries: &[Query],
    best: &[Option<&FuzzyMatch>],
) -> Result<()> {
    let tag = |lang| LangTag::default_for(lang, script);
    let mut bitext = Bitext::new(tag(lang), tag(lang.other()));
    for (k, (query, best)) in queries.iter().zip(best).enumerate() {
        let Some(best) = best else { continue };
        let property = |kind: &str, value: String| Property { kind: kind.into(), value };
        bitext.units.push(TranslationUnit {
            id: (k + 1).to_string(),
            variants: vec![
                Variant::new(tag(lang), query.text.clone()),
                Variant::new(tag(lang.other()), best.translation()),
            ],
            bead: None,
            attributes: Vec::new(),
            properties: vec![
                property("x-match", best.percent().to_string()),
                property("x-match-text", best.text().to_string()),
            ],
            notes: Vec::new(),
        });
    }
    let format = Format::from_path(output)?;
    format::write_file(output, &bitext, format, &WriteOptions::default()).map(|_| ())
}
