use nn_core::prelude::*;

network! {
    pub struct Net<
        Affine(784, 50) -> #[freeze] (Relu -> [ Tanh | Identity ] -> Add) * 2 -> Affine(50, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
