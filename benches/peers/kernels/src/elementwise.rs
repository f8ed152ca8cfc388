//! Activations and optimizers beside the same formulas in plain loops over the functions of `std`.

use std::hint::black_box;

use nn_core::prelude::*;
use nn_core::{Layer, Param};

use crate::timing::{Times, alternate, digits};
use crate::{Number, assert_close, numbers};

/// Numbers that the first-level cache holds, and many that only larger caches do.
const FEW: usize = 1_000;
const MANY: usize = 100_000;

/// Rows of softmax: the classes of digits.
const ROW: usize = 10;

/// Activations run on samples of this size.
const SAMPLE: usize = 100;

pub fn print<T: Number>() {
    println!(
        "\n## Element by element, {}; beside plain loops in Rust\n",
        T::NAME
    );
    println!("| kernel | numbers | nn-core µs | numbers / ns | plain loop µs | ÷ ours |");
    println!("|---|--:|--:|--:|--:|--:|");
    for count in [FEW, MANY] {
        activations::<T>(count);
    }
    optimizers::<T, FEW>();
    optimizers::<T, MANY>();
}

fn print_row(kernel: &str, count: usize, times: &[Times]) {
    let (ours, plain) = (times[0], times[1]);
    let per_nanosecond = count as f64 / ours.best / 1e3;
    println!(
        "| {kernel} | {count} | {} | {per_nanosecond:.2} | {} | {} |",
        ours.cell(),
        plain.cell(),
        digits(plain.best / ours.best)
    );
}

fn activations<T: Number>(count: usize) {
    let zero_or = |x: T| if x > T::zero() { x } else { T::zero() };
    compare::<T, SAMPLE>("Relu", count, &Relu, |x, y| {
        for (y, &x) in y.iter_mut().zip(x) {
            *y = zero_or(x);
        }
    });
    compare::<T, SAMPLE>("Sigmoid", count, &Sigmoid, |x, y| {
        for (y, &x) in y.iter_mut().zip(x) {
            *y = T::one() / (T::one() + (-x).exp());
        }
    });
    compare::<T, SAMPLE>("Tanh", count, &Tanh, |x, y| {
        for (y, &x) in y.iter_mut().zip(x) {
            *y = x.tanh();
        }
    });
    compare::<T, ROW>("Softmax, rows of 10", count, &Softmax, |x, y| {
        for (y, x) in y.chunks_exact_mut(ROW).zip(x.chunks_exact(ROW)) {
            let largest = x.iter().copied().fold(T::neg_infinity(), T::max);
            for (y, &x) in y.iter_mut().zip(x) {
                *y = (x - largest).exp();
            }
            let sum: T = y.iter().copied().sum();
            for y in y {
                *y /= sum;
            }
        }
    });
}

/// Forward, from x to y; ours copies x first.
fn compare<T: Number, const S: usize>(
    kernel: &str,
    count: usize,
    layer: &impl Layer<[T; S], Output = [T; S]>,
    plain: impl Fn(&[T], &mut [T]),
) {
    let x: Vec<T> = numbers(count, 5)
        .iter()
        .map(|&x: &T| x * T::of(4.0))
        .collect();
    let samples: Vec<[T; S]> = x.as_chunks().0.to_vec();
    let mut ours = vec![[T::zero(); S]; count / S];
    let mut theirs = vec![T::zero(); count];
    let times = alternate(&mut [
        Box::new(|| {
            layer.forward(black_box(&samples), &mut ours);
            black_box(&mut ours);
        }),
        Box::new(|| {
            plain(black_box(&x), &mut theirs);
            black_box(&mut theirs);
        }),
    ]);
    // Some last digits.
    assert_close(
        kernel,
        "a loop",
        &theirs,
        ours.as_flattened(),
        4.0 * T::EPSILON,
    );
    print_row(kernel, count, &times);
}

/// How parameters, gradient and state become the next ones by a plain loop; the step counts from 1.
type Rule<T> = fn(step: i32, p: &mut [T], g: &[T], state: &mut [Vec<T>; 2]);

fn optimizers<T: Number, const C: usize>() {
    optimizer::<T, C>("SGD", Sgd::new(0.01), |_, p, g, _| {
        let lr = T::of(0.01);
        for (p, &g) in p.iter_mut().zip(g) {
            *p -= lr * g;
        }
    });
    optimizer::<T, C>(
        "Momentum",
        Momentum::new(0.01, 0.9),
        |_, p, g, [velocity, _]| {
            let (lr, momentum) = (T::of(0.01), T::of(0.9));
            for ((p, &g), v) in p.iter_mut().zip(g).zip(velocity) {
                *v = momentum * *v - lr * g;
                *p += *v;
            }
        },
    );
    optimizer::<T, C>("Adam", Adam::new(0.001), |t, p, g, [m, v]| {
        let (beta1, beta2, eps) = (0.9_f64, 0.999_f64, T::of(1e-7));
        let lr_t = T::of(0.001 * (1.0 - beta2.powi(t)).sqrt() / (1.0 - beta1.powi(t)));
        let (one_minus_beta1, one_minus_beta2) = (T::of(1.0 - beta1), T::of(1.0 - beta2));
        for (((p, &g), m), v) in p.iter_mut().zip(g).zip(m).zip(v) {
            *m += one_minus_beta1 * (g - *m);
            *v += one_minus_beta2 * (g * g - *v);
            *p -= lr_t * *m / (v.sqrt() + eps);
        }
    });
}

fn optimizer<T: Number, const C: usize>(
    kernel: &str,
    mut optimizer: impl Optimizer<T>,
    plain: Rule<T>,
) {
    let start = numbers::<T>(C, 6);
    let mut ours = Param::<[T; C]>::zeros();
    ours.flat_mut().copy_from_slice(&start);
    let mut gradient = Param::<[T; C]>::zeros();
    gradient.flat_mut().copy_from_slice(&numbers(C, 7));
    let (mut theirs, mut state) = (start, [(); 2].map(|()| vec![T::zero(); C]));

    // The first step alone: how many follow depends on time.
    optimizer
        .step(&mut *ours, &*gradient)
        .expect("hyper-parameters and sizes are right");
    plain(1, &mut theirs, gradient.flat(), &mut state);
    assert_close(kernel, "a loop", &theirs, ours.flat(), 4.0 * T::EPSILON);

    let mut step = 1;
    let times = alternate(&mut [
        Box::new(|| {
            optimizer
                .step(black_box(&mut *ours), &*gradient)
                .expect("hyper-parameters and sizes are right");
        }),
        Box::new(|| {
            step += 1;
            plain(step, black_box(&mut theirs), gradient.flat(), &mut state);
        }),
    ]);
    print_row(kernel, C, &times);
}
