//! Which pairs a batch works on: found in a folder, or read from a manifest.

use super::source_lang;
use super::work::in_parallel;
use crate::cli::align::{Arguments, lexicon, read_document};
use crate::cli::say::Voice;
use duizhao::format::{read_table, write_table, write_text_file};
use duizhao::model::{Lang, Side};
use duizhao::pairing::{Signature, by_content, by_name};
use duizhao::{Error, ErrorKind, Result};
use std::collections::{BTreeMap, HashMap};
use std::path::{Component, Path, PathBuf};

/// Extensions of everything that is read as a document, templates and files with macros among them. Tables of ready
/// pairs (CSV, TMX …) are none.
const DOCUMENTS: [&str; 28] = [
    "txt", "text", "md", "markdown", "html", "htm", "xhtml", "xht", "pdf", "srt", "vtt", "epub", "docx",
    "docm", "dotx", "dotm", "odt", "ott", "pptx", "pptm", "ppsx", "potx", "odp", "xlsx", "xlsm", "xltx",
    "ods", "ots",
];
/// Languages that stand for an extension: `x.zh`, `x.en`.
const LANGUAGES: [&str; 6] = ["zh", "en", "cn", "chs", "cht", "eng"];
/// Folders nested deeper than this are a loop or a mistake.
const DEEPEST: usize = 64;

/// A pair to work on.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pair {
    pub source: PathBuf,
    pub target: PathBuf,
    /// Its name for the output, with `/` between folders; empty if the source gives it.
    pub name: String,
    /// What made it a pair.
    pub how: How,
    /// Whether the documents may be swapped so that the source is in the source's language.
    pub any_order: bool,
}

/// What made two documents a pair.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum How {
    Name,
    Content { score: f64, rival: f64, sure: bool },
    Manifest,
}

/// The pairs, and the files without one with the reason.
#[derive(Debug, Clone, Default)]
pub(super) struct Plan {
    pub pairs: Vec<Pair>,
    pub alone: Vec<(PathBuf, String)>,
}

impl Plan {
    /// A different name for each pair; the same plan gives the same names.
    pub fn names(&self) -> Vec<String> {
        let mut seen: HashMap<String, usize> = HashMap::new();
        self.pairs
            .iter()
            .map(|pair| {
                let own = pair.source.file_stem().map(|s| s.to_string_lossy().into_owned());
                let name = if pair.name.is_empty() { own.unwrap_or_default() } else { pair.name.clone() };
                // Windows and macOS take names that differ in case for one.
                let name: String = name.split('/').map(safe_part).collect::<Vec<_>>().join("/");
                let count = seen.entry(name.to_lowercase()).or_insert(0);
                *count += 1;
                if *count == 1 { name } else { format!("{name}~{count}") }
            })
            .collect()
    }
}

/// A part of a path that stays inside its folder and clear of our own files.
fn safe_part(part: &str) -> String {
    let clean: String =
        part.chars().map(|c| if c.is_control() || "\\:*?\"<>|".contains(c) { '_' } else { c }).collect();
    let clean = clean.trim_matches(['.', ' ']);
    match clean {
        "" => "pair".to_string(),
        "summary" => "summary_".to_string(),
        clean => clean.to_string(),
    }
}

