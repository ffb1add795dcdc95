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
    assert_eq!(rules(&terms, &[then, first]), ["term-short"]);
}

#[test]
fn the_first_words_of_a_term_may_be_abbreviated() {
    let terms = [("信息技术安全", "information technology security", OK)];
    assert_eq!(rules(&terms, &[("信息技术安全", "new IT security rules")]), [""; 0]);
    for other in ["IS security", "IT and security", "the IT", "it security"] {
        assert_eq!(rules(&terms, &[("信息技术安全", other)]).len(), 1, "{other}");
    }
}

/// The rules that an English text breaks.
fn to_chinese(terms: &[(&str, &str)], en: &str, zh: &str) -> Vec<&'static str> {
    to_chinese_file(terms, &[(en, zh)])
}

fn to_chinese_file(terms: &[(&str, &str)], pairs: &[(&str, &str)]) -> Vec<&'static str> {
    let mut base = Termbase::default();
    for (en, zh) in terms {
        let term = |lang, text: &str| Term { lang: tag(lang), text: text.into(), status: OK };
        base.entries
            .push(TermEntry { terms: vec![term("en", en), term("zh-TW", zh)], ..TermEntry::default() });
    }
    let mut bitext = Bitext::new(tag("en"), tag("zh-TW"));
    for (en, zh) in pairs {
        bitext.units.push(TranslationUnit {
            id: String::new(),
            variants: vec![Variant::new(tag("en"), *en), Variant::new(tag("zh-TW"), *zh)],
            bead: None,
            attributes: Vec::new(),
            properties: Vec::new(),
            notes: Vec::new(),
        });
    }
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

#[test]
fn short_divided_and_left_out_terms_are_no_warnings() {
    let terms = [("exchange fund", "外匯基金"), ("investment return", "投資回報")];
    let named = ("The exchange fund has an investment return.", "外匯基金有投資回報。");
    let rules = |en: &str, zh: &str| to_chinese_file(&terms, &[named, (en, zh)]);
    assert_eq!(rules("The exchange fund grew.", "該基金增長。"), ["term-short"]);
    assert_eq!(rules("The investment return was high.", "去年成績很好。"), ["term-omitted"]);
    assert_eq!(rules("The investment return was high.", "投資收益很高。"), ["term-missing"]);
    let plainly =
        |term: (&str, &str), en: &str, zh: &str| to_chinese_file(&[term, ("reserves", "儲備")], &[(en, zh)]);
    assert_eq!(
        plainly(("Hang Seng Index", "恒生指數"), "The Hang Seng Index fell.", "恒指及儲備下跌。"),
        ["term-short"]
    );
    assert_eq!(
        plainly(("weak-side CU", "弱方兌換保證匯率"), "The weak-side CU holds.", "弱方兌換保證和儲備有效。"),
        ["term-short"]
    );
    assert_eq!(
        plainly(
            ("weak-side rate", "弱方兌換保證匯率"),
            "The weak-side rate holds.",
            "弱方兌換保證利率和儲備有效。"
        ),
        ["term-missing"]
    );
    let terms = [("strategic asset allocation", "策略資產配置")];
    let apart = [("Strategic asset allocation matters.", "資產今年按照管理層去年制訂的策略作出配置。")];
    assert_eq!(to_chinese_file(&terms, &apart), ["term-divided"]);
}

#[test]
fn a_short_form_in_the_place_of_the_term_is_no_warning() {
    let one = |term: (&str, &str), en: &str, zh: &str| to_chinese(&[term], en, zh);
    let standards = ("international standards", "國際訂立的標準");
    assert_eq!(
        one(standards, "The rules meet international standards.", "規則符合國際標準。"),
        ["term-short"]
    );
    let reserve = ("US Federal Reserve", "美國聯邦儲備局");
    assert_eq!(one(reserve, "The US Federal Reserve waits.", "美聯儲等待。"), ["term-short"]);
    let rate = ("investment return", "投資回報率");
    assert_eq!(one(rate, "The investment return rose.", "投資回報上升。"), ["term-short"]);
    // What is left out is rendered by another word beside it.
    let assets = ("strategic asset allocation", "策略性資產配置");
    assert_eq!(one(assets, "the strategic asset allocation", "策略性資產分配"), ["term-missing"]);
    let english = |term: (&str, &str), zh: &str, en: &str| rules(&[(term.0, term.1, OK)], &[(zh, en)]);
    let policy = ("收紧货币政策", "monetary policy tightening");
    assert_eq!(
        english(policy, "市场预期收紧货币政策。", "Markets expect policy tightening."),
        ["term-short"]
    );
    let lending = ("住宅按揭贷款", "residential mortgage lending");
    assert_eq!(english(lending, "住宅按揭贷款增加。", "Residential mortgage loans grew."), ["term-missing"]);
}

