use nn_core::prelude::*;

network! {
    pub struct Net<
        Input(8, 7, 7) -> [ Conv2d(8, 3) -> Relu | Identity ] -> Add -> Flatten -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
