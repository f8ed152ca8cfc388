//! What layers with a weight matrix have in common: x·W (+ b), and its backward pass.

use crate::element::Element;
use crate::kernels::{Matrix, Sizes, Update};
use crate::params::Param;

fn sizes<const I: usize, const O: usize, T>(x: &[[T; I]]) -> Sizes {
    let n = x.len();
    Sizes { n, i: I, o: O }
}

/// Weights as they lie in a layer of their own.
pub(super) fn plain<T: Element, const I: usize, const O: usize>(
    w: &Param<[[T; O]; I]>,
) -> Matrix<'_, T> {
    Matrix {
        numbers: w.flat(),
        transposed: false,
    }
}

/// y = x·W (+ b), then Relu, if asked for.
pub(super) fn forward<T: Element, const I: usize, const O: usize>(
    w: Matrix<'_, T>,
    b: Option<&[T]>,
    relu: bool,
    x: &[[T; I]],
    y: &mut [[T; O]],
) {
    let sizes = sizes::<I, O, T>(x);
    T::matmul(x.as_flattened(), w, b, relu, y.as_flattened_mut(), sizes);
}

/// dx = dy·Wᵀ, and zero where the `Relu` that gave x did.
pub(super) fn input_gradient<T: Element, const I: usize, const O: usize>(
    w: Matrix<'_, T>,
    relu: Option<&[[T; I]]>,
    dy: &[[T; O]],
    dx: &mut [[T; I]],
) {
    let (sizes, relu) = (sizes::<I, O, T>(dx), relu.map(<[_]>::as_flattened));
    T::matmul_dx(dy.as_flattened(), w, relu, dx.as_flattened_mut(), sizes);
}

/// dW = xᵀ·dy and db = Σₙ dy[n, :]: written, added, or subtracted from the parameters.
pub(super) fn parameter_gradient<T: Element, const I: usize, const O: usize>(
    x: &[[T; I]],
    dy: &[[T; O]],
    dw: &mut Param<[[T; O]; I]>,
    db: Option<&mut Param<[T; O]>>,
    update: Update<T>,
) {
    let (sizes, db) = (sizes::<I, O, T>(x), db.map(Param::flat_mut));
    T::matmul_dw(
        x.as_flattened(),
        dy.as_flattened(),
        dw.flat_mut(),
        db,
        update,
        sizes,
    );
}
