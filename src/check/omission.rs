//! Omissions: by length, and by content that the lexicon does not find on the other side.

use super::{Sink, View, mark};
use crate::lexicon::{EntryId, Lexicon, StemId, english_words, is_function_word, is_han, stem};
use crate::model::Lang;
use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::Range;

/// English letters for one Chinese character, usually 2.5 to 3.5, and how far a pair may stray from it before `length`
/// speaks. With these bounds none of the 3,585 correct pairs of docs/check-accuracy.md is reported.
const LETTERS_PER_HAN: f64 = 3.1;
const STRAY: f64 = 2.6;
/// Characters and letters that every side may have more, whatever its length: short texts vary most.
const SLACK: f64 = 22.0;
/// Words of a clause before it is judged: with fewer, chance decides.
const CLAUSE_WORDS: usize = 3;
/// English letters for a Chinese character in a pair of sentences, and the deviation of its logarithm: over the correct
/// pairs of docs/check-accuracy.md the mean is 3.1 to 3.5 by length, the deviation 0.26 (short) to 0.11 (long).
const USUAL_LETTERS: f64 = 3.3;
const DEVIATION: f64 = 0.25;
/// The share of a clause's words that the other side renders by chance although it lacks the clause, and the least
/// share that is expected where the rest of the pair is well rendered: measured on clauses taken out of the same pairs
/// and on those left in.
const BY_CHANCE: [f64; 2] = [0.12, 0.25];
/// How much likelier (as a logarithm) it must be that the clause is not there. Chosen on the sets that
/// docs/check-accuracy.md names as read: no more alarms on correct pairs than the words alone gave.
const LEAST_EVIDENCE: [f64; 2] = [5.5, 6.5];

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

/// A clause, the words of it that can be asked for, and how many of them the other side has.
struct Clause {
    bytes: Range<usize>,
    letters: f64,
    all: usize,
    known: usize,
}

/// Clauses of either side that the other side seems not to have: few of their words are found there, and the other
/// side is as much shorter as it would be without them.
fn clauses(view: &View, words: &mut Words, sink: &mut Sink) {
    let (zh, en) = (view.index(Lang::Zh), view.index(Lang::En));
    let breaks: fn(char) -> bool = |c| matches!(c, '，' | '。' | '；' | '：' | '！' | '？' | ',' | ';' | ':');
    if !view.texts.iter().any(|t| t.contains(breaks)) {
        return;
    }
    let stems: Vec<(usize, StemId)> = english_words(view.texts[en])
        .filter(|w| !is_function_word(&w.surface.to_lowercase()))
        .filter_map(|w| Some((w.bytes.start, words.stem_id(w.surface)?)))
        .collect();
    let here: FxHashSet<StemId> = stems.iter().map(|s| s.1).collect();
    let (chinese, rendered) = chinese_clauses(view.texts[zh], words, &here, breaks);
    let english = english_clauses(view.texts[en], &stems, &rendered, breaks);
    for (k, clauses, rate) in [(zh, chinese, USUAL_LETTERS), (en, english, 1.0 / USUAL_LETTERS)] {
        let english = usize::from(k == en);
        let other = letters(view.texts[1 - k], view.langs[1 - k]);
        let own: f64 = clauses.iter().map(|c| c.letters).sum();
        let all: usize = clauses.iter().map(|c| c.all).sum();
        let known: usize = clauses.iter().map(|c| c.known).sum();
        for clause in &clauses {
            let (rest, rest_known) = (all - clause.all, known - clause.known);
            // The rest must be there, or the pair is a free translation altogether.
            if clause.all < CLAUSE_WORDS || rest_known * 2 < rest || rest_known < 2 {
                continue;
            }
            let usual = (rest_known as f64 / rest as f64).clamp(0.5, 0.9);
            let chance = BY_CHANCE[english];
            let (hit, miss) = (clause.known as f64, (clause.all - clause.known) as f64);
            let words = hit * ln(chance / usual) + miss * ln((1.0 - chance) / (1.0 - usual));
            let far = |own: f64| {
                let z = ln(other / (own * rate).max(1.0)) / DEVIATION;
                z * z / 2.0
            };
            let length = (far(own) - far(own - clause.letters)).clamp(-6.0, 6.0);
            if words > 0.0 && words + length > LEAST_EVIDENCE[english] {
                let message = "this clause seems to be missing on the other side".to_string();
                sink.add(view, "omission", message, vec![mark(k, clause.bytes.clone())]);
            }
        }
    }
}

