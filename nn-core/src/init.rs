//! Initial values of weights.

use crate::element::Element;
use crate::rng::Rng;

/// How weights are initialised; biases start at zero. In a declaration: `Affine(784, 50, init = normal(0.01))`.
///
/// I is the number of inputs that an output is the sum of, O the number of outputs. Without `init` weights start by He before `Relu`
/// and by Xavier elsewhere.
///
/// | in a declaration | deviation σ, or bound a | for |
/// |---|---|---|
/// | `he`, `he_uniform` | σ = √(2/I), a = √(6/I) | `Relu`, which lets half of the variance through: gain √2 |
/// | `xavier`, `xavier_uniform` | σ = √(2/(I + O)), a = √(6/(I + O)) | `Tanh`, `Sigmoid`, and what is linear |
/// | `lecun`, `lecun_uniform` | σ = √(1/I), a = √(3/I) | what normalises itself |
/// | `orthogonal`, `orthogonal(g)` | g²/max(I, O) on average | deep networks; g is √2 before `Relu`, else 1 |
/// | `normal(σ)`, `uniform(a)`, `constant(c)`, `zeros` | as written | |
///
/// A seed gives the same bits on every machine. Orthogonal weights take some 4·I·O·min(I, O) multiply-adds, the others a moment.
///
/// ```
/// use nn_core::{Init, Rng};
///
/// let mut weights = [0.0_f32; 6];
/// Init::HeUniform.fill(&mut weights, 2, 3, &mut Rng::seeded(1));
/// assert!(weights.iter().all(|w| w.abs() <= 1.732_051)); // √(6/2)
/// Init::Constant(0.5).fill(&mut weights, 2, 3, &mut Rng::seeded(1));
/// assert_eq!(weights, [0.5; 6]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Init {
    /// `he`: normal with standard deviation √(2/I) for I inputs; the default before `Relu`.
    /// He et al. 2015, arXiv:1502.01852, equation 10.
    He,
    /// `he_uniform`: uniform between −√(6/I) and √(6/I), the same deviation.
    HeUniform,
    /// `xavier`: normal with standard deviation √(2/(I + O)) for I inputs and O outputs; the default elsewhere.
    /// Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks", equation 12.
    Xavier,
    /// `xavier_uniform`: uniform between −√(6/(I + O)) and √(6/(I + O)), the same deviation: equation 16 there.
    XavierUniform,
    /// `lecun`: normal with standard deviation √(1/I).
    /// Le Cun et al. 1998, "Efficient backprop", equation 16.
    LeCun,
    /// `lecun_uniform`: uniform between −√(3/I) and √(3/I), the same deviation.
    LeCunUniform,
    /// `orthogonal(gain)`: rows, or columns if there are fewer of them, that are orthogonal to each other and as long as the gain;
    /// each such matrix equally likely. Wᵀ·W = gain²·1 where I ≥ O, else W·Wᵀ.
    /// Saxe et al. 2014, arXiv:1312.6120.
    Orthogonal(f64),
    /// `normal(σ)`: normal with standard deviation σ.
    Normal(f64),
    /// `uniform(a)`: uniform between −a and a.
    Uniform(f64),
    /// `constant(c)`: all of them c.
    Constant(f64),
    /// `zeros`.
    Zeros,
}

impl Init {
    /// Fills the weights W [I, O] of a layer with I = `inputs` and O = `outputs`, in row-major order.
    ///
    /// Where weights are shared by many outputs, as in convolutions, there are fewer of them than I·O: `inputs` is how many an
    /// output is the sum of.
    pub fn fill<T: Element>(self, weights: &mut [T], inputs: usize, outputs: usize, rng: &mut Rng) {
        self.fill_either(weights, inputs, outputs, rng, Rows::Inputs);
    }

    /// The same for weights [O, I], whose rows belong to outputs. It makes a difference for orthogonal ones alone.
    pub fn fill_transposed<T: Element>(
        self,
        weights: &mut [T],
        inputs: usize,
        outputs: usize,
        rng: &mut Rng,
    ) {
        self.fill_either(weights, inputs, outputs, rng, Rows::Outputs);
    }

