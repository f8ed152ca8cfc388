//! Grammar only: what was written, with its tokens. A mistake in one layer does not hide those in the next.

mod items;
mod layer;

use proc_macro2::{Ident, Span, TokenStream};
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Token, Visibility};

use crate::report::Report;
pub(crate) use items::{Branches, Item, Repetition};
use items::{Place, items};
pub(crate) use layer::{Choice, Layer};

/// A whole declaration.
pub(crate) struct Declaration {
    pub(crate) form: Form,
    pub(crate) chain: Chain,
}

pub(crate) enum Form {
    /// `pub struct Name< chain >;`
    Item {
        attributes: Vec<Attribute>,
        visibility: Visibility,
        keyword: Token![struct],
        name: Ident,
    },
    /// `< chain >`
    Expression,
}

/// Items joined by `->`.
pub(crate) struct Chain {
    pub(crate) items: Vec<Item>,
    /// The closing `>`; `None` if it is missing, which has been said.
    end: Option<Span>,
}

/// `None` if there is no declaration to go on with; the report then says why.
pub(crate) fn parse(input: TokenStream, report: &mut Report) -> Option<Declaration> {
    let parser = |input: ParseStream<'_>| {
        let declaration = declaration(input, report);
        // What is left over after a mistake has been reported belongs to that mistake.
        input.parse::<TokenStream>()?;
        Ok(declaration)
    };
    match parser.parse2(input) {
        Ok(declaration) => declaration,
        Err(error) => {
            report.push(error);
            None
        }
    }
}

fn declaration(input: ParseStream<'_>, report: &mut Report) -> Option<Declaration> {
    const FORM: &str =
        "write `pub struct Name< Affine(784, 50) -> Relu -> Affine(50, 10) -> SoftmaxWithLoss >;`";
    if input.is_empty() {
        report.error_at(input.span(), "`network!` declares nothing", FORM);
        return None;
    }
    if input.peek(Token![<]) {
        let chain = chain(input, report);
        if chain.end.is_some() && !input.is_empty() {
            report.error_at(
                input.span(),
                "unexpected tokens after the chain",
                "end the expression with `>`",
            );
        }
        return Some(Declaration {
            form: Form::Expression,
            chain,
        });
    }
    let head = || {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let keyword: Token![struct] = input.parse()?;
        let name: Ident = input.parse()?;
        syn::Result::Ok((attributes, visibility, keyword, name))
    };
    let (attributes, visibility, keyword, name) = match head() {
        Ok(head) => head,
        Err(error) => {
            report.error_at(error.span(), &error.to_string(), FORM);
            return None;
        }
    };
    let chain = if input.peek(Token![<]) {
        let chain = chain(input, report);
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
        } else if let Some(end) = chain.end {
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
            end: None,
        }
    };
    Some(Declaration {
        form: Form::Item {
            attributes,
            visibility,
            keyword,
            name,
        },
        chain,
    })
}

/// `< item -> item -> item >`
fn chain(input: ParseStream<'_>, report: &mut Report) -> Chain {
    let open = input.span();
    let _: syn::Result<Token![<]> = input.parse();
    if input.peek(Token![>]) {
        let help =
            "write at least one layer, for instance `< Affine(784, 10) -> SoftmaxWithLoss >`";
        report.error_at(open, "the chain is empty", help);
    }
    let read = items(input, Place::Angles, report);
    let end = input.span();
    let closed = input.parse::<Token![>]>().is_ok();
    if !closed && !read.ends_in_an_arrow {
        report.error_at(open, "the chain has no end", "close it with `>`");
    }
    Chain {
        items: read.items,
        end: closed.then_some(end),
    }
}
