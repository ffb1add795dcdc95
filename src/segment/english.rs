//! Rules for the full stop, and for ! ? … in English.

use super::Mark;
use super::chinese::{is_closer, is_han};
use crate::model::Lang;

/// EN1: titles and the like, always followed by a name. Lower case, without the last point.
const BEFORE_NAME: [&str; 40] = [
    "mr", "mrs", "ms", "messrs", "mme", "mlle", "dr", "prof", "rev", "hon", "gen", "lt", "col", "maj",
    "capt", "sgt", "adm", "cmdr", "gov", "sen", "rep", "pres", "amb", "st", "mt", "ft", "fr", "sr", "jr",
    "vs", "v", "cf", "viz", "e.g", "i.e", "al", "supt", "insp", "dept", "univ",
];
/// EN2: followed by a number; before anything else they end the sentence like a word.
const BEFORE_NUMBER: [&str; 44] = [
    "no", "nos", "p", "pp", "para", "paras", "art", "arts", "sec", "sect", "ch", "chap", "fig", "figs",
    "vol", "vols", "ed", "eds", "pt", "ver", "rev", "add", "corr", "doc", "res", "op", "eq", "ex", "ref",
    "tab", "app", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
    "approx",
];
/// EN3: may end a sentence; they do before a word that usually starts one.
const EITHER: [&str; 16] = [
    "etc", "inc", "ltd", "co", "corp", "bros", "plc", "llc", "a.m", "p.m", "u.s", "u.n", "u.k", "e.u",
    "ph.d", "est",
];
/// Words that start sentences far more often than they follow an abbreviation inside one.
const STARTERS: [&str; 40] = [
    "the", "a", "an", "this", "that", "these", "those", "it", "he", "she", "we", "they", "i", "you", "in",
    "on", "at", "as", "for", "but", "and", "however", "if", "when", "while", "after", "before", "there",
    "his", "her", "their", "its", "our", "my", "to", "by", "with", "from", "what", "moreover",
];
/// EN4: verbs of speaking, which carry on the sentence after a quotation.
const SPEAKING: [&str; 24] = [
    "said",
    "says",
    "asked",
    "asks",
    "replied",
    "answered",
    "cried",
    "shouted",
    "exclaimed",
    "whispered",
    "muttered",
    "murmured",
    "thought",
    "called",
    "yelled",
    "added",
    "laughed",
    "sighed",
    "explained",
    "continued",
    "screamed",
    "remarked",
    "wondered",
    "snapped",
];

/// Words after a quotation in which a verb of speaking must show itself.
const TAG: usize = 4;

/// EN1 to EN8: see `docs/segmentation.md`. The end lies after closing quotes and brackets and footnote numbers.
pub(super) fn full_stop(text: &str, from: usize, at: usize, lang: Lang) -> Mark {
    let marks_end = after_marks(text, at);
    let marks = &text[at..marks_end];
    let mut end = marks_end;
    let mut quoted = false;
    while let Some(c) = text[end..].chars().next().filter(|&c| is_closer(c)) {
        quoted |= matches!(c, '"' | '\'' | '”' | '’' | '»');
        end += c.len_utf8();
    }
    let word = word_before(text, from, at);
    if end == marks_end && word.chars().count() >= 3 && word.chars().all(char::is_alphabetic) {
        end = after_note(text, end);
    }
    Mark { end, ends_sentence: ends(text, from, at, marks, end, quoted, word, lang) }
}

/// Past marks of the same kind, and past the spaces inside an ellipsis (. . .).
fn after_marks(text: &str, at: usize) -> usize {
    let mut end = at;
    for c in text[at..].chars() {
        let inside = c == ' ' && text[..end].ends_with('.') && text[end..].starts_with(" .");
        if !inside && !matches!(c, '.' | '!' | '?' | '…') {
            break;
        }
        end += c.len_utf8();
    }
    end
}

#[allow(clippy::too_many_arguments)]
fn ends(
    text: &str,
    from: usize,
    at: usize,
    marks: &str,
    end: usize,
    quoted: bool,
    word: &str,
    lang: Lang,
) -> bool {
    let rest = &text[end..];
    let Some(next) = rest.chars().next() else { return true };
    if !next.is_whitespace() {
        // Without white space only Chinese goes on with a new sentence.
        let after_han = text[..at].chars().next_back().is_some_and(is_han) || quoted;
        return lang == Lang::Zh && is_han(next) && after_han && !is_ellipsis(marks);
    }
    let following = rest.trim_start();
    let Some(first) = following.chars().find(|c| !is_opener(*c)) else { return true };
    if first.is_lowercase() && !starts_item(following)
        || matches!(first, ',' | ';' | ':' | '–' | '—' | ')' | '”')
    {
        return false;
    }
    if quoted && marks != "." && is_tag(following)
        || marks == "." && !quoted && continues(word, text, from, at, following, first)
    {
        return false;
    }
    if is_ellipsis(marks) {
        // EN5: an ellipsis ends a sentence before a capital letter that is not a lone “I”.
        let lone = ["I ", "I'", "I’"].iter().any(|s| following.starts_with(s));
        return quoted || first.is_uppercase() && !lone && text[from..at].contains(char::is_alphabetic);
    }
    true
}

