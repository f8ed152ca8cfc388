//! Generated code under the strictest lints that a user may have switched on.

#![deny(
    warnings,
    missing_docs,
    unused,
    unreachable_pub,
    missing_debug_implementations
)]
#![deny(clippy::all, clippy::pedantic, clippy::nursery)]
#![forbid(unsafe_code)]

use nn_core::prelude::*;
use nn_core::{Element, Layer, Param};

const HIDDEN: usize = 3;

network! {
    /// A classifier.
    #[derive(Clone, Debug, Default, PartialEq)]
    #[must_use]
    #[budget(parameters <= 17, macs < sizes::OUTPUTS * 7)]
    pub(crate) struct Classifier< first: Affine(2, HIDDEN) -> Relu -> Affine(_, 2) -> SoftmaxWithLoss >;
}

network! {
    /// A private network, of which hardly anything is used.
    #[derive(Debug)]
    struct Features< Input(2) -> MatMul(_, HIDDEN) -> Tanh >;
}

network! {
    /// Every form and every node.
    #[derive(Debug)]
    struct Graph<
        x: Input(2) -> Affine(_, HIDDEN) -> skip: Tanh -> ( [ Affine(HIDDEN, HIDDEN) -> Relu | Identity ] -> Add -> Mul(skip) ) * 2
            -> [ Repeat(2) | Scale(0.5) -> Shift(-1.0) -> Repeat(3) ] -> MatMul -> Sum -> Concat(x, skip) -> Affine(_, 2)
            -> SoftmaxWithLoss
    >;
}

const LESS: f64 = 0.25;

network! {
    /// Several inputs, a loss on the way, two at the end.
    #[derive(Clone, Debug)]
    pub(crate) struct Several<
        [ left: Input(2) -> Affine(_, HIDDEN) | right: Input(2, HIDDEN) -> Sum ] -> Add
            -> [ aux: Affine(HIDDEN, 1) -> SigmoidWithLoss(weight = LESS) | Identity ] -> Tanh
            -> [ class: Affine(HIDDEN, 2) -> SoftmaxWithLoss | MeanSquaredError(weight = 2) ]
    >;
}

network! {
    /// As many as there can be.
    #[derive(Debug)]
    struct Six<
        [ Input(1) | Input(1) | Input(1) | Input(1) | Input(1) | Input(1) ] -> Add -> Affine(1, 1)
            -> [ MeanSquaredError | MeanSquaredError | MeanSquaredError | MeanSquaredError | MeanSquaredError | MeanSquaredError ]
    >;
}

