//! Is a translation consistent with itself? No termbase is needed.

mod names;
mod rendered_words;
mod statistics;

use super::mine::candidates;
use crate::lexicon::{Lexicon, is_han};
use crate::model::{Bitext, Lang, Side};
use std::collections::BTreeMap;

/// What is inconsistent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum InconsistencyKind {
    /// A term is rendered in more than one way.
    Term,
    /// A whole segment is rendered in more than one way.
    Segment,
}

/// One of the ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendering {
    /// The text on the other side.
    pub text: String,
    /// The indices of the units.
    pub units: Vec<usize>,
}

/// A text that stands for, or is rendered by, different texts.
#[derive(Debug, Clone, PartialEq)]
pub struct Inconsistency {
    /// What it is.
    pub kind: InconsistencyKind,
    /// The side of `text`: source for one source in several renderings, target for one target of several sources.
    pub side: Side,
    /// The text.
    pub text: String,
    /// What stands for it, the commonest first; at least two.
    pub renderings: Vec<Rendering>,
    /// How likely it is a real one; higher is better, comparable within one run only.
    pub score: f64,
}

/// The sides by their number.
const SIDES: [Side; 2] = [Side::Source, Side::Target];
/// A long segment that comes again in other words stands between names and words. Chosen.
const SEGMENT: f64 = 2.0;

/// Finds inconsistencies, the likeliest first: names with and without a short form, then whole segments and words
/// by how many units deviate and how special the word is, then what only statistics speak for.
pub fn consistency(lexicon: &Lexicon, bitext: &Bitext) -> Vec<Inconsistency> {
    let kept: Vec<(usize, [&str; 2])> = bitext
        .units
        .iter()
        .enumerate()
        .filter_map(|(k, u)| match u.variants.as_slice() {
            [s, t, ..] if !s.text.trim().is_empty() && !t.text.trim().is_empty() => {
                Some((k, [s.text.as_str(), t.text.as_str()]))
            }
            _ => None,
        })
        .collect();
    let source = bitext.source_lang.lang().unwrap_or(Lang::Zh);
    let langs = [source, source.other()];
    let texts = [0, 1].map(|side| kept.iter().map(|k| k.1[side]).collect::<Vec<&str>>());
    let mined = [0, 1].map(|side| candidates(lexicon, langs[side], &texts[side], 2));
    let mut found = Vec::new();
    for side in 0..2 {
        found.extend(names::find([&mined[side], &mined[1 - side]], langs[side].other(), side));
    }
    found.extend(rendered_words::find(lexicon, &texts, langs, &mined));
    found.extend(statistics::find(lexicon, langs, &mined, kept.len()));
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| (a.side, &a.text).cmp(&(b.side, &b.text))));
    let mut out = segments(&kept);
    // What was said of a term, or of the same units, is not said again.
    let mut shown: Vec<(Side, Vec<Vec<usize>>)> = Vec::new();
    for mut item in found {
        let mut places: Vec<Vec<usize>> = item.renderings.iter().map(|r| r.units.clone()).collect();
        places.sort();
        let again = out.iter().any(|i: &Inconsistency| (i.side, &i.text) == (item.side, &item.text))
            || shown.iter().any(|(side, units)| {
                *side == item.side && units.iter().filter(|u| places.contains(u)).count() >= 2
            });
        if again {
            continue;
        }
        shown.push((item.side, places));
        for rendering in &mut item.renderings {
            for unit in &mut rendering.units {
                *unit = kept[*unit].0;
            }
        }
        out.push(item);
    }
    out.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| (a.side, &a.text).cmp(&(b.side, &b.text))));
    out
}

