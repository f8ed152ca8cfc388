//! What becomes of memories while gradients are zero, as they are for pixels that are seldom lit and for units that never fire.

use crate::optim::{
    AdaDelta, Adam, AdamW, Momentum, Nadam, Nesterov, Optimizer, RAdam, RmsProp, StateValue,
};

/// 0.9²⁰⁰⁰ is 3e-92: less than any `f32`.
const STEPS: usize = 2_000;

/// All numbers that are remembered, after each of some steps without a gradient that follow one with it.
fn memories(optimizer: &mut dyn Optimizer<f32>) -> Vec<Vec<f32>> {
    let mut params = [0.5_f32; 20];
    optimizer.step(&mut params, &[0.25_f32; 20]).unwrap();
    let mut memories = Vec::new();
    for _ in 0..STEPS {
        optimizer.step(&mut params, &[0.0_f32; 20]).unwrap();
        let state = optimizer.state().unwrap();
        let numbers = state.iter().filter_map(|part| match part.value {
            StateValue::Numbers(numbers) => Some(numbers),
            StateValue::Number(_) => None,
        });
        memories.push(numbers.flatten().copied().collect());
    }
    memories
}

#[test]
fn what_fades_becomes_zero_and_never_a_denormal() {
    let optimizers: [Box<dyn Optimizer<f32>>; 8] = [
        Box::new(Momentum::new(0.1, 0.9)),
        Box::new(Nesterov::new(0.1, 0.9)),
        Box::new(RmsProp::new(0.1, 0.9)),
        Box::new(AdaDelta::new(1.0).decay_rate(0.9)),
        Box::new(Adam::new(0.1).beta2(0.9)),
        Box::new(AdamW::new(0.1).beta2(0.9)),
        Box::new(Nadam::new(0.1).beta2(0.9)),
        Box::new(RAdam::new(0.1).beta2(0.9)),
    ];
    for mut optimizer in optimizers {
        let memories = memories(&mut optimizer);
        assert!(
            memories
                .iter()
                .flatten()
                .all(|number| !number.is_subnormal())
        );
        assert!(memories[0].iter().all(|&number| number != 0.0));
        assert_eq!(memories[STEPS - 1], vec![0.0; memories[0].len()]);
    }
}

/// A step divides by the root alone then, which must not become zero before the mean does.
#[test]
fn without_an_epsilon_a_mean_of_squares_fades_as_far_as_it_can() {
    let mut adam = Adam::new(0.1).eps(0.0).beta1(0.0);
    let (mut params, tiny) = ([0.0_f32], 1e-19_f32);
    adam.step(&mut params, &[tiny]).unwrap();
    // The first step is lr long, whatever the gradient.
    assert!((params[0] + 0.1).abs() < 1e-3, "{params:?}");
}
