//! The numbers of list items as a browser prints them.

use super::tokens::Element;

/// How a list numbers its items.
#[derive(Debug)]
pub(super) struct Numbering {
    style: Style,
    next: i64,
    step: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    None,
    Decimal,
    Letters { upper: bool },
    Roman { upper: bool },
    Chinese,
}

impl Numbering {
    pub fn of(list: &Element) -> Numbering {
        let ordered = list.name == "ol";
        let reversed = ordered && list.find("reversed").is_some();
        let start = list.attribute("start").trim().parse().unwrap_or(1);
        Numbering { style: style_of(list, ordered), next: start, step: if reversed { -1 } else { 1 } }
    }

    /// The mark of the item that begins; none where the list has bullets.
    ///
    /// The second item of `<ol type="a" start="3">` -> `d.`
    pub fn next_mark(&mut self, item: &Element) -> Option<String> {
        if let Ok(value) = item.attribute("value").trim().parse() {
            self.next = value;
        }
        let number = self.next;
        self.next = self.next.saturating_add(self.step);
        Some(match self.style {
            Style::None => return None,
            Style::Letters { upper } if number > 0 => format!("{}.", cased(letters(number), upper)),
            Style::Roman { upper } if (1..4000).contains(&number) => {
                format!("{}.", cased(roman(number), upper))
            }
            Style::Chinese if (1..100).contains(&number) => format!("{}、", chinese(number)),
            _ => format!("{number}."),
        })
    }
}

fn style_of(list: &Element, ordered: bool) -> Style {
    let css: String = list.attribute("style").chars().filter(|c| !c.is_whitespace()).collect();
    let css = css.to_ascii_lowercase();
    let told = ["list-style-type:", "list-style:"].iter().find_map(|p| css.split_once(p)).map(|(_, v)| v);
    match told.unwrap_or_default().split(';').next().unwrap_or_default() {
        "none" => return Style::None,
        "decimal" => return Style::Decimal,
        "lower-alpha" | "lower-latin" => return Style::Letters { upper: false },
        "upper-alpha" | "upper-latin" => return Style::Letters { upper: true },
        "lower-roman" => return Style::Roman { upper: false },
        "upper-roman" => return Style::Roman { upper: true },
        "cjk-ideographic" | "simp-chinese-informal" | "trad-chinese-informal" | "cjk-decimal" => {
            return Style::Chinese;
        }
        _ => {}
    }
    match list.attribute("type") {
        _ if !ordered => Style::None,
        "a" => Style::Letters { upper: false },
        "A" => Style::Letters { upper: true },
        "i" => Style::Roman { upper: false },
        "I" => Style::Roman { upper: true },
        _ => Style::Decimal,
    }
}

fn cased(text: String, upper: bool) -> String {
    if upper { text.to_ascii_uppercase() } else { text }
}

/// `1` -> `a`, `27` -> `aa`
fn letters(mut number: i64) -> String {
    let mut out = Vec::new();
    while number > 0 {
        number -= 1;
        out.push(b'a' + (number % 26) as u8);
        number /= 26;
    }
    out.iter().rev().map(|&b| char::from(b)).collect()
}

/// `9` -> `ix`
fn roman(mut number: i64) -> String {
    const PARTS: [(i64, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    let mut out = String::new();
    for (value, text) in PARTS {
        while number >= value {
            out.push_str(text);
            number -= value;
        }
    }
    out
}

/// `12` -> `十二`
fn chinese(number: i64) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let (tens, ones) = ((number / 10) as usize, (number % 10) as usize);
    let tens = match tens {
        0 => String::new(),
        1 => "十".to_string(),
        n => format!("{}十", DIGITS[n.min(9)]),
    };
    tens + DIGITS[ones]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_printed() {
        assert_eq!([letters(1), letters(26), letters(27)], ["a", "z", "aa"]);
        assert_eq!([roman(4), roman(29), roman(1999)], ["iv", "xxix", "mcmxcix"]);
        assert_eq!([chinese(3), chinese(10), chinese(12), chinese(20)], ["三", "十", "十二", "二十"]);
    }
}
