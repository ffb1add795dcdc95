//! `duizhao tm` as a translator uses it: files of every format, filters, several programs at once.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn duizhao(folder: &Path, line: &str) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_duizhao"))
        .args(line.split(' '))
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |b: Vec<u8>| String::from_utf8(b).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn said(folder: &Path, line: &str) -> String {
    let (status, out, err) = duizhao(folder, line);
    assert_eq!(status, 0, "{line}: {err}");
    out
}

/// The sample letter, aligned, in every format that keeps texts.
fn letter() -> tempfile::TempDir {
    let desk = tempfile::tempdir().unwrap();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/samples");
    for (sample, name) in [("A-61-1006.zh.txt", "l.zh.txt"), ("A-61-1006.en.txt", "l.en.txt")] {
        std::fs::copy(samples.join(sample), desk.path().join(name)).unwrap();
    }
    said(
        desk.path(),
        "align -q l.zh.txt l.en.txt -o l.tmx -o l.jsonl -o l.csv -o l.tsv -o l.xlsx -o l.xlf -o l.xliff",
    );
    desk
}

fn count(folder: &Path, db: &str) -> usize {
    said(folder, &format!("tm list --db {db}")).lines().count()
}

#[test]
fn the_same_alignment_is_known_from_every_format_in_any_order() {
    let desk = letter();
    let folder = desk.path();
    let files = ["l.tmx", "l.jsonl", "l.csv", "l.tsv", "l.xlsx", "l.xlf", "l.xliff"];
    for first in files {
        let db = format!("{first}.db");
        said(folder, &format!("tm add -q {first} --db {db}"));
        let units = count(folder, &db);
        assert!(units > 60, "{first}: {units}");
        for other in files {
            said(folder, &format!("tm add -q {other} --db {db}"));
            assert!(count(folder, &db) <= units.max(74), "{other} after {first}: {}", count(folder, &db));
        }
        let known = count(folder, &db);
        for other in files {
            let (_, _, told) = duizhao(folder, &format!("tm add {other} --db {db}"));
            assert!(told.contains(": 0 units added"), "{first}: {told}");
        }
        assert_eq!(count(folder, &db), known);
    }
    let shown = said(folder, "tm match 安全理事会 --db l.tmx.db");
    assert_eq!(shown.lines().filter(|l| l.ends_with("\t安全理事会\tSecurity Council")).count(), 1, "{shown}");
}

fn tmx(units: &[(&str, &str, &str, &str, &str)]) -> String {
    let mut text = String::from(
        "<tmx version=\"1.4\"><header creationtool=\"t\" creationtoolversion=\"1\" segtype=\"sentence\" \
         o-tmf=\"t\" adminlang=\"en\" srclang=\"zh-CN\" datatype=\"plaintext\"/><body>\n",
    );
    for (zh, en, date, domain, confidence) in units {
        text.push_str(&format!(
            "<tu changedate=\"{date}\"><prop type=\"x-domain\">{domain}</prop>\
             <prop type=\"x-confidence\">{confidence}</prop>\
             <tuv xml:lang=\"zh-CN\"><seg>{zh}</seg></tuv><tuv xml:lang=\"en-US\"><seg>{en}</seg></tuv></tu>\n"
        ));
    }
    text + "</body></tmx>\n"
}

#[test]
fn an_export_holds_what_was_asked_for() {
    let desk = tempfile::tempdir().unwrap();
    let folder = desk.path();
    let units = [
        ("会议结束。", "The meeting ended.", "20250101T000000Z", "news", "0.95"),
        ("下雨了。", "It rains.", "20260201T000000Z", "weather", "0.40"),
        ("条约生效。", "The treaty takes effect.", "20260301T000000Z", "law", "0.99"),
    ];
    std::fs::write(folder.join("a.tmx"), tmx(&units)).unwrap();
    said(folder, "tm add -q a.tmx");
    for (option, wanted) in [
        ("--lang zh", "会下条"),
        ("--lang zh-CN", "会下条"),
        ("--lang en", "会下条"),
        ("--since 2026-01-01", "下条"),
        ("--until 2026-01-01", "会"),
        ("--since 2026-01-01 --until 2026-02-15", "下"),
        ("--domain law", "条"),
        ("--min-confidence 0.9", "会条"),
        ("--query 雨", "下"),
        ("--query treaty", "条"),
    ] {
        for name in ["out.tmx", "out.tmx.gz", "out.csv", "out.xlsx", "out.xlf", "out.jsonl"] {
            said(folder, &format!("tm export -q {name} {option}"));
            let back = format!("{name}.db");
            let _ = std::fs::remove_file(folder.join(&back));
            said(folder, &format!("tm add -q {name} --db {back}"));
            let listed = said(folder, &format!("tm list --db {back}"));
            let firsts: String =
                listed.lines().map(|l| l.split('\t').nth(2).unwrap().chars().next().unwrap()).collect();
            assert_eq!(firsts, wanted, "{option} as {name}");
        }
    }
    let (status, _, told) = duizhao(folder, "tm export none.tmx --lang fr");
    assert_eq!((status, folder.join("none.tmx").exists()), (2, false), "{told}");
}

