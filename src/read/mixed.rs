//! One file with both languages (中英对照): its blocks into two documents.
//!
//! A block goes to the language of its letters. A block with both, sentence by sentence or a text and then its
//! translation, is cut where the language changes at the end of a sentence; a name inside a Chinese sentence and a
//! Chinese word inside an English one stay. What has no letters (`1–2`) goes to both languages, unless it stands
//! twice in a row: then once to each. Every other character goes to exactly one side.

use super::{ReadOptions, empty, language, load, read_bytes};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Block, Document, Lang, Piece, Script};
use std::ops::Range;
use std::path::Path;

/// Reads one file with both languages: the Chinese document and the English one.
///
/// Changes and notices are with the one whose text comes first, so that each is told once.
///
/// # Errors
///
/// As [`read_file`](super::read_file), and if the file does not have both languages.
pub fn read_mixed(path: &Path, options: &ReadOptions) -> Result<[Document; 2]> {
    let (bytes, name) = load(path)?;
    // Most letters are Latin, and the text is Chinese all the same.
    let options = ReadOptions { lang: Some(Lang::Zh), ..options.clone() };
    let document = read_bytes(&bytes, &name, &options)?;
    split_languages(document).map_err(|e| e.in_file(&name))
}

/// Divides a document with both languages; the first of the two is the one whose text comes first.
///
/// # Errors
///
/// If one language has less than a tenth of the text: a Chinese character counts as two letters.
pub fn split_languages(document: Document) -> Result<[Document; 2]> {
    let within = is_mixed_within(&document.blocks);
    let mut sides: [Vec<Block>; 2] = [Vec::new(), Vec::new()];
    let mut first: Option<Lang> = None;
    let mut neutral: Option<Block> = None;
    for block in document.blocks {
        for (lang, part) in parts(&block, within) {
            let Some(lang) = lang else {
                // The second of two equal ones is the other language's.
                match neutral.take() {
                    Some(before) if before.text == part.text => {
                        sides[0].push(before);
                        sides[1].push(part);
                    }
                    before => {
                        both(&mut sides, before);
                        neutral = Some(part);
                    }
                }
                continue;
            };
            both(&mut sides, neutral.take());
            first.get_or_insert(lang);
            sides[usize::from(lang == Lang::En)].push(part);
        }
    }
    both(&mut sides, neutral);
    let weight = |blocks: &[Block]| blocks.iter().map(|b| Letters::of(&b.text).weight()).sum::<usize>();
    let (chinese, english) = (weight(&sides[0]), weight(&sides[1]));
    if chinese + english == 0 {
        return Err(empty("the file has no letters"));
    }
    if chinese * 10 < chinese + english || english * 10 < chinese + english {
        let (is, lacks) = if chinese < english { ("English", "Chinese") } else { ("Chinese", "English") };
        return Err(Error::new(ErrorKind::Language(format!("the file is {is}; it has hardly any {lacks}")))
            .advise("give its translation as a second document"));
    }
    let [zh, en] = sides;
    let script = language::detect_script(&zh.iter().map(|b| b.text.as_str()).collect::<String>());
    let zh = Document {
        lang: Lang::Zh,
        script,
        blocks: zh,
        name: document.name.clone(),
        encoding: document.encoding.clone(),
        digest: document.digest.clone(),
        changes: Vec::new(),
        notices: Vec::new(),
    };
    let en = Document { lang: Lang::En, script: Script::Hans, blocks: en, ..zh.clone() };
    let [mut one, two] = if first == Some(Lang::En) { [en, zh] } else { [zh, en] };
    (one.changes, one.notices) = (document.changes, document.notices);
    Ok([one, two])
}

fn both(sides: &mut [Vec<Block>; 2], block: Option<Block>) {
    if let Some(block) = block {
        sides[0].push(block.clone());
        sides[1].push(block);
    }
}

/// What letters a text has.
#[derive(Debug, Clone, Copy, Default)]
struct Letters {
    han: usize,
    latin: usize,
    words: usize,
}

impl Letters {
    fn of(text: &str) -> Letters {
        let mut letters = Letters::default();
        let mut in_word = false;
        for c in text.chars() {
            let latin = is_latin(c);
            letters.han += usize::from(is_han(c));
            letters.latin += usize::from(latin);
            letters.words += usize::from(latin && !in_word);
            in_word = latin || (in_word && matches!(c, '\'' | '’' | '-'));
        }
        letters
    }

