use nn_core::prelude::*;

network! {
    struct Mlp<const H: usize>< Affine(784, H) -> Relu -> Affine(H, 10) -> SoftmaxWithLoss >;
}

fn main() {
    let net: Mlp<16> = Mlp::<17>::seeded(1);
}
