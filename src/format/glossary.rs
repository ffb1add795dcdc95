//! Termbases as tables: CSV, TSV, UTX, XLSX, with our header, another's, or none. TBX is in `tbx`.

use super::csv::records;
use super::{atomic, decode, sheet, tbx};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Lang, LangTag, Term, TermEntry, TermStatus, Termbase};
use std::fmt;
use std::io::{Read, Write};
use std::path::Path;
use std::str::FromStr;

/// The formats of termbases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TermFormat {
    /// TBX version 3 (ISO 30042:2019), TBX-Basic, as DCA.
    Tbx,
    /// TBX version 2 (ISO 30042:2008), the `martif` form that most tools read.
    Tbx2,
    /// Comma-separated values.
    Csv,
    /// Tab-separated values.
    Tsv,
    /// OmegaT's glossary: source, target, comment, no header.
    Omegat,
    /// UTX 1.11 of the AAMT.
    Utx,
    /// A workbook.
    Xlsx,
}

impl TermFormat {
    /// Every format with its name.
    pub const ALL: [(TermFormat, &'static str); 7] = [
        (TermFormat::Tbx, "tbx"),
        (TermFormat::Tbx2, "tbx2"),
        (TermFormat::Csv, "csv"),
        (TermFormat::Tsv, "tsv"),
        (TermFormat::Omegat, "omegat"),
        (TermFormat::Utx, "utx"),
        (TermFormat::Xlsx, "xlsx"),
    ];

    /// The format that the extension names; `.txt` and `.tab` are OmegaT's.
    ///
    /// # Errors
    /// An unknown extension.
    pub fn from_path(path: &Path) -> Result<TermFormat> {
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or("").to_ascii_lowercase();
        match extension.as_str() {
            "txt" | "tab" => Ok(TermFormat::Omegat),
            "martif" => Ok(TermFormat::Tbx2),
            other => other.parse().map_err(|_| {
                Error::usage(format!("no termbase format has the extension {other:?}"))
                    .in_file(path)
                    .advise("use .tbx .csv .tsv .txt .utx or .xlsx")
            }),
        }
    }
}

impl fmt::Display for TermFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(TermFormat::ALL.iter().find(|a| a.0 == *self).map_or("", |a| a.1))
    }
}

impl FromStr for TermFormat {
    type Err = String;
    fn from_str(s: &str) -> std::result::Result<Self, String> {
        let found = TermFormat::ALL.iter().find(|a| a.1 == s.to_ascii_lowercase());
        found
            .map(|a| a.0)
            .ok_or_else(|| format!("unknown format {s:?}: use tbx, tbx2, csv, tsv, omegat, utx or xlsx"))
    }
}

/// Reads a termbase; the extension tells its format unless one is named.
///
/// # Errors
/// Content that is not what the format promises, with its line; those of the file system.
pub fn read_terms(path: &Path, format: Option<TermFormat>) -> Result<Termbase> {
    let format = format.map_or_else(|| TermFormat::from_path(path), Ok)?;
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|mut f| f.read_to_end(&mut bytes))
        .map_err(|e| Error::new(ErrorKind::Io(e)).in_file(path))?;
    let read = || match format {
        TermFormat::Xlsx => from_rows((1..).zip(sheet::read_rows(&bytes)?).collect()),
        TermFormat::Tbx | TermFormat::Tbx2 => tbx::read(&decode(&bytes)?),
        TermFormat::Csv => comma(&decode(&bytes)?),
        TermFormat::Tsv | TermFormat::Omegat | TermFormat::Utx => tabs(&decode(&bytes)?),
    };
    read().map_err(|e| e.in_file(path))
}

