//! How well a run of segments of one side accounts for the words of each segment of the other side.
//!
//! The token log-likelihood ratio ℓ(u | window) = min(8, ln(1 − λ + λ·s/(L·k·p(u)))) with s the greatest
//! worth ([`bounded`]) of a link with a word of the window, L the window's length in words, p(u) the word's probability. Longer windows
//! dilute: a merge that brings no new match costs. Only matched tokens need a logarithm; the unmatched ones
//! contribute ln(1 − λ) each.

use super::band::Band;
use super::math::ln_coarse;
use super::pairs::{CHUNK, Search};
use super::shapes::LONGEST_QUICK;
use rayon::prelude::*;
use std::ops::Range;

/// The share of words that are translated word by word; measured on hand-aligned novels.
pub(crate) const LAMBDA: f32 = 0.75;
/// How many words of the other side share the probability of one; measured on hand-aligned novels.
pub(crate) const SPREAD: f32 = 3.0;
/// The greatest ratio one token may contribute, in nats.
pub(crate) const CAP: f32 = 8.0;

/// What a link of this strength is worth for a word of probability `p` whose partner has another. Both together are at most as likely as
/// the rarer alone, so that a match makes neither likelier than 1 / P(the commoner): 夫 in a name is no evidence for *that*, though it
/// may mean it. Measured: docs/accuracy.md, "What the commoner of two words is worth".
#[inline]
pub(crate) fn bounded(strength: f32, p: f32, partner: f32) -> f32 {
    strength * (p / partner).min(1.0)
}

/// Gain per token at which a segment counts as fully supported: the mean at right beads of novels.
pub(crate) const ENOUGH_GAIN: f32 = 1.5;
/// The contribution of a token with probability `p` and best match `strength` in a window of `words` words,
/// above that of an unmatched token.
#[inline]
pub(crate) fn gain(strength: f32, words: f32, p: f32) -> f32 {
    gain_of_ratio(strength / (words * SPREAD * p))
}

/// [`gain`] from how much likelier the match makes the token.
#[inline]
fn gain_of_ratio(ratio: f32) -> f32 {
    let likelier = ln_coarse(1.0 - LAMBDA + LAMBDA * ratio);
    greater(if likelier < CAP { likelier } else { CAP } - UNMATCHED, 0.0)
}

/// ln(1 − λ): the contribution of an unmatched token.
pub(crate) const UNMATCHED: f32 = -1.386_294_4;

/// What the words of both sides of a bead gain from each other: running sums over the segments of a side, one more than there
/// are. Empty where a side is.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Bags<'s> {
    pub en: &'s [f32],
    pub zh: &'s [f32],
}

/// The gains of all beads of a band.
pub(crate) struct Coverages {
    en_from_zh: Coverage,
    zh_from_en: Coverage,
}

/// For every window of row segments, the sums of gains over the column segments that a bead with it can reach.
struct Coverage {
    longest: usize,
    /// The windows that start in the first [`CHUNK`] rows, in the second …
    parts: Vec<Part>,
}

/// The windows of some rows.
#[derive(Debug)]
struct Part {
    /// `starts[row * longest + (length − 1)]` is where the sums of that window would begin for column 0.
    starts: Vec<isize>,
    /// Prefix sums over column segments.
    sums: Vec<f32>,
}

/// The gains of the columns from one window, summed up.
#[derive(Clone, Copy)]
struct Window<'s> {
    sums: &'s [f32],
    /// Where the sum before column 0 would stand.
    base: isize,
}

impl<'s> Window<'s> {
    /// Those of some columns: one more value than columns.
    #[inline]
    fn of(self, columns: Range<usize>) -> &'s [f32] {
        &self.sums
            [(self.base + columns.start as isize) as usize..=(self.base + columns.end as isize) as usize]
    }
}

impl Coverage {
    /// The gains from the window of `length` rows at `row`.
    #[inline]
    fn window(&self, row: usize, length: usize) -> Window<'_> {
        let part = &self.parts[row / CHUNK];
        Window { sums: &part.sums, base: part.starts[row % CHUNK * self.longest + length - 1] }
    }
}

/// The gains of the beads of one kind that start at one Chinese segment.
pub(crate) struct Along<'s> {
    zh: Range<usize>,
    count: usize,
    en_from_zh: Window<'s>,
    zh_from_en: &'s Coverage,
}

impl<'s> Along<'s> {
    /// The gains of the bead that starts at an English segment.
    #[inline]
    pub fn at(&self, j: usize) -> Bags<'s> {
        let zh = self.zh_from_en.window(j, self.count).of(self.zh.clone());
        Bags { en: self.en_from_zh.of(j..j + self.count), zh }
    }
}

