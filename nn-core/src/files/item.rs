//! What data in files are read as.

use crate::sample::Shape;

/// A number that data are read as: `f32`, `f64`, a whole number, or `bool`.
pub trait Number: Copy + Default + 'static {
    /// What it can be, in words.
    const EXPECTED: &'static str;
    /// Whether there are no fractions.
    const WHOLE: bool;

    /// This number, if it is one of the type.
    fn of_i64(number: i64) -> Option<Self>;
    /// This number, if it is one of the type.
    fn of_u64(number: u64) -> Option<Self>;
    /// The nearest number, if it is finite; none if the type is whole.
    fn of_f64(number: f64) -> Option<Self>;
    /// The number that a text says; finite.
    fn of_text(text: &str) -> Option<Self>;
}

macro_rules! whole {
    ($($number:ty: $expected:literal),*) => {$(
        impl Number for $number {
            const EXPECTED: &'static str = $expected;
            const WHOLE: bool = true;

            fn of_i64(number: i64) -> Option<Self> {
                number.try_into().ok()
            }

            fn of_u64(number: u64) -> Option<Self> {
                number.try_into().ok()
            }

            fn of_f64(_: f64) -> Option<Self> {
                None
            }

            fn of_text(text: &str) -> Option<Self> {
                text.parse().ok()
            }
        }
    )*};
}

whole!(
    u8: "a whole number from 0 to 255",
    u16: "a whole number from 0 to 65535",
    u32: "a whole number from 0 to 4294967295",
    u64: "a whole number from 0 on",
    usize: "a whole number from 0 on",
    i32: "a whole number of 32 bits",
    i64: "a whole number of 64 bits"
);

impl Number for bool {
    const EXPECTED: &'static str = "0 or 1, false or true";
    const WHOLE: bool = true;

    fn of_i64(number: i64) -> Option<Self> {
        match number {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    fn of_u64(number: u64) -> Option<Self> {
        i64::try_from(number).ok().and_then(Self::of_i64)
    }

    fn of_f64(_: f64) -> Option<Self> {
        None
    }

    fn of_text(text: &str) -> Option<Self> {
        match text {
            "0" => Some(false),
            "1" => Some(true),
            text if text.eq_ignore_ascii_case("false") => Some(false),
            text if text.eq_ignore_ascii_case("true") => Some(true),
            _ => None,
        }
    }
}

macro_rules! fraction {
    ($($number:ty),*) => {$(
        #[expect(
            clippy::allow_attributes,
            reason = "not every line concerns both types"
        )]
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_lossless,
            reason = "the nearest number is what is asked for"
        )]
        impl Number for $number {
            const EXPECTED: &'static str = "a finite number";
            const WHOLE: bool = false;

            fn of_i64(number: i64) -> Option<Self> {
                Some(number as Self)
            }

            fn of_u64(number: u64) -> Option<Self> {
                Some(number as Self)
            }

            fn of_f64(number: f64) -> Option<Self> {
                Some(number as Self).filter(|number| number.is_finite())
            }

            fn of_text(text: &str) -> Option<Self> {
                text.parse().ok().filter(|number: &Self| number.is_finite())
            }
        }
    )*};
}

fraction!(f32, f64);

/// One sample or target as files hold many of: a number (`f32`, `f64`, `u8` to `u64`, `usize`, `i32`, `i64`, `bool`), or an array of
/// such numbers of any depth.
pub trait Item: Copy + 'static {
    /// The numbers in it.
    type Number: Number;
    /// How many there are.
    const LEN: usize;
    /// The sizes of the array, outermost first.
    const SHAPE: Shape;

    /// The items that the numbers form, [`Item::LEN`] each; a rest that fills none is left out.
    fn from_flat(numbers: &[Self::Number]) -> &[Self];
}

macro_rules! number_item {
    ($($number:ty),*) => {$(
        impl Item for $number {
            type Number = Self;
            const LEN: usize = 1;
            const SHAPE: Shape = Shape::SCALAR;

            fn from_flat(numbers: &[Self]) -> &[Self] {
                numbers
            }
        }
    )*};
}

number_item!(f32, f64, u8, u16, u32, u64, usize, i32, i64, bool);

impl<A: Item, const N: usize> Item for [A; N] {
    type Number = A::Number;
    const LEN: usize = N * A::LEN;
    const SHAPE: Shape = A::SHAPE.of_many(N);

    fn from_flat(numbers: &[A::Number]) -> &[Self] {
        A::from_flat(numbers).as_chunks().0
    }
}
