//! Numbers that the other side tells in another form: a share, a unit, a word, a rough count, a Roman number.

use super::View;
use super::elsewhere::has_word;
use crate::feature::{Decimal, Expression, ExpressionKind as Kind, Key};
use crate::model::Lang;

/// Whether a share is told in another form: 20% and "one fifth", 五分之一 and "a fifth", "the fifth part".
pub(super) fn share(view: &View, k: usize, e: &Expression) -> bool {
    let percent = |e: &Expression| e.kind == Kind::Percent;
    let hundredfold = |a: &Expression, b: &Expression| match (&a.key, &b.key) {
        (Key::Number(a), Key::Number(b)) => a.scaled(2) == *b,
        _ => false,
    };
    if view.read[1 - k].iter().any(|o| {
        (percent(e) && !percent(o) && hundredfold(o, e)) || (percent(o) && !percent(e) && hundredfold(e, o))
    }) {
        return true;
    }
    if view.langs[k] != Lang::Zh || !view.texts[k][e.bytes.clone()].ends_with(['一', '1']) {
        return false;
    }
    let lower = view.texts[1 - k].to_ascii_lowercase();
    ORDINALS.iter().any(|(under, word)| {
        Key::fraction(1, *under).as_ref() == Some(&e.key)
            && (["part", "deal"].iter().any(|w| lower.contains(&format!("{word} {w}")))
                || has_word(&lower, &format!("a {word}"))
                || (*under == 10 && lower.contains("tithe")))
    })
}

/// The words of the shares that have one.
const ORDINALS: [(u64, &str); 9] = [
    (3, "third"),
    (4, "fourth"),
    (4, "quarter"),
    (5, "fifth"),
    (6, "sixth"),
    (7, "seventh"),
    (8, "eighth"),
    (9, "ninth"),
    (10, "tenth"),
];

/// A number of two Roman letters and more, up to the centuries' (XXI) and kings' numbers below forty.
pub(super) fn roman(n: u64) -> Option<String> {
    let ones = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"];
    let at = usize::try_from(n).ok().filter(|n| (2..40).contains(n) && *n != 5 && *n != 10)?;
    Some(format!("{}{}", "X".repeat(at / 10), ones[at % 10]))
}

pub(super) const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// Whether a Chinese text counts roughly with `digit` and its neighbour: 四五厘米 for 4 or 5, followed by `after`.
pub(super) fn neighbours(zh: &str, digit: u64, after: &str) -> bool {
    let at = |n: u64| usize::try_from(n).ok().and_then(|n| DIGITS.get(n)).copied();
    [(digit.wrapping_sub(1), digit), (digit, digit + 1)].into_iter().any(|(a, b)| {
        let (Some(a), Some(b)) = (at(a), at(b)) else { return false };
        a != '零' && zh.contains(&format!("{a}{b}{after}"))
    })
}

/// Whether a Chinese text counts roughly with a number and its neighbour of the same ten: 十四五岁 for 14 or 15.
fn teens(zh: &str, n: u64) -> bool {
    let han = |n: u64| usize::try_from(n).ok().and_then(|n| DIGITS.get(n)).copied();
    let (ten, one) = (n / 10, n % 10);
    let tens = match (ten, han(ten)) {
        (1, _) => "十".to_string(),
        (_, Some(digit)) => format!("{digit}十"),
        _ => return false,
    };
    [(one.wrapping_sub(1), one), (one, one + 1)].into_iter().any(|(a, b)| match (han(a), han(b)) {
        (Some(a), Some(b)) => a != '零' && zh.contains(&format!("{tens}{a}{b}")),
        _ => false,
    })
}

/// Chinese units and what an English one holds of them: 20里 is 10 km, 1000斤 500 kg, 15亩 a hectare.
const CONVERSIONS: [(&str, u32); 5] = [("里", 2), ("华里", 2), ("斤", 2), ("市斤", 2), ("亩", 15)];

