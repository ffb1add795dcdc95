//! Counts what the checks report on correct translations: folders of `DOC.zh`, `DOC.en`, `DOC.gold` with beads
//! `[0]:[0,1]`. Prints findings a rule and folder; with `--show RULE`, each of them.

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

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let show = arguments.iter().position(|a| a == "--show").map(|p| arguments[p + 1].clone());
    let folders = arguments.iter().filter(|a| !a.starts_with("--") && Some(*a) != show.as_ref());
    let mut table: Vec<(String, usize, BTreeMap<&str, usize>)> = Vec::new();
    for folder in folders {
        let mut bitext = Bitext::new("zh".parse().unwrap(), "en".parse().unwrap());
        units(folder, &mut bitext.units);
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
    row("pairs", table.iter().map(|t| t.1.to_string()).collect());
    for rule in RULES {
        let cell = |t: &(String, usize, BTreeMap<&str, usize>)| t.2.get(rule.code).unwrap_or(&0).to_string();
        row(rule.code, table.iter().map(cell).collect());
    }
}
