//! Trainings that are interrupted, anywhere and in any way, and go on as if they had not been.

mod ctrl_c;
mod errors;
mod kills;
mod same_bits;
mod training;

use nn_core::prelude::*;
use nn_core::{Element as _, History};

/// All numbers of a network to the last bit.
fn bits<N: Network>(net: &N) -> Vec<u64> {
    let tensors = (0..).map_while(|index| net.params().named(index));
    let numbers = tensors.flat_map(|tensor| tensor.numbers().to_vec());
    numbers.map(|number| number.as_f64().to_bits()).collect()
}

/// What a training has come to, save for how long it took.
fn timeless(history: &History) -> History {
    let mut history = history.clone();
    history.seconds = 0.0;
    history.total_seconds = 0.0;
    for record in &mut history.losses {
        record.seconds = 0.0;
    }
    for record in &mut history.epochs {
        record.seconds = 0.0;
    }
    history
}
