//! After the first step nothing is allocated: not by steps, losses and accuracies, nor by predictions into given room.

use allocation_counter::measure;
use nn_core::prelude::*;
use nn_tests::layers::{Gated, Slope, Swish};

network! { struct Digits< Affine(20, 30) -> Relu -> Affine(30, 5) -> SoftmaxWithLoss >; }
network! { struct Large< Affine(20, 8) -> Tanh -> Affine(8, 4) -> SoftmaxWithLoss >; }
network! { struct Curve< Affine(20, 8) -> Tanh -> Affine(8, 4) -> Sigmoid -> MatMul(4, 2) -> MeanSquaredError >; }
network! {
    struct Branched<
        x: Input(20) -> [ Affine(_, 8) -> Relu | Affine(_, 8) -> skip: Tanh | Scale(0.5) -> Affine(_, 8) ] -> Add
            -> (Affine(8, 8) -> Relu -> Add(skip)) * 2 -> [ Repeat(3) | Repeat(8) ] -> MatMul -> Sum -> Concat(x) -> pair: Affine(28, 2) -> Tanh -> Mul(pair)
            -> MeanSquaredError
    >;
}
network! { struct Encoder< Input(20) -> Slope(_) -> Gated(20, 9) -> Tanh >; }
network! { struct Decoder< Affine(9, 8) -> [ Swish | Identity ] -> Add >; }
network! { struct Nested< Encoder -> Decoder -> Affine(_, 2) -> MeanSquaredError >; }

network! {
    struct Tied<
        encoder: Affine(20, 8) -> Tanh -> Affine(8, 20, W = encoder.W.T) -> Sigmoid -> Affine(20, 8, W = encoder.W, b = encoder.b)
            -> #[freeze] Affine(8, 8) -> Relu -> Affine(8, 2) -> MeanSquaredError
    >;
}

network! {
    struct Several<
        [ Input(20) -> Affine(_, 8) | Input(20) -> Relu -> Affine(_, 8) ] -> Add
            -> [ Affine(8, 2) -> SoftmaxWithLoss(weight = 0.3) | Tanh ] -> Affine(8, 2) -> MeanSquaredError
    >;
}

network! {
    struct Images<
        Input(20) -> Reshape(1, 4, 5) -> Conv2d(6, 3, padding = same) -> Relu -> MaxPool2d(2, padding = ((0, 0), (1, 0)))
            -> Conv2d(4, 2, stride = (1, 2), groups = 2, floor = true) -> Tanh -> Upsample((3, 2), mode = bilinear)
            -> ConvTranspose2d(2, 2, stride = 2) -> Relu -> Pad(1) -> AvgPool2d(2) -> Flatten -> Affine(_, 2) -> MeanSquaredError
    >;
}

network! {
    struct Normed<
        Input(20) -> LayerNorm(affine = false) -> Affine(_, 12) -> RmsNorm -> Relu -> BatchNorm -> Dropout(0.1) -> Reshape(4, 3) -> LayerNorm(axis = 1) -> GroupNorm(2)
            -> Flatten -> Affine(_, 2) -> MeanSquaredError
    >;
}

const N: usize = 300;

fn samples() -> Vec<[f32; 20]> {
    (0..N)
        .map(|n| std::array::from_fn(|j| ((n * 7 + j * 3) % 11) as f32 / 11.0))
        .collect()
}

/// The allocations of a second call; the first is allowed to make room.
fn allocations(mut call: impl FnMut()) -> u64 {
    call();
    measure(call).count_total
}

#[test]
fn steps_of_every_optimizer() {
    let (x, t) = (samples(), (0..N).map(|n| n % 5).collect::<Vec<usize>>());
    let mut net = Digits::seeded(1);
    let groups = Groups::new(AdamW::new(0.001)).group("*.b", |rule| rule.weight_decay(0.0));
    let optimizers: [Box<dyn Optimizer<f32>>; 14] = [
        Box::new(Sgd::new(0.1)),
        Box::new(Sgd::new(0.1).weight_decay(0.01)),
        Box::new(Momentum::new(0.1, 0.9)),
        Box::new(Nesterov::new(0.1, 0.9)),
        Box::new(AdaGrad::new(0.01)),
        Box::new(RmsProp::new(0.001, 0.99)),
        Box::new(AdaDelta::new(1.0)),
        Box::new(Adam::new(0.001)),
        Box::new(AdamW::new(0.001)),
        Box::new(Nadam::new(0.001)),
        Box::new(RAdam::new(0.001)),
        Box::new(Lion::new(0.001)),
        Box::new(groups.clone()),
        Box::new(groups.group("affine2.*", |rule| rule.with_lr(0.01))),
    ];
    for mut optimizer in optimizers {
        let count = allocations(|| {
            net.step(&mut optimizer, &x, &t).unwrap();
        });
        assert_eq!(count, 0);
    }
    let trainer = Trainer::new(Adam::new(0.001)).max_grad(0.1);
    let mut trainer = trainer.schedule(Cosine::new(5).restarts(2).warm_up(1));
    assert_eq!(
        allocations(|| {
            let _ = trainer.step(&mut net, &x, &t).unwrap();
        }),
        0
    );
    // A smaller batch, as at the end of an epoch, needs no other room.
    assert_eq!(
        measure(|| {
            let _ = trainer.step(&mut net, &x[..7], &t[..7]).unwrap();
        })
        .count_total,
        0
    );
}

