//! Page furniture: running heads, page numbers, job numbers, rules. Finds the lines; does not remove them.
//!
//! Form feeds tell where pages begin; then furniture is what comes again at the top or foot of pages. Without them
//! only what has an unmistakable form, or comes again in company of page numbers, or cuts sentences, is furniture.

use super::ends::{Ending, Opening, ending, opening};
use super::lines::Line;
use crate::model::{ChangeReason, Lang};
use std::collections::BTreeMap;

/// Why each line is furniture, or `None` for text.
pub(super) fn find(text: &str, lines: &[Line], lang: Lang) -> Vec<Option<ChangeReason>> {
    let mut finder = Finder::new(text, lines, lang);
    finder.mark_rules();
    finder.mark_job_numbers();
    finder.mark_symbols();
    if lines.iter().any(|l| l.feed) {
        finder.mark_by_page_zones();
    }
    finder.mark_by_company();
    finder.reasons
}

/// A line's content as far as furniture is concerned.
struct Item<'a> {
    content: &'a str,
    /// The number it shows as a page number: alone, or between dashes, or after `Page` or 第.
    page: Option<PageNumber>,
}

#[derive(Clone, Copy)]
struct PageNumber {
    value: u32,
    /// Whether the form says that it is a page number (`- 3 -`, `Page 3`), not just a number.
    explicit: bool,
}

struct Finder<'a> {
    lines: &'a [Line],
    items: Vec<Item<'a>>,
    reasons: Vec<Option<ChangeReason>>,
    lang: Lang,
}

/// Running heads are not wider than this.
const WIDEST_HEAD: usize = 120;

/// Lines at the top and at the foot of a page among which furniture is looked for: the heads and feet of official
/// documents have up to three lines.
const ZONE: usize = 4;

impl<'a> Finder<'a> {
    fn new(text: &'a str, lines: &'a [Line], lang: Lang) -> Self {
        let item = |line: &Line| {
            let content = &text[line.content.clone()];
            Item { content, page: if line.width <= 40 { page_number(content) } else { None } }
        };
        let items = lines.iter().map(item).collect();
        Finder { lines, items, reasons: vec![None; lines.len()], lang }
    }

    fn mark_rules(&mut self) {
        for (item, reason) in self.items.iter().zip(&mut self.reasons) {
            if is_rule(item.content) {
                *reason = Some(ChangeReason::Rule);
            }
        }
    }

    /// Job numbers of the United Nations: `07-43604 (C)    270707    270707`, `*0743604*`, `GE.07-12345`. A bare
    /// `07-43604` counts if it comes again or the marked form is there too.
    fn mark_job_numbers(&mut self) {
        let found: Vec<Option<(String, bool)>> = self.items.iter().map(|i| job_number(i.content)).collect();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (number, marked) in found.iter().flatten() {
            *counts.entry(number).or_default() += if *marked { 2 } else { 1 };
        }
        for (reason, number) in self.reasons.iter_mut().zip(&found) {
            if number.as_ref().is_some_and(|(number, _)| counts[number.as_str()] >= 2) {
                *reason = Some(ChangeReason::JobNumber);
            }
        }
    }

    /// Lines of nothing but document symbols that come again.
    fn mark_symbols(&mut self) {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let keys: Vec<Option<String>> = self.items.iter().map(|i| symbol_key(i.content)).collect();
        for key in keys.iter().flatten() {
            *counts.entry(key.clone()).or_default() += 1;
        }
        for (i, key) in keys.iter().enumerate() {
            if self.reasons[i].is_none() && key.as_ref().is_some_and(|k| counts[k] >= 2) {
                self.reasons[i] = Some(ChangeReason::RunningHead);
            }
        }
    }

