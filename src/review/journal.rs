//! The journal beside the alignment: every step is there, on the disk, before anybody is told that it is saved.
//!
//! A line a record: `mark` names the digest of an alignment file that holds everything so far, `do` a step with what
//! went and what came, `undo` and `redo` move between them. The steps after the last mark that fits the file are done
//! again at the start; those before it can still be taken back. A last line that was cut off is dropped: nobody was
//! told that it is saved.

use super::row::Row;
use super::state::{Change, Splice, State};
use crate::error::{Error, Result};
use crate::format::{unit_from_line, unit_to_line};
use crate::model::Bitext;
use serde_json::{Value, json};
use std::fs::{File, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// An open journal; nobody else may have it open.
#[derive(Debug)]
pub(super) struct Journal {
    file: File,
    path: PathBuf,
}

/// The journal of an alignment: `letter.jsonl` has `letter.jsonl.journal`.
pub(super) fn path_of(alignment: &Path) -> PathBuf {
    let mut name = alignment.as_os_str().to_owned();
    name.push(".journal");
    name.into()
}

impl Journal {
    /// Opens and locks the journal.
    pub fn open(path: PathBuf) -> Result<Journal> {
        let file = File::options().read(true).append(true).create(true).open(&path);
        let file = file.map_err(|e| Error::from(e).in_file(&path))?;
        match file.try_lock() {
            Ok(()) => Ok(Journal { file, path }),
            Err(TryLockError::WouldBlock) => Err(Error::usage("another duizhao has this alignment open")
                .in_file(&path)
                .advise("use its page, or end it first")),
            Err(TryLockError::Error(e)) => Err(Error::from(e).in_file(&path)),
        }
    }

    /// Does again what the journal holds beyond the file with this digest. Returns whether it belongs to the file; if
    /// not, the state is untouched.
    pub fn replay(&mut self, state: &mut State, digest: &str) -> Result<bool> {
        let mut bytes = Vec::new();
        self.file.seek(SeekFrom::Start(0))?;
        self.file.read_to_end(&mut bytes)?;
        let whole = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |k| k + 1);
        if whole < bytes.len() {
            self.file.set_len(whole as u64)?;
        }
        let text = String::from_utf8_lossy(&bytes[..whole]);
        let broken = |k: usize, what: &str| {
            Error::malformed(what.to_string())
                .in_file(&self.path)
                .at_line(k + 1)
                .advise("move the journal away to go on from the alignment file alone")
        };
        let mut records = Vec::new();
        for (k, line) in text.lines().enumerate() {
            let value: Value = serde_json::from_str(line).map_err(|e| broken(k, &e.to_string()))?;
            records.push(value);
        }
        if records.is_empty() {
            return Ok(true);
        }
        let last = records.iter().rposition(|r| r["mark"].as_str() == Some(digest));
        let Some(last) = last else { return Ok(false) };
        for (k, record) in records.iter().enumerate() {
            let live = k > last;
            if !record["do"].is_null() {
                let change = change_of(record, state.about()).map_err(|e| broken(k, &e.to_string()))?;
                if !live {
                    state.push(change);
                } else if state.fits(&change, false) {
                    state.commit(change);
                } else {
                    return Err(broken(k, "a step does not fit the rows"));
                }
            } else if record["undo"].as_bool() == Some(true) {
                if live {
                    state.undo();
                } else {
                    state.shift(true);
                }
            } else if record["redo"].as_bool() == Some(true) {
                if live {
                    state.redo();
                } else {
                    state.shift(false);
                }
            } else if record["mark"].is_null() {
                return Err(broken(k, "not a record of a journal"));
            }
        }
        Ok(true)
    }

    /// Sets the journal aside under another name and starts a new one. Returns the name.
    pub fn set_aside(&mut self) -> Result<PathBuf> {
        let mut k = 1;
        let aside = loop {
            let mut name = self.path.as_os_str().to_owned();
            name.push(format!(".{k}"));
            let aside = PathBuf::from(name);
            if !aside.exists() {
                break aside;
            }
            k += 1;
        };
        std::fs::rename(&self.path, &aside).map_err(|e| Error::from(e).in_file(&self.path))?;
        *self = Journal::open(self.path.clone())?;
        Ok(aside)
    }

    /// The file with this digest holds everything so far.
    pub fn mark(&mut self, digest: &str) -> Result<()> {
        self.append(&json!({ "mark": digest }))
    }

    /// A step was made.
    pub fn step(&mut self, change: &Change) -> Result<()> {
        let rows = |rows: &[Row]| -> Result<Vec<Value>> {
            rows.iter().map(|r| Ok(json!([unit_to_line(&r.unit)?, r.moved_to]))).collect()
        };
        let mut splices = Vec::new();
        for s in &change.splices {
            splices.push(json!({ "at": s.at, "removed": rows(&s.removed)?, "added": rows(&s.added)? }));
        }
        self.append(&json!({ "do": change.name, "splices": splices }))
    }

    /// A step was taken back, or done again.
    pub fn turn(&mut self, back: bool) -> Result<()> {
        self.append(&json!({ if back { "undo" } else { "redo" }: true }))
    }

    fn append(&mut self, record: &Value) -> Result<()> {
        let before = self.file.metadata()?.len();
        let line = format!("{record}\n");
        let written = self.file.write_all(line.as_bytes()).and_then(|()| self.file.sync_data());
        written.map_err(|e| {
            // Half a record would make the next one unreadable.
            let _ = self.file.set_len(before);
            Error::from(e).in_file(&self.path).advise("the step was not saved and not made")
        })
    }
}

fn change_of(record: &Value, about: &Bitext) -> Result<Change> {
    let wrong = || Error::malformed("a step is not complete");
    let rows = |value: &Value| -> Result<Vec<Row>> {
        let list = value.as_array().ok_or_else(wrong)?;
        list.iter()
            .map(|pair| {
                let line = pair[0].as_str().ok_or_else(wrong)?;
                Row::new(unit_from_line(line, about)?, pair[1].as_str().map(str::to_string))
            })
            .collect()
    };
    let mut splices = Vec::new();
    for s in record["splices"].as_array().ok_or_else(wrong)? {
        splices.push(Splice {
            at: s["at"].as_u64().ok_or_else(wrong)? as usize,
            removed: rows(&s["removed"])?,
            added: rows(&s["added"])?,
        });
    }
    Ok(Change { name: record["do"].as_str().ok_or_else(wrong)?.to_string(), splices })
}
