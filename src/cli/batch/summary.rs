//! What a batch came to: for people, for a spreadsheet, for a program.

use super::plan::{How, Plan};
use super::state::Numbers;
use super::work::{How as Worked, Outcome};
use crate::cli::align::strangers;
use duizhao::format::write_table;
use duizhao::{Error, Result};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// A pair's line of the summary.
struct Line {
    name: String,
    source: String,
    target: String,
    found_by: &'static str,
    state: &'static str,
    numbers: Numbers,
    look: String,
}

/// The summary of a batch.
pub(super) struct Summary {
    lines: Vec<Line>,
    alone: Vec<(String, String)>,
    total: Numbers,
}

/// A pair with more than this share of beads to review needs a look: with the usual threshold of 0.9 a clean
/// translation has a tenth of its beads under it at most.
const MANY_TO_REVIEW: f64 = 0.3;

impl Summary {
    pub fn new(plan: &Plan, results: &[Result<Outcome>]) -> Summary {
        let mut total = Numbers::default();
        let mut lines = Vec::new();
        for ((pair, name), result) in plan.pairs.iter().zip(plan.names()).zip(results) {
            let found_by = match pair.how {
                How::Name => "name",
                How::Content { .. } => "content",
                How::Manifest => "manifest",
            };
            let mut look = Vec::new();
            if let How::Content { score, rival, sure: false } = pair.how {
                look.push(format!(
                    "paired by content and not sure (similarity {score:.2}, next best {rival:.2})"
                ));
            }
            let (state, numbers) = match result {
                Ok(outcome) => {
                    let numbers = outcome.done.numbers.clone();
                    total.add(&numbers);
                    if strangers(numbers.pairs(), numbers.mean()) {
                        look.push(format!("mean confidence {:.2}: perhaps no translations", numbers.mean()));
                    } else if numbers.to_review as f64 > MANY_TO_REVIEW * numbers.count() as f64 {
                        look.push(format!("{} of {} beads to review", numbers.to_review, numbers.count()));
                    }
                    let state = match outcome.how {
                        Worked::Aligned => "aligned",
                        Worked::AsBefore => "as before",
                        Worked::EditedByHand => {
                            look.push("changed, but so was its result by hand: left alone".to_string());
                            "left alone"
                        }
                    };
                    (state, numbers)
                }
                Err(e) => {
                    look.push(e.to_string());
                    ("failed", Numbers::default())
                }
            };
            lines.push(Line {
                name,
                source: pair.source.display().to_string(),
                target: pair.target.display().to_string(),
                found_by,
                state,
                numbers,
                look: look.join("; "),
            });
        }
        let alone = plan.alone.iter().map(|(f, why)| (f.display().to_string(), why.clone())).collect();
        Summary { lines, alone, total }
    }

    fn count(&self, state: &str) -> usize {
        self.lines.iter().filter(|l| l.state == state).count()
    }

    /// How many pairs could not be done.
    pub fn failed(&self) -> usize {
        self.count("failed")
    }

    /// The mean confidence over all beads, 0 to 1.
    pub fn mean(&self) -> f64 {
        self.total.mean()
    }

    pub fn text(&self) -> String {
        let mut out = format!("{} pairs:", self.lines.len());
        let states = ["aligned", "as before", "left alone", "failed"].map(|s| (s, self.count(s)));
        let told: Vec<String> =
            states.iter().filter(|s| s.1 > 0).map(|(state, count)| format!(" {count} {state}")).collect();
        out.push_str(&told.join(","));
        let _ = writeln!(out, "; {} files without a pair", self.alone.len());
        let t = &self.total;
        let _ = write!(
            out,
            "{} + {} segments, {} beads, mean confidence {:.3}, {} to review",
            t.source_segments,
            t.target_segments,
            t.count(),
            t.mean(),
            t.to_review
        );
        let mut kinds: Vec<(&String, &usize)> = t.beads.iter().collect();
        kinds.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        let kinds: Vec<String> = kinds.iter().map(|(kind, count)| format!("{kind}: {count}")).collect();
        let _ = writeln!(out, "\nbeads by kind: {}", kinds.join(", "));
        let looks: Vec<&Line> = self.lines.iter().filter(|l| !l.look.is_empty()).collect();
        if !looks.is_empty() || !self.alone.is_empty() {
            out.push_str("needs a look:\n");
        }
        for line in looks {
            let _ = writeln!(out, "  {}: {}", line.name, line.look);
        }
        for (file, why) in &self.alone {
            let _ = writeln!(out, "  {file}: no pair: {why}");
        }
        out
    }

    pub fn csv(&self) -> Result<String> {
        let head = [
            "name",
            "source",
            "target",
            "found-by",
            "state",
            "source-segments",
            "target-segments",
            "beads",
            "one-to-one",
            "without-counterpart",
            "mean-confidence",
            "to-review",
            "needs-a-look",
        ];
        let mut rows = vec![head.map(str::to_string).to_vec()];
        for l in &self.lines {
            let n = &l.numbers;
            let nulls = n.count() - n.pairs();
            rows.push(vec![
                l.name.clone(),
                l.source.clone(),
                l.target.clone(),
                l.found_by.to_string(),
                l.state.to_string(),
                n.source_segments.to_string(),
                n.target_segments.to_string(),
                n.count().to_string(),
                n.beads.get("1-1").copied().unwrap_or(0).to_string(),
                nulls.to_string(),
                format!("{:.4}", n.mean()),
                n.to_review.to_string(),
                l.look.clone(),
            ]);
        }
        for (file, why) in &self.alone {
            let mut row = vec![String::new(); head.len()];
            row[1].clone_from(file);
            row[4] = "without a pair".to_string();
            row[12].clone_from(why);
            rows.push(row);
        }
        write_table(&rows)
    }

    pub fn json(&self) -> Result<String> {
        let numbers = |n: &Numbers| {
            json!({
                "source_segments": n.source_segments,
                "target_segments": n.target_segments,
                "beads": n.beads,
                "mean_confidence": (n.mean() * 10_000.0).round() / 10_000.0,
                "to_review": n.to_review,
            })
        };
        let pairs: Vec<Value> = self
            .lines
            .iter()
            .map(|l| {
                json!({
                    "name": l.name, "source": l.source, "target": l.target, "found_by": l.found_by,
                    "state": l.state, "numbers": numbers(&l.numbers), "needs_a_look": l.look,
                })
            })
            .collect();
        let alone: Vec<Value> = self.alone.iter().map(|(f, why)| json!({"file": f, "why": why})).collect();
        let all = json!({"total": numbers(&self.total), "pairs": pairs, "without_a_pair": alone});
        let text = serde_json::to_string_pretty(&all).map_err(|e| Error::from(std::io::Error::from(e)))?;
        Ok(text + "\n")
    }
}
