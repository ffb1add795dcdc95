//! The memory as a user meets it: faults of TMX files are found and repaired, units come back as they went in,
//! cleaning can be undone.
#![allow(clippy::unwrap_used)]

use duizhao::format::{TMX_RULES, TmxWriter, Tool, open_tmx, repair_tmx, validate_tmx, write_tmx};
use duizhao::lexicon::Lexicon;
use duizhao::memory::{Filter, FuzzyMatch, Keep, Leverage, Memory, Needle, Query, Reason, Work, similarity};
use duizhao::model::{Lang, LangTag, Property, TranslationUnit, Variant};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn samples(start: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tmx-samples");
    let mut out: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.file_name().unwrap().to_string_lossy().starts_with(start))
        .collect();
    out.sort();
    out
}

fn tag(s: &str) -> LangTag {
    s.parse().unwrap()
}

fn unit(zh: &str, en: &str) -> TranslationUnit {
    TranslationUnit {
        id: String::new(),
        variants: vec![Variant::new(tag("zh-CN"), zh), Variant::new(tag("en-US"), en)],
        bead: None,
        attributes: Vec::new(),
        properties: Vec::new(),
        notes: Vec::new(),
    }
}

fn add(memory: &mut Memory, keep: Keep, units: &[TranslationUnit]) -> duizhao::memory::Added {
    let mut units = units.iter().cloned();
    memory.add("main", keep, &mut || Ok(units.next())).unwrap()
}

fn all(memory: &Memory) -> Vec<TranslationUnit> {
    let mut out = Vec::new();
    memory
        .each(&Filter::default(), &mut |s| {
            out.push(s.unit);
            Ok(())
        })
        .unwrap();
    out
}

#[test]
fn each_planted_fault_is_found_and_repaired() {
    let files = samples("fault-");
    assert!(files.len() >= 16);
    let folder = tempfile::tempdir().unwrap();
    for file in files {
        let name = file.file_stem().unwrap().to_string_lossy().replace("fault-", "");
        let rule = TMX_RULES.iter().find(|r| r.name == name).unwrap();
        let tool = rule.tools.first().copied();
        let faults = validate_tmx(&file, tool).unwrap();
        let names: BTreeSet<&str> = faults.iter().map(|f| f.rule.name).collect();
        assert_eq!(
            names,
            BTreeSet::from([name.as_str()]).union(&extra(&name)).copied().collect(),
            "{file:?}"
        );
        if tool.is_some() {
            assert_eq!(validate_tmx(&file, None).unwrap(), [], "{file:?} without the tool");
        }
        let fixed = folder.path().join("fixed.tmx");
        let done = repair_tmx(&file, &fixed, tool).unwrap();
        assert_eq!(validate_tmx(&fixed, tool).unwrap(), [], "{file:?} repaired");
        assert!(done.units >= 1 && done.cut.is_none());
    }
}

/// Faults that come with another one by nature.
fn extra(name: &str) -> BTreeSet<&'static str> {
    match name {
        // The translation of an empty text is none.
        "no-language" => BTreeSet::from(["no-source"]),
        _ => BTreeSet::new(),
    }
}

#[test]
fn good_files_are_clean_and_bad_ones_are_not() {
    for file in samples("good-") {
        assert_eq!(validate_tmx(&file, None).unwrap(), [], "{file:?}");
    }
    for file in samples("bad-") {
        assert!(!validate_tmx(&file, None).unwrap().is_empty(), "{file:?}");
    }
}

#[test]
fn faults_are_told_with_their_line_and_unit() {
    let file = samples("fault-date").remove(0);
    let faults = validate_tmx(&file, Some(Tool::OmegaT)).unwrap();
    assert_eq!((faults[0].line, faults[0].unit), (10, Some(2)));
}

fn text() -> impl Strategy<Value = String> {
    "[a-z一-龥<>&\"' ，。]{0,8}[a-z一-龥]".prop_map(|s| s.trim().to_string())
}

