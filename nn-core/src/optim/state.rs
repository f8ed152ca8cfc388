//! What optimizers and schedules remember between steps, and how it is read out and put back.

use std::borrow::Cow;
use std::fmt;

use crate::element::Element;
use crate::error::{Error, Result};
use crate::optim::walk::{check_sizes, sizes};
use crate::params::Parameters;

/// One thing that an optimizer or a schedule remembers between steps, under a name: for a checkpoint.
///
/// ```
/// use nn_core::prelude::*;
/// use nn_core::{StatePart, StateValue};
///
/// let mut momentum = Momentum::new(0.1, 0.9);
/// momentum.step(&mut [1.0_f64, 2.0], &[10.0, 0.0])?;
/// assert_eq!(momentum.state()?, [StatePart::numbers("velocity", &[-1.0, 0.0])]);
///
/// let mut resumed = Momentum::new(0.1, 0.9);
/// resumed.load_state(&[0.0, 2.0], &momentum.state()?)?;
/// assert_eq!(resumed, momentum);
/// # Ok::<(), nn_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct StatePart<'a, T> {
    /// The symbol of the update rule, such as `m` or `velocity`; unique among the parts.
    pub name: Cow<'a, str>,
    /// What is remembered under it.
    pub value: StateValue<'a, T>,
}

/// What is remembered under a name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StateValue<'a, T> {
    /// A single number; counts are whole.
    Number(f64),
    /// A number for each number of all parameters, in their order; none before the first step.
    Numbers(&'a [T]),
}

impl<'a, T> StatePart<'a, T> {
    /// A single number.
    #[must_use]
    pub fn number(name: impl Into<Cow<'a, str>>, number: f64) -> Self {
        Self {
            name: name.into(),
            value: StateValue::Number(number),
        }
    }

    /// A number for each number of the parameters.
    #[must_use]
    pub fn numbers(name: impl Into<Cow<'a, str>>, numbers: &'a [T]) -> Self {
        Self {
            name: name.into(),
            value: StateValue::Numbers(numbers),
        }
    }
}

/// Why a part of a state does not fit.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum StateProblem {
    /// There is no part of this name.
    Missing,
    /// Nothing is remembered under this name.
    Unknown,
    /// Two parts have this name.
    Twice,
    /// A single number where a list was expected, or the reverse.
    Kind,
    /// A list for other parameters, or of another step.
    Length {
        /// How many numbers belong into the list.
        expected: usize,
        /// How many it holds.
        found: usize,
    },
    /// A number that cannot be.
    Value {
        /// The number.
        value: f64,
        /// What it should be.
        expected: &'static str,
    },
}

impl fmt::Display for StateProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("is missing"),
            Self::Unknown => f.write_str("is not remembered here"),
            Self::Twice => f.write_str("is there twice"),
            Self::Kind => f.write_str("is a list where a single number belongs, or the reverse"),
            Self::Length { expected, found } => {
                write!(f, "holds {found} numbers where {expected} belong")
            }
            Self::Value { value, expected } => write!(f, "= {value} is not valid: {expected}"),
        }
    }
}

/// What an optimizer remembers for each number of the parameters, in their order; zero at first, allocated once.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct State<T> {
    pub(super) numbers: Vec<T>,
    /// How many numbers each parameter has: others with the same sum would mix up the memories.
    sizes: Vec<usize>,
}

impl<T> Default for State<T> {
    fn default() -> Self {
        Self {
            numbers: Vec::new(),
            sizes: Vec::new(),
        }
    }
}

impl<T: Element> State<T> {
    pub(super) fn ready_for(&mut self, params: &dyn Parameters<T>) -> Result<&mut [T]> {
        if self.sizes.is_empty() {
            self.sizes.extend(sizes(params));
            self.numbers.resize(self.sizes.iter().sum(), T::zero());
        }
        check_sizes(self.sizes.iter().copied(), sizes(params))?;
        Ok(&mut self.numbers)
    }

    pub(super) fn part(&self, name: &'static str) -> StatePart<'_, T> {
        StatePart::numbers(name, &self.numbers)
    }
}

/// Takes a state apart by name; what fits is kept by nobody before everything does.
pub(crate) struct Reader<'s, T> {
    parts: &'s [StatePart<'s, T>],
    sizes: Vec<usize>,
    /// What has been asked for.
    names: Vec<&'static str>,
    /// Whether lists hold nothing, as before the first step: then all do, and no steps are counted.
    empty: Option<bool>,
}

