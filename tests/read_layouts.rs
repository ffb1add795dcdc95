//! Documents in the layouts in which extraction, mail and typewriters leave them, and what must become of them.

#![allow(clippy::unwrap_used)]

use duizhao::ErrorKind;
use duizhao::model::{BlockKind, ChangeReason, Document, Lang, Script};
use duizhao::read::{ReadOptions, read_bytes, read_file, read_lines};
use std::path::Path;

fn read(text: &str) -> Document {
    read_bytes(text.as_bytes(), "test", &ReadOptions::default()).unwrap()
}

fn blocks(text: &str) -> Vec<String> {
    read(text).blocks.into_iter().map(|b| b.text).collect()
}

fn reasons(document: &Document) -> Vec<(ChangeReason, &str)> {
    document.changes.iter().map(|c| (c.reason, c.text.as_str())).collect()
}

#[test]
fn mail_wrapped_at_72_columns() {
    let text = "\
Dear colleagues,

Please find enclosed the revised programme of the workshop on river
management that will be held in the second week of September at our
office in the old town. The sessions on flood forecasting have been moved
to the first day because two of the speakers must leave early.

We would be grateful if you could let us know by Friday whether you are
going to take part in the excursion, so that we can order the buses.

Kind regards,
Jane Miller
";
    assert_eq!(
        blocks(text),
        [
            "Dear colleagues,",
            "Please find enclosed the revised programme of the workshop on river management that will be held in the second \
             week of September at our office in the old town. The sessions on flood forecasting have been moved to the first \
             day because two of the speakers must leave early.",
            "We would be grateful if you could let us know by Friday whether you are going to take part in the excursion, so \
             that we can order the buses.",
            "Kind regards,",
            "Jane Miller",
        ]
    );
}

#[test]
fn an_empty_line_after_every_line_marks_no_paragraph() {
    let text = " 本公司于上月收到贵方寄来的合同草案，经法务部门审阅之后，认为其中关于交货期\n\n限与违约责任的规定\
仍有不够明确之处，建议双方在签署之前再作一次当面的协商。 \n\n 另外，草案第三部分所列的付款方式与我方财务制度不符，请贵\
方考虑改为在货物验\n\n收合格之后的三十日之内以银行汇款的方式一次付清。 \n\n 专此函达，盼复。 \n\n";
    assert_eq!(
        blocks(text),
        [
            "本公司于上月收到贵方寄来的合同草案，经法务部门审阅之后，认为其中关于交货期限与违约责任的规定仍有不够明确之处，\
             建议双方在签署之前再作一次当面的协商。"
                .replace(' ', ""),
            "另外，草案第三部分所列的付款方式与我方财务制度不符，请贵方考虑改为在货物验收合格之后的三十日之内以银行汇款的方\
             式一次付清。"
                .replace(' ', ""),
            "专此函达，盼复。".into(),
        ]
    );
}

const INDENTED: &str = "\
                    第一章　总则

　　为了规范城市绿地的规划、建设、保护和管理，改善生态环境，促
进城市的健康发展，根据有关法律、行政法规的规定，结合本市实际情
况，制定本办法。
　　本市行政区域内城市绿地的规划、建设、保护和管理适用本办法；
公园的管理另有规定的，从其规定。
　　本办法所称城市绿地，包括公园绿地、防护绿地、附属绿地以及区
域绿地。
";

#[test]
fn full_width_indents_mark_paragraphs() {
    let document = read(INDENTED);
    let texts: Vec<&str> = document.blocks.iter().map(|b| b.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "第一章 总则",
            "为了规范城市绿地的规划、建设、保护和管理，改善生态环境，促进城市的健康发展，根据有关法律、行政法规的规定，结合本市实际情况，制定本办法。",
            "本市行政区域内城市绿地的规划、建设、保护和管理适用本办法；公园的管理另有规定的，从其规定。",
            "本办法所称城市绿地，包括公园绿地、防护绿地、附属绿地以及区域绿地。",
        ]
    );
    assert_eq!(document.blocks[0].kind, BlockKind::Heading(0));
}

#[test]
fn traditional_text_in_big5_reads_like_simplified_text_in_utf8() {
    let text = "　　為了改善城市環境，促進經濟與社會的協調發展，依據有關法律的規定，\n結合本市的實際情況，經市政府會議討論通過，\
制定本辦法，並自公布之日起\n施行。\n　　本辦法由主管機關負責解釋，其他有關部門應當在各自的職責範圍之內予以\n協助。\n";
    let bytes = encoding_rs::BIG5.encode(text).0.into_owned();
    let document = read_bytes(&bytes, "test", &ReadOptions::default()).unwrap();
    assert_eq!(
        document,
        Document {
            encoding: "Big5".into(),
            notices: document.notices.clone(),
            digest: document.digest.clone(),
            ..read(text)
        }
    );
    assert_eq!((document.lang, document.script), (Lang::Zh, Script::Hant));
    assert_eq!(document.blocks.len(), 2);
    assert_eq!(document.notices.len(), 1);
}

