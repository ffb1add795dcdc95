//! One side of the pair as the aligner sees it: tokens with types and positions, lengths, marks.
//!
//! A *type* is a distinct Chinese word, English stem, number or Latin string of this document; a *token* is
//! one occurrence. Everything is flat vectors indexed by segment or token, because the inner loops of the
//! search read nothing else.

use crate::feature::{Expression, ExpressionKind, Key, expressions};
use crate::lexicon::{EntryId, Lexicon, StemId, english_words, is_han, stem};
use crate::model::{Lang, Segment};
use crate::segment::{SegmentOptions, split};
use rustc_hash::FxHashMap;

/// How many letters and digits of English a Latin letter or digit inside Chinese counts as, in Chinese
/// characters. 1 / 3.2, the inverse of the usual ratio, so that a Latin name weighs the same on both sides.
const LATIN_WEIGHT: f32 = 1.0 / 3.2;

/// The share of all tokens above which a type is common: about the 30 commonest words.
const COMMON: f32 = 0.004;

/// The share of English words that a word must make up for its capital to open a sentence rather than a name. Of 1e-4, 3e-4 and
/// 1e-3 the one that makes left-out texts likeliest, by little.
const COMMON_OPENING: f32 = 3e-4;

/// Bytes for which room for a token is made, fewer than most have: an English word of novels, news and the Bible takes 5.3 with what
/// follows it, a Chinese one 5 (three a character, 0.6 words a character).
const BYTES_OF_TOKEN: usize = 4;

/// What a type was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TypeSource {
    Word,
    Number,
    Date,
    Symbol,
}

/// A distinct word, number or Latin string of one side.
#[derive(Debug, Clone)]
pub(crate) struct Type {
    /// The folded word, the stem, or the key of a number.
    pub key: String,
    /// What it was read from.
    pub source: TypeSource,
    /// Its headword in the lexicon (Chinese side).
    pub entry: Option<EntryId>,
    /// Its stem in the lexicon (English side).
    pub stem: Option<StemId>,
    /// Occurrences in this document.
    pub count: u32,
    /// Occurrences written with a capital inside a sentence or anywhere (English side).
    pub capitals: u32,
    /// Mean of its share of this document's tokens and of the language's in general.
    pub probability: f32,
}

/// What punctuation says about a segment.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Marks {
    /// It opens with a quotation mark.
    pub opens_quoted: bool,
    /// A quotation is open at its end.
    pub inside_quote: bool,
    /// It starts a block (paragraph, heading …); always false where the input has no blocks.
    pub starts_block: bool,
    /// It ends without a sentence-final mark.
    pub open_end: bool,
    /// It ends inside a sentence: with a comma or a semicolon, or before a small letter.
    pub breaks_off: bool,
    /// It ends with a closing quotation mark.
    pub closes_quoted: bool,
    /// It ends with a colon.
    pub ends_colon: bool,
    /// It has dots that trail off.
    pub trails_off: bool,
    /// A common English word has a capital in its midst, after a word and a blank: a heading runs into a sentence.
    pub joined: bool,
}

impl Marks {
    /// Whether it ends as a heading does: openly, neither inside a sentence nor before what a colon announces.
    pub fn ends_as_heading(&self) -> bool {
        self.open_end && !self.breaks_off && !self.ends_colon
    }
}

/// One side of the pair.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    /// The first token of each segment, and the number of tokens.
    pub starts: Vec<u32>,
    /// The type of each token.
    pub kind: Vec<u32>,
    /// The middle of each token, in length units from the start of its segment.
    pub at: Vec<f32>,
    /// The characters of its segment's text that each token covers.
    pub span: Vec<(u32, u32)>,
    /// Cumulative length: Chinese characters, or English letters and digits. One more than segments.
    pub offsets: Vec<f64>,
    /// Punctuation of each segment.
    pub marks: Vec<Marks>,
    /// Cumulative numbers of segments that ask, and that exclaim, of sentences, and of clauses (as far as commas and
    /// semicolons tell). One more than segments.
    pub questions: Vec<u32>,
    pub exclamations: Vec<u32>,
    pub sentences: Vec<u32>,
    pub clauses: Vec<u32>,
    /// Cumulative numbers of quotation marks. One more than segments.
    pub quotes: Vec<u32>,
    /// The types.
    pub types: Vec<Type>,
    /// Whether segments are grouped into blocks (paragraphs, headings …) of which some hold several.
    pub has_blocks: bool,
}

