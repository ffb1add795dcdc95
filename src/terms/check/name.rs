//! Whether a term of the source is only a part of a longer name or expression there: Board of the Federal Reserve Board,
//! interest rate of an interest rate hike, 加息.

use super::super::matcher::{Hit, Tokens, en_words};
use super::Checker;
use super::place::{Nearness, Place};
use super::unit::Both;
use super::words::Memory;
use crate::lexicon::{StemId, is_function_word};
use crate::model::Lang;
use std::ops::Range;

/// Words so far from a term may be rendered by the same word: hikes of interest rates. Chosen.
const BESIDE: usize = 2;

/// Whether a stretch of the source lies inside a longer name: English words of which each has a capital, other than the
/// first of the text and abbreviations; a Chinese title in 《》 that says more.
pub(super) fn inside_name(lang: Lang, text: &str, tokens: &Tokens, hit: &Hit) -> bool {
    let at = &hit.bytes;
    match lang {
        Lang::Zh => {
            let before = text[..at.start].rfind(['《', '〈', '》', '〉']);
            let after = text[at.end..].find(['》', '〉', '《', '〈']).map(|k| at.end + k);
            let (Some(open), Some(close)) = (before, after) else { return false };
            let closed = text[open..].starts_with(['《', '〈']) && text[close..].starts_with(['》', '〉']);
            let more = |t: &str| t.chars().any(char::is_alphanumeric);
            closed && (more(&text[open..at.start]) || more(&text[at.end..close]))
        }
        Lang::En => {
            let capital = |word: &str| {
                let mut letters = word.chars();
                letters.next().is_some_and(char::is_uppercase) && letters.any(char::is_lowercase)
            };
            let named = |k: usize| capital(&text[tokens.spans[k].clone()]);
            let inside = &text[at.clone()];
            if !en_words(inside).iter().all(|w| is_function_word(&w.0) || capital(&inside[w.1.clone()])) {
                return false;
            }
            let joined = |a: usize, b: usize| matches!(&text[a..b], " " | "-");
            let before = hit.tokens.start.checked_sub(1).filter(|k| {
                let span = &tokens.spans[*k];
                joined(span.end, at.start) && named(*k) && !begins(text, span.start)
            });
            let after = Some(hit.tokens.end)
                .filter(|k| tokens.spans.get(*k).is_some_and(|span| joined(at.end, span.start)) && named(*k));
            // A heading has capitals throughout.
            let small = |span: &Range<usize>| {
                let word = &text[span.clone()];
                !word.starts_with(char::is_uppercase) && !is_function_word(word)
            };
            (before.is_some() || after.is_some()) && tokens.spans.iter().any(small)
        }
    }
}

impl Checker {
    /// Whether a compound of the target takes a term of several words and others together: one word renders all of them
    /// (interest rate hikes, 加息) or the first of them and a word beside the term, or a single character in the place of the
    /// term renders the first (low interest rates, 低息).
    pub(super) fn inside_compound(&self, both: &Both<'_>, place: &Place<'_>, memory: &mut Memory) -> bool {
        if self.langs != [Lang::En, Lang::Zh] {
            return false;
        }
        let Range { start, end } = place.hit.tokens.clone();
        let spans = &both.tokens[0].spans;
        let mut stems = |range: Range<usize>| -> Vec<StemId> {
            let word = |k: usize| both.source[spans[k].clone()].to_lowercase();
            range.filter_map(|k| memory.stem(&self.lexicon, &word(k))).collect()
        };
        let own = stems(start..end);
        let mut beside = stems(start.saturating_sub(BESIDE)..start);
        beside.extend(stems(end..spans.len().min(end + BESIDE)));
        let [first, _, ..] = own.as_slice() else { return false };
        let words = both.words(self, memory);
        let mut single = Vec::new();
        for (bytes, list) in &words.zh {
            let renders = |id: &StemId| list.binary_search(id).is_ok();
            if own.iter().all(renders) || renders(first) && beside.iter().any(renders) {
                return true;
            }
            let word = &words.folded[bytes.clone()];
            if renders(first) && word.chars().count() == 1 {
                single.push(words.folded[..bytes.start].chars().count());
            }
        }
        single.into_iter().any(|k| {
            let found = both.target.char_indices().nth(k);
            let at = found.map(|(at, c)| at..at + c.len_utf8());
            at.is_some_and(|at| self.in_place(both, &place.hit.bytes, &at, memory) >= Nearness::Near)
        })
    }
}

/// Whether a sentence begins there, whose first word has a capital anyway.
fn begins(text: &str, at: usize) -> bool {
    let before =
        text[..at].trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '“' | '"' | '(' | '‘'));
    before.is_empty() || before.ends_with(['.', '!', '?', ':', ';'])
}
