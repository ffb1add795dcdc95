//! SRX 2.0 (GALA/LISA, 7 April 2008): segmentation rules of the user, so that segments are those of their CAT tool.
//!
//! A rule has two patterns, for what stands before and after a place. At each place the first rule that fits
//! decides. `cascade` and the language map are honoured; how inline codes are handled does not matter to plain text.
//! The patterns are written for ICU; see [`icu`](self::icu) for what is translated and what is refused.

mod icu;

use crate::error::{Error, Result};
use crate::model::{Lang, LangTag};
use icu::Patterns;
use quick_xml::events::Event;
use quick_xml::reader::Reader;
use regex::Regex;
use std::ops::Range;

/// Rule sets deeper than this are no SRX: it nests five deep.
const DEEPEST: usize = 32;

/// Rules for both languages, ready to use.
#[derive(Debug, Clone)]
pub struct Srx {
    zh: Vec<Rule>,
    en: Vec<Rule>,
}

#[derive(Debug, Clone)]
struct Rule {
    breaks: bool,
    patterns: Patterns,
}

/// A rule as it stands in the file, with its line.
struct Raw {
    breaks: bool,
    before: String,
    after: String,
    line: usize,
}

impl Srx {
    /// Reads a file of rules and picks those for the two languages by their tags, as `zh-CN` and `en-US`.
    ///
    /// # Errors
    /// What is no SRX, a pattern that cannot be translated, a language that no rule speaks of; with the line.
    pub fn read(text: &str, zh: &LangTag, en: &LangTag) -> Result<Srx> {
        let file = parse(text)?;
        Ok(Srx { zh: file.rules_for(zh)?, en: file.rules_for(en)? })
    }

    /// The byte ranges of the segments: in order, trimmed, white space apart without gap.
    pub(super) fn split(&self, text: &str, lang: Lang) -> Vec<Range<usize>> {
        let rules = if lang == Lang::Zh { &self.zh } else { &self.en };
        let mut decided: std::collections::BTreeMap<usize, bool> = std::collections::BTreeMap::new();
        for rule in rules {
            rule.patterns.places(text, &mut |at| {
                decided.entry(at).or_insert(rule.breaks);
            });
        }
        let mut out = Vec::new();
        let mut from = 0;
        for (at, _) in decided.into_iter().filter(|(at, breaks)| *breaks && *at > 0 && *at < text.len()) {
            if super::is_boundary(text, at) {
                super::push_trimmed(text, from..at, &mut out);
                from = at;
            }
        }
        super::push_trimmed(text, from..text.len(), &mut out);
        out
    }
}

/// What a file of rules holds.
#[derive(Default)]
struct File {
    cascade: bool,
    /// Names of rule sets with their rules.
    sets: Vec<(String, Vec<Raw>)>,
    /// Language patterns with the names of their rule sets, and lines.
    maps: Vec<(String, String, usize)>,
}

impl File {
    fn rules_for(&self, tag: &LangTag) -> Result<Vec<Rule>> {
        let tag = tag.as_str().replace('_', "-");
        let mut out = Vec::new();
        let mut any = false;
        for (pattern, name, line) in &self.maps {
            // Tags are the same in capitals and small letters (BCP 47).
            let regex = Regex::new(&format!("(?i)^(?:{pattern})$")).map_err(|e| {
                Error::malformed(format!("the language pattern {pattern:?} is no regular expression: {e}"))
                    .at_line(*line)
            })?;
            if !regex.is_match(&tag) {
                continue;
            }
            any = true;
            let set = self.sets.iter().find(|s| s.0 == *name).ok_or_else(|| {
                Error::malformed(format!("there is no language rule {name:?}")).at_line(*line)
            })?;
            for raw in &set.1 {
                let patterns = Patterns::new(&raw.before, &raw.after).map_err(|e| e.at_line(raw.line))?;
                out.push(Rule { breaks: raw.breaks, patterns });
            }
            if !self.cascade {
                break;
            }
        }
        if any {
            Ok(out)
        } else {
            Err(Error::malformed(format!("the rules have no language map for {tag}"))
                .advise("add a languagemap with a pattern that fits it"))
        }
    }
}