#[test]
fn hyphens_that_broke_a_word_go_and_others_stay() {
    let text = "\
The ministers welcomed the progress that had been made in the imple-
mentation of the agreement on Nagorno-
Karabakh and called for closer coordination. They noted that the so-
called roadmap had not been published, that implementation was slow,
that long-term financing remained uncertain, and that without a long-
term plan the regional programmes could not be carried on as they were.
";
    let document = read(text);
    assert_eq!(
        document.blocks[0].text,
        "The ministers welcomed the progress that had been made in the implementation of the agreement on Nagorno-Karabakh \
         and called for closer coordination. They noted that the so-called roadmap had not been published, that \
         implementation was slow, that long-term financing remained uncertain, and that without a long-term plan the \
         regional programmes could not be carried on as they were."
    );
    assert_eq!(reasons(&document), [(ChangeReason::SoftHyphen, "-")]);
    assert_eq!((document.changes[0].place.line, document.changes[0].place.bytes.clone()), (1, 67..68));
}

/// A report of three pages with form feeds, heads that change sides, and page numbers.
fn report() -> String {
    let page =
        |head: &str, body: &str, number: u32| format!("{head}\n\n{body}\n\n                    {number}\n");
    [
        page(
            "Annual Report of the Harbour Board",
            "The harbour handled more goods in the past year than in any year\nbefore. Containers were again the largest \
             part, followed by grain and\ntimber, while the passenger terminal was closed for repairs until the",
            1,
        ),
        page(
            "2      Harbour Board",
            "end of June. The number of ships that called fell slightly, because\nlarger ships are now being used on the \
             northern routes.\n\nThe Board met eight times. It approved the new tariff, the plan for\nthe eastern quay and \
             the sale of two cranes that were no longer used",
            2,
        ),
        page(
            "Harbour Board      3",
            "by the company. Its members thank all staff for their work during a\ndifficult winter and look forward to the \
             coming year with confidence.",
            3,
        ),
    ]
    .join("\u{c}")
}

#[test]
fn heads_and_page_numbers_are_set_aside_and_sentences_go_on_across_pages() {
    let document = read(&report());
    let texts: Vec<&str> = document.blocks.iter().map(|b| b.text.as_str()).collect();
    assert_eq!(texts.len(), 3, "{texts:#?}");
    assert_eq!(texts[0], "Annual Report of the Harbour Board");
    assert!(texts[1].contains("closed for repairs until the end of June."));
    assert!(texts[2].contains("no longer used by the company."));
    let set_aside: Vec<_> =
        document.changes.iter().filter(|c| c.reason.sets_aside()).map(|c| c.text.as_str()).collect();
    assert_eq!(set_aside, ["1", "2      Harbour Board", "2", "Harbour Board      3", "3"]);
    let seams: Vec<_> = document.changes.iter().filter(|c| c.reason == ChangeReason::PageSeam).collect();
    assert_eq!(seams.len(), 2);
    assert_eq!(seams[0].text, "rs until the|end of June.");
}

#[test]
fn keep_all_keeps_furniture() {
    let options = ReadOptions { keep_all: true, ..ReadOptions::default() };
    let document = read_bytes(report().as_bytes(), "test", &options).unwrap();
    assert!(document.changes.iter().all(|c| !c.reason.sets_aside()));
    assert!(document.blocks.iter().any(|b| b.text == "Harbour Board 3"));
}

#[test]
fn united_nations_heads_and_job_numbers_without_form_feed() {
    let text = "\
委员会注意到缔约国在报告所述期间为消除贫困采取的措施，并对有关法律草
案已经提交议会审议表示欢迎。

07-12345 (C)

CRC/C/15/Add.7

委员会还感到关切的是，农村地区的入学率仍然偏低，教师的人数不足，而且
在许多学校没有安全饮用水。委员会建议缔约国增加对农村教育的投资，并在

07-12345 2

CRC/C/15/Add.7

下一次定期报告中提供详细的资料。
";
    let document = read(text);
    let texts: Vec<&str> = document.blocks.iter().map(|b| b.text.as_str()).collect();
    assert_eq!(texts.len(), 2, "{texts:#?}");
    assert!(texts[1].ends_with("并在下一次定期报告中提供详细的资料。"));
    assert_eq!(
        reasons(&document).iter().map(|c| c.0).collect::<Vec<_>>(),
        [
            ChangeReason::JobNumber,
            ChangeReason::RunningHead,
            ChangeReason::PageSeam,
            ChangeReason::JobNumber,
            ChangeReason::RunningHead
        ]
    );
}

