//! Networks with layers of the user's, and networks in networks.

use nn_core::prelude::*;
use nn_tests::layers::{Gated, Row, Slope, Swish, Transpose};

use super::{check, random};

network! { struct Slopes< Affine(3, 5) -> Slope(5) -> Affine(5, 2) -> MeanSquaredError >; }
network! {
    struct SlopesAtTheEnds< Input(3) -> Slope(_) -> Affine(_, 4) -> Slope(4, alpha = normal(0.5)) -> SoftmaxWithLoss >;
}
network! {
    struct Swished<
        Affine(3, 4) -> Swish -> Affine(_, 4) -> Relu -> nn_tests::layers::Swish -> Affine(4, 2) -> MeanSquaredError
    >;
}
network! {
    struct Gates<
        Input(3) -> Gated(_, 4, slope = 1.2) -> skip: Gated(4, 4) -> Tanh -> Affine(_, 3) -> Gated(_, 2, W = he)
            -> MeanSquaredError
    >;
}
network! {
    struct Merged<
        x: Affine(3, 4) -> [ Slope(4) -> Tanh | Identity | Swish -> Scale(0.5) ] -> Add -> [ Swish | Slope(4) ] -> Mul
            -> part: Swish -> Concat(x, part) -> Affine(_, 2) -> Softmax -> MeanSquaredError
    >;
}
network! {
    struct Repeated<
        Affine(3, 4) -> ( skip: Slope(4) -> Affine(_, 4) -> Swish -> Add(skip) ) * 2 -> Affine(4, 2) -> MeanSquaredError
    >;
}
network! {
    struct DeepSamples<
        Input(2, 3) -> Transpose -> Swish -> Scale(2.0) -> [ Identity | Tanh ] -> Add -> Row(6) -> Affine(_, 4)
            -> Swish -> Repeat(2) -> Transpose -> Sum -> Affine(2, 2) -> MeanSquaredError
    >;
}
network! { struct GivesDeepSamples< Affine(3, 4) -> Repeat(2) -> Transpose -> MeanSquaredError >; }
network! { struct SwishOfASum< Affine(3, 4) -> a: Swish -> Repeat(3) -> Sum -> Add(a) -> Sigmoid -> SigmoidWithLoss >; }
// A layer of the library is a type like any other, by its path.
network! { struct ByPath< Input(3) -> nn_core::Affine(3, 4) -> Tanh -> MeanSquaredError >; }

network! { struct Encoder< Affine(3, 5) -> Tanh -> Affine(5, 4) -> Relu >; }
network! { struct Decoder< Affine(4, 5) -> Sigmoid -> Affine(5, 3) >; }
network! { struct Autoencoder< Encoder -> Decoder -> MeanSquaredError >; }
network! { struct Head< Encoder -> Slope(4) -> Affine(_, 3) -> SoftmaxWithLoss >; }
network! { struct Behind< Affine(3, 3) -> Encoder -> Tanh -> Affine(_, 2) -> MeanSquaredError >; }
network! { struct Twice< Input(3) -> [ Encoder | crate::own::Encoder ] -> Mul -> own: Affine(_, 2) -> MeanSquaredError >; }

