//! CSV for spreadsheets and TSV for programs: source and target first, then what is known about the pair.

use super::tmx::input::Input;
use super::{WriteOptions, Written};
use crate::error::{Error, Result};
use crate::model::{BeadInfo, Bitext, LangTag, Segment, Status, TranslationUnit, Variant};
use std::io::{BufRead, Read, Write};

/// The two kinds of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavour {
    /// RFC 4180, with formulas disarmed.
    Comma,
    /// Tabs; tab, line break and backslash written `\t`, `\n`, `\r`, `\\`.
    Tab,
}

/// Our columns; the first two are what every tool understands.
pub(super) const COLUMNS: [&str; 9] =
    ["source", "target", "id", "score", "confidence", "status", "source-lines", "target-lines", "moved-to"];

pub(super) fn write(
    bitext: &Bitext,
    out: &mut dyn Write,
    options: &WriteOptions,
    flavour: Flavour,
) -> Result<Written> {
    if options.bom {
        out.write_all("\u{FEFF}".as_bytes())?;
    }
    let mut table = Table::new(out, flavour);
    table.row(COLUMNS.map(str::to_string).to_vec())?;
    let mut written = Written::default();
    for row in rows(bitext, options, &mut written) {
        table.row(row)?;
    }
    table.finish()?;
    Ok(written)
}

/// The units as rows of [`COLUMNS`], counting what is in and what is left out.
pub(super) fn rows<'a>(
    bitext: &'a Bitext,
    options: &'a WriteOptions,
    written: &'a mut Written,
) -> impl Iterator<Item = Vec<String>> + 'a {
    bitext.units.iter().filter_map(move |unit| {
        if options.refuses(unit) {
            written.refused += 1;
            return None;
        }
        let pair = WriteOptions::pair(bitext, unit)?;
        let text = |k: usize| pair[k].text.clone();
        let lines = |k: usize| lines(&pair[k].segments);
        let bead = unit.bead.as_ref();
        let field = |f: &dyn Fn(&BeadInfo) -> String| bead.map_or(String::new(), f);
        written.units += 1;
        Some(vec![
            text(0),
            text(1),
            unit.id.clone(),
            field(&|b| format!("{:.3}", b.score)),
            field(&|b| format!("{:.4}", b.confidence)),
            field(&|b| b.status.to_string()),
            lines(0),
            lines(1),
            field(&|b| b.moved_to.and_then(|k| bitext.units.get(k)).map_or(String::new(), |u| u.id.clone())),
        ])
    })
}

/// The lines of the original: `12`, `12-15`.
pub(super) fn lines(segments: &[Segment]) -> String {
    let (Some(first), Some(last)) = (segments.first(), segments.last()) else { return String::new() };
    if first.place.line == last.place.line {
        first.place.line.to_string()
    } else {
        format!("{}-{}", first.place.line, last.place.line)
    }
}

struct Table<'a> {
    writer: Option<csv::Writer<&'a mut dyn Write>>,
    plain: Option<&'a mut dyn Write>,
}

impl<'a> Table<'a> {
    fn new(out: &'a mut dyn Write, flavour: Flavour) -> Table<'a> {
        match flavour {
            Flavour::Comma => {
                let writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
                Table { writer: Some(writer), plain: None }
            }
            Flavour::Tab => Table { writer: None, plain: Some(out) },
        }
    }

    fn row(&mut self, fields: Vec<String>) -> Result<()> {
        if let Some(writer) = &mut self.writer {
            writer.write_record(fields.iter().map(|f| disarm(f))).map_err(from_csv)?;
        } else if let Some(out) = &mut self.plain {
            let escaped: Vec<String> = fields.iter().map(|f| escape(f)).collect();
            writeln!(out, "{}", escaped.join("\t"))?;
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<()> {
        if let Some(writer) = &mut self.writer {
            writer.flush()?;
        }
        Ok(())
    }
}

fn from_csv(e: csv::Error) -> Error {
    let line = e.position().map(|p| p.line() as usize);
    let error = match e.into_kind() {
        csv::ErrorKind::Io(e) => Error::from(e),
        other => Error::malformed(format!("{other:?}")),
    };
    match line {
        Some(line) => error.at_line(line),
        None => error,
    }
}

/// Whether a spreadsheet would take the cell for a formula (OWASP, CSV injection).
fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'])
}

/// An apostrophe before what a spreadsheet would compute. [`arm`] takes it away.
fn disarm(text: &str) -> String {
    let number = text.parse::<f64>().is_ok();
    if is_formula(text) && !number { format!("'{text}") } else { text.to_string() }
}

fn arm(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_formula(rest) => rest,
        _ => text,
    }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\\' if chars
                .peek()
                .is_some_and(|n| matches!(n, 't' | 'n' | 'r' | '\\' | '\t' | '\n' | '\r')) =>
            {
                out.push_str("\\\\");
            }
            _ => out.push(c),
        }
    }
    out
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let plain = match (c, chars.peek()) {
            ('\\', Some('t')) => Some('\t'),
            ('\\', Some('n')) => Some('\n'),
            ('\\', Some('r')) => Some('\r'),
            ('\\', Some('\\')) => Some('\\'),
            _ => None,
        };
        if plain.is_some() {
            chars.next();
        }
        out.push(plain.unwrap_or(c));
    }
    out
}

