use nn_core::prelude::*;

fn main() {
    let _ = Trainer::new(Adam::<f32>::new(0.1)).schedule(0.5);
}
