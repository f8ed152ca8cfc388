//! What a person reads who has mistyped a declaration or the use of a network.
//!
//! After a change of a message: `TRYBUILD=overwrite cargo test -p nn-tests --test compile_fail`, then read every message.

#[test]
fn mistakes() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("compile_fail/declaration/*.rs");
    cases.compile_fail("compile_fail/constants/*.rs");
    cases.compile_fail("compile_fail/use/*.rs");
}
