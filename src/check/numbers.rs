//! Numbers, dates, times, symbols, addresses and names: what the readers of `feature` find on one side only.

use super::{Sink, View, mark};
use crate::feature::{Decimal, Expression, ExpressionKind as Kind, Key, compare};
use crate::model::Lang;

fn rule_of(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Number | Kind::Ordinal | Kind::Percent | Kind::Money => "number",
        Kind::Date | Kind::Weekday => "date",
        Kind::Time => "time",
        Kind::Symbol | Kind::Code => "symbol",
        Kind::Url | Kind::Email => "address",
        _ => return None,
    })
}

pub(super) fn check(view: &View, sink: &mut Sink) {
    let [source, target] = &view.read;
    let compared = compare(source, target);
    let mut left: [Vec<&Expression>; 2] = [
        compared.missing_in_target.iter().map(|&i| &source[i]).collect(),
        compared.missing_in_source.iter().map(|&j| &target[j]).collect(),
    ];
    for (k, list) in left.iter_mut().enumerate() {
        list.retain(|e| !accounted(view, k, e));
    }
    for code in ["number", "date", "time", "symbol", "address"] {
        let of = |k: usize| left[k].iter().filter(|e| rule_of(e.kind) == Some(code)).collect::<Vec<_>>();
        let [a, b] = [of(0), of(1)];
        for n in 0..a.len().max(b.len()) {
            let word = |k: usize, e: &Expression| view.texts[k][e.bytes.clone()].trim().to_string();
            let (message, marks) = match (a.get(n), b.get(n)) {
                (Some(x), Some(y)) => (
                    format!("{} and {} do not say the same", word(0, x), word(1, y)),
                    vec![mark(0, x.bytes.clone()), mark(1, y.bytes.clone())],
                ),
                (Some(x), None) => (
                    format!("{} of the source is not in the translation", word(0, x)),
                    vec![mark(0, x.bytes.clone())],
                ),
                (None, Some(y)) if added_year(view, y) => {
                    let message = format!("only the translation names the year {}", word(1, y));
                    sink.add(view, "year-added", message, vec![mark(1, y.bytes.clone())]);
                    continue;
                }
                (None, Some(y)) => (
                    format!("{} of the translation is not in the source", word(1, y)),
                    vec![mark(1, y.bytes.clone())],
                ),
                (None, None) => continue,
            };
            sink.add(view, code, message, marks);
        }
    }
    for &(i, j) in &compared.matches {
        measure(view, &source[i], &target[j], sink);
    }
    names(view, sink);
}

/// Whether an English translation adds a bare year that stands for no number of the Chinese: a law's, a plan's.
fn added_year(view: &View, e: &Expression) -> bool {
    let year = matches!(e.key, Key::Number(n) if n.whole().is_some_and(|n| (1900..2100).contains(&n)));
    view.langs[1] == Lang::En
        && e.kind == Kind::Number
        && year
        && view.texts[1][e.bytes.clone()].trim().len() == 4
}

