//! The linked words that stand near each other.

use super::coverage::bounded;
use super::links::Links;
use super::shapes::Cell;
use super::text::Text;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// Segments looked up at a time by one thread: a word that occurs several times in them is looked up once. Of 32, 64 and 128
/// the one that takes the fewest instructions on Bible 001.
pub(crate) const CHUNK: usize = 64;

/// A segment of more words than this is a book or a chapter in one line, where all pairs of words would be too many. The longest of the
/// development sets has 321; not tried otherwise.
pub(crate) const CHAPTER: usize = 1000;
/// A list of linked words longer than this is put in their order, so that those near a place are found at once.
const LONG: usize = 4096;
/// Of a long list at most so many words of a segment pair with a word of a chapter in one line, those nearest to where it would stand: a
/// word matches once, and its place says where. With 256 a clause repeated 100,000 times takes 5.9 GB
/// instead of 2.1.
const MOST_PAIRS: usize = 64;

/// Looks the words of one text up in the other.
#[derive(Clone, Copy)]
pub(crate) struct Search<'a> {
    pub text: &'a Text,
    pub other: &'a Text,
    /// The links of the text's types with those of the other.
    pub links: &'a Links,
    /// Whether common words of both are passed over.
    pub rare: bool,
}

/// The words of the other text that are linked with those of a run of segments and stand near them.
pub(crate) struct Linked {
    /// The first token of the segments.
    first: usize,
    /// The list of each token.
    list: Vec<u32>,
    /// Where each list begins, and the end of the last. The first is empty.
    starts: Vec<u32>,
    /// Tokens of the other text, with the strength of the link.
    tokens: Vec<(u32, f32)>,
}

impl Linked {
    /// The words linked with a token that stand in a range of the other text's tokens.
    #[inline]
    pub fn of(&self, token: usize, within: Range<usize>) -> impl Iterator<Item = (u32, f32)> + '_ {
        let all = self.list(self.list_of(token));
        all.iter().copied().filter(move |t| within.contains(&(t.0 as usize)))
    }

    /// The same, of a long list only those nearest to a place.
    fn near(
        &self,
        token: usize,
        within: Range<usize>,
        place: usize,
    ) -> impl Iterator<Item = (u32, f32)> + '_ {
        let mut all = self.list(self.list_of(token));
        if all.len() > LONG {
            let before = |end: usize| all.partition_point(|t| (t.0 as usize) < end);
            let (first, end, middle) = (before(within.start), before(within.end), before(place));
            let from = middle.saturating_sub(MOST_PAIRS / 2).min(end.saturating_sub(MOST_PAIRS)).max(first);
            all = &all[from..end.min(from + MOST_PAIRS)];
        }
        all.iter().copied().filter(move |t| within.contains(&(t.0 as usize)))
    }

    /// The list of a token; those of one type have the same.
    #[inline]
    pub fn list_of(&self, token: usize) -> usize {
        self.list[token - self.first] as usize
    }

    /// How many lists there are.
    pub fn lists(&self) -> usize {
        self.starts.len() - 1
    }

    #[inline]
    fn list(&self, list: usize) -> &[(u32, f32)] {
        &self.tokens[self.starts[list] as usize..self.starts[list + 1] as usize]
    }
}

/// A run of tokens of a text, by type.
struct Occurrences {
    /// The first token.
    base: usize,
    /// Of each type the place of its first occurrence in the run plus one, or 0.
    first: Vec<u32>,
    /// Of each token the place of the next occurrence of its type plus one, or 0.
    next: Vec<u32>,
}

impl Occurrences {
    fn new(text: &Text, tokens: Range<usize>, rare: bool) -> Occurrences {
        let mut out =
            Occurrences { base: tokens.start, first: vec![0; text.types.len()], next: vec![0; tokens.len()] };
        for (k, &kind) in text.kind[tokens].iter().enumerate().rev() {
            if !(rare && text.is_common(kind)) {
                out.next[k] = std::mem::replace(&mut out.first[kind as usize], k as u32 + 1);
            }
        }
        out
    }

