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

#[cfg(target_arch = "x86_64")]
use super::simd::{Avx2, Avx512};
mod tiles;

use std::mem::MaybeUninit;

use super::simd::{Level, Portable, Simd};
use super::threads::for_each_run;
use crate::element::Element;
use tiles::{pack, rest, row, tile};

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

    /// The part of the product that gives these rows of C.
    fn rows(self, from: usize, to: usize) -> Self {
        assert!(from <= to && to <= self.m, "rows of C");
        // SAFETY: the rows lie in C; an empty part starts at most behind the last one.
        let part = unsafe { self.at(from, 0) };
        Self {
            m: to - from,
            ..part
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

/// Rows of C that one thread computes at the least, so that no part of a product falls back to single rows.
const UNIT: usize = 8;

/// So many multiply-adds are worth a second thread: some microseconds.
const WORTH_A_THREAD: usize = 300_000;

macro_rules! compiled {
    ($number:ty, $portable:ident, $avx2:ident, $avx512:ident) => {
        impl Compiled for $number {
            fn product(level: Level, mut product: Product<'_, Self>) {
                product.assert_sizes();
                let whole = product.pointers();
                let compute = |part: Pointers<Self>| {
                    // SAFETY: the slices have the sizes that were checked, C is borrowed mutably and overlaps none of the
                    // others; the level is one that this machine has.
                    unsafe {
                        match level {
                            Level::Portable => $portable(part),
                            #[cfg(target_arch = "x86_64")]
                            Level::Avx2 => $avx2(part),
                            #[cfg(target_arch = "x86_64")]
                            Level::Avx512 => $avx512(part),
                            #[cfg(not(target_arch = "x86_64"))]
                            _ => $portable(part),
                        }
                    }
                };
                let units = whole.m / UNIT;
                let least = WORTH_A_THREAD.div_ceil(UNIT * whole.n.max(1) * whole.k.max(1));
                if units < 2 * least {
                    return compute(whole);
                }
                let whole = Shared(whole);
                for_each_run(units, least, |from, to| {
                    // What is left over is the last thread's.
                    let end = if to == units {
                        whole.get().m
                    } else {
                        to * UNIT
                    };
                    compute(whole.get().rows(from * UNIT, end));
                });
            }
        }
    };
}

/// Pointers that several threads compute with.
struct Shared<N>(Pointers<N>);

// SAFETY: each thread writes rows of C of its own; A, B and the bias are read only.
unsafe impl<N: Sync> Sync for Shared<N> {}

impl<N: Element> Shared<N> {
    /// By a function, so that a closure borrows the whole of it.
    fn get(&self) -> Pointers<N> {
        self.0
    }
}

compiled!(f32, portable_f32, avx2_f32, avx512_f32);
compiled!(f64, portable_f64, avx2_f64, avx512_f64);

#[cfg(test)]
mod tests;
