//! A small limited-memory quasi-Newton minimiser (Nocedal 1980) with backtracking, for the training only.

/// What is minimised.
pub(crate) trait Objective {
    fn value_and_gradient(&self, at: &[f64]) -> (f64, Vec<f64>);
}

/// Steps remembered.
const MEMORY: usize = 10;
/// Armijo's condition: the least decrease, as a share of what the slope promises.
const DECREASE: f64 = 1e-4;
/// Relative decrease at which the search is over.
const ENOUGH: f64 = 1e-7;

/// Walks downhill from `at`, at most `steps` steps.
pub(crate) fn minimise(objective: &impl Objective, mut at: Vec<f64>, steps: usize) -> Vec<f64> {
    let (mut value, mut gradient) = objective.value_and_gradient(&at);
    let mut history: Vec<(Vec<f64>, Vec<f64>)> = Vec::new();
    for _ in 0..steps {
        let direction = direction(&gradient, &history);
        let slope = dot(&direction, &gradient);
        if slope >= 0.0 {
            if history.is_empty() {
                break;
            }
            history.clear();
            continue;
        }
        let mut step = if history.is_empty() { 1.0 / dot(&gradient, &gradient).sqrt().max(1.0) } else { 1.0 };
        let moved = loop {
            let there: Vec<f64> = at.iter().zip(&direction).map(|(a, d)| a + step * d).collect();
            let (v, g) = objective.value_and_gradient(&there);
            if v <= value + DECREASE * step * slope {
                break Some((there, v, g));
            }
            step /= 2.0;
            if step < 1e-10 {
                break None;
            }
        };
        let Some((there, v, g)) = moved else { break };
        let s: Vec<f64> = there.iter().zip(&at).map(|(a, b)| a - b).collect();
        let y: Vec<f64> = g.iter().zip(&gradient).map(|(a, b)| a - b).collect();
        let done = value - v < ENOUGH * value.abs();
        (at, value, gradient) = (there, v, g);
        if dot(&s, &y) > 1e-12 {
            history.push((s, y));
            if history.len() > MEMORY {
                history.remove(0);
            }
        }
        if done {
            break;
        }
    }
    at
}

/// The two-loop recursion.
fn direction(gradient: &[f64], history: &[(Vec<f64>, Vec<f64>)]) -> Vec<f64> {
    let mut q = gradient.to_vec();
    let mut alphas = Vec::with_capacity(history.len());
    for (s, y) in history.iter().rev() {
        let alpha = dot(s, &q) / dot(s, y);
        q.iter_mut().zip(y).for_each(|(q, y)| *q -= alpha * y);
        alphas.push(alpha);
    }
    if let Some((s, y)) = history.last() {
        let scale = dot(s, y) / dot(y, y);
        q.iter_mut().for_each(|q| *q *= scale);
    }
    for ((s, y), alpha) in history.iter().zip(alphas.iter().rev()) {
        let beta = dot(y, &q) / dot(s, y);
        q.iter_mut().zip(s).for_each(|(q, s)| *q += (alpha - beta) * s);
    }
    q.iter_mut().for_each(|q| *q = -*q);
    q
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Valley;

    impl Objective for Valley {
        fn value_and_gradient(&self, at: &[f64]) -> (f64, Vec<f64>) {
            let (x, y) = (at[0], at[1]);
            let value = (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2);
            (value, vec![-2.0 * (1.0 - x) - 400.0 * x * (y - x * x), 200.0 * (y - x * x)])
        }
    }

    #[test]
    fn it_finds_the_bottom_of_rosenbrocks_valley() {
        let end = minimise(&Valley, vec![-1.2, 1.0], 500);
        assert!((end[0] - 1.0).abs() < 1e-3 && (end[1] - 1.0).abs() < 1e-3, "{end:?}");
    }
}
