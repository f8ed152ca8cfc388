//! Every layer and every loss against central differences, in f64, over random numbers and many shapes.
//!
//! The function of a layer is Σ c·y with random c, so that dy = c; the function of a loss is the loss.

use std::any::type_name;

use nn_core::{
    Affine, BinaryCrossEntropy, CrossEntropy, Elu, Gelu, HardSwish, Hinge, Huber, Identity, Init,
    KlDivergence, Layer, LeakyRelu, LogSoftmax, LogSoftmaxOver, Loss, MatMul, MeanAbsoluteError,
    MeanSquaredError, MulticlassHinge, NegativeLogLikelihood, Relu, Repeat, Rng, Sample, Scale,
    Selu, Shift, Sigmoid, SigmoidWithLoss, Silu, Softmax, SoftmaxOver, SoftmaxWithLoss, Softplus,
    Sum, Tanh,
};
use nn_tests::{numeric_gradient, relative_error};

const DRAWS: u64 = 20;
const STEP: f64 = 1e-5;
const TOLERANCE: f64 = 1e-6;

/// Further away from 0, where `Relu` has its kink, than differences reach.
fn draw_number(rng: &mut Rng) -> f64 {
    loop {
        let number = rng.normal();
        if number.abs() > 1e-3 {
            return number;
        }
    }
}

fn draw<X: Sample<Element = f64>>(rng: &mut Rng, n: usize) -> Vec<X> {
    let numbers: Vec<f64> = (0..n * X::LEN).map(|_| draw_number(rng)).collect();
    X::from_flat(&numbers).to_vec()
}

/// A buffer that a layer has to overwrite: whatever it adds to or leaves out stays NaN.
fn nan<X: Sample<Element = f64>>(n: usize) -> Vec<X> {
    X::from_flat(&vec![f64::NAN; n * X::LEN]).to_vec()
}

fn compare(name: &str, case: &str, found: &[f64], numeric: &[f64]) {
    let error = relative_error(found, numeric);
    assert!(
        error < TOLERANCE,
        "{name} of {case}: relative error {error:e}\nfound   {found:?}\nnumeric {numeric:?}"
    );
}

/// The numbers of one parameter of a layer.
type Numbers<L> = fn(&mut L) -> &mut [f64];

/// Compares dx and the gradient of each parameter of `layer` with differences, for one draw of `n` samples.
fn check<X, L>(layer: &L, parameters: &[(&str, Numbers<L>)], n: usize, rng: &mut Rng)
where
    X: Sample<Element = f64>,
    L: Layer<X> + Clone,
{
    let case = format!("{}, {n} × {}", type_name::<L>(), type_name::<X>());
    let (x, dy) = (draw::<X>(rng, n), draw::<L::Output>(rng, n));
    let objective = |layer: &L, x: &[X]| -> f64 {
        let mut y = nan::<L::Output>(n);
        layer.forward(x, &mut y);
        let (y, c) = (L::Output::flat(&y), L::Output::flat(&dy));
        y.iter().zip(c).map(|(y, c)| y * c).sum()
    };

    let (mut y, mut dx, mut gradient) = (nan::<L::Output>(n), nan::<X>(n), layer.clone());
    for (_, numbers) in parameters {
        numbers(&mut gradient).fill(f64::NAN);
    }
    layer.forward(&x, &mut y);
    layer.backward(&x, &y, &dy, Some(&mut dx), &mut gradient);

    let numeric = numeric_gradient(X::flat(&x), STEP, |x| objective(layer, X::from_flat(x)));
    compare("dx", &case, X::flat(&dx), &numeric);
    for (name, numbers) in parameters {
        let mut moved = layer.clone();
        let centre = numbers(&mut moved).to_vec();
        let numeric = numeric_gradient(&centre, STEP, |at| {
            numbers(&mut moved).copy_from_slice(at);
            objective(&moved, &x)
        });
        compare(name, &case, numbers(&mut gradient), &numeric);
    }

    let mut without_dx = layer.clone();
    layer.backward(&x, &y, &dy, None, &mut without_dx);
    for (name, numbers) in parameters {
        assert_eq!(
            numbers(&mut without_dx),
            numbers(&mut gradient),
            "{name} of {case} depends on whether dx is asked for"
        );
    }
}

