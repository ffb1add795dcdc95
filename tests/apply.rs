//! Corrections that come back in a table: through the program, from the alignment to the table and back.
#![allow(clippy::unwrap_used)]

use duizhao::format;
use duizhao::model::{Bitext, Status, TranslationUnit};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

struct Desk(tempfile::TempDir);

impl Desk {
    /// An alignment of four rows, each a pair.
    fn new() -> Desk {
        let desk = Desk(tempfile::tempdir().unwrap());
        desk.put("a.zh", "安理会通过决议。\n会议结束。\n主席发言。\n委员会报告工作。\n");
        desk.put(
            "a.en",
            "The Council adopted the resolution.\nThe meeting ended.\nThe President spoke.\n\
             The Committee reports on its work.\n",
        );
        desk.fine(&["align", "-q", "--lines", "a.zh", "a.en", "-o", "a.jsonl"]);
        assert_eq!(desk.units().len(), 4);
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn put(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let program = env!("CARGO_BIN_EXE_duizhao");
        Command::new(program).args(arguments).current_dir(self.0.path()).output().unwrap()
    }

    fn fine(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Status and standard output.
    fn apply(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.run(&[&["apply", "-q"], arguments].concat());
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    }

    fn units(&self) -> Vec<TranslationUnit> {
        read(&self.path("a.jsonl")).units
    }

    /// The table that a colleague gets, its rows corrected by `correct`, saved as a spreadsheet program would.
    fn corrected(&self, name: &str, correct: impl Fn(&mut Vec<Vec<String>>)) {
        self.fine(&["convert", "-q", "a.jsonl", name]);
        let path = self.path(name);
        let mut rows = cells(&path);
        let head = rows.remove(0);
        assert_eq!(&head[..6], ["source", "target", "id", "score", "confidence", "status"]);
        correct(&mut rows);
        rows.insert(0, head);
        save(&path, &rows);
    }
}

const SOURCE: usize = 0;
const TARGET: usize = 1;
const ID: usize = 2;
const STATUS: usize = 5;

fn cells(path: &Path) -> Vec<Vec<String>> {
    match path.extension().unwrap().to_str().unwrap() {
        "xlsx" => {
            let mut book = calamine::open_workbook_auto(path).unwrap();
            let sheet = book.worksheet_range_at(0).unwrap().unwrap();
            sheet.rows().map(|r| r.iter().map(ToString::to_string).collect()).collect()
        }
        "csv" => {
            let text = std::fs::read_to_string(path).unwrap();
            format::read_table(text.trim_start_matches('\u{feff}'))
                .unwrap()
                .into_iter()
                .map(|r| r.1)
                .collect()
        }
        _ => {
            let text = std::fs::read_to_string(path).unwrap();
            text.lines().map(|l| l.split('\t').map(str::to_string).collect()).collect()
        }
    }
}

fn save(path: &Path, rows: &[Vec<String>]) {
    match path.extension().unwrap().to_str().unwrap() {
        "xlsx" => {
            let mut book = rust_xlsxwriter::Workbook::new();
            let sheet = book.add_worksheet();
            for (i, row) in (0u32..).zip(rows) {
                for (j, cell) in (0u16..).zip(row) {
                    sheet.write_string(i, j, cell).unwrap();
                }
            }
            book.save(path).unwrap();
        }
        "csv" => std::fs::write(path, format::write_table(rows).unwrap()).unwrap(),
        _ => {
            let lines: Vec<String> = rows.iter().map(|r| r.join("\t") + "\n").collect();
            std::fs::write(path, lines.concat()).unwrap();
        }
    }
}

fn read(path: &Path) -> Bitext {
    format::read_file(path, None).unwrap()
}

fn text(unit: &TranslationUnit, side: usize) -> &str {
    &unit.variants[side].text
}

fn status(unit: &TranslationUnit) -> Status {
    unit.bead.as_ref().unwrap().status
}

#[test]
fn texts_and_decisions_come_back_from_every_table() {
    for name in ["a.tsv", "a.csv", "a.xlsx"] {
        let desk = Desk::new();
        let before = desk.units();
        desk.corrected(name, |rows| {
            rows[0][TARGET] = "The Council <adopted> the resolution, = \u{1D11E} finally.".into();
            rows[1][STATUS] = "accepted".into();
            rows[2][STATUS] = "rejected".into();
            rows[3][SOURCE] = "委员会汇报工作。".into();
            // A colleague may sort.
            rows.reverse();
        });
        assert_eq!(desk.apply(&[name, "a.jsonl"]), (0, String::new()), "{name}");
        let after = desk.units();
        assert_eq!(after.len(), 4);
        assert_eq!(text(&after[0], 1), "The Council <adopted> the resolution, = \u{1D11E} finally.");
        assert_eq!(text(&after[3], 0), "委员会汇报工作。");
        assert_eq!(after.iter().map(|u| u.id.clone()).collect::<Vec<_>>(), {
            before.iter().map(|u| u.id.clone()).collect::<Vec<_>>()
        });
        assert_eq!((status(&after[1]), status(&after[2])), (Status::Accepted, Status::Rejected));
        // The originals stay, and nothing else changed.
        for (b, a) in before.iter().zip(&after) {
            for side in 0..2 {
                assert_eq!(b.variants[side].segments, a.variants[side].segments);
            }
        }
        assert_eq!(after[1].variants, before[1].variants);
        // The same table again changes nothing and is no conflict.
        let file = desk.text("a.jsonl");
        assert_eq!(desk.apply(&[name, "a.jsonl"]), (0, String::new()), "{name} again");
        assert_eq!(desk.text("a.jsonl"), file);
    }
}

#[test]
fn an_untouched_table_changes_nothing() {
    for name in ["a.tsv", "a.csv", "a.xlsx"] {
        let desk = Desk::new();
        let before = desk.text("a.jsonl");
        desk.fine(&["convert", "-q", "a.jsonl", name]);
        assert_eq!(desk.apply(&[name, "a.jsonl"]), (0, String::new()), "{name}");
        assert_eq!(desk.text("a.jsonl"), before, "{name}");
    }
}

#[test]
fn what_does_not_fit_is_told_and_left_alone() {
    let desk = Desk::new();
    let ids: Vec<String> = desk.units().iter().map(|u| u.id.clone()).collect();
    desk.corrected("theirs.tsv", |rows| {
        rows[0][TARGET] = "Their text.".into();
        rows[1][STATUS] = "accepted".into();
        rows[2][TARGET] = String::new();
        let mut twice = rows[3].clone();
        twice[TARGET] = "Another.".into();
        rows.push(twice);
        let mut strange = rows[3].clone();
        strange[ID] = "gone".into();
        rows.push(strange);
    });
    let table = desk.text("theirs.tsv") + "无号\tno id\t\t\t\t\t\t\t\n";
    desk.put("theirs.tsv", &table);
    // Meanwhile we changed the same rows.
    desk.corrected("ours.tsv", |rows| {
        rows[0][TARGET] = "Our text.".into();
        rows[1][STATUS] = "rejected".into();
    });
    assert_eq!(desk.apply(&["ours.tsv", "a.jsonl"]).0, 0);
    let before = desk.text("a.jsonl");
    let (code, report) = desk.apply(&["theirs.tsv", "a.jsonl"]);
    assert_eq!(code, 1);
    let lines: Vec<Vec<&str>> = report.lines().map(|l| l.split('\t').collect()).collect();
    assert_eq!(lines[0], ["id", "conflict", "ours", "theirs"]);
    let has = |id: &str, what: &str, ours: &str, theirs: &str| {
        let found = lines[1..]
            .iter()
            .any(|l| l[0] == id && l[1].contains(what) && l[2] == ours && l[3].contains(theirs));
        assert!(found, "{id} {what}\n{report}");
    };
    has(&ids[0], "both sides changed the text", "Our text.", "Their text.");
    has(&ids[1], "decided differently", "rejected", "accepted");
    has(&ids[2], "the text is gone", "The President spoke.", "");
    has(&ids[3], "twice", "", "Another.");
    has("gone", "no row has this id", "", "The Committee reports");
    has("", "no id", "", "no id");
    assert_eq!(lines.len(), 7, "{report}");
    assert_eq!(desk.text("a.jsonl"), before);

    // Where asked to, the table wins what can be won.
    let (code, report) = desk.apply(&["--theirs", "theirs.tsv", "a.jsonl"]);
    assert_eq!((code, report.lines().count()), (1, 5));
    let after = desk.units();
    assert_eq!((text(&after[0], 1), status(&after[1])), ("Their text.", Status::Accepted));
    assert_eq!(text(&after[2], 1), "The President spoke.");
    assert_eq!(text(&after[3], 1), "The Committee reports on its work.");
}

#[test]
fn rows_that_were_merged_since_are_conflicts() {
    let desk = Desk::new();
    desk.corrected("theirs.tsv", |rows| rows[1][TARGET] = "The meeting was closed.".into());
    let mut session = duizhao::review::Session::open(&desk.path("a.jsonl")).unwrap();
    session.apply(1, &duizhao::review::Operation::Merge { row: 1 }).unwrap();
    session.write().unwrap();
    drop(session);
    let before = desk.text("a.jsonl");
    let (code, report) = desk.apply(&["theirs.tsv", "a.jsonl"]);
    assert_eq!(code, 1);
    assert_eq!(report.matches("no row has this id any more").count(), 2, "{report}");
    assert!(report.contains("The meeting was closed."), "{report}");
    assert_eq!(desk.text("a.jsonl"), before);
}

#[test]
fn trying_and_writing_elsewhere_leave_the_alignment_alone() {
    let desk = Desk::new();
    desk.corrected("b.tsv", |rows| rows[0][TARGET] = "Mended.".into());
    let before = desk.text("a.jsonl");
    assert_eq!(desk.apply(&["--dry-run", "b.tsv", "a.jsonl"]).0, 0);
    assert_eq!(desk.text("a.jsonl"), before);
    assert_eq!(desk.apply(&["b.tsv", "a.jsonl", "-o", "c.jsonl"]).0, 0);
    assert_eq!(desk.text("a.jsonl"), before);
    assert_eq!(text(&read(&desk.path("c.jsonl")).units[0], 1), "Mended.");
    let said = desk.run(&["apply", "b.tsv", "a.jsonl"]);
    let said = String::from_utf8(said.stderr).unwrap();
    assert!(said.contains("1 texts and 0 decisions changed, 0 conflicts, 0 rows not in the table"), "{said}");
}

#[test]
fn the_whole_is_one_step_that_the_page_can_take_back() {
    let desk = Desk::new();
    let before = desk.text("a.jsonl");
    desk.corrected("b.tsv", |rows| {
        for row in rows {
            row[TARGET].push_str(" Indeed.");
        }
    });
    assert_eq!(desk.apply(&["b.tsv", "a.jsonl"]).0, 0);
    let mut session = duizhao::review::Session::open(&desk.path("a.jsonl")).unwrap();
    assert_eq!(session.state().undo_depth(), 1);
    session.turn(1, true).unwrap();
    session.write().unwrap();
    drop(session);
    assert_eq!(desk.text("a.jsonl"), before);
}

#[test]
fn broken_tables_are_errors_that_name_the_place() {
    let desk = Desk::new();
    let before = desk.text("a.jsonl");
    desk.put("bad.tsv", "source\ttarget\tid\nonly one\n");
    desk.put("bad.xlsx", "no workbook");
    for (name, part) in [("bad.tsv", "bad.tsv"), ("bad.xlsx", "bad.xlsx"), ("absent.tsv", "absent.tsv")] {
        let output = desk.run(&["apply", name, "a.jsonl"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{name}: {said}");
        assert!(said.contains(part), "{said}");
    }
    assert_eq!(desk.text("a.jsonl"), before);
}
