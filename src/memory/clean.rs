//! Cleaning: one reason word a unit, in the manner of bicleaner-hardrules; nothing goes for good.

use super::add::content_key;
use super::store::{Filter, Memory, Stored, batch, date, insert, memory_of, retire, take_back, trouble};
use super::tokens::text_key;
use crate::error::{Error, Result};
use crate::feature::{Expression, ExpressionKind, compare, expressions};
use crate::lexicon::{is_han, scripts};
use crate::model::{Lang, Script, TranslationUnit, Variant};
use rusqlite::OptionalExtension;
use rustc_hash::{FxHashMap, FxHashSet};
use std::fmt;
use std::str::FromStr;

/// A length ratio this many standard deviations from the memory's own mean is an outlier: in a normal distribution
/// one of 16,000.
const OUTLIER: f64 = 4.0;
/// Fewer units do not tell what is usual.
const ENOUGH: usize = 50;

/// Why a unit is cleaned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reason {
    /// One side has no letter, digit or sign at all. The unit goes.
    Empty,
    /// The same texts in the same languages as an earlier unit of the memory. The later one goes.
    Duplicate,
    /// Both sides are the same text, and it has letters. The unit goes.
    SourceEqualsTarget,
    /// A text that is not in the language that its tag names. The unit goes.
    WrongLanguage,
    /// Characters of the script that the tag does not name, or of both scripts in one text. The unit goes.
    WrongScript,
    /// Far from the usual ratio of lengths of this memory. The unit goes.
    Length,
    /// Numbers that the other side does not show, on both sides. The unit goes.
    NumberMismatch,
    /// Inline tags of other number or kind on the two sides. The unit goes.
    Tags,
    /// Characters that XML cannot hold. They are taken out.
    InvalidCharacter,
    /// White space at the start or end. It is taken off.
    OuterSpace,
    /// Other translations of the same source text. The newest stays, the others go.
    Inconsistent,
}

impl Reason {
    /// Every reason, in the order in which they are tried.
    pub const ALL: [Reason; 11] = [
        Reason::Empty,
        Reason::Duplicate,
        Reason::SourceEqualsTarget,
        Reason::WrongLanguage,
        Reason::WrongScript,
        Reason::Length,
        Reason::NumberMismatch,
        Reason::Tags,
        Reason::InvalidCharacter,
        Reason::OuterSpace,
        Reason::Inconsistent,
    ];
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::Empty => "empty",
            Reason::Duplicate => "duplicate",
            Reason::SourceEqualsTarget => "source-equals-target",
            Reason::WrongLanguage => "wrong-language",
            Reason::WrongScript => "wrong-script",
            Reason::Length => "length",
            Reason::NumberMismatch => "number-mismatch",
            Reason::Tags => "tags",
            Reason::InvalidCharacter => "invalid-character",
            Reason::OuterSpace => "outer-space",
            Reason::Inconsistent => "inconsistent",
        })
    }
}

impl FromStr for Reason {
    type Err = String;
    fn from_str(s: &str) -> std::result::Result<Self, String> {
        Reason::ALL.into_iter().find(|r| r.to_string() == s).ok_or_else(|| {
            let known: Vec<String> = Reason::ALL.iter().map(Reason::to_string).collect();
            format!("unknown reason {s:?}: use {}", known.join(", "))
        })
    }
}

/// A unit that wants cleaning.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// The unit as it is.
    pub stored: Stored,
    /// Why.
    pub reason: Reason,
    /// The unit as it will be, or `None` if it goes.
    pub becomes: Option<TranslationUnit>,
}

impl Memory {
    /// What these reasons find among the wanted units, in their order. Changes nothing.
    ///
    /// # Errors
    /// Those of the database.
    pub fn review(&self, filter: &Filter, reasons: &[Reason]) -> Result<Vec<Proposal>> {
        let mut rules = Rules::new(reasons);
        if rules.has(Reason::Length) || rules.has(Reason::Inconsistent) {
            self.each(filter, &mut |s| {
                rules.look(&s);
                Ok(())
            })?;
            rules.learned();
        }
        let mut out = Vec::new();
        self.each(filter, &mut |stored| {
            if let Some((reason, becomes)) = rules.judge(&stored) {
                out.push(Proposal { stored, reason, becomes });
            }
            Ok(())
        })?;
        Ok(out)
    }

