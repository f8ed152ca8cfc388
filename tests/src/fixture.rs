//! Reads the fixtures, and draws the numbers that they were computed from.

use nn_core::{Element, Sample};
use serde_json::Value;

use crate::tally;

/// The arrays of a case.
#[derive(Debug)]
pub struct Case(Value);

impl Case {
    /// The case of this name.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn of(json: &str, name: &str) -> Self {
        let mut cases: Value = serde_json::from_str(json).expect("the script writes JSON");
        let case = cases.get_mut(name).map(Value::take);
        Self(case.unwrap_or_else(|| panic!("there is no case {name}")))
    }

    /// The array of this name.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn numbers(&self, name: &str) -> Vec<f64> {
        let numbers = self.0[name].as_array().expect("the case has this array");
        let number = |number: &Value| number.as_f64().expect("an array holds numbers");
        numbers.iter().map(number).collect()
    }

    /// The number of this name.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn number(&self, name: &str) -> f64 {
        self.0[name].as_f64().expect("the case has this number")
    }

    /// The array of this name as samples.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn samples<X: Sample>(&self, name: &str) -> Vec<X> {
        let numbers = self.numbers(name);
        let numbers: Vec<X::Element> = numbers.into_iter().map(X::Element::of).collect();
        X::from_flat(&numbers).to_vec()
    }

    /// In f64 within 1e-10, in f32 within 1e-5 and 1.3e-6 of a number, as `PyTorch` compares.
    ///
    /// # Panics
    /// If they differ by more.
    pub fn compare<T: Element>(&self, name: &str, found: &[T]) {
        let expected = self.numbers(name);
        assert_eq!(found.len(), expected.len(), "the length of {name}");
        let (absolute, relative) = if T::epsilon().as_f64() < 1e-10 {
            (1e-10, 0.0)
        } else {
            (1e-5, 1.3e-6)
        };
        for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
            let error = (found.as_f64() - expected).abs();
            tally::note::<T>(error / expected.abs().max(1.0));
            // Written so that NaN fails.
            assert!(
                error <= absolute + relative * expected.abs(),
                "{name}[{index}]: {found} instead of {expected}"
            );
        }
    }
}

/// The numbers that `numbers` of `make_cases.py` draws: multiples of 1/8 from −2 to 2.
///
/// # Panics
/// Never: what is drawn is small.
pub fn fill<T: Element>(seed: u64, numbers: &mut [T]) {
    let mut state = seed;
    for number in numbers {
        state = (state * 1_103_515_245 + 12_345) % (1 << 31);
        let step = u32::try_from((state >> 16) % 33).expect("at most 32");
        *number = T::of((f64::from(step) - 16.0) / 8.0);
    }
}

/// So many samples of them.
#[must_use]
pub fn samples<X: Sample>(seed: u64, n: usize) -> Vec<X> {
    let mut samples = nan::<X>(n);
    fill(seed, X::flat_mut(&mut samples));
    samples
}

/// A buffer that must be overwritten: whatever is added to or left out stays NaN.
#[must_use]
pub fn nan<X: Sample>(n: usize) -> Vec<X> {
    X::from_flat(&vec![X::Element::of(f64::NAN); n * X::LEN]).to_vec()
}
