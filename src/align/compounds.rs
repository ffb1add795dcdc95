//! English compounds that no dictionary has, by their parts: *filename*, *submodule*, *shuttlebay*.

use super::text::Text;
use crate::lexicon::{Lexicon, StemId, is_function_word, stem};
use rustc_hash::FxHashMap;

/// The strength of a part's links. 0.3 to 0.9 do alike.
pub(crate) const STRENGTH: f32 = 0.5;
/// Letters of a part, and of a compound.
const PART: usize = 3;
const COMPOUND: std::ops::RangeInclusive<usize> = 6..=24;
/// The share of English words that a part must make up: rarer ones are mostly chance.
const LEAST: f32 = 1e-6;

/// The types of the text that are compounds, under each of both parts. Names are left alone.
pub(crate) fn by_part(en: &Text, lexicon: &Lexicon) -> FxHashMap<StemId, Vec<u32>> {
    let mut out: FxHashMap<StemId, Vec<u32>> = FxHashMap::default();
    for (k, kind) in en.types.iter().enumerate() {
        let name = kind.capitals * 2 > kind.count;
        if kind.stem.is_none()
            && !name
            && let Some(parts) = parts(&kind.key, lexicon)
        {
            parts.into_iter().for_each(|part| out.entry(part).or_default().push(k as u32));
        }
    }
    out
}

/// The commonest two words that make up a stem.
fn parts(key: &str, lexicon: &Lexicon) -> Option<[StemId; 2]> {
    if !COMPOUND.contains(&key.len()) || !key.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    let known = |text: &str| {
        let id = lexicon.stem_id(&stem(text)).filter(|_| !is_function_word(text))?;
        let probability = lexicon.stem_probability(id);
        (probability > LEAST).then_some((probability, id))
    };
    let split = |at: usize| {
        let (left, right) = key.split_at(at);
        let left = known(left)?;
        // The stemmer takes the last e of longer words away: filenam.
        let right = [known(&format!("{right}e")), known(right)];
        let right = right.into_iter().flatten().max_by(|a, b| a.0.total_cmp(&b.0))?;
        Some((left.0 * right.0, [left.1, right.1]))
    };
    let splits = (PART..=key.len() - PART).filter_map(split);
    splits.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, parts)| parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compounds_are_cut_into_their_commonest_words() {
        let lexicon = Lexicon::built_in();
        let cut = |word: &str| parts(&stem(word), &lexicon);
        let expected =
            |a: &str, b: &str| Some([lexicon.stem_id(&stem(a)).unwrap(), lexicon.stem_id(&stem(b)).unwrap()]);
        assert_eq!(cut("filename"), expected("file", "name"));
        assert_eq!(cut("shuttlebays"), expected("shuttle", "bay"));
        assert_eq!(cut("submodules"), expected("sub", "module"));
        for word in ["xqzvwk", "foursome", "dog"] {
            assert_eq!(cut(word), None, "{word}");
        }
    }
}
