use bavard::*;

#[on_reaction(":thumbsup:")]
async fn colons() {}

#[on_reaction("👍")]
async fn picture() {}

fn main() {}
