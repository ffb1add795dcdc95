//! Why a bead was made, in words a reviewer understands.

use super::decode::Decoded;
use super::math::ln;
use super::passes::{Pairing, Vocabulary};
use super::shapes::Cell;
use super::text::{Text, TypeSource, number_keys};
use crate::model::{Evidence, Lang, Match, MatchKind, Segment, Side};
use rayon::prelude::*;
use std::ops::Range;

/// Pairs of words shown for a bead; the rest adds length, not insight.
const SHOWN: usize = 12;

/// Makes the evidence of beads.
pub(crate) struct Explainer<'a> {
    pairing: &'a Pairing,
    words: &'a Vocabulary,
    zh: &'a [Segment],
    en: &'a [Segment],
    matches: bool,
}

impl<'a> Explainer<'a> {
    pub fn new(
        pairing: &'a Pairing,
        words: &'a Vocabulary,
        zh: &'a [Segment],
        en: &'a [Segment],
        matches: bool,
    ) -> Self {
        Explainer { pairing, words, zh, en, matches }
    }

    /// The evidence of each bead that the second pass looked at. With `chinese_first` Chinese is the source.
    pub fn explain(&self, beads: &[Decoded], chinese_first: bool) -> Vec<Evidence> {
        let evidence = |bead: &Decoded| self.evidence_of(bead, self.met(bead), chinese_first);
        beads.par_iter().map(evidence).collect()
    }

    /// The evidence of any bead.
    pub fn evidence(&self, bead: &Decoded, chinese_first: bool) -> Evidence {
        let (zh, en) = (&self.pairing.zh, &self.pairing.en);
        let en_tokens = en.tokens(bead.cell.en());
        let mut found = Vec::new();
        for (a, z) in zh.tokens(bead.cell.zh()).enumerate() {
            for (b, e) in en_tokens.clone().enumerate() {
                let strength = self.words.links.strength(zh.kind[z], en.kind[e]);
                if strength > 0.0 {
                    found.push((strength, a, b));
                }
            }
        }
        self.evidence_of(bead, found, chinese_first)
    }

    /// The words of a bead's longer side.
    pub fn words(&self, cell: Cell) -> usize {
        self.pairing.zh.tokens(cell.zh()).len().max(self.pairing.en.tokens(cell.en()).len())
    }

    /// The linked words of a bead that the second pass looked at: strength, and the places in the Chinese and the English side.
    fn met(&self, bead: &Decoded) -> Vec<(f32, usize, usize)> {
        if bead.cell.is_null() {
            return Vec::new();
        }
        let zh = self.pairing.zh.tokens(bead.cell.zh()).start;
        let en = self.pairing.en.tokens(bead.cell.en());
        let pairs = bead.cell.zh().flat_map(|i| self.words.pairs.between(i, &en));
        pairs.map(|p| (p.strength(), p.zh as usize - zh, p.en as usize - en.start)).collect()
    }

    fn evidence_of(&self, bead: &Decoded, found: Vec<(f32, usize, usize)>, chinese_first: bool) -> Evidence {
        let (zh, en) = (&self.pairing.zh, &self.pairing.en);
        let (zh_tokens, en_tokens) = (zh.tokens(bead.cell.zh()), en.tokens(bead.cell.en()));
        let mut zh_best = vec![0.0f32; zh_tokens.len()];
        let mut en_best = vec![0.0f32; en_tokens.len()];
        for &(strength, a, b) in &found {
            zh_best[a] = zh_best[a].max(strength);
            en_best[b] = en_best[b].max(strength);
        }
        let zh_coverage = coverage(zh, zh_tokens.clone(), &zh_best);
        let en_coverage = coverage(en, en_tokens.clone(), &en_best);
        let matches = if self.matches { self.strongest(bead, found, chinese_first) } else { Vec::new() };
        let (source_coverage, target_coverage) =
            if chinese_first { (zh_coverage, en_coverage) } else { (en_coverage, zh_coverage) };
        let missing =
            if self.matches { self.missing(bead, [&zh_best, &en_best], chinese_first) } else { Vec::new() };
        Evidence {
            length: bead.length.into(),
            source_coverage,
            target_coverage,
            matches,
            missing,
            ..Evidence::default()
        }
    }

    /// Numbers, dates and symbols without a match, given the best match of each Chinese and English token. Not told:
    /// what the other side has letter by letter (a date left in English), or in words that need not be a number (the
    /// `一` of `附件一` beside `Annex I`). Beads without counterpart miss everything, and nothing is told of them.
    fn missing(&self, bead: &Decoded, best: [&[f32]; 2], chinese_first: bool) -> Vec<(Side, String)> {
        if bead.cell.is_null() {
            return Vec::new();
        }
        let (zh, en) = (&self.pairing.zh, &self.pairing.en);
        let mut out = Vec::new();
        let sides = [
            (zh, self.zh, bead.cell.zh(), chinese_first, (Lang::En, &self.en[bead.cell.en()])),
            (en, self.en, bead.cell.en(), !chinese_first, (Lang::Zh, &self.zh[bead.cell.zh()])),
        ];
        for ((text, segments, range, is_source, (lang, others)), best) in sides.into_iter().zip(best) {
            let side = if is_source { Side::Source } else { Side::Target };
            let start = text.tokens(range.clone()).start;
            let is_word = |token: usize| text.types[text.kind[token] as usize].source == TypeSource::Word;
            let place = |token: usize| (segment_of(text, &range, token), text.span[token]);
            let mut told = None;
            for token in text.tokens(range.clone()) {
                // A date is several tokens in one place.
                let here = place(token);
                if is_word(token) || best[token - start] > 0.0 || told == Some(here) {
                    continue;
                }
                let surface = self.surface(text, segments, range.clone(), token);
                let key = &text.types[text.kind[token] as usize].key;
                let shown = |other: &Segment| {
                    stands_in(&surface, &other.text) || number_keys(&other.text, lang).contains(key)
                };
                if !others.iter().any(shown) {
                    told = Some(here);
                    out.push((side, surface));
                }
            }
        }
        out.sort_by_key(|(side, _)| *side == Side::Target);
        out
    }

