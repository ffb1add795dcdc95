//! The table of rules: code, severity, what it says, a good and a bad example, and the names other tools give it.
//!
//! `docs/checks.md` shows the same table; a test holds the two together and runs every example.

use crate::model::Severity::{self, Error, Info, Warning};

/// A rule of the check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its code, the same in options, configuration and reports.
    pub code: &'static str,
    /// How bad its findings are.
    pub severity: Severity,
    /// What it finds, in one line.
    pub about: &'static str,
    /// A pair that it lets pass: Chinese source, English target.
    pub good: (&'static str, &'static str),
    /// A pair that it reports.
    pub bad: (&'static str, &'static str),
    /// The names of the same check in ApSIC Xbench and Trados Studio, accepted in place of the code.
    pub aliases: &'static [&'static str],
}

macro_rules! rules {
    ($($code:literal $severity:ident $about:literal ($good:literal, $good_en:literal) ($bad:literal, $bad_en:literal) [$($alias:literal),*];)*) => {
        &[$(Rule {
            code: $code, severity: $severity, about: $about,
            good: ($good, $good_en), bad: ($bad, $bad_en), aliases: &[$($alias),*],
        }),*]
    };
}

/// Every rule, in the order of the documentation.
pub const RULES: &[Rule] = rules! {
    "number" Error "a number that the other side does not show"
        ("共250万人。", "A total of 2.5 million people.") ("共250万人。", "A total of 250 million people.") ["numeric-mismatch", "numbers"];
    "date" Error "a date, weekday or decade that the other side does not show"
        ("会议于2007年8月16日举行。", "The meeting was held on 16 August 2007.") ("会议于2007年8月16日举行。", "The meeting was held on 17 August 2007.") ["dates"];
    "year-added" Info "a year that only the English translation names: often an explanation, sometimes an addition"
        ("2003年颁布该法。", "The law was promulgated in 2003.") ("颁布了该法。", "The law was promulgated in 2003.") [];
    "time" Error "a time of the day that the other side does not show"
        ("下午3点30分开会。", "The meeting starts at 3.30 p.m.") ("下午3点30分开会。", "The meeting starts at 4.30 p.m.") ["times"];
    "currency" Error "the same amount in another currency"
        ("预算为500美元。", "The budget is $500.") ("预算为500美元。", "The budget is €500.") ["measurements-currencies"];
    "unit" Error "the same number in another unit"
        ("全程12公里。", "The way is 12 km long.") ("全程12公里。", "The way is 12 miles long.") ["measurements"];
    "symbol" Error "a document symbol or code that the other side does not show"
        ("见A/61/1006。", "See A/61/1006.") ("见A/61/1006。", "See A/61/1007.") ["alphanumeric-mismatch"];
    "address" Error "a web or mail address that the other side does not show"
        ("见https://example.org/a。", "See https://example.org/a.") ("见https://example.org/a。", "See https://example.org/b.") ["url-mismatch"];
    "name-case" Warning "a CamelCase or ALLCAPS name of the Chinese that the English spells in another way"
        ("请打开OmegaT。", "Please open OmegaT.") ("请打开OmegaT。", "Please open OmegaG.") ["camelcase-mismatch", "uppercase-mismatch"];
    "bracket-pair" Error "a bracket without its partner"
        ("第822（1993）号决议", "resolution 822 (1993)") ("第822（1993）号决议", "resolution 822 (1993") ["unpaired-symbols", "brackets"];
    "quote-pair" Error "a quotation mark without its partner"
        ("他说：“会议结束了。”", "He said: “The meeting is over.”") ("他说：“会议结束了。”", "He said: “The meeting is over.") ["unpaired-quotes"];
    "width" Warning "a half-width mark between Chinese characters, or a full-width one in English"
        ("会议结束了，代表离开了。", "The meeting ended, and they left.") ("会议结束了,代表离开了。", "The meeting ended, and they left.") ["double-single-size"];
    "han-space" Warning "a space between two Chinese characters"
        ("会议已经结束。", "The meeting has ended.") ("会议 已经结束。", "The meeting has ended.") ["extra-space"];
    "space" Warning "two spaces in a row, or one before a comma or semicolon"
        ("会议已经结束。", "The meeting has ended.") ("会议已经结束。", "The meeting  has ended.") ["double-blank", "multiple-spaces", "spaces"];
    "invisible" Warning "a character that nobody sees: zero-width, control, soft hyphen, replacement"
        ("会议已经结束。", "The meeting has ended.") ("会议已经结束。", "The meet\u{200b}ing has ended.") ["control-characters"];
    "doubled" Warning "a word, or a character that is never doubled, twice in a row"
        ("人人都来了。", "Everybody has come.") ("他来了了。", "He has come.") ["repeated-word", "repeated-words"];
    "end-mark" Warning "the two sides end with different marks"
        ("会议结束了吗？", "Has the meeting ended?") ("会议结束了吗？", "The meeting has ended.") ["end-punctuation", "punctuation-differs"];
    "untranslated" Error "the translation is empty"
        ("会议已经结束。", "The meeting has ended.") ("会议已经结束。", "") ["untranslated-segment", "empty-target"];
    "copied" Error "the text was copied, not translated, or is in the wrong language"
        ("会议已经结束。", "The meeting has ended.") ("会议已经结束。", "会议已经结束。") ["target-same-as-source", "copied-segment"];
    "leftover" Warning "Chinese characters left in the English"
        ("会议已经结束。", "The meeting has ended.") ("会议已经结束。", "The meeting has ended 结束.") ["untranslated-text"];
    "length" Warning "one side is far too long or too short for the other"
        ("各国代表在会议上讨论了经济合作和气候变化的问题。", "At the meeting the representatives discussed economic cooperation and climate change.")
        ("各国代表在会议上讨论了经济合作和气候变化的问题，并决定明年再次举行会议。", "The meeting.") ["segment-length", "length-ratio"];
    "omission" Warning "a clause of one side whose words the other does not account for"
        ("委员会通过了预算，并呼吁有关各方尽快恢复和平谈判。", "The Committee adopted the budget and called upon the parties to resume peace negotiations soon.")
        ("委员会通过了预算，并呼吁有关各方尽快恢复和平谈判。", "The Committee adopted the budget.") ["missing-content"];
    "negation" Info "one side says not, and the other shows nothing of the kind"
        ("委员会没有通过预算。", "The Committee did not adopt the budget.") ("委员会通过了预算。", "The Committee did not adopt the budget.") ["negation-mismatch"];
    "script" Warning "Simplified and Traditional characters mixed, or not the script of the language tag"
        ("会议讨论了经济问题。", "The meeting discussed the economy.") ("会议讨论了經濟问题。", "The meeting discussed the economy.") ["mixed-script"];
    "tag" Error "an inline tag that the other side does not have"
        ("会议<b>结束</b>了。", "The meeting is <b>over</b>.") ("会议<b>结束</b>了。", "The meeting is <b>over.") ["tag-mismatch", "tags"];
};

/// The rule with this code or alias, whatever the case; spaces may stand for hyphens.
pub fn rule(name: &str) -> Option<&'static Rule> {
    let name = name.trim().to_ascii_lowercase().replace([' ', '_'], "-");
    RULES.iter().find(|r| r.code == name || r.aliases.contains(&name.as_str()))
}
