//! The page's server: this machine only, one file only. Turns requests into operations and nothing else.

use super::answers::{self, Filter};
use super::guard::{Asked, Guard};
use super::session::{Choice, Refused, Session};
use crate::error::{Error, Result};
use crate::format::{self, Format, WriteOptions};
use crate::model::Status;
use serde_json::{Value, json};
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tiny_http::{Header, Method, Request, Response};

/// The page's files: path, type, content. Nothing else can be had.
const ASSETS: [(&str, &str, &str); 5] = [
    ("", "text/html; charset=utf-8", include_str!("assets/review.html")),
    ("review.css", "text/css; charset=utf-8", include_str!("assets/review.css")),
    ("review.js", "text/javascript; charset=utf-8", include_str!("assets/review.js")),
    ("rows.js", "text/javascript; charset=utf-8", include_str!("assets/rows.js")),
    ("words.js", "text/javascript; charset=utf-8", include_str!("assets/words.js")),
];
/// Goes with every answer: no other origin, no inline script or style, no frame, no guessing of types.
const HEADERS: [(&str, &str); 8] = [
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    ("Cache-Control", "no-store"),
];
/// Bytes of a request's body: more than the longest cell that spreadsheets and documents bring.
const LONGEST_BODY: usize = 8 << 20;
/// Rows in one answer.
const MOST_ROWS: usize = 300;
/// Requests at the same time.
const WORKERS: usize = 4;
/// How long the page may be silent: hidden tabs wake once a minute.
const SILENCE: Duration = Duration::from_secs(150);
/// How long after saying good-bye: a page that is only loaded again is back by then.
const GOODBYE: Duration = Duration::from_secs(4);
/// How often the file is brought up to date.
const TICK: Duration = Duration::from_millis(200);

/// What the user can set.
#[derive(Debug, Clone, Default)]
pub struct ServeOptions {
    /// The port; 0 lets the system choose.
    pub port: u16,
    /// End when the page is closed.
    pub exit_when_closed: bool,
}

/// A session behind a page.
pub struct Server {
    http: tiny_http::Server,
    guard: Guard,
    session: Mutex<Session>,
    options: ServeOptions,
    ended: AtomicBool,
    /// When the page must have spoken again.
    deadline: Mutex<Option<Instant>>,
}

type Answer = Response<std::io::Cursor<Vec<u8>>>;

impl Server {
    /// Opens the port on the loopback address; nothing is answered yet.
    ///
    /// # Errors
    /// A port that is taken.
    pub fn new(session: Session, options: ServeOptions) -> Result<Server> {
        let http = tiny_http::Server::http(("127.0.0.1", options.port)).map_err(|e| {
            Error::usage(format!("cannot open port {}: {e}", options.port)).advise("choose another --port")
        })?;
        let port = http.server_addr().to_ip().map_or(options.port, |a| a.port());
        let guard = Guard::new(port)?;
        Ok(Server {
            http,
            guard,
            session: Mutex::new(session),
            options,
            ended: AtomicBool::new(false),
            deadline: Mutex::new(None),
        })
    }

    /// The page's address with its token.
    pub fn address(&self) -> String {
        self.guard.address()
    }

    /// Answers until the page says that it is finished (or is closed, if so wished); then the file is up to date.
    ///
    /// # Errors
    /// A file that cannot be written; its steps are in the journal.
    pub fn run(&self) -> Result<()> {
        std::thread::scope(|scope| {
            for _ in 0..WORKERS {
                scope.spawn(|| {
                    while !self.ended.load(Ordering::Relaxed) {
                        if let Ok(Some(request)) = self.http.recv_timeout(TICK) {
                            self.handle(request);
                        }
                    }
                });
            }
            while !self.ended.load(Ordering::Relaxed) {
                std::thread::sleep(TICK);
                // What cannot be written now is in the journal and tried again.
                let started = Instant::now();
                let _ = self.session().write();
                std::thread::sleep(started.elapsed() * 4);
                if self.options.exit_when_closed {
                    let deadline = *lock(&self.deadline);
                    if deadline.is_some_and(|d| d < Instant::now()) {
                        self.ended.store(true, Ordering::Relaxed);
                    }
                }
            }
        });
        self.session().write()
    }

