//! The softmax of rows, and its logarithm.

#![expect(
    clippy::inline_always,
    reason = "a loop becomes vector code where it is inlined"
)]

use super::activation::{map, map_backward};
use super::math::Math;
use super::update::{sum, sum_of};
use crate::element::Element;

/// How many rows of a softmax are computed side by side: a row alone hardly fills a register, and its largest number and its
/// sum are found one after another.
const ROWS: usize = 16;

/// Wider rows fill registers by themselves.
const NARROW: usize = 64;

/// Softmax of each row, shifted by its largest score, so that nothing overflows; with `log`, its logarithm, x[j] − ln Σₖ exp(x[k]).
/// `each` is called with the index of a row, its largest score, and ln Σⱼ exp(x[j] − largest).
///
#[inline(always)]
pub(super) fn softmax_forward<T: Element + Math>(
    y: &mut [T],
    columns: usize,
    log: bool,
    each: &mut dyn FnMut(usize, T, T),
    fused: bool,
) {
    if columns > NARROW {
        wide_rows(y, columns, log, each, fused);
    } else {
        narrow_rows(y, columns, log, each, fused);
    }
}

#[inline(always)]
fn larger<T: Element>(a: T, b: T) -> T {
    if b > a { b } else { a }
}

/// Row by row.
#[inline(always)]
fn wide_rows<T: Element + Math>(
    y: &mut [T],
    columns: usize,
    log: bool,
    each: &mut dyn FnMut(usize, T, T),
    fused: bool,
) {
    for (index, row) in y.chunks_exact_mut(columns).enumerate() {
        let largest = row.iter().copied().fold(T::neg_infinity(), larger);
        let log_sum = if log {
            let log_sum = Math::ln(sum_of(row, |x| Math::exp(x - largest, fused)), fused);
            map(row, |x| (x - largest) - log_sum);
            log_sum
        } else {
            map(row, |x| Math::exp(x - largest, fused));
            let sum = sum(row);
            map(row, |y| y / sum);
            Math::ln(sum, fused)
        };
        each(index, largest, log_sum);
    }
}

/// [`ROWS`] rows at a time, each in a lane.
#[inline(always)]
fn narrow_rows<T: Element + Math>(
    y: &mut [T],
    columns: usize,
    log: bool,
    each: &mut dyn FnMut(usize, T, T),
    fused: bool,
) {
    let mut side_by_side = [[T::zero(); ROWS]; NARROW];
    let side_by_side = &mut side_by_side[..columns];
    for (block, rows) in y.chunks_mut(ROWS * columns).enumerate() {
        for (row, numbers) in rows.chunks_exact(columns).enumerate() {
            for (column, &number) in side_by_side.iter_mut().zip(numbers) {
                column[row] = number;
            }
        }
        // Lanes that are counted become registers; zipped ones became shuffles of registers.
        let mut largest = [T::neg_infinity(); ROWS];
        for column in &*side_by_side {
            for lane in 0..ROWS {
                largest[lane] = larger(largest[lane], column[lane]);
            }
        }
        for column in &mut *side_by_side {
            for lane in 0..ROWS {
                column[lane] -= largest[lane];
            }
        }
        // A pass of its own, which is not unrolled: exponentials between lanes were a third of this function's code.
        map(side_by_side.as_flattened_mut(), |x| Math::exp(x, fused));
        let mut sums = [T::zero(); ROWS];
        for column in &*side_by_side {
            for lane in 0..ROWS {
                sums[lane] += column[lane];
            }
        }
        if !log {
            for column in &mut *side_by_side {
                for lane in 0..ROWS {
                    column[lane] /= sums[lane];
                }
            }
        }
        map(&mut sums[..], |sum| Math::ln(sum, fused));
        for (row, numbers) in rows.chunks_exact_mut(columns).enumerate() {
            let (largest, log_sum) = (largest[row], sums[row]);
            for (number, column) in numbers.iter_mut().zip(&*side_by_side) {
                *number = if log {
                    (*number - largest) - log_sum
                } else {
                    column[row]
                };
            }
            each(block * ROWS + row, largest, log_sum);
        }
    }
}

