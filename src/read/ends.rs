//! How a line ends and how it begins: the linguistic half of the question whether two lines belong together.
//!
//! Looks at a few characters of one line only and knows nothing of layout.

use crate::model::Lang;

/// How a line ends, from "surely goes on" to "surely complete".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// At the end of a sentence, closing quotes and brackets included.
    Sentence,
    /// With a colon.
    Colon,
    /// With a semicolon.
    Semicolon,
    /// With a hyphen after a letter.
    Hyphen,
    /// With a comma.
    Comma,
    /// With an opening bracket, or a word that needs another: 和, 的, `of`, `the`.
    Dangling,
    /// With anything else.
    Open,
}

const CLOSERS: &str = "”’\"'）)」』】］]》〉*＊†‡";

/// English words that end no line of its own: articles, prepositions, conjunctions, auxiliaries.
#[rustfmt::skip]
const DANGLING_WORDS: &[&str] = &[
    "a", "an", "the", "of", "and", "or", "to", "in", "for", "by", "with", "on", "at", "from", "as", "that",
    "which", "is", "are", "be", "its", "their", "his", "her", "our", "my", "between", "under", "into",
    "towards", "through", "upon", "among", "against", "concerning", "regarding", "shall", "will", "may",
    "than", "whose", "this", "these", "but",
];

/// Chinese characters that end no title and no sentence: structural particles, conjunctions, prepositions.
const DANGLING_HAN: &str = "和与及或暨跟在对于以将被把从向由按經经與對於將從並并且而但其这這该該各";

/// Abbreviations after which an English line goes on.
#[rustfmt::skip]
const ABBREVIATIONS: &[&str] = &[
    "mr.", "mrs.", "ms.", "dr.", "prof.", "no.", "nos.", "para.", "paras.", "art.", "arts.", "p.", "pp.",
    "vol.", "fig.", "e.g.", "i.e.", "cf.", "sec.", "chap.", "vs.", "st.", "gen.", "hon.", "messrs.",
    "approx.", "ibid.", "viz.", "rev.",
];

/// `"…反应。”"` -> `Sentence`; `"…implications of"` -> `Dangling`; `"纳戈尔诺-"` -> `Hyphen`
pub(super) fn ending(text: &str, lang: Lang) -> Ending {
    let mut characters = text.chars().rev();
    let Some(last) = characters.next() else { return Ending::Open };
    let before = characters.next();
    match last {
        '-' | '\u{2010}' | '\u{2011}' if before.is_some_and(char::is_alphanumeric) => return Ending::Hyphen,
        '，' | '、' | ',' | '﹑' => return Ending::Comma,
        '（' | '(' | '《' | '〈' | '「' | '『' | '【' | '[' | '“' | '‘' | '/' | '·' => {
            return Ending::Dangling;
        }
        '：' | ':' => return Ending::Colon,
        '；' | ';' => return Ending::Semicolon,
        _ => {}
    }
    let bare = text.trim_end_matches(|c| CLOSERS.contains(c));
    match bare.chars().next_back() {
        Some('。' | '！' | '？' | '!' | '?' | '…' | '．' | '｡') => return Ending::Sentence,
        Some('.') => {
            let word = bare.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or("");
            let short = ABBREVIATIONS.contains(&word.to_lowercase().as_str());
            let initial = word.chars().count() == 2 && word.starts_with(|c: char| c.is_ascii_uppercase());
            return if bare.len() == text.len() && (short || initial) {
                Ending::Open
            } else {
                Ending::Sentence
            };
        }
        Some('：' | ':') => return Ending::Colon,
        Some('；' | ';') => return Ending::Semicolon,
        _ => {}
    }
    if lang == Lang::Zh && DANGLING_HAN.contains(last) && text.chars().nth(1).is_some() {
        return Ending::Dangling;
    }
    if last.is_ascii_lowercase() {
        let word = text.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or("");
        if DANGLING_WORDS.contains(&word) && word.len() < text.len() {
            return Ending::Dangling;
        }
    }
    Ending::Open
}

/// How a line begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opening {
    /// With a mark that cannot stand at a beginning: `，`, `。`, `）`, `”`.
    Closing,
    /// With a lower-case letter.
    Lower,
    /// With the mark of a list item or a numbered paragraph.
    ListMark,
    /// With the number of a heading: 第一条, 一、, `Article 2`.
    HeadingMark,
    /// With anything else.
    Other,
}

