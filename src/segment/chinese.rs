//! Rules for Chinese marks.

use super::Mark;

/// Characters after a closing quotation mark in which a speech tag must show itself (ZH4).
const TAG: usize = 14;

/// Whether the character is a Chinese one.
pub(super) fn is_han(c: char) -> bool {
    matches!(c as u32, 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF | 0x3005 | 0x3007)
}

/// Marks that close what the sentence opened and belong to it (ZH2).
pub(super) fn is_closer(c: char) -> bool {
    matches!(
        c,
        '”' | '’'
            | '」'
            | '』'
            | '）'
            | ')'
            | '】'
            | '〕'
            | '］'
            | ']'
            | '》'
            | '〉'
            | '"'
            | '\''
            | '»'
            | '﹂'
            | '﹄'
    )
}

/// ZH1: 。！？ and their half-width kin end a sentence, with all marks of the same kind that follow (？！, ！！！),
/// ZH2: and with the closing quotes and brackets after them;
/// ZH3: not before a mark that carries the sentence on (，、；：);
/// ZH4: not when a quotation ends here and the sentence goes on with who said it, or with what it is (“…！”的);
/// ZH6: not when a bracket ends here that opened inside the sentence.
pub(super) fn full_stop(text: &str, from: usize, at: usize) -> Mark {
    let marks = after_marks(text, at);
    let (end, closed) = after_closers(text, marks);
    let remark =
        text[marks..end].contains(['）', ')']) && !text[from..].trim_start().starts_with(['（', '(']);
    let more = text[end..].chars().next().is_some_and(is_han);
    if remark && more && text[from..at].contains(['（', '(']) {
        return Mark { end, ends_sentence: false };
    }
    Mark { end, ends_sentence: !goes_on(text, end, closed) }
}

/// ZH8: a half-width ! or ? is a Chinese mark after a Chinese character or mark; elsewhere it may be code.
pub(super) fn follows_chinese(text: &str, at: usize) -> bool {
    text[..at]
        .chars()
        .next_back()
        .is_some_and(|c| is_han(c) || !c.is_ascii() && (is_closer(c) || !c.is_alphanumeric()))
}

/// ZH5: an ellipsis ends a sentence only together with a quotation or a bracket that closes, or before a new one
/// that opens; otherwise it is a pause.
pub(super) fn ellipsis(text: &str, at: usize) -> Mark {
    let marks = after_marks(text, at);
    let ended = text[at..marks].contains(['。', '！', '？', '!', '?']);
    let (end, closed) = after_closers(text, marks);
    let opens = text[end..].chars().next().is_some_and(|c| matches!(c, '“' | '「' | '『'));
    Mark { end, ends_sentence: (ended || closed || opens) && !goes_on(text, end, closed) }
}

/// ZH7: a full-width point ends a sentence after a Chinese character, unless that is a list's number.
pub(super) fn wide_stop(text: &str, at: usize) -> Mark {
    let end = at + '．'.len_utf8();
    let listed = text[..at].chars().rev().take(4).all(|c| "一二三四五六七八九十".contains(c));
    let han = |c: Option<char>| c.is_some_and(is_han);
    let between = han(text[..at].chars().next_back()) && han(text[end..].chars().next());
    Mark { end, ends_sentence: between && !listed }
}

/// Past all marks that end, pause or shout.
fn after_marks(text: &str, at: usize) -> usize {
    let marks = |c: char| {
        matches!(
            c,
            '。' | '！'
                | '？'
                | '!'
                | '?'
                | '…'
                | '⋯'
                | '．'
                | '.'
                | '︒'
                | '｡'
                | '‼'
                | '⁇'
                | '⁈'
                | '⁉'
                | '~'
                | '～'
                | '\u{FE0F}'
        )
    };
    let rest = &text[at..];
    at + rest.find(|c| !marks(c)).unwrap_or(rest.len())
}

/// Past the closing marks, and whether there was a quotation mark among them. A straight quote closes only if one
/// is open, which the number of those before it on a stretch of text tells.
fn after_closers(text: &str, mut at: usize) -> (usize, bool) {
    let mut quoted = false;
    while let Some(c) = text[at..].chars().next() {
        let straight = matches!(c, '"' | '\'');
        if !is_closer(c) || straight && opens_next(text, at + 1) {
            break;
        }
        quoted |= matches!(c, '”' | '’' | '」' | '』' | '"' | '\'');
        at += c.len_utf8();
    }
    (at, quoted)
}

/// A straight quote with white space before it and none after it opens.
fn opens_next(text: &str, after: usize) -> bool {
    let before = text[..after - 1].chars().next_back();
    let next = text[after..].chars().next();
    before.is_some_and(char::is_whitespace) && next.is_some_and(|c| !c.is_whitespace())
}

/// Whether the sentence goes on after its mark (ZH3, ZH4).
fn goes_on(text: &str, end: usize, quoted: bool) -> bool {
    let Some(next) = text[end..].chars().find(|c| !c.is_whitespace()) else { return false };
    let rest = &text[end..];
    if matches!(next, '，' | '、' | '；' | '：' | ',' | ';' | '”' | '’' | '」' | '』' | '）' | ')')
    {
        return true;
    }
    if !quoted {
        return false;
    }
    const NOUN: [&str; 12] =
        ["的", "地", "之", "那样", "两字", "二字", "几个字", "一词", "一语", "一句", "等", "或"];
    NOUN.iter().any(|s| rest.starts_with(s)) || is_tag(rest)
}

/// Who said it: a short clause with a verb of speaking that ends the sentence.
fn is_tag(rest: &str) -> bool {
    const VERBS: [&str; 20] = [
        "说", "道", "问", "叫", "喊", "答", "嚷", "骂", "想", "叹", "吼", "唱", "念", "說", "問", "罵", "嘆",
        "回应", "表示", "指出",
    ];
    let clause: String = rest.chars().take(TAG).collect();
    let stop = clause.find(['。', '！', '？', '：', '“', '「', '…', '!', '?', ':']);
    let Some(stop) = stop else { return false };
    let ends = clause[stop..].starts_with(['。', '！', '？']);
    let head = clause[..stop].trim_end_matches(['着', '了']);
    let spoken = ["说，", "道，", "问，", "說，", "問，"];
    ends && (VERBS.iter().any(|v| head.ends_with(v)) || spoken.iter().any(|v| head.contains(v)))
}
