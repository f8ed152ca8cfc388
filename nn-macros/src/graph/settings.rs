//! The hyper-parameters of layers and losses: `LeakyRelu(0.2)`, `SoftmaxWithLoss(smoothing = 0.1)`.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens as _, quote};
use syn::{Expr, Lit, UnOp};

use super::arguments::{Literally, literal};
use crate::builtin::{Arguments, Builtin, Norm, Range, Role, Setting};
use crate::report::{Report, nearest};
use crate::size::{Size, source_text};
use crate::syntax::{Choice, Layer};

/// A setting, and what was written for it.
pub(crate) struct Chosen {
    pub(crate) setting: &'static Setting,
    /// Of the type that it has in `nn_core`.
    pub(crate) tokens: TokenStream,
    pub(crate) is_constant: bool,
    /// What a constant is called in types, by the bits of its value.
    pub(crate) bits: Option<Ident>,
}

/// The settings that a layer or a loss has.
pub(super) fn of(builtin: &Builtin) -> &'static [Setting] {
    match builtin.arguments {
        Arguments::Settings(settings, _) | Arguments::Norm(_, settings) => settings,
        _ => &[],
    }
}

/// Whether an option is one of the settings.
pub(super) fn is_setting(builtin: &Builtin, Choice { name, .. }: &Choice) -> bool {
    of(builtin).iter().any(|setting| name == setting.name)
}

/// The help for an option that there is not; `others` are those that are no settings, and how they are written.
pub(super) fn help(
    builtin: &Builtin,
    Choice { name, value }: &Choice,
    others: &[(&str, &str)],
) -> String {
    let settings = of(builtin).iter();
    let all = settings.map(|setting| (setting.name, setting.example));
    let all: Vec<_> = all.chain(others.iter().copied()).collect();
    if let Some(near) = nearest(&name.to_string(), all.iter().map(|(name, _)| *name)) {
        return format!("write `{near} = {}`", source_text(&value.to_token_stream()));
    }
    let written: Vec<String> = all
        .iter()
        .map(|(name, example)| format!("`{name} = {example}`"))
        .collect();
    match written.as_slice() {
        [] => format!("write `{}`", builtin.name),
        [only] => format!("its only option is {only}"),
        [before @ .., last] => format!("its options are {} and {last}", before.join(", ")),
    }
}

/// What was chosen: the first one may stand without its name, if it is a bare one.
pub(super) fn settings(
    builtin: &Builtin,
    layer: &Layer,
    arriving: Option<&[Size]>,
    report: &mut Report,
) -> Vec<Chosen> {
    let settings = of(builtin);
    let mut chosen: Vec<Chosen> = Vec::new();
    let first = settings.first().filter(|setting| setting.bare);
    match (first, layer.sizes.as_slice()) {
        (_, []) => {}
        (Some(setting), [value, rest @ ..]) => {
            if let Some(superfluous) = rest.first() {
                let message = format!(
                    "`{}` takes one argument, {}; {} are given",
                    builtin.name,
                    setting.what,
                    layer.sizes.len()
                );
                let text = source_text(&value.to_token_stream());
                report.error(
                    superfluous,
                    &message,
                    &format!("write `{}({text})`", builtin.name),
                );
            }
            chosen.extend(value_of(setting, value, builtin, arriving, report));
        }
        // The number of groups.
        (None, [_, ..]) if matches!(builtin.arguments, Arguments::Norm(Norm::Groups, _)) => {}
        (None, [value, ..]) => {
            let text = source_text(&value.to_token_stream());
            let message = format!("`{}` takes no sizes", builtin.name);
            let numbers = settings.iter().filter(|setting| setting.range.is_number());
            let weight = (builtin.role == Role::Loss).then_some("weight");
            let names = numbers.map(|setting| setting.name).chain(weight);
            let options: Vec<String> = names.map(|name| format!("`{name} = {text}`")).collect();
            let help = match builtin.arguments {
                Arguments::Norm(..) => {
                    format!(
                        "write `{}`; its sizes are those of what it reads",
                        builtin.name
                    )
                }
                _ => format!("say what it is: {}", options.join(" or ")),
            };
            report.error(value, &message, &help);
        }
    }
    let mut given: Vec<&str> = first
        .filter(|_| !layer.sizes.is_empty())
        .map(|setting| setting.name)
        .into_iter()
        .collect();
    for Choice { name, value } in &layer.options {
        let Some(setting) = settings.iter().find(|setting| name == setting.name) else {
            continue;
        };
        if given.contains(&setting.name) {
            let message = format!("`{name}` is given twice");
            report.error(name, &message, "keep one of them");
            continue;
        }
        given.push(setting.name);
        chosen.extend(value_of(setting, value, builtin, arriving, report));
    }
    chosen
}

fn value_of(
    setting: &'static Setting,
    value: &Expr,
    builtin: &Builtin,
    arriving: Option<&[Size]>,
    report: &mut Report,
) -> Option<Chosen> {
    let found = match setting.range {
        Range::Label => label(value),
        Range::Axis => axis(value, arriving),
        Range::Classes => classes(value, builtin, arriving, report)?,
        Range::Word(word) => match value {
            Expr::Path(path) if path.path.is_ident(word) => Found::Literal(quote!()),
            _ => Found::Nothing,
        },
        Range::Switch => switch(value),
        range => number(value, range),
    };
    let (tokens, is_constant) = match found {
        Found::Literal(tokens) => (tokens, false),
        Found::Constant(tokens) => (tokens, true),
        Found::Nothing => {
            complain(setting, value, builtin, report);
            return None;
        }
    };
    Some(Chosen {
        setting,
        tokens,
        is_constant,
        bits: None,
    })
}

