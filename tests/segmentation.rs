//! Sentence splitting: the tables of cases, and what must hold for any text.

use duizhao::model::Lang;
use duizhao::segment::{SegmentOptions, split};
use proptest::prelude::*;

fn segments(text: &str, lang: Lang) -> Vec<String> {
    split(text, lang, &SegmentOptions::default()).into_iter().map(|r| text[r].to_string()).collect()
}

fn check_table(table: &str, lang: Lang) {
    let mut failures = Vec::new();
    let cases: Vec<&str> = table.lines().filter(|l| !l.starts_with('#') && !l.trim().is_empty()).collect();
    assert!(cases.len() >= 60, "only {} cases", cases.len());
    for case in cases {
        let wanted: Vec<String> = case.split('‖').map(|s| s.trim().to_string()).collect();
        let text =
            case.replace(" ‖ ", " ").replace("‖ ", if lang == Lang::Zh { "" } else { " " }).replace('‖', "");
        let found = segments(&text, lang);
        if found != wanted {
            failures.push(format!("wanted {wanted:?}\n found {found:?}"));
        }
    }
    assert!(failures.is_empty(), "{} cases fail:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn the_chinese_table_holds() {
    check_table(include_str!("segmentation/zh.txt"), Lang::Zh);
}

#[test]
fn the_english_table_holds() {
    check_table(include_str!("segmentation/en.txt"), Lang::En);
}

#[test]
fn semicolons_and_colons_are_options() {
    let options = SegmentOptions { semicolon: true, colon: true, srx: None };
    let parts = |text: &str, lang| split(text, lang, &options).len();
    assert_eq!(parts("目的如下：一是节约；二是环保。", Lang::Zh), 3);
    assert_eq!(parts("The aims: to save; to protect. At 10:30.", Lang::En), 4);
}

#[test]
fn long_runs_take_no_longer_than_their_length() {
    // Each would take hours if any rule looked back or ahead without bound.
    for unit in [" ", "(", ")", "！", "!", ".", ". ", "“", "”", "…", "。”", "a.b", "1.", "（。", "“！"]
    {
        for lang in [Lang::Zh, Lang::En] {
            let text = unit.repeat(1_000_000 / unit.len());
            let total: usize = split(&text, lang, &SegmentOptions::default()).iter().map(|r| r.len()).sum();
            assert!(total <= text.len());
        }
    }
}

fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-zA-Z一-龥0-9 .!?。！？…“”‘’()（）:;：；,，\n]{0,12}",
        any::<String>(),
        Just("Mr. ".to_string()),
        Just("he said. ".to_string()),
        Just("他说。".to_string()),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|v| v.concat())
}

proptest! {
    #[test]
    fn segments_cover_the_text(text in any_text(), zh in any::<bool>()) {
        let lang = if zh { Lang::Zh } else { Lang::En };
        let mut at = 0;
        for range in split(&text, lang, &SegmentOptions::default()) {
            prop_assert!(text[at..range.start].trim().is_empty());
            let part = &text[range.clone()];
            prop_assert!(!part.is_empty() && part == part.trim());
            at = range.end;
        }
        prop_assert!(text[at..].trim().is_empty());
    }
}
