use crate::element::Element;
use crate::sample::Sample;

/// A target that gives a value for every score of type `X`: an array of the same shape; for a single score, `[T; 1]`,
/// also a bare number, a `bool` or a label 0 or 1.
#[diagnostic::on_unimplemented(
    message = "targets of type `{Self}` do not fit scores of type `{X}`",
    note = "a target has the shape of the network's output; for a single output a bare number or a `bool` will do"
)]
pub trait ValueTarget<X: Sample>: Copy {
    /// The target of the score at `index` in row-major order.
    fn value(&self, index: usize) -> X::Element;
}

#[diagnostic::do_not_recommend]
impl<A: Sample, const N: usize> ValueTarget<[A; N]> for [A; N] {
    fn value(&self, index: usize) -> A::Element {
        A::flat(self)[index]
    }
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl ValueTarget<[Self; 1]> for $number {
            fn value(&self, _index: usize) -> Self {
                *self
            }
        }
    )*};
}

numbers!(f32, f64);

#[diagnostic::do_not_recommend]
impl<T: Element> ValueTarget<[T; 1]> for bool {
    fn value(&self, _index: usize) -> T {
        if *self { T::one() } else { T::zero() }
    }
}

macro_rules! labels {
    ($($label:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<T: Element> ValueTarget<[T; 1]> for $label {
            fn value(&self, _index: usize) -> T {
                #[expect(clippy::allow_attributes, reason = "some of the conversions are lossless, some are not")]
                #[allow(clippy::cast_lossless, clippy::cast_precision_loss, reason = "labels are small numbers")]
                T::of(*self as f64)
            }
        }
    )*};
}

labels!(u8, u16, u32, u64, usize, i32, i64);
