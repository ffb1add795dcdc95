//! Lines into the text of a block: what stands between two joined lines, and which hyphens go.
//!
//! Takes the decision that lines belong together as given. Every original character ends up in a piece or, a
//! line-end hyphen that only broke a word, in a change.

use super::lines::{Line, Source};
use crate::model::{Block, BlockKind, Change, ChangeReason, Lang, Piece};
use std::collections::HashMap;
use std::ops::Range;

/// The words of a document with their number, and those compounds that are written with a hyphen inside a line.
/// They tell whether a hyphen at a line's end belongs to the word.
#[derive(Debug, Default)]
pub(super) struct Words {
    plain: HashMap<String, u32>,
    hyphenated: HashMap<String, u32>,
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}')
}

/// First elements after which a hyphen stays where the document gives no evidence: combining forms that the United
/// Nations Editorial Manual (spelling list) and New Hart's Rules write with a hyphen as a rule, and that are not
/// also common first syllables.
const KEEPS: &[&str] = &[
    "self", "so", "non", "well", "vice", "quasi", "cross", "half", "high", "long", "short", "large", "small",
    "full", "two", "three", "four", "five", "six", "seven", "eight", "nine", "first", "second", "third",
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "top", "zero", "medium",
    "fixed", "low",
];

/// Words that often stand before or after the hyphen of a compound. Together with the words of the document they
/// tell compounds (`sanctions-/related`) from broken words; single syllables (`rate`, `led`) are left out.
const COMPOUNDING: &[&str] = &[
    "based",
    "related",
    "level",
    "term",
    "sized",
    "wide",
    "scale",
    "free",
    "friendly",
    "owned",
    "oriented",
    "driven",
    "governmental",
    "effective",
    "efficient",
    "intensive",
    "specific",
    "income",
    "border",
    "sector",
    "party",
    "known",
    "established",
    "standing",
    "looking",
    "ranging",
    "reaching",
    "called",
    "making",
    "building",
    "keeping",
    "sharing",
    "solving",
    "average",
    "quality",
    "speed",
    "depth",
    "range",
    "profit",
    "member",
    "operational",
    "economic",
    "political",
    "military",
    "wage",
    "win",
    "carbon",
    "state",
    "board",
    "paper",
    "core",
    "cost",
    "risk",
    "rule",
    "rules",
    "evidence",
    "community",
    "government",
    "export",
    "import",
    "technology",
    "knowledge",
    "labour",
    "energy",
    "climate",
    "gender",
    "public",
    "private",
    "world",
    "country",
    "nation",
    "user",
    "data",
    "decision",
    "policy",
    "peace",
    "north",
    "south",
    "east",
    "west",
    "above",
    "below",
    "eco",
    "bio",
    "socio",
    "anti",
    "multi",
    "inter",
    "intra",
    "mid",
    "post",
    "pre",
    "all",
    "one",
    "part",
    "people",
    "market",
    "human",
    "land",
    "year",
    "time",
    "end",
    "old",
    "new",
    "single",
    "double",
    "micro",
    "macro",
];

/// Solid words made of two words: their halves are no evidence for a hyphen. The most frequent ones of running
/// English.
const SOLID: &[&str] = &[
    "without",
    "within",
    "into",
    "onto",
    "upon",
    "cannot",
    "today",
    "together",
    "therefore",
    "however",
    "another",
    "become",
    "income",
    "outcome",
    "outside",
    "inside",
    "somebody",
    "something",
    "someone",
    "sometimes",
    "anybody",
    "anything",
    "anyone",
    "everybody",
    "everything",
    "everyone",
    "nobody",
    "nothing",
    "themselves",
    "himself",
    "herself",
    "itself",
    "ourselves",
    "myself",
    "yourself",
    "herein",
    "hereby",
    "thereof",
    "therein",
    "thereby",
    "whereas",
    "whereby",
    "wherever",
    "whenever",
    "whatever",
    "framework",
    "network",
    "understand",
    "undertake",
    "underline",
    "overall",
    "overcome",
    "throughout",
    "worldwide",
    "nationwide",
    "workshop",
    "background",
    "forward",
    "toward",
    "towards",
    "afterwards",
    "meanwhile",
    "otherwise",
    "likewise",
    "furthermore",
    "moreover",
    "nevertheless",
    "nonetheless",
    "notwithstanding",
    "already",
    "always",
    "almost",
    "also",
    "although",
    "along",
    "away",
    "before",
    "behind",
    "because",
    "below",
    "beside",
    "besides",
    "between",
    "beyond",
    "household",
    "livelihood",
    "stakeholder",
    "shareholder",
    "safeguard",
    "highlight",
    "password",
    "database",
    "website",
    "online",
    "offline",
    "download",
    "upload",
    "feedback",
    "landscape",
    "mainland",
    "mankind",
    "membership",
    "leadership",
    "ownership",
    "partnership",
    "downstream",
    "upstream",
    "setback",
    "understanding",
    "undertaking",
    "outstanding",
    "overlooking",
    "interesting",
    "international",
    "multinational",
    "timescale",
    "lifetime",
    "overtime",
    "update",
    "uphold",
    "input",
    "output",
    "forecast",
    "breakthrough",
    "childhood",
    "neighbourhood",
    "neighborhood",
    "rainfall",
    "groundwater",
    "seawater",
    "wildlife",
    "farmland",
    "grassland",
    "wetland",
    "woodland",
    "airport",
    "standpoint",
    "viewpoint",
    "keyword",
    "deadline",
    "guideline",
    "baseline",
    "timetable",
    "handbook",
    "textbook",
    "notebook",
    "weekend",
    "birthday",
    "football",
    "newspaper",
    "percent",
    "maybe",
    "outbreak",
    "output",
    "overview",
];

