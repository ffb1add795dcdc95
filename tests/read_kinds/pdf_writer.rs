//! A small writer of PDFs: text at places, in a font whose codes are UTF-16, half wide for ASCII.
#![allow(dead_code)]

/// Text at a place of a page: points from the left and from below, the size of the type.
pub struct Run {
    pub x: f64,
    pub y: f64,
    pub size: f64,
    pub text: String,
}

impl Run {
    pub fn new(x: f64, y: f64, size: f64, text: &str) -> Run {
        Run { x, y, size, text: text.to_string() }
    }
}

/// Numbered objects into a file, the first of them the catalogue.
pub fn file(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"%PDF-1.5\n".to_vec();
    let mut places = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n", i + 1).bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let start = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        out.extend(format!("{place:010} 00000 n \n").bytes());
    }
    out.extend(
        format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1)
            .bytes(),
    );
    out
}

pub fn stream(dictionary: &str, data: &[u8]) -> Vec<u8> {
    let mut out = format!("<< {dictionary} /Length {} >>\nstream\n", data.len()).into_bytes();
    out.extend(data);
    out.extend(b"\nendstream");
    out
}

/// A document of pages. `mapped`: the font says which characters its codes are.
pub fn document(pages: &[Vec<Run>], mapped: bool) -> Vec<u8> {
    file(&objects(pages, mapped))
}

/// The objects of such a document.
pub fn objects(pages: &[Vec<Run>], mapped: bool) -> Vec<Vec<u8>> {
    let kids: Vec<String> = (0..pages.len()).map(|i| format!("{} 0 R", 7 + 2 * i)).collect();
    let map = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def \
               1 begincodespacerange <0000> <FFFF> endcodespacerange \
               1 beginbfrange <0020> <FFEF> <0020> endbfrange endcmap end end";
    let to_unicode = if mapped { "/ToUnicode 6 0 R" } else { "" };
    let mut objects: Vec<Vec<u8>> = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!("<< /Type /Pages /Kids [{}] /Count {} /MediaBox [0 0 595 842] >>", kids.join(" "), pages.len()).into_bytes(),
        format!("<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [4 0 R] {to_unicode} >>").into_bytes(),
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> \
          /FontDescriptor 5 0 R /DW 1000 /W [32 126 500] >>"
            .to_vec(),
        b"<< /Type /FontDescriptor /FontName /X /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>".to_vec(),
        stream("", map.as_bytes()),
    ];
    for (i, page) in pages.iter().enumerate() {
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /Resources << /Font << /F 3 0 R >> >> /Contents {} 0 R >>",
                8 + 2 * i
            )
            .into_bytes(),
        );
        let mut content = String::from("BT\n");
        for run in page {
            let codes: String = run.text.encode_utf16().map(|u| format!("{u:04X}")).collect();
            content.push_str(&format!("/F {} Tf 1 0 0 1 {} {} Tm <{codes}> Tj\n", run.size, run.x, run.y));
        }
        content.push_str("ET\n");
        objects.push(stream("", content.as_bytes()));
    }
    objects
}
