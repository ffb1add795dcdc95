//! Material that stands in another order on the other side: signature blocks, lists sorted by another alphabet.
//!
//! The path is monotone, so such segments end as beads without counterpart. Those that account for each other's words
//! are linked afterwards, the best pairs first.

use super::decode::Decoded;
use super::explain::Explainer;
use super::pairs::CHAPTER;
use super::shapes::Cell;
use crate::model::Evidence;

/// The least share of both sides' content that a moved pair must account for.
const COVERED: f64 = 0.5;
/// How many beads apart a moved pair may stand: within a page or a list.
const REACH: usize = 60;

/// A bead less sure than this whose sides have no word in common gives way to a moved pair.
const DOUBTFUL: f64 = 0.7;

/// The shares of both sides' content that they account for of each other; `None` for a chapter in one line, which is no line that has moved
/// and would take long to compare word by word.
fn covered(bead: &Decoded, explainer: &Explainer) -> Option<[f64; 2]> {
    let Evidence { source_coverage, target_coverage, .. } =
        (explainer.words(bead.cell) <= CHAPTER).then(|| explainer.evidence(bead, true))?;
    Some([source_coverage, target_coverage])
}

/// Takes apart one-to-one beads that nothing speaks for, where a side has its counterpart among the beads without one.
pub(crate) fn loosen(beads: Vec<Decoded>, explainer: &Explainer) -> Vec<Decoded> {
    let is_null = |d: &Decoded| d.cell.is_null();
    if !beads.iter().any(is_null) {
        return beads;
    }
    let has_counterpart = |k: usize| {
        let near = k.saturating_sub(REACH)..(k + REACH + 1).min(beads.len());
        beads[near].iter().filter(|d| is_null(d)).any(|null| {
            let cell = if null.cell.n == 0 {
                beads[k].cell.with_english_of(null.cell)
            } else {
                null.cell.with_english_of(beads[k].cell)
            };
            covered(&Decoded { cell, ..*null }, explainer).is_some_and(|[a, b]| a.min(b) >= COVERED)
        })
    };
    let mut out = Vec::with_capacity(beads.len());
    for (k, bead) in beads.iter().enumerate() {
        let weak = bead.cell.n == 1
            && bead.cell.m == 1
            && bead.confidence < DOUBTFUL
            && covered(bead, explainer).is_some_and(|[a, b]| a + b == 0.0);
        if weak && has_counterpart(k) {
            let part =
                |cell| Decoded { cell, score: 0.0, length: 0.0, confidence: 1.0 - bead.confidence, ..*bead };
            out.push(part(Cell { m: 0, ..bead.cell }));
            out.push(part(Cell { n: 0, i: bead.cell.i + 1, ..bead.cell }));
        } else {
            out.push(*bead);
        }
    }
    out
}

/// For each bead the index of its counterpart, where one was found.
pub(crate) fn find(beads: &[Decoded], explainer: &Explainer) -> Vec<Option<usize>> {
    let mut out = vec![None; beads.len()];
    let nulls: Vec<usize> = (0..beads.len()).filter(|&k| beads[k].cell.is_null()).collect();
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (at, &a) in nulls.iter().enumerate() {
        for &b in nulls[at + 1..].iter().take_while(|&&b| b - a <= REACH) {
            if (beads[a].cell.n == 0) == (beads[b].cell.n == 0) {
                continue;
            }
            let (zh, en) = if beads[a].cell.n > 0 { (a, b) } else { (b, a) };
            let together = Decoded { cell: beads[zh].cell.with_english_of(beads[en].cell), ..beads[zh] };
            let least = covered(&together, explainer).map(|[a, b]| a.min(b));
            pairs.extend(least.filter(|&least| least >= COVERED).map(|least| (least, a, b)));
        }
    }
    pairs.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.2 - x.1, x.1).cmp(&(y.2 - y.1, y.1))));
    for (_, a, b) in pairs {
        if out[a].is_none() && out[b].is_none() {
            (out[a], out[b]) = (Some(b), Some(a));
        }
    }
    out
}
