use bavard::*;

#[on_mention("a", channel = "#general")]
async fn hash() {}

#[on_mention("a", channel = "general")]
async fn name() {}

#[on_mention("a", channel = "D0123ABCD")]
async fn direct() {}

fn main() {}
