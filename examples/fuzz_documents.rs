//! Breaks documents and reads them, for as long as one likes.
//!
//! `cargo run --release --example fuzz_documents -- FOLDER MINUTES [SEED]` takes every file in the folder, whatever its
//! kind, breaks copies of it at random and reads them as the program would. A panic, or a document that takes longer
//! than five seconds, is kept in `FOLDER/found` and told; the exit code is then 1. The same seed breaks the same way.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

#[path = "../tests/documents/build.rs"]
mod build;
#[path = "../tests/documents/mutate.rs"]
mod mutate;

use duizhao::read::{ReadOptions, read_bytes};
use mutate::{Random, broken, parts};
use std::collections::BTreeMap;
use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Slower than this is a finding: the documents are small.
const SLOW: Duration = Duration::from_secs(5);

#[derive(Default)]
struct Count {
    read: usize,
    refused: usize,
    slowest: Duration,
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, minutes, seed @ ..] = arguments.as_slice() else {
        return Err("usage: fuzz_documents FOLDER MINUTES [SEED]".into());
    };
    let folder = Path::new(folder);
    let time = Duration::from_secs_f64(minutes.parse::<f64>()? * 60.0);
    let mut random = Random::new(seed.first().map_or(Ok(1), |s| s.parse())?);
    let mut samples = Vec::new();
    let mut names: Vec<_> =
        std::fs::read_dir(folder)?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
    names.sort();
    for path in names.into_iter().filter(|p| p.is_file()) {
        let bytes = std::fs::read(&path)?;
        let parts = parts(&bytes);
        samples.push((path.file_name().unwrap().to_string_lossy().into_owned(), bytes, parts));
    }
    if samples.is_empty() {
        return Err("the folder has no files".into());
    }
    std::panic::set_hook(Box::new(|_| {}));
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    let (start, mut found) = (Instant::now(), 0);
    while start.elapsed() < time {
        for (name, bytes, parts) in &samples {
            let input = broken(bytes, parts.as_deref(), &mut random);
            let begun = Instant::now();
            let result =
                catch_unwind(AssertUnwindSafe(|| read_bytes(&input, name, &ReadOptions::default()).is_ok()));
            let took = begun.elapsed();
            let kind = name.rsplit('.').next().unwrap_or_default().to_lowercase();
            let count = counts.entry(kind).or_default();
            count.slowest = count.slowest.max(took);
            match result {
                Ok(true) => count.read += 1,
                Ok(false) => count.refused += 1,
                Err(_) => {}
            }
            if result.is_err() || took > SLOW {
                found += 1;
                let place = folder.join("found");
                std::fs::create_dir_all(&place)?;
                let place = place.join(format!("{found}.{name}"));
                std::fs::write(&place, &input)?;
                let what = if result.is_err() { "panic".into() } else { format!("{took:.1?}") };
                println!("{what}: {}", place.display());
            }
        }
    }
    for (kind, count) in &counts {
        let Count { read, refused, slowest } = count;
        println!("{kind}: {} inputs, {read} read, {refused} refused, slowest {slowest:.1?}", read + refused);
    }
    println!("{found} findings in {:.1} minutes", start.elapsed().as_secs_f64() / 60.0);
    Ok(ExitCode::from(u8::from(found > 0)))
}
