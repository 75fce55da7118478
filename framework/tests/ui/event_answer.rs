use bavard::*;

#[on_event("member_joined_channel")]
async fn text() -> &'static str {
    "welcome"
}

#[on_event("member_joined_channel")]
async fn result() -> Result<String> {
    Ok(String::new())
}

fn main() {}