    fn fill_either<T: Element>(
        self,
        weights: &mut [T],
        inputs: usize,
        outputs: usize,
        rng: &mut Rng,
        rows: Rows,
    ) {
        let (each, both) = (inputs as f64, (inputs + outputs) as f64);
        match self {
            Self::He => normal(weights, (2.0 / each).sqrt(), rng),
            Self::HeUniform => uniform(weights, (6.0 / each).sqrt(), rng),
            Self::Xavier => normal(weights, (2.0 / both).sqrt(), rng),
            Self::XavierUniform => uniform(weights, (6.0 / both).sqrt(), rng),
            Self::LeCun => normal(weights, each.recip().sqrt(), rng),
            Self::LeCunUniform => uniform(weights, (3.0 / each).sqrt(), rng),
            Self::Orthogonal(gain) => orthogonal(weights, inputs, gain, rng, rows),
            Self::Normal(deviation) => normal(weights, deviation, rng),
            Self::Uniform(bound) => uniform(weights, bound, rng),
            Self::Constant(number) => weights.fill(T::of(number)),
            Self::Zeros => weights.fill(T::zero()),
        }
    }
}

/// What a row of the weights belongs to.
#[derive(Clone, Copy)]
enum Rows {
    Inputs,
    Outputs,
}

fn normal<T: Element>(weights: &mut [T], deviation: f64, rng: &mut Rng) {
    for weight in weights {
        *weight = T::of(deviation * rng.normal());
    }
}

fn uniform<T: Element>(weights: &mut [T], bound: f64, rng: &mut Rng) {
    for weight in weights {
        *weight = T::of(bound * (2.0 * rng.uniform() - 1.0));
    }
}

/// Vectors of normal numbers point into all directions equally often; made orthogonal one after the other they are the longer
/// side of the matrix.
fn orthogonal<T: Element>(weights: &mut [T], inputs: usize, gain: f64, rng: &mut Rng, rows: Rows) {
    if weights.is_empty() {
        return;
    }
    let (inputs, others) = (inputs.max(1), weights.len().div_ceil(inputs.max(1)));
    let (long, short) = (inputs.max(others), inputs.min(others));
    let mut vectors = vec![0.0; long * short];
    for number in 0..short {
        let (before, rest) = vectors.split_at_mut(number * long);
        let vector = &mut rest[..long];
        // Once more, should it lie within the space of those before it: never, as far as anyone can tell.
        while !draw_orthogonal(vector, before, rng) {}
    }
    let columns = match rows {
        Rows::Inputs => others,
        Rows::Outputs => inputs,
    };
    let rows_are_vectors = columns == long;
    for (index, weight) in weights.iter_mut().enumerate() {
        let (row, column) = (index / columns, index % columns);
        let (vector, place) = if rows_are_vectors {
            (row, column)
        } else {
            (column, row)
        };
        *weight = T::of(gain * vectors[vector * long + place]);
    }
}

/// Draws a vector of length 1 that is orthogonal to all `before`; `false` if nothing was left of it.
fn draw_orthogonal(vector: &mut [f64], before: &[f64], rng: &mut Rng) -> bool {
    vector.fill_with(|| rng.normal());
    let drawn = dot(vector, vector).sqrt();
    // Twice is enough: Giraud et al. 2005, "The loss of orthogonality in the Gram-Schmidt orthogonalization process".
    for _ in 0..2 {
        for other in before.chunks_exact(vector.len()) {
            let part = dot(vector, other);
            for (number, other) in vector.iter_mut().zip(other) {
                *number -= part * other;
            }
        }
    }
    let length = dot(vector, vector).sqrt();
    for number in &mut *vector {
        *number /= length;
    }
    length > 1e-8 * drawn
}

/// Σ a·b, always in the same order: eight sums side by side, then these.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let mut sums = [0.0; 8];
    for (a, b) in a.iter().zip(b) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
    }
    let rest = a_rest.iter().zip(b_rest).map(|(a, b)| a * b);
    sums.into_iter().chain(rest).sum()
}

#[cfg(test)]
mod tests {
    use super::{Init, dot};
    use crate::rng::Rng;

    const COUNT: usize = 100_000;

    fn drawn(init: Init) -> Vec<f64> {
        let mut weights = vec![0.0; COUNT];
        init.fill(&mut weights, 200, 50, &mut Rng::seeded(1));
        weights
    }

