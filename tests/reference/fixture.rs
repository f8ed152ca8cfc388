//! Reads the fixtures, files of named cases with named arrays, and compares with them.

use std::fmt::Debug;

use nn_core::{Element, Sample};
use serde_json::{Map, Value};

use nn_tests::tally;

pub(crate) struct Fixtures {
    cases: Map<String, Value>,
}

pub(crate) struct Case<'a> {
    pub(crate) name: &'a str,
    arrays: &'a Map<String, Value>,
}

impl Fixtures {
    pub(crate) fn layers() -> Self {
        Self::parse(include_str!("fixtures/layers.json"))
    }

    pub(crate) fn losses() -> Self {
        Self::parse(include_str!("fixtures/losses.json"))
    }

    pub(crate) fn optimizers() -> Self {
        Self::parse(include_str!("fixtures/optimizers.json"))
    }

    pub(crate) fn torch_optimizers() -> Self {
        Self::parse(include_str!("fixtures/optimizers_torch.json"))
    }

    pub(crate) fn torch_schedules() -> Self {
        Self::parse(include_str!("fixtures/schedules_torch.json"))
    }

    pub(crate) fn torch_activations() -> Self {
        Self::parse(include_str!("fixtures/activations_torch.json"))
    }

    pub(crate) fn torch_losses() -> Self {
        Self::parse(include_str!("fixtures/losses_torch.json"))
    }

    pub(crate) fn torch_layers() -> Self {
        Self::parse(include_str!("fixtures/layers_torch.json"))
    }

    pub(crate) fn onnx() -> Self {
        Self::parse(include_str!("fixtures/onnx.json"))
    }

    pub(crate) fn networks() -> Self {
        Self::parse(include_str!("fixtures/networks.json"))
    }

    pub(crate) fn sharing() -> Self {
        Self::parse(include_str!("fixtures/sharing.json"))
    }

    fn parse(json: &str) -> Self {
        Self {
            cases: serde_json::from_str(json).expect("the script writes an object"),
        }
    }

    pub(crate) fn case(&self, name: &str) -> Case<'_> {
        let mut cases = self.cases();
        cases
            .find(|case| case.name == name)
            .unwrap_or_else(|| panic!("there is no case {name}"))
    }

    /// The cases of one kind: those whose name begins with this word.
    pub(crate) fn of_kind(&self, kind: &str) -> impl Iterator<Item = Case<'_>> {
        let word = format!("{kind} ");
        self.cases()
            .filter(move |case| case.name.starts_with(&word))
    }

    fn cases(&self) -> impl Iterator<Item = Case<'_>> {
        self.cases.iter().map(|(name, arrays)| Case {
            name,
            arrays: arrays.as_object().expect("a case is an object"),
        })
    }
}

impl Case<'_> {
    pub(crate) fn optional(&self, name: &str) -> Option<f64> {
        self.arrays.get(name).and_then(Value::as_f64)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.arrays.contains_key(name)
    }

    pub(crate) fn number(&self, name: &str) -> f64 {
        self.optional(name)
            .unwrap_or_else(|| panic!("{} has no number {name}", self.name))
    }

    /// All numbers of an array, in row-major order.
    pub(crate) fn numbers(&self, name: &str) -> Vec<f64> {
        fn flatten(value: &Value, into: &mut Vec<f64>) {
            match value {
                Value::Array(values) => values.iter().for_each(|value| flatten(value, into)),
                number => into.push(number.as_f64().expect("an array holds numbers")),
            }
        }
        let mut numbers = Vec::new();
        let array = self.arrays.get(name);
        flatten(
            array.unwrap_or_else(|| panic!("{} has no {name}", self.name)),
            &mut numbers,
        );
        numbers
    }

    /// A whole number, such as a label.
    pub(crate) fn whole_number(&self, name: &str) -> i128 {
        let number = self.arrays.get(name).and_then(Value::as_i64);
        let number = number.unwrap_or_else(|| panic!("{} has no whole number {name}", self.name));
        number.into()
    }

    pub(crate) fn size(&self, name: &str) -> usize {
        usize::try_from(self.whole_number(name)).expect("a size")
    }

    /// Labels, also of no class.
    pub(crate) fn labels(&self) -> Vec<i64> {
        let list = self.arrays.get("labels").and_then(Value::as_array);
        let labels = list.map(|list| list.iter().map(Value::as_i64).collect());
        labels
            .and_then(|labels: Option<Vec<i64>>| labels)
            .unwrap_or_else(|| panic!("{} has no labels", self.name))
    }

    /// A list of whole numbers, such as labels.
    pub(crate) fn whole_numbers(&self, name: &str) -> Vec<usize> {
        let list = self.arrays.get(name).and_then(Value::as_array);
        let whole = |value: &Value| value.as_u64().and_then(|number| number.try_into().ok());
        list.and_then(|list| list.iter().map(whole).collect())
            .unwrap_or_else(|| panic!("{} has no list of whole numbers {name}", self.name))
    }

    /// An array of samples, rounded to the type of their numbers.
    pub(crate) fn samples<X: Sample>(&self, name: &str) -> Vec<X> {
        let numbers = self.numbers(name);
        assert_eq!(numbers.len() % X::LEN, 0, "{name} of {}", self.name);
        let numbers: Vec<X::Element> = numbers.into_iter().map(X::Element::of).collect();
        X::from_flat(&numbers).to_vec()
    }

    /// Whether each number is the expected one, to `tolerance` of it.
    pub(crate) fn compare<T: Element>(&self, name: &str, found: &[T], tolerance: f64) {
        let expected = self.numbers(name);
        assert_close(
            &format!("{name} of {}", self.name),
            found,
            &expected,
            |expected| tolerance * expected.abs(),
        );
    }
}

