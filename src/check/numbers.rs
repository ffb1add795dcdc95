//! Numbers, dates, times, symbols, addresses and names: what the readers of `feature` find on one side only.

use super::{Sink, View, mark};
use super::{dates, elsewhere, measures};
use crate::feature::{Comparison, Expression, ExpressionKind as Kind, Key, compare};
use crate::model::Lang;

fn rule_of(view: &View, k: usize, e: &Expression) -> Option<&'static str> {
    Some(match e.kind {
        // "2016" beside 2015年.
        Kind::Number if is_year(e) && view.texts[k][e.bytes.clone()].trim().len() == 4 => "date",
        Kind::Number | Kind::Ordinal | Kind::Percent | Kind::Money => "number",
        Kind::Date | Kind::Weekday => "date",
        Kind::Time => "time",
        Kind::Symbol | Kind::Code => "symbol",
        Kind::Url | Kind::Email => "address",
        _ => return None,
    })
}

pub(super) fn check(view: &View, sink: &mut Sink) {
    let [source, target] = &view.read;
    let compared = compare(source, target);
    let mut left: [Vec<&Expression>; 2] = [
        compared.missing_in_target.iter().map(|&i| &source[i]).collect(),
        compared.missing_in_source.iter().map(|&j| &target[j]).collect(),
    ];
    for (k, list) in left.iter_mut().enumerate() {
        list.retain(|e| !elsewhere::said(view, k, e));
    }
    if left.iter().all(Vec::is_empty) {
        left = exchanged(view, &compared);
    }
    let loose: [Vec<&Expression>; 2] = [0, 1].map(|k| {
        let paired = |n: usize| compared.matches.iter().any(|m| [m.0, m.1][k] == n);
        let free = view.read[k].iter().enumerate().filter(|(n, e)| !e.weak && !paired(*n));
        free.map(|(_, e)| e).collect()
    });
    clocks(view, &compared, sink);
    let mut years: Vec<&Expression> = Vec::new();
    let mut dated = false;
    for code in RULES {
        let of = |k: usize| groups(left[k].iter().filter(|e| rule_of(view, k, e) == Some(code)).copied());
        let mut both = [of(0), of(1)];
        for k in 0..2 {
            // Beside a difference on the other side it is an error; alone it may be said in other words.
            if both[1 - k].is_empty() {
                both[k].retain(|g| {
                    // An English year beside a Chinese one that has lost its partner is another year.
                    let english = view.langs[k] == Lang::En;
                    let other_year = english && is_year(g[0]) && loose[1 - k].iter().any(|e| is_year(e));
                    other_year || !elsewhere::paraphrased(view, k, g[0])
                });
            }
        }
        let [a, b] = &both;
        for n in 0..a.len().max(b.len()) {
            let word = |k: usize, g: &[&Expression]| view.texts[k][g[0].bytes.clone()].trim().to_string();
            let marks =
                |k: usize, g: &[&Expression]| g.iter().map(|e| mark(k, e.bytes.clone())).collect::<Vec<_>>();
            let (message, marks) = match (a.get(n), b.get(n)) {
                (Some(x), Some(y)) => (
                    format!("{} and {} do not say the same", word(0, x), word(1, y)),
                    [marks(0, x), marks(1, y)].concat(),
                ),
                (Some(x), None) => {
                    (format!("{} of the source is not in the translation", word(0, x)), marks(0, x))
                }
                (None, Some(y)) if elsewhere::added_year(view, y[0]) => {
                    years.extend(y);
                    continue;
                }
                (None, Some(y)) => {
                    (format!("{} of the translation is not in the source", word(1, y)), marks(1, y))
                }
                (None, None) => continue,
            };
            dated |= code == "date";
            sink.add(view, code, message, marks);
        }
    }
    // What the pairing lets pass, unless the pair's dates are reported already.
    if !dated && let Some(sides) = dates::conflict(view) {
        years.retain(|y| !sides[1].contains(&y.bytes));
        let word = |k: usize| {
            let words: Vec<&str> = sides[k].iter().map(|b| view.texts[k][b.clone()].trim()).collect();
            words.join(", ")
        };
        let message = match (word(0), word(1)) {
            (x, y) if x.is_empty() => format!("{y} of the translation is not in the source"),
            (x, y) if y.is_empty() => format!("{x} of the source is not in the translation"),
            (x, y) => format!("{x} and {y} do not say the same"),
        };
        let marks = (0..2).flat_map(|k| sides[k].iter().map(move |b| mark(k, b.clone()))).collect();
        sink.add(view, "date", message, marks);
    }
    years.retain(|y| !elsewhere::explained_year(view, y));
    if !years.is_empty() {
        let list: Vec<&str> = years.iter().map(|y| view.texts[1][y.bytes.clone()].trim()).collect();
        let message = format!("only the translation names the year {}", list.join(", "));
        let marks = years.iter().map(|y| mark(1, y.bytes.clone())).collect();
        sink.add(view, "year-added", message, marks);
    }
    for &(i, j) in &compared.matches {
        measures::check(view, &source[i], &target[j], sink);
    }
    names(view, sink);
}

