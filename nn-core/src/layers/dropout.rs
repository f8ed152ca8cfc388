use crate::kernels::{Kernels as _, Mask};
use crate::sample::Sample;

/// Dropout: while a network trains, each number is left out with probability p, and the others are divided by 1 − p, so that the mean
/// stays what it is. Elsewhere it gives what it reads.
///
/// In a declaration: `Dropout(0.2)`; 0.5 unless one says otherwise; see [`network!`](crate::network).
///
/// # Forward
/// In `gradient`, `step` and `fit`:
/// ```text
/// y = x ⊙ k / (1 − p)      k = 0 with probability p, else 1, for each number by itself      x [N, …]   k as x   y as x
/// ```
/// In `predict`, `loss`, `losses` and `accuracy` y = x, and nothing is computed.
/// # Backward
/// ```text
/// dx = dy ⊙ k / (1 − p)
/// ```
/// k is not kept: it is drawn again.
/// # Random numbers
/// A number is left out or not by its place in the sample, that of the sample in the batch, the layer's in the network, the number of the
/// step and a seed: a generator that counts, Philox4x32-10, makes 32 bits of these. So a training repeats to the last bit on any number of
/// threads. The seed is that of `seeded`, and each call of `gradient` and each step counts as one; both are
/// in checkpoints, and [`Trainable::draws`](crate::Trainable::draws) and
/// [`Trainable::set_draws`](crate::Trainable::set_draws) read and set them, for instance to have the same k twice.
/// # Examples
/// ```
/// use nn_core::prelude::*;
///
/// network! { struct Net< Input(4) -> Dropout(0.75) -> Affine(_, 1) -> MeanSquaredError >; }
///
/// # fn main() -> nn_core::Result<()> {
/// let mut net = Net::seeded(1);
/// net.params.affine1.W.flat_mut().fill(1.0);
/// let sum_is_kept = net.predict_one(&[1.0, 2.0, 3.0, 4.0]);
/// assert_eq!(sum_is_kept, [10.0]);
///
/// // dW = 2·(y − t)·x, and of x only what has not been left out, 4 times as large.
/// let (x, t) = ([[1.0, 2.0, 3.0, 4.0]; 200], [[0.0]; 200]);
/// let draws = net.draws();
/// let first = net.gradient(&x, &t)?.clone();
/// assert_ne!(&first, net.gradient(&x, &t)?);
/// net.set_draws(draws);
/// assert_eq!(&first, net.gradient(&x, &t)?);
/// # Ok(())
/// # }
/// ```
/// # Source
/// Srivastava et al. 2014, "Dropout", JMLR 15, section 10, for the scaling while training; Salmon et al. 2011, "Parallel random numbers: as
/// easy as 1, 2, 3", for Philox.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dropout {
    p: f64,
}

impl Default for Dropout {
    fn default() -> Self {
        Self::new()
    }
}

/// Where the random numbers of a training come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Draws {
    /// The network's seed.
    pub seed: u64,
    /// How many steps and gradients there have been.
    pub step: u64,
}

/// The random numbers of a layer for a part of a batch.
#[derive(Clone, Copy, Debug)]
pub struct Draw {
    draws: Draws,
    layer: u32,
    first: usize,
}

impl Draws {
    pub(crate) fn of_layer(self, layer: u32, first: usize) -> Draw {
        Draw {
            draws: self,
            layer,
            first,
        }
    }
}

impl Dropout {
    /// One that leaves out half of the numbers.
    #[must_use]
    pub const fn new() -> Self {
        Self { p: 0.5 }
    }

    /// Sets the probability with which a number is left out, from 0 to less than 1.
    #[must_use]
    pub const fn p(mut self, p: f64) -> Self {
        self.p = p;
        self
    }

    /// Whether the probability is in its range.
    #[must_use]
    pub const fn is_valid(self) -> bool {
        0.0 <= self.p && self.p < 1.0
    }

    /// Leaves numbers out of y; or, with the same draw, of the gradient.
    #[doc(hidden)]
    pub fn drop_in_place<X: Sample>(&self, y: &mut [X], draw: Draw) {
        let Draw {
            draws,
            layer,
            first,
        } = draw;
        let mask = Mask {
            seed: draws.seed,
            step: draws.step,
            layer,
            first: first as u64,
            p: self.p,
        };
        X::Element::drop_out(X::flat_mut(y), X::LEN, mask);
    }

    /// The same for a copy.
    #[doc(hidden)]
    pub fn drop_out<X: Sample>(&self, x: &[X], y: &mut [X], draw: Draw) {
        y.copy_from_slice(x);
        self.drop_in_place(y, draw);
    }
}
