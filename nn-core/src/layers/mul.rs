use crate::kernels::Kernels as _;
use crate::sample::Sample;

/// The multiplication node: the product of several values of one shape, element by element, K of them.
///
/// # Forward
/// ```text
/// y = x₁ ⊙ x₂ ⊙ … ⊙ x_K
/// ```
/// # Backward
/// ```text
/// dxₖ = dy ⊙ (the other values)
/// ```
/// # Examples
/// ```
/// use nn_core::prelude::*;
///
/// let (a, b, c, mut y) = ([[1.0, 2.0]], [[3.0, 4.0]], [[5.0, 10.0]], [[0.0; 2]]);
/// Mul.forward([&a, &b, &c], &mut y);
/// assert_eq!(y, [[15.0, 80.0]]); // 1·3·5, 2·4·10
///
/// let (dy, mut db) = ([[1.0, -1.0]], [[0.0; 2]]);
/// Mul.backward([&a, &c], &dy, &mut db);
/// assert_eq!(db, [[5.0, -20.0]]); // 1·1·5, −1·2·10
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mul;

impl Mul {
    /// Computes y from the values, multiplied in their order; from none, ones. All are as long as `y`.
    pub fn forward<X: Sample, const K: usize>(&self, x: [&[X]; K], y: &mut [X]) {
        match x.as_slice() {
            [] => X::flat_mut(y).fill(num_traits::One::one()),
            [first, rest @ ..] => product(first, rest, y),
        }
    }

    /// Computes the gradient of one value from the upstream gradient dy and the other values.
    pub fn backward<X: Sample, const K: usize>(&self, others: [&[X]; K], dy: &[X], dx: &mut [X]) {
        product(dy, &others, dx);
    }
}

fn product<X: Sample>(first: &[X], rest: &[&[X]], y: &mut [X]) {
    let y = X::flat_mut(y);
    match rest {
        [] => y.copy_from_slice(X::flat(first)),
        [second, rest @ ..] => {
            X::Element::multiply(X::flat(first), X::flat(second), y);
            for x in rest {
                X::Element::multiply_by(y, X::flat(x));
            }
        }
    }
}
