//! Holds a bitext against a termbase.

mod session;

pub use session::Session;

use super::matcher::{Cache, Hit, Matcher, en_words};
use super::rendered::{Form, KNOWN, Reading};
use crate::error::{Error, Result};
use crate::lexicon::{Lexicon, is_function_word, is_han, stem};
use crate::model::{Bitext, Finding, Lang, Mark, Severity, Side, TermStatus, Termbase};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::ops::Range;

/// Units that one thread takes at a time.
const CHUNK: usize = 2048;
/// A bracket after a term holds its short form up to this many characters.
const SHORT_FORM: usize = 12;

/// A target term.
#[derive(Debug)]
struct Target {
    text: String,
    status: TermStatus,
    /// It and the forms inside it.
    forms: Vec<Form>,
}

/// A termbase made ready to check texts of one direction.
#[derive(Debug)]
pub struct Checker {
    lexicon: Lexicon,
    source: Matcher,
    target: Matcher,
    /// Of each entry: its target terms and whether each may be used.
    targets: Vec<Vec<Target>>,
    owners: [Vec<(usize, TermStatus)>; 2],
    langs: [Lang; 2],
}

/// From this many units on, a term that is mostly not kept is told once and then in passing: somebody who reads the
/// first knows the rest. Chosen: two findings are no flood.
const AGAIN: usize = 3;

/// A word that makes up this share of running text is a general one. Chosen: one word in a hundred thousand, which
/// is about the ten thousandth by frequency.
const GENERAL: f32 = 1e-5;

