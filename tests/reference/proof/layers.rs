//! Gradients of layers against differences; options are drawn.

use nn_core::{
    Add, Affine, Concat, Elu, Flatten, Gelu, GlobalAvgPool, HardSwish, Identity, LeakyRelu,
    LogSoftmax, LogSoftmaxOver, MatMul, MatMulOfTwo, Mul, PRelu, Relu, Repeat, Reshape, Rng,
    Sample, Scale, Selu, Shift, Sigmoid, Silu, Softmax, SoftmaxOver, Softplus, Sum, Tanh,
};

use super::erased::{Erased, doubles, samples};
use super::shapes::{check_shape, each_pair, each_sample, each_vector};
use crate::fixture::nan;

/// A number from 0.1 to 3.1.
fn number(seed: u64) -> f64 {
    0.1 + 3.0 * Rng::stream(seed, 101).uniform()
}

/// One of so many.
fn choice(seed: u64, count: usize) -> usize {
    Rng::stream(seed, 102).below(count)
}

macro_rules! on_samples {
    ($($test:ident $name:literal |$seed:ident| $layer:expr;)*) => {$(
        pub(crate) fn $test() {
            each_sample!($name, |n, $seed| Erased::layer::<X, _>($layer, n));
        }
    )*};
}
on_samples! {
    relu "Relu" |_seed| Relu;
    sigmoid "Sigmoid" |_seed| Sigmoid;
    tanh "Tanh" |_seed| Tanh;
    leaky_relu "LeakyRelu" |seed| LeakyRelu::new().alpha(number(seed));
    elu "Elu" |seed| Elu::new().alpha(number(seed));
    selu "Selu" |_seed| Selu;
    softplus "Softplus" |seed| Softplus::new().beta(number(seed));
    gelu "Gelu" |_seed| Gelu::new();
    gelu_tanh "Gelu(tanh)" |_seed| Gelu::new().tanh();
    silu "Silu" |_seed| Silu;
    hard_swish "HardSwish" |_seed| HardSwish;
    identity "Identity" |_seed| Identity;
    repeat "Repeat" |_seed| Repeat::<3>;
    scale "Scale" |seed| Scale(number(seed) - 1.5);
    shift "Shift" |seed| Shift(number(seed) - 1.5);
    prelu "PRelu" |_seed| PRelu::<1, T>::zeros();
}

pub(crate) fn prelu_of_channels() {
    each_sample!("PRelu(channels)", |n, _seed| Erased::layer::<X, _>(
        PRelu::<{ <X as Sample>::SHAPE.sizes()[0] }, T>::zeros(),
        n
    ));
}

pub(crate) fn sum() {
    each_sample!("Sum", |n, _seed| Erased::layer::<[X; 3], _>(Sum, n));
}

pub(crate) fn global_avg_pool() {
    each_sample!("GlobalAvgPool", |n, _seed| Erased::layer::<[X; 3], _>(
        GlobalAvgPool,
        n
    ));
}

pub(crate) fn softmax() {
    each_vector!("Softmax", |n, _seed| Erased::layer::<[T; C], _>(Softmax, n));
}

pub(crate) fn log_softmax() {
    each_vector!("LogSoftmax", |n, _seed| Erased::layer::<[T; C], _>(
        LogSoftmax, n
    ));
}

pub(crate) fn softmax_over() {
    each_sample!("Softmax(axis)", |n, seed| {
        let axis = choice(seed, X::SHAPE.sizes().len());
        Erased::layer::<X, _>(SoftmaxOver::new().axis(axis), n)
    });
}

pub(crate) fn log_softmax_over() {
    each_sample!("LogSoftmax(axis)", |n, seed| {
        let axis = choice(seed, X::SHAPE.sizes().len());
        Erased::layer::<X, _>(LogSoftmaxOver::new().axis(axis), n)
    });
}

pub(crate) fn affine() {
    each_pair!("Affine", |n, _seed| Erased::layer::<[T; I], _>(
        Affine::<I, O, T>::zeros(),
        n
    ));
}

pub(crate) fn matmul() {
    each_pair!("MatMul", |n, _seed| Erased::layer::<[T; I], _>(
        MatMul::<I, O, T>::zeros(),
        n
    ));
}

