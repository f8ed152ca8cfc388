use nn_core::prelude::*;

network! {
    /// One for each channel, or one for all: how many there are need not be said.
    struct Net< Affine(784, 50) -> PRelu(50) -> Affine(50, 10) -> SoftmaxWithLoss >;
}

fn main() {
    let mut net = Net::seeded(1);
    let _ = net.gradient(&[[0.0; 784]], &[1_u8]);
}
