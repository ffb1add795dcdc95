//! English words and their stems: Porter's second stemmer after irregular forms and British spellings are folded.

use rust_stemmers::{Algorithm, Stemmer};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

/// A word of English text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnglishWord<'t> {
    /// The word as written, without a possessive ending.
    pub surface: &'t str,
    /// Where it stands in the text.
    pub bytes: Range<usize>,
}

/// The words of a text: letters and digits with apostrophes inside (`don't`), points and commas inside numbers
/// (`10,000`), points inside initials (`U.S.`). Hyphens separate. Linear in the text's length.
pub fn english_words(text: &str) -> impl Iterator<Item = EnglishWord<'_>> {
    let mut rest = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, first) = rest.by_ref().find(|(_, c)| c.is_alphanumeric())?;
        let mut end = start + first.len_utf8();
        let mut last = first;
        while let Some(&(at, c)) = rest.peek() {
            let next = text[at + c.len_utf8()..].chars().next();
            let inner = match (c, next) {
                ('\'' | '’', Some(n)) => last.is_alphabetic() && n.is_alphabetic(),
                ('.' | ',', Some(n)) if last.is_ascii_digit() => n.is_ascii_digit(),
                ('.', Some(n)) => last.is_uppercase() && n.is_uppercase() && single(&text[start..end]),
                _ => false,
            };
            if !c.is_alphanumeric() && !inner {
                break;
            }
            last = c;
            end = at + c.len_utf8();
            rest.next();
        }
        let word = &text[start..end];
        let surface = ["'s", "’s", "'S", "’S"].iter().find_map(|s| word.strip_suffix(s)).unwrap_or(word);
        Some(EnglishWord { surface, bytes: start..start + surface.len() })
    })
}

/// Whether the word so far is initials: single letters between points.
fn single(word: &str) -> bool {
    word.len() < 12 && word.split('.').all(|part| part.chars().count() == 1)
}

/// The stem of a word: lower case, irregular forms and British spellings folded, then Snowball's English stemmer
/// (Porter 2001). Words with digits and initials stay as they are, without points.
pub fn stem(word: &str) -> String {
    static IRREGULAR: OnceLock<HashMap<&str, &str>> = OnceLock::new();
    let irregular = IRREGULAR.get_or_init(|| {
        let table = include_str!("../../data/irregular.txt");
        let lines = table.lines().filter(|l| !l.starts_with('#'));
        lines
            .flat_map(|l| {
                let mut words = l.split_whitespace();
                let base = words.next().unwrap_or("");
                words.map(move |form| (form, base))
            })
            .collect()
    });
    let mut lower = word.to_lowercase();
    if lower.contains('’') {
        lower = lower.replace('’', "'");
    }
    if lower.contains('.') || lower.bytes().any(|b| b.is_ascii_digit()) {
        return lower.replace([',', '.'], "");
    }
    if let Some(base) = irregular.get(lower.as_str()) {
        lower = (*base).to_string();
    }
    let folded = fold_british(lower);
    Stemmer::create(Algorithm::English).stem(&folded).into_owned()
}

/// American endings for British ones: organise → organize, colour → color, centre → center, defence → defense.
fn fold_british(word: String) -> String {
    const ENDINGS: [(&str, &str); 12] = [
        ("isation", "ization"),
        ("isations", "izations"),
        ("ising", "izing"),
        ("ised", "ized"),
        ("ise", "ize"),
        ("ises", "izes"),
        ("our", "or"),
        ("ours", "ors"),
        ("oured", "ored"),
        ("tre", "ter"),
        ("ence", "ense"),
        ("elled", "eled"),
    ];
    if word.len() < 6 {
        return word;
    }
    for (british, american) in ENDINGS {
        if let Some(base) = word.strip_suffix(british)
            && base.len() >= 3
        {
            return format!("{base}{american}");
        }
    }
    word
}

/// Whether the stem is a function word: it says nothing about what a text is about.
pub fn is_function_word(stem: &str) -> bool {
    FUNCTION_WORDS.binary_search(&stem).is_ok()
}

/// Stems of articles, pronouns, prepositions, conjunctions, auxiliaries and their like, in order.
const FUNCTION_WORDS: [&str; 105] = [
    "a", "about", "abov", "after", "again", "against", "all", "also", "am", "an", "and", "ani", "are", "as",
    "at", "be", "becaus", "been", "befor", "but", "by", "can", "could", "do", "down", "each", "etc", "even",
    "for", "from", "ha", "had", "has", "have", "he", "her", "here", "him", "his", "how", "i", "if", "in",
    "into", "is", "it", "its", "just", "may", "me", "might", "more", "most", "my", "no", "not", "of", "off",
    "on", "one", "onto", "or", "other", "our", "out", "over", "s", "shall", "she", "should", "so", "some",
    "somebodi", "someon", "someth", "sth", "such", "than", "that", "the", "their", "them", "then", "there",
    "these", "they", "this", "those", "through", "to", "too", "up", "upon", "us", "veri", "was", "we",
    "what", "when", "which", "who", "will", "with", "would", "you",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found() {
        let words = |t: &'static str| english_words(t).map(|w| w.surface).collect::<Vec<_>>();
        assert_eq!(
            words("The U.S. economy's 10,000 well-known “ideas”, don’t they?"),
            ["The", "U.S", "economy", "10,000", "well", "known", "ideas", "don’t", "they"]
        );
        assert_eq!(words("A.B. Smith, No.5 3.5% x"), ["A.B", "Smith", "No", "5", "3.5", "x"]);
        assert_eq!(words(" … "), [""; 0]);
    }

    #[test]
    fn forms_of_a_word_share_their_stem() {
        let groups: [&[&str]; 8] = [
            &["child", "children"],
            &["go", "went", "gone", "goes", "going"],
            &["organise", "organize", "organised", "Organizing"],
            &["colour", "color", "colours"],
            &["centre", "center"],
            &["state", "States", "stated"],
            &["10,000", "10000"],
            &["U.S", "us"],
        ];
        for group in groups {
            assert!(group.iter().all(|w| stem(w) == stem(group[0])), "{group:?}");
        }
        assert!(FUNCTION_WORDS.is_sorted());
        assert!(is_function_word(&stem("very")) && !is_function_word(&stem("nation")));
    }
}
