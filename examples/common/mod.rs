//! What the examples that measure and the tests share: gold pairs, seeded choices, units of two texts.

#![allow(dead_code, clippy::unwrap_used)]

use duizhao::model::{Bitext, LangTag, TranslationUnit, Variant};

/// SplitMix64 (Steele, Lea and Flood 2014): the same choices every time.
pub struct Dice(pub u64);

impl Dice {
    /// A number below `sides`.
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % sides.max(1) as u64) as usize
    }

    /// One of a list that is not empty.
    pub fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.roll(list.len())]
    }
}

pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The languages of made text, and those of gold pairs, whose script the sets do not tell.
pub const MADE: [&str; 2] = ["zh-CN", "en-US"];
pub const GOLD: [&str; 2] = ["zh", "en"];

/// A unit of a Chinese source and an English target.
pub fn unit(languages: [&str; 2], id: &str, zh: &str, en: &str) -> TranslationUnit {
    let [zh_tag, en_tag] = languages.map(|t| t.parse::<LangTag>().unwrap());
    TranslationUnit {
        id: id.to_string(),
        variants: vec![Variant::new(zh_tag, zh), Variant::new(en_tag, en)],
        bead: None,
        attributes: Vec::new(),
        properties: Vec::new(),
        notes: Vec::new(),
    }
}

/// A file of such units.
pub fn bitext(languages: [&str; 2], units: Vec<TranslationUnit>) -> Bitext {
    let [zh, en] = languages.map(|t| t.parse::<LangTag>().unwrap());
    let mut out = Bitext::new(zh, en);
    out.units = units;
    out
}

/// The documents of a folder of `DOC.zh`, `DOC.en`, `DOC.gold` with beads `[0]:[0,1]`, by name; each the texts of its
/// beads that have both sides.
pub fn gold_documents(folder: &str) -> Vec<Vec<(String, String)>> {
    named_gold_documents(folder, "").into_iter().map(|d| d.1).collect()
}

/// Those whose names start so, with their names.
pub fn named_gold_documents(folder: &str, prefix: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|e| e.unwrap().file_name().to_str()?.strip_suffix(".gold").map(str::to_string))
        .filter(|name| name.starts_with(prefix))
        .collect();
    names.sort();
    names.into_iter().map(|name| (name.clone(), gold_pairs(&format!("{folder}/{name}")))).collect()
}

fn gold_pairs(stem: &str) -> Vec<(String, String)> {
    let lines = |ext: &str| -> Vec<String> {
        std::fs::read_to_string(format!("{stem}.{ext}")).unwrap().lines().map(str::to_string).collect()
    };
    let (zh, en) = (lines("zh"), lines("en"));
    let join = |from: &[String], list: &str, by: &str| {
        let indices = list.trim().trim_matches(['[', ']']).split(',').filter_map(|n| n.trim().parse().ok());
        indices.filter_map(|i: usize| from.get(i)).cloned().collect::<Vec<_>>().join(by)
    };
    let pair = |line: &String| {
        let (a, b) = line.split_once(':')?;
        let (a, b) = (join(&zh, a, ""), join(&en, b, " "));
        (!a.is_empty() && !b.is_empty()).then_some((a, b))
    };
    lines("gold").iter().filter_map(pair).collect()
}
