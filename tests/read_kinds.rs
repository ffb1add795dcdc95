//! The readers of PDF, HTML, Markdown and subtitles: the same text gives the same segments, nothing is lost, and
//! hostile files end in an error or a document, in bounded time, never in a panic.
#![allow(clippy::unwrap_used)]

#[path = "read_kinds/pdf_writer.rs"]
mod pdf_writer;

use duizhao::model::{BlockKind, ChangeReason, Document, Lang};
use duizhao::read::{ReadOptions, read_bytes};
use duizhao::segment::{SegmentOptions, segment_document};
use pdf_writer::Run;
use proptest::prelude::*;
use std::time::{Duration, Instant};

fn read(bytes: &[u8], name: &str) -> Document {
    read_bytes(bytes, name, &ReadOptions::default()).unwrap()
}

fn segments(document: &Document) -> Vec<String> {
    segment_document(document, &SegmentOptions::default()).into_iter().map(|s| s.text).collect()
}

const CHINESE: [&str; 8] = [
    "供货合同",
    "第一条",
    "甲方应当在每年三月以前把货物的清单送到乙方的仓库。乙方收到清单以后，应当在十个工作日以内作出书面答复；没有答复的，视为同意清单的全部内容。",
    "项目",
    "数量",
    "木桌",
    "12",
    "双方因为履行本合同发生争议的，应当先行协商。协商不成的，任何一方都可以把争议提交合同签订地的法院审理，费用由败诉的一方承担。",
];

const ENGLISH: [&str; 8] = [
    "Supply Contract",
    "Article 1",
    "Party A shall send the list of the goods to the warehouse of Party B before March of every year. Having received the list, Party B shall answer in writing within ten working days; without an answer the whole list is deemed to be accepted.",
    "Item",
    "Quantity",
    "Wooden table",
    "12",
    "The parties shall first consult each other about any dispute that arises from this contract. If they cannot agree, either party may submit the dispute to the court at the place where the contract was signed, and the losing party bears the costs.",
];

fn as_text(words: &[&str]) -> String {
    words.iter().flat_map(|w| [w, "\n"]).collect()
}

fn as_html(words: &[&str]) -> String {
    let [title, heading, first, a, b, c, d, last] = words else { panic!() };
    // Wrapped as editors wrap: at any character in Chinese, at spaces in English.
    let wrapped = |text: &str| {
        let mut out = String::new();
        for (i, c) in text.chars().enumerate() {
            out.push(c);
            if i % 20 == 19 && !c.is_ascii() {
                out.push('\n');
            }
        }
        out
    };
    format!(
        "<!DOCTYPE html>\n<html><head><meta charset=utf-8><title>{title}</title><style>p {{ color: red }}</style></head>\n<body>\
         <nav><ul><li><a href=/a>A1</a><li><a href=/b>B2</a></ul></nav>\n<main><h1>{title}</h1><h2>{heading}</h2>\n<p>{}</p>\
         <table><tr><th>{a}<th>{b}<tr><td><p>{c}</p></td><td>{d}</td></tr></table><p>{}</main><script>var x = '<p>';</script></body></html>",
        wrapped(first),
        last.replace(", ", ",\n  ")
    )
}

fn as_markdown(words: &[&str]) -> String {
    let [title, heading, first, a, b, c, d, last] = words else { panic!() };
    format!("# {title}\n\n## {heading}\n\n{first}\n\n| {a} | {b} |\n|---|---:|\n| {c} | {d} |\n\n{last}\n")
}

