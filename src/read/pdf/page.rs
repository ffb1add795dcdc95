//! Characters with their positions into printed lines: what stands on one base line, from left to right, in parts
//! where the print leaves wide gaps.

/// A character as it is drawn.
#[derive(Debug, Clone)]
pub(super) struct Glyph {
    /// Where its base line begins, in points, from the left and from above, after rotation.
    pub x: f64,
    pub y: f64,
    pub width: f64,
    /// The size of the type.
    pub size: f64,
    /// Its text; empty where the font has no Unicode mapping.
    pub text: String,
}

/// Text of a line without a wide gap.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub left: f64,
    pub right: f64,
    pub text: String,
}

/// A printed line.
#[derive(Debug, Clone)]
pub(super) struct PrintedLine {
    /// Its base line, from above.
    pub y: f64,
    /// The size of most of its type.
    pub size: f64,
    pub parts: Vec<Part>,
    /// Small raised numbers and signs: marks of notes.
    pub marks: Vec<String>,
}

impl Part {
    /// The width of what could not be broken off its beginning: a word, or a Chinese character.
    pub fn first_word(&self, size: f64) -> f64 {
        if self.text.chars().next().is_some_and(is_wide) {
            return size;
        }
        let word = self.text.split(' ').next().map_or(0, |w| w.chars().count());
        (self.right - self.left) * word as f64 / self.text.chars().count().max(1) as f64
    }
}

impl PrintedLine {
    pub fn left(&self) -> f64 {
        self.parts.first().map_or(0.0, |p| p.left)
    }

    pub fn right(&self) -> f64 {
        self.parts.last().map_or(0.0, |p| p.right)
    }
}

/// Base lines closer than this share of the type's size are one line: superscripts are raised by a third, lines of
/// text are at least one size apart.
const SAME_LINE: f64 = 0.5;

/// A gap wider than this, in sizes, parts a line: one and a half times a Chinese character, which justified text
/// hardly leaves.
const WIDE_GAP: f64 = 1.5;

/// A gap from here on is a space: between Latin characters a space is at least a quarter wide and kerning below a
/// tenth; between Chinese and Latin the program leaves up to a quarter by itself; between Chinese characters
/// justification leaves more.
fn space_from(last: char, first: char) -> f64 {
    match (is_wide(last), is_wide(first)) {
        // The number of a list item: `1.` and a tab.
        (false, true) if matches!(last, '.' | ')') => 0.17,
        (false, false) => 0.17,
        (true, true) => 0.8,
        _ => 0.45,
    }
}

fn is_wide(c: char) -> bool {
    matches!(c as u32, 0x2E80..=0x9FFF | 0xF900..=0xFAFF | 0xFE30..=0xFE4F | 0xFF00..=0xFF60 | 0x20000..=0x3FFFF)
        || matches!(c, '“' | '”' | '‘' | '’' | '…' | '—')
}

/// The lines of a page, from above.
pub(super) fn lines_of(mut glyphs: Vec<Glyph>) -> Vec<PrintedLine> {
    glyphs.retain(|g| g.x.is_finite() && g.y.is_finite() && g.width.is_finite() && g.size.is_finite());
    glyphs.sort_by(|a, b| a.y.total_cmp(&b.y));
    // Characters of exactly one base line first, then base lines that belong together.
    let mut rows: Vec<Vec<Glyph>> = Vec::new();
    for glyph in glyphs {
        match rows.last_mut() {
            Some(row) if glyph.y - row[0].y <= 0.05 * glyph.size.max(1.0) => row.push(glyph),
            _ => rows.push(vec![glyph]),
        }
    }
    let mut merged: Vec<Vec<Glyph>> = Vec::new();
    let mut base: Option<(f64, f64, usize)> = None;
    for row in rows {
        let (y, size) = (row[0].y, row.iter().map(|g| g.size).fold(0.0, f64::max));
        let joins = base.is_some_and(|(by, bsize, _)| y - by < SAME_LINE * bsize.max(size));
        match merged.last_mut() {
            Some(last) if joins => {
                let (_, bsize, count) = base.unwrap_or((y, size, 0));
                if row.len() > count || size > bsize {
                    base = Some((y, bsize.max(size), row.len().max(count)));
                }
                last.extend(row);
            }
            _ => {
                base = Some((y, size, row.len()));
                merged.push(row);
            }
        }
    }
    merged.into_iter().filter_map(line_of).collect()
}

