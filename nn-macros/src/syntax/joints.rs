//! What joins the items of a chain: `->`, and what stands there instead of it.

use proc_macro2::TokenTree;
use syn::parse::ParseStream;
use syn::{Token, token};

use super::items::Place;
use super::layer::begins_layer;
use crate::report::Report;

/// What joins two items.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Joint {
    /// A `->`, or the end of the chain.
    Right,
    /// A `->`, or something else, with nothing behind it, which has been said.
    Loose,
    /// Something else, which has been said.
    Garbled,
}

/// The `->` between two items, or what stands there instead of it.
pub(super) fn arrow(input: ParseStream<'_>, place: Place, report: &mut Report) -> Joint {
    if let Ok(arrow) = input.parse::<Token![->]>() {
        let missing = place.ends(input);
        if missing {
            report.error(
                arrow,
                "a layer is missing after `->`",
                "name the next layer, or remove the `->`",
            );
        }
        return if missing { Joint::Loose } else { Joint::Right };
    }
    if place.ends(input) {
        return Joint::Right;
    }
    let at = input.span();
    let help = "join layers by `->`: `Affine(784, 50) -> Relu`";
    if begins_item(input) {
        report.error_at(at, "expected `->` between two layers", help);
        return Joint::Garbled;
    }
    // `=>`, `,`, `|` and the like are read as the arrow that was meant.
    let mut found = String::new();
    while !begins_item(input) && !input.peek(Token![->]) && !ends_chain(input, place, &found) {
        if let Ok(token) = input.parse::<TokenTree>() {
            found.push_str(&token.to_string());
        }
    }
    let _: syn::Result<Token![->]> = input.parse();
    if found.starts_with('*') {
        let help = format!("write `( … ) * {}`", found.trim_start_matches('*'));
        report.error_at(at, "only parentheses can be repeated", &help);
    } else if found.starts_with('|') {
        let help = "write `[ Affine(50, 50) | Identity ] -> Add`";
        report.error_at(at, "branches stand in brackets, this `|` does not", help);
    } else if place == Place::Brackets {
        let help = "join layers by `->`, and set branches apart by `|`";
        let message = format!("expected `->` or `|` between two layers, found `{found}`");
        report.error_at(at, &message, help);
    } else {
        let message = format!("expected `->` between two layers, found `{found}`");
        report.error_at(at, &message, help);
    }
    if place.ends(input) {
        Joint::Loose
    } else {
        Joint::Garbled
    }
}

/// One `->` or more where an item should begin: one mistake.
pub(super) fn stray_arrows(
    input: ParseStream<'_>,
    first: Token![->],
    place: Place,
    at_start: bool,
    report: &mut Report,
) {
    while input.parse::<Token![->]>().is_ok() {}
    let help = "name the layer, or leave only one `->`";
    match (at_start, place) {
        (false, _) if place.ends(input) => {
            report.error(first, "a layer is missing after `->`", help);
        }
        (false, _) => report.error(first, "a layer is missing between two `->`", help),
        (true, place) => {
            let part = match place {
                Place::Angles => "chain",
                Place::Brackets => "branch",
                Place::Parentheses => "part in parentheses",
            };
            let message = format!("a {part} begins with a layer, not with `->`");
            report.error(
                first,
                &message,
                "remove the `->`, or name a layer before it",
            );
        }
    }
}

fn begins_item(input: ParseStream<'_>) -> bool {
    begins_layer(input)
        || input.peek(token::Bracket)
        || input.peek(token::Paren)
        || input.peek(Token![#])
}

/// Whether the chain ends here, and not in the second half of `=>`.
fn ends_chain(input: ParseStream<'_>, place: Place, before: &str) -> bool {
    let in_arrow = input.peek(Token![>]) && before.ends_with(['=', '-', '|']);
    place.ends(input) && !in_arrow
}
