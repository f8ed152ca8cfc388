//! One bag for all mistakes of a declaration.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// The mistakes found so far.
#[derive(Default)]
pub(crate) struct Report {
    errors: Vec<syn::Error>,
}

impl Report {
    /// A mistake at the tokens `at`: both facts in one line, then one fix that can be typed.
    pub(crate) fn error(&mut self, at: impl ToTokens, message: &str, help: &str) {
        self.push(syn::Error::new_spanned(at, with_help(message, help)));
    }

    /// A mistake where there are no tokens to point at.
    pub(crate) fn error_at(&mut self, at: Span, message: &str, help: &str) {
        self.push(syn::Error::new(at, with_help(message, help)));
    }

    /// A mistake that the parser has put into words.
    pub(crate) fn push(&mut self, error: syn::Error) {
        self.errors.push(error);
    }

    /// Everything that another one has gathered.
    pub(crate) fn append(&mut self, other: Self) {
        self.errors.extend(other.errors);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// The mistakes as `compile_error!` calls, in the order of the source text.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.errors
            .iter()
            .map(syn::Error::to_compile_error)
            .collect()
    }
}

fn with_help(message: &str, help: &str) -> String {
    format!("{message}\nhelp: {help}")
}

/// The candidate that `word` most likely stands for.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let distance = |candidate: &str| edits(word, candidate);
    let nearest = candidates
        .into_iter()
        .min_by_key(|candidate| distance(candidate))?;
    (distance(nearest) <= word.len().max(nearest.len()) / 3).then_some(nearest)
}

/// How many letters are to be changed to come from one word to the other.
pub(crate) fn edits(word: &str, other: &str) -> usize {
    strsim::damerau_levenshtein(&word.to_lowercase(), &other.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_name_is_found_and_nonsense_is_not() {
        let names = ["Relu", "Sigmoid", "Softmax", "SoftmaxWithLoss"];
        assert_eq!(nearest("Sofmax", names), Some("Softmax"));
        assert_eq!(nearest("ReLU", names), Some("Relu"));
        assert_eq!(nearest("SoftmaxWitLoss", names), Some("SoftmaxWithLoss"));
        assert_eq!(nearest("Banana", names), None);
    }
}