fn property() -> impl Strategy<Value = Property> {
    ("(x-[a-z]{1,6}|domain|client)", text()).prop_map(|(kind, value)| Property { kind, value })
}

fn variant(lang: &'static str) -> impl Strategy<Value = Variant> {
    let props = prop::collection::vec(property(), 0..3);
    (text(), any::<bool>(), props, prop::collection::vec(text(), 0..2)).prop_map(
        move |(text, tags, properties, notes)| {
            let mut v = Variant::new(tag(lang), text);
            if tags {
                let escaped = v.text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
                v.markup = Some(format!(
                    "<bpt i=\"1\">&lt;b&gt;</bpt>{escaped}<ept i=\"1\">&lt;/b&gt;</ept><ph x=\"2\"/>"
                ));
            }
            v.attributes = vec![Property { kind: "changedate".into(), value: "20260131T100000Z".into() }];
            v.properties = properties;
            v.notes = notes;
            v
        },
    )
}

fn any_unit() -> impl Strategy<Value = TranslationUnit> {
    let lists = (prop::collection::vec(property(), 0..3), prop::collection::vec(text(), 0..2));
    (variant("zh-CN"), variant("en-US"), lists, "[a-z0-9]{0,5}").prop_map(
        |(a, b, (properties, notes), id)| TranslationUnit {
            id,
            variants: vec![a, b],
            bead: None,
            attributes: vec![Property { kind: "creationid".into(), value: "anna & co".into() }],
            properties,
            notes,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn units_come_back_from_tmx_and_memory_as_they_went_in(
        units in prop::collection::vec(any_unit(), 1..6),
        packed in any::<bool>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(if packed { "a.tmx.gz" } else { "a.tmx" });
        write_tmx(&file, &tag("zh-CN"), &[], &mut |out: &mut TmxWriter| units.iter().try_for_each(|u| out.unit(u)))
            .unwrap();
        let mut reader = open_tmx(&file).unwrap();
        let mut memory = Memory::open(&folder.path().join("m.db"), true).unwrap();
        let added = memory.add("main", Keep::All, &mut || Ok(reader.next_unit()?.map(|(_, u)| u))).unwrap();
        prop_assert_eq!(added.added + added.known + added.updated, units.len());
        if added.added == units.len() {
            prop_assert_eq!(all(&memory), units);
        }
    }
}

#[test]
fn utf_16_is_read_like_utf_8() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wide.tmx");
    let text = std::fs::read_to_string(samples("good-inline").remove(0)).unwrap();
    for (mark, big) in [(true, false), (true, true), (false, false)] {
        let start = if mark { "\u{FEFF}" } else { "" };
        let units: Vec<u16> = format!("{start}{}", text.replace("UTF-8", "UTF-16")).encode_utf16().collect();
        let bytes: Vec<u8> =
            units.iter().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect();
        std::fs::write(&file, bytes).unwrap();
        let (a, b) = (
            open_tmx(&file).unwrap().next_unit().unwrap(),
            open_tmx(&samples("good-inline")[0]).unwrap().next_unit(),
        );
        assert_eq!(a, b.unwrap());
    }
}

#[test]
fn what_is_added_again_is_known_and_rules_decide_on_changes() {
    let folder = tempfile::tempdir().unwrap();
    let mut memory = Memory::open(&folder.path().join("m.db"), true).unwrap();
    let units = [unit("会议结束。", "The meeting ended."), unit("下雨了。", "It rains.")];
    assert_eq!(add(&mut memory, Keep::All, &units).added, 2);
    assert_eq!(add(&mut memory, Keep::All, &units).known, 2);
    let other = [unit("下雨了。", "It is raining.")];
    assert_eq!(add(&mut memory, Keep::Oldest, &other).refused, 1);
    let added = add(&mut memory, Keep::Newest, &other);
    assert_eq!((added.added, added.replaced), (1, 1));
    assert_eq!(all(&memory).len(), 2);
    assert_eq!(add(&mut memory, Keep::All, &units).added, 1);
    assert_eq!(memory.count().unwrap(), 3);
}

#[test]
fn an_error_on_the_way_leaves_the_memory_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let mut memory = Memory::open(&folder.path().join("m.db"), true).unwrap();
    let mut left = 3;
    let failed = memory.add("main", Keep::All, &mut || {
        left -= 1;
        if left == 0 { Err(duizhao::Error::malformed("broken")) } else { Ok(Some(unit("好", "good"))) }
    });
    assert!(failed.is_err());
    assert_eq!(memory.count().unwrap(), 0);
    let text = folder.path().join("no.db");
    std::fs::write(&text, "this is no database, but long enough to be read as one ".repeat(40)).unwrap();
    assert!(Memory::open(&text, false).unwrap_err().to_string().contains("not a translation memory"));
}

