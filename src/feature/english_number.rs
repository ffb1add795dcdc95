//! Numbers in English text: digits and words.
//!
//! Reads `10,000`, `1.3 billion`, `$5m`, `5 per cent`, `sixty-one`, `two hundred and five`, `one third`, `21st`,
//! `Annex II`, `Chapter Three`, `dozens`, and of old `threescore and ten`, `five and twenty`, `an hundred`. Words up to ten are weak: English writes `both`, `a`, `once` for them, and
//! `one` and `second` are often no numbers at all.

use super::chinese_number::arabic;
use super::english_whole::{Whole, below_hundred, joint, power, small, whole, word};
use super::expression::{Decimal, ExpressionKind as Kind, Found, Key};
use super::scan::Scan;

/// Reads a number expression at `i`, which must start a word.
pub(super) fn read(scan: &Scan, i: usize) -> Option<Found> {
    if scan.before(i).is_ascii_alphabetic() && !scan.after_money_code(i) {
        return None;
    }
    let c = scan.at(i);
    if c.is_ascii_digit() {
        return digits(scan, i);
    }
    if !c.is_ascii_alphabetic() {
        return None;
    }
    rough(scan, i).or_else(|| spelled(scan, i)).or_else(|| roman_after_noun(scan, i))
}

/// Whether a number may begin with a word in small letters.
pub(super) fn may_begin(word: &str) -> bool {
    matches!(word, "a" | "an" | "half" | "quarter")
        || rough_power(word).is_some()
        || small(word).is_some()
        || power(word).is_some()
        || word.ends_with("score")
        || joined(word, 0).is_some()
}

fn digits(scan: &Scan, i: usize) -> Option<Found> {
    let (mut end, mut value) = arabic(scan, i)?;
    let mut scale = 0;
    // 1/3
    if scan.at(end) == '/'
        && let Some((to, under)) = arabic(scan, end + 1)
        && let (Some(top), Some(under)) = (value.whole(), under.whole())
        && top < under
        && under <= 100
        && scan.at(to) != '/'
    {
        return Some(Found::new(to, Kind::Number, Key::fraction(top, under)?).weak_if(true));
    }
    let (to, letters) = word(scan, end);
    if matches!(letters.as_str(), "st" | "nd" | "rd" | "th") {
        return Some(Found::new(to, Kind::Ordinal, Key::Number(value)));
    }
    let attached = match letters.as_str() {
        "m" if money_before(scan, i) => Some(6),
        "bn" | "b" if letters.as_str() == "bn" || money_before(scan, i) => Some(9),
        "million" => Some(6),
        "billion" => Some(9),
        "trillion" | "tn" => Some(12),
        "k" => Some(3),
        _ => None,
    };
    if let Some(p) = attached {
        (end, value, scale) = (to, value.scaled(p), p);
    } else if letters.is_empty() {
        loop {
            let start = joint(scan, end);
            let (to, letters) = word(scan, start);
            let Some((p, false)) = power(&letters).filter(|_| start > end && scale < 15) else { break };
            (end, value, scale) = (to, value.scaled(p), scale + p);
        }
    }
    let bare = scale == 0 && value.whole().is_some_and(|v| v <= 1);
    let mut found = with_unit(scan, i, end, value, scale, false);
    found.weak |= bare && found.kind == Kind::Number;
    Some(found)
}

fn money_before(scan: &Scan, i: usize) -> bool {
    matches!(scan.before(i), '$' | '¥' | '￥' | '€' | '£') || scan.after_money_code(i)
}

/// Sees whether a percent sign or a currency belongs to the number from `i` to `end`.
fn with_unit(scan: &Scan, i: usize, end: usize, value: Decimal, scale: i32, weak: bool) -> Found {
    let start = joint(scan, end);
    let number = |end, kind| {
        let mut found = Found::new(end, kind, Key::Number(value)).weak_if(weak);
        found.scale = scale;
        found
    };
    if scan.at(start) == '%' {
        return number(start + 1, Kind::Percent);
    }
    let (to, next) = word(scan, start);
    match next.as_str() {
        "percent" | "pct" => number(to, Kind::Percent),
        "percentage" => number(end, Kind::Percent),
        "per" => {
            let (to, cent) = word(scan, scan.skip_blanks(to, 2));
            if cent.as_str() == "cent" { number(to, Kind::Percent) } else { number(end, Kind::Number) }
        }
        "yuan" | "rmb" | "dollars" | "dollar" | "euros" | "pounds" | "usd" | "yen" => {
            number(end, Kind::Money)
        }
        _ if money_before(scan, i) => number(end, Kind::Money),
        _ => number(end, Kind::Number),
    }
}

