//! Every bilingual format: out and in again is equal; and files as other tools write them are read.
#![allow(clippy::unwrap_used)]

use duizhao::format::{Format, WriteOptions, read, write};
use duizhao::model::{BeadInfo, Bitext, Evidence, Property, Status, TranslationUnit, Variant};
use proptest::prelude::*;

fn bytes(bitext: &Bitext, format: Format) -> Vec<u8> {
    let mut out = Vec::new();
    write(bitext, format, &mut out, &WriteOptions::default()).unwrap();
    out
}

fn back(bitext: &Bitext, format: Format) -> Bitext {
    read(&bytes(bitext, format), "x", format).unwrap_or_else(|e| panic!("{format}: {e}"))
}

/// Text that is hard for one format or another. Trimmed, because TMX is written trimmed.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-z一-龥]{1,6}",
        Just("a & b < c > d ]]> &amp; &lt;".to_string()),
        Just("\"double\" 'single' “圆” 「角」".to_string()),
        Just("tab\there\n\nline\\n \\t \\".to_string()),
        Just("＜全角＞　ＡＢＣ１２３！％".to_string()),
        Just("𠀀𝄞👩‍👩‍👧".to_string()),
        Just("臺灣與香港，為「選舉」".to_string()),
        Just("=SUM(A1) +1 -2 @x '".to_string()),
        Just("{0} %s %(name)s <b>粗</b> _x0041_".to_string()),
        Just("#, fuzzy\nmsgid \"\"\n#~ old".to_string()),
        Just("\u{202E}rtl\u{2066}\u{FEFF}e\u{301}".to_string()),
    ];
    prop::collection::vec(piece, 1..4)
        .prop_map(|v| v.concat().trim().to_string())
        .prop_filter("TMX holds no empty text", |t| !t.is_empty())
}

fn bead() -> impl Strategy<Value = Option<BeadInfo>> {
    prop::option::of((-9000..9000i32, 0..=10_000u32, 0..3usize).prop_map(|(score, confidence, status)| {
        BeadInfo {
            source: 0..0,
            target: 0..0,
            score: f64::from(score) / 1000.0,
            confidence: f64::from(confidence) / 10_000.0,
            status: Status::ALL[status],
            evidence: Evidence::default(),
            moved_to: None,
        }
    }))
}

fn bitext() -> impl Strategy<Value = Bitext> {
    let tags = prop_oneof![
        Just(("zh-CN", "en-US")),
        Just(("zh-Hant-HK", "en-GB")),
        Just(("en", "zh-TW")),
        Just(("en-US", "zh-Hans")),
    ];
    let unit = (text(), text(), bead(), prop::collection::vec(text(), 0..2));
    (tags, prop::collection::vec(unit, 1..6)).prop_map(|((source, target), units)| {
        let (source, target) = (source.parse().unwrap(), target.parse().unwrap());
        let mut bitext = Bitext::new(source, target);
        for (k, (a, b, bead, notes)) in units.into_iter().enumerate() {
            bitext.units.push(TranslationUnit {
                id: format!("a<{k}>&\""),
                variants: vec![
                    Variant::new(bitext.source_lang.clone(), a),
                    Variant::new(bitext.target_lang.clone(), b),
                ],
                bead,
                attributes: Vec::new(),
                properties: vec![Property { kind: "x-domain".into(), value: "法律 & <law>\nnew".into() }],
                notes,
            });
        }
        bitext
    })
}

