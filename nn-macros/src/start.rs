//! How a parameter of a type of the user's starts: `he`, `normal(0.01)` and so on, or a number for all of its numbers.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::Expr;
use syn::spanned::Spanned as _;

use crate::report::{Report, nearest};
use crate::size::source_text;

/// The variants of `nn_core::Init` without a number, by their names.
const PLAIN: [(&str, &str); 7] = [
    ("he", "He"),
    ("he_uniform", "HeUniform"),
    ("lecun", "LeCun"),
    ("lecun_uniform", "LeCunUniform"),
    ("xavier", "Xavier"),
    ("xavier_uniform", "XavierUniform"),
    ("zeros", "Zeros"),
];

/// Those with a number, and what it is.
const WITH_NUMBER: [(&str, &str, &str); 4] = [
    ("constant", "Constant", "the value"),
    ("normal", "Normal", "the standard deviation"),
    ("orthogonal", "Orthogonal", "the gain"),
    ("uniform", "Uniform", "the largest value"),
];

/// A value for a parameter, as the code that sets it.
pub(crate) struct Start(TokenStream);

impl ToTokens for Start {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.0.to_tokens(tokens);
    }
}

/// What `#[init(…)]`, or an option of a layer of the user's, stands for: an initialisation, or any other value.
pub(crate) fn of(value: &Expr, report: &mut Report) -> Start {
    let (name, arguments) = match value {
        Expr::Call(call) => (call.func.to_token_stream(), Some(&call.args)),
        other => (other.to_token_stream(), None),
    };
    let text = source_text(&name);
    let plain = PLAIN.iter().find(|(name, _)| *name == text);
    let with_number = WITH_NUMBER.iter().find(|(name, ..)| *name == text);
    let value = match (plain, with_number, arguments) {
        (Some((_, variant)), _, None) => {
            let variant = Ident::new(variant, name.span());
            quote!(::nn_core::Init::#variant)
        }
        (_, Some((_, variant, _)), Some(arguments)) if arguments.len() == 1 => {
            let (variant, number) = (Ident::new(variant, name.span()), &arguments[0]);
            quote!(::nn_core::Init::#variant(#number))
        }
        (_, Some((name, _, number)), _) => {
            let message = format!("`{name}` takes one number, {number}");
            report.error(value, &message, &format!("write `{name}(0.01)`"));
            TokenStream::new()
        }
        (_, _, None) if is_misspelt(&text) => {
            let near = nearest(&text, names()).unwrap_or_default();
            let message = format!("no initialisation `{text}`; did you mean `{near}`?");
            let takes_number = WITH_NUMBER.iter().any(|(name, ..)| *name == near);
            let help = if takes_number {
                format!("write `{near}(0.01)`")
            } else {
                format!("write `{near}`")
            };
            report.error(name, &message, &help);
            TokenStream::new()
        }
        _ => value.to_token_stream(),
    };
    Start(value)
}

fn names() -> impl Iterator<Item = &'static str> {
    let plain = PLAIN.iter().map(|(name, _)| *name);
    plain.chain(WITH_NUMBER.iter().map(|(name, ..)| *name))
}

/// A name in lower case that is nearly one of ours.
fn is_misspelt(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_lowercase() || c == '_')
        && name.parse::<bool>().is_err()
        && nearest(name, names()).is_some()
}
