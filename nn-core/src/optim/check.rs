//! Whether hyper-parameters are in their ranges.

use crate::error::{Error, Result};

/// A learning rate is finite and not negative.
pub(super) fn check_lr(lr: f64) -> Result<()> {
    check_from_zero("lr", lr)
}

/// A decay rate lies in [0, 1).
pub(super) fn check_rate(name: &'static str, value: f64) -> Result<()> {
    let valid = (0.0..1.0).contains(&value);
    check(valid, name, value, "a number from 0 on, below 1")
}

/// ε is finite and not negative.
pub(super) fn check_eps(eps: f64) -> Result<()> {
    check_from_zero("eps", eps)
}

/// λ is finite and not negative.
pub(super) fn check_decay(weight_decay: f64) -> Result<()> {
    check_from_zero("weight_decay", weight_decay)
}

pub(super) fn check_from_zero(name: &'static str, value: f64) -> Result<()> {
    let valid = value.is_finite() && value >= 0.0;
    check(valid, name, value, "a finite number from 0 on")
}

pub(super) fn check_above_zero(name: &'static str, value: f64) -> Result<()> {
    let valid = value.is_finite() && value > 0.0;
    check(valid, name, value, "a finite number above 0")
}

/// How many steps something lasts.
pub(super) fn check_positive(name: &'static str, value: usize) -> Result<()> {
    check(value > 0, name, 0.0, "a whole number from 1 on")
}

pub(super) fn check(
    valid: bool,
    name: &'static str,
    value: f64,
    expected: &'static str,
) -> Result<()> {
    if valid {
        return Ok(());
    }
    Err(Error::HyperParameter {
        name,
        value,
        expected,
    })
}
