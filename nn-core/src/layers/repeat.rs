use crate::kernels::Kernels as _;
use crate::layers::Layer;
use crate::sample::Sample;

/// The repeat node: each sample K times, along a new outermost axis. Its backward pass is that of [`crate::Sum`] forward.
///
/// # Forward
/// ```text
/// y[n, k] = x[n]     x [N, …]   y [N, K, …]
/// ```
/// # Backward
/// ```text
/// dx[n] = Σₖ dy[n, k]
/// ```
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::Layer;
///
/// let (x, mut y) = ([[1.0, 2.0]], [[[0.0; 2]; 3]]);
/// Repeat::<3>.forward(&x, &mut y);
/// assert_eq!(y, [[[1.0, 2.0], [1.0, 2.0], [1.0, 2.0]]]);
///
/// let (dy, mut dx) = ([[[1.0, 2.0], [10.0, 20.0], [100.0, 200.0]]], [[0.0; 2]]);
/// Repeat::<3>.backward(&x, &y, &dy, Some(&mut dx), &mut Repeat);
/// assert_eq!(dx, [[111.0, 222.0]]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Repeat<const K: usize>;

impl<X: Sample, const K: usize> Layer<X> for Repeat<K> {
    type Output = [X; K];

    fn forward(&self, x: &[X], y: &mut [[X; K]]) {
        X::Element::repeat(X::flat(x), X::flat_mut(y.as_flattened_mut()), X::LEN, K);
    }

    fn backward(
        &self,
        _x: &[X],
        _y: &[[X; K]],
        dy: &[[X; K]],
        dx: Option<&mut [X]>,
        _gradient: &mut Self,
    ) {
        if let Some(dx) = dx {
            X::Element::sum(X::flat(dy.as_flattened()), X::flat_mut(dx), X::LEN, K);
        }
    }
}
