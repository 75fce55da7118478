use bavard::*;

#[on_mention("")]
#[on_mention("a{x}")]
#[on_mention("{x}b c{y}")]
#[on_mention("{ x }")]
#[on_mention("x}")]
#[on_mention("{}")]
#[on_mention("{self}")]
#[on_mention("{_}")]
#[on_mention("{a-b}")]
async fn handler() {}

fn main() {}
