//! The built-in lexicon's binary form: written by the program that makes it, read in milliseconds.
//!
//! Little-endian parts one after another, each with its length: the trie of headwords (crawdad), probabilities
//! (upper halves of IEEE singles), links, stems in order, folding pairs, readings.

use super::{EntryId, Measure, StemId, UNKNOWN};
use crate::error::{Error, Result};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The first bytes; the digit counts incompatible changes.
const MAGIC: &[u8; 8] = b"duizhao2";
/// The first and last character that the folding table covers directly.
const FOLD_FROM: u32 = 0x3400;
const FOLD_TO: u32 = 0x9FFF;

/// What the maker puts in.
#[derive(Debug, Default)]
pub struct Content {
    /// Headwords in folded form: probability (0 to 1) and links to stems.
    pub entries: Vec<Entry>,
    /// Further spellings of entries, by index.
    pub spellings: BTreeMap<String, usize>,
    /// Stems with probabilities.
    pub stems: BTreeMap<String, f32>,
    /// Traditional to Simplified.
    pub folding: BTreeMap<char, char>,
    /// Toneless readings of characters, the commonest first.
    pub readings: BTreeMap<char, Vec<String>>,
}

/// One headword with what renders it.
#[derive(Debug, Default, Clone)]
pub struct Entry {
    /// The share of running words.
    pub probability: f64,
    /// What renders it.
    pub links: Vec<Link>,
}

/// A stem that renders a headword.
#[derive(Debug, Default, Clone)]
pub struct Link {
    /// The stem.
    pub stem: String,
    /// The share of a dictionary's gloss that it carries (0 to 1); 0 where no dictionary has it.
    pub strength: f32,
    /// How likely it is to stand where the headword is rendered (0 to 1), against the likeliest of all.
    pub likelihood: f32,
}

/// The lexicon as it is used.
#[derive(Default)]
pub struct Packed {
    trie: Option<crawdad::Trie>,
    probability: Vec<f32>,
    ln: Vec<f32>,
    starts: Vec<u32>,
    /// Stem, strength, likelihood.
    links: Vec<(u16, u8, u8)>,
    stems: Vec<Box<str>>,
    stem_probability: Vec<f32>,
    fold: Vec<u16>,
    fold_others: BTreeMap<char, char>,
    syllables: Vec<Box<str>>,
    readings: BTreeMap<char, Vec<u16>>,
}

impl std::fmt::Debug for Packed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Packed({} headwords, {} links, {} stems)",
            self.starts.len(),
            self.links.len(),
            self.stems.len()
        )
    }
}

/// The upper half of a single: 8 bits of mantissa are plenty for a probability.
fn half(x: f32) -> u16 {
    (x.to_bits().wrapping_add(0x8000) >> 16) as u16
}

fn whole(x: u16) -> f32 {
    f32::from_bits(u32::from(x) << 16)
}

