use nn_core::prelude::*;

network! {
    pub struct Net
}

fn main() {
    let _ = Net::seeded(1);
}
