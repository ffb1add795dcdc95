//! A killed program leaves the memory and the exports as they were before or as they are after.
//!
//! `DUIZHAO_KILLS` says how often (12 by default); the moments come from a seed, what the program is
//! doing then does not.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn duizhao(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_duizhao"));
    command
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

fn write_units(file: &Path, from: usize, count: usize) {
    let mut text = String::from(
        "<tmx version=\"1.4\"><header creationtool=\"t\" creationtoolversion=\"1\" segtype=\"sentence\" \
         o-tmf=\"t\" adminlang=\"en\" srclang=\"zh-CN\" datatype=\"plaintext\"/><body>\n",
    );
    for k in from..from + count {
        let twice = if k % 10 == 0 { " " } else { "" };
        text.push_str(&format!(
            "<tu tuid=\"{k}\"><tuv xml:lang=\"zh-CN\"><seg>{twice}第{k}句话在这里。</seg></tuv>\
             <tuv xml:lang=\"en-US\"><seg>Sentence {k} is here.</seg></tuv></tu>\n"
        ));
    }
    text.push_str("</body></tmx>\n");
    std::fs::write(file, text).unwrap();
}

/// The units of the memory as lines, without their numbers.
fn listed(folder: &Path) -> Vec<String> {
    let output = duizhao(folder, &["tm", "list"]).stdout(Stdio::piped()).output().unwrap();
    assert!(output.status.success(), "the memory cannot be read");
    let text = String::from_utf8(output.stdout).unwrap();
    let mut lines: Vec<String> = text.lines().map(|l| l.split_once('\t').unwrap().1.to_string()).collect();
    lines.sort();
    lines
}

fn is_whole(folder: &Path) {
    let db = rusqlite::Connection::open(folder.join("memory.db")).unwrap();
    let said: String = db.query_row("PRAGMA integrity_check", [], |r| r.get(0)).unwrap();
    assert_eq!(said, "ok");
}

/// Starts the program and kills it at some moment of the time it takes; whether it had not ended before.
fn kill(folder: &Path, arguments: &[&str], whole: Duration, random: &mut u64) -> bool {
    // Knuth's linear congruential generator (MMIX).
    *random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    let moment = whole.mul_f64(((*random >> 33) % 1000) as f64 / 950.0);
    let mut child = duizhao(folder, arguments).spawn().unwrap();
    std::thread::sleep(moment.max(Duration::from_micros(200)));
    child.kill().unwrap();
    child.wait().unwrap().code().is_none()
}

/// The first import makes the file and writes its keys at the end.
fn a_first_import_is_killed(random: &mut u64) -> bool {
    let (whole, desk) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let arguments = ["tm", "add", "first.tmx"];
    for folder in [&whole, &desk] {
        write_units(&folder.path().join("first.tmx"), 0, 6000);
    }
    let start = Instant::now();
    assert!(duizhao(whole.path(), &arguments).status().unwrap().success());
    let killed = kill(desk.path(), &arguments, start.elapsed(), random);
    if desk.path().join("memory.db").exists() {
        is_whole(desk.path());
        let count = listed(desk.path()).len();
        assert!(count == 0 || count == 6000, "{count} of 6000 units");
    }
    // What was there before the kill is no hindrance, and no unit comes twice.
    assert!(duizhao(desk.path(), &arguments).status().unwrap().success());
    assert_eq!(listed(desk.path()).len(), 6000);
    is_whole(desk.path());
    killed
}

#[test]
fn a_killed_import_export_or_cleaning_is_done_or_not_begun() {
    let rounds: usize = std::env::var("DUIZHAO_KILLS").ok().and_then(|v| v.parse().ok()).unwrap_or(12);
    let desk = tempfile::tempdir().unwrap();
    let folder = desk.path();
    let (mut killed, mut random) = (0, 0x9E37_79B9_u64);
    let mut next = 0;
    write_units(&folder.join("first.tmx"), 0, 3000);
    assert!(duizhao(folder, &["tm", "add", "first.tmx"]).status().unwrap().success());
    next += 3000;
    for round in 0..rounds {
        let before = listed(folder);
        if round % 4 == 3 {
            killed += usize::from(a_first_import_is_killed(&mut random));
            continue;
        }
        let arguments: &[&str] = match round % 4 {
            0 => {
                write_units(&folder.join("more.tmx"), next, 3000);
                next += 3000;
                &["tm", "add", "more.tmx"]
            }
            1 => &["tm", "export", "out.tmx"],
            _ => &["tm", "clean", "--only", "outer-space", "--apply"],
        };
        // How long it takes when nobody kills it, on a copy.
        let copy = tempfile::tempdir().unwrap();
        for name in ["memory.db", "more.tmx", "out.tmx"] {
            let _ = std::fs::copy(folder.join(name), copy.path().join(name));
        }
        let start = Instant::now();
        assert!(duizhao(copy.path(), arguments).status().unwrap().success());
        let whole = start.elapsed();
        let after = listed(copy.path());
        let old = std::fs::read(folder.join("out.tmx")).ok();
        let new = std::fs::read(copy.path().join("out.tmx")).ok();
        killed += usize::from(kill(folder, arguments, whole, &mut random));
        is_whole(folder);
        let now = listed(folder);
        assert!(now == before || now == after, "round {round}: {arguments:?} left {} units", now.len());
        let out = std::fs::read(folder.join("out.tmx")).ok();
        assert!(out == old || out == new, "round {round}: half an export");
    }
    eprintln!("killed in time: {killed} of {rounds}");
    assert!(killed * 4 >= rounds, "only {killed} of {rounds} were killed in time");
}
