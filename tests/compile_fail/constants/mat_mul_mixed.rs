use nn_core::prelude::*;

const COLUMNS: usize = 4;

network! {
    pub struct Net< Affine(784, COLUMNS) -> [ Repeat(3) | Repeat(5) ] -> MatMul -> Sum -> Affine(COLUMNS, 10) -> SoftmaxWithLoss >;
}

fn main() {
    let _ = Net::seeded(1);
}
