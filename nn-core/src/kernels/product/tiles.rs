//! Tiles of a product: what is summed in registers at a time.

#![expect(unsafe_code, reason = "tiles are addressed by pointers")]
#![expect(
    clippy::inline_always,
    reason = "instructions are only there inside of the caller that enables them"
)]
#![expect(
    clippy::needless_range_loop,
    reason = "rows and registers are numbered alike in several arrays"
)]

use num_traits::Zero as _;

use super::super::prefetch::prefetch_line;
use super::super::simd::Simd;
use super::{End, Pointers, Start};

/// [`finish_rows`], compiled once for an instruction set.
type FinishRows<S> = unsafe fn(Pointers<<S as Simd>::Number>, &[<S as Simd>::Vector], usize, usize);

/// R rows of V registers, the last of which holds `last` numbers.
///
/// # Safety
/// The instruction set must be there, and C must have so many rows and columns from the pointers on.
#[inline(always)]
pub(super) unsafe fn tile<S: Simd, const R: usize, const V: usize, const FULL: bool>(
    p: Pointers<S::Number>,
    last: usize,
    finish: FinishRows<S>,
) {
    // SAFETY: rows 0..R and columns 0..(V − 1)·LANES + last lie in C, so the same rows lie in A and columns in B; masked
    // loads and stores touch only the first `last` numbers.
    unsafe {
        let load = |from: *const S::Number, v: usize| {
            let from = from.add(v * S::LANES);
            if FULL || v + 1 < V {
                S::load(from)
            } else {
                S::load_first(from, last)
            }
        };
        let zero = S::load_first(p.b, 0);
        let mut sums = [[zero; V]; R];
        match p.start {
            Start::Zero => {}
            Start::Row(bias) => {
                for v in 0..V {
                    let bias = load(bias, v);
                    for row in &mut sums {
                        row[v] = bias;
                    }
                }
            }
            Start::Sum => {
                for r in 0..R {
                    for v in 0..V {
                        sums[r][v] = load(p.c.add(r * p.n), v);
                    }
                }
            }
        }
        let (mut a, mut b) = (p.a, p.b);
        // Evenly, some numbers at each step: what arrives in bursts keeps others waiting.
        let (mut next, next_step) = p.next.map_or((a, 0), |next| (next, R));
        for _ in 0..p.k {
            let mut row = [zero; V];
            for v in 0..V {
                row[v] = load(b, v);
            }
            for r in 0..R {
                let factor = S::splat(*a.add(r * p.a_row));
                for v in 0..V {
                    sums[r][v] = S::mul_add(factor, row[v], sums[r][v]);
                }
            }
            prefetch_line(next);
            next = next.wrapping_add(next_step);
            a = a.wrapping_add(p.a_step);
            b = b.wrapping_add(p.b_step);
        }
        if matches!(p.finish, End::Keep) {
            for r in 0..R {
                for v in 0..V {
                    let to = p.c.add(r * p.n + v * S::LANES);
                    if FULL || v + 1 < V {
                        S::store(sums[r][v], to);
                    } else {
                        S::store_first(sums[r][v], to, last);
                    }
                }
            }
        } else {
            finish(p, sums.as_flattened(), V, last);
        }
    }
}

