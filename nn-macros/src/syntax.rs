//! Grammar only: what was written, with its tokens. A mistake in one layer does not hide those in the next.

mod attributes;
mod budget;
mod generics;
mod items;
mod joints;
mod layer;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Token, Visibility, parenthesized};

use crate::report::Report;
use crate::size::source_text;
pub(crate) use budget::{Budget, Quantity};
pub(crate) use generics::OpenSize;
pub(crate) use items::{Branches, Frozen, Item, Repetition};
use items::{Place, items};
pub(crate) use layer::{Choice, Layer};

/// A whole declaration.
pub(crate) struct Declaration {
    pub(crate) form: Form,
    /// The sizes that it leaves open.
    pub(crate) open_sizes: Vec<OpenSize>,
    pub(crate) chain: Chain,
}

impl Declaration {
    /// What the network may cost.
    pub(crate) fn budgets(&self) -> &[Budget] {
        match &self.form {
            Form::Item { budgets, .. } | Form::Expression { budgets } => budgets,
        }
    }

    /// The name of the network's type.
    pub(crate) fn name(&self) -> Ident {
        match &self.form {
            Form::Item { name, .. } => name.clone(),
            Form::Expression { .. } => Ident::new("AnonymousNetwork", Span::call_site()),
        }
    }
}

pub(crate) enum Form {
    /// `pub struct Name< chain >;`
    Item {
        attributes: Vec<Attribute>,
        budgets: Vec<Budget>,
        visibility: Visibility,
        keyword: Token![struct],
        name: Ident,
    },
    /// `< chain >`
    Expression { budgets: Vec<Budget> },
}

/// Items joined by `->`.
pub(crate) struct Chain {
    pub(crate) items: Vec<Item>,
    end: End,
}

enum End {
    /// The closing `>`.
    Closed(Span),
    /// The last token: behind it the `>` is missing.
    Open(Span),
    /// There is none, which has been said.
    Missing,
}

impl Declaration {
    /// A chain that somebody is about to type has no end. Once everything in it is right, that is said.
    pub(crate) fn check_end(&self, report: &mut Report) {
        if let (End::Open(last), true) = (&self.chain.end, report.is_empty()) {
            report.error_at(*last, "the chain has no end", "close it with `>`");
        }
    }
}

/// `None` if there is no declaration to go on with; the report then says why.
pub(crate) fn parse(input: TokenStream, report: &mut Report) -> Option<Declaration> {
    let Some(last) = input.clone().into_iter().last() else {
        report.error_at(Span::call_site(), "`network!` declares nothing", FORM);
        return None;
    };
    let last = match last {
        TokenTree::Group(group) => group.span_close(),
        token => token.span(),
    };
    let parser = |input: ParseStream<'_>| {
        let declaration = declaration(input, last, report);
        // What is left over after a mistake has been reported belongs to that mistake.
        input.parse::<TokenStream>()?;
        Ok(declaration)
    };
    match parse_before(last, input, parser) {
        Ok(declaration) => declaration,
        Err(error) => {
            report.push(error);
            None
        }
    }
}

/// Parses tokens; what is missing behind the last one is missed at `end`, and not at the whole call of the macro.
fn parse_before<T>(
    end: Span,
    tokens: TokenStream,
    parser: impl FnOnce(ParseStream<'_>) -> syn::Result<T>,
) -> syn::Result<T> {
    let mut group = Group::new(Delimiter::Parenthesis, tokens);
    group.set_span(end);
    let bracketed = |input: ParseStream<'_>| {
        let inside;
        parenthesized!(inside in input);
        parser(&inside)
    };
    bracketed.parse2(TokenTree::Group(group).into())
}

const FORM: &str =
    "write `pub struct Name< Affine(784, 50) -> Relu -> Affine(50, 10) -> SoftmaxWithLoss >;`";

fn declaration(input: ParseStream<'_>, last: Span, report: &mut Report) -> Option<Declaration> {
    let attributes = match input.call(Attribute::parse_outer) {
        Ok(attributes) => attributes,
        Err(error) => {
            report.error_at(error.span(), &words(&error), FORM);
            return None;
        }
    };
    let (mut attributes, budgets) = budget::budgets(attributes, report);
    if input.peek(Token![<]) {
        if let Some(attribute) = attributes.first() {
            let name = source_text(&attribute.path().to_token_stream());
            let message = format!("`{name}` stands before a network without a name");
            report.error(attribute.path(), &message, FORM);
        }
        let chain = chain(input, last, report);
        if matches!(chain.end, End::Closed(_)) && !input.is_empty() {
            report.error_at(
                input.span(),
                "unexpected tokens after the chain",
                "end the expression with `>`",
            );
        }
        return Some(Declaration {
            form: Form::Expression { budgets },
            open_sizes: Vec::new(),
            chain,
        });
    }
    let head = || {
        let visibility = input.parse()?;
        let keyword: Token![struct] = input.parse()?;
        let name: Ident = input.parse()?;
        syn::Result::Ok((visibility, keyword, name))
    };
    let (visibility, keyword, name) = match head() {
        Ok(head) => head,
        Err(error) => {
            report.error_at(error.span(), &words(&error), FORM);
            return None;
        }
    };
    attributes.retain(|attribute| {
        let freezes = attribute.path().is_ident("freeze");
        if freezes {
            let message = "`#[freeze]` stands before the layers that are not trained";
            let help = "write it in the chain, `#[freeze] Affine(784, 50)`; nothing trains a network without a loss";
            report.error(attribute.path(), message, help);
        }
        !freezes
    });
    let open_sizes = generics::open_sizes(input, &name, report);
    let chain = if input.peek(Token![<]) {
        let chain = chain(input, last, report);
        if input.peek(Token![;]) {
            let _: syn::Result<Token![;]> = input.parse();
            if !input.is_empty() {
                let help = "declare each network in a `network!` of its own";
                report.error_at(
                    input.span(),
                    "unexpected tokens after the declaration",
                    help,
                );
            }
        } else if let End::Closed(end) = chain.end {
            let help = format!("end the declaration of `{name}` with `>;`");
            report.error_at(end, "expected `;` after the chain", &help);
        }
        chain
    } else {
        let help = format!("write `struct {name}< Affine(784, 50) -> Relu >;`");
        report.error_at(
            input.span(),
            "the chain of a network stands in angle brackets",
            &help,
        );
        Chain {
            items: Vec::new(),
            end: End::Missing,
        }
    };
    Some(Declaration {
        form: Form::Item {
            attributes,
            budgets,
            visibility,
            keyword,
            name,
        },
        open_sizes,
        chain,
    })
}

/// What a parser has missed, or found instead.
fn words(error: &syn::Error) -> String {
    let text = error.to_string();
    let missed = text.strip_prefix("unexpected end of input, ");
    missed.map_or(text.clone(), str::to_owned)
}

/// `< item -> item -> item >`
fn chain(input: ParseStream<'_>, last: Span, report: &mut Report) -> Chain {
    let open = input.span();
    let _: syn::Result<Token![<]> = input.parse();
    if input.peek(Token![>]) {
        let help =
            "write at least one layer, for instance `< Affine(784, 10) -> SoftmaxWithLoss >`";
        report.error_at(open, "the chain is empty", help);
    }
    let read = items(input, Place::Angles, report);
    let end = input.span();
    Chain {
        items: read.items,
        end: match input.parse::<Token![>]>() {
            Ok(_) => End::Closed(end),
            // A `;` has been typed too early.
            Err(_) if input.peek(Token![;]) => End::Open(end),
            Err(_) => End::Open(last),
        },
    }
}
