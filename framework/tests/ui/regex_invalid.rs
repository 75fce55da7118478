use bavard::*;

#[on_message(regex = "^build (?<number>[0-9]+")]
async fn unclosed(number: u32) {
    drop(number);
}

#[on_message(regex = "(?<a.b>x)")]
async fn named() {}

#[on_message(regex = "(?<number>[0-9]+)")]
async fn untaken() {}

#[on_message(regex = "(?<number>[0-9]+)?")]
async fn maybe(number: u32) {
    drop(number);
}

#[on_mention(regex = "x")]
async fn misplaced() {}

fn main() {}
