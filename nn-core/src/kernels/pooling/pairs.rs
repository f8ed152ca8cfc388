//! The largest of 2 × 2 numbers that lie side by side, in registers.

#![expect(unsafe_code, reason = "rows are addressed by pointers")]
#![expect(
    clippy::inline_always,
    reason = "instructions are only there inside of the caller that enables them"
)]

use num_traits::Zero as _;

use super::Pooling;
use crate::element::Element;
#[cfg(target_arch = "x86_64")]
use crate::kernels::simd::{Avx2, Avx512};
use crate::kernels::simd::{Level, Pairs, Portable};

/// Numbers for which the rows are compiled.
pub(in crate::kernels) trait Compiled: Element {
    /// y: the largest of each 2 × 2 numbers.
    fn maxima_of_pairs(level: Level, x: &[Self], y: &mut [Self], sizes: &Pooling);
    /// dx: each dy goes to the largest of its numbers; nowhere if that is not above zero, with `relu`.
    fn maxima_of_pairs_backward(
        level: Level,
        x: &[Self],
        dy: &[Self],
        relu: bool,
        dx: &mut [Self],
        sizes: &Pooling,
    );
}

/// The 2 × `count` numbers at two pointers, and the largest of each 2 × 2.
///
/// # Safety
/// The instruction set must be there, and the numbers must be readable.
#[inline(always)]
unsafe fn read<S: Pairs>(rows: [*const S::Number; 2], count: usize) -> ([S::Vector; 4], S::Vector) {
    // SAFETY: the caller's; no more than 2·count numbers are read of a row.
    unsafe {
        let first = (2 * count).min(S::LANES);
        let [upper, lower] = rows;
        let [a, b] = S::apart(
            S::load_first(upper, first),
            S::load_first(upper.add(first), 2 * count - first),
        );
        let [c, d] = S::apart(
            S::load_first(lower, first),
            S::load_first(lower.add(first), 2 * count - first),
        );
        ([a, b, c, d], S::larger(S::larger(S::larger(a, b), c), d))
    }
}

/// The largest numbers of a row of windows.
///
/// # Safety
/// As for [`read`], and there must be room for `count` numbers.
#[inline(always)]
unsafe fn row<S: Pairs>(rows: [*const S::Number; 2], y: *mut S::Number, count: usize) {
    // SAFETY: the caller's.
    unsafe {
        for at in (0..count).step_by(S::LANES) {
            let lanes = S::LANES.min(count - at);
            let (_, most) = read::<S>([rows[0].add(2 * at), rows[1].add(2 * at)], lanes);
            S::store_first(most, y.add(at), lanes);
        }
    }
}

/// The gradient of a row of windows.
///
/// # Safety
/// As for [`row`], and there must be room for 2·`count` numbers in both rows of dx.
#[inline(always)]
unsafe fn row_backward<S: Pairs>(
    rows: [*const S::Number; 2],
    dy: *const S::Number,
    relu: bool,
    dx: [*mut S::Number; 2],
    count: usize,
) {
    // SAFETY: the caller's.
    unsafe {
        let zero = S::splat(S::Number::zero());
        for at in (0..count).step_by(S::LANES) {
            let lanes = S::LANES.min(count - at);
            let ([a, b, c, _], most) = read::<S>([rows[0].add(2 * at), rows[1].add(2 * at)], lanes);
            let mut rest = S::load_first(dy.add(at), lanes);
            if relu {
                rest = S::cut(rest, most);
            }
            // The first one that is not below gets all of it.
            let da = S::unless_below(a, most, rest, zero);
            rest = S::unless_below(a, most, zero, rest);
            let db = S::unless_below(b, most, rest, zero);
            rest = S::unless_below(b, most, zero, rest);
            let dc = S::unless_below(c, most, rest, zero);
            rest = S::unless_below(c, most, zero, rest);
            let whole = (2 * lanes).min(S::LANES);
            let numbers = [S::together(da, db), S::together(dc, rest)];
            for row in 0..2 {
                let to = dx[row].add(2 * at);
                S::store_first(numbers[row][0], to, whole);
                S::store_first(numbers[row][1], to.add(whole), 2 * lanes - whole);
            }
        }
    }
}

