//! Layers that a user could have written.

use nn_core::prelude::*;
use nn_core::{Element, Layer, Param, Sample};

/// y = x where x > 0, else alpha·x; a learnable alpha for each feature.
///
/// He et al. 2015, arXiv:1502.01852.
#[derive(Clone, Debug, Default, PartialEq, Parameters)]
pub struct Slope<const N: usize, T: Element = f32> {
    /// The slopes below zero.
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

/// y = x·σ(x), on samples of any shape.
///
/// Ramachandran, Zoph and Le 2017, arXiv:1710.05941.
#[derive(Clone, Debug, Default, PartialEq, Parameters)]
pub struct Swish;

fn sigmoid<T: Element>(x: T) -> T {
    T::one() / (T::one() + (-x).exp())
}

impl<X: Sample> Layer<X> for Swish {
    type Output = X;

    fn forward(&self, x: &[X], y: &mut [X]) {
        for (&x, y) in X::flat(x).iter().zip(X::flat_mut(y)) {
            *y = x * sigmoid(x);
        }
    }

    // dy/dx = y + σ(x)·(1 − y)
    fn backward(&self, x: &[X], y: &[X], dy: &[X], dx: Option<&mut [X]>, _gradient: &mut Self) {
        let Some(dx) = dx else { return };
        let given = X::flat(x).iter().zip(X::flat(y)).zip(X::flat(dy));
        for (dx, ((&x, &y), &dy)) in X::flat_mut(dx).iter_mut().zip(given) {
            *dx = dy * (y + sigmoid(x) * (X::Element::of(1.0) - y));
        }
    }
}

/// y = (x·W) ⊙ slope·tanh(x·V), which gives other samples than it reads, has a constant, and keeps tanh(x·V) in memory.
#[derive(Clone, Debug, Default, PartialEq, Parameters)]
#[expect(non_snake_case, reason = "as in the formula")]
pub struct Gated<const I: usize, const O: usize, T: Element = f32> {
    /// What is let through.
    #[init(xavier)]
    pub W: Param<[[T; O]; I]>,
    /// What lets it through.
    #[init(normal(0.5))]
    pub V: Param<[[T; O]; I]>,
    /// A factor that is not learnt.
    #[constant(0.8)]
    pub slope: f64,
}

fn product<const I: usize, const O: usize, T: Element>(x: &[T; I], w: &[[T; O]; I]) -> [T; O] {
    let mut sums = [T::zero(); O];
    for (&x, row) in x.iter().zip(w) {
        for (sum, &w) in sums.iter_mut().zip(row) {
            *sum += x * w;
        }
    }
    sums
}

impl<const I: usize, const O: usize, T: Element> Layer<[T; I]> for Gated<I, O, T> {
    type Output = [T; O];

    const MEMORY: usize = O;

    fn forward(&self, x: &[[T; I]], y: &mut [[T; O]]) {
        let mut memory = vec![T::zero(); x.len() * O];
        self.forward_with(x, y, &mut memory);
    }

    fn backward(
        &self,
        x: &[[T; I]],
        y: &[[T; O]],
        dy: &[[T; O]],
        dx: Option<&mut [[T; I]]>,
        gradient: &mut Self,
    ) {
        let mut memory = vec![T::zero(); x.len() * O];
        self.forward_with(x, &mut y.to_vec(), &mut memory);
        self.backward_with(x, y, dy, dx, &mut memory, gradient);
    }

    fn forward_with(&self, x: &[[T; I]], y: &mut [[T; O]], memory: &mut [T]) {
        let slope = T::of(self.slope);
        for ((x, y), gates) in x.iter().zip(y).zip(memory.chunks_exact_mut(O)) {
            gates.copy_from_slice(&product(x, &self.V).map(T::tanh));
            *y = product(x, &self.W);
            for (y, &gate) in y.iter_mut().zip(&*gates) {
                *y *= slope * gate;
            }
        }
    }

    fn backward_with(
        &self,
        x: &[[T; I]],
        _y: &[[T; O]],
        dy: &[[T; O]],
        mut dx: Option<&mut [[T; I]]>,
        memory: &mut [T],
        gradient: &mut Self,
    ) {
        let slope = T::of(self.slope);
        gradient.W.flat_mut().fill(T::zero());
        gradient.V.flat_mut().fill(T::zero());
        for (n, ((x, dy), gates)) in x.iter().zip(dy).zip(memory.chunks_exact(O)).enumerate() {
            let through = product(x, &self.W);
            let mut sums = [T::zero(); I];
            for j in 0..O {
                let d_through = dy[j] * slope * gates[j];
                let d_gate = dy[j] * slope * through[j] * (T::one() - gates[j] * gates[j]);
                for i in 0..I {
                    gradient.W[i][j] += x[i] * d_through;
                    gradient.V[i][j] += x[i] * d_gate;
                    sums[i] += self.W[i][j] * d_through + self.V[i][j] * d_gate;
                }
            }
            if let Some(dx) = dx.as_deref_mut() {
                dx[n] = sums;
            }
        }
    }
}

/// Turns rows into columns: a layer with sizes, of deep samples, without numbers of its own.
#[derive(Clone, Debug, Default, PartialEq, Parameters)]
pub struct Transpose;

impl<const R: usize, const C: usize, T: Element> Layer<[[T; C]; R]> for Transpose {
    type Output = [[T; R]; C];

    fn forward(&self, x: &[[[T; C]; R]], y: &mut [[[T; R]; C]]) {
        for (x, y) in x.iter().zip(y) {
            for (c, row) in y.iter_mut().enumerate() {
                *row = std::array::from_fn(|r| x[r][c]);
            }
        }
    }

    fn backward(
        &self,
        _x: &[[[T; C]; R]],
        _y: &[[[T; R]; C]],
        dy: &[[[T; R]; C]],
        dx: Option<&mut [[[T; C]; R]]>,
        _gradient: &mut Self,
    ) {
        if let Some(dx) = dx {
            self.forward(dy, dx);
        }
    }
}

/// One row of numbers behind the other, K in each.
#[derive(Clone, Debug, Default, PartialEq, Parameters)]
pub struct Row<const K: usize>;

impl<const K: usize, const R: usize, const C: usize, T: Element> Layer<[[T; C]; R]> for Row<K> {
    type Output = [T; K];

    fn forward(&self, x: &[[[T; C]; R]], y: &mut [[T; K]]) {
        const { assert!(R * C == K, "as many numbers as before") };
        <[T; K]>::flat_mut(y).copy_from_slice(<[[T; C]; R]>::flat(x));
    }

    fn backward(
        &self,
        _x: &[[[T; C]; R]],
        _y: &[[T; K]],
        dy: &[[T; K]],
        dx: Option<&mut [[[T; C]; R]]>,
        _gradient: &mut Self,
    ) {
        if let Some(dx) = dx {
            <[[T; C]; R]>::flat_mut(dx).copy_from_slice(<[T; K]>::flat(dy));
        }
    }
}
