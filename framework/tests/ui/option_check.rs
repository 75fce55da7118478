use bavard::*;

async fn wrong_parameter(_: String) -> bool {
    true
}

async fn wrong_verdict(_: Context) -> u8 {
    0
}

#[on_mention("a", check = wrong_parameter)]
async fn parameter() {}

#[on_mention("b", check = wrong_verdict)]
async fn verdict() {}

#[on_mention("c", check = not_there)]
async fn absent() {}

fn main() {}
