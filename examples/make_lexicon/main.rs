//! Makes the built-in lexicon from its sources. `data/README.md` says where to get them.
//!
//! ```text
//! cargo run --release --example make_lexicon -- CEDICT.txt JIEBA.txt WORDFREQ_EN.msgpack.gz \
//!     TERRITORIES_ZH.json TERRITORIES_EN.json LANGUAGES_ZH.json LANGUAGES_EN.json CITIES.json ECDICT.csv OUT
//! ```
#![allow(clippy::print_stderr)]

mod walk;

use duizhao::lexicon::pack::{Content, Entry};
use duizhao::lexicon::{english_words, is_function_word, is_han, stem};
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::io::Read;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Weaker links cost more room than they bring.
const LEAST: f32 = 0.03;
/// The most links of one headword.
const MOST: usize = 40;
/// The least weight of a word among the words of a gloss, and the logarithm at which weights start.
const LEAST_IDF: f64 = 0.5;
const IDF_FROM: f64 = 4.0;
/// English words rarer than this are not taken from the English-Chinese dictionary: 16 bits number the stems.
const LEAST_FREQUENCY: f64 = 1e-8;
/// See [`add_reversed`]; 0 and 0.3 were tried.
const SHARED_OUT: f64 = 0.3;

struct Line {
    traditional: String,
    simplified: String,
    pinyin: String,
    glosses: Vec<String>,
}

fn main() -> Outcome<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [
        cedict,
        jieba,
        wordfreq,
        territories_zh,
        territories_en,
        languages_zh,
        languages_en,
        cities,
        ecdict,
        out,
    ] = args.as_slice()
    else {
        return Err("ten arguments, see the head of this file".into());
    };
    let mut lines = read_cedict(&std::fs::read_to_string(cedict)?);
    let folding = folding(&lines);
    lines.extend(names(territories_zh, territories_en, "territories")?);
    lines.extend(names(languages_zh, languages_en, "languages")?);
    lines.extend(city_names(cities)?);
    let fold = |s: &str| -> String { s.chars().map(|c| *folding.get(&c).unwrap_or(&c)).collect() };

    let english = english_frequencies(wordfreq)?;
    let mut glosses: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    let mut spellings: BTreeMap<String, String> = BTreeMap::new();
    for line in &lines {
        let key = fold(&line.simplified);
        if !key.chars().all(is_han) {
            continue;
        }
        let other = fold(&line.traditional);
        if other != key && other.chars().all(is_han) {
            spellings.insert(other, key.clone());
        }
        let list = glosses.entry(key).or_default();
        list.extend(line.glosses.iter().map(|g| words(g)).filter(|w| !w.is_empty()));
    }
    for line in &lines {
        for c in fold(&line.simplified).chars().filter(|c| is_han(*c)) {
            glosses.entry(c.to_string()).or_default();
        }
    }
    spellings.retain(|s, _| !glosses.contains_key(s));
    let frequencies = chinese_frequencies(&std::fs::read_to_string(jieba)?, &fold);
    let mut own: BTreeMap<String, BTreeMap<String, f32>> =
        glosses.iter().map(|(z, g)| (z.clone(), strengths(g, &english))).collect();
    add_reversed(&mut own, &read_ecdict(ecdict)?, &english, &fold);
    let total: f64 = frequencies.values().sum();

    let mut content =
        Content { folding: folding.clone(), readings: readings(&lines, &fold), ..Content::default() };
    let mut stems: BTreeSet<String> = BTreeSet::new();
    let known: Vec<walk::Headword> = own
        .iter()
        .map(|(headword, links)| walk::Headword {
            frequency: frequencies.get(headword).copied().unwrap_or(0.0) + 0.5,
            links: strongest(links, &english),
        })
        .collect();
    let links = walk::likelihoods(&known);
    for (k, ((headword, known), links)) in own.keys().zip(&known).zip(links).enumerate() {
        stems.extend(links.iter().map(|l| l.stem.clone()));
        content.entries.push(Entry { probability: known.frequency / total, links });
        content.spellings.insert(headword.to_string(), k);
    }
    for (spelling, key) in spellings {
        let id = content.spellings[&key];
        content.spellings.insert(spelling, id);
    }
    for (word, p) in &english {
        if *p > 2e-6 {
            stems.insert(word.clone());
        }
    }
    content.stems =
        stems.into_iter().map(|s| (s.clone(), english.get(&s).copied().unwrap_or(1e-8) as f32)).collect();
    eprintln!(
        "{} headwords, {} links, {} stems",
        content.entries.len(),
        content.entries.iter().map(|e| e.links.len()).sum::<usize>(),
        content.stems.len()
    );
    std::fs::write(out, content.encode()?)?;
    Ok(())
}

