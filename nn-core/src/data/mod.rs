//! Data sets: samples and their targets.

/// Samples of type `X` and their targets of type `T`, in pairs.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset<X, T> {
    /// The samples.
    pub x: Vec<X>,
    /// The target of each sample.
    pub t: Vec<T>,
}

impl<X, T> Dataset<X, T> {
    /// How many samples there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.x.len()
    }

    /// Whether there are no samples.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.x.is_empty()
    }
}