/// Reads a number in words: `"sixty-first"` 61, `"two hundred and five"` 205, `"two thirds"` 2/3.
fn spelled(scan: &Scan, i: usize) -> Option<Found> {
    let (first_end, first) = word(scan, i);
    let article = matches!(first.as_str(), "a" | "an");
    let half = first.as_str() == "half";
    if half || first.as_str() == "quarter" {
        // "half a million"
        let (a_end, a) = word(scan, scan.skip_blanks(first_end, 1));
        let (to, next) = word(scan, scan.skip_blanks(a_end, 1));
        if half
            && a.as_str() == "a"
            && let Some((p, false)) = power(&next)
        {
            return Some(Found::new(to, Kind::Number, Key::Number(Decimal::new(5, p - 1))));
        }
        if half {
            return Some(Found::new(first_end, Kind::Number, Key::Number(Decimal::new(5, -1))).weak_if(true));
        }
        return None;
    }
    if !article && below_hundred(scan, i, true).is_none() && power(&first).is_none() {
        return joined(&first, first_end);
    }
    let Whole { end, value, ordinal } = whole(scan, i)?;
    // "one third", "two-thirds", "three quarters"
    let (to, next) = word(scan, joint(scan, end));
    if !ordinal && (1..10).contains(&value) {
        let singular = next.strip_suffix('s').unwrap_or(&next);
        let under = match singular {
            "half" => Some(2),
            "quarter" => Some(4),
            _ => small(singular).filter(|&(v, o)| o && (3..=20).contains(&v)).map(|(v, _)| v),
        };
        // Of old, "three tenth deals".
        let (_, of) = word(scan, joint(scan, to));
        let deals = matches!(of.as_str(), "deal" | "deals" | "part" | "parts");
        if let Some(under) = under
            && ((value > 1) == next.ends_with('s') || deals)
            && value < u64::from(under)
        {
            return Some(
                Found::new(to, Kind::Number, Key::fraction(value, u64::from(under))?).weak_if(under == 4),
            );
        }
    }
    let number = Decimal::new(u128::from(value), 0);
    let round = matches!(value, 100 | 1_000 | 1_000_000);
    let weak = value <= 10 || (article && round);
    if ordinal {
        return Some(Found::new(end, Kind::Ordinal, Key::Number(number)).weak_if(value <= 10));
    }
    Some(with_unit(scan, i, end, number, 0, weak))
}

/// A number that lost its hyphen, as at the end of a line: `onethird`, `twentyfirst`.
fn joined(text: &str, end: usize) -> Option<Found> {
    let (value, under) = (3..text.len()).find_map(|at| {
        let (a, b) = text.split_at(at);
        let ((a, false), singular) = (small(a)?, b.strip_suffix('s').unwrap_or(b)) else { return None };
        match small(singular)? {
            (b, true) if (1..10).contains(&a) && (3..=10).contains(&b) => Some((a, Some(b))),
            (b, ordinal) if a >= 20 && a % 10 == 0 && (1..10).contains(&b) => {
                Some((a + b, None)).filter(|_| !ordinal || singular.len() + at == text.len())
            }
            _ => None,
        }
    })?;
    Some(match under {
        Some(under) => Found::new(end, Kind::Number, Key::fraction(u64::from(value), u64::from(under))?),
        None => Found::new(end, Kind::Number, Key::Number(Decimal::new(u128::from(value), 0))),
    })
}

/// `dozens`, `hundreds of thousands`, `tens of millions`.
fn rough(scan: &Scan, i: usize) -> Option<Found> {
    let (mut end, first) = word(scan, i);
    let mut power = rough_power(&first)?;
    let (to, next) = word(scan, scan.skip_blanks(end, 1));
    if next.as_str() == "of" {
        let (to, next) = word(scan, scan.skip_blanks(to, 1));
        if let Some(p) = rough_power(&next).filter(|&p| p > 1) {
            power += p;
            end = to;
        }
    }
    Some(Found::new(end, Kind::Number, Key::Approximate(power)).weak_if(true))
}

/// The power of ten that a plural stands for.
fn rough_power(word: &str) -> Option<u8> {
    Some(match word {
        "tens" | "dozens" | "scores" | "dozen" => 1,
        "hundreds" => 2,
        "thousands" => 3,
        "millions" => 6,
        "billions" => 9,
        _ => return None,
    })
}

/// Nouns whose Roman number is an ordinal.
const NUMBERED: &[&str] = &[
    "annex", "appendix", "article", "chapter", "part", "section", "volume", "table", "figure", "phase",
    "title", "schedule", "war", "act", "type", "class", "category", "tier",
];

/// Reads the `II` of `Annex II`, at the `I`.
fn roman_after_noun(scan: &Scan, i: usize) -> Option<Found> {
    if !matches!(scan.at(i), 'I' | 'V' | 'X' | 'L') || scan.before(i) != ' ' {
        return None;
    }
    let mut start = i - 1;
    while start > 0 && i - start < 12 && scan.at(start - 1).is_ascii_alphabetic() {
        start -= 1;
    }
    let noun: String = scan.chars[start..i - 1].iter().collect::<String>().to_ascii_lowercase();
    if !NUMBERED.contains(&noun.as_str()) {
        return None;
    }
    let (end, value) = roman(scan, i)?;
    Some(Found::new(end, Kind::Ordinal, Key::Number(Decimal::new(u128::from(value), 0))))
}

/// Reads a Roman number in capitals below 90 that ends with its word.
pub(super) fn roman(scan: &Scan, i: usize) -> Option<(usize, u32)> {
    let value = |c| match c {
        'I' => Some(1),
        'V' => Some(5),
        'X' => Some(10),
        'L' => Some(50),
        _ => None,
    };
    let mut end = i;
    let mut total = 0;
    while let Some(v) = value(scan.at(end)) {
        if end - i == 8 {
            return None;
        }
        total += v;
        if let Some(before) = end.checked_sub(1).filter(|&b| b >= i).and_then(|b| value(scan.at(b)))
            && before < v
        {
            total -= 2 * before;
        }
        end += 1;
    }
    (end > i && !scan.at(end).is_ascii_alphanumeric()).then_some((end, total))
}
