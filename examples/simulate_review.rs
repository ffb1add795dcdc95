//! Plays a reviewer who knows the truth, and tells how many rows he must look at until how many beads are right.
//!
//! A folder holds `DOC.zh` and `DOC.en` (a segment a line) and `DOC.gold` (a bead a line, `[0,1]:[0]`, 0-based). Its
//! documents are aligned and reviewed as one heap, by the operations of the review page: always the undecided row with
//! the lowest confidence is looked at; a right one is accepted; a wrong one is mended, which means that the rows around
//! it, as far as they cut across the truth, are merged, split rightly and accepted. Every row of such a stretch counts
//! as looked at. Then the document is aligned again around what is accepted (`--no-realign` leaves that out). All that
//! is never looked at is taken as it is.
//!
//! ```text
//! cargo run --release --example simulate_review -- [--weights OUT] [--no-realign] FOLDER…
//! ```
//!
//! `--weights OUT` takes for each document the weights that `examples/train/main.rs` learned without it (`OUT/FOLDER/DOC.weights`);
//! otherwise the built-in ones judge, which have seen the development sets.
//!
//! Right means: the very segments of a bead of the truth; a segment without counterpart is a bead of its own. The share
//! is of the rows or of the beads of the truth, whichever is less.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use duizhao::align::{AlignOptions, Aligner, Weights};
use duizhao::format::{About, bitext_of, read_beads};
use duizhao::lexicon::Lexicon;
use duizhao::model::{Lang, Script, Segment, Side, Status};
use duizhao::review::{Operation, Row, State, realign_with};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::error::Error;
use std::ops::Range;
use std::path::{Path, PathBuf};

type Failure = Box<dyn Error + Send + Sync>;
type Bead = (Range<usize>, Range<usize>);

/// The share of right beads that the review is to reach.
const GOAL: f64 = 0.99;
/// Shares of rows at which the curve is told.
const POINTS: [f64; 10] = [0.0, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3];

struct Document {
    state: State,
    weights: Weights,
    gold: BTreeSet<(usize, usize, usize, usize)>,
    corners: BTreeSet<(usize, usize)>,
    rows: usize,
}

/// A step of the review: rows looked at so far, and what is right of what there is.
#[derive(Clone, Copy)]
struct Point {
    looked: usize,
    right: usize,
    rows: usize,
}

fn main() -> Result<(), Failure> {
    let (mut folders, mut learned, mut again) = (Vec::new(), None, true);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--weights" => learned = Some(PathBuf::from(args.next().ok_or("--weights wants a folder")?)),
            "--no-realign" => again = false,
            _ => folders.push(PathBuf::from(arg)),
        }
    }
    for folder in &folders {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let documents = read(folder, learned.as_ref().map(|l| l.join(&name)).as_deref())?;
        let kind = if learned.is_some() { "left out" } else { "built-in weights" };
        report(&name, kind, review(documents, again)?);
    }
    Ok(())
}

fn read(folder: &Path, learned: Option<&Path>) -> Result<Vec<Document>, Failure> {
    let mut names: Vec<String> = std::fs::read_dir(folder)?
        .filter_map(|e| e.ok()?.file_name().into_string().ok()?.strip_suffix(".gold").map(str::to_string))
        .collect();
    names.sort();
    let read = |name: &String| -> Result<Document, Failure> {
        let text = |ext: &str| std::fs::read_to_string(folder.join(format!("{name}{ext}")));
        let segments = |text: String| -> Vec<Segment> {
            text.lines().enumerate().map(|(k, l)| Segment::line(l, k + 1, 0..l.len())).collect()
        };
        let (zh, en) = (segments(text(".zh")?), segments(text(".en")?));
        let weights = match learned {
            Some(folder) => {
                Weights::parse(&std::fs::read_to_string(folder.join(format!("{name}.weights")))?)?
            }
            None => Weights::built_in()?,
        };
        let gold = in_order(read_beads(&text(".gold")?)?, zh.len(), en.len())
            .ok_or_else(|| format!("{name}: the truth is not in order"))?;
        let aligner =
            Aligner::new(Lexicon::built_in(), AlignOptions::default())?.with_weights(weights.clone());
        let alignment = aligner.align(Lang::Zh, zh, en, &|_| {});
        let state = State::new(bitext_of(&alignment, &About { script: Script::Hans, header: Vec::new() }))?;
        let corners =
            gold.iter().map(|(a, b)| (a.start, b.start)).chain(gold.last().map(|(a, b)| (a.end, b.end)));
        Ok(Document {
            rows: state.rows().len(),
            corners: corners.collect(),
            gold: gold.iter().map(|(a, b)| (a.start, a.end, b.start, b.end)).collect(),
            state,
            weights,
        })
    };
    names.par_iter().map(read).collect()
}

