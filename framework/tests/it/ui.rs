//! What the compiler tells an author, one file for each thing that can be wrong.
//!
//! The words are those of one compiler; with another, the texts beside the files are written anew by
//! `TRYBUILD=overwrite`.

#[test]
fn diagnostics() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/pass/*.rs");
    cases.compile_fail("tests/ui/*.rs");
}
