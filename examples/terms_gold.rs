//! Measures `terms check` on translations that professionals made with the terms of a list.
//!
//! ```text
//! cargo run --release --example terms_gold -- DOCUMENTS TERMS 2015 2016        counts, and what planted swaps it finds
//! cargo run --release --example terms_gold -- DOCUMENTS TERMS --show 100 2017  so many findings, drawn by a fixed seed
//! cargo run --release --example terms_gold -- DOCUMENTS TERMS --show 100 --all 2017   those of severity info too
//! cargo run --release --example terms_gold -- DOCUMENTS TERMS --show 100 --seed 77 2017  drawn (and swapped) otherwise
//! cargo run --release --example terms_gold -- DOCUMENTS TERMS --missed 2017    the planted swaps without a warning
//! ```
//!
//! DOCUMENTS holds `YEAR_NAME.zh`, `.en` and `.gold` (beads `[0]:[0,1]`); TERMS holds `YEAR.tsv`, source and target
//! with `|` between several. A list whose first column is mostly Chinese is Chinese to English.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use duizhao::lexicon::{Lexicon, is_han};
use duizhao::model::{
    Bitext, Finding, Lang, LangTag, Severity, Side, TermStatus, Termbase, TranslationUnit, Variant,
};
use duizhao::terms::Checker;
use std::collections::BTreeMap;

/// Swaps are planted in this many goes.
const ROUNDS: usize = 10;

/// Knuth's MMIX generator; the upper bits.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % n
    }
}

fn indices(list: &str) -> Vec<usize> {
    list.trim().trim_matches(['[', ']']).split(',').filter_map(|n| n.trim().parse().ok()).collect()
}

fn unit(name: &str, texts: [(&LangTag, String); 2]) -> TranslationUnit {
    TranslationUnit {
        id: name.to_string(),
        variants: texts.into_iter().map(|(tag, text)| Variant::new(tag.clone(), text)).collect(),
        bead: None,
        attributes: Vec::new(),
        properties: Vec::new(),
        notes: Vec::new(),
    }
}

fn documents(folder: &str, year: &str, source: Lang) -> Bitext {
    let [zh_tag, en_tag] = ["zh", "en"].map(|t| t.parse::<LangTag>().unwrap());
    let mut stems: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|e| e.unwrap().path().to_str()?.strip_suffix(".gold").map(str::to_string))
        .filter(|s| s.rsplit('/').next().unwrap().starts_with(year))
        .collect();
    stems.sort();
    let (from, to) = if source == Lang::Zh { (&zh_tag, &en_tag) } else { (&en_tag, &zh_tag) };
    let mut out = Bitext::new(from.clone(), to.clone());
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
            if a.is_empty() || b.is_empty() {
                continue;
            }
            let (s, t) = if source == Lang::Zh { (a, b) } else { (b, a) };
            out.units.push(unit(stem.rsplit('/').next().unwrap(), [(from, s), (to, t)]));
        }
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

fn termbase(source: Lang, rows: &[(String, Vec<String>)]) -> Termbase {
    let [zh, en] = ["zh", "en"].map(|t| t.parse::<LangTag>().unwrap());
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
fn swaps(bitext: &Bitext, rows: &[(String, Vec<String>)], random: &mut Random) -> Vec<Swap> {
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
        let (at, s, (place, was)) = able[random.below(able.len())];
        let other = &rows[random.below(rows.len())];
        let now = &other.1[random.below(other.1.len())];
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
        "[{}] {} {}\n   {around}\n   {target}",
        bitext.units[finding.unit].id, finding.rule, finding.message
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
    let (mut total, mut sums) = (0, [0; 2]);
    let infos = take("--all", 0).is_some();
    let [documents_at, terms_at, years @ ..] = arguments.as_slice() else {
        return println!("DOCUMENTS TERMS YEAR…");
    };
    println!(
        "| year | units | warnings | in passing | other sense | short, divided | left out | swaps planted | found | as warning |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    for year in years {
        let (source, rows) = rows(terms_at, year);
        let bitext = documents(documents_at, year, source);
        let checker = Checker::new(&lexicon, &termbase(source, &rows), source);
        let findings = checker.check(&bitext).unwrap();
        let of = |rule: &str| findings.iter().filter(|f| f.rule == rule).count();
        let planted = swaps(&bitext, &rows, &mut Random(seed));
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
        let hit = |s: &&Swap, least: Severity| {
            after.iter().filter(|f| f.unit == s.unit && f.severity >= least).any(|f| {
                f.marks.iter().any(|m| {
                    m.side == Side::Source && m.bytes.start < s.at + s.source.len() && s.at < m.bytes.end
                })
            })
        };
        let share = |least: Severity| {
            let found = planted.iter().filter(|s| hit(s, least)).count();
            sums[usize::from(least > Severity::Info)] += found;
            format!("{found} ({:.1} %)", 100.0 * found as f64 / planted.len().max(1) as f64)
        };
        let mut share = share;
        let warnings = findings.iter().filter(|f| f.severity > Severity::Info).count();
        println!(
            "| {year} | {} | {warnings} | {} | {} | {} | {} | {} | {} | {} |",
            bitext.units.len(),
            of("term-again"),
            of("term-sense"),
            of("term-short") + of("term-divided"),
            of("term-omitted"),
            planted.len(),
            share(Severity::Info),
            share(Severity::Warning),
        );
        total += planted.len();
        for s in planted.iter().filter(|s| missed && !hit(s, Severity::Warning)) {
            let told = if hit(&s, Severity::Info) { "INFO" } else { "MISSED" };
            println!(
                "{told} {:?}: {:?} -> {:?}\n   {}\n   {}",
                s.source, s.was, s.now, bitext.units[s.unit].variants[0].text, s.target
            );
        }
        all.extend(
            findings.into_iter().filter(|f| infos || f.severity > Severity::Info).map(|f| (texts.len(), f)),
        );
        texts.push(bitext);
    }
    let percent = |n: usize| 100.0 * n as f64 / total.max(1) as f64;
    println!("swaps found: {:.1} % of {total}, {:.1} % as warnings\n", percent(sums[0]), percent(sums[1]));
    let mut random = Random(seed);
    for n in 1..=shown.min(all.len()) {
        let (which, finding) = all.swap_remove(random.below(all.len()));
        print!("{n}. ");
        show(&texts[which], &finding);
    }
}
