//! The expansion of two networks, pretty-printed, as it was reviewed; `CONTRIBUTING.md` says how to accept a change.

use quote::quote;

fn pretty(declaration: proc_macro2::TokenStream) -> String {
    prettyplease::unparse(
        &syn::parse2(crate::compile(declaration)).expect("the expansion is valid Rust"),
    )
}

macro_rules! assert_expansion {
    ($declaration:expr) => {
        let settings = {
            let mut settings = insta::Settings::clone_current();
            settings.set_omit_expression(true);
            settings
        };
        settings.bind(|| insta::assert_snapshot!(pretty($declaration)));
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

/// The annotated expansion among the examples is this one, save for comments and `main`.
#[test]
fn the_annotated_example_is_up_to_date() {
    let annotated = include_str!("../../examples/expanded/mnist.rs");
    let mut file = syn::parse_file(annotated).expect("the example is valid Rust");
    file.attrs.clear();
    file.items
        .retain(|item| !matches!(item, syn::Item::Fn(function) if function.sig.ident == "main"));
    assert_eq!(prettyplease::unparse(&file), pretty(classifier()));
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