    /// With form feeds: what comes again among the first and last lines of pages.
    fn mark_by_page_zones(&mut self) {
        let mut starts: Vec<usize> =
            (0..self.lines.len()).filter(|&i| i == 0 || self.lines[i].feed).collect();
        let pages = starts.len();
        starts.push(self.lines.len());
        // Candidates: line, page, and the page's side.
        let mut zone: Vec<(usize, usize)> = Vec::new();
        for page in 0..pages {
            let (start, end) = (starts[page], starts[page + 1]);
            for i in start..end {
                let outer = i < start + ZONE || i + ZONE >= end;
                if outer && self.lines[i].width <= WIDEST_HEAD {
                    zone.push((i, page));
                }
            }
        }
        // Page numbers keep their distance to the page's index.
        let mut offsets: BTreeMap<i64, usize> = BTreeMap::new();
        for &(i, page) in &zone {
            if let Some(number) = self.items[i].page {
                *offsets.entry(i64::from(number.value) - page as i64).or_default() += 1;
            }
        }
        for &(i, page) in &zone {
            if page > 0 && symbol_key(self.items[i].content).is_some() {
                self.reasons[i] = Some(ChangeReason::RunningHead);
            } else if job_number(self.items[i].content).is_some() {
                self.reasons[i] = Some(ChangeReason::JobNumber);
            } else if page > 0 && page_number_beside_title(self.items[i].content) == Some(page + 1) {
                self.reasons[i] = Some(ChangeReason::RunningHead);
            }
            let Some(number) = self.items[i].page else { continue };
            let same = offsets[&(i64::from(number.value) - page as i64)];
            let enough = if number.explicit { 1 } else { 2 };
            if same >= enough && self.reasons[i].is_none() {
                self.reasons[i] = Some(ChangeReason::PageNumber);
            }
        }
        // Running heads come again, page numbers in them aside.
        let mut seen: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
        for &(i, page) in &zone {
            if self.reasons[i].is_none() && self.may_be_head(i) {
                let (key, _) = head_key(self.items[i].content);
                let core = key.trim_matches('#');
                if !core.is_empty() {
                    seen.entry(core.to_string()).or_default().push((i, page));
                }
            }
        }
        for places in seen.into_values() {
            let mut on: Vec<usize> = places.iter().map(|&(_, page)| page).collect();
            on.dedup();
            let often = on.len() >= 3 || (on.len() >= 2 && on.len() * 10 >= 3 * pages.saturating_sub(1));
            if !often || !self.counts_pages(&places) {
                continue;
            }
            for &(i, page) in &places {
                let numbered = self.items[i].content.contains(|c: char| c.is_ascii_digit());
                if page > 0 || numbered || self.stands_like_the_others(i, &places, &starts) {
                    self.reasons[i] = Some(ChangeReason::RunningHead);
                }
            }
        }
    }

    /// Whether a line of the first page is set just as the running heads of later pages: then it is one. Otherwise
    /// it may be the title that they repeat.
    fn stands_like_the_others(&self, i: usize, places: &[(usize, usize)], starts: &[usize]) -> bool {
        let gap_after = |i: usize| self.lines.get(i + 1).map(|l| l.gap);
        self.lines[i].indent > 0
            && places.iter().any(|&(j, page)| {
                page > 0
                    && j - starts[page] == i
                    && self.lines[j].indent == self.lines[i].indent
                    && gap_after(j) == gap_after(i)
            })
    }

    /// Running heads do not begin or end like a part of a sentence; the last line of a paragraph does.
    fn may_be_head(&self, i: usize) -> bool {
        let content = self.items[i].content;
        let complete = matches!(
            ending(content, self.lang),
            Ending::Sentence | Ending::Semicolon | Ending::Comma | Ending::Dangling | Ending::Hyphen
        );
        !complete && !matches!(opening(content), Opening::Lower | Opening::Closing | Opening::ListMark)
            || self.items[i].content.contains("  ") && content.contains(|c: char| c.is_ascii_digit())
    }

    /// Whether the numbers in lines that differ only in them are page numbers (or the same on all pages).
    fn counts_pages(&self, places: &[(usize, usize)]) -> bool {
        let numbers: Vec<(Vec<u32>, i64)> = places
            .iter()
            .map(|&(i, page)| (head_key(self.items[i].content).1, page as i64))
            .filter(|(numbers, _)| !numbers.is_empty())
            .collect();
        if numbers.is_empty() {
            return true;
        }
        let columns = numbers.iter().map(|(n, _)| n.len()).min().unwrap_or(0);
        (0..columns).all(|column| {
            let steady = |value: &dyn Fn(u32, i64) -> i64| {
                let mut counts: BTreeMap<i64, usize> = BTreeMap::new();
                for (n, page) in &numbers {
                    *counts.entry(value(n[column], *page)).or_default() += 1;
                }
                counts.values().max().is_some_and(|&n| n * 5 >= numbers.len() * 4 && n >= 2)
            };
            steady(&|n, _| i64::from(n)) || steady(&|n, page| i64::from(n) - page)
        })
    }

