use super::{
    AdaDelta, AdaGrad, Adam, AdamW, Groups, Lion, Momentum, Nadam, Nesterov, Optimizer, RAdam,
    RmsProp, Sgd, StatePart, StateProblem, clip,
};
use crate::error::{Error, Result};
use crate::kernels::with_threads;
use crate::params::{Param, Parameters, Tensor};

/// Calls a check with each optimizer, with a weight decay and without.
macro_rules! each_optimizer {
    ($check:ident) => {
        each_optimizer!(@decays $check: Sgd::new(0.01), Momentum::new(0.01, 0.9), Nesterov::new(0.01, 0.9), AdaGrad::new(0.01),
            RmsProp::new(0.01, 0.9), AdaDelta::new(1.0), Adam::new(0.01), AdamW::new(0.01), Nadam::new(0.01), RAdam::new(0.01),
            Lion::new(0.01));
    };
    (@decays $check:ident: $($optimizer:expr),*) => {
        $($check(&$optimizer.weight_decay(0.0)); $check(&$optimizer.weight_decay(0.05));)*
    };
}

/// Only says what has no default: a scaled step is then a step with a scaled gradient.
struct ByDefault<O>(O);

impl<O: Optimizer<f32>> Optimizer<f32> for ByDefault<O> {
    fn step(
        &mut self,
        params: &mut dyn Parameters<f32>,
        gradient: &dyn Parameters<f32>,
    ) -> Result<()> {
        self.0.step(params, gradient)
    }

    fn lr(&self) -> f64 {
        self.0.lr()
    }

    fn set_lr(&mut self, lr: f64) {
        self.0.set_lr(lr);
    }
}

fn gradient(step: u8) -> [f32; 33] {
    std::array::from_fn(|index| (index as f32 - 15.7) * f32::from(step))
}

#[test]
fn scaling_while_stepping_is_scaling_before_to_the_last_bit() {
    fn check<O: Optimizer<f32> + Clone>(optimizer: &O) {
        let (mut one, mut two) = (optimizer.clone(), ByDefault(optimizer.clone()));
        let (mut scaled_by_itself, mut scaled_before) = ([0.3_f32; 33], [0.3_f32; 33]);
        for step in 1..=9 {
            let mut gradient = gradient(step);
            one.step_scaled(&mut scaled_by_itself, &mut gradient, 0.37)
                .unwrap();
            two.step_scaled(&mut scaled_before, &mut gradient, 0.37)
                .unwrap();
            assert_eq!(scaled_by_itself, scaled_before);
        }
        assert_ne!(scaled_by_itself, [0.3; 33]);
    }
    each_optimizer!(check);
}

#[test]
fn a_factor_of_one_leaves_a_gradient_alone() {
    let mut gradient = [f32::MIN_POSITIVE / 2.0, -0.0];
    clip::scale(&mut gradient, 1.0);
    assert_eq!(gradient.map(f32::to_bits), [0x0040_0000, 0x8000_0000]);
}

/// Steps `from..=to`.
fn walk(optimizer: &mut dyn Optimizer<f32>, params: &mut [f32; 33], from: u8, to: u8) {
    for step in from..=to {
        optimizer.step(params, &gradient(step)).unwrap();
    }
}

#[test]
fn a_state_that_is_read_out_and_put_back_goes_on_to_the_last_bit() {
    fn check<O: Optimizer<f32> + Clone + PartialEq + std::fmt::Debug>(fresh: &O) {
        let (mut whole, mut params) = (fresh.clone(), [0.3_f32; 33]);
        walk(&mut whole, &mut params, 1, 7);
        let mut resumed = fresh.clone();
        resumed
            .load_state(&params, &whole.state().unwrap())
            .unwrap();
        assert_eq!(resumed, whole);
        let mut others = params;
        walk(&mut whole, &mut params, 8, 12);
        walk(&mut resumed, &mut others, 8, 12);
        assert_eq!(params, others);

        // That of before the first step is a state too.
        resumed
            .load_state(&params, &fresh.state().unwrap())
            .unwrap();
        assert_eq!(resumed, *fresh);
    }
    each_optimizer!(check);
}

