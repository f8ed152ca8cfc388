use nn_core::prelude::*;

network! {
    pub struct Net<
        Linear(784, 50) -> Relu -> Dense(50, 10) -> CrossEntropyLoss
    >;
}

fn main() {
    let mut net = Net::seeded(1);
    let _ = net.gradient(&[[0.0; 784]], &[1_u8]);
}
