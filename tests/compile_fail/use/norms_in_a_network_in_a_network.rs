use nn_core::prelude::*;

network! { pub struct Encoder< Affine(8, 4) -> BatchNorm -> Tanh >; }
network! { pub struct Net< Encoder -> Affine(_, 2) -> MeanSquaredError >; }

fn main() {
    let _ = Net::seeded(1);
}
