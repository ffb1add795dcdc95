//! Nothing is lost: every byte of a text, white space apart, is in exactly one piece or one set-aside change.

#![allow(clippy::unwrap_used)]

use duizhao::model::{Document, Lang};
use duizhao::read::{ReadOptions, read_bytes};
use proptest::prelude::*;

/// What text extraction leaves, in bits.
fn fragment() -> impl Strategy<Value = String> {
    let fixed = [
        "\n",
        "\n",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "\u{c}",
        "\n\u{c}",
        " ",
        "  ",
        "\u{3000}\u{3000}",
        "\t",
        "\u{b}",
        "\u{85}",
        "\u{2028}",
        "\0",
        "\u{2}",
        "\u{7f}",
        "\u{FEFF}",
        "\u{AD}",
        "\u{AD}\n",
        "-\n",
        "\u{2010}\n",
        "*\n",
        "*",
        "\n*\n",
        "\n1\n",
        "\n- 2 -\n",
        "\n第 3 页\n",
        "\nPage 4\n",
        "\nA/61/1006\n",
        "\n07-43604 (C)    270707\n",
        "\n*0743604*\n",
        "\n________________\n",
        "1. ",
        "(a) ",
        "（一）",
        "一、",
        "第二条\n",
        "Article 2\n",
        "Annex\n",
        "附件一\n",
        "“",
        "”",
        "（",
        "）",
        "联 合 国",
        "大  会  安全理事会",
        "the ",
        "of ",
        "General Assembly ",
        "co-operation ",
        "Nagorno-",
        "Karabakh ",
        "international ",
        "peace and security. ",
        "we shall ",
        "2007 ",
        "国际社会的反应",
        "，",
        "。",
        "、以及",
        "的",
        "𠮷",
        "é",
        "🙂",
        "\u{301}",
        "\u{200B}",
        "\u{FFFD}",
    ];
    prop_oneof![
        8 => proptest::sample::select(fixed.to_vec()).prop_map(str::to_string),
        1 => any::<char>().prop_map(String::from),
        1 => "\\PC{0,12}",
        1 => "[a-z]{3,9} [a-z]{2,7} [a-z]{4,11} [A-Za-z]{3,8} [a-z]{1,9} [a-z]{4,9} [a-z]{4,9}-?\n".prop_map(|s| s),
        1 => "[一-龥]{28,30}\n".prop_map(|s| s),
    ]
}

fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(fragment(), 0..120).prop_map(|parts| parts.concat())
}

/// Chinese or English running text, wrapped at a width, with pages.
fn wrapped() -> impl Strategy<Value = (String, Lang)> {
    let english =
        proptest::collection::vec("[a-z]{1,9}|[A-Z][a-z]{2,8}|[a-z]{3,6}\\.|[a-z]{2,5}-[a-z]{3,6}", 30..200);
    let english = (english, 30usize..90, 4usize..30).prop_map(|(words, width, page)| {
        let (mut out, mut column, mut lines) = (String::new(), 0, 0);
        for word in words {
            if column + word.len() > width {
                lines += 1;
                out.push_str(if lines % page == 0 { "\n\n3\n\u{c}Head of the page\n\n" } else { "\n" });
                column = 0;
            } else if column > 0 {
                out.push(' ');
            }
            column += word.len() + 1;
            out.push_str(&word);
        }
        (out, Lang::En)
    });
    let chinese =
        ("[一-龥，。、（）“”0-9]{60,600}", 12usize..45, 4usize..30).prop_map(|(run, width, page)| {
            let mut out = String::new();
            for (i, c) in run.chars().enumerate() {
                if i > 0 && i % width == 0 {
                    out.push_str(if i / width % page == 0 { " \n\n- 3 -\n\u{c}A/61/1006\n" } else { "\n\n" });
                }
                out.push(c);
            }
            (out, Lang::Zh)
        });
    prop_oneof![english, chinese]
}

fn without_space(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The number of the line on which a byte stands, as editors count.
fn line_of(text: &str, at: usize) -> usize {
    let before = &text[..at];
    1 + before.matches('\n').count() + before.replace("\r\n", "").matches('\r').count()
        - usize::from(before.ends_with('\r') && text[at..].starts_with('\n'))
}

fn check(text: &str, lang: Lang, keep_all: bool) -> Result<(), TestCaseError> {
    let options = ReadOptions { lang: Some(lang), keep_all, encoding: Some("utf-8".into()) };
    let Ok(document) = read_bytes(text.as_bytes(), "test", &options) else { return Ok(()) };
    conserves(text.strip_prefix('\u{FEFF}').unwrap_or(text), &document)
}

fn conserves(text: &str, document: &Document) -> Result<(), TestCaseError> {
    let mut ranges = Vec::new();
    for block in &document.blocks {
        let mut copied = String::new();
        for piece in &block.pieces {
            let range = piece.place.bytes.clone();
            let original = &text[range.clone()];
            prop_assert_eq!(&block.text[piece.at..piece.at + original.len()], original);
            prop_assert_eq!(piece.place.line, line_of(text, range.start), "line of {:?}", original);
            copied.push_str(original);
            ranges.push(range);
        }
        prop_assert_eq!(without_space(&block.text), without_space(&copied));
        prop_assert_eq!(block.text.trim(), &block.text);
        prop_assert!(!block.text.is_empty());
        prop_assert_eq!(block.pieces[0].at, 0);
        prop_assert!(block.pieces.windows(2).all(|p| p[0].at < p[1].at));
        prop_assert!(block.pieces.windows(2).all(|p| p[0].place.bytes.end <= p[1].place.bytes.start));
    }
    let mut last = 0;
    for change in &document.changes {
        prop_assert!(change.place.bytes.start >= last, "changes are in order of place");
        last = change.place.bytes.start;
        if change.reason.sets_aside() {
            prop_assert_eq!(&text[change.place.bytes.clone()], &change.text);
            prop_assert_eq!(change.place.line, line_of(text, change.place.bytes.start));
            ranges.push(change.place.bytes.clone());
        }
    }
    ranges.sort_by_key(|r| (r.start, r.end));
    let mut at = 0;
    for range in ranges {
        prop_assert!(range.start >= at, "a byte is in two places");
        let between = &text[at..range.start];
        prop_assert!(between.trim().is_empty(), "lost: {:?}", between);
        at = range.end;
    }
    prop_assert!(text[at..].trim().is_empty(), "lost at the end: {:?}", &text[at..]);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_of_any_text(text in text(), chinese: bool, keep_all: bool) {
        check(&text, if chinese { Lang::Zh } else { Lang::En }, keep_all)?;
    }

    #[test]
    fn nothing_is_lost_of_wrapped_text((text, lang) in wrapped(), keep_all: bool) {
        check(&text, lang, keep_all)?;
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read_bytes(&bytes, "test", &ReadOptions::default());
        for label in ["gb18030", "big5", "utf-16le", "utf-8"] {
            let options = ReadOptions { encoding: Some(label.into()), ..ReadOptions::default() };
            let _ = read_bytes(&bytes, "test", &options);
        }
    }

    #[test]
    fn reading_is_deterministic((text, lang) in wrapped()) {
        let options = ReadOptions { lang: Some(lang), ..ReadOptions::default() };
        let read = || read_bytes(text.as_bytes(), "test", &options).ok();
        prop_assert_eq!(read(), read());
    }
}
