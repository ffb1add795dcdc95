//! Every rule's own examples, correct pairs of kinds that checkers stumble over, and errors planted by a generator
//! into correct pairs: what the checks find and what they leave alone.
#![allow(clippy::unwrap_used)]

#[path = "../examples/common/mod.rs"]
mod common;

use common::{Dice, MADE, MONTHS};
use duizhao::check::{Ignored, Options, RULES, Rule, check, key, rule};
use duizhao::model::{Bitext, Finding, Severity, TranslationUnit};

fn unit(source: &str, target: &str) -> TranslationUnit {
    common::unit(MADE, "", source, target)
}

fn bitext(units: Vec<TranslationUnit>) -> Bitext {
    common::bitext(MADE, units)
}

fn findings(source: &str, target: &str) -> Vec<Finding> {
    check(&bitext(vec![unit(source, target)]), &Options::default(), &|_| ())
}

fn codes(source: &str, target: &str) -> Vec<&'static str> {
    findings(source, target).into_iter().map(|f| f.rule).collect()
}

#[test]
fn every_rule_keeps_its_word() {
    for r in RULES {
        let good = codes(r.good.0, r.good.1);
        assert!(!good.contains(&r.code), "{}: {good:?}", r.code);
        let bad = findings(r.bad.0, r.bad.1);
        let own: Vec<_> = bad.iter().filter(|f| f.rule == r.code).collect();
        assert!(!own.is_empty() && own.iter().all(|f| f.severity == r.severity), "{}: {bad:?}", r.code);
    }
}

#[test]
fn every_name_is_its_own() {
    let mut names: Vec<&str> = RULES.iter().flat_map(|r| r.aliases.iter().copied().chain([r.code])).collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all);
    assert_eq!(rule("Numeric Mismatch").map(|r| r.code), Some("number"));
    assert!(rule("nonsense").is_none());
}

/// A row of the table in `docs/checks.md`.
fn row(r: &Rule) -> String {
    let cell = |t: &str| t.replace('|', "\\|").replace('<', "&lt;").replace('\u{200b}', "[U+200B]");
    let pair = |p: (&str, &str)| {
        format!("{} / {}", cell(p.0), if p.1.is_empty() { "(empty)".into() } else { cell(p.1) })
    };
    format!(
        "| `{}` | {} | {} | {} | {} | {} |",
        r.code,
        r.severity,
        r.about,
        pair(r.good),
        pair(r.bad),
        r.aliases.join(", ")
    )
}

#[test]
fn the_documentation_shows_the_same_table() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/checks.md");
    let text = std::fs::read_to_string(path).unwrap();
    let rows: Vec<String> = RULES.iter().map(row).collect();
    let text = text.split("## Rules of `terms check`").next().unwrap();
    let shown: Vec<&str> = text.lines().filter(|l| l.starts_with("| `")).collect();
    assert_eq!(shown, rows, "the rows should be:\n{}", rows.join("\n"));
}

#[test]
fn the_documentation_shows_the_rules_of_terms() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/checks.md");
    let text = std::fs::read_to_string(path).unwrap();
    let part = text.split("## Rules of `terms check`").nth(1).unwrap();
    let shown: Vec<String> = part
        .lines()
        .filter(|l| l.starts_with("| `"))
        .map(|l| {
            let cells: Vec<&str> = l.split('|').map(str::trim).collect();
            format!("{} {} {}", cells[1].trim_matches('`'), cells[2], cells[6])
        })
        .collect();
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_duizhao"))
        .args(["terms", "check", "--list"])
        .output()
        .unwrap();
    let list = String::from_utf8(run.stdout).unwrap();
    let rows: Vec<String> = list
        .lines()
        .map(|l| {
            let cells: Vec<&str> = l.split('\t').collect();
            format!("{} {} {}", cells[0], cells[1], cells[3])
        })
        .collect();
    assert_eq!(shown, rows);
}

