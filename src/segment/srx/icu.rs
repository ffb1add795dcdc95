//! ICU's regular expressions in the dialect of the `regex` crate, which knows no look-around and no backtracking.
//!
//! Translated: `\h \H \R \v \e \Z`, `\Q…\E`, `\uXXXX`, the property names of POSIX and Java (`\p{Upper}`,
//! `\p{IsHan}`), atomic groups and possessive quantifiers (as plain ones: they may match more), and look-around at
//! the edges of a pattern, which is checked apart. Refused: back references, `\G`, `\X`, look-around elsewhere.
//!
//! Source: ICU User Guide, "Regular Expressions"; documentation of the `regex` crate.

use crate::error::{Error, Result};
use regex::Regex;

/// A look-behind sees at most this many bytes back; ICU wants bounded ones too, and abbreviations are short.
const BEHIND: usize = 256;

/// Both patterns of a rule.
#[derive(Debug, Clone)]
pub(super) struct Patterns {
    ways: Vec<Way>,
}

/// One alternative of each pattern.
#[derive(Debug, Clone)]
struct Way {
    /// The first group is what stands before the place.
    regex: Regex,
    /// Checked where the match starts, at the place, and where the match ends.
    conditions: [Vec<Condition>; 3],
}

/// A look-around.
#[derive(Debug, Clone)]
struct Condition {
    regex: Regex,
    ahead: bool,
    wanted: bool,
}

impl Condition {
    fn holds(&self, text: &str, at: usize) -> bool {
        let part = if self.ahead {
            &text[at..]
        } else {
            let mut from = at.saturating_sub(BEHIND);
            while !text.is_char_boundary(from) {
                from += 1;
            }
            &text[from..at]
        };
        self.regex.is_match(part) == self.wanted
    }
}

impl Patterns {
    /// # Errors
    /// What cannot be translated.
    pub fn new(before: &str, after: &str) -> Result<Patterns> {
        let mut ways = Vec::new();
        for b in alternatives(before)? {
            for a in alternatives(after)? {
                let regex = compile(&format!("({})(?:{})", b.core, a.core), before, after)?;
                let mut place = b.trailing.clone();
                place.extend(a.leading.iter().cloned());
                let conditions = [b.leading.clone(), place, a.trailing];
                let conditions = conditions.map(|list| list.into_iter().map(|l| l.compile(before, after)));
                let [start, place, end] = conditions.map(|list| list.collect::<Result<Vec<_>>>());
                ways.push(Way { regex, conditions: [start?, place?, end?] });
            }
        }
        Ok(Patterns { ways })
    }

    /// Calls back for each place between the two patterns.
    pub fn places(&self, text: &str, found: &mut dyn FnMut(usize)) {
        for way in &self.ways {
            let mut from = 0;
            while let Some(captures) = way.regex.captures_at(text, from) {
                let (Some(whole), Some(before)) = (captures.get(0), captures.get(1)) else { break };
                let at = before.end();
                let spots = [whole.start(), at, whole.end()];
                let holds = |(list, spot): (&Vec<Condition>, usize)| list.iter().all(|c| c.holds(text, spot));
                if way.conditions.iter().zip(spots).all(holds) {
                    found(at);
                }
                // What follows the place may stand before the next one.
                let next = if at > whole.start() { at } else { whole.start() };
                let step = text[next..].chars().next().map_or(1, char::len_utf8);
                from = if at > whole.start() { at } else { next + step };
                if from > text.len() {
                    break;
                }
            }
        }
    }
}

fn compile(pattern: &str, before: &str, after: &str) -> Result<Regex> {
    Regex::new(pattern).map_err(|e| {
        let why = e.to_string();
        let last = why.lines().last().unwrap_or("").trim_start_matches("error: ").to_string();
        Error::malformed(format!(
            "the rule {before:?} | {after:?} has a regular expression that cannot be used: {last}"
        ))
    })
}

#[derive(Debug, Clone)]
struct Look {
    pattern: String,
    ahead: bool,
    wanted: bool,
}

impl Look {
    fn compile(self, before: &str, after: &str) -> Result<Condition> {
        let pattern =
            if self.ahead { format!(r"\A(?:{})", self.pattern) } else { format!(r"(?:{})\z", self.pattern) };
        Ok(Condition { regex: compile(&pattern, before, after)?, ahead: self.ahead, wanted: self.wanted })
    }
}

