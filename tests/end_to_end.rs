//! The main job on the sample letter, through the binary.
#![allow(clippy::unwrap_used)]

use duizhao::eval::pairs;
use duizhao::format;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/samples").join(name)
}

fn duizhao(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_duizhao")).args(arguments).output().expect("the binary runs")
}

fn align(folder: &Path, name: &str, more: &[&str]) -> PathBuf {
    let (zh, en) = (sample("A-61-1006.zh.txt"), sample("A-61-1006.en.txt"));
    let out = folder.join(name);
    let mut arguments =
        vec!["align", zh.to_str().unwrap(), en.to_str().unwrap(), "-q", "-o", out.to_str().unwrap()];
    arguments.extend(more);
    let output = duizhao(&arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    out
}

fn read_pairs(path: &Path) -> Vec<pairs::Pair> {
    let bitext = format::read_file(path, None).unwrap();
    bitext.units.iter().map(|u| (u.variants[0].text.clone(), u.variants[1].text.clone())).collect()
}

#[test]
fn the_letter_is_paired_as_a_careful_translator_would() {
    let folder = tempfile::tempdir().unwrap();
    let out = align(folder.path(), "letter.tsv", &[]);
    let scores = pairs::compare(&read_pairs(&sample("A-61-1006.gold.tsv")), &read_pairs(&out));
    assert!(scores.strict.f1() >= 0.99, "strict {}", scores.strict.f1());
    assert!(scores.lax.f1() >= 0.99, "lax {}", scores.lax.f1());
}

#[test]
fn no_character_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let out =
        align(folder.path(), "letter.jsonl", &["--report", folder.path().join("r.tsv").to_str().unwrap()]);
    let alignment = format::alignment_of(&format::read_file(&out, None).unwrap()).unwrap();
    let report = std::fs::read_to_string(folder.path().join("r.tsv")).unwrap();
    let sorted = |texts: &mut dyn Iterator<Item = String>| {
        let mut all: Vec<char> =
            texts.flat_map(|t| t.chars().collect::<Vec<_>>()).filter(|c| !c.is_whitespace()).collect();
        all.sort_unstable();
        all.into_iter().collect::<String>()
    };
    for (file, side) in [("zh", duizhao::model::Side::Source), ("en", duizhao::model::Side::Target)] {
        let name = format!("A-61-1006.{file}.txt");
        let original = std::fs::read_to_string(sample(&name)).unwrap();
        let aside = report.lines().filter_map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let joined = matches!(fields[3], "page-seam" | "note-mark");
            (fields[0].ends_with(&name) && !joined).then(|| fields[4].to_string())
        });
        let kept = alignment.segments(side).iter().map(|s| s.text.clone());
        assert_eq!(sorted(&mut kept.chain(aside)), sorted(&mut std::iter::once(original)), "{file}");
    }
}

#[test]
fn threads_do_not_change_a_byte() {
    let folder = tempfile::tempdir().unwrap();
    let read = |name: &str, jobs: &str| std::fs::read(align(folder.path(), name, &["--jobs", jobs])).unwrap();
    for name in ["a.jsonl", "a.tmx", "a.csv"] {
        let one = read(name, "1");
        assert_eq!(one, read(name, "2"), "{name}");
        assert_eq!(one, read(name, "7"), "{name}");
    }
}

#[test]
fn the_other_direction_is_the_mirror_image() {
    let folder = tempfile::tempdir().unwrap();
    let there = align(folder.path(), "there.beads", &[]);
    let back = folder.path().join("back.beads");
    let (zh, en) = (sample("A-61-1006.zh.txt"), sample("A-61-1006.en.txt"));
    let output =
        duizhao(&["align", en.to_str().unwrap(), zh.to_str().unwrap(), "-q", "-o", back.to_str().unwrap()]);
    assert!(output.status.success());
    let read = |p: &Path| format::read_beads(&std::fs::read_to_string(p).unwrap()).unwrap();
    let turned: Vec<_> = read(&back).into_iter().map(|(a, b)| (b, a)).collect();
    let mut there = read(&there);
    let mut turned = turned;
    // Neighbouring beads without counterpart may come in either order.
    there.sort();
    turned.sort();
    assert_eq!(there, turned);
}

#[test]
fn converting_the_complete_alignment_equals_writing_it() {
    let folder = tempfile::tempdir().unwrap();
    let full = align(folder.path(), "full.jsonl", &[]);
    for name in ["x.tmx", "x.csv", "x.tsv", "x.beads", "x.ladder", "x.jsonl"] {
        let direct = std::fs::read(align(folder.path(), name, &[])).unwrap();
        let converted = folder.path().join(format!("converted-{name}"));
        let output = duizhao(&["convert", "-q", full.to_str().unwrap(), converted.to_str().unwrap()]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(
            String::from_utf8(std::fs::read(&converted).unwrap()),
            String::from_utf8(direct),
            "{name}"
        );
    }
}

#[test]
fn presplit_lines_are_paired_by_number() {
    let folder = tempfile::tempdir().unwrap();
    let zh = folder.path().join("a.zh");
    let en = folder.path().join("a.en");
    std::fs::write(&zh, "安全理事会通过了决议。\n\n会议于2007年7月23日结束。\n主席感谢各位成员。\n").unwrap();
    std::fs::write(&en, "The Security Council adopted a resolution.\nThe meeting ended on 23 July 2007.\nThe President thanked the members.\n").unwrap();
    let output =
        duizhao(&["align", "--lines", "-q", "--format", "beads", zh.to_str().unwrap(), en.to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let beads = format::read_beads(&text).unwrap();
    for (zh, en) in [(0, 0), (2, 1), (3, 2)] {
        assert!(beads.iter().any(|b| b.0.contains(&zh) && b.1.contains(&en)), "{text}");
    }
}

#[test]
fn strangers_are_called_strangers() {
    let folder = tempfile::tempdir().unwrap();
    let zh = folder.path().join("a.txt");
    let recipe = "先把土豆洗净去皮，切成小块。锅里放油，油热后放入葱花。加入土豆翻炒三分钟，再加水没过土豆。\
                  盖上锅盖，用小火煮二十分钟。出锅前撒一点盐和胡椒。趁热吃味道最好。";
    std::fs::write(&zh, recipe).unwrap();
    let en = sample("A-61-1006.en.txt");
    let output = duizhao(&["align", "--fail-under", "0.2", zh.to_str().unwrap(), en.to_str().unwrap()]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("may not be translations"), "{said}");
}

#[test]
fn documents_without_a_single_pair_are_called_strangers() {
    let folder = tempfile::tempdir().unwrap();
    let zh = folder.path().join("a.txt");
    // Far too long for any line of the letter: that nothing has a counterpart is rather sure.
    std::fs::write(&zh, format!("{}。\n", "山川河流森林湖泊海洋沙漠草原雪山".repeat(200))).unwrap();
    let (en, out) = (sample("A-61-1006.en.txt"), folder.path().join("out.csv"));
    let output = duizhao(&["align", zh.to_str().unwrap(), en.to_str().unwrap(), "-o", out.to_str().unwrap()]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("may not be translations"), "{output:?}");
}
