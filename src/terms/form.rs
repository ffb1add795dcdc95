//! A target term made ready to be looked for: its letters or stems, and the short forms that are spelled from it.

use super::matcher::{Matcher, en_words, plain};
use crate::lexicon::{Lexicon, is_function_word, is_han, stem};
use crate::model::Lang;

/// Short forms of this many characters on are told from chance. Chosen: of two or three, too much text is longer.
pub(super) const SHORT: usize = 4;
/// Terms of this many words on stand in any order, and abbreviated. Chosen: of two, chance makes many.
const LEAST_WORDS: usize = 3;

/// A term made ready to be looked for.
#[derive(Debug)]
pub(super) struct Form {
    pub lang: Lang,
    /// Chinese: characters without marks and 的. English: letters of all words.
    pub letters: Vec<char>,
    /// The letters as one text, without stops.
    pub together: String,
    /// English: the stems of its content words, as the matcher numbers them.
    pub stems: Vec<u32>,
    /// English: the same words as they are written, in lower case.
    pub surfaces: Vec<String>,
    /// Other spellings of the same: 央行 for 中央银行, 银行公会 for 香港银行公会.
    pub short: Vec<Vec<char>>,
    /// English: the letters of an abbreviation.
    pub initials: Vec<char>,
    /// Chinese: its words of two characters or more, where it is made of three or more of them.
    pub words: Vec<Vec<char>>,
    /// Chinese: what is left when its first words are dropped, the longest first; the first characters of two words.
    pub tails: Vec<Vec<char>>,
    /// Chinese: all its words.
    pub cut: Vec<Vec<char>>,
    /// English: the first letters of its words of content, where there are three or more, in lower case.
    pub abbreviation: Vec<char>,
}

impl Form {
    /// Takes a term that the matcher holds.
    pub fn new(lexicon: &Lexicon, lang: Lang, matcher: &Matcher, term: &str) -> Form {
        let letters: Vec<char> =
            letters(lexicon, term).map(|x| x.0).filter(|c| !is_stop(*c) && *c != '、').collect();
        let (surfaces, content): (Vec<String>, Vec<String>) = match lang {
            Lang::Zh => (Vec::new(), Vec::new()),
            Lang::En => en_words(term)
                .into_iter()
                .map(|w| (stem(&w.0), w.0))
                .filter(|(s, _)| !is_function_word(s))
                .map(|(s, w)| (w, s))
                .unzip(),
        };
        let short = if lang == Lang::Zh { short_forms(lexicon, &letters) } else { Vec::new() };
        let capitals =
            lang == Lang::En && (3..=8).contains(&term.len()) && term.chars().all(char::is_uppercase);
        let initials = if capitals { term.chars().collect() } else { Vec::new() };
        let cut = if lang == Lang::Zh { cut(lexicon, &letters) } else { Vec::new() };
        let mut tails: Vec<Vec<char>> =
            (1..cut.len()).map(|k| cut[k..].concat()).filter(|t| t.len() > 1).collect();
        // 恒指 of 恒生指数.
        if let [a, b] = cut.as_slice()
            && a.len() == 2
            && b.len() == 2
        {
            tails.push(vec![a[0], b[0]]);
        }
        let mut words = cut.clone();
        words.retain(|w| w.len() > 1);
        if words.len() < LEAST_WORDS || words.concat().len() < letters.len() {
            words.clear();
        }
        let mut abbreviation: Vec<char> = content.iter().filter_map(|s| s.chars().next()).collect();
        if abbreviation.len() < LEAST_WORDS {
            abbreviation.clear();
        }
        let stems = content.iter().filter_map(|s| matcher.stem(s)).collect();
        let together = letters.iter().collect();
        Form { lang, letters, together, stems, surfaces, short, initials, words, tails, cut, abbreviation }
    }
}

