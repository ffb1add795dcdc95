//! The layout of a document: is it wrapped, how wide is it set, how does it mark paragraphs; and from that, for two
//! neighbouring lines, whether the second goes on where the first ends.
//!
//! All measures are learned from the document itself. What the words say comes from the line's ends; this module
//! does not touch the text.

use super::ends::{Ending, Opening, ending, is_standing_title, opening};
use super::lines::{Line, proportional_width_of, width_of};
use crate::model::Lang;

/// A line with what the layout needs to know about it.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    /// Columns right of the page's left margin.
    pub indent: usize,
    /// The column where the text ends, counted from the margin.
    pub edge: usize,
    /// The columns its first unbreakable part takes: what would have had to fit on the line before.
    pub first: usize,
    /// The line's text width.
    pub width: usize,
    /// Empty lines before it.
    pub gap: usize,
    /// White space after its text.
    pub trailing: bool,
    /// How it ends.
    pub ending: Ending,
    /// How it begins.
    pub opening: Opening,
    /// It is a title that stands alone.
    pub alone: bool,
    /// It opens a bracket or quotation that it does not close.
    unclosed: bool,
    /// It closes a bracket or quotation before it opens one.
    closes: bool,
}

/// How the widths of lines are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TypeFace {
    /// In columns, as in files made for the screen and in extractions that keep the layout.
    Fixed,
    /// As a serif face sets them, as in extractions that do not.
    Proportional,
}

/// What a document's layout is like.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// Whether lines were wrapped at all.
    pub wrapped: bool,
    /// The right margin, in columns.
    right: usize,
    /// A line is short, and so the last of its paragraph, when its edge plus the next line's first part stays below.
    full: usize,
    /// Empty lines between two lines of one paragraph.
    pub gap: usize,
    /// Whether paragraphs are told by more empty lines.
    by_gap: bool,
    /// Whether paragraphs are told by an indented first line.
    by_indent: bool,
    /// Whether white space at the line's end tells a paragraph's end, as in some PDF extractions.
    by_trailing: bool,
    /// How much the lines' ends spread, as a share of the right margin: the smaller, the better the widths are
    /// understood.
    pub spread: f64,
    /// The widest edge among indented lines, for titles set narrower than the text.
    title: usize,
}

/// Wider than this, a line was not wrapped for paper or screen.
const WIDEST: usize = 220;

/// The narrowest columns worth un-wrapping: twelve Han characters, thirty Latin letters. Verse is narrower.
fn narrowest(lang: Lang) -> usize {
    match lang {
        Lang::Zh => 24,
        Lang::En => 30,
    }
}

/// The part of a line's beginning that cannot be broken: a word, or a Han character with its punctuation.
fn first_part(text: &str) -> &str {
    let mut characters = text.char_indices().peekable();
    let mut end = 0;
    // Opening marks stick to what follows.
    while let Some(&(at, c)) = characters.peek() {
        if !"“‘（(《〈「『【[\"'".contains(c) {
            break;
        }
        end = at + c.len_utf8();
        characters.next();
    }
    if let Some((at, c)) = characters.next() {
        end = at + c.len_utf8();
        if is_narrow(c) {
            while let Some(&(at, c)) = characters.peek() {
                if !is_narrow(c) {
                    break;
                }
                end = at + c.len_utf8();
                characters.next();
                // A line may be broken after a hyphen.
                if matches!(c, '-' | '\u{2010}') {
                    return &text[..end];
                }
            }
        }
    }
    for (at, c) in characters {
        if !"，。、；：！？）】」』》〉”’％%,.;:!?)]…\"'".contains(c) {
            break;
        }
        end = at + c.len_utf8();
    }
    &text[..end]
}

/// A character of a word that is not broken: anything but white space and wide characters.
fn is_narrow(c: char) -> bool {
    !c.is_whitespace() && width_of(c.encode_utf8(&mut [0; 4])) <= 1 && !"“”‘’…—".contains(c)
}

/// The shapes of lines, margins taken page by page. `lines` are those that are no furniture.
pub(super) fn shapes(text: &str, lines: &[Line], lang: Lang, type_face: TypeFace) -> Vec<Shape> {
    let width = |text: &str| match type_face {
        TypeFace::Fixed => width_of(text),
        TypeFace::Proportional => proportional_width_of(text),
    };
    let mut shapes = Vec::with_capacity(lines.len());
    let mut start = 0;
    while start < lines.len() {
        let end = (start + 1..lines.len()).find(|&i| lines[i].feed).unwrap_or(lines.len());
        let page = &lines[start..end];
        let margin = left_margin(page);
        for line in page {
            let content = &text[line.content.clone()];
            let indent = line.indent.saturating_sub(margin);
            let columns = width(content);
            shapes.push(Shape {
                indent,
                edge: indent + columns,
                first: width(first_part(content)),
                width: columns,
                gap: line.gap,
                trailing: line.trailing,
                ending: ending(content, lang),
                opening: opening(content),
                alone: is_standing_title(content),
                unclosed: content.chars().rev().find(|&c| is_bracket(c)).is_some_and(|c| OPENERS.contains(c)),
                closes: content.chars().find(|&c| is_bracket(c)).is_some_and(|c| !OPENERS.contains(c)),
            });
        }
        start = end;
    }
    shapes
}

