//! Segment numbers only: beads as vecalign writes them, ladders as hunalign does.

use super::Written;
use crate::error::{Error, Result};
use crate::model::{BeadInfo, Bitext};
use std::io::Write;
use std::ops::Range;

/// Source and target segments of each bead, 0-based.
pub type Beads = Vec<(Vec<usize>, Vec<usize>)>;

fn infos(bitext: &Bitext) -> impl Iterator<Item = Result<&BeadInfo>> {
    bitext.units.iter().map(|unit| {
        unit.bead.as_ref().ok_or_else(|| {
            Error::usage("the file holds pairs of texts, not beads of an alignment")
                .advise("convert the JSON lines of the alignment")
        })
    })
}

pub(super) fn write_beads(bitext: &Bitext, out: &mut dyn Write) -> Result<Written> {
    let list = |r: &Range<usize>| r.clone().map(|k| k.to_string()).collect::<Vec<_>>().join(",");
    for info in infos(bitext) {
        let info = info?;
        writeln!(out, "[{}]:[{}]", list(&info.source), list(&info.target))?;
    }
    Ok(Written { units: bitext.units.len(), ..Written::default() })
}

pub(super) fn write_ladder(bitext: &Bitext, out: &mut dyn Write) -> Result<Written> {
    let mut end = (0, 0);
    for info in infos(bitext) {
        let info = info?;
        writeln!(out, "{}\t{}\t{:.4}", info.source.start, info.target.start, info.score)?;
        end = (info.source.end, info.target.end);
    }
    writeln!(out, "{}\t{}\t0", end.0, end.1)?;
    Ok(Written { units: bitext.units.len(), ..Written::default() })
}

/// Reads beads: `[0,1]:[0]` a line, more fields after a further colon are ignored.
///
/// # Errors
/// A line that is no bead.
pub fn read_beads(text: &str) -> Result<Beads> {
    let mut out = Beads::new();
    for (k, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        let bad = || Error::malformed(format!("{line:?} is not a bead like [0,1]:[0]")).at_line(k + 1);
        let (source, rest) = line.trim().strip_prefix('[').and_then(|l| l.split_once("]")).ok_or_else(bad)?;
        let rest = rest.trim_start().strip_prefix(':').and_then(|r| r.trim_start().strip_prefix('['));
        let target = rest.and_then(|r| r.split(']').next()).ok_or_else(bad)?;
        let numbers = |list: &str| -> Result<Vec<usize>> {
            let items = list.split(',').map(str::trim).filter(|s| !s.is_empty());
            items.map(|s| s.parse().map_err(|_| bad())).collect()
        };
        out.push((numbers(source)?, numbers(target)?));
    }
    Ok(out)
}

/// The most segments of a side in a ladder: 128 MiB of numbers. A rung has nothing but a number, so a mistyped one
/// would otherwise take all memory.
const MOST_SEGMENTS: usize = 1 << 24;

/// Reads a ladder as beads.
///
/// # Errors
/// A line that is no rung, rungs that go back, or one beyond sixteen million segments.
pub fn read_ladder(text: &str) -> Result<Beads> {
    let mut rungs: Vec<(usize, usize)> = Vec::new();
    for (k, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        let mut fields = line.split('\t').map(|f| f.trim().parse::<usize>());
        let (Some(Ok(i)), Some(Ok(j))) = (fields.next(), fields.next()) else {
            return Err(Error::malformed(format!("{line:?} is not a rung: source TAB target TAB score"))
                .at_line(k + 1));
        };
        if rungs.last().is_some_and(|&(a, b)| i < a || j < b) {
            return Err(Error::malformed("the ladder goes back").at_line(k + 1));
        }
        if i.max(j) > MOST_SEGMENTS {
            return Err(Error::malformed(format!("no document has the segment {}", i.max(j))).at_line(k + 1));
        }
        rungs.push((i, j));
    }
    Ok(rungs.windows(2).map(|w| ((w[0].0..w[1].0).collect(), (w[0].1..w[1].1).collect())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_rung_is_an_error_with_its_line() {
        assert!(read_ladder("0\t0\t1\n2\t1\t1\n").is_ok());
        let error = read_ladder("0\t0\t1\n4000000000\t1\t1\n").unwrap_err().to_string();
        assert!(error.contains("4000000000") && error.contains("line 2"), "{error}");
    }
}