impl<'s, T: Copy> Reader<'s, T> {
    /// Of a state without lists.
    pub(crate) fn of_numbers(parts: &'s [StatePart<'s, T>]) -> Result<Self> {
        for (index, part) in parts.iter().enumerate() {
            if parts[..index].iter().any(|other| other.name == part.name) {
                return Err(wrong(&part.name, StateProblem::Twice));
            }
        }
        Ok(Self {
            parts,
            sizes: Vec::new(),
            names: Vec::new(),
            empty: None,
        })
    }

    fn value(&mut self, name: &'static str) -> Result<StateValue<'s, T>> {
        self.names.push(name);
        let part = self.parts.iter().find(|part| part.name == name);
        part.map(|part| part.value)
            .ok_or_else(|| wrong(name, StateProblem::Missing))
    }

    pub(crate) fn number(&mut self, name: &'static str) -> Result<f64> {
        match self.value(name)? {
            StateValue::Number(number) => Ok(number),
            StateValue::Numbers(_) => Err(wrong(name, StateProblem::Kind)),
        }
    }

    /// A number in a range.
    pub(crate) fn number_in(
        &mut self,
        name: &'static str,
        valid: impl FnOnce(f64) -> bool,
        expected: &'static str,
    ) -> Result<f64> {
        let value = self.number(name)?;
        if valid(value) {
            return Ok(value);
        }
        Err(wrong(name, StateProblem::Value { value, expected }))
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number from 0 to 2^53 is a u64"
    )]
    pub(crate) fn count(&mut self, name: &'static str) -> Result<u64> {
        const MOST: f64 = 9_007_199_254_740_992.0;
        let whole = |value: f64| value.fract() == 0.0 && (0.0..=MOST).contains(&value);
        let count = self.number_in(name, whole, "a whole number from 0 on")? as u64;
        self.empty.get_or_insert(count == 0);
        Ok(count)
    }

    /// A list of so many numbers, or an empty one.
    pub(crate) fn list(&mut self, name: &'static str, expected: usize) -> Result<&'s [T]> {
        match self.value(name)? {
            StateValue::Numbers(numbers) if numbers.is_empty() || numbers.len() == expected => {
                Ok(numbers)
            }
            StateValue::Numbers(numbers) => {
                let found = numbers.len();
                Err(wrong(name, StateProblem::Length { expected, found }))
            }
            StateValue::Number(_) => Err(wrong(name, StateProblem::Kind)),
        }
    }

    /// There is nothing that nobody asked for.
    pub(crate) fn finish(self) -> Result<()> {
        let unknown = |part: &&StatePart<'_, T>| !self.names.iter().any(|name| part.name == *name);
        match self.parts.iter().find(unknown) {
            Some(part) => Err(wrong(&part.name, StateProblem::Unknown)),
            None => Ok(()),
        }
    }
}

impl<'s, T: Element> Reader<'s, T> {
    pub(super) fn new(params: &dyn Parameters<T>, parts: &'s [StatePart<'s, T>]) -> Result<Self> {
        let sizes = sizes(params).collect();
        Ok(Self {
            sizes,
            ..Self::of_numbers(parts)?
        })
    }

    pub(super) fn state(&mut self, name: &'static str) -> Result<State<T>> {
        let StateValue::Numbers(numbers) = self.value(name)? else {
            return Err(wrong(name, StateProblem::Kind));
        };
        let empty = *self.empty.get_or_insert(numbers.is_empty());
        let expected = if empty { 0 } else { self.sizes.iter().sum() };
        if numbers.len() != expected {
            let found = numbers.len();
            return Err(wrong(name, StateProblem::Length { expected, found }));
        }
        if empty {
            return Ok(State::default());
        }
        Ok(State {
            numbers: numbers.to_vec(),
            sizes: self.sizes.clone(),
        })
    }
}

pub(super) fn wrong(part: &str, problem: StateProblem) -> Error {
    Error::State {
        part: part.to_owned(),
        problem,
    }
}
