//! Archives from strangers: bombs, mazes, tricks and damage give an error that names the part, in bounded memory
//! and time.
#![allow(clippy::unwrap_used)]

#[path = "documents/build.rs"]
mod build;

use build::*;
use duizhao::model::Lang;
use duizhao::read::{ReadOptions, read_bytes};
use std::io::{Cursor, Write as _};
use std::time::{Duration, Instant};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Far more than any of these takes, far less than what they ask for.
const LONGEST: Duration = Duration::from_secs(20);

fn read(bytes: &[u8]) -> Result<usize, String> {
    let start = Instant::now();
    let options = ReadOptions { lang: Some(Lang::En), ..ReadOptions::default() };
    let result = read_bytes(bytes, "stranger.docx", &options);
    assert!(start.elapsed() < LONGEST, "{:?}", start.elapsed());
    result.map(|d| d.blocks.len()).map_err(|e| e.to_string())
}

/// The file, and all of `words`, must be in the message.
#[track_caller]
fn refused(bytes: &[u8], words: &[&str]) {
    let message = read(bytes).expect_err("it must be refused");
    assert!(message.starts_with("stranger.docx: "), "{message}");
    assert!(message.contains("; "), "no advice: {message}");
    for word in words {
        assert!(message.contains(word), "{word:?} is missing in {message:?}");
    }
}

/// The parts of a small DOCX, one of them with other content.
fn with_part(name: &str, content: Vec<u8>) -> Vec<u8> {
    let mut parts = Docx::body(&p("The text of the document.")).parts();
    match parts.iter_mut().find(|part| part.0 == name) {
        Some(part) => part.1 = content,
        None => parts.push((name.to_string(), content)),
    }
    archive(&parts)
}

fn document(body: &str) -> Vec<u8> {
    format!("<w:document {W}><w:body>{body}</w:body></w:document>").into_bytes()
}

#[test]
fn a_bomb_is_not_unpacked() {
    let mut content = document(&p("text"));
    let end = content.len() - b"</w:body></w:document>".len();
    content.splice(end..end, std::iter::repeat_n(b' ', 200 << 20));
    let bytes = with_part("word/document.xml", content);
    assert!(bytes.len() < 400_000, "{}", bytes.len());
    refused(&bytes, &["word/document.xml", "100 times", "ZIP bomb"]);
    // What nobody reads is not unpacked.
    let bytes = with_part("word/media/bomb.bin", vec![0; 200 << 20]);
    assert_eq!(read(&bytes), Ok(1));
    // An archive in an archive is a part like any other.
    let bytes = with_part("word/embeddings/inner.zip", bytes);
    assert_eq!(read(&bytes), Ok(1));
}

#[test]
fn a_part_that_is_too_large_is_refused_although_it_is_stored() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, content) in Docx::body("").parts() {
        writer.start_file(name.as_str(), stored).unwrap();
        if name == "word/document.xml" {
            let chunk = vec![b' '; 1 << 20];
            writer.write_all(format!("<w:document {W}>").as_bytes()).unwrap();
            (0..129).for_each(|_| writer.write_all(&chunk).unwrap());
        } else {
            writer.write_all(&content).unwrap();
        }
    }
    refused(&writer.finish().unwrap().into_inner(), &["word/document.xml", "128 MiB"]);
}

#[test]
fn too_many_parts_are_refused() {
    let names: Vec<(String, Vec<u8>)> = (0..65_535).map(|i| (format!("p{i}"), Vec::new())).collect();
    refused(&archive(&names), &["65535 parts"]);
}

#[test]
fn a_maze_of_directories_is_refused() {
    // Every end record names a directory of all the entries, none of which can be used.
    let parts: Vec<(String, Vec<u8>)> = (0..5000).map(|i| (format!("p{i}"), Vec::new())).collect();
    let mut bytes = archive(&parts);
    let end = bytes[bytes.len() - 22..].to_vec();
    for _ in 0..5000 {
        bytes.extend_from_slice(&end);
    }
    refused(&bytes, &["maze"]);
}

