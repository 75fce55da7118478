//! CodeDoc.
fn main() {}
