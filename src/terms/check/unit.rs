//! The judgement of one unit: each term of its source is kept, or a finding says what is wrong.

use super::super::matcher::Tokens;
use super::super::pairing::Pair;
use super::super::rendered::Reading;
use super::introduced::Introduced;
use super::name::inside_name;
use super::place::{Nearness, Place};
use super::short::{Least, Rival};
use super::weak::Weak;
use super::words::{Memory, Words};
use super::{Checker, Found, Target};
use crate::model::{Finding, Lang, Mark, Severity, Side, TermStatus};
use rustc_hash::FxHashSet;
use std::cell::OnceCell;
use std::ops::Range;

/// The term stands there in another form, or another term stands in its place and it is doubtful whether it does.
const FORM: &str = "term-form";

/// A unit and what is known of its file.
pub(super) struct Unit<'t> {
    /// Its index in the file.
    pub index: usize,
    pub source: &'t str,
    pub target: &'t str,
    pub introduced: &'t Introduced,
    /// Entries whose abbreviation stands for something else in this file.
    pub others: &'t FxHashSet<usize>,
}

/// A term of an entry that stands in the target.
pub(super) struct Present {
    pub entry: usize,
    pub bytes: Range<usize>,
    pub status: TermStatus,
}

/// What the rules about a missing term look at.
pub(super) struct Both<'t> {
    pub source: &'t str,
    pub target: &'t str,
    pub tokens: [&'t Tokens; 2],
    pub reading: Reading<'t>,
    pub words: OnceCell<Words>,
    /// Where the renderings of other terms stand that the source asks for.
    pub present: &'t [Present],
    /// The words that the lexicon pairs; see [`Checker::in_place`].
    pub links: OnceCell<Vec<Pair>>,
    /// Where the target holds terms that the source does not ask for; see [`Checker::stranger`].
    pub unasked: OnceCell<Vec<(Range<usize>, usize)>>,
    /// The letters of a Chinese source.
    pub letters: OnceCell<Vec<(char, usize)>>,
}

impl Both<'_> {
    /// Whether a stretch of the target is a part of the rendering of another term.
    pub fn taken(&self, place: &Place<'_>, at: &Range<usize>) -> bool {
        let others = self.present.iter().filter(|p| !place.entries.contains(&p.entry));
        others.map(|p| &p.bytes).any(|p| p.start <= at.start && at.end <= p.end)
    }

    pub fn words(&self, checker: &Checker, memory: &mut Memory) -> &Words {
        self.words.get_or_init(|| {
            let [zh, en] = match checker.langs[0] {
                Lang::Zh => [self.source, self.target],
                Lang::En => [self.target, self.source],
            };
            Words::new(&checker.lexicon, memory, zh, en)
        })
    }
}

