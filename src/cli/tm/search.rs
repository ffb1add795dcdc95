//! `duizhao tm search`: the concordance.

use super::super::Outcome;
use super::{Place, Wanted, cell};
use clap::Args;
use duizhao::Result;
use duizhao::memory::Needle;
use std::io::{IsTerminal, Write};
use std::ops::Range;

const EXAMPLES: &str = "\
Examples:
  duizhao tm search 安全理事会
  duizhao tm search election --limit 10
  duizhao tm search --regex '第[0-9]+号'";

/// Find units that use a word, on either side. 选举 also finds 選舉, `election` also finds `elections`.
///
/// Exit status 1 when nothing is found.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The word, or several as one text
    text: String,
    /// The text is a regular expression
    #[arg(long)]
    regex: bool,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    wanted: Wanted,
    /// At most so many units
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// Print the source texts before and after, where the memory knows them
    #[arg(long)]
    context: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let mut needle =
        if arguments.regex { Needle::pattern(&arguments.text)? } else { Needle::text(&arguments.text)? };
    let memory = arguments.place.open()?;
    let colour = std::io::stdout().is_terminal();
    let mut out = anstream::stdout().lock();
    let mut count = 0;
    memory.search(&mut needle, &arguments.wanted.filter(&arguments.place), &mut |found| {
        count += 1;
        let [source, target] =
            [0, 1].map(|k| marked(&found.stored.unit.variants[k].text, &found.spans[k], colour));
        let [before, after] = duizhao::memory::context(&found.stored.unit);
        if arguments.context
            && let Some(before) = before
        {
            writeln!(out, "before\t{}", cell(before))?;
        }
        writeln!(out, "{}\t{}\t{source}\t{target}", found.stored.id, cell(&found.stored.memory))?;
        if arguments.context
            && let Some(after) = after
        {
            writeln!(out, "after\t{}", cell(after))?;
        }
        Ok(count < arguments.limit)
    })?;
    out.flush()?;
    Ok(if count > 0 { Outcome::Fine } else { Outcome::Found })
}

/// The text with the places in bold, on a terminal.
fn marked(text: &str, spans: &[Range<usize>], colour: bool) -> String {
    if !colour {
        return cell(text);
    }
    let mut out = String::new();
    let mut at = 0;
    for span in spans.iter().filter(|s| !s.is_empty()) {
        if span.start < at {
            continue;
        }
        out.push_str(&cell(&text[at..span.start]));
        out.push_str(&format!("\u{1b}[1;33m{}\u{1b}[0m", cell(&text[span.clone()])));
        at = span.end;
    }
    out.push_str(&cell(&text[at..]));
    out
}
