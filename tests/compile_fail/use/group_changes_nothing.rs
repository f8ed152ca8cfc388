use nn_core::prelude::*;

fn main() {
    let _ = Groups::new(AdamW::<f32>::new(0.1)).group("*.b", |mut rule| rule.set_lr(0.0));
}
