use bavard::*;

mod hello {}

#[on_mention("hello")]
async fn hello() {}

fn main() {}
