//! Where the path runs, roughly: both texts in blocks of equal mass, compared by their rare words, first in long
//! blocks, then near the path found in shorter and shorter ones.
//!
//! A band around the diagonal would have to be hundreds of segments wide; measured on the Bible (42,687 ×
//! 30,000 segments) the corridor found this way is never more than 27 segments off, the diagonal up to 466.

use super::band::Band;
use super::links::Links;
use super::math::ln_coarse;
use super::text::Text;

/// The greatest number of blocks on the first level, where every block is compared with every other.
const MOST_BLOCKS: usize = 1024;
/// Segments in the shortest block of the first level. Long enough to hold rare words.
const FIRST: usize = 16;
/// Segments in a block of the last level. Short enough to follow the path.
const LAST: usize = 5;
/// How many blocks of a level a block of the level before is cut into, at most.
const FINER: usize = 4;
/// Pairs of texts with fewer positions than this are searched whole.
const SMALL: usize = 250_000;
/// How far the band reaches beyond the path through the blocks, in blocks. Measured with [`LAST`] on 9,951 × 13,071
/// segments of novels: wider changes nothing.
const MARGIN: f32 = 2.0;
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
        band = corridor(&similarity.best_path(), &rows, &columns, n, m);
        if size <= LAST {
            return band;
        }
        size = (size / FINER).max(LAST);
    }
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

    /// For each type the blocks it occurs in, in order.
    fn occurrences(&self, text: &Text) -> Vec<Vec<u32>> {
        let mut out = vec![Vec::new(); text.types.len()];
        for block in 0..self.count() {
            for token in text.tokens(self.starts[block]..self.starts[block + 1]) {
                let list: &mut Vec<u32> = &mut out[text.kind[token] as usize];
                if list.last() != Some(&(block as u32)) {
                    list.push(block as u32);
                }
            }
        }
        out
    }
}

/// The similarity of blocks inside a band: the cosine over linked rare words, less the mean of its row and of its
/// column, so that a block full of common words attracts nothing.
struct Similarity<'a> {
    band: &'a Band,
    /// Where the values of each row begin; they start at the band's low end.
    starts: Vec<usize>,
    values: Vec<f32>,
}

