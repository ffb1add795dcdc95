//! Runs the folders of `tests/cmd` and the examples of every `--help`.
//!
//! A folder holds the input files, `cmd` (one line for a shell; `duizhao` is the program), and what must come out:
//! `status`, `stdout`, `stderr` (an absent file means 0 or nothing), and `left`, the names of the files that lie in
//! the folder afterwards beyond the given ones. `DUIZHAO_BLESS=1 cargo test --test commands` writes what came out;
//! read the difference before you commit it.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const EXPECTATIONS: [&str; 5] = ["cmd", "status", "stdout", "stderr", "left"];

/// A shell in `folder` that finds our program first.
fn shell(folder: &Path, line: &str) -> Output {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_duizhao"));
    let mut path = OsString::from(program.parent().unwrap());
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    Command::new("sh")
        .args(["-c", line])
        .current_dir(folder)
        .env("PATH", path)
        .env("NO_COLOR", "1")
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn copy_into(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let name = entry.file_name();
        let target = to.join(&name);
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir(&target).unwrap();
            copy_into(&entry.path(), &target);
        } else if !EXPECTATIONS.iter().any(|e| name == *e) {
            std::fs::copy(entry.path(), &target).unwrap();
        }
    }
}

fn names(folder: &Path) -> BTreeSet<String> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .collect()
}

#[test]
fn folders_of_commands_say_and_leave_what_they_must() {
    let bless = std::env::var_os("DUIZHAO_BLESS").is_some();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd");
    let mut wrong = Vec::new();
    let folders: BTreeSet<PathBuf> =
        std::fs::read_dir(root).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()).collect();
    assert!(folders.len() >= 12, "the folders of tests/cmd are missing");
    for folder in folders {
        let desk = tempfile::tempdir().unwrap();
        copy_into(&folder, desk.path());
        let given = names(desk.path());
        let line = std::fs::read_to_string(folder.join("cmd")).unwrap();
        let output = shell(desk.path(), line.trim());
        let left: String = names(desk.path()).difference(&given).map(|n| format!("{n}\n")).collect();
        let status = output.status.code().map_or("killed\n".to_owned(), |c| format!("{c}\n"));
        let came = [
            ("status", if status == "0\n" { String::new() } else { status }),
            ("stdout", String::from_utf8_lossy(&output.stdout).into_owned()),
            ("stderr", String::from_utf8_lossy(&output.stderr).into_owned()),
            ("left", left),
        ];
        for (name, text) in came {
            let file = folder.join(name);
            if bless {
                if text.is_empty() {
                    let _ = std::fs::remove_file(file);
                } else {
                    std::fs::write(file, text).unwrap();
                }
            } else if text != std::fs::read_to_string(&file).unwrap_or_default() {
                wrong.push(format!("{}:\n{text}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "not as expected; this came out:\n{}", wrong.join("\n"));
}

/// Files under the names that the examples use.
fn desk_for_examples() -> tempfile::TempDir {
    let desk = tempfile::tempdir().unwrap();
    let at = |name: &str| desk.path().join(name);
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/samples");
    for (sample, name) in [
        ("A-61-1006.zh.txt", "letter.zh.txt"),
        ("A-61-1006.en.txt", "letter.en.txt"),
        ("A-61-1006.gold.tsv", "letter.gold.tsv"),
    ] {
        std::fs::copy(samples.join(sample), at(name)).unwrap();
    }
    std::fs::write(at("a.zh"), "安理会通过决议。\n会议结束。\n").unwrap();
    std::fs::write(at("a.en"), "The Council adopted the resolution.\nThe meeting ended.\n").unwrap();
    std::fs::write(
        at("bilingual.txt"),
        "会议结束了。\nThe meeting ended.\n代表离开了。\nThe delegates left.\n",
    )
    .unwrap();
    let page = |words: &str| format!("<!DOCTYPE html><meta charset=utf-8><h1>{words}</h1><p>{words}");
    std::fs::write(at("contract.zh.html"), page("供货合同于五月签订。")).unwrap();
    std::fs::write(at("contract.en.html"), page("The supply contract was signed in May.")).unwrap();
    std::fs::write(at("terms.csv"), "zh,en\n纳戈尔诺-卡拉巴赫,Nagorno-Karabakh\n").unwrap();
    for line in [
        "duizhao align -q letter.zh.txt letter.en.txt -o letter.tsv -o letter.jsonl -o letter.tmx -o memory.tmx",
        "mkdir project; cp letter.zh.txt project/l.zh.txt; cp letter.en.txt project/l.en.txt",
        r#"echo '{"id": 1, "source_path": "letter.zh.txt", "target_path": "letter.en.txt"}' > documents.jsonl"#,
        "mkdir gold mine",
        "duizhao align -q --lines a.zh a.en --format beads > gold/a.gold && cp gold/a.gold mine/a.align",
        "printf '1\\n2\\n' > gold/a.zh.blk; cp gold/a.zh.blk gold/a.en.blk",
    ] {
        let output = shell(desk.path(), line);
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    }
    desk
}

#[test]
fn every_example_of_every_help_runs() {
    let text = |line: &str| String::from_utf8(shell(Path::new("."), line).stdout).unwrap();
    let desk = desk_for_examples();
    let top = text("duizhao --help");
    let commands: Vec<&str> = top
        .lines()
        .skip_while(|l| *l != "Commands:")
        .skip(1)
        .take_while(|l| !l.is_empty())
        .filter_map(|l| l.split_whitespace().next())
        .filter(|c| !["help", "completions", "man"].contains(c))
        .collect();
    assert!(commands.len() >= 4, "{top}");
    let mut ran = 0;
    for command in commands {
        let help = text(&format!("duizhao {command} --help"));
        let examples: Vec<&str> = help
            .lines()
            .skip_while(|l| *l != "Examples:")
            .skip(1)
            .take_while(|l| l.is_empty() || l.starts_with("  "))
            .filter_map(|l| l.strip_prefix("  "))
            .filter(|l| l.starts_with("duizhao "))
            .collect();
        assert!(!examples.is_empty(), "{command} has no examples");
        for example in examples {
            let output = shell(desk.path(), example);
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{example}\n{said}");
            ran += 1;
        }
    }
    assert!(ran >= 10);
}

#[test]
fn the_licences_of_the_data_are_told() {
    let output = shell(Path::new("."), "duizhao --licenses");
    let text = String::from_utf8(output.stdout).unwrap();
    for source in ["CC-CEDICT", "Unicode", "GeoNames", "MIT"] {
        assert!(text.contains(source), "{source}");
    }
}
