//! Whether the borders of a bead run where the other side has them.
//!
//! A translator who moves a clause over a full stop leaves words on one side of the border whose counterparts stand on
//! the other side. The bag of words sees only that they are missing; this looks for them next door.

use super::coverage::gain;
use super::pairs::Pairs;
use super::shapes::Cell;
use super::text::Text;
use std::ops::Range;

/// More strain than this says no more: three rare words.
const MOST_STRAIN: f32 = 20.0;

/// How much better the words next to a border fit the neighbouring segment of the other side, in nats.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Strain {
    /// The last words of the last English segment, and of the last Chinese one.
    pub end_en: f32,
    pub end_zh: f32,
    /// The first words of the first English segment, and of the first Chinese one.
    pub start_en: f32,
    pub start_zh: f32,
}

/// Scratch memory, one a thread.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    own: Vec<f32>,
    across: Vec<f32>,
    rival: Vec<f32>,
}

/// Computes strains.
pub(crate) struct Borders<'a> {
    pub zh: &'a Text,
    pub en: &'a Text,
    pub pairs: &'a Pairs,
    pub zh_words: &'a [f32],
    pub en_words: &'a [f32],
}

/// From which end of a segment the words are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    First,
    Last,
}

fn reset(values: &mut Vec<f32>, count: usize) {
    values.clear();
    values.resize(count, 0.0);
}

fn raise(value: &mut f32, to: f32) {
    *value = value.max(to);
}

impl Borders<'_> {
    /// The strain at both borders of a bead with segments on both sides.
    pub fn strain(&self, cell: Cell, scratch: &mut Scratch) -> Strain {
        let (zh, en) = (cell.zh(), cell.en());
        let mut out = Strain::default();
        if zh.end < self.zh.len() && en.end < self.en.len() {
            let next = (zh.end, en.end);
            out.end_en = self.english(zh.clone(), en.end - 1, next, End::Last, scratch);
            out.end_zh = self.chinese(zh.end - 1, en.clone(), next, End::Last, scratch);
        }
        if zh.start > 0 && en.start > 0 {
            let before = (zh.start - 1, en.start - 1);
            out.start_en = self.english(zh.clone(), en.start, before, End::First, scratch);
            out.start_zh = self.chinese(zh.start, en.clone(), before, End::First, scratch);
        }
        out
    }

    /// Of an English segment of a bead with `own` Chinese ones, against the Chinese neighbour, whose own partner is the
    /// English neighbour.
    fn english(
        &self,
        own: Range<usize>,
        segment: usize,
        (zh, en): (usize, usize),
        end: End,
        s: &mut Scratch,
    ) -> f32 {
        let tokens = self.en.tokens(segment..segment + 1);
        let (neighbour, partner) = (self.zh.tokens(zh..zh + 1), self.en.tokens(en..en + 1));
        reset(&mut s.own, tokens.len());
        reset(&mut s.across, tokens.len());
        reset(&mut s.rival, neighbour.len());
        for i in own.clone() {
            for pair in self.pairs.between(i, &tokens) {
                raise(&mut s.own[pair.en as usize - tokens.start], pair.to_en);
            }
        }
        for pair in self.pairs.between(zh, &partner) {
            raise(&mut s.rival[pair.zh as usize - neighbour.start], pair.to_en);
        }
        for pair in self.pairs.between(zh, &tokens) {
            if pair.to_en > s.rival[pair.zh as usize - neighbour.start] {
                raise(&mut s.across[pair.en as usize - tokens.start], pair.to_en);
            }
        }
        let words = self.zh_words[own.clone()].iter().sum::<f32>() / own.len() as f32;
        pulled(self.en, tokens, (words, self.zh_words[zh]), end, s)
    }

    /// The same of a Chinese segment.
    fn chinese(
        &self,
        segment: usize,
        own: Range<usize>,
        (zh, en): (usize, usize),
        end: End,
        s: &mut Scratch,
    ) -> f32 {
        let tokens = self.zh.tokens(segment..segment + 1);
        let own_tokens = self.en.tokens(own.clone());
        let neighbour = self.en.tokens(en..en + 1);
        reset(&mut s.own, tokens.len());
        reset(&mut s.across, tokens.len());
        reset(&mut s.rival, neighbour.len());
        for pair in self.pairs.between(zh, &neighbour) {
            raise(&mut s.rival[pair.en as usize - neighbour.start], pair.to_zh);
        }
        for pair in self.pairs.between(segment, &own_tokens) {
            raise(&mut s.own[pair.zh as usize - tokens.start], pair.to_zh);
        }
        for pair in self.pairs.between(segment, &neighbour) {
            if pair.to_zh > s.rival[pair.en as usize - neighbour.start] {
                raise(&mut s.across[pair.zh as usize - tokens.start], pair.to_zh);
            }
        }
        let words = self.en_words[own.clone()].iter().sum::<f32>() / own.len() as f32;
        pulled(self.zh, tokens, (words, self.en_words[en]), end, s)
    }
}

