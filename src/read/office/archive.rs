//! ZIP archives from strangers: the one place that unpacks, and it unpacks no more than it must.
//!
//! Parts are inflated into memory only when a reader asks for them, with a hard cap that does not trust the sizes in
//! the headers. Nothing is ever written to disk, and names are keys, not paths: `../../etc/passwd` is a part
//! nobody asks for. What a part means is for the readers to say.

use crate::error::{Error, Result};
use std::collections::HashMap;
use std::io::{Cursor, Read as _};
use zip::ZipArchive;
use zip::result::ZipError;

/// One more than the most parts: the count in a ZIP's end record has two bytes, and all ones means "see elsewhere"
/// (APPNOTE.TXT 4.4.1.4 and 4.4.22).
const MOST_PARTS: usize = 0xFFFF;
/// The most bytes of one part, unpacked. Chosen: the XML of a book of a million Chinese characters takes about 50 MB.
const LARGEST_PART: u64 = 128 << 20;
/// The most bytes of all parts that are read, unpacked. Chosen: four of the largest.
const LARGEST_TOTAL: u64 = 4 * LARGEST_PART;
/// More than this many bytes from one packed byte are no document: the limit of Apache POI (`ZipSecureFile`, minimal
/// inflate ratio 0.01).
const HIGHEST_RATIO: u64 = 100;
/// Below this size the ratio does not count. POI takes 100 KiB; 8 MiB do no harm here and let through tables that
/// repeat themselves. It bounds what a tiny file can make us unpack.
const RATIO_FROM: u64 = 8 << 20;
/// The most directory entries that are looked at while the directory is searched for, over all the places where one
/// may end. An honest archive has one such place, and one more for each archive stored in it; a million entries
/// take about a second.
const MOST_DIRECTORY_WORK: usize = 1 << 20;

const END: &[u8] = b"PK\x05\x06";
const END_64: &[u8] = b"PK\x06\x06";
/// The size of an end record without its comment (APPNOTE.TXT 4.3.16).
const END_SIZE: usize = 22;
/// The size of a directory entry without its name (APPNOTE.TXT 4.3.12).
const ENTRY_SIZE: usize = 46;

/// An opened archive.
pub(super) struct Archive<'b> {
    zip: ZipArchive<Cursor<&'b [u8]>>,
    /// Part names, with `/` between folders, to their places.
    exact: HashMap<String, usize>,
    /// The same in small letters: the names of Office parts are equal whatever their case (ECMA-376-2, 6.2.2.3).
    folded: HashMap<String, usize>,
    unpacked: u64,
}

fn damaged(what: impl std::fmt::Display) -> Error {
    Error::malformed(format!("this ZIP archive or document is damaged: {what}"))
        .advise("copy or download it again, or open and save it in an office program")
}

fn hostile(what: String) -> Error {
    Error::malformed(what).advise("no real document is like this; if yours is, save it as plain text (UTF-8)")
}

impl<'b> Archive<'b> {
    /// Reads the directory.
    pub fn open(bytes: &'b [u8]) -> Result<Archive<'b>> {
        let declared = entries_declared(bytes)?;
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
        if zip.len() != declared {
            return Err(damaged(format!(
                "its directory names {declared} parts, but {} are different; a part stands in it twice",
                zip.len()
            )));
        }
        let (mut exact, mut folded) = (HashMap::new(), HashMap::new());
        let mut stretches: Vec<(u64, u64)> = Vec::new();
        for i in 0..zip.len() {
            let part = zip.by_index_raw(i).map_err(damaged)?;
            // Some writers on Windows put backslashes.
            let name = part.name().replace('\\', "/");
            if let (Some(start), size @ 1..) = (part.data_start(), part.compressed_size()) {
                stretches.push((start, start.saturating_add(size)));
            }
            if part.is_dir() {
                continue;
            }
            folded.entry(name.to_lowercase()).or_insert(i);
            if exact.insert(name.clone(), i).is_some() {
                return Err(damaged(format!("the part {name} stands in it twice")));
            }
        }
        stretches.sort_unstable();
        if stretches.windows(2).any(|pair| pair[1].0 < pair[0].1) {
            return Err(hostile("parts of this archive lie over each other, as in a ZIP bomb".into()));
        }
        Ok(Archive { zip, exact, folded, unpacked: 0 })
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.exact.get(name).or_else(|| self.folded.get(&name.to_lowercase())).copied()
    }

    /// Whether there is a part with this name.
    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// The names of all parts, sorted.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.exact.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }

    /// Unpacks a part; `None` if there is none with this name.
    pub fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        let Some(index) = self.find(name) else { return Ok(None) };
        let unreadable = |e: ZipError| match e {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => locked(),
            ZipError::UnsupportedArchive(what) => {
                Error::malformed(format!("the part {name} is packed in an unusual way: {what}"))
                    .advise("open and save the document in an office program")
            }
            e => damaged(format!("the part {name}: {e}")),
        };
        let part = self.zip.by_index(index).map_err(unreadable)?;
        let packed = part.compressed_size();
        let mut bytes = Vec::new();
        let mut part = part.take(LARGEST_PART + 1);
        let mut chunk = [0; 1 << 16];
        loop {
            let count = match part.read(&mut chunk) {
                Ok(0) => break,
                Ok(count) => count,
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(damaged(format!("the part {name}: {e}"))),
            };
            bytes.extend_from_slice(&chunk[..count]);
            let size = bytes.len() as u64;
            if size > RATIO_FROM && size > packed.saturating_mul(HIGHEST_RATIO) {
                return Err(hostile(format!(
                    "the part {name} unpacks to more than {HIGHEST_RATIO} times its size, as in a ZIP bomb"
                )));
            }
            if size > LARGEST_PART {
                return Err(hostile(format!(
                    "the part {name} is larger than {} MiB unpacked",
                    LARGEST_PART >> 20
                )));
            }
        }
        self.unpacked += bytes.len() as u64;
        if self.unpacked > LARGEST_TOTAL {
            return Err(hostile(format!(
                "the parts up to {name} are larger than {} MiB unpacked",
                LARGEST_TOTAL >> 20
            )));
        }
        Ok(Some(bytes))
    }
}

/// What a locked document is refused with.
pub(super) fn locked() -> Error {
    Error::malformed("this document is locked with a password").advise("save it without a password")
}

/// The number of entries by the end record, after a look at how much work the directory can make.
fn entries_declared(bytes: &[u8]) -> Result<usize> {
    let number = |at: usize| usize::from(bytes[at]) | usize::from(bytes[at + 1]) << 8;
    let most = bytes.len() / ENTRY_SIZE;
    let (mut work, mut declared) = (0usize, None);
    for at in 0..bytes.len().saturating_sub(3) {
        match &bytes[at..at + 4] {
            found if found == END && at + END_SIZE <= bytes.len() => {
                let entries = number(at + 10);
                work = work.saturating_add(entries.min(most));
                declared = Some(entries);
            }
            found if found == END_64 => work = work.saturating_add(most),
            _ => {}
        }
    }
    let Some(declared) = declared else {
        return Err(damaged("its directory is missing, so its end is cut off"));
    };
    if declared >= MOST_PARTS {
        return Err(hostile(format!("this archive has {MOST_PARTS} parts or more")));
    }
    if work > MOST_DIRECTORY_WORK {
        return Err(hostile("this archive has a maze of directories".into()));
    }
    Ok(declared)
}
