//! Compares our sentence boundaries with those of folders of split texts.
//!
//! A folder holds `DOC.zh.raw` (a paragraph a line) and `DOC.zh` (a sentence a line), the same for `.en`. Where there
//! is no `.raw` file, all lines of a document are joined and split again.
//!
//! ```text
//! cargo run --release --example score_segments -- FOLDER…            a table: precision, recall, F1 of boundaries
//! cargo run --release --example score_segments -- --errors FOLDER…   every difference with its surroundings
//! ```
#![allow(clippy::print_stdout)]

use duizhao::model::Lang;
use duizhao::segment::{SegmentOptions, split};
use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let errors = args.iter().any(|a| a == "--errors");
    for folder in args.iter().filter(|a| !a.starts_with("--")) {
        for (lang, ext) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
            let (mut hits, mut ours, mut theirs) = (0usize, 0usize, 0usize);
            let mut names: Vec<_> = std::fs::read_dir(folder)?.filter_map(|e| Some(e.ok()?.path())).collect();
            names.sort();
            for path in names.iter().filter(|p| p.extension().is_some_and(|e| e == ext)) {
                let (h, o, t) = score(path, lang, errors)?;
                hits += h;
                ours += o;
                theirs += t;
            }
            let (p, r) = (hits as f64 / ours.max(1) as f64, hits as f64 / theirs.max(1) as f64);
            println!("{folder} {ext}: P {p:.4} R {r:.4} F {:.4} ({theirs})", 2.0 * p * r / (p + r).max(1e-9));
        }
    }
    Ok(())
}

fn score(path: &Path, lang: Lang, errors: bool) -> Result<(usize, usize, usize), Box<dyn Error>> {
    let text = std::fs::read_to_string(path)?;
    let raw_path = format!("{}.raw", path.display());
    let paragraphs: Vec<String> = match std::fs::read_to_string(raw_path) {
        Ok(raw) => raw.lines().map(str::to_string).collect(),
        Err(_) => vec![text.lines().collect::<Vec<_>>().join(lang.joiner())],
    };
    let count = |s: &str| s.chars().filter(|c| !c.is_whitespace()).count();
    let mut gold = BTreeSet::new();
    let mut at = 0;
    for line in text.lines() {
        at += count(line);
        gold.insert(at);
    }
    let mut own = BTreeSet::new();
    let mut ends = BTreeSet::new();
    let mut base = 0;
    for paragraph in &paragraphs {
        for range in split(paragraph, lang, &SegmentOptions::default()) {
            own.insert(base + count(&paragraph[..range.end]));
        }
        base += count(paragraph);
        ends.insert(base);
    }
    // Ends of paragraphs are given, not found.
    let own: BTreeSet<_> = own.difference(&ends).copied().collect();
    let gold: BTreeSet<_> = gold.difference(&ends).copied().collect();
    if errors {
        let all: Vec<char> =
            paragraphs.iter().flat_map(|p| p.chars()).filter(|c| !c.is_whitespace()).collect();
        for (mark, at) in
            own.difference(&gold).map(|a| ('+', *a)).chain(gold.difference(&own).map(|a| ('-', *a)))
        {
            let before: String = all[at.saturating_sub(25)..at.min(all.len())].iter().collect();
            let after: String = all[at.min(all.len())..(at + 25).min(all.len())].iter().collect();
            println!("{mark} {before} ‖ {after}");
        }
    }
    Ok((own.intersection(&gold).count(), own.len(), gold.len()))
}
