//! Where the path runs, roughly: both texts in blocks of equal mass, compared by their rare words, first in long
//! blocks, then near the paths found in shorter and shorter ones.
//!
//! A band around the diagonal would have to be hundreds of segments wide: on the Bible (42,687 × 30,000 segments) the path is
//! up to 466 off. Where blocks say little (lists of names) or one side has nothing for a while, many paths are nearly as good as the
//! best; the band holds them all, unless that would be everything ([`SLACKS`], [`WIDEST`]).

use super::band::Band;
use super::links::Links;
use super::math::ln_coarse;
use super::text::Text;
use rayon::prelude::*;
use std::ops::Range;

/// The greatest number of blocks on the first level, where every block is compared with every other.
const MOST_BLOCKS: usize = 1024;
/// Segments in the shortest block of the first level. Long enough to hold rare words.
const FIRST: usize = 16;
/// Segments in a block of the last level: the shorter, the narrower the band for the same losses (with 5, 3, 2 and 1 and the slack
/// at which at most 3 of 127,000 ends of beads are lost 3.8, 2.7, 1.7 and 1.2 million positions). With 1 blocks say so little that
/// finding the path costs what the narrower band saves.
const LAST: usize = 2;
/// How many blocks of a level a block of the level before is cut into, at most.
const FINER: usize = 4;
/// Pairs of texts with fewer positions than this are searched whole.
const SMALL: usize = 250_000;
/// How far paths that the band holds may stay behind the best one, in units of similarity (a block that is the other's translation
/// has about 0.3). The development sets joined to six texts of 2,900 to 10,300 segments, and sixteen more made of them with
/// chapters, every second or third run of ten beads or two beads of three gone on one side, have 127,000 ends of beads: with the first none
/// lies outside the band, with 0.03 one does; around the best path alone, two blocks of five segments to both sides, it was 315.
/// The others are for texts in which most paths are alike, such as those that are no translations of each other.
const SLACKS: [f64; 3] = [0.04, 0.01, 0.0025];
/// Positions for each segment of the longer side that the band may have, in units of the next level's blocks. The texts above come to 6 to
/// 31; where nothing matches all paths are alike, and the band would be the whole rectangle.
const WIDEST: usize = 50;
/// Blocks to both sides of the best path, where that has to do.
const MARGIN: usize = 5;
/// Words in more than one block of so many are not rare.
const COMMON: usize = 12;

/// The band that holds the path.
pub(crate) fn band(zh: &Text, en: &Text, links: &Links) -> Band {
    let (n, m) = (zh.len(), en.len());
    let longest = n.max(m);
    let mut band = Band::full(n, m);
    if n * m <= SMALL || n.min(m) < 8 * FIRST {
        return band;
    }
    let mut size = FIRST.max(longest.div_ceil(MOST_BLOCKS));
    loop {
        let count = longest / size;
        let rows = Blocks::new(zh, count.min(n));
        let columns = Blocks::new(en, count.min(m));
        let blocks = band_of_blocks(&band, &rows, &columns);
        let similarity = Similarity::new((zh, &rows), (en, &columns), links, &blocks);
        let next = if size <= LAST { 1 } else { (size / FINER).max(LAST) };
        band = near_paths(&similarity, &rows, &columns, WIDEST * next * longest);
        if size <= LAST {
            return band;
        }
        size = next;
    }
}

/// The band around the likely paths that has no more positions than `most`, or else around the best path.
fn near_paths(similarity: &Similarity, rows: &Blocks, columns: &Blocks, most: usize) -> Band {
    let (before, after) = rayon::join(|| similarity.before(), || similarity.after());
    let mut likely = similarity.likely_corners(&before, &after);
    for slack in SLACKS {
        likely.retain(|(_, behind)| *behind <= slack);
        let band = corridor(likely.iter().map(|(corner, _)| *corner), 1, rows, columns);
        if band.area() <= most {
            return band;
        }
    }
    corridor(similarity.best_path(&before).into_iter(), MARGIN, rows, columns)
}

