//! What is known of the shape of a value: its sizes, or the layer of the user's that gives it.

use std::rc::Rc;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::own::Alias;
use crate::size::{Size, open_size_in};

#[derive(Clone)]
pub(crate) enum Shape {
    Known(Vec<Size>),
    /// What a layer of the user's gives: the compiler knows.
    Given(Rc<Given>),
    /// A mistake that has been reported, or a first layer that does not say what it reads.
    Unknown,
}

impl Shape {
    /// How many sizes a sample has at most.
    pub(crate) const DEEPEST: usize = 7;

    pub(crate) fn known(&self) -> Option<&[Size]> {
        match self {
            Self::Known(sizes) => Some(sizes),
            Self::Given(_) | Self::Unknown => None,
        }
    }

    pub(super) fn find_open(&mut self, names: &[String]) {
        if let Self::Known(sizes) = self {
            for size in sizes {
                size.find_open(names);
            }
        }
    }

    pub(crate) fn is_given(&self) -> bool {
        matches!(self, Self::Given(_))
    }

    pub(super) fn given(given: Given) -> Self {
        Self::Given(Rc::new(given))
    }

    /// One sample, of numbers of this type.
    pub(crate) fn sample(&self, element: &TokenStream) -> TokenStream {
        match self {
            Self::Known(sizes) => sizes
                .iter()
                .rev()
                .fold(element.clone(), |inner, size| quote!([#inner; #size])),
            Self::Unknown => quote!([#element; 1]),
            Self::Given(given) => match &**given {
                Given::Alias(alias) => alias.of(element),
                Given::Many(count, inner) => {
                    let inner = inner.sample(element);
                    quote!([#inner; #count])
                }
                Given::Item(outer) => {
                    let outer = outer.sample(element);
                    quote!(<#outer as ::nn_core::Sample>::Item)
                }
            },
        }
    }

    /// Whether one of these open sizes is in it.
    pub(crate) fn is_open(&self, names: &[String]) -> bool {
        !names.is_empty() && open_size_in(&self.sample(&TokenStream::new()), names).is_some()
    }

    /// The layer of the user's that it follows from, by its alias, and the open sizes of that.
    pub(crate) fn layer(&self) -> Option<(&Ident, &[Ident])> {
        match self {
            Self::Known(_) | Self::Unknown => None,
            Self::Given(given) => match &**given {
                Given::Alias(alias) => Some((&alias.layer, &alias.open)),
                Given::Many(_, inner) => inner.layer(),
                Given::Item(outer) => outer.layer(),
            },
        }
    }

    /// The sizes; where they are not known, that of a vector.
    pub(crate) fn sizes(&self) -> Vec<Size> {
        match self {
            Self::Known(sizes) => sizes.clone(),
            Self::Given(_) => vec![self.features(TokenStream::new())],
            Self::Unknown => vec![Size::of(1)],
        }
    }

    /// How many features it has, if it is a vector.
    pub(super) fn features(&self, at: TokenStream) -> Size {
        let sample = self.sample(&quote!(f32));
        let number = quote!(::nn_core::__private::features::<#sample>());
        Size::inferred(number, at)
    }
}

/// A shape that only the compiler knows.
pub(crate) enum Given {
    /// What an alias stands for.
    Alias(Alias),
    /// So many of these.
    Many(Size, Shape),
    /// One of those that these consist of.
    Item(Shape),
}
