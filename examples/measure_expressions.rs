//! Measures the expression readers on folders of aligned lines: `DOC.zh`, `DOC.en`, `DOC.gold` with beads `[0]:[0,1]`.
//!
//! Prints for each folder the share of strong expressions that match in the right bead, how many are reported missing,
//! and the share that match in a wrong bead, the third after. With `--show`, also the missing ones.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use duizhao::feature::{Expression, compare, expressions};
use duizhao::model::Lang;
use std::path::Path;

fn indices(list: &str) -> Vec<usize> {
    list.trim().trim_matches(['[', ']']).split(',').filter_map(|n| n.trim().parse().ok()).collect()
}

fn beads(stem: &Path) -> Vec<(String, String)> {
    let lines = |ext: &str| -> Vec<String> {
        std::fs::read_to_string(stem.with_added(ext)).unwrap().lines().map(str::to_string).collect()
    };
    let (zh, en) = (lines("zh"), lines("en"));
    let join = |from: &[String], list: &str, by: &str| {
        indices(list).iter().filter_map(|&i| from.get(i)).cloned().collect::<Vec<_>>().join(by)
    };
    lines("gold")
        .iter()
        .filter_map(|l| l.split_once(':'))
        .map(|(a, b)| (join(&zh, a, ""), join(&en, b, " ")))
        .filter(|(a, b)| !a.is_empty() && !b.is_empty())
        .collect()
}

trait WithAdded {
    fn with_added(&self, ext: &str) -> std::path::PathBuf;
}

impl WithAdded for Path {
    fn with_added(&self, ext: &str) -> std::path::PathBuf {
        format!("{}.{ext}", self.display()).into()
    }
}

fn main() {
    let (flags, folders): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|a| a.starts_with("--"));
    let show = flags.iter().any(|f| f == "--show");
    println!(
        "{:<24}{:>7}{:>8}{:>8}{:>9}{:>10}{:>9}",
        "folder", "beads", "strong", "found", "missing", "beads/miss", "chance"
    );
    for folder in folders {
        let mut stems: Vec<_> = std::fs::read_dir(&folder)
            .unwrap()
            .filter_map(|e| e.unwrap().path().to_str()?.strip_suffix(".gold").map(std::path::PathBuf::from))
            .collect();
        stems.sort();
        let (mut count, mut strong, mut missing, mut bad, mut wrong, mut wrong_of) = (0, 0, 0, 0, 0, 0);
        for stem in stems {
            let beads = beads(&stem);
            let read: Vec<(Vec<Expression>, Vec<Expression>)> =
                beads.iter().map(|(a, b)| (expressions(a, Lang::Zh), expressions(b, Lang::En))).collect();
            for (k, (a, b)) in read.iter().enumerate() {
                let c = compare(a, b);
                let here = a.iter().chain(b).filter(|e| !e.weak).count();
                let gone = c.missing_in_target.len() + c.missing_in_source.len();
                count += 1;
                strong += here;
                missing += gone;
                bad += usize::from(gone > 0);
                if show && gone > 0 {
                    println!("ZH {}\nEN {}", beads[k].0, beads[k].1);
                    for &i in &c.missing_in_target {
                        println!("   zh only {:?} {:?}", &beads[k].0[a[i].bytes.clone()], a[i].key);
                    }
                    for &j in &c.missing_in_source {
                        println!("   en only {:?} {:?}", &beads[k].1[b[j].bytes.clone()], b[j].key);
                    }
                }
                if let Some((_, other)) = read.get(k + 3) {
                    let c = compare(a, other);
                    let all = a.iter().chain(other).filter(|e| !e.weak).count();
                    wrong_of += all;
                    wrong += all - c.missing_in_target.len() - c.missing_in_source.len();
                }
            }
        }
        let share = |a: usize, b: usize| 100.0 * a as f64 / b.max(1) as f64;
        println!(
            "{:<24}{count:>7}{strong:>8}{:>7.1}%{missing:>9}{:>10.1}{:>8.1}%",
            folder.rsplit('/').next().unwrap_or(""),
            share(strong - missing, strong),
            count as f64 / bad.max(1) as f64,
            share(wrong, wrong_of)
        );
    }
}
