//! `#[derive(Parameters)]`: a struct of parameters as a layer that can stand in a chain.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use syn::{
    Attribute, Data, DeriveInput, Expr, Field, Fields, GenericParam, Generics, Meta, Type,
    TypeParam,
};

use crate::report::Report;
use crate::size::source_text;
use crate::start::{self, Start};

/// A field, and what its attributes say.
struct Part {
    name: Ident,
    kind: Kind,
}

enum Kind {
    /// A parameter, or several; how it starts, unless at zero.
    Parameter(Option<Start>),
    /// No parameter; its value, unless it is the default one.
    Constant(Option<Expr>),
}

pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let mut report = Report::default();
    let parts = parts(&input, &mut report);
    let number = number(&input.generics, &input.ident, &mut report);
    check_has_numbers(&input, &parts, number, &mut report);
    if report.is_empty() {
        implementations(&input, &parts, number)
    } else {
        report.into_tokens()
    }
}

fn parts(input: &DeriveInput, report: &mut Report) -> Vec<Part> {
    let name = &input.ident;
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => fields
                .named
                .iter()
                .filter_map(|field| part(field, report))
                .collect(),
            Fields::Unnamed(fields) if !fields.unnamed.is_empty() => {
                let message =
                    format!("the fields of `{name}` have no names, which keys are made of");
                let help = format!("write `struct {name} {{ alpha: … }}`");
                report.error(&fields.unnamed[0], &message, &help);
                Vec::new()
            }
            _ => Vec::new(),
        },
        Data::Enum(data) => {
            report_no_struct(data.enum_token, name, report);
            Vec::new()
        }
        Data::Union(data) => {
            report_no_struct(data.union_token, name, report);
            Vec::new()
        }
    }
}

fn report_no_struct(keyword: impl quote::ToTokens, name: &Ident, report: &mut Report) {
    let message = format!("a layer is a struct of its parameters, and `{name}` is none");
    report.error(keyword, &message, &format!("write `struct {name}`"));
}

fn part(field: &Field, report: &mut Report) -> Option<Part> {
    let name = field.ident.clone()?;
    let mut kind = None;
    for attribute in &field.attrs {
        let own = if attribute.path().is_ident("init") {
            Kind::Parameter(initial(attribute, report))
        } else if attribute.path().is_ident("constant") {
            Kind::Constant(value(attribute, report))
        } else {
            continue;
        };
        if kind.is_some() {
            let message = format!("how `{name}` starts is said twice");
            report.error(attribute, &message, "keep one of the two attributes");
        }
        kind = Some(own);
    }
    let kind = kind.unwrap_or(Kind::Parameter(None));
    if matches!(kind, Kind::Parameter(_)) {
        check_type(&name, &field.ty, report);
    }
    Some(Part { name, kind })
}

/// What is certainly no parameter is said here, in fewer words than the compiler would need.
fn check_type(name: &Ident, of: &Type, report: &mut Report) {
    const OTHERS: [&str; 14] = [
        "f32",
        "f64",
        "usize",
        "u64",
        "i64",
        "i32",
        "u32",
        "u8",
        "bool",
        "Vec",
        "Box",
        "Option",
        "String",
        "PhantomData",
    ];
    let text = source_text(&of.to_token_stream()).replace(" <", "<");
    let outermost = match of {
        Type::Path(path) => path.path.segments.last().map(|last| &last.ident),
        _ => None,
    };
    let is_other = match outermost {
        Some(outermost) => OTHERS.iter().any(|other| outermost == other),
        None => true,
    };
    if is_other {
        let message = format!("`{name}` is a `{text}`, which is no parameter");
        let help = format!(
            "mark what is not learnt by `#[constant]`, as in `#[constant(1.0)] {name}: f64`, or write `{name}: Param<[T; 1]>`"
        );
        report.error(of, &message, &help);
    } else if let Some(number) = concrete_number(of.to_token_stream()) {
        let message =
            format!("the numbers of `{name}` are `{number}`, whatever a network computes with");
        let help = format!("write `{}`", text.replace(&number.to_string(), "T"));
        report.error(number, &message, &help);
    }
}

