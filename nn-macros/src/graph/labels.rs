//! Labels: written ones, and those of layers without one.

use std::collections::HashMap;

use proc_macro2::Ident;
use quote::format_ident;
use syn::ext::IdentExt as _;

use super::{Label, text, written};
use crate::builtin::Builtin;
use crate::report::Report;
use crate::syntax::Layer;

/// Hands out labels and complains about those that cannot be.
#[derive(Default)]
pub(super) struct Labels {
    ordinals: HashMap<&'static str, usize>,
    taken: HashMap<String, Origin>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// The user wrote it.
    Written,
    /// The kind and its ordinal.
    Ordinal,
}

impl Labels {
    pub(super) fn label(
        &mut self,
        builtin: &'static Builtin,
        layer: &Layer,
        report: &mut Report,
    ) -> Label {
        let ordinal = self.ordinals.entry(builtin.stem).or_default();
        *ordinal += 1;
        let own = format!("{}{ordinal}", builtin.stem);
        let layer_text = text(builtin, &written(layer));
        let Some(written) = &layer.label else {
            let ident = format_ident!("{own}", span = layer.kind.span());
            let ident = self.unique(ident, Origin::Ordinal, &layer_text, report);
            return Label {
                ident,
                written: false,
            };
        };
        let name = written.unraw().to_string();
        if syn::parse_str::<Ident>(&name).is_err() {
            let message = format!("a label becomes a field, so it cannot be `{name}`");
            report.error(written, &message, &format!("write `{own}: {layer_text}`"));
            let ident = format_ident!("{own}", span = written.span());
            return Label {
                ident,
                written: false,
            };
        }
        let ident = self.unique(written.unraw(), Origin::Written, &layer_text, report);
        Label {
            ident,
            written: true,
        }
    }

    /// The label itself, or a free one in its place if another layer has it.
    fn unique(&mut self, label: Ident, origin: Origin, layer: &str, report: &mut Report) -> Ident {
        let name = label.to_string();
        let Some(other) = self.taken.insert(name.clone(), origin) else {
            return label;
        };
        let message = match (other, origin) {
            (Origin::Written, Origin::Written) => format!("two layers have the label `{name}`"),
            _ => format!("the label `{name}` is also the name that a layer without a label gets"),
        };
        report.error(
            &label,
            &message,
            &format!("give this one another label: `other: {layer}`"),
        );
        format_ident!("{name}_again", span = label.span())
    }
}
