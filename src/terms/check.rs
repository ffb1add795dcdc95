//! Holds a bitext against a termbase.

use super::matcher::{Cache, Hit, Matcher};
use crate::error::{Error, Result};
use crate::lexicon::{Lexicon, english_words, is_function_word, stem};
use crate::model::{Bitext, Finding, Lang, Mark, Severity, Side, TermStatus, Termbase};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::ops::Range;

/// Units that one thread takes at a time.
const CHUNK: usize = 2048;
/// A bracket after a term holds its short form up to this many characters.
const SHORT_FORM: usize = 12;

/// A termbase made ready to check texts of one direction.
#[derive(Debug)]
pub struct Checker {
    lexicon: Lexicon,
    source: Matcher,
    target: Matcher,
    /// Of each entry: its target terms and whether each may be used.
    targets: Vec<Vec<(String, TermStatus)>>,
    owners: [Vec<(usize, TermStatus)>; 2],
    langs: [Lang; 2],
}

/// How far the words of a term may stand apart beyond its length, in bytes: about five words.
const NEAR_EN: usize = 30;
/// The same for Chinese: about four words.
const NEAR_ZH: usize = 24;

/// A short form that the text introduced: entry, unit, form.
type Introduced = BTreeMap<usize, Vec<(usize, String)>>;

impl Checker {
    /// Makes ready. Entries without a term in either language are left out.
    pub fn new(lexicon: &Lexicon, base: &Termbase, source: Lang) -> Checker {
        let langs = [source, source.other()];
        let mut matchers = langs.map(Matcher::new);
        let mut owners = [Vec::new(), Vec::new()];
        let mut targets = Vec::new();
        for (k, entry) in base.entries.iter().enumerate() {
            for side in 0..2 {
                for term in entry.of(langs[side]) {
                    matchers[side].add(lexicon, &term.text, owners[side].len(), entry.case_sensitive);
                    owners[side].push((k, term.status));
                    for part in parts(&term.text).filter(|_| side == 1) {
                        matchers[side].add(lexicon, part, owners[side].len(), entry.case_sensitive);
                        owners[side].push((k, term.status));
                    }
                }
            }
            targets.push(entry.of(langs[1]).map(|t| (t.text.clone(), t.status)).collect());
        }
        let [source, target] = matchers;
        Checker { lexicon: lexicon.clone(), source, target, targets, owners, langs }
    }

    /// Checks a bitext, in parallel; the findings come in the order of its units and are the same for any number
    /// of threads. One-sided units are passed over.
    ///
    /// # Errors
    /// A bitext whose source is in the other language.
    pub fn check(&self, bitext: &Bitext) -> Result<Vec<Finding>> {
        if bitext.source_lang.lang().is_some_and(|l| l != self.langs[0]) {
            return Err(Error::usage("the termbase was made ready for the other direction"));
        }
        let texts: Vec<Option<(&str, &str)>> = bitext.units.iter().map(pair).collect();
        let introduced = self.introduced(&texts);
        let chunks: Vec<Vec<Finding>> = texts
            .par_chunks(CHUNK)
            .enumerate()
            .map(|(chunk, texts)| {
                let mut caches = [Cache::default(), Cache::default()];
                let mut out = Vec::new();
                for (k, pair) in texts.iter().enumerate() {
                    if let Some(pair) = pair {
                        self.unit(chunk * CHUNK + k, *pair, &introduced, &mut caches, &mut out);
                    }
                }
                out
            })
            .collect();
        Ok(chunks.into_iter().flatten().collect())
    }

    /// Short forms in brackets after a term: `欧洲安全与合作组织（欧安组织）`.
    fn introduced(&self, texts: &[Option<(&str, &str)>]) -> Introduced {
        let found: Vec<Vec<(usize, usize, String)>> = texts
            .par_chunks(CHUNK)
            .enumerate()
            .map(|(chunk, texts)| {
                let mut cache = Cache::default();
                let mut out = Vec::new();
                for (k, (_, target)) in texts.iter().enumerate().filter_map(|(k, p)| p.map(|p| (k, p))) {
                    if !target.contains(['(', '（']) {
                        continue;
                    }
                    let tokens = self.target.tokens(&self.lexicon, target, &mut cache);
                    for hit in self.target.all(target, &tokens) {
                        if let Some(form) = short_form(&target[hit.bytes.end..]) {
                            out.push((self.owners[1][hit.term].0, chunk * CHUNK + k, form));
                        }
                    }
                }
                out
            })
            .collect();
        let mut map = Introduced::new();
        for (entry, unit, form) in found.into_iter().flatten() {
            map.entry(entry).or_default().push((unit, form));
        }
        map
    }

