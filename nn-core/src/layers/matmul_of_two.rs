use crate::element::Element;
use crate::kernels::{Matrix, Sizes, Update};

/// The product of two matrices for each sample: `MatMul` without sizes in a network.
///
/// # Forward
/// ```text
/// y = a·b            a [N, A, B]   b [N, B, C]   y [N, A, C], for each of the N samples by itself
/// ```
/// # Backward
/// ```text
/// da = dy·bᵀ         db = aᵀ·dy
/// ```
/// # Examples
/// ```
/// use nn_core::MatMulOfTwo;
///
/// let (a, b, mut y) = ([[[1.0, 2.0]]], [[[3.0, 4.0, 5.0], [6.0, 7.0, 8.0]]], [[[0.0; 3]]]);
/// MatMulOfTwo.forward(&a, &b, &mut y);
/// assert_eq!(y, [[[15.0, 18.0, 21.0]]]); // 1·3 + 2·6, 1·4 + 2·7, 1·5 + 2·8
///
/// let (dy, mut da, mut db) = ([[[1.0, 0.0, -1.0]]], [[[0.0; 2]]], [[[0.0; 3]; 2]]);
/// MatMulOfTwo.backward_left(&b, &dy, &mut da);
/// assert_eq!(da, [[[-2.0, -2.0]]]); // 3 − 5, 6 − 8
/// MatMulOfTwo.backward_right(&a, &dy, &mut db);
/// assert_eq!(db, [[[1.0, 0.0, -1.0], [2.0, 0.0, -2.0]]]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MatMulOfTwo;

/// N matrices of R rows and C columns.
type Matrices<T, const R: usize, const C: usize> = [[[T; C]; R]];

fn sizes<const A: usize, const B: usize, const C: usize>() -> Sizes {
    Sizes { n: A, i: B, o: C }
}

fn plain<T>(numbers: &[T]) -> Matrix<'_, T> {
    let transposed = false;
    Matrix {
        numbers,
        transposed,
    }
}

impl MatMulOfTwo {
    /// Computes y from a and b.
    pub fn forward<T: Element, const A: usize, const B: usize, const C: usize>(
        &self,
        a: &Matrices<T, A, B>,
        b: &Matrices<T, B, C>,
        y: &mut Matrices<T, A, C>,
    ) {
        for ((a, b), y) in a.iter().zip(b).zip(y) {
            let (a, b, y) = (a.as_flattened(), b.as_flattened(), y.as_flattened_mut());
            T::matmul(a, plain(b), None, false, y, sizes::<A, B, C>());
        }
    }

    /// Computes the gradient of a.
    pub fn backward_left<T: Element, const A: usize, const B: usize, const C: usize>(
        &self,
        b: &Matrices<T, B, C>,
        dy: &Matrices<T, A, C>,
        da: &mut Matrices<T, A, B>,
    ) {
        for ((b, dy), da) in b.iter().zip(dy).zip(da) {
            let (b, dy, da) = (b.as_flattened(), dy.as_flattened(), da.as_flattened_mut());
            T::matmul_dx(dy, plain(b), None, da, sizes::<A, B, C>());
        }
    }

    /// Computes the gradient of b.
    pub fn backward_right<T: Element, const A: usize, const B: usize, const C: usize>(
        &self,
        a: &Matrices<T, A, B>,
        dy: &Matrices<T, A, C>,
        db: &mut Matrices<T, B, C>,
    ) {
        for ((a, dy), db) in a.iter().zip(dy).zip(db) {
            let (a, dy, db) = (a.as_flattened(), dy.as_flattened(), db.as_flattened_mut());
            T::matmul_dw(a, dy, db, None, Update::Write, sizes::<A, B, C>());
        }
    }
}
