//! Made-up bilingual text of any length, always the same: sentences put together from phrases, with merges and gaps.

/// A generator of numbers (Knuth's MMIX constants), so that every machine makes the same text.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n
    }
}

const WHO: [(&str, &str); 12] = [
    ("安全理事会", "the Security Council"),
    ("秘书长", "the Secretary-General"),
    ("这家小公司", "this small company"),
    ("老船长", "the old captain"),
    ("我的邻居", "my neighbour"),
    ("几位科学家", "several scientists"),
    ("当地政府", "the local government"),
    ("年轻的医生", "the young doctor"),
    ("图书馆", "the library"),
    ("出口商", "the exporters"),
    ("委员会的成员", "the members of the committee"),
    ("她的妹妹", "her younger sister"),
];
const DID: [(&str, &str); 12] = [
    ("通过了", "adopted"),
    ("修改了", "revised"),
    ("没有忘记", "did not forget"),
    ("仔细检查了", "carefully inspected"),
    ("公布了", "published"),
    ("买下了", "bought"),
    ("讨论了", "discussed"),
    ("拒绝了", "refused"),
    ("带来了", "brought"),
    ("完成了", "finished"),
    ("保护了", "protected"),
    ("放弃了", "gave up"),
];
const WHAT: [(&str, &str); 14] = [
    ("新的决议", "the new resolution"),
    ("年度报告", "the annual report"),
    ("一座石桥", "a stone bridge"),
    ("那条旧船", "the old boat"),
    ("能源计划", "the energy plan"),
    ("三本词典", "three dictionaries"),
    ("贸易协定", "the trade agreement"),
    ("河边的森林", "the forest by the river"),
    ("医院的预算", "the budget of the hospital"),
    ("一幅画", "a painting"),
    ("安全标准", "the safety standards"),
    ("全部文件", "all the documents"),
    ("最后的机会", "the last chance"),
    ("语言课程", "the language course"),
];
const WHEN: [(&str, &str); 8] = [
    ("昨天", "yesterday"),
    ("去年春天", "last spring"),
    ("会议结束以后", "after the meeting"),
    ("下雨的时候", "while it was raining"),
    ("两个星期以前", "two weeks ago"),
    ("在首都", "in the capital"),
    ("按照法律", "according to the law"),
    ("第二天早上", "the next morning"),
];

/// A sentence with its translation.
type Pair = (String, String);

/// A sentence, and one that goes on from it.
fn two(numbers: &mut Numbers) -> (Pair, Pair) {
    let (when, who) = (WHEN[numbers.below(8)], WHO[numbers.below(12)]);
    let (did, what) = (DID[numbers.below(12)], WHAT[numbers.below(14)]);
    let first = (
        format!("{}，{}{}{}。", when.0, who.0, did.0, what.0),
        format!("{} {} {} {}.", capital(who.1), did.1, what.1, when.1),
    );
    let (did, what) = (DID[numbers.below(12)], WHAT[numbers.below(14)]);
    let year = 1900 + numbers.below(120);
    let second =
        (format!("{year}年他们{}{}。", did.0, what.0), format!("In {year} they {} {}.", did.1, what.1));
    (first, second)
}

/// Sentences that are translated one by one.
#[allow(dead_code)]
pub fn pairs(count: usize) -> Vec<Pair> {
    let mut numbers = Numbers(20);
    let mut out = Vec::with_capacity(count + 1);
    while out.len() < count {
        let (first, second) = two(&mut numbers);
        out.extend([first, second]);
    }
    out.truncate(count);
    out
}

/// About `pairs` Chinese and English sentences, some of them merged, some left out on a side.
#[allow(dead_code)]
pub fn bitext(pairs: usize) -> (Vec<String>, Vec<String>) {
    let mut numbers = Numbers(20);
    let (mut zh, mut en) = (Vec::with_capacity(pairs), Vec::with_capacity(pairs));
    while zh.len() < pairs {
        let (first, second) = two(&mut numbers);
        match numbers.below(20) {
            0 => {
                zh.push(format!("{}，{}", first.0.trim_end_matches('。'), second.0));
                en.extend([first.1, second.1]);
            }
            1 => {
                zh.extend([first.0, second.0]);
                en.push(format!("{}; {}", first.1.trim_end_matches('.'), second.1));
            }
            2 => zh.push(first.0),
            3 => en.push(second.1),
            _ => {
                zh.extend([first.0, second.0]);
                en.extend([first.1, second.1]);
            }
        }
    }
    (zh, en)
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
