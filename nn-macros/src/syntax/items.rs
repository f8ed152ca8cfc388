//! What stands between the arrows: layers, branches in brackets, parentheses that may be repeated.

use proc_macro2::{Ident, Span, TokenTree};
use quote::ToTokens as _;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{LitInt, Token, bracketed, parenthesized, token};

use super::attributes::attributes;
use super::joints::{Joint, arrow, stray_arrows};
use super::layer::{Layer, layer};
use crate::report::Report;
use crate::size::source_text;

/// More layers than this are a slip of the keyboard.
const MOST_LAYERS: usize = 10_000;

/// One item of a chain.
pub(crate) enum Item {
    Layer(Layer),
    Branches(Branches),
    Repetition(Repetition),
    Frozen(Frozen),
    /// What could not be read, which has been said, and the label before it.
    Unreadable(Option<Ident>),
}

impl Item {
    /// Without attributes.
    pub(crate) fn bare(&self) -> &Self {
        match self {
            Self::Frozen(part) => part.item.bare(),
            item => item,
        }
    }
}

/// `label: [ chain | chain ]`
pub(crate) struct Branches {
    pub(crate) label: Option<Ident>,
    /// The opening bracket.
    pub(crate) open: Span,
    /// The closing bracket, behind which they are merged.
    pub(crate) close: Span,
    pub(crate) chains: Vec<Vec<Item>>,
    /// Whether something is missing, which has been said.
    pub(crate) broken: bool,
}

/// `label: ( chain ) * turns`
pub(crate) struct Repetition {
    pub(crate) label: Option<Ident>,
    pub(crate) items: Vec<Item>,
    /// `None` without a `*`.
    pub(crate) turns: Option<usize>,
}

/// `#[freeze] item`
pub(crate) struct Frozen {
    /// The word, to point at.
    pub(crate) freeze: Ident,
    pub(crate) item: Box<Item>,
}

/// What surrounds a chain.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Angles,
    Brackets,
    Parentheses,
}

impl Place {
    /// Whether the chain ends here.
    pub(super) fn ends(self, input: ParseStream<'_>) -> bool {
        let at_end = match self {
            Self::Angles => input.peek(Token![>]) || input.peek(Token![;]),
            Self::Brackets => input.peek(Token![|]),
            Self::Parentheses => false,
        };
        at_end || input.is_empty()
    }
}

/// The items of a chain.
pub(super) struct Chained {
    pub(super) items: Vec<Item>,
    /// Whether an item is missing behind the last `->`, which has been said.
    pub(super) ends_in_an_arrow: bool,
    /// Whether something else stood in the place of a `->`, which has been said.
    garbled: bool,
}

/// Items joined by `->`.
pub(super) fn items(input: ParseStream<'_>, place: Place, report: &mut Report) -> Chained {
    let (mut items, mut ends_in_an_arrow, mut garbled) = (Vec::new(), false, false);
    while !place.ends(input) {
        if let Ok(arrow) = input.parse() {
            stray_arrows(input, arrow, place, items.is_empty(), report);
            if place.ends(input) {
                ends_in_an_arrow = true;
                break;
            }
            items.push(Item::Unreadable(None));
        }
        let mut freezes = attributes(input, report);
        let label = label(input);
        if let Some(label) = &label {
            for freeze in attributes(input, report) {
                let help = format!("write `#[freeze] {label}: …`");
                report.error(&freeze, "an attribute stands before the label", &help);
                freezes.push(freeze);
            }
        }
        if let (Some(freeze), true) = (freezes.last(), place.ends(input)) {
            let help = "name the layer, or remove the `#[freeze]`";
            report.error(freeze, "a layer is missing after `#[freeze]`", help);
            items.push(Item::Unreadable(label));
            break;
        }
        let read = item(input, label.clone(), report).unwrap_or_else(|error| {
            report.push(error);
            while !input.peek(Token![->]) && !place.ends(input) {
                let _: syn::Result<TokenTree> = input.parse();
            }
            Item::Unreadable(label)
        });
        items.push(freezes.into_iter().rfold(read, |item, freeze| {
            let item = Box::new(item);
            Item::Frozen(Frozen { freeze, item })
        }));
        let joint = arrow(input, place, report);
        ends_in_an_arrow = joint == Joint::Loose;
        garbled |= joint == Joint::Garbled;
    }
    if ends_in_an_arrow {
        items.push(Item::Unreadable(None));
    }
    Chained {
        items,
        ends_in_an_arrow,
        garbled,
    }
}

/// How many layers there are when repetitions are written out.
fn unrolled(items: &[Item]) -> usize {
    let count = |item: &Item| match item {
        Item::Layer(_) | Item::Unreadable(_) => 1,
        Item::Branches(branches) => branches
            .chains
            .iter()
            .fold(0, |sum, items| unrolled(items).saturating_add(sum)),
        Item::Repetition(part) => unrolled(&part.items).saturating_mul(part.turns.unwrap_or(1)),
        Item::Frozen(part) => unrolled(std::slice::from_ref(&part.item)),
    };
    items
        .iter()
        .fold(0, |sum, item| count(item).saturating_add(sum))
}

