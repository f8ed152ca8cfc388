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

network! {
    /// Job F: a small network of convolutions.
    pub struct Images<
        Input(1, 28, 28)
        -> Conv2d(16, 5, init = he) -> Relu -> MaxPool2d(2)
        -> Conv2d(32, 5, init = he) -> Relu -> MaxPool2d(2)
        -> Flatten -> Affine(_, 10, init = he) -> SoftmaxWithLoss
    >;
}

/// The floating-point operations that scoring `samples` needs: two for each weight, a product and a sum, in each place
/// where it is used.
#[must_use]
pub fn forward_flops<N: Network>(samples: usize) -> f64 {
    let products: usize = products::<N>().sum();
    2.0 * (samples * products) as f64
}

/// The floating-point operations of the matrix products that a step on `samples` needs: forward, the gradient of the weights,
/// and the gradient of the values, which nobody needs in front of the first layer.
#[must_use]
pub fn step_flops<N: Network>(samples: usize) -> f64 {
    let first = products::<N>().next().unwrap_or(0);
    3.0 * forward_flops::<N>(samples) - 2.0 * (samples * first) as f64
}

/// How many products each layer sums that has weights and biases: all weights, for each row and column of what it gives.
fn products<N: Network>() -> impl Iterator<Item = usize> {
    let with_weights = N::LAYERS.iter().filter(|layer| layer.parameters > 0);
    with_weights.filter_map(|layer| {
        let (maps, places) = layer.output.split_first()?;
        Some((layer.parameters - maps) * places.iter().product::<usize>())
    })
}

#[cfg(test)]
mod tests {
    use super::{Images, Small, Tiny, forward_flops, step_flops};

    #[test]
    fn flops_of_steps_and_scores() {
        // By hand: 2·100·(39,200 + 500 forward, the same for the weights, 500 for the hidden layer's values).
        assert_eq!(step_flops::<Small>(100), 15_980_000.0);
        assert_eq!(forward_flops::<Small>(1), 79_400.0);
        // 2·(128 + 512 + 64), twice, and 2·(512 + 64).
        assert_eq!(step_flops::<Tiny>(1), 3_968.0);
        // 16·25·24² and 32·16·25·8² products, and 512·10; the first ones twice, the others three times.
        assert_eq!(
            step_flops::<Images>(1),
            2.0 * (2.0 * 230_400.0 + 3.0 * (819_200.0 + 5_120.0))
        );
        assert_eq!(forward_flops::<Images>(1), 2.0 * Images::<f32>::MACS as f64);
    }
}