fn read_cedict(text: &str) -> Vec<Line> {
    text.lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| {
            let (head, rest) = l.split_once(" [")?;
            let (pinyin, rest) = rest.split_once("] /")?;
            let (traditional, simplified) = head.split_once(' ')?;
            let glosses = rest.trim_end().trim_end_matches('/').split(['/', ';']).flat_map(clean).collect();
            Some(Line {
                traditional: traditional.to_string(),
                simplified: simplified.to_string(),
                pinyin: pinyin.to_string(),
                glosses,
            })
        })
        .collect()
}

/// A definition as plain renderings: without remarks, references and measure words.
fn clean(gloss: &str) -> Vec<String> {
    let plain = without_remarks(gloss);
    let plain = plain.trim();
    let skipped = [
        "CL:",
        "variant of",
        "old variant",
        "see ",
        "see also",
        "also written",
        "used in",
        "erhua variant",
        "Japanese variant",
        "abbr. for",
        "abbr. to",
        "archaic variant",
        "same as",
        "Kangxi radical",
        "Taiwan pr.",
        "also pr.",
        "euphemistic variant",
        "equivalent of",
        "short for",
    ];
    if plain.is_empty() || skipped.iter().any(|s| plain.starts_with(s)) || plain.chars().any(is_han) {
        return Vec::new();
    }
    if let Some(name) = plain.strip_prefix("surname ") {
        return vec![name.to_string()];
    }
    plain.split(", ").map(str::to_string).collect()
}

/// English words and short phrases of an English-Chinese dictionary, each with one Chinese rendering. What people wrote
/// on web pages (`[网络]`) is left out.
fn read_ecdict(path: &str) -> Outcome<Vec<(String, String)>> {
    let mut out = Vec::new();
    for row in csv::Reader::from_path(path)?.records() {
        let row = row?;
        let (word, translation) = (&row[0], &row[3]);
        // No affixes (`-ness`, `'s`) and no long phrases: those are explanations.
        if word.split(' ').count() > 3 || word.starts_with(['-', '\'']) {
            continue;
        }
        for line in translation.split("\\n").map(str::trim).filter(|l| !l.starts_with("[网络]")) {
            let line = line.strip_prefix('[').and_then(|l| l.split_once(']')).map_or(line, |l| l.1);
            let plain = without_remarks(line);
            // The part of speech stands before the renderings: `vt. 放弃, 抛弃`.
            let plain =
                plain.trim_start_matches(|c: char| c.is_ascii_alphabetic() || matches!(c, '.' | ' ' | '&'));
            let items = plain.split([',', '，', ';', '；', '、', '。', ' ', '/', '…']).map(str::trim);
            let renderings = items.filter(|i| !i.is_empty() && i.chars().all(is_han));
            out.extend(renderings.map(|i| (word.to_string(), i.to_string())));
        }
    }
    Ok(out)
}

