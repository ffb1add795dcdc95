//! Broken files end in a document or in an error, never in a panic, whatever the reader. `DUIZHAO_FUZZ_ROUNDS` breaks
//! each more often than the 60 times of a normal run; the example `fuzz_documents` goes on for minutes.
#![allow(clippy::unwrap_used)]

#[path = "documents/bilingual.rs"]
mod bilingual;
#[path = "documents/build.rs"]
mod build;
#[path = "documents/fixtures.rs"]
mod fixtures;
#[path = "documents/mutate.rs"]
mod mutate;
#[path = "read_kinds/pdf_writer.rs"]
mod pdf_writer;
#[path = "documents/readers.rs"]
mod readers;

use fixtures::Fixture;
use mutate::{Random, broken};
use readers::{READERS, read_one};
use std::time::{Duration, Instant};

fn fixtures() -> Vec<Fixture> {
    let mut all = fixtures::documents();
    all.extend(bilingual::bilingual());
    all
}

#[test]
fn every_reader_has_files_that_it_reads() {
    let desk = tempfile::tempdir().unwrap();
    let mut seen = std::collections::BTreeSet::new();
    let mut unread = Vec::new();
    for file in fixtures() {
        let path = desk.path().join(&file.name);
        std::fs::write(&path, file.bytes()).unwrap();
        // Turn 3 reads a memory as a whole.
        if let Err(e) = read_one(file.reader, &path, 3) {
            unread.push(format!("{} {}: {e}", file.reader, file.name));
        }
        seen.insert(file.reader);
    }
    // The bomb is there to be refused.
    assert!(matches!(unread.as_slice(), [bomb] if bomb.contains("bomb.tmx")), "{unread:#?}");
    assert!(READERS.iter().all(|r| seen.contains(r)), "{seen:?}");
}

#[test]
fn broken_files_end_in_a_document_or_an_error() {
    let rounds = std::env::var("DUIZHAO_FUZZ_ROUNDS").map_or(60, |r| r.parse().unwrap());
    let desk = tempfile::tempdir().unwrap();
    let all = fixtures();
    for reader in READERS {
        let files: Vec<&Fixture> = all.iter().filter(|f| f.reader == reader).collect();
        let others: Vec<&[u8]> = files.iter().flat_map(|f| f.parts.iter().map(|p| p.1.as_slice())).collect();
        let (mut errors, mut read) = (0, 0);
        for seed in 0..rounds {
            for file in &files {
                let mut random = Random::new(seed);
                let path = desk.path().join(&file.name);
                std::fs::write(&path, broken(file.pack, &file.parts, &others, &mut random)).unwrap();
                let start = Instant::now();
                match read_one(reader, &path, random.below(1 << 16)) {
                    Ok(()) => read += 1,
                    Err(e) => {
                        errors += 1;
                        assert!(!e.to_string().is_empty());
                    }
                }
                let took = start.elapsed();
                assert!(took < Duration::from_secs(10), "{reader} {}, seed {seed}: {took:?}", file.name);
            }
        }
        assert!(errors > 0 && read > 0, "{reader}: {errors} refused, {read} read");
    }
}
