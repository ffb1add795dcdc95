//! Other forms of an English term that stand in the target, weaker evidence than those that count as the term: words
//! derived from the same stem, the words of which the term is an abbreviation, an abbreviation of the term.

use super::super::matcher::PREFIXES;
use super::Checker;
use super::place::{Nearness, Place};
use super::unit::Both;
use super::words::Memory;
use crate::lexicon::{english_words, is_function_word, stem};
use crate::model::Lang;
use std::ops::Range;

/// Endings that make words of one family, after at least [`ROOT`] letters that they share.
const ENDINGS: [&str; 21] = [
    "", "y", "ic", "ical", "ism", "ist", "al", "ed", "ing", "er", "or", "ion", "ation", "ment", "ity", "ive",
    "ance", "ally", "ly", "ies", "s",
];
/// Chosen: econom-y and econom-ic, but not inter-est and inter-nal.
const ROOT: usize = 5;
/// The parts of a word made of two have so many letters at least. Chosen: bank-note.
const PART: usize = 4;
/// How many words may stand between those of a term of another family: expansion of the global economy.
const ROOM: usize = 4;

impl Checker {
    /// Whether another form of an English target stands in the place of the term.
    pub(super) fn other_form(&self, both: &Both<'_>, place: &Place<'_>, memory: &mut Memory) -> bool {
        if self.langs[1] != Lang::En {
            return false;
        }
        let text = words(both.target);
        let content: Vec<_> = text.iter().filter(|w| !is_function_word(&w.0)).collect();
        let mut found: Vec<Range<usize>> = Vec::new();
        for target in self.allowed(place.entries) {
            for form in &target.forms {
                found.extend(derived(&content, &form.surfaces));
            }
            found.extend(spelled_out(&text, &target.text));
            found.extend(abbreviated(both.target, &text, &target.text));
        }
        found.iter().any(|at| self.in_place(both, &place.hit.bytes, at, memory) >= Nearness::Open)
    }
}

/// Whether two words are of one family: protectionist, protectionism; terrorist, counterterrorist.
fn akin(a: &str, b: &str) -> bool {
    let prefixed = |long: &str, bare: &str| {
        bare.len() >= ROOT && long.strip_suffix(bare).is_some_and(|prefix| PREFIXES.contains(&prefix))
    };
    let shared = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    let known = |w: &str| ENDINGS.contains(&w);
    let mut roots = (ROOT..=shared).filter(|k| a.is_char_boundary(*k));
    prefixed(a, b) || prefixed(b, a) || roots.any(|k| known(&a[k..]) && known(&b[k..]))
}

/// All words in lower case, articles and the parts of words with hyphens too; of RMB2.75 only the letters.
fn words(text: &str) -> Vec<(String, Range<usize>)> {
    let bare = |w: &str| w.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',')).len();
    english_words(text)
        .map(|w| match bare(w.surface) {
            0 => (w.surface.to_lowercase(), w.bytes),
            end => (w.surface[..end].to_lowercase(), w.bytes.start..w.bytes.start + end),
        })
        .collect()
}

/// Where words of the families of all words of a term stand close together, in any order.
fn derived(text: &[&(String, Range<usize>)], term: &[String]) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    for from in 0..text.len() {
        let mut missing: Vec<&String> = term.iter().collect();
        for (word, bytes) in text[from..].iter().take(term.len() + ROOM).copied() {
            match missing.iter().position(|m| *m == word || akin(m, word)) {
                Some(k) => missing.swap_remove(k),
                None if missing.len() == term.len() => break,
                None => continue,
            };
            if missing.is_empty() {
                out.push(text[from].1.start..bytes.end);
                break;
            }
        }
    }
    out
}

/// Where words stand of which the parts of a term mostly in capitals are the first letters, in any order: anti-money
/// laundering and counter-terrorist financing for AML/CFT; small words may count: memorandum of understanding for MoU.
fn spelled_out(text: &[(String, Range<usize>)], term: &str) -> Vec<Range<usize>> {
    let bare = term.strip_suffix('s').unwrap_or(term);
    let parts: Vec<&str> = bare.split(|c: char| !c.is_alphanumeric()).filter(|p| !p.is_empty()).collect();
    let capitals = |p: &&str| {
        let count = p.bytes().filter(u8::is_ascii_uppercase).count();
        p.is_ascii() && count > 1 && count * 2 > p.len()
    };
    if parts.is_empty() || !parts.iter().all(capitals) {
        return Vec::new();
    }
    let all: Vec<&(String, Range<usize>)> = text.iter().collect();
    let content: Vec<_> = all.iter().copied().filter(|w| !is_function_word(&w.0)).collect();
    let length: usize = parts.iter().map(|p| p.len()).sum();
    let all = if bare.bytes().any(|b| b.is_ascii_lowercase()) { all } else { Vec::new() };
    let places = content.windows(length).chain(all.windows(length)).filter(|window| {
        let mut rest = *window;
        parts.iter().all(|part| {
            let (own, after) = rest.split_at(part.len());
            rest = after;
            let mut letters: Vec<u8> = part.bytes().map(|b| b.to_ascii_lowercase()).collect();
            let mut initials: Vec<u8> = own.iter().filter_map(|w| w.0.bytes().next()).collect();
            letters.sort_unstable();
            initials.sort_unstable();
            letters == initials
        })
    });
    places.map(|w| w[0].1.start..w[length - 1].1.end).collect()
}

