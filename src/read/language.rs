//! Which language a text is in, Chinese or English, and in which script Chinese is written.
//!
//! Decided by counting characters and, among Latin texts, function words. What is neither Chinese nor English is
//! an error: a wrong guess here would make everything after it nonsense.

use crate::error::{Error, ErrorKind, Result};
use crate::model::{Lang, Script};

/// Characters looked at; a sample of this length tells as much as the whole.
const SAMPLE: usize = 400_000;

/// A text is Chinese if it has at least one Han character for so many Latin letters. Measured on 606 Chinese and 606
/// English texts of news, law, manuals and reports: the Chinese ones have at most 2.6 Latin letters a Han character
/// (the median is 0.05), the English ones that have any Han at least 43. The limit lies between.
const LATIN_PER_HAN: usize = 12;

/// The language of a text.
pub(super) fn detect_language(text: &str) -> Result<Lang> {
    let (mut han, mut latin, mut kana, mut hangul, mut other) = (0usize, 0usize, 0usize, 0usize, 0usize);
    for c in text.chars().take(SAMPLE) {
        match c as u32 {
            0x41..=0x5A | 0x61..=0x7A | 0xC0..=0x24F | 0x1E00..=0x1EFF => latin += 1,
            0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF | 0x2E80..=0x2FDF => {
                han += 1
            }
            0x3041..=0x30FA => kana += 1,
            0xAC00..=0xD7A3 | 0x1100..=0x11FF => hangul += 1,
            _ if c.is_alphabetic() && !c.is_ascii() && !('\u{FF21}'..='\u{FF5A}').contains(&c) => other += 1,
            _ => {}
        }
    }
    let refuse = |what: &str| {
        Err(Error::new(ErrorKind::Language(format!("the text is neither Chinese nor English: {what}")))
            .advise("name the language (zh or en) if that is wrong"))
    };
    if han + latin + kana + hangul + other == 0 {
        return refuse("it has no letters");
    }
    // One kana to five Han is far more than Chinese texts about Japan have, and far less than any Japanese text.
    if kana * 5 > han && kana * LATIN_PER_HAN > latin {
        return refuse("it looks Japanese");
    }
    if hangul > han && hangul * 3 > latin {
        return refuse("it looks Korean");
    }
    if han > 0 && han * LATIN_PER_HAN >= latin && han * 2 >= other {
        return Ok(Lang::Zh);
    }
    if other > latin {
        return refuse("most of its letters are of another script");
    }
    match other_latin_language(text) {
        Some(name) => refuse(&format!("it looks {name}")),
        None => Ok(Lang::En),
    }
}

/// Function words that make up a quarter to a third of running text and are no words of the other languages.
const FUNCTION_WORDS: [(&str, &[&str]); 6] = [
    (
        "English",
        &[
            "the", "of", "and", "to", "is", "for", "that", "with", "by", "this", "are", "it", "be", "or",
            "you", "shall", "from", "was",
        ],
    ),
    (
        "French",
        &[
            "le", "la", "les", "des", "et", "du", "une", "est", "dans", "que", "qui", "pour", "sur", "aux",
            "par", "ou",
        ],
    ),
    (
        "Spanish",
        &["el", "los", "las", "del", "y", "una", "que", "por", "con", "para", "su", "se", "al", "lo"],
    ),
    (
        "German",
        &["der", "die", "und", "das", "den", "von", "zu", "mit", "dem", "ist", "nicht", "ein", "eine", "auf"],
    ),
    ("Italian", &["il", "di", "che", "della", "e", "gli", "nel", "una", "per", "sono", "dei", "alla", "non"]),
    ("Portuguese", &["o", "os", "da", "do", "dos", "e", "uma", "em", "para", "com", "não", "que", "ao"]),
];

/// The name of the Latin-script language that is not English, where function words say so clearly: at least five,
/// a tenth of all words, and three times those of English.
fn other_latin_language(text: &str) -> Option<&'static str> {
    let (mut counts, mut words) = ([0usize; FUNCTION_WORDS.len()], 0usize);
    let head = text.char_indices().nth(SAMPLE / 8).map_or(text, |(at, _)| &text[..at]);
    for word in head.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()) {
        words += 1;
        let word = word.to_lowercase();
        for (count, (_, list)) in counts.iter_mut().zip(FUNCTION_WORDS) {
            *count += usize::from(list.contains(&word.as_str()));
        }
    }
    let (best, count) = (1..counts.len()).map(|i| (i, counts[i])).max_by_key(|&(_, n)| n)?;
    (count >= 5 && count * 10 >= words && count > 3 * counts[0]).then(|| FUNCTION_WORDS[best].0)
}

