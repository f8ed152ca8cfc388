//! What is not trained.

use std::ops::Range;

use proc_macro2::Ident;

use super::flow::Flow;
use super::resolve::Resolver;
use crate::report::Report;
use crate::syntax::Frozen;

/// What stands behind a `#[freeze]`.
pub(crate) struct FrozenPart {
    /// The word, to point at.
    pub(crate) freeze: Ident,
    /// The places of its nodes.
    pub(crate) nodes: Range<usize>,
    /// Whether it could be read.
    pub(crate) complete: bool,
    /// Its place in the source text.
    pub(crate) source: usize,
}

impl Resolver<'_> {
    pub(super) fn freeze(&mut self, part: &Frozen, flow: Flow) -> Flow {
        let source = self.next_source();
        let first = self.nodes.len();
        let complete = std::mem::replace(&mut self.complete, true);
        let around = self.around.frozen;
        if around.is_some() {
            let mut own = Report::default();
            let message = "this is part of what is frozen already";
            own.error(&part.freeze, message, "remove the second `#[freeze]`");
            self.say_once(source, own);
        }
        self.around.frozen = Some(part.freeze.span());
        let flow = self.item(&part.item, flow);
        self.around.frozen = around;
        self.frozen.push(FrozenPart {
            freeze: part.freeze.clone(),
            nodes: first..self.nodes.len(),
            complete: self.complete,
            source,
        });
        self.complete &= complete;
        flow
    }
}
