//! How a parameter of a type of the user's starts: `he`, `normal(0.01)` and so on, or a number for all of its numbers.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Expr;
use syn::spanned::Spanned as _;

use crate::graph::{SCHEMES, Scheme, Takes};
use crate::report::{Report, nearest};
use crate::size::source_text;

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
    let scheme = Scheme::named(&text);
    let variant = scheme.map(|scheme| scheme.variant(name.span()));
    let value = match (scheme.map(|scheme| &scheme.takes), arguments) {
        (Some(Takes::Nothing), None) => quote!(::nn_core::Init::#variant),
        (Some(Takes::Gain), None) => quote!(::nn_core::Init::#variant(1.0)),
        (Some(Takes::Gain | Takes::Number { .. }), Some(arguments)) if arguments.len() == 1 => {
            let number = &arguments[0];
            quote!(::nn_core::Init::#variant(#number))
        }
        (Some(Takes::Number { what, .. }), _) => {
            let message = format!("`{text}` takes one number, the {what}");
            let example = scheme.map(Scheme::example).unwrap_or_default();
            report.error(value, &message, &format!("write `{example}`"));
            TokenStream::new()
        }
        (None, None) if let Some(near) = misspelt(&text) => {
            let message = format!("no initialisation `{text}`; did you mean `{}`?", near.name);
            report.error(name, &message, &format!("write `{}`", near.example()));
            TokenStream::new()
        }
        _ => value.to_token_stream(),
    };
    Start(value)
}

/// What a name in lower case nearly is: constants are in capitals.
fn misspelt(name: &str) -> Option<&'static Scheme> {
    let is_lower = name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    if !is_lower || name.parse::<bool>().is_ok() {
        return None;
    }
    nearest(name, SCHEMES.iter().map(|scheme| scheme.name)).and_then(Scheme::named)
}
