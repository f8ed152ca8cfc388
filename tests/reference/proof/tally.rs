//! What was compared on this thread, and how far apart it was.

use std::cell::RefCell;
use std::collections::BTreeSet;

use nn_core::Element;

/// How many cases were compared, and the largest errors.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    names: BTreeSet<String>,
    pub(crate) double: Option<f64>,
    pub(crate) single: Option<f64>,
}

thread_local! {
    static CURRENT: RefCell<Tally> = RefCell::new(Tally::default());
}

impl Tally {
    /// What a check compares.
    pub(crate) fn of(check: fn()) -> Self {
        CURRENT.take();
        check();
        CURRENT.take()
    }

    pub(crate) fn cases(&self) -> usize {
        self.names.len()
    }
}

/// One more case, unless it is known.
pub(crate) fn case(name: &str) {
    CURRENT.with_borrow_mut(|tally| tally.names.insert(name.to_owned()));
}

/// How far apart two numbers of this type were.
pub(crate) fn note<T: Element>(error: f64) {
    CURRENT.with_borrow_mut(|tally| {
        let largest = if T::epsilon().as_f64() < 1e-10 {
            &mut tally.double
        } else {
            &mut tally.single
        };
        *largest = Some(largest.unwrap_or(0.0).max(error));
    });
}