impl Text {
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The tokens of a run of segments.
    pub fn tokens(&self, segments: std::ops::Range<usize>) -> std::ops::Range<usize> {
        self.starts[segments.start] as usize..self.starts[segments.end] as usize
    }

    /// The length of a run of segments: Chinese characters, or English letters and digits.
    pub fn length(&self, segments: std::ops::Range<usize>) -> f32 {
        (self.offsets[segments.end] - self.offsets[segments.start]) as f32
    }

    /// Whether a type is too common to tell where a path runs.
    pub fn is_common(&self, kind: u32) -> bool {
        self.types[kind as usize].count > (self.kind.len() as f32 * COMMON).max(8.0) as u32
    }

    /// The segment of each token.
    pub fn segment_of_tokens(&self) -> Vec<u32> {
        let mut out = Vec::with_capacity(self.kind.len());
        for k in 0..self.len() {
            out.resize(self.starts[k + 1] as usize, k as u32);
        }
        out
    }

    /// Reads the tokens of all segments.
    pub fn read(lang: Lang, segments: &[Segment], lexicon: &Lexicon) -> Text {
        let bytes = segments.iter().map(|segment| segment.text.len()).sum();
        let mut reader = Reader::new(lexicon, segments.len(), bytes);
        let has_blocks = segments.windows(2).any(|w| w[0].block == w[1].block);
        for (k, segment) in segments.iter().enumerate() {
            match lang {
                Lang::Zh => reader.read_chinese(&segment.text),
                Lang::En => reader.read_english(&segment.text),
            }
            let starts_block = has_blocks && (k == 0 || segments[k - 1].block != segment.block);
            reader.finish_segment(lang, &segment.text, starts_block);
        }
        reader.text.has_blocks = has_blocks;
        reader.finish(lang)
    }
}

#[cfg(test)]
impl Text {
    /// Reads lines as segments of one document without blocks.
    pub fn of_lines(lang: Lang, lines: &[&str], lexicon: &Lexicon) -> Text {
        let segment = |(k, line): (usize, &&str)| Segment::line(*line, k + 1, 0..line.len());
        Text::read(lang, &lines.iter().enumerate().map(segment).collect::<Vec<_>>(), lexicon)
    }
}

/// A quantity, date or symbol of a segment, which stands for the words it covers.
struct Keyed {
    /// The characters it covers.
    span: std::ops::Range<u32>,
    source: TypeSource,
    keys: Vec<String>,
    told: bool,
}

impl Keyed {
    /// The expressions that a translation must show too. Those that may be missing stay words.
    fn read(text: &str, lang: Lang) -> Vec<Keyed> {
        if !text.chars().any(may_be_number) {
            return Vec::new();
        }
        let (mut byte, mut character) = (0, 0);
        let mut out: Vec<Keyed> = Vec::new();
        for expression in expressions(text, lang).iter().filter(|e| !e.weak) {
            let Some((source, keys)) = keys(expression) else { continue };
            if expression.bytes.start < byte {
                continue;
            }
            let start = character + count(&text[byte..expression.bytes.start]);
            (byte, character) = (expression.bytes.end, start + count(&text[expression.bytes.clone()]));
            out.push(Keyed { span: start..character, source, keys, told: false });
        }
        out
    }
}

/// Cheap test that saves reading most segments: digits and the characters of Chinese numbers, capitals and the
/// letters with which English number words begin are everywhere, so only texts without any of them are left out.
fn may_be_number(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || c.is_numeric()
        || "零〇一二三四五六七八九十百千万亿兩两廿卅萬億半数數第百分".contains(c)
}

/// The keys of all expressions of a text, also of those that may be mere words.
pub(crate) fn number_keys(text: &str, lang: Lang) -> Vec<String> {
    expressions(text, lang).iter().filter_map(keys).flat_map(|(_, keys)| keys).collect()
}

