//! What only statistics speak for: a name or a word that the lexicon does not know, whose units two renderings share
//! out among them, each bound to it.

use super::{Inconsistency, InconsistencyKind, Rendering, SIDES};
use crate::lexicon::Lexicon;
use crate::model::Lang;
use crate::terms::mine::{Candidate, Link, known, links};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// A rendering must stand with its term in this share of its own units: below, it is a word of its own. Chosen,
/// not measured.
const LEAST_SHARE: f64 = 0.6;
/// Nothing but statistics speaks for these, so they come last.
const WEIGHT: f64 = 0.2;

/// The inconsistencies of both sides; units are indices of the texts.
pub(super) fn find(
    lexicon: &Lexicon,
    langs: [Lang; 2],
    mined: &[Vec<Candidate>; 2],
    units: usize,
) -> Vec<Inconsistency> {
    let [a, b] = mined;
    let linked = [links(a, b, units), links(b, a, units)];
    let mut out = Vec::new();
    for side in 0..2 {
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
            let Some((found, score)) = view.ways(k, ways) else { continue };
            let rendering = |(text, units): Way| Rendering {
                text,
                units: units.into_iter().map(|u| u as usize).collect(),
            };
            out.push(Inconsistency {
                kind: InconsistencyKind::Term,
                side: SIDES[side],
                text: view.from[k].text.clone(),
                renderings: found.into_iter().map(rendering).collect(),
                score: WEIGHT * score,
            });
        }
    }
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
        if !own.name {
            return None;
        }
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
            // A name and a word that the lexicon renders otherwise stand beside each other by chance.
            if !other.name && !known_between(self.lexicon, self.lang, own, other) {
                continue;
            }
            let strength = share * (1.0 + here.len() as f64).ln();
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
        let covered = 1.0 - rest.len() as f64 / own.units.len() as f64;
        let score = weakest * covered;
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
