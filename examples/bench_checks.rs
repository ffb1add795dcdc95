//! Makes a large bilingual file and a termbase of own text, by seeded choices, to time `check` and `terms check`:
//!
//! ```text
//! cargo run --release --example bench_checks -- FOLDER [UNITS] [TERMS]
//! time duizhao check FOLDER/units.tmx -o FOLDER/report.csv
//! time duizhao terms check FOLDER/units.tmx --terms FOLDER/terms.csv -o FOLDER/report.csv
//! ```
//!
//! One unit in a hundred has a wrong number and one in a hundred lacks a closing bracket, so that the reports are not empty.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

mod common;

use common::{Dice, MADE, MONTHS};
use duizhao::format::{Format, WriteOptions, write_file, write_text_file};
use duizhao::lexicon::Lexicon;
use std::path::Path;

const WHO: [(&str, &str); 8] = [
    ("委员会", "The Committee"),
    ("秘书长", "The Secretary-General"),
    ("安全理事会", "The Security Council"),
    ("该国政府", "The Government"),
    ("审计委员会", "The Board of Auditors"),
    ("各会员国", "Member States"),
    ("工作组", "The Working Group"),
    ("人权理事会", "The Human Rights Council"),
];
const DID: [(&str, &str); 8] = [
    ("通过了关于", "adopted a decision on"),
    ("讨论了", "discussed"),
    ("审查了", "reviewed"),
    ("核准了用于", "approved funds for"),
    ("重申支持", "reaffirmed its support for"),
    ("赞赏地注意到", "noted with appreciation"),
    ("请秘书处报告", "requested the Secretariat to report on"),
    ("决定加强", "decided to strengthen"),
];
const WHAT: [(&str, &str); 10] = [
    ("可持续发展", "sustainable development"),
    ("气候变化", "climate change"),
    ("粮食安全", "food security"),
    ("国际贸易", "international trade"),
    ("公共卫生", "public health"),
    ("难民和流离失所者", "refugees and displaced persons"),
    ("预算外资源", "extrabudgetary resources"),
    ("水资源管理", "the management of water resources"),
    ("教育和职业培训", "education and vocational training"),
    ("小岛屿发展中国家", "small island developing States"),
];
fn pair(n: usize, dice: &mut Dice) -> (String, String) {
    let (who, did, what, more) = (dice.of(&WHO), dice.of(&DID), dice.of(&WHAT), dice.of(&WHAT));
    let (year, month, day) = (1990 + dice.roll(30), 1 + dice.roll(12), 1 + dice.roll(28));
    let amount = 2 + dice.roll(900);
    let told = if n % 100 == 17 { amount + 1 } else { amount };
    let close = if n % 100 == 53 { "" } else { ")" };
    let zh = format!(
        "{year}年{month}月{day}日，{}{}{}（第{n}号决议）的事项，并在“{}”方面拨出{amount}万美元，比上年增加百分之{}。",
        who.0,
        did.0,
        what.0,
        more.0,
        1 + amount % 40
    );
    let en = format!(
        "On {day} {} {year}, {}{} {} {} (resolution {n}{close}, and allocated ${} to “{}”, an increase of {} per cent over the year before.",
        MONTHS[month - 1],
        who.1[..1].to_lowercase(),
        &who.1[1..],
        did.1,
        what.1,
        thousands(told * 10_000),
        more.1,
        1 + amount % 40
    );
    (zh, en)
}

/// `3220000` with commas.
fn thousands(n: usize) -> String {
    let (millions, rest) = (n / 1_000_000, n / 1000 % 1000);
    if millions > 0 { format!("{millions},{rest:03},000") } else { format!("{rest},000") }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = Path::new(&arguments[0]);
    let number = |k: usize, or: usize| arguments.get(k).map_or(or, |n| n.parse().unwrap());
    let (units, terms) = (number(1, 1_000_000), number(2, 10_000));
    let mut dice = Dice(7);
    let made = (0..units).map(|n| {
        let (zh, en) = pair(n, &mut dice);
        common::unit(MADE, &(n + 1).to_string(), &zh, &en)
    });
    let bitext = common::bitext(MADE, made.collect());
    write_file(&folder.join("units.tmx"), &bitext, Format::Tmx, &WriteOptions::default()).unwrap();

    // The text's own terms, and words of the lexicon two by two, most of which the text does not hold.
    let lexicon = Lexicon::built_in();
    let mut list = String::from("source,target\n");
    for (zh, en) in WHO.iter().chain(&WHAT) {
        list.push_str(&format!("{zh},{}\n", en.trim_start_matches("The ").trim_start_matches("the ")));
    }
    let words: Vec<(&str, &str)> = WHO.iter().chain(&WHAT).chain(&DID).copied().collect();
    let mut made = WHO.len() + WHAT.len();
    let characters: Vec<char> = words.iter().flat_map(|w| w.0.chars()).collect();
    let english: Vec<&str> = words.iter().flat_map(|w| w.1.split(' ')).filter(|w| w.len() > 3).collect();
    while made < terms {
        let length = 2 + dice.roll(4);
        let zh: String = (0..length).map(|_| *dice.of(&characters)).collect();
        if lexicon.fold(&zh) == zh {
            let en: Vec<&str> = (0..1 + dice.roll(3)).map(|_| *dice.of(&english)).collect();
            list.push_str(&format!("{zh},{}\n", en.join(" ")));
            made += 1;
        }
    }
    write_text_file(&folder.join("terms.csv"), &list).unwrap();
    println!("{units} units and {made} terms in {}", folder.display());
}
