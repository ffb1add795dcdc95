//! Links between transliterated names: runs of characters that no dictionary explains, and capitalised words that none
//! knows or links, where they sound alike.

use super::links::Links;
use super::text::Text;
use crate::feature::sound::{Skeleton, Sound};
use crate::lexicon::{Lexicon, is_han};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The least similarity of sound that links.
const ALIKE: f64 = 0.75;
/// The strength of a link by sound, times the similarity: less than a dictionary's.
const STRENGTH: f32 = 0.7;
/// Characters of a run that may be a name, and the runs considered for one pair of texts.
const RUN: std::ops::RangeInclusive<usize> = 2..=8;
const MOST_RUNS: usize = 50_000;
/// An English word this common (as a share of all words) is no name that needs its sound, if it has a link with a word of the Chinese
/// text. Where that does not count, or common words without a link are passed over, too, left-out texts are less likely (−ln 544 and 546
/// instead of 542).
const COMMON: f32 = 2e-6;

/// Something with a name's letters.
type Named<T> = (String, T);

/// New links beside the `known` ones, as (Chinese type, English type, strength).
pub(crate) fn links(zh: &Text, en: &Text, lexicon: &Lexicon, known: &Links) -> Vec<(u32, u32, f32)> {
    let mut linked = vec![false; en.types.len()];
    (0..zh.types.len() as u32).flat_map(|z| known.of(z)).for_each(|link| linked[link.0 as usize] = true);
    // Names by their skeleton and its start, so that each run meets few of them.
    let mut names: BTreeMap<Option<char>, BTreeMap<Skeleton, Vec<Named<u32>>>> = BTreeMap::new();
    for (k, kind) in en.types.iter().enumerate() {
        let common = kind.stem.is_some_and(|s| lexicon.stem_probability(s) > COMMON);
        let word = kind.key.chars().all(char::is_alphabetic);
        if kind.capitals * 2 > kind.count && !(common && linked[k]) && word && kind.key.chars().count() >= 4 {
            let Sound { letters, skeleton } = Sound::of(&kind.key);
            let alike = names.entry(skeleton.start()).or_default().entry(skeleton).or_default();
            alike.push((letters, k as u32));
        }
    }
    if names.is_empty() {
        return Vec::new();
    }
    let sound = |run: Vec<u32>| {
        let reading = run.iter().filter_map(|&k| reading(&zh.types[k as usize].key, lexicon));
        (Sound::of(&reading.collect::<String>()), run)
    };
    let sounds: Vec<(Sound, Vec<u32>)> = runs(zh).into_par_iter().map(sound).collect();
    let mut runs: BTreeMap<Skeleton, Vec<Named<Vec<u32>>>> = BTreeMap::new();
    for (Sound { letters, skeleton }, run) in sounds {
        runs.entry(skeleton).or_default().push((letters, run));
    }
    let alike = runs.par_iter().map(|(skeleton, runs)| {
        let mut out = Vec::new();
        for (other, names) in names.get(&skeleton.start()).into_iter().flatten() {
            let alike = skeleton.similarity(other, ALIKE);
            if alike < ALIKE && skeleton != other {
                continue;
            }
            for (letters, run) in runs {
                for (other, name) in names {
                    let alike = if letters == other { 1.0 } else { alike };
                    if alike >= ALIKE {
                        out.extend(run.iter().map(|&z| (z, *name, STRENGTH * alike as f32)));
                    }
                }
            }
        }
        out
    });
    alike.flatten_iter().collect()
}

fn reading(word: &str, lexicon: &Lexicon) -> Option<String> {
    let syllables: Vec<&str> = word.chars().filter_map(|c| lexicon.readings(c).next()).collect();
    (!syllables.is_empty()).then(|| syllables.concat())
}

/// Runs of tokens that may be a name, as types: single characters that stand side by side (a Chinese name, or one that
/// no dictionary has), and words of characters that transliterate, with and without their first and last one.
fn runs(zh: &Text) -> BTreeSet<Vec<u32>> {
    let mut out = BTreeSet::new();
    let types =
        |wanted: &dyn Fn(&str) -> bool| zh.types.iter().map(|t| wanted(&t.key)).collect::<Vec<bool>>();
    let single = types(&|key| key.chars().count() == 1 && key.chars().all(is_han));
    let sounds = types(&|key| key.chars().all(|c| TRANSLITERATING.contains(c)));
    let of_segment = |segment: usize| {
        let mut found = adjacent(zh, segment, &single);
        for run in adjacent(zh, segment, &sounds) {
            found.extend([run[1..].to_vec(), run[..run.len() - 1].to_vec(), run]);
        }
        found
            .retain(|run| RUN.contains(&run.iter().map(|&k| zh.types[k as usize].key.chars().count()).sum()));
        found
    };
    let found: Vec<Vec<Vec<u32>>> = (0..zh.len()).into_par_iter().map(of_segment).collect();
    for found in found {
        out.extend(found);
        if out.len() >= MOST_RUNS {
            break;
        }
    }
    out
}

/// The longest runs of tokens without a gap whose types are wanted.
fn adjacent(zh: &Text, segment: usize, wanted: &[bool]) -> Vec<Vec<u32>> {
    let mut out: Vec<Vec<u32>> = Vec::new();
    let mut end = u32::MAX;
    for token in zh.tokens(segment..segment + 1) {
        let (from, to) = zh.span[token];
        if !wanted[zh.kind[token] as usize] {
            continue;
        }
        match out.last_mut() {
            Some(run) if from == end => run.push(zh.kind[token]),
            _ => out.push(vec![zh.kind[token]]),
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
