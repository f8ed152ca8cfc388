//! How many threads a computation may use, and loops whose turns are shared among them.
//!
//! What a turn computes must not depend on who computes it: the same bits come out on any number of threads.

mod pool;

use std::cell::Cell;
use std::sync::OnceLock;

thread_local! {
    /// How many threads a computation that begins on this thread may use; `None` for all cores.
    static LIMIT: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Lets everything that `compute` does use at most so many threads: this one, and others that help it. Without this, all
/// cores are used; results are the same, to the last bit.
///
/// Work that is too small to gain from a second thread stays on one by itself. Zero counts as one.
///
/// ```
/// use nn_core::prelude::*;
///
/// network! { struct Parity< Affine(2, 8) -> Tanh -> Affine(8, 1) -> SigmoidWithLoss >; }
///
/// # fn main() -> nn_core::Result<()> {
/// let net = Parity::seeded(1);
/// let alone = nn_core::with_threads(1, || net.predict(&[[0.0, 1.0]]))?;
/// assert_eq!(alone, net.predict(&[[0.0, 1.0]])?);
/// # Ok(())
/// # }
/// ```
pub fn with_threads<R>(count: usize, compute: impl FnOnce() -> R) -> R {
    /// Also when `compute` panics.
    struct Restore(Option<usize>);
    impl Drop for Restore {
        fn drop(&mut self) {
            LIMIT.set(self.0);
        }
    }
    let _restore = Restore(LIMIT.replace(Some(count.max(1))));
    compute()
}

/// How many threads a computation that begins here may use.
fn limit() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    LIMIT.get().unwrap_or_else(|| {
        *CORES.get_or_init(|| std::thread::available_parallelism().map_or(1, usize::from))
    })
}

/// Calls `work` with every item and its index, on as many threads as there may be.
pub(crate) fn for_each_mut<T: Send>(items: &mut [T], work: impl Fn(usize, &mut T) + Sync) {
    if items.len() == 1 || limit() == 1 {
        for (index, item) in items.iter_mut().enumerate() {
            work(index, item);
        }
        return;
    }
    pool::for_each_mut(limit(), items, &work);
}

/// Cuts `count` units of work into runs, at most one for each thread, and calls `work` with the first unit of each run and
/// the first behind it. `least` is how many units are worth a thread.
pub(super) fn for_each_run(count: usize, least: usize, work: impl Fn(usize, usize) + Sync) {
    let runs = runs(count, least);
    if runs == 1 {
        return work(0, count);
    }
    // As equal as can be; the sizes of runs change nothing but who computes.
    pool::for_each(runs, runs, &|run| {
        work(run * count / runs, (run + 1) * count / runs);
    });
}

/// Into how many runs so many units are cut.
fn runs(count: usize, least: usize) -> usize {
    limit().min(count / least.max(1)).max(1)
}

/// Cuts slices of one length into runs of the same places, at most one run for each thread, and calls `work` with the parts of
/// each run and where they begin. `least` is how many numbers are worth a thread.
pub(crate) fn for_each_run_of<T: Send, const N: usize>(
    first: &mut [T],
    others: [&mut [T]; N],
    least: usize,
    work: impl Fn(&mut [T], [&mut [T]; N], usize) + Sync,
) {
    match runs(first.len(), least) {
        1 => work(first, others, 0),
        runs => pool::for_each_run_of(runs, first, others, &work),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::{for_each_mut, for_each_run, for_each_run_of, limit, with_threads};

    #[test]
    fn every_item_is_visited_once() {
        for threads in [1, 2, 3, 8] {
            with_threads(threads, || {
                for length in [1_usize, 2, 7, 100] {
                    for _ in 0..200 {
                        let mut items = vec![0; length];
                        for_each_mut(&mut items, |index, item| *item += index + 1);
                        assert_eq!(items, (1..=length).collect::<Vec<_>>());
                    }
                }
            });
        }
    }

    #[test]
    fn runs_cover_all_units_once() {
        for threads in [1, 2, 3, 8] {
            for count in [1, 2, 7, 97] {
                let units: Vec<AtomicUsize> = (0..count).map(|_| AtomicUsize::new(0)).collect();
                with_threads(threads, || {
                    for_each_run(count, 2, |from, to| {
                        for unit in &units[from..to] {
                            unit.fetch_add(1, Ordering::Relaxed);
                        }
                    });
                });
                assert!(units.iter().all(|unit| unit.load(Ordering::Relaxed) == 1));
            }
        }
    }

    #[test]
    fn runs_of_slices_hold_the_same_places() {
        for threads in [1, 2, 3, 8] {
            let (mut a, mut b) = (vec![0; 100], vec![0; 100]);
            with_threads(threads, || {
                for_each_run_of(&mut a, [&mut b], 7, |a, [b], from| {
                    for (index, (a, b)) in a.iter_mut().zip(b).enumerate() {
                        (*a, *b) = (from + index, 2 * (from + index));
                    }
                });
            });
            assert!(a.iter().enumerate().all(|(index, &a)| a == index));
            assert!(b.iter().enumerate().all(|(index, &b)| b == 2 * index));
        }
    }

    #[test]
    fn limits_nest_and_are_restored() {
        let outside = limit();
        with_threads(3, || {
            assert_eq!(limit(), 3);
            with_threads(0, || assert_eq!(limit(), 1));
            assert_eq!(limit(), 3);
        });
        assert_eq!(limit(), outside);
    }

    /// Whoever computes a turn computes it alone: no thread waits for one that waits for it.
    #[test]
    fn turns_do_not_share_their_own_work() {
        with_threads(2, || {
            let mut limits = [0; 4];
            for_each_mut(&mut limits, |_, found| *found = limit());
            assert_eq!(limits, [1; 4]);
        });
    }

    #[test]
    fn several_callers_at_once() {
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    with_threads(3, || {
                        for _ in 0..500 {
                            let mut items = [1_usize; 9];
                            for_each_mut(&mut items, |index, item| *item += index);
                            assert_eq!(items.iter().sum::<usize>(), 9 + 36);
                        }
                    });
                });
            }
        });
    }

    #[test]
    fn a_panic_of_any_turn_reaches_the_caller_and_breaks_nothing() {
        with_threads(3, || {
            for bad in 0..6 {
                let caught = std::panic::catch_unwind(|| {
                    for_each_mut(&mut [0; 6], |index, _| {
                        assert_ne!(index, bad, "a broken invariant");
                    });
                });
                assert!(caught.is_err());
                let mut items = [0; 6];
                for_each_mut(&mut items, |_, item| *item += 1);
                assert_eq!(items, [1; 6]);
            }
        });
    }
}
