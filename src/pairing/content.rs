//! Pairs by content: documents as sets of what translations share, compared with weights.
//!
//! Both languages are brought into one space: English stems, into which the lexicon renders the Chinese words, and
//! expressions (numbers, dates, document symbols, job numbers, Latin words and names). Each thing weighs
//! ln(N / n), where n of the N documents of its side have it (Spärck Jones 1972: inverse document frequency);
//! the similarity is the cosine (Salton, Wong and Yang 1975), and documents of very different length lose by it.
//! The best pairs are taken first, one to one.

use crate::feature::{ExpressionKind, Key, expressions};
use crate::lexicon::{Lexicon, StemId, english_words, is_function_word, stem};
use crate::model::{Document, Lang};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// What is kept of a document for comparison; small beside the document.
#[derive(Debug, Clone)]
pub struct Signature {
    lang: Lang,
    /// Characters that are no white space.
    length: usize,
    /// English stems, or the renderings of Chinese words with their strength, 0 to 1.
    stems: BTreeMap<StemId, f32>,
    expressions: BTreeSet<Key>,
}

impl Signature {
    /// Reads a document. Linear in its length.
    pub fn of(document: &Document, lexicon: &Lexicon) -> Signature {
        let mut signature = Signature {
            lang: document.lang,
            length: 0,
            stems: BTreeMap::new(),
            expressions: BTreeSet::new(),
        };
        let mut renderings: FxHashMap<String, BTreeMap<StemId, f32>> = FxHashMap::default();
        for block in &document.blocks {
            let text = lexicon.fold(&block.text);
            signature.length += text.chars().filter(|c| !c.is_whitespace()).count();
            for e in expressions(&text, document.lang) {
                // Small numbers and words that may be anything are in every document.
                if !e.weak || e.kind == ExpressionKind::Symbol {
                    signature.expressions.insert(e.key);
                }
            }
            match document.lang {
                Lang::En => {
                    for word in english_words(&text) {
                        let stem = stem(word.surface);
                        if let Some(id) = lexicon.stem_id(&stem).filter(|_| !is_function_word(&stem)) {
                            signature.stems.insert(id, 1.0);
                        }
                    }
                }
                Lang::Zh => {
                    for word in lexicon.words(&text).into_iter().filter(|w| w.entry.is_some()) {
                        let headword = &text[word.bytes];
                        if !renderings.contains_key(headword) {
                            renderings.insert(headword.to_string(), lexicon.renderings(headword));
                        }
                        for (&id, &strength) in &renderings[headword] {
                            let slot = signature.stems.entry(id).or_insert(0.0);
                            *slot = slot.max(strength);
                        }
                    }
                }
            }
        }
        signature
    }

    /// The language of the document.
    pub fn lang(&self) -> Lang {
        self.lang
    }
}

/// Two documents that seem to be translations of each other.
#[derive(Debug, Clone, PartialEq)]
pub struct ContentPair {
    /// The index of the Chinese document.
    pub zh: usize,
    /// The index of the English document.
    pub en: usize,
    /// The similarity: 0 is nothing in common; higher is better.
    pub score: f64,
    /// The similarity of the best other pair that either document could make.
    pub rival: f64,
    /// Whether the pair stands out so far that it needs no look.
    pub sure: bool,
}

/// A pair under this similarity is none. Measured on documents of the kinds of news, reports, manuals and
/// software documentation: see docs/batch.md.
const LEAST: f64 = 0.08;
/// A pair is sure from this similarity on: strangers of one kind (reports of a series, chats by one form) reached 0.24
/// where their partners were missing …
const SURE: f64 = 0.25;
/// … if its best rival has no more than this share of it. Measured as [`LEAST`].
const RIVAL: f64 = 0.75;
/// A pair whose best rival is more similar by this factor is none: its real partner is not in the heap.
/// Measured as [`LEAST`], on heaps from which every third document was taken out.
const OUTDONE: f64 = 1.2;
/// Expressions weigh this much more than words: they seldom agree by chance.
const EXPRESSION: f64 = 1.5;
/// The standard deviation of the logarithm of the ratio of lengths over pairs of documents; freely edited
/// translations reach 0.3, strangers are far beyond.
const LENGTH_SPREAD: f64 = 0.5;

type Vector = Vec<(u32, f64)>;

