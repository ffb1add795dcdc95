//! Small documents of every kind that a reader takes, in parts, so that what is broken in a part reaches the parser
//! behind the container.
#![allow(dead_code, clippy::unwrap_used)]

use super::build::*;
use super::pdf_writer::{self, Run};
use std::io::Write as _;

/// How the parts of a document become its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pack {
    /// One part, as it is.
    Plain,
    /// A ZIP archive.
    Zip,
    /// The objects of a PDF; a part `data` or `packed` is the stream of the object before it.
    Pdf,
    /// One part, packed with gzip.
    Gzip,
}

/// A document: the reader it is for, a name, its parts.
#[derive(Debug, Clone)]
pub struct Fixture {
    pub reader: &'static str,
    pub name: String,
    pub pack: Pack,
    pub parts: Vec<(String, Vec<u8>)>,
}

impl Fixture {
    pub fn plain(reader: &'static str, name: &str, bytes: impl Into<Vec<u8>>) -> Fixture {
        let parts = vec![(name.to_string(), bytes.into())];
        Fixture { reader, name: name.to_string(), pack: Pack::Plain, parts }
    }

    pub fn bytes(&self) -> Vec<u8> {
        pack(self.pack, &self.parts)
    }
}

/// The parts as one file.
pub fn pack(pack: Pack, parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    match pack {
        Pack::Plain => parts.first().map(|p| p.1.clone()).unwrap_or_default(),
        Pack::Zip => stored(parts),
        Pack::Pdf => pdf(parts),
        Pack::Gzip => {
            let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            packer.write_all(&parts[0].1).unwrap();
            packer.finish().unwrap()
        }
    }
}

fn pdf(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut objects: Vec<Vec<u8>> = Vec::new();
    for (name, bytes) in parts {
        match (name.as_str(), objects.last_mut()) {
            ("data", Some(object)) => add_stream(object, "", bytes),
            ("packed", Some(object)) => {
                let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
                packer.write_all(bytes).unwrap();
                add_stream(object, "/Filter /FlateDecode ", &packer.finish().unwrap());
            }
            _ => objects.push(bytes.clone()),
        }
    }
    pdf_writer::file(&objects)
}

/// The stream of an object, its length told truly behind whatever the dictionary has become.
fn add_stream(object: &mut Vec<u8>, filter: &str, data: &[u8]) {
    if object.ends_with(b">>") {
        object.truncate(object.len() - 2);
    }
    object.extend(format!(" {filter}/Length {} >>\nstream\n", data.len()).bytes());
    object.extend(data);
    object.extend(b"\nendstream");
}

/// All documents, by reader.
pub fn documents() -> Vec<Fixture> {
    let mut out = office();
    out.extend(texts());
    out.extend(pages());
    out.push(printed());
    out
}

fn zipped(reader: &'static str, name: &str, parts: Vec<(String, Vec<u8>)>) -> Fixture {
    Fixture { reader, name: name.to_string(), pack: Pack::Zip, parts }
}

