//! The one option of a loss: what it is multiplied by.

use proc_macro2::Literal;
use quote::{ToTokens as _, quote};
use syn::Expr;

use super::Weight;
use super::arguments::{Literally, literal};
use crate::builtin::Builtin;
use crate::report::{Report, nearest};
use crate::size::source_text;
use crate::syntax::{Choice, Layer};

/// `weight = …`
pub(super) fn weight(builtin: &Builtin, layer: &Layer, report: &mut Report) -> Option<Weight> {
    let mut weights = Vec::new();
    for Choice { name, value } in &layer.options {
        if name == "weight" {
            if !weights.is_empty() {
                report.error(name, "`weight` is given twice", "keep one of them");
            }
            weights.push(number(value, report));
        } else {
            let message = format!("`{}` has no option `{name}`", builtin.name);
            let help = match nearest(&name.to_string(), ["weight"]) {
                Some(_) => format!("write `weight = {}`", source_text(&value.to_token_stream())),
                None => "the only option of a loss is its weight: `weight = 0.3`".to_owned(),
            };
            report.error(name, &message, &help);
        }
    }
    weights.into_iter().next().flatten()
}

/// A finite number above 0, or a constant of type `f64`.
fn number(value: &Expr, report: &mut Report) -> Option<Weight> {
    let (number, sign) = match literal(value) {
        Literally::Number(number, sign) => (number, sign),
        Literally::Constant => {
            return Some(Weight {
                tokens: value.to_token_stream(),
                is_constant: true,
            });
        }
        Literally::Nothing => (f64::NAN, None),
    };
    if number > 0.0 && sign.is_none() {
        let number = Literal::f64_unsuffixed(number);
        return Some(Weight {
            tokens: quote!(#number),
            is_constant: false,
        });
    }
    let text = source_text(&value.to_token_stream());
    if number == 0.0 {
        let message = format!("`weight = {text}`: a loss of weight 0 trains nothing");
        let help = "write a number above 0, or remove the loss";
        report.error(value, &message, help);
    } else {
        let message = format!("`{text}` is no weight of a loss: it is a number above 0");
        report.error(value, &message, "write for instance `weight = 0.3`");
    }
    None
}
