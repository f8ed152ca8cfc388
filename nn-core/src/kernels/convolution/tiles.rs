//! Sums of products over panels, some rows and registers at a time.

#![expect(unsafe_code, reason = "tiles are addressed by pointers")]
#![expect(
    clippy::inline_always,
    reason = "instructions are only there inside of the caller that enables them"
)]
#![expect(
    clippy::needless_range_loop,
    reason = "rows and registers are numbered alike in several arrays"
)]

use std::ops::Range;

use num_traits::Zero as _;

use crate::kernels::simd::Simd;

/// C [rows, columns] = A [rows, steps] · B [steps, columns], where the rows of B lie anywhere.
pub(super) struct Multiply<'a, N> {
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) a: &'a [N],
    pub(super) order: Order,
    pub(super) b: &'a [N],
    /// For each step where its row of B begins, less `shift`; modulo the size of the address space.
    pub(super) offsets: &'a [usize],
    pub(super) shift: usize,
    pub(super) c: &'a mut [N],
    /// How far apart rows of C are.
    pub(super) c_row: usize,
    /// What the sums of each row begin with, if not with zero.
    pub(super) start: Option<&'a [N]>,
    /// Whether C is cut off below zero.
    pub(super) relu: bool,
}

/// How A lies in memory.
#[derive(Clone, Copy)]
pub(super) enum Order {
    /// Row by row, of so many numbers.
    Rows(usize),
    /// Tile by tile: for `all` steps the numbers of the tile's rows, of which those from the step `first` on are used.
    Tiles { all: usize, first: usize },
}

/// C [rows, offsets] += A [rows, columns] · Bᵀ, where the rows of B lie anywhere.
pub(super) struct Dots<'a, N> {
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) a: &'a [N],
    /// How far apart rows of A are.
    pub(super) a_row: usize,
    pub(super) b: &'a [N],
    /// Where each row of B begins, less `shift`.
    pub(super) offsets: &'a [usize],
    pub(super) shift: usize,
    pub(super) c: &'a mut [N],
}

/// Cuts rows into tiles of some heights, the highest first.
pub(super) fn split(rows: usize, heights: &[usize]) -> impl Iterator<Item = Range<usize>> {
    let mut row = 0;
    std::iter::from_fn(move || {
        let height = heights.iter().find(|&&height| height <= rows - row)?;
        let tile = row..row + height;
        row += height;
        Some(tile)
    })
}

/// Whether rows of so many columns that begin at these places lie in a slice of `count` numbers.
fn lie_in(offsets: &[usize], shift: usize, columns: usize, count: usize) -> bool {
    let last = count.checked_sub(columns);
    last.is_some_and(|last| {
        let mut starts = offsets.iter().map(|offset| offset.wrapping_add(shift));
        starts.all(|start| start <= last)
    })
}

impl<N> Multiply<'_, N> {
    pub(super) fn assert_sizes(&self) {
        let Self { rows, columns, .. } = *self;
        let steps = self.offsets.len();
        let a = match self.order {
            Order::Rows(length) => self.a.len() >= rows * length && steps <= length,
            Order::Tiles { all, first } => self.a.len() >= rows * all && first + steps <= all,
        };
        assert!(
            a && lie_in(self.offsets, self.shift, columns, self.b.len())
                && rows
                    .checked_sub(1)
                    .is_some_and(|last| last * self.c_row + columns <= self.c.len())
                && self.start.is_none_or(|start| start.len() >= rows),
            "a convolution passed slices that do not fit its sizes"
        );
    }

    pub(super) fn pointers(&mut self) -> MultiplyPointers<N> {
        let (a_tile, a_first, a_row) = match self.order {
            Order::Rows(length) => (length, 0, length),
            Order::Tiles { all, first } => (all, first, 1),
        };
        MultiplyPointers {
            rows: self.rows,
            columns: self.columns,
            steps: self.offsets.len(),
            a: self.a.as_ptr(),
            a_tile,
            a_first,
            a_row,
            b: self.b.as_ptr().wrapping_add(self.shift),
            offsets: self.offsets.as_ptr(),
            c: self.c.as_mut_ptr(),
            c_row: self.c_row,
            start: self.start.map(<[N]>::as_ptr),
            relu: self.relu,
        }
    }
}

impl<N> Dots<'_, N> {
    pub(super) fn assert_sizes(&self) {
        assert!(
            lie_in(self.offsets, self.shift, self.columns, self.b.len())
                && self.c.len() == self.rows * self.offsets.len()
                && self
                    .rows
                    .checked_sub(1)
                    .is_some_and(|last| last * self.a_row + self.columns <= self.a.len()),
            "a convolution passed slices that do not fit its sizes"
        );
    }

    pub(super) fn pointers(&mut self) -> DotsPointers<N> {
        DotsPointers {
            rows: self.rows,
            columns: self.columns,
            a: self.a.as_ptr(),
            a_row: self.a_row,
            b: self.b.as_ptr().wrapping_add(self.shift),
            offsets: self.offsets.as_ptr(),
            steps: self.offsets.len(),
            c: self.c.as_mut_ptr(),
        }
    }
}

/// [`Multiply`], after its sizes were checked.
#[derive(Clone, Copy)]
pub(super) struct MultiplyPointers<N> {
    pub(super) rows: usize,
    pub(super) columns: usize,
    steps: usize,
    a: *const N,
    /// How far A's numbers for a row lie from those for the row before, where tiles begin.
    a_tile: usize,
    /// The first step, in tiles.
    a_first: usize,
    /// How far apart the numbers of a tile's rows are.
    a_row: usize,
    b: *const N,
    offsets: *const usize,
    c: *mut N,
    c_row: usize,
    start: Option<*const N>,
    relu: bool,
}