/// Kinds of correct pairs on which checkers made for European languages raise false alarms.
const CORRECT: &[(&str, &str)] = &[
    (
        "大会第六十一届会议审议了61个项目。",
        "At its sixty-first session the General Assembly considered sixty-one items.",
    ),
    ("会费为250万美元。", "The contribution was $2.5 million."),
    ("该市有120万居民。", "The city has 1,200,000 inhabitants."),
    ("安全理事会（安理会）通过了决议。", "The Security Council (the Council) adopted the resolution."),
    ("他说：“会议结束了。”", "He said: \"The meeting is over.\""),
    (
        "各方在会上交换了意见，会后发表了联合声明。",
        "The parties exchanged views at the meeting. They issued a joint statement afterwards.",
    ),
    ("约有百分之五的人失业。", "About 5 per cent of the people were unemployed."),
    ("二十世纪九十年代，第822（1993）号决议获得通过。", "In the 1990s, resolution 822 (1993) was adopted."),
    ("数十人在2007年7月20日下午三时到达。", "Dozens of people arrived at 3 p.m. on 20 July 2007."),
    ("人人都希望看看成果。", "Everybody hopes to take a look at the results."),
    ("三分之二的成员国提交了附件一。", "Two thirds of the member States submitted annex I."),
    ("“十四五”规划强调绿色发展。", "The 14th Five-Year Plan (2021-2025) stresses green development."),
];

#[test]
fn correct_pairs_stay_silent() {
    for (zh, en) in CORRECT {
        assert_eq!(findings(zh, en), [], "{zh}");
    }
}

const WHO: &[(&str, &str)] = &[
    ("委员会", "the Committee"),
    ("秘书长", "the Secretary-General"),
    ("代表团", "the delegation"),
    ("工作组", "the working group"),
    ("政府", "the Government"),
];
const DID: &[(&str, &str)] = &[
    ("批准了", "approved"),
    ("支付了", "paid"),
    ("收到了", "received"),
    ("分配了", "allocated"),
    ("要求提供", "requested"),
];
const MORE: &[(&str, &str)] = &[
    (
        "并感谢各成员国政府提供的财政支持",
        "and thanked the Governments of Member States for their financial support",
    ),
    (
        "同时强调国际合作与技术援助的重要性",
        "while stressing the importance of international cooperation and technical assistance",
    ),
    (
        "并呼吁有关各方尽快恢复和平谈判",
        "and called upon the parties concerned to resume peace negotiations soon",
    ),
    (
        "认为教育和卫生是可持续发展的基础",
        "considering education and health the foundation of sustainable development",
    ),
];
/// A correct pair: who did what with how much, when, and a further clause.
struct Pair {
    zh: String,
    en: String,
    amount: u64,
    amount_en: String,
    date_en: String,
    wrong_date: String,
    more_en: &'static str,
}

fn pair(dice: &mut Dice) -> Pair {
    let (who, who_en) = *dice.of(WHO);
    let (did, did_en) = *dice.of(DID);
    let (more, more_en) = *dice.of(MORE);
    let amount = 11 + dice.roll(980) as u64;
    let (scale, scale_en) = [("万", 10_000), ("亿", 100_000_000)][dice.roll(2)];
    let value = amount * scale_en;
    let amount_en = if value >= 1_000_000_000 {
        format!("{} billion", value as f64 / 1e9)
    } else if value >= 1_000_000 {
        format!("{} million", value as f64 / 1e6)
    } else {
        format!("{},{:03}", value / 1000, value % 1000)
    };
    let (year, month, day) = (1990 + dice.roll(33), 1 + dice.roll(12), 1 + dice.roll(28));
    let name = |m: usize| MONTHS[m - 1];
    let date_en = format!("{day} {} {year}", name(month));
    let wrong_date = match dice.roll(3) {
        0 => format!("{} {} {year}", if day == 28 { 1 } else { day + 1 }, name(month)),
        1 => format!("{day} {} {year}", name(month % 12 + 1)),
        _ => format!("{day} {} {}", name(month), year + 1),
    };
    Pair {
        zh: format!(
            "{year}年{month}月{day}日，{who}（见附件）{did}{amount}{scale}美元用于“教育”项目，{more}。"
        ),
        en: format!(
            "On {date_en}, {who_en} (see the annex) {did_en} ${amount_en} for the “education” project, {more_en}."
        ),
        amount,
        amount_en,
        date_en,
        wrong_date,
        more_en,
    }
}

