//! Languages, scripts, language tags and the two sides of a pair.

use std::fmt;
use std::str::FromStr;

/// One of the two languages we work between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lang {
    /// Chinese, in either script.
    Zh,
    /// English.
    En,
}

impl Lang {
    /// What stands between two segments that are joined: nothing in Chinese, a space in English.
    pub fn joiner(self) -> &'static str {
        match self {
            Lang::Zh => "",
            Lang::En => " ",
        }
    }

    /// The other language of the pair.
    pub fn other(self) -> Lang {
        match self {
            Lang::Zh => Lang::En,
            Lang::En => Lang::Zh,
        }
    }
}

/// The Chinese script a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Script {
    /// Simplified characters.
    Hans,
    /// Traditional characters.
    Hant,
}

/// One of the two texts of a pair. `source` and `target` say nothing about the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// The first text.
    Source,
    /// The second text.
    Target,
}

/// A language tag as it stands in files: `zh-CN`, `en`, `zh-Hant`, any spelling.
///
/// The spelling is kept; [`LangTag::lang`] and [`LangTag::script`] understand it.
///
/// ```
/// use duizhao::model::{Lang, LangTag, Script};
/// let tag: LangTag = "zh_TW".parse().unwrap();
/// assert_eq!(tag.lang(), Some(Lang::Zh));
/// assert_eq!(tag.script(), Some(Script::Hant));
/// assert_eq!(tag.as_str(), "zh_TW");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LangTag(String);

impl LangTag {
    /// The tag we write by default: `zh-CN`, `zh-TW` or `en-US` (what CAT tools accept without a mapping).
    pub fn default_for(lang: Lang, script: Script) -> LangTag {
        LangTag(match (lang, script) {
            (Lang::Zh, Script::Hans) => "zh-CN".into(),
            (Lang::Zh, Script::Hant) => "zh-TW".into(),
            (Lang::En, _) => "en-US".into(),
        })
    }

    /// The tag as it is spelled.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language, whatever the spelling (`zh`, `ZH-CN`, `zho`, `chi`, `cmn`, `eng` …), or `None` if it
    /// is neither Chinese nor English.
    pub fn lang(&self) -> Option<Lang> {
        let lower = self.0.to_ascii_lowercase();
        match lower.split(['-', '_']).next().unwrap_or("") {
            "zh" | "zho" | "chi" | "cmn" | "yue" | "chinese" => Some(Lang::Zh),
            "en" | "eng" | "english" => Some(Lang::En),
            _ => None,
        }
    }

    /// The Chinese script that the tag implies, or `None` if it says nothing about it.
    pub fn script(&self) -> Option<Script> {
        self.lang().filter(|&l| l == Lang::Zh)?;
        let lower = self.0.to_ascii_lowercase();
        let mut parts = lower.split(['-', '_']).skip(1);
        parts.find_map(|p| match p {
            "hans" | "cn" | "sg" | "my" => Some(Script::Hans),
            "hant" | "tw" | "hk" | "mo" => Some(Script::Hant),
            _ => None,
        })
    }
}

impl FromStr for LangTag {
    type Err = String;

    /// Accepts letters, digits, `-` and `_`, starting with a letter.
    fn from_str(s: &str) -> Result<Self, String> {
        let s = s.trim();
        let fine = s.starts_with(|c: char| c.is_ascii_alphabetic())
            && s.len() <= 64
            && s.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        if fine { Ok(LangTag(s.to_string())) } else { Err(format!("{s:?} is not a language tag")) }
    }
}

impl fmt::Display for LangTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
