//! The findings of a run, however many: what does not fit into memory waits in a temporary file.

use crate::error::{Error, Result};
use crate::model::{Finding, Mark, Severity, Side};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};

/// Findings that are kept in memory: about 20 MB with sentences of usual length. Chosen; a file with more has a
/// report that nobody reads to its end.
const IN_MEMORY: usize = 50_000;

/// One finding with what a reader needs beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The file's name, as it was given.
    pub file: String,
    /// The finding.
    pub finding: Finding,
    /// The unit's id, or its number from 1.
    pub unit: String,
    /// The unit's texts, source first.
    pub texts: [String; 2],
    /// The key by which the finding can be silenced; empty where there is none.
    pub key: String,
    /// Whether the unit itself asks for silence: such a finding waits for the last word of the file, and is not told.
    pub silent: bool,
}

/// Findings in the order in which they came, and their counts.
#[derive(Debug, Default)]
pub struct Findings {
    first: Vec<Entry>,
    rest: Option<BufWriter<File>>,
    counts: BTreeMap<(&'static str, Severity), usize>,
}

/// An entry as it lies in the file: file, unit, index, rule, severity, message, marks, texts, key,
/// silent.
type Line =
    (String, String, usize, String, String, String, Vec<(bool, usize, usize)>, [String; 2], String, bool);

impl Findings {
    /// Adds a finding.
    ///
    /// # Errors
    /// Those of the temporary file.
    pub fn push(&mut self, entry: Entry) -> Result<()> {
        *self.counts.entry((entry.finding.rule, entry.finding.severity)).or_insert(0) += 1;
        if self.first.len() < IN_MEMORY {
            self.first.push(entry);
            return Ok(());
        }
        let out = match &mut self.rest {
            Some(out) => out,
            rest => rest.insert(BufWriter::new(tempfile::tempfile()?)),
        };
        serde_json::to_writer(&mut *out, &line_of(&entry)).map_err(std::io::Error::from)?;
        Ok(out.write_all(b"\n")?)
    }

    /// How many there are of each rule and severity.
    pub fn counts(&self) -> &BTreeMap<(&'static str, Severity), usize> {
        &self.counts
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.counts.values().sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Shows every finding in order, those only that came before [`Findings::finish`].
    ///
    /// # Errors
    /// Those of `each` and of the temporary file.
    pub fn each(&self, each: &mut dyn FnMut(&Entry) -> Result<()>) -> Result<()> {
        self.first.iter().try_for_each(&mut *each)?;
        let Some(rest) = &self.rest else { return Ok(()) };
        let mut file = rest.get_ref().try_clone()?;
        file.seek(SeekFrom::Start(0))?;
        let mut reader = BufReader::new(file);
        let mut line = String::new();
        loop {
            line.clear();
            if reader.read_line(&mut line)? == 0 {
                break;
            }
            each(&self.entry_of(&line)?)?;
        }
        Ok(())
    }

    /// Writes what is still held back; needed before [`Findings::each`].
    ///
    /// # Errors
    /// Those of the temporary file.
    pub fn finish(&mut self) -> Result<()> {
        match &mut self.rest {
            Some(out) => Ok(out.flush()?),
            None => Ok(()),
        }
    }

    fn entry_of(&self, line: &str) -> Result<Entry> {
        let (file, unit, index, rule, severity, message, marks, texts, key, silent): Line =
            serde_json::from_str(line).map_err(std::io::Error::from)?;
        let known = self.counts.keys().map(|k| k.0).find(|r| *r == rule);
        let rule = known.ok_or_else(|| Error::malformed("the temporary file was changed"))?;
        let side = |target| if target { Side::Target } else { Side::Source };
        let marks = marks.into_iter().map(|(k, start, end)| Mark { side: side(k), bytes: start..end });
        let severity = severity.parse().map_err(|e: String| Error::malformed(e))?;
        let finding = Finding { rule, severity, unit: index, message, marks: marks.collect() };
        Ok(Entry { file, finding, unit, texts, key, silent })
    }
}

fn line_of(e: &Entry) -> Line {
    let f = &e.finding;
    let marks = f.marks.iter().map(|m| (m.side == Side::Target, m.bytes.start, m.bytes.end)).collect();
    (
        e.file.clone(),
        e.unit.clone(),
        f.unit,
        f.rule.to_string(),
        f.severity.to_string(),
        f.message.clone(),
        marks,
        e.texts.clone(),
        e.key.clone(),
        e.silent,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_findings_than_memory_holds_come_back_in_order() {
        let entry = |n: usize| Entry {
            file: "信.tmx".into(),
            finding: Finding {
                rule: "number",
                severity: if n.is_multiple_of(2) { Severity::Error } else { Severity::Info },
                unit: n,
                message: format!("{n} “\n\u{0}”"),
                marks: vec![Mark { side: Side::Target, bytes: n..n + 3 }],
            },
            unit: (n + 1).to_string(),
            texts: [format!("第{n}"), String::new()],
            key: String::new(),
            silent: n == 3,
        };
        let mut findings = Findings::default();
        for n in 0..IN_MEMORY + 300 {
            findings.push(entry(n)).expect("it can be written");
        }
        findings.finish().expect("it can be written");
        for _ in 0..2 {
            let mut n = 0;
            let mut each = |e: &Entry| {
                assert_eq!(*e, entry(n));
                n += 1;
                Ok(())
            };
            findings.each(&mut each).expect("it can be read");
            assert_eq!(n, IN_MEMORY + 300);
        }
        assert_eq!(findings.len(), IN_MEMORY + 300);
        assert_eq!(findings.counts()[&("number", Severity::Info)], (IN_MEMORY + 300) / 2);
    }
}