proptest! {
    #[test]
    fn what_goes_out_comes_in_equal(bitext in bitext()) {
        for format in [Format::Xliff, Format::Xliff2, Format::Po, Format::Jsonl] {
            prop_assert_eq!(&back(&bitext, format), &bitext, "{}", format);
        }
        // A memory knows nothing of beads but their properties.
        let mut plain = bitext.clone();
        plain.units.iter_mut().for_each(|u| u.bead = None);
        prop_assert_eq!(&back(&plain, Format::Tmx), &plain);
        // Tables have columns for the pair, its id, and what is known of it; tags come from the text.
        for format in [Format::Csv, Format::Tsv, Format::Xlsx] {
            let again = back(&bitext, format);
            prop_assert_eq!(again.units.len(), bitext.units.len());
            for (a, b) in again.units.iter().zip(&bitext.units) {
                let texts = |u: &TranslationUnit| u.variants.iter().map(|v| v.text.clone()).collect::<Vec<_>>();
                prop_assert_eq!(texts(a), texts(b), "{}", format);
                prop_assert_eq!((&a.id, &a.bead), (&b.id, &b.bead), "{}", format);
            }
        }
    }

    #[test]
    fn one_format_after_the_other_loses_no_text(bitext in bitext()) {
        let mut through = bitext.clone();
        for format in [Format::Xliff, Format::Po, Format::Xlsx, Format::Xliff2, Format::Csv, Format::Tsv, Format::Tmx] {
            through = back(&through, format);
        }
        let texts = |b: &Bitext| b.units.iter().map(|u| (u.variants[0].text.clone(), u.variants[1].text.clone())).collect::<Vec<_>>();
        prop_assert_eq!(texts(&through), texts(&bitext));
    }

    #[test]
    fn inline_tags_come_back(words in prop::collection::vec("[a-z一-龥<&> ]{1,5}", 5), code in "[<>&a-z/=\" ]{0,9}") {
        let e = |s: &str| s.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let [a, b, c, d, f] = words.as_slice() else { unreachable!() };
        let code = e(&code);
        let markup = format!(
            r#"{}<bpt i="1" x="1" type="bold">{code}</bpt>{}<ph x="2">{code}</ph>{}<ept i="1">{code}</ept>{}<it pos="begin" x="3">{code}</it>{}"#,
            e(a), e(b), e(c), e(d), e(f)
        );
        let mut bitext = Bitext::new("zh-CN".parse().unwrap(), "en-US".parse().unwrap());
        let mut source = Variant::new("zh-CN".parse().unwrap(), words.concat());
        source.markup = Some(markup);
        bitext.units.push(TranslationUnit {
            id: "1".into(),
            variants: vec![source.clone(), Variant { lang: "en-US".parse().unwrap(), ..source }],
            bead: None,
            attributes: Vec::new(),
            properties: Vec::new(),
            notes: Vec::new(),
        });
        for format in [Format::Xliff, Format::Xliff2] {
            prop_assert_eq!(&back(&bitext, format), &bitext, "{}", format);
        }
    }

    #[test]
    fn pages_hold_the_texts_and_nothing_that_loads(bitext in bitext()) {
        let page = String::from_utf8(bytes(&bitext, Format::Html)).unwrap();
        for unit in &bitext.units {
            for variant in &unit.variants {
                let escaped: String = variant.text.chars().map(|c| match c {
                    '&' => "&amp;".to_string(), '<' => "&lt;".into(), '>' => "&gt;".into(),
                    '"' => "&quot;".into(), '\'' => "&#39;".into(), c => c.to_string(),
                }).collect();
                prop_assert!(page.contains(&escaped));
            }
        }
        for loads in ["<script", "src=", "href=", "url(", "@import", "<b>"] {
            prop_assert!(!page.contains(loads), "{}", loads);
        }
    }

    #[test]
    fn broken_files_are_refused_without_panic(bitext in bitext(), cut in 0.0..1.0f64, byte in any::<u8>()) {
        for format in [Format::Xliff, Format::Xliff2, Format::Po, Format::Xlsx] {
            let mut whole = bytes(&bitext, format);
            let at = (whole.len() as f64 * cut) as usize;
            let last = whole.len() - 1;
            whole[at.min(last)] = byte;
            let _ = read(&whole, "x", format);
            let _ = read(&whole[..at], "x", format);
        }
    }
}

fn texts(bitext: &Bitext) -> Vec<(&str, &str)> {
    bitext.units.iter().map(|u| (u.variants[0].text.as_str(), u.variants[1].text.as_str())).collect()
}