/// Lines as wide as a page, with indentation and a table in the middle.
fn as_pdf(words: &[&str]) -> Vec<u8> {
    let [title, heading, first, a, b, c, d, last] = words else { panic!() };
    let (mut page, mut y) = (Vec::new(), 780.0);
    let width = |c: char| if c.is_ascii() { 5.0 } else { 10.0 };
    let paragraph = |page: &mut Vec<Run>, y: &mut f64, text: &str| {
        let mut line = String::new();
        let mut lines = Vec::new();
        let parts: Vec<String> = if text.is_ascii() {
            text.split_inclusive(' ').map(str::to_string).collect()
        } else {
            // No closing mark begins a line.
            let mut parts: Vec<String> = Vec::new();
            for c in text.chars() {
                match parts.last_mut() {
                    Some(part) if "，。；".contains(c) => part.push(c),
                    _ => parts.push(c.to_string()),
                }
            }
            parts
        };
        for part in parts {
            let wide: f64 = line.chars().chain(part.trim_end().chars()).map(width).sum();
            if wide > 300.0 {
                lines.push(std::mem::take(&mut line));
            }
            line.push_str(&part);
        }
        lines.push(line);
        for line in lines {
            page.push(Run::new(72.0, *y, 10.0, line.trim_end()));
            *y -= 14.0;
        }
        *y -= 14.0;
    };
    page.push(Run::new(72.0, y, 16.0, title));
    y -= 34.0;
    page.push(Run::new(72.0, y, 12.0, heading));
    y -= 24.0;
    paragraph(&mut page, &mut y, first);
    for (left, right) in [(a, b), (c, d)] {
        page.push(Run::new(80.0, y, 10.0, left));
        page.push(Run::new(240.0, y, 10.0, right));
        y -= 20.0;
    }
    y -= 14.0;
    paragraph(&mut page, &mut y, last);
    pdf_writer::document(&[page], true)
}

#[test]
fn the_same_text_gives_the_same_segments() {
    for words in [&CHINESE[..], &ENGLISH[..]] {
        let text = segments(&read(as_text(words).as_bytes(), "x.txt"));
        assert_eq!(text.len(), 10, "{text:?}");
        assert_eq!(segments(&read(as_html(words).as_bytes(), "x.html")), text);
        assert_eq!(segments(&read(as_markdown(words).as_bytes(), "x.md")), text);
        assert_eq!(segments(&read(&as_pdf(words), "x.pdf")), text);
    }
}

#[test]
fn columns_of_running_text_are_read_one_after_the_other() {
    let column = |words: &str| -> Vec<String> {
        let words: Vec<char> = words.repeat(4).chars().collect();
        words.chunks(20).map(|line| line.iter().collect()).collect()
    };
    let left = column("各方代表在会议上就今后五年的合作计划交换了意见并且一致同意继续推进已经开始的各项工作");
    let right =
        column("秘书处应当在会议结束以后的两个月以内把讨论的结果整理成书面报告并分发给所有的成员国政府");
    let mut page = Vec::new();
    for (i, (l, r)) in left.iter().zip(&right).enumerate() {
        let y = 750.0 - 14.0 * i as f64;
        page.push(Run::new(60.0, y, 10.0, l));
        page.push(Run::new(300.0, y, 10.0, r));
    }
    let document = read(&pdf_writer::document(&[page], true), "x.pdf");
    let text: String = document.blocks.iter().map(|b| b.text.as_str()).collect();
    let count = left.len().min(right.len());
    assert_eq!(text, left[..count].concat() + &right[..count].concat());
}

#[test]
fn cells_and_headings_are_told() {
    let kinds = |document: &Document, kind| document.blocks.iter().filter(|b| b.kind == kind).count();
    for (bytes, name) in
        [(as_html(&ENGLISH).into_bytes(), "x.html"), (as_markdown(&ENGLISH).into_bytes(), "x.md")]
    {
        let document = read(&bytes, name);
        assert_eq!(kinds(&document, BlockKind::Cell), 4, "{name}");
        assert_eq!(kinds(&document, BlockKind::Heading(1)), 1, "{name}");
        assert_eq!(kinds(&document, BlockKind::Heading(2)), 1, "{name}");
    }
    let document = read(&as_pdf(&CHINESE), "x.pdf");
    assert_eq!(kinds(&document, BlockKind::Cell), 4);
    assert!(document.blocks.iter().all(|b| b.pieces.iter().all(|p| p.place.part == "page 1")));
}

