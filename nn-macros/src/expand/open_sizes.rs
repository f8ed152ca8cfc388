//! Sizes that a network leaves open. Everything is written as for a network without any; here it is made generic over them.

use proc_macro2::{Group, Ident, Literal, TokenStream, TokenTree};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::{GenericParam, Generics, Item, parse_quote};

use super::{Context, budget};

/// `const H: usize` before the type of numbers, and `H` wherever the types of the network are named.
pub(super) fn add(items: TokenStream, context: &Context<'_>) -> TokenStream {
    if context.open_sizes.is_empty() {
        return items;
    }
    let Ok(file) = syn::parse2::<syn::File>(items.clone()) else {
        return items;
    };
    let items = file.items.into_iter().map(|item| add_to(item, context));
    items.collect()
}

/// What can be said about sizes only where a program uses the network with some.
pub(super) fn checks(context: &Context<'_>) -> TokenStream {
    if context.open_sizes.is_empty() {
        return TokenStream::new();
    }
    let positive = context.open_sizes.iter().map(|size| {
        let name = &size.name;
        let message = format!("`{name}` is 0, and a size is at least 1");
        quote_spanned!(name.span()=> ::core::assert!(0 < #name, #message))
    });
    let budgets = budget::checks(context, &quote!(Self));
    quote!(const { #(#positive;)* #(#budgets;)* })
}

fn add_to(mut item: Item, context: &Context<'_>) -> TokenStream {
    let names: Vec<&Ident> = context.open_sizes.iter().map(|size| &size.name).collect();
    let sizes = quote!(#(#names,)*);
    // Where a generic item begins, its own parameters are no arguments.
    let (parameters, with_default) = match &mut item {
        Item::Impl(item) => (Some(std::mem::take(&mut item.generics)), false),
        Item::Struct(item) => (Some(std::mem::take(&mut item.generics)), true),
        _ => (None, false),
    };
    let Some(parameters) = parameters else {
        // What is compared by the compiler depends on no size: any will do.
        let ones = names.iter().map(|_| quote!(1,));
        let is_comparison = matches!(item, Item::Const(_));
        let arguments = if is_comparison { ones.collect() } else { sizes };
        return with_arguments(item.to_token_stream(), context, &arguments);
    };
    let tokens = with_arguments(item.to_token_stream(), context, &sizes);
    let generics = with_parameters(parameters, context, with_default);
    match syn::parse2::<Item>(tokens.clone()) {
        Ok(Item::Impl(mut item)) => {
            item.generics = generics;
            item.to_token_stream()
        }
        Ok(Item::Struct(mut item)) => {
            item.generics = generics;
            item.to_token_stream()
        }
        _ => tokens,
    }
}

fn with_parameters(mut generics: Generics, context: &Context<'_>, with_default: bool) -> Generics {
    let own = std::mem::take(&mut generics.params);
    let sizes = context.open_sizes.iter().map(|size| -> GenericParam {
        let name = &size.name;
        match &size.default {
            Some(default) if with_default => parse_quote!(const #name: usize = #default),
            _ => parse_quote!(const #name: usize),
        }
    });
    generics.params = sizes.chain(own).collect();
    generics.lt_token.get_or_insert_default();
    generics.gt_token.get_or_insert_default();
    generics
}

/// `Mlp<T>` becomes `Mlp<H, T>`, and so does the struct of its parameters.
fn with_arguments(
    tokens: TokenStream,
    context: &Context<'_>,
    arguments: &TokenStream,
) -> TokenStream {
    let (mut written, mut after_name) = (TokenStream::new(), false);
    for token in tokens {
        let opens = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '<');
        let is_name = match &token {
            TokenTree::Ident(name) => *name == context.name || *name == context.params,
            _ => false,
        };
        match token {
            TokenTree::Group(group) => {
                let inside = with_arguments(group.stream(), context, arguments);
                let mut spanned = Group::new(group.delimiter(), inside);
                spanned.set_span(group.span());
                written.extend([TokenTree::Group(spanned)]);
            }
            token => written.extend([token]),
        }
        if opens && after_name {
            written.extend(arguments.clone());
        }
        after_name = is_name;
    }
    written
}

/// With a number of its own for each size that is left open, as the compiler answers questions only about types that it knows.
pub(super) fn of_numbers(tokens: &TokenStream, open: &[Ident]) -> TokenStream {
    if open.is_empty() {
        return tokens.clone();
    }
    let of_number = |token: TokenTree| match token {
        TokenTree::Ident(name) => match open.iter().position(|size| *size == name) {
            // Numbers that nobody writes: what is true of them is true of any.
            Some(place) => Literal::usize_unsuffixed(1_000_003 + place).into(),
            None => TokenTree::Ident(name),
        },
        TokenTree::Group(group) => {
            let mut numbers = Group::new(group.delimiter(), of_numbers(&group.stream(), open));
            numbers.set_span(group.span());
            TokenTree::Group(numbers)
        }
        token => token,
    };
    tokens.clone().into_iter().map(of_number).collect()
}