/// The words of a Chinese term.
fn cut(lexicon: &Lexicon, term: &[char]) -> Vec<Vec<char>> {
    let text: String = term.iter().collect();
    lexicon.words(&text).iter().map(|w| text[w.bytes.clone()].chars().collect()).collect()
}

/// What the names of organisations end with.
const ORGANISATIONS: [char; 8] = ['会', '局', '部', '署', '行', '司', '院', '处'];

/// Two words of two characters by one of each, where the lexicon has that as a word (央行); the name of an
/// organisation without its first word, mostly a place.
fn short_forms(lexicon: &Lexicon, term: &[char]) -> Vec<Vec<char>> {
    let mut words = cut(lexicon, term);
    // 中央银行 is a word of the lexicon too.
    if let [whole] = words.as_slice()
        && whole.len() == 4
    {
        words = whole.chunks(2).map(<[char]>::to_vec).collect();
    }
    let mut out = Vec::new();
    if let [a, b] = words.as_slice()
        && a.len() == 2
        && b.len() == 2
    {
        for (x, y) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            let word: String = [a[x], b[y]].iter().collect();
            if lexicon.entry(&word).is_some() {
                out.push(vec![a[x], b[y]]);
            }
        }
    }
    if let Some(first) = words.first()
        && term.len() >= SHORT + first.len()
        && first.len() == 2
        && term.last().is_some_and(|c| ORGANISATIONS.contains(c))
    {
        out.push(term[first.len()..].to_vec());
    }
    out
}

/// The forms inside one: a name and its abbreviation in brackets, 快速支付系統「轉數快」 as 轉數快, a term without
/// what its brackets add, and those between strokes.
pub(super) fn parts(term: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let strokes: Vec<&str> = term.split(['／', '/']).map(str::trim).collect();
    if strokes.len() > 1 && strokes.iter().all(|p| p.chars().filter(|c| is_han(*c)).count() >= 2) {
        out.extend(strokes.into_iter().map(String::from));
    }
    for (open, close) in [('（', '）'), ('(', ')'), ('「', '」'), ('“', '”')] {
        let Some((name, rest)) = term.split_once(open) else { continue };
        let Some((short, after)) = rest.split_once(close) else { continue };
        let bracket = matches!(open, '（' | '(');
        if bracket {
            out.push(format!("{}{after}", if after.is_empty() { name.trim_end() } else { name }));
            // loan-to-value (LTV) ratio: LTV ratio.
            if !after.is_empty() && !name.is_empty() && short.chars().filter(|c| c.is_uppercase()).count() > 1
            {
                out.push(format!("{short}{after}"));
            }
        }
        // What stands before a quotation is seldom the whole name: 貨幣政策「正常化」.
        if after.is_empty() && (!bracket || !name.is_empty()) {
            out.push(short.to_string());
        }
    }
    out.retain(|p| p.trim().chars().count() >= 2);
    out
}

/// Letters, digits and stops with their places, folded, in lower case, without 的 and 之.
pub(super) fn letters<'t>(lexicon: &Lexicon, text: &'t str) -> impl Iterator<Item = (char, usize)> + use<'t> {
    let folded: Vec<char> = lexicon.fold(text).chars().collect();
    let kept = |c: char| (c.is_alphanumeric() || is_stop(c) || joins(c)) && !matches!(c, '的' | '之');
    folded
        .into_iter()
        .zip(text.char_indices())
        .map(|(c, (at, _))| (joined(plain(c)), at))
        .filter(move |x| kept(x.0))
}

/// 与 and 和 as 及, which mean the same between terms.
fn joined(c: char) -> char {
    if matches!(c, '与' | '和') { '及' } else { c }
}

pub(super) fn is_stop(c: char) -> bool {
    matches!(c, '。' | '；' | ';' | '，' | ',' | '：' | ':' | '！' | '？')
}

/// What joins the parts of terms that share their end.
pub(super) fn joins(c: char) -> bool {
    matches!(c, '、' | '及' | '和' | '与' | '或' | '等')
}
