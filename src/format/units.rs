//! Bilingual files read unit by unit, so that a file may be longer than memory.
//!
//! TMX, CSV, TSV and JSON lines are streamed; the other formats are read as a whole, and anything else that has units
//! can be given as one.

use super::csv::{Columns, Flavour, RowReader, directed};
use super::jsonl::LineReader;
use super::tmx::input::Input;
use super::tmx::{self, TmxReader};
use super::{Format, read};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Bitext, LangTag, TranslationUnit};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Units that are read ahead to learn the languages: as many as tell the direction of any real file.
const AHEAD: usize = 1000;

/// The units of a file one after another, the source language's variant first.
pub struct Units<'r> {
    langs: [LangTag; 2],
    ahead: VecDeque<TranslationUnit>,
    rest: Box<dyn FnMut() -> Result<Option<TranslationUnit>> + Send + 'r>,
    done: Arc<AtomicU64>,
    total: u64,
}

impl<'r> Units<'r> {
    /// Units that come from elsewhere; `total` is how many there are, for the progress.
    pub fn new(
        langs: [LangTag; 2],
        total: u64,
        mut next: impl FnMut() -> Result<Option<TranslationUnit>> + Send + 'r,
    ) -> Units<'r> {
        let done = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&done);
        let rest = move || {
            count.fetch_add(1, Ordering::Relaxed);
            next()
        };
        Units { langs, ahead: VecDeque::new(), rest: Box::new(rest), done, total }
    }

    /// The units of a bitext.
    pub fn of(bitext: Bitext) -> Units<'r> {
        let langs = [bitext.source_lang, bitext.target_lang];
        let total = bitext.units.len() as u64;
        let mut units = bitext.units.into_iter();
        Units::new(langs, total, move || Ok(units.next()))
    }

    /// The source and the target language. Of TMX, CSV and TSV they are what the first thousand units show.
    pub fn langs(&self) -> &[LangTag; 2] {
        &self.langs
    }

    /// The next unit.
    ///
    /// # Errors
    /// As [`super::read`].
    pub fn next_unit(&mut self) -> Result<Option<TranslationUnit>> {
        match self.ahead.pop_front() {
            Some(unit) => Ok(Some(unit)),
            None => (self.rest)(),
        }
    }

    /// The next units, at most `most`; none at the end.
    ///
    /// # Errors
    /// As [`Units::next_unit`].
    pub fn batch(&mut self, most: usize) -> Result<Vec<TranslationUnit>> {
        let mut out = Vec::new();
        while out.len() < most
            && let Some(unit) = self.next_unit()?
        {
            out.push(unit);
        }
        Ok(out)
    }

    /// The share of the file that was read, 0 to 1.
    pub fn done(&self) -> f64 {
        (self.done.load(Ordering::Relaxed) as f64 / self.total.max(1) as f64).min(1.0)
    }
}

/// Opens a bilingual file; the extension tells its format unless one is named.
///
/// # Errors
/// As [`super::read_file`].
pub fn open_units(path: &Path, format: Option<Format>) -> Result<Units<'static>> {
    let format = match format {
        Some(format) => format,
        None => Format::of_input(path)?,
    };
    open(path, format).map_err(|e| e.in_file(path))
}

fn open(path: &Path, format: Format) -> Result<Units<'static>> {
    let io = |e| Error::new(ErrorKind::Io(e));
    let mut file = File::open(path).map_err(io)?;
    let total = file.metadata().map_err(io)?.len();
    let done = Arc::new(AtomicU64::new(0));
    let counted = Counted { file: file.try_clone().map_err(io)?, done: Arc::clone(&done) };
    let (langs, ahead, rest) = match format {
        Format::Tmx => stream_tmx(counted)?,
        Format::Csv => stream_rows(counted, Flavour::Comma)?,
        Format::Tsv => stream_rows(counted, Flavour::Tab)?,
        Format::Jsonl => stream_lines(counted)?,
        other => {
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).map_err(io)?;
            return read(&bytes, &path.display().to_string(), other).map(Units::of);
        }
    };
    Ok(Units { langs, ahead, rest, done, total })
}

type Stream =
    ([LangTag; 2], VecDeque<TranslationUnit>, Box<dyn FnMut() -> Result<Option<TranslationUnit>> + Send>);

fn stream_tmx(file: Counted) -> Result<Stream> {
    let mut reader = TmxReader::new(file)?;
    let mut ahead = Vec::new();
    while ahead.len() < AHEAD
        && let Some((_, unit)) = reader.next_unit()?
    {
        ahead.push(unit);
    }
    let langs = tmx::languages(reader.source_lang(), &ahead);
    let source = langs[0].clone();
    let first = move |mut unit: TranslationUnit| {
        tmx::source_first(&mut unit, &source);
        unit
    };
    let ahead = ahead.into_iter().map(&first).collect();
    Ok((langs, ahead, Box::new(move || Ok(reader.next_unit()?.map(|(_, unit)| first(unit))))))
}

fn stream_lines(file: Counted) -> Result<Stream> {
    let mut reader = LineReader::new(Input::new(file)?)?;
    let about = reader.about();
    let langs = [about.source_lang.clone(), about.target_lang.clone()];
    Ok((langs, VecDeque::new(), Box::new(move || reader.next_unit())))
}

fn stream_rows(file: Counted, flavour: Flavour) -> Result<Stream> {
    let what = if flavour == Flavour::Comma { "CSV" } else { "TSV" };
    let mut reader = RowReader::new(Input::new(file)?, flavour)?;
    let mut rows = Vec::new();
    while rows.len() <= AHEAD
        && let Some(row) = reader.next_row()?
    {
        rows.push(row);
    }
    let Some((_, head)) = rows.first() else {
        return Err(Error::new(ErrorKind::Empty("the file holds no rows".into()))
            .advise("give a table with the source in one column and the target in another"));
    };
    let columns = Columns::of(head);
    rows.drain(..usize::from(columns.named));
    let langs = directed(rows.iter().map(|(_, row)| columns.texts(row)));
    let ahead = rows.iter().map(|(line, row)| columns.unit(*line, row, &langs, what));
    let ahead = ahead.collect::<Result<_>>()?;
    let tags = langs.clone();
    let rest = move || match reader.next_row()? {
        Some((line, row)) => columns.unit(line, &row, &tags, what).map(Some),
        None => Ok(None),
    };
    Ok((langs, ahead, Box::new(rest)))
}

/// Counts the bytes that are read.
struct Counted {
    file: File,
    done: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.done.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
