//! Layers that are types of the user's: the macro knows what they are called, and the compiler what they give.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::Expr;

use super::{Shape, Value};
use crate::report::Report;
use crate::size::{evaluate, open_size_in, source_text};
use crate::start::{self, Start};
use crate::syntax::{Choice, Layer};

/// A type of the user's in a chain.
pub(crate) struct Own {
    /// Its path as it is written.
    pub(crate) name: String,
    /// The type: `my_crate::Slope<50>`.
    pub(crate) layer: TokenStream,
    /// What the expansion calls it: the network's name and the label.
    pub(crate) alias: Ident,
    /// The open sizes of the network, if one of them is in the type or in what it reads; the aliases have them then.
    pub(crate) open: Vec<Ident>,
    /// What stands in its parentheses.
    pub(crate) sizes: Vec<Expr>,
    /// Its fields that are set in the declaration.
    pub(crate) options: Vec<(Ident, Start)>,
    /// The token to point at: a size if there is one.
    pub(crate) span: Span,
}

/// The path of a layer as it is written.
pub(super) fn name(layer: &Layer) -> String {
    match &layer.path {
        Some(path) => source_text(&path.to_token_stream()),
        None => layer.kind.to_string(),
    }
}

/// The same as tokens.
pub(super) fn path(layer: &Layer) -> TokenStream {
    let path = layer.path.as_ref().map(ToTokens::to_token_stream);
    path.unwrap_or_else(|| layer.kind.to_token_stream())
}

/// The stem of the label: `LeakyRelu` becomes `leaky_relu`, `PRelu` `prelu`, and `Conv2` `conv2_`.
pub(super) fn stem(kind: &Ident) -> String {
    let (mut stem, mut after_small) = (String::new(), false);
    for letter in kind.to_string().trim_start_matches("r#").chars() {
        if letter.is_uppercase() && after_small {
            stem.push('_');
        }
        after_small = !letter.is_uppercase() && letter != '_';
        stem.extend(letter.to_lowercase());
    }
    // The ordinal behind it is to be told apart.
    if stem.ends_with(|letter: char| letter.is_ascii_digit()) {
        stem.push('_');
    }
    stem
}

/// The network's name and the label, as the name of a type: `DigitsPrelu1`.
pub(super) fn alias(network: &str, label: &Ident) -> Ident {
    let mut name = network.to_owned();
    for word in label.to_string().split('_') {
        let mut letters = word.chars();
        name.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        name.extend(letters);
    }
    format_ident!("{name}")
}