    fn session(&self) -> MutexGuard<'_, Session> {
        lock(&self.session)
    }

    fn handle(&self, mut request: Request) {
        let answer = self.answer(&mut request);
        let mut response = answer;
        for (name, value) in HEADERS {
            if let Ok(header) = Header::from_bytes(name, value) {
                response.add_header(header);
            }
        }
        // Whoever asked may be gone.
        let _ = request.respond(response);
    }

    fn answer(&self, request: &mut Request) -> Answer {
        let changes = match request.method() {
            Method::Get => false,
            Method::Post => true,
            _ => return refuse(405, "only GET and POST"),
        };
        let url = request.url().to_string();
        let path = {
            let all = |name: &'static str| -> Vec<&str> {
                request.headers().iter().filter(|h| h.field.equiv(name)).map(|h| h.value.as_str()).collect()
            };
            let asked = Asked {
                url: &url,
                changes,
                host: all("Host"),
                origin: all("Origin"),
                token: all("X-Duizhao-Token"),
                fetch_site: all("Sec-Fetch-Site"),
            };
            match self.guard.admit(&asked) {
                Ok(path) => path.to_string(),
                Err(status) => return refuse(status, "not allowed"),
            }
        };
        let (path, query) = path.split_once('?').unwrap_or((&path, ""));
        if changes {
            return match body(request) {
                Ok(value) => self.change(path, &value),
                Err((status, why)) => refuse(status, why),
            };
        }
        if let Some((_, kind, content)) = ASSETS.iter().find(|(name, _, _)| *name == path) {
            return content_of(content.as_bytes().to_vec(), kind);
        }
        self.look(path, &Query::new(query))
    }

    fn look(&self, path: &str, query: &Query) -> Answer {
        let mut session = self.session();
        match path {
            "api/status" => {
                // Somebody else's change is told as soon as the page asks.
                let _ = session.look();
                json_of(200, &answers::status(&session))
            }
            "api/list" => {
                let filter = Filter {
                    status: query.get("status").and_then(|s| s.parse().ok()),
                    below: query.get("below").and_then(|s| s.parse().ok()),
                    text: query.get("text").unwrap_or_default(),
                };
                json_of(200, &answers::list(&session, &filter))
            }
            "api/rows" => {
                let which = query.get("at").unwrap_or_default();
                let which: Vec<usize> =
                    which.split(',').filter_map(|k| k.parse().ok()).take(MOST_ROWS).collect();
                json_of(200, &answers::rows(&session, &which))
            }
            "api/row" => {
                let k = query.get("at").and_then(|k| k.parse().ok());
                match k.and_then(|k| answers::whole(&session, k)) {
                    Some(value) => json_of(200, &value),
                    None => refuse(404, "no such row"),
                }
            }
            "api/export" => export(&session, query),
            _ => refuse(404, "there is nothing here"),
        }
    }

    fn change(&self, path: &str, value: &Value) -> Answer {
        match path {
            "api/heartbeat" => {
                *lock(&self.deadline) = Some(Instant::now() + SILENCE);
                return json_of(200, &json!({}));
            }
            "api/goodbye" => {
                *lock(&self.deadline) = Some(Instant::now() + GOODBYE);
                return json_of(200, &json!({}));
            }
            _ => {}
        }
        let mut session = self.session();
        let revision = value["revision"].as_u64().unwrap_or(0);
        let done: std::result::Result<Option<usize>, Refused> = match path {
            "api/do" => match answers::operation(value) {
                Ok(operation) => session.apply(revision, &operation).map(Some),
                Err(why) => return refuse(400, &why),
            },
            "api/undo" => session.turn(revision, true),
            "api/redo" => session.turn(revision, false),
            "api/realign" => session.realign(revision).map(Some),
            "api/write" => session.write().map(|()| None).map_err(Refused::from),
            "api/resolve" => {
                let choice = match value["choose"].as_str() {
                    Some("mine") => Choice::Mine,
                    Some("disk") => Choice::Disk,
                    _ => return refuse(400, "choose mine or disk"),
                };
                session.resolve(choice).map(|()| None).map_err(Refused::from)
            }
            "api/finish" => {
                let written = session.write().map(|()| None).map_err(Refused::from);
                if written.is_ok() && !session.is_conflict() {
                    self.ended.store(true, Ordering::Relaxed);
                }
                written
            }
            _ => return refuse(404, "there is nothing here"),
        };
        let status = answers::status(&session);
        match done {
            Ok(focus) => json_of(200, &json!({ "status": status, "focus": focus })),
            Err(why @ (Refused::Stale | Refused::Conflict)) => {
                json_of(409, &json!({ "status": status, "error": why.to_string(), "stale": true }))
            }
            Err(Refused::Error(e)) => json_of(422, &json!({ "status": status, "error": e.to_string() })),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn export(session: &Session, query: &Query) -> Answer {
    let Some(format) = query.get("format").and_then(|f| f.parse::<Format>().ok()) else {
        return refuse(400, "name a format");
    };
    let mut bitext = session.state().bitext();
    if query.get("only").as_deref() == Some("accepted") {
        // A link to a unit that is left out would lead nowhere.
        let kept: Vec<bool> = bitext
            .units
            .iter()
            .map(|u| u.bead.as_ref().is_some_and(|b| b.status == Status::Accepted))
            .collect();
        let mut place = Vec::with_capacity(kept.len());
        let mut next = 0;
        for k in &kept {
            place.push(next);
            next += usize::from(*k);
        }
        for bead in bitext.units.iter_mut().filter_map(|u| u.bead.as_mut()) {
            bead.moved_to = bead.moved_to.filter(|&m| kept[m]).map(|m| place[m]);
        }
        let mut kept = kept.into_iter();
        bitext.units.retain(|_| kept.next().unwrap_or(false));
    }
    let mut bytes = Vec::new();
    let options = WriteOptions { bom: format == Format::Csv, ..WriteOptions::default() };
    if let Err(e) = format::write(&bitext, format, &mut bytes, &options) {
        return refuse(422, &e.to_string());
    }
    let stem: String = session
        .path()
        .file_stem()
        .map(|s| s.to_string_lossy().into_owned())
        .unwrap_or_default()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' })
        .collect();
    let mut answer = content_of(bytes, "application/octet-stream");
    let value = format!("attachment; filename=\"{stem}.{}\"", format.extensions()[0]);
    if let Ok(header) = Header::from_bytes("Content-Disposition", value) {
        answer.add_header(header);
    }
    answer
}

fn body(request: &mut Request) -> std::result::Result<Value, (u16, &'static str)> {
    let json = request.headers().iter().any(|h| {
        h.field.equiv("Content-Type") && h.value.as_str().split(';').next() == Some("application/json")
    });
    if !json {
        return Err((415, "only application/json"));
    }
    if request.body_length().is_some_and(|n| n > LONGEST_BODY) {
        return Err((413, "too long"));
    }
    let mut bytes = Vec::new();
    let read = request.as_reader().take(LONGEST_BODY as u64 + 1).read_to_end(&mut bytes);
    if read.is_err() || bytes.len() > LONGEST_BODY {
        return Err((413, "too long"));
    }
    serde_json::from_slice(&bytes).map_err(|_| (400, "not JSON"))
}

fn content_of(bytes: Vec<u8>, kind: &str) -> Answer {
    let response = Response::from_data(bytes);
    match Header::from_bytes("Content-Type", kind) {
        Ok(header) => response.with_header(header),
        Err(()) => response,
    }
}

fn json_of(status: u16, value: &Value) -> Answer {
    content_of(value.to_string().into_bytes(), "application/json; charset=utf-8").with_status_code(status)
}

fn refuse(status: u16, why: &str) -> Answer {
    json_of(status, &json!({ "error": why }))
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