    /// Without form feeds: page numbers beside other furniture, repeated lines beside page numbers or in the middle
    /// of sentences.
    fn mark_by_company(&mut self) {
        let near = |reasons: &[Option<ChangeReason>], i: usize| {
            let is_head = |r: Option<&Option<ChangeReason>>| {
                matches!(
                    r,
                    Some(Some(
                        ChangeReason::RunningHead | ChangeReason::JobNumber | ChangeReason::PageNumber
                    ))
                )
            };
            (i > 0 && is_head(reasons.get(i - 1))) || is_head(reasons.get(i + 1))
        };
        // Page numbers beside furniture.
        let numbers: Vec<usize> = (0..self.items.len()).filter(|&i| self.items[i].page.is_some()).collect();
        for &i in numbers.iter().chain(numbers.iter().rev()) {
            if self.reasons[i].is_none() && near(&self.reasons, i) {
                self.reasons[i] = Some(ChangeReason::PageNumber);
            }
        }
        for i in 0..self.items.len() {
            if self.reasons[i].is_none()
                && near(&self.reasons, i)
                && symbol_key(self.items[i].content).is_some()
            {
                self.reasons[i] = Some(ChangeReason::RunningHead);
            }
        }
        self.mark_number_series(&numbers);
        self.mark_repeated();
    }

    /// Numbers alone on their line that count up by one, a page apart.
    fn mark_number_series(&mut self, numbers: &[usize]) {
        let mut series: Vec<usize> = Vec::new();
        let mut best: Vec<usize> = Vec::new();
        for &i in numbers.iter().filter(|&&i| self.reasons[i].is_none()) {
            let value = self.items[i].page.map_or(0, |p| p.value);
            let last = series.last().map(|&j| (j, self.items[j].page.map_or(0, |p| p.value)));
            match last {
                Some((j, before)) if value == before + 1 && i >= j + SHORTEST_PAGE => series.push(i),
                Some((_, before)) if value == before => {}
                _ => {
                    if series.len() > best.len() {
                        best = std::mem::take(&mut series);
                    }
                    series = vec![i];
                }
            }
        }
        if series.len() > best.len() {
            best = series;
        }
        let explicit = best.iter().any(|&i| self.items[i].page.is_some_and(|p| p.explicit));
        let from_one = best
            .first()
            .is_some_and(|&i| i >= SHORTEST_PAGE && self.items[i].page.is_some_and(|p| p.value == 1));
        if best.len() >= if explicit || from_one { 2 } else { 3 } {
            best.iter().for_each(|&i| self.reasons[i] = Some(ChangeReason::PageNumber));
        }
    }

    fn mark_repeated(&mut self) {
        let mut seen: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (i, item) in self.items.iter().enumerate() {
            if self.reasons[i].is_none() && self.lines[i].width <= WIDEST_HEAD && self.may_be_head(i) {
                let (key, _) = head_key(item.content);
                if key.chars().count() >= 2 {
                    seen.entry(key).or_default().push(i);
                }
            }
        }
        for (key, places) in seen {
            if places.len() < 3 || places.windows(2).any(|p| p[1] < p[0] + SHORTEST_PAGE / 2) {
                continue;
            }
            let beside = |i: usize| {
                let is_number = |j: Option<usize>| {
                    j.is_some_and(|j| matches!(self.reasons.get(j), Some(Some(ChangeReason::PageNumber))))
                };
                is_number(i.checked_sub(1)) || is_number(Some(i + 1))
            };
            let cuts = |i: usize| {
                let before = (0..i).rev().take(2 * ZONE).find(|&j| self.reasons[j].is_none());
                before.is_some_and(|j| {
                    matches!(
                        ending(self.items[j].content, self.lang),
                        Ending::Open | Ending::Comma | Ending::Dangling | Ending::Hyphen
                    ) && self.lines[j].width >= 2 * self.lines[i].width.min(WIDEST_HEAD / 4)
                })
            };
            let company = places.iter().filter(|&&i| beside(i)).count();
            let cutting = places.iter().filter(|&&i| cuts(i)).count();
            let numbered = key.contains('#');
            if (!numbered && company * 2 >= places.len()) || (cutting * 5 >= places.len() * 2 && cutting >= 2)
            {
                // The first one may be the title that the others repeat.
                let heads: Vec<usize> = places
                    .iter()
                    .enumerate()
                    .filter(|&(n, &i)| n > 0 || beside(i) || cuts(i))
                    .map(|(_, &i)| i)
                    .collect();
                heads.into_iter().for_each(|i| self.reasons[i] = Some(ChangeReason::RunningHead));
            }
        }
    }
}

/// Fewer lines than this are no page.
const SHORTEST_PAGE: usize = 12;

