//! Tiles of a product: what is summed in registers at a time.

#![expect(unsafe_code, reason = "tiles are addressed by pointers")]
#![expect(
    clippy::inline_always,
    reason = "instructions are only there inside of the caller that enables them"
)]
#![expect(
    clippy::needless_range_loop,
    reason = "rows and registers are numbered alike in several arrays"
)]

use num_traits::Zero as _;

use super::super::prefetch::prefetch_line;
use super::super::simd::Simd;
use super::{End, Pointers, Start};

/// [`finish_rows`], compiled once for an instruction set.
pub(super) type FinishRows<S> =
    unsafe fn(Pointers<<S as Simd>::Number>, &[<S as Simd>::Vector], usize, usize);

/// The most rows of a tile.
const MOST_ROWS: usize = 16;

/// The same pointer. The compiler does not see that it is, and so neither computes it from others nor others from it.
#[inline(always)]
#[expect(
    clippy::pointers_in_nomem_asm_block,
    reason = "nothing is read or written"
)]
fn unrelated<T>(pointer: *const T) -> *const T {
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    // SAFETY: no instruction.
    unsafe {
        let mut pointer = pointer;
        std::arch::asm!("/* {0} */", inout(reg) pointer, options(pure, nomem, nostack, preserves_flags));
        pointer
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    pointer
}

/// R rows of V registers, the last of which holds `last` numbers.
///
/// # Safety
/// The instruction set must be there, and C must have so many rows and columns from the pointers on. B has whole
/// registers, if they are more than one.
#[inline(always)]
pub(super) unsafe fn tile<S: Simd, const R: usize, const V: usize, const FULL: bool>(
    p: Pointers<S::Number>,
    last: usize,
    finish: FinishRows<S>,
) {
    // SAFETY: the caller's; nothing is read or written beside.
    unsafe { tile_beside::<S, R, V, FULL, false>(p, last, finish, p.b, p.c) }
}

/// The same, and two columns beside it if BESIDE: then R is half a register and its rows of A are contiguous. `beside` has a
/// register for each number of k, half of it filled with one column of B and half with the other; their sums become a register
/// at `to`.
///
/// # Safety
/// As for [`tile`].
#[inline(always)]
pub(super) unsafe fn tile_beside<
    S: Simd,
    const R: usize,
    const V: usize,
    const FULL: bool,
    const BESIDE: bool,
>(
    p: Pointers<S::Number>,
    last: usize,
    finish: FinishRows<S>,
    beside: *const S::Number,
    to: *mut S::Number,
) {
    // SAFETY: rows 0..R and columns 0..(V − 1)·LANES + last lie in C, so the same rows lie in A; the caller
    // gives whole registers of B; masked loads and stores touch only the first `last` numbers.
    unsafe {
        macro_rules! load {
            ($from:expr, $v:expr) => {
                if FULL || $v + 1 < V {
                    S::load($from.add($v * S::LANES))
                } else {
                    S::load_first($from.add($v * S::LANES), last)
                }
            };
        }
        let zero = S::splat(S::Number::zero());
        let mut sums = [[zero; V]; R];
        match p.start {
            Start::Zero => {}
            Start::Row(bias) => {
                for v in 0..V {
                    let bias = load!(bias, v);
                    for r in 0..R {
                        sums[r][v] = bias;
                    }
                }
            }
            Start::Sum => {
                for r in 0..R {
                    for v in 0..V {
                        sums[r][v] = load!(p.c.add(r * p.n), v);
                    }
                }
            }
        }
        // Four rows at a time from a pointer of their own: addresses that are all computed from one wait for each other.
        let mut a = [p.a; MOST_ROWS / 4];
        for group in 1..R.div_ceil(4) {
            a[group] = p.a.add(group * 4 * p.a_row);
        }
        let mut b = p.b;
        let (mut beside, mut sums_beside) = (beside, zero);
        // Evenly, some numbers at each step: what arrives in bursts keeps others waiting.
        let (mut next, next_step) = p.next.map_or((p.a, 0), |next| (next, R));
        for _ in 0..p.k {
            let mut row = [zero; V];
            for v in 0..V {
                // A mask costs as much as a multiplication.
                row[v] = if V == 1 {
                    load!(b, v)
                } else {
                    S::load(b.add(v * S::LANES))
                };
            }
            for r in 0..R {
                let factor = S::splat(*a[r / 4].add(r % 4 * p.a_row));
                for v in 0..V {
                    sums[r][v] = S::mul_add(factor, row[v], sums[r][v]);
                }
            }
            if BESIDE {
                sums_beside = S::mul_add(S::load_half(a[0]), S::load(beside), sums_beside);
                beside = beside.wrapping_add(S::LANES);
            }
            prefetch_line(next);
            next = next.wrapping_add(next_step);
            for group in 0..R.div_ceil(4) {
                a[group] = unrelated(a[group].wrapping_add(p.a_step));
            }
            b = b.wrapping_add(p.b_step);
        }
        if BESIDE {
            S::store(sums_beside, to);
        }
        if matches!(p.finish, End::Keep) {
            for r in 0..R {
                for v in 0..V {
                    let to = p.c.add(r * p.n + v * S::LANES);
                    if FULL || v + 1 < V {
                        S::store(sums[r][v], to);
                    } else {
                        S::store_first(sums[r][v], to, last);
                    }
                }
            }
        } else {
            // A copy: sums whose place is known elsewhere would be written there at every step.
            let sums = sums;
            finish(p, sums.as_flattened(), V, last);
        }
    }
}

/// Writes sums to C, `width` registers of each row, the last of which holds `last` numbers.
///
/// # Safety
/// The instruction set must be there, and C must have so many rows and columns from the pointers on.
#[inline(always)]
pub(super) unsafe fn finish_rows<S: Simd>(
    p: Pointers<S::Number>,
    sums: &[S::Vector],
    width: usize,
    last: usize,
) {
    // SAFETY: the places lie in C, so they lie in the other matrix; masked loads and stores touch only the first numbers.
    unsafe {
        macro_rules! each {
            (|$sum:ident, $at:ident, $count:ident| $number:expr) => {
                for (row, sums) in sums.chunks_exact(width).enumerate() {
                    for (v, &$sum) in sums.iter().enumerate() {
                        let $count = if v + 1 < width { S::LANES } else { last };
                        let $at = row * p.n + v * S::LANES;
                        let number = $number;
                        S::store_first(number, p.c.add($at), $count);
                    }
                }
            };
        }
        match p.finish {
            End::Keep => each!(|sum, at, count| sum),
            End::Relu => each!(|sum, at, count| S::relu(sum)),
            End::Cut(other) => {
                each!(|sum, at, count| S::cut(sum, S::load_first(other.add(at), count)));
            }
            End::Descend(rate) => {
                let rate = S::splat(rate);
                each!(|sum, at, count| S::sub(
                    S::load_first(p.c.add(at), count),
                    S::mul(rate, sum)
                ));
            }
        }
    }
}

/// The sums of the columns of B in V registers, the last of which holds `last` numbers; `on` adds to the sums that are there.
///
/// # Safety
/// B must have so many columns from the pointer on, and there must be sums of them.
#[inline(always)]
pub(super) unsafe fn sum_columns<S: Simd, const V: usize>(
    p: Pointers<S::Number>,
    last: usize,
    on: bool,
) {
    let Some(to) = p.sums else { return };
    // SAFETY: columns 0..(V − 1)·LANES + last lie in B and in the sums; masked loads and stores touch only the first `last`
    // numbers.
    unsafe {
        let load = |from: *const S::Number, v: usize| {
            let from = from.add(v * S::LANES);
            if v + 1 < V {
                S::load(from)
            } else {
                S::load_first(from, last)
            }
        };
        let mut sums = [S::splat(S::Number::zero()); V];
        if on {
            for v in 0..V {
                sums[v] = load(to, v);
            }
        }
        for k in 0..p.k {
            for v in 0..V {
                sums[v] = S::add(sums[v], load(p.b.add(k * p.b_step), v));
            }
        }
        for v in 0..V {
            let sum = match p.finish {
                End::Descend(rate) => S::sub(load(to, v), S::mul(S::splat(rate), sums[v])),
                _ => sums[v],
            };
            let to = to.add(v * S::LANES);
            if v + 1 < V {
                S::store(sum, to);
            } else {
                S::store_first(sum, to, last);
            }
        }
    }
}
