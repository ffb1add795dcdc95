//! Folders of documents and streams of them, through the program.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

#[path = "documents/build.rs"]
mod build;
#[path = "read_kinds/pdf_writer.rs"]
mod pdf_writer;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const LETTERS: [(&str, &str); 3] = [
    (
        "安理会于2007年8月16日通过了决议。\n各国应当停火。\n",
        "On 16 August 2007 the Council adopted the resolution.\nAll countries should cease fire.\n",
    ),
    (
        "银行去年的利润下降了百分之十二。\n存款增加了300万元。\n",
        "The bank's profit fell by 12 per cent last year.\nDeposits rose by 3 million yuan.\n",
    ),
    ("把牛奶和鸡蛋放在碗里。\n加三百克面粉。\n", "Put milk and eggs into a bowl.\nAdd 300 grams of flour.\n"),
];

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_duizhao"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn fine(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    said
}

/// A folder with three pairs: two by name, one by content.
fn project() -> tempfile::TempDir {
    let desk = tempfile::tempdir().unwrap();
    let names = [["in/a.zh.txt", "in/a.en.txt"], ["in/zh/b.txt", "in/en/b.txt"], ["in/k1.txt", "in/k2.txt"]];
    for ((zh, en), [a, b]) in LETTERS.iter().zip(names) {
        for (name, text) in [(a, zh), (b, en)] {
            let path = desk.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
    }
    desk
}

fn read(desk: &tempfile::TempDir, name: &str) -> String {
    std::fs::read_to_string(desk.path().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

#[test]
fn a_folder_becomes_memories_and_a_summary() {
    let desk = project();
    let said = fine(desk.path(), &["align", "--batch", "in", "-o", "out", "--merge", "all.tmx"]);
    assert!(said.contains("3 pairs: 3 aligned; 0 files without a pair"), "{said}");
    for name in ["out/a.tmx", "out/b.jsonl", "out/k1.tmx", "out/summary.txt"] {
        read(&desk, name);
    }
    let csv = read(&desk, "out/summary.csv");
    assert!(csv.contains("k1,in/k1.txt,in/k2.txt,content,aligned,2,2,2,2,0,"), "{csv}");
    let json: serde_json::Value = serde_json::from_str(&read(&desk, "out/summary.json")).unwrap();
    assert_eq!(json["total"]["beads"]["1-1"], 6);
    let merged = read(&desk, "all.tmx");
    assert_eq!(merged.matches("<tu ").count(), 6);
    assert!(merged.contains(r#"<prop type="x-source-file">a.zh.txt</prop>"#), "{merged}");
}

/// A document of one paragraph for each line, by its extension.
fn document(extension: &str, text: &str) -> Vec<u8> {
    use build::*;
    let each =
        |open: &str, close: &str| text.lines().map(|l| format!("{open}{l}{close}")).collect::<String>();
    match extension {
        "docx" => Docx::body(&text.lines().map(p).collect::<String>()).bytes(),
        "odt" => odt("", &each("<text:p>", "</text:p>"), ""),
        "epub" => archive(&epub_parts(&[("a.xhtml", &each("<p>", "</p>"))])),
        "pptx" => {
            let shapes = shape("", &text.lines().map(ap).collect::<String>());
            archive(&pptx_parts(&[("", shapes, String::new())]))
        }
        "odp" => {
            let paragraphs = each("<text:p>", "</text:p>");
            let page = format!(
                "<draw:page><draw:frame><draw:text-box>{paragraphs}</draw:text-box></draw:frame></draw:page>"
            );
            archive(&odf_parts("presentation", "", &page, ""))
        }
        "xlsx" => {
            let rows = each("<row><c t=\"inlineStr\"><is><t>", "</t></is></c></row>");
            archive(&xlsx_parts(&[("", &format!("<sheetData>{rows}</sheetData>"))], ""))
        }
        "ods" => {
            let rows = each(
                "<table:table-row><table:table-cell><text:p>",
                "</text:p></table:table-cell></table:table-row>",
            );
            archive(&odf_parts("spreadsheet", "", &format!("<table:table>{rows}</table:table>"), ""))
        }
        "pdf" => {
            let line = |(k, l): (usize, &str)| pdf_writer::Run::new(72.0, 700.0 - 40.0 * k as f64, 10.0, l);
            pdf_writer::document(&[text.lines().enumerate().map(line).collect()], true)
        }
        "html" => each("<p>", "</p>").into_bytes(),
        "srt" | "vtt" => {
            let head = if extension == "vtt" { "WEBVTT\n\n" } else { "" };
            let cue =
                |(k, l): (usize, &str)| format!("{0}\n00:00:0{0}.000 --> 00:00:0{0}.900\n{l}\n\n", k + 1);
            (head.to_string() + &text.lines().enumerate().map(cue).collect::<String>()).into_bytes()
        }
        _ => text.replace('\n', "\n\n").into_bytes(),
    }
}

#[test]
fn every_kind_of_document_is_taken_by_name_and_by_content() {
    const KINDS: [&str; 12] =
        ["txt", "md", "html", "pdf", "srt", "vtt", "epub", "docx", "odt", "pptx", "odp", "ods"];
    let desk = tempfile::tempdir().unwrap();
    std::fs::create_dir(desk.path().join("in")).unwrap();
    let write = |name: String, extension: &str, text: &str| {
        std::fs::write(desk.path().join("in").join(name), document(extension, text)).unwrap();
    };
    for kind in KINDS {
        write(format!("{kind}.zh.{kind}"), kind, LETTERS[0].0);
        write(format!("{kind}.en.{kind}"), kind, LETTERS[0].1);
    }
    // A workbook and its translation whose names say nothing, between strangers.
    write("k1.xlsx".into(), "xlsx", LETTERS[2].0);
    write("k2.xlsx".into(), "xlsx", LETTERS[2].1);
    write("k3.xlsx".into(), "xlsx", LETTERS[1].0);
    write("k4.docx".into(), "docx", LETTERS[1].1);
    let said = fine(desk.path(), &["align", "--batch", "in", "-o", "out"]);
    assert!(said.contains("14 pairs: 14 aligned; 0 files without a pair"), "{said}");
    let csv = read(&desk, "out/summary.csv");
    for kind in KINDS {
        let line = format!("{kind},in/{kind}.zh.{kind},in/{kind}.en.{kind},name,aligned,2,2,2,2,0,");
        assert!(csv.contains(&line), "{line} in {csv}");
    }
    assert!(csv.contains("k1,in/k1.xlsx,in/k2.xlsx,content,aligned,2,2,2,2,0,"), "{csv}");
    assert!(csv.contains("k3,in/k3.xlsx,in/k4.docx,content,aligned,2,2,2,2,0,"), "{csv}");
}

#[test]
fn a_second_run_does_what_changed_and_an_interrupted_one_goes_on() {
    let desk = project();
    let all = ["align", "--batch", "in", "-o", "out"];
    fine(desk.path(), &all);
    let first = read(&desk, "out/a.jsonl");
    assert!(fine(desk.path(), &all).contains("3 as before"));
    std::fs::write(desk.path().join("in/a.en.txt"), LETTERS[0].1.replace("fire", "fire now")).unwrap();
    let said = fine(desk.path(), &all);
    assert!(said.contains("1 aligned, 2 as before"), "{said}");
    assert_ne!(read(&desk, "out/a.jsonl"), first);
    // Other options, other results.
    assert!(
        fine(desk.path(), &["align", "--batch", "in", "-o", "out", "--paragraphs"]).contains("3 aligned")
    );
    // Cut off in the middle of a line of the state, with one result missing.
    fine(desk.path(), &all);
    let state = read(&desk, "out/.duizhao-state.jsonl");
    let lines: Vec<&str> = state.lines().collect();
    std::fs::write(
        desk.path().join("out/.duizhao-state.jsonl"),
        format!("{}\n{}", lines[0], &lines[1][..40]),
    )
    .unwrap();
    for name in ["out/b.jsonl", "out/b.tmx", "out/k1.jsonl", "out/k1.tmx"] {
        std::fs::remove_file(desk.path().join(name)).unwrap();
    }
    let said = fine(desk.path(), &all);
    assert!(said.contains("2 aligned, 1 as before"), "{said}");
}

#[test]
fn corrections_by_hand_are_never_overwritten() {
    let desk = project();
    let all = ["align", "--batch", "in", "-o", "out"];
    fine(desk.path(), &all);
    let path = desk.path().join("out/a.jsonl");
    let corrected = read(&desk, "out/a.jsonl").replacen("\"unchecked\"", "\"accepted\"", 1);
    std::fs::write(&path, &corrected).unwrap();
    std::fs::write(desk.path().join("in/a.zh.txt"), format!("{}新的一句。\n", LETTERS[0].0)).unwrap();
    let said = fine(desk.path(), &all);
    assert!(said.contains("1 left alone") && said.contains("by hand"), "{said}");
    assert_eq!(read(&desk, "out/a.jsonl"), corrected);
    fine(desk.path(), &["align", "--batch", "in", "-o", "out", "--force"]);
    assert_ne!(read(&desk, "out/a.jsonl"), corrected);
    // Nor is what no batch wrote.
    std::fs::create_dir(desk.path().join("new")).unwrap();
    std::fs::write(desk.path().join("new/a.tmx"), "mine").unwrap();
    let output = run(desk.path(), &["align", "--batch", "in", "-o", "new"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(read(&desk, "new/a.tmx"), "mine");
}

#[test]
fn a_broken_pair_does_not_stop_the_others() {
    let desk = project();
    std::fs::write(desk.path().join("in/a.en.txt"), [0u8, 159, 146, 150, 1, 2, 3, 0, 0]).unwrap();
    let output = run(desk.path(), &["align", "--batch", "in", "-o", "out"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("2 aligned, 1 failed") && said.contains("a.en.txt"), "{said}");
    read(&desk, "out/b.tmx");
}

#[test]
fn the_plan_can_be_edited_and_given_back() {
    let desk = project();
    std::fs::create_dir(desk.path().join("plans")).unwrap();
    std::fs::write(desk.path().join("in/other.txt"), "一份没有译文的文件，谈的是天气和渔船。\n").unwrap();
    fine(desk.path(), &["align", "--batch", "in", "--plan", "plans/p.csv"]);
    let plan = read(&desk, "plans/p.csv");
    assert!(plan.contains("../in/a.zh.txt,../in/a.en.txt,a,name,"), "{plan}");
    assert!(plan.contains("../in/other.txt,,,alone,"), "{plan}");
    let edited: String = plan
        .lines()
        .filter(|l| !l.contains("/b.txt"))
        .map(|l| l.replace(",a,name", ",first/letter,name") + "\r\n")
        .collect();
    std::fs::write(desk.path().join("plans/p.csv"), edited).unwrap();
    let said = fine(desk.path(), &["align", "--batch", "plans/p.csv", "-o", "out"]);
    assert!(said.contains("2 pairs: 2 aligned; 1 files without a pair"), "{said}");
    read(&desk, "out/first/letter.tmx");
    std::fs::write(desk.path().join("bad.csv"), "source,target\n../../etc/x,y,\n").unwrap();
    assert_eq!(run(desk.path(), &["align", "--batch", "bad.csv", "-o", "out2"]).status.code(), Some(2));
}

#[test]
fn a_name_in_a_manifest_stays_inside_the_output_folder() {
    let desk = project();
    let manifest = "source,target,name\nin/a.zh.txt,in/a.en.txt,../../escape\n";
    std::fs::write(desk.path().join("m.csv"), manifest).unwrap();
    fine(desk.path(), &["align", "--batch", "m.csv", "-o", "out"]);
    read(&desk, "out/pair/pair/escape.tmx");
}

#[test]
fn threads_change_nothing() {
    let desk = project();
    for (jobs, folder) in [("1", "one"), ("4", "four")] {
        fine(
            desk.path(),
            &["align", "--batch", "in", "-o", folder, "-j", jobs, "--merge", &format!("{folder}.tmx")],
        );
    }
    for name in ["a.jsonl", "b.tmx", "k1.jsonl", ".duizhao-state.jsonl", "summary.json"] {
        assert_eq!(read(&desk, &format!("one/{name}")), read(&desk, &format!("four/{name}")), "{name}");
    }
    assert_eq!(read(&desk, "one.tmx"), read(&desk, "four.tmx"));
}

fn stream(input: &[u8], arguments: &[&str], folder: &Path) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_duizhao"))
        .args(["align", "--stream"])
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

#[test]
fn a_stream_keeps_its_order_and_tells_errors_in_their_place() {
    let desk = project();
    let mut input = String::new();
    for k in 0..60 {
        let (zh, en) = LETTERS[k % 3];
        input += &serde_json::json!({"id": k, "source": zh, "target": en}).to_string();
        input.push('\n');
    }
    input +=
        "not json\n\n{\"id\": \"p\", \"source_path\": \"in/a.zh.txt\", \"target_path\": \"in/none.txt\"}\n";
    input += "{\"id\": \"q\", \"source_path\": \"in/a.zh.txt\", \"target_path\": \"in/a.en.txt\"}\n";
    input += "{\"id\": \"r\", \"source\": \"你好。\", \"target\": \"再见。\"}\n{\"id\": \"s\", \"source\": \"𠀀\"}";
    let one = stream(input.as_bytes(), &["-j", "1"], desk.path());
    assert!(one.status.success());
    assert_eq!(one.stdout, stream(input.as_bytes(), &["-j", "3"], desk.path()).stdout);
    let text = String::from_utf8(one.stdout).unwrap();
    let lines: Vec<serde_json::Value> = text.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines.len(), 65);
    for (k, line) in lines[..60].iter().enumerate() {
        assert_eq!(line["id"], k);
        assert_eq!(line["beads"].as_array().unwrap().len(), 2, "{line}");
    }
    assert!(lines[60]["error"].is_string() && lines[60]["line"] == 61);
    assert!(lines[61]["error"].as_str().unwrap().contains("none.txt"));
    assert_eq!(lines[62]["beads"][1]["target"][0], "All countries should cease fire.");
    assert!(lines[63]["error"].as_str().unwrap().contains("Chinese"));
    assert!(lines[64]["error"].as_str().unwrap().contains("target"));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let desk = tempfile::tempdir().unwrap();
    let (zh, en) = LETTERS[0];
    let line =
        serde_json::json!({"id": 1, "source": zh.repeat(50), "target": en.repeat(50)}).to_string() + "\n";
    std::fs::write(desk.path().join("in.jsonl"), line.repeat(40)).unwrap();
    let program = PathBuf::from(env!("CARGO_BIN_EXE_duizhao"));
    let script = format!(
        "{{ {} align --stream < in.jsonl; echo $? >&2; }} | head -c 10 > /dev/null",
        program.display()
    );
    let output = Command::new("bash").args(["-c", &script]).current_dir(desk.path()).output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "0\n");
}
