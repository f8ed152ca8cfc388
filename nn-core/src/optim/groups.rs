use std::fmt;
use std::sync::Arc;

use crate::element::Element;
use crate::error::{Error, Result};
use crate::optim::state::wrong;
use crate::optim::walk::{check_sizes, sizes};
use crate::optim::{Optimizer, StatePart, StateProblem, check_gradient, pattern};
use crate::params::{Parameters, Tensor};

/// An optimizer with other hyper-parameters for some of the parameters.
///
/// ```
/// use nn_core::prelude::*;
///
/// network! { pub struct Digits< Affine(4, 3) -> Relu -> head: Affine(3, 2) -> SoftmaxWithLoss >; }
///
/// let mut optimizer = Groups::new(AdamW::new(1e-3).weight_decay(0.01))
///     .group("*.b", |rule| rule.weight_decay(0.0))
///     .group("head.*", |rule| rule.with_lr(1e-2));
/// Digits::seeded(1).step(&mut optimizer, &[[0.5; 4]], &[1_u8])?;
/// # Ok::<(), nn_core::Error>(())
/// ```
///
/// A group is a pattern of keys, and what changes for the parameters that match it. `*` stands for any characters, dots among
/// them, and `?` for a single one; a pattern without either is a key, `W1` for short. What does not match keeps the rule that
/// [`Groups::new`] was given.
///
/// **All groups that match a parameter apply to it, in the order in which they were added**: above, `head.b` has no decay and the
/// rate 1e-2. Where two of them change the same thing, the last one wins.
///
/// The rate of a group keeps its ratio to that of the rule in [`Groups::new`], which [`Optimizer::lr`] gives and
/// [`Optimizer::set_lr`] sets: a [`Schedule`](crate::Schedule) moves all of them alike. (A rate of 0 has no ratio to others: then
/// groups keep theirs.)
///
/// Patterns are matched at the first step. After that no step compares a string or allocates.
///
/// # Errors
/// [`Error::UnmatchedPattern`] at the first step, if a pattern matches no key; it names the nearest ones.
///
/// # Examples
/// ```
/// use nn_core::prelude::*;
///
/// network! { pub struct Line< Affine(1, 1) -> MeanSquaredError >; }
///
/// # fn main() -> nn_core::Result<()> {
/// let mut net = Line::<f64>::seeded(1);
/// net.params.affine1.W[0][0] = 1.0;
/// // No gradient, so that decay alone moves: 1 − 0.1·0.5·1, and b stays.
/// net.params.affine1.b[0] = 0.0;
/// let mut optimizer = Groups::new(Sgd::new(0.1).weight_decay(0.5)).group("*.b", |rule| rule.weight_decay(0.0));
/// net.step(&mut optimizer, &[[0.0]], &[[0.0]])?;
/// assert_eq!(net.params.affine1.W[0][0], 0.95);
///
/// let mut misspelt = Groups::new(Sgd::new(0.1)).group("*.w", |rule| rule.with_lr(0.0));
/// let error = net.step(&mut misspelt, &[[0.0]], &[[0.0]]).unwrap_err();
/// assert_eq!(error.to_string(), "no parameter matches `*.w`; the nearest key is `affine1.W`");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Groups<O> {
    /// The rule of whatever matches no pattern. Never steps itself.
    base: O,
    /// The rate that was set, if one was.
    lr: Option<f64>,
    changes: Vec<Change<O>>,
    /// One for each set of changes that some parameter has; empty before the first step.
    parts: Vec<Part<O>>,
    /// How many numbers each parameter has.
    sizes: Vec<usize>,
}

/// What is different for the keys that match a pattern.
#[derive(Clone)]
struct Change<O> {
    pattern: String,
    apply: Arc<dyn Fn(O) -> O + Send + Sync>,
}

/// A rule, and the parameters that it moves.
#[derive(Clone, Debug)]
struct Part<O> {
    optimizer: O,
    /// Its own rate, before any was set.
    lr: f64,
    indices: Vec<usize>,
}

