//! A text as folded characters with their byte offsets: the ground all readers of expressions stand on.
//!
//! Folding maps one character to one character: full-width forms to ASCII, every dash to `-`, traditional and
//! financial numerals to the plain ones. Offsets stay those of the original text.

/// Folded characters of a text.
pub(super) struct Scan {
    pub chars: Vec<char>,
    offsets: Vec<usize>,
}

impl Scan {
    pub fn new(text: &str) -> Scan {
        let mut chars = Vec::with_capacity(text.len());
        let mut offsets = Vec::with_capacity(text.len() + 1);
        for (at, c) in text.char_indices() {
            chars.push(fold(c));
            offsets.push(at);
        }
        offsets.push(text.len());
        Scan { chars, offsets }
    }

    /// The character at `i`, or NUL beyond the end.
    pub fn at(&self, i: usize) -> char {
        self.chars.get(i).copied().unwrap_or('\0')
    }

    /// The character before `i`, or NUL at the start.
    pub fn before(&self, i: usize) -> char {
        if i == 0 { '\0' } else { self.at(i - 1) }
    }

    /// The byte offset of character `i`.
    pub fn byte(&self, i: usize) -> usize {
        self.offsets[i.min(self.chars.len())]
    }

    /// Whether the text goes on with `word` at `i`.
    pub fn starts(&self, i: usize, word: &str) -> bool {
        word.chars().enumerate().all(|(k, c)| self.at(i + k) == c)
    }

    /// The first of `words` that the text goes on with at `i`.
    pub fn first_of<'w>(&self, i: usize, words: &[&'w str]) -> Option<&'w str> {
        words.iter().copied().find(|w| self.starts(i, w))
    }

    /// Whether the text before `i` ends with `word`.
    pub fn ends(&self, i: usize, word: &str) -> bool {
        let n = word.chars().count();
        i >= n && self.starts(i - n, word)
    }

    /// The length of a currency's letters at `i` (ISO 4217, or `RMB`), if digits follow at once: `RMB88.5`.
    pub fn money_code(&self, i: usize) -> Option<usize> {
        const CODES: [&str; 10] = ["RMB", "CNY", "USD", "HKD", "EUR", "GBP", "JPY", "AUD", "CAD", "SGD"];
        if !self.at(i).is_ascii_uppercase() || self.before(i).is_ascii_alphanumeric() {
            return None;
        }
        let code = self.first_of(i, &CODES)?;
        self.at(i + code.len()).is_ascii_digit().then_some(code.len())
    }

    /// Whether such letters end before `i`.
    pub fn after_money_code(&self, i: usize) -> bool {
        i >= 3 && self.money_code(i - 3) == Some(3)
    }

    /// The index after any blanks at `i`, at most `limit` of them.
    pub fn skip_blanks(&self, mut i: usize, limit: usize) -> usize {
        let end = i + limit;
        while i < end && matches!(self.at(i), ' ' | '\t' | '\u{a0}' | '\u{202f}' | '\u{2009}') {
            i += 1;
        }
        i
    }
}

fn fold(c: char) -> char {
    match c {
        ' '..='~' => c,
        '\u{ff01}'..='\u{ff5e}' if !matches!(c, '，' | '；' | '！' | '？') => {
            char::from_u32(c as u32 - 0xfee0).unwrap_or(c)
        }
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '﹣' | '〜' | '～' => '-',
        '〇' | '○' | '零' => '零',
        '壹' => '一',
        '贰' | '貳' => '二',
        '叁' | '參' => '三',
        '肆' => '四',
        '伍' => '五',
        '陸' => '六',
        '柒' => '七',
        '捌' => '八',
        '玖' => '九',
        '拾' => '十',
        '佰' => '百',
        '仟' => '千',
        '萬' => '万',
        '億' => '亿',
        '兩' => '两',
        '點' => '点',
        '時' => '时',
        '號' => '号',
        '紀' => '纪',
        '幾' => '几',
        '數' => '数',
        '餘' => '余',
        '個' => '个',
        '週' => '周',
        '間' => '间',
        '條' => '条',
        '節' => '节',
        '圓' => '元',
        '’' => '\'',
        _ => c,
    }
}
