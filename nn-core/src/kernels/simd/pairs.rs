//! Pairs of neighbouring numbers, and the larger of two: what pooling needs of registers.

#![expect(
    clippy::inline_always,
    reason = "instructions are only there inside of the caller that enables them"
)]
#![expect(unsafe_code, reason = "intrinsics")]

#[cfg(target_arch = "x86_64")]
#[allow(
    clippy::wildcard_imports,
    reason = "the names of intrinsics are long enough"
)]
use std::arch::x86_64::*;

#[cfg(target_arch = "x86_64")]
use super::{Avx2, Avx512};
use super::{Portable, Simd};
use crate::element::Element;

/// # Safety
/// As for [`Simd`].
pub(in crate::kernels) trait Pairs: Simd {
    /// The numbers at even and at odd places of two registers, one behind the other.
    unsafe fn apart(a: Self::Vector, b: Self::Vector) -> [Self::Vector; 2];
    /// The two registers whose even and odd numbers these are.
    unsafe fn together(even: Self::Vector, odd: Self::Vector) -> [Self::Vector; 2];
    /// b where it is above a or NaN, else a.
    unsafe fn larger(a: Self::Vector, b: Self::Vector) -> Self::Vector;
    /// a, but b where x is below y.
    unsafe fn unless_below(
        x: Self::Vector,
        y: Self::Vector,
        a: Self::Vector,
        b: Self::Vector,
    ) -> Self::Vector;
}

impl<N: Element> Pairs for Portable<N> {
    #[inline(always)]
    unsafe fn apart(a: [N; 4], b: [N; 4]) -> [[N; 4]; 2] {
        [[a[0], a[2], b[0], b[2]], [a[1], a[3], b[1], b[3]]]
    }

    #[inline(always)]
    unsafe fn together(even: [N; 4], odd: [N; 4]) -> [[N; 4]; 2] {
        [
            [even[0], odd[0], even[1], odd[1]],
            [even[2], odd[2], even[3], odd[3]],
        ]
    }

    #[inline(always)]
    unsafe fn larger(a: [N; 4], b: [N; 4]) -> [N; 4] {
        std::array::from_fn(|lane| {
            if b[lane] > a[lane] || b[lane].is_nan() {
                b[lane]
            } else {
                a[lane]
            }
        })
    }

    #[inline(always)]
    unsafe fn unless_below(x: [N; 4], y: [N; 4], a: [N; 4], b: [N; 4]) -> [N; 4] {
        std::array::from_fn(|lane| if x[lane] < y[lane] { b[lane] } else { a[lane] })
    }
}

#[cfg(target_arch = "x86_64")]
macro_rules! avx512 {
    ($number:ty, $vector:ty, $permute:ident, $compare:ident, $select:ident, $even:expr, $odd:expr, $low:expr, $high:expr) => {
        impl Pairs for Avx512<$number> {
            #[inline(always)]
            unsafe fn apart(a: $vector, b: $vector) -> [$vector; 2] {
                // SAFETY: the caller has AVX-512.
                unsafe { [$permute(a, $even, b), $permute(a, $odd, b)] }
            }

            #[inline(always)]
            unsafe fn together(even: $vector, odd: $vector) -> [$vector; 2] {
                // SAFETY: the caller has AVX-512.
                unsafe { [$permute(even, $low, odd), $permute(even, $high, odd)] }
            }

            #[inline(always)]
            unsafe fn larger(a: $vector, b: $vector) -> $vector {
                // SAFETY: the caller has AVX-512.
                unsafe {
                    let is_above = $compare::<_CMP_GT_OQ>(b, a) | $compare::<_CMP_UNORD_Q>(b, b);
                    $select(a, is_above, b)
                }
            }

            #[inline(always)]
            unsafe fn unless_below(x: $vector, y: $vector, a: $vector, b: $vector) -> $vector {
                // SAFETY: the caller has AVX-512.
                unsafe { $select(a, $compare::<_CMP_LT_OQ>(x, y), b) }
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
avx512!(
    f32,
    __m512,
    _mm512_permutex2var_ps,
    _mm512_cmp_ps_mask,
    _mm512_mask_mov_ps,
    _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30),
    _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31),
    _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23),
    _mm512_setr_epi32(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
);
#[cfg(target_arch = "x86_64")]
avx512!(
    f64,
    __m512d,
    _mm512_permutex2var_pd,
    _mm512_cmp_pd_mask,
    _mm512_mask_mov_pd,
    _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14),
    _mm512_setr_epi64(1, 3, 5, 7, 9, 11, 13, 15),
    _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11),
    _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15)
);

