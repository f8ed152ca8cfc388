//! The columns that whole registers leave over, up to two: dot products along k, or along the rows where A lies transposed.
//!
//! A dot product is a register of sums, which is kept from block to block of k. Behind the last block registers are added up, as
//! many at a time as they have lanes. Where A lies transposed and a tile has half as many rows as a register has lanes, the tile
//! itself sums up both columns in one more register.

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

use super::super::simd::{MOST_LANES, Simd};
use super::tiles::{FinishRows, tile_beside};
use super::{DOTS, End, Pointers, Start};
use crate::element::Element;

/// Columns that are computed step by step, behind the tiles that have just read the same rows of A.
pub(super) struct Rest<N> {
    p: Pointers<N>,
    columns: usize,
    /// The columns of B, one behind another.
    packed: *mut N,
    /// A register for each number, row by row, if they are dot products.
    sums: *mut N,
    /// Whether this is the first block of k, and the last.
    first: bool,
    last: bool,
    /// Rows that are done.
    done: usize,
}

/// Registers of rows, where A lies transposed.
const REGISTERS: usize = 2;

/// The most rows of these registers.
const MOST_ROWS: usize = REGISTERS * MOST_LANES;

/// Sums of each number that do not wait for each other, where A lies transposed.
const CHAINS: usize = 2;

impl<N: Element> Rest<N> {
    /// The columns from the pointers on, for a block of `of_k` that begins `from` numbers behind the first.
    ///
    /// # Safety
    /// C must have so many columns from the pointers on, at most two; `packed` must have room for two registers of 16 for each number
    /// of k, and `sums` for a register for each number of these columns. They stay the same from block to block.
    #[inline(always)]
    pub(super) unsafe fn new(
        mut p: Pointers<N>,
        of_k: Pointers<N>,
        from: usize,
        columns: usize,
        packed: *mut N,
        sums: *mut N,
    ) -> Self {
        if p.a_row != 1 {
            // Dot products stay in `sums` until the last block.
            (p.start, p.finish) = (of_k.start, of_k.finish);
        }
        for column in 0..columns {
            for k in 0..p.k {
                // SAFETY: the caller has room for these numbers, and B has these.
                unsafe {
                    *packed.add(column * p.k + k) = *p.b.add(k * p.b_step + column * p.b_column);
                }
            }
        }
        Self {
            p,
            columns,
            packed,
            sums,
            first: from == 0,
            last: from + p.k == of_k.k,
            done: 0,
        }
    }

    /// Computes all tiles of R rows and V registers, and these columns beside them, where the columns of A are contiguous; gives the
    /// rows that are done. Tiles read a register for each number of k, half of it one column and half the other, or the same again.
    ///
    /// # Safety
    /// The instruction set must be there, R must be half a register; as for [`tile_beside`].
    #[inline(always)]
    pub(super) unsafe fn beside<S: Simd<Number = N>, const R: usize, const V: usize>(
        &mut self,
        tiles: Pointers<N>,
        last: usize,
        finish: FinishRows<S>,
    ) -> usize {
        let p = self.p;
        if p.a_row != 1 {
            return 0;
        }
        // SAFETY: the columns have k numbers each, behind which there is room for k registers; rows before m lie in C.
        unsafe {
            let beside = self.packed.add((DOTS * p.k).next_multiple_of(MOST_LANES));
            let second = self.packed.add((self.columns - 1) * p.k);
            for k in 0..p.k {
                let to = beside.add(k * S::LANES);
                S::store(S::splat(*self.packed.add(k)), to);
                S::store_first(S::splat(*second.add(k)), to.add(R), R);
            }
            while p.m - self.done >= R {
                let mut sums = [N::zero(); MOST_LANES];
                let (tile, place) = (tiles.at(self.done, 0), p.at(self.done, 0));
                tile_beside::<S, R, V, false, true>(tile, last, finish, beside, sums.as_mut_ptr());
                match self.columns {
                    1 => finish_rest::<_, 1>(place, R, &sums, [1, R]),
                    _ => finish_rest::<_, 2>(place, R, &sums, [1, R]),
                }
                self.done += R;
            }
        }
        self.done
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
        // SAFETY: rows before `end` lie in C; the packed columns have k numbers each, and there is room for their sums.
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
            macro_rules! rows {
                ($r:literal, $while:expr) => {
                    while $while {
                        let sums = self.sums.add(self.done * C * S::LANES);
                        let place = p.at(self.done, 0);
                        dots::<S, $r, C>(place, self.packed, sums, self.first);
                        self.done += $r;
                    }
                };
            }
            // As many as keep the arithmetic busy and registers hold.
            if S::HAS_MASKS {
                rows!(8, end - self.done >= 8);
            }
            rows!(4, end - self.done >= 4);
            rows!(1, end == p.m && self.done < end);
            if end == p.m && self.last {
                let rows = S::LANES / C;
                for row in (0..end).step_by(rows) {
                    let sums = self.sums.add(row * C * S::LANES);
                    finish_dots::<S, C>(p.at(row, 0), rows.min(end - row), sums);
                }
            }
        }
    }
}

