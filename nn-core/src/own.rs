//! Layers that are no built-ins: what a network asks of a type that stands in its chain by name, be it a layer of the user's or
//! another network.

use std::fmt::Debug;
use std::marker::PhantomData;

use num_traits::Zero as _;

use crate::element::Element;
use crate::init::Init;
use crate::layers::Layer;
use crate::params::{Param, Parameters, Tensor};
use crate::rng::Rng;
use crate::sample::Sample;
use crate::summary::LayerSummary;

/// A type that can stand in the chain of a network by its name: a layer of one's own, by `#[derive(Parameters)]`, or another network
/// without a loss.
///
/// `Slope(50)` in a chain is the type `Slope<50>`, and what the network computes with is its `With<T>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no layer",
    label = "cannot stand in a chain",
    note = "derive `Parameters` for a layer of your own, and implement `nn_core::Layer`"
)]
pub trait Named {
    /// The same layer for numbers of type `T`; it is [`Initial`].
    type With<T: Element>;
}

/// A layer that knows how it starts. `#[derive(Parameters)]` implements it.
pub trait Initial<T: Element>:
    Parameters<T> + Clone + Debug + Default + PartialEq + Send + Sync
{
    /// How many numbers all of its parameters hold.
    const NUMBERS: usize;

    /// How many multiply-adds it takes for one sample, as far as it says.
    const MACS: usize = 0;

    /// Its layers, if it is a network.
    #[doc(hidden)]
    const LAYERS: &'static [LayerSummary] = &[];

    /// Whether it is a layer, and not what stands in for a type that is none.
    #[doc(hidden)]
    const IS_LAYER: bool = true;

    /// Fresh parameters, which follow from the state of `rng` alone.
    fn initial(rng: &mut Rng) -> Self;
}

impl<A: Sample> Initial<A::Element> for Param<A> {
    const NUMBERS: usize = A::LEN;

    fn initial(_rng: &mut Rng) -> Self {
        Self::zeros()
    }
}

/// What an option of a layer of one's own can be set to: `Slope(50, alpha = 0.1)` sets the field `alpha`.
///
/// A parameter takes a number, for all of its numbers, or an [`Init`]; any other field takes a value of its type.
#[diagnostic::on_unimplemented(
    message = "an option of type `{Self}` cannot be set to a `{V}`",
    label = "is of type `{V}`"
)]
pub trait Set<V> {
    /// Sets it.
    fn set(&mut self, value: V, rng: &mut Rng);
}

impl<V> Set<V> for V {
    fn set(&mut self, value: V, _rng: &mut Rng) {
        *self = value;
    }
}

impl<A: Sample> Set<Init> for Param<A> {
    fn set(&mut self, init: Init, rng: &mut Rng) {
        let inputs = A::SHAPE.sizes().first().copied().unwrap_or(1);
        init.fill(self.flat_mut(), inputs, A::LEN / inputs.max(1), rng);
    }
}

impl<A: Sample> Set<f64> for Param<A> {
    fn set(&mut self, value: f64, _rng: &mut Rng) {
        self.flat_mut().fill(A::Element::of(value));
    }
}

/// Whole numbers are written without a point.
impl<A: Sample> Set<i32> for Param<A> {
    fn set(&mut self, value: i32, rng: &mut Rng) {
        self.set(f64::from(value), rng);
    }
}

impl Set<i32> for f64 {
    fn set(&mut self, value: i32, _rng: &mut Rng) {
        *self = Self::from(value);
    }
}

/// A layer that says by itself what samples it reads, so that it can be the first one: another network.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is the first layer, and nothing says what a sample looks like",
    label = "the first layer",
    note = "begin the chain with the sample's shape, as in `Input(784)`"
)]
pub trait First<T> {
    /// What it reads.
    type Sample: Sample<Element = T>;
}

