//! Copies of parts of A and B that tiles read again and again.

#![expect(unsafe_code, reason = "parts are addressed by pointers")]
#![expect(
    clippy::inline_always,
    reason = "instructions are only there inside of the caller that enables them"
)]

use super::super::simd::{MOST_LANES, Simd};
use super::Pointers;

/// Copies the part of B under V registers of columns, so that its rows lie one behind another on whole cache lines: the
/// tiles of many rows of C read it again and again. Numbers behind the `last` of a row become zeros.
///
/// # Safety
/// B must have so many columns from the pointer on; `packed` must have room for k rows of V registers.
#[inline(always)]
pub(super) unsafe fn pack<S: Simd, const V: usize>(
    p: Pointers<S::Number>,
    last: usize,
    packed: *mut S::Number,
) {
    // SAFETY: the registers but the last are whole; of the last, `last` numbers are read.
    unsafe {
        for k in 0..p.k {
            let (from, to) = (p.b.add(k * p.b_step), packed.add(k * V * S::LANES));
            for v in 0..V - 1 {
                S::store(S::load(from.add(v * S::LANES)), to.add(v * S::LANES));
            }
            let v = (V - 1) * S::LANES;
            S::store(S::load_first(from.add(v), last), to.add(v));
        }
    }
}

/// Lines that lie `from_step` apart become columns: number `at` of line `line` goes to row `at` and column `line` of rows that lie
/// `to_step` apart. Registers are written as wholes: behind the last line stand any numbers.
///
/// # Safety
/// The instruction set must be there, there must be so many lines of so many numbers, and room for `length` rows of `lines`
/// numbers, rounded up to whole registers.
#[inline(always)]
pub(super) unsafe fn transpose<S: Simd>(
    from: *const S::Number,
    from_step: usize,
    lines: usize,
    length: usize,
    to: *mut S::Number,
    to_step: usize,
) {
    // SAFETY: lines are counted up to the last one, and numbers of a line up to `length`; there is room for whole registers.
    unsafe {
        for first in (0..lines).step_by(S::LANES) {
            let (from, to) = (from.add(first * from_step), to.add(first));
            let count = (lines - first).min(S::LANES);
            if length < S::PIECE {
                for line in 0..count {
                    for at in 0..length {
                        *to.add(at * to_step + line) = *from.add(line * from_step + at);
                    }
                }
                continue;
            }
            let mut starts = [0; MOST_LANES];
            for (line, start) in starts.iter_mut().enumerate() {
                *start = line.min(count - 1) * from_step;
            }
            for at in (0..length).step_by(S::PIECE) {
                // The last piece may repeat what the one before it did.
                let at = at.min(length - S::PIECE);
                S::transpose(from.add(at), &starts, to.add(at * to_step), to_step);
            }
        }
    }
}
