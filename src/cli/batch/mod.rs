//! `duizhao align --batch`: a folder of documents, or the pairs of a manifest.
//!
//! Finds the pairs, aligns them side by side, remembers what is done, and sums up.

mod merge;
mod plan;
mod state;
mod summary;
mod work;

use super::Outcome;
use super::align::{Arguments, aligners, segment_options, write_options};
use super::say::Voice;
use clap::Args;
use duizhao::Result;
use duizhao::format::{self, Format};
use duizhao::{Error, model::Lang};
use plan::Plan;
use state::State;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use summary::Summary;
pub(super) use work::{in_parallel, threads};

/// The arguments of a batch.
#[derive(Debug, Args)]
#[command(next_help_heading = "Many documents")]
pub(crate) struct BatchArguments {
    /// Pair and align the documents of a folder, or the pairs of a manifest (CSV: source, target)
    #[arg(long, value_name = "DIR|CSV", conflicts_with_all = ["source", "target", "stream", "report", "explain"])]
    batch: Option<PathBuf>,
    /// Only write the manifest of the pairs found, to be edited and given to --batch
    #[arg(long, value_name = "FILE.csv", requires = "batch")]
    plan: Option<PathBuf>,
    /// Also merge all pairs into one memory without repetitions
    #[arg(long, value_name = "FILE.tmx", requires = "batch")]
    merge: Option<PathBuf>,
    /// Do everything again, also what is done and what was changed by hand since
    #[arg(long, requires = "batch")]
    force: bool,
}

impl BatchArguments {
    /// What to work on, if it is a batch.
    pub(super) fn input(&self) -> Option<&Path> {
        self.batch.as_deref()
    }
}

/// Files of the output folder that are not the result of one pair.
const STATE: &str = ".duizhao-state.jsonl";

pub(super) fn run(arguments: &Arguments, input: &Path) -> Result<Outcome> {
    let voice = Voice { quiet: arguments.quiet };
    let batch = &arguments.batch;
    let folder = match (arguments.output.as_slice(), &batch.plan) {
        ([folder], _) => Some(folder.as_path()),
        ([], Some(_)) => None,
        _ => {
            return Err(Error::usage("a batch writes into one folder").advise("name it with -o"));
        }
    };
    // Wrong word lists and rules are told before the folder is read.
    let splitting = segment_options(arguments)?;
    aligners(arguments, 1)?;
    let found = if input.is_dir() {
        plan::find(input, folder, arguments, voice)?
    } else {
        plan::read_manifest(input)?
    };
    if let Some(path) = &batch.plan {
        plan::write_manifest(&found, path)?;
        voice.note(&format!(
            "{}: {} pairs, {} files alone",
            path.display(),
            found.pairs.len(),
            found.alone.len()
        ));
        return Ok(if found.pairs.is_empty() { Outcome::Found } else { Outcome::Fine });
    }
    let Some(folder) = folder else {
        return Err(Error::usage("a batch writes into one folder").advise("name it with -o"));
    };
    std::fs::create_dir_all(folder).map_err(|e| Error::from(e).in_file(folder))?;
    let state = State::open(&folder.join(STATE))?;
    let work = work::Work {
        arguments,
        aligners: aligners(arguments, found.pairs.len())?,
        splitting,
        folder,
        format: arguments.format.unwrap_or(Format::Tmx),
        write: write_options(arguments),
        options: work::options_digest(arguments)?,
        source_lang: source_lang(arguments),
        force: batch.force,
    };
    let results = align_all(&found, &work, &state, voice);
    state.rewrite(results.iter().filter_map(|r| r.as_ref().ok()).map(|r| &r.done))?;
    let summary = Summary::new(&found, &results);
    let write = |name: &str, text: &str| format::write_text_file(&folder.join(name), text);
    write("summary.txt", &summary.text())?;
    write("summary.csv", &summary.csv()?)?;
    write("summary.json", &summary.json()?)?;
    if let Some(path) = &batch.merge {
        let done: Vec<_> = results.iter().filter_map(|r| r.as_ref().ok()).map(|r| &r.done).collect();
        voice.note(&merge::merge(path, folder, &done, &work.write)?);
    }
    voice.note(summary.text().trim_end());
    if summary.failed() > 0 {
        return Err(Error::malformed(format!("{} of {} pairs failed", summary.failed(), found.pairs.len()))
            .advise("see the list above; the others are done"));
    }
    let low = arguments.fail_under.is_some_and(|least| summary.mean() < least);
    Ok(if low { Outcome::Found } else { Outcome::Fine })
}

/// The language of the sources: Chinese unless it is said otherwise.
fn source_lang(arguments: &Arguments) -> Lang {
    let told = arguments.source_lang.as_ref().and_then(|t| t.lang());
    let other = arguments.target_lang.as_ref().and_then(|t| t.lang()).map(Lang::other);
    told.or(other).unwrap_or(Lang::Zh)
}

/// As many documents at a time as there are threads, so that memory does not grow with their number.
fn align_all(found: &Plan, work: &work::Work, state: &State, voice: Voice) -> Vec<Result<work::Outcome>> {
    let bar = voice.bar();
    let done = AtomicUsize::new(0);
    let names = found.names();
    // The longest documents first, so that no thread is left alone with one at the end.
    let length = |p: &Path| std::fs::metadata(p).map_or(0, |m| m.len());
    let mut order: Vec<usize> = (0..found.pairs.len()).collect();
    order.sort_by_cached_key(|&k| {
        std::cmp::Reverse(length(&found.pairs[k].source) + length(&found.pairs[k].target))
    });
    let results = in_parallel(work.arguments.jobs, order.len(), |thread, at| {
        let k = order[at];
        let result = work.pair(thread, &found.pairs[k], &names[k], state);
        if let Ok(outcome) = &result {
            // A state that cannot be written only costs the next run time.
            if state.append(&outcome.done).is_err() {
                voice.warning("the state of the batch cannot be written; a second run will do all again");
            }
        }
        let share = (done.fetch_add(1, Ordering::Relaxed) + 1) as f64 / found.pairs.len() as f64;
        bar.share(share, "pairs");
        result
    });
    let mut results: Vec<(usize, Result<work::Outcome>)> = order.into_iter().zip(results).collect();
    results.sort_by_key(|r| r.0);
    results.into_iter().map(|r| r.1).collect()
}
