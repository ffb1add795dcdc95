//! The order of the modules: data flows one way, siblings do not know each other, foreign crates have one door.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

/// Floors from the ground up; a module may use those on lower floors only.
const FLOORS: [&[&str]; 5] = [
    &["error", "model"],
    &["read", "segment", "lexicon", "feature"],
    &["align", "terms", "check", "memory", "format", "eval", "pairing"],
    &["review"],
    &["cli"],
];
/// Foreign crates and the only places that may name them.
const DOORS: &[(&str, &[&str])] = &[
    ("clap", &["cli/"]),
    ("indicatif", &["cli/say.rs"]),
    ("csv", &["format/csv.rs"]),
    (
        "quick_xml",
        &[
            "format/tmx.rs",
            "format/tmx/",
            "format/tbx.rs",
            "format/xliff/",
            "segment/srx/",
            "read/office/xml.rs",
        ],
    ),
    ("zip", &["read/office/archive.rs"]),
    ("flate2", &["format/tmx.rs", "format/tmx/", "read/pdf/guard.rs"]),
    ("pdf_extract", &["read/pdf/"]),
    ("regex", &["memory/concordance.rs", "segment/srx/"]),
    ("rusqlite", &["memory/"]),
    ("serde", &["format/jsonl.rs", "memory/detail.rs", "review/", "cli/batch/", "cli/stream.rs"]),
    ("hyper", &["review/server.rs"]),
    ("hyper_util", &["review/server.rs"]),
    ("http_body_util", &["review/server.rs"]),
    ("tokio", &["review/server.rs"]),
    ("getrandom", &["review/guard.rs"]),
    ("calamine", &["format/sheet.rs"]),
    ("rust_xlsxwriter", &["format/sheet.rs", "format/xlsx.rs"]),
    ("pulldown_cmark", &["read/markdown.rs"]),
    ("html5ever", &["read/html/tokens.rs"]),
    ("chardetng", &["read/encoding.rs"]),
    ("crawdad", &["lexicon/pack.rs"]),
    ("comfy_table", &["format/report/plain.rs"]),
    ("toml", &["check/config.rs"]),
    ("strsim", &["feature/sound.rs"]),
    ("unicode_segmentation", &["segment/mod.rs"]),
];

fn sources(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

fn files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    sources(&root, &mut paths);
    let name = |p: &Path| p.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
    paths.iter().map(|p| (name(p), std::fs::read_to_string(p).unwrap())).collect()
}

#[test]
fn modules_use_lower_floors_only() {
    let floor = |module: &str| FLOORS.iter().position(|f| f.contains(&module));
    let mut checked = 0;
    for (name, text) in files() {
        let own = name.split(['/', '.']).next().unwrap();
        let Some(mine) = floor(own) else { continue };
        for line in text.lines().filter(|l| l.trim_start().starts_with("use crate::")) {
            let used =
                line.trim_start()["use crate::".len()..].split([':', ';', ',', '{']).next().unwrap().trim();
            let Some(theirs) = floor(used) else { continue };
            checked += 1;
            assert!(theirs < mine || used == own || own == "error", "{name}: {line}");
        }
    }
    assert!(checked > 40, "only {checked} uses found");
}

#[test]
fn foreign_crates_have_one_door() {
    for &(crate_name, doors) in DOORS {
        let used: Vec<String> = files()
            .into_iter()
            .filter(|(_, text)| {
                text.lines().any(|l| {
                    let l = l.trim_start();
                    !l.starts_with("//")
                        && (l.contains(&format!("{crate_name}::"))
                            || l.starts_with(&format!("use {crate_name}")))
                })
            })
            .map(|(name, _)| name)
            .collect();
        for name in &used {
            let own = crate_name == "csv" && (name.starts_with("format/"));
            assert!(own || doors.iter().any(|d| name.starts_with(d)), "{crate_name} is used in {name}");
        }
        assert!(!used.is_empty(), "{crate_name} is not used at all");
    }
}

#[test]
fn the_library_neither_prints_nor_reads_the_environment() {
    for (name, text) in files().into_iter().filter(|(n, _)| !n.starts_with("cli/") && n != "main.rs") {
        for word in ["println!", "eprintln!", "std::env::", "process::exit"] {
            assert!(!text.contains(word), "{name} uses {word}");
        }
    }
}
