//! Where a unit's text differs from the text that was looked for.

use crate::lexicon::is_han;
use crate::model::Lang;

/// Longer texts (in pieces) are shown as one difference: the table of the comparison grows with the square.
const LONGEST: usize = 2_000;

/// Cuts `text` into stretches; true are those that `query` does not have in this order (the rest of a longest
/// common subsequence of characters in Chinese, of words in English).
pub fn differences<'t>(query: &str, text: &'t str, lang: Lang) -> Vec<(&'t str, bool)> {
    let (a, b) = (pieces(query, lang), pieces(text, lang));
    if a.len() > LONGEST || b.len() > LONGEST {
        return vec![(text, query != text)];
    }
    let width = b.len() + 1;
    let mut table = vec![0u16; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            table[i * width + j] = if a[i] == b[j] {
                table[(i + 1) * width + j + 1] + 1
            } else {
                table[(i + 1) * width + j].max(table[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j, mut at) = (0, 0, 0);
    let mut out: Vec<(std::ops::Range<usize>, bool)> = Vec::new();
    while j < b.len() {
        let own = if i < a.len() && a[i] == b[j] {
            i += 1;
            false
        } else if i < a.len() && table[(i + 1) * width + j] >= table[i * width + j + 1] {
            i += 1;
            continue;
        } else {
            true
        };
        let end = at + b[j].len();
        match out.last_mut() {
            Some((range, o)) if *o == own => range.end = end,
            _ => out.push((at..end, own)),
        }
        at = end;
        j += 1;
    }
    out.into_iter().map(|(range, own)| (&text[range], own)).collect()
}

fn pieces(text: &str, lang: Lang) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut word = false;
    for (at, c) in text.char_indices() {
        let part = c.is_alphanumeric() && !(lang == Lang::Zh && is_han(c));
        if at > start && !(word && part) {
            out.push(&text[start..at]);
            start = at;
        }
        word = part;
    }
    if start < text.len() {
        out.push(&text[start..]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_query_lacks_is_told() {
        let zh = differences("会议结束了", "会议昨天结束", Lang::Zh);
        assert_eq!(zh, [("会议", false), ("昨天", true), ("结束", false)]);
        let en = differences("The meeting ended.", "The long meeting ended.", Lang::En);
        assert_eq!(en.iter().filter(|p| p.1).map(|p| p.0.trim()).collect::<String>(), "long");
        assert_eq!(differences("", "好", Lang::Zh), [("好", true)]);
    }
}