#[test]
fn a_state_that_does_not_fit_is_refused_and_changes_nothing() {
    let params = [0.0_f32; 3];
    let (t, m, v) = (
        StatePart::number("t", 2.0),
        StatePart::numbers("m", &[1.0, 2.0, 3.0]),
        StatePart::numbers("v", &[4.0, 5.0, 6.0]),
    );
    let adam = {
        let mut adam = Adam::new(0.1);
        adam.load_state(&params, &[v.clone(), t.clone(), m.clone()])
            .unwrap();
        adam
    };
    assert_eq!(
        adam.state().unwrap(),
        [t.clone(), m.clone(), v.clone()],
        "in whatever order parts come"
    );
    let refuse = |state: &[StatePart<'_, f32>], expected: &str| {
        let mut other = adam.clone();
        let error = other.load_state(&params, state).unwrap_err();
        assert_eq!(error.to_string(), expected);
        assert_eq!(other, adam);
    };
    let short = StatePart::numbers("v", &[4.0, 5.0]);
    let none = StatePart::numbers("v", &[]);
    let whole = "a whole number from 0 on";
    let unknown = StatePart::number("lr", 0.1);
    for (state, problem) in [
        (vec![t.clone(), m.clone()], "`v` is missing".to_owned()),
        (
            vec![t.clone(), m.clone(), v.clone(), unknown],
            "`lr` is not remembered here".to_owned(),
        ),
        (
            vec![t.clone(), m.clone(), v.clone(), m.clone()],
            "`m` is there twice".to_owned(),
        ),
        (
            vec![t.clone(), m.clone(), StatePart::number("v", 1.0)],
            "`v` is a list where a single number belongs, or the reverse".to_owned(),
        ),
        (
            vec![StatePart::numbers("t", &[1.0]), m.clone(), v.clone()],
            "`t` is a list where a single number belongs, or the reverse".to_owned(),
        ),
        (
            vec![t.clone(), m.clone(), short],
            "`v` holds 2 numbers where 3 belong".to_owned(),
        ),
        (
            vec![t.clone(), m.clone(), none],
            "`v` holds 0 numbers where 3 belong".to_owned(),
        ),
        (
            vec![StatePart::number("t", 0.0), m.clone(), v.clone()],
            "`m` holds 3 numbers where 0 belong".to_owned(),
        ),
        (
            vec![StatePart::number("t", -1.0), m.clone(), v.clone()],
            format!("`t` = -1 is not valid: {whole}"),
        ),
        (
            vec![StatePart::number("t", 0.5), m.clone(), v.clone()],
            format!("`t` = 0.5 is not valid: {whole}"),
        ),
        (
            vec![StatePart::number("t", f64::NAN), m, v],
            format!("`t` = NaN is not valid: {whole}"),
        ),
    ] {
        refuse(&state, &format!("the state does not fit: {problem}"));
    }

    let (t, product) = (
        StatePart::number("t", 0.0),
        StatePart::number("product", 1.5),
    );
    let [m, v] = ["m", "v"].map(|name| StatePart::numbers(name, &[]));
    let error = Nadam::new(0.1).load_state(&params, &[t, product, m, v]);
    assert!(
        matches!(&error, Err(Error::State { part, problem: StateProblem::Value { .. } }) if part == "product")
    );
}

#[test]
fn an_optimizer_that_does_not_say_what_it_remembers_is_not_saved_without_it() {
    let mut silent = ByDefault(Sgd::new(0.1));
    assert!(matches!(silent.state(), Err(Error::NoState)));
    assert!(matches!(
        silent.load_state(&[0.0_f32], &[]),
        Err(Error::NoState)
    ));
    let boxed: Box<dyn Optimizer<f32>> = Box::new(Momentum::new(0.1, 0.9));
    assert_eq!(boxed.state().unwrap()[0].name, "velocity");
}

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

/// Vector code, its remainders and other threads do to a number what is done to it alone.
#[test]
fn a_number_moves_alike_wherever_it_stands_and_on_any_number_of_threads() {
    const LEN: usize = 40_003;

    fn number(index: usize, step: usize) -> f32 {
        let size = 10_f32.powi(i32::try_from(index % 7).unwrap() - 3);
        ((index * 53 + step * 29) % 211) as f32 * size - size * 105.0
    }

    fn check<O: Optimizer<f32> + Clone>(fresh: &O) {
        let walk = |threads| {
            let mut optimizer = fresh.clone();
            let [mut params, mut gradient] = [0, 1].map(|_| Param::<[f32; LEN]>::zeros());
            params.flat_mut().fill(0.3);
            with_threads(threads, || {
                for step in 0..8 {
                    for (index, slope) in gradient.flat_mut().iter_mut().enumerate() {
                        *slope = number(index, step);
                    }
                    optimizer.step(&mut *params, &*gradient).unwrap();
                }
            });
            params
        };
        let params = walk(1);
        assert!(params == walk(2) && params == walk(3));
        for index in [0, 1, 15, 16, 17, 13_334, 20_001, 39_999, LEN - 1] {
            let (mut optimizer, mut alone) = (fresh.clone(), [0.3_f32]);
            for step in 0..8 {
                optimizer.step(&mut alone, &[number(index, step)]).unwrap();
            }
            assert_eq!(alone[0].to_bits(), params[index].to_bits(), "{index}");
        }
    }
    each_optimizer!(check);
}
