//! Measures `terms check` on translations that professionals made with the terms of a list.
//!
//! ```text
//! cargo run --release --example terms_gold -- DOCUMENTS TERMS 2015 2016        counts, and what planted swaps it finds
//! cargo run --release --example terms_gold -- DOCUMENTS TERMS --show 100 2017  so many findings, drawn by a fixed seed
//! cargo run --release --example terms_gold -- DOCUMENTS TERMS --show 100 --all 2017   those of severity info too
//! cargo run --release --example terms_gold -- DOCUMENTS TERMS --show 100 --seed 77 2017  drawn (and swapped) otherwise
//! cargo run --release --example terms_gold -- DOCUMENTS TERMS --missed 2017    the planted swaps without a warning
//! cargo run --release --example terms_gold -- DOCUMENTS TERMS --show 100 2015:2018   the list of 2015 on the documents of 2018
//! ```
//!
//! DOCUMENTS holds `YEAR_NAME.zh`, `.en` and `.gold` (beads `[0]:[0,1]`); TERMS holds `YEAR.tsv`, source and target
//! with `|` between several. A list whose first column is mostly Chinese is Chinese to English. Where the list is of another
//! year than the documents, what is shown are findings on terms that the documents' own list does not have; the same place
//! is shown once, whatever the number of lists.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

mod common;

use common::{Dice, GOLD};
use duizhao::lexicon::{Lexicon, is_han};
use duizhao::model::{Bitext, Finding, Lang, LangTag, Severity, Side, TermStatus, Termbase};
use duizhao::terms::Checker;
use std::collections::{BTreeMap, BTreeSet};

/// Swaps are planted in this many goes.
const ROUNDS: usize = 10;

fn documents(folder: &str, year: &str, source: Lang) -> Bitext {
    let mut units = Vec::new();
    for (name, pairs) in common::named_gold_documents(folder, year) {
        units.extend(pairs.iter().map(|(zh, en)| common::unit(GOLD, &name, zh, en)));
    }
    let mut out = common::bitext(GOLD, units);
    if source == Lang::En {
        std::mem::swap(&mut out.source_lang, &mut out.target_lang);
        out.units.iter_mut().for_each(|u| u.variants.reverse());
    }
    out
}

/// The list's rows and its source language.
fn rows(folder: &str, year: &str) -> (Lang, Vec<(String, Vec<String>)>) {
    let text = std::fs::read_to_string(format!("{folder}/{year}.tsv")).unwrap();
    let rows: Vec<(String, Vec<String>)> = text
        .lines()
        .filter_map(|l| l.split_once('\t'))
        .map(|(s, t)| (s.trim().to_string(), t.split('|').map(|t| t.trim().to_string()).collect()))
        .collect();
    let han = rows.iter().filter(|r| r.0.chars().any(is_han)).count();
    (if han * 2 > rows.len() { Lang::Zh } else { Lang::En }, rows)
}

/// The terms of a list, both columns, in lower case.
fn own_terms(folder: &str, year: &str) -> BTreeSet<String> {
    let (_, rows) = rows(folder, year);
    rows.into_iter().flat_map(|(s, ts)| std::iter::once(s).chain(ts)).map(|t| t.to_lowercase()).collect()
}

fn termbase(source: Lang, rows: &[(String, Vec<String>)]) -> Termbase {
    let [zh, en] = GOLD.map(|t| t.parse::<LangTag>().unwrap());
    let (from, to) = if source == Lang::Zh { (zh, en) } else { (en, zh) };
    let term = |lang: &LangTag, text: &String| duizhao::model::Term {
        lang: lang.clone(),
        text: text.clone(),
        status: TermStatus::Approved,
    };
    let entry = |(s, ts): &(String, Vec<String>)| duizhao::model::TermEntry {
        terms: std::iter::once(term(&from, s)).chain(ts.iter().map(|t| term(&to, t))).collect(),
        ..duizhao::model::TermEntry::default()
    };
    Termbase { entries: rows.iter().map(entry).collect() }
}

