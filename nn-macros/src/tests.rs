//! The expansion of some networks, pretty-printed, as it was reviewed; `CONTRIBUTING.md` says how to accept a change.

mod half_typed;

use quote::quote;

/// Without the picture for rustdoc, which has tests of its own.
fn pretty(declaration: proc_macro2::TokenStream) -> String {
    let mut file: syn::File =
        syn::parse2(crate::compile(declaration)).expect("the expansion is valid Rust");
    for item in &mut file.items {
        if let syn::Item::Struct(item) = item {
            item.attrs
                .retain(|attribute| !attribute.path().is_ident("cfg_attr"));
        }
    }
    prettyplease::unparse(&file)
}

macro_rules! assert_expansion {
    ($declaration:expr) => {
        assert_code!(pretty($declaration));
    };
}

macro_rules! assert_code {
    ($code:expr) => {
        let settings = {
            let mut settings = insta::Settings::clone_current();
            settings.set_omit_expression(true);
            settings
        };
        settings.bind(|| insta::assert_snapshot!($code));
    };
}

fn classifier() -> proc_macro2::TokenStream {
    quote! {
        /// A two-layer perceptron for handwritten digits.
        #[derive(Debug)]
        pub struct Mnist< Affine(784, 50) -> Relu -> Affine(50, 10) -> SoftmaxWithLoss >;
    }
}

#[test]
fn a_classifier() {
    assert_expansion!(classifier());
}

/// For rustdoc: with the sizes as written, in a block of HTML that Markdown leaves alone.
#[test]
fn the_picture_in_the_documentation() {
    let code = crate::compile(quote! {
        struct Drawn< Input(WIDTH) -> [ Affine(_, 8) -> Relu | Affine(_, HIDDEN * 2) ] -> Concat >;
    });
    let file: syn::File = syn::parse2(code).expect("the expansion is valid Rust");
    let picture = file.items.iter().find_map(|item| match item {
        syn::Item::Struct(item) => item
            .attrs
            .iter()
            .find(|attribute| attribute.path().is_ident("cfg_attr")),
        _ => None,
    });
    let syn::Meta::List(meta) = &picture.expect("there is a picture").meta else {
        panic!("`cfg_attr` has arguments");
    };
    let text = meta.tokens.to_string().replace("\\n", "\n");
    assert!(text.starts_with("doc , doc = \"\n<div>\n<svg "), "{text}");
    for word in [
        "Input(WIDTH)",
        ">8 + (HIDDEN * 2)<",
        ">Concat<",
        "affine1 · WIDTH·8 + 8 parameters",
    ] {
        assert!(text.contains(word), "{word} is missing in {text}");
    }
    assert!(!text.trim_end().contains("\n\n"), "{text}");
}

/// The annotated expansions among the examples are these, save for comments and `main`.
fn assert_annotated(annotated: &str, declaration: proc_macro2::TokenStream) {
    let mut file = syn::parse_file(annotated).expect("the example is valid Rust");
    file.attrs.clear();
    file.items
        .retain(|item| !matches!(item, syn::Item::Fn(function) if function.sig.ident == "main"));
    assert_eq!(prettyplease::unparse(&file), pretty(declaration));
}

#[test]
fn the_annotated_classifier_is_up_to_date() {
    assert_annotated(
        include_str!("../../examples/expanded/mnist.rs"),
        classifier(),
    );
}

#[test]
fn the_annotated_residual_network_is_up_to_date() {
    assert_annotated(
        include_str!("../../examples/expanded/residual.rs"),
        quote! {
            /// Blocks that add to what they read: twelve layers with weights, of which the block holds two.
            pub struct Residual<
                Affine(784, 64) -> Relu
                    -> ( [ Affine(64, 64) -> Relu -> Affine(64, 64) | Identity ] -> Add -> Relu ) * 5
                    -> Affine(64, 10) -> SoftmaxWithLoss
            >;
        },
    );
}

#[test]
fn layers_that_compute_otherwise_while_they_learn() {
    assert_expansion!(quote! {
        struct Normalised<
            Affine(8, 4) -> BatchNorm(momentum = MOMENTUM) -> Relu -> Dropout(0.2) -> Affine(4, 2) -> MeanSquaredError
        >;
    });
}

#[test]
fn a_feature_extractor_with_constants_and_labels() {
    assert_expansion!(quote! {
        #[cfg(feature = "vision")]
        pub(crate) struct Features<
            Input(PIXELS) -> squash: Sigmoid -> hidden: MatMul(_, HIDDEN, init = normal(0.5)) -> Tanh
        >;
    });
}