impl Content {
    /// The binary form.
    ///
    /// # Errors
    /// More stems or links than the format can count.
    pub fn encode(&self) -> Result<Vec<u8>> {
        let fail = |what: &str| Error::malformed(format!("the lexicon does not fit its format: {what}"));
        let ids: BTreeMap<&str, u16> = self
            .stems
            .keys()
            .enumerate()
            .map(|(k, s)| Ok((s.as_str(), u16::try_from(k).map_err(|_| fail("too many stems"))?)))
            .collect::<Result<_>>()?;
        let records: Vec<(&str, u32)> =
            self.spellings.iter().map(|(s, &id)| (s.as_str(), id as u32)).collect();
        let trie = crawdad::Trie::from_records(records).map_err(|e| fail(&e.to_string()))?;
        let mut out = MAGIC.to_vec();
        part(&mut out, &trie.serialize_to_vec());
        let halves = |values: &mut dyn Iterator<Item = f32>| {
            values.flat_map(|v| half(v).to_le_bytes()).collect::<Vec<u8>>()
        };
        part(&mut out, &halves(&mut self.entries.iter().map(|e| e.probability as f32)));
        part(&mut out, &halves(&mut self.entries.iter().map(|e| e.probability.ln() as f32)));
        let mut counts = Vec::new();
        let mut links = Vec::new();
        for entry in &self.entries {
            counts.push(u8::try_from(entry.links.len()).map_err(|_| fail("too many links"))?);
            for link in &entry.links {
                let id = ids.get(link.stem.as_str()).ok_or_else(|| fail("a link to no stem"))?;
                links.extend(id.to_le_bytes());
                links.extend([link.strength, link.likelihood].map(of_255));
            }
        }
        part(&mut out, &counts);
        part(&mut out, &links);
        part(&mut out, self.stems.keys().map(String::as_str).collect::<Vec<_>>().join("\n").as_bytes());
        part(&mut out, &halves(&mut self.stems.values().copied()));
        part(&mut out, self.folding.iter().flat_map(|(t, s)| [*t, *s]).collect::<String>().as_bytes());
        let readings: Vec<String> =
            self.readings.iter().map(|(c, r)| format!("{c}{}", r.join(" "))).collect();
        part(&mut out, readings.join("\n").as_bytes());
        Ok(out)
    }
}

/// A number from 0 to 1 in one byte; only 0 becomes 0.
fn of_255(x: f32) -> u8 {
    if x == 0.0 { 0 } else { (x * 255.0).round().clamp(1.0, 255.0) as u8 }
}

fn part(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend((bytes.len() as u32).to_le_bytes());
    out.extend(bytes);
}

struct Parts<'a>(&'a [u8]);

impl<'a> Parts<'a> {
    fn next(&mut self) -> Result<&'a [u8]> {
        let short = || Error::malformed("the lexicon ends too early");
        let (length, rest) = self.0.split_first_chunk::<4>().ok_or_else(short)?;
        let length = u32::from_le_bytes(*length) as usize;
        let (bytes, rest) = rest.split_at_checked(length).ok_or_else(short)?;
        self.0 = rest;
        Ok(bytes)
    }

    fn text(&mut self) -> Result<&'a str> {
        std::str::from_utf8(self.next()?).map_err(|_| Error::malformed("the lexicon holds broken text"))
    }

    fn halves(&mut self) -> Result<Vec<f32>> {
        Ok(self.next()?.chunks_exact(2).map(|b| whole(u16::from_le_bytes([b[0], b[1]]))).collect())
    }
}

impl Packed {
    /// Reads the binary form.
    ///
    /// # Errors
    /// Bytes that the maker did not write.
    pub fn decode(bytes: &[u8]) -> Result<Packed> {
        let rest = bytes.strip_prefix(MAGIC).ok_or_else(|| Error::malformed("not a lexicon"))?;
        let mut parts = Parts(rest);
        let (trie, _) = crawdad::Trie::deserialize_from_slice(parts.next()?);
        let probability = parts.halves()?;
        let ln = parts.halves()?;
        let counts = parts.next()?;
        let mut starts = Vec::with_capacity(counts.len() + 1);
        starts.push(0u32);
        for &count in counts {
            starts.push(starts[starts.len() - 1] + u32::from(count));
        }
        let links =
            parts.next()?.chunks_exact(4).map(|b| (u16::from_le_bytes([b[0], b[1]]), b[2], b[3])).collect();
        let stems = parts.text()?.split('\n').map(Box::from).collect();
        let stem_probability = parts.halves()?;
        let mut fold: Vec<u16> = (FOLD_FROM..=FOLD_TO).map(|c| c as u16).collect();
        let mut fold_others = BTreeMap::new();
        let mut pairs = parts.text()?.chars();
        while let (Some(from), Some(to)) = (pairs.next(), pairs.next()) {
            match (from as u32, u16::try_from(to as u32)) {
                (c @ FOLD_FROM..=FOLD_TO, Ok(to)) => fold[(c - FOLD_FROM) as usize] = to,
                _ => {
                    fold_others.insert(from, to);
                }
            }
        }
        let mut packed = Packed {
            trie: Some(trie),
            probability,
            ln,
            starts,
            links,
            stems,
            stem_probability,
            fold,
            fold_others,
            ..Packed::default()
        };
        packed.read_readings(parts.text()?);
        Ok(packed)
    }

