//! Pairs of texts against gold pairs, for tools that un-wrap and split by themselves.
//!
//! Only letters and digits count. Each pair becomes two spans of the gold's characters; what differs between both
//! texts (furniture that was kept, text that was lost) is found by long common strings first, then by the longest
//! common blocks between them (Ratcliff and Metzener 1988).

use super::Score;
use std::collections::{BTreeSet, HashMap};

/// Source and target text.
pub type Pair = (String, String);

/// What the comparison gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairScores {
    /// Both spans equal those of a gold pair.
    pub strict: Score,
    /// Both spans overlap those of a gold pair.
    pub lax: Score,
    /// Characters of the gold that no pair holds, source and target.
    pub lost: (usize, usize),
    /// Characters of the pairs that the gold does not have, source and target.
    pub extra: (usize, usize),
}

/// Length of the strings by which both texts are tied together.
const TIE: usize = 12;
/// How far back and ahead of the last tie the next one may lie.
const BACK: usize = 400;
const AHEAD: usize = 4000;
/// Gaps between ties up to this length are compared character by character.
const GAP: usize = 3000;

type Span = Option<(usize, usize)>;
/// The spans of a pair of which neither side is empty.
type Full = ((usize, usize), (usize, usize));

/// Compares pairs with gold pairs. If the languages are the other way round, the pairs are turned.
pub fn compare(gold: &[Pair], found: &[Pair]) -> PairScores {
    let han = |s: &str| s.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count();
    let more_second = |pairs: &[Pair]| {
        pairs.iter().map(|p| han(&p.1)).sum::<usize>() > pairs.iter().map(|p| han(&p.0)).sum::<usize>()
    };
    let turned: Vec<Pair> = if more_second(gold) == more_second(found) {
        found.to_vec()
    } else {
        found.iter().map(|(a, b)| (b.clone(), a.clone())).collect()
    };
    let source = Side::new(gold.iter().map(|p| p.0.as_str()), turned.iter().map(|p| p.0.as_str()));
    let target = Side::new(gold.iter().map(|p| p.1.as_str()), turned.iter().map(|p| p.1.as_str()));
    let join = |a: &[Span], b: &[Span]| -> BTreeSet<(Span, Span)> {
        a.iter().copied().zip(b.iter().copied()).filter(|p| *p != (None, None)).collect()
    };
    let gold_pairs = join(&source.gold, &target.gold);
    let found_pairs = join(&source.found, &target.found);
    let both = gold_pairs.intersection(&found_pairs).count();
    let full = |pairs: &BTreeSet<(Span, Span)>| -> Vec<Full> {
        pairs.iter().filter_map(|(a, b)| Some(((*a)?, (*b)?))).collect()
    };
    let (gold_full, found_full) = (full(&gold_pairs), full(&found_pairs));
    let meets = |x: (usize, usize), y: (usize, usize)| x.0 < y.1 && y.0 < x.1;
    let overlapping = |of: &[Full], with: &[Full]| {
        of.iter().filter(|p| with.iter().any(|q| meets(p.0, q.0) && meets(p.1, q.1))).count()
    };
    PairScores {
        strict: Score::of(both, found_pairs.len(), both, gold_pairs.len()),
        lax: Score::of(
            overlapping(&found_full, &gold_full),
            found_full.len(),
            overlapping(&gold_full, &found_full),
            gold_full.len(),
        ),
        lost: (source.lost, target.lost),
        extra: (source.extra, target.extra),
    }
}

/// One side of gold and found pairs as spans of the gold's characters.
struct Side {
    gold: Vec<Span>,
    found: Vec<Span>,
    lost: usize,
    extra: usize,
}

impl Side {
    fn new<'t>(gold: impl Iterator<Item = &'t str>, found: impl Iterator<Item = &'t str>) -> Side {
        let (gold_text, gold_spans) = reduce(gold);
        let (found_text, found_spans) = reduce(found);
        let map = tie(&gold_text, &found_text);
        let spans = found_spans
            .iter()
            .map(|&(from, to)| {
                let known = map[from..to].iter().flatten();
                Some((*known.clone().min()?, known.max()? + 1))
            })
            .collect();
        let covered: BTreeSet<usize> = map.iter().flatten().copied().collect();
        Side {
            gold: gold_spans.into_iter().map(|(a, b)| (a < b).then_some((a, b))).collect(),
            found: spans,
            lost: gold_text.len() - covered.len(),
            extra: map.iter().filter(|m| m.is_none()).count(),
        }
    }
}