/// A type that may be a layer for samples of type `X`: the constants are true if it is.
#[derive(Debug)]
pub struct Probe<L, X>(PhantomData<(L, X)>);

impl<L: Named, X> Probe<L, X>
where
    L::With<f32>: Initial<f32>,
{
    /// It can stand in a chain.
    pub const IS_NAMED: bool = true;
}

impl<L: Named, X: Sample> Probe<L, X>
where
    L::With<X::Element>: Layer<X> + Initial<X::Element>,
{
    /// It reads samples of type `X`.
    pub const READS: bool = true;
}

impl<L: Named> Probe<L, ()>
where
    L::With<f32>: First<f32> + Layer<<L::With<f32> as First<f32>>::Sample> + Initial<f32>,
{
    /// It says what it reads.
    pub const IS_FIRST: bool = true;
}

impl<L: HasSeveralPorts, X> Probe<L, X> {
    /// It is a network with several inputs or outputs.
    pub const HAS_SEVERAL_PORTS: bool = true;
}

impl<L: LearnsOtherwise, X> Probe<L, X> {
    /// It is a network with layers that compute otherwise while they learn.
    pub const LEARNS_OTHERWISE: bool = true;
}

impl<L: EndsInLoss, X> Probe<L, X> {
    /// It is a network with a loss.
    pub const ENDS_IN_LOSS: bool = true;
}

/// What is so unless the constants of [`Probe`] say otherwise, which come before these.
pub trait Unproven {
    /// It cannot stand in a chain.
    const IS_NAMED: bool = false;
    /// It does not read such samples.
    const READS: bool = false;
    /// It does not say what it reads.
    const IS_FIRST: bool = false;
    /// It is no network with a loss.
    const ENDS_IN_LOSS: bool = false;
    /// It is no network with several inputs or outputs.
    const HAS_SEVERAL_PORTS: bool = false;
    /// It is no network with layers that compute otherwise while they learn.
    const LEARNS_OTHERWISE: bool = false;
}

impl<L, X> Unproven for Probe<L, X> {}

/// A constant of [`Probe`], or of [`Unproven`].
#[doc(hidden)]
#[macro_export]
macro_rules! __probe {
    ($layer:ty, $sample:ty, $constant:ident) => {{
        #[allow(unused_imports)]
        use $crate::__private::Unproven as _;
        $crate::__private::Probe::<$layer, $sample>::$constant
    }};
}

/// The layer that a type stands for, or `Nothing`.
pub type Checked<L, T, const IS: bool> = <L as Choose<T, IS>>::Layer;

/// The choice between a layer and nothing.
pub trait Choose<T: Element, const IS: bool> {
    /// What is chosen.
    type Layer: Initial<T>;
}

impl<L: Named, T: Element> Choose<T, true> for L
where
    L::With<T>: Initial<T>,
{
    type Layer = L::With<T>;
}

impl<L, T: Element> Choose<T, false> for L {
    type Layer = Nothing;
}

/// Stands in for a type that is no layer, which has been said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Nothing;

impl<T: Element> Parameters<T> for Nothing {
    fn count(&self) -> usize {
        0
    }

    fn tensor(&self, _index: usize) -> Option<Tensor<'_, T>> {
        None
    }

    fn numbers_mut(&mut self, _index: usize) -> Option<&mut [T]> {
        None
    }
}

impl<T: Element> Initial<T> for Nothing {
    const NUMBERS: usize = 0;
    const IS_LAYER: bool = false;

    fn initial(_rng: &mut Rng) -> Self {
        Self
    }
}

impl<X: Sample> Layer<X> for Nothing {
    type Output = X;

    fn forward(&self, _x: &[X], _y: &mut [X]) {
        unreachable!("what is no layer is not compiled");
    }

    fn backward(&self, _x: &[X], _y: &[X], _dy: &[X], _dx: Option<&mut [X]>, _gradient: &mut Self) {
        unreachable!("what is no layer is not compiled");
    }
}

