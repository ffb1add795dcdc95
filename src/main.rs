//! The command line of duizhao: parses, runs, sets the exit status.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
