//! Omissions: by length, and by content that the lexicon does not find on the other side.

use super::{Sink, View, mark};
use crate::feature::{Comparison, Expression, ExpressionKind as Kind, compare};
use crate::lexicon::{EntryId, Lexicon, StemId, english_words, is_function_word, is_han, stem};
use crate::model::{Lang, Severity};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// English letters for one Chinese character, usually 2.5 to 3.5, and how far a pair may stray from it before `length`
/// speaks. With these bounds none of the 3,585 correct pairs of docs/check-accuracy.md is reported.
const LETTERS_PER_HAN: f64 = 3.1;
const STRAY: f64 = 2.6;
/// Characters and letters that every side may have more, whatever its length: short texts vary most.
const SLACK: f64 = 22.0;
/// Words of a clause before it is judged: with fewer, chance decides.
const CLAUSE_WORDS: usize = 3;
/// English letters for a Chinese character in a pair of sentences: over the correct pairs of docs/check-accuracy.md the
/// mean is 3.1 to 3.5 by length.
const USUAL_LETTERS: f64 = 3.3;
/// The deviation of its logarithm falls with the length, over the same pairs from 0.26 (short texts) to 0.11 (long ones):
/// this over the root of the Chinese characters, within bounds.
const DEVIATION: f64 = 1.6;
const DEVIATIONS: [f64; 2] = [0.18, 0.26];
/// The share of a clause's words that the other side renders by chance although it lacks the clause, by the clause's
/// language, and the least share that is expected of one that it has.
const BY_CHANCE: [f64; 2] = [0.2, 0.4];
const LEAST_USUAL: f64 = 0.65;
/// The share of rendered words whose renderings no other clause needs: in a clause that the other side has, and in one
/// that it lacks, whose words are found because others use the same renderings.
const OWN: f64 = 0.7;
const OWN_BY_CHANCE: f64 = 0.2;
/// How much the lengths weigh against the words: what the clause takes away from how far the lengths are from the usual,
/// and the most that this may add or take away; and what each deviation that the other side is too short adds (too long:
/// takes away), and the most deviations that count.
const LENGTH_WEIGHT: f64 = 1.0;
const LENGTH_MOST: f64 = 28.0;
const SHORTER: f64 = 1.5;
const MOST_DEVIATIONS: f64 = 6.0;
/// What each number or name of a Chinese clause adds that the English does not show, and the most of them that count. The
/// numbers of an English clause were tried and told nothing more.
const UNSHOWN: f64 = 4.5;
const MOST_UNSHOWN: usize = 2;
/// How much likelier (as a natural logarithm) it must be that the clause is not there, by the clause's language, before
/// it is told as information, and as a warning. The constants from `BY_CHANCE` on are the best of 29
/// settings tried on the sets that docs/check-accuracy.md names as read and the first halves of the others, and of 17 more
/// (the second halves counted too) for what a short side and unshown names add; the document has the curve.
const LEAST_EVIDENCE: [f64; 2] = [7.0, 7.5];
const SURE_EVIDENCE: [f64; 2] = [9.5, 9.5];

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

    /// Whether the lexicon knows an English word.
    pub fn knows(&mut self, word: &str) -> bool {
        self.stem_id(word).is_some()
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

/// A clause and the words of it that can be asked for.
struct Clause {
    bytes: Range<usize>,
    letters: f64,
    /// Words, those that the other side renders, and of these the ones whose renderings no other clause needs.
    all: usize,
    known: usize,
    own: usize,
}

/// A stem of the English: how often it stands there, in which clauses, and which Chinese clauses have a word for it.
/// Clauses are bits; those after the 64th share the last one.
#[derive(Default)]
struct Seen {
    count: u32,
    english: u64,
    chinese: u64,
    /// Chinese words for it, and whether one of them has renderings in no other English clause.
    words: u32,
    single: bool,
}

fn bit(clause: usize) -> u64 {
    1 << clause.min(63)
}

/// Clauses of either side that the other side seems not to have: few of their words are found there, and the other
/// side is as much shorter as it would be without them.
fn clauses(view: &View, words: &mut Words, sink: &mut Sink) {
    let (zh, en) = (view.index(Lang::Zh), view.index(Lang::En));
    if !view.texts.iter().any(|t| t.contains(breaks)) {
        return;
    }
    let mut seen: FxHashMap<StemId, Seen> = FxHashMap::default();
    let cuts = [cut(view.texts[zh], false), cut(view.texts[en], true)];
    let stems = english_stems(view.texts[en], &cuts[1], &view.read[en], words, &mut seen);
    let chinese = chinese_words(view.texts[zh], &cuts[0], words, &mut seen);
    let mut judged =
        [unjudged(view.texts[zh], Lang::Zh, &cuts[0]), unjudged(view.texts[en], Lang::En, &cuts[1])];
    for (clause, long, hits) in &chinese {
        let served = hits.iter().filter_map(|s| seen.get(s)).fold(0, |m, s| m | s.english);
        for hit in hits {
            if let Some(s) = seen.get_mut(hit) {
                s.words += 1;
                s.single |= served.count_ones() == 1;
            }
        }
        if *long {
            let of = &mut judged[0][*clause];
            of.all += 1;
            of.known += usize::from(!hits.is_empty());
            let enough = |s: &Seen| s.chinese == bit(*clause) || s.count >= s.chinese.count_ones();
            of.own += usize::from(hits.iter().filter_map(|s| seen.get(s)).any(enough));
        }
    }
    for (clause, stem) in &stems {
        let Some(s) = seen.get(stem) else { continue };
        let of = &mut judged[1][*clause];
        of.all += 1;
        of.known += usize::from(s.words > 0);
        of.own += usize::from(s.single || (s.words > 0 && s.words >= s.english.count_ones()));
    }
    let mut compared = None;
    for (k, clauses, rate) in [(zh, &judged[0], USUAL_LETTERS), (en, &judged[1], 1.0 / USUAL_LETTERS)] {
        let english = usize::from(k == en);
        let other = letters(view.texts[1 - k], view.langs[1 - k]);
        let own: f64 = clauses.iter().map(|c| c.letters).sum();
        let all: usize = clauses.iter().map(|c| c.all).sum();
        let known: usize = clauses.iter().map(|c| c.known).sum();
        let size = if english == 0 { own } else { other };
        let deviation = (DEVIATION / size.max(1.0).sqrt()).clamp(DEVIATIONS[0], DEVIATIONS[1]);
        let deviations = |own: f64| ln(other / (own * rate).max(1.0)) / deviation;
        let far = |own: f64| deviations(own) * deviations(own) / 2.0;
        let shorter = SHORTER * (-deviations(own)).clamp(-MOST_DEVIATIONS, MOST_DEVIATIONS);
        for clause in clauses {
            let (rest, rest_known) = (all - clause.all, known - clause.known);
            // The rest must be there, or the pair is a free translation altogether.
            if clause.all < CLAUSE_WORDS || rest_known * 2 < rest || rest_known < 2 {
                continue;
            }
            let usual = (rest_known as f64 / rest as f64).clamp(LEAST_USUAL, 0.9);
            let chance = BY_CHANCE[english];
            let shared = (clause.known - clause.own) as f64;
            let words = clause.own as f64 * ln(chance * OWN_BY_CHANCE / (usual * OWN))
                + shared * ln(chance * (1.0 - OWN_BY_CHANCE) / (usual * (1.0 - OWN)))
                + (clause.all - clause.known) as f64 * ln((1.0 - chance) / (1.0 - usual));
            let length = LENGTH_WEIGHT * (far(own) - far(own - clause.letters));
            let length = length.clamp(-LENGTH_MOST, LENGTH_MOST) + shorter;
            let mut evidence = words + length - sink.options.evidence;
            let most = UNSHOWN * MOST_UNSHOWN as f64;
            if english == 0 && words > 0.0 && evidence > LEAST_EVIDENCE[english] - most {
                let compared = compared.get_or_insert_with(|| compare(&view.read[0], &view.read[1]));
                evidence += UNSHOWN * unshown(view, &clause.bytes, compared).min(MOST_UNSHOWN) as f64;
            }
            if words > 0.0 && evidence > LEAST_EVIDENCE[english] {
                let sure = evidence > SURE_EVIDENCE[english];
                let severity = if sure { Severity::Warning } else { Severity::Info };
                let seems = if sure { "seems to" } else { "may" };
                let message = format!("this clause {seems} be missing on the other side");
                sink.add_as(severity, view, "omission", message, vec![mark(k, clause.bytes.clone())]);
            }
        }
    }
}

/// The numbers and the names in Latin letters of a Chinese clause that the English does not show.
fn unshown(view: &View, clause: &Range<usize>, compared: &Comparison) -> usize {
    let (zh, en) = (view.index(Lang::Zh), view.index(Lang::En));
    let shown = |n: usize| compared.matches.iter().any(|m| [m.0, m.1][zh] == n);
    let told = |e: &Expression| match e.kind {
        Kind::Latin | Kind::Code => !view.texts[en].contains(&view.texts[zh][e.bytes.clone()]),
        _ => !e.weak,
    };
    let inside = |e: &Expression| clause.start <= e.bytes.start && e.bytes.end <= clause.end;
    let all = view.read[zh].iter().enumerate();
    all.filter(|(n, e)| inside(e) && !shown(*n) && told(e)).count()
}

fn breaks(c: char) -> bool {
    matches!(c, '，' | '。' | '；' | '：' | '！' | '？' | ',' | ';' | ':')
}

/// The places of a text's clauses.
fn cut(text: &str, english: bool) -> Vec<Range<usize>> {
    let mut from = 0;
    let ends = text.char_indices().filter(|&(_, c)| breaks(c) || (english && c == '.'));
    let ends = ends.map(|(at, c)| (at, at + c.len_utf8())).chain([(text.len(), text.len())]);
    ends.map(|(end, after)| std::mem::replace(&mut from, after)..end).collect()
}

fn unjudged(text: &str, lang: Lang, cuts: &[Range<usize>]) -> Vec<Clause> {
    let clause = |bytes: &Range<usize>| Clause {
        letters: letters(&text[bytes.clone()], lang),
        bytes: bytes.clone(),
        all: 0,
        known: 0,
        own: 0,
    };
    cuts.iter().map(clause).collect()
}

/// The content words of the English with their clauses, without those of dates, which the Chinese may write in digits (7月).
fn english_stems(
    text: &str,
    cuts: &[Range<usize>],
    read: &[Expression],
    words: &mut Words,
    seen: &mut FxHashMap<StemId, Seen>,
) -> Vec<(usize, StemId)> {
    let (mut out, mut clause) = (Vec::new(), 0);
    for word in english_words(text) {
        while cuts.get(clause).is_some_and(|c| c.end <= word.bytes.start) {
            clause += 1;
        }
        let dated = |e: &Expression| {
            e.kind == Kind::Date && e.bytes.start <= word.bytes.start && word.bytes.end <= e.bytes.end
        };
        if is_function_word(&word.surface.to_lowercase()) || read.iter().any(dated) {
            continue;
        }
        if let Some(stem) = words.stem_id(word.surface) {
            let s = seen.entry(stem).or_default();
            s.count += 1;
            s.english |= bit(clause);
            out.push((clause.min(cuts.len() - 1), stem));
        }
    }
    out
}

/// The words of the Chinese that have renderings: their clause, whether they have two characters or more, and the
/// renderings that stand in the English.
fn chinese_words(
    text: &str,
    cuts: &[Range<usize>],
    words: &mut Words,
    seen: &mut FxHashMap<StemId, Seen>,
) -> Vec<(usize, bool, Vec<StemId>)> {
    let folded = words.lexicon.fold(text);
    // Folding keeps the characters' number, not their bytes.
    let mut ends = text.char_indices().map(|(at, _)| at).zip(folded.char_indices().map(|(at, _)| at));
    let mut ends: Vec<usize> = cuts
        .iter()
        .map(|c| {
            if c.end == text.len() {
                folded.len()
            } else {
                ends.find(|e| e.0 == c.end).map_or(folded.len(), |e| e.1)
            }
        })
        .collect();
    ends.push(usize::MAX);
    let (mut out, mut clause) = (Vec::new(), 0);
    for word in words.lexicon.words(&folded) {
        while word.bytes.end > ends[clause] {
            clause += 1;
        }
        let surface = &folded[word.bytes];
        let Some(entry) = word.entry else { continue };
        let renderings = words.renderings(entry, surface);
        if renderings.is_empty() {
            continue;
        }
        let hits: Vec<StemId> = renderings.iter().filter(|s| seen.contains_key(s)).copied().collect();
        let clause = clause.min(cuts.len() - 1);
        for hit in &hits {
            if let Some(s) = seen.get_mut(hit) {
                s.chinese |= bit(clause);
            }
        }
        out.push((clause, surface.chars().nth(1).is_some(), hits));
    }
    out
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
