//! The one error type of the crate: what happened, where, and what to do about it.
//!
//! Library code returns [`Error`]; only the command line prints it. Panics are for bugs.

use std::fmt;
use std::path::{Path, PathBuf};

/// The result of anything in this crate that can fail.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong, in which file, and what the user can do.
///
/// Displays as `FILE:LINE: what was found; what to do`.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    file: Option<PathBuf>,
    line: Option<usize>,
    advice: Option<String>,
}

/// The kinds of trouble, each with its data.
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The operating system refused to read or write.
    Io(std::io::Error),
    /// The bytes are not text in the encoding that was named or guessed.
    Encoding(String),
    /// The content is not what its format promises.
    Malformed(String),
    /// The input is readable, but there is nothing in it to work on.
    Empty(String),
    /// The languages of the two documents do not make a Chinese-English pair.
    Language(String),
    /// An option or a combination of options makes no sense.
    Usage(String),
}

impl Error {
    /// An error of this kind with no place yet.
    pub fn new(kind: ErrorKind) -> Self {
        Error { kind, file: None, line: None, advice: None }
    }

    /// Content that breaks the rules of its format.
    pub fn malformed(what: impl Into<String>) -> Self {
        Error::new(ErrorKind::Malformed(what.into()))
    }

    /// An argument that makes no sense.
    pub fn usage(what: impl Into<String>) -> Self {
        Error::new(ErrorKind::Usage(what.into()))
    }

    /// Adds the file, unless one is known already.
    pub fn in_file(mut self, file: impl AsRef<Path>) -> Self {
        self.file.get_or_insert_with(|| file.as_ref().to_path_buf());
        self
    }

    /// Adds the line (1-based), unless one is known already.
    pub fn at_line(mut self, line: usize) -> Self {
        self.line.get_or_insert(line);
        self
    }

    /// Adds what the user can do.
    pub fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    /// What kind of trouble it is.
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// Whether the reader of our output went away (`duizhao … | head`), which is no error for the user.
    pub fn is_closed_pipe(&self) -> bool {
        matches!(&self.kind, ErrorKind::Io(e) if e.kind() == std::io::ErrorKind::BrokenPipe)
    }
}

impl From<std::io::Error> for Error {
    fn from(e: std::io::Error) -> Self {
        Error::new(ErrorKind::Io(e))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{}:", file.display())?;
            if let Some(line) = self.line {
                write!(f, "{line}:")?;
            }
            f.write_str(" ")?;
        } else if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        match &self.kind {
            ErrorKind::Io(e) => write!(f, "{e}")?,
            ErrorKind::Encoding(s)
            | ErrorKind::Malformed(s)
            | ErrorKind::Empty(s)
            | ErrorKind::Language(s)
            | ErrorKind::Usage(s) => f.write_str(s)?,
        }
        if let Some(advice) = &self.advice {
            write!(f, "; {advice}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            ErrorKind::Io(e) => Some(e),
            _ => None,
        }
    }
}