/// Plants one kind of error into the English of a pair.
fn plant(kind: &str, p: &Pair, dice: &mut Dice) -> String {
    let scaled = |to: &str| p.en.replace(&p.amount_en, to);
    match kind {
        "digit" => {
            let places: Vec<usize> =
                p.amount_en.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).collect();
            let at = *dice.of(&places);
            let old = usize::from(p.amount_en.as_bytes()[at] - b'0');
            let new = 1 + (old + dice.roll(8)) % 9;
            let new = if new == old { 1 + new % 9 } else { new };
            let mut text = p.amount_en.clone();
            text.replace_range(at..=at, &new.to_string());
            scaled(&text)
        }
        "unit lost" => scaled(p.amount_en.split([' ', ',']).next().unwrap()),
        "power" => match p.amount_en.split_once(' ') {
            Some((n, "million")) => scaled(&format!("{n} billion")),
            Some((n, _)) => scaled(&format!("{n} million")),
            None => scaled(&format!("{} million", p.amount)),
        },
        "number lost" => p.en.replace(&format!("${}", p.amount_en), "some money"),
        "date shifted" => p.en.replace(&p.date_en, &p.wrong_date),
        "currency" => p.en.replace('$', "€"),
        "bracket lost" => p.en.replacen(if dice.roll(2) == 0 { "(" } else { ")" }, "", 1),
        "quote lost" => p.en.replacen(if dice.roll(2) == 0 { "“" } else { "”" }, "", 1),
        "clause dropped" => p.en.replace(&format!(", {}", p.more_en), ""),
        "negated" => {
            let mut en = p.en.clone();
            for (_, did) in DID {
                en = en.replacen(&format!(" {did} "), &format!(" had not {did} "), 1);
            }
            en
        }
        "copied" => p.zh.clone(),
        "emptied" => String::new(),
        "word doubled" => p.en.replacen(" for the ", " for for the ", 1),
        "full stop lost" => p.en.trim_end_matches('.').to_string(),
        _ => panic!("{kind}"),
    }
}

/// Each kind of error, the rules that may report it, and the share of planted ones that must be found.
const PLANTED: &[(&str, &[&str], f64)] = &[
    ("digit", &["number"], 0.98),
    ("unit lost", &["number"], 0.98),
    ("power", &["number"], 0.98),
    ("number lost", &["number"], 0.98),
    ("date shifted", &["date"], 0.98),
    ("currency", &["currency"], 0.98),
    ("bracket lost", &["bracket-pair"], 0.98),
    ("quote lost", &["quote-pair"], 0.98),
    ("clause dropped", &["omission", "length"], 0.6),
    ("negated", &["negation"], 0.9),
    ("copied", &["copied"], 1.0),
    ("emptied", &["untranslated"], 1.0),
    ("word doubled", &["doubled"], 1.0),
    ("full stop lost", &["end-mark"], 1.0),
];

#[test]
fn planted_errors_are_found_and_correct_pairs_left_alone() {
    const PAIRS: usize = 500;
    let mut dice = Dice(20);
    let pairs: Vec<Pair> = (0..PAIRS).map(|_| pair(&mut dice)).collect();
    let all = |english: Vec<String>| {
        let units = pairs.iter().zip(&english).map(|(p, en)| unit(&p.zh, en)).collect();
        check(&bitext(units), &Options::default(), &|_| ())
    };
    let alarms = all(pairs.iter().map(|p| p.en.clone()).collect());
    assert_eq!(alarms, [], "{}\n{}", pairs[alarms[0].unit].zh, pairs[alarms[0].unit].en);
    let mut table = String::new();
    let mut poor = false;
    for &(kind, rules, least) in PLANTED {
        let english: Vec<String> = pairs.iter().map(|p| plant(kind, p, &mut dice)).collect();
        assert!(english.iter().zip(&pairs).all(|(e, p)| *e != p.en), "{kind} changes nothing");
        let mut hit = vec![false; PAIRS];
        for f in all(english) {
            hit[f.unit] |= rules.contains(&f.rule);
        }
        let share = hit.iter().filter(|h| **h).count() as f64 / PAIRS as f64;
        poor |= share < least;
        table.push_str(&format!("{kind}: {:.1} %\n", 100.0 * share));
        if let Some(missed) = hit.iter().position(|h| !h) {
            let english = plant(kind, &pairs[missed], &mut dice);
            table.push_str(&format!("    missed: {} / {english}\n", pairs[missed].zh));
        }
    }
    assert!(!poor, "\n{table}");
    if std::env::var_os("DUIZHAO_SHOW").is_some() {
        panic!("\n{table}");
    }
}