/// d = y ⊙ (d − y·d) for each row, the product of d with the Jacobian diag(y) − y·yᵀ.
#[inline(always)]
pub(super) fn softmax_backward<T: Element>(y: &[T], d: &mut [T], columns: usize) {
    for (y, d) in y.chunks_exact(columns).zip(d.chunks_exact_mut(columns)) {
        let dot: T = y.iter().zip(&*d).map(|(&y, &d)| y * d).sum();
        map_backward(y, d, |y, d| y * (d - dot));
    }
}

/// d = d − exp(y)·Σ d for each row, the product of d with the Jacobian of y = ln softmax(x).
#[inline(always)]
pub(super) fn log_softmax_backward<T: Element + Math>(
    y: &[T],
    d: &mut [T],
    columns: usize,
    fused: bool,
) {
    for (y, d) in y.chunks_exact(columns).zip(d.chunks_exact_mut(columns)) {
        let all = sum(d);
        map_backward(y, d, |y, d| d - Math::exp(y, fused) * all);
    }
}

/// How many columns of a deeper sample are computed side by side.
const LANES: usize = 16;

/// Calls `each` with the numbers at which some columns of a block of `count` rows of `inner` numbers begin, and how many there are.
#[inline(always)]
fn for_each_lanes(inner: usize, mut each: impl FnMut(usize, usize)) {
    for start in (0..inner).step_by(LANES) {
        each(start, LANES.min(inner - start));
    }
}

/// Softmax, or its logarithm, over the outer axis of blocks of `count` rows of `inner` numbers.
#[inline(always)]
pub(super) fn softmax_over_forward<T: Element + Math>(
    y: &mut [T],
    (count, inner): (usize, usize),
    log: bool,
    fused: bool,
) {
    for block in y.chunks_exact_mut(count * inner) {
        for_each_lanes(inner, |start, width| {
            let (mut largest, mut sums) = ([T::neg_infinity(); LANES], [T::zero(); LANES]);
            for row in block.chunks_exact(inner) {
                for (largest, &x) in largest.iter_mut().zip(&row[start..start + width]) {
                    *largest = if x > *largest { x } else { *largest };
                }
            }
            for row in block.chunks_exact_mut(inner) {
                let row = row[start..start + width].iter_mut();
                for ((y, sum), &largest) in row.zip(&mut sums).zip(&largest) {
                    let exp = Math::exp(*y - largest, fused);
                    *sum += exp;
                    *y = if log { *y - largest } else { exp };
                }
            }
            if log {
                map(&mut sums, |sum| Math::ln(sum, fused));
            }
            for row in block.chunks_exact_mut(inner) {
                for (y, &sum) in row[start..start + width].iter_mut().zip(&sums) {
                    *y = if log { *y - sum } else { *y / sum };
                }
            }
        });
    }
}

/// The backward pass of both: d = y ⊙ (d − y·d), or d = d − exp(y)·Σ d, for each column.
#[inline(always)]
pub(super) fn softmax_over_backward<T: Element + Math>(
    y: &[T],
    d: &mut [T],
    (count, inner): (usize, usize),
    log: bool,
    fused: bool,
) {
    let blocks = y.chunks_exact(count * inner);
    for (y, d) in blocks.zip(d.chunks_exact_mut(count * inner)) {
        for_each_lanes(inner, |start, width| {
            let mut sums = [T::zero(); LANES];
            for (y, d) in y.chunks_exact(inner).zip(d.chunks_exact(inner)) {
                let pairs = y[start..start + width].iter().zip(&d[start..]);
                for (sum, (&y, &d)) in sums.iter_mut().zip(pairs) {
                    *sum += if log { d } else { y * d };
                }
            }
            for (y, d) in y.chunks_exact(inner).zip(d.chunks_exact_mut(inner)) {
                let pairs = y[start..start + width].iter().zip(&mut d[start..]);
                for (&sum, (&y, d)) in sums.iter().zip(pairs) {
                    *d = if log {
                        *d - Math::exp(y, fused) * sum
                    } else {
                        y * (*d - sum)
                    };
                }
            }
        });
    }
}
