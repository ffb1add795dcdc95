//! Numbers as lists print them: `12` as `xii`, `l`, `十二`, `⑫`.
//!
//! The formats have the names of WordprocessingML (`ST_NumberFormat`, ECMA-376-1, 17.18.59); readers of other kinds
//! translate theirs. What a format cannot show is shown in digits.

/// The number as the format writes it; `None` for formats that show nothing.
///
/// `("chineseCounting", 21)` -> `二十一`; `("lowerRoman", 4)` -> `iv`; `("lowerLetter", 28)` -> `bb`
pub(super) fn written(format: &str, n: u32) -> String {
    let plain = || n.to_string();
    match format {
        "none" => String::new(),
        "decimalZero" => format!("{n:02}"),
        "upperRoman" => roman(n).unwrap_or_else(plain),
        "lowerRoman" => roman(n).map(|r| r.to_lowercase()).unwrap_or_else(plain),
        "upperLetter" => repeated_letter(n, b'A').unwrap_or_else(plain),
        "lowerLetter" => repeated_letter(n, b'a').unwrap_or_else(plain),
        "ordinal" => format!("{n}{}", ordinal_ending(n)),
        "cardinalText" => cardinal(n).unwrap_or_else(plain),
        "ordinalText" => ordinal(n).unwrap_or_else(plain),
        "numberInDash" => format!("- {n} -"),
        "hex" => format!("{n:X}"),
        "decimalFullWidth" | "decimalFullWidth2" => full_width(n),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => {
            circled(n).map(String::from).unwrap_or_else(plain)
        }
        "decimalEnclosedFullstop" => within(n, 20, '⒈').unwrap_or_else(plain),
        "decimalEnclosedParen" => within(n, 20, '⑴').unwrap_or_else(plain),
        "ideographEnclosedCircle" => within(n, 10, '㊀').unwrap_or_else(plain),
        "chineseCounting" | "taiwaneseCounting" | "japaneseCounting" | "koreanDigital2" if n < 100 => {
            by_places(n, &HAN, true)
        }
        "chineseCounting"
        | "taiwaneseCounting"
        | "ideographDigital"
        | "taiwaneseDigital"
        | "japaneseDigitalTenThousand" => plain().chars().filter_map(han_digit).collect(),
        "chineseCountingThousand" | "taiwaneseCountingThousand" | "japaneseCounting" => {
            by_places(n, &HAN, true)
        }
        "chineseLegalSimplified" => by_places(n, &LEGAL_SIMPLIFIED, false),
        "ideographLegalTraditional" => by_places(n, &LEGAL_TRADITIONAL, false),
        "ideographTraditional" => nth("甲乙丙丁戊己庚辛壬癸", n).unwrap_or_else(plain),
        "ideographZodiac" => nth("子丑寅卯辰巳午未申酉戌亥", n).unwrap_or_else(plain),
        _ => plain(),
    }
}