/// `f32` or `f64` in a type.
fn concrete_number(of: TokenStream) -> Option<Ident> {
    of.into_iter().find_map(|token| match token {
        TokenTree::Ident(name) if name == "f32" || name == "f64" => Some(name),
        TokenTree::Group(group) => concrete_number(group.stream()),
        _ => None,
    })
}

/// `#[init(0.25)]`
fn initial(attribute: &Attribute, report: &mut Report) -> Option<Start> {
    let Ok(value) = attribute.parse_args::<Expr>() else {
        let help =
            "write `#[init(0.25)]`, or `he`, `xavier`, `normal(0.01)`, `zeros` in the parentheses";
        report.error(attribute, "`init` says how a parameter starts", help);
        return None;
    };
    Some(start::of(&value, report))
}

/// `#[constant]`, `#[constant(0.01)]`
fn value(attribute: &Attribute, report: &mut Report) -> Option<Expr> {
    if matches!(attribute.meta, Meta::Path(_)) {
        return None;
    }
    let value = attribute.parse_args::<Expr>();
    if value.is_err() {
        let help = "write `#[constant(0.01)]`, or `#[constant]` for the default of its type";
        report.error(attribute, "`constant` takes one value", help);
    }
    value.ok()
}

/// The type of the numbers that the layer computes with, if it says any.
fn number<'a>(generics: &'a Generics, name: &Ident, report: &mut Report) -> Option<&'a TypeParam> {
    let mut number = None;
    for parameter in &generics.params {
        match parameter {
            GenericParam::Lifetime(lifetime) => {
                let message =
                    format!("`{name}` borrows from elsewhere, and a layer owns its parameters");
                report.error(lifetime, &message, "remove the lifetime");
            }
            GenericParam::Type(second) if number.is_some() => {
                let message = format!(
                    "`{name}` has two types as parameters: a layer has sizes, and one type of numbers"
                );
                report.error(second, &message, &format!("remove `{}`", second.ident));
            }
            GenericParam::Type(first) => number = Some(first),
            GenericParam::Const(_) => {}
        }
    }
    let number = number?;
    if number.default.is_none() {
        let written = source_text(&number.to_token_stream());
        let message =
            format!("the type of numbers of `{name}` has no default, by which a chain names it");
        let written = written.replace(" :", ":");
        report.error(number, &message, &format!("write `{written} = f32`"));
    }
    Some(number)
}

/// Parameters are of the numbers that the network computes with.
fn check_has_numbers(
    input: &DeriveInput,
    parts: &[Part],
    number: Option<&TypeParam>,
    report: &mut Report,
) {
    let mut parameters = parts
        .iter()
        .filter(|part| matches!(part.kind, Kind::Parameter(_)));
    if let (Some(first), None, true) = (parameters.next(), number, report.is_empty()) {
        let name = &input.ident;
        let message = format!(
            "`{name}` has the parameter `{}`, and no type of numbers",
            first.name
        );
        let help = format!("write `struct {name}<T: Element = f32>`, with sizes before the `T`");
        report.error(name, &message, &help);
    }
}

