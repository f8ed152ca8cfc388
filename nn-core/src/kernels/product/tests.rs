use super::{Compiled, Level, Product};
use crate::element::Element;
use crate::rng::Rng;

fn levels() -> impl Iterator<Item = Level> {
    [Level::Portable, Level::Avx2, Level::Avx512]
        .into_iter()
        .filter(|level| *level <= Level::widest())
}

/// The product by its definition, in f64.
fn expected<N: Element>(product: &Product<'_, N>) -> Vec<f64> {
    let Product { m, n, k, .. } = *product;
    let a = |row: usize, at: usize| {
        product.a[if product.a_transposed {
            at * m + row
        } else {
            row * k + at
        }]
        .as_f64()
    };
    let cell = |index: usize| {
        let (row, column) = (index / n, index % n);
        let bias = product.bias.map_or(0.0, |bias| bias[column].as_f64());
        let sum: f64 = (0..k)
            .map(|at| a(row, at) * product.b[at * n + column].as_f64())
            .sum();
        if product.relu {
            (sum + bias).max(0.0)
        } else {
            sum + bias
        }
    };
    (0..m * n).map(cell).collect()
}

fn check<N: Compiled>(sizes: [usize; 3], variant: usize, rng: &mut Rng) {
    let [m, n, k] = sizes;
    let mut random = |count: usize| -> Vec<N> { (0..count).map(|_| N::of(rng.normal())).collect() };
    let (a, b, bias) = (random(m * k), random(k * n), random(n));
    for level in levels() {
        let mut c = vec![N::nan(); m * n];
        let product = Product {
            m,
            n,
            k,
            a: &a,
            a_transposed: variant & 1 == 1,
            b: &b,
            bias: (variant & 2 == 2).then_some(&bias),
            c: &mut c,
            relu: variant & 4 == 4,
        };
        let expected = expected(&product);
        N::product(level, product);
        // A sum of k products of numbers around 1 is around √k; each addition rounds.
        let allowed = 4.0 * N::epsilon().as_f64() * (k as f64).max(4.0);
        for (index, (found, expected)) in c.iter().zip(&expected).enumerate() {
            let error = (found.as_f64() - expected).abs();
            assert!(
                error <= allowed,
                "{level:?} {sizes:?} variant {variant} number {index}: {found} for {expected}"
            );
        }
    }
}

/// All remainders of the tile sizes: rows up to two tiles, columns up to four registers of 16.
#[test]
fn every_remainder_of_the_tiles() {
    let rng = &mut Rng::seeded(1);
    for m in 1..=33 {
        for n in 1..=67 {
            let (k, variant) = (1 + rng.below(40), rng.below(8));
            check::<f32>([m, n, k], variant, rng);
            check::<f64>([m, n, k], variant, rng);
        }
    }
}

/// All remainders of the blocks of k, and shapes of real layers.
#[test]
fn blocks_of_k_and_large_shapes() {
    let rng = &mut Rng::seeded(2);
    for k in [1, 127, 128, 129, 255, 256, 257, 784] {
        for n in [1, 3, 10, 17, 19, 50, 51] {
            for variant in 0..8 {
                check::<f32>([9, n, k], variant, rng);
                check::<f64>([9, n, k], variant, rng);
            }
        }
    }
    check::<f32>([100, 50, 784], 6, rng);
    check::<f32>([784, 50, 100], 1, rng);
}

#[test]
#[should_panic(expected = "slices that do not fit")]
fn slices_of_another_size_are_refused() {
    let (a, b, mut c) = ([0.0_f32; 6], [0.0; 6], [0.0; 5]);
    Product {
        m: 2,
        n: 2,
        k: 3,
        a: &a,
        a_transposed: false,
        b: &b,
        bias: None,
        c: &mut c,
        relu: false,
    }
    .compute();
}

#[test]
fn a_nan_is_not_hidden_by_relu() {
    for level in levels() {
        for n in [1, 4, 8, 16, 17, 20] {
            let (a, b, mut c) = ([f32::NAN; 1], vec![1.0; n], vec![0.0; n]);
            let product = Product {
                m: 1,
                n,
                k: 1,
                a: &a,
                a_transposed: false,
                b: &b,
                bias: None,
                c: &mut c,
                relu: true,
            };
            f32::product(level, product);
            assert!(c.iter().all(|c| c.is_nan()), "{level:?} {n}: {c:?}");
        }
    }
}