impl<O> Groups<O> {
    /// No groups yet: all parameters are moved by this optimizer.
    #[must_use]
    pub fn new(optimizer: O) -> Self {
        Self {
            base: optimizer,
            lr: None,
            changes: Vec::new(),
            parts: Vec::new(),
            sizes: Vec::new(),
        }
    }

    /// Changes the rule for the parameters whose keys match `pattern`, on top of the groups before.
    #[must_use]
    pub fn group(
        mut self,
        pattern: impl Into<String>,
        change: impl Fn(O) -> O + Send + Sync + 'static,
    ) -> Self {
        self.changes.push(Change {
            pattern: pattern.into(),
            apply: Arc::new(change),
        });
        // Whoever adds a group in the middle of training begins anew.
        self.parts.clear();
        self
    }

    /// Deals the parameters out to as many rules as there are sets of changes.
    fn deal<T: Element>(&self, params: &dyn Parameters<T>) -> Result<Vec<Part<O>>>
    where
        O: Optimizer<T> + Clone,
    {
        let mut changes = vec![Vec::new(); params.count()];
        for (number, Change { pattern, .. }) in self.changes.iter().enumerate() {
            let indices = pattern::matches(pattern, params);
            if indices.is_empty() {
                return Err(Error::UnmatchedPattern {
                    pattern: pattern.clone(),
                    nearest: pattern::nearest(pattern, params),
                });
            }
            for index in indices {
                changes[index].push(number);
            }
        }
        let mut sets: Vec<(&[usize], Vec<usize>)> = Vec::new();
        for (index, set) in changes.iter().enumerate() {
            match sets.iter_mut().find(|(known, _)| known == set) {
                Some((_, indices)) => indices.push(index),
                None => sets.push((set, vec![index])),
            }
        }
        let parts = sets.into_iter().map(|(set, indices)| {
            let rule = |rule, &number: &usize| (self.changes[number].apply)(rule);
            let mut optimizer = set.iter().fold(self.base.clone(), rule);
            let lr = optimizer.lr();
            if let Some(now) = self.lr {
                optimizer.set_lr(rate(lr, self.base.lr(), now));
            }
            Part {
                optimizer,
                lr,
                indices,
            }
        });
        Ok(parts.collect())
    }

    /// Everything that could be wrong is found before the first rule steps.
    fn prepare<T: Element>(
        &mut self,
        params: &dyn Parameters<T>,
        gradient: &dyn Parameters<T>,
    ) -> Result<()>
    where
        O: Optimizer<T> + Clone,
    {
        check_gradient(params, gradient)?;
        if self.parts.is_empty() {
            self.parts = self.deal(params)?;
            self.sizes = sizes(params).collect();
        }
        check_sizes(self.sizes.iter().copied(), sizes(params))?;
        self.check()
    }
}

/// A group's rate, where the base rate has become `now`.
fn rate(own: f64, base: f64, now: f64) -> f64 {
    if base == 0.0 { own } else { own * (now / base) }
}

impl<T: Element, O: Optimizer<T> + Clone> Optimizer<T> for Groups<O> {
    fn step(&mut self, params: &mut dyn Parameters<T>, gradient: &dyn Parameters<T>) -> Result<()> {
        self.prepare(params, gradient)?;
        for Part {
            optimizer, indices, ..
        } in &mut self.parts
        {
            optimizer.step(
                &mut ChosenMut { params, indices },
                &Chosen {
                    params: gradient,
                    indices,
                },
            )?;
        }
        Ok(())
    }

    fn step_scaled(
        &mut self,
        params: &mut dyn Parameters<T>,
        gradient: &mut dyn Parameters<T>,
        scale: f64,
    ) -> Result<()> {
        self.prepare(params, gradient)?;
        for Part {
            optimizer, indices, ..
        } in &mut self.parts
        {
            optimizer.step_scaled(
                &mut ChosenMut { params, indices },
                &mut ChosenMut {
                    params: gradient,
                    indices,
                },
                scale,
            )?;
        }
        Ok(())
    }