#[test]
fn derived_words_and_abbreviations_are_other_forms() {
    let form = |zh: &str, term: &str, en: &str| rules(&[(zh, term, OK)], &[(zh, en)]);
    assert_eq!(form("保护主义", "protectionism", "protectionist views"), ["term-form"]);
    assert_eq!(form("人民币", "renminbi", "RMB"), ["term-form"]);
    let both = "打击洗钱及恐怖分子资金筹集";
    assert_eq!(form(both, "AML/CFT", "anti-money laundering and counter-terrorist financing"), ["term-form"]);
    assert_eq!(form(both, "AML/CFT", "anti-money laundering and counter-piracy patrols"), ["term-missing"]);
}

#[test]
fn a_part_of_a_longer_name_is_no_warning() {
    let board = [("Board", "董事局"), ("hk", "港元"), ("IT support", "資訊科技支援")];
    let rules = |en: &str, zh: &str| to_chinese(&board, en, zh);
    assert_eq!(rules("They follow Currency Board rules.", "他們遵守貨幣發行局的規則。"), ["term-sense"]);
    let limits = |en: &str| to_chinese(&[("Catch Limits", "捕撈限額")], en, "該規則今日生效。");
    assert_eq!(limits("The Fishery (Catch Limits) Rules take effect today."), ["term-sense"]);
    assert_eq!(limits("The rules (Catch Limits) take effect today."), ["term-missing"]);
    assert_eq!(rules("See www.example.hk for its support.", "請瀏覽www.example.hk查詢援助。"), [""; 0]);
    assert_eq!(rules("It gives IT support.", "它提供援助。").len(), 1);
    let law = [("能源", "energy", OK)];
    let title = |zh: &str, en: &str| super::tests::rules(&law, &[(zh, en)]);
    assert_eq!(title("《能源安全条例》生效。", "The Power Security Ordinance takes effect."), ["term-sense"]);
    assert_eq!(title("《能源》生效。", "The Power paper takes effect."), ["term-missing"]);
}

#[test]
fn a_stranger_in_the_place_of_a_term_is_told_though_its_words_stand_near() {
    let terms = [("climate risk", "氣候風險"), ("stress test", "壓力測試")];
    let en = "Climate change is a risk, and banks manage climate risks.";
    assert_eq!(to_chinese(&terms, en, "氣候變化帶來風險，銀行管理氣候風險。"), [""; 0]);
    assert_eq!(to_chinese(&terms, en, "氣候變化帶來風險，銀行管理壓力測試。"), ["term-form"]);
}

#[test]
fn a_part_of_a_longer_word_is_no_warning() {
    let one = |term: (&str, &str), zh: &str, en: &str| rules(&[(term.0, term.1, OK)], &[(zh, en)]);
    let economy = ("香港经济", "local business");
    assert_eq!(one(economy, "香港经济增长加快。", "Shops grew faster."), ["term-sense"]);
    assert_eq!(one(economy, "香港经济向好。", "Shops did well."), ["term-missing"]);
    // A suffix that makes another word.
    let control = ("质量控制", "quality control unit");
    assert_eq!(one(control, "质量控制部回答。", "The reviewers replied."), ["term-sense"]);
}

#[test]
fn an_abbreviation_of_a_longer_name_is_no_warning() {
    let one = |zh: &str, en: &str| rules(&[("香港", "Hong Kong", OK)], &[(zh, en)]);
    assert_eq!(one("香港渔民学会开会。", "HKFI meets."), ["term-sense"]);
    assert_eq!(one("他在香港。", "He is at HKFI."), ["term-missing"]);
    let company = [("保险公司", "insurance company", OK)];
    assert_eq!(rules(&company, &[("宏达保险公司开会。", "HDIC meets.")]), ["term-sense"]);
    assert_eq!(rules(&company, &[("保险公司开会。", "HDIC meets.")]), ["term-missing"]);
    assert_eq!(one("香港渔民学会开会。", "MIT meets."), ["term-missing"]);
}