/// The type and the options of a layer; `None` if they could not be read, which has been said.
pub(super) fn own(
    layer: &Layer,
    alias: Ident,
    open_sizes: &[Ident],
    reads: &Value,
    report: &mut Report,
) -> Option<Own> {
    let kind = &layer.kind;
    let path = path(layer);
    let names: Vec<String> = open_sizes.iter().map(ToString::to_string).collect();
    let mut arguments = Vec::new();
    for size in &layer.sizes {
        arguments.push(argument(size, layer, &names, reads, report)?);
    }
    let first = layer
        .sizes
        .first()
        .map(|size| size.to_token_stream().into_iter().next());
    let span = first
        .flatten()
        .map_or_else(|| kind.span(), |token| token.span());
    let mut options: Vec<(Ident, Start)> = Vec::new();
    for Choice { name, value } in &layer.options {
        if options.iter().any(|(other, _)| other == name) {
            let message = format!("`{name}` is given twice");
            report.error(name, &message, "keep one of them");
        }
        options.push((name.clone(), start::of(value, report)));
    }
    let own = quote!(#(#arguments),*);
    let is_open = open_size_in(&own, &names).is_some() || reads.shape.is_open(&names);
    Some(Own {
        name: name(layer),
        layer: if arguments.is_empty() {
            path
        } else {
            quote!(#path<#own>)
        },
        alias,
        open: if is_open {
            open_sizes.to_vec()
        } else {
            Vec::new()
        },
        sizes: layer.sizes.clone(),
        options,
        span,
    })
}

/// A `const` argument of the type.
fn argument(
    size: &Expr,
    layer: &Layer,
    open_sizes: &[String],
    reads: &Value,
    report: &mut Report,
) -> Option<TokenStream> {
    if matches!(size, Expr::Infer(_)) {
        return inferred(size, layer, open_sizes, reads, report);
    }
    if let Expr::Lit(literal) = size
        && matches!(literal.lit, syn::Lit::Bool(_) | syn::Lit::Char(_))
    {
        return Some(size.to_token_stream());
    }
    let tokens = size.to_token_stream();
    if let Some(open) = open_size_in(&tokens, open_sizes).filter(|open| tokens.to_string() != *open)
    {
        report_computed(&tokens, &open, report);
        return None;
    }
    match evaluate(size) {
        Ok(value) => {
            let is_literal = value.is_some() && matches!(size, Expr::Lit(_));
            Some(if is_literal {
                quote!(#size)
            } else {
                quote!({ #size })
            })
        }
        Err(problem) => {
            let text = source_text(&size.to_token_stream());
            let name = name(layer);
            let help = format!(
                "write whole numbers and constants in the parentheses, and values of fields by name: `{name}(slope = {text})`"
            );
            report.error(size, &format!("`{text}` {problem}"), &help);
            None
        }
    }
}

/// The features that arrive.
fn inferred(
    size: &Expr,
    layer: &Layer,
    open_sizes: &[String],
    reads: &Value,
    report: &mut Report,
) -> Option<TokenStream> {
    let name = name(layer);
    match &reads.shape {
        Shape::Known(sizes) => match sizes.as_slice() {
            [size] => Some(quote!(#size)),
            sizes => {
                let message = format!(
                    "`_` stands for the features of a vector, and `{}` gives {}",
                    reads.from,
                    crate::size::shape_text(sizes)
                );
                report.error(
                    size,
                    &message,
                    &format!("write the size that `{name}` takes"),
                );
                None
            }
        },
        Shape::Given(_) if reads.shape.is_open(open_sizes) => {
            report_open(size, &reads.from, &name, report);
            None
        }
        Shape::Given(_) => {
            let size = reads.shape.features(size.to_token_stream());
            Some(quote!(#size))
        }
        Shape::Unknown => None,
    }
}

/// Rust cannot compute with sizes that are left open, not in types.
pub(crate) fn report_computed(tokens: &TokenStream, open: &str, report: &mut Report) {
    let text = source_text(tokens);
    let message = format!("`{text}` computes with `{open}`, and Rust cannot do that in types yet");
    let help = "leave the result open too, under a name of its own: `const WIDE: usize`";
    report.error(tokens, &message, help);
}

/// What a layer gives that depends on an open size is a size that only a whole program knows.
pub(super) fn report_open(at: impl ToTokens, from: &str, name: &str, report: &mut Report) {
    let message = format!(
        "what `{from}` gives depends on a size that is left open, so `_` cannot stand for it"
    );
    report.error(at, &message, &format!("write the size that `{name}` takes"));
}

/// An alias that the expansion defines: what a layer of the user's gives or, as the first layer, reads.
pub(crate) struct Alias {
    pub(crate) name: Ident,
    /// The alias of that layer.
    pub(super) layer: Ident,
    /// The open sizes that it is generic over.
    pub(super) open: Vec<Ident>,
}

impl Own {
    /// The alias of what the layer gives.
    pub(crate) fn output(&self) -> Alias {
        self.other("Output")
    }

    /// The alias of what it reads as the first layer.
    pub(crate) fn input(&self) -> Alias {
        self.other("Input")
    }

    fn other(&self, what: &str) -> Alias {
        Alias {
            name: format_ident!("{}{what}", self.alias),
            layer: self.alias.clone(),
            open: self.open.clone(),
        }
    }

    /// Its alias for numbers of this type.
    pub(crate) fn of(&self, element: &TokenStream) -> TokenStream {
        let (alias, open) = (&self.alias, &self.open);
        quote!(#alias<#(#open,)* #element>)
    }
}

impl Alias {
    pub(crate) fn of(&self, element: &TokenStream) -> TokenStream {
        let (name, open) = (&self.name, &self.open);
        quote!(#name<#(#open,)* #element>)
    }
}
