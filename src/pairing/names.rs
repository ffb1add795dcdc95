//! Pairs by name: `x.zh.docx`/`x.en.docx`, `zh/x`/`en/x`, `x_中文`/`x_英文`, `07-43604 (C)`/`07-43604 (E)`.

use crate::model::Lang;
use std::collections::BTreeMap;

/// Marks that are a whole part of a name: ISO 639 codes, the regions and scripts behind them, and words. Parts are
/// compared in lower case.
const CHINESE: [&str; 24] = [
    "zh",
    "zho",
    "chi",
    "chs",
    "cht",
    "cn",
    "zhs",
    "zht",
    "zhcn",
    "zhtw",
    "zhhk",
    "chinese",
    "中文",
    "中",
    "汉语",
    "漢語",
    "华语",
    "華語",
    "简体",
    "簡體",
    "繁體",
    "繁体",
    "中文版",
    "中文本",
];
const ENGLISH: [&str; 10] = ["en", "eng", "enus", "engb", "english", "英文", "英", "英语", "英語", "英文版"];
/// Regions and scripts, marks only beside another mark: `zh-TW`, `en_GB`.
const REGIONS: [&str; 13] =
    ["cn", "tw", "hk", "mo", "sg", "hans", "hant", "us", "gb", "uk", "au", "ca", "nz"];
/// United Nations symbols end in the letter of the language: (C), (E). Marks only at the end of a name.
const LETTERS: [(&str, Lang); 2] = [("c", Lang::Zh), ("e", Lang::En)];
/// Marks that are written onto the name without anything between.
const GLUED: [(&str, Lang); 8] = [
    ("中文版", Lang::Zh),
    ("英文版", Lang::En),
    ("中文本", Lang::Zh),
    ("英文本", Lang::En),
    ("中文", Lang::Zh),
    ("英文", Lang::En),
    ("英譯", Lang::En),
    ("英译", Lang::En),
];

/// What names tell about a heap of paths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamePairs {
    /// Indices of the Chinese and the English path, and the name without marks.
    pub pairs: Vec<(usize, usize, String)>,
    /// Paths whose name has a mark, but no single counterpart, and why.
    pub alone: Vec<(usize, String)>,
}

/// Pairs paths, given with `/` between their parts and without anything above the heap's folder.
///
/// A name is cut at everything that is no letter or digit. Two paths are a pair if they are equal once their marks
/// are taken away, one has marks of Chinese only and the other of English only, and no third path is like them.
/// The last extension does not count, so a DOCX may be the translation of a PDF.
///
/// ```
/// use duizhao::pairing::by_name;
/// let found = by_name(&["a/x.zh.docx", "a/x.en.pdf", "zh/letter.txt", "en/letter.txt", "readme.txt"]);
/// assert_eq!(found.pairs, [(0, 1, "a/x".to_string()), (2, 3, "letter".to_string())]);
/// ```
pub fn by_name<S: AsRef<str>>(paths: &[S]) -> NamePairs {
    let mut groups: BTreeMap<String, [Vec<usize>; 2]> = BTreeMap::new();
    for (k, path) in paths.iter().enumerate() {
        if let Some((key, lang)) = key(path.as_ref()) {
            groups.entry(key).or_default()[usize::from(lang == Lang::En)].push(k);
        }
    }
    let mut out = NamePairs::default();
    for (key, [zh, en]) in groups {
        if let ([zh], [en]) = (zh.as_slice(), en.as_slice()) {
            out.pairs.push((*zh, *en, key));
            continue;
        }
        let why = match (zh.len(), en.len()) {
            (0, _) => "no Chinese file has the same name".to_string(),
            (_, 0) => "no English file has the same name".to_string(),
            (a, b) => format!("{a} Chinese and {b} English files have the same name"),
        };
        out.alone.extend(zh.into_iter().chain(en).map(|k| (k, why.clone())));
    }
    out.pairs.sort_by_key(|p| p.0.min(p.1));
    out.alone.sort();
    out
}

