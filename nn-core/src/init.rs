//! Initial values of weights.

use crate::element::Element;
use crate::rng::Rng;

/// How weights are initialised; biases start at zero. In a declaration: `Affine(784, 50, init = normal(0.01))`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Init {
    /// `he`: normal with standard deviation √(2/I) for I inputs; the default before `Relu`.
    /// He et al. 2015, arXiv:1502.01852, equation 10.
    He,
    /// `xavier`: normal with standard deviation √(2/(I + O)) for I inputs and O outputs; the default elsewhere.
    /// Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks", equation 12.
    Xavier,
    /// `normal(σ)`: normal with standard deviation σ.
    Normal(f64),
    /// `zeros`.
    Zeros,
}

impl Init {
    /// Fills the weights of a layer with I = `inputs` and O = `outputs`.
    pub fn fill<T: Element>(self, weights: &mut [T], inputs: usize, outputs: usize, rng: &mut Rng) {
        let deviation = match self {
            Self::He => (2.0 / inputs as f64).sqrt(),
            Self::Xavier => (2.0 / (inputs + outputs) as f64).sqrt(),
            Self::Normal(deviation) => deviation,
            Self::Zeros => return weights.fill(T::zero()),
        };
        for weight in weights {
            *weight = T::of(deviation * rng.normal());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Init;
    use crate::rng::Rng;

    fn deviation(init: Init) -> f64 {
        let mut weights = vec![0.0_f64; 100_000];
        init.fill(&mut weights, 200, 50, &mut Rng::seeded(1));
        (weights.iter().map(|w| w * w).sum::<f64>() / weights.len() as f64).sqrt()
    }

    #[test]
    fn deviations_are_those_of_the_papers() {
        // √(2/200), √(2/250); four standard errors of a deviation: 4·σ/√(2·100,000) = 0.9 %.
        for (init, expected) in [
            (Init::He, 0.1),
            (Init::Xavier, 0.089_442_719),
            (Init::Normal(0.01), 0.01),
        ] {
            let found = deviation(init);
            assert!((found / expected - 1.0).abs() < 0.009, "{init:?}: {found}");
        }
        assert_eq!(deviation(Init::Zeros), 0.0);
    }

    #[test]
    fn f32_weights_are_the_rounded_f64_weights() {
        let (mut single, mut double) = ([0.0_f32; 9], [0.0_f64; 9]);
        Init::He.fill(&mut single, 3, 3, &mut Rng::seeded(5));
        Init::He.fill(&mut double, 3, 3, &mut Rng::seeded(5));
        #[expect(clippy::cast_possible_truncation)]
        let rounded = double.map(|w| w as f32);
        assert_eq!(single, rounded);
    }
}
