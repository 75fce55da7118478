use bavard::*;

#[on_schedule("@daily")]
async fn text() -> &'static str {
    "good morning"
}

#[on_mention("morning")]
#[on_schedule("@daily", channel = "C0123ABCD")]
#[on_schedule("@hourly")]
async fn result() -> Result<String> {
    Ok(String::new())
}

#[on_schedule("@daily")]
async fn person(user: User, thread: Thread) {}

#[on_mention("morning")]
async fn time(scheduled: Scheduled) {}

fn main() {}
