//! What a batch has done: a line of JSON a pair, so that an interrupted run goes on.

use duizhao::{Error, Result, format};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// A finished pair.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Done {
    /// Its name in the output folder, without extension.
    pub name: String,
    /// SHA-256 of the source's bytes.
    pub source: String,
    /// SHA-256 of the target's bytes.
    pub target: String,
    /// SHA-256 of everything else that the result depends on.
    pub options: String,
    /// The files written, with the SHA-256 of their bytes.
    pub outputs: BTreeMap<String, String>,
    /// The names of the documents, for provenance.
    pub files: [String; 2],
    /// What came out.
    pub numbers: Numbers,
}

/// What is counted of a pair.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Numbers {
    pub source_segments: usize,
    pub target_segments: usize,
    /// Beads by kind: `1-1`, `1-2` …
    pub beads: BTreeMap<String, usize>,
    pub to_review: usize,
    /// The sum of the beads' confidences.
    pub confidence: f64,
}

impl Numbers {
    pub fn count(&self) -> usize {
        self.beads.values().sum()
    }

    /// Beads with segments on both sides.
    pub fn pairs(&self) -> usize {
        let one_sided = |kind: &str| kind.starts_with("0-") || kind.ends_with("-0");
        self.beads.iter().filter(|(kind, _)| !one_sided(kind)).map(|(_, count)| count).sum()
    }

    /// The mean confidence, 0 to 1.
    pub fn mean(&self) -> f64 {
        self.confidence / self.count().max(1) as f64
    }

    pub fn add(&mut self, other: &Numbers) {
        self.source_segments += other.source_segments;
        self.target_segments += other.target_segments;
        self.to_review += other.to_review;
        self.confidence += other.confidence;
        for (kind, count) in &other.beads {
            *self.beads.entry(kind.clone()).or_insert(0) += count;
        }
    }
}

/// The state file: read at the start, appended to as pairs are done.
pub(super) struct State {
    path: PathBuf,
    before: BTreeMap<String, Done>,
    file: Mutex<File>,
}

impl State {
    /// Opens or makes it. A last line that was cut off by an interruption is passed over.
    pub fn open(path: &Path) -> Result<State> {
        let place = |e: std::io::Error| Error::from(e).in_file(path);
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(e) => return Err(place(e)),
        };
        let lines = text.lines().filter_map(|l| serde_json::from_str::<Done>(l).ok());
        let before = lines.map(|d| (d.name.clone(), d)).collect();
        let mut file = File::options().create(true).append(true).open(path).map_err(place)?;
        if !text.is_empty() && !text.ends_with('\n') {
            file.write_all(b"\n").map_err(place)?;
        }
        Ok(State { path: path.to_path_buf(), before, file: Mutex::new(file) })
    }

    /// What an earlier run knows about a pair.
    pub fn before(&self, name: &str) -> Option<&Done> {
        self.before.get(name)
    }

    /// Adds a finished pair.
    pub fn append(&self, done: &Done) -> Result<()> {
        if self.before(&done.name) == Some(done) {
            return Ok(());
        }
        let line = line_of(done)?;
        let mut file = self.file.lock().map_err(|_| Error::usage("another pair broke off while writing"))?;
        Ok(file.write_all(line.as_bytes())?)
    }

    /// Only what holds now, in order, so that the file does not grow from run to run.
    pub fn rewrite<'d>(&self, all: impl Iterator<Item = &'d Done>) -> Result<()> {
        let lines: Vec<String> = all.map(line_of).collect::<Result<_>>()?;
        format::write_text_file(&self.path, &lines.concat())
    }
}

fn line_of(done: &Done) -> Result<String> {
    let line = serde_json::to_string(done).map_err(|e| Error::from(std::io::Error::from(e)))?;
    Ok(line + "\n")
}
