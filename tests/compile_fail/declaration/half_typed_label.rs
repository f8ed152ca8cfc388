use nn_core::prelude::*;

network! {
    pub struct Net< first: Affine(784, 50) -> second:
}

fn main() {
    let _ = Net::seeded(1).params.first;
}
