//! Names that no layer has, and layers as they were written.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, quote};
use syn::Expr;

use super::text;
use crate::builtin::{BUILTINS, Builtin, Role, Unknown};
use crate::report::Report;
use crate::size::source_text;
use crate::syntax::{Choice, Layer};

pub(super) fn report_unknown(layer: &Layer, unknown: &Unknown, report: &mut Report) {
    let kind = &layer.kind;
    let meant = |builtin: &Builtin, hint: &str, report: &mut Report| {
        let message = format!("no layer `{kind}`; {hint}");
        report.error(
            kind,
            &message,
            &format!("write `{}`", text(builtin.name, &written(layer))),
        );
    };
    match unknown {
        Unknown::Alias(builtin) => {
            meant(
                builtin,
                &format!("it is called `{}` here", builtin.name),
                report,
            );
        }
        Unknown::Misspelt(builtin) | Unknown::Half(builtin) => {
            meant(
                builtin,
                &format!("did you mean `{}`?", builtin.name),
                report,
            );
        }
        Unknown::Type | Unknown::Nothing => {
            let names = |role: Role| {
                let names = BUILTINS.iter().filter(|builtin| builtin.role == role);
                names
                    .map(|builtin| builtin.name)
                    .collect::<Vec<_>>()
                    .join(", ")
            };
            let (layers, losses) = (names(Role::Layer), names(Role::Loss));
            let help = format!("the layers are {layers};\n      the losses {losses}");
            report.error(kind, &format!("no layer `{kind}`"), &help);
        }
    }
}

/// A layer's sizes and options as the user wrote them.
pub(super) fn written(layer: &Layer) -> Vec<String> {
    let sizes = layer
        .sizes
        .iter()
        .map(|size| source_text(&size.to_token_stream()));
    let options = layer
        .options
        .iter()
        .map(|Choice { name, value }| source_text(&option_tokens(name, value)));
    sizes.chain(options).collect()
}

fn option_tokens(name: &Ident, value: &Expr) -> TokenStream {
    quote!(#name = #value)
}
