//! Chinese-English word pairs: the built-in lexicon and the user's own.
//!
//! Chinese text is cut into the lexicon's headwords, English into stems; the lexicon says which headword may be
//! rendered by which stem, how strongly, and how common both are. It knows nothing of documents.

mod english;
pub mod pack;
mod script;
mod words;

pub use english::{EnglishWord, english_words, is_function_word, stem};
pub use script::{script_of, scripts};
pub use words::{Word, is_han};

use pack::Packed;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// The sources of the built-in lexicon, with licences and attributions.
pub const LICENSES: &str = include_str!("../../data/LICENSES.txt");

/// A Chinese headword.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryId(u32);

/// An English stem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StemId(u32);

/// Which number of a link is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    Strength,
    Likelihood,
}

/// Word pairs with strengths, and the word frequencies behind them. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Lexicon {
    packed: Arc<Packed>,
    user: Arc<User>,
}

/// What the user added. Its ids continue those of the built-in part.
#[derive(Debug, Clone, Default)]
struct User {
    entries: BTreeMap<String, u32>,
    links: Vec<Added>,
    stems: BTreeMap<String, u32>,
    longest: usize,
}

/// What the user added to a headword.
#[derive(Debug, Clone)]
struct Added {
    /// The headword's built-in entry.
    built_in: Option<EntryId>,
    links: BTreeMap<StemId, f32>,
}

/// The strength of a part's links for the whole headword, times its share of the characters; measured on
/// hand-aligned novels.
const BACK_OFF: f32 = 0.2;
/// Links weaker than this are left out: they cost time and bring nothing.
const LEAST_STRENGTH: f32 = 0.03;
/// Likelihoods below this are left out. From 0.03 on a third of what they bring to novels is lost.
const LEAST_LIKELIHOOD: f32 = 0.01;
/// The share of all words that a word the lexicon does not know is taken to make up.
const UNKNOWN: f32 = 1e-7;

impl Default for Lexicon {
    fn default() -> Self {
        Lexicon::built_in()
    }
}

impl Lexicon {
    /// The lexicon that comes with duizhao. Ready in milliseconds; later calls cost nothing.
    pub fn built_in() -> Lexicon {
        static PACKED: OnceLock<Arc<Packed>> = OnceLock::new();
        let packed = PACKED.get_or_init(|| {
            let bytes = include_bytes!("../../data/lexicon.bin");
            Arc::new(Packed::decode(bytes).expect("the built-in lexicon is whole: a test reads it"))
        });
        Lexicon { packed: packed.clone(), user: Arc::default() }
    }

    /// A lexicon without any word.
    pub fn empty() -> Lexicon {
        Lexicon { packed: Arc::default(), user: Arc::default() }
    }

    /// Adds a pair of the user's. It is as strong as a pair can be, and its Chinese side is a word from now on.
    /// A pair of which one side holds no word is ignored.
    pub fn add_pair(&mut self, zh: &str, en: &str) {
        let folded: String = self.fold(zh).chars().filter(|c| is_han(*c)).collect();
        let stems: Vec<String> = english_words(en).map(|w| stem(w.surface)).collect();
        if folded.is_empty() || stems.is_empty() {
            return;
        }
        let content: Vec<&String> = stems.iter().filter(|s| !is_function_word(s)).collect();
        let content = if content.is_empty() { stems.iter().collect() } else { content };
        let ids: Vec<StemId> = content.into_iter().map(|s| self.stem_or_new(s)).collect();
        let built_in = self.packed.entry(&folded);
        let base = self.packed.entries() as u32;
        let user = Arc::make_mut(&mut self.user);
        user.longest = user.longest.max(folded.chars().count());
        let next = user.links.len() as u32;
        let at = *user.entries.entry(folded).or_insert(base + next);
        if at == base + next {
            user.links.push(Added { built_in, links: BTreeMap::new() });
        }
        let links = &mut user.links[(at - base) as usize].links;
        // A name of several words is shared out among them like a gloss.
        let share = 1.0 / ids.len() as f32;
        for id in ids {
            let strength = links.entry(id).or_insert(0.0);
            *strength = strength.max(share.max(0.5));
        }
    }

    fn stem_or_new(&mut self, stem: &str) -> StemId {
        if let Some(id) = self.stem_id(stem) {
            return id;
        }
        let next = (self.packed.stems() + self.user.stems.len()) as u32;
        Arc::make_mut(&mut self.user).stems.insert(stem.to_string(), next);
        StemId(next)
    }

