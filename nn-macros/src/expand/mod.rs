//! Writes the code of a network. Cannot fail: a declaration with mistakes gets the same names over empty bodies, so that
//! nothing else complains.

mod assertions;
mod backward;
mod bodies;
mod budget;
mod images;
mod merging;
mod nested;
mod network;
mod norms;
mod open_sizes;
mod operands;
mod own;
mod own_params;
mod params;
mod phases;
mod picture;
mod sharing;
mod slots;
mod steps;
mod summary;
mod train;
mod values;
mod watching;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Attribute, Token, Visibility};

use crate::builtin::{Arguments, Buffers, Merge, Range, Reads, Tuned};
use crate::graph::{Chosen, Graph, MOST_PORTS, Node, Port, Shape};
use crate::plan::Plan;
use crate::report::Report;
use crate::size::Size;
use crate::syntax::{Budget, Declaration, Form, OpenSize};

/// Everything that the parts of the expansion need to know.
struct Context<'a> {
    name: Ident,
    /// Where the user wrote `struct`: the compiler shows the place.
    keyword: Token![struct],
    params: Ident,
    visibility: Visibility,
    attributes: &'a [Attribute],
    open_sizes: &'a [OpenSize],
    budgets: &'a [Budget],
    graph: &'a Graph,
    plan: &'a Plan,
    /// Whether the declaration is right, so that bodies can be written.
    valid: bool,
    /// Whether the compiler has still to find out whether sizes agree.
    compares_sizes: bool,
}

