//! `init = …`: how weights start.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote};
use syn::Expr;
use syn::spanned::Spanned as _;

use super::arguments::{Literally, literal};
use crate::report::{Report, nearest};
use crate::size::source_text;

/// How weights start.
#[derive(Clone)]
pub(crate) enum Init {
    /// A variant of `nn_core::Init`, which stands where its name was written, with its number.
    Chosen(Ident, Option<TokenStream>),
    /// Orthogonal, with the gain of the layer behind: √2 before `Relu`, 1 elsewhere.
    Orthogonal,
    /// He before `Relu`, Xavier elsewhere.
    Default,
}

/// All of them, as messages list them.
pub(super) const ALL: &str =
    "he | xavier | lecun | orthogonal | normal(σ) | uniform(a) | constant(c) | zeros";

/// An initialisation that is there in a declaration.
pub(crate) struct Scheme {
    pub(crate) name: &'static str,
    variant: &'static str,
    pub(crate) takes: Takes,
}

pub(crate) enum Takes {
    Nothing,
    /// A number: what it is, whether it can be below zero, and an example.
    Number {
        what: &'static str,
        negative: bool,
        example: &'static str,
    },
    /// A gain, if one likes.
    Gain,
}

const fn plain(name: &'static str, variant: &'static str) -> Scheme {
    let takes = Takes::Nothing;
    Scheme {
        name,
        variant,
        takes,
    }
}

pub(crate) static SCHEMES: [Scheme; 11] = [
    plain("he", "He"),
    plain("he_uniform", "HeUniform"),
    plain("xavier", "Xavier"),
    plain("xavier_uniform", "XavierUniform"),
    plain("lecun", "LeCun"),
    plain("lecun_uniform", "LeCunUniform"),
    plain("zeros", "Zeros"),
    Scheme {
        name: "orthogonal",
        variant: "Orthogonal",
        takes: Takes::Gain,
    },
    Scheme {
        name: "normal",
        variant: "Normal",
        takes: Takes::Number {
            what: "standard deviation",
            negative: false,
            example: "0.01",
        },
    },
    Scheme {
        name: "uniform",
        variant: "Uniform",
        takes: Takes::Number {
            what: "largest weight",
            negative: false,
            example: "0.05",
        },
    },
    Scheme {
        name: "constant",
        variant: "Constant",
        takes: Takes::Number {
            what: "value of all weights",
            negative: true,
            example: "0.1",
        },
    },
];

/// What other libraries call them.
const ALIASES: [(&str, &str); 13] = [
    ("he_normal", "he"),
    ("kaiming", "he"),
    ("kaiming_normal", "he"),
    ("kaiming_uniform", "he_uniform"),
    ("xavier_normal", "xavier"),
    ("glorot", "xavier"),
    ("glorot_normal", "xavier"),
    ("glorot_uniform", "xavier_uniform"),
    ("lecun_normal", "lecun"),
    ("gaussian", "normal(0.01)"),
    ("ones", "constant(1.0)"),
    ("zeroes", "zeros"),
    ("zero", "zeros"),
];

pub(super) fn choice(value: &Expr, report: &mut Report) -> Init {
    let (name, arguments): (_, Option<Vec<&Expr>>) = match value {
        Expr::Call(call) => (
            call.func.to_token_stream(),
            Some(call.args.iter().collect()),
        ),
        other => (other.to_token_stream(), None),
    };
    let text = source_text(&name);
    let Some(scheme) = Scheme::named(&text) else {
        report_unknown(&text, &name, report);
        return Init::Default;
    };
    let variant = scheme.variant(name.span());
    let name = scheme.name;
    match (&scheme.takes, arguments.as_deref()) {
        (Takes::Nothing, None) => Init::Chosen(variant, None),
        (Takes::Gain, None) => Init::Orthogonal,
        (Takes::Number { what, negative, .. }, Some([number])) => {
            written(scheme, number, what, *negative, report)
                .map_or(Init::Default, |number| Init::Chosen(variant, Some(number)))
        }
        (Takes::Gain, Some([gain])) => written(scheme, gain, "gain", false, report)
            .map_or(Init::Default, |gain| Init::Chosen(variant, Some(gain))),
        (Takes::Nothing, Some(arguments)) => {
            let message = format!("`{name}` takes no number");
            let help = format!("write `init = {name}`");
            match arguments.first() {
                Some(argument) => report.error(argument, &message, &help),
                None => report.error(value, &message, &help),
            }
            Init::Default
        }
        (Takes::Gain, Some(_)) => {
            let message = format!("`{name}` takes one number at most, the gain");
            report.error(value, &message, &format!("write `init = {name}`"));
            Init::Default
        }
        (Takes::Number { what, .. }, _) => {
            let message = format!("`{name}` takes one number, the {what}");
            report.error(value, &message, &scheme.help());
            Init::Default
        }
    }
}

impl Scheme {
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        SCHEMES.iter().find(|scheme| scheme.name == name)
    }

    /// The variant of `nn_core::Init`, standing where the name was written.
    pub(crate) fn variant(&self, at: Span) -> Ident {
        Ident::new(self.variant, at)
    }

    /// As one could write it.
    pub(crate) fn example(&self) -> String {
        match self.takes {
            Takes::Number { example, .. } => format!("{}({example})", self.name),
            Takes::Nothing | Takes::Gain => self.name.to_owned(),
        }
    }

    fn help(&self) -> String {
        format!("write `init = {}`", self.example())
    }
}

fn report_unknown(text: &str, name: &TokenStream, report: &mut Report) {
    if let Some((_, ours)) = ALIASES.iter().find(|(theirs, _)| *theirs == text) {
        let message = format!("no initialisation `{text}`; here it is `{ours}`");
        report.error(name, &message, &format!("write `init = {ours}`"));
        return;
    }
    let near = nearest(text, SCHEMES.iter().map(|scheme| scheme.name));
    let Some(scheme) = near.and_then(Scheme::named) else {
        let message = format!("no initialisation `{text}`");
        report.error(name, &message, &format!("choose one: `{ALL}`"));
        return;
    };
    let message = format!(
        "no initialisation `{text}`; did you mean `{}`?",
        scheme.name
    );
    report.error(name, &message, &scheme.help());
}

/// A literal, or a constant of type `f64`.
fn written(
    scheme: &Scheme,
    number: &Expr,
    what: &str,
    negative: bool,
    report: &mut Report,
) -> Option<TokenStream> {
    match literal(number) {
        Literally::Number(value, sign) if sign.is_none() || negative => {
            return Some(quote!(#sign #value));
        }
        Literally::Constant => return Some(number.to_token_stream()),
        Literally::Number(..) | Literally::Nothing => {}
    }
    let text = source_text(&number.to_token_stream());
    let range = if negative {
        "a number"
    } else {
        "a number from 0 on"
    };
    let message = format!("`{text}` is no {what}: it is {range}");
    report.error(number, &message, &scheme.help());
    None
}
