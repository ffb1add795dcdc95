//! Brackets and quotation marks in pairs, and the marks at the end.

use super::{Sink, View, mark};
use crate::lexicon::is_han;
use crate::model::Lang;

/// What a mark of a pair is, widths taken together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    /// Waits for this one.
    Opens(char),
    /// Ends what waits for it.
    Closes(char),
}

fn bracket(c: char) -> Option<Half> {
    Some(match c {
        '(' | '（' => Half::Opens(')'),
        '[' | '［' => Half::Opens(']'),
        '{' | '｛' => Half::Opens('}'),
        '《' => Half::Opens('》'),
        '〈' => Half::Opens('〉'),
        '【' => Half::Opens('】'),
        '〔' => Half::Opens('〕'),
        '〖' => Half::Opens('〗'),
        ')' | '）' => Half::Closes(')'),
        ']' | '］' => Half::Closes(']'),
        '}' | '｝' => Half::Closes('}'),
        '》' | '〉' | '】' | '〕' | '〗' => Half::Closes(c),
        _ => return None,
    })
}

fn quote(c: char) -> Option<Half> {
    Some(match c {
        '“' => Half::Opens('”'),
        '「' => Half::Opens('」'),
        '『' => Half::Opens('』'),
        '«' => Half::Opens('»'),
        '”' | '」' | '』' | '»' => Half::Closes(c),
        _ => return None,
    })
}

/// Open marks that a closing one is compared with; deeper nesting is no text, and looking further takes square time.
const DEEPEST: usize = 64;

pub(super) fn check(view: &View, sink: &mut Sink) {
    for (code, open) in [("bracket-pair", brackets as fn(&str) -> Vec<usize>), ("quote-pair", quotes)] {
        let mut lonely = [open(view.texts[0]), open(view.texts[1])];
        if code == "bracket-pair" && lonely.iter().all(Vec::is_empty) {
            lonely = [0, 1].map(|k| half_of_label(view, k));
        }
        // A quotation that goes on in the next unit is open on both sides.
        if lonely[0].len() == lonely[1].len() {
            continue;
        }
        let k = usize::from(lonely[1].len() > lonely[0].len());
        for &at in &lonely[k] {
            let c = view.texts[k][at..].chars().next().unwrap_or(' ');
            let message = format!("{c} has no partner");
            sink.add(view, code, message, vec![mark(k, at..at + c.len_utf8())]);
        }
    }
    ends(view, sink);
}

/// The places of marks without partner.
fn alone(text: &str, half: fn(char) -> Option<Half>) -> Vec<usize> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut out = Vec::new();
    // No mark of a pair is a letter or digit, which is what nearly all characters are.
    let marks = text.char_indices().filter(|(_, c)| !c.is_ascii_alphanumeric());
    for (at, half) in marks.filter_map(|(at, c)| Some((at, half(c)?))) {
        match half {
            Half::Opens(close) => open.push((at, close)),
            Half::Closes(c) => {
                let near = open.len().saturating_sub(DEEPEST);
                match open[near..].iter().rposition(|o| o.1 == c) {
                    Some(k) => {
                        open.remove(near + k);
                    }
                    None => out.push(at),
                }
            }
        }
    }
    out.extend(open.into_iter().map(|o| o.0));
    out.sort_unstable();
    out
}

fn brackets(text: &str) -> Vec<usize> {
    let mut out = alone(text, bracket);
    // "a)", "1）", "三）" are list marks, ":)" a smile, "<" and ">" no brackets.
    out.retain(|&at| {
        let closes = text[at..].starts_with([')', '）']);
        let before: Vec<char> = text[..at].chars().rev().take(5).collect();
        let mark = before.iter().take_while(|c| c.is_alphanumeric()).count();
        let starts = before.get(mark).is_none_or(|c| c.is_whitespace() || "，。；、：;,:".contains(*c));
        // A letter, a Roman number, digits; not a unit (500 kg) or the end of a word.
        let label =
            mark == 1 || before[..mark].iter().all(|c| "ivxIVX".contains(*c) || c.is_numeric() || is_han(*c));
        !(closes && (before.first() == Some(&':') || ((1..=3).contains(&mark) && starts && label)))
    });
    out
}

