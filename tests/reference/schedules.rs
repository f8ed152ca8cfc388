//! Schedules of the learning rate against those of `PyTorch`: `make_optimizers.py` beside this file.

use nn_core::{
    Cosine, ExponentialDecay, LinearDecay, MultiStepDecay, OneCycle, Plateau, PolynomialDecay,
    Schedule, StepDecay,
};

use crate::fixture::{Case, Fixtures, assert_close};
use nn_tests::tally;

/// A whole number.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn count(case: &Case<'_>, name: &str) -> usize {
    case.number(name) as usize
}

/// Sets the options that the case has.
macro_rules! with_options {
    ($case:expr, $schedule:expr $(, $option:ident)*) => {{
        let mut schedule = $schedule;
        $(if let Some(value) = $case.optional(stringify!($option)) {
            schedule = schedule.$option(value);
        })*
        schedule
    }};
}

fn check<S: Schedule>(kind: &str, cases: usize, make: impl Fn(&Case<'_>) -> S) {
    let fixtures = Fixtures::torch_schedules();
    let all: Vec<Case<'_>> = fixtures.of_kind(kind).collect();
    assert_eq!(all.len(), cases);
    for case in all {
        tally::case(case.name);
        let (schedule, base) = (make(&case), case.number("base"));
        let expected = case.numbers("rates");
        let rates: Vec<f64> = (0..expected.len())
            .map(|at| schedule.lr(base, at).unwrap())
            .collect();
        // PyTorch multiplies its way from rate to rate.
        assert_close(case.name, &rates, &expected, |rate| 1e-12 * rate + 1e-15);
    }
}

pub(crate) fn step_decay() {
    check("StepDecay", 6, |case| {
        StepDecay::new(count(case, "every"), case.number("factor"))
    });
}

pub(crate) fn multi_step_decay() {
    check("MultiStepDecay", 6, |case| {
        MultiStepDecay::new(case.whole_numbers("milestones"), case.number("factor"))
    });
}

pub(crate) fn exponential_decay() {
    check("ExponentialDecay", 6, |case| {
        ExponentialDecay::new(case.number("factor"))
    });
}

pub(crate) fn linear_decay() {
    check("LinearDecay", 6, |case| {
        with_options!(case, LinearDecay::new(count(case, "steps")), start, end)
    });
}

pub(crate) fn polynomial_decay() {
    check("PolynomialDecay", 6, |case| {
        PolynomialDecay::new(count(case, "steps"), case.number("power"))
    });
}

/// Half of the cases restart.
pub(crate) fn cosine() {
    check("Cosine", 12, |case| {
        let cosine = with_options!(case, Cosine::new(count(case, "steps")), floor);
        match case.optional("restarts") {
            Some(_) => cosine.restarts(count(case, "restarts")),
            None => cosine,
        }
    });
}

pub(crate) fn one_cycle() {
    check("OneCycle", 6, |case| {
        let cycle = OneCycle::new(count(case, "steps"));
        let mut cycle = with_options!(case, cycle, start, end, peak_at);
        if case.number("linear") == 1.0 {
            cycle = cycle.linear();
        }
        if case.number("three_phases") == 1.0 {
            cycle = cycle.three_phases();
        }
        cycle
    });
}

pub(crate) fn warm_up() {
    check("WarmUp", 6, |case| {
        let schedule = Cosine::new(count(case, "cosine")).warm_up(count(case, "steps"));
        with_options!(case, schedule, start)
    });
}

pub(crate) fn plateau() {
    let fixtures = Fixtures::torch_schedules();
    let cases: Vec<Case<'_>> = fixtures.of_kind("Plateau").collect();
    assert_eq!(cases.len(), 12);
    let mut reductions = 0;
    for case in cases {
        tally::case(case.name);
        let mut plateau = with_options!(case, Plateau::new(), factor, threshold, floor);
        if case.optional("patience").is_some() {
            plateau = plateau.patience(count(&case, "patience"));
        }
        if case.optional("cooldown").is_some() {
            plateau = plateau.cooldown(count(&case, "cooldown"));
        }
        if case.number("larger") == 1.0 {
            plateau = plateau.larger_is_better();
        }
        if case.number("absolute") == 1.0 {
            plateau = plateau.absolute();
        }
        let mut rates = Vec::new();
        for value in case.numbers("values") {
            // What is remembered can be saved after any value.
            let saved = plateau;
            plateau.observe(f64::from(u8::MAX));
            plateau.load_state(&saved.state()).unwrap();
            plateau.observe(value);
            rates.push(plateau.lr(case.number("base"), rates.len()).unwrap());
        }
        reductions += rates.windows(2).filter(|pair| pair[0] > pair[1]).count();
        let expected = case.numbers("rates");
        assert_close(case.name, &rates, &expected, |rate| 1e-12 * rate);
    }
    assert!(reductions > 30, "{reductions}");
}