/// The blocks that a band of segments touches.
fn band_of_blocks(band: &Band, rows: &Blocks, columns: &Blocks) -> Band {
    let block_of = |at: usize| columns.starts.partition_point(|&s| s <= at) - 1;
    let last = columns.count();
    let low = (0..=rows.count()).map(|x| block_of(band.low(rows.starts[x])) as u32);
    let high = (0..=rows.count()).map(|x| (block_of(band.high(rows.starts[x])) + 1).min(last) as u32);
    Band::new(low.collect(), high.collect(), last)
}

/// A text cut into runs of segments of nearly equal length.
struct Blocks {
    /// The first segment of each block, and the number of segments.
    starts: Vec<usize>,
}

impl Blocks {
    fn new(text: &Text, count: usize) -> Blocks {
        let total = text.length(0..text.len()).max(1.0);
        let mut starts = vec![0];
        for k in 0..text.len() {
            let middle = (text.length(0..k) + text.length(0..k + 1)) / 2.0;
            let block = ((middle / total * count as f32) as usize).min(count - 1);
            if block >= starts.len() {
                starts.push(k);
            }
        }
        starts.push(text.len());
        Blocks { starts }
    }

    fn count(&self) -> usize {
        self.starts.len() - 1
    }

    /// Where so many blocks before a corner begin and so many after it end.
    fn around(&self, corner: usize, blocks: usize) -> (usize, usize) {
        (self.starts[corner.saturating_sub(blocks)], self.starts[(corner + blocks).min(self.count())])
    }

    /// The number of segments.
    fn segments(&self) -> usize {
        self.starts[self.count()]
    }
}

/// For each type of a text the blocks it occurs in, in order.
struct Occurrences {
    starts: Vec<u32>,
    blocks: Vec<u32>,
}

impl Occurrences {
    fn new(text: &Text, blocks: &Blocks) -> Occurrences {
        let mut starts = vec![0u32; text.types.len() + 1];
        each_in_block(text, blocks, |kind, _| starts[kind + 1] += 1);
        for k in 1..starts.len() {
            starts[k] += starts[k - 1];
        }
        let mut next = starts.clone();
        let mut out = vec![0; starts[starts.len() - 1] as usize];
        each_in_block(text, blocks, |kind, block| {
            out[next[kind] as usize] = block;
            next[kind] += 1;
        });
        Occurrences { starts, blocks: out }
    }

    /// Of each type the root of ln(blocks / blocks it occurs in), or 0 where it is not rare.
    fn rarities(&self, count: usize) -> Vec<f32> {
        let rarity = |kind: usize| match self.of(kind).len() {
            0 => 0.0,
            own if own > (count / COMMON).max(2) => 0.0,
            own => ln_coarse(count as f32 / own as f32).max(0.0).sqrt(),
        };
        (0..self.starts.len() - 1).map(rarity).collect()
    }

    /// The blocks of a type.
    fn of(&self, kind: usize) -> &[u32] {
        &self.blocks[self.starts[kind] as usize..self.starts[kind + 1] as usize]
    }
}

/// The blocks of a list in order that lie in a range.
fn between(blocks: &[u32], range: Range<usize>) -> &[u32] {
    let before = |end: usize| blocks.partition_point(|&block| (block as usize) < end);
    &blocks[before(range.start)..before(range.end)]
}

/// Every type of every block, once each.
fn each_in_block(text: &Text, blocks: &Blocks, mut tell: impl FnMut(usize, u32)) {
    let mut last = vec![u32::MAX; text.types.len()];
    for block in 0..blocks.count() {
        for token in text.tokens(blocks.starts[block]..blocks.starts[block + 1]) {
            let kind = text.kind[token] as usize;
            if std::mem::replace(&mut last[kind], block as u32) != block as u32 {
                tell(kind, block as u32);
            }
        }
    }
}