/// Frequent characters that have two forms: simplified, traditional. From the table of simplified characters of
/// 1964 (简化字总表), those of the thousand most frequent whose traditional form is not itself a simplified one.
const FORMS: &str = "国國这這个個们們来來为為说說时時会會对對发發后後过過经經学學现現当當没沒动動还還进進样樣开開从從实實\
军軍无無与與长長机機关關点點业業将將两兩间間问問应應战戰头頭体體见見产產话話给給员員论論处處义義几幾认認条條气氣题題尔爾变變\
总總电電数數报報结結务務场場东東门門儿兒声聲归歸书書买買马馬鸟鳥风風飞飛龙龍车車转轉轻輕较較辆輛边邊远遠运運连連迟遲适適选選\
许許议議设設评評该該请請诉訴词詞译譯试試诗詩诚誠语語误誤读讀课課谁誰调調谈談谢謝识識计計订訂记記讲講让讓训訓证證权權术術杂雜\
标標极極构構枪槍桥橋检檢楼樓满滿汉漢温溫湾灣灭滅灯燈灵靈热熱爱愛独獨环環画畫疗療盘盤码碼离離种種积積称稱稳穩穷窮竞競笔筆签簽\
简簡类類粮糧级級纪紀约約纸紙线線组組细細织織终終绍紹统統绝絕继繼续續维維绿綠编編网網罗羅职職联聯脑腦节節艺藝药藥获獲营營虽雖\
补補装裝规規视視觉覺览覽观觀触觸贝貝负負财財责責败敗货貨质質贫貧购購贯貫贸貿费費资資赛賽赞贊赶趕践踐跃躍银銀错錯钱錢铁鐵锋鋒\
阳陽阴陰阶階际際陆陸险險随隨难難静靜须須领領频頻颜顏额額饭飯馆館驻駐验驗鱼魚麦麥黄黃齐齊齿齒";

/// The script of a Chinese text: which of the two forms its characters have. Simplified where none tells.
pub(super) fn detect_script(text: &str) -> Script {
    let (mut hans, mut hant) = (0usize, 0usize);
    let forms: Vec<char> = FORMS.chars().collect();
    let mut table: Vec<(char, bool)> =
        forms.chunks_exact(2).flat_map(|pair| [(pair[0], true), (pair[1], false)]).collect();
    table.sort_unstable();
    for c in text.chars().take(SAMPLE).filter(|c| !c.is_ascii()) {
        if let Ok(at) = table.binary_search_by_key(&c, |&(form, _)| form) {
            if table[at].1 { hans += 1 } else { hant += 1 }
        }
    }
    if hant > hans { Script::Hant } else { Script::Hans }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_and_english_are_told_apart() {
        for (text, lang) in [
            ("大会第六十一届会议", Lang::Zh),
            ("使用 git commit --amend 可以修改最后一次提交。", Lang::Zh),
            ("The General Assembly adopted resolution 61/1.", Lang::En),
            ("The word 关系 (guanxi) has no exact counterpart in the English language.", Lang::En),
            ("Annex", Lang::En),
        ] {
            assert_eq!(detect_language(text).unwrap(), lang, "{text}");
        }
    }

    #[test]
    fn other_languages_are_refused() {
        for text in [
            "日本国民は、正当に選挙された国会における代表者を通じて行動し、",
            "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.",
            "Все люди рождаются свободными и равными в своем достоинстве и правах.",
            "Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont doués de raison et de \
             conscience et doivent agir les uns envers les autres dans un esprit de fraternité. La volonté du peuple est \
             le fondement de l'autorité des pouvoirs publics.",
            "12 345 67.8 %",
        ] {
            let error = detect_language(text).unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Language(_)), "{text}");
        }
    }

    #[test]
    fn scripts_are_told_apart() {
        assert_eq!(detect_script("这个国家的经济发展"), Script::Hans);
        assert_eq!(detect_script("這個國家的經濟發展"), Script::Hant);
        assert_eq!(detect_script("大会"), Script::Hans);
    }

    #[test]
    fn every_form_stands_once() {
        let forms: Vec<char> = FORMS.chars().collect();
        assert_eq!(forms.len() % 2, 0);
        let mut sorted = forms.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), forms.len());
    }
}
