//! While one types, the declaration is cut off somewhere. An editor must still find every name that has been typed so far, and
//! show at least one mistake, where the typing goes on.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::spanned::Spanned as _;

/// Every form of the README and of the macro's documentation, each on one line.
const DECLARATIONS: &[&str] = &[
    "#[derive(Clone, Debug)] pub struct Mnist< Affine(784, 50) -> Relu -> Affine(50, 10) -> SoftmaxWithLoss >;",
    "#[cfg(feature = \"vision\")] #[derive(Debug)] pub(crate) struct Digits< hidden: Affine(PIXELS, 2 * WIDTH, init = he) -> Tanh -> last: Affine(_, config::CLASSES, init = normal(0.01)) >;",
    "pub struct Image< Input(1, 28, 28) -> Sum -> Sum -> narrow: Affine(_, 10) -> Scale(-0.5) -> Shift(OFFSET) -> MeanSquaredError >;",
    "struct Residual< first: Affine(784, 64) -> Relu -> ( [ second: Affine(64, 64) -> Relu -> Affine(64, 64) | Identity ] -> Add -> Relu ) * 4 -> Affine(64, 10) -> SoftmaxWithLoss >;",
    "struct Gated< Affine(8, 16) -> skip: Tanh -> gate: Affine(16, 16) -> Sigmoid -> Mul(skip) -> both: [ Identity | Affine(_, 2) ] -> Concat(gate, skip) -> SoftmaxWithLoss >;",
    "struct Tied< encoder: Affine(784, 50) -> Sigmoid -> decoder: Affine(50, 784, W = encoder.W.T) -> shared: Affine(_, 50, b = encoder.b) -> MeanSquaredError >;",
    "struct Images< Input(1, 28, SIZE) -> edges: Conv2d(16, (5, 3), stride = (2, 1), padding = same, bias = false) -> Relu -> MaxPool2d(2, padding = ((0, 1), (1, 0)), floor = true) -> ConvTranspose2d(8, K, groups = 2) -> Pad(1, value = 0.5) -> Upsample(2, mode = bilinear) -> flat: Flatten -> Reshape(4, _ROWS, 7) -> GlobalAvgPool -> Affine(_, 10) -> SoftmaxWithLoss >;",
    "struct Normed< Input(8, 4, 4) -> GroupNorm(4, eps = 0.001) -> Relu -> inner: LayerNorm(axis = 1, eps = EPS, affine = false) -> BatchNorm(momentum = 0.2, affine = true) -> Flatten -> Dropout(0.2) -> RmsNorm -> Affine(_, 10) -> SoftmaxWithLoss >;",
    "struct Nested< start: ( Affine(3, 4) -> [ [ Tanh | Affine(4, 4) ] -> Mul | Identity ] -> Add ) -> Repeat(3) -> turn: Sum -> MatMul(4, 4) -> Add(start) -> SigmoidWithLoss >;",
];

/// A declaration cut off after every token and in the middle of every word, the brackets closed that are open there, as editors
/// do it.
fn prefixes(declaration: &str) -> Vec<String> {
    let mut cuts = Vec::new();
    collect(declaration.parse().expect("tokens"), "", &mut cuts);
    cuts.pop();
    let prefix = |(end, closing)| format!("{}{closing}", &declaration[..end]);
    cuts.into_iter().map(prefix).collect()
}

/// Where one may stop typing, and what closes the brackets that are open there.
fn collect(tokens: TokenStream, closing: &str, cuts: &mut Vec<(usize, String)>) {
    for token in tokens {
        let (start, end) = (token.span().start().column, token.span().end().column);
        match token {
            TokenTree::Group(group) => {
                let close = match group.delimiter() {
                    Delimiter::Parenthesis => ")",
                    Delimiter::Bracket => "]",
                    Delimiter::Brace => "}",
                    Delimiter::None => "",
                };
                let closing = format!("{close}{closing}");
                cuts.push((start + 1, closing.clone()));
                collect(group.stream(), &closing, cuts);
                cuts.push((end, closing[close.len()..].to_owned()));
            }
            token => {
                if matches!(token, TokenTree::Ident(_)) && end - start > 1 {
                    cuts.push((start.midpoint(end), closing.to_owned()));
                }
                cuts.push((end, closing.to_owned()));
            }
        }
    }
}

/// What comes out of a declaration: its items, and where mistakes are shown.
struct Outcome {
    structs: Vec<syn::ItemStruct>,
    /// The text, and the column where it ends.
    mistakes: Vec<(String, usize)>,
}

