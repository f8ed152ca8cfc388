//! The values that calls work on, as local variables: each is cut out of its slot where it is first used.

use std::cell::RefCell;
use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::sample;
use crate::graph::Shape;
use crate::plan::{Call, Program, Value};

/// Names that mean something else in the functions of a network.
const TAKEN: &[&str] = &[
    "column",
    "dx",
    "dy",
    "gradient",
    "loss",
    "lr",
    "memory",
    "n",
    "params",
    "pass",
    "samples",
    "samples_mut",
    "shares",
    "slots",
    "targets",
    "watch",
    "x",
    "y",
];

/// The values of one function.
pub(super) struct Values<'a> {
    program: &'a Program,
    /// `None` where the compiler has still to find out whether sizes agree: then each call looks at the slots by itself, so that
    /// a mistake is one complaint, and not one for each variable of another type.
    names: Option<Vec<Ident>>,
    /// The values that the function writes.
    written: HashSet<Value>,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    /// The values that are there already.
    defined: HashSet<Value>,
    /// The definitions of those that the next call needs.
    definitions: TokenStream,
}

impl<'a> Values<'a> {
    /// The values of a function that makes these calls.
    pub(super) fn new(program: &'a Program, calls: &[Call], named: bool) -> Self {
        Self {
            program,
            names: named.then(|| names(program)),
            written: calls.iter().flat_map(Call::writes).collect(),
            state: RefCell::default(),
        }
    }

    /// A value to be read; `shape` where its type does not follow from who reads it.
    pub(super) fn read(&self, value: Value, shape: &Shape) -> TokenStream {
        self.named(value, shape)
            .unwrap_or_else(|| self.cut(value, shape, false))
    }

    /// A value to be written.
    pub(super) fn write(&self, value: Value, shape: &Shape) -> TokenStream {
        self.named(value, shape)
            .unwrap_or_else(|| self.cut(value, shape, true))
    }

    /// The definitions that the tokens that have been asked for since the last time need before them.
    pub(super) fn definitions(&self) -> TokenStream {
        std::mem::take(&mut self.state.borrow_mut().definitions)
    }

    /// The memory that a value lies in: a slot, or what the caller has handed over.
    pub(super) fn slot(&self, value: Value) -> Ident {
        match self.program.outside(value) {
            Some(outside) => format_ident!("{outside}"),
            None => slot_name(self.program.slot_of(value)),
        }
    }

    fn named(&self, value: Value, shape: &Shape) -> Option<TokenStream> {
        if self.program.reshaped.contains(&value) {
            return None;
        }
        let name = self.names.as_ref()?.get(value)?;
        let state = &mut *self.state.borrow_mut();
        if state.defined.insert(value) {
            let cut = self.cut(value, shape, self.written.contains(&value));
            state.definitions.extend(quote!(let #name = #cut;));
        }
        Some(quote!(#name))
    }

    fn cut(&self, value: Value, shape: &Shape, writes: bool) -> TokenStream {
        let function = format_ident!("{}", if writes { "samples_mut" } else { "samples" });
        let slot = self.slot(value);
        let of = turbofish(shape);
        quote!(#function #of(#slot, n))
    }
}

/// A variable for each value: after the layer whose output it is in the end, or after the value that it is the gradient of.
fn names(program: &Program) -> Vec<Ident> {
    let mut used: HashSet<String> = TAKEN.iter().map(ToString::to_string).collect();
    used.extend((0..program.slots.len()).map(|slot| slot_name(slot).to_string()));
    let free = |name: &String| {
        let name = variable(name);
        let mut others = (2..).map(|count| format!("{name}_{count}"));
        let name = Some(name.clone()).filter(|name| !used.contains(name));
        let name = name.or_else(|| others.find(|other| !used.contains(other)));
        let name = name.unwrap_or_default();
        used.insert(name.clone());
        format_ident!("{name}")
    };
    program.names.iter().map(free).collect()
}

/// A label as the name of a variable: these are in lower case, and no keywords.
fn variable(label: &str) -> String {
    let name = label.to_lowercase();
    if syn::parse_str::<Ident>(&name).is_ok() {
        name
    } else {
        format!("{name}_")
    }
}

/// The type of a sample, if it does not follow from elsewhere.
pub(super) fn turbofish(shape: &Shape) -> Option<TokenStream> {
    let sample = sample(shape);
    (!matches!(shape, Shape::Unknown)).then(|| quote!(::<#sample>))
}

pub(super) fn slot_name(slot: usize) -> Ident {
    format_ident!("s{slot}")
}