/// What correct translations say in other words, and the errors that stand beside it.
#[test]
fn what_is_said_in_other_words_is_no_error() {
    for (zh, en) in [
        ("全长约18.9千米，耗电5千瓦时。", "It is 18.9 km long and uses 5 kWh."),
        ("还有 6 百万人仍居住在该国。", "Another six million people still live there."),
        ("每年七八月份下雨。", "It rains in July and August."),
        ("公路裂开四五厘米，长五六百米。", "The road has a crack 4-5 cm wide and 500 metres long."),
        ("新冠肺炎疫情仍在继续。", "The Covid-19 epidemic goes on."),
        ("属Ⅰ级高风险隧道。", "It is a Class I high-risk tunnel."),
        ("床抬高了大概半米。", "The bed was raised by about 0.5 meters."),
        ("家里有1000斤粮食，离城20里。", "There are 500 kg of grain at home, 10 kilometers from town."),
        ("北京、江苏等22个省制定了计划。", "Beijing, Jiangsu and 20 other provinces have plans."),
        ("《周六夜现场》今晚播出。", "SNL is on tonight."),
        ("上限为累计盈余的三分之一。", "The cap is onethird of the accumulated surplus."),
        ("2011年人数减少，去年回升。", "Numbers fell in 2011 and rose again last year."),
        ("颁布了该条例。", "The Regulations (2001) were promulgated."),
        ("她讲“你好”。", "She said “hello”。"),
        ("路易十五的宫廷。", "The court of Louis XV."),
        (
            "土地的四分之一归他，谷物的十分之一归庙。",
            "The fourth part of the land is his, a tithe of the grain the temple's.",
        ),
        ("约三分之一的人同意。", "About a third of the people agreed."),
        ("20%的人同意。", "One fifth of the people agreed."),
        ("百分之五十的人同意。", "Half of the people agreed."),
        ("百分之二十五的人同意。", "A quarter of the people agreed."),
        ("他十四五岁。", "He was fourteen or fifteen."),
        ("他有二三十头牛。", "He had twenty or thirty cows."),
        ("从一月到五岁。", "From a month to five years old."),
        ("她有万种风情。", "She had ten thousand charms."),
        (
            "会议结束了，代表们已经离开会场，讨论继续进行。",
            "The meeting is over，the representatives have left，talks go on。",
        ),
    ] {
        let found = codes(zh, en);
        let wrong = ["number", "date", "time", "year-added"];
        assert!(!found.iter().any(|c| wrong.contains(c)), "{zh}\n{en}\n{found:?}");
    }
    for (zh, en, rule) in [
        ("全长约18.9千米。", "It is 19.8 km long.", "number"),
        ("家里有1000斤粮食。", "There are 600 kg of grain at home.", "number"),
        ("2011年有2706人，去年有1127人。", "There were 2,706 in 2013, and 1,127 last year.", "date"),
        ("节目于11:15播出。", "The programme is on at 11:14.", "time"),
        ("截至25日24时共有69例。", "By 14:00 on the 25th there were 69 cases.", "time"),
        ("例16-15见图15-15和图15-16。", "Example 16-15 is in figures 15-15 and 16-16.", "number"),
        ("编号424.10.0.20的手表。", "The watch with the number 424.11.0.20.", "symbol"),
        ("字符U+265E是黑骑士。", "The character U+165E is a black knight.", "symbol"),
        ("占用35GB空间。", "It takes 32GB of space.", "number"),
        ("于2015年12月设立。", "It was set up in January 2015.", "date"),
        ("赔偿37.5万美元。", "$375,004 was paid.", "number"),
    ] {
        assert!(codes(zh, en).contains(&rule), "{zh}\n{en}\n{:?}", codes(zh, en));
    }
}

