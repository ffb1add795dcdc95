//! How far the confidence can be trusted: calibration error, reliability by bins, and the share of beads that may be
//! accepted unseen.
//!
//! Works on what `examples/train/main.rs` writes for documents left out of the training (`OUT/SET/DOC.align`, `DOC.conf`) and
//! on the gold (`SET/DOC.gold`), bead by bead; sets whose gold is known by blocks only do not belong here.
//!
//! ```text
//! cargo run --release --example reliability -- OUT FOLDER…
//! ```
#![allow(clippy::print_stdout)]

use duizhao::format::read_beads;
use std::collections::HashSet;
use std::error::Error;
use std::path::Path;

const BINS: usize = 10;
/// Of the beads accepted unseen so many must be right.
const PRECISION: f64 = 0.99;

/// A bead: its confidence, and whether it stands in the gold.
type Judged = (f64, bool);

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [out, folders @ ..] = arguments.as_slice() else { return Err("reliability OUT FOLDER…".into()) };
    let mut all = Vec::new();
    println!("set\tbeads\tcalibration error\taccepted unseen at 99 %");
    for folder in folders {
        let name = Path::new(folder).file_name().ok_or("a folder has a name")?.to_string_lossy().into_owned();
        let judged = judge(Path::new(folder), &Path::new(out).join(&name))?;
        tell(&name, &judged);
        all.extend(judged);
    }
    tell("all", &all);
    println!("\nbin\tfrom\tto\tbeads\tmean confidence\tshare right");
    for (k, bin) in bins(&all).iter().enumerate() {
        let (mean, right) = means(bin);
        println!(
            "{}\t{:.3}\t{:.3}\t{}\t{mean:.4}\t{right:.4}",
            k + 1,
            bin[0].0,
            bin[bin.len() - 1].0,
            bin.len()
        );
    }
    Ok(())
}

/// The beads of all documents of a folder.
fn judge(gold: &Path, found: &Path) -> Result<Vec<Judged>, Box<dyn Error>> {
    let mut names: Vec<_> = std::fs::read_dir(found)?
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "conf"))
        .collect();
    names.sort();
    let mut out = Vec::new();
    for path in names {
        let document = path.file_stem().ok_or("a document has a name")?.to_string_lossy().into_owned();
        let truth = read_beads(&std::fs::read_to_string(gold.join(format!("{document}.gold")))?)?;
        let truth: HashSet<_> = truth.into_iter().collect();
        let beads = read_beads(&std::fs::read_to_string(path.with_extension("align"))?)?;
        let confidences = std::fs::read_to_string(&path)?;
        for (bead, confidence) in beads.into_iter().zip(confidences.lines()) {
            out.push((confidence.trim().parse()?, truth.contains(&bead)));
        }
    }
    Ok(out)
}

fn tell(name: &str, judged: &[Judged]) {
    println!("{name}\t{}\t{:.4}\t{:.2}", judged.len(), calibration_error(judged), unseen(judged));
}

/// The beads by confidence in bins of equal mass.
fn bins(judged: &[Judged]) -> Vec<Vec<Judged>> {
    let mut sorted = judged.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let edge = |k: usize| sorted.len() * k / BINS;
    (0..BINS).map(|k| sorted[edge(k)..edge(k + 1)].to_vec()).filter(|bin| !bin.is_empty()).collect()
}

/// Mean confidence, share right.
fn means(bin: &[Judged]) -> (f64, f64) {
    let count = bin.len() as f64;
    (bin.iter().map(|b| b.0).sum::<f64>() / count, bin.iter().filter(|b| b.1).count() as f64 / count)
}

/// The mean distance of confidence and truth over bins of equal mass.
fn calibration_error(judged: &[Judged]) -> f64 {
    let distance = |bin: Vec<Judged>| {
        let (mean, right) = means(&bin);
        (mean - right).abs() * bin.len() as f64
    };
    bins(judged).into_iter().map(distance).sum::<f64>() / judged.len() as f64
}

/// The greatest share of the beads, the surest first, of which [`PRECISION`] are right.
fn unseen(judged: &[Judged]) -> f64 {
    let mut sorted = judged.to_vec();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut right, mut most) = (0usize, 0usize);
    for (k, bead) in sorted.iter().enumerate() {
        right += usize::from(bead.1);
        if right as f64 >= PRECISION * (k + 1) as f64 {
            most = k + 1;
        }
    }
    most as f64 / judged.len() as f64
}