/// `hidden:`
fn label(input: ParseStream<'_>) -> Option<Ident> {
    if !input.peek(syn::Ident::peek_any) || !input.peek2(Token![:]) || input.peek2(Token![::]) {
        return None;
    }
    let label = input.call(Ident::parse_any).ok();
    let _: syn::Result<Token![:]> = input.parse();
    label
}

fn item(input: ParseStream<'_>, label: Option<Ident>, report: &mut Report) -> syn::Result<Item> {
    if input.peek(token::Bracket) {
        return branches(input, label, report).map(Item::Branches);
    }
    if input.peek(token::Paren) {
        return repetition(input, label, report).map(Item::Repetition);
    }
    if input.peek(LitInt) && input.peek2(Token![*]) {
        let number = input.parse::<LitInt>()?;
        let message = format!(
            "the number of turns stands behind the parentheses\nhelp: write `( … ) * {number}`"
        );
        return Err(syn::Error::new(number.span(), message));
    }
    layer(input, label, report).map(Item::Layer)
}

fn branches(
    input: ParseStream<'_>,
    label: Option<Ident>,
    report: &mut Report,
) -> syn::Result<Branches> {
    let inside;
    let brackets = bracketed!(inside in input).span;
    let (open, close) = (brackets.open(), brackets.close());
    let (mut chains, mut broken) = (Vec::new(), false);
    let empty = inside.is_empty();
    loop {
        let start = inside.span();
        let read = items(&inside, Place::Brackets, report);
        if read.items.is_empty() && !empty {
            let help = "write `Identity` for a branch that gives what it reads";
            report.error_at(start, "a branch is empty", help);
        }
        broken |= read.items.is_empty() || read.ends_in_an_arrow || read.garbled;
        chains.push(read.items);
        if inside.parse::<Token![|]>().is_err() {
            break;
        }
    }
    if empty {
        let help = "write branches in them, as in `[ Relu | Identity ] -> Add`";
        report.error_at(open, "the brackets are empty", help);
    } else if chains.len() == 1 && !broken {
        let help = "add another one, as in `[ … | Identity ]`, or remove the brackets";
        report.error_at(close, "these brackets hold only one branch", help);
        broken = true;
    }
    Ok(Branches {
        label,
        open,
        close,
        chains,
        broken,
    })
}

fn repetition(
    input: ParseStream<'_>,
    label: Option<Ident>,
    report: &mut Report,
) -> syn::Result<Repetition> {
    let inside;
    let open = parenthesized!(inside in input).span.open();
    if inside.is_empty() {
        let help = "write layers in them, or remove them";
        report.error_at(open, "the parentheses are empty", help);
    }
    let items = items(&inside, Place::Parentheses, report).items;
    let turns = match input.parse::<Token![*]>() {
        Ok(star) => Some(turns(input, star, &items, report)),
        Err(_) => None,
    };
    Ok(Repetition {
        label,
        items,
        turns,
    })
}

/// The number behind `*`; 1 after a mistake.
fn turns(input: ParseStream<'_>, star: Token![*], items: &[Item], report: &mut Report) -> usize {
    const HELP: &str = "write a number from 1 on: `( … ) * 3`";
    let number = input.peek(LitInt).then(|| input.parse::<LitInt>());
    let Some(Ok(number)) = number else {
        let mut found = proc_macro2::TokenStream::new();
        while !input.is_empty()
            && [
                input.peek(Token![->]),
                input.peek(Token![>]),
                input.peek(Token![|]),
            ] == [false; 3]
        {
            found.extend(input.parse::<TokenTree>());
        }
        let text = source_text(&found);
        if found.is_empty() {
            report.error(star, "the number of turns is missing after `*`", HELP);
        } else if syn::parse2::<syn::Path>(found.clone()).is_ok() {
            let message = format!(
                "the number of turns is a literal: a macro cannot read the constant `{text}`"
            );
            report.error(found, &message, "write the number itself: `( … ) * 3`");
        } else {
            report.error(found, &format!("`{text}` is no number of turns"), HELP);
        }
        return 1;
    };
    match number.base10_parse::<usize>() {
        Ok(0) => {
            let help = "write a number from 1 on, or remove the parentheses";
            report.error(number, "repeated 0 times, nothing is left", help);
        }
        Ok(turns) if unrolled(items).saturating_mul(turns) <= MOST_LAYERS => return turns,
        _ => {
            let text = source_text(&number.to_token_stream());
            let message = format!("`{text}` turns are more than {MOST_LAYERS} layers");
            report.error(number, &message, "write a smaller number");
        }
    }
    1
}