/// An alternative without the look-around at its edges.
#[derive(Debug, Clone, Default)]
struct Alternative {
    core: String,
    leading: Vec<Look>,
    trailing: Vec<Look>,
}

/// A pattern as alternatives: several only if they have look-around.
fn alternatives(pattern: &str) -> Result<Vec<Alternative>> {
    let translated = translate(pattern)?;
    if !translated.contains("(?=") && !translated.contains("(?!") && !translated.contains("(?<") {
        return Ok(vec![Alternative { core: translated, ..Alternative::default() }]);
    }
    split(&translated).into_iter().map(|a| edges(&a, pattern)).collect()
}

/// Cuts at `|` outside groups and classes.
fn split(pattern: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    for piece in pieces(pattern) {
        if piece == "|" {
            out.push(String::new());
        } else if let Some(last) = out.last_mut() {
            last.push_str(&piece);
        }
    }
    out
}

/// The top-level pieces: escapes, classes, groups as wholes, and single characters.
fn pieces(pattern: &str) -> Vec<String> {
    let chars: Vec<char> = pattern.chars().collect();
    let mut out = Vec::new();
    let (mut group, mut class) = (0usize, 0usize);
    let mut piece = String::new();
    let mut k = 0;
    while k < chars.len() {
        let c = chars[k];
        piece.push(c);
        match c {
            '\\' if k + 1 < chars.len() => {
                k += 1;
                piece.push(chars[k]);
            }
            '[' => class += 1,
            ']' if class > 0 => class -= 1,
            '(' if class == 0 => group += 1,
            ')' if class == 0 => group = group.saturating_sub(1),
            _ => {}
        }
        k += 1;
        if group == 0 && class == 0 {
            out.push(std::mem::take(&mut piece));
        }
    }
    if !piece.is_empty() {
        out.push(piece);
    }
    out
}

fn look(piece: &str) -> Option<Look> {
    let kinds = [("(?=", true, true), ("(?!", true, false), ("(?<=", false, true), ("(?<!", false, false)];
    let (start, ahead, wanted) = kinds.into_iter().find(|k| piece.starts_with(k.0))?;
    let inner = piece.strip_prefix(start)?.strip_suffix(')')?;
    Some(Look { pattern: inner.to_string(), ahead, wanted })
}

fn edges(pattern: &str, whole: &str) -> Result<Alternative> {
    let mut pieces = pieces(pattern);
    let mut out = Alternative::default();
    while let Some(found) = pieces.first().and_then(|p| look(p)) {
        out.leading.push(found);
        pieces.remove(0);
    }
    while let Some(found) = pieces.last().and_then(|p| look(p)) {
        out.trailing.insert(0, found);
        pieces.pop();
    }
    out.core = pieces.concat();
    let inner = out.leading.iter().chain(&out.trailing).map(|l| &l.pattern);
    for part in inner.chain([&out.core]) {
        if ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|l| part.contains(l)) {
            return Err(Error::malformed(format!(
                "the pattern {whole:?} has a look-around in its middle, which is not supported"
            ))
            .advise("move it to the start or the end of the pattern, or make two rules of it"));
        }
    }
    Ok(out)
}

/// Names of POSIX and Java classes that the crate does not know or takes for something else.
fn property(name: &str) -> Option<&'static str> {
    Some(match name.to_ascii_lowercase().trim_start_matches("is") {
        "upper" | "uppercase" | "javauppercase" => r"\p{Uppercase}",
        "lower" | "lowercase" | "javalowercase" => r"\p{Lowercase}",
        "alpha" | "alphabetic" => r"\p{Alphabetic}",
        "digit" => r"\p{Nd}",
        "alnum" => r"\p{Alphabetic}\p{Nd}",
        "punct" | "punctuation" => r"\p{P}",
        "space" | "white_space" | "whitespace" => r"\s",
        "blank" => r"\t\p{Zs}",
        "cntrl" => r"\p{Cc}",
        _ => return None,
    })
}

/// Vertical white space (Unicode, UTS 18, annex C).
const VERTICAL: &str = r"\n\x0B\x0C\r\x{85}\x{2028}\x{2029}";