    /// The strongest pairs, each word once, in the order of the Chinese text.
    fn strongest(
        &self,
        bead: &Decoded,
        mut found: Vec<(f32, usize, usize)>,
        chinese_first: bool,
    ) -> Vec<Match> {
        let (zh, en) = (&self.pairing.zh, &self.pairing.en);
        let (zh_start, en_start) = (zh.tokens(bead.cell.zh()).start, en.tokens(bead.cell.en()).start);
        // What is rare says more: strength first, then rarity, then place.
        let rarity = |&(strength, a, b): &(f32, usize, usize)| {
            let p = zh.types[zh.kind[zh_start + a] as usize].probability
                * en.types[en.kind[en_start + b] as usize].probability;
            strength / p.max(f32::MIN_POSITIVE).sqrt()
        };
        found.sort_by(|x, y| rarity(y).total_cmp(&rarity(x)).then((x.1, x.2).cmp(&(y.1, y.2))));
        let mut zh_used = vec![false; zh.tokens(bead.cell.zh()).len()];
        let mut en_used = vec![false; en.tokens(bead.cell.en()).len()];
        let mut picked = Vec::new();
        for (_, a, b) in found {
            if !zh_used[a] && !en_used[b] && picked.len() < SHOWN {
                (zh_used[a], en_used[b]) = (true, true);
                picked.push((a, b));
            }
        }
        picked.sort_unstable();
        picked
            .into_iter()
            .map(|(a, b)| {
                let zh_word = self.surface(zh, self.zh, bead.cell.zh(), zh_start + a);
                let en_word = self.surface(en, self.en, bead.cell.en(), en_start + b);
                let kind = self.kind(zh.kind[zh_start + a], en.kind[en_start + b]);
                let (source, target) = if chinese_first { (zh_word, en_word) } else { (en_word, zh_word) };
                Match { kind, source, target }
            })
            .collect()
    }

    fn kind(&self, zh: u32, en: u32) -> MatchKind {
        let (z, e) = (&self.pairing.zh.types[zh as usize], &self.pairing.en.types[en as usize]);
        match z.source {
            TypeSource::Number => MatchKind::Number,
            TypeSource::Date => MatchKind::Date,
            TypeSource::Symbol => MatchKind::Symbol,
            TypeSource::Word if z.key == e.key => MatchKind::Symbol,
            TypeSource::Word if self.pairing.links.strength(zh, en) > 0.0 => MatchKind::Word,
            TypeSource::Word => MatchKind::Learned,
        }
    }

    /// The word as it stands in the text.
    fn surface(&self, text: &Text, segments: &[Segment], range: Range<usize>, token: usize) -> String {
        let segment = segment_of(text, &range, token);
        let (from, to) = text.span[token];
        segments[segment].text.chars().skip(from as usize).take((to - from) as usize).collect()
    }
}

/// The segment of a range that a token lies in.
fn segment_of(text: &Text, range: &Range<usize>, token: usize) -> usize {
    range.start + text.starts[range.start + 1..=range.end].partition_point(|&s| s as usize <= token)
}

/// Whether an expression stands in a text as it is, not as a part of a longer number or Latin word.
///
/// `("23", "23 July")` is true, `("23", "1230")` is false.
fn stands_in(expression: &str, text: &str) -> bool {
    text.match_indices(expression).any(|(at, found)| {
        let joins = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        !joins(text[..at].chars().next_back()) && !joins(text[at + found.len()..].chars().next())
    })
}

/// The share of a side's content, weighed by how much each word says, that the other side accounts for.
fn coverage(text: &Text, tokens: Range<usize>, best: &[f32]) -> f64 {
    let (mut covered, mut all) = (0.0, 0.0);
    for (token, &strength) in tokens.zip(best) {
        let weight = -ln(f64::from(text.types[text.kind[token] as usize].probability).clamp(1e-9, 0.99));
        all += weight;
        covered += weight * f64::from(strength.min(1.0)).sqrt();
    }
    if all > 0.0 { covered / all } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::stands_in;

    #[test]
    fn an_expression_stands_in_a_text_only_as_a_whole() {
        assert!(stands_in("23", "签于23 July 2007"));
        assert!(stands_in("350", "长350米"));
        assert!(!stands_in("23", "1230 pages"));
        assert!(!stands_in("I", "Annex II"));
    }
}
