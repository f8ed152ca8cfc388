//! What layers with a weight matrix have in common: x·W (+ b), and its backward pass.

use crate::element::Element;
use crate::kernels::Sizes;
use crate::params::Param;

type Weights<T, const I: usize, const O: usize> = Param<[[T; O]; I]>;

fn sizes<const I: usize, const O: usize, T>(x: &[[T; I]]) -> Sizes {
    let n = x.len();
    Sizes { n, i: I, o: O }
}

/// y = x·W (+ b), then Relu, if asked for.
pub(super) fn forward<T: Element, const I: usize, const O: usize>(
    w: &Weights<T, I, O>,
    b: Option<&Param<[T; O]>>,
    relu: bool,
    x: &[[T; I]],
    y: &mut [[T; O]],
) {
    let (sizes, b) = (sizes::<I, O, T>(x), b.map(Param::flat));
    T::matmul(
        x.as_flattened(),
        w.flat(),
        b,
        relu,
        y.as_flattened_mut(),
        sizes,
    );
}

/// dx = dy·Wᵀ, and zero where the `Relu` that gave x did.
pub(super) fn input_gradient<T: Element, const I: usize, const O: usize>(
    w: &Weights<T, I, O>,
    relu: Option<&[[T; I]]>,
    dy: &[[T; O]],
    dx: &mut [[T; I]],
) {
    let (sizes, relu) = (sizes::<I, O, T>(dx), relu.map(<[_]>::as_flattened));
    T::matmul_dx(
        dy.as_flattened(),
        w.flat(),
        relu,
        dx.as_flattened_mut(),
        sizes,
    );
}

/// dW = xᵀ·dy and db = Σₙ dy[n, :]; given a learning rate, what is subtracted from the parameters.
pub(super) fn parameter_gradient<T: Element, const I: usize, const O: usize>(
    x: &[[T; I]],
    dy: &[[T; O]],
    dw: &mut Weights<T, I, O>,
    db: Option<&mut Param<[T; O]>>,
    descend: Option<T>,
) {
    let (sizes, db) = (sizes::<I, O, T>(x), db.map(Param::flat_mut));
    T::matmul_dw(
        x.as_flattened(),
        dy.as_flattened(),
        dw.flat_mut(),
        db,
        descend,
        sizes,
    );
}
