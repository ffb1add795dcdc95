//! Whatever a reviewer does, nothing is lost: any steps, taken back and done again, killed at any byte of the journal.
#![allow(clippy::unwrap_used)]

use duizhao::format::{self, About, Format, WriteOptions, bitext_of};
use duizhao::model::{Alignment, Bead, Evidence, Lang, Script, Segment, Side, Status};
use duizhao::review::{Choice, Operation, Refused, Row, Session, State};
use proptest::prelude::*;
use std::path::{Path, PathBuf};

/// A step as plain numbers; they are brought into range when it is made.
type Raw = (u8, usize, bool, bool, usize, String);

fn raw() -> impl Strategy<Value = Raw> {
    (0u8..16, any::<usize>(), any::<bool>(), any::<bool>(), 0usize..40, "[a-zé汉字𠀀 ]{0,12}")
}

/// Segments of both sides of each row, and a text for each.
fn shapes() -> impl Strategy<Value = Vec<(usize, usize, String)>> {
    let one = (0usize..4, 0usize..4, "[a-z汉𠀀😀 ]{1,8}");
    prop::collection::vec(one, 1..12).prop_map(|mut all| {
        for (n, m, _) in &mut all {
            if *n + *m == 0 {
                *n = 1;
            }
        }
        all
    })
}

fn alignment(shapes: &[(usize, usize, String)]) -> State {
    let (mut zh, mut en, mut beads) = (Vec::new(), Vec::new(), Vec::new());
    for (n, m, salt) in shapes {
        let (i, j) = (zh.len(), en.len());
        for _ in 0..*n {
            let text = format!("第{}句 {salt}。", zh.len());
            zh.push(Segment::line(
                text.trim(),
                zh.len() + 1,
                zh.len() * 100..zh.len() * 100 + text.trim().len(),
            ));
        }
        for _ in 0..*m {
            let text = format!("Sentence {} {salt}.", en.len());
            en.push(Segment::line(
                text.trim(),
                en.len() + 1,
                en.len() * 100..en.len() * 100 + text.trim().len(),
            ));
        }
        beads.push(Bead {
            source: i..zh.len(),
            target: j..en.len(),
            score: 1.5,
            confidence: 0.1 + 0.8 * (beads.len() % 3) as f64 / 3.0,
            evidence: Evidence::default(),
            status: if beads.len() % 2 == 0 { Status::Unchecked } else { Status::NeedsReview },
            moved_to: None,
        });
    }
    let alignment = Alignment::new(Lang::Zh, zh, en, beads).unwrap();
    State::new(bitext_of(&alignment, &About { script: Script::Hans, header: Vec::new() })).unwrap()
}

fn operation(raw: &Raw, rows: &[Row]) -> Operation {
    let (kind, row, first, up, number, text) = raw;
    let row = row % rows.len();
    let side = if *first { Side::Source } else { Side::Target };
    match kind {
        0 | 1 => Operation::Merge { row },
        2 | 3 => Operation::Split { row, source: number % 4, target: number / 4 % 4 },
        4 | 5 => Operation::SplitAt { row, side, at: *number },
        6 | 7 => Operation::Move { row, side, up: *up },
        8 => Operation::Swap { row, side },
        9 | 10 => Operation::Edit { row, side, text: text.clone() },
        11 => Operation::AcceptAbove { confidence: *number as f64 / 40.0 },
        12 => Operation::All(vec![
            Operation::Merge { row },
            Operation::Edit { row, side, text: format!("{text}x") },
            Operation::SetStatus { rows: vec![row], status: Status::Accepted },
        ]),
        _ => {
            let status = Status::ALL[number % 4];
            Operation::SetStatus { rows: vec![row, number % rows.len()], status }
        }
    }
}

/// The segments' text of one side in order; splits at a caret may leave spaces out.
fn original(rows: &[Row], side: Side) -> String {
    let texts = rows.iter().flat_map(|r| r.segments(side)).map(|s| s.text.as_str());
    texts.flat_map(str::chars).filter(|c| !c.is_whitespace()).collect()
}

fn whole(state: &State, source: &str, target: &str) {
    assert_eq!(original(state.rows(), Side::Source), source);
    assert_eq!(original(state.rows(), Side::Target), target);
    assert!(state.rows().iter().all(|r| !r.is_empty()), "a row without segments");
    let mut ids: Vec<&str> = state.rows().iter().map(|r| r.unit.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), state.rows().len(), "an id twice");
    // What is written is an alignment again: every segment in one bead, in order.
    format::alignment_of(&state.bitext()).unwrap();
}