/// Writes the sums of some rows, as [`super::tiles::finish_rows`] does; the sums of a row lie `step` apart from those of the next,
/// and `column_step` from each other. Compiled once for all instruction sets: single numbers gain nothing from them.
///
/// # Safety
/// C must have these rows and C columns from the pointers on.
#[inline(never)]
unsafe fn finish_rest<N: Element, const C: usize>(
    p: Pointers<N>,
    rows: usize,
    sums: &[N],
    [row_step, column_step]: [usize; 2],
) {
    // SAFETY: the places lie in C, so the columns lie in the bias.
    unsafe {
        macro_rules! each {
            (|$row:ident, $column:ident, $at:ident| $number:expr) => {
                for $row in 0..rows {
                    for $column in 0..C {
                        let $at = $row * p.n + $column;
                        *p.c.add($at) = $number;
                    }
                }
            };
        }
        let sum = |row: usize, column: usize| sums[row * row_step + column * column_step];
        let begun = |row: usize, column: usize| match p.start {
            Start::Zero => sum(row, column),
            Start::Row(bias) => sum(row, column) + *bias.add(column),
            Start::Sum => sum(row, column) + *p.c.add(row * p.n + column),
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
                each!(|row, column, at| *p.c.add(at) - rate * sum(row, column));
            }
        }
    }
}

/// C columns of R rows as dot products along k, where the rows of A are contiguous, into a register each; `first` says that there
/// is nothing in these yet. `b` holds the columns one behind another.
///
/// # Safety
/// The instruction set must be there, C must have so many rows and columns from the pointers on, `b` C columns, and `to` so many
/// registers.
#[inline(always)]
unsafe fn dots<S: Simd, const R: usize, const C: usize>(
    p: Pointers<S::Number>,
    b: *const S::Number,
    to: *mut S::Number,
    first: bool,
) {
    // SAFETY: rows 0..R lie in A and have k numbers from the pointer on; the columns of `b` have k numbers each.
    unsafe {
        let mut sums = [[S::splat(S::Number::zero()); C]; R];
        if !first {
            for r in 0..R {
                for c in 0..C {
                    sums[r][c] = S::load(to.add((r * C + c) * S::LANES));
                }
            }
        }
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
        for r in 0..R {
            for c in 0..C {
                S::store(sums[r][c], to.add((r * C + c) * S::LANES));
            }
        }
    }
}

/// Adds up the registers of some rows, at most as many registers as they have lanes, and writes C columns. The registers are
/// transposed for this, so that each lane of their sum is a number.
///
/// # Safety
/// As for [`dots`].
#[inline(always)]
unsafe fn finish_dots<S: Simd, const C: usize>(
    p: Pointers<S::Number>,
    rows: usize,
    from: *const S::Number,
) {
    // SAFETY: lines are counted up to the last one; a register holds whole pieces.
    unsafe {
        let mut starts = [0; MOST_LANES];
        for line in 0..S::LANES {
            starts[line] = line.min(rows * C - 1) * S::LANES;
        }
        let mut lanes = [S::Number::zero(); MOST_LANES * MOST_LANES];
        let to = lanes.as_mut_ptr();
        for piece in (0..S::LANES).step_by(S::PIECE) {
            S::transpose(from.add(piece), &starts, to.add(piece * S::LANES), S::LANES);
        }
        let mut total = S::splat(S::Number::zero());
        for pair in (0..S::LANES).step_by(2) {
            let lane = to.add(pair * S::LANES);
            total = S::add(total, S::add(S::load(lane), S::load(lane.add(S::LANES))));
        }
        let mut numbers = [S::Number::zero(); MOST_LANES];
        S::store(total, numbers.as_mut_ptr());
        finish_rest::<_, C>(p, rows, &numbers, [C, 1]);
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
        let mut sums = [[[S::splat(S::Number::zero()); C]; R]; CHAINS];
        macro_rules! step {
            ($k:expr, $sums:expr) => {
                let a = p.a.add($k * p.a_step);
                for r in 0..R {
                    let from = a.add(r * S::LANES);
                    let rows = if R > 1 || last == S::LANES {
                        S::load(from)
                    } else {
                        S::load_first(from, last)
                    };
                    for c in 0..C {
                        let factor = S::splat(*b.add(c * p.k + $k));
                        $sums[r][c] = S::mul_add(rows, factor, $sums[r][c]);
                    }
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
        let mut numbers = [[S::Number::zero(); MOST_ROWS]; C];
        for c in 0..C {
            for r in 0..R {
                let sum = S::add(sums[0][r][c], sums[1][r][c]);
                S::store(sum, numbers[c].as_mut_ptr().add(r * S::LANES));
            }
        }
        let rows = (R - 1) * S::LANES + last;
        finish_rest::<_, C>(p, rows, numbers.as_flattened(), [1, MOST_ROWS]);
    }
}