    /// The tokens of a type, in order.
    #[inline]
    fn of(&self, kind: u32) -> impl Iterator<Item = usize> + '_ {
        let mut at = self.first[kind as usize];
        std::iter::from_fn(move || {
            let k = (at as usize).checked_sub(1)?;
            at = self.next[k];
            Some(self.base + k)
        })
    }
}

impl Search<'_> {
    /// What is linked with the words of some segments. `reach` are the tokens of the other text that are near a segment; both
    /// ends never decrease.
    pub fn linked(&self, segments: Range<usize>, reach: impl Fn(usize) -> Range<usize>) -> Linked {
        let tokens = self.text.tokens(segments.clone());
        let mut out = Linked {
            first: tokens.start,
            list: Vec::with_capacity(tokens.len()),
            starts: vec![0, 0],
            tokens: Vec::new(),
        };
        if segments.is_empty() {
            return out;
        }
        let all = reach(segments.start).start..reach(segments.end - 1).end;
        let occurrences = Occurrences::new(self.other, all, self.rare);
        let mut list_of = FxHashMap::default();
        // Of each list its type, and the tokens that are near where it occurs.
        let mut lists: Vec<(u32, Range<usize>)> = Vec::new();
        for segment in segments {
            let near = reach(segment);
            for &kind in &self.text.kind[self.text.tokens(segment..segment + 1)] {
                if self.rare && self.text.is_common(kind) {
                    out.list.push(0);
                    continue;
                }
                let list = *list_of.entry(kind).or_insert_with(|| {
                    lists.push((kind, near.clone()));
                    lists.len()
                });
                lists[list - 1].1.end = near.end;
                out.list.push(list as u32);
            }
        }
        for (kind, near) in lists {
            let start = out.tokens.len();
            for &(other, strength) in self.links.of(kind) {
                let found = occurrences.of(other).filter(|token| near.contains(token));
                out.tokens.extend(found.map(|token| (token as u32, strength)));
            }
            if out.tokens.len() - start > LONG {
                out.tokens[start..].sort_unstable_by_key(|t| t.0);
            }
            out.starts.push(out.tokens.len() as u32);
        }
        out
    }
}

/// One pair of linked words, by their token numbers.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Pair {
    pub zh: u32,
    pub en: u32,
    /// What it is worth for the Chinese and for the English word.
    pub to_zh: f32,
    pub to_en: f32,
}

impl Pair {
    /// What it is worth at most.
    pub fn strength(&self) -> f32 {
        self.to_zh.max(self.to_en)
    }
}

/// The pairs of the Chinese segments that some beads bring together, and of those next to them.
pub(crate) struct Pairs {
    parts: Vec<Part>,
}

/// The pairs of the segments of one chunk.
struct Part {
    starts: Vec<u32>,
    pairs: Vec<Pair>,
}

impl Part {
    /// Adds the pairs of the next segment in the order of their English tokens, which are `near`; `places` is scratch memory.
    fn push(&mut self, found: &[Pair], near: Range<usize>, places: &mut Vec<u32>) {
        // Sorted by counting: where the pairs of each token go.
        places.clear();
        places.resize(near.len() + 1, 0);
        found.iter().for_each(|pair| places[pair.en as usize + 1 - near.start] += 1);
        let start = self.pairs.len();
        places[0] = start as u32;
        (1..places.len()).for_each(|k| places[k] += places[k - 1]);
        self.pairs.resize(start + found.len(), Pair::default());
        for pair in found {
            let place = &mut places[pair.en as usize - near.start];
            self.pairs[*place as usize] = *pair;
            *place += 1;
        }
        self.starts.push(self.pairs.len() as u32);
    }
}

