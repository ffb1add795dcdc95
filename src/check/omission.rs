//! Omissions: by length, and by content that the lexicon does not find on the other side.

use super::{Sink, View, mark};
use crate::lexicon::{EntryId, Lexicon, StemId, english_words, is_function_word, is_han, stem};
use crate::model::Lang;
use rustc_hash::{FxHashMap, FxHashSet};

/// English letters for one Chinese character, usually 2.5 to 3.5, and how far a pair may stray from it before `length`
/// speaks. With these bounds none of the 3,585 correct pairs of docs/check-accuracy.md is reported.
const LETTERS_PER_HAN: f64 = 3.1;
const STRAY: f64 = 2.6;
/// Characters and letters that every side may have more, whatever its length: short texts vary most.
const SLACK: f64 = 22.0;
/// Known words of a clause before it is judged, and the share of them that may be found by chance. Letting one in six
/// pass finds 5 % more planted omissions and doubles the false alarms (docs/check-accuracy.md).
const CLAUSE_WORDS: usize = 4;
const CHANCE: f64 = 0.0;

/// The words of a piece of work, looked up once.
pub(super) struct Words<'l> {
    lexicon: &'l Lexicon,
    renderings: FxHashMap<EntryId, Vec<StemId>>,
    stems: FxHashMap<String, Option<StemId>>,
}

impl<'l> Words<'l> {
    pub fn new(lexicon: &'l Lexicon) -> Words<'l> {
        Words { lexicon, renderings: FxHashMap::default(), stems: FxHashMap::default() }
    }

    fn stem_id(&mut self, word: &str) -> Option<StemId> {
        if let Some(&id) = self.stems.get(word) {
            return id;
        }
        let id = self.lexicon.stem_id(&stem(word));
        self.stems.insert(word.to_string(), id);
        id
    }

    fn renderings(&mut self, entry: EntryId, word: &str) -> &[StemId] {
        let lexicon = self.lexicon;
        self.renderings.entry(entry).or_insert_with(|| lexicon.renderings(word).into_keys().collect())
    }
}

pub(super) fn check(view: &View, words: &mut Words, sink: &mut Sink) {
    let (zh, en) = (view.index(Lang::Zh), view.index(Lang::En));
    let han = view.texts[zh].chars().filter(|&c| is_han(c)).count() as f64;
    let other = |t: &str| t.chars().filter(|c| c.is_alphanumeric() && !is_han(*c)).count() as f64;
    let (foreign, letters) = (other(view.texts[zh]), other(view.texts[en]));
    let (chinese, english) = (han * LETTERS_PER_HAN, (letters - foreign).max(0.0));
    let short = if english + SLACK < chinese / STRAY {
        Some(en)
    } else if chinese + SLACK < english / STRAY {
        Some(zh)
    } else {
        None
    };
    if let Some(k) = short {
        let name = if k == 0 { "source" } else { "target" };
        let message = format!("the {name} side is too short: {han} characters to {letters} letters");
        sink.add(view, "length", message, vec![mark(k, 0..view.texts[k].len())]);
        return;
    }
    if sink.options.rules.contains(&"omission") {
        clauses(view, words, sink);
    }
}

/// Clauses of the Chinese of which no content word has a rendering in the English, in a pair whose other clauses are
/// well accounted for.
fn clauses(view: &View, words: &mut Words, sink: &mut Sink) {
    let (zh, en) = (view.index(Lang::Zh), view.index(Lang::En));
    let text = view.texts[zh];
    let breaks = |c: char| matches!(c, '，' | '。' | '；' | '：' | '！' | '？' | ',' | ';');
    if text.matches(breaks).count() < 1 {
        return;
    }
    let here: FxHashSet<StemId> = english_words(view.texts[en])
        .filter(|w| !is_function_word(&w.surface.to_lowercase()))
        .filter_map(|w| words.stem_id(w.surface))
        .collect();
    let folded = words.lexicon.fold(text);
    let cut = words.lexicon.words(&folded);
    // Folding keeps the characters' number, not their bytes.
    let places = text.char_indices().zip(folded.char_indices().map(|(at, _)| at));
    let ends: Vec<(usize, usize, usize)> = places
        .filter(|&((_, c), _)| breaks(c))
        .map(|((at, c), folded_at)| (at, at + c.len_utf8(), folded_at))
        .chain([(text.len(), text.len(), folded.len())])
        .collect();
    let (mut from, mut next) = (0, 0);
    let mut found: Vec<(std::ops::Range<usize>, usize, usize)> = Vec::new();
    for (end, after, folded_end) in ends {
        let (mut all, mut known) = (0, 0);
        while let Some(word) = cut.get(next).filter(|w| w.bytes.end <= folded_end) {
            next += 1;
            let surface = &folded[word.bytes.clone()];
            let Some(entry) = word.entry.filter(|_| surface.chars().count() >= 2) else { continue };
            let renderings = words.renderings(entry, surface);
            if renderings.is_empty() {
                continue;
            }
            all += 1;
            known += usize::from(renderings.iter().any(|s| here.contains(s)));
        }
        found.push((from..end, all, known));
        from = after;
    }
    let total: usize = found.iter().map(|f| f.1).sum();
    let known: usize = found.iter().map(|f| f.2).sum();
    for (bytes, all, hit) in found {
        let rest = (total - all, known - hit);
        if all >= CLAUSE_WORDS && (hit as f64) <= CHANCE * all as f64 && rest.1 * 2 >= rest.0 && rest.1 >= 2 {
            let message = "nothing of this clause is found on the other side".to_string();
            sink.add(view, "omission", message, vec![mark(zh, bytes)]);
        }
    }
}