impl<T: Element> First<T> for Nothing {
    type Sample = [T; 1];
}

/// A network with a loss, which is no layer.
pub trait EndsInLoss {}

/// A network with several inputs or outputs, which is no layer.
pub trait HasSeveralPorts {}

/// A network with layers that compute otherwise while they learn, which is no layer: nobody would tell it.
pub trait LearnsOtherwise {}

/// The forward pass of a layer that wants memory, called by hand.
pub fn forward<X: Sample, L: Layer<X>>(layer: &L, x: &[X], y: &mut [L::Output]) {
    let mut memory = vec![X::Element::zero(); x.len() * L::SCRATCH];
    layer.predict_with(x, y, &mut memory);
}

/// The backward pass of a layer that wants memory, called by hand: what the forward pass remembers is computed again.
pub fn backward<X: Sample, L: Layer<X>>(
    layer: &L,
    x: &[X],
    y: &[L::Output],
    dy: &[L::Output],
    dx: Option<&mut [X]>,
    gradient: &mut L,
) {
    let mut memory = vec![X::Element::zero(); x.len() * L::MEMORY];
    layer.forward_with(x, &mut y.to_vec(), &mut memory);
    layer.backward_with(x, y, dy, dx, &mut memory, gradient);
}

/// How many features a vector has: the size that `_` stands for behind a layer of one's own. Deeper samples, which are refused
/// elsewhere, have some number.
#[must_use]
pub const fn features<X: Sample>() -> usize {
    match *X::SHAPE.sizes() {
        [size, ..] => size,
        [] => 1,
    }
}

/// The features that arrive, to be compared with those that are taken. Where something else is wrong with them, they are equal.
#[must_use]
pub const fn features_or<X: Sample>(is_known: bool, taken: usize) -> usize {
    match *X::SHAPE.sizes() {
        [size] if is_known => size,
        _ => taken,
    }
}

/// One type or the other.
pub type If<const YES: bool, A, B> = <(A, B) as Pick<YES>>::Picked;

/// The choice between two types.
pub trait Pick<const YES: bool> {
    /// What is chosen.
    type Picked;
}

impl<A, B> Pick<true> for (A, B) {
    type Picked = A;
}

impl<A, B> Pick<false> for (A, B) {
    type Picked = B;
}

/// A sample that is a vector of features.
pub trait Vector: Sample {}

impl<T: Element, const N: usize> Vector for [T; N] {}

/// Two shapes that the compiler compares.
#[derive(Debug)]
pub struct Shapes<Given, Taken>(PhantomData<(Given, Taken)>);

/// Two shapes are the same.
pub trait Alike {}

impl<X> Alike for Shapes<X, X> {}

/// The parameters of several layers one behind the other: the tensor at `index`, its key behind the layer's label.
pub fn tensor_of<'a, T: Element>(
    layers: &[(&'static str, &'a dyn Parameters<T>)],
    index: usize,
) -> Option<Tensor<'a, T>> {
    let mut index = index;
    for (label, layer) in layers {
        match index.checked_sub(layer.count()) {
            Some(rest) => index = rest,
            None => return layer.tensor(index).map(|tensor| tensor.under(label)),
        }
    }
    None
}

/// The parameters of several layers one behind the other: the numbers at `index`.
pub fn numbers_of<T: Element, const N: usize>(
    layers: [&mut dyn Parameters<T>; N],
    index: usize,
) -> Option<&mut [T]> {
    let mut index = index;
    for layer in layers {
        match index.checked_sub(layer.count()) {
            Some(rest) => index = rest,
            None => return layer.numbers_mut(index),
        }
    }
    None
}

/// How many names a layer has for its parameters.
pub fn names<T: Element>(layer: &dyn Parameters<T>) -> usize {
    let mut count = layer.count();
    while layer.named(count).is_some() {
        count += 1;
    }
    count
}
