//! How surely documents that are no translations of each other are told from those that are.
//!
//! Takes folders of `DOC.zh` and `DOC.en` (a segment a line) and `DOC.gold` (a bead a line). Aligns every document with its
//! translation, with parts and summaries of it and with other documents, and short stretches likewise, and prints for how many
//! the mean confidence is below 0.5, as `duizhao align` warns.
//!
//! ```text
//! cargo run --release --example strangers -- FOLDER…
//! ```
#![allow(clippy::print_stdout)]

mod common;

use common::Dice;
use duizhao::align::{AlignOptions, Aligner};
use duizhao::format::read_beads;
use duizhao::lexicon::Lexicon;
use duizhao::model::{Lang, Segment};
use rayon::prelude::*;
use std::error::Error;
use std::path::Path;

const DOUBTFUL: f64 = 0.5;
/// Strangers drawn for each document.
const OTHERS: usize = 3;
/// Beads in a stretch, and stretches drawn of each length.
const STRETCHES: [usize; 6] = [1, 2, 3, 5, 10, 20];
const DRAWN: usize = 250;
/// Documents of fewer beads are not cut into parts and summaries.
const LONG: usize = 20;
const SHARES: [usize; 3] = [2, 3, 5];

/// The lines of both sides of each bead that has two.
type Document = Vec<(Vec<String>, Vec<String>)>;

fn main() -> Result<(), Box<dyn Error>> {
    let mut documents: Vec<Document> = Vec::new();
    for folder in std::env::args().skip(1) {
        read(Path::new(&folder), &mut documents)?;
    }
    if documents.len() < 2 {
        return Err("strangers FOLDER… (at least two documents with their gold)".into());
    }
    let mut dice = Dice(7);
    let other = |dice: &mut Dice, k: usize| (k + 1 + dice.roll(documents.len() - 1)) % documents.len();
    let mut cases: Vec<(String, Vec<String>, Vec<String>)> = Vec::new();
    for (k, document) in documents.iter().enumerate() {
        cases.push(("translations".into(), zh(document), en(document)));
        for _ in 0..OTHERS {
            let stranger = &documents[other(&mut dice, k)];
            cases.push(("strangers".into(), zh(document), en(stranger)));
        }
        for share in SHARES.into_iter().filter(|_| document.len() >= LONG) {
            let size = document.len() / share;
            cases.push(("a part".into(), zh(document), en(&document[size..2 * size])));
            let summary: Document = document.iter().step_by(share).cloned().collect();
            cases.push(("a summary".into(), zh(document), en(&summary)));
        }
    }
    for length in STRETCHES {
        for _ in 0..DRAWN {
            let k = dice.roll(documents.len());
            let drawn = [k, other(&mut dice, k)].map(|k| {
                let beads = &documents[k];
                let start = dice.roll((beads.len() + 1).saturating_sub(length));
                &beads[start..beads.len().min(start + length)]
            });
            cases.push((format!("translations, {length} beads"), zh(drawn[0]), en(drawn[0])));
            cases.push((format!("strangers, {length} beads"), zh(drawn[0]), en(drawn[1])));
        }
    }
    let aligner =
        Aligner::new(Lexicon::built_in(), AlignOptions { explain: false, ..AlignOptions::default() })?;
    let doubtful: Vec<bool> =
        cases.par_iter().map(|(_, zh, en)| mean_confidence(&aligner, zh, en) < DOUBTFUL).collect();
    let mut kinds: Vec<&str> = cases.iter().map(|case| case.0.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    println!("pairs\tnumber\tdoubtful");
    for kind in kinds {
        let own: Vec<bool> =
            cases.iter().zip(&doubtful).filter(|(case, _)| case.0 == kind).map(|(_, d)| *d).collect();
        let count = own.iter().filter(|d| **d).count();
        println!("{kind}\t{}\t{:.1} %", own.len(), 100.0 * count as f64 / own.len() as f64);
    }
    Ok(())
}

fn zh(beads: &[(Vec<String>, Vec<String>)]) -> Vec<String> {
    beads.iter().flat_map(|bead| bead.0.clone()).collect()
}

fn en(beads: &[(Vec<String>, Vec<String>)]) -> Vec<String> {
    beads.iter().flat_map(|bead| bead.1.clone()).collect()
}

fn mean_confidence(aligner: &Aligner, zh: &[String], en: &[String]) -> f64 {
    let segments = |lines: &[String]| -> Vec<Segment> {
        lines.iter().enumerate().map(|(k, line)| Segment::line(line.as_str(), k + 1, 0..line.len())).collect()
    };
    aligner.align(Lang::Zh, segments(zh), segments(en), &|_| {}).mean_confidence()
}

fn read(folder: &Path, documents: &mut Vec<Document>) -> Result<(), Box<dyn Error>> {
    let mut golds: Vec<_> = std::fs::read_dir(folder)?
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "gold"))
        .collect();
    golds.sort();
    for gold in golds {
        let lines = |side: &str| std::fs::read_to_string(gold.with_extension(side));
        let (zh, en) = (lines("zh")?, lines("en")?);
        let (zh, en): (Vec<&str>, Vec<&str>) = (zh.lines().collect(), en.lines().collect());
        let pick = |lines: &[&str], ids: &[usize]| -> Vec<String> {
            ids.iter().filter_map(|&k| lines.get(k)).map(ToString::to_string).collect()
        };
        let beads = read_beads(&std::fs::read_to_string(&gold)?)?;
        let paired = beads.iter().filter(|(a, b)| !a.is_empty() && !b.is_empty());
        let document: Document = paired.map(|(a, b)| (pick(&zh, a), pick(&en, b))).collect();
        if !document.is_empty() {
            documents.push(document);
        }
    }
    Ok(())
}
