//! Which Chinese types may translate which English types of this pair of texts, and how strongly.

use super::compounds;
use super::coverage::bounded;
use super::text::{Text, Type};
use crate::lexicon::Lexicon;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// Links from the types of one side to those of the other, with strengths in (0, 1].
#[derive(Debug, Clone, Default)]
pub(crate) struct Links {
    starts: Vec<u32>,
    to: Vec<(u32, f32)>,
}

/// Puts the links of a type in order; the greatest strength of a pair wins.
fn in_order(found: &mut Vec<(u32, f32)>) {
    found.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
    found.dedup_by_key(|link| link.0);
}

impl Links {
    /// Builds the table from triples in any order; the greatest strength of a pair wins.
    fn from_triples(types: usize, mut triples: Vec<(u32, u32, f32)>) -> Links {
        triples.sort_unstable_by_key(|t| t.0);
        let mut out = Links { starts: vec![0], to: Vec::with_capacity(triples.len()) };
        let mut rest = triples.iter().peekable();
        let mut found = Vec::new();
        for kind in 0..types as u32 {
            found.clear();
            found.extend(std::iter::from_fn(|| rest.next_if(|t| t.0 == kind)).map(|t| (t.1, t.2)));
            in_order(&mut found);
            out.push(&found);
        }
        out
    }

    /// The lexicon's links, also of the parts of compounds, and equal strings, between the types that occur in both texts.
    pub fn from_lexicon(zh: &Text, en: &Text, lexicon: &Lexicon) -> Links {
        let mut by_stem = FxHashMap::default();
        let mut by_key = FxHashMap::default();
        for (k, kind) in en.types.iter().enumerate() {
            if let Some(id) = kind.stem {
                by_stem.insert(id, k as u32);
            }
            by_key.insert(kind.key.as_str(), k as u32);
        }
        let by_part = compounds::by_part(en, lexicon);
        let of_type = |kind: &Type| {
            let mut found: Vec<(u32, f32)> = Vec::new();
            if kind.entry.is_some() {
                lexicon.each_likelihood(&kind.key, |id, strength| {
                    found.extend(by_stem.get(&id).map(|&e| (e, strength)));
                    let parts = by_part.get(&id).into_iter().flatten();
                    found.extend(parts.map(|&e| (e, strength * compounds::STRENGTH)));
                });
            }
            if kind.key.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '#') {
                found.extend(by_key.get(kind.key.as_str()).map(|&e| (e, 1.0)));
            }
            in_order(&mut found);
            found
        };
        let found: Vec<Vec<(u32, f32)>> = zh.types.par_iter().map(of_type).collect();
        let mut out = Links { starts: vec![0], to: Vec::with_capacity(found.iter().map(Vec::len).sum()) };
        found.iter().for_each(|found| out.push(found));
        out
    }

    /// Adds the links of the next type, which are in order.
    fn push(&mut self, found: &[(u32, f32)]) {
        self.to.extend_from_slice(found);
        self.starts.push(self.to.len() as u32);
    }

    /// The links of a type.
    pub fn of(&self, kind: u32) -> &[(u32, f32)] {
        &self.to[self.starts[kind as usize] as usize..self.starts[kind as usize + 1] as usize]
    }

    /// The strength of one pair, or 0.
    pub fn strength(&self, from: u32, to: u32) -> f32 {
        let links = self.of(from);
        links.binary_search_by_key(&to, |l| l.0).map_or(0.0, |k| links[k].1)
    }

    /// These links and others; the greater strength of a pair wins.
    pub fn merged(&self, others: impl IntoIterator<Item = (u32, u32, f32)>) -> Links {
        let types = self.starts.len() - 1;
        let others = Links::from_triples(types, others.into_iter().collect());
        let mut out = Links { starts: vec![0], to: Vec::with_capacity(self.to.len() + others.to.len()) };
        for kind in 0..types as u32 {
            let mut more = others.of(kind).iter().peekable();
            for &(to, strength) in self.of(kind) {
                out.to.extend(std::iter::from_fn(|| more.next_if(|o| o.0 < to)));
                let same = more.next_if(|o| o.0 == to).map_or(0.0, |o| o.1);
                out.to.push((to, strength.max(same)));
            }
            out.to.extend(more);
            out.starts.push(out.to.len() as u32);
        }
        out
    }

    /// What these links from words of one text are worth for those of the other ([`bounded`]).
    pub fn worth(mut self, from: &Text, to: &Text) -> Links {
        for (kind, ends) in from.types.iter().zip(self.starts.windows(2)) {
            for (other, strength) in &mut self.to[ends[0] as usize..ends[1] as usize] {
                *strength = bounded(*strength, to.types[*other as usize].probability, kind.probability);
            }
        }
        self
    }

    /// The same links seen from the other side, which has so many types.
    pub fn transposed(&self, types: usize) -> Links {
        let mut starts = vec![0u32; types + 1];
        for link in &self.to {
            starts[link.0 as usize + 1] += 1;
        }
        for k in 1..starts.len() {
            starts[k] += starts[k - 1];
        }
        let mut next = starts.clone();
        let mut to = vec![(0, 0.0); self.to.len()];
        for from in 0..self.starts.len() as u32 - 1 {
            for &(kind, strength) in self.of(from) {
                let at = &mut next[kind as usize];
                to[*at as usize] = (from, strength);
                *at += 1;
            }
        }
        Links { starts, to }
    }
}
