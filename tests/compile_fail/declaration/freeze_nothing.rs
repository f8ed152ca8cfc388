use nn_core::prelude::*;

network! {
    pub struct Net<
        Affine(784, 50) -> Relu -> #[freeze]
    >;
}

fn main() {
    let _ = Net::seeded(1);
}