const OPENERS: &str = "（(《〈「『【[“";

fn is_bracket(c: char) -> bool {
    "（(《〈「『【[“）)》〉」』】]”".contains(c)
}

/// The smallest indent that at least one in seven of the page's longer lines have. Less is an accident or a mark in
/// the margin; continuation lines are more than one in seven wherever there is something to un-wrap.
fn left_margin(page: &[Line]) -> usize {
    let widest = page.iter().map(|l| l.width).max().unwrap_or(0);
    let mut indents: Vec<usize> = page.iter().filter(|l| l.width * 2 >= widest).map(|l| l.indent).collect();
    indents.sort_unstable();
    let share = indents.len() / 7;
    let at = indents.iter().copied().find(|&i| indents.partition_point(|&x| x <= i) > share);
    at.unwrap_or(0)
}

impl Shape {
    fn is_open(&self) -> bool {
        matches!(self.ending, Ending::Open | Ending::Comma | Ending::Dangling | Ending::Hyphen)
    }
}

impl Layout {
    /// Learns the layout of a document.
    pub fn measure(shapes: &[Shape], lang: Lang) -> Layout {
        let mut layout = Layout {
            wrapped: false,
            right: 0,
            full: 0,
            gap: 0,
            by_gap: false,
            by_indent: false,
            by_trailing: false,
            spread: 1.0,
            title: 0,
        };
        layout.find_right_margin(shapes, lang);
        if layout.wrapped {
            layout.find_paragraph_marks(shapes, lang);
        }
        layout
    }

    /// The margin at which most open lines end, and whether so many end there that it must be one.
    ///
    /// Wrapped lines end anywhere in a sentence and within one word of the margin; lines that were never wrapped end
    /// with their sentence, at all widths, and many are wider than any page.
    fn find_right_margin(&mut self, shapes: &[Shape], lang: Lang) {
        let mut counts = vec![0.0f64; WIDEST + 1];
        for pair in shapes.windows(2) {
            let (a, b) = (&pair[0], &pair[1]);
            if a.is_open() && a.edge <= WIDEST && !b.alone {
                counts[a.edge] += match (lang, b.opening) {
                    (_, Opening::HeadingMark | Opening::ListMark) => 0.0,
                    (_, Opening::Closing) => 0.0,
                    (Lang::En, Opening::Lower) => 1.0,
                    // Half of the continuation lines that begin otherwise are beginnings of something.
                    (Lang::En, _) => 0.4,
                    (Lang::Zh, _) => 1.0,
                };
            }
        }
        let mut best = (0.0, 0);
        for right in narrowest(lang)..=WIDEST {
            // Ragged English leaves up to a long word free, proportional type varies by a tenth.
            let window = match lang {
                Lang::En => right * 17 / 100,
                Lang::Zh => (right / 10).max(4),
            };
            let support: f64 = counts[right - window..=right].iter().sum();
            if support > best.0 {
                best = (support, right);
            }
        }
        let (support, right) = best;
        self.right = right;
        let wide = shapes.iter().filter(|s| s.edge > right + right / 4).count();
        let lines = shapes.len();
        self.wrapped = support >= 1.9 && support >= 0.2 * lines as f64 && support > 2.0 * wide as f64;
    }

    fn find_paragraph_marks(&mut self, shapes: &[Shape], lang: Lang) {
        let right = self.right;
        // Pairs that surely belong together, by words and width alone.
        let sure = |a: &Shape, b: &Shape| {
            a.is_open()
                && a.edge * 10 >= right * 7
                && a.edge * 4 <= right * 5
                && match lang {
                    Lang::En => b.opening == Opening::Lower,
                    Lang::Zh => b.opening == Opening::Other && !b.alone && a.edge * 100 >= right * 85,
                }
        };
        let joins: Vec<(&Shape, &Shape)> =
            shapes.windows(2).map(|p| (&p[0], &p[1])).filter(|(a, b)| sure(a, b)).collect();
        self.gap = mode(joins.iter().map(|(_, b)| b.gap.min(4)));
        let mut reach: Vec<usize> =
            joins.iter().filter(|(_, b)| b.gap == self.gap).map(|(a, b)| self.reach(a, b, lang)).collect();
        reach.sort_unstable();
        if let (Some(low), Some(high)) = (reach.get(reach.len() / 10), reach.get(reach.len() * 9 / 10)) {
            self.spread = (high - low) as f64 / right as f64;
        }
        let low = reach.get(reach.len() / 30).copied().unwrap_or(right);
        self.full = low.clamp(right * 3 / 4, right + 1);
        // Paragraphs that surely end: short lines, very short ones if no sentence ends there.
        let breaks: Vec<(&Shape, &Shape)> = shapes
            .windows(2)
            .map(|p| (&p[0], &p[1]))
            .filter(|(a, b)| {
                let reach = self.reach(a, b, lang);
                (a.ending == Ending::Sentence && reach + 2 < self.full) || reach * 10 < self.full * 8
            })
            .collect();
        let share = |pairs: &[(&Shape, &Shape)], test: &dyn Fn(&Shape, &Shape) -> bool| {
            let hits = pairs.iter().filter(|(a, b)| test(a, b)).count();
            if pairs.is_empty() { 0.0 } else { hits as f64 / pairs.len() as f64 }
        };
        let gap = self.gap;
        let tells = |test: &dyn Fn(&Shape, &Shape) -> bool| {
            breaks.len() >= 2 && share(&breaks, test) >= 0.6 && share(&joins, test) <= 0.15
        };
        self.by_gap = tells(&|_, b| b.gap > gap);
        self.by_indent = tells(&|_, b| b.indent > 0);
        self.by_trailing = tells(&|a, _| a.trailing);
        let titles = shapes.iter().filter(|s| s.indent > 1 && s.edge <= right);
        self.title = titles.map(|s| s.edge).max().unwrap_or(0);
    }

