//! Runs of numbers that are copied or added: rows of images and of maps, to and from other orders of the same numbers.

#![expect(unsafe_code, reason = "runs are addressed by pointers")]
#![expect(
    clippy::inline_always,
    reason = "instructions are only there inside of the caller that enables them"
)]

use crate::element::Element;
use crate::kernels::simd::Simd;

/// How many runs there are, along three axes, and how long they are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    pub(super) counts: [usize; 3],
    pub(super) length: usize,
}

/// Where runs lie: the first one, how far apart they are along the axes, and how far apart their numbers are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Places {
    pub(super) start: usize,
    pub(super) steps: [usize; 3],
    pub(super) step: usize,
}

impl Extent {
    pub(super) fn is_empty(&self) -> bool {
        self.length == 0 || self.counts.contains(&0)
    }

    /// Whether all runs lie in a slice of so many numbers. There is one at least.
    pub(super) fn lies_in(&self, places: &Places, count: usize) -> bool {
        let axes = self.counts.iter().zip(&places.steps);
        let last_run: usize = axes.map(|(count, step)| (count - 1) * step).sum();
        places.start + last_run + (self.length - 1) * places.step < count
    }
}

/// What is copied or added.
#[derive(Clone, Copy)]
pub(super) struct Pointers<N> {
    pub(super) extent: Extent,
    pub(super) from: *const N,
    pub(super) from_places: Places,
    pub(super) to: *mut N,
    pub(super) to_places: Places,
}

/// Calls a body with the pointers of each run.
macro_rules! each_run {
    ($p:ident, |$from:ident, $to:ident| $body:expr) => {
        let [first, second, third] = $p.extent.counts;
        for one in 0..first {
            for two in 0..second {
                let [a, b, from_step] = $p.from_places.steps;
                let mut $from = $p.from.add($p.from_places.start + one * a + two * b);
                let [a, b, to_step] = $p.to_places.steps;
                let mut $to = $p.to.add($p.to_places.start + one * a + two * b);
                for _ in 0..third {
                    $body;
                    $from = $from.wrapping_add(from_step);
                    $to = $to.wrapping_add(to_step);
                }
            }
        }
    };
}

/// Calls a body with the whole registers of a run, and with what is left: the place, and how many numbers.
macro_rules! each_register {
    ($length:ident, |$at:ident, $count:ident| $body:expr) => {
        let mut $at = 0;
        while $length - $at > S::LANES {
            let $count = S::LANES;
            $body;
            $at += S::LANES;
        }
        let $count = $length - $at;
        $body;
    };
}

/// Copies runs. The runs of `to` are contiguous.
///
/// # Safety
/// The instruction set must be there, and all runs must lie in memory that may be read and written.
#[inline(always)]
pub(super) unsafe fn copy<S: Simd>(p: Pointers<S::Number>) {
    let length = p.extent.length;
    // SAFETY: the caller's; what is read and written at a time ends with its run.
    unsafe {
        match p.from_places.step {
            1 if length <= S::LANES => {
                each_run!(p, |from, to| S::store_first(
                    S::load_first(from, length),
                    to,
                    length
                ));
            }
            1 => {
                each_run!(p, |from, to| {
                    each_register!(length, |at, count| S::store_first(
                        S::load_first(from.add(at), count),
                        to.add(at),
                        count
                    ));
                });
            }
            2 => {
                each_run!(p, |from, to| copy_apart(from, 2, to, length));
            }
            step => {
                each_run!(p, |from, to| copy_apart(from, step, to, length));
            }
        }
    }
}

/// A function of its own, so that the compiler sees a constant step.
#[inline(always)]
unsafe fn copy_apart<N: Element>(from: *const N, step: usize, to: *mut N, length: usize) {
    for at in 0..length {
        // SAFETY: the caller's.
        unsafe { *to.add(at) = *from.add(at * step) };
    }
}

/// Adds runs. The runs of `from` are contiguous.
///
/// # Safety
/// As for [`copy`].
#[inline(always)]
pub(super) unsafe fn add<S: Simd>(p: Pointers<S::Number>) {
    let length = p.extent.length;
    // SAFETY: the caller's; what is read and written at a time ends with its run.
    unsafe {
        match p.to_places.step {
            1 => {
                each_run!(p, |from, to| {
                    each_register!(length, |at, count| {
                        let (from, to) = (from.add(at), to.add(at));
                        let sum = S::add(S::load_first(to, count), S::load_first(from, count));
                        S::store_first(sum, to, count);
                    });
                });
            }
            2 => {
                each_run!(p, |from, to| add_apart(from, to, 2, length));
            }
            step => {
                each_run!(p, |from, to| add_apart(from, to, step, length));
            }
        }
    }
}

#[inline(always)]
unsafe fn add_apart<N: Element>(from: *const N, to: *mut N, step: usize, length: usize) {
    for at in 0..length {
        // SAFETY: the caller's.
        unsafe { *to.add(at * step) += *from.add(at) };
    }
}
