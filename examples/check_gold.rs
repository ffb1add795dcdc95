//! Counts what the checks report on correct translations: folders of `DOC.zh`, `DOC.en`, `DOC.gold` with beads
//! `[0]:[0,1]`. Prints findings a rule and folder; with `--show RULE`, each of them. With `--plant`, errors are planted
//! into the same pairs, one at a time, and the share that the right rule finds is printed a kind and folder;
//! `--plant KIND` shows the ones that are missed. `--half 0` and `--half 1` take every second document only, so that
//! one half may be read while the other judges; `--evidence N` asks `omission` for more evidence. Findings of `omission`
//! that are information are a row of their own.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

mod common;

use common::{Dice, GOLD, MONTHS};
use duizhao::check::{Options, RULES, check};
use duizhao::lexicon::Lexicon;
use duizhao::model::{Finding, Severity, Side, TranslationUnit};
use std::collections::BTreeMap;

/// Findings of `omission` that are information.
const WEAK: &str = "omission (info)";

/// A finding and what it marks.
fn told(f: &Finding, unit: &TranslationUnit) -> String {
    let marked = f
        .marks
        .iter()
        .map(|m| unit.variants[usize::from(m.side == Side::Target)].text[m.bytes.clone()].trim().to_string());
    format!("[{}] {} {:?}", f.rule, f.message, marked.collect::<Vec<_>>())
}

/// The kinds of planted errors and the rules that may report them.
const KINDS: [(&str, &[&str]); 13] = [
    ("digit", &["number", "date", "time", "symbol"]),
    ("unit lost", &["number"]),
    ("power", &["number"]),
    ("万/亿", &["number"]),
    ("month", &["date"]),
    ("year", &["date", "number"]),
    ("bracket lost", &["bracket-pair"]),
    ("quote lost", &["quote-pair"]),
    ("not lost", &["negation"]),
    ("不 lost", &["negation"]),
    ("clause lost", &["omission", "length"]),
    ("Chinese clause lost", &["omission", "length"]),
    ("copied", &["copied"]),
];

/// The places of any of `words` that stand as whole words.
fn places(text: &str, words: &[&str]) -> Vec<(usize, usize)> {
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
    let mut out = Vec::new();
    for (k, word) in words.iter().enumerate() {
        out.extend(text.match_indices(word).map(|(at, _)| (at, k)).filter(|&(at, _)| {
            let ascii = word.is_ascii();
            let (before, after) = (text[..at].chars().next_back(), text[at + word.len()..].chars().next());
            !ascii || (!letter(before) && !letter(after))
        }));
    }
    out
}

fn is_han(text: &str) -> bool {
    text.chars().next().is_some_and(duizhao::lexicon::is_han)
}

