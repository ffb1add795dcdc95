//! Pairs the expressions of two texts, whatever their order.
//!
//! First equal keys, then keys that say the same in part: a year within a date, an hour of twelve and of twenty-four.

use super::expression::{Decimal, Expression, Key};

/// What two lists of expressions have in common.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comparison {
    /// Pairs of indices, source first, by rising source index. No index occurs twice.
    pub matches: Vec<(usize, usize)>,
    /// Strong expressions of the source that the target shows nowhere, rising.
    pub missing_in_target: Vec<usize>,
    /// Strong expressions of the target that the source shows nowhere, rising.
    pub missing_in_source: Vec<usize>,
}

/// Longer lists than this are compared by equal keys only, to keep the time linear.
const MANY: usize = 200;

/// Pairs the expressions of a source and a target text one to one.
///
/// An expression that is left over counts as missing only if it is strong and no expression of the other side, paired or
/// not, says the same: a number that one side repeats is not missing on the other.
pub fn compare(source: &[Expression], target: &[Expression]) -> Comparison {
    let mut order: Vec<(&Key, usize)> = target.iter().enumerate().map(|(j, e)| (&e.key, j)).collect();
    order.sort();
    let mut taken = vec![false; target.len()];
    let mut partner = vec![None; source.len()];
    let mut next = vec![0usize; order.len()];
    for (i, e) in source.iter().enumerate() {
        let first = order.partition_point(|(k, _)| *k < &e.key);
        let Some(used) = next.get_mut(first) else { continue };
        if let Some((key, j)) = order.get(first + *used)
            && **key == e.key
        {
            *used += 1;
            taken[*j] = true;
            partner[i] = Some(*j);
        }
    }
    let lenient = source.len() <= MANY && target.len() <= MANY;
    if lenient {
        for (i, e) in source.iter().enumerate().filter(|(_, e)| !matches!(e.key, Key::Text(_))) {
            if partner[i].is_none()
                && let Some(j) = (0..target.len()).find(|&j| !taken[j] && alike(&e.key, &target[j].key))
            {
                taken[j] = true;
                partner[i] = Some(j);
            }
        }
    }
    let equal_in = |e: &Expression, others: &[Expression]| {
        others.iter().any(|o| o.key == e.key || (alike(&e.key, &o.key) && shows(&o.key, &e.key)))
    };
    let shown = |e: &Expression, others: &[Expression]| if lenient { equal_in(e, others) } else { true };
    Comparison {
        missing_in_target: (0..source.len())
            .filter(|&i| partner[i].is_none() && !source[i].weak && !shown(&source[i], target))
            .collect(),
        missing_in_source: (0..target.len())
            .filter(|&j| !taken[j] && !target[j].weak && !shown(&target[j], source))
            .collect(),
        matches: partner.iter().enumerate().filter_map(|(i, j)| Some((i, (*j)?))).collect(),
    }
}

/// Whether what agrees with an expression says enough of it: the year alone does not show a month or day.
fn shows(other: &Key, key: &Key) -> bool {
    match (key, other) {
        (Key::Date { month: Some(_), .. }, Key::Date { month: None, day: None, .. }) => false,
        (Key::Date { year: Some(y), month: Some(_), day }, Key::Number(n)) => {
            *n != Decimal::new(u128::from(*y), 0) && day.is_some()
        }
        _ => true,
    }
}

/// Whether two different keys agree as far as both speak.
fn alike(a: &Key, b: &Key) -> bool {
    match (a, b) {
        (Key::Number(a), Key::Number(b)) => a.rounds(*b) || b.rounds(*a),
        (Key::Date { year: y, month: m, day: d }, Key::Date { year: y2, month: m2, day: d2 }) => {
            let clash = |a: Option<u16>, b: Option<u16>| a.is_some() && b.is_some() && a != b;
            let both = |a: Option<u16>, b: Option<u16>| a.is_some() && b.is_some();
            let wide = |v: &Option<u8>| v.map(u16::from);
            let parts = [(*y, *y2), (wide(m), wide(m2)), (wide(d), wide(d2))];
            parts.iter().all(|&(a, b)| !clash(a, b)) && parts.iter().any(|&(a, b)| both(a, b))
        }
        (Key::Date { year, month, day }, Key::Number(n))
        | (Key::Number(n), Key::Date { year, month, day }) => {
            let is = |v: u64| *n == Decimal::new(u128::from(v), 0);
            year.is_some_and(|v| is(u64::from(v)))
                || day.is_some_and(|v| is(u64::from(v)))
                || (day.is_none() && month.is_some_and(|v| is(u64::from(v))))
        }
        (Key::Decade(y), Key::Number(n)) | (Key::Number(n), Key::Decade(y)) => {
            *n == Decimal::new(u128::from(*y), 0) || *n == Decimal::new(u128::from(*y % 100), 0)
        }
        (Key::Decade(a), Key::Decade(b)) => a % 100 == b % 100,
        (Key::Time(h, m), Key::Time(h2, m2)) => h % 12 == h2 % 12 && m == m2,
        (Key::Time(h, 0), Key::Number(n)) | (Key::Number(n), Key::Time(h, 0)) => {
            *n == Decimal::new(u128::from(*h), 0) || *n == Decimal::new(u128::from(h % 12), 0)
        }
        _ => false,
    }
}