#[test]
fn what_a_page_hides_is_told() {
    let page = "<p>Shown <span hidden>not shown</span> text.<p style='display: none'>gone<nav><a href=x>Menu</a></nav>\
                <p><ruby>汉<rt>hàn</rt></ruby>字 is a word.<footer>2019 by us</footer>";
    let document = read(page.as_bytes(), "x.html");
    let texts: Vec<&str> = document.blocks.iter().map(|b| b.text.as_str()).collect();
    assert_eq!(texts, ["Shown text.", "汉字 is a word."]);
    let told: Vec<(ChangeReason, &str)> =
        document.changes.iter().map(|c| (c.reason, c.text.as_str())).collect();
    assert_eq!(
        told,
        [
            (ChangeReason::HiddenText, "not shown"),
            (ChangeReason::HiddenText, "gone"),
            (ChangeReason::Boilerplate, "Menu"),
            (ChangeReason::Reading, "hàn"),
            (ChangeReason::Boilerplate, "2019 by us"),
        ]
    );
    let keep = ReadOptions { keep_all: true, ..ReadOptions::default() };
    let kept = read_bytes(page.as_bytes(), "x.html", &keep).unwrap();
    assert!(kept.blocks.iter().any(|b| b.text == "2019 by us"));
    assert!(kept.changes.iter().all(|c| c.reason != ChangeReason::Boilerplate));
}

#[test]
fn lists_have_the_numbers_that_are_printed() {
    let page = "<ol start=3 type=a><li>first of them<li><p>second</p><p>goes on</p><ul><li>dotted</ul></ol><ol><li value=7>seven";
    let document = read(page.as_bytes(), "x.html");
    let texts: Vec<&str> = document.blocks.iter().map(|b| b.text.as_str()).collect();
    assert_eq!(texts, ["c. first of them", "d. second", "goes on", "dotted", "7. seven"]);
}

#[test]
fn a_line_end_is_kept_where_it_is_meant() {
    let page = "<p>12 Long Street<br>Springfield<p>a sentence that goes<br>on here.<h1>Part One<br>The House</h1><pre>let x = 1;\n  let y;</pre>";
    let texts: Vec<String> = read(page.as_bytes(), "x.html").blocks.into_iter().map(|b| b.text).collect();
    assert_eq!(
        texts,
        [
            "12 Long Street",
            "Springfield",
            "a sentence that goes on here.",
            "Part One The House",
            "let x = 1;",
            "let y;"
        ]
    );
}

#[test]
fn a_wrong_declaration_loses_nothing() {
    let text = "世界各国人民都有享受和平的权利，任何政府都应当尊重这一权利。";
    let page = |label: &str| format!("<meta charset={label}><p>{text}");
    let (gbk, ..) = encoding_of("gb18030", &page("gb2312"));
    let (wrong, ..) = encoding_of("gb18030", &page("iso-8859-1"));
    for bytes in [gbk, wrong, page("gb2312").into_bytes(), page("big5").into_bytes()] {
        assert_eq!(read(&bytes, "x.html").blocks[0].text, text);
    }
}

/// The text in GB18030: two bytes a character, looked up in the decoder.
fn encoding_of(label: &str, text: &str) -> (Vec<u8>, usize) {
    assert_eq!(label, "gb18030");
    let mut bytes = Vec::new();
    let options = ReadOptions { encoding: Some(label.into()), lang: Some(Lang::Zh), keep_all: true };
    let mut table = std::collections::HashMap::new();
    for lead in 0xA1..=0xF7u8 {
        let row: Vec<u8> = (0xA1..=0xFEu8).flat_map(|trail| [lead, trail, b'\n']).collect();
        for block in read_bytes(&row, "row.txt", &options).map(|d| d.blocks).unwrap_or_default() {
            let mut characters = block.text.chars();
            if let (Some(c), None) = (characters.next(), characters.next()) {
                table.insert(c, [lead, 0xA0 + block.pieces[0].place.line as u8]);
            }
        }
    }
    for c in text.chars() {
        if c.is_ascii() { bytes.push(c as u8) } else { bytes.extend(table[&c]) }
    }
    (bytes, table.len())
}