impl Checker {
    pub(super) fn unit(
        &self,
        unit: &Unit<'_>,
        memory: &mut Memory,
        Found { findings: out, kept }: &mut Found,
    ) {
        let Unit { index, source, target, introduced, others } = *unit;
        let source_tokens = self.source.tokens(&self.lexicon, source, &mut memory.tokens[0]);
        let hits = self.source.longest(&self.lexicon, source, &source_tokens);
        if hits.is_empty() {
            return;
        }
        let target_tokens = self.target.tokens(&self.lexicon, target, &mut memory.tokens[1]);
        let mut asked: Vec<usize> = hits.iter().map(|h| self.owners[0][h.term].0).collect();
        asked.sort_unstable();
        asked.dedup();
        let wanted = |term: usize| asked.binary_search(&self.owners[1][term].0).is_ok();
        let present: Vec<Present> = self
            .target
            .some(target, &target_tokens, wanted)
            .into_iter()
            .map(|hit| {
                let (entry, status) = self.owners[1][hit.term];
                Present { entry, bytes: hit.bytes, status }
            })
            .collect();
        let mut both: Option<Both<'_>> = None;
        let mut reported: Vec<Vec<usize>> = Vec::new();
        // The end of a term that is kept, where its rendering has no bracket after it.
        let mut plain_end = None;
        for hits in hits.chunk_by(|a, b| a.bytes == b.bytes) {
            let Range { start, end } = hits[0].bytes.clone();
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
            let found = || present.iter().filter(|p| entries.contains(&p.entry));
            let good = || found().filter(|p| p.status != TermStatus::Forbidden).map(|p| &p.bytes);
            let bad = found().find(|f| {
                f.status == TermStatus::Forbidden
                    && !good().any(|g| g.start <= f.bytes.start && f.bytes.end <= g.end)
            });
            if let Some(Present { bytes, .. }) = bad {
                let finding = Finding {
                    rule: "term-forbidden",
                    severity: Severity::Error,
                    unit: index,
                    message: format!(
                        "“{}” must not be used for “{term}”{}",
                        &target[bytes.clone()],
                        self.instead(&entries)
                    ),
                    marks: vec![mark, Mark { side: Side::Target, bytes: bytes.clone() }],
                };
                out.push((finding, entries[0]));
                continue;
            }
            let bracket = |g: &Range<usize>| target[g.end..].trim_start().starts_with(['(', '（']);
            let mut any = good().peekable();
            let there = any.peek().is_some();
            if there && !any.any(bracket) {
                plain_end = Some(end);
            }
            if hits[0].common && there {
                continue;
            }
            if there || self.allowed(&entries).next().is_none() {
                *kept.entry(entries[0]).or_default() += 1;
                continue;
            }
            let both = both.get_or_insert_with(|| Both {
                source,
                target,
                tokens: [&source_tokens, &target_tokens],
                reading: Reading::new(&self.lexicon, self.langs[1], target, &target_tokens),
                words: OnceCell::new(),
                present: &present,
                links: OnceCell::new(),
                unasked: OnceCell::new(),
                letters: OnceCell::new(),
            });
            let place = Place { entries: &entries, hit: &hits[0] };
            let mut short = entries.iter().filter_map(|e| introduced.get(e)).flatten();
            let held = in_bracket
                || short.any(|(since, form)| *since <= index && target.contains(form.as_str()))
                || self.holds(both, &place)
                || self.crossed(both, &place);
            if held {
                *kept.entry(entries[0]).or_default() += 1;
            }
            let instead =
                if held { self.stranger(both, &place.hit.bytes, Nearness::May, memory) } else { None };
            if held && instead.is_none() {
                continue;
            }
            let mut early = entries.iter().filter_map(|e| introduced.get(e)).flatten();
            let (rule, message, at) = if instead.is_some() {
                (
                    FORM,
                    format!("another form of “{term}” may stand there, but in its place is another term"),
                    instead,
                )
            } else if early.any(|(_, form)| target.contains(form.as_str())) {
                ("term-short", format!("the short form of “{term}” stands before the text explains it"), None)
            } else {
                self.why(both, &place, others, memory)
            };
            let severity = match rule {
                "term-missing" | "term-untranslated" => Severity::Warning,
                _ => Severity::Info,
            };
            let target_mark = at.map(|bytes| Mark { side: Side::Target, bytes });
            let finding = Finding {
                rule,
                severity,
                unit: index,
                message: format!("{message}{}", self.instead(&entries)),
                marks: std::iter::once(mark).chain(target_mark).collect(),
            };
            out.push((finding, entries[0]));
        }
    }

