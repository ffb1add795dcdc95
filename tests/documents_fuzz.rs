//! Broken documents end in a document or in an error, never in a panic. `DUIZHAO_FUZZ_ROUNDS` breaks each more often
//! than the 150 times of a normal run; the example `fuzz_documents` goes on for minutes over files of any kind.
#![allow(clippy::unwrap_used)]

#[path = "documents/build.rs"]
mod build;
#[path = "documents/mutate.rs"]
mod mutate;

use build::*;
use duizhao::read::{ReadOptions, read_bytes};
use mutate::{Random, broken};
use std::time::{Duration, Instant};

/// A name and the parts.
type Sample = (&'static str, Vec<(String, Vec<u8>)>);

fn samples() -> Vec<Sample> {
    let note = r#"<w:p><w:r><w:t>The note.</w:t></w:r></w:p>"#;
    let docx = Docx {
        body: [
            pp(r#"<w:pStyle w:val="1"/><w:numPr><w:numId w:val="1"/></w:numPr>"#, "Scope"),
            r#"<w:p><w:r><w:t>A sentence</w:t><w:footnoteReference w:id="1"/></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>PAGE</w:instrText><w:fldChar w:fldCharType="separate"/><w:t>3</w:t><w:fldChar w:fldCharType="end"/><w:br/><w:sym w:font="Symbol" w:char="F061"/></w:r></w:p>"#.into(),
            format!("<w:tbl><w:tr><w:trPr/><w:tc><w:tcPr><w:vMerge/></w:tcPr>{}</w:tc></w:tr></w:tbl>", p("cell")),
            format!("<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>{}</w:txbxContent></mc:Choice></mc:AlternateContent></w:r></w:p>", p("In the box.")),
        ]
        .concat(),
        styles: r#"<w:style w:type="paragraph" w:default="1" w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="2"/><w:rPr><w:vanish w:val="0"/></w:rPr></w:style>"#.into(),
        numbering: r#"<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="第%1条"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="3"/></w:lvlOverride></w:num>"#.into(),
        footnotes: format!(r#"<w:footnote w:id="1">{note}</w:footnote>"#),
        header: p("Head"),
        settings: r#"<w:footnotePr><w:numFmt w:val="lowerRoman"/></w:footnotePr>"#.into(),
        ..Docx::default()
    };
    let odt_body = r#"<text:h text:outline-level="1">Scope</text:h><text:p>A sentence<text:s text:c="2"/><text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>The note.</text:p></text:note-body></text:note></text:p><text:list text:style-name="L"><text:list-item><text:p>one</text:p><text:list><text:list-item text:start-value="4"><text:p>two</text:p></text:list-item></text:list></text:list-item></text:list><table:table><table:table-row><table:table-cell><text:p>cell</text:p></table:table-cell></table:table-row></table:table><text:p><draw:frame><draw:text-box><text:p>In the box.</text:p></draw:text-box></draw:frame></text:p>"#;
    let odt_styles = r#"<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/></text:list-style>"#;
    let slides = [(
        "",
        shape("title", &ap("Our plan")) + &shape("", &ap("A sentence.")),
        shape("body", &ap("A note.")),
    )];
    let sheet = r#"<cols><col min="2" max="3" hidden="1"/></cols><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>3.5</v></c><c t="inlineStr"><is><t>inline</t></is></c></row></sheetData>"#;
    vec![
        ("a.docx", docx.parts()),
        (
            "a.odt",
            odf_parts(
                "text",
                odt_styles,
                odt_body,
                "<office:master-styles><style:master-page><style:header><text:p>Head</text:p></style:header></style:master-page></office:master-styles>",
            ),
        ),
        (
            "a.epub",
            epub_parts(&[("a.xhtml", "<h1>Scope</h1><p>A sentence.</p>"), ("b.xhtml", "<p>Another.</p>")]),
        ),
        ("a.pptx", pptx_parts(&slides)),
        ("a.xlsx", xlsx_parts(&[("", sheet)], "<si><t>Name</t></si>")),
    ]
}

#[test]
fn broken_documents_end_in_a_document_or_an_error() {
    let rounds = std::env::var("DUIZHAO_FUZZ_ROUNDS").map_or(150, |r| r.parse().unwrap());
    let samples = samples();
    for (name, parts) in &samples {
        let whole = archive(parts);
        read_bytes(&whole, name, &ReadOptions::default()).unwrap();
        let mut errors = 0;
        for seed in 0..rounds {
            let mut random = Random::new(seed);
            let bytes = broken(&whole, Some(parts), &mut random);
            let start = Instant::now();
            if let Err(e) = read_bytes(&bytes, name, &ReadOptions::default()) {
                errors += 1;
                assert!(e.to_string().starts_with(name), "{e}");
            }
            assert!(start.elapsed() < Duration::from_secs(10), "{name}, seed {seed}: {:?}", start.elapsed());
        }
        assert!(errors > 0 && errors < rounds, "{name}: {errors} of {rounds}");
    }
}