fn check_affine<const I: usize, const O: usize>(n: usize) {
    for seed in 0..DRAWS {
        let mut rng = Rng::seeded(seed);
        let mut layer = Affine::<I, O, f64>::init(Init::Normal(1.0), &mut rng);
        layer.b.flat_mut().fill_with(|| rng.normal());
        check::<[f64; I], _>(
            &layer,
            &[
                ("dW", |layer| layer.W.flat_mut()),
                ("db", |layer| layer.b.flat_mut()),
            ],
            n,
            &mut rng,
        );
    }
}

fn check_matmul<const I: usize, const O: usize>(n: usize) {
    for seed in 0..DRAWS {
        let mut rng = Rng::seeded(seed);
        let layer = MatMul::<I, O, f64>::init(Init::Normal(1.0), &mut rng);
        check::<[f64; I], _>(&layer, &[("dW", |layer| layer.W.flat_mut())], n, &mut rng);
    }
}

fn check_without_parameters<X: Sample<Element = f64>, L: Layer<X> + Clone + Default>(n: usize) {
    for seed in 0..DRAWS {
        check::<X, L>(&L::default(), &[], n, &mut Rng::seeded(seed));
    }
}

/// Compares the gradient of a loss with differences; `target` draws one target.
fn check_loss<X, Y, L>(loss: &L, n: usize, target: impl Fn(&mut Rng) -> Y)
where
    X: Sample<Element = f64>,
    L: Loss<X, Y>,
{
    let case = format!(
        "{}, {n} × {} against {}",
        type_name::<L>(),
        type_name::<X>(),
        type_name::<Y>()
    );
    for seed in 0..DRAWS {
        let mut rng = Rng::seeded(seed);
        let scores = draw::<X>(&mut rng, n);
        let targets: Vec<Y> = (0..n).map(|_| target(&mut rng)).collect();
        loss.check(&targets).unwrap();
        let (mut saved, mut dx) = (nan::<X>(n), nan::<X>(n));
        loss.forward(&scores, &targets, &mut saved);
        loss.backward(&saved, &targets, 1.0, &mut dx);
        let numeric = numeric_gradient(X::flat(&scores), STEP, |scores| {
            loss.forward(X::from_flat(scores), &targets, &mut nan::<X>(n))
        });
        compare("dx", &case, X::flat(&dx), &numeric);
    }
}

fn one_hot<const C: usize>(rng: &mut Rng) -> [f64; C] {
    let class = rng.below(C);
    std::array::from_fn(|j| f64::from(u8::from(j == class)))
}

fn probabilities<const C: usize>(rng: &mut Rng) -> [f64; C] {
    let weights: [f64; C] = std::array::from_fn(|_| rng.uniform());
    let sum: f64 = weights.iter().sum();
    weights.map(|weight| weight / sum)
}

fn check_softmax_with_loss<const C: usize>(n: usize) {
    check_loss::<[f64; C], usize, _>(&SoftmaxWithLoss, n, |rng| rng.below(C));
    check_loss::<[f64; C], _, _>(&SoftmaxWithLoss, n, one_hot::<C>);
    check_loss::<[f64; C], _, _>(&SoftmaxWithLoss, n, probabilities::<C>);
}

fn check_sigmoid_with_loss<const O: usize>(n: usize) {
    check_loss::<[f64; O], [f64; O], _>(&SigmoidWithLoss, n, |rng| {
        std::array::from_fn(|_| rng.uniform())
    });
    check_loss::<[f64; O], [f64; O], _>(&SigmoidWithLoss, n, |rng| {
        std::array::from_fn(|_| rng.uniform().round())
    });
}

fn check_mean_squared_error<const O: usize>(n: usize) {
    check_loss::<[f64; O], [f64; O], _>(&MeanSquaredError, n, |rng| {
        std::array::from_fn(|_| rng.normal())
    });
}

/// Calls a check that is generic over sizes, for each shape: `n, sizes…`.
macro_rules! each_shape {
    ($check:ident: $(($n:literal, $($size:literal),+)),+ $(,)?) => {
        $($check::<$($size),+>($n);)+
    };
}

