use super::{Pooling, maxima, maxima_backward, means, means_backward};
use crate::element::Element;
use crate::kernels::simd::Level;
use crate::rng::Rng;

fn draw(rng: &mut Rng, of_pairs: bool) -> Pooling {
    let mut pair = |from: usize, most: usize| [from + rng.below(most), from + rng.below(most)];
    let (kernel, stride) = if of_pairs {
        ([2, 2], [2, 2])
    } else {
        (pair(1, 4), pair(1, 4))
    };
    let (windows, more) = (
        pair(1, if of_pairs { 40 } else { 9 }),
        pair(0, stride[0].min(stride[1])),
    );
    let padding = if of_pairs {
        [0, 0]
    } else {
        kernel.map(|kernel| rng.below(kernel))
    };
    // Windows hang over the end by less than their size, or some numbers are in none.
    let image = [0, 1].map(|axis| {
        let reach = (windows[axis] - 1) * stride[axis] + kernel[axis];
        let over = if of_pairs {
            usize::from(rng.below(8) == 0)
        } else {
            rng.below(kernel[axis])
        };
        (reach + more[axis])
            .saturating_sub(padding[axis] + over)
            .max(1)
    });
    Pooling {
        image,
        windows,
        kernel,
        stride,
        padding,
    }
}

/// The places of a window that lie in the image, by definition.
fn places(sizes: &Pooling, i: usize, j: usize) -> Vec<usize> {
    let mut places = Vec::new();
    for ki in 0..sizes.kernel[0] {
        for kj in 0..sizes.kernel[1] {
            let row = (i * sizes.stride[0] + ki).checked_sub(sizes.padding[0]);
            let column = (j * sizes.stride[1] + kj).checked_sub(sizes.padding[1]);
            if let (Some(row), Some(column)) = (row, column)
                && row < sizes.image[0]
                && column < sizes.image[1]
            {
                places.push(row * sizes.image[1] + column);
            }
        }
    }
    places
}

fn check<N: Element + super::Compiled>(sizes: &Pooling, rng: &mut Rng) {
    const PLANES: usize = 3;
    let (image, map) = (
        sizes.image[0] * sizes.image[1],
        sizes.windows[0] * sizes.windows[1],
    );
    // Few different numbers, so that many are equal, and some below zero.
    let x: Vec<N> = (0..PLANES * image)
        .map(|_| N::of(rng.below(7) as f64 - 3.0))
        .collect();
    let dy: Vec<N> = (0..PLANES * map).map(|_| N::of(rng.normal())).collect();
    let mut expected = [(); 2].map(|()| vec![0.0; PLANES * map]);
    let mut gradients = [(); 4].map(|()| vec![0.0; PLANES * image]);
    for (plane, i, j) in (0..PLANES).flat_map(|plane| {
        (0..sizes.windows[0]).flat_map(move |i| (0..sizes.windows[1]).map(move |j| (plane, i, j)))
    }) {
        let at = plane * map + i * sizes.windows[1] + j;
        let places: Vec<usize> = places(sizes, i, j)
            .into_iter()
            .map(|place| plane * image + place)
            .collect();
        let numbers = places.iter().map(|&place| x[place].as_f64());
        let most = numbers.clone().fold(f64::NEG_INFINITY, f64::max);
        let first = places.iter().find(|&&place| x[place].as_f64() == most);
        let first = *first.unwrap();
        let all = sizes.kernel[0] * sizes.kernel[1];
        let dy = dy[at].as_f64();
        expected[0][at] = most;
        expected[1][at] = numbers.sum::<f64>() / all as f64;
        gradients[0][first] += dy;
        if most > 0.0 {
            gradients[1][first] += dy;
        }
        for &place in &places {
            gradients[2][place] += dy / all as f64;
            gradients[3][place] += dy / places.len() as f64;
        }
    }
    let nan = |count: usize| vec![N::of(f64::NAN); count];
    let (mut y, mut dx) = (nan(PLANES * map), nan(PLANES * image));
    let close = |name: &str, found: &[N], expected: &[f64]| {
        for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
            let error = (found.as_f64() - expected).abs();
            assert!(
                error <= 4e-6,
                "{name}[{index}] of {sizes:?}: {found} instead of {expected}"
            );
        }
    };
    maxima(&x, &mut y, sizes);
    close("maxima", &y, &expected[0]);
    maxima_backward(&x, &dy, false, &mut dx, sizes);
    close("dx of maxima", &dx, &gradients[0]);
    maxima_backward(&x, &dy, true, &mut dx, sizes);
    close("dx of maxima behind Relu", &dx, &gradients[1]);
    if sizes.is_of_pairs() {
        for level in [Level::Portable, Level::Avx2, Level::Avx512] {
            if level <= Level::widest() {
                y.fill(N::of(f64::NAN));
                dx.fill(N::of(f64::NAN));
                N::maxima_of_pairs(level, &x, &mut y, sizes);
                close("maxima", &y, &expected[0]);
                N::maxima_of_pairs_backward(level, &x, &dy, false, &mut dx, sizes);
                close("dx of maxima", &dx, &gradients[0]);
            }
        }
    }
    means(&x, &mut y, true, sizes);
    close("means", &y, &expected[1]);
    means_backward(&dy, &mut dx, true, sizes);
    close("dx of means", &dx, &gradients[2]);
    means_backward(&dy, &mut dx, false, sizes);
    close("dx of means without padding", &dx, &gradients[3]);
}

#[test]
fn random_sizes() {
    let rng = &mut Rng::seeded(1);
    for round in 0..400 {
        let sizes = draw(rng, round % 2 == 0);
        check::<f64>(&sizes, rng);
        check::<f32>(&sizes, rng);
    }
}

/// A NaN is not hidden, wherever it stands in its window.
#[test]
fn nan_stays_nan() {
    for (kernel, stride) in [(2, 2), (3, 1), (3, 2)] {
        let sizes = Pooling {
            image: [kernel; 2],
            windows: [1; 2],
            kernel: [kernel; 2],
            stride: [stride; 2],
            padding: [0; 2],
        };
        for place in 0..kernel * kernel {
            let mut x = vec![1.0_f32; kernel * kernel];
            x[place] = f32::NAN;
            let mut y = [0.0];
            maxima(&x, &mut y, &sizes);
            assert!(y[0].is_nan());
            let mut dx = x.clone();
            maxima_backward(&x, &[5.0], true, &mut dx, &sizes);
            assert_eq!(dx.iter().sum::<f32>(), 5.0);
        }
    }
}
