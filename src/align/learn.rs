//! Learns this pair's own vocabulary from the beads of the first pass.
//!
//! IBM Model 1 (Brown et al. 1993) whose start is the lexicon, four rounds, then Dice's coefficient of the
//! expected counts with a discount (Moore 2004 shows why rare pairs need one: without it words that occur
//! once confirm whatever bead they are in). Measured on hand-aligned novels: +1.7 points of strict F1.

use super::links::Links;
use super::shapes::Cell;
use super::text::Text;
use rayon::prelude::*;

/// Rounds of expectation and maximisation; a fifth changes nothing.
const ROUNDS: usize = 4;
/// After this round, pairs that are expected less often than [`HOPELESS`] are given up: they hardly ever come to be worth
/// keeping. Where all pairs that meet twice are learned, 18,476 of 173,107 in Bible 001 go on, with half of the places; left-out texts
/// are a little likelier so (−ln 553 instead of 555; given up after the first round, 558).
const SETTLED: usize = 2;
const HOPELESS: f32 = 0.5;
/// What is taken off each expected count.
const DISCOUNT: f32 = 0.8;
/// The least discounted count that is kept. This and the next three: docs/accuracy.md, "What weak links learned from the pair
/// are worth".
const LEAST_COUNT: f32 = 0.1;
/// The least coefficient that is kept.
const LEAST_STRENGTH: f32 = 0.02;
/// What a coefficient of 1 is worth beside the lexicon's likelihoods.
const WORTH: f32 = 0.6;
/// The share of a pair's start that does not come from the lexicon.
const FLOOR: f32 = 0.01;
/// Pairs that would not come to this coefficient if they translated each other wherever they meet are not looked at: of the pairs of
/// words that meet twice in Bible 001 two thirds, and a third of their meetings. With 0 (all pairs), 0.01, 0.02 and 0.05 left-out
/// texts are as likely and all sets have the same strict F1 but the Bible bead by bead (0.925 instead of 0.926).
const PROMISING: f32 = 0.03;
/// How many counts the lexicon's opinion is worth in the maximisation.
const PRIOR: f32 = 1.0;
/// The weight of "translates nothing" among the words of a bead.
const NOTHING: f32 = 0.1;
/// Words that make up more than this share of their text are left to the lexicon.
const COMMONEST: f32 = 0.02;
/// Beads with more tokens than this on a side teach little and cost much.
const LONGEST_BEAD: usize = 120;

/// Parts that are learned from side by side. Fixed, so that the result does not depend on the machine.
const CHUNKS: usize = 8;

fn size_of_chunk(things: usize) -> usize {
    things.div_ceil(CHUNKS).max(1)
}

/// A bead to learn from and how sure it is (0 to 1).
#[derive(Debug, Clone)]
pub(crate) struct Lesson {
    pub cell: Cell,
    pub weight: f32,
}

/// New links, as (Chinese type, English type, strength).
pub(crate) fn learn(zh: &Text, en: &Text, lessons: &[Lesson], lexicon: &Links) -> Vec<(u32, u32, f32)> {
    let bags: Vec<Bag> = lessons.par_iter().filter_map(|lesson| Bag::new(zh, en, lesson)).collect();
    let counts = Counts::new(zh, en, &bags);
    let mut table = Table::new(&bags, &counts, lexicon);
    for round in 1..=ROUNDS {
        table.round(&bags);
        if round == SETTLED {
            table.give_up(HOPELESS);
        }
    }
    let mut out = Vec::new();
    for (&(z, e), &count) in table.keys.iter().zip(&table.expected) {
        let strength = counts.coefficient(z, e, count);
        if count > LEAST_COUNT + DISCOUNT && strength > LEAST_STRENGTH {
            out.push((z, e, WORTH * strength.min(1.0)));
        }
    }
    out
}

/// How often each type stands in the beads.
struct Counts {
    zh: Vec<f32>,
    en: Vec<f32>,
}

impl Counts {
    fn new(zh: &Text, en: &Text, bags: &[Bag]) -> Counts {
        let of = |text: &Text, pick: fn(&Bag) -> &Vec<(u32, f32)>| {
            let mut out = vec![0.0f32; text.types.len()];
            for bag in bags {
                for &(kind, count) in pick(bag) {
                    out[kind as usize] += count * bag.weight;
                }
            }
            out
        };
        Counts { zh: of(zh, |b| &b.zh), en: of(en, |b| &b.en) }
    }

    /// Dice's coefficient, discounted, of two types that translate each other `count` times.
    fn coefficient(&self, z: u32, e: u32, count: f32) -> f32 {
        2.0 * (count - DISCOUNT) / (self.zh[z as usize] + self.en[e as usize]).max(1.0)
    }
}

/// The types of a bead with their counts.
struct Bag {
    zh: Vec<(u32, f32)>,
    en: Vec<(u32, f32)>,
    weight: f32,
}

