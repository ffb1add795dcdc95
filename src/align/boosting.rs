//! Grows decision trees by gradient boosting (Friedman 2001) on the likelihood of the true paths, as Dietterich,
//! Ashenfelter and Bulatov (2004) do for conditional random fields. For the training only.
//!
//! Each round a tree is fitted to the slopes of the likelihood at every bead, leaf by leaf (the split that gains most
//! comes first), over features cut into bins.

use super::features::{COUNT, Vector};
use super::trees::{MOST_LEAVES, Tree, Trees};
use rayon::prelude::*;

/// Rounds, one tree each. Twice as many with half the [`RATE`] and half of the rows make left-out texts likelier than 160 of
/// all rows; three such rows of trees and their mean add nothing.
const ROUNDS: usize = 320;
/// The share of a tree's fitted values that is taken.
const RATE: f64 = 0.025;
/// Leaves of a tree. Left-out texts were a little likelier with 12 than with 4 and 6.
const LEAVES: usize = 12;
const _: () = assert!(LEAVES <= MOST_LEAVES);
/// The penalty on each squared leaf, per two, and the least curvature in a leaf. With 10 for both, left-out texts are less likely (−ln
/// 551 by two starts, instead of 546 and 549); with 2, 1 and more leaves, technical books are likelier of which other chapters
/// were learned from, and novels of other books are not (docs/accuracy.md, "What the trees are worth").
const PENALTY: f64 = 5.0;
const LEAST_CURVATURE: f64 = 5.0;
/// The share of the features that a tree may ask for, so that trees differ. 0.3 and 0.5 did alike.
const SHARE: f64 = 0.3;
/// Where the draws of features and rows start: of four starts the one with the likeliest left-out texts when it was chosen. With the
/// features of today all four find them as likely.
const SEED: u64 = 4 << 56;
/// One in so many rows grows a tree, drawn anew for each (Friedman 2002).
const DRAWN: u64 = 2;
/// The most bins of a feature: they fit a byte.
const BINS: usize = 127;
/// Digits kept of a leaf.
const DIGITS: f64 = 1e5;

/// First and second derivative of the loss at each row.
pub(crate) type Slopes = (Vec<f32>, Vec<f32>);

/// Grows trees. `slopes` gives the derivatives of the loss when the trees so far add these values to the rows' scores;
/// only features for which `usable` holds are asked.
pub(crate) fn boost(
    rows: &[&Vector],
    usable: impl Fn(usize) -> bool + Sync,
    slopes: impl Fn(&[f32]) -> Slopes,
) -> Trees {
    let features: Vec<Binned> =
        (0..COUNT).into_par_iter().filter(|&k| usable(k)).map(|k| Binned::new(rows, k)).collect();
    let features: Vec<&Binned> = features.iter().filter(|f| !f.thresholds.is_empty()).collect();
    let mut trees = Trees::default();
    let mut sums = vec![0.0f32; rows.len()];
    for round in 0..ROUNDS {
        let asked = sample(&features, round as u64);
        let (tree, leaves) = grow(&asked, &of_drawn(slopes(&sums), round as u64));
        for (value, rows) in leaves {
            rows.iter().for_each(|&row| sums[row as usize] += value);
        }
        trees.push(tree).expect("a tree of at most so many leaves");
    }
    trees
}

/// The features of one tree: the same in every run.
fn sample<'f>(features: &[&'f Binned], round: u64) -> Vec<&'f Binned> {
    let mut drawn: Vec<(u64, &Binned)> =
        features.iter().map(|f| (mix((round + 1) * COUNT as u64 + f.feature as u64), *f)).collect();
    drawn.sort_by_key(|(order, f)| (*order, f.feature));
    drawn.truncate(((features.len() as f64 * SHARE).ceil() as usize).max(1));
    drawn.into_iter().map(|(_, f)| f).collect()
}

/// The slopes of the rows that grow one tree, as if they stood for all; those of the others are 0.
fn of_drawn((mut first, mut second): Slopes, round: u64) -> Slopes {
    let weights = (0..first.len() as u64)
        .map(|row| if mix((round << 32) + row).is_multiple_of(DRAWN) { DRAWN as f32 } else { 0.0 });
    for (weight, (first, second)) in weights.zip(first.iter_mut().zip(second.iter_mut())) {
        *first *= weight;
        *second *= weight;
    }
    (first, second)
}

