//! What leaves the page: files of any format, and units for a memory; all rows or only those accepted.

use super::session::Session;
use crate::error::Result;
use crate::format::{self, Format, WriteOptions};
use crate::memory::{Added, Keep, Memory, in_context};
use crate::model::{Bitext, Status, TranslationUnit};
use std::path::Path;

/// The rows as units, all of them or only the accepted.
pub(super) fn wanted(session: &Session, only_accepted: bool) -> Bitext {
    let mut bitext = session.state().bitext();
    if only_accepted {
        // A link to a unit that is left out would lead nowhere.
        let kept: Vec<bool> = bitext.units.iter().map(is_accepted).collect();
        let mut place = Vec::with_capacity(kept.len());
        let mut next = 0;
        for k in &kept {
            place.push(next);
            next += usize::from(*k);
        }
        for bead in bitext.units.iter_mut().filter_map(|u| u.bead.as_mut()) {
            bead.moved_to = bead.moved_to.filter(|&m| kept[m]).map(|m| place[m]);
        }
        let mut kept = kept.into_iter();
        bitext.units.retain(|_| kept.next().unwrap_or(false));
    }
    bitext
}

/// The content of a file.
pub(super) fn bytes(bitext: &Bitext, format: Format) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // CSV is opened by double click, and spreadsheets know UTF-8 by its mark only.
    let options = WriteOptions { bom: format == Format::Csv, ..WriteOptions::default() };
    format::write(bitext, format, &mut bytes, &options)?;
    Ok(bytes)
}

/// A file name that is harmless everywhere: `信 1.jsonl` becomes `__1.tmx`.
pub(super) fn name(alignment: &Path, format: Format) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' };
    let stem = alignment.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    format!("{}.{}", stem.chars().map(plain).collect::<String>(), format.extensions()[0])
}

/// Adds the units to a memory, as `duizhao tm add` would. Made if it is not there. A unit's neighbours are those of the
/// document, whether they were accepted or not, so that the same unit is known again later.
pub(super) fn remember(bitext: Bitext, only_accepted: bool, file: &Path, name: &str) -> Result<Added> {
    let document = bitext.header.iter().find(|p| p.kind == "source-file").map(|p| p.value.clone());
    let mut units = in_context(bitext.units, document.as_deref());
    if only_accepted {
        units.retain(is_accepted);
    }
    let mut units = units.into_iter();
    Memory::open(file, true)?.add(name, Keep::All, &mut || Ok(units.next()))
}

fn is_accepted(unit: &TranslationUnit) -> bool {
    unit.bead.as_ref().is_some_and(|b| b.status == Status::Accepted)
}
