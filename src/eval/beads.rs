//! Beads against gold beads: strict, lax, links and null segments, as vecalign's scorer defines them (Thompson and
//! Koehn 2019): a null bead counts in precision, not in recall.

use super::Score;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::AddAssign;

/// Source and target segments of a bead, 0-based.
pub type Bead = (Vec<usize>, Vec<usize>);

/// Counts, which add up over documents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    strict_found: usize,
    lax_found: usize,
    found: usize,
    strict_gold: usize,
    lax_gold: usize,
    gold: usize,
    links_both: usize,
    links_found: usize,
    links_gold: usize,
    nulls_both: usize,
    nulls_found: usize,
    nulls_gold: usize,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, o: Counts) {
        self.strict_found += o.strict_found;
        self.lax_found += o.lax_found;
        self.found += o.found;
        self.strict_gold += o.strict_gold;
        self.lax_gold += o.lax_gold;
        self.gold += o.gold;
        self.links_both += o.links_both;
        self.links_found += o.links_found;
        self.links_gold += o.links_gold;
        self.nulls_both += o.nulls_both;
        self.nulls_found += o.nulls_found;
        self.nulls_gold += o.nulls_gold;
    }
}

impl Counts {
    /// A bead is right if a gold bead has exactly its segments.
    pub fn strict(&self) -> Score {
        Score::of(self.strict_found, self.found, self.strict_gold, self.gold)
    }

    /// A bead is right if it shares a pair of segments with a gold bead.
    pub fn lax(&self) -> Score {
        Score::of(self.lax_found, self.found, self.lax_gold, self.gold)
    }

    /// Each pair of a source and a target segment inside a bead, whatever the beads.
    pub fn links(&self) -> Score {
        Score::of(self.links_both, self.links_found, self.links_both, self.links_gold)
    }

    /// Segments without counterpart.
    pub fn nulls(&self) -> Score {
        Score::of(self.nulls_both, self.nulls_found, self.nulls_both, self.nulls_gold)
    }

    /// How many segments have no counterpart in the gold alignment.
    pub fn gold_nulls(&self) -> usize {
        self.nulls_gold
    }
}

/// Compares one document's beads with its gold beads.
pub fn compare(gold: &[Bead], found: &[Bead]) -> Counts {
    let full = |beads: &[Bead]| -> Vec<Bead> {
        beads.iter().filter(|b| !b.0.is_empty() && !b.1.is_empty()).cloned().collect()
    };
    let (strict_found, lax_found, all) = precision(gold, found);
    let (strict_gold, lax_gold, gold_full) = precision(&full(found), &full(gold));
    let links = |beads: &[Bead]| -> BTreeSet<(usize, usize)> {
        beads.iter().flat_map(|(a, b)| a.iter().flat_map(move |&i| b.iter().map(move |&j| (i, j)))).collect()
    };
    let nulls = |beads: &[Bead]| -> BTreeSet<(bool, usize)> {
        let source = beads.iter().filter(|b| b.1.is_empty()).flat_map(|b| b.0.iter().map(|&i| (false, i)));
        let target = beads.iter().filter(|b| b.0.is_empty()).flat_map(|b| b.1.iter().map(|&j| (true, j)));
        source.chain(target).collect()
    };
    let (gold_links, found_links) = (links(gold), links(found));
    let (gold_nulls, found_nulls) = (nulls(gold), nulls(found));
    Counts {
        strict_found,
        lax_found,
        found: all,
        strict_gold,
        lax_gold,
        gold: gold_full,
        links_both: gold_links.intersection(&found_links).count(),
        links_found: found_links.len(),
        links_gold: gold_links.len(),
        nulls_both: gold_nulls.intersection(&found_nulls).count(),
        nulls_found: found_nulls.len(),
        nulls_gold: gold_nulls.len(),
    }
}

