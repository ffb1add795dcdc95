//! Documents of offices: what of them is text, what is set aside, and that nothing is lost.
#![allow(clippy::unwrap_used)]

#[path = "documents/build.rs"]
mod build;

use build::*;
use duizhao::model::{BlockKind, ChangeReason, Document, Lang};
use duizhao::read::{ReadOptions, read_bytes};

fn read_as(bytes: &[u8], lang: Lang, keep_all: bool) -> Document {
    let options = ReadOptions { lang: Some(lang), keep_all, encoding: None };
    read_bytes(bytes, "test.docx", &options).unwrap()
}

fn read(bytes: &[u8]) -> Document {
    read_as(bytes, Lang::En, false)
}

/// `P text`, `H1 text`, `L`ist item, `C`ell, `N`ote; then `reason: text` of what was set aside.
fn shown(document: &Document) -> Vec<String> {
    let blocks = document.blocks.iter().map(|b| {
        let kind = match b.kind {
            BlockKind::Paragraph => "P".to_string(),
            BlockKind::Heading(level) => format!("H{level}"),
            BlockKind::ListItem => "L".into(),
            BlockKind::Cell => "C".into(),
            BlockKind::Footnote => "N".into(),
            BlockKind::Line => "-".into(),
        };
        format!("{kind} {}", b.text)
    });
    let changes = document.changes.iter().map(|c| format!("{}: {}", c.reason, c.text));
    blocks.chain(changes).collect()
}

#[track_caller]
fn assert_docx(docx: &Docx, expected: &[&str]) {
    assert_eq!(shown(&read(&docx.bytes())), expected, "{docx:#?}");
}

#[track_caller]
fn assert_body(body: &str, expected: &[&str]) {
    assert_docx(&Docx::body(body), expected);
}

const STYLES: &str = r#"<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Chapter"><w:name w:val="Chapter"/><w:basedOn w:val="1"/></w:style>
<w:style w:type="paragraph" w:styleId="Item"><w:name w:val="Item"/><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Sub"><w:name w:val="Sub"/><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>
<w:style w:type="character" w:styleId="Secret"><w:name w:val="Secret"/><w:rPr><w:vanish/></w:rPr></w:style>"#;