#[test]
fn every_layer_and_every_way_to_ask() {
    let (x, t) = (samples(), vec![[0.5, -0.5]; N]);
    let mut net = Curve::seeded(1);
    assert_eq!(
        allocations(|| {
            let _ = net.gradient(&x, &t).unwrap().affine1.b[0];
        }),
        0
    );
    assert_eq!(
        allocations(|| {
            let _ = net.loss(&x, &t).unwrap();
        }),
        0
    );
    let mut scores = vec![[0.0; 2]; N];
    assert_eq!(
        allocations(|| net.predict_into(&x, &mut scores).unwrap()),
        0
    );
    assert_eq!(
        allocations(|| {
            let _ = net.predict_one(&x[3]);
        }),
        0
    );
    let (net, t) = (Digits::seeded(1), vec![2_u8; N]);
    assert_eq!(
        allocations(|| {
            let _ = net.accuracy(&x, &t).unwrap();
        }),
        0
    );
}

#[test]
fn branches_and_merging_nodes() {
    let (x, t) = (samples(), vec![[0.5, -0.5]; N]);
    let mut net = Branched::seeded(1);
    let mut scores = vec![[0.0; 2]; N];
    for mut optimizer in [
        Box::new(Sgd::new(0.01)) as Box<dyn Optimizer<f32>>,
        Box::new(Adam::new(0.001)),
    ] {
        let count = allocations(|| {
            net.step(&mut optimizer, &x, &t).unwrap();
            net.predict_into(&x, &mut scores).unwrap();
            let _ = net.predict_one(&x[3]);
        });
        assert_eq!(count, 0);
    }
}

#[test]
fn layers_of_the_users_and_networks_in_networks() {
    let (x, t) = (samples(), vec![[0.5, -0.5]; N]);
    let mut net = Nested::seeded(1);
    let mut scores = vec![[0.0; 2]; N];
    for mut optimizer in [
        Box::new(Sgd::new(0.01)) as Box<dyn Optimizer<f32>>,
        Box::new(Adam::new(0.001)),
    ] {
        let count = allocations(|| {
            net.step(&mut optimizer, &x, &t).unwrap();
            net.predict_into(&x, &mut scores).unwrap();
            let _ = net.predict_one(&x[3]);
        });
        assert_eq!(count, 0);
    }
    let mut trainer = Trainer::new(Adam::new(0.001)).max_grad(0.1);
    let count = allocations(|| {
        let _ = trainer.step(&mut net, &x, &t).unwrap();
    });
    assert_eq!(count, 0);
}

#[test]
fn images_and_norms() {
    let (x, t) = (samples(), vec![[0.5, -0.5]; N]);
    let (mut images, mut normed) = (Images::seeded(1), Normed::seeded(1));
    let mut scores = vec![[0.0; 2]; N];
    for mut optimizer in [
        Box::new(Sgd::new(0.01)) as Box<dyn Optimizer<f32>>,
        Box::new(Adam::new(0.001)),
    ] {
        let count = allocations(|| {
            images.step(&mut optimizer, &x, &t).unwrap();
            images.predict_into(&x, &mut scores).unwrap();
            let _ = images.predict_one(&x[3]);
        });
        assert_eq!(count, 0);
    }
    for mut optimizer in [
        Box::new(Sgd::new(0.01)) as Box<dyn Optimizer<f32>>,
        Box::new(Adam::new(0.001)),
    ] {
        let count = allocations(|| {
            normed.step(&mut optimizer, &x, &t).unwrap();
            normed.predict_into(&x, &mut scores).unwrap();
        });
        assert_eq!(count, 0);
    }
}

#[test]
fn shared_and_frozen_weights() {
    let (x, t) = (samples(), vec![[0.5, -0.5]; N]);
    let mut net = Tied::seeded(1);
    for mut optimizer in [
        Box::new(Sgd::new(0.01)) as Box<dyn Optimizer<f32>>,
        Box::new(Adam::new(0.001)),
    ] {
        let count = allocations(|| {
            net.step(&mut optimizer, &x, &t).unwrap();
            let _ = net.predict_one(&x[3]);
        });
        assert_eq!(count, 0);
    }
}

#[test]
fn several_inputs_and_losses() {
    let x: Vec<([f32; 20], [f32; 20])> = samples().into_iter().map(|x| (x, x)).collect();
    let t = vec![(1_u8, [0.5, -0.5]); N];
    let mut net = Several::seeded(1);
    let mut scores = vec![([0.0; 2], [0.0; 2]); N];
    for mut optimizer in [
        Box::new(Sgd::new(0.01)) as Box<dyn Optimizer<f32>>,
        Box::new(Adam::new(0.001)),
    ] {
        let count = allocations(|| {
            net.step(&mut optimizer, &x, &t).unwrap();
            net.predict_into(&x, &mut scores).unwrap();
            let _ = net.predict_one(&x[3]);
            let _ = net.accuracy(&x, &t).unwrap();
        });
        assert_eq!(count, 0);
    }
}

/// 36,000 samples are more chunks than groups, so that groups add up chunks.
#[test]
fn large_batches() {
    let x: Vec<[f32; 20]> = samples().into_iter().cycle().take(36_000).collect();
    let t: Vec<usize> = (0..x.len()).map(|n| n % 4).collect();
    for threads in [1, 2] {
        let mut trainer = Trainer::new(Adam::new(0.001)).threads(threads);
        let mut net = Large::seeded(1);
        let count = allocations(|| {
            let _ = trainer.step(&mut net, &x, &t).unwrap();
        });
        assert_eq!(count, 0);
        // A network that only predicts has rooms of its own.
        let net = Large::from(net.params.clone());
        let mut scores = vec![[0.0; 4]; x.len()];
        let count = allocations(|| {
            nn_core::with_threads(threads, || {
                let _ = net.loss(&x, &t).unwrap();
                let _ = net.accuracy(&x, &t).unwrap();
                net.predict_into(&x, &mut scores).unwrap();
            });
        });
        assert_eq!(count, 0);
    }
}
