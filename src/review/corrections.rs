//! Corrections that come back in a table, found by id, with a report of what does not fit.
//!
//! The table holds only what it says now. What it said when it was written is the row itself, as long as nobody changed
//! the row since: an edit or a decision on both sides that differ is a conflict, and so is an id that is gone.

use super::operation::Operation;
use super::state::State;
use crate::model::{Bitext, Side, Status, TranslationUnit};
use std::collections::{HashMap, HashSet};

/// A row that could not be taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The id in the table; may be empty.
    pub id: String,
    /// What is wrong.
    pub what: String,
    /// What the alignment has.
    pub ours: String,
    /// What the table has.
    pub theirs: String,
}

/// What taking the corrections over would do.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The changes, to be made together.
    pub operations: Vec<Operation>,
    /// Texts that change.
    pub texts: usize,
    /// Decisions that change.
    pub decisions: usize,
    /// What does not fit.
    pub conflicts: Vec<Conflict>,
    /// Rows of the alignment that the table does not have; they stay as they are.
    pub absent: usize,
}

/// Compares a table with the rows. With `theirs`, the table wins where both sides changed something.
pub fn plan(state: &State, table: &Bitext, theirs: bool) -> Plan {
    let index: HashMap<&str, usize> =
        state.rows().iter().enumerate().map(|(k, r)| (r.unit.id.as_str(), k)).collect();
    let mut plan = Plan { operations: Vec::new(), texts: 0, decisions: 0, conflicts: Vec::new(), absent: 0 };
    let mut seen: HashSet<&str> = HashSet::new();
    for unit in &table.units {
        let text = |k: usize| unit.variants.get(k).map_or("", |v| v.text.as_str());
        let conflict = |what: &str, ours: &str, theirs: &str| Conflict {
            id: unit.id.clone(),
            what: what.into(),
            ours: ours.into(),
            theirs: theirs.into(),
        };
        let both = format!("{} ‖ {}", text(0), text(1));
        if unit.id.is_empty() {
            plan.conflicts.push(conflict("the row of the table has no id", "", &both));
            continue;
        }
        let Some(&k) = index.get(unit.id.as_str()) else {
            plan.conflicts.push(conflict(
                "no row has this id any more: it was merged, split or moved",
                "",
                &both,
            ));
            continue;
        };
        if !seen.insert(&unit.id) {
            plan.conflicts.push(conflict("the table has this id twice; the first is taken", "", &both));
            continue;
        }
        texts(state, k, unit, theirs, &mut plan, &conflict);
        decision(state, k, unit, theirs, &mut plan, &conflict);
    }
    plan.absent = state.rows().iter().filter(|r| !seen.contains(r.unit.id.as_str())).count();
    plan
}

fn texts(
    state: &State,
    k: usize,
    unit: &TranslationUnit,
    theirs: bool,
    plan: &mut Plan,
    conflict: &dyn Fn(&str, &str, &str) -> Conflict,
) {
    let rows = state.rows();
    for (n, side) in [Side::Source, Side::Target].into_iter().enumerate() {
        let wanted = unit.variants.get(n).map_or("", |v| v.text.as_str()).replace("\r\n", "\n");
        // Material that moved stands in one line of a table, though its sides are two rows.
        let own = if rows[k].segments(side).is_empty() {
            let other = rows[k].moved_to.as_deref();
            rows.iter().position(|r| other == Some(r.unit.id.as_str())).unwrap_or(k)
        } else {
            k
        };
        let row = &rows[own];
        let ours = row.text(side);
        if wanted == ours || same_but_space(&wanted, ours) {
            continue;
        }
        if row.segments(side).is_empty() {
            plan.conflicts.push(conflict(
                "the row has no segment on this side to hold the text",
                ours,
                &wanted,
            ));
            continue;
        }
        if wanted.trim().is_empty() {
            plan.conflicts.push(conflict("the text is gone; reject the row to leave it out", ours, &wanted));
            continue;
        }
        if row.is_edited(side) && !theirs {
            // The table shows the text from before our edit: nothing was corrected there.
            if !same_but_space(&wanted, &row.original(side)) {
                plan.conflicts.push(conflict("both sides changed the text", ours, &wanted));
            }
            continue;
        }
        plan.texts += 1;
        plan.operations.push(Operation::Edit { row: own, side, text: wanted });
    }
}

/// Spreadsheets trim and re-break cells; that is no correction.
fn same_but_space(a: &str, b: &str) -> bool {
    a.split_whitespace().eq(b.split_whitespace())
}

fn decision(
    state: &State,
    k: usize,
    unit: &TranslationUnit,
    theirs: bool,
    plan: &mut Plan,
    conflict: &dyn Fn(&str, &str, &str) -> Conflict,
) {
    let Some(wanted) = unit.bead.as_ref().map(|b| b.status) else { return };
    let ours = state.rows()[k].bead().status;
    let decided = |s: Status| matches!(s, Status::Accepted | Status::Rejected);
    if wanted == ours || (!decided(wanted) && decided(ours)) || wanted == Status::Unchecked {
        return;
    }
    if decided(ours) && !theirs {
        plan.conflicts.push(conflict("decided differently", &ours.to_string(), &wanted.to_string()));
        return;
    }
    plan.decisions += 1;
    plan.operations.push(Operation::SetStatus { rows: vec![k], status: wanted });
}
