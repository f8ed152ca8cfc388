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

impl Simd for Avx512<f32> {
    type Number = f32;
    type Vector = __m512;
    const LANES: usize = 16;

    #[inline(always)]
    unsafe fn splat(number: f32) -> __m512 {
        // SAFETY: the caller has AVX-512.
        unsafe { _mm512_set1_ps(number) }
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> __m512 {
        // SAFETY: the caller has AVX-512 and gives 16 readable numbers; no alignment is asked for.
        unsafe { _mm512_loadu_ps(from) }
    }

    #[inline(always)]
    unsafe fn load_first(from: *const f32, count: usize) -> __m512 {
        // SAFETY: the caller has AVX-512 and gives `count` readable numbers; the others are masked out and not read.
        unsafe { _mm512_maskz_loadu_ps(first_16(count), from) }
    }

    #[inline(always)]
    unsafe fn store(vector: __m512, to: *mut f32) {
        // SAFETY: the caller has AVX-512 and gives room for 16 numbers; no alignment is asked for.
        unsafe { _mm512_storeu_ps(to, vector) }
    }

    #[inline(always)]
    unsafe fn store_first(vector: __m512, to: *mut f32, count: usize) {
        // SAFETY: the caller has AVX-512 and gives room for `count` numbers; the others are masked out and not written.
        unsafe { _mm512_mask_storeu_ps(to, first_16(count), vector) }
    }

    #[inline(always)]
    unsafe fn mul_add(a: __m512, b: __m512, c: __m512) -> __m512 {
        // SAFETY: the caller has AVX-512.
        unsafe { _mm512_fmadd_ps(a, b, c) }
    }

    #[inline(always)]
    unsafe fn add(a: __m512, b: __m512) -> __m512 {
        // SAFETY: the caller has AVX-512.
        unsafe { _mm512_add_ps(a, b) }
    }

    #[inline(always)]
    unsafe fn relu(vector: __m512) -> __m512 {
        // SAFETY: the caller has AVX-512. Of a number and a NaN, `max` gives its second argument.
        unsafe { _mm512_max_ps(_mm512_setzero_ps(), vector) }
    }

    #[inline(always)]
    unsafe fn sum(vector: __m512) -> f32 {
        // SAFETY: the caller has AVX-512.
        unsafe { _mm512_reduce_add_ps(vector) }
    }
}

impl Simd for Avx512<f64> {
    type Number = f64;
    type Vector = __m512d;
    const LANES: usize = 8;

    #[inline(always)]
    unsafe fn splat(number: f64) -> __m512d {
        // SAFETY: the caller has AVX-512.
        unsafe { _mm512_set1_pd(number) }
    }

    #[inline(always)]
    unsafe fn load(from: *const f64) -> __m512d {
        // SAFETY: the caller has AVX-512 and gives 8 readable numbers; no alignment is asked for.
        unsafe { _mm512_loadu_pd(from) }
    }

    #[inline(always)]
    unsafe fn load_first(from: *const f64, count: usize) -> __m512d {
        // SAFETY: the caller has AVX-512 and gives `count` readable numbers; the others are masked out and not read.
        unsafe { _mm512_maskz_loadu_pd(first_8(count), from) }
    }

    #[inline(always)]
    unsafe fn store(vector: __m512d, to: *mut f64) {
        // SAFETY: the caller has AVX-512 and gives room for 8 numbers; no alignment is asked for.
        unsafe { _mm512_storeu_pd(to, vector) }
    }

    #[inline(always)]
    unsafe fn store_first(vector: __m512d, to: *mut f64, count: usize) {
        // SAFETY: the caller has AVX-512 and gives room for `count` numbers; the others are masked out and not written.
        unsafe { _mm512_mask_storeu_pd(to, first_8(count), vector) }
    }

    #[inline(always)]
    unsafe fn mul_add(a: __m512d, b: __m512d, c: __m512d) -> __m512d {
        // SAFETY: the caller has AVX-512.
        unsafe { _mm512_fmadd_pd(a, b, c) }
    }

    #[inline(always)]
    unsafe fn add(a: __m512d, b: __m512d) -> __m512d {
        // SAFETY: the caller has AVX-512.
        unsafe { _mm512_add_pd(a, b) }
    }

    #[inline(always)]
    unsafe fn relu(vector: __m512d) -> __m512d {
        // SAFETY: the caller has AVX-512. Of a number and a NaN, `max` gives its second argument.
        unsafe { _mm512_max_pd(_mm512_setzero_pd(), vector) }
    }

    #[inline(always)]
    unsafe fn sum(vector: __m512d) -> f64 {
        // SAFETY: the caller has AVX-512.
        unsafe { _mm512_reduce_add_pd(vector) }
    }
}
