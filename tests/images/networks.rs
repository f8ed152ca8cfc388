//! Whole networks against `PyTorch`: scores, loss and all gradients. The labels of their layers are in the order of the script's.

use nn_core::prelude::*;
use nn_core::{Element, Result, with_threads};

use super::fixture::{fill, of_torch, samples};

network! {
    #[derive(Clone)]
    struct Small<
        Input(1, 12, 12)
        -> Conv2d(3, 3, padding = 1) -> Relu -> MaxPool2d(2)
        -> Conv2d(4, 3) -> Relu -> MaxPool2d(2)
        -> Flatten -> Affine(_, 3) -> SoftmaxWithLoss
    >;
}

network! {
    #[derive(Clone)]
    struct Residual<
        Input(2, 6, 5)
        -> Conv2d(4, 3, padding = same, bias = false) -> Relu
        -> [ Conv2d(4, 3, padding = 1) -> Relu -> Conv2d(4, 3, padding = 1) | Identity ] -> Add -> Relu
        -> Conv2d(6, 3, stride = 2, padding = 1, groups = 2, floor = true) -> Relu
        -> GlobalAvgPool -> Affine(_, 2) -> SoftmaxWithLoss
    >;
}

const TWO: usize = 2;
const THREE: usize = 3;

// Half of the sizes are constants, which only the compiler knows.
network! {
    #[derive(Clone)]
    struct Generator<
        Affine(3, 12) -> Tanh -> Reshape(THREE, TWO, 2)
        -> ConvTranspose2d(4, THREE, stride = TWO, padding = 1, output_padding = 1) -> Relu
        -> Pad(1, value = 0.25) -> AvgPool2d(TWO) -> Upsample(2, mode = bilinear)
        -> Conv2d(2, 2, dilation = TWO) -> Sigmoid
        -> ConvTranspose2d(TWO, 2, bias = false) -> Relu
        -> MaxPool2d(THREE, stride = 2, padding = 1) -> Upsample(1) -> AvgPool2d(2, stride = 1)
        -> Flatten -> Affine(_, 2) -> SoftmaxWithLoss
    >;
}

/// Smaller ones, so that nothing is saturated.
fn fill_with_quarters<T: Element>(seed: u64, numbers: &mut [T]) {
    fill(seed, numbers);
    for number in numbers {
        *number *= T::of(0.25);
    }
}

/// Fills the parameters as the script does: layer by layer, W and b.
macro_rules! fill {
    ($params:expr, $seed:literal: $($label:ident $(. $bias:ident)?),+) => {
        let mut seed = $seed + 10;
        $(
            fill_with_quarters(seed, $params.$label.W.flat_mut());
            $(fill_with_quarters(seed + 1, $params.$label.$bias.flat_mut());)?
            seed += 2;
        )+
        let _ = seed;
    };
}

macro_rules! compare {
    (@check $name:ident, $net:ident<$T:ty>, $seed:literal, $classes:literal: $($label:ident $(. $bias:ident)?),+) => {{
        let case = of_torch(stringify!($name));
        let mut net = $net::<$T>::seeded(0);
        fill!(net.params, $seed: $($label $(. $bias)?),+);
        let (x, t) = (samples($seed, 5), [0, 1, 2, 3, 4_usize].map(|n| n % $classes));
        let scores = net.predict(&x)?;
        case.compare("scores", scores.as_flattened());
        let loss = f64::from(net.loss(&x, &t)?);
        assert!((loss - case.number("loss")).abs() <= if <$T>::EPSILON < 1e-10 { 1e-10 } else { 2e-6 });
        let gradient = net.gradient(&x, &t)?.clone();
        let mut index = 0;
        $(
            case.compare(&format!("dW{index}"), gradient.$label.W.flat());
            $(case.compare(&format!("db{index}"), gradient.$label.$bias.flat());)?
            index += 1;
        )+
        let _ = index;

        // A step of plain descent, which is taken without the gradient, leads where the gradient says.
        let mut stepped = net.clone();
        stepped.step(&mut Sgd::new(0.5), &x, &t)?;
        let before = net.params.iter().zip(gradient.iter());
        for (((key, p), (_, g)), (_, found)) in before.zip(stepped.params.iter()) {
            for ((p, g), found) in p.iter().zip(g).zip(found) {
                let expected = p - 0.5 * g;
                assert!((found - expected).abs() <= 8.0 * <$T>::EPSILON, "{key}: {found} instead of {expected}");
            }
        }
    }};
    ($name:ident, $net:ident, $seed:literal, $classes:literal: $($labels:tt)+) => {
        #[test]
        fn $name() -> Result<()> {
            compare!(@check $name, $net<f64>, $seed, $classes: $($labels)+);
            compare!(@check $name, $net<f32>, $seed, $classes: $($labels)+);
            Ok(())
        }
    };
}

