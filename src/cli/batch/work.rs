//! One pair of a batch: read, align, write; or leave as it is when nothing has changed.

use super::plan::Pair;
use super::state::{Done, Numbers, State};
use crate::cli::align::{Arguments, about, read_document, segments};
use duizhao::align::Aligner;
use duizhao::format::{self, Format, WriteOptions};
use duizhao::model::{Alignment, Lang, Side, Status};
use duizhao::segment::SegmentOptions;
use duizhao::{Error, ErrorKind, Result};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// As many as were asked for; 0 means one a core.
pub(crate) fn threads(jobs: usize) -> usize {
    let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
    if jobs == 0 { cores } else { jobs }
}

/// Runs `work` for 0 to `count` on `jobs` threads (0: one a core) and returns the results in order. No more than
/// `jobs` of them are under way at a time. `work` is also told which of the threads it runs on.
pub(crate) fn in_parallel<T: Send>(
    jobs: usize,
    count: usize,
    work: impl Fn(usize, usize) -> T + Sync,
) -> Vec<T> {
    let jobs = threads(jobs).min(count);
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, T)>> = Mutex::new(Vec::with_capacity(count));
    std::thread::scope(|scope| {
        let (next, results, work) = (&next, &results, &work);
        for thread in 0..jobs {
            scope.spawn(move || {
                loop {
                    let k = next.fetch_add(1, Ordering::Relaxed);
                    if k >= count {
                        return;
                    }
                    let result = work(thread, k);
                    results.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((k, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    results.sort_by_key(|r| r.0);
    results.into_iter().map(|r| r.1).collect()
}

/// What all pairs of a batch share.
pub(super) struct Work<'a> {
    pub arguments: &'a Arguments,
    /// One for all threads, or one for each.
    pub aligners: Vec<Aligner>,
    pub splitting: SegmentOptions,
    pub folder: &'a Path,
    pub format: Format,
    pub write: WriteOptions,
    /// See [`Done::options`].
    pub options: String,
    pub source_lang: Lang,
    pub force: bool,
}

/// What became of a pair.
pub(super) struct Outcome {
    pub done: Done,
    pub how: How,
}

/// Whether a pair was worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// Aligned in this run.
    Aligned,
    /// Nothing changed since an earlier run.
    AsBefore,
    /// A document or an option changed, but so did the result, by somebody's hand: it was left alone.
    EditedByHand,
}

impl Work<'_> {
    /// Does a pair. A panic is told as an error, so that the other pairs go on.
    pub fn pair(&self, thread: usize, pair: &Pair, name: &str, state: &State) -> Result<Outcome> {
        let run = std::panic::AssertUnwindSafe(|| self.try_pair(thread, pair, name, state));
        std::panic::catch_unwind(run).unwrap_or_else(|_| {
            Err(Error::malformed("the program failed on this pair")
                .advise("please report it with the two files"))
        })
    }

    fn try_pair(&self, thread: usize, pair: &Pair, name: &str, state: &State) -> Result<Outcome> {
        let digests = [digest_of(&pair.source)?, digest_of(&pair.target)?];
        if let Some(before) = state.before(name).filter(|_| !self.force) {
            let same = [&before.source, &before.target] == [&digests[0], &digests[1]]
                && before.options == self.options;
            let present: Vec<Option<bool>> = before
                .outputs
                .iter()
                .map(|(file, digest)| {
                    let path = self.folder.join(file);
                    path.is_file().then(|| digest_of(&path).is_ok_and(|d| d == *digest))
                })
                .collect();
            let edited = present.contains(&Some(false));
            if same && present.iter().all(Option::is_some) {
                return Ok(Outcome { done: before.clone(), how: How::AsBefore });
            }
            if edited {
                return Ok(Outcome { done: before.clone(), how: How::EditedByHand });
            }
        } else if !self.force {
            // Something that this batch did not write is not overwritten.
            for file in [self.file(name, Format::Jsonl), self.file(name, self.format)] {
                if self.folder.join(&file).exists() {
                    return Err(Error::usage("there is a file of this name already, which no batch wrote")
                        .in_file(self.folder.join(&file))
                        .advise("move it away, or say --force"));
                }
            }
        }
        let (done, bitext) = {
            let mut source = read_document(self.arguments, &pair.source, Side::Source)?;
            let mut target = read_document(self.arguments, &pair.target, Side::Target)?;
            if source.lang == target.lang {
                let lang = if source.lang == Lang::Zh { "Chinese" } else { "English" };
                return Err(Error::new(ErrorKind::Language(format!("both documents are {lang}")))
                    .advise("see whether they are a pair"));
            }
            if pair.any_order && source.lang != self.source_lang {
                std::mem::swap(&mut source, &mut target);
            }
            let files = [&source, &target].map(|d| d.name.clone());
            let alignment = self.aligners[thread % self.aligners.len()].align(
                source.lang,
                segments(self.arguments, &self.splitting, &source),
                segments(self.arguments, &self.splitting, &target),
                &|_| {},
            );
            let bitext = format::bitext_of(&alignment, &about(&source, &target, self.arguments));
            let done = Done {
                name: name.to_string(),
                source: digests[0].clone(),
                target: digests[1].clone(),
                options: self.options.clone(),
                outputs: BTreeMap::new(),
                files,
                numbers: numbers(&alignment),
            };
            (done, bitext)
        };
        let mut done = done;
        let path = self.folder.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(|e| Error::from(e).in_file(parent))?;
        }
        let mut formats = vec![Format::Jsonl];
        formats.extend(Some(self.format).filter(|f| *f != Format::Jsonl));
        for format in formats {
            let file = self.file(name, format);
            let path = self.folder.join(&file);
            format::write_file(&path, &bitext, format, &self.write)?;
            done.outputs.insert(file, digest_of(&path)?);
        }
        Ok(Outcome { done, how: How::Aligned })
    }

    fn file(&self, name: &str, format: Format) -> String {
        format!("{name}.{format}")
    }
}

fn numbers(alignment: &Alignment) -> Numbers {
    let mut out = Numbers {
        source_segments: alignment.segments(Side::Source).len(),
        target_segments: alignment.segments(Side::Target).len(),
        ..Numbers::default()
    };
    for bead in alignment.beads() {
        *out.beads.entry(format!("{}-{}", bead.source.len(), bead.target.len())).or_insert(0) += 1;
        out.to_review += usize::from(bead.status == Status::NeedsReview);
        out.confidence += bead.confidence;
    }
    out
}

/// SHA-256 of a file, in hexadecimal, read in pieces.
pub(super) fn digest_of(path: &Path) -> Result<String> {
    let place = |e: std::io::Error| Error::from(e).in_file(path);
    let mut file = std::fs::File::open(path).map_err(place)?;
    let mut hash = Sha256::new();
    let mut piece = [0; 1 << 16];
    loop {
        let read = file.read(&mut piece).map_err(place)?;
        if read == 0 {
            break;
        }
        hash.update(&piece[..read]);
    }
    Ok(hex(&hash.finalize()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// A digest of all that the result depends on besides the two documents: the program, the options, the word lists.
pub(super) fn options_digest(arguments: &Arguments) -> Result<String> {
    let mut hash = Sha256::new();
    hash.update(env!("CARGO_PKG_VERSION"));
    for part in arguments.result_depends_on() {
        hash.update([0]);
        hash.update(part);
    }
    for path in arguments.files_read() {
        hash.update([0]);
        hash.update(digest_of(path)?);
    }
    Ok(hex(&hash.finalize()))
}