// Networks whose gradient of what they read is more than the last call of their backward pass.
network! { struct BeginsInPlace< Input(4) -> Tanh -> Affine(_, 4) -> Tanh >; }
network! { struct BeginsInBranches< x: Input(4) -> [ Affine(_, 4) -> Tanh | Scale(0.5) | Identity ] -> Add -> Mul(x) >; }
network! { struct OnlyPasses< Input(4) -> Identity >; }
network! { struct OnlyShifts< Input(4) -> Shift(0.5) >; }
network! { struct NoParameters< x: Input(4) -> Sigmoid -> Concat(x) >; }
network! { struct EndsInAPoint< hidden: Affine(4, 4) -> Tanh -> Add(hidden) -> out: Sigmoid -> Mul(out, out) >; }
network! { struct ReadsImages< Input(2, 2) -> Sum -> Affine(_, 3) -> Repeat(2) -> Tanh >; }
network! {
    struct OfNetworks<
        Affine(3, 4) -> BeginsInPlace -> BeginsInBranches -> OnlyPasses -> OnlyShifts -> EndsInAPoint -> Affine(_, 2)
            -> MeanSquaredError
    >;
}
network! {
    struct OfNetworksAtTheBeginning< BeginsInBranches -> [ BeginsInPlace | OnlyPasses | OnlyShifts ] -> Add -> MeanSquaredError >;
}
network! { struct FirstInPlace< BeginsInPlace -> NoParameters -> Affine(_, 2) -> MeanSquaredError >; }
network! { struct FirstWithout< NoParameters -> Affine(_, 2) -> MeanSquaredError >; }
network! { struct Images< ReadsImages -> [ ReadsDeep | Scale(0.5) -> ReadsDeep ] -> Add -> MeanSquaredError >; }
network! { struct ReadsDeep< Input(2, 3) -> Swish -> Sum -> Affine(_, 2) >; }

// Beside layers that share weights, and with shared weights inside.
network! {
    struct Tied<
        Input(3) -> Slope(_) -> encoder: Affine(3, 4) -> Swish -> decoder: Affine(4, 3, W = encoder.W.T) -> Swish
            -> Affine(3, 4, W = encoder.W, b = encoder.b) -> Slope(4) -> MeanSquaredError
    >;
}
network! { struct TiedInside< outer: Affine(3, 4) -> Tanh -> Affine(4, 3, W = outer.W.T) >; }
network! { struct OfTied< TiedInside -> Swish -> again: TiedInside -> Affine(_, 2) -> MeanSquaredError >; }

// As deep as one likes.
network! { struct Inner< Affine(3, 4) -> Swish -> Affine(_, 3) >; }
network! { struct Middle< Inner -> [ Inner | Identity ] -> Add -> Affine(_, 3) >; }
network! { struct Outer< ( [ Middle -> Swish | Identity ] -> Add ) * 2 -> inner: Inner -> Affine(_, 2) -> MeanSquaredError >; }

#[test]
fn layers_with_parameters() {
    check(Slopes::<f64>::seeded, random::<2>);
    check(SlopesAtTheEnds::<f64>::seeded, |rng| rng.below(4));
    check(ByPath::<f64>::seeded, random::<4>);
}

#[test]
fn layers_without_parameters() {
    check(Swished::<f64>::seeded, random::<2>);
    check(SwishOfASum::<f64>::seeded, |rng| {
        std::array::from_fn::<f64, 4, _>(|_| rng.uniform())
    });
}

#[test]
fn layers_with_memory() {
    check(Gates::<f64>::seeded, random::<2>);
}

#[test]
fn in_branches_and_repetitions() {
    check(Merged::<f64>::seeded, random::<2>);
    check(Repeated::<f64>::seeded, random::<2>);
}

#[test]
fn samples_of_any_depth() {
    check(DeepSamples::<f64>::seeded, random::<2>);
    check(GivesDeepSamples::<f64>::seeded, |rng| {
        std::array::from_fn::<_, 4, _>(|_| random::<2>(rng))
    });
}

#[test]
fn networks_as_layers() {
    check(Autoencoder::<f64>::seeded, random::<3>);
    check(Head::<f64>::seeded, |rng| rng.below(3));
    check(Behind::<f64>::seeded, random::<2>);
    check(Twice::<f64>::seeded, random::<2>);
}

#[test]
fn networks_that_begin_and_end_in_all_ways() {
    check(OfNetworks::<f64>::seeded, random::<2>);
    check(OfNetworksAtTheBeginning::<f64>::seeded, random::<4>);
    check(FirstInPlace::<f64>::seeded, random::<2>);
    check(FirstWithout::<f64>::seeded, random::<2>);
    check(Images::<f64>::seeded, random::<2>);
}

#[test]
fn shared_weights() {
    check(Tied::<f64>::seeded, random::<4>);
    check(OfTied::<f64>::seeded, random::<2>);
}

#[test]
fn networks_in_networks_in_networks() {
    check(Outer::<f64>::seeded, random::<2>);
}
