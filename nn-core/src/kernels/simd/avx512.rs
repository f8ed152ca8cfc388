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

use super::Simd;

/// AVX-512: registers of 512 bits, masks for loads and stores.
#[derive(Clone, Copy)]
pub(in crate::kernels) struct Avx512<N>(std::marker::PhantomData<N>);

/// The bits of the first `count` of up to 16 numbers.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "the count is at most 16")]
fn first_16(count: usize) -> __mmask16 {
    ((1_u32 << count) - 1) as __mmask16
}

/// The bits of the first `count` of up to 8 numbers.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "the count is at most 8")]
fn first_8(count: usize) -> __mmask8 {
    ((1_u32 << count) - 1) as __mmask8
}

/// The registers of one type of number, by the names of their intrinsics.
macro_rules! registers {
    (
        $number:ty, $vector:ty, $lanes:literal, $first:ident, $set1:ident, $load:ident, $load_first:ident, $store:ident,
        $store_first:ident, $fmadd:ident, $add:ident, $sub:ident, $mul:ident, $max:ident, $zero:ident, $sum:ident,
        $cut:expr
    ) => {
        impl Simd for Avx512<$number> {
            type Number = $number;
            type Vector = $vector;
            const LANES: usize = $lanes;
            const HAS_MASKS: bool = true;

            #[inline(always)]
            unsafe fn splat(number: $number) -> $vector {
                // SAFETY: the caller has AVX-512.
                unsafe { $set1(number) }
            }

            #[inline(always)]
            unsafe fn load(from: *const $number) -> $vector {
                // SAFETY: the caller has AVX-512 and gives LANES readable numbers; no alignment is asked for.
                unsafe { $load(from) }
            }

            #[inline(always)]
            unsafe fn load_first(from: *const $number, count: usize) -> $vector {
                // SAFETY: the caller has AVX-512 and gives `count` readable numbers; the others are masked out.
                unsafe { $load_first($first(count), from) }
            }

            #[inline(always)]
            unsafe fn store(vector: $vector, to: *mut $number) {
                // SAFETY: the caller has AVX-512 and gives room for LANES numbers; no alignment is asked for.
                unsafe { $store(to, vector) }
            }

            #[inline(always)]
            unsafe fn store_first(vector: $vector, to: *mut $number, count: usize) {
                // SAFETY: the caller has AVX-512 and gives room for `count` numbers; the others are masked out.
                unsafe { $store_first(to, $first(count), vector) }
            }

            #[inline(always)]
            unsafe fn mul_add(a: $vector, b: $vector, c: $vector) -> $vector {
                // SAFETY: the caller has AVX-512.
                unsafe { $fmadd(a, b, c) }
            }

            #[inline(always)]
            unsafe fn add(a: $vector, b: $vector) -> $vector {
                // SAFETY: the caller has AVX-512.
                unsafe { $add(a, b) }
            }

            #[inline(always)]
            unsafe fn sub(a: $vector, b: $vector) -> $vector {
                // SAFETY: the caller has AVX-512.
                unsafe { $sub(a, b) }
            }

            #[inline(always)]
            unsafe fn mul(a: $vector, b: $vector) -> $vector {
                // SAFETY: the caller has AVX-512.
                unsafe { $mul(a, b) }
            }

            #[inline(always)]
            unsafe fn cut(vector: $vector, other: $vector) -> $vector {
                // SAFETY: the caller has AVX-512. Compared so that a NaN counts as above zero.
                unsafe { $cut(vector, other) }
            }

            #[inline(always)]
            unsafe fn relu(vector: $vector) -> $vector {
                // SAFETY: the caller has AVX-512. Of a number and a NaN, `max` gives its second argument.
                unsafe { $max($zero(), vector) }
            }

            #[inline(always)]
            unsafe fn sum(vector: $vector) -> $number {
                // SAFETY: the caller has AVX-512.
                unsafe { $sum(vector) }
            }
        }
    };
}

registers!(
    f32,
    __m512,
    16,
    first_16,
    _mm512_set1_ps,
    _mm512_loadu_ps,
    _mm512_maskz_loadu_ps,
    _mm512_storeu_ps,
    _mm512_mask_storeu_ps,
    _mm512_fmadd_ps,
    _mm512_add_ps,
    _mm512_sub_ps,
    _mm512_mul_ps,
    _mm512_max_ps,
    _mm512_setzero_ps,
    _mm512_reduce_add_ps,
    |vector, other| _mm512_maskz_mov_ps(
        _mm512_cmp_ps_mask::<_CMP_NLE_UQ>(other, _mm512_setzero_ps()),
        vector
    )
);
registers!(
    f64,
    __m512d,
    8,
    first_8,
    _mm512_set1_pd,
    _mm512_loadu_pd,
    _mm512_maskz_loadu_pd,
    _mm512_storeu_pd,
    _mm512_mask_storeu_pd,
    _mm512_fmadd_pd,
    _mm512_add_pd,
    _mm512_sub_pd,
    _mm512_mul_pd,
    _mm512_max_pd,
    _mm512_setzero_pd,
    _mm512_reduce_add_pd,
    |vector, other| _mm512_maskz_mov_pd(
        _mm512_cmp_pd_mask::<_CMP_NLE_UQ>(other, _mm512_setzero_pd()),
        vector
    )
);
