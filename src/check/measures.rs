//! Currencies and units around two numbers that agree.

use super::{Sink, View, mark};
use crate::feature::{Decimal, Expression, Key};

/// Currencies: the words of both languages, the narrower first. A bare 元 or $ may be any.
const CURRENCIES: &[(&str, &[&str])] = &[
    ("HKD", &["港元", "港币", "港幣", "HK$", "HKD"]),
    ("EUR", &["欧元", "歐元", "€", "EUR", "euro"]),
    ("GBP", &["英镑", "英鎊", "£", "GBP", "pound"]),
    ("JPY", &["日元", "日圆", "日圓", "JPY", "yen"]),
    ("USD", &["美元", "美金", "US$", "USD"]),
    ("CNY", &["人民币", "人民幣", "RMB", "CNY", "yuan", "renminbi"]),
];
/// Units that exclude one another, in both languages.
const UNITS: &[(&str, &[&str])] = &[
    ("km²", &["平方公里", "平方千米", "square kilomet", "sq km", "km²"]),
    ("m²", &["平方米", "square met", "m²"]),
    ("km", &["公里", "千米", "kilomet", "km"]),
    ("mile", &["英里", "mile"]),
    ("nautical mile", &["海里", "nautical"]),
    ("kg", &["公斤", "千克", "kilogram", "kilo", "kg"]),
    ("pound", &["磅", "lb"]),
    ("t", &["公吨", "吨", "噸", "ton", "metric ton"]),
    ("ha", &["公顷", "公頃", "hectare"]),
    ("mu", &["亩", "畝", "mu "]),
    ("acre", &["英亩", "英畝", "acre"]),
    ("cm", &["厘米", "公分", "centimet", "cm"]),
    ("mm", &["毫米", "millimet", "mm"]),
    ("m", &["米", "metre", "meter"]),
    ("kWh", &["千瓦时", "kilowatt-hour", "kilowatt hour", "kWh"]),
    ("MW", &["兆瓦", "megawatt", "MW"]),
    ("kW", &["千瓦", "kilowatt", "kW"]),
];

/// Compares currency and unit around two expressions that agree in number.
pub(super) fn check(view: &View, a: &Expression, b: &Expression, sink: &mut Sink) {
    if matches!(a.key, Key::Text(_) | Key::Date { .. }) {
        return;
    }
    let around = |k: usize, e: &Expression| {
        let text = view.texts[k];
        let before: String = text[..e.bytes.start].chars().rev().take(3).collect();
        let before: String = before.chars().rev().collect();
        let after = text[e.bytes.end..].trim_start_matches([' ', '\u{a0}', '-']);
        (before, text[e.bytes.clone()].to_string(), after)
    };
    let (sides, marks) =
        ([around(0, a), around(1, b)], vec![mark(0, a.bytes.clone()), mark(1, b.bytes.clone())]);
    let currency = |(before, own, after): &(String, String, &str)| {
        CURRENCIES.iter().find(|(_, words)| {
            words.iter().any(|w| before.trim_end().ends_with(w) || own.contains(w) || after.starts_with(w))
        })
    };
    let unit = |(_, _, after): &(String, String, &str)| {
        UNITS.iter().find(|(_, words)| words.iter().any(|w| after.starts_with(w)))
    };
    if let (Some(x), Some(y)) = (currency(&sides[0]), currency(&sides[1]))
        && x.0 != y.0
    {
        sink.add(view, "currency", format!("the amounts are in {} and {}", x.0, y.0), marks.clone());
    }
    if let (Some(x), Some(y)) = (unit(&sides[0]), unit(&sides[1]))
        && x.0 != y.0
        && a.key != Key::Number(Decimal::new(0, 0))
    {
        sink.add(view, "unit", format!("the same number counts {} and {}", x.0, y.0), marks);
    }
}
