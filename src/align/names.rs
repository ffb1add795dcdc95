//! Links between transliterated names: runs of characters that no dictionary explains, and capitalised words that none
//! knows or links, where they sound alike.

use super::links::Links;
use super::text::{Text, Type};
use crate::feature::sound::{Skeleton, Sound, letters_alike};
use crate::lexicon::{Lexicon, is_han};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The least similarity of consonants that links. This and the next three: docs/accuracy.md, "What names heard are worth".
const ALIKE: f64 = 0.5;
/// The least strength that links.
const LEAST: f64 = 0.25;
/// A single character this common (as a share of all words) is part of no name; of those that transliterate, this common: 的 and 了,
/// not 阿 and 德.
const COMMON_CHARACTER: f32 = 2e-4;
const COMMON_SOUND: f32 = 1e-3;
/// Characters of a run that may be a name, and the runs considered for one pair of texts.
const RUN: std::ops::RangeInclusive<usize> = 2..=8;
const MOST_RUNS: usize = 50_000;
/// An English word this common (as a share of all words) is no name that needs its sound, if it has a link with a word of the Chinese
/// text. Where that does not count, or common words without a link are passed over, too, left-out texts are less likely (−ln 544 and 546
/// instead of 542).
const COMMON: f32 = 2e-6;

/// A word or a run of characters as the name that it may be.
struct Named<T> {
    letters: String,
    /// The word's type, or the types of the run.
    what: T,
    /// How often it occurs.
    count: u32,
}

/// What has the same consonants.
type BySound<T> = BTreeMap<Skeleton, Vec<Named<T>>>;

/// New links beside the `known` ones, as (Chinese type, English type, strength).
pub(crate) fn links(zh: &Text, en: &Text, lexicon: &Lexicon, known: &Links) -> Vec<(u32, u32, f32)> {
    let names = english(zh, en, lexicon, known);
    if names.is_empty() {
        return Vec::new();
    }
    let runs = chinese(zh, lexicon);
    let alike = runs.par_iter().map(|(skeleton, runs)| {
        let mut out = Vec::new();
        for (other, names) in names.get(&skeleton.start()).into_iter().flatten() {
            let alike = skeleton.similarity(other, ALIKE);
            if alike < ALIKE && skeleton != other {
                continue;
            }
            for run in runs {
                for name in names {
                    let alike = if run.letters == name.letters { 1.0 } else { alike };
                    let strength = alike * run.likeness(name);
                    if strength > LEAST {
                        out.extend(run.what.iter().map(|&z| (z, name.what, strength as f32)));
                    }
                }
            }
        }
        out
    });
    alike.flatten_iter().collect()
}

impl<T> Named<T> {
    /// How well it goes with another whose consonants are like its own, 0 to 1: by how alike their letters are, as vowels tell apart what
    /// is short, and by how often both occur.
    fn likeness<U>(&self, other: &Named<U>) -> f64 {
        let (times, count) = (f64::from(self.count), f64::from(other.count));
        let spelled = letters_alike(&self.letters, &other.letters).sqrt();
        spelled * 2.0 * times.min(count) / (times + count)
    }
}

/// English words that may be names, by the start of their sound, so that each run meets few of them.
fn english(zh: &Text, en: &Text, lexicon: &Lexicon, known: &Links) -> BTreeMap<Option<char>, BySound<u32>> {
    let mut linked = vec![false; en.types.len()];
    (0..zh.types.len() as u32).flat_map(|z| known.of(z)).for_each(|link| linked[link.0 as usize] = true);
    let mut names: BTreeMap<Option<char>, BySound<u32>> = BTreeMap::new();
    for (k, kind) in en.types.iter().enumerate() {
        let common = kind.stem.is_some_and(|s| lexicon.stem_probability(s) > COMMON);
        let word = kind.key.chars().all(char::is_alphabetic);
        if kind.capitals * 2 > kind.count && !(common && linked[k]) && word && kind.key.chars().count() >= 4 {
            let Sound { letters, skeleton } = Sound::of(&kind.key);
            let alike = names.entry(skeleton.start()).or_default().entry(skeleton).or_default();
            alike.push(Named { letters, what: k as u32, count: kind.count });
        }
    }
    names
}

