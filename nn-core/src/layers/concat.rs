use crate::sample::Sample;

/// Joins values: in each sample the numbers of one lie behind those of another. `Concat<START>` puts one of them into its place,
/// from the number `START` on; all of them together are y.
///
/// Vectors are joined feature behind feature, deeper samples along their outermost axis.
///
/// # Forward
/// ```text
/// y[n, START + j] = x[n, j]
/// ```
/// # Backward
/// ```text
/// dx[n, j] = dy[n, START + j]
/// ```
/// # Examples
/// ```
/// use nn_core::prelude::*;
///
/// let (a, b, mut y) = ([[1.0, 2.0], [3.0, 4.0]], [[5.0], [6.0]], [[0.0; 3]; 2]);
/// Concat::<0>.forward(&a, &mut y);
/// Concat::<2>.forward(&b, &mut y);
/// assert_eq!(y, [[1.0, 2.0, 5.0], [3.0, 4.0, 6.0]]);
///
/// let (dy, mut db) = ([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], [[0.0]; 2]);
/// Concat::<2>.backward(&dy, &mut db);
/// assert_eq!(db, [[3.0], [6.0]]);
/// ```
/// What does not fit into y is refused by the compiler:
/// ```compile_fail
/// nn_core::Concat::<2>.forward(&[[1.0, 2.0]], &mut [[0.0; 3]]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Concat<const START: usize>;

impl<const START: usize> Concat<START> {
    /// Writes x into its part of y.
    pub fn forward<X: Sample, Y: Sample<Element = X::Element>>(&self, x: &[X], y: &mut [Y]) {
        const {
            assert!(
                START + X::LEN <= Y::LEN,
                "the value does not fit behind START"
            );
        };
        let rows = Y::flat_mut(y).chunks_exact_mut(Y::LEN);
        for (y, x) in rows.zip(X::flat(x).chunks_exact(X::LEN)) {
            y[START..START + X::LEN].copy_from_slice(x);
        }
    }

    /// Reads dx from its part of dy.
    pub fn backward<X: Sample, Y: Sample<Element = X::Element>>(&self, dy: &[Y], dx: &mut [X]) {
        const {
            assert!(
                START + X::LEN <= Y::LEN,
                "the value does not fit behind START"
            );
        };
        let rows = Y::flat(dy).chunks_exact(Y::LEN);
        for (dy, dx) in rows.zip(X::flat_mut(dx).chunks_exact_mut(X::LEN)) {
            dx.copy_from_slice(&dy[START..START + X::LEN]);
        }
    }
}
