//! The numbers of a DOCX: the mark that Word prints before a paragraph, counted as Word counts.
//!
//! Lists that share an abstract definition share their counters, unless a list starts anew (`w:startOverride`).

use super::styles::Styles;
use crate::error::Result;
use crate::read::office::numerals::written;
use crate::read::office::xml::{Node, Ns, Tag, Xml};
use std::collections::{HashMap, HashSet};

/// The levels of a list (ECMA-376-1, 17.9.6).
const LEVELS: usize = 9;
/// Longer patterns of marks are cut. Chosen: the pattern of nine levels has about thirty characters.
pub(in crate::read::office) const LONGEST_PATTERN: usize = 64;

#[derive(Debug, Clone)]
struct Level {
    start: u32,
    format: String,
    pattern: String,
    space: &'static str,
    /// Starts anew after this level (1-based) or a higher one; 0 for never.
    restart: Option<usize>,
    /// All numbers in the mark are digits.
    legal: bool,
    style: Option<String>,
}

#[derive(Debug, Default)]
struct Abstract {
    levels: [Option<Level>; LEVELS],
    /// Defined by the list that this style names.
    link: Option<String>,
}

#[derive(Debug, Default)]
struct List {
    definition: i64,
    starts: [Option<u32>; LEVELS],
    levels: [Option<Level>; LEVELS],
}

/// The lists of a document and how far they have counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    definitions: HashMap<i64, Abstract>,
    lists: HashMap<i64, List>,
    counters: HashMap<i64, [Option<u32>; LEVELS]>,
    begun: HashSet<(i64, usize)>,
}

impl Numbering {
    /// Reads `numbering.xml`.
    pub fn read(part: &str, text: &str) -> Result<Numbering> {
        let mut xml = Xml::new(part, text);
        let mut numbering = Numbering::default();
        xml.root()?;
        while let Some(node) = xml.next()? {
            let Node::Open(tag) = node else { continue };
            match (tag.ns, tag.local) {
                (Ns::W, "abstractNum") => {
                    let id = tag.number(Ns::W, "abstractNumId").unwrap_or(-1);
                    let definition = read_definition(&mut xml)?;
                    numbering.definitions.insert(id, definition);
                }
                (Ns::W, "num") => {
                    let id = tag.number(Ns::W, "numId").unwrap_or(-1);
                    let list = read_list(&mut xml)?;
                    numbering.lists.insert(id, list);
                }
                _ => xml.skip()?,
            }
        }
        Ok(numbering)
    }

    /// The definition of a list, through the style that names it if need be.
    fn definition(&self, list: &List, styles: &Styles) -> i64 {
        let link = self.definitions.get(&list.definition).and_then(|d| d.link.as_deref());
        let linked = link.and_then(|style| styles.list_of(style)).and_then(|id| self.lists.get(&id));
        linked.map_or(list.definition, |l| l.definition)
    }

    /// Counts one paragraph and gives its mark and what stands between it and the text. `style` is the style that
    /// names the list, for paragraphs that do not say their level.
    pub fn next(
        &mut self,
        list_id: i64,
        level: Option<usize>,
        style: Option<&str>,
        styles: &Styles,
    ) -> Option<(String, &'static str)> {
        let list = self.lists.get(&list_id)?;
        let definition = self.definition(list, styles);
        let levels = &self.definitions.get(&definition)?.levels;
        let get = |i: usize| list.levels[i].as_ref().or(levels[i].as_ref());
        let of_style = || {
            let style = style?;
            (0..LEVELS).find(|&i| get(i).is_some_and(|l| l.style.as_deref() == Some(style)))
        };
        let at = level.or_else(of_style).unwrap_or(0).min(LEVELS - 1);
        let here = get(at)?;
        let counters = self.counters.entry(definition).or_default();
        let anew = list.starts[at].filter(|_| self.begun.insert((list_id, at)));
        counters[at] = Some(match (anew, counters[at]) {
            (Some(start), _) => start,
            (None, None) => here.start,
            (None, Some(n)) => n.saturating_add(1),
        });
        for deeper in at + 1..LEVELS {
            let after = get(deeper).and_then(|l| l.restart).unwrap_or(deeper);
            if at < after {
                counters[deeper] = None;
            }
        }
        for (i, counter) in counters.iter_mut().enumerate().take(at) {
            counter.get_or_insert(get(i).map_or(1, |l| l.start));
        }
        let counters = *counters;
        let number = |i: usize| {
            let format = get(i).map_or("decimal", |l| l.format.as_str());
            let format = if here.legal && format != "none" { "decimal" } else { format };
            counters[i].map_or(String::new(), |n| written(format, n))
        };
        let mark =
            if here.format == "bullet" { bullet(&here.pattern) } else { filled(&here.pattern, number) };
        let mark = mark.trim().to_string();
        Some((mark, here.space))
    }
}

