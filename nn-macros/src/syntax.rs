//! Grammar only: what was written, with its tokens. A mistake in one layer does not hide those in the next.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Token, Visibility, token};

use crate::report::Report;

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

/// Layers joined by `->`.
pub(crate) struct Chain {
    /// `None` stands for what could not be read.
    pub(crate) layers: Vec<Option<Layer>>,
    /// The closing `>`, or what stands instead of it.
    end: Span,
}

/// `hidden: Affine(784, 50, init = he)`
pub(crate) struct Layer {
    pub(crate) label: Option<Ident>,
    pub(crate) kind: Ident,
    pub(crate) sizes: Vec<Expr>,
    pub(crate) options: Vec<Choice>,
    /// Whether the parser had to give up on its arguments, and has said so.
    pub(crate) broken: bool,
}

/// `init = he`
pub(crate) struct Choice {
    pub(crate) name: Ident,
    pub(crate) value: Expr,
}

enum Argument {
    Size(Expr),
    Option(Choice),
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(syn::Ident::peek_any) && input.peek2(Token![=]) && !input.peek2(Token![==]) {
            let name = input.call(Ident::parse_any)?;
            input.parse::<Token![=]>()?;
            return Ok(Self::Option(Choice {
                name,
                value: input.parse()?,
            }));
        }
        input.parse().map(Self::Size)
    }
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
        if !input.is_empty() {
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
        } else {
            let help = format!("end the declaration of `{name}` with `>;`");
            report.error_at(chain.end, "expected `;` after the chain", &help);
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
            layers: Vec::new(),
            end: input.span(),
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

/// `< layer -> layer -> layer >`
fn chain(input: ParseStream<'_>, report: &mut Report) -> Chain {
    let open = input.span();
    let _: syn::Result<Token![<]> = input.parse();
    let mut layers = Vec::new();
    if input.peek(Token![>]) {
        let help =
            "write at least one layer, for instance `< Affine(784, 10) -> SoftmaxWithLoss >`";
        report.error_at(open, "the chain is empty", help);
    }
    while !input.peek(Token![>]) {
        if input.is_empty() {
            report.error_at(open, "the chain has no end", "close it with `>`");
            break;
        }
        match layer(input, report) {
            Ok(layer) => layers.push(Some(layer)),
            Err(error) => {
                report.push(error);
                layers.push(None);
                skip_layer(input);
            }
        }
        arrow(input, report);
    }
    let end = input.span();
    let _: syn::Result<Token![>]> = input.parse();
    Chain { layers, end }
}

/// The `->` between two layers, or what stands there instead of it.
fn arrow(input: ParseStream<'_>, report: &mut Report) {
    if let Ok(arrow) = input.parse::<Token![->]>() {
        if input.peek(Token![>]) || input.is_empty() {
            report.error(
                arrow,
                "a layer is missing after `->`",
                "name the next layer, or remove the `->`",
            );
        }
        return;
    }
    if input.peek(Token![>]) || input.is_empty() {
        return;
    }
    let at = input.span();
    let help = "join layers by `->`: `Affine(784, 50) -> Relu`";
    if input.peek(syn::Ident) {
        report.error_at(at, "expected `->` between two layers", help);
    } else {
        // `=>`, `,`, `|` and the like are read as the arrow that was meant.
        let mut found = String::new();
        while !input.is_empty()
            && !input.peek(syn::Ident)
            && !input.peek(Token![->])
            && !ends_chain(input, &found)
        {
            if let Ok(token) = input.parse::<TokenTree>() {
                found.push_str(&token.to_string());
            }
        }
        let _: syn::Result<Token![->]> = input.parse();
        report.error_at(
            at,
            &format!("expected `->` between two layers, found `{found}`"),
            help,
        );
    }
}

/// Whether the next token is the `>` of the chain, and not the second half of `=>`.
fn ends_chain(input: ParseStream<'_>, before: &str) -> bool {
    input.peek(Token![>]) && !before.ends_with(['=', '-', '|'])
}

fn skip_layer(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![->]) && !input.peek(Token![>]) {
        let _: syn::Result<TokenTree> = input.parse();
    }
}

