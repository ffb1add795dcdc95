//! `duizhao terms consistency`: is a translation consistent with itself?

use crate::cli::{Outcome, print};
use clap::Args;
use duizhao::Result;
use duizhao::format;
use duizhao::lexicon::Lexicon;
use duizhao::model::Side;
use duizhao::terms::{self, InconsistencyKind};
use std::fmt::Write;
use std::path::PathBuf;

/// Tell which terms and segments are rendered in more than one way, and which stand for several; no termbase is
/// needed. The likeliest come first. It is a list to read, so the exit status is 0.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  duizhao terms consistency letter.jsonl\n  duizhao terms consistency memory.tmx --top 20 --json"
)]
pub(super) struct Arguments {
    /// A bilingual file
    file: PathBuf,
    /// Show so many
    #[arg(long, default_value_t = 50, value_name = "N")]
    top: usize,
    /// JSON lines instead of text
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let bitext = format::read_file(&arguments.file, None)?;
    let found = terms::consistency(&Lexicon::built_in(), &bitext);
    let mut out = String::new();
    for item in found.iter().take(arguments.top) {
        let kind = if item.kind == InconsistencyKind::Term { "term" } else { "segment" };
        let side = if item.side == Side::Source { "source" } else { "target" };
        if arguments.json {
            let ways: Vec<serde_json::Value> = item
                .renderings
                .iter()
                .map(|r| {
                    let units: Vec<usize> = r.units.iter().map(|u| u + 1).collect();
                    serde_json::json!({"text": r.text, "count": units.len(), "units": units})
                })
                .collect();
            let line = serde_json::json!({
                "kind": kind, "side": side, "text": item.text, "score": item.score, "renderings": ways,
            });
            let _ = writeln!(out, "{line}");
            continue;
        }
        let _ = writeln!(out, "{side} {kind} {:?}  score {:.2}", item.text, item.score);
        for way in &item.renderings {
            let units: Vec<String> = way.units.iter().map(|u| (u + 1).to_string()).collect();
            let _ = writeln!(out, "  {} × {}  units {}", way.units.len(), way.text, units.join(" "));
            let Some(unit) = way.units.first().and_then(|u| bitext.units.get(*u)) else { continue };
            for variant in unit.variants.iter().take(2) {
                let _ = writeln!(out, "      {}", variant.text);
            }
        }
    }
    print(out.as_bytes())
}