/// Finds the pairs in a folder, by names first, then by content among the rest.
pub(super) fn find(
    folder: &Path,
    output: Option<&Path>,
    arguments: &Arguments,
    voice: Voice,
) -> Result<Plan> {
    let output = output.and_then(|o| o.canonicalize().ok());
    let mut files = Vec::new();
    list(folder, output.as_deref(), 0, &mut files)?;
    files.sort();
    if files.is_empty() {
        return Err(Error::new(ErrorKind::Empty("the folder holds no documents".into()))
            .in_file(folder)
            .advise(format!("their extension must be one of {}", DOCUMENTS.join(" "))));
    }
    let names: Vec<String> = files
        .iter()
        .map(|f| {
            let inside = f.strip_prefix(folder).unwrap_or(f);
            inside.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
        })
        .collect();
    let named = by_name(&names);
    let chinese_first = source_lang(arguments) == Lang::Zh;
    let ordered = |zh: usize, en: usize| if chinese_first { (zh, en) } else { (en, zh) };
    let mut taken = vec![false; files.len()];
    let mut out = Plan::default();
    for (zh, en, key) in named.pairs {
        (taken[zh], taken[en]) = (true, true);
        let (source, target) = ordered(zh, en);
        out.pairs.push(Pair {
            source: files[source].clone(),
            target: files[target].clone(),
            name: key,
            how: How::Name,
            any_order: true,
        });
    }
    let rest: Vec<usize> = (0..files.len()).filter(|&k| !taken[k]).collect();
    let lexicon = lexicon(arguments)?;
    let bar = voice.bar();
    let done = std::sync::atomic::AtomicUsize::new(0);
    let read = in_parallel(arguments.jobs, rest.len(), |_, k| {
        let result = read_document(arguments, &files[rest[k]], Side::Source);
        let so_far = done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
        bar.share(so_far as f64 / rest.len() as f64, "reading");
        result.map(|document| Signature::of(&document, &lexicon))
    });
    drop(bar);
    let (mut signatures, mut places) = (Vec::new(), Vec::new());
    for (result, &k) in read.into_iter().zip(&rest) {
        match result {
            Ok(signature) => {
                signatures.push(signature);
                places.push(k);
            }
            Err(e) => out.alone.push((files[k].clone(), format!("cannot be read: {e}"))),
        }
    }
    let (pairs, alone) = by_content(&signatures);
    for pair in pairs {
        let (zh, en) = (places[pair.zh], places[pair.en]);
        let (source, target) = ordered(zh, en);
        let parent = Path::new(&names[source]).with_extension("");
        out.pairs.push(Pair {
            source: files[source].clone(),
            target: files[target].clone(),
            name: parent.to_string_lossy().replace('\\', "/"),
            how: How::Content { score: pair.score, rival: pair.rival, sure: pair.sure },
            any_order: true,
        });
    }
    let by_name: BTreeMap<usize, String> = named.alone.into_iter().collect();
    for (k, why) in alone {
        let place = places[k];
        let name = by_name.get(&place).map_or(String::new(), |w| format!("{w}; by content: "));
        out.alone.push((files[place].clone(), format!("{name}{why}")));
    }
    out.pairs.sort_by(|a, b| a.source.cmp(&b.source));
    out.alone.sort();
    Ok(out)
}

fn list(folder: &Path, output: Option<&Path>, depth: usize, out: &mut Vec<PathBuf>) -> Result<()> {
    let place = |e: std::io::Error| Error::from(e).in_file(folder);
    if depth > DEEPEST {
        return Err(Error::usage("folders are nested too deeply").in_file(folder));
    }
    for entry in std::fs::read_dir(folder).map_err(place)? {
        let path = entry.map_err(place)?.path();
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        // Hidden files, and what word processors leave beside an open document.
        if name.starts_with('.') || name.starts_with("~$") {
            continue;
        }
        if path.is_dir() {
            let own = output.is_some() && path.canonicalize().ok().as_deref() == output;
            let link = path.is_symlink();
            if !own && !link {
                list(&path, output, depth + 1, out)?;
            }
        } else if let Some(extension) = path.extension() {
            let extension = extension.to_string_lossy().to_lowercase();
            if DOCUMENTS.iter().chain(&LANGUAGES).any(|known| *known == extension) {
                out.push(path);
            }
        }
    }
    Ok(())
}

/// The columns of a manifest. Only the first two must be there; rows without a target are passed over.
const COLUMNS: [&str; 5] = ["source", "target", "name", "found-by", "note"];

