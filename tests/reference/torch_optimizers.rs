//! Optimizers, weight decay and groups against PyTorch, Lion against optax: `make_optimizers.py` beside this file.

use nn_core::{
    AdaDelta, AdaGrad, Adam, AdamW, Element, ExponentialDecay, Groups, Lion, Momentum, Nadam,
    Nesterov, Optimizer, Parameters, RAdam, RmsProp, Schedule, Sgd,
};

use crate::fixture::{Case, Fixtures, allowed_by_torch, assert_close};
use crate::optimizers::Several;
use nn_tests::tally;

/// With the options that the case names, and our defaults for the others.
macro_rules! with_options {
    ($case:expr, $optimizer:expr $(, $option:ident)*) => {{
        let mut optimizer = $optimizer;
        $(if let Some(value) = $case.optional(stringify!($option)) {
            optimizer = optimizer.$option(value);
        })*
        Box::new(optimizer)
    }};
}

fn optimizer<T: Element>(kind: &str, case: &Case<'_>) -> Box<dyn Optimizer<T>> {
    let lr = case.number("lr");
    match kind {
        "Sgd" => with_options!(case, Sgd::new(lr), weight_decay),
        "Momentum" => {
            let momentum = Momentum::new(lr, case.number("momentum"));
            with_options!(case, momentum, weight_decay)
        }
        "Nesterov" => {
            let nesterov = Nesterov::new(lr, case.number("momentum"));
            with_options!(case, nesterov, weight_decay)
        }
        "AdaGrad" => with_options!(case, AdaGrad::new(lr), weight_decay, eps),
        "RmsProp" => {
            let rms_prop = RmsProp::new(lr, case.number("decay_rate"));
            with_options!(case, rms_prop, weight_decay, eps)
        }
        "AdaDelta" => {
            with_options!(case, AdaDelta::new(lr), weight_decay, eps, decay_rate)
        }
        "Adam" => with_options!(case, Adam::new(lr), weight_decay, eps, beta1, beta2),
        "AdamW" => with_options!(case, AdamW::new(lr), weight_decay, eps, beta1, beta2),
        "Nadam" => {
            let nadam = Nadam::new(lr);
            with_options!(case, nadam, weight_decay, eps, beta1, beta2, momentum_decay)
        }
        "RAdam" => with_options!(case, RAdam::new(lr), weight_decay, eps, beta1, beta2),
        "Lion" => with_options!(case, Lion::new(lr), weight_decay, beta1, beta2),
        _ => panic!("there is no optimizer {kind}"),
    }
}

/// A vector of the case's size.
fn walk<T: Element, const SIZE: usize>(kind: &str, all: &Case<'_>, case: &Case<'_>) {
    tally::case(case.name);
    let mut optimizer = optimizer::<T>(kind, case);
    let first = |numbers: &[T; 8]| -> [T; SIZE] { std::array::from_fn(|index| numbers[index]) };
    let mut vector = first(&all.samples::<[T; 8]>("start")[0]);
    let (shown, change) = (all.whole_numbers("shown"), all.number("change"));
    let mut path = Vec::new();
    for (gradient, step) in all.samples::<[T; 8]>("gradients").iter().zip(0_u8..) {
        if f64::from(step) == change
            && let Some(lr) = case.optional("lr_later")
        {
            optimizer.set_lr(lr);
        }
        let mut gradient = first(gradient);
        let scale = case.optional("scale").unwrap_or(1.0);
        optimizer
            .step_scaled(&mut vector, &mut gradient, scale)
            .unwrap();
        if shown.contains(&(usize::from(step) + 1)) {
            path.extend(vector);
        }
    }
    assert_close(
        case.name,
        &path,
        &case.numbers("path"),
        allowed_by_torch::<T>,
    );
}