#[test]
fn a_word_with_an_object_is_a_verb() {
    let exchange = |en: &str, zh: &str| to_chinese(&[("exchange", "交易所")], en, zh);
    assert_eq!(exchange("They exchange a letter.", "他們互寄信件。"), ["term-sense"]);
    assert_eq!(exchange("They left the exchange.", "他們離開大樓。"), ["term-missing"]);
}

#[test]
fn a_code_before_an_amount_is_a_word() {
    assert_eq!(rules(&[("人民币", "RMB", OK)], &[("人民币27亿", "RMB2.7 billion")]), [""; 0]);
    assert_eq!(rules(&[("人民币", "renminbi", OK)], &[("人民币27亿", "RMB2.7 billion")]), ["term-form"]);
    assert_eq!(rules(&[("人民币", "renminbi", OK)], &[("人民币27亿", "USD2.7 billion")]).len(), 1);
}

#[test]
fn words_of_abbreviations_in_mixed_case_are_another_form() {
    let one = |term: &str, en: &str| rules(&[("备忘录", term, OK)], &[("双方签署备忘录。", en)]);
    assert_eq!(one("MoU", "Both signed a memorandum of understanding."), ["term-form"]);
    assert_eq!(one("MoU", "Both signed a convention."), ["term-missing"]);
}

#[test]
fn small_words_inside_short_forms_do_not_hide_them() {
    let bureau = ("教育及青年局", "Education and Youth Bureau");
    let one = |en: &str| rules(&[(bureau.0, bureau.1, OK)], &[("他访问了教育及青年局。", en)]);
    assert_eq!(one("He visited Education and Youth."), ["term-short"]);
    assert_eq!(one("He visited Education and Labour."), ["term-missing"]);
}

#[test]
fn a_rendering_word_by_word_says_that_the_entry_is_of_a_single_place() {
    let investors = ("机构投资者", "asset owners");
    let one = |term: (&str, &str), en: &str| rules(&[(term.0, term.1, OK)], &[("机构投资者离场。", en)]);
    assert_eq!(one(investors, "Institutional investors left."), ["term-sense"]);
    assert_eq!(one(investors, "The retail clients left."), ["term-missing"]);
    // A word of the term is the text's: another choice of words, which is a departure.
    assert_eq!(
        one(("机构投资者", "institutional holders"), "Institutional investors left."),
        ["term-missing"]
    );
}

#[test]
fn a_rare_rendering_of_a_general_word_is_right_in_some_places() {
    let one = |en: &str| rules(&[("影响", en, OK)], &[("这对农业的影响很大。", "It hit farming hard.")]);
    assert_eq!(one("ramifications"), ["term-sense"]);
    assert_eq!(one("influence"), ["term-missing"]);
}

#[test]
fn three_characters_of_a_term_are_a_short_form() {
    let one = |term: (&str, &str), en: &str, zh: &str| to_chinese(&[term], en, zh);
    let rate = ("investment return", "投資回報率");
    assert_eq!(one(rate, "It had an investment return of 6%.", "回報率為6%。"), ["term-short"]);
    assert_eq!(one(rate, "It had an investment return of 6%.", "收益率為6%。"), ["term-missing"]);
    let connect = ("Bond Connect", "債券通計劃");
    assert_eq!(one(connect, "The Bond Connect opens.", "債券通開通。"), ["term-short"]);
    assert_eq!(one(connect, "The Bond Connect opens.", "滬港通開通。"), ["term-missing"]);
    // What is left out is rendered by another word.
    let crisis = ("global financial crisis", "環球金融危機");
    assert_eq!(one(crisis, "The global financial crisis began.", "全球金融危機爆發。"), ["term-missing"]);
}

#[test]
fn a_term_of_which_the_source_has_most_is_no_stranger() {
    let terms = [("人口普查", "population census", OK), ("国家统计研究中心", "NSRC", OK)];
    let zh = "统计研究中心在去年进行了人口普查。";
    assert_eq!(rules(&terms, &[(zh, "The NSRC conducted a census last year.")]), ["term-short"]);
}

/// Terms that make up sentences of own text.
const TERMS: [(&str, &str); 12] = [
    ("安全理事会", "Security Council"),
    ("可持续发展", "sustainable development"),
    ("气候变化", "climate change"),
    ("粮食安全", "food security"),
    ("外汇储备", "foreign reserves"),
    ("公共卫生", "public health"),
    ("水资源", "water resources"),
    ("职业培训", "vocational training"),
    ("知识产权", "intellectual property"),
    ("区块链", "blockchain"),
    ("资本充足率", "capital adequacy ratio"),
    ("生物多样性", "biodiversity"),
];

