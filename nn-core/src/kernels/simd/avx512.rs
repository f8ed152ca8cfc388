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

use super::{MOST_LANES, Pick, Simd};

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

/// Four numbers of each of 16 lines become four rows: lines a quarter of a register apart share registers, whose quarters are
/// transposed. Broadcasts under a mask put the quarters together, because they need no shuffle.
#[inline(always)]
unsafe fn transpose_16(from: *const f32, lines: &[usize; MOST_LANES], to: *mut f32, step: usize) {
    // SAFETY: the caller has AVX-512, lines of four readable numbers, and room for four rows of 16.
    unsafe {
        macro_rules! line {
            ($line:literal) => {{
                let quarters = _mm512_castps128_ps512(_mm_loadu_ps(from.add(lines[$line])));
                let quarter = _mm_loadu_ps(from.add(lines[$line + 4]));
                let quarters = _mm512_mask_broadcast_f32x4(quarters, 0x00F0, quarter);
                let quarter = _mm_loadu_ps(from.add(lines[$line + 8]));
                let quarters = _mm512_mask_broadcast_f32x4(quarters, 0x0F00, quarter);
                let quarter = _mm_loadu_ps(from.add(lines[$line + 12]));
                _mm512_mask_broadcast_f32x4(quarters, 0xF000, quarter)
            }};
        }
        let (a, b, c, d) = (line!(0), line!(1), line!(2), line!(3));
        let (ab, cd) = (_mm512_unpacklo_ps(a, b), _mm512_unpacklo_ps(c, d));
        _mm512_storeu_ps(to, _mm512_shuffle_ps::<0b0100_0100>(ab, cd));
        _mm512_storeu_ps(to.add(step), _mm512_shuffle_ps::<0b1110_1110>(ab, cd));
        let (ab, cd) = (_mm512_unpackhi_ps(a, b), _mm512_unpackhi_ps(c, d));
        _mm512_storeu_ps(to.add(2 * step), _mm512_shuffle_ps::<0b0100_0100>(ab, cd));
        _mm512_storeu_ps(to.add(3 * step), _mm512_shuffle_ps::<0b1110_1110>(ab, cd));
    }
}

/// Two numbers of each of 8 lines become two rows.
#[inline(always)]
unsafe fn transpose_8(from: *const f64, lines: &[usize; MOST_LANES], to: *mut f64, step: usize) {
    // SAFETY: the caller has AVX-512, lines of two readable numbers, and room for two rows of 8. The bits of two numbers are
    // moved as four of half the size.
    unsafe {
        macro_rules! line {
            ($line:literal) => {{
                let quarters = _mm512_castps128_ps512(_mm_loadu_ps(from.add(lines[$line]).cast()));
                let quarter = _mm_loadu_ps(from.add(lines[$line + 2]).cast());
                let quarters = _mm512_mask_broadcast_f32x4(quarters, 0x00F0, quarter);
                let quarter = _mm_loadu_ps(from.add(lines[$line + 4]).cast());
                let quarters = _mm512_mask_broadcast_f32x4(quarters, 0x0F00, quarter);
                let quarter = _mm_loadu_ps(from.add(lines[$line + 6]).cast());
                let quarters = _mm512_mask_broadcast_f32x4(quarters, 0xF000, quarter);
                _mm512_castps_pd(quarters)
            }};
        }
        let (a, b) = (line!(0), line!(1));
        _mm512_storeu_pd(to, _mm512_unpacklo_pd(a, b));
        _mm512_storeu_pd(to.add(step), _mm512_unpackhi_pd(a, b));
    }
}

/// Four sums: of each quarter of a register first, whose four numbers are one of each vector then.
#[inline(always)]
unsafe fn sums_16([a, b, c, d]: [__m512; 4], to: *mut f32) {
    // SAFETY: the caller has AVX-512, and room for four numbers.
    unsafe {
        let ab = _mm512_add_ps(_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b));
        let cd = _mm512_add_ps(_mm512_unpacklo_ps(c, d), _mm512_unpackhi_ps(c, d));
        let quarters = _mm512_add_ps(
            _mm512_shuffle_ps::<0b0100_0100>(ab, cd),
            _mm512_shuffle_ps::<0b1110_1110>(ab, cd),
        );
        let halves = _mm512_add_ps(
            quarters,
            _mm512_shuffle_f32x4::<0b0100_1110>(quarters, quarters),
        );
        let sums = _mm512_add_ps(halves, _mm512_shuffle_f32x4::<0b1011_0001>(halves, halves));
        _mm_storeu_ps(to, _mm512_castps512_ps128(sums));
    }
}

