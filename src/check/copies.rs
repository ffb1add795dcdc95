//! What was not translated at all: empty, copied, or left in the other language.

use super::{Sink, View, mark, rule};
use crate::lexicon::is_han;
use crate::model::{Finding, Lang, TranslationUnit};

fn letters(text: &str) -> (usize, usize) {
    let han = text.chars().filter(|&c| is_han(c)).count();
    (han, text.chars().filter(char::is_ascii_alphabetic).count())
}

/// Whether one side is empty; then no other rule has anything to say.
pub(super) fn untranslated(
    unit: &TranslationUnit,
    texts: [&str; 2],
    _langs: [Lang; 2],
    sink: &mut Sink,
) -> bool {
    let empty = |k: usize| texts[k].trim().is_empty();
    if !empty(0) && !empty(1) {
        return false;
    }
    let on =
        sink.options.rules.contains(&"untranslated") && !sink.options.ignored.silences("untranslated", unit);
    if on
        && empty(0) != empty(1)
        && let Some(rule) = rule("untranslated")
    {
        let full = usize::from(empty(0));
        let what = if full == 0 { "the translation is empty" } else { "the source is empty" };
        sink.out.push(Finding {
            rule: rule.code,
            severity: rule.severity,
            unit: sink.at,
            message: what.into(),
            marks: vec![mark(full, 0..texts[full].len())],
        });
    }
    true
}

/// Reports copies; true if the pair is one, so that comparing it makes no sense.
pub(super) fn check(view: &View, sink: &mut Sink) -> bool {
    let (zh, en) = (view.index(Lang::Zh), view.index(Lang::En));
    let (han, _) = letters(view.texts[zh]);
    let (foreign, latin) = letters(view.texts[en]);
    let same = view.texts[0].trim() == view.texts[1].trim();
    // Symbols, numbers and names are rightly the same; a text of Han, or of several English words, is not.
    let words =
        view.texts[zh].split_whitespace().filter(|w| w.chars().all(|c| c.is_ascii_lowercase())).count();
    let wrong_en = foreign >= 2 && foreign * 3 > latin;
    let wrong_zh = han == 0 && words >= 3 && view.texts[zh].split_whitespace().count() >= 4;
    if wrong_en || wrong_zh || (same && (han >= 2 || words >= 3)) {
        let k = if wrong_en { en } else { zh };
        let what = if same {
            "the translation is a copy of the source".to_string()
        } else {
            format!("the {} side is in the wrong language", if k == 0 { "source" } else { "target" })
        };
        sink.add(view, "copied", what, vec![mark(k, 0..view.texts[k].len())]);
        return true;
    }
    if foreign > 0 {
        let text = view.texts[en];
        // A quotation in brackets or quotes is meant: "the Chinese word “和”", "Beijing (北京)".
        for (at, run) in runs(text) {
            let before = text[..at].chars().next_back();
            let quoted = before.is_some_and(|c| "(（[“\"'‘《「〈".contains(c));
            if !quoted {
                sink.add(
                    view,
                    "leftover",
                    format!("{run} stands in the English"),
                    vec![mark(en, at..at + run.len())],
                );
            }
        }
    }
    false
}

fn runs(text: &str) -> Vec<(usize, &str)> {
    let mut out = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (is_han(c), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                out.push((from, &text[from..at]));
                start = None;
            }
            _ => {}
        }
    }
    out
}
