use bavard::*;

#[on_mention("a")]
async fn bytes() -> Vec<u8> {
    Vec::new()
}

#[on_mention("b")]
fn optional() -> Option<u8> {
    None
}

fn main() {}