/// Adds the words of a dictionary in the other direction to the headwords that are known. A headword that renders many
/// words renders each of them weakly, by n^-0.3: on left-out texts that does better than the same strength for all.
fn add_reversed(
    own: &mut BTreeMap<String, BTreeMap<String, f32>>,
    pairs: &[(String, String)],
    english: &BTreeMap<String, f64>,
    fold: &dyn Fn(&str) -> String,
) {
    let mut glosses: BTreeMap<String, BTreeSet<Vec<String>>> = BTreeMap::new();
    for (word, rendering) in pairs {
        let stems = words(word);
        if stems.is_empty() || stems.iter().any(|s| english.get(s).is_none_or(|&p| p < LEAST_FREQUENCY)) {
            continue;
        }
        let rendering = fold(rendering);
        let known = [Some(rendering.as_str()), rendering.strip_suffix(['的', '地', '着', '者'])]
            .into_iter()
            .flatten()
            .find(|form| own.contains_key(*form));
        if let Some(headword) = known {
            glosses.entry(headword.to_string()).or_default().insert(stems);
        }
    }
    for (headword, glosses) in glosses {
        let share = (glosses.len() as f64).powf(-SHARED_OUT) as f32;
        let glosses: Vec<Vec<String>> = glosses.into_iter().collect();
        let links = own.get_mut(&headword).expect("only known headwords were taken");
        for (stem, strength) in strengths(&glosses, english) {
            let link = links.entry(stem).or_default();
            *link = link.max(strength * share);
        }
    }
}

