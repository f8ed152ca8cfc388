//! Matrix products of other crates, behind one interface.

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};

/// C [m, n] = A [m, k] · B [k, n], or added to what is in C; row-major, or transposed.
pub struct Product<'a, T> {
    pub m: usize,
    pub k: usize,
    pub n: usize,
    pub a: &'a [T],
    pub a_transposed: bool,
    pub b: &'a [T],
    pub b_transposed: bool,
    pub added: bool,
    pub c: &'a mut [T],
}

/// A crate's name, and its product.
pub type Named<T> = (&'static str, fn(Product<'_, T>));

pub trait Gemm: Sized {
    const GEMMS: [Named<Self>; 3];
}

impl<T> Product<'_, T> {
    /// Distances between rows and between columns, of A and of B.
    fn strides(&self) -> [(isize, isize); 2] {
        let strides = |transposed, rows: usize, columns: usize| {
            if transposed {
                (1, rows as isize)
            } else {
                (columns as isize, 1)
            }
        };
        assert!(
            self.a.len() == self.m * self.k
                && self.b.len() == self.k * self.n
                && self.c.len() == self.m * self.n
        );
        [
            strides(self.a_transposed, self.m, self.k),
            strides(self.b_transposed, self.k, self.n),
        ]
    }
}

macro_rules! gemm {
    ($number:ty, $matrixmultiply:path) => {
        impl Gemm for $number {
            const GEMMS: [Named<Self>; 3] = [
                ("matrixmultiply", |p| {
                    let [(a_row, a_column), (b_row, b_column)] = p.strides();
                    let beta = if p.added { 1.0 } else { 0.0 };
                    let (a, b, c) = (p.a.as_ptr(), p.b.as_ptr(), p.c.as_mut_ptr());
                    // SAFETY: the slices have the sizes that were checked, and both layouts reach exactly these.
                    unsafe {
                        $matrixmultiply(
                            p.m,
                            p.k,
                            p.n,
                            1.0,
                            a,
                            a_row,
                            a_column,
                            b,
                            b_row,
                            b_column,
                            beta,
                            c,
                            p.n as isize,
                            1,
                        );
                    }
                }),
                ("gemm", |p| {
                    let [(a_row, a_column), (b_row, b_column)] = p.strides();
                    let (a, b, c) = (p.a.as_ptr(), p.b.as_ptr(), p.c.as_mut_ptr());
                    // SAFETY: as above.
                    unsafe {
                        gemm::gemm(
                            p.m,
                            p.n,
                            p.k,
                            c,
                            1,
                            p.n as isize,
                            p.added,
                            a,
                            a_column,
                            a_row,
                            b,
                            b_column,
                            b_row,
                            1.0,
                            1.0,
                            false,
                            false,
                            false,
                            gemm::Parallelism::None,
                        );
                    }
                }),
                ("faer", |p| {
                    let a = matrix(p.a, p.a_transposed, p.m, p.k);
                    let b = matrix(p.b, p.b_transposed, p.k, p.n);
                    let c = MatMut::from_row_major_slice_mut(p.c, p.m, p.n);
                    let accumulate = if p.added { Accum::Add } else { Accum::Replace };
                    matmul(c, accumulate, a, b, 1.0, Par::Seq);
                }),
            ];
        }
    };
}

gemm!(f32, matrixmultiply::sgemm);
gemm!(f64, matrixmultiply::dgemm);

fn matrix<T>(numbers: &[T], transposed: bool, rows: usize, columns: usize) -> MatRef<'_, T> {
    if transposed {
        MatRef::from_row_major_slice(numbers, columns, rows).transpose()
    } else {
        MatRef::from_row_major_slice(numbers, rows, columns)
    }
}
