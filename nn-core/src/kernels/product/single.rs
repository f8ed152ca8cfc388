//! Single rows of a product.

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

use super::super::simd::{MOST_LANES, Simd};
use super::pointers::{End, Pointers, Start};
use super::tiles::FinishRows;

/// One row of V registers, the last of which holds `last` numbers, over all of k. A single row has too few sums to keep
/// the arithmetic busy: every number is summed in four, which are added at the end.
///
/// # Safety
/// As for [`tile`].
#[inline(always)]
pub(super) unsafe fn row<S: Simd, const V: usize>(
    p: Pointers<S::Number>,
    last: usize,
    finish: FinishRows<S>,
) {
    const CHAINS: usize = 4;
    // SAFETY: columns 0..(V − 1)·LANES + last lie in C and in B; masked loads and stores touch only the first `last` numbers;
    // k stays below the product's own.
    unsafe {
        macro_rules! load {
            ($from:expr, $v:expr) => {
                if $v + 1 < V {
                    S::load($from.add($v * S::LANES))
                } else {
                    S::load_first($from.add($v * S::LANES), last)
                }
            };
        }
        let mut sums = [[S::splat(S::Number::zero()); V]; CHAINS];
        match p.start {
            Start::Zero => {}
            Start::Row(bias) => {
                for v in 0..V {
                    sums[0][v] = load!(bias, v);
                }
            }
            Start::Sum => {
                for v in 0..V {
                    sums[0][v] = load!(p.c, v);
                }
            }
        }
        macro_rules! step {
            ($k:expr, $sums:expr) => {
                let b = p.b.add($k * p.b_step);
                let factor = S::splat(*p.a.add($k * p.a_step));
                for v in 0..V {
                    $sums[v] = S::mul_add(factor, load!(b, v), $sums[v]);
                }
            };
        }
        let whole = p.k - p.k % CHAINS;
        for k in (0..whole).step_by(CHAINS) {
            for chain in 0..CHAINS {
                step!(k + chain, sums[chain]);
            }
        }
        for k in whole..p.k {
            step!(k, sums[0]);
        }
        let mut totals = [S::splat(S::Number::zero()); V];
        for v in 0..V {
            let sum = S::add(
                S::add(sums[0][v], sums[1][v]),
                S::add(sums[2][v], sums[3][v]),
            );
            totals[v] = sum;
        }
        finish(p, &totals, V, last);
    }
}

/// How many rows of B [`wide_row`] reads side by side.
const SIDE_BY_SIDE: usize = 8;

/// One row that is too wide for registers: some rows of B at a time are read from beginning to end, which is the order that
/// memory likes, and added to C.
///
/// # Safety
/// As for [`tile`](super::tiles::tile), and C must not descend.
#[inline(always)]
pub(super) unsafe fn wide_row<S: Simd>(p: Pointers<S::Number>, finish: FinishRows<S>) {
    // SAFETY: registers lie in the row of C, and so in the rows of B; masked loads and stores touch only what is left.
    unsafe {
        let mut from = 0;
        while from < p.k {
            let part = p.block(from, SIDE_BY_SIDE.min(p.k - from));
            let mut factors = [S::splat(S::Number::zero()); SIDE_BY_SIDE];
            for k in 0..part.k {
                factors[k] = S::splat(*part.a.add(k * p.a_step));
            }
            for column in (0..p.n).step_by(S::LANES) {
                let count = S::LANES.min(p.n - column);
                let place = part.at(0, column);
                if part.k == SIDE_BY_SIDE
                    && count == S::LANES
                    && matches!((place.start, place.finish), (Start::Sum, End::Keep))
                {
                    let mut sum = S::load(place.c);
                    for k in 0..SIDE_BY_SIDE {
                        sum = S::mul_add(factors[k], S::load(place.b.add(k * p.b_step)), sum);
                    }
                    S::store(sum, place.c);
                    continue;
                }
                let mut sum = match place.start {
                    Start::Zero => S::splat(S::Number::zero()),
                    Start::Row(bias) => S::load_first(bias, count),
                    Start::Sum => S::load_first(place.c, count),
                };
                for k in 0..part.k {
                    let b = S::load_first(place.b.add(k * p.b_step), count);
                    sum = S::mul_add(factors[k], b, sum);
                }
                finish(place, &[sum], 1, count);
            }
            from += part.k;
        }
    }
}

/// One register of a row, of which `columns` numbers are used, where B lies transposed: each number is a dot product along a line of
/// B. Before they are added up, the lanes of all sums are transposed, by way of `room` for as many registers as they have lanes,
/// twice.
///
/// # Safety
/// As for [`tile`](super::tiles::tile), and A must not be transposed.
#[inline(always)]
pub(super) unsafe fn row_of_dots<S: Simd>(
    p: Pointers<S::Number>,
    columns: usize,
    room: *mut S::Number,
    finish: FinishRows<S>,
) {
    // SAFETY: the columns lie in C, so their lines lie in B and have k numbers each; masked loads touch only what is left.
    unsafe {
        let zero = S::splat(S::Number::zero());
        let mut lines = [0; MOST_LANES];
        for (line, start) in lines.iter_mut().enumerate() {
            *start = line.min(columns - 1) * p.b_column;
        }
        let mut sums = [zero; MOST_LANES];
        let whole = p.k - p.k % S::LANES;
        for k in (0..whole).step_by(S::LANES) {
            let a = S::load(p.a.add(k));
            for line in 0..S::LANES {
                sums[line] = S::mul_add(a, S::load(p.b.add(lines[line] + k)), sums[line]);
            }
        }
        if whole < p.k {
            let left = p.k - whole;
            let a = S::load_first(p.a.add(whole), left);
            for line in 0..S::LANES {
                let b = S::load_first(p.b.add(lines[line] + whole), left);
                sums[line] = S::mul_add(a, b, sums[line]);
            }
        }
        let mut starts = [0; MOST_LANES];
        for line in 0..S::LANES {
            starts[line] = line * S::LANES;
            S::store(sums[line], room.add(line * S::LANES));
        }
        let rows = room.add(S::LANES * S::LANES);
        for piece in (0..S::LANES).step_by(S::PIECE) {
            S::transpose(
                room.add(piece),
                &starts,
                rows.add(piece * S::LANES),
                S::LANES,
            );
        }
        let mut total = match p.start {
            Start::Zero => zero,
            Start::Row(bias) => S::load_first(bias, columns),
            Start::Sum => S::load_first(p.c, columns),
        };
        for row in 0..S::LANES {
            total = S::add(total, S::load(rows.add(row * S::LANES)));
        }
        finish(p, &[total], 1, columns);
    }
}
