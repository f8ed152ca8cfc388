//! Optimizers and clipping against the notebook's classes: trajectories of 100 steps.

use nn_core::{
    AdaGrad, Adam, Element, Momentum, Optimizer, Param, Parameters, RmsProp, Sgd, Tensor,
    clip_grads,
};

use crate::fixture::{Case, Fixtures, assert_close, assert_same, by_type};

const KINDS: [&str; 5] = ["Sgd", "Momentum", "AdaGrad", "RmsProp", "Adam"];

/// f64: 1e-12 of the number. f32: 1e-4 of the number, and of 0.01 for those that come nearer to 0 while they swing across it.
fn allowed<T: Element>(expected: f64) -> f64 {
    let size = expected.abs();
    by_type::<T>(1e-12 * size, 1e-4 * size.max(0.01))
}

/// With the hyper-parameters that the case names, and our defaults for the others, as the notebook's run had its own.
fn optimizer<T: Element>(kind: &str, case: &Case<'_>) -> Box<dyn Optimizer<T>> {
    let lr = case.number("lr");
    match kind {
        "Sgd" => Box::new(Sgd::new(lr)),
        "Momentum" => Box::new(Momentum::new(lr, case.number("momentum"))),
        "AdaGrad" => Box::new(AdaGrad::new(lr)),
        "RmsProp" => Box::new(RmsProp::new(lr, case.number("decay_rate"))),
        "Adam" => {
            let mut adam = Adam::new(lr);
            if let Some(beta1) = case.optional("beta1") {
                adam = adam.beta1(beta1);
            }
            if let Some(beta2) = case.optional("beta2") {
                adam = adam.beta2(beta2);
            }
            Box::new(adam)
        }
        _ => panic!("there is no optimizer {kind}"),
    }
}

fn check_valley<T: Element>(kind: &str, case: &Case<'_>) {
    let mut optimizer = optimizer::<T>(kind, case);
    let mut point = [T::of(-7.0), T::of(2.0)];
    let mut path = Vec::new();
    for _ in 0..100 {
        let gradient = [point[0] / T::of(10.0), T::of(2.0) * point[1]];
        optimizer.step(&mut point, &gradient).unwrap();
        path.extend(point);
    }
    assert_close(case.name, &path, &case.numbers("path"), allowed::<T>);
}

/// f(x, y) = x²/20 + y² from (−7, 2), the textbook's valley.
#[test]
fn the_way_down_a_valley() {
    let fixtures = Fixtures::optimizers();
    for kind in KINDS {
        let cases: Vec<Case<'_>> = fixtures.of_kind(&format!("valley {kind}")).collect();
        assert_eq!(cases.len(), 2);
        for case in cases {
            check_valley::<f64>(kind, &case);
            check_valley::<f32>(kind, &case);
        }
    }
}

fn check_vector<T: Element>(kind: &str, start: &Case<'_>, case: &Case<'_>) {
    let mut optimizer = optimizer::<T>(kind, case);
    let mut vector = start.samples::<[T; 5]>("start")[0];
    let gradients = start.samples::<[T; 5]>("gradients");
    let shown = start.whole_numbers("steps");
    let mut path = Vec::new();
    for (gradient, step) in gradients.iter().zip(1..) {
        optimizer.step(&mut vector, gradient).unwrap();
        if shown.contains(&step) {
            path.extend(vector);
        }
    }
    assert_close(case.name, &path, &case.numbers("path"), allowed::<T>);
}

/// Gradients of very different sizes: ordinary, large, small, near ε, and always zero.
#[test]
fn random_gradients_of_a_vector() {
    let fixtures = Fixtures::optimizers();
    for kind in KINDS {
        let case = fixtures.case(&format!("vector {kind}"));
        check_vector::<f64>(kind, &fixtures.case("vector"), &case);
        check_vector::<f32>(kind, &fixtures.case("vector"), &case);
    }
}

/// Three parameters of different shapes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Several<T: Element> {
    weights: Param<[[T; 3]; 2]>,
    bias: Param<[T; 3]>,
    gain: Param<[T; 1]>,
}

impl<T: Element> Several<T> {
    /// The arrays whose names end in `suffix`, the one at `index` of each.
    pub(crate) fn read(case: &Case<'_>, suffix: &str, index: usize) -> Self {
        Self {
            weights: case.samples::<[[T; 3]; 2]>(&format!("W{suffix}"))[index].into(),
            bias: case.samples::<[T; 3]>(&format!("b{suffix}"))[index].into(),
            gain: case.samples::<[T; 1]>(&format!("gain{suffix}"))[index].into(),
        }
    }

