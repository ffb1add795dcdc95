//! An expression of a text: what it is, where it stands, and a key that is equal where the meaning is equal.
//!
//! The readers of numbers, dates and symbols are in their own modules; here they are tried in turn.

use super::scan::Scan;
use super::{chinese_number, date, english_number, english_whole, symbol};
use crate::model::Lang;
use std::ops::Range;

/// What an expression is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ExpressionKind {
    /// A quantity: `61`, `六十一`, `1.3亿`.
    Number,
    /// A place in an order: `第三`, `third`, `Annex I`.
    Ordinal,
    /// A share of a hundred: `5%`, `百分之五`.
    Percent,
    /// An amount of money. The currency is not part of the key.
    Money,
    /// A year, month, day or decade, in any part or whole.
    Date,
    /// A day of the week.
    Weekday,
    /// A time of the day.
    Time,
    /// A document symbol: `A/61/1006`.
    Symbol,
    /// Letters and digits in one word: `G20`.
    Code,
    /// A word in Latin letters: every one in Chinese, in English those with a capital.
    Latin,
    /// An address on the web.
    Url,
    /// A mail address.
    Email,
}

/// A decimal number: `mantissa` × 10^`exponent`, with no factor of ten in the mantissa, so that equal numbers
/// are equal values. Zero has the exponent 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Decimal {
    mantissa: u128,
    exponent: i32,
}

impl Decimal {
    /// `mantissa` × 10^`exponent`.
    ///
    /// ```
    /// use duizhao::feature::Decimal;
    /// assert_eq!(Decimal::new(130, 6), Decimal::new(13, 7));
    /// ```
    pub fn new(mut mantissa: u128, mut exponent: i32) -> Decimal {
        if mantissa == 0 {
            return Decimal { mantissa: 0, exponent: 0 };
        }
        while mantissa.is_multiple_of(10) {
            mantissa /= 10;
            exponent += 1;
        }
        Decimal { mantissa, exponent }
    }

    /// This number × 10^`power`.
    pub fn scaled(self, power: i32) -> Decimal {
        if self.mantissa == 0 { self } else { Decimal { exponent: self.exponent + power, ..self } }
    }

    /// The number if it is whole and below 10^18.
    pub fn whole(self) -> Option<u64> {
        let power = u32::try_from(self.exponent).ok().filter(|&p| p < 18)?;
        let value = self.mantissa.checked_mul(10u128.pow(power))?;
        u64::try_from(value).ok().filter(|&v| v < 1_000_000_000_000_000_000)
    }

    /// Whether `self`, with one or two digits fewer but at least three, is `other` rounded: 4.18 and 4.184. Of whole
    /// numbers only thousands are rounded: 10,170 is not a round 10,172.
    pub(super) fn rounds(self, other: Decimal) -> bool {
        let Some(drop) = u32::try_from(self.exponent - other.exponent).ok().filter(|d| (1..=2).contains(d))
        else {
            return false;
        };
        let step = 10u128.pow(drop);
        let written_out = other.exponent >= 0 && (1..3).contains(&self.exponent);
        self.mantissa >= 100
            && !written_out
            && (other.mantissa / step + u128::from(other.mantissa % step >= step / 2)) == self.mantissa
    }

    /// The sum, or `None` if it needs more than 38 digits.
    pub fn plus(self, other: Decimal) -> Option<Decimal> {
        if self.mantissa == 0 {
            return Some(other);
        }
        if other.mantissa == 0 {
            return Some(self);
        }
        let low = self.exponent.min(other.exponent);
        let lift = |d: Decimal| {
            let power = u32::try_from(d.exponent - low).ok().filter(|&p| p < 38)?;
            d.mantissa.checked_mul(10u128.pow(power))
        };
        Some(Decimal::new(lift(self)?.checked_add(lift(other)?)?, low))
    }
}

/// What two expressions have in common if they mean the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// A number, whatever it counts: quantity, ordinal, percentage, money.
    Number(Decimal),
    /// A fraction in lowest terms that is no short decimal: `1/3`.
    Fraction(u64, u64),
    /// Some power of ten, not counted exactly: `数十` and `dozens` are 1, `数百万` and `millions` 6.
    Approximate(u8),
    /// A date; at least one part is there.
    Date {
        /// The year.
        year: Option<u16>,
        /// The month, 1 to 12.
        month: Option<u8>,
        /// The day, 1 to 31.
        day: Option<u8>,
    },
    /// The first year of a decade.
    Decade(u16),
    /// Monday is 1, Sunday 7.
    Weekday(u8),
    /// Hour (0 to 24) and minute.
    Time(u8, u8),
    /// A symbol, code or word, in lower case.
    Text(String),
}

