//! Time per step on a machine that does other things too.

use std::time::Instant;

use nn_core::Result;

/// Into how many blocks the steps of a job are cut.
const BLOCKS: usize = 20;

/// Microseconds per step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Times {
    /// The median over blocks of steps: what one gets.
    pub median: f64,
    /// The best block: what the program can do when nothing disturbs it.
    pub best: f64,
}

/// Calls `step` with 0, 1, … and times it in blocks.
///
/// # Errors
/// What `step` returns.
pub fn time(steps: usize, mut step: impl FnMut(usize) -> Result<()>) -> Result<Times> {
    let block = (steps / BLOCKS).max(1);
    let mut times = Vec::with_capacity(BLOCKS + 1);
    let mut start = Instant::now();
    for index in 0..steps {
        step(index)?;
        if (index + 1) % block == 0 {
            let end = Instant::now();
            times.push((end - start).as_secs_f64() * 1e6 / block as f64);
            start = end;
        }
    }
    Ok(summary(times))
}

fn summary(mut times: Vec<f64>) -> Times {
    times.sort_by(f64::total_cmp);
    let at = |index: usize| times.get(index).copied().unwrap_or(f64::NAN);
    Times {
        median: at(times.len() / 2),
        best: at(0),
    }
}

#[cfg(test)]
mod tests {
    use super::{Times, summary, time};

    #[test]
    fn the_median_and_the_best_block() {
        let (median, best) = (3.0, 1.0);
        assert_eq!(summary(vec![9.0, 1.0, 3.0]), Times { median, best });
    }

    #[test]
    fn every_step_is_taken_once_and_in_order() {
        for steps in [1, 19, 20, 45] {
            let mut taken = Vec::new();
            let times = time(steps, |index| {
                taken.push(index);
                Ok(())
            });
            assert!(times.unwrap().best >= 0.0);
            assert_eq!(taken, (0..steps).collect::<Vec<_>>());
        }
    }
}
