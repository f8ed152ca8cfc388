//! The routines of convolutions, compiled for each instruction set.

#![expect(
    unsafe_code,
    reason = "functions of an instruction set are called where it is there"
)]

use super::runs::{Extent, Places, Pointers, add, copy};
use super::tiles::{Dots, DotsPointers, Multiply, MultiplyPointers, dots, tile, width};
use crate::element::Element;
use crate::kernels::scratch::WithScratch;
#[cfg(target_arch = "x86_64")]
use crate::kernels::simd::{Avx2, Avx512};
use crate::kernels::simd::{Level, Portable, Simd};

/// Routines for an instruction set that this machine has.
pub(in crate::kernels) struct Routines<N> {
    /// How many numbers a register holds.
    pub(super) lanes: usize,
    /// The heights of tiles.
    pub(super) rows: &'static [usize],
    multiply: unsafe fn(MultiplyPointers<N>),
    dots: unsafe fn(DotsPointers<N>),
    copy: unsafe fn(Pointers<N>),
    add: unsafe fn(Pointers<N>),
}

impl<N: Element> Routines<N> {
    pub(super) fn multiply(&self, mut product: Multiply<'_, N>) {
        product.assert_sizes();
        // SAFETY: the slices have the sizes that were checked; the machine has the instruction set.
        unsafe { (self.multiply)(product.pointers()) }
    }

    pub(super) fn dots(&self, mut product: Dots<'_, N>) {
        product.assert_sizes();
        // SAFETY: the slices have the sizes that were checked; the machine has the instruction set.
        unsafe { (self.dots)(product.pointers()) }
    }

    /// Copies runs to contiguous ones.
    pub(super) fn copy(&self, extent: Extent, from: (&[N], Places), to: (&mut [N], Places)) {
        assert_eq!(to.1.step, 1, "runs are copied to contiguous ones");
        // SAFETY: the machine has the instruction set.
        unsafe { run(self.copy, extent, from, to) }
    }

    /// Adds contiguous runs to others.
    pub(super) fn add(&self, extent: Extent, from: (&[N], Places), to: (&mut [N], Places)) {
        assert_eq!(from.1.step, 1, "contiguous runs are added");
        // SAFETY: the machine has the instruction set.
        unsafe { run(self.add, extent, from, to) }
    }
}

/// # Safety
/// The machine must have the instruction set of the routine.
unsafe fn run<N>(
    routine: unsafe fn(Pointers<N>),
    extent: Extent,
    (from, from_places): (&[N], Places),
    (to, to_places): (&mut [N], Places),
) {
    if extent.is_empty() {
        return;
    }
    assert!(
        extent.lies_in(&from_places, from.len()) && extent.lies_in(&to_places, to.len()),
        "a convolution passed slices that do not fit its sizes"
    );
    let (from, to) = (from.as_ptr(), to.as_mut_ptr());
    // SAFETY: all runs lie in the slices, and those that are written are borrowed mutably.
    unsafe {
        routine(Pointers {
            extent,
            from,
            from_places,
            to,
            to_places,
        });
    }
}

/// Numbers for which convolutions are compiled.
pub(in crate::kernels) trait Compiled: Element + WithScratch {
    /// The routines for a level that this machine has.
    fn routines(level: Level) -> &'static Routines<Self>;
}

