//! Matrix products in the three forms that training needs, on row-major slices.

use super::Sizes;
use crate::element::Element;

/// A matrix that lies row-major in a slice, or the transpose of one.
#[derive(Clone, Copy)]
pub(super) struct Matrix<'a, T> {
    numbers: &'a [T],
    transposed: bool,
}

/// `matrixmultiply` for the two types: a product in pure Rust that picks AVX-512, AVX2 or NEON at run time and builds in
/// two seconds.
pub(super) trait Product: Sized {
    /// C [m, n] = A [m, k] · B [k, n] + beta·C, with C row-major.
    fn product(
        sizes: [usize; 3],
        a: Matrix<'_, Self>,
        b: Matrix<'_, Self>,
        beta: Self,
        c: &mut [Self],
    );
}

fn row_major<T>(numbers: &[T]) -> Matrix<'_, T> {
    Matrix {
        numbers,
        transposed: false,
    }
}

fn transposed<T>(numbers: &[T]) -> Matrix<'_, T> {
    Matrix {
        numbers,
        transposed: true,
    }
}

/// The distances between rows and between columns of a matrix of these sizes.
fn strides<T>(matrix: &Matrix<'_, T>, rows: usize, columns: usize) -> (isize, isize) {
    // A slice has at most isize::MAX numbers, and so has each of its axes.
    if matrix.transposed {
        (1, rows.cast_signed())
    } else {
        (columns.cast_signed(), 1)
    }
}

macro_rules! product {
    ($scalar:ty, $gemm:path) => {
        impl Product for $scalar {
            #[expect(unsafe_code, reason = "the crate's functions take pointers")]
            fn product(
                [m, k, n]: [usize; 3],
                a: Matrix<'_, Self>,
                b: Matrix<'_, Self>,
                beta: Self,
                c: &mut [Self],
            ) {
                assert!(
                    a.numbers.len() == m * k && b.numbers.len() == k * n && c.len() == m * n,
                    "a layer passed slices that do not fit its sizes"
                );
                let ((a_row, a_column), (b_row, b_column)) = (strides(&a, m, k), strides(&b, k, n));
                let (a, b, (c_row, c_column)) =
                    (a.numbers.as_ptr(), b.numbers.as_ptr(), (n.cast_signed(), 1));
                // SAFETY: the slices have as many numbers as the sizes say, and both layouts reach exactly these; C is
                // borrowed mutably, so it overlaps neither A nor B.
                unsafe {
                    $gemm(
                        m,
                        k,
                        n,
                        1.0,
                        a,
                        a_row,
                        a_column,
                        b,
                        b_row,
                        b_column,
                        beta,
                        c.as_mut_ptr(),
                        c_row,
                        c_column,
                    );
                }
            }
        }
    };
}

product!(f32, matrixmultiply::sgemm);
product!(f64, matrixmultiply::dgemm);

/// y [N, O] = x [N, I] · W [I, O] (+ b [O])
pub(super) fn forward<T: Element + Product>(
    x: &[T],
    w: &[T],
    b: Option<&[T]>,
    y: &mut [T],
    Sizes { n, i, o }: Sizes,
) {
    let beta = match b {
        Some(b) => {
            for row in y.chunks_exact_mut(o) {
                row.copy_from_slice(b);
            }
            T::one()
        }
        None => T::zero(),
    };
    T::product([n, i, o], row_major(x), row_major(w), beta, y);
}

/// dx [N, I] = dy [N, O] · Wᵀ [O, I]
pub(super) fn input_gradient<T: Element + Product>(
    dy: &[T],
    w: &[T],
    dx: &mut [T],
    Sizes { n, i, o }: Sizes,
) {
    T::product([n, o, i], row_major(dy), transposed(w), T::zero(), dx);
}

/// dW [I, O] = xᵀ [I, N] · dy [N, O]
pub(super) fn weight_gradient<T: Element + Product>(
    x: &[T],
    dy: &[T],
    dw: &mut [T],
    Sizes { n, i, o }: Sizes,
) {
    T::product([i, n, o], transposed(x), row_major(dy), T::zero(), dw);
}

/// db [O] = Σₙ dy[n, :]
pub(super) fn sum_rows<T: Element>(dy: &[T], db: &mut [T]) {
    db.fill(T::zero());
    for row in dy.chunks_exact(db.len()) {
        for (sum, &value) in db.iter_mut().zip(row) {
            *sum += value;
        }
    }
}