#[test]
fn headings_paragraphs_and_cells_of_a_docx() {
    let docx = Docx {
        body: [
            pp(r#"<w:pStyle w:val="1"/>"#, "Scope"),
            pp(r#"<w:pStyle w:val="Chapter"/>"#, "Terms"),
            pp(r#"<w:pStyle w:val="Chapter"/><w:outlineLvl w:val="2"/>"#, "Definitions"),
            pp(r#"<w:pStyle w:val="Chapter"/><w:outlineLvl w:val="9"/>"#, "In this contract the following words are used."),
            format!(
                "<w:tbl><w:tr><w:tc>{}</w:tc><w:tc><w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>{}</w:tc></w:tr></w:tbl>",
                p("Buyer"),
                p("inner"),
                p("Seller")
            ),
            format!("<w:sdt><w:sdtPr><w:alias w:val=\"no text\"/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>", p("Held by a control, this is text.")),
        ]
        .concat(),
        styles: STYLES.into(),
        ..Docx::default()
    };
    assert_docx(
        &docx,
        &[
            "H1 Scope",
            "H1 Terms",
            "H3 Definitions",
            "P In this contract the following words are used.",
            "C Buyer",
            "C inner",
            "C Seller",
            "P Held by a control, this is text.",
        ],
    );
}

fn level(i: u32, format: &str, text: &str, more: &str) -> String {
    format!(
        r#"<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{format}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>"#
    )
}

fn item(list: u32, level: u32, text: &str) -> String {
    pp(&format!(r#"<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list}"/></w:numPr>"#), text)
}

#[test]
fn lists_are_numbered_as_word_numbers_them() {
    let definitions = [
        format!(
            r#"<w:abstractNum w:abstractNumId="0">{}{}{}</w:abstractNum>"#,
            level(0, "decimal", "%1.", ""),
            level(1, "lowerLetter", "(%2)", ""),
            level(2, "lowerRoman", "%1.%2.%3", "<w:isLgl/>")
        ),
        format!(
            r#"<w:abstractNum w:abstractNumId="1">{}{}</w:abstractNum>"#,
            level(0, "chineseCountingThousand", "第%1条", ""),
            level(1, "chineseCounting", "（%2）", r#"<w:suff w:val="nothing"/>"#)
        ),
        format!(
            r#"<w:abstractNum w:abstractNumId="2">{}{}</w:abstractNum>"#,
            level(0, "upperRoman", "%1", r#"<w:pStyle w:val="Item"/>"#),
            level(1, "decimal", "%1-%2", r#"<w:pStyle w:val="Sub"/><w:lvlRestart w:val="0"/>"#)
        ),
        format!(r#"<w:abstractNum w:abstractNumId="3">{}</w:abstractNum>"#, level(0, "bullet", "\u{F0B7}", "")),
        r#"<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
        <w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
        <w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>
        <w:num w:numId="4"><w:abstractNumId w:val="3"/></w:num>
        <w:num w:numId="5"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num>
        <w:num w:numId="6"><w:abstractNumId w:val="0"/></w:num>"#
            .to_string(),
    ];
    let styled = |style: &str, text: &str| pp(&format!(r#"<w:pStyle w:val="{style}"/>"#), text);
    let body = [
        item(1, 0, "one"),
        item(1, 1, "one a"),
        item(1, 1, "one b"),
        item(1, 2, "deep"),
        item(1, 0, ""),
        item(1, 0, "three"),
        item(1, 1, "three a"),
        item(6, 0, "the same counter"),
        item(5, 0, "starts at seven"),
        item(5, 0, "eight"),
        item(2, 0, "总则"),
        item(2, 1, "目的"),
        item(2, 1, "范围"),
        styled("Item", "by style"),
        styled("Sub", "its level by style"),
        styled("Item", "next"),
        styled("Sub", "never restarts"),
        item(4, 0, "bullet"),
        pp(
            r#"<w:pStyle w:val="Item"/><w:numPr><w:numId w:val="0"/></w:numPr>"#,
            "Here the number of the style is switched off.",
        ),
    ];
    let docx = Docx {
        body: body.concat(),
        styles: STYLES.into(),
        numbering: definitions.concat(),
        ..Docx::default()
    };
    assert_docx(
        &docx,
        &[
            "L 1. one",
            "L (a) one a",
            "L (b) one b",
            "L 1.2.1 deep",
            "L 3. three",
            "L (a) three a",
            "L 4. the same counter",
            "L 7. starts at seven",
            "L 8. eight",
            "L 第一条 总则",
            "L （一）目的",
            "L （二）范围",
            "L I by style",
            "L I-1 its level by style",
            "L II next",
            "L II-2 never restarts",
            "L • bullet",
            "P Here the number of the style is switched off.",
        ],
    );
}

fn note(id: i32, text: &str) -> String {
    format!(
        r#"<w:footnote w:id="{id}"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p></w:footnote>"#
    )
}

#[test]
fn notes_follow_the_paragraph_that_refers_to_them() {
    let reference = |kind: &str, id: i32| format!(r#"<w:r><w:{kind}Reference w:id="{id}"/></w:r>"#);
    let docx = Docx {
        body: [
            format!(
                "<w:p><w:r><w:t>The first sentence</w:t></w:r>{}<w:r><w:t xml:space=\"preserve\"> goes on.</w:t></w:r>{}</w:p>",
                reference("footnote", 2),
                reference("endnote", 1)
            ),
            format!("<w:p><w:r><w:t>The second.</w:t></w:r>{}</w:p>", reference("footnote", 1)),
            format!("<w:p><w:r><w:t>Refers to nothing.</w:t></w:r>{}</w:p>", reference("footnote", 9)),
        ]
        .concat(),
        footnotes: [
            r#"<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>"#.to_string(),
            note(1, "No space before."),
            note(2, " A space before."),
            note(3, " Nobody refers to it."),
        ]
        .concat(),
        endnotes: note(1, " At the end.").replace("footnote", "endnote"),
        ..Docx::default()
    };
    let document = read(&docx.bytes());
    assert_eq!(
        shown(&document),
        [
            "P The first sentence goes on.",
            "N 1 A space before.",
            "P The second.",
            "N 2 No space before.",
            "P Refers to nothing.",
            "N i At the end.",
            "hidden-text:  Nobody refers to it.",
        ]
    );
    assert_eq!(document.notices, ["1 notes are referred to but not there"]);
    assert_eq!(document.blocks[1].pieces[0].place.part, "word/footnotes.xml");
}

#[test]
fn tracked_changes_are_read_as_accepted() {
    let deleted_end = r#"<w:p><w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr>"#;
    assert_body(
        &format!(
            r#"<w:p><w:r><w:t xml:space="preserve">Payment is due </w:t></w:r><w:del w:id="2"><w:r><w:delText>today</w:delText></w:r></w:del><w:ins w:id="3"><w:r><w:t>tomorrow</w:t></w:r></w:ins><w:r><w:t xml:space="preserve"> </w:t></w:r><w:del w:id="6"><w:r><w:delText>early</w:delText></w:r></w:del><w:r><w:t xml:space="preserve"> at noon.</w:t></w:r></w:p>
            {deleted_end}<w:r><w:t xml:space="preserve">The first half </w:t></w:r></w:p>{}
            <w:p><w:moveFrom w:id="4"><w:r><w:t>moved</w:t></w:r></w:moveFrom><w:r><w:t>stays</w:t></w:r></w:p>
            <w:p><w:moveTo w:id="4"><w:r><w:t>moved</w:t></w:r></w:moveTo></w:p>
            <w:tbl><w:tr><w:trPr><w:del w:id="5"/></w:trPr><w:tc>{}</w:tc></w:tr><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>"#,
            p("and the second."),
            p("gone"),
            p("kept")
        ),
        &[
            "P Payment is due tomorrow at noon.",
            "P The first half and the second.",
            "P stays",
            "P moved",
            "C kept",
            "deleted-text: today",
            "deleted-text: early",
            "deleted-text: moved",
            "deleted-text: gone",
        ],
    );
}

#[test]
fn hidden_text_fields_and_ruby() {
    let field = |kind: &str| format!(r#"<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>"#);
    let run = |text: &str| format!(r#"<w:r><w:t xml:space="preserve">{text}</w:t></w:r>"#);
    let docx = Docx {
        body: format!(
            r#"<w:p>{}<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>shown</w:t></w:r><w:r><w:rPr><w:rStyle w:val="Secret"/></w:rPr><w:t>by style</w:t></w:r></w:p>
            <w:p>{}{}<w:r><w:instrText>PAGEREF x</w:instrText></w:r>{}{}{}{}{}{}</w:p>
            <w:p><w:fldSimple w:instr="DATE"><w:r><w:t>12 May</w:t></w:r></w:fldSimple></w:p>
            <w:p><w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>hàn</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>汉</w:t></w:r></w:rubyBase></w:ruby></w:r><w:r><w:t>字</w:t></w:r></w:p>"#,
            run("before "),
            run("see page "),
            field("begin"),
            run("code"),
            field("begin") + &field("separate") + &run("inner result") + &field("end"),
            field("separate"),
            run("12"),
            field("end"),
            run(" there")
        ),
        styles: STYLES.into(),
        ..Docx::default()
    };
    assert_docx(
        &docx,
        &[
            "P before shown",
            "P see page 12 there",
            "P 12 May",
            "P 汉字",
            "hidden-text: hidden",
            "hidden-text: by style",
            "hidden-text: codeinner result",
            "reading: hàn",
        ],
    );
}

#[test]
fn signs_breaks_and_text_boxes() {
    let text_box = format!("<w:txbxContent>{}</w:txbxContent>", p("In the box there is a sentence."));
    assert_body(
        &format!(
            r#"<w:p><w:r><w:t>non</w:t><w:noBreakHyphen/><w:t>stop</w:t><w:tab/><w:t>soft</w:t><w:softHyphen/><w:t>ly</w:t><w:br/><w:t>second line</w:t></w:r>
            <w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{text_box}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{text_box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>
            <w:r><w:sym w:font="Symbol" w:char="F061"/><w:sym w:font="Wingdings" w:char="F0FC"/></w:r></w:p>
            <w:p><w:hyperlink r:id="rId9"><w:r><w:t>a link</w:t></w:r></w:hyperlink><w:r><w:t xml:space="preserve"> &amp; &#x4E2D;<![CDATA[<x>]]> in
            one paragraph</w:t></w:r><m:oMath><m:r><m:t>a=b</m:t></m:r></m:oMath></w:p>"#
        ),
        &[
            "P non\u{2011}stop\tsoftly",
            "P second lineα✓",
            "P In the box there is a sentence.",
            "P a link & 中<x> in one paragrapha=b",
            "control-character: \u{AD}",
        ],
    );
}

#[test]
fn heads_and_feet_are_set_aside() {
    let page = r#"<w:p><w:r><w:t xml:space="preserve">Page </w:t></w:r><w:fldSimple w:instr="PAGE"><w:r><w:t>3</w:t></w:r></w:fldSimple></w:p>"#;
    let docx = Docx {
        body: p("The body of the letter."),
        header: p("Confidential"),
        footer: page.into(),
        ..Docx::default()
    };
    assert_docx(&docx, &["P The body of the letter.", "running-head: Confidential", "page-number: Page 3"]);
    let all = read_as(&docx.bytes(), Lang::En, true);
    assert_eq!(shown(&all), ["P Confidential", "P The body of the letter.", "P Page 3"]);
}

#[test]
fn prefixes_and_encodings_do_not_matter() {
    let text = r#"<?xml version="1.0" encoding="UTF-16"?><x:document xmlns:x="http://purl.oclc.org/ooxml/wordprocessingml/main"><x:body><x:p><x:r><x:t>第一条 总则</x:t></x:r></x:p></x:body></x:document>"#;
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let document = read_as(&archive(&[("word/document.xml", utf16)]), Lang::Zh, false);
    assert_eq!(document.encoding, "UTF-16LE");
    assert_eq!(document.blocks[0].text, "第一条 总则");
}

#[test]
fn lines_pasted_as_paragraphs_are_joined() {
    let lines = [
        "The parties agree that the goods shall be",
        "delivered to the warehouse of the buyer in",
        "good order and within thirty days, and that",
        "the buyer shall inspect them without delay.",
        "Any defect shall be notified to the seller",
        "in writing within seven days of the day on",
        "which the goods were received; later claims",
        "are excluded.",
    ];
    let body: String = lines.iter().map(|l| p(l)).collect();
    let docx = Docx::body(&(pp(r#"<w:pStyle w:val="Heading1"/>"#, "Delivery") + &body));
    let document = read(&docx.bytes());
    let joined = lines.join(" ");
    let text: Vec<&str> = document.blocks[1..].iter().map(|b| b.text.as_str()).collect();
    assert_eq!(document.blocks[0].text, "Delivery");
    assert_eq!(text.join(" "), joined);
    assert!(text.len() <= 2, "{text:#?}");
    let pieces: Vec<_> = document.blocks[1].pieces.iter().map(|p| p.place.line).collect();
    assert_eq!(pieces[..4], [2, 3, 4, 5]);
    // Page numbers that count up among them are set aside, and the sentence goes on over them.
    let mut pages = lines.repeat(9).iter().map(|l| l.to_string()).collect::<Vec<_>>();
    [(62, "- 5 -"), (38, "- 4 -"), (14, "- 3 -")].into_iter().for_each(|(at, n)| pages.insert(at, n.into()));
    let document = read(&Docx::body(&pages.iter().map(|l| p(l)).collect::<String>()).bytes());
    let text: Vec<&str> = document.blocks.iter().map(|b| b.text.as_str()).collect();
    assert_eq!(text.join(" "), [joined.as_str(); 9].join(" "));
    let aside = ["page-number: - 3 -", "page-number: - 4 -", "page-number: - 5 -"];
    assert_eq!(shown(&document)[document.blocks.len()..], aside);
    // Whole paragraphs of any width stay.
    let whole = [
        "The parties agree that the goods shall be delivered to the warehouse of the buyer in good order.",
        "Any defect shall be notified.",
        "The buyer shall inspect them without delay and shall tell the seller what he has found there.",
        "Late claims are excluded.",
    ];
    let document = read(&Docx::body(&whole.iter().map(|l| p(l)).collect::<String>()).bytes());
    let text: Vec<&str> = document.blocks.iter().map(|b| b.text.as_str()).collect();
    assert_eq!(text, whole);
}

const ODT_AUTOMATIC: &str = r#"<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>
<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/><text:list-level-style-number text:level="2" style:num-format="a" style:num-prefix="(" style:num-suffix=")"/><text:list-level-style-bullet text:level="3" text:bullet-char="–"/></text:list-style>
<text:list-style style:name="L2"><text:list-level-style-number text:level="1" style:num-format="一, 二, 三, ..." style:num-suffix="、"><style:list-level-properties><style:list-level-label-alignment text:label-followed-by="nothing"/></style:list-level-properties></text:list-level-style-number></text:list-style>"#;

#[test]
fn texts_of_opendocument() {
    let styles = r#"<office:styles><text:outline-style><text:outline-level-style text:level="1" style:num-format="I"/><text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/></text:outline-style></office:styles>
    <office:master-styles><style:master-page style:name="Standard"><style:header><text:p>Confidential</text:p></style:header><style:footer><text:p>第 <text:page-number>5</text:page-number> 页</text:p></style:footer></style:master-page></office:master-styles>"#;
    let body = r#"<text:tracked-changes><text:changed-region><text:deletion><office:change-info><dc:creator>Ann</dc:creator></office:change-info><text:p>gone</text:p></text:deletion></text:changed-region></text:tracked-changes>
    <text:p text:style-name="Title">Contract</text:p>
    <text:h text:outline-level="1">Scope</text:h><text:h text:outline-level="2">Goods</text:h><text:h text:outline-level="1">Price</text:h>
    <text:p>A  sentence<text:s text:c="2"/>with<text:tab/>white
      space.<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>The note.</text:p></text:note-body></text:note><text:span text:style-name="H">hidden</text:span> It goes on.<text:note text:note-class="endnote"><text:note-citation>i</text:note-citation><text:note-body><text:p> The end.</text:p></text:note-body></text:note></text:p>
    <text:list text:style-name="L1" xml:id="a"><text:list-item><text:p>one</text:p><text:p>more of one</text:p><text:list><text:list-item><text:p>one a</text:p><text:list><text:list-item><text:p>dash</text:p></text:list-item></text:list></text:list-item><text:list-item><text:p>one b</text:p></text:list-item></text:list></text:list-item></text:list>
    <text:list text:style-name="L1"><text:list-item><text:p>anew</text:p></text:list-item></text:list>
    <text:list text:style-name="L1" text:continue-list="a"><text:list-item><text:p>two</text:p></text:list-item><text:list-item text:start-value="9"><text:p>nine</text:p></text:list-item></text:list>
    <text:list text:style-name="L2"><text:list-item><text:p>总则</text:p></text:list-item><text:list-item><text:p>目的</text:p></text:list-item></text:list>
    <table:table><table:table-row><table:table-cell><text:p>cell</text:p></table:table-cell><table:covered-table-cell><text:p>covered</text:p></table:covered-table-cell></table:table-row></table:table>
    <text:p>Around the box.<draw:frame><svg:title>no text</svg:title><draw:text-box><text:p>In the box.</text:p></draw:text-box></draw:frame><office:annotation><text:p>comment</text:p></office:annotation><text:line-break/>Second line.</text:p>
    <text:section text:display="none"><text:p>secret</text:p></text:section>
    <text:table-of-content><text:table-of-content-source><text:index-title-template>no text</text:index-title-template></text:table-of-content-source><text:index-body><text:p>Scope 1</text:p></text:index-body></text:table-of-content>
    <text:p><text:ruby><text:ruby-base>汉</text:ruby-base><text:ruby-text>hàn</text:ruby-text></text:ruby>字</text:p>"#;
    assert_eq!(
        shown(&read(&odt(ODT_AUTOMATIC, body, styles))),
        [
            "H0 Contract",
            "H1 I Scope",
            "H2 I.1 Goods",
            "H1 II Price",
            "P A sentence  with\twhite space. It goes on.",
            "N 1 The note.",
            "L 1. one",
            "L more of one",
            "L (a) one a",
            "L – dash",
            "L (b) one b",
            "L 1. anew",
            "L 2. two",
            "L 9. nine",
            "L 一、总则",
            "L 二、目的",
            "C cell",
            "P Around the box.",
            "P Second line.",
            "P In the box.",
            "P Scope 1",
            "P 汉字",
            "N i The end.",
            "deleted-text: gone",
            "hidden-text: hidden",
            "hidden-text: covered",
            "hidden-text: secret",
            "reading: hàn",
            "running-head: Confidential",
            "page-number: 第 5 页",
        ]
    );
}

#[test]
fn slides_in_their_order() {
    let table = r#"<p:graphicFrame><a:graphic><a:graphicData><a:tbl><a:tr><a:tc><a:txBody>TEXT</a:txBody></a:tc><a:tc hMerge="1"><a:txBody>COVERED</a:txBody></a:tc></a:tr></a:tbl></a:graphicData></a:graphic></p:graphicFrame>"#
        .replace("TEXT", &ap("cell"))
        .replace("COVERED", &ap("covered"));
    let numbered = r#"<a:p><a:pPr><a:buAutoNum type="alphaLcParenBoth"/></a:pPr><a:r><a:t>first</a:t></a:r></a:p><a:p><a:pPr><a:buAutoNum type="alphaLcParenBoth"/></a:pPr><a:r><a:t>second</a:t></a:r></a:p>"#;
    let slides = [
        (
            "",
            shape("title", &ap("Our plan"))
                + &shape("body", numbered)
                + &table
                + &shape("sldNum", &ap("1"))
                + &shape("ftr", &ap("Foot")),
            shape("sldImg", "")
                + &shape("body", &ap("Say hello to the guests."))
                + &shape("sldNum", &ap("1")),
        ),
        ("show=\"0\"", shape("title", &ap("Kept back")), String::new()),
        (
            "",
            shape("", "<a:p><a:r><a:t>A box</a:t></a:r><a:br/><a:r><a:t>of two lines</a:t></a:r></a:p>"),
            String::new(),
        ),
    ];
    assert_eq!(
        shown(&read(&archive(&pptx_parts(&slides)))),
        [
            "H1 Our plan",
            "L (a) first",
            "L (b) second",
            "C cell",
            "N Say hello to the guests.",
            "P A box",
            "P of two lines",
            "hidden-text: covered",
            "page-number: 1",
            "running-head: Foot",
            "page-number: 1",
            "hidden-text: Kept back",
        ]
    );
}

#[test]
fn the_cells_of_a_workbook() {
    let shared = r#"<si><t>Name</t></si><si><r><t>rich </t></r><r><t>text</t></r><rPh sb="0" eb="1"><t>phonetic</t></rPh></si><si><t>two
lines</t></si>"#;
    let first = r#"<cols><col min="3" max="3" hidden="1"/></cols><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>3.5</v></c><c r="C1" t="s"><v>0</v></c></row><row r="4"><c r="A4" t="s"><v>1</v></c><c r="B4" t="inlineStr"><is><t>inline</t></is></c><c r="D4" t="str"><f>A1</f><v>formula</v></c><c t="b"><v>1</v></c></row><row r="5" hidden="1"><c t="s"><v>2</v></c></row><row r="6"><c t="s"><v>2</v></c><c t="s"><v>99</v></c></row></sheetData>"#;
    let second = r#"<sheetData><row><c t="inlineStr"><is><t>kept back</t></is></c></row></sheetData>"#;
    let bytes = archive(&xlsx_parts(&[("", first), ("state=\"hidden\"", second)], shared));
    let document = read(&bytes);
    assert_eq!(
        shown(&document),
        [
            "C Name",
            "C rich text",
            "C inline",
            "C formula",
            "C two",
            "C lines",
            "sheet-value: 3.5",
            "hidden-text: Name",
            "sheet-value: 1",
            "hidden-text: two\nlines",
            "hidden-text: kept back",
        ]
    );
    assert_eq!(document.blocks[1].pieces[0].place.line, 4);
    assert_eq!(document.blocks[1].pieces[0].place.part, "xl/worksheets/sheet1.xml");
    assert!(shown(&read_as(&bytes, Lang::En, true)).contains(&"C 3.5".to_string()));
}

#[test]
fn sheets_and_slides_of_opendocument() {
    let sheet = r#"<table:table><table:table-row><table:table-cell office:value-type="string"><text:p>Name</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="3.5"><text:p>3.50</text:p></table:table-cell></table:table-row></table:table>"#;
    let bytes = archive(&odf_parts("spreadsheet", "", sheet, ""));
    assert_eq!(shown(&read(&bytes)), ["C Name", "sheet-value: 3.50"]);
    let page = r#"<draw:page><draw:frame presentation:class="title"><draw:text-box><text:p>Our plan</text:p></draw:text-box></draw:frame><draw:frame presentation:class="page-number"><draw:text-box><text:p>7</text:p></draw:text-box></draw:frame><draw:custom-shape><text:p>A shape with words in it.</text:p></draw:custom-shape><presentation:notes><draw:frame presentation:class="notes"><draw:text-box><text:p>Say hello.</text:p></draw:text-box></draw:frame></presentation:notes></draw:page>"#;
    let bytes = archive(&odf_parts("presentation", "", page, ""));
    assert_eq!(
        shown(&read(&bytes)),
        ["H1 Our plan", "P A shape with words in it.", "N Say hello.", "page-number: 7"]
    );
}

#[test]
fn a_book_is_read_in_the_order_of_its_spine() {
    let chapters = [
        ("two words.xhtml", "<h1>Beginning</h1><p>It was a dark night.</p>"),
        ("a/b.xhtml", "<p>Then the sun rose over the hills.</p>"),
    ];
    let document = read(&archive(&epub_parts(&chapters)));
    let text: String = document.blocks.iter().map(|b| b.text.as_str()).collect();
    let places: Vec<_> =
        ["Beginning", "dark night", "sun rose"].iter().map(|w| text.find(w).unwrap()).collect();
    assert!(places.is_sorted(), "{text}");
    assert_eq!(document.blocks.last().unwrap().pieces[0].place.part, "OEBPS/a/b.xhtml");
    // The titles in the heads of the parts are no text of the book.
    assert_eq!(document.blocks.len(), 3, "{text}");
    assert_eq!(document.changes.iter().filter(|c| c.text == "t").count(), 2, "{:?}", document.changes);
    assert_eq!(document.notices.len(), 1, "{:?}", document.notices);
}

#[test]
fn reasons_have_names() {
    for reason in ChangeReason::ALL {
        assert_eq!(reason.to_string().parse(), Ok(reason));
    }
}
