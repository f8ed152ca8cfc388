//! What was compared on this thread, and how far apart it was: of this the table of proofs is made.

use std::cell::RefCell;
use std::collections::BTreeSet;

use nn_core::Element;

/// How many cases were compared, and the largest errors.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    names: BTreeSet<String>,
    /// In f64.
    pub double: Option<f64>,
    /// In f32.
    pub single: Option<f64>,
}

thread_local! {
    static CURRENT: RefCell<Tally> = RefCell::new(Tally::default());
}

impl Tally {
    /// What a check compares.
    #[must_use]
    pub fn of(check: fn()) -> Self {
        CURRENT.take();
        check();
        CURRENT.take()
    }

    /// How many cases were compared.
    #[must_use]
    pub fn cases(&self) -> usize {
        self.names.len()
    }
}

/// One more case, unless it is known.
pub fn case(name: &str) {
    CURRENT.with_borrow_mut(|tally| tally.names.insert(name.to_owned()));
}

/// How far apart two numbers of this type were.
pub fn note<T: Element>(error: f64) {
    CURRENT.with_borrow_mut(|tally| {
        let largest = if T::epsilon().as_f64() < 1e-10 {
            &mut tally.double
        } else {
            &mut tally.single
        };
        *largest = Some(largest.unwrap_or(0.0).max(error));
    });
}

/// Calls those of these checks that are of one kind; each is a case.
///
/// # Panics
/// Unless there are so many.
pub fn each(kind: &str, count: usize, checks: &[(&str, fn())]) {
    let checks = checks.iter().enumerate().filter(|(_, (of, _))| *of == kind);
    let mut called = 0;
    for (place, (_, check)) in checks {
        case(&format!("{kind} {place}"));
        check();
        called += 1;
    }
    assert_eq!(called, count, "{kind}");
}
