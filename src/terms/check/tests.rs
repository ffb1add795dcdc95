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
    let terms = [("安全理事会", "Security Council", OK), ("理事会", "board", OK), ("会议", "conference", OK)];
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
    assert_eq!(to_chinese(&[("stock market", "股市")], "stock market", "股票及城市管理"), ["term-missing"]);
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