fn line_of(mut row: Vec<Glyph>) -> Option<PrintedLine> {
    // What is drawn first stands first where two characters begin at one place.
    row.sort_by(|a, b| a.x.total_cmp(&b.x));
    let size = main_size(&row);
    let y = row.iter().filter(|g| g.size >= 0.8 * size).map(|g| g.y).fold(f64::MIN, f64::max);
    let marks = marks_of(&row, y, size);
    let mut parts: Vec<Part> = Vec::new();
    let mut spaced = false;
    let mut before: Option<(f64, String)> = None;
    for glyph in &row {
        if glyph.text.chars().all(char::is_whitespace) {
            spaced |= !glyph.text.is_empty();
            continue;
        }
        // Drawn twice for bold type.
        if before.as_ref().is_some_and(|(x, text)| *text == glyph.text && glyph.x - x < 0.15 * glyph.size) {
            continue;
        }
        before = Some((glyph.x, glyph.text.clone()));
        let right = glyph.x + glyph.width.max(0.0);
        match parts.last_mut() {
            Some(part) if glyph.x - part.right < WIDE_GAP * size => {
                let (last, first) = (part.text.chars().next_back(), glyph.text.chars().next());
                let from = last.zip(first).map_or(0.2, |(l, f)| space_from(l, f));
                let gap = glyph.x - part.right;
                if (spaced && gap > 0.05 * size) || gap > from * size {
                    part.text.push(' ');
                }
                part.text.push_str(&glyph.text);
                part.right = part.right.max(right);
            }
            _ => parts.push(Part { left: glyph.x, right, text: glyph.text.clone() }),
        }
        spaced = false;
    }
    (!parts.is_empty()).then_some(PrintedLine { y, size, parts, marks })
}

/// Raised by a sixth of the size at least, and smaller by a fifth: signs and numbers that point to notes.
fn marks_of(row: &[Glyph], y: f64, size: f64) -> Vec<String> {
    let mut marks: Vec<String> = Vec::new();
    let mut goes_on = false;
    for glyph in row {
        let raised = glyph.size < 0.8 * size && glyph.y < y - size / 6.0;
        let sign = glyph.text.chars().all(|c| c.is_ascii_digit() || "*†‡§".contains(c));
        if raised && sign {
            match marks.last_mut() {
                Some(mark) if goes_on => mark.push_str(&glyph.text),
                _ => marks.push(glyph.text.clone()),
            }
        }
        goes_on = raised && sign;
    }
    marks
}

/// The size of most characters.
fn main_size(row: &[Glyph]) -> f64 {
    let mut sizes: Vec<f64> = row.iter().map(|g| g.size).collect();
    sizes.sort_by(f64::total_cmp);
    sizes[sizes.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Characters of a width each, set at a place.
    fn set(text: &str, x: f64, y: f64, size: f64) -> Vec<Glyph> {
        let width = |c: char| if is_wide(c) { size } else { size / 2.0 };
        let mut at = x;
        text.chars()
            .map(|c| {
                let glyph = Glyph { x: at, y, width: width(c), size, text: c.to_string() };
                at += width(c);
                glyph
            })
            .collect()
    }

    fn texts(glyphs: Vec<Glyph>) -> Vec<Vec<String>> {
        lines_of(glyphs).into_iter().map(|l| l.parts.into_iter().map(|p| p.text).collect()).collect()
    }

    #[test]
    fn superscripts_stay_in_their_line() {
        let mut glyphs = set("rule of law,", 50.0, 100.0, 10.0);
        glyphs.extend(set("1", 110.0, 96.5, 6.0));
        glyphs.extend(set("next line", 50.0, 112.0, 10.0));
        assert_eq!(texts(glyphs), [["rule of law,1"], ["next line"]]);
    }

    #[test]
    fn wide_gaps_part_a_line() {
        let mut glyphs = set("部分", 50.0, 100.0, 10.0);
        glyphs.extend(set("条款", 150.0, 100.2, 10.0));
        assert_eq!(texts(glyphs), [["部分", "条款"]]);
    }

    #[test]
    fn spaces_come_from_gaps() {
        let mut glyphs = set("two", 50.0, 100.0, 10.0);
        glyphs.extend(set("words", 68.0, 100.0, 10.0));
        glyphs.extend(set("第", 50.0, 120.0, 10.0));
        glyphs.extend(set("217", 62.5, 120.0, 10.0));
        assert_eq!(texts(glyphs), [["two words"], ["第217"]]);
    }
}