#[test]
fn list_items_and_numbered_paragraphs_begin_blocks() {
    let text = "\
The contractor shall, before the works begin, submit to the engineer for
approval the following documents:
(a) a programme that shows the order in which he proposes to carry out
the works and the time allowed for each of them;
(b) the names of the persons who will supervise the works on the site,
with their qualifications and experience;
(c) evidence of insurance.
1. The engineer may at any time require the contractor to explain in
writing the arrangements that he has made.
2. Approval does not release the contractor from any of his duties.
";
    let found = blocks(text);
    let beginnings: Vec<&str> = found.iter().map(|b| &b[..7]).collect();
    assert_eq!(beginnings, ["The con", "(a) a p", "(b) the", "(c) evi", "1. The ", "2. Appr"]);
    let text = "\
会议一致通过了以下各项决定，并请秘书处将其印发给全体成员单位遵照
执行：
一、各成员单位应当在每年第一季度结束之前提交上一年度的工作总结以
及财务报告。
（一）工作总结应当包括主要活动、取得的成绩、存在的问题和改进的办
法。
（二）财务报告应当经过审计。
二、下一次会议定于明年五月举行。
";
    let found = blocks(text);
    let beginnings: Vec<String> = found.iter().map(|b| b.chars().take(3).collect()).collect();
    assert_eq!(beginnings, ["会议一", "一、各", "（一）", "（二）", "二、下"]);
}

#[test]
fn a_mark_on_its_own_line_is_joined_into_the_sentence_and_its_note_is_a_note() {
    let text = "\
 代表团重申其在前几次会议上所作的发言，并且再次呼吁有关各方遵守达成的协

议，特别是其中关于人道主义援助

*
 的各项条款，以便难民能够在冬季到来之前得到必需

的物资。 

 会议决定将这一问题列入下一届会议的议程，并请主席同有关各方进行磋商，在

会议之前提出报告。 

 

*
 见第三号文件。 
";
    let document = read(text);
    let texts: Vec<&str> = document.blocks.iter().map(|b| b.text.as_str()).collect();
    assert!(texts[0].contains("人道主义援助*的各项条款，以便难民"), "{texts:#?}");
    let note = document.blocks.last().unwrap();
    assert_eq!((note.kind, note.text.as_str()), (BlockKind::Footnote, "*见第三号文件。"));
    assert_eq!(document.changes.iter().filter(|c| c.reason == ChangeReason::NoteMark).count(), 1);
}

#[test]
fn notes_under_a_rule_stay_out_of_the_sentence_that_goes_on() {
    let text = "\
The survey covered all districts of the province and was repeated in the
spring, when the water is highest. Its results* were discussed with the
local authorities, who asked for more detailed maps of the areas that are

________________
* The full figures are in the statistical annex to the survey report.
\u{c}flooded every year. The maps will be ready in October, and the survey
will be repeated in five years.
";
    let document = read(text);
    let texts: Vec<&str> = document.blocks.iter().map(|b| b.text.as_str()).collect();
    assert_eq!(texts.len(), 2, "{texts:#?}");
    assert!(texts[0].contains("areas that are flooded every year."));
    assert_eq!(document.blocks[1].kind, BlockKind::Footnote);
}

#[test]
fn signature_lines_stay_apart() {
    let text = "\
The Parties have caused this Agreement to be signed by their duly
authorised representatives on the date that is written at its beginning,
in two originals of which each of the Parties keeps one.

For the Seller
Anna Lindqvist
Managing Director
12 March 2019
";
    let document = read(text);
    let kinds: Vec<BlockKind> = document.blocks[1..].iter().map(|b| b.kind).collect();
    assert_eq!(kinds, [BlockKind::Line; 4]);
}

#[test]
fn verse_and_dialogue_are_left_alone() {
    let verse = "Shall I tell you of the morning\nWhen the river lost its name,\nOf the lanterns in the harbour\nAnd the \
                 boats that never came?\n";
    assert_eq!(blocks(verse).len(), 4);
    let dialogue =
        "“你来了。”\n“来了。”他把伞放在门边，抖了抖袖子上的雨水。\n“坐吧。”\n“不坐了，说两句就走。”\n";
    assert_eq!(blocks(dialogue).len(), 4);
}