/// A number that looks drawn at random: SplitMix64 (Steele, Lea and Flood 2014).
fn mix(k: u64) -> u64 {
    let mut z = (k ^ SEED).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// One feature of all rows, cut into bins of about as many rows each.
struct Binned {
    feature: usize,
    /// Between the greatest value of each bin and the least of the next.
    thresholds: Vec<f32>,
    bins: Vec<u8>,
}

impl Binned {
    fn new(rows: &[&Vector], feature: usize) -> Binned {
        let mut values: Vec<f32> = rows.iter().map(|row| row[feature]).collect();
        values.sort_by(f32::total_cmp);
        let runs: Vec<&[f32]> = values.chunk_by(|a, b| a == b).collect();
        // A value that fills a bin has its own; the others share the rest evenly.
        let heavy = |run: &[f32]| run.len() * BINS >= rows.len();
        let (many, few): (Vec<&[f32]>, Vec<&[f32]>) = runs.iter().partition(|run| heavy(run));
        let full =
            few.iter().map(|run| run.len()).sum::<usize>() / BINS.saturating_sub(2 * many.len() + 1).max(1);
        let mut thresholds = Vec::new();
        let mut filled = 0;
        for pair in runs.windows(2) {
            let (run, next) = (pair[0], pair[1]);
            filled += run.len();
            if runs.len() <= BINS || heavy(run) || heavy(next) || filled > full {
                thresholds.push(run[0] + (next[0] - run[0]) / 2.0);
                filled = 0;
            }
        }
        let bin = |row: &&Vector| thresholds.partition_point(|t| *t < row[feature]) as u8;
        let bins = rows.iter().map(bin).collect();
        Binned { feature, thresholds, bins }
    }
}

/// Sums of both derivatives.
type Sums = [f64; 2];

/// How good it is to end with these sums.
fn worth(sums: Sums) -> f64 {
    sums[0] * sums[0] / (sums[1] + PENALTY)
}

/// A leaf that may be split further.
struct Leaf {
    rows: Vec<u32>,
    sums: Sums,
    /// For each feature of the tree the sums of its bins.
    bins: Vec<Vec<Sums>>,
    /// The best split: what it gains, the feature's place, the last bin below.
    split: Option<(f64, usize, usize)>,
    /// Where it stands in the tree.
    node: usize,
}

impl Leaf {
    fn new(rows: Vec<u32>, bins: Vec<Vec<Sums>>, features: &[&Binned], node: usize) -> Leaf {
        let mut sums = [0.0; 2];
        for bin in bins.first().into_iter().flatten() {
            sums = [sums[0] + bin[0], sums[1] + bin[1]];
        }
        let mut split: Option<(f64, usize, usize)> = None;
        for (place, (feature, bins)) in features.iter().zip(&bins).enumerate() {
            let mut below = [0.0; 2];
            for (bin, add) in bins.iter().enumerate().take(feature.thresholds.len()) {
                below = [below[0] + add[0], below[1] + add[1]];
                let above = [sums[0] - below[0], sums[1] - below[1]];
                if below[1].min(above[1]) < LEAST_CURVATURE {
                    continue;
                }
                let gain = worth(below) + worth(above) - worth(sums);
                if gain > split.map_or(0.0, |s| s.0) {
                    split = Some((gain, place, bin));
                }
            }
        }
        Leaf { rows, sums, bins, split, node }
    }
}

/// The sums of every bin of every feature over some rows.
fn sum_up(features: &[&Binned], rows: &[u32], (first, second): &Slopes) -> Vec<Vec<Sums>> {
    let of = |feature: &&Binned| {
        let mut bins = vec![[0.0; 2]; feature.thresholds.len() + 1];
        for &row in rows {
            let bin = &mut bins[usize::from(feature.bins[row as usize])];
            bin[0] += f64::from(first[row as usize]);
            bin[1] += f64::from(second[row as usize]);
        }
        bins
    };
    features.par_iter().map(of).collect()
}

/// A tree, and the value and the rows of each of its leaves.
fn grow(features: &[&Binned], slopes: &Slopes) -> (Tree, Vec<(f32, Vec<u32>)>) {
    // A node of the growing tree: its question and branches, once it has some.
    let mut nodes: Vec<Option<(usize, f32, [usize; 2])>> = vec![None];
    let all: Vec<u32> = (0..slopes.0.len() as u32).collect();
    let bins = sum_up(features, &all, slopes);
    let mut leaves = vec![Leaf::new(all, bins, features, 0)];
    while leaves.len() < LEAVES {
        let gain = |leaf: &Leaf| leaf.split.map_or(0.0, |s| s.0);
        let best = leaves
            .iter()
            .enumerate()
            .fold((0, 0.0), |best, (k, leaf)| if gain(leaf) > best.1 { (k, gain(leaf)) } else { best });
        let Some((_, place, bin)) = leaves[best.0].split else { break };
        let Leaf { rows, mut bins, node, .. } = leaves.swap_remove(best.0);
        let feature = features[place];
        let (below, above): (Vec<u32>, Vec<u32>) =
            rows.into_iter().partition(|&row| usize::from(feature.bins[row as usize]) <= bin);
        // The sums of the larger branch are what the smaller one leaves.
        let (small, small_is_below) =
            if below.len() <= above.len() { (&below, true) } else { (&above, false) };
        let fewer = sum_up(features, small, slopes);
        for (bins, fewer) in bins.iter_mut().zip(&fewer) {
            for (bin, less) in bins.iter_mut().zip(fewer) {
                *bin = [bin[0] - less[0], bin[1] - less[1]];
            }
        }
        let (below_bins, above_bins) = if small_is_below { (fewer, bins) } else { (bins, fewer) };
        let branches = [nodes.len(), nodes.len() + 1];
        nodes[node] = Some((feature.feature, feature.thresholds[bin], branches));
        nodes.extend([None, None]);
        leaves.push(Leaf::new(below, below_bins, features, branches[0]));
        leaves.push(Leaf::new(above, above_bins, features, branches[1]));
    }
    let mut values = vec![0.0; nodes.len()];
    let leaves: Vec<(f32, Vec<u32>)> = leaves
        .into_iter()
        .map(|leaf| {
            let value = -RATE * leaf.sums[0] / (leaf.sums[1] + PENALTY);
            values[leaf.node] = ((value * DIGITS).round() / DIGITS) as f32;
            (values[leaf.node], leaf.rows)
        })
        .collect();
    (assemble(&nodes, &values, 0), leaves)
}

fn assemble(nodes: &[Option<(usize, f32, [usize; 2])>], values: &[f32], at: usize) -> Tree {
    match nodes[at] {
        None => Tree::Leaf(values[at]),
        Some((feature, threshold, [below, above])) => {
            let branch = |at| Box::new(assemble(nodes, values, at));
            Tree::Question(feature, threshold, branch(below), branch(above))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_learn_what_no_sum_can_say() {
        // The loss is the squared distance from 1 where exactly one of two signs is set, from 0 elsewhere: the best sum of
        // signs is 0.5 everywhere. Each sign stands in five features, so that most trees see both, and one corner
        // has a row less, so that the first question gains something.
        let rows: Vec<Vector> = (0..399)
            .map(|k| {
                let mut vector = [0.0; COUNT];
                (0..10).for_each(|f| vector[f] = (if f % 2 == 0 { k % 2 } else { k / 2 % 2 }) as f32);
                vector
            })
            .collect();
        let wanted: Vec<f32> = rows.iter().map(|r| f32::from(u8::from(r[0] != r[1]))).collect();
        let refs: Vec<&Vector> = rows.iter().collect();
        let slopes =
            |sums: &[f32]| (sums.iter().zip(&wanted).map(|(s, w)| s - w).collect(), vec![1.0; wanted.len()]);
        let trees = boost(&refs, |k| k < 10, slopes);
        let error =
            rows.iter().zip(&wanted).map(|(r, w)| (trees.values([r])[0] - w).abs()).fold(0.0, f32::max);
        assert!(error < 0.1, "{error}");
        assert_eq!(boost(&refs, |k| k < 10, slopes), trees);
    }

    #[test]
    fn bins_keep_a_heavy_value_apart_and_share_out_the_rest() {
        let rows: Vec<Vector> = (0..2000)
            .map(|k| {
                let mut vector = [0.0; COUNT];
                vector[0] = if k < 1000 { 0.0 } else { k as f32 };
                vector
            })
            .collect();
        let binned = Binned::new(&rows.iter().collect::<Vec<_>>(), 0);
        assert!((100..BINS).contains(&binned.thresholds.len()), "{}", binned.thresholds.len());
        assert!(binned.bins[..1000].iter().all(|b| *b == 0) && binned.bins[1000] == 1);
    }
}
