//! Years, months and days that change places with others of the pair.
//!
//! Pairing expressions one to one is kind: the 26th is paired with 26 August though the text says 26 July elsewhere, and
//! a year with any date of that year. Here each side's years, months and days are counted instead: one that a side names
//! more often than the other, where that other names another one more often, is an exchange.

use super::View;
use crate::feature::{Expression, Key, MONTHS};
use crate::model::Lang;
use std::ops::Range;

/// What the two texts say differently: places on either side.
pub(super) type Conflict = [Vec<Range<usize>>; 2];

/// One side's dates: what it surely says (with places), and how often it names something at all.
#[derive(Default)]
struct Said {
    years: Vec<(u16, Range<usize>)>,
    months: Vec<(u8, Range<usize>)>,
    days: Vec<((u8, u8), Range<usize>)>,
    /// Months with their year.
    dated: Vec<((u16, u8), Range<usize>)>,
    /// Every month named, by any reading.
    all_months: Vec<u8>,
    /// Every whole number below 32 that is no part of a full date.
    numbers: Vec<u8>,
    /// Months named without a year.
    yearless: Vec<u8>,
    /// Days that belong to a month named with them or before them (7月5日，6日), and days before any month.
    placed: Vec<u8>,
    loose: Vec<u8>,
}

fn said(view: &View, k: usize) -> Said {
    let mut out = Said::default();
    let text = view.texts[k];
    for e in &view.read[k] {
        let at = e.bytes.clone();
        match e.key {
            Key::Date { year, month, day } => {
                out.years.extend(year.map(|y| (y, at.clone())));
                let month_before = month.is_some() || !out.all_months.is_empty();
                if month_before { &mut out.placed } else { &mut out.loose }.extend(day);
                match month {
                    Some(m) => {
                        out.all_months.push(m);
                        if !e.weak {
                            out.months.push((m, at.clone()));
                            out.days.extend(day.map(|d| ((m, d), at.clone())));
                            out.dated.extend(year.map(|y| ((y, m), at.clone())));
                        }
                        if year.is_none() {
                            out.yearless.push(m);
                        }
                    }
                    None => out.numbers.extend(day),
                }
            }
            Key::Number(n) => match n.whole() {
                Some(y @ 1900..2100) => out.years.push((y as u16, at)),
                Some(n @ 1..32) => out.numbers.push(n as u8),
                _ => {}
            },
            // "Jan", "March" at the start of a sentence.
            Key::Text(ref word) if view.langs[k] == Lang::En => {
                let month = MONTHS.iter().position(|m| {
                    word.len() >= 3 && m.starts_with(word.as_str()) && (word.len() == 3 || word == m)
                });
                out.all_months.extend(month.map(|m| m as u8 + 1));
                out.yearless.extend(month.map(|m| m as u8 + 1));
            }
            _ => {}
        }
    }
    if view.langs[k] == Lang::Zh {
        let more = enumerated(text);
        out.yearless.extend(&more);
        out.all_months.extend(more);
    }
    out
}

/// The months before the last one of an enumeration: 1、2月, 3至11月, 七八月.
fn enumerated(zh: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for (at, _) in zh.match_indices('月') {
        let part = |c: char| c.is_ascii_digit() || "一二三四五六七八九十 、至到及和-–—~～－".contains(c);
        let run = zh[..at].trim_end_matches(part).len();
        let mut numerals: Vec<u8> = Vec::new();
        for word in zh[run..at].split(|c: char| !c.is_ascii_digit() && !HAN.contains(&c)) {
            if let Ok(n) = word.parse::<u8>() {
                numerals.push(n);
            } else if let Some(rest) = word.strip_prefix('十') {
                numerals.push(10 + rest.chars().next().map_or(0, han));
            } else {
                numerals.extend(word.chars().map(han));
            }
        }
        numerals.pop();
        out.extend(numerals.into_iter().filter(|n| (1..=12).contains(n)));
    }
    out
}

const HAN: [char; 10] = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];

fn han(c: char) -> u8 {
    HAN.iter().position(|h| *h == c).map_or(0, |n| n as u8 + 1)
}

/// A place where one side says a date and the other has another instead.
pub(super) fn conflict(view: &View) -> Option<Conflict> {
    if !view.read.iter().any(|side| side.iter().any(names_date)) {
        return None;
    }
    let both = [said(view, 0), said(view, 1)];
    years(view, &both)
        .or_else(|| days(&both))
        .or_else(|| months(&both))
        .or_else(|| added_month(view, &both))
        .or_else(|| dated_months(&both))
}

fn names_date(e: &Expression) -> bool {
    match e.key {
        Key::Date { .. } => true,
        Key::Number(n) => n.whole().is_some_and(|n| (1900..2100).contains(&n)),
        _ => false,
    }
}

