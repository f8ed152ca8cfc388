use nn_core::prelude::*;

network! {
    struct Images< Input([[[f32; 32]; 32]; 3]) -> Flatten -> Affine(_, 2) -> SoftmaxWithLoss >;
}

network! {
    struct Rows< Affine([3, 4], 5) -> MeanSquaredError >;
}

fn main() {}
