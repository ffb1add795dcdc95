//! List marks at the start of a segment: `一、`, `（一）`, `1.`, `①`, `(a)`, `IV.`, `第三章`, `Chapter III`.
//!
//! A mark has a shape and an ordinal; the ordinal is what two languages share, for `一、` is often `I.` or `1.`.

use super::chinese_number::numeral;
use super::english_number::roman;
use super::scan::Scan;

/// The mark of a list item or heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ListMark {
    /// The place in the list, from 1 (`a` is 1). A mark of several numbers (`2.3.1`) has its last one here.
    pub ordinal: u32,
    /// How many numbers the mark has: 3 for `2.3.1`.
    pub depth: u8,
    /// Whether it may also be another ordinal: `(i)` is 1, or 9 as a letter.
    pub ambiguous: Option<u32>,
    /// Length of the mark with the blanks after it, in bytes of the text.
    pub bytes: usize,
}

impl ListMark {
    /// Whether two marks may stand for the same place.
    pub fn agrees(&self, other: &ListMark) -> bool {
        let mine = [Some(self.ordinal), self.ambiguous];
        mine.iter().flatten().any(|&o| o == other.ordinal || Some(o) == other.ambiguous)
    }
}

/// Reads the list mark that a text of either language starts with.
///
/// ```
/// use duizhao::feature::marks::list_mark;
/// let zh = list_mark("（三）加强合作").unwrap();
/// assert!(zh.agrees(&list_mark("(c) Strengthen cooperation").unwrap()));
/// assert!(zh.agrees(&list_mark("III. Strengthen cooperation").unwrap()));
/// assert_eq!(list_mark("3.5 million people"), None);
/// ```
pub fn list_mark(text: &str) -> Option<ListMark> {
    let head: String = text.chars().take(48).collect();
    let scan = Scan::new(&head);
    let start = scan.skip_blanks(0, 8);
    let c = scan.at(start);
    let mark = |end: usize, ordinal: u32, depth: u8, ambiguous: Option<u32>| {
        (ordinal > 0).then(|| ListMark {
            ordinal,
            depth,
            ambiguous,
            bytes: scan.byte(scan.skip_blanks(end, 8)),
        })
    };
    if let Some(ordinal) = circled(c) {
        return mark(start + 1, ordinal, 1, None);
    }
    let open = c == '(' || c == '[';
    if c == '第' {
        let n = numeral(&scan, start + 1)?;
        let unit = "章节部条编款篇卷项".contains(scan.at(n.end)) && scan.at(n.end) != '\0';
        return if unit { mark(n.end + 1, u32::try_from(n.value.whole()?).ok()?, 1, None) } else { None };
    }
    for noun in ["Chapter ", "Part ", "Section ", "Article ", "CHAPTER ", "PART ", "SECTION ", "ARTICLE "] {
        if scan.starts(start, noun) {
            let at = start + noun.len();
            if let Some((end, value)) = roman(&scan, at) {
                return mark(end, value, 1, None);
            }
            let found = super::english_number::read(&scan, at)?;
            let super::Key::Number(n) = found.key else { return None };
            return mark(found.end, u32::try_from(n.whole()?).ok()?, 1, None);
        }
    }
    let at = start + usize::from(open);
    if scan.at(at).is_ascii_digit() {
        return numbered(&scan, at, open).and_then(|(end, ordinal, depth)| mark(end, ordinal, depth, None));
    }
    let closes = |end: usize| {
        if open { matches!(scan.at(end), ')' | ']') } else { matches!(scan.at(end), '.' | ')' | '、') }
    };
    let blank_after = |end: usize| open || scan.at(end) != '.' || matches!(scan.at(end + 1), ' ' | '\0');
    if let Some((end, value)) = roman(&scan, at).filter(|&(end, _)| closes(end) && blank_after(end)) {
        let letter = (end - at == 1).then(|| letter(scan.at(at)));
        return mark(end + 1, value, 1, letter.flatten());
    }
    if scan.at(at).is_ascii_lowercase() && scan.at(at + 1).is_ascii_lowercase() && open {
        let upper: String = head.chars().map(|c| c.to_ascii_uppercase()).collect();
        let upper = Scan::new(&upper);
        let (end, value) = roman(&upper, at).filter(|&(end, _)| closes(end))?;
        return mark(end + 1, value, 1, None);
    }
    if let Some(value) = letter(scan.at(at)) {
        let small = match scan.at(at) {
            'i' => Some(1),
            'v' => Some(5),
            'x' => Some(10),
            _ => None,
        };
        return if closes(at + 1)
            && blank_after(at + 1)
            && (open || scan.at(at + 1) == ')' || scan.at(at).is_ascii_uppercase())
        {
            mark(at + 2, value, 1, small)
        } else {
            None
        };
    }
    let n = numeral(&scan, at).filter(|n| !n.arabic)?;
    let done = if open { scan.at(n.end) == ')' } else { matches!(scan.at(n.end), '、' | '.' | '．') };
    // 三、四 lists numbers, it does not mark the third item.
    let series = !open && numeral(&scan, n.end + 1).is_some();
    if done && !series { mark(n.end + 1, u32::try_from(n.value.whole()?).ok()?, 1, None) } else { None }
}

/// `1.`, `1)`, `1、`, `2.3.1 `: a decimal number is none.
fn numbered(scan: &Scan, at: usize, open: bool) -> Option<(usize, u32, u8)> {
    let mut end = at;
    let mut depth = 0u8;
    let mut ordinal;
    loop {
        let first = end;
        ordinal = 0u32;
        while let Some(d) = scan.at(end).to_digit(10) {
            if end - first >= 3 {
                return None;
            }
            ordinal = ordinal * 10 + d;
            end += 1;
        }
        depth += 1;
        if scan.at(end) == '.' && scan.at(end + 1).is_ascii_digit() && depth < 6 {
            end += 1;
        } else {
            break;
        }
    }
    let c = scan.at(end);
    if open {
        return matches!(c, ')' | ']').then_some((end + 1, ordinal, depth));
    }
    match c {
        ')' | '、' => Some((end + 1, ordinal, depth)),
        '.' => Some((end + 1, ordinal, depth)).filter(|_| !scan.at(end + 1).is_ascii_alphanumeric()),
        ' ' if depth >= 3 => Some((end, ordinal, depth)),
        _ => None,
    }
}

fn letter(c: char) -> Option<u32> {
    c.is_ascii_alphabetic().then(|| u32::from(c.to_ascii_lowercase()) - u32::from('a') + 1)
}

fn circled(c: char) -> Option<u32> {
    let c = u32::from(c);
    match c {
        0x2460..=0x2473 => Some(c - 0x2460 + 1),
        0x2474..=0x2487 => Some(c - 0x2474 + 1),
        0x2488..=0x249b => Some(c - 0x2488 + 1),
        0x2776..=0x277f => Some(c - 0x2776 + 1),
        0x3220..=0x3229 => Some(c - 0x3220 + 1),
        _ => None,
    }
}
