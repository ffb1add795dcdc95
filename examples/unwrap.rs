//! Shows and measures how documents are un-wrapped.
//!
//! `cargo run --example unwrap -- show FILE` prints the blocks and the cleaning report;
//! `… -- blocks FILE` the blocks alone, one a line;
//! `… -- untouched FILE…` checks that texts with a paragraph a line pass through as they are;
//! `… -- sentences FILE GOLD.tsv COLUMN` counts the gold sentences (column 1 or 2) that a block boundary or
//! furniture cuts; `… -- paragraphs FILE PARAGRAPHS` compares block ends with the lines of a file that has a paragraph a line.

#![allow(clippy::print_stdout)]

use duizhao::read::{ReadOptions, read_file};
use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["show", file] => show(file),
        ["blocks", file] => blocks(file),
        ["untouched", files @ ..] => untouched(files),
        ["sentences", file, gold, column] => sentences(file, gold, column.parse()?),
        ["paragraphs", file, raw] => paragraphs(file, raw),
        _ => Err("usage: show FILE | blocks FILE | untouched FILE… | sentences FILE GOLD.tsv COLUMN | paragraphs FILE RAW".into()),
    }
}

fn show(file: &str) -> Result<(), Box<dyn Error>> {
    let start = std::time::Instant::now();
    let document = read_file(Path::new(file), &ReadOptions::default())?;
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{:?} {:?} {} {:?} {seconds:.3} s",
        document.lang, document.script, document.encoding, document.notices
    );
    for block in &document.blocks {
        println!("{:>5} {:?}: {}", block.pieces[0].place.line, block.kind, block.text);
    }
    for change in &document.changes {
        println!("{:>5} {}: {}", change.place.line, change.reason, change.text);
    }
    Ok(())
}

fn blocks(file: &str) -> Result<(), Box<dyn Error>> {
    let document = read_file(Path::new(file), &ReadOptions::default())?;
    document.blocks.iter().for_each(|block| println!("{}", block.text));
    Ok(())
}

fn untouched(files: &[&str]) -> Result<(), Box<dyn Error>> {
    let (mut good, mut all) = (0, 0);
    for file in files {
        all += 1;
        let text = std::fs::read_to_string(file)?;
        let expected: Vec<&str> = text.split('\n').map(str::trim).filter(|l| !l.is_empty()).collect();
        match read_file(Path::new(file), &ReadOptions::default()) {
            Ok(document) => {
                let found: Vec<&str> = document.blocks.iter().map(|b| b.text.as_str()).collect();
                if found == expected && document.changes.is_empty() {
                    good += 1;
                } else {
                    let at = found.iter().zip(&expected).take_while(|(a, b)| a == b).count();
                    println!("{file}: block {at}: {:?}", found.get(at));
                }
            }
            Err(error) => println!("{error}"),
        }
    }
    println!("untouched: {good} of {all}");
    Ok(())
}

/// Letters, digits and Han only.
fn reduced(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn sentences(file: &str, gold: &str, column: usize) -> Result<(), Box<dyn Error>> {
    let document = read_file(Path::new(file), &ReadOptions::default())?;
    let blocks: Vec<String> = document.blocks.iter().map(|b| reduced(&b.text)).collect();
    let (mut lost, mut cut, mut all) = (0, 0, 0);
    let joined = blocks.concat();
    let gold = std::fs::read_to_string(gold)?;
    for row in gold.lines().skip(1) {
        let Some(sentence) = row.split('\t').nth(column - 1).map(reduced).filter(|s| !s.is_empty()) else {
            continue;
        };
        all += 1;
        if !blocks.iter().any(|b| b.contains(&sentence)) {
            if joined.contains(&sentence) {
                cut += 1;
                println!("  cut: {row}");
            } else {
                lost += 1;
                println!("  lost: {row}");
            }
        }
    }
    let gold_text: String =
        gold.lines().skip(1).filter_map(|r| r.split('\t').nth(column - 1)).map(reduced).collect();
    let extra: Vec<&str> = document
        .blocks
        .iter()
        .filter(|b| !reduced(&b.text).is_empty() && !gold_text.contains(&reduced(&b.text)))
        .map(|b| b.text.as_str())
        .collect();
    extra.iter().for_each(|text| println!("  not in the gold: {text}"));
    println!("{file}: {all} sentences, {cut} cut, {lost} not found, {} blocks not in the gold", extra.len());
    Ok(())
}

fn paragraphs(file: &str, raw: &str) -> Result<(), Box<dyn Error>> {
    let document = read_file(Path::new(file), &ReadOptions::default())?;
    let ends = |parts: &mut dyn Iterator<Item = String>| {
        let mut at = 0;
        let mut ends = BTreeSet::new();
        for part in parts {
            at += part.chars().count();
            ends.insert(at);
        }
        (at, ends)
    };
    let (length, found) = ends(&mut document.blocks.iter().map(|b| reduced(&b.text)));
    let text = std::fs::read_to_string(raw)?;
    let (expected_length, expected) = ends(&mut text.lines().map(reduced));
    let right = found.intersection(&expected).count();
    println!(
        "{file}: precision {:.4}, recall {:.4}, text {}",
        right as f64 / found.len().max(1) as f64,
        right as f64 / expected.len().max(1) as f64,
        if length == expected_length { "equal in length" } else { "DIFFERENT in length" },
    );
    Ok(())
}