/// Writes a termbase; an existing file is replaced as a whole or not at all.
///
/// # Errors
/// Those of the file system; a cell too long for a workbook.
pub fn write_terms(path: &Path, termbase: &Termbase, format: Option<TermFormat>) -> Result<()> {
    let format = format.map_or_else(|| TermFormat::from_path(path), Ok)?;
    let write = |out: &mut dyn Write| match format {
        TermFormat::Xlsx => {
            let rows = to_rows(termbase);
            sheet::write_rows(&rows, &[12.0, 30.0, 40.0], out)
        }
        TermFormat::Tbx => tbx::write(termbase, out, true),
        TermFormat::Tbx2 => tbx::write(termbase, out, false),
        TermFormat::Csv => write_comma(&to_rows(termbase), out),
        TermFormat::Tsv => write_tabs(&to_rows(termbase), out),
        TermFormat::Omegat => write_tabs(&pairs(termbase, |e| e.notes.join("; ")), out),
        TermFormat::Utx => write_utx(termbase, out),
    };
    atomic::replace(path, write).map_err(|e| e.in_file(path))
}

/// Writes any table as CSV, TSV or a workbook, as the extension says.
///
/// # Errors
/// Another extension; those of [`write_terms`].
pub fn write_table(path: &Path, rows: &[Vec<String>]) -> Result<()> {
    let format = TermFormat::from_path(path)?;
    let write = |out: &mut dyn Write| match format {
        TermFormat::Csv => write_comma(rows, out),
        TermFormat::Xlsx => sheet::write_rows(rows, &[30.0, 40.0], out),
        TermFormat::Tsv => write_tabs(rows, out),
        other => Err(Error::usage(format!("{other} holds no table")).advise("use .csv .tsv or .xlsx")),
    };
    atomic::replace(path, write).map_err(|e| e.in_file(path))
}

fn write_comma(rows: &[Vec<String>], out: &mut dyn Write) -> Result<()> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let bad = |e: csv::Error| Error::malformed(e.to_string());
    for row in rows {
        writer.write_record(row).map_err(bad)?;
    }
    let bytes = writer.into_inner().map_err(|e| Error::malformed(e.to_string()))?;
    Ok(out.write_all(&bytes)?)
}

fn write_tabs(rows: &[Vec<String>], out: &mut dyn Write) -> Result<()> {
    for row in rows {
        let cells: Vec<String> = row.iter().map(|c| c.replace(['\t', '\n', '\r'], " ")).collect();
        writeln!(out, "{}", cells.join("\t"))?;
    }
    Ok(())
}

/// A row a pair of terms that may be used.
fn pairs(termbase: &Termbase, third: impl Fn(&TermEntry) -> String) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let usable = |t: &&Term| t.status != TermStatus::Forbidden;
    for entry in &termbase.entries {
        for zh in entry.of(Lang::Zh).filter(usable) {
            for en in entry.of(Lang::En).filter(usable) {
                rows.push(vec![zh.text.clone(), en.text.clone(), third(entry)]);
            }
        }
    }
    rows
}

fn write_utx(termbase: &Termbase, out: &mut dyn Write) -> Result<()> {
    let mut rows = vec![
        vec!["#UTX 1.11; zh-CN/en-US; copyright: unknown; license: unknown".to_string()],
        ["#src", "tgt", "src:pos", "term status", "comment"].map(str::to_string).to_vec(),
    ];
    for entry in &termbase.entries {
        for zh in entry.of(Lang::Zh) {
            for en in entry.of(Lang::En) {
                let status = match zh.status.max(en.status) {
                    TermStatus::Admitted => "non-standard".to_string(),
                    other => other.to_string(),
                };
                rows.push(vec![
                    zh.text.clone(),
                    en.text.clone(),
                    entry.part_of_speech.clone(),
                    status,
                    entry.notes.join("; "),
                ]);
            }
        }
    }
    write_tabs(&rows, out)
}

/// Several terms or notes in a cell.
const BETWEEN: &str = " | ";
const LANGS: [Lang; 2] = [Lang::Zh, Lang::En];