/// Writes the pairs as CSV, paths as seen from the manifest's folder, and after them what stayed alone.
pub(super) fn write_manifest(plan: &Plan, path: &Path) -> Result<()> {
    let parent = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let seen = |file: &Path| relative(file, parent);
    let mut rows = vec![COLUMNS.map(str::to_string).to_vec()];
    for (pair, name) in plan.pairs.iter().zip(plan.names()) {
        let (how, note) = match pair.how {
            How::Name => ("name", String::new()),
            How::Manifest => ("manifest", String::new()),
            How::Content { score, rival, sure } => (
                "content",
                format!(
                    "similarity {score:.2}, next best {rival:.2}{}",
                    if sure { "" } else { ": not sure, please look" }
                ),
            ),
        };
        rows.push(vec![seen(&pair.source), seen(&pair.target), name, how.to_string(), note]);
    }
    for (file, why) in &plan.alone {
        rows.push(vec![seen(file), String::new(), String::new(), "alone".to_string(), why.clone()]);
    }
    write_text_file(path, &write_table(&rows)?)
}

/// A path as seen from a folder, with `/`.
fn relative(file: &Path, folder: &Path) -> String {
    let (Ok(file), Ok(folder)) = (file.canonicalize(), folder.canonicalize()) else {
        return file.to_string_lossy().into_owned();
    };
    let (a, b): (Vec<Component>, Vec<Component>) =
        (file.components().collect(), folder.components().collect());
    let common = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let mut parts: Vec<String> = vec!["..".to_string(); b.len() - common];
    parts.extend(a[common..].iter().map(|c| c.as_os_str().to_string_lossy().into_owned()));
    parts.join("/")
}

/// Reads a manifest. Paths are seen from its folder.
pub(super) fn read_manifest(path: &Path) -> Result<Plan> {
    let bytes = std::fs::read(path).map_err(|e| {
        Error::from(e)
            .in_file(path)
            .advise("name a folder of documents, or a CSV file with source and target")
    })?;
    let text = String::from_utf8(bytes).map_err(|_| {
        Error::new(ErrorKind::Encoding("the manifest is not UTF-8".into()))
            .in_file(path)
            .advise("save it as CSV in UTF-8")
    })?;
    let rows = read_table(&text).map_err(|e| e.in_file(path))?;
    let head: Vec<String> =
        rows.first().map(|r| r.1.iter().map(|c| c.trim().to_lowercase()).collect()).unwrap_or_default();
    let column = |name: &str| head.iter().position(|c| c == name);
    let (Some(source), Some(target)) = (column("source"), column("target")) else {
        return Err(Error::malformed(
            "the manifest's first line does not name the columns source and target",
        )
        .in_file(path)
        .advise("write one with --plan to see how it looks"));
    };
    let parent = path.parent().unwrap_or(Path::new(""));
    let mut out = Plan::default();
    for (line, row) in rows.iter().skip(1) {
        let cell = |k: Option<usize>| k.and_then(|k| row.get(k)).map_or("", |c| c.trim());
        let (a, b) = (cell(Some(source)), cell(Some(target)));
        let note = cell(column("note"));
        match (a.is_empty(), b.is_empty()) {
            (true, true) => {}
            (false, true) => {
                let note = if note.is_empty() { "the manifest names no target" } else { note };
                out.alone.push((parent.join(a), note.to_string()));
            }
            (true, false) => {
                return Err(Error::malformed("a row has a target and no source")
                    .in_file(path)
                    .at_line(*line));
            }
            (false, false) => out.pairs.push(Pair {
                source: parent.join(a),
                target: parent.join(b),
                name: cell(column("name")).to_string(),
                how: How::Manifest,
                any_order: false,
            }),
        }
    }
    if out.pairs.is_empty() {
        return Err(Error::new(ErrorKind::Empty("the manifest has no pairs".into())).in_file(path));
    }
    Ok(out)
}