    /// Carries proposals out as one batch; returns its number, by which it can be undone.
    ///
    /// # Errors
    /// Those of the database; nothing is changed then.
    pub fn clean(&mut self, proposals: &[Proposal]) -> Result<i64> {
        let tx =
            self.db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(trouble)?;
        let batch = batch(&tx, "clean")?;
        for proposal in proposals {
            let id = proposal.stored.id;
            // Another program may have changed it since.
            let Some(memory) = memory_of(&tx, id)? else { continue };
            let new = proposal
                .becomes
                .as_ref()
                .map(|unit| insert(&tx, memory, unit, content_key(memory, unit)))
                .transpose()?;
            retire(&tx, batch, &proposal.reason.to_string(), id, new)?;
        }
        tx.commit().map_err(trouble)?;
        Ok(batch)
    }

    /// Takes the last cleaning back, or the batch of this number; returns how many units came back.
    ///
    /// # Errors
    /// A batch that is not there; those of the database.
    pub fn undo(&mut self, number: Option<i64>) -> Result<usize> {
        let tx =
            self.db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(trouble)?;
        let found: Option<i64> = tx
            .query_row(
                "SELECT batch.id FROM batch JOIN history ON history.batch = batch.id \
                 WHERE batch.id = coalesce(?1, batch.id) AND (?1 IS NOT NULL OR command = 'clean') \
                 ORDER BY batch.id DESC LIMIT 1",
                [number],
                |r| r.get(0),
            )
            .optional()
            .map_err(trouble)?;
        let found = found.ok_or_else(|| Error::usage("there is nothing to undo"))?;
        let count = take_back(&tx, found)?;
        tx.commit().map_err(trouble)?;
        Ok(count)
    }
}

type Verdict = (Reason, Option<TranslationUnit>);

/// The rules, and what they must remember of the units.
struct Rules {
    wanted: Vec<Reason>,
    seen: FxHashSet<i64>,
    ratios: FxHashMap<String, (f64, f64, usize)>,
    /// By source: the newest unit, its target and date; whether the targets differ.
    newest: FxHashMap<i64, (i64, i64, Option<String>)>,
}

impl Rules {
    fn new(wanted: &[Reason]) -> Rules {
        Rules {
            wanted: wanted.to_vec(),
            seen: FxHashSet::default(),
            ratios: FxHashMap::default(),
            newest: FxHashMap::default(),
        }
    }

    fn has(&self, reason: Reason) -> bool {
        self.wanted.contains(&reason)
    }

    fn pair(s: &Stored) -> String {
        format!("{} {}", s.source().lang, s.target().lang)
    }

    fn ratio(s: &Stored) -> f64 {
        let count = |t: &str| t.chars().filter(|c| c.is_alphanumeric()).count().max(1) as f64;
        (count(&s.target().text) / count(&s.source().text)).ln()
    }

    fn source_key(s: &Stored) -> i64 {
        text_key(&format!("{}\u{0}{}\u{0}{}", s.memory, Self::pair(s), s.source().text))
    }

    fn look(&mut self, s: &Stored) {
        let ratio = Self::ratio(s);
        let sums = self.ratios.entry(Self::pair(s)).or_insert((0.0, 0.0, 0));
        *sums = (sums.0 + ratio, sums.1 + ratio * ratio, sums.2 + 1);
        if self.has(Reason::Inconsistent) {
            let mine = date(&s.unit).map(str::to_string);
            let entry = (s.id, text_key(&s.target().text), mine);
            let newest = self.newest.entry(Self::source_key(s)).or_insert_with(|| entry.clone());
            // Without dates the unit that was added later is the newer one.
            if entry.2 >= newest.2 {
                *newest = entry;
            }
        }
    }

    /// Sums become mean and standard deviation.
    fn learned(&mut self) {
        for sums in self.ratios.values_mut() {
            let n = sums.2.max(1) as f64;
            let mean = sums.0 / n;
            *sums = (mean, (sums.1 / n - mean * mean).max(0.0).sqrt(), sums.2);
        }
    }