/// `"%1.%2"` with numbers in it.
fn filled(pattern: &str, number: impl Fn(usize) -> String) -> String {
    let mut mark = String::new();
    let mut characters = pattern.chars().peekable();
    while let Some(c) = characters.next() {
        let level = characters.peek().filter(|_| c == '%').and_then(|d| d.to_digit(10)).filter(|&d| d > 0);
        match level {
            Some(level) => {
                characters.next();
                mark.push_str(&number(level as usize - 1));
            }
            None => mark.push(c),
        }
    }
    mark
}

/// A bullet; those of symbol fonts stand at private places of Unicode and are all shown as `•`, as is the `o` that
/// Word takes for a ring.
pub(in crate::read::office) fn bullet(pattern: &str) -> String {
    let mut characters = pattern.chars();
    match (characters.next(), characters.next()) {
        (None, _) => String::new(),
        (Some('o' | '\u{E000}'..='\u{F8FF}' | '·' | '\u{FFFD}'), None) => "•".into(),
        _ => pattern.into(),
    }
}

fn read_definition(xml: &mut Xml) -> Result<Abstract> {
    let mut definition = Abstract::default();
    while let Some(node) = xml.next()? {
        let Node::Open(tag) = node else { continue };
        match (tag.ns, tag.local) {
            (Ns::W, "lvl") => {
                let index = index(&tag);
                let level = read_level(xml)?;
                if let Some(place) = index.and_then(|i| definition.levels.get_mut(i)) {
                    *place = Some(level);
                }
                continue;
            }
            (Ns::W, "numStyleLink") => definition.link = tag.get(Ns::W, "val").map(str::to_string),
            _ => {}
        }
        xml.skip()?;
    }
    Ok(definition)
}

fn index(tag: &Tag) -> Option<usize> {
    tag.number(Ns::W, "ilvl")
}

fn read_list(xml: &mut Xml) -> Result<List> {
    let mut list = List::default();
    while let Some(node) = xml.next()? {
        let Node::Open(tag) = node else { continue };
        match (tag.ns, tag.local) {
            (Ns::W, "abstractNumId") => list.definition = tag.number(Ns::W, "val").unwrap_or(-1),
            (Ns::W, "lvlOverride") => {
                let place = index(&tag).filter(|&i| i < LEVELS);
                while let Some(node) = xml.next()? {
                    let Node::Open(tag) = node else { continue };
                    match (tag.ns, tag.local) {
                        (Ns::W, "startOverride") => {
                            if let Some(i) = place {
                                list.starts[i] = tag.number(Ns::W, "val");
                            }
                        }
                        (Ns::W, "lvl") => {
                            let level = read_level(xml)?;
                            if let Some(i) = place {
                                list.levels[i] = Some(level);
                            }
                            continue;
                        }
                        _ => {}
                    }
                    xml.skip()?;
                }
                continue;
            }
            _ => {}
        }
        xml.skip()?;
    }
    Ok(list)
}

fn read_level(xml: &mut Xml) -> Result<Level> {
    let mut level = Level {
        start: 0,
        format: "decimal".into(),
        pattern: String::new(),
        space: " ",
        restart: None,
        legal: false,
        style: None,
    };
    let mut nodes = Vec::new();
    while let Some(node) = xml.next()? {
        let Node::Open(tag) = node else { continue };
        let value = tag.get(Ns::W, "val").unwrap_or_default();
        match (tag.ns, tag.local) {
            (Ns::W, "start") => level.start = value.parse().unwrap_or(1),
            (Ns::W, "numFmt") => level.format = value.to_string(),
            (Ns::W, "lvlText") => level.pattern = value.chars().take(LONGEST_PATTERN).collect(),
            (Ns::W, "lvlRestart") => level.restart = value.parse().ok(),
            (Ns::W, "isLgl") => level.legal = tag.is_on(),
            (Ns::W, "pStyle") => level.style = Some(value.to_string()),
            (Ns::W, "suff") if value == "nothing" => level.space = "",
            // A choice between formats that only newer programs know, and one for the others.
            (Ns::Mc, "AlternateContent") => {
                nodes.clear();
                while let Some(node) = xml.next()? {
                    let Node::Open(choice) = node else { continue };
                    let choice = choice.is(Ns::Mc, "Choice");
                    while let Some(node) = xml.next()? {
                        let Node::Open(tag) = node else { continue };
                        if tag.is(Ns::W, "numFmt") {
                            nodes.push((choice, tag.get(Ns::W, "val").unwrap_or_default().to_string()));
                        }
                        xml.skip()?;
                    }
                }
                // `custom` formats are Word's own; the fallback names the nearest.
                let known = nodes.drain(..).filter(|(_, f)| f != "custom").min_by_key(|(choice, _)| !choice);
                level.format = known.map_or("decimal".into(), |(_, format)| format);
                continue;
            }
            _ => {}
        }
        xml.skip()?;
    }
    Ok(level)
}
