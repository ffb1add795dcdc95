//! Which Chinese types may translate which English types of this pair of texts, and how strongly.

use super::compounds;
use super::text::Text;
use crate::lexicon::Lexicon;
use rustc_hash::FxHashMap;

/// Links from the types of one side to those of the other, with strengths in (0, 1].
#[derive(Debug, Clone, Default)]
pub(crate) struct Links {
    starts: Vec<u32>,
    to: Vec<(u32, f32)>,
}

/// Where each type of a text occurs, as token numbers in order.
#[derive(Debug, Clone)]
pub(crate) struct Postings {
    starts: Vec<u32>,
    tokens: Vec<u32>,
}

impl Postings {
    /// All tokens of a text.
    pub fn new(text: &Text) -> Postings {
        Postings::of_types(text, |_| true)
    }

    /// The tokens of the types that are not common.
    pub fn rare(text: &Text) -> Postings {
        Postings::of_types(text, |kind| !text.is_common(kind as u32))
    }

    fn of_types(text: &Text, wanted: impl Fn(usize) -> bool) -> Postings {
        let mut starts = vec![0u32; text.types.len() + 1];
        let kinds = || text.kind.iter().enumerate().filter(|(_, kind)| wanted(**kind as usize));
        for (_, &kind) in kinds() {
            starts[kind as usize + 1] += 1;
        }
        for k in 1..starts.len() {
            starts[k] += starts[k - 1];
        }
        let mut next = starts.clone();
        let mut tokens = vec![0u32; starts[text.types.len()] as usize];
        for (token, &kind) in kinds() {
            tokens[next[kind as usize] as usize] = token as u32;
            next[kind as usize] += 1;
        }
        Postings { starts, tokens }
    }

    /// Reads occurrences from token `from` onwards.
    pub fn cursor(&self, from: usize) -> Cursor<'_> {
        Cursor { postings: self, from, next: vec![Next::UNKNOWN; self.starts.len() - 1] }
    }
}

/// Walks over the occurrences of all types with ranges whose starts never decrease: no search, no look at what has
/// been passed.
pub(crate) struct Cursor<'a> {
    postings: &'a Postings,
    from: usize,
    next: Vec<Next>,
}

/// The first occurrence of a type that is not before the present range.
#[derive(Clone, Copy)]
struct Next {
    /// Its place among the occurrences of all types.
    place: u32,
    /// Its token; the maximum where there is none.
    token: u32,
}

impl Next {
    /// Not looked for yet.
    const UNKNOWN: Next = Next { place: u32::MAX, token: 0 };
}

impl<'a> Cursor<'a> {
    /// The occurrences of a type among a range of tokens.
    #[inline]
    pub fn within(&mut self, kind: u32, tokens: &std::ops::Range<usize>) -> &'a [u32] {
        let next = self.next[kind as usize];
        if next.token as usize >= tokens.end {
            return &[];
        }
        self.walk(kind, next.place, tokens)
    }

    fn walk(&mut self, kind: u32, place: u32, tokens: &std::ops::Range<usize>) -> &'a [u32] {
        let end = self.postings.starts[kind as usize + 1] as usize;
        let all = &self.postings.tokens[..end];
        let mut from = place as usize;
        if place == u32::MAX {
            let start = self.postings.starts[kind as usize] as usize;
            from = start + all[start..].partition_point(|&t| (t as usize) < self.from);
        }
        while from < end && (all[from] as usize) < tokens.start {
            from += 1;
        }
        let token = all.get(from).copied().unwrap_or(u32::MAX);
        self.next[kind as usize] = Next { place: from as u32, token };
        let mut to = from;
        while to < end && (all[to] as usize) < tokens.end {
            to += 1;
        }
        &all[from..to]
    }
}

impl Links {
    /// Builds the table from triples; the greatest strength of a pair wins.
    pub fn from_triples(types: usize, mut triples: Vec<(u32, u32, f32)>) -> Links {
        triples.sort_unstable_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(b.2.total_cmp(&a.2)));
        triples.dedup_by_key(|t| (t.0, t.1));
        let mut starts = vec![0u32; types + 1];
        for t in &triples {
            starts[t.0 as usize + 1] += 1;
        }
        for k in 1..starts.len() {
            starts[k] += starts[k - 1];
        }
        Links { starts, to: triples.into_iter().map(|(_, b, s)| (b, s)).collect() }
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
        let mut triples = Vec::new();
        for (z, kind) in zh.types.iter().enumerate() {
            if kind.entry.is_some() {
                lexicon.each_likelihood(&kind.key, |id, strength| {
                    if let Some(&e) = by_stem.get(&id) {
                        triples.push((z as u32, e, strength));
                    }
                    for &e in by_part.get(&id).into_iter().flatten() {
                        triples.push((z as u32, e, strength * compounds::STRENGTH));
                    }
                });
            }
            if kind.key.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '#')
                && let Some(&e) = by_key.get(kind.key.as_str())
            {
                triples.push((z as u32, e, 1.0));
            }
        }
        Links::from_triples(zh.types.len(), triples)
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
        let mut triples: Vec<_> = self.triples().collect();
        triples.extend(others);
        Links::from_triples(self.starts.len() - 1, triples)
    }

    fn triples(&self) -> impl Iterator<Item = (u32, u32, f32)> + '_ {
        (0..self.starts.len() as u32 - 1).flat_map(|a| self.of(a).iter().map(move |&(b, s)| (a, b, s)))
    }
}