/// Where a text stands as whole words, any case.
fn places(text: &str, term: &str) -> Vec<usize> {
    let (text, term) = (text.to_lowercase(), term.to_lowercase());
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !is_han(c));
    text.match_indices(&term)
        .map(|x| x.0)
        .filter(|&at| {
            let before = joins(text[..at].chars().next_back()) && joins(term.chars().next());
            let after = joins(text[at + term.len()..].chars().next()) && joins(term.chars().next_back());
            !before && !after
        })
        .collect()
}

/// A swap: unit, place of the source term, the changed target text, what stood there and what stands now.
struct Swap {
    unit: usize,
    at: usize,
    source: String,
    target: String,
    was: String,
    now: String,
}

/// In each unit one term that stands once on each side, inside no longer term of the list, gets the target of
/// another entry.
fn swaps(bitext: &Bitext, rows: &[(String, Vec<String>)], dice: &mut Dice) -> Vec<Swap> {
    let mut by_source: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (s, ts) in rows {
        by_source.entry(s.to_lowercase()).or_default().extend(ts.iter().map(String::as_str));
    }
    let mut out = Vec::new();
    for (k, u) in bitext.units.iter().enumerate() {
        let (source, target) = (&u.variants[0].text, &u.variants[1].text);
        if source.to_lowercase().len() != source.len() || target.to_lowercase().len() != target.len() {
            continue;
        }
        let found: Vec<(usize, &String)> =
            by_source.keys().flat_map(|s| places(source, s).into_iter().map(move |at| (at, s))).collect();
        let mut able = Vec::new();
        for &(at, s) in &found {
            let inside =
                found.iter().any(|&(a, o)| o.len() > s.len() && a < at + s.len() && at < a + o.len());
            let once = found.iter().filter(|f| f.1 == s).count() == 1;
            let there: Vec<(usize, &str)> =
                by_source[s].iter().flat_map(|t| places(target, t).into_iter().map(|p| (p, *t))).collect();
            if !inside && once && there.len() == 1 && s.chars().count() > 1 {
                able.push((at, s, there[0]));
            }
        }
        if able.is_empty() {
            continue;
        }
        let (at, s, (place, was)) = able[dice.roll(able.len())];
        let other = &rows[dice.roll(rows.len())];
        let now = &other.1[dice.roll(other.1.len())];
        let (a, b) = (was.to_lowercase(), now.to_lowercase());
        // A variant of the same term is no error.
        if a.contains(&b) || b.contains(&a) || by_source[s].iter().any(|t| t.to_lowercase() == b) {
            continue;
        }
        let target = format!("{}{now}{}", &target[..place], &target[place + was.len()..]);
        out.push(Swap { unit: k, at, source: s.clone(), target, was: was.to_string(), now: now.clone() });
    }
    out
}

/// The finding, the clause around the term and the translation.
fn show(bitext: &Bitext, finding: &Finding) {
    let [source, target] = [0, 1].map(|k| &bitext.units[finding.unit].variants[k].text);
    let bytes = finding.marks[0].bytes.clone();
    let before = source[..bytes.start].char_indices().rev().nth(70).map_or(0, |x| x.0);
    let after = source[bytes.end..].char_indices().nth(50).map_or(source.len(), |x| bytes.end + x.0);
    let around = &source[before..after];
    println!(
        "[{}] {} {}{}\n   {around}\n   {target}",
        bitext.units[finding.unit].id,
        finding.rule,
        finding.message,
        finding.marks.get(1).map_or(String::new(), |m| format!(" [{}]", &target[m.bytes.clone()]))
    );
}