impl Key {
    /// The key of a fraction: a decimal where it is a short one. `None` for a zero denominator.
    pub(crate) fn fraction(top: u64, bottom: u64) -> Option<Key> {
        let (mut a, mut b) = (top, bottom);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        if bottom == 0 || a == 0 {
            return None;
        }
        let (top, bottom) = (top / a, bottom / a);
        let exact = (0..7u32).find_map(|p| {
            let lifted = u128::from(top) * 10u128.pow(p);
            (lifted % u128::from(bottom) == 0)
                .then(|| Decimal::new(lifted / u128::from(bottom), -i32::try_from(p).unwrap_or(0)))
        });
        Some(exact.map_or(Key::Fraction(top, bottom), Key::Number))
    }
}

/// A piece of a text that the other language should show too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression {
    /// Where it stands in the text, in bytes.
    pub bytes: Range<usize>,
    /// What it is.
    pub kind: ExpressionKind,
    /// What it is compared by.
    pub key: Key,
    /// Whether a translation may well do without it (`一个`, `one`, `GDP`). A weak expression can match but is
    /// never reported missing.
    pub weak: bool,
}

/// What a reader found: the index after it, and the expression without its place.
pub(super) struct Found {
    pub end: usize,
    pub kind: ExpressionKind,
    pub key: Key,
    pub weak: bool,
    /// The power of ten that a word or character after the digits gave: `10 million` has 6.
    pub scale: i32,
}

impl Found {
    pub fn new(end: usize, kind: ExpressionKind, key: Key) -> Found {
        Found { end, kind, key, weak: false, scale: 0 }
    }

    pub fn weak_if(mut self, weak: bool) -> Found {
        self.weak |= weak;
        self
    }
}

/// Reads the expressions of a text, in order and without overlap. Takes time linear in the text.
///
/// ```
/// use duizhao::feature::{expressions, compare};
/// use duizhao::model::Lang;
/// let zh = expressions("2007年8月16日，全国有1.3亿人。", Lang::Zh);
/// let en = expressions("on 16 August 2007, 130 million people", Lang::En);
/// assert_eq!(compare(&zh, &en).matches, [(0, 0), (1, 1)]);
/// ```
///
/// # Limits
///
/// Small numbers in words are weak: `三` may be an idiom's, `one` a pronoun. An English word without a capital
/// is not read, though Chinese may quote it. Currencies are not told apart.
pub fn expressions(text: &str, lang: Lang) -> Vec<Expression> {
    let scan = Scan::new(text);
    let mut out: Vec<Expression> = Vec::new();
    let mut last: Option<(usize, i32)> = None;
    let mut i = 0;
    while i < scan.chars.len() {
        if let Some(end) = plain_word(&scan, i).filter(|_| lang == Lang::En) {
            i = end;
            continue;
        }
        if let Some(letters) = scan.money_code(i) {
            i += letters;
        }
        let found =
            symbol::read(&scan, i, lang).or_else(|| date::read(&scan, i, lang)).or_else(|| match lang {
                Lang::Zh => chinese_number::read(&scan, i),
                Lang::En => english_number::read(&scan, i),
            });
        let found = found.or_else(|| symbol::read_word(&scan, i, lang));
        let Some(found) = found else {
            i = after_word(&scan, i);
            continue;
        };
        if let (Some((end, 0)), true) = (last, found.scale > 0)
            && let Some(earlier) = out.last_mut()
            && is_range_mark(&scan, end, i)
        {
            // "10 to 15 million": the power of ten belongs to both ends.
            if earlier.kind != ExpressionKind::Percent
                && let Key::Number(n) = earlier.key
                && (n.whole().is_some_and(|n| n < 1000) || text[earlier.bytes.clone()].contains([',', '，']))
            {
                earlier.key = Key::Number(n.scaled(found.scale));
            }
        }
        last = Some((found.end, found.scale));
        out.push(Expression {
            bytes: scan.byte(i)..scan.byte(found.end),
            kind: found.kind,
            key: found.key,
            weak: found.weak,
        });
        i = found.end.max(i + 1);
    }
    out
}

/// The index after a word at `i` with which no English expression begins. Most words of a text are such; all else is left to the
/// readers.
fn plain_word(scan: &Scan, i: usize) -> Option<usize> {
    let letters = scan.chars[i..].iter().take_while(|c| c.is_ascii_lowercase()).count();
    let end = i + letters;
    let stands_alone = matches!(scan.at(end), ' ' | ',' | ';' | '!' | ')' | '\'' | '"' | '”' | '\0');
    if letters == 0 || !stands_alone {
        return None;
    }
    let (_, word) = english_whole::word(scan, i);
    (!english_number::may_begin(&word) && !date::may_begin(&word)).then_some(end)
}

/// The index after the word or character at `i` that no reader wanted.
fn after_word(scan: &Scan, i: usize) -> usize {
    let mut end = i + 1;
    if scan.at(i).is_ascii_alphanumeric() {
        while scan.at(end).is_ascii_alphabetic() || scan.at(end).is_ascii_digit() {
            end += 1;
        }
    }
    end
}

fn is_range_mark(scan: &Scan, from: usize, to: usize) -> bool {
    if to <= from || to - from > 8 {
        return false;
    }
    let between: String = scan.chars[from..to].iter().collect();
    matches!(between.trim(), "-" | "--" | "to" | "至" | "到" | "and" | "or" | "或")
}