enum Found {
    Literal(TokenStream),
    Constant(TokenStream),
    Nothing,
}

fn complain(setting: &Setting, value: &Expr, builtin: &Builtin, report: &mut Report) {
    let Setting { name, what, .. } = setting;
    let text = source_text(&value.to_token_stream());
    let message = format!(
        "`{name} = {text}` of `{}`: {what} is {}",
        builtin.name,
        setting.range.text()
    );
    let help = format!("write for instance `{}`", setting.written(builtin));
    report.error(value, &message, &help);
}

/// A number in a range, or a constant of type `f64`.
fn number(value: &Expr, range: Range) -> Found {
    match literal(value) {
        Literally::Number(number, sign) => {
            let signed = if sign.is_some() { -number } else { number };
            if !range.holds(signed) {
                return Found::Nothing;
            }
            let number = Literal::f64_unsuffixed(number);
            Found::Literal(quote!(#sign #number))
        }
        Literally::Constant if !matches!(value, Expr::Array(_)) => {
            Found::Constant(value.to_token_stream())
        }
        Literally::Constant | Literally::Nothing => Found::Nothing,
    }
}

/// A whole number, or a constant of any whole type.
fn label(value: &Expr) -> Found {
    let (number, sign) = match value {
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => (&*unary.expr, Some(unary.op)),
        value => (value, None),
    };
    match number {
        Expr::Lit(written) => match &written.lit {
            Lit::Int(number) => number
                .base10_parse()
                .map_or(Found::Nothing, |number: i128| {
                    let number = Literal::i128_unsuffixed(number);
                    Found::Literal(quote!(#sign #number))
                }),
            _ => Found::Nothing,
        },
        Expr::Infer(_) | Expr::Array(_) => Found::Nothing,
        _ => Found::Constant(quote!(#value as i128)),
    }
}

/// `true` or `false`.
fn switch(value: &Expr) -> Found {
    match value {
        Expr::Lit(written) if matches!(written.lit, Lit::Bool(_)) => Found::Literal(quote!(#value)),
        _ => Found::Nothing,
    }
}

/// The number of an axis.
fn axis(value: &Expr, arriving: Option<&[Size]>) -> Found {
    let Expr::Lit(written) = value else {
        return Found::Nothing;
    };
    let Lit::Int(number) = &written.lit else {
        return Found::Nothing;
    };
    match number.base10_parse::<usize>() {
        Ok(axis) if arriving.is_none_or(|sizes| axis < sizes.len()) => {
            let axis = Literal::usize_unsuffixed(axis);
            Found::Literal(quote!(#axis))
        }
        _ => Found::Nothing,
    }
}

/// A number from 0 on for each class, or a constant array of them.
fn classes(
    value: &Expr,
    builtin: &Builtin,
    arriving: Option<&[Size]>,
    report: &mut Report,
) -> Option<Found> {
    let Expr::Array(array) = value else {
        return Some(match literal(value) {
            Literally::Constant => Found::Constant(value.to_token_stream()),
            _ => Found::Nothing,
        });
    };
    let mut numbers = Vec::new();
    for element in &array.elems {
        match number(element, Range::FromZero) {
            Found::Literal(tokens) | Found::Constant(tokens) => numbers.push(tokens),
            Found::Nothing => {
                let text = source_text(&element.to_token_stream());
                let message = format!("`{text}` is no weight of a class: it is a number from 0 on");
                report.error(element, &message, "write for instance `1.0`");
                return None;
            }
        }
    }
    let count = Size::of(numbers.len());
    if let Some([scores]) = arriving
        && scores.equals(&count) == Some(false)
    {
        let message = format!(
            "`weights` of `{}` holds {} numbers for {} classes",
            builtin.name,
            numbers.len(),
            scores.text()
        );
        report.error(value, &message, "write one number for each class");
        return None;
    }
    Some(Found::Literal(quote!([#(#numbers),*])))
}

impl Setting {
    /// As one would write it.
    fn written(&self, builtin: &Builtin) -> String {
        let Self { name, example, .. } = self;
        if self.bare {
            format!("{}({example})", builtin.name)
        } else {
            format!("{}({name} = {example})", builtin.name)
        }
    }
}

impl Range {
    /// What is in it, in words.
    pub(crate) fn text(self) -> String {
        match self {
            Self::FromZero => "a number from 0 on".to_owned(),
            Self::AboveZero => "a number above 0".to_owned(),
            Self::FromZeroToOne => "a number from 0 to 1".to_owned(),
            Self::BelowOne => "a number from 0 to less than 1".to_owned(),
            Self::Label => "a whole number".to_owned(),
            Self::Axis => "one of those that are read, 0 for the outermost".to_owned(),
            Self::Classes => "a list of numbers from 0 on, one for each class".to_owned(),
            Self::Word(word) => format!("`{word}`, if it is given"),
            Self::Switch => "`true` or `false`".to_owned(),
        }
    }

    fn is_number(self) -> bool {
        matches!(
            self,
            Self::FromZero | Self::AboveZero | Self::FromZeroToOne | Self::BelowOne | Self::Axis
        )
    }

    fn holds(self, number: f64) -> bool {
        match self {
            Self::AboveZero => number > 0.0,
            Self::FromZeroToOne => (0.0..=1.0).contains(&number),
            Self::BelowOne => (0.0..1.0).contains(&number),
            _ => number >= 0.0,
        }
    }
}