fn outcome(declaration: &str) -> Outcome {
    let expansion = crate::compile(declaration.parse().expect("tokens"));
    let file: syn::File = syn::parse2(expansion)
        .unwrap_or_else(|error| panic!("{declaration}\nexpands to invalid code: {error}"));
    let (mut structs, mut mistakes) = (Vec::new(), Vec::new());
    for item in file.items {
        match item {
            syn::Item::Struct(item) => structs.push(item),
            syn::Item::Macro(item) => {
                let end = item.span().end().column;
                mistakes.push((item.mac.tokens.to_string(), end));
            }
            _ => {}
        }
    }
    Outcome { structs, mistakes }
}

impl Outcome {
    fn fields(&self, name: &str) -> Option<BTreeSet<String>> {
        let item = self.structs.iter().find(|item| item.ident == name)?;
        let names = item.fields.iter().filter_map(|field| field.ident.as_ref());
        Some(names.map(ToString::to_string).collect())
    }

    /// Everything that has a name so far is there under its name.
    fn assert_names(&self, text: &str) {
        let Some(name) = name(text) else { return };
        let network = self
            .fields(name)
            .unwrap_or_else(|| panic!("no `{name}`:\n{text}"));
        assert!(network.contains("params"), "no `params`:\n{text}");
        let params = self.fields(&format!("{name}Params"));
        let params = params.unwrap_or_else(|| panic!("no `{name}Params`:\n{text}"));
        let layers = text.matches(" Affine").count();
        let parameters = params.iter().filter(|field| *field != "element").count();
        assert!(
            parameters >= layers,
            "{params:?} of {layers} layers:\n{text}"
        );
        for (before, _) in text.match_indices(": Affine") {
            let label = &text[text[..before].rfind(' ').map_or(0, |space| space + 1)..before];
            // In a repetition the name of the first turn.
            let named = params.contains(label) || params.contains(&format!("{label}1"));
            assert!(named, "no `{label}` in {params:?}:\n{text}");
        }
    }
}

/// The name of the network, if it has been typed.
fn name(text: &str) -> Option<&str> {
    let behind = text.split_once("struct ")?.1;
    behind
        .split(|char: char| !char.is_alphanumeric())
        .next()
        .filter(|name| !name.is_empty())
}

/// Where the layer begins that is being typed; before the chain, the last word.
fn last_item(text: &str) -> usize {
    let marks = ["-> ", "< ", "| ", "[ ", "( "];
    let mark = marks
        .iter()
        .filter_map(|mark| Some(text.rfind(mark)? + mark.len()))
        .max();
    mark.unwrap_or_else(|| text.rfind(' ').unwrap_or(0))
}

#[test]
fn names_are_there_and_a_mistake_is_shown_where_the_typing_goes_on() {
    let mut count = 0;
    for text in DECLARATIONS.iter().flat_map(|text| prefixes(text)) {
        let found = outcome(&text);
        found.assert_names(&text);
        let typed = text.trim_end_matches([')', ']', ' ']);
        let last = last_item(typed);
        let mistakes = &found.mistakes;
        assert!(
            mistakes.iter().any(|&(_, end)| end > last),
            "nothing shown behind column {last}:\n{text}\n{mistakes:#?}"
        );
        // Brackets that are open may each miss something, and what is typed in them.
        let open = text.matches('[').count();
        assert!(mistakes.len() <= 1 + open, "{text}\n{mistakes:#?}");
        count += 1;
    }
    assert!(count > 400, "{count}");
}

/// As above, where the end of the chain is there already: one types between `<` and `>;`.
#[test]
fn names_are_there_in_a_closed_chain() {
    for declaration in DECLARATIONS {
        let chain = declaration.find('<').expect("a chain");
        for text in prefixes(declaration) {
            if text.len() > chain && !text.ends_with(" >") {
                let text = format!("{text} >;");
                outcome(&text).assert_names(&text);
            }
        }
    }
}

/// Anonymous networks are expressions, whatever is missing.
#[test]
fn an_expression_stays_an_expression() {
    for text in prefixes(
        "< hidden: Affine(2, 16) -> [ Tanh | Identity ] -> Add -> Affine(16, 1) -> SigmoidWithLoss >",
    ) {
        let expansion = crate::compile(text.parse().expect("tokens")).to_string();
        assert!(syn::parse_str::<syn::Expr>(&expansion).is_ok(), "{text}");
        assert!(
            expansion.contains("AnonymousNetwork :: < f32 > :: new ()"),
            "{text}"
        );
        assert!(expansion.contains("compile_error"), "{text}");
    }
}
