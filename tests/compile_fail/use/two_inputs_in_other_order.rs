use nn_core::prelude::*;

network! {
    pub struct Net<
        [ left: Input(3) | right: Input(2) ] -> Concat -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let mut net = Net::seeded(1);
    let _ = net.predict(&[([0.0; 2], [0.0; 3])]);
}