fn main() {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut take = |name: &str, values: usize| {
        let at = arguments.iter().position(|a| a == name)?;
        Some(arguments.drain(at..=at + values).next_back().unwrap())
    };
    let shown: usize = take("--show", 1).map_or(0, |n| n.parse().unwrap());
    let seed: u64 = take("--seed", 1).map_or(6, |n| n.parse().unwrap());
    let missed = take("--missed", 0).is_some();
    let lexicon = Lexicon::built_in();
    let mut all: Vec<(usize, Finding)> = Vec::new();
    let mut texts = Vec::new();
    let mut seen = BTreeSet::new();
    let (mut total, mut sums) = (0, [0; 2]);
    let infos = take("--all", 0).is_some();
    let [documents_at, terms_at, years @ ..] = arguments.as_slice() else {
        return println!("DOCUMENTS TERMS YEAR…");
    };
    println!(
        "| year | units | warnings | in passing | other sense | short, other form, divided | left out | swaps planted | found | as warning |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    for years in years {
        let (list, year) = years.split_once(':').unwrap_or((years, years));
        let (source, rows) = rows(terms_at, list);
        let bitext = documents(documents_at, year, source);
        let checker = Checker::new(&lexicon, &termbase(source, &rows), source);
        let findings = checker.check(&bitext).unwrap();
        let of = |rule: &str| findings.iter().filter(|f| f.rule == rule).count();
        let planted = swaps(&bitext, &rows, &mut Dice(seed));
        // One unit in ten is wrong at a time.
        let mut after: Vec<Finding> = Vec::new();
        for round in 0..ROUNDS {
            let mut changed = bitext.clone();
            let own = || planted.iter().filter(|s| s.unit % ROUNDS == round);
            for swap in own() {
                changed.units[swap.unit].variants[1].text.clone_from(&swap.target);
            }
            let found = checker.check(&changed).unwrap();
            after.extend(found.into_iter().filter(|f| own().any(|s| s.unit == f.unit)));
        }
        let told = |s: &Swap, least: Severity| {
            after.iter().filter(|f| f.unit == s.unit && f.severity >= least).find(|f| {
                f.marks.iter().any(|m| {
                    m.side == Side::Source && m.bytes.start < s.at + s.source.len() && s.at < m.bytes.end
                })
            })
        };
        let mut share = |least: Severity| {
            let found = planted.iter().filter(|s| told(s, least).is_some()).count();
            sums[usize::from(least > Severity::Info)] += found;
            format!("{found} ({:.1} %)", 100.0 * found as f64 / planted.len().max(1) as f64)
        };
        let warnings = findings.iter().filter(|f| f.severity > Severity::Info).count();
        println!(
            "| {years} | {} | {warnings} | {} | {} | {} | {} | {} | {} | {} |",
            bitext.units.len(),
            of("term-again"),
            of("term-sense"),
            of("term-short") + of("term-form") + of("term-divided"),
            of("term-omitted"),
            planted.len(),
            share(Severity::Info),
            share(Severity::Warning),
        );
        total += planted.len();
        for s in planted.iter().filter(|s| missed && told(s, Severity::Warning).is_none()) {
            let told = told(s, Severity::Info).map_or("MISSED", |f| f.rule);
            println!(
                "{told} {:?}: {:?} -> {:?}\n   {}\n   {}",
                s.source, s.was, s.now, bitext.units[s.unit].variants[0].text, s.target
            );
        }
        let own = if list == year { BTreeSet::new() } else { own_terms(terms_at, year) };
        for finding in findings.into_iter().filter(|f| infos || f.severity > Severity::Info) {
            let bytes = finding.marks[0].bytes.clone();
            let term = bitext.units[finding.unit].variants[0].text[bytes.clone()].to_lowercase();
            let place = (year, source, finding.unit, bytes.start, bytes.end);
            if !own.contains(&term) && seen.insert(place) {
                all.push((texts.len(), finding));
            }
        }
        texts.push(bitext);
    }
    let percent = |n: usize| 100.0 * n as f64 / total.max(1) as f64;
    println!("swaps found: {:.1} % of {total}, {:.1} % as warnings", percent(sums[0]), percent(sums[1]));
    println!("findings to read: {}\n", all.len());
    let mut dice = Dice(seed);
    for n in 1..=shown.min(all.len()) {
        let (which, finding) = all.swap_remove(dice.roll(all.len()));
        print!("{n}. ");
        show(&texts[which], &finding);
    }
}