/// The path without its marks, and the language that they tell. `None` without marks or with both languages'.
fn key(path: &str) -> Option<(String, Lang)> {
    let mut langs = Vec::new();
    let parts: Vec<&str> = path.split('/').collect();
    let mut out: Vec<String> = Vec::new();
    for (k, part) in parts.iter().enumerate() {
        let last = k + 1 == parts.len();
        let stem = if last { without_extension(part) } else { part };
        let kept = strip(stem, last, &mut langs);
        if last || !kept.is_empty() {
            out.push(kept);
        }
    }
    let lang = *langs.first()?;
    // A name that is nothing but a mark (`zh.txt`) pairs within its folder.
    langs.iter().all(|l| *l == lang).then(|| (out.join("/").trim_end_matches('/').to_string(), lang))
}

/// `x.zh.txt` -> `x.zh`; a language for an extension (`x.zh`) stays.
fn without_extension(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && mark(&extension.to_lowercase()).is_none() => stem,
        _ => name,
    }
}

fn mark(token: &str) -> Option<Lang> {
    if CHINESE.contains(&token) {
        Some(Lang::Zh)
    } else if ENGLISH.contains(&token) {
        Some(Lang::En)
    } else {
        None
    }
}

/// The tokens of a name without marks, joined by `_`, in lower case.
fn strip(name: &str, last: bool, langs: &mut Vec<Lang>) -> String {
    let lower = name.to_lowercase();
    let tokens: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|t| !t.is_empty()).collect();
    let mut kept: Vec<&str> = Vec::new();
    let mut after_mark = false;
    for (k, token) in tokens.iter().enumerate() {
        let end = last && k + 1 == tokens.len() && tokens.len() > 1;
        let letter = LETTERS.iter().find(|l| end && l.0 == *token).map(|l| l.1);
        // `cn` is a region behind `zh` and a mark of its own elsewhere.
        if after_mark && REGIONS.contains(token) {
            continue;
        }
        if let Some(lang) = mark(token).or(letter) {
            langs.push(lang);
            after_mark = true;
            continue;
        }
        after_mark = false;
        match GLUED.iter().find(|g| token.len() > g.0.len() && token.ends_with(g.0)) {
            Some((glued, lang)) => {
                langs.push(*lang);
                kept.push(&token[..token.len() - glued.len()]);
            }
            None => kept.push(token),
        }
    }
    kept.join("_")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(paths: &[&str]) -> Vec<(usize, usize)> {
        by_name(paths).pairs.iter().map(|p| (p.0, p.1)).collect()
    }

    #[test]
    fn the_usual_patterns_are_known() {
        for (zh, en) in [
            ("x.zh.docx", "x.en.docx"),
            ("zh/x.txt", "en/x.txt"),
            ("docs/zh-CN/a/x.md", "docs/en-US/a/x.md"),
            ("x_中文.docx", "x_英文.docx"),
            ("合同中文版.docx", "合同英文版.docx"),
            ("0743604_C.pdf", "0743604_E.pdf"),
            ("07-43604 (C).pdf", "07-43604 (E).pdf"),
            ("A-61-1006-zh.txt", "A-61-1006-en.txt"),
            ("x_zh_TW.html", "x_en_GB.html"),
            ("Chinese/1.txt", "English/1.txt"),
            ("x.cn.txt", "x.en.txt"),
            ("x.zh", "x.en"),
            ("zh.txt", "en.txt"),
        ] {
            assert_eq!(pairs(&[en, zh]), [(1, 0)], "{zh} {en}");
        }
    }

    #[test]
    fn names_that_only_look_alike_are_no_pairs() {
        assert!(pairs(&["a.zh.txt", "b.en.txt"]).is_empty());
        assert!(pairs(&["zh-en-glossary.txt", "glossary.txt"]).is_empty());
        assert!(pairs(&["vitamin c.txt", "vitamin d.txt"]).is_empty());
        assert!(pairs(&["zh/a/x.txt", "en/b/x.txt"]).is_empty());
    }

    #[test]
    fn three_of_one_name_are_told() {
        let found = by_name(&["x.zh.txt", "x.zh-TW.txt", "x.en.txt"]);
        assert!(found.pairs.is_empty());
        assert_eq!(found.alone.len(), 3);
        assert!(found.alone[0].1.contains("2 Chinese and 1 English"), "{:?}", found.alone);
    }
}
