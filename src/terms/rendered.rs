//! Whether a text renders a term in another form than the list's: spelled together or apart, with 的 inside, its
//! words shared with another term (资本充足、披露及流动性标准) or in another order.
//!
//! A rendering is never seen inside a longer term that the source asks for as well: 离岸人民币市场 is not 离岸市场.

use super::matcher::{en_words, plain};
use crate::lexicon::{Lexicon, is_function_word, stem};
use crate::model::Lang;
use std::ops::Range;

/// How many characters may stand between two parts of a Chinese term, unless they share it with another term.
const GAP_ZH: usize = 6;
/// The same where the second part comes first: 增长的信贷 for 信贷增长.
const GAP_TURNED: usize = 2;
/// How many words may stand between those of an English term.
const GAP_EN: usize = 4;
/// A term spelled together is looked for from this many letters on; shorter ones would be found inside words.
const TOGETHER: usize = 6;

/// A term made ready to be looked for.
#[derive(Debug)]
pub(super) struct Form {
    lang: Lang,
    /// Chinese: characters without marks and 的. English: letters of all words.
    letters: Vec<char>,
    /// English: the stems of its content words.
    stems: Vec<String>,
}

impl Form {
    pub fn new(lexicon: &Lexicon, lang: Lang, term: &str) -> Form {
        let letters = letters(lexicon, term).map(|x| x.0).filter(|c| !is_stop(*c) && !joins(*c)).collect();
        let stems = match lang {
            Lang::Zh => Vec::new(),
            Lang::En => {
                en_words(term).into_iter().map(|w| stem(&w.0)).filter(|s| !is_function_word(s)).collect()
            }
        };
        Form { lang, letters, stems }
    }
}

/// A text made ready to be searched.
#[derive(Debug)]
pub(super) struct Reading {
    letters: Vec<(char, usize)>,
    /// The letters without stops, for words spelled together.
    squashed: String,
    /// Stems and where they stand; `None` is the end of a sentence.
    stems: Vec<Option<(String, Range<usize>)>>,
}

impl Reading {
    pub fn new(lexicon: &Lexicon, lang: Lang, text: &str) -> Reading {
        let letters: Vec<(char, usize)> = letters(lexicon, text).collect();
        let mut stems = Vec::new();
        let mut squashed = String::new();
        if lang == Lang::En {
            let mut end = 0;
            for (word, bytes) in en_words(text) {
                if text[end..bytes.start].contains(['.', ';', '!', '?']) {
                    stems.push(None);
                }
                end = bytes.end;
                stems.push(Some((stem(&word), bytes)));
            }
            squashed = letters.iter().map(|x| x.0).filter(|c| c.is_alphanumeric()).collect();
        }
        Reading { letters, squashed, stems }
    }

    /// Whether the text holds the term. What lies inside one of the taken stretches does not count.
    pub fn holds(&self, form: &Form, taken: &[Range<usize>]) -> bool {
        let free = |at: Range<usize>| !taken.iter().any(|t| t.start <= at.start && at.end <= t.end);
        match form.lang {
            Lang::Zh => self.holds_zh(&form.letters, free),
            Lang::En => {
                let together: String = form.letters.iter().collect();
                form.letters.len() >= TOGETHER && self.squashed.contains(&together)
                    || self.holds_en(&form.stems, free)
            }
        }
    }

    fn holds_zh(&self, term: &[char], free: impl Fn(Range<usize>) -> bool) -> bool {
        if term.len() < 2 {
            return false;
        }
        let span = |from: usize, to: usize| {
            let (last, at) = self.letters[to - 1];
            self.letters[from].1..at + last.len_utf8()
        };
        if self.find(term).any(|k| free(span(k, k + term.len()))) {
            return true;
        }
        // Two parts of two characters or more.
        (2..(term.len() - 1).max(2)).any(|cut| {
            let (head, tail) = term.split_at(cut);
            self.find(head).any(|h| {
                self.find(tail).any(|t| {
                    let (first, second, turned) = if h < t {
                        (h..h + cut, t..t + tail.len(), false)
                    } else {
                        (t..t + tail.len(), h..h + cut, true)
                    };
                    if first.end > second.start {
                        return false;
                    }
                    let between = &self.letters[first.end..second.start];
                    let shared = between.iter().any(|x| joins(x.0));
                    let near = between.len() <= if turned { GAP_TURNED } else { GAP_ZH } || shared && !turned;
                    near && !between.iter().any(|x| is_stop(x.0)) && free(span(first.start, second.end))
                })
            })
        })
    }

    /// Where a run of characters stands.
    fn find<'r>(&'r self, run: &'r [char]) -> impl Iterator<Item = usize> + 'r {
        let windows = self.letters.windows(run.len()).enumerate();
        windows.filter(move |(_, w)| w.iter().map(|x| x.0).eq(run.iter().copied())).map(|x| x.0)
    }

    fn holds_en(&self, term: &[String], free: impl Fn(Range<usize>) -> bool) -> bool {
        if term.len() < 2 {
            return false;
        }
        let longest = term.len() + GAP_EN;
        (0..self.stems.len()).any(|from| {
            let mut missing: Vec<&String> = term.iter().collect();
            let words = self.stems[from..].iter().take(longest).map_while(Option::as_ref);
            let start = self.stems[from].as_ref().map_or(0, |x| x.1.start);
            for (k, (stem, bytes)) in words.enumerate() {
                match missing.iter().position(|m| *m == stem) {
                    Some(at) => missing.swap_remove(at),
                    None if k == 0 => return false,
                    None => continue,
                };
                if missing.is_empty() {
                    return free(start..bytes.end);
                }
            }
            false
        })
    }
}

/// Letters, digits and stops with their places, folded, in lower case, without 的 and 之.
fn letters<'t>(lexicon: &Lexicon, text: &'t str) -> impl Iterator<Item = (char, usize)> + use<'t> {
    let folded: Vec<char> = lexicon.fold(text).chars().collect();
    let kept = |c: char| (c.is_alphanumeric() || is_stop(c) || joins(c)) && !matches!(c, '的' | '之');
    folded.into_iter().zip(text.char_indices()).map(|(c, (at, _))| (plain(c), at)).filter(move |x| kept(x.0))
}

fn is_stop(c: char) -> bool {
    matches!(c, '。' | '；' | ';' | '，' | ',' | '：' | ':' | '！' | '？')
}

/// What joins the parts of terms that share their end.
fn joins(c: char) -> bool {
    matches!(c, '、' | '及' | '和' | '与' | '或')
}
