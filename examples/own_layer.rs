//! Layers of one's own beside built-in ones: a rectifier with a slope that is learnt for each feature, and Swish.
//!
//! ```sh
//! cargo run --release --example own_layer
//! ```
//!
//! Two spirals are told apart, and what the slopes have become is printed. The features in front are a network of their own, which is
//! taken out of the trained one.

use std::f32::consts::TAU;

use nn_core::prelude::*;
use nn_core::{Element, Layer, Param, Sample};

/// y = x where x > 0, else alpha·x, with an alpha for each of N features.
///
/// # Source
/// He et al. 2015, arXiv:1502.01852, equation 1; the slopes start at 0.25 as there.
#[derive(Clone, Debug, Default, PartialEq, Parameters)]
pub struct Slope<const N: usize, T: Element = f32> {
    /// The slopes below zero, `[N]`.
    #[init(0.25)]
    pub alpha: Param<[T; N]>,
}

impl<const N: usize, T: Element> Layer<[T; N]> for Slope<N, T> {
    type Output = [T; N];

    fn forward(&self, x: &[[T; N]], y: &mut [[T; N]]) {
        for (x, y) in x.iter().zip(y) {
            for j in 0..N {
                y[j] = if x[j] > T::zero() {
                    x[j]
                } else {
                    self.alpha[j] * x[j]
                };
            }
        }
    }

    // dx = dy, or alpha·dy below zero; dalpha is the sum of dy·x over all that lies below zero.
    fn backward(
        &self,
        x: &[[T; N]],
        _y: &[[T; N]],
        dy: &[[T; N]],
        mut dx: Option<&mut [[T; N]]>,
        gradient: &mut Self,
    ) {
        gradient.alpha.fill(T::zero());
        for (n, (x, dy)) in x.iter().zip(dy).enumerate() {
            for j in 0..N {
                let is_below = x[j] <= T::zero();
                if is_below {
                    gradient.alpha[j] += dy[j] * x[j];
                }
                if let Some(dx) = dx.as_deref_mut() {
                    dx[n][j] = if is_below {
                        self.alpha[j] * dy[j]
                    } else {
                        dy[j]
                    };
                }
            }
        }
    }
}

/// y = x·σ(steepness·x), on samples of any shape.
///
/// # Source
/// Ramachandran, Zoph and Le 2017, arXiv:1710.05941.
#[derive(Clone, Debug, Default, PartialEq, Parameters)]
pub struct Swish {
    /// A factor that is not learnt.
    #[constant(1.0)]
    pub steepness: f64,
}

impl Swish {
    fn sigmoid<T: Element>(&self, x: T) -> T {
        T::one() / (T::one() + (-T::of(self.steepness) * x).exp())
    }
}

impl<X: Sample> Layer<X> for Swish {
    type Output = X;

    fn forward(&self, x: &[X], y: &mut [X]) {
        for (&x, y) in X::flat(x).iter().zip(X::flat_mut(y)) {
            *y = x * self.sigmoid(x);
        }
    }

    // With s = σ(c·x): dy/dx = s + c·x·s·(1 − s) = s + c·y·(1 − s)
    fn backward(&self, x: &[X], y: &[X], dy: &[X], dx: Option<&mut [X]>, _gradient: &mut Self) {
        let Some(dx) = dx else { return };
        let (c, one) = (X::Element::of(self.steepness), X::Element::of(1.0));
        let given = X::flat(x).iter().zip(X::flat(y)).zip(X::flat(dy));
        for (dx, ((&x, &y), &dy)) in X::flat_mut(dx).iter_mut().zip(given) {
            let s = self.sigmoid(x);
            *dx = dy * (s + c * y * (one - s));
        }
    }
}

network! {
    /// What is looked for in a point: a network without a loss is a layer of another one.
    #[derive(Debug)]
    pub struct Features< Affine(2, 32) -> Slope(32) -> Affine(_, 32) -> Swish(steepness = 1.5) >;
}

network! {
    /// Which spiral does a point lie on?
    #[derive(Debug)]
    pub struct Spirals< Features -> Affine(_, 16) -> Swish -> Affine(_, 1) -> SigmoidWithLoss >;
}

/// The points of two spirals of one and a half turns, one of them turned by half a turn, and which one each is on.
fn spirals(points: usize) -> (Vec<[f32; 2]>, Vec<bool>) {
    let point = |index: usize| {
        let (turn, second) = (index as f32 / points as f32, index % 2 == 1);
        let angle = 1.5 * TAU * turn + if second { TAU / 2.0 } else { 0.0 };
        let radius = 0.2 + 1.8 * turn;
        ([radius * angle.cos(), radius * angle.sin()], second)
    };
    (0..points).map(point).unzip()
}

fn main() -> nn_core::Result<()> {
    let (points, second) = spirals(400);
    let data = Dataset::new(points, second)?;

    let mut net = Spirals::seeded(1);
    println!("{}\n", Spirals::SUMMARY);
    let mut trainer = Trainer::new(Adam::new(0.01))
        .batch_size(50)
        .epochs(120)
        .silent();
    trainer.fit(&mut net, &data, &Dataset::empty())?;
    println!("accuracy {:.3}", net.accuracy(&data.x, &data.t)?);

    let alpha = &net.params.features1.slope1.alpha;
    let (least, most) = alpha
        .iter()
        .fold((f32::MAX, f32::MIN), |(least, most), &a| {
            (least.min(a), most.max(a))
        });
    println!("slopes below zero: 0.250 before, {least:.3} to {most:.3} now");

    // The trained features, as a network of their own.
    let features = Features::from(net.params.features1.clone());
    println!(
        "{} features of a point",
        features.predict_one(&[1.0, 0.0]).len()
    );
    Ok(())
}