macro_rules! routines {
    ($name:ident, $simd:ty, $number:ty $(, $features:literal)?) => {
        mod $name {
            use super::*;

            /// # Safety
            /// The instruction set must be there.
            $(#[target_feature(enable = $features)])?
            pub(super) unsafe fn maxima(x: &[$number], y: &mut [$number], sizes: &Pooling) {
                let (image, map) = sizes.numbers(x.len(), y.len());
                let (width, columns) = (sizes.image[1], sizes.windows[1]);
                for (x, y) in x.chunks_exact(image).zip(y.chunks_exact_mut(map)) {
                    for (x, y) in x.chunks_exact(2 * width).zip(y.chunks_exact_mut(columns)) {
                        let rows = [x.as_ptr(), x[width..].as_ptr()];
                        // SAFETY: two windows' columns are at most a row's; the caller has the instruction set.
                        unsafe { row::<$simd>(rows, y.as_mut_ptr(), columns) };
                    }
                }
            }

            /// # Safety
            /// The instruction set must be there.
            $(#[target_feature(enable = $features)])?
            pub(super) unsafe fn maxima_backward(
                x: &[$number],
                dy: &[$number],
                relu: bool,
                dx: &mut [$number],
                sizes: &Pooling,
            ) {
                let (image, _) = sizes.numbers(dx.len(), dy.len());
                let (width, columns) = (sizes.image[1], sizes.windows[1]);
                for ((x, dy), dx) in sizes.planes(x, dy).zip(dx.chunks_exact_mut(image)) {
                    let rows = x.chunks_exact(2 * width).zip(dx.chunks_exact_mut(2 * width));
                    for ((x, dx), dy) in rows.zip(dy.chunks_exact(columns)) {
                        let rows = [x.as_ptr(), x[width..].as_ptr()];
                        let (first, second) = dx.split_at_mut(width);
                        let dx = [first.as_mut_ptr(), second.as_mut_ptr()];
                        // SAFETY: two windows' columns are at most a row's; the caller has the instruction set.
                        unsafe { row_backward::<$simd>(rows, dy.as_ptr(), relu, dx, columns) };
                    }
                }
            }
        }
    };
}

routines!(portable_f32, Portable<f32>, f32);
routines!(portable_f64, Portable<f64>, f64);
#[cfg(target_arch = "x86_64")]
routines!(avx2_f32, Avx2<f32>, f32, "avx2,fma");
#[cfg(target_arch = "x86_64")]
routines!(avx2_f64, Avx2<f64>, f64, "avx2,fma");
#[cfg(target_arch = "x86_64")]
routines!(avx512_f32, Avx512<f32>, f32, "avx512f,avx512vl,avx512dq");
#[cfg(target_arch = "x86_64")]
routines!(avx512_f64, Avx512<f64>, f64, "avx512f,avx512vl,avx512dq");

macro_rules! compiled {
    ($number:ty, $portable:ident, $avx2:ident, $avx512:ident) => {
        impl Compiled for $number {
            fn maxima_of_pairs(level: Level, x: &[Self], y: &mut [Self], sizes: &Pooling) {
                assert!(sizes.is_of_pairs(), "windows of 2 × 2 side by side");
                // SAFETY: the level is one that this machine has.
                unsafe {
                    match level {
                        Level::Portable => $portable::maxima(x, y, sizes),
                        #[cfg(target_arch = "x86_64")]
                        Level::Avx2 => $avx2::maxima(x, y, sizes),
                        #[cfg(target_arch = "x86_64")]
                        Level::Avx512 => $avx512::maxima(x, y, sizes),
                        #[cfg(not(target_arch = "x86_64"))]
                        _ => $portable::maxima(x, y, sizes),
                    }
                }
            }

            fn maxima_of_pairs_backward(
                level: Level,
                x: &[Self],
                dy: &[Self],
                relu: bool,
                dx: &mut [Self],
                sizes: &Pooling,
            ) {
                assert!(sizes.is_of_pairs(), "windows of 2 × 2 side by side");
                let [rows, columns] = [0, 1].map(|axis| 2 * sizes.windows[axis]);
                if [rows, columns] != sizes.image {
                    // Some numbers are in no window.
                    dx.fill(Self::zero());
                }
                // SAFETY: the level is one that this machine has.
                unsafe {
                    match level {
                        Level::Portable => $portable::maxima_backward(x, dy, relu, dx, sizes),
                        #[cfg(target_arch = "x86_64")]
                        Level::Avx2 => $avx2::maxima_backward(x, dy, relu, dx, sizes),
                        #[cfg(target_arch = "x86_64")]
                        Level::Avx512 => $avx512::maxima_backward(x, dy, relu, dx, sizes),
                        #[cfg(not(target_arch = "x86_64"))]
                        _ => $portable::maxima_backward(x, dy, relu, dx, sizes),
                    }
                }
            }
        }
    };
}

compiled!(f32, portable_f32, avx2_f32, avx512_f32);
compiled!(f64, portable_f64, avx2_f64, avx512_f64);
