//! Sizes as the macro sees them: a number where it can work one out, and always the tokens that the user wrote.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{BinOp, Expr, Lit};

/// One size of a shape.
#[derive(Clone, Debug)]
pub(crate) struct Size {
    tokens: TokenStream,
    value: Option<usize>,
    /// How the value came about, where nobody wrote it so.
    working: Option<String>,
    /// Where `_` stands for it, if only the compiler knows it.
    inferred: Option<TokenStream>,
    /// The open size that is in it, if the network leaves one open.
    open: Option<String>,
    /// What stands for the tokens in texts, where nobody wrote them.
    text: Option<String>,
}

impl Size {
    /// A size that the user wrote. `value` is its number, if no constant of the user's is in it.
    pub(crate) fn written(tokens: TokenStream, value: Option<usize>) -> Self {
        Self {
            tokens,
            value,
            working: None,
            inferred: None,
            open: None,
            text: None,
        }
    }

    /// A size that follows from others: its number, how one would write it, and code for it where there is no number.
    pub(crate) fn computed(value: Option<usize>, text: String, code: TokenStream) -> Self {
        match value {
            Some(value) if text == value.to_string() => Self::of(value),
            Some(value) => Self {
                working: Some(format!("{text} = {value}")),
                ..Self::of(value)
            },
            None => Self {
                text: Some(text),
                ..Self::written(code, None)
            },
        }
    }

