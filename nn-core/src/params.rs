//! Parameters: arrays on the heap, and the trait by which optimizers, look-up by name and (later) communication see
//! them as flat slices in the order of declaration.

use std::fmt;
use std::ops::{Deref, DerefMut};

use ndarray::{ArrayViewD, ArrayViewMutD, IxDyn};

use crate::element::Element;
use crate::key::Key;
use crate::sample::{Sample, Shape};

/// A parameter: an array on the heap that derefs to it, so that `W[i][j]` reads and writes single numbers.
///
/// It never passes over the stack, whatever its size.
///
/// ```
/// # use nn_core::Param;
/// let mut w = Param::<[[f32; 3]; 2]>::zeros();
/// w[1][2] = 5.0;
/// assert_eq!(w.flat(), [0.0, 0.0, 0.0, 0.0, 0.0, 5.0]);
/// ```
#[derive(Clone, PartialEq)]
pub struct Param<A: Sample> {
    numbers: Box<[A::Element]>,
}

impl<A: Sample> Param<A> {
    /// All zeros.
    #[must_use]
    pub fn zeros() -> Self {
        Self {
            numbers: vec![A::Element::default(); A::LEN].into_boxed_slice(),
        }
    }

    /// All numbers, in row-major order.
    #[must_use]
    pub fn flat(&self) -> &[A::Element] {
        &self.numbers
    }

    /// All numbers, in row-major order.
    pub fn flat_mut(&mut self) -> &mut [A::Element] {
        &mut self.numbers
    }
}

/// All zeros.
impl<A: Sample> Default for Param<A> {
    fn default() -> Self {
        Self::zeros()
    }
}

impl<A: Sample> From<A> for Param<A> {
    fn from(array: A) -> Self {
        Self {
            numbers: A::flat(&[array]).into(),
        }
    }
}

impl<A: Sample> Deref for Param<A> {
    type Target = A;

    fn deref(&self) -> &A {
        &A::from_flat(&self.numbers)[0]
    }
}

impl<A: Sample> DerefMut for Param<A> {
    fn deref_mut(&mut self) -> &mut A {
        &mut A::from_flat_mut(&mut self.numbers)[0]
    }
}

/// The shape and the first numbers: a parameter may hold millions.
impl<A: Sample> fmt::Debug for Param<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 8;
        write!(f, "Param {:?} [", A::SHAPE.sizes())?;
        for (index, number) in self.numbers.iter().take(SHOWN).enumerate() {
            write!(f, "{}{number:?}", if index == 0 { "" } else { ", " })?;
        }
        f.write_str(if self.numbers.len() > SHOWN {
            ", …]"
        } else {
            "]"
        })
    }
}

/// One parameter among others: its key, its shape and its numbers in row-major order.
#[derive(Clone, Copy, Debug)]
pub struct Tensor<'a, T> {
    key: Key,
    /// Of the numbers as they lie.
    shape: Shape,
    numbers: &'a [T],
    shared: bool,
    transposed: bool,
    state: bool,
}

impl<'a, T: Element> Tensor<'a, T> {
    /// The parameter under `key`.
    #[must_use]
    pub fn new<A: Sample<Element = T>>(key: &'static str, param: &'a Param<A>) -> Self {
        let (shape, numbers) = (A::SHAPE, param.flat());
        Self {
            key: Key::of(key),
            shape,
            numbers,
            shared: false,
            transposed: false,
            state: false,
        }
    }

    /// The same parameter where it is that of another layer, which has it under its own key.
    #[must_use]
    pub fn shared(self) -> Self {
        Self {
            shared: true,
            ..self
        }
    }

    /// [`Tensor::shared`], for a layer that sees the transpose.
    #[must_use]
    pub fn transposed(self) -> Self {
        Self {
            shared: true,
            transposed: true,
            ..self
        }
    }

    /// What a layer keeps from step to step that is no parameter.
    #[must_use]
    pub fn state(self) -> Self {
        Self {
            state: true,
            ..self
        }
    }

    /// The same parameter as a part of the layer with this label: its key begins with it.
    #[must_use]
    pub fn under(self, label: &'static str) -> Self {
        Self {
            key: self.key.under(label),
            ..self
        }
    }

    /// `label.symbol`, such as `affine1.W`, or `encoder1.affine1.W` for one of a network that is a layer.
    #[must_use]
    pub fn key(&self) -> &'static str {
        self.key.text()
    }

    /// The sizes of the array.
    #[must_use]
    pub fn shape(&self) -> Shape {
        if self.transposed {
            self.shape.transposed()
        } else {
            self.shape
        }
    }

    /// All numbers, in row-major order; of a transpose, as they lie in the layer that has them.
    #[must_use]
    pub fn numbers(&self) -> &'a [T] {
        self.numbers
    }

    /// Whether the parameter is that of another layer, which has it under its own key.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.shared
    }

    /// Whether it is no parameter, but state of a layer, such as a running mean.
    #[must_use]
    pub fn is_state(&self) -> bool {
        self.state
    }

    /// As an `ndarray` view.
    #[must_use]
    #[expect(
        clippy::missing_panics_doc,
        reason = "an array has as many numbers as its shape says"
    )]
    pub fn view(&self) -> ArrayViewD<'a, T> {
        let shape = IxDyn(self.shape.sizes());
        let view = ArrayViewD::from_shape(shape, self.numbers)
            .expect("an array has as many numbers as its shape says");
        if self.transposed {
            view.reversed_axes()
        } else {
            view
        }
    }
}

