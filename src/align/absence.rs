//! Words that are usually rendered, and what it says where they are not.
//!
//! A word that has a match in nearly every bead of the first pass speaks against a bead in which it has none: a name, a number word, a
//! term. One that is rendered every other time says little, and one that is matched no more often than chance would have it says
//! nothing. So each word has its own rate here, where the gains of [`coverage`](super::coverage) take one for all.

use super::learn::Lesson;
use super::links::Links;
use super::math::{exp, ln};
use super::pairs::Pairs;
use super::text::Text;

/// A link this weak, or worth so little for the word, is no match; 0.05 is a twentieth of what a dictionary is sure of.
pub(crate) const MATCH: f32 = 0.05;
/// Before a word is seen it is supposed to be matched every other time, and this counts as much as two occurrences. 0.7, and five
/// occurrences, are worse (docs/accuracy.md, "What absent words are worth").
const RATE: f32 = 0.5;
const PRIOR: f32 = 2.0;
/// The least probability that a word has no match by chance: for *the* in a long bead it would be 0. Not tried otherwise.
const LEAST: f64 = 1e-3;

/// What it says that a word of a type has no match in a bead, in nats: ln of how much likelier that is in a wrong bead than in a right
/// one, at least 0.
#[derive(Debug)]
pub(crate) struct Absences {
    pub zh: Vec<f32>,
    pub en: Vec<f32>,
}

/// What is counted of the words of one side.
struct Side {
    /// Of each type, how often it stands in the beads, and with a match.
    seen: Vec<f32>,
    matched: Vec<f32>,
    /// Of each type, the share of the words of the other side that match it.
    near: Vec<f32>,
    /// Words in all beads.
    words: f32,
}

impl Side {
    fn new(text: &Text) -> Side {
        let zeros = || vec![0.0; text.types.len()];
        Side { seen: zeros(), matched: zeros(), near: zeros(), words: 0.0 }
    }

    fn count(&mut self, kinds: &[u32], matched: &[bool], weight: f32) {
        self.words += weight * kinds.len() as f32;
        for (&kind, &matched) in kinds.iter().zip(matched) {
            self.seen[kind as usize] += weight;
            self.matched[kind as usize] += if matched { weight } else { 0.0 };
        }
    }

    /// Of each type, with so many words of the other side in a bead.
    fn absences(&self, words: f32) -> Vec<f32> {
        let of = |k: usize| {
            let rate = (self.matched[k] + RATE * PRIOR) / (self.seen[k] + PRIOR);
            let unmatched_by_chance = exp(f64::from(-words * self.near[k])).max(LEAST);
            ln(unmatched_by_chance / f64::from(1.0 - rate)).max(0.0) as f32
        };
        (0..self.seen.len()).map(|k| if self.near[k] > 0.0 { of(k) } else { 0.0 }).collect()
    }
}

impl Absences {
    /// From the beads of the first pass and the pairs of words in them.
    pub fn new((zh, en): (&Text, &Text), links: &Links, pairs: &Pairs, lessons: &[Lesson]) -> Absences {
        let (mut of_zh, mut of_en) = (Side::new(zh), Side::new(en));
        let (mut zh_matched, mut en_matched): (Vec<bool>, Vec<bool>) = Default::default();
        for Lesson { cell, weight } in lessons {
            let (zh_tokens, en_tokens) = (zh.tokens(cell.zh()), en.tokens(cell.en()));
            zh_matched.clear();
            zh_matched.resize(zh_tokens.len(), false);
            en_matched.clear();
            en_matched.resize(en_tokens.len(), false);
            for pair in cell.zh().flat_map(|i| pairs.between(i, &en_tokens)) {
                if pair.strength() > MATCH {
                    zh_matched[pair.zh as usize - zh_tokens.start] = true;
                    en_matched[pair.en as usize - en_tokens.start] = true;
                }
            }
            of_zh.count(&zh.kind[zh_tokens], &zh_matched, *weight);
            of_en.count(&en.kind[en_tokens], &en_matched, *weight);
        }
        let share = |text: &Text, kind: u32| text.types[kind as usize].count as f32 / text.kind.len() as f32;
        for z in 0..zh.types.len() as u32 {
            for &(e, _) in links.of(z).iter().filter(|link| link.1 > MATCH) {
                of_zh.near[z as usize] += share(en, e);
                of_en.near[e as usize] += share(zh, z);
            }
        }
        let beads = lessons.iter().map(|lesson| lesson.weight).sum::<f32>().max(1.0);
        Absences { zh: of_zh.absences(of_en.words / beads), en: of_en.absences(of_zh.words / beads) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::shapes::Cell;
    use super::*;
    use crate::lexicon::Lexicon;
    use crate::model::Lang;

    #[test]
    fn what_always_has_a_match_is_missed_and_what_has_one_by_chance_is_not() {
        let lexicon = Lexicon::built_in();
        let zh = ["狗跑了。", "猫跑了。", "狗睡了。", "猫睡了。", "狗叫了。", "猫叫了。"];
        let en = ["The dog ran.", "It ran.", "A dog slept.", "It slept.", "One dog barked.", "It mewed."];
        let (zh, en) = (Text::of_lines(Lang::Zh, &zh, &lexicon), Text::of_lines(Lang::En, &en, &lexicon));
        let links = Links::from_lexicon(&zh, &en, &lexicon);
        let cells: Vec<Cell> = (0..6).map(|k| Cell { i: k, j: k, n: 1, m: 1 }).collect();
        let pairs = Pairs::of_beads(&zh, &en, &links, &cells);
        let lessons: Vec<Lesson> = cells.iter().map(|&cell| Lesson { cell, weight: 1.0 }).collect();
        let absences = Absences::new((&zh, &en), &links, &pairs, &lessons);
        let of = |text: &Text, values: &[f32], key: &str| {
            values[text.types.iter().position(|t| t.key == key).unwrap()]
        };
        let dog = of(&zh, &absences.zh, "狗");
        assert!(dog > 0.5, "{dog}");
        assert!(of(&en, &absences.en, "dog") > 0.5);
        // It has no counterpart anywhere.
        assert_eq!(of(&zh, &absences.zh, "猫"), 0.0);
        // Before anything is seen the rate is that of chance or little more.
        let none = Absences::new((&zh, &en), &links, &pairs, &[]);
        assert!(of(&zh, &none.zh, "狗") < of(&zh, &absences.zh, "狗"));
    }
}