    /// A part of this size; of a whole one if it is the only part.
    pub(crate) fn divided_by(&self, parts: &Self) -> Self {
        if parts.value == Some(1) {
            return self.clone();
        }
        let value = self.value.zip(parts.value);
        let value = value.and_then(|(size, parts)| size.checked_div(parts));
        let (size, count) = (self.operand(), parts.operand());
        let text = format!("{} / {}", self.operand_text(), parts.operand_text());
        Self::computed(value, text, quote!(#size / #count))
    }

    /// A size that nobody wrote.
    pub(crate) fn of(value: usize) -> Self {
        let literal = proc_macro2::Literal::usize_unsuffixed(value);
        Self {
            tokens: quote!(#literal),
            value: Some(value),
            working: None,
            inferred: None,
            open: None,
            text: None,
        }
    }

    /// A size that the compiler works out by this expression, and the `_` that stands for it.
    pub(crate) fn inferred(expression: TokenStream, at: TokenStream) -> Self {
        Self {
            inferred: Some(at),
            ..Self::written(expression, None)
        }
    }

    /// Takes note of the open sizes of the network, of which one may be in it.
    pub(crate) fn find_open(&mut self, names: &[String]) {
        self.open = open_size_in(&self.tokens, names);
    }

    /// The open size that is in it.
    pub(crate) fn open(&self) -> Option<&str> {
        self.open.as_deref()
    }

    /// Whether it computes with an open size, which Rust cannot do in types.
    pub(crate) fn computes_with_open(&self) -> bool {
        self.open
            .as_ref()
            .is_some_and(|open| *open != self.tokens.to_string())
    }

    /// Whether the user wrote it, as a number or with a name.
    pub(crate) fn is_written(&self) -> bool {
        self.inferred.is_none()
    }

    /// The sum of several sizes.
    pub(crate) fn sum(sizes: &[Self]) -> Self {
        let mut values = sizes.iter().map(Self::value);
        let value = values.try_fold(0_usize, |sum, size| sum.checked_add(size?));
        let working = sizes.iter().map(Self::text).collect::<Vec<_>>().join(" + ");
        if let Some(value) = value {
            return Self {
                working: Some(format!("{working} = {value}")),
                ..Self::of(value)
            };
        }
        let terms = sizes.iter().map(Self::operand);
        Self::written(quote!(#(#terms)+*), None)
    }

    /// How many numbers an array of these sizes holds.
    pub(crate) fn product(sizes: &[Self]) -> Self {
        if let Some(product) = product(sizes) {
            return Self::of(product);
        }
        let factors = sizes.iter().map(Self::operand);
        let product = factors.reduce(|product, factor| quote!(#product * #factor));
        let text: Vec<String> = sizes.iter().map(Self::operand_text).collect();
        Self::computed(None, text.join(" * "), product.unwrap_or_default())
    }

    /// As a part of a longer expression.
    pub(crate) fn operand(&self) -> TokenStream {
        let tokens = &self.tokens;
        if let Ok(Expr::Lit(_) | Expr::Path(_)) = syn::parse2(tokens.clone()) {
            tokens.clone()
        } else {
            quote!((#tokens))
        }
    }

    pub(crate) fn value(&self) -> Option<usize> {
        self.value
    }

    /// As the user wrote it.
    pub(crate) fn text(&self) -> String {
        if self.inferred.is_some() {
            return "_".to_owned();
        }
        let text = self.text.clone();
        text.unwrap_or_else(|| source_text(&self.tokens))
    }

    /// The same as a part of a longer expression.
    pub(crate) fn operand_text(&self) -> String {
        let text = self.text();
        if text.contains(' ') {
            format!("({text})")
        } else {
            text
        }
    }

    /// As the user wrote it, with the number that comes of it.
    pub(crate) fn explained(&self) -> String {
        if let Some(working) = &self.working {
            return working.clone();
        }
        let text = self.text();
        match self.value {
            Some(value) if text.replace('_', "") != value.to_string() => {
                format!("{text} = {value}")
            }
            _ => text,
        }
    }

    /// Whether the two are certainly equal, certainly not, or only the compiler can tell (`None`).
    pub(crate) fn equals(&self, other: &Self) -> Option<bool> {
        match (self.value, other.value) {
            (Some(one), Some(other)) => Some(one == other),
            _ if self.tokens.to_string() == other.tokens.to_string() => Some(true),
            // An open size equals only itself.
            _ if self.open.is_some() || other.open.is_some() => Some(false),
            _ => None,
        }
    }

    /// Where the user wrote it.
    pub(crate) fn span(&self) -> Span {
        let first = self.tokens().clone().into_iter().next();
        first.map_or_else(Span::call_site, |token| token.span())
    }

    /// The tokens that the user wrote, to point at them.
    pub(crate) fn tokens(&self) -> &TokenStream {
        self.inferred.as_ref().unwrap_or(&self.tokens)
    }
}

/// As an expression or a generic argument: braces keep a constant `T` apart from the type `T`.
impl ToTokens for Size {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        if let Some(value) = self.value {
            proc_macro2::Literal::usize_unsuffixed(value).to_tokens(tokens);
        } else if self.computes_with_open() {
            // The mistake has been said; the compiler need not say it again.
            quote!(1).to_tokens(tokens);
        } else {
            let written = &self.tokens;
            quote!({ #written }).to_tokens(tokens);
        }
    }
}

/// The first of these names in an expression.
pub(crate) fn open_size_in(tokens: &TokenStream, names: &[String]) -> Option<String> {
    tokens.clone().into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) => names.iter().find(|name| ident == name.as_str()).cloned(),
        TokenTree::Group(group) => open_size_in(&group.stream(), names),
        _ => None,
    })
}

/// Sizes, outermost first, as in `1 × 28 × 28`.
pub(crate) fn shape_text(shape: &[Size]) -> String {
    shape.iter().map(Size::text).collect::<Vec<_>>().join(" × ")
}

/// How many numbers an array of these sizes holds; `None` if a constant is in it.
pub(crate) fn product(shape: &[Size]) -> Option<usize> {
    let mut values = shape.iter().map(Size::value);
    values.try_fold(1_usize, |product, size| product.checked_mul(size?))
}

/// The number that an expression of literals stands for; `Ok(None)` if a constant is in it.
pub(crate) fn evaluate(expression: &Expr) -> Result<Option<usize>, String> {
    match expression {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(number) if matches!(number.suffix(), "" | "usize") => {
                match number.base10_parse() {
                    Ok(number) => Ok(Some(number)),
                    Err(_) => Err("is too large for a size".into()),
                }
            }
            Lit::Int(number) => Err(format!("is a {}, but a size is a `usize`", number.suffix())),
            Lit::Float(_) => Err("is not a whole number".into()),
            _ => Err("is not a number".into()),
        },
        Expr::Paren(inner) => evaluate(&inner.expr),
        Expr::Group(inner) => evaluate(&inner.expr),
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Neg(_)) => Err("is below zero".into()),
        Expr::Repeat(_) | Expr::Array(_) => Err("is an array, but a size is one number".into()),
        Expr::Binary(binary) => {
            let (Some(left), Some(right)) = (evaluate(&binary.left)?, evaluate(&binary.right)?)
            else {
                return Ok(None);
            };
            let value = match binary.op {
                BinOp::Add(_) => left.checked_add(right),
                BinOp::Sub(_) => left.checked_sub(right),
                BinOp::Mul(_) => left.checked_mul(right),
                BinOp::Div(_) => left.checked_div(right),
                BinOp::Rem(_) => left.checked_rem(right),
                _ => return Ok(None),
            };
            value.map(Some).ok_or_else(|| {
                "is no size: it falls below zero, overflows, or divides by zero".into()
            })
        }
        _ => Ok(None),
    }
}

/// The sizes of an array's type, outermost first, as they would be typed in its place: `3, 32, 32` for `[[[f32; 32]; 32]; 3]`.
pub(crate) fn sizes_of_array(mut array: &Expr) -> Option<String> {
    let mut sizes = Vec::new();
    while let Expr::Repeat(repeat) = array {
        sizes.push(source_text(&repeat.len.to_token_stream()));
        array = &repeat.expr;
    }
    (!sizes.is_empty()).then(|| sizes.join(", "))
}

/// Tokens as one would type them: `proc_macro2` puts a space between any two.
pub(crate) fn source_text(tokens: &TokenStream) -> String {
    let mut text = tokens.to_string();
    if let Some(number) = text.strip_prefix("- ") {
        text = format!("-{number}");
    }
    for (spaced, tight) in [
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        (" ,", ","),
        (" :: ", "::"),
        (" . ", "."),
        ("< ", "<"),
        (" >", ">"),
        // Not behind an operator, though.
        (" +(", " + ("),
        (" -(", " - ("),
        (" *(", " * ("),
        (" /(", " / ("),
        (" ->(", " -> ("),
        (" |(", " | ("),
        (" =(", " = ("),
    ] {
        text = text.replace(spaced, tight);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Size, evaluate, sizes_of_array, source_text};
    use quote::quote;

    fn size(tokens: proc_macro2::TokenStream) -> Size {
        let value = evaluate(&syn::parse2(tokens.clone()).unwrap()).unwrap();
        Size::written(tokens, value)
    }

    #[test]
    fn arithmetic_on_literals_is_worked_out() {
        assert_eq!(size(quote!(28 * 28)).value(), Some(784));
        assert_eq!(size(quote!(28 * 28)).explained(), "28 * 28 = 784");
        assert_eq!(size(quote!(1_000)).explained(), "1_000");
        assert_eq!(size(quote!((28 - 5) / 1 + 1)).value(), Some(24));
        assert_eq!(size(quote!(WIDTH * 28)).value(), None);
    }

    #[test]
    fn sums_show_their_working() {
        let sum = Size::sum(&[size(quote!(64)), size(quote!(4 * 8))]);
        assert_eq!((sum.value(), sum.text()), (Some(96), "96".to_owned()));
        assert_eq!(sum.explained(), "64 + 4 * 8 = 96");
        let sum = Size::sum(&[
            size(quote!(HIDDEN)),
            size(quote!(WIDTH * 2)),
            size(quote!(3)),
        ]);
        assert_eq!(sum.text(), "HIDDEN + (WIDTH * 2) + 3");
    }

    #[test]
    fn what_is_no_size_says_why() {
        let why = |tokens| evaluate(&syn::parse2(tokens).unwrap()).unwrap_err();
        assert_eq!(why(quote!(-5)), "is below zero");
        assert_eq!(why(quote!(5.0)), "is not a whole number");
        assert_eq!(why(quote!(5_u32)), "is a u32, but a size is a `usize`");
        assert_eq!(why(quote!("5")), "is not a number");
        assert_eq!(
            why(quote!(3 - 5)),
            "is no size: it falls below zero, overflows, or divides by zero"
        );
        assert_eq!(why(quote!(99999999999999999999)), "is too large for a size");
    }

    #[test]
    fn sizes_are_read_off_a_type_that_stands_in_their_place() {
        let sizes = |tokens| sizes_of_array(&syn::parse2(tokens).unwrap());
        assert_eq!(sizes(quote!([f32; 784])).unwrap(), "784");
        assert_eq!(
            sizes(quote!([[[f32; 2 * W]; H]; 3])).unwrap(),
            "3, H, 2 * W"
        );
        assert_eq!(sizes(quote!([3, 32, 32])), None);
        assert_eq!(sizes(quote!(784)), None);
    }

    #[test]
    fn equality_is_known_for_numbers_and_for_the_same_words() {
        assert_eq!(size(quote!(784)).equals(&size(quote!(28 * 28))), Some(true));
        assert_eq!(size(quote!(784)).equals(&size(quote!(100))), Some(false));
        assert_eq!(
            size(quote!(HIDDEN)).equals(&size(quote!(HIDDEN))),
            Some(true)
        );
        assert_eq!(size(quote!(HIDDEN)).equals(&size(quote!(50))), None);
    }

    #[test]
    fn text_is_spaced_as_one_types_it() {
        assert_eq!(source_text(&quote!(normal(0.01))), "normal(0.01)");
        assert_eq!(source_text(&quote!(config::HIDDEN)), "config::HIDDEN");
    }
}
