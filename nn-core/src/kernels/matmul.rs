//! Matrix products in the three forms that training needs, on row-major slices: our own kernel for the shapes of layers,
//! and a crate's, which packs its operands, for large ones.

use std::cell::Cell;

use super::Sizes;
use super::product::{Compiled, Finish, K_BLOCK, Product};
use super::scratch::Scratch;
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
        let finish = if relu { Finish::Relu } else { Finish::Keep };
        let product = Product::plain([n, o, i], x, w, y);
        return Product {
            bias,
            finish,
            ..product
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

/// dx [N, I] = dy [N, O] · Wᵀ [O, I]; zero where a number of `relu` is not above zero.
pub(super) fn input_gradient<T: Gemm>(
    dy: &[T],
    w: &[T],
    relu: Option<&[T]>,
    dx: &mut [T],
    sizes: Sizes,
) {
    /// Larger weights are not worth transposing at every step.
    const SMALL: usize = 1 << 16;
    let Sizes { n, i, o } = sizes;
    let limit = if i * o > SMALL { 0 } else { LARGE };
    if is_large(sizes, limit) {
        T::gemm([n, o, i], row_major(dy), transposed(w), T::zero(), dx);
        if let Some(y) = relu {
            T::relu_backward(y, dx);
        }
        return;
    }
    T::with_scratch(Scratch::Matrix, i * o, |w_transposed| {
        for (row, w) in w.chunks_exact(o).enumerate() {
            for (column, &w) in w.iter().enumerate() {
                w_transposed[column * i + row] = w;
            }
        }
        let finish = relu.map_or(Finish::Keep, Finish::Cut);
        let product = Product::plain([n, i, o], dy, w_transposed, dx);
        Product { finish, ..product }.compute();
    });
}

/// dW [I, O] = xᵀ [I, N] · dy [N, O] and db = Σₙ dy[n, :], or what W and b become when they descend at a rate.
pub(super) fn weight_gradient<T: Gemm>(
    x: &[T],
    dy: &[T],
    w: &mut [T],
    b: Option<&mut [T]>,
    descend: Option<T>,
    sizes: Sizes,
) {
    let Sizes { n, i, o } = sizes;
    let is_large = is_large(sizes, LARGE_TRANSPOSED);
    if let Some(rate) = descend
        && (is_large || n > K_BLOCK)
    {
        return T::with_scratch(Scratch::Matrix, (i + 1) * o, |gradient| {
            let (dw, db) = gradient.split_at_mut(i * o);
            weight_gradient(x, dy, dw, Some(&mut *db), None, sizes);
            T::sgd(w, (dw, T::one()), rate);
            if let Some(b) = b {
                T::sgd(b, (db, T::one()), rate);
            }
        });
    }
    if is_large {
        T::gemm([i, n, o], transposed(x), row_major(dy), T::zero(), w);
        if let Some(b) = b {
            T::sum_rows(dy, b);
        }
        return;
    }
    let (a_transposed, finish) = (true, descend.map_or(Finish::Keep, Finish::Descend));
    let product = Product::plain([i, o, n], x, dy, w);
    let (sums, next) = (b, next_of(x));
    Product {
        a_transposed,
        finish,
        sums,
        next,
        ..product
    }
    .compute();
}

/// Where the next samples lie, if these follow those of the last call: then the next will follow these. Batches are often
/// parts of one data set, one after another, and while a gradient is computed there is time to fetch some memory.
fn next_of<T>(x: &[T]) -> Option<*const T> {
    /// Fewer bytes are in the cache anyway.
    const MUCH: usize = 1 << 16;
    thread_local! {
        static END: Cell<usize> = const { Cell::new(0) };
    }
    let range = x.as_ptr_range();
    let follows = || END.replace(range.end.addr()) == range.start.addr();
    (size_of_val(x) >= MUCH && follows()).then_some(range.end)
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