/// Calls the check of a layer without parameters for samples of many shapes.
macro_rules! each_sample {
    ($layer:ty) => {
        check_without_parameters::<f64, $layer>(3);
        check_without_parameters::<[f64; 1], $layer>(1);
        check_without_parameters::<[f64; 1], $layer>(7);
        check_without_parameters::<[f64; 2], $layer>(1);
        check_without_parameters::<[f64; 5], $layer>(3);
        check_without_parameters::<[f64; 13], $layer>(2);
        check_without_parameters::<[f64; 31], $layer>(5);
        check_without_parameters::<[[f64; 3]; 2], $layer>(4);
        check_without_parameters::<[[[f64; 2]; 3]; 5], $layer>(2);
    };
}

#[test]
fn affine() {
    each_shape!(
        check_affine: (1, 1, 1), (1, 4, 3), (2, 1, 5), (5, 3, 1), (3, 7, 2), (7, 5, 11), (13, 11, 3), (2, 16, 17), (17, 2, 2)
    );
}

#[test]
fn matmul() {
    each_shape!(
        check_matmul: (1, 1, 1), (1, 4, 3), (2, 1, 5), (5, 3, 1), (3, 7, 2), (7, 5, 11), (13, 11, 3), (2, 16, 17), (17, 2, 2)
    );
}

#[test]
fn relu() {
    each_sample!(Relu);
}

#[test]
fn sigmoid() {
    each_sample!(Sigmoid);
}

#[test]
fn tanh() {
    each_sample!(Tanh);
}

#[test]
fn activations() {
    each_sample!(LeakyRelu);
    each_sample!(Elu);
    each_sample!(Selu);
    each_sample!(Softplus);
    each_sample!(Gelu);
    each_sample!(Silu);
    each_sample!(HardSwish);
}

#[test]
fn activations_with_options() {
    for seed in 0..DRAWS {
        let rng = &mut Rng::seeded(seed);
        let number = 0.1 + 3.0 * rng.uniform();
        check::<[[f64; 3]; 2], _>(&LeakyRelu::new().alpha(number), &[], 4, rng);
        check::<[f64; 5], _>(&Elu::new().alpha(number), &[], 3, rng);
        check::<[f64; 5], _>(&Softplus::new().beta(number), &[], 3, rng);
        check::<[[f64; 3]; 2], _>(&Gelu::new().tanh(), &[], 4, rng);
    }
}

#[test]
fn log_softmax() {
    fn check_log_softmax<const C: usize>(n: usize) {
        check_without_parameters::<[f64; C], LogSoftmax>(n);
    }
    each_shape!(
        check_log_softmax: (1, 1), (1, 2), (4, 1), (3, 5), (5, 3), (2, 10), (7, 13), (13, 31)
    );
}

#[test]
fn softmax_over_axes() {
    for seed in 0..DRAWS {
        let rng = &mut Rng::seeded(seed);
        for axis in 0..3 {
            let (plain, log) = (SoftmaxOver::new(), LogSoftmaxOver::new());
            check::<[[[f64; 2]; 3]; 5], _>(&plain.axis(axis), &[], 2, rng);
            check::<[[[f64; 2]; 3]; 5], _>(&log.axis(axis), &[], 2, rng);
            check::<[[f64; 18]; 3], _>(&plain.axis(axis), &[], 2, rng);
            check::<[[f64; 18]; 3], _>(&log.axis(axis), &[], 2, rng);
        }
    }
}

#[test]
fn identity() {
    each_sample!(Identity);
}

#[test]
fn repeat() {
    each_sample!(Repeat<1>);
    each_sample!(Repeat<3>);
}

#[test]
fn sum() {
    check_without_parameters::<[f64; 1], Sum>(1);
    check_without_parameters::<[f64; 5], Sum>(3);
    check_without_parameters::<[[f64; 3]; 2], Sum>(4);
    check_without_parameters::<[[f64; 1]; 7], Sum>(2);
    check_without_parameters::<[[[f64; 2]; 3]; 5], Sum>(2);
}

#[test]
fn scale_and_shift() {
    for seed in 0..DRAWS {
        let rng = &mut Rng::seeded(seed);
        let c = rng.normal();
        check::<[f64; 5], _>(&Scale(c), &[], 3, rng);
        check::<[[f64; 3]; 2], _>(&Scale(c), &[], 4, rng);
        check::<[f64; 5], _>(&Shift(c), &[], 3, rng);
        check::<[[f64; 3]; 2], _>(&Shift(c), &[], 4, rng);
    }
}