#[test]
fn parts_that_lie_over_each_other_are_refused() {
    // The second entry of the directory points to the data of the first.
    let mut bytes =
        archive(&[("word/document.xml", document(&p("text"))), ("word/other.xml", document(&p("text")))]);
    let entries: Vec<usize> = (0..bytes.len() - 4).filter(|&i| bytes[i..i + 4] == *b"PK\x01\x02").collect();
    bytes[entries[1] + 42..entries[1] + 46].fill(0);
    refused(&bytes, &["over each other"]);
}

#[test]
fn two_parts_of_one_name_are_refused() {
    let mut bytes =
        archive(&[("word/document.xml", document(&p("one"))), ("word/documenT.xml", document(&p("two")))]);
    while let Some(at) = bytes.windows(17).position(|w| w == b"word/documenT.xml") {
        bytes[at + 12] = b't';
    }
    refused(&bytes, &["twice"]);
    // A backslash is a slash.
    let both = [("word/document.xml", document(&p("one"))), ("word\\document.xml", document(&p("two")))];
    refused(&archive(&both), &["word/document.xml", "twice"]);
}

#[test]
fn paths_lead_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let outside = folder.path().join("outside.xml");
    let rels = relationships(&[
        ("footnotes", "../../outside.xml"),
        ("styles", outside.to_str().unwrap()),
        ("header", "../../../../../../etc/passwd"),
    ]);
    let mut parts = Docx::body(&p("The text of the document.")).parts();
    parts.retain(|part| part.0 != "word/_rels/document.xml.rels");
    parts.push(("word/_rels/document.xml.rels".into(), rels.into_bytes()));
    for name in
        ["../outside.xml", "/etc/outside.xml", "..\\..\\outside.xml", "C:\\outside.xml", "word/../../x"]
    {
        parts.push((name.into(), b"<x/>".to_vec()));
    }
    assert_eq!(read(&archive(&parts)), Ok(1));
    assert!(!outside.exists());
    let main = relationships(&[("officeDocument", "../../../etc/passwd")]);
    let parts = vec![("[Content_Types].xml", b"<Types/>".to_vec()), ("_rels/.rels", main.into_bytes())];
    refused(&archive(&parts), &["no document that is known"]);
}

#[test]
fn entities_are_not_expanded() {
    let mut laughs = String::from("<!DOCTYPE w:document [<!ENTITY a0 \"ha\">");
    for i in 1..10 {
        laughs += &format!("<!ENTITY a{i} \"{}\">", format!("&a{};", i - 1).repeat(10));
    }
    let content = format!("{laughs}]><w:document {W}><w:body>{}</w:body></w:document>", p("&a9;"));
    refused(&with_part("word/document.xml", content.into_bytes()), &["word/document.xml", "entities"]);
    let outside = format!(
        "<!DOCTYPE w:document [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><w:document {W}><w:body>{}</w:body></w:document>",
        p("&f;")
    );
    refused(&with_part("word/document.xml", outside.into_bytes()), &["word/document.xml", "entities"]);
    refused(&with_part("word/document.xml", document(&p("&nbsp;"))), &["&nbsp;"]);
    refused(&with_part("word/document.xml", document(&p("&#x110000;"))), &["word/document.xml"]);
}

#[test]
fn deep_nesting_is_refused() {
    let nest = |depth: usize| format!("{}{}{}", "<w:ins>".repeat(depth), p("text"), "</w:ins>".repeat(depth));
    refused(&with_part("word/document.xml", document(&nest(100_000))), &["word/document.xml", "256 deep"]);
    let table = |depth: usize| {
        let (open, close) = ("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>");
        format!("{}{}{}", open.repeat(depth), p("text"), close.repeat(depth))
    };
    refused(&with_part("word/document.xml", document(&table(1000))), &["256 deep"]);
    assert_eq!(read(&with_part("word/document.xml", document(&table(83)))), Ok(1));
    let boxes = |depth: usize| {
        let (open, close) = ("<w:p><w:r><w:txbxContent>", "</w:txbxContent></w:r></w:p>");
        format!("{}{}{}", open.repeat(depth), p("text"), close.repeat(depth))
    };
    assert_eq!(read(&with_part("word/document.xml", document(&boxes(83)))), Ok(1));
    let lists = |depth: usize| {
        let (open, close) = ("<text:list><text:list-item>", "</text:list-item></text:list>");
        odt("", &format!("{}<text:p>text</text:p>{}", open.repeat(depth), close.repeat(depth)), "")
    };
    refused(&lists(50_000), &["content.xml", "256 deep"]);
    assert_eq!(read(&lists(120)), Ok(1));
}

