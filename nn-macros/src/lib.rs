//! The `network!` macro of `nn-core`, which re-exports it; use that crate.
//!
//! The macro is a small compiler: tokens → syntax → graph → check → plan → expand. Every stage reports all the mistakes
//! that it finds and goes on with the best guess, so that one compile shows them all, and expanding cannot fail.

mod builtin;
mod check;
mod derive;
mod expand;
mod graph;
mod plan;
mod report;
mod size;
mod start;
mod syntax;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;

/// Declares a network. Documented in `nn-core`.
#[proc_macro]
pub fn network(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    compile(input.into()).into()
}

/// Makes a struct of parameters a layer. Documented in `nn-core`.
#[proc_macro_derive(Parameters, attributes(init, constant))]
pub fn parameters(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    derive::derive(input.into()).into()
}

fn compile(input: TokenStream) -> TokenStream {
    let mut report = report::Report::default();
    let Some(declaration) = syntax::parse(input, &mut report) else {
        return report.into_tokens();
    };
    let graph = graph::resolve(&declaration, &mut report);
    check::check(&graph, declaration.budgets(), &mut report);
    declaration.check_end(&mut report);
    let plan = if report.is_empty() {
        plan::plan(&graph)
    } else {
        plan::Plan::default()
    };
    expand::expand(&declaration, &graph, &plan, report)
}