    /// Whether the words of a term all stand close to each other, in any order and with others between:
    /// 信贷强劲增长 for 信贷增长, the rights of children and women for children's rights.
    fn apart(&self, term: &str, text: &str) -> bool {
        let text = self.lexicon.fold(text).to_lowercase();
        let term = self.lexicon.fold(term).to_lowercase();
        let (parts, near): (Vec<String>, usize) = match self.langs[1] {
            Lang::Zh => {
                let words = self.lexicon.words(&term);
                (words.iter().map(|w| term[w.bytes.clone()].to_string()).collect(), NEAR_ZH)
            }
            Lang::En => {
                let stems = english_words(&term).map(|w| stem(w.surface));
                (stems.filter(|s| !is_function_word(s)).collect(), NEAR_EN)
            }
        };
        if parts.len() < 2 || parts.iter().any(|p| p.chars().count() < 2) {
            return false;
        }
        let near = near + term.len();
        text.match_indices(parts[0].as_str()).any(|(at, _)| {
            parts[1..].iter().all(|p| text.match_indices(p.as_str()).any(|(k, _)| k.abs_diff(at) <= near))
        })
    }

    fn unit(
        &self,
        unit: usize,
        (source, target): (&str, &str),
        introduced: &Introduced,
        [source_cache, target_cache]: &mut [Cache; 2],
        out: &mut Vec<Finding>,
    ) {
        let tokens = self.source.tokens(&self.lexicon, source, source_cache);
        let hits = self.source.longest(&self.lexicon, source, &tokens);
        if hits.is_empty() {
            return;
        }
        let tokens = self.target.tokens(&self.lexicon, target, target_cache);
        let mut present: FxHashMap<usize, Vec<(Range<usize>, TermStatus)>> = FxHashMap::default();
        for hit in self.target.all(target, &tokens) {
            let (entry, status) = self.owners[1][hit.term];
            present.entry(entry).or_default().push((hit.bytes, status));
        }
        let mut squashed = None;
        let mut spans: BTreeMap<(usize, usize), Vec<&Hit>> = BTreeMap::new();
        for hit in &hits {
            spans.entry((hit.bytes.start, hit.bytes.end)).or_default().push(hit);
        }
        let mut reported: Vec<Vec<usize>> = Vec::new();
        for ((start, end), hits) in spans {
            let entries: Vec<usize> = hits.iter().map(|h| self.owners[0][h.term].0).collect();
            if reported.contains(&entries) {
                continue;
            }
            reported.push(entries.clone());
            let mark = Mark { side: Side::Source, bytes: start..end };
            let term = &source[start..end];
            let found: Vec<&(Range<usize>, TermStatus)> =
                entries.iter().filter_map(|e| present.get(e)).flatten().collect();
            let good: Vec<&Range<usize>> =
                found.iter().filter(|f| f.1 != TermStatus::Forbidden).map(|f| &f.0).collect();
            let bad = found.iter().find(|f| {
                f.1 == TermStatus::Forbidden && !good.iter().any(|g| g.start <= f.0.start && f.0.end <= g.end)
            });
            let usable: Vec<&str> = entries
                .iter()
                .flat_map(|e| &self.targets[*e])
                .filter(|t| t.1 != TermStatus::Forbidden)
                .map(|t| t.0.as_str())
                .collect();
            if let Some((bytes, _)) = bad {
                out.push(Finding {
                    rule: "term-forbidden",
                    severity: Severity::Error,
                    unit,
                    message: format!(
                        "“{}” must not be used for “{term}”{}",
                        &target[bytes.clone()],
                        instead(&usable)
                    ),
                    marks: vec![mark, Mark { side: Side::Target, bytes: bytes.clone() }],
                });
                continue;
            }
            if !good.is_empty() || usable.is_empty() {
                continue;
            }
            let squashed = squashed.get_or_insert_with(|| squash(&self.lexicon, target));
            let short = entries.iter().filter_map(|e| introduced.get(e)).flatten();
            let accepted = usable.iter().any(|t| {
                let t = squash(&self.lexicon, t);
                // Short words would be found inside others.
                t.chars().count() >= if self.langs[1] == Lang::En { 6 } else { 2 } && squashed.contains(&t)
            }) || usable.iter().any(|t| self.apart(t, target))
                || short.into_iter().any(|(since, form)| *since <= unit && target.contains(form.as_str()));
            if accepted {
                continue;
            }
            let copied = (term.chars().count() > 1).then(|| target.find(term)).flatten();
            let (rule, message, at) = match copied {
                Some(at) => {
                    ("term-untranslated", format!("“{term}” is not translated"), Some(at..at + term.len()))
                }
                None => ("term-missing", format!("“{term}” is not rendered by a term of the termbase"), None),
            };
            let target_mark = at.map(|bytes| Mark { side: Side::Target, bytes });
            out.push(Finding {
                rule,
                severity: Severity::Warning,
                unit,
                message: format!("{message}{}", instead(&usable)),
                marks: std::iter::once(mark).chain(target_mark).collect(),
            });
        }
    }
}

/// The forms inside one: 快速支付系統「轉數快」 may be used as 轉數快, and a name without its abbreviation.
fn parts(term: &str) -> impl Iterator<Item = &str> {
    let inner = term.ends_with(['）', ')', '」', '”']);
    let pieces = term.split(['（', '(', '）', ')', '「', '」', '“', '”']).map(str::trim);
    pieces.filter(move |p| inner && p.chars().count() >= 2)
}