/// `"、保护在内"` -> `Closing`; `"（一）优化"` -> `ListMark`; `"第二章　总则"` -> `HeadingMark`
pub(super) fn opening(text: &str) -> Opening {
    let Some(first) = text.chars().next() else { return Opening::Other };
    if "，。、；：！？）】」』》〉”’％%,.;:!?)]}…".contains(first)
        && !text.starts_with("……")
        && !text.starts_with("...")
    {
        return Opening::Closing;
    }
    if list_mark(text).is_some() {
        return Opening::ListMark;
    }
    if heading_mark(text) {
        return Opening::HeadingMark;
    }
    if first.is_lowercase() { Opening::Lower } else { Opening::Other }
}

const HAN_NUMBERS: &str = "〇零一二三四五六七八九十百千两廿";
const BULLETS: &str = "•●○■□◆◇▪▫►▶‣⁃∙★☆※◎➢✓";

/// The bytes of the mark with which a list item begins, white space after it included.
///
/// `"(a) The Parties"` -> 4; `"一、秉持"` -> 6; `"1990年"` -> none
pub(super) fn list_mark(text: &str) -> Option<usize> {
    let mark = bare_list_mark(text)?;
    let rest = &text[mark..];
    Some(mark + rest.len() - rest.trim_start().len())
}

fn bare_list_mark(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    let after = |length: usize| text[length..].chars().next();
    let spaced = |length: usize| after(length).is_none_or(char::is_whitespace);
    if BULLETS.contains(first)
        || matches!(first as u32, 0x2460..=0x249B | 0x3220..=0x3229 | 0x2776..=0x2793 | 0xF0B7 | 0xF06C)
    {
        return Some(first.len_utf8());
    }
    if matches!(first, '-' | '–' | '*' | '·' | '—')
        && text.len() > first.len_utf8()
        && spaced(first.len_utf8())
    {
        return Some(first.len_utf8());
    }
    if text.starts_with("——") {
        return Some("——".len());
    }
    // （一） (1) （12） (a) (iv)
    if matches!(first, '(' | '（' | '[') {
        let inner = &text[first.len_utf8()..];
        let end = inner.find([')', '）', ']'])?;
        let body = &inner[..end];
        let closer = inner[end..].chars().next()?.len_utf8();
        let length = first.len_utf8() + end + closer;
        let short = body.len() <= 12 && !body.is_empty();
        let fine = body.chars().all(|c| HAN_NUMBERS.contains(c))
            || (body.len() <= 2 && body.chars().all(|c| c.is_ascii_digit()))
            || (body.len() == 1 && body.chars().all(|c| c.is_ascii_alphabetic()) && first != '[')
            || (body.len() <= 5 && body.chars().all(|c| "ivxIVX".contains(c)) && first != '[');
        return (short && fine).then_some(length);
    }
    // 一、 十二．
    let han: usize = text.chars().take_while(|&c| HAN_NUMBERS.contains(c)).map(char::len_utf8).sum();
    if han > 0 {
        return matches!(after(han), Some('、' | '．')).then_some(han + 3);
    }
    // 1. 12) 1、 1． but not 1.5 and not 1990
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=3).contains(&digits) {
        return match after(digits) {
            Some('、' | '．') => Some(digits + 3),
            Some('.') if spaced(digits + 1) || after(digits + 1).is_some_and(|c| !c.is_ascii()) => {
                Some(digits + 1)
            }
            Some(')' | '）') => Some(digits + after(digits).map_or(1, char::len_utf8)),
            Some('.') => dotted_number(text),
            _ => None,
        };
    }
    // a) iv. A. but not "J. Smith" in the middle of a name: that the layout must tell
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let roman = letters <= 4 && text[..letters].bytes().all(|b| b"ivxIVX".contains(&b));
    if letters == 1 || (letters > 1 && roman) {
        return match after(letters) {
            Some(')') if spaced(letters + 1) => Some(letters + 1),
            Some('.') if spaced(letters + 1) => Some(letters + 1),
            _ => None,
        };
    }
    None
}

/// `"1.2.3 Scope"` -> 5; `"1.5 million"` is read the same way: that the layout must tell.
fn dotted_number(text: &str) -> Option<usize> {
    let length = text.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
    let parts = text[..length].trim_end_matches('.').split('.').count();
    (parts >= 2 && length <= 12 && text[length..].starts_with([' ', '\u{3000}', '\t'])).then_some(length)
}

/// Words that begin a numbered heading in English documents of law and administration.
#[rustfmt::skip]
const HEADING_WORDS: &[&str] = &[
    "Article", "Chapter", "Section", "Part", "Annex", "Appendix", "Schedule", "Clause", "Title", "Rule",
    "Regulation", "ARTICLE", "CHAPTER", "SECTION", "PART", "ANNEX", "APPENDIX", "SCHEDULE", "CLAUSE",
    "TITLE", "Table", "Figure",
];