/// A row an entry: a column for each language and status, then what is known of the concept.
fn to_rows(termbase: &Termbase) -> Vec<Vec<String>> {
    let tag = |lang: Lang| {
        let mut terms = termbase.entries.iter().flat_map(|e| e.of(lang));
        terms.next().map_or(if lang == Lang::Zh { "zh" } else { "en" }.into(), |t| t.lang.to_string())
    };
    let tags = LANGS.map(tag);
    let mut head = vec!["id".to_string()];
    for status in TermStatus::ALL {
        for tag in &tags {
            head.push(if status == TermStatus::Approved { tag.clone() } else { format!("{tag} {status}") });
        }
    }
    head.extend(["domain", "part-of-speech", "case-sensitive", "definition", "note"].map(String::from));
    let mut rows = vec![head];
    for entry in &termbase.entries {
        let mut row = vec![entry.id.clone()];
        for status in TermStatus::ALL {
            for lang in LANGS {
                let terms = entry.of(lang).filter(|t| t.status == status).map(|t| t.text.as_str());
                row.push(terms.collect::<Vec<_>>().join(BETWEEN));
            }
        }
        row.extend([entry.domain.clone(), entry.part_of_speech.clone()]);
        row.push(if entry.case_sensitive { "yes".into() } else { String::new() });
        row.extend([entry.definition.clone(), entry.notes.join(BETWEEN)]);
        rows.push(row);
    }
    rows
}

fn comma(text: &str) -> Result<Termbase> {
    from_rows(records(text.strip_prefix('\u{FEFF}').unwrap_or(text))?)
}

fn tabs(text: &str) -> Result<Termbase> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let lines = (1..).zip(text.lines()).filter(|(_, l)| !l.trim().is_empty());
    let mut rows: Vec<(usize, Vec<String>)> = Vec::new();
    for (line, content) in lines {
        // The last comment line before the data of a UTX file names its columns.
        let content = match content.strip_prefix('#') {
            Some(head) if head.starts_with("src\t") => head,
            Some(_) => continue,
            None => content,
        };
        rows.push((line, content.split('\t').map(|c| c.trim().to_string()).collect()));
    }
    from_rows(rows)
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq)]
enum Column {
    Id,
    Terms(Option<LangTag>, TermStatus),
    Status,
    Domain,
    PartOfSpeech,
    Case,
    Definition,
    Note,
    Other,
}

fn column(name: &str) -> Column {
    let written = name.trim();
    let name = written.to_lowercase();
    match name.as_str() {
        "id" | "entry" | "编号" | "序号" => return Column::Id,
        "domain" | "subject" | "领域" | "学科" => return Column::Domain,
        "part-of-speech" | "pos" | "src:pos" | "词性" => return Column::PartOfSpeech,
        "case-sensitive" | "case sensitive" | "区分大小写" => return Column::Case,
        "definition" | "定义" => return Column::Definition,
        "note" | "notes" | "comment" | "备注" | "注释" | "说明" => return Column::Note,
        "status" | "term status" | "状态" => return Column::Status,
        _ => {}
    }
    let (lang, status) = name.split_once(' ').unwrap_or((&name, ""));
    let Ok(status) = status.parse() else { return Column::Other };
    let tag = match lang {
        "source" | "src" | "target" | "tgt" | "translation" | "原文" | "译文" | "源语" | "目标语"
        | "术语" | "译名" => return Column::Terms(None, status),
        "中文" | "汉语" | "简体中文" | "chinese" => "zh-CN",
        "繁体中文" | "繁體中文" => "zh-TW",
        "英文" | "英语" | "english" => "en-US",
        // A tag keeps the case it is written in: zh-CN.
        other => written.get(..other.len()).unwrap_or(other),
    };
    match tag.parse::<LangTag>() {
        Ok(tag) if tag.lang().is_some() => Column::Terms(Some(tag), status),
        _ => Column::Other,
    }
}

