//! What correct translations say in another form: a number in a word, a year for 去年, a month of a range.
//!
//! [`said`] holds whatever else stands in the pair; [`paraphrased`] is asked only where nothing on the other side is
//! left over that could be the wrong rendering.

use super::View;
use super::amounts::{DIGITS, converted, in_words, neighbours, roman, share};
use crate::feature::{Decimal, Expression, ExpressionKind as Kind, Key};
use crate::lexicon::is_han;
use crate::model::Lang;

/// Whether an English translation adds a bare year that stands for no number of the Chinese: a law's, a plan's.
pub(super) fn added_year(view: &View, e: &Expression) -> bool {
    let year = matches!(e.key, Key::Number(n) if n.whole().is_some_and(|n| (1900..2100).contains(&n)));
    view.langs[1] == Lang::En
        && e.kind == Kind::Number
        && year
        && view.texts[1][e.bytes.clone()].trim().len() == 4
}

/// Whether the other side says it in a form that no reader reads.
pub(super) fn said(view: &View, k: usize, e: &Expression) -> bool {
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
        // 一月 is January or a month.
        let month = m == 1 && ["a month", "one month"].iter().any(|w| other.contains(w));
        return month || other.contains(MONTHS[usize::from(m.clamp(1, 12)) - 1]);
    }
    if let Key::Number(n) = e.key
        && converted(view, k, e, n)
    {
        return true;
    }
    if share(view, k, e) {
        return true;
    }
    if day_of_event(view, k, e) || century(view, k, e) {
        return true;
    }
    let Some(n) = number(e) else { return false };
    if rest_of_sum(view, k, e, n) {
        return true;
    }
    // A list mark: "(3)" is "(c)" in the other language; both sides begin with one.
    if e.bytes.start <= 4
        && crate::feature::marks::list_mark(view.texts[k]).is_some()
        && crate::feature::marks::list_mark(other).is_some()
    {
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
    // 路易十五 is Louis XV.
    if roman(n).is_some_and(|r| has_word(other, &r)) {
        return true;
    }
    // 十六进制 is hexadecimal; （下） is Part II of two.
    let bases: [(u64, &[&str]); 3] = [(2, &["binary"]), (8, &["octal"]), (16, &["hex"])];
    let base = bases.iter().any(|(b, words)| *b == n && words.iter().any(|w| lower.contains(w)));
    if view.langs[k] == Lang::Zh && base && view.texts[k][e.bytes.end..].starts_with(['进', '進']) {
        return true;
    }
    let parts: [(u64, &[&str]); 3] = [
        (1, &["（上）", "(上)", "上篇", "上集"]),
        (2, &["（下）", "(下)", "（中）", "(中)", "下篇", "下集"]),
        (3, &["（下）", "(下)"]),
    ];
    if view.langs[k] == Lang::En
        && parts.iter().any(|(p, words)| *p == n && words.iter().any(|w| zh.contains(w)))
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
                        // 在万元以上: no numeral before it counts as one.
                        || (zh[at + c.len_utf8()..].starts_with(['元', '人', '名', '米', '里', '种', '種'])
                            && !zh[..at].trim_end_matches(' ').ends_with(numeral_end))
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

/// Whether a numeral may end with this character.
fn numeral_end(c: char) -> bool {
    c.is_ascii_digit() || "零一二三四五六七八九十百千万萬亿億两兩几幾数數点點半".contains(c)
}

/// Whether an English day is an event's that Chinese names by its digits: 六四, 九一八, “9·11”.
fn day_of_event(view: &View, k: usize, e: &Expression) -> bool {
    let Key::Date { month: Some(m), day: Some(d), .. } = e.key else { return false };
    if view.langs[k] != Lang::En {
        return false;
    }
    let zh = view.text(Lang::Zh);
    let han = |n: u8| n.to_string().bytes().map(|b| DIGITS[usize::from(b - b'0')]).collect::<String>();
    let digits = format!("{m}{d}");
    zh.contains(&format!("{}{}", han(m), han(d)))
        || ["·", "・", "."].iter().any(|dot| zh.contains(&format!("{m}{dot}{d}")))
        || (digits.len() == 3 && has_word(zh, &digits))
}

/// Whether a century is told by its years: 19世纪 is "the 1800s".
fn century(view: &View, k: usize, e: &Expression) -> bool {
    let other = view.texts[1 - k];
    match e.key {
        Key::Decade(year) if year % 100 == 0 && view.langs[k] == Lang::En => {
            let number = Key::Number(Decimal::new(u128::from(year / 100 + 1), 0));
            view.read[1 - k].iter().any(|o| o.key == number && other[o.bytes.clone()].contains(['纪', '紀']))
        }
        Key::Number(n) if view.texts[k][e.bytes.clone()].contains(['纪', '紀']) => {
            n.whole().is_some_and(|n| (2..=21).contains(&n) && other.contains(&format!("{}00s", n - 1)))
        }
        _ => false,
    }
}

/// Whether the other side may say it in other words. Asked only where the other side has no expression left over: beside
/// one, the two differ.
pub(super) fn paraphrased(view: &View, k: usize, e: &Expression) -> bool {
    let zh = view.text(Lang::Zh);
    let own = view.texts[k][e.bytes.clone()].trim();
    let chinese = view.langs[k] == Lang::Zh;
    // A work gets another title in the other language: 《周六夜现场》 is SNL, 《十月围城》 Bodyguards and Assassins.
    let year = matches!(e.key, Key::Date { year: Some(_), .. });
    if chinese && !year && in_title(zh, e.bytes.start) {
        return true;
    }
    // The very letters stand on the other side, as part of a name there: The Sunday Times.
    if own.chars().any(char::is_alphabetic) && has_word(view.texts[1 - k], own) {
        return true;
    }
    if relative_year(view, k, e) {
        return true;
    }
    let told = match e.key {
        // 七八月: July and August.
        Key::Date { year: None, month: Some(m), day: None } if !chinese => neighbours(zh, u64::from(m), "月"),
        Key::Number(n) => n.whole().is_some_and(|n| in_words(view, k, n)) || version(own, zh, chinese),
        Key::Text(_) => e.kind == Kind::Url && !chinese && zh.contains(['网', '網', '站']),
        _ => false,
    };
    told || footnote(view, k, e)
}

/// Whether the other side counts the year from its own (去年, last year), or a congress or plan stands for it.
fn relative_year(view: &View, k: usize, e: &Expression) -> bool {
    let (zh, other) = (view.text(Lang::Zh), view.texts[1 - k]);
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
    let Key::Number(n) = e.key else { return false };
    let Some(n) = n.whole() else { return false };
    // English adds the years of congresses and plans that Chinese numbers: 十八大, “十四五”, 七十五届.
    if view.langs[k] == Lang::En && ((1900..2100).contains(&n) || n < 30) && era(zh) {
        return true;
    }
    // A year for 去年, 年底: the other side counts from its own.
    if view.langs[k] == Lang::En && (1900..2100).contains(&n) && RELATIVE.iter().any(|w| zh.contains(w)) {
        return true;
    }
    false
}

/// Whether a place stands between 《 and 》.
fn in_title(zh: &str, at: usize) -> bool {
    let open = zh[..at].rfind('《');
    open.is_some_and(|open| !zh[open..at].contains('》') && zh[at..].contains('》'))
}

pub(super) fn has_word(text: &str, word: &str) -> bool {
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    text.match_indices(word).any(|(at, _)| {
        !letter(text[..at].chars().next_back()) && !letter(text[at + word.len()..].chars().next())
    })
}

/// The most members that an English list names before it counts the others: more would be no list to read.
const LISTED: u64 = 10;

/// Whether the number is the rest of a sum: "Jiangsu, Yunnan and 19 other provinces" for 江苏、云南等22个省.
fn rest_of_sum(view: &View, k: usize, e: &Expression, n: u64) -> bool {
    let (zh, en) = (view.index(Lang::Zh), view.index(Lang::En));
    let all = |e: &Expression| view.texts[zh][..e.bytes.start].ends_with('等');
    let rest = |e: &Expression| {
        let after = view.texts[en][e.bytes.end..].trim_start();
        ["other", "more", "additional"].iter().any(|w| after.starts_with(w))
    };
    view.read[1 - k].iter().any(|o| {
        let Key::Number(m) = o.key else { return false };
        let Some(m) = m.whole() else { return false };
        let (chinese, english, large, small) = if k == zh { (e, o, n, m) } else { (o, e, m, n) };
        all(chinese) && rest(english) && large > small && large - small <= LISTED
    })
}

/// A version: "Scheme 2.0" for 计划升级版.
fn version(own: &str, zh: &str, chinese: bool) -> bool {
    let digits =
        own.strip_suffix(".0").is_some_and(|n| n.len() <= 2 && n.bytes().all(|b| b.is_ascii_digit()));
    !chinese && digits && zh.contains(['版', '代'])
}

/// The mark of a footnote that the extraction glued to what stands before it: "since 19943", 成效方面2，.
fn footnote(view: &View, k: usize, e: &Expression) -> bool {
    let own = view.texts[k][e.bytes.clone()].trim();
    if own.is_empty() || !own.bytes().all(|b| b.is_ascii_digit()) || e.kind != Kind::Number {
        return false;
    }
    let after = view.texts[k][e.bytes.end..].chars().next();
    let ends = after.is_none_or(|c| "，。、；.,;)）".contains(c));
    if view.langs[k] == Lang::Zh {
        let before = view.texts[k][..e.bytes.start].chars().next_back();
        return own.len() <= 2
            && ends
            && before.is_some_and(|c| is_han(c) && !"第为為是约約至到过過达達共有".contains(c));
    }
    let year = own.get(..4).and_then(|y| y.parse::<u16>().ok()).filter(|y| (1900..2100).contains(y));
    let said = |y: u16| {
        view.read[1 - k].iter().any(|o| match o.key {
            Key::Date { year, .. } => year == Some(y),
            Key::Number(n) => n.whole() == Some(u64::from(y)),
            _ => false,
        })
    };
    (5..=6).contains(&own.len()) && ends && year.is_some_and(said)
}

/// Whether an added year explains: in brackets, or of an event that the Chinese counts (第四次普查, 4批).
pub(super) fn explained_year(view: &View, e: &Expression) -> bool {
    let text = view.texts[1];
    let plain = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '–' | '—' | ',' | '/');
    let before = text[..e.bytes.start].trim_end_matches(plain);
    let after = text[e.bytes.end..].trim_start_matches(plain);
    before.ends_with(['(', '（', '[']) && after.starts_with([')', '）', ']'])
        || counted_event(view.text(Lang::Zh))
}

/// 第四次普查, 第三届, 4批: an event with a number, whose year English likes to tell.
fn counted_event(zh: &str) -> bool {
    let numeral = |c: char| "一二三四五六七八九十".contains(c) || c.is_ascii_digit();
    zh.match_indices(['次', '届', '屆', '批', '轮', '輪', '期']).any(|(at, c)| {
        let before = zh[..at].trim_end_matches(' ');
        let head = before.trim_end_matches(numeral);
        head.len() < before.len() && (head.trim_end().ends_with('第') || c == "批")
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
