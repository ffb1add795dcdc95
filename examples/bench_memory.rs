//! Measures the translation memory: `cargo run --release --example bench_memory [UNITS] [QUERIES] [SEED] [FILE]`.
//!
//! Makes units by seeded composition and edits of phrases written for it, adds them to a memory in a temporary
//! folder, and prints the times and sizes that docs/memory.md reports. The same numbers of units and queries and the
//! same seed of the queries always give the same texts. With FILE the memory is made there, or used if it is there
//! already. Times of queries are told twice: by the clock, and as the processor time of the thread, which hardly
//! depends on what else the machine does.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use duizhao::memory::{Filter, Keep, Memory, Query, Work};
use duizhao::model::{Lang, TranslationUnit, Variant};
use rustix::time::{ClockId, clock_gettime};
use std::time::{Duration, Instant};

const OPENINGS: [(&str, &str); 16] = [
    ("根据本年度的工作安排，", "Under this year's work plan, "),
    ("在今天上午的会议上，", "At this morning's meeting, "),
    ("经过三个月的调查，", "After three months of inquiry, "),
    ("如附件所示，", "As the annex shows, "),
    ("为了避免误解，", "To avoid misunderstanding, "),
    ("除非另有约定，", "Unless otherwise agreed, "),
    ("应许多读者的要求，", "At the request of many readers, "),
    ("考虑到预算有限，", "Given the small budget, "),
    ("自去年冬天以来，", "Since last winter, "),
    ("尽管天气恶劣，", "Despite the bad weather, "),
    ("安装完成之后，", "Once the installation is complete, "),
    ("就目前情况而言，", "As things stand, "),
    ("在双方律师见证下，", "With lawyers of both sides as witnesses, "),
    ("据记者了解，", "Reporters have learned that "),
    ("从长远来看，", "In the long run, "),
    ("", ""),
];
const SUBJECTS: [(&str, &str); 24] = [
    ("图书馆管理员", "the librarians"),
    ("水利工程师", "the hydraulic engineers"),
    ("各成员单位的代表", "the delegates of all member bodies"),
    ("港口调度中心", "the port control centre"),
    ("新任校长", "the new headmistress"),
    ("承包商及其分包商", "the contractor and its subcontractors"),
    ("审计小组", "the audit team"),
    ("山区的果农", "fruit growers in the hills"),
    ("值班护士", "the nurse on duty"),
    ("电网公司", "the grid operator"),
    ("出版社的编辑", "the publisher's editors"),
    ("气象台", "the weather station"),
    ("专利持有人", "the patent holder"),
    ("铁路维修队", "the track maintenance crew"),
    ("博物馆董事会", "the museum's board"),
    ("渔业合作社", "the fishing cooperative"),
    ("软件供应商", "the software vendor"),
    ("县政府", "the county government"),
    ("志愿者协会", "the volunteers' association"),
    ("仲裁庭", "the arbitral tribunal"),
    ("保险公司", "the insurer"),
    ("实验室主任", "the head of the laboratory"),
    ("乐团指挥", "the conductor of the orchestra"),
    ("海关官员", "customs officers"),
];
const VERBS: [(&str, &str); 20] = [
    ("重新审查了", "re-examined "),
    ("公布了", "published "),
    ("拒绝签署", "refused to sign "),
    ("正在修改", "are revising "),
    ("按时交付了", "delivered on time "),
    ("暂停使用", "suspended the use of "),
    ("逐条讨论了", "discussed point by point "),
    ("赞扬了", "praised "),
    ("无法找到", "could not find "),
    ("批准了", "approved "),
    ("悄悄撤回了", "quietly withdrew "),
    ("打算出售", "intend to sell "),
    ("详细记录了", "recorded in detail "),
    ("比较了", "compared "),
    ("应当保存", "shall keep "),
    ("不得复制", "must not copy "),
    ("翻译了", "translated "),
    ("检验了", "tested "),
    ("推迟发布", "postponed the release of "),
    ("补充了", "added to "),
];
const OBJECTS: [(&str, &str); 24] = [
    ("旧水库的设计图纸", "the drawings of the old reservoir"),
    ("第二阶段的采购合同", "the supply contract for the second phase"),
    ("关于候鸟迁徙的报告", "the report on bird migration"),
    ("夜间列车时刻表", "the timetable of night trains"),
    ("古代瓷器目录", "the catalogue of ancient porcelain"),
    ("员工休假制度", "the rules on staff leave"),
    ("桥梁承重数据", "the load figures of the bridges"),
    ("学生作文选集", "the anthology of pupils' essays"),
    ("应急供电方案", "the plan for emergency power"),
    ("疫苗储存记录", "the storage records of the vaccine"),
    ("双语术语表", "the bilingual glossary"),
    ("进口木材清单", "the list of imported timber"),
    ("仲裁裁决的副本", "copies of the award"),
    ("茶叶质量标准", "the quality standard for tea"),
    ("传感器校准程序", "the calibration procedure for sensors"),
    ("乡村诊所名单", "the list of village clinics"),
    ("用户隐私条款", "the privacy terms"),
    ("航道疏浚计划", "the dredging plan for the channel"),
    ("年度财务报表", "the annual accounts"),
    ("交响乐手稿", "the manuscript of the symphony"),
    ("土壤样本", "the soil samples"),
    ("失物招领启事", "the lost property notices"),
    ("密封圈和阀门", "seals and valves"),
    ("口述历史录音", "the recordings of oral history"),
];
const TAILS: [(&str, &str); 12] = [
    ("。", "."),
    ("，并通知了所有相关人员。", " and informed everybody concerned."),
    ("，但没有说明理由。", " but gave no reason."),
    ("，以便下周提交委员会审议。", " for the committee to consider next week."),
    ("，费用由买方承担。", " at the buyer's expense."),
    ("，结果令人满意。", ", with satisfactory results."),
    ("；逾期不予受理。", "; late applications are not accepted."),
    ("，这是十年来的第一次。", " for the first time in a decade."),
    ("，详情请见网站。", "; see the website for details."),
    ("，而附近的居民对此并不知情。", ", of which the neighbours knew nothing."),
    ("，直到故障排除为止。", " until the fault is repaired."),
    ("！", "!"),
];

