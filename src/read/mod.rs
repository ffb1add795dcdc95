//! Monolingual files into [`Document`]s: encoding, un-wrapping, furniture.

use crate::error::Result;
use crate::model::{Document, Lang};
use std::path::Path;

/// How to read a file.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// The encoding's WHATWG label (`gbk`, `utf-16le`); detected when absent.
    pub encoding: Option<String>,
    /// The language; detected when absent.
    pub lang: Option<Lang>,
    /// Set nothing aside: furniture stays in the text.
    pub keep_all: bool,
}

/// Reads, decodes and cleans one file. `-` is standard input.
pub fn read_file(path: &Path, options: &ReadOptions) -> Result<Document> {
    let _ = (path, options);
    unimplemented!("being built")
}

/// Cleans a document that is in memory already. `name` is for messages.
pub fn read_bytes(bytes: &[u8], name: &str, options: &ReadOptions) -> Result<Document> {
    let _ = (bytes, name, options);
    unimplemented!("being built")
}

/// Reads a file that has one segment a line: no cleaning, no un-wrapping. Each line is a block, empty lines too.
pub fn read_lines(path: &Path, options: &ReadOptions) -> Result<Document> {
    let _ = (path, options);
    unimplemented!("being built")
}