fn reduce<'t>(texts: impl Iterator<Item = &'t str>) -> (Vec<char>, Vec<(usize, usize)>) {
    let mut all = Vec::new();
    let spans = texts
        .map(|text| {
            let from = all.len();
            all.extend(text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase));
            (from, all.len())
        })
        .collect();
    (all, spans)
}

/// For each character found, the gold character it is.
fn tie(gold: &[char], found: &[char]) -> Vec<Option<usize>> {
    if gold == found {
        return (0..found.len()).map(Some).collect();
    }
    let mut places: HashMap<&[char], Vec<usize>> = HashMap::new();
    for (k, window) in gold.windows(TIE).enumerate() {
        places.entry(window).or_default().push(k);
    }
    let mut map = vec![None; found.len()];
    let (mut last, mut i) = (0usize, 0usize);
    while i < found.len() {
        let known = found.get(i..i + TIE).and_then(|w| places.get(w));
        let near = known.and_then(|all| {
            let close = all.iter().filter(|&&x| x + BACK >= last && x <= last + AHEAD);
            let best = close.min_by_key(|&&x| x.abs_diff(last)).copied();
            best.or_else(|| (all.len() == 1).then(|| all[0]))
        });
        let Some(mut j) = near else {
            i += 1;
            continue;
        };
        while i < found.len() && j < gold.len() && found[i] == gold[j] {
            map[i] = Some(j);
            (i, j) = (i + 1, j + 1);
        }
        last = j;
    }
    fill_gaps(gold, found, &mut map);
    map
}

fn fill_gaps(gold: &[char], found: &[char], map: &mut [Option<usize>]) {
    let mut i = 0;
    while i < found.len() {
        if map[i].is_some() {
            i += 1;
            continue;
        }
        let from = i;
        while i < found.len() && map[i].is_none() {
            i += 1;
        }
        let low = from.checked_sub(1).and_then(|k| map[k]).map_or(0, |k| k + 1);
        let high = map.get(i).copied().flatten().unwrap_or(gold.len());
        if low <= high && high - low <= GAP && i - from <= GAP {
            common(&found[from..i], &gold[low..high], &mut |a, b| map[from + a] = Some(low + b));
        }
    }
}

/// Reports the characters of the longest common block, then those of what lies before and after it.
fn common(a: &[char], b: &[char], report: &mut dyn FnMut(usize, usize)) {
    let mut work = vec![(0, a.len(), 0, b.len())];
    while let Some((a_from, a_to, b_from, b_to)) = work.pop() {
        let (mut best_a, mut best_b, mut best) = (a_from, b_from, 0);
        let mut lengths = vec![0usize; b_to - b_from + 1];
        for (x, c) in a.iter().enumerate().take(a_to).skip(a_from) {
            let mut diagonal = 0;
            for y in b_from..b_to {
                let above = lengths[y - b_from + 1];
                let length = if *c == b[y] { diagonal + 1 } else { 0 };
                lengths[y - b_from + 1] = length;
                diagonal = above;
                if length > best {
                    (best_a, best_b, best) = (x + 1 - length, y + 1 - length, length);
                }
            }
        }
        if best > 0 {
            (0..best).for_each(|k| report(best_a + k, best_b + k));
            work.push((a_from, best_a, b_from, best_b));
            work.push((best_a + best, a_to, best_b + best, b_to));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(list: &[(&str, &str)]) -> Vec<Pair> {
        list.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect()
    }

    #[test]
    fn punctuation_and_order_of_languages_do_not_count() {
        let gold = pairs(&[("他来了。", "He came."), ("我走了。", "I left."), ("完", "")]);
        let found = pairs(&[("He came", "他来了"), ("I left!", "我走了！"), ("", "完")]);
        let scores = compare(&gold, &found);
        assert_eq!((scores.strict.f1(), scores.lax.f1()), (1.0, 1.0));
        assert_eq!((scores.lost, scores.extra), ((0, 0), (0, 0)));
    }

    #[test]
    fn furniture_shows_as_extra_and_loss_as_lost() {
        let gold =
            pairs(&[("今天天气很好我们出去走走吧朋友们", "one two three four five six"), ("再见", "bye")]);
        let found = pairs(&[("今天天气很好我们出去走走吧朋友们第3页", "one two three four five six")]);
        let scores = compare(&gold, &found);
        assert_eq!((scores.lost, scores.extra), ((2, 3), (3, 0)));
        assert_eq!(scores.strict, Score { precision: 1.0, recall: 0.5 });
    }
}