fn from_rows(rows: Vec<(usize, Vec<String>)>) -> Result<Termbase> {
    let Some((_, head)) = rows.first() else {
        return Err(Error::new(ErrorKind::Empty("the file holds no terms".into()))
            .advise("give a list with a term in both languages in each row"));
    };
    let mut columns: Vec<Column> = head.iter().map(|c| column(c)).collect();
    let headed = columns.iter().filter(|c| matches!(c, Column::Terms(..))).count() >= 2;
    if !headed {
        let free = || Column::Terms(None, TermStatus::Approved);
        columns = vec![free(), free(), Column::Note];
    }
    let mut entries = Vec::new();
    for (line, row) in rows.iter().skip(usize::from(headed)) {
        let mut entry = TermEntry::default();
        let mut whole = None;
        for (cell, column) in row.iter().zip(&columns).filter(|(c, _)| !c.trim().is_empty()) {
            let cell = cell.trim();
            match column {
                Column::Id => entry.id = cell.into(),
                Column::Domain => entry.domain = cell.into(),
                Column::PartOfSpeech => entry.part_of_speech = cell.into(),
                Column::Case => entry.case_sensitive = matches!(cell, "yes" | "true" | "1" | "是"),
                Column::Definition => entry.definition = cell.into(),
                Column::Note => entry.notes = cell.split(BETWEEN).map(String::from).collect(),
                Column::Status => {
                    let status = cell.parse::<TermStatus>();
                    whole = Some(status.map_err(|e| Error::malformed(e).at_line(*line))?);
                }
                Column::Terms(tag, status) => {
                    for text in cell.split('|').map(str::trim).filter(|t| !t.is_empty()) {
                        let lang = tag.clone().map_or_else(|| guess(text), Ok)?;
                        entry.terms.push(Term { lang, text: text.into(), status: *status });
                    }
                }
                Column::Other => {}
            }
        }
        if row.iter().filter(|c| !c.trim().is_empty()).count() < 2 && row.len() < 2 {
            return Err(Error::malformed("a row with one column")
                .at_line(*line)
                .advise("a term and its translation are needed"));
        }
        separate(&mut entry, &columns);
        if let Some(status) = whole {
            // The status of a row says how its translation may be used.
            let first = entry.terms.first().map(|t| t.lang.clone());
            for term in entry.terms.iter_mut().filter(|t| Some(&t.lang) != first.as_ref()) {
                term.status = status;
            }
        }
        if !entry.terms.is_empty() {
            entries.push(entry);
        }
    }
    Ok(Termbase { entries })
}

/// Two terms without a language column that look alike (`AA+`, `AA+`): the first is Chinese.
fn separate(entry: &mut TermEntry, columns: &[Column]) {
    let unnamed = columns.iter().filter(|c| matches!(c, Column::Terms(None, _))).count() >= 2;
    if let ([first, second], true) = (entry.terms.as_mut_slice(), unnamed)
        && first.lang == second.lang
    {
        let other = if first.lang.lang() == Some(Lang::En) { "zh-CN" } else { "en-US" };
        if let Ok(tag) = other.parse() {
            first.lang = tag;
        }
    }
}