#[test]
fn similarity_is_what_a_translator_would_say() {
    let lexicon = Lexicon::built_in();
    let zh = |a, b| (similarity(a, b, Lang::Zh, &lexicon) * 100.0 + 1e-6) as u32;
    assert_eq!(zh("会议结束。", "会议结束。"), 100);
    assert_eq!(zh("会议结束，谢谢。", "会议结束,谢谢."), 99);
    assert_eq!(zh("選舉結束。", "选举结束。"), 99);
    assert_eq!(zh("共有15名代表。", "共有230名代表。"), 99);
    assert_eq!(zh("会议今天结束了。", "会议昨天结束了。"), 87);
    assert!(zh("会议结束。", "今天下雨了。") < 50);
    let en = |a, b| (similarity(a, b, Lang::En, &lexicon) * 100.0 + 1e-6) as u32;
    assert_eq!(en("The meeting ended.", "the Meeting ended"), 99);
    assert_eq!(en("The meeting ended today.", "The meeting ended yesterday."), 75);
}

#[test]
fn matches_are_found_in_both_directions_and_in_context() {
    let folder = tempfile::tempdir().unwrap();
    let mut memory = Memory::open(&folder.path().join("m.db"), true).unwrap();
    let mut first = unit("会议结束。", "The meeting ended.");
    let property = |kind: &str, value: &str| Property { kind: kind.into(), value: value.into() };
    first.properties = vec![property("x-context-pre", "谢谢。"), property("x-context-post", "再见。")];
    add(&mut memory, Keep::All, &[first, unit("今天下雨了。", "It is raining today.")]);
    let ask = |memory: &mut Memory, query: Query, lang| -> Vec<FuzzyMatch> {
        memory.matcher(lang).unwrap().best(&query, 0.7, 3, None, &mut Work::default()).unwrap()
    };
    let query =
        Query {
            text: "会议结束。".into(), before: Some("谢谢。".into()), after: Some("再见。".into())
        };
    assert_eq!(ask(&mut memory, query.clone(), Lang::Zh)[0].percent(), 101);
    assert_eq!(ask(&mut memory, Query { before: None, ..query.clone() }, Lang::Zh)[0].percent(), 100);
    // What was added after the index was built is found as well.
    add(&mut memory, Keep::All, &[unit("会议开始。", "The meeting began.")]);
    let en = ask(&mut memory, Query { text: "The meeting began".into(), ..Query::default() }, Lang::En);
    assert_eq!((en[0].percent(), en[0].translation()), (99, "会议开始。"));
    let zh = ask(&mut memory, Query { text: "会议开始！".into(), ..Query::default() }, Lang::Zh);
    assert_eq!(zh[0].translation(), "The meeting began.");
    let best = ask(&mut memory, query, Lang::Zh);
    let report = Leverage::of([("会议结束。", best.first()), ("新的。", None), ("新的。", None)]);
    assert_eq!((report.bands[0].segments, report.bands[6].segments, report.repetitions.segments), (1, 1, 1));
    assert_eq!((report.total.segments, report.total.characters), (3, 8));
}

