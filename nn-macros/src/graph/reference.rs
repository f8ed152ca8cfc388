//! How a parameter of another layer is written: `W = affine1.W`, or `W = affine1.W.T` for the transpose.

use proc_macro2::Ident;
use quote::ToTokens as _;
use syn::{Expr, Member};

use crate::builtin::Parameter;
use crate::report::{Report, nearest};
use crate::size::source_text;

/// `affine1.W.T`
#[derive(Clone)]
pub(crate) struct Reference {
    pub(crate) label: Ident,
    pub(crate) symbol: Ident,
    /// The `T`.
    pub(crate) transpose: Option<Ident>,
}

impl Reference {
    /// As it is written.
    pub(crate) fn text(&self) -> String {
        let end = if self.transpose.is_some() { ".T" } else { "" };
        format!("{}.{}{end}", self.label, self.symbol)
    }

    /// The same the other way round.
    pub(crate) fn text_transposed(&self) -> String {
        let end = if self.transpose.is_some() { "" } else { ".T" };
        format!("{}.{}{end}", self.label, self.symbol)
    }

    /// The token that says which way round.
    pub(crate) fn last(&self) -> &Ident {
        self.transpose.as_ref().unwrap_or(&self.symbol)
    }
}

/// `affine1.W.T` behind the `=` of a parameter; `None` after a mistake.
pub(super) fn reference(
    parameter: &Parameter,
    value: &Expr,
    report: &mut Report,
) -> Option<Reference> {
    let symbol = parameter.symbol;
    let Some((names, call)) = path(value) else {
        let text = source_text(&value.to_token_stream());
        let message = format!("`{text}` is no parameter of another layer");
        let help = format!("write its label and `{symbol}`, as in `{symbol} = affine1.{symbol}`");
        report.error(value, &message, &help);
        return None;
    };
    let [label, found, behind @ ..] = names.as_slice() else {
        let label = &names[0];
        let plain = format!("`{symbol} = {label}.{symbol}`");
        let help = if parameter.is_matrix() {
            format!("write {plain}, or `{symbol} = {label}.{symbol}.T` for its transpose")
        } else {
            format!("write {plain}")
        };
        let message = format!("`{label}` is a layer, and `{symbol} =` takes a parameter of it");
        report.error(label, &message, &help);
        return None;
    };
    if *found != symbol {
        let message = match nearest(&found.to_string(), [symbol]) {
            Some(_) => format!("no parameter `{label}.{found}`; did you mean `{symbol}`?"),
            None => format!("`{symbol}` can only be the `{symbol}` of another layer"),
        };
        let end = if behind.is_empty() { "" } else { ".T" };
        let help = format!("write `{symbol} = {label}.{symbol}{end}`");
        report.error(found, &message, &help);
        return None;
    }
    let transpose = match behind {
        [] => None,
        [transpose] if transpose == "T" && !call && parameter.is_matrix() => Some(transpose),
        [first, ..] if !parameter.is_matrix() => {
            let message = format!("`{symbol}` is a vector, which has no transpose");
            report.error(
                first,
                &message,
                &format!("write `{symbol} = {label}.{symbol}`"),
            );
            return None;
        }
        [first, second, ..] if first == "T" && second == "T" => {
            let message = format!("transposed twice, `{label}.{symbol}` is what it was");
            report.error(
                second,
                &message,
                &format!("write `{symbol} = {label}.{symbol}`"),
            );
            return None;
        }
        [.., last] => {
            let help = format!("write `{symbol} = {label}.{symbol}.T`");
            report.error(last, "a transpose is written `.T`", &help);
            return None;
        }
    };
    Some(Reference {
        label: label.clone(),
        symbol: found.clone(),
        transpose: transpose.cloned(),
    })
}

/// Names with dots between them, and whether the last one is called.
fn path(value: &Expr) -> Option<(Vec<Ident>, bool)> {
    match value {
        Expr::Path(path) => path
            .path
            .get_ident()
            .map(|name| (vec![name.clone()], false)),
        Expr::Field(field) => {
            let (mut names, _) = path(&field.base)?;
            let Member::Named(name) = &field.member else {
                return None;
            };
            names.push(name.clone());
            Some((names, false))
        }
        Expr::MethodCall(call) if call.args.is_empty() => {
            let (mut names, _) = path(&call.receiver)?;
            names.push(call.method.clone());
            Some((names, true))
        }
        _ => None,
    }
}
