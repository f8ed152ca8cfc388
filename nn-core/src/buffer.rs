//! Buffers that a network computes in: they grow to the largest batch and are then used again and again.

use std::fmt;
use std::sync::Mutex;

use crate::sample::Sample;

/// Room for a batch of samples, on the heap.
#[derive(Clone, Debug)]
pub struct Buffer<X: Sample> {
    numbers: Vec<X::Element>,
}

impl<X: Sample> Buffer<X> {
    /// The first `n` samples; fewer if the buffer never held that many.
    #[must_use]
    pub fn rows(&self, n: usize) -> &[X] {
        let rows = X::from_flat(&self.numbers);
        &rows[..n.min(rows.len())]
    }

    /// Room for `n` samples, to be written. Allocates only for a batch larger than all before.
    pub fn rows_mut(&mut self, n: usize) -> &mut [X] {
        if self.numbers.len() < n * X::LEN {
            self.numbers.resize(n * X::LEN, X::Element::default());
        }
        &mut X::from_flat_mut(&mut self.numbers)[..n]
    }
}

impl<X: Sample> Default for Buffer<X> {
    fn default() -> Self {
        Self {
            numbers: Vec::new(),
        }
    }
}

/// What a network of parameters `P` and values `V` computes in. It is no part of the network's value: a clone starts with
/// an empty one, and all of them are equal.
pub struct Workspace<P, V> {
    training: Option<Box<Training<P, V>>>,
    /// Values that one `predict` has left for the next; a second thread that needs some makes its own.
    spare: Mutex<Option<Box<V>>>,
}

/// What one training step fills in: the value of each layer, the gradient of each value, the gradient of the parameters.
#[derive(Debug, Default)]
pub struct Training<P, V> {
    /// What each layer gave in the forward pass.
    pub values: V,
    /// The gradient of the loss with respect to each value.
    pub d_values: V,
    /// The gradient of the loss with respect to each parameter.
    pub gradient: P,
}

impl<P: Default, V: Default> Workspace<P, V> {
    /// The buffers of training; networks that only predict never allocate them.
    pub fn training(&mut self) -> &mut Training<P, V> {
        self.training.get_or_insert_default()
    }

    /// Lends values to `compute`, those of an earlier call where there are some.
    pub fn with_values<R>(&self, compute: impl FnOnce(&mut V) -> R) -> R {
        let taken = self
            .spare
            .try_lock()
            .ok()
            .and_then(|mut spare| spare.take());
        let mut values = taken.unwrap_or_default();
        let result = compute(&mut values);
        if let Ok(mut spare) = self.spare.try_lock() {
            *spare = Some(values);
        }
        result
    }
}

/// Nothing that one wants to read beside the parameters.
impl<P, V> fmt::Debug for Workspace<P, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workspace").finish_non_exhaustive()
    }
}

impl<P, V> Default for Workspace<P, V> {
    fn default() -> Self {
        Self {
            training: None,
            spare: Mutex::new(None),
        }
    }
}

impl<P, V> Clone for Workspace<P, V> {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl<P, V> PartialEq for Workspace<P, V> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{Buffer, Workspace};

    #[test]
    fn a_buffer_grows_and_keeps_its_place() {
        let mut buffer = Buffer::<[f32; 3]>::default();
        assert!(buffer.rows(2).is_empty());
        buffer.rows_mut(4)[3] = [1., 2., 3.];
        let place = buffer.rows(1).as_ptr();
        assert_eq!(buffer.rows_mut(2).len(), 2);
        assert_eq!(buffer.rows(4)[3], [1., 2., 3.]);
        assert_eq!(buffer.rows(1).as_ptr(), place);
    }

    #[test]
    fn values_are_used_again() {
        let workspace = Workspace::<(), Vec<u8>>::default();
        workspace.with_values(|values| values.push(1));
        assert_eq!(workspace.with_values(|values| values.len()), 1);
        // A second thread that comes while the first computes gets its own.
        let inner = workspace.with_values(|_| workspace.with_values(|values| values.len()));
        assert_eq!(inner, 0);
    }
}
