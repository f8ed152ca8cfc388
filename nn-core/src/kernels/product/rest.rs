//! The columns that whole registers leave over, up to two: dot products along k, or along the rows where A lies transposed.

#![expect(unsafe_code, reason = "columns are addressed by pointers")]
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
use super::{End, Pointers, Start};
use crate::element::Element;

/// Columns that are computed step by step, behind the tiles that have just read the same rows of A.
pub(super) struct Rest<N> {
    p: Pointers<N>,
    columns: usize,
    /// The columns of B, one behind another.
    packed: *const N,
    /// Rows that are done.
    done: usize,
}

/// Registers of rows, where A lies transposed.
const REGISTERS: usize = 2;

impl<N: Element> Rest<N> {
    /// The columns from the pointers on.
    ///
    /// # Safety
    /// C must have so many columns from the pointers on, at most two; `packed` must have room for as many times k numbers.
    #[inline(always)]
    pub(super) unsafe fn new(p: Pointers<N>, columns: usize, packed: *mut N) -> Self {
        for k in 0..p.k {
            for column in 0..columns {
                // SAFETY: the caller has room for these numbers, and B has these.
                unsafe {
                    *packed.add(column * p.k + k) = *p.b.add(k * p.b_step + column * p.b_column);
                }
            }
        }
        let done = 0;
        Self {
            p,
            columns,
            packed,
            done,
        }
    }

    /// Computes what is worth computing by now of the rows before `end`; all of them if they are the last.
    ///
    /// # Safety
    /// The instruction set must be there, and C must have these rows.
    #[inline(always)]
    pub(super) unsafe fn up_to<S: Simd<Number = N>>(&mut self, end: usize) {
        // SAFETY: the caller's.
        unsafe {
            match self.columns {
                1 => self.columns_up_to::<S, 1>(end),
                _ => self.columns_up_to::<S, 2>(end),
            }
        }
    }

    #[inline(always)]
    unsafe fn columns_up_to<S: Simd<Number = N>, const C: usize>(&mut self, end: usize) {
        let p = self.p;
        // SAFETY: rows before `end` lie in C; the packed columns have k numbers each.
        unsafe {
            if p.a_row == 1 {
                while end - self.done >= REGISTERS * S::LANES {
                    columns::<S, REGISTERS, C>(p.at(self.done, 0), self.packed, S::LANES);
                    self.done += REGISTERS * S::LANES;
                }
                while end == p.m && self.done < end {
                    let last = S::LANES.min(end - self.done);
                    columns::<S, 1, C>(p.at(self.done, 0), self.packed, last);
                    self.done += last;
                }
                return;
            }
            while end - self.done >= 4 {
                dots::<S, 4, C>(p.at(self.done, 0), self.packed);
                self.done += 4;
            }
            while end == p.m && self.done < end {
                dots::<S, 1, C>(p.at(self.done, 0), self.packed);
                self.done += 1;
            }
        }
    }
}

/// The most rows that are computed at a time: two registers of 16.
const MOST_ROWS: usize = 2 * 16;

/// Sums, column by column.
type Sums<N, const C: usize> = [[N; MOST_ROWS]; C];

