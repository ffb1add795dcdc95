//! Decision trees beside the weights: what a sum of features cannot say, such as that a short bead is judged otherwise
//! than a long one.
//!
//! Each tree asks one feature after another and ends in a value; the values of all trees are added to a bead's score.
//! `boosting` grows them. They are not walked: the questions of all trees are gone through feature by feature, and each that is
//! answered by "more" takes the leaves of its lower branch away (QuickScorer, Lucchese et al. 2015).

use super::features::{COUNT, NAMES, Vector};

/// The most leaves of a tree: one bit each.
pub(crate) const MOST_LEAVES: usize = 16;

/// All trees.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Trees {
    trees: Vec<Tree>,
    /// The values of all leaves, [`MOST_LEAVES`] places a tree.
    leaves: Vec<f32>,
    /// The questions about each feature, by threshold.
    questions: Vec<Vec<Question>>,
}

/// A question of a tree, answered by "more".
#[derive(Debug, Clone, Copy, PartialEq)]
struct Question {
    threshold: f32,
    tree: u16,
    /// The leaves that are left then.
    left: u16,
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
    /// Its leaves from the lowest branch on.
    fn leaves(&self, out: &mut Vec<f32>) {
        match self {
            Tree::Leaf(value) => out.push(*value),
            Tree::Question(_, _, below, above) => {
                below.leaves(out);
                above.leaves(out);
            }
        }
    }

    /// Hands out its questions with the leaves below each, `first` being the number of its first leaf. Returns the number after the
    /// last.
    fn questions(&self, first: usize, out: &mut impl FnMut(usize, f32, std::ops::Range<usize>)) -> usize {
        let Tree::Question(feature, threshold, below, above) = self else { return first + 1 };
        let middle = below.questions(first, out);
        out(*feature, *threshold, first..middle);
        above.questions(middle, out)
    }

    fn put_line(&self, out: &mut Vec<String>) {
        match self {
            Tree::Leaf(value) => out.push(value.to_string()),
            Tree::Question(feature, threshold, below, above) => {
                out.push(format!("{}<={threshold}", NAMES[*feature]));
                below.put_line(out);
                above.put_line(out);
            }
        }
    }
}

impl Trees {
    /// What the trees add to the scores of some beads, looked at side by side.
    pub fn values<const BEADS: usize>(&self, beads: [&Vector; BEADS]) -> [f32; BEADS] {
        let mut left = vec![[u16::MAX; BEADS]; self.trees.len()];
        for (feature, questions) in self.questions.iter().enumerate() {
            let mut values = [0.0; BEADS];
            for (value, bead) in values.iter_mut().zip(beads) {
                *value = bead[feature];
            }
            let greatest = values.iter().fold(f32::NEG_INFINITY, |a, &b| a.max(b));
            for question in questions.iter().take_while(|question| greatest > question.threshold) {
                for (left, value) in left[usize::from(question.tree)].iter_mut().zip(&values) {
                    *left &= if *value > question.threshold { question.left } else { u16::MAX };
                }
            }
        }
        let mut sums = [0.0; BEADS];
        for (left, leaves) in left.iter().zip(self.leaves.chunks_exact(MOST_LEAVES)) {
            for (sum, left) in sums.iter_mut().zip(left) {
                *sum += leaves[left.trailing_zeros() as usize % MOST_LEAVES];
            }
        }
        sums
    }

    /// Adds a tree. `None` if it has too many leaves, or is one tree too many.
    pub fn push(&mut self, tree: Tree) -> Option<()> {
        let mut leaves = Vec::new();
        tree.leaves(&mut leaves);
        let number = u16::try_from(self.trees.len()).ok()?;
        if leaves.len() > MOST_LEAVES {
            return None;
        }
        leaves.resize(MOST_LEAVES, 0.0);
        self.leaves.extend(leaves);
        self.questions.resize(COUNT, Vec::new());
        tree.questions(0, &mut |feature, threshold, below| {
            let left = below.fold(u16::MAX, |left, leaf| left & !(1 << leaf));
            let questions = &mut self.questions[feature];
            let at = questions.partition_point(|q| q.threshold <= threshold);
            questions.insert(at, Question { threshold, tree: number, left });
        });
        self.trees.push(tree);
        Some(())
    }

    /// Reads what [`Trees::lines`] wrote. `None` where a line is no tree.
    pub fn push_line(&mut self, line: &str) -> Option<()> {
        let mut words = line.split(' ');
        let tree = parse(&mut words, MOST_LEAVES)?;
        if words.next().is_some() {
            return None;
        }
        self.push(tree)
    }

    /// A line a tree, in preorder: `feature<=threshold` for a question, followed by the branch for values up to it; a number for
    /// a leaf.
    pub fn lines(&self) -> impl Iterator<Item = String> + '_ {
        self.trees.iter().map(|tree| {
            let mut words = Vec::new();
            tree.put_line(&mut words);
            words.join(" ")
        })
    }
}

/// Reads a tree of at most `deepest` questions above each other.
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
        let wide = (0..5).fold("1".to_string(), |tree, _| format!("null<=1 {tree} {tree}"));
        for bad in
            ["", "null<=0.5 1", "null<=0.5 1 2 3", "nothing<=0.5 1 2", "null<=x 1 2", "NaN", &deep, &wide]
        {
            assert_eq!(Trees::default().push_line(bad), None, "{bad:?}");
        }
    }
}