#[test]
fn a_word_is_found_in_any_script_and_form() {
    let folder = tempfile::tempdir().unwrap();
    let mut memory = Memory::open(&folder.path().join("m.db"), true).unwrap();
    add(
        &mut memory,
        Keep::All,
        &[unit("昨天的選舉。", "Yesterday's Elections."), unit("下雨了。", "It is raining.")],
    );
    for (text, regex) in [("选举", false), ("election", false), ("E[a-z]+s", true), ("选举", true)] {
        let mut needle = if regex { Needle::pattern(text).unwrap() } else { Needle::text(text).unwrap() };
        let mut found = Vec::new();
        memory
            .search(&mut needle, &Filter::default(), &mut |f| {
                found.push(f);
                Ok(true)
            })
            .unwrap();
        let wanted = usize::from(!(regex && text == "选举"));
        assert_eq!(found.len(), wanted, "{text}");
        for f in found {
            for (variant, spans) in f.stored.unit.variants.iter().zip(&f.spans) {
                assert!(spans.iter().all(|r| ["選舉", "Elections"].contains(&&variant.text[r.clone()])));
            }
        }
    }
}

#[test]
fn characters_of_the_other_script_are_told_under_every_tag() {
    let folder = tempfile::tempdir().unwrap();
    let mut memory = Memory::open(&folder.path().join("m.db"), true).unwrap();
    let tagged = |id: &str, tag: &str, zh: &str| {
        let mut unit = unit(zh, &format!("Sentence {id} of the report."));
        unit.id = id.into();
        unit.variants[0].lang = tag.parse().unwrap();
        unit
    };
    let units = [
        tagged("1", "zh-TW", "主席宣布会议开始。"),
        tagged("2", "zh-TW", "主席宣布會議開始。"),
        tagged("3", "zh", "主席宣布會議开始。"),
        tagged("4", "zh", "主席宣布会议开始。"),
        tagged("5", "zh-CN", "主席宣布會議開始。"),
        tagged("6", "zh-CN", "王后走在后面。"),
    ];
    add(&mut memory, Keep::All, &units);
    let found = memory.review(&Filter::default(), &[Reason::WrongScript]).unwrap();
    assert_eq!(found.iter().map(|p| p.stored.id.to_string()).collect::<Vec<_>>(), ["1", "3", "5"]);
}

#[test]
fn cleaning_tells_one_reason_a_unit_and_can_be_undone() {
    let folder = tempfile::tempdir().unwrap();
    let mut memory = Memory::open(&folder.path().join("m.db"), true).unwrap();
    let mut again = unit("会议结束。", "The meeting ended.");
    again.id = "2".into();
    let units = [
        unit("会议结束。", "The meeting ended."),
        again,
        unit("…", "\u{200B}"),
        unit("Hello world", "Hello world"),
        unit("这是中文。", "这里也是中文。"),
        unit("選舉結束。", "The election is over."),
        unit("共有15名代表。", "There were 230 delegates."),
        unit(" 下雨了。", "It is raining."),
        unit("铃\u{7}声", "The bell"),
        unit("下雪了。", "It snows."),
        unit("下雪了。", "It is snowing."),
    ];
    add(&mut memory, Keep::All, &units);
    let before = all(&memory);
    let found = memory.review(&Filter::default(), &Reason::ALL).unwrap();
    let told: Vec<String> = found.iter().map(|p| format!("{} {}", p.stored.id, p.reason)).collect();
    assert_eq!(
        told,
        [
            "2 duplicate",
            "3 empty",
            "4 source-equals-target",
            "5 wrong-language",
            "6 wrong-script",
            "7 number-mismatch",
            "8 outer-space",
            "9 invalid-character",
            "10 inconsistent"
        ]
    );
    memory.clean(&found).unwrap();
    assert_eq!(memory.count().unwrap(), 4);
    assert!(memory.review(&Filter::default(), &Reason::ALL).unwrap().is_empty());
    assert_eq!(memory.undo(None).unwrap(), 9);
    let sorted = |mut units: Vec<TranslationUnit>| {
        units.sort_by_key(|u| format!("{u:?}"));
        units
    };
    assert_eq!(sorted(all(&memory)), sorted(before));
}

