//! Short forms of a term that need no other evidence than that they stand in its place.

use super::super::form::{Form, SHORT};
use super::place::{Nearness, Place};
use super::unit::Both;
use super::words::{Memory, is_abbreviation};
use super::{Checker, Target};
use crate::lexicon::{StemId, is_han};
use crate::model::Lang;
use std::ops::Range;

/// A short form by the first characters of words has those of so many words, unless the term has only two. Chosen.
const LEAST: usize = 3;
/// A word beside a short form that renders what it leaves out has at most so many characters. Chosen: nearly all
/// words of the lexicon.
const BESIDE: usize = 4;

/// How short a form may be that leaves a word out at an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Least {
    /// So long that it is told from chance: four characters, two English words.
    Sure,
    /// A word: two characters.
    Word,
}

/// What may stand in the place of the term as well as a short form.
#[derive(Debug)]
pub(super) enum Rival<'r> {
    Nothing,
    /// A stranger. One inside the short form is no other term: 打擊洗錢 in 打擊洗錢及恐怖分子資金籌集, short for a system of that.
    Stranger(&'r Range<usize>),
    /// The short form is so short that anything may.
    Somewhere,
}

impl<'r> Rival<'r> {
    pub fn of(stranger: Option<&'r Range<usize>>) -> Rival<'r> {
        stranger.map_or(Rival::Nothing, Rival::Stranger)
    }

    /// How near to the place of the term a short form must stand.
    fn nearness(&self, form: &Range<usize>) -> Nearness {
        match self {
            Rival::Stranger(at) if form.start <= at.start && at.end <= form.end => Nearness::Open,
            Rival::Nothing => Nearness::Open,
            Rival::Stranger(_) | Rival::Somewhere => Nearness::Own,
        }
    }
}

impl Checker {
    /// Whether a short form of the term stands in its place, or at least so near as the rival asks.
    ///
    /// Without more: 恒指 for 恒生指數, 美聯儲 for 美國聯邦儲備局; both ends with something left out between (審慎的標準 for
    /// 審慎的審批標準, external managers); all but the last word where the source abbreviates that (weak-side CU, 弱方兌換保證 for
    /// 弱方兌換保證匯率), or but the first where that is an abbreviation that stands elsewhere (IFFO partners).
    ///
    /// Where no word beside it renders what is left out: all but the first or last word, or but the last character
    /// (投資回報率); what is left where the target says more than the source (international standards, 國際標準 for
    /// 國際訂立的標準) or has an abbreviation (IRB計算法).
    pub(super) fn plainly_short(
        &self,
        both: &Both<'_>,
        place: &Place<'_>,
        least: Least,
        rival: &Rival<'_>,
        memory: &mut Memory,
    ) -> bool {
        let ids = self.stems_of(both, place, memory);
        let mut forms = self.allowed(place.entries).flat_map(|t| t.forms.iter().map(move |f| (t, f)));
        forms.any(|(target, form)| match self.langs[1] {
            Lang::Zh => self.plainly_short_zh(both, place, form, (&ids, least, rival), memory),
            Lang::En => self.plainly_short_en(both, place, target, form, (&ids, least, rival), memory),
        })
    }

