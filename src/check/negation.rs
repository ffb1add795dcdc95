//! Negation: one side says not, and nothing on the other is of that kind.
//!
//! Each side is read twice: narrowly, for the negations that a translation shows (not, 没有), and widely, for whatever
//! may show one (unable, lack, 只, 难). A finding needs one of the narrow kind and none of the wide one.
//! The lists were made by reading the pairs of the sets that docs/check-accuracy.md names as read, and every second pair
//! of the others: the false alarms of a list without a character or word decided whether it is in the list.

use super::{Sink, View, mark};
use crate::lexicon::english_words;
use crate::model::Lang;
use std::ops::Range;

/// Characters that make a Chinese word negative.
const NEGATIVE: &str = "不没沒无無未非否勿毋莫别別免難难";
/// Characters that may stand for an English negation.
const PERHAPS: &str = "只才避远遠失仅僅少缺空拒脱阻零懒忘";
/// Words of such characters that deny nothing, and 不得不, 不可或缺, which deny twice.
const NEUTRAL: [&str; 48] = [
    "特别",
    "特別",
    "个别",
    "個別",
    "分别",
    "分別",
    "级别",
    "級別",
    "差别",
    "差別",
    "性别",
    "性別",
    "区别",
    "區別",
    "类别",
    "類別",
    "识别",
    "識別",
    "别人",
    "別人",
    "别的",
    "別的",
    "别名",
    "告别",
    "鉴别",
    "未来",
    "未來",
    "不断",
    "不斷",
    "非常",
    "非洲",
    "无论",
    "無論",
    "不管",
    "不论",
    "不論",
    "不仅",
    "不僅",
    "不但",
    "不过",
    "不過",
    "不少",
    "不久",
    "不同",
    "不得不",
    "不禁",
    "是不是",
    "能不能",
];
/// English words, and beginnings of words marked by a hyphen, that may stand for a Chinese negation.
const ENGLISH: [&str; 62] = [
    "not",
    "no",
    "never-",
    "none",
    "nor",
    "neither",
    "without",
    "noth-",
    "nobody",
    "cannot",
    "lack-",
    "fail-",
    "refus-",
    "deny-",
    "deni-",
    "avoid-",
    "prevent-",
    "prohibit-",
    "except-",
    "few",
    "little",
    "hardly",
    "scarce-",
    "barely",
    "rather",
    "instead",
    "absen-",
    "reject-",
    "stop-",
    "miss-",
    "unless",
    "exclu-",
    "less",
    "free",
    "away",
    "outside",
    "far",
    "only",
    "until",
    "before",
    "beyond",
    "outstanding",
    "challeng-",
    "difficult-",
    "hard",
    "illegal-",
    "despite",
    "too",
    "precarious",
    "long",
    "wide",
    "elsewhere",
    "limit-",
    "yet",
    "still",
    "zero",
    "mistake-",
    "mislead-",
    "whether",
    "ban",
    "banned",
    "forbid-",
];

pub(super) fn check(view: &View, words: &mut super::omission::Words, sink: &mut Sink) {
    let (zh, en) = (view.index(Lang::Zh), view.index(Lang::En));
    let (chinese, english) = (view.texts[zh], view.texts[en]);
    if let Some(range) = english_negation(english, chinese) {
        if !chinese_sign(chinese) {
            let message =
                format!("{} has nothing negative beside it in the Chinese", &english[range.clone()]);
            sink.add(view, "negation", message, vec![mark(en, range)]);
        }
        return;
    }
    if let Some(range) = negated(chinese)
        && !english_sign(english, words)
    {
        let message = format!("{} has nothing negative beside it in the English", &chinese[range.clone()]);
        sink.add(view, "negation", message, vec![mark(zh, range)]);
    }
}

