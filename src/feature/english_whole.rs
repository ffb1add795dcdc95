//! Whole numbers in English words, of today and of old: `sixty-one`, `two hundred and five`, `threescore and ten`.
//!
//! Only the value is read here; what it counts, fractions and digits are the business of the reader of numbers.

use super::scan::Scan;
use arrayvec::ArrayString;

/// The longest English word that is looked up.
const LONGEST_WORD: usize = 14;

/// A word to be looked up: every word of a text is read several times, so that it lies on the stack.
pub(super) type Word = ArrayString<LONGEST_WORD>;

/// The lower-cased letters at `i` and the index after them; empty if there are none or the run is too long.
pub(super) fn word(scan: &Scan, i: usize) -> (usize, Word) {
    let mut end = i;
    let mut text = Word::new();
    while scan.at(end).is_ascii_alphabetic() {
        if text.try_push(scan.at(end).to_ascii_lowercase()).is_err() {
            return (i, Word::new());
        }
        end += 1;
    }
    (end, text)
}

/// The value of a number word below a hundred, and whether it is an ordinal.
pub(super) fn small(word: &str) -> Option<(u32, bool)> {
    Some(match word {
        "zero" => (0, false),
        "one" => (1, false),
        "two" => (2, false),
        "three" => (3, false),
        "four" => (4, false),
        "five" => (5, false),
        "six" => (6, false),
        "seven" => (7, false),
        "eight" => (8, false),
        "nine" => (9, false),
        "ten" => (10, false),
        "eleven" => (11, false),
        "twelve" => (12, false),
        "thirteen" => (13, false),
        "fourteen" => (14, false),
        "fifteen" => (15, false),
        "sixteen" => (16, false),
        "seventeen" => (17, false),
        "eighteen" => (18, false),
        "nineteen" => (19, false),
        "zeroth" => (0, true),
        "first" => (1, true),
        "second" => (2, true),
        "third" => (3, true),
        "fourth" => (4, true),
        "fifth" => (5, true),
        "sixth" => (6, true),
        "seventh" => (7, true),
        "eighth" => (8, true),
        "ninth" => (9, true),
        "tenth" => (10, true),
        "eleventh" => (11, true),
        "twelfth" => (12, true),
        "thirteenth" => (13, true),
        "fourteenth" => (14, true),
        "fifteenth" => (15, true),
        "sixteenth" => (16, true),
        "seventeenth" => (17, true),
        "eighteenth" => (18, true),
        "nineteenth" => (19, true),
        "twenty" => (20, false),
        "thirty" => (30, false),
        "forty" => (40, false),
        "fifty" => (50, false),
        "sixty" => (60, false),
        "seventy" => (70, false),
        "eighty" => (80, false),
        "ninety" => (90, false),
        "twentieth" => (20, true),
        "thirtieth" => (30, true),
        "fortieth" => (40, true),
        "fiftieth" => (50, true),
        "sixtieth" => (60, true),
        "seventieth" => (70, true),
        "eightieth" => (80, true),
        "ninetieth" => (90, true),
        _ => return None,
    })
}

pub(super) fn power(word: &str) -> Option<(i32, bool)> {
    Some(match word {
        "hundred" => (2, false),
        "thousand" => (3, false),
        "million" | "mn" => (6, false),
        "billion" | "bn" => (9, false),
        "trillion" | "tn" => (12, false),
        "hundredth" => (2, true),
        "thousandth" => (3, true),
        "millionth" => (6, true),
        _ => return None,
    })
}

/// Skips one blank or hyphen.
pub(super) fn joint(scan: &Scan, i: usize) -> usize {
    let at = scan.skip_blanks(i, 2);
    if at == i && scan.at(i) == '-' { i + 1 } else { at }
}

/// A whole number in words.
pub(super) struct Whole {
    /// The index after it.
    pub end: usize,
    pub value: u64,
    /// Whether it ends as a place in an order: `twenty-first`.
    pub ordinal: bool,
}

/// Words after which a number in words stands alone: "between twenty and thirty" names two.
const APART: [&str; 2] = ["between", "both"];

