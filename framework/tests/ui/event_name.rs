use bavard::*;

#[on_event]
async fn none() {}

#[on_event("Member Joined")]
async fn words() {}

fn main() {}
