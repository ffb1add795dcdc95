//! Whether a text renders a term in another form than the list's: spelled together or apart, with 的 inside, its
//! words shared with another term (资本充足、披露及流动性标准) or in another order.
//!
//! A rendering is never seen inside a longer term that the source asks for as well: 离岸人民币市场 is not 离岸市场.

use super::form::{Form, SHORT, is_stop, joins, letters};
use super::matcher::Tokens;
use crate::lexicon::{Lexicon, is_function_word, stem};
use crate::model::Lang;
use std::cell::OnceCell;
use std::ops::Range;

/// How many characters may stand between two parts of a Chinese term, unless they share it with another term.
/// docs/terms.md has the table that these three were chosen by.
const GAP_ZH: usize = 6;
/// The same where the second part comes first: 增长的信贷 for 信贷增长.
const GAP_TURNED: usize = 2;
/// How many words may stand between those of an English term.
const GAP_EN: usize = 4;
/// A rendering that the lexicon knows has this strength at least. Chosen, not measured.
pub(super) const KNOWN: f32 = 0.1;
/// A term spelled together is looked for from this many letters on; shorter ones would be found inside words.
const TOGETHER: usize = 6;

/// A text made ready to be searched.
#[derive(Debug)]
pub(super) struct Reading<'l> {
    lexicon: &'l Lexicon,
    text: &'l str,
    pub letters: Vec<(char, usize)>,
    /// The letters without stops, for words spelled together.
    squashed: String,
    /// The first letters of capitalised words, with a space where another word of content stands.
    initials: OnceCell<Vec<char>>,
    /// Stems and where they stand; `None` is the end of a sentence.
    pub stems: Vec<Option<(u32, Range<usize>)>>,
    /// Which of the stems are those of no function words, or ends of sentences.
    content: OnceCell<Vec<usize>>,
    /// English: words with two capitals or more, in lower case and without the s of the plural, with the place of
    /// the next one in `stems`.
    abbreviations: Vec<(Vec<char>, usize)>,
}