#[test]
fn unreadable_pdfs_are_refused_with_advice() {
    let options = ReadOptions::default();
    let refused = |bytes: &[u8]| read_bytes(bytes, "x.pdf", &options).unwrap_err().to_string();
    let pages = vec![vec![Run::new(72.0, 700.0, 12.0, "条约的文本")]];
    // pdftotext, where it is installed, may know the font's codes by chance; the user is told.
    let unmapped = match read_bytes(&pdf_writer::document(&pages, false), "x.pdf", &options) {
        Ok(document) => document.notices.concat(),
        Err(e) => e.to_string(),
    };
    assert!(unmapped.contains("do not say which characters") && unmapped.contains("pdftotext"), "{unmapped}");
    let empty = refused(&pdf_writer::document(&[Vec::new()], true));
    assert!(empty.contains("no text") && empty.contains("OCR"), "{empty}");
    let whole = as_pdf(&ENGLISH);
    for length in [9, 100, whole.len() / 2] {
        // A truncated file is read as far as it goes, or refused.
        if let Err(e) = read_bytes(&whole[..length], "x.pdf", &options) {
            assert!(e.to_string().starts_with("x.pdf: "), "{e}");
        }
    }
}

#[test]
fn hostile_pdfs_end() {
    let options = ReadOptions::default();
    let begin = Instant::now();
    let page = |more: &str| {
        vec![
            b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
            format!("<< /Type /Pages /Kids [3 0 R 2 0 R 2 0 R] /Count 3 /Parent 2 0 R {more} >>")
                .into_bytes(),
            b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>".to_vec(),
        ]
    };
    // Circles of parents, pages and forms.
    let mut circle = page("");
    circle.push(pdf_writer::stream("", b"BT ET"));
    let mut forms = page("/MediaBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >>");
    forms.push(pdf_writer::stream("", b"/X Do /X Do"));
    forms.push(pdf_writer::stream(
        "/Type /XObject /Subtype /Form /Resources << /XObject << /X 5 0 R >> >>",
        b"/X Do /X Do",
    ));
    // Forms that draw ten forms that draw ten forms …
    let mut doubling = page("/MediaBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >>");
    doubling.push(pdf_writer::stream("", b"/X Do"));
    for i in 0..25 {
        let resources =
            format!("/Type /XObject /Subtype /Form /Resources << /XObject << /X {} 0 R >> >>", 6 + i);
        doubling.push(pdf_writer::stream(&resources, "/X Do ".repeat(10).as_bytes()));
    }
    let nested = [b"%PDF-1.4\n1 0 obj\n".to_vec(), b"[".repeat(200_000), b"\nendobj".to_vec()].concat();
    let columns = b"%PDF-1.5\n1 0 obj\n<< /Type /XRef /Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 99999999999 >> >>\nstream\nx\nendstream".to_vec();
    for bytes in [
        pdf_writer::file(&circle),
        pdf_writer::file(&forms),
        pdf_writer::file(&doubling),
        nested,
        columns,
        b"%PDF-1.4\n".to_vec(),
        [b"%PDF-1.4\n".to_vec(), vec![0; 100_000]].concat(),
    ] {
        let _ = read_bytes(&bytes, "x.pdf", &options).unwrap_err();
    }
    assert!(begin.elapsed() < Duration::from_secs(60), "{:?}", begin.elapsed());
}

#[test]
fn hostile_pages_end() {
    let begin = Instant::now();
    let words = "words of a page ";
    let deep = |tag: &str| {
        format!("{}{words}{}", format!("<{tag}>").repeat(100_000), format!("</{tag}>").repeat(100_000))
    };
    let mut pages: Vec<String> =
        ["div", "b", "table><tr><td", "ul><li", "p", "a href=x", "svg", "span hidden"].map(deep).to_vec();
    pages.push("<div".repeat(500_000) + words);
    pages.push("&amp".repeat(500_000) + words);
    pages.push("<p>x<!--".to_string() + &"--".repeat(1_000_000) + words);
    pages.push("</p>".repeat(500_000) + words);
    pages.push(format!("<p>{}", words.repeat(1_000_000)));
    for page in pages {
        let _ = read_bytes(page.as_bytes(), "x.html", &ReadOptions::default());
    }
    for text in [
        ">".repeat(100_000),
        "[".repeat(100_000),
        "* ".repeat(50_000),
        "|a".repeat(50_000),
        "`".repeat(100_000),
    ] {
        let _ = read_bytes((text + words).as_bytes(), "x.md", &ReadOptions::default());
    }
    let cues = "1\n00:00:01,000 --> 00:00:02,000\n<i>{\\an8}words of a film.\n\n".repeat(100_000);
    assert_eq!(read(cues.as_bytes(), "x.srt").blocks.len(), 100_000);
    assert!(begin.elapsed() < Duration::from_secs(120), "{:?}", begin.elapsed());
}

