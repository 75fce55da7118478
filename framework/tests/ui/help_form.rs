use bavard::*;

#[on_mention("a")]
#[help("Dit bonjour.")]
async fn no_language() {}

#[on_mention("b")]
#[help(french = "Dit bonjour.")]
async fn long_language() {}

#[help(fr = "Dit bonjour.")]
fn no_handler() {}

fn main() {}