fn translate(pattern: &str) -> Result<String> {
    let chars: Vec<char> = pattern.chars().collect();
    let refuse = |what: &str| {
        Err(Error::malformed(format!("the pattern {pattern:?} has {what}, which is not supported"))
            .advise("write the rule without it"))
    };
    let mut out = String::new();
    let mut class = 0usize;
    let mut k = 0;
    while k < chars.len() {
        let c = chars[k];
        let next = chars.get(k + 1).copied();
        match c {
            '\\' => {
                let Some(e) = next else { return refuse("a backslash at its end") };
                k += 2;
                let set = |inside: &str| if class > 0 { inside.to_string() } else { format!("[{inside}]") };
                match e {
                    'h' => out.push_str(&set(r"\t\p{Zs}")),
                    'H' if class == 0 => out.push_str(r"[^\t\p{Zs}]"),
                    'v' => out.push_str(&set(VERTICAL)),
                    'R' if class == 0 => out.push_str(&format!("(?:\\r\\n|[{VERTICAL}])")),
                    'R' => out.push_str(VERTICAL),
                    'e' => out.push_str(r"\x1B"),
                    'Z' => out.push_str(r"(?:\n?\z)"),
                    'G' | 'X' | 'N' | 'H' | 'k' | 'c' => return refuse(&format!("\\{e}")),
                    '1'..='9' if class == 0 => return refuse("a back reference"),
                    '0' => {
                        let digits: String =
                            chars[k..].iter().take(3).take_while(|c| c.is_digit(8)).collect();
                        k += digits.len();
                        let value = u32::from_str_radix(&digits, 8).unwrap_or(0);
                        out.push_str(&format!("\\x{{{value:X}}}"));
                    }
                    'Q' => {
                        let rest: String = chars[k..].iter().collect();
                        let (quoted, taken) = match rest.split_once("\\E") {
                            Some((quoted, _)) => (quoted.to_string(), quoted.chars().count() + 2),
                            None => (rest.clone(), rest.chars().count()),
                        };
                        out.push_str(&regex::escape(&quoted));
                        k += taken;
                    }
                    'E' => {}
                    'p' | 'P' if chars.get(k) == Some(&'{') => {
                        let name: String = chars[k + 1..].iter().take_while(|c| **c != '}').collect();
                        k += name.chars().count() + 2;
                        match property(&name) {
                            Some(inside) if e == 'p' => out.push_str(&set(inside)),
                            Some(inside) => out.push_str(&format!("[^{inside}]")),
                            None => out.push_str(&format!("\\{e}{{{}}}", name.trim_start_matches("Is"))),
                        }
                    }
                    // The crate takes these for word boundaries, and knows no escapes of other letters than its own.
                    '<' | '>' => out.push(e),
                    e if !e.is_ascii() => out.push(e),
                    e => {
                        out.push('\\');
                        out.push(e);
                    }
                }
                continue;
            }
            '[' => {
                class += 1;
                out.push(c);
                // A bracket that comes first is a character.
                if next == Some('^') {
                    out.push('^');
                    k += 1;
                }
                if chars.get(k + 1) == Some(&']') {
                    out.push_str(r"\]");
                    k += 1;
                }
            }
            ']' if class > 0 => {
                class -= 1;
                out.push(c);
            }
            // Operators on sets that ICU does not have in this form.
            '~' if class > 0 && next == Some('~') => out.push_str(r"\~"),
            '-' if class > 0 && next == Some('-') => out.push_str(r"\-"),
            '(' if class == 0 && next == Some('?') && chars.get(k + 2) == Some(&'>') => {
                out.push_str("(?:");
                k += 2;
            }
            // `a++`, `a*+`, `a?+`, `a{2}+`
            '+' if class == 0
                && k > 0
                && matches!(chars[k - 1], '*' | '+' | '?' | '}')
                && !escaped(&chars, k - 1) => {}
            c => out.push(c),
        }
        k += 1;
    }
    Ok(out)
}

/// Whether a character stands behind an odd number of backslashes.
fn escaped(chars: &[char], at: usize) -> bool {
    chars[..at].iter().rev().take_while(|c| **c == '\\').count() % 2 == 1
}