macro_rules! routines {
    (
        $name:ident, $simd:ty, $number:ty, widths: [$($width:literal),*], rows: [$($rows:literal),*],
        dots: [$($dots:literal),*] $ks:tt $(; $features:literal)?
    ) => {
        mod $name {
            use super::*;

            type S = $simd;
            const WIDEST: usize = [$($width),*].len();

            pub(super) static ROUTINES: Routines<$number> = Routines {
                lanes: S::LANES,
                rows: &[$($rows),*],
                multiply,
                dots: sums_of_products,
                copy: copy_runs,
                add: add_runs,
            };

            /// # Safety
            /// As for [`tile`], for all of C.
            $(#[target_feature(enable = $features)])?
            unsafe fn multiply(p: MultiplyPointers<$number>) {
                macro_rules! rows {
                    ($v:literal, $column:expr, $count:expr) => {{
                        let mut row = 0;
                        $(
                            while p.rows - row >= $rows {
                                // SAFETY: the tile lies in C.
                                unsafe { tile::<S, $rows, $v>(p, row, $column, $count) };
                                row += $rows;
                            }
                        )*
                    }};
                }
                let (whole, left) = (p.columns / S::LANES, p.columns % S::LANES);
                let mut register = 0;
                while register < whole {
                    let width = width(whole - register, WIDEST);
                    match width {
                        $($width => rows!($width, register * S::LANES, S::LANES),)*
                        _ => unreachable!("a tile has 1 to WIDEST registers in a row"),
                    }
                    register += width;
                }
                if left > 0 {
                    rows!(1, whole * S::LANES, left);
                }
            }

            /// # Safety
            /// As for [`dots`], for all of C.
            $(#[target_feature(enable = $features)])?
            unsafe fn sums_of_products(p: DotsPointers<$number>) {
                let mut step = 0;
                macro_rules! rows {
                    ($k:literal) => {{
                        let mut row = 0;
                        $(
                            while p.rows - row >= $dots {
                                // SAFETY: the rows and the steps are those of C.
                                unsafe { dots::<S, $dots, $k>(p, row, step) };
                                row += $dots;
                            }
                        )*
                        step += $k;
                    }};
                }
                routines!(@steps step, p.steps, rows, $ks);
            }

            /// # Safety
            /// As for [`copy`].
            $(#[target_feature(enable = $features)])?
            unsafe fn copy_runs(p: Pointers<$number>) {
                // SAFETY: the caller's.
                unsafe { copy::<S>(p) }
            }

            /// # Safety
            /// As for [`add`].
            $(#[target_feature(enable = $features)])?
            unsafe fn add_runs(p: Pointers<$number>) {
                // SAFETY: the caller's.
                unsafe { add::<S>(p) }
            }
        }
    };
    (@steps $step:ident, $steps:expr, $rows:ident, [$($k:literal),*]) => {
        $(
            while $steps - $step >= $k {
                $rows!($k);
            }
        )*
    };
}

routines!(portable_f32, Portable<f32>, f32, widths: [1, 2], rows: [4, 2, 1], dots: [2, 1] [3, 1]);
routines!(portable_f64, Portable<f64>, f64, widths: [1, 2], rows: [4, 2, 1], dots: [2, 1] [3, 1]);
#[cfg(target_arch = "x86_64")]
routines!(avx2_f32, Avx2<f32>, f32, widths: [1, 2, 3], rows: [4, 2, 1], dots: [2, 1] [6, 3, 1]; "avx2,fma");
#[cfg(target_arch = "x86_64")]
routines!(avx2_f64, Avx2<f64>, f64, widths: [1, 2, 3], rows: [4, 2, 1], dots: [2, 1] [6, 3, 1]; "avx2,fma");
#[cfg(target_arch = "x86_64")]
routines!(avx512_f32, Avx512<f32>, f32, widths: [1, 2, 3], rows: [8, 4, 2, 1], dots: [4, 2, 1] [6, 3, 1]; "avx512f,avx512vl,avx512dq");
#[cfg(target_arch = "x86_64")]
routines!(avx512_f64, Avx512<f64>, f64, widths: [1, 2, 3], rows: [8, 4, 2, 1], dots: [4, 2, 1] [6, 3, 1]; "avx512f,avx512vl,avx512dq");

macro_rules! compiled {
    ($number:ty, $portable:ident, $avx2:ident, $avx512:ident) => {
        impl Compiled for $number {
            fn routines(level: Level) -> &'static Routines<Self> {
                match level {
                    Level::Portable => &$portable::ROUTINES,
                    #[cfg(target_arch = "x86_64")]
                    Level::Avx2 => &$avx2::ROUTINES,
                    #[cfg(target_arch = "x86_64")]
                    Level::Avx512 => &$avx512::ROUTINES,
                    #[cfg(not(target_arch = "x86_64"))]
                    _ => &$portable::ROUTINES,
                }
            }
        }
    };
}

compiled!(f32, portable_f32, avx2_f32, avx512_f32);
compiled!(f64, portable_f64, avx2_f64, avx512_f64);
