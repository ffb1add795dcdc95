//! Short forms of names: OIC of Organization of the Islamic Conference, 欧盟 of 欧洲联盟, 纳卡 of 纳戈尔诺-卡拉巴赫.

use super::mine::Candidate;
use crate::lexicon::{is_function_word, is_han};
use crate::model::Lang;

/// Whether one text is a short form of the other in that language.
pub(super) fn is_short_form(lang: Lang, short: &Candidate, long: &Candidate) -> bool {
    match lang {
        Lang::En => initials(&short.text, &long.text),
        // 生物资源 leaves a word of 生物遗传资源 out: it is another term.
        Lang::Zh => {
            !short.words.iter().all(|w| long.words.contains(w))
                && characters(&short.words.concat(), &long.words.concat())
        }
    }
}

/// Whether a text may be a short form: capitals, or two to five Han.
pub(super) fn may_be_short(lang: Lang, text: &str) -> bool {
    match lang {
        Lang::En => (2..=8).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase()),
        Lang::Zh => (2..=5).contains(&text.chars().count()) && text.chars().all(is_han),
    }
}

/// What a short form shows of its long form: all its letters, or its first character.
pub(super) fn short_key(lang: Lang, short: &str) -> String {
    match lang {
        Lang::En => short.to_string(),
        Lang::Zh => short.chars().take(1).collect(),
    }
}

/// The keys under which a long form's short forms stand.
pub(super) fn long_keys(lang: Lang, long: &str) -> Vec<String> {
    match lang {
        Lang::En => {
            let [content, all] = initials_of(long);
            if content == all { vec![all] } else { vec![content, all] }
        }
        Lang::Zh => vec![long.chars().take(1).collect()],
    }
}

/// The first letters of the words of content, and of all words.
fn initials_of(long: &str) -> [String; 2] {
    let words = || long.split([' ', '-', '‑']).filter(|w| !w.is_empty());
    let first = |w: &str| w.chars().next().map(|c| c.to_ascii_uppercase());
    let content = words().filter(|w| !is_function_word(&w.to_lowercase())).filter_map(first);
    [content.collect(), words().filter_map(first).collect()]
}

/// The capitals are the first letters of the words; small words may be passed over or counted.
fn initials(short: &str, long: &str) -> bool {
    short.len() > 1 && initials_of(long).iter().any(|i| i == short)
}

/// The characters come in order, the first is the first, and the short form is no part of the long one.
fn characters(short: &str, long: &str) -> bool {
    let mut rest = long.chars();
    let spread = !long.contains(short) && long.chars().count() >= short.chars().count() + 2;
    spread && short.chars().next() == long.chars().next() && short.chars().all(|c| rest.any(|l| l == c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_are_known_by_their_letters() {
        assert!(initials("OIC", "Organization of the Islamic Conference"));
        assert!(characters("欧盟", "欧洲联盟") && characters("纳卡", "纳戈尔诺-卡拉巴赫"));
        assert!(!initials("OIC", "Council of Europe"));
        assert!(!characters("欧洲", "欧洲联盟"));
    }
}