    fn plainly_short_zh(
        &self,
        both: &Both<'_>,
        place: &Place<'_>,
        form: &Form,
        (ids, least, rival): (&[StemId], Least, &Rival<'_>),
        memory: &mut Memory,
    ) -> bool {
        let shortest = if least == Least::Sure { SHORT } else { 2 };
        let term = &both.source[place.hit.bytes.clone()];
        let ([_, tail @ ..], [head @ .., _]) = (form.cut.as_slice(), form.cut.as_slice()) else {
            return false;
        };
        let (begin, end) = (head.concat(), tail.concat());
        let letters = &form.letters;
        let mut sure: Vec<Vec<char>> = Vec::new();
        // Words of two characters, which the lexicon may have as one.
        if letters.len() == 4 && form.cut.iter().all(|w| w.len() % 2 == 0) {
            sure.push(vec![letters[0], letters[2]]);
        }
        if letters.len() >= 2 * LEAST {
            sure.push(letters.iter().step_by(2).take(LEAST).copied().collect());
        }
        let abbreviated = term.rsplit([' ', '-']).next().is_some_and(is_abbreviation);
        if abbreviated && begin.len() >= SHORT {
            sure.push(begin.clone());
        }
        let mut guarded = vec![begin, end, letters[..letters.len() - 1].to_vec()];
        guarded.retain(|r| r.len() >= shortest);
        let latin = letters.iter().take_while(|c| !is_han(**c)).count();
        if latin > 1 {
            guarded.push(letters[latin..].to_vec());
        }
        let asked = |w: &&Vec<char>, memory: &mut Memory| {
            let word: String = w.iter().collect();
            let known = memory.renderings(&self.lexicon, &word);
            known.iter().any(|id| ids.binary_search(id).is_ok())
        };
        let rest: Vec<char> = form.cut.iter().filter(|w| asked(w, memory)).flatten().copied().collect();
        if (shortest..letters.len()).contains(&rest.len()) {
            guarded.push(rest);
        }
        // All but two characters at an end: 回報率 of 投資回報率, 債券通 of 債券通計劃.
        if let Some(n) = letters.len().checked_sub(2).filter(|n| *n >= LEAST) {
            guarded.extend([letters[..n].to_vec(), letters[2..].to_vec()]);
        }
        // The last words, where the source says little of those before: 副總裁 of 主管貨幣事務副總裁.
        for k in 1..form.cut.len() {
            let (first, last) = form.cut.split_at(k);
            let end = last.concat();
            if end.len() >= LEAST && first.iter().filter(|w| asked(w, memory)).count() * 2 < k {
                guarded.push(end);
            }
        }
        let runs = sure.iter().map(|r| (r, false)).chain(guarded.iter().map(|r| (r, true)));
        for (run, guarded) in runs.filter(|(r, _)| r.len() > 1 && r.len() < letters.len()) {
            let places: Vec<usize> = both.reading.find(run).collect();
            if places.is_empty() {
                continue;
            }
            let mut dropped = ids.to_vec();
            let text: String = run.iter().collect();
            for word in self.lexicon.words(&text) {
                let known = memory.renderings(&self.lexicon, &text[word.bytes.clone()]);
                dropped.retain(|id| known.binary_search(id).is_err());
            }
            // What the words left out render counts, though the rest may render it too (全球 for the 環球 of 環球金融危機).
            for word in form.cut.iter().map(|w| w.iter().collect::<String>()).filter(|w| !text.contains(w)) {
                let known = memory.renderings(&self.lexicon, &word);
                dropped.extend(known.iter().filter(|id| ids.binary_search(id).is_ok()));
            }
            dropped.sort_unstable();
            for k in places {
                let at = k..k + run.len();
                let replaced = guarded && self.beside(both, &at, form, &dropped, memory);
                let bytes = both.reading.bytes(&at);
                let near = if guarded { rival.nearness(&bytes) } else { Nearness::Open };
                if !replaced
                    && !both.taken(place, &bytes)
                    && self.in_place(both, &place.hit.bytes, &bytes, memory) >= near
                {
                    return true;
                }
            }
        }
        let drawn = both.reading.drawn_together(letters);
        drawn.is_some_and(|at| self.in_place(both, &place.hit.bytes, &at, memory) >= Nearness::Open)
    }

    /// Whether a word right before or after a stretch of letters renders what the stretch leaves out of the source term,
    /// and is no part of the target.
    fn beside(
        &self,
        both: &Both<'_>,
        at: &Range<usize>,
        form: &Form,
        ids: &[StemId],
        memory: &mut Memory,
    ) -> bool {
        let letters = &both.reading.letters;
        let mut renders = |range: Range<usize>| {
            let word: String = letters[range].iter().map(|x| x.0).collect();
            self.lexicon.entry(&word).is_some()
                && memory.renderings(&self.lexicon, &word).iter().any(|id| ids.binary_search(id).is_ok())
        };
        let lengths = 1..=BESIDE;
        let own = |r: &Range<usize>| {
            let run: Vec<char> = letters[r.clone()].iter().map(|x| x.0).collect();
            form.cut.contains(&run)
        };
        let before = lengths.clone().filter(|n| *n <= at.start).map(|n| at.start - n..at.start);
        let after = lengths.filter(|n| at.end + n <= letters.len()).map(|n| at.end..at.end + n);
        before.chain(after).any(|r| !own(&r) && renders(r))
    }

    fn plainly_short_en(
        &self,
        both: &Both<'_>,
        place: &Place<'_>,
        target: &Target,
        form: &Form,
        (ids, least, rival): (&[StemId], Least, &Rival<'_>),
        memory: &mut Memory,
    ) -> bool {
        let target = target.text.as_str();
        let shortest = if least == Least::Sure { 2 } else { 1 };
        let stems = &form.stems;
        let mut sure: Vec<Vec<u32>> = Vec::new();
        for k in 1..stems.len().saturating_sub(1) {
            sure.push([&stems[..k], &stems[k + 1..]].concat());
        }
        let first = target.split(' ').next().unwrap_or("");
        if stems.len() > 1 && is_abbreviation(first) && both.target.contains(first) {
            sure.push(stems[1..].to_vec());
        }
        let mut guarded: Vec<Vec<u32>> = Vec::new();
        // Mainland for Mainland China.
        let name = target.split(' ').all(|w| w.starts_with(char::is_uppercase));
        if stems.len() > shortest || stems.len() == 2 && name {
            guarded.push(stems[..stems.len() - 1].to_vec());
        }
        if stems.len() > shortest {
            guarded.push(stems[1..].to_vec());
        }
        let asked = |w: &String, memory: &mut Memory| {
            memory.stem(&self.lexicon, w).is_some_and(|id| ids.binary_search(&id).is_ok())
        };
        let words = stems.iter().zip(&form.surfaces);
        let rest: Vec<u32> = words.filter(|(_, w)| asked(w, memory)).map(|x| *x.0).collect();
        if rest.len() >= shortest {
            guarded.push(rest);
        }
        let runs = sure.iter().map(|r| (r, false)).chain(guarded.iter().map(|r| (r, true)));
        for (run, guarded) in runs.filter(|(r, _)| r.len() < stems.len()) {
            let (content, text) = (both.reading.content(), &both.reading.stems);
            for window in content.windows(run.len()) {
                if !window.iter().zip(run).all(|(k, x)| text[*k].as_ref().is_some_and(|s| s.0 == *x)) {
                    continue;
                }
                let [Some(&first), Some(&last)] = [window.first(), window.last()] else { continue };
                let mut beside = [first.checked_sub(1), Some(last + 1)].into_iter().flatten();
                let replaced = guarded
                    && beside.any(|k| {
                        text.get(k).and_then(Option::as_ref).is_some_and(|(id, bytes)| {
                            let word = both.target[bytes.clone()].to_lowercase();
                            !stems.contains(id) && asked(&word, memory)
                        })
                    });
                let [Some((_, from)), Some((_, to))] = [&text[first], &text[last]] else { continue };
                let bytes = from.start..to.end;
                let near = if guarded { rival.nearness(&bytes) } else { Nearness::Open };
                if !replaced
                    && !both.taken(place, &bytes)
                    && self.in_place(both, &place.hit.bytes, &bytes, memory) >= near
                {
                    return true;
                }
            }
        }
        false
    }
}
