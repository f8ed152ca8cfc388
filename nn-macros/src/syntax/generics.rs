//! Sizes that a network leaves open: `<const H: usize>`.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::parse::ParseStream;
use syn::{Expr, GenericParam, Generics, Lifetime, Token};

use crate::report::Report;
use crate::size::source_text;

/// The names of the type parameters in the expansion.
const TAKEN: [&str; 14] = [
    "Any",
    "B",
    "Batch",
    "GIVEN",
    "L",
    "Number",
    "Optimizer",
    "Sample",
    "Scores",
    "T",
    "TAKEN",
    "Targets",
    "X",
    "Y",
];

/// `const H: usize = 50`
pub(crate) struct OpenSize {
    pub(crate) name: Ident,
    pub(crate) default: Option<Expr>,
}

/// What stands between the name of a network and its chain, if anything does.
pub(super) fn open_sizes(
    input: ParseStream<'_>,
    network: &Ident,
    report: &mut Report,
) -> Vec<OpenSize> {
    let mut sizes = Vec::new();
    if are_generics(input) {
        match input.parse::<Generics>() {
            Ok(generics) => {
                for parameter in generics.params {
                    let Some(size) = open_size(parameter, network, report) else {
                        continue;
                    };
                    if sizes.iter().any(|other: &OpenSize| other.name == size.name) {
                        let message = format!("`{}` is left open twice", size.name);
                        report.error(&size.name, &message, "remove one of them");
                    } else {
                        sizes.push(size);
                    }
                }
            }
            Err(error) => {
                let help = format!("write `struct {network}<const H: usize>< … >`");
                report.error_at(error.span(), &error.to_string(), &help);
                skip_to_chain(input);
            }
        }
    }
    if let Ok(keyword) = input.parse::<Token![where]>() {
        let message = "a network has no `where` clause: only sizes are left open";
        report.error(keyword, message, "remove it");
        skip_to_chain(input);
    }
    sizes
}

/// Whether generics come before the chain: something in angle brackets with more of them behind.
fn are_generics(input: ParseStream<'_>) -> bool {
    if !input.peek(Token![<]) {
        return false;
    }
    if input.peek2(Token![const]) || input.peek2(Lifetime) {
        return true;
    }
    let ahead = input.fork();
    let _: syn::Result<Token![<]> = ahead.parse();
    while !ahead.is_empty() && !ahead.peek(Token![>]) {
        if ahead.peek(Token![->]) {
            // A chain.
            return false;
        }
        let _: syn::Result<TokenTree> = ahead.parse();
    }
    let _: syn::Result<Token![>]> = ahead.parse();
    ahead.peek(Token![<]) || ahead.peek(Token![where])
}

fn skip_to_chain(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![<]) && !input.peek(Token![;]) {
        let _: syn::Result<TokenTree> = input.parse();
    }
}

fn open_size(parameter: GenericParam, network: &Ident, report: &mut Report) -> Option<OpenSize> {
    let text = |tokens: TokenStream| source_text(&tokens).replace(" :", ":");
    match parameter {
        GenericParam::Const(size) if TAKEN.iter().any(|taken| size.ident == taken) => {
            let name = &size.ident;
            let message = format!(
                "`{name}` is a type in the methods of every network, so a size cannot be called so"
            );
            report.error(name, &message, "write another name: `const WIDTH: usize`");
            None
        }
        GenericParam::Const(size) if text(size.ty.to_token_stream()) == "usize" => Some(OpenSize {
            name: size.ident,
            default: size.default.map(|(_, value)| value),
        }),
        GenericParam::Const(size) => {
            let (name, of) = (&size.ident, text(size.ty.to_token_stream()));
            let message = format!("`{name}` is a {of}, and a size is a `usize`");
            report.error(&size.ty, &message, &format!("write `const {name}: usize`"));
            None
        }
        GenericParam::Type(of) => {
            let name = &of.ident;
            let message = format!("`{name}` is a type, and a network leaves only sizes open");
            let help = format!(
                "write `const {name}: usize` for a size; the type of numbers is there anyway: `{network}<f64>`"
            );
            report.error(of.to_token_stream(), &message, &help);
            None
        }
        GenericParam::Lifetime(lifetime) => {
            let message = format!("`{network}` owns its parameters, and borrows from nobody");
            report.error(lifetime, &message, "remove the lifetime");
            None
        }
    }
}
