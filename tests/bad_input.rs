//! Whatever the input, there is a clear message, status 2 and no half-written output; never a panic. The inputs
//! that fit into a repository lie in `tests/cmd`.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

const ZH: &str = "安全理事会通过了这项决议。秘书长表示欢迎。各国代表团随后发言。";
const EN: &str =
    "The Security Council adopted the resolution. The Secretary-General welcomed it. Delegations then spoke.";

struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Desk {
        let desk = Desk { folder: tempfile::tempdir().unwrap() };
        desk.put("zh.txt", ZH.as_bytes());
        desk.put("en.txt", EN.as_bytes());
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    fn align(&self, source: &str, target: &str, more: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_duizhao"))
            .current_dir(self.folder.path())
            .args(["align", source, target])
            .args(more)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// Trouble: status 2, a message that names the file, nothing written.
    fn refuses(&self, source: &str, target: &str, named: &str) -> String {
        let output = self.align(source, target, &["-o", "out.tmx"]);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains("error") && message.contains(named), "{message}");
        assert!(!message.contains("panicked"), "{message}");
        assert!(!self.path("out.tmx").exists());
        message
    }
}

#[test]
fn files_that_are_no_text_are_refused() {
    let desk = Desk::new();
    desk.put("empty.txt", b"");
    desk.put("blank.txt", b" \n\n\t\n");
    desk.put("binary.bin", &(0..4096u32).map(|k| (k * 7 % 256) as u8).collect::<Vec<_>>());
    desk.put("archive.docx", b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00rest of an archive");
    std::fs::create_dir(desk.path("folder")).unwrap();
    for bad in ["empty.txt", "blank.txt", "binary.bin", "archive.docx", "folder", "missing.txt"] {
        desk.refuses(bad, "en.txt", bad);
        desk.refuses("zh.txt", bad, bad);
    }
}

#[test]
fn outputs_that_cannot_be_written_leave_nothing_behind() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("folder.tmx")).unwrap();
    for bad in ["folder.tmx", "nowhere/out.tmx", "out.unknown"] {
        let output = desk.align("zh.txt", "en.txt", &["-o", bad]);
        assert_eq!(output.status.code(), Some(2), "{bad}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let left: Vec<_> =
        std::fs::read_dir(desk.folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "{left:?}");
}

#[test]
fn an_existing_output_survives_a_failure() {
    let desk = Desk::new();
    desk.put("out.tmx", b"precious");
    let output = desk.align("zh.txt", "missing.txt", &["-o", "out.tmx"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(std::fs::read(desk.path("out.tmx")).unwrap(), b"precious");
}

#[test]
fn a_closed_pipe_is_no_error() {
    let desk = Desk::new();
    let lines: String = (0..20_000).map(|k| format!("第{k}号决议获得通过。\n")).collect();
    let english: String = (0..20_000).map(|k| format!("Resolution {k} was adopted.\n")).collect();
    desk.put("long.zh", lines.as_bytes());
    desk.put("long.en", english.as_bytes());
    let mut child = Command::new(env!("CARGO_BIN_EXE_duizhao"))
        .current_dir(desk.folder.path())
        .args(["align", "--lines", "long.zh", "long.en"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{message}");
    assert!(!message.contains("error"), "{message}");
}

#[test]
fn fifty_megabytes_without_a_line_end_are_read() {
    let desk = Desk::new();
    desk.put("long.txt", "安全理事会的主席".repeat(50_000_000 / 24).as_bytes());
    let output = Command::new(env!("CARGO_BIN_EXE_duizhao"))
        .current_dir(desk.folder.path())
        .args(["split", "long.txt"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.stdout.iter().filter(|b| !b.is_ascii_whitespace()).count(), 50_000_000 / 24 * 24);
}

#[test]
fn lopsided_documents_are_aligned() {
    let desk = Desk::new();
    desk.put("long.txt", ZH.repeat(200).as_bytes());
    desk.put("one.txt", "你好。".as_bytes());
    for (zh, en) in [("long.txt", "en.txt"), ("one.txt", "en.txt")] {
        let output = desk.align(zh, en, &["-o", "out.jsonl"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}
