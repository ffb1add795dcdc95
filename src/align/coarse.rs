//! Where the path runs, roughly: both texts in blocks of equal mass, compared by their rare words.
//!
//! A band around the diagonal would have to be hundreds of segments wide; measured on the Bible (42,687 ×
//! 30,000 segments) the corridor found this way is never more than 27 segments off, the diagonal up to 466.

use super::band::Band;
use super::links::Links;
use super::math::ln_coarse;
use super::text::Text;

/// Segments in a block. Short enough to follow the path, long enough to hold rare words.
const BLOCK: usize = 16;
/// The greatest number of blocks; longer texts get longer blocks, so that memory stays bounded.
const MOST_BLOCKS: usize = 4096;
/// Pairs of texts with fewer positions than this are searched whole.
const SMALL: usize = 250_000;
/// How far the band reaches beyond the path through the blocks, in blocks.
const MARGIN: f32 = 1.6;
/// Words in more than one block of so many are not rare.
const COMMON: usize = 12;

/// The band that holds the path.
pub(crate) fn band(zh: &Text, en: &Text, links: &Links) -> Band {
    let (n, m) = (zh.len(), en.len());
    let count = (n.max(m) / BLOCK).clamp(1, MOST_BLOCKS);
    if n * m <= SMALL || count < 8 || n.min(m) < 8 {
        return Band::full(n, m);
    }
    let rows = Blocks::new(zh, count.min(n));
    let columns = Blocks::new(en, count.min(m));
    let similarity = similarity(zh, &rows, en, &columns, links);
    let path = best_path(&similarity, rows.count(), columns.count());
    corridor(&path, &rows, &columns, n, m)
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

/// The similarity of each block with each other: the cosine over linked rare words, less the mean of its row
/// and of its column, so that a block full of common words attracts nothing.
fn similarity(zh: &Text, rows: &Blocks, en: &Text, columns: &Blocks, links: &Links) -> Vec<f32> {
    let (r, c) = (rows.count(), columns.count());
    let mut out = vec![0.0f32; r * c];
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
            for &x in list {
                row_norm[x as usize] += weight;
                for &y in other {
                    out[x as usize * c + y as usize] += weight;
                }
            }
            for &y in other {
                column_norm[y as usize] += weight;
            }
        }
    }
    for (row, norm) in out.chunks_exact_mut(c).zip(&row_norm) {
        for (value, other) in row.iter_mut().zip(&column_norm) {
            *value /= (norm * other).sqrt();
        }
    }
    let row_mean: Vec<f32> = out.chunks_exact(c).map(|row| row.iter().sum::<f32>() / c as f32).collect();
    let mut column_mean = vec![0.0f32; c];
    for row in out.chunks_exact(c) {
        for (mean, value) in column_mean.iter_mut().zip(row) {
            *mean += value / r as f32;
        }
    }
    for (row, mean) in out.chunks_exact_mut(c).zip(&row_mean) {
        for (value, other) in row.iter_mut().zip(&column_mean) {
            *value -= mean + other;
        }
    }
    out
}

/// The monotone path through the blocks with the greatest sum of similarities, as the blocks it meets.
fn best_path(similarity: &[f32], r: usize, c: usize) -> Vec<(usize, usize)> {
    const DIAGONAL: u8 = 0;
    const DOWN: u8 = 1;
    const RIGHT: u8 = 2;
    let mut best = vec![0.0f32; c + 1];
    let mut via = vec![DIAGONAL; (r + 1) * (c + 1)];
    via[..=c].fill(RIGHT);
    for i in 1..=r {
        let mut corner = best[0];
        via[i * (c + 1)] = DOWN;
        for j in 1..=c {
            let above = best[j];
            let (mut value, mut step) = (corner + similarity[(i - 1) * c + j - 1], DIAGONAL);
            if above > value {
                (value, step) = (above, DOWN);
            }
            if best[j - 1] > value {
                (value, step) = (best[j - 1], RIGHT);
            }
            corner = above;
            best[j] = value;
            via[i * (c + 1) + j] = step;
        }
    }
    let (mut i, mut j) = (r, c);
    let mut path = Vec::new();
    while i > 0 || j > 0 {
        path.push((i.saturating_sub(1), j.saturating_sub(1)));
        match via[i * (c + 1) + j] {
            DIAGONAL => (i, j) = (i - 1, j - 1),
            DOWN => i -= 1,
            _ => j -= 1,
        }
    }
    path.reverse();
    path
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
