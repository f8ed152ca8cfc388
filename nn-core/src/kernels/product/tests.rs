use super::super::threads::with_threads;
use super::{Compiled, Finish, K_BLOCK, Level, Product};
use crate::element::Element;
use crate::rng::Rng;

fn levels() -> impl Iterator<Item = Level> {
    [Level::Portable, Level::Avx2, Level::Avx512]
        .into_iter()
        .filter(|level| *level <= Level::widest())
}

/// What C and the sums of the columns of B become by definition, in f64.
fn expected<N: Element>(product: &Product<'_, N>) -> (Vec<f64>, Vec<f64>) {
    let Product { m, n, k, .. } = *product;
    let a = |row: usize, at: usize| {
        product.a[if product.a_transposed {
            at * m + row
        } else {
            row * k + at
        }]
        .as_f64()
    };
    let b = |at: usize, column: usize| {
        product.b[if product.b_transposed {
            column * k + at
        } else {
            at * n + column
        }]
        .as_f64()
    };
    let cell = |index: usize| {
        let (row, column) = (index / n, index % n);
        let bias = product.bias.map_or(0.0, |bias| bias[column].as_f64());
        let start = if product.adds {
            product.c[index].as_f64()
        } else {
            bias
        };
        let sum: f64 = start + (0..k).map(|at| a(row, at) * b(at, column)).sum::<f64>();
        match product.finish {
            Finish::Relu => sum.max(0.0),
            Finish::Cut(other) if other[index].as_f64() <= 0.0 => 0.0,
            Finish::Keep | Finish::Cut(_) => sum,
            Finish::Descend(rate) => product.c[index].as_f64() - rate.as_f64() * sum,
        }
    };
    let sum_of_column = |(column, before): (usize, &N)| {
        let sum: f64 = (0..k).map(|at| b(at, column)).sum();
        match product.finish {
            Finish::Descend(rate) => before.as_f64() - rate.as_f64() * sum,
            _ if product.adds => before.as_f64() + sum,
            _ => sum,
        }
    };
    let before = product.sums.as_deref().unwrap_or_default();
    let sums = before.iter().enumerate().map(sum_of_column);
    ((0..m * n).map(cell).collect(), sums.collect())
}

/// The ways to compute a product, without those that add.
const VARIANTS: usize = 2 * 2 * 2 * 4 * 2;

/// Sums, transposed A, transposed B: the ways to add a product to what is there.
const ADDING: [usize; 8] = [64, 65, 68, 69, 96, 97, 100, 101];

/// All ways to compute a product.
fn variants() -> impl Iterator<Item = usize> {
    (0..VARIANTS).chain(ADDING)
}

fn check<N: Compiled>(sizes: [usize; 3], variant: usize, rng: &mut Rng) {
    let [m, n, k] = sizes;
    let mut random = |count: usize| -> Vec<N> { (0..count).map(|_| N::of(rng.normal())).collect() };
    let (a, b, bias, other) = (random(m * k), random(16 + k * n), random(n), random(m * n));
    // Anywhere in a cache line.
    let b = &b[variant % 16..][..k * n];
    let (before, sums_before) = (random(m * n), random(n));
    let is = |bit: usize| variant >> bit & 1 == 1;
    let finish = match variant / 8 % 4 {
        0 => Finish::Keep,
        1 => Finish::Relu,
        2 => Finish::Cut(&other),
        _ => Finish::Descend(N::of(0.25)),
    };
    let descends = matches!(finish, Finish::Descend(_));
    for level in levels() {
        let (mut c, mut sums) = (before.clone(), sums_before.clone());
        let product = Product {
            a_transposed: is(0),
            adds: is(6) && !descends,
            bias: (is(1) && !is(6) && !descends).then_some(&bias),
            b_transposed: is(5),
            sums: (is(2) && !is(5)).then_some(&mut sums),
            finish,
            ..Product::plain(sizes, &a, b, &mut c)
        };
        let (expected, expected_sums) = expected(&product);
        N::product(level, product);
        // A sum of k products of numbers around 1 is around √k; each addition rounds.
        let allowed = 4.0 * N::epsilon().as_f64() * (k as f64).max(4.0);
        for (found, expected) in [(&c, expected), (&sums, expected_sums)] {
            for (index, (found, expected)) in found.iter().zip(&expected).enumerate() {
                let error = (found.as_f64() - expected).abs();
                assert!(
                    error <= allowed,
                    "{level:?} {sizes:?} variant {variant} number {index}: {found} for {expected}"
                );
            }
        }
    }
}

/// All remainders of the tile sizes: rows up to two tiles, columns up to four registers of 16.
#[test]
fn every_remainder_of_the_tiles() {
    let rng = &mut Rng::seeded(1);
    for m in 1..=33 {
        for n in 1..=67 {
            let k = 1 + rng.below(40);
            let variant = variants().nth(rng.below(VARIANTS + ADDING.len())).unwrap();
            check::<f32>([m, n, k], variant, rng);
            check::<f64>([m, n, k], variant, rng);
        }
    }
}

