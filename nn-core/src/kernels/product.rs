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

#[cfg(target_arch = "x86_64")]
use super::simd::{Avx2, Avx512};
mod rest;
mod tiles;

use super::scratch::{Scratch, WithScratch};
use super::simd::{Level, Portable, Simd};
use super::threads::for_each_run;
use crate::element::Element;
use rest::Rest;
use tiles::{finish_rows, pack, row, sum_columns, tile};

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
    /// Added to every row of the product.
    pub(super) bias: Option<&'a [N]>,
    pub(super) c: &'a mut [N],
    pub(super) finish: Finish<'a, N>,
    /// Becomes the sums of the columns of B, or loses so many times these sums if C descends.
    pub(super) sums: Option<&'a mut [N]>,
    /// As many numbers as `a` has, which will be read soon. Only an address: nothing is read here.
    pub(super) next: Option<*const N>,
}

/// What becomes of a sum.
#[derive(Clone, Copy)]
pub(super) enum Finish<'a, N> {
    /// It is C.
    Keep,
    /// C is zero where it is not above zero.
    Relu,
    /// C is zero where a number of another matrix of its sizes is not above zero.
    Cut(&'a [N]),
    /// C loses so many times the sum.
    Descend(N),
}

impl<'a, N> Product<'a, N> {
    /// C = A·B.
    pub(super) fn plain([m, n, k]: [usize; 3], a: &'a [N], b: &'a [N], c: &'a mut [N]) -> Self {
        let (a_transposed, bias, finish, sums, next) = (false, None, Finish::Keep, None, None);
        Self {
            m,
            n,
            k,
            a,
            a_transposed,
            b,
            bias,
            c,
            finish,
            sums,
            next,
        }
    }
}

/// Numbers for which the kernel is compiled.
pub(super) trait Compiled: Element + WithScratch {
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
                && self.bias.is_none_or(|bias| bias.len() == n)
                && self.sums.as_ref().is_none_or(|sums| sums.len() == n)
                && match self.finish {
                    Finish::Cut(other) => other.len() == m * n,
                    Finish::Descend(_) => k <= K_BLOCK && self.bias.is_none(),
                    Finish::Keep | Finish::Relu => true,
                },
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
            finish: match self.finish {
                Finish::Keep => End::Keep,
                Finish::Relu => End::Relu,
                Finish::Cut(other) => End::Cut(other.as_ptr()),
                Finish::Descend(rate) => End::Descend(rate),
            },
            sums: self.sums.as_mut().map(|sums| sums.as_mut_ptr()),
            next: self.next,
        }
    }
}

/// How many numbers of k are summed at once: three registers of B for each take 192 KiB of the second-level cache in AVX-512.
pub(super) const K_BLOCK: usize = 1024;

/// So few rows of C are computed one by one.
const SINGLE_ROWS: usize = 3;

/// The same where columns are left over: measured for [100, 784]·[784, 50], 50.0 µs instead of 53.0 for all of k, 50.8 for 128
/// and 51.4 for 196.
const K_BLOCK_WITH_DOTS: usize = 160;

/// The widest tile: three registers of AVX-512.
const WIDEST_BYTES: usize = 3 * 64;

/// Whether copying columns of B, so that their rows lie one behind another on whole cache lines, saves more than it costs:
/// not for few rows of C, nor where the rows of B already lie close together and are many.
fn is_worth_packing(m: usize, k: usize, n: usize) -> bool {
    m >= 16 && (k <= 128 || n > 64)
}

/// So many left-over columns are computed as dot products.
const DOTS: usize = 2;

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
    finish: End<N>,
    sums: Option<*mut N>,
    /// For a row of C, k numbers that will be read soon.
    next: Option<*const N>,
}

