use bavard::*;

#[on_mention("a", hidden, priority = 1, hidden)]
async fn handler() {}

fn main() {}
