use nn_core::prelude::*;

network! {}

fn main() {}