/// What a stretch of units gave.
#[derive(Default)]
struct Found {
    /// The findings, each with its entry.
    findings: Vec<(Finding, usize)>,
    /// In how many units each entry is kept.
    kept: FxHashMap<usize, usize>,
}

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
                    for part in parts(&term.text).into_iter().filter(|_| side == 1) {
                        matchers[side].add(lexicon, &part, owners[side].len(), entry.case_sensitive);
                        owners[side].push((k, term.status));
                    }
                }
            }
            let mut forms = Vec::new();
            for t in entry.of(langs[1]) {
                let all = std::iter::once(t.text.clone()).chain(parts(&t.text));
                let forms_of = all.map(|text| Form::new(lexicon, langs[1], &text)).collect();
                forms.push(Target { text: t.text.clone(), status: t.status, forms: forms_of });
            }
            targets.push(forms);
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
        let mut session = self.session();
        let found = session.batch(&bitext.units, 0);
        Ok(found.into_iter().map(|finding| session.settle(finding, false)).collect())
    }

    /// A file to be checked in batches.
    pub fn session(&self) -> Session<'_> {
        Session::new(self)
    }

    /// Short forms in brackets after a term: `欧洲安全与合作组织（欧安组织）`.
    fn introduce(&self, texts: &[Option<(&str, &str)>], first: usize, known: &mut Introduced) {
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
                            out.push((self.owners[1][hit.term].0, first + chunk * CHUNK + k, form));
                        }
                    }
                }
                out
            })
            .collect();
        for (entry, unit, form) in found.into_iter().flatten() {
            let forms = known.entry(entry).or_default();
            if !forms.iter().any(|f| f.1 == form) {
                forms.push((unit, form));
            }
        }
    }

    /// Adds the entries whose abbreviation the source introduces for something else: “artificial intelligence (AI)” where
    /// AI is 認可機構, of which the lexicon knows no word as a rendering of those.
    fn other_expansions(&self, texts: &[Option<(&str, &str)>], known: &mut FxHashSet<usize>) {
        if self.langs[0] != Lang::En {
            return;
        }
        let scan = |(_, texts): (usize, &[Option<(&str, &str)>])| {
            let mut cache = Cache::default();
            let mut out = Vec::new();
            for (source, _) in texts.iter().flatten().filter(|p| p.0.contains('(')) {
                let brackets: Vec<(usize, &str)> = expansions(source).collect();
                if brackets.is_empty() {
                    continue;
                }
                let tokens = self.source.tokens(&self.lexicon, source, &mut cache);
                for hit in self.source.all(source, &tokens) {
                    let entry = self.owners[0][hit.term].0;
                    let here = brackets.iter().find(|b| b.0 == hit.bytes.start);
                    if here.is_some_and(|(_, long)| !self.akin(long, entry)) {
                        out.push(entry);
                    }
                }
            }
            out
        };
        let found: Vec<Vec<usize>> = texts.par_chunks(CHUNK).enumerate().map(scan).collect();
        known.extend(found.into_iter().flatten());
    }

    /// Whether the lexicon knows any word of an entry's Chinese terms as a rendering of one of these English words.
    fn akin(&self, english: &str, entry: usize) -> bool {
        let stems = en_words(english).into_iter().map(|w| stem(&w.0)).filter(|s| !is_function_word(s));
        let ids: Vec<_> = stems.filter_map(|s| self.lexicon.stem_id(&s)).collect();
        self.targets[entry].iter().any(|t| {
            let folded = self.lexicon.fold(&t.text);
            self.lexicon.words(&folded).iter().any(|w| {
                let renderings = self.lexicon.renderings(&folded[w.bytes.clone()]);
                ids.iter().any(|id| renderings.get(id).is_some_and(|s| *s >= KNOWN))
            })
        })
    }

    /// Whether one general word is asked to be a narrower term (control: 管控措施) and stands here rendered as the
    /// general word it is (控制), in a sense that the entry may not mean; or as a word inside the term (banking: 銀行
    /// for 銀行業); or is so common that a term which the lexicon does not know for it (consolidation: 綜合) is not
    /// likely to be meant everywhere.
    fn other_sense(&self, term: &str, entries: &[usize], target: &str) -> bool {
        let allowed = |t: &&Target| t.status != TermStatus::Forbidden;
        let mut approved =
            entries.iter().flat_map(|e| &self.targets[*e]).filter(allowed).map(|t| t.text.as_str());
        let has = |word: &str, id| self.lexicon.renderings(word).get(&id).is_some_and(|s| *s >= KNOWN);
        match self.langs[0] {
            Lang::En => {
                let words = en_words(term);
                let [(word, _)] = words.as_slice() else { return false };
                let Some(id) = self.lexicon.stem_id(&stem(word)) else { return false };
                // A narrower term is made of several words and no word for the general one.
                let narrower = |t: &str| {
                    let t = self.lexicon.fold(t);
                    self.lexicon.words(&t).len() > 1 && !(self.lexicon.entry(&t).is_some() && has(&t, id))
                };
                let folded = self.lexicon.fold(target);
                let rendered =
                    || self.lexicon.words(&folded).iter().any(|w| has(&folded[w.bytes.clone()], id));
                let unknown = |t: &str| {
                    let t = self.lexicon.fold(t);
                    !(self.lexicon.entry(&t).is_some() && has(&t, id))
                };
                let capitals = term.chars().filter(|c| c.is_uppercase()).count() > 1;
                let general = !capitals && self.lexicon.stem_probability(id) >= GENERAL;
                let inside =
                    |t: &str| {
                        let t = self.lexicon.fold(t);
                        self.lexicon.words(&folded).iter().map(|w| &folded[w.bytes.clone()]).any(|w| {
                            w.chars().count() > 1 && w.len() < t.len() && t.contains(w) && has(w, id)
                        })
                    };
                general && (approved.clone().all(unknown) || approved.clone().any(inside))
                    || approved.all(narrower) && rendered()
            }
            Lang::Zh => {
                let term = self.lexicon.fold(term);
                let Some(entry) = self.lexicon.entry(&term) else { return false };
                if self.lexicon.words(&term).len() != 1 {
                    return false;
                }
                let renderings = self.lexicon.renderings(&term);
                let known = |s: String| {
                    self.lexicon
                        .stem_id(&s)
                        .is_some_and(|id| renderings.get(&id).is_some_and(|s| *s >= KNOWN))
                };
                let content = |t: &str| -> Vec<bool> {
                    let stems = en_words(t).into_iter().map(|w| stem(&w.0)).filter(|s| !is_function_word(s));
                    stems.map(known).collect()
                };
                let narrower = |t: &str| {
                    let words = content(t);
                    words.len() > 1 && words.contains(&false)
                };
                let general = self.lexicon.entry_probability(entry) >= GENERAL;
                let unknown = |t: &str| content(t).contains(&false);
                general && approved.clone().all(unknown)
                    || approved.all(narrower) && content(target).contains(&true)
            }
        }
    }

    /// Where the renderings of other entries stand that the source asks for.
    fn taken(
        &self,
        entries: &[usize],
        present: &FxHashMap<usize, Vec<(Range<usize>, TermStatus)>>,
    ) -> Vec<(usize, Range<usize>)> {
        let of =
            |e: &usize| present.get(e).into_iter().flatten().map(|p| (*e, p.0.clone())).collect::<Vec<_>>();
        entries.iter().flat_map(of).collect()
    }

    fn unit(
        &self,
        unit: usize,
        (source, target): (&str, &str),
        (introduced, others): (&Introduced, &FxHashSet<usize>),
        [source_cache, target_cache]: &mut [Cache; 2],
        Found { findings: out, kept }: &mut Found,
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
        let (mut reading, mut taken) = (None, None);
        let hits_of: Vec<usize> = hits.iter().map(|h| self.owners[0][h.term].0).collect();
        let mut spans: BTreeMap<(usize, usize), Vec<&Hit>> = BTreeMap::new();
        for hit in &hits {
            spans.entry((hit.bytes.start, hit.bytes.end)).or_default().push(hit);
        }
        let mut reported: Vec<Vec<usize>> = Vec::new();
        // The end of a term that is kept, where its rendering has no bracket after it.
        let mut plain_end = None;
        for ((start, end), hits) in spans {
            let entries: Vec<usize> = hits.iter().map(|h| self.owners[0][h.term].0).collect();
            if reported.contains(&entries) {
                continue;
            }
            reported.push(entries.clone());
            let mark = Mark { side: Side::Source, bytes: start..end };
            let term = &source[start..end];
            // Linked Exchange Rate System (LERS): 聯繫匯率制度.
            let in_bracket = plain_end.take().is_some_and(|before: usize| {
                matches!(source[before..start].trim(), "(" | "（") && source[end..].starts_with([')', '）'])
            });
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
                .filter(|t| t.status != TermStatus::Forbidden)
                .map(|t| t.text.as_str())
                .collect();
            if let Some((bytes, _)) = bad {
                let finding = Finding {
                    rule: "term-forbidden",
                    severity: Severity::Error,
                    unit,
                    message: format!(
                        "“{}” must not be used for “{term}”{}",
                        &target[bytes.clone()],
                        instead(&usable)
                    ),
                    marks: vec![mark, Mark { side: Side::Target, bytes: bytes.clone() }],
                };
                out.push((finding, entries[0]));
                continue;
            }
            let bracket = |g: &&Range<usize>| target[g.end..].trim_start().starts_with(['(', '（']);
            if !good.is_empty() && !good.iter().any(bracket) {
                plain_end = Some(end);
            }
            if !good.is_empty() || usable.is_empty() || in_bracket {
                *kept.entry(entries[0]).or_default() += 1;
                continue;
            }
            let reading = reading.get_or_insert_with(|| Reading::new(&self.lexicon, self.langs[1], target));
            let taken = taken.get_or_insert_with(|| self.taken(&hits_of, &present));
            let allowed = |t: &&Target| t.status != TermStatus::Forbidden;
            let mut forms =
                entries.iter().flat_map(|e| &self.targets[*e]).filter(allowed).flat_map(|t| &t.forms);
            let own: Vec<Range<usize>> =
                taken.iter().filter(|t| !entries.contains(&t.0)).map(|t| t.1.clone()).collect();
            let mut short = entries.iter().filter_map(|e| introduced.get(e)).flatten();
            if forms.any(|f| reading.holds(f, &own))
                || short.any(|(since, form)| *since <= unit && target.contains(form.as_str()))
            {
                *kept.entry(entries[0]).or_default() += 1;
                continue;
            }
            let copied = (term.chars().count() > 1).then(|| target.find(term)).flatten();
            let (rule, message, at) = match copied {
                Some(at) => {
                    ("term-untranslated", format!("“{term}” is not translated"), Some(at..at + term.len()))
                }
                None if entries.iter().any(|e| others.contains(e)) => {
                    ("term-sense", format!("“{term}” stands for something else in this text"), None)
                }
                None if self.other_sense(term, &entries, target) => (
                    "term-sense",
                    format!("“{term}” is rendered as a general word; is the term meant?"),
                    None,
                ),
                None => ("term-missing", format!("“{term}” is not rendered by a term of the termbase"), None),
            };
            let severity = if rule == "term-sense" { Severity::Info } else { Severity::Warning };
            let target_mark = at.map(|bytes| Mark { side: Side::Target, bytes });
            let finding = Finding {
                rule,
                severity,
                unit,
                message: format!("{message}{}", instead(&usable)),
                marks: std::iter::once(mark).chain(target_mark).collect(),
            };
            out.push((finding, entries[0]));
        }
    }
}

