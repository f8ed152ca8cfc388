//! Matrix products for the shapes of layers: C [m, n] = A [m, k] · B [k, n], with what comes before and after them done
//! while the numbers are in registers.
//!
//! A tile of C, some rows of a few registers each, is summed over a block of k that keeps its part of B in the first-level
//! cache. Nothing is padded: up to three columns that are left over after whole registers are computed as dot products
//! along k, or along the rows where A lies transposed, and wider rests with masked registers.

#![expect(unsafe_code, reason = "tiles are addressed by pointers")]
#![expect(
    clippy::inline_always,
    reason = "instructions are only there inside of the caller that enables them"
)]
#![expect(
    clippy::large_stack_arrays,
    reason = "24 KiB of B, which the first-level cache holds"
)]
#![expect(
    clippy::needless_range_loop,
    reason = "rows and registers are numbered alike in several arrays"
)]

#[cfg(target_arch = "x86_64")]
use super::simd::{Avx2, Avx512};
use std::mem::MaybeUninit;

use num_traits::Zero as _;

use super::simd::{Level, Portable, Simd};
use crate::element::Element;

/// A product and its surroundings; all slices row-major.
pub(super) struct Product<'a, N> {
    /// The rows and columns of C, and what is summed over.
    pub(super) m: usize,
    pub(super) n: usize,
    pub(super) k: usize,
    pub(super) a: &'a [N],
    /// Whether `a` holds Aᵀ [k, m] instead of A [m, k].
    pub(super) a_transposed: bool,
    pub(super) b: &'a [N],
    /// Added to every row of C.
    pub(super) bias: Option<&'a [N]>,
    pub(super) c: &'a mut [N],
    /// Whether C is cut off below zero.
    pub(super) relu: bool,
}

/// Numbers for which the kernel is compiled.
pub(super) trait Compiled: Element {
    /// Computes the product with the instructions of a level that this machine has.
    fn product(level: Level, product: Product<'_, Self>);
}

impl<N: Compiled> Product<'_, N> {
    /// Computes the product.
    pub(super) fn compute(self) {
        N::product(Level::of_this_machine(), self);
    }

    fn assert_sizes(&self) {
        let Self { m, n, k, .. } = *self;
        assert!(
            self.a.len() == m * k
                && self.b.len() == k * n
                && self.c.len() == m * n
                && self.bias.is_none_or(|bias| bias.len() == n),
            "a layer passed slices that do not fit its sizes"
        );
    }

    fn pointers(&mut self) -> Pointers<N> {
        let (a_row, a_step) = if self.a_transposed {
            (1, self.m)
        } else {
            (self.k, 1)
        };
        Pointers {
            m: self.m,
            n: self.n,
            k: self.k,
            a: self.a.as_ptr(),
            a_row,
            a_step,
            b: self.b.as_ptr(),
            b_step: self.n,
            c: self.c.as_mut_ptr(),
            start: self
                .bias
                .map_or(Start::Zero, |bias| Start::Row(bias.as_ptr())),
            relu: self.relu,
        }
    }
}

/// How many numbers of k are summed at once: three registers of B for each take 24 KiB of the first-level cache in AVX-512.
const K_BLOCK: usize = 128;

/// So few rows of C are computed one by one.
const SINGLE_ROWS: usize = 3;

/// With fewer rows of C than this, copying B costs more than it saves.
const ROWS_WORTH_PACKING: usize = 16;

/// So many left-over columns are computed as dot products.
const DOTS: usize = 3;

/// The same, with the checked slices as pointers.
#[derive(Clone, Copy)]
struct Pointers<N> {
    m: usize,
    n: usize,
    k: usize,
    a: *const N,
    /// The distance between the rows of A, and between its columns.
    a_row: usize,
    a_step: usize,
    b: *const N,
    /// The distance between the rows of B.
    b_step: usize,
    c: *mut N,
    start: Start<N>,
    relu: bool,
}