/// The keys under which an expression is compared: equal keys link.
fn keys(expression: &Expression) -> Option<(TypeSource, Vec<String>)> {
    let source = match expression.kind {
        ExpressionKind::Date | ExpressionKind::Weekday | ExpressionKind::Time => TypeSource::Date,
        ExpressionKind::Symbol | ExpressionKind::Code | ExpressionKind::Url | ExpressionKind::Email => {
            TypeSource::Symbol
        }
        ExpressionKind::Latin => return None,
        _ => TypeSource::Number,
    };
    let keys = match &expression.key {
        Key::Date { year, month, day } => {
            let year = year.map(|y| format!("#{y}"));
            let month = month.map(|m| format!("#month {m}"));
            let day = day.map(|d| format!("#day {d}"));
            [year, month, day].into_iter().flatten().collect()
        }
        Key::Number(n) => match n.whole() {
            Some(whole) => vec![format!("#{whole}")],
            None => vec![format!("#{n:?}")],
        },
        Key::Decade(year) => vec![format!("#{year}s")],
        // One side may take a code of letters and digits (A2) for a word: words are compared without a mark.
        Key::Text(text) if text.bytes().all(|b| b.is_ascii_alphanumeric()) => vec![text.to_ascii_lowercase()],
        Key::Text(text) => vec![format!("#{}", text.to_lowercase())],
        other => vec![format!("#{other:?}")],
    };
    Some((source, keys))
}

struct Reader<'l> {
    lexicon: &'l Lexicon,
    text: Text,
    by_key: FxHashMap<String, u32>,
    by_surface: FxHashMap<String, u32>,
    length: f32,
    inside_quote: bool,
    joined: bool,
}

impl<'l> Reader<'l> {
    fn new(lexicon: &'l Lexicon, segments: usize, bytes: usize) -> Self {
        let tokens = bytes / BYTES_OF_TOKEN;
        let text = Text {
            starts: vec![0],
            kind: Vec::with_capacity(tokens),
            at: Vec::with_capacity(tokens),
            span: Vec::with_capacity(tokens),
            offsets: vec![0.0],
            marks: Vec::with_capacity(segments),
            questions: vec![0],
            exclamations: vec![0],
            sentences: vec![0],
            clauses: vec![0],
            quotes: vec![0],
            types: Vec::new(),
            has_blocks: false,
        };
        Reader {
            lexicon,
            text,
            by_key: FxHashMap::default(),
            by_surface: FxHashMap::default(),
            length: 0.0,
            inside_quote: false,
            joined: false,
        }
    }

    fn type_of(&mut self, key: &str, entry: Option<EntryId>, stem: Option<StemId>) -> u32 {
        if let Some(&id) = self.by_key.get(key) {
            return id;
        }
        let id = self.text.types.len() as u32;
        self.text.types.push(Type {
            key: key.to_string(),
            source: TypeSource::Word,
            entry,
            stem,
            count: 0,
            capitals: 0,
            probability: 0.0,
        });
        self.by_key.insert(key.to_string(), id);
        id
    }

    fn push(&mut self, kind: u32, at: f32, span: (u32, u32)) {
        self.text.kind.push(kind);
        self.text.at.push(at);
        self.text.span.push(span);
        self.text.types[kind as usize].count += 1;
    }

    /// Whether the token belongs to an expression; the first one tells it.
    fn push_keyed(&mut self, keyed: &mut [Keyed], span: (u32, u32), at: f32) -> bool {
        let k = keyed.partition_point(|k| k.span.end <= span.0);
        let Some(found) = keyed.get_mut(k).filter(|k| k.span.start < span.1) else { return false };
        if !found.told {
            found.told = true;
            for key in &found.keys {
                let kind = self.type_of(key, None, None);
                self.text.types[kind as usize].source = found.source;
                self.push(kind, at, (found.span.start, found.span.end));
            }
        }
        true
    }

