//! A single row of a product over rows of B that do not begin on whole registers, as 50 numbers do.
//!
//! B is walked as if it had no rows, in registers that begin on cache lines: none is read twice, and none lies across two
//! lines. After P registers, which are some whole rows, numbers lie in the same columns again, so each of the P registers has a
//! sum of its own, and a register of factors: the number of A for the row that each of its lanes lies in. At the end the sums
//! are folded into columns. Each sum is one over the same rows in the same order wherever B lies in memory.

#![expect(unsafe_code, reason = "rows are addressed by pointers")]
#![expect(
    clippy::inline_always,
    reason = "instructions are only there inside of the caller that enables them"
)]
#![expect(
    clippy::needless_range_loop,
    reason = "registers are numbered alike in several arrays"
)]

use num_traits::Zero as _;

use super::super::simd::{MOST_LANES, Pick};
use super::pointers::{Pointers, Start};
use super::tiles::FinishRows;

/// How many registers of so many lanes hold whole rows of n numbers, and how many rows; lanes are a power of two.
fn period(n: usize, lanes: usize) -> (usize, usize) {
    let both = n.trailing_zeros().min(lanes.trailing_zeros());
    (n >> both, lanes >> both)
}

/// Whether a row is worth walking flat, in periods of so many registers: where a row is at least a register, a register holds
/// the numbers of A for the rows of a period, and one more, and periods are many.
pub(super) fn is_flat<N>(p: &Pointers<N>, lanes: usize, registers: usize) -> bool {
    let (found, rows) = period(p.n, lanes);
    found == registers
        && p.n >= lanes
        && (2..lanes).contains(&rows)
        && p.a_step == 1
        && p.b_step == p.n
        && p.k >= 8 * rows
}

/// A row of C whose n is such that P registers hold whole rows of B.
///
/// # Safety
/// The instruction set must be there, [`is_flat`] must be so, and `room` must have P + 2 registers of numbers.
#[inline(always)]
pub(super) unsafe fn flat_row<S: Pick, const P: usize>(
    p: Pointers<S::Number>,
    room: *mut S::Number,
    finish: FinishRows<S>,
) {
    // SAFETY: registers that are read as wholes end before the last number of B; of the last ones, only those that are left are
    // read, and of A, those before k.
    unsafe {
        let zero = S::splat(S::Number::zero());
        let (_, rows) = period(p.n, S::LANES);
        // What lies before the first whole cache line is what the last register of a period before it would end with.
        let head =
            p.b.align_offset(S::LANES * size_of::<S::Number>())
                .min(S::LANES);
        let mut places = [[S::place(0); MOST_LANES]; P];
        let (mut row, mut column) = (0, head);
        for register in &mut places {
            if column >= p.n {
                (row, column) = (row + 1, column - p.n);
            }
            let next = p.n - column;
            for lane in 0..S::LANES {
                register[lane] = S::place(row + usize::from(lane >= next));
            }
            column += S::LANES;
        }
        let mut sums = [zero; P];
        S::store(zero, room);
        let first = S::mul_add(S::load_first(p.b, head), S::splat(*p.a), zero);
        S::store_first(first, room.add(S::LANES - head), head);
        sums[P - 1] = S::load(room);
        let mut left = p.k * p.n - head;
        let (mut a, mut b, mut k) = (p.a, p.b.add(head), p.k);
        while left >= P * S::LANES && k >= S::LANES {
            let factors = S::load(a);
            for v in 0..P {
                let factor = S::pick(factors, places[v].as_ptr());
                sums[v] = S::mul_add(S::load(b.add(v * S::LANES)), factor, sums[v]);
            }
            (a, b) = (a.add(rows), b.add(P * S::LANES));
            (left, k) = (left - P * S::LANES, k - rows);
        }
        while left > 0 {
            let factors = S::load_first(a, k.min(S::LANES));
            for v in 0..P {
                let factor = S::pick(factors, places[v].as_ptr());
                let count = left.saturating_sub(v * S::LANES).min(S::LANES);
                sums[v] = S::mul_add(
                    S::load_first(b.wrapping_add(v * S::LANES), count),
                    factor,
                    sums[v],
                );
            }
            (a, b) = (a.wrapping_add(rows), b.wrapping_add(P * S::LANES));
            (left, k) = (left.saturating_sub(P * S::LANES), k.saturating_sub(rows));
        }
        for v in 0..P {
            S::store(sums[v], room.add(head + v * S::LANES));
        }
        S::store_first(S::load(room.add(rows * p.n)), room, head);
        for column in (0..p.n).step_by(S::LANES) {
            let count = S::LANES.min(p.n - column);
            let mut total = match p.start {
                Start::Zero => zero,
                Start::Row(bias) => S::load_first(bias.add(column), count),
                Start::Sum => S::load_first(p.c.add(column), count),
            };
            for row in 0..rows {
                total = S::add(total, S::load_first(room.add(row * p.n + column), count));
            }
            finish(p.at(0, column), &[total], 1, count);
        }
    }
}
