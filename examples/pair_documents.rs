//! Measures how well the documents of a folder are paired by their content alone.
//!
//! `cargo run --profile quick --example pair_documents -- GOLD PAIRS SEED [LOST]` draws pairs at random from the sets
//! in the folder GOLD (files `NAME.zh` and `NAME.en`, or `NAME.zh.raw` and `NAME.en.raw`), writes them into a new
//! folder under names that say nothing, asks `duizhao align --batch --plan` which belong together, and counts.
//! With LOST, that many pairs in a hundred lose their Chinese document and as many their English one, so that the
//! others of these pairs are strangers that must stay alone. Build the program before with the same profile.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use duizhao::format::read_table;
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Made from other sets: the same texts with changes, which would be two right answers.
const MADE_FROM_OTHERS: [&str; 4] = ["_hard", "_del", "_par", "_tw"];

/// Pseudo-random numbers (xorshift64*, Vigna 2016).
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16) as usize % n.max(1)
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for k in (1..items.len()).rev() {
            items.swap(k, self.below(k + 1));
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [gold, count, seed, lost @ ..] = arguments.as_slice() else {
        return Err("usage: pair_documents GOLD PAIRS SEED [LOST]".into());
    };
    let (count, lost): (usize, usize) = (count.parse()?, lost.first().map_or(Ok(0), |l| l.parse())?);
    let mut random = Random(seed.parse::<u64>()?.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut pairs = pairs_in(Path::new(gold))?;
    random.shuffle(&mut pairs);
    pairs.truncate(count);
    let folder = std::env::temp_dir().join(format!("pair-documents-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    // Which pair a written file is of. Names are numbers drawn anew.
    let mut numbers: Vec<usize> = (0..2 * pairs.len()).collect();
    random.shuffle(&mut numbers);
    let (mut origin, mut whole) = (BTreeMap::new(), 0);
    let limit = pairs.len() * lost / 100;
    for (k, pair) in pairs.iter().enumerate() {
        for (side, path) in pair.iter().enumerate() {
            let gone = (k < limit && side == 0) || ((limit..2 * limit).contains(&k) && side == 1);
            if !gone {
                let name = format!("{:04}.txt", numbers[2 * k + side]);
                std::fs::copy(path, folder.join(&name))?;
                origin.insert(name, k);
            }
        }
        whole += usize::from(k >= 2 * limit);
    }
    let plan = folder.join("plan.csv");
    let program = std::env::current_exe()?.parent().unwrap().parent().unwrap().join("duizhao");
    let status = Command::new(program)
        .args(["align", "-q", "--batch"])
        .arg(&folder)
        .arg("--plan")
        .arg(&plan)
        .status()?;
    if status.code() == Some(2) {
        return Err("the program failed".into());
    }
    let (mut right, mut found) = ([0; 2], BTreeSet::new());
    let (mut wrong, mut similar) = ([0; 2], Vec::new());
    for (_, row) in read_table(&std::fs::read_to_string(&plan)?)?.into_iter().skip(1) {
        if row[1].is_empty() {
            continue;
        }
        let unsure = usize::from(row[4].contains("not sure"));
        let [a, b] = [origin[&row[0]], origin[&row[1]]];
        if a == b {
            right[unsure] += 1;
            similar.extend(row[4].split([' ', ',']).nth(1).and_then(|s| s.parse::<f64>().ok()));
            found.insert(a);
        } else {
            wrong[unsure] += 1;
            println!("  wrong: {} with {}: {}", pairs[a][0].display(), pairs[b][0].display(), row[4]);
        }
    }
    for k in (2 * limit..pairs.len()).filter(|k| !found.contains(k)) {
        println!("  not found: {}", pairs[k][0].display());
    }
    std::fs::remove_dir_all(&folder)?;
    println!(
        "seed {seed}: {whole} pairs and {} strangers: right {} (sure {}, to look at {}), wrong {} (sure {}, to look at {}), not found {}",
        2 * limit,
        right[0] + right[1],
        right[0],
        right[1],
        wrong[0] + wrong[1],
        wrong[0],
        wrong[1],
        whole - found.len()
    );
    similar.sort_by(f64::total_cmp);
    let at = |share: usize| similar.get(similar.len() * share / 100).copied().unwrap_or(0.0);
    println!(
        "  similarity of the right ones: 1 % under {}, 5 % under {}, half under {}",
        at(1),
        at(5),
        at(50)
    );
    Ok(())
}

/// All pairs of all sets, in the order of their names.
fn pairs_in(gold: &Path) -> Result<Vec<[PathBuf; 2]>, Box<dyn Error>> {
    let mut out = Vec::new();
    for set in std::fs::read_dir(gold)? {
        let set = set?.path();
        let name = set.file_name().unwrap().to_string_lossy().into_owned();
        if !set.is_dir() || MADE_FROM_OTHERS.iter().any(|m| name.ends_with(m)) {
            continue;
        }
        for file in std::fs::read_dir(&set)? {
            let file = file?.path();
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            let Some(name) = name.strip_suffix(".zh") else { continue };
            let side = |lang: &str| {
                let raw = set.join(format!("{name}.{lang}.raw"));
                if raw.exists() { raw } else { set.join(format!("{name}.{lang}")) }
            };
            out.push([side("zh"), side("en")]);
        }
    }
    out.sort();
    Ok(out)
}
