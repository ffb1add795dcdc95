//! A state with its journal and its file: opened, changed, written, noticed when somebody else writes.

use super::journal::{Journal, path_of};
use super::operation::Operation;
use super::realign::realign;
use super::state::{Change, State};
use crate::error::{Error, ErrorKind, Result};
use crate::format::{self, Format, WriteOptions};
use crate::model::Bitext;
use crate::read::digest as digest_of;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// What to do when somebody else changed the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Go on with the file as it is on the disk now; the journal is set aside.
    Disk,
    /// Write our rows over it.
    Mine,
}

/// Why a change was not made. Nothing was changed.
#[derive(Debug)]
pub enum Refused {
    /// Another window changed something first.
    Stale,
    /// The file was changed on the disk by somebody else.
    Conflict,
    /// It makes no sense, or could not be saved.
    Error(Error),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::Stale => f.write_str("another window changed something first"),
            Refused::Conflict => f.write_str("the file was changed on the disk"),
            Refused::Error(e) => write!(f, "{e}"),
        }
    }
}

impl From<Error> for Refused {
    fn from(e: Error) -> Refused {
        Refused::Error(e)
    }
}

/// An alignment under review.
#[derive(Debug)]
pub struct Session {
    path: PathBuf,
    state: State,
    journal: Journal,
    revision: u64,
    /// SHA-256 of the file as we read or wrote it last.
    digest: String,
    stamp: Stamp,
    conflict: bool,
    /// Steps that are in the journal and not in the file yet.
    unwritten: usize,
    notices: Vec<String>,
}

impl Session {
    /// Opens an alignment (JSON lines), does again what its journal holds, and looks whether the originals are what
    /// they were. [`Session::notices`] says what the user should hear.
    ///
    /// # Errors
    /// A file that is no alignment; one that another process has open; a broken journal.
    pub fn open(path: &Path) -> Result<Session> {
        let path = std::fs::canonicalize(path).map_err(|e| Error::from(e).in_file(path))?;
        let (bytes, stamp) = read(&path)?;
        let mut state = state_of(&bytes, &path)?;
        let digest = digest_of(&bytes);
        let mut journal = Journal::open(path_of(&path))?;
        let mut notices = originals(&path, state.about());
        let fresh = state.clone();
        if !journal.replay(&mut state, &digest)? {
            let aside = journal.set_aside()?;
            state = fresh;
            notices.push(format!(
                "the alignment file is not the one that the journal belongs to; the journal is kept as {}",
                aside.display()
            ));
        }
        let unwritten = usize::from(state.bitext() != state_of(&bytes, &path)?.bitext());
        journal.mark_if_new(&digest, unwritten)?;
        Ok(Session { path, state, journal, revision: 1, digest, stamp, conflict: false, unwritten, notices })
    }

    /// The rows.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The alignment file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Goes up with every change; a request names the one it saw.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// What the user should hear about the file and the originals.
    pub fn notices(&self) -> &[String] {
        &self.notices
    }

    /// Whether somebody else changed the file and nobody chose what to do.
    pub fn is_conflict(&self) -> bool {
        self.conflict
    }

    /// Whether steps are in the journal only.
    pub fn is_unwritten(&self) -> bool {
        self.unwritten > 0
    }

    fn allow(&mut self, revision: u64) -> std::result::Result<(), Refused> {
        self.look()?;
        if self.conflict {
            return Err(Refused::Conflict);
        }
        if revision == self.revision { Ok(()) } else { Err(Refused::Stale) }
    }

