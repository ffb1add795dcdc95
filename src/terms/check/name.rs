//! Whether a term of the source is only a part of a longer name or expression there: Board of the Federal Reserve Board,
//! interest rate of an interest rate hike, 加息.

use super::super::matcher::{Hit, Tokens, en_words};
use super::Checker;
use super::place::{Nearness, Place};
use super::unit::Both;
use super::words::{Memory, is_abbreviation};
use crate::lexicon::{StemId, english_words, is_function_word, is_han};
use crate::model::Lang;
use std::ops::Range;

/// Words so far from a term may be rendered by the same word: hikes of interest rates. Chosen.
const BESIDE: usize = 2;

/// The end of a term that makes a word with what follows has at most so many characters, and so has what follows. Chosen:
/// words of the lexicon are seldom longer.
const TAIL: usize = 2;

/// Characters that make the word for a person, a body or a quality of the word before (Packard 2000, The Morphology of
/// Chinese, on word-forming affixes; the bodies as in the names of government departments), simplified.
const SUFFIXES: [&str; 15] =
    ["者", "员", "师", "家", "长", "商", "化", "性", "学", "部", "署", "局", "处", "司", "厅"];

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
            let gap = |a: usize, b: usize| &text[a..b];
            // Banking (Exposure Limits) Rules.
            let in_brackets = text[..at.start].ends_with(" (") && text[at.end..].starts_with(") ");
            let joined = |gap: &str, bracket: &str| matches!(gap, " " | "-") || in_brackets && gap == bracket;
            let before = hit.tokens.start.checked_sub(1).filter(|k| {
                let span = &tokens.spans[*k];
                joined(gap(span.end, at.start), " (")
                    && named(*k)
                    && (in_brackets || !begins(text, span.start))
            });
            let after = Some(hit.tokens.end).filter(|k| {
                let span = tokens.spans.get(*k);
                span.is_some_and(|span| joined(gap(at.end, span.start), ") ")) && named(*k)
            });
            if in_brackets && (before.is_none() || after.is_none()) {
                return false;
            }
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
    /// Whether the end of a Chinese term makes a word with what follows, so that another word is meant: 银行业 in 银行业务,
    /// where the rest of the term is a word too; or a suffix makes another word of the term: 内部审计 in 内部审计师.
    pub(super) fn inside_word(&self, both: &Both<'_>, place: &Place<'_>, memory: &mut Memory) -> bool {
        if self.langs[0] != Lang::Zh {
            return false;
        }
        let Range { start, end } = place.hit.bytes;
        let [text, next] = [&both.source[start..end], &both.source[end..]].map(|t| self.lexicon.fold(t));
        let ends = next.char_indices().take(TAIL).map_while(|(k, c)| is_han(c).then(|| k + c.len_utf8()));
        let more: Vec<&str> = ends.map(|k| &next[..k]).collect();
        let makes_word =
            |tail: &str| more.iter().any(|next| self.lexicon.entry(&format!("{tail}{next}")).is_some());
        let mut cuts = text.char_indices().rev().take(TAIL).map(|(cut, _)| text.split_at(cut));
        if cuts.any(|(head, tail)| {
            head.chars().count() > 1 && self.lexicon.entry(head).is_some() && makes_word(tail)
        }) {
            return true;
        }
        // Folding keeps the number of characters, not of bytes.
        let at = both.source[..end].chars().count();
        let words = both.words(self, memory);
        let folded = words.folded.char_indices().nth(at).map_or(words.folded.len(), |x| x.0);
        let suffix = words.zh.iter().find(|w| w.0.start == folded).map(|w| &words.folded[w.0.clone()]);
        suffix.is_some_and(|w| SUFFIXES.contains(&w))
    }

    /// Whether the abbreviation that the source gives in brackets after a term, and that the target has too, is that of a name that
    /// is not rendered by the term: 全国公共广播电台（NPR） is no radio station, 美国证监会（SEC） not the SFC.
    pub(super) fn abbreviated_otherwise(&self, both: &Both<'_>, place: &Place<'_>) -> bool {
        if self.langs[0] != Lang::Zh {
            return false;
        }
        let rest = both.source[place.hit.bytes.end..].trim_start();
        let inside = rest.strip_prefix(['(', '（']).and_then(|r| r.split([')', '）']).next());
        let short = inside.filter(|s| is_abbreviation(s));
        let mut letters = self.allowed(place.entries).filter_map(|t| letters_of(&t.text));
        short.is_some_and(|s| both.target.contains(s) && !letters.any(|own| s.contains(&own)))
    }

    /// Whether an abbreviation of a longer name or expression stands in the place of a Chinese term, of which the letters
    /// of the term, in any order, are the first or the last: HKU for 香港大学, AML for 打击洗钱, where 香港 and 洗钱 are terms.
    pub(super) fn inside_abbreviation(
        &self,
        both: &Both<'_>,
        place: &Place<'_>,
        memory: &mut Memory,
    ) -> bool {
        if self.langs[0] != Lang::Zh {
            return false;
        }
        let Range { start, end } = place.hit.bytes;
        let goes_on = both.source[end..].starts_with(is_han);
        let went_before = both.source[..start].ends_with(is_han);
        let letters: Vec<String> = self.allowed(place.entries).filter_map(|t| letters_of(&t.text)).collect();
        let sorted = |letters: &str| {
            let mut letters = letters.as_bytes().to_vec();
            letters.sort_unstable();
            letters
        };
        english_words(both.target).any(|word| {
            let longer = |own: &String| {
                let (word, n) = (word.surface, own.len());
                word.len() > n
                    && (goes_on && sorted(&word[..n]) == sorted(own)
                        || went_before && sorted(&word[word.len() - n..]) == sorted(own))
            };
            word.surface.bytes().all(|b| b.is_ascii_uppercase())
                && letters.iter().any(longer)
                && !both.source.contains(word.surface)
                && !both.taken(place, &word.bytes)
                && self.in_place(both, &place.hit.bytes, &word.bytes, memory) >= Nearness::Open
        })
    }

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

/// The letters by which an English term stands in an abbreviation: the first of its words, or of an abbreviation (ML/TF)
/// its first part. One letter is none.
fn letters_of(term: &str) -> Option<String> {
    let first = term.split(|c: char| !c.is_alphanumeric()).next()?;
    let letters: String = if is_abbreviation(first) {
        first.to_string()
    } else {
        let content = en_words(term).into_iter().map(|w| w.0).filter(|w| !is_function_word(w));
        content.filter_map(|w| w.chars().next()).flat_map(char::to_uppercase).collect()
    };
    (letters.len() > 1).then_some(letters)
}

/// Whether a sentence begins there, whose first word has a capital anyway.
fn begins(text: &str, at: usize) -> bool {
    let before =
        text[..at].trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '“' | '"' | '(' | '‘'));
    before.is_empty() || before.ends_with(['.', '!', '?', ':', ';'])
}
