#![expect(
    clippy::inline_always,
    reason = "instructions are only there inside of the caller that enables them"
)]
#![expect(unsafe_code, reason = "intrinsics")]

#[allow(
    clippy::wildcard_imports,
    reason = "the names of intrinsics are long enough"
)]
use std::arch::x86_64::*;

use super::{MOST_LANES, Simd};

/// AVX2 with FMA: registers of 256 bits.
#[derive(Clone, Copy)]
pub(in crate::kernels) struct Avx2<N>(std::marker::PhantomData<N>);

/// A mask of the first `count` of 8 numbers: a window into eight times all bits, then eight times none.
#[inline(always)]
unsafe fn first_8(count: usize) -> __m256i {
    const WINDOW: [i32; 16] = [-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0];
    // SAFETY: the caller has AVX2, and the window of 8 begins at 8 − count, from 0 to 8.
    unsafe { _mm256_loadu_si256(WINDOW.as_ptr().add(8 - count.min(8)).cast()) }
}

/// A mask of the first `count` of 4 numbers.
#[inline(always)]
unsafe fn first_4(count: usize) -> __m256i {
    const WINDOW: [i64; 8] = [-1, -1, -1, -1, 0, 0, 0, 0];
    // SAFETY: the caller has AVX2, and the window of 4 begins at 4 − count, from 0 to 4.
    unsafe { _mm256_loadu_si256(WINDOW.as_ptr().add(4 - count.min(4)).cast()) }
}

/// Four sums: of each half of a register first, whose four numbers are one of each vector then.
#[inline(always)]
unsafe fn sums_8([a, b, c, d]: [__m256; 4], to: *mut f32) {
    // SAFETY: the caller has AVX2, and room for four numbers.
    unsafe {
        let ab = _mm256_add_ps(_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
        let cd = _mm256_add_ps(_mm256_unpacklo_ps(c, d), _mm256_unpackhi_ps(c, d));
        let halves = _mm256_add_ps(
            _mm256_shuffle_ps::<0b0100_0100>(ab, cd),
            _mm256_shuffle_ps::<0b1110_1110>(ab, cd),
        );
        let other = _mm256_extractf128_ps::<1>(halves);
        _mm_storeu_ps(to, _mm_add_ps(_mm256_castps256_ps128(halves), other));
    }
}

/// The same of pairs of numbers.
#[inline(always)]
unsafe fn sums_4([a, b, c, d]: [__m256d; 4], to: *mut f64) {
    // SAFETY: the caller has AVX2, and room for four numbers.
    unsafe {
        let ab = _mm256_add_pd(_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b));
        let cd = _mm256_add_pd(_mm256_unpacklo_pd(c, d), _mm256_unpackhi_pd(c, d));
        let sums = _mm256_add_pd(
            _mm256_permute2f128_pd::<0x20>(ab, cd),
            _mm256_permute2f128_pd::<0x31>(ab, cd),
        );
        _mm256_storeu_pd(to, sums);
    }
}

/// Four numbers of each of 8 lines become four rows: lines half a register apart share registers, whose halves are
/// transposed.
#[inline(always)]
unsafe fn transpose_8(from: *const f32, lines: &[usize; MOST_LANES], to: *mut f32, step: usize) {
    // SAFETY: the caller has AVX2, lines of four readable numbers, and room for four rows of 8.
    unsafe {
        macro_rules! line {
            ($line:literal) => {
                _mm256_insertf128_ps::<1>(
                    _mm256_castps128_ps256(_mm_loadu_ps(from.add(lines[$line]))),
                    _mm_loadu_ps(from.add(lines[$line + 4])),
                )
            };
        }
        let (a, b, c, d) = (line!(0), line!(1), line!(2), line!(3));
        let (ab, cd) = (_mm256_unpacklo_ps(a, b), _mm256_unpacklo_ps(c, d));
        _mm256_storeu_ps(to, _mm256_shuffle_ps::<0b0100_0100>(ab, cd));
        _mm256_storeu_ps(to.add(step), _mm256_shuffle_ps::<0b1110_1110>(ab, cd));
        let (ab, cd) = (_mm256_unpackhi_ps(a, b), _mm256_unpackhi_ps(c, d));
        _mm256_storeu_ps(to.add(2 * step), _mm256_shuffle_ps::<0b0100_0100>(ab, cd));
        _mm256_storeu_ps(to.add(3 * step), _mm256_shuffle_ps::<0b1110_1110>(ab, cd));
    }
}

/// Two numbers of each of 4 lines become two rows.
#[inline(always)]
unsafe fn transpose_4(from: *const f64, lines: &[usize; MOST_LANES], to: *mut f64, step: usize) {
    // SAFETY: the caller has AVX2, lines of two readable numbers, and room for two rows of 4.
    unsafe {
        macro_rules! line {
            ($line:literal) => {
                _mm256_insertf128_pd::<1>(
                    _mm256_castpd128_pd256(_mm_loadu_pd(from.add(lines[$line]))),
                    _mm_loadu_pd(from.add(lines[$line + 2])),
                )
            };
        }
        let (a, b) = (line!(0), line!(1));
        _mm256_storeu_pd(to, _mm256_unpacklo_pd(a, b));
        _mm256_storeu_pd(to.add(step), _mm256_unpackhi_pd(a, b));
    }
}

