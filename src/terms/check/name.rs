//! Whether a term of the source is only a part of a longer name or expression there: Board of the Federal Reserve Board,
//! interest rate of an interest rate hike, 加息.

use super::super::matcher::{Hit, Tokens, en_words};
use super::Checker;
use super::place::Place;
use super::unit::Both;
use super::words::Memory;
use crate::lexicon::{StemId, is_function_word};
use crate::model::Lang;
use std::ops::Range;

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
    /// Whether one word of the target, in the place of a term of several words, renders all of them: that is said with
    /// others by one word, as a rule (interest rate hikes, 加息).
    pub(super) fn inside_word(&self, both: &Both<'_>, place: &Place<'_>, memory: &mut Memory) -> bool {
        if self.langs != [Lang::En, Lang::Zh] {
            return false;
        }
        let spans = &both.tokens[0].spans[place.hit.tokens.clone()];
        let stem =
            |span: &Range<usize>| memory.stem(&self.lexicon, &both.source[span.clone()].to_lowercase());
        let own: Vec<StemId> = spans.iter().filter_map(stem).collect();
        let words = both.words(self, memory);
        let whole = |list: &[StemId]| own.iter().all(|id| list.binary_search(id).is_ok());
        own.len() > 1 && words.zh.iter().any(|(_, list)| whole(list))
    }
}

/// Whether a sentence begins there, whose first word has a capital anyway.
fn begins(text: &str, at: usize) -> bool {
    let before =
        text[..at].trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '“' | '"' | '(' | '‘'));
    before.is_empty() || before.ends_with(['.', '!', '?', ':', ';'])
}