/// What sums begin with.
#[derive(Clone, Copy)]
enum Start<N> {
    Zero,
    /// A row that is the same for all rows of C.
    Row(*const N),
    /// What is in C.
    Sum,
}

impl<N: Element> Pointers<N> {
    /// The part of the product that sums over `k` numbers from `from` on.
    ///
    /// # Safety
    /// `from + k` must be at most the product's own k.
    unsafe fn block(self, from: usize, k: usize) -> Self {
        // SAFETY: the caller stays within k, so the pointers stay within their slices.
        let (a, b) = unsafe {
            (
                self.a.add(from * self.a_step),
                self.b.add(from * self.b_step),
            )
        };
        let start = if from == 0 { self.start } else { Start::Sum };
        Self {
            k,
            a,
            b,
            start,
            relu: self.relu && from + k == self.k,
            ..self
        }
    }

    /// The same from another row and column of C on.
    ///
    /// # Safety
    /// The place must lie in C.
    #[inline(always)]
    unsafe fn at(self, row: usize, column: usize) -> Self {
        // SAFETY: the caller gives a place in C, and so a row of A, a column of B and of the bias.
        unsafe {
            Self {
                a: self.a.add(row * self.a_row),
                b: self.b.add(column),
                c: self.c.add(row * self.n + column),
                start: match self.start {
                    Start::Row(bias) => Start::Row(bias.add(column)),
                    start => start,
                },
                ..self
            }
        }
    }
}

