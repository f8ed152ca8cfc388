use nn_core::prelude::*;

network! {
    pub struct Net< first: Affine(784, 50) -> second: Affine(50, 10, init = )
}

fn main() {
    let net = Net::seeded(1);
    let _ = (net.params.first, net.params.second);
}
