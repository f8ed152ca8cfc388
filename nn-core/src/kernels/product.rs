//! Matrix products for the shapes of layers: C [m, n] = A [m, k] · B [k, n], with what comes before and after them done
//! while the numbers are in registers.
//!
//! A tile of C, some rows of a few registers each, is summed over a block of k, and the tiles below it read the same columns of
//! B, copied so that they lie close together. C is not padded: up to two columns that are left over after whole registers are
//! computed as dot products along k, or along the rows where A lies transposed, and wider rests with masked registers.
//!
//! Here is the interface, and what threads share; `pointers` are the slices, `whole` walks over blocks and tiles of them, `pack`
//! copies what tiles read, and `tiles`, `rest` and `single` do the arithmetic.

#![expect(unsafe_code, reason = "tiles are addressed by pointers")]

mod flat;
mod pack;
mod pointers;
mod rest;
mod single;
mod tiles;
mod whole;

use super::scratch::{Scratch, WithScratch};
use super::simd::{Level, vectorised};
use super::threads::for_each_run;
use crate::element::Element;
use pointers::{End, Pointers, Shared, Start};
#[cfg(target_arch = "x86_64")]
use whole::{avx2_f32, avx2_f64, avx512_f32, avx512_f64};
use whole::{portable_f32, portable_f64, rooms};

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
    /// Whether `b` holds Bᵀ [n, k] instead of B [k, n].
    pub(super) b_transposed: bool,
    /// Whether the product is added to what is in C.
    pub(super) adds: bool,
    /// Added to every row of the product.
    pub(super) bias: Option<&'a [N]>,
    pub(super) c: &'a mut [N],
    pub(super) finish: Finish<'a, N>,
    /// Becomes the sums of the columns of B, on top of what is there if `adds`, or loses so many times these sums if C descends.
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
        let (bias, finish, sums, next) = (None, Finish::Keep, None, None);
        Self {
            m,
            n,
            k,
            a,
            a_transposed: false,
            b,
            b_transposed: false,
            adds: false,
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

impl<N: Element> Product<'_, N> {
    /// Adds the second half of the sums to C, and finishes it.
    #[expect(
        clippy::inline_always,
        reason = "the loops become vector code where they are inlined"
    )]
    #[inline(always)]
    fn add(&mut self, sums: &[N]) {
        match self.finish {
            Finish::Relu => {
                for (c, &sum) in self.c.iter_mut().zip(sums) {
                    let sum = *c + sum;
                    *c = if sum <= N::zero() { N::zero() } else { sum };
                }
            }
            Finish::Cut(other) => {
                for ((c, &sum), &other) in self.c.iter_mut().zip(sums).zip(other) {
                    let sum = *c + sum;
                    *c = if other <= N::zero() { N::zero() } else { sum };
                }
            }
            Finish::Keep | Finish::Descend(_) => {
                for (c, &sum) in self.c.iter_mut().zip(sums) {
                    *c += sum;
                }
            }
        }
    }
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
                && !(self.adds && self.bias.is_some())
                && self
                    .sums
                    .as_ref()
                    .is_none_or(|sums| sums.len() == n && !self.b_transposed)
                && match self.finish {
                    Finish::Cut(other) => other.len() == m * n,
                    Finish::Descend(_) => k <= K_BLOCK && self.bias.is_none() && !self.adds,
                    Finish::Keep | Finish::Relu => true,
                },
            "a layer passed slices that do not fit its sizes"
        );
    }
}

/// How many numbers of k are summed at once: three registers of B for each take 192 KiB of the second-level cache in AVX-512.
pub(super) const K_BLOCK: usize = 1024;

/// So many left-over columns are computed as dot products.
const DOTS: usize = 2;

/// Rows of C that one thread computes at the least, so that no part of a product falls back to single rows.
const UNIT: usize = 8;

/// So many multiply-adds are worth a second thread: some microseconds.
const WORTH_A_THREAD: usize = 300_000;

/// Lets threads compute parts of C, or computes it at once.
fn in_runs<N: Element>(whole: Pointers<N>, compute: impl Fn(Pointers<N>) + Sync) {
    let units = whole.m / UNIT;
    let least = WORTH_A_THREAD.div_ceil(UNIT * whole.n.max(1) * whole.k.max(1));
    if units < 2 * least {
        return compute(whole);
    }
    let whole = Shared(whole);
    for_each_run(units, least, |from, to| {
        let whole = whole.get();
        let part = whole.rows(from * UNIT, end_of_units(to, whole.m));
        let sums = part.sums.filter(|_| from == 0);
        compute(Pointers { sums, ..part });
    });
}