/// Where an abbreviation stands for words of a term, small ones too, or for its one word: OTC derivatives, staff of AIs
/// for staff of authorized institutions, RMB for renminbi; or the last part of a word made of two: notes for banknotes.
fn abbreviated(target: &str, text: &[(String, Range<usize>)], term: &str) -> Vec<Range<usize>> {
    let words: Vec<String> = words(term).into_iter().map(|w| w.0).collect();
    let stands = |k: usize| {
        let (word, bytes) = &text[k];
        let written = &target[bytes.clone()];
        if let [one] = words.as_slice()
            && word.len() >= PART
            && one.strip_suffix(word.as_str()).is_some_and(|first| first.len() >= PART)
        {
            return Some(bytes.clone());
        }
        if word.len() < 2 || written.chars().filter(|c| c.is_uppercase()).count() < 2 {
            return None;
        }
        if let [one] = words.as_slice() {
            let mut letters = one.chars();
            let first = one.chars().next() == word.chars().next();
            let inside = first && word.chars().all(|c| letters.any(|l| l == c));
            return (word.len() > 2 && inside && word != one).then(|| bytes.clone());
        }
        // Where the abbreviation begins in the term; the words before and after it stand beside it.
        let bare = if written.ends_with('s') { word.strip_suffix('s').unwrap_or(word) } else { word };
        let length = bare.chars().count();
        let spells =
            |i: &usize| words[*i..*i + length].iter().map(|w| w.chars().next()).eq(bare.chars().map(Some));
        let begin = (0..(words.len() + 1).saturating_sub(length)).find(spells)?;
        let from = k.checked_sub(begin)?;
        let [before, after] = [text.get(from..k)?, text.get(k + 1..k + 1 + words.len() - begin - length)?];
        let rest = words[..begin].iter().chain(&words[begin + length..]);
        let same = before.iter().chain(after).zip(rest).all(|(a, b)| stem(&a.0) == stem(b));
        let last = after.last().map_or(bytes.end, |w| w.1.end);
        same.then(|| text[from].1.start..last)
    };
    (0..text.len()).filter_map(stands).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_one_family_are_known() {
        assert!(akin("protectionist", "protectionism") && akin("economy", "economic"));
        assert!(akin("terrorist", "counterterrorist"));
        assert!(!akin("international", "interest") && !akin("bank", "banana"));
    }

    #[test]
    fn abbreviations_and_their_words_are_one() {
        let text =
            "Measures of anti-money laundering and counter-terrorist financing, and OTC derivatives in RMB.";
        let words = words(text);
        let found = |list: Vec<Range<usize>>| list.into_iter().map(|r| &text[r]).collect::<Vec<_>>();
        let long = ["anti-money laundering and counter-terrorist financing"];
        assert_eq!(found(spelled_out(&words, "AML/CFT")), long);
        assert_eq!(found(spelled_out(&words, "AML/CDD")), [""; 0]);
        assert_eq!(found(abbreviated(text, &words, "over-the-counter derivative")), ["OTC derivatives"]);
        assert_eq!(found(abbreviated(text, &words, "over-the-counter market")), [""; 0]);
        assert_eq!(found(abbreviated(text, &words, "renminbi")), ["RMB"]);
        assert_eq!(
            found(abbreviated(text, &words, "derivatives in real money balances")),
            ["derivatives in RMB"]
        );
        let accents = "ÉÀ and ÉÀÔ";
        let marked = super::words(accents);
        assert!(abbreviated(accents, &marked, "étage").is_empty() && spelled_out(&marked, "ÉÀ").is_empty());
        let words: Vec<_> = words.iter().collect();
        assert_eq!(found(derived(&words, &["measure".into(), "money".into()])), ["Measures of anti-money"]);
    }
}
