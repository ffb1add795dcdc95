//! What a unit carries beside its columns, as JSON: ids, attributes, properties, notes, inline tags.
//!
//! The shape is part of the documented schema (docs/memory.md): lists of `[name, value]` pairs keep their order.

use crate::error::{Error, Result};
use crate::model::{Property, TranslationUnit, Variant};
use serde_json::{Map, Value, json};

fn pairs(list: &[Property]) -> Value {
    list.iter().map(|p| json!([p.kind, p.value])).collect()
}

fn put_variant(variant: &Variant) -> Map<String, Value> {
    let mut out = Map::new();
    if let Some(markup) = &variant.markup {
        out.insert("markup".into(), json!(markup));
    }
    put_lists(&mut out, &variant.attributes, &variant.properties, &variant.notes);
    out
}

fn put_lists(
    out: &mut Map<String, Value>,
    attributes: &[Property],
    properties: &[Property],
    notes: &[String],
) {
    if !attributes.is_empty() {
        out.insert("attributes".into(), pairs(attributes));
    }
    if !properties.is_empty() {
        out.insert("properties".into(), pairs(properties));
    }
    if !notes.is_empty() {
        out.insert("notes".into(), json!(notes));
    }
}

/// The detail of a unit, or `None` if its columns say all.
pub(super) fn of(unit: &TranslationUnit) -> Option<String> {
    let mut out = Map::new();
    if !unit.id.is_empty() {
        out.insert("id".into(), json!(unit.id));
    }
    put_lists(&mut out, &unit.attributes, &unit.properties, &unit.notes);
    for (k, name) in ["source", "target"].into_iter().enumerate() {
        let part = unit.variants.get(k).map(put_variant).filter(|m| !m.is_empty());
        if let Some(part) = part {
            out.insert(name.into(), Value::Object(part));
        }
    }
    if unit.variants.len() > 2 {
        let more = unit.variants[2..].iter().map(|v| {
            let mut part = put_variant(v);
            part.insert("lang".into(), json!(v.lang.as_str()));
            part.insert("text".into(), json!(v.text));
            Value::Object(part)
        });
        out.insert("more".into(), more.collect());
    }
    (!out.is_empty()).then(|| Value::Object(out).to_string())
}

fn list(value: Option<&Value>) -> Vec<Property> {
    let Some(Value::Array(items)) = value else { return Vec::new() };
    let text = |v: Option<&Value>| v.and_then(Value::as_str).unwrap_or_default().to_string();
    items.iter().map(|p| Property { kind: text(p.get(0)), value: text(p.get(1)) }).collect()
}

fn notes(value: Option<&Value>) -> Vec<String> {
    let Some(Value::Array(items)) = value else { return Vec::new() };
    items.iter().filter_map(|v| v.as_str().map(str::to_string)).collect()
}

fn take_variant(value: &Value, variant: &mut Variant) {
    variant.markup = value.get("markup").and_then(Value::as_str).map(str::to_string);
    variant.attributes = list(value.get("attributes"));
    variant.properties = list(value.get("properties"));
    variant.notes = notes(value.get("notes"));
}

/// Puts the detail back into a unit of its columns.
///
/// # Errors
/// Text that is not of the documented shape.
pub(super) fn restore(detail: &str, unit: &mut TranslationUnit) -> Result<()> {
    let broken = |what: &str| {
        Error::malformed(format!("the memory is damaged: the detail of a unit {what}"))
            .advise("restore the file from a copy")
    };
    let value: Value = serde_json::from_str(detail).map_err(|e| broken(&format!("is no JSON: {e}")))?;
    unit.id = value.get("id").and_then(Value::as_str).unwrap_or_default().to_string();
    unit.attributes = list(value.get("attributes"));
    unit.properties = list(value.get("properties"));
    unit.notes = notes(value.get("notes"));
    for (k, name) in ["source", "target"].into_iter().enumerate() {
        if let (Some(part), Some(variant)) = (value.get(name), unit.variants.get_mut(k)) {
            take_variant(part, variant);
        }
    }
    for part in value.get("more").and_then(Value::as_array).into_iter().flatten() {
        let text = |name: &str| part.get(name).and_then(Value::as_str).unwrap_or_default();
        let lang = text("lang").parse().map_err(|e: String| broken(&e))?;
        let mut variant = Variant::new(lang, text("text"));
        take_variant(part, &mut variant);
        unit.variants.push(variant);
    }
    Ok(())
}