/// Letters as OpenDocument counts them without synchronisation: after `z` comes `aa`, then `ab`.
pub(super) fn letters(mut n: u32, first: u8) -> String {
    let mut letters = Vec::new();
    while n > 0 {
        letters.push(char::from(first + ((n - 1) % 26) as u8));
        n = (n - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// `aa` after `z`, `bb` after that, up to thirty of a letter, as far as Word goes (780).
fn repeated_letter(n: u32, first: u8) -> Option<String> {
    let letter = char::from(first + (n.checked_sub(1)? % 26) as u8);
    (n <= 780).then(|| letter.to_string().repeat(((n - 1) / 26 + 1) as usize))
}

/// Up to the largest number that Word counts to.
fn roman(mut n: u32) -> Option<String> {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if !(1..=32_767).contains(&n) {
        return None;
    }
    let mut text = String::new();
    for (value, sign) in SIGNS {
        while n >= value {
            text.push_str(sign);
            n -= value;
        }
    }
    Some(text)
}

fn ordinal_ending(n: u32) -> &'static str {
    match (n % 10, n % 100) {
        (1, tens) if tens != 11 => "st",
        (2, tens) if tens != 12 => "nd",
        (3, tens) if tens != 13 => "rd",
        _ => "th",
    }
}

#[rustfmt::skip]
const ONES: [&str; 20] = [
    "Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve",
    "Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen",
];
const TENS: [&str; 8] = ["Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety"];

fn cardinal(n: u32) -> Option<String> {
    let n = n as usize;
    match n {
        0..20 => Some(ONES[n].to_string()),
        20..100 if n.is_multiple_of(10) => Some(TENS[n / 10 - 2].to_string()),
        20..100 => Some(format!("{}-{}", TENS[n / 10 - 2], ONES[n % 10].to_lowercase())),
        _ => None,
    }
}

fn ordinal(n: u32) -> Option<String> {
    let cardinal = cardinal(n)?;
    let irregular = [
        ("ne", "ne", "irst"),
        ("wo", "wo", "econd"),
        ("hree", "hree", "hird"),
        ("ive", "ve", "fth"),
        ("ight", "t", "th"),
        ("ine", "e", "th"),
        ("welve", "ve", "fth"),
        ("ty", "y", "ieth"),
    ];
    for (end, cut, new) in irregular {
        if let Some(head) = cardinal.strip_suffix(end).and(cardinal.strip_suffix(cut)) {
            // `One`, `Two` and `Three` change their first letter too.
            return Some(match head.chars().next_back() {
                Some('O') => format!("{}F{new}", &head[..head.len() - 1]),
                Some('o') if new == "irst" => format!("{}f{new}", &head[..head.len() - 1]),
                Some('T') if new == "econd" => format!("{}S{new}", &head[..head.len() - 1]),
                Some('t') if new == "econd" => format!("{}s{new}", &head[..head.len() - 1]),
                _ => format!("{head}{new}"),
            });
        }
    }
    Some(format!("{cardinal}th"))
}

fn full_width(n: u32) -> String {
    n.to_string().bytes().filter_map(|b| char::from_u32(0xFF10 + u32::from(b - b'0'))).collect()
}

fn within(n: u32, most: u32, first: char) -> Option<String> {
    (1..=most).contains(&n).then(|| char::from_u32(first as u32 + n - 1)).flatten().map(String::from)
}

fn circled(n: u32) -> Option<char> {
    match n {
        1..=20 => char::from_u32('①' as u32 + n - 1),
        21..=35 => char::from_u32('㉑' as u32 + n - 21),
        36..=50 => char::from_u32('㊱' as u32 + n - 36),
        _ => None,
    }
}

fn nth(signs: &str, n: u32) -> Option<String> {
    signs.chars().nth(n.checked_sub(1)? as usize).map(String::from)
}

fn han_digit(c: char) -> Option<char> {
    "〇一二三四五六七八九".chars().nth(c.to_digit(10)? as usize)
}

/// Digits from nought, and the signs of ten, a hundred, a thousand, ten thousand.
struct Signs {
    digits: [char; 10],
    units: [&'static str; 4],
    myriad: char,
}

const HAN: Signs = Signs {
    digits: ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'],
    units: ["", "十", "百", "千"],
    myriad: '万',
};
const LEGAL_SIMPLIFIED: Signs = Signs {
    digits: ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'],
    units: ["", "拾", "佰", "仟"],
    myriad: '万',
};
const LEGAL_TRADITIONAL: Signs = Signs {
    digits: ['零', '壹', '貳', '參', '肆', '伍', '陸', '柒', '捌', '玖'],
    units: ["", "拾", "佰", "仟"],
    myriad: '萬',
};

/// `short`: ten is `十`, not `一十`.
fn by_places(n: u32, signs: &Signs, short: bool) -> String {
    if n == 0 {
        return signs.digits[0].to_string();
    }
    if n >= 100_000_000 {
        return n.to_string();
    }
    let mut text = String::new();
    if n >= 10_000 {
        text.push_str(&by_places(n / 10_000, signs, short));
        text.push(signs.myriad);
    }
    let low = n % 10_000;
    let mut gap = n >= 10_000 && low < 1000;
    for (place, unit) in signs.units.iter().enumerate().rev() {
        let digit = (low / 10u32.pow(place as u32) % 10) as usize;
        if digit == 0 {
            gap |= low >= 10u32.pow(place as u32);
            continue;
        }
        if gap && !text.is_empty() {
            text.push(signs.digits[0]);
        }
        gap = false;
        if !(short && place == 1 && digit == 1 && text.is_empty()) {
            text.push(signs.digits[digit]);
        }
        text.push_str(unit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_lists_print_them() {
        for (format, n, expected) in [
            ("decimal", 7, "7"),
            ("decimalZero", 7, "07"),
            ("lowerRoman", 4, "iv"),
            ("upperRoman", 1999, "MCMXCIX"),
            ("lowerLetter", 28, "bb"),
            ("upperLetter", 26, "Z"),
            ("upperLetter", 4_000_000_000, "4000000000"),
            ("ordinal", 22, "22nd"),
            ("ordinal", 112, "112th"),
            ("cardinalText", 21, "Twenty-one"),
            ("ordinalText", 1, "First"),
            ("ordinalText", 2, "Second"),
            ("ordinalText", 3, "Third"),
            ("ordinalText", 5, "Fifth"),
            ("ordinalText", 8, "Eighth"),
            ("ordinalText", 12, "Twelfth"),
            ("ordinalText", 20, "Twentieth"),
            ("ordinalText", 21, "Twenty-first"),
            ("ordinalText", 32, "Thirty-second"),
            ("chineseCounting", 10, "十"),
            ("chineseCounting", 21, "二十一"),
            ("chineseCountingThousand", 10, "十"),
            ("chineseCountingThousand", 110, "一百一十"),
            ("chineseCountingThousand", 1005, "一千零五"),
            ("chineseCountingThousand", 20_300, "二万零三百"),
            ("taiwaneseCountingThousand", 12, "十二"),
            ("ideographDigital", 10, "一〇"),
            ("chineseLegalSimplified", 11, "壹拾壹"),
            ("ideographLegalTraditional", 3, "參"),
            ("ideographTraditional", 3, "丙"),
            ("ideographTraditional", 11, "11"),
            ("decimalEnclosedCircle", 12, "⑫"),
            ("decimalEnclosedParen", 2, "⑵"),
            ("decimalFullWidth", 12, "１２"),
            ("none", 3, ""),
            ("klingon", 3, "3"),
        ] {
            assert_eq!(written(format, n), expected, "{format} {n}");
        }
        assert_eq!(letters(28, b'a'), "ab");
        assert_eq!(letters(26, b'A'), "Z");
    }
}
