//! Who takes the page's questions: which path means what. Knows no HTTP beyond the numbers of its statuses.

use super::answers::{self, Filter};
use super::export;
use super::session::{Choice, Content, Refused, Session};
use crate::error::Result;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The page's files: path, type, content. Nothing else can be had.
const ASSETS: [(&str, &str, &str); 5] = [
    ("", "text/html; charset=utf-8", include_str!("assets/review.html")),
    ("review.css", "text/css; charset=utf-8", include_str!("assets/review.css")),
    ("review.js", "text/javascript; charset=utf-8", include_str!("assets/review.js")),
    ("rows.js", "text/javascript; charset=utf-8", include_str!("assets/rows.js")),
    ("words.js", "text/javascript; charset=utf-8", include_str!("assets/words.js")),
];
/// Rows in one answer: five times what fits on a screen of 4,000 pixels, where a row has two lines at least.
const MOST_ROWS: usize = 300;
/// How often writing starts anew because somebody changed something meanwhile, before they have to wait.
const PATIENT_WRITES: usize = 3;
/// How long the page may be silent: hidden tabs wake once a minute, so two such turns may be late.
const SILENCE: Duration = Duration::from_secs(150);
/// How long after saying good-bye: a page that is only loaded again is back by then.
const GOODBYE: Duration = Duration::from_secs(4);

/// An answer to the page.
pub(super) struct Reply {
    /// As HTTP numbers them.
    pub status: u16,
    /// The content's type.
    pub kind: &'static str,
    pub content: Vec<u8>,
    /// The name of the file to save it in.
    pub download: Option<String>,
}

impl Reply {
    fn json(status: u16, value: &Value) -> Reply {
        let kind = "application/json; charset=utf-8";
        Reply { status, kind, content: value.to_string().into_bytes(), download: None }
    }

    /// No, and why.
    pub fn refusal(status: u16, why: &str) -> Reply {
        Reply::json(status, &json!({ "error": why }))
    }
}

/// A session and what its page said.
pub(super) struct Desk {
    session: Mutex<Session>,
    over: AtomicBool,
    exit_when_closed: bool,
    /// When the page must have spoken again.
    deadline: Mutex<Option<Instant>>,
    memory: Option<(PathBuf, String)>,
}

impl Desk {
    pub fn new(session: Session, exit_when_closed: bool, memory: Option<(PathBuf, String)>) -> Desk {
        let over = AtomicBool::new(false);
        Desk { session: Mutex::new(session), over, exit_when_closed, deadline: Mutex::new(None), memory }
    }

