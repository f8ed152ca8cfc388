mod fading;
mod groups;

use super::{
    AdaDelta, AdaGrad, Adam, AdamW, Lion, Momentum, Nadam, Nesterov, Optimizer, RAdam, RmsProp,
    Sgd, StatePart, StateProblem, clip,
};
use crate::error::{Error, Result};
use crate::kernels::with_threads;
use crate::params::{Param, Parameters};

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