/// The blocks of a row, while the weight of the links that meet in them is added up.
struct Row {
    /// What each block shares with the row's, from the band's low end on.
    values: Vec<f32>,
    /// One, and the weight of all links of the row's words.
    norm: f32,
}

/// The similarity of blocks inside a band: the cosine over linked rare words, less the mean of its row and of its
/// column, so that a block full of common words attracts nothing.
struct Similarity<'a> {
    band: &'a Band,
    /// The values of each row from the band's low end on.
    rows: Vec<Vec<f32>>,
}

impl<'a> Similarity<'a> {
    fn new(
        (zh, rows): (&Text, &Blocks),
        (en, columns): (&Text, &Blocks),
        links: &Links,
        band: &'a Band,
    ) -> Similarity<'a> {
        let (r, c) = (rows.count(), columns.count());
        let (in_rows, in_columns) =
            rayon::join(|| Occurrences::new(zh, rows), || Occurrences::new(en, columns));
        let (zh_rarity, en_rarity) = (in_rows.rarities(r), in_columns.rarities(c));
        let rare = || (0..zh.types.len()).filter(|&z| zh_rarity[z] > 0.0);
        // The English types linked with a Chinese one, with what a meeting of both adds.
        let linked = |z: usize| {
            let (rarity, en_rarity) = (zh_rarity[z], &en_rarity);
            let weigh =
                move |&(e, strength): &(u32, f32)| (e as usize, strength * rarity * en_rarity[e as usize]);
            links.of(z as u32).iter().map(weigh).filter(|(_, weight)| *weight > 0.0)
        };
        // Row x is crossed between the positions x and x + 1.
        let row = |x: usize| Row { values: vec![0.0; band.high(x + 1) - band.low(x)], norm: 1.0 };
        let mut all_rows: Vec<Row> = (0..r).map(row).collect();
        let add_up = |first: usize, rows: &mut [Row]| {
            for z in rare() {
                let list = between(in_rows.of(z), first..first + rows.len());
                if list.is_empty() {
                    continue;
                }
                let mut all = 0.0;
                for (e, weight) in linked(z) {
                    all += weight;
                    let mut others = in_columns.of(e);
                    for &x in list {
                        let (low, high) = (band.low(x as usize), band.high(x as usize + 1));
                        others = &others[others.iter().take_while(|&&y| (y as usize) < low).count()..];
                        let row = &mut rows[x as usize - first].values;
                        for &y in others.iter().take_while(|&&y| (y as usize) < high) {
                            row[y as usize - low] += weight;
                        }
                    }
                }
                list.iter().for_each(|&x| rows[x as usize - first].norm += all);
            }
        };
        let column_norms = || {
            let mut of_types = vec![0.0f32; en.types.len()];
            rare().flat_map(linked).for_each(|(e, weight)| of_types[e] += weight);
            let mut out = vec![1.0f32; c];
            for (e, sum) in of_types.into_iter().enumerate().filter(|(_, sum)| *sum > 0.0) {
                in_columns.of(e).iter().for_each(|&y| out[y as usize] += sum);
            }
            out
        };
        // A row's sums are the same however many rows go together.
        let part = r.div_ceil(rayon::current_num_threads());
        let parts = all_rows.par_chunks_mut(part).enumerate();
        let (_, column_norms) =
            rayon::join(|| parts.for_each(|(k, rows)| add_up(k * part, rows)), column_norms);
        Similarity::of_sums(band, all_rows, &column_norms)
    }

    /// From the weights that blocks share and those of all links of each row and column.
    fn of_sums(band: &'a Band, sums: Vec<Row>, column_norms: &[f32]) -> Similarity<'a> {
        let mut column_means = vec![0.0f32; column_norms.len()];
        let mut column_sizes = vec![0u32; column_norms.len()];
        let mut rows = Vec::with_capacity(sums.len());
        let mut means = Vec::with_capacity(sums.len());
        for (x, Row { values: mut row, norm }) in sums.into_iter().enumerate() {
            let mut sum = 0.0;
            for (y, value) in (band.low(x)..).zip(&mut row) {
                *value /= (norm * column_norms[y]).sqrt();
                sum += *value;
                column_means[y] += *value;
                column_sizes[y] += 1;
            }
            means.push(sum / row.len().max(1) as f32);
            rows.push(row);
        }
        for (mean, size) in column_means.iter_mut().zip(column_sizes) {
            *mean /= size.max(1) as f32;
        }
        for (x, (row, mean)) in rows.iter_mut().zip(means).enumerate() {
            for (value, column_mean) in row.iter_mut().zip(&column_means[band.low(x)..]) {
                *value -= mean + column_mean;
            }
        }
        Similarity { band, rows }
    }

    /// How similar two blocks of the band are.
    fn of(&self, x: usize, y: usize) -> f64 {
        f64::from(self.rows[x][y - self.band.low(x)])
    }

    /// For each corner of blocks in the band the greatest sum of similarities of a monotone path that ends there. Doubles: a little
    /// slack must mean the same after thousands of blocks.
    fn before(&self) -> Vec<Vec<f64>> {
        let mut out: Vec<Vec<f64>> = Vec::with_capacity(self.band.rows() + 1);
        for i in 0..=self.band.rows() {
            let mut here: Vec<f64> = Vec::with_capacity(self.band.range(i).count());
            for j in self.band.range(i) {
                let mut most = if (i, j) == (0, 0) { 0.0 } else { f64::NEG_INFINITY };
                most = here.last().map_or(most, |&left| most.max(left));
                if let Some(above) = out.last() {
                    let at = |j: usize| above.get(j.wrapping_sub(self.band.low(i - 1)));
                    most = at(j).map_or(most, |&up| most.max(up));
                    let corner = j.checked_sub(1).and_then(at);
                    most = corner.map_or(most, |&corner| most.max(corner + self.of(i - 1, j - 1)));
                }
                here.push(most);
            }
            out.push(here);
        }
        out
    }

    /// The same of a monotone path that begins there.
    fn after(&self) -> Vec<Vec<f64>> {
        let (r, c) = (self.band.rows(), self.band.columns());
        let mut out: Vec<Vec<f64>> = vec![Vec::new(); r + 1];
        for i in (0..=r).rev() {
            let low = self.band.low(i);
            let mut here = vec![f64::NEG_INFINITY; self.band.range(i).count()];
            for j in self.band.range(i).rev() {
                let mut most = if (i, j) == (r, c) { 0.0 } else { f64::NEG_INFINITY };
                most = here.get(j + 1 - low).map_or(most, |&right| most.max(right));
                if i < r {
                    let at = |j: usize| out[i + 1].get(j.wrapping_sub(self.band.low(i + 1)));
                    most = at(j).map_or(most, |&down| most.max(down));
                    most = at(j + 1).map_or(most, |&corner| most.max(corner + self.of(i, j)));
                }
                here[j - low] = most;
            }
            out[i] = here;
        }
        out
    }

    /// The corners of blocks that lie on a path which stays behind the best one by the greatest of [`SLACKS`] at most, and by how much
    /// the best through each does.
    fn likely_corners(&self, before: &[Vec<f64>], after: &[Vec<f64>]) -> Vec<((usize, usize), f64)> {
        let best = after[0][0];
        let behind =
            |i: usize| before[i].iter().zip(&after[i]).map(move |(before, after)| best - (before + after));
        let of_row = |i: usize| (self.band.low(i)..).zip(behind(i)).map(move |(j, behind)| ((i, j), behind));
        (0..=self.band.rows()).flat_map(of_row).filter(|(_, behind)| *behind <= SLACKS[0]).collect()
    }

    /// The corners of the best path, straight on where it may go anywhere.
    fn best_path(&self, before: &[Vec<f64>]) -> Vec<(usize, usize)> {
        let (mut i, mut j) = (self.band.rows(), self.band.columns());
        let at = |i: usize, j: usize| {
            before[i].get(j.wrapping_sub(self.band.low(i))).copied().unwrap_or(f64::NEG_INFINITY)
        };
        let mut out = vec![(i, j)];
        while (i, j) != (0, 0) {
            let corner = if i > 0 && j > 0 { at(i - 1, j - 1) } else { f64::NEG_INFINITY };
            if corner > f64::NEG_INFINITY && corner + self.of(i - 1, j - 1) >= at(i, j) {
                (i, j) = (i - 1, j - 1);
            } else if i > 0 && at(i - 1, j) >= at(i, j) {
                i -= 1;
            } else {
                j -= 1;
            }
            out.push((i, j));
        }
        out
    }
}

