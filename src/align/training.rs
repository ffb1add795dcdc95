//! Learns the weights from pairs of texts whose true beads are known.
//!
//! A conditional random field over segmentations (Sarawagi and Cohen 2004): the weights that make the true path
//! most probable among all, by L-BFGS (Nocedal 1980) with a quadratic penalty. Where the truth is known by blocks
//! only (a verse, a paragraph), every path that respects the blocks counts as true. The second pass gets trees on top of
//! its weights, grown on the same likelihood.

use super::boosting::{Slopes, boost};
use super::confidence;
pub use super::confidence::Judged;
use super::decode::decode;
use super::features::{COUNT, LINEAR, NAMES, Vector, asked_by_trees};
use super::lbfgs::{Objective, minimise};
use super::passes::{Candidates, KEEP, Pairing};
use super::shapes::Cell;
use super::text::Text;
use super::trees::Trees;
use super::truth::{Known, Loss, Truth};
use super::weights::Weights;
use crate::lexicon::Lexicon;
use crate::model::{Lang, Segment};
use rayon::prelude::*;
use std::ops::Range;

/// The penalty on each squared weight, per two: of 1 and 3 the one that makes left-out texts likelier.
const PENALTY: f64 = 1.0;
/// Steps of the minimiser; the weights settle long before.
const STEPS: usize = 120;
/// The first pass keeps more than in use, so that what it drops can be learned.
const KEEP_IN_TRAINING: f64 = KEEP - 5.0;

/// Segments of both sides that belong together.
pub type Group = (Range<usize>, Range<usize>);

/// A pair of texts with its true beads.
#[derive(Debug, Clone)]
pub struct Example {
    /// The Chinese segments.
    pub zh: Vec<Segment>,
    /// The English segments.
    pub en: Vec<Segment>,
    /// The true groups, in order, covering both sides.
    pub gold: Vec<Group>,
    /// Whether each group is one bead; otherwise only the groups' borders are known.
    pub exact: bool,
    /// How much it counts; 1 is usual.
    pub weight: f64,
}

/// An example after everything that does not depend on the weights.
pub struct Prepared {
    pairing: Pairing,
    gold: Vec<Group>,
    exact: bool,
    weight: f64,
}

impl Prepared {
    /// Reads the words of an example.
    pub fn new(example: &Example, lexicon: &Lexicon) -> Prepared {
        let zh = Text::read(Lang::Zh, &example.zh, lexicon);
        let en = Text::read(Lang::En, &example.en, lexicon);
        Prepared {
            pairing: Pairing::new(zh, en, lexicon),
            gold: example.gold.clone(),
            exact: example.exact,
            weight: example.weight,
        }
    }
}

/// Learns the weights of both passes, and the confidence from `judged`: beads that other weights chose for texts
/// which they had not seen, and whether they were right.
pub fn train(examples: &[&Prepared], start: &Weights, judged: &[&Judged]) -> Weights {
    let mut weights = start.clone();
    weights.first = fit(&refs(&first_problems(examples, start)), &[]);
    let problems = second_problems(examples, &weights.first);
    weights.second = fit(&refs(&problems), &[]);
    weights.trees = fit_trees(&refs(&problems), &weights.second, &[]);
    weights.confidence = confidence::fit(judged);
    weights
}

/// What weights that had not seen a text make of it.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// The beads they choose.
    pub beads: Vec<Judged>,
    /// How unlikely they find the true path: −ln of its probability. `None` where the first pass left none.
    pub loss: Option<f64>,
    /// The weights.
    pub weights: Weights,
}

