use nn_core::prelude::*;

#[derive(Clone, Debug, Default, PartialEq, Parameters)]
enum Slopes {
    #[default]
    Steep,
}

fn main() {}
