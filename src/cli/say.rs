//! What is said to people: on stderr, in colour where that is a terminal.

use duizhao::Error;
use duizhao::align::Progress;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;

/// Speaks on stderr, or keeps quiet.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Voice {
    /// Say errors only.
    pub quiet: bool,
}

impl Voice {
    /// Something the user should know.
    #[allow(clippy::print_stderr)]
    pub fn note(self, text: &str) {
        if !self.quiet {
            anstream::eprintln!("{text}");
        }
    }

    /// Something the user should look at.
    #[allow(clippy::print_stderr)]
    pub fn warning(self, text: &str) {
        if !self.quiet {
            anstream::eprintln!("\u{1b}[33mwarning:\u{1b}[0m {text}");
        }
    }

    /// Why nothing came of it.
    #[allow(clippy::print_stderr)]
    pub fn error(self, error: &Error) {
        anstream::eprintln!("\u{1b}[31merror:\u{1b}[0m {error}");
    }

    /// A bar for long work; silent where stderr is no terminal.
    pub fn bar(self) -> Bar {
        let shown = !self.quiet && std::io::stderr().is_terminal();
        let bar = if shown { ProgressBar::new(100) } else { ProgressBar::hidden() };
        let style = ProgressStyle::with_template("{bar:30} {percent:>3} % {msg} {elapsed}");
        if let Ok(style) = style {
            bar.set_style(style);
        }
        Bar { bar }
    }
}

/// The progress of a long work.
pub(crate) struct Bar {
    bar: ProgressBar,
}

impl Bar {
    pub fn show(&self, progress: &Progress) {
        self.bar.set_position((progress.done * 100.0) as u64);
        self.bar.set_message(progress.stage);
    }

    /// The share done, 0 to 1.
    pub fn share(&self, done: f64, stage: &'static str) {
        self.bar.set_position((done * 100.0) as u64);
        self.bar.set_message(stage);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
