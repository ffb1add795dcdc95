//! Cuts Chinese text into headwords: the cut whose words are most probable (unigrams, Viterbi).

use super::{EntryId, Lexicon};
use std::ops::Range;

/// A word of folded Chinese text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Where it stands, in bytes of the folded text.
    pub bytes: Range<usize>,
    /// Its headword, where it has one.
    pub entry: Option<EntryId>,
}

/// Runs longer than this many characters are cut by force, so that memory stays bounded on text without end.
const LONGEST_RUN: usize = 4096;
/// ln of the probability of a character that is no headword.
const UNKNOWN: f32 = -20.0;
/// ln of the probability of the user's words: as common as a common word, so that they win over their parts.
const USER: f32 = -7.0;

/// Whether the character is a Chinese one, number zero and iteration mark included.
pub fn is_han(c: char) -> bool {
    matches!(c as u32, 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF | 0x3005 | 0x3007)
}

/// See [`Lexicon::words`].
pub(super) fn cut(lexicon: &Lexicon, folded: &str) -> Vec<Word> {
    let mut out = Vec::with_capacity(folded.len() / 5);
    let mut run = Run::default();
    let mut chars = folded.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if is_han(c) {
            run.chars.push(c);
            run.starts.push(at);
            if run.chars.len() == LONGEST_RUN {
                run.flush(lexicon, folded, at + c.len_utf8(), &mut out);
            }
            continue;
        }
        run.flush(lexicon, folded, at, &mut out);
        if c.is_alphanumeric() {
            let mut end = at + c.len_utf8();
            while let Some(&(next, d)) = chars.peek() {
                let joins = d.is_alphanumeric() && !is_han(d) || joins_digits(folded, next, d);
                if !joins {
                    break;
                }
                end = next + d.len_utf8();
                chars.next();
            }
            out.push(Word { bytes: at..end, entry: None });
        }
    }
    run.flush(lexicon, folded, folded.len(), &mut out);
    out
}

/// A point or comma between two digits belongs to the number.
fn joins_digits(text: &str, at: usize, c: char) -> bool {
    let bytes = text.as_bytes();
    matches!(c, '.' | ',')
        && bytes[at - 1].is_ascii_digit()
        && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
}

/// A run of Chinese characters and scratch memory for its cut.
#[derive(Default)]
struct Run {
    chars: Vec<char>,
    starts: Vec<usize>,
    best: Vec<f32>,
    via: Vec<(u32, Option<EntryId>)>,
}

impl Run {
    fn flush(&mut self, lexicon: &Lexicon, folded: &str, end: usize, out: &mut Vec<Word>) {
        let n = self.chars.len();
        if n == 0 {
            return;
        }
        self.best.clear();
        self.best.resize(n + 1, f32::NEG_INFINITY);
        self.best[0] = 0.0;
        self.via.clear();
        self.via.resize(n + 1, (0, None));
        let chars = std::mem::take(&mut self.chars);
        for from in 0..n {
            let here = self.best[from];
            self.offer(from, from + 1, here + UNKNOWN, None);
            for (entry, length) in lexicon.packed.prefixes(&chars[from..]) {
                self.offer(from, from + length, here + lexicon.packed.entry_ln(entry), Some(entry));
            }
            if lexicon.user.longest > 0 {
                self.offer_users(lexicon, folded, from, end);
            }
        }
        self.chars = chars;
        let first = out.len();
        let mut to = n;
        while to > 0 {
            let (from, entry) = self.via[to];
            let stop = if to == n { end } else { self.starts[to] };
            out.push(Word { bytes: self.starts[from as usize]..stop, entry });
            to = from as usize;
        }
        out[first..].reverse();
        self.chars.clear();
        self.starts.clear();
    }

    fn offer_users(&mut self, lexicon: &Lexicon, folded: &str, from: usize, end: usize) {
        let n = self.starts.len();
        for to in from + 1..=(from + lexicon.user.longest).min(n) {
            let stop = if to == n { end } else { self.starts[to] };
            if let Some(&id) = lexicon.user.entries.get(&folded[self.starts[from]..stop]) {
                self.offer(from, to, self.best[from] + USER, Some(EntryId(id)));
            }
        }
    }

    fn offer(&mut self, from: usize, to: usize, value: f32, entry: Option<EntryId>) {
        if value > self.best[to] {
            self.best[to] = value;
            self.via[to] = (from as u32, entry);
        }
    }
}