/// Judges every example by weights that were learned from the examples of the other folds, once for each list of names
/// in `without`: the second pass does without the features whose names start with one of them. What does not depend on
/// the fold is done once; the confidence of a fold is learned from the beads of the others. With `quick` the first pass
/// keeps the weights it starts with: good for trying features, not for judging.
pub fn cross_validate(
    examples: &[&Prepared],
    folds: &[usize],
    start: &Weights,
    quick: bool,
    without: &[Vec<String>],
) -> Vec<Vec<Verdict>> {
    let count = folds.iter().copied().max().unwrap_or(0) + 1;
    let unknown = Verdict { beads: Vec::new(), loss: None, weights: start.clone() };
    let mut out = vec![vec![unknown; examples.len()]; without.len()];
    let mut problems = if quick { second_problems(examples, &start.first) } else { Vec::new() };
    let first = if quick { Vec::new() } else { first_problems(examples, start) };
    for fold in 0..count {
        let mut weights = start.clone();
        if !quick {
            weights.first = fit(&others(&first, folds, fold), &[]);
            problems = second_problems(examples, &weights.first);
        }
        let known = others(&problems, folds, fold);
        for (names, verdicts) in without.iter().zip(&mut out) {
            let left_out = |name: &str| names.iter().any(|n| name.starts_with(n.as_str()));
            let frozen: Vec<usize> = (0..COUNT).filter(|&k| left_out(NAMES[k])).collect();
            weights.second = fit(&known, &frozen);
            weights.trees = fit_trees(&known, &weights.second, &frozen);
            let judged: Vec<(usize, Verdict)> = (0..examples.len())
                .into_par_iter()
                .filter(|&k| folds[k] == fold)
                .map(|k| (k, problems[k].judge(&weights)))
                .collect();
            judged.into_iter().for_each(|(k, verdict)| verdicts[k] = verdict);
        }
    }
    for verdicts in &mut out {
        let calibrations: Vec<Weights> = (0..count)
            .map(|fold| {
                let judged: Vec<&Judged> =
                    others(verdicts, folds, fold).iter().flat_map(|v| &v.beads).collect();
                Weights { confidence: confidence::fit(&judged), ..start.clone() }
            })
            .collect();
        for (verdict, &fold) in verdicts.iter_mut().zip(folds) {
            verdict.weights.confidence = calibrations[fold].confidence;
            verdict.beads.iter_mut().for_each(|bead| bead.recalibrate(&calibrations[fold]));
        }
    }
    out
}

/// Judges an example by weights that have not seen it.
pub fn judge(example: &Prepared, weights: &Weights) -> Verdict {
    second_problem(example, &weights.first).judge(weights)
}

/// Those of the other folds.
fn others<'p, T>(things: &'p [T], folds: &[usize], fold: usize) -> Vec<&'p T> {
    things.iter().zip(folds).filter(|(_, f)| **f != fold).map(|(thing, _)| thing).collect()
}

fn refs<T>(things: &[T]) -> Vec<&T> {
    things.iter().collect()
}

fn first_problems(examples: &[&Prepared], start: &Weights) -> Vec<Problem> {
    let problem = |x: &&Prepared| Problem::new(x, x.pairing.first_candidates(&start.first, KEEP_IN_TRAINING));
    examples.par_iter().map(problem).collect()
}

fn second_problems(examples: &[&Prepared], first: &Vector) -> Vec<Problem> {
    examples.par_iter().map(|x| second_problem(x, first)).collect()
}

fn second_problem(x: &Prepared, first: &Vector) -> Problem {
    Problem::new(x, x.pairing.second(x.pairing.first(first), None, None).0)
}

/// The weights under which the true paths are most likely; those of the `frozen` features are 0.
fn fit(problems: &[&Problem], frozen: &[usize]) -> Vector {
    let solution = minimise(&Likelihood { problems, frozen }, vec![0.0; LINEAR], STEPS);
    let mut out = [0.0; COUNT];
    for (to, from) in out.iter_mut().zip(solution) {
        *to = from as f32;
    }
    out
}

/// The trees that make the true paths likelier than the weights alone do, without the `frozen` features.
fn fit_trees(problems: &[&Problem], weights: &Vector, frozen: &[usize]) -> Trees {
    let rows: Vec<&Vector> = problems.iter().flat_map(|p| &p.candidates.vectors).collect();
    let linear: Vec<Vec<f32>> = problems.iter().map(|p| p.candidates.scores(weights)).collect();
    let starts = linear.iter().scan(0, |at, scores| Some(std::mem::replace(at, *at + scores.len())));
    let starts: Vec<usize> = starts.collect();
    let slopes = |sums: &[f32]| -> Slopes {
        let of = |k: usize| {
            let scores: Vec<f32> = linear[k].iter().zip(&sums[starts[k]..]).map(|(a, b)| a + b).collect();
            problems[k].slopes(&scores)
        };
        let parts: Vec<Slopes> = (0..problems.len()).into_par_iter().map(of).collect();
        let (first, second): (Vec<Vec<f32>>, Vec<Vec<f32>>) = parts.into_iter().unzip();
        (first.concat(), second.concat())
    };
    boost(&rows, |k| asked_by_trees(k) && !frozen.contains(&k), slopes)
}

