#![expect(
    clippy::inline_always,
    reason = "instructions are only there inside of the caller that enables them"
)]
#![expect(unsafe_code, reason = "the trait's functions take pointers")]

use super::{MOST_LANES, Simd};
use crate::element::Element;

/// Any machine: arrays of four numbers, which the compiler turns into whatever registers there are.
#[derive(Clone, Copy)]
pub(in crate::kernels) struct Portable<N>(std::marker::PhantomData<N>);

impl<N: Element> Simd for Portable<N> {
    type Number = N;
    type Vector = [N; 4];
    const LANES: usize = 4;
    const PIECE: usize = 4;
    const HAS_MASKS: bool = false;

    #[inline(always)]
    unsafe fn splat(number: N) -> [N; 4] {
        [number; 4]
    }

    #[inline(always)]
    unsafe fn load(from: *const N) -> [N; 4] {
        // SAFETY: the caller gives 4 readable numbers.
        unsafe { from.cast::<[N; 4]>().read_unaligned() }
    }

    #[inline(always)]
    unsafe fn load_first(from: *const N, count: usize) -> [N; 4] {
        let mut vector = [N::zero(); 4];
        for (lane, number) in vector.iter_mut().enumerate().take(count) {
            // SAFETY: the caller gives `count` readable numbers.
            *number = unsafe { *from.add(lane) };
        }
        vector
    }

    #[inline(always)]
    unsafe fn load_half(from: *const N) -> [N; 4] {
        // SAFETY: the caller gives 2 readable numbers.
        let [a, b] = unsafe { from.cast::<[N; 2]>().read_unaligned() };
        [a, b, a, b]
    }

    #[inline(always)]
    unsafe fn store(vector: [N; 4], to: *mut N) {
        // SAFETY: the caller gives room for 4 numbers.
        unsafe { to.cast::<[N; 4]>().write_unaligned(vector) }
    }

    #[inline(always)]
    unsafe fn store_first(vector: [N; 4], to: *mut N, count: usize) {
        for (lane, number) in vector.into_iter().enumerate().take(count) {
            // SAFETY: the caller gives room for `count` numbers.
            unsafe { *to.add(lane) = number }
        }
    }

    #[inline(always)]
    unsafe fn mul_add(a: [N; 4], b: [N; 4], c: [N; 4]) -> [N; 4] {
        // Rounded twice: the function that rounds once is a slow library call where the instruction is missing.
        std::array::from_fn(|lane| a[lane] * b[lane] + c[lane])
    }

    #[inline(always)]
    unsafe fn add(a: [N; 4], b: [N; 4]) -> [N; 4] {
        std::array::from_fn(|lane| a[lane] + b[lane])
    }

    #[inline(always)]
    unsafe fn sub(a: [N; 4], b: [N; 4]) -> [N; 4] {
        std::array::from_fn(|lane| a[lane] - b[lane])
    }

    #[inline(always)]
    unsafe fn mul(a: [N; 4], b: [N; 4]) -> [N; 4] {
        std::array::from_fn(|lane| a[lane] * b[lane])
    }

    #[inline(always)]
    unsafe fn cut(vector: [N; 4], other: [N; 4]) -> [N; 4] {
        std::array::from_fn(|lane| {
            if other[lane] <= N::zero() {
                N::zero()
            } else {
                vector[lane]
            }
        })
    }

    #[inline(always)]
    unsafe fn relu(vector: [N; 4]) -> [N; 4] {
        vector.map(|number| {
            if number <= N::zero() {
                N::zero()
            } else {
                number
            }
        })
    }

    #[inline(always)]
    unsafe fn sums_of_four(vectors: [[N; 4]; 4], to: *mut N) {
        let sums = vectors.map(|numbers| (numbers[0] + numbers[2]) + (numbers[1] + numbers[3]));
        // SAFETY: the caller gives room for 4 numbers.
        unsafe { to.cast::<[N; 4]>().write_unaligned(sums) }
    }

    #[inline(always)]
    unsafe fn transpose(from: *const N, lines: &[usize; MOST_LANES], to: *mut N, step: usize) {
        // SAFETY: the caller gives four lines of 4 readable numbers, and room for four rows.
        unsafe {
            let lines: [[N; 4]; 4] = std::array::from_fn(|line| Self::load(from.add(lines[line])));
            for row in 0..4 {
                Self::store(lines.map(|line| line[row]), to.add(row * step));
            }
        }
    }
}