fn is_ellipsis(marks: &str) -> bool {
    marks.starts_with("..") || marks.starts_with(". .") || marks.contains('…')
}

/// Whether the point belongs to the word before it.
fn continues(word: &str, text: &str, from: usize, at: usize, following: &str, first: char) -> bool {
    // EN6: the mark of a list at the start of the block or the sentence: 1. A. iv. (a).
    let head = text[from..at].trim_start_matches(|c: char| c.is_whitespace() || is_opener(c));
    let mark = head.len() <= 5 && head.chars().all(|c| c.is_alphanumeric() || matches!(c, '(' | '.' | ')'));
    if mark && (head.chars().any(|c| c.is_ascii_digit()) || is_roman(head) || head.chars().count() == 1) {
        return true;
    }
    let lower = word.to_lowercase();
    let lower = lower.as_str();
    if BEFORE_NAME.contains(&lower) {
        return true;
    }
    if BEFORE_NUMBER.contains(&lower) {
        return first.is_ascii_digit() || matches!(first, '§' | '#') || is_roman(next_word(following));
    }
    let starts_new =
        STARTERS.contains(&next_word(following).to_lowercase().as_str()) || following.starts_with(['"', '“']);
    if EITHER.contains(&lower) {
        return !starts_new;
    }
    // EN3: initials: a lone capital, or capitals with points between (J. K. Rowling, U.S. Navy).
    let initial =
        word.split('.').all(|part| part.chars().count() == 1) && word.chars().any(char::is_uppercase);
    let after_number_word = word == "I" && preceded_by_part(text, at);
    let initial = initial && !text[from..at - word.len()].ends_with(['°', '&', '$', '£', '€']);
    initial && word != "I" && !(starts_new && word.contains('.'))
        || initial && word == "I" && !starts_new && !after_number_word
}

/// “Annex I.” and the like end a sentence.
fn preceded_by_part(text: &str, at: usize) -> bool {
    const PARTS: [&str; 8] = ["annex", "part", "chapter", "appendix", "article", "section", "volume", "war"];
    let before = text[..at].trim_end_matches('I').trim_end();
    let word = before.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or("").to_lowercase();
    PARTS.contains(&word.as_str())
}

/// EN8: the number of a note stands right after the mark: “…peace.12 The”, “…peace.[3] The”.
fn after_note(text: &str, end: usize) -> usize {
    let rest = &text[end..];
    let (open, body) = if let Some(body) = rest.strip_prefix('[') { (true, body) } else { (false, rest) };
    let digits = body.bytes().take(4).take_while(|b| b.is_ascii_digit() || *b == b'*').count();
    if digits == 0 || digits > 3 {
        return end;
    }
    let stop = end + usize::from(open) + digits;
    if open { if text[stop..].starts_with(']') { stop + 1 } else { end } } else { stop }
}

/// The word right before a position, with points inside (`U.S`, `e.g`).
fn word_before(text: &str, from: usize, at: usize) -> &str {
    let head = &text[from..at];
    let start = head
        .char_indices()
        .rev()
        .take(24)
        .take_while(|(_, c)| c.is_alphanumeric() && !is_han(*c) || *c == '.')
        .last()
        .map_or(head.len(), |(k, _)| k);
    head[start..].trim_start_matches('.')
}

fn next_word(text: &str) -> &str {
    let text = text.trim_start_matches(is_opener);
    &text[..text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len())]
}

/// A quotation and, within a few words, a verb of speaking: the sentence goes on (“Go!” Mr Lü cried).
fn is_tag(following: &str) -> bool {
    if following.starts_with(['"', '“', '\'', '‘']) {
        return false;
    }
    let head: &str = &following[..following.char_indices().nth(60).map_or(following.len(), |(k, _)| k)];
    let mut words = head.split_whitespace();
    let first = words.next().unwrap_or("").to_lowercase();
    if ["i", "he", "she", "they", "we", "you"].contains(&first.as_str()) {
        let second = words.next().unwrap_or("").trim_end_matches(|c: char| !c.is_alphanumeric());
        return SPEAKING.contains(&second);
    }
    head.split_whitespace()
        .take(TAG)
        .scan(false, |ended, word| {
            let go = !*ended;
            *ended = word.ends_with(['.', '!', '?', ',']) && word.len() > 3;
            go.then_some(word)
        })
        .any(|word| SPEAKING.contains(&word.trim_end_matches(|c: char| !c.is_alphanumeric())))
}

/// Whether the mark of a list item follows: (b) or (iv).
fn starts_item(following: &str) -> bool {
    let Some(body) = following.strip_prefix('(') else { return false };
    body.find(')')
        .is_some_and(|k| (1..=4).contains(&k) && body[..k].bytes().all(|b| b.is_ascii_alphanumeric()))
}

fn is_opener(c: char) -> bool {
    matches!(c, '"' | '\'' | '“' | '‘' | '(' | '[' | '«' | '「' | '『' | '（' | '《')
}

fn is_roman(word: &str) -> bool {
    !word.is_empty() && word.len() <= 5 && word.chars().all(|c| "IVXLivxl".contains(c))
}
