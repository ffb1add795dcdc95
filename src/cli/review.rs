//! `duizhao review`: the local page.

use super::Outcome;
use super::say::Voice;
use clap::Args;
use duizhao::Result;
use duizhao::review::{ServeOptions, Server, Session};
use std::path::PathBuf;
use std::process::{Command, Stdio};

const EXAMPLES: &str = "\
Examples:
  duizhao review --check letter.jsonl
      say where the review stands, and end
  duizhao review --check --json letter.jsonl
      the same for programs

To open the page:
  duizhao review letter.jsonl
  duizhao review --no-open --port 8123 letter.jsonl
  duizhao review --db un.db --memory letters letter.jsonl";

/// Review an alignment on a page of this machine.
///
/// Confirm, merge, split, move and edit pairs with single keys, and realign around what is confirmed. Every change is on
/// the disk before the page says so. Only this machine can open the page, and only with the token in its address. End
/// with Ctrl+C or on the page.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The alignment: JSON lines, as `duizhao align -o FILE.jsonl` writes them
    alignment: PathBuf,
    /// The port; 0 lets the system choose a free one
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,
    /// Do not open a browser; the address is printed either way
    #[arg(long)]
    no_open: bool,
    /// End when the page is closed
    #[arg(long)]
    exit_when_closed: bool,
    /// The memory that the page can save into; made when it does
    #[arg(long, value_name = "FILE", default_value = "memory.db")]
    db: PathBuf,
    /// The memory in the file
    #[arg(long, short = 'm', value_name = "NAME", default_value = "main")]
    memory: String,
    /// Only say where the review stands
    #[arg(long)]
    check: bool,
    /// With --check: as JSON
    #[arg(long, requires = "check")]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let voice = Voice::default();
    let mut session = Session::open(&arguments.alignment)?;
    for notice in session.notices() {
        voice.warning(notice);
    }
    session.write()?;
    if arguments.check {
        return standing(&session, arguments.json);
    }
    let options = ServeOptions {
        port: arguments.port,
        exit_when_closed: arguments.exit_when_closed,
        memory: Some((arguments.db.clone(), arguments.memory.clone())),
    };
    let server = Server::new(session, options)?;
    let address = server.address();
    super::print(format!("{address}\n").as_bytes())?;
    voice.note("End with Ctrl+C, or on the page.");
    if !arguments.no_open && !open(&address) {
        voice.note("No browser could be started: open the address yourself.");
    }
    server.run()?;
    Ok(Outcome::Fine)
}

fn standing(session: &Session, json: bool) -> Result<Outcome> {
    let [unchecked, review, accepted, rejected] = session.state().counts();
    let rows = session.state().rows().len();
    let text = if json {
        format!(
            "{{\"rows\":{rows},\"unchecked\":{unchecked},\"needs-review\":{review},\"accepted\":{accepted},\
             \"rejected\":{rejected}}}\n"
        )
    } else {
        format!(
            "{rows} rows: {accepted} accepted, {rejected} rejected, {review} to review, {unchecked} unchecked\n"
        )
    };
    super::print(text.as_bytes())
}

/// Asks the system for its browser.
fn open(address: &str) -> bool {
    let program = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else {
        "xdg-open"
    };
    let quiet = Stdio::null;
    Command::new(program).arg(address).stdin(quiet()).stdout(quiet()).stderr(quiet()).spawn().is_ok()
}
