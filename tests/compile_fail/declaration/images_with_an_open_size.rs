use nn_core::prelude::*;

network! {
    pub struct Net<const SIZE: usize><
        Input(1, SIZE, SIZE) -> Conv2d(4, 3) -> GlobalAvgPool -> Affine(_, 10) -> SoftmaxWithLoss
    >;
}

fn main() {
    let _ = Net::<9>::seeded(1);
}
