//! Dates, weekdays and times of both languages.
//!
//! Reads `2007年8月16日`, `8月16日`, `二十世纪九十年代`, `星期一`, `下午三时`; `16 August 2007`, `August 16, 2007`,
//! `the 1990s`, `Monday`, `3 p.m.`, `15:30`. `May`, `March`, `Sun` count only beside a number or after a preposition.

use super::chinese_number::{arabic, digit, numeral};
use super::english_whole::word;
use super::expression::{Decimal, ExpressionKind as Kind, Found, Key};
use super::scan::Scan;
use crate::model::Lang;

/// Reads a date, weekday or time at `i`.
pub(super) fn read(scan: &Scan, i: usize, lang: Lang) -> Option<Found> {
    let c = scan.at(i);
    if c.is_ascii_digit()
        && let Some(found) = clock(scan, i).or_else(|| iso(scan, i))
    {
        return Some(found);
    }
    match lang {
        Lang::Zh => chinese(scan, i),
        Lang::En => english(scan, i),
    }
}

fn date(end: usize, year: Option<u16>, month: Option<u8>, day: Option<u8>) -> Found {
    Found::new(end, Kind::Date, Key::Date { year, month, day })
}

fn year_of(value: Decimal) -> Option<u16> {
    value.whole().and_then(|v| u16::try_from(v).ok()).filter(|v| (1000..=2199).contains(v))
}

fn part_of(value: Decimal, most: u8) -> Option<u8> {
    value.whole().and_then(|v| u8::try_from(v).ok()).filter(|v| (1..=most).contains(v))
}

fn chinese(scan: &Scan, i: usize) -> Option<Found> {
    let c = scan.at(i);
    if c.is_ascii_digit() || digit(c).is_some() || matches!(c, '十' | '廿' | '卅') {
        return chinese_date(scan, i).or_else(|| chinese_clock(scan, i, 0));
    }
    if let Some(w) = scan.first_of(i, &["星期", "周", "礼拜", "禮拜"]) {
        let at = i + w.chars().count();
        let day = match scan.at(at) {
            '日' | '天' => 7,
            d if d != '零' => digit(d).filter(|d| (1..=6).contains(d))?,
            _ => return None,
        };
        let name = (w == "周" && (scan.at(at) == '天' || scan.before(i).is_alphanumeric()))
            || "年届屆个岁歲".contains(scan.at(at + 1));
        return Some(Found::new(at + 1, Kind::Weekday, Key::Weekday(u8::try_from(day).ok()?)).weak_if(name));
    }
    let halves: &[(&str, u8)] = &[
        ("下午", 12),
        ("晚上", 12),
        ("傍晚", 12),
        ("夜间", 12),
        ("中午", 0),
        ("上午", 0),
        ("早上", 0),
        ("清晨", 0),
        ("凌晨", 0),
        ("早晨", 0),
    ];
    let (w, add) = halves.iter().find(|(w, _)| scan.starts(i, w))?;
    chinese_clock(scan, i + w.chars().count(), *add).filter(|_| true)
}

