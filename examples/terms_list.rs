//! Prints what `terms consistency` or `terms extract` puts first on aligned gold documents, to be read and judged.
//!
//! ```text
//! cargo run --release --example terms_list -- consistency 20 FOLDER [PREFIX]
//! cargo run --release --example terms_list -- extract 100 FOLDER [PREFIX] [TERMS.tsv]
//! ```
//!
//! FOLDER holds `NAME.zh`, `.en` and `.gold` (beads `[0]:[0,1]`); PREFIX chooses documents. With a term list
//! (Chinese and English in two columns, in either order, `|` between several) the share of its terms that come three
//! times or more on both sides and are extracted is printed.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

mod common;

use common::GOLD;
use duizhao::lexicon::{Lexicon, is_han};
use duizhao::model::Bitext;
use duizhao::terms::{consistency, extract};
use std::collections::BTreeSet;
use std::time::Instant;

fn read(folder: &str, prefix: &str) -> Bitext {
    let documents = common::named_gold_documents(folder, prefix).into_iter();
    let units = documents.flat_map(|d| d.1).map(|(zh, en)| common::unit(GOLD, "", &zh, &en));
    common::bitext(GOLD, units.collect())
}

fn short(text: &str) -> String {
    text.chars().take(160).collect()
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, top, folder, rest @ ..] = arguments.as_slice() else {
        return println!("WHAT TOP FOLDER [PREFIX] [TERMS]");
    };
    let top: usize = top.parse().unwrap();
    let bitext = read(folder, rest.first().map_or("", String::as_str));
    let lexicon = Lexicon::built_in();
    let start = Instant::now();
    if what == "consistency" {
        let found = consistency(&lexicon, &bitext);
        println!(
            "{} units, {} items, {:.1} s",
            bitext.units.len(),
            found.len(),
            start.elapsed().as_secs_f64()
        );
        for (k, item) in (1..).zip(found.iter().take(top)) {
            println!("{k}. {:?} {:?} {} ({:.2})", item.side, item.kind, item.text, item.score);
            for way in &item.renderings {
                let v = &bitext.units[way.units[0]].variants;
                println!(
                    "    {} × {}\n        {}\n        {}",
                    way.units.len(),
                    way.text,
                    short(&v[0].text),
                    short(&v[1].text)
                );
            }
        }
        return;
    }
    let found = extract(&lexicon, &bitext, 2);
    println!("{} units, {} items, {:.1} s", bitext.units.len(), found.len(), start.elapsed().as_secs_f64());
    for (k, f) in (1..).zip(found.iter().take(top)) {
        println!("{k}. {} = {}  × {} {} ({:.2})", f.source, f.target, f.frequency, f.kind.as_str(), f.score);
    }
    let Some(list) = rest.get(1) else { return };
    let plain = |t: &str| lexicon.fold(t.trim()).to_lowercase().replace(['《', '》'], "");
    let texts: Vec<[String; 2]> =
        bitext.units.iter().map(|u| [plain(&u.variants[0].text), plain(&u.variants[1].text)]).collect();
    let mut listed = 0;
    let mut hits = [0; 3];
    let mut seen = BTreeSet::new();
    for line in std::fs::read_to_string(list).unwrap().lines() {
        let Some((a, b)) = line.split_once('\t') else { continue };
        let (zh, en) = if a.chars().any(is_han) { (a, b) } else { (b, a) };
        for zh in zh.split('|').map(plain) {
            for en in en.split('|').map(plain) {
                let together = texts.iter().filter(|t| t[0].contains(&zh) && t[1].contains(&en)).count();
                if together < 3
                    || zh.chars().count() < 2
                    || !zh.chars().any(is_han)
                    || !seen.insert((zh.clone(), en.clone()))
                {
                    continue;
                }
                listed += 1;
                let at = found.iter().position(|f| {
                    let (z, e) = (plain(&f.source), plain(&f.target));
                    z == zh && (e == en || e.trim_end_matches('s') == en.trim_end_matches('s'))
                });
                for (k, limit) in [100, 500, usize::MAX].into_iter().enumerate() {
                    hits[k] += usize::from(at.is_some_and(|a| a < limit));
                }
            }
        }
    }
    println!(
        "listed terms that come 3 times: {listed}; among the first 100: {}, 500: {}, all: {}",
        hits[0], hits[1], hits[2]
    );
}