    /// The text in the form the lexicon compares: Simplified characters, half-width letters and digits. Every
    /// character stays one character.
    pub fn fold<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.packed.fold(text)
    }

    /// The words of folded text, in order: headwords where there are any, single characters elsewhere, runs of
    /// letters and digits. Punctuation belongs to none.
    pub fn words(&self, folded: &str) -> Vec<Word> {
        words::cut(self, folded)
    }

    /// The entry of a headword, in folded form.
    pub fn entry(&self, headword: &str) -> Option<EntryId> {
        self.user.entries.get(headword).map(|&id| EntryId(id)).or_else(|| self.packed.entry(headword))
    }

    /// The stems that dictionaries render a headword by, with strengths above 0, at most 1: the share of the gloss that the
    /// stem carries. The headwords inside it count too, weaker: 理事 in 理事会 with a fifth of its share of the characters.
    pub fn renderings(&self, headword: &str) -> BTreeMap<StemId, f32> {
        self.linked(headword, Measure::Strength)
    }

    /// The stems that may stand where a headword is rendered, with likelihoods above 0, at most 1: what is usual counts more than
    /// what is rare, and stems of near synonyms, which no dictionary lists, count too (忽然 may be abruptly). Parts count as in
    /// [`renderings`](Self::renderings).
    pub fn likelihoods(&self, headword: &str) -> BTreeMap<StemId, f32> {
        self.linked(headword, Measure::Likelihood)
    }

    /// Hands over what [`likelihoods`](Self::likelihoods) holds, unordered; of a stem that comes more than once, the greatest
    /// counts.
    pub(crate) fn each_likelihood(&self, headword: &str, tell: impl FnMut(StemId, f32)) {
        self.each_link(headword, Measure::Likelihood, tell);
    }

    fn linked(&self, headword: &str, of: Measure) -> BTreeMap<StemId, f32> {
        let mut out = BTreeMap::new();
        self.each_link(headword, of, |stem, strength| {
            let slot: &mut f32 = out.entry(stem).or_insert(0.0);
            *slot = slot.max(strength);
        });
        out
    }

    fn each_link(&self, headword: &str, of: Measure, mut tell: impl FnMut(StemId, f32)) {
        let least = match of {
            Measure::Strength => LEAST_STRENGTH,
            Measure::Likelihood => LEAST_LIKELIHOOD,
        };
        let mut add = |entry: EntryId, share: f32| {
            for (stem, strength) in self.links(entry, of) {
                if share * strength >= least {
                    tell(stem, share * strength);
                }
            }
        };
        let chars: Vec<char> = headword.chars().collect();
        for from in 0..chars.len() {
            for (entry, length) in self.packed.prefixes(&chars[from..]) {
                if length < chars.len() {
                    add(entry, BACK_OFF * length as f32 / chars.len() as f32);
                }
            }
        }
        if let Some(entry) = self.entry(headword) {
            add(entry, 1.0);
        }
    }

    fn links(&self, entry: EntryId, of: Measure) -> impl Iterator<Item = (StemId, f32)> + '_ {
        let added = self.user_index(entry).map(|k| &self.user.links[k]);
        let built_in = added.map_or(Some(entry), |a| a.built_in);
        let packed = built_in.into_iter().flat_map(move |e| self.packed.links(e, of));
        added.into_iter().flat_map(|a| a.links.iter().map(|(&s, &w)| (s, w))).chain(packed)
    }

    /// The id of a stem that the lexicon knows.
    pub fn stem_id(&self, stem: &str) -> Option<StemId> {
        self.packed.stem(stem).or_else(|| self.user.stems.get(stem).map(|&id| StemId(id)))
    }

    /// The share of running Chinese words that this headword makes up.
    pub fn entry_probability(&self, entry: EntryId) -> f32 {
        if self.user_index(entry).is_some() { UNKNOWN } else { self.packed.entry_probability(entry) }
    }

    /// The share of running English words that this stem makes up.
    pub fn stem_probability(&self, stem: StemId) -> f32 {
        if stem.0 as usize >= self.packed.stems() { UNKNOWN } else { self.packed.stem_probability(stem) }
    }

    /// How the character is read: toneless Pinyin, the commonest reading first. Simplified or Traditional.
    pub fn readings(&self, c: char) -> impl Iterator<Item = &str> {
        self.packed.readings(c)
    }

    fn user_index(&self, entry: EntryId) -> Option<usize> {
        (entry.0 as usize).checked_sub(self.packed.entries())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(table: &BTreeMap<StemId, f32>, lexicon: &Lexicon, word: &str) -> f32 {
        lexicon.stem_id(&stem(word)).and_then(|id| table.get(&id).copied()).unwrap_or(0.0)
    }

    #[test]
    fn likelihoods_tell_usual_renderings_from_rare_ones() {
        let lexicon = Lexicon::built_in();
        let (listed, likely) = (lexicon.renderings("国家"), lexicon.likelihoods("国家"));
        // Both are whole glosses of a dictionary, or nearly so.
        assert!(value(&listed, &lexicon, "land") > 0.0 || value(&listed, &lexicon, "soil") > 0.0);
        assert!(value(&likely, &lexicon, "nation") > 2.0 * value(&likely, &lexicon, "soil"));
        assert!(likely.values().chain(listed.values()).all(|x| (0.01..=1.0).contains(x)));
    }

    #[test]
    fn near_synonyms_lend_their_renderings() {
        let lexicon = Lexicon::built_in();
        assert_eq!(value(&lexicon.renderings("忽然"), &lexicon, "abruptly"), 0.0);
        let likely = lexicon.likelihoods("忽然");
        let lent = value(&likely, &lexicon, "abruptly");
        assert!(lent > 0.05 && lent < value(&likely, &lexicon, "sudden"));
    }

    #[test]
    fn pairs_of_the_user_stand_beside_what_is_known() {
        let mut lexicon = Lexicon::built_in();
        let before = [lexicon.renderings("国家"), lexicon.likelihoods("国家")];
        lexicon.add_pair("国家", "polity");
        let after = [lexicon.renderings("国家"), lexicon.likelihoods("国家")];
        for (before, after) in before.iter().zip(&after) {
            assert!(before.iter().all(|(id, x)| after[id] >= *x));
            assert!(value(after, &lexicon, "polity") >= 0.5);
        }
    }
}