impl Coverages {
    /// The gains of the beads with `zh` and `count` English segments; there must be some of both.
    pub fn along(&self, zh: Range<usize>, count: usize) -> Along<'_> {
        let en_from_zh = self.en_from_zh.window(zh.start, zh.len());
        Along { zh, count, en_from_zh, zh_from_en: &self.zh_from_en }
    }

    /// The gains of a bead.
    pub fn of(&self, zh: Range<usize>, en: Range<usize>) -> Bags<'_> {
        if zh.is_empty() || en.is_empty() { Bags::default() } else { self.along(zh, en.len()).at(en.start) }
    }

    /// What Chinese windows account for in English segments, and what English windows do in Chinese ones.
    /// The searches look Chinese words up and English ones; `words` are the effective numbers of words of the Chinese and of
    /// the English segments; `core` is the part of the band in which more than simple beads are considered.
    pub fn new(
        (zh, en): (Search<'_>, Search<'_>),
        words: (&[f32], &[f32]),
        band: &Band,
        core: &Band,
        shapes: &[(u8, u8)],
    ) -> Coverages {
        let (sideways, core_sideways) = (band.transposed(), core.transposed());
        let partner = partners(shapes.iter().copied());
        let of_english = Table::new(zh, words.0, band, core, partner);
        let partner = partners(shapes.iter().map(|&(n, m)| (m, n)));
        let of_chinese = Table::new(en, words.1, &sideways, &core_sideways, partner);
        let (en_from_zh, zh_from_en) = rayon::join(|| of_english.coverage(), || of_chinese.coverage());
        Coverages { en_from_zh, zh_from_en }
    }
}

/// For windows of one, two … rows the greatest number of columns in a bead with them.
fn partners(shapes: impl Iterator<Item = (u8, u8)>) -> Vec<usize> {
    let mut out = Vec::new();
    for (rows, columns) in shapes.map(|(n, m)| (usize::from(n), usize::from(m))).filter(|s| s.0 > 0) {
        if out.len() < rows {
            out.resize(rows, 0);
        }
        out[rows - 1] = out[rows - 1].max(columns);
    }
    out
}

/// How strongly a row matches the words of the columns near it, dense: most words near a row have some link with it, and rows of
/// numbers are worked on side by side.
#[derive(Clone, Default)]
struct Strengths {
    /// The column tokens near the row.
    near: Range<usize>,
    /// The greatest strength of a link of each, or 0.
    values: Vec<f32>,
}

/// Memory that is used again and again, one a thread: what the rows of the present windows match, each in its place of a ring as long
/// as the longest window; and of one window the best match of each token and its gain.
#[derive(Default)]
struct Scratch {
    ring: Vec<Strengths>,
    best: Vec<f32>,
    gains: Vec<f32>,
}

impl Strengths {
    fn read(&mut self, near: Range<usize>, linked: impl Iterator<Item = (usize, f32)>) {
        self.values.clear();
        self.values.resize(near.len(), 0.0);
        for (token, strength) in linked {
            let value = &mut self.values[token - near.start];
            *value = greater(*value, strength);
        }
        self.near = near;
    }

    /// Raises the values of `tokens` to those of the row.
    fn raise(&self, best: &mut [f32], tokens: &Range<usize>) {
        let common = self.near.start.max(tokens.start)..self.near.end.min(tokens.end);
        if common.is_empty() {
            return;
        }
        let values = &self.values[common.start - self.near.start..common.end - self.near.start];
        let best = &mut best[common.start - tokens.start..common.end - tokens.start];
        for (best, &value) in best.iter_mut().zip(values) {
            *best = greater(*best, value);
        }
    }
}

