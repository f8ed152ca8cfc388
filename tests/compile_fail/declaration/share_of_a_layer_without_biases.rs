use nn_core::prelude::*;

network! {
    pub struct Net<
        first: MatMul(784, 50) -> Relu -> Affine(50, 50, b = first.b) -> MeanSquaredError
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
