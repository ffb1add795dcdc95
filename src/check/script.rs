//! Simplified and Traditional characters in one Chinese text, or the script that the tag does not name.

use super::{Sink, View, mark};
use crate::lexicon::{script_of, scripts};
use crate::model::{Lang, Script};

pub(super) fn check(view: &View, sink: &mut Sink) {
    let k = view.index(Lang::Zh);
    let (hant, hans) = scripts(view.texts[k]);
    if hant == 0 && hans == 0 {
        return;
    }
    let tagged = view.unit.variants.get(k).and_then(|v| v.lang.script());
    let marks = |wanted: Script| {
        let places = view.texts[k].char_indices().filter(|&(_, c)| script_of(c) == Some(wanted));
        places.map(|(at, c)| mark(k, at..at + c.len_utf8())).collect::<Vec<_>>()
    };
    let wrong = match tagged {
        Some(Script::Hans) => hant > 1 && hans == 0,
        Some(Script::Hant) => hans > 1 && hant == 0,
        None => false,
    };
    if wrong {
        let (name, wanted) =
            if hant > 0 { ("Traditional", Script::Hant) } else { ("Simplified", Script::Hans) };
        sink.add(view, "script", format!("{name} characters under another tag"), marks(wanted));
    } else if hant > 0 && hans > 0 {
        let (name, wanted) =
            if hant <= hans { ("Traditional", Script::Hant) } else { ("Simplified", Script::Hans) };
        sink.add(view, "script", format!("{name} characters in a text of the other script"), marks(wanted));
    }
}