/// Pairs documents of a heap, one to one. The second part of the answer says for each document without a pair why.
///
/// Time grows with the number of documents times the things that few of them have, not with all pairs' words.
/// The answer does not depend on the order of the documents but for ties.
pub fn by_content(signatures: &[Signature]) -> (Vec<ContentPair>, Vec<(usize, String)>) {
    let side = |lang: Lang| -> Vec<usize> {
        (0..signatures.len()).filter(|&k| signatures[k].lang == lang).collect()
    };
    let (zh, en) = (side(Lang::Zh), side(Lang::En));
    let scores = similarities(signatures, &zh, &en);
    let mut order: Vec<(usize, usize)> =
        (0..zh.len()).flat_map(|i| (0..en.len()).map(move |j| (i, j))).collect();
    order.retain(|&(i, j)| scores[i][j] > 0.0);
    order.sort_by(|a, b| scores[b.0][b.1].total_cmp(&scores[a.0][a.1]).then(a.cmp(b)));
    let (mut free_zh, mut free_en) = (vec![true; zh.len()], vec![true; en.len()]);
    let mut pairs = Vec::new();
    for (i, j) in order {
        let score = scores[i][j];
        if score < LEAST {
            break;
        }
        if !free_zh[i] || !free_en[j] {
            continue;
        }
        let row = (0..en.len()).filter(|&k| k != j).map(|k| scores[i][k]);
        let column = (0..zh.len()).filter(|&k| k != i).map(|k| scores[k][j]);
        let rival = row.chain(column).fold(0.0, f64::max);
        if rival > OUTDONE * score {
            continue;
        }
        (free_zh[i], free_en[j]) = (false, false);
        let sure = score >= SURE && rival <= RIVAL * score;
        pairs.push(ContentPair { zh: zh[i], en: en[j], score, rival, sure });
    }
    pairs.sort_by_key(|p| p.zh);
    let mut alone = Vec::new();
    let mut why = |own: usize, others: &[usize], best: Option<(f64, usize)>| {
        let reason = match best {
            _ if others.is_empty() => "there is no document in the other language".to_string(),
            None => "it has nothing in common with any other document".to_string(),
            Some((score, _)) if score < LEAST => {
                format!("the most similar document is not similar enough ({score:.2})")
            }
            Some((score, _)) => format!("the similar document ({score:.2}) fits another one better"),
        };
        alone.push((own, reason));
    };
    let best = |scores: &mut dyn Iterator<Item = (f64, usize)>| {
        scores.filter(|s| s.0 > 0.0).max_by(|a, b| a.0.total_cmp(&b.0))
    };
    for (i, &k) in zh.iter().enumerate().filter(|(i, _)| free_zh[*i]) {
        why(k, &en, best(&mut (0..en.len()).map(|j| (scores[i][j], j))));
    }
    for (j, &k) in en.iter().enumerate().filter(|(j, _)| free_en[*j]) {
        why(k, &zh, best(&mut (0..zh.len()).map(|i| (scores[i][j], i))));
    }
    alone.sort();
    (pairs, alone)
}

