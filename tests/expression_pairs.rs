//! Chinese and English expressions that mean the same, one pair a line, for a linguist to extend.

use duizhao::feature::marks::list_mark;
use duizhao::feature::{ExpressionKind, compare, expressions};
use duizhao::model::Lang;

/// Chinese and English, each with exactly one expression, whose expressions must pair.
const PAIRS: &[(&str, &str)] = &[
    ("六十一", "sixty-one"),
    ("六十一", "61"),
    ("第六十一", "sixty-first"),
    ("第61", "61st"),
    ("61", "sixty-first"),
    ("1.3亿", "130 million"),
    ("250万", "2.5 million"),
    ("250萬", "2,500,000"),
    ("1.3万亿", "1.3 trillion"),
    ("3千万", "30 million"),
    ("3亿5千万", "350 million"),
    ("一千二百", "1,200"),
    ("一万五", "15,000"),
    ("三百二", "320"),
    ("三百零二", "302"),
    ("二千零七", "2007"),
    ("１２", "12"),
    ("１２", "twelve"),
    ("廿三", "23"),
    ("卅一", "31"),
    ("十二", "a total of twelve"),
    ("两百五十", "250"),
    ("壹佰貳拾", "120"),
    ("百分之五", "5%"),
    ("百分百", "100%"),
    ("640多万", "6.4 million"),
    ("二百余万", "two million"),
    ("1700万", "£17million"),
    ("百分之百", "100 per cent"),
    ("11月", "november"),
    ("百分之五", "five per cent"),
    ("5％", "5 percent"),
    ("百分之十二点五", "12.5%"),
    ("5个百分点", "5 percentage points"),
    ("三分之一", "one third"),
    ("三分之二", "two-thirds"),
    ("四分之三", "three quarters"),
    ("二分之一", "half"),
    ("1/3", "one third"),
    ("五分之二", "two fifths"),
    ("三成", "30%"),
    ("一成", "10 per cent"),
    ("数十", "dozens"),
    ("数百", "hundreds"),
    ("成千上万", "thousands"),
    ("数百万", "millions"),
    ("几十万", "hundreds of thousands"),
    ("二十世纪九十年代", "the 1990s"),
    ("20世纪90年代", "1990s"),
    ("90年代", "the nineties"),
    ("21世纪", "the 21st century"),
    ("2007年8月16日", "16 August 2007"),
    ("2007年8月16日", "August 16, 2007"),
    ("二〇〇七年八月十六日", "2007-08-16"),
    ("二○○七年", "2007"),
    ("8月16日", "16 August"),
    ("8月16日", "August 16, 2007"),
    ("2021年10月", "October 2021"),
    ("三月", "in March"),
    ("五月", "in May"),
    ("12月", "December"),
    ("2 0 1 5 年", "2015"),
    ("星期一", "Monday"),
    ("周三", "Wednesday"),
    ("禮拜日", "on Sunday"),
    ("下午三时", "3 p.m."),
    ("下午3点30分", "3:30 pm"),
    ("上午9时", "9 a.m."),
    ("15:30", "3:30 p.m."),
    ("附件1", "Annex I"),
    ("第三章", "Chapter III"),
    ("第三章", "chapter three"),
    ("A/61/1006", "A/61/1006"),
    ("Ａ／６１／１００６", "A/61/1006"),
    ("S/2007/555", "S/2007/555"),
    ("A/RES/55/2", "A/RES/55/2"),
    ("10 000", "10,000"),
    ("１０，０００", "10 000"),
    ("418.4万", "4.18 million"),
    ("3.14", "3.14"),
    ("50万元", "500,000 yuan"),
    ("500美元", "$500"),
    ("20亿美元", "US$2 billion"),
    ("2亿", "two hundred million"),
    ("一百零五", "one hundred and five"),
    ("两千三百", "two thousand three hundred"),
    ("四十五", "forty-five"),
    ("第二十", "twentieth"),
    ("G20", "G20"),
    ("a@b.org", "a@b.org"),
    ("https://example.org/a", "https://example.org/a"),
    ("50万", "half a million"),
    ("十七", "seventeen"),
    ("885亿元", "RMB88.5 billion"),
    ("附件一", "Annex I"),
    ("20 世纪 30 年代", "the 1930s"),
    ("200 多万", "over two million"),
    ("5 点半", "5.30 am"),
    ("5 时 30 分", "5:30"),
    ("十分之一", "one tenth"),
    ("十分之三", "three tenth parts"),
    ("字符 U+265E", "the character u U+265E"),
    ("424.10.0.20", "424.10.0.20"),
    ("十三五规划", "the 13th plan"),
    ("七十", "threescore and ten"),
    ("八十三", "fourscore and three"),
    ("六十五", "sixty and five"),
    ("二十七", "seven and twenty"),
    ("第二十一", "the one and twentieth"),
    ("一百五十", "the hundred and fifty days"),
    ("一百零七", "an hundred and seven"),
    ("一百二十七", "an hundred and seven and twenty"),
    ("一百七十五", "an hundred threescore and fifteen"),
    ("六百七十五", "six hundred and threescore and fifteen"),
    ("七万六千五百", "threescore and sixteen thousand and five hundred"),
    ("二万二千二百", "twenty and two thousand and two hundred"),
    ("十八万六千四百", "an hundred thousand and fourscore thousand and six thousand and four hundred"),
    ("三十三万七千五百", "three hundred thousand and seven and thirty thousand and five hundred"),
    ("六十万零一千七百三十", "six hundred thousand and a thousand seven hundred and thirty"),
];

