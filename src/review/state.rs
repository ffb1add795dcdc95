//! The alignment under review as rows, with unlimited undo and redo. Knows no file and no page.
//!
//! Every change is a list of splices that hold both what went and what came, so that taking it back is exact.

use super::operation::{self, Operation};
use super::row::Row;
use crate::error::Result;
use crate::model::{Bitext, Status};
use std::collections::{HashMap, HashSet};

/// Rows that went and rows that came in their place.
#[derive(Debug, Clone, PartialEq)]
pub struct Splice {
    /// The index of the first row.
    pub at: usize,
    /// What stood there.
    pub removed: Vec<Row>,
    /// What stands there now.
    pub added: Vec<Row>,
}

/// One step that undo takes back.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What was done, in a word: `merge`, `edit` …
    pub name: String,
    /// Splices in the order they were made.
    pub splices: Vec<Splice>,
}

impl Change {
    /// The row to look at after it.
    pub fn focus(&self) -> usize {
        self.splices.first().map_or(0, |s| s.at)
    }
}

/// The rows, and the way here and back.
#[derive(Debug, Clone)]
pub struct State {
    /// Languages, header and notes; its units are unused.
    about: Bitext,
    rows: Vec<Row>,
    done: Vec<Change>,
    undone: Vec<Change>,
}

impl State {
    /// The rows of a complete alignment.
    ///
    /// # Errors
    /// Units that are no beads of an alignment.
    pub fn new(mut bitext: Bitext) -> Result<State> {
        let units = std::mem::take(&mut bitext.units);
        let mut seen: HashSet<String> = HashSet::new();
        let mut ids = Vec::with_capacity(units.len());
        for (k, unit) in units.iter().enumerate() {
            let mut id = if unit.id.is_empty() { format!("row-{}", k + 1) } else { unit.id.clone() };
            while !seen.insert(id.clone()) {
                id.push_str("-again");
            }
            ids.push(id);
        }
        let mut rows = Vec::with_capacity(units.len());
        for (k, mut unit) in units.into_iter().enumerate() {
            unit.id.clone_from(&ids[k]);
            let moved = unit.bead.as_ref().and_then(|b| b.moved_to).and_then(|m| ids.get(m)).cloned();
            rows.push(Row::new(unit, moved)?);
        }
        Ok(State { about: bitext, rows, done: Vec::new(), undone: Vec::new() })
    }

    /// The rows in order.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Languages and header, without units.
    pub fn about(&self) -> &Bitext {
        &self.about
    }

    /// How many steps can be taken back.
    pub fn undo_depth(&self) -> usize {
        self.done.len()
    }

    /// How many steps can be done again.
    pub fn redo_depth(&self) -> usize {
        self.undone.len()
    }

    /// The whole as a bitext to write.
    pub fn bitext(&self) -> Bitext {
        let mut bitext = self.about.clone();
        let index: HashMap<&str, usize> =
            self.rows.iter().enumerate().map(|(k, r)| (r.unit.id.as_str(), k)).collect();
        let (mut i, mut j) = (0, 0);
        for row in &self.rows {
            let mut unit = row.unit.clone();
            let (n, m) = (unit.variants[0].segments.len(), unit.variants[1].segments.len());
            if let Some(bead) = &mut unit.bead {
                (bead.source, bead.target) = (i..i + n, j..j + m);
                let one_sided = n == 0 || m == 0;
                bead.moved_to = row
                    .moved_to
                    .as_deref()
                    .filter(|_| one_sided)
                    .and_then(|id| index.get(id))
                    .copied()
                    // Half a link would show a pair that is none.
                    .filter(|&k| self.rows[k].moved_to.as_deref() == Some(row.unit.id.as_str()));
            }
            (i, j) = (i + n, j + m);
            bitext.units.push(unit);
        }
        bitext
    }

    /// What an operation would change; nothing is changed yet.
    ///
    /// # Errors
    /// An operation that makes no sense here, with the reason.
    pub fn plan(&self, operation: &Operation) -> Result<Change> {
        operation::plan(self, operation)
    }

    /// Makes a change. Returns whether there was anything to do.
    pub fn commit(&mut self, change: Change) -> bool {
        if change.splices.is_empty() {
            return false;
        }
        self.forward(&change);
        self.push(change);
        true
    }

    /// Plans and makes a change.
    ///
    /// # Errors
    /// As [`State::plan`].
    pub fn apply(&mut self, operation: &Operation) -> Result<bool> {
        let change = self.plan(operation)?;
        Ok(self.commit(change))
    }

    /// Takes the last step back. Returns the row to look at.
    pub fn undo(&mut self) -> Option<usize> {
        let change = self.done.pop()?;
        self.backward(&change);
        let focus = change.focus();
        self.undone.push(change);
        Some(focus)
    }

    /// Does the last step that was taken back again. Returns the row to look at.
    pub fn redo(&mut self) -> Option<usize> {
        let change = self.undone.pop()?;
        self.forward(&change);
        let focus = change.focus();
        self.done.push(change);
        Some(focus)
    }

    /// Remembers a step that the rows hold already.
    pub(super) fn push(&mut self, change: Change) {
        self.undone.clear();
        self.done.push(change);
    }

    /// Moves the last step between the stacks without touching the rows, which are in that state already.
    pub(super) fn shift(&mut self, back: bool) {
        let (from, to) =
            if back { (&mut self.done, &mut self.undone) } else { (&mut self.undone, &mut self.done) };
        to.extend(from.pop());
    }

    /// Whether the rows that a change takes away are there.
    pub(super) fn fits(&self, change: &Change, back: bool) -> bool {
        let mut copy_shift = 0isize;
        if back {
            let rest = change.splices.last();
            return rest.is_none_or(|s| {
                self.rows.get(s.at..s.at + s.added.len()).is_some_and(|r| r == s.added.as_slice())
            });
        }
        for splice in &change.splices {
            let at = splice.at;
            let end = at + splice.removed.len();
            if copy_shift == 0 && self.rows.get(at..end).is_none_or(|r| r != splice.removed.as_slice()) {
                return false;
            }
            copy_shift += splice.added.len() as isize - splice.removed.len() as isize;
        }
        true
    }

    fn forward(&mut self, change: &Change) {
        for s in &change.splices {
            self.rows.splice(s.at..s.at + s.removed.len(), s.added.iter().cloned());
        }
    }

    fn backward(&mut self, change: &Change) {
        for s in change.splices.iter().rev() {
            self.rows.splice(s.at..s.at + s.added.len(), s.removed.iter().cloned());
        }
    }

    /// Rows of each status: unchecked, needs review, accepted, rejected.
    pub fn counts(&self) -> [usize; 4] {
        let mut out = [0; 4];
        for row in &self.rows {
            let status = row.bead().status;
            if let Some(k) = Status::ALL.iter().position(|s| *s == status) {
                out[k] += 1;
            }
        }
        out
    }
}