    /// All parameters hold this number.
    pub(crate) fn filled(value: T) -> Self {
        Self {
            weights: [[value; 3]; 2].into(),
            bias: [value; 3].into(),
            gain: [value].into(),
        }
    }
}

impl<T: Element> Parameters<T> for Several<T> {
    fn count(&self) -> usize {
        3
    }

    fn tensor(&self, index: usize) -> Option<Tensor<'_, T>> {
        match index {
            0 => Some(Tensor::new("several.W", &self.weights)),
            1 => Some(Tensor::new("several.b", &self.bias)),
            2 => Some(Tensor::new("several.gain", &self.gain)),
            _ => None,
        }
    }

    fn numbers_mut(&mut self, index: usize) -> Option<&mut [T]> {
        match index {
            0 => Some(self.weights.flat_mut()),
            1 => Some(self.bias.flat_mut()),
            2 => Some(self.gain.flat_mut()),
            _ => None,
        }
    }
}

fn check_several<T: Element>(kind: &str, start: &Case<'_>, case: &Case<'_>) {
    let mut optimizer = optimizer::<T>(kind, case);
    let mut params = Several::<T>::read(start, " start", 0);
    let shown = start.whole_numbers("steps");
    let (mut weights, mut bias, mut gain) = (Vec::new(), Vec::new(), Vec::new());
    for step in 1..=100 {
        let gradient = Several::read(start, " gradients", step - 1);
        optimizer.step(&mut params, &gradient).unwrap();
        if shown.contains(&step) {
            weights.extend_from_slice(params.weights.flat());
            bias.extend_from_slice(params.bias.flat());
            gain.extend_from_slice(params.gain.flat());
        }
    }
    for (name, path) in [("W", weights), ("b", bias), ("gain", gain)] {
        let what = format!("{name} of {}", case.name);
        assert_close(&what, &path, &case.numbers(name), allowed::<T>);
    }
}

#[test]
fn several_parameters_each_with_its_own_state() {
    let fixtures = Fixtures::optimizers();
    for kind in KINDS {
        let case = fixtures.case(&format!("several {kind}"));
        check_several::<f64>(kind, &fixtures.case("several"), &case);
        check_several::<f32>(kind, &fixtures.case("several"), &case);
    }
}

/// The notebook's β₁, β₂ and ε; the trajectories above rely on them too.
#[test]
fn defaults_are_the_notebooks() {
    assert_same(
        "Adam",
        &Adam::<f64>::new(0.001),
        &Adam::new(0.001).beta1(0.9).beta2(0.999).eps(1e-7),
    );
    assert_same(
        "AdaGrad",
        &AdaGrad::<f64>::new(0.01),
        &AdaGrad::new(0.01).eps(1e-7),
    );
    assert_same(
        "RmsProp",
        &RmsProp::<f64>::new(0.01, 0.99),
        &RmsProp::new(0.01, 0.99).eps(1e-7),
    );
}

/// The learning rate stands inside the velocity: a new one does not touch what has been gathered.
#[test]
fn momentum_keeps_its_velocity_when_the_learning_rate_changes() {
    let mut momentum = Momentum::new(0.1, 0.5);
    let mut p = [0.0_f64];
    momentum.step(&mut p, &[1.0]).unwrap();
    momentum.set_lr(0.2);
    momentum.step(&mut p, &[1.0]).unwrap();
    // velocity −0.1, then 0.5·(−0.1) − 0.2 = −0.25; with the learning rate outside p would be −0.4.
    assert_close("p", &p, &[-0.35], |_| 1e-15);
}

fn check_clip<T: Element>(case: &Case<'_>) {
    let mut gradient = Several::<T>::read(case, "", 0);
    let norm = clip_grads(&mut gradient, case.number("max_norm")).unwrap();
    let tolerance = by_type::<T>(1e-12, 1e-5);
    case.compare("norm", &[norm], tolerance);
    case.compare("W clipped", gradient.weights.flat(), tolerance);
    case.compare("b clipped", gradient.bias.flat(), tolerance);
    case.compare("gain clipped", gradient.gain.flat(), tolerance);
}

#[test]
fn clipping() {
    let fixtures = Fixtures::optimizers();
    let cases: Vec<Case<'_>> = fixtures.of_kind("clip").collect();
    assert_eq!(cases.len(), 5);
    for case in cases {
        check_clip::<f64>(&case);
        check_clip::<f32>(&case);
    }
}