fn write(state: &State, folder: &Path) -> PathBuf {
    let path = folder.join("a.jsonl");
    format::write_file(&path, &state.bitext(), Format::Jsonl, &WriteOptions::default()).unwrap();
    path
}

fn journal_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".journal");
    name.into()
}

/// Makes a step of any kind in a session.
fn make(session: &mut Session, raw: &Raw) {
    let revision = session.revision();
    let done = match raw.0 {
        14 => session.turn(revision, true).map(|_| ()),
        15 => session.turn(revision, false).map(|_| ()),
        _ => session.apply(revision, &operation(raw, session.state().rows())).map(|_| ()),
    };
    assert!(!matches!(done, Err(Refused::Stale | Refused::Conflict)), "{done:?}");
}

fn stand(session: &Session) -> (Vec<Row>, usize, usize) {
    (session.state().rows().to_vec(), session.state().undo_depth(), session.state().redo_depth())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_steps_keep_every_segment_in_order_and_can_be_taken_back(
        shapes in shapes(), steps in prop::collection::vec(raw(), 0..40),
    ) {
        let mut state = alignment(&shapes);
        let (source, target) = (original(state.rows(), Side::Source), original(state.rows(), Side::Target));
        let start = state.rows().to_vec();
        for raw in &steps {
            match raw.0 {
                14 => { state.undo(); }
                15 => { state.redo(); }
                _ => {
                    let before = state.rows().to_vec();
                    if state.apply(&operation(raw, &before)).is_err() {
                        prop_assert_eq!(state.rows(), before.as_slice());
                    }
                }
            }
            whole(&state, &source, &target);
        }
        let end = state.rows().to_vec();
        let depth = state.undo_depth();
        while state.undo().is_some() {}
        prop_assert_eq!(state.rows(), start.as_slice());
        for _ in 0..depth { state.redo(); }
        prop_assert_eq!(state.rows(), end.as_slice());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn killed_and_opened_again_it_stands_where_it_was(
        shapes in shapes(), steps in prop::collection::vec((raw(), prop::bool::weighted(0.2)), 1..25),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = write(&alignment(&shapes), folder.path());
        let mut session = Session::open(&path).unwrap();
        for (raw, written) in &steps {
            make(&mut session, raw);
            if *written { session.write().unwrap(); }
        }
        let there = stand(&session);
        drop(session);
        let mut again = Session::open(&path).unwrap();
        prop_assert!(again.notices().is_empty(), "{:?}", again.notices());
        prop_assert_eq!(stand(&again), there.clone());
        // Written and without its journal the rows are the same; only the way back is gone.
        again.write().unwrap();
        drop(again);
        std::fs::remove_file(journal_of(&path)).unwrap();
        let plain = Session::open(&path).unwrap();
        prop_assert_eq!(plain.state().rows(), there.0.as_slice());
    }

    #[test]
    fn a_journal_cut_at_any_byte_gives_the_last_whole_step(
        shapes in shapes(), before in prop::collection::vec(raw(), 0..6), steps in prop::collection::vec(raw(), 1..8),
        cut in 0.0f64..1.0,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = write(&alignment(&shapes), folder.path());
        let journal = journal_of(&path);
        let mut session = Session::open(&path).unwrap();
        for raw in &before { make(&mut session, raw); }
        session.write().unwrap();
        let length = || std::fs::metadata(&journal).unwrap().len();
        let mut stands = vec![(length(), stand(&session))];
        for raw in &steps {
            make(&mut session, raw);
            stands.push((length(), stand(&session)));
        }
        drop(session);
        let whole = std::fs::read(&journal).unwrap();
        let (from, to) = (stands[0].0, whole.len() as u64);
        for at in [from + (cut * (to - from) as f64) as u64, to.saturating_sub(1).max(from), from] {
            std::fs::write(&journal, &whole[..at as usize]).unwrap();
            let last = &stands.iter().rfind(|s| s.0 <= at).unwrap().1;
            let again = Session::open(&path).unwrap();
            prop_assert_eq!(&stand(&again), last, "cut at {} of {}", at, whole.len());
        }
    }

    #[test]
    fn killed_between_the_mark_and_the_file_it_stands_where_it_was(
        shapes in shapes(), steps in prop::collection::vec(raw(), 1..12),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = write(&alignment(&shapes), folder.path());
        let old = std::fs::read(&path).unwrap();
        let mut session = Session::open(&path).unwrap();
        for raw in &steps { make(&mut session, raw); }
        session.write().unwrap();
        let there = stand(&session);
        drop(session);
        std::fs::write(&path, old).unwrap();
        prop_assert_eq!(stand(&Session::open(&path).unwrap()), there);
    }

    #[test]
    fn of_two_windows_the_one_that_saw_less_changes_nothing(
        shapes in shapes(), steps in prop::collection::vec((raw(), any::<bool>()), 1..20),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = write(&alignment(&shapes), folder.path());
        let mut session = Session::open(&path).unwrap();
        let mut seen = [session.revision(); 2];
        for (raw, second) in &steps {
            let mine = &mut seen[usize::from(*second)];
            let before = (session.revision(), stand(&session));
            let done = match raw.0 {
                14 => session.turn(*mine, true).map(|_| ()),
                15 => session.turn(*mine, false).map(|_| ()),
                _ => session.apply(*mine, &operation(raw, session.state().rows())).map(|_| ()),
            };
            if *mine == before.0 {
                prop_assert!(!matches!(done, Err(Refused::Stale)));
            } else {
                prop_assert!(matches!(done, Err(Refused::Stale)), "{done:?}");
                prop_assert_eq!(&stand(&session), &before.1);
            }
            // A page that was refused is told how things are.
            *mine = session.revision();
        }
    }
}

fn three() -> State {
    alignment(&[(1, 1, "a".into()), (1, 2, "b".into()), (1, 1, "c".into())])
}

#[test]
fn a_file_changed_by_somebody_else_is_not_written_over_unasked() {
    for choice in [Choice::Disk, Choice::Mine] {
        let folder = tempfile::tempdir().unwrap();
        let path = write(&three(), folder.path());
        let mut session = Session::open(&path).unwrap();
        session.apply(1, &Operation::Merge { row: 0 }).unwrap();
        let theirs = std::fs::read_to_string(&path).unwrap().replace("Sentence 3", "Sentence three");
        std::fs::write(&path, &theirs).unwrap();
        session.write().unwrap();
        assert!(session.is_conflict());
        let refused = session.apply(session.revision(), &Operation::Merge { row: 0 });
        assert!(matches!(refused, Err(Refused::Conflict)));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), theirs);
        session.resolve(choice).unwrap();
        session.write().unwrap();
        let rows = session.state().rows();
        let now = std::fs::read_to_string(&path).unwrap();
        if choice == Choice::Disk {
            assert_eq!((rows.len(), now.as_str()), (3, theirs.as_str()));
            assert!(session.notices().iter().any(|n| n.contains(".journal.1")));
        } else {
            assert_eq!(rows.len(), 2);
            assert!(!now.contains("three"));
        }
        let rows = rows.to_vec();
        drop(session);
        assert_eq!(Session::open(&path).unwrap().state().rows(), rows);
    }
}

#[test]
fn a_broken_journal_is_told_with_its_line_and_the_file_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(&three(), folder.path());
    drop(Session::open(&path).unwrap());
    let before = std::fs::read(&path).unwrap();
    let mut journal = std::fs::read_to_string(journal_of(&path)).unwrap();
    journal.push_str("{\"do\":\"merge\",\"splices\":[{\"at\":9,\"removed\":[],\"added\":7}]}\n");
    std::fs::write(journal_of(&path), &journal).unwrap();
    let error = Session::open(&path).unwrap_err().to_string();
    assert!(error.contains(":2:") && error.contains("move the journal away"), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn the_original_of_an_edited_text_is_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(&three(), folder.path());
    let mut session = Session::open(&path).unwrap();
    let edit = Operation::Edit { row: 1, side: Side::Target, text: "Mended.".into() };
    session.apply(1, &edit).unwrap();
    session.write().unwrap();
    drop(session);
    std::fs::remove_file(journal_of(&path)).unwrap();
    let session = Session::open(&path).unwrap();
    let row = &session.state().rows()[1];
    assert_eq!(row.text(Side::Target), "Mended.");
    assert_eq!(row.original(Side::Target), "Sentence 1 b. Sentence 2 b.");
}