/// Of the sentences with two terms, those in which the first has the rendering of a third.
#[test]
fn swapped_terms_are_found() {
    let base = TERMS.map(|(zh, en)| (zh, en, OK));
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut swapped = Vec::new();
    for (i, a) in TERMS.iter().enumerate() {
        for (j, b) in TERMS.iter().enumerate().filter(|(j, _)| *j != i) {
            let zh = format!("今年的报告讨论了{}，也提到{}。", a.0, b.0);
            pairs.push((zh.clone(), format!("This year's report discusses {} and mentions {}.", a.1, b.1)));
            let (_, wrong) = TERMS[(i + j + 5) % TERMS.len()];
            if wrong != a.1 && wrong != b.1 {
                let en = format!("This year's report discusses {wrong} and mentions {}.", b.1);
                swapped.push((zh, en));
            }
        }
    }
    let check = |list: Vec<(String, String)>| {
        let list: Vec<(&str, &str)> = list.iter().map(|p| (p.0.as_str(), p.1.as_str())).collect();
        rules(&base, &list)
    };
    assert_eq!(check(pairs.clone()), [""; 0]);
    assert!(swapped.len() >= 100, "{}", swapped.len());
    // One at a time, among the right ones.
    let mut found = 0;
    for swap in &swapped {
        let mut list = pairs.clone();
        list.push(swap.clone());
        found += usize::from(check(list) == ["term-missing"]);
    }
    assert!(found * 100 >= swapped.len() * 98, "{found} of {}", swapped.len());
}

#[test]
fn a_term_in_a_longer_word_made_of_words_is_the_term() {
    let court = [("最高法院", "supreme court", OK)];
    assert_eq!(
        rules(&court, &[("美国最高法院阻止了他。", "The US short term stopped him.")]),
        ["term-missing"]
    );
    let law = [("国际法", "international law", OK), ("首字母", "initial letter", OK)];
    assert_eq!(rules(&law, &[("国际法律", "worldwide statutes"), ("首字母缩写", "an acronym")]), [""; 0]);
}

#[test]
fn an_abbreviation_in_brackets_tells_another_name() {
    let terms = [("证监会", "SFC", OK), ("广播电台", "radio station", OK)];
    let pairs = [
        ("美国证监会（SEC）发布声明。", "The American commission (SEC) issued a statement."),
        ("全国公共广播电台（NPR）报道。", "National Public Radio (NPR) reported it."),
    ];
    assert_eq!(rules(&terms, &pairs), ["term-sense"; 2]);
    let own = [("安理会（SC）发布声明。", "The body (SC) issued a statement.")];
    assert_eq!(rules(&[("安理会", "Security Council", OK)], &own), ["term-form"]);
}

#[test]
fn the_translation_may_tell_what_else_an_abbreviation_stands_for() {
    let terms = [("AMs", "助理經理")];
    let pairs =
        [("Welsh AMs worried.", "威爾士國民議會議員(AM)擔心。"), ("The AMs voted.", "議員們投了票。")];
    assert_eq!(to_chinese_file(&terms, &pairs), ["term-sense"; 2]);
    assert_eq!(to_chinese_file(&terms, &pairs[1..]), ["term-missing"]);
    let own = [("The AMs worried.", "副經理(AM)擔心。")];
    assert_eq!(to_chinese_file(&terms, &own), ["term-short"]);
}

#[test]
fn a_name_from_a_single_place_is_not_asked_for_where_the_words_are_rendered() {
    let terms = [("研究中心", "HKIMR", OK), ("国内生产总值", "GDP", OK)];
    assert_eq!(
        rules(&terms[..1], &[("政治研究中心表示", "The Political Research Center said")]),
        ["term-sense"]
    );
    let spelled = rules(&terms[1..], &[("国内生产总值增长", "the gross domestic product grew")]);
    assert_ne!(spelled, ["term-sense"], "what it stands for");
}

#[test]
fn a_term_inside_a_short_form_is_no_stranger() {
    let terms =
        [("AML/CFT", "打擊洗錢及恐怖分子資金籌集制度（AML/CFT）"), ("money laundering offence", "打擊洗錢")];
    let short = to_chinese(
        &terms,
        "its approach to AML/CFT supervision",
        "在打擊洗錢及恐怖分子資金籌集方面的監管方法",
    );
    assert_eq!(short, ["term-short"]);
}
