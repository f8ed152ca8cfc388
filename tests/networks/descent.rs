//! Optimizers whose rule is p − lr·g move parameters while the gradient is computed, which must not show.

use nn_core::prelude::*;
use nn_core::{Losses, Result, Rng};

network! { #[derive(Clone)] struct Digits< Affine(20, 13) -> Relu -> Affine(13, 7) -> Relu -> Affine(7, 5) -> SoftmaxWithLoss >; }
network! {
    #[derive(Clone)]
    struct Curve< MatMul(20, 11) -> Tanh -> Relu -> MatMul(11, 7) -> Sigmoid -> Affine(7, 3) -> Relu -> MeanSquaredError >;
}
network! { #[derive(Clone)] struct Behind< Input(20) -> Tanh -> Sigmoid -> Affine(_, 1) -> SigmoidWithLoss >; }
network! {
    #[derive(Clone)]
    struct Branched<
        Affine(20, 9) -> skip: Relu -> ( [ Affine(9, 9) -> Relu | Tanh | Identity ] -> Add ) * 2
            -> [ Identity | Affine(9, 5) -> Scale(0.5) ] -> Concat -> Affine(14, 9) -> Mul(skip) -> Affine(9, 5) -> SoftmaxWithLoss
    >;
}

network! {
    #[derive(Clone)]
    struct Shared<
        first: Affine(20, 9) -> Relu -> Affine(9, 20, W = first.W.T) -> Tanh -> Affine(20, 9, W = first.W) -> Affine(9, 5)
            -> SoftmaxWithLoss
    >;
}

network! {
    #[derive(Clone)]
    struct Several<
        Affine(20, 9) -> Relu -> [ Affine(9, 5) -> SoftmaxWithLoss(weight = 0.3) | Relu ] -> Affine(9, 9) -> Relu
            -> [ Affine(9, 1) -> SigmoidWithLoss | MeanSquaredError(weight = 0.1) ]
    >;
}

/// `Sgd` that keeps to itself what its rule is.
struct Reserved(Sgd);

impl<T: nn_core::Element> Optimizer<T> for Reserved {
    fn step(&mut self, params: &mut dyn Parameters<T>, gradient: &dyn Parameters<T>) -> Result<()> {
        self.0.step(params, gradient)
    }

    fn lr(&self) -> f64 {
        Optimizer::<T>::lr(&self.0)
    }

    fn set_lr(&mut self, lr: f64) {
        Optimizer::<T>::set_lr(&mut self.0, lr);
    }
}

fn flat<N: Network>(net: &N) -> Vec<N::Element> {
    let tensors = net.params().tensors();
    tensors
        .flat_map(|tensor| tensor.numbers().to_vec())
        .collect()
}

/// Twenty steps with batches of 37 samples, in both ways and by a trainer.
fn compare<N, Y: Clone + Sync>(net: &N, target: impl Fn(usize) -> Y)
where
    N: Trainable<Input = [<N as Network>::Element; 20]> + Clone,
    N::Loss: Losses<N::Output, Y>,
{
    let rng = &mut Rng::seeded(7);
    let mut number = || nn_core::Element::of(rng.normal());
    let batch: Vec<[N::Element; 20]> = (0..37).map(|_| std::array::from_fn(|_| number())).collect();
    let targets: Vec<Y> = (0..37).map(target).collect();
    let (mut fused, mut apart, mut trained) = (net.clone(), net.clone(), net.clone());
    let mut trainer = Trainer::new(Box::new(Sgd::new(0.3)));
    let mut chosen: Box<dyn Optimizer<N::Element>> = Box::new(Sgd::new(0.3));
    for _ in 0..20 {
        let loss = fused.step(&mut chosen, &batch, &targets).unwrap();
        assert_eq!(
            apart
                .step(&mut Reserved(Sgd::new(0.3)), &batch, &targets)
                .unwrap(),
            loss
        );
        assert_eq!(trainer.step(&mut trained, &batch, &targets).unwrap(), loss);
    }
    assert_ne!(flat(&fused), flat(net));
    assert_eq!(flat(&fused), flat(&apart));
    assert_eq!(flat(&fused), flat(&trained));
}

#[test]
fn the_same_bits_as_gradient_and_update_apart() {
    compare(&Digits::seeded(1), |n| n % 5);
    compare(&Digits::<f64>::seeded(1), |n| n % 5);
    compare(&Curve::seeded(2), |n| [n as f32 / 37.0, 0.5, -0.25]);
    compare(&Curve::<f64>::seeded(2), |n| [n as f64 / 37.0, 0.5, -0.25]);
    compare(&Branched::seeded(1), |n| n % 5);
    compare(&Branched::<f64>::seeded(1), |n| n % 5);
    compare(&Shared::seeded(1), |n| n % 5);
    compare(&Shared::<f64>::seeded(1), |n| n % 5);
    compare(&Several::seeded(1), |n| {
        (n % 5, n % 2 == 0, [n as f32 / 37.0; 9])
    });
    compare(&Several::<f64>::seeded(1), |n| {
        (n % 5, n % 2 == 0, [n as f64 / 37.0; 9])
    });
    compare(&Behind::seeded(3), |n| n % 3 == 0);
    compare(&Behind::<f64>::seeded(3), |n| n % 3 == 0);
}

/// By hand: all parameters move by lr·λ of themselves more than without a decay.
#[test]
fn a_weight_decay_is_not_lost_on_the_way() {
    let (x, t) = ([[0.5; 20]; 3], [true, false, true]);
    let start = Behind::<f64>::seeded(3);
    let (mut plain, mut decaying) = (start.clone(), start.clone());
    plain.step(&mut Sgd::new(0.5), &x, &t).unwrap();
    let mut sgd = Sgd::new(0.5).weight_decay(0.25);
    decaying.step(&mut sgd, &x, &t).unwrap();
    let numbers = flat(&start)
        .into_iter()
        .zip(flat(&plain))
        .zip(flat(&decaying));
    for ((start, plain), decaying) in numbers {
        assert!((decaying - (plain - 0.125 * start)).abs() < 1e-15);
    }
    assert_ne!(flat(&plain), flat(&decaying));
}

#[test]
fn only_a_rule_that_would_be_followed_is_told() {
    assert_eq!(Optimizer::<f32>::descent(&Sgd::new(0.1)), Some(0.1));
    for lr in [-0.1, f64::NAN, f64::INFINITY] {
        assert_eq!(Optimizer::<f32>::descent(&Sgd::new(lr)), None);
    }
    let decaying = Sgd::new(0.1).weight_decay(0.01);
    assert_eq!(Optimizer::<f32>::descent(&decaying), None);
    assert_eq!(Adam::<f32>::new(0.1).descent(), None);
    assert_eq!(Momentum::<f32>::new(0.1, 0.0).descent(), None);
    let boxed: Box<dyn Optimizer<f64>> = Box::new(Sgd::new(0.5));
    assert_eq!(boxed.descent(), Some(0.5));
    assert_eq!(Optimizer::<f32>::descent(&&mut Sgd::new(0.5)), Some(0.5));
}

#[test]
fn a_gradient_stays_until_the_next_is_computed() {
    let mut net = Behind::<f64>::seeded(1);
    let (x, t) = ([[0.5; 20]], [true]);
    let gradient = net.gradient(&x, &t).unwrap().clone();
    net.step(&mut Sgd::new(0.1), &x, &t).unwrap();
    assert_eq!(*net.params_and_gradient().1, gradient);
    net.step(&mut Momentum::new(0.1, 0.5), &x, &t).unwrap();
    assert_ne!(*net.params_and_gradient().1, gradient);
}
