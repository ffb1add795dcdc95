//! Out and in again is equal, whatever the text; and what others write is read.
#![allow(clippy::unwrap_used)]

use duizhao::format::About;
use duizhao::format::{Format, WriteOptions, alignment_of, bitext_of, read, write};
use duizhao::model::{
    Alignment, Bead, Bitext, Evidence, Lang, Match, MatchKind, Script, Segment, Side, Status,
    TranslationUnit, Variant,
};
use proptest::prelude::*;

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-z一-龥]{1,6}",
        Just("<b>&amp;\"'".to_string()),
        Just("＜全角＞　！".to_string()),
        Just("𠀀𝄞".to_string()),
        Just("\u{202E}rtl\u{2066}".to_string()),
        Just("臺灣「引號」".to_string()),
        Just("=1+2\t-@'".to_string()),
        Just("a\\tb\\\\n".to_string()),
        Just("two\nlines _x0041_".to_string()),
    ];
    prop::collection::vec(piece, 1..4).prop_map(|v| v.concat())
}

fn alignment() -> impl Strategy<Value = Alignment> {
    let bead = (
        prop::collection::vec(text(), 0..3),
        prop::collection::vec(text(), 0..3),
        -9.0..9.0f64,
        0.0..1.0f64,
        0..4usize,
    );
    prop::collection::vec(bead, 0..6).prop_map(|beads| {
        let (mut source, mut target, mut out) = (Vec::new(), Vec::new(), Vec::new());
        for (a, b, score, confidence, status) in
            beads.into_iter().filter(|b| !b.0.is_empty() || !b.1.is_empty())
        {
            let (i, j) = (source.len(), target.len());
            source.extend(a.into_iter().enumerate().map(|(k, t)| Segment::line(t, i + k + 1, 0..3)));
            target.extend(b.into_iter().enumerate().map(|(k, t)| Segment::line(t, j + k + 1, 2..9)));
            let evidence = Evidence {
                length: score / 2.0,
                source_coverage: confidence,
                target_coverage: 0.5,
                matches: vec![Match {
                    kind: MatchKind::Word,
                    source: "选举".into(),
                    target: "election".into(),
                }],
                missing: vec![(Side::Target, "1993".into())],
                notes: vec!["a \"note\"".into()],
            };
            out.push(Bead {
                source: i..source.len(),
                target: j..target.len(),
                score,
                confidence,
                evidence,
                status: Status::ALL[status],
                moved_to: None,
            });
        }
        Alignment::new(Lang::Zh, source, target, out).unwrap()
    })
}

fn bytes(bitext: &Bitext, format: Format) -> Vec<u8> {
    let mut out = Vec::new();
    write(bitext, format, &mut out, &WriteOptions::default()).unwrap();
    out
}

fn texts(bitext: &Bitext) -> Vec<(String, String)> {
    bitext.units.iter().map(|u| (u.variants[0].text.clone(), u.variants[1].text.clone())).collect()
}

proptest! {
    #[test]
    fn json_lines_hold_the_complete_alignment(alignment in alignment()) {
        let bitext = bitext_of(&alignment, &About { script: Script::Hans, header: Vec::new() });
        let back = read(&bytes(&bitext, Format::Jsonl), "x.jsonl", Format::Jsonl).unwrap();
        prop_assert_eq!(&back, &bitext);
        prop_assert_eq!(alignment_of(&back).unwrap(), alignment);
    }

    #[test]
    fn tables_hold_every_text(alignment in alignment()) {
        let bitext = bitext_of(&alignment, &About { script: Script::Hans, header: Vec::new() });
        let kept: Vec<_> = bitext.units.iter().filter(|u| u.bead.as_ref().unwrap().status != Status::Rejected)
            .map(|u| (u.variants[0].text.clone(), u.variants[1].text.clone())).collect();
        for format in [Format::Csv, Format::Tsv, Format::Xlsx] {
            if let Ok(back) = read(&bytes(&bitext, format), "x", format) {
                prop_assert_eq!(texts(&back), kept.clone());
            }
        }
    }

    #[test]
    fn memories_come_back_equal(pairs in prop::collection::vec((text(), text()), 1..5)) {
        let mut bitext = Bitext::new("zh-CN".parse().unwrap(), "en-US".parse().unwrap());
        for (k, (a, b)) in pairs.iter().enumerate() {
            bitext.units.push(TranslationUnit {
                id: k.to_string(),
                variants: vec![Variant::new("zh-CN".parse().unwrap(), a.trim()), Variant::new("en-US".parse().unwrap(), b.trim())],
                bead: None,
                attributes: Vec::new(),
                properties: Vec::new(),
                notes: vec!["<note>".into()],
            });
        }
        let back = read(&bytes(&bitext, Format::Tmx), "x.tmx", Format::Tmx).unwrap();
        prop_assert_eq!(back, bitext);
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for format in [Format::Tmx, Format::Csv, Format::Tsv, Format::Xlsx, Format::Jsonl] {
            let _ = read(&bytes, "x", format);
        }
    }
}

