use crate::kernels::Kernels as _;
use crate::layers::Layer;
use crate::sample::Sample;

/// The sum node: adds up the K items of each sample, along its outermost axis. Its backward pass is that of [`crate::Repeat`]
/// forward.
///
/// # Forward
/// ```text
/// y[n] = Σₖ x[n, k]  x [N, K, …]   y [N, …]
/// ```
/// # Backward
/// ```text
/// dx[n, k] = dy[n]
/// ```
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::Layer;
///
/// let (x, mut y) = ([[[1.0, 2.0], [10.0, 20.0], [100.0, 200.0]]], [[0.0; 2]]);
/// Sum.forward(&x, &mut y);
/// assert_eq!(y, [[111.0, 222.0]]);
///
/// let (dy, mut dx) = ([[5.0, 6.0]], [[[0.0; 2]; 3]]);
/// Sum.backward(&x, &y, &dy, Some(&mut dx), &mut Sum);
/// assert_eq!(dx, [[[5.0, 6.0], [5.0, 6.0], [5.0, 6.0]]]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum;

impl<X: Sample, const K: usize> Layer<[X; K]> for Sum {
    type Output = X;

    fn forward(&self, x: &[[X; K]], y: &mut [X]) {
        X::Element::sum(X::flat(x.as_flattened()), X::flat_mut(y), X::LEN, K);
    }

    fn backward(
        &self,
        _x: &[[X; K]],
        _y: &[X],
        dy: &[X],
        dx: Option<&mut [[X; K]]>,
        _gradient: &mut Self,
    ) {
        if let Some(dx) = dx {
            X::Element::repeat(X::flat(dy), X::flat_mut(dx.as_flattened_mut()), X::LEN, K);
        }
    }
}