/// Reads the whole number in words at `i`, of today or of old: `"two hundred and five"` 205, `"sixty and five"` 65,
/// `"an hundred and seven and twenty"` 127, `"threescore and sixteen thousand and five hundred"` 76 500.
///
/// Groups below a thousand, each with its power; a group that is no smaller than the one before begins another number,
/// and what stood before its "and" is read.
pub(super) fn whole(scan: &Scan, i: usize) -> Option<Whole> {
    let alone = APART.iter().any(|w| scan.ends(i.saturating_sub(1), w));
    let (mut total, mut section) = (0u64, 0u64);
    let (mut at, mut parts) = (i, 0);
    let mut last_factor = u64::MAX;
    // The number up to here, whatever comes.
    let mut sure = Whole { end: i, value: 0, ordinal: false };
    while parts < 24 {
        let mut start = at;
        let (to, text) = word(scan, start);
        let joined = text.as_str() == "and" && parts > 0;
        if joined {
            start = scan.skip_blanks(to, 2);
        }
        let (mut to, mut text) = word(scan, start);
        let article = matches!(text.as_str(), "a" | "an");
        // "a thousand", and "the hundred and fifty days".
        let bare = parts == 0 && scan.ends(i, "the ") && power(&text).is_some();
        if article || bare {
            if section > 0 || (parts > 0 && !joined) {
                break;
            }
            if article {
                (to, text) = word(scan, joint(scan, to));
            }
            power(&text).filter(|p| !p.1)?;
            section = 1;
        }
        let ordinal = if let Some((p, ordinal)) = power(&text).filter(|_| article || bare || !joined) {
            let factor = 10u64.pow(u32::try_from(p).unwrap_or(0));
            if section == 0 || (p == 2 && section >= 100) {
                break;
            }
            if p == 2 {
                section *= 100;
            } else {
                // "six hundred thousand and seventy thousand and a thousand": into the zeros of the group before.
                let zeros =
                    (1..3).rev().find(|&z| (total / factor).is_multiple_of(10u64.pow(z))).unwrap_or(0);
                let goes_on = factor == last_factor && section < 10u64.pow(zeros);
                if factor >= last_factor && !goes_on {
                    break;
                }
                total = total.checked_add(section.checked_mul(factor)?)?;
                (section, last_factor) = (0, factor);
            }
            ordinal
        } else if let Some(low) = below_hundred(scan, start, alone)
            && section.is_multiple_of(100)
            && (parts == 0 || section + total > 0)
        {
            section += low.value;
            to = low.end;
            low.ordinal
        } else {
            break;
        };
        parts += 1;
        at = joint(scan, to);
        // Nothing is sure about "two" in "a million and two million" before its power is seen.
        let (_, next) = word(scan, at);
        let grows = section > 0 && power(&next).is_some_and(|p| p.0 > 2 || section < 100);
        if !grows || ordinal || at == to {
            sure = Whole { end: to, value: total.checked_add(section)?, ordinal };
        }
        if ordinal || at == to {
            break;
        }
    }
    let begins = sure.end > i && !scan.at(sure.end).is_ascii_alphabetic();
    (begins && !(parts == 1 && scan.ends(i, "the ") && power(&word(scan, i).1).is_some())).then_some(sure)
}

/// Reads a number below a hundred: `"sixty-five"`, and of old `"sixty and five"`, `"five and sixty"`, `"threescore and
/// ten"`. `alone`: without these joined by "and".
pub(super) fn below_hundred(scan: &Scan, i: usize, alone: bool) -> Option<Whole> {
    let (end, first) = word(scan, i);
    let twenties = first.strip_suffix("score").and_then(small).filter(|s| !s.1 && (2..10).contains(&s.0));
    let (value, ordinal) = match twenties {
        Some((n, _)) => (n * 20, false),
        None => small(&first)?,
    };
    let found = |end, value, ordinal| Some(Whole { end, value: u64::from(value), ordinal });
    if ordinal {
        return found(end, value, true);
    }
    let tens = value >= 20 && value.is_multiple_of(10);
    let next = joint(scan, end);
    let (to, second) = word(scan, next);
    if tens
        && next > end
        && let Some((ones, ordinal)) = small(&second).filter(|s| (1..10).contains(&s.0))
    {
        return found(to, value + ones, ordinal);
    }
    if second.as_str() == "and" && !alone {
        let (to, third) = word(scan, scan.skip_blanks(to, 2));
        // "fifty and two hundred", "five and twenty-five", "forty and one half": what follows belongs to the second one.
        let (_, fourth) = word(scan, joint(scan, to));
        let taken = matches!(fourth.as_str(), "hundred" | "half") || small(&fourth).is_some();
        if let Some((other, ordinal)) = small(&third).filter(|_| !taken) {
            let more = match (tens, twenties) {
                (_, Some(_)) => (1..20).contains(&other),
                (true, None) => (1..10).contains(&other),
                (false, None) => (1..10).contains(&value) && other >= 20 && other.is_multiple_of(10),
            };
            if more {
                return found(to, value + other, ordinal);
            }
        }
    }
    found(end, value, false)
}