    /// Whether the page is finished, or closed where that ends the program.
    pub fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
            || self.exit_when_closed && lock(&self.deadline).is_some_and(|d| d < Instant::now())
    }

    /// Brings the file up to date.
    ///
    /// # Errors
    /// As [`Session::write`].
    pub fn write(&self) -> Result<()> {
        self.session().write()
    }

    /// Brings the file up to date while others go on; what they change meanwhile is written another time.
    ///
    /// # Errors
    /// As [`Session::write`].
    pub fn write_behind(&self) -> Result<()> {
        for _ in 0..PATIENT_WRITES {
            let Some((revision, bitext)) = self.session().unwritten_rows()? else { return Ok(()) };
            let content = Content::of(&bitext)?;
            if self.session().write_if_still(revision, &content)? {
                return Ok(());
            }
        }
        self.write()
    }

    fn session(&self) -> MutexGuard<'_, Session> {
        lock(&self.session)
    }

    /// Answers without changing anything.
    pub fn look(&self, path: &str) -> Reply {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        if let Some((_, kind, content)) = ASSETS.iter().find(|(name, _, _)| *name == path) {
            return Reply { status: 200, kind, content: content.as_bytes().to_vec(), download: None };
        }
        let query = Query::new(query);
        let mut session = self.session();
        match path {
            "api/status" => {
                // Somebody else's change is told as soon as the page asks.
                let _ = session.look();
                Reply::json(200, &self.status(&session))
            }
            "api/list" => {
                let filter = Filter {
                    status: query.get("status").and_then(|s| s.parse().ok()),
                    below: query.get("below").and_then(|s| s.parse().ok()),
                    text: query.get("text").unwrap_or_default(),
                };
                Reply::json(200, &answers::list(&session, &filter))
            }
            "api/rows" => {
                let which = query.get("at").unwrap_or_default();
                let which: Vec<usize> =
                    which.split(',').filter_map(|k| k.parse().ok()).take(MOST_ROWS).collect();
                Reply::json(200, &answers::rows(&session, &which))
            }
            "api/row" => {
                let k = query.get("at").and_then(|k| k.parse().ok());
                match k.and_then(|k| answers::whole(&session, k)) {
                    Some(value) => Reply::json(200, &value),
                    None => Reply::refusal(404, "no such row"),
                }
            }
            "api/export" => {
                let Some(format) = query.get("format").and_then(|f| f.parse().ok()) else {
                    return Reply::refusal(400, "name a format");
                };
                let bitext = export::wanted(&session, query.get("only").as_deref() == Some("accepted"));
                let name = export::name(session.path(), format);
                // Writing needs no session; others may go on.
                drop(session);
                match export::bytes(&bitext, format) {
                    Ok(content) => {
                        let kind = "application/octet-stream";
                        Reply { status: 200, kind, content, download: Some(name) }
                    }
                    Err(e) => Reply::refusal(422, &e.to_string()),
                }
            }
            _ => Reply::refusal(404, "there is nothing here"),
        }
    }

    fn status(&self, session: &Session) -> Value {
        let mut status = answers::status(session);
        let memory = self.memory.as_ref().and_then(|(file, _)| file.file_name());
        status["memory"] = json!(memory.map(|n| n.to_string_lossy()));
        status
    }

    /// Does what the page asks for.
    pub fn change(&self, path: &str, value: &Value) -> Reply {
        match path {
            "api/heartbeat" => {
                *lock(&self.deadline) = Some(Instant::now() + SILENCE);
                return Reply::json(200, &json!({}));
            }
            "api/goodbye" => {
                *lock(&self.deadline) = Some(Instant::now() + GOODBYE);
                return Reply::json(200, &json!({}));
            }
            "api/memory" => return self.remember(value),
            _ => {}
        }
        let revision = value["revision"].as_u64().unwrap_or(0);
        if path == "api/realign" {
            // The rows can be read while it runs; whoever changes them wins.
            let state = self.session().state().clone();
            let done = super::realign::realign(&state).map_err(Refused::from);
            let mut session = self.session();
            let done = done.and_then(|change| session.commit(revision, change));
            return self.told(&session, done.map(Some));
        }
        let mut session = self.session();
        let done: std::result::Result<Option<usize>, Refused> = match path {
            "api/do" => match answers::operation(value) {
                Ok(operation) => session.apply(revision, &operation).map(Some),
                Err(why) => return Reply::refusal(400, &why),
            },
            "api/undo" => session.turn(revision, true),
            "api/redo" => session.turn(revision, false),
            "api/write" => session.write().map(|()| None).map_err(Refused::from),
            "api/resolve" => {
                let choice = match value["choose"].as_str() {
                    Some("mine") => Choice::Mine,
                    Some("disk") => Choice::Disk,
                    _ => return Reply::refusal(400, "choose mine or disk"),
                };
                session.resolve(choice).map(|()| None).map_err(Refused::from)
            }
            "api/finish" => {
                let written = session.write().map(|()| None).map_err(Refused::from);
                let written = if session.is_conflict() { Err(Refused::Conflict) } else { written };
                if written.is_ok() {
                    self.over.store(true, Ordering::Relaxed);
                }
                written
            }
            _ => return Reply::refusal(404, "there is nothing here"),
        };
        self.told(&session, done)
    }

    fn told(&self, session: &Session, done: std::result::Result<Option<usize>, Refused>) -> Reply {
        let status = self.status(session);
        match done {
            Ok(focus) => Reply::json(200, &json!({ "status": status, "focus": focus })),
            Err(why @ (Refused::Stale | Refused::Conflict)) => {
                Reply::json(409, &json!({ "status": status, "error": why.to_string(), "stale": true }))
            }
            Err(Refused::Error(e)) => Reply::json(422, &json!({ "status": status, "error": e.to_string() })),
        }
    }

    /// Saves into the memory that the program was started with; the page cannot name another.
    fn remember(&self, value: &Value) -> Reply {
        let Some((file, name)) = &self.memory else {
            return Reply::refusal(404, "the program was started without a memory");
        };
        let bitext = self.session().state().bitext();
        match export::remember(bitext, value["only"] == "accepted", file, name) {
            Ok(added) => Reply::json(
                200,
                &json!({ "added": added.added, "known": added.known, "updated": added.updated }),
            ),
            Err(e) => Reply::refusal(422, &e.to_string()),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A query: `a=b&c=d`, percent-decoded.
struct Query(Vec<(String, String)>);

impl Query {
    fn new(query: &str) -> Query {
        let pairs = query.split('&').filter_map(|p| p.split_once('='));
        Query(pairs.map(|(k, v)| (k.to_string(), decoded(v))).collect())
    }

    fn get(&self, name: &str) -> Option<String> {
        self.0.iter().find(|(k, v)| k == name && !v.is_empty()).map(|(_, v)| v.clone())
    }
}

fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut k = 0;
    while k < bytes.len() {
        let hex = |i: usize| bytes.get(i).and_then(|b| (*b as char).to_digit(16));
        match (bytes[k], hex(k + 1), hex(k + 2)) {
            (b'%', Some(a), Some(b)) => {
                out.push((a * 16 + b) as u8);
                k += 2;
            }
            (b'+', _, _) => out.push(b' '),
            (b, _, _) => out.push(b),
        }
        k += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}