fn implementations(input: &DeriveInput, parts: &[Part], number: Option<&TypeParam>) -> TokenStream {
    let name = &input.ident;
    let any = format_ident!("Number");
    let element = number.map_or_else(|| any.clone(), |number| number.ident.clone());
    let (with_element, with_any) = (
        generics(&input.generics, number.is_none().then_some(&any)),
        renamed(&input.generics, number, &any),
    );
    let (impl_generics, _, conditions) = with_element.split_for_impl();
    let (_, own, _) = input.generics.split_for_impl();
    let (any_generics, own_of_any, conditions_of_any) = with_any.split_for_impl();
    let bare = |parameter: &GenericParam| match parameter {
        GenericParam::Const(size) => size.ident.to_token_stream(),
        GenericParam::Type(parameter) => parameter.ident.to_token_stream(),
        GenericParam::Lifetime(lifetime) => lifetime.to_token_stream(),
    };
    let arguments = input.generics.params.iter().map(bare);
    let with = if input.generics.params.is_empty() {
        quote!(#name)
    } else {
        quote!(#name<#(#arguments),*>)
    };

    let parameters: Vec<&Part> = parts
        .iter()
        .filter(|part| matches!(part.kind, Kind::Parameter(_)))
        .collect();
    let names: Vec<&Ident> = parameters.iter().map(|part| &part.name).collect();
    let keys = names
        .iter()
        .map(|name| syn::ext::IdentExt::unraw(*name).to_string());
    let types = field_types(input, &names);
    let fields = parts.iter().map(|Part { name, kind }| match kind {
        Kind::Parameter(_) => quote!(#name: ::nn_core::Initial::<#element>::initial(rng)),
        Kind::Constant(Some(value)) => quote!(#name: #value),
        Kind::Constant(None) => quote!(#name: ::core::default::Default::default()),
    });
    let starts: Vec<TokenStream> = parameters
        .iter()
        .filter_map(|Part { name, kind }| match kind {
            Kind::Parameter(Some(start)) => {
                Some(quote!(::nn_core::__private::Set::set(&mut layer.#name, #start, rng);))
            }
            _ => None,
        })
        .collect();
    let unused = names.is_empty().then(|| quote!(let _ = rng;));
    let initial = if starts.is_empty() {
        quote!(#unused Self { #(#fields),* })
    } else {
        quote!(let mut layer = Self { #(#fields),* }; #(#starts)* layer)
    };
    let (count, numbers) = if names.is_empty() {
        (quote!(0), quote!(0))
    } else {
        (
            quote!(#(::nn_core::Parameters::<#element>::count(&self.#names))+*),
            quote!(#(<#types as ::nn_core::Initial<#element>>::NUMBERS)+*),
        )
    };
    quote_spanned! {name.span()=>
        #[automatically_derived]
        impl #impl_generics ::nn_core::Parameters<#element> for #name #own #conditions {
            fn count(&self) -> usize {
                #count
            }

            fn tensor(&self, index: usize) -> ::core::option::Option<::nn_core::Tensor<'_, #element>> {
                ::nn_core::__private::tensor_of(&[#((#keys, &self.#names)),*], index)
            }

            fn numbers_mut(&mut self, index: usize) -> ::core::option::Option<&mut [#element]> {
                ::nn_core::__private::numbers_of([#(&mut self.#names),*], index)
            }
        }

        #[automatically_derived]
        impl #impl_generics ::nn_core::Initial<#element> for #name #own #conditions {
            const NUMBERS: usize = #numbers;

            fn initial(rng: &mut ::nn_core::Rng) -> Self {
                #initial
            }
        }

        #[automatically_derived]
        impl #any_generics ::nn_core::Named for #name #own_of_any #conditions_of_any {
            type With<#element: ::nn_core::Element> = #with;
        }
    }
}

fn field_types<'a>(input: &'a DeriveInput, names: &[&Ident]) -> Vec<&'a Type> {
    let Data::Struct(data) = &input.data else {
        return Vec::new();
    };
    let is_parameter = |field: &&Field| {
        field
            .ident
            .as_ref()
            .is_some_and(|name| names.contains(&name))
    };
    data.fields
        .iter()
        .filter(is_parameter)
        .map(|field| &field.ty)
        .collect()
}

/// Those of the struct, and a type of numbers if it has none.
fn generics(own: &Generics, number: Option<&Ident>) -> Generics {
    let mut generics = own.clone();
    if let Some(number) = number {
        let number: GenericParam = syn::parse_quote!(#number: ::nn_core::Element);
        generics.params.push(number);
    }
    generics
}

/// Those of the struct, with another name for its type of numbers.
fn renamed(own: &Generics, number: Option<&TypeParam>, name: &Ident) -> Generics {
    let mut generics = own.clone();
    let Some(number) = number else {
        return generics;
    };
    for parameter in &mut generics.params {
        if let GenericParam::Type(parameter) = parameter
            && parameter.ident == number.ident
        {
            parameter.ident = name.clone();
        }
    }
    generics
}