fn chinese_date(scan: &Scan, i: usize) -> Option<Found> {
    // "2 0 1 5 年": typesetting that spread the digits.
    let spread = (0..4).all(|k| scan.at(i + 2 * k).is_ascii_digit() && scan.at(i + 2 * k + 1) == ' ');
    if spread && scan.at(i + 8) == '年' {
        let value =
            (0..4).filter_map(|k| scan.at(i + 2 * k).to_digit(10)).fold(0u128, |v, d| v * 10 + u128::from(d));
        return Some(date(i + 9, Some(year_of(Decimal::new(value, 0))?), None, None));
    }
    if let Some((end, tens)) = first_decade(scan, i) {
        return Some(Found::new(end, Kind::Date, Key::Decade(1900 + u16::from(tens))));
    }
    let n = numeral(scan, i)?;
    let after = scan.skip_blanks(n.end, 1);
    let start_blank = |at: usize| scan.skip_blanks(at, 1);
    match scan.at(after) {
        '世' if scan.starts(after, "世纪") => {
            let century = part_of(n.value, 30)?;
            let at = after + 2;
            let year = |tens: u8| (u16::from(century) - 1) * 100 + u16::from(tens);
            if let Some((end, tens)) = first_decade(scan, scan.skip_blanks(at, 1)) {
                return Some(Found::new(end, Kind::Date, Key::Decade(year(tens))));
            }
            if let Some(d) = numeral(scan, scan.skip_blanks(at, 1))
                && scan.starts(scan.skip_blanks(d.end, 1), "年代")
                && let Some(tens) = part_of(d.value, 90).filter(|t| t % 10 == 0)
            {
                return Some(Found::new(scan.skip_blanks(d.end, 1) + 2, Kind::Date, Key::Decade(year(tens))));
            }
            Some(Found::new(at, Kind::Ordinal, Key::Number(n.value)).weak_if(century == 1))
        }
        '年' if scan.at(after + 1) == '代' => {
            let value = n.value.whole()?;
            let year = match value {
                10 => return None,
                20..=99 => 1900 + value,
                1000..=2199 => value,
                _ => return None,
            };
            Some(Found::new(after + 2, Kind::Date, Key::Decade(u16::try_from(year).ok()?)))
        }
        '年' if n.plain && n.end - i == 4 => {
            let year = year_of(n.value)?;
            let at = start_blank(after + 1);
            let Some(m) = numeral(scan, at).filter(|m| scan.at(start_blank(m.end)) == '月') else {
                return Some(date(after + 1, Some(year), None, None));
            };
            let Some(month) = part_of(m.value, 12) else {
                return Some(date(after + 1, Some(year), None, None));
            };
            let (end, day) = chinese_day(scan, start_blank(m.end) + 1);
            Some(date(end, Some(year), Some(month), day))
        }
        // 七八月 is July and August, not one month.
        '月' if !matches!(scan.at(after + 1), '球' | '亮' | '饼') && (!n.rough || n.arabic) => {
            let month = part_of(n.value, 12)?;
            let (end, day) = chinese_day(scan, after + 1);
            Some(date(end, None, Some(month), day))
        }
        '日' if n.arabic && !matches!(scan.before(i), '第') => {
            let day = part_of(n.value, 31)?;
            Some(date(after + 1, None, None, Some(day)).weak_if(true))
        }
        _ => None,
    }
}

/// The first of two decades that share their 年代: 六七十年代, 60、70年代, 六十至七十年代. Returns where it ends and its
/// tens; the second decade is read in its turn.
fn first_decade(scan: &Scan, i: usize) -> Option<(usize, u8)> {
    let decade = |at: usize| {
        let n = numeral(scan, at)?;
        Some((n.end, part_of(n.value, 90).filter(|t| t % 10 == 0)?))
    };
    // 六七十年代
    if let (Some(a), Some(b)) = (digit(scan.at(i)), digit(scan.at(i + 1)))
        && a >= 2
        && b == a + 1
        && scan.starts(i + 2, "十年代")
    {
        return Some((i + 1, u8::try_from(a * 10).ok()?));
    }
    let (end, tens) = decade(i).filter(|d| d.1 >= 20)?;
    let mut next = scan.skip_blanks(end, 1);
    if !matches!(scan.at(next), '、' | '至' | '到' | '和' | '与' | '與' | '及' | '-') {
        return None;
    }
    next = scan.skip_blanks(next + 1, 1);
    let (to, later) = decade(next)?;
    (later > tens && scan.starts(scan.skip_blanks(to, 1), "年代")).then_some((end, tens))
}

fn chinese_day(scan: &Scan, i: usize) -> (usize, Option<u8>) {
    let day = numeral(scan, scan.skip_blanks(i, 1)).and_then(|d| {
        let after = scan.skip_blanks(d.end, 1);
        let day = part_of(d.value, 31)?;
        matches!(scan.at(after), '日' | '号').then_some((after + 1, Some(day)))
    });
    day.unwrap_or((i, None))
}

/// `三时半`, `3时30分`, `8点`; `add` is 12 after words for the later half of the day.
fn chinese_clock(scan: &Scan, i: usize, add: u8) -> Option<Found> {
    let n = numeral(scan, i)?;
    let hour = part_of(n.value, 24)?;
    // "5 点半", "5 时 30 分": blanks beside digits.
    let mark = scan.skip_blanks(n.end, usize::from(n.arabic));
    if !matches!(scan.at(mark), '时' | '点') || matches!(scan.at(mark + 1), '代' | '期' | '间' | '候' | '击')
    {
        return None;
    }
    let hour = if hour < 12 { hour + add } else { hour };
    let at = mark + 1;
    let sure = add > 0 || n.arabic;
    if scan.at(at) == '半' {
        return Some(Found::new(at + 1, Kind::Time, Key::Time(hour, 30)).weak_if(!sure));
    }
    let minutes = numeral(scan, scan.skip_blanks(at, usize::from(n.arabic)));
    if let Some(m) = minutes
        && let mark = scan.skip_blanks(m.end, usize::from(m.arabic))
        && scan.at(mark) == '分'
        && let Some(minute) = part_of(m.value, 59)
    {
        return Some(Found::new(mark + 1, Kind::Time, Key::Time(hour, minute)).weak_if(!sure));
    }
    Some(Found::new(at, Kind::Time, Key::Time(hour, 0)).weak_if(true))
}

