//! Inline tags: of the markup where the file has it, else those that stand in the text.

use super::{Sink, View, mark};

pub(super) fn check(view: &View, sink: &mut Sink) {
    let [a, b] = [0, 1].map(|k| {
        let markup = view.unit.variants.get(k).and_then(|v| v.markup.as_deref());
        markup.map_or_else(|| tags(view.texts[k], false), |m| tags(m, true))
    });
    let mut rest: Vec<&String> = b.iter().map(|t| &t.0).collect();
    let mut lost: Vec<String> = Vec::new();
    for (tag, _) in &a {
        match rest.iter().position(|t| *t == tag) {
            Some(p) => {
                rest.swap_remove(p);
            }
            None => lost.push(tag.clone()),
        }
    }
    let added: Vec<String> = rest.into_iter().cloned().collect();
    for (k, list, found) in [(0, lost, &a), (1, added, &b)] {
        for tag in list {
            let place = found.iter().find(|t| t.0 == tag).and_then(|t| t.1.clone());
            let message = format!("{tag} is not on the {} side", if k == 0 { "target" } else { "source" });
            sink.add(view, "tag", message, place.map(|p| mark(k, p)).into_iter().collect());
        }
    }
}

/// Tags with their name and nothing that a translator may change; places only where they stand in the text itself.
fn tags(text: &str, markup: bool) -> Vec<(String, Option<std::ops::Range<usize>>)> {
    let mut out = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find('<').map(|p| p + from) {
        let Some(end) = text[at..].find('>').map(|p| p + at + 1) else { break };
        let inner = &text[at + 1..end - 1];
        let name = inner.trim_start_matches('/');
        let looks = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && !inner.contains('<')
            && (markup
                || name
                    .split_whitespace()
                    .next()
                    .is_some_and(|n| n.len() <= 10 && !n.contains('@') && !n.contains(':')));
        if looks && (!markup || !inner.starts_with('/')) {
            let name = name.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or("");
            let slash = if inner.starts_with('/') { "/" } else { "" };
            out.push((format!("<{slash}{name}>"), (!markup).then_some(at..end)));
            from = end;
        } else {
            from = at + 1;
        }
    }
    out
}