/// Whether each number is the expected one to what `allowed` says for it.
pub(crate) fn assert_close<T: Element>(
    what: &str,
    found: &[T],
    expected: &[f64],
    allowed: impl Fn(f64) -> f64,
) {
    assert_eq!(found.len(), expected.len(), "the length of {what}");
    for (index, (&found, &expected)) in found.iter().zip(expected).enumerate() {
        let (found, allowed) = (found.as_f64(), allowed(expected));
        tally::note::<T>((found - expected).abs() / expected.abs().max(1.0));
        // Written so that NaN fails.
        assert!(
            (found - expected).abs() <= allowed,
            "number {index} of {what}, as {}: found {found:e}, expected {expected:e}, off by {:e}, allowed {allowed:e}",
            std::any::type_name::<T>(),
            (found - expected).abs()
        );
    }
}

/// One of two tolerances, by the type of number.
pub(crate) fn by_type<T: Element>(double: f64, single: f64) -> f64 {
    if T::epsilon().as_f64() < 1e-10 {
        double
    } else {
        single
    }
}

/// f64: 1e-10 of the number; f32: `PyTorch`'s own 1.3e-6 of the number and 1e-5.
pub(crate) fn allowed_by_torch<T: Element>(expected: f64) -> f64 {
    let size = expected.abs();
    by_type::<T>(1e-10 * size.max(1e-2), 1.3e-6 * size + 1e-5)
}

/// Calls a check that is generic over the type of number and one size, which the case names, with both types.
macro_rules! each_size {
    ($case:expr, |$C:ident, $T:ident| $check:expr) => {
        match $case.number("size") {
            1.0 => each_size!(@of 1, $C, $T, $check),
            2.0 => each_size!(@of 2, $C, $T, $check),
            3.0 => each_size!(@of 3, $C, $T, $check),
            5.0 => each_size!(@of 5, $C, $T, $check),
            10.0 => each_size!(@of 10, $C, $T, $check),
            70.0 => each_size!(@of 70, $C, $T, $check),
            size => panic!("{size} numbers"),
        }
    };
    (@of $size:literal, $C:ident, $T:ident, $check:expr) => {{
        const $C: usize = $size;
        {
            type $T = f64;
            $check;
        }
        {
            type $T = f32;
            $check;
        }
    }};
}

pub(crate) use each_size;

/// A buffer that must be overwritten: whatever is added to or left out stays NaN.
pub(crate) fn nan<X: Sample>(n: usize) -> Vec<X> {
    X::from_flat(&vec![X::Element::of(f64::NAN); n * X::LEN]).to_vec()
}

/// Calls a check that is generic over the type of number and over sizes, for each case of a kind: `(n, sizes…)`.
macro_rules! each_shape {
    ($fixtures:expr, $kind:literal, $check:ident: $(($n:literal $(, $size:literal)+)),+ $(,)?) => {
        let fixtures = $fixtures;
        let shapes = [$(concat!($kind, " ", $n $(, "x", $size)+)),+];
        let known: Vec<String> = fixtures.of_kind($kind).map(|case| case.name.to_owned()).collect();
        assert_eq!(known.len(), shapes.len(), "the cases are {known:?}");
        $(
            let case = fixtures.case(concat!($kind, " ", $n $(, "x", $size)+));
            $check::<f64 $(, $size)+>(&case);
            $check::<f32 $(, $size)+>(&case);
        )+
    };
}

pub(crate) use each_shape;

pub(crate) fn assert_same<A: PartialEq + Debug>(what: &str, found: &A, expected: &A) {
    assert!(
        found == expected,
        "{what}: found {found:?}, expected {expected:?}"
    );
}