fn check<T: Element>(kind: &str) {
    let fixtures = Fixtures::torch_optimizers();
    let all = fixtures.case("all");
    let cases: Vec<Case<'_>> = fixtures.of_kind(kind).collect();
    assert_eq!(cases.len(), 12);
    for case in &cases {
        match case.number("size") {
            1.0 => walk::<T, 1>(kind, &all, case),
            2.0 => walk::<T, 2>(kind, &all, case),
            3.0 => walk::<T, 3>(kind, &all, case),
            4.0 => walk::<T, 4>(kind, &all, case),
            5.0 => walk::<T, 5>(kind, &all, case),
            6.0 => walk::<T, 6>(kind, &all, case),
            7.0 => walk::<T, 7>(kind, &all, case),
            8.0 => walk::<T, 8>(kind, &all, case),
            size => panic!("{size} numbers"),
        }
    }
}

macro_rules! each_kind {
    ($($test:ident $kind:literal)*) => {$(
        pub(crate) fn $test() {
            check::<f64>($kind);
            check::<f32>($kind);
        }
    )*};
}
each_kind! {
    sgd "Sgd" momentum "Momentum" nesterov "Nesterov" ada_grad "AdaGrad" rms_prop "RmsProp" ada_delta "AdaDelta"
    adam "Adam" adam_w "AdamW" nadam "Nadam" r_adam "RAdam" lion "Lion"
}

/// `Momentum` and `Nesterov` as `PyTorch` has them only as long as the rate is the same: it rescales the velocity.
#[test]
fn a_new_rate_counts_for_gradients_to_come() {
    let mut nesterov = Nesterov::new(0.1, 0.5);
    let mut p = [0.0_f64];
    nesterov.step(&mut p, &[1.0]).unwrap();
    nesterov.set_lr(0.2);
    nesterov.step(&mut p, &[1.0]).unwrap();
    // By hand: velocity −0.1, p −0.05 − 0.1; velocity −0.05 − 0.2, p by 0.5·(−0.25) − 0.2. PyTorch: −0.15 − 0.2·(1 + 0.5·1.5) = −0.5.
    assert_close("p", &p, &[-0.475], |_| 1e-15);
}

/// The W of three parameters decays, the gain has a rate of its own, and a schedule moves both rates.
macro_rules! check_groups {
    ($number:ty, $kind:literal, $optimizer:ident) => {
        let fixtures = Fixtures::torch_optimizers();
        let start = fixtures.case("grouped");
        let cases: Vec<Case<'_>> = fixtures.of_kind(concat!("grouped ", $kind)).collect();
        assert_eq!(cases.len(), 2);
        for case in &cases {
            tally::case(case.name);
            let (lr, gain_lr) = (case.number("lr"), case.number("gain_lr"));
            let decay = case.number("weight_decay");
            let mut optimizer = Groups::new($optimizer::new(lr).weight_decay(decay))
                .group("several.?*n", move |rule| rule.with_lr(gain_lr))
                .group("*.W", |rule| rule)
                .group("*b", |rule| rule.weight_decay(0.0))
                .group("several.gain", |rule| rule.weight_decay(0.0));
            let schedule = ExponentialDecay::new(case.number("factor"));
            let mut params = Several::<$number>::read(&start, " start", 0);
            for step in 0..25 {
                let lr = schedule.lr(lr, step).unwrap();
                Optimizer::<$number>::set_lr(&mut optimizer, lr);
                let gradient = Several::read(&start, " gradients", step);
                optimizer.step(&mut params, &gradient).unwrap();
            }
            for (name, tensor) in ["W", "b", "gain"].into_iter().zip(params.tensors()) {
                let what = format!("{name} of {}", case.name);
                assert_close(
                    &what,
                    tensor.numbers(),
                    &case.numbers(name),
                    allowed_by_torch::<$number>,
                );
            }
        }
    };
}

pub(crate) fn groups() {
    check_groups!(f64, "Sgd", Sgd);
    check_groups!(f32, "Sgd", Sgd);
    check_groups!(f64, "AdamW", AdamW);
    check_groups!(f32, "AdamW", AdamW);
    check_groups!(f64, "RAdam", RAdam);
    check_groups!(f32, "RAdam", RAdam);
}