/// The forms inside one: a name and its abbreviation in brackets, 快速支付系統「轉數快」 as 轉數快, a term without
/// what its brackets add, and those between strokes.
fn parts(term: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let strokes: Vec<&str> = term.split(['／', '/']).map(str::trim).collect();
    if strokes.len() > 1 && strokes.iter().all(|p| p.chars().filter(|c| is_han(*c)).count() >= 2) {
        out.extend(strokes.into_iter().map(String::from));
    }
    for (open, close) in [('（', '）'), ('(', ')'), ('「', '」'), ('“', '”')] {
        let Some((name, rest)) = term.split_once(open) else { continue };
        let Some((short, after)) = rest.split_once(close) else { continue };
        let bracket = matches!(open, '（' | '(');
        if bracket {
            out.push(format!("{}{after}", if after.is_empty() { name.trim_end() } else { name }));
            // loan-to-value (LTV) ratio: LTV ratio.
            if !after.is_empty() && !name.is_empty() && short.chars().filter(|c| c.is_uppercase()).count() > 1
            {
                out.push(format!("{short}{after}"));
            }
        }
        // What stands before a quotation is seldom the whole name: 貨幣政策「正常化」.
        if after.is_empty() && (!bracket || !name.is_empty()) {
            out.push(short.to_string());
        }
    }
    out.retain(|p| p.trim().chars().count() >= 2);
    out
}

