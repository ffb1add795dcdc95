//! Breaks files and reads them, for as long as one likes.
//!
//! `cargo run --profile quick --example fuzz_documents -- READER MINUTES [SEED [FOLDER]]` breaks the small files that
//! tests have for this reader (and those in the folder that have an extension of its kinds), reads them as the program
//! would, splits or writes what came out, and goes on. READER is one of `txt docx odt html pdf epub pptx xlsx md
//! subtitles xliff po tmx table jsonl srx terms`, or `all`, which gives each its minutes. Minutes are those of the processor, so that other work does not count.
//!
//! A panic, a file that takes more than two seconds of it, or one that takes more than 512 MB of memory
//! is kept in `target/fuzz` and told; the exit code is then 1. A file that does not end within a minute ends the
//! program; one that ends it otherwise (a stack that overflows) lies there as `current`. The same seed breaks the
//! same way.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

#[path = "../tests/documents/bilingual.rs"]
mod bilingual;
#[path = "../tests/documents/build.rs"]
mod build;
#[path = "../tests/documents/fixtures.rs"]
mod fixtures;
#[path = "../tests/documents/mutate.rs"]
mod mutate;
#[path = "../tests/read_kinds/pdf_writer.rs"]
mod pdf_writer;
#[path = "../tests/documents/readers.rs"]
mod readers;

use fixtures::{Fixture, Pack};
use mutate::{Random, broken, parts};
use readers::{READERS, read_one};
use rustix::time::{ClockId, clock_gettime};
use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Slower than this is a finding: the files are small.
const SLOW: Duration = Duration::from_secs(2);
/// More memory than this is a finding. The largest limit of a reader is 512 MiB unpacked, which no small file reaches.
const MOST: u64 = 512 << 20;
/// A file that does not end by then hangs.
const HANGS: Duration = Duration::from_secs(60);
/// Files for extensions of a reader in the folder.
const KINDS: [(&str, &[&str]); 17] = [
    ("txt", &["txt"]),
    ("docx", &["docx"]),
    ("odt", &["odt", "ods", "odp"]),
    ("html", &["html", "htm", "xhtml"]),
    ("pdf", &["pdf"]),
    ("epub", &["epub"]),
    ("pptx", &["pptx"]),
    ("xlsx", &["xlsx"]),
    ("md", &["md"]),
    ("subtitles", &["srt", "vtt"]),
    ("xliff", &["xlf", "xliff"]),
    ("po", &["po"]),
    ("tmx", &["tmx"]),
    ("table", &["csv", "tsv"]),
    ("jsonl", &["jsonl", "beads", "ladder"]),
    ("srx", &["srx"]),
    ("terms", &["tbx", "utx"]),
];

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [reader, minutes, rest @ ..] = arguments.as_slice() else {
        return Err("usage: fuzz_documents READER MINUTES [SEED [FOLDER]]".into());
    };
    let time = Duration::from_secs_f64(minutes.parse::<f64>()? * 60.0);
    let seed = rest.first().map_or(Ok(1), |s| s.parse())?;
    let chosen: Vec<&str> = READERS.into_iter().filter(|r| reader == "all" || r == reader).collect();
    if chosen.is_empty() {
        return Err(format!("no reader is called {reader}: {}", READERS.join(" ")).into());
    }
    std::panic::set_hook(Box::new(|_| {}));
    let mut found = 0;
    for reader in chosen {
        let mut files = fixtures::documents();
        files.extend(bilingual::bilingual());
        files.retain(|f| f.reader == reader);
        if let Some(folder) = rest.get(1) {
            files.extend(in_folder(reader, Path::new(folder))?);
        }
        found += run(reader, &files, time, seed)?;
    }
    Ok(ExitCode::from(u8::from(found > 0)))
}