/// The first English negation that Chinese shows. One that stands in the Chinese too is a name or a quotation there.
fn english_negation(english: &str, chinese: &str) -> Option<Range<usize>> {
    const WORDS: [&str; 10] =
        ["not", "never", "cannot", "without", "neither", "none", "no", "nobody", "nothing", "nowhere"];
    // not only, no longer, no doubt: turns of phrase without a negation in Chinese. isn't it: a question.
    const TURNS: [&str; 23] = [
        "only",
        "least",
        "just",
        "until",
        "mention",
        "necessarily",
        "more",
        "less",
        "fewer",
        "longer",
        "later",
        "doubt",
        "matter",
        "better",
        "sooner",
        "merely",
        "simply",
        "but",
        "it",
        "he",
        "she",
        "they",
        "you",
    ];
    let mut list = english_words(english).peekable();
    while let Some(w) = list.next() {
        let s = w.surface;
        let short = s.ends_with("n't") || s.ends_with("n’t");
        // None and NO are values, Not at the head of a sentence is a word.
        let plain = || {
            let lower = s.to_ascii_lowercase();
            WORDS.contains(&lower.as_str()) && (s == lower || (s[1..] == lower[1..] && lower != "none"))
        };
        if !short && !plain() {
            continue;
        }
        let turn = list.peek().is_some_and(|next| TURNS.contains(&next.surface));
        // "No. 5".
        let after = english[w.bytes.end..].trim_start_matches('.').trim_start();
        let number = s == "No" && after.starts_with(|c: char| c.is_ascii_digit());
        if !turn && !number && !chinese.contains(s) {
            return Some(w.bytes);
        }
    }
    None
}

/// Whether a Chinese text has a character that may show a negation, outside the neutral words.
fn chinese_sign(text: &str) -> bool {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let neutral = NEUTRAL.iter().find(|w| rest.starts_with(**w));
        if neutral.is_none() && (NEGATIVE.contains(c) || PERHAPS.contains(c)) {
            return true;
        }
        rest = &rest[neutral.map_or(c.len_utf8(), |w| w.len())..];
    }
    false
}

/// Whether an English text shows anything negative.
fn english_sign(text: &str, words: &mut super::omission::Words) -> bool {
    text.contains("other than")
        || text.contains("out of")
        || english_words(text).any(|w| {
            let lower = w.surface.to_lowercase();
            ENGLISH.iter().any(|e| match e.strip_suffix('-') {
                Some(start) => lower.starts_with(start),
                None => lower == *e,
            }) || ["un", "in", "im", "ir", "il", "dis", "non", "mis"].iter().any(|p| {
                // The rest is a word of its own: unable, but not international.
                lower.strip_prefix(p).is_some_and(|rest| rest.len() > 2 && words.knows(rest))
            }) || lower.ends_with("less")
                || lower.ends_with("n't")
                || lower.ends_with("n’t")
        })
}

/// Negations that English shows in one way or another.
const SURE: [&str; 37] = [
    "没有",
    "沒有",
    "并非",
    "並非",
    "不能",
    "不得",
    "不是",
    "不会",
    "不會",
    "尚未",
    "从未",
    "從未",
    "不应",
    "不應",
    "无法",
    "無法",
    "不可能",
    "不愿",
    "不願",
    "不允许",
    "不要",
    "不需",
    "不想",
    "不可以",
    "不在",
    "不再",
    "绝不",
    "絕不",
    "并不",
    "並不",
    "从不",
    "從不",
    "未能",
    "不支持",
    "不同意",
    "不存在",
    "不包括",
];

/// The first sure negation of a Chinese text: no question (能不能, 有没有, 是否不), no double one, and no 不仅.
fn negated(text: &str) -> Option<Range<usize>> {
    let (at, word) = SURE.iter().filter_map(|w| text.find(w).map(|at| (at, *w))).min()?;
    let (before, after) = (&text[..at], &text[at + word.len()..]);
    let head = word.chars().nth(1);
    let twice = after.contains(['不', '没', '沒', '无', '無']);
    let only = after.starts_with(['仅', '僅', '但', '只', '光', '单', '單']);
    // 从不同的行号: from different lines.
    let different = word.ends_with('不') && after.starts_with('同');
    let asks = before.chars().next_back() == head || before.ends_with('否');
    (!asks && !twice && !only && !different).then(|| at..at + word.len())
}
