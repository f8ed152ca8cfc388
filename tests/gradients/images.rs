//! Networks of images as layers of others, which read the samples in another shape.

use nn_core::prelude::*;

use super::{check, random};

network! { struct Eye< Input(18) -> Reshape(2, 3, 3) -> Conv2d(2, 2) -> Relu -> Flatten >; }
network! { struct First< Eye -> Affine(8, 2) -> MeanSquaredError >; }
network! { struct Behind< Affine(3, 18) -> Tanh -> Eye -> Affine(8, 2) -> MeanSquaredError >; }
network! { struct Frozen< Affine(3, 18) -> #[freeze] Eye -> Affine(8, 2) -> MeanSquaredError >; }
network! { struct Pooled< Input(16) -> Reshape(1, 4, 4) -> MaxPool2d(2) -> PRelu -> Flatten >; }
network! { struct BehindPooled< Affine(3, 16) -> Pooled -> Affine(4, 2) -> MeanSquaredError >; }

#[test]
fn networks_that_reshape_their_samples_are_layers() {
    check(First::<f64>::seeded, random::<2>);
    check(Behind::<f64>::seeded, random::<2>);
    check(Frozen::<f64>::seeded, random::<2>);
    check(BehindPooled::<f64>::seeded, random::<2>);
}
