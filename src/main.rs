//! The command line of duizhao: parses, runs, sets the exit status.

mod cli;

use std::process::ExitCode;

/// Many short texts are made and dropped, by several threads: the system's allocator took a fifth of the time of checks.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::main()
}
