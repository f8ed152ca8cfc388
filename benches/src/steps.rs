//! Steps whose instructions are counted: those of the jobs, and single kernels, on numbers that cost nothing to make. How many
//! instructions a step takes does not hang on its numbers.

use std::hint::black_box;

use nn_core::prelude::*;
use nn_core::{Element, InPlace, KeepsInput, Layer as _, Loss, Result, Sample};

use crate::networks::{Images, Small, Tiny, Wide};

/// Work that is done again and again.
pub struct Step {
    /// What it is recorded under.
    pub name: &'static str,
    /// How often it is done before it is counted: the first time buffers are made and filled.
    pub before: usize,
    /// How often it is done while it is counted.
    pub count: usize,
    /// Does it so many times.
    pub run: fn(usize) -> Result<()>,
}

/// Everything that is counted. A kernel has a row of its own where a step of a job would hide it.
pub const ALL: [Step; 34] = [
    step("a", 2, |n| train(n, Small::seeded(1), Sgd::new(0.1), 100)),
    step("a_f64", 2, |n| {
        train(n, Small::<f64>::seeded(1), Sgd::new(0.1), 100)
    }),
    step("a_fit", 4, fit),
    // A second one would take longer than all the others together.
    Step {
        before: 0,
        ..step("b", 1, |n| train(n, Wide::seeded(1), Adam::new(0.001), 128))
    },
    step("c1", 50, |n| score(n, 1)),
    step("c1000", 1, |n| score(n, 1_000)),
    step("d", 1, epochs),
    Step {
        before: 1,
        ..step("f", 1, |n| train(n, Images::seeded(1), Sgd::new(0.1), 64))
    },
    step("conv2d", 1, convolve),
    step("max_pool2d", 2, pool),
    step("affine", 10, |n| affine(n, &Affine::default())),
    step("relu", 10, |n| activation(n, &Relu)),
    step("sigmoid", 10, |n| activation(n, &Sigmoid)),
    step("softmax", 10, |n| activation(n, &Softmax)),
    step("tanh", 10, |n| activation(n, &Tanh)),
    step("leaky_relu", 10, |n| activation(n, &LeakyRelu::new())),
    step("prelu", 10, learning_slopes),
    step("elu", 10, |n| activation(n, &Elu::new())),
    step("softplus", 10, |n| activation(n, &Softplus::new())),
    step("gelu", 10, |n| keeping(n, &Gelu::new())),
    step("gelu_tanh", 10, |n| keeping(n, &Gelu::new().tanh())),
    step("silu", 10, |n| keeping(n, &Silu)),
    step("log_softmax", 10, |n| activation(n, &LogSoftmax)),
    step("sgd", 10, |n| update(n, Sgd::new(0.1))),
    step("momentum", 10, |n| update(n, Momentum::new(0.1, 0.9))),
    step("nesterov", 10, |n| update(n, Nesterov::new(0.1, 0.9))),
    step("ada_grad", 10, |n| update(n, AdaGrad::new(0.1))),
    step("rms_prop", 10, |n| update(n, RmsProp::new(0.1, 0.9))),
    step("ada_delta", 10, |n| update(n, AdaDelta::new(1.0))),
    step("adam", 10, |n| update(n, Adam::new(0.1))),
    step("adam_w", 10, |n| update(n, AdamW::new(0.1))),
    step("nadam", 10, |n| update(n, Nadam::new(0.1))),
    step("r_adam", 10, |n| update(n, RAdam::new(0.1))),
    step("lion", 10, |n| update(n, Lion::new(0.1))),
];

const fn step(name: &'static str, count: usize, run: fn(usize) -> Result<()>) -> Step {
    let before = count;
    Step {
        name,
        before,
        count,
        run,
    }
}

/// Numbers from 0 to 1 in no order.
fn samples<const I: usize, T: Element>(count: usize) -> Vec<[T; I]> {
    let mut number = 0_u32;
    let mut next = || {
        number = (number + 37) % 101;
        T::of(f64::from(number) / 101.0)
    };
    let mut sample = || std::array::from_fn(|_| next());
    (0..count).map(|_| sample()).collect()
}

fn labels(count: usize) -> Vec<u8> {
    (0..10).cycle().take(count).collect()
}

fn train<N>(
    steps: usize,
    mut net: N,
    mut optimizer: impl Optimizer<N::Element>,
    batch: usize,
) -> Result<()>
where
    N: Trainable<Output = [<N as Network>::Element; 10]>,
    N::Input: Sample<Element = N::Element>,
    N::Loss: Loss<[N::Element; 10], u8>,
{
    let (x, t) = (samples::<784, _>(batch), labels(batch));
    let x = N::Input::from_flat(x.as_flattened());
    for _ in 0..steps {
        net.step(&mut optimizer, black_box(x), &t)?;
    }
    Ok(())
}

/// The trainer's steps, without accuracies: samples in another order for each epoch of two steps.
fn fit(steps: usize) -> Result<()> {
    let data = Dataset::new(samples::<784, f32>(200), labels(200))?;
    let trainer = Trainer::new(Sgd::new(0.1)).batch_size(100).steps(steps);
    let mut trainer = trainer.eval_interval(None).train_accuracy(false);
    trainer.fit(&mut Small::seeded(1), &data, &Dataset::empty())?;
    Ok(())
}

fn score(calls: usize, batch: usize) -> Result<()> {
    let net = Small::seeded(1);
    let x = samples(batch);
    let mut scores = vec![[0.0; 10]; batch];
    for _ in 0..calls {
        if let [x] = x.as_slice() {
            scores[0] = net.predict_one(black_box(x));
        } else {
            net.predict_into(black_box(&x), &mut scores)?;
        }
        black_box(&scores);
    }
    Ok(())
}