    fn judge(&mut self, s: &Stored) -> Option<Verdict> {
        let (source, target) = (s.source(), s.target());
        let texts = [source.text.as_str(), target.text.as_str()];
        let key = text_key(&format!("{}\u{0}{}\u{0}{}\u{0}{}", s.memory, Self::pair(s), texts[0], texts[1]));
        let first = self.seen.insert(key);
        for &reason in Reason::ALL.iter().filter(|r| self.wanted.contains(r)) {
            let found = match reason {
                Reason::Empty => texts.iter().any(|t| !t.chars().any(is_visible)),
                Reason::Duplicate => !first,
                Reason::SourceEqualsTarget => {
                    texts[0].trim() == texts[1].trim()
                        && source.lang.lang() != target.lang.lang()
                        && texts[0].chars().filter(|c| c.is_alphabetic()).count() > 1
                        && texts[0].chars().any(|c| c.is_lowercase() || is_han(c))
                }
                Reason::WrongLanguage => [source, target].iter().any(|v| is_foreign(&v.text, v.lang.lang())),
                Reason::WrongScript => [source, target].iter().any(|v| is_other_script(v)),
                Reason::Length => self.ratios.get(&Self::pair(s)).is_some_and(|&(mean, deviation, count)| {
                    count >= ENOUGH && (Self::ratio(s) - mean).abs() > OUTLIER * deviation.max(0.05)
                }),
                Reason::NumberMismatch => numbers_differ(s),
                Reason::Tags => tags(source.markup.as_deref()) != tags(target.markup.as_deref()),
                Reason::InvalidCharacter | Reason::OuterSpace => {
                    if let Some(unit) = mended(&s.unit, reason) {
                        return Some((reason, Some(unit)));
                    }
                    false
                }
                Reason::Inconsistent => self
                    .newest
                    .get(&Self::source_key(s))
                    .is_some_and(|n| n.0 != s.id && n.1 != text_key(&target.text)),
            };
            if found {
                return Some((reason, None));
            }
        }
        None
    }
}

/// Whether a Chinese text has characters of the other script than its tag's, or of both.
fn is_other_script(variant: &Variant) -> bool {
    if variant.lang.lang() != Some(Lang::Zh) {
        return false;
    }
    let (hant, hans) = scripts(&variant.text);
    match variant.lang.script() {
        Some(Script::Hans) => hant > 0,
        Some(Script::Hant) => hans > 0,
        None => hant > 0 && hans > 0,
    }
}

fn is_visible(c: char) -> bool {
    !c.is_whitespace() && !c.is_control() && !matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{FFFD}')
}

/// Chinese without any Chinese character but with several words, English with more Chinese than Latin letters.
fn is_foreign(text: &str, lang: Option<Lang>) -> bool {
    let han = text.chars().filter(|c| is_han(*c)).count();
    let latin = text.chars().filter(|c| c.is_alphabetic() && !is_han(*c)).count();
    match lang {
        Some(Lang::Zh) => {
            han == 0 && latin >= 12 && text.trim().contains(' ') && text.chars().any(char::is_lowercase)
        }
        Some(Lang::En) => han > latin && han >= 2,
        None => false,
    }
}

/// Whether each side shows a number that the other does not.
fn numbers_differ(s: &Stored) -> bool {
    let (Some(a), Some(b)) = (s.source().lang.lang(), s.target().lang.lang()) else { return false };
    if a == b {
        return false;
    }
    let source = expressions(&s.source().text, a);
    let target = expressions(&s.target().text, b);
    let same = compare(&source, &target);
    let left = |all: &[Expression], missing: &[usize]| {
        missing.iter().any(|&k| {
            matches!(
                all[k].kind,
                ExpressionKind::Number
                    | ExpressionKind::Percent
                    | ExpressionKind::Money
                    | ExpressionKind::Date
            )
        })
    };
    left(&source, &same.missing_in_target) && left(&target, &same.missing_in_source)
}

/// The names of the inline tags, sorted.
fn tags(markup: Option<&str>) -> Vec<&str> {
    let parts = markup.unwrap_or("").split('<').skip(1).filter(|p| !p.starts_with(['/', '!', '?']));
    let mut names: Vec<&str> =
        parts.map(|p| p.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("")).collect();
    names.sort_unstable();
    names
}

/// The unit without what the reason minds, or `None` if it has none of it.
fn mended(unit: &TranslationUnit, reason: Reason) -> Option<TranslationUnit> {
    let mut new = unit.clone();
    for variant in &mut new.variants {
        variant.text = mended_text(&variant.text, reason);
        variant.markup = variant.markup.as_deref().map(|m| mended_text(m, reason));
    }
    (new != *unit).then_some(new)
}

fn mended_text(text: &str, reason: Reason) -> String {
    match reason {
        Reason::OuterSpace => text.trim().to_string(),
        _ => text.chars().filter(|c| !is_invalid(*c)).collect(),
    }
}

fn is_invalid(c: char) -> bool {
    (c.is_control() && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{FFFE}' | '\u{FFFF}' | '\u{FFFD}')
}
