use nn_core::prelude::*;

network! {
    pub struct Net<
        Input(784)
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