impl<'l> Reading<'l> {
    /// Takes the text's tokens as the matcher of the terms gave them.
    pub fn new(lexicon: &'l Lexicon, lang: Lang, text: &'l str, tokens: &'l Tokens) -> Reading<'l> {
        let letters: Vec<(char, usize)> = letters(lexicon, text).collect();
        let mut stems = Vec::new();
        let mut squashed = String::new();
        let mut abbreviations = Vec::new();
        if lang == Lang::En {
            let mut end = 0;
            for (&id, bytes) in tokens.ids.iter().zip(&tokens.spans) {
                if text[end..bytes.start].contains(['.', ';', '!', '?']) {
                    stems.push(None);
                }
                end = bytes.end;
                let written = &text[bytes.clone()];
                // One in brackets stands beside its long form, which is what counts; one with a hyphen is part of a name.
                let capitals = || written.chars().filter(|c| c.is_uppercase()).count() > 1;
                let beside = || {
                    text[..bytes.start].ends_with(['(', '（', '“', '"', '‘', '-'])
                        || text[bytes.end..].starts_with('-')
                };
                if capitals() && !beside() {
                    let bare = written.strip_suffix('s').unwrap_or(written);
                    abbreviations.push((bare.to_lowercase().chars().collect(), stems.len() + 1));
                }
                stems.push(Some((id, bytes.clone())));
            }
            squashed = letters.iter().map(|x| x.0).filter(|c| c.is_alphanumeric()).collect();
        }
        let (initials, content) = (OnceCell::new(), OnceCell::new());
        Reading { lexicon, text, letters, squashed, initials, stems, content, abbreviations }
    }

    /// The indices of the stems without those of function words, of which terms have none either.
    pub fn content(&self) -> &[usize] {
        let small = |bytes: &Range<usize>| is_function_word(&stem(&self.text[bytes.clone()].to_lowercase()));
        let content = |s: &Option<(u32, Range<usize>)>| s.as_ref().is_none_or(|s| !small(&s.1));
        self.content.get_or_init(|| (0..self.stems.len()).filter(|k| content(&self.stems[*k])).collect())
    }

    fn initials(&self) -> &[char] {
        self.initials.get_or_init(|| {
            let mut out = Vec::new();
            for (_, bytes) in self.stems.iter().flatten() {
                let written = &self.text[bytes.clone()];
                let first = written.chars().next().unwrap_or(' ');
                if !is_function_word(&written.to_lowercase()) {
                    // Of state-owned, only the first part counts.
                    let part = self.text[..bytes.start].ends_with('-');
                    let initial = if first.is_uppercase() { first } else { ' ' };
                    out.extend((!part || first.is_uppercase()).then_some(initial));
                }
            }
            out
        })
    }

    /// Whether the text holds the term. What lies inside one of the taken stretches does not count.
    pub fn holds(&self, form: &Form, taken: &[Range<usize>]) -> bool {
        let free = &|at: Range<usize>| !taken.iter().any(|t| t.start <= at.start && at.end <= t.end);
        match form.lang {
            Lang::Zh => {
                let short = |s: &Vec<char>| {
                    self.find(s).any(|k| {
                        let (last, at) = self.letters[k + s.len() - 1];
                        free(self.letters[k].1..at + last.len_utf8())
                    })
                };
                self.holds_zh(&form.letters, free)
                    || form.short.iter().any(short)
                    || self.any_order(&form.words, free)
                    || self.words_of_two(&form.letters, free)
            }
            Lang::En => {
                let spelled = !form.initials.is_empty()
                    && self.initials().windows(form.initials.len()).any(|w| w == form.initials);
                spelled
                    || self.abbreviates(form)
                    || form.letters.len() >= TOGETHER && self.squashed.contains(&form.together)
                    || self.holds_en(&form.stems, free)
            }
        }
    }

    fn holds_zh(&self, term: &[char], free: impl Fn(Range<usize>) -> bool) -> bool {
        if term.len() < 2 {
            return false;
        }
        let span = |from: usize, to: usize| self.bytes(&(from..to));
        if self.find(term).any(|k| free(span(k, k + term.len()))) {
            return true;
        }
        if self.spelled_out(term, &free) {
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

    /// Whether the term is the short form of what stands there: 聯匯制度 of 聯繫匯率制度. Every character comes in
    /// order, the first and the last are at the ends, and the whole is at most twice as long.
    fn spelled_out(&self, term: &[char], free: &impl Fn(Range<usize>) -> bool) -> bool {
        let (Some(first), true) = (term.first(), term.len() >= SHORT) else { return false };
        (0..self.letters.len()).filter(|k| self.letters[*k].0 == *first).any(|from| {
            let mut wanted = term.iter().peekable();
            for (k, (c, at)) in self.letters[from..].iter().take(term.len() * 2).enumerate() {
                if is_stop(*c) || joins(*c) && wanted.peek() != Some(&c) {
                    return false;
                }
                if wanted.peek() == Some(&c) {
                    wanted.next();
                }
                if wanted.peek().is_none() {
                    return k > 0 && free(self.letters[from].1..at + c.len_utf8());
                }
            }
            false
        })
    }

    /// Whether words of the term stand in another order, with next to nothing between: 持續業務運作規劃 for
    /// 業務持續運作規劃.
    fn any_order(&self, words: &[Vec<char>], free: &impl Fn(Range<usize>) -> bool) -> bool {
        !words.is_empty()
            && (0..self.letters.len()).any(|from| {
                let mut missing: Vec<&Vec<char>> = words.iter().collect();
                let (mut at, mut gap) = (from, 0);
                while at < self.letters.len() && gap <= GAP_TURNED && !is_stop(self.letters[at].0) {
                    let starts = |w: &&Vec<char>| {
                        self.letters[at..].len() >= w.len()
                            && self.letters[at..].iter().zip(w.iter()).all(|(a, b)| a.0 == *b)
                    };
                    match missing.iter().position(starts) {
                        Some(which) => at += missing.swap_remove(which).len(),
                        None if at == from => return false,
                        None => (at, gap) = (at + 1, gap + 1),
                    }
                    if missing.is_empty() {
                        let (last, end) = self.letters[at - 1];
                        return free(self.letters[from].1..end + last.len_utf8());
                    }
                }
                false
            })
    }

    /// Whether a term of two characters stands as two words of which it takes one character each, in their meaning:
    /// 股票市場 for 股市.
    fn words_of_two(&self, term: &[char], free: &impl Fn(Range<usize>) -> bool) -> bool {
        let [a, b] = term else { return false };
        let own = self.lexicon.renderings(&format!("{a}{b}"));
        let means =
            |word: String| {
                self.lexicon.entry(&word).is_some()
                    && self.lexicon.renderings(&word).iter().any(|(id, strength)| {
                        *strength >= KNOWN && own.get(id).is_some_and(|own| *own >= KNOWN)
                    })
            };
        self.letters.windows(4).any(|w| {
            w[..2].iter().any(|x| x.0 == *a)
                && w[2..].iter().any(|x| x.0 == *b)
                && free(w[0].1..w[3].1 + w[3].0.len_utf8())
                && w.chunks(2).all(|half| means(half.iter().map(|x| x.0).collect()))
        })
    }

    /// Whether the first words of the term stand abbreviated: IT security for information technology security. The
    /// abbreviation of a whole term counts from where the text introduces it.
    fn abbreviates(&self, form: &Form) -> bool {
        self.abbreviations.iter().any(|(letters, next)| {
            let rest = form.stems.get(letters.len()..).unwrap_or(&[]);
            let after = self.stems.get(*next..*next + rest.len()).unwrap_or(&[]);
            form.abbreviation.starts_with(letters)
                && !rest.is_empty()
                && after.len() == rest.len()
                && after.iter().zip(rest).all(|(a, b)| a.as_ref().is_some_and(|a| a.0 == *b))
        })
    }

    /// The bytes of a stretch of letters that is not empty.
    pub fn bytes(&self, letters: &Range<usize>) -> Range<usize> {
        let (last, at) = self.letters[letters.end - 1];
        self.letters[letters.start].1..at + last.len_utf8()
    }

    /// Where a term stands with characters left out inside: from its first to its last, at least half of them, three
    /// or more, with nothing between: 全球增長放緩 for 全球經濟增長放緩.
    pub fn drawn_together(&self, term: &[char]) -> Option<Range<usize>> {
        let (first, last) = (term.first()?, term.last()?);
        let least = term.len().div_ceil(2).max(3);
        (0..self.letters.len()).filter(|k| self.letters[*k].0 == *first).find_map(|from| {
            let mut rest = term[1..].iter();
            let run = self.letters[from + 1..].iter().take_while(|x| rest.any(|c| *c == x.0)).count();
            let mut ends = (from + least..=from + run + 1).rev();
            let end = ends.find(|end| self.letters[end - 1].0 == *last && end - from < term.len())?;
            Some(self.bytes(&(from..end)))
        })
    }

    /// Where a run of characters stands.
    pub fn find<'r>(&'r self, run: &'r [char]) -> impl Iterator<Item = usize> + 'r {
        let windows = self.letters.windows(run.len()).enumerate();
        windows.filter(move |(_, w)| w.iter().map(|x| x.0).eq(run.iter().copied())).map(|x| x.0)
    }

    fn holds_en(&self, term: &[u32], free: impl Fn(Range<usize>) -> bool) -> bool {
        if term.len() < 2 {
            return false;
        }
        let longest = term.len() + GAP_EN;
        (0..self.stems.len()).any(|from| {
            let Some((first, _)) = self.stems[from].as_ref() else { return false };
            if !term.contains(first) {
                return false;
            }
            let mut missing: Vec<u32> = term.to_vec();
            let words = self.stems[from..].iter().take(longest).map_while(Option::as_ref);
            let start = self.stems[from].as_ref().map_or(0, |x| x.1.start);
            for (k, (stem, bytes)) in words.enumerate() {
                match missing.iter().position(|m| m == stem) {
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
