//! The report as a page: self-contained, every text escaped, nothing but its own style and script allowed to run.

use super::{Entry, Report};
use crate::error::Result;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::io::Write;

const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

pub(in crate::format) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\0' => out.push('\u{2400}'),
            c => out.push(c),
        }
    }
    out
}

/// Base 64 (RFC 4648) of SHA-256, as a content security policy names an inline source (CSP level 3).
fn hash(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digest = Sha256::digest(text.as_bytes());
    let mut out = String::from("sha256-");
    for part in digest.chunks(3) {
        let byte = |k: usize| u32::from(part.get(k).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for k in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * k) & 63) as usize];
            out.push(if k > part.len() { '=' } else { char::from(letter) });
        }
    }
    out
}

fn marked(e: &Entry, k: usize) -> String {
    let stretch = |(text, marked): (&str, bool)| {
        let text = escape(text);
        if marked { format!("<mark>{text}</mark>") } else { text }
    };
    e.stretches(k).into_iter().map(stretch).collect()
}

/// See [`super::ReportFormat::Html`].
pub(super) fn write(report: &Report, out: &mut dyn Write) -> Result<()> {
    let rules: BTreeSet<&str> = report.findings.counts().keys().map(|k| k.0).collect();
    writeln!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{}'; script-src '{}'; \
         base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>duizhao check</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>Findings</h1>",
        hash(STYLE),
        hash(SCRIPT)
    )?;
    writeln!(out, "<form>\n<label>Rule <select name=\"rule\"><option value=\"\">all</option>")?;
    for rule in &rules {
        let about = report.rules.iter().find(|r| r.0 == *rule).map_or("", |r| r.1);
        let rule = escape(rule);
        writeln!(out, "<option value=\"{rule}\" title=\"{}\">{rule}</option>", escape(about))?;
    }
    writeln!(
        out,
        "</select></label>\n<label>Severity <select name=\"severity\"><option value=\"\">all</option>\
         <option>error</option><option>warning</option><option>info</option></select></label>\n\
         <label>Text <input name=\"text\" type=\"search\"></label>\n<output id=\"shown\"></output>\n</form>\n\
         <table>\n<thead><tr><th>Rule</th><th>What</th><th>Source</th><th>Target</th></tr></thead>\n<tbody>"
    )?;
    report.findings.each(&mut |e| {
        let (rule, severity) = (escape(e.finding.rule), e.finding.severity);
        Ok(writeln!(
            out,
            "<tr data-rule=\"{rule}\" data-severity=\"{severity}\"><td><span class=\"{severity}\">{severity}</span> {rule}<br>\
             <span class=\"where\">{}:{}</span></td><td>{}<br><span class=\"key\">{}</span></td>\
             <td>{}</td><td>{}</td></tr>",
            escape(&e.file),
            escape(&e.unit),
            escape(&e.finding.message),
            escape(&e.key),
            marked(e, 0),
            marked(e, 1)
        )?)
    })?;
    Ok(writeln!(out, "</tbody>\n</table>\n<script>{SCRIPT}</script>\n</body>\n</html>")?)
}
