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

use super::super::simd::Simd;
use super::{DOTS, K_BLOCK, Pointers, Start};
use crate::element::Element;

/// R rows of V registers, the last of which holds `last` numbers.
///
/// # Safety
/// The instruction set must be there, and C must have so many rows and columns from the pointers on.
#[inline(always)]
pub(super) unsafe fn tile<S: Simd, const R: usize, const V: usize, const FULL: bool>(
    p: Pointers<S::Number>,
    last: usize,
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
            a = a.wrapping_add(p.a_step);
            b = b.wrapping_add(p.b_step);
        }
        for r in 0..R {
            for v in 0..V {
                let sum = if p.relu {
                    S::relu(sums[r][v])
                } else {
                    sums[r][v]
                };
                let to = p.c.add(r * p.n + v * S::LANES);
                if FULL || v + 1 < V {
                    S::store(sum, to);
                } else {
                    S::store_first(sum, to, last);
                }
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
pub(super) unsafe fn row<S: Simd, const V: usize>(p: Pointers<S::Number>, last: usize) {
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
        for v in 0..V {
            let sum = S::add(
                S::add(sums[0][v], sums[1][v]),
                S::add(sums[2][v], sums[3][v]),
            );
            let sum = if p.relu { S::relu(sum) } else { sum };
            let to = p.c.add(v * S::LANES);
            if v + 1 < V {
                S::store(sum, to);
            } else {
                S::store_first(sum, to, last);
            }
        }
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

/// What a sum of one number of C begins with, and where it ends.
///
/// # Safety
/// C must have this row and column from the pointers on.
#[inline(always)]
unsafe fn finish<N: Element>(p: Pointers<N>, row: usize, column: usize, sum: N) {
    // SAFETY: the caller gives a place in C, so the column lies in the bias.
    unsafe {
        let to = p.c.add(row * p.n + column);
        let sum = sum
            + match p.start {
                Start::Zero => N::zero(),
                Start::Row(bias) => *bias.add(column),
                Start::Sum => *to,
            };
        *to = if p.relu && sum <= N::zero() {
            N::zero()
        } else {
            sum
        };
    }
}

/// C columns of R rows as dot products along k, where the rows of A are contiguous. `b` holds the columns one after
/// another, `K_BLOCK` apart.
///
/// # Safety
/// As for [`tile`]; `b` must hold C columns of k numbers.
#[inline(always)]
unsafe fn dots<S: Simd, const R: usize, const C: usize>(
    p: Pointers<S::Number>,
    b: *const S::Number,
) {
    // SAFETY: rows 0..R lie in A and have k numbers from the pointer on; the columns of `b` have k numbers each.
    unsafe {
        let mut sums = [[S::splat(S::Number::zero()); C]; R];
        let mut k = 0;
        while k < p.k {
            let count = S::LANES.min(p.k - k);
            let load = |from: *const S::Number| {
                if count == S::LANES {
                    S::load(from.add(k))
                } else {
                    S::load_first(from.add(k), count)
                }
            };
            let mut columns = [S::splat(S::Number::zero()); C];
            for c in 0..C {
                columns[c] = load(b.add(c * K_BLOCK));
            }
            for r in 0..R {
                let row = load(p.a.add(r * p.a_row));
                for c in 0..C {
                    sums[r][c] = S::mul_add(row, columns[c], sums[r][c]);
                }
            }
            k += S::LANES;
        }
        for (r, row) in sums.iter().enumerate() {
            for (c, sum) in row.iter().enumerate() {
                finish(p, r, c, S::sum(*sum));
            }
        }
    }
}

/// C columns of R registers of rows, the last of which holds `last` rows, where the columns of A are contiguous.
///
/// # Safety
/// As for [`tile`].
#[inline(always)]
unsafe fn columns<S: Simd, const R: usize, const C: usize>(p: Pointers<S::Number>, last: usize) {
    // SAFETY: rows 0..(R − 1)·LANES + last lie in A, one after another, and C columns lie in B; masked loads touch only the
    // first `last` numbers.
    unsafe {
        let mut sums = [[S::splat(S::Number::zero()); C]; R];
        for k in 0..p.k {
            let (a, b) = (p.a.add(k * p.a_step), p.b.add(k * p.b_step));
            for r in 0..R {
                let from = a.add(r * S::LANES);
                let rows = if r + 1 < R {
                    S::load(from)
                } else {
                    S::load_first(from, last)
                };
                for c in 0..C {
                    sums[r][c] = S::mul_add(rows, S::splat(*b.add(c)), sums[r][c]);
                }
            }
        }
        let mut numbers = [S::Number::zero(); 16];
        for (r, registers) in sums.iter().enumerate() {
            let count = if r + 1 < R { S::LANES } else { last };
            for (c, sum) in registers.iter().enumerate() {
                S::store_first(*sum, numbers.as_mut_ptr(), count);
                for (lane, number) in numbers.iter().enumerate().take(count) {
                    finish(p, r * S::LANES + lane, c, *number);
                }
            }
        }
    }
}

/// The columns that whole registers leave over.
///
/// # Safety
/// As for [`tile`]: `C` columns from the pointers on.
#[inline(always)]
pub(super) unsafe fn rest<S: Simd, const C: usize>(p: Pointers<S::Number>) {
    const ROWS: usize = 4;
    // SAFETY: all places lie in C; the packed columns have k ≤ K_BLOCK numbers.
    unsafe {
        let mut row = 0;
        if p.a_row == 1 {
            while row + ROWS * S::LANES <= p.m {
                columns::<S, ROWS, C>(p.at(row, 0), S::LANES);
                row += ROWS * S::LANES;
            }
            while row < p.m {
                let last = S::LANES.min(p.m - row);
                columns::<S, 1, C>(p.at(row, 0), last);
                row += last;
            }
            return;
        }
        let mut packed = [S::Number::zero(); DOTS * K_BLOCK];
        for k in 0..p.k {
            for c in 0..C {
                packed[c * K_BLOCK + k] = *p.b.add(k * p.b_step + c);
            }
        }
        while row + ROWS <= p.m {
            dots::<S, ROWS, C>(p.at(row, 0), packed.as_ptr());
            row += ROWS;
        }
        while row < p.m {
            dots::<S, 1, C>(p.at(row, 0), packed.as_ptr());
            row += 1;
        }
    }
}
