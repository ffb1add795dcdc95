//! Numbers in Chinese text: numerals in characters, in digits, and in both mixed.
//!
//! Reads `六十一`, `二〇〇七`, `1.3亿`, `3千万`, `百分之五`, `三分之一`, `第三`, `数十`, `十几`, `三成`.
//! Characters that are part of a word (`统一`, `万一`, `十分`) are no numbers; a numeral of one character is weak.

use super::expression::{Decimal, ExpressionKind as Kind, Found, Key};
use super::numeral_words::{HALVED, WORDS_FROM, WORDS_TO};
use super::scan::Scan;

/// A number with how it is written.
pub(super) struct Numeral {
    pub end: usize,
    pub value: Decimal,
    /// Whether it is all digits: Arabic, or Chinese without 十百千万亿.
    pub plain: bool,
    /// Whether Arabic digits occur.
    pub arabic: bool,
    /// The power of ten of the last unit character.
    pub scale: i32,
    /// Whether it is a rough count of the form `七八`.
    pub rough: bool,
}

/// A run longer than this is no number that anyone compares; it is passed over as a whole.
const LONGEST: usize = 36;

pub(super) fn digit(c: char) -> Option<u32> {
    Some(match c {
        '零' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

fn unit(c: char) -> Option<i32> {
    Some(match c {
        '十' => 1,
        '百' => 2,
        '千' => 3,
        '万' => 4,
        '亿' => 8,
        _ => return None,
    })
}

/// Ⅰ to Ⅻ and ⅰ to ⅻ (U+2160 and U+2170 onwards).
fn roman(c: char) -> Option<u32> {
    match u32::from(c) {
        c @ 0x2160..=0x216b => Some(c - 0x2160 + 1),
        c @ 0x2170..=0x217b => Some(c - 0x2170 + 1),
        _ => None,
    }
}

/// Reads a number expression at `i`.
pub(super) fn read(scan: &Scan, i: usize) -> Option<Found> {
    let c = scan.at(i);
    if let Some(n) = roman(c) {
        let key = Key::Number(Decimal::new(u128::from(n), 0));
        return Some(Found::new(i + 1, Kind::Ordinal, key).weak_if(true));
    }
    if c == '第' {
        let start = scan.skip_blanks(i + 1, 1);
        let n = numeral(scan, start)?;
        let common = !n.arabic
            && (n.end - start == 1)
            && matches!(
                scan.at(n.end),
                '一' | '二' | '天' | '次' | '个' | '年' | '者' | '三' | '日' | '位' | '时'
            );
        let weak = common || (!n.arabic && n.value.whole().is_some_and(|v| v <= 3));
        return Some(Found::new(n.end, Kind::Ordinal, Key::Number(n.value)).weak_if(weak));
    }
    if scan.starts(i, "百分百") || scan.starts(i, "百分之百") {
        let end = i + if scan.at(i + 2) == '百' { 3 } else { 4 };
        return Some(Found::new(end, Kind::Percent, Key::Number(Decimal::new(1, 2))));
    }
    if let Some(found) = rough(scan, i) {
        return Some(found);
    }
    // What is left of 二十两, a weight.
    let counted = |c: char| c.is_ascii_digit() || digit(c).is_some() || unit(c).is_some();
    if is_tael(scan, i) && counted(scan.before(i)) {
        return None;
    }
    let money = currency_before(scan, i);
    let n = numeral(scan, i)?;
    let chars = n.end - i;
    if scan.at(n.end) == '成' && n.value.whole().is_some_and(|v| v < 10) && !scan.starts(n.end, "成为") {
        let weak = !"以多左,，。".contains(scan.at(n.end + 1));
        return Some(
            Found::new(n.end + 1, Kind::Percent, Key::Number(n.value.scaled(1))).weak_if(weak || !n.arabic),
        );
    }
    if !n.arabic {
        // 十分 is a word, 十分之一 a fraction.
        let fraction = scan.starts(n.end, "分之");
        if WORDS_TO.iter().any(|w| scan.ends(i + 1, w))
            || (scan.first_of(i, WORDS_FROM).is_some() && !fraction)
        {
            return Some(Found::new(n.end, Kind::Number, Key::Number(n.value)).weak_if(true))
                .filter(|_| chars > 2);
        }
        // A lone unit character is a word or a name; a lone 一 counts only before a measure word.
        if chars == 1 && unit(c).is_some() && c != '十' {
            return None;
        }
        let annex = ["附件", "附录", "附錄", "附表"].iter().any(|w| scan.ends(i, w));
        if c == '一'
            && chars == 1
            && !annex
            && !"个名位人只件条年家项次座所种份张块天周".contains(scan.at(n.end))
        {
            return None;
        }
    }
    // 百分之五, 千分之三, 三分之一
    if scan.starts(n.end, "分之")
        && let Some(top) = numeral(scan, n.end + 2)
        && let Some(bottom) = n.value.whole()
    {
        if bottom == 100 {
            return Some(Found::new(top.end, Kind::Percent, Key::Number(top.value)));
        }
        let key = Key::fraction(top.value.whole()?, bottom)?;
        return Some(Found::new(top.end, Kind::Number, key));
    }
    let after = scan.skip_blanks(n.end, 1);
    if scan.at(after) == '%' {
        return Some(Found::new(after + 1, Kind::Percent, Key::Number(n.value)));
    }
    if scan.first_of(after, &["个百分点", "个百分點", "百分点", "百分點"]).is_some() {
        return Some(Found::new(n.end, Kind::Percent, Key::Number(n.value)));
    }
    if scan.at(n.end) == '/'
        && n.plain
        && n.arabic
        && let Some(bottom) = numeral(scan, n.end + 1)
        && bottom.plain
        && let (Some(top), Some(under)) = (n.value.whole(), bottom.value.whole())
        && (1..=100).contains(&under)
        && top < under
    {
        let key = Key::fraction(top, under)?;
        return Some(Found::new(bottom.end, Kind::Number, key).weak_if(true));
    }
    let paid = money
        || scan
            .first_of(
                after,
                &[
                    "元",
                    "美元",
                    "港元",
                    "港币",
                    "港幣",
                    "欧元",
                    "歐元",
                    "英镑",
                    "英鎊",
                    "日元",
                    "日圆",
                    "人民币",
                ],
            )
            .is_some();
    let round =
        matches!(n.value, v if v == Decimal::new(1, 2) || v == Decimal::new(1, 3) || v == Decimal::new(1, 4));
    let idiom = !n.arabic && n.scale > 0 && "不之".contains(scan.at(n.end));
    let group = !n.arabic && scan.first_of(n.end, &["国集团", "國集團"]).is_some();
    let plan =
        !n.arabic && scan.at(n.end - 1) == '五' && matches!(scan.at(n.end), '"' | '”' | '」' | '规' | '規');
    // 十三五规划, 九五规划: the 13th and the 9th Five-Year Plan. The reader takes the digits together (十 and 三五).
    if plan
        && chars <= 3
        && let Some(count) = n.value.whole().map(|v| if c == '十' { 10 + (v - 10) / 10 } else { v / 10 })
    {
        let key = Key::Number(Decimal::new(u128::from(count), 0));
        return Some(Found::new(n.end, Kind::Ordinal, key).weak_if(true));
    }
    let footnote = n.arabic && n.scale == 0 && !paid && n.value.whole().is_some_and(|v| v <= 1);
    let digits_only = n.plain && !n.arabic;
    let weak = n.rough
        || idiom
        || group
        || footnote
        || digits_only
        || (!n.arabic
            && (chars == 1
                || round
                || (c != '十' && unit(c).is_some())
                || n.value.whole().is_some_and(|v| v <= 10)));
    let mut found =
        Found::new(n.end, if paid { Kind::Money } else { Kind::Number }, Key::Number(n.value)).weak_if(weak);
    found.scale = if n.arabic { n.scale } else { 0 };
    Some(found)
}

fn currency_before(scan: &Scan, i: usize) -> bool {
    matches!(scan.before(i), '$' | '¥' | '￥' | '€' | '£') || scan.after_money_code(i)
}

/// `数十`, `几百万`, `十几`, `几十`, `成千上万`, `半`: counts without a number.
fn rough(scan: &Scan, i: usize) -> Option<Found> {
    let approximate = |end, power: i32| {
        let power = u8::try_from(power).unwrap_or(u8::MAX);
        Some(Found::new(end, Kind::Number, Key::Approximate(power)).weak_if(true))
    };
    match scan.at(i) {
        '数' | '几' | '上' | '好' => {
            let mut end = i + 1 + usize::from(scan.at(i) == '好' && scan.at(i + 1) == '几');
            let mut power = 0;
            let start = end;
            while end - start < 4
                && let Some(p) = unit(scan.at(end))
            {
                power += p;
                end += 1;
            }
            if power == 0 {
                return None;
            }
            if scan.at(i) == '上' && (power < 2 || scan.ends(i, "千")) {
                return None;
            }
            approximate(end, power)
        }
        '十' if scan.at(i + 1) == '几' || scan.at(i + 1) == '多' => approximate(i + 2, 1),
        '成' if scan.starts(i, "成千上万") => approximate(i + 4, 3),
        '半' if scan.first_of(i, HALVED).is_some() => {
            Some(Found::new(i + 1, Kind::Number, Key::Number(Decimal::new(5, -1))).weak_if(true))
        }
        _ => None,
    }
}

/// Reads digits with separators: `10,000`, `10 000`, `3.14`. No sign.
pub(super) fn arabic(scan: &Scan, i: usize) -> Option<(usize, Decimal)> {
    let mut end = i;
    let mut mantissa: u128 = 0;
    let mut digits = 0;
    let mut exponent = 0;
    let three =
        |at: usize| (0..3).all(|k| scan.at(at + k).is_ascii_digit()) && !scan.at(at + 3).is_ascii_digit();
    loop {
        let c = scan.at(end);
        if let Some(d) = c.to_digit(10) {
            mantissa = mantissa.wrapping_mul(10).wrapping_add(u128::from(d));
            digits += 1;
            end += 1;
        } else if digits > 0
            && (end - i <= 3 || scan.at(end.wrapping_sub(4)) == c)
            && matches!(c, ',' | '，' | ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'')
            && three(end + 1)
            && (c != ' ' || end - i < 3 || scan.at(end.wrapping_sub(4)) == c)
            && scan.at(i) != '0'
        {
            end += 1;
        } else {
            break;
        }
    }
    if digits == 0 {
        return None;
    }
    if scan.at(end) == '.' && scan.at(end + 1).is_ascii_digit() {
        let mut at = end + 1;
        while let Some(d) = scan.at(at).to_digit(10) {
            mantissa = mantissa.wrapping_mul(10).wrapping_add(u128::from(d));
            digits += 1;
            exponent -= 1;
            at += 1;
        }
        end = at;
    }
    if digits > LONGEST {
        return None;
    }
    Some((end, Decimal::new(mantissa, exponent)))
}

/// Whether the 千 or 百 at `i` begins a unit of measure: 千米, 千瓦, 百帕.
fn is_prefix(scan: &Scan, i: usize) -> bool {
    match scan.at(i) {
        '千' => matches!(scan.at(i + 1), '米' | '克' | '瓦' | '卡' | '伏' | '焦' | '赫' | '帕' | '字'),
        '百' => scan.at(i + 1) == '帕',
        _ => false,
    }
}

/// Whether the 两 at `i`, inside a numeral, is the weight: 二十两, 三两. As a digit it stands before a unit (两千), or first.
fn is_tael(scan: &Scan, i: usize) -> bool {
    scan.at(i) == '两' && unit(scan.at(i + 1)).is_none_or(|power| power == 1)
}

/// Reads the longest numeral at `i`.
///
/// `"三百二十万"` is 3 200 000, `"二〇〇七"` 2007, `"1.3亿"` 130 000 000, `"一万五"` 15 000, `"廿三"` 23.
pub(super) fn numeral(scan: &Scan, i: usize) -> Option<Numeral> {
    let zero = Decimal::new(0, 0);
    let (mut total, mut section, mut current) = (zero, zero, None::<Decimal>);
    let (mut end, mut plain, mut is_arabic, mut scale, mut rough) = (i, true, false, 0, false);
    let mut last_unit = 0;
    let mut after_zero = false;
    loop {
        if end - i > LONGEST {
            return None;
        }
        let c = scan.at(end);
        if c.is_ascii_digit() {
            if current.is_some() {
                break;
            }
            let (to, value) = arabic(scan, end)?;
            current = Some(value);
            is_arabic = true;
            end = to;
            // "3 亿", "6 百万", "200 多万" with a blank between.
            let small = matches!(scan.at(end + 1), '十' | '百' | '千' | '多' | '余') as usize;
            if scan.at(end) == ' ' && matches!(scan.at(end + 1 + small), '万' | '亿') {
                end += 1;
            }
        } else if digit(c).is_some() {
            if (is_arabic && current.is_some()) || (end > i && is_tael(scan, end)) {
                break;
            }
            let start = end;
            let mut mantissa: u128 = 0;
            let mut exponent = 0;
            let mut point = false;
            while end - i <= LONGEST {
                if end > i && is_tael(scan, end) {
                    break;
                }
                if let Some(d) = digit(scan.at(end)) {
                    mantissa = mantissa * 10 + u128::from(d);
                    exponent -= i32::from(point);
                } else if scan.at(end) == '点' && !point && digit(scan.at(end + 1)).is_some() {
                    point = true;
                } else {
                    break;
                }
                end += 1;
            }
            if end - start == 2 && !point {
                let (a, b) = (digit(scan.at(start))?, digit(scan.at(start + 1))?);
                // 七八个, and 三二十, 三五百: no number has two digits before its unit.
                rough |= a != 0 && (b == a + 1 || unit(scan.at(end)).is_some_and(|power| power < 4));
            }
            after_zero = scan.at(start) == '零';
            current = Some(Decimal::new(mantissa, exponent));
        } else if matches!(c, '廿' | '卅') {
            section = section.plus(Decimal::new(if c == '廿' { 2 } else { 3 }, 1))?;
            (plain, last_unit) = (false, 1);
            end += 1;
        } else if matches!(c, '多' | '余') && end > i && matches!(scan.at(end + 1), '万' | '亿') {
            // 640多万: the word for "more than" stands inside the number.
            end += 1;
        } else if let Some(power) = unit(c) {
            // 18.9千米, 3千克, 5千瓦时: after digits the unit's own prefix.
            if is_arabic && current.is_some() && is_prefix(scan, end) {
                break;
            }
            if end == i && power > 3 {
                return None;
            }
            let one = Decimal::new(1, 0);
            if power <= 3 {
                // 百万, 千亿 after digits: a unit of units.
                section = section.plus(current.take().unwrap_or(one).scaled(power))?;
            } else if power == 4 {
                section = section.plus(current.take().unwrap_or(zero))?;
                section = if section == zero { one } else { section };
                total = total.plus(section.scaled(4))?;
                section = zero;
            } else {
                total = total.plus(section)?.plus(current.take().unwrap_or(zero))?;
                total = total.scaled(8);
                section = zero;
            }
            (plain, last_unit) = (false, power);
            after_zero = false;
            scale = if end > i && unit(scan.at(end - 1)).is_some() { scale + power } else { power };
            end += 1;
        } else {
            break;
        }
    }
    if end == i {
        return None;
    }
    if let Some(rest) = current {
        // 一万五, 三百二: the next lower unit is left out.
        let short =
            last_unit >= 2 && !is_arabic && !after_zero && rest.whole().is_some_and(|v| (1..10).contains(&v));
        section = section.plus(if short { rest.scaled(last_unit - 1) } else { rest })?;
        if !plain {
            scale = 0;
        }
    }
    let value = total.plus(section)?;
    Some(Numeral { end, value, plain, arabic: is_arabic, scale, rough })
}