/// The natural logarithm to about one part in a hundred between 0.05 and 20, the same on every machine: the series of
/// 2 artanh((x - 1) / (x + 1)) after taking out powers of two.
fn ln(mut x: f64) -> f64 {
    let mut halves = 0.0;
    x = x.clamp(1e-6, 1e6);
    while x > 1.5 {
        (x, halves) = (x / 2.0, halves + 1.0);
    }
    while x < 0.75 {
        (x, halves) = (x * 2.0, halves - 1.0);
    }
    let y = (x - 1.0) / (x + 1.0);
    2.0 * (y + y * y * y / 3.0) + halves * std::f64::consts::LN_2
}

/// What a text's length is measured by: characters of Chinese, letters and digits of English.
fn letters(text: &str, lang: Lang) -> f64 {
    match lang {
        Lang::Zh => text.chars().filter(|&c| is_han(c)).count() as f64,
        Lang::En => text.chars().filter(|c| c.is_alphanumeric()).count() as f64,
    }
}

/// The clauses of the Chinese and the stems that render any of its words.
fn chinese_clauses(
    text: &str,
    words: &mut Words,
    here: &FxHashSet<StemId>,
    breaks: fn(char) -> bool,
) -> (Vec<Clause>, FxHashSet<StemId>) {
    let folded = words.lexicon.fold(text);
    let cut = words.lexicon.words(&folded);
    // Folding keeps the characters' number, not their bytes.
    let places = text.char_indices().zip(folded.char_indices().map(|(at, _)| at));
    let ends = places
        .filter(|&((_, c), _)| breaks(c))
        .map(|((at, c), folded_at)| (at, at + c.len_utf8(), folded_at))
        .chain([(text.len(), text.len(), folded.len())]);
    let (mut from, mut next) = (0, 0);
    let (mut out, mut rendered) = (Vec::new(), FxHashSet::default());
    for (end, after, folded_end) in ends {
        let (mut all, mut known) = (0, 0);
        while let Some(word) = cut.get(next).filter(|w| w.bytes.end <= folded_end) {
            next += 1;
            let surface = &folded[word.bytes.clone()];
            let Some(entry) = word.entry else { continue };
            let long = surface.chars().nth(1).is_some();
            let renderings = words.renderings(entry, surface);
            if renderings.is_empty() {
                continue;
            }
            rendered.extend(renderings);
            if long {
                all += 1;
                known += usize::from(renderings.iter().any(|s| here.contains(s)));
            }
        }
        out.push(Clause { bytes: from..end, letters: letters(&text[from..end], Lang::Zh), all, known });
        from = after;
    }
    (out, rendered)
}

/// The clauses of the English.
fn english_clauses(
    text: &str,
    stems: &[(usize, StemId)],
    rendered: &FxHashSet<StemId>,
    breaks: fn(char) -> bool,
) -> Vec<Clause> {
    let ends = text.char_indices().filter(|&(_, c)| breaks(c) || c == '.').map(|(at, _)| at);
    let (mut from, mut next) = (0, 0);
    let mut out = Vec::new();
    for end in ends.chain([text.len()]) {
        let own = stems[next..].iter().take_while(|s| s.0 < end).count();
        let known = stems[next..next + own].iter().filter(|s| rendered.contains(&s.1)).count();
        next += own;
        let bytes = from..end;
        out.push(Clause { letters: letters(&text[bytes.clone()], Lang::En), bytes, all: own, known });
        from = (end + 1).min(text.len());
    }
    out
}