#[cfg(target_arch = "x86_64")]
macro_rules! avx2 {
    ($number:ty, $vector:ty, $apart:expr, $low:ident, $high:ident, $halves:ident, $compare:ident, $or:ident, $select:ident) => {
        impl Pairs for Avx2<$number> {
            #[inline(always)]
            unsafe fn apart(a: $vector, b: $vector) -> [$vector; 2] {
                // SAFETY: the caller has AVX2.
                unsafe { $apart(a, b) }
            }

            #[inline(always)]
            unsafe fn together(even: $vector, odd: $vector) -> [$vector; 2] {
                // SAFETY: the caller has AVX2.
                unsafe {
                    let (low, high) = ($low(even, odd), $high(even, odd));
                    [$halves::<0x20>(low, high), $halves::<0x31>(low, high)]
                }
            }

            #[inline(always)]
            unsafe fn larger(a: $vector, b: $vector) -> $vector {
                // SAFETY: the caller has AVX2.
                unsafe {
                    let is_above =
                        $or($compare::<_CMP_GT_OQ>(b, a), $compare::<_CMP_UNORD_Q>(b, b));
                    $select(a, b, is_above)
                }
            }

            #[inline(always)]
            unsafe fn unless_below(x: $vector, y: $vector, a: $vector, b: $vector) -> $vector {
                // SAFETY: the caller has AVX2.
                unsafe { $select(a, b, $compare::<_CMP_LT_OQ>(x, y)) }
            }
        }
    };
}

/// Quarters of a register in the order 0, 2, 1, 3.
#[cfg(target_arch = "x86_64")]
const CROSSED: i32 = 0b1101_1000;

#[cfg(target_arch = "x86_64")]
#[inline(always)]
unsafe fn apart_8(a: __m256, b: __m256) -> [__m256; 2] {
    // SAFETY: the caller has AVX2.
    unsafe {
        let even = _mm256_castps_pd(_mm256_shuffle_ps::<0b1000_1000>(a, b));
        let odd = _mm256_castps_pd(_mm256_shuffle_ps::<0b1101_1101>(a, b));
        [
            _mm256_castpd_ps(_mm256_permute4x64_pd::<CROSSED>(even)),
            _mm256_castpd_ps(_mm256_permute4x64_pd::<CROSSED>(odd)),
        ]
    }
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
unsafe fn apart_4(a: __m256d, b: __m256d) -> [__m256d; 2] {
    // SAFETY: the caller has AVX2.
    unsafe {
        [
            _mm256_permute4x64_pd::<CROSSED>(_mm256_unpacklo_pd(a, b)),
            _mm256_permute4x64_pd::<CROSSED>(_mm256_unpackhi_pd(a, b)),
        ]
    }
}

#[cfg(target_arch = "x86_64")]
avx2!(
    f32,
    __m256,
    apart_8,
    _mm256_unpacklo_ps,
    _mm256_unpackhi_ps,
    _mm256_permute2f128_ps,
    _mm256_cmp_ps,
    _mm256_or_ps,
    _mm256_blendv_ps
);
#[cfg(target_arch = "x86_64")]
avx2!(
    f64,
    __m256d,
    apart_4,
    _mm256_unpacklo_pd,
    _mm256_unpackhi_pd,
    _mm256_permute2f128_pd,
    _mm256_cmp_pd,
    _mm256_or_pd,
    _mm256_blendv_pd
);