/// A lattice and which of its beads lie on a true path.
struct Problem {
    candidates: Candidates,
    allowed: Vec<bool>,
    weight: f64,
    /// Whether each cell is a true bead; empty where single beads are not known.
    right: Vec<bool>,
}

impl Problem {
    fn new(example: &Prepared, candidates: Candidates) -> Problem {
        let cells = &candidates.lattice.cells;
        let known: Vec<Known> = example.gold.iter().map(|g| Known::new(g.clone(), example.exact)).collect();
        let truth = Truth::new(&known, cells);
        let right =
            if example.exact { cells.iter().map(|c| truth.is_right(c)).collect() } else { Vec::new() };
        Problem { allowed: truth.allowed(cells), candidates, weight: example.weight, right }
    }

    /// The beads that would be chosen.
    fn judge(&self, weights: &Weights) -> Verdict {
        let chosen = decode(&self.candidates, weights, None).into_iter();
        let right = |cell: &Cell| {
            let k = self.candidates.lattice.cells.binary_search(cell).ok()?;
            self.right.get(k).copied()
        };
        let beads = chosen
            .map(|d| Judged {
                zh: d.cell.zh(),
                en: d.cell.en(),
                confidence: d.confidence,
                right: right(&d.cell),
                signs: d.signs,
            })
            .collect();
        let scores = weights.scores(&self.candidates.vectors);
        let loss = self.loss(&scores).map(|l| l.value);
        Verdict { beads, loss, weights: weights.clone() }
    }

    /// How unlikely these scores find the true path. `None` where the lattice does not hold it.
    fn loss(&self, scores: &[f32]) -> Option<Loss> {
        Loss::new(&self.candidates.lattice, &self.allowed, scores)
    }

    /// The negative log likelihood's value and gradient.
    fn gradient(&self, weights: &Vector) -> (f64, Vec<f64>) {
        let mut gradient = vec![0.0; LINEAR];
        let Some(loss) = self.loss(&self.candidates.scores(weights)) else { return (0.0, gradient) };
        loss.add_gradient(&self.candidates.vectors, self.weight, &mut gradient);
        (loss.value * self.weight, gradient)
    }

    /// The negative log likelihood's derivatives by each bead's score; of the second ones those beside the diagonal are left
    /// out.
    fn slopes(&self, scores: &[f32]) -> Slopes {
        let Some(loss) = self.loss(scores) else { return (vec![0.0; scores.len()], vec![0.0; scores.len()]) };
        let first = loss.posteriors.iter().zip(&loss.truth).map(|(p, t)| ((p - t) * self.weight) as f32);
        let second = loss.posteriors.iter().map(|p| (p * (1.0 - p) * self.weight) as f32);
        (first.collect(), second.collect())
    }
}

struct Likelihood<'a> {
    problems: &'a [&'a Problem],
    frozen: &'a [usize],
}

impl Objective for Likelihood<'_> {
    fn value_and_gradient(&self, at: &[f64]) -> (f64, Vec<f64>) {
        let mut weights = [0.0; COUNT];
        for (to, from) in weights.iter_mut().zip(at) {
            *to = *from as f32;
        }
        let parts: Vec<(f64, Vec<f64>)> = self.problems.par_iter().map(|p| p.gradient(&weights)).collect();
        let mut value = 0.0;
        let mut gradient = vec![0.0; LINEAR];
        for (w, g) in at.iter().zip(gradient.iter_mut()) {
            value += PENALTY / 2.0 * w * w;
            *g += PENALTY * w;
        }
        for (v, g) in parts {
            value += v;
            gradient.iter_mut().zip(g).for_each(|(to, from)| *to += from);
        }
        self.frozen.iter().filter(|&&k| k < LINEAR).for_each(|&k| gradient[k] = 0.0);
        (value, gradient)
    }
}
