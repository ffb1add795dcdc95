//! Concordance: units that use a word, by folded text in Chinese, by word forms in English, or by a pattern.

use super::store::{Filter, Memory, Stored};
use crate::error::{Error, Result};
use crate::lexicon::{Lexicon, english_words, is_han, stem};
use crate::model::Lang;
use regex::Regex;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// A unit that has what was looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The unit.
    pub stored: Stored,
    /// Where in its first two variants, in bytes; one may be empty.
    pub spans: [Vec<Range<usize>>; 2],
}

/// What is looked for.
pub struct Needle {
    kind: Kind,
    lexicon: Lexicon,
    stems: FxHashMap<String, String>,
}

enum Kind {
    /// Folded characters, somewhere in the text.
    Text(Vec<char>),
    /// Stems one after another; in a text that is not English the folded characters.
    Words(Vec<String>, Vec<char>),
    Pattern(Regex),
}

impl Needle {
    /// Looks for a text: 选举 also finds 選舉, `election` also finds `Elections`.
    ///
    /// # Errors
    /// An empty text.
    pub fn text(text: &str) -> Result<Needle> {
        let lexicon = Lexicon::built_in();
        let folded: Vec<char> = folded(text.trim(), &lexicon);
        if folded.is_empty() {
            return Err(Error::usage("nothing to look for").advise("name a word"));
        }
        let stems: Vec<String> = english_words(text).map(|w| stem(w.surface)).collect();
        let kind = if text.chars().any(is_han) || stems.is_empty() {
            Kind::Text(folded)
        } else {
            Kind::Words(stems, folded)
        };
        Ok(Needle { kind, lexicon, stems: FxHashMap::default() })
    }

    /// Looks for a regular expression in the texts as they stand.
    ///
    /// # Errors
    /// A pattern that is none.
    pub fn pattern(pattern: &str) -> Result<Needle> {
        let regex = Regex::new(pattern)
            .map_err(|e| Error::usage(e.to_string()).advise("see the syntax of the crate regex"))?;
        Ok(Needle { kind: Kind::Pattern(regex), lexicon: Lexicon::built_in(), stems: FxHashMap::default() })
    }

    fn spans(&mut self, text: &str, lang: Option<Lang>) -> Vec<Range<usize>> {
        match &self.kind {
            Kind::Pattern(regex) => {
                regex.find_iter(text).map(|m| m.range()).filter(|r| !r.is_empty()).collect()
            }
            Kind::Words(wanted, _) if lang == Some(Lang::En) => {
                let words: Vec<(Range<usize>, &str)> = english_words(text)
                    .map(|w| {
                        let start = w.surface.as_ptr() as usize - text.as_ptr() as usize;
                        (start..start + w.surface.len(), w.surface)
                    })
                    .collect();
                let mut out = Vec::new();
                for (_, surface) in &words {
                    if !self.stems.contains_key(*surface) {
                        self.stems.insert((*surface).to_string(), stem(surface));
                    }
                }
                for window in words.windows(wanted.len()) {
                    if window.iter().zip(wanted).all(|((_, w), s)| self.stems.get(*w) == Some(s)) {
                        out.push(window[0].0.start..window[window.len() - 1].0.end);
                    }
                }
                out
            }
            Kind::Text(wanted) | Kind::Words(_, wanted) => substring(text, wanted, &self.lexicon),
        }
    }
}

fn folded(text: &str, lexicon: &Lexicon) -> Vec<char> {
    // Lower case of a character is taken only where it stays one character, so that places are kept.
    let lower = |c: char| {
        let mut small = c.to_lowercase();
        match (small.next(), small.next()) {
            (Some(s), None) => s,
            _ => c,
        }
    };
    lexicon.fold(text).chars().map(lower).collect()
}

fn substring(text: &str, wanted: &[char], lexicon: &Lexicon) -> Vec<Range<usize>> {
    let hay = folded(text, lexicon);
    if hay.len() < wanted.len() {
        return Vec::new();
    }
    let hits: Vec<usize> = (0..=hay.len() - wanted.len())
        .filter(|&k| hay[k] == wanted[0] && hay[k..k + wanted.len()] == *wanted)
        .collect();
    if hits.is_empty() {
        return Vec::new();
    }
    let mut places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    places.push(text.len());
    hits.into_iter().map(|k| places[k]..places[k + wanted.len()]).collect()
}

impl Memory {
    /// Gives the wanted units that have the needle on either side, in their order, until `each` says false.
    ///
    /// # Errors
    /// Those of `each` and of the database.
    pub fn search(
        &self,
        needle: &mut Needle,
        filter: &Filter,
        each: &mut dyn FnMut(Found) -> Result<bool>,
    ) -> Result<()> {
        let mut going = true;
        self.each_until(filter, &mut |stored| {
            let spans = [0, 1].map(|k| {
                let variant = &stored.unit.variants[k];
                needle.spans(&variant.text, variant.lang.lang())
            });
            if spans.iter().any(|s| !s.is_empty()) {
                going = each(Found { stored, spans })?;
            }
            Ok(going)
        })
    }
}