/// The two texts of a unit, if both are there.
fn pair(unit: &crate::model::TranslationUnit) -> Option<(&str, &str)> {
    let [source, target, ..] = unit.variants.as_slice() else { return None };
    let whole = !source.text.trim().is_empty() && !target.text.trim().is_empty();
    whole.then_some((source.text.as_str(), target.text.as_str()))
}

fn instead(usable: &[&str]) -> String {
    let mut unique: Vec<&str> = Vec::new();
    for term in usable {
        if !unique.contains(term) {
            unique.push(term);
        }
    }
    if unique.is_empty() { String::new() } else { format!(": use “{}”", unique.join("” or “")) }
}

/// What stands in brackets right after a term, if it is short enough for a short form.
fn short_form(rest: &str) -> Option<String> {
    let inner = rest.trim_start().strip_prefix(['(', '（'])?;
    let form = inner.split([')', '）']).next()?;
    let form = form
        .trim_start_matches(['“', '"', '‘', '「'])
        .trim_start_matches("the ")
        .trim_start_matches("以下简称");
    let form = form.trim_matches(|c: char| !c.is_alphanumeric());
    let length = form.chars().count();
    ((2..=SHORT_FORM).contains(&length) && form.chars().any(char::is_alphabetic)).then(|| form.to_string())
}

/// Letters and digits only, folded, in lower case: for joined, split and hyphened spellings.
fn squash(lexicon: &Lexicon, text: &str) -> String {
    lexicon.fold(text).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{LangTag, Term, TermEntry, TranslationUnit, Variant};

    fn tag(s: &str) -> LangTag {
        s.parse().expect("the tag is well-formed")
    }

    fn rules(terms: &[(&str, &str, TermStatus)], pairs: &[(&str, &str)]) -> Vec<&'static str> {
        let mut base = Termbase::default();
        for (zh, en, status) in terms {
            let zh = Term { lang: tag("zh-CN"), text: (*zh).into(), status: TermStatus::Approved };
            let en = Term { lang: tag("en"), text: (*en).into(), status: *status };
            base.entries.push(TermEntry { terms: vec![zh, en], ..TermEntry::default() });
        }
        let mut bitext = Bitext::new(tag("zh-CN"), tag("en"));
        for (zh, en) in pairs {
            bitext.units.push(TranslationUnit {
                id: String::new(),
                variants: vec![Variant::new(tag("zh-CN"), *zh), Variant::new(tag("en"), *en)],
                bead: None,
                attributes: Vec::new(),
                properties: Vec::new(),
                notes: Vec::new(),
            });
        }
        let checker = Checker::new(&Lexicon::built_in(), &base, Lang::Zh);
        checker.check(&bitext).expect("it can be checked").iter().map(|f| f.rule).collect()
    }

    const OK: TermStatus = TermStatus::Approved;

    #[test]
    fn nested_and_inner_hits_are_no_terms() {
        let terms =
            [("安全理事会", "Security Council", OK), ("理事会", "board", OK), ("会议", "conference", OK)];
        assert_eq!(
            rules(&terms, &[("安全理事会召开会议。", "The Security Council held a conference.")]),
            [""; 0]
        );
        assert_eq!(rules(&terms, &[("理事会召开会议。", "The Council held conferences.")]), ["term-missing"]);
        assert_eq!(
            rules(&[("国会", "Congress", OK)], &[("中国会议很多。", "China has many meetings.")]),
            [""; 0]
        );
    }

    #[test]
    fn forms_and_spellings_of_a_term_are_the_term() {
        let terms = [
            ("合作", "co-operation", OK),
            ("承认", "recognise", OK),
            ("國際組織", "international organization", OK),
        ];
        let good = [("国际组织承认合作。", "International Organisations recognized cooperation.")];
        assert_eq!(rules(&terms, &good), [""; 0]);
        assert_eq!(rules(&terms[..1], &[("加强合作", "strengthen collaboration")]), ["term-missing"]);
    }

    #[test]
    fn short_forms_count_after_their_introduction() {
        let terms = [("欧安组织", "Organization for Security and Cooperation in Europe", OK)];
        let first = ("欧安组织认为", "The Organization for Security and Cooperation in Europe (OSCE) thinks");
        let then = ("欧安组织说", "The OSCE says");
        assert_eq!(rules(&terms, &[first, then]), [""; 0]);
        assert_eq!(rules(&terms, &[then, first]), ["term-missing"]);
    }

    #[test]
    fn forbidden_and_copied_terms_are_told() {
        let terms = [("主席", "chairman", TermStatus::Forbidden)];
        assert_eq!(rules(&terms, &[("主席说", "The Chairman said")]), ["term-forbidden"]);
        assert_eq!(rules(&terms, &[("他说", "The Chairman said")]), [""; 0]);
        let terms = [("区块链", "blockchain", OK)];
        assert_eq!(rules(&terms, &[("区块链技术", "the 区块链 technology")]), ["term-untranslated"]);
    }
}