pub(super) fn read(text: &str, flavour: Flavour) -> Result<Bitext> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let rows = match flavour {
        Flavour::Tab => text
            .lines()
            .enumerate()
            .filter(|(_, l)| !l.is_empty())
            .map(|(k, l)| (k + 1, l.split('\t').map(unescape).collect()))
            .collect(),
        Flavour::Comma => comma_rows(text)?,
    };
    let what = if flavour == Flavour::Comma { "CSV" } else { "TSV" };
    from_rows(rows, what)
}

fn comma_rows(text: &str) -> Result<Vec<(usize, Vec<String>)>> {
    let mut rows = records(text)?;
    for field in rows.iter_mut().flat_map(|(_, row)| row) {
        let guards = field.len() - arm(field).len();
        field.drain(..guards);
    }
    Ok(rows)
}

/// The records of a CSV text as they stand, each with its line; comma, semicolon or tab between the fields,
/// whichever the first line has most of.
pub(super) fn records(text: &str) -> Result<Vec<(usize, Vec<String>)>> {
    let mut reader = reader_of(text.lines().next().unwrap_or(""), text.as_bytes());
    let mut out = Vec::new();
    for record in reader.records() {
        let record = record.map_err(from_csv)?;
        let line = record.position().map_or(1, |p| p.line() as usize);
        out.push((line, record.iter().map(String::from).collect()));
    }
    Ok(out)
}

/// The rows of any CSV file, each with its line (1-based); comma, semicolon or tab between the fields.
///
/// # Errors
/// Text that is no CSV, with its line.
pub fn read_table(text: &str) -> Result<Vec<(usize, Vec<String>)>> {
    comma_rows(text.strip_prefix('\u{FEFF}').unwrap_or(text))
}

/// Any rows as CSV that a spreadsheet opens, formulas disarmed.
///
/// # Errors
/// The writer's own.
pub fn write_table(rows: &[Vec<String>]) -> Result<String> {
    let mut bytes = Vec::new();
    let mut table = Table::new(&mut bytes, Flavour::Comma);
    for row in rows {
        table.row(row.clone())?;
    }
    table.finish()?;
    drop(table);
    String::from_utf8(bytes).map_err(|e| Error::malformed(e.to_string()))
}

/// Names of columns in tables of others.
fn column(name: &str) -> Option<usize> {
    let name = name.trim().to_lowercase();
    if let Some(k) = COLUMNS.iter().position(|c| *c == name) {
        return Some(k);
    }
    match name.as_str() {
        "zh" | "zh-cn" | "zh-tw" | "chinese" | "中文" | "src" | "原文" => Some(0),
        "en" | "en-us" | "en-gb" | "english" | "英文" | "tgt" | "译文" | "translation" => Some(1),
        _ => None,
    }
}

/// Where the columns stand in the rows of a table.
pub(super) struct Columns {
    places: [Option<usize>; COLUMNS.len()],
    /// Whether the first row names them.
    pub(super) named: bool,
}

impl Columns {
    /// Reads the first row of a table.
    pub(super) fn of(head: &[String]) -> Columns {
        let columns: Vec<Option<usize>> = head.iter().map(|f| column(f)).collect();
        let named = columns.iter().take(2).flatten().count() == 2;
        let place =
            |k: usize| if named { columns.iter().position(|n| *n == Some(k)) } else { (k < 2).then_some(k) };
        Columns { places: std::array::from_fn(place), named }
    }

    /// A row's two texts.
    pub(super) fn texts<'r>(&self, row: &'r [String]) -> [&'r str; 2] {
        [0, 1].map(|k| self.field(row, k))
    }

    fn field<'r>(&self, row: &'r [String], k: usize) -> &'r str {
        self.places[k].and_then(|p| row.get(p)).map_or("", String::as_str)
    }

    /// A row as a unit of these languages. `what` names the format in messages.
    pub(super) fn unit(
        &self,
        line: usize,
        row: &[String],
        tags: &[LangTag; 2],
        what: &str,
    ) -> Result<TranslationUnit> {
        if row.len() < 2 {
            return Err(Error::malformed(format!("a row of {what} has one column"))
                .at_line(line)
                .advise("source and target are needed"));
        }
        let [source, target] = self.texts(row);
        Ok(TranslationUnit {
            id: self.field(row, 2).to_string(),
            variants: vec![Variant::new(tags[0].clone(), source), Variant::new(tags[1].clone(), target)],
            bead: bead(line, &|k| self.field(row, k))?,
            attributes: Vec::new(),
            properties: Vec::new(),
            notes: Vec::new(),
        })
    }
}