fn similarities(signatures: &[Signature], zh: &[usize], en: &[usize]) -> Vec<Vec<f64>> {
    let mut numbers: BTreeMap<&Key, u32> = BTreeMap::new();
    let mut stems: BTreeMap<StemId, u32> = BTreeMap::new();
    for signature in zh.iter().chain(en).map(|&k| &signatures[k]) {
        for id in signature.stems.keys() {
            let next = stems.len() as u32;
            stems.entry(*id).or_insert(next);
        }
        for key in &signature.expressions {
            let next = numbers.len() as u32;
            numbers.entry(key).or_insert(next);
        }
    }
    let base = stems.len() as u32;
    let dimensions = stems.len() + numbers.len();
    let vector = |s: &Signature| -> Vector {
        let words = s.stems.iter().map(|(id, &w)| (stems[id], f64::from(w)));
        words.chain(s.expressions.iter().map(|k| (base + numbers[k], EXPRESSION))).collect()
    };
    let mut sides: Vec<Vec<Vector>> = Vec::new();
    let mut weights = vec![f64::INFINITY; dimensions];
    for side in [zh, en] {
        let vectors: Vec<Vector> = side.iter().map(|&k| vector(&signatures[k])).collect();
        // A weak rendering is a small part of an occurrence.
        let mut counts = vec![0.0; dimensions];
        for (d, w) in vectors.iter().flatten() {
            counts[*d as usize] += w.min(1.0);
        }
        for (weight, count) in weights.iter_mut().zip(counts) {
            *weight = weight.min(((side.len() as f64 + 1.0) / (count + 0.5)).ln().max(0.0));
        }
        sides.push(vectors);
    }
    for side in &mut sides {
        for vector in side.iter_mut() {
            for (d, w) in vector.iter_mut() {
                *w *= weights[*d as usize];
            }
            vector.retain(|e| e.1 > 0.0);
            let norm = vector.iter().map(|e| e.1 * e.1).sum::<f64>().sqrt();
            vector.iter_mut().for_each(|e| e.1 /= norm.max(f64::MIN_POSITIVE));
        }
    }
    let mut postings: Vec<Vec<(u32, f64)>> = vec![Vec::new(); dimensions];
    for (j, vector) in (0..).zip(&sides[1]) {
        for &(d, w) in vector {
            postings[d as usize].push((j, w));
        }
    }
    let mut scores: Vec<Vec<f64>> = sides[0]
        .iter()
        .map(|vector| {
            let mut row = vec![0.0; en.len()];
            for &(d, w) in vector {
                for &(j, v) in &postings[d as usize] {
                    row[j as usize] += w * v;
                }
            }
            row
        })
        .collect();
    let ratio = |i: usize, j: usize| {
        (signatures[en[j]].length.max(1) as f64 / signatures[zh[i]].length.max(1) as f64).ln()
    };
    // The usual ratio of this heap: the median over each Chinese document's best match.
    let mut ratios: Vec<f64> = scores
        .iter()
        .enumerate()
        .filter_map(|(i, row)| {
            let best = (0..row.len()).max_by(|&a, &b| row[a].total_cmp(&row[b]).then(b.cmp(&a)))?;
            Some(ratio(i, best))
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    let usual = ratios.get(ratios.len() / 2).copied().unwrap_or(0.0);
    for (i, row) in scores.iter_mut().enumerate() {
        for (j, score) in row.iter_mut().enumerate() {
            let off = (ratio(i, j) - usual) / LENGTH_SPREAD;
            *score *= (-0.5 * off * off).exp();
        }
    }
    scores
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Block, BlockKind, Place, Script};

    fn document(lang: Lang, text: &str) -> Document {
        Document {
            name: String::new(),
            lang,
            script: Script::Hans,
            encoding: "UTF-8".into(),
            blocks: vec![Block::new(BlockKind::Paragraph, text, Place::default())],
            changes: Vec::new(),
            notices: Vec::new(),
            digest: String::new(),
        }
    }

    const PAIRS: [(&str, &str); 5] = [
        (
            "安全理事会于2007年8月16日通过了第61号决议，要求停火。",
            "On 16 August 2007 the Security Council adopted resolution 61, which demanded a ceasefire.",
        ),
        (
            "把牛奶和鸡蛋放在碗里，加三百克面粉，搅拌均匀。",
            "Put milk and eggs into a bowl, add 300 grams of flour and stir well.",
        ),
        (
            "银行去年的利润下降了百分之十二，存款增加了1.3亿元。",
            "The bank's profit fell by 12 per cent last year; deposits rose by 130 million yuan.",
        ),
        (
            "病人应每天服药两次，医生会在三周后检查血压。",
            "The patient should take the medicine twice a day; the doctor will check the blood pressure after three weeks.",
        ),
        (
            "这台机器用git保存程序的每个版本，服务器在夜里备份。",
            "This machine keeps each version of the program with git; the server makes its backup at night.",
        ),
    ];

    #[test]
    fn each_document_finds_its_translation_whatever_the_order() {
        let lexicon = Lexicon::built_in();
        let mut heap: Vec<Signature> =
            PAIRS.iter().map(|p| Signature::of(&document(Lang::Zh, p.0), &lexicon)).collect();
        heap.extend(PAIRS.iter().rev().map(|p| Signature::of(&document(Lang::En, p.1), &lexicon)));
        let (pairs, alone) = by_content(&heap);
        let found: Vec<(usize, usize)> = pairs.iter().map(|p| (p.zh, p.en)).collect();
        assert_eq!(found, [(0, 9), (1, 8), (2, 7), (3, 6), (4, 5)]);
        assert!(alone.is_empty());
        assert!(pairs.iter().all(|p| p.score > 2.0 * p.rival), "{pairs:?}");
        assert!(pairs.iter().filter(|p| p.sure).count() >= 3, "{pairs:?}");
    }

    #[test]
    fn strangers_stay_alone_with_a_reason() {
        let lexicon = Lexicon::built_in();
        let of = |lang, text| Signature::of(&document(lang, text), &lexicon);
        let (pairs, alone) = by_content(&[
            of(Lang::Zh, PAIRS[0].0),
            of(Lang::En, PAIRS[0].1),
            of(Lang::Zh, PAIRS[1].0),
            of(Lang::En, PAIRS[3].1),
        ]);
        assert_eq!(pairs.iter().map(|p| (p.zh, p.en)).collect::<Vec<_>>(), [(0, 1)]);
        assert_eq!(alone.iter().map(|a| a.0).collect::<Vec<_>>(), [2, 3]);
        let (pairs, alone) = by_content(&[of(Lang::Zh, PAIRS[0].0)]);
        assert!(pairs.is_empty() && alone[0].1.contains("no document in the other language"));
        assert_eq!(by_content(&[]), (Vec::new(), Vec::new()));
    }
}
