//! Negation: one side says not, and nothing on the other is of that kind.

use super::{Sink, View, mark};
use crate::lexicon::english_words;
use crate::model::Lang;

/// Characters that make, or take part in, a negative Chinese word; wide on purpose, to stay silent on correct pairs.
const NEGATIVE: &str =
    "不没沒无無未非否勿莫别別免难難反拒禁绝絕缺止休失避防少毫仅僅只才除差弃棄罢甭岂豈何脱零";
/// English words, and beginnings of words, of the same width.
const ENGLISH: [&str; 36] = [
    "not",
    "no",
    "never",
    "none",
    "nor",
    "neither",
    "without",
    "nothing",
    "nobody",
    "cannot",
    "lack",
    "fail",
    "refus",
    "den",
    "avoid",
    "prevent",
    "prohibit",
    "except",
    "only",
    "few",
    "little",
    "hardly",
    "rather",
    "instead",
    "less",
    "absen",
    "free",
    "reject",
    "stop",
    "far",
    "beyond",
    "until",
    "but",
    "impossible",
    "other",
    "miss",
];

pub(super) fn check(view: &View, words: &mut super::omission::Words, sink: &mut Sink) {
    let (zh, en) = (view.index(Lang::Zh), view.index(Lang::En));
    let english = view.texts[en];
    if let Some(word) = english_words(english).find(|w| {
        let s = w.surface;
        s == "not" || s == "never" || s == "cannot" || s.ends_with("n't") || s.ends_with("n’t")
    }) {
        let also = english[word.bytes.end..].trim_start().starts_with("only")
            || english[word.bytes.end..].trim_start().starts_with("least");
        if !also && !view.texts[zh].contains(|c| NEGATIVE.contains(c)) {
            let message = format!("{} has nothing negative beside it in the Chinese", word.surface);
            sink.add(view, "negation", message, vec![mark(en, word.bytes)]);
        }
        return;
    }
    let text = view.texts[zh];
    if let Some(range) = negated(text) {
        let negative = english_words(english).any(|w| {
            let lower = w.surface.to_lowercase();
            ENGLISH.iter().any(|e| lower.starts_with(e))
                || ["un", "in", "im", "ir", "il", "dis", "non"].iter().any(|p| {
                    // The rest is a word of its own: unable, but not international.
                    lower.strip_prefix(p).is_some_and(|rest| rest.len() > 2 && words.knows(rest))
                })
                || lower.ends_with("less")
                || lower.ends_with("n't")
                || lower.ends_with("n’t")
        });
        if !negative {
            let message = format!("{} has nothing negative beside it in the English", &text[range.clone()]);
            sink.add(view, "negation", message, vec![mark(zh, range)]);
        }
    }
}

/// Negations that English shows in one way or another.
const SURE: [&str; 20] = [
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
];

/// The first sure negation of a Chinese text: no question (能不能, 有没有) and no double one.
fn negated(text: &str) -> Option<std::ops::Range<usize>> {
    let (at, word) = SURE.iter().filter_map(|w| text.find(w).map(|at| (at, *w))).min()?;
    let before = text[..at].chars().next_back();
    let head = word.chars().nth(1);
    let twice = text[at + word.len()..].contains(['不', '没', '沒', '无', '無']);
    (before != head && !twice).then(|| at..at + word.len())
}