/// The greatest sum of gains across less gains inside, over all runs of words up to the border.
fn pulled(text: &Text, tokens: Range<usize>, (own, across): (f32, f32), end: End, s: &Scratch) -> f32 {
    let gained = |k: usize| {
        let p = text.types[text.kind[tokens.start + k] as usize].probability;
        let side =
            |strength: f32, words: f32| if strength > 0.0 { gain(strength, words.max(1.0), p) } else { 0.0 };
        side(s.across[k], across) - side(s.own[k], own)
    };
    let (mut sum, mut best) = (0.0f32, 0.0f32);
    for k in 0..tokens.len() {
        sum += gained(if end == End::Last { tokens.len() - 1 - k } else { k });
        best = best.max(sum);
    }
    best.min(MOST_STRAIN)
}

#[cfg(test)]
mod tests {
    use super::super::links::Links;
    use super::*;
    use crate::lexicon::Lexicon;
    use crate::model::Lang;

    /// The strains of the first pair of two.
    fn strain_of_first(zh: [&str; 2], en: [&str; 2]) -> Strain {
        let lexicon = Lexicon::built_in();
        let (zh, en) = (Text::of_lines(Lang::Zh, &zh, &lexicon), Text::of_lines(Lang::En, &en, &lexicon));
        let links = Links::from_lexicon(&zh, &en, &lexicon);
        let cell = Cell { i: 0, j: 0, n: 1, m: 1 };
        let pairs = Pairs::of_beads(&zh, &en, &links, &[cell]);
        let (zh_words, en_words) = ([6.0; 2], [8.0; 2]);
        let borders = Borders { zh: &zh, en: &en, pairs: &pairs, zh_words: &zh_words, en_words: &en_words };
        borders.strain(cell, &mut Scratch::default())
    }

    #[test]
    fn a_clause_on_the_other_side_of_a_full_stop_strains_the_border() {
        let zh = ["他打开了门。", "黑狗跑进花园，猫睡在椅子上。"];
        let moved = strain_of_first(
            zh,
            ["He opened the door and the black dog ran into the garden.", "The cat slept on the chair."],
        );
        // Black, dog, ran and garden stand in the first English sentence, their counterparts in the second Chinese one.
        assert!(moved.end_en > 5.0, "{moved:?}");
        assert_eq!(moved.end_zh, 0.0);
    }

    #[test]
    fn a_border_in_its_place_is_not_strained() {
        let zh = ["他打开了门。", "狗跑进花园，猫睡在椅子上。"];
        let placed = strain_of_first(
            zh,
            ["He opened the door.", "The dog ran into the garden, and the cat slept on the chair."],
        );
        assert!(placed.end_en < 1.0 && placed.end_zh < 1.0, "{placed:?}");
    }

    #[test]
    fn a_name_on_both_sides_of_the_border_pulls_nothing() {
        // The Chinese leaves the subject of the first sentence out; the dog of the second has its own counterpart.
        let strain = strain_of_first(
            ["打开了门。", "狗跑进花园。"],
            ["The dog opened the door.", "The dog ran into the garden."],
        );
        assert_eq!(strain.end_en, 0.0, "{strain:?}");
    }
}
