//! A page to print: both languages side by side (中英对照), a pair a row.
//!
//! Self-contained: the page asks for nothing from anywhere and says so in its content security policy. Every text
//! is escaped. It is for people and not read back.

use super::report::html::escape;
use super::{WriteOptions, Written, xml_safe};
use crate::error::Result;
use crate::model::{Bitext, BlockKind, Status, Variant};
use std::io::Write;

const STYLE: &str = include_str!("page.css");

pub(super) fn write(bitext: &Bitext, out: &mut dyn Write, options: &WriteOptions) -> Result<Written> {
    let mut written = Written::default();
    let tags = [options.source_tag(bitext), options.target_tag(bitext)];
    let named = |kind: &str| bitext.header.iter().find(|p| p.kind == kind).map(|p| p.value.as_str());
    let names: Vec<&str> = ["source-file", "target-file"].into_iter().filter_map(named).collect();
    let title = if names.is_empty() { "中英对照".to_string() } else { names.join(" · ") };
    let title = escape(&xml_safe(&title, &mut written.replaced));
    let tag = |k: usize| escape(&tags[k].as_str().replace('_', "-"));
    writeln!(out, "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">", tag(0))?;
    writeln!(
        out,
        r#"<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">"#
    )?;
    writeln!(out, r#"<meta name="viewport" content="width=device-width">"#)?;
    writeln!(
        out,
        "<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n<table>"
    )?;
    writeln!(out, r#"<thead><tr><th class="n">#</th><th>{}</th><th>{}</th></tr></thead>"#, tag(0), tag(1))?;
    writeln!(out, "<tbody>")?;
    for unit in &bitext.units {
        if options.refuses(unit) {
            written.refused += 1;
            continue;
        }
        let Some(pair) = WriteOptions::pair(bitext, unit) else { continue };
        written.units += 1;
        let mut classes = Vec::new();
        let title = unit.bead.as_ref().map_or(String::new(), |bead| {
            if matches!(bead.status, Status::NeedsReview | Status::Accepted) {
                classes.push(bead.status.to_string());
            }
            format!(r#" title="{} · {:.0} %""#, bead.status, bead.confidence * 100.0)
        });
        if pair.iter().any(|v| v.segments.first().is_some_and(|s| matches!(s.kind, BlockKind::Heading(_)))) {
            classes.push("heading".into());
        }
        let class =
            if classes.is_empty() { String::new() } else { format!(r#" class="{}""#, classes.join(" ")) };
        write!(out, r#"<tr{class}><td class="n"{title}>{}</td>"#, written.units)?;
        for (k, variant) in pair.into_iter().enumerate() {
            cell(out, variant, &tag(k), &mut written)?;
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</tbody>\n</table>")?;
    writeln!(
        out,
        "<footer>{} · duizhao {}</footer>\n</body>\n</html>",
        written.units,
        env!("CARGO_PKG_VERSION")
    )?;
    Ok(written)
}

fn cell(out: &mut dyn Write, variant: &Variant, lang: &str, written: &mut Written) -> Result<()> {
    let class = if variant.text.is_empty() { r#" class="none""# } else { "" };
    let text = escape(&xml_safe(&variant.text, &mut written.replaced));
    write!(out, r#"<td lang="{lang}" dir="auto"{class}>{text}</td>"#)?;
    Ok(())
}
