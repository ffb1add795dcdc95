//! The units of one document on their way into a memory.

use super::store::context;
use crate::model::{Property, Status, TranslationUnit};

/// Units of one document on their way into a memory: each told its neighbours (`x-context-pre`, `x-context-post`) and the
/// document (`x-document`), where it knows none. What a person rejected stays out.
pub fn in_context(units: Vec<TranslationUnit>, document: Option<&str>) -> Vec<TranslationUnit> {
    let texts: Vec<String> =
        units.iter().map(|u| u.variants.first().map_or(String::new(), |v| v.text.clone())).collect();
    let mut out = Vec::new();
    for (k, mut unit) in units.into_iter().enumerate() {
        if unit.bead.as_ref().is_some_and(|b| b.status == Status::Rejected) {
            continue;
        }
        if unit.bead.is_some() && context(&unit) == [None, None] {
            let before = texts[..k].iter().rev().find(|t| !t.is_empty());
            let after = texts[k + 1..].iter().find(|t| !t.is_empty());
            for (kind, value) in [("x-context-pre", before), ("x-context-post", after)] {
                if let Some(value) = value {
                    unit.properties.push(Property { kind: kind.into(), value: value.clone() });
                }
            }
            if let Some(document) = document {
                unit.properties.push(Property { kind: "x-document".into(), value: document.into() });
            }
        }
        out.push(unit);
    }
    out
}
