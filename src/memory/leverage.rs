//! The leverage report: how much of a new document a memory knows, in the usual bands.

use super::matching::FuzzyMatch;
use crate::lexicon::{english_words, is_han};
use std::collections::BTreeSet;

/// The bands of the report, the best first: name and least percent. The names are those of CAT tools.
pub const BANDS: [(&str, u32); 7] =
    [("101", 101), ("100", 100), ("95-99", 95), ("85-94", 85), ("75-84", 75), ("50-74", 50), ("none", 0)];

/// What a band holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Volume {
    /// Segments.
    pub segments: usize,
    /// Words in the sense of word processors: runs of letters and digits, and each Chinese character.
    pub words: usize,
    /// Chinese characters.
    pub characters: usize,
}

impl Volume {
    /// What one segment holds.
    pub fn of(text: &str) -> Volume {
        let characters = text.chars().filter(|c| is_han(*c)).count();
        let others: usize = text.split(is_han).map(|part| english_words(part).count()).sum();
        Volume { segments: 1, words: others + characters, characters }
    }

    fn add(&mut self, text: &str) {
        let more = Volume::of(text);
        self.segments += more.segments;
        self.words += more.words;
        self.characters += more.characters;
    }
}

/// A leverage report.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Leverage {
    /// By the order of [`BANDS`].
    pub bands: [Volume; BANDS.len()],
    /// Segments that came before in the same document with the same text, and are counted here alone unless the
    /// memory knows them (100 or 101).
    pub repetitions: Volume,
    /// All segments.
    pub total: Volume,
}

impl Leverage {
    /// Counts the segments of a document with the best match of each.
    pub fn of<'a>(segments: impl IntoIterator<Item = (&'a str, Option<&'a FuzzyMatch>)>) -> Leverage {
        let mut out = Leverage::default();
        let mut seen = BTreeSet::new();
        for (text, best) in segments {
            let percent = best.map_or(0, FuzzyMatch::percent);
            let known = !seen.insert(text);
            if known && percent < 100 {
                out.repetitions.add(text);
            } else if let Some(k) = BANDS.iter().position(|(_, least)| percent >= *least) {
                out.bands[k].add(text);
            }
            out.total.add(text);
        }
        out
    }

    /// Names and volumes in the order of a report.
    pub fn rows(&self) -> Vec<(&'static str, Volume)> {
        let mut out = vec![(BANDS[0].0, self.bands[0]), ("repetitions", self.repetitions)];
        out.extend(BANDS.iter().zip(self.bands).skip(1).map(|((name, _), v)| (*name, v)));
        out.push(("total", self.total));
        out
    }
}
