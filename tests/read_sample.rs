//! The sample letter: what a careful reader makes of it.

#![allow(clippy::unwrap_used)]

use duizhao::model::{BlockKind, ChangeReason, Document, Lang};
use duizhao::read::{ReadOptions, read_file};
use std::path::PathBuf;

fn letter(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/samples").join(name)
}

fn read(name: &str) -> Document {
    read_file(&letter(name), &ReadOptions::default()).unwrap()
}

fn reduced(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The gold sentences of one side that are in no block, and the blocks that are in no gold sentence and contain none.
fn misses(document: &Document, column: usize) -> (Vec<String>, Vec<String>) {
    let gold = std::fs::read_to_string(letter("A-61-1006.gold.tsv")).unwrap();
    let sentences: Vec<String> = gold
        .lines()
        .skip(1)
        .filter_map(|row| row.split('\t').nth(column))
        .map(reduced)
        .filter(|s| !s.is_empty())
        .collect();
    let blocks: Vec<String> = document.blocks.iter().map(|b| reduced(&b.text)).collect();
    let lost = sentences.iter().filter(|s| !blocks.iter().any(|b| b.contains(*s))).cloned().collect();
    let extra = blocks
        .into_iter()
        .filter(|b| !sentences.iter().any(|s| b.contains(s) || s.contains(b.as_str())))
        .collect();
    (lost, extra)
}

#[test]
fn no_chinese_sentence_is_cut() {
    let (lost, extra) = misses(&read("A-61-1006.zh.txt"), 0);
    assert!(lost.is_empty(), "{lost:?}");
    assert!(extra.is_empty(), "{extra:?}");
}

#[test]
fn no_english_sentence_is_cut() {
    let (lost, extra) = misses(&read("A-61-1006.en.txt"), 1);
    assert!(lost.is_empty(), "{lost:?}");
    assert!(extra.is_empty(), "{extra:?}");
}

#[test]
fn the_cleaning_is_told() {
    let document = read("A-61-1006.zh.txt");
    let told: Vec<(ChangeReason, usize)> =
        document.changes.iter().map(|c| (c.reason, c.place.line)).collect();
    assert_eq!(
        told,
        [(ChangeReason::PageSeam, 75), (ChangeReason::NoteMark, 203), (ChangeReason::NoteMark, 205),]
    );
    let document = read("A-61-1006.en.txt");
    let count = |reason| document.changes.iter().filter(|c| c.reason == reason).count();
    assert_eq!(count(ChangeReason::RunningHead), 8);
    assert_eq!(count(ChangeReason::PageNumber), 3);
    assert_eq!(count(ChangeReason::JobNumber), 4);
    assert_eq!(count(ChangeReason::Rule), 1);
    assert_eq!(count(ChangeReason::SoftHyphen), 0);
}

#[test]
fn both_sides_have_the_note_as_a_note() {
    for (name, lang) in [("A-61-1006.zh.txt", Lang::Zh), ("A-61-1006.en.txt", Lang::En)] {
        let document = read(name);
        assert_eq!(document.lang, lang);
        assert_eq!(document.blocks.iter().filter(|b| b.kind == BlockKind::Footnote).count(), 1, "{name}");
    }
}