/// Words that are found again wherever they went.
fn token(k: usize) -> String {
    format!("w{k}q")
}

fn found(document: &Document) -> Vec<String> {
    let texts = document
        .blocks
        .iter()
        .map(|b| &b.text)
        .chain(document.changes.iter().filter(|c| c.reason.sets_aside()).map(|c| &c.text));
    // Behind `code `, whose blank is no text, an address stands without one.
    let texts = texts.map(|text| text.replace("http://", " http://"));
    let mut found: Vec<String> = Vec::new();
    for text in texts {
        let words = text.split(|c: char| !c.is_ascii_alphanumeric());
        let words = words.filter(|w| w.starts_with('w') && w.ends_with('q') && w.len() > 2);
        found.extend(words.map(str::to_string));
    }
    found.sort();
    found
}

/// Every word is in exactly one block or one entry of the report, and pieces lead back to it.
fn check(source: &str, name: &str, count: usize, keep_all: bool) -> Result<(), TestCaseError> {
    let options = ReadOptions { lang: Some(Lang::En), keep_all, encoding: None };
    let Ok(document) = read_bytes(source.as_bytes(), name, &options) else { return Ok(()) };
    let mut expected: Vec<String> = (0..count).map(token).collect();
    expected.sort();
    prop_assert_eq!(found(&document), expected, "{}", source);
    for block in &document.blocks {
        for (i, piece) in block.pieces.iter().enumerate() {
            let end = block.pieces.get(i + 1).map_or(block.text.len(), |next| next.at);
            let text = block.text[piece.at..end].trim();
            let bytes = piece.place.bytes.clone();
            if text.starts_with('w') {
                prop_assert_eq!(&source[bytes.start..bytes.end], text, "{}", source);
                let line = 1 + source[..bytes.start].matches('\n').count();
                prop_assert_eq!(piece.place.line, line);
            }
        }
    }
    Ok(())
}

#[test]
fn text_before_a_reference_without_semicolon_keeps_its_place() {
    check("&amp;&amp; w0q &copy", "x.html", 1, false).unwrap();
    check("&copy&amp; w0q &copy", "x.html", 1, false).unwrap();
    check("<&amp; w0q &copy", "x.html", 1, false).unwrap();
}

fn markup(bits: &'static [&'static str]) -> impl Strategy<Value = (String, usize)> {
    let bit = prop_oneof![2 => Just(""), 3 => proptest::sample::select(bits)];
    proptest::collection::vec(bit, 1..80).prop_map(|bits| {
        let (mut out, mut count) = (String::new(), 0);
        for bit in bits {
            if bit.is_empty() {
                out.push_str(&format!(" {} ", token(count)));
                count += 1;
            } else {
                out.push_str(bit);
            }
        }
        (out, count)
    })
}

const TAGS: &[&str] = &[
    "<p>",
    "</p>",
    "<div>",
    "</div>",
    "<div hidden>",
    "<b>",
    "</b>",
    "<a href=x>",
    "</a>",
    "<ul>",
    "<ol start=4>",
    "<li>",
    "</ul>",
    "</ol>",
    "<table>",
    "<tr>",
    "<td>",
    "<th>",
    "</table>",
    "</td>",
    "<h2>",
    "</h2>",
    "<br>",
    "\n",
    "  ",
    "<pre>",
    "</pre>",
    "<nav>",
    "</nav>",
    "<header>",
    "</header>",
    "<aside>",
    "<main>",
    "</main>",
    "<article>",
    "<footer>",
    "</footer>",
    "<ruby>",
    "<rt>",
    "</rt>",
    "</ruby>",
    "<span style='display:none'>",
    "</span>",
    "&amp;",
    "&nbsp;",
    "&copy",
    "&",
    "<",
    "<!-- x -->",
    "<title>",
    "</title>",
    "<svg>",
    "</svg>",
    "<noscript>",
    "</noscript>",
    "<textarea>",
    "</textarea>",
    "<select><option>",
    "</select>",
    "<dl><dt>",
    "<dd>",
    "<hr>",
    "<img alt=x>",
    "\u{AD}",
    "<blockquote>",
    "</blockquote>",
    "<div class=menu>",
    "<section epub:type=footnote>",
];