/// [`Finish`], with the other matrix as a pointer to the place of C.
#[derive(Clone, Copy)]
enum End<N> {
    Keep,
    Relu,
    Cut(*const N),
    Descend(N),
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
        let last = from + k == self.k;
        let finish = if last { self.finish } else { End::Keep };
        Self {
            k,
            a,
            b,
            start,
            finish,
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
                finish: match self.finish {
                    End::Cut(other) => End::Cut(other.add(row * self.n + column)),
                    finish => finish,
                },
                sums: self.sums.map(|sums| sums.add(column)),
                next: self.next.map(|next| next.wrapping_add(row * self.k)),
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
        /// The instruction set must be there, and the pointers must be those of slices of the product's sizes; `packed` must
        /// have room for [`K_BLOCK`] rows of the widest tile and [`DOTS`] numbers.
        $(#[target_feature(enable = $features)])?
        unsafe fn $name(p: Pointers<$number>, packed: *mut $number) {
            type S = $simd;
            // Functions of their own, so that they are compiled once for all tiles.
            /// # Safety
            /// As for [`finish_rows`].
            #[inline(never)]
            $(#[target_feature(enable = $features)])?
            unsafe fn finish(p: Pointers<$number>, sums: &[<S as Simd>::Vector], width: usize, last: usize) {
                // SAFETY: the caller's.
                unsafe { finish_rows::<S>(p, sums, width, last) }
            }
            /// # Safety
            /// As for [`Rest::up_to`].
            #[inline(never)]
            $(#[target_feature(enable = $features)])?
            unsafe fn behind(rest: &mut Rest<$number>, row: usize) {
                // SAFETY: the caller's.
                unsafe { rest.up_to::<S>(row) }
            }
            const WIDE: usize = [$($width),*].len();
            const WIDE_SINGLE: usize = [$($single),*].len();
            // Each thread has rows of its own; one of them adds up the columns of B.
            if p.sums.is_some() {
                let mut from = 0;
                while from < p.k {
                    let k = K_BLOCK.min(p.k - from);
                    for column in (0..p.n).step_by(WIDE_SINGLE * S::LANES) {
                        let width = (p.n - column).div_ceil(S::LANES).min(WIDE_SINGLE);
                        let last = (p.n - column - (width - 1) * S::LANES).min(S::LANES);
                        // SAFETY: the block lies in k, the columns below n.
                        unsafe {
                            let place = p.block(from, k).at(0, column);
                            match width {
                                $($single => sum_columns::<S, $single>(place, last, from > 0),)*
                                _ => unreachable!("a row has 1 to WIDE_SINGLE registers"),
                            }
                        }
                    }
                    from += k;
                }
            }
            if p.m <= SINGLE_ROWS {
                for at in 0..p.m {
                    for column in (0..p.n).step_by(WIDE_SINGLE * S::LANES) {
                        let width = (p.n - column).div_ceil(S::LANES).min(WIDE_SINGLE);
                        let last = (p.n - column - (width - 1) * S::LANES).min(S::LANES);
                        // SAFETY: the row is below m, the columns below n.
                        unsafe {
                            let place = p.at(at, column);
                            match width {
                                $($single => row::<S, $single>(place, last, finish),)*
                                _ => unreachable!("a row has 1 to WIDE_SINGLE registers"),
                            }
                        }
                    }
                }
                return;
            }
            let (whole, left) = (p.n / S::LANES, p.n % S::LANES);
            let as_dots = whole > 0 && (1..=DOTS).contains(&left);
            let registers = whole + usize::from(left > 0 && !as_dots);
            // Dot products read the rows of A that a tile has just read: these and the columns of B fit into the first-level
            // cache.
            let is_one_panel_and_dots = as_dots && registers <= WIDE && p.a_row != 1 && !matches!(p.finish, End::Descend(_));
            let block = if is_one_panel_and_dots { K_BLOCK_WITH_DOTS } else { K_BLOCK };
            let mut from = 0;
            loop {
                let k = block.min(p.k - from);
                // SAFETY: blocks lie in k, tiles in C: columns below n, rows below m.
                unsafe {
                    let block = p.block(from, k);
                    let mut register = 0;
                    while register < registers {
                        let width = WIDE.min(registers - register);
                        let last = (p.n - (register + width - 1) * S::LANES).min(S::LANES);
                        let column = register * S::LANES;
                        let mut columns = block.at(0, column);
                        if is_worth_packing(p.m, p.k, p.n) {
                            pack::<S>(columns, width, last, packed);
                            (columns.b, columns.b_step) = (packed, width * S::LANES);
                        }
                        register += width;
                        // While their rows of A are in the first-level cache.
                        let mut rest = (as_dots && register == registers)
                            .then(|| Rest::new(block.at(0, whole * S::LANES), left, packed.add(k * width * S::LANES)));
                        let mut row = 0;
                        macro_rules! rows {
                            ($v:literal, $r:literal) => {
                                while p.m - row >= $r {
                                    let place = columns.at(row, 0);
                                    if last == S::LANES && !S::HAS_MASKS {
                                        tile::<S, $r, $v, true>(place, last, finish);
                                    } else {
                                        tile::<S, $r, $v, false>(place, last, finish);
                                    }
                                    row += $r;
                                    if let Some(rest) = &mut rest {
                                        behind(rest, row);
                                    }
                                }
                            };
                        }
                        match width {
                            $($width => { $(rows!($width, $rows);)* })*
                            _ => unreachable!("a tile has 1 to WIDE registers in a row"),
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
                    let room = part.k.min(K_BLOCK) * (WIDEST_BYTES / size_of::<Self>() + DOTS);
                    Self::with_scratch(Scratch::Columns, room, |packed| {
                        let packed = packed.as_mut_ptr();
                        // SAFETY: the slices have the sizes that were checked, C is borrowed mutably and overlaps none of
                        // the others; the level is one that this machine has.
                        unsafe {
                            match level {
                                Level::Portable => $portable(part, packed),
                                #[cfg(target_arch = "x86_64")]
                                Level::Avx2 => $avx2(part, packed),
                                #[cfg(target_arch = "x86_64")]
                                Level::Avx512 => $avx512(part, packed),
                                #[cfg(not(target_arch = "x86_64"))]
                                _ => $portable(part, packed),
                            }
                        }
                    });
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
                    let part = whole.get().rows(from * UNIT, end);
                    let sums = part.sums.filter(|_| from == 0);
                    compute(Pointers { sums, ..part });
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