/// A small generator of numbers (SplitMix64, Steele and others 2014): the same on every machine.
struct Seeded(u64);

impl Seeded {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    fn of<'a>(&mut self, list: &'a [(&'a str, &'a str)]) -> (&'a str, &'a str) {
        list[self.below(list.len())]
    }

    /// Small numbers are more frequent, as ranks of words are.
    fn skewed(&mut self, n: usize) -> usize {
        let unit = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        ((n as f64 + 1.0).powf(unit) as usize).saturating_sub(1).min(n - 1)
    }

    fn han(&mut self) -> char {
        // The characters in the order of a stride through the block, so that neighbours share no radical.
        let at = (self.skewed(4000) * 2089) % 20_000;
        char::from_u32(0x4E00 + at as u32).unwrap()
    }

    fn word(&mut self) -> String {
        const PARTS: [&str; 20] = [
            "ba", "cor", "den", "fi", "gal", "hu", "ist", "jo", "ker", "lum", "mo", "nat", "or", "pen",
            "qui", "ras", "sol", "tem", "ul", "vor",
        ];
        let mut rank = self.skewed(60_000);
        let mut out = String::new();
        loop {
            out.push_str(PARTS[rank % 20]);
            rank /= 20;
            if rank == 0 {
                return out;
            }
        }
    }
}

fn edited_zh(text: &str, edits: usize, random: &mut Seeded) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..edits {
        let at = random.below(chars.len());
        match random.below(4) {
            0 => chars.insert(at, random.han()),
            1 if chars.len() > 4 => {
                chars.remove(at);
            }
            _ => chars[at] = random.han(),
        }
    }
    chars.into_iter().collect()
}

fn edited_en(text: &str, edits: usize, random: &mut Seeded) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_string).collect();
    for _ in 0..edits {
        let at = random.below(words.len());
        match random.below(4) {
            0 => words.insert(at, random.word()),
            1 if words.len() > 3 => {
                words.remove(at);
            }
            _ => words[at] = random.word(),
        }
    }
    words.join(" ")
}

fn pair(random: &mut Seeded) -> (String, String) {
    let parts = [
        random.of(&OPENINGS),
        random.of(&SUBJECTS),
        random.of(&VERBS),
        random.of(&OBJECTS),
        random.of(&TAILS),
    ];
    let mut zh: String = parts.iter().map(|p| p.0).collect();
    let mut en: String = parts.iter().map(|p| p.1).collect();
    if random.below(4) == 0 {
        let number = random.below(5000) + 1;
        zh = format!("{number}. {zh}");
        en = format!("{number}. {en}");
    }
    let (most_zh, most_en) = (zh.chars().count() / 2, en.split(' ').count() / 2);
    let (edits_zh, edits_en) = (random.below(most_zh), random.below(most_en));
    (edited_zh(&zh, edits_zh, random), edited_en(&en, edits_en, random))
}

fn memory_of_process() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmRSS")).unwrap_or("VmRSS unknown");
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What all threads have had of the processor.
fn process_time() -> Duration {
    clock_gettime(ClockId::ProcessCPUTime).try_into().unwrap()
}

/// What this thread has had of the processor.
fn thread_time() -> Duration {
    clock_gettime(ClockId::ThreadCPUTime).try_into().unwrap()
}

