//! Activations, element by element, and the softmax of a row. Each backward pass needs only what forward gave.

#![expect(
    clippy::inline_always,
    reason = "a loop becomes vector code where it is inlined"
)]

use super::math::Math;
use super::update::sum;
use crate::element::Element;

/// y = f(y), element by element.
#[inline(always)]
fn map<T: Copy>(y: &mut [T], f: impl Fn(T) -> T) {
    for y in y {
        *y = f(*y);
    }
}

/// d = f(y, d), element by element.
#[inline(always)]
fn map_backward<T: Copy>(y: &[T], d: &mut [T], f: impl Fn(T, T) -> T) {
    assert_eq!(
        y.len(),
        d.len(),
        "a layer passed slices of different lengths"
    );
    for (d, &y) in d.iter_mut().zip(y) {
        *d = f(y, *d);
    }
}

/// Written so that a NaN stays a NaN: hiding it here would let a diverged training go on.
#[inline(always)]
pub(super) fn relu_forward<T: Element>(y: &mut [T]) {
    map(y, |x| if x <= T::zero() { T::zero() } else { x });
}

#[inline(always)]
pub(super) fn relu_backward<T: Element>(y: &[T], d: &mut [T]) {
    map_backward(y, d, |y, d| if y <= T::zero() { T::zero() } else { d });
}

#[inline(always)]
pub(super) fn sigmoid_forward<T: Element + Math>(y: &mut [T], fused: bool) {
    map(y, |x| Math::sigmoid(x, fused));
}

#[inline(always)]
pub(super) fn sigmoid_backward<T: Element>(y: &[T], d: &mut [T]) {
    map_backward(y, d, |y, d| d * y * (T::one() - y));
}

#[inline(always)]
pub(super) fn tanh_forward<T: Element + Math>(y: &mut [T], fused: bool) {
    map(y, |x| Math::tanh(x, fused));
}

#[inline(always)]
pub(super) fn tanh_backward<T: Element>(y: &[T], d: &mut [T]) {
    map_backward(y, d, |y, d| d * (T::one() - y * y));
}

/// How many rows of a softmax are computed side by side: a row alone hardly fills a register, and its largest number and its
/// sum are found one after another.
const ROWS: usize = 16;

/// Wider rows fill registers by themselves.
const NARROW: usize = 64;

/// Softmax of each row, shifted by its largest score, so that nothing overflows. `each` is called with the index of a row, its
/// largest score, and ln Σⱼ exp(x[j] − largest).
#[inline(always)]
pub(super) fn softmax_forward<T: Element + Math>(
    y: &mut [T],
    columns: usize,
    each: &mut dyn FnMut(usize, T, T),
    fused: bool,
) {
    let larger = |a: T, b: T| if b > a { b } else { a };
    if columns > NARROW {
        for (index, row) in y.chunks_exact_mut(columns).enumerate() {
            let largest = row.iter().copied().fold(T::neg_infinity(), larger);
            map(row, |x| Math::exp(x - largest, fused));
            let sum = sum(row);
            map(row, |y| y / sum);
            each(index, largest, Math::ln(sum, fused));
        }
        return;
    }
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
        let mut sums = [T::zero(); ROWS];
        for column in &mut *side_by_side {
            for lane in 0..ROWS {
                column[lane] = Math::exp(column[lane] - largest[lane], fused);
            }
            for lane in 0..ROWS {
                sums[lane] += column[lane];
            }
        }
        for column in &mut *side_by_side {
            for lane in 0..ROWS {
                column[lane] /= sums[lane];
            }
        }
        map(&mut sums, |sum| Math::ln(sum, fused));
        for (row, numbers) in rows.chunks_exact_mut(columns).enumerate() {
            for (number, column) in numbers.iter_mut().zip(&*side_by_side) {
                *number = column[row];
            }
            each(block * ROWS + row, largest[row], sums[row]);
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

/// ln (1 + exp(−|x|)), in place of x.
#[inline(always)]
pub(super) fn soft_edge<T: Element + Math>(x: &mut [T], fused: bool) {
    map(x, |x| Math::ln_1p(Math::exp(-x.abs(), fused), fused));
}