fn parse(text: &str) -> Result<File> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let line_of =
        |at: usize| text.as_bytes()[..at.min(text.len())].iter().filter(|b| **b == b'\n').count() + 1;
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut file = File::default();
    let (mut seen, mut depth) = (false, 0);
    let mut rule: Option<Raw> = None;
    let mut content: Option<String> = None;
    loop {
        let at = reader.buffer_position() as usize;
        let bad = |what: String| Error::malformed(format!("not an SRX file: {what}")).at_line(line_of(at));
        match reader.read_event().map_err(|e| bad(e.to_string()))? {
            Event::Start(e) => {
                depth += 1;
                if depth > DEEPEST {
                    return Err(bad("elements are nested too deeply".into()));
                }
                let get = |name: &str| {
                    let found = e.attributes().flatten().find(|a| a.key.as_ref() == name)?;
                    found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(|v| v.into_owned())
                };
                match e.name().as_ref().rsplit(':').next().unwrap_or("") {
                    "srx" => seen = true,
                    "header" => file.cascade = get("cascade").is_some_and(|c| c == "yes"),
                    "languagerule" => {
                        let name =
                            get("languagerulename").ok_or_else(|| bad("a rule set without name".into()))?;
                        file.sets.push((name, Vec::new()));
                    }
                    "rule" => {
                        let breaks = get("break").is_none_or(|b| b != "no");
                        let line = line_of(at);
                        rule = Some(Raw { breaks, before: String::new(), after: String::new(), line });
                    }
                    "beforebreak" | "afterbreak" => content = Some(String::new()),
                    "languagemap" => {
                        let (Some(pattern), Some(name)) = (get("languagepattern"), get("languagerulename"))
                        else {
                            return Err(bad("a language map without pattern or rule name".into()));
                        };
                        file.maps.push((pattern, name, line_of(at)));
                    }
                    _ => {}
                }
            }
            Event::End(e) => {
                depth -= 1;
                match (e.name().as_ref().rsplit(':').next().unwrap_or(""), &mut rule) {
                    ("beforebreak", Some(rule)) => rule.before = content.take().unwrap_or_default(),
                    ("afterbreak", Some(rule)) => rule.after = content.take().unwrap_or_default(),
                    ("rule", _) => {
                        if let (Some(rule), Some(set)) = (rule.take(), file.sets.last_mut()) {
                            set.1.push(rule);
                        }
                    }
                    _ => {}
                }
            }
            Event::Text(e) => {
                if let Some(content) = &mut content {
                    content.push_str(&e.xml10_content());
                }
            }
            Event::CData(e) => {
                if let Some(content) = &mut content {
                    content.push_str(&e.xml10_content());
                }
            }
            Event::GeneralRef(e) => {
                let name: &str = e.as_ref();
                let value = match (e.resolve_char_ref(), name) {
                    (Ok(Some(c)), _) => c,
                    (_, "lt") => '<',
                    (_, "gt") => '>',
                    (_, "amp") => '&',
                    (_, "apos") => '\'',
                    (_, "quot") => '"',
                    _ => return Err(bad(format!("unknown entity &{name};"))),
                };
                if let Some(content) = &mut content {
                    content.push(value);
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if !seen {
        return Err(Error::malformed("not an SRX file: there is no <srx> element"));
    }
    if depth != 0 {
        return Err(Error::malformed("not an SRX file: it ends in the middle").at_line(line_of(text.len())));
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(cascade: &str, rules: &str) -> String {
        format!(
            r#"<?xml version="1.0"?><srx xmlns="http://www.lisa.org/srx20" version="2.0"><header segmentsubflows="yes" cascade="{cascade}"/>
<body><languagerules><languagerule languagerulename="abbreviations">{rules}</languagerule>
<languagerule languagerulename="all"><rule break="yes"><beforebreak>[.?!]+</beforebreak><afterbreak>\s</afterbreak></rule>
<rule break="yes"><beforebreak>[。？！]</beforebreak><afterbreak/></rule></languagerule></languagerules>
<maprules><languagemap languagepattern="EN.*" languagerulename="abbreviations"/><languagemap languagepattern=".*" languagerulename="all"/></maprules></body></srx>"#
        )
    }

    fn read(text: &str) -> Result<Srx> {
        Srx::read(text, &"zh-CN".parse().expect("a tag"), &"en-US".parse().expect("a tag"))
    }

    fn split<'t>(rules: &str, text: &'t str) -> Vec<&'t str> {
        let srx = read(&file("yes", rules)).unwrap_or_else(|e| panic!("{e}"));
        srx.split(text, Lang::En).into_iter().map(|r| &text[r]).collect()
    }

    fn rule(before: &str, after: &str) -> String {
        let e = |s: &str| s.replace('&', "&amp;").replace('<', "&lt;");
        format!(
            r#"<rule break="no"><beforebreak>{}</beforebreak><afterbreak>{}</afterbreak></rule>"#,
            e(before),
            e(after)
        )
    }

    #[test]
    fn the_first_rule_that_fits_decides() {
        assert_eq!(split("", "Mr. Wu came. He sat."), ["Mr.", "Wu came.", "He sat."]);
        assert_eq!(split(&rule(r"\bMr\.", r"\s"), "Mr. Wu came. He sat."), ["Mr. Wu came.", "He sat."]);
        let srx = read(&file("yes", "")).expect("the rules are fine");
        assert_eq!(srx.split("你好。再见！", Lang::Zh), [0..9, 9..18]);
    }

    #[test]
    fn without_cascade_only_the_first_map_counts() {
        let srx = read(&file("no", &rule("x", "y"))).expect("the rules are fine");
        assert_eq!(srx.split("One. Two.", Lang::En).len(), 1);
        assert_eq!(srx.split("一。二。", Lang::Zh).len(), 2);
    }

    #[test]
    fn icu_patterns_are_translated() {
        let text = "See p. 12 now. e.g. this. Vol. Two. ok. End.";
        for (before, after) in [
            (r"\bp\.", r"\h+\p{Nd}"),
            (r"\bp\.", r"(?=\s\d)"),
            (r"(?<!\w)p\.", r"\s"),
            (r"\bp\.(?=\s)", r"\s++[0-9]"),
            (r"\Qp.\E", r"[\h\R]"),
            (r"\b(?>p)\.", r"\s(?!\p{Lu})"),
        ] {
            let parts = split(&rule(before, after), text);
            assert_eq!(parts[0], "See p. 12 now.", "{before} {after}");
        }
        assert_eq!(split(&rule(r"\.", r"\s(?!\p{Upper})"), "a. b. C."), ["a. b.", "C."]);
        assert_eq!(split(&rule(r"(?<!ok)\.", r"\s"), "a. ok. b."), ["a. ok.", "b."]);
    }

    #[test]
    fn what_cannot_be_translated_is_told_with_its_line() {
        for (pattern, word) in [(r"(a)\1", "back"), (r"a(?=b)c", "look"), (r"[a", "regular"), (r"\G", "\\G")]
        {
            let e = read(&file("yes", &rule(pattern, r"\s"))).expect_err("it is refused").to_string();
            assert!(e.contains("line 2") && e.contains(word), "{e}");
        }
        for text in ["", "<srx", "<a/>", "<srx><body>"] {
            assert!(read(text).is_err(), "{text}");
        }
        let other = file("yes", "").replace("languagepattern=\".*\"", "languagepattern=\"fr\"");
        assert!(read(&other).expect_err("no Chinese").to_string().contains("zh-CN"));
    }
}
