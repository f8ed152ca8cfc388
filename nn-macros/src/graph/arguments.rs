//! The sizes and options of a layer.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};
use syn::{Expr, Lit};

use super::initial::{self, Init};
use super::reference::{Reference, reference};
use super::weight::weight;
use super::{Shape, Value, Weight, settings};
use crate::builtin::{Arguments, Builtin, Role};
use crate::report::{Report, nearest};
use crate::size::{Size, evaluate, sizes_of_array, source_text};
use crate::syntax::{Choice, Layer};

const DEEPEST: usize = Shape::DEEPEST;

/// The sizes of a sample.
pub(super) fn input_shape(layer: &Layer, report: &mut Report) -> Shape {
    if layer.sizes.is_empty() {
        let help = "write how many numbers a sample holds, for instance `Input(784)`";
        report.error(&layer.kind, "`Input` takes the sizes of a sample", help);
    }
    if let Some(beyond) = layer.sizes.get(DEEPEST) {
        let help = format!("write at most {DEEPEST}: no layer reads deeper samples");
        report.error(
            beyond,
            &format!("a sample has {} sizes", layer.sizes.len()),
            &help,
        );
        return Shape::Unknown;
    }
    let size = |size| {
        let why = "`Input` says what a sample looks like, so none of its sizes can be `_`";
        written_size(
            size,
            why,
            "write the size as a number or as a constant",
            report,
        )
    };
    let sizes: Vec<Option<Size>> = layer.sizes.iter().map(size).collect();
    match sizes.into_iter().collect::<Option<Vec<Size>>>() {
        Some(sizes) if !sizes.is_empty() => Shape::Known(sizes),
        _ => Shape::Unknown,
    }
}

/// What a layer of inputs and outputs takes and gives; `None` where it is not known.
pub(super) fn inputs_outputs(
    builtin: &Builtin,
    layer: &Layer,
    reads: &Value,
    report: &mut Report,
) -> (Option<Size>, Option<Size>) {
    let name = builtin.name;
    let arriving = match &reads.shape {
        Shape::Known(sizes) if sizes.len() == 1 => Some(sizes[0].clone()),
        _ => None,
    };
    let inputs_text = arriving
        .as_ref()
        .map_or_else(|| "784".to_owned(), Size::text);
    match layer.sizes.as_slice() {
        [] => {
            let help = format!("write `{name}({inputs_text}, 10)` for 10 outputs");
            report.error(
                &layer.kind,
                &format!("`{name}` takes two sizes, inputs and outputs"),
                &help,
            );
            (None, None)
        }
        [only] => {
            let text = source_text(&only.to_token_stream());
            let help = match &arriving {
                Some(size) if size.text() != text => {
                    format!("write `{name}({}, {text})`", size.text())
                }
                _ => format!("write `{name}({text}, 10)` for 10 outputs"),
            };
            let message =
                format!("`{name}` takes two sizes, inputs and outputs; only one is given");
            report.error(only, &message, &help);
            (None, None)
        }
        [inputs, outputs, rest @ ..] => {
            if let Some(superfluous) = rest.first() {
                let (inputs, outputs) = (inputs.to_token_stream(), outputs.to_token_stream());
                let help = format!(
                    "write `{name}({}, {})`",
                    source_text(&inputs),
                    source_text(&outputs)
                );
                let message = format!(
                    "`{name}` takes two sizes, inputs and outputs; {} are given",
                    layer.sizes.len()
                );
                report.error(superfluous, &message, &help);
            }
            let takes = match inputs {
                Expr::Infer(_) => None,
                inputs => written_size(inputs, "", "", report),
            };
            let why = format!("the outputs of `{name}` are its own choice, so they cannot be `_`");
            let help = format!("write a number, for instance `{name}(_, 10)`");
            (takes, written_size(outputs, &why, &help, report))
        }
    }
}

