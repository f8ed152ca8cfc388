//! Layers and losses of any shape as functions of plain numbers, so that what checks them is compiled once.

use nn_core::{
    Affine, Element, Elu, Gelu, GlobalAvgPool, HardSwish, Identity, Layer, LeakyRelu, LogSoftmax,
    LogSoftmaxOver, Loss, MatMul, PRelu, Relu, Repeat, Sample, Scale, Selu, Shift, Sigmoid, Silu,
    Softmax, SoftmaxOver, Softplus, Sum, Tanh,
};

use crate::fixture::nan;

/// A function of several arrays, of which the first is what a layer reads, and its gradient.
pub(crate) struct Erased {
    /// How many numbers each array holds.
    pub(crate) sizes: Vec<usize>,
    pub(crate) forward: Box<Forward>,
    /// The gradients of Σ dy·y by each array, given the arrays and dy.
    pub(crate) backward: Box<Backward>,
}

type Forward = dyn Fn(&[Vec<f64>]) -> Vec<f64>;
type Backward = dyn Fn(&[Vec<f64>], &[f64]) -> Vec<Vec<f64>>;

impl Erased {
    pub(crate) fn new(
        sizes: Vec<usize>,
        forward: impl Fn(&[Vec<f64>]) -> Vec<f64> + 'static,
        backward: impl Fn(&[Vec<f64>], &[f64]) -> Vec<Vec<f64>> + 'static,
    ) -> Self {
        Self {
            sizes,
            forward: Box::new(forward),
            backward: Box::new(backward),
        }
    }

    /// A layer, and a batch of so many samples.
    pub(crate) fn layer<X: Sample, L: Layer<X> + Numbers<X::Element> + Clone + 'static>(
        layer: L,
        n: usize,
    ) -> Self {
        let mut start = layer.clone();
        let parameters = start.numbers();
        let parameters: Vec<usize> = parameters.iter().map(|numbers| numbers.len()).collect();
        let sizes = [vec![n * X::LEN], parameters].concat();
        let with = move |values: &[Vec<f64>]| {
            let mut layer = layer.clone();
            for (numbers, values) in layer.numbers().into_iter().zip(&values[1..]) {
                put(numbers, values);
            }
            layer
        };
        let forward = with.clone();
        Self::new(
            sizes,
            move |values| {
                let (x, mut y) = (samples::<X>(&values[0]), nan::<L::Output>(n));
                forward(values).forward(&x, &mut y);
                doubles(&y)
            },
            move |values, dy| {
                let layer = with(values);
                let (x, dy) = (samples::<X>(&values[0]), samples::<L::Output>(dy));
                let (mut y, mut dx) = (nan::<L::Output>(n), nan::<X>(n));
                layer.forward(&x, &mut y);
                let unwritten = || {
                    let mut gradient = layer.clone();
                    for numbers in gradient.numbers() {
                        numbers.fill(X::Element::of(f64::NAN));
                    }
                    gradient
                };
                let (mut gradient, mut without_dx) = (unwritten(), unwritten());
                layer.backward(&x, &y, &dy, Some(&mut dx), &mut gradient);
                layer.backward(&x, &y, &dy, None, &mut without_dx);
                assert_eq!(
                    gradient.numbers(),
                    without_dx.numbers(),
                    "the gradient depends on whether dx is asked for"
                );
                let parameters = gradient.numbers();
                let parameters = parameters.into_iter().map(|numbers| as_doubles(numbers));
                std::iter::once(doubles(&dx)).chain(parameters).collect()
            },
        )
    }

    /// A loss with these targets.
    pub(crate) fn loss<X: Sample, Y: 'static, L: Loss<X, Y> + 'static>(
        loss: L,
        targets: Vec<Y>,
    ) -> Self {
        let n = targets.len();
        loss.check(&targets).unwrap();
        let (loss, targets) = (std::rc::Rc::new(loss), std::rc::Rc::new(targets));
        let of_forward = (loss.clone(), targets.clone());
        Self::new(
            vec![n * X::LEN],
            move |values| {
                let (loss, targets) = &of_forward;
                let mean = loss.forward(&samples::<X>(&values[0]), &**targets, &mut nan::<X>(n));
                vec![mean.as_f64()]
            },
            move |values, dy| {
                let (mut saved, mut dx) = (nan::<X>(n), nan::<X>(n));
                loss.forward(&samples::<X>(&values[0]), &*targets, &mut saved);
                loss.backward(&saved, &*targets, X::Element::of(dy[0]), &mut dx);
                vec![doubles(&dx)]
            },
        )
    }
}

pub(crate) fn put<T: Element>(numbers: &mut [T], values: &[f64]) {
    for (number, &value) in numbers.iter_mut().zip(values) {
        *number = T::of(value);
    }
}

pub(crate) fn samples<X: Sample>(numbers: &[f64]) -> Vec<X> {
    let numbers: Vec<X::Element> = numbers.iter().map(|&x| X::Element::of(x)).collect();
    X::from_flat(&numbers).to_vec()
}

pub(crate) fn as_doubles<T: Element>(numbers: &[T]) -> Vec<f64> {
    numbers.iter().map(|number| number.as_f64()).collect()
}

pub(crate) fn doubles<X: Sample>(samples: &[X]) -> Vec<f64> {
    as_doubles(X::flat(samples))
}

/// The numbers of a layer's parameters.
pub(crate) trait Numbers<T> {
    fn numbers(&mut self) -> Vec<&mut [T]> {
        Vec::new()
    }
}

macro_rules! without_numbers {
    ($($layer:ty),*) => {$(
        impl<T> Numbers<T> for $layer {}
    )*};
}
without_numbers!(
    Elu,
    Gelu,
    GlobalAvgPool,
    HardSwish,
    Identity,
    LeakyRelu,
    LogSoftmax,
    LogSoftmaxOver,
    Relu,
    Scale,
    Selu,
    Shift,
    Sigmoid,
    Silu,
    Softmax,
    SoftmaxOver,
    Softplus,
    Sum,
    Tanh
);

impl<T, const K: usize> Numbers<T> for Repeat<K> {}

impl<T: Element, const I: usize, const O: usize> Numbers<T> for Affine<I, O, T> {
    fn numbers(&mut self) -> Vec<&mut [T]> {
        vec![self.W.flat_mut(), self.b.flat_mut()]
    }
}

impl<T: Element, const I: usize, const O: usize> Numbers<T> for MatMul<I, O, T> {
    fn numbers(&mut self) -> Vec<&mut [T]> {
        vec![self.W.flat_mut()]
    }
}

impl<T: Element, const C: usize> Numbers<T> for PRelu<C, T> {
    fn numbers(&mut self) -> Vec<&mut [T]> {
        vec![self.alpha.flat_mut()]
    }
}