fn spread(mut times: Vec<Duration>) -> String {
    let mean = times.iter().sum::<Duration>().as_secs_f64() * 1e3 / times.len().max(1) as f64;
    times.sort_unstable();
    let at = |p: f64| times[((times.len() - 1) as f64 * p) as usize].as_secs_f64() * 1e3;
    format!("mean {mean:.2} ms, median {:.2}, p95 {:.2}, worst {:.2}", at(0.5), at(0.95), at(1.0))
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |k: usize, usual: usize| arguments.get(k).map_or(usual, |a| a.parse().unwrap());
    let (units, queries, seed) = (number(0, 1_000_000), number(1, 1000), number(2, 11));
    let folder = tempfile::tempdir().unwrap();
    let file = arguments.get(3).map_or(folder.path().join("bench.db"), Into::into);
    let there = file.exists();
    let mut random = Seeded(7);
    let start = Instant::now();
    let mut memory = Memory::open(&file, true).unwrap();
    let mut left = if there { 0 } else { units };
    let (zh, en) = ("zh-CN".parse().unwrap(), "en-US".parse().unwrap());
    memory
        .add("main", Keep::All, &mut || {
            if left == 0 {
                return Ok(None);
            }
            left -= 1;
            let (source, target) = pair(&mut random);
            let variants: [duizhao::model::LangTag; 2] = [Clone::clone(&zh), Clone::clone(&en)];
            let [a, b] = variants;
            Ok(Some(TranslationUnit {
                id: String::new(),
                variants: vec![Variant::new(a, source), Variant::new(b, target)],
                bead: None,
                attributes: Vec::new(),
                properties: Vec::new(),
                notes: Vec::new(),
            }))
        })
        .unwrap();
    println!("{units} units made and added in {:.1} s", start.elapsed().as_secs_f64());
    let mut texts: Vec<(String, String)> = Vec::new();
    let wanted = 11_000.min(units);
    let step = units / wanted;
    let mut at = 0;
    memory
        .each(&Filter::default(), &mut |s| {
            if at % step == 0 {
                texts.push((s.source().text.clone(), s.target().text.clone()));
            }
            at += 1;
            Ok(())
        })
        .unwrap();
    for lang in [Lang::Zh, Lang::En] {
        let start = Instant::now();
        drop(memory.matcher(lang).unwrap());
        println!("{lang:?}: index built and stored in {:.1} s", start.elapsed().as_secs_f64());
    }
    drop(memory);
    for lang in [Lang::Zh, Lang::En] {
        let query = |random: &mut Seeded| {
            let (zh, en) = &texts[random.below(texts.len())];
            match lang {
                Lang::Zh => {
                    let edits = random.below(zh.chars().count() / 2);
                    edited_zh(zh, edits, random)
                }
                Lang::En => {
                    let edits = random.below((en.split(' ').count() / 2).max(1));
                    edited_en(en, edits, random)
                }
            }
        };
        let mut random = Seeded(seed as u64);
        let asked: Vec<String> = (0..queries).map(|_| query(&mut random)).collect();
        let start = Instant::now();
        let mut memory = Memory::open(&file, false).unwrap();
        let matcher = memory.matcher(lang).unwrap();
        println!("{lang:?}: opened in {:.2} s", start.elapsed().as_secs_f64());
        println!("{lang:?}: index {:.0} MB, {}", matcher.index_bytes() as f64 / 1e6, memory_of_process());
        let mut work = Work::default();
        for (what, wanted) in [("best similarity", 0), ("best unit with its text", 1)] {
            let (mut clock, mut thread) = (Vec::new(), Vec::new());
            let mut found = 0;
            for text in &asked {
                let (start, begun) = (Instant::now(), thread_time());
                let any = if wanted == 0 {
                    matcher.best_by_index(text, 0.7, &mut work) > 0.0
                } else {
                    let q = Query { text: text.clone(), ..Query::default() };
                    !matcher.best(&q, 0.7, 1, None, &mut work).unwrap().is_empty()
                };
                thread.push(thread_time().saturating_sub(begun));
                clock.push(start.elapsed());
                found += usize::from(any);
            }
            println!("{lang:?}: {what}: {found} of {queries} found");
            for (name, times) in [("clock", clock), ("thread", thread)] {
                println!("{lang:?}:   {name}: {}", spread(times));
            }
        }
        let (mut same, mut same_in_200) = (0, 0);
        let start = Instant::now();
        for (k, text) in asked.iter().enumerate() {
            let scan = matcher.best_by_full_scan(text, 0.7);
            let equal = (matcher.best_by_index(text, 0.7, &mut work) - scan).abs() < 1e-9;
            same += usize::from(equal);
            same_in_200 += usize::from(equal && k < 200);
        }
        println!(
            "{lang:?}: same best similarity as a full scan in {same} of {queries} ({same_in_200} of the first 200; {:.0} ms a scan)",
            start.elapsed().as_secs_f64() * 1e3 / queries.max(1) as f64
        );
        let document: Vec<Query> =
            (0..10_000).map(|_| Query { text: query(&mut random), ..Query::default() }).collect();
        let (start, begun) = (Instant::now(), process_time());
        let found = matcher.best_of_all(&document, 0.5, 1, None).unwrap();
        println!(
            "{lang:?}: leverage of 10,000 segments at 50 % on all cores: {:.1} s ({:.1} s of processor time), {} with a match",
            start.elapsed().as_secs_f64(),
            process_time().saturating_sub(begun).as_secs_f64(),
            found.iter().filter(|f| !f.is_empty()).count()
        );
    }
}