impl Pairs {
    /// Looks up what the beads need.
    pub fn of_beads(zh: &Text, en: &Text, links: &Links, beads: &[Cell]) -> Pairs {
        let search = Search { text: zh, other: en, links, rare: false };
        let n = zh.len();
        let reach = reach_of_beads(beads, n, en.len());
        let probability = |text: &Text, token: usize| text.types[text.kind[token] as usize].probability;
        let part = |start: usize| {
            let rows = start..(start + CHUNK).min(n);
            let near = |i: usize| en.tokens(reach[i].clone());
            let linked = search.linked(rows.clone(), near);
            let mut out = Part { starts: vec![0], pairs: Vec::new() };
            let (mut found, mut places) = (Vec::new(), Vec::new());
            for i in rows {
                let near = near(i);
                found.clear();
                let tokens = zh.tokens(i..i + 1);
                for word in tokens.clone() {
                    let p = probability(zh, word);
                    let pair = |(token, strength): (u32, f32)| {
                        let q = probability(en, token as usize);
                        let (to_zh, to_en) = (bounded(strength, p, q), bounded(strength, q, p));
                        Pair { zh: word as u32, en: token, to_zh, to_en }
                    };
                    if tokens.len() > CHAPTER {
                        for j in reach[i].clone() {
                            let of = en.tokens(j..j + 1);
                            let place = of.start + (word - tokens.start) * of.len() / tokens.len();
                            found.extend(linked.near(word, of, place).map(pair));
                        }
                    } else {
                        found.extend(linked.of(word, near.clone()).map(pair));
                    }
                }
                out.push(&found, near, &mut places);
            }
            out
        };
        let starts: Vec<usize> = (0..n).step_by(CHUNK).collect();
        Pairs { parts: starts.into_par_iter().map(part).collect() }
    }

    /// The pairs of a Chinese segment with a run of English tokens, in their order.
    pub fn between(&self, segment: usize, en: &Range<usize>) -> &[Pair] {
        let part = &self.parts[segment / CHUNK];
        let k = segment % CHUNK;
        let all = &part.pairs[part.starts[k] as usize..part.starts[k + 1] as usize];
        let all = &all[all.partition_point(|pair| (pair.en as usize) < en.start)..];
        &all[..all.partition_point(|pair| (pair.en as usize) < en.end)]
    }
}