#[test]
fn text_that_was_never_wrapped_is_untouched() {
    let text = "Report on the pilot project\nThe pilot project began in March with twelve schools in four districts, and \
                was extended in September to all schools that had asked to take part.\n\nFindings\n1. Attendance rose in \
                nine of the twelve schools.\n2\nTeachers said that the new timetable left them more time for preparation, \
                though three of them found the afternoon lessons too long.\n-----\n";
    let expected: Vec<&str> = text.lines().filter(|l| !l.is_empty()).collect();
    let document = read(text);
    assert_eq!(document.blocks.iter().map(|b| b.text.as_str()).collect::<Vec<_>>(), expected);
    assert!(document.changes.is_empty());
}

#[test]
fn letter_spaced_titles_are_closed_up() {
    let text = format!("                        管 理 办 法\n\n{INDENTED}");
    assert_eq!(blocks(&text)[0], "管理办法");
}

#[test]
fn places_lead_back_to_the_file() {
    let text = "\u{FEFF}The first line of this short text was broken at its end by a mail pro-\r\ngram that knew no better, \
                and so was the second line, which is just as\r\nlong.\r\n";
    let document = read(text);
    let text = &text[3..];
    for piece in &document.blocks[0].pieces {
        let original = &text[piece.place.bytes.clone()];
        assert!(document.blocks[0].text[piece.at..].starts_with(original));
    }
    let lines: Vec<usize> = document.blocks[0].pieces.iter().map(|p| p.place.line).collect();
    assert_eq!(lines, [1, 2, 3]);
}

#[test]
fn control_characters_are_set_aside() {
    let document = read("An ordinary\0 sentence with a \u{7}bell in it.\n");
    assert_eq!(document.blocks[0].text, "An ordinary sentence with a bell in it.");
    assert_eq!(
        reasons(&document),
        [(ChangeReason::ControlCharacter, "\0"), (ChangeReason::ControlCharacter, "\u{7}")]
    );
}

fn error(bytes: &[u8]) -> duizhao::Error {
    read_bytes(bytes, "bad.txt", &ReadOptions::default()).unwrap_err()
}

#[test]
fn bad_input_is_an_error_that_helps() {
    assert!(matches!(error(b"").kind(), ErrorKind::Empty(_)));
    assert!(matches!(error(b" \n\t\r\n\xEF\xBB\xBF").kind(), ErrorKind::Empty(_)));
    assert!(matches!(error("12 34\n56\n".as_bytes()).kind(), ErrorKind::Language(_)));
    assert!(matches!(error("Все люди рождаются свободными.".as_bytes()).kind(), ErrorKind::Language(_)));
    assert!(matches!(error(b"%PDF-1.7\n").kind(), ErrorKind::Malformed(_)));
    let broken = error(
        "一行正常的文字。\n第二行\u{0}"
            .as_bytes()
            .iter()
            .copied()
            .chain([0xFF, 0xE4])
            .collect::<Vec<_>>()
            .as_slice(),
    );
    assert!(matches!(broken.kind(), ErrorKind::Encoding(_)), "{broken}");
    assert!(broken.to_string().starts_with("bad.txt:2: "), "{broken}");
}

#[test]
fn missing_files_and_directories_are_named() {
    let missing = read_file(Path::new("no/such/file.txt"), &ReadOptions::default()).unwrap_err();
    assert!(missing.to_string().starts_with("no/such/file.txt: "), "{missing}");
    let directory = read_file(Path::new(env!("CARGO_MANIFEST_DIR")), &ReadOptions::default()).unwrap_err();
    assert!(directory.to_string().contains("directory"), "{directory}");
}

#[test]
fn lines_are_read_as_they_are() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "The first sen-\ntence.\r\n\n  3\n").unwrap();
    let document = read_lines(file.path(), &ReadOptions::default()).unwrap();
    let found: Vec<(&str, usize)> =
        document.blocks.iter().map(|b| (b.text.as_str(), b.pieces[0].place.line)).collect();
    assert_eq!(found, [("The first sen-", 1), ("tence.", 2), ("", 3), ("3", 4)]);
    assert!(document.changes.is_empty());
}

#[test]
fn a_single_line_of_fifty_megabytes_is_read() {
    let text = "国际社会的反应。".repeat(50_000_000 / 24);
    let document = read(&text);
    assert_eq!(document.blocks.len(), 1);
    assert_eq!(document.blocks[0].text.len(), text.len());
}