impl Bag {
    fn new(zh: &Text, en: &Text, lesson: &Lesson) -> Option<Bag> {
        let (of_zh, of_en) = (zh.tokens(lesson.cell.zh()), en.tokens(lesson.cell.en()));
        if of_zh.len().max(of_en.len()) > LONGEST_BEAD {
            return None;
        }
        let side = |text: &Text, range: std::ops::Range<usize>| {
            let mut kinds: Vec<u32> = text.kind[range].to_vec();
            kinds.sort_unstable();
            let mut out: Vec<(u32, f32)> = Vec::with_capacity(kinds.len());
            let total = text.kind.len() as f32;
            for kind in kinds {
                if text.types[kind as usize].count as f32 > (COMMONEST * total).max(8.0) {
                    continue;
                }
                match out.last_mut() {
                    Some(last) if last.0 == kind => last.1 += 1.0,
                    _ => out.push((kind, 1.0)),
                }
            }
            out
        };
        let bag = Bag { zh: side(zh, of_zh), en: side(en, of_en), weight: lesson.weight };
        (!bag.zh.is_empty() && !bag.en.is_empty()).then_some(bag)
    }
}

/// The promising pairs that meet in at least two beads, in order, with probabilities and expected counts.
struct Table {
    keys: Vec<(u32, u32)>,
    /// Of each bag, the pairs in it: (place among the bag's English types, place among its Chinese, key).
    cells: Vec<Vec<(u16, u16, u32)>>,
    prior: Vec<f32>,
    probability: Vec<f32>,
    expected: Vec<f32>,
}

impl Table {
    fn new(bags: &[Bag], counts: &Counts, lexicon: &Links) -> Table {
        let types = |pick: fn(&Bag) -> &Vec<(u32, f32)>| {
            bags.iter().flat_map(|b| pick(b).iter().map(|k| k.0 as usize + 1)).max().unwrap_or(0)
        };
        // Where each Chinese type stands: (bag, place in it).
        let mut places: Vec<Vec<(u32, u16)>> = vec![Vec::new(); types(|b| &b.zh)];
        for (b, bag) in bags.iter().enumerate() {
            for (x, &(z, _)) in bag.zh.iter().enumerate() {
                places[z as usize].push((b as u32, x as u16));
            }
        }
        let english_types = types(|b| &b.en);
        let size = size_of_chunk(places.len());
        let chunks = places.par_chunks(size).enumerate();
        let parts: Vec<Part> = chunks
            .map(|(k, chunk)| Part::new((bags, counts, lexicon), k * size, chunk, english_types))
            .collect();
        let (mut keys, mut prior, mut bases) = (Vec::new(), Vec::new(), Vec::new());
        for part in &parts {
            bases.push(keys.len() as u32);
            keys.extend_from_slice(&part.keys);
            prior.extend_from_slice(&part.prior);
        }
        let mut sizes = vec![0; bags.len()];
        for &(bag, ..) in parts.iter().flat_map(|part| part.cells.iter().flatten()) {
            sizes[bag as usize] += 1;
        }
        let mut cells: Vec<Vec<(u16, u16, u32)>> = sizes.into_iter().map(Vec::with_capacity).collect();
        let size = size_of_chunk(bags.len());
        cells.par_chunks_mut(size).enumerate().for_each(|(chunk, cells)| {
            for (part, base) in parts.iter().zip(&bases) {
                for &(bag, y, x, id) in &part.cells[chunk] {
                    cells[bag as usize - chunk * size].push((y, x, base + id));
                }
            }
        });
        let probability = prior.iter().map(|p| FLOOR + p).collect();
        let expected = vec![0.0; keys.len()];
        Table { keys, cells, prior, probability, expected }
    }

    /// One round: expected counts under the present probabilities, then new probabilities per Chinese type.
    fn round(&mut self, bags: &[Bag]) {
        // A fixed number of chunks, whatever the number of threads: the order of additions is the result's.
        let size = size_of_chunk(bags.len());
        let parts: Vec<Vec<f32>> = bags
            .par_chunks(size)
            .zip(self.cells.par_chunks(size))
            .map(|(bags, cells)| self.expect(bags, cells))
            .collect();
        self.expected.fill(0.0);
        for part in parts {
            for (sum, more) in self.expected.iter_mut().zip(part) {
                *sum += more;
            }
        }
        let most = self.keys.iter().map(|k| k.0 as usize + 1).max().unwrap_or(0);
        let mut sums = vec![0.0f32; most];
        for (key, count) in self.keys.iter().zip(&self.expected) {
            sums[key.0 as usize] += count;
        }
        for (k, key) in self.keys.iter().enumerate() {
            self.probability[k] =
                FLOOR + (self.expected[k] + PRIOR * self.prior[k]) / (sums[key.0 as usize] + PRIOR).max(1e-3);
        }
    }

    /// Does without the pairs that are expected less often than `least`.
    fn give_up(&mut self, least: f32) {
        let mut kept = 0;
        let mut ids = vec![u32::MAX; self.keys.len()];
        for (k, id) in ids.iter_mut().enumerate().filter(|(k, _)| self.expected[*k] >= least) {
            *id = kept as u32;
            self.keys[kept] = self.keys[k];
            self.prior[kept] = self.prior[k];
            self.probability[kept] = self.probability[k];
            kept += 1;
        }
        self.keys.truncate(kept);
        self.prior.truncate(kept);
        self.probability.truncate(kept);
        self.expected.truncate(kept);
        self.cells.par_iter_mut().for_each(|cells| {
            cells.retain_mut(|(_, _, id)| {
                *id = ids[*id as usize];
                *id != u32::MAX
            });
        });
    }