/// A text without what stands in brackets.
fn without_remarks(text: &str) -> String {
    let mut depth = 0;
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '(' | '[' | '（' | '<' | '【' => depth += 1,
            ')' | ']' | '）' | '>' | '】' => depth -= 1,
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// The stems of a gloss that carry its meaning.
fn words(gloss: &str) -> Vec<String> {
    let all: Vec<String> = english_words(gloss).map(|w| stem(w.surface)).collect();
    let content: Vec<String> = all.iter().filter(|s| !is_function_word(s)).cloned().collect();
    if content.is_empty() && all.len() <= 2 { all } else { content }
}

/// The strength of each stem: the greatest share of a gloss's weight that it carries.
fn strengths(glosses: &[Vec<String>], english: &BTreeMap<String, f64>) -> BTreeMap<String, f32> {
    let idf = |w: &str| (-english.get(w).copied().unwrap_or(1e-8).ln() - IDF_FROM).max(LEAST_IDF);
    let mut out: BTreeMap<String, f32> = BTreeMap::new();
    for gloss in glosses {
        let total: f64 = gloss.iter().map(|w| idf(w)).sum();
        for word in gloss {
            let strength = out.entry(word.clone()).or_default();
            *strength = strength.max((idf(word) / total) as f32);
        }
    }
    out
}

/// The links worth keeping, the strongest first.
fn strongest(links: &BTreeMap<String, f32>, english: &BTreeMap<String, f64>) -> Vec<(String, f32)> {
    let p = |s: &str| english.get(s).copied().unwrap_or(0.0);
    let mut list: Vec<(String, f32)> =
        links.iter().map(|(s, w)| (s.clone(), *w)).filter(|l| l.1 >= LEAST).collect();
    list.sort_by(|a, b| b.1.total_cmp(&a.1).then(p(&b.0).total_cmp(&p(&a.0))).then(a.0.cmp(&b.0)));
    list.truncate(MOST);
    list
}

/// Traditional characters that mean one Simplified one, and are never written in Simplified text.
fn folding(lines: &[Line]) -> BTreeMap<char, char> {
    let mut pairs: BTreeMap<char, BTreeMap<char, usize>> = BTreeMap::new();
    let mut simplified: BTreeMap<char, usize> = BTreeMap::new();
    for line in lines {
        if line.traditional.chars().count() != line.simplified.chars().count() {
            continue;
        }
        for (t, s) in line.traditional.chars().zip(line.simplified.chars()) {
            *simplified.entry(s).or_default() += 1;
            *pairs.entry(t).or_default().entry(s).or_default() += 1;
        }
    }
    pairs
        .into_iter()
        .filter_map(|(t, to)| {
            let (s, count) = to.into_iter().max_by_key(|(s, n)| (*n, *s))?;
            let as_simplified = simplified.get(&t).copied().unwrap_or(0);
            (s != t && as_simplified * 10 <= count && is_han(t)).then_some((t, s))
        })
        .collect()
}

fn readings(lines: &[Line], fold: &dyn Fn(&str) -> String) -> BTreeMap<char, Vec<String>> {
    let mut counts: BTreeMap<char, BTreeMap<String, usize>> = BTreeMap::new();
    for line in lines {
        let syllables: Vec<&str> = line.pinyin.split(' ').collect();
        let folded = fold(&line.simplified);
        if folded.chars().count() != syllables.len() {
            continue;
        }
        for (c, syllable) in folded.chars().zip(syllables).filter(|(c, _)| is_han(*c)) {
            let plain: String =
                syllable.to_lowercase().replace("u:", "v").chars().filter(|c| c.is_alphabetic()).collect();
            *counts.entry(c).or_default().entry(plain).or_default() += 1;
        }
    }
    counts
        .into_iter()
        .map(|(c, list)| {
            let mut list: Vec<(String, usize)> = list.into_iter().collect();
            list.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
            let most = list[0].1;
            (c, list.into_iter().filter(|(_, n)| *n * 10 >= most).take(3).map(|(s, _)| s).collect())
        })
        .collect()
}

fn chinese_frequencies(text: &str, fold: &dyn Fn(&str) -> String) -> BTreeMap<String, f64> {
    let mut out = BTreeMap::new();
    for line in text.lines() {
        let mut fields = line.split(' ');
        if let (Some(word), Some(Ok(count))) = (fields.next(), fields.next().map(str::parse::<f64>)) {
            *out.entry(fold(word)).or_default() += count;
        }
    }
    out
}

/// Probabilities of stems: those of all their forms together.
fn english_frequencies(path: &str) -> Outcome<BTreeMap<String, f64>> {
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(std::fs::File::open(path)?).read_to_end(&mut bytes)?;
    let value = rmpv::decode::read_value(&mut bytes.as_slice())?;
    let bins = value.as_array().ok_or("not wordfreq's format")?;
    let mut out: BTreeMap<String, f64> = BTreeMap::new();
    // Each bin holds the words of one frequency, in hundredths of a power of ten.
    for (k, bin) in bins.iter().skip(1).enumerate() {
        let p = 10f64.powf(-(k as f64) / 100.0);
        for word in bin.as_array().into_iter().flatten().filter_map(|w| w.as_str()) {
            *out.entry(stem(word)).or_default() += p;
        }
    }
    Ok(out)
}

fn names(zh: &str, en: &str, what: &str) -> Outcome<Vec<Line>> {
    let read = |path: &str| -> Outcome<BTreeMap<String, String>> {
        let value: serde_json::Value = serde_json::from_reader(std::fs::File::open(path)?)?;
        let main = value["main"].as_object().and_then(|m| m.values().next()).ok_or("no locale")?;
        let table = main["localeDisplayNames"][what].as_object().ok_or("no names")?;
        Ok(table.iter().filter_map(|(k, v)| Some((k.clone(), v.as_str()?.to_string()))).collect())
    };
    let (zh, en) = (read(zh)?, read(en)?);
    Ok(zh.into_iter().filter_map(|(code, name)| Some(plain_name(name, en.get(&code)?.clone()))).collect())
}

fn city_names(path: &str) -> Outcome<Vec<Line>> {
    let value: serde_json::Value = serde_json::from_reader(std::fs::File::open(path)?)?;
    let cities = value.as_object().ok_or("not a table of cities")?;
    let mut out = Vec::new();
    for city in cities.values() {
        let name = city["name"].as_str().unwrap_or("");
        for other in city["alternatenames"].as_array().into_iter().flatten().filter_map(|a| a.as_str()) {
            if other.chars().count() >= 2 && other.chars().all(is_han) {
                let shorter = other.strip_suffix(['市', '县', '縣']).filter(|s| s.chars().count() >= 2);
                out.extend(
                    [Some(other), shorter]
                        .into_iter()
                        .flatten()
                        .map(|z| plain_name(z.to_string(), name.to_string())),
                );
            }
        }
    }
    Ok(out)
}

fn plain_name(zh: String, en: String) -> Line {
    Line { traditional: zh.clone(), simplified: zh, pinyin: String::new(), glosses: vec![en] }
}