/// `15:30`, `3:30 p.m.`, `3 pm`.
fn clock(scan: &Scan, i: usize) -> Option<Found> {
    if scan.before(i).is_ascii_digit() || matches!(scan.before(i), ':' | '.') {
        return None;
    }
    let mut end = i;
    while end - i < 3 && scan.at(end).is_ascii_digit() {
        end += 1;
    }
    let number = |a: usize, b: usize| {
        scan.chars[a..b].iter().fold(0u8, |n, c| n.wrapping_mul(10).wrapping_add(*c as u8 - b'0'))
    };
    if end - i > 2 {
        return None;
    }
    let hour = number(i, end);
    let two = |at: usize| {
        scan.at(at).is_ascii_digit() && scan.at(at + 1).is_ascii_digit() && !scan.at(at + 2).is_ascii_digit()
    };
    let mut minute = None;
    if matches!(scan.at(end), ':' | '.') && two(end + 1) {
        let m = number(end + 1, end + 3);
        if m > 59 {
            return None;
        }
        minute = Some((m, scan.at(end) == ':' && scan.at(end + 3) != ':'));
    }
    let time_end = if minute.is_some() { end + 3 } else { end };
    let at = scan.skip_blanks(time_end, 1);
    let half = scan
        .first_of(at, &["p.m.", "a.m.", "pm", "am", "PM", "AM", "P.M.", "A.M."])
        .filter(|w| w.len() > 2 || !scan.at(at + 2).is_ascii_alphabetic());
    if let Some(half) = half
        && (1..=12).contains(&hour)
    {
        let later = half.starts_with(['p', 'P']);
        let hour = hour % 12 + if later { 12 } else { 0 };
        return Some(Found::new(at + half.len(), Kind::Time, Key::Time(hour, minute.map_or(0, |m| m.0))));
    }
    let (minute, _) = minute.filter(|m| m.1)?;
    (hour <= 24).then(|| Found::new(time_end, Kind::Time, Key::Time(hour, minute)).weak_if(true))
}

/// `2007-08-16`.
fn iso(scan: &Scan, i: usize) -> Option<Found> {
    let digits = |at: usize, n: usize| (0..n).all(|k| scan.at(at + k).is_ascii_digit());
    if !(digits(i, 4)
        && matches!(scan.at(i + 4), '-' | '/' | '.')
        && digits(i + 5, 2)
        && scan.at(i + 7) == scan.at(i + 4)
        && digits(i + 8, 2))
        || scan.at(i + 10).is_ascii_digit()
        || scan.before(i).is_ascii_alphanumeric()
    {
        return None;
    }
    let (_, year) = numeral_at(scan, i, 4)?;
    let (_, month) = numeral_at(scan, i + 5, 2)?;
    let (_, day) = numeral_at(scan, i + 8, 2)?;
    Some(date(i + 10, Some(year_of(year)?), Some(part_of(month, 12)?), Some(part_of(day, 31)?)))
}

fn numeral_at(scan: &Scan, i: usize, n: usize) -> Option<(usize, Decimal)> {
    let value =
        scan.chars[i..i + n].iter().try_fold(0u128, |v, c| Some(v * 10 + u128::from(c.to_digit(10)?)))?;
    Some((i + n, Decimal::new(value, 0)))
}

/// The months in lower case.
pub(crate) const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

fn month_of(word: &str) -> Option<u8> {
    if word.len() < 3 || !word.starts_with(['j', 'f', 'm', 'a', 's', 'o', 'n', 'd']) {
        return None;
    }
    let at = MONTHS.iter().position(|m| {
        *m == word || (word.len() == 3 && m.starts_with(word)) || (word == "sept" && *m == "september")
    })?;
    u8::try_from(at + 1).ok()
}

/// Whether a date may begin with a word in small letters.
pub(super) fn may_begin(word: &str) -> bool {
    small_month(word).is_some() || decade(word).is_some()
}