#[test]
fn a_rejected_declaration_keeps_its_names() {
    assert_expansion!(quote! {
        struct Broken< Affine(784, 50) -> Sofmax -> hidden: Affine(60, 0) -> SoftmaxWithLoss >;
    });
}

/// Only what computes: the rest is as in the others.
fn computing(declaration: proc_macro2::TokenStream) -> String {
    let mut file = syn::parse2::<syn::File>(crate::compile(declaration)).expect("valid Rust");
    let functions = ["forward", "forward_loss", "backward", "descend"];
    file.items.retain_mut(|item| {
        let syn::Item::Impl(item) = item else {
            return false;
        };
        item.items.retain(|item| {
            let syn::ImplItem::Fn(function) = item else {
                return false;
            };
            functions.iter().any(|name| function.sig.ident == name)
        });
        !item.items.is_empty()
    });
    prettyplease::unparse(&file)
}

#[test]
fn a_residual_network() {
    assert_code!(computing(quote! {
        struct Residual<
            Affine(784, 64) -> Relu
                -> ( [ Affine(64, 64) -> Relu -> Affine(64, 64) | Identity ] -> Add -> Relu ) * 2
                -> Affine(64, 10) -> SoftmaxWithLoss
        >;
    }));
}

#[test]
fn images_that_are_flattened() {
    assert_code!(computing(quote! {
        struct Images<
            Input(1, 28, 28) -> Conv2d(6, 5, padding = same) -> Relu -> MaxPool2d(2) -> Flatten -> Affine(_, 10) -> SoftmaxWithLoss
        >;
    }));
}

#[test]
fn a_tied_autoencoder() {
    assert_code!(computing(quote! {
        struct Tied<
            encoder: Affine(784, 50) -> Relu -> decoder: Affine(50, 784, W = encoder.W.T) -> MeanSquaredError
        >;
    }));
}

#[test]
fn frozen_layers() {
    assert_code!(computing(quote! {
        struct Frozen<
            #[freeze] ( Affine(784, 50) -> Relu ) -> Affine(50, 50) -> Relu -> #[freeze] Affine(50, 20) -> Affine(20, 10)
                -> SoftmaxWithLoss
        >;
    }));
}

#[test]
fn joined_branches() {
    assert_code!(computing(quote! {
        struct Joined<
            x: Input(8) -> [ Affine(_, 16) -> Tanh | Affine(_, HIDDEN) -> Sigmoid ] -> Concat
                -> gate: Affine(_, 8) -> Sigmoid -> Mul(x) -> Scale(0.5) -> Concat(gate) -> Affine(_, 2) -> MeanSquaredError
        >;
    }));
}

/// A network of so many parts; each has 17 layers, of every kind some.
fn large(parts: usize) -> proc_macro2::TokenStream {
    let part = |part: usize| {
        format!(
            "-> skip{part}: Affine(WIDTH, WIDTH) -> Tanh -> Affine(_, 32) -> Relu -> Affine(32, WIDTH) -> Add(skip{part})
             -> [ Affine(WIDTH, WIDTH) -> Sigmoid | Identity | Scale(0.5) ] -> Concat -> MatMul(_, WIDTH)
             -> ( part{part}_turn: Affine(WIDTH, WIDTH) -> Shift(1.0) ) * 2 -> Mul(part{part}_turn1)"
        )
    };
    let parts: String = (0..parts).map(part).collect();
    let text =
        format!("struct Large< Affine(8, WIDTH) {parts} -> Affine(_, 10) -> SoftmaxWithLoss >;");
    text.parse().expect("tokens")
}

/// `.ci/scaling` counts what this costs for other numbers of parts.
#[test]
fn a_large_network() {
    let parts = std::env::var("NETWORK_PARTS");
    let parts = parts.map_or(6, |parts| parts.parse().expect("a number"));
    let text = crate::compile(large(parts)).to_string();
    assert!(!text.contains("compile_error"));
    let last = format!("part{}_turn2", parts - 1);
    assert!(text.contains(&last), "{last}");
}

#[test]
fn losses_side_by_side() {
    assert_code!(computing(quote! {
        struct TwoHeads<
            Affine(784, 50) -> Relu
                -> [ digit: Affine(50, 10) -> SoftmaxWithLoss | parity: Affine(50, 1) -> SigmoidWithLoss(weight = 0.3) ]
        >;
    }));
}

#[test]
fn two_inputs_and_two_outputs() {
    assert_expansion!(quote! {
        struct Both<
            [ left: Input(8) | Input(2, 4) -> Sum ] -> Concat -> [ mean: Affine(_, 2) | Identity -> variance: Affine(_, 1) ]
        >;
    });
}