#[test]
fn absurd_counts_cost_nothing() {
    let spaces = "<text:p>A<text:s text:c=\"4000000000\"/>sentence.</text:p>".repeat(1000);
    assert_eq!(read(&odt("", &spaces, "")), Ok(1000));
    let definition = r#"<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="4294967295"/><w:numFmt w:val="FORMAT"/><w:lvlText w:val="TEXT"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>"#;
    for format in ["lowerLetter", "upperRoman", "chineseCountingThousand", "decimalZero"] {
        let numbering = definition.replace("FORMAT", format).replace("TEXT", &"%1".repeat(50_000));
        let item = pp(r#"<w:numPr><w:ilvl w:val="8888888"/><w:numId w:val="1"/></w:numPr>"#, "text");
        let item_0 = pp(r#"<w:numPr><w:numId w:val="1"/></w:numPr>"#, "text");
        let docx = Docx { body: item + &item_0.repeat(2000), numbering, ..Docx::default() };
        assert_eq!(read(&docx.bytes()), Ok(2001));
    }
    // A long string that is shown in many cells.
    let shared = format!("<si><t>{}</t></si>", "words and words ".repeat(2000));
    let row = format!("<row>{}</row>", "<c t=\"s\"><v>0</v></c>".repeat(100));
    let sheet = format!("<sheetData>{}</sheetData>", row.repeat(100));
    refused(&archive(&xlsx_parts(&[("", &sheet)], &shared)), &["xl/worksheets/sheet1.xml", "128 MiB"]);
    let far = r#"<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>near</t></is></c></row><row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>far</t></is></c></row></sheetData>"#;
    assert_eq!(read(&archive(&xlsx_parts(&[("", far)], ""))), Ok(2));
    // Attributes and namespaces by the ten thousand.
    let attributes: String = (0..50_000).map(|i| format!(" a{i}=\"\"")).collect();
    let body = format!("<w:p{attributes}><w:r><w:t>text</w:t></w:r></w:p>");
    assert_eq!(read(&with_part("word/document.xml", document(&body))), Ok(1));
    let prefixes: String = (0..50_000).map(|i| format!(" xmlns:n{i}=\"x\"")).collect();
    let body = format!("<w:p{prefixes}><w:r><w:t>text</w:t></w:r></w:p>");
    refused(&with_part("word/document.xml", document(&body)), &["namespaces"]);
}

#[test]
fn circles_end() {
    let styles = r#"<w:style w:type="paragraph" w:styleId="a"><w:basedOn w:val="b"/></w:style><w:style w:type="paragraph" w:styleId="b"><w:basedOn w:val="a"/></w:style>"#;
    let numbering = r#"<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="a"/></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>"#;
    let docx = Docx {
        body: pp(r#"<w:pStyle w:val="a"/><w:numPr><w:numId w:val="1"/></w:numPr>"#, "text"),
        styles: styles.into(),
        numbering: numbering.into(),
        ..Docx::default()
    };
    assert_eq!(read(&docx.bytes()), Ok(1));
    let automatic = r#"<style:style style:name="a" style:parent-style-name="b"/><style:style style:name="b" style:parent-style-name="a"/>"#;
    assert_eq!(read(&odt(automatic, r#"<text:p text:style-name="a">text</text:p>"#, "")), Ok(1));
    // Notes that refer to themselves, and one note for every word.
    let own = r#"<w:r><w:footnoteReference w:id="1"/></w:r>"#;
    let docx = Docx {
        body: format!("<w:p><w:r><w:t>text</w:t></w:r>{}</w:p>", own.repeat(1000)),
        footnotes: format!(r#"<w:footnote w:id="1"><w:p><w:r><w:t>note</w:t></w:r>{own}</w:p></w:footnote>"#),
        ..Docx::default()
    };
    assert_eq!(read(&docx.bytes()), Ok(2));
}

#[test]
fn sizes_in_headers_are_not_believed() {
    let honest = Docx::body(&p("The text of the document.")).bytes();
    let entries: Vec<usize> = (0..honest.len() - 4).filter(|&i| honest[i..i + 4] == *b"PK\x01\x02").collect();
    let mut errors = 0;
    for &entry in &entries {
        for (offset, value) in [(24, u32::MAX - 1), (20, u32::MAX - 1), (42, u32::MAX - 1), (24, 0), (20, 0)]
        {
            let mut bytes = honest.clone();
            bytes[entry + offset..entry + offset + 4].copy_from_slice(&value.to_le_bytes());
            errors += usize::from(read(&bytes).is_err());
        }
    }
    assert!(errors >= entries.len(), "{errors} of {}", entries.len() * 5);
}

#[test]
fn damage_is_found() {
    let honest = Docx::body(&p("The text of the document.").repeat(200)).bytes();
    // A wrong check sum.
    let name = honest.windows(17).rposition(|w| w == b"word/document.xml").unwrap();
    let mut bytes = honest.clone();
    bytes[name - 46 + 16] ^= 1;
    refused(&bytes, &["word/document.xml", "damaged"]);
    // Cut off anywhere.
    for i in 1..50 {
        let cut = &honest[..honest.len() * i / 50];
        refused(cut, &["cut off"]);
    }
    // XML cut off inside a whole archive.
    let content = document(&p("The text of the document."));
    for i in 0..50 {
        refused(
            &with_part("word/document.xml", content[..content.len() * i / 50].to_vec()),
            &["word/document.xml"],
        );
    }
    refused(&with_part("word/document.xml", b"\xFF\xFE<\0w".to_vec()), &["word/document.xml"]);
    refused(
        &with_part("word/document.xml", document(&p("text")).repeat(2)[1..].to_vec()),
        &["word/document.xml"],
    );
    let latin = "<?xml version=\"1.0\" encoding=\"klingon\"?><x/>";
    refused(&with_part("word/document.xml", latin.into()), &["word/document.xml", "klingon"]);
}

#[test]
fn locked_and_other_documents_are_refused_with_advice() {
    let mut bytes = Docx::body(&p("text")).bytes();
    // The flag of encryption, in all headers.
    for mark in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        let places: Vec<usize> = (0..bytes.len() - 4).filter(|&i| bytes[i..i + 4] == *mark.0).collect();
        places.into_iter().for_each(|i| bytes[i + mark.1] |= 1);
    }
    refused(&bytes, &["password"]);
    let mut parts = odf_parts("text", "", "<text:p>text</text:p>", "");
    parts[3].1 = br#"<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><m:file-entry m:full-path="content.xml"><m:encryption-data/></m:file-entry></m:manifest>"#.to_vec();
    refused(&archive(&parts), &["password"]);
    let mut book = epub_parts(&[("a.xhtml", "<p>text</p>")]);
    book.push(("META-INF/encryption.xml".into(), br#"<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptedData><e:CipherData><e:CipherReference URI="OEBPS/a.xhtml"/></e:CipherData></e:EncryptedData></encryption>"#.to_vec()));
    refused(&archive(&book), &["OEBPS/a.xhtml", "encrypted"]);
    refused(&archive(&[("a.txt", b"text".to_vec())]), &["ZIP archive", "unpack it"]);
    refused(&archive(&[("Index/Document.iwa", b"x".to_vec())]), &["iWork"]);
    refused(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 an old document", &["old Office document", "save it as"]);
    refused(br"{\rtf1 text}", &["rich text", "save it as"]);
    let chart = odf_parts("chart", "", "", "");
    refused(&archive(&chart), &["chart"]);
    let missing = vec![("mimetype", b"application/vnd.oasis.opendocument.text".to_vec())];
    refused(&archive(&missing), &["content.xml", "missing"]);
}
