//! Groups of parameters, each beside an optimizer of its own.

use crate::error::Error;
use crate::optim::{AdamW, Groups, Optimizer, Sgd, StatePart, clip};
use crate::params::{Param, Parameters, Tensor};

/// Two layers of two parameters each.
#[derive(Clone, Debug, PartialEq)]
struct Two {
    numbers: [Param<[f64; 2]>; 4],
}

const KEYS: [&str; 4] = ["body.W", "body.b", "head.W", "head.b"];

impl Two {
    fn of(number: f64) -> Self {
        let param = |index: u8| Param::from([number + f64::from(index), number - 0.5]);
        Self {
            numbers: [0, 1, 2, 3].map(param),
        }
    }
}

impl Parameters<f64> for Two {
    fn count(&self) -> usize {
        4
    }

    fn tensor(&self, index: usize) -> Option<Tensor<'_, f64>> {
        Some(Tensor::new(KEYS.get(index)?, self.numbers.get(index)?))
    }

    fn numbers_mut(&mut self, index: usize) -> Option<&mut [f64]> {
        Some(self.numbers.get_mut(index)?.flat_mut())
    }
}

/// Steps of one optimizer over all parameters, and of one for each of them over that alone.
fn compare(mut grouped: impl Optimizer<f64>, mut alone: [AdamW<f64>; 4]) {
    let (mut together, mut apart) = (Two::of(1.0), Two::of(1.0));
    for step in 0..5 {
        let mut gradient = Two::of(f64::from(step) - 1.5);
        for (index, rule) in alone.iter_mut().enumerate() {
            let (param, gradient) = (&mut *apart.numbers[index], &mut *gradient.numbers[index]);
            rule.step_scaled(param, gradient, 0.9).unwrap();
        }
        if step % 2 == 0 {
            grouped.step_scaled(&mut together, &mut gradient, 0.9)
        } else {
            clip::scale(&mut gradient, 0.9);
            grouped.step(&mut together, &gradient)
        }
        .unwrap();
        assert_eq!(together, apart);
    }
}

#[test]
fn groups_are_optimizers_of_their_own_and_apply_one_after_the_other() {
    let rule = || AdamW::new(0.1).weight_decay(0.5);
    let groups = Groups::new(rule())
        .group("*.b", |rule| rule.weight_decay(0.0))
        .group("head.*", |rule| rule.with_lr(0.01));
    let head = || rule().with_lr(0.01);
    let alone = || {
        [
            rule(),
            rule().weight_decay(0.0),
            head(),
            head().weight_decay(0.0),
        ]
    };
    compare(groups.clone(), alone());

    // Where two change the same thing the last one wins; a key is a pattern, short or not.
    let later = groups
        .group("W2", |rule| rule.with_lr(0.02))
        .group("body.?", |rule| rule.weight_decay(0.25));
    let [_, _, w, b] = alone();
    let body = || rule().weight_decay(0.25);
    compare(later, [body(), body(), w.with_lr(0.02), b]);
    compare(Groups::new(rule()), [(); 4].map(|()| rule()));
}

#[test]
fn rates_of_groups_keep_their_ratio() {
    let scheduled = |lr: f64| {
        let mut groups = Groups::new(AdamW::new(0.1))
            .group("*.b", |rule| rule.with_lr(0.02))
            .group("head.b", |rule| rule.with_lr(0.0));
        Optimizer::<f64>::set_lr(&mut groups, lr);
        assert_eq!(Optimizer::<f64>::lr(&groups), lr);
        groups
    };
    let rates = |lr| [lr, lr * 0.2, lr, 0.0].map(AdamW::new);
    compare(scheduled(0.1), [0.1, 0.02, 0.1, 0.0].map(AdamW::new));
    compare(scheduled(0.5), rates(0.5));
    // Not only before the first step.
    let mut groups = scheduled(0.3);
    groups.step(&mut Two::of(1.0), &Two::of(0.5)).unwrap();
    Optimizer::<f64>::set_lr(&mut groups, 0.05);
    let state = groups.state().unwrap();
    let mut fresh = scheduled(0.05);
    fresh.load_state(&Two::of(0.0), &state).unwrap();
    let (mut one, mut two) = (Two::of(3.0), Two::of(3.0));
    groups.step(&mut one, &Two::of(0.25)).unwrap();
    fresh.step(&mut two, &Two::of(0.25)).unwrap();
    assert_eq!(one, two);
    // A rate of 0 has no ratio to others.
    let mut frozen = Groups::new(AdamW::new(0.0)).group("head.W", |rule| rule.with_lr(0.5));
    Optimizer::<f64>::set_lr(&mut frozen, 0.0);
    compare(frozen, [0.0, 0.0, 0.5, 0.0].map(AdamW::new));
}