/// The runs of characters that may be names.
fn chinese(zh: &Text, lexicon: &Lexicon) -> BySound<Vec<u32>> {
    let sound = |(run, count): (Vec<u32>, u32)| {
        let reading = run.iter().filter_map(|&k| reading(&zh.types[k as usize].key, lexicon));
        let Sound { letters, skeleton } = Sound::of(&reading.collect::<String>());
        (skeleton, Named { letters, what: run, count })
    };
    let sounds: Vec<(Skeleton, Named<Vec<u32>>)> = runs(zh, lexicon).into_par_iter().map(sound).collect();
    let mut out: BySound<Vec<u32>> = BTreeMap::new();
    for (skeleton, run) in sounds {
        out.entry(skeleton).or_default().push(run);
    }
    out
}

fn reading(word: &str, lexicon: &Lexicon) -> Option<String> {
    let syllables: Vec<&str> = word.chars().filter_map(|c| lexicon.readings(c).next()).collect();
    (!syllables.is_empty()).then(|| syllables.concat())
}

/// Runs of tokens that may be a name, as types, and how often each occurs: single characters that stand side by side (a Chinese name, or
/// one that no dictionary has), and words of characters that transliterate, with and without their first and last one.
fn runs(zh: &Text, lexicon: &Lexicon) -> BTreeMap<Vec<u32>, u32> {
    let of_types = |wanted: &dyn Fn(&Type) -> bool| zh.types.iter().map(wanted).collect::<Vec<bool>>();
    let transliterates = |kind: &Type| kind.key.chars().all(|c| TRANSLITERATING.contains(c));
    let common = |kind: &Type| {
        let most = if transliterates(kind) { COMMON_SOUND } else { COMMON_CHARACTER };
        kind.entry.is_some_and(|entry| lexicon.entry_probability(entry) > most)
    };
    let length = |kind: &Type| kind.key.chars().count();
    let single = of_types(&|kind| length(kind) == 1 && kind.key.chars().all(is_han) && !common(kind));
    let sounds = of_types(&transliterates);
    let of_segment = |segment: usize| {
        let mut found: BTreeSet<(usize, usize)> = adjacent(zh, segment, &single).into_iter().collect();
        for (from, to) in adjacent(zh, segment, &sounds) {
            found.extend([(from, to), (from + 1, to), (from, to - 1)]);
        }
        let runs = found.into_iter().map(|(from, to)| zh.kind[from..to].to_vec());
        let fits = |run: &Vec<u32>| RUN.contains(&run.iter().map(|&k| length(&zh.types[k as usize])).sum());
        runs.filter(fits).collect()
    };
    let found: Vec<Vec<Vec<u32>>> = (0..zh.len()).into_par_iter().map(of_segment).collect();
    let mut out = BTreeMap::new();
    for found in found {
        // Runs beyond the last that is considered are no new ones; how often the others occur is counted to the end.
        let full = out.len() >= MOST_RUNS;
        for run in found {
            match out.get_mut(&run) {
                Some(count) => *count += 1,
                None if full => {}
                None => {
                    out.insert(run, 1);
                }
            }
        }
    }
    out
}

/// The longest runs of tokens without a gap whose types are wanted: the first token, and the end.
fn adjacent(zh: &Text, segment: usize, wanted: &[bool]) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    let mut end = u32::MAX;
    for token in zh.tokens(segment..segment + 1) {
        let (from, to) = zh.span[token];
        if !wanted[zh.kind[token] as usize] {
            continue;
        }
        match out.last_mut() {
            Some(run) if from == end => run.1 = token + 1,
            _ => out.push((token, token + 1)),
        }
        end = to;
    }
    out
}

