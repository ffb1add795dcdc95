//! TBX: ISO 30042:2019 (version 3, `tbx`, read in both styles, DCA and DCT) and ISO 30042:2008 (version 2, `martif`).

use super::xml_safe;
use crate::error::{Error, Result};
use crate::model::{LangTag, Term, TermEntry, TermStatus, Termbase};
use quick_xml::escape::escape;
use quick_xml::events::Event;
use quick_xml::reader::Reader;
use std::io::Write;

/// Elements nested deeper than this are an attack: TBX nests about ten deep.
const DEEPEST: usize = 64;
/// The note type that keeps the case flag, which TBX-Basic has no category for.
const CASE: &str = "case-sensitive: yes";

/// Writes TBX-Basic, version 3 as DCA or version 2.
pub(super) fn write(base: &Termbase, out: &mut dyn Write, third: bool) -> Result<()> {
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    let source = r#"<fileDesc><sourceDesc><p>duizhao</p></sourceDesc></fileDesc>"#;
    let [concept, section, group] = if third {
        writeln!(
            out,
            r#"<tbx type="TBX-Basic" style="dca" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2">"#
        )?;
        writeln!(out, "<tbxHeader>{source}</tbxHeader>")?;
        ["conceptEntry", "langSec", "termSec"]
    } else {
        writeln!(out, r#"<!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">"#)?;
        writeln!(out, r#"<martif type="TBX-Basic" xml:lang="en">"#)?;
        writeln!(out, "<martifHeader>{source}</martifHeader>")?;
        ["termEntry", "langSet", "tig"]
    };
    writeln!(out, "<text><body>")?;
    let safe = |text: &str| escape(&*xml_safe(text, &mut 0)).into_owned();
    for (k, entry) in (1..).zip(&base.entries) {
        // An XML id may not start with a digit; ours is the number behind a letter.
        writeln!(out, r#"<{concept} id="c{k}">"#)?;
        if !entry.domain.is_empty() {
            writeln!(out, r#"<descrip type="subjectField">{}</descrip>"#, safe(&entry.domain))?;
        }
        if !entry.definition.is_empty() {
            writeln!(out, r#"<descrip type="definition">{}</descrip>"#, safe(&entry.definition))?;
        }
        if !entry.id.is_empty() {
            writeln!(out, "<note>id: {}</note>", safe(&entry.id))?;
        }
        if entry.case_sensitive {
            writeln!(out, "<note>{CASE}</note>")?;
        }
        for note in &entry.notes {
            writeln!(out, "<note>{}</note>", safe(note))?;
        }
        let mut langs: Vec<&LangTag> = Vec::new();
        for term in &entry.terms {
            if !langs.contains(&&term.lang) {
                langs.push(&term.lang);
            }
        }
        for lang in langs {
            writeln!(out, r#"<{section} xml:lang="{lang}">"#)?;
            for term in entry.terms.iter().filter(|t| t.lang == *lang) {
                writeln!(out, "<{group}><term>{}</term>", safe(&term.text))?;
                if !entry.part_of_speech.is_empty() {
                    writeln!(
                        out,
                        r#"<termNote type="partOfSpeech">{}</termNote>"#,
                        safe(&entry.part_of_speech)
                    )?;
                }
                let status = match term.status {
                    TermStatus::Approved => "preferredTerm-admn-sts",
                    TermStatus::Admitted => "admittedTerm-admn-sts",
                    TermStatus::Forbidden => "deprecatedTerm-admn-sts",
                    TermStatus::Provisional => "",
                };
                if status.is_empty() {
                    writeln!(out, r#"<termNote type="processStatus">provisionallyProcessed</termNote>"#)?;
                } else {
                    writeln!(out, r#"<termNote type="administrativeStatus">{status}</termNote>"#)?;
                }
                writeln!(out, "</{group}>")?;
            }
            writeln!(out, "</{section}>")?;
        }
        writeln!(out, "</{concept}>")?;
    }
    writeln!(out, "</body></text>")?;
    writeln!(out, "</{}>", if third { "tbx" } else { "martif" })?;
    Ok(())
}

/// Reads TBX of both versions and styles. Languages other than Chinese and English are kept.
pub(super) fn read(text: &str) -> Result<Termbase> {
    let mut reader = Reader::from_str(text);
    let fail = |at: usize, what: &str| {
        let head = &text.as_bytes()[..at.min(text.len())];
        let line = head.iter().filter(|b| **b == b'\n').count() + 1;
        Error::malformed(format!("not well-formed TBX: {what}")).at_line(line)
    };
    let mut path: Vec<(String, String)> = Vec::new();
    let mut base = Termbase::default();
    let mut entry: Option<TermEntry> = None;
    let mut lang: Option<LangTag> = None;
    let mut content = String::new();
    let mut seen = false;
    loop {
        let at = reader.buffer_position() as usize;
        let event =
            reader.read_event().map_err(|e| fail(reader.error_position() as usize, &e.to_string()))?;
        let empty = matches!(event, Event::Empty(_));
        let mut closed = None;
        match event {
            Event::Start(e) | Event::Empty(e) => {
                let full = e.name();
                let name: &str = full.as_ref();
                let name = name.rsplit(':').next().unwrap_or("").to_string();
                if path.len() >= DEEPEST {
                    return Err(fail(at, "elements are nested too deeply"));
                }
                let mut kind = String::new();
                for attribute in e.attributes() {
                    let attribute = attribute.map_err(|x| fail(at, &x.to_string()))?;
                    let value = attribute
                        .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                        .map_err(|x| fail(at, &x.to_string()))?
                        .into_owned();
                    let key: &str = attribute.key.as_ref();
                    match key {
                        "type" => kind = value,
                        "xml:lang" | "lang" if name == "langSec" || name == "langSet" => {
                            lang = Some(value.parse().map_err(|x: String| fail(at, &x))?);
                        }
                        "id" if name == "termEntry" || name == "conceptEntry" => {
                            entry = Some(TermEntry { id: value, ..TermEntry::default() });
                        }
                        _ => {}
                    }
                }
                seen |= name == "tbx" || name == "martif";
                if (name == "termEntry" || name == "conceptEntry") && entry.is_none() {
                    entry = Some(TermEntry::default());
                }
                // `hi` and `foreign` stand inside a text.
                if name != "hi" && name != "foreign" {
                    content.clear();
                }
                if empty {
                    closed = Some((name, kind));
                } else {
                    path.push((name, kind));
                }
            }
            Event::End(_) => closed = path.pop(),
            Event::Text(e) => content.push_str(&e.xml10_content()),
            Event::CData(e) => content.push_str(&e.xml10_content()),
            Event::GeneralRef(e) => {
                let character = e.resolve_char_ref().map_err(|x| fail(at, &x.to_string()))?;
                match (character, e.as_ref()) {
                    (Some(c), _) => content.push(c),
                    (None, "lt") => content.push('<'),
                    (None, "gt") => content.push('>'),
                    (None, "amp") => content.push('&'),
                    (None, "apos") => content.push('\''),
                    (None, "quot") => content.push('"'),
                    (None, other) => return Err(fail(at, &format!("unknown entity &{other};"))),
                }
            }
            Event::Eof if !path.is_empty() => return Err(fail(text.len(), "the file ends too early")),
            Event::Eof => break,
            _ => {}
        }
        let Some((name, kind)) = closed else { continue };
        // DCT names the category by the element, DCA by its type.
        let what = if matches!(name.as_str(), "descrip" | "termNote" | "admin") { &kind } else { &name };
        let value = content.split_whitespace().collect::<Vec<_>>().join(" ");
        let Some(open) = entry.as_mut() else { continue };
        match what.as_str() {
            "term" if !value.is_empty() => {
                let lang = lang.clone().ok_or_else(|| fail(at, "a term without a language"))?;
                open.terms.push(Term { lang, text: value, status: TermStatus::Approved });
            }
            "subjectField" => open.domain = value,
            "definition" => open.definition = value,
            "partOfSpeech" => open.part_of_speech = value,
            "administrativeStatus" | "normativeAuthorization" => {
                if let (Some(term), Ok(status)) = (open.terms.last_mut(), value.parse()) {
                    term.status = status;
                }
            }
            "processStatus" if value == "provisionallyProcessed" => {
                if let Some(term) = open.terms.last_mut() {
                    term.status = TermStatus::Provisional;
                }
            }
            "note" if value == CASE => open.case_sensitive = true,
            "note" => match value.strip_prefix("id: ") {
                Some(id) => open.id = id.into(),
                None if !value.is_empty() => open.notes.push(value),
                None => {}
            },
            "termEntry" | "conceptEntry" => base.entries.extend(entry.take()),
            _ => {}
        }
        content.clear();
    }
    if seen {
        Ok(base)
    } else {
        Err(Error::malformed("no tbx or martif element").advise("is it a TBX file?"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_styles_and_versions_are_read() {
        let dct = r#"<tbx type="TBX-Min" style="dct" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2" xmlns:min="http://www.tbxinfo.net/ns/min"><text><body><conceptEntry id="c1"><min:subjectField>law</min:subjectField><langSec xml:lang="zh"><termSec><term>条约</term></termSec></langSec><langSec xml:lang="en"><termSec><term>A &amp; B</term><min:administrativeStatus>deprecatedTerm-admn-sts</min:administrativeStatus></termSec></langSec></conceptEntry></body></text></tbx>"#;
        let base = read(dct).expect("it can be read");
        let entry = &base.entries[0];
        assert_eq!((entry.domain.as_str(), entry.terms.len()), ("law", 2));
        assert_eq!((entry.terms[1].text.as_str(), entry.terms[1].status), ("A & B", TermStatus::Forbidden));
        assert!(read("<tbx><text>").is_err() && read("<html/>").is_err());
    }
}
