//! Networks of any shape behind one interface of plain numbers: the checks are compiled once, and not for each network.

use nn_core::prelude::*;
use nn_core::{Element, Losses, Sample};

/// A network in plain numbers.
pub trait Erased {
    /// The parameters, one after the other.
    fn params(&self) -> Vec<Vec<f64>>;

    /// Overwrites one parameter.
    fn set(&mut self, index: usize, numbers: &[f64]);

    /// The mean loss of a batch. A class is a number too.
    fn loss(&self, x: &[f64], targets: &[f64]) -> f64;

    /// The gradient of the mean loss, parameter by parameter.
    fn gradient(&mut self, x: &[f64], targets: &[f64]) -> Vec<Vec<f64>>;

    /// A step by p − lr·g, for which a network has code of its own.
    fn descend(&mut self, x: &[f64], targets: &[f64], lr: f64);
}

/// The gradient that a network in `f32` has at these parameters, for this batch and these targets.
pub type Single = fn(&[Vec<f64>], &[f64], &[f64]) -> Vec<Vec<f64>>;

struct Erasing<N, Y> {
    net: N,
    targets: fn(&[f64]) -> Vec<Y>,
}

/// A network whose targets are classes.
pub(crate) fn of_classes<N>(net: N) -> Box<dyn Erased>
where
    N: Trainable<Element = f64, Input: Sample<Element = f64>, Output: Sample<Element = f64>>
        + 'static,
    N::Loss: Losses<N::Output, usize>,
{
    let targets = classes;
    Box::new(Erasing { net, targets })
}

/// A network whose targets have the shape of its scores.
pub(crate) fn of_rows<N>(net: N) -> Box<dyn Erased>
where
    N: Trainable<Element = f64, Input: Sample<Element = f64>, Output: Sample<Element = f64>>
        + 'static,
    N::Loss: Losses<N::Output, N::Output>,
{
    let targets = samples::<N::Output>;
    Box::new(Erasing { net, targets })
}

pub(crate) fn single_of_classes<N>(params: &[Vec<f64>], x: &[f64], targets: &[f64]) -> Vec<Vec<f64>>
where
    N: Trainable<Element = f32, Input: Sample<Element = f32>, Output: Sample<Element = f32>>,
    N::Loss: Losses<N::Output, usize>,
{
    single::<N, usize>(params, x, &classes(targets))
}

pub(crate) fn single_of_rows<N>(params: &[Vec<f64>], x: &[f64], targets: &[f64]) -> Vec<Vec<f64>>
where
    N: Trainable<Element = f32, Input: Sample<Element = f32>, Output: Sample<Element = f32>>,
    N::Loss: Losses<N::Output, N::Output>,
{
    single::<N, N::Output>(params, x, &samples(targets))
}

fn single<N, Y>(params: &[Vec<f64>], x: &[f64], targets: &[Y]) -> Vec<Vec<f64>>
where
    N: Trainable<Element = f32, Input: Sample<Element = f32>>,
    N::Loss: Losses<N::Output, Y>,
    Y: Clone + Sync,
{
    let mut net = N::seeded(0);
    for (index, numbers) in params.iter().enumerate() {
        overwrite(net.params_mut(), index, numbers);
    }
    gradient(&mut net, x, targets)
}

fn classes(numbers: &[f64]) -> Vec<usize> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "classes are small numbers"
    )]
    let class = |&number: &f64| number as usize;
    numbers.iter().map(class).collect()
}

fn samples<X: Sample>(numbers: &[f64]) -> Vec<X> {
    let numbers = numbers.iter().map(|&number| X::Element::of(number));
    X::from_flat(&numbers.collect::<Vec<_>>()).to_vec()
}

fn numbers<T: Element>(params: &impl Parameters<T>) -> Vec<Vec<f64>> {
    let wide = |numbers: &[T]| numbers.iter().map(|number| number.as_f64()).collect();
    params
        .tensors()
        .map(|tensor| wide(tensor.numbers()))
        .collect()
}

fn overwrite<T: Element>(params: &mut impl Parameters<T>, index: usize, numbers: &[f64]) {
    let own = params
        .numbers_mut(index)
        .expect("as many parameters as there were");
    for (own, &number) in own.iter_mut().zip(numbers) {
        *own = T::of(number);
    }
}

fn gradient<N, Y>(net: &mut N, x: &[f64], targets: &[Y]) -> Vec<Vec<f64>>
where
    N: Trainable<Input: Sample<Element = <N as Network>::Element>>,
    N::Loss: Losses<N::Output, Y>,
    Y: Clone + Sync,
{
    let x = samples::<N::Input>(x);
    let gradient = net.gradient(x.as_slice(), targets);
    numbers(gradient.expect("a batch with its targets"))
}

impl<N, Y> Erased for Erasing<N, Y>
where
    N: Trainable<Element = f64, Input: Sample<Element = f64>>,
    N::Loss: Losses<N::Output, Y>,
    Y: Clone + Sync,
{
    fn params(&self) -> Vec<Vec<f64>> {
        numbers(self.net.params())
    }

    fn set(&mut self, index: usize, numbers: &[f64]) {
        overwrite(self.net.params_mut(), index, numbers);
    }

    fn loss(&self, x: &[f64], targets: &[f64]) -> f64 {
        let (x, targets) = (samples::<N::Input>(x), (self.targets)(targets));
        let loss = self.net.loss(x.as_slice(), targets.as_slice());
        loss.expect("a batch with its targets")
    }

    fn gradient(&mut self, x: &[f64], targets: &[f64]) -> Vec<Vec<f64>> {
        gradient(&mut self.net, x, &(self.targets)(targets))
    }

    fn descend(&mut self, x: &[f64], targets: &[f64], lr: f64) {
        let (x, targets) = (samples::<N::Input>(x), (self.targets)(targets));
        let loss = self
            .net
            .step(&mut Sgd::new(lr), x.as_slice(), targets.as_slice());
        loss.expect("a batch with its targets");
    }
}
