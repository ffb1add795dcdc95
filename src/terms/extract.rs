//! Bilingual term candidates of aligned text, what a terminologist would keep first.

use super::mine::{Candidate, candidates, known, links};
use crate::lexicon::{Lexicon, is_function_word};
use crate::model::{Bitext, Lang};

/// What a candidate names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermKind {
    /// No name.
    Term,
    /// A person.
    Person,
    /// A place.
    Place,
    /// An organisation.
    Organisation,
    /// A name of unknown kind.
    Name,
}

impl TermKind {
    /// The word for people.
    pub fn as_str(self) -> &'static str {
        match self {
            TermKind::Term => "term",
            TermKind::Person => "person",
            TermKind::Place => "place",
            TermKind::Organisation => "organisation",
            TermKind::Name => "name",
        }
    }
}

/// A pair of candidates that go together.
#[derive(Debug, Clone, PartialEq)]
pub struct Extracted {
    /// The source term in its commonest spelling.
    pub source: String,
    /// The target term in its commonest spelling.
    pub target: String,
    /// Units that hold both.
    pub frequency: usize,
    /// Dice's coefficient of the units that hold each, 0 to 1.
    pub dice: f64,
    /// The log-likelihood ratio; above 10.83 the chance of coincidence is under 0.001.
    pub likelihood: f64,
    /// The order of the list: ln(1 + frequency) times Dice times how much commoner the term is here than in general
    /// text, less for single general words; higher is better.
    pub score: f64,
    /// What it names.
    pub kind: TermKind,
    /// The index of a unit that holds both, the shortest.
    pub example: usize,
}

/// The χ² bound at p = 0.001 with one degree of freedom.
const LEAST_LIKELIHOOD: f64 = 10.83;
/// Pairs that stand apart more often than this say little (chosen by reading).
const LEAST_DICE: f64 = 0.4;

/// What a single general word counts.
const SINGLE: f64 = 0.4;
/// What each further word adds, up to three.
const LONGER: f64 = 0.15;

/// Extracts pairs that come together in at least `least` units, the best first.
pub fn extract(lexicon: &Lexicon, bitext: &Bitext, least: usize) -> Vec<Extracted> {
    let source = bitext.source_lang.lang().unwrap_or(Lang::Zh);
    let kept: Vec<(usize, [&str; 2])> = (0..)
        .zip(&bitext.units)
        .filter_map(|(k, u)| match u.variants.as_slice() {
            [s, t, ..] => Some((k, [s.text.as_str(), t.text.as_str()])),
            _ => None,
        })
        .collect();
    let [a, b] = [(0, source), (1, source.other())].map(|(side, lang)| {
        let texts: Vec<&str> = kept.iter().map(|k| k.1[side]).collect();
        candidates(lexicon, lang, &texts, least.max(2))
    });
    let forth = links(&a, &b, kept.len());
    let back = links(&b, &a, kept.len());
    let mut out = Vec::new();
    for (k, ways) in forth.iter().enumerate() {
        let Some(best) = ways.first() else { continue };
        let mutual = back[best.other].first().is_some_and(|l| l.other == k);
        if !mutual || best.together < least || best.dice < LEAST_DICE || best.likelihood < LEAST_LIKELIHOOD {
            continue;
        }
        let (s, t) = (&a[k], &b[best.other]);
        let (zh, en) = if source == Lang::Zh { (s, t) } else { (t, s) };
        if !whole(zh, en) {
            continue;
        }
        let support = if known(lexicon, &zh.words, &en.words) || en.name { 1.0 } else { 0.5 };
        let example = s.units.iter().filter(|u| t.units.binary_search(u).is_ok());
        let length = |u: &&u32| kept[**u as usize].1.iter().map(|t| t.len()).sum::<usize>();
        let Some(example) = example.min_by_key(|u| (length(u), **u)) else { continue };
        out.push(Extracted {
            source: s.text.clone(),
            target: t.text.clone(),
            frequency: best.together,
            dice: best.dice,
            likelihood: best.likelihood,
            score: (1.0 + best.together as f64).ln()
                * best.dice
                * support
                * rarity(lexicon, en, kept.len())
                * shape(lexicon, zh, en),
            kind: kind(zh, en),
            example: kept[*example as usize].0,
        });
    }
    out.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.source.cmp(&b.source)));
    out
}

/// Whether both are terms by their words: no verbs' company (is, between, the two), no years and no 的 inside.
fn whole(zh: &Candidate, en: &Candidate) -> bool {
    let digit = |w: &String| w.chars().any(|c| c.is_ascii_digit());
    let small = |w: &String| is_function_word(w) && !matches!(w.as_str(), "of" | "and" | "for" | "in" | "on");
    let inner = |w: &String| w.chars().all(|c| "的了在是为把被将以就都而所其这那".contains(c));
    !en.words.iter().any(|w| small(w) || digit(w)) && !zh.words.iter().any(|w| inner(w) || digit(w))
}

