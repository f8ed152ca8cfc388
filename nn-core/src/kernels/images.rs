//! What is done to images beside convolutions and pooling, plane by plane: they are padded, cropped, enlarged and averaged.

#![expect(
    clippy::inline_always,
    reason = "a loop becomes vector code where it is inlined"
)]

use super::update::sum;
use crate::element::Element;

fn numbers([rows, columns]: [usize; 2]) -> usize {
    (rows * columns).max(1)
}

/// Checks slices of images of two sizes.
fn assert_planes(x: usize, image: [usize; 2], y: usize, other: [usize; 2]) {
    let (image, other) = (numbers(image), numbers(other));
    assert!(
        x.is_multiple_of(image) && x / image * other == y,
        "a layer passed slices that do not fit its sizes"
    );
}

/// y: x from a place on, and a value elsewhere.
#[inline(always)]
pub(super) fn pad<T: Element>(
    x: &[T],
    y: &mut [T],
    small: [usize; 2],
    large: [usize; 2],
    [top, left]: [usize; 2],
    value: T,
) {
    assert_planes(x.len(), small, y.len(), large);
    y.fill(value);
    let planes = x.chunks_exact(numbers(small));
    for (x, y) in planes.zip(y.chunks_exact_mut(numbers(large))) {
        let rows = y.chunks_exact_mut(large[1]).skip(top);
        for (x, y) in x.chunks_exact(small[1]).zip(rows) {
            y[left..left + small[1]].copy_from_slice(x);
        }
    }
}

/// y: what of x begins at a place.
#[inline(always)]
pub(super) fn crop<T: Element>(
    x: &[T],
    y: &mut [T],
    large: [usize; 2],
    small: [usize; 2],
    [top, left]: [usize; 2],
) {
    assert_planes(x.len(), large, y.len(), small);
    let planes = x.chunks_exact(numbers(large));
    for (x, y) in planes.zip(y.chunks_exact_mut(numbers(small))) {
        let rows = x.chunks_exact(large[1]).skip(top);
        for (x, y) in rows.zip(y.chunks_exact_mut(small[1])) {
            y.copy_from_slice(&x[left..left + small[1]]);
        }
    }
}

/// What a number of an enlarged row or column is made of: two places, and the parts of both.
struct Mixture<T> {
    places: [usize; 2],
    parts: [T; 2],
}

/// The two of `count` places that lie nearest to a place that is `factor` times as fine.
#[inline(always)]
fn mixture<T: Element>(place: usize, factor: usize, count: usize) -> Mixture<T> {
    // (place + ½)/factor − ½ in halves of `factor`, from 0 on.
    let halves = (2 * place + 1).saturating_sub(factor);
    let first = halves / (2 * factor);
    let part = T::of((halves % (2 * factor)) as f64 / (2 * factor) as f64);
    Mixture {
        places: [first, (first + 1).min(count - 1)],
        parts: [T::one() - part, part],
    }
}

/// y: x with so many times the rows and columns.
#[inline(always)]
pub(super) fn enlarge<T: Element>(
    x: &[T],
    y: &mut [T],
    image: [usize; 2],
    factors: [usize; 2],
    bilinear: bool,
) {
    let large = [image[0] * factors[0], image[1] * factors[1]];
    assert_planes(x.len(), image, y.len(), large);
    let planes = x.chunks_exact(numbers(image));
    for (x, y) in planes.zip(y.chunks_exact_mut(numbers(large))) {
        for (i, y) in y.chunks_exact_mut(large[1]).enumerate() {
            if !bilinear {
                let row = &x[i / factors[0] * image[1]..][..image[1]];
                for (x, y) in row.iter().zip(y.chunks_exact_mut(factors[1])) {
                    y.fill(*x);
                }
                continue;
            }
            let down = mixture::<T>(i, factors[0], image[0]);
            let [above, below] = down.places.map(|row| &x[row * image[1]..][..image[1]]);
            for (j, y) in y.iter_mut().enumerate() {
                let across = mixture::<T>(j, factors[1], image[1]);
                let mix = |row: &[T]| {
                    let [left, right] = across.places;
                    across.parts[0] * row[left] + across.parts[1] * row[right]
                };
                *y = down.parts[0] * mix(above) + down.parts[1] * mix(below);
            }
        }
    }
}

/// dx: each dy goes to where its number came from.
#[inline(always)]
pub(super) fn enlarge_backward<T: Element>(
    dy: &[T],
    dx: &mut [T],
    image: [usize; 2],
    factors: [usize; 2],
    bilinear: bool,
) {
    let large = [image[0] * factors[0], image[1] * factors[1]];
    assert_planes(dx.len(), image, dy.len(), large);
    dx.fill(T::zero());
    let planes = dx.chunks_exact_mut(numbers(image));
    for (dx, dy) in planes.zip(dy.chunks_exact(numbers(large))) {
        for (i, dy) in dy.chunks_exact(large[1]).enumerate() {
            if !bilinear {
                let row = &mut dx[i / factors[0] * image[1]..][..image[1]];
                for (dx, dy) in row.iter_mut().zip(dy.chunks_exact(factors[1])) {
                    for &dy in dy {
                        *dx += dy;
                    }
                }
                continue;
            }
            let down = mixture::<T>(i, factors[0], image[0]);
            for (row, part) in down.places.into_iter().zip(down.parts) {
                let dx = &mut dx[row * image[1]..][..image[1]];
                for (j, &dy) in dy.iter().enumerate() {
                    let across = mixture::<T>(j, factors[1], image[1]);
                    for (column, share) in across.places.into_iter().zip(across.parts) {
                        dx[column] += part * share * dy;
                    }
                }
            }
        }
    }
}

/// y: the mean of each plane of `len` numbers.
#[inline(always)]
pub(super) fn mean<T: Element>(x: &[T], y: &mut [T], len: usize) {
    assert_planes(x.len(), [1, len], y.len(), [1, 1]);
    let count = T::of(len as f64);
    for (x, y) in x.chunks_exact(len).zip(y) {
        *y = sum(x) / count;
    }
}

/// dx: each dy in as many parts as its plane has numbers.
#[inline(always)]
pub(super) fn mean_backward<T: Element>(dy: &[T], dx: &mut [T], len: usize) {
    assert_planes(dx.len(), [1, len], dy.len(), [1, 1]);
    let count = T::of(len as f64);
    for (dx, &dy) in dx.chunks_exact_mut(len).zip(dy) {
        dx.fill(dy / count);
    }
}