/// How many of the tested beads are exactly in the gold, how many overlap it, and how many there are.
fn precision(gold: &[Bead], test: &[Bead]) -> (usize, usize, usize) {
    let distinct = |beads: &[Bead]| -> BTreeSet<Bead> {
        beads.iter().filter(|b| !b.0.is_empty() || !b.1.is_empty()).cloned().collect()
    };
    let (gold, test) = (distinct(gold), distinct(test));
    let mut targets: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (source, target) in &gold {
        for &i in source {
            targets.entry(i).or_default().extend(target);
        }
    }
    let (mut strict, mut lax) = (0, 0);
    for bead in &test {
        if gold.contains(bead) {
            strict += 1;
            lax += 1;
        } else if bead.0.iter().any(|i| targets.get(i).is_some_and(|t| bead.1.iter().any(|j| t.contains(j))))
        {
            lax += 1;
        }
    }
    (strict, lax, test.len())
}

/// Merges neighbouring beads that lie inside one block on both sides, for gold that is known a block at a time
/// (paragraphs, verses). `source_blocks` and `target_blocks` name the block of each segment.
pub fn merge_blocks(beads: &[Bead], source_blocks: &[String], target_blocks: &[String]) -> Vec<Bead> {
    let block = |bead: &Bead| -> Option<String> {
        let names = |list: &[usize], blocks: &[String]| -> BTreeSet<String> {
            list.iter().filter_map(|&k| blocks.get(k).cloned()).collect()
        };
        let (source, target) = (names(&bead.0, source_blocks), names(&bead.1, target_blocks));
        if source.len() > 1 || target.len() > 1 {
            return None;
        }
        match (source.into_iter().next(), target.into_iter().next()) {
            (Some(a), Some(b)) => (a == b).then_some(a),
            (a, b) => a.or(b),
        }
    };
    let mut out: Vec<Bead> = Vec::new();
    let mut last: Option<String> = None;
    for bead in beads {
        let name = block(bead);
        match out.last_mut() {
            Some(previous) if name.is_some() && name == last => {
                previous.0.extend(&bead.0);
                previous.1.extend(&bead.1);
            }
            _ => out.push(bead.clone()),
        }
        last = name;
    }
    // A block that is missing on one side is a null per segment in the gold.
    out.into_iter()
        .flat_map(|(a, b)| {
            if a.is_empty() || b.is_empty() {
                a.into_iter()
                    .map(|i| (vec![i], vec![]))
                    .chain(b.into_iter().map(|j| (vec![], vec![j])))
                    .collect()
            } else {
                vec![(a, b)]
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bead(a: &[usize], b: &[usize]) -> Bead {
        (a.to_vec(), b.to_vec())
    }

    #[test]
    fn nulls_count_in_precision_only() {
        let gold = [bead(&[0], &[0]), bead(&[1], &[]), bead(&[2, 3], &[1])];
        let found = [bead(&[0], &[0]), bead(&[1], &[]), bead(&[2], &[1]), bead(&[3], &[])];
        let counts = compare(&gold, &found);
        assert_eq!(counts.strict(), Score { precision: 0.5, recall: 0.5 });
        assert_eq!(counts.lax(), Score { precision: 0.75, recall: 1.0 });
        assert_eq!(counts.nulls(), Score { precision: 0.5, recall: 1.0 });
        assert_eq!(counts.links(), Score { precision: 1.0, recall: 2.0 / 3.0 });
    }

    #[test]
    fn beads_of_one_block_become_one() {
        let names = |list: &[&str]| list.iter().map(|s| s.to_string()).collect::<Vec<_>>();
        let found = [bead(&[0], &[0]), bead(&[1], &[]), bead(&[2], &[1]), bead(&[], &[2])];
        let merged = merge_blocks(&found, &names(&["a", "a", "b"]), &names(&["a", "b", "c"]));
        assert_eq!(merged, [bead(&[0, 1], &[0]), bead(&[2], &[1]), bead(&[], &[2])]);
    }
}