/// What a side says more often than the other names it.
fn surplus<T: PartialEq + Copy>(own: &[(T, Range<usize>)], other: &[T]) -> Vec<(T, Range<usize>)> {
    let more = |k: &T| own.iter().filter(|o| o.0 == *k).count() > other.iter().filter(|o| *o == k).count();
    own.iter().filter(|o| more(&o.0)).cloned().collect()
}

fn years(view: &View, both: &[Said; 2]) -> Option<Conflict> {
    let of = |k: usize| both[k].years.iter().map(|y| y.0).collect::<Vec<_>>();
    let [a, b] = [surplus(&both[0].years, &of(1)), surplus(&both[1].years, &of(0))];
    if a.is_empty() || b.is_empty() {
        return None;
    }
    // "a year earlier" for 2018年, and 2019 once more where the Chinese says 年内: two turns of phrase.
    let (zh, en) = (view.index(Lang::Zh), view.index(Lang::En));
    let [chinese, english] = if zh == 0 { [&a, &b] } else { [&b, &a] };
    let repeated = english.iter().all(|y| of(zh).contains(&y.0));
    let replaced = chinese.iter().all(|y| !of(en).contains(&y.0));
    let lower = view.texts[en].to_ascii_lowercase();
    if repeated && replaced && EARLIER.iter().any(|w| lower.contains(w)) {
        return None;
    }
    Some(places([a, b]))
}

/// English words for a year that is counted from another one.
const EARLIER: [&str; 7] =
    ["year earlier", "year ago", "year before", "year later", "previous year", "last year", "following year"];

fn places<T>(both: [Vec<(T, Range<usize>)>; 2]) -> Conflict {
    both.map(|side| side.into_iter().map(|p| p.1).collect())
}

/// 26 July for 26 August: full days of either side that the other does not show.
fn days(both: &[Said; 2]) -> Option<Conflict> {
    let left = |k: usize| {
        let other = &both[1 - k];
        let shown = |(m, d): (u8, u8)| {
            other.days.iter().any(|o| o.0 == (m, d))
                || (other.all_months.contains(&m) && other.numbers.contains(&d))
        };
        both[k].days.iter().filter(|d| !shown(d.0)).cloned().collect::<Vec<_>>()
    };
    let [a, b] = [left(0), left(1)];
    let near = |x: (u8, u8), y: (u8, u8)| x.0 == y.0 || x.1 == y.1;
    let clash = a.iter().any(|x| b.iter().any(|y| near(x.0, y.0)));
    clash.then(|| places([a, b]))
}

fn months(both: &[Said; 2]) -> Option<Conflict> {
    let [a, b] = [0, 1].map(|k| surplus(&both[k].months, &both[1 - k].all_months));
    (!a.is_empty() && !b.is_empty()).then(|| places([a, b]))
}

/// An English month that the Chinese does not name beside the months it does: of a day that the Chinese has in another
/// month, or of no day.
fn added_month(view: &View, both: &[Said; 2]) -> Option<Conflict> {
    let (zh, en) = (view.index(Lang::Zh), view.index(Lang::En));
    if both[zh].months.is_empty() || RELATIVE.iter().any(|w| view.texts[zh].contains(w)) {
        return None;
    }
    let wrong = |m: &(u8, Range<usize>)| {
        let day = both[en].days.iter().find(|d| d.1 == m.1).map(|d| d.0.1);
        !both[zh].all_months.contains(&m.0)
            && day.is_none_or(|d| both[zh].placed.contains(&d) && !both[zh].loose.contains(&d))
    };
    let left: Vec<_> = both[en].months.iter().filter(|m| wrong(m)).cloned().collect();
    let mut out = [Vec::new(), Vec::new()];
    out[en] = left;
    (!out[en].is_empty()).then(|| places(out))
}

/// Chinese words for months without their number.
const RELATIVE: [&str; 11] =
    ["上月", "上个月", "上個月", "本月", "当月", "當月", "同月", "次月", "下月", "季", "半年"];

fn dated_months(both: &[Said; 2]) -> Option<Conflict> {
    let left = |k: usize| {
        let other = &both[1 - k];
        let shown =
            |(y, m): (u16, u8)| other.dated.iter().any(|o| o.0 == (y, m)) || other.yearless.contains(&m);
        both[k].dated.iter().filter(|d| !shown(d.0)).cloned().collect::<Vec<_>>()
    };
    let [a, b] = [left(0), left(1)];
    let near = |x: (u16, u8), y: (u16, u8)| x.0 == y.0 || x.1 == y.1;
    let clash = a.iter().any(|x| b.iter().any(|y| near(x.0, y.0)));
    clash.then(|| places([a, b]))
}