/// Where a run of units ends: what is left over is the last unit's.
fn end_of_units(units: usize, count: usize) -> usize {
    if units == count / UNIT {
        count
    } else {
        units * UNIT
    }
}

/// Whether sums over both halves of k are computed, and added afterwards: where k is long and C small, so that this is little
/// work, on any number of threads, so that they change no bit. A thread that takes a half reads the columns of A and the rows of B that it
/// takes as well when the gradient of B is computed, so that they stay in its own cache: on two threads, a step of job `a` takes
/// 75 µs instead of 88.
fn is_worth_halving<N>(p: &Pointers<N>) -> bool {
    p.m > UNIT
        && p.m * p.n <= 1 << 13
        && p.k >= 256
        && p.k >= 4 * p.n
        && p.a_row != 1
        && p.b_column == 1
        && p.sums.is_none()
        && !matches!(p.finish, End::Descend(_))
}

/// The first half in C, with what it begins with but not finished, and the second half in `sums`.
fn halves<N: Element>(whole: Pointers<N>, sums: &mut [N], compute: impl Fn(Pointers<N>) + Sync) {
    assert_eq!(sums.len(), whole.m * whole.n, "as many sums as C has");
    let middle = whole.k / UNIT / 2 * UNIT;
    // SAFETY: both halves lie in k.
    let (first, second) = unsafe {
        (
            whole.block(0, middle),
            whole.block(middle, whole.k - middle),
        )
    };
    let second = Pointers {
        c: sums.as_mut_ptr(),
        start: Start::Zero,
        finish: End::Keep,
        ..second
    };
    let (first, second) = (Shared(first), Shared(second));
    let units = whole.m / UNIT;
    let least = WORTH_A_THREAD.div_ceil(UNIT * whole.n.max(1) * middle.max(1));
    // Units of rows, of the first half and then of the second.
    for_each_run(2 * units, least, |from, to| {
        let (first, second) = (first.get(), second.get());
        if from < units {
            compute(first.rows(from * UNIT, end_of_units(to.min(units), first.m)));
        }
        if to > units {
            let from = from.max(units) - units;
            compute(second.rows(from * UNIT, end_of_units(to - units, second.m)));
        }
    });
}

macro_rules! compiled {
    ($number:ty, $portable:ident, $avx2:ident, $avx512:ident) => {
        impl Compiled for $number {
            fn product(level: Level, mut product: Product<'_, Self>) {
                fn add(product: &mut Product<'_, $number>, sums: &[$number]) {
                    vectorised!(|product: &mut Product<'_, $number>, sums: &[$number]; fused| { product.add(sums) })
                }

                product.assert_sizes();
                let whole = product.pointers();
                let compute = |part: Pointers<Self>| {
                    let [columns, rows, dots] = rooms(&part);
                    Self::with_scratch(Scratch::Packed, columns + rows + dots, |room| {
                        let (columns, room) = room.split_at_mut(columns);
                        let (rows, dots) = room.split_at_mut(rows);
                        let (columns, rows, dots) = (columns.as_mut_ptr(), rows.as_mut_ptr(), dots.as_mut_ptr());
                        // SAFETY: the slices have the sizes that were checked, C is borrowed mutably and overlaps none of
                        // the others; the level is one that this machine has.
                        unsafe {
                            match level {
                                Level::Portable => $portable::product(part, columns, rows, dots),
                                #[cfg(target_arch = "x86_64")]
                                Level::Avx2 => $avx2::product(part, columns, rows, dots),
                                #[cfg(target_arch = "x86_64")]
                                Level::Avx512 => $avx512::product(part, columns, rows, dots),
                                #[cfg(not(target_arch = "x86_64"))]
                                _ => $portable::product(part, columns, rows, dots),
                            }
                        }
                    });
                };
                if !is_worth_halving(&whole) {
                    return in_runs(whole, compute);
                }
                Self::with_scratch(Scratch::Sums, whole.m * whole.n, |sums| {
                    halves(whole, sums, compute);
                    add(&mut product, sums);
                });
            }
        }
    };
}

compiled!(f32, portable_f32, avx2_f32, avx512_f32);
compiled!(f64, portable_f64, avx2_f64, avx512_f64);

#[cfg(test)]
mod tests;