/// For every Chinese segment the English ones with which it stands in a bead, and those next to them. Both ends never decrease.
fn reach_of_beads(beads: &[Cell], n: usize, m: usize) -> Vec<Range<usize>> {
    let mut out = vec![m..0; n];
    for bead in beads {
        let (zh, en) = (bead.zh(), bead.en());
        for near in &mut out[zh.start.saturating_sub(1)..(zh.end + 1).min(n)] {
            near.start = near.start.min(en.start.saturating_sub(1));
            near.end = near.end.max((en.end + 1).min(m));
        }
    }
    for i in 1..n {
        out[i].end = out[i].end.max(out[i - 1].end);
    }
    for i in (1..n).rev() {
        out[i - 1].start = out[i - 1].start.min(out[i].start);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;
    use crate::model::Lang;

    #[test]
    fn of_chapters_in_one_line_each_a_word_meets_those_near_its_place() {
        let lexicon = Lexicon::built_in();
        let (zh, en) = ("狗跑了，".repeat(3000), "The dog ran. ".repeat(3000));
        let zh = Text::of_lines(Lang::Zh, &[zh.as_str(); 3], &lexicon);
        let en = Text::of_lines(Lang::En, &[en.as_str(); 3], &lexicon);
        let links = Links::from_lexicon(&zh, &en, &lexicon);
        let beads: Vec<Cell> = (0..3).map(|k| Cell { i: k, j: k, n: 1, m: 1 }).collect();
        let pairs = Pairs::of_beads(&zh, &en, &links, &beads);
        let dog = zh.types.iter().position(|t| t.key == "狗").unwrap() as u32;
        for k in 0..3 {
            let (in_zh, in_en) = (zh.tokens(k..k + 1), en.tokens(k..k + 1));
            let of_dogs: Vec<&Pair> =
                pairs.between(k, &in_en).iter().filter(|pair| zh.kind[pair.zh as usize] == dog).collect();
            assert_eq!(of_dogs.len(), 3000 * MOST_PAIRS);
            let place = |token: u32, of: &Range<usize>| (token as usize - of.start) as f32 / of.len() as f32;
            assert!(of_dogs.iter().all(|p| (place(p.zh, &in_zh) - place(p.en, &in_en)).abs() < 0.03));
        }
    }

    #[test]
    fn every_linked_word_near_is_found_and_no_other() {
        let lexicon = Lexicon::built_in();
        let count = 3 * CHUNK + 10;
        let read = |lang, words: [&str; 3]| {
            let lines: Vec<&str> = (0..count).map(|k| words[k * k % 7 % 3]).collect();
            Text::of_lines(lang, &lines, &lexicon)
        };
        let zh = read(Lang::Zh, ["狗跑了，猫没跑。", "猫睡了。", "门。"]);
        let en = read(Lang::En, ["A dog ran, the cat did not.", "A cat.", "A door."]);
        let links = Links::from_lexicon(&zh, &en, &lexicon);
        let near = |i: usize| en.tokens(i.saturating_sub(40)..(i + 30).min(count));
        let mut all = 0;
        for rare in [false, true] {
            let search = Search { text: &zh, other: &en, links: &links, rare };
            let passed = |text: &Text, token: usize| rare && text.is_common(text.kind[token]);
            let linked = search.linked(5..count - 3, near);
            for i in 5..count - 3 {
                for z in zh.tokens(i..i + 1) {
                    let mut found: Vec<(u32, f32)> = linked.of(z, near(i)).collect();
                    found.sort_unstable_by_key(|f| f.0);
                    let strength = |e: usize| links.strength(zh.kind[z], en.kind[e]);
                    let wanted = near(i).filter(|&e| !passed(&zh, z) && !passed(&en, e) && strength(e) > 0.0);
                    let wanted: Vec<(u32, f32)> = wanted.map(|e| (e as u32, strength(e))).collect();
                    assert_eq!(found, wanted, "{i} {z} {rare}");
                    all += found.len();
                }
            }
        }
        assert!(all > 10 * count);
    }

    #[test]
    fn pairs_stand_in_the_order_of_english_words() {
        let lexicon = Lexicon::built_in();
        let zh = Text::of_lines(Lang::Zh, &["狗跑了，猫没跑，狗睡了。", "门。", "猫和狗。"], &lexicon);
        let en = Text::of_lines(
            Lang::En,
            &["A dog ran, the cat did not.", "The dog slept.", "Cat, dog."],
            &lexicon,
        );
        let links = Links::from_lexicon(&zh, &en, &lexicon);
        let beads = [
            Cell { i: 0, j: 0, n: 1, m: 2 },
            Cell { i: 1, j: 2, n: 1, m: 0 },
            Cell { i: 2, j: 2, n: 1, m: 1 },
        ];
        let pairs = Pairs::of_beads(&zh, &en, &links, &beads);
        for (segment, tokens) in [(0, en.tokens(0..2)), (2, en.tokens(2..3))] {
            let strength = |z: usize, e: usize| links.strength(zh.kind[z], en.kind[e]);
            let words = |e: usize| zh.tokens(segment..segment + 1).map(move |z| (z, e));
            let wanted = tokens.clone().flat_map(words).filter(|&(z, e)| strength(z, e) > 0.0);
            let wanted: Vec<(usize, usize, f32)> = wanted.map(|(z, e)| (z, e, strength(z, e))).collect();
            let found = pairs.between(segment, &tokens).iter();
            let found: Vec<_> = found.map(|p| (p.zh as usize, p.en as usize, p.strength())).collect();
            assert_eq!(found, wanted);
            assert!(found.len() > 1);
        }
    }
}
