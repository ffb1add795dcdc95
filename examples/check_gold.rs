//! Counts what the checks report on correct translations: folders of `DOC.zh`, `DOC.en`, `DOC.gold` with beads
//! `[0]:[0,1]`. Prints findings a rule and folder; with `--show RULE`, each of them. With `--plant`, errors are planted
//! into the same pairs, one at a time, and the share that the right rule finds is printed a kind and folder;
//! `--plant KIND` shows the ones that are missed.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use duizhao::check::{Options, RULES, check};
use duizhao::model::{Bitext, LangTag, TranslationUnit, Variant};
use std::collections::BTreeMap;

fn indices(list: &str) -> Vec<usize> {
    list.trim().trim_matches(['[', ']']).split(',').filter_map(|n| n.trim().parse().ok()).collect()
}

fn unit(zh: &str, en: &str) -> TranslationUnit {
    let tag = |t: &str| t.parse::<LangTag>().unwrap();
    TranslationUnit {
        id: String::new(),
        variants: vec![Variant::new(tag("zh"), zh), Variant::new(tag("en"), en)],
        bead: None,
        attributes: Vec::new(),
        properties: Vec::new(),
        notes: Vec::new(),
    }
}

fn units(folder: &str, out: &mut Vec<TranslationUnit>) {
    let mut stems: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|e| e.unwrap().path().to_str()?.strip_suffix(".gold").map(str::to_string))
        .collect();
    stems.sort();
    for stem in stems {
        let lines = |ext: &str| -> Vec<String> {
            std::fs::read_to_string(format!("{stem}.{ext}")).unwrap().lines().map(str::to_string).collect()
        };
        let (zh, en) = (lines("zh"), lines("en"));
        let join = |from: &[String], list: &str, by: &str| {
            indices(list).iter().filter_map(|&i| from.get(i)).cloned().collect::<Vec<_>>().join(by)
        };
        for line in lines("gold") {
            let Some((a, b)) = line.split_once(':') else { continue };
            let (a, b) = (join(&zh, a, ""), join(&en, b, " "));
            if !a.is_empty() && !b.is_empty() {
                out.push(unit(&a, &b));
            }
        }
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % sides.max(1) as u64) as usize
    }
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
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
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

/// The pair with an error of this kind, or nothing where it has no place for one.
fn plant(kind: &str, zh: &str, en: &str, dice: &mut Dice) -> Option<(String, String)> {
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
                digits(en, at) >= 2
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
            let (at, k) =
                pick(places(en, &MONTHS).into_iter().filter(|p| MONTHS[p.1] != "May").collect(), dice)?;
            zh_only(Some(swap(en, at, MONTHS[k], MONTHS[(k + 1) % 12])))
        }
        "year" => {
            let found = en.char_indices().filter(|&(at, _)| {
                let year = en.get(at..at + 4).and_then(|y| y.parse::<u16>().ok());
                year.is_some_and(|y| (1900..2040).contains(&y))
                    && digits(en, at) == 4
                    && digits(&en[..at], at) == 0
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
            let words = ["没有", "沒有", "不", "未", "没"];
            let (at, k) = pick(places(zh, &words), dice)?;
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
fn planted(units: &[TranslationUnit], show: Option<&str>) -> Vec<(usize, usize)> {
    let mut dice = Dice(61);
    let bitext = |units: Vec<TranslationUnit>| {
        let mut out = Bitext::new("zh".parse().unwrap(), "en".parse().unwrap());
        out.units = units;
        out
    };
    // What a rule says of the correct pair is no discovery of the planted error.
    let before = check(&bitext(units.to_vec()), &Options::default(), &|_| ());
    let mut said: BTreeMap<(usize, &str), usize> = BTreeMap::new();
    for f in &before {
        *said.entry((f.unit, f.rule)).or_insert(0) += 1;
    }
    let mut out = Vec::new();
    for (kind, rules) in KINDS {
        let mut from = Vec::new();
        let mut wrong = Vec::new();
        for (k, u) in units.iter().enumerate() {
            if let Some((zh, en)) = plant(kind, &u.variants[0].text, &u.variants[1].text, &mut dice) {
                from.push(k);
                wrong.push(unit(&zh, &en));
            }
        }
        let bitext = bitext(wrong);
        let mut now: BTreeMap<(usize, &str), usize> = BTreeMap::new();
        for f in check(&bitext, &Options::default(), &|_| ()) {
            *now.entry((f.unit, f.rule)).or_insert(0) += 1;
        }
        let mut found = 0;
        for (n, k) in from.iter().enumerate() {
            let hit =
                rules.iter().any(|r| now.get(&(n, *r)).unwrap_or(&0) > said.get(&(*k, *r)).unwrap_or(&0));
            found += usize::from(hit);
            if !hit && show == Some(kind) {
                println!(
                    "[missed] {}\n  {}\n",
                    bitext.units[n].variants[0].text, bitext.units[n].variants[1].text
                );
            }
        }
        out.push((from.len(), found));
    }
    out
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let show = arguments.iter().position(|a| a == "--show").map(|p| arguments[p + 1].clone());
    let planting = arguments.iter().position(|a| a == "--plant");
    let kind =
        planting.and_then(|p| arguments.get(p + 1)).filter(|k| KINDS.iter().any(|x| x.0 == k.as_str()));
    let folders =
        arguments.iter().filter(|a| !a.starts_with("--") && Some(*a) != show.as_ref() && Some(*a) != kind);
    let mut recall: Vec<Vec<(usize, usize)>> = Vec::new();
    let mut table: Vec<(String, usize, BTreeMap<&str, usize>)> = Vec::new();
    for folder in folders {
        let mut bitext = Bitext::new("zh".parse().unwrap(), "en".parse().unwrap());
        units(folder, &mut bitext.units);
        if planting.is_some() {
            recall.push(planted(&bitext.units, kind.map(String::as_str)));
        }
        let findings = check(&bitext, &Options::default(), &|_| ());
        let mut counts = BTreeMap::new();
        for f in &findings {
            *counts.entry(f.rule).or_insert(0) += 1;
            if show.as_deref() == Some(f.rule) {
                let v = &bitext.units[f.unit].variants;
                let marked: Vec<&str> = f
                    .marks
                    .iter()
                    .map(|m| &v[usize::from(m.side == duizhao::model::Side::Target)].text[m.bytes.clone()])
                    .collect();
                println!("[{}] {} {marked:?}\n  {}\n  {}", f.rule, f.message, v[0].text, v[1].text);
            }
        }
        let name = folder.trim_end_matches('/').rsplit('/').next().unwrap_or("").to_string();
        table.push((name, bitext.units.len(), counts));
    }
    let row = |name: &str, cells: Vec<String>| println!("| {name} | {} |", cells.join(" | "));
    row("rule", table.iter().map(|t| t.0.clone()).collect());
    row("---", table.iter().map(|_| "---:".into()).collect());
    if planting.is_some() {
        for (n, (kind, _)) in KINDS.iter().enumerate() {
            let all = recall
                .iter()
                .map(|r| r[n])
                .chain([recall.iter().fold((0, 0), |a, r| (a.0 + r[n].0, a.1 + r[n].1))]);
            let cell = |(all, found): (usize, usize)| format!("{found}/{all}");
            row(kind, all.map(cell).collect());
        }
        return;
    }
    row("pairs", table.iter().map(|t| t.1.to_string()).collect());
    for rule in RULES {
        let cell = |t: &(String, usize, BTreeMap<&str, usize>)| t.2.get(rule.code).unwrap_or(&0).to_string();
        row(rule.code, table.iter().map(cell).collect());
    }
}