fn epochs(steps: usize) -> Result<()> {
    let (x, t) = (samples::<4, f32>(10_000), samples::<4, f32>(10_000));
    let (mut net, mut adam) = (Tiny::seeded(1), Adam::new(0.001));
    for _ in 0..steps {
        net.step(&mut adam, black_box(&x), &t)?;
    }
    Ok(())
}

/// Forward and backward on 100 samples.
#[expect(
    clippy::unnecessary_wraps,
    reason = "a step returns what training returns"
)]
fn affine(times: usize, layer: &Affine<50, 10, f32>) -> Result<()> {
    let (x, dy, mut gradient) = (samples(100), samples(100), Affine::default());
    let (mut y, mut dx) = (samples(100), samples(100));
    for _ in 0..times {
        layer.forward(black_box(&x), black_box(&mut y));
        layer.backward(&x, &y, black_box(&dy), Some(&mut dx), &mut gradient);
        black_box((&mut dx, &mut gradient));
    }
    Ok(())
}

/// Forward and backward of 8 maps, 3 × 3 with a border of zeros, on 16 images of 4 channels of 14 × 14.
#[expect(
    clippy::unnecessary_wraps,
    reason = "a step returns what training returns"
)]
fn convolve(times: usize) -> Result<()> {
    type Image = [[[f32; 14]; 14]; 4];
    type Maps = [[[f32; 14]; 14]; 8];
    let layer = Conv2d::<4, 8, 3, 3, f32, 1, 1, 1, 1>::default();
    let mut gradient = layer.clone();
    let (mut x, mut y) = (samples::<784, f32>(16), samples::<1_568, f32>(16));
    let mut dx = x.clone();
    let dy = y.clone();
    for _ in 0..times {
        let (x, y) = (images::<Image, _>(&mut x), images::<Maps, _>(&mut y));
        layer.forward(black_box(&*x), y);
        let dy = Maps::from_flat(dy.as_flattened());
        layer.backward(x, black_box(dy), Some(images(&mut dx)), &mut gradient);
        black_box((&mut dx, &mut gradient));
    }
    Ok(())
}

/// Forward and backward of windows of 2 × 2, on 16 images of 4 channels of 14 × 14.
#[expect(
    clippy::unnecessary_wraps,
    reason = "a step returns what training returns"
)]
fn pool(times: usize) -> Result<()> {
    type Image = [[[f32; 14]; 14]; 4];
    type Windows = [[[f32; 7]; 7]; 4];
    let layer: MaxPool2d<2, 2> = MaxPool2d;
    let (mut x, mut y) = (samples::<784, f32>(16), samples::<196, f32>(16));
    let mut dx = x.clone();
    for _ in 0..times {
        let (x, y) = (images::<Image, _>(&mut x), images::<Windows, _>(&mut y));
        layer.forward(black_box(&*x), y);
        layer.backward(x, black_box(&*y), images(&mut dx));
        black_box(&mut dx);
    }
    Ok(())
}

/// Rows of numbers as images of as many.
fn images<X: Sample, const L: usize>(rows: &mut [[X::Element; L]]) -> &mut [X] {
    X::from_flat_mut(rows.as_flattened_mut())
}

/// Forward and backward, on 10,000 numbers.
#[expect(
    clippy::unnecessary_wraps,
    reason = "a step returns what training returns"
)]
fn activation(times: usize, layer: &impl InPlace<[f32; 100]>) -> Result<()> {
    let (mut y, mut d) = (samples(100), samples(100));
    for _ in 0..times {
        layer.forward_in_place(black_box(&mut y));
        layer.backward_in_place(&y, black_box(&mut d));
    }
    Ok(())
}

/// Forward and backward of 100 samples of 100 numbers, by an activation that looks at what it read.
#[expect(
    clippy::unnecessary_wraps,
    reason = "a step returns what training returns"
)]
fn keeping(times: usize, layer: &impl KeepsInput<[f32; 100]>) -> Result<()> {
    let (x, mut y, mut d) = (samples(100), samples(100), samples(100));
    for _ in 0..times {
        layer.forward(&x, black_box(&mut y));
        layer.backward_in_place(&x, black_box(&mut d));
    }
    Ok(())
}

/// Forward and backward of 100 samples of 100 numbers, each of which has a slope.
#[expect(
    clippy::unnecessary_wraps,
    reason = "a step returns what training returns"
)]
fn learning_slopes(times: usize) -> Result<()> {
    let (layer, mut gradient) = (PRelu::<100>::zeros(), PRelu::zeros());
    let (x, dy) = (samples::<100, f32>(100), samples(100));
    let (mut y, mut dx) = (samples(100), samples(100));
    for _ in 0..times {
        layer.forward(&x, black_box(&mut y));
        layer.backward(&x, &y, &dy, Some(black_box(&mut dx)), &mut gradient);
    }
    Ok(())
}

/// An optimizer's rule, on 10,000 numbers.
fn update(times: usize, mut optimizer: impl Optimizer<f32>) -> Result<()> {
    let [mut p, g] = [(); 2].map(|()| Box::new(samples::<10_000, f32>(1)[0]));
    for _ in 0..times {
        optimizer.step(black_box(&mut *p), black_box(&*g))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{ALL, samples};

    #[test]
    fn every_step_can_be_taken_and_names_are_unique() {
        for (index, step) in ALL.iter().enumerate() {
            (step.run)(1).unwrap();
            assert!(ALL[..index].iter().all(|other| other.name != step.name));
        }
    }

    #[test]
    fn numbers_in_no_order() {
        // By hand: 37, 74 and 111 − 101 = 10 of 101.
        let numbers = samples::<3, f64>(1)[0];
        assert_eq!(numbers, [37.0, 74.0, 10.0].map(|n| n / 101.0));
    }
}
