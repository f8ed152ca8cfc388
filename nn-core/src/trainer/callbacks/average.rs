use super::snapshot;
use crate::element::Element;
use crate::error::Result;
use crate::network::Trainable;
use crate::optim::{Reader, StatePart};
use crate::params::Parameters;

/// An average of the parameters that a network has had.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Average<T> {
    /// In the order of a snapshot; none before the first.
    numbers: Vec<T>,
    /// Of how many.
    count: u64,
}

impl<T: Element> Average<T> {
    pub(super) const fn new() -> Self {
        Self {
            numbers: Vec::new(),
            count: 0,
        }
    }

    pub(super) const fn count(&self) -> u64 {
        self.count
    }

    /// Moves the average towards these parameters, by what `share` says for as many as it is of now; the first ones are copied.
    pub(super) fn add(&mut self, params: &impl Parameters<T>, share: impl FnOnce(u64) -> f64) {
        if self.count == 0 {
            snapshot::copy(params, &mut self.numbers);
        } else {
            let share = T::of(share(self.count));
            snapshot::for_each(params, &mut self.numbers, |average, numbers| {
                T::approach(average, numbers, share);
            });
        }
        self.count += 1;
    }

    /// Writes the average over parameters; nothing before there is one.
    pub(super) fn apply_to(&self, params: &mut impl Parameters<T>) {
        snapshot::restore(params, &self.numbers);
    }

    pub(super) fn state(&self) -> Vec<StatePart<'_, T>> {
        vec![
            StatePart::number("count", self.count as f64),
            StatePart::numbers("average", &self.numbers),
        ]
    }

    pub(super) fn load_state<N: Trainable<Element = T>>(
        &mut self,
        net: &N,
        state: &[StatePart<'_, T>],
    ) -> Result<()> {
        let mut read = Reader::of_numbers(state)?;
        let count = read.count("count")?;
        let numbers = read.list("average", snapshot::len(net.params()))?;
        read.finish()?;
        // Without numbers there is nothing that it could be the average of.
        self.count = if numbers.is_empty() { 0 } else { count };
        self.numbers = numbers.to_vec();
        Ok(())
    }
}