impl Words {
    /// Counts the words of an English document. `text` is the whole clean text, its lines tell where it is cut.
    pub fn count(text: &str, lines: &[Line]) -> Words {
        let mut words = Words::default();
        for line in lines {
            let content = &text[line.content.clone()];
            let cut = content.ends_with(is_hyphen);
            let mut tokens = content.split(|c: char| !c.is_alphabetic() && !is_hyphen(c)).peekable();
            while let Some(token) = tokens.next() {
                // The last token of a line that ends in a hyphen is a fragment.
                if token.is_empty() || (cut && tokens.peek().is_none()) {
                    continue;
                }
                let token = token.to_lowercase().replace(is_hyphen, "-");
                if token.trim_matches('-').contains('-') {
                    *words.hyphenated.entry(token.clone()).or_default() += 1;
                }
                for word in token.split('-').filter(|w| !w.is_empty()) {
                    *words.plain.entry(word.to_string()).or_default() += 1;
                }
            }
        }
        words
    }

    fn has(&self, word: &str) -> bool {
        self.plain.contains_key(word)
    }

    /// Whether the hyphen between the end of one line and the beginning of the next belongs to the word.
    ///
    /// In this order: it does before a capital or a digit (`Nagorno-/Karabakh`); the document writes the joined
    /// word (goes) or the hyphenated one (stays) inside a line; the word before has a hyphen already
    /// (`state-of-the-/art`); the first half is a combining form; both halves are words and the joined form is none
    /// of the solid ones. Otherwise it broke a word.
    fn keeps_hyphen(&self, before: &str, after: &str) -> bool {
        let head: String = before.trim_end_matches(is_hyphen).to_lowercase().replace(is_hyphen, "-");
        let tail: String = after.chars().take_while(|c| c.is_alphabetic()).collect();
        let upper = |s: &str| s.chars().all(char::is_uppercase) && s.chars().count() > 1;
        let first_is_upper = tail.starts_with(char::is_uppercase);
        if tail.is_empty() || (first_is_upper && !(upper(&tail) && upper(before.trim_end_matches(is_hyphen))))
        {
            return true;
        }
        if head.is_empty() || !head.chars().next_back().is_some_and(char::is_alphabetic) {
            return true;
        }
        let tail = tail.to_lowercase();
        let joined = self.plain.get(&format!("{head}{tail}")).copied().unwrap_or(0);
        let hyphenated = self.hyphenated.get(&format!("{head}-{tail}")).copied().unwrap_or(0);
        if joined != hyphenated {
            return hyphenated > joined;
        }
        if SOLID.contains(&format!("{head}{tail}").as_str()) {
            return false;
        }
        if let Some((_, last)) = head.rsplit_once('-') {
            return !self.has(&format!("{last}{tail}")) || self.has(&tail);
        }
        if KEEPS.contains(&head.as_str()) {
            return true;
        }
        let is_known = |word: &str| self.has(word) || COMPOUNDING.contains(&word);
        let listed = COMPOUNDING.contains(&head.as_str()) || COMPOUNDING.contains(&tail.as_str());
        let least = if listed { 3 } else { 4 };
        head.len() >= least && tail.len() >= 4 && is_known(&head) && is_known(&tail)
    }
}

