//! The work on files for each type of number, compiled in this crate. Generic functions would be compiled in every program that
//! uses them, and whoever writes it would wait for that after each change.

use super::arrays::{Array, Arrays, FileNumber};
use super::matching::{self, Found};
use super::{KeyMap, Outcome};
use crate::element::Element;
use crate::params::Parameters;

/// What [`matching`] does, for one type of number.
pub trait Compiled: FileNumber {
    /// [`matching::to_write`].
    fn arrays_of<'k>(params: &'k dyn Parameters<Self>, keys: &'k KeyMap) -> Outcome<Vec<Array<'k>>>
    where
        Self: Element;

    /// [`matching::find`].
    fn find<'f>(
        params: &dyn Parameters<Self>,
        file: &'f dyn Arrays,
        keys: &KeyMap,
    ) -> Outcome<Vec<Found<'f>>>
    where
        Self: Element;

    /// [`matching::fill_all`].
    fn fill_all(params: &mut dyn Parameters<Self>, found: &[Found<'_>])
    where
        Self: Element;

    /// [`matching::numbers`].
    fn numbers_of(file: &dyn Arrays, index: usize) -> Outcome<Vec<Self>>
    where
        Self: Element;
}

macro_rules! compile {
    ($number:ty) => {
        impl Compiled for $number {
            fn arrays_of<'k>(
                params: &'k dyn Parameters<Self>,
                keys: &'k KeyMap,
            ) -> Outcome<Vec<Array<'k>>> {
                matching::to_write(params, keys)
            }

            fn find<'f>(
                params: &dyn Parameters<Self>,
                file: &'f dyn Arrays,
                keys: &KeyMap,
            ) -> Outcome<Vec<Found<'f>>> {
                matching::find(params, file, keys)
            }

            fn fill_all(params: &mut dyn Parameters<Self>, found: &[Found<'_>]) {
                matching::fill_all(params, found);
            }

            fn numbers_of(file: &dyn Arrays, index: usize) -> Outcome<Vec<Self>> {
                matching::numbers(file, index)
            }
        }
    };
}
compile!(f32);
compile!(f64);