    /// Looks whether somebody else changed the file.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn look(&mut self) -> Result<()> {
        if self.conflict || stamp_of(&self.path) == self.stamp {
            return Ok(());
        }
        match read(&self.path) {
            Ok((bytes, stamp)) if digest_of(&bytes) == self.digest => self.stamp = stamp,
            _ => {
                self.conflict = true;
                self.revision += 1;
            }
        }
        Ok(())
    }

    /// Does something. Returns the row to look at. When this returns, the step is on the disk.
    ///
    /// # Errors
    /// As [`Refused`]; nothing is changed then.
    pub fn apply(&mut self, revision: u64, operation: &Operation) -> std::result::Result<usize, Refused> {
        self.allow(revision)?;
        let change = self.state.plan(operation)?;
        Ok(self.make(change)?)
    }

    /// Aligns again what nobody decided about, between the rows that somebody did.
    ///
    /// # Errors
    /// As [`Session::apply`].
    pub fn realign(&mut self, revision: u64) -> std::result::Result<usize, Refused> {
        let change = realign(&self.state)?;
        self.commit(revision, change)
    }

    /// Makes a change that was planned on the rows of this revision.
    pub(super) fn commit(&mut self, revision: u64, change: Change) -> std::result::Result<usize, Refused> {
        self.allow(revision)?;
        Ok(self.make(change)?)
    }

    fn make(&mut self, change: Change) -> Result<usize> {
        let focus = change.focus();
        if !change.splices.is_empty() {
            self.journal.step(&change)?;
            self.state.commit(change);
            self.moved_on();
        }
        Ok(focus)
    }

    fn moved_on(&mut self) {
        self.revision += 1;
        self.unwritten += 1;
    }

    /// Takes the last step back (or does it again). Returns the row to look at, or `None` if there is no such step.
    ///
    /// # Errors
    /// As [`Session::apply`].
    pub fn turn(&mut self, revision: u64, back: bool) -> std::result::Result<Option<usize>, Refused> {
        self.allow(revision)?;
        let depth = if back { self.state.undo_depth() } else { self.state.redo_depth() };
        if depth == 0 {
            return Ok(None);
        }
        self.journal.turn(back)?;
        self.moved_on();
        Ok(if back { self.state.undo() } else { self.state.redo() })
    }

    /// Writes the alignment file, if there is something to write and nobody else wrote it.
    ///
    /// # Errors
    /// Those of the file system; the steps stay in the journal.
    pub fn write(&mut self) -> Result<()> {
        self.look()?;
        if self.conflict || self.unwritten == 0 {
            return Ok(());
        }
        self.write_over()
    }

    fn write_over(&mut self) -> Result<()> {
        let content = Content::of(&self.state.bitext())?;
        self.put(&content)
    }

    fn put(&mut self, content: &Content) -> Result<()> {
        // First the mark: whatever is on the disk after a fall, the journal knows it.
        self.journal.mark(&content.digest)?;
        format::write_text_file(&self.path, &content.text)?;
        self.digest.clone_from(&content.digest);
        self.stamp = stamp_of(&self.path);
        self.unwritten = 0;
        Ok(())
    }

    /// The rows to write and their revision, if there is something to write: turned into [`Content`] while others go on,
    /// and given to [`Session::write_if_still`].
    ///
    /// # Errors
    /// A file that cannot be read.
    pub(super) fn unwritten_rows(&mut self) -> Result<Option<(u64, Bitext)>> {
        self.look()?;
        let wanted = !self.conflict && self.unwritten > 0;
        Ok(wanted.then(|| (self.revision, self.state.bitext())))
    }

    /// Writes the file, unless something changed meanwhile. Returns whether it did.
    ///
    /// # Errors
    /// As [`Session::write`].
    pub(super) fn write_if_still(&mut self, revision: u64, content: &Content) -> Result<bool> {
        self.look()?;
        let still = !self.conflict && revision == self.revision;
        if still {
            self.put(content)?;
        }
        Ok(still)
    }

    /// Decides what to do about a file that somebody else changed.
    ///
    /// # Errors
    /// A file on the disk that is no alignment; those of the file system.
    pub fn resolve(&mut self, choice: Choice) -> Result<()> {
        match choice {
            Choice::Mine => self.write_over()?,
            Choice::Disk => {
                let (bytes, stamp) = read(&self.path)?;
                self.state = state_of(&bytes, &self.path)?;
                let aside = self.journal.set_aside()?;
                self.digest = digest_of(&bytes);
                self.journal.mark(&self.digest)?;
                self.stamp = stamp;
                self.unwritten = 0;
                self.notices.push(format!("the journal of the former rows is kept as {}", aside.display()));
            }
        }
        self.conflict = false;
        self.revision += 1;
        Ok(())
    }
}

impl Journal {
    /// A journal starts with a mark of the file it belongs to.
    fn mark_if_new(&mut self, digest: &str, unwritten: usize) -> Result<()> {
        if unwritten == 0 { self.mark(digest) } else { Ok(()) }
    }
}

/// What the alignment file will hold.
pub(super) struct Content {
    text: String,
    digest: String,
}

impl Content {
    /// # Errors
    /// Rows that cannot be written.
    pub fn of(bitext: &Bitext) -> Result<Content> {
        let mut bytes = Vec::new();
        format::write(bitext, Format::Jsonl, &mut bytes, &WriteOptions::default())?;
        let digest = digest_of(&bytes);
        Ok(Content { text: String::from_utf8_lossy(&bytes).into_owned(), digest })
    }
}

/// When a file was changed last, and its length.
type Stamp = Option<(SystemTime, u64)>;

fn read(path: &Path) -> Result<(Vec<u8>, Stamp)> {
    let stamp = stamp_of(path);
    let bytes = std::fs::read(path).map_err(|e| Error::new(ErrorKind::Io(e)).in_file(path))?;
    Ok((bytes, stamp))
}

fn state_of(bytes: &[u8], path: &Path) -> Result<State> {
    let bitext = format::read(bytes, &path.display().to_string(), Format::Jsonl)?;
    State::new(bitext).map_err(|e| e.in_file(path))
}

fn stamp_of(path: &Path) -> Stamp {
    let data = std::fs::metadata(path).ok()?;
    Some((data.modified().ok()?, data.len()))
}

/// Whether the documents that the header names are what they were when they were aligned. Only plain names in the
/// alignment's own folder are looked at.
fn originals(path: &Path, about: &Bitext) -> Vec<String> {
    let value = |kind: &str| about.header.iter().find(|p| p.kind == kind).map(|p| p.value.as_str());
    let mut out = Vec::new();
    for side in ["source", "target"] {
        let (Some(name), Some(digest)) = (value(&format!("{side}-file")), value(&format!("{side}-digest")))
        else {
            continue;
        };
        let plain = Path::new(name).file_name().is_some_and(|n| n == name);
        let file = path.with_file_name(name);
        if !plain || !file.is_file() {
            continue;
        }
        match std::fs::read(&file) {
            Ok(bytes) if digest_of(&bytes) == digest => {}
            Ok(_) => out.push(format!(
                "{name} was changed since it was aligned; the rows show the text as it was then"
            )),
            Err(e) => out.push(format!("{name} cannot be read: {e}")),
        }
    }
    out
}
