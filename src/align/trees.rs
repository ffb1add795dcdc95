//! Decision trees beside the weights: what a sum of features cannot say, such as that a short bead is judged otherwise
//! than a long one.
//!
//! Each tree asks one feature after another and ends in a value; the values of all trees are added to a bead's score.
//! `boosting` grows them.

use super::features::{NAMES, Vector};

/// All trees, each in preorder: a question is followed by the branch for values up to its threshold.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Trees {
    roots: Vec<Root>,
    nodes: Vec<Node>,
}

/// Where a tree begins, and the most questions that it asks of one bead.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Root {
    at: u32,
    depth: u32,
}

/// A question, or a leaf where `skip` is 0.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Node {
    /// The threshold, or the leaf's value.
    value: f32,
    feature: u16,
    /// How far on the branch for greater values begins.
    skip: u16,
}

/// One tree while it grows or is read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Tree {
    /// What it adds to the score.
    Leaf(f32),
    /// The feature, the threshold, the branches for values up to it and above.
    Question(usize, f32, Box<Tree>, Box<Tree>),
}

impl Tree {
    /// The most questions from the root to a leaf.
    fn depth(&self) -> u32 {
        match self {
            Tree::Leaf(_) => 0,
            Tree::Question(_, _, below, above) => 1 + below.depth().max(above.depth()),
        }
    }
}

impl Trees {
    /// What the trees add to the scores of some beads. Several are looked at side by side, and each stays at its leaf until the
    /// last is there: no step depends on a guess which way a question goes.
    #[inline]
    pub fn values<const BEADS: usize>(&self, features: [&Vector; BEADS]) -> [f32; BEADS] {
        let mut sums = [0.0; BEADS];
        for root in &self.roots {
            let mut at = [root.at as usize; BEADS];
            for _ in 0..root.depth {
                for (at, features) in at.iter_mut().zip(features) {
                    let node = self.nodes[*at];
                    let skip = usize::from(node.skip);
                    let up = features[usize::from(node.feature)] > node.value;
                    *at += if up { skip } else { skip.min(1) };
                }
            }
            for (sum, at) in sums.iter_mut().zip(at) {
                *sum += self.nodes[at].value;
            }
        }
        sums
    }

    /// Adds a tree.
    pub fn push(&mut self, tree: &Tree) {
        self.roots.push(Root { at: self.nodes.len() as u32, depth: tree.depth() });
        self.put(tree);
    }

    fn put(&mut self, tree: &Tree) {
        match tree {
            Tree::Leaf(value) => self.nodes.push(Node { value: *value, feature: 0, skip: 0 }),
            Tree::Question(feature, value, below, above) => {
                let at = self.nodes.len();
                self.nodes.push(Node { value: *value, feature: *feature as u16, skip: 0 });
                self.put(below);
                self.nodes[at].skip = (self.nodes.len() - at) as u16;
                self.put(above);
            }
        }
    }

    /// Reads what [`Trees::lines`] wrote. `None` where a line is no tree.
    pub fn push_line(&mut self, line: &str) -> Option<()> {
        let mut words = line.split(' ');
        let tree = parse(&mut words, DEEPEST)?;
        self.push(&tree);
        words.next().is_none().then_some(())
    }

    /// A line a tree, in preorder: `feature<=threshold` for a question, a number for a leaf.
    pub fn lines(&self) -> impl Iterator<Item = String> + '_ {
        let starts = || self.roots.iter().map(|root| root.at as usize);
        starts().zip(starts().skip(1).chain([self.nodes.len()])).map(|(from, to)| {
            let words = self.nodes[from..to].iter().map(|node| match node.skip {
                0 => node.value.to_string(),
                _ => format!("{}<={}", NAMES[usize::from(node.feature)], node.value),
            });
            words.collect::<Vec<_>>().join(" ")
        })
    }
}

/// A tree deeper than this is no tree of ours: it protects the stack.
const DEEPEST: usize = 64;

fn parse<'a>(words: &mut impl Iterator<Item = &'a str>, deepest: usize) -> Option<Tree> {
    let word = words.next()?;
    let number = |text: &str| text.parse::<f32>().ok().filter(|v| v.is_finite());
    let Some((name, threshold)) = word.split_once("<=") else { return number(word).map(Tree::Leaf) };
    let feature = NAMES.iter().position(|n| *n == name)?;
    let deepest = deepest.checked_sub(1)?;
    let below = Box::new(parse(words, deepest)?);
    Some(Tree::Question(feature, number(threshold)?, below, Box::new(parse(words, deepest)?)))
}

#[cfg(test)]
mod tests {
    use super::super::features::COUNT;
    use super::*;

    const LINE: &str = "null<=0.5 length-zh<=12 -0.25 0.5 1";

    #[test]
    fn a_tree_follows_its_questions() {
        let mut trees = Trees::default();
        trees.push_line(LINE).unwrap();
        trees.push_line("0.125").unwrap();
        let feature = |name| NAMES.iter().position(|n| *n == name).unwrap();
        let value = |null, length| {
            let mut vector = [0.0; COUNT];
            vector[feature("null")] = null;
            vector[feature("length-zh")] = length;
            trees.values([&vector])[0]
        };
        // -0.25, 0.5 or 1 from the first tree, and 0.125 from the second.
        assert_eq!((value(0.0, 12.0), value(0.0, 13.0), value(1.0, 12.0)), (-0.125, 0.625, 1.125));
    }

    #[test]
    fn lines_come_back() {
        let mut trees = Trees::default();
        trees.push_line(LINE).unwrap();
        assert_eq!(trees.lines().collect::<Vec<_>>(), [LINE]);
    }

    #[test]
    fn what_is_no_tree_is_refused() {
        let deep = format!("{} 1", "null<=1 1".repeat(100).replace("1null", "1 null"));
        for bad in ["", "null<=0.5 1", "null<=0.5 1 2 3", "nothing<=0.5 1 2", "null<=x 1 2", "NaN", &deep] {
            assert_eq!(Trees::default().push_line(bad), None, "{bad:?}");
        }
    }
}