/// The beads of the truth one after the other; segments without counterpart one by one. `None` if they cross.
fn in_order(gold: Vec<(Vec<usize>, Vec<usize>)>, n: usize, m: usize) -> Option<Vec<Bead>> {
    let mut pairs: Vec<_> = gold.into_iter().filter(|(a, b)| !a.is_empty() && !b.is_empty()).collect();
    pairs.sort();
    let (mut i, mut j) = (0, 0);
    let mut beads: Vec<Bead> = Vec::new();
    let nulls = |beads: &mut Vec<Bead>, i: Range<usize>, j: Range<usize>| {
        beads.extend(i.clone().map(|k| (k..k + 1, j.start..j.start)));
        beads.extend(j.map(|k| (i.end..i.end, k..k + 1)));
    };
    for (a, b) in pairs {
        let (zh, en) = (a[0]..a[a.len() - 1] + 1, b[0]..b[b.len() - 1] + 1);
        if zh.start < i || en.start < j || zh.len() != a.len() || en.len() != b.len() {
            return None;
        }
        nulls(&mut beads, i..zh.start, j..en.start);
        (i, j) = (zh.end, en.end);
        beads.push((zh, en));
    }
    nulls(&mut beads, i..n, j..m);
    Some(beads)
}

impl Document {
    fn shape(row: &Row) -> (usize, usize) {
        (row.segments(Side::Source).len(), row.segments(Side::Target).len())
    }

    /// Where each row begins, and where the last one ends.
    fn starts(&self) -> Vec<(usize, usize)> {
        let mut at = (0, 0);
        let mut out = vec![at];
        for row in self.state.rows() {
            let (n, m) = Self::shape(row);
            at = (at.0 + n, at.1 + m);
            out.push(at);
        }
        out
    }

    fn is_right(&self, starts: &[(usize, usize)], k: usize) -> bool {
        let ((i, j), (i2, j2)) = (starts[k], starts[k + 1]);
        if i == i2 || j == j2 {
            // Segments without counterpart may be told in any order among themselves.
            let null = |a: usize, side: bool| {
                self.gold.iter().any(|g| {
                    if side {
                        g.2 == g.3 && g.0 == a && g.1 == a + 1
                    } else {
                        g.0 == g.1 && g.2 == a && g.3 == a + 1
                    }
                })
            };
            return i2 + j2 == i + j + 1 && if i < i2 { null(i, true) } else { null(j, false) };
        }
        self.gold.contains(&(i, i2, j, j2))
    }

    /// Rows that are right, and the number of rows or of beads of the truth, whichever is more.
    fn standing(&self) -> (usize, usize) {
        let starts = self.starts();
        let rows = self.state.rows().len();
        ((0..rows).filter(|&k| self.is_right(&starts, k)).count(), rows.max(self.gold.len()))
    }