    /// The mean of a power.
    fn moment(weights: &[f64], power: i32) -> f64 {
        weights.iter().map(|w| w.powi(power)).sum::<f64>() / weights.len() as f64
    }

    #[test]
    fn normal_weights_have_the_moments_of_the_papers() {
        // √(2/200), √(2/250), √(1/200).
        for (init, deviation) in [
            (Init::He, 0.1),
            (Init::Xavier, 0.089_442_719),
            (Init::LeCun, 0.070_710_678),
            (Init::Normal(0.01), 0.01),
        ] {
            let weights = drawn(init);
            let count = COUNT as f64;
            // Four standard errors: of the mean σ/√n, of the variance σ²·√(2/n), of the fourth moment σ⁴·√(96/n), whose mean is 3σ⁴.
            let (mean, variance) = (moment(&weights, 1), moment(&weights, 2));
            assert!(mean.abs() < 4.0 * deviation / count.sqrt(), "{init:?}");
            let ratio = variance / deviation.powi(2);
            assert!(
                (ratio - 1.0).abs() < 4.0 * (2.0 / count).sqrt(),
                "{init:?}: {ratio}"
            );
            let ratio = moment(&weights, 4) / deviation.powi(4);
            assert!(
                (ratio - 3.0).abs() < 4.0 * (96.0 / count).sqrt(),
                "{init:?}: {ratio}"
            );
        }
    }

    #[test]
    fn uniform_weights_fill_the_bounds_of_the_papers() {
        // √(6/200), √(6/250), √(3/200).
        for (init, bound) in [
            (Init::Uniform(1.0), 1.0_f64),
            (Init::HeUniform, 0.173_205_081),
            (Init::XavierUniform, 0.154_919_334),
            (Init::LeCunUniform, 0.122_474_487),
            (Init::Uniform(0.05), 0.05),
        ] {
            let weights = drawn(init);
            let count = COUNT as f64;
            // a²/3; its standard error is a²·√(4/(45·n)), that of the mean a/√(3n). The largest of n is within 12·a/n, but for e⁻⁶.
            let ratio = 3.0 * moment(&weights, 2) / bound.powi(2);
            assert!(
                (ratio - 1.0).abs() < 12.0 * (4.0 / (45.0 * count)).sqrt(),
                "{init:?}: {ratio}"
            );
            assert!(moment(&weights, 1).abs() < 4.0 * bound / (3.0 * count).sqrt());
            let (low, high) = (
                weights.iter().copied().fold(1.0, f64::min),
                weights.iter().copied().fold(-1.0, f64::max),
            );
            let close =
                |found: f64| found <= bound * (1.0 + 1e-8) && found > bound * (1.0 - 12.0 / count);
            assert!(close(-low) && close(high), "{init:?}: {low} to {high}");
        }
    }

    #[test]
    fn constants_and_zeros() {
        assert_eq!(drawn(Init::Zeros), vec![0.0; COUNT]);
        assert_eq!(drawn(Init::Constant(-0.25)), vec![-0.25; COUNT]);
    }

    /// The largest number of WᵀW/gain² − 1, or of W·Wᵀ/gain² − 1, whichever has fewer rows, for W of `rows` rows.
    fn defect(weights: &[f64], rows: usize, gain: f64) -> f64 {
        let columns = weights.len() / rows;
        let column = |index: usize| -> Vec<f64> {
            (0..rows)
                .map(|row| weights[row * columns + index])
                .collect()
        };
        let row = |index: usize| -> Vec<f64> { weights[index * columns..][..columns].to_vec() };
        let short: Vec<Vec<f64>> = if columns <= rows {
            (0..columns).map(column).collect()
        } else {
            (0..rows).map(row).collect()
        };
        let mut worst: f64 = 0.0;
        for (i, a) in short.iter().enumerate() {
            for (j, b) in short.iter().enumerate() {
                let product: f64 = a.iter().zip(b).map(|(a, b)| a * b).sum();
                let expected = if i == j { 1.0 } else { 0.0 };
                worst = worst.max((product / (gain * gain) - expected).abs());
            }
        }
        worst
    }