/// The same of pairs of numbers.
#[inline(always)]
unsafe fn sums_8([a, b, c, d]: [__m512d; 4], to: *mut f64) {
    // SAFETY: the caller has AVX-512, and room for four numbers.
    unsafe {
        let ab = _mm512_add_pd(_mm512_unpacklo_pd(a, b), _mm512_unpackhi_pd(a, b));
        let cd = _mm512_add_pd(_mm512_unpacklo_pd(c, d), _mm512_unpackhi_pd(c, d));
        // Quarters 0 and 2 of both, and 1 and 3.
        let halves = _mm512_add_pd(
            _mm512_shuffle_f64x2::<0b1000_1000>(ab, cd),
            _mm512_shuffle_f64x2::<0b1101_1101>(ab, cd),
        );
        // Quarters 0 and 2, the sums of a and b, and of c and d, and 1 and 3.
        let sums = _mm512_add_pd(
            _mm512_shuffle_f64x2::<0b1000_1000>(halves, halves),
            _mm512_shuffle_f64x2::<0b1101_1101>(halves, halves),
        );
        _mm256_storeu_pd(to, _mm512_castpd512_pd256(sums));
    }
}

/// The registers of one type of number, by the names of their intrinsics.
macro_rules! registers {
    (
        $number:ty, $vector:ty, $lanes:literal, $piece:literal, $first:ident, $set1:ident, $load:ident, $load_first:ident, $store:ident,
        $store_first:ident, $fmadd:ident, $add:ident, $sub:ident, $mul:ident, $max:ident, $zero:ident, $load_half:expr,
        $cut:expr, $transpose:ident, $sums:ident
    ) => {
        impl Simd for Avx512<$number> {
            type Number = $number;
            type Vector = $vector;
            const LANES: usize = $lanes;
            const PIECE: usize = $piece;
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
            unsafe fn load_half(from: *const $number) -> $vector {
                // SAFETY: the caller has AVX-512 and gives LANES / 2 readable numbers; no alignment is asked for. The bits are moved
                // as numbers of another size.
                unsafe { $load_half(from.cast()) }
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
            unsafe fn sums_of_four(vectors: [$vector; 4], to: *mut $number) {
                // SAFETY: the caller has AVX-512, and room for four numbers.
                unsafe { $sums(vectors, to) }
            }

            #[inline(always)]
            unsafe fn transpose(
                from: *const $number,
                lines: &[usize; MOST_LANES],
                to: *mut $number,
                step: usize,
            ) {
                // SAFETY: the caller has AVX-512, lines and room for rows.
                unsafe { $transpose(from, lines, to, step) }
            }
        }
    };
}

registers!(
    f32,
    __m512,
    16,
    4,
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
    |from| _mm512_castpd_ps(_mm512_broadcast_f64x4(_mm256_loadu_pd(from))),
    |vector, other| _mm512_maskz_mov_ps(
        _mm512_cmp_ps_mask::<_CMP_NLE_UQ>(other, _mm512_setzero_ps()),
        vector
    ),
    transpose_16,
    sums_16
);
registers!(
    f64,
    __m512d,
    8,
    2,
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
    |from| _mm512_broadcast_f64x4(_mm256_loadu_pd(from)),
    |vector, other| _mm512_maskz_mov_pd(
        _mm512_cmp_pd_mask::<_CMP_NLE_UQ>(other, _mm512_setzero_pd()),
        vector
    ),
    transpose_8,
    sums_8
);

macro_rules! pick {
    ($number:ty, $vector:ty, $place:ty, $load:ident, $permute:ident) => {
        impl Pick for Avx512<$number> {
            type Place = $place;

            #[inline(always)]
            #[allow(
                clippy::cast_possible_wrap,
                clippy::cast_possible_truncation,
                reason = "a lane"
            )]
            fn place(lane: usize) -> $place {
                lane as $place
            }

            #[inline(always)]
            unsafe fn pick(from: $vector, places: *const $place) -> $vector {
                // SAFETY: the caller has AVX-512 and gives LANES places, of which the instruction uses the lowest bits.
                unsafe { $permute($load(places), from) }
            }
        }
    };
}

pick!(f32, __m512, i32, _mm512_loadu_epi32, _mm512_permutexvar_ps);
pick!(f64, __m512d, i64, _mm512_loadu_epi64, _mm512_permutexvar_pd);