fn add_of<X: Sample>(n: usize) -> Erased {
    Erased::new(
        vec![n * X::LEN; 3],
        move |values| {
            let [a, b, c] = [0, 1, 2].map(|place| samples::<X>(&values[place]));
            let mut y = nan::<X>(n);
            Add.forward([&a, &b, &c], &mut y);
            doubles(&y)
        },
        // The gradient of each is that of the sum: a network hands on the buffer itself.
        |_, dy| vec![dy.to_vec(); 3],
    )
}

pub(crate) fn add() {
    each_sample!("Add", |n, _seed| add_of::<X>(n));
}

fn mul_of<X: Sample>(n: usize) -> Erased {
    Erased::new(
        vec![n * X::LEN; 3],
        move |values| {
            let [a, b, c] = [0, 1, 2].map(|place| samples::<X>(&values[place]));
            let mut y = nan::<X>(n);
            Mul.forward([&a, &b, &c], &mut y);
            doubles(&y)
        },
        move |values, dy| {
            let all = [0, 1, 2].map(|place| samples::<X>(&values[place]));
            let dy = samples::<X>(dy);
            let gradient = |others: [usize; 2]| {
                let mut dx = nan::<X>(n);
                Mul.backward(others.map(|other| all[other].as_slice()), &dy, &mut dx);
                doubles(&dx)
            };
            vec![gradient([1, 2]), gradient([0, 2]), gradient([0, 1])]
        },
    )
}

pub(crate) fn mul() {
    each_sample!("Mul", |n, _seed| mul_of::<X>(n));
}

pub(crate) fn concat() {
    each_pair!("Concat", |n, _seed| {
        type Y = [T; I + O];
        Erased::new(
            vec![n * I, n * O],
            move |values| {
                let mut y = nan::<Y>(n);
                Concat::<0>.forward(&samples::<[T; I]>(&values[0]), &mut y);
                Concat::<I>.forward(&samples::<[T; O]>(&values[1]), &mut y);
                doubles(&y)
            },
            move |_, dy| {
                let (mut first, mut second) = (nan::<[T; I]>(n), nan::<[T; O]>(n));
                Concat::<0>.backward(&samples::<Y>(dy), &mut first);
                Concat::<I>.backward(&samples::<Y>(dy), &mut second);
                vec![doubles(&first), doubles(&second)]
            },
        )
    });
}

pub(crate) fn matmul_of_two() {
    const B: usize = 3;
    each_pair!("MatMul of two values", |n, _seed| {
        type Left = [[T; B]; I];
        type Right = [[T; O]; B];
        type Y = [[T; O]; I];
        Erased::new(
            vec![n * I * B, n * B * O],
            move |values| {
                let (a, b) = (samples::<Left>(&values[0]), samples::<Right>(&values[1]));
                let mut y = nan::<Y>(n);
                MatMulOfTwo.forward(&a, &b, &mut y);
                doubles(&y)
            },
            move |values, dy| {
                let (a, b) = (samples::<Left>(&values[0]), samples::<Right>(&values[1]));
                let (dy, mut da, mut db) = (samples::<Y>(dy), nan::<Left>(n), nan::<Right>(n));
                MatMulOfTwo.backward_left(&b, &dy, &mut da);
                MatMulOfTwo.backward_right(&a, &dy, &mut db);
                vec![doubles(&da), doubles(&db)]
            },
        )
    });
}

pub(crate) fn flatten() {
    each_sample!("Flatten", |n, _seed| {
        type Y = [T; <X as Sample>::LEN];
        Erased::new(
            vec![n * X::LEN],
            move |values| {
                let mut y = nan::<Y>(n);
                Flatten.forward(&samples::<X>(&values[0]), &mut y);
                doubles(&y)
            },
            move |_, dy| {
                let mut dx = nan::<X>(n);
                Flatten.backward(&samples::<Y>(dy), &mut dx);
                vec![doubles(&dx)]
            },
        )
    });
}

pub(crate) fn reshape() {
    each_pair!("Reshape", |n, _seed| {
        type X = [[T; I]; O];
        type Y = [[[T; O]; 1]; I];
        Erased::new(
            vec![n * X::LEN],
            move |values| {
                let mut y = nan::<Y>(n);
                Reshape.forward(&samples::<X>(&values[0]), &mut y);
                doubles(&y)
            },
            move |_, dy| {
                let mut dx = nan::<X>(n);
                Reshape.backward(&samples::<Y>(dy), &mut dx);
                vec![doubles(&dx)]
            },
        )
    });
}