/// Anything that an optimizer can move: a network's parameters, or a bare array.
///
/// Parameters are numbered in the order of declaration. A gradient is the same type as the parameters it belongs to. Those of
/// frozen layers have no number, so that no optimizer finds them; [`Parameters::named`] has all.
pub trait Parameters<T: Element> {
    /// How many parameters there are.
    fn count(&self) -> usize;

    /// The parameter at `index`; `None` from [`Parameters::count`] on.
    fn tensor(&self, index: usize) -> Option<Tensor<'_, T>>;

    /// The numbers of the parameter at `index`, to be changed; `None` from [`Parameters::count`] on.
    fn numbers_mut(&mut self, index: usize) -> Option<&mut [T]>;

    /// What layers have of parameters, by the number of the key in the order of declaration. Those of frozen layers are among
    /// them, and one that several layers share is there for each of them, under its key and as it sees it. Where nothing is
    /// frozen or shared the same as [`Parameters::tensor`]. What layers keep that is no parameter, such as running means, has keys too
    /// ([`Tensor::is_state`]).
    fn named(&self, index: usize) -> Option<Tensor<'_, T>> {
        self.tensor(index)
    }

    /// The numbers of [`Parameters::named`], to be changed, as they lie.
    fn named_mut(&mut self, index: usize) -> Option<&mut [T]> {
        self.numbers_mut(index)
    }

    /// The number of a key for [`Parameters::named`]: `label.symbol`, or the textbook's short form: `W1` is the W of the
    /// first layer that has one.
    fn index_of(&self, key: &str) -> Option<usize> {
        index_of(key, &|index| Some(self.named(index)?.key()))
    }

    /// All parameters that are trained, each once, in the order of declaration.
    fn tensors<'a>(&'a self) -> impl Iterator<Item = Tensor<'a, T>>
    where
        Self: Sized,
        T: 'a,
    {
        (0..).map_while(|index| self.tensor(index))
    }
}

/// [`Parameters::index_of`], of the keys by their numbers.
fn index_of(key: &str, key_at: &dyn Fn(usize) -> Option<&'static str>) -> Option<usize> {
    let keys = || (0..).map_while(key_at);
    keys().position(|candidate| candidate == key).or_else(|| {
        let symbol = key.trim_end_matches(|c: char| c.is_ascii_digit());
        let ordinal: usize = key[symbol.len()..].parse().ok()?;
        let mut of_symbol = keys()
            .enumerate()
            .filter(|(_, key)| key.rsplit('.').next() == Some(symbol));
        of_symbol
            .nth(ordinal.checked_sub(1)?)
            .map(|(index, _)| index)
    })
}

/// Key and view of what layers keep that is no parameter, in the order of declaration.
pub fn state<T: Element>(
    params: &impl Parameters<T>,
) -> impl Iterator<Item = (&'static str, ArrayViewD<'_, T>)> {
    let named = (0..).map_while(|index| params.named(index));
    let state = named.filter(Tensor::is_state);
    state.map(|tensor| (tensor.key(), tensor.view()))
}

// What generated structs of parameters offer as methods. As methods of the trait they would hide `get` and `iter` of arrays,
// which are parameters too.

/// The parameter with this key; `None` for a key that is not there.
pub fn get<'a, T: Element>(params: &'a impl Parameters<T>, key: &str) -> Option<ArrayViewD<'a, T>> {
    let tensor = params.named(params.index_of(key)?);
    tensor.map(|tensor| tensor.view())
}

/// The parameter with this key, to be changed; `None` for a key that is not there.
#[expect(
    clippy::missing_panics_doc,
    reason = "an array has as many numbers as its shape says"
)]
pub fn get_mut<'a, T: Element>(
    params: &'a mut impl Parameters<T>,
    key: &str,
) -> Option<ArrayViewMutD<'a, T>> {
    let index = params.index_of(key)?;
    let Tensor {
        shape, transposed, ..
    } = params.named(index)?;
    let view = ArrayViewMutD::from_shape(IxDyn(shape.sizes()), params.named_mut(index)?);
    let view = view.expect("an array has as many numbers as its shape says");
    Some(if transposed {
        view.reversed_axes()
    } else {
        view
    })
}

