//! The command line: one file a command, arguments and run, nothing else.
//!
//! stdout is data, stderr is for people. Exit status: 0 fine, 1 found what the command looks for, 2 trouble.

mod align;
mod apply;
mod batch;
mod check;
mod convert;
mod eval;
mod findings;
mod mixed;
mod review;
mod say;
mod split;
mod stream;
mod terms;
mod tm;

use clap::{CommandFactory, Parser, Subcommand};
use duizhao::{Error, Result};
use say::Voice;
use std::io::Write;
use std::process::ExitCode;

/// Pairs Chinese and English documents, sentence by sentence, and makes translation memories of them.
///
/// Everything happens on this machine: no network, no model, no service.
#[derive(Debug, Parser)]
#[command(name = "duizhao", version, after_help = EXAMPLES, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,

    /// Print the licences of duizhao and of the data inside it.
    #[arg(long)]
    licenses: bool,
}

const EXAMPLES: &str = "\
Examples:
  duizhao align letter.zh.txt letter.en.txt -o letter.tmx -o letter.csv
  duizhao split letter.zh.txt
  duizhao convert letter.jsonl letter.tmx
  duizhao COMMAND --help     explains a command and shows more examples";

#[derive(Debug, Subcommand)]
enum Command {
    /// Pair a document with its translation
    Align(Box<align::Arguments>),
    /// Show the cleaned, un-wrapped, split text of one document
    Split(split::Arguments),
    /// Convert between bilingual formats
    Convert(convert::Arguments),
    /// Check numbers, dates, marks, omissions of bilingual files
    Check(Box<check::Arguments>),
    /// Review an alignment on a page of this machine
    Review(review::Arguments),
    /// Take corrections from a table back into its alignment
    Apply(apply::Arguments),
    /// Keep a translation memory: add, search, match, clean, export
    Tm(Box<tm::Arguments>),
    /// Compare an alignment with a gold one
    Eval(eval::Arguments),
    /// Check terms; convert and merge termbases
    Terms(terms::Arguments),
    /// Print a completion script for your shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

/// What a command found, for the exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All is well: 0.
    Fine,
    /// The command found what it looks for: 1.
    Found,
}

/// Parses, runs, and turns the result into an exit status.
pub(crate) fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(e) => {
            let status = if e.use_stderr() { 2 } else { 0 };
            let _ = e.print();
            return ExitCode::from(status);
        }
    };
    match run(arguments) {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Found) => ExitCode::from(1),
        Err(e) if e.is_closed_pipe() => ExitCode::SUCCESS,
        Err(e) => {
            Voice::default().error(&e);
            ExitCode::from(2)
        }
    }
}

fn run(arguments: Arguments) -> Result<Outcome> {
    if arguments.licenses {
        return licenses();
    }
    match arguments.command {
        Some(Command::Align(a)) => align::run(&a),
        Some(Command::Split(a)) => split::run(&a),
        Some(Command::Convert(a)) => convert::run(&a),
        Some(Command::Check(a)) => check::run(&a),
        Some(Command::Review(a)) => review::run(&a),
        Some(Command::Apply(a)) => apply::run(&a),
        Some(Command::Tm(a)) => tm::run(&a),
        Some(Command::Eval(a)) => eval::run(&a),
        Some(Command::Terms(a)) => terms::run(&a),
        Some(Command::Completions { shell }) => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "duizhao", &mut script);
            print(&script)
        }
        Some(Command::Man) => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Arguments::command()).render(&mut page)?;
            print(&page)
        }
        None => Err(Error::usage("no command").advise("see duizhao --help")),
    }
}

fn licenses() -> Result<Outcome> {
    let own =
        "duizhao's code is licensed under the MIT License or the Apache License 2.0, as you choose.\n\n";
    print(format!("{own}{}", duizhao::lexicon::LICENSES).as_bytes())
}

/// Writes data to stdout.
fn print(bytes: &[u8]) -> Result<Outcome> {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()?;
    Ok(Outcome::Fine)
}