/// Whether the number is one of the other side's in another unit.
pub(super) fn converted(view: &View, k: usize, e: &Expression, n: Decimal) -> bool {
    let zh = view.index(Lang::Zh);
    let times = |n: Decimal, by: u32| (1..by).try_fold(n, |sum, _| sum.plus(n));
    let counts = |e: &Expression, unit: &str| {
        let after = view.texts[zh][e.bytes.end..].trim_start_matches([' ', '多', '余', '餘']);
        after.starts_with(unit)
    };
    view.read[1 - k].iter().any(|o| {
        let Key::Number(m) = o.key else { return false };
        let (chinese, large, small) = if k == zh { (e, n, m) } else { (o, m, n) };
        CONVERSIONS.iter().any(|&(unit, by)| counts(chinese, unit) && times(small, by) == Some(large))
    })
}

/// Words that hold a small number, by language.
const ENGLISH: [(u64, &[&str]); 15] = [
    (1, &["first", "once", "single", "sole", "opener", "opening", "per ", "each", "every"]),
    (
        2,
        &["twice", "double", "both", "pair", "couple", "twin", "dual", "duo", "bienni", "bilateral", "brace"],
    ),
    (3, &["triple", "trio", "thrice", "trilateral", "hat-trick", "hat trick"]),
    (4, &["quarter", "quadr", "quartet"]),
    (5, &["quint"]),
    (6, &["half a dozen", "half-dozen", "half a year", "half year"]),
    (7, &["a week", "weekly"]),
    (10, &["decade"]),
    (12, &["dozen"]),
    (14, &["fortnight"]),
    (15, &["quarter-hour", "quarter of an hour", "quarter past"]),
    (24, &["around the clock", "round-the-clock", "all day"]),
    (25, &["quarter"]),
    (30, &["half-hour", "half an hour", "half hour", "half past"]),
    (50, &["half", "halv"]),
];
const CHINESE: [(u64, &[&str]); 9] = [
    (2, &["双", "雙", "俩", "倆"]),
    (6, &["半年"]),
    (7, &["一周", "一週", "星期"]),
    (12, &["一打", "一年"]),
    (14, &["两周", "兩週"]),
    (15, &["一刻"]),
    (18, &["一年半"]),
    (24, &["全天", "昼夜", "晝夜", "日夜"]),
    (30, &["半小时", "半小時", "半个小时", "半個小時", "半个钟", "半個鐘"]),
];
/// Number words that begin longer words: fourballs, twofold.
const BEGINNINGS: [(u64, &str); 7] =
    [(2, "two"), (3, "three"), (4, "four"), (5, "five"), (6, "six"), (7, "seven"), (8, "eight")];

/// Whether a whole number is in a word of the other side.
pub(super) fn in_words(view: &View, k: usize, n: u64) -> bool {
    let (zh, en) = (view.text(Lang::Zh), view.text(Lang::En));
    let listed = |list: &[(u64, &[&str])], text: &str| {
        list.iter().any(|(value, words)| *value == n && words.iter().any(|w| text.contains(w)))
    };
    if view.langs[k] == Lang::Zh {
        let lower = en.to_ascii_lowercase();
        let begins = |word: &str| {
            lower.match_indices(word).any(|(at, _)| {
                let rest = &lower[at + word.len()..];
                !lower[..at].ends_with(|c: char| c.is_ascii_alphabetic())
                    && rest.starts_with(|c: char| c.is_ascii_alphabetic())
                    && !["t", "pence"].iter().any(|w| rest.starts_with(w))
            })
        };
        let thousands = n >= 1000
            && n.is_multiple_of(1000)
            && ["K", "k"].iter().any(|letter| has_word(en, &format!("{}{letter}", n / 1000)));
        let joined = en.contains(&format!("WW{n}"));
        return listed(&ENGLISH, &lower)
            || BEGINNINGS.iter().any(|&(value, word)| value == n && begins(word))
            || thousands
            || joined;
    }
    // 五六百 for 500 or 600.
    let (mut digit, mut power) = (n, 0);
    while digit >= 10 && digit % 10 == 0 {
        (digit, power) = (digit / 10, power + 1);
    }
    let units = ["", "十", "百", "千", "万", "十万", "百万", "千万", "亿"];
    let roughly = digit < 10
        && units
            .get(power)
            .is_some_and(|unit| neighbours(zh, digit, unit) || neighbours(zh, digit, &format!("{unit}多")));
    listed(&CHINESE, zh) || roughly || (11..100).contains(&n) && teens(zh, n)
}
