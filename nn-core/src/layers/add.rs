use crate::kernels::Kernels as _;
use crate::sample::Sample;

/// The addition node: the sum of several values of one shape, K of them.
///
/// # Forward
/// ```text
/// y = x₁ + x₂ + … + x_K
/// ```
/// # Backward
/// ```text
/// dx₁ = dx₂ = … = dx_K = dy, so that there is nothing to compute
/// ```
/// # Examples
/// ```
/// use nn_core::prelude::*;
///
/// let (a, b, c, mut y) = ([[1.0, 2.0]], [[10.0, 20.0]], [[100.0, 200.0]], [[0.0; 2]]);
/// Add.forward([&a, &b, &c], &mut y);
/// assert_eq!(y, [[111.0, 222.0]]);
///
/// Add.forward_in_place(&mut y, &a);
/// assert_eq!(y, [[112.0, 224.0]]);
///
/// network! { struct Residual< Input(2) -> [ Tanh | Identity ] -> Add >; }
/// let y = Residual::new().predict(&[[0.0, 0.0]])?;
/// assert_eq!(y, [[0.0, 0.0]]); // tanh(0) + 0
/// # Ok::<(), nn_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Add;

impl Add {
    /// Computes y from the values, added in their order; from none, zeros. All are as long as `y`.
    pub fn forward<X: Sample, const K: usize>(&self, x: [&[X]; K], y: &mut [X]) {
        let y = X::flat_mut(y);
        match x.as_slice() {
            [] => y.fill(num_traits::Zero::zero()),
            [only] => y.copy_from_slice(X::flat(only)),
            [first, second, rest @ ..] => {
                X::Element::add(X::flat(first), X::flat(second), y);
                for x in rest {
                    X::Element::add_to(y, X::flat(x));
                }
            }
        }
    }

    /// Adds x to y. This is also the backward pass of a value that two layers read: its gradients are added.
    pub fn forward_in_place<X: Sample>(&self, y: &mut [X], x: &[X]) {
        X::Element::add_to(X::flat_mut(y), X::flat(x));
    }
}