pub(crate) fn expand(
    declaration: &Declaration,
    graph: &Graph,
    plan: &Plan,
    report: Report,
) -> TokenStream {
    let name = declaration.name();
    let (keyword, visibility, attributes): (Token![struct], Visibility, &[Attribute]) =
        match &declaration.form {
            Form::Item {
                attributes,
                visibility,
                keyword,
                ..
            } => (*keyword, visibility.clone(), attributes),
            Form::Expression { .. } => (
                Token![struct](Span::call_site()),
                Visibility::Inherited,
                &[],
            ),
        };
    let context = Context {
        params: format_ident!("{name}Params"),
        name,
        keyword,
        visibility,
        attributes,
        open_sizes: &declaration.open_sizes,
        budgets: declaration.budgets(),
        graph,
        plan,
        valid: report.is_empty(),
        compares_sizes: assertions::compares_sizes(graph),
    };
    let items = [
        own::aliases(&context),
        norms::constants(graph),
        network::structure(&context),
        params::structure(&context),
        network::implementation(&context),
        train::implementation(&context),
        nested::implementation(&context),
        assertions::assertions(&context),
        budget::assertions(&context),
        own::assertions(graph),
    ];
    let conditions = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg"));
    let items = open_sizes::add(items.into_iter().collect(), &context);
    let items = under_conditions(&items, &conditions.collect::<Vec<_>>());
    let errors = report.into_tokens();
    match &declaration.form {
        Form::Item { .. } => quote!(#errors #items),
        Form::Expression { .. } => {
            let name = &context.name;
            quote!({ #errors #items #name::<f32>::new() })
        }
    }
}

/// A network under `#[cfg(…)]` is there as a whole or not at all.
fn under_conditions(items: &TokenStream, conditions: &[&Attribute]) -> TokenStream {
    if conditions.is_empty() {
        return items.clone();
    }
    match syn::parse2::<syn::File>(items.clone()) {
        Ok(file) => file
            .items
            .iter()
            .map(|item| quote!(#(#conditions)* #item))
            .collect(),
        Err(_) => items.clone(),
    }
}

impl Context<'_> {
    /// The layers that have parameters, their own or others'.
    fn layers_with_parameters(&self) -> impl Iterator<Item = &Node> {
        self.graph.layers().filter(|node| node.has_parameters())
    }

    /// The layers that have parameters of their own, or could have some.
    fn layers_with_own_parameters(&self) -> impl Iterator<Item = &Node> {
        let layers = self.graph.layers();
        layers.filter(|node| {
            node.own.is_some() || node.norm().is_some() || node.own_parameters().next().is_some()
        })
    }

    /// One sample that the network reads.
    fn input(&self) -> TokenStream {
        record(&self.graph.inputs)
    }

    /// One sample that the network gives.
    fn output(&self) -> TokenStream {
        record(&self.graph.outputs)
    }

    /// The loss, or the losses as a tuple, as a type and as a value.
    fn losses(&self) -> (TokenStream, TokenStream) {
        let (mut types, mut values) = (Vec::new(), Vec::new());
        for node in self.graph.losses() {
            let (of_loss, value) = loss(node);
            types.push(of_loss);
            values.push(value);
        }
        (one_or_tuple(&types), one_or_tuple(&values))
    }

    /// The bound on what a caller hands in as a batch, shown at the network's name.
    fn batch(&self) -> TokenStream {
        let input = self.input();
        quote_spanned!(self.name.span()=> ::nn_core::Batch<'x, #input>)
    }

    /// The body of a function, if there is a network behind it.
    fn body(&self, body: TokenStream) -> TokenStream {
        if self.valid {
            body
        } else {
            quote!(::core::unreachable!())
        }
    }
}

/// One sample: an array, or a tuple of arrays.
fn record(ports: &[Port]) -> TokenStream {
    // More than these have been complained about.
    let arrays = ports.iter().take(MOST_PORTS);
    let arrays: Vec<TokenStream> = arrays.map(|port| sample(&port.shape)).collect();
    one_or_tuple(&arrays)
}

fn one_or_tuple(parts: &[TokenStream]) -> TokenStream {
    match parts {
        [one] => one.clone(),
        several => quote!((#(#several),*)),
    }
}

/// A loss as a type and as a value.
fn loss(node: &Node) -> (TokenStream, TokenStream) {
    let (of_loss, unit) = (loss_type(node), unit(node));
    match &node.weight {
        None => (of_loss, unit),
        Some(weight) => {
            let weight = &weight.tokens;
            // With the user's spans, so that a constant of another type is shown there.
            let new = quote_spanned!(node.kind.span()=> ::nn_core::Weighted::new(#unit, #weight));
            (quote!(::nn_core::Weighted<#of_loss>), new)
        }
    }
}

/// One sample of this shape, of the network's numbers.
fn sample(shape: &Shape) -> TokenStream {
    shape.sample(&quote!(T))
}

/// The sizes of a sample, as a constant slice.
fn sizes(shape: &Shape) -> TokenStream {
    if shape.is_given() {
        let sample = sample(shape);
        return quote!(const { &<#sample as ::nn_core::Sample>::SHAPE }.sizes());
    }
    let sizes = shape.sizes();
    quote!(&[#(#sizes),*])
}

/// How many numbers a sample holds.
fn numbers(shape: &Shape) -> Size {
    if let Some(sizes) = shape.known() {
        return Size::product(sizes);
    }
    let sample = shape.sample(&quote!(f32));
    Size::inferred(
        quote!(<#sample as ::nn_core::Sample>::LEN),
        TokenStream::new(),
    )
}

/// The type of what a layer has of parameters: the layer, or a struct of those that are its own.
fn layer_type(node: &Node, element: &TokenStream) -> TokenStream {
    if let Some(own) = &node.own {
        return own.of(element);
    }
    if !node.shared.is_empty() {
        return sharing::own_type(node, element);
    }
    if let Some(windows) = &node.windows {
        return images::layer_type(node, windows, element);
    }
    if node.norm().is_some() {
        return norms::layer_type(node, element);
    }
    let name = format_ident!("{}", node.builtin.name);
    if node.builtin.reads == Reads::Image {
        // Its arguments could not be read.
        return quote!(::nn_core::#name<1, 1, 1, 1, #element>);
    }
    if node.builtin.buffers == Buffers::Own {
        let sizes = node.builtin.parameters.first();
        let sizes = sizes.map_or_else(Vec::new, |parameter| node.parameter_sizes(parameter));
        return quote!(::nn_core::#name<#(#sizes,)* #element>);
    }
    let (inputs, outputs) = (node.inputs(), &node.output().sizes()[0]);
    quote!(::nn_core::#name<#inputs, #outputs, #element>)
}

/// The type of a loss, without its weight.
fn loss_type(node: &Node) -> TokenStream {
    let name = format_ident!("{}", node.builtin.name);
    let Arguments::Settings(_, tuned) = node.builtin.arguments else {
        return quote!(::nn_core::#name);
    };
    match tuned {
        Tuned::Other(name) if !node.settings.is_empty() => {
            let name = format_ident!("{name}");
            quote!(::nn_core::#name)
        }
        Tuned::OfClasses(name) if !node.settings.is_empty() => {
            let (name, classes) = (format_ident!("{name}"), numbers(&node.read_shape()));
            quote!(::nn_core::#name<#classes>)
        }
        _ => quote!(::nn_core::#name),
    }
}

/// A layer or a loss with these settings.
fn with_settings<'a>(node: &Node, settings: impl Iterator<Item = &'a Chosen>) -> TokenStream {
    let span = node.kind.span();
    let of_layer = loss_type(node);
    let of_layer = match node.builtin.arguments {
        Arguments::Settings(_, Tuned::OfClasses(_)) => quote!(<#of_layer>),
        _ => of_layer,
    };
    let calls = settings.map(|chosen| {
        let tokens = &chosen.tokens;
        let name = match chosen.setting.range {
            Range::Word(word) => word,
            _ => chosen.setting.name,
        };
        let name = format_ident!("{name}", span = span);
        quote_spanned!(span=> .#name(#tokens))
    });
    // With the user's spans, so that a constant of another type is shown there.
    quote_spanned!(span=> #of_layer::new()#(#calls)*)
}

/// A layer without parameters is a unit struct, a number, or a struct of settings.
fn unit(node: &Node) -> TokenStream {
    let name = match node.merge() {
        Some(Merge::MatMul) => format_ident!("MatMulOfTwo"),
        _ => format_ident!("{}", node.builtin.name),
    };
    if let Some(windows) = &node.windows {
        return images::unit(node, windows);
    }
    match (node.builtin.arguments, &node.number) {
        // With the user's spans, so that a constant of another type is shown there.
        (Arguments::Number(_), Some(number)) => {
            let name = format_ident!("{name}", span = node.kind.span());
            quote_spanned!(node.kind.span()=> ::nn_core::#name(#number))
        }
        (Arguments::Count, _) => {
            let times = &node.sizes[0];
            quote!(::nn_core::#name::<#times>)
        }
        (Arguments::Settings(_, tuned), _)
            if tuned == Tuned::Itself || !node.settings.is_empty() =>
        {
            let of_layer = with_settings(node, node.settings.iter());
            // In a constant, as the assertions have it, so that a mistake is one complaint.
            if node.settings.iter().any(|chosen| chosen.is_constant) {
                quote!((const { #of_layer }))
            } else {
                of_layer
            }
        }
        _ => quote!(::nn_core::#name),
    }
}

/// `#[doc = …]` attributes for these lines.
fn doc<'a>(lines: impl IntoIterator<Item = &'a str>) -> TokenStream {
    let lines = lines.into_iter().map(|line| {
        if line.is_empty() {
            String::new()
        } else {
            format!(" {line}")
        }
    });
    quote!(#(#[doc = #lines])*)
}