    /// Text in letters; a Chinese character says as much as two to four.
    fn weight(self) -> usize {
        self.han * 2 + self.latin
    }

    /// The language of a text that is not cut: Chinese if it has one Chinese character for six words. A Chinese
    /// sentence about software has more characters than words; an English one quotes two or three.
    fn language(self) -> Option<Lang> {
        match self {
            Letters { han: 0, words: 0, .. } => None,
            Letters { han, words, .. } if han > 0 && han * 6 >= words * 2 => Some(Lang::Zh),
            _ => Some(Lang::En),
        }
    }
}

fn is_han(c: char) -> bool {
    matches!(c as u32, 0x3005..=0x3007 | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || ('\u{C0}'..='\u{24F}').contains(&c) && c.is_alphabetic()
}

/// Whether translations stand inside the blocks: a third of the blocks with letters can be cut at sure places.
fn is_mixed_within(blocks: &[Block]) -> bool {
    let lettered = blocks.iter().filter(|b| Letters::of(&b.text).language().is_some()).count();
    let cut = blocks.iter().filter(|b| cuts(&b.text, false).len() > 1).count();
    // A heading is bilingual without a sentence's end; paragraphs decide.
    cut * 3 >= lettered && cut > 0 || {
        let loose = blocks.iter().filter(|b| cuts(&b.text, true).len() > 1).count();
        loose * 10 >= lettered * 6 && loose > 0
    }
}

/// A block as parts of one language each, with their places.
fn parts(block: &Block, within: bool) -> Vec<(Option<Lang>, Block)> {
    let cuts = cuts(&block.text, within);
    if cuts.len() <= 1 {
        return vec![(Letters::of(&block.text).language(), block.clone())];
    }
    let part = |(lang, range): (Lang, Range<usize>)| (Some(lang), cut_out(block, range));
    cuts.into_iter().map(part).collect()
}

/// The part of a block in a range of its text.
fn cut_out(block: &Block, range: Range<usize>) -> Block {
    let mut pieces = Vec::new();
    for (i, piece) in block.pieces.iter().enumerate() {
        let length = piece.place.bytes.len();
        let end = block.pieces.get(i + 1).map_or(block.text.len(), |next| next.at);
        let (from, to) = (piece.at.max(range.start), end.min(range.end));
        if from >= to {
            continue;
        }
        let mut place = piece.place.clone();
        // Copied stretches are cut with the text; the others keep the place of the whole.
        if piece.at + length <= end {
            let skip = (from - piece.at).min(length);
            let take = (to - piece.at).min(length);
            place.bytes = place.bytes.start + skip..place.bytes.start + take;
        }
        pieces.push(Piece { at: from - range.start, place });
    }
    Block { kind: block.kind, text: block.text[range].to_string(), pieces }
}

/// A stretch of a text in one language.
type Stretch = (Lang, Range<usize>);

/// A text as stretches of one language each, or one stretch if it must not be cut. `loose` allows a cut between a
/// Chinese title and its English one with nothing but a space between.
///
/// `"你好，世界。Hello, world."` -> `"你好，世界。"`, `"Hello, world."`; `"他用 GitHub 工作。"` -> itself
fn cuts(text: &str, loose: bool) -> Vec<Stretch> {
    let whole = || vec![(Lang::Zh, 0..text.len())];
    let letters = Letters::of(text);
    if letters.han < 2 || letters.words == 0 {
        return whole();
    }
    let places = places(text);
    let mut stretches = merged(text, &places);
    if stretches.len() < 2 && loose {
        stretches = title(text).unwrap_or_default();
    }
    if stretches.len() < 2 || !translates(text, &stretches) {
        return whole();
    }
    stretches
}

/// Where a stretch may end: after the end of a sentence, a tab, a line end or a stroke, outside of brackets and
/// quotations, where the letters before and after are of different languages.
fn places(text: &str) -> Vec<usize> {
    let mut places = Vec::new();
    let mut depth = 0usize;
    let (mut last, mut ended, mut divided) = (None::<Lang>, false, false);
    // Where white space and opening marks after the last text began.
    let mut begins = 0;
    for (at, c) in text.char_indices() {
        // The point of a number or of an abbreviation in one word.
        if c == '.' && text[at + 1..].starts_with(|c: char| c.is_ascii_alphanumeric()) {
            continue;
        }
        if matches!(c, '(' | '（' | '“' | '「' | '『' | '《' | '【' | '[') {
            if depth == 0 && (ended || divided) && begins == 0 {
                begins = at;
            }
            depth += 1;
            continue;
        }
        if matches!(c, ')' | '）' | '”' | '」' | '』' | '》' | '】' | ']') {
            depth = depth.saturating_sub(1);
            continue;
        }
        let outside = depth == 0 || (depth == 1 && begins > 0);
        match c {
            '。' | '！' | '？' | '…' | '.' | '!' | '?' if depth == 0 => (ended, begins) = (true, 0),
            // A sentence may end inside its quotation.
            '。' | '！' | '？' | '.' | '!' | '?' => ended = true,
            '\t' | '\n' | '|' | '｜' | '/' | '／' | '\u{3000}' if depth == 0 => {
                (divided, begins) = (true, 0)
            }
            _ if is_han(c) || is_latin(c) => {
                let lang = if is_han(c) { Lang::Zh } else { Lang::En };
                let numbered = text.as_bytes()[begins].is_ascii_digit() && begins > 0;
                let begins_sentence = lang == Lang::Zh || divided || numbered || c.is_uppercase();
                if last.is_some_and(|l| l != lang) && (ended || divided) && outside && begins_sentence {
                    places.push(if begins > 0 { begins } else { at });
                }
                (last, ended, divided, begins) = (Some(lang), false, false, 0);
            }
            // Numbers begin a sentence as letters do; they are part of what follows.
            _ if c.is_ascii_digit() && (ended || divided) && begins == 0 => begins = at,
            _ => {}
        }
    }
    places
}

/// The stretches between places; neighbours of one language are one.
fn merged(text: &str, places: &[usize]) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    let bounds = std::iter::once(0).chain(places.iter().copied()).chain(std::iter::once(text.len()));
    let bounds: Vec<usize> = bounds.collect();
    for pair in bounds.windows(2) {
        let part = &text[pair[0]..pair[1]];
        let kept = part.trim_matches(|c: char| c.is_whitespace());
        if kept.is_empty() {
            continue;
        }
        let start = pair[0] + part.find(kept).unwrap_or(0);
        let range = start..start + kept.len();
        let lang = Letters::of(kept).language();
        match (stretches.last_mut(), lang) {
            (Some((last, whole)), lang) if lang.is_none_or(|lang| lang == *last) => whole.end = range.end,
            (_, lang) => stretches.push((lang.unwrap_or(Lang::Zh), range)),
        }
    }
    stretches
}