impl<'a> Similarity<'a> {
    fn new(
        (zh, rows): (&Text, &Blocks),
        (en, columns): (&Text, &Blocks),
        links: &Links,
        band: &'a Band,
    ) -> Similarity<'a> {
        let (r, c) = (rows.count(), columns.count());
        let mut starts = vec![0];
        for x in 0..r {
            // Row x is crossed between the positions x and x + 1.
            starts.push(starts[x] + band.high(x + 1) - band.low(x));
        }
        let mut out = Similarity { band, values: vec![0.0; starts[r]], starts };
        let (in_rows, in_columns) = (rows.occurrences(zh), columns.occurrences(en));
        let rare = |list: &Vec<u32>, count: usize| !list.is_empty() && list.len() <= (count / COMMON).max(2);
        let mut row_norm = vec![1.0f32; r];
        let mut column_norm = vec![1.0f32; c];
        for (z, list) in in_rows.iter().enumerate() {
            if !rare(list, r) {
                continue;
            }
            let zh_idf = ln_coarse(r as f32 / list.len() as f32);
            for &(e, strength) in links.of(z as u32) {
                let other = &in_columns[e as usize];
                if !rare(other, c) {
                    continue;
                }
                let weight = strength * (zh_idf * ln_coarse(c as f32 / other.len() as f32)).sqrt();
                let mut near = 0;
                for &x in list {
                    let x = x as usize;
                    let (low, high) = (band.low(x), band.high(x + 1));
                    near += other[near..].iter().take_while(|&&y| (y as usize) < low).count();
                    row_norm[x] += weight;
                    for &y in other[near..].iter().take_while(|&&y| (y as usize) < high) {
                        out.values[out.starts[x] + y as usize - low] += weight;
                    }
                }
                for &y in other {
                    column_norm[y as usize] += weight;
                }
            }
        }
        out.normalise(&row_norm, &column_norm);
        out
    }

    fn normalise(&mut self, row_norm: &[f32], column_norm: &[f32]) {
        let (r, c) = (row_norm.len(), column_norm.len());
        let mut row_mean = vec![0.0f32; r];
        let mut column_mean = vec![0.0f32; c];
        let mut column_size = vec![0u32; c];
        for x in 0..r {
            let low = self.band.low(x);
            let row = &mut self.values[self.starts[x]..self.starts[x + 1]];
            for (y, value) in (low..).zip(row.iter_mut()) {
                *value /= (row_norm[x] * column_norm[y]).sqrt();
                row_mean[x] += *value;
                column_mean[y] += *value;
                column_size[y] += 1;
            }
            row_mean[x] /= row.len().max(1) as f32;
        }
        for (mean, size) in column_mean.iter_mut().zip(column_size) {
            *mean /= size.max(1) as f32;
        }
        for (x, mean) in row_mean.iter().enumerate() {
            let low = self.band.low(x);
            for (y, value) in (low..).zip(&mut self.values[self.starts[x]..self.starts[x + 1]]) {
                *value -= mean + column_mean[y];
            }
        }
    }

    /// The monotone path through the blocks with the greatest sum of similarities, as the blocks it meets.
    fn best_path(&self) -> Vec<(usize, usize)> {
        const DIAGONAL: u8 = 0;
        const DOWN: u8 = 1;
        const RIGHT: u8 = 2;
        let (r, c) = (self.band.rows(), self.band.columns());
        let mut vias = Vec::with_capacity(r + 1);
        let mut above: Vec<f32> = Vec::new();
        for i in 0..=r {
            let low = self.band.low(i);
            let mut here = Vec::with_capacity(self.band.high(i) + 1 - low);
            let mut via = Vec::with_capacity(here.capacity());
            for j in self.band.range(i) {
                if (i, j) == (0, 0) {
                    here.push(0.0);
                    via.push(DIAGONAL);
                    continue;
                }
                let (mut value, mut step) = (f32::NEG_INFINITY, RIGHT);
                if i > 0 {
                    let at = |j: usize| above.get(j.wrapping_sub(self.band.low(i - 1))).copied();
                    if let Some(corner) = j.checked_sub(1).and_then(at) {
                        let similar = self.values[self.starts[i - 1] + j - 1 - self.band.low(i - 1)];
                        (value, step) = (corner + similar, DIAGONAL);
                    }
                    if let Some(up) = at(j).filter(|&up| up > value) {
                        (value, step) = (up, DOWN);
                    }
                }
                if let Some(&left) = here.last().filter(|&&left| left > value) {
                    (value, step) = (left, RIGHT);
                }
                here.push(value);
                via.push(step);
            }
            vias.push(via);
            above = here;
        }
        let (mut i, mut j) = (r, c);
        let mut path = Vec::new();
        while i > 0 || j > 0 {
            path.push((i.saturating_sub(1), j.saturating_sub(1)));
            match vias[i][j - self.band.low(i)] {
                DIAGONAL => (i, j) = (i - 1, j - 1),
                DOWN => i -= 1,
                _ => j -= 1,
            }
        }
        path.reverse();
        path
    }
}

/// All positions near the blocks of the path.
fn corridor(path: &[(usize, usize)], rows: &Blocks, columns: &Blocks, n: usize, m: usize) -> Band {
    let mut low = vec![m as u32; n + 1];
    let mut high = vec![0; n + 1];
    let margin_rows = (MARGIN * n as f32 / rows.count() as f32).ceil() as usize;
    let margin_columns = (MARGIN * m as f32 / columns.count() as f32).ceil() as usize;
    for &(x, y) in path {
        let first = rows.starts[x].saturating_sub(margin_rows);
        let last = (rows.starts[x + 1] + margin_rows).min(n);
        let from = columns.starts[y].saturating_sub(margin_columns) as u32;
        let to = (columns.starts[y + 1] + margin_columns).min(m) as u32;
        for i in first..=last {
            low[i] = low[i].min(from);
            high[i] = high[i].max(to);
        }
    }
    Band::new(low, high, m)
}