/// The month of a word in small letters: some typesetting loses capitals. Short names and `march` are other words, too.
fn small_month(word: &str) -> Option<u8> {
    if word.len() > 4 && word != "march" { month_of(word) } else { None }
}

/// The place of `twenties` and its like.
fn decade(word: &str) -> Option<usize> {
    const DECADES: [&str; 8] =
        ["twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"];
    DECADES.iter().position(|d| *d == word)
}

fn english(scan: &Scan, i: usize) -> Option<Found> {
    if scan.before(i).is_ascii_alphabetic() {
        return None;
    }
    if scan.at(i).is_ascii_digit() {
        let (end, value) = arabic(scan, i)?;
        // 1990s, 1990's
        let s = if scan.at(end) == '\'' { end + 1 } else { end };
        if scan.at(s) == 's' && !scan.at(s + 1).is_ascii_alphanumeric() {
            let year = match value.whole()? {
                v @ 1000..=2199 if v % 10 == 0 => v,
                v @ 20..=90 if v % 10 == 0 => 1900 + v,
                _ => return None,
            };
            return Some(Found::new(s + 1, Kind::Date, Key::Decade(u16::try_from(year).ok()?)));
        }
        // 16 August 2007, 16th of August
        let day = part_of(value, 31)?;
        let (mut at, suffix) = word(scan, end);
        if !matches!(suffix.as_str(), "st" | "nd" | "rd" | "th") {
            at = end;
        }
        let mut start = scan.skip_blanks(at, 2);
        if start == at {
            return None;
        }
        let (of_end, of) = word(scan, start);
        if of.as_str() == "of" {
            start = scan.skip_blanks(of_end, 2);
        }
        if !scan.at(start).is_ascii_uppercase() {
            return None;
        }
        let (end, name) = word(scan, start);
        let month = month_of(&name)?;
        let (end, year) = english_year(scan, end);
        return Some(date(end, year, Some(month), Some(day)));
    }
    if !scan.at(i).is_ascii_uppercase() {
        let (end, name) = word(scan, i);
        if let Some(month) = small_month(&name) {
            return Some(date(end, None, Some(month), None));
        }
        let year = 1920 + 10 * u16::try_from(decade(&name)?).ok()?;
        return Some(Found::new(end, Kind::Date, Key::Decade(year)).weak_if(true));
    }
    let (end, name) = word(scan, i);
    if name.len() < 3 {
        return None;
    }
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let plural = name.strip_suffix('s').unwrap_or(&name);
    if let Some(at) = DAYS.iter().position(|d| *d == plural) {
        return Some(Found::new(end, Kind::Weekday, Key::Weekday(u8::try_from(at + 1).ok()?)));
    }
    let month = month_of(&name)?;
    let dot = usize::from(name.len() <= 4 && scan.at(end) == '.');
    // August 16, 2007
    let start = scan.skip_blanks(end + dot, 2);
    if let Some((to, value)) = arabic(scan, start).filter(|_| start > end) {
        if let Some(day) = part_of(value, 31).filter(|_| scan.at(to) != ':') {
            let (th, suffix) = word(scan, to);
            let to = if matches!(suffix.as_str(), "st" | "nd" | "rd" | "th") { th } else { to };
            let (to, year) = english_year(scan, to);
            return Some(date(to, year, Some(month), Some(day)));
        }
        if let Some(year) = year_of(value) {
            return Some(date(to, Some(year), Some(month), None));
        }
    }
    let (to, year) = english_year(scan, end + dot);
    if year.is_some() {
        return Some(date(to, year, Some(month), None));
    }
    let sure = match name.as_str() {
        "may" | "march" => ["in ", "since ", "last ", "of ", "until ", "by ", "this ", "and "]
            .iter()
            .any(|w| scan.ends(i, w)),
        _ => name.len() > 3,
    };
    if !sure && (name.len() == 3 || name.as_str() == "march") && name.as_str() != "may" {
        return None;
    }
    Some(date(end, None, Some(month), None).weak_if(!sure))
}

/// A year after a month or day, with or without a comma: `, 2007`.
fn english_year(scan: &Scan, i: usize) -> (usize, Option<u16>) {
    let at = if scan.at(i) == ',' { i + 1 } else { i };
    let start = scan.skip_blanks(at, 2);
    let year = arabic(scan, start).filter(|(end, _)| start > i && end - start == 4);
    match year.and_then(|(end, value)| Some((end, year_of(value)?))) {
        Some((end, year)) => (end, Some(year)),
        None => (i, None),
    }
}