network! {
    /// Layers that normalise, and those that compute otherwise while they learn.
    #[derive(Clone, Debug)]
    pub(crate) struct Normed<
        Affine(2, HIDDEN) -> BatchNorm(momentum = LESS) -> Relu -> Dropout(0.1) -> LayerNorm(eps = LESS) -> Reshape(HIDDEN, 1)
            -> [ GroupNorm(HIDDEN) | #[freeze] BatchNorm ] -> Add -> Flatten -> Affine(_, 2) -> SoftmaxWithLoss
    >;
}

network! {
    /// One of them without a loss.
    #[derive(Debug)]
    struct Scored< Input(2) -> Dropout -> BatchNorm(affine = false) >;
}

network! {
    /// Several outputs without a loss.
    #[derive(Debug)]
    struct Gaussian< Affine(2, HIDDEN) -> [ mean: Affine(HIDDEN, 1) | variance: ( Affine(HIDDEN, 1) -> Sigmoid ) | copy: Identity ] >;
}

network! {
    /// Weights and biases of other layers, and a layer that has nothing of its own.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub(crate) struct Shared<
        first: Affine(2, HIDDEN) -> Tanh -> Affine(_, 2, W = first.W.T) -> Affine(2, HIDDEN, W = first.W, b = first.b) -> Relu
            -> MatMul(HIDDEN, 2, W = first.W.T) -> SoftmaxWithLoss
    >;
}

network! {
    /// What is not trained: below, between, in branches, repeated, and shared.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub(crate) struct Frozen<
        #[freeze] base: (Affine(2, HIDDEN) -> Tanh) -> low: Affine(HIDDEN, 2) -> Relu -> #[freeze] Affine(2, 2)
            -> [ #[freeze] (MatMul(2, 2) -> Relu) * 2 | Affine(2, 2, W = mat_mul1.W.T) ] -> Add -> SoftmaxWithLoss
    >;
}

network! {
    /// The first layer has its weights of one further down, and nothing is random.
    #[derive(Debug)]
    struct Biases< Affine(2, 2, W = last.W) -> last: Affine(2, 2, W = mat_mul1.W) -> MatMul(2, 2) >;
}

network! {
    /// No parameters, no loss.
    #[derive(Debug)]
    struct Squash< Input(2, 2) -> Sigmoid >;
}

network! {
    /// Labels that are almost keywords, or mean something else in the generated code.
    #[derive(Clone, Debug)]
    struct Labels<
        x: Input(2) -> n: Affine(2, 2) -> Type: Relu -> Saved: Affine(2, 2) -> s0: Tanh -> params: Affine(2, 2)
            -> Match: Sigmoid -> [ d_n: Affine(2, 2) | memory: Affine(2, 2) ] -> lr: Add -> share: Tanh -> None: Add(x)
            -> targets: SoftmaxWithLoss
    >;
}

network! {
    /// The same without them.
    #[derive(Clone, Debug)]
    struct NoLabels<
        start: Input(2) -> Affine(2, 2) -> Relu -> Affine(2, 2) -> Tanh -> Affine(2, 2) -> Sigmoid
            -> [ Affine(2, 2) | Affine(2, 2) ] -> Add -> Tanh -> Add(start) -> SoftmaxWithLoss
    >;
}

mod sizes {
    pub(super) const OUTPUTS: usize = 2;
}

network! {
    /// Sizes by path and by expression.
    #[derive(Debug)]
    struct Paths< Affine(sizes::OUTPUTS, self::HIDDEN) -> Affine(HIDDEN, sizes::OUTPUTS * 2) >;
}

mod inner {
    use nn_core::prelude::*;

    network! {
        /// Seen from outside.
        #[derive(Debug)]
        pub(super) struct Inner< Affine(2, 1) -> MeanSquaredError >;
    }
}

/// A layer with sizes, numbers and a constant.
#[derive(Clone, Debug, Default, PartialEq, Parameters)]
struct Bias<const N: usize, T: Element = f32> {
    /// What is added.
    #[init(normal(0.1))]
    b: Param<[T; N]>,
    /// How often.
    #[constant(2.0)]
    times: f64,
}

impl<const N: usize, T: Element> Layer<[T; N]> for Bias<N, T> {
    type Output = [T; N];

    fn forward(&self, x: &[[T; N]], y: &mut [[T; N]]) {
        for (x, y) in x.iter().zip(y) {
            *y = std::array::from_fn(|j| x[j] + T::of(self.times) * self.b[j]);
        }
    }

    fn backward(
        &self,
        _: &[[T; N]],
        _: &[[T; N]],
        dy: &[[T; N]],
        dx: Option<&mut [[T; N]]>,
        gradient: &mut Self,
    ) {
        gradient.b.fill(T::zero());
        for (sum, dy) in dy.iter().flat_map(|dy| dy.iter().enumerate()) {
            gradient.b[sum] += T::of(self.times) * *dy;
        }
        if let Some(dx) = dx {
            dx.copy_from_slice(dy);
        }
    }
}

network! {
    /// A network that is a layer below.
    #[derive(Debug)]
    struct Encoder< Input(2) -> Bias(_, times = 1) -> Affine(_, HIDDEN) -> Tanh >;
}

network! {
    /// The same, with two backward passes.
    #[derive(Debug)]
    struct Branches< x: Input(HIDDEN) -> [ Sigmoid | Affine(_, HIDDEN) ] -> Add -> Mul(x) >;
}

network! {
    /// Layers of one's own in every place.
    #[derive(Debug)]
    struct Nested<
        encoder: Encoder -> ( self::Branches -> Bias(HIDDEN) ) * 2 -> [ Bias(_) | Identity ] -> Add -> Repeat(2) -> Sum -> Concat(encoder)
            -> Affine(_, 2) -> Bias(2) -> SoftmaxWithLoss
    >;
}

#[test]
fn strict_lints_have_nothing_to_say() {
    assert_eq!(<Classifier>::default().params.first.W.len(), 2);
    assert_eq!(Features::new().predict(&[[1.0, 2.0]]).unwrap().len(), 1);
    assert_eq!(
        Squash::seeded(1).predict(&[[[0.0; 2]; 2]]).unwrap(),
        [[[0.5; 2]; 2]]
    );
    assert!(inner::Inner::seeded(1).loss(&[[0.0, 0.0]], &[1.0]).is_ok());
    assert_eq!(Paths::OUTPUT, [4]);
    assert!(Graph::seeded(1).gradient(&[[0.5, -0.5]], &[1_u8]).is_ok());
    assert!(Shared::seeded(1).gradient(&[[0.5, -0.5]], &[1_u8]).is_ok());
    assert!(Frozen::seeded(1).gradient(&[[0.5, -0.5]], &[1_u8]).is_ok());
    assert_eq!(Biases::seeded(1).predict(&[[0.5, -0.5]]).unwrap().len(), 1);
    let mut several = Several::seeded(1);
    let (batch, targets) = (
        [([0.5, 0.5], [[0.5; HIDDEN]; 2])],
        [(true, 1_u8, [0.5; HIDDEN])],
    );
    assert!(several.gradient(&batch, &targets).is_ok());
    assert_eq!(several.losses(&batch, &targets).unwrap().len(), 3);
    let six = Six::seeded(1).loss(
        &[([0.5], [0.5], [0.5], [0.5], [0.5], [0.5])],
        &[([0.5], [0.5], [0.5], [0.5], [0.5], [0.5])],
    );
    assert!(six.is_ok());
    assert_eq!(Scored::seeded(1).predict(&[[0.5, -0.5]]).unwrap().len(), 1);
    let ([_], [_], [_, _, _]) = Gaussian::seeded(1).predict_one(&[0.5, 0.5]);
    let mut labels = Labels::seeded(1);
    let mut no_labels = NoLabels::seeded(1);
    let gradient = labels.gradient(&[[0.5, -0.5]], &[1_u8]).unwrap();
    let expected = no_labels.gradient(&[[0.5, -0.5]], &[1_u8]).unwrap();
    assert_eq!(gradient.n, expected.affine1);
    assert_eq!(gradient.memory, expected.affine5);
    assert!(Nested::seeded(1).gradient(&[[0.5, -0.5]], &[1_u8]).is_ok());
    let anonymous = network!(< Affine(1, 1) -> MeanSquaredError >);
    assert!(anonymous.predict(&[[1.0]]).is_ok());
}