#[test]
fn conflicts_are_decided_by_date_and_leave_a_history() {
    let desk = tempfile::tempdir().unwrap();
    let folder = desk.path();
    let unit = |en, date| [("下雨了。", en, date, "weather", "0.9")];
    std::fs::write(folder.join("new.tmx"), tmx(&unit("It is raining.", "20260301T000000Z"))).unwrap();
    std::fs::write(folder.join("old.tmx"), tmx(&unit("It rains.", "20250301T000000Z"))).unwrap();
    for (keep, order, wanted) in [
        ("newest", ["old", "new"], "It is raining."),
        ("newest", ["new", "old"], "It is raining."),
        ("oldest", ["old", "new"], "It rains."),
        ("oldest", ["new", "old"], "It rains."),
    ] {
        let db = format!("{keep}-{}.db", order[0]);
        for file in order {
            said(folder, &format!("tm add -q {file}.tmx --keep {keep} --db {db}"));
        }
        let listed = said(folder, &format!("tm list --db {db}"));
        assert_eq!(listed.lines().count(), 1);
        assert!(listed.trim_end().ends_with(wanted), "{keep} {order:?}: {listed}");
        let replaced = (keep == "newest") == (order[1] == "new");
        let history: i64 = rusqlite::Connection::open(folder.join(&db))
            .unwrap()
            .query_row("SELECT count(*) FROM history WHERE reason = 'replaced'", [], |r| r.get(0))
            .unwrap();
        assert_eq!(history, i64::from(replaced), "{keep} {order:?}");
    }
    said(folder, "tm add -q old.tmx new.tmx --keep all");
    assert_eq!(count(folder, "memory.db"), 2);
}

#[test]
fn readers_go_on_while_one_writes() {
    let desk = tempfile::tempdir().unwrap();
    let folder = desk.path();
    let many = |from: usize| {
        let texts: Vec<(String, String)> =
            (from..from + 20_000).map(|k| (format!("第{k}句话。"), format!("Sentence {k}."))).collect();
        let units: Vec<_> =
            texts.iter().map(|(a, b)| (a.as_str(), b.as_str(), "20260101T000000Z", "d", "1")).collect();
        tmx(&units)
    };
    std::fs::write(folder.join("a.tmx"), many(0)).unwrap();
    std::fs::write(folder.join("b.tmx"), many(20_000)).unwrap();
    said(folder, "tm add -q a.tmx");
    let mut writer = Command::new(env!("CARGO_BIN_EXE_duizhao"))
        .args(["tm", "add", "-q", "b.tmx"])
        .current_dir(folder)
        .spawn()
        .unwrap();
    let mut counts = Vec::new();
    loop {
        let done = writer.try_wait().unwrap();
        let readers: Vec<_> = (0..3)
            .map(|_| {
                let folder = folder.to_path_buf();
                std::thread::spawn(move || count(&folder, "memory.db"))
            })
            .collect();
        counts.extend(readers.into_iter().map(|r| r.join().unwrap()));
        if let Some(status) = done {
            assert!(status.success());
            break;
        }
    }
    assert!(counts.iter().all(|c| [20_000, 40_000].contains(c)), "{counts:?}");
    assert_eq!(counts.last(), Some(&40_000));
}

#[test]
fn two_writers_wait_for_each_other() {
    let desk = tempfile::tempdir().unwrap();
    let folder = desk.path();
    let writers: Vec<_> = (0..3)
        .map(|k| {
            let texts: Vec<(String, String)> =
                (0..500).map(|n| (format!("{k}号第{n}句。"), format!("Writer {k}, sentence {n}."))).collect();
            let units: Vec<_> =
                texts.iter().map(|(a, b)| (a.as_str(), b.as_str(), "20260101T000000Z", "d", "1")).collect();
            std::fs::write(folder.join(format!("{k}.tmx")), tmx(&units)).unwrap();
            let folder = folder.to_path_buf();
            std::thread::spawn(move || said(&folder, &format!("tm add -q {k}.tmx")))
        })
        .collect();
    writers.into_iter().for_each(|w| drop(w.join().unwrap()));
    assert_eq!(count(folder, "memory.db"), 1500);
}