/// Characters with which foreign names are written, after the usual transliteration tables (Xinhua).
const TRANSLITERATING: &str = "\
    阿埃艾爱安昂奥澳巴拜班邦包保鲍贝本比彼毕别宾波博伯勃布策查察昌楚茨慈达代戴丹当道德登邓迪蒂丁东杜多顿尔恩法\
    凡范方菲费芬丰冯佛弗夫福富盖甘冈高戈哥格根贡古瓜圭哈海罕汉豪赫黑亨洪侯胡华怀惠霍基吉季加佳贾简杰捷金津久喀卡\
    凯坎康考科克肯孔库夸昆拉莱赖兰朗劳勒雷蕾里利丽莉力立历廉琳林龙隆卢鲁路伦罗洛马玛迈麦曼芒毛梅门蒙孟米密蜜明缪\
    莫默姆木穆拿那娜纳乃奈南内尼涅宁纽农努诺欧帕派潘庞培佩彭皮匹平珀普奇契齐恰钱乔切钦琼丘屈让热仁日荣茹儒瑞若萨\
    塞赛桑森沙莎山尚绍舍申沈圣施什石史士舒朔斯丝松苏素索所塔泰坦汤唐陶特滕提汀廷图土托瓦万旺威韦维魏温文翁沃乌吾\
    伍武西锡希席夏香肖谢辛欣兴休许雪逊雅亚扬耶叶伊依易因英尤于宇约云扎泽曾詹朱兹佐卓宗祖左";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Lang;

    /// The strength of the links of a character and an English word.
    fn strength(zh: &[&str], en: &[&str], (character, word): (&str, &str)) -> f32 {
        let lexicon = Lexicon::built_in();
        let (zh, en) = (Text::of_lines(Lang::Zh, zh, &lexicon), Text::of_lines(Lang::En, en, &lexicon));
        let at = |text: &Text, key: &str| text.types.iter().position(|t| t.key == key).unwrap() as u32;
        let pair = (at(&zh, character), at(&en, word));
        let links = links(&zh, &en, &lexicon, &Links::from_lexicon(&zh, &en, &lexicon));
        links.iter().filter(|link| (link.0, link.1) == pair).map(|link| link.2).fold(0.0, f32::max)
    }

    #[test]
    fn common_characters_are_no_names() {
        // 的神 (de shen) has the consonants of Dishon.
        let en = ["The sons of Dishan and of Dishon.", "They walked."];
        assert_eq!(strength(&["的神", "他们走了"], &en, ("神", "dishon")), 0.0);
        assert!(strength(&["蒂珊", "他们走了"], &en, ("珊", "dishan")) > 0.5);
    }

    #[test]
    fn a_name_is_heard_where_it_occurs_as_often() {
        let of = |times: usize| {
            let zh: Vec<&str> = std::iter::repeat_n("莫苏来了", times).collect();
            strength(&zh, &["Mosu came."], ("苏", "mosu"))
        };
        assert!(of(1) > of(2) && of(2) > of(4), "{} {} {}", of(1), of(2), of(4));
        assert_eq!(of(40), 0.0);
    }

    #[test]
    fn a_common_name_is_heard_where_nothing_else_links_it() {
        let lexicon = Lexicon::built_in();
        let zh = Text::of_lines(Lang::Zh, &["我明白戴夫的意思。"], &lexicon);
        let en = Text::of_lines(Lang::En, &["I see what Dave means."], &lexicon);
        let dave = en.types.iter().position(|t| t.key == "dave").unwrap() as u32;
        assert!(en.types[dave as usize].stem.is_some_and(|s| lexicon.stem_probability(s) > COMMON));
        let heard = |known: &Links| -> Vec<String> {
            let of_dave = links(&zh, &en, &lexicon, known).into_iter().filter(|link| link.1 == dave);
            of_dave.map(|link| zh.types[link.0 as usize].key.clone()).collect()
        };
        let known = Links::from_lexicon(&zh, &en, &lexicon);
        assert_eq!(heard(&known), ["戴", "夫"]);
        assert!(heard(&known.merged([(0, dave, 0.5)])).is_empty());
    }
}