/// A rule: at least five of one drawing character and nothing else.
fn is_rule(content: &str) -> bool {
    let mut characters = content.chars().filter(|c| !c.is_whitespace());
    let Some(first) = characters.next() else { return false };
    "_-=—–─━═＿－﹍﹎¯~".contains(first)
        && characters.try_fold(1usize, |n, c| (c == first).then_some(n + 1)).is_some_and(|n| n >= 5)
}

/// The job number on a line that has nothing else but its language mark, dates and a page number; and whether its
/// form is unmistakable.
///
/// `"07-43604 (C)    270707"` -> `("0743604", true)`; `"07-43604"` -> `("0743604", false)`
fn job_number(content: &str) -> Option<(String, bool)> {
    if content.len() > 80 {
        return None;
    }
    if matches!(content, "Please recycle" | "Please recycle ♲" | "请回收" | "请回收♲" | "請回收")
    {
        return Some((content.to_string(), true));
    }
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let (mut number, mut marked) = (None, false);
    for token in content.split_whitespace() {
        let bare = token.trim_matches('*');
        let stem = bare.strip_prefix("GE.").or_else(|| bare.strip_prefix("V.")).unwrap_or(bare);
        let (stem, language) = match stem.find(['(', '（']) {
            Some(at) if at > 0 => (&stem[..at], &stem[at..]),
            _ => (stem, ""),
        };
        if bare.len() + 2 == token.len() && digits(bare) && (6..=8).contains(&bare.len()) {
            number = Some(bare.to_string());
            marked = true;
        } else if stem.len() == 8
            && stem.split_once('-').is_some_and(|(a, b)| a.len() == 2 && digits(a) && digits(b))
        {
            number = Some(stem.replace('-', ""));
            marked |= !language.is_empty() || stem.len() != bare.len();
        } else if token.len() == 3 && token.starts_with('(') && token.ends_with(')') && number.is_some() {
            marked = true;
        } else if !(digits(token) && (token.len() <= 3 || token.len() == 6)) && !is_fraction(token) {
            return None;
        }
    }
    number.map(|n| (n, marked))
}

fn is_fraction(token: &str) -> bool {
    let short = |s: &str| !s.is_empty() && s.len() <= 4 && s.bytes().all(|b| b.is_ascii_digit());
    token.split_once('/').is_some_and(|(a, b)| short(a) && short(b))
}

/// The key of a line that has nothing but document symbols (and perhaps a page number): `A/61/1006`,
/// `S/2007/555 3`.
fn symbol_key(content: &str) -> Option<String> {
    if content.len() > 80 || !content.is_ascii() && !content.contains(['–', '—']) {
        return None;
    }
    let mut key = String::new();
    for token in content.split_whitespace() {
        let mut parts = token.split('/');
        let letters = parts
            .next()
            .is_some_and(|p| !p.is_empty() && p.len() <= 8 && p.bytes().all(|b| b.is_ascii_uppercase()));
        let rest: Vec<&str> = parts.collect();
        let fine = !rest.is_empty()
            && rest.iter().all(|p| {
                !p.is_empty() && p.chars().all(|c| c.is_ascii_alphanumeric() || ".-–—()*[]".contains(c))
            })
            && token.bytes().any(|b| b.is_ascii_digit());
        if letters && fine {
            key.push_str(token);
            key.push(' ');
        } else if !(is_fraction(token) || token.len() <= 3 && token.bytes().all(|b| b.is_ascii_digit())) {
            return None;
        }
    }
    (!key.is_empty()).then_some(key)
}

/// A line that may be a page number.
///
/// `"- 3 -"` -> 3, explicit; `"第 12 页"` -> 12, explicit; `"Page 3 of 9"` -> 3, explicit; `"3/9"` -> 3; `"7"` -> 7
fn page_number(content: &str) -> Option<PageNumber> {
    let plain: String = content.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
    let stripped = plain.trim_matches(|c| "-–—·•~|[]－".contains(c));
    let (body, mut explicit) = (stripped, stripped.len() != plain.len());
    let mut body = body;
    for (prefix, suffix) in
        [("page", ""), ("p.", ""), ("第", "页"), ("第", "頁"), ("页", ""), ("", "页"), ("", "頁")]
    {
        if let Some(inner) = body.strip_prefix(prefix).and_then(|b| b.strip_suffix(suffix))
            && (!prefix.is_empty() || inner.bytes().all(|b| b.is_ascii_digit()))
        {
            (body, explicit) = (inner, true);
            break;
        }
    }
    let body = body.split("页").next().unwrap_or(body).split("頁").next().unwrap_or(body);
    let first = body.split(['/', '／']).next().unwrap_or(body);
    let value_text = first.split("of").next().unwrap_or(first);
    if is_fraction(body) {
        explicit = explicit || body.split_once('/').is_some_and(|(a, b)| a.len() <= b.len());
    } else if !(body.chars().all(|c| c.is_ascii_digit()) || explicit && body.starts_with(value_text)) {
        return roman(body).map(|value| PageNumber { value, explicit });
    }
    let rest_is_fine =
        body[value_text.len()..].chars().all(|c| c.is_ascii_digit() || "of/／共,，".contains(c));
    let fine =
        !value_text.is_empty() && value_text.len() <= 4 && value_text.bytes().all(|b| b.is_ascii_digit());
    if !fine || !rest_is_fine {
        return None;
    }
    Some(PageNumber { value: value_text.parse().ok()?, explicit })
}

