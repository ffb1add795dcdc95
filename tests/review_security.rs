//! The review server refuses whoever is not its own page: raw bytes against a running program.
#![allow(clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

struct Page {
    program: Child,
    port: u16,
    token: String,
    desk: tempfile::TempDir,
}

impl Drop for Page {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

fn alignment(desk: &Path) {
    std::fs::write(desk.join("a.zh"), "安理会通过决议。\n会议结束。\n主席发言。\n").unwrap();
    std::fs::write(
        desk.join("a.en"),
        "The Council adopted the resolution.\nThe meeting ended.\nThe President spoke.\n",
    )
    .unwrap();
    std::fs::write(desk.join("secret.txt"), "not for the page").unwrap();
    let status = Command::new(env!("CARGO_BIN_EXE_duizhao"))
        .args(["align", "-q", "--lines", "a.zh", "a.en", "-o", "a.jsonl"])
        .current_dir(desk)
        .status()
        .unwrap();
    assert!(status.success());
}

fn serve() -> Page {
    let desk = tempfile::tempdir().unwrap();
    alignment(desk.path());
    serve_at(desk)
}

fn serve_at(desk: tempfile::TempDir) -> Page {
    let mut program = Command::new(env!("CARGO_BIN_EXE_duizhao"))
        .args(["review", "--no-open", "a.jsonl"])
        .current_dir(desk.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(program.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let rest = line.trim().strip_prefix("http://127.0.0.1:").unwrap();
    let (port, token) = rest.split_once('/').unwrap();
    let token = token.trim_end_matches('/').to_string();
    Page { program, port: port.parse().unwrap(), token, desk }
}

impl Page {
    fn raw(&self, request: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let status = text.split_whitespace().nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
        (status, text)
    }

    fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    fn get(&self, path: &str, headers: &str) -> (u16, String) {
        let host = self.host();
        self.raw(&format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n"))
    }

    fn own(&self, path: &str) -> String {
        format!("/{}/{path}", self.token)
    }

    fn post_with(&self, path: &str, body: &str, headers: &str) -> (u16, String) {
        self.raw(&format!(
            "POST {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}",
            self.own(path),
            self.host(),
            body.len()
        ))
    }

    fn good_headers(&self) -> String {
        format!(
            "Content-Type: application/json\r\nOrigin: http://{}\r\nX-Duizhao-Token: {}\r\n",
            self.host(),
            self.token
        )
    }

    fn post(&self, path: &str, body: &str) -> (u16, String) {
        self.post_with(path, body, &self.good_headers())
    }

    fn accept_first(&self, headers: &str) -> u16 {
        let body = r#"{"revision":1,"do":"status","row":0,"status":"accepted"}"#;
        self.post_with("api/do", body, headers).0
    }

    fn accepted(&self) -> bool {
        self.get(&self.own("api/status"), "").1.contains(r#""accepted":1"#)
    }
}

#[test]
fn with_everything_right_it_answers_and_says_how_to_behave() {
    let page = serve();
    let (status, text) = page.get(&page.own(""), "");
    assert_eq!(status, 200);
    let lower = text.to_lowercase();
    for header in [
        "content-security-policy: default-src 'none'; script-src 'self'",
        "frame-ancestors 'none'",
        "x-content-type-options: nosniff",
        "referrer-policy: no-referrer",
        "cache-control: no-store",
    ] {
        assert!(lower.contains(header), "{header}\n{text}");
    }
    assert!(!lower.contains("set-cookie") && !lower.contains("access-control-allow"), "{text}");
    assert_eq!(page.accept_first(&page.good_headers()), 200);
    assert!(page.accepted());
}

#[test]
fn without_the_token_nothing_is_had() {
    let page = serve();
    let wrong = "0".repeat(64);
    for path in
        ["/", "/api/status", "/review.js", &format!("/{wrong}/"), &format!("/{wrong}/api/status"), "//"]
    {
        let (status, text) = page.get(path, "");
        assert_eq!(status, 403, "{path}: {text}");
        assert!(!text.contains("安理会"), "{path}");
    }
    let short = &page.token[..63];
    assert_eq!(page.get(&format!("/{short}/"), "").0, 403);
}

#[test]
fn another_host_is_refused() {
    let page = serve();
    let port = page.port;
    for host in ["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1.evil.example", "0.0.0.0"] {
        let url = page.own("");
        let (status, _) =
            page.raw(&format!("GET {url} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
        assert_eq!(status, 403, "{host}");
    }
    let url = page.own("");
    let none = page.raw(&format!("GET {url} HTTP/1.0\r\n\r\n")).0;
    assert_eq!(none, 403);
    let two =
        format!("GET {url} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nHost: evil\r\nConnection: close\r\n\r\n");
    assert_ne!(page.raw(&two).0, 200);
    let local = format!("GET {url} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n");
    assert_eq!(page.raw(&local).0, 200);
}

#[test]
fn another_site_can_neither_read_nor_change() {
    let page = serve();
    let token = format!("X-Duizhao-Token: {}\r\n", page.token);
    let json = "Content-Type: application/json\r\n";
    let own = format!("Origin: http://{}\r\n", page.host());
    for headers in [
        format!("{json}{token}Origin: http://evil.example\r\n"),
        format!("{json}{token}Origin: null\r\n"),
        format!("{json}{token}Origin: http://127.0.0.1:1\r\n"),
        format!("{json}{token}Origin: https://{}\r\n", page.host()),
        format!("{json}{token}"),
        format!("{json}{own}"),
        format!("{json}{own}X-Duizhao-Token: x\r\n"),
        format!("{json}{own}{token}Sec-Fetch-Site: cross-site\r\n"),
        format!("{json}{own}{token}Sec-Fetch-Site: same-site\r\n"),
    ] {
        assert_eq!(page.accept_first(&headers), 403, "{headers}");
    }
    assert_eq!(page.accept_first(&format!("{own}{token}Content-Type: text/plain\r\n")), 415);
    assert_eq!(page.get(&page.own("api/status"), "Origin: http://evil.example\r\n").0, 403);
    let (status, text) = page.raw(&format!(
        "OPTIONS {} HTTP/1.1\r\nHost: {}\r\nOrigin: http://evil.example\r\nConnection: close\r\n\r\n",
        page.own("api/do"),
        page.host()
    ));
    assert_eq!(status, 405, "{text}");
    assert!(!page.accepted());
}

#[test]
fn reading_changes_nothing() {
    let page = serve();
    for path in ["api/do", "api/undo", "api/finish", "api/realign"] {
        assert_eq!(page.get(&page.own(path), "").0, 404, "{path}");
    }
}

#[test]
fn no_other_file_can_be_read() {
    let page = serve();
    for path in [
        "../secret.txt",
        "secret.txt",
        "..%2fsecret.txt",
        "%2e%2e/secret.txt",
        "a.jsonl",
        "a.zh",
        "./a.zh",
        "//etc/passwd",
        "/etc/passwd",
        "..\\secret.txt",
        "review.css/../../secret.txt",
        "api/export?format=../secret.txt",
        "api/row?at=-1",
        "api/row?at=99999999999999999999",
        "assets/review.js",
        "review.js%00",
    ] {
        let (status, text) = page.get(&page.own(path), "");
        assert!(matches!(status, 400 | 404), "{path}: {status}");
        assert!(!text.contains("not for the page") && !text.contains("root:"), "{path}");
    }
}

#[test]
fn bodies_are_limited_and_nonsense_is_refused() {
    let page = serve();
    let headers = page.good_headers();
    let host = page.host();
    let long = format!(
        "POST {} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: 999999999\r\n{headers}\r\n",
        page.own("api/do")
    );
    let mut stream = TcpStream::connect(("127.0.0.1", page.port)).unwrap();
    stream.write_all(long.as_bytes()).unwrap();
    let mut start = [0u8; 12];
    stream.read_exact(&mut start).unwrap();
    assert_eq!(&start, b"HTTP/1.1 413");
    drop(stream);
    for body in [
        "",
        "{",
        "[]",
        "null",
        r#"{"revision":1,"do":"status","row":0,"status":"x"}"#,
        r#"{"revision":1,"do":"rm"}"#,
    ] {
        assert_eq!(page.post("api/do", body).0, 400, "{body}");
    }
    for body in [
        r#"{"revision":1,"do":"merge","row":99}"#,
        r#"{"revision":1,"do":"split","row":0,"source":9,"target":9}"#,
        r#"{"revision":1,"do":"split-at","row":0,"side":"source","at":0}"#,
        r#"{"revision":1,"do":"edit","row":0,"side":"source","text":" "}"#,
    ] {
        assert_eq!(page.post("api/do", body).0, 422, "{body}");
    }
    assert!(!page.accepted());
}

#[test]
fn a_stale_window_is_told_and_changes_nothing() {
    let page = serve();
    let body = |row: usize| format!(r#"{{"revision":1,"do":"status","row":{row},"status":"rejected"}}"#);
    assert_eq!(page.post("api/do", &body(0)).0, 200);
    let (status, text) = page.post("api/do", &body(1));
    assert_eq!(status, 409);
    assert!(text.contains(r#""rejected":1"#) && text.contains(r#""revision":2"#), "{text}");
}

#[test]
fn killed_at_once_it_stands_where_it_was_and_can_still_undo() {
    let mut page = serve();
    for revision in 1..=3 {
        let row = revision - 1;
        let body = format!(
            r#"{{"revision":{revision},"do":"edit","row":{row},"side":"target","text":"text {row}"}}"#
        );
        assert_eq!(page.post("api/do", &body).0, 200);
    }
    assert_eq!(page.post("api/undo", r#"{"revision":4}"#).0, 200);
    page.program.kill().unwrap();
    page.program.wait().unwrap();
    let desk = std::mem::replace(&mut page.desk, tempfile::tempdir().unwrap());
    let again = serve_at(desk);
    let text = again.get(&again.own("api/rows?at=0,1,2"), "").1;
    assert!(text.contains("text 0") && text.contains("text 1") && !text.contains("text 2"), "{text}");
    let status = again.get(&again.own("api/status"), "").1;
    assert!(status.contains(r#""undo":2"#) && status.contains(r#""redo":1"#), "{status}");
    assert_eq!(again.post("api/redo", r#"{"revision":1}"#).0, 200);
    assert!(again.get(&again.own("api/rows?at=2"), "").1.contains("text 2"));
}

#[test]
fn a_second_program_does_not_open_the_same_file() {
    let page = serve();
    let output = Command::new(env!("CARGO_BIN_EXE_duizhao"))
        .args(["review", "--check", "a.jsonl"])
        .current_dir(page.desk.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("another duizhao"));
}

#[test]
fn a_file_changed_on_the_disk_is_noticed_and_not_written_over() {
    let page = serve();
    let path = page.desk.path().join("a.jsonl");
    let other = std::fs::read_to_string(&path).unwrap().replace("会议结束", "会议闭幕");
    std::fs::write(&path, &other).unwrap();
    let (status, text) = page.post("api/do", r#"{"revision":1,"do":"merge","row":0}"#);
    assert_eq!(status, 409, "{text}");
    assert!(text.contains(r#""conflict":true"#));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), other);
    assert_eq!(page.post("api/resolve", r#"{"choose":"disk"}"#).0, 200);
    assert!(page.get(&page.own("api/rows?at=1"), "").1.contains("会议闭幕"));
}

#[test]
fn finishing_leaves_the_file_up_to_date() {
    let mut page = serve();
    assert_eq!(page.post("api/do", r#"{"revision":1,"do":"merge","row":0}"#).0, 200);
    assert_eq!(page.post("api/finish", "{}").0, 200);
    assert!(page.program.wait().unwrap().success());
    let text = std::fs::read_to_string(page.desk.path().join("a.jsonl")).unwrap();
    assert_eq!(text.lines().count(), 3);
}

#[test]
fn originals_changed_since_are_told() {
    let desk = tempfile::tempdir().unwrap();
    alignment(desk.path());
    std::fs::write(desk.path().join("a.en"), "Something else.\n").unwrap();
    let page = serve_at(desk);
    assert!(page.get(&page.own("api/status"), "").1.contains("a.en was changed since it was aligned"));
}

#[test]
fn every_connection_is_answered_however_many_come_at_once() {
    // As browsers do: some connections at once, kept open. A server that gives each a thread of a pool loses some.
    let page = serve();
    let request = format!("GET {} HTTP/1.1\r\nHost: {}\r\n\r\n", page.own("api/status"), page.host());
    for round in 0..20 {
        let mut streams: Vec<TcpStream> =
            (0..6 + round).map(|_| TcpStream::connect(("127.0.0.1", page.port)).unwrap()).collect();
        for stream in &mut streams {
            stream.write_all(request.as_bytes()).unwrap();
        }
        for stream in &mut streams {
            stream.set_read_timeout(Some(std::time::Duration::from_secs(20))).unwrap();
            let mut start = [0u8; 12];
            stream.read_exact(&mut start).unwrap_or_else(|e| panic!("round {round}: {e}"));
            assert_eq!(&start, b"HTTP/1.1 200");
        }
    }
}

#[test]
fn the_slow_and_the_silent_keep_nobody_waiting() {
    let page = serve();
    let begun = |text: &str| {
        let mut stream = TcpStream::connect(("127.0.0.1", page.port)).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        stream
    };
    let host = page.host();
    let mut open = Vec::new();
    for _ in 0..40 {
        open.push(begun(""));
        open.push(begun("GET / HT"));
        open.push(begun(&format!("GET {} HTTP/1.1\r\nHost: {host}\r\nX-Slow: ", page.own(""))));
        // Everything right, but the body never comes.
        open.push(begun(&format!(
            "POST {} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1000000\r\n{}\r\n{{",
            page.own("api/do"),
            page.good_headers()
        )));
    }
    let started = std::time::Instant::now();
    assert_eq!(page.accept_first(&page.good_headers()), 200);
    assert!(page.accepted());
    // Far below the half minute for which the slow are waited for.
    assert!(started.elapsed() < std::time::Duration::from_secs(10), "{:?}", started.elapsed());
    drop(open);
}

#[test]
fn names_made_to_point_here_are_refused_with_any_port() {
    let page = serve();
    let (port, url) = (page.port, page.own("api/status"));
    for host in [
        format!("evil.example:{port}"),
        format!("localhost.evil.example:{port}"),
        format!("evil.localhost:{port}"),
        format!("127.0.0.1.:{port}"),
        format!("127.1:{port}"),
        format!("2130706433:{port}"),
        format!("[::1]:{port}"),
        format!("user@127.0.0.1:{port}"),
        format!("127.0.0.1:{port}, evil.example"),
    ] {
        let (status, text) =
            page.raw(&format!("GET {url} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
        assert!(matches!(status, 400 | 403), "{host}: {status}");
        assert!(!text.contains("a.jsonl"), "{host}");
    }
    // The address as a proxy would get it.
    let (status, text) = page.raw(&format!(
        "GET http://evil.example:{port}{url} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    ));
    assert!(matches!(status, 400 | 403) && !text.contains("a.jsonl"), "{status}");
}

#[test]
fn a_change_needs_its_method_type_and_body() {
    let page = serve();
    let host = page.host();
    let right = format!("Origin: http://{host}\r\nX-Duizhao-Token: {}\r\n", page.token);
    let body = r#"{"revision":1,"do":"status","row":0,"status":"accepted"}"#;
    for kind in ["", "Content-Type: text/plain\r\n", "Content-Type: application/x-www-form-urlencoded\r\n"] {
        assert_eq!(page.post_with("api/do", body, &format!("{right}{kind}")).0, 415, "{kind}");
    }
    // A change in the address is none.
    let asked = page.own("api/do?revision=1&do=status&row=0&status=accepted");
    assert_eq!(page.get(&asked, &page.good_headers()).0, 404);
    for method in ["PUT", "DELETE", "PATCH", "HEAD", "TRACE"] {
        let (status, _) = page.raw(&format!(
            "{method} {} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {}\r\n{}\r\n{body}",
            page.own("api/do"),
            body.len(),
            page.good_headers()
        ));
        assert_eq!(status, 405, "{method}");
    }
    assert!(!page.accepted());
}

#[test]
fn a_body_that_hides_its_length_is_limited_too() {
    let page = serve();
    let mut stream = TcpStream::connect(("127.0.0.1", page.port)).unwrap();
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n{}\r\n",
        page.own("api/do"),
        page.host(),
        page.good_headers()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    for _ in 0..200 {
        if stream.write_all(chunk.as_bytes()).is_err() {
            break;
        }
    }
    let mut start = [0u8; 12];
    // Whoever sends on after the answer may find the connection closed before reading it.
    if stream.read_exact(&mut start).is_ok() {
        assert_eq!(&start, b"HTTP/1.1 413");
    }
    assert_eq!(page.get(&page.own("api/status"), "").0, 200);
}

#[test]
fn a_long_address_or_many_headers_are_refused() {
    let page = serve();
    let (status, _) = page.get(&format!("/{}", "a".repeat(70_000)), "");
    assert!(matches!(status, 400 | 403 | 414 | 431), "{status}");
    let many: String = (0..500).map(|k| format!("X-{k}: y\r\n")).collect();
    assert!(matches!(page.get(&page.own(""), &many).0, 400 | 431));
    assert_eq!(page.get(&page.own(""), "").0, 200);
}

#[test]
fn the_page_saves_into_its_memory_and_into_no_other() {
    let page = serve();
    assert_eq!(page.accept_first(&page.good_headers()), 200);
    let saved = |body: &str| page.post("api/memory", body).1;
    // Only what is accepted; what is known already is not added again.
    assert!(saved(r#"{"only":"accepted","file":"../other.db"}"#).contains(r#""added":1"#));
    let again = saved(r#"{"only":"accepted"}"#);
    assert!(again.contains(r#""added":0"#) && again.contains(r#""known":1"#), "{again}");
    let all = saved(r#"{"only":"all"}"#);
    assert!(all.contains(r#""added":2"#), "{all}");
    let files: Vec<_> =
        std::fs::read_dir(page.desk.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(files.iter().any(|f| f == "memory.db") && !files.iter().any(|f| f == "other.db"), "{files:?}");
    let output = Command::new(env!("CARGO_BIN_EXE_duizhao"))
        .args(["tm", "search", "安理会"])
        .current_dir(page.desk.path())
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("The Council adopted"), "{output:?}");
    // A memory that is none is told, and nothing breaks.
    std::fs::write(page.desk.path().join("memory.db"), "no database at all, but long enough to be one")
        .unwrap();
    let (status, text) = page.post("api/memory", r#"{"only":"all"}"#);
    assert_eq!(status, 422, "{text}");
    assert!(page.accepted());
}