/// A title and its translation: Chinese, then English, or the reverse, each in one piece, without a sentence in it.
fn title(text: &str) -> Option<Vec<Stretch>> {
    let first_han = text.char_indices().find(|(_, c)| is_han(*c))?.0;
    let last_han = text.char_indices().rfind(|(_, c)| is_han(*c)).map(|(at, c)| at + c.len_utf8())?;
    let first_latin = text.char_indices().find(|(_, c)| is_latin(*c))?.0;
    let last_latin = text.char_indices().rfind(|(_, c)| is_latin(*c)).map(|(at, c)| at + c.len_utf8())?;
    if text.contains(['，', '。', '“', '”', '（', '《', '「']) {
        return None;
    }
    let (at, chinese_first) = match () {
        () if last_han <= first_latin => (text[..first_latin].rfind(' ')? + 1, true),
        () if last_latin <= first_han => (text[..first_han].rfind(' ')? + 1, false),
        () => return None,
    };
    if chinese_first && at < last_han || !chinese_first && at < last_latin {
        return None;
    }
    let stretches = merged(text, &[at]);
    // A name at the end of a Chinese title has fewer words than the title has characters; its translation has about
    // half as many.
    let (han, words) = stretches.iter().fold((0, 0), |(h, w), (lang, range)| {
        let letters = Letters::of(&text[range.clone()]);
        if *lang == Lang::Zh { (h + letters.han, w) } else { (h, w + letters.words) }
    });
    (words * 10 >= han * 3 && words <= han * 2).then_some(stretches)
}