/// The number of a line that sets a number apart from a title by two spaces or more: `"2   Annual report"` -> 2
fn page_number_beside_title(content: &str) -> Option<usize> {
    let number = |s: &str| s.parse().ok().filter(|_| s.len() <= 4 && s.bytes().all(|b| b.is_ascii_digit()));
    let (first, last) = (content.split_once("  "), content.rsplit_once("  "));
    first.and_then(|(n, _)| number(n)).or_else(|| last.and_then(|(_, n)| number(n)))
}

/// Small roman numbers: `"iv"` -> 4.
fn roman(text: &str) -> Option<u32> {
    if text.is_empty() || text.len() > 6 || !text.bytes().all(|b| b"ivxl".contains(&b)) {
        return None;
    }
    let value = |b: u8| match b {
        b'i' => 1,
        b'v' => 5,
        b'x' => 10,
        _ => 50,
    };
    let bytes = text.as_bytes();
    let total: i32 = (0..bytes.len())
        .map(|i| {
            let now = value(bytes[i]);
            if bytes.get(i + 1).is_some_and(|&next| value(next) > now) { -now } else { now }
        })
        .sum();
    u32::try_from(total).ok()
}

/// A line without its digits, white space and punctuation, and the numbers that were in it.
///
/// `"12 · Biodiversity in China"` -> `("#biodiversityinchina", [12])`
fn head_key(content: &str) -> (String, Vec<u32>) {
    let (mut key, mut numbers, mut number) = (String::new(), Vec::new(), None::<u32>);
    for c in content.chars() {
        if let Some(digit) = c.to_digit(10) {
            number = Some(number.unwrap_or(0).saturating_mul(10).saturating_add(digit));
            continue;
        }
        if let Some(n) = number.take() {
            numbers.push(n);
            key.push('#');
        }
        if c.is_alphanumeric() {
            key.extend(c.to_lowercase());
        }
    }
    if let Some(n) = number {
        numbers.push(n);
        key.push('#');
    }
    (key, numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_numbers() {
        for (text, expected) in [
            ("3", Some((3, false))),
            ("- 3 -", Some((3, true))),
            ("Page 12", Some((12, true))),
            ("Page 3 of 9", Some((3, true))),
            ("第 1 页", Some((1, true))),
            ("第 1 页 共 9 页", Some((1, true))),
            ("3/12", Some((3, true))),
            ("iv", Some((4, false))),
            ("2007 年", None),
            ("12345", None),
            ("第一页", None),
            ("Page", None),
            ("-团长-", None),
        ] {
            assert_eq!(page_number(text).map(|p| (p.value, p.explicit)), expected, "{text}");
        }
    }

    #[test]
    fn job_numbers_and_symbols() {
        assert_eq!(job_number("07-43604 (C)    270707    270707"), Some(("0743604".into(), true)));
        assert_eq!(job_number("*0743604*"), Some(("0743604".into(), true)));
        assert_eq!(job_number("2 07-43604"), Some(("0743604".into(), false)));
        assert_eq!(job_number("GE.07-12345 (E)"), Some(("0712345".into(), true)));
        assert_eq!(job_number("07-43604 votes"), None);
        assert!(symbol_key("A/61/1006").is_some());
        assert!(symbol_key("A/61/1006 S/2007/555").is_some());
        assert!(symbol_key("and/or").is_none());
        assert!(symbol_key("联合国 A/61/1006").is_none());
    }

    #[test]
    fn rules_are_long() {
        assert!(is_rule("________________"));
        assert!(is_rule("- - - - - -"));
        assert!(!is_rule("——"));
        assert!(!is_rule("-团长-"));
    }
}
