use crate::kernels::Kernels as _;
use crate::layers::Layer;
use crate::sample::Sample;

/// The mean of each channel: images of C channels become vectors of C features.
///
/// # Forward
/// ```text
/// y[n, c] = 1/M · Σ x[n, c, …]     x [N, C, …], with M numbers in a channel   y [N, C]
/// ```
/// # Backward
/// ```text
/// dx[n, c, …] = dy[n, c] / M
/// ```
/// # Examples
/// ```
/// use nn_core::prelude::*;
/// use nn_core::Layer;
///
/// let (x, mut y) = ([[[[1.0, 2.0], [3.0, 6.0]], [[10.0, 20.0], [30.0, 0.0]]]], [[0.0; 2]]);
/// GlobalAvgPool.forward(&x, &mut y);
/// assert_eq!(y, [[3.0, 15.0]]);
///
/// let (dy, mut dx) = ([[4.0, 8.0]], x);
/// GlobalAvgPool.backward(&x, &y, &dy, Some(&mut dx), &mut GlobalAvgPool);
/// assert_eq!(dx, [[[[1.0, 1.0], [1.0, 1.0]], [[2.0, 2.0], [2.0, 2.0]]]]);
/// ```
/// # Source
/// Lin, Chen and Yan 2014, "Network in network", arXiv:1312.4400, section 3.2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GlobalAvgPool;

impl<X: Sample, const C: usize> Layer<[X; C]> for GlobalAvgPool {
    type Output = [X::Element; C];

    fn forward(&self, x: &[[X; C]], y: &mut [[X::Element; C]]) {
        X::Element::mean(X::flat(x.as_flattened()), y.as_flattened_mut(), X::LEN);
    }

    fn backward(
        &self,
        _x: &[[X; C]],
        _y: &[[X::Element; C]],
        dy: &[[X::Element; C]],
        dx: Option<&mut [[X; C]]>,
        _gradient: &mut Self,
    ) {
        if let Some(dx) = dx {
            let dx = X::flat_mut(dx.as_flattened_mut());
            X::Element::mean_backward(dy.as_flattened(), dx, X::LEN);
        }
    }
}