#[test]
fn cleaning_finds_unusual_lengths_and_lost_tags() {
    let folder = tempfile::tempdir().unwrap();
    let mut memory = Memory::open(&folder.path().join("m.db"), true).unwrap();
    let mut units: Vec<TranslationUnit> = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛"]
        .iter()
        .flat_map(|a| ["东", "南", "西", "北", "中", "上", "下", "左"].map(|b| (a, b)))
        .enumerate()
        .map(|(k, (a, b))| {
            unit(
                &format!("{a}方代表住在{b}边。"),
                &format!("The side with {} lives there.", "abcdefgh".repeat(1 + k % 2)),
            )
        })
        .collect();
    units.push(unit("好。", "This says far more than the one word there, and goes on and on about it."));
    let mut tagged = unit("请按确定。", "Press OK now.");
    tagged.variants[0].markup = Some("请按<ph x=\"1\"/>确定。".into());
    units.push(tagged);
    add(&mut memory, Keep::All, &units);
    let told: Vec<String> = memory
        .review(&Filter::default(), &Reason::ALL)
        .unwrap()
        .iter()
        .map(|p| format!("{} {}", p.stored.source().text, p.reason))
        .collect();
    assert_eq!(told, ["好。 length", "请按确定。 tags"]);
}

#[test]
fn a_unit_gathers_what_several_files_tell_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut memory = Memory::open(&folder.path().join("m.db"), true).unwrap();
    let property = |kind: &str, value: &str| Property { kind: kind.into(), value: value.into() };
    let with = |properties: &[(&str, &str)]| {
        let mut u = unit("会议结束。", "The meeting ended.");
        u.properties = properties.iter().map(|(k, v)| property(k, v)).collect();
        u
    };
    let bare = with(&[]);
    let placed = with(&[("x-context-pre", "谢谢。"), ("x-document", "a.txt")]);
    let judged = with(&[("x-status", "accepted")]);
    assert_eq!(add(&mut memory, Keep::All, std::slice::from_ref(&bare)).added, 1);
    assert_eq!(add(&mut memory, Keep::All, std::slice::from_ref(&placed)).updated, 1);
    assert_eq!(add(&mut memory, Keep::All, std::slice::from_ref(&judged)).updated, 1);
    assert_eq!(add(&mut memory, Keep::All, &[bare, placed, judged]).known, 3);
    let all_of_it = with(&[("x-context-pre", "谢谢。"), ("x-document", "a.txt"), ("x-status", "accepted")]);
    assert_eq!(all(&memory), [all_of_it]);
    // The same texts elsewhere are another unit.
    let elsewhere = with(&[("x-context-pre", "你好。"), ("x-document", "a.txt")]);
    assert_eq!(add(&mut memory, Keep::All, &[elsewhere]).added, 1);
    assert_eq!(memory.count().unwrap(), 2);
    // In a first import too, where keys are not written yet.
    let mut first = Memory::open(&folder.path().join("f.db"), true).unwrap();
    let units =
        [with(&[]), with(&[("x-context-pre", "谢谢。")]), with(&[("x-context-pre", "你好。")]), with(&[])];
    let added = add(&mut first, Keep::All, &units);
    assert_eq!((added.added, added.updated, added.known), (2, 1, 1));
}

#[test]
fn the_same_pair_of_several_places_is_one_suggestion() {
    let folder = tempfile::tempdir().unwrap();
    let mut memory = Memory::open(&folder.path().join("m.db"), true).unwrap();
    let mut units = vec![unit("下雨了。", "It rains."); 3];
    for (k, u) in units.iter_mut().enumerate() {
        u.id = k.to_string();
    }
    units.push(unit("下雨了。", "It is raining."));
    assert_eq!(add(&mut memory, Keep::All, &units).added, 4);
    let query = Query { text: "下雨了！".into(), ..Query::default() };
    let found = memory.matcher(Lang::Zh).unwrap().best(&query, 0.7, 5, None, &mut Work::default()).unwrap();
    let told: Vec<&str> = found.iter().map(FuzzyMatch::translation).collect();
    assert_eq!(told, ["It is raining.", "It rains."]);
}
