//! How long the parts of the main job take. `cargo bench` runs all; `cargo bench --bench align -- letter` some.

mod text;

use divan::{Bencher, counter::ItemsCount};
use duizhao::align::{AlignOptions, Aligner};
use duizhao::lexicon::Lexicon;
use duizhao::model::{Lang, Segment};
use duizhao::read::{ReadOptions, read_file};
use duizhao::segment::{SegmentOptions, segment_document};
use std::path::{Path, PathBuf};

fn main() {
    divan::main();
}

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/samples").join(name)
}

/// One segment a line.
fn segments(texts: Vec<String>) -> Vec<Segment> {
    (1..).zip(texts).map(|(line, text)| Segment::line(text, line, 0..0)).collect()
}

fn align(bencher: Bencher, pairs: usize, jobs: usize) {
    let options = AlignOptions { jobs, explain: false, ..AlignOptions::default() };
    let aligner = Aligner::new(Lexicon::built_in(), options).expect("the options are fine");
    let (zh, en) = text::bitext(pairs);
    let (zh, en) = (segments(zh), segments(en));
    bencher
        .counter(ItemsCount::new(zh.len() + en.len()))
        .with_inputs(|| (zh.clone(), en.clone()))
        .bench_values(|(zh, en)| aligner.align(Lang::Zh, zh, en, &|_| {}));
}

#[divan::bench(args = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000], sample_count = 5)]
fn align_one_thread(bencher: Bencher, pairs: usize) {
    align(bencher, pairs, 1);
}

#[divan::bench(args = [8_000, 32_000], sample_count = 5)]
fn align_two_threads(bencher: Bencher, pairs: usize) {
    align(bencher, pairs, 2);
}

#[divan::bench]
fn load_lexicon() -> Lexicon {
    Lexicon::built_in()
}

#[divan::bench(args = ["A-61-1006.zh.txt", "A-61-1006.en.txt"])]
fn letter_read_and_split(name: &str) -> Vec<Segment> {
    let document = read_file(&sample(name), &ReadOptions::default()).expect("the sample is there");
    segment_document(&document, &SegmentOptions::default())
}

#[divan::bench]
fn letter_align(bencher: Bencher) {
    let aligner = Aligner::new(Lexicon::built_in(), AlignOptions::default()).expect("the options are fine");
    let zh = letter_read_and_split("A-61-1006.zh.txt");
    let en = letter_read_and_split("A-61-1006.en.txt");
    bencher
        .counter(ItemsCount::new(zh.len() + en.len()))
        .with_inputs(|| (zh.clone(), en.clone()))
        .bench_values(|(zh, en)| aligner.align(Lang::Zh, zh, en, &|_| {}));
}