/// Pairs with several expressions on both sides; all must match.
const LISTS: &[(&str, &str)] = &[
    ("1000万至1500万人", "10 to 15 million people"),
    ("2,000至3,000億港元", "HK$200–300 billion"),
    ("822（1993）号决议", "resolution 822 (1993)"),
    ("第853（1993）号、第874（1993）号", "853 (1993) and 874 (1993)"),
    ("下降4%至71,250亿元", "fell by 4% to 7,125 billion yuan"),
    ("20世纪六七十年代", "the 1960s and 1970s"),
    ("八九十年代", "the 1980s and 1990s"),
    ("20世纪80、90年代", "the 1980s and 90s"),
    ("上世纪五十至六十年代", "between the 1950s and 1960s"),
    ("付给他二十两银子和三千两黄金", "paid him twenty taels of silver and three thousand of gold"),
    ("在二十和三十之间", "between twenty and thirty"),
    ("有25和200", "twenty-five and two hundred"),
    ("一百万和二百万", "a million and two million"),
    ("占用35GB空间", "takes 35 GB of space"),
];

/// Text that must not report anything missing when the other side says nothing.
const QUIET: &[&str] = &[
    "一样",
    "一些人",
    "统一",
    "万一",
    "三心二意",
    "十分",
    "一下",
    "老百姓",
    "千万不要",
    "一切",
    "唯一",
    "不一",
    "第二天",
    "五花八门",
    "乱七八糟",
    "零售",
    "百货",
    "九龙",
    "四川",
    "两岸",
    "一个",
    "七八个",
    "三二十个",
    "三五百人",
    "十万八千里",
];

/// The same for English.
const QUIET_EN: &[&str] = &[
    "one of them",
    "a second",
    "You may go",
    "May I?",
    "they march",
    "The Sun",
    "no one",
    "a hundred",
    "first of all",
];

#[test]
fn equal_meanings_have_equal_keys() {
    let mut wrong = Vec::new();
    for (zh, en) in PAIRS {
        let (a, b) = (expressions(zh, Lang::Zh), expressions(en, Lang::En));
        let b: Vec<_> = b.into_iter().filter(|e| e.kind != ExpressionKind::Latin).collect();
        if a.len() != 1 || b.len() != 1 || compare(&a, &b).matches != [(0, 0)] {
            wrong.push(format!("{zh} / {en}: {a:?} {b:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn lists_match_in_full() {
    for (zh, en) in LISTS {
        let (a, b) = (expressions(zh, Lang::Zh), expressions(en, Lang::En));
        let c = compare(&a, &b);
        assert!(
            c.matches.len() >= 2 && c.missing_in_target.is_empty() && c.missing_in_source.is_empty(),
            "{zh}: {a:?} {b:?}"
        );
    }
}

#[test]
fn words_with_numerals_ask_for_nothing() {
    for (texts, lang) in [(QUIET, Lang::Zh), (QUIET_EN, Lang::En)] {
        for text in texts {
            let found = expressions(text, lang);
            assert!(found.iter().all(|e| e.weak), "{text}: {found:?}");
        }
    }
}

#[test]
fn different_numbers_do_not_match() {
    for (zh, en) in [
        ("61人", "62 people"),
        ("2007年8月16日", "17 August 2007"),
        ("5%", "6%"),
        ("A/61/1006", "A/61/1007"),
        ("10,170宗", "10,172 cases"),
        ("U+265E", "U+165E"),
        ("424.10.0.20", "424.11.0.20"),
        ("二十两", "twenty-two"),
        ("六十五", "between sixty and five"),
        ("七十七", "threescore and seven"),
    ] {
        let c = compare(&expressions(zh, Lang::Zh), &expressions(en, Lang::En));
        assert!(
            c.matches.is_empty() && c.missing_in_target == [0] && c.missing_in_source == [0],
            "{zh} {en} {c:?}"
        );
    }
}

#[test]
fn list_marks_agree() {
    for (zh, en) in [
        ("一、总则", "I. General"),
        ("（三）合作", "(c) Cooperation"),
        ("① 一", "1. One"),
        ("第三章 权利", "Chapter III Rights"),
    ] {
        assert!(list_mark(zh).unwrap().agrees(&list_mark(en).unwrap()), "{zh} {en}");
    }
    for text in ["3.5 million", "三、四人", "2007年", "I am", "A man", "一个人"] {
        assert_eq!(list_mark(text), None, "{text}");
    }
}

#[test]
fn long_runs_take_linear_time() {
    for c in ['1', '一', '万', 'A', '/', ' ', 'V'] {
        let text: String = std::iter::repeat_n(c, 1_000_000).collect();
        let start = std::time::Instant::now();
        for lang in [Lang::Zh, Lang::En] {
            for e in expressions(&text, lang) {
                assert!(text.get(e.bytes).is_some());
            }
        }
        assert!(start.elapsed().as_secs() < 20, "{c}: {:?}", start.elapsed());
    }
}

proptest::proptest! {
    #[test]
    fn ranges_lie_within_any_text(text in "[0-9一二三十百千万亿年月日时第分之点零几A-Za-z/.,:% \\-\u{3000}-\u{30ff}]{0,40}|\\PC{0,40}") {
        for lang in [Lang::Zh, Lang::En] {
            let mut last = 0;
            for e in expressions(&text, lang) {
                assert!(text.get(e.bytes.clone()).is_some_and(|t| !t.is_empty()) && e.bytes.start >= last);
                last = e.bytes.end;
            }
        }
        list_mark(&text);
    }
}
