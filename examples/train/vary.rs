//! Texts with gaps, joins and cuts made from texts without: there are few hand-made ones to learn from.

#[path = "../common/mod.rs"]
mod common;

use common::Dice;
use duizhao::align::training::Example;
use duizhao::model::{Lang, Segment};
use duizhao::segment::{SegmentOptions, split};
use std::ops::Range;

/// Of so many groups … (the shares are about those of the constructed development sets: in ntrex_hard 47 of 924 groups have no
/// counterpart, and 155 are merged)
const OF: usize = 1000;
/// … so many lose their Chinese side and so many their English one, in a text with few gaps; twice as many in one with many, and none
/// in a third of all texts.
const GAPS: usize = 25;
/// … so many are joined with the next on one side.
const JOINS: usize = 140;
/// … and so many cut into their sentences on one side.
const CUTS: usize = 200;
/// Texts of at least so many groups may lose a longer stretch of one side: one in [`WITH_STRETCH`] does.
const LONG: usize = 60;
const WITH_STRETCH: usize = 4;
/// The length of such a stretch.
const STRETCH: Range<usize> = 5..20;

/// The same texts with some groups that lose a side. Where all groups are one to one (texts whose lines are the truth), some are joined
/// or cut, too; how segments of other texts belong together is their translator's.
pub fn vary(example: &Example, seed: u64) -> Example {
    let mut dice = Dice(seed);
    let text = |side: &[Segment], range: &Range<usize>| -> Vec<String> {
        side[range.clone()].iter().map(|segment| segment.text.clone()).collect()
    };
    let groups = example.gold.iter().map(|(zh, en)| [text(&example.zh, zh), text(&example.en, en)]);
    let groups: Vec<[Vec<String>; 2]> = groups.collect();
    let is_pair = |group: &[Vec<String>; 2]| group.iter().all(|side| side.len() == 1);
    let by_lines = groups.iter().all(is_pair);
    let gaps = GAPS * dice.roll(3);
    let stretch = (groups.len() >= LONG && dice.roll(WITH_STRETCH) == 0).then(|| {
        let start = dice.roll(groups.len() - STRETCH.end);
        (start..start + STRETCH.start + dice.roll(STRETCH.len()), dice.roll(2))
    });
    let mut out = Example { zh: Vec::new(), en: Vec::new(), gold: Vec::new(), ..*example };
    let mut at = 0;
    while at < groups.len() {
        let [mut zh, mut en] = groups[at].clone();
        let (chance, side) = (dice.roll(OF), dice.roll(2));
        if let Some((_, side)) = stretch.as_ref().filter(|(range, _)| range.contains(&at)) {
            [&mut zh, &mut en][*side].clear();
        } else if chance < 2 * gaps {
            [&mut zh, &mut en][side].clear();
        } else if by_lines && chance < 2 * gaps + JOINS {
            if let Some([more_zh, more_en]) = groups.get(at + 1) {
                zh.extend_from_slice(more_zh);
                en.extend_from_slice(more_en);
                if side == 0 {
                    zh = vec![zh.concat()];
                } else {
                    en = vec![en.join(" ")];
                }
                at += 1;
            }
        } else if by_lines && chance < 2 * gaps + JOINS + CUTS {
            if side == 0 {
                zh = cut(&zh[0], Lang::Zh);
            } else {
                en = cut(&en[0], Lang::En);
            }
        }
        push(&mut out, zh, en);
        at += 1;
    }
    out
}

/// Adds a group; where a side has nothing, each segment of the other is its own.
fn push(to: &mut Example, zh: Vec<String>, en: Vec<String>) {
    let (i, j) = (to.zh.len(), to.en.len());
    match (zh.len(), en.len()) {
        (n, 0) => to.gold.extend((i..i + n).map(|k| (k..k + 1, j..j))),
        (0, m) => to.gold.extend((j..j + m).map(|k| (i..i, k..k + 1))),
        (n, m) => to.gold.push((i..i + n, j..j + m)),
    }
    for (side, lines) in [(&mut to.zh, zh), (&mut to.en, en)] {
        for line in lines {
            let bytes = 0..line.len();
            side.push(Segment::line(line, side.len() + 1, bytes));
        }
    }
}

/// The sentences of a line; the line itself where it has none.
fn cut(line: &str, lang: Lang) -> Vec<String> {
    let mut sentences = split(line, lang, &SegmentOptions::default());
    if sentences.is_empty() {
        sentences.push(0..line.len());
    }
    sentences.into_iter().map(|range| line[range].to_string()).collect()
}
