//! What stands before an item: `#[freeze]`, and what is meant to be.

use proc_macro2::Ident;
use quote::ToTokens as _;
use syn::parse::ParseStream;
use syn::{Attribute, Meta, Token, token};

use crate::report::{Report, nearest};
use crate::size::source_text;

/// Every `freeze` before an item.
pub(super) fn attributes(input: ParseStream<'_>, report: &mut Report) -> Vec<Ident> {
    let mut freezes = Vec::new();
    loop {
        if input.peek(Token![#]) && input.peek2(token::Bracket) {
            match input.call(Attribute::parse_outer) {
                Ok(attributes) => {
                    let read = attributes.iter();
                    freezes.extend(read.filter_map(|attribute| freeze(attribute, report)));
                }
                Err(error) => {
                    report.push(error);
                    return freezes;
                }
            }
        } else if let Some(freeze) = without_brackets(input) {
            let message = "an attribute stands in brackets, with a `#` before them";
            report.error(&freeze, message, "write `#[freeze]`");
            freezes.push(freeze);
        } else {
            return freezes;
        }
    }
}

/// The `freeze` of an attribute, if it is one.
fn freeze(attribute: &Attribute, report: &mut Report) -> Option<Ident> {
    let path = attribute.path();
    let name = source_text(&path.to_token_stream());
    match (path.get_ident(), &attribute.meta) {
        (Some(freeze), Meta::Path(_)) if freeze == "freeze" => return Some(freeze.clone()),
        (Some(freeze), _) if freeze == "freeze" => {
            report.error(freeze, "`freeze` takes no arguments", "write `#[freeze]`");
            return Some(freeze.clone());
        }
        (Some(doc), _) if doc == "doc" => {
            let message = "a layer has no documentation of its own";
            let help = "write a comment with two slashes: `// …`";
            report.error_at(attribute.pound_token.span, message, help);
        }
        (Some(budget), _) if budget == "budget" => {
            let message = "`#[budget(…)]` limits a whole network, and not a layer";
            report.error(budget, message, "write it before `struct`");
        }
        _ => {
            let (message, help) = match nearest(&name, ["freeze", "frozen"]) {
                Some(_) => (
                    format!("no attribute `{name}`; did you mean `freeze`?"),
                    "write `#[freeze]`",
                ),
                None => (
                    format!("no attribute `{name}` for a layer"),
                    "the only attribute is `#[freeze]`, before layers that are not trained",
                ),
            };
            report.error(path, &message, help);
        }
    }
    None
}

/// `#freeze`, or the word alone before a layer.
fn without_brackets(input: ParseStream<'_>) -> Option<Ident> {
    let ahead = input.fork();
    let hash = ahead.parse::<Token![#]>().is_ok();
    let freeze: Ident = ahead.parse().ok()?;
    if freeze != "freeze" || !(hash || ahead.peek(syn::Ident)) {
        return None;
    }
    let _: syn::Result<Token![#]> = input.parse();
    input.parse().ok()
}