fn office() -> Vec<Fixture> {
    let note = r#"<w:p><w:r><w:t>The note.</w:t></w:r></w:p>"#;
    let plain = Docx {
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
    // Every format of numbers on a level of its own, nested tables, moved text, equations, SmartArt's cousins.
    let formats = [
        "decimal",
        "upperRoman",
        "lowerLetter",
        "ordinalText",
        "cardinalText",
        "chineseLegalSimplified",
        "ideographDigital",
        "decimalEnclosedCircle",
        "decimalFullWidth",
    ];
    let levels: String = (0..9)
        .map(|i| {
            let text: String = (1..=i + 1).map(|k| format!("%{k}.")).collect();
            format!(r#"<w:lvl w:ilvl="{i}"><w:start w:val="{}"/><w:numFmt w:val="{}"/><w:lvlText w:val="{text}"/><w:lvlRestart w:val="1"/><w:isLgl w:val="0"/><w:suff w:val="tab"/></w:lvl>"#, i * 7 + 1, formats[i])
        })
        .collect();
    let items: String = (0..12)
        .map(|i| {
            pp(
                &format!(r#"<w:numPr><w:ilvl w:val="{}"/><w:numId w:val="2"/></w:numPr>"#, i % 9),
                &format!("第{i}项内容如下。"),
            )
        })
        .collect();
    let nested = format!(
        "<w:tbl><w:tr><w:tc>{}<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr>{}</w:tc></w:tr></w:tbl>{}</w:tc><w:tc>{}</w:tc></w:tr></w:tbl>",
        p("外面"),
        p("里面"),
        p("后面"),
        p("outside")
    );
    let rich = Docx {
        body: [
            items,
            nested,
            r#"<w:p><w:moveFrom w:id="1"><w:r><w:t>从这里</w:t></w:r></w:moveFrom><w:moveTo w:id="2"><w:r><w:t>到那里</w:t></w:r></w:moveTo><w:ins w:id="3"><w:r><w:t>插入。</w:t></w:r></w:ins></w:p><w:p><w:pPr><w:rPr><w:del w:id="4"/></w:rPr></w:pPr><w:r><w:t>接</w:t></w:r></w:p><w:p><w:r><w:t>上</w:t></w:r></w:p>"#.into(),
            r#"<w:p><w:r><w:ruby><w:rt><w:r><w:t>hàn</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>汉</w:t></w:r></w:rubyBase></w:ruby></w:r><m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f></m:oMath><w:hyperlink r:id="rId9"><w:r><w:t>link</w:t></w:r></w:hyperlink><w:fldSimple w:instr="DATE"><w:r><w:t>today</w:t></w:r></w:fldSimple></w:p>"#.into(),
            r#"<w:p><w:r><w:t>endnote</w:t><w:endnoteReference w:id="2"/></w:r></w:p><w:sdt><w:sdtContent><w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:tab/><w:noBreakHyphen/><w:softHyphen/><w:t xml:space="preserve"> and shown </w:t></w:r></w:p></w:sdtContent></w:sdt>"#.into(),
            r#"<w:p><w:r><w:pict><v:shape><v:textbox><w:txbxContent><w:p><w:r><w:t>An old box.</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"#.into(),
        ]
        .concat(),
        numbering: format!(r#"<w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum><w:num w:numId="2"><w:abstractNumId w:val="7"/></w:num>"#),
        endnotes: format!(r#"<w:endnote w:id="2">{note}</w:endnote>"#),
        footer: p("第 3 页"),
        ..Docx::default()
    };
    let odt_body = r#"<text:h text:outline-level="1">Scope</text:h><text:p>A sentence<text:s text:c="2"/><text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>The note.</text:p></text:note-body></text:note></text:p><text:list text:style-name="L"><text:list-item><text:p>one</text:p><text:list><text:list-item text:start-value="4"><text:p>two</text:p></text:list-item></text:list></text:list-item></text:list><table:table><table:table-row><table:table-cell><text:p>cell</text:p></table:table-cell></table:table-row></table:table><text:p><draw:frame><draw:text-box><text:p>In the box.</text:p></draw:text-box></draw:frame></text:p>"#;
    let odt_styles = r#"<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/></text:list-style>"#;
    let odt_rich = r#"<text:tracked-changes><text:changed-region text:id="c1"><text:deletion><text:p>gone</text:p></text:deletion></text:changed-region></text:tracked-changes><text:section text:display="none"><text:p>不见</text:p></text:section><text:p>前<text:change text:change-id="c1"/>后<text:ruby><text:ruby-base>汉</text:ruby-base><text:ruby-text>hàn</text:ruby-text></text:ruby><text:line-break/><text:tab/><text:a xlink:href="x">连接</text:a></text:p><text:numbered-paragraph text:level="2"><text:p>编号</text:p></text:numbered-paragraph><text:list text:continue-numbering="true" text:style-name="L"><text:list-header><text:p>head</text:p></text:list-header><text:list-item><text:p>item</text:p></text:list-item></text:list><table:table><table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="2" table:number-columns-spanned="2"><text:p>两次</text:p><table:table><table:table-row><table:table-cell><text:p>内</text:p></table:table-cell></table:table-row></table:table></table:table-cell><table:covered-table-cell/></table:table-row></table:table>"#;
    let sheet = r#"<table:table table:name="S"><table:table-column table:number-columns-repeated="3"/><table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row><table:table-row><table:table-cell office:value-type="string"><text:p>名称</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="3.5"><text:p>3.5</text:p></table:table-cell></table:table-row></table:table>"#;
    let show = r#"<draw:page draw:name="p"><draw:frame presentation:class="title"><draw:text-box><text:p>计划</text:p></draw:text-box></draw:frame><draw:custom-shape><text:p>Shape text here.</text:p></draw:custom-shape><presentation:notes><draw:frame><draw:text-box><text:p>A note.</text:p></draw:text-box></draw:frame></presentation:notes></draw:page>"#;
    let head = "<office:master-styles><style:master-page><style:header><text:p>Head</text:p></style:header></style:master-page></office:master-styles>";
    let outline = r#"<office:styles><text:outline-style><text:outline-level-style text:level="1" style:num-format="一, 二, 三, ..." style:num-prefix="第" style:num-suffix="章" text:start-value="2"/></text:outline-style></office:styles>"#;
    let slides = [
        ("", shape("title", &ap("Our plan")) + &shape("", &ap("A sentence.")), shape("body", &ap("A note."))),
        (
            r#"show="0""#,
            shape("sldNum", &ap("2"))
                + r#"<p:graphicFrame><a:graphic><a:graphicData><a:tbl><a:tr><a:tc><a:txBody><a:p><a:r><a:t>格</a:t></a:r></a:p></a:txBody></a:tc></a:tr></a:tbl></a:graphicData></a:graphic></p:graphicFrame><p:grpSp>"#
                + &shape(
                    "",
                    r#"<a:p><a:pPr lvl="1"><a:buAutoNum type="alphaLcParenBoth" startAt="3"/></a:pPr><a:r><a:t>组里的字。</a:t></a:r><a:br/><a:fld type="slidenum"><a:t>7</a:t></a:fld></a:p>"#,
                )
                + "</p:grpSp>",
            String::new(),
        ),
    ];
    let cells = r#"<cols><col min="2" max="3" hidden="1"/></cols><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>3.5</v></c><c t="inlineStr"><is><t>inline</t></is></c></row></sheetData>"#;
    let cells_rich = r#"<dimension ref="A1:C9"/><sheetData><row r="2" hidden="1"><c r="A2" t="str"><f>"a"&amp;"b"</f><v>ab</v></c></row><row r="3"><c r="A3" t="s"><v>1</v></c><c r="B3" t="b"><v>1</v></c><c r="C3" t="e"><v>#N/A</v></c><c r="D3" s="1"><v>44927</v></c></row></sheetData><mergeCells><mergeCell ref="A3:B3"/></mergeCells>"#;
    let strings = "<si><t>Name</t></si><si><r><t>两</t></r><r><rPr><b/></rPr><t>段</t></r><rPh sb=\"0\" eb=\"1\"><t>liang</t></rPh></si>";
    let pairs = r#"<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>source</t></is></c><c r="B1" t="inlineStr"><is><t>target</t></is></c></row><row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2" t="s"><v>0</v></c></row><row r="3"><c r="A3" t="inlineStr"><is><t>你好。</t></is></c><c r="B3"><v>12</v></c></row></sheetData>"#;
    let chapters = [
        ("a.xhtml", "<h1>Scope</h1><p>A sentence.</p>"),
        (
            "b c.xhtml",
            "<ol start=\"3\"><li>第三<li>第四</ol><ruby>汉<rt>hàn</rt></ruby><table><tr><td>格<td>cell</table>",
        ),
    ];
    vec![
        zipped("docx", "a.docx", plain.parts()),
        zipped("docx", "b.docx", rich.parts()),
        zipped("odt", "a.odt", odf_parts("text", odt_styles, odt_body, head)),
        zipped("odt", "b.odt", odf_parts("text", odt_styles, odt_rich, outline)),
        zipped("odt", "c.ods", odf_parts("spreadsheet", "", sheet, "")),
        zipped("odt", "d.odp", odf_parts("presentation", "", show, "")),
        zipped(
            "epub",
            "a.epub",
            epub_parts(&[("a.xhtml", "<h1>Scope</h1><p>A sentence.</p>"), ("b.xhtml", "<p>Another.</p>")]),
        ),
        zipped("epub", "b.epub", epub_parts(&chapters)),
        zipped("pptx", "a.pptx", pptx_parts(&slides)),
        zipped("xlsx", "a.xlsx", xlsx_parts(&[("", cells)], "<si><t>Name</t></si>")),
        zipped("xlsx", "b.xlsx", xlsx_parts(&[("state=\"hidden\"", cells), ("", cells_rich)], strings)),
        zipped("xlsx", "c.xlsx", xlsx_parts(&[("", pairs)], strings)),
    ]
}

const CHINESE: &str = "        关于供货的信\n\n 一、总则\n\n 甲方应当在每年三月以前把货物的清\n单送到乙方的仓库。乙方收到清单以后，应当在十个工作日\n以内作出书面答复；没有答复的，视为同意。1\n\n                                        \n07-43604 (C)    270707    270707\n*0743604*\n\n（a）木桌 12 张；\n（b）“椅子”三把。\n\n____________\n1  见合同第 3 条。\n\x0C第 2 页\n\n 此致\n                    张三（签名）\n";
const ENGLISH: &str = "        Letter about the goods\n\n A/61/1006\n\n I. General\n\nParty A shall send the list of the goods to the ware-\nhouse of Party B before March of every year. Having received\nthe list, Party B shall answer in writing (see para. 4) within\nten working days.1\n\n2/5\n\x0C A/61/1006\n\n(a) Twelve wooden tables, i.e. e.g. No. 5;\n(b) \"Three chairs.\"\n\n1  See article 3.\n\nMr. Smith (Signed)\n";

fn texts() -> Vec<Fixture> {
    let text = |name: &str, bytes: Vec<u8>| Fixture::plain("txt", name, bytes);
    let label = |label: &str, text: &str| {
        encoding_rs::Encoding::for_label(label.as_bytes()).unwrap().encode(text).0.into_owned()
    };
    let utf16 = |text: &str, swap: bool, mark: bool| -> Vec<u8> {
        let text = if mark { format!("\u{FEFF}{text}") } else { text.to_string() };
        text.encode_utf16().flat_map(|u| if swap { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
    };
    vec![
        text("a.zh.txt", CHINESE.into()),
        text("a.en.txt", ENGLISH.into()),
        text("letter.zh.txt", include_bytes!("../../data/samples/A-61-1006.zh.txt").to_vec()),
        text("letter.en.txt", include_bytes!("../../data/samples/A-61-1006.en.txt").to_vec()),
        text("gbk.txt", label("gbk", CHINESE)),
        text("gb18030.txt", label("gb18030", &format!("{CHINESE}𠮷"))),
        text(
            "big5.txt",
            label(
                "big5",
                "關於供貨的信。\n\n 甲方應當在每年三月以前把貨物的清單送到乙方的倉庫。\n「好。」\n",
            ),
        ),
        text("le.txt", utf16(CHINESE, false, true)),
        text("be.txt", utf16(ENGLISH, true, true)),
        text("le-no-mark.txt", utf16(CHINESE, false, false)),
        text("mark.txt", format!("\u{FEFF}{}", CHINESE.replace('\n', "\r\n")).into_bytes()),
        text("latin1.txt", label("windows-1252", &format!("“{ENGLISH}” – café"))),
    ]
}

fn pages() -> Vec<Fixture> {
    let html = "<!DOCTYPE html>\n<html lang=zh><head><meta charset=utf-8><title>供货</title><style>.h{display:none}</style><script>var x='<p>';</script></head><body class=\"a b\"><nav><ul><li><a href=/a>一<li><a href=/b>二<li><a href=/c>三<li><a href=/d>四</ul></nav><main><h1>供货<br>合同</h1><ol start=3 type=i reversed><li value=7>甲方<ol style='list-style-type: cjk-ideographic'><li>子项</ol><li>乙方</ol><p hidden>不见<p style=\"display: none\">也不见</p><p>双方&nbsp;因为<ruby>履<rt>lǚ</rt></ruby>行&#x672C;合同&amp;发生<b>争<i>议</b>的</i>。<table><caption>表</caption><tr><th>项<td colspan=3>桌<table><tr><td>内</table></table><pre>一行\n  二行</pre><dl><dt>词<dd>义</dl><svg><text>图</text></svg><template>模</template><blockquote>引</blockquote><select><option>选</select></main><footer>版权 <a href=x>页</a></footer></body></html>";
    let gbk = encoding_rs::GBK.encode(&html.replace("utf-8", "gb2312")).0.into_owned();
    let xhtml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"><body><article><header><h1>Scope</h1></header><section><p>Party A shall send<br/>the list.</p><aside>aside</aside><ul><li>one</li><li>two</li></ul></section></article><div id=\"cookie-banner\">We use cookies</div></body></html>";
    let md = "---\ntitle: 供货\n---\n# 供货合同 {#a}\n\n甲方应当在每年三月以前把货物的\n清单送到**乙方**的[仓库](http://x.y \"题\")。[^1]\n\n[^1]: 见第三条。\n\n1. 一\n   - [ ] 子\n     > 引 ![图](a.png)\n3. 三\n\n| 项 | 数 |\n|---|---:|\n| 桌 | `12` |\n\n```rust\nfn main() {}\n```\n\n<div>\n<p>块</p>\n</div>\n\n~~删~~ <b>粗</b> [r][1] http://auto.link <a@b.c>\n\n[1]: http://z\n***\nSetext\n===\n";
    let srt = "1\n00:00:01,000 --> 00:00:02,500\n<i>We came</i>\nto see.\n\n2\n00:00:02,600 --> 00:00:04,000\n{\\an8}- Who?\n- Nobody, he said, and\n\n3\n00:00:04,100 --> 00:00:05,000\nwent away.\n\n4\n00:01:00,000 --> 00:01:02,000\n我们来了。\n";
    let vtt = "WEBVTT - title\nX: y\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:a\n\nNOTE a comment\n\nid-1\n00:01.000 --> 00:02.000 line:0 position:20%\n<v Anna>你来<00:01.500><c.red>了</c>吗？\n\n00:02.000 --> 01:00:03.000\n- 来了。\n&lt;b&gt;\n";
    vec![
        Fixture::plain("html", "a.html", html),
        Fixture::plain("html", "gbk.html", gbk),
        Fixture::plain("html", "b.xhtml", xhtml),
        Fixture::plain("md", "a.md", md),
        Fixture::plain(
            "md",
            "b.md",
            "* a\n    * b\n\n        code\n\n> > quote\n> lazy\n\n<!-- note -->\n\nHard  \nbreak\\\nhere &copy; &#20013;\n\n| a |\n| - |\n| b\\|c |\n",
        ),
        Fixture::plain("subtitles", "a.srt", srt),
        Fixture::plain("subtitles", "b.vtt", vtt),
    ]
}

/// Simple and composite fonts, packed streams, forms, a table, a title, foot notes, every operator that shows text.
fn printed() -> Fixture {
    let mut page: Vec<Run> = (0..6)
        .map(|i| {
            Run::new(
                72.0,
                740.0 - 14.0 * f64::from(i),
                10.0,
                "甲方应当在每年三月以前把货物的清单送到乙方的仓库了",
            )
        })
        .collect();
    page.push(Run::new(72.0, 780.0, 18.0, "Supply Contract"));
    for i in 0..3 {
        page.push(Run::new(80.0, 600.0 - 20.0 * f64::from(i), 10.0, "木桌"));
        page.push(Run::new(240.0, 600.0 - 20.0 * f64::from(i), 10.0, "12"));
    }
    page.push(Run::new(72.0, 80.0, 6.0, "1"));
    page.push(Run::new(76.0, 76.0, 8.0, "See article 3."));
    let other = vec![Run::new(72.0, 780.0, 10.0, "2/5"), Run::new(72.0, 700.0, 10.0, "The end of it all.")];
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    for (i, object) in pdf_writer::objects(&[page, other], true).into_iter().enumerate() {
        // The writer's streams are taken apart again.
        let text = String::from_utf8_lossy(&object).into_owned();
        match text.split_once("stream\n") {
            Some((_, rest)) => {
                let data = rest.trim_end_matches("\nendstream").as_bytes().to_vec();
                parts.push((i.to_string(), b"<< >>".to_vec()));
                parts.push((if i % 4 == 0 { "packed" } else { "data" }.into(), data));
            }
            None => parts.push((i.to_string(), object)),
        }
    }
    // A third page: standard fonts, differences, forms, arrays and quotes.
    let kids = String::from_utf8(parts[1].1.clone()).unwrap();
    parts[1].1 = kids.replace("[7 0 R", "[11 0 R 7 0 R").replace("/Count 2", "/Count 3").into_bytes();
    let content = "q 1 0 0 1 10 10 cm BT /T 12 Tf 14 TL 72 700 Td (Party \\(A\\)\\101 shall) Tj T* [(send) -300 (the) 20 (l) (ist)] TJ (next) ' 1 2 (more) \" 3 Tr 50 Tz 2 Ts 1 Tc 4 Tw 0 -20 TD <48656C6C6F> Tj 0 1 -1 0 300 300 Tm (margin) Tj ET /X Do BI /W 2 /H 2 /BPC 8 /CS /G ID abcd EI Q\n";
    parts.push(("10".into(), b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate 90 /Resources << /Font << /T 13 0 R /F 3 0 R >> /XObject << /X 14 0 R >> >> /Contents [12 0 R] >>".to_vec()));
    parts.push(("11".into(), b"<< >>".to_vec()));
    parts.push(("packed".into(), content.into()));
    parts.push(("12".into(), b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /FirstChar 32 /LastChar 40 /Widths [250 333 408 500 500 833 778 180 333] /Encoding << /BaseEncoding /WinAnsiEncoding /Differences [65 /Aacute /uni4E2D 200 /fi] >> >>".to_vec()));
    parts.push(("13".into(), b"<< /Type /XObject /Subtype /Form /BBox [0 0 100 100] /Matrix [1 0 0 1 50 50] /Resources << /Font << /T 13 0 R >> >> >>".to_vec()));
    parts.push(("data".into(), b"BT /T 9 Tf 10 10 Td (inside a form) Tj ET".to_vec()));
    Fixture { reader: "pdf", name: "a.pdf".into(), pack: Pack::Pdf, parts }
}