    /// The rule that a missing term breaks, what to say, and where in the target.
    fn why(
        &self,
        both: &Both<'_>,
        place: &Place<'_>,
        others: &FxHashSet<usize>,
        memory: &mut Memory,
    ) -> (&'static str, String, Option<Range<usize>>) {
        let term = &both.source[place.hit.bytes.clone()];
        let missing = || format!("“{term}” is not rendered by a term of the termbase");
        if inside_name(self.langs[0], both.source, both.tokens[0], place.hit)
            || self.inside_word(both, place, memory)
            || self.abbreviated_otherwise(both, place)
            || self.inside_abbreviation(both, place, memory)
        {
            return ("term-sense", format!("“{term}” is a part of a longer name"), None);
        }
        let copied =
            (!place.hit.common && term.chars().count() > 1).then(|| both.target.find(term)).flatten();
        if let Some(at) = copied {
            return ("term-untranslated", format!("“{term}” is not translated"), Some(at..at + term.len()));
        }
        let general = || format!("“{term}” is rendered as a general word; is the term meant?");
        if self.is_verb(both, place, memory)
            || self.other_word(both, place, memory)
            || self.commoner(both, place, memory)
        {
            return ("term-sense", general(), None);
        }
        let divided = || format!("the words of the term for “{term}” stand apart");
        if self.divided_long(both, place, memory) || self.paired_words(both, place, memory) {
            return ("term-divided", divided(), None);
        }
        if self.word_by_word(both, place, memory) {
            let message =
                format!("“{term}” is rendered word by word, and the term says something else; is it meant?");
            return ("term-sense", message, None);
        }
        let short = || format!("“{term}” is rendered by a part of the term");
        let stranger = self.stranger(both, &place.hit.bytes, Nearness::Near, memory);
        if self.plainly_short(both, place, Least::Sure, &Rival::of(stranger.as_ref()), memory) {
            return ("term-short", short(), None);
        }
        if self.other_form(both, place, memory) {
            return (FORM, format!("“{term}” is rendered by another form of the term"), None);
        }
        if let Some(at) = stranger {
            return ("term-missing", missing(), Some(at));
        }
        if self.inside_compound(both, place, memory) {
            return ("term-sense", format!("“{term}” is a part of a longer expression"), None);
        }
        if place.hit.common {
            return (
                "term-sense",
                format!("“{term}” is written as a general word; is the term meant?"),
                None,
            );
        }
        if place.entries.iter().any(|e| others.contains(e)) {
            return ("term-sense", format!("“{term}” stands for something else in this text"), None);
        }
        if self.other_sense(term, place.entries, both.words(self, memory), memory) {
            return ("term-sense", general(), None);
        }
        if self.plainly_short(both, place, Least::Word, &Rival::Somewhere, memory) {
            return ("term-short", short(), None);
        }
        match self.weak(both, place, memory) {
            Some(Weak::Short) => ("term-short", short(), None),
            Some(Weak::Divided) => ("term-divided", divided(), None),
            // The same words: it is missing where the file never keeps it.
            Some(Weak::Omitted) => match self.stranger(both, &place.hit.bytes, Nearness::May, memory) {
                Some(at) => ("term-missing", missing(), Some(at)),
                None => ("term-omitted", missing(), None),
            },
            None => ("term-missing", missing(), None),
        }
    }

    /// The targets of entries that may be used.
    pub(super) fn allowed<'c>(&'c self, entries: &'c [usize]) -> impl Iterator<Item = &'c Target> + Clone {
        let targets = entries.iter().flat_map(|e| &self.targets[*e]);
        targets.filter(|t| t.status != TermStatus::Forbidden)
    }

    fn instead(&self, entries: &[usize]) -> String {
        let mut unique: Vec<&str> = Vec::new();
        for target in self.allowed(entries) {
            if !unique.contains(&target.text.as_str()) {
                unique.push(&target.text);
            }
        }
        if unique.is_empty() { String::new() } else { format!(": use “{}”", unique.join("” or “")) }
    }

    /// Whether another form of a target stands in the text, outside the renderings of the other terms.
    fn holds(&self, both: &Both<'_>, place: &Place<'_>) -> bool {
        let own = both.present.iter().filter(|p| !place.entries.contains(&p.entry));
        let own: Vec<Range<usize>> = own.map(|p| p.bytes.clone()).collect();
        self.allowed(place.entries).flat_map(|t| &t.forms).any(|f| both.reading.holds(f, &own))
    }
}
