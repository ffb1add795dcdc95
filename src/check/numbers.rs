//! Numbers, dates, times, symbols, addresses and names: what the readers of `feature` find on one side only.

use super::{Sink, View, mark};
use super::{elsewhere, measures};
use crate::feature::{Expression, ExpressionKind as Kind, compare};
use crate::model::Lang;

fn rule_of(kind: Kind) -> Option<&'static str> {
    Some(match kind {
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
    let mut years: Vec<&Expression> = Vec::new();
    for code in RULES {
        let of = |k: usize| groups(left[k].iter().filter(|e| rule_of(e.kind) == Some(code)).copied());
        let mut both = [of(0), of(1)];
        for k in 0..2 {
            // Beside a difference on the other side it is an error; alone it may be said in other words.
            if both[1 - k].is_empty() {
                both[k].retain(|g| !elsewhere::paraphrased(view, k, g[0]));
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
            sink.add(view, code, message, marks);
        }
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