/// [`Dots`], after its sizes were checked.
#[derive(Clone, Copy)]
pub(super) struct DotsPointers<N> {
    pub(super) rows: usize,
    columns: usize,
    a: *const N,
    a_row: usize,
    b: *const N,
    offsets: *const usize,
    pub(super) steps: usize,
    c: *mut N,
}

/// R rows of V registers; if it is one, so many numbers of it.
///
/// # Safety
/// The instruction set must be there, and C must have so many rows and columns from the place on.
#[inline(always)]
pub(super) unsafe fn tile<S: Simd, const R: usize, const V: usize>(
    p: MultiplyPointers<S::Number>,
    row: usize,
    column: usize,
    count: usize,
) {
    // SAFETY: the rows lie in A and C, the columns in C and in all rows of B; if there are several registers they are whole, and
    // masked loads and stores touch only the first `count` numbers.
    unsafe {
        let mut sums = [[S::splat(S::Number::zero()); V]; R];
        if let Some(start) = p.start {
            for r in 0..R {
                sums[r] = [S::splat(*start.add(row + r)); V];
            }
        }
        let packed = p.a_row == 1;
        let a_step = if packed { R } else { 1 };
        let mut a = p.a.add(row * p.a_tile + p.a_first * R);
        let b = p.b.wrapping_add(column);
        macro_rules! step {
            ($step:expr, |$r:ident| $factor:expr) => {
                let b = b.wrapping_add(*p.offsets.add($step));
                let mut numbers = [S::splat(S::Number::zero()); V];
                for v in 0..V {
                    numbers[v] = if V == 1 {
                        S::load_first(b, count)
                    } else {
                        S::load(b.add(v * S::LANES))
                    };
                }
                for $r in 0..R {
                    let factor = S::splat(*$factor);
                    for v in 0..V {
                        sums[$r][v] = S::mul_add(factor, numbers[v], sums[$r][v]);
                    }
                }
            };
        }
        if packed {
            for step in 0..p.steps {
                step!(step, |r| a.add(r));
                a = a.add(a_step);
            }
        } else {
            // Four rows from a pointer of their own: an address has a base and a multiple of a distance.
            let mut rows = [a; 4];
            for group in 1..R.div_ceil(4) {
                rows[group] = a.add(group * 4 * p.a_row);
            }
            for step in 0..p.steps {
                step!(step, |r| rows[r / 4].add(r % 4 * p.a_row));
                for group in 0..R.div_ceil(4) {
                    rows[group] = rows[group].wrapping_add(a_step);
                }
            }
        }
        for r in 0..R {
            for v in 0..V {
                let sum = if p.relu {
                    S::relu(sums[r][v])
                } else {
                    sums[r][v]
                };
                let to = p.c.add((row + r) * p.c_row + column + v * S::LANES);
                if V == 1 {
                    S::store_first(sum, to, count);
                } else {
                    S::store(sum, to);
                }
            }
        }
    }
}

/// The most sums that [`dots`] makes, rounded up to fours.
const MOST_SUMS: usize = 24;

/// R rows of A times K rows of B, number by number, and added up.
///
/// # Safety
/// The instruction set must be there, A must have the rows, and there must be so many offsets.
#[inline(always)]
pub(super) unsafe fn dots<S: Simd, const R: usize, const K: usize>(
    p: DotsPointers<S::Number>,
    row: usize,
    step: usize,
) {
    // SAFETY: all rows have so many columns; masked loads touch only what is left of them.
    unsafe {
        let mut sums = [[S::splat(S::Number::zero()); K]; R];
        let a = p.a.add(row * p.a_row);
        let mut b = [p.b; K];
        for k in 0..K {
            b[k] = p.b.wrapping_add(*p.offsets.add(step + k));
        }
        macro_rules! column {
            (|$from:ident| $load:expr) => {
                let mut numbers = [S::splat(S::Number::zero()); R];
                for r in 0..R {
                    let $from = a.add(r * p.a_row);
                    numbers[r] = $load;
                }
                for k in 0..K {
                    let $from = b[k];
                    let other = $load;
                    for r in 0..R {
                        sums[r][k] = S::mul_add(numbers[r], other, sums[r][k]);
                    }
                }
            };
        }
        let whole = p.columns - p.columns % S::LANES;
        for at in (0..whole).step_by(S::LANES) {
            column!(|from| S::load(from.add(at)));
        }
        if whole < p.columns {
            column!(|from| S::load_first(from.add(whole), p.columns - whole));
        }
        // As many numbers as sums, and up to three more.
        let mut totals = [S::Number::zero(); MOST_SUMS];
        let flat = sums.as_flattened();
        for first in (0..R * K).step_by(4) {
            let mut four = [flat[first]; 4];
            for next in 1..4 {
                four[next] = flat[(first + next).min(R * K - 1)];
            }
            S::sums_of_four(four, totals.as_mut_ptr().add(first));
        }
        for r in 0..R {
            for k in 0..K {
                *p.c.add((row + r) * p.steps + step + k) += totals[r * K + k];
            }
        }
    }
}

/// Which widths registers of columns are cut into: as equal as can be.
pub(super) fn width(left: usize, widest: usize) -> usize {
    left.div_ceil(left.div_ceil(widest))
}
