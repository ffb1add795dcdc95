//! Whether a hyphen at a line's end belongs to the word: `Nagorno-/Karabakh` keeps it, `co-/operation` loses it.
//!
//! The document itself is the best witness: does it write the joined or the hyphenated word inside a line? Short
//! word lists decide the rest. This module moves no text.

use super::lines::Line;
use std::collections::HashMap;

/// The words of a document with their number, and those compounds that are written with a hyphen inside a line.
/// They tell whether a hyphen at a line's end belongs to the word.
#[derive(Debug, Default)]
pub(super) struct Words {
    plain: HashMap<String, u32>,
    hyphenated: HashMap<String, u32>,
}

/// Hyphen-minus, hyphen, and non-breaking hyphen.
pub(super) fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}')
}

/// First elements after which a hyphen stays where the document gives no evidence: combining forms that are usually
/// written with a hyphen and are not also common first syllables. Chosen by hand, with no list behind them.
#[rustfmt::skip]
const KEEPS: &[&str] = &[
    "self", "so", "non", "well", "vice", "quasi", "cross", "half", "high", "long", "short", "large",
    "small", "full", "two", "three", "four", "five", "six", "seven", "eight", "nine", "first", "second",
    "third", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "top", "zero",
    "medium", "fixed", "low",
];

/// Words that often stand before or after the hyphen of a compound. Together with the words of the document they
/// tell compounds (`sanctions-/related`) from broken words; single syllables (`rate`, `led`) are left out.
#[rustfmt::skip]
const COMPOUNDING: &[&str] = &[
    "based", "related", "level", "term", "sized", "wide", "scale", "free", "friendly", "owned", "oriented",
    "driven", "effective", "efficient", "intensive", "specific", "income", "border", "sector", "party",
    "known", "established", "standing", "looking", "ranging", "reaching", "called", "making", "building",
    "keeping", "sharing", "solving", "average", "quality", "speed", "depth", "range", "profit", "member",
    "operational", "economic", "political", "military", "wage", "win", "carbon", "state", "board", "paper",
    "core", "cost", "risk", "rule", "rules", "evidence", "community", "government", "export", "import",
    "technology", "knowledge", "labour", "energy", "climate", "gender", "public", "private", "world",
    "country", "nation", "user", "data", "decision", "policy", "peace", "north", "south", "east", "west",
    "above", "below", "eco", "bio", "socio", "anti", "multi", "inter", "intra", "mid", "post", "pre", "all",
    "one", "part", "people", "market", "human", "land", "year", "time", "end", "old", "new", "single",
    "double", "micro", "macro",
];

/// Solid words made of two words: their halves are no evidence for a hyphen. Chosen by hand.
#[rustfmt::skip]
const SOLID: &[&str] = &[
    "without", "within", "into", "onto", "upon", "cannot", "today", "together", "therefore", "however",
    "another", "become", "income", "outcome", "outside", "inside", "somebody", "something", "someone",
    "sometimes", "anybody", "anything", "anyone", "everybody", "everything", "everyone", "nobody",
    "nothing", "themselves", "himself", "herself", "itself", "ourselves", "myself", "yourself", "herein",
    "hereby", "thereof", "therein", "thereby", "whereas", "whereby", "wherever", "whenever", "whatever",
    "framework", "network", "understand", "undertake", "underline", "overall", "overcome", "throughout",
    "worldwide", "nationwide", "workshop", "background", "forward", "toward", "towards", "afterwards",
    "meanwhile", "otherwise", "likewise", "furthermore", "moreover", "nevertheless", "nonetheless",
    "notwithstanding", "already", "always", "almost", "also", "although", "along", "away", "before",
    "behind", "because", "below", "beside", "besides", "between", "beyond", "household", "livelihood",
    "stakeholder", "shareholder", "safeguard", "highlight", "password", "database", "website", "online",
    "offline", "download", "upload", "feedback", "landscape", "mainland", "mankind", "membership",
    "leadership", "ownership", "partnership", "downstream", "upstream", "setback", "understanding",
    "undertaking", "outstanding", "overlooking", "interesting", "international", "multinational",
    "timescale", "lifetime", "overtime", "update", "uphold", "input", "output", "forecast", "breakthrough",
    "childhood", "neighbourhood", "neighborhood", "rainfall", "groundwater", "seawater", "wildlife",
    "farmland", "grassland", "wetland", "woodland", "airport", "standpoint", "viewpoint", "keyword",
    "deadline", "guideline", "baseline", "timetable", "handbook", "textbook", "notebook", "weekend",
    "birthday", "football", "newspaper", "percent", "maybe", "outbreak", "overview",
];

impl Words {
    /// Counts the words of an English document. `text` is the whole clean text, its lines tell where it is cut.
    pub fn count(text: &str, lines: &[Line]) -> Words {
        let mut words = Words::default();
        let mut was_cut = false;
        for line in lines {
            let content = &text[line.content.clone()];
            let cut = content.ends_with(is_hyphen);
            let mut tokens = content.split(|c: char| !c.is_alphabetic() && !is_hyphen(c)).peekable();
            let mut first = std::mem::replace(&mut was_cut, cut);
            while let Some(token) = tokens.next() {
                // What stands beside a hyphen at a line's end may be a part of a word.
                let part = std::mem::take(&mut first) || (cut && tokens.peek().is_none());
                if token.is_empty() || part {
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
    pub fn keeps_hyphen(&self, before: &str, after: &str) -> bool {
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