/// Dates that the pairing of expressions would let pass, because another date of the pair agrees in part.
#[test]
fn dates_that_change_places_are_found() {
    for (zh, en) in [
        (
            "7月5日出现症状，6日检测，26日通报。",
            "Symptoms on July 5, a test on July 6, a report on August 26.",
        ),
        ("新华社7月26日电，记者26日获悉此事。", "Xinhua, August 26: this was learned on July 26."),
        (
            "表1显示，比率于2018年1月1日生效，2018年底为8%。",
            "Table 1 shows: effective 1 February 2018, 8% at the end of 2018.",
        ),
        (
            "失业率由2015年的3.3%升至2016年的3.4%，2016年转差。",
            "It rose from 3.3% in 2016 to 3.4% in 2016, and 2016 was worse.",
        ),
        ("2017香港科技奖颁发。", "The Hong Kong ICT Awards 2020 are presented."),
        ("于10月15日至16日举行。", "It was held on 15-16 November."),
    ] {
        assert!(codes(zh, en).contains(&"date"), "{zh}\n{en}\n{:?}", codes(zh, en));
    }
    for (zh, en) in [
        (
            "7月5日出现症状，6日检测，26日通报。",
            "Symptoms on July 5, a test on July 6, a report on the 26th.",
        ),
        ("在1、2月期间上升，3月转稳。", "It rose in January and February and was stable in March."),
        ("六四当年的捐款。", "Donations of the year of June 4th."),
        ("工厂建于19世纪。", "The mill was built in the 1800s."),
        (
            "比较2018年下跌，2019年回升，年内上升。",
            "It fell from a year earlier, rose in 2019, and 2019 was good.",
        ),
        ("用8个十六进制数字表示。", "It is told by eight hex digits."),
    ] {
        let found = codes(zh, en);
        assert!(!found.iter().any(|c| ["date", "number", "year-added"].contains(c)), "{zh}\n{en}\n{found:?}");
    }
}

#[test]
fn negations_are_told_from_words_that_deny_nothing() {
    for (zh, en, wrong) in [
        ("未来几年会继续实施。", "It will not go on in the coming years.", true),
        ("特别委员会通过了决议。", "The special committee did not adopt the resolution.", true),
        ("他不断努力。", "He worked continuously.", false),
        ("这家公司缺乏资金。", "The company has no money.", false),
        ("不仅如此，他还来了。", "Not only that, he came.", false),
        ("值是 None。", "The value is None.", false),
        ("他没有来。", "He was absent.", false),
        ("他没有来参加会议。", "He came to the meeting.", true),
    ] {
        assert_eq!(codes(zh, en).contains(&"negation"), wrong, "{zh}\n{en}");
    }
}

#[test]
fn a_bracket_of_a_label_is_missed_inside_a_text() {
    for (zh, en, wrong) in [
        ("委员会根据第3(1)条成立。", "The committee is set up under section 31).", true),
        ("值(1, 2, 3)与模式(x, y, z)相符。", "The value 1, 2, 3) fits the pattern (x, y, z).", true),
        ("（2）退还货物。", "2) Return the goods.", false),
        ("包括：(1)水；(2)火。", "They are: 1) water; 2) fire.", false),
    ] {
        assert_eq!(codes(zh, en).contains(&"bracket-pair"), wrong, "{zh}\n{en}");
    }
}

#[test]
fn a_name_or_number_that_is_gone_speaks_for_a_missing_clause() {
    let zh = "委员会通过了预算，秘书处在Geneva设立了办事处，并任命了主任。";
    let (with, without) = (
        "The Committee adopted the budget, the Secretariat set up an office in Geneva and appointed a director.",
        "The Committee adopted the budget and appointed a director.",
    );
    assert_eq!(codes(zh, with), [""; 0]);
    assert!(codes(zh, without).contains(&"omission"), "{:?}", codes(zh, without));
}

