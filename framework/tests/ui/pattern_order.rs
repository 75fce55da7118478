use bavard::*;

#[on_mention("{x?} y")]
#[on_mention("{x?} {y}")]
#[on_mention("{x..} y")]
#[on_mention("{x..} {y..}")]
#[on_mention("{x} {x}")]
async fn handler() {}

fn main() {}