/// The one bracket that closes a label inside a text, "under section 31)", where the other side has one opening bracket
/// more and all in pairs. At the start of a text it is a list mark, which either side writes as it likes.
fn half_of_label(view: &View, k: usize) -> Vec<usize> {
    let opening = |text: &str| text.chars().filter(|&c| matches!(bracket(c), Some(Half::Opens(_)))).count();
    let own = alone(view.texts[k], bracket);
    match own.as_slice() {
        [at] if *at > 4
            && alone(view.texts[1 - k], bracket).is_empty()
            && opening(view.texts[1 - k]) == opening(view.texts[k]) + 1 =>
        {
            own
        }
        _ => Vec::new(),
    }
}

fn quotes(text: &str) -> Vec<usize> {
    let mut out = alone(text, quote);
    // Straight quotes count in twos; after a digit they are inches or seconds.
    let even = text.matches('"').count().is_multiple_of(2);
    let straight: Vec<usize> = text
        .match_indices('"')
        .filter(|(at, _)| !text[..*at].ends_with(|c: char| c.is_ascii_digit()) || even)
        .map(|(at, _)| at)
        .collect();
    if !straight.len().is_multiple_of(2) {
        // “ closed by a straight one is a pair too.
        if out.len() == 1 {
            out.clear();
        } else {
            out.extend(straight.last());
        }
    }
    out
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Stop,
    Question,
    Exclamation,
    Colon,
    Dots,
    Nothing,
}

fn end(text: &str) -> (End, usize) {
    let closing = |c: char| c.is_whitespace() || "\"'”’」』）)］]》»*".contains(c);
    let trimmed = text.trim_end_matches(closing);
    let Some(c) = trimmed.chars().next_back() else { return (End::Nothing, text.len()) };
    let at = trimmed.len() - c.len_utf8();
    let kind = match c {
        '…' => End::Dots,
        '.' if trimmed.ends_with("..") => End::Dots,
        '。' | '.' | '．' | '｡' => End::Stop,
        '？' | '?' => End::Question,
        '！' | '!' => End::Exclamation,
        '：' | ':' => End::Colon,
        _ => return (End::Nothing, trimmed.len()),
    };
    (kind, at)
}

/// Questions are questions in both languages; a stop may be missing after a heading only on both sides. What
/// varies between good translations (a stop for an exclamation, a colon for a stop) is not reported.
fn ends(view: &View, sink: &mut Sink) {
    let ends = [end(view.texts[0]), end(view.texts[1])];
    let [a, b] = [ends[0].0, ends[1].0];
    let one = |x: End, y: End| (a == x && b == y) || (a == y && b == x);
    let question = one(End::Question, End::Stop);
    let lost = one(End::Question, End::Nothing);
    // A Chinese sentence with a stop whose English ends bare: the end may be gone. Abbreviations and headings end in
    // a point or not as they like, so the other way round says nothing.
    let (zh, en) = (view.index(Lang::Zh), view.index(Lang::En));
    let stop = ends[zh].0 == End::Stop
        && ends[en].0 == End::Nothing
        && view.texts[zh].trim_end().ends_with('。')
        && view.texts[en].trim_end().ends_with(|c: char| c.is_alphabetic() || c == ',');
    if question || lost || stop {
        let marks = (0..2)
            .filter_map(|k| {
                let at = ends[k].1;
                let c = view.texts[k][at..].chars().next()?;
                Some(mark(k, at..at + c.len_utf8()))
            })
            .collect();
        sink.add(view, "end-mark", "the two sides end with different marks".into(), marks);
    }
}