/// R rows of V registers, the last of which holds `last` numbers.
///
/// # Safety
/// The instruction set must be there, and C must have so many rows and columns from the pointers on.
#[inline(always)]
unsafe fn tile<S: Simd, const R: usize, const V: usize, const FULL: bool>(
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
unsafe fn row<S: Simd, const V: usize>(p: Pointers<S::Number>, last: usize) {
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
unsafe fn pack<S: Simd>(p: Pointers<S::Number>, width: usize, last: usize, packed: *mut S::Number) {
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
unsafe fn rest<S: Simd, const C: usize>(p: Pointers<S::Number>) {
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

/// The whole product: blocks of k, in them columns of up to three registers, in them tiles of rows. The numbers of rows fill
/// the registers that the instruction set has.
macro_rules! whole_product {
    ($name:ident, $simd:ty, $number:ty, single: [$($single:literal),*], $($width:literal: [$($rows:literal),*]),* $(; $features:literal)?) => {
        /// # Safety
        /// The instruction set must be there, and the pointers must be those of slices of the product's sizes.
        $(#[target_feature(enable = $features)])?
        unsafe fn $name(p: Pointers<$number>) {
            type S = $simd;
            const WIDEST: usize = [$($width),*].len();
            let (whole, left) = (p.n / S::LANES, p.n % S::LANES);
            let as_dots = whole > 0 && (1..=DOTS).contains(&left);
            let registers = whole + usize::from(left > 0 && !as_dots);
            if p.m <= SINGLE_ROWS {
                const WIDEST_SINGLE: usize = [$($single),*].len();
                for at in 0..p.m {
                    for column in (0..p.n).step_by(WIDEST_SINGLE * S::LANES) {
                        let width = (p.n - column).div_ceil(S::LANES).min(WIDEST_SINGLE);
                        let last = (p.n - column - (width - 1) * S::LANES).min(S::LANES);
                        // SAFETY: the row is below m, the columns below n.
                        unsafe {
                            let place = p.at(at, column);
                            match width {
                                $($single => row::<S, $single>(place, last),)*
                                _ => unreachable!("a row has 1 to WIDEST_SINGLE registers"),
                            }
                        }
                    }
                }
                return;
            }
            // Registers, for their alignment.
            let mut packed = [const { MaybeUninit::<<S as Simd>::Vector>::uninit() }; K_BLOCK * WIDEST];
            let packed: *mut $number = packed.as_mut_ptr().cast();
            let mut from = 0;
            loop {
                let k = K_BLOCK.min(p.k - from);
                // SAFETY: blocks lie in k, tiles in C: columns below n, rows below m.
                unsafe {
                    let block = p.block(from, k);
                    let mut register = 0;
                    while register < registers {
                        let width = WIDEST.min(registers - register);
                        let last = (p.n - (register + width - 1) * S::LANES).min(S::LANES);
                        let column = register * S::LANES;
                        let mut columns = block.at(0, column);
                        if p.m >= ROWS_WORTH_PACKING {
                            pack::<S>(columns, width, last, packed);
                            (columns.b, columns.b_step) = (packed, width * S::LANES);
                        }
                        let mut row = 0;
                        macro_rules! rows {
                            ($v:literal, $r:literal) => {
                                while p.m - row >= $r {
                                    let place = columns.at(row, 0);
                                    if last == S::LANES {
                                        tile::<S, $r, $v, true>(place, last);
                                    } else {
                                        tile::<S, $r, $v, false>(place, last);
                                    }
                                    row += $r;
                                }
                            };
                        }
                        match width {
                            $($width => { $(rows!($width, $rows);)* })*
                            _ => unreachable!("a tile has 1 to WIDEST registers in a row"),
                        }
                        register += width;
                    }
                    if as_dots {
                        let place = block.at(0, whole * S::LANES);
                        match left {
                            1 => rest::<S, 1>(place),
                            2 => rest::<S, 2>(place),
                            _ => rest::<S, 3>(place),
                        }
                    }
                }
                from += k;
                if from >= p.k {
                    return;
                }
            }
        }
    };
}

whole_product!(portable_f32, Portable<f32>, f32, single: [1, 2], 1: [4, 1], 2: [4, 1]);
whole_product!(portable_f64, Portable<f64>, f64, single: [1, 2], 1: [4, 1], 2: [2, 1]);
#[cfg(target_arch = "x86_64")]
whole_product!(avx2_f32, Avx2<f32>, f32, single: [1, 2], 1: [8, 1], 2: [6, 1]; "avx2,fma");
#[cfg(target_arch = "x86_64")]
whole_product!(avx2_f64, Avx2<f64>, f64, single: [1, 2], 1: [8, 1], 2: [6, 1]; "avx2,fma");
#[cfg(target_arch = "x86_64")]
whole_product!(avx512_f32, Avx512<f32>, f32, single: [1, 2, 3, 4], 1: [16, 4, 1], 2: [12, 4, 1], 3: [8, 4, 1]; "avx512f");
#[cfg(target_arch = "x86_64")]
whole_product!(avx512_f64, Avx512<f64>, f64, single: [1, 2, 3, 4], 1: [16, 4, 1], 2: [12, 4, 1], 3: [8, 4, 1]; "avx512f");

macro_rules! compiled {
    ($number:ty, $portable:ident, $avx2:ident, $avx512:ident) => {
        impl Compiled for $number {
            fn product(level: Level, mut product: Product<'_, Self>) {
                product.assert_sizes();
                let pointers = product.pointers();
                // SAFETY: the slices have the sizes that were checked, C is borrowed mutably and overlaps none of the others;
                // the level is one that this machine has.
                unsafe {
                    match level {
                        Level::Portable => $portable(pointers),
                        #[cfg(target_arch = "x86_64")]
                        Level::Avx2 => $avx2(pointers),
                        #[cfg(target_arch = "x86_64")]
                        Level::Avx512 => $avx512(pointers),
                        #[cfg(not(target_arch = "x86_64"))]
                        _ => $portable(pointers),
                    }
                }
            }
        }
    };
}

compiled!(f32, portable_f32, avx2_f32, avx512_f32);
compiled!(f64, portable_f64, avx2_f64, avx512_f64);

#[cfg(test)]
mod tests;