    /// The undecided row with the lowest confidence.
    fn doubtful(&self) -> Option<(f64, usize)> {
        let open = self.state.rows().iter().enumerate().filter(|(_, r)| r.bead().status != Status::Accepted);
        open.map(|(k, r)| (r.bead().confidence, k)).min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
    }

    /// Looks at a row and mends it. Returns how many rows were looked at.
    fn look(&mut self, k: usize, again: bool) -> Result<usize, Failure> {
        let starts = self.starts();
        if self.is_right(&starts, k) {
            self.state.apply(&Operation::SetStatus { rows: vec![k], status: Status::Accepted })?;
            return Ok(1);
        }
        let (mut from, mut to) = (k, k + 1);
        while !self.corners.contains(&starts[from]) {
            from -= 1;
        }
        while !self.corners.contains(&starts[to]) {
            to += 1;
        }
        let (start, end) = (starts[from], starts[to]);
        for _ in from + 1..to {
            self.state.apply(&Operation::Merge { row: from })?;
        }
        let beads: Vec<_> = self
            .gold
            .iter()
            .filter(|g| {
                (start.0, start.1) <= (g.0, g.2)
                    && g.0 >= start.0
                    && g.1 <= end.0
                    && g.2 >= start.1
                    && g.3 <= end.1
            })
            .filter(|g| g.0 < g.1 || g.2 < g.3)
            .copied()
            .collect();
        let mut row = from;
        for (n, bead) in beads.iter().enumerate() {
            if n + 1 < beads.len() {
                let (source, target) = (bead.1 - bead.0, bead.3 - bead.2);
                self.state.apply(&Operation::Split { row, source, target })?;
            }
            row += 1;
        }
        self.state.apply(&Operation::SetStatus { rows: (from..row).collect(), status: Status::Accepted })?;
        if again {
            let change = realign_with(&self.state, self.weights.clone())?;
            self.state.commit(change);
        }
        Ok(to - from)
    }
}

fn review(mut documents: Vec<Document>, again: bool) -> Result<Vec<Point>, Failure> {
    let all: usize = documents.iter().map(|d| d.rows).sum();
    let mut standing: Vec<_> = documents.iter().map(Document::standing).collect();
    let mut doubtful: Vec<_> = documents.iter().map(Document::doubtful).collect();
    let mut looked = 0;
    let mut curve = Vec::new();
    let furthest = POINTS[POINTS.len() - 1] * all as f64;
    loop {
        let (right, rows) = standing.iter().fold((0, 0), |sum, s| (sum.0 + s.0, sum.1 + s.1));
        curve.push(Point { looked, right, rows });
        let next = doubtful.iter().enumerate().filter_map(|(d, row)| row.map(|(c, k)| (c, d, k)));
        let next = next.min_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let Some((_, d, k)) = next.filter(|_| (looked as f64) < furthest) else { break };
        looked += documents[d].look(k, again)?;
        standing[d] = documents[d].standing();
        doubtful[d] = documents[d].doubtful();
    }
    // The first entry tells the number of rows there are.
    curve.insert(0, Point { looked: all, right: 0, rows: 0 });
    Ok(curve)
}

fn report(name: &str, kind: &str, curve: Vec<Point>) {
    let (all, curve) = (curve[0].looked as f64, &curve[1..]);
    let share = |p: &Point| p.right as f64 / p.rows.max(1) as f64;
    print!("{name}\t{kind}\t{all}");
    for point in POINTS {
        // What is reached when no more than this share was looked at.
        let reached = curve.iter().rfind(|p| p.looked as f64 <= point * all).map_or(0.0, share);
        print!("\t{:.1}%: {:.2}%", point * 100.0, reached * 100.0);
    }
    match curve.iter().find(|p| share(p) >= GOAL) {
        Some(p) => {
            println!("\t{}% after {} rows = {:.1}%", GOAL * 100.0, p.looked, p.looked as f64 / all * 100.0)
        }
        None => println!("\t{}% not reached", GOAL * 100.0),
    }
}
