//! Is a translation consistent with itself? No termbase is needed.

use super::mine::{Candidate, Link, candidates, known, links};
use crate::lexicon::Lexicon;
use crate::model::{Bitext, Lang, Side};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

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

/// A rendering must stand with its term in this share of its own units: below, it is a word of its own.
const LEAST_SHARE: f64 = 0.6;
/// Names weigh more than words: a name has one right form (chosen by reading the sample letter).
const NAME: f64 = 3.0;
/// A known rendering weighs more than one that only stands beside the term (chosen likewise).
const KNOWN: f64 = 1.5;

/// What the lexicon does not know, and is no abbreviation or name, mostly only stands beside the term.
const UNKNOWN: f64 = 0.3;
/// A term that is part of a longer one in one of its renderings is doubtful.
const PART: f64 = 0.5;

/// Finds inconsistencies, the likeliest first.
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
    let mut out = segments(&kept);
    let source = bitext.source_lang.lang().unwrap_or(Lang::Zh);
    let langs = [source, source.other()];
    let mined = [0, 1].map(|side| {
        let texts: Vec<&str> = kept.iter().map(|k| k.1[side]).collect();
        candidates(lexicon, langs[side], &texts, 2)
    });
    let [a, b] = &mined;
    let linked = [links(a, b, kept.len()), links(b, a, kept.len())];
    for (side, name) in [Side::Source, Side::Target].into_iter().enumerate() {
        let mut holding: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for (k, candidate) in mined[side].iter().enumerate() {
            for word in &candidate.words {
                holding.entry(word.as_str()).or_default().push(k);
            }
        }
        let view = View {
            lexicon,
            lang: langs[side],
            from: &mined[side],
            to: &mined[1 - side],
            back: &linked[1 - side],
            holding,
        };
        for (k, ways) in linked[side].iter().enumerate() {
            if let Some((found, score)) = view.ways(k, ways) {
                let renderings = found
                    .into_iter()
                    .map(|(text, units)| Rendering {
                        text,
                        units: units.iter().map(|u| kept[*u as usize].0).collect(),
                    })
                    .collect();
                let text = view.from[k].text.clone();
                out.push(Inconsistency {
                    kind: InconsistencyKind::Term,
                    side: name,
                    text,
                    renderings,
                    score,
                });
            }
        }
    }
    out.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| (a.side, &a.text).cmp(&(b.side, &b.text))));
    // A longer term with the same ways says the same again.
    let mut shown: Vec<Vec<Rendering>> = Vec::new();
    out.retain(|i| {
        let new = i.kind == InconsistencyKind::Segment || !shown.contains(&i.renderings);
        shown.push(i.renderings.clone());
        new
    });
    out
}

/// A rendering's text and the units that have it.
type Way = (String, Vec<u32>);

struct View<'v> {
    lexicon: &'v Lexicon,
    lang: Lang,
    from: &'v [Candidate],
    to: &'v [Candidate],
    back: &'v [Vec<Link>],
    /// The candidates that hold a word.
    holding: FxHashMap<&'v str, Vec<usize>>,
}

impl View<'_> {
    /// The ways in which a term is rendered, if there are several.
    fn ways(&self, term: usize, links: &[Link]) -> Option<(Vec<Way>, f64)> {
        let own = &self.from[term];
        let mut rest = own.units.clone();
        let mut found: Vec<(usize, Vec<u32>)> = Vec::new();
        let mut weakest = f64::INFINITY;
        for link in links {
            let other = &self.to[link.other];
            let share = link.together as f64 / other.units.len() as f64;
            if share < LEAST_SHARE || self.overlaps(&found, other) || !self.mine(term, link.other) {
                continue;
            }
            let (here, left): (Vec<u32>, Vec<u32>) =
                rest.iter().partition(|u| other.units.binary_search(u).is_ok());
            if here.len() < 2 || (here.len() as f64) < LEAST_SHARE * link.together as f64 {
                continue;
            }
            let known = known_between(self.lexicon, self.lang, own, other);
            let capitals = other.text.len() > 1 && other.text.chars().all(char::is_uppercase);
            let sure = if known || capitals || other.name && own.words.len() > 1 { KNOWN } else { UNKNOWN };
            let strength = share * (1.0 + here.len() as f64).ln() * sure;
            weakest = weakest.min(strength);
            rest = left;
            found.push((link.other, here));
        }
        if found.len() < 2 {
            return None;
        }
        // Council in Security Council and in Council of Europe is not one term.
        let wholes: Vec<BTreeSet<usize>> = found.iter().map(|f| self.wholes(own, &f.1)).collect();
        let shared = wholes.iter().skip(1).fold(wholes[0].clone(), |a, b| &a & b);
        if shared.is_empty() && wholes.iter().all(|w| !w.is_empty()) {
            return None;
        }
        let doubtful = shared.is_empty() && wholes.iter().any(|w| !w.is_empty());
        let part = if doubtful { PART } else { 1.0 };
        let covered = 1.0 - rest.len() as f64 / own.units.len() as f64;
        let name = own.name || found.iter().any(|f| self.to[f.0].name);
        let score = part * weakest * covered * if name { NAME } else { 1.0 };
        found.sort_by_key(|f| (std::cmp::Reverse(f.1.len()), f.0));
        Some((found.into_iter().map(|(k, units)| (self.to[k].text.clone(), units)).collect(), score))
    }

    /// The longer candidates of which the term is a part in these units.
    fn wholes(&self, own: &Candidate, units: &[u32]) -> BTreeSet<usize> {
        let longer = self.holding.get(own.words[0].as_str()).into_iter().flatten().copied();
        longer
            .filter(|&k| {
                let l = &self.from[k];
                let around = l.words.len() > own.words.len()
                    && l.words.windows(own.words.len()).any(|w| w == own.words);
                let inside = units.iter().filter(|u| l.units.binary_search(u).is_ok()).count();
                around && inside as f64 >= LEAST_SHARE * units.len() as f64
            })
            .collect()
    }

    /// Parts and longer forms of a rendering are that rendering.
    fn overlaps(&self, found: &[(usize, Vec<u32>)], other: &Candidate) -> bool {
        found.iter().any(|(k, _)| {
            let words = &self.to[*k].words;
            words.iter().any(|w| other.words.contains(w))
                || words.concat().contains(&other.words.concat())
                || other.words.concat().contains(&words.concat())
        })
    }

    /// Whether the rendering goes with this term better than with any that shares no word with it.
    fn mine(&self, term: usize, other: usize) -> bool {
        self.back[other].first().is_some_and(|best| {
            best.other == term
                || self.from[best.other].words.iter().any(|w| self.from[term].words.contains(w))
        })
    }
}

fn known_between(lexicon: &Lexicon, lang: Lang, from: &Candidate, to: &Candidate) -> bool {
    match lang {
        Lang::Zh => known(lexicon, &from.words, &to.words),
        Lang::En => known(lexicon, &to.words, &from.words),
    }
}

/// The same source with different targets, and the reverse. White space, case and end punctuation do not count.
fn segments(kept: &[(usize, [&str; 2])]) -> Vec<Inconsistency> {
    let plain = |t: &str| -> String {
        let t: Vec<&str> = t.split_whitespace().collect();
        let end = |c: char| ".。!！?？;；:：,，".contains(c);
        t.join(" ").trim_end_matches(end).to_lowercase()
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
            // Long segments that come again are the surest; short ones may differ by context.
            let score = (1.0 + first.chars().count() as f64).ln();
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