    fn read_chinese(&mut self, text: &str) {
        // A line without any Chinese is written as in English: 23 July 2007 under the symbol of a Chinese letter.
        let written = if text.chars().any(is_han) { Lang::Zh } else { Lang::En };
        let mut keyed = Keyed::read(text, written);
        let folded = self.lexicon.fold(text);
        self.length = 0.0;
        let mut done = 0;
        let mut characters = 0;
        for word in self.lexicon.words(&folded) {
            characters += count(&folded[done..word.bytes.start]);
            self.length += chinese_length(&folded[done..word.bytes.start]);
            let surface = &folded[word.bytes.clone()];
            let span = chinese_length(surface);
            let from = characters;
            characters += count(surface);
            done = word.bytes.end;
            if self.push_keyed(&mut keyed, (from, characters), self.length + span / 2.0) {
                self.length += span;
                continue;
            }
            let latin = surface.bytes().any(|b| b.is_ascii_alphabetic());
            let kind = if latin {
                self.type_of(&surface.to_lowercase(), None, None)
            } else {
                self.type_of(surface, word.entry, None)
            };
            self.push(kind, self.length + span / 2.0, (from, characters));
            self.length += span;
        }
        self.length += chinese_length(&folded[done..]);
    }

    fn read_english(&mut self, text: &str) {
        let mut keyed = Keyed::read(text, Lang::En);
        self.length = 0.0;
        let mut done = 0;
        let mut characters = 0;
        self.joined = false;
        for word in english_words(text) {
            let between = &text[done..word.bytes.start];
            characters += count(between);
            self.length += english_length(between);
            let span = english_length(word.surface);
            let from = characters;
            characters += count(word.surface);
            done = word.bytes.end;
            if self.push_keyed(&mut keyed, (from, characters), self.length + span / 2.0) {
                self.length += span;
                continue;
            }
            let kind = match self.by_surface.get(word.surface) {
                Some(&kind) => kind,
                None => {
                    let key = stem(word.surface);
                    let id = self.lexicon.stem_id(&key);
                    let kind = self.type_of(&key, None, id);
                    self.by_surface.insert(word.surface.to_string(), kind);
                    kind
                }
            };
            if let Some(rest) = word.surface.strip_prefix(char::is_uppercase) {
                let kind = &mut self.text.types[kind as usize];
                kind.capitals += 1;
                let written_so = between == " " && !rest.is_empty() && rest.chars().all(char::is_lowercase);
                let common = |s| self.lexicon.stem_probability(s) > COMMON_OPENING;
                self.joined |= written_so && kind.stem.is_some_and(common);
            }
            self.push(kind, self.length + span / 2.0, (from, characters));
            self.length += span;
        }
        self.length += english_length(&text[done..]);
    }

    fn finish_segment(&mut self, lang: Lang, text: &str, starts_block: bool) {
        self.text.starts.push(self.text.kind.len() as u32);
        let total = self.text.offsets[self.text.offsets.len() - 1] + f64::from(self.length);
        self.text.offsets.push(total);
        if starts_block {
            self.inside_quote = false;
        }
        let opens_quoted = text.starts_with(['“', '‘', '"', '\'', '「', '『']);
        self.inside_quote = match lang {
            Lang::Zh => inside_chinese_quote(text, self.inside_quote),
            Lang::En => inside_english_quote(text, self.inside_quote),
        };
        let last = text.trim_end_matches(['”', '’', '"', '\'', '」', '』', '）', ')', ' ']).chars().last();
        let add = |sums: &mut Vec<u32>, more: usize| sums.push(sums[sums.len() - 1] + more as u32);
        add(&mut self.text.questions, usize::from(text.contains(['？', '?'])));
        add(&mut self.text.exclamations, usize::from(text.contains(['！', '!'])));
        let sentences = sentences(text, lang);
        add(&mut self.text.sentences, sentences);
        let commas =
            text.chars().filter(|c| matches!(c, '，' | '、' | '；' | '：' | ',' | ';' | ':')).count();
        add(&mut self.text.clauses, sentences + commas);
        add(
            &mut self.text.quotes,
            text.chars().filter(|c| matches!(c, '“' | '”' | '「' | '」' | '『' | '』' | '"')).count(),
        );
        if let Some(before) = self.text.marks.last_mut() {
            before.breaks_off |= !starts_block && text.starts_with(|c: char| c.is_ascii_lowercase());
        }
        self.text.marks.push(Marks {
            opens_quoted,
            inside_quote: self.inside_quote,
            starts_block,
            breaks_off: last.is_some_and(|c| "，、；,;-–—".contains(c)),
            closes_quoted: text.trim_end().ends_with(['”', '’', '"', '\'', '」', '』']),
            ends_colon: last.is_some_and(|c| "：:".contains(c)),
            trails_off: trails_off(text),
            joined: self.joined,
            open_end: !last.is_some_and(|c| "。！？…!?.；;".contains(c)),
        });
    }