/// What stands between two joined lines.
#[derive(Debug, PartialEq, Eq)]
struct Seam {
    separator: &'static str,
    drop_hyphen: bool,
}

fn is_latin(c: char) -> bool {
    c.is_alphanumeric() && !is_han(c)
}

fn is_han(c: char) -> bool {
    matches!(c as u32, 0x2E80..=0x2FDF | 0x3005..=0x3007 | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

fn is_wide_mark(c: char) -> bool {
    matches!(c as u32, 0x3001..=0x3003 | 0x3008..=0x301F | 0xFF01..=0xFF0F | 0xFF1A..=0xFF20 | 0xFF3B..=0xFF40)
}

fn seam(before: &str, after: &str, soft_hyphen: bool, lang: Lang, words: &Words) -> Seam {
    let nothing = Seam { separator: "", drop_hyphen: false };
    let (Some(last), Some(first)) = (before.chars().next_back(), after.chars().next()) else {
        return nothing;
    };
    if soft_hyphen && last.is_alphabetic() && first.is_alphabetic() {
        return nothing;
    }
    let penultimate = before.chars().rev().nth(1);
    if is_hyphen(last) && penultimate.is_some_and(char::is_alphanumeric) && first.is_alphanumeric() {
        // No word is longer than this; without the limit a text of nothing but hyphens would take quadratic time.
        let head: usize = before
            .chars()
            .rev()
            .take(64)
            .take_while(|&c| c.is_alphabetic() || is_hyphen(c))
            .map(char::len_utf8)
            .sum();
        let head = &before[before.len() - head..];
        let latin = penultimate.is_some_and(is_latin) && is_latin(first);
        return Seam { separator: "", drop_hyphen: latin && !words.keeps_hyphen(head, after) };
    }
    let tight_dash = matches!(last, '/' | '–' | '—') && penultimate.is_some_and(|c| !c.is_whitespace());
    let glued = is_han(last) || is_han(first) || is_wide_mark(last) || is_wide_mark(first);
    match lang {
        _ if tight_dash && (is_latin(first) || glued) && !(last == '—' && first.is_uppercase()) => nothing,
        Lang::Zh if glued => nothing,
        Lang::Zh if is_latin(last) && is_latin(first) => Seam { separator: " ", drop_hyphen: false },
        // After Latin punctuation in Chinese text a space only before Latin letters.
        Lang::Zh if matches!(last, ',' | '.' | ';' | ':' | ')') && is_latin(first) => {
            Seam { separator: " ", drop_hyphen: false }
        }
        Lang::Zh => nothing,
        Lang::En if glued && is_wide_mark(last) => nothing,
        Lang::En => Seam { separator: " ", drop_hyphen: false },
    }
}

/// Builds one block out of lines.
#[derive(Debug)]
pub(super) struct Builder<'a> {
    source: &'a Source,
    words: &'a Words,
    lang: Lang,
    text: String,
    pieces: Vec<Piece>,
    /// Where the last line's content ends in the clean text, and its number.
    last: Option<(usize, usize)>,
}

impl<'a> Builder<'a> {
    pub fn new(source: &'a Source, words: &'a Words, lang: Lang) -> Self {
        Builder { source, words, lang, text: String::new(), pieces: Vec::new(), last: None }
    }

    /// Adds a line. `tight`: nothing stands between it and the line before, whatever the words say.
    pub fn push(&mut self, line: &Line, tight: bool, changes: &mut Vec<Change>) {
        let content = &self.source.text[line.content.clone()];
        if let Some((end, number)) = self.last {
            let soft = self.source.ends_in_soft_hyphen(end);
            if !tight {
                let seam = seam(&self.text, content, soft, self.lang, self.words);
                if seam.drop_hyphen {
                    self.drop_last_character(end, number, changes);
                }
                self.text.push_str(seam.separator);
            }
        }
        for (separator, range) in spans(&self.source.text, line.content.clone()) {
            self.text.push_str(separator);
            self.pieces.extend(self.source.pieces(range.clone(), line.number, self.text.len()));
            self.text.push_str(&self.source.text[range]);
        }
        self.last = Some((line.content.end, line.number));
    }

    fn drop_last_character(&mut self, end: usize, line: usize, changes: &mut Vec<Change>) {
        let Some(hyphen) = self.text.pop() else { return };
        changes.extend(self.source.changes(ChangeReason::SoftHyphen, end - hyphen.len_utf8()..end, line));
        if let Some(piece) = self.pieces.last_mut() {
            piece.place.bytes.end -= hyphen.len_utf8();
            if piece.place.bytes.is_empty() {
                self.pieces.pop();
            }
        }
    }

    /// The text so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The block.
    pub fn finish(self, kind: BlockKind) -> Block {
        Block { kind, text: self.text, pieces: self.pieces }
    }
}

/// A line's content as stretches that are copied, each with what stands before it: runs of white space become one
/// space, the spaces of letter-spaced words go.
///
/// `"联 合 国   A/61/1006"` -> `"联合国 A/61/1006"`; `"大  会  安全理事会"` -> `"大会 安全理事会"`
fn spans(text: &str, content: Range<usize>) -> Vec<(&'static str, Range<usize>)> {
    let line = &text[content.clone()];
    let mut tokens: Vec<Range<usize>> = Vec::new();
    let mut start = None;
    for (at, c) in line.char_indices() {
        match (c.is_whitespace(), start) {
            (false, None) => start = Some(at),
            (true, Some(from)) => {
                tokens.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        tokens.push(from..line.len());
    }
    let single = |t: &Range<usize>| {
        let mut characters = line[t.clone()].chars();
        characters.next().filter(|_| characters.next().is_none())
    };
    // Letter-spaced: on a line of few words, Han characters that each stand alone.
    let spaced = tokens.len() >= 2 && tokens.len() <= 20;
    let alone: Vec<bool> = tokens.iter().map(|t| spaced && single(t).is_some_and(is_han)).collect();
    let mut parts: Vec<(&'static str, Range<usize>)> = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        let range = content.start + token.start..content.start + token.end;
        let Some((_, last)) = parts.last_mut() else {
            parts.push(("", range));
            continue;
        };
        let white = &text[last.end..range.start];
        if alone[i - 1] && alone[i] {
            parts.push(("", range));
        } else if white == " " {
            last.end = range.end;
        } else {
            parts.push((" ", range));
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::lines::split_lines;

    fn joined(text: &str, lang: Lang) -> String {
        let (source, mut changes) = Source::new(text.to_string());
        let lines = split_lines(&source.text);
        let words = Words::count(&source.text, &lines);
        let mut builder = Builder::new(&source, &words, lang);
        lines.iter().for_each(|line| builder.push(line, false, &mut changes));
        builder.text().to_string()
    }

    #[test]
    fn chinese_lines_join_without_space() {
        assert_eq!(
            joined("以及 2007 年\n7 月 9 日致函阁下，\n今又", Lang::Zh),
            "以及 2007 年7 月 9 日致函阁下，今又"
        );
        assert_eq!(joined("纳戈尔诺-\n卡拉巴赫", Lang::Zh), "纳戈尔诺-卡拉巴赫");
        assert_eq!(joined("由 Marie Anne\nISLER 夫人", Lang::Zh), "由 Marie Anne ISLER 夫人");
    }

    #[test]
    fn english_hyphens() {
        for (text, expected) in [
            ("in Nagorno-\nKarabakh on", "in Nagorno-Karabakh on"),
            ("the so-\ncalled vote", "the so-called vote"),
            ("its co-\noperation with", "its cooperation with"),
            ("co-operation and its co-\noperation with", "co-operation and its co-operation with"),
            ("inter-\nnational law", "international law"),
            ("a government and an inter-\ngovernmental body", "a government and an intergovernmental body"),
            ("governmental and inter-\ngovernmental", "governmental and inter-governmental"),
            ("with-\nout doubt", "without doubt"),
            ("state-of-the-\nart", "state-of-the-art"),
            ("the years 1990-\n1995", "the years 1990-1995"),
            (
                "a decision for the making of decision-\nmaking",
                "a decision for the making of decision-making",
            ),
            ("soft hy\u{AD}\nphen", "soft hyphen"),
            ("peace and\nsecurity", "peace and security"),
            ("and/\nor", "and/or"),
        ] {
            assert_eq!(joined(text, Lang::En), expected);
        }
    }

    #[test]
    fn letter_spacing_goes() {
        assert_eq!(joined("联 合 国   A/61/1006", Lang::Zh), "联合国 A/61/1006");
        assert_eq!(joined("大  会  安全理事会", Lang::Zh), "大会 安全理事会");
        assert_eq!(joined("议程项目 17 和 27", Lang::Zh), "议程项目 17 和 27");
    }
}