#[test]
fn a_group_that_matches_nothing_is_an_error_that_names_the_nearest_keys() {
    for (pattern, nearest) in [
        ("*.bias", &["body.b", "head.b"][..]),
        ("heads.*", &["head.W", "head.b"]),
        ("*.w", &["body.W", "head.W"]),
        ("boddy.W", &["body.W"]),
        ("W3", &KEYS[..3]),
    ] {
        let mut groups = Groups::new(Sgd::new(0.1))
            .group("*", |rule| rule)
            .group(pattern, |rule| rule.with_lr(0.0));
        for _ in 0..2 {
            let mut params = Two::of(1.0);
            let error = groups.step(&mut params, &Two::of(2.0)).unwrap_err();
            assert_eq!(params, Two::of(1.0));
            let keys = nearest.join("`, `");
            let expected = match nearest {
                [_] => format!("no parameter matches `{pattern}`; the nearest key is `{keys}`"),
                _ => format!("no parameter matches `{pattern}`; the nearest keys are `{keys}`"),
            };
            assert_eq!(error.to_string(), expected);
        }
    }
}

#[test]
fn what_is_wrong_with_one_group_stops_all_of_them_before_they_step() {
    let mut groups = Groups::new(AdamW::new(0.1)).group("head.b", |rule| rule.beta1(1.0));
    let mut params = Two::of(1.0);
    for _ in 0..2 {
        let error = groups.step(&mut params, &Two::of(2.0)).unwrap_err();
        assert!(matches!(error, Error::HyperParameter { name: "beta1", .. }));
        assert_eq!(params, Two::of(1.0));
    }
    let mut groups = Groups::new(AdamW::new(0.1)).group("*", |rule| rule.beta1(0.5));
    groups.step(&mut [0.0_f64; 3], &[1.0; 3]).unwrap();
    let error = groups.step(&mut params, &Two::of(2.0)).unwrap_err();
    assert!(matches!(error, Error::ParametersMismatch { .. }));
    let error = groups.step(&mut [0.0_f64; 3], &[1.0; 2]).unwrap_err();
    assert!(matches!(error, Error::ParametersMismatch { .. }));
    assert!(format!("{groups:?}").contains("beta1: 0.5"));
}

#[test]
fn states_of_groups_are_numbered_and_fit_the_same_groups_alone() {
    let groups = || Groups::new(AdamW::new(0.1)).group("*.b", |rule| rule.weight_decay(0.0));
    let (mut whole, mut params) = (groups(), Two::of(1.0));
    assert!(Optimizer::<f64>::state(&whole).unwrap().is_empty());
    for step in 0..3 {
        whole.step(&mut params, &Two::of(f64::from(step))).unwrap();
    }
    let state = whole.state().unwrap();
    let names: Vec<&str> = state.iter().map(|part| part.name.as_ref()).collect();
    assert_eq!(names, ["0.t", "0.m", "0.v", "1.t", "1.m", "1.v"]);
    let mut resumed = groups();
    resumed.load_state(&params, &state).unwrap();
    let mut others = params.clone();
    whole.step(&mut params, &Two::of(7.0)).unwrap();
    resumed.step(&mut others, &Two::of(7.0)).unwrap();
    assert_eq!(params, others);

    let mut fewer = Groups::new(AdamW::new(0.1));
    let state = whole.state().unwrap();
    let error = fewer.load_state(&params, &state).unwrap_err();
    let expected = "the state does not fit: `0.m` holds 4 numbers where 8 belong";
    assert_eq!(error.to_string(), expected);
    let error = whole.clone().load_state(&params, &state[..5]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the state does not fit: `1.v` is missing"
    );
    let more = [&state[..], &[StatePart::number("2.t", 1.0)]].concat();
    let error = whole.clone().load_state(&params, &more).unwrap_err();
    let expected = "the state does not fit: `2.t` is not remembered here";
    assert_eq!(error.to_string(), expected);
    // An empty state is that of before the first step.
    resumed.load_state(&params, &[]).unwrap();
    let (mut one, mut two) = (Two::of(1.0), Two::of(1.0));
    resumed.step(&mut one, &Two::of(2.0)).unwrap();
    groups().step(&mut two, &Two::of(2.0)).unwrap();
    assert_eq!(one, two);
}
