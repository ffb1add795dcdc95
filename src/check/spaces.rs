//! Width of marks, spaces, invisible characters, doubled words: what one side's typesetting gets wrong.

use super::{Sink, View, mark};
use crate::lexicon::{english_words, is_han};
use crate::model::Lang;

/// Chinese characters that are never right twice in a row: particles and function words. 人人, 常常, 看看 are words.
const NEVER_TWICE: &str = "的了在是和与與为為于於被把从從向对對而且或但所之其及将將这這";
/// Words in which one of them stands twice all the same: 大的的确, 为了了解, 对对方, 所在在于, 是是非.
const BUT: [&str; 22] = [
    "的的确",
    "的的確",
    "了了解",
    "了了結",
    "了了结",
    "对对方",
    "對對方",
    "是是非",
    "在在于",
    "在在於",
    "向向量",
    "和和平",
    "和和谐",
    "和和諧",
    "的的士",
    "一一对对",
    "了了不",
    "为为",
    "与与会",
    "與與會",
    "对对手",
    "及及时",
];
/// English words that may rightly stand twice.
const TWICE: [&str; 8] = ["that", "had", "very", "bye", "no", "so", "is", "ha"];

pub(super) fn check(view: &View, sink: &mut Sink) {
    for k in 0..2 {
        let text = view.texts[k];
        let chars: Vec<(usize, char)> = text.char_indices().collect();
        invisible(view, k, &chars, sink);
        match view.langs[k] {
            Lang::Zh => chinese(view, k, &chars, sink),
            Lang::En => english(view, k, &chars, sink),
        }
    }
}

fn invisible(view: &View, k: usize, chars: &[(usize, char)], sink: &mut Sink) {
    for &(at, c) in chars {
        let bad = matches!(
            c,
            '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{fffd}'
        ) || (c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
        if bad {
            let message = format!("U+{:04X} cannot be seen", u32::from(c));
            sink.add(view, "invisible", message, vec![mark(k, at..at + c.len_utf8())]);
        }
    }
}

fn chinese(view: &View, k: usize, chars: &[(usize, char)], sink: &mut Sink) {
    let text = view.texts[k];
    // A heading, or two columns on one line, is set with spaces.
    let spread = letter_spaced(text) || !text.contains(['，', '。', '、', '；', '：', ',', '？', '！']);
    for (n, &(at, c)) in chars.iter().enumerate() {
        let before = n.checked_sub(1).and_then(|m| chars.get(m)).map_or(' ', |x| x.1);
        let next = chars.get(n + 1).map_or(' ', |x| x.1);
        if matches!(c, ',' | ';' | '?' | '!' | ':')
            && is_han(before)
            && (is_han(next) || n + 1 == chars.len())
        {
            sink.add(view, "width", format!("half-width {c} in Chinese"), vec![mark(k, at..at + 1)]);
        }
        if c == '.' && is_han(before) && n + 1 == chars.len() {
            sink.add(view, "width", "half-width . ends the Chinese".into(), vec![mark(k, at..at + 1)]);
        }
        if matches!(c, ' ' | '\u{a0}' | '\u{3000}') && is_han(before) && !spread {
            let to = chars[n..].iter().position(|x| !x.1.is_whitespace()).map_or(chars.len(), |p| n + p);
            // Two spaces or an ideographic one set columns and names apart (李　明); a single blank is a slip.
            if to == n + 1 && c != '\u{3000}' && is_han(next) {
                sink.add(
                    view,
                    "han-space",
                    "a space between two characters".into(),
                    vec![mark(k, at..at + c.len_utf8())],
                );
            }
        }
        if c == before && NEVER_TWICE.contains(c) {
            let from = chars[n - 1].0;
            let start = chars[n.saturating_sub(2)].0;
            let fine = BUT.iter().any(|w| text[from..].starts_with(w) || text[start..].starts_with(w));
            if !fine {
                sink.add(
                    view,
                    "doubled",
                    format!("{c} stands twice"),
                    vec![mark(k, from..at + c.len_utf8())],
                );
            }
        }
        if c == before && "，。、；：？".contains(c) {
            sink.add(
                view,
                "doubled",
                format!("{c} stands twice"),
                vec![mark(k, chars[n - 1].0..at + c.len_utf8())],
            );
        }
    }
}

/// Headings are set with spaces between their characters (`联 合 国`): every run of Han is short.
fn letter_spaced(text: &str) -> bool {
    let runs: Vec<usize> = text.split_whitespace().map(|w| w.chars().count()).collect();
    runs.len() >= 2 && runs.iter().filter(|&&n| n <= 4).count() * 4 >= runs.len() * 3
}

fn english(view: &View, k: usize, chars: &[(usize, char)], sink: &mut Sink) {
    let text = view.texts[k];
    for (n, &(at, c)) in chars.iter().enumerate() {
        let before = n.checked_sub(1).and_then(|m| chars.get(m)).map_or(' ', |x| x.1);
        let next = chars.get(n + 1).map_or(' ', |x| x.1);
        let wide = matches!(c, '，' | '。' | '；' | '：' | '？' | '！' | '、' | '（' | '）')
            || matches!(u32::from(c), 0xFF10..=0xFF19 | 0xFF21..=0xFF3A | 0xFF41..=0xFF5A);
        if wide && !is_han(before) && !is_han(next) {
            sink.add(
                view,
                "width",
                format!("full-width {c} in English"),
                vec![mark(k, at..at + c.len_utf8())],
            );
        }
        if c == ' ' && next == ' ' && !before.is_whitespace() && !view.texts[1 - k].contains("  ") {
            let to = chars[n..].iter().position(|x| x.1 != ' ').map_or(text.len(), |p| chars[n + p].0);
            sink.add(view, "space", "more than one space".into(), vec![mark(k, at..to)]);
        }
        if c == ' ' && before.is_alphabetic() && matches!(next, ',' | ';') {
            sink.add(view, "space", format!("a space before {next}"), vec![mark(k, at..at + 1)]);
        }
    }
    let mut last: Option<(String, usize, usize)> = None;
    for word in english_words(text) {
        let lower = word.surface.to_lowercase();
        if let Some((earlier, from, to)) = &last
            && *earlier == lower
            && word.surface.chars().all(char::is_lowercase)
            && text[*to..word.bytes.start].chars().all(char::is_whitespace)
            && !TWICE.contains(&lower.as_str())
        {
            sink.add(view, "doubled", format!("{lower} stands twice"), vec![mark(k, *from..word.bytes.end)]);
        }
        last = Some((lower, word.bytes.start, word.bytes.end));
    }
}
