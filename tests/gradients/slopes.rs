//! Networks with slopes that are learnt: `PRelu`.

use nn_core::prelude::*;
use nn_tests::layers::Swish;

use super::{check, random};

network! { struct One< Affine(3, 5) -> PRelu -> Affine(5, 2) -> MeanSquaredError >; }
network! { struct Each< Affine(3, 5) -> PRelu(channels) -> Relu -> Affine(5, 3) -> PRelu(channels, alpha = 0.6) -> SoftmaxWithLoss >; }
network! { struct First< Input(4) -> PRelu(channels) -> Affine(_, 3) -> LogSoftmax -> NegativeLogLikelihood(ignore = 2, weights = [0.5, 3.0, 1.0]) >; }
network! {
    struct Images<
        Input(2, 4, 3) -> Conv2d(3, 2) -> PRelu(channels) -> Conv2d(2, 2, stride = 1) -> PRelu -> Flatten -> Affine(_, 2) -> MeanSquaredError
    >;
}
network! {
    struct Branches<
        Affine(3, 4) -> x: Tanh -> [ PRelu(channels) -> Tanh | PRelu | Sigmoid ] -> Add -> (Affine(4, 4) -> PRelu) * 2 -> Add(x)
            -> MeanSquaredError
    >;
}
// The layer reads what another one that reads it too would overwrite.
network! {
    struct Frozen<
        Affine(3, 4) -> [ #[freeze] PRelu(channels) | Relu ] -> Add -> #[freeze] PRelu -> Affine(4, 2) -> MeanSquaredError
    >;
}
network! {
    struct FrozenOwn<
        Affine(3, 4) -> [ #[freeze] Swish | Scale(-2.0) -> Tanh ] -> Mul -> Affine(4, 2) -> MeanSquaredError
    >;
}
network! { struct Behind< Affine(3, 4) -> Swish -> PRelu(channels) -> Affine(4, 2) -> MeanSquaredError >; }
network! { struct Open<const H: usize>< Affine(3, H) -> PRelu(channels) -> Affine(H, 2) -> MeanSquaredError >; }
network! { struct Part< Affine(3, 4) -> PRelu(channels) >; }
network! { struct Whole< Part -> PRelu -> Affine(4, 2) -> MeanSquaredError >; }

#[test]
fn one_slope_and_one_for_each_channel() {
    check(One::<f64>::seeded, random::<2>);
    check(Each::<f64>::seeded, |rng| rng.below(3));
    check(Images::<f64>::seeded, random::<2>);
}

#[test]
fn in_branches_repetitions_and_parts() {
    check(Branches::<f64>::seeded, random::<4>);
    check(Behind::<f64>::seeded, random::<2>);
    check(Open::<5, f64>::seeded, random::<2>);
    check(Whole::<f64>::seeded, random::<2>);
}

#[test]
fn frozen_slopes() {
    check(Frozen::<f64>::seeded, random::<2>);
    check(FrozenOwn::<f64>::seeded, random::<2>);
}

#[test]
fn likelihoods_with_options() {
    // Of up to nine samples one has another label at least: the third class is drawn by none of the first.
    let mut count = 0;
    let count = std::cell::RefCell::new(&mut count);
    check(First::<f64>::seeded, |rng| {
        **count.borrow_mut() += 1;
        rng.below(2) + usize::from(**count.borrow() % 4 == 0 && rng.below(2) == 1)
    });
}
