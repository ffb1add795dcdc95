//! Document symbols, codes, addresses and Latin words.
//!
//! `A/61/1006` and `S/2007/555` are symbols, `G20` and `COVID-19` codes. In Chinese every Latin word is read, in
//! English only those with a capital or an underscore; both are weak, since either side may spell
//! out what the other abbreviates.

use super::expression::{ExpressionKind as Kind, Found, Key};
use super::scan::Scan;
use crate::model::Lang;

/// Longest token that is kept as a key; a longer one is passed over.
const LONGEST: usize = 120;

fn inside(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

/// Reads a symbol, address or code at the start of a Latin token.
pub(super) fn read(scan: &Scan, i: usize, lang: Lang) -> Option<Found> {
    if !inside(scan.at(i)) || inside(scan.before(i)) {
        return None;
    }
    if let Some(end) = serial(scan, i) {
        let key = Key::Text(scan.chars[i..end].iter().collect());
        return Some(Found::new(end, Kind::Symbol, key));
    }
    let mut end = i;
    let (mut slashes, mut letters, mut digits, mut ats, mut dots) = (0, 0, 0, 0, 0);
    while end - i <= LONGEST {
        let c = scan.at(end);
        match c {
            '/' => slashes += 1,
            '@' => ats += 1,
            '.' => dots += 1,
            _ if c.is_ascii_alphabetic() => letters += 1,
            _ if c.is_ascii_digit() => digits += 1,
            '-' | '_' | ':' | '~' | '#' | '+' => {}
            '?' | '=' | '&' if scan.starts(i, "http") => {}
            _ => break,
        }
        end += 1;
    }
    if end - i > LONGEST || letters == 0 {
        return None;
    }
    let whole = end;
    while end > i && !inside(scan.at(end - 1)) {
        end -= 1;
    }
    let text = |from: usize, to: usize| {
        Key::Text(scan.chars[from..to].iter().collect::<String>().to_ascii_lowercase())
    };
    if scan.starts(i, "http://") || scan.starts(i, "https://") || scan.starts(i, "www.") {
        let to = if scan.at(whole.saturating_sub(1)) == '/' { whole } else { end };
        return Some(Found::new(to, Kind::Url, text(i, end)));
    }
    if ats == 1 && dots > 0 && slashes == 0 {
        return Some(Found::new(end, Kind::Email, text(i, end)));
    }
    if slashes > 0 && digits > 0 && scan.at(i).is_ascii_uppercase() && is_symbol(scan, i, end) {
        return Some(Found::new(end, Kind::Symbol, text(i, end)));
    }
    if let Some(end) = code_point(scan, i) {
        return Some(Found::new(end, Kind::Symbol, text(i, end)));
    }
    code(scan, i, lang)
}

/// A character's number: `U+265E`. Returns the index after it.
fn code_point(scan: &Scan, i: usize) -> Option<usize> {
    if !scan.starts(i, "U+") {
        return None;
    }
    let digits = (i + 2..).take_while(|&k| scan.at(k).is_ascii_hexdigit()).take(7).count();
    let end = i + 2 + digits;
    ((4..=6).contains(&digits) && !inside(scan.at(end))).then_some(end)
}

/// Four numbers and more with dots between, the number of a watch or a computer: `424.10.0.20`. Three may be a date.
fn serial(scan: &Scan, i: usize) -> Option<usize> {
    let (mut end, mut groups) = (i, 0);
    loop {
        let digits = (end..).take_while(|&k| scan.at(k).is_ascii_digit()).take(LONGEST).count();
        end += digits;
        if digits == 0 || end - i > LONGEST {
            return None;
        }
        groups += 1;
        if scan.at(end) != '.' || !scan.at(end + 1).is_ascii_digit() {
            break;
        }
        end += 1;
    }
    (groups >= 4 && !inside(scan.at(end))).then_some(end)
}

/// Units that are written close behind their number: `35GB` is 35.
const UNITS: [&str; 15] =
    ["KB", "MB", "GB", "TB", "PB", "Mbps", "Gbps", "Hz", "kHz", "MHz", "GHz", "kW", "MW", "GW", "mAh"];

/// Whether a token is a number with its unit.
fn is_measure(scan: &Scan, i: usize, end: usize) -> bool {
    let digits = (i..end).take_while(|&k| scan.at(k).is_ascii_digit()).count();
    let unit: String = scan.chars[i + digits..end].iter().collect();
    digits > 0 && (UNITS.contains(&unit.as_str()) || UNITS.contains(&unit.trim_end_matches('s')))
}

/// Capital groups and numbers between slashes, with a number in some group after the first.
fn is_symbol(scan: &Scan, i: usize, end: usize) -> bool {
    let token: String = scan.chars[i..end].iter().collect();
    let groups: Vec<&str> = token.split('/').collect();
    groups.len() >= 2
        && groups.iter().all(|g| !g.is_empty())
        && groups[0].len() <= 8
        && groups[0].chars().all(|c| c.is_ascii_uppercase() || c == '-')
        && groups[1..].iter().any(|g| g.starts_with(|c: char| c.is_ascii_digit()))
}

/// `G20`, `COVID-19`: a capital and a digit in one token of letters, digits and hyphens.
fn code(scan: &Scan, i: usize, lang: Lang) -> Option<Found> {
    let mut end = i;
    let (mut capitals, mut digits, mut small) = (0, 0, 0);
    loop {
        let c = scan.at(end);
        // The disease is written Covid-19 as often as in capitals.
        let joint = c == '-'
            && scan.at(end + 1).is_ascii_digit()
            && (scan.before(end).is_ascii_uppercase() || (end == i + 5 && scan.starts(i, "Covid")));
        if c.is_ascii_uppercase() {
            capitals += 1;
        } else if c.is_ascii_digit() {
            digits += 1;
        } else if c.is_ascii_lowercase() {
            small += 1;
        } else if !joint {
            break;
        }
        end += 1;
        if end - i > 24 {
            return None;
        }
    }
    let starts_with_money = scan.at(end) == '$';
    if capitals == 0 || digits == 0 || small > 8 || starts_with_money || is_measure(scan, i, end) {
        return None;
    }
    let key: String =
        scan.chars[i..end].iter().filter(|c| **c != '-').collect::<String>().to_ascii_lowercase();
    let weak = lang == Lang::En || !scan.at(i).is_ascii_uppercase() || key.starts_with("covid");
    Some(Found::new(end, Kind::Code, Key::Text(key)).weak_if(weak))
}

/// Reads a Latin word that no other reader wanted.
pub(super) fn read_word(scan: &Scan, i: usize, lang: Lang) -> Option<Found> {
    let letter = |c: char| c.is_alphabetic() && (c as u32) < 0x250;
    if !letter(scan.at(i)) || letter(scan.before(i)) {
        return None;
    }
    let mut end = i;
    let mut capital = false;
    while letter(scan.at(end))
        || (scan.at(end) == '_' && end > i)
        || (scan.at(end).is_ascii_digit() && end > i)
    {
        capital |= scan.at(end).is_uppercase();
        end += 1;
        if end - i > 40 {
            return None;
        }
    }
    if end - i < 2 || (lang == Lang::En && !capital && !scan.chars[i..end].contains(&'_')) {
        return None;
    }
    let key: String = scan.chars[i..end].iter().flat_map(|c| c.to_lowercase()).collect();
    Some(Found::new(end, Kind::Latin, Key::Text(key)).weak_if(true))
}
