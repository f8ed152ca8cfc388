use nn_core::prelude::*;

network! {
    pub struct Net<
        encoder: Affine(784, 50) -> Relu -> decoder: Affine(50, 784, W = encoder.W.T) -> MeanSquaredError
    >;
}

fn main() {
    let net = Net::seeded(1);
    let _ = net.params.decoder.W;
}
