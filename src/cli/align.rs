//! `duizhao align`: the main job.

use super::Outcome;
use super::batch::BatchArguments;
use super::say::Voice;
use clap::Args;
use duizhao::align::{AlignOptions, Aligner};
use duizhao::format::{self, About, Format, WriteOptions, Written};
use duizhao::lexicon::Lexicon;
use duizhao::model::{
    Alignment, Bead, Bitext, Document, Lang, LangTag, Property, Script, Segment, Side, Status,
};
use duizhao::read::{ReadOptions, read_file, read_lines};
use duizhao::segment::{SegmentOptions, segment_document, whole_blocks};
use duizhao::{Error, ErrorKind, Result};
use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  duizhao align letter.zh.txt letter.en.txt -o letter.tmx -o letter.csv
      a memory for your CAT tool and a table for your reviewer
  duizhao align letter.en.txt letter.zh.txt > pairs.tsv
      English to Chinese; without -o the pairs go to stdout
  duizhao align letter.zh.txt letter.en.txt -o letter.jsonl --report cleaning.tsv
      everything that is known of each pair, and what the cleaning set aside
  duizhao align --lines a.zh a.en --format beads
      one segment a line already: no cleaning, no splitting
  duizhao align letter.zh.txt letter.en.txt --terms terms.csv --min-confidence 0.9 -o sure.tmx
      your own terms help, and only sure pairs are written
  duizhao align contract.zh.html contract.en.html -o contract.tmx
      web pages; PDF, Markdown and subtitles (SRT, VTT) are read as well
  duizhao align --mixed bilingual.txt -o bilingual.tmx
      one file with both languages: paragraph by paragraph, in two columns, or sentence by sentence
  duizhao align --batch project -o aligned --merge project.tmx
      every pair of a folder, found by names and content, and one memory of all
  duizhao align --batch project --plan pairs.csv
      which files would be paired, as a table to edit and give to --batch
  duizhao align --stream < documents.jsonl > aligned.jsonl
      a pair of texts or paths a line in, its alignment a line out";

/// Pair a document with its translation.
///
/// Reads text, PDF, HTML, Markdown and subtitles. Rebuilds paragraphs from lines, sets page furniture aside, splits
/// sentences, and pairs them. Each pair has a score, a confidence (the probability that it is right) and the evidence for it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The document, `-` for stdin
    #[arg(required_unless_present_any = ["batch", "stream"])]
    source: Option<PathBuf>,
    /// Its translation; without it the document must have both languages
    target: Option<PathBuf>,
    /// The document has both languages (中英对照); a table (CSV, TSV, XLSX) has a column of each
    #[arg(long, conflicts_with_all = ["target", "batch", "stream", "lines"])]
    mixed: bool,

    /// Write to this file; its extension chooses the format (tmx csv tsv xlsx xlf xliff po html jsonl beads ladder). May be given again
    #[arg(short, long = "output", value_name = "FILE")]
    pub(super) output: Vec<PathBuf>,
    /// The format of stdout, or of all outputs whatever their extension
    #[arg(long)]
    pub(super) format: Option<Format>,

    /// The source's language: zh or en, or a full tag such as zh-TW; detected when absent
    #[arg(long, value_name = "TAG")]
    pub(super) source_lang: Option<LangTag>,
    /// The target's language; detected when absent
    #[arg(long, value_name = "TAG")]
    pub(super) target_lang: Option<LangTag>,
    /// The encoding of both files (gbk, big5, utf-16le …); detected when absent
    #[arg(long, value_name = "LABEL")]
    pub(super) encoding: Option<String>,
    /// The encoding of the source alone
    #[arg(long, value_name = "LABEL")]
    source_encoding: Option<String>,
    /// The encoding of the target alone
    #[arg(long, value_name = "LABEL")]
    target_encoding: Option<String>,

    /// The files have one segment a line: no cleaning, no splitting
    #[arg(long, conflicts_with = "paragraphs")]
    pub(super) lines: bool,
    /// Pair whole paragraphs, not sentences
    #[arg(long)]
    paragraphs: bool,
    /// Also split after semicolons
    #[arg(long)]
    semicolon: bool,
    /// Also split after colons
    #[arg(long)]
    colon: bool,
    /// Split by SRX rules, those of your CAT tool, instead of our own
    #[arg(long, value_name = "FILE", conflicts_with_all = ["lines", "paragraphs", "semicolon", "colon"])]
    srx: Option<PathBuf>,
    /// Set nothing aside: running heads and page numbers stay in the text
    #[arg(long)]
    pub(super) keep_all: bool,
    /// Write what the cleaning joined and set aside to this file (tab-separated)
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,

    /// Word pairs of your own, Chinese and English, as CSV or TSV. May be given again
    #[arg(long, value_name = "FILE")]
    lexicon: Vec<PathBuf>,
    /// Terms of your own, read like --lexicon
    #[arg(long, value_name = "FILE")]
    terms: Vec<PathBuf>,

    /// Pairs less sure than this are marked for review
    #[arg(long, value_name = "P", default_value_t = 0.9)]
    review_below: f64,
    /// Leave pairs less sure than this out of TMX, CSV and TSV
    #[arg(long, value_name = "P")]
    pub(super) min_confidence: Option<f64>,
    /// Exit with status 1 if the mean confidence is below this
    #[arg(long, value_name = "P")]
    pub(super) fail_under: Option<f64>,
    /// Print the evidence of each pair on stderr
    #[arg(long)]
    explain: bool,

    /// Start CSV and TSV with a byte-order mark, for Excel
    #[arg(long)]
    bom: bool,
    /// Threads; 0 means one a core. The result does not depend on it
    #[arg(short, long, value_name = "N", default_value_t = 0)]
    pub(super) jobs: usize,
    /// Say errors only
    #[arg(short, long)]
    pub(super) quiet: bool,

    #[command(flatten)]
    pub(super) batch: BatchArguments,
    /// Read a pair of documents a line as JSON, write its alignment a line as JSON
    #[arg(long, conflicts_with_all = ["source", "target", "output", "report", "explain"], help_heading = "Many documents")]
    stream: bool,
}