fn guess(text: &str) -> Result<LangTag> {
    let han = text.chars().any(|c| matches!(c as u32, 0x3400..=0x9FFF | 0x20000..=0x3FFFF));
    if han { "zh-CN" } else { "en-US" }.parse().map_err(Error::malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(base: &Termbase) -> Vec<(&str, &str)> {
        base.entries.iter().flat_map(|e| e.terms.iter().map(|t| (t.lang.as_str(), t.text.as_str()))).collect()
    }

    #[test]
    fn tables_of_others_are_understood() {
        let want = [("zh-CN", "理事会"), ("en-US", "council")];
        for text in ["理事会\tcouncil\t注\n", "#UTX 1.11; zh/en\n#src\ttgt\tsrc:pos\n理事会\tcouncil\tnoun\n"]
        {
            assert_eq!(terms(&tabs(text).expect("it can be read")), want);
        }
        assert_eq!(terms(&comma("中文,英文,备注\n理事会,council,x\n").expect("it can be read")), want);
        assert!(comma("").is_err());
    }

    #[test]
    fn every_format_gives_the_terms_back() {
        let table = "id,zh-CN,en-US,en-US forbidden,case-sensitive,note\n1,欧安组织 | 欧洲安全与合作组织,OSCE,OCSE,yes,a <b> | c\n";
        let base = comma(table).expect("it can be read");
        assert_eq!(base.entries[0].terms.len(), 4);
        let folder = tempfile::tempdir().expect("a folder can be made");
        for (format, name) in TermFormat::ALL {
            let path = folder.path().join(name);
            write_terms(&path, &base, Some(format)).expect("it can be written");
            let back = read_terms(&path, Some(format)).expect("it can be read");
            if matches!(format, TermFormat::Omegat | TermFormat::Utx) {
                assert!(terms(&back).contains(&("zh-CN", "欧洲安全与合作组织")), "{name}");
            } else {
                assert_eq!(back, base, "{name}");
            }
        }
    }

    #[test]
    fn tables_of_candidates_can_be_read_as_termbases() {
        let rows: Vec<Vec<String>> = [
            ["source", "target", "frequency", "kind", "source example"],
            ["核查机制", "verification mechanism", "3", "term", "核查, “机制”"],
            ["安全理事会", "Security Council", "2", "organisation", "安全理事会"],
        ]
        .map(|r| r.map(String::from).to_vec())
        .to_vec();
        let folder = tempfile::tempdir().expect("a folder can be made");
        for name in ["found.csv", "found.tsv", "found.xlsx"] {
            let path = folder.path().join(name);
            write_table(&path, &rows).expect("it can be written");
            let back = read_terms(&path, None).expect("it can be read");
            let want = [
                ("zh-CN", "核查机制"),
                ("en-US", "verification mechanism"),
                ("zh-CN", "安全理事会"),
                ("en-US", "Security Council"),
            ];
            assert_eq!(terms(&back), want, "{name}");
        }
    }

    mod properties {
        use super::*;
        use proptest::prelude::*;

        /// What may stand in a cell: no stroke, which stands between terms, and no space at the ends.
        fn text() -> impl Strategy<Value = String> {
            "[理事会安全条约A-Za-z0-9&<>\"',;（）-]{1,4}( [a-z<&\"']{1,5})?"
        }

        fn entry() -> impl Strategy<Value = TermEntry> {
            let terms = |lang: &'static str, prefix: &'static str| {
                proptest::collection::vec((text(), 0..4usize), 1..3).prop_map(move |list| {
                    let term = |(text, status): (String, usize)| Term {
                        lang: lang.parse().expect("the tag is well-formed"),
                        text: format!("{prefix}{text}"),
                        status: TermStatus::ALL[status],
                    };
                    list.into_iter().map(term).collect::<Vec<Term>>()
                })
            };
            let notes = proptest::collection::vec(text(), 0..3);
            (terms("zh-CN", "约"), terms("en-US", "x"), notes, any::<bool>(), text(), text(), text())
                .prop_map(|(mut terms, en, notes, case_sensitive, domain, definition, pos)| {
                    terms.extend(en);
                    // Tables keep a column a status, so that is the order that comes back.
                    terms.sort_by_key(|t| (t.status, t.lang.as_str() != "zh-CN"));
                    let part_of_speech = format!("n{pos}");
                    TermEntry {
                        id: String::new(),
                        domain,
                        definition,
                        part_of_speech,
                        case_sensitive,
                        notes,
                        terms,
                    }
                })
        }

        /// The same whatever the order of terms.
        fn sorted(mut base: Termbase) -> Termbase {
            for entry in &mut base.entries {
                entry.id.clear();
                entry.terms.sort_by(|a, b| {
                    (a.lang.as_str(), a.status, &a.text).cmp(&(b.lang.as_str(), b.status, &b.text))
                });
            }
            base
        }

        proptest! {
            #![proptest_config(ProptestConfig::with_cases(64))]
            #[test]
            fn what_is_written_is_read(entries in proptest::collection::vec(entry(), 1..5)) {
                let base = Termbase { entries };
                let folder = tempfile::tempdir().expect("a folder can be made");
                for (format, name) in TermFormat::ALL {
                    if matches!(format, TermFormat::Omegat | TermFormat::Utx) {
                        continue;
                    }
                    let path = folder.path().join(name);
                    write_terms(&path, &base, Some(format)).expect("it can be written");
                    let back = read_terms(&path, Some(format)).expect("it can be read");
                    prop_assert_eq!(sorted(back), sorted(base.clone()), "{}", name);
                }
            }
        }
    }
}