fn samples() -> Vec<(String, Vec<u8>)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tmx-samples");
    let mut out: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "tmx"))
        // Those with one planted fault have tests of their own.
        .filter(|p| !p.to_string_lossy().contains("fault-"))
        .map(|p| (p.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&p).unwrap()))
        .collect();
    out.sort();
    out
}

#[test]
fn the_samples_are_read_or_refused_as_their_names_say() {
    let samples = samples();
    assert!(samples.len() >= 8);
    for (name, bytes) in samples {
        let result = read(&bytes, &name, Format::Tmx);
        if name.starts_with("bad-") {
            let message = result.unwrap_err().to_string();
            assert!(message.contains(&name), "{message}");
        } else {
            let bitext = result.unwrap_or_else(|e| panic!("{e}"));
            assert!(
                bitext.units.iter().any(|u| u.variants[0].text.contains("选举")
                    || u.variants[0].text.contains("選舉")
                    || u.variants[0].text.contains("election")),
                "{name}"
            );
        }
    }
}

#[test]
fn forbidden_characters_are_replaced_and_counted() {
    let mut bitext = Bitext::new("zh-CN".parse().unwrap(), "en-US".parse().unwrap());
    bitext.units.push(TranslationUnit {
        id: String::new(),
        variants: vec![
            Variant::new("zh-CN".parse().unwrap(), "好\u{1}"),
            Variant::new("en-US".parse().unwrap(), "go\u{FFFE}od"),
        ],
        bead: None,
        attributes: Vec::new(),
        properties: Vec::new(),
        notes: Vec::new(),
    });
    let mut out = Vec::new();
    let written = write(&bitext, Format::Tmx, &mut out, &WriteOptions::default()).unwrap();
    assert_eq!((written.units, written.replaced), (1, 2));
    assert!(read(&out, "x.tmx", Format::Tmx).is_ok());
}

#[test]
fn a_damaged_declaration_is_refused_or_read_without_panic() {
    for declaration in
        [&b"<?xml version=\"1.0\" encoding=\xE2\x80\x9CUTF-8\"?>"[..], b"<?xml encoding=\xFFUTF-8\"?>"]
    {
        for format in [Format::Tmx, Format::Xliff, Format::Csv, Format::Tsv, Format::Jsonl] {
            let _ = read(declaration, "x", format);
        }
    }
    // Either kind of quote is a declaration; the bytes are 中 in GBK.
    for quote in ["'", "\""] {
        let mut good = format!("<?xml version={quote}1.0{quote} encoding={quote}GBK{quote}?>").into_bytes();
        good.extend(br#"<xliff version="1.2"><file original="x" source-language="zh" target-language="en" datatype="plaintext"><body><trans-unit id="1"><source>"#);
        good.extend(b"\xD6\xD0");
        good.extend(b"</source><target>middle</target></trans-unit></body></file></xliff>");
        let bitext = read(&good, "x.xlf", Format::Xliff).unwrap();
        assert_eq!(texts(&bitext), [("中".to_string(), "middle".to_string())]);
    }
}