compare!(small, Small, 11, 3: conv2d1.b, conv2d2.b, affine1.b);
compare!(residual, Residual, 12, 2: conv2d1, conv2d2.b, conv2d3.b, conv2d4.b, affine1.b);
compare!(generator, Generator, 13, 2: affine1.b, conv_transpose2d1.b, conv2d1.b, conv_transpose2d2, affine2.b);

/// A frozen base with a new end, and a frozen layer between others that learn: the others get the gradients of a network without
/// `#[freeze]`, and what is frozen stays as it is.
#[test]
fn frozen_convolutions() -> Result<()> {
    network! {
        struct Free<
            Input(2, 5, 5) -> Conv2d(3, 2) -> Relu -> Conv2d(2, 3, padding = 1) -> Relu -> ConvTranspose2d(2, 2) -> MaxPool2d(2, stride = 1)
            -> Flatten -> Affine(_, 2) -> SoftmaxWithLoss
        >;
    }
    network! {
        struct Frozen<
            Input(2, 5, 5) -> Conv2d(3, 2) -> Relu -> #[freeze] Conv2d(2, 3, padding = 1) -> Relu -> #[freeze] ConvTranspose2d(2, 2)
            -> MaxPool2d(2, stride = 1) -> Flatten -> Affine(_, 2) -> SoftmaxWithLoss
        >;
    }
    let (mut free, mut frozen) = (Free::<f64>::seeded(1), Frozen::<f64>::seeded(1));
    let (x, t) = (samples::<[[[f64; 5]; 5]; 2]>(3, 4), [0, 1, 1, 0_u8]);
    let expected = free.gradient(&x, &t)?.clone();
    let gradient = frozen.gradient(&x, &t)?;
    assert_eq!(gradient.conv2d1, expected.conv2d1);
    assert_eq!(gradient.affine1, expected.affine1);
    frozen.step(&mut Adam::new(0.1), &x, &t)?;
    assert_eq!(frozen.params.conv2d2, free.params.conv2d2);
    assert_eq!(
        frozen.params.conv_transpose2d1,
        free.params.conv_transpose2d1
    );
    assert_ne!(frozen.params.conv2d1, free.params.conv2d1);
    Ok(())
}

/// What is learned does not depend on who computes it: 200 samples are several chunks.
#[test]
fn bits_do_not_depend_on_threads() -> Result<()> {
    let x = samples::<[[[f32; 12]; 12]; 1]>(5, 200);
    let t: Vec<u8> = (0..3).cycle().take(200).collect();
    let train = |threads| {
        with_threads(threads, || -> Result<_> {
            let mut net = Small::seeded(1);
            for _ in 0..3 {
                net.step(&mut Adam::new(0.01), &x, &t)?;
            }
            net.step(&mut Sgd::new(0.1), &x, &t)?;
            let bits = |numbers: &[f32]| numbers.iter().map(|n| n.to_bits()).collect::<Vec<_>>();
            Ok((
                bits(net.params.conv2d1.W.flat()),
                bits(net.params.conv2d2.W.flat()),
                bits(net.predict(&x)?.as_flattened()),
            ))
        })
    };
    let alone = train(1)?;
    for threads in [2, 3, 8] {
        assert!(train(threads)? == alone, "{threads} threads");
    }
    Ok(())
}

/// By hand, for `Small`: 3·9·144 + 4·27·16 + 16·3 products.
#[test]
fn products_are_counted() {
    assert_eq!(Small::<f32>::MACS, 3_888 + 1_728 + 48);
    assert_eq!(Small::<f32>::PARAMETERS, 30 + 112 + 51);
}

/// What is flattened or reshaped is not copied: a network with it and one without compute in the same memory.
#[test]
fn shapes_cost_nothing() -> Result<()> {
    network! { struct Plain< Input(12) -> Affine(_, 8) -> Relu -> Affine(_, 2) -> SoftmaxWithLoss >; }
    network! {
        struct Shaped<
            Input(3, 2, 2) -> Flatten -> Affine(_, 8) -> Reshape(2, 2, 2) -> Relu -> Flatten -> Reshape(8) -> Affine(_, 2) -> SoftmaxWithLoss
        >;
    }
    let bytes = <Plain as nn_core::Network>::WORKSPACE_BYTES_PER_SAMPLE;
    assert_eq!(
        <Shaped as nn_core::Network>::WORKSPACE_BYTES_PER_SAMPLE,
        bytes
    );
    let (mut plain, mut shaped) = (Plain::seeded(1), Shaped::seeded(1));
    let (x, t) = (samples::<[f32; 12]>(1, 4), [0, 1, 1, 0_u8]);
    let y: Vec<[[[f32; 2]; 2]; 3]> = samples(1, 4);
    assert_eq!(
        plain.step(&mut Sgd::new(0.1), &x, &t)?,
        shaped.step(&mut Sgd::new(0.1), &y, &t)?
    );
    assert_eq!(plain.params.affine1, shaped.params.affine1);
    Ok(())
}