/// The pair with an error of this kind, or nothing where it has no place for one.
fn plant(kind: &str, zh: &str, en: &str, lexicon: &Lexicon, dice: &mut Dice) -> Option<(String, String)> {
    let pick = |found: Vec<(usize, usize)>, dice: &mut Dice| {
        if found.is_empty() { None } else { Some(found[dice.roll(found.len())]) }
    };
    let swap = |text: &str, at: usize, old: &str, new: &str| {
        format!("{}{new}{}", &text[..at], &text[at + old.len()..])
    };
    let digits = |text: &str, at: usize| {
        let from = text[..at].trim_end_matches(|c: char| c.is_ascii_digit()).len();
        text[from..].bytes().take_while(u8::is_ascii_digit).count()
    };
    let zh_only = |en: Option<String>| en.map(|en| (zh.to_string(), en));
    match kind {
        "digit" => {
            // Of numbers of two digits and more: smaller ones are often said in words.
            let own = |at: usize| {
                let before = en[..at].trim_end_matches(|c: char| c.is_ascii_digit() || ",.".contains(c));
                let year = digits(en, at) == 4
                    && en[..at].len() - before.len() < 4
                    && !zh.contains(&en[before.len()..before.len() + 4]);
                digits(en, at) >= 2
                    && !year
                    && !before.ends_with(|c: char| c.is_ascii_alphabetic() || "-/".contains(c))
            };
            let found = en.char_indices().filter(|&(at, c)| c.is_ascii_digit() && own(at)).map(|p| (p.0, 0));
            let (at, _) = pick(found.collect(), dice)?;
            let old = usize::from(en.as_bytes()[at] - b'0');
            let new = 1 + (old + dice.roll(8)) % 9;
            let new = if new == old { 1 + new % 9 } else { new };
            zh_only(Some(swap(en, at, "0", &new.to_string())))
        }
        "unit lost" | "power" => {
            let words = ["million", "billion", "thousand", "trillion"];
            let found = places(en, &words);
            let found = found
                .into_iter()
                .filter(|p| en[..p.0].trim_end_matches([' ', '-']).ends_with(|c: char| c.is_ascii_digit()));
            let (at, k) = pick(found.collect(), dice)?;
            let new = if kind == "power" { words[(k + 1) % 3] } else { "" };
            zh_only(Some(swap(en, at, words[k], new)))
        }
        "万/亿" => {
            let words = ["万", "亿", "萬", "億"];
            let found = places(zh, &words);
            let found = found
                .into_iter()
                .filter(|p| zh[..p.0].trim_end_matches(' ').ends_with(|c: char| c.is_ascii_digit()));
            let (at, k) = pick(found.collect(), dice)?;
            Some((swap(zh, at, words[k], ["亿", "万", "億", "萬"][k]), en.to_string()))
        }
        "month" => {
            let numerals = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"];
            let plain: String = zh.chars().filter(|c| *c != ' ').collect();
            let named = |k: usize| {
                [format!("{}月", k + 1), format!("{}月", numerals[k])].iter().any(|m| plain.contains(m))
            };
            let found = places(en, &MONTHS).into_iter().filter(|p| MONTHS[p.1] != "May" && named(p.1));
            let (at, k) = pick(found.collect(), dice)?;
            zh_only(Some(swap(en, at, MONTHS[k], MONTHS[(k + 1) % 12])))
        }
        "year" => {
            let found = en.char_indices().filter(|&(at, _)| {
                let year = en.get(at..at + 4).and_then(|y| y.parse::<u16>().ok());
                year.is_some_and(|y| (1900..2040).contains(&y) && zh.contains(&y.to_string()))
                    && digits(en, at) == 4
                    && digits(&en[..at], at) == 0
                    // In an address or a symbol it is no year, and another rule's.
                    && !en[..at].ends_with(|c: char| c.is_ascii_alphabetic() || c == '/')
            });
            let (at, _) = pick(found.map(|p| (p.0, 0)).collect(), dice)?;
            let year: u16 = en[at..at + 4].parse().unwrap();
            zh_only(Some(swap(en, at, "2000", &(year + 1 + dice.roll(3) as u16).to_string())))
        }
        "bracket lost" | "quote lost" => {
            let marks: &[&str] = if kind == "bracket lost" { &["(", ")", "[", "]"] } else { &["“", "”"] };
            let (at, k) = pick(places(en, marks), dice)?;
            zh_only(Some(swap(en, at, marks[k], "")))
        }
        "not lost" => {
            let (at, _) = pick(places(en, &["not"]), dice)?;
            let only =
                ["only", "just", "least", "until"].iter().any(|w| en[at + 3..].trim_start().starts_with(w));
            zh_only((!only).then(|| swap(en, at, "not", "").replace("  ", " ")))
        }
        "不 lost" => {
            // As a word of its own: 不 in 不断 (continuously) or 未 in 未来 (future) denies nothing.
            let words = ["没有", "沒有", "不", "未", "没", "沒"];
            let folded = lexicon.fold(zh);
            let own: Vec<usize> = lexicon.words(&folded).iter().map(|w| w.bytes.start).collect();
            let place = |at: usize| folded.char_indices().nth(zh[..at].chars().count()).map(|c| c.0);
            let alone = |at: usize, word: &str| {
                let (from, to) = (place(at), place(at + word.len()));
                from.is_some_and(|f| own.contains(&f))
                    && to.is_none_or(|t| own.contains(&t) || !is_han(&folded[t..]))
            };
            let found = places(zh, &words).into_iter().filter(|&(at, k)| alone(at, words[k]));
            let (at, k) = pick(found.collect(), dice)?;
            Some((swap(zh, at, words[k], ""), en.to_string()))
        }
        "clause lost" => {
            let parts: Vec<&str> = en.split(", ").collect();
            let long = |p: &&str| p.split(' ').filter(|w| w.len() > 3).count() >= 5;
            let found = parts.iter().enumerate().filter(|(_, p)| long(p)).map(|(k, _)| (k, 0)).collect();
            let (k, _) = pick(found, dice).filter(|_| parts.len() > 1)?;
            let rest: Vec<&str> = parts.iter().enumerate().filter(|p| p.0 != k).map(|p| *p.1).collect();
            zh_only(Some(rest.join(", ")))
        }
        "Chinese clause lost" => {
            let parts: Vec<&str> = zh.split('，').collect();
            let found =
                parts.iter().enumerate().filter(|(_, p)| p.chars().count() >= 10).map(|(k, _)| (k, 0));
            let (k, _) = pick(found.collect(), dice).filter(|_| parts.len() > 1)?;
            let rest: Vec<&str> = parts.iter().enumerate().filter(|p| p.0 != k).map(|p| *p.1).collect();
            Some((rest.join("，"), en.to_string()))
        }
        "copied" => zh_only((zh.chars().count() > 3).then(|| zh.to_string())),
        other => panic!("{other} is no kind"),
    }
}