    /// That of the rule in [`Groups::new`].
    fn lr(&self) -> f64 {
        self.lr.unwrap_or_else(|| self.base.lr())
    }

    fn set_lr(&mut self, lr: f64) {
        self.lr = Some(lr);
        for part in &mut self.parts {
            part.optimizer.set_lr(rate(part.lr, self.base.lr(), lr));
        }
    }

    fn check(&self) -> Result<()> {
        self.base.check()?;
        self.parts
            .iter()
            .try_for_each(|part| part.optimizer.check())
    }

    /// The parts of each rule, with its number before them: `0.m`, `1.m`. Rules are numbered in the order of the first parameter
    /// that they move.
    fn state(&self) -> Result<Vec<StatePart<'_, T>>> {
        let mut state = Vec::new();
        for (number, part) in self.parts.iter().enumerate() {
            state.extend(part.optimizer.state()?.into_iter().map(|part| StatePart {
                name: format!("{number}.{}", part.name).into(),
                value: part.value,
            }));
        }
        Ok(state)
    }

    /// Needs the same groups as the optimizer that the state came from. An empty state is that of before the first step.
    fn load_state(&mut self, params: &dyn Parameters<T>, state: &[StatePart<'_, T>]) -> Result<()> {
        let mut parts = self.deal(params)?;
        let mut known = vec![state.is_empty(); state.len()];
        for (number, part) in parts.iter_mut().enumerate() {
            let prefix = format!("{number}.");
            let mut own = Vec::new();
            for (known, part) in known.iter_mut().zip(state) {
                if let Some(name) = part.name.strip_prefix(&prefix) {
                    let (name, value) = (name.into(), part.value);
                    own.push(StatePart { name, value });
                    *known = true;
                }
            }
            let params = Chosen {
                params,
                indices: &part.indices,
            };
            if !state.is_empty() {
                let loaded = part.optimizer.load_state(&params, &own);
                loaded.map_err(|error| numbered(error, &prefix))?;
            }
        }
        if let Some(index) = known.iter().position(|known| !known) {
            return Err(wrong(&state[index].name, StateProblem::Unknown));
        }
        self.parts = parts;
        self.sizes = sizes(params).collect();
        Ok(())
    }
}

/// Names a part of a group's state as [`Groups::state`] does.
fn numbered(error: Error, prefix: &str) -> Error {
    match error {
        Error::State { part, problem } => wrong(&format!("{prefix}{part}"), problem),
        other => other,
    }
}

/// Some of the parameters, to be changed.
struct ChosenMut<'a, T> {
    params: &'a mut dyn Parameters<T>,
    indices: &'a [usize],
}

impl<T: Element> Parameters<T> for ChosenMut<'_, T> {
    fn count(&self) -> usize {
        self.indices.len()
    }

    fn tensor(&self, index: usize) -> Option<Tensor<'_, T>> {
        self.params.tensor(*self.indices.get(index)?)
    }

    fn numbers_mut(&mut self, index: usize) -> Option<&mut [T]> {
        self.params.numbers_mut(*self.indices.get(index)?)
    }
}

/// Some of the parameters.
struct Chosen<'a, T> {
    params: &'a dyn Parameters<T>,
    indices: &'a [usize],
}

impl<T: Element> Parameters<T> for Chosen<'_, T> {
    fn count(&self) -> usize {
        self.indices.len()
    }

    fn tensor(&self, index: usize) -> Option<Tensor<'_, T>> {
        self.params.tensor(*self.indices.get(index)?)
    }

    /// What is only lent cannot be changed; nobody can ask, for it is only handed over behind a shared reference.
    fn numbers_mut(&mut self, _: usize) -> Option<&mut [T]> {
        None
    }
}

impl<O: fmt::Debug> fmt::Debug for Groups<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let patterns: Vec<&str> = self.changes.iter().map(|c| c.pattern.as_str()).collect();
        f.debug_struct("Groups")
            .field("base", &self.base)
            .field("patterns", &patterns)
            .field("parts", &self.parts)
            .finish_non_exhaustive()
    }
}
