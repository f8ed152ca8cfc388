//! The option of every loss: what it is multiplied by.

use proc_macro2::Literal;
use quote::{ToTokens as _, quote};
use syn::Expr;

use super::arguments::{Literally, literal};
use super::{Weight, settings};
use crate::builtin::Builtin;
use crate::report::Report;
use crate::size::source_text;
use crate::syntax::{Choice, Layer};

/// `weight = …`
pub(super) fn weight(builtin: &Builtin, layer: &Layer, report: &mut Report) -> Option<Weight> {
    let mut weights = Vec::new();
    for option in &layer.options {
        let Choice { name, value } = option;
        if settings::is_setting(builtin, option) {
            continue;
        }
        if name == "weight" {
            if !weights.is_empty() {
                report.error(name, "`weight` is given twice", "keep one of them");
            }
            weights.push(number(value, report));
        } else {
            let message = format!("`{}` has no option `{name}`", builtin.name);
            let help = settings::help(builtin, option, &[("weight", "0.3")]);
            report.error(name, &message, &help);
        }
    }
    weights.into_iter().next().flatten()
}

/// A finite number above 0, or a constant of type `f64`.
fn number(value: &Expr, report: &mut Report) -> Option<Weight> {
    if let Expr::Array(_) = value {
        let message = "`weight` is one number, by which the loss is multiplied";
        let text = source_text(&value.to_token_stream());
        let help = format!("write `weights = {text}`, if classes count for more or less");
        report.error(value, message, &help);
        return None;
    }
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