/// All remainders of the blocks of k, and shapes of real layers.
#[test]
fn blocks_of_k_and_large_shapes() {
    let rng = &mut Rng::seeded(2);
    for k in [1, 15, 16, 17, 127, 159, 160, 161, 320, 321, 784, 1024] {
        for n in [1, 3, 10, 17, 19, 50, 51] {
            for variant in variants() {
                check::<f32>([9, n, k], variant, rng);
                check::<f64>([9, n, k], variant, rng);
            }
        }
    }
    for variant in variants() {
        check::<f32>([100, 50, 784], variant, rng);
        check::<f32>([784, 50, 100], variant, rng);
        check::<f32>([64, 130, 256], variant, rng);
    }
    // More than one block; only what does not descend can be cut into blocks.
    for variant in variants().filter(|variant| variant / 8 % 4 < 3) {
        check::<f32>([20, 35, 1025], variant, rng);
        check::<f64>([17, 70, 2050], variant, rng);
    }
}

/// Rows of B that are walked flat begin and end anywhere in registers, and large ones are walked row by row.
#[test]
fn single_rows() {
    let rng = &mut Rng::seeded(4);
    for n in [10, 20, 30, 40, 50, 60, 100, 120, 200, 400] {
        for k in [1, 16, 40, 63, 64, 65, 71, 72, 100, 129, 784] {
            for variant in (0..16).chain(ADDING) {
                check::<f32>([1 + variant % 3, n, k], variant, rng);
                check::<f64>([1 + variant % 3, n, k], variant, rng);
            }
        }
    }
    for variant in (0..VARIANTS / 2)
        .chain(ADDING)
        .filter(|variant| variant / 8 % 4 < 3)
    {
        check::<f32>([1 + variant % 2, 1027, 518], variant, rng);
    }
}

/// The same numbers give the same bits wherever they lie.
#[test]
fn places_in_memory_change_no_bit() {
    let rng = &mut Rng::seeded(5);
    for (m, n) in [1, 3, 5]
        .into_iter()
        .flat_map(|m| [(m, 20), (m, 50), (m, 100)])
    {
        let k = 131;
        let a: Vec<f32> = (0..m * k).map(|_| f32::of(rng.normal())).collect();
        let b: Vec<f32> = (0..k * n).map(|_| f32::of(rng.normal())).collect();
        let mut found = Vec::new();
        for shift in 0..16 {
            let (mut moved, mut c) = (vec![0.0; 16 + k * n], vec![0.0; m * n]);
            moved[shift..][..k * n].copy_from_slice(&b);
            Product::plain([m, n, k], &a, &moved[shift..][..k * n], &mut c).compute();
            found.push(c);
        }
        assert!(found.iter().all(|c| *c == found[0]), "{m} {n}");
    }
}

/// A part of the rows, or half of k, is computed as the whole is: the same bits on any number of threads.
#[test]
fn threads_change_no_bit() {
    let rng = &mut Rng::seeded(3);
    let mut random =
        |count: usize| -> Vec<f32> { (0..count).map(|_| f32::of(rng.normal())).collect() };
    for [m, n, k] in [
        [100, 50, 784],
        [784, 50, 100],
        [131, 67, 300],
        [37, 20, 1100],
        [33, 512, 129],
        [600, 70, 515],
    ] {
        let (a, b, other) = (random(m * k), random(k * n), random(m * n));
        // The products of a layer: forward, and the gradients of its weights and of its input.
        for (a_transposed, b_transposed) in [(false, false), (true, false), (false, true)] {
            let descends = a_transposed && k <= K_BLOCK;
            for finish in [Finish::Relu, Finish::Cut(&other), Finish::Descend(0.5)] {
                if matches!(finish, Finish::Descend(_)) && !descends {
                    continue;
                }
                let compute = |threads: usize| {
                    let (mut c, mut sums) = (vec![1.0; m * n], vec![1.0; n]);
                    with_threads(threads, || {
                        Product {
                            a_transposed,
                            b_transposed,
                            sums: a_transposed.then_some(&mut sums),
                            finish,
                            ..Product::plain([m, n, k], &a, &b, &mut c)
                        }
                        .compute();
                    });
                    (c, sums)
                };
                let one = compute(1);
                for threads in [2, 3, 4, 8] {
                    assert!(compute(threads) == one, "{threads} threads, {m} {n} {k}");
                }
            }
        }
    }
}

#[test]
#[should_panic(expected = "slices that do not fit")]
fn slices_of_another_size_are_refused() {
    let (a, b, mut c) = ([0.0_f32; 6], [0.0; 6], [0.0; 5]);
    Product::plain([2, 2, 3], &a, &b, &mut c).compute();
}

#[test]
fn a_nan_is_not_hidden() {
    let nans = [f32::NAN; 20];
    for level in levels() {
        for n in [1, 4, 8, 16, 17, 20] {
            let (a, b, mut c) = ([f32::NAN; 1], vec![1.0; n], vec![0.0; n]);
            for finish in [Finish::Relu, Finish::Cut(&nans[..n]), Finish::Descend(1.0)] {
                let product = Product::plain([1, n, 1], &a, &b, &mut c);
                f32::product(level, Product { finish, ..product });
                assert!(c.iter().all(|c| c.is_nan()), "{level:?} {n}: {c:?}");
            }
        }
    }
}