#[test]
fn clauses_are_missed_on_either_side() {
    let (zh, en) = (
        "委员会通过了预算，并呼吁有关各方尽快恢复和平谈判。",
        "The Committee adopted the budget, and called upon the parties concerned to resume peace negotiations soon.",
    );
    assert_eq!(codes(zh, en), [""; 0]);
    assert_eq!(codes(zh, "The Committee adopted the budget."), ["omission"]);
    assert_eq!(codes("委员会通过了预算。", en), ["omission"]);
}

#[test]
fn a_clause_of_dates_and_symbols_is_there_where_they_are() {
    let zh = "我曾于 2007 年 6 月 28 日、7 月 5 日（A/61/991-S/2007/410）以及 2007 年7 月 9 日（A/61/1000-S/2007/422）致函阁下，\
        今又有幸提请您注意国际社会对2007 年 7 月 19 日阿塞拜疆共和国被占领的纳戈尔诺-卡拉巴赫地区举行所谓“总统选举”的反应。";
    let en = "Further to my letters dated 28 June, 5 July (A/61/991-S/2007/410) and 9 July 2007 (A/61/1000-S/2007/422), \
        I have the honour to draw your attention to the reaction of the international community to the so-called “presidential \
        elections” held on 19 July 2007 in the occupied Nagorno-Karabakh region of the Republic of Azerbaijan.";
    assert_eq!(codes(zh, en), [""; 0]);
}

#[test]
fn judged_findings_stay_silent_until_the_text_changes() {
    let (zh, en) = ("共61人。", "A total of 62 people.");
    assert_eq!(codes(zh, en), ["number"]);
    let judged = format!("# judged\n{} by a person\n", key("number", zh, en));
    let options = Options { ignored: Ignored::parse(&judged), ..Options::default() };
    assert_eq!(check(&bitext(vec![unit(zh, en)]), &options, &|_| ()), []);
    let again = check(&bitext(vec![unit(zh, "A total of 63 people.")]), &options, &|_| ());
    assert_eq!(again.len(), 1);
}

#[test]
fn a_note_on_the_unit_silences_the_rules_it_names() {
    let (zh, en) = ("共61人。", "A total of 62  people.");
    let with = |note: &str| {
        let mut u = unit(zh, en);
        u.notes.push(note.into());
        let found = check(&bitext(vec![u]), &Options::default(), &|_| ());
        found.into_iter().map(|f| f.rule).collect::<Vec<_>>()
    };
    assert_eq!(with("seen"), ["number", "space"]);
    assert_eq!(with("duizhao:ignore number"), ["space"]);
    assert_eq!(with("duizhao:ignore numeric-mismatch, space"), [""; 0]);
    assert_eq!(with("duizhao:ignore"), [""; 0]);
}

#[test]
fn threads_change_nothing() {
    let units: Vec<TranslationUnit> = (0..6000)
        .map(|n| unit(&format!("共{n}人。"), &format!("A total of {} people.", n + n % 3)))
        .collect();
    let bitext = bitext(units);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| check(&bitext, &Options::default(), &|_| ()))
    };
    let one = with(1);
    assert_eq!(one, with(4));
    assert!(
        one.iter().all(|f| f.severity >= Severity::Info) && one.windows(2).all(|w| w[0].unit <= w[1].unit)
    );
}

proptest::proptest! {
    #[test]
    fn any_text_has_findings_within_it(
        zh in "[0-9一二十百万年月日，。（）“”《》 <>a-z的了]{0,40}|\\PC{0,40}",
        en in "[0-9a-zA-Z ,.()“”\"'<>/$%-]{0,60}|\\PC{0,40}",
    ) {
        for f in findings(&zh, &en) {
            for m in f.marks {
                let text = if m.side == duizhao::model::Side::Source { &zh } else { &en };
                assert!(text.get(m.bytes).is_some());
            }
        }
    }
}