/// The languages of pairs of texts: Chinese is the side with more Han.
pub(super) fn directed<'t>(pairs: impl Iterator<Item = [&'t str; 2]>) -> [LangTag; 2] {
    let han = |s: &str| s.chars().filter(|c| matches!(*c as u32, 0x3400..=0x9FFF)).count();
    let (first, second) = pairs.fold((0, 0), |a, [x, y]| (a.0 + han(x), a.1 + han(y)));
    let tags = if second > first { ["en-US", "zh-CN"] } else { ["zh-CN", "en-US"] };
    tags.map(|t| t.parse().expect("the tags are well-formed"))
}

/// Numbered rows as units. `what` names the format in messages.
pub(super) fn from_rows(rows: Vec<(usize, Vec<String>)>, what: &str) -> Result<Bitext> {
    let Some((_, head)) = rows.first() else {
        return Err(Error::new(crate::ErrorKind::Empty("the file holds no rows".into()))
            .advise("give a table with the source in one column and the target in another"));
    };
    let columns = Columns::of(head);
    let rows = &rows[usize::from(columns.named)..];
    let tags = directed(rows.iter().map(|(_, row)| columns.texts(row)));
    let mut bitext = Bitext::new(tags[0].clone(), tags[1].clone());
    for (line, row) in rows {
        bitext.units.push(columns.unit(*line, row, &tags, what)?);
    }
    Ok(bitext)
}

/// Reads the rows of a table one after another, each with its line.
pub(super) struct RowReader<'r> {
    rows: Rows<'r>,
}

enum Rows<'r> {
    Comma(csv::Reader<Input<'r>>),
    Tab(Input<'r>, usize),
}

impl<'r> RowReader<'r> {
    pub(super) fn new(mut input: Input<'r>, flavour: Flavour) -> Result<RowReader<'r>> {
        let rows = match flavour {
            Flavour::Tab => Rows::Tab(input, 0),
            Flavour::Comma => {
                let head = String::from_utf8_lossy(input.fill_buf()?).into_owned();
                Rows::Comma(reader_of(head.lines().next().unwrap_or(""), input))
            }
        };
        Ok(RowReader { rows })
    }

    /// The next row; guards are taken away and escapes undone.
    ///
    /// # Errors
    /// As [`super::read`], with the line.
    pub(super) fn next_row(&mut self) -> Result<Option<(usize, Vec<String>)>> {
        match &mut self.rows {
            Rows::Tab(input, line) => loop {
                input.next_event();
                let mut text = String::new();
                if input.read_line(&mut text).map_err(|e| input.broken().unwrap_or_else(|| e.into()))? == 0 {
                    return Ok(None);
                }
                *line += 1;
                let text = text.strip_suffix('\n').unwrap_or(&text);
                let text = text.strip_suffix('\r').unwrap_or(text);
                if !text.is_empty() {
                    return Ok(Some((*line, text.split('\t').map(unescape).collect())));
                }
            },
            Rows::Comma(reader) => {
                let mut record = csv::StringRecord::new();
                reader.get_mut().next_event();
                let more = reader.read_record(&mut record);
                if !more.map_err(|e| reader.get_mut().broken().unwrap_or_else(|| from_csv(e)))? {
                    return Ok(None);
                }
                let line = record.position().map_or(1, |p| p.line() as usize);
                Ok(Some((line, record.iter().map(|f| arm(f).to_string()).collect())))
            }
        }
    }
}

/// Comma, semicolon or tab between the fields, whichever the first line has most of.
fn reader_of<R: Read>(head: &str, input: R) -> csv::Reader<R> {
    let delimiter = [b',', b';', b'\t'].into_iter().max_by_key(|d| head.bytes().filter(|b| b == d).count());
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter.filter(|d| head.as_bytes().contains(d)).unwrap_or(b','))
        .from_reader(input)
}

fn bead<'a>(line: usize, field: &dyn Fn(usize) -> &'a str) -> Result<Option<BeadInfo>> {
    let (score, confidence, status) = (field(3), field(4), field(5));
    if score.is_empty() && confidence.is_empty() && status.is_empty() {
        return Ok(None);
    }
    let number = |s: &str| -> Result<f64> {
        let parsed = if s.is_empty() { Some(0.0) } else { s.parse().ok() };
        parsed.ok_or_else(|| Error::malformed(format!("{s:?} is not a number")).at_line(line))
    };
    let status = if status.is_empty() {
        Status::Unchecked
    } else {
        status.parse().map_err(|e: String| Error::malformed(e).at_line(line))?
    };
    Ok(Some(BeadInfo::judged(number(score)?, number(confidence)?, status)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn guards_can_be_taken_away(text in "['=+@\\-a\\\\tnr\t\n ]{0,8}") {
            prop_assert_eq!(unescape(&escape(&text)), text.clone());
            let disarmed = disarm(&text);
            prop_assert_eq!(arm(&disarmed), text);
        }
    }
}
