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

impl Simd for Avx2<f32> {
    type Number = f32;
    type Vector = __m256;
    const LANES: usize = 8;

    #[inline(always)]
    unsafe fn splat(number: f32) -> __m256 {
        // SAFETY: the caller has AVX2.
        unsafe { _mm256_set1_ps(number) }
    }

    #[inline(always)]
    unsafe fn load(from: *const f32) -> __m256 {
        // SAFETY: the caller has AVX2 and gives 8 readable numbers; no alignment is asked for.
        unsafe { _mm256_loadu_ps(from) }
    }

    #[inline(always)]
    unsafe fn load_first(from: *const f32, count: usize) -> __m256 {
        // SAFETY: the caller has AVX2 and gives `count` readable numbers; the others are masked out and not read.
        unsafe { _mm256_maskload_ps(from, first_8(count)) }
    }

    #[inline(always)]
    unsafe fn store(vector: __m256, to: *mut f32) {
        // SAFETY: the caller has AVX2 and gives room for 8 numbers; no alignment is asked for.
        unsafe { _mm256_storeu_ps(to, vector) }
    }

    #[inline(always)]
    unsafe fn store_first(vector: __m256, to: *mut f32, count: usize) {
        // SAFETY: the caller has AVX2 and gives room for `count` numbers; the others are masked out and not written.
        unsafe { _mm256_maskstore_ps(to, first_8(count), vector) }
    }

    #[inline(always)]
    unsafe fn mul_add(a: __m256, b: __m256, c: __m256) -> __m256 {
        // SAFETY: the caller has FMA.
        unsafe { _mm256_fmadd_ps(a, b, c) }
    }

    #[inline(always)]
    unsafe fn add(a: __m256, b: __m256) -> __m256 {
        // SAFETY: the caller has AVX2.
        unsafe { _mm256_add_ps(a, b) }
    }

    #[inline(always)]
    unsafe fn relu(vector: __m256) -> __m256 {
        // SAFETY: the caller has AVX2. Of a number and a NaN, `max` gives its second argument.
        unsafe { _mm256_max_ps(_mm256_setzero_ps(), vector) }
    }

    #[inline(always)]
    unsafe fn sum(vector: __m256) -> f32 {
        // SAFETY: the caller has AVX2.
        unsafe {
            let quarters = _mm_add_ps(
                _mm256_castps256_ps128(vector),
                _mm256_extractf128_ps::<1>(vector),
            );
            let pairs = _mm_add_ps(quarters, _mm_movehl_ps(quarters, quarters));
            _mm_cvtss_f32(_mm_add_ss(pairs, _mm_shuffle_ps::<1>(pairs, pairs)))
        }
    }
}

impl Simd for Avx2<f64> {
    type Number = f64;
    type Vector = __m256d;
    const LANES: usize = 4;

    #[inline(always)]
    unsafe fn splat(number: f64) -> __m256d {
        // SAFETY: the caller has AVX2.
        unsafe { _mm256_set1_pd(number) }
    }

    #[inline(always)]
    unsafe fn load(from: *const f64) -> __m256d {
        // SAFETY: the caller has AVX2 and gives 4 readable numbers; no alignment is asked for.
        unsafe { _mm256_loadu_pd(from) }
    }

    #[inline(always)]
    unsafe fn load_first(from: *const f64, count: usize) -> __m256d {
        // SAFETY: the caller has AVX2 and gives `count` readable numbers; the others are masked out and not read.
        unsafe { _mm256_maskload_pd(from, first_4(count)) }
    }

    #[inline(always)]
    unsafe fn store(vector: __m256d, to: *mut f64) {
        // SAFETY: the caller has AVX2 and gives room for 4 numbers; no alignment is asked for.
        unsafe { _mm256_storeu_pd(to, vector) }
    }

    #[inline(always)]
    unsafe fn store_first(vector: __m256d, to: *mut f64, count: usize) {
        // SAFETY: the caller has AVX2 and gives room for `count` numbers; the others are masked out and not written.
        unsafe { _mm256_maskstore_pd(to, first_4(count), vector) }
    }

    #[inline(always)]
    unsafe fn mul_add(a: __m256d, b: __m256d, c: __m256d) -> __m256d {
        // SAFETY: the caller has FMA.
        unsafe { _mm256_fmadd_pd(a, b, c) }
    }

    #[inline(always)]
    unsafe fn add(a: __m256d, b: __m256d) -> __m256d {
        // SAFETY: the caller has AVX2.
        unsafe { _mm256_add_pd(a, b) }
    }

    #[inline(always)]
    unsafe fn relu(vector: __m256d) -> __m256d {
        // SAFETY: the caller has AVX2. Of a number and a NaN, `max` gives its second argument.
        unsafe { _mm256_max_pd(_mm256_setzero_pd(), vector) }
    }

    #[inline(always)]
    unsafe fn sum(vector: __m256d) -> f64 {
        // SAFETY: the caller has AVX2.
        unsafe {
            let pairs = _mm_add_pd(
                _mm256_castpd256_pd128(vector),
                _mm256_extractf128_pd::<1>(vector),
            );
            _mm_cvtsd_f64(_mm_add_sd(pairs, _mm_unpackhi_pd(pairs, pairs)))
        }
    }
}
