//! The bytes of a TMX or other text file as a stream of UTF-8: unpacked, decoded, lines counted, in bounded memory.

use crate::error::{Error, ErrorKind, Result};
use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use flate2::read::MultiGzDecoder;
use std::io::{self, BufRead, Read};

/// Bytes read at once.
const CHUNK: usize = 1 << 16;
/// No text, tag or comment of a real memory is longer (segments end at a few thousand characters); one that is
/// would be held in memory as a whole.
const LONGEST: usize = 1 << 26;
/// A gzip file starts so (RFC 1952).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Decodes what it reads. The encoding is told by the byte-order mark, by the NULs of UTF-16, or by the XML
/// declaration.
pub(in crate::format) struct Input<'r> {
    inner: Box<dyn Read + Send + 'r>,
    decoder: Decoder,
    raw: Vec<u8>,
    raw_at: usize,
    text: Vec<u8>,
    text_at: usize,
    ended: bool,
    line: usize,
    since: usize,
    broken: Option<String>,
}

impl<'r> Input<'r> {
    pub(in crate::format) fn new(reader: impl Read + Send + 'r) -> Result<Input<'r>> {
        let (head, reader) = peek(Box::new(reader), 2)?;
        let unpacked: Box<dyn Read + Send + 'r> =
            if head.starts_with(&GZIP) { Box::new(MultiGzDecoder::new(reader)) } else { reader };
        let (head, inner) = peek(unpacked, 1024)?;
        let encoding = encoding_of(&head);
        Ok(Input {
            inner,
            decoder: encoding.new_decoder_with_bom_removal(),
            raw: Vec::new(),
            raw_at: 0,
            text: Vec::new(),
            text_at: 0,
            ended: false,
            line: 1,
            since: 0,
            broken: None,
        })
    }

    /// The line (1-based) of the next byte.
    pub(in crate::format) fn line(&self) -> usize {
        self.line
    }

    /// A new event starts: its length counts from here.
    pub(in crate::format) fn next_event(&mut self) {
        self.since = 0;
    }

    /// Why the bytes could not be decoded, if that is what went wrong.
    pub(in crate::format) fn broken(&mut self) -> Option<Error> {
        let what = self.broken.take()?;
        Some(Error::new(ErrorKind::Encoding(what)).at_line(self.line).advise("save the file as UTF-8"))
    }

    fn refill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.text_at = 0;
        while self.text.is_empty() && !self.ended {
            if self.raw_at == self.raw.len() {
                self.raw.resize(CHUNK, 0);
                let read = loop {
                    match self.inner.read(&mut self.raw) {
                        Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                        other => break other?,
                    }
                };
                self.raw.truncate(read);
                self.raw_at = 0;
                self.ended = read == 0;
            }
            self.text.resize(CHUNK * 3 + 16, 0);
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(
                &self.raw[self.raw_at..],
                &mut self.text,
                self.ended,
            );
            self.raw_at += read;
            self.text.truncate(written);
            if let DecoderResult::Malformed(..) = result {
                // What came before is still given out, so that the line is right.
                self.broken = Some(format!("the bytes are not {}", self.decoder.encoding().name()));
                self.ended = true;
            }
        }
        Ok(())
    }
}

impl BufRead for Input<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.since > LONGEST {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a text of more than 64 MiB"));
        }
        if self.text_at == self.text.len() {
            if self.broken.is_some() {
                return Err(io::Error::from(io::ErrorKind::InvalidData));
            }
            if !self.ended {
                self.refill()?;
            } else {
                self.text.clear();
                self.text_at = 0;
            }
            if self.text.is_empty() && self.broken.is_some() {
                return Err(io::Error::from(io::ErrorKind::InvalidData));
            }
        }
        Ok(&self.text[self.text_at..])
    }

    fn consume(&mut self, amount: usize) {
        let passed = &self.text[self.text_at..self.text_at + amount];
        self.line += passed.iter().filter(|b| **b == b'\n').count();
        self.since += amount;
        self.text_at += amount;
    }
}

impl Read for Input<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let ready = self.fill_buf()?;
        let count = ready.len().min(out.len());
        out[..count].copy_from_slice(&ready[..count]);
        self.consume(count);
        Ok(count)
    }
}

/// The first bytes, and a reader that still gives all.
fn peek<'r>(
    mut reader: Box<dyn Read + Send + 'r>,
    count: usize,
) -> Result<(Vec<u8>, Box<dyn Read + Send + 'r>)> {
    let mut head = Vec::new();
    reader.by_ref().take(count as u64).read_to_end(&mut head)?;
    Ok((head.clone(), Box::new(io::Cursor::new(head).chain(reader))))
}

fn encoding_of(head: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return encoding;
    }
    match head {
        [b'<', 0, ..] => UTF_16LE,
        [0, b'<', ..] => UTF_16BE,
        _ => super::super::declared(head).unwrap_or(UTF_8),
    }
}