    /// Where the first line would have ended with the second's first part on it.
    fn reach(&self, a: &Shape, b: &Shape, lang: Lang) -> usize {
        let space = match lang {
            Lang::En => usize::from(a.ending != Ending::Hyphen),
            Lang::Zh => 0,
        };
        a.edge + space + b.first
    }

    /// The widest that a line can be, in columns.
    pub fn widest(&self) -> usize {
        self.right + self.right / 10
    }

    /// Whether line `b` goes on where line `a` ends. `seam`: a page ended between them.
    ///
    /// A sum of votes; positive means together. The votes were set by hand and adjusted on the sample letter and on texts
    /// re-wrapped by a program; they are not fitted. The sizes say which sign overrules which: an empty line overrules
    /// all but a page seam, an indent overrules width, width overrules what the words allow.
    pub fn joins(&self, a: &Shape, b: &Shape, seam: bool, lang: Lang) -> bool {
        if b.alone || a.alone {
            return false;
        }
        let reach = self.reach(a, b, lang);
        let seam = seam || b.gap < self.gap;
        let titles = a.indent > 1 && b.indent > 1 && a.indent == b.indent && self.by_indent;
        let full = if titles { (self.title - self.title / 20).min(self.full) } else { self.full };
        let is_full = reach >= full;
        if seam {
            return match b.opening {
                Opening::Closing => true,
                Opening::HeadingMark => false,
                Opening::Lower => a.is_open() && a.edge * 2 > self.right,
                Opening::ListMark => is_full && a.is_open(),
                // A full line that ends with its sentence is more often one within a paragraph than a
                // paragraph's last.
                Opening::Other => {
                    (a.is_open() && a.edge * 10 >= self.right * 8)
                        || is_full
                            && (a.is_open()
                                || a.ending == Ending::Sentence && b.indent == 0 && b.edge * 2 > self.right)
                }
            };
        }
        let mut votes = 0.0;
        votes += match a.ending {
            Ending::Sentence => -1.5,
            Ending::Colon => -1.5,
            Ending::Semicolon => -1.0,
            Ending::Hyphen => 4.5,
            Ending::Comma => 2.0,
            Ending::Dangling => 4.0,
            Ending::Open => 1.0,
        };
        votes += match b.opening {
            Opening::Closing => 5.0,
            Opening::Lower if a.is_open() => 3.0,
            Opening::Lower => 0.5,
            Opening::ListMark if a.is_open() => -1.5,
            Opening::ListMark => -3.0,
            Opening::HeadingMark => -3.0,
            Opening::Other => 0.0,
        };
        votes += if is_full {
            2.0
        } else if reach * 10 >= full * 9 {
            if a.is_open() { -0.5 } else { -1.5 }
        } else {
            -3.5
        };
        if a.unclosed && b.closes {
            votes += 2.0;
        }
        if b.gap > self.gap {
            votes -= 7.0;
        } else if self.by_gap {
            votes += 1.5;
        }
        if self.by_indent && !titles {
            votes += if b.indent > 0 && b.indent != a.indent {
                -5.0
            } else if b.indent > 0 {
                -3.0
            } else {
                1.5
            };
        } else if b.indent > a.indent {
            votes -= 1.5;
        }
        if self.by_trailing && !titles {
            votes += if a.trailing { -1.5 } else { 1.0 };
        }
        votes > 0.0
    }
}

/// The most frequent value, the smallest of equals; 0 where there is none.
fn mode(values: impl Iterator<Item = usize>) -> usize {
    let mut counts = [0usize; 5];
    values.for_each(|v| counts[v.min(4)] += 1);
    (0..counts.len()).max_by_key(|&i| (counts[i], counts.len() - i)).unwrap_or(0)
}
