//! Nothing is lost: every word of a made-up document is in exactly one block or one entry of the report, or in what
//! is no text of a document at all.
#![allow(clippy::unwrap_used)]

#[path = "documents/build.rs"]
mod build;

use build::*;
use duizhao::model::{ChangeReason, Document, Lang};
use duizhao::read::{ReadOptions, read_bytes};
use proptest::prelude::*;

/// What stands in a paragraph.
#[derive(Debug, Clone)]
enum Inline {
    Text,
    Deleted,
    Inserted(Vec<Inline>),
    Hidden,
    Ruby,
    Field,
    Comment,
    Break,
    Tab,
    Link(Vec<Inline>),
    Note(Vec<Inline>),
    EndNote,
    Box(Vec<Block>),
}

#[derive(Debug, Clone)]
enum Block {
    Paragraph(u8, Vec<Inline>),
    Joined(Vec<Inline>),
    List(u8, Vec<Inline>),
    Table(Vec<Vec<Block>>),
    DeletedRow(Vec<Block>),
    Held(Vec<Block>),
}

fn inlines() -> impl Strategy<Value = Vec<Inline>> {
    let leaf = prop_oneof![
        6 => Just(Inline::Text),
        1 => Just(Inline::Deleted),
        1 => Just(Inline::Hidden),
        1 => Just(Inline::Ruby),
        1 => Just(Inline::Field),
        1 => Just(Inline::Comment),
        1 => Just(Inline::Break),
        1 => Just(Inline::Tab),
        1 => Just(Inline::EndNote),
    ];
    let inline = leaf.prop_recursive(3, 12, 4, |inner| {
        let some = proptest::collection::vec(inner, 0..4);
        prop_oneof![
            some.clone().prop_map(Inline::Inserted),
            some.clone().prop_map(Inline::Link),
            some.clone().prop_map(Inline::Note),
            some.prop_map(|i| Inline::Box(vec![Block::Paragraph(0, i), Block::List(0, vec![Inline::Text])])),
        ]
    });
    proptest::collection::vec(inline, 0..5)
}

fn blocks() -> impl Strategy<Value = Vec<Block>> {
    let leaf = prop_oneof![
        4 => (0u8..4, inlines()).prop_map(|(style, i)| Block::Paragraph(style, i)),
        1 => inlines().prop_map(Block::Joined),
        2 => (0u8..3, inlines()).prop_map(|(level, i)| Block::List(level, i)),
    ];
    let block = leaf.prop_recursive(3, 16, 3, |inner| {
        let some = proptest::collection::vec(inner, 1..4);
        prop_oneof![
            proptest::collection::vec(some.clone(), 1..3).prop_map(Block::Table),
            some.clone().prop_map(Block::DeletedRow),
            some.prop_map(Block::Held),
        ]
    });
    proptest::collection::vec(block, 1..6)
}

/// Where a word must be found.
type Place = Option<Option<ChangeReason>>;

/// Words that were written, each with its place: kept, set aside, or nowhere.
#[derive(Default)]
struct Words {
    places: Vec<Place>,
    notes: String,
    endnotes: String,
    ids: usize,
    in_note: bool,
}

impl Words {
    fn word(&mut self, place: Place) -> String {
        self.places.push(place);
        format!("[{}]", self.places.len() - 1)
    }

    fn text(&mut self, aside: Option<ChangeReason>) -> String {
        self.word(Some(aside))
    }

