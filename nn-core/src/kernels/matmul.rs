//! Matrix products in the three forms that training needs, on row-major slices.

use std::cell::Cell;

use super::product::{Compiled, Finish, K_BLOCK, Product};
use super::scratch::Scratch;
use super::{Gradient, Matrix, Sizes, Update};

/// y [N, O] = x [N, I] · W [I, O] (+ b [O]), cut off below zero if `relu`.
pub(super) fn forward<T: Compiled>(
    x: &[T],
    w: Matrix<'_, T>,
    bias: Option<&[T]>,
    relu: bool,
    y: &mut [T],
    sizes: Sizes,
) {
    let Sizes { n, i, o } = sizes;
    let finish = if relu { Finish::Relu } else { Finish::Keep };
    let product = Product::plain([n, o, i], x, w.numbers, y);
    Product {
        b_transposed: w.transposed,
        bias,
        finish,
        ..product
    }
    .compute();
}

/// dx [N, I] = dy [N, O] · Wᵀ [O, I]; zero where a number of `relu` is not above zero.
pub(super) fn input_gradient<T: Compiled>(
    dy: &[T],
    w: Matrix<'_, T>,
    relu: Option<&[T]>,
    dx: &mut [T],
    sizes: Sizes,
) {
    let Sizes { n, i, o } = sizes;
    let finish = relu.map_or(Finish::Keep, Finish::Cut);
    let product = Product::plain([n, i, o], dy, w.numbers, dx);
    Product {
        b_transposed: !w.transposed,
        finish,
        ..product
    }
    .compute();
}

/// dW [I, O] = xᵀ [I, N] · dy [N, O] and db = Σₙ dy[n, :], written or added, or what W and b become when they descend.
pub(super) fn weight_gradient<T: Compiled>(
    x: &[T],
    dy: &[T],
    w: &mut [T],
    b: Option<&mut [T]>,
    update: Update<T>,
    sizes: Sizes,
) {
    let Sizes { n, i, o } = sizes;
    if let Update::Descend(rate) = update
        && n > K_BLOCK
    {
        return T::with_scratch(Scratch::Gradient, (i + 1) * o, |gradient| {
            let (dw, db) = gradient.split_at_mut(i * o);
            weight_gradient(x, dy, dw, Some(&mut *db), Update::Write, sizes);
            T::sgd(w, Gradient::whole(dw), rate);
            if let Some(b) = b {
                T::sgd(b, Gradient::whole(db), rate);
            }
        });
    }
    let (adds, finish) = match update {
        Update::Write => (false, Finish::Keep),
        Update::Add => (true, Finish::Keep),
        Update::Descend(rate) => (false, Finish::Descend(rate)),
    };
    let product = Product::plain([i, o, n], x, dy, w);
    let (sums, next) = (b, next_of(x));
    Product {
        a_transposed: true,
        adds,
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