/// A number that changed places with another of the pair: each side names one more often than the other does. A number
/// repeated on one side only is left alone.
fn exchanged<'v>(view: &'v View, compared: &Comparison) -> [Vec<&'v Expression>; 2] {
    let both = [0, 1].map(|k| {
        let paired = |n: usize| compared.matches.iter().any(|m| [m.0, m.1][k] == n);
        // Smaller ones are said in words, or not at all.
        let counts = |e: &Expression| match e.key {
            Key::Number(n) => e.kind == Kind::Number && n.whole().is_none_or(|n| n > 10),
            _ => false,
        };
        // What the other side shows nowhere was judged already.
        let missing = [&compared.missing_in_target, &compared.missing_in_source][k];
        let free = view.read[k].iter().enumerate();
        let free =
            free.filter(|(n, e)| !e.weak && counts(e) && !paired(*n) && missing.binary_search(n).is_err());
        free.map(|(_, e)| e).collect::<Vec<_>>()
    });
    if both.iter().all(|side| side.len() == 1) { both } else { [Vec::new(), Vec::new()] }
}

/// Times like 11:15 are weak, for they may be a score or a verse; one left over on each side is two times.
fn clocks(view: &View, compared: &Comparison, sink: &mut Sink) {
    let left = |k: usize| {
        let paired = move |n: usize| compared.matches.iter().any(|m| [m.0, m.1][k] == n);
        let clock = move |e: &Expression| e.kind == Kind::Time && e.weak;
        view.read[k].iter().enumerate().filter(move |(n, e)| clock(e) && !paired(*n)).map(|(_, e)| e)
    };
    for (x, y) in left(0).zip(left(1)) {
        let [a, b] = [&view.texts[0][x.bytes.clone()], &view.texts[1][y.bytes.clone()]];
        // 24时 and 14:00; without any colon it may be a point, or hours that pass.
        if ![a, b].iter().any(|t| t.contains([':', '：'])) {
            continue;
        }
        let marks = vec![mark(0, x.bytes.clone()), mark(1, y.bytes.clone())];
        sink.add(view, "time", format!("{a} and {b} do not say the same"), marks);
    }
}

/// Whether an expression is a bare year.
fn is_year(e: &Expression) -> bool {
    match e.key {
        Key::Number(n) => n.whole().is_some_and(|n| (1900..2100).contains(&n)),
        Key::Date { year: Some(_), month: None, day: None } => true,
        _ => false,
    }
}

/// The rules that compare expressions.
const RULES: [&str; 5] = ["number", "date", "time", "symbol", "address"];

/// What says the same is one finding, however often it stands there.
fn groups<'e>(list: impl Iterator<Item = &'e Expression>) -> Vec<Vec<&'e Expression>> {
    let mut out: Vec<Vec<&Expression>> = Vec::new();
    for e in list {
        match out.iter_mut().find(|g| g[0].key == e.key) {
            Some(group) => group.push(e),
            None => out.push(vec![e]),
        }
    }
    out
}

/// Names in Latin letters inside the Chinese whose letters give away their spelling: `OmegaT`, `UNESCO`.
fn names(view: &View, sink: &mut Sink) {
    let (zh, en) = (view.index(Lang::Zh), view.index(Lang::En));
    let english = view.texts[en];
    for e in view.read[zh].iter().filter(|e| e.kind == Kind::Latin) {
        let name = &view.texts[zh][e.bytes.clone()];
        let inner = name.chars().skip(1).filter(char::is_ascii_uppercase).count();
        let small = name.chars().any(|c| c.is_ascii_lowercase());
        // CamelCase only: English may spell out what Chinese abbreviates in capitals.
        let camel = inner > 0 && small && name.is_ascii() && name.len() > 3;
        if camel && !english.contains(name) {
            let near = view.read[en]
                .iter()
                .find(|o| o.kind == Kind::Latin && english[o.bytes.clone()].eq_ignore_ascii_case(name));
            let mut marks = vec![mark(zh, e.bytes.clone())];
            marks.extend(near.map(|o| mark(en, o.bytes.clone())));
            sink.add(view, "name-case", format!("the English does not spell {name} so"), marks);
        }
        let caps = inner + 1 == name.len() && name.len() >= 3;
        if caps
            && !english.contains(name)
            && let Some(o) = view.read[en]
                .iter()
                .find(|o| o.kind == Kind::Latin && english[o.bytes.clone()].eq_ignore_ascii_case(name))
        {
            let marks = vec![mark(zh, e.bytes.clone()), mark(en, o.bytes.clone())];
            sink.add(view, "name-case", format!("{name} is spelled in another case"), marks);
        }
    }
}
