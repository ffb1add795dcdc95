//! What texts are compared by: characters in Chinese, words in English, with what does not matter folded away.
//!
//! Chinese: Traditional to Simplified, full width to half, marks of one kind to one mark, white space dropped, a run
//! of Latin letters is one token. English: words without case, no marks. In both a number is one token whatever its
//! value, and so is a date, because a translator only replaces it.

use crate::feature::{ExpressionKind, Key, expressions};
use crate::lexicon::{Lexicon, is_han};
use crate::model::Lang;

/// The token of any number.
const NUMBER: u64 = 1;
/// The token of any date or time.
const DATE: u64 = 2;

/// A text as tokens, and what the folding took away.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Folded {
    /// The tokens; equal where the meaning for comparison is equal.
    pub tokens: Vec<u64>,
    /// Values of the numbers and dates, in order.
    pub values: Vec<Key>,
    /// Whether it holds characters that only Traditional writing has.
    pub traditional: bool,
}

/// Folds a text of a language.
pub fn fold(text: &str, lang: Lang, lexicon: &Lexicon) -> Folded {
    let mut out = Folded::default();
    let mut at = 0;
    let has_values = text.chars().any(|c| c.is_numeric()) || maybe_in_words(text, lang);
    let found = if has_values { expressions(text, lang) } else { Vec::new() };
    for expression in found {
        let token = match expression.kind {
            ExpressionKind::Number
            | ExpressionKind::Ordinal
            | ExpressionKind::Percent
            | ExpressionKind::Money => NUMBER,
            ExpressionKind::Date | ExpressionKind::Weekday | ExpressionKind::Time => DATE,
            _ => continue,
        };
        if expression.weak && !text[expression.bytes.clone()].contains(|c: char| c.is_numeric()) {
            continue;
        }
        plain(&text[at..expression.bytes.start], lang, lexicon, &mut out);
        out.tokens.push(token);
        out.values.push(expression.key);
        at = expression.bytes.end;
    }
    plain(&text[at..], lang, lexicon, &mut out);
    out
}

/// Whether numbers or dates may be written in words; a quick look that spares most texts the reading.
fn maybe_in_words(text: &str, lang: Lang) -> bool {
    match lang {
        Lang::Zh => text.contains(|c| "一二三四五六七八九十百千万萬亿億两兩零〇廿".contains(c)),
        Lang::En => true,
    }
}

fn plain(text: &str, lang: Lang, lexicon: &Lexicon, out: &mut Folded) {
    let folded = lexicon.fold(text);
    if lang == Lang::Zh && !out.traditional {
        out.traditional = text.chars().zip(folded.chars()).any(|(a, b)| a != b && is_han(a));
    }
    let mut word: Option<u64> = None;
    for c in folded.chars() {
        let part = c.is_alphanumeric() && !is_han(c)
            || (lang == Lang::En && matches!(c, '\'' | '’') && word.is_some());
        if part {
            let mut hash = word.unwrap_or(FNV_OFFSET);
            for lower in c.to_lowercase() {
                let lower = if lower == '’' { '\'' } else { lower };
                hash = step(hash, lower);
            }
            word = Some(hash);
            continue;
        }
        out.tokens.extend(word.take().map(as_word));
        if is_han(c) {
            out.tokens.push(u64::from(c));
        } else if lang == Lang::Zh && !c.is_whitespace() && !c.is_control() {
            out.tokens.push(u64::from(mark(c)));
        }
    }
    out.tokens.extend(word.map(as_word));
}

/// Marks of one kind as one mark.
fn mark(c: char) -> char {
    match c {
        '。' | '．' | '｡' | '.' => '.',
        '，' | '、' | ',' | '､' => ',',
        '；' | ';' => ';',
        '：' | ':' | '︰' => ':',
        '？' | '?' => '?',
        '！' | '!' => '!',
        '“' | '”' | '"' | '「' | '」' | '『' | '』' | '〝' | '〞' | '‘' | '’' | '\'' | '＂' => {
            '"'
        }
        '（' | '(' | '〔' | '［' | '[' | '【' => '(',
        '）' | ')' | '〕' | '］' | ']' | '】' => ')',
        '—' | '–' | '―' | '-' | '－' | '─' | '~' | '～' | '〜' => '-',
        '…' | '⋯' => '…',
        '·' | '•' | '・' | '‧' => '·',
        other => other,
    }
}

/// FNV-1a, 64 bits (Fowler, Noll, Vo): the same on every machine.
const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0100_0000_01b3;

fn step(hash: u64, c: char) -> u64 {
    (hash ^ u64::from(c)).wrapping_mul(FNV_PRIME)
}

/// Words stand above all characters.
fn as_word(hash: u64) -> u64 {
    hash | 1 << 63
}

/// A key of a text as it stands, white space at its ends aside: equal texts have equal keys.
pub fn text_key(text: &str) -> i64 {
    let hash = text.trim().bytes().fold(FNV_OFFSET, |h, b| (h ^ u64::from(b)).wrapping_mul(FNV_PRIME));
    i64::from_le_bytes(hash.to_le_bytes())
}
