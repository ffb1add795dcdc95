//! Names by their sound: a Chinese transliteration and the Latin name it renders have the same consonants.
//!
//! Both sides are reduced to classes of consonants; vowels, glides and final nasals come and go between languages and
//! count little. 梅赫迪耶夫 (mei he di ye fu) and Mehdiyev are both M H T F.

/// The least number of consonants that make a name recognisable.
const LEAST: usize = 2;

/// The consonant skeleton of a Pinyin reading or a Latin name, in lower-case classes.
///
/// Classes follow the usual transliteration tables (Xinhua): b p → P, d t → T, g k j q c → K, z s x sh zh ch → S,
/// f v w → F, l r → L. A w or y before a vowel, and h outside the start of a syllable, are dropped.
pub fn skeleton(word: &str) -> String {
    let letters: Vec<char> = word.chars().flat_map(char::to_lowercase).map(plain).collect();
    let mut out = String::new();
    let mut k = 0;
    while k < letters.len() {
        let next = letters.get(k + 1).copied().unwrap_or(' ');
        let (class, step) = match (letters[k], next) {
            ('s' | 'z' | 'c', 'h') => ('S', 2),
            ('p', 'h') => ('F', 2),
            ('t', 'h') => ('T', 2),
            ('k' | 'g', 'h') => ('K', 2),
            ('b' | 'p', _) => ('P', 1),
            ('d' | 't', _) => ('T', 1),
            ('c', 'e' | 'i' | 'y') => ('S', 1),
            ('g' | 'k' | 'c' | 'q', _) => ('K', 1),
            ('j', _) => ('K', 1),
            ('x' | 's' | 'z', _) => ('S', 1),
            ('f' | 'v', _) => ('F', 1),
            ('l' | 'r', _) => ('L', 1),
            ('m', _) => ('M', 1),
            ('n', 'g') => ('N', 2),
            ('n', _) => ('N', 1),
            ('h', c) if vowel(c) => ('H', 1),
            _ => (' ', 1),
        };
        if class != ' ' && !out.ends_with(class) {
            out.push(class);
        }
        k += step;
    }
    out
}

fn vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'v')
}

/// Letters without their marks, as far as they occur in names.
fn plain(c: char) -> char {
    match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' => 'a',
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ě' | 'ę' => 'e',
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => 'i',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' => 'o',
        'ù' | 'ú' | 'û' | 'ü' | 'ū' => 'u',
        'ç' | 'ć' | 'č' | 'ş' | 'š' | 'ś' => 's',
        'ğ' => 'g',
        'ł' => 'l',
        'ñ' | 'ń' => 'n',
        'ž' | 'ź' | 'ż' => 'z',
        other => other,
    }
}

/// A name reduced to its sound, ready to be compared with many.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sound {
    /// In small letters.
    pub letters: String,
    /// Its consonants.
    pub skeleton: Skeleton,
}

/// The consonants of a name: see [`skeleton`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skeleton {
    consonants: String,
    /// How often each class occurs.
    classes: [u8; CLASSES.len()],
}

/// The classes of consonants.
const CLASSES: [u8; 9] = *b"FHKLMNPST";

impl Sound {
    /// The sound of a Latin word, or of Chinese characters given as their Pinyin.
    pub fn of(name: &str) -> Sound {
        let letters = name.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
        Sound { letters, skeleton: Skeleton::of(name) }
    }

    /// How alike two names sound: 0 to 1. Equal letters are 1; otherwise the skeletons tell ([`Skeleton::similarity`]).
    pub fn similarity(&self, other: &Sound, least: f64) -> f64 {
        if self.letters == other.letters && !self.letters.is_empty() {
            return 1.0;
        }
        self.skeleton.similarity(&other.skeleton, least)
    }
}

impl Skeleton {
    fn of(name: &str) -> Skeleton {
        let consonants = skeleton(name);
        let classes = CLASSES.map(|class| consonants.bytes().filter(|&b| b == class).count().min(255) as u8);
        Skeleton { consonants, classes }
    }

    /// The class of the first consonant; names that sound alike share it.
    pub fn start(&self) -> Option<char> {
        self.consonants.chars().next()
    }

    /// How alike two skeletons are: 0 to 1, by Damerau-Levenshtein; 0 for what is too short to tell and for what is certain to stay
    /// below `least`.
    pub fn similarity(&self, other: &Skeleton, least: f64) -> f64 {
        let (a, b) = (self.consonants.len(), other.consonants.len());
        let (short, long) = (a.min(b), a.max(b));
        // The distance is at least the difference of the lengths, and half the difference of the classes.
        let differ: u32 = self.classes.iter().zip(other.classes).map(|(a, b)| u32::from(a.abs_diff(b))).sum();
        let distance = (long - short).max(differ.div_ceil(2) as usize);
        if short < LEAST || ((long - distance) as f64) < least * long as f64 {
            return 0.0;
        }
        strsim::normalized_damerau_levenshtein(&self.consonants, &other.consonants)
    }
}

/// How alike letters are, vowels too: 0 to 1, by Damerau-Levenshtein. Tells apart names whose few consonants are the same.
pub fn letters_alike(one: &str, other: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(one, other)
}

/// How alike a Chinese string, given as the Pinyin of its characters, and a Latin word sound: 0 to 1.
pub fn similarity(pinyin: &str, word: &str) -> f64 {
    Sound::of(pinyin).similarity(&Sound::of(word), 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transliterations_sound_like_their_names() {
        for (pinyin, name) in [
            ("meihediyefu", "Mehdiyev"),
            ("telangpu", "Trump"),
            ("moke'er", "Merkel"),
            ("chenqingyang", "Chen Qingyang"),
            ("pujing", "Putin"),
            ("gelusenzi", "Glosenz"),
        ] {
            assert!(similarity(pinyin, name) >= 0.6, "{pinyin} {name} {}", similarity(pinyin, name));
        }
        for (pinyin, name) in [("meihediyefu", "Azerbaijan"), ("telangpu", "Merkel")] {
            assert!(similarity(pinyin, name) < 0.6, "{pinyin} {name} {}", similarity(pinyin, name));
        }
    }
}