impl Arguments {
    /// All options that a result depends on, files apart.
    pub(super) fn result_depends_on(&self) -> Vec<String> {
        vec![
            format!("{:?} {:?} {:?}", self.format, self.source_lang, self.target_lang),
            format!("{:?} {:?} {:?}", self.encoding, self.source_encoding, self.target_encoding),
            format!(
                "{:?}",
                [self.lines, self.paragraphs, self.semicolon, self.colon, self.keep_all, self.bom]
            ),
            format!("{:?} {:?}", self.review_below, self.min_confidence),
        ]
    }

    /// Files that a result depends on besides the documents.
    pub(super) fn files_read(&self) -> impl Iterator<Item = &PathBuf> {
        self.lexicon.iter().chain(&self.terms).chain(&self.srx)
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let voice = Voice { quiet: arguments.quiet };
    check(arguments)?;
    if let Some(input) = arguments.batch.input() {
        return super::batch::run(arguments, input);
    }
    if arguments.stream {
        return super::stream::run(arguments);
    }
    let outputs = outputs(arguments)?;
    let (source, target) = std::thread::scope(|scope| {
        if arguments.jobs != 1 {
            // Its words are unpacked meanwhile.
            scope.spawn(Lexicon::built_in);
        }
        read_pair(arguments)
    })?;
    for document in [&source, &target] {
        for notice in &document.notices {
            voice.note(&format!("{}: {notice}", document.name));
        }
    }
    let splitting = segment_options(arguments)?;
    // Only these tell the evidence; the beads are the same without.
    let explain = arguments.explain || outputs.iter().any(|(_, format)| *format == Format::Jsonl);
    let aligner = aligner(arguments, explain)?;
    let bar = voice.bar();
    let losses = std::sync::Mutex::new(0.0);
    let alignment = aligner.align(
        source.lang,
        segments(arguments, &splitting, &source),
        segments(arguments, &splitting, &target),
        &|p| {
            if let Ok(mut losses) = losses.lock() {
                *losses = p.expected_losses;
            }
            bar.show(&p);
        },
    );
    drop(bar);
    let losses = losses.into_inner().unwrap_or(0.0);
    if losses > 1.0 {
        voice.note(&format!("the search is expected to have lost {losses:.1} pairs by its limits"));
    }

    let bitext = format::bitext_of(&alignment, &about(&source, &target, arguments));
    if arguments.explain {
        voice.note(&explanation(&alignment));
    }
    write_all(&outputs, &bitext, &write_options(arguments), voice)?;
    if let Some(path) = &arguments.report {
        format::write_text_file(path, &report(&[&source, &target]))?;
    }
    let mean = alignment.mean_confidence();
    voice.note(&summary(&alignment, &source, &target, mean));
    let pairs = alignment.beads().iter().filter(|b| !one_sided(b)).count();
    if strangers(pairs, mean) {
        voice.warning("these two documents may not be translations of each other");
    }
    Ok(if arguments.fail_under.is_some_and(|least| mean < least) { Outcome::Found } else { Outcome::Fine })
}

/// Mean confidence under which the documents are called strangers: unrelated documents stay below 0.2, the freest novels above
/// 0.8.
const DOUBTFUL: f64 = 0.5;

/// Whether two documents are no translations of each other, by the number of their pairs and the mean confidence of their beads.
/// It may be rather sure that nothing has a counterpart.
pub(super) fn strangers(pairs: usize, mean: f64) -> bool {
    pairs == 0 || mean < DOUBTFUL
}

fn check(arguments: &Arguments) -> Result<()> {
    let shares = [
        ("--review-below", Some(arguments.review_below)),
        ("--min-confidence", arguments.min_confidence),
        ("--fail-under", arguments.fail_under),
    ];
    for (name, value) in shares {
        if value.is_some_and(|v| !(0.0..=1.0).contains(&v)) {
            return Err(Error::usage(format!("{name} must lie between 0 and 1")));
        }
    }
    let is_stdin = |path: &Option<PathBuf>| path.as_ref().is_some_and(|p| p.as_os_str() == "-");
    if is_stdin(&arguments.source) && is_stdin(&arguments.target) {
        return Err(Error::usage("only one of the documents can come from stdin"));
    }
    Ok(())
}

/// Where to write what; nothing means stdout. Checked before the work, so that a typing error costs no time.
fn outputs(arguments: &Arguments) -> Result<Vec<(Option<PathBuf>, Format)>> {
    if arguments.output.is_empty() {
        return Ok(vec![(None, arguments.format.unwrap_or(Format::Tsv))]);
    }
    arguments
        .output
        .iter()
        .map(|path| {
            if path.as_os_str() == "-" {
                return Ok((None, arguments.format.unwrap_or(Format::Tsv)));
            }
            let format = arguments.format.map_or_else(|| Format::from_path(path), Ok)?;
            Ok((Some(path.clone()), format))
        })
        .collect()
}

/// The aligner with the user's words.
fn aligner(arguments: &Arguments, explain: bool) -> Result<Aligner> {
    let options = AlignOptions { review_below: arguments.review_below, jobs: arguments.jobs, explain };
    Aligner::new(lexicon(arguments)?, options)
}

/// How the user wants files to be written.
pub(super) fn write_options(arguments: &Arguments) -> WriteOptions {
    WriteOptions {
        source_tag: full_tag(arguments.source_lang.as_ref()),
        target_tag: full_tag(arguments.target_lang.as_ref()),
        bom: arguments.bom,
        min_confidence: arguments.min_confidence,
    }
}

/// The aligners for many documents: one for each thread if there are enough documents to keep all threads busy,
/// which saves waiting for one another; otherwise one that uses all threads inside a document.
pub(super) fn aligners(arguments: &Arguments, documents: usize) -> Result<Vec<Aligner>> {
    let threads = super::batch::threads(arguments.jobs);
    if documents < ENOUGH * threads {
        return Ok(vec![aligner(arguments, true)?]);
    }
    let lexicon = lexicon(arguments)?;
    let options = || AlignOptions { review_below: arguments.review_below, jobs: 1, explain: true };
    (0..threads).map(|_| Aligner::new(lexicon.clone(), options())).collect()
}

/// Documents a thread from which on each thread takes documents of its own: with the longest first, the last ones
/// are then short beside the whole.
const ENOUGH: usize = 4;

/// How to split, as the options say; reads the rules of `--srx`.
pub(super) fn segment_options(arguments: &Arguments) -> Result<SegmentOptions> {
    let tag = |lang: Lang, fallback: &str| {
        let tags = [&arguments.source_lang, &arguments.target_lang];
        let told = tags.into_iter().flatten().find(|t| t.lang() == Some(lang)).cloned();
        told.unwrap_or_else(|| fallback.parse().expect("the tag is well-formed"))
    };
    let srx = match &arguments.srx {
        Some(path) => Some(super::split::read_srx(path, &tag(Lang::Zh, "zh-CN"), &tag(Lang::En, "en-US"))?),
        None => None,
    };
    Ok(SegmentOptions { semicolon: arguments.semicolon, colon: arguments.colon, srx })
}

/// The segments of a document, as the options say.
pub(super) fn segments(arguments: &Arguments, options: &SegmentOptions, document: &Document) -> Vec<Segment> {
    if arguments.lines || arguments.paragraphs {
        whole_blocks(document)
    } else {
        segment_document(document, options)
    }
}

/// Reads the document of one side, as the options say.
pub(super) fn read_document(arguments: &Arguments, path: &Path, side: Side) -> Result<Document> {
    let batch = arguments.batch.input().is_some();
    let (tag, own_encoding) = match side {
        Side::Source => (&arguments.source_lang, &arguments.source_encoding),
        Side::Target => (&arguments.target_lang, &arguments.target_encoding),
    };
    let lang = match tag {
        Some(tag) => Some(tag.lang().ok_or_else(|| {
            Error::usage(format!("{tag} is neither Chinese nor English")).advise("use zh or en")
        })?),
        None => None,
    };
    let encoding = own_encoding.as_ref().or(arguments.encoding.as_ref()).cloned();
    // In a batch the tags say which side is the source, not what each file is.
    let options = ReadOptions { encoding, lang: lang.filter(|_| !batch), keep_all: arguments.keep_all };
    if arguments.lines { read_lines(path, &options) } else { read_file(path, &options) }
}

fn read_pair(arguments: &Arguments) -> Result<(Document, Document)> {
    let Some(source) = &arguments.source else {
        return Err(Error::usage("two documents are needed"));
    };
    let Some(target) = &arguments.target else {
        return super::mixed::read(arguments, source);
    };
    let source = read_document(arguments, source, Side::Source)?;
    let target = read_document(arguments, target, Side::Target)?;
    if source.lang == target.lang {
        let name = if source.lang == Lang::Zh { "Chinese" } else { "English" };
        return Err(Error::new(ErrorKind::Language(format!(
            "{} and {} are both {name}",
            source.name, target.name
        )))
        .advise(
            "one must be Chinese and one English; if the guess is wrong, say --source-lang and --target-lang",
        ));
    }
    Ok((source, target))
}

/// The built-in lexicon with the user's words.
pub(super) fn lexicon(arguments: &Arguments) -> Result<Lexicon> {
    let mut lexicon = Lexicon::built_in();
    for path in arguments.lexicon.iter().chain(&arguments.terms) {
        let bitext = format::read_file(path, None)?;
        let chinese_first = bitext.source_lang.lang() == Some(Lang::Zh);
        for unit in &bitext.units {
            if let [first, second, ..] = unit.variants.as_slice() {
                let (zh, en) = if chinese_first { (first, second) } else { (second, first) };
                lexicon.add_pair(&zh.text, &en.text);
            }
        }
    }
    Ok(lexicon)
}

/// What the outputs' headers tell.
pub(super) fn about(source: &Document, target: &Document, arguments: &Arguments) -> About {
    let script = if source.lang == Lang::Zh { source.script } else { target.script };
    let script = [&arguments.source_lang, &arguments.target_lang]
        .into_iter()
        .flatten()
        .find_map(LangTag::script)
        .unwrap_or(script);
    let property = |kind: &str, value: &str| Property { kind: kind.to_string(), value: value.to_string() };
    let name = |document: &Document| {
        Path::new(&document.name)
            .file_name()
            .map_or(document.name.clone(), |n| n.to_string_lossy().into_owned())
    };
    let mut header = vec![
        property("source-file", &name(source)),
        property("source-digest", &source.digest),
        property("target-file", &name(target)),
        property("target-digest", &target.digest),
    ];
    let flags = [
        (arguments.lines, "lines"),
        (arguments.paragraphs, "paragraphs"),
        (arguments.semicolon, "semicolon"),
        (arguments.colon, "colon"),
        (arguments.keep_all, "keep-all"),
    ];
    let set: Vec<&str> = flags.iter().filter(|f| f.0).map(|f| f.1).collect();
    if !set.is_empty() {
        header.push(property("options", &set.join(" ")));
    }
    About { script: if script == Script::Hant { Script::Hant } else { Script::Hans }, header }
}

/// A tag goes into the files as it was given only if it says more than the language.
fn full_tag(tag: Option<&LangTag>) -> Option<LangTag> {
    tag.filter(|t| t.as_str().contains(['-', '_'])).cloned()
}

fn write_all(
    outputs: &[(Option<PathBuf>, Format)],
    bitext: &Bitext,
    options: &WriteOptions,
    voice: Voice,
) -> Result<()> {
    for (path, format) in outputs {
        let written = match path {
            Some(path) => format::write_file(path, bitext, *format, options)?,
            None => {
                let mut bytes = Vec::new();
                let written = format::write(bitext, *format, &mut bytes, options)?;
                let mut out = std::io::stdout().lock();
                out.write_all(&bytes)?;
                out.flush()?;
                written
            }
        };
        if let Some(path) = path {
            voice.note(&format!("{}: {}", path.display(), told(written)));
        }
    }
    Ok(())
}

fn told(written: Written) -> String {
    let mut out = format!("{} pairs", written.units);
    for (count, why) in [
        (written.one_sided, "one-sided, left out"),
        (written.refused, "not sure enough or rejected, left out"),
        (written.replaced, "characters that the format forbids, replaced"),
    ] {
        if count > 0 {
            let _ = write!(out, "; {count} {why}");
        }
    }
    out
}

fn report(documents: &[&Document]) -> String {
    let mut out = String::from("file\tpart\tline\treason\ttext\n");
    for document in documents {
        for change in &document.changes {
            let text: String = change.text.replace(['\t', '\n', '\r'], " ");
            let place = &change.place;
            let at = format!("{}\t{}\t{}", document.name, place.part, place.line);
            let _ = writeln!(out, "{at}\t{}\t{}", change.reason, text.trim());
        }
    }
    out
}

fn one_sided(bead: &Bead) -> bool {
    bead.source.is_empty() || bead.target.is_empty()
}

fn summary(alignment: &Alignment, source: &Document, target: &Document, mean: f64) -> String {
    let beads = alignment.beads();
    let count = |f: &dyn Fn(&Bead) -> bool| beads.iter().filter(|b| f(b)).count();
    let one = count(&|b| b.source.len() == 1 && b.target.len() == 1);
    let null = count(&one_sided);
    let review = count(&|b| b.status == Status::NeedsReview);
    let moved = count(&|b| b.moved_to.is_some());
    let aside = |d: &Document| d.changes.iter().filter(|c| c.reason.sets_aside()).count();
    let mut out = format!(
        "{} + {} segments, {} pairs: {one} one to one, {} merged, {null} without counterpart",
        alignment.segments(Side::Source).len(),
        alignment.segments(Side::Target).len(),
        beads.len(),
        beads.len() - one - null,
    );
    if moved > 0 {
        let _ = write!(out, " ({moved} of them moved)");
    }
    let _ = write!(
        out,
        "\nmean confidence {mean:.3}, {review} to review, {} lines set aside",
        aside(source) + aside(target)
    );
    out
}

/// Every bead with its evidence, for people.
fn explanation(alignment: &Alignment) -> String {
    let mut out = String::new();
    let text =
        |segments: &[Segment]| segments.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join(" ‖ ");
    for (k, bead) in alignment.beads().iter().enumerate() {
        let e = &bead.evidence;
        let _ = writeln!(
            out,
            "#{k} {}-{} confidence {:.3} score {:.2} length {:.2} coverage {:.0} %/{:.0} % {}",
            bead.source.len(),
            bead.target.len(),
            bead.confidence,
            bead.score,
            e.length,
            e.source_coverage * 100.0,
            e.target_coverage * 100.0,
            bead.status,
        );
        let _ = writeln!(out, "  {}", text(alignment.bead_segments(bead, Side::Source)));
        let _ = writeln!(out, "  {}", text(alignment.bead_segments(bead, Side::Target)));
        let matches: Vec<String> =
            e.matches.iter().map(|m| format!("{} = {} ({})", m.source, m.target, m.kind)).collect();
        if !matches.is_empty() {
            let _ = writeln!(out, "  {}", matches.join(", "));
        }
        for (side, what) in &e.missing {
            let where_to = if *side == Side::Source { "target" } else { "source" };
            let _ = writeln!(out, "  {what} has no counterpart in the {where_to}");
        }
        if let Some(to) = bead.moved_to {
            let _ = writeln!(out, "  its counterpart is #{to}");
        }
        for note in &e.notes {
            let _ = writeln!(out, "  {note}");
        }
    }
    out
}
