use bavard::*;

#[on_unhandled("hello")]
async fn unhandled() {}

#[on_failure("hello")]
async fn failure() {}

fn main() {}