    fn read_readings(&mut self, text: &str) {
        let mut ids: BTreeMap<&str, u16> = BTreeMap::new();
        for line in text.lines() {
            let mut chars = line.chars();
            let Some(c) = chars.next() else { continue };
            let list = chars
                .as_str()
                .split(' ')
                .map(|syllable| {
                    *ids.entry(syllable).or_insert_with(|| {
                        self.syllables.push(syllable.into());
                        (self.syllables.len() - 1) as u16
                    })
                })
                .collect();
            self.readings.insert(c, list);
        }
    }

    pub(super) fn entries(&self) -> usize {
        self.probability.len()
    }

    pub(super) fn stems(&self) -> usize {
        self.stems.len()
    }

    pub(super) fn entry(&self, headword: &str) -> Option<EntryId> {
        self.trie.as_ref()?.exact_match(headword.chars()).map(EntryId)
    }

    /// The entries that start the characters, with their lengths.
    pub(super) fn prefixes<'a>(&'a self, chars: &'a [char]) -> impl Iterator<Item = (EntryId, usize)> + 'a {
        let found = self.trie.as_ref().map(|t| t.common_prefix_search(chars.iter().copied()));
        found.into_iter().flatten().map(|(id, length)| (EntryId(id), length))
    }

    /// Strengths or likelihoods, those above 0.
    pub(super) fn links(&self, entry: EntryId, of: Measure) -> impl Iterator<Item = (StemId, f32)> + '_ {
        let k = entry.0 as usize;
        self.links[self.starts[k] as usize..self.starts[k + 1] as usize].iter().filter_map(
            move |&(stem, strength, likelihood)| {
                let value = match of {
                    Measure::Strength => strength,
                    Measure::Likelihood => likelihood,
                };
                (value > 0).then(|| (StemId(u32::from(stem)), f32::from(value) / 255.0))
            },
        )
    }

    pub(super) fn stem(&self, stem: &str) -> Option<StemId> {
        self.stems.binary_search_by(|s| s.as_ref().cmp(stem)).ok().map(|k| StemId(k as u32))
    }

    pub(super) fn entry_probability(&self, entry: EntryId) -> f32 {
        self.probability[entry.0 as usize]
    }

    pub(super) fn entry_ln(&self, entry: EntryId) -> f32 {
        self.ln[entry.0 as usize]
    }

    pub(super) fn stem_probability(&self, stem: StemId) -> f32 {
        self.stem_probability.get(stem.0 as usize).copied().unwrap_or(UNKNOWN)
    }

    pub(super) fn readings(&self, c: char) -> impl Iterator<Item = &str> {
        let list = self.readings.get(&c).or_else(|| self.readings.get(&self.fold_char(c)));
        list.into_iter().flatten().map(|&k| self.syllables[k as usize].as_ref())
    }

    fn fold_char(&self, c: char) -> char {
        match c as u32 {
            code @ FOLD_FROM..=FOLD_TO => {
                let folded = self.fold.get((code - FOLD_FROM) as usize).copied();
                folded.and_then(|k| char::from_u32(u32::from(k))).unwrap_or(c)
            }
            code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
            0x3000 => ' ',
            0..FOLD_FROM => c,
            _ => self.fold_others.get(&c).copied().unwrap_or(c),
        }
    }

    pub(super) fn fold<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if text.is_ascii() {
            return Cow::Borrowed(text);
        }
        Cow::Owned(text.chars().map(|c| self.fold_char(c)).collect())
    }
}
