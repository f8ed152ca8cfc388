//! Matrix products in the three forms that training needs, on row-major slices: our own kernel for the shapes of layers,
//! and a crate's, which packs its operands, for large ones.

use std::cell::RefCell;

use super::Sizes;
use super::product::{Compiled, Product};
use super::simd::Level;
use crate::element::Element;

/// Products of more multiply-adds than this go to `matrixmultiply`. Measured with AVX-512 in f32: ours takes 0.89 of its time for
/// [128, 1000]·[1000, 1000], 1.13 for [256, 2048]·[2048, 2048].
const LARGE: usize = 200_000_000;

/// The same where A lies transposed: ours takes 0.76 of its time for [512, 128]·[128, 384], 1.2 for [784, 128]·[128, 512].
const LARGE_TRANSPOSED: usize = 40_000_000;

/// Whether a crate's kernel is the faster one for so many multiply-adds.
fn is_large(Sizes { n, i, o }: Sizes, limit: usize) -> bool {
    // It picks instructions by itself, so it cannot stand in for a level that was asked for.
    n.saturating_mul(i).saturating_mul(o) > limit && Level::of_this_machine() == Level::widest()
}

/// A matrix that lies row-major in a slice, or the transpose of one.
pub(super) struct Matrix<'a, T> {
    numbers: &'a [T],
    transposed: bool,
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

/// `matrixmultiply` for the two types: a product in pure Rust that picks AVX-512, AVX2 or NEON at run time and builds in
/// two seconds. And room to transpose small weights, kept from step to step.
pub(super) trait Gemm: Compiled {
    /// C [m, n] = A [m, k] · B [k, n] + beta·C, with C row-major.
    fn gemm(
        sizes: [usize; 3],
        a: Matrix<'_, Self>,
        b: Matrix<'_, Self>,
        beta: Self,
        c: &mut [Self],
    );

    /// Lends `count` numbers of any value.
    fn with_scratch<R>(count: usize, compute: impl FnOnce(&mut [Self]) -> R) -> R;
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

macro_rules! gemm {
    ($scalar:ty, $gemm:path) => {
        impl Gemm for $scalar {
            #[expect(unsafe_code, reason = "the crate's functions take pointers")]
            fn gemm(
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

            fn with_scratch<R>(count: usize, compute: impl FnOnce(&mut [Self]) -> R) -> R {
                thread_local! {
                    static SCRATCH: RefCell<Vec<$scalar>> = const { RefCell::new(Vec::new()) };
                }
                SCRATCH.with_borrow_mut(|scratch| {
                    if scratch.len() < count {
                        scratch.resize(count, 0.0);
                    }
                    compute(&mut scratch[..count])
                })
            }
        }
    };
}

gemm!(f32, matrixmultiply::sgemm);
gemm!(f64, matrixmultiply::dgemm);

/// y [N, O] = x [N, I] · W [I, O] (+ b [O]), cut off below zero if `relu`.
pub(super) fn forward<T: Gemm>(
    x: &[T],
    w: &[T],
    bias: Option<&[T]>,
    relu: bool,
    y: &mut [T],
    sizes: Sizes,
) {
    let Sizes { n, i, o } = sizes;
    if !is_large(sizes, LARGE) {
        let a_transposed = false;
        return Product {
            m: n,
            n: o,
            k: i,
            a: x,
            a_transposed,
            b: w,
            bias,
            c: y,
            relu,
        }
        .compute();
    }
    let beta = match bias {
        Some(bias) => {
            for row in y.chunks_exact_mut(o) {
                row.copy_from_slice(bias);
            }
            T::one()
        }
        None => T::zero(),
    };
    T::gemm([n, i, o], row_major(x), row_major(w), beta, y);
    if relu {
        T::relu_forward(y);
    }
}

/// dx [N, I] = dy [N, O] · Wᵀ [O, I]
pub(super) fn input_gradient<T: Gemm>(dy: &[T], w: &[T], dx: &mut [T], sizes: Sizes) {
    /// Larger weights are not worth transposing at every step.
    const SMALL: usize = 1 << 16;
    let Sizes { n, i, o } = sizes;
    let limit = if i * o > SMALL { 0 } else { LARGE };
    if is_large(sizes, limit) {
        return T::gemm([n, o, i], row_major(dy), transposed(w), T::zero(), dx);
    }
    T::with_scratch(i * o, |w_transposed| {
        for (row, w) in w.chunks_exact(o).enumerate() {
            for (column, &w) in w.iter().enumerate() {
                w_transposed[column * i + row] = w;
            }
        }
        let (a_transposed, bias, relu) = (false, None, false);
        Product {
            m: n,
            n: i,
            k: o,
            a: dy,
            a_transposed,
            b: w_transposed,
            bias,
            c: dx,
            relu,
        }
        .compute();
    });
}

/// dW [I, O] = xᵀ [I, N] · dy [N, O]
pub(super) fn weight_gradient<T: Gemm>(x: &[T], dy: &[T], dw: &mut [T], sizes: Sizes) {
    let Sizes { n, i, o } = sizes;
    if is_large(sizes, LARGE_TRANSPOSED) {
        return T::gemm([i, n, o], transposed(x), row_major(dy), T::zero(), dw);
    }
    let (a_transposed, bias, relu) = (true, None, false);
    Product {
        m: i,
        n: o,
        k: n,
        a: x,
        a_transposed,
        b: dy,
        bias,
        c: dw,
        relu,
    }
    .compute();
}

/// db [O] = Σₙ dy[n, :]
#[expect(
    clippy::inline_always,
    reason = "the loop becomes vector code where it is inlined"
)]
#[inline(always)]
pub(super) fn sum_rows<T: Element>(dy: &[T], db: &mut [T]) {
    db.fill(T::zero());
    for row in dy.chunks_exact(db.len()) {
        for (sum, &value) in db.iter_mut().zip(row) {
            *sum += value;
        }
    }
}