#[test]
fn segmented_xliff_of_cat_tools_is_read_by_segments() {
    let file = r#"<?xml version="1.0"?><xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
<file original="a.docx" source-language="zh-CN" target-language="en-US" datatype="x-docx"><body><group id="g">
<trans-unit id="7"><source><g id="1">你好。</g>再见。</source>
<seg-source><g id="1"><mrk mtype="seg" mid="1">你好。</mrk></g><mrk mtype="seg" mid="2">再见<x id="9"/>。</mrk></seg-source>
<target state="translated"><g id="1"><mrk mtype="seg" mid="1">Hello.</mrk></g> <mrk mtype="seg" mid="2">Bye<x id="9"/>.</mrk></target>
<alt-trans><source>旧</source><target>old</target></alt-trans></trans-unit>
<trans-unit id="8" approved="yes"><source>条<bpt id="1" rid="4">&lt;b></bpt>约<ept id="2" rid="4">&lt;/b></ept></source><target state="final">treaty</target></trans-unit>
</group></body></file></xliff>"#;
    let bitext = read(file.as_bytes(), "a.xlf", Format::Xliff).unwrap();
    assert_eq!(texts(&bitext), [("你好。", "Hello."), ("再见。", "Bye."), ("条约", "treaty")]);
    let ids: Vec<&str> = bitext.units.iter().map(|u| u.id.as_str()).collect();
    assert_eq!(ids, ["7#1", "7#2", "8"]);
    assert_eq!(bitext.header[0].value, "a.docx");
    // The tags are written back as they were.
    let again = String::from_utf8(bytes(&bitext, Format::Xliff)).unwrap();
    assert!(again.contains(r#"<source>再见<x id="9"/>。</source>"#), "{again}");
    assert!(again.contains(r#"<bpt id="4">&lt;b&gt;</bpt>"#), "{again}");
    assert!(
        again.contains(r#"approved="yes""#) && again.contains(r#"<target state="final">treaty"#),
        "{again}"
    );
}

#[test]
fn xliff_two_with_codes_and_states_is_read() {
    let file = r#"<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="zh-CN" trgLang="en-US">
<file id="f"><unit id="u"><notes><note>look</note></notes><originalData><data id="d1">&lt;b></data><data id="d2">&lt;/b></data></originalData>
<segment id="s1" state="final"><source>第一<pc id="1" dataRefStart="d1" dataRefEnd="d2">条</pc></source><target>Article 1</target></segment>
<ignorable><source> </source></ignorable>
<segment id="s2"><source>第二<mrk id="m" type="term">条</mrk><cp hex="000C"/></source></segment></unit></file></xliff>"#;
    let bitext = read(file.as_bytes(), "a.xliff", Format::Xliff2).unwrap();
    assert_eq!(texts(&bitext), [("第一条", "Article 1"), ("第二条\u{c}", "")]);
    let markup = bitext.units[0].variants[0].markup.as_deref().unwrap();
    assert_eq!(markup, r#"第一<bpt i="1" x="1">&lt;b&gt;</bpt>条<ept i="1">&lt;/b&gt;</ept>"#);
    assert_eq!(bitext.units[0].notes, ["look"]);
}

#[test]
fn catalogues_of_others_are_read() {
    let file = "# Team\nmsgid \"\"\nmsgstr \"\"\n\"Language: zh_CN\\n\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n\n\
        #. for the menu\n#: main.c:12\n#, fuzzy, c-format\nmsgctxt \"menu\"\nmsgid \"Open\"\nmsgstr \"打开\"\n\n\
        msgid \"%d file\"\nmsgid_plural \"%d files\"\nmsgstr[0] \"%d 个文件\"\n\n#~ msgid \"old\"\n#~ msgstr \"旧\"\n";
    let bitext = read(file.as_bytes(), "a.po", Format::Po).unwrap();
    assert_eq!((bitext.source_lang.as_str(), bitext.target_lang.as_str()), ("en-US", "zh_CN"));
    assert_eq!(texts(&bitext), [("Open", "打开"), ("%d file", "%d 个文件"), ("%d files", "%d 个文件")]);
    let again = String::from_utf8(bytes(&bitext, Format::Po)).unwrap();
    for kept in ["#. for the menu\n", "#: main.c:12\n", "#, fuzzy, c-format\n", "msgctxt \"menu\"\n"] {
        assert!(again.contains(kept), "{kept} in\n{again}");
    }
}

#[test]
fn catalogues_in_an_old_encoding_are_decoded() {
    let mut file =
        b"msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=GBK\\n\"\n\nmsgid \"a\"\nmsgstr \"".to_vec();
    file.extend([0xC4, 0xE3, 0xBA, 0xC3]);
    file.extend(b"\"\n");
    assert_eq!(texts(&read(&file, "a.po", Format::Po).unwrap()), [("a", "你好")]);
}

#[test]
fn the_same_message_twice_stands_in_two_contexts() {
    let mut bitext = Bitext::new("en-US".parse().unwrap(), "zh-CN".parse().unwrap());
    for (id, target) in [("1", "打开"), ("2", "开启"), ("", "开放"), ("", "开"), ("", "敞开")] {
        bitext.units.push(TranslationUnit {
            id: id.into(),
            variants: vec![
                Variant::new("en-US".parse().unwrap(), "Open"),
                Variant::new("zh-CN".parse().unwrap(), target),
            ],
            bead: None,
            attributes: Vec::new(),
            properties: Vec::new(),
            notes: Vec::new(),
        });
    }
    let file = String::from_utf8(bytes(&bitext, Format::Po)).unwrap();
    assert!(file.contains("msgctxt \"2\"\nmsgid \"Open\""), "{file}");
    assert_eq!(back(&bitext, Format::Po), bitext);
}

#[test]
fn a_page_is_not_read() {
    let message = read(b"<!DOCTYPE html>", "a.html", Format::Html).unwrap_err().to_string();
    assert!(message.contains("not read back"), "{message}");
}