/// Whether the other side says it in a way that no reader reads: what correct translations do.
fn accounted(view: &View, k: usize, e: &Expression) -> bool {
    let other = view.texts[1 - k];
    let zh = view.text(Lang::Zh);
    let number = |e: &Expression| match e.key {
        Key::Number(n) => n.whole(),
        _ => None,
    };
    // A month alone: "Oct.", "between March and May" have it without a day or preposition.
    if let Key::Date { year: None, month: Some(m), day: None } = e.key
        && view.langs[1 - k] == Lang::En
    {
        return other.contains(MONTHS[usize::from(m.clamp(1, 12)) - 1]);
    }
    if let Key::Date { year: Some(_), month: None, day: None } = e.key
        && view.langs[k] == Lang::Zh
    {
        let lower = other.to_ascii_lowercase();
        if let Key::Date { year: Some(year), .. } = e.key
            && lower.contains(&format!("/{:02}", year % 100))
        {
            return true;
        }
        return [
            "the year",
            "this year",
            "last year",
            "that year",
            "next year",
            "previous year",
            "same year",
            "a year",
        ]
        .iter()
        .any(|w| lower.contains(w));
    }
    let Some(n) = number(e) else { return false };
    // A list mark: "(3)" is "(c)" in the other language; both sides begin with one.
    if e.bytes.start <= 4
        && crate::feature::marks::list_mark(view.texts[k]).is_some()
        && crate::feature::marks::list_mark(other).is_some()
    {
        return true;
    }
    // English adds the years of congresses and plans that Chinese numbers: 十八大, “十四五”, 七十五届.
    if view.langs[k] == Lang::En && ((1900..2100).contains(&n) || n < 30) && era(zh) {
        return true;
    }
    // A year for 去年, 年底: the other side counts from its own.
    if view.langs[k] == Lang::En && (1900..2100).contains(&n) && RELATIVE.iter().any(|w| zh.contains(w)) {
        return true;
    }
    // "two decades", "a century".
    let lower = other.to_ascii_lowercase();
    if view.langs[k] == Lang::Zh
        && ((n % 10 == 0 && lower.contains("decade"))
            || (n % 100 == 0 && lower.contains("centur"))
            || (n == 24 && lower.contains("clock")))
    {
        return true;
    }
    // "first three quarters": the reader takes a fraction.
    let after = &view.texts[k][e.bytes.end..];
    if view.langs[k] == Lang::Zh && after.trim_start().starts_with('季') && lower.contains("quarter") {
        return true;
    }
    // 百多个, 逾千, 近万: a unit alone is a number with one of these words.
    let round = [(100, '百'), (1_000, '千'), (10_000, '万'), (10_000, '萬')];
    if view.langs[k] == Lang::En
        && round.iter().any(|&(v, c)| {
            v == n
                && zh.match_indices(c).any(|(at, _)| {
                    zh[..at].ends_with(['逾', '近', '上', '超', '过', '過'])
                        || zh[at + c.len_utf8()..].starts_with(['多', '余', '餘', '大', '强', '強'])
                })
        })
    {
        return true;
    }
    // 3至11月: the first month of a range.
    if view.langs[k] == Lang::Zh
        && (1..=12).contains(&n)
        && after
            .trim_start()
            .trim_start_matches(['至', '到', '-', '–', '~', '～'])
            .trim_start_matches(|c: char| c.is_ascii_digit())
            .trim_start()
            .starts_with('月')
    {
        return other.contains(MONTHS[usize::try_from(n).unwrap_or(1) - 1]);
    }
    // "2008/09".
    let before = &view.texts[k][..e.bytes.start];
    if n < 100
        && before.ends_with('/')
        && before.trim_end_matches('/').ends_with(|c: char| c.is_ascii_digit())
    {
        return true;
    }
    // The mark of a footnote: a small number close behind a closing mark, counting nothing.
    if view.langs[k] == Lang::Zh
        && n < 100
        && before.ends_with([')', '）', '」', '》'])
        && after.starts_with([' ', '，', '。', '、'])
    {
        return true;
    }
    // Digits inside a longer token of the other side: "Sagesse2", "MP3", "6:6".
    let digits = view.texts[k][e.bytes.clone()].trim();
    e.kind == Kind::Number
        && digits.len() <= 4
        && digits.bytes().all(|b| b.is_ascii_digit())
        && other.match_indices(digits).any(|(at, _)| {
            let before = other[..at].chars().next_back().is_some_and(|c| c.is_ascii_digit());
            let after = other[at + digits.len()..].chars().next().is_some_and(|c| c.is_ascii_digit());
            let letter = other[..at]
                .chars()
                .next_back()
                .is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '-' | ':'))
                || other[at + digits.len()..]
                    .chars()
                    .next()
                    .is_some_and(|c| c.is_ascii_alphabetic() || c == ':');
            !before && !after && letter
        })
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/// Words for a year without its number.
const RELATIVE: [&str; 22] = [
    "去年",
    "今年",
    "明年",
    "本年",
    "同年",
    "当年",
    "當年",
    "翌年",
    "上年",
    "次年",
    "年底",
    "年内",
    "年內",
    "年末",
    "年初",
    "年终",
    "年終",
    "年中",
    "全年",
    "过去一年",
    "過去一年",
    "前年",
];

/// Whether a Chinese text names a congress, a session or a five-year plan by its number.
fn era(zh: &str) -> bool {
    let chars: Vec<char> = zh.chars().collect();
    let numeral = |c: char| "一二三四五六七八九十".contains(c);
    chars.windows(3).any(|w| numeral(w[0]) && numeral(w[1]) && matches!(w[2], '大' | '届' | '屆'))
        || chars.windows(4).any(|w| {
            matches!(w[0], '“' | '"' | '「')
                && numeral(w[1])
                && (numeral(w[2]) || matches!(w[2], '五'))
                && w[3] == '五'
        })
        || chars.windows(3).any(|w| numeral(w[0]) && w[1] == '中' && w[2] == '全')
}

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
fn measure(view: &View, a: &Expression, b: &Expression, sink: &mut Sink) {
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

/// Names in Latin letters inside the Chinese whose letters give away their spelling: `OmegaT`, `UNESCO`.
fn names(view: &View, sink: &mut Sink) {
    let (zh, en) = (view.index(Lang::Zh), view.index(Lang::En));
    let english = view.texts[en];
    for e in view.read[zh].iter().filter(|e| e.kind == Kind::Latin) {
        let name = &view.texts[zh][e.bytes.clone()];
        let inner = name.chars().skip(1).filter(char::is_ascii_uppercase).count();
        let small = name.chars().any(|c| c.is_ascii_lowercase());
        // CamelCase only: English may spell out what Chinese abbreviates in capitals.
        let camel = inner > 0 && small && name.is_ascii() && name.len() > 3;
        if camel && !english.contains(name) {
            let near = view.read[en]
                .iter()
                .find(|o| o.kind == Kind::Latin && english[o.bytes.clone()].eq_ignore_ascii_case(name));
            let mut marks = vec![mark(zh, e.bytes.clone())];
            marks.extend(near.map(|o| mark(en, o.bytes.clone())));
            sink.add(view, "name-case", format!("the English does not spell {name} so"), marks);
        }
        let caps = inner + 1 == name.len() && name.len() >= 3;
        if caps
            && !english.contains(name)
            && let Some(o) = view.read[en]
                .iter()
                .find(|o| o.kind == Kind::Latin && english[o.bytes.clone()].eq_ignore_ascii_case(name))
        {
            let marks = vec![mark(zh, e.bytes.clone()), mark(en, o.bytes.clone())];
            sink.add(view, "name-case", format!("{name} is spelled in another case"), marks);
        }
    }
}