/// Abbreviations in brackets after words with these initials: where each starts and the words.
fn expansions(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices('(').filter_map(|(at, _)| {
        let short = text[at + 1..].split(')').next()?;
        let letters: Vec<char> = short.chars().filter(|c| c.is_uppercase()).collect();
        if !(2..=SHORT_FORM).contains(&short.len()) || letters.len() < 2 {
            return None;
        }
        let words: Vec<_> = en_words(&text[..at]);
        let initial = |bytes: &Range<usize>| text[bytes.start..].chars().next();
        let content: Vec<&Range<usize>> = words
            .iter()
            .filter(|w| !is_function_word(&w.0))
            .map(|w| &w.1)
            .rev()
            .take(letters.len())
            .collect();
        let same = content.len() == letters.len()
            && content
                .iter()
                .rev()
                .zip(&letters)
                .all(|(w, c)| initial(w).is_some_and(|i| i.to_uppercase().eq(c.to_uppercase())));
        same.then(|| (at + 1, &text[content[content.len() - 1].start..at]))
    })
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
    fn the_first_words_of_a_term_may_be_abbreviated() {
        let terms = [("信息技术安全", "information technology security", OK)];
        assert_eq!(rules(&terms, &[("信息技术安全", "new IT security rules")]), [""; 0]);
        for other in ["IS security", "IT and security", "the IT", "it security"] {
            assert_eq!(rules(&terms, &[("信息技术安全", other)]), ["term-missing"], "{other}");
        }
    }

    /// The rules that English texts break, by the first of two terms.
    fn to_chinese(terms: &[(&str, &str)], en: &str, zh: &str) -> Vec<&'static str> {
        let mut base = Termbase::default();
        for (en, zh) in terms {
            let term = |lang, text: &str| Term { lang: tag(lang), text: text.into(), status: OK };
            base.entries
                .push(TermEntry { terms: vec![term("en", en), term("zh-TW", zh)], ..TermEntry::default() });
        }
        let mut bitext = Bitext::new(tag("en"), tag("zh-TW"));
        bitext.units.push(TranslationUnit {
            id: String::new(),
            variants: vec![Variant::new(tag("en"), en), Variant::new(tag("zh-TW"), zh)],
            bead: None,
            attributes: Vec::new(),
            properties: Vec::new(),
            notes: Vec::new(),
        });
        let checker = Checker::new(&Lexicon::built_in(), &base, Lang::En);
        checker.check(&bitext).expect("it can be checked").iter().map(|f| f.rule).collect()
    }

    #[test]
    fn chinese_short_and_turned_forms_are_the_term() {
        let good =
            |en: &str, term: &str, zh: &str| assert_eq!(to_chinese(&[(en, term)], en, zh), [""; 0], "{zh}");
        good("central bank", "中央銀行", "主要央行的政策");
        good("stock market", "股市", "本地股票市場");
        good("business continuity planning", "業務持續運作規劃", "持續業務運作規劃等");
        good("investment and insurance products", "投資與保險產品", "投資及保險產品");
        assert_eq!(
            to_chinese(&[("stock market", "股市")], "stock market", "股票及城市管理"),
            ["term-missing"]
        );
        assert_eq!(to_chinese(&[("central bank", "中央銀行")], "central bank", "主要銀行"), ["term-missing"]);
    }

    #[test]
    fn an_abbreviation_in_brackets_need_not_come_twice() {
        let terms = [("Linked Exchange Rate System", "聯繫匯率制度"), ("LERS", "聯匯制度")];
        let en = "The Linked Exchange Rate System (LERS) works.";
        assert_eq!(to_chinese(&terms, en, "聯繫匯率制度運作良好。"), [""; 0]);
        assert_eq!(to_chinese(&terms, en, "聯繫匯率制度（銀行業）運作良好。"), ["term-missing"]);
    }

    #[test]
    fn general_words_may_mean_something_else() {
        let sense = |en: &str, term: &str, zh: &str| to_chinese(&[(en, term)], en, zh);
        assert_eq!(sense("consolidation", "綜合", "租金整固"), ["term-sense"]);
        assert_eq!(sense("banking", "銀行業", "銀行監理"), ["term-sense"]);
        assert_eq!(sense("banking", "銀行業", "市場監理"), ["term-missing"]);
        assert_eq!(sense("blockchain", "分散帳本", "鏈上技術"), ["term-missing"]);
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
