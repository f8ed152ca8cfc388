use nn_core::prelude::*;

const HIDDEN: usize = 60;

network! {
    pub struct Net<
        Affine(784, 50) -> [ Affine(50, HIDDEN) -> Relu | Identity ] -> Add -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