    fn docx_inline(&mut self, inline: &Inline, aside: Option<ChangeReason>) -> String {
        let deleted = aside.or(Some(ChangeReason::DeletedText));
        let hidden = aside.or(Some(ChangeReason::HiddenText));
        let run = |text: String| format!(r#"<w:r><w:t xml:space="preserve">{text}</w:t></w:r>"#);
        match inline {
            Inline::Text => run(self.text(aside) + " "),
            Inline::Deleted => {
                let word = self.text(deleted);
                format!("<w:del><w:r><w:delText>{word}</w:delText></w:r></w:del>")
            }
            Inline::Inserted(inner) => format!("<w:ins>{}</w:ins>", self.docx_inlines(inner, aside)),
            Inline::Hidden => {
                let word = self.text(hidden);
                format!("<w:r><w:rPr><w:vanish/></w:rPr><w:t>{word}</w:t></w:r>")
            }
            Inline::Ruby => {
                let (above, base) = (self.text(aside.or(Some(ChangeReason::Reading))), self.text(aside));
                format!(
                    "<w:r><w:ruby><w:rt>{}</w:rt><w:rubyBase>{}</w:rubyBase></w:ruby></w:r>",
                    run(above),
                    run(base)
                )
            }
            Inline::Field => {
                let (code, in_code, result) = (self.word(None), self.text(hidden), self.text(aside));
                let mark = |kind: &str| format!(r#"<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>"#);
                [
                    mark("begin"),
                    format!("<w:r><w:instrText>{code}</w:instrText></w:r>"),
                    run(in_code),
                    mark("separate"),
                    run(result),
                    mark("end"),
                ]
                .concat()
            }
            Inline::Comment => {
                r#"<w:commentRangeStart w:id="1"/><w:r><w:commentReference w:id="1"/></w:r>"#.into()
            }
            Inline::Break => "<w:r><w:br/></w:r>".into(),
            Inline::Tab => "<w:r><w:tab/></w:r>".into(),
            Inline::Link(inner) => format!("<w:hyperlink>{}</w:hyperlink>", self.docx_inlines(inner, aside)),
            // Notes hold no notes.
            Inline::Note(_) | Inline::EndNote if self.in_note => run(self.text(aside)),
            Inline::Note(inner) => {
                self.ids += 1;
                let id = self.ids;
                self.in_note = true;
                // In a note that is set aside as a whole the nearest reason counts.
                let text =
                    if aside.is_none() { self.docx_inlines(inner, None) } else { run(self.text(aside)) };
                self.in_note = false;
                self.notes += &format!(
                    r#"<w:footnote w:id="{id}"><w:p><w:r><w:footnoteRef/></w:r>{text}</w:p></w:footnote>"#
                );
                format!(r#"<w:r><w:footnoteReference w:id="{id}"/></w:r>"#)
            }
            Inline::EndNote => {
                self.ids += 1;
                let id = self.ids;
                let word = self.text(aside);
                self.endnotes += &format!(r#"<w:endnote w:id="{id}">{}</w:endnote>"#, p(&word));
                format!(r#"<w:r><w:endnoteReference w:id="{id}"/></w:r>"#)
            }
            Inline::Box(inner) => {
                let content = self.docx_blocks(inner, aside);
                let content = format!("<w:txbxContent>{content}</w:txbxContent>");
                format!(
                    "<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\">{content}</mc:Choice><mc:Fallback><w:pict>{content}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
                )
            }
        }
    }

    fn docx_inlines(&mut self, inlines: &[Inline], aside: Option<ChangeReason>) -> String {
        inlines.iter().map(|i| self.docx_inline(i, aside)).collect()
    }

    fn docx_blocks(&mut self, blocks: &[Block], aside: Option<ChangeReason>) -> String {
        let mut out = String::new();
        for block in blocks {
            match block {
                Block::Paragraph(style, inner) => {
                    let style = [
                        "",
                        r#"<w:pStyle w:val="1"/>"#,
                        r#"<w:jc w:val="left"/>"#,
                        r#"<w:pStyle w:val="none"/>"#,
                    ][usize::from(*style)];
                    let inner = self.docx_inlines(inner, aside);
                    out += &format!("<w:p><w:pPr>{style}</w:pPr>{inner}</w:p>");
                }
                Block::Joined(inner) => {
                    let inner = self.docx_inlines(inner, aside);
                    out += &format!("<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{inner}</w:p>");
                }
                Block::List(level, inner) => {
                    let inner = self.docx_inlines(inner, aside);
                    out += &format!(
                        r#"<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr></w:pPr>{inner}</w:p>"#
                    );
                }
                Block::Table(rows) => {
                    out += "<w:tbl>";
                    for row in rows {
                        out += "<w:tr>";
                        for cell in row {
                            let cell = self.docx_blocks(std::slice::from_ref(cell), aside);
                            out += &format!("<w:tc><w:tcPr/>{cell}</w:tc>");
                        }
                        out += "</w:tr>";
                    }
                    out += "</w:tbl>";
                }
                Block::DeletedRow(inner) => {
                    let inner = self.docx_blocks(inner, aside.or(Some(ChangeReason::DeletedText)));
                    out +=
                        &format!("<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>{inner}</w:tc></w:tr></w:tbl>");
                }
                Block::Held(inner) => {
                    let inner = self.docx_blocks(inner, aside);
                    out += &format!("<w:sdt><w:sdtPr/><w:sdtContent>{inner}</w:sdtContent></w:sdt>");
                }
            }
        }
        out
    }

    fn odt_inline(&mut self, inline: &Inline, aside: Option<ChangeReason>) -> String {
        let hidden = aside.or(Some(ChangeReason::HiddenText));
        match inline {
            Inline::Text => self.text(aside) + " ",
            // Deleted text stands elsewhere; the field of hidden text is one more way to hide.
            Inline::Deleted => {
                format!(r#"<text:hidden-text text:is-hidden="true">{}</text:hidden-text>"#, self.text(hidden))
            }
            Inline::Inserted(inner) => {
                format!("<text:change-start/>{}<text:change-end/>", self.odt_inlines(inner, aside))
            }
            Inline::Hidden => format!(r#"<text:span text:style-name="H">{}</text:span>"#, self.text(hidden)),
            Inline::Ruby => {
                let (base, above) = (self.text(aside), self.text(aside.or(Some(ChangeReason::Reading))));
                format!(
                    "<text:ruby><text:ruby-base>{base}</text:ruby-base><text:ruby-text>{above}</text:ruby-text></text:ruby>"
                )
            }
            Inline::Field => format!("<text:page-number>{}</text:page-number>", self.text(aside)),
            Inline::Comment => {
                format!("<office:annotation><text:p>{}</text:p></office:annotation>", self.word(None))
            }
            Inline::Break => "<text:line-break/>".into(),
            Inline::Tab => "<text:tab/>".into(),
            Inline::Link(inner) => format!("<text:a>{}</text:a>", self.odt_inlines(inner, aside)),
            Inline::Note(_) | Inline::EndNote if self.in_note => self.text(aside),
            Inline::Note(inner) => {
                self.in_note = true;
                let (mark, text) = (self.text(aside), self.odt_inlines(inner, aside));
                self.in_note = false;
                format!(
                    r#"<text:note text:note-class="footnote"><text:note-citation>{mark}</text:note-citation><text:note-body><text:p>{text}</text:p></text:note-body></text:note>"#
                )
            }
            Inline::EndNote => {
                let (mark, text) = (self.text(aside), self.text(aside));
                format!(
                    r#"<text:note text:note-class="endnote"><text:note-citation>{mark}</text:note-citation><text:note-body><text:p>{text}</text:p></text:note-body></text:note>"#
                )
            }
            Inline::Box(inner) => {
                format!(
                    "<draw:frame><svg:desc>{}</svg:desc><draw:text-box>{}</draw:text-box></draw:frame>",
                    self.word(None),
                    self.odt_blocks(inner, aside)
                )
            }
        }
    }

    fn odt_inlines(&mut self, inlines: &[Inline], aside: Option<ChangeReason>) -> String {
        inlines.iter().map(|i| self.odt_inline(i, aside)).collect()
    }

    fn odt_blocks(&mut self, blocks: &[Block], aside: Option<ChangeReason>) -> String {
        let mut out = String::new();
        for block in blocks {
            match block {
                Block::Paragraph(1, inner) => {
                    out += &format!(
                        r#"<text:h text:outline-level="1">{}</text:h>"#,
                        self.odt_inlines(inner, aside)
                    );
                }
                Block::Paragraph(_, inner) | Block::Joined(inner) => {
                    out += &format!("<text:p>{}</text:p>", self.odt_inlines(inner, aside));
                }
                Block::List(level, inner) => {
                    let (open, close) = ("<text:list><text:list-item>", "</text:list-item></text:list>");
                    let depth = usize::from(*level) + 1;
                    let inner = self.odt_inlines(inner, aside);
                    out += &format!("{}<text:p>{inner}</text:p>{}", open.repeat(depth), close.repeat(depth));
                }
                Block::Table(rows) => {
                    out += "<table:table>";
                    for row in rows {
                        out += "<table:table-row>";
                        for cell in row {
                            let cell = self.odt_blocks(std::slice::from_ref(cell), aside);
                            out += &format!("<table:table-cell>{cell}</table:table-cell>");
                        }
                        out += "</table:table-row>";
                    }
                    out += "</table:table>";
                }
                Block::DeletedRow(inner) => {
                    let inner = self.odt_blocks(inner, aside.or(Some(ChangeReason::DeletedText)));
                    out += &format!(
                        "<text:tracked-changes><text:changed-region><text:deletion>{inner}</text:deletion></text:changed-region></text:tracked-changes>"
                    );
                }
                Block::Held(inner) => {
                    out += &format!("<text:section>{}</text:section>", self.odt_blocks(inner, aside));
                }
            }
        }
        out
    }

    fn check(&self, document: &Document, source: &str) -> Result<(), TestCaseError> {
        for (i, place) in self.places.iter().enumerate() {
            let word = format!("[{i}]");
            let kept: usize = document.blocks.iter().map(|b| b.text.matches(&word).count()).sum();
            let aside: Vec<ChangeReason> =
                document.changes.iter().flat_map(|c| c.text.matches(&word).map(|_| c.reason)).collect();
            let expected = match place {
                None => (0, Vec::new()),
                Some(None) => (1, Vec::new()),
                Some(Some(reason)) => (0, vec![*reason]),
            };
            prop_assert_eq!((kept, aside), expected, "{} of {}", word, source);
        }
        // No byte of a part is in two places, and each stretch is as long as its text.
        let mut taken: Vec<(&str, usize, usize)> = Vec::new();
        for block in &document.blocks {
            for (i, piece) in block.pieces.iter().enumerate() {
                let end = block.pieces.get(i + 1).map_or(block.text.len(), |next| next.at);
                let length = piece.place.bytes.len();
                prop_assert!(
                    block.text[piece.at..end].trim_end().len() <= length && length <= end - piece.at
                );
                taken.push((&piece.place.part, piece.place.bytes.start, piece.place.bytes.end));
            }
        }
        for change in document.changes.iter().filter(|c| c.reason.sets_aside()) {
            prop_assert_eq!(change.text.len(), change.place.bytes.len());
            taken.push((&change.place.part, change.place.bytes.start, change.place.bytes.end));
        }
        taken.sort_unstable();
        for pair in taken.windows(2) {
            prop_assert!(pair[0].0 != pair[1].0 || pair[0].2 <= pair[1].1, "{:?}", pair);
        }
        Ok(())
    }
}

fn read(bytes: &[u8]) -> Document {
    read_bytes(bytes, "test", &ReadOptions { lang: Some(Lang::En), ..ReadOptions::default() }).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn every_word_of_a_docx_is_in_one_place(blocks in blocks()) {
        let mut words = Words::default();
        let body = words.docx_blocks(&blocks, None) + &p("A last sentence, so that there is text.");
        let docx = Docx {
            body,
            styles: r#"<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style>"#.into(),
            numbering: r#"<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>"#.into(),
            footnotes: words.notes.clone(),
            endnotes: words.endnotes.clone(),
            ..Docx::default()
        };
        words.check(&read(&docx.bytes()), &docx.body)?;
    }

    #[test]
    fn every_word_of_an_odt_is_in_one_place(blocks in blocks()) {
        let mut words = Words::default();
        let body = words.odt_blocks(&blocks, None) + "<text:p>A last sentence, so that there is text.</text:p>";
        let automatic = r#"<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>"#;
        words.check(&read(&odt(automatic, &body, "")), &body)?;
    }
}