/// Whether the English stretches are as long as a translation of the Chinese ones: a Chinese character makes 0.3 to
/// 1.5 words. Measured on parallel news, law and novels it makes 0.55 to 0.75 in whole documents; sentences vary by
/// two about that.
fn translates(text: &str, stretches: &[Stretch]) -> bool {
    let (mut han, mut words) = (0usize, 0usize);
    for (lang, range) in stretches {
        let letters = Letters::of(&text[range.clone()]);
        match lang {
            Lang::Zh => han += letters.han,
            Lang::En => words += letters.words,
        }
    }
    words * 10 >= han * 3 && words * 2 <= han * 3
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BlockKind, Place};

    fn cut(text: &str) -> Vec<&str> {
        cuts(text, true).into_iter().map(|(_, range)| &text[range]).collect()
    }

    #[test]
    fn languages_are_cut_at_the_ends_of_sentences() {
        for (text, parts) in [
            (
                "你好，世界的朋友。Hello, friends of the world.",
                &["你好，世界的朋友。", "Hello, friends of the world."][..],
            ),
            ("We left early. 我们早早离开了。", &["We left early.", "我们早早离开了。"]),
            (
                "天黑了。It grew dark. 他点了灯。He lit a lamp.",
                &["天黑了。", "It grew dark.", "他点了灯。", "He lit a lamp."],
            ),
            ("供货合同\tSupply Contract", &["供货合同", "Supply Contract"]),
            ("第一章 总则 Chapter 1 General Provisions", &["第一章 总则", "Chapter 1 General Provisions"]),
            ("费用共计三百元。3 boxes cost 300 yuan.", &["费用共计三百元。", "3 boxes cost 300 yuan."]),
        ] {
            assert_eq!(cut(text), parts, "{text}");
        }
    }

    #[test]
    fn names_and_quotations_are_not_cut_out() {
        for text in [
            "他用 GitHub 和 Visual Studio Code 写程序，效率很高。",
            "他说：“Hello, my friend.”然后就走了，再也没有回来。",
            "本公司（Example Trading Company Limited）负责交货。",
            "The word 关系 has no exact counterpart in English.",
            "He wrote “你好。” and left the room without a word.",
            "安装 Python 3.12 以后，运行 pip install 即可。",
            "由 J. R. R. Tolkien 写的这本书在全世界都有很多读者。",
        ] {
            assert_eq!(cut(text), [text]);
        }
    }

    fn block(text: &str, at: usize) -> Block {
        Block::new(
            BlockKind::Paragraph,
            text,
            Place { part: String::new(), line: 1, bytes: at..at + text.len() },
        )
    }

    fn document(texts: &[&str]) -> Document {
        let mut at = 0;
        let blocks = texts.iter().map(|t| {
            at += t.len();
            block(t, at - t.len())
        });
        Document {
            name: "x".into(),
            lang: Lang::Zh,
            script: Script::Hans,
            encoding: "UTF-8".into(),
            blocks: blocks.collect(),
            changes: Vec::new(),
            notices: Vec::new(),
            digest: String::new(),
        }
    }

    fn texts(document: &Document) -> Vec<&str> {
        document.blocks.iter().map(|b| b.text.as_str()).collect()
    }

    #[test]
    fn alternating_blocks_go_to_their_sides() {
        let [zh, en] = split_languages(document(&[
            "采购通知",
            "Purchase Notice",
            "3",
            "3",
            "请安装 GitHub Desktop。",
            "Please install GitHub Desktop.",
            "1–2",
        ]))
        .unwrap();
        assert_eq!((zh.lang, en.lang), (Lang::Zh, Lang::En));
        assert_eq!(texts(&zh), ["采购通知", "3", "请安装 GitHub Desktop。", "1–2"]);
        assert_eq!(texts(&en), ["Purchase Notice", "3", "Please install GitHub Desktop.", "1–2"]);
        // English first stays first.
        let [first, _] = split_languages(document(&["Purchase notice of May", "五月采购通知"])).unwrap();
        assert_eq!(first.lang, Lang::En);
    }

    #[test]
    fn places_are_kept() {
        let text = "天黑了。It grew dark.";
        let [zh, en] = split_languages(document(&["第一页", "Page one", text])).unwrap();
        let at = "第一页Page one".len();
        assert_eq!(zh.blocks[1].pieces[0].place.bytes, at..at + "天黑了。".len());
        assert_eq!(en.blocks[1].pieces[0].place.bytes, at + "天黑了。".len()..at + text.len());
    }

    #[test]
    fn one_language_is_refused() {
        let error = split_languages(document(&["我们用 GitHub 工作。", "还有别的办法。"])).unwrap_err();
        assert!(error.to_string().contains("hardly any English"), "{error}");
    }
}
