//! One layer: its name, sizes and options.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Expr, Token, token};

use super::{parse_before, words};
use crate::builtin::{self, Arguments};
use crate::report::Report;
use crate::size::source_text;

/// `hidden: Affine(784, 50, init = he)`
pub(crate) struct Layer {
    pub(crate) label: Option<Ident>,
    /// The path that its name ends, if it is more than a name: a type of the user's.
    pub(crate) path: Option<syn::Path>,
    pub(crate) kind: Ident,
    pub(crate) sizes: Vec<Expr>,
    pub(crate) options: Vec<Choice>,
    /// Whether the parser had to give up on its arguments, and has said so.
    pub(crate) broken: bool,
}

/// `init = he`
pub(crate) struct Choice {
    pub(crate) name: Ident,
    pub(crate) value: Expr,
}

enum Argument {
    Size(Expr),
    Option(Choice),
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(syn::Ident::peek_any) && input.peek2(Token![=]) && !input.peek2(Token![==]) {
            let name = input.call(Ident::parse_any)?;
            input.parse::<Token![=]>()?;
            return Ok(Self::Option(Choice {
                name,
                value: input.parse()?,
            }));
        }
        input.parse().map(Self::Size)
    }
}

/// Whether a name comes, or a path that may begin with `crate`.
pub(super) fn begins_layer(input: ParseStream<'_>) -> bool {
    input.peek(syn::Ident)
        || (input.peek(Ident::peek_any) && input.peek2(Token![::]))
        || input.peek(Token![::])
}

/// A layer behind its label.
pub(super) fn layer(
    input: ParseStream<'_>,
    label: Option<Ident>,
    report: &mut Report,
) -> syn::Result<Layer> {
    if !begins_layer(input) {
        let help = "a layer is a name and its sizes, as in `Affine(784, 50)` or `Relu`";
        return Err(syn::Error::new(
            input.span(),
            format!("expected a layer\nhelp: {help}"),
        ));
    }
    let path: syn::Path = input.call(syn::Path::parse_mod_style)?;
    let Some(kind) = path.segments.last().map(|last| last.ident.clone()) else {
        return Err(input.error("expected a layer"));
    };
    let path = (path.get_ident().is_none()).then_some(path);
    let arguments = match brackets(input) {
        None => Ok(Vec::new()),
        Some((Delimiter::Parenthesis, [_, end], inside)) => arguments(&kind, end, inside),
        Some((_, [at, end], inside)) => {
            let help = format!("write `{kind}({})`", source_text(&inside));
            let message = format!("the sizes of `{kind}` stand in parentheses");
            report.error_at(at, &message, &help);
            arguments(&kind, end, inside)
        }
    };
    let broken = arguments.is_err();
    let (mut sizes, mut options) = (Vec::new(), Vec::new());
    match arguments {
        Ok(arguments) => {
            for argument in arguments {
                match argument {
                    Argument::Size(size) => sizes.push(size),
                    Argument::Option(option) => options.push(option),
                }
            }
        }
        Err(error) => report.push(error),
    }
    Ok(Layer {
        label,
        path,
        kind,
        sizes,
        options,
        broken,
    })
}

fn arguments(kind: &Ident, end: Span, inside: TokenStream) -> syn::Result<Vec<Argument>> {
    let parser = Punctuated::<Argument, Token![,]>::parse_terminated;
    let arguments = parse_before(end, inside, parser).map_err(|error| {
        let has_options = builtin::find(&kind.to_string())
            .is_ok_and(|builtin| builtin.arguments == Arguments::InputsOutputs);
        let help = if has_options {
            format!("sizes come first, then options, with commas between them: `{kind}(784, 50, init = he)`")
        } else {
            "write numbers, constants or labels, with commas between them".to_owned()
        };
        let words = words(&error);
        syn::Error::new(
            error.span(),
            format!("{words} among the arguments of `{kind}`\nhelp: {help}"),
        )
    })?;
    Ok(arguments.into_iter().collect())
}

/// What stands in brackets behind the name of a layer: which ones, where they open and close, and what is in them.
fn brackets(input: ParseStream<'_>) -> Option<(Delimiter, [Span; 2], TokenStream)> {
    let at = input.span();
    if input.peek(token::Paren) || input.peek(token::Bracket) || input.peek(token::Brace) {
        let group: Group = input.parse().ok()?;
        let ends = [at, group.span_close()];
        return Some((group.delimiter(), ends, group.stream()));
    }
    // `Affine<784, 50>`
    input.parse::<Token![<]>().ok()?;
    let mut inside = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![>]) && !input.peek(Token![->]) {
        inside.extend(input.parse::<TokenTree>());
    }
    let end = input.span();
    input.parse::<Token![>]>().ok()?;
    Some((Delimiter::None, [at, end], inside))
}