/// Writes sums to C, `width` registers of each row, the last of which holds `last` numbers.
///
/// # Safety
/// The instruction set must be there, and C must have so many rows and columns from the pointers on.
#[inline(always)]
pub(super) unsafe fn finish_rows<S: Simd>(
    p: Pointers<S::Number>,
    sums: &[S::Vector],
    width: usize,
    last: usize,
) {
    // SAFETY: the places lie in C, so they lie in the other matrix; masked loads and stores touch only the first numbers.
    unsafe {
        macro_rules! each {
            (|$sum:ident, $at:ident, $count:ident| $number:expr) => {
                for (row, sums) in sums.chunks_exact(width).enumerate() {
                    for (v, &$sum) in sums.iter().enumerate() {
                        let $count = if v + 1 < width { S::LANES } else { last };
                        let $at = row * p.n + v * S::LANES;
                        let number = $number;
                        S::store_first(number, p.c.add($at), $count);
                    }
                }
            };
        }
        match p.finish {
            End::Keep => each!(|sum, at, count| sum),
            End::Relu => each!(|sum, at, count| S::relu(sum)),
            End::Cut(other) => {
                each!(|sum, at, count| S::cut(sum, S::load_first(other.add(at), count)));
            }
            End::Descend(rate) => {
                let rate = S::splat(rate);
                each!(|sum, at, count| S::sub(
                    S::load_first(p.c.add(at), count),
                    S::mul(rate, sum)
                ));
            }
        }
    }
}

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
        let load = |from: *const S::Number, v: usize| {
            let from = from.add(v * S::LANES);
            if v + 1 < V {
                S::load(from)
            } else {
                S::load_first(from, last)
            }
        };
        let mut sums = [[S::splat(S::Number::zero()); V]; CHAINS];
        if let Start::Row(bias) = p.start {
            for v in 0..V {
                sums[0][v] = load(bias, v);
            }
        }
        let step = |k: usize, sums: &mut [S::Vector; V]| {
            let factor = S::splat(*p.a.add(k * p.a_step));
            for v in 0..V {
                sums[v] = S::mul_add(factor, load(p.b.add(k * p.b_step), v), sums[v]);
            }
        };
        let whole = p.k - p.k % CHAINS;
        for k in (0..whole).step_by(CHAINS) {
            for chain in 0..CHAINS {
                step(k + chain, &mut sums[chain]);
            }
        }
        for k in whole..p.k {
            step(k, &mut sums[0]);
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

/// Copies the part of B under some registers of columns, so that its rows lie one behind another on whole cache lines: the
/// tiles of many rows of C read it again and again. Numbers behind the `last` of a row become zeros.
///
/// # Safety
/// B must have so many columns from the pointer on; `packed` must have room for k rows of `width` registers.
#[inline(always)]
pub(super) unsafe fn pack<S: Simd>(
    p: Pointers<S::Number>,
    width: usize,
    last: usize,
    packed: *mut S::Number,
) {
    // SAFETY: the registers but the last are whole; of the last, `last` numbers are read.
    unsafe {
        for k in 0..p.k {
            let (from, to) = (p.b.add(k * p.b_step), packed.add(k * width * S::LANES));
            for v in 0..width - 1 {
                S::store(S::load(from.add(v * S::LANES)), to.add(v * S::LANES));
            }
            let v = (width - 1) * S::LANES;
            S::store(S::load_first(from.add(v), last), to.add(v));
        }
    }
}

/// The sums of the columns of B in V registers, the last of which holds `last` numbers; `on` adds to the sums that are there.
///
/// # Safety
/// B must have so many columns from the pointer on, and there must be sums of them.
#[inline(always)]
pub(super) unsafe fn sum_columns<S: Simd, const V: usize>(
    p: Pointers<S::Number>,
    last: usize,
    on: bool,
) {
    let Some(to) = p.sums else { return };
    // SAFETY: columns 0..(V − 1)·LANES + last lie in B and in the sums; masked loads and stores touch only the first `last`
    // numbers.
    unsafe {
        let load = |from: *const S::Number, v: usize| {
            let from = from.add(v * S::LANES);
            if v + 1 < V {
                S::load(from)
            } else {
                S::load_first(from, last)
            }
        };
        let mut sums = [S::splat(S::Number::zero()); V];
        if on {
            for v in 0..V {
                sums[v] = load(to, v);
            }
        }
        for k in 0..p.k {
            for v in 0..V {
                sums[v] = S::add(sums[v], load(p.b.add(k * p.b_step), v));
            }
        }
        for v in 0..V {
            let sum = match p.finish {
                End::Descend(rate) => S::sub(load(to, v), S::mul(S::splat(rate), sums[v])),
                _ => sums[v],
            };
            let to = to.add(v * S::LANES);
            if v + 1 < V {
                S::store(sum, to);
            } else {
                S::store_first(sum, to, last);
            }
        }
    }
}