#[test]
fn softmax() {
    fn check_softmax<const C: usize>(n: usize) {
        check_without_parameters::<[f64; C], Softmax>(n);
    }
    each_shape!(
        check_softmax: (1, 1), (1, 2), (4, 1), (3, 5), (5, 3), (2, 10), (7, 13), (13, 31)
    );
}

#[test]
fn softmax_with_loss() {
    each_shape!(
        check_softmax_with_loss: (1, 1), (1, 2), (4, 1), (3, 5), (5, 3), (2, 10), (7, 13), (13, 31)
    );
}

#[test]
fn sigmoid_with_loss() {
    each_shape!(
        check_sigmoid_with_loss: (1, 1), (1, 2), (4, 1), (3, 5), (5, 3), (2, 10), (7, 13), (13, 31)
    );
    check_loss::<[f64; 1], bool, _>(&SigmoidWithLoss, 5, |rng| rng.uniform() < 0.5);
    check_loss::<[f64; 1], u8, _>(&SigmoidWithLoss, 5, |rng| u8::from(rng.uniform() < 0.5));
    check_loss::<[[f64; 3]; 2], _, _>(&SigmoidWithLoss, 3, |rng| {
        [[rng.uniform(); 3], [rng.uniform(); 3]]
    });
}

#[test]
fn mean_squared_error() {
    each_shape!(
        check_mean_squared_error: (1, 1), (1, 2), (4, 1), (3, 5), (5, 3), (2, 10), (7, 13), (13, 31)
    );
    check_loss::<[f64; 1], f64, _>(&MeanSquaredError, 5, Rng::normal);
    check_loss::<[[f64; 3]; 2], _, _>(&MeanSquaredError, 3, |rng| {
        [[rng.normal(); 3], [rng.normal(); 3]]
    });
}

fn check_losses_of_differences<const O: usize>(n: usize) {
    let normal = |rng: &mut Rng| -> [f64; O] { std::array::from_fn(|_| rng.normal()) };
    check_loss::<[f64; O], _, _>(&MeanAbsoluteError, n, normal);
    check_loss::<[f64; O], _, _>(&Huber::new(), n, normal);
    check_loss::<[f64; O], _, _>(&Huber::new().delta(0.25), n, normal);
}

#[test]
fn losses_of_differences() {
    each_shape!(
        check_losses_of_differences: (1, 1), (1, 2), (4, 1), (3, 5), (5, 3), (2, 10), (7, 13), (13, 31)
    );
}

fn check_losses_of_questions<const O: usize>(n: usize) {
    let loss = BinaryCrossEntropy::new().pos_weight(2.5);
    check_loss::<[f64; O], [f64; O], _>(&loss, n, |rng| std::array::from_fn(|_| rng.uniform()));
    check_loss::<[f64; O], [f64; O], _>(&Hinge, n, |rng| {
        std::array::from_fn(|_| rng.normal().signum())
    });
}

#[test]
fn losses_of_questions() {
    each_shape!(
        check_losses_of_questions: (1, 1), (1, 2), (4, 1), (3, 5), (5, 3), (2, 10), (7, 13), (13, 31)
    );
}

fn check_losses_of_classes<const C: usize>(n: usize) {
    let weights = std::array::from_fn(|j| 0.25 + j as f64);
    let loss = CrossEntropy::new().smoothing(0.3).weights(weights);
    check_loss::<[f64; C], _, _>(&loss, n, |rng| rng.below(C));
    check_loss::<[f64; C], _, _>(&loss, n, probabilities::<C>);
    check_loss::<[f64; C], _, _>(&NegativeLogLikelihood, n, |rng| rng.below(C));
    check_loss::<[f64; C], _, _>(&KlDivergence, n, probabilities::<C>);
    check_loss::<[f64; C], _, _>(&MulticlassHinge::new().margin(1.5), n, |rng| rng.below(C));
}

#[test]
fn losses_of_classes() {
    each_shape!(
        check_losses_of_classes: (1, 1), (1, 2), (4, 1), (3, 5), (5, 3), (2, 10), (7, 13), (13, 31)
    );
    // Label 0 does not count; of 31 samples some other one is there.
    let loss = CrossEntropy::new().ignore(0).smoothing(0.1);
    check_loss::<[f64; 5], _, _>(&loss, 31, |rng| rng.below(5));
}