    fn finish(mut self, lang: Lang) -> Text {
        let tokens = self.text.kind.len().max(1) as f32;
        for kind in &mut self.text.types {
            let here = kind.count as f32 / tokens;
            let general = match lang {
                Lang::Zh => kind.entry.map(|e| self.lexicon.entry_probability(e)),
                Lang::En => kind.stem.map(|l| self.lexicon.stem_probability(l)),
            };
            kind.probability = (here + general.unwrap_or(1e-7)) / 2.0;
        }
        self.text
    }
}

/// How many sentences the splitter sees. Most segments have no mark but at their end, and are not split for that.
fn sentences(text: &str, lang: Lang) -> usize {
    let is_end = |c: char| matches!(c, '。' | '！' | '？' | '…' | '!' | '?' | '.');
    let inner = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    if inner.contains(is_end) { split(text, lang, &SegmentOptions::default()).len() } else { 1 }
}

/// Whether a text has dots that trail off: `…`, `..` or `. .`.
fn trails_off(text: &str) -> bool {
    let bytes = text.as_bytes();
    let dots = bytes.iter().enumerate().filter(|(_, b)| **b == b'.');
    let again = |k: usize| bytes[k + 1..].starts_with(b".") || bytes[k + 1..].starts_with(b" .");
    text.contains('…') || dots.map(|(k, _)| k).any(again)
}

fn count(text: &str) -> u32 {
    text.chars().count() as u32
}

/// Chinese characters count 1, Latin letters and digits [`LATIN_WEIGHT`], all else nothing.
fn chinese_length(text: &str) -> f32 {
    text.chars()
        .map(|c| {
            if c.is_ascii() {
                if c.is_ascii_alphanumeric() { LATIN_WEIGHT } else { 0.0 }
            } else if c.is_alphanumeric() {
                1.0
            } else {
                0.0
            }
        })
        .sum()
}

/// Letters and digits.
fn english_length(text: &str) -> f32 {
    if text.is_ascii() {
        text.bytes().filter(u8::is_ascii_alphanumeric).count() as f32
    } else {
        text.chars().filter(|c| c.is_alphanumeric()).count() as f32
    }
}

/// Whether a Chinese quotation is open after the text, given whether one was open before.
fn inside_chinese_quote(text: &str, before: bool) -> bool {
    let mut inside = before;
    for c in text.chars() {
        match c {
            '“' | '「' | '『' => inside = true,
            '”' | '」' | '』' => inside = false,
            '"' => inside = !inside,
            _ => {}
        }
    }
    inside
}

/// Whether an English quotation is open after the text: double quotes of any kind, and single ones where
/// they open after a space and close after punctuation, so that apostrophes do not count.
fn inside_english_quote(text: &str, before: bool) -> bool {
    let mut inside = before;
    let mut previous = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied().unwrap_or(' ');
        match c {
            '“' => inside = true,
            '”' => inside = false,
            '"' => inside = !inside,
            '‘' => inside = true,
            '’' | '\'' => {
                if c == '\''
                    && !previous.is_alphanumeric()
                    && next.is_alphanumeric()
                    && !".,!?".contains(previous)
                {
                    inside = true;
                } else if ".,!?…—-".contains(previous) && !next.is_alphanumeric() {
                    inside = false;
                }
            }
            _ => {}
        }
        previous = c;
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_that_runs_into_a_sentence_shows() {
        let lexicon = Lexicon::built_in();
        let joined = |line: &str| Text::of_lines(Lang::En, &[line], &lexicon).marks[0].joined;
        assert!(joined("Repairing your account on the reader Go to the home screen."));
        for line in
            ["Go to the home screen.", "He met Grzegorz there.", "The end. Go home.", "I go where I am."]
        {
            assert!(!joined(line), "{line}");
        }
    }

    #[test]
    fn dots_that_trail_off_are_two_or_more() {
        for text in ["Well…", "Well..", "Well. . .", ".."] {
            assert!(trails_off(text), "{text}");
        }
        for text in ["Well.", "Mr. Li. No", "", "3.5"] {
            assert!(!trails_off(text), "{text}");
        }
    }
}