/// All positions of the blocks near the corners.
fn corridor(
    corners: impl Iterator<Item = (usize, usize)>,
    margin: usize,
    rows: &Blocks,
    columns: &Blocks,
) -> Band {
    let (n, m) = (rows.segments(), columns.segments());
    let mut low = vec![m as u32; n + 1];
    let mut high = vec![0; n + 1];
    for (x, y) in corners {
        let (from, to) = columns.around(y, margin);
        let (first, last) = rows.around(x, margin);
        for i in first..=last {
            low[i] = low[i].min(from as u32);
            high[i] = high[i].max(to as u32);
        }
    }
    Band::new(low, high, m)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;
    use crate::model::Lang;

    /// Lines of which every fifth names something that occurs once.
    fn lines(word: &str, numbers: impl Iterator<Item = usize>) -> Vec<String> {
        let line =
            |k: usize| if k.is_multiple_of(5) { format!("{word} Q{k}x") } else { format!("{word} {word}") };
        numbers.map(line).collect()
    }

    #[test]
    fn the_band_holds_the_path_and_little_else_where_one_side_has_gaps() {
        const ALL: usize = 3000;
        let lexicon = Lexicon::built_in();
        let in_english = |k: &usize| !(800..1000).contains(k) && k % 100 > 20;
        let in_chinese = |k: &usize| !(2000..2100).contains(k);
        let read = |lang, lines: Vec<String>| {
            Text::of_lines(lang, &lines.iter().map(String::as_str).collect::<Vec<_>>(), &lexicon)
        };
        let zh = read(Lang::Zh, lines("猫", (0..ALL).filter(in_chinese)));
        let en = read(Lang::En, lines("cat", (0..ALL).filter(in_english)));
        let band = band(&zh, &en, &Links::from_lexicon(&zh, &en, &lexicon));
        let (mut i, mut j) = (0, 0);
        for k in 0..ALL {
            if in_chinese(&k) && in_english(&k) {
                assert!(band.contains(i, j) && band.contains(i + 1, j + 1), "{k}: {:?}", band.range(i));
            }
            i += usize::from(in_chinese(&k));
            j += usize::from(in_english(&k));
        }
        assert!(band.area() * 20 < zh.len() * en.len(), "{}", band.area());
    }

    #[test]
    fn where_nothing_matches_the_band_is_narrow_and_straight() {
        const ALL: usize = 2000;
        let lexicon = Lexicon::built_in();
        let zh = Text::of_lines(Lang::Zh, &["啊。"; ALL], &lexicon);
        let en = Text::of_lines(Lang::En, &["Xyz qua."; ALL], &lexicon);
        let band = band(&zh, &en, &Links::from_lexicon(&zh, &en, &lexicon));
        assert!((0..=ALL).all(|k| band.contains(k, k)));
        assert!(band.area() < 100 * ALL, "{}", band.area());
    }
}