/// The maximum of numbers, as one machine instruction.
#[inline]
fn greater(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// The sum of numbers, four at a time.
#[inline]
fn total(values: &[f32]) -> f32 {
    let mut sums = [0.0f32; 4];
    let (fours, rest) = values.as_chunks::<4>();
    for four in fours {
        for (sum, value) in sums.iter_mut().zip(four) {
            *sum += value;
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest.iter().sum::<f32>()
}

/// What the gains are computed from.
struct Table<'a> {
    /// Looks up the words of the rows.
    search: Search<'a>,
    words: &'a [f32],
    band: &'a Band,
    /// The band of the windows with more rows than simple beads have.
    core: &'a Band,
    /// The greatest number of columns in a bead with one, two … rows.
    partner: Vec<usize>,
    /// Of each column token, and of the end, how many tokens before it count: where it stands among those.
    place: Vec<u32>,
    /// Where the first token of each column stands, and the end.
    starts: Vec<u32>,
    /// Of each column token that counts one over the probability of its word and those that share it.
    rarity: Vec<f32>,
}

impl<'a> Table<'a> {
    fn new(
        search: Search<'a>,
        words: &'a [f32],
        band: &'a Band,
        core: &'a Band,
        partner: Vec<usize>,
    ) -> Table<'a> {
        let columns = search.other;
        let of_type: Vec<f32> = columns.types.iter().map(|t| 1.0 / (SPREAD * t.probability)).collect();
        let counts = |kind: &u32| !(search.rare && columns.is_common(*kind));
        let mut place = vec![0];
        place.extend(columns.kind.iter().scan(0, |count, kind| {
            *count += u32::from(counts(kind));
            Some(*count)
        }));
        let kinds = columns.kind.iter().filter(|kind| counts(kind));
        let rarity = kinds.map(|&kind| of_type[kind as usize]).collect();
        let starts = columns.starts.iter().map(|&token| place[token as usize]).collect();
        Table { search, words, band, core, partner, place, starts, rarity }
    }

    fn coverage(&self) -> Coverage {
        let n = self.words.len();
        let starts: Vec<usize> = (0..n.max(1)).step_by(CHUNK).collect();
        let part = |scratch: &mut Scratch, start: usize| self.part(start..(start + CHUNK).min(n), scratch);
        let parts = starts.into_par_iter().map_init(Scratch::default, part);
        Coverage { longest: self.partner.len(), parts: parts.collect() }
    }

    /// The windows that start in `rows`.
    fn part(&self, rows: Range<usize>, Scratch { ring, best, gains }: &mut Scratch) -> Part {
        let (n, longest) = (self.words.len(), self.partner.len());
        let mut out = Part { starts: Vec::with_capacity(rows.len() * longest), sums: Vec::new() };
        // A row is in windows that start up to `longest - 1` rows before it.
        let near = |row: usize| {
            let (first, end) = ((row + 1).saturating_sub(longest), (row + longest).min(n));
            self.search.other.tokens(self.band.low(first)..self.band.high(end))
        };
        let read = rows.start..(rows.end + longest - 1).min(n);
        let linked = self.search.linked(read.clone(), near);
        let place = |token: usize| self.place[token] as usize;
        let mut read_in = vec![usize::MAX; linked.lists()];
        let mut read_row = |ring: &mut Vec<Strengths>, row: usize| {
            let near = near(row);
            let words = self.search.text.tokens(row..row + 1);
            // A word that occurs again in the row matches what it matched.
            let words =
                words.filter(|&word| std::mem::replace(&mut read_in[linked.list_of(word)], row) != row);
            let found = words.flat_map(|word| linked.of(word, near.clone()));
            let found = found.map(|(token, strength)| (place(token as usize), strength));
            ring[row % longest].read(place(near.start)..place(near.end), found);
        };
        ring.resize(longest, Strengths::default());
        let mut unread = read.start;
        for row in rows {
            while unread < (row + longest).min(read.end) {
                read_row(ring, unread);
                unread += 1;
            }
            let mut total_words = 0.0;
            let most = longest.min(n - row);
            // Long windows are read again from their first row: their beads reach far fewer columns.
            let simple = most.min(LONGEST_QUICK);
            for lengths in [1..=simple, simple + 1..=most] {
                let reaches = lengths.clone().map(|length| self.reach(row, length));
                let wanted = reaches.reduce(|a, b| a.start.min(b.start)..a.end.max(b.end));
                let wanted = self.tokens(&wanted.unwrap_or(0..0));
                best.clear();
                best.resize(wanted.len(), 0.0);
                let raise = |best: &mut [f32], length: usize| {
                    ring[(row + length - 1) % longest].raise(best, &wanted);
                };
                (1..*lengths.start()).for_each(|length| raise(best, length));
                for length in lengths {
                    raise(best, length);
                    total_words += self.words[row + length - 1];
                    let columns = self.reach(row, length);
                    let tokens = self.tokens(&columns);
                    let best = &best[tokens.start - wanted.start..tokens.end - wanted.start];
                    let each = 1.0 / total_words.max(1.0);
                    let gain = |(strength, rarity): (&f32, &f32)| gain_of_ratio(strength * rarity * each);
                    gains.clear();
                    gains.extend(best.iter().zip(&self.rarity[tokens]).map(gain));
                    self.put_sums(&mut out, columns, gains);
                }
            }
            out.starts.extend((most..longest).map(|_| 0));
        }
        out
    }

    /// Sums the gains of some columns' tokens up.
    fn put_sums(&self, out: &mut Part, columns: Range<usize>, gains: &[f32]) {
        out.starts.push(out.sums.len() as isize - columns.start as isize);
        let first = self.tokens(&columns).start;
        let mut sum = 0.0;
        out.sums.push(0.0);
        for column in columns {
            let inside = self.tokens(&(column..column + 1));
            sum += total(&gains[inside.start - first..inside.end - first]);
            out.sums.push(sum);
        }
    }

    /// The tokens of some columns, among those that count.
    #[inline]
    fn tokens(&self, columns: &Range<usize>) -> Range<usize> {
        self.starts[columns.start] as usize..self.starts[columns.end] as usize
    }

    /// The columns that beads with the window can hold.
    fn reach(&self, row: usize, length: usize) -> Range<usize> {
        let partner = self.partner[length - 1];
        let band = if length > LONGEST_QUICK { self.core } else { self.band };
        let (from, to) = (band.range(row), band.range(row + length));
        let low = (*from.start()).max(to.start().saturating_sub(partner)).max(self.band.low(row));
        let high = (*to.end()).min(from.end() + partner).min(self.band.high(row + length));
        low..high.max(low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rare_word_gains_little_from_a_common_partner() {
        // Beside a partner as rare a match counts in full, for both; beside one a hundred times commoner only for that one.
        assert_eq!(bounded(0.5, 1e-4, 1e-4), 0.5);
        assert_eq!(bounded(0.5, 1e-2, 1e-4), 0.5);
        assert!((bounded(0.5, 1e-4, 1e-2) - 0.005).abs() < 1e-6);
    }
}
