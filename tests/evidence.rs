//! The evidence of beads says what one side has and the other lacks, and on which side; both ways round.
#![allow(clippy::unwrap_used)]

use duizhao::align::{AlignOptions, Aligner};
use duizhao::lexicon::Lexicon;
use duizhao::model::{Alignment, Lang, Segment, Side};

const ZH: [&str; 4] = [
    "委员会昨天讨论了新的预算。",
    "这座桥长350米，2004年建成。",
    "秘书长在报告第17段提到了这个问题。",
    "医生和护士都没有收到通知。",
];
/// The second sentence has another length of the bridge; the third has left out the number of the paragraph.
const EN: [&str; 4] = [
    "The committee discussed the new budget yesterday.",
    "The bridge is 530 metres long and was built in 2004.",
    "The Secretary-General mentioned this problem in the report.",
    "Neither the doctors nor the nurses received the notice.",
];

fn segments(texts: &[&str]) -> Vec<Segment> {
    (1..).zip(texts).map(|(line, text)| Segment::line(*text, line, 0..0)).collect()
}

fn align(lang: Lang, source: &[&str], target: &[&str], explain: bool) -> Alignment {
    let options = AlignOptions { explain, ..AlignOptions::default() };
    let aligner = Aligner::new(Lexicon::built_in(), options).unwrap();
    aligner.align(lang, segments(source), segments(target), &|_| {})
}

fn missing(alignment: &Alignment) -> Vec<Vec<(Side, String)>> {
    alignment.beads().iter().map(|b| b.evidence.missing.clone()).collect()
}

#[test]
fn a_number_the_other_side_lacks_is_named_with_its_side() {
    let alignment = align(Lang::Zh, &ZH, &EN, true);
    let (source, target) = (Side::Source, Side::Target);
    assert_eq!(
        missing(&alignment),
        [
            vec![],
            vec![(source, "350".to_owned()), (target, "530".to_owned())],
            vec![(source, "第17".to_owned())],
            vec![],
        ]
    );
}

#[test]
fn turned_round_the_sides_of_what_is_missing_turn_too() {
    let turn = |(side, text): (Side, String)| match side {
        Side::Source => (Side::Target, text),
        Side::Target => (Side::Source, text),
    };
    let one = missing(&align(Lang::Zh, &ZH, &EN, true));
    let other = missing(&align(Lang::En, &EN, &ZH, true));
    let turned: Vec<Vec<_>> = other
        .into_iter()
        .map(|bead| {
            let mut bead: Vec<_> = bead.into_iter().map(turn).collect();
            bead.sort_by_key(|(side, _)| *side == Side::Target);
            bead
        })
        .collect();
    assert_eq!(one, turned);
}

#[test]
fn a_bead_without_counterpart_misses_nothing() {
    let alignment = align(Lang::Zh, &ZH, &EN[..1], true);
    let alone = alignment.beads().iter().filter(|b| b.source.is_empty() || b.target.is_empty());
    let told: Vec<_> = alone.map(|b| b.evidence.missing.len()).collect();
    assert!(!told.is_empty() && told.iter().all(|&n| n == 0), "{told:?}");
}

#[test]
fn a_date_left_in_english_misses_nothing() {
    let zh = ["委员会昨天讨论了新的预算。", "23 July 2007"];
    let en = ["The committee discussed the new budget yesterday.", "23 July 2007"];
    let alignment = align(Lang::Zh, &zh, &en, true);
    assert_eq!(missing(&alignment), [vec![], vec![]] as [Vec<(Side, String)>; 2]);
}

#[test]
fn without_explanation_nothing_is_kept() {
    let alignment = align(Lang::Zh, &ZH, &EN, false);
    assert!(alignment.beads().iter().all(|b| b.evidence.missing.is_empty() && b.evidence.matches.is_empty()));
}

#[test]
fn the_number_of_an_annex_is_not_missing_in_chinese_writing() {
    let zh = ["详情见附件一。", "经费见附件三第5段。"];
    let en = ["Details are given in Annex I.", "For the funds see Annex III, paragraph 5."];
    assert_eq!(missing(&align(Lang::Zh, &zh, &en, true)), [vec![], vec![]]);
    let other = ["Details are given in Annex II.", "For the funds see Annex III, paragraph 5."];
    let told = missing(&align(Lang::Zh, &zh, &other, true));
    assert!(told[0].contains(&(Side::Target, "II".to_owned())), "{told:?}");
}