const MARKS: &[&str] = &[
    "\n",
    "\n\n",
    "# ",
    "**",
    "*",
    "- ",
    "\n3. ",
    "> ",
    "`",
    "\n```\n",
    "[",
    "](",
    ")",
    "| ",
    "\n|---|---|\n",
    "[^1]",
    "\n[^1]: ",
    "  \n",
    "<br>",
    "<b>",
    "</b>",
    "\n<div>\n",
    "\n</div>\n",
    "&amp;",
    "\\",
    "---\n",
    "![",
    "<http://example.org/>",
    "    ",
    "~~",
    "[x] ",
];

const CUES: &[&str] = &[
    "\n",
    "\n\n",
    "\n1\n00:00:01,000 --> 00:00:02,000\n",
    "\n\n2\n00:00:02,000 --> 00:00:09,500\n",
    "<i>",
    "</i>",
    "{\\an8}",
    "- ",
    ".",
    "\nNOTE\n",
    "\nSTYLE\n",
    "WEBVTT\n",
    "&amp;",
    "<v Anna>",
    "<",
    "...",
    "\r\n",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(rounds()))]

    #[test]
    fn no_word_of_a_page_is_lost((source, count) in markup(TAGS), keep_all in any::<bool>()) {
        check(&source, "x.html", count, keep_all)?;
    }

    #[test]
    fn no_word_of_markdown_is_lost((source, count) in markup(MARKS)) {
        check(&source, "x.md", count, false)?;
    }

    #[test]
    fn no_word_of_subtitles_is_lost((source, count) in markup(CUES)) {
        check(&source, "x.srt", count, false)?;
    }

    #[test]
    fn no_character_of_a_printed_page_is_lost(
        runs in proptest::collection::vec((50u16..500, 50u16..800, 6u8..20), 1..40),
    ) {
        let page = runs.iter().enumerate();
        let page = page.map(|(i, (x, y, s))| Run::new((*x).into(), (*y).into(), (*s).into(), &format!("{}了", char::from_u32(0x4E00 + i as u32).unwrap())));
        let options = ReadOptions { lang: Some(Lang::Zh), ..ReadOptions::default() };
        let document = read_bytes(&pdf_writer::document(&[page.collect()], true), "x.pdf", &options).unwrap();
        let texts = document.blocks.iter().map(|b| &b.text).chain(document.changes.iter().filter(|c| c.reason.sets_aside()).map(|c| &c.text));
        let all: String = texts.flat_map(|t| t.chars()).collect();
        for i in 0..runs.len() {
            let c = char::from_u32(0x4E00 + i as u32).unwrap();
            prop_assert_eq!(all.matches(c).count(), 1, "{} in {:?}", c, document.blocks);
        }
    }

    #[test]
    fn changed_files_are_read_or_refused(
        kind in 0usize..4,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..4), 1..12),
    ) {
        let (mut bytes, name) = match kind {
            0 => (as_pdf(&CHINESE), "x.pdf"),
            1 => (as_html(&ENGLISH).into_bytes(), "x.html"),
            2 => (as_markdown(&CHINESE).into_bytes(), "x.md"),
            _ => ("1\n00:00:01,000 --> 00:00:02,000\n<i>We came\nto see.</i>\n\n".repeat(5).into_bytes(), "x.srt"),
        };
        for (at, byte, how) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.truncate(at),
                2 => bytes.insert(at, byte),
                _ => {
                    let end = (at + usize::from(byte)).min(bytes.len());
                    let copy = bytes[at..end].to_vec();
                    bytes.splice(at..at, copy);
                }
            }
        }
        let _ = read_bytes(&bytes, name, &ReadOptions::default());
    }
}

/// Rounds of each property: few in the suite, as many as wanted with `DUIZHAO_ROUNDS`.
fn rounds() -> u32 {
    std::env::var("DUIZHAO_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(64)
}