/// Key and view of every parameter, frozen or not, each once, in the order of declaration. State, such as running means, is none.
pub fn iter<T: Element>(
    params: &impl Parameters<T>,
) -> impl Iterator<Item = (&'static str, ArrayViewD<'_, T>)> {
    let named = (0..).map_while(|index| params.named(index));
    let own = named.filter(|tensor| !tensor.is_shared() && !tensor.is_state());
    own.map(|tensor| (tensor.key(), tensor.view()))
}

/// A parameter alone has no name; the field that it stands in gives it one.
impl<A: Sample> Parameters<A::Element> for Param<A> {
    fn count(&self) -> usize {
        1
    }

    fn tensor(&self, index: usize) -> Option<Tensor<'_, A::Element>> {
        (index == 0).then(|| Tensor::new("", self))
    }

    fn numbers_mut(&mut self, index: usize) -> Option<&mut [A::Element]> {
        (index == 0).then_some(self.flat_mut())
    }
}

/// A bare array is one parameter without a name: an optimizer can be tried on any function of a few numbers.
impl<A: Sample, const N: usize> Parameters<A::Element> for [A; N] {
    fn count(&self) -> usize {
        1
    }

    fn tensor(&self, index: usize) -> Option<Tensor<'_, A::Element>> {
        (index == 0).then(|| Tensor {
            key: Key::of(""),
            shape: Self::SHAPE,
            numbers: A::flat(self),
            shared: false,
            transposed: false,
            state: false,
        })
    }

    fn numbers_mut(&mut self, index: usize) -> Option<&mut [A::Element]> {
        (index == 0).then_some(A::flat_mut(self))
    }
}

#[cfg(test)]
mod tests {
    use super::{Param, Parameters, Tensor, get, get_mut, iter};

    struct TwoLayers {
        weights: [Param<[[f32; 2]; 3]>; 2],
        biases: [Param<[f32; 2]>; 2],
    }

    impl Parameters<f32> for TwoLayers {
        fn count(&self) -> usize {
            4
        }

        fn tensor(&self, index: usize) -> Option<Tensor<'_, f32>> {
            match index {
                0 => Some(Tensor::new("hidden.W", &self.weights[0])),
                1 => Some(Tensor::new("hidden.b", &self.biases[0])),
                2 => Some(Tensor::new("affine2.W", &self.weights[1])),
                3 => Some(Tensor::new("affine2.b", &self.biases[1])),
                _ => None,
            }
        }

        fn numbers_mut(&mut self, index: usize) -> Option<&mut [f32]> {
            match index {
                0 => Some(self.weights[0].flat_mut()),
                1 => Some(self.biases[0].flat_mut()),
                2 => Some(self.weights[1].flat_mut()),
                3 => Some(self.biases[1].flat_mut()),
                _ => None,
            }
        }
    }

    fn two_layers() -> TwoLayers {
        TwoLayers {
            weights: [Param::zeros(), Param::from([[1., 2.], [3., 4.], [5., 6.]])],
            biases: [Param::zeros(), Param::zeros()],
        }
    }

    #[test]
    fn keys_are_full_or_short() {
        let params = two_layers();
        for (key, index) in [
            ("hidden.W", 0),
            ("W1", 0),
            ("b1", 1),
            ("affine2.W", 2),
            ("W2", 2),
            ("b2", 3),
        ] {
            assert_eq!(params.index_of(key), Some(index), "{key}");
        }
        for key in [
            "W",
            "W0",
            "W3",
            "w1",
            "hidden",
            "hidden.b1",
            "affine1.W",
            "",
            "1",
            "W99999999999999999999",
        ] {
            assert_eq!(params.index_of(key), None, "{key}");
        }
    }

    #[test]
    fn iter_follows_the_declaration_and_views_have_the_shape() {
        let params = two_layers();
        let keys: Vec<&str> = iter(&params).map(|(key, _)| key).collect();
        assert_eq!(keys, ["hidden.W", "hidden.b", "affine2.W", "affine2.b"]);
        let w2 = get(&params, "W2").unwrap();
        assert_eq!(w2.shape(), [3, 2]);
        assert_eq!(w2[[2, 0]], 5.0);
    }

    #[test]
    fn get_mut_writes_through() {
        let mut params = two_layers();
        get_mut(&mut params, "W1").unwrap()[[2, 1]] = 7.0;
        assert_eq!(params.weights[0][2][1], 7.0);
    }

    #[test]
    fn a_parameter_of_400_megabytes_never_touches_the_stack() {
        let mut w = Param::<[[f32; 10_000]; 10_000]>::zeros();
        w[9_999][9_999] = 1.0;
        assert_eq!(w.flat().last(), Some(&1.0));
    }

    /// The methods of arrays and slices stay what they are where `Parameters` is in scope.
    #[test]
    fn arrays_keep_their_methods() {
        let mut array = [1.0_f64, 2.0];
        assert_eq!(array.iter().sum::<f64>(), 3.0);
        assert_eq!(array.get(1), Some(&2.0));
        assert_eq!(array.get_mut(0), Some(&mut 1.0));
    }
}
