//! Small documents for tests, built part by part.
#![allow(dead_code, clippy::unwrap_used)]

use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

pub const W: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math""#;
pub const ODF: &str = r#"xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0""#;
const REL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// An archive of these parts.
pub fn archive<N: AsRef<str>, B: AsRef<[u8]>>(parts: &[(N, B)]) -> Vec<u8> {
    archive_by(CompressionMethod::Deflated, parts)
}

/// The same, not packed, which is faster.
pub fn stored<N: AsRef<str>, B: AsRef<[u8]>>(parts: &[(N, B)]) -> Vec<u8> {
    archive_by(CompressionMethod::Stored, parts)
}

fn archive_by<N: AsRef<str>, B: AsRef<[u8]>>(method: CompressionMethod, parts: &[(N, B)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    for (name, bytes) in parts {
        writer.start_file(name.as_ref(), options).unwrap();
        writer.write_all(bytes.as_ref()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A relationships part; targets beside the part that points.
pub fn relationships(targets: &[(&str, &str)]) -> String {
    let mut text = String::from(
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#,
    );
    for (i, (kind, target)) in targets.iter().enumerate() {
        text += &format!(r#"<Relationship Id="rId{}" Type="{REL}/{kind}" Target="{target}"/>"#, i + 1);
    }
    text + "</Relationships>"
}

fn types(main: &str, mime: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/{main}" ContentType="application/vnd.openxmlformats-officedocument.{mime}.main+xml"/></Types>"#
    )
}

/// The parts of a DOCX, each without its root element.
#[derive(Debug, Default, Clone)]
pub struct Docx {
    pub body: String,
    pub styles: String,
    pub numbering: String,
    pub footnotes: String,
    pub endnotes: String,
    pub header: String,
    pub footer: String,
    pub settings: String,
}

impl Docx {
    pub fn body(body: &str) -> Docx {
        Docx { body: body.into(), ..Docx::default() }
    }

    pub fn parts(&self) -> Vec<(String, Vec<u8>)> {
        let part = |root: &str, content: &str| {
            format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<w:{root} {W}>{content}</w:{root}>")
                .into_bytes()
        };
        let mut parts = vec![
            (
                "[Content_Types].xml".to_string(),
                types("word/document.xml", "wordprocessingml.document").into_bytes(),
            ),
            ("_rels/.rels".into(), relationships(&[("officeDocument", "word/document.xml")]).into_bytes()),
            ("word/document.xml".into(), part("document", &format!("<w:body>{}</w:body>", self.body))),
        ];
        let others = [
            ("styles", "styles", &self.styles),
            ("numbering", "numbering", &self.numbering),
            ("footnotes", "footnotes", &self.footnotes),
            ("endnotes", "endnotes", &self.endnotes),
            ("header", "hdr", &self.header),
            ("footer", "ftr", &self.footer),
            ("settings", "settings", &self.settings),
        ];
        let mut targets = Vec::new();
        for (kind, root, content) in others.iter().filter(|o| !o.2.is_empty()) {
            parts.push((format!("word/{kind}.xml"), part(root, content)));
            targets.push((*kind, format!("{kind}.xml")));
        }
        let targets: Vec<(&str, &str)> = targets.iter().map(|(k, t)| (*k, t.as_str())).collect();
        parts.push(("word/_rels/document.xml.rels".into(), relationships(&targets).into_bytes()));
        parts
    }

    pub fn bytes(&self) -> Vec<u8> {
        archive(&self.parts())
    }
}

/// A paragraph of one run.
pub fn p(text: &str) -> String {
    format!(r#"<w:p><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>"#)
}

/// A paragraph with properties.
pub fn pp(properties: &str, text: &str) -> String {
    format!(r#"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>"#)
}

/// The parts of an OpenDocument file.
pub fn odf_parts(kind: &str, automatic: &str, body: &str, styles: &str) -> Vec<(String, Vec<u8>)> {
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content {ODF}><office:automatic-styles>{automatic}</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    );
    let styles = format!("<office:document-styles {ODF}>{styles}</office:document-styles>");
    let manifest = r#"<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>"#;
    vec![
        ("mimetype".into(), format!("application/vnd.oasis.opendocument.{kind}").into_bytes()),
        ("content.xml".into(), content.into_bytes()),
        ("styles.xml".into(), styles.into_bytes()),
        ("META-INF/manifest.xml".into(), manifest.into()),
    ]
}

pub fn odt(automatic: &str, body: &str, styles: &str) -> Vec<u8> {
    archive(&odf_parts("text", automatic, body, styles))
}

/// A book: its parts in the order of the spine.
pub fn epub_parts(chapters: &[(&str, &str)]) -> Vec<(String, Vec<u8>)> {
    let mut items = String::new();
    let mut spine = String::new();
    for (i, (name, _)) in chapters.iter().enumerate() {
        // The manifest stands the other way round than the spine.
        items = format!(
            r#"<item id="c{i}" href="{}" media-type="application/xhtml+xml"/>{items}"#,
            name.replace(' ', "%20")
        );
        spine += &format!(r#"<itemref idref="c{i}"/>"#);
    }
    let package = format!(
        r#"<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><manifest>{items}<item id="cover" href="cover.svg" media-type="image/svg+xml"/></manifest><spine><itemref idref="cover"/>{spine}</spine></package>"#
    );
    let container = r#"<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles><rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"#;
    let mut parts: Vec<(String, Vec<u8>)> = vec![
        ("mimetype".into(), "application/epub+zip".into()),
        ("META-INF/container.xml".into(), container.into()),
        ("OEBPS/book.opf".into(), package.into_bytes()),
        ("OEBPS/cover.svg".into(), "<svg/>".into()),
    ];
    for (name, text) in chapters {
        let page = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>t</title></head><body>{text}</body></html>"
        );
        parts.push((format!("OEBPS/{name}"), page.into_bytes()));
    }
    parts
}

const P: &str = r#"xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships""#;

/// A shape of a slide; `holder` is the type of its placeholder.
pub fn shape(holder: &str, paragraphs: &str) -> String {
    let holder = if holder.is_empty() { String::new() } else { format!(r#"<p:ph type="{holder}"/>"#) };
    format!(
        r#"<p:sp><p:nvSpPr><p:cNvPr id="2" name="Shape"/><p:cNvSpPr/><p:nvPr>{holder}</p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/>{paragraphs}</p:txBody></p:sp>"#
    )
}

pub fn ap(text: &str) -> String {
    format!("<a:p><a:r><a:rPr lang=\"en\"/><a:t>{text}</a:t></a:r></a:p>")
}

/// A presentation: slides as (attributes of the root, shapes, shapes of the notes). The last slide comes first in the
/// archive.
pub fn pptx_parts(slides: &[(&str, String, String)]) -> Vec<(String, Vec<u8>)> {
    let targets: Vec<(String, String)> = (0..slides.len())
        .map(|i| ("slide".to_string(), format!("slides/slide{}.xml", slides.len() - i)))
        .collect();
    let borrowed: Vec<(&str, &str)> = targets.iter().map(|(k, t)| (k.as_str(), t.as_str())).collect();
    let ids: String =
        (0..slides.len()).map(|i| format!(r#"<p:sldId id="{}" r:id="rId{}"/>"#, 256 + i, i + 1)).collect();
    let mut parts: Vec<(String, Vec<u8>)> = vec![
        (
            "[Content_Types].xml".into(),
            types("ppt/presentation.xml", "presentationml.presentation").into_bytes(),
        ),
        ("_rels/.rels".into(), relationships(&[("officeDocument", "ppt/presentation.xml")]).into_bytes()),
        (
            "ppt/presentation.xml".into(),
            format!("<p:presentation {P}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>").into_bytes(),
        ),
        ("ppt/_rels/presentation.xml.rels".into(), relationships(&borrowed).into_bytes()),
    ];
    for (i, (attributes, shapes, notes)) in slides.iter().enumerate().rev() {
        let n = slides.len() - i;
        let slide = format!("<p:sld {P} {attributes}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>");
        parts.push((format!("ppt/slides/slide{n}.xml"), slide.into_bytes()));
        if !notes.is_empty() {
            let notes = format!("<p:notes {P}><p:cSld><p:spTree>{notes}</p:spTree></p:cSld></p:notes>");
            parts.push((format!("ppt/notesSlides/notes{n}.xml"), notes.into_bytes()));
            let target = format!("../notesSlides/notes{n}.xml");
            let relations = relationships(&[("notesSlide", &target)]);
            parts.push((format!("ppt/slides/_rels/slide{n}.xml.rels"), relations.into_bytes()));
        }
    }
    parts
}

/// A workbook: sheets as (attributes of the sheet in the workbook, content of the sheet), and the shared strings.
pub fn xlsx_parts(sheets: &[(&str, &str)], shared: &str) -> Vec<(String, Vec<u8>)> {
    const S: &str = r#"xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships""#;
    let mut targets = vec![("sharedStrings", "sharedStrings.xml".to_string())];
    let mut list = String::new();
    for (i, (attributes, _)) in sheets.iter().enumerate() {
        targets.push(("worksheet", format!("worksheets/sheet{}.xml", i + 1)));
        list += &format!(r#"<sheet name="S{i}" sheetId="{}" {attributes} r:id="rId{}"/>"#, i + 1, i + 2);
    }
    let targets: Vec<(&str, &str)> = targets.iter().map(|(k, t)| (*k, t.as_str())).collect();
    let mut parts: Vec<(String, Vec<u8>)> = vec![
        ("[Content_Types].xml".into(), types("xl/workbook.xml", "spreadsheetml.sheet").into_bytes()),
        ("_rels/.rels".into(), relationships(&[("officeDocument", "xl/workbook.xml")]).into_bytes()),
        ("xl/workbook.xml".into(), format!("<workbook {S}><sheets>{list}</sheets></workbook>").into_bytes()),
        ("xl/_rels/workbook.xml.rels".into(), relationships(&targets).into_bytes()),
        ("xl/sharedStrings.xml".into(), format!("<sst {S}>{shared}</sst>").into_bytes()),
    ];
    for (i, (_, content)) in sheets.iter().enumerate() {
        let sheet = format!("<worksheet {S}>{content}</worksheet>");
        parts.push((format!("xl/worksheets/sheet{}.xml", i + 1), sheet.into_bytes()));
    }
    parts
}
