//! Pairs that are not quite pairs: missing chapters, summaries, the wrong document, one sentence, very many.
#![allow(clippy::unwrap_used)]

#[path = "../benches/text.rs"]
mod text;

use duizhao::align::{AlignOptions, Aligner};
use duizhao::lexicon::Lexicon;
use duizhao::model::{Alignment, Lang, Segment};

fn segments<'t>(texts: impl Iterator<Item = &'t String>) -> Vec<Segment> {
    (1..).zip(texts).map(|(line, text)| Segment::line(text, line, 0..0)).collect()
}

fn align(zh: Vec<Segment>, en: Vec<Segment>) -> Alignment {
    let options = AlignOptions { explain: false, ..AlignOptions::default() };
    Aligner::new(Lexicon::built_in(), options).unwrap().align(Lang::Zh, zh, en, &|_| {})
}

fn mean_confidence(alignment: &Alignment) -> f64 {
    alignment.beads().iter().map(|b| b.confidence).sum::<f64>() / alignment.beads().len() as f64
}

/// The share of `wanted` that the alignment pairs, as (Chinese, English) segment numbers.
fn found(alignment: &Alignment, wanted: &[(usize, usize)]) -> f64 {
    let is_there = |(zh, en): &(usize, usize)| {
        alignment.beads().iter().any(|b| b.source == (*zh..zh + 1) && b.target == (*en..en + 1))
    };
    wanted.iter().filter(|pair| is_there(pair)).count() as f64 / wanted.len() as f64
}

#[test]
fn a_chapter_that_is_missing_in_the_middle_stays_without_counterpart() {
    let pairs = text::pairs(1500);
    let gap = 600..800;
    let kept = |k: &usize| !gap.contains(k);
    let zh = segments(pairs.iter().map(|p| &p.0));
    let en = segments((0..1500).filter(kept).map(|k| &pairs[k].1));
    let wanted: Vec<(usize, usize)> = (0..1500).filter(kept).enumerate().map(|(j, i)| (i, j)).collect();
    let alignment = align(zh, en);
    let share = found(&alignment, &wanted);
    assert!(share > 0.97, "{share}");
    let alone =
        alignment.beads().iter().filter(|b| b.target.is_empty() && gap.contains(&b.source.start)).count();
    assert!(alone > 180, "{alone} of 200");
}

#[test]
fn a_summary_is_laid_on_what_it_tells() {
    let pairs = text::pairs(300);
    let zh = segments(pairs.iter().map(|p| &p.0));
    let en = segments((0..300).step_by(5).map(|k| &pairs[k].1));
    let wanted: Vec<(usize, usize)> = (0..60).map(|j| (j * 5, j)).collect();
    let alignment = align(zh, en);
    let share = found(&alignment, &wanted);
    assert!(share > 0.8, "{share}");
}

#[test]
fn the_wrong_document_is_told_by_its_confidence() {
    let pairs = text::pairs(400);
    let zh = segments(pairs[..200].iter().map(|p| &p.0));
    let right = align(zh.clone(), segments(pairs[..200].iter().map(|p| &p.1)));
    let wrong = align(zh, segments(pairs[200..].iter().map(|p| &p.1)));
    assert!(mean_confidence(&right) > 0.95, "{}", mean_confidence(&right));
    assert!(mean_confidence(&wrong) < 0.6, "{}", mean_confidence(&wrong));
}

#[test]
fn one_sentence_is_enough() {
    let pairs = text::pairs(1);
    let alignment = align(segments(pairs.iter().map(|p| &p.0)), segments(pairs.iter().map(|p| &p.1)));
    assert_eq!(alignment.beads().len(), 1);
    assert!(alignment.beads()[0].confidence > 0.9);
}

#[test]
fn a_hundred_to_one_is_aligned() {
    let pairs = text::pairs(3000);
    let alignment =
        align(segments(pairs.iter().map(|p| &p.0)), segments(pairs[1500..1502].iter().map(|p| &p.1)));
    let last = alignment.beads().last().unwrap();
    assert_eq!((last.source.end, last.target.end), (3000, 2));
}

#[test]
fn many_sentences_are_found_again() {
    // 25,000 + 25,000 segments with a shift in the middle: far more than a band around the diagonal would hold.
    let pairs = text::pairs(25_500);
    let zh = segments(pairs[500..].iter().map(|p| &p.0));
    let en = segments(pairs[..25_000].iter().map(|p| &p.1));
    let wanted: Vec<(usize, usize)> = (0..24_500).step_by(250).map(|k| (k, k + 500)).collect();
    let alignment = align(zh, en);
    let share = found(&alignment, &wanted);
    assert!(share > 0.95, "{share}");
}

/// Of sentence pairs the texts of lines of `count` sentences each.
fn lines(pairs: &[(String, String)], count: usize) -> Vec<(String, String)> {
    let line = |of: &[(String, String)]| {
        let (zh, en): (Vec<&str>, Vec<&str>) = of.iter().map(|p| (p.0.as_str(), p.1.as_str())).unzip();
        (zh.concat(), en.join(" "))
    };
    pairs.chunks(count).map(line).collect()
}

#[test]
fn long_paragraphs_and_chapters_in_one_line_are_paired() {
    let pairs = text::pairs(4000);
    for count in [20, 50, 400] {
        let lines = lines(&pairs[..(count * 30).min(4000)], count);
        let missing = lines.len() / 2;
        let kept = |k: &usize| *k != missing;
        let zh = segments(lines.iter().map(|p| &p.0));
        let en = segments((0..lines.len()).filter(kept).map(|k| &lines[k].1));
        let wanted: Vec<(usize, usize)> =
            (0..lines.len()).filter(kept).enumerate().map(|(j, i)| (i, j)).collect();
        let share = found(&align(zh, en), &wanted);
        assert!(share > 0.85, "{count}: {share}");
    }
}

#[test]
fn a_book_in_one_line_is_paired() {
    let lines = lines(&text::pairs(10_000), 10_000);
    let alignment = align(segments(lines.iter().map(|p| &p.0)), segments(lines.iter().map(|p| &p.1)));
    assert_eq!(found(&alignment, &[(0, 0)]), 1.0);
}