/// The registers of one type of number, by the names of their intrinsics.
macro_rules! registers {
    (
        $number:ty, $vector:ty, $lanes:literal, $piece:literal, $first:ident, $set1:ident, $load:ident, $load_first:ident, $store:ident,
        $store_first:ident, $fmadd:ident, $add:ident, $sub:ident, $mul:ident, $max:ident, $zero:ident, $load_half:expr,
        $cut:expr, $transpose:ident, $sums:ident
    ) => {
        impl Simd for Avx2<$number> {
            type Number = $number;
            type Vector = $vector;
            const LANES: usize = $lanes;
            const PIECE: usize = $piece;
            const HAS_MASKS: bool = false;

            #[inline(always)]
            unsafe fn splat(number: $number) -> $vector {
                // SAFETY: the caller has AVX2.
                unsafe { $set1(number) }
            }

            #[inline(always)]
            unsafe fn load(from: *const $number) -> $vector {
                // SAFETY: the caller has AVX2 and gives LANES readable numbers; no alignment is asked for.
                unsafe { $load(from) }
            }

            #[inline(always)]
            unsafe fn load_first(from: *const $number, count: usize) -> $vector {
                // SAFETY: the caller has AVX2 and gives `count` readable numbers; the others are masked out.
                unsafe { $load_first(from, $first(count)) }
            }

            #[inline(always)]
            unsafe fn load_half(from: *const $number) -> $vector {
                // SAFETY: the caller has AVX2 and gives LANES / 2 readable numbers; no alignment is asked for.
                unsafe { $load_half(from) }
            }

            #[inline(always)]
            unsafe fn store(vector: $vector, to: *mut $number) {
                // SAFETY: the caller has AVX2 and gives room for LANES numbers; no alignment is asked for.
                unsafe { $store(to, vector) }
            }

            #[inline(always)]
            unsafe fn store_first(vector: $vector, to: *mut $number, count: usize) {
                // SAFETY: the caller has AVX2 and gives room for `count` numbers; the others are masked out.
                unsafe { $store_first(to, $first(count), vector) }
            }

            #[inline(always)]
            unsafe fn mul_add(a: $vector, b: $vector, c: $vector) -> $vector {
                // SAFETY: the caller has AVX2 and FMA.
                unsafe { $fmadd(a, b, c) }
            }

            #[inline(always)]
            unsafe fn add(a: $vector, b: $vector) -> $vector {
                // SAFETY: the caller has AVX2.
                unsafe { $add(a, b) }
            }

            #[inline(always)]
            unsafe fn sub(a: $vector, b: $vector) -> $vector {
                // SAFETY: the caller has AVX2.
                unsafe { $sub(a, b) }
            }

            #[inline(always)]
            unsafe fn mul(a: $vector, b: $vector) -> $vector {
                // SAFETY: the caller has AVX2.
                unsafe { $mul(a, b) }
            }

            #[inline(always)]
            unsafe fn cut(vector: $vector, other: $vector) -> $vector {
                // SAFETY: the caller has AVX2. Compared so that a NaN counts as above zero.
                unsafe { $cut(vector, other) }
            }

            #[inline(always)]
            unsafe fn relu(vector: $vector) -> $vector {
                // SAFETY: the caller has AVX2. Of a number and a NaN, `max` gives its second argument.
                unsafe { $max($zero(), vector) }
            }

            #[inline(always)]
            unsafe fn sums_of_four(vectors: [$vector; 4], to: *mut $number) {
                // SAFETY: the caller has AVX2, and room for four numbers.
                unsafe { $sums(vectors, to) }
            }

            #[inline(always)]
            unsafe fn transpose(
                from: *const $number,
                lines: &[usize; MOST_LANES],
                to: *mut $number,
                step: usize,
            ) {
                // SAFETY: the caller has AVX2, lines and room for rows.
                unsafe { $transpose(from, lines, to, step) }
            }
        }
    };
}

registers!(
    f32,
    __m256,
    8,
    4,
    first_8,
    _mm256_set1_ps,
    _mm256_loadu_ps,
    _mm256_maskload_ps,
    _mm256_storeu_ps,
    _mm256_maskstore_ps,
    _mm256_fmadd_ps,
    _mm256_add_ps,
    _mm256_sub_ps,
    _mm256_mul_ps,
    _mm256_max_ps,
    _mm256_setzero_ps,
    |from| {
        let half = _mm_loadu_ps(from);
        _mm256_set_m128(half, half)
    },
    |vector, other| _mm256_and_ps(
        _mm256_cmp_ps::<_CMP_NLE_UQ>(other, _mm256_setzero_ps()),
        vector
    ),
    transpose_8,
    sums_8
);
registers!(
    f64,
    __m256d,
    4,
    2,
    first_4,
    _mm256_set1_pd,
    _mm256_loadu_pd,
    _mm256_maskload_pd,
    _mm256_storeu_pd,
    _mm256_maskstore_pd,
    _mm256_fmadd_pd,
    _mm256_add_pd,
    _mm256_sub_pd,
    _mm256_mul_pd,
    _mm256_max_pd,
    _mm256_setzero_pd,
    |from| {
        let half = _mm_loadu_pd(from);
        _mm256_set_m128d(half, half)
    },
    |vector, other| _mm256_and_pd(
        _mm256_cmp_pd::<_CMP_NLE_UQ>(other, _mm256_setzero_pd()),
        vector
    ),
    transpose_4,
    sums_4
);