fn layer(input: ParseStream<'_>, report: &mut Report) -> syn::Result<Layer> {
    not_built_yet(input)?;
    let label =
        if input.peek(syn::Ident::peek_any) && input.peek2(Token![:]) && !input.peek2(Token![::]) {
            let label = input.call(Ident::parse_any)?;
            input.parse::<Token![:]>()?;
            Some(label)
        } else {
            None
        };
    not_built_yet(input)?;
    if !input.peek(syn::Ident) {
        let help = "a layer is a name and its sizes, as in `Affine(784, 50)` or `Relu`";
        return Err(syn::Error::new(
            input.span(),
            format!("expected a layer\nhelp: {help}"),
        ));
    }
    if input.peek2(Token![::]) {
        let path: syn::Path = input.call(syn::Path::parse_mod_style)?;
        let name = crate::size::source_text(&quote!(#path));
        let message = format!(
            "no layer `{name}`: this version has built-in layers only\nhelp: write one of them, such as `Relu`"
        );
        return Err(syn::Error::new_spanned(path, message));
    }
    let kind: Ident = input.parse()?;
    let arguments = match brackets(input) {
        None => Ok(Vec::new()),
        Some((Delimiter::Parenthesis, _, inside)) => arguments(&kind, inside),
        Some((_, at, inside)) => {
            let help = format!("write `{kind}({})`", crate::size::source_text(&inside));
            let message = format!("the sizes of `{kind}` stand in parentheses");
            report.error_at(at, &message, &help);
            arguments(&kind, inside)
        }
    };
    let broken = arguments.is_err();
    let (mut sizes, mut options) = (Vec::new(), Vec::new());
    match arguments {
        Ok(arguments) => {
            for argument in arguments {
                match argument {
                    Argument::Size(size) => sizes.push(size),
                    Argument::Option(option) => options.push(option),
                }
            }
        }
        Err(error) => report.push(error),
    }
    Ok(Layer {
        label,
        kind,
        sizes,
        options,
        broken,
    })
}

fn arguments(kind: &Ident, inside: TokenStream) -> syn::Result<Vec<Argument>> {
    let parsed = Punctuated::<Argument, Token![,]>::parse_terminated.parse2(inside);
    let arguments = parsed.map_err(|error| {
        let help = format!(
            "sizes come first, then options, with commas between them: `{kind}(784, 50, init = he)`"
        );
        syn::Error::new(
            error.span(),
            format!("{error} among the arguments of `{kind}`\nhelp: {help}"),
        )
    })?;
    Ok(arguments.into_iter().collect())
}

/// What stands in brackets behind the name of a layer: which ones, where, and what is in them.
fn brackets(input: ParseStream<'_>) -> Option<(Delimiter, Span, TokenStream)> {
    let at = input.span();
    if input.peek(token::Paren) || input.peek(token::Bracket) || input.peek(token::Brace) {
        let group: Group = input.parse().ok()?;
        return Some((group.delimiter(), at, group.stream()));
    }
    // `Affine<784, 50>`
    input.parse::<Token![<]>().ok()?;
    let mut inside = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![>]) && !input.peek(Token![->]) {
        inside.extend(input.parse::<TokenTree>());
    }
    input.parse::<Token![>]>().ok()?;
    Some((Delimiter::None, at, inside))
}

/// Branches and repetition have their place in the grammar, but no layer graph behind it.
fn not_built_yet(input: ParseStream<'_>) -> syn::Result<()> {
    let (what, instead) = if input.peek(token::Bracket) {
        ("branches `[ … | … ]`", "one chain of layers")
    } else if input.peek(token::Paren) {
        ("repetition `( … ) * n`", "the layers one by one")
    } else {
        return Ok(());
    };
    let message = format!("this version has no {what}\nhelp: write {instead}");
    Err(syn::Error::new(input.span(), message))
}
