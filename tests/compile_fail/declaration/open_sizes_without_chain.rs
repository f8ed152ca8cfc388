use nn_core::prelude::*;

network! {
    struct Mlp<const H: usize>;
}

fn main() {}