/// A size that is a number or a constant; `why_not` and `help` say why it cannot be `_`.
pub(super) fn written_size(
    size: &Expr,
    why_not: &str,
    help: &str,
    report: &mut Report,
) -> Option<Size> {
    if matches!(size, Expr::Infer(_)) {
        report.error(size, why_not, help);
        return None;
    }
    match evaluate(size) {
        Ok(value) => Some(Size::written(size.to_token_stream(), value)),
        Err(problem) => {
            let text = source_text(&size.to_token_stream());
            let help = sizes_of_array(size).map_or_else(
                || "write a whole number from 1 on, or a constant".to_owned(),
                |sizes| format!("write the sizes alone, outermost first: `{sizes}`"),
            );
            report.error(size, &format!("`{text}` {problem}"), &help);
            None
        }
    }
}

/// What the options of a layer say.
#[derive(Default)]
pub(super) struct Options {
    pub(super) init: Option<Init>,
    /// The parameters that are those of other layers.
    pub(super) references: Vec<(usize, Reference)>,
    /// What a loss is multiplied by.
    pub(super) weight: Option<Weight>,
}

/// `init = …`, and `W = …` for each parameter, where the layer has weights; `weight = …` where it is a loss.
pub(super) fn options(
    builtin: &Builtin,
    name_of_layer: &str,
    layer: &Layer,
    report: &mut Report,
) -> Options {
    let mut options = Options::default();
    if builtin.role == Role::Loss {
        options.weight = weight(builtin, layer, report);
        return options;
    }
    let mut init_at = None;
    let mut given: Vec<usize> = Vec::new();
    let is_of_images = matches!(builtin.arguments, Arguments::Image(_));
    for option in &layer.options {
        if settings::is_setting(builtin, option) {
            continue;
        }
        let Choice { name, value } = option;
        if is_of_images && (name != "init" || builtin.parameters.is_empty()) {
            // One of its own.
            continue;
        }
        let has_weights = is_of_images || builtin.arguments == Arguments::InputsOutputs;
        let mut parameters = builtin.parameters.iter();
        let parameter = parameters.position(|parameter| has_weights && name == parameter.symbol);
        if let Some(parameter) = parameter {
            if given.contains(&parameter) {
                report.error(
                    name,
                    &format!("`{name}` is given twice"),
                    "keep one of them",
                );
                continue;
            }
            given.push(parameter);
            let reference = reference(&builtin.parameters[parameter], value, report);
            options
                .references
                .extend(reference.map(|reference| (parameter, reference)));
        } else if name == "weight" {
            let message = format!(
                "`weight` is an option of losses, and `{}` is none",
                builtin.name
            );
            let help = "write it at the loss: `SoftmaxWithLoss(weight = 0.3)`";
            report.error(name, &message, help);
        } else if !settings::of(builtin).is_empty() {
            let message = format!("`{}` has no option `{name}`", builtin.name);
            report.error(name, &message, &settings::help(builtin, option, &[]));
        } else if !has_weights {
            let help = format!("write `{}`", builtin.name);
            report.error(
                name,
                &format!(
                    "`{}` has no option `{name}`: it has no weights",
                    builtin.name
                ),
                &help,
            );
        } else if name != "init" {
            let message = format!("`{}` has no option `{name}`", builtin.name);
            let symbols = builtin.parameters.iter().map(|parameter| parameter.symbol);
            let help = match nearest(&name.to_string(), symbols.chain(["init"])) {
                Some(near) => format!("write `{near} = {}`", source_text(&value.to_token_stream())),
                None => format!(
                    "its options are `init = {}`, and `W = other.W` to share weights",
                    initial::ALL
                ),
            };
            report.error(name, &message, &help);
        } else if init_at.is_some() {
            report.error(name, "`init` is given twice", "keep one of them");
        } else {
            init_at = Some((name, value));
            options.init = Some(initial::choice(value, report));
        }
    }
    let weights = given
        .iter()
        .find(|&&given| builtin.parameters[given].is_random());
    if let (Some((init, value)), Some(&weights)) = (init_at, weights) {
        let symbol = builtin.parameters[weights].symbol;
        let message = format!(
            "`init` has nothing to fill: the `{symbol}` of `{name_of_layer}` is that of another layer"
        );
        let help = format!("remove `init = {}`", source_text(&value.to_token_stream()));
        report.error(init, &message, &help);
    }
    options
}

