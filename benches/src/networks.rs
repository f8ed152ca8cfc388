//! The networks, and how much arithmetic they need at the least.

use nn_core::prelude::*;

network! {
    /// Jobs A and C: the textbook's network for digits.
    pub struct Small<
        Affine(784, 50, init = normal(0.01)) -> Relu -> Affine(50, 10, init = normal(0.01)) -> SoftmaxWithLoss
    >;
}

network! {
    /// Job B: wide enough that matrix products are nearly all of the work.
    pub struct Wide<
        Affine(784, 512, init = he) -> Relu
        -> Affine(512, 512, init = he) -> Relu
        -> Affine(512, 10, init = he) -> SoftmaxWithLoss
    >;
}

network! {
    /// Job D: so small that what surrounds the arithmetic is nearly all of the work.
    pub struct Tiny<
        Affine(4, 32) -> Tanh -> Affine(32, 16) -> Tanh -> Affine(16, 4) -> MeanSquaredError
    >;
}

/// The floating-point operations that scoring `samples` needs: two for each weight, a product and a sum.
#[must_use]
pub fn forward_flops<N: Network>(samples: usize) -> f64 {
    let weights: usize = weights::<N>().sum();
    2.0 * (samples * weights) as f64
}

/// The floating-point operations of the matrix products that a step on `samples` needs: forward, the gradient of the weights,
/// and the gradient of the values, which nobody needs in front of the first layer.
#[must_use]
pub fn step_flops<N: Network>(samples: usize) -> f64 {
    let first = weights::<N>().next().unwrap_or(0);
    3.0 * forward_flops::<N>(samples) - 2.0 * (samples * first) as f64
}

/// How many weights each layer has that has any.
fn weights<N: Network>() -> impl Iterator<Item = usize> {
    let size = |sizes: &[usize]| sizes.iter().product::<usize>();
    let with_weights = N::LAYERS.iter().filter(|layer| layer.parameters > 0);
    with_weights.map(move |layer| size(layer.input) * size(layer.output))
}

#[cfg(test)]
mod tests {
    use super::{Small, Tiny, forward_flops, step_flops};

    #[test]
    fn flops_of_steps_and_scores() {
        // By hand: 2·100·(39,200 + 500 forward, the same for the weights, 500 for the hidden layer's values).
        assert_eq!(step_flops::<Small>(100), 15_980_000.0);
        assert_eq!(forward_flops::<Small>(1), 79_400.0);
        // 2·(128 + 512 + 64), twice, and 2·(512 + 64).
        assert_eq!(step_flops::<Tiny>(1), 3_968.0);
    }
}