/// A single general word is seldom kept, a compound mostly. Chosen.
fn shape(lexicon: &Lexicon, zh: &Candidate, en: &Candidate) -> f64 {
    let words = zh.words.len().max(en.words.len());
    if words == 1 && !en.name && lexicon.entry(&zh.words[0]).is_some() {
        return SINGLE;
    }
    1.0 + LONGER * (words.min(4) - 1) as f64
}

/// ln of how much commoner the term's rarest word is here than in general text (Ahmad's "weirdness", 1999), 0.1 at
/// least. A unit is taken to hold 25 words.
fn rarity(lexicon: &Lexicon, en: &Candidate, units: usize) -> f64 {
    let rarest = en
        .words
        .iter()
        .map(|w| lexicon.stem_id(w).map_or(1e-7, |id| f64::from(lexicon.stem_probability(id))));
    let expected = rarest.fold(1.0, f64::min).max(1e-7) * units as f64 * 25.0;
    (en.count as f64 / expected).ln().max(0.1)
}

/// By the words in the name and its Chinese ending.
fn kind(zh: &Candidate, en: &Candidate) -> TermKind {
    const ORGANISATIONS: [&str; 22] = [
        "Council",
        "Organi",
        "Committee",
        "Ministry",
        "Bank",
        "University",
        "Agency",
        "Commission",
        "Union",
        "Department",
        "Authority",
        "Court",
        "Party",
        "Company",
        "Office",
        "Fund",
        "Group",
        "Nations",
        "Association",
        "Institute",
        "Assembly",
        "Government",
    ];
    const PLACES: [&str; 14] = [
        "Republic", "Kingdom", "City", "Province", "River", "Mount", "Lake", "Sea", "Street", "Island",
        "State", "Region", "County", "District",
    ];
    const TITLES: [&str; 8] = ["Mr", "Mrs", "Ms", "Dr", "President", "Minister", "Professor", "Ambassador"];
    if !en.name {
        return TermKind::Term;
    }
    let has = |list: &[&str]| en.text.split_whitespace().any(|w| list.iter().any(|l| w.starts_with(l)));
    let ends = |list: &[&str]| list.iter().any(|e| zh.text.ends_with(e));
    if has(&TITLES) || ends(&["先生", "女士", "总统", "教授", "大使"]) {
        TermKind::Person
    } else if has(&ORGANISATIONS) || ends(&["会", "组织", "银行", "大学", "局", "部", "公司", "集团"])
    {
        TermKind::Organisation
    } else if has(&PLACES) || ends(&["国", "省", "市", "县", "州", "区", "岛", "河", "海", "湖"]) {
        TermKind::Place
    } else {
        TermKind::Name
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{LangTag, TranslationUnit, Variant};

    #[test]
    fn terms_come_whole_with_their_kind_and_the_shortest_example() {
        let tag = |t: &str| t.parse::<LangTag>().expect("the tag is well-formed");
        let mut bitext = Bitext::new(tag("zh"), tag("en"));
        let pairs = [
            (
                "安全理事会通过了关于核查机制的决议。",
                "The Security Council adopted a resolution on the verification mechanism.",
            ),
            ("核查机制很重要。", "The verification mechanism matters."),
            ("大家支持安全理事会。", "All support the Security Council."),
            ("专家讨论了核查机制的费用。", "Experts discussed the cost of the verification mechanism."),
            ("会议报告了安全理事会的工作。", "The meeting reported on the work of the Security Council."),
            ("天气很好。", "The weather is fine."),
            ("他昨天来了。", "He came yesterday."),
        ];
        // Chance is told from company by what stands without the terms.
        let others = [("天气很好。", "The weather is fine."), ("他昨天来了。", "He came yesterday.")];
        for (zh, en) in pairs.into_iter().chain(others.into_iter().cycle().take(20)) {
            bitext.units.push(TranslationUnit {
                id: String::new(),
                variants: vec![Variant::new(tag("zh"), zh), Variant::new(tag("en"), en)],
                bead: None,
                attributes: Vec::new(),
                properties: Vec::new(),
                notes: Vec::new(),
            });
        }
        let found = extract(&Lexicon::built_in(), &bitext, 2);
        let of =
            |zh: &str| found.iter().find(|f| f.source == zh).unwrap_or_else(|| panic!("{zh} in {found:?}"));
        let council = of("安全理事会");
        assert_eq!((council.target.as_str(), council.frequency), ("Security Council", 3));
        assert_eq!((council.kind, council.example), (TermKind::Organisation, 2));
        let mechanism = of("核查机制");
        assert_eq!((mechanism.target.as_str(), mechanism.kind), ("verification mechanism", TermKind::Term));
        assert!((mechanism.dice - 1.0).abs() < 1e-9 && mechanism.example == 1);
        assert!(
            found.iter().all(|f| f.source != "安全" && f.source != "机制"),
            "parts are no terms: {found:?}"
        );
    }
}
