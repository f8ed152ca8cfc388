//! Names that no layer has, and layers as they were written.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, quote};
use syn::Expr;

use super::node::text;
use crate::builtin::{Arguments, BUILTINS, Builtin, Norm, Role, Unknown};
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
            &format!(
                "write `{}`",
                text(builtin.name, &written_for(builtin, layer))
            ),
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
            let layers = list("the layers are", Role::Layer);
            let help = format!("{layers};\n      {}", list("the losses", Role::Loss));
            report.error(kind, &format!("no layer `{kind}`"), &help);
        }
    }
}

/// The names of all layers, or of all losses, in lines that can be read.
fn list(intro: &str, role: Role) -> String {
    const WIDEST: usize = 100;
    let (mut text, mut width) = (intro.to_owned(), intro.len());
    let names = BUILTINS.iter().filter(|builtin| builtin.role == role);
    for (place, name) in names.map(|builtin| builtin.name).enumerate() {
        if place > 0 {
            text.push(',');
        }
        width += name.len() + 2;
        if width > WIDEST {
            text.push_str("\n      ");
            width = name.len();
        } else {
            text.push(' ');
        }
        text.push_str(name);
    }
    text
}

/// What a layer of another name takes of what the user wrote: other libraries want to know sizes that follow from what is read.
fn written_for(builtin: &Builtin, layer: &Layer) -> Vec<String> {
    let all = written(layer);
    let no_sizes = matches!(
        builtin.arguments,
        Arguments::Flatten | Arguments::Reduce | Arguments::Norm(Norm::Rows | Norm::Batch, _)
    );
    let skipped = if no_sizes { layer.sizes.len() } else { 0 };
    all.into_iter().skip(skipped).collect()
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