/// Whether a line begins like a numbered heading.
pub(super) fn heading_mark(text: &str) -> bool {
    if let Some(rest) = text.strip_prefix('第') {
        let number: usize = rest
            .chars()
            .take_while(|&c| HAN_NUMBERS.contains(c) || c.is_ascii_digit() || c == ' ')
            .map(char::len_utf8)
            .sum();
        let mut after = rest[number..].chars();
        let unit = after.next().is_some_and(|c| "条條章节節编編篇".contains(c));
        return number > 0
            && unit
            && after.next().is_none_or(|c| c.is_whitespace() || c == '：' || c == '之');
    }
    if let Some(rest) = ["附件", "附录", "附錄", "附表"].iter().find_map(|w| text.strip_prefix(w)) {
        return rest
            .trim()
            .chars()
            .all(|c| HAN_NUMBERS.contains(c) || c.is_ascii_alphanumeric() || "：:".contains(c));
    }
    let Some((word, rest)) = text.split_once(' ') else { return HEADING_WORDS.contains(&text) };
    let number = rest.split(|c: char| c.is_whitespace() || ".:—–-".contains(c)).next().unwrap_or("");
    HEADING_WORDS.contains(&word)
        && !number.is_empty()
        && number.len() <= 6
        && number.chars().all(|c| {
            c.is_ascii_digit() || "IVXLC".contains(c) || (number.len() == 1 && c.is_ascii_uppercase())
        })
}

/// Titles that stand alone on their line in documents of every kind, in the spelling of either script.
#[rustfmt::skip]
const STANDING_TITLES: &[&str] = &[
    "摘录", "摘錄", "摘要", "目录", "目錄", "目次", "前言", "序言", "引言", "绪论", "緒論", "结束语", "結束語", "结语", "結語", "附件", "附录",
    "附錄", "附表", "附则", "附則", "总则", "總則", "新闻稿", "新聞稿", "参考文献", "參考文獻", "致谢", "致謝", "Excerpt", "Contents",
    "Table of contents", "Preface", "Foreword", "Preamble", "Introduction", "Summary", "Abstract",
    "Conclusion", "Conclusions", "Annex", "Appendix", "References", "Acknowledgements", "Press release",
];

/// Whether a whole line is a title that stands alone wherever it comes.
pub(super) fn is_standing_title(text: &str) -> bool {
    STANDING_TITLES.contains(&text)
        || (text.is_ascii() && STANDING_TITLES.iter().any(|t| t.eq_ignore_ascii_case(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings() {
        for (text, expected) in [
            ("国际社会的反应。”", Ending::Sentence),
            ("（见附件）。", Ending::Sentence),
            ("古阿姆集团地区旷日持久的冲突及其", Ending::Dangling),
            ("纳戈尔诺-", Ending::Hyphen),
            ("阁下：", Ending::Colon),
            ("（2021年10月）", Ending::Open),
            ("2007 年 7 月 13", Ending::Open),
        ] {
            assert_eq!(ending(text, Lang::Zh), expected, "{text}");
        }
        for (text, expected) in [
            ("and their implications", Ending::Open),
            ("the Permanent Representative of", Ending::Dangling),
            ("as stated by Mr.", Ending::Open),
            ("as stated (see annex I).", Ending::Sentence),
            ("he said.”", Ending::Sentence),
            ("the Secretary-", Ending::Hyphen),
            ("Articles 3, 4,", Ending::Comma),
        ] {
            assert_eq!(ending(text, Lang::En), expected, "{text}");
        }
    }

    #[test]
    fn openings() {
        for (text, expected) in [
            ("，而且", Opening::Closing),
            ("（一）优化就地保护体系", Opening::ListMark),
            ("（1993）号决议", Opening::Other),
            ("一、秉持", Opening::ListMark),
            ("一九九三年", Opening::Other),
            ("1. The Committee", Opening::ListMark),
            ("1.5 million", Opening::ListMark),
            ("1990 was", Opening::Other),
            ("(a) The", Opening::ListMark),
            ("• one", Opening::ListMark),
            ("①一", Opening::ListMark),
            ("第二十一条", Opening::HeadingMark),
            ("第二十一条规定", Opening::Other),
            ("附件一", Opening::HeadingMark),
            ("Article 12", Opening::HeadingMark),
            ("Annex IV", Opening::HeadingMark),
            ("Part of the", Opening::Other),
            ("elections held", Opening::Lower),
            ("……即将", Opening::Other),
            ("-团长-", Opening::Other),
        ] {
            assert_eq!(opening(text), expected, "{text}");
        }
    }
}