    #[test]
    fn orthogonal_weights_are_orthogonal() {
        for (inputs, outputs) in [
            (1, 1),
            (1, 7),
            (7, 1),
            (5, 5),
            (64, 10),
            (10, 64),
            (130, 129),
        ] {
            for gain in [1.0, std::f64::consts::SQRT_2, 0.1] {
                let init = Init::Orthogonal(gain);
                let (mut double, mut single) = (
                    vec![0.0_f64; inputs * outputs],
                    vec![0.0_f32; inputs * outputs],
                );
                init.fill(&mut double, inputs, outputs, &mut Rng::seeded(3));
                init.fill(&mut single, inputs, outputs, &mut Rng::seeded(3));
                assert!(defect(&double, inputs, gain) < 1e-13);
                let single: Vec<f64> = single.into_iter().map(f64::from).collect();
                assert!(defect(&single, inputs, gain) < 1e-6);
                init.fill_transposed(&mut double, inputs, outputs, &mut Rng::seeded(3));
                assert!(defect(&double, outputs, gain) < 1e-13);
            }
        }
        // As many as an output is the sum of, and shared by a hundred outputs: five rows of six.
        let mut shared = [0.0_f64; 30];
        Init::Orthogonal(2.0).fill_transposed(&mut shared, 6, 500, &mut Rng::seeded(1));
        assert!(defect(&shared, 5, 2.0) < 1e-13);
    }

    /// Of 2 × 2 matrices that are equally likely half are reflections, and the first column points everywhere equally often.
    #[test]
    fn every_orthogonal_matrix_is_equally_likely() {
        let (mut reflections, mut quadrants) = (0_i32, [0_i32; 4]);
        for seed in 0..10_000 {
            let mut w = [0.0_f64; 4];
            Init::Orthogonal(1.0).fill(&mut w, 2, 2, &mut Rng::seeded(seed));
            reflections += i32::from(w[0] * w[3] - w[1] * w[2] < 0.0);
            quadrants[usize::from(w[0] < 0.0) + 2 * usize::from(w[2] < 0.0)] += 1;
        }
        // Four standard deviations: √(10,000/4) = 50, √(10,000·3/16) = 43.
        assert!((reflections - 5_000).abs() < 4 * 50, "{reflections}");
        assert!(
            quadrants.iter().all(|count| (count - 2_500).abs() < 4 * 43),
            "{quadrants:?}"
        );
    }

    #[test]
    fn what_has_no_size_is_no_reason_to_panic() {
        for init in [Init::He, Init::Orthogonal(1.0), Init::Uniform(1.0)] {
            for (inputs, outputs) in [(0, 0), (0, 3), (3, 0), (4, 9)] {
                init.fill::<f32>(&mut [], inputs, outputs, &mut Rng::seeded(1));
                init.fill(&mut [0.0_f32; 7], inputs, outputs, &mut Rng::seeded(1));
            }
        }
    }

    #[test]
    fn f32_weights_are_the_rounded_f64_weights() {
        for init in [Init::He, Init::LeCunUniform, Init::Orthogonal(1.5)] {
            let (mut single, mut double) = ([0.0_f32; 9], [0.0_f64; 9]);
            init.fill(&mut single, 3, 3, &mut Rng::seeded(5));
            init.fill(&mut double, 3, 3, &mut Rng::seeded(5));
            #[expect(clippy::cast_possible_truncation)]
            let rounded = double.map(|w| w as f32);
            assert_eq!(single, rounded);
        }
    }

    /// The same bits on every machine: worked out by the same algorithms in Python, from the published generator.
    #[test]
    fn the_first_weights_of_a_seed() {
        let mut weights = [0.0_f64; 2];
        Init::Uniform(1.0).fill(&mut weights, 1, 2, &mut Rng::seeded(0));
        // 5987356902031041503 and 7051070477665621255, shifted down by 11 bits, of 2⁵³, twice, less 1.
        let expected = [5_987_356_902_031_041_503_u64, 7_051_070_477_665_621_255]
            .map(|bits| 2.0 * ((bits >> 11) as f64 / 9_007_199_254_740_992.0) - 1.0);
        assert_eq!(weights, expected);
        assert_eq!(dot(&[1.0; 19], &[2.0; 19]), 38.0);
    }
}
