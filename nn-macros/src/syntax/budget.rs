//! `#[budget(parameters <= 50_000, macs < 1_000_000)]`: what a network may cost.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Expr, Meta, Token};

use crate::report::{Report, nearest};
use crate::size::{Size, evaluate, source_text};

/// One limit.
pub(crate) struct Budget {
    pub(crate) quantity: Quantity,
    /// Whether the number itself is too much already: `<`, and not `<=`.
    pub(crate) below: bool,
    pub(crate) limit: Size,
}

/// What can be limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantity {
    Parameters,
    Macs,
}

impl Quantity {
    const ALL: [Self; 2] = [Self::Parameters, Self::Macs];

    /// As it is written.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Parameters => "parameters",
            Self::Macs => "macs",
        }
    }

    /// What others call it.
    fn aliases(self) -> &'static [&'static str] {
        match self {
            Self::Parameters => &["params", "weights", "size"],
            Self::Macs => &[
                "multiply_adds",
                "mults",
                "mul_adds",
                "madds",
                "flops",
                "operations",
            ],
        }
    }

    /// A limit to give as an example.
    fn example(self) -> &'static str {
        match self {
            Self::Parameters => "50_000",
            Self::Macs => "1_000_000",
        }
    }

    /// What to write; the number and the sign are the user's, where there are any.
    fn help(self, sign: &str, number: &str) -> String {
        let number = if number.is_empty() {
            self.example()
        } else {
            number
        };
        let sign = if sign == "<" { "<" } else { "<=" };
        format!("write `{} {sign} {number}`", self.name())
    }
}

/// The budgets among the attributes; the others are left.
pub(super) fn budgets(
    attributes: Vec<Attribute>,
    report: &mut Report,
) -> (Vec<Attribute>, Vec<Budget>) {
    let is_budget = |attribute: &Attribute| attribute.path().is_ident("budget");
    let (own, others): (Vec<_>, Vec<_>) = attributes.into_iter().partition(is_budget);
    let mut budgets: Vec<Budget> = Vec::new();
    for attribute in own {
        let limits = match &attribute.meta {
            Meta::List(list) => list.tokens.clone(),
            _ => TokenStream::new(),
        };
        if limits.is_empty() {
            let help = "write `#[budget(parameters <= 50_000)]`";
            report.error(attribute.path(), "this budget limits nothing", help);
        }
        let parser = |input: ParseStream<'_>| {
            while !input.is_empty() {
                limit(input, &mut budgets, report);
                // What is left over of a limit belongs to its mistake.
                while !input.is_empty() && input.parse::<Token![,]>().is_err() {
                    input.parse::<TokenTree>()?;
                }
            }
            Ok(())
        };
        if let Err(error) = parser.parse2(limits) {
            report.push(error);
        }
    }
    (others, budgets)
}

/// `parameters <= 50_000`
fn limit(input: ParseStream<'_>, budgets: &mut Vec<Budget>, report: &mut Report) {
    let at = input.span();
    let Ok(name) = input.call(Ident::parse_any) else {
        let help = "name what is limited: `parameters <= 50_000` or `macs <= 1_000_000`";
        report.error_at(at, "expected `parameters` or `macs`", help);
        return;
    };
    let found = operator(input);
    let (sign, number) = (found.to_string().replace(' ', ""), number_text(input));
    let Some((quantity, known)) = quantity(&name, (&sign, &number), report) else {
        return;
    };
    let help = quantity.help(&sign, &number);
    let below = match sign.as_str() {
        "<=" => false,
        "<" => true,
        "" => {
            let message = format!("`{}` has no limit", quantity.name());
            report.error(&name, &message, &help);
            return;
        }
        ">" | ">=" | "=>" => {
            let message = "a budget is the most that a network may cost: it is written with `<=`";
            report.error(found, message, &help);
            return;
        }
        other => {
            let message = format!("expected `<=` after `{}`, found `{other}`", quantity.name());
            report.error(found, &message, &help);
            return;
        }
    };
    if input.is_empty() || input.peek(Token![,]) {
        let text = source_text(&found);
        report.error(
            found,
            &format!("the number is missing after `{text}`"),
            &help,
        );
        return;
    }
    let at = input.span();
    let Ok(number) = input.parse::<Expr>() else {
        report.error_at(at, "expected a number", &help);
        return;
    };
    let text = source_text(&number.to_token_stream());
    let limit = match evaluate(&number) {
        _ if matches!(number, Expr::Infer(_)) => Err("is no limit".to_owned()),
        Ok(Some(0)) if below => Err("is less than any network costs".to_owned()),
        Ok(value) => Ok(Size::written(number.to_token_stream(), value)),
        // As of a size.
        Err(problem) => Err(problem
            .replace("but a size", "but a limit")
            .replace("for a size", "for a limit")
            .replace("is no size", "is no limit")),
    };
    match limit {
        Err(problem) => {
            let help = quantity.help(&sign, "");
            report.error(&number, &format!("`{text}` {problem}"), &help);
        }
        Ok(_) if budgets.iter().any(|budget| budget.quantity == quantity) => {
            let message = format!("`{}` is limited twice", quantity.name());
            report.error(&name, &message, "keep one of the two limits");
        }
        Ok(limit) if known => budgets.push(Budget {
            quantity,
            below,
            limit,
        }),
        Ok(_) => {}
    }
}

/// What a name stands for, and whether it is the right one; a mistake has been said.
fn quantity(
    name: &Ident,
    (sign, number): (&str, &str),
    report: &mut Report,
) -> Option<(Quantity, bool)> {
    let text = name.unraw().to_string();
    let by = |matches: &dyn Fn(Quantity) -> bool| Quantity::ALL.into_iter().find(|it| matches(*it));
    if let Some(quantity) = by(&|quantity| quantity.name() == text) {
        return Some((quantity, true));
    }
    let alias = by(&|quantity| quantity.aliases().contains(&text.as_str()));
    let near = nearest(&text, Quantity::ALL.map(Quantity::name));
    let near = near.and_then(|near| by(&|quantity| quantity.name() == near));
    let (quantity, message) = match (alias, near) {
        (Some(Quantity::Macs), _) if text == "flops" => (
            Quantity::Macs,
            "a budget limits multiply-adds, of which each is two `flops`: they are called `macs`"
                .to_owned(),
        ),
        (Some(quantity), _) => (
            quantity,
            format!("`{text}` is called `{}` here", quantity.name()),
        ),
        (None, Some(quantity)) => (
            quantity,
            format!(
                "no quantity `{text}` in a budget; did you mean `{}`?",
                quantity.name()
            ),
        ),
        (None, None) => {
            let help = "a budget limits `parameters` and `macs`, the multiply-adds of one sample";
            report.error(name, &format!("no quantity `{text}` in a budget"), help);
            return None;
        }
    };
    report.error(name, &message, &quantity.help(sign, number));
    Some((quantity, false))
}

/// The signs behind the name.
fn operator(input: ParseStream<'_>) -> TokenStream {
    let mut found = TokenStream::new();
    while let Some((TokenTree::Punct(sign), _)) = input.cursor().token_tree() {
        // A minus belongs to the number.
        if matches!(sign.as_char(), ',' | '-') || input.parse::<TokenTree>().is_err() {
            break;
        }
        found.extend([TokenTree::Punct(sign)]);
    }
    found
}

/// What stands where the number should.
fn number_text(input: ParseStream<'_>) -> String {
    let ahead = input.fork();
    let mut number = TokenStream::new();
    while !ahead.is_empty() && !ahead.peek(Token![,]) {
        number.extend(ahead.parse::<TokenTree>());
    }
    source_text(&number)
}