/// Writes the sums of some rows, as [`super::tiles::finish_rows`] does. Compiled once for all instruction sets: single numbers
/// gain nothing from them.
///
/// # Safety
/// C must have these rows and C columns from the pointers on.
#[inline(never)]
unsafe fn finish_rest<N: Element, const C: usize>(p: Pointers<N>, rows: usize, sums: &Sums<N, C>) {
    // SAFETY: the places lie in C, so the columns lie in the bias.
    unsafe {
        macro_rules! each {
            (|$row:ident, $column:ident, $at:ident| $number:expr) => {
                for $row in 0..rows.min(MOST_ROWS) {
                    for $column in 0..C {
                        let $at = $row * p.n + $column;
                        *p.c.add($at) = $number;
                    }
                }
            };
        }
        let begun = |row: usize, column: usize| match p.start {
            Start::Zero => sums[column][row],
            Start::Row(bias) => sums[column][row] + *bias.add(column),
            Start::Sum => sums[column][row] + *p.c.add(row * p.n + column),
        };
        match p.finish {
            End::Keep => each!(|row, column, at| begun(row, column)),
            End::Relu => each!(|row, column, at| {
                let sum = begun(row, column);
                if sum <= N::zero() { N::zero() } else { sum }
            }),
            End::Cut(other) => each!(|row, column, at| {
                let is_cut = *other.add(at) <= N::zero();
                if is_cut {
                    N::zero()
                } else {
                    begun(row, column)
                }
            }),
            End::Descend(rate) => {
                each!(|row, column, at| *p.c.add(at) - rate * sums[column][row]);
            }
        }
    }
}

/// C columns of R rows as dot products along k, where the rows of A are contiguous. `b` holds the columns one behind another.
///
/// # Safety
/// The instruction set must be there, C must have so many rows and columns from the pointers on, and `b` C columns.
#[inline(always)]
unsafe fn dots<S: Simd, const R: usize, const C: usize>(
    p: Pointers<S::Number>,
    b: *const S::Number,
) {
    // SAFETY: rows 0..R lie in A and have k numbers from the pointer on; the columns of `b` have k numbers each.
    unsafe {
        let mut sums = [[S::splat(S::Number::zero()); C]; R];
        macro_rules! step {
            (|$from:ident| $load:expr) => {
                let load = |$from: *const S::Number| $load;
                let mut columns = [S::splat(S::Number::zero()); C];
                for c in 0..C {
                    columns[c] = load(b.add(c * p.k));
                }
                for r in 0..R {
                    let row = load(p.a.add(r * p.a_row));
                    for c in 0..C {
                        sums[r][c] = S::mul_add(row, columns[c], sums[r][c]);
                    }
                }
            };
        }
        let whole = p.k - p.k % S::LANES;
        for k in (0..whole).step_by(S::LANES) {
            step!(|from| S::load(from.add(k)));
        }
        if whole < p.k {
            step!(|from| S::load_first(from.add(whole), p.k - whole));
        }
        let mut numbers = [[S::Number::zero(); MOST_ROWS]; C];
        for r in 0..R {
            for c in 0..C {
                numbers[c][r] = S::sum(sums[r][c]);
            }
        }
        finish_rest(p, R, &numbers);
    }
}

/// C columns of R registers of rows, the last of which holds `last` rows, where the columns of A are contiguous. `b` holds
/// the columns of B one behind another.
///
/// # Safety
/// As for [`dots`].
#[inline(always)]
unsafe fn columns<S: Simd, const R: usize, const C: usize>(
    p: Pointers<S::Number>,
    b: *const S::Number,
    last: usize,
) {
    // SAFETY: rows 0..(R − 1)·LANES + last lie in A, one behind another, and C columns lie in `b`; masked loads touch only
    // the first `last` numbers.
    unsafe {
        let mut sums = [[S::splat(S::Number::zero()); C]; R];
        for k in 0..p.k {
            let a = p.a.add(k * p.a_step);
            for r in 0..R {
                let from = a.add(r * S::LANES);
                let rows = if R > 1 || last == S::LANES {
                    S::load(from)
                } else {
                    S::load_first(from, last)
                };
                for c in 0..C {
                    let factor = S::splat(*b.add(c * p.k + k));
                    sums[r][c] = S::mul_add(rows, factor, sums[r][c]);
                }
            }
        }
        let mut numbers = [[S::Number::zero(); MOST_ROWS]; C];
        for c in 0..C {
            for r in 0..R {
                S::store(sums[r][c], numbers[c].as_mut_ptr().add(r * S::LANES));
            }
        }
        finish_rest(p, (R - 1) * S::LANES + last, &numbers);
    }
}
