//! What a person reads who has mistyped a declaration or the use of a network.
//!
//! After a change of a message: `TRYBUILD=overwrite cargo test -p nn-tests --test compile_fail`, then read every message.

use std::process::Command;

/// The macro's own words, the same under every compiler.
#[test]
fn mistakes_in_declarations() {
    trybuild::TestCases::new().compile_fail("compile_fail/declaration/*.rs");
}

/// The compiler's words around ours: they were recorded with the version that the manifest names, and another may say
/// them differently.
#[test]
fn mistakes_that_the_compiler_reports() {
    let recorded_with = env!("CARGO_PKG_RUST_VERSION");
    let version = Command::new("rustc").arg("--version").output();
    let version = version.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let version = version.unwrap_or_default();
    if !version.starts_with(&format!("rustc {recorded_with}.")) {
        println!("not compared: recorded with rustc {recorded_with}, this is {version}");
        return;
    }
    let cases = trybuild::TestCases::new();
    cases.compile_fail("compile_fail/constants/*.rs");
    cases.compile_fail("compile_fail/use/*.rs");
}
