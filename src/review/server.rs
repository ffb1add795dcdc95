//! The page's server: this machine only. Turns HTTP into questions for [`Desk`] and its replies into HTTP.
//!
//! A connection is a task, not a thread: browsers open several at once and leave them open, and a connection that says
//! nothing, or says it slowly, keeps nobody waiting. What works on the rows runs on threads of its own.

use super::desk::{Desk, Reply};
use super::guard::{Asked, Guard};
use super::session::Session;
use crate::error::{Error, Result};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::Value;
use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{interval, sleep, timeout};

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
/// Bytes of a request's body. The longest is an edited text: a cell of 1 MB, of which JSON may write every byte as six
/// (`\u0000`), and a third more for what the user types.
const LONGEST_BODY: usize = 8 << 20;
/// How long a connection may be silent before it has said what it wants. Browsers ask again on a new connection when
/// one was closed that they kept; chosen well above a busy machine's hiccups, nothing depends on it.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often the file is brought up to date: a fifth of a second after a key nobody has closed the machine yet, and the
/// step is in the journal all the same.
const TICK: Duration = Duration::from_millis(200);
/// How long the last answers may take to leave after the end. Connections that are idle are closed at once; on a machine
/// with thirty times its load an answer was seen to need more than a second.
const LAST_WORDS: Duration = Duration::from_secs(10);

/// What the user can set.
#[derive(Debug, Clone, Default)]
pub struct ServeOptions {
    /// The port; 0 lets the system choose.
    pub port: u16,
    /// End when the page is closed.
    pub exit_when_closed: bool,
    /// The memory file that the page may save into, and the name of the memory in it.
    pub memory: Option<(PathBuf, String)>,
}

/// A session behind a page.
pub struct Server {
    listener: std::net::TcpListener,
    guard: Guard,
    desk: Arc<Desk>,
}

impl Server {
    /// Opens the port on the loopback address; nothing is answered yet.
    ///
    /// # Errors
    /// A port that is taken.
    pub fn new(session: Session, options: ServeOptions) -> Result<Server> {
        let open = || -> std::io::Result<(std::net::TcpListener, u16)> {
            let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))?;
            listener.set_nonblocking(true)?;
            let port = listener.local_addr()?.port();
            Ok((listener, port))
        };
        let (listener, port) = open().map_err(|e| {
            Error::usage(format!("cannot open port {}: {e}", options.port)).advise("choose another --port")
        })?;
        let desk = Desk::new(session, options.exit_when_closed, options.memory);
        Ok(Server { listener, guard: Guard::new(port)?, desk: Arc::new(desk) })
    }

    /// The page's address with its token.
    pub fn address(&self) -> String {
        self.guard.address()
    }

    /// Answers until the page says that it is finished (or is closed, if so wished); then the file is up to date.
    ///
    /// # Errors
    /// A file that cannot be written; its steps are in the journal.
    pub fn run(self) -> Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let desk = Arc::clone(&self.desk);
        let served = runtime.block_on(self.serve());
        runtime.shutdown_background();
        served?;
        desk.write()
    }

    async fn serve(self) -> Result<()> {
        let listener = TcpListener::from_std(self.listener)?;
        tokio::spawn(write_behind(Arc::clone(&self.desk)));
        let (end, ended) = watch::channel(false);
        let mut connections = JoinSet::new();
        let mut tick = interval(TICK);
        while !self.desk.is_over() {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => {
                        let (guard, desk) = (self.guard.clone(), Arc::clone(&self.desk));
                        connections.spawn(converse(stream, guard, desk, ended.clone()));
                    }
                    // Too many open files: some of them will be closed.
                    Err(_) => sleep(TICK).await,
                },
                _ = tick.tick() => while connections.try_join_next().is_some() {},
            }
        }
        let _ = end.send(true);
        let _ = timeout(LAST_WORDS, async { while connections.join_next().await.is_some() {} }).await;
        Ok(())
    }
}

/// Keeps the file up to date, but never for more than a fifth of the time.
async fn write_behind(desk: Arc<Desk>) {
    loop {
        sleep(TICK).await;
        let started = Instant::now();
        let desk = Arc::clone(&desk);
        // What cannot be written now is in the journal and tried again.
        let _ = spawn_blocking(move || desk.write_behind()).await;
        sleep(started.elapsed() * 4).await;
    }
}

async fn converse(stream: TcpStream, guard: Guard, desk: Arc<Desk>, mut ended: watch::Receiver<bool>) {
    let _ = stream.set_nodelay(true);
    let service = hyper::service::service_fn(|request| {
        let (guard, desk) = (&guard, Arc::clone(&desk));
        async move { Ok::<_, Infallible>(response(answer(request, guard, desk).await)) }
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(PATIENCE);
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
    // Whoever asked may be gone: then there is nobody to tell.
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = ended.wait_for(|ended| *ended) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

async fn answer(request: Request<Incoming>, guard: &Guard, desk: Arc<Desk>) -> Reply {
    let (head, content) = request.into_parts();
    let path = match admitted(&head, guard) {
        Ok(path) => path,
        Err(reply) => return reply,
    };
    let work = if head.method == Method::POST {
        match body(&head, content).await {
            Ok(value) => spawn_blocking(move || desk.change(&path, &value)),
            Err((status, why)) => return Reply::refusal(status, why),
        }
    } else {
        spawn_blocking(move || desk.look(&path))
    };
    work.await.unwrap_or_else(|_| Reply::refusal(500, "the program failed; what was saved before is saved"))
}

/// The path and query behind the token.
fn admitted(head: &Parts, guard: &Guard) -> std::result::Result<String, Reply> {
    let changes = match head.method {
        Method::GET => false,
        Method::POST => true,
        _ => return Err(Reply::refusal(405, "only GET and POST")),
    };
    // A whole address instead of a path is for proxies.
    let url = match (head.uri.authority(), head.uri.path_and_query()) {
        (None, Some(url)) => url.as_str(),
        _ => return Err(Reply::refusal(400, "ask for a path")),
    };
    let all = |name: &str| -> Vec<&str> {
        // What is no text is certainly wrong.
        head.headers.get_all(name).iter().map(|v| v.to_str().unwrap_or("?")).collect()
    };
    let asked = Asked {
        url,
        changes,
        host: all("Host"),
        origin: all("Origin"),
        token: all("X-Duizhao-Token"),
        fetch_site: all("Sec-Fetch-Site"),
    };
    guard.admit(&asked).map(str::to_string).map_err(|status| Reply::refusal(status, "not allowed"))
}

async fn body(head: &Parts, content: Incoming) -> std::result::Result<Value, (u16, &'static str)> {
    let kind = head.headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if kind.split(';').next() != Some("application/json") {
        return Err((415, "only application/json"));
    }
    if content.size_hint().lower() > LONGEST_BODY as u64 {
        return Err((413, "too long"));
    }
    let all = timeout(PATIENCE, Limited::new(content, LONGEST_BODY).collect()).await;
    let all = all.map_err(|_| (408, "too slow"))?.map_err(|_| (413, "too long"))?;
    serde_json::from_slice(&all.to_bytes()).map_err(|_| (400, "not JSON"))
}

fn response(reply: Reply) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(reply.content)));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(reply.kind));
    let name = reply
        .download
        .and_then(|name| HeaderValue::try_from(format!("attachment; filename=\"{name}\"")).ok());
    if let Some(name) = name {
        headers.insert(CONTENT_DISPOSITION, name);
    }
    response
}