/// The same source with different targets, and the reverse. White space, case and end punctuation do not count.
fn segments(kept: &[(usize, [&str; 2])]) -> Vec<Inconsistency> {
    let plain = |t: &str| -> String {
        let t: Vec<&str> = t.split_whitespace().collect();
        let end = |c: char| ".。!！?？;；:：,，".contains(c);
        // Chinese has no spaces that mean anything.
        let between = if t.iter().any(|w| w.chars().any(is_han)) { "" } else { " " };
        t.join(between).trim_end_matches(end).to_lowercase()
    };
    let mut out = Vec::new();
    for (own, side) in [Side::Source, Side::Target].into_iter().enumerate() {
        let mut groups: BTreeMap<String, BTreeMap<String, Vec<usize>>> = BTreeMap::new();
        for (k, (_, texts)) in kept.iter().enumerate() {
            groups.entry(plain(texts[own])).or_default().entry(plain(texts[1 - own])).or_default().push(k);
        }
        for (text, ways) in
            groups.into_iter().filter(|(t, w)| w.len() > 1 && t.chars().any(char::is_alphabetic))
        {
            let first =
                ways.values().next().and_then(|u| u.first()).map_or(text, |k| kept[*k].1[own].to_string());
            let mut renderings: Vec<Rendering> = ways
                .values()
                .map(|u| Rendering {
                    text: kept[u[0]].1[1 - own].to_string(),
                    units: u.iter().map(|k| kept[*k].0).collect(),
                })
                .collect();
            renderings.sort_by_key(|r| (std::cmp::Reverse(r.units.len()), r.units[0]));
            // Long segments that come again are the surest; headings and single words may differ by context.
            let length = first.chars().count() as f64;
            let score = SEGMENT * length / (length + 20.0);
            out.push(Inconsistency {
                kind: InconsistencyKind::Segment,
                side,
                text: first,
                renderings,
                score,
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{LangTag, TranslationUnit, Variant};

    fn found(pairs: &[(&str, &str)]) -> Vec<(Side, String, Vec<String>)> {
        let tag = |t: &str| t.parse::<LangTag>().expect("the tag is well-formed");
        let mut bitext = Bitext::new(tag("zh"), tag("en"));
        for (zh, en) in pairs {
            bitext.units.push(TranslationUnit {
                id: String::new(),
                variants: vec![Variant::new(tag("zh"), *zh), Variant::new(tag("en"), *en)],
                bead: None,
                attributes: Vec::new(),
                properties: Vec::new(),
                notes: Vec::new(),
            });
        }
        let items = consistency(&Lexicon::built_in(), &bitext);
        let texts = |i: Inconsistency| (i.side, i.text, i.renderings.into_iter().map(|r| r.text).collect());
        items.into_iter().map(texts).collect()
    }

    #[test]
    fn a_name_and_its_short_form_come_first_and_whole() {
        let items = found(&[
            (
                "伊斯兰会议组织重申其立场。",
                "The Organization of the Islamic Conference reaffirmed its position.",
            ),
            ("伊斯兰会议组织表示欢迎。", "The Organization of the Islamic Conference welcomed it."),
            ("伊斯兰会议组织举行了选举。", "OIC held an election."),
            ("据伊斯兰会议组织说，冲突已经结束。", "According to OIC, the conflict is over."),
            ("其他组织也表示欢迎。", "Other bodies welcomed it too."),
        ]);
        assert_eq!((items[0].0, items[0].1.as_str()), (Side::Source, "伊斯兰会议组织"));
        assert_eq!(items[0].2, ["OIC", "Organization of the Islamic Conference"]);
    }

    #[test]
    fn two_words_for_one_are_found_and_grammar_is_not() {
        let pairs = [
            ("这些国家签署了条约。", "These States signed the treaty."),
            ("每个国家都有权利。", "Every State has rights."),
            ("两个国家批准了条约。", "Two countries ratified the treaties."),
            ("小国家也有权利。", "Small countries have rights too."),
        ];
        let items = found(&pairs);
        let state = items.iter().find(|i| i.1 == "国家").expect("the two words are found");
        assert_eq!(state.2.len(), 2);
        assert!(
            items.iter().all(|i| i.1 != "条约" && i.1 != "权利"),
            "treaty and treaties are one: {items:?}"
        );
    }

    #[test]
    fn whole_segments_count_both_ways_and_spaces_do_not() {
        let items = found(&[
            ("第 3 章 总则", "Chapter 3: General provisions"),
            ("第3章总则", "Chapter 3: General provisions."),
            ("附件一", "Annex I"),
            ("附件一", "Appendix 1"),
            ("附录一", "Appendix 1"),
        ]);
        let segments: Vec<(Side, &str)> = items.iter().map(|i| (i.0, i.1.as_str())).collect();
        assert!(
            segments.contains(&(Side::Source, "附件一")) && segments.contains(&(Side::Target, "Appendix 1"))
        );
        assert!(segments.iter().all(|s| !s.1.contains('章') && !s.1.contains("Chapter")));
    }
}