#[test]
fn leverage_is_told_as_text_csv_and_json_and_written_pretranslated() {
    let desk = letter();
    let folder = desk.path();
    said(folder, "tm add -q l.jsonl");
    std::fs::write(
        folder.join("new.txt"),
        "安全理事会\n安全理事会\n安全理事会开会。\n这是一句全新的话，谁也没有翻译过。\n这是一句全新的话，谁也没有翻译过。\n",
    )
    .unwrap();
    let csv = said(folder, "tm match --file new.txt --lines --lang zh --report csv -o p.xlf -q");
    let row = |name: &str| -> Vec<usize> {
        let line = csv.lines().find(|l| l.starts_with(&format!("{name},"))).unwrap();
        line.split(',').skip(1).map(|n| n.parse().unwrap()).collect()
    };
    assert_eq!(csv.lines().next(), Some("match,segments,words,characters"));
    assert_eq!(row("100"), [2, 10, 10]);
    assert_eq!(row("none"), [1, 15, 15]);
    assert_eq!(row("repetitions"), [1, 15, 15]);
    assert_eq!(row("total"), [5, 47, 47]);
    let json = said(folder, "tm match --file new.txt --lines --lang zh --report json -o p.tmx -q");
    let rows: serde_json::Value = serde_json::from_str(&json).unwrap();
    let bands = rows.as_array().unwrap();
    assert_eq!(bands.len(), 9);
    assert!(bands.iter().any(|b| b["band"] == "total" && b["segments"] == 5));
    assert!(said(folder, "tm match --file new.txt --lines --lang zh -q").starts_with("match "));
    for file in ["p.xlf", "p.tmx"] {
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        assert_eq!(text.matches(">Security Council<").count(), 3, "{file}: {text}");
    }
    said(folder, "tm validate p.tmx");
}

fn samples(start: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tmx-samples");
    let mut out: Vec<PathBuf> = std::fs::read_dir(root).unwrap().map(|e| e.unwrap().path()).collect();
    out.retain(|p| p.file_name().unwrap().to_string_lossy().starts_with(start));
    out.sort();
    out
}

#[test]
fn what_fix_writes_is_fine_for_every_tool() {
    let desk = tempfile::tempdir().unwrap();
    let folder = desk.path();
    for file in samples("good-").into_iter().chain(samples("fault-")) {
        for tool in ["omegat", "trados", "memoq"] {
            let file = file.display();
            let (status, _, told) = duizhao(folder, &format!("tm validate {file} --for {tool} --fix f.tmx"));
            assert!(status <= 1, "{file} for {tool}: {told}");
            let (status, out, _) = duizhao(folder, &format!("tm validate f.tmx --for {tool}"));
            assert_eq!((status, out.as_str()), (0, ""), "{file} for {tool}");
            let _ = std::fs::remove_file(folder.join("m.db"));
            said(folder, "tm add -q f.tmx --db m.db");
        }
    }
}

#[test]
fn a_file_that_is_no_tmx_is_told_with_its_place_and_leaves_the_memory_alone() {
    let desk = tempfile::tempdir().unwrap();
    let folder = desk.path();
    for file in samples("good-") {
        let (status, _, told) = duizhao(folder, &format!("tm add {} --db good.db", file.display()));
        assert_eq!(status, 0, "{told}");
        assert!(told.contains(": 1 units added") || told.contains(" 1 known"), "{told}");
    }
    std::fs::write(folder.join("a.tmx"), tmx(&[("好。", "Good.", "20260101T000000Z", "d", "1")])).unwrap();
    said(folder, "tm add -q a.tmx");
    for file in samples("bad-") {
        let (status, _, told) = duizhao(folder, &format!("tm add {}", file.display()));
        assert_eq!(status, 2, "{file:?}");
        assert!(told.contains(&*file.file_name().unwrap().to_string_lossy()), "{told}");
        assert_eq!(count(folder, "memory.db"), 1, "{file:?}");
        assert_eq!(duizhao(folder, &format!("tm validate {}", file.display())).0, 1, "{file:?}");
    }
}