/// What stands where a number is wanted.
pub(super) enum Literally {
    /// A number, and its sign.
    Number(f64, Option<syn::UnOp>),
    /// Something that only the compiler can work out.
    Constant,
    /// Nothing that is a number.
    Nothing,
}

pub(super) fn literal(number: &Expr) -> Literally {
    let (literal, sign) = match number {
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Neg(_)) => {
            (&*unary.expr, Some(unary.op))
        }
        number => (number, None),
    };
    let value: Option<f64> = match literal {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Float(number) => number.base10_parse().ok(),
            Lit::Int(number) => number.base10_parse().ok(),
            _ => None,
        },
        Expr::Infer(_) => None,
        _ => return Literally::Constant,
    };
    match value.filter(|value| value.is_finite()) {
        Some(value) => Literally::Number(value, sign),
        None => Literally::Nothing,
    }
}

/// How often `Repeat` repeats samples of these sizes.
pub(super) fn count(
    builtin: &Builtin,
    layer: &Layer,
    arriving: Option<&[Size]>,
    report: &mut Report,
) -> Option<Size> {
    let name = builtin.name;
    let help = format!("write `{name}(4)`");
    let [times, rest @ ..] = layer.sizes.as_slice() else {
        report.error(
            &layer.kind,
            &format!("`{name}` takes one number: how often"),
            &help,
        );
        return None;
    };
    if let Some(superfluous) = rest.first() {
        let text = source_text(&times.to_token_stream());
        let message = format!(
            "`{name}` takes one number, how often; {} are given",
            layer.sizes.len()
        );
        report.error(superfluous, &message, &format!("write `{name}({text})`"));
    }
    if arriving.is_some_and(|sizes| sizes.len() >= DEEPEST) {
        let message = format!("a sample has {DEEPEST} sizes at most, and `{name}` adds one more");
        report.error(&layer.kind, &message, &format!("remove `{name}`"));
        return None;
    }
    let why = format!("how often `{name}` repeats is its own choice, so it cannot be `_`");
    written_size(times, &why, &help, report)
}

/// The number of `Scale` or `Shift`: a literal, or a constant of type `f64`.
pub(super) fn number(
    builtin: &Builtin,
    what: &str,
    layer: &Layer,
    report: &mut Report,
) -> Option<TokenStream> {
    let name = builtin.name;
    let help = format!("write `{name}(0.5)`");
    let [number, rest @ ..] = layer.sizes.as_slice() else {
        let message = format!("`{name}` takes one number, {what}");
        report.error(&layer.kind, &message, &help);
        return None;
    };
    if let Some(superfluous) = rest.first() {
        let text = source_text(&number.to_token_stream());
        let message = format!(
            "`{name}` takes one number, {what}; {} are given",
            layer.sizes.len()
        );
        report.error(superfluous, &message, &format!("write `{name}({text})`"));
    }
    if let Some(number) = literal_number(number) {
        return Some(number);
    }
    let text = source_text(&number.to_token_stream());
    let message = format!("`{text}` is no number: `{name}` takes one, {what}");
    report.error(number, &message, &help);
    None
}

/// A number as an `f64`: a literal, or a constant, which only the compiler knows; `None` if it is no number.
pub(super) fn literal_number(number: &Expr) -> Option<TokenStream> {
    match literal(number) {
        Literally::Number(value, sign) => {
            let value = Literal::f64_unsuffixed(value);
            Some(quote!(#sign #value))
        }
        Literally::Constant => Some(number.to_token_stream()),
        Literally::Nothing => None,
    }
}