/// Plants every kind into every pair of a folder that has a place for it: how many, and how many are found.
fn planted(units: &[TranslationUnit], options: &Options, show: Option<&str>) -> Vec<(usize, usize)> {
    let mut dice = Dice(61);
    let lexicon = Lexicon::built_in();
    // What a rule says of the correct pair is no discovery of the planted error.
    let before = check(&common::bitext(GOLD, units.to_vec()), options, &|_| ());
    let mut said: BTreeMap<(usize, &str), usize> = BTreeMap::new();
    for f in &before {
        *said.entry((f.unit, f.rule)).or_insert(0) += 1;
    }
    let mut out = Vec::new();
    for (kind, rules) in KINDS {
        let mut from = Vec::new();
        let mut wrong = Vec::new();
        for (k, u) in units.iter().enumerate() {
            // Where the rule already speaks, or the Chinese has no such mark, nothing can be told.
            if rules.iter().any(|r| said.contains_key(&(k, *r))) {
                continue;
            }
            if let Some((zh, en)) = plant(kind, &u.variants[0].text, &u.variants[1].text, &lexicon, &mut dice)
            {
                from.push(k);
                wrong.push(common::unit(GOLD, "", &zh, &en));
            }
        }
        let bitext = common::bitext(GOLD, wrong);
        let findings = check(&bitext, options, &|_| ());
        let mut now: BTreeMap<(usize, &str), usize> = BTreeMap::new();
        for f in &findings {
            *now.entry((f.unit, f.rule)).or_insert(0) += 1;
        }
        let mut found = 0;
        for (n, k) in from.iter().enumerate() {
            let hit =
                rules.iter().any(|r| now.get(&(n, *r)).unwrap_or(&0) > said.get(&(*k, *r)).unwrap_or(&0));
            found += usize::from(hit);
            if !hit && show == Some(kind) {
                let unit = &bitext.units[n];
                println!("[missed] {}\n  {}", unit.variants[0].text, unit.variants[1].text);
                for f in findings.iter().filter(|f| f.unit == n) {
                    println!("  {}", told(f, unit));
                }
                println!();
            }
        }
        out.push((from.len(), found));
    }
    out
}

fn main() {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut option = |name: &str, takes: &dyn Fn(&str) -> bool| {
        let at = arguments.iter().position(|a| a == name)?;
        arguments.remove(at);
        let value = arguments.get(at).is_some_and(|v| takes(v)).then(|| arguments.remove(at));
        Some(value.unwrap_or_default())
    };
    let show = option("--show", &|_| true);
    let half: Option<usize> = option("--half", &|_| true).map(|h| h.parse().unwrap());
    let evidence = option("--evidence", &|_| true).map_or(0.0, |e| e.parse().unwrap());
    let options = &Options { evidence, ..Options::default() };
    let kind = option("--plant", &|v| KINDS.iter().any(|k| k.0 == v));
    let mut recall: Vec<Vec<(usize, usize)>> = Vec::new();
    let mut table: Vec<(String, usize, BTreeMap<&str, usize>)> = Vec::new();
    for folder in &arguments {
        let documents = common::gold_documents(folder).into_iter().enumerate();
        let documents = documents.filter(|(k, _)| half.is_none_or(|h| k % 2 == h % 2));
        let units = documents.flat_map(|d| d.1).map(|(zh, en)| common::unit(GOLD, "", &zh, &en));
        let bitext = common::bitext(GOLD, units.collect());
        if let Some(kind) = &kind {
            recall.push(planted(&bitext.units, options, Some(kind)));
        }
        let mut counts = BTreeMap::new();
        for f in &check(&bitext, options, &|_| ()) {
            let weak = f.rule == "omission" && f.severity == Severity::Info;
            *counts.entry(if weak { WEAK } else { f.rule }).or_insert(0) += 1;
            if show.as_deref() == Some(f.rule) {
                let unit = &bitext.units[f.unit];
                println!("{}\n  {}\n  {}\n", told(f, unit), unit.variants[0].text, unit.variants[1].text);
            }
        }
        let name = folder.trim_end_matches('/').rsplit('/').next().unwrap_or("").to_string();
        table.push((name, bitext.units.len(), counts));
    }
    let row = |name: &str, cells: Vec<String>| println!("| {name} | {} |", cells.join(" | "));
    row("rule", table.iter().map(|t| t.0.clone()).collect());
    row("---", table.iter().map(|_| "---:".into()).collect());
    if kind.is_some() {
        for (n, (kind, _)) in KINDS.iter().enumerate() {
            let all = recall.iter().map(|r| r[n]);
            let (sum, found) = all.clone().fold((0, 0), |a, r| (a.0 + r.0, a.1 + r.1));
            let cells = all.map(|(all, found)| format!("{found}/{all}"));
            let share = 100.0 * found as f64 / sum.max(1) as f64;
            row(kind, cells.chain([format!("{found}/{sum}"), format!("{share:.1} %")]).collect());
        }
        return;
    }
    row("pairs", table.iter().map(|t| t.1.to_string()).collect());
    for rule in RULES {
        let cell = |t: &(String, usize, BTreeMap<&str, usize>)| t.2.get(rule.code).unwrap_or(&0).to_string();
        row(rule.code, table.iter().map(cell).collect());
        if rule.code == "omission" {
            row(WEAK, table.iter().map(|t| t.2.get(WEAK).unwrap_or(&0).to_string()).collect());
        }
    }
}
