use super::{Compiled, Convolution, correlate, spread, weight_gradient};
use crate::element::Element;
use crate::kernels::Kernels as _;
use crate::kernels::simd::Level;
use crate::rng::Rng;

/// What `correlate` gives by definition, in f64, and the gradients of Σ dy·y by x and by w.
struct Expected {
    y: Vec<f64>,
    dx: Vec<f64>,
    dw: Vec<f64>,
}

fn expected<N: Element>(sizes: &Convolution, x: &[N], w: &[N], dy: &[N]) -> Expected {
    let [height, width] = sizes.image;
    let [rows, columns] = sizes.windows;
    let [kernel_rows, kernel_columns] = sizes.kernel;
    let (channels, maps) = (sizes.channels / sizes.groups, sizes.maps / sizes.groups);
    let mut found = Expected {
        y: vec![0.0; dy.len()],
        dx: vec![0.0; x.len()],
        dw: vec![0.0; w.len()],
    };
    let n = x.len() / (sizes.channels * height * width);
    for sample in 0..n {
        for map in 0..sizes.maps {
            for i in 0..rows {
                for j in 0..columns {
                    let at = ((sample * sizes.maps + map) * rows + i) * columns + j;
                    for channel in 0..channels {
                        for ki in 0..kernel_rows {
                            for kj in 0..kernel_columns {
                                let h = i * sizes.stride[0] + ki * sizes.dilation[0];
                                let v = j * sizes.stride[1] + kj * sizes.dilation[1];
                                let (Some(h), Some(v)) = (
                                    h.checked_sub(sizes.padding[0]),
                                    v.checked_sub(sizes.padding[1]),
                                ) else {
                                    continue;
                                };
                                if h >= height || v >= width {
                                    continue;
                                }
                                let of_all = map / maps * channels + channel;
                                let from =
                                    ((sample * sizes.channels + of_all) * height + h) * width + v;
                                let weight = ((map * channels + channel) * kernel_rows + ki)
                                    * kernel_columns
                                    + kj;
                                let (x, w, dy) =
                                    (x[from].as_f64(), w[weight].as_f64(), dy[at].as_f64());
                                found.y[at] += x * w;
                                found.dx[from] += dy * w;
                                found.dw[weight] += dy * x;
                            }
                        }
                    }
                }
            }
        }
    }
    found
}

fn draw(rng: &mut Rng) -> (Convolution, usize) {
    let groups = [1, 1, 1, 2, 3][rng.below(5)];
    let mut pair = |most: usize| [1 + rng.below(most), 1 + rng.below(most)];
    let (kernel, stride, dilation) = (pair(5), pair(3), pair(3));
    let (windows, more) = (pair(13), pair(5));
    let padding = [rng.below(kernel[0] + 1), rng.below(kernel[1] + 1)];
    // As many as the windows reach, a few less or a few more.
    let image = [0, 1].map(|axis| {
        let reach = (windows[axis] - 1) * stride[axis] + (kernel[axis] - 1) * dilation[axis] + 1;
        (reach + more[axis])
            .saturating_sub(padding[axis] + 2)
            .max(1)
    });
    let channels = groups * (1 + rng.below(5));
    let maps = groups * (1 + rng.below(11));
    let sizes = Convolution {
        channels,
        image,
        maps,
        windows,
        groups,
        kernel,
        stride,
        dilation,
        padding,
    };
    let n = [1, 1, 2, 3, 17, 40][rng.below(6)];
    (sizes, n)
}

fn close<N: Element>(name: &str, case: &str, found: &[N], expected: &[f64], tolerance: f64) {
    let largest = expected.iter().fold(1.0_f64, |most, e| most.max(e.abs()));
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        let error = (found.as_f64() - expected).abs();
        assert!(
            error <= tolerance * largest,
            "{name}[{index}] of {case}: {found} instead of {expected}"
        );
    }
}

fn check<N: Compiled>(level: Level, sizes: &Convolution, n: usize, rng: &mut Rng, tolerance: f64) {
    let case = format!("{n} × {sizes:?} by {level:?}");
    let mut random = |count: usize| -> Vec<N> { (0..count).map(|_| N::of(rng.normal())).collect() };
    let x = random(n * sizes.channels * sizes.image_numbers());
    let dy = random(n * sizes.maps * sizes.map_numbers());
    let w = random(sizes.maps * sizes.channels / sizes.groups * sizes.kernel[0] * sizes.kernel[1]);
    let (b, c) = (random(sizes.maps), random(sizes.channels));
    let mut expected = expected(sizes, &x, &w, &dy);
    let nan = |count: usize| vec![N::of(f64::NAN); count];

    let mut y = nan(dy.len());
    correlate(level, &x, &w, None, false, &mut y, sizes);
    close("y", &case, &y, &expected.y, tolerance);
    let mut dx = nan(x.len());
    spread(level, &dy, &w, None, &mut dx, sizes);
    close("dx", &case, &dx, &expected.dx, tolerance);
    let mut dw = nan(w.len());
    weight_gradient(level, &x, &dy, &mut dw, None, sizes);
    close("dw", &case, &dw, &expected.dw, tolerance);
    let mut moved = w.clone();
    weight_gradient(level, &x, &dy, &mut moved, Some(N::of(0.5)), sizes);
    let descended = w.iter().zip(&expected.dw);
    let descended: Vec<f64> = descended.map(|(w, dw)| w.as_f64() - 0.5 * dw).collect();
    close("w", &case, &moved, &descended, tolerance);

    for (index, y) in expected.y.iter_mut().enumerate() {
        *y = (*y + b[index / sizes.map_numbers() % sizes.maps].as_f64()).max(0.0);
    }
    correlate(level, &x, &w, Some(&b), true, &mut y, sizes);
    close("relu", &case, &y, &expected.y, tolerance);
    for (index, x) in expected.dx.iter_mut().enumerate() {
        *x += c[index / sizes.image_numbers() % sizes.channels].as_f64();
    }
    spread(level, &dy, &w, Some(&c), &mut dx, sizes);
    close("dx and c", &case, &dx, &expected.dx, tolerance);
}

#[test]
fn sums_of_maps_by_hand() {
    let y = [1.0, 2.0, 3.0, 4.0, 10.0, 20.0, 30.0, 40.0];
    let mut sums = [0.5; 2];
    f64::sum_maps(&y, &mut sums, 2, None);
    assert_eq!(sums, [33.0, 77.0]);
    f64::sum_maps(&y, &mut sums, 2, Some(0.5));
    assert_eq!(sums, [16.5, 38.5]);
}

#[test]
fn random_sizes() {
    for level in [Level::Portable, Level::Avx2, Level::Avx512] {
        if level > Level::widest() {
            continue;
        }
        let rng = &mut Rng::seeded(1);
        for _ in 0..150 {
            let (sizes, n) = draw(rng);
            check::<f64>(level, &sizes, n, rng, 1e-13);
            check::<f32>(level, &sizes, n, rng, 4e-6);
        }
    }
}