    /// The expected counts of some bags.
    fn expect(&self, bags: &[Bag], cells: &[Vec<(u16, u16, u32)>]) -> Vec<f32> {
        let mut expected = vec![0.0; self.keys.len()];
        let (mut totals, mut shares): (Vec<f32>, Vec<f32>) = Default::default();
        for (bag, cells) in bags.iter().zip(cells) {
            totals.clear();
            shares.clear();
            // Pairs that were dropped still compete, with the floor.
            totals.resize(bag.en.len(), NOTHING + FLOOR * bag.zh.len() as f32);
            for &(y, x, id) in cells {
                let (probability, count) = (self.probability[id as usize], bag.zh[usize::from(x)].1);
                totals[usize::from(y)] += (probability - FLOOR) * count;
                shares.push(probability * count);
            }
            // What a share of one is worth.
            for (total, (_, count)) in totals.iter_mut().zip(&bag.en) {
                *total = count / *total;
            }
            for (&(y, x, id), share) in cells.iter().zip(&shares) {
                let most = bag.zh[usize::from(x)].1.min(bag.en[usize::from(y)].1);
                expected[id as usize] += (share * totals[usize::from(y)]).min(most) * bag.weight;
            }
        }
        expected
    }
}

/// The pairs of some Chinese types.
struct Part {
    keys: Vec<(u32, u32)>,
    prior: Vec<f32>,
    /// For each chunk of bags: (bag, place among its English types, place among its Chinese, key).
    cells: [Vec<(u32, u16, u16, u32)>; CHUNKS],
}

impl Part {
    /// `places` tells of each Chinese type from `first` on where it stands: (bag, place in it).
    fn new(
        (bags, counts, lexicon): (&[Bag], &Counts, &Links),
        first: usize,
        places: &[Vec<(u32, u16)>],
        english_types: usize,
    ) -> Part {
        let mut out = Part { keys: Vec::new(), prior: Vec::new(), cells: Default::default() };
        let size = size_of_chunk(bags.len());
        let mut together = vec![0u32; english_types];
        let mut ids = vec![u32::MAX; english_types];
        let mut met: Vec<u32> = Vec::new();
        for (z, places) in (first..).zip(places).filter(|(_, places)| places.len() > 1) {
            for &(e, _) in places.iter().flat_map(|&(b, _)| &bags[b as usize].en) {
                let count = &mut together[e as usize];
                if *count == 0 {
                    met.push(e);
                }
                *count += 1;
            }
            for &e in &met {
                let meetings = &mut together[e as usize];
                if *meetings > 1 && counts.coefficient(z as u32, e, *meetings as f32) < PROMISING {
                    *meetings = 1;
                }
            }
            for &(b, x) in places {
                for (y, &(e, _)) in bags[b as usize].en.iter().enumerate() {
                    let id = &mut ids[e as usize];
                    if together[e as usize] < 2 {
                        continue;
                    }
                    if *id == u32::MAX {
                        *id = out.keys.len() as u32;
                        out.keys.push((z as u32, e));
                        out.prior.push(lexicon.strength(z as u32, e));
                    }
                    out.cells[b as usize / size].push((b, y as u16, x, *id));
                }
            }
            for e in met.drain(..) {
                together[e as usize] = 0;
                ids[e as usize] = u32::MAX;
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;
    use crate::model::Lang;

    #[test]
    fn words_that_meet_are_learned_and_others_given_up() {
        let lexicon = Lexicon::built_in();
        let read = |lang, lines: &[&str]| Text::of_lines(lang, lines, &lexicon);
        let zh = read(Lang::Zh, &["Zor来了", "Vim来了", "Zor走了", "Vim走了", "Zor睡了", "Vim睡了"]);
        let en = read(
            Lang::En,
            &[
                "The quon came",
                "The blat came",
                "The quon left",
                "The blat left",
                "The quon slept",
                "The blat slept",
            ],
        );
        let lessons: Vec<Lesson> = (0..zh.len())
            .map(|k| Lesson { cell: Cell { i: k as u32, j: k as u32, n: 1, m: 1 }, weight: 1.0 })
            .collect();
        let learned = learn(&zh, &en, &lessons, &Links::from_lexicon(&zh, &en, &lexicon));
        let strength = |z: &str, e: &str| {
            let pair = |&&(a, b, _): &&(u32, u32, f32)| {
                zh.types[a as usize].key == z && en.types[b as usize].key == e
            };
            learned.iter().find(pair).map_or(0.0, |link| link.2)
        };
        for (z, right, wrong) in [("zor", "quon", "blat"), ("vim", "blat", "quon")] {
            assert!(strength(z, right) > 0.2, "{learned:?}");
            assert_eq!(strength(z, wrong), 0.0);
        }
        // They meet once only, wherever they stand.
        assert_eq!(strength("zor", "left"), 0.0);
    }
}