/// The files of a reader in a folder, in the order of their names.
fn in_folder(reader: &'static str, folder: &Path) -> Result<Vec<Fixture>, Box<dyn Error>> {
    let kinds = KINDS.iter().find(|k| k.0 == reader).unwrap().1;
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
    paths.sort();
    let extension = |p: &Path| p.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    paths.retain(|p| kinds.contains(&extension(p).as_str()));
    let open = |path: PathBuf| -> Result<Fixture, Box<dyn Error>> {
        let bytes = std::fs::read(&path)?;
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        Ok(match parts(&bytes) {
            Some(parts) => Fixture { reader, name, pack: Pack::Zip, parts },
            None => Fixture::plain(reader, &name, bytes),
        })
    };
    paths.into_iter().map(open).collect()
}

/// Fuzzes one reader and says what came of it; the number of findings.
fn run(reader: &str, files: &[Fixture], time: Duration, seed: u64) -> Result<usize, Box<dyn Error>> {
    let folder = Path::new("target/fuzz").join(reader);
    std::fs::create_dir_all(&folder)?;
    let mut random = Random::new(seed);
    let others: Vec<&[u8]> = files.iter().flat_map(|f| f.parts.iter().map(|p| p.1.as_slice())).collect();
    let (mut inputs, mut read, mut found) = (0usize, 0, 0);
    let (mut slowest, mut largest, mut longest) = (Duration::ZERO, 0, 0);
    let begun = processor_time();
    let watch = Watch::start(reader, &folder);
    while processor_time() - begun < time {
        for file in files {
            let input = broken(file.pack, &file.parts, &others, &mut random);
            longest = longest.max(input.len());
            let path = folder.join(format!("current.{}", file.name));
            std::fs::write(&path, &input)?;
            let memory = Peak::start();
            let turn = random.below(1 << 16);
            let before = processor_time();
            watch.begin();
            let result = catch_unwind(AssertUnwindSafe(|| read_one(reader, &path, turn).is_ok()));
            watch.end();
            let took = processor_time() - before;
            let memory = memory.grown();
            (slowest, largest) = (slowest.max(took), largest.max(memory));
            inputs += 1;
            read += usize::from(matches!(result, Ok(true)));
            let what = match result {
                Err(_) => "panic".to_string(),
                Ok(_) if took > SLOW => format!("{took:.1?}"),
                Ok(_) if memory > MOST => format!("{} MB", memory >> 20),
                Ok(_) => continue,
            };
            found += 1;
            let kept = folder.join(format!("found-{found}.{}", file.name));
            std::fs::write(&kept, &input)?;
            println!("{reader}: {what}, turn {turn}: {}", kept.display());
        }
    }
    println!(
        "{reader}: {:.1} minutes, seed {seed}, {} files, {inputs} inputs up to {} KB, {read} read, slowest {slowest:.2?}, most memory {} MB, {found} findings",
        (processor_time() - begun).as_secs_f64() / 60.0,
        files.len(),
        longest >> 10,
        largest >> 20
    );
    Ok(found)
}

/// Ends the program if a file does not end.
struct Watch(Arc<AtomicU64>);

impl Watch {
    fn start(reader: &str, folder: &Path) -> Watch {
        let since = Arc::new(AtomicU64::new(0));
        let (watched, reader, folder) = (since.clone(), reader.to_string(), folder.to_path_buf());
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(Duration::from_secs(1));
                let begun = watched.load(Ordering::Relaxed);
                if begun > 0 && processor_time().as_secs() > begun + HANGS.as_secs() {
                    println!("{reader}: hangs: {}/current.*, the newest", folder.display());
                    std::process::exit(1);
                }
            }
        });
        Watch(since)
    }

    fn begin(&self) {
        // A time of 0 means that nothing is read.
        self.0.store(processor_time().as_secs().max(1), Ordering::Relaxed);
    }

    fn end(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

/// What the process has computed, so that other work on the machine does not count.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// The largest memory of the process from a point on (Linux; nothing elsewhere).
struct Peak(u64);

impl Peak {
    fn start() -> Peak {
        // 5 resets the mark of the largest resident size (proc(5)).
        let _ = std::fs::write("/proc/self/clear_refs", "5");
        Peak(Peak::mark())
    }

    fn grown(&self) -> u64 {
        Peak::mark().saturating_sub(self.0)
    }

    fn mark() -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
        line.and_then(|l| l.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) << 10
    }
}
